//! Section 6 of the contract: which stays count, their ends, the counts of days and nights, and the forecast.

use super::answers::{Answers, Basis, CareSpell, Council, Home};
use super::legal_figures::{Ages, THIRTEEN_WEEKS};

/// A stay that counts, or one that is set aside, in days.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spell {
    pub(super) from: i32,
    pub(super) end: i32,
    pub(super) running: bool,
    pub(super) home: HomeKind,
    pub(super) council: Council,
}

/// What a home is to staying put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HomeKind {
    Foster,
    Unclear,
    NotSure,
    AnyOther,
}

fn kind_of(home: Home) -> HomeKind {
    match home {
        Home::FosterCarer | Home::AgencyFosterCarer | Home::KinshipFosterCarer => HomeKind::Foster,
        Home::KinshipCarerTemporary | Home::SupportedLodgings => HomeKind::Unclear,
        Home::NotSure => HomeKind::NotSure,
        _ => HomeKind::AnyOther,
    }
}

/// When something that may still go on ends, and whether it is still running on the day asked about.
pub(super) fn end_of(to: Option<i32>, on: i32, ages: &Ages) -> (i32, bool) {
    if on < ages.b18 {
        return (to.unwrap_or(on), to.is_none());
    }
    let end = match to {
        Some(to) if to < ages.b18 - 1 => to,
        _ => ages.b18,
    };
    (end, false)
}

/// The stays that count, and those under CA s.17 that are set aside.
pub(super) fn sort_spells(answers: &Answers<i32>, ages: &Ages) -> (Vec<Spell>, Vec<Spell>) {
    let on = answers.asked_on.days();
    let (mut counted, mut set_aside) = (Vec::new(), Vec::new());
    for told in &answers.care_spells {
        if left_out(told, ages) {
            continue;
        }
        let (end, running) = end_of(told.to, on, ages);
        let spell = Spell {
            from: told.from,
            end,
            running,
            home: kind_of(told.home),
            council: told.council,
        };
        if told.basis == Basis::Section17 {
            set_aside.push(spell);
        } else {
            counted.push(spell);
        }
    }
    (counted, set_aside)
}

fn left_out(spell: &CareSpell<i32>, ages: &Ages) -> bool {
    let too_short = spell.under_24_hours && spell.basis != Basis::CareOrder;
    let agreed = matches!(spell.basis, Basis::Section20 | Basis::Section17);
    let with_a_parent = agreed && spell.home == Home::Parent;
    too_short || with_a_parent || spell.from >= ages.b18
}

/// Merges spans that overlap or touch (section 6). Both ends are included, in days since 1970-01-01.
pub(super) fn merge(mut spans: Vec<(i32, i32)>) -> Vec<(i32, i32)> {
    put_in_order(&mut spans);
    let mut merged: Vec<(i32, i32)> = Vec::with_capacity(spans.len());
    for (from, end) in spans {
        match merged.last_mut() {
            Some((_, last)) if from <= last.saturating_add(1) => *last = end.max(*last),
            _ => merged.push((from, end)),
        }
    }
    merged
}

/// Sorts a short list. The library's sort is made for long ones, and its code is large for a phone.
pub(super) fn put_in_order<T: Ord>(list: &mut [T]) {
    for end in 1..list.len() {
        for at in (1..=end).rev() {
            if list[at - 1] <= list[at] {
                break;
            }
            list.swap(at - 1, at);
        }
    }
}

/// Days and nights in care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) days: i32,
    pub(super) nights: i32,
}

/// Whether a count is 13 weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weeks {
    Yes,
    No,
    OnTheLine,
}

impl Count {
    /// Counts from the 14th birthday to the day before `limit` (nights: to `limit`).
    pub(super) fn of(merged: &[(i32, i32)], ages: &Ages, limit: i32) -> Count {
        let mut count = Count::default();
        for &(from, end) in merged {
            let from = from.max(ages.b14);
            count.days += (end.min(limit - 1) - from + 1).max(0);
            count.nights += (end.min(limit) - from).max(0);
        }
        count
    }

    pub(super) fn plus(self, days: i32) -> Count {
        Count {
            days: self.days + days,
            nights: self.nights + days,
        }
    }

    pub(super) fn weeks(self) -> Weeks {
        if self.nights >= THIRTEEN_WEEKS.value {
            Weeks::Yes
        } else if self.days < THIRTEEN_WEEKS.value {
            Weeks::No
        } else {
            Weeks::OnTheLine
        }
    }
}

/// When 13 weeks are reached if care goes on: perhaps, and clearly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Forecast {
    pub(super) line: Option<i32>,
    pub(super) clear: Option<i32>,
}

impl Forecast {
    /// For stays of which at least one is running; `merged` are the same stays, merged.
    pub(super) fn of(merged: &[(i32, i32)], ages: &Ages) -> Forecast {
        // What runs ends on the day asked about, so nothing ends later.
        let Some((&(from, _), before)) = merged.split_last() else {
            return Forecast::default();
        };
        let before = Count::of(before, ages, ages.b18);
        let counted_from = from.max(ages.b14);
        let first = |missing: i32| {
            let day = (counted_from + missing).max(from).max(ages.b16);
            (day < ages.b18).then_some(day)
        };
        Forecast {
            line: first(THIRTEEN_WEEKS.value - 1 - before.days),
            clear: first(THIRTEEN_WEEKS.value - before.nights),
        }
    }
}
