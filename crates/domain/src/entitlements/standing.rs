//! Section 8 of the contract: the status that one combination of readings gives.

use super::answers::StayKind;
use super::care_spells::{Count, Weeks, end_of};
use super::case::{Care, Case, OpenQuestion, Readings};
use super::legal_figures::{Ages, HOSPITAL, months_after};
use super::outcome::{Rule, Status};
use super::set::Set;

/// What one combination says of the status.
pub(super) struct Standing {
    pub(super) status: Status,
    /// Former relevant because in care on reaching 18 (also after 25).
    pub(super) from_care_at_18: bool,
    /// Was former relevant, and is 25 or over.
    pub(super) was_former_relevant: bool,
}

impl Case<'_> {
    /// Section 8.
    pub(super) fn standing(
        &self,
        care: &Care,
        readings: Readings,
        reasons: &mut Set<Rule>,
    ) -> Standing {
        let regulation_48 = readings.says(OpenQuestion::Reg48);
        let breaks_48 = self.breaks.filter(|_| regulation_48);
        let added = self.breaks.is_some()
            && (!regulation_48 || (!care.spells.is_empty() && readings.says(OpenQuestion::A3)));
        let count = care.count.plus(if added { self.break_days } else { 0 });
        let met = Self::thirteen_weeks(count, readings);
        let mut say = |status: Status, rule: Rule| self.standing_by(status, rule, reasons);
        let on_breaks = breaks_48.is_some_and(|(_, running)| running);
        if let Some((status, rule)) = self.under_18(care, met, on_breaks) {
            return say(status, rule);
        }
        let care_at_16 = care.last.is_some_and(|last| {
            last > self.ages.b16 || (last == self.ages.b16 && readings.says(OpenQuestion::A2))
        });
        let from_care_at_18 = self.adult()
            && care.last == Some(self.ages.b18)
            && met
            && self.has(Rule::FormerRelevantInCareAt18);
        let was_eligible = met && care_at_16;
        let home_too_long =
            was_eligible && self.has(Rule::HomeSixMonths) && self.home_too_long(care, readings);
        let (by_eligible, by_detained) = (
            was_eligible && !home_too_long,
            self.answers.detained_or_in_hospital_at_16
                && Self::thirteen_weeks(care.count_at_16, readings)
                && self.has(Rule::RelevantDetainedOrHospital),
        );
        if from_care_at_18 || by_eligible || by_detained {
            let rule = match (self.adult(), from_care_at_18, by_eligible) {
                (false, _, true) => Rule::Relevant,
                (false, _, false) => Rule::RelevantDetainedOrHospital,
                (true, true, _) => Rule::FormerRelevantInCareAt18,
                (true, false, _) => Rule::FormerRelevantWasRelevant,
            };
            if self.has(rule) {
                if !self.adult() {
                    return say(Status::Relevant, rule);
                }
                let over = self.on >= self.ages.b25 && self.has(Rule::FormerRelevantEnded);
                let standing = if over {
                    say(Status::None, Rule::FormerRelevantEnded)
                } else {
                    say(Status::FormerRelevant, rule)
                };
                return Standing {
                    from_care_at_18,
                    was_former_relevant: over,
                    ..standing
                };
            }
        } else if home_too_long {
            say(Status::None, Rule::HomeSixMonths);
        }
        let route = self.qualifying(care, care_at_16, breaks_48, readings);
        match route {
            Some(rule) if self.on < self.ages.b21 => say(Status::Qualifying, rule),
            Some(_) if self.on < self.ages.b25 && self.has(Rule::EducationHelpTo25) => {
                say(Status::None, Rule::EducationHelpTo25)
            }
            _ => say(Status::None, Rule::NoStatus),
        }
    }

    fn standing_by(&self, status: Status, rule: Rule, reasons: &mut Set<Rule>) -> Standing {
        self.give(reasons, rule);
        Standing {
            status,
            from_care_at_18: false,
            was_former_relevant: false,
        }
    }

    /// The status that care, or age alone, gives before 18. None: from 18 on, or because it depends on the time before.
    fn under_18(&self, care: &Care, met: bool, on_breaks: bool) -> Option<(Status, Rule)> {
        if self.adult() {
            return None;
        }
        let young = self.on < self.ages.b16;
        if care.running {
            if !young && met && self.has(Rule::Eligible) {
                return Some((Status::Eligible, Rule::Eligible));
            }
            if self.has(Rule::InCare) {
                return Some((Status::InCare, Rule::InCare));
            }
        } else if on_breaks && self.has(Rule::ShortBreaks) {
            return Some((Status::InCare, Rule::ShortBreaks));
        }
        young.then_some((Status::None, Rule::NoStatus))
    }

    fn thirteen_weeks(count: Count, readings: Readings) -> bool {
        match count.weeks() {
            Weeks::Yes => true,
            Weeks::No => false,
            Weeks::OnTheLine => readings.says(OpenQuestion::A1),
        }
    }

    fn home_too_long(&self, care: &Care, readings: Readings) -> bool {
        let [guardian, others] = care
            .at_home
            .map(|known| known.unwrap_or_else(|| readings.says(OpenQuestion::A5)));
        others || (guardian && readings.says(OpenQuestion::A6))
    }

    /// Section 8.4: the first route that fits.
    fn qualifying(
        &self,
        care: &Care,
        care_at_16: bool,
        breaks_48: Option<(i32, bool)>,
        readings: Readings,
    ) -> Option<Rule> {
        let fits = |rule: &Rule| {
            self.has(*rule)
                && match rule {
                    Rule::QualifyingSpecialGuardianship => {
                        self.special_guardianship(care, readings)
                    }
                    Rule::QualifyingCareAfter16 => care_at_16,
                    Rule::QualifyingOtherStay => self.other_stay(),
                    _ => {
                        breaks_48.is_some_and(|(end, _)| end >= self.ages.b16)
                            && readings.says(OpenQuestion::A4)
                    }
                }
        };
        [
            Rule::QualifyingSpecialGuardianship,
            Rule::QualifyingCareAfter16,
            Rule::QualifyingOtherStay,
            Rule::QualifyingShortBreaks,
        ]
        .into_iter()
        .find(fits)
    }

    fn special_guardianship(&self, care: &Care, readings: Readings) -> bool {
        let Some(order) = &self.answers.special_guardianship else {
            return false;
        };
        let from_care = || {
            care.spells
                .iter()
                .any(|spell| spell.from <= order.from && spell.end >= order.from - 1)
        };
        let straight_from_care = order.in_care_just_before.unwrap_or_else(from_care);
        let Ages { b16, b18, .. } = self.ages;
        let in_force = match order.to {
            None => true,
            Some(to) if self.adult() => to >= b18,
            Some(to) => to > self.on,
        };
        let ended_late = order.to.is_some_and(|to| to >= b16) && readings.says(OpenQuestion::Sgo);
        order.from < b18 && straight_from_care && (in_force || ended_late)
    }

    fn other_stay(&self) -> bool {
        self.answers.other_stays.iter().any(|stay| {
            let over = stay.to.is_some() || self.adult();
            let (end, _) = end_of(stay.to, self.on, &self.ages);
            let long_enough =
                stay.kind != StayKind::Hospital || end >= months_after(stay.from, HOSPITAL.value);
            over && stay.from < self.ages.b18 && end >= self.ages.b16 && long_enough
        })
    }
}
