//! Sample models of the pages of the desk.

mod meetings;
mod page_editor;
mod queue;
mod sign_in;
mod view;

use crate::Gallery;
use domain::date::Date;
use domain::lifecycle::{Lane, State, ViewStatus};
use domain::publication::Publicity;
use domain::role::Role;
use domain::view::{Subject, Topic};
use model::{DeskFrame, FieldError, MeetingSummary, QueueRow};
use std::io;

const LONG: &str = "I want to stay at my school until the exams are over. Everybody talks about the move, and nobody asks me.\n\nMy worker changed three times this year. Each one asks me the same questions again, and then they go. I would like one person who stays, and who tells me before things change and not after. I also think that other people should not have to tell their whole story to somebody new every few months.\n\nThe bus takes an hour and twenty minutes from the new home. If I get there late they write it down as if it was my fault.\n\nhttps://example.org/a/very/long/address/that/does/not/break/anywhere/because/it/has/no/spaces/at/all/and/goes/on/and/on";
const SAFE_TEXT: &str = "A young person wants to finish the school year at the same school when a home changes. They want one worker who stays, and to be told before things change.";

/// Writes every sample page.
pub(crate) fn pages(gallery: &Gallery) -> io::Result<()> {
    sign_in::pages(gallery)?;
    queue::pages(gallery)?;
    view::pages(gallery)?;
    meetings::pages(gallery)?;
    page_editor::pages(gallery)
}

fn date(days_later: i32) -> Date {
    // 21 November 2026.
    Date::from_days(20_778)
        .unwrap_or_else(|| unreachable!("a day of 2026"))
        .plus_days(days_later)
}

fn error(field: &'static str, key: &'static str) -> FieldError {
    FieldError { field, key }
}

fn who(role: Role) -> DeskFrame {
    DeskFrame {
        name: format!("sample.{}", role.id()),
        role,
        token: "token".into(),
        done: None,
        lane: None,
    }
}

fn row(pseudonym: &str, topic: Topic, life: ViewStatus, days: i32) -> QueueRow {
    QueueRow {
        id: "0123456789abcdef".into(),
        pseudonym: pseudonym.into(),
        topic,
        state: life.state,
        lane: life.lane,
        unread: life.unread,
        sent: date(-days),
        waiting_days: days,
        turn: life.turn(),
        nobody_for: None,
        burst: false,
        language: None,
        about: life.about,
        handed: false,
        close_first: None,
        ended_in_open_lane: false,
    }
}

fn life(state: State, lane: Lane, unread: bool) -> ViewStatus {
    ViewStatus {
        state,
        lane,
        unread,
        about: Subject::Nobody,
        public: Publicity::Nothing,
    }
}

fn meeting(items: usize, open: usize) -> MeetingSummary {
    MeetingSummary {
        id: "m1".into(),
        day: date(19),
        title: "Corporate parenting committee".into(),
        items,
        open,
        disputed: usize::from(open > 1),
    }
}
