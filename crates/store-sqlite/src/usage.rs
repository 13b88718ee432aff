//! Counts of what was opened, by month.

use crate::pool::SqliteStore;
use crate::row_reader::Reader;
use crate::transaction::TxResult;
use domain::date::Date;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use store::{PageViewsRow, Result};

pub(crate) async fn add_uses(
    store: &SqliteStore,
    month: Date,
    counts: Vec<(String, u64)>,
) -> Result<()> {
    store
        .writer
        .write((month, counts), false, |db, (month, counts)| {
            Box::pin(add_uses_tx(db, *month, counts))
        })
        .await
}

async fn add_uses_tx(
    db: &mut SqliteConnection,
    month: Date,
    counts: &[(String, u64)],
) -> TxResult<()> {
    for (what, count) in counts {
        sqlx::query(
            "INSERT INTO use_of_page (month, what, count) VALUES ($1, $2, $3) \
             ON CONFLICT (month, what) DO UPDATE SET count = count + excluded.count",
        )
        .bind(month.to_string())
        .bind(what)
        .bind(i64::try_from(*count).unwrap_or(i64::from(u32::MAX)))
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

pub(crate) async fn uses(store: &SqliteStore) -> Result<Vec<PageViewsRow>> {
    let query = sqlx::query(
        "SELECT *, row_number() OVER (ORDER BY month, what) AS seq FROM use_of_page ORDER BY month, what",
    );
    store.readable(query, "use_of_page", page_views_row).await
}

pub(crate) async fn views_by_month(store: &SqliteStore) -> Result<Vec<(Date, u64)>> {
    let query = sqlx::query(
        "SELECT substr(day, 1, 7) || '-01' AS month, count(*) AS count, min(seq) AS seq FROM view WHERE state <> 'withdrawn' \
         GROUP BY month ORDER BY month",
    );
    store.readable(query, "view", views_of_month_row).await
}

pub(crate) async fn purge_uses(store: &SqliteStore, before: Date) -> Result<u64> {
    store
        .writer
        .write(before, false, |db, before| {
            Box::pin(purge_uses_tx(db, *before))
        })
        .await
}

async fn purge_uses_tx(db: &mut SqliteConnection, before: Date) -> TxResult<u64> {
    let gone = sqlx::query("DELETE FROM use_of_page WHERE month < $1")
        .bind(before.to_string())
        .execute(db)
        .await?;
    Ok(gone.rows_affected())
}

pub(crate) fn page_views_row(row: &SqliteRow) -> Result<PageViewsRow> {
    let row = Reader {
        row,
        table: "use_of_page",
    };
    let count = row.get::<i64>("count")?;
    Ok(PageViewsRow {
        month: row.day("month")?,
        what: row.get("what")?,
        count: row.damaged(u64::try_from(count).ok())?,
    })
}

fn views_of_month_row(row: &SqliteRow) -> Result<(Date, u64)> {
    let row = Reader { row, table: "view" };
    let count = row.get::<i64>("count")?;
    Ok((row.day("month")?, row.damaged(u64::try_from(count).ok())?))
}
