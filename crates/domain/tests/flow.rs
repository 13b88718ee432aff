//! The questions of the checker, walked: no dead end, no cycle, every outcome reached, the fewest questions counted; and
//! their picture in docs, drawn from the code.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use domain::date::Date;
use domain::entitlements::evaluate_any;
use domain::entitlements::outcome::{AdviserAnswer, Ask, Rule, Status, StayingPutAnswer};
use domain::entitlements::parse::Code;
use domain::entitlements::progress::{answer, walk};
use domain::entitlements::questions::{AnswerTexts, Input, LAST_QUESTIONS, QUESTIONS, Question};
use domain::entitlements::report::show;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

fn today() -> Date {
    "2026-11-21".parse().unwrap()
}

fn years_before(day: Date, years: i32) -> String {
    let (year, month, date) = day.year_month_day();
    Date::new(year - years, month, date).unwrap().to_string()
}

/// The answers that are tried: every option of every question, and dates around the ages that matter.
fn tried(question: Question, texts: &AnswerTexts) -> Vec<String> {
    let ages = [15, 17, 19, 22, 26];
    if question.id == "born" {
        return ages.iter().map(|age| years_before(today(), *age)).collect();
    }
    let born: Date = texts["born"].parse().unwrap();
    let at = |months: i32| {
        born.plus_days(months * 365 / 12 + 3)
            .min(today())
            .to_string()
    };
    let dates = match question.id {
        // Before 14, after 14, a few weeks ago; or nobody remembers.
        "spell-from" if question.index == Some(0) => vec![
            at(10 * 12),
            at(15 * 12 + 6),
            today().plus_days(-90).to_string(),
            "unknown".into(),
        ],
        "spell-from" => vec![today().plus_days(-200).to_string()],
        // Before 16, on the 16th birthday, after it.
        "spell-to" => vec![at(16 * 12 + 2), at(15 * 12 + 11), years_before(born, -16)],
        "home-from" | "guardian-from" => vec![at(16 * 12 + 3), at(9 * 12)],
        "home-to" | "guardian-to" => vec![at(16 * 12 + 9), today().plus_days(-1).to_string()],
        "stay-from" => vec![at(15 * 12 + 11)],
        "stay-to" => vec![at(16 * 12 + 6)],
        "breaks-to" => vec![at(17 * 12)],
        "course" => vec![today().plus_days(100).to_string()],
        _ => Vec::new(),
    };
    // "No" first: the walk leaves the shortest way a few times, in every combination.
    let mut options = question.options(texts);
    options.sort_by_key(|option| *option != "no" && question.id != "guardian-care");
    let options = options.into_iter().map(str::to_owned);
    match question.input() {
        Input::Choice(_) => options.collect(),
        // "Still going on" first, where it can be.
        Input::ChoiceOrDate(_, dated) => {
            let (on, others): (Vec<String>, Vec<String>) = options
                .filter(|option| option != dated)
                .partition(|option| option == "on");
            on.into_iter().chain(dates).chain(others).collect()
        }
        Input::Number(_) => vec!["10".into(), "unknown".into(), "80".into()],
        Input::Day | Input::Date => dates,
    }
}

/// What was met on all walks.
#[derive(Default)]
struct Met {
    ends: usize,
    most_questions: usize,
    fewest: BTreeMap<Status, usize>,
    rules: BTreeSet<Rule>,
    asks: BTreeSet<Ask>,
    put: BTreeSet<&'static str>,
    adviser: BTreeSet<&'static str>,
    options: BTreeSet<(String, String)>,
    /// Which question follows which.
    follows: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

const ODD_ANSWERS: usize = 2;

/// Every walk that leaves the first answer of a question at most [`ODD_ANSWERS`] times, besides age and first day.
fn walk_all(texts: &AnswerTexts, odd: usize, met: &mut Met) {
    let here = walk(texts, today());
    let keys: Vec<String> = here
        .answered
        .iter()
        .map(|question| question.key())
        .collect();
    assert_eq!(
        keys.iter().collect::<BTreeSet<_>>().len(),
        keys.len(),
        "a cycle: {keys:?}"
    );
    assert_eq!(here.problem, None, "{texts:?}");
    let last = here.answered.last().map(|question| question.id);
    let Some(question) = here.next else {
        met.follows
            .entry(last.unwrap())
            .or_default()
            .insert("result");
        met.ends += 1;
        met.most_questions = met.most_questions.max(keys.len());
        let outcome = evaluate_any(here.interpretations.answers());
        let shown = show(&here.interpretations, &[]).unwrap();
        assert_eq!(shown.outcome, outcome);
        let status = outcome.status.unwrap();
        let fewest = met.fewest.entry(status).or_insert(usize::MAX);
        *fewest = keys.len().min(*fewest);
        met.rules
            .extend(outcome.reasons.iter().map(|reason| reason.rule));
        met.asks.extend(&outcome.asks);
        met.put.insert(outcome.staying_put.unwrap().answer.id());
        met.adviser
            .insert(outcome.personal_adviser.unwrap().answer.id());
        return;
    };
    if let Some(last) = last {
        met.follows.entry(last).or_default().insert(question.id);
    }
    let free = matches!(question.key().as_str(), "born" | "spell-from.0" | "care");
    let answers = tried(question, texts);
    assert!(!answers.is_empty(), "a dead end at {}", question.key());
    let mut taken = 0;
    for (place, text) in answers.into_iter().enumerate() {
        let odd = odd + usize::from(place > 0 && !free);
        if odd > ODD_ANSWERS {
            break;
        }
        let mut next = texts.clone();
        next.insert(question.key(), text.clone());
        // A date that does not fit the ones before it is refused, as it would be on the page.
        if walk(&next, today()).problem.is_some() {
            continue;
        }
        taken += 1;
        met.options.insert((question.id.to_owned(), text));
        walk_all(&next, odd, met);
    }
    assert!(
        taken > 0 || odd == ODD_ANSWERS,
        "a dead end at {}: {texts:?}",
        question.key()
    );
}

#[test]
fn every_walk_ends_and_every_outcome_is_reached() {
    let mut met = Met::default();
    walk_all(&AnswerTexts::new(), 0, &mut met);
    println!(
        "{} walks, at most {} questions; fewest: {:?}",
        met.ends, met.most_questions, met.fewest
    );
    for status in Status::ALL {
        assert!(
            met.fewest.contains_key(&status),
            "{} is never reached",
            status.id()
        );
    }
    let unmet: Vec<&str> = Rule::ALL
        .iter()
        .filter(|rule| !met.rules.contains(rule) && **rule != Rule::LeapDay)
        .map(|rule| rule.id())
        .collect();
    assert_eq!(unmet, [""; 0], "rules never met");
    assert_eq!(met.asks.len(), Ask::ALL.len(), "{:?}", met.asks);
    assert_eq!(met.put.len(), StayingPutAnswer::ALL.len(), "{:?}", met.put);
    assert_eq!(
        met.adviser.len(),
        AdviserAnswer::ALL.len(),
        "{:?}",
        met.adviser
    );
    for (id, input, _) in QUESTIONS.iter().chain(&LAST_QUESTIONS) {
        if *id == "day" {
            continue;
        }
        let options: Vec<&str> = match input {
            Input::Choice(options) | Input::ChoiceOrDate(options, _) => options.to_vec(),
            _ => Vec::new(),
        };
        for option in options {
            let dated = matches!(input, Input::ChoiceOrDate(_, dated) if *dated == option);
            assert!(
                dated || met.options.contains(&((*id).to_owned(), option.to_owned())),
                "{id}: {option} is never taken"
            );
        }
    }
    // Somebody in care now, under 16, or who never was: only what is needed.
    assert!(met.fewest[&Status::None] <= 7, "{:?}", met.fewest);
    assert!(met.fewest[&Status::InCare] <= 10, "{:?}", met.fewest);
    let drawn = picture(&met.follows);
    let kept = include_str!("../../../docs/check-flow.svg");
    if std::env::var_os("PLEDGE_DRAW").is_some() {
        std::fs::write(
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/check-flow.svg"),
            &drawn,
        )
        .unwrap();
    } else {
        assert!(
            drawn == kept,
            "docs/check-flow.svg is not what the code does: run this test with PLEDGE_DRAW=1"
        );
    }
}

/// One row a question; an arc for each question that can follow another.
fn picture(follows: &BTreeMap<&'static str, BTreeSet<&'static str>>) -> String {
    const ROW: usize = 26;
    let mut names: Vec<&str> = QUESTIONS
        .iter()
        .chain(&LAST_QUESTIONS)
        .map(|(id, _, _)| *id)
        .filter(|id| *id != "day")
        .collect();
    names.push("result");
    let place = |name: &str| names.iter().position(|known| *known == name).unwrap();
    let height = names.len() * ROW + 20;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 860 {height}\" font-family=\"sans-serif\" font-size=\"13\">\n<title>The questions of the checker: an arc to the right leads to a later question, one to the left back to the next entry of a list</title>\n<rect width=\"860\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    for (from, tos) in follows {
        for to in tos {
            let (start, end) = (place(from), place(to));
            let (y1, y2) = (start * ROW + 20, end * ROW + 20);
            let (x, bend, colour) = if end > start {
                (430, 430 + 16 * (end - start).min(25), "#2a6f6b")
            } else {
                (250, 250 - 30 * (start - end + 1).min(7), "#a2543a")
            };
            writeln!(svg, "<path d=\"M{x} {y1} C{bend} {y1} {bend} {y2} {x} {y2}\" fill=\"none\" stroke=\"{colour}\" stroke-opacity=\".6\"/>").unwrap();
        }
    }
    for (row, name) in names.iter().enumerate() {
        let y = row * ROW + 20;
        writeln!(svg, "<rect x=\"250\" y=\"{}\" width=\"180\" height=\"20\" rx=\"6\" fill=\"#fdf3e7\" stroke=\"#5b4636\"/><text x=\"340\" y=\"{}\" text-anchor=\"middle\">{name}</text>", y - 10, y + 4).unwrap();
    }
    svg.push_str("</svg>\n");
    svg
}

fn texts(pairs: &[(&str, &str)]) -> AnswerTexts {
    pairs
        .iter()
        .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
        .collect()
}

fn give(texts: &AnswerTexts, key: &str, fields: &[(&str, &str)]) -> Result<AnswerTexts, Code> {
    let fields: BTreeMap<&str, &str> = fields.iter().copied().collect();
    answer(
        texts,
        Question::from_key(key).unwrap(),
        |name| (*fields.get(name).unwrap_or(&"")).to_owned(),
        today(),
    )
    .map(|answered| answered.texts)
    .map_err(|rejected| rejected.problem)
}

#[test]
fn answers_that_cannot_be_are_refused_by_name() {
    let begun = texts(&[("born", "2010-03-10"), ("care", "before")]);
    for (key, fields, code) in [
        (
            "born",
            vec![("day", "31"), ("month", "2"), ("year", "2010")],
            Code::NotADate,
        ),
        ("born", vec![], Code::Required),
        (
            "born",
            vec![("month", "2"), ("year", "2010")],
            Code::DayNeeded,
        ),
        (
            "born",
            vec![("day", "1"), ("month", "1"), ("year", "2030")],
            Code::InFuture,
        ),
        (
            "born",
            vec![("day", "1"), ("month", "1"), ("year", "1901")],
            Code::TooOld,
        ),
        (
            "born",
            vec![("day", "x"), ("month", "1"), ("year", "2010")],
            Code::NotADate,
        ),
        ("care", vec![("v", "maybe")], Code::NotAChoice),
        ("care", vec![], Code::Required),
        (
            "spell-from.0",
            vec![("day", "1"), ("year", "2020")],
            Code::NotADate,
        ),
        ("spell-from.0", vec![("year", "2009")], Code::BeforeBirth),
        ("spell-from.0", vec![("year", "2027")], Code::InFuture),
    ] {
        assert_eq!(give(&begun, key, &fields), Err(code), "{key} {fields:?}");
    }
    let with_from = give(&begun, "spell-from.0", &[("month", "6"), ("year", "2020")]).unwrap();
    assert_eq!(with_from["spell-from.0"], "2020-06");
    let to = [
        ("v", "ended"),
        ("day", "1"),
        ("month", "5"),
        ("year", "2020"),
    ];
    assert_eq!(give(&with_from, "spell-to.0", &to), Err(Code::BeforeFrom));
    assert_eq!(
        give(&with_from, "spell-to.0", &[("v", "on")]),
        Err(Code::NotAChoice)
    );
}

#[test]
fn a_changed_answer_keeps_the_rest_and_asks_what_no_longer_fits() {
    let done = texts(&[
        ("born", "2008-06-10"),
        ("care", "now"),
        ("spell-from.0", "2022-01-01"),
        ("spell-basis.0", "care_order"),
        ("spell-home.0", "foster_carer"),
        ("spell-council.0", "this_council"),
        ("put-together", "yes"),
        ("put-want", "yes"),
        ("put-welfare", "no"),
        ("alone", "no"),
        ("records", "no"),
    ]);
    let end = walk(&done, today());
    assert_eq!(end.next, None, "{:?}", end.answered);
    assert_eq!(
        end.interpretations.outcome().status,
        Some(Status::FormerRelevant)
    );
    let fields = [("day", "10"), ("month", "6"), ("year", "2009")];
    let changed = give(&done, "born", &fields).unwrap();
    let end = walk(&changed, today());
    assert_eq!(end.next, None, "nothing is asked twice");
    assert_eq!(end.interpretations.outcome().status, Some(Status::Eligible));
    // Born after the stay began: that one date is asked again.
    let changed = give(
        &done,
        "born",
        &[("day", "10"), ("month", "6"), ("year", "2023")],
    )
    .unwrap();
    let end = walk(&changed, today());
    assert_eq!(end.next.map(Question::key), Some("spell-from.0".to_owned()));
    assert_eq!(end.problem, Some(Code::BeforeBirth));
}

#[test]
fn too_much_that_nobody_knows_is_said_so() {
    let mut unknown = texts(&[("born", "2008-06-10"), ("care", "before")]);
    for index in 0..8 {
        for (id, text) in [
            ("spell-from", "unknown"),
            ("spell-to", "not_sure"),
            ("spell-basis", "not_sure"),
            ("spell-home", "not_sure"),
            ("spell-council", "not_sure"),
            ("spell-more", "yes"),
        ] {
            unknown.insert(format!("{id}.{index}"), text.to_owned());
        }
    }
    let end = walk(&unknown, today());
    assert_eq!(end.problem, Some(Code::TooManyMonthOnly));
    assert_eq!(end.next.map(Question::key), Some("spell-from.5".to_owned()));
}

#[test]
fn any_draft_is_walked() {
    for key in [
        "",
        "x",
        "born.0",
        "spell-from",
        "spell-from.99999",
        "spell-from.-1",
        "spell-from.0.0",
    ] {
        assert_eq!(Question::from_key(key), None, "{key}");
    }
    for text in [
        "",
        "x",
        "2010-03-1",
        "é",
        "9999999999999999",
        "unknown",
        "on",
    ] {
        let mut odd = texts(&[("born", "2010-03-10")]);
        for (id, _, _) in QUESTIONS.iter().chain(&LAST_QUESTIONS) {
            odd.insert((*id).to_owned(), text.to_owned());
            odd.insert(format!("{id}.0"), text.to_owned());
            let _ = walk(&odd, today());
        }
    }
}
