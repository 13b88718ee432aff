//! What each write does, inside the writer's transaction. A write may run twice (the first time rolled back), so it
//! only reads what it was given.

use domain::audience::{RoleKey, TextKind};
use domain::date::Date;
use domain::lifecycle::{State, ViewStatus};
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteConnection;
use store::audit::{AuditRow, BEGINNING, CheckpointRow, Entry, Outcome};
use store::{
    AlertChange, AlertChannel, AlertKind, Change, Changed, DraftRow, EventRow, FigureRow, GrantRow,
    InvitationRow, Joining, MeetingRow, NewBody, NewView, OutcomeRow, Publish, Purge, RoleKeyRow,
    SealedAgain, SecondFactor, Sent, SessionRow, StaffRow, TextsAt,
};

type Result<T> = std::result::Result<T, sqlx::Error>;

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
        let [kind, day, generation, writer, sealed] = [0, 1, 2, 3, 4].map(|n| n + first + 5 * body);
        sql += &format!(
            "INSERT INTO body (view, kind, day, generation, writer, sealed) \
             SELECT $1, ${kind}, ${day}, ${generation}, ${writer}, ${sealed} WHERE changes() > 0;"
        );
    }
    sql += "INSERT INTO event (view, day, action, body) \
            SELECT $1, $4, 'sent', (SELECT min(id) FROM body WHERE view = $1 AND kind = 'view') WHERE changes() > 0";
    sql
}

pub(super) async fn send(db: &mut SqliteConnection, view: &NewView) -> Result<Sent> {
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
            .bind(body.sealed.as_slice());
    }
    match query.execute(db).await?.rows_affected() {
        0 => Ok(Sent::Already),
        _ => Ok(Sent::Stored),
    }
}

pub(super) async fn change(db: &mut SqliteConnection, change: &Change) -> Result<Changed> {
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
         meeting = CASE WHEN $7 = 1 THEN $8 ELSE meeting END, version = version + 1 WHERE id = $1 AND version = $2",
    )
    .bind(&change.view)
    .bind(change.from_version)
    .bind(life.state.id())
    .bind(life.lane.id())
    .bind(i64::from(life.unread))
    .bind(change.since.map(|day| day.to_string()))
    .bind(i64::from(change.meeting.is_some()))
    .bind(change.meeting.clone().flatten())
    .execute(&mut *db)
    .await?
    .rows_affected();
    if written == 0 {
        return Ok(Changed::Stale);
    }
    let body = if change.erase {
        erase(db, &change.view).await?;
        None
    } else if let Some(body) = &change.body {
        Some(add_body(db, &change.view, body).await?)
    } else {
        None
    };
    record(db, &change.view, &change.event, body).await?;
    match change.alert {
        AlertChange::Keep => {}
        AlertChange::Raise(since) => raise(db, &change.view, since).await?,
        AlertChange::End => end_alerts(db, &change.view).await?,
    }
    if let Some(outcome) = &change.outcome {
        publish(db, &change.view, outcome).await?;
    }
    sqlx::query("UPDATE outcome SET state = $2 WHERE view = $1")
        .bind(&change.view)
        .bind(life.state.id())
        .execute(&mut *db)
        .await?;
    Ok(Changed::Done)
}

async fn raise(db: &mut SqliteConnection, view: &str, since: i64) -> Result<()> {
    // One more alarm while somebody is being told about the last one tells nothing new.
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

async fn end_alerts(db: &mut SqliteConnection, view: &str) -> Result<()> {
    sqlx::query("DELETE FROM alert WHERE view = $1")
        .bind(view)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn alerts_told(
    db: &mut SqliteConnection,
    channel: AlertChannel,
    told: &[(i64, u32)],
) -> Result<()> {
    let sql = match channel {
        AlertChannel::Mail => "UPDATE alert SET mail = max(mail, $2) WHERE id = $1",
        AlertChannel::Hook => "UPDATE alert SET hook = max(hook, $2) WHERE id = $1",
    };
    for (id, round) in told {
        sqlx::query(sql)
            .bind(id)
            .bind(i64::from(*round))
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

pub(super) async fn flag_as_burst(db: &mut SqliteConnection, views: &[String]) -> Result<()> {
    for view in views {
        sqlx::query("UPDATE view SET burst = 1 WHERE id = $1")
            .bind(view)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

// Events point to bodies, so they go first.
async fn erase(db: &mut SqliteConnection, view: &str) -> Result<()> {
    for sql in [
        "DELETE FROM event WHERE view = $1",
        "DELETE FROM body WHERE view = $1",
        "DELETE FROM kept_away WHERE view = $1",
        "UPDATE view SET recipient = '', language = '', has_identity = 0, meeting = NULL, about = 'nobody' WHERE id = $1",
    ] {
        sqlx::query(sql).bind(view).execute(&mut *db).await?;
    }
    Ok(())
}

pub(super) async fn recuse(db: &mut SqliteConnection, view: &str, staff: &str) -> Result<()> {
    sqlx::query("INSERT INTO kept_away (view, staff) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(view)
        .bind(staff)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn hold(
    db: &mut SqliteConnection,
    view: &str,
    held: bool,
    event: &EventRow,
    reason: &NewBody,
) -> Result<Changed> {
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
    let body = add_body(db, view, reason).await?;
    record(db, view, event, Some(body)).await?;
    Ok(Changed::Done)
}

pub(super) async fn purge(db: &mut SqliteConnection, purge: &Purge) -> Result<Changed> {
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

pub(super) async fn add_uses(
    db: &mut SqliteConnection,
    month: Date,
    counts: &[(String, u64)],
) -> Result<()> {
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

pub(super) async fn purge_uses(db: &mut SqliteConnection, before: Date) -> Result<u64> {
    let gone = sqlx::query("DELETE FROM use_of_page WHERE month < $1")
        .bind(before.to_string())
        .execute(db)
        .await?;
    Ok(gone.rows_affected())
}

pub(super) async fn purge_meetings(db: &mut SqliteConnection, before: Date) -> Result<u64> {
    let gone = sqlx::query(
        "DELETE FROM meeting WHERE day < $1 AND NOT EXISTS (SELECT 1 FROM view WHERE view.meeting = meeting.id)",
    )
    .bind(before.to_string())
    .execute(db)
    .await?;
    Ok(gone.rows_affected())
}

/// The checkpoint is marked first: it lets the trigger against accidents through, and is where the log begins then.
pub(super) async fn purge_audit(db: &mut SqliteConnection, size: i64, day: Date) -> Result<u64> {
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

async fn add_body(db: &mut SqliteConnection, view: &str, body: &NewBody) -> Result<i64> {
    sqlx::query_scalar(
        "INSERT INTO body (view, kind, day, generation, writer, sealed) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
    )
    .bind(view)
    .bind(body.kind.id())
    .bind(body.day.to_string())
    .bind(i64::from(body.generation))
    .bind(body.writer.map(|role| role.id()))
    .bind(body.sealed.as_slice())
    .fetch_one(db)
    .await
}

/// Writes an event with this text (`event.body` is not looked at).
pub(super) async fn record(
    db: &mut SqliteConnection,
    view: &str,
    event: &EventRow,
    body: Option<i64>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO event (view, day, action, role, staff, body, reason, meeting, service, service_day) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
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
    .execute(db)
    .await?;
    Ok(())
}

async fn publish(db: &mut SqliteConnection, view: &str, outcome: &OutcomeRow) -> Result<()> {
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

pub(super) async fn add_meeting(db: &mut SqliteConnection, meeting: &MeetingRow) -> Result<()> {
    sqlx::query("INSERT INTO meeting (id, day, title) VALUES ($1, $2, $3)")
        .bind(&meeting.id)
        .bind(meeting.day.to_string())
        .bind(&meeting.title)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn add_figure(
    db: &mut SqliteConnection,
    figure: &FigureRow,
    seen: i64,
) -> Result<Changed> {
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
    .bind(seen)
    .execute(db)
    .await?
    .rows_affected();
    Ok(if written == 0 {
        Changed::Stale
    } else {
        Changed::Done
    })
}

pub(super) async fn save_draft(
    db: &mut SqliteConnection,
    draft: &DraftRow,
    seen: i64,
) -> Result<Changed> {
    let mut over = draft.over;
    if seen > 0 {
        let old: Option<i64> = sqlx::query_scalar(
            "DELETE FROM word_draft WHERE file = $1 AND seq = $2 RETURNING over",
        )
        .bind(&draft.file)
        .bind(seen)
        .fetch_optional(&mut *db)
        .await?;
        match old {
            Some(old) => over = old,
            None => return Ok(Changed::Stale),
        }
    } else {
        let begun: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM word_draft WHERE file = $1) \
             OR (SELECT coalesce(max(seq), 0) FROM word_version WHERE file = $1) <> $2",
        )
        .bind(&draft.file)
        .bind(over)
        .fetch_one(&mut *db)
        .await?;
        if begun {
            return Ok(Changed::Stale);
        }
    }
    sqlx::query(
        "INSERT INTO word_draft (file, over, text, writer, day) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&draft.file)
    .bind(over)
    .bind(&draft.text)
    .bind(&draft.writer)
    .bind(draft.day.to_string())
    .execute(db)
    .await?;
    Ok(Changed::Done)
}

pub(super) async fn discard_draft(
    db: &mut SqliteConnection,
    file: &str,
    seen: i64,
) -> Result<Changed> {
    let gone = sqlx::query("DELETE FROM word_draft WHERE file = $1 AND seq = $2")
        .bind(file)
        .bind(seen)
        .execute(db)
        .await?;
    Ok(done_if(gone.rows_affected()))
}

pub(super) async fn publish_draft(db: &mut SqliteConnection, publish: &Publish) -> Result<Changed> {
    let written = sqlx::query(
        "INSERT INTO word_version (file, text, writer, written, publisher, published, given) \
         SELECT file, text, writer, day, $3, $4, $5 FROM word_draft WHERE file = $1 AND seq = $2 AND writer <> $3 \
         AND over = (SELECT coalesce(max(seq), 0) FROM word_version WHERE file = $1)",
    )
    .bind(&publish.file)
    .bind(publish.seen)
    .bind(&publish.publisher)
    .bind(publish.day.to_string())
    .bind(publish.given.as_slice())
    .execute(&mut *db)
    .await?
    .rows_affected();
    if written == 0 {
        return Ok(Changed::Stale);
    }
    discard_draft(db, &publish.file, publish.seen).await
}

fn done_if(rows: u64) -> Changed {
    if rows == 0 {
        Changed::Stale
    } else {
        Changed::Done
    }
}

pub(super) async fn begin(
    db: &mut SqliteConnection,
    recovery: &str,
    keys: &[RoleKeyRow],
) -> Result<bool> {
    let begun = sqlx::query(
        "INSERT INTO setting (name, value) VALUES ('recovery', $1) ON CONFLICT (name) DO NOTHING",
    )
    .bind(recovery)
    .execute(&mut *db)
    .await?
    .rows_affected();
    if begun == 0 {
        return Ok(false);
    }
    add_keys(db, keys).await?;
    Ok(true)
}

pub(super) async fn add_staff(
    db: &mut SqliteConnection,
    staff: &StaffRow,
    grants: &[GrantRow],
) -> Result<bool> {
    let added = sqlx::query(
        "INSERT INTO staff (id, name, role, recipient, salt, wrapped, must_change, second_factor, last_step, suspended, \
         first_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (name) DO NOTHING",
    )
    .bind(&staff.id)
    .bind(&staff.name)
    .bind(staff.role.id())
    .bind(&staff.recipient)
    .bind(staff.salt.as_slice())
    .bind(staff.wrapped.as_slice())
    .bind(i64::from(staff.must_change))
    .bind(staff.second_factor.as_deref())
    .bind(staff.last_step)
    .bind(i64::from(staff.suspended))
    .bind(staff.temp_password_expires_at)
    .execute(&mut *db)
    .await?
    .rows_affected();
    if added == 0 {
        return Ok(false);
    }
    for grant in grants {
        sqlx::query("INSERT INTO grant_of_key (staff, role_key, generation, sealed) VALUES ($1, $2, $3, $4)")
            .bind(&staff.id)
            .bind(grant.key.id())
            .bind(i64::from(grant.generation))
            .bind(grant.sealed.as_slice())
            .execute(&mut *db)
            .await?;
    }
    Ok(true)
}

/// A new password of a member of staff.
pub(super) struct Password {
    pub(super) staff: String,
    pub(super) salt: [u8; 16],
    pub(super) wrapped: Vec<u8>,
    pub(super) keep: Option<[u8; 32]>,
}

/// `false` if there is no such person.
pub(super) async fn set_password(db: &mut SqliteConnection, new: &Password) -> Result<bool> {
    let set = sqlx::query(
        "UPDATE staff SET salt = $2, wrapped = $3, must_change = 0, first_until = 0 WHERE id = $1",
    )
    .bind(&new.staff)
    .bind(new.salt.as_slice())
    .bind(new.wrapped.as_slice())
    .execute(&mut *db)
    .await?
    .rows_affected();
    end_sessions_of(db, &new.staff, new.keep.as_ref()).await?;
    Ok(set > 0)
}

pub(super) async fn end_sessions_of(
    db: &mut SqliteConnection,
    staff: &str,
    keep: Option<&[u8; 32]>,
) -> Result<()> {
    // A session to keep is compared only if there is one: `hash <> NULL` would delete nothing.
    sqlx::query("DELETE FROM session WHERE staff = $1 AND ($2 IS NULL OR hash <> $2)")
        .bind(staff)
        .bind(keep.map(|hash| hash.as_slice()))
        .execute(db)
        .await?;
    Ok(())
}

/// `false` if there is no such person.
pub(super) async fn set_second_factor(
    db: &mut SqliteConnection,
    staff: &str,
    new: &SecondFactor,
) -> Result<bool> {
    let set = sqlx::query("UPDATE staff SET second_factor = $2, last_step = $3 WHERE id = $1")
        .bind(staff)
        .bind(new.sealed.as_slice())
        .bind(new.step)
        .execute(&mut *db)
        .await?
        .rows_affected();
    if set == 0 {
        return Ok(false);
    }
    sqlx::query("DELETE FROM recovery_code WHERE staff = $1")
        .bind(staff)
        .execute(&mut *db)
        .await?;
    for hash in &new.recovery {
        sqlx::query("INSERT INTO recovery_code (staff, hash) VALUES ($1, $2)")
            .bind(staff)
            .bind(hash.as_slice())
            .execute(&mut *db)
            .await?;
    }
    Ok(true)
}

pub(super) async fn consume_totp_step(
    db: &mut SqliteConnection,
    staff: &str,
    step: i64,
) -> Result<bool> {
    let taken = sqlx::query("UPDATE staff SET last_step = $2 WHERE id = $1 AND last_step < $2")
        .bind(staff)
        .bind(step)
        .execute(db)
        .await?
        .rows_affected();
    Ok(taken > 0)
}

pub(super) async fn take_recovery_code(
    db: &mut SqliteConnection,
    staff: &str,
    hash: &[u8; 32],
) -> Result<bool> {
    let taken = sqlx::query("DELETE FROM recovery_code WHERE staff = $1 AND hash = $2")
        .bind(staff)
        .bind(hash.as_slice())
        .execute(db)
        .await?
        .rows_affected();
    Ok(taken > 0)
}

async fn add_keys(db: &mut SqliteConnection, keys: &[RoleKeyRow]) -> Result<()> {
    for key in keys {
        sqlx::query("INSERT INTO role_key (role_key, generation, recipient, for_recovery) VALUES ($1, $2, $3, $4)")
            .bind(key.key.id())
            .bind(i64::from(key.generation))
            .bind(&key.recipient)
            .bind(key.for_recovery.as_slice())
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// A grant that is there stays as it is.
pub(super) async fn add_grant(
    db: &mut SqliteConnection,
    staff: &str,
    grant: &GrantRow,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO grant_of_key (staff, role_key, generation, sealed) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (staff, role_key, generation) DO NOTHING",
    )
    .bind(staff)
    .bind(grant.key.id())
    .bind(i64::from(grant.generation))
    .bind(grant.sealed.as_slice())
    .execute(db)
    .await?;
    Ok(())
}

async fn add_invitation(db: &mut SqliteConnection, invitation: &InvitationRow) -> Result<()> {
    sqlx::query(
        "INSERT INTO invitation (staff, hash, until) VALUES ($1, $2, $3) \
         ON CONFLICT (staff) DO UPDATE SET hash = excluded.hash, until = excluded.until",
    )
    .bind(&invitation.staff)
    .bind(invitation.hash.as_slice())
    .bind(invitation.until)
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn invite(
    db: &mut SqliteConnection,
    staff: &StaffRow,
    invitation: &InvitationRow,
) -> Result<bool> {
    let added = add_staff(&mut *db, staff, &[]).await?;
    if added {
        add_invitation(db, invitation).await?;
    }
    Ok(added)
}

/// `false` if there is no such person.
pub(super) async fn invite_again(
    db: &mut SqliteConnection,
    invitation: &InvitationRow,
) -> Result<bool> {
    let staff = &invitation.staff;
    let emptied = sqlx::query(
        "UPDATE staff SET recipient = '', salt = zeroblob(16), wrapped = x'', must_change = 0, first_until = 0, second_factor = NULL, \
         suspended = 0 WHERE id = $1",
    )
    .bind(staff)
    .execute(&mut *db)
    .await?
    .rows_affected();
    if emptied == 0 {
        return Ok(false);
    }
    for sql in [
        "DELETE FROM grant_of_key WHERE staff = $1",
        "DELETE FROM recovery_code WHERE staff = $1",
        "DELETE FROM session WHERE staff = $1",
    ] {
        sqlx::query(sql).bind(staff).execute(&mut *db).await?;
    }
    add_invitation(db, invitation).await?;
    Ok(true)
}

pub(super) async fn join(
    db: &mut SqliteConnection,
    hash: &[u8; 32],
    keys: &Joining,
) -> Result<bool> {
    let staff: Option<String> =
        sqlx::query_scalar("DELETE FROM invitation WHERE hash = $1 RETURNING staff")
            .bind(hash.as_slice())
            .fetch_optional(&mut *db)
            .await?;
    let Some(staff) = staff else {
        return Ok(false);
    };
    sqlx::query("UPDATE staff SET recipient = $2, salt = $3, wrapped = $4 WHERE id = $1")
        .bind(staff)
        .bind(&keys.recipient)
        .bind(keys.salt.as_slice())
        .bind(keys.wrapped.as_slice())
        .execute(db)
        .await?;
    Ok(true)
}

/// `false` if there is no such person.
pub(super) async fn set_suspended(
    db: &mut SqliteConnection,
    staff: &str,
    suspended: bool,
) -> Result<bool> {
    let set = sqlx::query("UPDATE staff SET suspended = $2 WHERE id = $1")
        .bind(staff)
        .bind(i64::from(suspended))
        .execute(&mut *db)
        .await?
        .rows_affected();
    if suspended {
        end_sessions_of(db, staff, None).await?;
    }
    Ok(set > 0)
}

/// Somebody leaves.
pub(super) struct Leaving {
    pub(super) staff: String,
    pub(super) keys: Vec<RoleKeyRow>,
    pub(super) grants: Vec<(String, GrantRow)>,
}

/// `false` if there is no such person; then no key is begun either.
pub(super) async fn remove_staff(db: &mut SqliteConnection, leaving: &Leaving) -> Result<bool> {
    let removed = sqlx::query("DELETE FROM staff WHERE id = $1")
        .bind(&leaving.staff)
        .execute(&mut *db)
        .await?
        .rows_affected();
    if removed == 0 {
        return Ok(false);
    }
    add_keys(&mut *db, &leaving.keys).await?;
    for (staff, grant) in &leaving.grants {
        add_grant(&mut *db, staff, grant).await?;
    }
    Ok(true)
}

/// What kinds of texts there are, at which generations.
pub(super) const TEXTS_AT: &str = "SELECT DISTINCT body.kind, body.writer, body.generation, view.about FROM body JOIN view ON view.id = body.view \
     ORDER BY body.generation, body.kind, body.writer, view.about";

pub(super) async fn delete_role_keys(
    db: &mut SqliteConnection,
    gone: &[(RoleKey, u32)],
    texts: &[TextsAt],
) -> Result<Changed> {
    let now: Vec<(String, Option<String>, i64, String)> =
        sqlx::query_as(TEXTS_AT).fetch_all(&mut *db).await?;
    let seen = texts.iter().map(|text| {
        let (kind, writer) = (text.kind.id(), text.writer.map(|role| role.id()));
        (kind, writer, i64::from(text.generation), text.about.id())
    });
    let now = now.iter().map(|(kind, writer, generation, about)| {
        (
            kind.as_str(),
            writer.as_deref(),
            *generation,
            about.as_str(),
        )
    });
    if !now.eq(seen) {
        return Ok(Changed::Stale);
    }
    for (key, generation) in gone {
        let newest: Option<i64> =
            sqlx::query_scalar("SELECT max(generation) FROM role_key WHERE role_key = $1")
                .bind(key.id())
                .fetch_one(&mut *db)
                .await?;
        if newest.is_none_or(|newest| newest <= i64::from(*generation)) {
            return Ok(Changed::Stale);
        }
    }
    for (key, generation) in gone {
        for sql in [
            "DELETE FROM grant_of_key WHERE role_key = $1 AND generation = $2",
            "DELETE FROM role_key WHERE role_key = $1 AND generation = $2",
        ] {
            sqlx::query(sql)
                .bind(key.id())
                .bind(i64::from(*generation))
                .execute(&mut *db)
                .await?;
        }
    }
    Ok(Changed::Done)
}

pub(super) async fn reseal(db: &mut SqliteConnection, texts: &[SealedAgain]) -> Result<usize> {
    let mut done = 0;
    for text in texts {
        let written = sqlx::query(
            "UPDATE body SET sealed = $3, generation = $4 WHERE id = $1 AND generation = $2",
        )
        .bind(text.body)
        .bind(i64::from(text.from))
        .bind(text.sealed.as_slice())
        .bind(i64::from(text.generation))
        .execute(&mut *db)
        .await?
        .rows_affected();
        done += usize::from(written > 0);
    }
    Ok(done)
}

pub(super) async fn add_session(db: &mut SqliteConnection, session: &SessionRow) -> Result<()> {
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

pub(super) async fn touch_session(
    db: &mut SqliteConnection,
    hash: &[u8; 32],
    seen: i64,
) -> Result<()> {
    sqlx::query("UPDATE session SET seen = $2 WHERE hash = $1")
        .bind(hash.as_slice())
        .bind(seen)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn end_session(db: &mut SqliteConnection, hash: &[u8; 32]) -> Result<()> {
    sqlx::query("DELETE FROM session WHERE hash = $1")
        .bind(hash.as_slice())
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn end_old_sessions(
    db: &mut SqliteConnection,
    began: i64,
    seen: i64,
) -> Result<()> {
    sqlx::query("DELETE FROM session WHERE began < $1 OR seen < $2")
        .bind(began)
        .bind(seen)
        .execute(db)
        .await?;
    Ok(())
}

/// Puts an entry at the end of the audit log. It follows the last row, or the last checkpoint if that covers more: rows
/// that somebody cut off behind our back leave a gap that shows.
pub(super) async fn enter(
    db: &mut SqliteConnection,
    entry: &Entry,
    outcome: Outcome,
) -> Result<()> {
    let last: Option<(i64, Vec<u8>)> = sqlx::query_as(
        "SELECT seq, hash FROM audit UNION ALL SELECT size, head FROM checkpoint ORDER BY 1 DESC LIMIT 1",
    )
    .fetch_optional(&mut *db)
    .await?;
    let (seq, previous) = match last {
        Some((seq, hash)) => {
            let hash = hash
                .try_into()
                .map_err(|_| sqlx::Error::Decode("a hash of the audit log is damaged".into()))?;
            (seq + 1, hash)
        }
        None => (1, BEGINNING),
    };
    let row = AuditRow::next(seq, previous, entry, outcome);
    sqlx::query(
        "INSERT INTO audit (seq, at, actor, role, action, object, outcome, reason, previous, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(row.seq)
    .bind(row.at)
    .bind(row.actor.as_deref())
    .bind(row.role.as_deref())
    .bind(&row.action)
    .bind(row.object.as_deref())
    .bind(&row.outcome)
    .bind(row.reason)
    .bind(row.previous.as_slice())
    .bind(row.hash.as_slice())
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn add_checkpoint(
    db: &mut SqliteConnection,
    checkpoint: &CheckpointRow,
) -> Result<()> {
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

pub(super) async fn checkpoint_is_outside(
    db: &mut SqliteConnection,
    size: i64,
    day: Date,
) -> Result<()> {
    sqlx::query("UPDATE checkpoint SET outside = 1 WHERE size = $1 AND day = $2")
        .bind(size)
        .bind(day.to_string())
        .execute(db)
        .await?;
    Ok(())
}
