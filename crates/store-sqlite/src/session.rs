//! Sessions of staff.

use crate::audited_writer::AuditedWriter;
use crate::pool::SqliteStore;
use crate::row_reader::Reader;
use crate::transaction::TxResult;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use store::{Result, SessionRow};

pub(crate) async fn add_session(audited: &AuditedWriter, session: SessionRow) -> Result<()> {
    audited
        .write(session, false, |db, session| {
            Box::pin(add_session_tx(db, session))
        })
        .await
}

async fn add_session_tx(db: &mut SqliteConnection, session: &SessionRow) -> TxResult<()> {
    sqlx::query(
        "INSERT INTO session (hash, staff, wrapped, began, seen, half) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(session.hash.as_slice())
    .bind(&session.staff)
    .bind(session.wrapped.as_slice())
    .bind(session.began)
    .bind(session.seen)
    .bind(i64::from(session.half))
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn session(store: &SqliteStore, hash: &[u8; 32]) -> Result<Option<SessionRow>> {
    store
        .one(
            sqlx::query("SELECT * FROM session WHERE hash = $1").bind(hash.to_vec()),
            session_row,
        )
        .await
}

pub(crate) async fn touch_session(store: &SqliteStore, hash: &[u8; 32], seen: i64) -> Result<()> {
    let data = (*hash, seen);
    store
        .writer
        .write(data, false, |db, (hash, seen)| {
            Box::pin(touch_session_tx(db, hash, *seen))
        })
        .await
}

async fn touch_session_tx(db: &mut SqliteConnection, hash: &[u8; 32], seen: i64) -> TxResult<()> {
    sqlx::query("UPDATE session SET seen = $2 WHERE hash = $1")
        .bind(hash.as_slice())
        .bind(seen)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn expire_session(store: &SqliteStore, hash: &[u8; 32]) -> Result<()> {
    store
        .writer
        .write(*hash, false, |db, hash| Box::pin(end_session_tx(db, hash)))
        .await
}

pub(crate) async fn end_session(audited: &AuditedWriter, hash: &[u8; 32]) -> Result<()> {
    audited
        .write(*hash, false, |db, hash| Box::pin(end_session_tx(db, hash)))
        .await
}

async fn end_session_tx(db: &mut SqliteConnection, hash: &[u8; 32]) -> TxResult<()> {
    sqlx::query("DELETE FROM session WHERE hash = $1")
        .bind(hash.as_slice())
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn sessions_of(store: &SqliteStore, staff: &str) -> Result<Vec<SessionRow>> {
    let query = sqlx::query("SELECT * FROM session WHERE staff = $1 ORDER BY began DESC, hash")
        .bind(staff.to_owned());
    store.all(query, session_row).await
}

pub(crate) async fn end_sessions_of(
    audited: &AuditedWriter,
    staff: &str,
    keep: Option<[u8; 32]>,
) -> Result<()> {
    let data = (staff.to_owned(), keep);
    audited
        .write(data, false, |db, (staff, keep)| {
            Box::pin(end_sessions_of_tx(db, staff, keep.as_ref()))
        })
        .await
}

pub(crate) async fn end_sessions_of_tx(
    db: &mut SqliteConnection,
    staff: &str,
    keep: Option<&[u8; 32]>,
) -> TxResult<()> {
    // A session to keep is compared only if there is one: `hash <> NULL` would delete nothing.
    sqlx::query("DELETE FROM session WHERE staff = $1 AND ($2 IS NULL OR hash <> $2)")
        .bind(staff)
        .bind(keep.map(|hash| hash.as_slice()))
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn end_old_sessions(
    store: &SqliteStore,
    began_before: i64,
    seen_before: i64,
) -> Result<()> {
    let data = (began_before, seen_before);
    store
        .writer
        .write(data, false, |db, (began, seen)| {
            Box::pin(end_old_sessions_tx(db, *began, *seen))
        })
        .await
}

async fn end_old_sessions_tx(db: &mut SqliteConnection, began: i64, seen: i64) -> TxResult<()> {
    sqlx::query("DELETE FROM session WHERE began < $1 OR seen < $2")
        .bind(began)
        .bind(seen)
        .execute(db)
        .await?;
    Ok(())
}

fn session_row(row: &SqliteRow) -> Result<SessionRow> {
    let row = Reader {
        row,
        table: "session",
    };
    Ok(SessionRow {
        hash: row.exactly("hash")?,
        staff: row.get("staff")?,
        wrapped: row.get("wrapped")?,
        began: row.get("began")?,
        seen: row.get("seen")?,
        half: row.yes_or_no("half")?,
    })
}
