//! Pages to read: what each says, where it comes from, what it weighs.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::page_text::{assert_shows, plain, tags};
use crate::world::World;
use axum::http::StatusCode;

#[tokio::test]
async fn every_right_says_what_it_means_what_good_looks_like_the_law_and_what_to_do() {
    let world = World::new().await;
    let content = &world.site.content;
    assert!(content.rights.len() >= 21);
    for right in &content.rights {
        let page = world.get(&format!("/rights/{}", right.slug)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", right.slug);
        assert_eq!(right.article.sections.len(), 4, "{}", right.slug);
        for section in &right.article.sections {
            let heading = format!("<h2 id=\"{}\">", section.id);
            assert!(page.text().contains(&heading), "{}: {heading}", right.slug);
        }
        assert_eq!(page.hidden("link"), format!("right:{}", right.slug));
        assert!(!right.article.sources.is_empty(), "{}", right.slug);
    }
}

#[tokio::test]
async fn a_page_that_states_facts_says_where_they_come_from_and_when_they_were_checked() {
    let world = World::new().await;
    let content = &world.site.content;
    let pages = content.pages.iter().map(|(name, page)| {
        let address = if name == "home" { "/" } else { name.as_str() };
        (format!("/{}", address.trim_start_matches('/')), page)
    });
    let rights = content
        .rights
        .iter()
        .map(|right| (format!("/rights/{}", right.slug), &right.article));
    let mut with_facts = 0;
    for (address, article) in pages.chain(rights) {
        if article.sources.is_empty() {
            continue;
        }
        with_facts += 1;
        let page = world.get(&address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert_shows(&page, &world.words("sources.title"));
        assert_shows(&page, &content.words.day(article.checked));
        assert_shows(&page, &content.words.day(article.review_by));
    }
    assert!(with_facts > content.rights.len(), "{with_facts}");
}

#[tokio::test]
async fn each_promise_has_its_own_address_and_a_way_to_say_if_it_is_kept() {
    let world = World::new().await;
    let list = world.get("/pledge").await.text();
    let promises = &world.site.content.promises;
    assert!(promises.len() >= 7);
    for promise in promises {
        let address = format!("/pledge/{}", promise.slug);
        assert!(list.contains(&format!("href=\"{address}\"")), "{address}");
        let page = world.get(&address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert_shows(&page, &promise.title);
        assert_eq!(page.hidden("link"), format!("promise:{}", promise.slug));
    }
}

#[tokio::test]
async fn lifelong_links_says_what_it_is_who_it_is_for_and_how_to_ask() {
    let world = World::new().await;
    let page = world.get("/lifelong-links").await;
    for part in ["what-it-is", "who-it-is-for", "how-to-ask"] {
        let heading = format!("<h2 id=\"{part}\">");
        assert!(page.text().contains(&heading), "{part}");
    }
    assert_shows(&page, "We do not know who can have it in Southwark today.");
}

#[tokio::test]
async fn staying_put_speaks_of_carers_from_an_agency_and_of_staying_close() {
    let world = World::new().await;
    let page = world.get("/staying-put").await;
    assert_shows(&page, "Carer from an agency?");
    assert_shows(&page, "A new law on staying close was passed in 2026.");
}

#[tokio::test]
async fn help_lines_say_whom_they_are_for_and_when_a_call_is_free() {
    let world = World::new().await;
    let lines = &world.site.content.lines;
    let page = world.get("/help").await;
    for line in lines {
        assert_shows(&page, &line.name);
        assert_shows(&page, &line.for_whom);
    }
    let free = lines.iter().filter(|line| line.free).count();
    assert!(free >= 5);
    let said = plain(&page.text())
        .matches(&world.words("help.free"))
        .count();
    assert_eq!(said, free);
    // Where somebody says they are not safe, the numbers stand above everything else.
    let (check, _) = world.check_page("I am scared.", "no", "").await;
    let html = check.text();
    assert!(html.find("tel:08001111") < html.find("<h1"), "{html}");
}

#[tokio::test]
async fn the_accessibility_page_names_its_goal_and_its_gaps() {
    let world = World::new().await;
    let page = world.get("/accessibility").await;
    for said in [
        "WCAG 2.2, level AA",
        "People who use screen readers and other such tools have not tested Pledge yet.",
        "The rest is in English only so far.",
    ] {
        assert_shows(&page, said);
    }
}

#[tokio::test]
async fn every_reading_page_fits_its_bytes_and_loads_no_file() {
    let world = World::new().await;
    let sizes = web::sizes(&world.site);
    assert!(sizes.len() > 30, "{}", sizes.len());
    // (The WASM is weighed by the build, which makes it; here it may be missing or unfinished.)
    for (name, bytes, most) in sizes.iter().filter(|(name, ..)| name.starts_with('/')) {
        assert!(bytes <= most, "{name}: {bytes} of {most} bytes");
    }
    for page in world.pages() {
        let html = world.get(&page).await.text();
        for tag in [
            "script", "img", "iframe", "object", "video", "audio", "source",
        ] {
            let loading: Vec<_> = tags(&html, tag)
                .filter(|tag| tag.contains("src="))
                .collect();
            // The one page that has a script file: keeping pages on the phone is nothing a page without one can do.
            if page == "/keep" && tag == "script" {
                assert_eq!(loading, ["script src=\"/keep.js\" defer"]);
            } else {
                assert_eq!(loading, [] as [&str; 0], "{page}");
            }
        }
        let mut sheets = tags(&html, "link").filter(|tag| !tag.contains("href=\"data:,\""));
        assert_eq!(sheets.next(), None, "{page}");
        assert!(
            !html.contains("url(") && !html.contains("@import"),
            "{page}"
        );
    }
}
