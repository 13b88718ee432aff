//! Who is on call, where alerts reach them, and drills.

use crate::audited_writer::AuditedWriter;
use crate::pool::SqliteStore;
use crate::row_reader::Reader;
use crate::transaction::TxResult;
use domain::date::Date;
use domain::on_call::{DRILL_SECONDS, DutyTurn};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use store::{AlertChannel, Changed, DrillRow, OnCallRow, Result};

fn changed(rows: u64) -> Changed {
    if rows == 0 {
        Changed::Stale
    } else {
        Changed::Done
    }
}

pub(crate) async fn turns(store: &SqliteStore) -> Result<Vec<OnCallRow>> {
    let query = sqlx::query("SELECT * FROM on_call ORDER BY first_day, rank, id");
    store.all(query, turn_row).await
}

fn turn_row(row: &SqliteRow) -> Result<OnCallRow> {
    let table = "on_call";
    let row = Reader { row, table };
    Ok(OnCallRow {
        id: row.get("id")?,
        turn: DutyTurn {
            from: row.day("first_day")?,
            to: row.day("last_day")?,
            staff: row.get("staff")?,
            rank: row.count("rank")?,
        },
    })
}

pub(crate) async fn add_turn(audited: &AuditedWriter, turn: OnCallRow) -> Result<()> {
    audited
        .write(turn, false, |db, turn| Box::pin(add_turn_tx(db, turn)))
        .await
}

async fn add_turn_tx(db: &mut SqliteConnection, row: &OnCallRow) -> TxResult<()> {
    sqlx::query(
        "INSERT INTO on_call (id, first_day, last_day, staff, rank) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&row.id)
    .bind(row.turn.from.to_string())
    .bind(row.turn.to.to_string())
    .bind(&row.turn.staff)
    .bind(i64::from(row.turn.rank))
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn change_turn(audited: &AuditedWriter, turn: OnCallRow) -> Result<Changed> {
    audited
        .write(turn, false, |db, turn| Box::pin(change_turn_tx(db, turn)))
        .await
}

async fn change_turn_tx(db: &mut SqliteConnection, row: &OnCallRow) -> TxResult<Changed> {
    let done = sqlx::query(
        "UPDATE on_call SET first_day = $2, last_day = $3, staff = $4, rank = $5 WHERE id = $1",
    )
    .bind(&row.id)
    .bind(row.turn.from.to_string())
    .bind(row.turn.to.to_string())
    .bind(&row.turn.staff)
    .bind(i64::from(row.turn.rank))
    .execute(db)
    .await?;
    Ok(changed(done.rows_affected()))
}

pub(crate) async fn remove_turn(audited: &AuditedWriter, id: &str) -> Result<Changed> {
    audited
        .write(id.to_owned(), false, |db, id| {
            Box::pin(remove_turn_tx(db, id))
        })
        .await
}

async fn remove_turn_tx(db: &mut SqliteConnection, id: &str) -> TxResult<Changed> {
    let gone = sqlx::query("DELETE FROM on_call WHERE id = $1")
        .bind(id)
        .execute(db)
        .await?;
    Ok(changed(gone.rows_affected()))
}

pub(crate) async fn alert_addresses(store: &SqliteStore) -> Result<Vec<(String, Vec<u8>)>> {
    let query = sqlx::query("SELECT * FROM alert_address ORDER BY staff");
    let address = |row: &SqliteRow| {
        let table = "alert_address";
        let row = Reader { row, table };
        Ok((row.get("staff")?, row.get("sealed")?))
    };
    store.all(query, address).await
}

pub(crate) async fn set_alert_address(
    audited: &AuditedWriter,
    staff: &str,
    sealed: Option<Vec<u8>>,
) -> Result<()> {
    let data = (staff.to_owned(), sealed);
    audited
        .write(data, true, |db, (staff, sealed)| {
            Box::pin(set_alert_address_tx(db, staff, sealed.as_deref()))
        })
        .await
}

async fn set_alert_address_tx(
    db: &mut SqliteConnection,
    staff: &str,
    sealed: Option<&[u8]>,
) -> TxResult<()> {
    sqlx::query("DELETE FROM alert_address WHERE staff = $1")
        .bind(staff)
        .execute(&mut *db)
        .await?;
    if let Some(sealed) = sealed {
        sqlx::query("INSERT INTO alert_address (staff, sealed) VALUES ($1, $2)")
            .bind(staff)
            .bind(sealed)
            .execute(db)
            .await?;
    }
    Ok(())
}

pub(crate) async fn drills(store: &SqliteStore) -> Result<Vec<DrillRow>> {
    let query = sqlx::query("SELECT * FROM drill ORDER BY id DESC");
    store.all(query, drill_row).await
}

fn drill_row(row: &SqliteRow) -> Result<DrillRow> {
    let table = "drill";
    let row = Reader { row, table };
    Ok(DrillRow {
        id: row.get("id")?,
        began: row.get("began")?,
        mail: row.count("mail")?,
        hook: row.count("hook")?,
        ended: row.get("ended")?,
        ended_by: row.get("ended_by")?,
    })
}

pub(crate) async fn begin_drill(audited: &AuditedWriter, began: i64) -> Result<Changed> {
    audited
        .write(began, false, |db, began| {
            Box::pin(begin_drill_tx(db, *began))
        })
        .await
}

async fn begin_drill_tx(db: &mut SqliteConnection, began: i64) -> TxResult<Changed> {
    let done = sqlx::query(
        "INSERT INTO drill (began) SELECT $1 WHERE NOT EXISTS \
         (SELECT 1 FROM drill WHERE ended IS NULL AND began <= $1 AND began > $1 - $2)",
    )
    .bind(began)
    .bind(DRILL_SECONDS)
    .execute(db)
    .await?;
    Ok(changed(done.rows_affected()))
}

pub(crate) async fn end_drill(
    audited: &AuditedWriter,
    id: i64,
    at: i64,
    staff: &str,
) -> Result<Changed> {
    let data = (id, at, staff.to_owned());
    audited
        .write(data, false, |db, (id, at, staff)| {
            Box::pin(end_drill_tx(db, *id, *at, staff))
        })
        .await
}

async fn end_drill_tx(
    db: &mut SqliteConnection,
    id: i64,
    at: i64,
    staff: &str,
) -> TxResult<Changed> {
    let done =
        sqlx::query("UPDATE drill SET ended = $2, ended_by = $3 WHERE id = $1 AND ended IS NULL")
            .bind(id)
            .bind(at)
            .bind(staff)
            .execute(db)
            .await?;
    Ok(changed(done.rows_affected()))
}

pub(crate) async fn drills_delivered(
    store: &SqliteStore,
    channel: AlertChannel,
    rounds: Vec<(i64, u32)>,
) -> Result<()> {
    store
        .writer
        .write((channel, rounds), false, |db, (channel, rounds)| {
            Box::pin(drills_delivered_tx(db, *channel, rounds))
        })
        .await
}

async fn drills_delivered_tx(
    db: &mut SqliteConnection,
    channel: AlertChannel,
    rounds: &[(i64, u32)],
) -> TxResult<()> {
    let sql = match channel {
        AlertChannel::Mail => "UPDATE drill SET mail = $2 WHERE id = $1",
        AlertChannel::Hook => "UPDATE drill SET hook = $2 WHERE id = $1",
    };
    for (id, round) in rounds {
        sqlx::query(sql)
            .bind(id)
            .bind(i64::from(*round))
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

pub(crate) async fn purge_on_call(
    store: &SqliteStore,
    before: Date,
    began_before: i64,
) -> Result<u64> {
    store
        .writer
        .write((before, began_before), true, |db, (before, began)| {
            Box::pin(purge_on_call_tx(db, *before, *began))
        })
        .await
}

async fn purge_on_call_tx(
    db: &mut SqliteConnection,
    before: Date,
    began_before: i64,
) -> TxResult<u64> {
    let turns = sqlx::query("DELETE FROM on_call WHERE last_day < $1")
        .bind(before.to_string())
        .execute(&mut *db)
        .await?;
    let drills = sqlx::query("DELETE FROM drill WHERE began < $1")
        .bind(began_before)
        .execute(db)
        .await?;
    Ok(turns.rows_affected() + drills.rows_affected())
}
