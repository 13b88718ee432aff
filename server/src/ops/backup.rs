//! Backups sealed to the recovery key, and restoring one.

use crate::bootstrap::DATABASE;
use domain::date::Date;
use domain::retention::BACKUP;
use serde::{Deserialize, Serialize};
use service::after_restore::{PeopleAgain, settle_people};
use service::clock::Clock;
use service::durable_file::put_in_place;
use service::withdrawals::{self, Marks};
use service::{audit, retention, thread};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::{Changed, Store, StoreError};
use store_sqlite::{SqliteStore, count_rows};
use vault::backup_archive;
use vault::random::SystemRandom;
use vault::seal::{AgeSealer, Identity, Recipient};
use vault::server_keys::{self, ServerKeys};
use vault::signed_notes::Signer;

/// Name of the list of what a backup holds.
const LIST: &str = "list.json";
/// Where a backup is made and a restored one is checked, inside the data folder. Removed again at the end.
const WORK: &str = "backup-in-work";

/// Why there is no backup, or nothing was restored, in a sentence.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Stopped(String);

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Stopped {
        Stopped(error.to_string())
    }
}

/// What a backup says of itself; a restored one must fit it, before it is brought to this version.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct List {
    day: Date,
    rows: BTreeMap<String, i64>,
}

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// The day the backup was made.
    pub day: Date,
    /// Views in it, bare marks included.
    pub views: i64,
    /// Views that were withdrawn after the backup was made, and were deleted again.
    pub taken_back: usize,
    /// People who were removed or suspended after the backup was made, and were again.
    pub people: PeopleAgain,
    /// What was purged right away, so that nothing past its time came back.
    pub purged: retention::Purged,
}

/// A folder that is removed when it is no longer needed, whatever happened.
struct Work(PathBuf);

impl Work {
    fn begin(data: &Path) -> Result<Work, Stopped> {
        let folder = data.join(WORK);
        let cannot = |error: std::io::Error| {
            Stopped(format!("{} cannot be made: {error}.", folder.display()))
        };
        // Left over from a run that was cut short.
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(cannot)?;
        }
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            builder.mode(0o700);
        }
        builder.create(&folder).map_err(cannot)?;
        Ok(Work(folder))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Copies the database while it is in use, checks the copy, and seals it with the server's keys to the recovery key.
/// `to` is the file to be made, or a folder in which it is named by the day, with a number from the second of a day on.
/// Gives the file.
pub async fn backup(data: &Path, today: Date, to: &Path) -> Result<PathBuf, Stopped> {
    let to = if to.is_dir() {
        let numbered = (2..).map(|number| format!("pledge-{today}-{number}.age"));
        std::iter::once(format!("pledge-{today}.age"))
            .chain(numbered)
            .map(|name| to.join(name))
            .find(|file| !file.exists())
            .unwrap_or_else(|| to.to_owned())
    } else {
        to.to_owned()
    };
    if to.exists() {
        return Err(Stopped(format!(
            "{} is there already and is never overwritten.",
            to.display()
        )));
    }
    let work = Work::begin(data)?;
    let copy = work.0.join(DATABASE);
    let live = SqliteStore::open(&data.join(DATABASE)).await?;
    let copied = live.copy_to(&copy).await;
    let recovery = live.recovery().await;
    live.close().await;
    copied?;
    let recovery =
        recovery?.ok_or_else(|| Stopped("The database has no recovery key.".to_owned()))?;
    let list = List {
        day: today,
        rows: count_rows(&copy).await?,
    };
    let cannot =
        |error: std::io::Error| Stopped(format!("{} cannot be written: {error}.", to.display()));
    let list_file = work.0.join(LIST);
    let text = serde_json::to_vec(&list).map_err(|error| Stopped(error.to_string()))?;
    std::fs::write(&list_file, text).map_err(cannot)?;
    let keys = data.join(server_keys::FILE);
    let files = [
        (LIST, list_file.as_path()),
        (server_keys::FILE, keys.as_path()),
        (DATABASE, copy.as_path()),
    ];
    let mut part = to.clone().into_os_string();
    part.push(".part");
    let part = PathBuf::from(part);
    // Left over from a run that was cut short; a file that cannot go is an error when the new one is made.
    let _ = std::fs::remove_file(&part);
    let done = backup_archive::seal_files(&part, &Recipient(recovery), &files)
        .and_then(|()| put_in_place(&part, &to));
    if let Err(error) = done {
        let _ = std::fs::remove_file(&part);
        return Err(cannot(error));
    }
    Ok(to)
}

/// Restores a backup into a folder that holds no installation: checks that it is whole, that it fits its own list, and
/// that the audit log is whole; then erases what was withdrawn since and what is past its time, and keeps out who was removed since, before anybody can see
/// it. The withdrawal log goes along into the new folder.
pub async fn restore(
    from: &Path,
    recovery: &Identity,
    data: &Path,
    clock: &dyn Clock,
    taken_back: &Marks,
) -> Result<Restored, Stopped> {
    if data.join(DATABASE).exists() || data.join(server_keys::FILE).exists() {
        return Err(Stopped(format!(
            "{} holds an installation already; nothing was changed.",
            data.display()
        )));
    }
    let work = Work::begin(data)?;
    let names = [LIST, server_keys::FILE, DATABASE];
    backup_archive::open_files(from, recovery, &work.0, &names).map_err(|error| {
        Stopped(format!(
            "{} cannot be restored: {error}. Nothing was changed.",
            from.display()
        ))
    })?;
    let unfit = || Stopped("The backup does not fit its own list. Nothing was changed.".to_owned());
    let list = std::fs::read(work.0.join(LIST)).map_err(|_| unfit())?;
    let list: List = serde_json::from_slice(&list).map_err(|_| unfit())?;
    let copy = work.0.join(DATABASE);
    if count_rows(&copy).await? != list.rows {
        return Err(unfit());
    }
    let keys = ServerKeys::read_file(&work.0.join(server_keys::FILE))
        .map_err(|error| Stopped(error.to_string()))?;
    let store = SqliteStore::open(&copy).await?;
    let today = clock.today();
    let checked = audit::verify(&store, &Signer::new(&keys), today, None, None).await;
    let settled = match checked {
        Ok(_) => settle(&store, taken_back, today, clock.unix_seconds()).await,
        Err(broken) => Err(Stopped(broken.to_string())),
    };
    store.close().await;
    let (taken_again, people, purged) = settled?;
    let list_of_taken = data.join(withdrawals::FILE);
    withdrawals::write_marks(&list_of_taken, taken_back).map_err(|error| {
        Stopped(format!(
            "{} cannot be written: {error}.",
            list_of_taken.display()
        ))
    })?;
    for name in [server_keys::FILE, DATABASE] {
        put_in_place(&work.0.join(name), &data.join(name))
            .map_err(|error| Stopped(format!("{name} cannot be put in its place: {error}.")))?;
    }
    Ok(Restored {
        day: list.day,
        views: list.rows.get("view").copied().unwrap_or(0),
        taken_back: taken_again,
        people,
        purged,
    })
}

// Withdraws again what was withdrawn since, keeps out people who were removed or suspended since, and erases what is past its
// time; gives how many views went, how many people, and what else.
async fn settle(
    store: &SqliteStore,
    marks: &Marks,
    today: Date,
    now: i64,
) -> Result<(usize, PeopleAgain, retention::Purged), Stopped> {
    let mut gone = 0;
    for row in store.views().await? {
        let Some(day) = marks.get(&withdrawals::mark_of(&row.id)) else {
            continue;
        };
        // On the list but published: the withdrawal was never completed.
        let Ok(change) = thread::withdrawal_change(&row, *day) else {
            continue;
        };
        if store.change_by_sender(change).await? != Changed::Done {
            return Err(Stopped("A view could not be taken back again.".to_owned()));
        }
        gone += 1;
    }
    let people = settle_people(store, marks, &SystemRandom, &AgeSealer, now)
        .await
        .map_err(|error| Stopped(error.to_string()))?;
    let purged = retention::purge(store, today, now, false)
        .await
        .map_err(|error| Stopped(error.to_string()))?;
    Ok((gone, people, purged))
}

/// Deletes the backups of this folder that are past their time, by the day in their names, and what is left of those that
/// were cut short; says how many.
pub fn purge_backups(folder: &Path, today: Date) -> std::io::Result<usize> {
    let mut gone = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let day = name
            .to_str()
            .map(|name| name.strip_suffix(".part").unwrap_or(name))
            .and_then(|name| name.strip_prefix("pledge-")?.strip_suffix(".age"))
            .and_then(|name| name.get(..10)?.parse::<Date>().ok());
        if day.is_some_and(|day| BACKUP.is_over(day, today)) {
            std::fs::remove_file(entry.path())?;
            gone += 1;
        }
    }
    Ok(gone)
}
