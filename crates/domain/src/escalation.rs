//! When alerts about a view in the safety lane are delivered, to how many people, and how often: pure arithmetic on moments.
//!
//! A moment is kept only to the quarter of an hour ([`quarter`]): enough to repeat, to escalate and to say how long
//! somebody waits, too coarse to say when exactly a young person wrote.

/// The grain of the moment that is kept with an alert: a quarter of an hour, in seconds.
pub const GRAIN: i64 = 15 * 60;

/// After this number of rounds one more person in line is alerted. Two rounds give the first person half an hour, so that within the
/// first hour a second person knows. Tuned on 24 November 2026; the council's own on-call rules go before it.
pub const ROUNDS_EACH: u32 = 2;

/// Seconds without a claim after which an alert is overdue. One hour: by then a second person was alerted
/// ([`people`]), and it leaves room within the one working day that "Working Together" gives for the next steps.
pub const OVERDUE: i64 = 60 * 60;

/// The beginning of the quarter of an hour of this moment (Unix seconds).
pub fn quarter(now: i64) -> i64 {
    now - now.rem_euclid(GRAIN)
}

/// The round of alerts this moment belongs to, from 1. The first holds until the second quarter begins after the one
/// in which the alert was raised (so that a reminder never follows the first message within minutes); from then on
/// each quarter of an hour begins a new one. A clock that was put back stays in the first round.
pub fn round(since: i64, now: i64) -> u32 {
    let quarters = (now.saturating_sub(since) / GRAIN).max(1);
    u32::try_from(quarters).unwrap_or(u32::MAX)
}

/// How many people in line are alerted in this round; there may be fewer people than that.
pub fn people(round: u32) -> usize {
    let more = round.saturating_sub(1) / ROUNDS_EACH;
    1 + usize::try_from(more).unwrap_or(usize::MAX - 1)
}

/// Whole hours that somebody waits.
pub fn hours(since: i64, now: i64) -> i64 {
    (now.saturating_sub(since) / 3_600).max(0)
}

/// Whether nobody has taken it for too long.
pub fn is_overdue(since: i64, now: i64) -> bool {
    now.saturating_sub(since) >= OVERDUE
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: i64 = 60;
    const HOUR: i64 = 60 * MIN;

    #[test]
    fn moments_are_kept_to_the_quarter_only() {
        let noon = 1_795_262_400;
        for second in 0..GRAIN {
            assert_eq!(quarter(noon + second), noon);
        }
        assert_eq!(quarter(noon + GRAIN), noon + GRAIN);
        assert_eq!(quarter(-1), -GRAIN);
    }

    #[test]
    fn reminders_come_each_quarter_of_an_hour_and_never_right_after_the_first_message() {
        for arrived in [0, 1, GRAIN / 2, GRAIN - 1] {
            let since = quarter(arrived);
            let mut told = vec![arrived];
            let mut last = round(since, arrived);
            assert_eq!(last, 1);
            for now in arrived..arrived + 2 * HOUR {
                if round(since, now) > last {
                    last = round(since, now);
                    told.push(now);
                }
            }
            let gaps: Vec<i64> = told.windows(2).map(|pair| pair[1] - pair[0]).collect();
            assert!((15 * MIN..=30 * MIN).contains(&gaps[0]), "{gaps:?}");
            assert!(gaps[1..].iter().all(|gap| *gap == 15 * MIN), "{gaps:?}");
        }
    }

    #[test]
    fn each_next_in_line_is_told_and_nobody_is_dropped() {
        let line: Vec<usize> = (1..=8).map(people).collect();
        assert_eq!(line, [1, 1, 2, 2, 3, 3, 4, 4]);
        // Within the first hour a second person knows.
        assert_eq!(people(round(0, HOUR - 1)), 2);
        assert_eq!(people(u32::MAX), 1 + (u32::MAX as usize - 1) / 2);
    }

    #[test]
    fn waiting_is_counted_in_whole_hours_and_a_clock_put_back_harms_nothing() {
        assert_eq!((hours(0, HOUR - 1), hours(0, HOUR)), (0, 1));
        assert_eq!(
            (is_overdue(0, HOUR - 1), is_overdue(0, HOUR)),
            (false, true)
        );
        assert_eq!(
            (hours(HOUR, 0), round(HOUR, 0), is_overdue(HOUR, 0)),
            (0, 1, false)
        );
        assert_eq!(round(i64::MIN, i64::MAX), u32::MAX);
    }
}
