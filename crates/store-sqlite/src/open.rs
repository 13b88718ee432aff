//! Opening the file: whose it is, whether it is whole, which version, and the settings of every connection.

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Row};
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::{Result, StoreError};

/// Every migration, in order; the number of the first is 1.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_begin.sql"),
    include_str!("../migrations/0002_staff.sql"),
    include_str!("../migrations/0003_safety.sql"),
    include_str!("../migrations/0004_audit.sql"),
    include_str!("../migrations/0005_figures.sql"),
    include_str!("../migrations/0006_words.sql"),
    include_str!("../migrations/0007_first_password.sql"),
    include_str!("../migrations/0008_about.sql"),
    include_str!("../migrations/0009_handed_over.sql"),
    include_str!("../migrations/0010_handed_over_lane.sql"),
    include_str!("../migrations/0011_uses.sql"),
    include_str!("../migrations/0012_public_change.sql"),
    include_str!("../migrations/0013_safety_lane.sql"),
    include_str!("../migrations/0014_staff_change.sql"),
    include_str!("../migrations/0015_publication.sql"),
    include_str!("../migrations/0016_on_call.sql"),
];

/// The list of the migrations that were applied.
const VERSIONS: &str =
    "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY) STRICT";

/// "PLDG", set by the first migration.
const APPLICATION: i64 = 1_347_175_495;

/// How every SQLite file begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// How long a connection waits for another process that holds the file, in milliseconds.
const WAIT_MS: u64 = 5_000;
/// The same for a connection whose wait was changed.
pub(super) const WAIT_AGAIN: &str = "PRAGMA busy_timeout = 5000";

/// Opens the file (making it, readable by its owner alone, if there is none), brings it to this version and gives the
/// writing connection with the options for reading ones. A file that is refused is left as it was.
pub(super) async fn open(path: &Path) -> Result<(SqliteConnection, SqliteConnectOptions)> {
    // An absolute path: SQLite would read one that begins with `file:` as a URI.
    let path = std::path::absolute(path).map_err(|error| {
        StoreError::CannotOpen(format!(
            "The path {} cannot be used: {error}.",
            path.display()
        ))
    })?;
    let name = path.display();
    if !make(&path)? {
        examine(&path).await?;
    }

    let options = options(&path);
    let cannot = |error: sqlx::Error| {
        StoreError::CannotOpen(format!(
            "The database {name} cannot be opened for writing: {error}."
        ))
    };
    let mut db = options.connect().await.map_err(cannot)?;
    check_settings(&mut db, &path).await?;
    migrate(&mut db).await.map_err(|error| {
        StoreError::CannotOpen(format!(
            "The database {name} could not be brought to this version: {error}."
        ))
    })?;
    Ok((db, options.pragma("query_only", "ON")))
}

/// The settings of every connection.
fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(Duration::from_millis(WAIT_MS))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("trusted_schema", "OFF")
        .pragma("secure_delete", "ON")
        .pragma("cell_size_check", "ON")
        .pragma("temp_store", "MEMORY")
        // SQLite's own checkpoints hide a failed sync; the writer runs them instead and looks at the answer.
        .pragma("wal_autocheckpoint", "0")
        .disable_statement_logging()
}

/// Makes the file with mode 0600 if there is none; says whether there is nothing in it yet.
fn make(path: &Path) -> Result<bool> {
    let name = path.display();
    let sentence = |error: std::io::Error| {
        StoreError::CannotOpen(format!(
            "The database file {name} cannot be made or read: {error}."
        ))
    };
    let mut begin = Vec::new();
    match File::open(path) {
        Ok(file) => file
            .take(16)
            .read_to_end(&mut begin)
            .map(|_| ())
            .map_err(sentence)?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(sentence(error)),
    }
    if begin == MAGIC {
        return Ok(false);
    }
    if !begin.is_empty() {
        return Err(StoreError::CannotOpen(format!(
            "The file {name} is not a Pledge database. Nothing in it was changed; \
             give another folder with --data, or put the right file back."
        )));
    }
    // SQLite deletes the log of an empty database, and with it what was promised.
    let log = log_of(path);
    if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(StoreError::CannotOpen(format!(
            "The database file {name} is missing or empty, but its log {} is not. Nothing was changed; \
             put the database file back beside its log, or move the log away and restore the last backup.",
            log.display()
        )));
    }
    let made = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path);
    made.and_then(|file| file.sync_all()).map_err(sentence)?;
    // The file's name must survive a power cut as well as what will be in it.
    let folder = path.parent().unwrap_or(Path::new("/"));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(sentence)?;
    Ok(true)
}

/// The write-ahead log of a database file.
fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    PathBuf::from(log)
}

/// Looks, without writing, whether the file is ours, whole and not too new.
async fn examine(path: &Path) -> Result<()> {
    let damaged = |error: sqlx::Error| damaged(path, &error.to_string());
    // A reading connection leaves an unfinished log as it is, but where there is none it would leave an empty one
    // behind, which the other kind takes away again.
    let mut db = SqliteConnectOptions::new()
        .filename(path)
        .read_only(log_of(path).exists())
        .busy_timeout(Duration::from_millis(WAIT_MS))
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("query_only", "ON")
        .disable_statement_logging()
        .connect()
        .await
        .map_err(damaged)?;
    let found = fit(&mut db, path).await;
    // An error on closing a connection that wrote nothing has nothing to say.
    let _ = db.close().await;
    found.map_err(damaged)?
}

fn damaged(path: &Path, what: &str) -> StoreError {
    StoreError::CannotOpen(format!(
        "The database {} is damaged ({what}). Nothing was changed. Keep the file, and restore the last backup.",
        path.display()
    ))
}

/// The inner result is the verdict, the outer one whether the file could be read at all.
async fn fit(
    db: &mut SqliteConnection,
    path: &Path,
) -> std::result::Result<Result<()>, sqlx::Error> {
    let name = path.display();
    let refused = |sentence: String| Ok(Err(StoreError::CannotOpen(sentence)));

    let application: i64 = sqlx::query_scalar("PRAGMA application_id")
        .fetch_one(&mut *db)
        .await?;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema")
        .fetch_one(&mut *db)
        .await?;
    // A start that was cut off before the first migration leaves the list of migrations alone, and empty.
    let unfinished: bool = sqlx::query_scalar(
        "SELECT count(*) = 0 FROM sqlite_schema WHERE tbl_name <> 'schema_version'",
    )
    .fetch_one(&mut *db)
    .await?;
    if application != APPLICATION && !unfinished {
        return refused(format!(
            "The database {name} belongs to another program. Nothing in it was changed; \
             give another folder with --data."
        ));
    }

    let findings: Vec<String> = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_all(&mut *db)
        .await?;
    if findings != ["ok"] {
        return Ok(Err(damaged(
            path,
            findings
                .first()
                .map_or("its check gave no answer", String::as_str),
        )));
    }

    let known = MIGRATIONS.len() as i64;
    let version = if tables > 0 { version(db).await? } else { 0 };
    if version > known {
        return refused(format!(
            "The database {name} was written by a newer Pledge (version {version} of its tables; this one knows \
             {known}). Nothing was changed; install the newer Pledge again, or restore an older backup."
        ));
    }
    // A trigger or a view that somebody planted would run with our own statements.
    if tables > 0
        && let Some(strange) = strange(db, version).await?
    {
        return refused(format!(
            "The database {name} holds something that no Pledge made, or lacks what it made: `{strange}`. Nothing was \
             changed. Keep the file, and restore the last backup."
        ));
    }
    Ok(Ok(()))
}

/// The first table, index, view or trigger that differs from what the migrations up to this version make, if one does.
async fn strange(
    db: &mut SqliteConnection,
    version: i64,
) -> std::result::Result<Option<String>, sqlx::Error> {
    let mut fresh = SqliteConnectOptions::new()
        .in_memory(true)
        .disable_statement_logging()
        .connect()
        .await?;
    sqlx::raw_sql(VERSIONS).execute(&mut fresh).await?;
    for (_, sql) in (1..=version).zip(MIGRATIONS.iter().copied()) {
        sqlx::raw_sql(sql).execute(&mut fresh).await?;
    }
    let (ours, theirs) = (schema(&mut fresh).await?, schema(db).await?);
    fresh.close().await?;
    let differs = ours.symmetric_difference(&theirs).next();
    Ok(differs.map(|(_, name, _)| name.clone()))
}

/// Everything that the database is made of: kind, name and the statement that made it.
async fn schema(
    db: &mut SqliteConnection,
) -> std::result::Result<BTreeSet<(String, String, String)>, sqlx::Error> {
    let rows = sqlx::query_as("SELECT type, name, coalesce(sql, '') FROM sqlite_schema")
        .fetch_all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The settings that durability rests on, as SQLite took them: some file systems cannot do them.
async fn check_settings(db: &mut SqliteConnection, path: &Path) -> Result<()> {
    for (ask, wanted) in [
        ("PRAGMA journal_mode", "wal"),
        ("PRAGMA synchronous", "2"),
        ("PRAGMA foreign_keys", "1"),
        ("PRAGMA secure_delete", "1"),
    ] {
        let row = sqlx::query(ask).fetch_one(&mut *db).await;
        // Unchecked, so that SQLite gives its numbers as text too.
        let got = row.and_then(|row| row.try_get_unchecked::<String, _>(0));
        if !got.as_ref().is_ok_and(|got| got == wanted) {
            return Err(StoreError::CannotOpen(format!(
                "The database {} cannot be kept safely where it is ({ask} gave {got:?}, not {wanted}). \
                 Put the data folder on a local disk.",
                path.display()
            )));
        }
    }
    Ok(())
}

/// The number of the last migration applied.
async fn version(db: &mut SqliteConnection) -> std::result::Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM schema_version")
        .fetch_one(db)
        .await
}

/// Applies what is missing, each migration in one transaction with its number.
async fn migrate(db: &mut SqliteConnection) -> std::result::Result<(), sqlx::Error> {
    sqlx::query(VERSIONS).execute(&mut *db).await?;
    for (number, sql) in (1i64..).zip(MIGRATIONS.iter().copied()) {
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *db).await?;
        // Read inside the transaction: another process may have been faster.
        if version(db).await? < number {
            sqlx::raw_sql(sql).execute(&mut *db).await?;
            sqlx::query("INSERT INTO schema_version (version) VALUES ($1)")
                .bind(number)
                .execute(&mut *db)
                .await?;
        }
        // On an error above the connection is dropped, which rolls back.
        sqlx::query("COMMIT").execute(&mut *db).await?;
    }
    Ok(())
}
