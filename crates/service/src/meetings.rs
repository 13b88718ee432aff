//! Meetings and what is on their lists.

use crate::openings::{DeskKeys, Opening, Unrecorded};
use crate::sign_in::StaffSession;
use crate::views::decision::authors;
use crate::{ActError, App, DecisionBody};
use domain::audience::TextKind;
use domain::date::Date;
use domain::event::EventKind;
use domain::lifecycle::{Action, Actor, State, allowed_actions};
use domain::publication::{is_early, may_release};
use std::collections::BTreeSet;
use store::{MeetingRow, ViewRow};

/// A text on a meeting's list.
pub struct ListedText {
    /// The view.
    pub row: ViewRow,
    /// The approved text, if this person's keys open it.
    pub approved: Option<String>,
    /// The decision, if there is one and this person's keys open it.
    pub decision: Option<DecisionBody>,
    /// Who wrote the decision that waits to be published, by the name they sign in with.
    pub writer: Option<String>,
    /// A decision waits to be published, and this person may not do it, because they wrote a part of it.
    pub own_words: bool,
    /// The meeting's day has not come.
    pub early: bool,
    /// What this person can do.
    pub possible: Vec<Action>,
}

// The same before it is entered that this person opened it.
struct UnrecordedText {
    row: ViewRow,
    approved: Option<Unrecorded<String>>,
    decision: Option<Unrecorded<DecisionBody>>,
}

impl App {
    /// Every meeting, newest first, with how much is on its list.
    pub async fn meetings(&self) -> Result<Vec<model::MeetingSummary>, ActError> {
        let mut rows = Vec::new();
        for meeting in self.store.meetings().await? {
            let listed = self.store.listed(&meeting.id).await?;
            rows.push(self.meeting_row(meeting, &listed));
        }
        Ok(rows)
    }

    /// Meetings after today other than this one, that a decision can be put off to: id, day and title. No list is read.
    pub async fn later_meetings(
        &self,
        than: &str,
    ) -> Result<Vec<(String, Date, String)>, ActError> {
        let today = self.clock.today();
        let mut meetings = self.store.meetings().await?;
        meetings.retain(|meeting| meeting.day > today && meeting.id != than);
        let meetings = meetings.into_iter();
        Ok(meetings.map(|row| (row.id, row.day, row.title)).collect())
    }

    /// What senders say is not done, for somebody who sees meetings: the longest wait first.
    pub async fn disputes(
        &self,
        desk: &StaffSession,
    ) -> Result<Vec<model::DisputedItem>, ActError> {
        sees_meetings(desk)?;
        let away = self.store.recused(&desk.staff.id).await?;
        let mut disputes = Vec::new();
        for meeting in self.store.meetings().await? {
            let mut rows = self.store.listed(&meeting.id).await?;
            rows.retain(|row| is_shown(desk, row, &away));
            let summary = self.meeting_row(meeting, &rows);
            rows.retain(|row| row.life.state == State::Disputed);
            disputes.extend(rows.into_iter().map(|row| model::DisputedItem {
                view: row.id,
                meeting: summary.clone(),
                topic: row.topic,
                since: row.since,
            }));
        }
        disputes.sort_by_key(|item| item.since);
        Ok(disputes)
    }

    fn meeting_row(&self, meeting: MeetingRow, listed: &[ViewRow]) -> model::MeetingSummary {
        let undecided = listed
            .iter()
            .filter(|row| {
                matches!(row.life.state, State::Listed | State::Decided) && !row.is_bare()
            })
            .count();
        let open = if meeting.day <= self.clock.today() {
            undecided
        } else {
            0
        };
        let disputed = listed
            .iter()
            .filter(|row| row.life.state == State::Disputed)
            .count();
        model::MeetingSummary {
            disputed,
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

    /// A meeting with its list. Each text on it that this person's keys open is entered as opened before it is shown.
    pub async fn meeting(
        &self,
        desk: &StaffSession,
        id: &str,
    ) -> Result<(model::MeetingSummary, Vec<ListedText>), ActError> {
        sees_meetings(desk)?;
        let meeting = self.store.meeting(id).await?.ok_or(ActError::NotFound)?;
        let mut rows = self.store.listed(id).await?;
        let away = self.store.recused(&desk.staff.id).await?;
        rows.retain(|row| is_shown(desk, row, &away));
        let summary = self.meeting_row(meeting.clone(), &rows);
        Ok((summary, self.listed_texts(desk, meeting.day, rows).await?))
    }

    /// One text on a meeting's list, with the meeting: its counts are of this text alone. Nothing else of the list is
    /// read. That this person opened it is entered before it is shown.
    pub async fn meeting_item(
        &self,
        desk: &StaffSession,
        meeting: &str,
        view: &str,
    ) -> Result<(model::MeetingSummary, ListedText), ActError> {
        let (meeting, row) = self.meeting_of_item(desk, meeting, view).await?;
        let item = self.listed_texts(desk, meeting.day, vec![row]).await?.pop();
        Ok((meeting, item.ok_or(ActError::NotFound)?))
    }

    /// The same without its texts: for a page that keeps what was typed while an opening cannot be entered.
    pub async fn meeting_item_without_texts(
        &self,
        desk: &StaffSession,
        meeting: &str,
        view: &str,
    ) -> Result<(model::MeetingSummary, ListedText), ActError> {
        let (meeting, row) = self.meeting_of_item(desk, meeting, view).await?;
        let item = self.closed_item(desk, meeting.day, row).await?;
        Ok((meeting, item))
    }

    async fn meeting_of_item(
        &self,
        desk: &StaffSession,
        meeting: &str,
        view: &str,
    ) -> Result<(model::MeetingSummary, ViewRow), ActError> {
        let row = self.listed_view(desk, meeting, view).await?;
        let meeting = self.store.meeting(meeting).await?;
        let meeting = meeting.ok_or(ActError::NotFound)?;
        let meeting = self.meeting_row(meeting, std::slice::from_ref(&row));
        Ok((meeting, row))
    }

    /// The row of a view that is on this meeting's list, for somebody who sees it there.
    pub async fn listed_view(
        &self,
        desk: &StaffSession,
        meeting: &str,
        view: &str,
    ) -> Result<ViewRow, ActError> {
        sees_meetings(desk)?;
        let row = self.store.view(view).await?.ok_or(ActError::NotFound)?;
        let away = self.store.recused(&desk.staff.id).await?;
        let is_listed =
            row.meeting.as_deref() == Some(meeting) && row.life.state != State::Withdrawn;
        (is_listed && is_shown(desk, &row, &away))
            .then_some(row)
            .ok_or(ActError::NotFound)
    }

    // The texts of these rows, entered as opened in one commit: an entry for each that these keys open.
    async fn listed_texts(
        &self,
        desk: &StaffSession,
        day: Date,
        rows: Vec<ViewRow>,
    ) -> Result<Vec<ListedText>, ActError> {
        let keys = self.desk_keys(desk).await?;
        let mut texts = Vec::new();
        for row in rows {
            texts.push(self.unrecorded_text(row, &keys).await?);
        }
        let opened = texts
            .iter()
            .filter(|text| text.approved.is_some() || text.decision.is_some())
            .map(|text| text.row.id.clone())
            .collect();
        let kind = EventKind::ApprovedRead;
        let (entry, event) = (self.entry(desk, kind.id(), None), self.event(desk, kind));
        let opening = Opening::of_list(&*self.store, entry, opened, event).await?;
        let mut listed = Vec::new();
        for text in texts {
            let closed = self.closed_item(desk, day, text.row).await?;
            listed.push(ListedText {
                approved: text.approved.and_then(|text| text.shown(&opening)),
                decision: text.decision.and_then(|text| text.shown(&opening)),
                ..closed
            });
        }
        Ok(listed)
    }

    // What a list says of this view without its texts, at the meeting of this day.
    async fn closed_item(
        &self,
        desk: &StaffSession,
        day: Date,
        row: ViewRow,
    ) -> Result<ListedText, ActError> {
        let actor = Actor::Staff(desk.staff.role);
        // Of one that ended by itself nothing is left to act on once its record is gone. What is public comes down.
        let mut possible = allowed_actions(row.life, actor);
        possible.retain(|action| !row.is_bare() || *action == Action::TakeDown);
        let is_release = |action: &Action| matches!(action, Action::Publish(_));
        let (mut writer, mut own_words) = (None, false);
        if possible.iter().any(is_release) {
            let wrote = authors(&self.store.events(&row.id).await?);
            own_words = may_release(&desk.staff.id, &wrote).is_err();
            if let Some(id) = wrote.decided {
                writer = self.store.staff(&id).await?.map(|staff| staff.name);
            }
        }
        possible.retain(|action| !(own_words && is_release(action)));
        Ok(ListedText {
            approved: None,
            decision: None,
            writer,
            own_words,
            early: is_early(self.clock.today(), day),
            possible,
            row,
        })
    }

    async fn unrecorded_text(
        &self,
        row: ViewRow,
        keys: &DeskKeys,
    ) -> Result<UnrecordedText, ActError> {
        let bodies = self.store.bodies(&row.id).await?;
        let latest = |kind: TextKind| bodies.iter().rev().find(|body| body.kind == kind);
        let sealer = &*self.sealer;
        Ok(UnrecordedText {
            approved: latest(TextKind::Approved)
                .and_then(|body| keys.open(sealer, &row.id, body).ok()),
            decision: latest(TextKind::Decision)
                .and_then(|body| keys.open(sealer, &row.id, body).ok()),
            row,
        })
    }
}

fn sees_meetings(desk: &StaffSession) -> Result<(), ActError> {
    if desk.staff.role.sees_meetings() || desk.staff.role.sees_queue() {
        Ok(())
    } else {
        Err(ActError::Forbidden)
    }
}

// SpeakerBox sees nothing of what is about it, and nobody sees a view they are recused from.
fn is_shown(desk: &StaffSession, row: &ViewRow, away: &BTreeSet<String>) -> bool {
    let role = desk.staff.role;
    let is_about_reader = role.sees_queue() && row.life.is_about(role);
    !away.contains(&row.id) && !is_about_reader
}
