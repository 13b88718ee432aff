//! Who is on call for the safety lane, in what order an alert goes out, and on which days nobody is on call: pure rules.
//! A turn covers whole days of London.

use crate::date::Date;

/// Most days of one turn.
pub const TURN_DAYS: i32 = 366;
/// The last rank: the first is 1.
pub const LAST_RANK: u32 = 5;
/// For how many days from today gaps are looked for.
pub const AHEAD_DAYS: i32 = 14;
/// How far ahead the next change is looked for, in days.
const NEXT_DAYS: i32 = 60;
/// Days after a drill from which the page asks for the next one.
pub const DRILL_DAYS: i32 = 31;
/// Seconds after which a drill that nobody has taken on ends by itself: by then everybody in a usual line was reached.
pub const DRILL_SECONDS: i64 = 2 * 60 * 60;

/// Somebody is on call from a day to a day, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyTurn {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The id of their account.
    pub staff: String,
    /// 1 is alerted first, then 2, to [`LAST_RANK`].
    pub rank: u32,
}

/// The ids of the people on call on this day in the order in which they are alerted, each once. `can`: whether this account can
/// be alerted; one that was suspended or has no address is as if it had no turn.
pub fn on_call(turns: &[DutyTurn], day: Date, can: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut today: Vec<&DutyTurn> = turns
        .iter()
        .filter(|turn| (turn.from..=turn.to).contains(&day) && can(&turn.staff))
        .collect();
    today.sort_by_key(|turn| (turn.rank, turn.from, &turn.staff));
    let mut line: Vec<&str> = Vec::new();
    for turn in today {
        if !line.contains(&turn.staff.as_str()) {
            line.push(&turn.staff);
        }
    }
    line
}

/// The days from today, of the [`AHEAD_DAYS`] to come, on which nobody is on call: first and last day of each gap.
pub fn gaps(turns: &[DutyTurn], today: Date, can: impl Fn(&str) -> bool) -> Vec<(Date, Date)> {
    let mut gaps: Vec<(Date, Date)> = Vec::new();
    for ahead in 0..AHEAD_DAYS {
        let day = today.plus_days(ahead);
        if !on_call(turns, day, &can).is_empty() {
            continue;
        }
        match gaps.last_mut() {
            Some((_, last)) if last.plus_days(1) == day => *last = day,
            _ => gaps.push((day, day)),
        }
    }
    gaps
}

/// Who is first next, and from which day: the first day to come on which somebody else than today is first.
pub fn next_first(
    turns: &[DutyTurn],
    today: Date,
    can: impl Fn(&str) -> bool,
) -> Option<(Date, &str)> {
    let now = on_call(turns, today, &can).first().copied();
    (1..NEXT_DAYS).find_map(|ahead| {
        let day = today.plus_days(ahead);
        let first = on_call(turns, day, &can).first().copied()?;
        (Some(first) != now).then_some((day, first))
    })
}

/// Somebody to whom an alert goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InLine {
    /// Somebody on call, by the id of their account.
    OnCall(String),
    /// An address of the settings, by its place there.
    Listed(usize),
}

/// The line of one alert: the people on call, then the addresses of the settings, which are the last resort. An address of
/// the settings is passed over when it belongs to somebody who may not see the view (`left_out`), unless none would remain:
/// a message holds numbers only, so it is better delivered to them than to nobody. It is not written to twice when somebody
/// on call has it too (`same`).
pub fn line(
    on_call: &[&str],
    listed: usize,
    left_out: impl Fn(usize) -> bool,
    same: impl Fn(usize) -> bool,
) -> Vec<InLine> {
    let mut last: Vec<usize> = (0..listed).filter(|place| !left_out(*place)).collect();
    if last.is_empty() {
        last = (0..listed).collect();
    }
    last.retain(|place| !same(*place));
    let first = on_call.iter().map(|id| InLine::OnCall((*id).to_owned()));
    first.chain(last.into_iter().map(InLine::Listed)).collect()
}

/// How many from the front of the line are alerted, when `people` are due. Somebody on call whom the last try did not reach is
/// not counted, so that an address that is wrong delays nobody behind it.
pub fn due(line: &[InLine], people: usize, fails: impl Fn(&InLine) -> bool) -> usize {
    let mut reached = 0;
    for (place, person) in line.iter().enumerate() {
        let counts = match person {
            InLine::OnCall(_) => !fails(person),
            InLine::Listed(_) => true,
        };
        reached += usize::from(counts);
        if reached >= people {
            return place + 1;
        }
    }
    line.len()
}

/// Whether a drill that began and ended then (Unix seconds) still goes on.
pub fn drill_goes_on(began: i64, ended: Option<i64>, now: i64) -> bool {
    ended.is_none() && (0..DRILL_SECONDS).contains(&now.saturating_sub(began))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(from: i32, to: i32, staff: &str, rank: u32) -> DutyTurn {
        DutyTurn {
            from: Date::EPOCH.plus_days(from),
            to: Date::EPOCH.plus_days(to),
            staff: staff.to_owned(),
            rank,
        }
    }

    /// Every list of up to three turns of three people on three days.
    fn small_lists() -> Vec<Vec<DutyTurn>> {
        let mut one = Vec::new();
        for staff in ["a", "b", "c"] {
            for (from, to) in [(0, 0), (0, 2), (1, 1), (1, 2), (2, 0)] {
                for rank in [1, 2] {
                    one.push(turn(from, to, staff, rank));
                }
            }
        }
        let mut lists = vec![Vec::new()];
        for first in &one {
            lists.push(vec![first.clone()]);
            for second in &one {
                lists.push(vec![first.clone(), second.clone()]);
                for third in one.iter().step_by(7) {
                    lists.push(vec![first.clone(), second.clone(), third.clone()]);
                }
            }
        }
        lists
    }

    #[test]
    fn the_order_is_by_rank_then_by_the_earlier_turn_each_person_once() {
        let turns = [
            turn(0, 9, "second", 2),
            turn(3, 5, "later", 1),
            turn(0, 9, "first", 1),
            turn(4, 4, "second", 1),
        ];
        let on = |day| on_call(&turns, Date::EPOCH.plus_days(day), |_| true);
        assert_eq!(on(0), ["first", "second"]);
        assert_eq!(on(3), ["first", "later", "second"]);
        assert_eq!(on(4), ["first", "later", "second"]);
        assert_eq!(on(10), [] as [&str; 0]);
        let without = on_call(&turns, Date::EPOCH, |id| id != "first");
        assert_eq!(without, ["second"]);
    }

    #[test]
    fn exactly_who_has_a_turn_on_the_day_and_can_be_alerted_is_on_call() {
        for turns in small_lists() {
            for day in 0..4 {
                let day = Date::EPOCH.plus_days(day);
                for gone in ["", "a", "b"] {
                    let line = on_call(&turns, day, |id| id != gone);
                    for staff in ["a", "b", "c"] {
                        let has = turns
                            .iter()
                            .any(|turn| turn.staff == staff && turn.from <= day && day <= turn.to);
                        let times = line.iter().filter(|id| **id == staff).count();
                        assert_eq!(times, usize::from(has && staff != gone), "{turns:?} {day}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_alert_reaches_the_settings_in_the_end_and_never_somebody_left_out_on_call() {
        for on_call in [&[][..], &["a"], &["a", "b"], &["a", "b", "c"]] {
            for listed in 0..4_usize {
                for out in 0..1_u32 << listed {
                    for twice in 0..1_u32 << listed {
                        let (out, twice) = (
                            |place: usize| out >> place & 1 == 1,
                            |place: usize| !on_call.is_empty() && twice >> place & 1 == 1,
                        );
                        let line = line(on_call, listed, out, twice);
                        let first: Vec<InLine> = on_call
                            .iter()
                            .map(|id| InLine::OnCall((*id).to_owned()))
                            .collect();
                        assert!(line.starts_with(&first));
                        let all_out = (0..listed).all(out);
                        for place in 0..listed {
                            let told = line.contains(&InLine::Listed(place)) || twice(place);
                            assert!(told || (out(place) && !all_out), "{line:?}");
                            let named = line.contains(&InLine::Listed(place));
                            assert!(!named || !out(place) || all_out, "{line:?}");
                        }
                        // In the end everybody in line is due, whatever fails; with nobody on call, exactly as many
                        // as without a table.
                        for failing in [false, true] {
                            assert_eq!(due(&line, usize::MAX, |_| failing), line.len());
                            if on_call.is_empty() {
                                for people in 1..5 {
                                    let due = due(&line, people, |_| failing);
                                    assert_eq!(due, people.min(line.len()));
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn an_address_on_call_that_fails_delays_nobody_behind_it() {
        let line = line(&["a", "b"], 2, |_| false, |_| false);
        assert_eq!(due(&line, 1, |_| false), 1);
        let wrong = InLine::OnCall("a".to_owned());
        assert_eq!(due(&line, 1, |person| *person == wrong), 2);
        assert_eq!(due(&line, 1, |_| true), 3, "the settings come at once");
        assert_eq!(due(&line, 2, |_| true), 4);
    }

    #[test]
    fn gaps_are_the_days_without_anybody_and_the_next_is_named_from_their_day() {
        let turns = [turn(2, 4, "a", 1), turn(7, 60, "b", 1)];
        let day = |days| Date::EPOCH.plus_days(days);
        let all = gaps(&turns, Date::EPOCH, |_| true);
        assert_eq!(all, [(day(0), day(1)), (day(5), day(6))]);
        assert_eq!(gaps(&turns, day(7), |_| true), []);
        assert_eq!(gaps(&turns, day(7), |id| id != "b"), [(day(7), day(20))]);
        assert_eq!(gaps(&[], Date::EPOCH, |_| true), [(day(0), day(13))]);
        assert_eq!(next_first(&turns, day(3), |_| true), Some((day(7), "b")));
        assert_eq!(next_first(&turns, day(0), |_| true), Some((day(2), "a")));
        assert_eq!(next_first(&turns, day(8), |_| true), None);
    }

    #[test]
    fn a_drill_ends_when_it_is_taken_or_after_two_hours() {
        assert!(drill_goes_on(0, None, 0) && drill_goes_on(0, None, DRILL_SECONDS - 1));
        assert!(!drill_goes_on(0, None, DRILL_SECONDS) && !drill_goes_on(0, Some(60), 60));
        assert!(!drill_goes_on(10, None, 0), "the clock was put back");
        assert!(!drill_goes_on(i64::MIN, None, i64::MAX));
    }
}
