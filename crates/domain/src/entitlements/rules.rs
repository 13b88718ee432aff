//! Sections 7 to 10 of the contract: the outcome for whole dates and one set of birthdays.
//!
//! Where the law leaves a question open, every combination of readings is worked out, and the combinations are
//! combined into one outcome.

use super::answers::{Answers, Council};
use super::care_spells::{Forecast, Spell};
use super::case::{Care, Case, Given, OpenQuestion, Readings};
use super::combine::Found;
use super::legal_figures::Ages;
use super::outcome::{AdviserAnswer, Ask, Rule, Status, StayingPutAnswer};
use super::set::Set;

/// Works out one case. `without`: a rule that is left out, to show that something depends on it.
pub(super) fn evaluate(answers: &Answers<i32>, ages: Ages, without: Option<Rule>) -> Found {
    let case = Case::new(answers, ages, without);
    case.outside_the_rules()
        .unwrap_or_else(|| case.all_readings())
}

impl Case<'_> {
    /// Section 7, step 2.1: where these rules cannot give a status.
    fn outside_the_rules(&self) -> Option<Found> {
        let elsewhere = |spell: &Spell| {
            let far = matches!(
                spell.council,
                Council::Wales | Council::Scotland | Council::NorthernIreland
            );
            far && (spell.running || spell.end >= self.ages.b14)
        };
        let disputed = self.answers.age_disputed && self.has(Rule::AgeDisputed);
        let elsewhere = self.counted.iter().any(elsewhere) && self.has(Rule::CareOutsideEngland);
        if !disputed && !elsewhere {
            return None;
        }
        let (mut asks, mut reasons) = (Set::default(), Set::default());
        if disputed {
            asks.add(Ask::A9);
            reasons.add(Rule::AgeDisputed);
        }
        if elsewhere {
            asks.add(Ask::A10);
            reasons.add(Rule::CareOutsideEngland);
        }
        if self.answers.unaccompanied {
            self.give(&mut reasons, Rule::Unaccompanied);
        }
        Some(Found {
            status: Status::Ask,
            certain: false,
            possible: Set::default(),
            asks,
            reasons,
            staying_put: Set::of(StayingPutAnswer::Ask),
            adviser: Set::of(AdviserAnswer::Ask),
            carries_21: false,
            carries_25: false,
            count: None,
            forecast: Forecast::default(),
        })
    }

    fn all_readings(&self) -> Found {
        // By whether housing under CA s.17 was care, then by whether regulation 48 applies.
        let cares = [false, true].map(|s17| [false, true].map(|reg48| self.care(s17, reg48)));
        let open: Vec<OpenQuestion> = OpenQuestion::ALL
            .iter()
            .copied()
            .filter(|question| self.is_open(*question, &cares))
            .collect();
        let mut given = Vec::with_capacity(1 << open.len());
        for combination in 0..1_usize << open.len() {
            let mut yes = Set::default();
            if !open.contains(&OpenQuestion::Reg48) {
                yes.add(OpenQuestion::Reg48);
            }
            for (bit, question) in open.iter().enumerate() {
                if combination & (1 << bit) != 0 {
                    yes.add(*question);
                }
            }
            let readings = Readings(yes);
            let s17 = usize::from(readings.says(OpenQuestion::S17));
            let reg48 = usize::from(readings.says(OpenQuestion::Reg48));
            given.push(self.given(&cares[s17][reg48], readings));
        }
        let bare = &cares[0][1];
        self.put_together(&open, &given, bare)
    }

    /// Sections 8 and 9: one combination.
    fn given(&self, care: &Care, readings: Readings) -> Given {
        let mut given = Given {
            status: Status::None,
            reasons: Set::default(),
            asks: Set::default(),
            staying_put: StayingPutAnswer::No,
            adviser: AdviserAnswer::No,
            carries_21: false,
            carries_25: false,
        };
        let standing = self.standing(care, readings, &mut given.reasons);
        given.status = standing.status;
        self.staying_put(care, &standing, &mut given);
        self.adviser(care, &standing, &mut given);
        given.carries_21 = match given.staying_put {
            StayingPutAnswer::Yes => true,
            StayingPutAnswer::Ask => self.adult(),
            _ => false,
        };
        given.carries_25 = given.status == Status::FormerRelevant;
        given
    }
}
