//! Ages and months, in days since 1970-01-01, and the figures of the law that the status turns on.

use crate::date::{Date, civil_from_days, days_from_civil, days_in_month, is_leap};

/// A figure the law gives for every day this portal can be asked about.
#[derive(Clone, Copy, Debug)]
pub struct LegalFigure {
    /// What it is.
    pub what: &'static str,
    /// The number.
    pub value: i32,
    /// Days, months, years.
    pub unit: &'static str,
    /// Where it stands.
    pub law: &'static str,
    /// The day somebody last looked it up, `YYYY-MM-DD`.
    pub checked: &'static str,
}

const fn figure(
    what: &'static str,
    value: i32,
    unit: &'static str,
    law: &'static str,
) -> LegalFigure {
    LegalFigure {
        what,
        value,
        unit,
        law,
        checked: "2026-11-21",
    }
}

/// Days in care count from this birthday.
pub const COUNTED_FROM: LegalFigure = figure("days that count, from", 14, "years", "CPR reg 40(1)");
/// The number of days in 13 weeks.
pub const THIRTEEN_WEEKS: LegalFigure = figure("13 weeks", 91, "days", "CPR reg 40(1)");
/// Leaving care status begins.
pub const STATUS_FROM: LegalFigure = figure(
    "status begins",
    16,
    "years",
    "CA Sch 2 para 19B(2), s.23A(2), s.24",
);
/// Care ends.
pub const CARE_ENDS: LegalFigure = figure("care ends", 18, "years", "CA s.91(12), s.105");
/// Staying put and the qualifying status end; the personal adviser comes on request.
pub const YOUNG_ADULT_ENDS: LegalFigure = figure(
    "staying put and qualifying end, adviser on request",
    21,
    "years",
    "CA s.23CZA(6), s.24(1A)-(1B), s.23C(6)",
);
/// The duties to former relevant children end.
pub const DUTIES_END: LegalFigure = figure(
    "former relevant duties end",
    25,
    "years",
    "CA s.23CZB, s.23CA",
);
/// Longest stay of short breaks.
pub const BREAK_STAY: LegalFigure = figure("short breaks, a stay", 17, "days", "CPR reg 48(2)");
/// Most days of short breaks in 12 months.
pub const BREAK_YEAR: LegalFigure =
    figure("short breaks, in 12 months", 75, "days", "CPR reg 48(2)");
/// Months at home that end relevant status.
pub const AT_HOME: LegalFigure = figure("at home", 6, "months", "CLR reg 3(5)");
/// Months in hospital and the like from which a stay counts.
pub const HOSPITAL: LegalFigure = figure("hospital and the like", 3, "months", "CA s.24(2)(d)");
/// Shorter than this is not care.
pub const TOO_SHORT: LegalFigure = figure("too short to be care", 24, "hours", "CA s.22(2)");

/// Every figure, in the contract's order.
pub const FIGURES: [LegalFigure; 11] = [
    COUNTED_FROM,
    THIRTEEN_WEEKS,
    STATUS_FROM,
    CARE_ENDS,
    YOUNG_ADULT_ENDS,
    DUTIES_END,
    BREAK_STAY,
    BREAK_YEAR,
    AT_HOME,
    HOSPITAL,
    TOO_SHORT,
];

/// The birthday of somebody born on 29 February in a year without that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeapDay {
    /// Our reading.
    March1,
    /// The other one.
    February28,
}

/// The day somebody reaches an age (Family Law Reform Act 1969 s.9(1): at its start).
pub(super) fn birthday(born: Date, age: i32, leap_day: LeapDay) -> i32 {
    let (year, month, day) = born.year_month_day();
    let year = year + age;
    if (month, day) == (2, 29) && !is_leap(year) {
        return match leap_day {
            LeapDay::March1 => days_from_civil(year, 3, 1),
            LeapDay::February28 => days_from_civil(year, 2, 28),
        };
    }
    days_from_civil(year, month as i32, day as i32)
}

/// The day `months` after a day: the same day of the month, or the month's last day where it has no such day.
pub(super) fn months_after(day: i32, months: i32) -> i32 {
    let (year, month, day) = civil_from_days(day);
    let whole = year * 12 + month as i32 - 1 + months;
    let (year, month) = (whole.div_euclid(12), whole.rem_euclid(12) + 1);
    let day = day.min(days_in_month(year, month as u32));
    days_from_civil(year, month, day as i32)
}

/// The birthdays that matter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ages {
    pub(super) b14: i32,
    pub(super) b16: i32,
    pub(super) b18: i32,
    pub(super) b21: i32,
    pub(super) b25: i32,
}

impl Ages {
    pub(super) fn of(born: Date, leap_day: LeapDay) -> Ages {
        let at = |figure: LegalFigure| birthday(born, figure.value, leap_day);
        Ages {
            b14: at(COUNTED_FROM),
            b16: at(STATUS_FROM),
            b18: at(CARE_ENDS),
            b21: at(YOUNG_ADULT_ENDS),
            b25: at(DUTIES_END),
        }
    }
}
