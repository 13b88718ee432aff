//! The default backend: one SQLite file in the data folder.
//!
//! One writer groups what waits into one commit (`writer`), a few connections that cannot write do the reading.

mod open;
mod row_reader;
mod writer;
mod writes;

use async_trait::async_trait;
use domain::audience::RoleKey;
use domain::date::Date;
use domain::lifecycle::State;
use domain::view::Topic;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Sqlite};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::audit::{AuditRow, CheckpointRow, Entry, Outcome};
use store::{
    AlertChange, AlertChannel, AlertRow, BodyRow, Change, Changed, DraftRow, EventRow, FigureRow,
    GrantRow, InvitationRow, Joining, Limits, MeetingRow, NewBody, NewView, OutcomeRow, Publish,
    Purge, Result, RoleKeyRow, SealedAgain, SecondFactor, Sent, SessionRow, StaffRow, Store,
    StoreError, TextsAt, UseRow, ViewRow, WordsRow,
};
use writer::{Act, Writer};

type Query = sqlx::query::Query<'static, Sqlite, SqliteArguments>;

/// Reading connections.
const READERS: u32 = 4;
/// How long a read waits for one of them before it answers "busy".
const READER_WAIT: Duration = Duration::from_secs(5);

/// A [`Store`] in one SQLite file.
pub struct SqliteStore {
    writer: Audited,
    readers: SqlitePool,
}

/// The writer, with the entry that goes into the audit log with each write.
struct Audited {
    writer: Arc<Writer>,
    entry: Option<Entry>,
}

impl Audited {
    async fn write<D, T>(
        &self,
        data: D,
        erases: bool,
        act: for<'c> fn(&'c mut SqliteConnection, &'c D) -> Act<'c, T>,
    ) -> Result<T>
    where
        D: Send + Sync + 'static,
        T: Told + Send + 'static,
    {
        let entry = self.entry.clone().map(|entry| (entry, T::told as _));
        self.writer.write_with(data, entry, erases, act).await
    }
}

/// What a write's result says to the audit log.
trait Told {
    fn told(&self) -> Outcome;
}

impl Told for () {
    fn told(&self) -> Outcome {
        Outcome::Done
    }
}

impl Told for u64 {
    fn told(&self) -> Outcome {
        Outcome::Done
    }
}

impl Told for bool {
    fn told(&self) -> Outcome {
        if *self {
            Outcome::Done
        } else {
            Outcome::NotDone
        }
    }
}

impl Told for Changed {
    fn told(&self) -> Outcome {
        match self {
            Changed::Done => Outcome::Done,
            Changed::Stale => Outcome::NotDone,
        }
    }
}

impl Told for Sent {
    fn told(&self) -> Outcome {
        match self {
            Sent::Stored => Outcome::Done,
            Sent::Already => Outcome::NotDone,
        }
    }
}

impl Told for usize {
    fn told(&self) -> Outcome {
        match self {
            0 => Outcome::NotDone,
            _ => Outcome::Done,
        }
    }
}

/// How a database file is.
#[derive(Clone, Debug)]
pub struct Health {
    /// What SQLite's own check finds: `ok` alone when nothing is wrong.
    pub findings: Vec<String>,
    /// The last day written with a view, a text or an event.
    pub last_day: Option<Date>,
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
            writer: Audited {
                writer: Arc::new(Writer::start(db)),
                entry: None,
            },
            readers,
        })
    }

    /// Whether a write or a sync failed. Nothing is accepted any more then, and the server has to exit: what is on
    /// the disk is only known again after a restart.
    pub fn broken(&self) -> bool {
        self.writer.writer.broken()
    }

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

    /// How many rows each table holds.
    pub async fn counts(&self) -> Result<BTreeMap<String, i64>> {
        let names = sqlx::query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        );
        let mut counts = BTreeMap::new();
        for name in self.all(names, row_reader::finding).await? {
            // The name comes from the file's own list of tables, and is quoted as SQL wants it.
            let sql = format!("SELECT count(*) FROM \"{}\"", name.replace('"', "\"\""));
            let rows = sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_one(&self.readers)
                .await
                .map_err(cannot_read)?;
            counts.insert(name, rows);
        }
        Ok(counts)
    }

    /// How the file is: what its check finds, and the last day that stands in it.
    pub async fn health(&self) -> Result<Health> {
        let findings = sqlx::query_scalar("PRAGMA integrity_check(3)")
            .fetch_all(&self.readers)
            .await
            .map_err(cannot_read)?;
        let last = sqlx::query_scalar::<_, Option<String>>(
            "SELECT max(day) FROM (SELECT max(day) AS day FROM view UNION ALL SELECT max(day) FROM event \
             UNION ALL SELECT max(day) FROM body)",
        )
        .fetch_one(&self.readers)
        .await
        .map_err(cannot_read)?;
        Ok(Health {
            findings,
            last_day: last.and_then(|day| day.parse().ok()),
        })
    }

    /// Writes what waits, then closes the file. Later calls fail.
    pub async fn close(&self) {
        let writing = self.writer.writer.stop().await;
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
            row_reader::view,
        )
        .await
    }

    async fn view_by_tag(&self, tag: &[u8; 32]) -> Result<Option<ViewRow>> {
        self.one(
            sqlx::query("SELECT * FROM view WHERE tag = $1").bind(tag.to_vec()),
            row_reader::view,
        )
        .await
    }

    async fn views(&self) -> Result<Vec<ViewRow>> {
        self.all(
            sqlx::query(
                "SELECT * FROM view WHERE state <> 'withdrawn' AND ended IS NULL ORDER BY seq",
            ),
            row_reader::view,
        )
        .await
    }

    async fn bodies(&self, view: &str) -> Result<Vec<BodyRow>> {
        let query =
            sqlx::query("SELECT * FROM body WHERE view = $1 ORDER BY id").bind(view.to_owned());
        self.all(query, row_reader::body).await
    }

    async fn events(&self, view: &str) -> Result<Vec<EventRow>> {
        let query =
            sqlx::query("SELECT * FROM event WHERE view = $1 ORDER BY seq").bind(view.to_owned());
        self.all(query, row_reader::event).await
    }

    async fn change(&self, change: Change) -> Result<Changed> {
        // The moments of alerts that end go from the log as well.
        let erases = change.erase || change.alert == AlertChange::End;
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

    async fn alerts(&self) -> Result<Vec<AlertRow>> {
        self.all(
            sqlx::query("SELECT * FROM alert ORDER BY id"),
            row_reader::alert,
        )
        .await
    }

    async fn alerts_told(&self, channel: AlertChannel, told: Vec<(i64, u32)>) -> Result<()> {
        self.writer
            .write((channel, told), false, |db, (channel, told)| {
                Box::pin(writes::alerts_told(db, *channel, told))
            })
            .await
    }

    async fn flag_as_burst(&self, views: Vec<String>) -> Result<()> {
        self.writer
            .write(views, false, |db, views| {
                Box::pin(writes::flag_as_burst(db, views))
            })
            .await
    }

    async fn outcomes(&self) -> Result<Vec<OutcomeRow>> {
        self.all(
            sqlx::query("SELECT * FROM outcome ORDER BY published DESC, seq DESC"),
            row_reader::outcome,
        )
        .await
    }

    async fn views_by_topic(&self, before: Date) -> Result<Vec<(Topic, usize)>> {
        let query = sqlx::query(
            "SELECT topic, count(*) AS views FROM view WHERE state <> 'withdrawn' AND day < $1 GROUP BY topic",
        )
        .bind(before.to_string());
        self.all(query, row_reader::views_of_topic).await
    }

    async fn add_figure(&self, figure: FigureRow, seen: i64) -> Result<Changed> {
        let data = (figure, seen);
        self.writer
            .write(data, false, |db, (figure, seen)| {
                Box::pin(writes::add_figure(db, figure, *seen))
            })
            .await
    }

    async fn figures(&self) -> Result<Vec<FigureRow>> {
        self.all(
            sqlx::query("SELECT * FROM figure ORDER BY seq"),
            row_reader::figure,
        )
        .await
    }

    async fn views_by_month(&self) -> Result<Vec<(Date, u64)>> {
        let query = sqlx::query(
            "SELECT substr(day, 1, 7) || '-01' AS month, count(*) AS count FROM view WHERE state <> 'withdrawn' \
             GROUP BY month ORDER BY month",
        );
        self.all(query, row_reader::views_of_month).await
    }

    async fn add_uses(&self, month: Date, counts: Vec<(String, u64)>) -> Result<()> {
        self.writer
            .write((month, counts), false, |db, (month, counts)| {
                Box::pin(writes::add_uses(db, *month, counts))
            })
            .await
    }

    async fn uses(&self) -> Result<Vec<UseRow>> {
        let query = sqlx::query("SELECT * FROM use_of_page ORDER BY month, what");
        self.all(query, row_reader::page_views).await
    }

    async fn save_draft(&self, draft: DraftRow, seen: i64) -> Result<Changed> {
        self.writer
            .write((draft, seen), false, |db, (draft, seen)| {
                Box::pin(writes::save_draft(db, draft, *seen))
            })
            .await
    }

    async fn discard_draft(&self, file: &str, seen: i64) -> Result<Changed> {
        self.writer
            .write((file.to_owned(), seen), false, |db, (file, seen)| {
                Box::pin(writes::discard_draft(db, file, *seen))
            })
            .await
    }

    async fn drafts(&self) -> Result<Vec<DraftRow>> {
        self.all(
            sqlx::query("SELECT * FROM word_draft ORDER BY file"),
            row_reader::draft,
        )
        .await
    }

    async fn publish_draft(&self, publish: Publish) -> Result<Changed> {
        self.writer
            .write(publish, false, |db, publish| {
                Box::pin(writes::publish_draft(db, publish))
            })
            .await
    }

    async fn published_words(&self) -> Result<Vec<WordsRow>> {
        let query = sqlx::query(
            "SELECT * FROM word_version AS one WHERE seq = (SELECT max(seq) FROM word_version WHERE file = one.file) \
             ORDER BY file",
        );
        self.all(query, row_reader::words).await
    }

    async fn word_versions(&self, file: &str) -> Result<Vec<WordsRow>> {
        let query = sqlx::query("SELECT * FROM word_version WHERE file = $1 ORDER BY seq")
            .bind(file.to_owned());
        self.all(query, row_reader::words).await
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
            row_reader::meeting,
        )
        .await
    }

    async fn listed(&self, meeting: &str) -> Result<Vec<ViewRow>> {
        let query = sqlx::query(
            "SELECT * FROM view WHERE meeting = $1 AND state <> 'withdrawn' ORDER BY seq",
        )
        .bind(meeting.to_owned());
        self.all(query, row_reader::view).await
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
            row_reader::setting,
        )
        .await
    }

    async fn role_keys(&self) -> Result<Vec<RoleKeyRow>> {
        self.all(
            sqlx::query("SELECT * FROM role_key ORDER BY role_key, generation"),
            row_reader::role_key,
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
            row_reader::staff,
        )
        .await
    }

    async fn staff_by_name(&self, name: &str) -> Result<Option<StaffRow>> {
        self.one(
            sqlx::query("SELECT * FROM staff WHERE name = $1").bind(name.to_owned()),
            row_reader::staff,
        )
        .await
    }

    async fn staff(&self, id: &str) -> Result<Option<StaffRow>> {
        self.one(
            sqlx::query("SELECT * FROM staff WHERE id = $1").bind(id.to_owned()),
            row_reader::staff,
        )
        .await
    }

    async fn grants(&self, staff: &str) -> Result<Vec<GrantRow>> {
        let query = sqlx::query(
            "SELECT * FROM grant_of_key WHERE staff = $1 ORDER BY role_key, generation",
        )
        .bind(staff.to_owned());
        self.all(query, row_reader::grant).await
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

    async fn consume_totp_step(&self, staff: &str, step: i64) -> Result<bool> {
        let data = (staff.to_owned(), step);
        self.writer
            .write(data, false, |db, (staff, step)| {
                Box::pin(writes::consume_totp_step(db, staff, *step))
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
        Ok(self.one(query, row_reader::count).await?.unwrap_or(0))
    }

    async fn invite(&self, staff: StaffRow, invitation: InvitationRow) -> Result<bool> {
        let data = (staff, invitation);
        self.writer
            .write(data, false, |db, (staff, invitation)| {
                Box::pin(writes::invite(db, staff, invitation))
            })
            .await
    }

    async fn invite_again(&self, invitation: InvitationRow) -> Result<()> {
        somebody(
            self.writer
                .write(invitation, true, |db, invitation| {
                    Box::pin(writes::invite_again(db, invitation))
                })
                .await?,
        )
    }

    async fn invitation(&self, hash: &[u8; 32]) -> Result<Option<InvitationRow>> {
        self.one(
            sqlx::query("SELECT * FROM invitation WHERE hash = $1").bind(hash.to_vec()),
            row_reader::invitation,
        )
        .await
    }

    async fn join(&self, hash: [u8; 32], keys: Joining) -> Result<bool> {
        let data = (hash, keys);
        self.writer
            .write(data, false, |db, (hash, keys)| {
                Box::pin(writes::join(db, hash, keys))
            })
            .await
    }

    async fn set_suspended(&self, staff: &str, suspended: bool) -> Result<()> {
        let data = (staff.to_owned(), suspended);
        somebody(
            self.writer
                .write(data, false, |db, (staff, suspended)| {
                    Box::pin(writes::set_suspended(db, staff, *suspended))
                })
                .await?,
        )
    }

    async fn remove_staff(
        &self,
        staff: &str,
        keys: Vec<RoleKeyRow>,
        grants: Vec<(String, GrantRow)>,
    ) -> Result<()> {
        let data = writes::Leaving {
            staff: staff.to_owned(),
            keys,
            grants,
        };
        somebody(
            self.writer
                .write(data, true, |db, leaving| {
                    Box::pin(writes::remove_staff(db, leaving))
                })
                .await?,
        )
    }

    async fn add_grants(&self, staff: &str, grants: Vec<GrantRow>) -> Result<()> {
        let data = (staff.to_owned(), grants);
        self.writer
            .write(data, false, |db, (staff, grants)| {
                Box::pin(async move {
                    for grant in grants {
                        writes::add_grant(&mut *db, staff, grant).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    async fn outdated_texts(&self, before: u32) -> Result<Vec<(String, BodyRow)>> {
        let query = sqlx::query(
            "SELECT body.* FROM body JOIN view ON view.id = body.view WHERE body.generation < $1 \
             AND view.state NOT IN ($2, $3) AND (view.state <> $4 OR view.unread = 1) ORDER BY body.id",
        )
        .bind(i64::from(before))
        .bind(State::Agreed.id())
        .bind(State::Withdrawn.id())
        .bind(State::Closed.id());
        self.all(query, row_reader::text_of_view).await
    }

    async fn reseal(&self, texts: Vec<SealedAgain>) -> Result<usize> {
        // What they were is gone from the log as well.
        self.writer
            .write(texts, true, |db, texts| Box::pin(writes::reseal(db, texts)))
            .await
    }

    async fn sealed_text_generations(&self) -> Result<Vec<TextsAt>> {
        self.all(
            sqlx::query(writes::TEXTS_AT),
            row_reader::sealed_text_generations,
        )
        .await
    }

    async fn delete_role_keys(
        &self,
        gone: Vec<(RoleKey, u32)>,
        texts: Vec<TextsAt>,
    ) -> Result<Changed> {
        self.writer
            .write((gone, texts), true, |db, (gone, texts)| {
                Box::pin(writes::delete_role_keys(db, gone, texts))
            })
            .await
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
            row_reader::session,
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
        self.all(query, row_reader::session).await
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

    fn by(&self, entry: Entry) -> Arc<dyn Store> {
        Arc::new(SqliteStore {
            writer: Audited {
                writer: Arc::clone(&self.writer.writer),
                entry: Some(entry),
            },
            readers: self.readers.clone(),
        })
    }

    async fn limits(&self, view: &str) -> Result<Option<Limits>> {
        let query = sqlx::query(
            "SELECT held, ended, (SELECT max(day) FROM event WHERE view = $1 AND role IS NULL) AS last_word, \
             EXISTS (SELECT 1 FROM body WHERE view = $1 AND kind IN ('approved', 'decision')) \
             OR EXISTS (SELECT 1 FROM outcome WHERE view = $1) AS has_decision FROM view WHERE id = $1",
        )
        .bind(view.to_owned());
        self.one(query, row_reader::limits).await
    }

    async fn hold(
        &self,
        view: &str,
        held: bool,
        event: EventRow,
        reason: NewBody,
    ) -> Result<Changed> {
        let data = (view.to_owned(), held, event, reason);
        self.writer
            .write(data, false, |db, (view, held, event, reason)| {
                Box::pin(writes::hold(db, view, *held, event, reason))
            })
            .await
    }

    async fn handed_over(&self) -> Result<BTreeSet<String>> {
        let views = sqlx::query_scalar("SELECT view FROM event WHERE service IS NOT NULL")
            .fetch_all(&self.readers)
            .await
            .map_err(cannot_read)?;
        Ok(views.into_iter().collect())
    }

    async fn recuse(&self, view: &str, staff: &str) -> Result<()> {
        let data = (view.to_owned(), staff.to_owned());
        self.writer
            .write(data, false, |db, (view, staff)| {
                Box::pin(writes::recuse(db, view, staff))
            })
            .await
    }

    async fn recused(&self, staff: &str) -> Result<BTreeSet<String>> {
        let views = sqlx::query_scalar("SELECT view FROM kept_away WHERE staff = $1")
            .bind(staff)
            .fetch_all(&self.readers)
            .await
            .map_err(cannot_read)?;
        Ok(views.into_iter().collect())
    }

    async fn held(&self) -> Result<Vec<ViewRow>> {
        self.all(
            sqlx::query("SELECT * FROM view WHERE held = 1 AND state <> 'withdrawn' ORDER BY seq"),
            row_reader::view,
        )
        .await
    }

    async fn views_due_for_retention(&self) -> Result<Vec<ViewRow>> {
        self.all(
            sqlx::query(
                "SELECT * FROM view WHERE state IN ('closed', 'done', 'agreed') AND (ended IS NULL \
                 OR EXISTS (SELECT 1 FROM body WHERE body.view = view.id) \
                 OR EXISTS (SELECT 1 FROM outcome WHERE outcome.view = view.id)) ORDER BY seq",
            ),
            row_reader::view,
        )
        .await
    }

    async fn purge(&self, purge: Purge) -> Result<Changed> {
        self.writer
            .write(purge, true, |db, purge| Box::pin(writes::purge(db, purge)))
            .await
    }

    async fn purge_uses(&self, before: Date) -> Result<u64> {
        self.writer
            .write(before, false, |db, before| {
                Box::pin(writes::purge_uses(db, *before))
            })
            .await
    }

    async fn purge_meetings(&self, before: Date) -> Result<u64> {
        self.writer
            .write(before, true, |db, before| {
                Box::pin(writes::purge_meetings(db, *before))
            })
            .await
    }

    async fn purge_audit(&self, size: i64, day: Date) -> Result<u64> {
        self.writer
            .write((size, day), true, |db, (size, day)| {
                Box::pin(writes::purge_audit(db, *size, *day))
            })
            .await
    }

    async fn enter(&self, entry: Entry, outcome: Outcome) -> Result<()> {
        self.writer
            .writer
            .write((entry, outcome), false, |db, (entry, outcome)| {
                Box::pin(writes::enter(db, entry, *outcome))
            })
            .await
    }

    async fn audit_after(&self, seq: i64, most: u32) -> Result<Vec<AuditRow>> {
        let query = sqlx::query("SELECT * FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2")
            .bind(seq)
            .bind(i64::from(most));
        self.all(query, row_reader::audit).await
    }

    async fn audit_between(&self, from: i64, before: i64) -> Result<Vec<AuditRow>> {
        let query = sqlx::query("SELECT * FROM audit WHERE at >= $1 AND at < $2 ORDER BY seq")
            .bind(from)
            .bind(before);
        self.all(query, row_reader::audit).await
    }

    async fn audit_last(&self) -> Result<Option<AuditRow>> {
        self.one(
            sqlx::query("SELECT * FROM audit ORDER BY seq DESC LIMIT 1"),
            row_reader::audit,
        )
        .await
    }

    async fn add_checkpoint(&self, checkpoint: CheckpointRow) -> Result<()> {
        self.writer
            .write(checkpoint, false, |db, checkpoint| {
                Box::pin(writes::add_checkpoint(db, checkpoint))
            })
            .await
    }

    async fn checkpoints(&self) -> Result<Vec<CheckpointRow>> {
        self.all(
            sqlx::query("SELECT * FROM checkpoint ORDER BY size, day"),
            row_reader::checkpoint,
        )
        .await
    }

    async fn checkpoint_is_outside(&self, size: i64, day: Date) -> Result<()> {
        self.writer
            .write((size, day), false, |db, (size, day)| {
                Box::pin(writes::checkpoint_is_outside(db, *size, *day))
            })
            .await
    }

    async fn integrity(&self) -> Result<Vec<String>> {
        let findings = self
            .all(
                sqlx::query("PRAGMA integrity_check(20)"),
                row_reader::finding,
            )
            .await?;
        Ok(findings.into_iter().filter(|line| line != "ok").collect())
    }
}
