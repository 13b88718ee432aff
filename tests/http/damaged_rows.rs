//! One damaged row takes no page with it: the list goes on without it, and `pledge doctor` names it.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::world::{Answer, World};
use axum::http::StatusCode;
use domain::desk_act::ItemAct;
use domain::role::Role;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use store::Store;

const DECIDED: &str = "Each letter gets an answer.";
const REPLY: &str = "We are on it, thank you.";

#[track_caller]
fn done(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

async fn raw(world: &World) -> SqliteConnection {
    let file = world.data().join(server::bootstrap::DATABASE);
    let options = SqliteConnectOptions::new().filename(file);
    let mut db = options.connect().await.unwrap();
    // What a fault of the disk writes asks no rule of a table.
    sqlx::raw_sql("PRAGMA ignore_check_constraints = ON")
        .execute(&mut db)
        .await
        .unwrap();
    db
}

/// One row of a table, made unreadable, and put back.
async fn set(db: &mut SqliteConnection, table: &str, column: &str, seq: i64, to: &str) -> String {
    let old = format!("SELECT {column} AS old FROM {table} WHERE rowid = {seq}");
    let old = sqlx::query(AssertSqlSafe(old)).fetch_one(&mut *db).await;
    let old: String = old.unwrap().get("old");
    let new = format!("UPDATE {table} SET {column} = $1 WHERE rowid = {seq}");
    let new = sqlx::query(AssertSqlSafe(new)).bind(to);
    assert_eq!(new.execute(&mut *db).await.unwrap().rows_affected(), 1);
    old
}

async fn newest(db: &mut SqliteConnection, table: &str) -> i64 {
    let sql = format!("SELECT max(rowid) FROM {table}");
    let seq = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(db).await;
    seq.unwrap()
}

/// A meeting with two published decisions; the six words of a view that nobody has answered but with two replies.
async fn filled(world: &World) -> String {
    let clerk = world.desk("Kim", Role::Clerk).await;
    let member = world.desk("Mo", Role::Committee).await;
    let sue = world.desk("Sue", Role::Speakerbox).await;
    let token = clerk.get("/desk/meetings").await.hidden("token");
    for (day, title) in [("2026-11-10", "Autumn"), ("2026-12-10", "Winter")] {
        let fields = [("token", token.as_str()), ("day", day), ("title", title)];
        done(&clerk.post("/desk/meetings", &fields).await);
    }
    let meeting = world.store.meetings().await.unwrap()[0].id.clone();
    for said in ["Letters lie there.", "Buses are dear."] {
        let (_, view) = world.send_with(&[("said", said)]).await;
        done(&sue.act(&view, "approve", &[("text", said)]).await);
        done(&sue.act(&view, "list", &[("meeting", &meeting)]).await);
        let decision = [
            ("kind", "yes"),
            ("urgent", "It cannot wait for the meeting."),
            ("said", said),
            ("decided", DECIDED),
            ("answer", "You were right to say so."),
            ("owner", "Head of care"),
            ("due", "2027-01-31"),
        ];
        let decide = ItemAct::Decide.id();
        done(&clerk.decide(&meeting, &view, decide, &decision).await);
        let publish = ItemAct::Publish.id();
        done(&member.decide(&meeting, &view, publish, &[]).await);
    }
    world.send_with(&[("safe", "no")]).await;
    world.send_with(&[("safe", "no")]).await;
    let (words, view) = world.send_with(&[("said", "My room is cold.")]).await;
    done(&sue.act(&view, "reply", &[("text", REPLY)]).await);
    done(
        &sue.act(&view, "reply", &[("text", "One more thing.")])
            .await,
    );
    words
}

#[tokio::test]
async fn a_list_with_one_damaged_row_shows_the_others() {
    let world = World::new().await;
    let words = filled(&world).await;
    let cat = world.desk("Cat", Role::Coordinator).await;
    let pages = [
        "/you-said",
        "/sw.js",
        "/keep/list.json",
        "/keep/pledge.html",
        "/promises",
        "/api/v1/outcomes",
        "/desk/queue?show=all",
        "/desk/safety",
        "/desk/meetings",
        "/desk/audit",
        "/desk/progress",
        "/desk/page-editor",
        "/desk/usage",
    ];
    let meetings = world.store.meetings().await.unwrap();
    let mut paths: Vec<String> = pages.map(str::to_owned).into();
    paths.extend(
        meetings
            .iter()
            .map(|meeting| format!("/desk/meetings/{}", meeting.id)),
    );
    let mut db = raw(&world).await;
    let mut before = Vec::new();
    for path in &paths {
        let page = cat.get(path).await;
        before.push(page.status);
        assert!(page.status.is_success(), "{path}: {}", page.status);
    }
    for (table, column, wrong) in [
        ("outcome", "due", "soon"),
        ("outcome", "state", "flying"),
        ("meeting", "day", "some day"),
        ("view", "state", "flying"),
        ("view", "topic", "HOME"),
        ("view", "day", "some day"),
        ("view", "lane", ""),
        ("event", "action", "no-such-act"),
        ("body", "kind", "poem"),
        ("alert", "kind", "noise"),
    ] {
        // The newest one of each: a view of the lane, or the one with replies.
        let seq = newest(&mut db, table).await;
        let seq = if table == "view" { seq - 1 } else { seq };
        let old = set(&mut db, table, column, seq, wrong).await;
        let live = world.store.damaged_rows().await.unwrap();
        assert_eq!(live, [(table, seq)], "{column}");
        for path in &paths {
            let page = cat.get(path).await;
            // The page of the damaged meeting itself has nothing to show.
            if table == "meeting" && path.ends_with(&meetings[0].id) {
                assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
                continue;
            }
            assert_eq!(page.status, StatusCode::OK, "{table} {column}: {path}");
        }
        let follow = world.post("/follow", &[("words", &words)]).await;
        assert_eq!(follow.status, StatusCode::OK, "{table} {column}");
        assert!(follow.text().contains(REPLY), "{table} {column}");
        set(&mut db, table, column, seq, &old).await;
    }
    // The control: put back, nothing is damaged, and both outcomes are shown.
    assert_eq!(world.store.damaged_rows().await.unwrap(), []);
    assert_eq!(world.store.outcomes().await.unwrap().len(), 2);
    db.close().await.unwrap();
}

#[tokio::test]
async fn a_sealed_text_that_does_not_open_takes_no_other_with_it() {
    let world = World::new().await;
    let words = filled(&world).await;
    let kim = world.back("Kim").await;
    let meeting = world.store.meetings().await.unwrap()[0].id.clone();
    let list = format!("/desk/meetings/{meeting}");
    let before = kim.get(&list).await.text();
    assert!(before.contains("Letters lie there.") && before.contains("Buses are dear."));
    let mut db = raw(&world).await;
    for kind in ["approved", "reply"] {
        let sql =
            "UPDATE body SET sealed = x'00' WHERE id = (SELECT max(id) FROM body WHERE kind = $1)";
        let broken = sqlx::query(sql).bind(kind).execute(&mut db).await;
        assert_eq!(broken.unwrap().rows_affected(), 1, "{kind}");
    }
    let page = kim.get(&list).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Letters lie there."));
    let follow = world.post("/follow", &[("words", &words)]).await;
    assert_eq!(follow.status, StatusCode::OK);
    assert!(follow.text().contains(REPLY));
    assert!(follow.text().contains(&world.words("timeline.damaged")));
    db.close().await.unwrap();
}

#[tokio::test]
async fn the_others_of_a_damaged_outcome_are_served() {
    let world = World::new().await;
    filled(&world).await;
    let mut db = raw(&world).await;
    let seq = newest(&mut db, "outcome").await;
    // Whatever changed the row behind our back also moved the number that pages are made by.
    set(&mut db, "outcome", "due", seq, "soon").await;
    sqlx::raw_sql("UPDATE public_change SET number = number + 1")
        .execute(&mut db)
        .await
        .unwrap();
    let page = world.get("/you-said").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Letters lie there."));
    assert!(!page.text().contains("Buses are dear."));
    for path in ["/sw.js", "/keep/list.json", "/keep/pledge.html"] {
        assert_eq!(world.get(path).await.status, StatusCode::OK, "{path}");
    }
    db.close().await.unwrap();
}
