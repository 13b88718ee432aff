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
