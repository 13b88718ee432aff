//! Views, their texts and their events.

use crate::audit_log::append_audit;
use crate::audited_writer::AuditedWriter;
use crate::pool::{SqliteStore, cannot_read};
use crate::reader::readers_tx;
use crate::row_reader::{Reader, view_row};
use crate::transaction::TxResult;
use crate::{alert, meeting};
use domain::audience::{Audience, TextKind};
use domain::event::EventKind;
use domain::lifecycle::{CloseReason, Service, State, ViewStatus};
use domain::publication::TakeDownReason;
use domain::role::Role;
use sqlx::AssertSqlSafe;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use std::collections::BTreeSet;
use store::audit::{Entry, EntryOutcome};
use store::{
    AccessChange, AlertChange, BodyRow, Change, Changed, EventRow, LastReader, NewBody, NewView,
    Result, SealedAgain, SenderChange, Sent, ViewRow,
};

/// All of a send in one text, because every round trip to the connection's thread costs as much as the insert.
/// Each statement after the first writes only if the one before it did.
fn send_sql(bodies: usize, alert: bool) -> String {
    let mut sql =
        "INSERT INTO view (id, tag, recipient, day, topic, language, state, lane, unread, since, \
                   has_identity, burst, about, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $4, $10, $11, $12, 0) \
                   ON CONFLICT (tag) DO NOTHING;"
            .to_owned();
    if alert {
        // In the same commit as the view, so that there is never the one without the other.
        sql += "INSERT INTO alert (view, kind, since) SELECT $1, 'sent', $13 WHERE changes() > 0;";
    }
    let first = if alert { 14 } else { 13 };
    for body in 0..bodies {
        let [kind, day, generation, writer, audience, sealed] =
            [0, 1, 2, 3, 4, 5].map(|n| n + first + 6 * body);
        sql += &format!(
            "INSERT INTO body (view, kind, day, generation, writer, audience, sealed) \
             SELECT $1, ${kind}, ${day}, ${generation}, ${writer}, ${audience}, ${sealed} WHERE changes() > 0;"
        );
    }
    sql += "INSERT INTO event (view, day, action, body) \
            SELECT $1, $4, 'sent', (SELECT min(id) FROM body WHERE view = $1 AND kind = 'view') WHERE changes() > 0";
    sql
}

pub(crate) async fn send(store: &SqliteStore, view: NewView) -> Result<Sent> {
    store
        .writer
        .write(view, false, |db, view| Box::pin(send_tx(db, view)))
        .await
}

async fn send_tx(db: &mut SqliteConnection, view: &NewView) -> TxResult<Sent> {
    let has_identity = view
        .bodies
        .iter()
        .any(|body| body.kind == TextKind::Identity);
    let mut query = sqlx::query(AssertSqlSafe(send_sql(
        view.bodies.len(),
        view.alert.is_some(),
    )))
    .bind(&view.id)
    .bind(view.tag.as_slice())
    .bind(&view.recipient)
    .bind(view.day.to_string())
    .bind(view.topic.id())
    .bind(&view.language)
    .bind(view.life.state.id())
    .bind(view.life.lane.id())
    .bind(i64::from(view.life.unread))
    .bind(i64::from(has_identity))
    .bind(i64::from(view.burst))
    .bind(view.life.about.id());
    if let Some(since) = view.alert {
        query = query.bind(since);
    }
    for body in &view.bodies {
        query = query
            .bind(body.kind.id())
            .bind(body.day.to_string())
            .bind(i64::from(body.generation))
            .bind(body.writer.map(|role| role.id()))
            .bind(body.audience.map(|audience| audience.id()))
            .bind(body.sealed.as_slice());
    }
    match query.execute(db).await?.rows_affected() {
        0 => Ok(Sent::Already),
        _ => Ok(Sent::Stored),
    }
}

pub(crate) async fn view(store: &SqliteStore, id: &str) -> Result<Option<ViewRow>> {
    store
        .one(
            sqlx::query("SELECT * FROM view WHERE id = $1").bind(id.to_owned()),
            view_row,
        )
        .await
}

pub(crate) async fn view_by_tag(store: &SqliteStore, tag: &[u8; 32]) -> Result<Option<ViewRow>> {
    store
        .one(
            sqlx::query("SELECT * FROM view WHERE tag = $1").bind(tag.to_vec()),
            view_row,
        )
        .await
}

pub(crate) async fn views(store: &SqliteStore) -> Result<Vec<ViewRow>> {
    store
        .readable(
            sqlx::query(
                "SELECT * FROM view WHERE state <> 'withdrawn' AND ended IS NULL ORDER BY seq",
            ),
            "view",
            view_row,
        )
        .await
}

pub(crate) async fn bodies(store: &SqliteStore, view: &str) -> Result<Vec<BodyRow>> {
    let query = sqlx::query("SELECT *, id AS seq FROM body WHERE view = $1 ORDER BY id")
        .bind(view.to_owned());
    store.readable(query, "body", body_row).await
}

pub(crate) async fn events(store: &SqliteStore, view: &str) -> Result<Vec<EventRow>> {
    let query =
        sqlx::query("SELECT * FROM event WHERE view = $1 ORDER BY seq").bind(view.to_owned());
    store.readable(query, "event", event_row).await
}

pub(crate) async fn change_by_sender(store: &SqliteStore, change: SenderChange) -> Result<Changed> {
    let change = Change::from(change);
    let erases = erases(&change);
    store
        .writer
        .write(change, erases, |db, change| Box::pin(change_tx(db, change)))
        .await
}

pub(crate) async fn change(audited: &AuditedWriter, change: Change) -> Result<Changed> {
    let erases = erases(&change);
    audited
        .write(change, erases, |db, change| Box::pin(change_tx(db, change)))
        .await
}

/// The moments of alerts that end go from the write-ahead log as well, what texts were before they were sealed to others, and
/// the words that were public.
fn erases(change: &Change) -> bool {
    change.erase
        || change.alert == AlertChange::End
        || !change.reseal.is_empty()
        || change.take_down.is_some()
}

async fn change_tx(db: &mut SqliteConnection, change: &Change) -> TxResult<Changed> {
    if !are_as_expected_tx(db, &change.reseal).await? {
        return Ok(Changed::Stale);
    }
    let staff = change.event.staff.as_deref();
    let released = match &change.outcome {
        None => None,
        Some(outcome) => match meeting::releasable_tx(db, &change.view, staff).await? {
            Some(authors) => Some((outcome, authors)),
            None => return Ok(Changed::Stale),
        },
    };
    let life = if change.erase {
        ViewStatus {
            state: State::Withdrawn,
            ..change.life
        }
    } else {
        change.life
    };
    let written = sqlx::query(
        "UPDATE view SET state = $3, lane = $4, unread = $5, since = coalesce($6, since), \
         meeting = CASE WHEN $7 = 1 THEN $8 ELSE meeting END, version = version + $9, public = $13 \
         WHERE id = $1 AND version = $2 AND state = $10 AND lane = $11 AND unread = $12",
    )
    .bind(&change.view)
    .bind(change.from_version)
    .bind(life.state.id())
    .bind(life.lane.id())
    .bind(i64::from(life.unread))
    .bind(change.since.map(|day| day.to_string()))
    .bind(i64::from(change.meeting.is_some()))
    .bind(change.meeting.clone().flatten())
    // Reading is not changing: what a colleague types while somebody opens the view, or its name, is not late.
    .bind(i64::from(!change.event.kind.is_opening()))
    .bind(change.from_life.state.id())
    .bind(change.from_life.lane.id())
    .bind(i64::from(change.from_life.unread))
    .bind(life.public.id())
    .execute(&mut *db)
    .await?
    .rows_affected();
    if written == 0 {
        return Ok(Changed::Stale);
    }
    let body = if change.erase {
        erase_tx(db, &change.view, life.in_safety_lane()).await?;
        None
    } else if let Some(body) = &change.body {
        Some(add_body_tx(db, &change.view, body).await?)
    } else {
        None
    };
    reseal_tx(db, &change.reseal).await?;
    insert_event_tx(db, &change.view, &change.event, body).await?;
    match change.alert {
        AlertChange::Keep => {}
        AlertChange::Raise(since) => alert::raise_tx(db, &change.view, since).await?,
        AlertChange::End => alert::end_alerts_tx(db, &change.view).await?,
    }
    if let Some((outcome, authors)) = released {
        meeting::publish_tx(db, &change.view, outcome, &authors, staff).await?;
    }
    if let Some(down) = change.take_down {
        meeting::take_down_tx(db, &change.view, down).await?;
    }
    meeting::follow_life_tx(db, &change.view, life.state).await?;
    Ok(Changed::Done)
}

const ERASE: [&str; 4] = [
    "DELETE FROM event WHERE view = $1",
    "DELETE FROM body WHERE view = $1",
    "DELETE FROM kept_away WHERE view = $1",
    "UPDATE view SET recipient = '', language = '', has_identity = 0, meeting = NULL, about = 'nobody' WHERE id = $1",
];

/// In the safety lane, what its people did and wrote for themselves stays. Nothing that the sender wrote, and nothing that
/// was written to them, does.
const ERASE_IN_LANE: [&str; 3] = [
    "DELETE FROM event WHERE view = $1 AND action NOT IN ('raise', 'take', 'hand-over', 'release') AND NOT (action = 'note' \
     AND body IN (SELECT id FROM body WHERE view = $1 AND (kind = 'note-adults' OR (kind = 'note' AND writer = 'safety'))))",
    "DELETE FROM body WHERE view = $1 AND NOT ((kind = 'note-adults' OR (kind = 'note' AND writer = 'safety')) \
     AND id IN (SELECT body FROM event WHERE view = $1 AND body IS NOT NULL))",
    "UPDATE view SET recipient = '', language = '', has_identity = 0, meeting = NULL WHERE id = $1",
];

// Events point to bodies, so they go first.
async fn erase_tx(db: &mut SqliteConnection, view: &str, is_in_lane: bool) -> TxResult<()> {
    let statements = if is_in_lane {
        &ERASE_IN_LANE[..]
    } else {
        &ERASE[..]
    };
    for sql in statements {
        sqlx::query(*sql).bind(view).execute(&mut *db).await?;
    }
    Ok(())
}

pub(crate) async fn insert_event(
    audited: &AuditedWriter,
    view: &str,
    event: EventRow,
) -> Result<()> {
    let data = (view.to_owned(), event);
    audited
        .write(data, false, |db, (view, event)| {
            Box::pin(insert_event_tx(db, view, event, event.body))
        })
        .await
}

pub(crate) async fn open_listed(
    audited: &AuditedWriter,
    views: Vec<String>,
    event: EventRow,
) -> Result<()> {
    let data = (audited.entry.clone(), views, event);
    audited
        .writer
        .write(data, false, |db, (entry, views, event)| {
            Box::pin(open_listed_tx(db, entry, views, event))
        })
        .await
}

async fn open_listed_tx(
    db: &mut SqliteConnection,
    entry: &Entry,
    views: &[String],
    event: &EventRow,
) -> TxResult<()> {
    for view in views {
        let entry = Entry {
            object: Some(view.clone()),
            ..entry.clone()
        };
        append_audit(db, &entry, EntryOutcome::Done).await?;
        // What was withdrawn in this moment, or is past its time, gets no new line.
        let is_new: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM view WHERE id = $1 AND state <> 'withdrawn' AND ended IS NULL) \
             AND NOT EXISTS (SELECT 1 FROM event WHERE view = $1 AND action = $2 AND staff = $3 AND seq > \
             coalesce((SELECT max(seq) FROM event WHERE view = $1 AND action = 'approve'), 0))",
        )
        .bind(view)
        .bind(event.kind.id())
        .bind(event.staff.as_deref())
        .fetch_one(&mut *db)
        .await?;
        if is_new {
            insert_event_tx(db, view, event, None).await?;
        }
    }
    Ok(())
}

/// Writes an event with this text (`event.body` is not looked at).
pub(crate) async fn insert_event_tx(
    db: &mut SqliteConnection,
    view: &str,
    event: &EventRow,
    body: Option<i64>,
) -> TxResult<()> {
    sqlx::query(
        "INSERT INTO event (view, day, action, role, staff, body, reason, meeting, service, service_day, \
         down_reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(view)
    .bind(event.day.to_string())
    .bind(event.kind.id())
    .bind(event.role.map(|role| role.id()))
    .bind(event.staff.as_deref())
    .bind(body)
    .bind(event.reason.map(|reason| reason.id()))
    .bind(event.meeting.as_deref())
    .bind(event.handed.map(|(service, _)| service.id()))
    .bind(event.handed.map(|(_, day)| day.to_string()))
    .bind(event.down.map(|reason| reason.id()))
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn add_body_tx(
    db: &mut SqliteConnection,
    view: &str,
    body: &NewBody,
) -> TxResult<i64> {
    sqlx::query_scalar(
        "INSERT INTO body (view, kind, day, generation, writer, audience, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
    )
    .bind(view)
    .bind(body.kind.id())
    .bind(body.day.to_string())
    .bind(i64::from(body.generation))
    .bind(body.writer.map(|role| role.id()))
    .bind(body.audience.map(|audience| audience.id()))
    .bind(body.sealed.as_slice())
    .fetch_one(db)
    .await
}

/// Whether each of these texts is still at the generation it was opened at.
async fn are_as_expected_tx(db: &mut SqliteConnection, texts: &[SealedAgain]) -> TxResult<bool> {
    for text in texts {
        let generation: Option<i64> =
            sqlx::query_scalar("SELECT generation FROM body WHERE id = $1")
                .bind(text.body)
                .fetch_optional(&mut *db)
                .await?;
        if generation != Some(i64::from(text.from)) {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(crate) async fn reseal_tx(db: &mut SqliteConnection, texts: &[SealedAgain]) -> TxResult<usize> {
    let mut done = 0;
    for text in texts {
        let written = sqlx::query(
            "UPDATE body SET sealed = $3, generation = $4, audience = coalesce($5, audience) \
             WHERE id = $1 AND generation = $2",
        )
        .bind(text.body)
        .bind(i64::from(text.from))
        .bind(text.sealed.as_slice())
        .bind(i64::from(text.generation))
        .bind(text.audience.map(|audience| audience.id()))
        .execute(&mut *db)
        .await?
        .rows_affected();
        done += usize::from(written > 0);
    }
    Ok(done)
}

pub(crate) async fn flag_as_burst(store: &SqliteStore, views: Vec<String>) -> Result<()> {
    store
        .writer
        .write(views, false, |db, views| {
            Box::pin(flag_as_burst_tx(db, views))
        })
        .await
}

async fn flag_as_burst_tx(db: &mut SqliteConnection, views: &[String]) -> TxResult<()> {
    for view in views {
        sqlx::query("UPDATE view SET burst = 1 WHERE id = $1")
            .bind(view)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

pub(crate) async fn handed_over(store: &SqliteStore) -> Result<BTreeSet<String>> {
    let views = sqlx::query_scalar("SELECT view FROM event WHERE service IS NOT NULL")
        .fetch_all(&store.readers)
        .await
        .map_err(cannot_read)?;
    Ok(views.into_iter().collect())
}

pub(crate) async fn recuse(
    audited: &AuditedWriter,
    view: &str,
    staff: &str,
    last: LastReader,
) -> Result<AccessChange> {
    let data = (view.to_owned(), staff.to_owned(), last);
    audited
        .write(data, false, |db, (view, staff, last)| {
            Box::pin(recuse_tx(db, view, staff, *last))
        })
        .await
}

async fn recuse_tx(
    db: &mut SqliteConnection,
    view: &str,
    staff: &str,
    last: LastReader,
) -> TxResult<AccessChange> {
    if last == LastReader::Stays && !others_can_open_tx(&mut *db, view, staff).await? {
        return Ok(AccessChange::LastReader);
    }
    sqlx::query("INSERT INTO kept_away (view, staff) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(view)
        .bind(staff)
        .execute(db)
        .await?;
    Ok(AccessChange::Done)
}

/// Whether anybody but this person can open a view: by their role, by their keys, and not recused from it.
async fn others_can_open_tx(
    db: &mut SqliteConnection,
    view: &str,
    without: &str,
) -> TxResult<bool> {
    let row = sqlx::query("SELECT * FROM view WHERE id = $1")
        .bind(view)
        .fetch_optional(&mut *db)
        .await?;
    let Some(row) = row else {
        return Ok(false);
    };
    let life = view_row(&row)
        .map_err(|error| sqlx::Error::Decode(Box::new(error)))?
        .life;
    let away: Vec<String> = sqlx::query_scalar("SELECT staff FROM kept_away WHERE view = $1")
        .bind(view)
        .fetch_all(&mut *db)
        .await?;
    let readers = readers_tx(db).await?;
    Ok(readers.iter().any(|reader| {
        reader.staff != without && !away.contains(&reader.staff) && life.visible_to(reader.role)
    }))
}

pub(crate) async fn recused(store: &SqliteStore, staff: &str) -> Result<BTreeSet<String>> {
    let views = sqlx::query_scalar("SELECT view FROM kept_away WHERE staff = $1")
        .bind(staff)
        .fetch_all(&store.readers)
        .await
        .map_err(cannot_read)?;
    Ok(views.into_iter().collect())
}

pub(crate) fn body_row(row: &SqliteRow) -> Result<BodyRow> {
    let row = Reader { row, table: "body" };
    Ok(BodyRow {
        id: row.get("id")?,
        kind: row.word("kind", TextKind::from_id)?,
        day: row.day("day")?,
        generation: row.count("generation")?,
        writer: row.maybe_word("writer", Role::from_id)?,
        audience: row.maybe_word("audience", Audience::from_id)?,
        sealed: row.get("sealed")?,
    })
}

pub(crate) fn event_row(row: &SqliteRow) -> Result<EventRow> {
    let row = Reader {
        row,
        table: "event",
    };
    Ok(EventRow {
        day: row.day("day")?,
        kind: row.word("action", EventKind::from_id)?,
        role: row.maybe_word("role", Role::from_id)?,
        staff: row.get("staff")?,
        body: row.get("body")?,
        reason: row.maybe_word("reason", CloseReason::from_id)?,
        meeting: row.get("meeting")?,
        handed: row
            .maybe_word("service", Service::from_id)?
            .zip(row.maybe_word("service_day", |day| day.parse().ok())?),
        down: row.maybe_word("down_reason", TakeDownReason::from_id)?,
    })
}
