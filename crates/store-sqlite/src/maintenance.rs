//! Care of the database file: whole copies, counts and checks.

use crate::pool::{SqliteStore, cannot_read};
use crate::row_reader::view_row;
use crate::{alert, audit, indicator, meeting, page, staff, usage, view};
use domain::date::Date;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use std::collections::BTreeMap;
use std::path::Path;
use store::{Result, StoreError};

/// How a database file is.
#[derive(Clone, Debug)]
pub struct Health {
    /// What SQLite's own check finds: `ok` alone when nothing is wrong.
    pub findings: Vec<String>,
    /// The last day written with a view, a text or an event.
    pub last_day: Option<Date>,
}

/// Rows that are looked at in one go: a text of a view is at most some KB.
const CHECKED_AT_A_TIME: u32 = 500;

/// Whether a row can be read.
type IsWhole = fn(&SqliteRow) -> bool;

/// The tables that pages list, and whether one of their rows can be read.
const CHECKED: [(&str, IsWhole); 12] = [
    ("view", |row| view_row(row).is_ok()),
    ("body", |row| view::body_row(row).is_ok()),
    ("event", |row| view::event_row(row).is_ok()),
    ("meeting", |row| meeting::meeting_row(row).is_ok()),
    ("outcome", |row| meeting::outcome_row(row).is_ok()),
    ("alert", |row| alert::alert_row(row).is_ok()),
    ("audit", |row| audit::audit_row(row).is_ok()),
    ("figure", |row| indicator::figure_row(row).is_ok()),
    ("word_draft", |row| page::draft_row(row).is_ok()),
    ("word_version", |row| page::words_row(row).is_ok()),
    ("staff", |row| staff::staff_row(row).is_ok()),
    ("use_of_page", |row| usage::page_views_row(row).is_ok()),
];

/// Counts the rows of each table of a database file that nobody else uses. The file may be of any version: it is read only,
/// so that no migration adds a table before the counts are compared with those of the program that wrote it.
///
/// # Errors
/// [`StoreError::CannotOpen`] with what SQLite's check found, or why the file cannot be read.
pub async fn count_rows(path: &Path) -> Result<BTreeMap<String, i64>> {
    let cannot = |error: sqlx::Error| {
        StoreError::CannotOpen(format!("The copy of the database cannot be read: {error}."))
    };
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .disable_statement_logging();
    let mut db = options.connect().await.map_err(cannot)?;
    let findings: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(20)")
        .fetch_all(&mut db)
        .await
        .map_err(cannot)?;
    if let Some(finding) = findings.iter().find(|line| *line != "ok") {
        return Err(StoreError::CannotOpen(format!(
            "The copy is damaged: {finding}."
        )));
    }
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .fetch_all(&mut db)
    .await
    .map_err(cannot)?;
    let mut counts = BTreeMap::new();
    for name in names {
        // The name comes from the file's own list of tables, and is quoted as SQL wants it.
        let sql = format!("SELECT count(*) FROM \"{}\"", name.replace('"', "\"\""));
        let rows = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut db);
        counts.insert(name, rows.await.map_err(cannot)?);
    }
    // It only read, so there is nothing that closing could lose.
    let _ = db.close().await;
    Ok(counts)
}

impl SqliteStore {
    /// Writes a whole copy of the database, as it is now, to a file that must not be there yet, while others go on
    /// writing.
    pub async fn copy_to(&self, path: &Path) -> Result<()> {
        let cannot = |error: sqlx::Error| StoreError::NotSaved(error.to_string());
        let options = (*self.readers.connect_options()).clone();
        let mut db = options
            .pragma("query_only", "OFF")
            .connect()
            .await
            .map_err(cannot)?;
        let copied = sqlx::query("VACUUM INTO $1")
            .bind(path.to_string_lossy().into_owned())
            .execute(&mut db)
            .await;
        // It only read our file, so there is nothing that closing could lose.
        let _ = db.close().await;
        copied.map(|_| ()).map_err(cannot)
    }

    /// How the file is: what its check finds, and the last day that stands in it.
    pub async fn health(&self) -> Result<Health> {
        let findings = sqlx::query_scalar("PRAGMA integrity_check(3)")
            .fetch_all(&self.readers)
            .await
            .map_err(cannot_read)?;
        Ok(Health {
            findings,
            last_day: self.last_day().await?,
        })
    }

    /// The rows that this version cannot read, by table and number. The lists of pages leave them out.
    pub async fn damaged_rows(&self) -> Result<Vec<(&'static str, i64)>> {
        let mut damaged = Vec::new();
        for (table, is_whole) in CHECKED {
            let mut last = i64::MIN;
            loop {
                // A table without numbers is counted through.
                let number = match table {
                    "use_of_page" => "row_number() OVER (ORDER BY month, what)",
                    _ => "rowid",
                };
                let sql = format!(
                    "SELECT * FROM (SELECT *, {number} AS number FROM {table}) WHERE number > $1 \
                     ORDER BY number LIMIT {CHECKED_AT_A_TIME}"
                );
                let rows = sqlx::query(AssertSqlSafe(sql)).bind(last);
                let rows = rows.fetch_all(&self.readers).await.map_err(cannot_read)?;
                let Some(end) = rows.last() else { break };
                last = end.try_get("number").map_err(cannot_read)?;
                for row in rows.iter().filter(|row| !is_whole(row)) {
                    damaged.push((table, row.try_get("number").map_err(cannot_read)?));
                }
            }
        }
        Ok(damaged)
    }

    /// The last day written with a view, a text or an event.
    pub async fn last_day(&self) -> Result<Option<Date>> {
        let last = sqlx::query_scalar::<_, Option<String>>(
            "SELECT max(day) FROM (SELECT max(day) AS day FROM view UNION ALL SELECT max(day) FROM event \
             UNION ALL SELECT max(day) FROM body)",
        )
        .fetch_one(&self.readers)
        .await
        .map_err(cannot_read)?;
        Ok(last.and_then(|day| day.parse().ok()))
    }
}

pub(crate) async fn integrity(store: &SqliteStore) -> Result<Vec<String>> {
    let findings = store
        .all(sqlx::query("PRAGMA integrity_check(20)"), finding_row)
        .await?;
    Ok(findings.into_iter().filter(|line| line != "ok").collect())
}

fn finding_row(row: &SqliteRow) -> Result<String> {
    row.try_get(0).map_err(|_| StoreError::Damaged("the file"))
}
