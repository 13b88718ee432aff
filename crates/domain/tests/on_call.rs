//! Who is on call, in what order alerts go out, and the days on which nobody is.

use domain::date::Date;
use domain::on_call::*;

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
