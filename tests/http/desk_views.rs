//! Views at the desk: the queue, the versions, the closing.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::council::done;
use crate::page_text::{assert_hides, assert_shows};
use crate::world::{World, own_password};
use axum::http::StatusCode;
use domain::event::EventKind;
use domain::lifecycle::{CloseReason, State};
use domain::role::Role;
use std::collections::BTreeMap;
use store::Store;

#[tokio::test]
async fn the_queue_is_sorted_by_whose_turn_it_is_by_topic_and_by_waiting() {
    let world = World::new().await;
    let mut council = world.council().await;
    let (_, waiting) = world.send_with(&[("topic", "money")]).await;
    let (words, asked) = world.send_with(&[]).await;
    let (_, approved) = world.send_with(&[]).await;
    let (_, listed) = world.send_with(&[]).await;
    let (_, closed) = world.send_with(&[]).await;
    let speakerbox = &council.speakerbox;
    done(
        &speakerbox
            .act(&asked, "ask-back", &[("text", "When?")])
            .await,
    );
    done(
        &speakerbox
            .act(&approved, "approve", &[("text", "Safe.")])
            .await,
    );
    council.approve_and_list(&listed, "Safe too.").await;
    let close = [("reason", "settled"), ("text", "Bye.")];
    done(&speakerbox.act(&closed, "close", &close).await);

    for (filter, shown) in [
        ("show=waiting", vec![&waiting]),
        ("show=asked", vec![&asked]),
        ("show=approved", vec![&approved]),
        ("show=committee", vec![&listed]),
        ("show=ended", vec![&closed]),
        ("show=all&topic=money", vec![&waiting]),
        (
            "show=all",
            vec![&waiting, &asked, &approved, &listed, &closed],
        ),
    ] {
        let page = speakerbox
            .get(&format!("/desk/queue?{filter}"))
            .await
            .text();
        for id in [&waiting, &asked, &approved, &listed, &closed] {
            assert_eq!(page.contains(id), shown.contains(&id), "{filter}");
        }
    }

    // The view that waits longest stands first, with the days; an answer brings a view back.
    world.clock.forward(3 * 24 * 60 * 60);
    world.sender(&words, "write", "Last week.").await;
    council
        .speakerbox
        .sign_in(&own_password("speakerbox"))
        .await;
    let page = council.speakerbox.get("/desk/queue").await;
    assert_shows(&page, "Waiting 3 days");
    assert_shows(&page, &world.words("desk.queue.unread"));
    let html = page.text();
    assert!(html.find(&waiting) < html.find(&asked) && html.contains(&waiting));
}

#[tokio::test]
async fn a_young_triager_sees_two_words_instead_of_a_name_and_may_stop() {
    let world = World::new().await;
    world
        .send("Hear me.", "yes", "Sam from the blue house")
        .await;
    let id = world.newest().await;
    let triager = world.desk("triager", Role::Speakerbox).await;
    let pseudonym = service::views::pseudonym(&id);
    assert_eq!(pseudonym.split(' ').count(), 2);
    for address in ["/desk/queue".to_owned(), format!("/desk/view/{id}")] {
        let page = triager.get(&address).await;
        assert_shows(&page, &pseudonym);
        assert_hides(&page, "blue house");
    }
    let view = triager.get(&format!("/desk/view/{id}")).await;
    assert_shows(&view, &world.words("desk.view.name-others"));
    let queue = triager.get("/desk/queue").await;
    assert_shows(&queue, &world.words("desk.queue.care"));
}

#[tokio::test]
async fn the_words_as_sent_stay_and_every_version_for_the_committee_is_kept() {
    let world = World::new().await;
    let (_, id) = world.send_with(&[("said", "Miss Green is late.")]).await;
    let speakerbox = world.desk("editor", Role::Speakerbox).await;
    let versions = ["My worker is late.", "A worker is late."];
    let before = world.store.bodies(&id).await.unwrap();
    for text in versions {
        done(&speakerbox.act(&id, "approve", &[("text", text)]).await);
    }
    let after = world.store.bodies(&id).await.unwrap();
    assert_eq!(
        after[..before.len()],
        before[..],
        "what was there is untouched"
    );
    let page = speakerbox.get(&format!("/desk/view/{id}")).await;
    for shown in [versions[0], versions[1], "Miss Green is late."] {
        assert_shows(&page, shown);
    }
    let edits = world.store.events(&id).await.unwrap();
    let edits: Vec<_> = edits
        .iter()
        .filter(|e| e.kind == EventKind::Approved)
        .collect();
    assert_eq!(edits.len(), versions.len());
    assert!(edits.iter().all(|e| e.staff.is_some() && e.body.is_some()));
}

#[tokio::test]
async fn a_view_is_closed_for_one_of_the_fixed_reasons_and_its_sender_reads_which() {
    let world = World::new().await;
    let speakerbox = world.desk("closer", Role::Speakerbox).await;
    let mut ids = Vec::new();
    // That safety has it is no reason where it has not: `tests/http/danger.rs`.
    let reasons = CloseReason::ALL
        .into_iter()
        .filter(|reason| *reason != CloseReason::Safety);
    for reason in reasons {
        let (words, id) = world.send_with(&[]).await;
        let fields = [("reason", reason.id()), ("text", "Thank you for writing.")];
        done(&speakerbox.act(&id, "close", &fields).await);
        let page = world.follow(&words).await;
        assert_shows(
            &page,
            &world.words(&format!("reason.{}.sender", reason.id())),
        );
        assert_shows(&page, "Thank you for writing.");
        ids.push(id);
    }
    // Any other reason is refused.
    let (_, open) = world.send_with(&[]).await;
    for made_up in ["", "because", "settled ", CloseReason::Safety.id()] {
        let fields = [("reason", made_up), ("text", "Thank you for writing.")];
        let refused = speakerbox.act(&open, "close", &fields).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{made_up:?}"
        );
    }
    assert_eq!(world.store_state(&open).await, State::Read);

    // The reasons stand in the record, where they can be counted without opening any text.
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for id in ids.iter().chain([&open]) {
        for event in world.store.events(id).await.unwrap() {
            if let Some(reason) = event.reason {
                *counts.entry(reason.id()).or_default() += 1;
            }
        }
    }
    assert_eq!(counts.len(), CloseReason::ALL.len() - 1);
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
}
