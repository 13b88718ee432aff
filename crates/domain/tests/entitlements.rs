//! The rules engine against its vectors, with each rule taken away, and against its properties.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use domain::date::Date;
use domain::entitlements::answers::{Answers, Basis, Home, LivingTogether, StayKind, With};
use domain::entitlements::json::{JsonError, check_text};
use domain::entitlements::outcome::{Outcome, Rule, Status};
use domain::entitlements::parse::read;
use domain::entitlements::{evaluate, evaluate_without};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const VECTORS: &str = include_str!("vectors.json");
/// The day for answers that name none.
const TODAY: &str = "2026-11-21";

fn today() -> Date {
    TODAY.parse().unwrap()
}

fn check(answers: &Value) -> Value {
    serde_json::from_str(&check_text(&answers.to_string(), today()).unwrap()).unwrap()
}

struct Vector {
    id: String,
    answers: Value,
    expect: Value,
}

fn vectors() -> Vec<Vector> {
    let all: Vec<Value> = serde_json::from_str(VECTORS).unwrap();
    all.into_iter()
        .map(|vector| Vector {
            id: vector["id"].as_str().unwrap().to_owned(),
            answers: vector["answers"].clone(),
            expect: vector["expect"].clone(),
        })
        .collect()
}

/// As section 15 of the contract compares: sets without order, rules without their law, errors alone.
fn comparable(outcome: &Value) -> BTreeMap<String, Value> {
    let set = |value: &Value| {
        let words: BTreeSet<String> = value
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| match entry.get("rule") {
                Some(rule) => rule.to_string(),
                None => entry.to_string(),
            })
            .collect();
        json!(words)
    };
    let keys = outcome.as_object().unwrap();
    let has_errors = !keys["errors"].as_array().unwrap().is_empty();
    keys.iter()
        .filter(|(key, _)| !has_errors || *key == "errors")
        .map(|(key, value)| {
            let value = if value.is_array() {
                set(value)
            } else {
                value.clone()
            };
            (key.clone(), value)
        })
        .collect()
}

#[test]
fn every_vector_passes() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 83, "none may go missing");
    let mut wrong = String::new();
    for vector in &vectors {
        let (got, expected) = (
            comparable(&check(&vector.answers)),
            comparable(&vector.expect),
        );
        if got != expected {
            writeln!(
                wrong,
                "{}\n  got      {got:?}\n  expected {expected:?}",
                vector.id
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Each public rule has a vector that fails when the rule is left out. `cargo test -p domain --features json
/// mutation -- --nocapture` prints the table; docs/RULES.md carries it.
#[test]
fn mutation_every_rule_is_held_by_a_vector() {
    let read_vectors: Vec<(String, Answers, Value)> = vectors()
        .into_iter()
        .filter_map(|vector| {
            let answers = read(&tree(&vector.answers), today()).ok()?;
            Some((vector.id, answers, vector.expect))
        })
        .collect();
    let mut table = String::from(
        "| rule | law | vectors that fail without it | status changes in |\n| --- | --- | ---: | ---: |\n",
    );
    let mut unheld = Vec::new();
    for rule in Rule::ALL {
        let (mut failing, mut status) = (0, 0);
        for (_, answers, expect) in &read_vectors {
            let outcome = serde_json::to_value(evaluate_without(answers, Some(rule))).unwrap();
            failing += usize::from(comparable(&outcome) != comparable(expect));
            status += usize::from(outcome["status"] != expect["status"]);
        }
        writeln!(
            table,
            "| `{}` | {} | {failing} | {status} |",
            rule.id(),
            rule.law()
        )
        .unwrap();
        if failing == 0 {
            unheld.push(rule.id());
        }
    }
    println!("{table}");
    assert!(unheld.is_empty(), "no vector fails without {unheld:?}");
    let kept = include_str!("../../../docs/RULES.md");
    assert!(
        kept.contains(&table),
        "docs/RULES.md must carry this table:\n{table}"
    );
}

#[test]
fn text_that_is_not_answers_is_refused() {
    for text in [
        "",
        "{",
        "nul",
        "{\"born\": 01}",
        "[1,]",
        "\u{feff}{}",
        "{} {}",
    ] {
        assert!(
            matches!(check_text(text, today()), Err(JsonError::NotJson(_))),
            "{text}"
        );
    }
    for text in ["null", "true", "3", "\"2010-01-01\"", " 1.5 "] {
        assert_eq!(
            check_text(text, today()),
            Err(JsonError::NeitherObjectNorList),
            "{text}"
        );
    }
    assert_eq!(check_text("[]", today()).unwrap(), "[]");
    let nested = "[".repeat(200_000) + &"]".repeat(200_000);
    let outcome = check_text(&format!("{{\"born\": {nested}}}"), today()).unwrap();
    assert!(
        outcome.contains(r#"{"field":"born","code":"wrong_type"}"#),
        "{outcome}"
    );
}

fn errors_of(answers: &Value) -> Vec<(String, String)> {
    let outcome = check(answers);
    let errors = outcome["errors"].as_array().unwrap().clone();
    errors
        .iter()
        .map(|error| {
            let text = |key: &str| error[key].as_str().unwrap().to_owned();
            (text("field"), text("code"))
        })
        .collect()
}

#[test]
fn each_error_names_its_field() {
    let spell = |spell: Value| json!({"born": "2010-03-10", "asked_on": "2026-05-01", "care_spells": [spell]});
    let with = |key: &str, value: Value| {
        let mut answers = json!({"born": "2010-03-10", "asked_on": "2026-05-01"});
        answers[key] = value;
        answers
    };
    let many: Vec<Value> = (0..5_000).map(|_| json!({"from": "2020-01-01"})).collect();
    let months: Vec<Value> = (0..6)
        .map(|_| json!({"from": "2020-01", "to": "2020-02"}))
        .collect();
    for (answers, field, code) in [
        (json!({}), "born", "required"),
        (json!({"born": null}), "born", "required"),
        (with("born", json!("2010-02-31")), "born", "not_a_date"),
        (with("born", json!("2010-03")), "born", "day_needed"),
        (with("born", json!("2027-03-01")), "born", "in_future"),
        (with("born", json!("1905-05-01")), "born", "too_old"),
        (with("born", json!("1826-05-01")), "born", "not_a_date"),
        (with("asked_on", json!("2026-05")), "asked_on", "day_needed"),
        (with("asked_on", json!(20260501)), "asked_on", "wrong_type"),
        (with("height", json!(3)), "height", "unknown_field"),
        (with("care_spells", json!(many)), "care_spells", "too_many"),
        (
            with("care_spells", json!(months)),
            "",
            "too_many_month_only",
        ),
        (with("care_spells", json!({})), "care_spells", "wrong_type"),
        (
            with("care_spells", json!([3])),
            "care_spells[0]",
            "wrong_type",
        ),
        (
            with("care_spells", json!([null])),
            "care_spells[0]",
            "wrong_type",
        ),
        (spell(json!({})), "care_spells[0].from", "required"),
        (
            spell(json!({"from": "2026-06-01"})),
            "care_spells[0].from",
            "in_future",
        ),
        (
            spell(json!({"from": "2009-06"})),
            "care_spells[0].from",
            "before_birth",
        ),
        (
            spell(json!({"from": "2020-06-02", "to": "2020-06-01"})),
            "care_spells[0].to",
            "before_from",
        ),
        (
            spell(json!({"from": "2020-06-01", "basis": "s20"})),
            "care_spells[0].basis",
            "not_a_choice",
        ),
        (
            spell(json!({"from": "2020-06-01", "colour": 1})),
            "care_spells[0].colour",
            "unknown_field",
        ),
        (
            spell(json!({"from": "2020-06-01", "to": "2020-06-03", "under_24_hours": true})),
            "care_spells[0].under_24_hours",
            "too_long",
        ),
        (
            with("short_breaks", json!({"days_since_14": 1501})),
            "short_breaks.days_since_14",
            "out_of_range",
        ),
        (
            with("short_breaks", json!({"days_since_14": -1})),
            "short_breaks.days_since_14",
            "out_of_range",
        ),
        (
            with("short_breaks", json!({"days_since_14": 1.0})),
            "short_breaks.days_since_14",
            "wrong_type",
        ),
        (
            with("other_stays", json!([{"from": "2024-01-01"}])),
            "other_stays[0].kind",
            "required",
        ),
        (
            with("unaccompanied", json!("yes")),
            "unaccompanied",
            "wrong_type",
        ),
    ] {
        let errors = errors_of(&answers);
        assert_eq!(errors, [(field.to_owned(), code.to_owned())], "{answers}");
    }
    let digits = "9".repeat(40);
    let text =
        format!(r#"{{"born":"2010-03-10","short_breaks":{{"longest_stay_days":{digits}}}}}"#);
    assert!(check_text(&text, today()).unwrap().contains("out_of_range"));
    assert!(
        check_text("[[]]", today())
            .unwrap()
            .contains(r#"{"field":"","code":"wrong_type"}"#)
    );
}

// The engine's own tree of a JSON value, for work on answers that are read already.
fn tree(value: &Value) -> domain::entitlements::parse::Value {
    use domain::entitlements::parse::Value as Tree;
    match value {
        Value::Null => Tree::Null,
        Value::Bool(flag) => Tree::Bool(*flag),
        Value::Number(number) => number.as_i64().map_or(Tree::Fraction, Tree::Whole),
        Value::String(text) => Tree::Text(text.clone()),
        Value::Array(entries) => Tree::List(entries.iter().map(tree).collect()),
        Value::Object(fields) => Tree::Object(
            fields
                .iter()
                .map(|(name, value)| (name.clone(), tree(value)))
                .collect(),
        ),
    }
}

fn outcome(answers: &Value) -> Outcome {
    match read(&tree(answers), today()) {
        Ok(answers) => evaluate(&answers),
        Err(errors) => Outcome::of_errors(errors),
    }
}

// From here on: answers made at random, from few days and many kinds, so that edges are hit often.

fn pick(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
    proptest::sample::select(words).prop_map(|word| json!(word))
}

fn day(from: i32, to: i32) -> impl Strategy<Value = Value> {
    (from..to).prop_map(|days| json!(Date::from_days(days).unwrap().to_string()))
}

fn day_or_month(from: i32, to: i32) -> impl Strategy<Value = Value> {
    prop_oneof![
        9 => day(from, to),
        1 => day(from, to).prop_map(|day| json!(day.as_str().unwrap()[..7])),
    ]
}

fn object(fields: Vec<(&'static str, Option<Value>)>) -> Value {
    let present = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(present.collect::<Map<_, _>>())
}

const COUNCILS: &[&str] = &[
    "this_council",
    "this_council",
    "this_council",
    "other_england",
    "wales",
];

prop_compose! {
    fn spell(born: i32, on: i32)(
        from in day_or_month(born, on + 1),
        to in proptest::option::of(day_or_month(born, on + 1)),
        basis in proptest::option::of(pick(Basis::IDS)),
        home in proptest::option::of(pick(Home::IDS)),
        council in proptest::option::weighted(0.1, pick(COUNCILS)),
        short in proptest::option::weighted(0.05, any::<bool>()),
    ) -> Value {
        object(vec![
            ("from", Some(from)), ("to", to), ("basis", basis), ("home", home), ("council", council),
            ("under_24_hours", short.map(|short| json!(short))),
        ])
    }
}

prop_compose! {
    fn breaks(born: i32, on: i32)(
        basis in proptest::option::of(pick(&["section_20", "section_20", "section_17"])),
        to in proptest::option::of(day_or_month(born, on + 1)),
        numbers in (proptest::option::of(0..200), proptest::option::of(60..90), proptest::option::of(10..25)),
        flags in (proptest::option::of(any::<bool>()), proptest::option::of(any::<bool>())),
    ) -> Value {
        object(vec![
            ("basis", basis), ("to", to),
            ("days_since_14", numbers.0.map(|n| json!(n))),
            ("days_in_12_months", numbers.1.map(|n| json!(n))),
            ("longest_stay_days", numbers.2.map(|n| json!(n))),
            ("same_place", flags.0.map(|flag| json!(flag))),
            ("back_to_parents", flags.1.map(|flag| json!(flag))),
        ])
    }
}

prop_compose! {
    fn span(born: i32, on: i32, name: &'static str, kinds: &'static [&'static str])(
        from in day_or_month(born, on + 1),
        to in proptest::option::of(day_or_month(born, on + 1)),
        kind in pick(kinds),
    ) -> Value {
        object(vec![("from", Some(from)), ("to", to), (name, Some(kind))])
    }
}

fn answers() -> impl Strategy<Value = Value> {
    // Ages from a few months to 27; one in four born on a 29 February.
    let born = prop_oneof![
        3 => 12_000..14_000_i32,
        1 => Just(Date::new(2008, 2, 29).unwrap().days()),
    ];
    (born, 13 * 365..27 * 365_i32).prop_flat_map(|(born, age)| {
        let on = born + age;
        // Most dates near the ages that matter.
        let since = born + 12 * 365;
        (
            proptest::collection::vec(spell(since, on), 0..4),
            proptest::option::weighted(0.3, breaks(since, on)),
            proptest::collection::vec(span(since, on, "with", With::IDS), 0..3),
            proptest::option::weighted(
                0.2,
                (span(since, on, "with", With::IDS), proptest::option::of(any::<bool>())),
            ),
            proptest::collection::vec(span(since, on, "kind", StayKind::IDS), 0..2),
            (pick(LivingTogether::IDS), any::<bool>(), any::<bool>()),
            proptest::option::weighted(0.3, day_or_month(since, on + 400)),
            proptest::collection::vec(proptest::bool::weighted(0.15), 6),
        )
            .prop_map(move |(spells, breaks, homes, order, stays, put, course, flags)| {
                let day = |days| json!(Date::from_days(days).unwrap().to_string());
                let order = order.map(|(mut order, before)| {
                    order.as_object_mut().unwrap().remove("with");
                    if let Some(before) = before {
                        order["in_care_just_before"] = json!(before);
                    }
                    order
                });
                object(vec![
                    ("born", Some(day(born))),
                    ("asked_on", Some(day(on))),
                    ("care_spells", Some(json!(spells))),
                    ("short_breaks", breaks),
                    ("home_returns", Some(json!(homes))),
                    ("special_guardianship", order),
                    ("other_stays", Some(json!(stays))),
                    (
                        "staying_put",
                        Some(json!({"living_together": put.0, "both_want": put.1, "welfare_objection": put.2})),
                    ),
                    ("education_until", course),
                    ("detained_or_in_hospital_at_16", Some(json!(flags[0]))),
                    ("wants_education", Some(json!(flags[1]))),
                    ("unaccompanied", Some(json!(flags[2]))),
                    ("age_disputed", Some(json!(flags[3] && flags[4]))),
                    ("appeals_refused", Some(json!(flags[4]))),
                    ("records_disagree", Some(json!(flags[5]))),
                ])
            })
    })
}

fn rank(status: Status) -> Option<usize> {
    [
        Status::None,
        Status::Qualifying,
        Status::InCare,
        Status::Relevant,
        Status::Eligible,
        Status::FormerRelevant,
    ]
    .iter()
    .position(|known| *known == status)
}

/// Lowest and highest status possible; none where nothing can be worked out.
fn range(outcome: &Outcome) -> Option<(usize, usize)> {
    let one = [outcome.status?];
    let possible: &[Status] = if outcome.certain {
        &one
    } else {
        &outcome.could_be
    };
    let ranks: Vec<usize> = possible.iter().filter_map(|status| rank(*status)).collect();
    Some((*ranks.iter().min()?, *ranks.iter().max()?))
}

fn is_day(value: &Value) -> Option<Date> {
    value.as_str()?.parse().ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn any_answers_give_an_outcome_or_errors(answers in answers()) {
        let outcome = outcome(&answers);
        prop_assert_eq!(outcome.status.is_none(), !outcome.errors.is_empty());
        if outcome.certain {
            prop_assert!(outcome.could_be.is_empty());
        }
        if let (Some(line), Some(clear)) = (outcome.line_from, outcome.eligible_from) {
            prop_assert!(line < clear);
        }
    }

    #[test]
    fn the_order_of_entries_does_not_matter(answers in answers(), by in 0..4_usize) {
        let mut turned = answers.clone();
        for list in ["care_spells", "home_returns", "other_stays"] {
            let entries = turned[list].as_array_mut().unwrap();
            let by = by.min(entries.len());
            entries.rotate_left(by);
            if by == 3 {
                entries.reverse();
            }
        }
        let (one, other) = (outcome(&answers), outcome(&turned));
        if one.errors.is_empty() {
            prop_assert_eq!(one, other);
        }
    }

    #[test]
    fn a_spell_split_in_two_that_touch_changes_nothing(answers in answers(), which in 0..4_usize, share in 0..100_i32) {
        let spells = answers["care_spells"].as_array().unwrap();
        let Some(spell) = spells.get(which) else { return Ok(()) };
        let on = is_day(&answers["asked_on"]).unwrap();
        let (Some(from), false) = (is_day(&spell["from"]), spell["under_24_hours"] == json!(true)) else { return Ok(()) };
        let to = match &spell["to"] {
            Value::Null => on,
            to => match is_day(to) { Some(to) => to, None => return Ok(()) },
        };
        if to.days() - from.days() < 1 { return Ok(()) }
        let cut = from.days() + (to.days() - from.days() - 1) * share / 100;
        let text = |days: i32| json!(Date::from_days(days).unwrap().to_string());
        let (mut first, mut second) = (spell.clone(), spell.clone());
        first["to"] = text(cut);
        second["from"] = text(cut + 1);
        let mut split = answers.clone();
        let list = split["care_spells"].as_array_mut().unwrap();
        list[which] = first;
        list.push(second);
        prop_assert_eq!(outcome(&answers), outcome(&split));
    }

    #[test]
    fn one_more_day_in_care_never_lowers_a_status(answers in answers(), which in 0..5_usize, at in 0..10_000_i32) {
        let on = is_day(&answers["asked_on"]).unwrap();
        let born = is_day(&answers["born"]).unwrap();
        let mut longer = answers.clone();
        let list = longer["care_spells"].as_array_mut().unwrap();
        let text = |days: i32| json!(Date::from_days(days).unwrap().to_string());
        match list.get_mut(which) {
            Some(spell) => {
                if is_day(&spell["from"]).is_none() { return Ok(()) }
                let Some(to) = is_day(&spell["to"]) else { return Ok(()) };
                if to >= on { return Ok(()) }
                spell["to"] = text(to.days() + 1);
            }
            None => {
                let day = born.days() + at % (on.days() - born.days() + 1);
                list.push(json!({"from": text(day), "to": text(day), "basis": "care_order"}));
            }
        }
        if let (Some((low, high)), Some((new_low, new_high))) = (range(&outcome(&answers)), range(&outcome(&longer))) {
            prop_assert!(new_low >= low && new_high >= high, "{longer}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_json_gives_an_outcome(text in "[ \\[\\]{}:,\"a-z0-9.-]{0,60}") {
        let _ = check_text(&text, today());
    }

    #[test]
    fn any_value_in_any_field_gives_an_outcome(answers in answers(), at in any::<usize>(), odd in prop_oneof![
        Just(json!(null)), Just(json!(1.5)), Just(json!(-1)), Just(json!([])), Just(json!({})), Just(json!("2010-13")),
        Just(json!("2199-12-31")), Just(json!("1900-01-01")), Just(json!(true)), Just(json!([{"from": "2199-12"}])),
    ]) {
        let mut answers = answers;
        let fields = answers.as_object_mut().unwrap();
        let names: Vec<String> = fields.keys().cloned().collect();
        fields.insert(names[at % names.len()].clone(), odd);
        let outcome = check(&answers);
        prop_assert_eq!(outcome["status"].is_null(), !outcome["errors"].as_array().unwrap().is_empty());
    }
}

mod contract {
    //! What a comment cites of the contract stands in `docs/RULES-CONTRACT.md`.

    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    fn repository() -> PathBuf {
        let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        let root = folders.find(|folder| folder.join("docs/RULES-CONTRACT.md").is_file());
        root.unwrap().to_owned()
    }

    /// The numbers of the headings: `## 8. Status` and `### 8.3 16 or over`.
    fn sections(page: &str) -> BTreeSet<String> {
        let headings = page.lines().filter(|line| line.starts_with("##"));
        let numbers = headings.filter_map(|line| line.split_whitespace().nth(1));
        numbers
            .map(|number| number.trim_end_matches('.').to_owned())
            .collect()
    }

    /// The comments of a file as one text, so that a citation may run over the end of a line.
    fn comments(code: &str) -> String {
        let lines = code.lines().filter_map(|line| {
            let (before, comment) = line.split_once("//")?;
            // An address in a text is no comment.
            (!before.ends_with(':')).then(|| comment.trim_start_matches(['/', '!']).trim())
        });
        lines.collect::<Vec<_>>().join(" ")
    }

    /// Every number cited as a section, of lists and ranges too: "Sections 7 to 10", "sections 8, 9.1 and 9.2".
    fn cited(comments: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut in_citation = false;
        for word in comments.split_whitespace() {
            let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            let is_number = bare.starts_with(|c: char| c.is_ascii_digit())
                && bare.chars().all(|c| c.is_ascii_digit() || c == '.');
            if ["section", "sections"].contains(&bare.to_lowercase().as_str()) {
                in_citation = true;
            } else if in_citation && is_number {
                found.push(bare.to_owned());
            } else if !["to", "and", "or"].contains(&bare) {
                in_citation = false;
            }
        }
        found
    }

    fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                rust_files(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }

    #[test]
    fn every_cited_section_of_the_contract_exists() {
        let root = repository();
        let page = std::fs::read_to_string(root.join("docs/RULES-CONTRACT.md")).unwrap();
        let known = sections(&page);
        let mut files = Vec::new();
        for part in ["src", "tests", "examples"] {
            rust_files(
                &Path::new(env!("CARGO_MANIFEST_DIR")).join(part),
                &mut files,
            );
            rust_files(&root.join("app").join(part), &mut files);
        }
        let mut citations = 0;
        for file in files {
            for section in cited(&comments(&std::fs::read_to_string(&file).unwrap())) {
                citations += 1;
                assert!(
                    known.contains(&section),
                    "{}: section {section}",
                    file.display()
                );
            }
        }
        assert!(citations >= 15, "only {citations} citations were found");
    }

    #[test]
    fn control_a_section_that_is_not_there_is_seen() {
        let known = sections("# Page\n\n## 8. Status\n\n### 8.3 16 or over\n");
        let code =
            "//! Sections 8, 8.3 and\n//! 8.9 say so.\nlet a = \"section 7\"; // not section 99\n";
        let missing: Vec<String> = cited(&comments(code))
            .into_iter()
            .filter(|section| !known.contains(section))
            .collect();
        assert_eq!(missing, ["8.9", "99"]);
    }
}
