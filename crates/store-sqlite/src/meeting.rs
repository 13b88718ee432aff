//! Meetings, their lists, and published outcomes.

use crate::audited_writer::AuditedWriter;
use crate::pool::SqliteStore;
use crate::row_reader::{self, Reader};
use crate::transaction::TxResult;
use domain::lifecycle::State;
use domain::view::Topic;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use store::{MeetingRow, OutcomeRow, Result, ViewRow};

pub(crate) async fn add_meeting(audited: &AuditedWriter, meeting: MeetingRow) -> Result<()> {
    audited
        .write(meeting, false, |db, meeting| {
            Box::pin(add_meeting_tx(db, meeting))
        })
        .await
}

async fn add_meeting_tx(db: &mut SqliteConnection, meeting: &MeetingRow) -> TxResult<()> {
    sqlx::query("INSERT INTO meeting (id, day, title) VALUES ($1, $2, $3)")
        .bind(&meeting.id)
        .bind(meeting.day.to_string())
        .bind(&meeting.title)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn meetings(store: &SqliteStore) -> Result<Vec<MeetingRow>> {
    store
        .readable(
            sqlx::query("SELECT * FROM meeting ORDER BY day DESC, seq DESC"),
            "meeting",
            meeting_row,
        )
        .await
}

pub(crate) async fn meeting(store: &SqliteStore, id: &str) -> Result<Option<MeetingRow>> {
    let query = sqlx::query("SELECT * FROM meeting WHERE id = $1").bind(id.to_owned());
    store.one(query, meeting_row).await
}

pub(crate) async fn listed(store: &SqliteStore, meeting: &str) -> Result<Vec<ViewRow>> {
    let query =
        sqlx::query("SELECT * FROM view WHERE meeting = $1 AND state <> 'withdrawn' ORDER BY seq")
            .bind(meeting.to_owned());
    store.readable(query, "view", row_reader::view_row).await
}

pub(crate) async fn public_change(store: &SqliteStore) -> Result<i64> {
    let query = sqlx::query("SELECT number FROM public_change");
    let row = |row: &SqliteRow| {
        let table = "public_change";
        Reader { row, table }.get("number")
    };
    let number = store.one(query, row).await?;
    Ok(number.unwrap_or(0))
}

pub(crate) async fn outcomes(store: &SqliteStore) -> Result<Vec<OutcomeRow>> {
    store
        .readable(
            sqlx::query("SELECT * FROM outcome ORDER BY published DESC, seq DESC"),
            "outcome",
            outcome_row,
        )
        .await
}

pub(crate) async fn publish_tx(
    db: &mut SqliteConnection,
    view: &str,
    outcome: &OutcomeRow,
) -> TxResult<()> {
    sqlx::query(
        "INSERT INTO outcome (view, topic, said, decided, owner, due, meeting_day, published, state) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (view) DO UPDATE SET topic = excluded.topic, \
         said = excluded.said, decided = excluded.decided, owner = excluded.owner, due = excluded.due, \
         meeting_day = excluded.meeting_day, published = excluded.published, state = excluded.state",
    )
    .bind(view)
    .bind(outcome.topic.id())
    .bind(&outcome.said)
    .bind(&outcome.decided)
    .bind(&outcome.owner)
    .bind(outcome.due.to_string())
    .bind(outcome.meeting_day.to_string())
    .bind(outcome.published.to_string())
    .bind(outcome.state.id())
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) fn meeting_row(row: &SqliteRow) -> Result<MeetingRow> {
    let row = Reader {
        row,
        table: "meeting",
    };
    Ok(MeetingRow {
        id: row.get("id")?,
        day: row.day("day")?,
        title: row.get("title")?,
    })
}

pub(crate) fn outcome_row(row: &SqliteRow) -> Result<OutcomeRow> {
    let row = Reader {
        row,
        table: "outcome",
    };
    Ok(OutcomeRow {
        topic: row.word("topic", Topic::from_id)?,
        said: row.get("said")?,
        decided: row.get("decided")?,
        owner: row.get("owner")?,
        due: row.day("due")?,
        meeting_day: row.day("meeting_day")?,
        published: row.day("published")?,
        state: row.word("state", State::from_id)?,
    })
}
