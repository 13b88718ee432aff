//! What senders see of their view: every step, and who opened it.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::council::done;
use crate::page_text::{assert_hides, assert_shows, plain};
use crate::world::World;
use axum::http::StatusCode;
use domain::lifecycle::{CloseReason, Lane, State};
use domain::role::Role;
use domain::view::{Feeling, Safe, Topic};

#[tokio::test]
async fn every_state_has_plain_words_for_whoever_sees_it() {
    let world = World::new().await;
    let mut keys = Vec::new();
    for state in State::ALL {
        for part in ["name", "sender", "next"] {
            keys.push(format!("state.{}.{part}", state.id()));
        }
    }
    for state in [
        State::Published,
        State::Postponed,
        State::Concluded,
        State::Done,
        State::Agreed,
        State::Disputed,
    ] {
        keys.push(format!("state.{}.public", state.id()));
    }
    for lane in Lane::ALL {
        keys.push(format!("lane.{}.name", lane.id()));
    }
    for reason in CloseReason::ALL {
        keys.push(format!("reason.{}.name", reason.id()));
        keys.push(format!("reason.{}.sender", reason.id()));
    }
    for role in Role::ALL {
        keys.push(format!("role.{}.name", role.id()));
        keys.push(format!("role.{}.sender", role.id()));
    }
    keys.extend(
        Topic::ALL
            .iter()
            .map(|topic| format!("topic.{}", topic.id())),
    );
    keys.extend(
        Feeling::ALL
            .iter()
            .map(|feeling| format!("feeling.{}", feeling.id())),
    );
    keys.extend(Safe::ALL.iter().map(|safe| format!("safe.{}", safe.id())));
    for key in keys {
        let words = world.words(&key);
        let id = key.split('.').nth(1).unwrap_or_default();
        assert!(words.len() > 1 && words != id, "{key}: {words}");
        // No name of the machine's own: those are written with a line or in small letters.
        assert!(words.starts_with(char::is_uppercase), "{key}: {words}");
        for sentence in words.split(['.', '!', '?', ':']) {
            let length = sentence.split_whitespace().count();
            assert!(length <= 15, "{key}: {length} words in `{sentence}`");
        }
    }
}

#[tokio::test]
async fn the_sender_sees_each_step_of_the_way_in_plain_words() {
    let world = World::new().await;
    let council = world.council().await;
    let (words, id) = world
        .send_with(&[("said", "Visits are always late.")])
        .await;
    let mut seen = Vec::new();
    let mut now = async |state: State, since: &str| {
        assert_eq!(world.store_state(&id).await, state);
        let page = world.follow(&words).await;
        assert_shows(&page, &world.words(&format!("state.{}.sender", state.id())));
        assert_shows(&page, &world.words(&format!("state.{}.next", state.id())));
        assert_shows(&page, &world.day("2026-11-21"));
        // What was shown before is still there.
        seen.push(since.to_owned());
        for step in &seen {
            assert_shows(&page, step);
        }
    };
    now(State::Received, "Visits are always late.").await;
    council.speakerbox.get(&format!("/desk/view/{id}")).await;
    now(State::Read, "Someone at SpeakerBox opened your view.").await;
    let asked = [("text", "How late?")];
    done(&council.speakerbox.act(&id, "ask-back", &asked).await);
    now(State::AskedBack, "How late?").await;
    world.sender(&words, "write", "An hour each time.").await;
    now(State::Answered, "An hour each time.").await;
    let safe_version = "Visits are an hour late.";
    let approve = [("text", safe_version)];
    done(&council.speakerbox.act(&id, "approve", &approve).await);
    now(State::Approved, safe_version).await;
    let list = [("meeting", council.meeting.as_str())];
    done(&council.speakerbox.act(&id, "list", &list).await);
    let on = format!(
        "It is on the list for the meeting on {}.",
        world.day("2026-11-21")
    );
    now(State::Listed, &on).await;
    council.decide(&id, safe_version).await;
    now(State::Decided, &on).await;
    council.press(&id, "publish").await;
    now(State::Published, "You were right to tell us.").await;
    council.press(&id, "mark-done").await;
    now(State::Done, &world.words("timeline.done")).await;
    world.sender(&words, "dispute", "").await;
    now(State::Disputed, &world.words("timeline.you-disputed")).await;
    council.press(&id, "mark-done").await;
    world.sender(&words, "agree", "").await;
    now(State::Agreed, &world.words("timeline.you-agreed")).await;
}

#[tokio::test]
async fn the_sender_is_told_who_opened_the_view_and_who_opened_the_name() {
    let world = World::new().await;
    let words = world.send("I am scared.", "no", "Sam").await;
    let id = world.newest().await;
    let before = world.follow(&words).await;
    assert_hides(&before, "opened your");
    let safety = world.desk("safety lead", Role::Safety).await;
    safety.get(&format!("/desk/view/{id}")).await;
    let opened = world.follow(&words).await;
    assert_shows(&opened, "The safety lead opened your view.");
    assert_hides(&opened, "opened your name");
    let reason = [("reason", "To send help tonight.")];
    for times in 1..=2 {
        let name = safety.act(&id, "name", &reason).await;
        assert_eq!(name.status, StatusCode::OK, "{}", name.text());
        let told = plain(&world.follow(&words).await.text());
        assert_eq!(
            told.matches("The safety lead opened your name.").count(),
            times
        );
    }
    // The reason is kept for those who may check it.
    let again = safety.get(&format!("/desk/view/{id}")).await;
    assert_shows(&again, "To send help tonight.");
}
