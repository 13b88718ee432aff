//! A stolen disk opens nothing; no act opens a text for more readers; the recovery key opens everything with the stock `age` command.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::council::done;
use crate::page_text::{assert_hides, assert_shows};
use crate::world::{World, count};
use domain::audience::TextKind;
use domain::lifecycle::Lane;
use domain::role::Role;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use store::Store;
use vault::seal::{Identity, KeyUnreadable, OpenError, Recipient, Sealer};
use zeroize::Zeroizing;

const VIEWS: usize = 50;

fn marker(number: usize) -> String {
    format!("markerword{number:04}qzjx")
}

/// Leaves every text bare. Only here, to prove that the search would find them.
struct Bare;

impl Sealer for Bare {
    fn seal_bytes(&self, plain: &[u8], _: &[Recipient]) -> Result<Vec<u8>, KeyUnreadable> {
        Ok(plain.to_vec())
    }

    fn open_bytes(&self, sealed: &[u8], _: &[Identity]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        Ok(Zeroizing::new(sealed.to_vec()))
    }
}

// Sends 50 views with markers in every field, reads and answers one, and counts the markers found on the disk.
async fn markers_on_disk(world: &World) -> usize {
    for number in 0..VIEWS {
        let (check, mut fields) = world
            .check_page(&format!("I say {}.", marker(number)), "no", &marker(number))
            .await;
        fields.push(("unused".to_owned(), marker(number)));
        world.send_again(&check.hidden("ticket"), &fields).await;
    }
    let id = world.newest().await;
    let desk = world.desk("coordinator", Role::Coordinator).await;
    let safety = world.desk("safety", Role::Safety).await;
    safety
        .act(&id, "reply", &[("text", &marker(VIEWS - 1))])
        .await;
    desk.act(&id, "note", &[("text", &marker(VIEWS - 1))]).await;
    let bytes = world.every_byte();
    (0..VIEWS)
        .filter(|number| count(&bytes, marker(*number).as_bytes()) > 0)
        .count()
}

#[tokio::test]
async fn nothing_sent_is_found_in_any_byte_on_disk() {
    let world = World::new().await;
    assert_eq!(markers_on_disk(&world).await, 0);
    assert_eq!(world.store.views().await.unwrap().len(), VIEWS);
}

#[tokio::test]
async fn the_search_finds_all_when_sealing_is_bypassed() {
    let world = World::sealed_by(Arc::new(Bare)).await;
    // With bare texts the desk's keys are bare too; only the sends matter here.
    for number in 0..VIEWS {
        let (check, fields) = world
            .check_page(&format!("I say {}.", marker(number)), "yes", "")
            .await;
        world.send_again(&check.hidden("ticket"), &fields).await;
    }
    let bytes = world.every_byte();
    assert_eq!(
        (0..VIEWS)
            .filter(|number| count(&bytes, marker(*number).as_bytes()) > 0)
            .count(),
        VIEWS
    );
}

#[tokio::test]
async fn the_stock_age_command_opens_a_view_with_the_recovery_key() {
    let world = World::new().await;
    world
        .send("Opened by the key from the safe.", "yes", "")
        .await;
    let id = world.newest().await;
    let bodies = world.store.bodies(&id).await.unwrap();
    let view = bodies
        .iter()
        .find(|body| body.kind == TextKind::View)
        .unwrap();

    let key = world.folder.path().join("recovery.txt");
    std::fs::write(&key, world.recovery.as_text()).unwrap();
    let mut age = Command::new("age")
        .args(["--decrypt", "--identity"])
        .arg(&key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the stock `age` command is needed for this test: apt-get install age");
    age.stdin.take().unwrap().write_all(&view.sealed).unwrap();
    let output = age.wait_with_output().unwrap();
    assert!(output.status.success());
    let opened = String::from_utf8(output.stdout).unwrap();
    assert!(
        opened.contains("Opened by the key from the safe."),
        "{opened}"
    );
    assert!(opened.contains(&id), "the label says which view it is");
    assert_eq!(opened.len() % 512, 0, "padded");
}

#[tokio::test]
async fn committee_and_admin_keys_open_no_view() {
    let world = World::new().await;
    for number in 0..6 {
        let safe = if number % 2 == 0 { "yes" } else { "no" };
        world.send(&marker(number), safe, "A name").await;
    }
    let mut everyone = Vec::new();
    for (name, role) in [
        ("the committee", Role::Committee),
        ("the clerk", Role::Clerk),
        ("the admin", Role::Admin),
        ("the triager", Role::Speakerbox),
    ] {
        let client = world.desk(name, role).await;
        let desk = client.desk().await;
        everyone.push((role, world.site.pledge.role_keys(&desk).await.unwrap()));
    }
    for row in world.store.views().await.unwrap() {
        for body in world.store.bodies(&row.id).await.unwrap() {
            for (role, keys) in &everyone {
                let opened = world.site.pledge.sealer.open_bytes(&body.sealed, keys);
                // The control: SpeakerBox's key does open a view that is not marked unsafe, but never the name.
                let is_ordinary = row.life.lane == Lane::Ordinary;
                let may = *role == Role::Speakerbox && body.kind == TextKind::View && is_ordinary;
                assert_eq!(opened.is_ok(), may, "{role:?} {:?}", body.kind);
            }
        }
    }
}

#[tokio::test]
async fn a_damaged_text_is_said_to_be_damaged_and_breaks_nothing() {
    let world = World::new().await;
    let words = world.send("Whole for now.", "yes", "").await;
    let id = world.newest().await;
    world.store.close().await;
    // Flip one bit of the sealed bytes, as a failing disk would.
    let path = world.data().join(server::bootstrap::DATABASE);
    let sealed = {
        let bytes = std::fs::read(&path).unwrap();
        let at = bytes
            .windows(18)
            .rposition(|window| window == b"age-encryption.org")
            .unwrap();
        (at + 600, bytes)
    };
    let (at, mut bytes) = sealed;
    bytes[at] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let world = world.reopen().await;
    let thread = world.post("/follow", &[("words", &words)]).await;
    assert_eq!(thread.status, axum::http::StatusCode::OK);
    assert!(!thread.text().contains("Whole for now."));
    assert_eq!(world.store.view(&id).await.unwrap().unwrap().id, id);
}

#[tokio::test]
async fn what_was_written_for_some_never_opens_for_more() {
    let world = World::new().await;
    world.send("I am scared at night.", "no", "Sam").await;
    let id = world.newest().await;
    let safety = world.desk("safety lead", Role::Safety).await;
    let triager = world.desk("triager", Role::Speakerbox).await;
    done(
        &safety
            .act(&id, "note", &[("text", "I rang the home.")])
            .await,
    );
    let before = world.store.bodies(&id).await.unwrap();
    done(
        &safety
            .act(&id, "release", &[("text", "About the nights.")])
            .await,
    );
    // SpeakerBox learns what it is about: no text is sealed again, and what was not for it stays shut.
    let after = world.store.bodies(&id).await.unwrap();
    assert_eq!(after[..before.len()], before);
    assert_eq!(after.len(), before.len() + 1);
    let page = triager.get(&format!("/desk/view/{id}")).await;
    assert_shows(&page, "About the nights.");
    assert_hides(&page, "I am scared at night.");
    assert_shows(&page, &world.words("desk.view.record-sealed"));
    assert_hides(&page, "I rang the home.");
    // Nor by another state: on a meeting's list the committee reads the approved text alone.
    done(
        &triager
            .act(&id, "approve", &[("text", "Nights are frightening.")])
            .await,
    );
    let clerk = world.desk("clerk", Role::Clerk).await;
    let desk = clerk.desk().await;
    let keys = world.site.pledge.role_keys(&desk).await.unwrap();
    for body in world.store.bodies(&id).await.unwrap() {
        let opened = world.site.pledge.sealer.open_bytes(&body.sealed, &keys);
        assert_eq!(
            opened.is_ok(),
            body.kind == TextKind::Approved,
            "{:?}",
            body.kind
        );
    }
}
