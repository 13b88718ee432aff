//! Meetings: deciding and publishing read the one text they are about, not the whole list.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::world::{Answer, DeskClient, World};
use axum::http::StatusCode;
use domain::lifecycle::State;
use domain::role::Role;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use store::Store;

#[track_caller]
fn done(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

async fn listed(world: &World, speakerbox: &DeskClient<'_>, meeting: &str) -> String {
    world.send("Nobody reads my letters.", "yes", "").await;
    let id = world.newest().await;
    let text = [("text", "Letters are not read.")];
    done(&speakerbox.act(&id, "approve", &text).await);
    done(&speakerbox.act(&id, "list", &[("meeting", meeting)]).await);
    id
}

#[tokio::test]
async fn a_decision_needs_no_other_text_of_the_list() {
    let world = World::new().await;
    let clerk = world.desk("Kim Clerk", Role::Clerk).await;
    let token = clerk.get("/desk/meetings").await.hidden("token");
    let fields = [
        ("token", token.as_str()),
        ("day", "2026-11-21"),
        ("title", "Winter meeting"),
    ];
    done(&clerk.post("/desk/meetings", &fields).await);
    let meeting = world.store.meetings().await.unwrap()[0].id.clone();
    let speakerbox = world.desk("Sol", Role::Speakerbox).await;
    let ours = listed(&world, &speakerbox, &meeting).await;
    let other = listed(&world, &speakerbox, &meeting).await;

    // A reader of the other row of this list fails from here on.
    let mut db = SqliteConnectOptions::new()
        .filename(world.data().join(server::bootstrap::DATABASE))
        .connect()
        .await
        .unwrap();
    sqlx::query("UPDATE view SET state = 'nonsense' WHERE id = $1")
        .bind(&other)
        .execute(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();

    let decision = [
        ("kind", "yes"),
        ("said", "Letters are not read."),
        ("decided", "They are read."),
        ("answer", "You were right to tell us."),
        ("owner", "Head of care"),
        ("due", "2027-01-31"),
    ];
    done(&clerk.decide(&meeting, &ours, "decide", &decision).await);
    let member = world.desk("Ash", Role::Committee).await;
    done(&member.decide(&meeting, &ours, "publish", &[]).await);
    assert_eq!(world.store_state(&ours).await, State::Published);

    // The page of the list goes on without the other; the control: a request for it alone fails.
    let list = clerk.get(&format!("/desk/meetings/{meeting}")).await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.text().contains(&ours) && !list.text().contains(&other));
    let page = clerk
        .get(&format!("/desk/meetings/{meeting}/{other}"))
        .await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    // A text that is on no list, or on another one, is not found there.
    let page = clerk.get(&format!("/desk/meetings/no-such/{ours}")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}
