//! Backups: sealed, whole, restored with what was in them, and nothing past its time comes back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{World, count, own_password};
use domain::audience::{RoleKey, TextKind};
use domain::lifecycle::State;
use domain::retention::{BACKUP, VIEW};
use domain::role::Role;
use server::bootstrap::DATABASE;
use server::ops::backup::{backup, purge_backups, restore};
use service::clock::Clock;
use service::withdrawals::{self, Marks};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use store::{RoleKeyRow, Store};
use store_sqlite::{SqliteStore, count_rows};
use vault::seal::Identity;
use vault::{backup_archive, server_keys};

const DAY: i64 = 24 * 60 * 60;

fn every_byte(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            all.extend(std::fs::read(path).unwrap());
        }
    }
    all
}

#[tokio::test]
async fn a_backup_is_sealed_and_comes_back_whole() {
    let world = World::new().await;
    let words = world.send("Backedupmarker in the view.", "yes", "").await;
    let id = world.newest().await;
    let desk = world.desk("Cat", Role::Coordinator).await;
    desk.act(&id, "reply", &[("text", "A reply.")]).await;
    let folder = world.folder.path().join("backups");
    std::fs::create_dir(&folder).unwrap();
    // The site is running all the while.
    let made = backup(&world.data(), world.clock.today(), &folder)
        .await
        .unwrap();
    assert_eq!(made.file_name().unwrap(), "pledge-2026-11-21.age");
    // A file that is named is never overwritten.
    let today = world.clock.today();
    let named = backup(&world.data(), today, &made).await;
    assert!(named.unwrap_err().to_string().contains("never overwritten"));
    let bytes = every_byte(&folder);
    assert!(bytes.starts_with(b"age-encryption.org/v1"));
    for clear in ["Backedupmarker", "SQLite format 3", "pepper", id.as_str()] {
        assert_eq!(count(&bytes, clear.as_bytes()), 0, "{clear}");
    }
    assert!(!world.data().join("backup-in-work").exists());

    let data = world.folder.path().join("restored");
    let other = Identity::from_seed(&[9; 32]);
    assert!(
        restore(&made, &other, &data, &*world.clock, &Marks::new())
            .await
            .is_err()
    );
    assert!(!data.join(DATABASE).exists());
    let restored = restore(&made, &world.recovery, &data, &*world.clock, &Marks::new())
        .await
        .unwrap();
    assert_eq!((restored.views, restored.purged.views), (1, 0));
    let again = restore(&made, &world.recovery, &data, &*world.clock, &Marks::new()).await;
    assert!(again.unwrap_err().to_string().contains("already"));
    // The same rows, and the six words open the view there.
    let store = SqliteStore::open(&data.join(DATABASE)).await.unwrap();
    assert_eq!(
        store.bodies(&id).await.unwrap(),
        world.store.bodies(&id).await.unwrap()
    );
    // The log says that it was restored, after all it said before.
    let mut log = store.audit_after(0, 100).await.unwrap();
    assert_eq!(log.pop().unwrap().action, "backup-restored");
    assert_eq!(log, world.store.audit_after(0, 100).await.unwrap());
    let page = world.post("/follow", &[("words", &words)]).await;
    assert!(
        page.text().contains("Backedupmarker"),
        "the site was not disturbed"
    );

    // A damaged backup restores nothing and leaves nothing behind.
    let mut bad = std::fs::read(&made).unwrap();
    let middle = bad.len() / 2;
    bad[middle] ^= 1;
    let damaged = world.folder.path().join("damaged.age");
    std::fs::write(&damaged, bad).unwrap();
    let data = world.folder.path().join("never");
    assert!(
        restore(
            &damaged,
            &world.recovery,
            &data,
            &*world.clock,
            &Marks::new()
        )
        .await
        .is_err()
    );
    assert_eq!(std::fs::read_dir(&data).unwrap().count(), 0);
}

#[tokio::test]
async fn a_folder_takes_any_number_of_backups_a_day_whatever_was_cut_short() {
    let world = World::new().await;
    let folder = world.folder.path().join("backups");
    std::fs::create_dir(&folder).unwrap();
    let day = world.clock.today();
    for cut_short in ["pledge-2026-11-21.age.part", "pledge-2026-10-01.age.part"] {
        std::fs::write(folder.join(cut_short), "half").unwrap();
    }
    for name in [
        "pledge-2026-11-21.age",
        "pledge-2026-11-21-2.age",
        "pledge-2026-11-21-3.age",
    ] {
        let made = backup(&world.data(), day, &folder).await.unwrap();
        assert_eq!(made.file_name().unwrap(), name);
    }
    // The half of today was written over, the old one goes with its day, and all of a day go together.
    assert!(!folder.join("pledge-2026-11-21.age.part").exists());
    assert_eq!(purge_backups(&folder, day).unwrap(), 1);
    assert_eq!(purge_backups(&folder, BACKUP.ends(day)).unwrap(), 3);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[tokio::test]
async fn old_backups_go_and_what_was_deleted_does_not_come_back() {
    let world = World::new().await;
    world.send("Gonemarker in the view.", "yes", "").await;
    let id = world.newest().await;
    let desk = world.desk("Cat", Role::Coordinator).await;
    desk.act(&id, "close", &[("reason", "settled"), ("text", "Done.")])
        .await;
    let closed = world.clock.today();
    let folder = world.folder.path().join("backups");
    std::fs::create_dir(&folder).unwrap();
    // The last backup that still has the words in it.
    world.clock.forward(i64::from(VIEW.days - 1) * DAY);
    let made = backup(&world.data(), world.clock.today(), &folder)
        .await
        .unwrap();
    world.clock.forward(DAY);
    assert_eq!(world.clock.today(), VIEW.ends(closed));

    // Restored on the day the words go: they do not come back, in no file.
    let data = world.folder.path().join("restored");
    let restored = restore(&made, &world.recovery, &data, &*world.clock, &Marks::new())
        .await
        .unwrap();
    assert_eq!(restored.purged.views, 1);
    let store = SqliteStore::open(&data.join(DATABASE)).await.unwrap();
    let bodies = store.bodies(&id).await.unwrap();
    assert!(bodies.iter().all(|body| body.kind != TextKind::View));
    store.close().await;
    let sealed = world.store.bodies(&id).await.unwrap();
    let sealed = sealed
        .iter()
        .find(|body| body.kind == TextKind::View)
        .unwrap();
    assert_eq!(count(&every_byte(&data), &sealed.sealed[200..]), 0);
    // The control: those bytes are in the database that was not purged.
    assert!(count(&world.every_byte(), &sealed.sealed[200..264]) > 0);

    // 35 days later the backup itself is gone; other files stay.
    std::fs::write(folder.join("notes.txt"), "ours").unwrap();
    std::fs::write(folder.join("pledge-soon.age"), "not a day").unwrap();
    let made_on = closed.plus_days(VIEW.days - 1);
    assert_eq!(
        purge_backups(&folder, BACKUP.ends(made_on).plus_days(-1)).unwrap(),
        0
    );
    assert!(made.exists());
    assert_eq!(purge_backups(&folder, BACKUP.ends(made_on)).unwrap(), 1);
    assert!(!made.exists());
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2);
}

#[tokio::test]
async fn what_was_taken_back_after_a_backup_does_not_come_back_with_it() {
    let world = World::new().await;
    let words = world.send("Takenmarker in the view.", "yes", "").await;
    let taken = world.newest().await;
    world.send("Keptmarker in the view.", "yes", "").await;
    let kept = world.newest().await;
    let folder = world.folder.path().join("backups");
    std::fs::create_dir(&folder).unwrap();
    let made = backup(&world.data(), world.clock.today(), &folder)
        .await
        .unwrap();
    let sealed = world.store.bodies(&taken).await.unwrap().remove(0).sealed;
    world.clock.forward(DAY);
    let page = world.post("/follow", &[("words", &words)]).await;
    let handle = page.hidden("handle");
    let gone = [("handle", handle.as_str()), ("act", "withdraw-sure")];
    assert_eq!(world.post("/follow", &gone).await.status, 200);
    assert!(world.store.bodies(&taken).await.unwrap().is_empty());
    let list = world.data().join(withdrawals::FILE);
    let marks = withdrawals::read_marks(&list).unwrap();
    assert_eq!(
        marks.get(&withdrawals::mark_of(&taken)),
        Some(&world.clock.today())
    );
    assert_eq!(marks.len(), 1);

    let data = world.folder.path().join("restored");
    let restored = restore(&made, &world.recovery, &data, &*world.clock, &marks)
        .await
        .unwrap();
    assert_eq!((restored.views, restored.taken_back), (2, 1));
    let store = SqliteStore::open(&data.join(DATABASE)).await.unwrap();
    assert!(store.bodies(&taken).await.unwrap().is_empty());
    assert!(!store.bodies(&kept).await.unwrap().is_empty());
    let row = store.view(&taken).await.unwrap();
    assert_eq!(row, world.store.view(&taken).await.unwrap());
    store.close().await;
    assert_eq!(count(&every_byte(&data), &sealed[200..]), 0);
    // It goes along, for the next restore.
    assert_eq!(
        withdrawals::read_marks(&data.join(withdrawals::FILE)).unwrap(),
        marks
    );

    // The control: without the list it is there again.
    let data = world.folder.path().join("without");
    let restored = restore(&made, &world.recovery, &data, &*world.clock, &Marks::new())
        .await
        .unwrap();
    assert_eq!(restored.taken_back, 0);
    assert!(count(&every_byte(&data), &sealed[200..264]) > 0);
}

#[tokio::test]
async fn the_stock_commands_open_a_backup_and_ours_do_the_whole_round() {
    let world = World::new().await;
    world.send("Stockmarker.", "yes", "").await;
    let key = world.folder.path().join("recovery.txt");
    std::fs::write(&key, world.recovery.as_text()).unwrap();
    let file = world.folder.path().join("out.age");
    let pledge = |args: &[&str], path: &Path, data: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pledge"));
        command.args(args).arg(path).arg("--recovery-key").arg(&key);
        command.arg("--data").arg(data).output().unwrap()
    };
    let made = pledge(&["backup", "--to"], &file, &world.data());
    assert!(made.status.success(), "{made:?}");
    let mut age = Command::new("age")
        .args(["--decrypt", "--identity"])
        .arg(&key)
        .arg(&file)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the stock `age` command is needed for this test: apt-get install age");
    let tar = Command::new("tar")
        .arg("--list")
        .stdin(age.stdout.take().unwrap())
        .output()
        .unwrap();
    assert!(age.wait().unwrap().success());
    assert_eq!(
        String::from_utf8(tar.stdout).unwrap(),
        "list.json\nserver-keys.json\npledge.sqlite\n"
    );
    let data = world.folder.path().join("again");
    let list = world.data().join(withdrawals::FILE);
    let lost = world.folder.path().join("lost.txt");
    let (list, lost) = (list.to_str().unwrap(), lost.to_str().unwrap());
    // The list is left out only by saying so.
    for (code, args) in [
        (2, vec!["restore", "--from"]),
        (
            2,
            vec!["restore", "--without-list", "--taken-back", list, "--from"],
        ),
        (1, vec!["restore", "--taken-back", lost, "--from"]),
    ] {
        let refused = pledge(&args, &file, &data);
        assert_eq!(refused.status.code(), Some(code), "{args:?}");
        assert!(!data.join(DATABASE).exists());
    }
    let restored = pledge(&["restore", "--taken-back", list, "--from"], &file, &data);
    assert!(restored.status.success(), "{restored:?}");
    assert!(String::from_utf8_lossy(&restored.stdout).contains("1 views, whole"));
    let other = world.folder.path().join("other");
    let without = |typed: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pledge"));
        command
            .args(["restore", "--without-list", "--from"])
            .arg(&file);
        command
            .arg("--recovery-key")
            .arg(&key)
            .arg("--data")
            .arg(&other);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        // A command that has read enough may be gone already.
        let _ = input.write_all(typed.as_bytes());
        drop(input);
        child.wait_with_output().unwrap()
    };
    // It says what is risked, and does nothing until that was typed.
    for typed in ["", "\n", "yes\n", "without the list\n"] {
        let refused = without(typed);
        assert_eq!(refused.status.code(), Some(1), "{typed}");
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        for risk in ["took back since", "removed or suspended since", "Passwords"] {
            assert!(said.contains(risk), "{said}");
        }
        assert!(said.contains("Nothing was changed"), "{said}");
        assert!(!other.join(DATABASE).exists());
    }
    let done = without("WITHOUT THE LIST\n");
    assert!(done.status.success(), "{done:?}");
    assert!(String::from_utf8_lossy(&done.stdout).contains("have to be believed"));
}

/// A database as the program of this version left it, with a view in it. The migrations are read from their folder, so a
/// new one is tried without another line here.
async fn old_database(file: &Path, version: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/store-sqlite/migrations");
    let mut migrations: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    migrations.sort();
    let options = SqliteConnectOptions::new().filename(file);
    let mut db = options.create_if_missing(true).connect().await.unwrap();
    let mut all =
        "CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY) STRICT;".to_owned();
    for (number, migration) in (1..=version).zip(&migrations) {
        all += &std::fs::read_to_string(migration).unwrap();
        all += &format!(";\nINSERT INTO schema_version VALUES ({number});\n");
    }
    all += "INSERT INTO setting VALUES ('recovery', 'age1recovery');
            INSERT INTO view (id, tag, recipient, day, topic, language, state, lane, unread, since, has_identity, meeting, version)
            VALUES ('view-1', randomblob(32), 'age1sender', '2026-11-01', 'home', 'en', 'received', 'ordinary', 1, '2026-11-01', 0,
                    NULL, 0);";
    sqlx::raw_sql(AssertSqlSafe(all))
        .execute(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
}

/// Seals a database as a backup of its time.
fn sealed(world: &World, folder: &Path, database: &Path, rows: &BTreeMap<String, i64>) -> PathBuf {
    let list = folder.join("list.json");
    let text = serde_json::json!({ "day": "2026-11-20", "rows": rows });
    std::fs::write(&list, text.to_string()).unwrap();
    let keys = world.data().join(server_keys::FILE);
    let files = [
        ("list.json", list.as_path()),
        (server_keys::FILE, keys.as_path()),
        (DATABASE, database),
    ];
    let to = world.recovery.recipient().unwrap();
    let backup = folder.join("old.age");
    backup_archive::seal_files(&backup, &to, &files).unwrap();
    backup
}

#[tokio::test]
async fn a_backup_of_every_older_version_comes_back() {
    let world = World::new().await;
    let newest = std::fs::read_dir(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/store-sqlite/migrations"),
    );
    let newest = newest.unwrap().count();
    assert!(newest > 10, "{newest}");
    for version in 1..=newest {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(DATABASE);
        old_database(&file, version).await;
        let before = count_rows(&file).await.unwrap();
        let backup = sealed(&world, folder.path(), &file, &before);
        let data = folder.path().join("restored");
        let restored = restore(
            &backup,
            &world.recovery,
            &data,
            &*world.clock,
            &Marks::new(),
        )
        .await;
        let restored = restored.unwrap_or_else(|error| panic!("version {version}: {error}"));
        assert_eq!(restored.views, 1, "version {version}");
        let store = SqliteStore::open(&data.join(DATABASE)).await.unwrap();
        assert!(
            store.view("view-1").await.unwrap().is_some(),
            "version {version}"
        );
        // The control: what the migration makes of it does not fit the list, so the order of the two decides.
        drop(SqliteStore::open(&file).await.unwrap());
        let is_same = count_rows(&file).await.unwrap() == before;
        assert_eq!(is_same, version == newest, "version {version}");
    }
    // A backup that lacks a row of its list is still refused.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(DATABASE);
    old_database(&file, newest).await;
    let mut counted = count_rows(&file).await.unwrap();
    counted
        .entry("view".to_owned())
        .and_modify(|rows| *rows += 1);
    let backup = sealed(&world, folder.path(), &file, &counted);
    let data = folder.path().join("restored");
    let refused = restore(
        &backup,
        &world.recovery,
        &data,
        &*world.clock,
        &Marks::new(),
    )
    .await;
    assert!(refused.unwrap_err().to_string().contains("does not fit"));
}

#[tokio::test]
async fn a_view_whose_withdrawal_was_not_done_is_not_on_the_list() {
    let world = World::new().await;
    let words = world.send("I want to stay.", "yes", "").await;
    let id = world.newest().await;
    let list = world.data().join(withdrawals::FILE);
    let marked = || {
        withdrawals::read_marks(&list)
            .unwrap()
            .contains_key(&withdrawals::mark_of(&id))
    };
    let opened = world.site.pledge.open_by_words(&words, None).await.unwrap();
    let service::thread::OpenedByWords::View(visit) = opened else {
        panic!("the words open their view");
    };
    let held = world.hold_database().await;
    assert!(world.site.pledge.withdraw(&visit).await.is_err());
    held.close().await.unwrap();
    assert!(!marked());
    assert_ne!(world.store_state(&id).await, State::Withdrawn);
    // The control: one that was done is.
    world.site.pledge.withdraw(&visit).await.unwrap();
    assert!(marked());
    assert_eq!(world.store_state(&id).await, State::Withdrawn);
    // And it stays, when the same is asked once more and refused.
    assert!(world.site.pledge.withdraw(&visit).await.is_err());
    assert!(marked());
}

#[tokio::test]
async fn people_who_were_removed_or_suspended_after_a_backup_stay_out() {
    let world = World::new().await;
    let admin = world.desk("Fay", Role::Admin).await;
    world.desk("Sam", Role::Safety).await;
    world.desk("Dee", Role::Safety).await;
    world.desk("Eve", Role::Safety).await;
    world.desk("Sue", Role::Speakerbox).await;
    let id = async |name: &str| world.store.staff_by_name(name).await.unwrap().unwrap().id;
    let (dee, eve) = (id("Dee").await, id("Eve").await);
    let folder = world.folder.path().join("backups");
    std::fs::create_dir(&folder).unwrap();
    let today = world.clock.today();
    let made = backup(&world.data(), today, &folder).await.unwrap();
    let list = world.data().join(withdrawals::FILE);
    let known = withdrawals::read_marks(&list).unwrap().len();
    let session = admin.desk().await;
    let pledge = &world.site.pledge;
    let proof = pledge
        .prove(&session, &own_password("Fay"))
        .await
        .unwrap()
        .unwrap();
    pledge.remove(&session, &proof, &dee, false).await.unwrap();
    pledge
        .suspend(&session, &proof, &eve, true, false)
        .await
        .unwrap();
    let generation = |rows: &[RoleKeyRow]| {
        let safety = rows.iter().filter(|row| row.key == RoleKey::Safety);
        safety.map(|row| row.generation).max().unwrap()
    };
    let marks = withdrawals::read_marks(&list).unwrap();
    assert_eq!(marks.len(), known + 2);

    let data = world.folder.path().join("restored");
    let clock = &*world.clock;
    let restored = restore(&made, &world.recovery, &data, clock, &marks)
        .await
        .unwrap();
    let people = restored.people;
    assert_eq!((people.removed, people.suspended, people.ended), (1, 1, 0));
    let store = SqliteStore::open(&data.join(DATABASE)).await.unwrap();
    assert!(store.staff_by_name("Dee").await.unwrap().is_none());
    assert!(store.staff_by_name("Eve").await.unwrap().unwrap().suspended);
    assert!(!store.staff_by_name("Sam").await.unwrap().unwrap().suspended);
    // What is sent from now on is sealed to keys that the removed person never held, and those who stay hold them.
    let keys = store.role_keys().await.unwrap();
    assert_eq!(generation(&keys), 2);
    let held = store.grants(&id("Sam").await).await.unwrap();
    assert!(
        held.iter()
            .any(|grant| grant.key == RoleKey::Safety && grant.generation == 2)
    );
    let held = store.grants(&eve).await.unwrap();
    assert!(held.iter().all(|grant| grant.generation == 1));
    // Every session has ended, and the log says what was done.
    for name in ["Fay", "Sam", "Sue"] {
        assert_eq!(
            store.sessions_of(&id(name).await).await.unwrap(),
            [],
            "{name}"
        );
    }
    let entries = store.audit_after(0, 10_000).await.unwrap();
    let done: Vec<&str> = entries
        .iter()
        .rev()
        .map(|row| row.action.as_str())
        .filter(|action| *action != "purge")
        .take(3)
        .collect();
    assert_eq!(done, ["remove", "suspend", "backup-restored"]);
    store.close().await;

    // The control: without the list both are back, with the keys of then.
    let data = world.folder.path().join("without");
    let none = Marks::new();
    let restored = restore(&made, &world.recovery, &data, clock, &none)
        .await
        .unwrap();
    assert_eq!(restored.people, Default::default());
    let store = SqliteStore::open(&data.join(DATABASE)).await.unwrap();
    assert!(store.staff_by_name("Dee").await.unwrap().is_some());
    assert!(!store.staff_by_name("Eve").await.unwrap().unwrap().suspended);
    assert_eq!(generation(&store.role_keys().await.unwrap()), 1);
    store.close().await;

    // Somebody who was let back in is not on the list any more.
    pledge
        .suspend(&session, &proof, &eve, false, false)
        .await
        .unwrap();
    assert_eq!(withdrawals::read_marks(&list).unwrap().len(), known + 1);
}
