//! Legal hold, and what of views and meetings goes when its time is over.

use crate::audited_writer::AuditedWriter;
use crate::pool::SqliteStore;
use crate::row_reader::{self, Reader};
use crate::transaction::TxResult;
use crate::view;
use domain::audience::TextKind;
use domain::date::Date;
use sqlx::AssertSqlSafe;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use store::{Changed, EventRow, NewBody, Purge, Result, RetentionFacts, ViewRow};

pub(crate) async fn retention_facts(
    store: &SqliteStore,
    view: &str,
) -> Result<Option<RetentionFacts>> {
    let query = sqlx::query(
        "SELECT held, ended, (SELECT max(day) FROM event WHERE view = $1 AND role IS NULL) AS last_word, \
         (SELECT max(day) FROM event WHERE view = $1) AS last_act, \
         EXISTS (SELECT 1 FROM body WHERE view = $1 AND kind IN ('approved', 'decision')) \
         OR EXISTS (SELECT 1 FROM outcome WHERE view = $1) AS has_decision FROM view WHERE id = $1",
    )
    .bind(view.to_owned());
    store.one(query, retention_facts_row).await
}

pub(crate) async fn set_legal_hold(
    audited: &AuditedWriter,
    view: &str,
    held: bool,
    event: EventRow,
    reason: NewBody,
) -> Result<Changed> {
    let data = (view.to_owned(), held, event, reason);
    audited
        .write(data, false, |db, (view, held, event, reason)| {
            Box::pin(hold_tx(db, view, *held, event, reason))
        })
        .await
}

async fn hold_tx(
    db: &mut SqliteConnection,
    view: &str,
    held: bool,
    event: &EventRow,
    reason: &NewBody,
) -> TxResult<Changed> {
    let written = sqlx::query(
        "UPDATE view SET held = $2, version = version + 1 WHERE id = $1 AND held <> $2 AND ended IS NULL \
         AND state <> 'withdrawn'",
    )
    .bind(view)
    .bind(i64::from(held))
    .execute(&mut *db)
    .await?
    .rows_affected();
    if written == 0 {
        return Ok(Changed::Stale);
    }
    let body = view::add_body_tx(db, view, reason).await?;
    view::insert_event_tx(db, view, event, Some(body)).await?;
    Ok(Changed::Done)
}

pub(crate) async fn held(store: &SqliteStore) -> Result<Vec<ViewRow>> {
    store
        .readable(
            sqlx::query("SELECT * FROM view WHERE held = 1 AND state <> 'withdrawn' ORDER BY seq"),
            "view",
            row_reader::view_row,
        )
        .await
}

pub(crate) async fn views_due_for_retention(store: &SqliteStore) -> Result<Vec<ViewRow>> {
    store
        .readable(
            sqlx::query(
                "SELECT * FROM view WHERE state IN ('closed', 'concluded', 'done', 'agreed') AND (ended IS NULL \
             OR EXISTS (SELECT 1 FROM body WHERE body.view = view.id) \
             OR EXISTS (SELECT 1 FROM outcome WHERE outcome.view = view.id)) ORDER BY seq",
            ),
            "view",
            row_reader::view_row,
        )
        .await
}

pub(crate) async fn quiet_views(store: &SqliteStore, until: Date) -> Result<Vec<(ViewRow, Date)>> {
    let query = sqlx::query(
        "SELECT * FROM (SELECT view.*, max(since, day, coalesce((SELECT max(event.day) FROM event \
         WHERE event.view = view.id), day)) AS last_act FROM view \
         WHERE (state NOT IN ('closed', 'done', 'agreed', 'withdrawn') \
         OR (unread = 1 AND state <> 'withdrawn')) AND lane NOT IN ('waiting', 'opened', 'taken') \
         AND since <= $1 AND (ended IS NULL OR EXISTS (SELECT 1 FROM body WHERE body.view = view.id) \
         OR EXISTS (SELECT 1 FROM outcome WHERE outcome.view = view.id))) WHERE last_act <= $1 ORDER BY seq",
    )
    .bind(until.to_string());
    let quiet = |row: &SqliteRow| {
        let reader = Reader { row, table: "view" };
        Ok((row_reader::view_row(row)?, reader.day("last_act")?))
    };
    store.all(query, quiet).await
}

pub(crate) async fn purge(store: &SqliteStore, purge: Purge) -> Result<Changed> {
    store
        .writer
        .write(purge, true, |db, purge| Box::pin(purge_tx(db, purge)))
        .await
}

async fn purge_tx(db: &mut SqliteConnection, purge: &Purge) -> TxResult<Changed> {
    let gone = |kind: TextKind| purge.kinds.contains(&kind);
    let written = sqlx::query(
        "UPDATE view SET version = version + 1, has_identity = CASE WHEN $3 = 1 THEN 0 ELSE has_identity END, \
         meeting = CASE WHEN $4 = 1 THEN NULL ELSE meeting END WHERE id = $1 AND version = $2 AND held = 0",
    )
    .bind(&purge.view)
    .bind(purge.from_version)
    .bind(i64::from(gone(TextKind::Identity)))
    .bind(i64::from(purge.outcome))
    .execute(&mut *db)
    .await?
    .rows_affected();
    if written == 0 {
        return Ok(Changed::Stale);
    }
    if purge.record {
        sqlx::query("DELETE FROM event WHERE view = $1")
            .bind(&purge.view)
            .execute(&mut *db)
            .await?;
        sqlx::query("DELETE FROM kept_away WHERE view = $1")
            .bind(&purge.view)
            .execute(&mut *db)
            .await?;
        sqlx::query(
            "UPDATE view SET recipient = '', language = '', about = 'nobody', ended = coalesce(ended, $2) WHERE id = $1",
        )
            .bind(&purge.view)
            .bind(purge.day.to_string())
            .execute(&mut *db)
            .await?;
    }
    for kind in &purge.kinds {
        sqlx::query("DELETE FROM body WHERE view = $1 AND kind = $2")
            .bind(&purge.view)
            .bind(kind.id())
            .execute(&mut *db)
            .await?;
    }
    if purge.outcome {
        sqlx::query("DELETE FROM outcome WHERE view = $1")
            .bind(&purge.view)
            .execute(&mut *db)
            .await?;
    }
    Ok(Changed::Done)
}

/// What was withdrawn in the safety lane after this day.
const WITHDRAWN_IN_LANE: &str = "state = 'withdrawn' AND lane <> 'ordinary' AND EXISTS (SELECT 1 FROM event \
     WHERE event.view = view.id AND event.action = 'withdraw' AND event.day ";

pub(crate) async fn withdrawn_in_lane(store: &SqliteStore, after: Date) -> Result<Vec<ViewRow>> {
    let sql = format!("SELECT * FROM view WHERE {WITHDRAWN_IN_LANE} > $1) ORDER BY seq");
    let query = sqlx::query(AssertSqlSafe(sql)).bind(after.to_string());
    store.readable(query, "view", row_reader::view_row).await
}

pub(crate) async fn purge_lane_records(store: &SqliteStore, until: Date) -> Result<u64> {
    store
        .writer
        .write(until, true, |db, until| {
            Box::pin(purge_lane_records_tx(db, *until))
        })
        .await
}

// One whose alert is open waits until somebody has seen it.
async fn purge_lane_records_tx(db: &mut SqliteConnection, until: Date) -> TxResult<u64> {
    let sql = format!(
        "SELECT id FROM view WHERE {WITHDRAWN_IN_LANE} <= $1) \
         AND NOT EXISTS (SELECT 1 FROM alert WHERE alert.view = view.id) \
         AND (about <> 'nobody' OR EXISTS (SELECT 1 FROM kept_away WHERE kept_away.view = view.id) \
         OR EXISTS (SELECT 1 FROM body WHERE body.view = view.id) \
         OR EXISTS (SELECT 1 FROM event WHERE event.view = view.id AND event.action <> 'withdraw'))"
    );
    let views: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(until.to_string())
        .fetch_all(&mut *db)
        .await?;
    for view in &views {
        for sql in [
            "DELETE FROM event WHERE view = $1 AND action <> 'withdraw'",
            "DELETE FROM body WHERE view = $1",
            "DELETE FROM kept_away WHERE view = $1",
            "UPDATE view SET about = 'nobody' WHERE id = $1",
        ] {
            sqlx::query(sql).bind(view).execute(&mut *db).await?;
        }
    }
    Ok(u64::try_from(views.len()).unwrap_or(u64::MAX))
}

pub(crate) async fn purge_meetings(store: &SqliteStore, before: Date) -> Result<u64> {
    store
        .writer
        .write(before, true, |db, before| {
            Box::pin(purge_meetings_tx(db, *before))
        })
        .await
}

async fn purge_meetings_tx(db: &mut SqliteConnection, before: Date) -> TxResult<u64> {
    let gone = sqlx::query(
        "DELETE FROM meeting WHERE day < $1 AND NOT EXISTS (SELECT 1 FROM view WHERE view.meeting = meeting.id)",
    )
    .bind(before.to_string())
    .execute(db)
    .await?;
    Ok(gone.rows_affected())
}

fn retention_facts_row(row: &SqliteRow) -> Result<RetentionFacts> {
    let row = Reader { row, table: "view" };
    Ok(RetentionFacts {
        held: row.yes_or_no("held")?,
        bare_since: row.maybe_word("ended", |text| text.parse().ok())?,
        last_word: row.maybe_word("last_word", |text| text.parse().ok())?,
        last_act: row.maybe_word("last_act", |text| text.parse().ok())?,
        has_decision: row.yes_or_no("has_decision")?,
    })
}
