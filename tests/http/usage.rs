//! How often pages are opened: numbers that stand for nobody.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::world::{NOON, World, count};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::retention::USE;
use domain::role::Role;
use service::clock::Clock;
use service::retention::purge;
use store::{PageViewsRow, Store};

const DAY: i64 = 24 * 60 * 60;

async fn kept(world: &World) -> Vec<(String, u64)> {
    world.site.pledge.save_usage().await.unwrap();
    let rows = world.store.uses().await.unwrap();
    rows.into_iter().map(|row| (row.what, row.count)).collect()
}

fn said(kept: &[(String, u64)]) -> Vec<(&str, u64)> {
    kept.iter().map(|(what, n)| (what.as_str(), *n)).collect()
}

#[tokio::test]
async fn public_pages_are_counted_and_nothing_else() {
    let world = World::new().await;
    let desk = world.desk("Cat", Role::Coordinator).await;
    for path in [
        "/help",
        "/help?x=1",
        "/es/help",
        "/ar",
        "/rights/complain",
        "/check",
        "/speak",
    ] {
        assert_eq!(world.get(path).await.status, StatusCode::OK, "{path}");
    }
    // What the browser had already counts too.
    let tag = world.get("/help").await.header("etag").to_owned();
    let again = Request::get("/help").header(header::IF_NONE_MATCH, tag);
    let again = world.request(again.body(Body::empty()).unwrap()).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    // None of these is a public page that was opened.
    for path in [
        "/nothing",
        "/health",
        "/leave",
        "/sitemap.xml",
        "/es/nothing",
        "/estonia",
        "/desk/sign-in",
    ] {
        world.get(path).await;
    }
    desk.get("/desk/queue").await;
    world.send("A view that is sent.", "yes", "").await;
    world.post("/search", &[("q", "help")]).await;
    let counted = kept(&world).await;
    assert_eq!(
        said(&counted),
        [
            ("/", 1),
            ("/check", 1),
            ("/help", 5),
            ("/rights/complain", 1),
            ("/speak", 1),
            ("language:ar", 1),
            ("language:en", 7),
            ("language:es", 1),
        ]
    );
    // Nothing new, nothing written.
    assert_eq!(kept(&world).await, counted);
}

#[tokio::test]
async fn nothing_of_whoever_opens_a_page_is_kept() {
    let world = World::new().await;
    let markers = ["10.77.66.55", "Agentmarker", "querymarker", "Refmarker"];
    let request = Request::get("/help?q=querymarker")
        .header("x-forwarded-for", "10.77.66.55")
        .header(header::USER_AGENT, "Agentmarker")
        .header(header::REFERER, "https://example.org/Refmarker");
    world.request(request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        said(&kept(&world).await),
        [("/help", 1), ("language:en", 1)]
    );
    let bytes = world.every_byte();
    for marker in markers {
        assert_eq!(count(&bytes, marker.as_bytes()), 0, "{marker}");
    }
    // The day is not there either, in any table that counts: only the month.
    let rows = world.store.uses().await.unwrap();
    assert!(rows.iter().all(|row| row.month.to_string() == "2026-11-01"));
    assert!(count(&bytes, b"language:en") > 0, "the control");
}

#[tokio::test]
async fn the_desk_sees_steps_and_never_a_small_number() {
    let world = World::new().await;
    let desk = world.desk("Ben", Role::Clerk).await;
    let empty = desk.get("/desk/usage").await.text();
    assert!(empty.contains("Nothing has been counted yet"));
    for _ in 0..4 {
        world.get("/rights/complain").await;
    }
    for _ in 0..13 {
        world.get("/money").await;
    }
    world.send("A view that is sent.", "yes", "").await;
    kept(&world).await;
    let page = desk.get("/desk/usage").await.text();
    let row = |title: &str| {
        let rest = page.split(title).nth(1).unwrap_or_default();
        rest.split("</tr>").next().unwrap_or_default().to_owned()
    };
    assert_eq!(
        row("/money").matches("10 or more").count(),
        2,
        "{}",
        row("/money")
    );
    assert_eq!(row("/money").matches("fewer than 5").count(), 1);
    assert_eq!(row("Views sent").matches("fewer than 5").count(), 3);
    assert!(row(">English").contains("15 or more"));
    // Hardly opened: only its name stands there.
    let rare = page.split("<details").nth(2).unwrap_or_default();
    assert!(rare.contains("/rights/complain"), "{rare}");
    for small in [">4<", ">13<", ">1<"] {
        assert!(!page.contains(small), "{small}");
    }
    // A month later they are the month before.
    world.clock.forward(30 * DAY);
    let page = desk_again(&world).await;
    let money = page.split("/money").nth(1).unwrap();
    let money = money.split("</tr>").next().unwrap();
    let at = |words: &str| money.find(words).unwrap();
    assert!(at("fewer than 5") < at("10 or more"), "{money}");
}

// Signed in again: the session of a month ago is over.
async fn desk_again(world: &World) -> String {
    let desk = world.back("Ben").await;
    desk.get("/desk/usage").await.text()
}

#[tokio::test]
async fn months_go_after_two_years() {
    let world = World::new().await;
    let today = world.clock.today();
    let months = [USE.days, USE.days - 1].map(|days| today.plus_days(-days));
    for month in months {
        let counts = vec![("/help".to_owned(), 1)];
        world.store.add_uses(month, counts).await.unwrap();
    }
    purge(&*world.store, today, NOON, false).await.unwrap();
    let left: Vec<PageViewsRow> = world.store.uses().await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].month, months[1]);
}
