//! Decisions and what came of them, at the desk, in public and as open data.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::council::published;
use crate::page_text::{assert_hides, assert_shows};
use crate::world::{Answer, World};
use axum::http::StatusCode;

#[tokio::test]
async fn nothing_sent_is_public_before_people_have_read_decided_and_published() {
    let world = World::new().await;
    let council = world.council().await;
    let marks = ["markersent", "markerapproved", "markersaid"];
    let (_, id) = world.send_with(&[("said", marks[0])]).await;
    let public = async || {
        let mut all = world.get("/api/v1/outcomes").await.text();
        for page in world.pages() {
            all.push_str(&world.get(&page).await.text());
        }
        marks.map(|mark| all.contains(mark))
    };
    assert_eq!(public().await, [false, false, false]);
    council.speakerbox.get(&format!("/desk/view/{id}")).await;
    assert_eq!(public().await, [false, false, false]);
    council.approve_and_list(&id, marks[1]).await;
    assert_eq!(public().await, [false, false, false]);
    council.decide(&id, marks[2]).await;
    assert_eq!(public().await, [false, false, false]);
    council.press(&id, "publish").await;
    assert_eq!(public().await, [false, false, true]);
}

#[tokio::test]
async fn a_decision_stands_under_its_meeting_wherever_it_is_shown() {
    let world = World::new().await;
    let council = world.council().await;
    let (words, id) = world.send_with(&[]).await;
    council.approve_and_list(&id, "Visits are late.").await;
    council.decide(&id, "Visits are late.").await;
    let meeting = format!("/desk/meetings/{}", council.meeting);
    let desk = council.clerk.get(&meeting).await;
    let day = world.day("2026-11-21");
    for shown in [
        day.as_str(),
        "Visits are late.",
        "Every late visit is reported.",
    ] {
        assert_shows(&desk, shown);
    }
    council.press(&id, "publish").await;
    let public = world.get("/you-said").await;
    assert_shows(&public, &format!("Decided at the meeting on {day}."));
    let sender = world.follow(&words).await;
    assert_shows(&sender, &format!("Decided at the meeting on {day}."));
    let committee = world.get("/committee").await;
    assert_shows(&committee, &format!("{day} : Winter meeting"));
}

#[tokio::test]
async fn the_public_page_says_who_must_do_it_by_when_and_if_it_is_done() {
    let world = World::new().await;
    let (council, words, id) = published(&world).await;
    let now = async |state: &str| {
        let page = world.get("/you-said").await;
        let owner = format!("Head of care must do this by {}.", world.day("2027-01-31"));
        assert_shows(&page, &owner);
        assert_shows(&page, &world.words(&format!("state.{state}.public")));
    };
    now("published").await;
    council.press(&id, "mark-done").await;
    now("done").await;
    world.sender(&words, "dispute", "").await;
    now("disputed").await;
    council.press(&id, "mark-done").await;
    world.sender(&words, "agree", "").await;
    now("agreed").await;
}

#[tokio::test]
async fn an_outcome_leads_to_how_many_views_there_were_and_to_none_of_them() {
    let world = World::new().await;
    let (_, _, id) = published(&world).await;
    for _ in 0..6 {
        world.send_with(&[]).await;
    }
    // The month is not over, so none of its views is counted.
    let page = world.get("/you-said").await;
    let october = "Fewer than 5 views on this topic were sent until 31 October 2026.";
    assert_shows(&page, october);
    world.clock.forward(30 * 24 * 60 * 60);
    let page = world.get("/you-said").await;
    let november = "At least 5 views on this topic were sent until 30 November 2026.";
    assert_shows(&page, november);
    assert_hides(&page, &id);
    let data: serde_json::Value =
        serde_json::from_slice(&world.get("/api/v1/outcomes").await.bytes).unwrap();
    let outcome = &data["outcomes"][0];
    assert_eq!(outcome["views_at_least"], 5);
    assert_eq!(outcome["views_until"], "2026-11-30");
}

#[tokio::test]
async fn outcomes_are_open_data_and_the_description_names_every_address_of_the_api() {
    let world = World::new().await;
    published(&world).await;
    let json = |answer: Answer| -> serde_json::Value {
        assert_eq!(answer.status, StatusCode::OK);
        assert!(
            answer
                .header("content-type")
                .starts_with("application/json")
        );
        serde_json::from_slice(&answer.bytes).unwrap()
    };
    let outcomes = json(world.get("/api/v1/outcomes").await);
    let outcome = &outcomes["outcomes"][0];
    assert_eq!(outcome["said"], "Visits are late.");
    assert_eq!(outcome["owner"], "Head of care");
    assert_eq!(outcome["due"], "2027-01-31");
    assert_eq!(outcome["meeting"], "2026-11-21");

    let description = json(world.get("/api/openapi.json").await);
    let described = description["paths"].as_object().unwrap();
    let served: Vec<_> = web::addresses(&world.site)
        .into_iter()
        .filter(|(path, _)| path.starts_with("/api/v"))
        .collect();
    assert_eq!(described.len(), served.len());
    for (path, methods) in served {
        for method in methods {
            let method = method.to_lowercase();
            assert!(described[&path].get(&method).is_some(), "{method} {path}");
        }
    }
}
