//! Days without a time zone. Pledge stores and shows days, never times.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar from 1900-01-01 to 2199-12-31, stored as days since 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(i32);

/// The text is not a day from 1900 to 2199 written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADate;

impl Date {
    /// 1970-01-01.
    pub const EPOCH: Date = Date(0);

    /// The day with this year, month (1 to 12) and day of the month, if the calendar has it.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Date> {
        if !(1900..=2199).contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        if day == 0 || day > days_in_month(year, month) {
            return None;
        }
        Some(Date(days_from_civil(year, month as i32, day as i32)))
    }

    /// The day that holds this moment, in seconds since 1970-01-01T00:00:00Z, in London.
    /// `None` outside 1900 to 2199.
    pub fn in_london(unix_seconds: i64) -> Option<Date> {
        let local = unix_seconds
            + if is_summer_time(unix_seconds) {
                3600
            } else {
                0
            };
        Date::from_days(i32::try_from(local.div_euclid(86_400)).ok()?)
    }

    /// The day this many days after 1970-01-01, if it is from 1900 to 2199.
    pub fn from_days(days: i32) -> Option<Date> {
        let first = days_from_civil(1900, 1, 1);
        let last = days_from_civil(2199, 12, 31);
        (first..=last).contains(&days).then_some(Date(days))
    }

    /// A day worked out from others: a 25th birthday, say, may lie after 2199.
    pub(crate) fn worked_out(days: i32) -> Date {
        Date(days)
    }

    /// How many days this day's month has.
    pub fn month_length(self) -> u32 {
        let (year, month, _) = self.year_month_day();
        days_in_month(year, month)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.0
    }

    /// This day plus `days`, clamped to 1900-01-01 to 2199-12-31.
    pub fn plus_days(self, days: i32) -> Date {
        let first = days_from_civil(1900, 1, 1);
        let last = days_from_civil(2199, 12, 31);
        Date(self.0.saturating_add(days).clamp(first, last))
    }

    /// Year, month (1 to 12) and day of the month.
    pub fn year_month_day(self) -> (i32, u32, u32) {
        civil_from_days(self.0)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.year_month_day();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Date, NotADate> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(NotADate);
        }
        let number = |range: std::ops::Range<usize>| -> Result<u32, NotADate> {
            let part = text.get(range).ok_or(NotADate)?;
            if !part.bytes().all(|b| b.is_ascii_digit()) {
                return Err(NotADate);
            }
            part.parse().map_err(|_| NotADate)
        };
        Date::new(number(0..4)? as i32, number(5..7)?, number(8..10)?).ok_or(NotADate)
    }
}

impl TryFrom<String> for Date {
    type Error = String;

    fn try_from(text: String) -> Result<Date, String> {
        text.parse()
            .map_err(|NotADate| "not a day from 1900 to 2199 written YYYY-MM-DD".to_owned())
    }
}

impl From<Date> for String {
    fn from(date: Date) -> String {
        date.to_string()
    }
}

pub(crate) fn is_leap(year: i32) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

pub(crate) fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

// Days since 1970-01-01, by counting years from March so that the leap day comes last.
pub(crate) fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let months_from_march = (month + 9) % 12;
    let day_of_year = (153 * months_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

pub(crate) fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let months_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * months_from_march + 2) / 5 + 1;
    let month = if months_from_march < 10 {
        months_from_march + 3
    } else {
        months_from_march - 9
    };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month as u32, day as u32)
}

// British Summer Time: from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October
// (Summer Time Order 2002, SI 2002/262).
fn is_summer_time(unix_seconds: i64) -> bool {
    let Ok(day) = i32::try_from(unix_seconds.div_euclid(86_400)) else {
        return false;
    };
    let (year, _, _) = civil_from_days(day);
    let last_sunday = |month: i32| {
        let last = days_from_civil(year, month, 31);
        // 1970-01-01 was a Thursday, so day 3 was a Sunday.
        let change = last - (last - 3).rem_euclid(7);
        i64::from(change) * 86_400 + 3_600
    };
    (last_sunday(3)..last_sunday(10)).contains(&unix_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_writes_days() {
        assert_eq!(date("1970-01-01").days(), 0);
        assert_eq!(date("2024-02-29").plus_days(1), date("2024-03-01"));
        assert_eq!(date("2026-11-21").to_string(), "2026-11-21");
        for wrong in [
            "2023-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "1899-12-31",
            "2200-01-01",
            "26-01-01",
            "２026-01-01",
            "2026-01-0१",
            "+026-01-01",
            "",
        ] {
            assert_eq!(wrong.parse::<Date>(), Err(NotADate), "{wrong}");
        }
    }

    #[test]
    fn london_days_follow_summer_time() {
        // 2026-06-30T23:30Z is already 1 July in London; 2026-12-31T23:30Z is still 31 December.
        assert_eq!(Date::in_london(1_782_862_200), Some(date("2026-07-01")));
        assert_eq!(Date::in_london(1_798_759_800), Some(date("2026-12-31")));
        // The clocks go forward on 29 March 2026 and back on 25 October 2026.
        assert!(!is_summer_time(1_774_745_999));
        assert!(is_summer_time(1_774_746_000));
        assert!(is_summer_time(1_792_889_999));
        assert!(!is_summer_time(1_792_890_000));
    }

    proptest! {
        #[test]
        fn every_day_survives_writing_and_reading(days in -25_567i32..84_005) {
            let Some(day) = Date::from_days(days) else { return Err(TestCaseError::fail("in range")) };
            prop_assert_eq!(date(&day.to_string()), day);
            let (y, m, d) = day.year_month_day();
            prop_assert_eq!(Date::new(y, m, d), Some(day));
        }

        #[test]
        fn any_text_is_refused_or_read_without_panic(text in ".{0,12}") {
            let _ = text.parse::<Date>();
        }
    }
}
