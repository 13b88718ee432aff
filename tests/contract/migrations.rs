//! A database of every older version, with rows in each of its tables, opened by this program: every row is still there,
//! and every row can be read.
//!
//! The migrations are read from their folder, so a new one is tried on old data without another line here; a table that
//! comes with one needs its row in [`OLD_ROWS`], or the test is red.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use domain::publication::Publicity;
use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use store::{Store, StoreError};
use store_sqlite::SqliteStore;
use tempfile::TempDir;

/// The list of applied migrations, as every version made it.
const VERSIONS: &str =
    "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY) STRICT";

/// The migration that made the tables of who is on call.
const ON_CALL: i64 = 16;

/// Rows as a program of that version wrote them: the migration that made the table, and the statement. They name only the
/// columns that the table had then.
const OLD_ROWS: [(i64, &str); 24] = [
    (1, "INSERT INTO setting VALUES ('recovery', 'age1recovery')"),
    (1, "INSERT INTO role_key VALUES ('speakerbox', 1, 'age1role', x'01')"),
    (
        1,
        "INSERT INTO staff (id, name, role, recipient, salt, wrapped, must_change)
         VALUES ('staff-1', 'Ada', 'coordinator', 'age1ada', zeroblob(16), x'02', 0)",
    ),
    (1, "INSERT INTO grant_of_key VALUES ('staff-1', 'speakerbox', 1, x'03')"),
    (
        1,
        "INSERT INTO session (hash, staff, wrapped, began, seen)
         VALUES (zeroblob(32), 'staff-1', x'04', 1795000000, 1795000001)",
    ),
    (1, "INSERT INTO meeting (id, day, title) VALUES ('meeting-1', '2026-10-01', 'Autumn')"),
    (
        1,
        "INSERT INTO view (id, tag, recipient, day, topic, language, state, lane, unread, since, has_identity, meeting, version)
         VALUES ('view-1', randomblob(32), 'age1sender', '2026-09-01', 'home', 'en', 'published', 'ordinary', 0, '2026-09-02', 1,
                 'meeting-1', 4),
                ('view-2', randomblob(32), 'age1other', '2026-09-03', 'school', 'es', 'received', 'waiting', 1, '2026-09-03', 0,
                 NULL, 0),
                ('view-3', randomblob(32), 'age1third', '2026-09-04', 'home', 'en', 'received', 'taken', 0, '2026-09-05', 0,
                 NULL, 2)",
    ),
    (
        1,
        "INSERT INTO body (view, kind, day, generation, writer, sealed)
         VALUES ('view-1', 'view', '2026-09-01', 1, NULL, x'0506'),
                ('view-1', 'answer', '2026-09-05', 1, 'speakerbox', x'07')",
    ),
    (
        1,
        "INSERT INTO event (view, day, action, role, staff, body, reason, meeting)
         VALUES ('view-1', '2026-09-01', 'sent', NULL, NULL, 1, NULL, NULL),
                ('view-1', '2026-09-05', 'reply', 'speakerbox', 'staff-1', 2, NULL, NULL),
                ('view-2', '2026-09-03', 'sent', NULL, NULL, NULL, NULL, NULL)",
    ),
    (
        1,
        "INSERT INTO outcome (view, topic, said, decided, owner, due, meeting_day, published, state)
         VALUES ('view-1', 'home', 'Said.', 'Decided.', 'Housing', '2027-01-01', '2026-10-01', '2026-10-02', 'published')",
    ),
    (2, "INSERT INTO recovery_code VALUES ('staff-1', zeroblob(32))"),
    (2, "INSERT INTO invitation VALUES ('staff-1', zeroblob(32), 1796000000)"),
    (3, "INSERT INTO alert (view, kind, since) VALUES ('view-2', 'sent', 1795000500)"),
    (
        4,
        "INSERT INTO audit VALUES (1, 1795000000, 'staff-1', 'coordinator', 'open', 'view-1', 'done', 0, zeroblob(32), zeroblob(32))",
    ),
    (4, "INSERT INTO checkpoint VALUES (1, '2026-10-01', zeroblob(32), 'note', 1, 0)"),
    (
        5,
        "INSERT INTO figure (indicator, period, number, source, source_day, reason, entered)
         VALUES ('visits', '2026', 905, 'Report', '2026-05-01', '', '2026-06-01')",
    ),
    (
        6,
        "INSERT INTO word_draft (file, over, text, writer, day) VALUES ('en/pages/money.md', 1, 'Draft.', 'staff-1', '2026-10-01')",
    ),
    (
        6,
        "INSERT INTO word_version (file, text, writer, written, publisher, published, given)
         VALUES ('en/pages/money.md', 'Words.', 'staff-1', '2026-09-01', 'staff-2', '2026-09-02', zeroblob(32))",
    ),
    (8, "INSERT INTO kept_away VALUES ('view-1', 'staff-1')"),
    (
        9,
        "INSERT INTO event (view, day, action, role, staff, service, service_day)
         VALUES ('view-3', '2026-09-06', 'hand-over', 'safety', 'staff-1', 'police', '2026-09-06')",
    ),
    (11, "INSERT INTO use_of_page VALUES ('2026-09-01', '/rights', 12)"),
    (ON_CALL, "INSERT INTO on_call VALUES ('turn-1', '2026-12-01', '2026-12-07', 'staff-1', 1)"),
    (ON_CALL, "INSERT INTO alert_address VALUES ('staff-1', x'08')"),
    (ON_CALL, "INSERT INTO drill (began, ended, ended_by) VALUES (1795000000, 1795000300, 'staff-1')"),
];

/// What a migration changes in old rows on purpose: the first version that has it, the table and column.
const CHANGED_ON_PURPOSE: [(i64, &str, &str); 2] = [(10, "view", "lane"), (13, "view", "lane")];

type Rows = BTreeMap<String, BTreeSet<String>>;

fn migrations() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/store-sqlite/migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect()
}

async fn connect(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .foreign_keys(true)
        .connect()
        .await
        .unwrap()
}

/// A database as the program of this version left it.
async fn old_database(file: &Path, version: i64, migrations: &[String]) -> SqliteConnection {
    let mut db = connect(file).await;
    sqlx::raw_sql(VERSIONS).execute(&mut db).await.unwrap();
    for (number, sql) in (1..=version).zip(migrations) {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.as_str()))
            .execute(&mut db)
            .await
            .unwrap();
        sqlx::query("INSERT INTO schema_version (version) VALUES ($1)")
            .bind(number)
            .execute(&mut db)
            .await
            .unwrap();
    }
    for (_, sql) in OLD_ROWS.iter().filter(|(since, _)| *since <= version) {
        sqlx::raw_sql(*sql).execute(&mut db).await.unwrap();
    }
    db
}

/// The columns of every table of ours.
async fn columns(db: &mut SqliteConnection) -> BTreeMap<String, Vec<String>> {
    let rows = sqlx::query(
        "SELECT t.name, c.name FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'schema_version' ORDER BY t.name, c.cid",
    )
    .fetch_all(db)
    .await
    .unwrap();
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        columns.entry(row.get(0)).or_default().push(row.get(1));
    }
    columns
}

/// Every row of these columns, as text.
async fn rows(db: &mut SqliteConnection, columns: &BTreeMap<String, Vec<String>>) -> Rows {
    let mut all = Rows::new();
    for (table, names) in columns {
        let quoted: Vec<String> = names.iter().map(|name| format!("quote({name})")).collect();
        let sql = format!("SELECT {} FROM {table}", quoted.join(" || ', ' || "));
        let found: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_all(&mut *db)
            .await
            .unwrap();
        all.insert(table.clone(), found.into_iter().collect());
    }
    all
}

/// The columns of an old database whose values must be the same afterwards.
async fn kept_columns(db: &mut SqliteConnection, version: i64) -> BTreeMap<String, Vec<String>> {
    let mut kept = columns(db).await;
    for (since, table, column) in CHANGED_ON_PURPOSE {
        if version < since
            && let Some(columns) = kept.get_mut(table)
        {
            columns.retain(|name| name != column);
        }
    }
    kept
}

/// Reads every row through the store, as the server does.
async fn read_all(store: &dyn Store, version: i64) -> Result<(), StoreError> {
    for view in ["view-1", "view-2", "view-3"] {
        assert!(store.view(view).await?.is_some(), "{view} of {version}");
        store.bodies(view).await?;
        store.events(view).await?;
    }
    assert_eq!(store.bodies("view-1").await?.len(), 2);
    assert_eq!(store.events("view-1").await?.len(), 2);
    let outcomes = store.outcomes().await?;
    assert_eq!(outcomes.len(), 1);
    // What was published before stays public, and nobody is said to have written it.
    let first = &outcomes[0];
    assert_eq!((first.said.as_str(), first.down), ("Said.", None));
    assert_eq!((first.kind, &first.released_by), (None, &None));
    if version < 15 {
        let view = store.view("view-1").await?.map(|view| view.life.public);
        assert_eq!(view, Some(Publicity::Shown));
    }
    assert_eq!(store.meetings().await?.len(), 1);
    assert_eq!(store.role_keys().await?.len(), 1);
    assert_eq!(store.grants("staff-1").await?.len(), 1);
    assert_eq!(store.all_staff().await?.len(), 1);
    assert_eq!(store.sessions_of("staff-1").await?.len(), 1);
    let from = |since: i64| usize::from(version >= since);
    assert_eq!(store.recovery_codes("staff-1").await?.len(), from(2));
    assert_eq!(store.alerts().await?.len(), from(3));
    assert_eq!(store.audit_after(0, 10).await?.len(), from(4));
    assert_eq!(store.checkpoints().await?.len(), from(4));
    assert_eq!(store.figures().await?.len(), from(5));
    assert_eq!(store.drafts().await?.len(), from(6));
    assert_eq!(store.published_words().await?.len(), from(6));
    assert_eq!(store.recused("staff-1").await?.len(), from(8));
    assert_eq!(store.handed_over().await?.len(), from(9));
    assert_eq!(store.uses().await?.len(), from(11));
    assert_eq!(store.turns().await?.len(), from(ON_CALL));
    assert_eq!(store.alert_addresses().await?.len(), from(ON_CALL));
    assert_eq!(store.drills().await?.len(), from(ON_CALL));
    Ok(())
}

#[tokio::test]
async fn every_older_version_is_brought_here_with_all_its_rows() {
    let migrations = migrations();
    let newest = i64::try_from(migrations.len()).unwrap();
    assert!(newest > 10, "{newest} migrations");
    for version in 1..=newest {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("pledge.db");
        let mut db = old_database(&file, version, &migrations).await;
        let kept = kept_columns(&mut db, version).await;
        let before = rows(&mut db, &kept).await;
        let empty: Vec<&String> = before
            .iter()
            .filter_map(|(table, rows)| rows.is_empty().then_some(table))
            .collect();
        assert_eq!(
            empty,
            [] as [&String; 0],
            "no old row of these tables is tried"
        );
        db.close().await.unwrap();

        let store = SqliteStore::open(&file).await.unwrap();
        if let Err(error) = read_all(&store, version).await {
            panic!("a row of version {version} cannot be read: {error}");
        }
        drop(store);
        // Opened once more: what the migrations left is the shape that this version expects.
        drop(SqliteStore::open(&file).await.unwrap());
        let mut db = connect(&file).await;
        assert_eq!(rows(&mut db, &kept).await, before, "from version {version}");
    }
}

#[tokio::test]
async fn a_control_a_row_that_a_migration_loses_is_missed() {
    let migrations = migrations();
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("pledge.db");
    let mut db = old_database(&file, 1, &migrations).await;
    let kept = kept_columns(&mut db, 1).await;
    let before = rows(&mut db, &kept).await;
    for careless in [
        "UPDATE view SET topic = 'school' WHERE id = 'view-1'",
        "DELETE FROM event WHERE action = 'reply'",
    ] {
        sqlx::raw_sql(careless).execute(&mut db).await.unwrap();
        assert_ne!(rows(&mut db, &kept).await, before, "{careless}");
    }
}

/// Names and texts of files.
type Files = Vec<(String, String)>;

/// What is wrong with these migrations, by the list of those that were released.
fn changed_since_released(released: &str, migrations: &[(String, String)]) -> Vec<String> {
    let lines = released.lines().filter(|line| !line.starts_with('#'));
    let known: BTreeMap<&str, &str> = lines
        .filter_map(|line| line.split_once(' '))
        .map(|(hash, name)| (name, hash))
        .collect();
    let newest = migrations.last().map(|(name, _)| name.as_str());
    let mut wrong = Vec::new();
    for (name, text) in migrations {
        let digest = Sha256::digest(text.as_bytes());
        let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        match known.get(name.as_str()) {
            Some(released) if **released == hash => {}
            Some(_) => wrong.push(format!("{name} was changed after it was released")),
            // It is new, and the version before it is there to be tried.
            None if newest == Some(name) => {}
            None => wrong.push(format!("{name} is not in tests/data/migrations.txt")),
        }
    }
    let gone = known
        .keys()
        .filter(|name| !migrations.iter().any(|(one, _)| one == *name));
    wrong.extend(gone.map(|name| format!("{name} is gone")));
    wrong
}

/// A database of an older version is what the migrations up to it make; that is true only as long as they stay as they are.
#[test]
fn what_was_released_is_kept_to_be_tried() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let released = std::fs::read_to_string(root.join("tests/data/migrations.txt")).unwrap();
    let folder = root.join("crates/store-sqlite/migrations");
    let mut migrations: Files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    migrations.sort();
    assert!(migrations.len() >= 14);
    assert_eq!(
        changed_since_released(&released, &migrations),
        [] as [String; 0]
    );
    // The controls: one is changed, one is taken away, and two are added of which the first has no line.
    let wrong = |change: &dyn Fn(&mut Files)| {
        let mut other = migrations.clone();
        change(&mut other);
        changed_since_released(&released, &other)
    };
    assert_eq!(wrong(&|all| all[3].1.push('\n')).len(), 1);
    assert_eq!(
        wrong(&|all| all.retain(|(name, _)| !name.starts_with("0007"))).len(),
        1
    );
    let new = |name: &str| (name.to_owned(), String::new());
    assert_eq!(wrong(&|all| all.push(new("9001_new.sql"))).len(), 0);
    let two = wrong(&|all| all.extend([new("9001_new.sql"), new("9002_newer.sql")]));
    assert_eq!(two, ["9001_new.sql is not in tests/data/migrations.txt"]);
}
