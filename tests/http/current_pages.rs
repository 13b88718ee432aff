//! What follows the database is made once a change, however often it is asked for.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::world::World;
use server::bootstrap;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::fs;

const ADDRESSES: [&str; 8] = [
    "/sw.js",
    "/keep",
    "/es/keep",
    "/keep/list.json",
    "/you-said",
    "/committee",
    "/promises",
    "/api/v1/outcomes",
];

/// As many published outcomes, written by another connection than the server's, as another process would.
async fn publish(world: &World, outcomes: std::ops::Range<usize>) {
    let file = world.data().join(bootstrap::DATABASE);
    let options = SqliteConnectOptions::new().filename(file);
    let mut db = options.connect().await.unwrap();
    for number in outcomes {
        let id = format!("sample-{number}");
        sqlx::query(
            "INSERT INTO view (id, tag, recipient, day, topic, language, state, lane, unread, since, has_identity, version) \
             VALUES ($1, $2, '', '2026-01-05', 'home', 'en', 'published', 'none', 0, '2026-01-05', 0, 0)",
        )
        .bind(&id)
        .bind([number.to_be_bytes().as_slice(), &[7; 24]].concat())
        .execute(&mut db)
        .await
        .unwrap();
        sqlx::query(
            "INSERT INTO outcome (view, topic, said, decided, owner, due, meeting_day, published, state) \
             VALUES ($1, 'home', $2, 'We will ask for a plan.', 'Head of care', '2027-03-31', '2026-03-05', '2026-03-06', 'published')",
        )
        .bind(&id)
        .bind(format!("Moves are hard, number {number}."))
        .execute(&mut db)
        .await
        .unwrap();
    }
    db.close().await.unwrap();
}

/// How long this thread had a core, in microseconds. Requests of a world run on it; drawing does not.
fn microseconds_of_this_thread() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<u64>().unwrap() / 1_000
}

#[tokio::test]
async fn with_300_outcomes_nothing_is_made_again_until_something_changes() {
    const TIMES: u64 = 20;
    let world = World::new().await;
    publish(&world, 0..300).await;
    for address in ADDRESSES {
        let first = world.get(address).await;
        assert_eq!(first.status, 200, "{address}");
        let before = microseconds_of_this_thread();
        for _ in 0..TIMES {
            assert!(world.get(address).await.bytes == first.bytes, "{address}");
        }
        let each = (microseconds_of_this_thread() - before) / TIMES;
        println!("{address}: {each} microseconds of a core");
        assert!(each <= 5_000, "{address}: {each} microseconds");
    }
    let said = world.get("/you-said").await;
    let list = world.get("/keep/list.json").await;
    publish(&world, 300..301).await;
    let now = world.get("/you-said").await;
    assert!(now.text().contains("Moves are hard, number 300."));
    assert!(!said.text().contains("Moves are hard, number 300."));
    let api = world.get("/api/v1/outcomes").await;
    assert!(api.text().contains("Moves are hard, number 300."));
    assert_ne!(world.get("/keep/list.json").await.bytes, list.bytes);
    assert_ne!(world.get("/sw.js").await.bytes.len(), 0);
}

#[tokio::test]
async fn every_table_that_is_public_moves_the_number() {
    let world = World::new().await;
    publish(&world, 0..1).await;
    let file = world.data().join(bootstrap::DATABASE);
    let mut db = SqliteConnectOptions::new()
        .filename(file)
        .connect()
        .await
        .unwrap();
    let changes = [
        "UPDATE outcome SET decided = 'Another plan.'",
        "UPDATE outcome SET state = 'done'",
        "DELETE FROM outcome",
        "INSERT INTO meeting (id, day, title) VALUES ('m', '2026-12-10', 'Winter meeting')",
        "UPDATE meeting SET title = 'Another meeting'",
        "DELETE FROM meeting",
        "INSERT INTO figure (indicator, period, number, source, source_day, reason, entered) \
         VALUES ('moves', '2026-Q1', 10, 'A report', '2026-04-01', '', '2026-04-02')",
        "UPDATE figure SET number = 20",
        "DELETE FROM figure",
    ];
    for change in changes {
        let before = world.site.pledge.public_change().await.unwrap();
        sqlx::query(change).execute(&mut db).await.unwrap();
        assert!(
            world.site.pledge.public_change().await.unwrap() > before,
            "{change}"
        );
    }
    // The control: what is not public, or as it was, leaves it as it is, or anybody could have every page made again.
    let before = world.site.pledge.public_change().await.unwrap();
    publish(&world, 1..2).await;
    let published = world.site.pledge.public_change().await.unwrap();
    assert_eq!(published, before + 1);
    sqlx::query("UPDATE outcome SET state = 'published'")
        .execute(&mut db)
        .await
        .unwrap();
    world.send("All is well.", "yes", "").await;
    let after = world.site.pledge.public_change().await.unwrap();
    assert_eq!(after, published);
}
