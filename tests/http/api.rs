//! The JSON API does what its description says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::World;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use store::Store;

async fn call(world: &World, path: &str, body: Value) -> (StatusCode, Value) {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let answer = world.request(request).await;
    (
        answer.status,
        serde_json::from_slice(&answer.bytes).unwrap(),
    )
}

#[tokio::test]
async fn a_view_is_sent_once_and_followed() {
    let world = World::new().await;
    let (status, ticket) = call(&world, "/api/v1/tickets", json!({})).await;
    assert_eq!(status, StatusCode::CREATED);
    let view = json!({
        "ticket": ticket["ticket"], "topic": "school", "said": "Said by a program.", "safe": "yes", "link": "right:visits",
    });
    let (status, sent) = call(&world, "/api/v1/views", view.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{sent}");
    let (_, again) = call(&world, "/api/v1/views", view).await;
    assert_eq!(again, sent);
    assert_eq!(world.store.views().await.unwrap().len(), 1);

    let words = json!({ "words": sent["words"] });
    let (status, thread) = call(&world, "/api/v1/follow", words).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(thread["state"], "received");
    assert_eq!(thread["timeline"][0]["text"], "Said by a program.");
    let (status, none) = call(&world, "/api/v1/follow", json!({ "words": "a b c d e f" })).await;
    assert_eq!(
        (status, none["error"].as_str()),
        (StatusCode::NOT_FOUND, Some("not-found"))
    );
}

#[tokio::test]
async fn mistakes_name_the_field() {
    let world = World::new().await;
    let (_, ticket) = call(&world, "/api/v1/tickets", json!({})).await;
    let view = json!({ "ticket": ticket["ticket"], "topic": "school", "said": " ", "safe": "yes" });
    let (status, answer) = call(&world, "/api/v1/views", view).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer["fields"][0]["field"], "said");
    let (status, answer) = call(
        &world,
        "/api/v1/views",
        json!({ "ticket": "x", "topic": "a", "said": "b", "safe": "c" }),
    )
    .await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (StatusCode::CONFLICT, Some("ticket-old"))
    );
}

#[tokio::test]
async fn the_description_names_every_address_of_the_api() {
    let world = World::new().await;
    let answer = world.get("/api/openapi.json").await;
    let description: Value = serde_json::from_slice(&answer.bytes).unwrap();
    let mut described: Vec<String> = description["paths"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    described.sort();
    let mut served: Vec<String> = web::addresses(&world.site)
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| path.starts_with("/api/v1/"))
        .collect();
    served.sort();
    assert_eq!(described, served);
    let topics: Vec<&str> = domain::view::Topic::ALL
        .iter()
        .map(|topic| topic.id())
        .collect();
    assert_eq!(
        description["components"]["schemas"]["View"]["properties"]["topic"]["enum"],
        json!(topics)
    );
}

#[tokio::test]
async fn a_view_may_say_that_it_is_about_one_of_its_readers() {
    let world = World::new().await;
    for (about, wanted) in [
        (None, Some("nobody")),
        (Some(""), Some("nobody")),
        (Some("coordinator"), Some("coordinator")),
        // Never guessed: it could be shown to the person it is about.
        (Some("somebody"), None),
    ] {
        let (_, ticket) = call(&world, "/api/v1/tickets", json!({})).await;
        let mut view = json!({ "ticket": ticket["ticket"], "topic": "school", "said": "Said.", "safe": "yes" });
        if let Some(about) = about {
            view["about"] = json!(about);
        }
        let (status, answer) = call(&world, "/api/v1/views", view).await;
        match wanted {
            Some(wanted) => {
                assert_eq!(status, StatusCode::CREATED, "{answer}");
                let newest = world.store.view(&world.newest().await).await.unwrap();
                assert_eq!(newest.unwrap().life.about.id(), wanted);
            }
            None => {
                assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
                assert_eq!(answer["fields"][0]["field"], "about", "{answer}");
            }
        }
    }
}
