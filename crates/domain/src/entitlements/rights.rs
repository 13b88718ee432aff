//! Section 9 of the contract: staying put and the personal adviser, for one combination of readings.

use super::answers::LivingTogether;
use super::care_spells::{HomeKind, Spell};
use super::case::{Care, Case, Given};
use super::outcome::{AdviserAnswer, Ask, Rule, Status, StayingPutAnswer};
use super::set::Set;
use super::standing::Standing;

impl Case<'_> {
    /// Sections 9.1 and 9.2.
    pub(super) fn staying_put(&self, care: &Care, standing: &Standing, given: &mut Given) {
        let told = &self.answers.staying_put;
        let Some(lived) = care.lived else { return };
        if self.adult() {
            if !standing.from_care_at_18 {
                return;
            }
        } else if !care.spell_running
            || (standing.status != Status::Eligible && care.forecast.line.is_none())
        {
            return;
        }
        let ended = self.adult() && self.on >= self.ages.b21;
        let mut reasons = Set::default();
        let mut asks = Set::default();
        let with_carers =
            |spell: &Spell| matches!(spell.home, HomeKind::Foster | HomeKind::Unclear);
        let may_go_back = self.adult()
            && told.living_together == LivingTogether::WantsToReturn
            && care.spells.iter().any(with_carers);
        let no = if lived == HomeKind::AnyOther && !may_go_back {
            Some(Rule::StayingPutNotFoster)
        } else if !told.both_want {
            Some(Rule::StayingPutNotAgreed)
        } else if self.adult() && told.living_together == LivingTogether::MovedOut {
            Some(Rule::StayingPutNotTogether)
        } else {
            None
        };
        if let Some(rule) = no.filter(|rule| self.has(*rule)) {
            if !ended {
                self.give(&mut given.reasons, rule);
            }
            return;
        }
        let mut doubt = lived == HomeKind::NotSure;
        if lived == HomeKind::Unclear {
            asks.add(Ask::A8);
            doubt = true;
        }
        if self.adult() {
            if matches!(
                told.living_together,
                LivingTogether::Away | LivingTogether::WantsToReturn
            ) {
                asks.add(Ask::A7);
                doubt = true;
            }
            if told.welfare_objection && self.has(Rule::StayingPutWelfare) {
                reasons.add(Rule::StayingPutWelfare);
                doubt = true;
            }
        }
        self.give(&mut reasons, Rule::StayingPut);
        if ended && self.has(Rule::StayingPutEnded) {
            given.staying_put = StayingPutAnswer::Ended;
            given.reasons.add(Rule::StayingPutEnded);
            return;
        }
        given.reasons.add_all(reasons);
        given.asks.add_all(asks);
        given.staying_put = match (doubt, self.adult()) {
            (true, _) => StayingPutAnswer::Ask,
            (false, true) => StayingPutAnswer::Yes,
            (false, false) => StayingPutAnswer::Later,
        };
    }

    /// Section 9.3.
    pub(super) fn adviser(&self, care: &Care, standing: &Standing, given: &mut Given) {
        let course = self
            .answers
            .education_until
            .is_some_and(|until| until >= self.on)
            && self.has(Rule::AgreedCourse);
        given.adviser = match standing.status {
            Status::Eligible | Status::Relevant => AdviserAnswer::Now,
            Status::InCare if care.forecast.line.is_some() => AdviserAnswer::Later,
            Status::FormerRelevant if self.on < self.ages.b21 => AdviserAnswer::Now,
            Status::FormerRelevant => {
                if self.answers.wants_education {
                    self.give(&mut given.reasons, Rule::EducationReturn);
                }
                if course {
                    given.reasons.add(Rule::AgreedCourse);
                    AdviserAnswer::Now
                } else if self.has(Rule::AdviserOnRequest) {
                    given.reasons.add(Rule::AdviserOnRequest);
                    AdviserAnswer::OnRequest
                } else {
                    AdviserAnswer::Ended
                }
            }
            Status::None if standing.was_former_relevant => {
                if course {
                    given.reasons.add(Rule::AgreedCourse);
                    AdviserAnswer::Ask
                } else {
                    AdviserAnswer::Ended
                }
            }
            _ => AdviserAnswer::No,
        };
    }
}
