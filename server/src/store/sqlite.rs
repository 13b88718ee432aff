//! The default backend: one SQLite file in the data folder.
//!
//! One writer groups what waits into one commit (`writer`), a few connections that cannot write do the reading.

mod open;
mod rows;
mod writer;
mod writes;

use super::{
    BodyRow, Change, Changed, EventRow, GrantRow, MeetingRow, NewView, OutcomeRow, Result,
    RoleKeyRow, SecondFactor, Sent, SessionRow, StaffRow, Store, StoreError, ViewRow,
};
use async_trait::async_trait;
use sqlx::sqlite::{SqliteArguments, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{Connection, Sqlite};
use std::path::Path;
use std::time::Duration;
use writer::Writer;

type Query = sqlx::query::Query<'static, Sqlite, SqliteArguments>;

/// Reading connections.
const READERS: u32 = 4;
/// How long a read waits for one of them before it answers "busy".
const READER_WAIT: Duration = Duration::from_secs(5);

/// A [`Store`] in one SQLite file.
pub struct SqliteStore {
    writer: Writer,
    readers: SqlitePool,
}

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
            writer: Writer::start(db),
            readers,
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

    async fn all<T>(&self, query: Query, row: fn(&SqliteRow) -> Result<T>) -> Result<Vec<T>> {
        let rows = query.fetch_all(&self.readers).await.map_err(cannot_read)?;
        rows.iter().map(row).collect()
    }

    async fn one<T>(&self, query: Query, row: fn(&SqliteRow) -> Result<T>) -> Result<Option<T>> {
        let found = query
            .fetch_optional(&self.readers)
            .await
            .map_err(cannot_read)?;
        found.as_ref().map(row).transpose()
    }
}

/// Whether the person a write was about is there.
fn somebody(found: bool) -> Result<()> {
    if found {
        Ok(())
    } else {
        Err(StoreError::NotSaved("there is no such person".to_owned()))
    }
}

fn cannot_read(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::PoolTimedOut => StoreError::Busy,
        error => StoreError::Unreadable(error.to_string()),
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn send(&self, view: NewView) -> Result<Sent> {
        self.writer
            .write(view, false, |db, view| Box::pin(writes::send(db, view)))
            .await
    }

    async fn view(&self, id: &str) -> Result<Option<ViewRow>> {
        self.one(
            sqlx::query("SELECT * FROM view WHERE id = $1").bind(id.to_owned()),
            rows::view,
        )
        .await
    }

    async fn view_by_tag(&self, tag: &[u8; 32]) -> Result<Option<ViewRow>> {
        self.one(
            sqlx::query("SELECT * FROM view WHERE tag = $1").bind(tag.to_vec()),
            rows::view,
        )
        .await
    }

    async fn views(&self) -> Result<Vec<ViewRow>> {
        self.all(
            sqlx::query("SELECT * FROM view WHERE state <> 'withdrawn' ORDER BY seq"),
            rows::view,
        )
        .await
    }

    async fn bodies(&self, view: &str) -> Result<Vec<BodyRow>> {
        let query =
            sqlx::query("SELECT * FROM body WHERE view = $1 ORDER BY id").bind(view.to_owned());
        self.all(query, rows::body).await
    }

    async fn events(&self, view: &str) -> Result<Vec<EventRow>> {
        let query =
            sqlx::query("SELECT * FROM event WHERE view = $1 ORDER BY seq").bind(view.to_owned());
        self.all(query, rows::event).await
    }

    async fn change(&self, change: Change) -> Result<Changed> {
        let erases = change.erase;
        self.writer
            .write(change, erases, |db, change| {
                Box::pin(writes::change(db, change))
            })
            .await
    }

    async fn record(&self, view: &str, event: EventRow) -> Result<()> {
        let data = (view.to_owned(), event);
        self.writer
            .write(data, false, |db, (view, event)| {
                Box::pin(writes::record(db, view, event, event.body))
            })
            .await
    }

    async fn outcomes(&self) -> Result<Vec<OutcomeRow>> {
        self.all(
            sqlx::query("SELECT * FROM outcome ORDER BY published DESC, seq DESC"),
            rows::outcome,
        )
        .await
    }

    async fn add_meeting(&self, meeting: MeetingRow) -> Result<()> {
        self.writer
            .write(meeting, false, |db, meeting| {
                Box::pin(writes::add_meeting(db, meeting))
            })
            .await
    }

    async fn meetings(&self) -> Result<Vec<MeetingRow>> {
        self.all(
            sqlx::query("SELECT * FROM meeting ORDER BY day DESC, seq DESC"),
            rows::meeting,
        )
        .await
    }

    async fn listed(&self, meeting: &str) -> Result<Vec<ViewRow>> {
        let query = sqlx::query(
            "SELECT * FROM view WHERE meeting = $1 AND state <> 'withdrawn' ORDER BY seq",
        )
        .bind(meeting.to_owned());
        self.all(query, rows::view).await
    }

    async fn begin(&self, recovery: &str, keys: Vec<RoleKeyRow>) -> Result<bool> {
        let data = (recovery.to_owned(), keys);
        self.writer
            .write(data, false, |db, (recovery, keys)| {
                Box::pin(writes::begin(db, recovery, keys))
            })
            .await
    }

    async fn recovery(&self) -> Result<Option<String>> {
        self.one(
            sqlx::query("SELECT value FROM setting WHERE name = 'recovery'"),
            rows::setting,
        )
        .await
    }

    async fn role_keys(&self) -> Result<Vec<RoleKeyRow>> {
        self.all(
            sqlx::query("SELECT * FROM role_key ORDER BY role_key, generation"),
            rows::role_key,
        )
        .await
    }

    async fn add_staff(&self, staff: StaffRow, grants: Vec<GrantRow>) -> Result<bool> {
        let data = (staff, grants);
        self.writer
            .write(data, false, |db, (staff, grants)| {
                Box::pin(writes::add_staff(db, staff, grants))
            })
            .await
    }

    async fn all_staff(&self) -> Result<Vec<StaffRow>> {
        self.all(
            sqlx::query("SELECT * FROM staff ORDER BY name"),
            rows::staff,
        )
        .await
    }

    async fn staff_by_name(&self, name: &str) -> Result<Option<StaffRow>> {
        self.one(
            sqlx::query("SELECT * FROM staff WHERE name = $1").bind(name.to_owned()),
            rows::staff,
        )
        .await
    }

    async fn staff(&self, id: &str) -> Result<Option<StaffRow>> {
        self.one(
            sqlx::query("SELECT * FROM staff WHERE id = $1").bind(id.to_owned()),
            rows::staff,
        )
        .await
    }

    async fn grants(&self, staff: &str) -> Result<Vec<GrantRow>> {
        let query = sqlx::query(
            "SELECT * FROM grant_of_key WHERE staff = $1 ORDER BY role_key, generation",
        )
        .bind(staff.to_owned());
        self.all(query, rows::grant).await
    }

    async fn set_password(
        &self,
        staff: &str,
        salt: [u8; 16],
        wrapped: Vec<u8>,
        keep: Option<[u8; 32]>,
    ) -> Result<()> {
        let data = writes::Password {
            staff: staff.to_owned(),
            salt,
            wrapped,
            keep,
        };
        somebody(
            self.writer
                .write(data, false, |db, new| {
                    Box::pin(writes::set_password(db, new))
                })
                .await?,
        )
    }

    async fn set_second_factor(&self, staff: &str, new: SecondFactor) -> Result<()> {
        let data = (staff.to_owned(), new);
        somebody(
            self.writer
                .write(data, false, |db, (staff, new)| {
                    Box::pin(writes::set_second_factor(db, staff, new))
                })
                .await?,
        )
    }

    async fn take_step(&self, staff: &str, step: i64) -> Result<bool> {
        let data = (staff.to_owned(), step);
        self.writer
            .write(data, false, |db, (staff, step)| {
                Box::pin(writes::take_step(db, staff, *step))
            })
            .await
    }

    async fn take_recovery_code(&self, staff: &str, hash: [u8; 32]) -> Result<bool> {
        let data = (staff.to_owned(), hash);
        self.writer
            .write(data, false, |db, (staff, hash)| {
                Box::pin(writes::take_recovery_code(db, staff, hash))
            })
            .await
    }

    async fn recovery_codes_left(&self, staff: &str) -> Result<usize> {
        let query = sqlx::query("SELECT count(*) AS value FROM recovery_code WHERE staff = $1")
            .bind(staff.to_owned());
        Ok(self.one(query, rows::count).await?.unwrap_or(0))
    }

    async fn add_session(&self, session: SessionRow) -> Result<()> {
        self.writer
            .write(session, false, |db, session| {
                Box::pin(writes::add_session(db, session))
            })
            .await
    }

    async fn session(&self, hash: &[u8; 32]) -> Result<Option<SessionRow>> {
        self.one(
            sqlx::query("SELECT * FROM session WHERE hash = $1").bind(hash.to_vec()),
            rows::session,
        )
        .await
    }

    async fn touch_session(&self, hash: &[u8; 32], seen: i64) -> Result<()> {
        let data = (*hash, seen);
        self.writer
            .write(data, false, |db, (hash, seen)| {
                Box::pin(writes::touch_session(db, hash, *seen))
            })
            .await
    }

    async fn end_session(&self, hash: &[u8; 32]) -> Result<()> {
        self.writer
            .write(*hash, false, |db, hash| {
                Box::pin(writes::end_session(db, hash))
            })
            .await
    }

    async fn sessions_of(&self, staff: &str) -> Result<Vec<SessionRow>> {
        let query = sqlx::query("SELECT * FROM session WHERE staff = $1 ORDER BY began DESC, hash")
            .bind(staff.to_owned());
        self.all(query, rows::session).await
    }

    async fn end_sessions_of(&self, staff: &str, keep: Option<[u8; 32]>) -> Result<()> {
        let data = (staff.to_owned(), keep);
        self.writer
            .write(data, false, |db, (staff, keep)| {
                Box::pin(writes::end_sessions_of(db, staff, keep.as_ref()))
            })
            .await
    }

    async fn end_old_sessions(&self, began_before: i64, seen_before: i64) -> Result<()> {
        let data = (began_before, seen_before);
        self.writer
            .write(data, false, |db, (began, seen)| {
                Box::pin(writes::end_old_sessions(db, *began, *seen))
            })
            .await
    }
}
