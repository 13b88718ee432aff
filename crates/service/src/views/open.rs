//! Opening a view and its texts at the desk. Each opening is on the record before a word is shown.

use super::act::TRIES;
use crate::forms::checked_text;
use crate::openings::{DeskKeys, Opening};
use crate::sign_in::StaffSession;
use crate::thread::sent_words;
use crate::{ActError, App, DecisionBody, ViewWords};
use domain::audience::TextKind;
use domain::event::EventKind;
use domain::lifecycle::{Action, Actor, Lane, State, allowed_actions, transition};
use domain::retention;
use domain::view::{self, Safe};
use model::{DeskEntry, SentWords};
use serde::de::DeserializeOwned;
use store::audit::Entry;
use store::{AlertChange, BodyRow, Changed, ViewRow};
use vault::seal::{OpenError, Recipient};

/// A view opened at the desk.
pub struct OpenedView {
    /// The view.
    pub row: ViewRow,
    /// Its words, if this person's keys open them.
    pub words: Option<SentWords>,
    /// What those who keep children safe let SpeakerBox know of it.
    pub summary: Option<String>,
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
    /// Its sender has written what nobody had read before this opening.
    pub has_news: bool,
    /// That it was opened could not be entered, so none of its texts is in here.
    pub is_unrecorded: bool,
}

impl App {
    /// Opens a view. Reading is an act: each time is an entry of the audit log, and once a day for each role, and
    /// whenever the sender has written, it stands in the record that the sender sees. The entry is on the disk before
    /// the words are shown.
    pub async fn open_view(&self, desk: &StaffSession, id: &str) -> Result<OpenedView, ActError> {
        if let Some(row) = self.lane_record(desk, id).await? {
            let entry = self.entry(desk, "open", None);
            let opening = Opening::entered(&*self.store, entry, id).await?;
            let keys = self.desk_keys(desk).await?;
            return self.opened(desk, row, Some((&keys, &opening))).await;
        }
        for _ in 0..TRIES {
            let row = self.view_for(desk, id, "open").await?;
            let keys = self.desk_keys(desk).await?;
            if let Some(opening) = self.try_opening(desk, &row, &keys).await? {
                // As it is now: its life is that of the opening, and what came in meanwhile is still to be read.
                let now = self.view_for(desk, id, "open").await?;
                let opened = self.opened(desk, now, Some((&keys, &opening))).await?;
                let has_news = row.life.unread;
                return Ok(OpenedView { has_news, ..opened });
            }
        }
        Err(ActError::Busy)
    }

    // Enters that somebody opens a view, from this row of it; `None`: something else was quicker.
    async fn try_opening(
        &self,
        desk: &StaffSession,
        row: &ViewRow,
        keys: &DeskKeys,
    ) -> Result<Option<Opening>, ActError> {
        let (id, role) = (row.id.as_str(), desk.staff.role);
        let today = self.clock.today();
        let events = self.store.events(id).await?;
        let mut readings = events
            .iter()
            .filter(|event| event.kind == EventKind::Opened && event.role == Some(role));
        let first_of_role = readings.clone().next().is_none();
        // Who raised it may not have held the key of every text: the first who keeps children safe and does brings the rest.
        let reseal = if row.life.in_safety_custody() && role.sees_safety_lane() {
            self.texts_for_adults(row, keys).await?
        } else {
            Vec::new()
        };
        let (store, entry) = (&*self.store, self.entry(desk, "open", None));
        let event = self.event(desk, EventKind::Opened);
        if row.life.unread || first_of_role || !reseal.is_empty() {
            let life = transition(row.life, Actor::Staff(role), Action::Open)?;
            let mut change = self.change(row, life, event);
            change.reseal = reseal;
            return Ok(Opening::with_change(store, entry, change).await?);
        }
        let opening = if readings.any(|event| event.day == today) {
            Opening::entered(store, entry, id).await?
        } else {
            Opening::with_event(store, entry, id, event).await?
        };
        Ok(Some(opening))
    }

    /// A view without any of its texts: for a page that keeps what was typed while an opening cannot be entered.
    pub async fn view_without_texts(
        &self,
        desk: &StaffSession,
        id: &str,
    ) -> Result<OpenedView, ActError> {
        let row = match self.lane_record(desk, id).await? {
            Some(row) => row,
            None => self.view_for(desk, id, "open").await?,
        };
        self.opened(desk, row, None).await
    }

    /// What the safety lane remembers of a view that its sender withdrew, for somebody who may see it and while it does.
    async fn lane_record(
        &self,
        desk: &StaffSession,
        id: &str,
    ) -> Result<Option<ViewRow>, ActError> {
        let row = self.store.view(id).await?;
        let row = row.filter(|row| row.life.lane_record_visible_to(desk.staff.role));
        let Some(row) = row else { return Ok(None) };
        let is_kept = self
            .lane_records(desk)
            .await?
            .iter()
            .any(|kept| kept.id == row.id);
        Ok(is_kept.then_some(row))
    }

    /// Every view of the safety lane that its sender withdrew and of which something is remembered, for somebody who may see
    /// it: [`retention::WITHDRAWN_IN_LANE`] long, and for as long as nobody has seen that it was there.
    pub(crate) async fn lane_records(&self, desk: &StaffSession) -> Result<Vec<ViewRow>, ActError> {
        let after = self
            .clock
            .today()
            .plus_days(-retention::WITHDRAWN_IN_LANE.days);
        let mut rows = self.store.withdrawn_in_lane(after).await?;
        for (id, row) in self.store.alerted_views().await? {
            let is_withdrawn = |row: &ViewRow| row.life.state == State::Withdrawn;
            if let Some(row) = row.filter(is_withdrawn)
                && !rows.iter().any(|known| known.id == id)
            {
                rows.push(row);
            }
        }
        let away = self.store.recused(&desk.staff.id).await?;
        let role = desk.staff.role;
        rows.retain(|row| row.life.lane_record_visible_to(role) && !away.contains(&row.id));
        Ok(rows)
    }

    /// Somebody who keeps children safe has seen that a view was withdrawn: its alerts end.
    pub async fn acknowledge_withdrawal(
        &self,
        desk: &StaffSession,
        id: &str,
    ) -> Result<(), ActError> {
        let Some(row) = self.lane_record(desk, id).await? else {
            self.audit_denied_view(desk, "seen", id).await?;
            return Err(ActError::NotFound);
        };
        if !self.alerts_of(id).await? {
            return Err(ActError::NotNow);
        }
        let mut change = self.change(&row, row.life, self.event(desk, EventKind::Acknowledged));
        change.alert = AlertChange::End;
        match self.by(desk, "seen", Some(id)).change(change).await? {
            Changed::Done => Ok(()),
            Changed::Stale => Err(ActError::Stale),
        }
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

    // Without an opening no text is opened.
    async fn opened(
        &self,
        desk: &StaffSession,
        row: ViewRow,
        by: Option<(&DeskKeys, &Opening)>,
    ) -> Result<OpenedView, ActError> {
        let bodies = self.store.bodies(&row.id).await?;
        let sent = bodies.iter().find(|body| body.kind == TextKind::View);
        let words: Option<ViewWords> = sent.and_then(|body| self.desk_text(&row.id, body, by).ok());
        let events = self.store.events(&row.id).await?;
        // What rang again after somebody had it is nobody's until somebody claims it.
        let is_claimed = matches!(
            row.life.lane,
            Lane::Claimed | Lane::HandedOver | Lane::Released
        );
        let taker = events
            .iter()
            .rev()
            .filter(|_| is_claimed)
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
            let (text, sealed_to_others) = match by {
                Some(_) => self.entry_text(&row.id, body, by),
                None => (None, false),
            };
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
        let summary = bodies
            .iter()
            .rev()
            .find(|body| body.kind == TextKind::Summary);
        Ok(OpenedView {
            summary: summary.and_then(|body| self.desk_text(&row.id, body, by).ok()),
            safe: words.as_ref().map(|words| words.safe),
            words: words.map(|words| sent_words(words, &self.library.content())),
            entries,
            approved: approved.and_then(|body| self.desk_text(&row.id, body, by).ok()),
            possible,
            nobody_for,
            taken_by,
            has_news: false,
            is_unrecorded: by.is_none(),
            row,
        })
    }

    // A text for somebody whose opening is entered.
    fn desk_text<T: DeserializeOwned>(
        &self,
        view: &str,
        body: &BodyRow,
        by: Option<(&DeskKeys, &Opening)>,
    ) -> Result<T, OpenError> {
        let (keys, opening) = by.ok_or(OpenError::NotForThisKey)?;
        let text = keys.open(&*self.sealer, view, body)?;
        text.shown(opening).ok_or(OpenError::NotForThisKey)
    }

    // The text of a line of the record, and whether it is there and sealed to others.
    fn entry_text(
        &self,
        view: &str,
        body: Option<&BodyRow>,
        by: Option<(&DeskKeys, &Opening)>,
    ) -> (Option<String>, bool) {
        let Some(body) = body else {
            return (None, false);
        };
        if matches!(body.kind, TextKind::View | TextKind::Identity) {
            return (None, false);
        }
        if body.kind == TextKind::Decision {
            let decision = self.desk_text::<DecisionBody>(view, body, by);
            return (decision.ok().map(|d| d.decided), false);
        }
        match self.desk_text::<String>(view, body, by) {
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
        self.view_for(desk, id, "name").await?;
        if !desk.staff.role.sees_safety_lane() {
            self.audit_denied(desk, "name", id).await?;
            return Err(ActError::Forbidden);
        }
        let wrong = ("reason", "error.reason.empty", "error.reason.long");
        let reason = checked_text(reason, wrong, view::IDENTITY_MAX)?;
        for _ in 0..TRIES {
            let row = self.view_for(desk, id, "name").await?;
            if let Some(name) = self.try_name(desk, &row, &reason).await? {
                return Ok(name);
            }
        }
        Err(ActError::Busy)
    }

    // The name, once that it is opened is entered; `None`: something else was quicker.
    async fn try_name(
        &self,
        desk: &StaffSession,
        row: &ViewRow,
        reason: &String,
    ) -> Result<Option<String>, ActError> {
        let id = row.id.as_str();
        let bodies = self.store.bodies(id).await?;
        let body = bodies
            .iter()
            .find(|body| body.kind == TextKind::Identity)
            .ok_or(ActError::NotFound)?;
        let keys = self.desk_keys(desk).await?;
        let name = keys
            .open::<String>(&*self.sealer, id, body)
            .map_err(|_| ActError::Forbidden)?;
        // The record is on the disk before the name is shown.
        let to = Recipient(row.recipient.clone());
        let note = self.seal_text(
            id,
            &to,
            row.life,
            TextKind::AdultNote,
            Some(desk.staff.role),
            reason,
        )?;
        let mut change = self.change(row, row.life, self.event(desk, EventKind::NameOpened));
        change.body = Some(note);
        let entry = Entry {
            reason: true,
            ..self.entry(desk, "name", None)
        };
        let opening = Opening::with_change(&*self.store, entry, change).await?;
        Ok(opening.and_then(|opening| name.shown(&opening)))
    }
}
