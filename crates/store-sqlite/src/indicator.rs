//! Figures of the indicators.

use crate::audited_writer::AuditedWriter;
use crate::pool::SqliteStore;
use crate::row_reader::Reader;
use crate::transaction::TxResult;
use domain::date::Date;
use domain::indicator::Number;
use domain::view::Topic;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use store::{Changed, FigureRow, Result};

pub(crate) async fn add_figure(
    audited: &AuditedWriter,
    figure: FigureRow,
    expected_version: i64,
) -> Result<Changed> {
    let data = (figure, expected_version);
    audited
        .write(data, false, |db, (figure, expected_version)| {
            Box::pin(add_figure_tx(db, figure, *expected_version))
        })
        .await
}

async fn add_figure_tx(
    db: &mut SqliteConnection,
    figure: &FigureRow,
    expected_version: i64,
) -> TxResult<Changed> {
    let written = sqlx::query(
        "INSERT INTO figure (indicator, period, number, source, source_day, reason, entered) \
         SELECT $1, $2, $3, $4, $5, $6, $7 \
         WHERE (SELECT coalesce(max(seq), 0) FROM figure WHERE indicator = $1 AND period = $2) <= $8",
    )
    .bind(&figure.indicator)
    .bind(figure.period.to_string())
    .bind(figure.number.map(|number| number.tenths()))
    .bind(&figure.source)
    .bind(figure.source_day.to_string())
    .bind(&figure.reason)
    .bind(figure.entered.to_string())
    .bind(expected_version)
    .execute(db)
    .await?
    .rows_affected();
    Ok(if written == 0 {
        Changed::Stale
    } else {
        Changed::Done
    })
}

pub(crate) async fn figures(store: &SqliteStore) -> Result<Vec<FigureRow>> {
    store
        .readable(
            sqlx::query("SELECT * FROM figure ORDER BY seq"),
            "figure",
            figure_row,
        )
        .await
}

pub(crate) async fn views_by_topic(
    store: &SqliteStore,
    before: Date,
) -> Result<Vec<(Topic, usize)>> {
    let query = sqlx::query(
        "SELECT topic, count(*) AS views, min(seq) AS seq FROM view WHERE state <> 'withdrawn' AND day < $1 GROUP BY topic",
    )
    .bind(before.to_string());
    store.readable(query, "view", views_of_topic_row).await
}

pub(crate) fn figure_row(row: &SqliteRow) -> Result<FigureRow> {
    let row = Reader {
        row,
        table: "figure",
    };
    let number = row.get::<Option<i64>>("number")?;
    Ok(FigureRow {
        seq: row.get("seq")?,
        indicator: row.get("indicator")?,
        period: row.word("period", |text| text.parse().ok())?,
        number: number
            .map(|tenths| row.damaged(Number::from_tenths(tenths)))
            .transpose()?,
        source: row.get("source")?,
        source_day: row.day("source_day")?,
        reason: row.get("reason")?,
        entered: row.day("entered")?,
    })
}

fn views_of_topic_row(row: &SqliteRow) -> Result<(Topic, usize)> {
    let row = Reader { row, table: "view" };
    let views = row.get::<i64>("views")?;
    Ok((
        row.word("topic", Topic::from_id)?,
        row.damaged(usize::try_from(views).ok())?,
    ))
}
