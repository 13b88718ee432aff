//! The one writer: a task that owns the only writing connection, puts what is waiting into one transaction and
//! answers only after COMMIT returned.
//!
//! A failed write or sync is never tried again: after it nobody knows what is on the disk and what is only in memory,
//! so the writer stops for good, says "not saved", and leaves the rest to a restart. A full disk is the exception
//! (SQLite reports it before any sync): that group is not saved, and the next one may be.

use crate::audit_log;
use crate::open::WAIT_AGAIN;
use crate::transaction::Act;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::audit::{Entry, EntryOutcome};
use store::{Result, StoreError};
use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// Most writes that wait; one more is refused at once.
const QUEUE: usize = 1_024;
/// Most writes in one transaction.
const GROUP: usize = 64;
/// Pages in the log from which on it is copied into the database (4 MB).
const LOG_PAGES: i64 = 1_000;
/// How long a log that holds erased texts may wait for readers before it is tried again.
const WIPE_AGAIN: Duration = Duration::from_secs(1);

/// What became of a write.
#[derive(Clone)]
enum Fate {
    Saved,
    Busy,
    NotSaved(String),
}

/// One write that waits.
trait Job: Send {
    /// Does it; perhaps for the second time, after the first was rolled back.
    fn run<'c>(&'c mut self, db: &'c mut SqliteConnection) -> Act<'c, ()>;
    /// Whether it erases texts, so that the log has to go too.
    fn erases(&self) -> bool;
    /// Answers the callers that wait.
    fn answer(self: Box<Self>, fate: Fate);
}

/// An entry of the audit log, with what makes of a write's result whether it was done.
pub(super) type Audited<T> = (Entry, fn(&T) -> EntryOutcome);

struct Work<D, T> {
    data: D,
    act: for<'c> fn(&'c mut SqliteConnection, &'c D) -> Act<'c, T>,
    entry: Option<Audited<T>>,
    erases: bool,
    gave: Option<T>,
    reply: oneshot::Sender<Result<T>>,
}

impl<D: Send + Sync, T: Send> Job for Work<D, T> {
    fn run<'c>(&'c mut self, db: &'c mut SqliteConnection) -> Act<'c, ()> {
        let Work {
            data,
            act,
            entry,
            gave,
            ..
        } = self;
        Box::pin(async move {
            let result = act(&mut *db, data).await?;
            if let Some((entry, outcome)) = entry {
                audit_log::append_audit(db, entry, outcome(&result)).await?;
            }
            *gave = Some(result);
            Ok(())
        })
    }

    fn erases(&self) -> bool {
        self.erases
    }

    fn answer(self: Box<Self>, fate: Fate) {
        let answer = match (fate, self.gave) {
            (Fate::Saved, Some(gave)) => Ok(gave),
            (Fate::Saved, None) => Err(StoreError::NotSaved("the write was not run".to_owned())),
            (Fate::Busy, _) => Err(StoreError::Busy),
            (Fate::NotSaved(why), _) => Err(StoreError::NotSaved(why)),
        };
        // The caller may have gone away; what is written stays written.
        let _ = self.reply.send(answer);
    }
}

/// The handle to the writer's task.
pub(super) struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
    broken: Arc<AtomicBool>,
    stop: Arc<Notify>,
    task: Mutex<Option<JoinHandle<Option<SqliteConnection>>>>,
}

impl Writer {
    /// Starts the task on this connection.
    pub(super) fn start(db: SqliteConnection) -> Writer {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let broken = Arc::new(AtomicBool::new(false));
        let stop = Arc::new(Notify::new());
        let alarm = Alarm {
            broken: Arc::clone(&broken),
            set: true,
        };
        let task = Task {
            db,
            waiting,
            stop: Arc::clone(&stop),
            alarm,
            wipe_at: None,
        };
        let task = tokio::spawn(task.run());
        Writer {
            queue,
            broken,
            stop,
            task: Mutex::new(Some(task)),
        }
    }

    /// Whether a write or sync failed, after which nothing is accepted any more.
    pub(super) fn broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }

    /// Writes, and answers after the commit. `erases`: the log has to be emptied afterwards.
    pub(super) async fn write<D, T>(
        &self,
        data: D,
        erases: bool,
        act: for<'c> fn(&'c mut SqliteConnection, &'c D) -> Act<'c, T>,
    ) -> Result<T>
    where
        D: Send + Sync + 'static,
        T: Send + 'static,
    {
        self.write_with(data, None, erases, act).await
    }

    /// The same, with an entry of the audit log in the same commit.
    pub(super) async fn write_with<D, T>(
        &self,
        data: D,
        entry: Option<Audited<T>>,
        erases: bool,
        act: for<'c> fn(&'c mut SqliteConnection, &'c D) -> Act<'c, T>,
    ) -> Result<T>
    where
        D: Send + Sync + 'static,
        T: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.queue
            .try_send(Box::new(Work {
                data,
                act,
                entry,
                erases,
                gave: None,
                reply,
            }))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => StoreError::Busy,
                mpsc::error::TrySendError::Closed(_) => {
                    StoreError::NotSaved("the writer has stopped".to_owned())
                }
            })?;
        answer
            .await
            .unwrap_or_else(|_| Err(StoreError::NotSaved("the writer has stopped".to_owned())))
    }

    /// Writes what waits, takes nothing more, and gives the connection back if it is sound.
    pub(super) async fn stop(&self) -> Option<SqliteConnection> {
        self.stop.notify_one();
        let task = self.task.lock().await.take()?;
        task.await.ok().flatten()
    }
}

/// Raises the flag unless the task ends in order, so also when a write panics.
struct Alarm {
    broken: Arc<AtomicBool>,
    set: bool,
}

impl Alarm {
    fn raise(&self) {
        self.broken.store(true, Ordering::Release);
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        if self.set {
            self.raise();
        }
    }
}

/// Why a transaction was rolled back.
enum Failed {
    /// Another process holds the file; nothing was tried.
    Busy,
    /// One of the writes is at fault.
    Write(sqlx::Error),
    /// No space.
    Full(sqlx::Error),
    /// The disk, or the file, failed.
    Disk(sqlx::Error),
}

struct Task {
    db: SqliteConnection,
    waiting: mpsc::Receiver<Box<dyn Job>>,
    stop: Arc<Notify>,
    alarm: Alarm,
    /// When to try again to empty a log that holds erased texts.
    wipe_at: Option<Instant>,
}

impl Task {
    async fn run(mut self) -> Option<SqliteConnection> {
        while let Some(first) = self.next().await {
            let mut group = Vec::with_capacity(GROUP);
            group.extend(first);
            while group.len() < GROUP
                && let Ok(job) = self.waiting.try_recv()
            {
                group.push(job);
            }
            let mut sound = self.commit(group).await;
            if sound.is_ok() {
                sound = self.tidy_log().await;
            }
            if let Err(why) = sound {
                self.give_up(why).await;
                return None;
            }
        }
        self.alarm.set = false;
        Some(self.db)
    }

    /// The next write, or nothing but a reason to look at the log again; `None` at the end.
    async fn next(&mut self) -> Option<Option<Box<dyn Job>>> {
        let wipe_at = self.wipe_at;
        loop {
            tokio::select! {
                biased;
                () = self.stop.notified() => self.waiting.close(),
                job = self.waiting.recv() => return job.map(Some),
                () = tokio::time::sleep_until(wipe_at.unwrap_or_else(Instant::now)), if wipe_at.is_some() => {
                    return Some(None);
                }
            }
        }
    }

    /// Commits a group and answers it. An error is one after which the writer may not go on.
    async fn commit(
        &mut self,
        mut group: Vec<Box<dyn Job>>,
    ) -> std::result::Result<(), sqlx::Error> {
        match self.attempt(&mut group).await {
            // One of them is at fault: each for itself.
            Err(Failed::Write(_)) if group.len() > 1 => {
                let mut alone = group.into_iter();
                while let Some(job) = alone.next() {
                    let mut job = vec![job];
                    let done = self.attempt(&mut job).await;
                    if let Err(error) = self.answer(job, done).await {
                        answer_all(alone, &not_saved(&error));
                        return Err(error);
                    }
                }
                Ok(())
            }
            done => self.answer(group, done).await,
        }
    }

    async fn answer(
        &mut self,
        group: Vec<Box<dyn Job>>,
        done: std::result::Result<(), Failed>,
    ) -> std::result::Result<(), sqlx::Error> {
        match done {
            Ok(()) => {
                let (erasing, others): (Vec<_>, Vec<_>) =
                    group.into_iter().partition(|job| job.erases());
                answer_all(others, &Fate::Saved);
                let mut wiped = Ok(());
                if !erasing.is_empty() {
                    wiped = self.wipe().await;
                }
                answer_all(erasing, &Fate::Saved);
                wiped
            }
            Err(Failed::Busy) => {
                answer_all(group, &Fate::Busy);
                Ok(())
            }
            Err(Failed::Write(error) | Failed::Full(error)) => {
                answer_all(group, &not_saved(&error));
                Ok(())
            }
            Err(Failed::Disk(error)) => {
                self.alarm.raise();
                answer_all(group, &not_saved(&error));
                Err(error)
            }
        }
    }

    /// One transaction: all of it or nothing.
    async fn attempt(&mut self, group: &mut [Box<dyn Job>]) -> std::result::Result<(), Failed> {
        if group.is_empty() {
            return Ok(());
        }
        if let Err(error) = self.execute("BEGIN IMMEDIATE").await {
            return Err(match code(&error) {
                Some(SQLITE_BUSY) => Failed::Busy,
                Some(SQLITE_FULL) => Failed::Full(error),
                _ => Failed::Disk(error),
            });
        }
        for job in group {
            if let Err(error) = job.run(&mut self.db).await {
                self.roll_back().await?;
                return Err(match code(&error) {
                    _ if is_disk(&error) => Failed::Disk(error),
                    Some(SQLITE_FULL) => Failed::Full(error),
                    _ => Failed::Write(error),
                });
            }
        }
        if let Err(error) = self.execute("COMMIT").await {
            self.roll_back().await?;
            return Err(if code(&error) == Some(SQLITE_FULL) {
                Failed::Full(error)
            } else {
                Failed::Disk(error)
            });
        }
        Ok(())
    }

    async fn roll_back(&mut self) -> std::result::Result<(), Failed> {
        match self.execute("ROLLBACK").await {
            // SQLite has rolled back by itself after some errors and then says that there is no transaction.
            Err(error) if code(&error) != Some(SQLITE_ERROR) => Err(Failed::Disk(error)),
            _ => Ok(()),
        }
    }

    /// Copies a long log into the database, and empties one that holds erased texts.
    async fn tidy_log(&mut self) -> std::result::Result<(), sqlx::Error> {
        if self.wipe_at.is_some_and(|at| at <= Instant::now()) {
            return self.wipe().await;
        }
        let (_, log, copied) = self.checkpoint("PRAGMA wal_checkpoint(NOOP)").await?;
        if log - copied >= LOG_PAGES {
            self.checkpoint("PRAGMA wal_checkpoint(PASSIVE)").await?;
        }
        Ok(())
    }

    /// Empties the log, so that nothing of an erased text is left in it. If a reader is in the way it stays due.
    async fn wipe(&mut self) -> std::result::Result<(), sqlx::Error> {
        // A long reader (a backup) must not hold up the next writes.
        self.execute("PRAGMA busy_timeout = 100").await?;
        let (busy, ..) = self.checkpoint("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        self.wipe_at = (busy != 0).then(|| Instant::now() + WIPE_AGAIN);
        self.execute(WAIT_AGAIN).await
    }

    /// Gives (busy, pages in the log, pages of them copied). A full or busy disk is not an error: it is tried again.
    async fn checkpoint(
        &mut self,
        sql: &'static str,
    ) -> std::result::Result<(i64, i64, i64), sqlx::Error> {
        match sqlx::query(sql).fetch_one(&mut self.db).await {
            Ok(row) => Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)),
            Err(error) if matches!(code(&error), Some(SQLITE_BUSY | SQLITE_FULL)) => Ok((1, 0, 0)),
            Err(error) => Err(error),
        }
    }

    async fn execute(&mut self, sql: &'static str) -> std::result::Result<(), sqlx::Error> {
        sqlx::query(sql).execute(&mut self.db).await.map(|_| ())
    }

    /// Answers what still waits. The connection is never closed: closing would sync again.
    async fn give_up(self, why: sqlx::Error) {
        let Task {
            db,
            mut waiting,
            alarm,
            ..
        } = self;
        alarm.raise();
        std::mem::forget(db);
        waiting.close();
        let fate = not_saved(&why);
        while let Some(job) = waiting.recv().await {
            job.answer(fate.clone());
        }
    }
}

fn answer_all(jobs: impl IntoIterator<Item = Box<dyn Job>>, fate: &Fate) {
    for job in jobs {
        job.answer(fate.clone());
    }
}

fn not_saved(error: &sqlx::Error) -> Fate {
    Fate::NotSaved(error.to_string())
}

const SQLITE_ERROR: u32 = 1;
const SQLITE_BUSY: u32 = 5;
const SQLITE_READONLY: u32 = 8;
const SQLITE_IOERR: u32 = 10;
const SQLITE_CORRUPT: u32 = 11;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;
const SQLITE_NOTADB: u32 = 26;

/// SQLite's primary result code.
pub(super) fn code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?.parse::<u32>().ok()?;
    Some(code & 0xff)
}

/// Whether the disk or the file is at fault, not the write.
fn is_disk(error: &sqlx::Error) -> bool {
    match code(error) {
        Some(code) => [
            SQLITE_READONLY,
            SQLITE_IOERR,
            SQLITE_CORRUPT,
            SQLITE_CANTOPEN,
            SQLITE_NOTADB,
        ]
        .contains(&code),
        None => matches!(error, sqlx::Error::WorkerCrashed | sqlx::Error::Io(_)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;
    use tempfile::TempDir;

    async fn writer() -> (TempDir, Arc<Writer>) {
        let folder = TempDir::new().unwrap();
        let (mut db, _) = crate::open::open(&folder.path().join("pledge.db"))
            .await
            .unwrap();
        sqlx::query("CREATE TABLE note (n INTEGER PRIMARY KEY, text TEXT NOT NULL)")
            .execute(&mut db)
            .await
            .unwrap();
        (folder, Arc::new(Writer::start(db)))
    }

    async fn reader(folder: &TempDir) -> SqliteConnection {
        use sqlx::ConnectOptions;
        let path = folder.path().join("pledge.db");
        sqlx::sqlite::SqliteConnectOptions::new()
            .filename(path)
            .connect()
            .await
            .unwrap()
    }

    async fn count(folder: &TempDir) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM note")
            .fetch_one(&mut reader(folder).await)
            .await
            .unwrap()
    }

    fn insert<'c>(db: &'c mut SqliteConnection, n: &'c i64) -> Act<'c, ()> {
        Box::pin(async move {
            sqlx::query("INSERT INTO note VALUES ($1, 'x')")
                .bind(n)
                .execute(db)
                .await?;
            Ok(())
        })
    }

    fn execute<'c>(db: &'c mut SqliteConnection, sql: &'c &'static str) -> Act<'c, ()> {
        Box::pin(async move { sqlx::raw_sql(*sql).execute(db).await.map(|_| ()) })
    }

    fn hold<'c>(_: &'c mut SqliteConnection, gate: &'c Arc<Notify>) -> Act<'c, ()> {
        Box::pin(async move {
            gate.notified().await;
            Ok(())
        })
    }

    /// Starts a write that goes on until the gate is opened, and waits until the writer is in it.
    async fn held(writer: &Arc<Writer>) -> (Arc<Notify>, JoinHandle<Result<()>>) {
        let gate = Arc::new(Notify::new());
        let (writer, opens) = (Arc::clone(writer), Arc::clone(&gate));
        let holding = tokio::spawn(async move { writer.write(opens, false, hold).await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        (gate, holding)
    }

    fn inserting(writer: &Arc<Writer>, n: i64) -> JoinHandle<Result<()>> {
        let writer = Arc::clone(writer);
        tokio::spawn(async move { writer.write(n, false, insert).await })
    }

    #[tokio::test]
    async fn one_too_many_is_refused_at_once() {
        let (folder, writer) = writer().await;
        let (gate, holding) = held(&writer).await;
        let waiting: Vec<_> = (0..QUEUE as i64).map(|n| inserting(&writer, n)).collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let refused = writer.write(-1, false, insert).await;
        assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
        gate.notify_one();
        holding.await.unwrap().unwrap();
        for one in waiting {
            one.await.unwrap().unwrap();
        }
        assert_eq!(count(&folder).await, QUEUE as i64);
        writer.write(-1, false, insert).await.unwrap();
    }

    #[tokio::test]
    async fn what_waits_goes_into_one_commit() {
        let (folder, writer) = writer().await;
        let (gate, holding) = held(&writer).await;
        let waiting: Vec<_> = (0..GROUP as i64).map(|n| inserting(&writer, n)).collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        gate.notify_one();
        holding.await.unwrap().unwrap();
        // The caller that is answered first finds the whole group written.
        let mut waiting = waiting.into_iter();
        waiting.next().unwrap().await.unwrap().unwrap();
        assert_eq!(count(&folder).await, GROUP as i64);
        for one in waiting {
            one.await.unwrap().unwrap();
        }
    }

    #[tokio::test]
    async fn one_at_fault_fails_alone() {
        let (folder, writer) = writer().await;
        let (gate, holding) = held(&writer).await;
        // The numbers 0 to 9 twice: the second time they are taken.
        let waiting: Vec<_> = (0..20).map(|n| inserting(&writer, n % 10)).collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        gate.notify_one();
        holding.await.unwrap().unwrap();
        let mut saved = 0;
        for one in waiting {
            match one.await.unwrap() {
                Ok(()) => saved += 1,
                Err(error) => assert!(matches!(error, StoreError::NotSaved(_)), "{error:?}"),
            }
        }
        assert_eq!(
            (saved, count(&folder).await, writer.broken()),
            (10, 10, false)
        );
    }

    #[tokio::test]
    async fn a_failed_commit_stops_the_writer_for_good() {
        let (folder, writer) = writer().await;
        writer
            .write(
                "CREATE TABLE child (n INTEGER REFERENCES note (n))",
                false,
                execute,
            )
            .await
            .unwrap();
        let (gate, holding) = held(&writer).await;
        let good = inserting(&writer, 1);
        // An error that SQLite reports at COMMIT only.
        let bad = {
            let writer = Arc::clone(&writer);
            let sql = "PRAGMA defer_foreign_keys = ON; INSERT INTO child VALUES (99)";
            tokio::spawn(async move { writer.write(sql, false, execute).await })
        };
        tokio::time::sleep(Duration::from_millis(50)).await;
        gate.notify_one();
        let _ = holding.await.unwrap();
        for one in [good, bad] {
            assert!(matches!(one.await.unwrap(), Err(StoreError::NotSaved(_))));
            assert!(writer.broken(), "raised before anybody is answered");
        }
        assert!(matches!(
            writer.write(2, false, insert).await,
            Err(StoreError::NotSaved(_))
        ));
        assert_eq!(count(&folder).await, 0);
        assert!(
            writer.stop().await.is_none(),
            "the connection is never closed: that would sync"
        );
    }

    #[tokio::test]
    async fn a_panic_in_a_write_stops_the_writer() {
        fn panics<'c>(_: &'c mut SqliteConnection, _: &'c ()) -> Act<'c, ()> {
            Box::pin(async { panic!("a bug") })
        }
        let (folder, writer) = writer().await;
        writer.write(1, false, insert).await.unwrap();
        assert!(!writer.broken());
        assert!(matches!(
            writer.write((), false, panics).await,
            Err(StoreError::NotSaved(_))
        ));
        assert!(matches!(
            writer.write(2, false, insert).await,
            Err(StoreError::NotSaved(_))
        ));
        assert!(writer.broken());
        assert_eq!(count(&folder).await, 1);
    }

    #[tokio::test]
    async fn a_full_disk_is_survived() {
        fn limit<'c>(db: &'c mut SqliteConnection, pages: &'c i64) -> Act<'c, ()> {
            Box::pin(async move {
                let sql = if *pages == 0 {
                    "PRAGMA max_page_count = 1"
                } else {
                    "PRAGMA max_page_count = 100000"
                };
                sqlx::raw_sql(sql).execute(db).await.map(|_| ())
            })
        }
        let (folder, writer) = writer().await;
        writer.write(0, false, limit).await.unwrap();
        let long = "INSERT INTO note VALUES (7, hex(zeroblob(100000)))";
        for _ in 0..3 {
            assert!(matches!(
                writer.write(long, false, execute).await,
                Err(StoreError::NotSaved(_))
            ));
        }
        assert!(!writer.broken());
        writer.write(1, false, limit).await.unwrap();
        writer.write(long, false, execute).await.unwrap();
        assert_eq!(count(&folder).await, 1);
    }

    #[tokio::test]
    async fn another_process_in_the_way_is_busy_not_broken() {
        let (folder, writer) = writer().await;
        writer
            .write("PRAGMA busy_timeout = 50", false, execute)
            .await
            .unwrap();
        let mut other = reader(&folder).await;
        sqlx::raw_sql("BEGIN IMMEDIATE")
            .execute(&mut other)
            .await
            .unwrap();
        assert!(matches!(
            writer.write(1, false, insert).await,
            Err(StoreError::Busy)
        ));
        assert!(!writer.broken());
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
        writer.write(1, false, insert).await.unwrap();
    }

    #[tokio::test]
    async fn a_write_runs_again_when_its_group_was_rolled_back() {
        fn tries<'c>(_: &'c mut SqliteConnection, runs: &'c Arc<AtomicUsize>) -> Act<'c, usize> {
            Box::pin(async move { Ok(runs.fetch_add(1, Ordering::Relaxed) + 1) })
        }
        let (_folder, writer) = writer().await;
        writer.write(1, false, insert).await.unwrap();
        let (gate, holding) = held(&writer).await;
        let counting = {
            let writer = Arc::clone(&writer);
            tokio::spawn(async move {
                writer
                    .write(Arc::new(AtomicUsize::new(0)), false, tries)
                    .await
            })
        };
        tokio::time::sleep(Duration::from_millis(50)).await;
        let taken = inserting(&writer, 1);
        tokio::time::sleep(Duration::from_millis(50)).await;
        gate.notify_one();
        holding.await.unwrap().unwrap();
        assert!(taken.await.unwrap().is_err());
        assert_eq!(
            counting.await.unwrap().unwrap(),
            2,
            "the answer is that of the run that was saved"
        );
    }
}
