//! Sections 11 to 13 of the contract: every reading of the dates and birthdays is worked out, and what they give is
//! combined into one outcome.

use super::answers::{Answers, When};
use super::care_spells::Count;
use super::combine::{Found, one_adviser, one_answer};
use super::legal_figures::{Ages, LeapDay};
use super::outcome::{AdviserAnswer, Ask, Outcome, Reason, Right, Rule, Status, StayingPutAnswer};
use super::parse::{self, Value};
use super::rules;
use super::set::Set;
use crate::date::Date;
use std::cell::Cell;

/// Reads answers and works them out. `today`: the day asked about when the answers name none.
pub fn check(value: &Value, today: Date) -> Outcome {
    match parse::read(value, today) {
        Ok(answers) => evaluate(&answers),
        Err(errors) => Outcome::of_errors(errors),
    }
}

/// Works out valid answers.
pub fn evaluate(answers: &Answers) -> Outcome {
    evaluate_without(answers, None)
}

/// Works out answers of which one of several sets is true, and nobody knows which: what fits all of them.
pub fn evaluate_any(sets: &[Answers]) -> Outcome {
    let mut all = None;
    for answers in sets {
        gather(answers, None, &mut all);
    }
    match (all, sets.first()) {
        (Some(all), Some(answers)) => finish(answers, &all),
        _ => Outcome::of_errors(Vec::new()),
    }
}

/// The same as [`evaluate`] with one rule left out: only to show that something depends on it.
#[doc(hidden)]
pub fn evaluate_without(answers: &Answers, without: Option<Rule>) -> Outcome {
    let mut all = None;
    gather(answers, without, &mut all);
    match all {
        Some(all) => finish(answers, &all),
        None => Outcome::of_errors(Vec::new()),
    }
}

/// How many readings these answers have: two for each date that is not known to the day.
pub fn readings(answers: &Answers) -> u32 {
    let months = Cell::new(0);
    let count =
        |when: When| months.set(months.get() + u32::from(matches!(when, When::Between(..))));
    answers.map(
        |from, to| {
            count(from);
            (0, to.inspect(|to| count(*to)).map(|_| 0))
        },
        |single, _| {
            count(single);
            0
        },
    );
    1 << months.get()
}

/// Works out every reading of the dates, and adds them to what was found before.
fn gather(answers: &Answers, without: Option<Rule>, all: &mut Option<Together>) {
    for reading in 0..readings(answers) {
        let found = with_birthdays(&read_months(answers, reading), without);
        match all {
            None => *all = Some(Together::new(found)),
            Some(all) => all.add(&found),
        }
    }
}

/// One reading of the dates of which only the month is known: bit by bit, its first day or its last (section 12).
fn read_months(answers: &Answers, reading: u32) -> Answers<i32> {
    let (born, asked_on) = (answers.born.days(), answers.asked_on.days());
    let next = Cell::new(0);
    let day = |when: When, inside: bool| {
        let When::Between(first, last) = when else {
            return when.first().days();
        };
        let bit = next.replace(next.get() + 1);
        let day = if reading & (1 << bit) == 0 {
            first
        } else {
            last
        };
        if inside {
            day.days().max(born).min(asked_on)
        } else {
            day.days()
        }
    };
    answers.map(
        |from, to| {
            let (mut first, mut last) = (day(from, true), to.map(|to| day(to, true)));
            if let (Some(end), Some(told)) = (last, to)
                && end < first
            {
                if matches!(told, When::Between(..)) {
                    last = Some(first);
                } else {
                    first = end;
                }
            }
            (first, last)
        },
        day,
    )
}

/// Section 11: somebody born on 29 February is worked out twice.
fn with_birthdays(answers: &Answers<i32>, without: Option<Rule>) -> Found {
    let evaluate = |leap_day| rules::evaluate(answers, Ages::of(answers.born, leap_day), without);
    let mut found = evaluate(LeapDay::March1);
    let (_, month, day) = answers.born.year_month_day();
    if (month, day) != (2, 29) || without == Some(Rule::LeapDay) {
        return found;
    }
    let other = evaluate(LeapDay::February28);
    if found.same_as(&other) {
        return found;
    }
    found.reasons.add(Rule::LeapDay);
    if !(found.certain && other.certain && found.status == other.status) {
        found.certain = false;
        found.possible.add_all(other.possible);
    }
    found
}

/// The readings of the dates, combined (section 12).
struct Together {
    first: Found,
    found: Found,
    statuses: Set<Status>,
    differ: bool,
    clear_missing: bool,
}

impl Together {
    fn new(found: Found) -> Together {
        Together {
            first: found,
            found,
            statuses: Set::of(found.status),
            differ: false,
            clear_missing: found.forecast.clear.is_none(),
        }
    }

    fn add(&mut self, other: &Found) {
        self.differ |= !self.first.same_as(other);
        self.statuses.add(other.status);
        self.clear_missing |= other.forecast.clear.is_none();
        let found = &mut self.found;
        found.certain &= other.certain;
        found.possible.add_all(other.possible);
        found.asks.add_all(other.asks);
        found.reasons.add_all(other.reasons);
        found.staying_put.add_all(other.staying_put);
        found.adviser.add_all(other.adviser);
        found.carries_21 |= other.carries_21;
        found.carries_25 |= other.carries_25;
        found.count = match (found.count, other.count) {
            (Some(one), Some(other)) => Some(Count {
                days: one.days.min(other.days),
                nights: one.nights.min(other.nights),
            }),
            _ => None,
        };
        let line = [found.forecast.line, other.forecast.line];
        found.forecast.line = line.into_iter().flatten().min();
        found.forecast.clear = found.forecast.clear.max(other.forecast.clear);
    }
}

/// Section 13.2, and the outcome as it is shown.
fn finish(answers: &Answers, all: &Together) -> Outcome {
    let mut found = all.found;
    found.status = all.statuses.only().unwrap_or(Status::Ask);
    found.certain &= all.statuses.only().is_some();
    if all.clear_missing {
        found.forecast.clear = None;
    }
    if answers.records_disagree || all.differ {
        found.asks.add(Ask::A11);
    }
    let ages = Ages::of(answers.born, LeapDay::March1);
    let on = answers.asked_on.days();
    let (line, clear) = (found.forecast.line, found.forecast.clear);
    let already = clear.is_some_and(|clear| clear <= on);
    let eligible_from = clear.filter(|_| !already);
    let line_from = line.filter(|line| !already && clear.is_none_or(|clear| *line < clear));
    let could_be: Vec<Status> = found
        .could_be()
        .map(|set| set.iter().collect())
        .unwrap_or_default();
    let staying_put = one_answer(found.staying_put);
    let adviser = one_adviser(found.adviser);
    let until_21 =
        found.carries_21 && matches!(staying_put, StayingPutAnswer::Yes | StayingPutAnswer::Ask);
    let until_25 = found.carries_25
        && matches!(
            adviser,
            AdviserAnswer::Now | AdviserAnswer::OnRequest | AdviserAnswer::Ask
        );
    let until = |carried: bool, day: i32| carried.then(|| Date::worked_out(day));
    let bundles = match found.status.bundle() {
        Some(letter) => vec![letter],
        None => could_be
            .iter()
            .filter_map(|status| status.bundle())
            .collect(),
    };
    Outcome {
        status: Some(found.status),
        certain: found.certain,
        could_be,
        line_from: line_from.map(Date::worked_out),
        eligible_from: eligible_from.map(Date::worked_out),
        days: found.count.map(|count| count.days),
        nights: found.count.map(|count| count.nights),
        staying_put: Some(Right {
            answer: staying_put,
            until: until(until_21, ages.b21),
        }),
        personal_adviser: Some(Right {
            answer: adviser,
            until: until(until_25, ages.b25),
        }),
        bundles,
        asks: found.asks.iter().collect(),
        reasons: found
            .reasons
            .iter()
            .map(|rule| Reason {
                rule,
                law: rule.law(),
            })
            .collect(),
        errors: Vec::new(),
    }
}
