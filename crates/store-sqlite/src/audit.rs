//! Rows and checkpoints of the audit log. `audit_log` writes them.

use crate::audit_log;
use crate::pool::SqliteStore;
use crate::row_reader::Reader;
use crate::transaction::TxResult;
use domain::date::Date;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use store::Result;
use store::audit::{AuditRow, CheckpointRow, Entry, EntryOutcome};

pub(crate) async fn append_audit(
    store: &SqliteStore,
    entry: Entry,
    outcome: EntryOutcome,
) -> Result<()> {
    store
        .writer
        .write((entry, outcome), false, |db, (entry, outcome)| {
            Box::pin(audit_log::append_audit(db, entry, *outcome))
        })
        .await
}

pub(crate) async fn purge_audit(store: &SqliteStore, size: i64, day: Date) -> Result<u64> {
    store
        .writer
        .write((size, day), true, |db, (size, day)| {
            Box::pin(purge_audit_tx(db, *size, *day))
        })
        .await
}

/// The checkpoint is marked first: it lets the trigger against accidents through, and is where the log begins then.
async fn purge_audit_tx(db: &mut SqliteConnection, size: i64, day: Date) -> TxResult<u64> {
    sqlx::query("UPDATE checkpoint SET cut = 1 WHERE size = $1 AND day = $2")
        .bind(size)
        .bind(day.to_string())
        .execute(&mut *db)
        .await?;
    sqlx::query("DELETE FROM checkpoint WHERE size < $1 OR (size = $1 AND day < $2)")
        .bind(size)
        .bind(day.to_string())
        .execute(&mut *db)
        .await?;
    let gone = sqlx::query("DELETE FROM audit WHERE seq <= $1")
        .bind(size)
        .execute(db)
        .await?;
    Ok(gone.rows_affected())
}

pub(crate) async fn audit_after(store: &SqliteStore, seq: i64, most: u32) -> Result<Vec<AuditRow>> {
    let query = sqlx::query("SELECT * FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2")
        .bind(seq)
        .bind(i64::from(most));
    store.all(query, audit_row).await
}

pub(crate) async fn audit_between(
    store: &SqliteStore,
    from: i64,
    before: i64,
) -> Result<Vec<AuditRow>> {
    let query = sqlx::query("SELECT * FROM audit WHERE at >= $1 AND at < $2 ORDER BY seq")
        .bind(from)
        .bind(before);
    store.readable(query, "audit", audit_row).await
}

pub(crate) async fn audit_last(store: &SqliteStore) -> Result<Option<AuditRow>> {
    store
        .one(
            sqlx::query("SELECT * FROM audit ORDER BY seq DESC LIMIT 1"),
            audit_row,
        )
        .await
}

pub(crate) async fn add_checkpoint(store: &SqliteStore, checkpoint: CheckpointRow) -> Result<()> {
    store
        .writer
        .write(checkpoint, false, |db, checkpoint| {
            Box::pin(add_checkpoint_tx(db, checkpoint))
        })
        .await
}

async fn add_checkpoint_tx(db: &mut SqliteConnection, checkpoint: &CheckpointRow) -> TxResult<()> {
    sqlx::query(
        "INSERT INTO checkpoint (size, day, head, note, outside) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (size, day) DO NOTHING",
    )
    .bind(checkpoint.size)
    .bind(checkpoint.day.to_string())
    .bind(checkpoint.head.as_slice())
    .bind(&checkpoint.note)
    .bind(i64::from(checkpoint.outside))
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn checkpoints(store: &SqliteStore) -> Result<Vec<CheckpointRow>> {
    store
        .all(
            sqlx::query("SELECT * FROM checkpoint ORDER BY size, day"),
            checkpoint_row,
        )
        .await
}

pub(crate) async fn checkpoint_is_outside(store: &SqliteStore, size: i64, day: Date) -> Result<()> {
    store
        .writer
        .write((size, day), false, |db, (size, day)| {
            Box::pin(checkpoint_is_outside_tx(db, *size, *day))
        })
        .await
}

async fn checkpoint_is_outside_tx(db: &mut SqliteConnection, size: i64, day: Date) -> TxResult<()> {
    sqlx::query("UPDATE checkpoint SET outside = 1 WHERE size = $1 AND day = $2")
        .bind(size)
        .bind(day.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Its words are not looked at: what stands in the log is for the chain to judge.
pub(crate) fn audit_row(row: &SqliteRow) -> Result<AuditRow> {
    let row = Reader {
        row,
        table: "audit",
    };
    Ok(AuditRow {
        seq: row.get("seq")?,
        at: row.get("at")?,
        actor: row.get("actor")?,
        role: row.get("role")?,
        action: row.get("action")?,
        object: row.get("object")?,
        outcome: row.get("outcome")?,
        reason: row.get("reason")?,
        previous: row.exactly("previous")?,
        hash: row.exactly("hash")?,
    })
}

fn checkpoint_row(row: &SqliteRow) -> Result<CheckpointRow> {
    let row = Reader {
        row,
        table: "checkpoint",
    };
    Ok(CheckpointRow {
        size: row.get("size")?,
        head: row.exactly("head")?,
        day: row.day("day")?,
        note: row.get("note")?,
        outside: row.yes_or_no("outside")?,
    })
}
