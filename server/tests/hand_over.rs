//! A danger that was handed over to another service is on record at the desk, and its sender reads that it was.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

mod common;

use axum::http::StatusCode;
use common::{Answer, World};
use domain::life::{Lane, Service};
use domain::role::Role;
use server::service::retention::purge;
use server::store::Store;

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
        // The coordinator reads that it was, and not what it is called there: a note is for its writer's role.
        let page = coordinator.get(&at).await.text();
        assert!(page.contains("To: ") && !page.contains(REFERENCE));
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
            Lane::Taken
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
    assert_eq!(common::count(&world.every_byte(), REFERENCE.as_bytes()), 0);
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
    sure(&safety.act(&id, "release", &[]).await);
    let close = [("reason", "safety"), ("text", "Adults are on it.")];
    sure(&safety.act(&id, "close", &close).await);
    let notes = async || {
        let bodies = world.store.bodies(&id).await.unwrap();
        bodies
            .iter()
            .filter(|body| body.kind == domain::audience::TextKind::Note)
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
