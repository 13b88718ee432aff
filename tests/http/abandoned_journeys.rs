//! After "Leave this page" no page of the same walk shows what was typed, however often the browser sends its form again.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::world::{Answer, World, words_of};
use axum::http::StatusCode;

const SECRET: &str = "A secret nobody at home may read.";
const WISH: &str = "That somebody asks me on my own.";

fn way_out(page: &Answer) -> String {
    let text = page.text();
    let tag = text.split("id=\"leave\"").nth(1).unwrap();
    let rest = tag.split("href=\"").nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Each step of a walk with the form that led to it, ending with the receipt and the words typed back.
async fn walk(world: &World) -> (Vec<Vec<(String, String)>>, String, String) {
    let first = world.get("/speak").await;
    let (out, journey) = (way_out(&first), first.hidden("j"));
    assert_eq!(out, format!("/leave?j={journey}"));
    let mut forms = Vec::new();
    let mut all = vec![("j".to_owned(), journey)];
    let mut words = String::new();
    for typed in [
        &[("step", "start")][..],
        &[("step", "about"), ("go", "next"), ("topic", "home")],
        &[
            ("step", "say"),
            ("go", "next"),
            ("said", SECRET),
            ("wish", WISH),
        ],
        &[("step", "safe"), ("go", "next"), ("safe", "yes")],
        &[
            ("step", "you"),
            ("go", "next"),
            ("named", "yes"),
            ("identity", "Zedkin"),
        ],
        &[("step", "check"), ("go", "send")],
        &[("step", "keep")],
    ] {
        all.retain(|(name, _)| !typed.iter().any(|(own, _)| own == name));
        all.extend(
            typed
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        forms.push(all.clone());
        let page = send(world, "/speak", &all).await;
        assert_eq!(page.status, StatusCode::OK, "{typed:?}: {}", page.text());
        assert_eq!(
            way_out(&page),
            out,
            "every page of a walk has the same way out"
        );
        if typed.contains(&("step", "you")) {
            all.push(("ticket".to_owned(), page.hidden("ticket")));
        }
        if typed.contains(&("go", "send")) {
            words = words_of(&page);
        }
    }
    (forms, out, words)
}

async fn send(world: &World, path: &str, form: &[(String, String)]) -> Answer {
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    world.post(path, &form).await
}

fn shows_anything(page: &Answer, words: &str) -> bool {
    let text = page.text();
    let word_list = words
        .split(' ')
        .all(|word| text.contains(&format!(">{word}<")));
    text.contains(SECRET) || text.contains(WISH) || text.contains("Zedkin") || word_list
}

#[tokio::test]
async fn after_leaving_no_step_of_the_walk_shows_anything_again() {
    let world = World::new().await;
    let (forms, out, words) = walk(&world).await;
    // A control: as long as nobody has left, sending a step again shows what was typed, and the words of the receipt.
    let mut shown = 0;
    for form in &forms {
        shown += usize::from(shows_anything(&send(&world, "/speak", form).await, &words));
    }
    assert!(shown >= 5, "{shown}");

    let gone = world.get(&out).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    for form in forms.iter().chain(&forms) {
        let again = send(&world, "/speak", form).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert_eq!(again.header("location"), "/speak");
        assert!(again.bytes.is_empty());
    }
    // A person who begins again is not held up, and the view is there for the person who has its words.
    let (_, anew, _) = walk(&world).await;
    assert_ne!(anew, out);
    let thread = world.post("/follow", &[("words", &words)]).await;
    assert!(thread.text().contains(SECRET));
}

#[tokio::test]
async fn after_leaving_the_page_of_a_view_does_not_come_back() {
    let world = World::new().await;
    let words = world.send(SECRET, "yes", "").await;
    let enter = world.get("/follow").await;
    let journey = enter.hidden("j");
    let open = [
        ("j".to_owned(), journey.clone()),
        ("words".to_owned(), words.clone()),
    ];
    let page = send(&world, "/follow", &open).await;
    assert!(page.text().contains(SECRET));
    let write = [
        ("j".to_owned(), journey),
        ("handle".to_owned(), page.hidden("handle")),
        ("act".to_owned(), "show".to_owned()),
    ];
    assert!(
        send(&world, "/follow", &write)
            .await
            .text()
            .contains(SECRET),
        "a control"
    );
    assert_eq!(way_out(&page), way_out(&enter));
    world.get(&way_out(&page)).await;
    for form in [&open[..], &write] {
        let again = send(&world, "/follow", form).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert_eq!(again.header("location"), "/follow");
        assert!(again.bytes.is_empty());
    }
}

#[tokio::test]
async fn leaving_closes_one_walk_for_a_day_and_no_other() {
    let world = World::new().await;
    let (mine, out, words) = walk(&world).await;
    let (other, ..) = walk(&world).await;
    world.get(&out).await;
    // Neither a name that is none nor leaving from a page without a walk closes anything.
    for path in ["/leave", "/leave?j=", "/leave?j=none", "/leave?other=1"] {
        assert_eq!(
            world.get(path).await.status,
            StatusCode::SEE_OTHER,
            "{path}"
        );
    }
    assert!(shows_anything(
        &send(&world, "/speak", &other[3]).await,
        &words
    ));
    world.clock.forward(23 * 60 * 60);
    assert!(!shows_anything(
        &send(&world, "/speak", &mine[3]).await,
        &words
    ));
    // Reading pages are the same bytes for everybody, so they cannot carry the name of a walk.
    for path in ["/", "/help", "/rights/visits"] {
        assert_eq!(way_out(&world.get(path).await), "/leave", "{path}");
    }
}

#[tokio::test]
async fn after_leaving_the_way_begins_anew_in_the_same_language() {
    let world = World::new().await;
    for (first, form) in [
        ("/es/speak", ("step", "start")),
        ("/ar/follow", ("words", "")),
    ] {
        let page = world.get(first).await;
        let journey = page.hidden("j");
        world.get(&way_out(&page)).await;
        let again = world.post(first, &[("j", &journey), form]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert_eq!(again.header("location"), first);
    }
}
