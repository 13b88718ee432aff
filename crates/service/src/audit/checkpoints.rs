//! Signs checkpoints of the audit log, and copies them to the second place.

use super::verify::Walk;
use crate::{ActError, App};
use std::io::Write;
use std::path::Path;
use store::audit::{AuditRow, BEGINNING, CheckpointRow};
use vault::signed_notes::{Checkpoint, Signer};

/// Rows after which a checkpoint is due before the day is over.
pub const ROWS_A_CHECKPOINT: i64 = 1_000;

impl App {
    /// Signs a checkpoint when one is due (a new day, or [`ROWS_A_CHECKPOINT`] rows), and writes those that are not there yet to the
    /// second place, one after the other.
    ///
    /// A log that does not follow from its last checkpoint is not signed.
    pub async fn keep_checkpoints(&self, second_place: Option<&Path>) -> Result<(), ActError> {
        let today = self.clock.today();
        let known = self.store.checkpoints().await?;
        let last = self.store.audit_last().await?;
        let newest = known.last();
        let is_due = |last: &AuditRow| {
            newest.is_none_or(|newest| {
                last.seq - newest.size >= ROWS_A_CHECKPOINT || newest.day < today
            })
        };
        if last.is_some_and(|last| is_due(&last)) {
            self.sign_checkpoint().await?;
        }
        let Some(place) = second_place else {
            return Ok(());
        };
        for checkpoint in self.store.checkpoints().await? {
            if !checkpoint.outside {
                append(place, &checkpoint.note)
                    .map_err(|_| ActError::Internal("checkpoint-not-written"))?;
                self.store
                    .checkpoint_is_outside(checkpoint.size, checkpoint.day)
                    .await?;
            }
        }
        Ok(())
    }

    /// Signs a checkpoint of the log as it stands and gives its note; `None` when the log is empty.
    pub async fn sign_checkpoint(&self) -> Result<Option<String>, ActError> {
        let newest = self.store.checkpoints().await?.pop();
        let (from, head) = newest
            .as_ref()
            .map_or((0, BEGINNING), |newest| (newest.size, newest.head));
        let mut walk = Walk::from(from, head);
        walk.run(&*self.store)
            .await
            .map_err(|_| ActError::Internal("audit-broken"))?;
        if walk.seq == 0 {
            return Ok(None);
        }
        let checkpoint = Checkpoint {
            size: walk.seq,
            head: walk.head,
            day: self.clock.today(),
        };
        let note = Signer::new(&self.keys).sign_checkpoint(&checkpoint);
        self.store
            .add_checkpoint(CheckpointRow {
                size: checkpoint.size,
                head: checkpoint.head,
                day: checkpoint.day,
                note: note.clone(),
                outside: false,
            })
            .await?;
        Ok(Some(note))
    }
}

// Adds a note to the file, and is done only when it is on the disk.
fn append(place: &Path, note: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(place)?;
    file.write_all(format!("{note}\n").as_bytes())?;
    file.sync_all()
}
