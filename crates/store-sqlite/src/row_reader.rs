//! From rows to domain words. What this version does not know is reported as damage, never guessed.

use domain::audience::{RoleKey, TextKind};
use domain::date::Date;
use domain::event::EventKind;
use domain::indicator::Number;
use domain::lifecycle::{CloseReason, Lane, Service, State, ViewStatus};
use domain::role::Role;
use domain::view::{Subject, Topic};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{Decode, Row, Type};
use store::audit::{AuditRow, CheckpointRow};
use store::{
    AlertKind, AlertRow, BodyRow, DraftRow, EventRow, FigureRow, GrantRow, InvitationRow, Limits,
    MeetingRow, OutcomeRow, Result, RoleKeyRow, SessionRow, StaffRow, StoreError, TextsAt, UseRow,
    ViewRow, WordsRow,
};

/// One row of a named table, read column by column.
struct Reader<'r> {
    row: &'r SqliteRow,
    table: &'static str,
}

impl<'r> Reader<'r> {
    fn get<T: Decode<'r, Sqlite> + Type<Sqlite>>(&self, column: &'static str) -> Result<T> {
        self.row
            .try_get(column)
            .map_err(|_| StoreError::Damaged(self.table))
    }

    fn damaged<T>(&self, value: Option<T>) -> Result<T> {
        value.ok_or(StoreError::Damaged(self.table))
    }

    /// A word of the domain.
    fn word<T>(&self, column: &'static str, known: impl Fn(&str) -> Option<T>) -> Result<T> {
        self.damaged(known(self.get(column)?))
    }

    /// A word of the domain, or nothing.
    fn maybe_word<T>(
        &self,
        column: &'static str,
        known: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        self.get::<Option<&str>>(column)?
            .map(|word| self.damaged(known(word)))
            .transpose()
    }

    fn day(&self, column: &'static str) -> Result<Date> {
        self.word(column, |text| text.parse().ok())
    }

    fn count(&self, column: &'static str) -> Result<u32> {
        self.damaged(u32::try_from(self.get::<i64>(column)?).ok())
    }

    fn yes_or_no(&self, column: &'static str) -> Result<bool> {
        match self.get::<i64>(column)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(StoreError::Damaged(self.table)),
        }
    }

    fn exactly<const N: usize>(&self, column: &'static str) -> Result<[u8; N]> {
        self.damaged(self.get::<&[u8]>(column)?.try_into().ok())
    }
}

pub(super) fn view(row: &SqliteRow) -> Result<ViewRow> {
    let row = Reader { row, table: "view" };
    Ok(ViewRow {
        id: row.get("id")?,
        seq: row.get("seq")?,
        recipient: row.get("recipient")?,
        day: row.day("day")?,
        topic: row.word("topic", Topic::from_id)?,
        language: row.get("language")?,
        life: ViewStatus {
            state: row.word("state", State::from_id)?,
            lane: row.word("lane", Lane::from_id)?,
            unread: row.yes_or_no("unread")?,
            about: row.word("about", Subject::from_id)?,
        },
        since: row.day("since")?,
        has_identity: row.yes_or_no("has_identity")?,
        meeting: row.get("meeting")?,
        version: row.get("version")?,
        burst: row.yes_or_no("burst")?,
    })
}

pub(super) fn alert(row: &SqliteRow) -> Result<AlertRow> {
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

pub(super) fn body(row: &SqliteRow) -> Result<BodyRow> {
    let row = Reader { row, table: "body" };
    Ok(BodyRow {
        id: row.get("id")?,
        kind: row.word("kind", TextKind::from_id)?,
        day: row.day("day")?,
        generation: row.count("generation")?,
        writer: row.maybe_word("writer", Role::from_id)?,
        sealed: row.get("sealed")?,
    })
}

pub(super) fn sealed_text_generations(row: &SqliteRow) -> Result<TextsAt> {
    let row = Reader { row, table: "body" };
    Ok(TextsAt {
        kind: row.word("kind", TextKind::from_id)?,
        writer: row.maybe_word("writer", Role::from_id)?,
        about: row.word("about", Subject::from_id)?,
        generation: row.count("generation")?,
    })
}

pub(super) fn event(row: &SqliteRow) -> Result<EventRow> {
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
    })
}

pub(super) fn outcome(row: &SqliteRow) -> Result<OutcomeRow> {
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

pub(super) fn figure(row: &SqliteRow) -> Result<FigureRow> {
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

pub(super) fn draft(row: &SqliteRow) -> Result<DraftRow> {
    let row = Reader {
        row,
        table: "word_draft",
    };
    Ok(DraftRow {
        seq: row.get("seq")?,
        file: row.get("file")?,
        over: row.get("over")?,
        text: row.get("text")?,
        writer: row.get("writer")?,
        day: row.day("day")?,
    })
}

pub(super) fn words(row: &SqliteRow) -> Result<WordsRow> {
    let row = Reader {
        row,
        table: "word_version",
    };
    Ok(WordsRow {
        seq: row.get("seq")?,
        file: row.get("file")?,
        text: row.get("text")?,
        writer: row.get("writer")?,
        written: row.day("written")?,
        publisher: row.get("publisher")?,
        published: row.day("published")?,
        given: row.exactly("given")?,
    })
}

pub(super) fn views_of_topic(row: &SqliteRow) -> Result<(Topic, usize)> {
    let row = Reader { row, table: "view" };
    let views = row.get::<i64>("views")?;
    Ok((
        row.word("topic", Topic::from_id)?,
        row.damaged(usize::try_from(views).ok())?,
    ))
}

pub(super) fn views_of_month(row: &SqliteRow) -> Result<(Date, u64)> {
    let row = Reader { row, table: "view" };
    let count = row.get::<i64>("count")?;
    Ok((row.day("month")?, row.damaged(u64::try_from(count).ok())?))
}

pub(super) fn page_views(row: &SqliteRow) -> Result<UseRow> {
    let row = Reader {
        row,
        table: "use_of_page",
    };
    let count = row.get::<i64>("count")?;
    Ok(UseRow {
        month: row.day("month")?,
        what: row.get("what")?,
        count: row.damaged(u64::try_from(count).ok())?,
    })
}

pub(super) fn meeting(row: &SqliteRow) -> Result<MeetingRow> {
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

pub(super) fn role_key(row: &SqliteRow) -> Result<RoleKeyRow> {
    let row = Reader {
        row,
        table: "role_key",
    };
    Ok(RoleKeyRow {
        key: row.word("role_key", RoleKey::from_id)?,
        generation: row.count("generation")?,
        recipient: row.get("recipient")?,
        for_recovery: row.get("for_recovery")?,
    })
}

pub(super) fn staff(row: &SqliteRow) -> Result<StaffRow> {
    let row = Reader {
        row,
        table: "staff",
    };
    Ok(StaffRow {
        id: row.get("id")?,
        name: row.get("name")?,
        role: row.word("role", Role::from_id)?,
        recipient: row.get("recipient")?,
        salt: row.exactly("salt")?,
        wrapped: row.get("wrapped")?,
        must_change: row.yes_or_no("must_change")?,
        temp_password_expires_at: row.get("first_until")?,
        second_factor: row.get("second_factor")?,
        last_step: row.get("last_step")?,
        suspended: row.yes_or_no("suspended")?,
    })
}

pub(super) fn grant(row: &SqliteRow) -> Result<GrantRow> {
    let row = Reader {
        row,
        table: "grant_of_key",
    };
    Ok(GrantRow {
        key: row.word("role_key", RoleKey::from_id)?,
        generation: row.count("generation")?,
        sealed: row.get("sealed")?,
    })
}

pub(super) fn session(row: &SqliteRow) -> Result<SessionRow> {
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

pub(super) fn setting(row: &SqliteRow) -> Result<String> {
    Reader {
        row,
        table: "setting",
    }
    .get("value")
}

pub(super) fn limits(row: &SqliteRow) -> Result<Limits> {
    let row = Reader { row, table: "view" };
    Ok(Limits {
        held: row.yes_or_no("held")?,
        bare_since: row.maybe_word("ended", |text| text.parse().ok())?,
        last_word: row.maybe_word("last_word", |text| text.parse().ok())?,
        has_decision: row.yes_or_no("has_decision")?,
    })
}

/// Its words are not looked at: what stands in the log is for the chain to judge.
pub(super) fn audit(row: &SqliteRow) -> Result<AuditRow> {
    let row = Reader {
        row,
        table: "audit",
    };
    Ok(AuditRow {
        seq: row.get("seq")?,
        at: row.get("at")?,
        actor: row.get("actor")?,
        role: row.get("role")?,
        action: row.get("action")?,
        object: row.get("object")?,
        outcome: row.get("outcome")?,
        reason: row.get("reason")?,
        previous: row.exactly("previous")?,
        hash: row.exactly("hash")?,
    })
}

pub(super) fn checkpoint(row: &SqliteRow) -> Result<CheckpointRow> {
    let row = Reader {
        row,
        table: "checkpoint",
    };
    Ok(CheckpointRow {
        size: row.get("size")?,
        head: row.exactly("head")?,
        day: row.day("day")?,
        note: row.get("note")?,
        outside: row.yes_or_no("outside")?,
    })
}

pub(super) fn finding(row: &SqliteRow) -> Result<String> {
    row.try_get(0).map_err(|_| StoreError::Damaged("the file"))
}

pub(super) fn count(row: &SqliteRow) -> Result<usize> {
    let row = Reader {
        row,
        table: "a count",
    };
    row.damaged(usize::try_from(row.get::<i64>("value")?).ok())
}

pub(super) fn invitation(row: &SqliteRow) -> Result<InvitationRow> {
    let row = Reader {
        row,
        table: "invitation",
    };
    Ok(InvitationRow {
        staff: row.get("staff")?,
        hash: row.exactly("hash")?,
        until: row.get("until")?,
    })
}

/// A text with the id of its view.
pub(super) fn text_of_view(row: &SqliteRow) -> Result<(String, BodyRow)> {
    let view = Reader { row, table: "body" }.get("view")?;
    Ok((view, body(row)?))
}
