//! The queue and the safety lane: which views a person may see, in which order, with bursts collapsed. It opens no text.

use crate::pseudonym::pseudonym;
use crate::sign_in::StaffSession;
use crate::{ActError, App};
use domain::deadlines::waiting_days;
use domain::lifecycle::{Lane, State, Turn, ViewStatus};
use model::{Burst, CollapsedBurst, QueueFilter, QueueShow};
use std::collections::BTreeMap;
use store::ViewRow;

/// Rows to show, and the lines that stand for bursts.
pub type CollapsedQueue = (Vec<model::QueueRow>, Vec<CollapsedBurst>);

impl App {
    /// The views this person may see, in a queue's order: the longest wait first.
    async fn visible(&self, desk: &StaffSession) -> Result<Vec<ViewRow>, ActError> {
        let mut rows = self.store.views().await?;
        let away = self.store.recused(&desk.staff.id).await?;
        rows.retain(|row| row.life.visible_to(desk.staff.role) && !away.contains(&row.id));
        rows.sort_by_key(|row| (row.since, row.seq));
        Ok(rows)
    }

    /// SpeakerBox's queue: rows of this filter, and how many each part holds.
    pub async fn queue(
        &self,
        desk: &StaffSession,
        filter: QueueFilter,
    ) -> Result<(CollapsedQueue, Vec<usize>), ActError> {
        if !desk.staff.role.sees_queue() {
            return Err(ActError::Forbidden);
        }
        let mut rows = self.visible(desk).await?;
        rows.retain(|row| !row.life.in_safety_custody());
        rows.retain(|row| filter.topic.is_none_or(|topic| row.topic == topic));
        let counts =
            QueueShow::ALL.map(|show| rows.iter().filter(|row| shown_in(row, show)).count());
        rows.retain(|row| shown_in(row, filter.show));
        let rows = rows.iter().map(|row| self.queue_row(row)).collect();
        Ok((collapse_bursts(rows, filter.burst), counts.to_vec()))
    }

    /// The safety lane: everything marked unsafe, what nobody has taken first.
    pub async fn safety_lane(
        &self,
        desk: &StaffSession,
        burst: Option<Burst>,
    ) -> Result<CollapsedQueue, ActError> {
        if !desk.staff.role.sees_safety_lane() {
            return Err(ActError::Forbidden);
        }
        let mut rows = self.visible(desk).await?;
        rows.retain(|row| row.life.in_safety_lane());
        rows.extend(self.lane_records(desk).await?);
        let alerts = self.store.alerts().await?;
        let mut shown: Vec<model::QueueRow> = rows.iter().map(|row| self.queue_row(row)).collect();
        let clocks = self.clocks(&alerts);
        let handed = self.store.handed_over().await?;
        for row in &mut shown {
            row.nobody_for = clocks.get(row.id.as_str()).copied();
            row.handed = handed.contains(&row.id);
        }
        // Unclaimed views stand first, the longest wait before the others. The sort keeps the order of
        // arrival among equals.
        shown.sort_by_key(|row| {
            let rank = match row.lane {
                _ if row.nobody_for.is_some() => 0,
                _ if row.state == State::Withdrawn => 5,
                Lane::Waiting | Lane::Opened => 1,
                Lane::Claimed => 2,
                Lane::HandedOver => 3,
                Lane::Released | Lane::Ordinary => 4,
            };
            (
                rank,
                std::cmp::Reverse(row.nobody_for.map(|clock| clock.hours)),
            )
        });
        Ok(collapse_bursts(shown, burst))
    }

    /// A row as pages show it.
    pub fn queue_row(&self, row: &ViewRow) -> model::QueueRow {
        model::QueueRow {
            id: row.id.clone(),
            pseudonym: pseudonym(&row.id),
            topic: row.topic,
            state: row.life.state,
            lane: row.life.lane,
            unread: row.life.unread,
            sent: row.day,
            waiting_days: waiting_days(row.since, self.clock.today()),
            turn: row.life.turn(),
            nobody_for: None,
            burst: row.burst,
            language: self.library.english_name(&row.language),
            about: row.life.about,
            handed: false,
            close_first: row.life.lane_is_open().then(|| close_first(row.life)),
            ended_in_open_lane: row.life.ended_in_open_lane(),
        }
    }
}

// What came in a burst is folded: a line for each day and topic, in the order of days. Nothing is left out: opened, a
// burst shows every view of its own.
fn collapse_bursts(rows: Vec<model::QueueRow>, open: Option<Burst>) -> CollapsedQueue {
    let of = |row: &model::QueueRow| Burst {
        day: row.sent,
        topic: row.topic,
        from: 0,
    };
    let (burst, mut shown): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.burst);
    let mut counts: BTreeMap<Burst, usize> = BTreeMap::new();
    for row in &burst {
        *counts.entry(of(row)).or_default() += 1;
    }
    if let Some(open) = open {
        let only = Burst { from: 0, ..open };
        counts.retain(|known, _| *known == only);
        shown = burst.into_iter().filter(|row| of(row) == only).collect();
        shown.drain(..open.from.min(shown.len()));
        shown.truncate(Burst::PAGE);
    }
    let folds = counts
        .into_iter()
        .map(|(burst, count)| CollapsedBurst { burst, count })
        .collect();
    (shown, folds)
}

fn shown_in(row: &ViewRow, show: QueueShow) -> bool {
    match show {
        QueueShow::Waiting => {
            matches!(row.life.turn(), Turn::Speakerbox | Turn::Coordinator)
                && row.life.state != State::Approved
                || row.life.unread
        }
        QueueShow::Asked => row.life.state == State::AskedBack && !row.life.unread,
        QueueShow::Approved => row.life.state == State::Approved,
        QueueShow::Committee => {
            matches!(
                row.life.state,
                State::Listed
                    | State::Decided
                    | State::Published
                    | State::Postponed
                    | State::Done
                    | State::Disputed
            )
        }
        QueueShow::Disputed => row.life.state == State::Disputed,
        QueueShow::Ended => matches!(
            row.life.state,
            State::Agreed | State::Concluded | State::Closed
        ),
        QueueShow::All => true,
    }
}

/// What to do in the safety lane before a view can be closed there: a word key.
pub(crate) fn close_first(life: ViewStatus) -> &'static str {
    if life.is_for_few() {
        "error.close.few"
    } else {
        "error.close.lane"
    }
}
