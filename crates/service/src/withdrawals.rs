//! The log of withdrawn views, of accounts that were removed or suspended, and of passwords, second factors and codes that
//! were replaced or used up, beside the database: a backup that is restored knows nothing of what was withdrawn after it was
//! made, and this log does.
//!
//! A line is a day and the SHA-256 of a random id: it leads to no view and no account but one that is in a database. A line
//! goes when no backup can hold its view or account any more.

use crate::durable_file::put_in_place;
use domain::date::Date;
use domain::retention::BACKUP;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Name of the list in the data folder.
pub const FILE: &str = "taken-back.txt";

/// The day on which each view was withdrawn, each account removed or suspended, and each way to sign in ended, by its mark.
pub type Marks = BTreeMap<String, Date>;

/// Where the list is kept. The default is nowhere: for tests, and for commands in which no view is withdrawn.
#[derive(Clone, Debug, Default)]
pub struct WithdrawalLog(Option<Arc<Mutex<List>>>);

#[derive(Debug)]
struct List {
    file: PathBuf,
    /// Marks that were taken off and may still stand in the second place: whatever stands in either is kept in both.
    removed: BTreeSet<String>,
}

impl WithdrawalLog {
    /// The list in this file, which is made if it is not there: so a missing list is one that was lost. An error if the
    /// file cannot be read as a list.
    pub fn at(file: &Path) -> Result<WithdrawalLog> {
        read_marks(file)?;
        if !file.exists() {
            write_marks(file, &Marks::new())?;
        }
        let list = List {
            file: file.to_owned(),
            removed: BTreeSet::new(),
        };
        Ok(WithdrawalLog(Some(Arc::new(Mutex::new(list)))))
    }

    /// Adds a mark. It is on the disk when this returns.
    pub async fn add(&self, mark: String, today: Date) -> Result<()> {
        self.set(mark, today, true).await
    }

    /// Takes off a mark, of what was not done after all or no longer holds: a restored backup must not do it.
    pub async fn remove(&self, mark: String, today: Date) -> Result<()> {
        self.set(mark, today, false).await
    }

    /// Adds a mark, or takes it off.
    pub async fn set(&self, mark: String, today: Date, on: bool) -> Result<()> {
        let list = self.clone();
        tokio::task::spawn_blocking(move || list.change(today, Some((mark, on))))
            .await
            .map_err(Error::other)?
    }

    /// Takes off what no backup can hold any more, and makes the list and the one in its second place the same: what
    /// stands in either stands in both. So an empty list in a new folder does not overwrite the marks in the second place.
    /// An error if either is damaged; it is left as it is.
    pub fn keep(&self, today: Date, second_place: Option<&Path>) -> Result<()> {
        self.change(today, None)?;
        let (Some(place), Some(list)) = (second_place, &self.0) else {
            return Ok(());
        };
        let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
        let _alone = lock_folder_of(&list.file);
        let (here, there) = (read_marks(&list.file)?, read_marks(place)?);
        let mut both = there.clone();
        both.retain(|mark, _| !list.removed.contains(mark));
        both.extend(here.clone());
        both.retain(|_, day| !BACKUP.is_over(*day, today));
        if both != here {
            write_marks(&list.file, &both)?;
        }
        if both != there || !place.exists() {
            write_marks(place, &both)?;
        }
        list.removed.clear();
        Ok(())
    }

    fn change(&self, today: Date, set: Option<(String, bool)>) -> Result<()> {
        let Some(list) = &self.0 else {
            return Ok(());
        };
        let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
        let _alone = lock_folder_of(&list.file);
        let before = read_marks(&list.file)?;
        let mut marks = before.clone();
        marks.retain(|_, day| !BACKUP.is_over(*day, today));
        match &set {
            Some((mark, true)) => marks.insert(mark.clone(), today),
            Some((mark, false)) => marks.remove(mark),
            None => None,
        };
        if marks != before {
            write_marks(&list.file, &marks)?;
        }
        match set {
            Some((mark, true)) => list.removed.remove(&mark),
            Some((mark, false)) => list.removed.insert(mark),
            None => false,
        };
        Ok(())
    }
}

/// Held while the list is read and written: a command beside a server must not write over what the server adds. Where the
/// file system knows no such lock, it goes on without.
fn lock_folder_of(file: &Path) -> Option<File> {
    let folder = File::open(folder_of(file)).ok()?;
    folder.lock().ok().map(|()| folder)
}

fn folder_of(file: &Path) -> &Path {
    let folder = file.parent().filter(|path| !path.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// What a withdrawn view is called in the list.
pub fn mark_of(view: &str) -> String {
    hash(&format!("pledge taken back {view}"))
}

/// What an account that was removed is called in the list.
pub fn mark_of_removed(staff: &str) -> String {
    hash(&format!("pledge account removed {staff}"))
}

/// What an account that was suspended is called in the list.
pub fn mark_of_suspended(staff: &str) -> String {
    hash(&format!("pledge account suspended {staff}"))
}

/// What a way to sign in that was replaced or used up is called in the list: a salt of a password, a sealed second factor
/// (none: an empty one), the hash of a recovery code. A backup that still has it must not let it in again.
pub fn mark_of_ended(staff: &str, what: &[u8]) -> String {
    hash(&format!("pledge access ended {staff} {}", hex(what)))
}

fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Reads a list. A file that is not there is an empty one; a line that is none of ours is an error, which says its number.
pub fn read_marks(file: &Path) -> Result<Marks> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let line = |(at, line): (usize, &str)| {
        let is_mark = |mark: &str| mark.len() == 64 && mark.bytes().all(|b| b.is_ascii_hexdigit());
        line.split_once(' ')
            .filter(|(_, mark)| is_mark(mark))
            .and_then(|(day, mark)| Some((mark.to_owned(), day.parse().ok()?)))
            .ok_or_else(|| Error::other(format!("line {} is damaged", at + 1)))
    };
    text.lines().enumerate().map(line).collect()
}

/// Writes a list: a new file in the place of the old one, so that a power cut leaves one of the two whole.
pub fn write_marks(file: &Path, marks: &Marks) -> Result<()> {
    let text: String = marks
        .iter()
        .map(|(mark, day)| format!("{day} {mark}\n"))
        .collect();
    let mut part = file.to_owned().into_os_string();
    part.push(".part");
    let part = PathBuf::from(part);
    let mut open = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&part)?;
    open.write_all(text.as_bytes())?;
    open.sync_all()?;
    put_in_place(&part, file)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn a_view_stays_on_the_list_as_long_as_a_backup_can_hold_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        let list = WithdrawalLog::at(&file).unwrap();
        let taken = day("2026-11-21");
        list.add(mark_of("one"), taken).await.unwrap();
        list.add(mark_of("two"), taken.plus_days(1)).await.unwrap();
        assert_eq!(
            read_marks(&file).unwrap().get(&mark_of("one")),
            Some(&taken)
        );
        assert!(!std::fs::read_to_string(&file).unwrap().contains("one"));

        let second = folder.path().join("elsewhere.txt");
        list.keep(BACKUP.ends(taken).plus_days(-1), Some(&second))
            .unwrap();
        assert_eq!(read_marks(&second).unwrap().len(), 2);
        list.keep(BACKUP.ends(taken), Some(&second)).unwrap();
        let left: Vec<String> = read_marks(&file).unwrap().into_keys().collect();
        assert_eq!(left, [mark_of("two")]);
        assert_eq!(read_marks(&second).unwrap(), read_marks(&file).unwrap());
    }

    #[tokio::test]
    async fn a_folder_begun_anew_gets_the_list_that_outlived_the_old_one() {
        let (disk, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let second = elsewhere.path().join(FILE);
        let today = day("2026-11-30");
        {
            let list = WithdrawalLog::at(&disk.path().join(FILE)).unwrap();
            list.add(mark_of("one"), day("2026-11-21")).await.unwrap();
            list.keep(today, Some(&second)).unwrap();
        }
        let before = read_marks(&second).unwrap();
        assert_eq!(before.len(), 1);
        // The disk is gone; somebody starts in an empty folder, and one more view is withdrawn there.
        let new = tempfile::tempdir().unwrap();
        let file = new.path().join(FILE);
        let list = WithdrawalLog::at(&file).unwrap();
        assert_eq!(read_marks(&file).unwrap(), Marks::new());
        list.add(mark_of("two"), today).await.unwrap();
        list.keep(today, Some(&second)).unwrap();
        let both = read_marks(&second).unwrap();
        assert!(both.contains_key(&mark_of("one")) && both.contains_key(&mark_of("two")));
        assert_eq!(read_marks(&file).unwrap(), both);
        // A mark leaves by its age alone, in both places.
        list.keep(BACKUP.ends(day("2026-11-21")), Some(&second))
            .unwrap();
        let left: Vec<String> = read_marks(&second).unwrap().into_keys().collect();
        assert_eq!(left, [mark_of("two")]);
        // A damaged list elsewhere is not written over.
        std::fs::write(&second, "no mark\n").unwrap();
        assert!(list.keep(today, Some(&second)).is_err());
        assert_eq!(std::fs::read_to_string(&second).unwrap(), "no mark\n");
    }

    #[tokio::test]
    async fn a_damaged_list_is_named_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        let list = WithdrawalLog::at(&file).unwrap();
        list.add(mark_of("one"), day("2026-11-21")).await.unwrap();
        let whole = std::fs::read_to_string(&file).unwrap();
        for bad in [
            format!("{whole}2026-11-21 abc\n"),
            format!("{whole}{}", &whole[..40]),
            whole.replacen("2026-11-21", "2026-13-21", 1),
            whole.replacen(' ', "", 1),
        ] {
            std::fs::write(&file, &bad).unwrap();
            assert!(WithdrawalLog::at(&file).is_err(), "{bad}");
            assert!(list.add(mark_of("two"), day("2026-11-22")).await.is_err());
            assert_eq!(std::fs::read_to_string(&file).unwrap(), bad);
        }
    }

    #[tokio::test]
    async fn what_was_taken_off_does_not_come_back_from_the_second_place() {
        let folder = tempfile::tempdir().unwrap();
        let (file, second) = (
            folder.path().join(FILE),
            folder.path().join("elsewhere.txt"),
        );
        let list = WithdrawalLog::at(&file).unwrap();
        let today = day("2026-11-30");
        for id in ["one", "two"] {
            list.add(mark_of_suspended(id), today).await.unwrap();
        }
        list.keep(today, Some(&second)).unwrap();
        list.remove(mark_of_suspended("one"), today).await.unwrap();
        list.keep(today, Some(&second)).unwrap();
        let left: Marks = [(mark_of_suspended("two"), today)].into();
        assert_eq!(read_marks(&file).unwrap(), left);
        assert_eq!(read_marks(&second).unwrap(), left);
        // Added again, it stays.
        list.remove(mark_of_suspended("two"), today).await.unwrap();
        list.add(mark_of_suspended("two"), today).await.unwrap();
        list.keep(today, Some(&second)).unwrap();
        assert_eq!(read_marks(&second).unwrap(), left);
        // The control: what only the second place has comes back.
        write_marks(&file, &Marks::new()).unwrap();
        list.keep(today, Some(&second)).unwrap();
        assert_eq!(read_marks(&file).unwrap(), left);
    }
}
