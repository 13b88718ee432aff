//! Whether the audit log is whole: its chain, its checkpoints, and those of the second place. It knows no session.

use domain::date::Date;
use domain::retention;
use std::collections::BTreeMap;
use store::audit::{AuditRow, BEGINNING};
use store::{Store, StoreError};
use vault::signed_notes::{self, Checkpoint, Signer};

/// Rows read at a time.
const BATCH: u32 = 1_000;

/// How much was found whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole {
    /// Rows in the log.
    pub rows: i64,
    /// Checkpoints beside it.
    pub checkpoints: usize,
    /// Checkpoints from the second place.
    pub outside: usize,
    /// Those of them whose rows went with a restored backup that the caller knows of.
    pub lost: usize,
}

/// The action of the row that enters that a backup was restored.
pub const BACKUP_RESTORED: &str = "backup-restored";

/// Why the log, or the database, is not whole: the first break, in a sentence.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Broken(pub String);

/// A walk along the chain.
pub(super) struct Walk {
    /// The last row seen.
    pub(super) seq: i64,
    /// Its hash.
    pub(super) head: [u8; 32],
    /// Hashes of the rows whose numbers are wanted.
    pub(super) wanted: BTreeMap<i64, Option<[u8; 32]>>,
    /// Rows that enter that a backup was restored, with their days.
    restored: Vec<(i64, Date)>,
}

impl Walk {
    pub(super) fn from(seq: i64, head: [u8; 32]) -> Walk {
        Walk {
            seq,
            head,
            wanted: BTreeMap::new(),
            restored: Vec::new(),
        }
    }

    pub(super) async fn run(&mut self, store: &dyn Store) -> Result<(), Broken> {
        loop {
            let rows = store
                .audit_after(self.seq, BATCH)
                .await
                .map_err(unreadable)?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in &rows {
                self.step(row)?;
            }
        }
    }

    fn step(&mut self, row: &AuditRow) -> Result<(), Broken> {
        let wanted = self.seq + 1;
        if row.seq != wanted {
            return Err(Broken(format!(
                "Row {wanted} of the audit log is missing: after row {} comes row {}.",
                self.seq, row.seq
            )));
        }
        if row.previous != self.head {
            return Err(Broken(format!(
                "Row {} of the audit log does not follow from the row before it: one of them was changed, or rows were \
                 taken out.",
                row.seq
            )));
        }
        if row.hash != row.worked_out() {
            return Err(Broken(format!(
                "Row {} of the audit log was changed: its hash does not fit what it says.",
                row.seq
            )));
        }
        (self.seq, self.head) = (row.seq, row.hash);
        if let Some(place) = self.wanted.get_mut(&row.seq) {
            *place = Some(row.hash);
        }
        if row.action == BACKUP_RESTORED {
            self.restored
                .extend(Date::in_london(row.at).map(|day| (row.seq, day)));
        }
        Ok(())
    }

    /// The restored backup with which the rows of a checkpoint can have gone: entered in the place of one of them, on its
    /// day or later.
    fn gone_with(&self, checkpoint: &Checkpoint) -> Option<(i64, Date)> {
        let gone = |(seq, day): &&(i64, Date)| *seq <= checkpoint.size && *day >= checkpoint.day;
        self.restored.iter().find(gone).copied()
    }
}

fn unreadable(error: StoreError) -> Broken {
    Broken(format!("The audit log cannot be read: {error}."))
}

/// Checks the database file, and then the audit log ([`verify_log`]).
pub async fn verify(
    store: &dyn Store,
    signer: &Signer,
    today: Date,
    against: Option<&str>,
    restored: Option<Date>,
) -> Result<Whole, Broken> {
    if let Some(finding) = store.integrity().await.map_err(unreadable)?.first() {
        return Err(Broken(format!("The database file is damaged: {finding}.")));
    }
    verify_log(store, signer, today, against, restored).await
}

/// Walks the audit log from its first row to its last, and holds it against its checkpoints and against those of the
/// second place (`against`: the text of that file).
///
/// Without `against`, a log whose end was cut off together with the checkpoints beside it looks whole: what is not there
/// cannot be missed. That is what the second place is for.
///
/// A restored backup cuts the end off too, and enters it. Somebody who can change the file can enter the same, so such a row
/// alone excuses nothing: `restored` is the day up to which the caller knows of restored backups. Checkpoints whose rows went
/// with one of these are counted as lost.
pub async fn verify_log(
    store: &dyn Store,
    signer: &Signer,
    today: Date,
    against: Option<&str>,
    restored: Option<Date>,
) -> Result<Whole, Broken> {
    let (mut checkpoints, beside) = all_checkpoints(store, signer, against).await?;
    let first = store
        .audit_after(i64::MIN, 1)
        .await
        .map_err(unreadable)?
        .pop();
    let (start, before) = beginning(first.as_ref(), &checkpoints, today)?;
    let mut walk = Walk::from(start, before);
    walk.wanted = checkpoints
        .iter()
        .map(|checkpoint| (checkpoint.size, None))
        .collect();
    walk.wanted.insert(start, Some(before));
    walk.run(store).await?;

    checkpoints.sort_by_key(|checkpoint| checkpoint.size);
    let mut lost = 0;
    for checkpoint in &checkpoints {
        let Checkpoint { size, head, day } = checkpoint;
        let fits = walk.wanted.get(size).copied().flatten() == Some(*head);
        match walk.gone_with(checkpoint).filter(|_| !fits) {
            Some((_, known)) if restored.is_some_and(|until| known <= until) => {
                lost += 1;
                continue;
            }
            Some((row, day_of_row)) => {
                return Err(Broken(format!(
                    "The audit log is not the one of which the checkpoint of {day} was made. Its row {row} says that a \
                     backup was restored on {day_of_row}. If somebody of yours restored one that day, say so with \
                     --restored {day_of_row}; if not, the log was written anew."
                )));
            }
            None => {}
        }
        if *size > walk.seq {
            return Err(Broken(format!(
                "The audit log ends with row {}, but the checkpoint of {day} covers {size} rows: its end was cut off.",
                walk.seq
            )));
        }
        // What is older than the log is kept cannot be held against anything any more.
        let found = walk.wanted.get(size).copied().flatten();
        if *size >= start && found != Some(*head) {
            return Err(Broken(format!(
                "Row {size} of the audit log is not the one that the checkpoint of {day} was made of: the log was \
                 written anew."
            )));
        }
    }
    Ok(Whole {
        rows: walk.seq - start,
        checkpoints: beside,
        outside: checkpoints.len() - beside,
        lost,
    })
}

/// The checkpoints beside the log and then those of the second place, and how many are beside it.
async fn all_checkpoints(
    store: &dyn Store,
    signer: &Signer,
    against: Option<&str>,
) -> Result<(Vec<Checkpoint>, usize), Broken> {
    let rows = store.checkpoints().await.map_err(unreadable)?;
    let mut checkpoints = Vec::new();
    for row in &rows {
        let read = signer.read_checkpoint(&row.note);
        let whole = read
            .is_ok_and(|read| (read.size, read.head, read.day) == (row.size, row.head, row.day));
        if !whole {
            return Err(Broken(format!(
                "The checkpoint of {} over {} rows was changed, or is not signed by this installation.",
                row.day, row.size
            )));
        }
        checkpoints.push(Checkpoint {
            size: row.size,
            head: row.head,
            day: row.day,
        });
    }
    let beside = checkpoints.len();
    if let Some(file) = against {
        for note in signed_notes::split(file) {
            let read = signer.read_checkpoint(&note).map_err(|refused| {
                Broken(format!(
                    "The second place holds a note that is none of ours: {refused}."
                ))
            })?;
            checkpoints.push(read);
        }
        if checkpoints.len() == beside {
            return Err(Broken("The second place holds no checkpoint.".to_owned()));
        }
    }
    Ok((checkpoints, beside))
}

// Where the log begins: at row 1, or after a checkpoint that is older than the log is kept.
fn beginning(
    first: Option<&AuditRow>,
    checkpoints: &[Checkpoint],
    today: Date,
) -> Result<(i64, [u8; 32]), Broken> {
    let start = match first {
        Some(row) => row.seq - 1,
        // Everything may be over its time; then the newest checkpoint is what is left.
        None => checkpoints.iter().map(|c| c.size).max().unwrap_or(0),
    };
    if start == 0 {
        return Ok((0, BEGINNING));
    }
    let cut = |checkpoint: &&Checkpoint| {
        checkpoint.size == start && retention::AUDIT.is_over(checkpoint.day, today)
    };
    match checkpoints.iter().find(cut) {
        Some(checkpoint) => Ok((start, checkpoint.head)),
        None => Err(Broken(format!(
            "The rows up to {start} of the audit log are missing, and they are not older than the log is kept."
        ))),
    }
}
