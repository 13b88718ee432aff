//! Meetings and what is on their lists.

use crate::sign_in::StaffSession;
use crate::{ActError, App, DecisionBody};
use domain::audience::TextKind;
use domain::date::Date;
use domain::lifecycle::{Action, Actor, State, possible};
use store::{MeetingRow, ViewRow};

/// A text on a meeting's list.
pub struct Item {
    /// The view.
    pub row: ViewRow,
    /// The approved text, if this person's keys open it.
    pub approved: Option<String>,
    /// The decision, if there is one and this person's keys open it.
    pub decision: Option<DecisionBody>,
    /// What this person can do.
    pub possible: Vec<Action>,
}

impl App {
    /// Every meeting, newest first, with how much is on its list.
    pub async fn meetings(&self) -> Result<Vec<model::MeetingRow>, ActError> {
        let mut rows = Vec::new();
        for meeting in self.store.meetings().await? {
            let listed = self.store.listed(&meeting.id).await?;
            rows.push(self.meeting_row(meeting, &listed));
        }
        Ok(rows)
    }

    fn meeting_row(&self, meeting: MeetingRow, listed: &[ViewRow]) -> model::MeetingRow {
        let undecided = listed
            .iter()
            .filter(|row| matches!(row.life.state, State::Listed | State::Decided))
            .count();
        let open = if meeting.day <= self.clock.today() {
            undecided
        } else {
            0
        };
        model::MeetingRow {
            id: meeting.id,
            day: meeting.day,
            title: meeting.title,
            items: listed.len(),
            open,
        }
    }

    /// Makes a meeting.
    pub async fn add_meeting(
        &self,
        desk: &StaffSession,
        day: Date,
        title: &str,
    ) -> Result<String, ActError> {
        if !desk.staff.role.makes_meetings() {
            return Err(ActError::Forbidden);
        }
        let id = self.new_id();
        let row = MeetingRow {
            id: id.clone(),
            day,
            title: title.to_owned(),
        };
        let store = self.by(desk, "meeting", Some(&id));
        store.add_meeting(row).await?;
        Ok(id)
    }

    /// A meeting with its list.
    pub async fn meeting(
        &self,
        desk: &StaffSession,
        id: &str,
    ) -> Result<(model::MeetingRow, Vec<Item>), ActError> {
        if !(desk.staff.role.sees_meetings() || desk.staff.role.sees_queue()) {
            return Err(ActError::Forbidden);
        }
        let meetings = self.store.meetings().await?;
        let meeting = meetings
            .into_iter()
            .find(|meeting| meeting.id == id)
            .ok_or(ActError::NotFound)?;
        let mut rows = self.store.listed(id).await?;
        // SpeakerBox sees nothing of what is about it, and nobody sees what they are kept away from.
        let role = desk.staff.role;
        let away = self.store.recused(&desk.staff.id).await?;
        rows.retain(|row| !away.contains(&row.id));
        rows.retain(|row| !(role.sees_queue() && row.life.is_about(role)));
        let keys = self.role_keys(desk).await?;
        let mut items = Vec::new();
        for row in &rows {
            let bodies = self.store.bodies(&row.id).await?;
            let latest = |kind: TextKind| bodies.iter().rev().find(|body| body.kind == kind);
            items.push(Item {
                approved: latest(TextKind::Approved)
                    .and_then(|body| self.open(&row.id, body, &keys).ok()),
                decision: latest(TextKind::Decision)
                    .and_then(|body| self.open(&row.id, body, &keys).ok()),
                possible: allowed_actions(row.life, Actor::Staff(desk.staff.role)),
                row: row.clone(),
            });
        }
        Ok((self.meeting_row(meeting, &rows), items))
    }
}
