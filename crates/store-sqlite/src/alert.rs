//! Alerts about views: the outbox of the safety lane.

use crate::pool::SqliteStore;
use crate::row_reader::{self, Reader};
use crate::transaction::TxResult;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use store::{AlertChannel, AlertKind, AlertRow, Result, ViewRow};

pub(crate) async fn alerts(store: &SqliteStore) -> Result<Vec<AlertRow>> {
    store
        .readable(
            sqlx::query("SELECT *, id AS seq FROM alert ORDER BY id"),
            "alert",
            alert_row,
        )
        .await
}

pub(crate) async fn alerted_views(store: &SqliteStore) -> Result<Vec<(String, Option<ViewRow>)>> {
    let query = sqlx::query("SELECT * FROM view WHERE id IN (SELECT view FROM alert)");
    store.all(query, alerted_view).await
}

// A view with an open alert: one damaged row must not hide the others.
fn alerted_view(row: &SqliteRow) -> Result<(String, Option<ViewRow>)> {
    let id = Reader { row, table: "view" }.get("id")?;
    Ok((id, row_reader::view_row(row).ok()))
}

pub(crate) async fn raise_tx(db: &mut SqliteConnection, view: &str, since: i64) -> TxResult<()> {
    // One more alarm while the last one is still being delivered says nothing new.
    sqlx::query(
        "INSERT INTO alert (view, kind, since) SELECT $1, $2, $3 \
         WHERE NOT EXISTS (SELECT 1 FROM alert WHERE view = $1 AND kind = $2 AND since = $3)",
    )
    .bind(view)
    .bind(AlertKind::Alarm.id())
    .bind(since)
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn end_alerts_tx(db: &mut SqliteConnection, view: &str) -> TxResult<()> {
    sqlx::query("DELETE FROM alert WHERE view = $1")
        .bind(view)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn alerts_delivered(
    store: &SqliteStore,
    channel: AlertChannel,
    rounds: Vec<(i64, u32)>,
) -> Result<()> {
    store
        .writer
        .write((channel, rounds), false, |db, (channel, rounds)| {
            Box::pin(alerts_delivered_tx(db, *channel, rounds))
        })
        .await
}

async fn alerts_delivered_tx(
    db: &mut SqliteConnection,
    channel: AlertChannel,
    rounds: &[(i64, u32)],
) -> TxResult<()> {
    let sql = match channel {
        AlertChannel::Mail => "UPDATE alert SET mail = $2 WHERE id = $1",
        AlertChannel::Hook => "UPDATE alert SET hook = $2 WHERE id = $1",
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

pub(crate) fn alert_row(row: &SqliteRow) -> Result<AlertRow> {
    let row = Reader {
        row,
        table: "alert",
    };
    Ok(AlertRow {
        id: row.get("id")?,
        view: row.get("view")?,
        kind: row.word("kind", AlertKind::from_id)?,
        since: row.get("since")?,
        mail: row.count("mail")?,
        hook: row.count("hook")?,
    })
}
