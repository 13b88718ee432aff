//! A danger that was handed over to another service is on record at the desk, and its sender reads that it was.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::world::{Answer, World};
use axum::http::StatusCode;
use domain::audience::TextKind;
use domain::lifecycle::{Lane, Service, State};
use domain::role::Role;
use server::ops::doctor::of_open_ends;
use service::retention::purge;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::collections::BTreeSet;
use store::Store;

const DAY: i64 = 24 * 60 * 60;
const REFERENCE: &str = "Referencezk 4711";

fn sure(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

#[tokio::test]
async fn it_is_on_record_in_the_safety_lane_and_its_sender_reads_to_which_service() {
    let world = World::new().await;
    let safety = world.desk("Dee", Role::Safety).await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    for service in Service::ALL {
        let words = world.send("Somebody hits me.", "no", "").await;
        let id = world.newest().await;
        let at = format!("/desk/view/{id}");
        let lane = safety.get("/desk/safety").await.text();
        let tags = lane.matches(">Handed over<").count();
        // Nothing of it before: a control for what is looked for below.
        let before = world.post("/follow", &[("words", &words)]).await.text();
        assert!(!before.contains("Your words were passed on"));
        let fields = [
            ("service", service.id()),
            ("day", "2026-11-21"),
            ("reference", REFERENCE),
        ];
        sure(&safety.act(&id, "hand-over", &fields).await);

        let page = safety.get(&at).await.text();
        for shown in ["Handed over", "21 November 2026", REFERENCE] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        // So does the coordinator, who keeps children safe as well.
        let page = coordinator.get(&at).await.text();
        assert!(page.contains("To: ") && page.contains(REFERENCE));
        let lane = safety.get("/desk/safety").await.text();
        assert_eq!(lane.matches(">Handed over<").count(), tags + 1);
        // Somebody has it: nobody is alerted any more.
        assert!(
            world
                .store
                .alerts()
                .await
                .unwrap()
                .iter()
                .all(|alert| alert.view != id)
        );
        assert_eq!(
            world.store.view(&id).await.unwrap().unwrap().life.lane,
            Lane::HandedOver
        );

        let thread = world.post("/follow", &[("words", &words)]).await.text();
        let who = world
            .site
            .content
            .words
            .get(&format!("service.{}", service.id()));
        assert!(thread.contains(&format!(
            "Your words were passed on, to help keep you safe. They went to: {who}."
        )));
        assert!(!thread.contains(REFERENCE) && !thread.contains("Dee"));
    }
    let log = world.store.audit_after(i64::MIN, 1_000).await.unwrap();
    let entered = log
        .iter()
        .filter(|row| row.action == "hand-over" && row.outcome == "done");
    assert_eq!(entered.count(), Service::ALL.len());
    // What it is called there is on the disk sealed only.
    assert_eq!(
        crate::world::count(&world.every_byte(), REFERENCE.as_bytes()),
        0
    );
}

#[tokio::test]
async fn what_is_wrong_is_said_and_what_was_typed_is_kept() {
    let world = World::new().await;
    let safety = world.desk("Dee", Role::Safety).await;
    world.send("Somebody hits me.", "no", "").await;
    let id = world.newest().await;
    let long = "x".repeat(301);
    for (service, day, reference, says) in [
        ("", "", REFERENCE, "Choose to whom you handed it over."),
        ("army", "", REFERENCE, "Choose to whom you handed it over."),
        (
            "mash",
            "yesterday",
            REFERENCE,
            "Write the day like this: 2026-12-31.",
        ),
        (
            "mash",
            "2026-11-20",
            REFERENCE,
            "It cannot be before the view came",
        ),
        ("mash", "2026-11-22", REFERENCE, "or after today."),
        (
            "mash",
            "2026-11-21",
            long.as_str(),
            "Make it 300 letters or less.",
        ),
    ] {
        let fields = [("service", service), ("day", day), ("reference", reference)];
        let page = safety.act(&id, "hand-over", &fields).await;
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{service} {day}"
        );
        let text = page.text();
        assert!(
            text.contains(says) && text.contains(reference) && text.contains(day),
            "{says}"
        );
    }
    assert!(world.store.handed_over().await.unwrap().is_empty());
    // The day and what it is called there may be left empty: the day is today's then.
    sure(&safety.act(&id, "hand-over", &[("service", "police")]).await);
    let events = world.store.events(&id).await.unwrap();
    let handed = events.iter().find_map(|event| event.handed);
    assert_eq!(
        handed,
        Some((Service::Police, world.site.pledge.clock.today()))
    );
}

#[tokio::test]
async fn it_goes_with_the_record_and_its_reference_with_the_notes() {
    let world = World::new().await;
    let safety = world.desk("Dee", Role::Safety).await;
    world.send("Somebody hits me.", "no", "").await;
    let id = world.newest().await;
    sure(
        &safety
            .act(
                &id,
                "hand-over",
                &[("service", "mash"), ("reference", REFERENCE)],
            )
            .await,
    );
    sure(&safety.act(&id, "release", &[("text", "About home.")]).await);
    let close = [("reason", "safety"), ("text", "Adults are on it.")];
    sure(&safety.act(&id, "close", &close).await);
    let notes = async || {
        let bodies = world.store.bodies(&id).await.unwrap();
        bodies
            .iter()
            .filter(|body| body.kind == TextKind::AdultNote)
            .count()
    };
    let purged = async |days: i64| {
        world.clock.forward(days * DAY);
        let clock = &world.site.pledge.clock;
        let (today, now) = (clock.today(), clock.unix_seconds());
        purge(&*world.store, today, now, false).await.unwrap();
        (
            notes().await,
            world.store.handed_over().await.unwrap().len(),
        )
    };
    assert_eq!(purged(0).await, (1, 1), "a control: both are there");
    assert_eq!(purged(90).await, (0, 1));
    assert_eq!(purged(275).await, (0, 0));
}

async fn sql(world: &World, sql: &'static str) {
    let mut db = SqliteConnectOptions::new()
        .filename(world.data().join(server::bootstrap::DATABASE))
        .connect()
        .await
        .unwrap();
    sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
}

async fn kinds(world: &World, id: &str) -> BTreeSet<TextKind> {
    let bodies = world.store.bodies(id).await.unwrap();
    bodies.iter().map(|body| body.kind).collect()
}

async fn purged_after(world: &World, days: i64) {
    world.clock.forward(days * DAY);
    let clock = &world.site.pledge.clock;
    let (today, now) = (clock.today(), clock.unix_seconds());
    purge(&*world.store, today, now, false).await.unwrap();
}

const CLOSE: [(&str, &str); 2] = [("reason", "safety"), ("text", "Typedzk: adults are on it.")];
const FIRST: &str = "Before you close it, say what was done.";

#[tokio::test]
async fn the_lane_says_what_was_done_before_it_is_closed_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let safety = world.desk("Dee", Role::Safety).await;
    for (act, fields) in [
        ("hand-over", [("service", "police")].as_slice()),
        ("release", &[("text", "About home.")]),
    ] {
        let words = world.send("Somebody hits me.", "no", "").await;
        let id = world.newest().await;
        let page = safety.get(&format!("/desk/view/{id}")).await.text();
        assert!(
            page.contains(FIRST) && !page.contains("act-close"),
            "{page}"
        );
        // From a page that was open elsewhere.
        let refused = safety.act(&id, "close", &CLOSE).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = refused.text();
        assert!(
            text.contains(FIRST) && text.contains("Typedzk: adults are on it."),
            "{text}"
        );
        assert_ne!(
            world.store.view(&id).await.unwrap().unwrap().life.state,
            State::Closed
        );

        sure(&safety.act(&id, act, fields).await);
        let page = safety.get(&format!("/desk/view/{id}")).await.text();
        assert!(page.contains("act-close") && !page.contains(FIRST));
        sure(&safety.act(&id, "close", &CLOSE).await);
        let thread = world.post("/follow", &[("words", &words)]).await.text();
        assert!(thread.contains("Typedzk: adults are on it."));
    }
    // An alarm afterwards is a new danger: it needs a new answer.
    let words = world.send("Somebody hits me.", "no", "").await;
    let id = world.newest().await;
    sure(&safety.act(&id, "hand-over", &[("service", "mash")]).await);
    let alarm = world.write(&words, "It goes on.", &[("unsafe", "yes")]);
    assert_eq!(alarm.await.status, StatusCode::OK);
    let lane = world.store.view(&id).await.unwrap().unwrap().life.lane;
    assert_eq!(lane, Lane::Waiting);
    let refused = safety.act(&id, "close", &CLOSE).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn closed_in_the_lane_its_words_go_after_thirty_days() {
    let world = World::new().await;
    let safety = world.desk("Dee", Role::Safety).await;
    let words = world
        .send("Sentzk: somebody hits me.", "no", "Namezk")
        .await;
    let id = world.newest().await;
    sure(
        &safety
            .act(&id, "ask-back", &[("text", "Where are you?")])
            .await,
    );
    let wrote = world.write(&words, "At home.", &[]).await;
    assert_eq!(wrote.status, StatusCode::OK);
    let fields = [("service", "mash"), ("reference", REFERENCE)];
    sure(&safety.act(&id, "hand-over", &fields).await);
    // Handed over is not ended: while it is open, all of it stays.
    purged_after(&world, 100).await;
    assert!(kinds(&world, &id).await.contains(&TextKind::View));
    let safety = world.back("Dee").await;
    sure(&safety.act(&id, "close", &CLOSE).await);
    purged_after(&world, 29).await;
    let all = kinds(&world, &id).await;
    for kind in [
        TextKind::View,
        TextKind::Identity,
        TextKind::AdultNote,
        TextKind::Answer,
    ] {
        assert!(all.contains(&kind), "{kind:?} on day 29");
    }
    purged_after(&world, 1).await;
    let left = kinds(&world, &id).await;
    assert_eq!(left, BTreeSet::from([TextKind::Question, TextKind::Reply]));
    // Its sender still reads the answer, and that it was passed on.
    let thread = world.post("/follow", &[("words", &words)]).await.text();
    assert!(thread.contains("Typedzk") && thread.contains("Your words were passed on"));
    assert!(!thread.contains("Sentzk") && !thread.contains("At home."));
    purged_after(&world, 335).await;
    assert!(kinds(&world, &id).await.is_empty());
    assert!(world.store.events(&id).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_closed_in_the_lane_before_is_listed_until_somebody_says_what_was_done() {
    let world = World::new().await;
    let safety = world.desk("Dee", Role::Safety).await;
    world.send("Somebody hits me.", "no", "").await;
    let id = world.newest().await;
    safety.get(&format!("/desk/view/{id}")).await;
    let sound = of_open_ends(&*world.store).await.unwrap();
    assert!(sound.sound, "a control: it is open");
    // As the version before left it.
    sql(
        &world,
        "UPDATE view SET state = 'closed'; DELETE FROM alert",
    )
    .await;
    let found = of_open_ends(&*world.store).await.unwrap();
    assert!(
        !found.sound && found.what.contains("what was done: 1."),
        "{found:?}"
    );
    purged_after(&world, 1_000).await;
    assert!(kinds(&world, &id).await.contains(&TextKind::View));
    let safety = world.back("Dee").await;
    let lane = safety.get("/desk/safety").await.text();
    assert!(lane.contains("Say what was done"), "{lane}");
    let page = safety.get(&format!("/desk/view/{id}")).await.text();
    assert!(page.contains("This has ended, but nobody said what was done."));

    sure(
        &safety
            .act(&id, "hand-over", &[("service", "social-worker")])
            .await,
    );
    assert!(of_open_ends(&*world.store).await.unwrap().sound);
    let lane = safety.get("/desk/safety").await.text();
    assert!(!lane.contains("Say what was done"));
    purged_after(&world, 29).await;
    assert!(
        kinds(&world, &id).await.contains(&TextKind::View),
        "the days count from now"
    );
    purged_after(&world, 1).await;
    assert!(kinds(&world, &id).await.is_empty());
}

#[tokio::test]
async fn what_was_handed_over_before_there_was_a_place_for_it_is_put_there() {
    let world = World::new().await;
    let safety = world.desk("Dee", Role::Safety).await;
    let mut sent = Vec::new();
    for (hand_over, alarm) in [(true, false), (true, true), (false, false)] {
        let words = world.send("Somebody hits me.", "no", "").await;
        let id = world.newest().await;
        safety.get(&format!("/desk/view/{id}")).await;
        if hand_over {
            sure(&safety.act(&id, "hand-over", &[("service", "police")]).await);
        }
        if alarm {
            let wrote = world.write(&words, "It goes on.", &[("unsafe", "yes")]);
            assert_eq!(wrote.await.status, StatusCode::OK);
        }
        sent.push(id);
    }
    sql(&world, "UPDATE view SET lane = 'taken'").await;
    sql(
        &world,
        include_str!("../../crates/store-sqlite/migrations/0010_handed_over_lane.sql"),
    )
    .await;
    let mut lanes = Vec::new();
    for id in &sent {
        lanes.push(world.store.view(id).await.unwrap().unwrap().life.lane);
    }
    assert_eq!(lanes, [Lane::HandedOver, Lane::Claimed, Lane::Claimed]);
}
