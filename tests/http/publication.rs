//! What becomes public of a decision: who releases it, from which day on, of which kinds, how it comes down, and how it is
//! decided once more.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::council::{Council, decision, done, published};
use crate::page_text::{assert_hides, assert_shows};
use crate::world::{Answer, DeskClient, World};
use axum::http::StatusCode;
use domain::lifecycle::State;
use domain::publication::{DecisionKind, Publicity, Rest, TakeDownReason};
use domain::role::Role;
use serde_json::Value;
use service::ActError;
use service::views::Act;
use store::Store;

const SAID: &str = "Visitsmarker are late.";

// A view on the list of today's meeting.
async fn listed(world: &World) -> (Council<'_>, String, String) {
    let council = world.council().await;
    let (words, id) = world.send_with(&[("said", "Rawwords of mine.")]).await;
    council.approve_and_list(&id, "Visits are late.").await;
    (council, words, id)
}

// One field of a decision answered otherwise.
fn with<'a>(
    mut fields: Vec<(&'a str, &'a str)>,
    name: &'a str,
    value: &'a str,
) -> Vec<(&'a str, &'a str)> {
    fields.retain(|(field, _)| *field != name);
    fields.push((name, value));
    fields
}

async fn meeting(desk: &DeskClient<'_>, day: &str) -> String {
    let token = desk.get("/desk/meetings").await.hidden("token");
    let fields = [("token", token.as_str()), ("day", day), ("title", day)];
    done(&desk.post("/desk/meetings", &fields).await);
    let meetings = desk.world.store.meetings().await.unwrap();
    let made = meetings.into_iter().find(|meeting| meeting.title == day);
    made.unwrap().id
}

async fn take_down(desk: &DeskClient<'_>, view: &str, reason: &str) -> Answer {
    let token = desk.get("/desk/published").await.hidden("token");
    let fields = [("token", token.as_str()), ("reason", reason)];
    let path = format!("/desk/published/{view}/take-down");
    desk.post(&path, &fields).await
}

// Everything that somebody without an account can fetch.
async fn public_text(world: &World) -> String {
    let mut all = String::new();
    let more = [
        "/api/v1/outcomes",
        "/sw.js",
        "/keep/list.json",
        "/keep/pledge.html",
    ];
    let pages = world.pages().into_iter();
    for address in pages.chain(more.map(str::to_owned)) {
        all.push_str(&world.get(&address).await.text());
    }
    all
}

async fn outcomes(world: &World) -> Vec<Value> {
    let answer = world.get("/api/v1/outcomes").await;
    let all: Value = serde_json::from_slice(&answer.bytes).unwrap();
    all["outcomes"].as_array().unwrap().clone()
}

#[tokio::test]
async fn who_wrote_it_cannot_release_it_by_page_or_without_one() {
    let world = World::new().await;
    let (council, _, id) = listed(&world).await;
    council.decide(&id, SAID).await;
    let path = format!("/desk/meetings/{}/{id}", council.meeting);
    let own = council.clerk.get(&path).await;
    assert_shows(&own, "You wrote this. Somebody else publishes it");
    assert_shows(&own, "Ask the administrator to invite another clerk");
    assert_hides(&own, &world.words("action.publish.send"));
    let refused = council
        .clerk
        .decide(&council.meeting, &id, "publish", &[])
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_shows(&refused, "You wrote this. Somebody else publishes it.");
    // The rule is no matter of a page: the service refuses the same, and so does the writer (tests/contract/meeting.rs).
    let version = world.store.view(&id).await.unwrap().unwrap().version;
    let desk = council.clerk.desk().await;
    let pledge = &world.site.pledge;
    let by_hand = pledge.act_on_view(&desk, &id, version, Act::Publish).await;
    assert!(matches!(
        by_hand,
        Err(ActError::Field(_, "error.release.own"))
    ));
    assert!(!public_text(&world).await.contains(SAID));

    // Somebody else sees all that becomes public, and what the sender reads, before the button.
    let page = council.committee.get(&path).await;
    for shown in [
        SAID,
        "Every late visit is reported.",
        "The answer is yes.",
        "Head of care must do this by 31 January 2027.",
        "Decided at the meeting on 21 November 2026.",
        "You were right to tell us.",
        "clerk wrote this.",
    ] {
        assert_shows(&page, shown);
    }
    council.press(&id, "publish").await;
    assert!(public_text(&world).await.contains(SAID));
    let rows = world.store.published().await.unwrap();
    let row = &rows[0].outcome;
    let ids = [
        &row.authors.decided,
        &row.authors.approved,
        &row.released_by,
    ];
    let mut names = Vec::new();
    for id in ids {
        let staff = world.store.staff(id.as_ref().unwrap()).await.unwrap();
        names.push(staff.unwrap().name);
    }
    assert_eq!(names, ["clerk", "speakerbox", "member"]);
}

#[tokio::test]
async fn what_is_released_is_what_was_shown_and_of_two_presses_one_counts() {
    let world = World::new().await;
    let (council, _, id) = listed(&world).await;
    council.decide(&id, SAID).await;
    let path = format!("/desk/meetings/{}/{id}", council.meeting);
    let seen = council.committee.get(&path).await;
    // Between the page and the press the clerk changes it.
    council.decide(&id, "Changedmarker meanwhile.").await;
    let (token, version) = (seen.hidden("token"), seen.hidden("version"));
    let press = [("token", token.as_str()), ("version", version.as_str())];
    let late = council
        .committee
        .post(&format!("{path}/publish"), &press)
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_shows(&late, "Nothing was published. Read what stands here now.");
    // A form that names no version releases nothing either.
    let blind = [("token", token.as_str())];
    let blind = council
        .committee
        .post(&format!("{path}/publish"), &blind)
        .await;
    assert_eq!(blind.status, StatusCode::CONFLICT);
    let text = public_text(&world).await;
    assert!(!text.contains(SAID) && !text.contains("Changedmarker"));

    let other = world.desk("other member", Role::Committee).await;
    let (one, two) = tokio::join!(
        council
            .committee
            .decide(&council.meeting, &id, "publish", &[]),
        other.decide(&council.meeting, &id, "publish", &[])
    );
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
    assert_eq!(outcomes(&world).await.len(), 1);
    assert!(public_text(&world).await.contains("Changedmarker"));
}

#[tokio::test]
async fn before_the_meetings_day_it_needs_a_reason_that_only_the_releaser_reads() {
    let world = World::new().await;
    let council = world.council().await;
    let later = meeting(&council.clerk, "2026-12-10").await;
    let (words, id) = world.send_with(&[]).await;
    done(
        &council
            .speakerbox
            .act(&id, "approve", &[("text", "Late.")])
            .await,
    );
    let list = [("meeting", later.as_str())];
    done(&council.speakerbox.act(&id, "list", &list).await);
    let early = council
        .clerk
        .decide(&later, &id, "decide", &decision(SAID))
        .await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_shows(&early, "The day of the meeting has not come.");
    // Nothing that was typed is lost.
    assert!(early.text().contains(SAID) && early.text().contains("2027-01-31"));
    assert_eq!(world.store_state(&id).await, State::Listed);

    let urgent = with(decision(SAID).to_vec(), "urgent", "Urgentmarker reason.");
    done(&council.clerk.decide(&later, &id, "decide", &urgent).await);
    let log = world.store.audit_after(0, 1_000).await.unwrap();
    let entry = log
        .iter()
        .find(|row| row.action == "decide-urgent")
        .unwrap();
    assert!(entry.reason == 1 && !format!("{log:?}").contains("Urgentmarker"));
    let path = format!("/desk/meetings/{later}/{id}");
    let page = council.committee.get(&path).await;
    assert_shows(&page, "Urgentmarker reason.");
    let early = "Decided on 21 November 2026, before the meeting on 10 December 2026.";
    assert_shows(&page, early);
    done(&council.committee.decide(&later, &id, "publish", &[]).await);
    assert_shows(&world.get("/you-said").await, early);
    let sender = world.follow(&words).await;
    assert_shows(&sender, early);
    assert_hides(&sender, "Urgentmarker");
    assert!(!public_text(&world).await.contains("Urgentmarker"));
    // The control: on the day itself no reason is asked.
    world.clock.forward(20 * 24 * 60 * 60);
    let council = Council {
        clerk: world.back("clerk").await,
        speakerbox: world.back("speakerbox").await,
        committee: world.back("member").await,
        meeting: later,
    };
    let (_, id) = world.send_with(&[]).await;
    council.approve_and_list(&id, "Late.").await;
    council.decide(&id, SAID).await;
}

#[tokio::test]
async fn due_days_lie_ahead_and_only_what_a_kind_asks_for_is_asked() {
    let world = World::new().await;
    let (council, _, id) = listed(&world).await;
    let post = async |fields: &[(&str, &str)]| {
        let clerk = &council.clerk;
        clerk.decide(&council.meeting, &id, "decide", fields).await
    };
    for past in ["2020-01-01", "2026-11-21", "soon", ""] {
        let answer = post(&with(decision(SAID).to_vec(), "due", past)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{past}");
        assert!(answer.text().contains(SAID) && answer.text().contains("Head of care"));
        assert!(answer.text().contains("href=\"#due\""), "{past}");
    }
    let no = |name, value| {
        with(
            with(with(decision(SAID).to_vec(), "owner", ""), "due", ""),
            name,
            value,
        )
    };
    for (kind, field) in [
        ("no", "why"),
        ("not-yet", "why"),
        ("deferred", "meeting"),
        ("", "kind"),
    ] {
        let answer = post(&no("kind", kind)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind}");
        let link = format!("href=\"#{field}\"");
        assert!(answer.text().contains(&link), "{kind}: {field}");
    }
    // Neither an owner nor a day is asked for a "no", and none is kept.
    let why = with(no("kind", "no"), "why", "There is no money.");
    done(&post(&with(why, "owner", "Ownermarker")).await);
    council.press(&id, "publish").await;
    let text = public_text(&world).await;
    assert!(text.contains("There is no money.") && !text.contains("Ownermarker"));
    // A day that has come since it was decided is not promised any more.
    let (_, id) = world.send_with(&[]).await;
    council.approve_and_list(&id, "Late.").await;
    let soon = with(decision(SAID).to_vec(), "due", "2026-11-22");
    done(
        &council
            .clerk
            .decide(&council.meeting, &id, "decide", &soon)
            .await,
    );
    world.clock.forward(2 * 24 * 60 * 60);
    let member = world.back("member").await;
    let late = member.decide(&council.meeting, &id, "publish", &[]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_shows(&late, "The day in this decision is over.");
}

#[tokio::test]
async fn every_kind_is_said_in_plain_words_to_everybody_and_leads_where_it_must() {
    let world = World::new().await;
    let council = world.council().await;
    let later = meeting(&council.clerk, "2027-03-10").await;
    for kind in DecisionKind::ALL {
        let (words, id) = world.send_with(&[]).await;
        council.approve_and_list(&id, "Visits are late.").await;
        let said = format!("Saying {}.", kind.id());
        let mut fields = with(decision(&said).to_vec(), "kind", kind.id());
        for (name, value) in [
            ("why", "Whymarker"),
            ("until", "2027-02-01"),
            ("meeting", later.as_str()),
        ] {
            fields = with(fields, name, value);
        }
        let clerk = &council.clerk;
        done(&clerk.decide(&council.meeting, &id, "decide", &fields).await);
        council.press(&id, "publish").await;
        let state = match kind.leaves() {
            Rest::ToDo => State::Published,
            Rest::ToDecide => State::Postponed,
            Rest::ToConfirm => State::Done,
            Rest::Nothing => State::Concluded,
        };
        assert_eq!(world.store_state(&id).await, state, "{kind:?}");
        let until = if kind.has_meeting() {
            "10 March 2027"
        } else {
            "1 February 2027"
        };
        let key = format!("kind.{}.public", kind.id());
        let plain = world.words(&key).replace("{date}", until);
        assert_shows(&world.get("/you-said").await, &plain);
        let sender = world.follow(&words).await;
        assert_shows(&sender, &plain);
        assert_shows(
            &sender,
            &world.words(&format!("state.{}.sender", state.id())),
        );
        let rows = outcomes(&world).await;
        let row = &rows[0];
        assert_eq!(row["kind"], kind.id());
        assert_eq!(row["due"].is_string(), kind.has_owner(), "{kind:?}");
        assert_eq!(row["owner"] != "", kind.has_owner(), "{kind:?}");
        assert_eq!(row["why"] != "", kind.has_reason(), "{kind:?}");
        let holds = kind.has_until() || kind.has_meeting();
        assert_eq!(row["until"].is_string(), holds, "{kind:?}");
        // Only what has to be done can be said to be done; what is put off can be listed for the next meeting.
        let version = world.store.view(&id).await.unwrap().unwrap().version;
        let desk = clerk.desk().await;
        let pledge = &world.site.pledge;
        let mark = pledge.act_on_view(&desk, &id, version, Act::MarkDone).await;
        assert_eq!(mark.is_ok(), kind.leaves() == Rest::ToDo, "{kind:?}");
        let list = [("meeting", later.as_str())];
        let again = council.speakerbox.act(&id, "list", &list).await;
        let can = again.status == StatusCode::SEE_OTHER;
        assert_eq!(can, kind.leaves() == Rest::ToDecide, "{kind:?}");
    }
}

#[tokio::test]
async fn what_is_taken_down_is_gone_everywhere_at_once_and_its_sender_is_told() {
    let world = World::new().await;
    let council = world.council().await;
    for (person, role) in [("cora", Role::Coordinator), ("sam", Role::Safety)] {
        world.desk(person, role).await;
    }
    for (who, reason) in [
        ("clerk", TakeDownReason::Wrong),
        ("cora", TakeDownReason::Other),
        ("sam", TakeDownReason::Identifies),
    ] {
        let said = format!("Downmarker of {who}.");
        let (words, id) = world.send_with(&[]).await;
        council.approve_and_list(&id, "Visits are late.").await;
        let other = with(decision(&said).to_vec(), "decided", "Decidedmarker.");
        let owner = with(other, "owner", "Ownermarker");
        done(
            &council
                .clerk
                .decide(&council.meeting, &id, "decide", &owner)
                .await,
        );
        council.press(&id, "publish").await;
        let marks = [said.as_str(), "Decidedmarker", "Ownermarker"];
        let before = public_text(&world).await;
        assert!(marks.iter().all(|mark| before.contains(mark)));

        let desk = world.back(who).await;
        assert_shows(&desk.get("/desk/published").await, &said);
        let unsure = take_down(&desk, &id, "").await;
        assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_shows(&unsure, "Choose why you take it down.");
        done(&take_down(&desk, &id, reason.id()).await);
        let after = public_text(&world).await;
        for mark in marks {
            assert!(!after.contains(mark), "{who}: {mark}");
        }
        let line = "An answer was taken down on 21 November 2026.";
        assert_shows(&world.get("/you-said").await, line);
        let gone = serde_json::json!({ "taken_down": "2026-11-21" });
        assert!(outcomes(&world).await.contains(&gone));
        let told = world.words(&format!("timeline.down-{}", reason.id()));
        let sender = world.follow(&words).await;
        assert_shows(&sender, &told);
        let log = world.store.audit_after(0, 10_000).await.unwrap();
        let entry = log.iter().rev().find(|row| row.action == "take-down");
        assert_eq!(entry.unwrap().object.as_deref(), Some(id.as_str()));
        // Pressed twice, it stays down.
        done(&take_down(&desk, &id, reason.id()).await);
        let view = world.store.view(&id).await.unwrap().unwrap();
        assert_eq!(view.life.public, Publicity::Down);
    }
    // In the file of the database no word of it is in clear any more: what it was is sealed.
    let file = std::fs::read(world.data().join(server::bootstrap::DATABASE)).unwrap();
    let text = String::from_utf8_lossy(&file);
    assert!(!text.contains("Downmarker") && !text.contains("Ownermarker"));
}

#[tokio::test]
async fn what_was_taken_down_is_corrected_and_released_by_a_second_person() {
    let world = World::new().await;
    let (council, words, id) = published(&world).await;
    council.press(&id, "mark-done").await;
    done(&take_down(&council.clerk, &id, "wrong").await);
    world.clock.forward(3 * 24 * 60 * 60);
    let (clerk, member) = (world.back("clerk").await, world.back("member").await);
    let mended = with(
        decision("Mendedmarker.").to_vec(),
        "decided",
        "Mended answer.",
    );
    done(
        &clerk
            .decide(&council.meeting, &id, "correct", &mended)
            .await,
    );
    assert!(!public_text(&world).await.contains("Mendedmarker"));
    assert_hides(&world.follow(&words).await, "Mended answer.");
    let own = clerk.decide(&council.meeting, &id, "publish", &[]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    done(&member.decide(&council.meeting, &id, "publish", &[]).await);
    let page = world.get("/you-said").await;
    for shown in [
        "Mendedmarker.",
        "Corrected on 24 November 2026.",
        "Decided at the meeting on 21 November 2026.",
    ] {
        assert_shows(&page, shown);
    }
    assert_hides(&page, "taken down");
    let rows = outcomes(&world).await;
    assert_eq!(
        (rows.len(), &rows[0]["corrected"]),
        (1, &Value::from("2026-11-24"))
    );
    // What was done since is not undone by other words.
    assert_eq!(world.store_state(&id).await, State::Done);
    let sender = world.follow(&words).await;
    assert_shows(&sender, &world.words("timeline.corrected"));
    assert_shows(&sender, "Mended answer.");
    // What is up cannot be corrected in silence.
    let again = clerk
        .decide(&council.meeting, &id, "correct", &mended)
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_is_not_done_is_counted_listed_and_decided_once_more() {
    let world = World::new().await;
    let (council, words, id) = published(&world).await;
    council.press(&id, "mark-done").await;
    let none = council.clerk.get("/desk/meetings").await;
    assert_hides(&none, "Said not to be done: 1");
    // What is not done, in the sender's words, is for the desk and not for the committee.
    let page = world.follow(&words).await;
    assert_shows(&page, &world.words("follow.not-done"));
    let told = world
        .sender(&words, "dispute", "Notdonemarker on Fridays.")
        .await;
    assert_shows(&told, "Notdonemarker on Fridays.");
    assert_eq!(world.store_state(&id).await, State::Disputed);
    let view = council.speakerbox.get(&format!("/desk/view/{id}")).await;
    assert_shows(&view, "Notdonemarker on Fridays.");

    let meetings = council.clerk.get("/desk/meetings").await;
    assert_shows(&meetings, "Said not to be done: 1");
    assert_shows(&meetings, "1 is not done, says its sender");
    assert!(
        meetings
            .text()
            .contains(&format!("/desk/meetings/{}/{id}", council.meeting))
    );
    assert_hides(&meetings, "Notdonemarker");
    let queue = council.speakerbox.get("/desk/queue?show=disputed").await;
    assert!(queue.text().contains(&format!("/desk/view/{id}")));

    // Another meeting, with other words of SpeakerBox; the form begins empty, and the first answer stays public meanwhile.
    let next = meeting(&council.clerk, "2026-11-21").await;
    let words_again = [("text", "Visits are late on Fridays.")];
    done(&council.speakerbox.act(&id, "approve", &words_again).await);
    done(
        &council
            .speakerbox
            .act(&id, "list", &[("meeting", &next)])
            .await,
    );
    assert_shows(&world.get("/you-said").await, "Visits are late.");
    assert_shows(
        &world.get("/you-said").await,
        &world.words("state.disputed.public"),
    );
    let form = council
        .clerk
        .get(&format!("/desk/meetings/{next}/{id}"))
        .await;
    let html = form.text();
    for area in html.split("<textarea").skip(1) {
        assert!(is_empty(area), "{area:.200}");
    }
    let second = decision("On Fridays too.");
    done(&council.clerk.decide(&next, &id, "decide", &second).await);
    let own = council.clerk.decide(&next, &id, "publish", &[]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    done(&council.committee.decide(&next, &id, "publish", &[]).await);
    let page = world.get("/you-said").await;
    for shown in ["Visits are late.", "On Fridays too."] {
        assert_shows(&page, shown);
    }
    assert_shows(&page, &world.words("you-said.followed"));
    assert_eq!(outcomes(&world).await.len(), 2);
    assert_eq!(world.store_state(&id).await, State::Published);
    assert_hides(
        &council.clerk.get("/desk/meetings").await,
        "Said not to be done: 1",
    );
    // Without words it is a dispute as well.
    done(&council.clerk.decide(&next, &id, "mark-done", &[]).await);
    world.sender(&words, "dispute", "").await;
    assert_eq!(world.store_state(&id).await, State::Disputed);
}

#[tokio::test]
async fn what_young_people_said_begins_empty_and_never_from_their_words() {
    let world = World::new().await;
    let (council, _, id) = listed(&world).await;
    for who in [&council.clerk, &council.committee] {
        let page = who
            .get(&format!("/desk/meetings/{}/{id}", council.meeting))
            .await;
        let text = page.text();
        let (_, said) = text.split_once("id=\"said\"").unwrap();
        assert!(is_empty(said), "{said:.200}");
        assert_hides(&page, "Rawwords");
    }
    // With a mistake in another field it is what was typed, and not more.
    let blank = with(decision("").to_vec(), "owner", "");
    let back = council
        .clerk
        .decide(&council.meeting, &id, "decide", &blank)
        .await;
    let text = back.text();
    let (_, said) = text.split_once("id=\"said\"").unwrap();
    assert!(is_empty(said));
}

// Whether a text area holds nothing; `area` begins inside its tag.
fn is_empty(area: &str) -> bool {
    let inside = area.split_once('>').map_or("", |(_, inside)| inside);
    inside.trim_start().starts_with("</textarea>")
}
