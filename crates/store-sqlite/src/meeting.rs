//! Meetings, their lists, and published outcomes.

use crate::audited_writer::AuditedWriter;
use crate::pool::SqliteStore;
use crate::row_reader::{self, Reader};
use crate::transaction::TxResult;
use domain::date::Date;
use domain::lifecycle::State;
use domain::publication::{Authors, DecisionKind, may_release};
use domain::view::Topic;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, query, query_scalar};
use store::{MeetingRow, OutcomeRow, PublishedRow, Result, TakeDown, ViewRow};

pub(crate) async fn add_meeting(audited: &AuditedWriter, meeting: MeetingRow) -> Result<()> {
    audited
        .write(meeting, false, |db, meeting| {
            Box::pin(add_meeting_tx(db, meeting))
        })
        .await
}

async fn add_meeting_tx(db: &mut SqliteConnection, meeting: &MeetingRow) -> TxResult<()> {
    query("INSERT INTO meeting (id, day, title) VALUES ($1, $2, $3)")
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
            query("SELECT * FROM meeting ORDER BY day DESC, seq DESC"),
            "meeting",
            meeting_row,
        )
        .await
}

pub(crate) async fn meeting(store: &SqliteStore, id: &str) -> Result<Option<MeetingRow>> {
    let query = query("SELECT * FROM meeting WHERE id = $1").bind(id.to_owned());
    store.one(query, meeting_row).await
}

pub(crate) async fn listed(store: &SqliteStore, meeting: &str) -> Result<Vec<ViewRow>> {
    let query =
        query("SELECT * FROM view WHERE meeting = $1 AND state <> 'withdrawn' ORDER BY seq")
            .bind(meeting.to_owned());
    store.readable(query, "view", row_reader::view_row).await
}

pub(crate) async fn public_change(store: &SqliteStore) -> Result<i64> {
    let query = query("SELECT number FROM public_change");
    let row = |row: &SqliteRow| {
        let table = "public_change";
        Reader { row, table }.get("number")
    };
    let number = store.one(query, row).await?;
    Ok(number.unwrap_or(0))
}

const OUTCOMES: &str = "SELECT *, EXISTS (SELECT 1 FROM outcome AS later WHERE later.view = outcome.view \
     AND later.round > outcome.round) AS followed FROM outcome";

pub(crate) async fn outcomes(store: &SqliteStore) -> Result<Vec<OutcomeRow>> {
    let rows = published(store).await?;
    Ok(rows.into_iter().map(|row| row.outcome).collect())
}

pub(crate) async fn published(store: &SqliteStore) -> Result<Vec<PublishedRow>> {
    let sql = AssertSqlSafe(format!("{OUTCOMES} ORDER BY published DESC, seq DESC"));
    store.readable(query(sql), "outcome", published_row).await
}

/// Who wrote what is about to be published of a view: the last writer of the decision, and of the committee's text.
async fn authors_tx(db: &mut SqliteConnection, view: &str) -> TxResult<Authors> {
    let mut last = [None, None];
    for (who, acts) in last.iter_mut().zip(["'decide', 'correct'", "'approve'"]) {
        let sql = format!(
            "SELECT staff FROM event WHERE view = $1 AND action IN ({acts}) ORDER BY seq DESC LIMIT 1"
        );
        let found: Option<Option<String>> = query_scalar(AssertSqlSafe(sql))
            .bind(view)
            .fetch_optional(&mut *db)
            .await?;
        *who = found.flatten();
    }
    let [decided, approved] = last;
    Ok(Authors { decided, approved })
}

/// Who wrote what this person is about to publish of a view; `None` if they are one of them, or nobody knows who wrote it.
pub(crate) async fn releasable_tx(
    db: &mut SqliteConnection,
    view: &str,
    staff: Option<&str>,
) -> TxResult<Option<Authors>> {
    let authors = authors_tx(db, view).await?;
    let may = staff.is_some_and(|staff| may_release(staff, &authors).is_ok());
    Ok(may.then_some(authors))
}

/// Publishes a decision: the next one about the view, or the last one in other words.
pub(crate) async fn publish_tx(
    db: &mut SqliteConnection,
    view: &str,
    outcome: &OutcomeRow,
    authors: &Authors,
    released_by: Option<&str>,
) -> TxResult<()> {
    let sql = if outcome.corrected.is_some() {
        "UPDATE outcome SET topic = $2, kind = $3, said = $4, decided = $5, why = $6, owner = $7, due = $8, until = $9, \
         state = $10, decided_by = $11, approved_by = $12, released_by = $13, corrected = $14, down = NULL, \
         down_reason = NULL WHERE view = $1 AND round = (SELECT max(round) FROM outcome WHERE view = $1) \
         AND $15 IS NOT NULL AND $16 IS NOT NULL AND $17 IS NOT NULL"
    } else {
        "INSERT INTO outcome (view, topic, kind, said, decided, why, owner, due, until, state, decided_by, approved_by, \
         released_by, corrected, meeting_day, urgent, published, decided_day, round) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         1 + coalesce((SELECT max(round) FROM outcome WHERE view = $1), 0))"
    };
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let mut query = query(sql)
        .bind(view)
        .bind(outcome.topic.id())
        .bind(outcome.kind.map(|kind| kind.id()))
        .bind(&outcome.said)
        .bind(&outcome.decided)
        .bind(&outcome.why)
        .bind(&outcome.owner)
        .bind(day(outcome.due))
        .bind(day(outcome.until))
        .bind(outcome.state.id())
        .bind(&authors.decided)
        .bind(&authors.approved)
        .bind(released_by)
        .bind(day(outcome.corrected))
        .bind(outcome.meeting_day.to_string())
        .bind(i64::from(outcome.urgent))
        .bind(outcome.published.to_string());
    if outcome.corrected.is_none() {
        query = query.bind(day(outcome.decided_day));
    }
    query.execute(db).await?;
    Ok(())
}

/// Takes down everything that is public of a view: no word of it stays in an outcome.
pub(crate) async fn take_down_tx(
    db: &mut SqliteConnection,
    view: &str,
    down: TakeDown,
) -> TxResult<()> {
    query(
        "UPDATE outcome SET said = '', decided = '', why = '', owner = '', kind = NULL, due = NULL, until = NULL, \
         down = $2, down_reason = $3 WHERE view = $1 AND down IS NULL",
    )
    .bind(view)
    .bind(down.day.to_string())
    .bind(down.reason.id())
    .execute(db)
    .await?;
    Ok(())
}

/// What is public follows the life of its view, as far as that is something to be said in public.
pub(crate) async fn follow_life_tx(
    db: &mut SqliteConnection,
    view: &str,
    state: State,
) -> TxResult<()> {
    query(
        "UPDATE outcome SET state = $2 WHERE view = $1 AND $2 NOT IN ($3, $4) \
         AND round = (SELECT max(round) FROM outcome WHERE view = $1)",
    )
    .bind(view)
    .bind(state.id())
    .bind(State::Listed.id())
    .bind(State::Decided.id())
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

fn published_row(row: &SqliteRow) -> Result<PublishedRow> {
    let mut published = outcome_row(row)?;
    let row = Reader {
        row,
        table: "outcome",
    };
    published.outcome.followed = row.yes_or_no("followed")?;
    Ok(published)
}

/// A row of the table: whether a later decision followed stands in no column of it.
pub(crate) fn outcome_row(row: &SqliteRow) -> Result<PublishedRow> {
    let row = Reader {
        row,
        table: "outcome",
    };
    let day = |column| row.maybe_word(column, |day| day.parse().ok());
    Ok(PublishedRow {
        view: row.get("view")?,
        outcome: OutcomeRow {
            topic: row.word("topic", Topic::from_id)?,
            said: row.get("said")?,
            kind: row.maybe_word("kind", DecisionKind::from_id)?,
            decided: row.get("decided")?,
            why: row.get("why")?,
            owner: row.get("owner")?,
            due: day("due")?,
            until: day("until")?,
            meeting_day: row.day("meeting_day")?,
            decided_day: day("decided_day")?,
            urgent: row.yes_or_no("urgent")?,
            published: row.day("published")?,
            state: row.word("state", State::from_id)?,
            round: row.count("round")?,
            followed: false,
            corrected: day("corrected")?,
            down: day("down")?,
            authors: Authors {
                decided: row.get("decided_by")?,
                approved: row.get("approved_by")?,
            },
            released_by: row.get("released_by")?,
        },
    })
}
