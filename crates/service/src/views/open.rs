//! Opening a view and its texts at the desk. Each opening is on the record before a word is shown.

use crate::forms::checked_text;
use crate::sign_in::StaffSession;
use crate::thread::sent_words;
use crate::{ActError, App, DecisionBody, ViewWords};
use domain::audience::TextKind;
use domain::event::EventKind;
use domain::lifecycle::{Action, Actor, allowed_actions, transition};
use domain::view::{self, Safe};
use model::{DeskEntry, SentWords};
use store::audit::{Entry, EntryOutcome};
use store::{BodyRow, Changed, ViewRow};
use vault::seal::{Identity, OpenError, Recipient};

/// A view opened at the desk.
pub struct OpenedView {
    /// The view.
    pub row: ViewRow,
    /// Its words, if this person's keys open them.
    pub words: Option<SentWords>,
    /// The answer to "Are you safe?", if this person's keys open the words.
    pub safe: Option<Safe>,
    /// The record, oldest first.
    pub entries: Vec<DeskEntry>,
    /// The text approved for the committee.
    pub approved: Option<String>,
    /// What this person can do.
    pub possible: Vec<Action>,
    /// Nobody has taken it on yet: how long.
    pub nobody_for: Option<model::LaneClock>,
    /// Who took it on last, by the name they sign in with.
    pub taken_by: Option<String>,
    /// That it was opened could not be entered, so none of its texts is in here.
    pub is_unrecorded: bool,
}

impl App {
    /// Opens a view. Reading is an act: each time is an entry of the audit log, and once a day for each role, and
    /// whenever the sender has written, it stands in the record that the sender sees. The entry is on the disk before
    /// the words are shown.
    pub async fn open_view(&self, desk: &StaffSession, id: &str) -> Result<OpenedView, ActError> {
        let mut row = self.view_for(desk, id, "open").await?;
        let role = desk.staff.role;
        let today = self.clock.today();
        let events = self.store.events(id).await?;
        let mut readings = events
            .iter()
            .filter(|event| event.kind == EventKind::Opened && event.role == Some(role));
        let first_of_role = readings.clone().next().is_none();
        let store = self.by(desk, "open", Some(id));
        if row.life.unread || first_of_role {
            let life = transition(row.life, Actor::Staff(role), Action::Open)?;
            let change = self.change(&row, life, self.event(desk, EventKind::Opened));
            if store.change(change).await? == Changed::Stale {
                // Somebody else opened it in this moment; that this person did too is still recorded.
                store
                    .insert_event(id, self.event(desk, EventKind::Opened))
                    .await?;
            }
            row = self.view_for(desk, id, "open").await?;
        } else if readings.any(|event| event.day == today) {
            let entry = self.entry(desk, "open", Some(id));
            self.store.append_audit(entry, EntryOutcome::Done).await?;
        } else {
            store
                .insert_event(id, self.event(desk, EventKind::Opened))
                .await?;
        }
        let keys = self.role_keys(desk).await?;
        self.opened(desk, row, Some(&keys)).await
    }

    /// A view without any of its texts: for a page that keeps what was typed while an opening cannot be entered.
    pub async fn view_without_texts(
        &self,
        desk: &StaffSession,
        id: &str,
    ) -> Result<OpenedView, ActError> {
        let row = self.view_for(desk, id, "open").await?;
        self.opened(desk, row, None).await
    }

    /// A view for somebody who wants to do this with it.
    pub(crate) async fn view_for(
        &self,
        desk: &StaffSession,
        id: &str,
        action: &'static str,
    ) -> Result<ViewRow, ActError> {
        let row = self.store.view(id).await?.ok_or(ActError::NotFound)?;
        if row.is_bare() {
            return Err(ActError::NotFound);
        }
        if self.may_open(&desk.staff, &row).await? {
            return Ok(row);
        }
        // People who may not see a view do not learn whether it exists; that they tried is entered.
        self.audit_denied(desk, action, id).await?;
        Err(ActError::NotFound)
    }

    // Without keys no text is opened.
    async fn opened(
        &self,
        desk: &StaffSession,
        row: ViewRow,
        keys: Option<&[Identity]>,
    ) -> Result<OpenedView, ActError> {
        let bodies = self.store.bodies(&row.id).await?;
        let sent = bodies.iter().find(|body| body.kind == TextKind::View);
        let words: Option<ViewWords> = sent
            .zip(keys)
            .and_then(|(body, keys)| self.open_text(&row.id, body, keys).ok());
        let events = self.store.events(&row.id).await?;
        let taker = events
            .iter()
            .rev()
            .find(|event| event.kind == EventKind::Claimed)
            .and_then(|event| event.staff.clone());
        let taken_by = match taker {
            Some(id) => self.store.staff(&id).await?.map(|staff| staff.name),
            None => None,
        };
        let alerts = self.store.alerts().await?;
        let nobody_for = self.nobody_has(&alerts, &row.id);
        let mut possible = allowed_actions(row.life, Actor::Staff(desk.staff.role));
        // Without an open alert there is nothing to take on.
        possible.retain(|action| *action != Action::Claim || nobody_for.is_some());
        let mut entries = Vec::new();
        for event in events {
            let body = bodies.iter().find(|body| Some(body.id) == event.body);
            let (text, sealed_to_others) = self.desk_text(&row.id, body, keys);
            entries.push(DeskEntry {
                day: event.day,
                kind: event.kind,
                role: event.role,
                text,
                sealed_to_others,
                reason: event.reason,
                handed: event.handed,
            });
        }
        let approved = bodies
            .iter()
            .rev()
            .find(|body| body.kind == TextKind::Approved);
        Ok(OpenedView {
            safe: words.as_ref().map(|words| words.safe),
            words: words.map(|words| sent_words(words, &self.library.content())),
            entries,
            approved: approved
                .zip(keys)
                .and_then(|(body, keys)| self.open_text(&row.id, body, keys).ok()),
            possible,
            nobody_for,
            taken_by,
            is_unrecorded: keys.is_none(),
            row,
        })
    }

    fn desk_text(
        &self,
        view: &str,
        body: Option<&BodyRow>,
        keys: Option<&[Identity]>,
    ) -> (Option<String>, bool) {
        let Some((body, keys)) = body.zip(keys) else {
            return (None, false);
        };
        if matches!(body.kind, TextKind::View | TextKind::Identity) {
            return (None, false);
        }
        if body.kind == TextKind::Decision {
            let decision = self.open_text::<DecisionBody>(view, body, keys);
            return (decision.ok().map(|d| d.decided), false);
        }
        match self.open_text::<String>(view, body, keys) {
            Ok(text) => (Some(text), false),
            Err(OpenError::NotForThisKey | OpenError::Damaged) => (None, true),
        }
    }

    /// Opens the sender's name. Needs a reason; the sender sees that it was opened.
    pub async fn open_identity(
        &self,
        desk: &StaffSession,
        id: &str,
        reason: &str,
    ) -> Result<String, ActError> {
        let row = self.view_for(desk, id, "name").await?;
        if !desk.staff.role.sees_safety_lane() {
            self.audit_denied(desk, "name", id).await?;
            return Err(ActError::Forbidden);
        }
        let wrong = ("reason", "error.reason.empty", "error.reason.long");
        let reason = checked_text(reason, wrong, view::IDENTITY_MAX)?;
        let bodies = self.store.bodies(id).await?;
        let body = bodies
            .iter()
            .find(|body| body.kind == TextKind::Identity)
            .ok_or(ActError::NotFound)?;
        let keys = self.role_keys(desk).await?;
        let name: String = self
            .open_text(id, body, &keys)
            .map_err(|_| ActError::Forbidden)?;
        // The record is on the disk before the name is shown.
        let to = Recipient(row.recipient.clone());
        let note = self.seal_text(
            id,
            &to,
            row.life,
            TextKind::Note,
            Some(desk.staff.role),
            &reason,
        )?;
        let mut change = self.change(&row, row.life, self.event(desk, EventKind::NameOpened));
        change.body = Some(note);
        let entry = Entry {
            reason: true,
            ..self.entry(desk, "name", Some(id))
        };
        match self.store.audited(entry).change(change).await? {
            Changed::Done => Ok(name),
            Changed::Stale => Err(ActError::Stale),
        }
    }
}
