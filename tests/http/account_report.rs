//! What is known of an account that got into other hands: what it did, and which views it could open.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::world::World;
use domain::role::Role;
use service::audit::{AccountReport, account_report};
use service::clock::Clock;
use std::collections::BTreeSet;
use store::Store;

async fn report(world: &World, name: &str) -> AccountReport {
    account_report(&*world.store, name, 0).await.unwrap()
}

fn can_open(report: &AccountReport) -> BTreeSet<&str> {
    report.can_open.iter().map(String::as_str).collect()
}

#[tokio::test]
async fn it_says_what_was_opened_and_what_could_be() {
    let world = World::new().await;
    let admin = world.desk("fay", Role::Admin).await;
    let sue = world.desk("sue", Role::Speakerbox).await;
    world.desk("sam", Role::Safety).await;
    world.desk("sol", Role::Safety).await;
    world.desk("cat", Role::Clerk).await;
    let mut ids = Vec::new();
    for (text, safe) in [
        ("The lift is broken.", "yes"),
        ("I miss my sister.", "yes"),
        ("I am not safe here.", "no"),
    ] {
        world.send(text, safe, "").await;
        ids.push(world.newest().await);
    }
    let begun = world.clock.unix_seconds();
    sue.get(&format!("/desk/view/{}", ids[0])).await;
    let of_sue = report(&world, "sue").await;
    let opened: Vec<&str> = of_sue
        .acts
        .iter()
        .filter(|row| row.action == "open" && row.outcome == "done")
        .filter_map(|row| row.object.as_deref())
        .collect();
    assert_eq!(opened, [ids[0].as_str()]);
    // Opened or not; and nothing of the safety lane.
    assert_eq!(can_open(&of_sue), [&*ids[0], &ids[1]].into());
    assert_eq!(of_sue.sessions.len(), 1);
    let later = account_report(&*world.store, "sue", begun + 1)
        .await
        .unwrap();
    assert!(later.acts.is_empty() && later.can_open == of_sue.can_open);
    // The control: others open other things, and some nothing.
    assert_eq!(can_open(&report(&world, "sam").await), [&*ids[2]].into());
    for name in ["cat", "fay"] {
        assert!(report(&world, name).await.can_open.is_empty(), "{name}");
    }

    // After a rotation: what is sent from then on is not hers to open.
    let pledge = &world.site.pledge;
    let session = admin.desk().await;
    let proof = pledge
        .prove(&session, &crate::world::own_password("fay"))
        .await;
    let proof = proof.unwrap().ok().unwrap();
    let sol = world.store.staff_by_name("sol").await.unwrap().unwrap();
    let of_sam = world.store.staff_by_name("sam").await.unwrap().unwrap();
    let held = world.store.grants(&of_sam.id).await.unwrap();
    pledge
        .remove(&session, &proof, &sol.id, false)
        .await
        .unwrap();
    world.send("I am not safe tonight.", "no", "").await;
    let tonight = world.newest().await;
    assert!(can_open(&report(&world, "sam").await).contains(&*tonight));
    let old = held.iter().map(|grant| grant.generation).max().unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(world.data().join(server::bootstrap::DATABASE));
    let mut db = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query("DELETE FROM grant_of_key WHERE staff = $1 AND generation > $2")
        .bind(&of_sam.id)
        .bind(i64::from(old))
        .execute(&mut db)
        .await
        .unwrap();
    let with_old_keys = report(&world, "sam").await;
    assert_eq!(can_open(&with_old_keys), [&*ids[2]].into());
    let gone = account_report(&*world.store, "sol", 0).await;
    assert!(gone.is_err());
}
