//! Searching: without scripts, in everyday words, and without leaving a trace of what somebody looked for.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{World, count};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use search::{Found, Index, Results};

#[tokio::test]
async fn a_search_answers_by_post_alone_and_is_stored_nowhere() {
    let world = World::new().await;
    let typed = "kicked out zebrafinch";
    let answer = world.post("/search", &[("q", typed)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("etag"), "");
    assert_eq!(answer.header("x-robots-tag"), "noindex, noarchive");
    let html = answer.text();
    // A neutral name in the history, and nothing comes back with Back.
    assert!(html.contains("<title>Pledge</title>"), "{html}");
    assert!(html.contains("data-private"));
    assert!(
        html.contains(&format!("value=\"{typed}\"")),
        "what was typed stays"
    );
    assert!(html.contains("Homeless at 16 or 17"));
    assert_eq!(count(&world.every_byte(), b"zebrafinch"), 0);
    // What stands in an address is not searched for.
    let empty = world.get("/search?q=kicked+out").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(!empty.text().contains("kicked"));
    assert!(empty.text().contains("method=\"post\" action=\"/search\""));
}

#[tokio::test]
async fn somebody_who_may_be_in_danger_sees_the_numbers_first() {
    let world = World::new().await;
    let html = world.post("/search", &[("q", "he hits me")]).await.text();
    let (number, heading) = (html.find("tel:08001111"), html.find("<h1"));
    assert!(number.unwrap() < heading.unwrap());
    let calm = world.post("/search", &[("q", "bus pass")]).await.text();
    assert!(
        calm.find("tel:08001111") > calm.find("<h1"),
        "the footer has them for everybody"
    );
}

#[tokio::test]
async fn nothing_found_has_kind_words_help_lines_and_somebody_to_ask() {
    let world = World::new().await;
    for typed in ["qqqq zzxy", ""] {
        let html = world.post("/search", &[("q", typed)]).await.text();
        for part in ["href=\"/menu\"", "href=\"/speak\"", "tel:08005280731"] {
            assert!(html.contains(part), "{typed}: {part}");
        }
        assert_eq!(
            html.contains("That is our fault, not yours."),
            !typed.is_empty()
        );
    }
}

#[tokio::test]
async fn what_is_typed_is_text_and_any_length_is_answered() {
    let world = World::new().await;
    let html = world
        .post("/search", &[("q", "\"><script>alert(1)</script>")])
        .await
        .text();
    assert!(!html.contains("<script>alert"));
    let long = "visit ".repeat(5_000);
    assert_eq!(
        world.post("/search", &[("q", &long)]).await.status,
        StatusCode::OK
    );
    let too_long = "x".repeat(70_000);
    let refused = world.post("/search", &[("q", &too_long)]).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn every_result_leads_to_a_page_that_is_there() {
    let world = World::new().await;
    let pages = web::public_addresses(&world.site.content);
    for typed in [
        "money", "family", "school", "promise", "worker", "home", "health",
    ] {
        let html = world.post("/search", &[("q", typed)]).await.text();
        let list = html
            .split("<ol")
            .nth(1)
            .unwrap()
            .split("</ol>")
            .next()
            .unwrap();
        for link in list.split("href=\"").skip(1) {
            let address = link.split(['"', '#']).next().unwrap();
            assert!(
                pages.iter().any(|page| page == address),
                "{typed}: {address}"
            );
        }
    }
}

// ---------------------------------------------------------------- on the phone

async fn index(world: &World, language: &str) -> Index {
    let answer = world.get(&format!("{language}/search/words")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    Index::read(&answer.text()).unwrap()
}

/// Every phrase that the search is measured with.
fn phrases() -> Vec<String> {
    let files = [
        include_str!("../data/search_phrases.toml"),
        include_str!("../data/search_fresh.toml"),
        include_str!("../data/search_unseen.toml"),
    ];
    let all: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let file: toml::Table = file.parse().unwrap();
            let phrases = file["phrase"].as_array().unwrap().clone();
            let typed = |phrase: toml::Value| phrase["typed"].as_str().unwrap().to_owned();
            phrases.into_iter().map(typed)
        })
        .collect();
    assert_eq!(all.len(), 180);
    all
}

/// What the server shows for a phrase: the rows of its list, and whether the lines for danger stand above it.
async fn shown(world: &World, language: &str, typed: &str) -> (Vec<String>, bool) {
    let html = world
        .post(&format!("{language}/search"), &[("q", typed)])
        .await
        .text();
    let list = html.split("<ol class=\"links found\">").nth(1);
    let list = list.map_or("", |list| list.split("</ol>").next().unwrap());
    // The renderer marks where its rows end.
    let list = list.replace("<!>", "");
    let rows = list.split("<li>").skip(1).map(str::to_owned).collect();
    (rows, html.contains("urgent-title"))
}

/// The same as the phone would show it.
fn on_the_phone(results: Results, language: &str) -> (Vec<String>, bool) {
    let text = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let row = |found: Found| {
        let lang = if found.in_english {
            " lang=\"en\" dir=\"ltr\""
        } else {
            ""
        };
        format!(
            "<a href=\"{language}{}\"{lang}>{}</a><p{lang}>{}</p></li>",
            found.address,
            text(&found.title),
            text(&found.short)
        )
    };
    (results.found.into_iter().map(row).collect(), results.urgent)
}

#[tokio::test]
async fn the_phone_finds_for_every_phrase_what_the_server_shows() {
    let world = World::new().await;
    let english = index(&world, "").await;
    let mut urgent = 0;
    for typed in phrases() {
        let on_the_phone = on_the_phone(english.search(&typed), "");
        urgent += usize::from(on_the_phone.1);
        assert_eq!(on_the_phone, shown(&world, "", &typed).await, "{typed}");
    }
    assert!(urgent > 5, "{urgent}");
    for (language, typed) in [
        ("/es", ["dinero", "me pegan", "carta"]),
        ("/ar", ["المال", "المدرسة", "visits"]),
    ] {
        let own = index(&world, language).await;
        for typed in typed {
            let on_the_phone = on_the_phone(own.search(typed), language);
            assert!(!on_the_phone.0.is_empty(), "{typed}");
            assert_eq!(
                on_the_phone,
                shown(&world, language, typed).await,
                "{typed}"
            );
        }
        // The control: it is not the English one.
        assert_ne!(own, english);
    }
}

#[tokio::test]
async fn the_index_is_a_file_that_is_sent_small_and_only_once() {
    let world = World::new().await;
    for language in ["", "/es", "/ar"] {
        let path = format!("{language}/search/words");
        let whole = world.get(&path).await;
        assert_eq!(whole.header("cache-control"), "private, no-cache");
        assert_eq!(
            whole.header("content-security-policy"),
            "default-src 'none'; sandbox"
        );
        let with = |name, value: &str| {
            let request = Request::get(&path).header(name, value);
            world.request(request.body(Body::empty()).unwrap())
        };
        let small = with(header::ACCEPT_ENCODING, "br").await;
        assert_eq!(small.header("content-encoding"), "br");
        assert_eq!(compress::open_brotli(&small.bytes).unwrap(), whole.bytes);
        println!(
            "{path}: {} bytes, {} with brotli",
            whole.bytes.len(),
            small.bytes.len()
        );
        assert!(small.bytes.len() * 2 < whole.bytes.len());
        let again = with(header::IF_NONE_MATCH, whole.header("etag")).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert_eq!(again.bytes.len(), 0);
    }
}

#[tokio::test]
async fn the_page_of_the_form_has_what_the_phone_needs_and_answers_have_not() {
    let world = World::new().await;
    let html = world.get("/search").await.text();
    for part in [
        "id=\"search-hint\"",
        "id=\"search-said\"",
        "id=\"search-lead\"",
        "<div id=\"search-results\"></div>",
        "<template id=\"search-list\"",
        "<template id=\"search-nothing\"",
        "<template id=\"search-urgent\"",
    ] {
        assert_eq!(html.matches(part).count(), 1, "{part}");
    }
    let answer = world.post("/search", &[("q", "bus pass")]).await.text();
    for part in ["<template", "/pkg/", "leptos-island"] {
        assert!(!answer.contains(part), "{part}");
    }
    // Other pages have the box, and not what works it.
    for address in ["/rights", "/menu"] {
        let html = world.get(address).await.text();
        assert!(
            !html.contains("/pkg/") && !html.contains("<template"),
            "{address}"
        );
    }
}

#[tokio::test]
async fn the_box_stands_where_people_look_for_something() {
    let world = World::new().await;
    for address in ["/rights", "/menu", "/search", "/no-such-page"] {
        let html = world.get(address).await.text();
        assert_eq!(html.matches("action=\"/search\"").count(), 1, "{address}");
        assert!(html.contains("role=\"search\""), "{address}");
    }
}

// ---------------------------------------------------------------- the help finder

#[tokio::test]
async fn the_help_page_asks_nothing_before_it_shows_the_urgent_numbers() {
    let world = World::new().await;
    let html = world.get("/help").await.text();
    let at = |part: &str| html.find(part).unwrap_or_else(|| panic!("no {part}"));
    assert!(at("tel:999") < at("id=\"going-on\""));
    assert!(at("tel:08001111") < at("id=\"going-on\""));
    assert!(
        !html.split("<main").nth(1).unwrap().contains("<form"),
        "nothing to fill in"
    );
}

/// What is folded under a name on the help page.
fn folded<'a>(main: &'a str, id: &str) -> &'a str {
    main.split(&format!("id=\"{id}\""))
        .nth(1)
        .and_then(|part| part.split("</details>").next())
        .unwrap_or_else(|| panic!("no {id}"))
}

#[tokio::test]
async fn each_thing_that_may_go_on_opens_its_words_and_lines_with_hours_and_leads_to_all() {
    let world = World::new().await;
    let html = world.get("/help").await.text();
    let content = &world.site.content;
    let main = html.split("<main").nth(1).unwrap();
    for need in [
        "danger", "hurt", "low", "away", "heard", "home", "money", "adult",
    ] {
        let part = folded(main, &format!("for-{need}"));
        let shown = part.split("class=\"lines\"").nth(1).unwrap();
        let own = content
            .lines
            .iter()
            .filter(|line| line.needs.iter().any(|known| known == need));
        let mut lines = 0;
        for line in own {
            lines += 1;
            for words in [&line.name, &line.hours, &line.phone, &line.text] {
                assert!(
                    shown.contains(words.as_str()),
                    "{need}: {}: {words}",
                    line.id
                );
            }
        }
        assert!(lines >= 2, "{need}");
        assert_eq!(shown.matches("<li").count(), lines, "{need}: no other line");
        assert!(part.contains("href=\"#lines\""), "{need}");
    }
    // The words for somebody in danger, hurt or very low stand with the lines, and nowhere else.
    for (need, words) in [
        ("danger", "Cough or tap the phone"),
        ("low", "You matter."),
        ("hurt", "If they do not listen, tell another."),
    ] {
        assert!(
            folded(main, &format!("for-{need}")).contains(words),
            "{need}"
        );
        assert_eq!(main.matches(words).count(), 1, "{need}");
    }
    assert!(!main.contains("<details open"), "short when it comes");
    assert!(main.find("id=\"for-danger\"") < main.find("id=\"in-short\""));
    // Nothing is lost: every line stands in full once, and is named for something.
    for line in &content.lines {
        assert_eq!(
            main.matches(&format!("<li id=\"line-{}\"", line.id))
                .count(),
            1,
            "{}",
            line.id
        );
        assert!(!line.needs.is_empty(), "{}", line.id);
    }
    let night = folded(main, "night");
    let open = content.lines.iter().filter(|line| line.night);
    for line in open {
        assert!(
            night.contains(&line.name) && !line.hours.starts_with("Monday"),
            "{}",
            line.id
        );
    }
    assert!(
        !night.contains("020 7525 1921"),
        "the daytime line is shut at night"
    );
    assert!(night.contains("020 7525 5000"));
}
