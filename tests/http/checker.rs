//! The checker without scripts: what travels, what is kept, and what odd input gets.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, World};
use axum::http::StatusCode;

const BORN: &str = "2009-11-03";

async fn post(world: &World, fields: &[(&str, &str)]) -> Answer {
    world.post("/check", fields).await
}

fn protected(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(
        answer.header("location"),
        "",
        "an answer never moves into an address"
    );
}

/// Everything up to the result, for somebody in care.
const DONE: [(&str, &str); 10] = [
    ("a.born", BORN),
    ("a.care", "now"),
    ("a.spell-from.0", "2023-05"),
    ("a.spell-basis.0", "care_order"),
    ("a.spell-home.0", "foster_carer"),
    ("a.spell-council.0", "this_council"),
    ("a.put-want", "yes"),
    ("a.alone", "no"),
    ("a.records", "no"),
    ("at", "result"),
];

#[tokio::test]
async fn one_answer_leads_to_the_next_question_and_travels_along() {
    let world = World::new().await;
    let fields = [
        ("at", "born"),
        ("day", "3"),
        ("month", "11"),
        ("year", "2009"),
    ];
    let answer = post(&world, &fields).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.hidden("at"), "care");
    assert_eq!(answer.hidden("a.born"), BORN);
    protected(&answer);
}

#[tokio::test]
async fn the_result_is_never_stored_and_leaves_no_trace_on_the_disk() {
    let world = World::new().await;
    let answer = post(&world, &DONE).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.text().contains("eligible child"),
        "{}",
        answer.text()
    );
    protected(&answer);
    world.store.close().await;
    let mut read = 0;
    for entry in std::fs::read_dir(world.folder.path().join("data")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        read += bytes.len();
        for marker in [BORN, "2023-05", "care_order", "foster_carer"] {
            let found = bytes
                .windows(marker.len())
                .any(|part| part == marker.as_bytes());
            assert!(!found, "{marker} is on the disk");
        }
    }
    assert!(read > 10_000, "the data folder was not read");
}

#[tokio::test]
async fn a_mistake_keeps_what_was_typed_and_leads_to_the_field() {
    let world = World::new().await;
    let fields = [
        ("at", "born"),
        ("day", "31"),
        ("month", "2"),
        ("year", "2010"),
    ];
    let answer = post(&world, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    assert!(
        text.contains("href=\"#day\"") && text.contains("value=\"31\""),
        "{text}"
    );
    protected(&answer);
    // An answer that no longer fits the ones before it is asked again, with the rest kept.
    let mut changed = DONE.to_vec();
    changed[0] = ("a.born", "2024-01-01");
    let answer = post(&world, &changed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.hidden("at"), "spell-from.0");
    assert_eq!(answer.hidden("a.spell-home.0"), "foster_carer");
}

#[tokio::test]
async fn the_calendar_is_a_file_with_the_dates() {
    let world = World::new().await;
    let mut fields = DONE.to_vec();
    fields.push(("go", "calendar"));
    let answer = post(&world, &fields).await;
    assert_eq!(
        answer.header("content-type"),
        "text/calendar; charset=utf-8"
    );
    assert!(answer.header("content-disposition").contains("attachment"));
    assert!(
        answer.text().contains("DTSTART;VALUE=DATE:20271103\r\n"),
        "{}",
        answer.text()
    );
    protected(&answer);
}

#[tokio::test]
async fn odd_input_gets_a_question_and_never_an_error_of_ours() {
    let world = World::new().await;
    let long = "x".repeat(5_000);
    for fields in [
        vec![],
        vec![("at", "nonsense"), ("go", "nonsense")],
        vec![("at", "spell-from.99"), ("year", "2020")],
        vec![("a.born", &*long), ("at", "care"), ("v", "now")],
        vec![("a.born", "<b>odd</b>"), ("at", "care"), ("v", "now")],
        vec![("go", "change:born")],
        vec![("go", "change:"), ("a.spell-from.0", "unknown")],
        vec![("go", "back"), ("at", "records")],
        vec![("go", "calendar"), ("at", "result")],
    ] {
        let answer = post(&world, &fields).await;
        assert!(answer.status.as_u16() < 500, "{fields:?}");
        assert!(!answer.text().contains("<b>odd"), "{fields:?}");
        assert_eq!(answer.hidden("at"), "born", "{fields:?}");
        protected(&answer);
    }
}
