//! The end of the audit log: the entry that goes into it in the commit of a write.

use crate::writer::{Act, TxResult, Writer};
use sqlx::sqlite::SqliteConnection;
use std::sync::Arc;
use store::audit::{AuditRow, BEGINNING, Entry, Outcome};
use store::{Changed, Result, Sent};

/// The writer, with the entry that goes into the audit log with each write.
pub(crate) struct Audited {
    pub(crate) writer: Arc<Writer>,
    pub(crate) entry: Option<Entry>,
}

impl Audited {
    pub(crate) async fn write<D, T>(
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
pub(crate) trait Told {
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

/// Puts an entry at the end of the audit log. It follows the last row, or the last checkpoint if that covers more: rows
/// that somebody cut off behind our back leave a gap that shows.
pub(crate) async fn enter_tx(
    db: &mut SqliteConnection,
    entry: &Entry,
    outcome: Outcome,
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
