//! The SQLite file: whose it is, what is refused, and what stays in it.

use crate::backend::{DISK, runtime};
use crate::rows::{Desk, act, body, event, get, meeting, outcome, person, release, sent, view};
use domain::audience::TextKind;
use domain::lifecycle::State;
use domain::role::Role;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Change, Changed, EventRow, NewView, Sent, Store, StoreError};
use store_sqlite::SqliteStore;
use tempfile::TempDir;

pub fn place() -> (TempDir, PathBuf) {
    let folder = TempDir::new_in(DISK).unwrap();
    let path = folder.path().join("pledge.db");
    (folder, path)
}

async fn raw(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .connect()
        .await
        .unwrap()
}

async fn run(db: &mut SqliteConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(db)
        .await
        .unwrap();
}

fn log_of(path: &Path) -> PathBuf {
    path.with_extension("db-wal")
}

/// Every file in the folder with its bytes.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

/// Every `<<marker>>` in the files of the folder.
fn markers(folder: &Path) -> HashSet<String> {
    let mut found = HashSet::new();
    for (_, bytes) in files(folder) {
        let mut rest = bytes.as_slice();
        while let Some(begin) = rest.iter().position(|byte| *byte == b'<') {
            rest = &rest[begin + 1..];
            let end = rest.iter().take(60).position(|byte| *byte == b'>');
            if let (Some(b'<'), Some(end)) = (rest.first(), end) {
                found.insert(String::from_utf8_lossy(&rest[1..end]).into_owned());
            }
        }
    }
    found
}

async fn refusal(path: &Path) -> String {
    match SqliteStore::open(path).await {
        Err(StoreError::CannotOpen(sentence)) => {
            assert!(
                sentence.contains(path.to_str().unwrap()),
                "names the file: {sentence}"
            );
            assert!(
                sentence.ends_with('.') && sentence.contains(' '),
                "is a sentence: {sentence}"
            );
            sentence
        }
        Err(other) => panic!("refused, but with {other:?}"),
        Ok(_) => panic!("not refused"),
    }
}

#[test]
fn is_for_its_owner_alone() {
    runtime().block_on(async {
        let (folder, path) = place();
        let store = SqliteStore::open(&path).await.unwrap();
        store.send(view(1)).await.unwrap();
        assert_eq!(store.views().await.unwrap().len(), 1);
        assert!(log_of(&path).exists());
        for (file, _) in files(folder.path()) {
            assert_eq!(
                fs::metadata(&file).unwrap().permissions().mode() & 0o777,
                0o600,
                "{}",
                file.display()
            );
        }
        store.close().await;
        assert_eq!(files(folder.path()).len(), 1, "closing leaves one file");
    });
}

#[test]
fn closing_writes_what_waits_and_refuses_more() {
    runtime().block_on(async {
        let (_folder, path) = place();
        let store = Arc::new(SqliteStore::open(&path).await.unwrap());
        let sends: Vec<_> = (0..50)
            .map(|n| {
                let store = Arc::clone(&store);
                tokio::spawn(async move { store.send(view(n)).await })
            })
            .collect();
        tokio::task::yield_now().await;
        store.close().await;
        store.close().await;
        let mut acknowledged = 0;
        for send in sends {
            acknowledged += usize::from(send.await.unwrap().is_ok());
        }
        assert!(matches!(
            store.send(view(99)).await,
            Err(StoreError::NotSaved(_))
        ));
        assert!(matches!(
            store.views().await,
            Err(StoreError::Unreadable(_))
        ));
        assert!(!store.broken(), "an orderly end is no failure");
        let store = SqliteStore::open(&path).await.unwrap();
        assert_eq!(store.views().await.unwrap().len(), acknowledged);
    });
}

#[test]
fn that_is_no_database_is_refused_and_left_alone() {
    runtime().block_on(async {
        for wrong in [
            &b"Dear diary"[..],
            b"x",
            &[0; 5_000],
            &b"SQLite format 3\0"[..],
            b"SQLite format 3\0 but not",
        ] {
            let (folder, path) = place();
            fs::write(&path, wrong).unwrap();
            refusal(&path).await;
            assert_eq!(files(folder.path()), [(path, wrong.to_vec())]);
        }
        // Control: an empty file is taken as new.
        let (_folder, path) = place();
        fs::write(&path, b"").unwrap();
        SqliteStore::open(&path).await.unwrap();
    });
}

#[test]
fn of_another_program_is_refused_and_left_alone() {
    runtime().block_on(async {
        let (folder, path) = place();
        let mut db = raw(&path).await;
        run(&mut db, "CREATE TABLE view (id TEXT)").await;
        db.close().await.unwrap();
        let before = files(folder.path());
        assert!(refusal(&path).await.contains("another program"));
        assert_eq!(files(folder.path()), before);
    });
}

#[test]
fn of_a_newer_program_is_refused_and_left_alone() {
    runtime().block_on(async {
        let (folder, path) = place();
        SqliteStore::open(&path).await.unwrap().close().await;
        let mut db = raw(&path).await;
        run(
            &mut db,
            "INSERT INTO schema_version (version) VALUES (1000)",
        )
        .await;
        db.close().await.unwrap();
        let before = files(folder.path());
        let sentence = refusal(&path).await;
        assert!(
            sentence.contains("newer") && sentence.contains("1000"),
            "{sentence}"
        );
        assert_eq!(files(folder.path()), before);
    });
}

#[test]
fn that_is_damaged_is_refused_and_left_alone() {
    runtime().block_on(async {
        let (folder, path) = place();
        let store = SqliteStore::open(&path).await.unwrap();
        for n in 0..50 {
            store.send(view(n)).await.unwrap();
        }
        store.close().await;
        // Control: it opens as it is.
        SqliteStore::open(&path).await.unwrap().close().await;
        let whole = fs::read(&path).unwrap();
        let mut torn = whole.clone();
        for page in torn.chunks_mut(4_096).skip(3) {
            page[..200].fill(0xEE);
        }
        for wrong in [torn, whole[..whole.len() / 2].to_vec()] {
            fs::write(&path, &wrong).unwrap();
            assert!(refusal(&path).await.contains("damaged"));
            assert_eq!(fs::read(&path).unwrap(), wrong);
            assert_eq!(files(folder.path()).len(), 1);
        }
    });
}

#[test]
fn in_which_something_was_planted_is_refused_and_left_alone() {
    runtime().block_on(async {
        let (folder, path) = place();
        let store = SqliteStore::open(&path).await.unwrap();
        store.send(view(1)).await.unwrap();
        store.close().await;
        for (name, plant, mend) in [
            (
                "spy",
                "CREATE TRIGGER spy AFTER DELETE ON body BEGIN UPDATE view SET topic = 'home'; END",
                "DROP TRIGGER spy",
            ),
            ("other", "CREATE TABLE other (id TEXT)", "DROP TABLE other"),
            (
                "everything",
                "CREATE VIEW everything AS SELECT * FROM body",
                "DROP VIEW everything",
            ),
            (
                "body_by_view",
                "DROP INDEX body_by_view",
                "CREATE INDEX body_by_view ON body (view, id)",
            ),
        ] {
            let mut db = raw(&path).await;
            run(&mut db, plant).await;
            db.close().await.unwrap();
            let before = files(folder.path());
            let sentence = refusal(&path).await;
            assert!(sentence.contains(&format!("`{name}`")), "{sentence}");
            assert_eq!(files(folder.path()), before);
            // Control: without it, it opens.
            let mut db = raw(&path).await;
            run(&mut db, mend).await;
            db.close().await.unwrap();
            let store = SqliteStore::open(&path).await.unwrap();
            assert_eq!(store.views().await.unwrap().len(), 1);
            store.close().await;
        }
    });
}

#[test]
fn that_is_missing_beside_its_log_is_refused_and_the_log_left_alone() {
    runtime().block_on(async {
        let (folder, path) = place();
        let store = SqliteStore::open(&path).await.unwrap();
        store.send(view(1)).await.unwrap();
        let log = fs::read(log_of(&path)).unwrap();
        store.close().await;
        fs::remove_file(&path).unwrap();
        fs::write(log_of(&path), &log).unwrap();
        assert!(refusal(&path).await.contains("log"));
        assert_eq!(files(folder.path()), [(log_of(&path), log)]);
    });
}

#[test]
fn in_no_folder_is_refused() {
    runtime().block_on(async {
        let (_folder, path) = place();
        refusal(&path.join("nowhere").join("pledge.db")).await;
    });
}

#[test]
fn with_unknown_words_is_reported_never_guessed() {
    runtime().block_on(async {
        let (_folder, path) = place();
        let store = SqliteStore::open(&path).await.unwrap();
        let first = sent(&store, 1).await;
        assert!(
            store
                .desk()
                .add_staff(person("1", "ana", Role::Safety), Vec::new())
                .await
                .unwrap()
        );
        let publish = release(&store, &first, outcome("x", State::Done)).await;
        assert_eq!(store.desk().change(publish).await.unwrap(), Changed::Done);
        store
            .desk()
            .add_meeting(meeting("m", "2026-12-01"))
            .await
            .unwrap();
        let mut db = raw(&path).await;
        run(&mut db, "PRAGMA ignore_check_constraints = ON").await;

        for (table, column, wrong) in [
            ("view", "state", "'flying'"),
            ("view", "lane", "''"),
            ("view", "topic", "'HOME'"),
            ("view", "day", "'2026-02-30'"),
            ("view", "since", "'yesterday'"),
            ("view", "unread", "2"),
            ("body", "kind", "'poem'"),
            ("body", "writer", "'king'"),
            ("body", "generation", "-1"),
            ("body", "generation", "4294967296"),
            ("event", "action", "'no-such-act'"),
            ("event", "role", "'king'"),
            ("event", "reason", "'because'"),
            ("staff", "role", "'king'"),
            ("staff", "salt", "x'00'"),
            ("staff", "must_change", "7"),
            ("outcome", "state", "'flying'"),
            ("outcome", "due", "'soon'"),
            ("outcome", "kind", "'maybe'"),
            ("view", "public", "'half'"),
            ("meeting", "day", "'2200-01-01'"),
        ] {
            run(
                &mut db,
                &format!("CREATE TABLE kept AS SELECT rowid AS n, {column} AS v FROM {table}"),
            )
            .await;
            run(&mut db, &format!("UPDATE {table} SET {column} = {wrong}")).await;
            // A list leaves the row out, and it is named; asked for alone, it is an error.
            let listed = match table {
                "view" => store.views().await.unwrap().len(),
                "body" => store.bodies(&first.id).await.unwrap().len(),
                "event" => store.events(&first.id).await.unwrap().len(),
                "staff" => store.all_staff().await.unwrap().len(),
                "outcome" => store.outcomes().await.unwrap().len(),
                _ => store.meetings().await.unwrap().len(),
            };
            assert_eq!(listed, 0, "{table} {column}");
            let named = store.damaged_rows().await.unwrap();
            assert!(!named.is_empty() && named.iter().all(|(named, _)| *named == table));
            let alone = match table {
                "view" => store.view(&first.id).await.map(drop),
                "staff" => store.staff_by_name("ana").await.map(drop),
                "meeting" => store.meeting("m").await.map(drop),
                _ => Err(StoreError::Damaged(table)),
            };
            assert!(matches!(alone, Err(StoreError::Damaged(what)) if what == table));
            run(
                &mut db,
                &format!(
                    "UPDATE {table} SET {column} = (SELECT v FROM kept WHERE n = {table}.rowid)"
                ),
            )
            .await;
            run(&mut db, "DROP TABLE kept").await;
        }
        // Control: put back, everything is read again.
        assert_eq!(store.views().await.unwrap().len(), 1);
        assert_eq!(store.bodies(&first.id).await.unwrap().len(), 2);
        assert!(store.staff_by_name("ana").await.unwrap().is_some());
        assert_eq!(store.damaged_rows().await.unwrap(), []);
    });
}

#[test]
fn keeps_nothing_of_an_erased_text() {
    runtime().block_on(async {
        let (folder, path) = place();
        let store = SqliteStore::open(&path).await.unwrap();
        let what = ["TEXT", "END", "RECEIPT", "NAME", "REPLY", "STAFF"];
        let marker = |n: u64, what: &str| format!("{what}-{n}");
        let marked = |n: u64, what: &str| format!("<<{what}-{n}>>");
        // Short texts, ones that nearly fill a page and ones that spill over many, side by side.
        for n in 0..60 {
            let fill = "x".repeat([0, 3_000, 20_000][(n % 3) as usize]);
            let text = format!("{}{fill}{}", marked(n, "TEXT"), marked(n, "END"));
            let new = NewView {
                recipient: marked(n, "RECEIPT"),
                bodies: vec![
                    body(TextKind::View, text),
                    body(TextKind::Identity, marked(n, "NAME")),
                ],
                ..view(n)
            };
            assert_eq!(store.send(new).await.unwrap(), Sent::Stored);
        }
        for n in 0..60 {
            let reply = Change {
                body: Some(body(TextKind::Reply, marked(n, "REPLY"))),
                event: EventRow {
                    staff: Some(marked(n, "STAFF")),
                    ..event("reply")
                },
                ..act(&get(&store, n).await, "")
            };
            assert_eq!(store.desk().change(reply).await.unwrap(), Changed::Done);
        }
        let mut kept: HashSet<String> = (0..60)
            .flat_map(|n| what.map(|what| marker(n, what)))
            .collect();
        assert_eq!(
            markers(folder.path()),
            kept,
            "control: everything is found before"
        );
        for n in (0..60).step_by(2) {
            let away = Change {
                erase: true,
                ..act(&get(&store, n).await, "withdraw")
            };
            assert_eq!(store.desk().change(away).await.unwrap(), Changed::Done);
            for what in what {
                kept.remove(&marker(n, what));
            }
            assert_eq!(
                fs::metadata(log_of(&path)).unwrap().len(),
                0,
                "the log is empty when it is answered"
            );
            assert_eq!(markers(folder.path()), kept, "after erasing {n}");
        }
        store.close().await;
        assert_eq!(markers(folder.path()), kept);
    });
}

#[test]
fn is_wiped_later_when_somebody_reads_it_meanwhile() {
    runtime().block_on(async {
        let (folder, path) = place();
        let store = SqliteStore::open(&path).await.unwrap();
        store
            .send(NewView {
                bodies: vec![body(TextKind::View, "<<TEXT>>")],
                ..view(1)
            })
            .await
            .unwrap();
        let mut reader = raw(&path).await;
        run(&mut reader, "BEGIN; SELECT count(*) FROM view").await;

        let begun = Instant::now();
        let away = Change {
            erase: true,
            ..act(&get(&store, 1).await, "withdraw")
        };
        assert_eq!(store.desk().change(away).await.unwrap(), Changed::Done);
        store.send(view(2)).await.unwrap();
        assert!(
            begun.elapsed() < Duration::from_secs(1),
            "a reader holds nobody up: {:?}",
            begun.elapsed()
        );
        assert!(
            markers(folder.path()).contains("TEXT"),
            "control: the reader still needs it"
        );

        run(&mut reader, "COMMIT").await;
        while markers(folder.path()).contains("TEXT") {
            assert!(begun.elapsed() < Duration::from_secs(10), "never wiped");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(store.views().await.unwrap().len(), 1);
    });
}

#[test]
fn does_not_grow_a_log_without_end() {
    runtime().block_on(async {
        let (_folder, path) = place();
        let store = SqliteStore::open(&path).await.unwrap();
        for n in 0..600 {
            let text = body(TextKind::View, vec![1; 20_000]);
            store
                .send(NewView {
                    bodies: vec![text],
                    ..view(n)
                })
                .await
                .unwrap();
        }
        let (log, file) = (
            fs::metadata(log_of(&path)).unwrap().len(),
            fs::metadata(&path).unwrap().len(),
        );
        assert!(
            file > 10_000_000 && log < 6_000_000,
            "file {file}, log {log}"
        );
    });
}
