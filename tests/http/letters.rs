//! Letters: every one fills, an empty field leaves a line, a mistake keeps what was typed, and nothing is kept.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::world::{World, count};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use model::LETTER_FIELDS;

const MARK: &str = "quietelephant";

fn typed(fields: usize) -> Vec<(&'static str, String)> {
    LETTER_FIELDS
        .into_iter()
        .take(fields)
        .enumerate()
        .map(|(at, name)| (name, format!("{MARK}{at} <b>&")))
        .collect()
}

#[tokio::test]
async fn every_letter_fills() {
    let world = World::new().await;
    let letters = world.site.content.letters.clone();
    let slugs: Vec<&str> = letters.iter().map(|letter| letter.slug.as_str()).collect();
    assert_eq!(
        slugs,
        [
            "complaint",
            "my-records",
            "health-summary",
            "advocate",
            "lifelong-links",
            "staying-put",
            "stability-meeting",
            "my-review"
        ]
    );
    let list = world.get("/letters").await.text();
    for letter in &letters {
        let address = format!("/letters/{}", letter.slug);
        assert!(list.contains(&format!("href=\"{address}\"")), "{address}");
        let form = world.get(&address).await;
        assert_eq!(form.status, StatusCode::OK, "{address}");
        for (field, name) in letter.fields.iter().zip(LETTER_FIELDS) {
            assert!(
                form.text().contains(&format!("name=\"{name}\"")),
                "{address}"
            );
            assert!(
                form.text().contains(&format!("id=\"{name}\"")),
                "{address}: {}",
                field.id
            );
        }
        let fields = typed(letter.fields.len());
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        let ready = world.post(&address, &fields).await;
        assert_eq!(ready.status, StatusCode::OK, "{address}");
        assert_eq!(ready.header("cache-control"), "no-store", "{address}");
        let text = ready.text();
        let letter_text = text.split("<article").nth(1).unwrap();
        let letter_text = letter_text.split("</article>").next().unwrap();
        for at in 0..letter.fields.len() {
            assert!(
                letter_text.contains(&format!("{MARK}{at} &lt;b&gt;&amp;")),
                "{address} {at}"
            );
        }
        assert!(!letter_text.contains("class=\"blank"), "{address}");
        assert!(!letter_text.contains('{'), "{address}");
    }
}

#[tokio::test]
async fn an_empty_field_leaves_a_line_to_fill_by_hand() {
    let world = World::new().await;
    for letter in &world.site.content.letters {
        let page = world
            .post(&format!("/letters/{}", letter.slug), &[("f1", " ")])
            .await
            .text();
        let lines: usize = letter.fields.iter().map(|field| field.lines).sum();
        assert_eq!(
            page.matches("class=\"blank").count(),
            lines,
            "{}",
            letter.slug
        );
    }
}

#[tokio::test]
async fn a_mistake_and_a_change_keep_what_was_typed() {
    let world = World::new().await;
    let long = format!("{MARK} {}", "x".repeat(2_000));
    let wrong = world
        .post(
            "/letters/complaint",
            &[("f1", &long), ("f2", "I told my carer")],
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in [long.as_str(), "I told my carer", "href=\"#f1\""] {
        assert!(wrong.text().contains(kept), "{kept}");
    }
    let change = world
        .post(
            "/letters/complaint",
            &[("go", "change"), ("f1", "It was cold"), ("f2", "")],
        )
        .await;
    assert_eq!(change.status, StatusCode::OK);
    assert!(change.text().contains("\nIt was cold</textarea>"));
}

#[tokio::test]
async fn nothing_that_was_typed_is_kept() {
    let world = World::new().await;
    for letter in &world.site.content.letters {
        let fields = typed(letter.fields.len());
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        world
            .post(&format!("/letters/{}", letter.slug), &fields)
            .await;
    }
    assert_eq!(count(&world.every_byte(), MARK.as_bytes()), 0);
    // The search does find what is there.
    std::fs::write(world.data().join("planted"), MARK).unwrap();
    assert_eq!(count(&world.every_byte(), MARK.as_bytes()), 1);
}

#[tokio::test]
async fn other_sites_too_much_and_unknown_letters_are_refused() {
    let world = World::new().await;
    let send = |from: &'static str, body: String| {
        Request::post("/letters/complaint")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::HOST, "pledge.test")
            .header(header::ORIGIN, from)
            .body(Body::from(body))
            .unwrap()
    };
    let own = world
        .request(send("https://pledge.test", "f1=a".to_owned()))
        .await;
    assert_eq!(own.status, StatusCode::OK);
    let other = world
        .request(send("https://other.test", "f1=a".to_owned()))
        .await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    let big = format!("f1={}", "a".repeat(70_000));
    let big = world.request(send("https://pledge.test", big)).await;
    assert_eq!(big.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        world.get("/letters/nothing").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        world.post("/letters/nothing", &[]).await.status,
        StatusCode::NOT_FOUND
    );
}
