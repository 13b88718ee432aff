//! What a decision has to be before it is kept, and before it is released.

use crate::forms::{DecisionDays, checked_decision};
use crate::openings::public_part;
use crate::sign_in::StaffSession;
use crate::{ActError, App, DecisionBody};
use domain::audience::TextKind;
use domain::date::Date;
use domain::event::EventKind;
use domain::lifecycle::{Action, Actor, ViewStatus, transition};
use domain::publication::{Authors, ReleaseRefused, may_release};
use model::{DecisionForm, FieldError};
use store::{EventRow, OutcomeRow, ViewRow};

impl App {
    /// Checks the form of a decision on a text of this meeting's list, or of a correction of it.
    pub async fn check_decision(
        &self,
        desk: &StaffSession,
        (meeting, view): (&str, &str),
        form: &DecisionForm,
    ) -> Result<Result<DecisionBody, Vec<FieldError>>, ActError> {
        let row = self.listed_view(desk, meeting, view).await?;
        let days = self.decision_days(desk, &row).await?;
        Ok(checked_decision(form, &days))
    }

    /// What a decision about this view has to fit today.
    pub(crate) async fn decision_days(
        &self,
        desk: &StaffSession,
        row: &ViewRow,
    ) -> Result<DecisionDays, ActError> {
        let today = self.clock.today();
        let meetings = self.store.meetings().await?;
        let listed = meetings
            .iter()
            .find(|m| Some(&m.id) == row.meeting.as_ref());
        let meeting = listed.map_or(today, |meeting| meeting.day);
        let mut days = DecisionDays {
            decided: today,
            meeting,
            later: Vec::new(),
            urgent: None,
        };
        let corrects = transition(row.life, Actor::Staff(desk.staff.role), Action::Correct);
        if corrects.is_ok()
            && let Some(before) = self.last_decision(desk, row).await?
        {
            // A correction is no new decision: its days count from when it was decided.
            days.decided = before.day.unwrap_or(meeting).min(today);
            days.urgent = Some(before.urgent);
        }
        let later = meetings
            .into_iter()
            .filter(|meeting| meeting.day > days.decided);
        let later = later.filter(|meeting| Some(&meeting.id) != row.meeting.as_ref());
        days.later = later.map(|meeting| (meeting.id, meeting.day)).collect();
        Ok(days)
    }

    /// The decision that was written down last, if this person's keys open it, without the answer to its sender.
    pub(crate) async fn last_decision(
        &self,
        desk: &StaffSession,
        row: &ViewRow,
    ) -> Result<Option<DecisionBody>, ActError> {
        let keys = self.desk_keys(desk).await?;
        let bodies = self.store.bodies(&row.id).await?;
        let mut newest_first = bodies.iter().rev();
        let body = newest_first.find(|body| body.kind == TextKind::Decision);
        let opened =
            body.and_then(|body| keys.open::<DecisionBody>(&*self.sealer, &row.id, body).ok());
        Ok(opened.map(public_part))
    }

    /// Whether this person may release what waits to be published of a view.
    pub(crate) async fn may_release(
        &self,
        desk: &StaffSession,
        row: &ViewRow,
    ) -> Result<Result<(), ReleaseRefused>, ActError> {
        let events = self.store.events(&row.id).await?;
        Ok(may_release(&desk.staff.id, &authors(&events)))
    }

    // What is published, and which decision it takes the place of.
    pub(super) async fn outcome_of(
        &self,
        desk: &StaffSession,
        row: &ViewRow,
        life: ViewStatus,
    ) -> Result<OutcomeRow, ActError> {
        let decision = self.last_decision(desk, row).await?;
        let decision = decision.ok_or(ActError::Forbidden)?;
        let today = self.clock.today();
        let corrected = row.life.is_corrected().then_some(today);
        if corrected.is_none() && is_past(&decision, today) {
            return Err(ActError::Field("page", "error.release.past"));
        }
        let meeting = match &row.meeting {
            Some(id) => self.store.meeting(id).await?,
            None => None,
        };
        Ok(OutcomeRow {
            topic: row.topic,
            kind: decision.kind,
            urgent: decision.early().is_some(),
            said: decision.said,
            decided: decision.decided,
            why: decision.why,
            owner: decision.owner,
            due: decision.due,
            until: decision.until,
            meeting_day: meeting.map_or(today, |meeting| meeting.day),
            decided_day: decision.day,
            published: today,
            state: life.state,
            round: 0,
            followed: false,
            corrected,
            down: None,
            authors: Authors::default(),
            released_by: None,
        })
    }
}

// A day that has come since it was decided cannot be promised any more.
fn is_past(decision: &DecisionBody, today: Date) -> bool {
    let days = [decision.due, decision.until];
    days.into_iter().flatten().any(|day| day <= today)
}

/// Who wrote what waits to be published, from the record of a view.
pub(crate) fn authors(events: &[EventRow]) -> Authors {
    let last = |kinds: &[EventKind]| {
        let mut events = events.iter().rev();
        let event = events.find(|event| kinds.contains(&event.kind));
        event.and_then(|event| event.staff.clone())
    };
    Authors {
        decided: last(&[EventKind::Decided, EventKind::Corrected]),
        approved: last(&[EventKind::Approved]),
    }
}

pub(super) fn as_error(refused: ReleaseRefused) -> ActError {
    match refused {
        ReleaseRefused::OwnWords => ActError::Field("page", "error.release.own"),
        ReleaseRefused::NoAuthor => ActError::Field("page", "error.release.nobody"),
    }
}
