//! Several pages on paper at once.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::page_text::assert_shows;
use crate::world::World;
use axum::http::StatusCode;

#[tokio::test]
async fn every_page_to_read_can_be_chosen_and_the_chosen_ones_come_together() {
    let world = World::new().await;
    let list = world.get("/print").await;
    assert_eq!(list.status, StatusCode::OK);
    let list = list.text();
    for right in &world.site.content.rights {
        let value = format!("value=\"/rights/{}\"", right.slug);
        assert_eq!(list.matches(&value).count(), 1, "{value}");
    }
    let chosen = [
        ("page", "/money"),
        ("page", "/rights/complain"),
        ("page", "/nothing"),
    ];
    let page = world.post("/print", &chosen).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("cache-control"), "no-store");
    let html = page.text();
    assert_eq!(html.matches("<article").count(), 2);
    let content = &world.site.content;
    let complain = content.rights.iter().find(|one| one.slug == "complain");
    for article in [content.page("money"), complain.unwrap().article.clone()] {
        assert!(html.contains(&article.in_short));
        for part in &article.sections {
            assert!(html.contains(&part.heading) && html.contains(&part.html));
        }
        for source in &article.sources {
            assert!(html.contains(source.title.split(&['&', '\'', '"']).next().unwrap()));
        }
    }
    assert!(!html.contains("/nothing"));
    // No place has the same name twice.
    let ids: Vec<&str> = html
        .split(" id=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len());
}

#[tokio::test]
async fn choosing_nothing_says_so_and_another_language_says_that_it_is_in_english() {
    let world = World::new().await;
    for fields in [&[][..], &[("page", "/nothing")], &[("other", "/money")]] {
        let page = world.post("/print", fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let html = page.text();
        assert!(html.contains("href=\"#page\"") && html.contains("id=\"page\""));
        assert!(html.contains("Choose at least one page."));
    }
    let spanish = world
        .post("/es/print", &[("page", "/rights/complain")])
        .await;
    let html = spanish.text();
    assert!(html.contains("<html lang=\"es\"") && html.contains("<div lang=\"en\""));
    assert!(html.contains("<article"));
}

#[tokio::test]
async fn pages_and_receipts_have_a_style_for_paper() {
    let world = World::new().await;
    for page in world.pages() {
        assert!(
            world.get(&page).await.text().contains("@media print"),
            "{page}"
        );
    }
    let (check, fields) = world.check_page("On paper.", "yes", "").await;
    let receipt = world.send_again(&check.hidden("ticket"), &fields).await;
    assert!(receipt.text().contains("@media print"));
    // The day on it shows when the view was sent.
    assert_shows(&receipt, &format!("Sent on {}", world.day("2026-11-21")));
}
