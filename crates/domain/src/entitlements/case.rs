//! One case of the rules: answers with whole dates and one set of birthdays, what follows from them however the open
//! questions are read, and which questions are open. It knows no status and no right.

use super::answers::{Answers, BreaksBasis, With};
use super::care_spells::{Count, Forecast, HomeKind, Spell, Weeks, end_of, merge, sort_spells};
use super::legal_figures::{AT_HOME, Ages, BREAK_STAY, BREAK_YEAR, months_after};
use super::outcome::{AdviserAnswer, Ask, Rule, Status, StayingPutAnswer};
use super::set::{Set, listed};

/// What the law leaves open, in the order of section 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OpenQuestion {
    /// How 13 weeks are counted.
    A1,
    /// The last day was the 16th birthday.
    A2,
    /// Break days are added.
    A3,
    /// Breaks are care after 16.
    A4,
    /// Six months at home.
    A5,
    /// A special guardian is one of the people of s.22C(3).
    A6,
    /// Regulation 48 applies.
    Reg48,
    /// Housing under CA s.17 was care under CA s.20.
    S17,
    /// An order that ended at 16 or 17 still qualifies.
    Sgo,
}

impl OpenQuestion {
    pub(super) const ALL: [OpenQuestion; 9] = [
        OpenQuestion::A1,
        OpenQuestion::A2,
        OpenQuestion::A3,
        OpenQuestion::A4,
        OpenQuestion::A5,
        OpenQuestion::A6,
        OpenQuestion::Reg48,
        OpenQuestion::S17,
        OpenQuestion::Sgo,
    ];
}

listed!(OpenQuestion);

/// What does not depend on how the open questions are read.
pub(super) struct Case<'a> {
    pub(super) answers: &'a Answers<i32>,
    pub(super) ages: Ages,
    pub(super) on: i32,
    pub(super) counted: Vec<Spell>,
    pub(super) set_aside: Vec<Spell>,
    /// Short breaks in care: their end, and whether they are running.
    pub(super) breaks: Option<(i32, bool)>,
    pub(super) break_days: i32,
    /// Times at home with a special guardian, and with all others, merged.
    pub(super) homes: [Vec<(i32, i32)>; 2],
    pub(super) without: Option<Rule>,
}

/// What depends on whether housing under CA s.17 was care, and on regulation 48.
pub(super) struct Care {
    pub(super) spells: Vec<Spell>,
    pub(super) count: Count,
    pub(super) count_at_16: Count,
    pub(super) forecast: Forecast,
    pub(super) spell_running: bool,
    pub(super) running: bool,
    /// The latest end of care.
    pub(super) last: Option<i32>,
    /// Six months at home with a special guardian, and with all others; none: an open question.
    pub(super) at_home: [Option<bool>; 2],
    pub(super) lived: Option<HomeKind>,
}

/// One combination of readings.
#[derive(Clone, Copy)]
pub(super) struct Readings(pub(super) Set<OpenQuestion>);

impl Readings {
    pub(super) fn says(self, question: OpenQuestion) -> bool {
        self.0.has(question)
    }
}

/// What one combination gives.
#[derive(Clone, Copy)]
pub(super) struct Given {
    pub(super) status: Status,
    pub(super) reasons: Set<Rule>,
    pub(super) asks: Set<Ask>,
    pub(super) staying_put: StayingPutAnswer,
    pub(super) adviser: AdviserAnswer,
    pub(super) carries_21: bool,
    pub(super) carries_25: bool,
}

impl<'a> Case<'a> {
    pub(super) fn new(answers: &'a Answers<i32>, ages: Ages, without: Option<Rule>) -> Case<'a> {
        let on = answers.asked_on.days();
        let (counted, set_aside) = sort_spells(answers, &ages);
        let breaks = answers
            .short_breaks
            .as_ref()
            .filter(|breaks| breaks.basis == BreaksBasis::Section20);
        let homes = [true, false].map(|guardian| {
            let group = answers
                .home_returns
                .iter()
                .filter(|home| (home.with == With::SpecialGuardian) == guardian);
            merge(
                group
                    .map(|home| (home.from, home.to.unwrap_or(i32::MAX)))
                    .collect(),
            )
        });
        Case {
            answers,
            ages,
            on,
            counted,
            set_aside,
            breaks: breaks.map(|breaks| end_of(breaks.to, on, &ages)),
            // Not known: as many as make 13 weeks.
            break_days: breaks.map_or(0, |breaks| {
                breaks
                    .days_since_14
                    .unwrap_or(super::legal_figures::THIRTEEN_WEEKS.value)
            }),
            homes,
            without,
        }
    }

    pub(super) fn has(&self, rule: Rule) -> bool {
        self.without != Some(rule)
    }

    pub(super) fn give(&self, reasons: &mut Set<Rule>, rule: Rule) {
        if self.has(rule) {
            reasons.add(rule);
        }
    }

    pub(super) fn adult(&self) -> bool {
        self.on >= self.ages.b18
    }

    pub(super) fn care(&self, s17: bool, reg48: bool) -> Care {
        let mut spells = self.counted.clone();
        if s17 {
            spells.extend(&self.set_aside);
        }
        let merged = merge(spells.iter().map(|spell| (spell.from, spell.end)).collect());
        let spell_running = spells.iter().any(|spell| spell.running);
        let mut running = spell_running;
        let mut last = spells.iter().map(|spell| spell.end).max();
        if let (Some((end, breaks_running)), false) = (self.breaks, reg48) {
            running |= breaks_running;
            last = last.max(Some(end));
        }
        Care {
            count: Count::of(&merged, &self.ages, self.ages.b18),
            count_at_16: Count::of(&merged, &self.ages, self.ages.b16),
            forecast: if spell_running {
                Forecast::of(&merged, &self.ages)
            } else {
                Forecast::default()
            },
            at_home: [0, 1].map(|group| self.six_months_at_home(&self.homes[group], last)),
            lived: self.lived(&spells),
            spell_running,
            running,
            last,
            spells,
        }
    }

    /// The kind of home of the stays that are running, or that cover the day before the 18th birthday.
    fn lived(&self, spells: &[Spell]) -> Option<HomeKind> {
        let eve = self.ages.b18 - 1;
        let mut kinds = spells
            .iter()
            .filter(|spell| {
                if self.adult() {
                    spell.from <= eve && eve <= spell.end
                } else {
                    spell.running
                }
            })
            .map(|spell| spell.home);
        let first = kinds.next()?;
        if kinds.all(|kind| kind == first) {
            Some(first)
        } else {
            Some(HomeKind::NotSure)
        }
    }

    /// Section 8.3: whether six months at home were reached; none: an open question.
    fn six_months_at_home(&self, homes: &[(i32, i32)], last: Option<i32>) -> Option<bool> {
        let day = if self.adult() { self.ages.b18 } else { self.on };
        let stay = homes.iter().find(|(from, to)| *from <= day && day < *to);
        let (Some(&(from, to)), Some(last)) = (stay, last) else {
            return Some(false);
        };
        let low = months_after(from, AT_HOME.value);
        let high = months_after(from.max(last), AT_HOME.value);
        if day < low {
            Some(false)
        } else if day <= high || (self.adult() && to <= self.on) {
            None
        } else {
            Some(true)
        }
    }

    pub(super) fn is_open(&self, question: OpenQuestion, cares: &[[Care; 2]; 2]) -> bool {
        let mut all = cares.iter().flatten();
        let (b16, breaks) = (self.ages.b16, self.breaks);
        match question {
            OpenQuestion::A1 => all.any(|care| {
                let breaks = [0, self.break_days].map(|days| care.count.plus(days));
                let at_16 = self
                    .answers
                    .detained_or_in_hospital_at_16
                    .then_some(care.count_at_16);
                breaks
                    .into_iter()
                    .chain(at_16)
                    .any(|count| count.weeks() == Weeks::OnTheLine)
            }),
            OpenQuestion::A2 => {
                let spells = self.counted.iter().chain(&self.set_aside);
                breaks.is_some_and(|(end, _)| end == b16)
                    || spells.into_iter().any(|spell| spell.end == b16)
            }
            OpenQuestion::A3 => {
                breaks.is_some() && !(self.counted.is_empty() && self.set_aside.is_empty())
            }
            OpenQuestion::A4 => breaks.is_some(),
            OpenQuestion::A5 => all.any(|care| care.at_home.contains(&None)),
            OpenQuestion::A6 => !self.homes[0].is_empty(),
            OpenQuestion::Reg48 => breaks.is_some() && !self.clearly_regulation_48(),
            OpenQuestion::S17 => {
                self.on >= b16 && self.set_aside.iter().any(|spell| spell.end >= b16)
            }
            OpenQuestion::Sgo => {
                let order = self.answers.special_guardianship.as_ref();
                order.is_some_and(|order| order.to.is_some())
            }
        }
    }

    fn clearly_regulation_48(&self) -> bool {
        let Some(breaks) = &self.answers.short_breaks else {
            return true;
        };
        let within = |days: Option<i32>, most: i32| days.is_some_and(|days| days <= most);
        within(breaks.days_in_12_months, BREAK_YEAR.value)
            && within(breaks.longest_stay_days, BREAK_STAY.value)
            && breaks.same_place
            && breaks.back_to_parents
    }

    /// The lean of a question, if it has one.
    pub(super) fn lean(&self, question: OpenQuestion) -> Option<bool> {
        match question {
            OpenQuestion::A1 => self
                .counted
                .iter()
                .any(|spell| spell.running)
                .then_some(true),
            OpenQuestion::A2 | OpenQuestion::A6 => Some(true),
            OpenQuestion::Sgo => Some(false),
            _ => None,
        }
    }
}
