//! The link with which a page is left.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::page_text::tags;
use crate::world::World;
use axum::body::Body;
use axum::http::{Request, StatusCode};

#[tokio::test]
async fn every_page_has_a_way_out_that_needs_no_script() {
    let world = World::new().await;
    let words = world.send("Hello.", "yes", "").await;
    let mut pages = vec![
        world.follow(&words).await,
        world.check_page("Hello.", "yes", "").await.0,
        world.get("/nothing-here").await,
        world.get("/desk/sign-in").await,
    ];
    for page in world.pages() {
        pages.push(world.get(&page).await);
    }
    for page in pages {
        let html = page.text();
        let out: Vec<&str> = tags(&html, "a")
            .filter(|tag| tag.contains("id=\"leave\""))
            .collect();
        assert_eq!(out.len(), 1, "{html}");
        let plain = out[0].contains("href=\"/leave\"");
        assert!(plain || out[0].contains("href=\"/leave?j="), "{}", out[0]);
    }
    let gone = world.get("/leave").await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert!(gone.header("location").starts_with("https://"));
    assert!(gone.header("clear-site-data").contains("\"storage\""));
    assert_eq!(gone.header("cache-control"), "no-store");
    assert!(gone.bytes.is_empty());
}

#[tokio::test]
async fn a_link_on_another_site_signs_nobody_out_and_removes_no_copy() {
    let world = World::new().await;
    for (site, clears) in [
        ("cross-site", false),
        ("same-site", false),
        ("same-origin", true),
        ("none", true),
    ] {
        let request = Request::get("/leave")
            .header("sec-fetch-site", site)
            .body(Body::empty())
            .unwrap();
        let gone = world.request(request).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{site}");
        let cleared = gone.header("clear-site-data");
        assert_eq!(!cleared.is_empty(), clears, "{site}");
    }
}
