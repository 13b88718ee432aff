//! The end of the audit log: the entry that goes into it in the commit of a write.

use crate::transaction::TxResult;
use sqlx::sqlite::SqliteConnection;
use store::audit::{AuditRow, BEGINNING, Entry, EntryOutcome};
use store::{AccessChange, Changed};

/// What a write's result is in the audit log.
pub(crate) trait AuditOutcome {
    /// The outcome of a write that gave this.
    fn of(written: &Self) -> EntryOutcome;
}

impl AuditOutcome for () {
    fn of((): &Self) -> EntryOutcome {
        EntryOutcome::Done
    }
}

impl AuditOutcome for bool {
    fn of(done: &Self) -> EntryOutcome {
        if *done {
            EntryOutcome::Done
        } else {
            EntryOutcome::NotDone
        }
    }
}

impl AuditOutcome for Changed {
    fn of(changed: &Self) -> EntryOutcome {
        match changed {
            Changed::Done => EntryOutcome::Done,
            Changed::Stale => EntryOutcome::NotDone,
        }
    }
}

impl AuditOutcome for AccessChange {
    fn of(changed: &Self) -> EntryOutcome {
        match changed {
            AccessChange::Done => EntryOutcome::Done,
            AccessChange::LastReader => EntryOutcome::NotDone,
        }
    }
}

/// `None`: the person is not there.
impl AuditOutcome for Option<AccessChange> {
    fn of(changed: &Self) -> EntryOutcome {
        changed
            .as_ref()
            .map_or(EntryOutcome::NotDone, AuditOutcome::of)
    }
}

impl AuditOutcome for usize {
    fn of(rows: &Self) -> EntryOutcome {
        match rows {
            0 => EntryOutcome::NotDone,
            _ => EntryOutcome::Done,
        }
    }
}

/// Puts an entry at the end of the audit log. It follows the last row, or the last checkpoint if that covers more: rows
/// that somebody cut off behind our back leave a gap that shows.
pub(crate) async fn append_audit(
    db: &mut SqliteConnection,
    entry: &Entry,
    outcome: EntryOutcome,
) -> TxResult<()> {
    let last: Option<(i64, Vec<u8>)> = sqlx::query_as(
        "SELECT seq, hash FROM audit UNION ALL SELECT size, head FROM checkpoint ORDER BY 1 DESC LIMIT 1",
    )
    .fetch_optional(&mut *db)
    .await?;
    let (seq, previous) = match last {
        Some((seq, hash)) => {
            let hash = hash
                .try_into()
                .map_err(|_| sqlx::Error::Decode("a hash of the audit log is damaged".into()))?;
            (seq + 1, hash)
        }
        None => (1, BEGINNING),
    };
    let row = AuditRow::next(seq, previous, entry, outcome);
    sqlx::query(
        "INSERT INTO audit (seq, at, actor, role, action, object, outcome, reason, previous, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(row.seq)
    .bind(row.at)
    .bind(row.actor.as_deref())
    .bind(row.role.as_deref())
    .bind(&row.action)
    .bind(row.object.as_deref())
    .bind(&row.outcome)
    .bind(row.reason)
    .bind(row.previous.as_slice())
    .bind(row.hash.as_slice())
    .execute(db)
    .await?;
    Ok(())
}
