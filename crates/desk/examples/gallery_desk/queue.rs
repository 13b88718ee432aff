//! Sample pages of the queue and of the safety lane.

use super::{life, row, who};
use crate::Gallery;
use domain::lifecycle::{Lane, State};
use domain::role::Role;
use domain::view::Topic;
use model::{QueueFilter, QueuePage, QueueRow, QueueShow};
use std::io;

/// Both lists, with views and empty.
pub(super) fn pages(gallery: &Gallery) -> io::Result<()> {
    gallery.page("queue", || {
        desk::queue(queue(Role::Speakerbox, long_rows()))
    })?;
    gallery.page("queue-coordinator", || {
        desk::queue(queue(Role::Coordinator, long_rows()))
    })?;
    gallery.page("queue-empty", || {
        desk::queue(queue(Role::Speakerbox, vec![]))
    })?;
    gallery.page("safety", || desk::queue(safety(safety_rows())))?;
    gallery.page("safety-empty", || desk::queue(safety(vec![])))?;
    Ok(())
}

fn long_rows() -> Vec<QueueRow> {
    vec![
        row(
            "Quiet Otter",
            Topic::Home,
            life(State::Received, Lane::Ordinary, true),
            23,
        ),
        row(
            "Extraordinary Hummingbird",
            Topic::BeingHeard,
            life(State::Answered, Lane::Ordinary, true),
            9,
        ),
        row(
            "Brave Lantern",
            Topic::FamilyTime,
            life(State::Read, Lane::Released, false),
            6,
        ),
        row(
            "Calm River",
            Topic::Money,
            life(State::AskedBack, Lane::Ordinary, false),
            2,
        ),
        row(
            "Silver Kite",
            Topic::MovingOn,
            life(State::Approved, Lane::Ordinary, false),
            1,
        ),
        row(
            "Green Drum",
            Topic::Other,
            life(State::Received, Lane::Ordinary, true),
            0,
        ),
        row(
            "Slow Comet",
            Topic::School,
            life(State::Agreed, Lane::Ordinary, false),
            40,
        ),
    ]
}

fn queue(role: Role, rows: Vec<QueueRow>) -> QueuePage {
    let counts = if rows.is_empty() {
        vec![0; 6]
    } else {
        vec![7, 1, 1, 12, 148, 1_169]
    };
    let topic = (role == Role::Coordinator).then_some(Topic::FamilyTime);
    let filter = QueueFilter {
        show: QueueShow::Waiting,
        topic,
        burst: None,
    };
    QueuePage {
        desk: who(role),
        safety: false,
        alerts_outside: true,
        filter,
        counts,
        rows,
        folds: vec![],
        ending: vec![],
    }
}

fn safety_rows() -> Vec<QueueRow> {
    vec![
        row(
            "Extraordinary Hummingbird",
            Topic::FeelingSafe,
            life(State::Received, Lane::Waiting, true),
            1,
        ),
        row(
            "Quiet Otter",
            Topic::Home,
            life(State::Read, Lane::Claimed, false),
            0,
        ),
    ]
}

fn safety(rows: Vec<QueueRow>) -> QueuePage {
    QueuePage {
        desk: who(Role::Safety),
        safety: true,
        alerts_outside: false,
        filter: QueueFilter::default(),
        counts: vec![],
        rows,
        folds: vec![],
        ending: vec![],
    }
}
