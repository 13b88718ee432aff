//! The store's connections: one writer, and a few connections that cannot write.

use crate::open;
use crate::writer::Writer;
use sqlx::sqlite::{SqliteArguments, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{Connection, Row, Sqlite};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{Result, StoreError};

pub(crate) type Query = sqlx::query::Query<'static, Sqlite, SqliteArguments>;

/// Reading connections.
const READERS: u32 = 4;

/// How long a read waits for one of them before it answers "busy".
const READER_WAIT: Duration = Duration::from_secs(5);

/// A [`store::Store`] in one SQLite file.
pub struct SqliteStore {
    pub(crate) writer: Arc<Writer>,
    pub(crate) readers: SqlitePool,
    /// The damaged rows that the log names already.
    named: Mutex<BTreeSet<(&'static str, i64)>>,
}

/// Damaged rows that are named in the log until the next start: a database with more of them is past naming each.
const NAMED_MOST: usize = 1_000;

impl SqliteStore {
    /// Opens the file; makes it, readable by its owner alone, if it is missing. Its folder must be there.
    ///
    /// A file that is damaged, newer than this program or not ours is refused with
    /// [`StoreError::CannotOpen`] and left as it was.
    pub async fn open(path: &Path) -> Result<SqliteStore> {
        let (db, reading) = open::open(path).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(READER_WAIT)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_lazy_with(reading);
        Ok(SqliteStore {
            writer: Arc::new(Writer::start(db)),
            readers,
            named: Mutex::default(),
        })
    }

    /// Whether a write or a sync failed. Nothing is accepted any more then, and the server has to exit: what is on
    /// the disk is only known again after a restart.
    pub fn broken(&self) -> bool {
        self.writer.broken()
    }

    /// Writes what waits, then closes the file. Later calls fail.
    pub async fn close(&self) {
        let writing = self.writer.stop().await;
        self.readers.close().await;
        if let Some(db) = writing {
            // The last one out copies the log into the database. If that fails the log stays, and nothing is lost.
            let _ = db.close().await;
        }
    }

    pub(crate) async fn all<T>(
        &self,
        query: Query,
        row: fn(&SqliteRow) -> Result<T>,
    ) -> Result<Vec<T>> {
        let rows = query.fetch_all(&self.readers).await.map_err(cannot_read)?;
        rows.iter().map(row).collect()
    }

    /// The rows of a list for a page, each of this table and with its number in the column `seq`. A damaged one must not take
    /// the others with it: it is left out, and named in the log.
    pub(crate) async fn readable<T>(
        &self,
        query: Query,
        table: &'static str,
        row: fn(&SqliteRow) -> Result<T>,
    ) -> Result<Vec<T>> {
        let found = query.fetch_all(&self.readers).await.map_err(cannot_read)?;
        let mut rows = Vec::with_capacity(found.len());
        for one in &found {
            match row(one) {
                Ok(read) => rows.push(read),
                Err(_) => self.name_damaged(table, one.try_get("seq").unwrap_or_default()),
            }
        }
        Ok(rows)
    }

    // Once for each row: pages are asked for often.
    fn name_damaged(&self, table: &'static str, seq: i64) {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        if named.len() < NAMED_MOST && named.insert((table, seq)) {
            eprintln!("pledge: damaged-row: {table} {seq}");
        }
    }

    pub(crate) async fn one<T>(
        &self,
        query: Query,
        row: fn(&SqliteRow) -> Result<T>,
    ) -> Result<Option<T>> {
        let found = query
            .fetch_optional(&self.readers)
            .await
            .map_err(cannot_read)?;
        found.as_ref().map(row).transpose()
    }
}

pub(crate) fn cannot_read(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::PoolTimedOut => StoreError::Busy,
        error => StoreError::Unreadable(error.to_string()),
    }
}
