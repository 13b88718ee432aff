//! Sections 10 and 13.1 of the contract: what every combination of readings gives, as one finding.

use super::answers::Council;
use super::care_spells::{Count, Forecast};
use super::case::{Care, Case, Given, OpenQuestion};
use super::outcome::{AdviserAnswer, Ask, Rule, Status, StayingPutAnswer};
use super::set::Set;

/// The outcome for whole dates and one set of birthdays.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) status: Status,
    pub(super) certain: bool,
    /// Every status possible, also when it is certain.
    pub(super) possible: Set<Status>,
    pub(super) asks: Set<Ask>,
    pub(super) reasons: Set<Rule>,
    pub(super) staying_put: Set<StayingPutAnswer>,
    pub(super) adviser: Set<AdviserAnswer>,
    /// Some combination carries the 21st, the 25th birthday.
    pub(super) carries_21: bool,
    pub(super) carries_25: bool,
    pub(super) count: Option<Count>,
    pub(super) forecast: Forecast,
}

impl Found {
    pub(super) fn could_be(&self) -> Option<Set<Status>> {
        (!self.certain).then_some(self.possible)
    }

    pub(super) fn same_as(&self, other: &Found) -> bool {
        self.status == other.status
            && self.could_be() == other.could_be()
            && self.staying_put == other.staying_put
            && self.adviser == other.adviser
    }
}

impl Case<'_> {
    /// Section 10, then 13.1.
    pub(super) fn put_together(
        &self,
        open: &[OpenQuestion],
        given: &[Given],
        bare: &Care,
    ) -> Found {
        let (mut found, mut leaning) = (Set::default(), Set::default());
        let (mut asks, mut reasons) = (Set::default(), Set::default());
        let (mut staying_put, mut adviser) = (Set::default(), Set::default());
        let (mut carries_21, mut carries_25) = (false, false);
        let leans: Vec<Option<bool>> = open.iter().map(|question| self.lean(*question)).collect();
        for (combination, one) in given.iter().enumerate() {
            found.add(one.status);
            let as_leant = leans
                .iter()
                .enumerate()
                .all(|(bit, lean)| lean.is_none_or(|lean| lean == (combination & (1 << bit) != 0)));
            if as_leant {
                leaning.add(one.status);
            }
            asks.add_all(one.asks);
            reasons.add_all(one.reasons);
            staying_put.add(one.staying_put);
            adviser.add(one.adviser);
            carries_21 |= one.carries_21;
            carries_25 |= one.carries_25;
        }
        self.add_open_questions(open, given, &mut asks, &mut reasons);
        let one = found.only();
        let status = one.or(leaning.only()).unwrap_or(Status::Ask);
        let mut certain = one.is_some();
        let mut staying_put = Set::of(one_answer(staying_put));
        let mut adviser = Set::of(one_adviser(adviser));

        let has_duties = found.has(Status::FormerRelevant) || found.has(Status::Qualifying);
        if self.answers.appeals_refused
            && self.adult()
            && has_duties
            && self.has(Rule::AppealsRefused)
        {
            certain = false;
            if staying_put.has(StayingPutAnswer::Yes) {
                staying_put = Set::of(StayingPutAnswer::Ask);
            }
            if adviser.has(AdviserAnswer::Now) || adviser.has(AdviserAnswer::OnRequest) {
                adviser = Set::of(AdviserAnswer::Ask);
            }
            reasons.add(Rule::AppealsRefused);
        }
        self.add_circumstances(status, &mut reasons);
        Found {
            status,
            certain,
            possible: found,
            asks,
            reasons,
            staying_put,
            adviser,
            carries_21,
            carries_25,
            count: Some(bare.count),
            forecast: bare.forecast,
        }
    }

    /// The open questions on which the status turns, each as something to ask or as a rule.
    fn add_open_questions(
        &self,
        open: &[OpenQuestion],
        given: &[Given],
        asks: &mut Set<Ask>,
        reasons: &mut Set<Rule>,
    ) {
        for (bit, question) in open.iter().enumerate() {
            let matters = (0..given.len()).any(|combination| {
                given[combination].status != given[combination ^ (1 << bit)].status
            });
            if matters {
                match question {
                    OpenQuestion::A1 => asks.add(Ask::A1),
                    OpenQuestion::A2 => asks.add(Ask::A2),
                    OpenQuestion::A3 => asks.add(Ask::A3),
                    OpenQuestion::A4 => asks.add(Ask::A4),
                    OpenQuestion::A5 => asks.add(Ask::A5),
                    OpenQuestion::A6 => asks.add(Ask::A6),
                    OpenQuestion::Reg48 => self.give(reasons, Rule::ShortBreaksOverLimit),
                    OpenQuestion::S17 => self.give(reasons, Rule::Section17Label),
                    OpenQuestion::Sgo => self.give(reasons, Rule::SpecialGuardianshipEnded),
                }
            }
        }
    }

    /// What is said besides, whatever the status rests on.
    fn add_circumstances(&self, status: Status, reasons: &mut Set<Rule>) {
        if self.answers.unaccompanied {
            self.give(reasons, Rule::Unaccompanied);
        }
        let latest = self.counted.iter().map(|spell| spell.end).max();
        let by_other_council = self
            .counted
            .iter()
            .any(|spell| Some(spell.end) == latest && spell.council == Council::OtherEngland);
        if status != Status::None && by_other_council {
            self.give(reasons, Rule::OtherCouncil);
        }
    }
}

/// The one answer of several: itself; ended if only no and ended; else ask.
pub(super) fn one_answer(answers: Set<StayingPutAnswer>) -> StayingPutAnswer {
    let mut either = Set::of(StayingPutAnswer::No);
    either.add(StayingPutAnswer::Ended);
    match answers.only() {
        Some(answer) => answer,
        None if answers == either => StayingPutAnswer::Ended,
        None => StayingPutAnswer::Ask,
    }
}

/// The same for the personal adviser.
pub(super) fn one_adviser(answers: Set<AdviserAnswer>) -> AdviserAnswer {
    let mut either = Set::of(AdviserAnswer::No);
    either.add(AdviserAnswer::Ended);
    match answers.only() {
        Some(answer) => answer,
        None if answers == either => AdviserAnswer::Ended,
        None => AdviserAnswer::Ask,
    }
}
