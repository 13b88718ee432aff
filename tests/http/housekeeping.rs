//! What the server does by the day, around a clock that is wrong for a while: nothing is lost by it.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::world::World;
use domain::audience::TextKind;
use domain::lifecycle::State;
use domain::role::Role;
use server::housekeeping::{Housekeeping, Places};
use server::ops::backup::backup;
use service::clock::Clock;
use service::withdrawals::{self, Marks};
use std::path::Path;
use std::sync::Arc;
use store::Store;

const DAY: i64 = 24 * 60 * 60;
const MINUTE: i64 = 60;

async fn housekeeping(world: &World, places: &Places) -> Housekeeping {
    let newest = world.store.last_day().await.unwrap();
    let (pledge, live) = (Arc::clone(&world.site.pledge), world.live.clone());
    Housekeeping::new(pledge, live, newest, places.clone())
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

/// A world with a closed view whose words are still there, five backups and a withdrawn view on the list.
async fn full(world: &World) -> (String, Places) {
    let sue = world.desk("sue", Role::Speakerbox).await;
    world.send("The heating is off.", "yes", "").await;
    let id = world.newest().await;
    let fields = [("reason", "settled"), ("text", "Done.")];
    sue.act(&id, "close", &fields).await;
    assert_eq!(world.store_state(&id).await, State::Closed);
    let folder = world.folder.path().join("backups");
    std::fs::create_dir(&folder).unwrap();
    for _ in 0..5 {
        backup(&world.data(), world.clock.today(), &folder)
            .await
            .unwrap();
    }
    let list = &world.site.pledge.withdrawals;
    let today = world.clock.today();
    let mark = withdrawals::mark_of("another view");
    list.add(mark, today).await.unwrap();
    let places = Places {
        backups: Some(folder),
        withdrawals: Some(world.folder.path().join("elsewhere.txt")),
        checkpoints: None,
    };
    (id, places)
}

#[tokio::test]
async fn a_clock_that_is_100_days_ahead_for_a_minute_loses_nothing() {
    let world = World::new().await;
    let (id, places) = full(&world).await;
    let folder = places.backups.clone().unwrap();
    let texts = world.store.bodies(&id).await.unwrap().len();
    assert!(texts > 0);
    let mut keeping = housekeeping(&world, &places).await;
    let marks = |file: &Path| withdrawals::read_marks(file).unwrap();
    let list = world.data().join(withdrawals::FILE);
    keeping.look().await;
    let before = marks(&list);
    assert!(!before.is_empty());
    world.clock.forward(100 * DAY);
    for _ in 0..2 {
        keeping.look().await;
        world.clock.forward(MINUTE);
    }
    let kept = async || {
        let bodies = world.store.bodies(&id).await.unwrap().len();
        assert_eq!((files(&folder), bodies), (5, texts));
        assert_eq!(marks(&list), before);
        assert_eq!(marks(places.withdrawals.as_deref().unwrap()), before);
    };
    kept().await;
    world.clock.forward(-100 * DAY);
    for _ in 0..3 {
        keeping.look().await;
        world.clock.forward(MINUTE);
    }
    kept().await;
    // A server that was started while the clock was ahead does not believe it either.
    world.clock.forward(100 * DAY);
    housekeeping(&world, &places).await.look().await;
    world.clock.forward(-100 * DAY);
    kept().await;

    // The control: without a newest day to hold the clock against, one look takes all of it.
    world.clock.forward(100 * DAY);
    let (pledge, live) = (Arc::clone(&world.site.pledge), world.live.clone());
    let mut trusting = Housekeeping::new(pledge, live, None, places.clone());
    trusting.look().await;
    let bodies = world.store.bodies(&id).await.unwrap();
    assert!(bodies.iter().all(|body| body.kind != TextKind::View));
    assert_eq!(files(&folder), 0);
    assert_eq!(marks(&list), Marks::new());
}

#[tokio::test]
async fn a_folder_begun_anew_gets_the_list_back_at_its_first_look() {
    let world = World::new().await;
    let second = world.folder.path().join("elsewhere.txt");
    let outlived: Marks = [(withdrawals::mark_of("one"), world.clock.today())].into();
    withdrawals::write_marks(&second, &outlived).unwrap();
    let list = world.data().join(withdrawals::FILE);
    assert_eq!(withdrawals::read_marks(&list).unwrap(), Marks::new());
    let places = Places {
        withdrawals: Some(second.clone()),
        ..Places::default()
    };
    housekeeping(&world, &places).await.look().await;
    assert_eq!(withdrawals::read_marks(&list).unwrap(), outlived);
    assert_eq!(withdrawals::read_marks(&second).unwrap(), outlived);
    // The control: without a second place the new list stays empty.
    std::fs::remove_file(&list).unwrap();
    housekeeping(&world, &Places::default()).await.look().await;
    assert_eq!(withdrawals::read_marks(&list).unwrap(), Marks::new());
}

#[tokio::test]
async fn keys_that_a_command_began_anew_are_taken_at_the_next_look() {
    let world = World::new().await;
    world.desk("sam", Role::Safety).await;
    world.desk("dee", Role::Safety).await;
    let mut keeping = housekeeping(&world, &Places::default()).await;
    // Another process on the same folder, as `pledge staff remove` is one.
    let beside = world.beside().await;
    beside.remove_named("dee", false).await.unwrap();
    let key = domain::audience::RoleKey::Safety;
    let generation = |app: &service::App| app.recipients().generation_of(key);
    assert_eq!(generation(&beside), 2);
    assert_eq!(generation(&world.site.pledge), 1);
    keeping.look().await;
    assert_eq!(generation(&world.site.pledge), 2);
}
