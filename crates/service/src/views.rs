//! What people at the desk see and do.

use crate::sign_in::StaffSession;
use crate::thread::sent_words;
use crate::{ActError, App, DecisionBody, ViewWords, waiting_since_after};
use domain::audience::TextKind;
use domain::date::Date;
use domain::event::EventKind;
use domain::lifecycle::{
    Action, Actor, CloseReason, Lane, Service, State, Turn, ViewStatus, allowed_actions, transition,
};
use domain::role::Role;
use domain::view::{self, Safe};
use model::{self, Burst, CollapsedBurst, DeskEntry, QueueFilter, QueueShow, SentWords};
use std::collections::BTreeMap;
use store::audit::{Entry, Outcome};
use store::{
    AlertChange, BodyRow, Change, Changed, EventRow, MeetingRow, OutcomeRow, StaffRow, ViewRow,
};
use vault::seal::{Identity, OpenError, Recipient};

/// Most characters in a meeting's title or in the name of a job.
const TITLE_MAX: usize = 120;

/// An act of the desk on a view, with what was typed.
#[derive(Clone, Debug)]
pub enum Act {
    /// Ask the sender.
    AskBack(String),
    /// Write to the sender.
    Reply(String),
    /// Write a private note.
    Note(String),
    /// Write the version for the committee.
    Approve(String),
    /// Put it on this meeting's list.
    List(String),
    /// Take it off the list.
    Unlist,
    /// Close it, with a reply.
    Close(CloseReason, String),
    /// Take it on: the alerts about it end.
    Claim,
    /// It was handed over to a service on a day (empty: today), where it is called so (may be empty).
    HandOver {
        /// An id of [`Service`].
        service: String,
        /// The day as typed.
        day: String,
        /// What it is called there.
        reference: String,
    },
    /// Let SpeakerBox see it as well.
    Release,
    /// Record a decision.
    Decide(DecisionBody),
    /// Publish the decision.
    Publish,
    /// Say that it is done.
    MarkDone,
}

impl Act {
    fn action(&self) -> Action {
        match self {
            Act::AskBack(_) => Action::AskBack,
            Act::Reply(_) => Action::Reply,
            Act::Note(_) => Action::Note,
            Act::Approve(_) => Action::Approve,
            Act::List(_) => Action::List,
            Act::Unlist => Action::Unlist,
            Act::Close(reason, _) => Action::Close(*reason),
            Act::Claim => Action::Claim,
            Act::HandOver { .. } => Action::HandOver,
            Act::Release => Action::Release,
            Act::Decide(_) => Action::Decide,
            Act::Publish => Action::Publish,
            Act::MarkDone => Action::MarkDone,
        }
    }

    fn text(&self) -> Option<(TextKind, &str)> {
        match self {
            Act::AskBack(text) => Some((TextKind::Question, text)),
            Act::Reply(text) | Act::Close(_, text) => Some((TextKind::Reply, text)),
            Act::Note(text) => Some((TextKind::Note, text)),
            Act::Approve(text) => Some((TextKind::Approved, text)),
            Act::List(_)
            | Act::Unlist
            | Act::Claim
            | Act::HandOver { .. }
            | Act::Release
            | Act::Decide(_)
            | Act::Publish
            | Act::MarkDone => None,
        }
    }
}

/// A view opened at the desk.
pub struct Opened {
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
}

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
    /// The views this person may see, in a queue's order: whoever waits longest first.
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
    ) -> Result<(Folded, Vec<usize>), ActError> {
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
        Ok((folded(rows, filter.burst), counts.to_vec()))
    }

    /// The safety lane: everything marked unsafe, what nobody has taken first.
    pub async fn safety_lane(
        &self,
        desk: &StaffSession,
        burst: Option<Burst>,
    ) -> Result<Folded, ActError> {
        if !desk.staff.role.sees_safety_lane() {
            return Err(ActError::Forbidden);
        }
        let mut rows = self.visible(desk).await?;
        rows.retain(|row| row.life.lane != Lane::Ordinary);
        let alerts = self.store.alerts().await?;
        let mut shown: Vec<model::QueueRow> = rows.iter().map(|row| self.queue_row(row)).collect();
        let clocks = self.clocks(&alerts);
        let handed = self.store.handed_over().await?;
        for row in &mut shown {
            row.nobody_for = clocks.get(row.id.as_str()).copied();
            row.handed = handed.contains(&row.id);
        }
        // Whoever nobody has taken on stands first, the longest wait before the others. The sort keeps the order of
        // arrival among equals.
        shown.sort_by_key(|row| {
            let rank = match row.lane {
                _ if row.nobody_for.is_some() => 0,
                Lane::Waiting => 1,
                Lane::Claimed => 2,
                Lane::HandedOver => 3,
                Lane::Released | Lane::Ordinary => 4,
            };
            (
                rank,
                std::cmp::Reverse(row.nobody_for.map(|clock| clock.hours)),
            )
        });
        Ok(folded(shown, burst))
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
            waiting_days: (self.clock.today().days() - row.since.days()).max(0),
            turn: row.life.turn(),
            nobody_for: None,
            burst: row.burst,
            language: self.library.called(&row.language),
            about: row.life.about,
            handed: false,
            close_first: row.life.lane_is_open().then(|| close_first(row.life)),
            ended_in_open_lane: row.life.ended_in_open_lane(),
        }
    }

    /// Opens a view. Reading is an act: each time is an entry of the audit log, and once a day for each role, and
    /// whenever the sender has written, it stands in the record that the sender sees. The entry is on the disk before
    /// the words are shown.
    pub async fn open_view(&self, desk: &StaffSession, id: &str) -> Result<Opened, ActError> {
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
                // Somebody else opened it in this moment; that this person did too is still told.
                store
                    .insert_event(id, self.event(desk, EventKind::Opened))
                    .await?;
            }
            row = self.view_for(desk, id, "open").await?;
        } else if readings.any(|event| event.day == today) {
            let entry = self.entry(desk, "open", Some(id));
            self.store.append_audit(entry, Outcome::Done).await?;
        } else {
            store
                .insert_event(id, self.event(desk, EventKind::Opened))
                .await?;
        }
        self.opened(desk, row).await
    }

    /// A view as it is, without recording that it was opened (after an act on it).
    pub async fn view_again(&self, desk: &StaffSession, id: &str) -> Result<Opened, ActError> {
        let row = self.view_for(desk, id, "open").await?;
        self.opened(desk, row).await
    }

    /// A view for somebody who wants to do this with it.
    pub(super) async fn view_for(
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
        // Whether a view exists is not told to people who may not see it; that they tried is entered.
        self.audit_denied(desk, action, id).await?;
        Err(ActError::NotFound)
    }

    /// Whether somebody may open a view: by the rules of their role, and because nothing keeps this person away from it.
    pub(super) async fn may_open(&self, staff: &StaffRow, row: &ViewRow) -> Result<bool, ActError> {
        let by_role = row.life.visible_to(staff.role);
        Ok(by_role && !self.store.recused(&staff.id).await?.contains(&row.id))
    }

    /// "This is about me or somebody close to me": hands a view back. This person cannot open it again.
    pub async fn recuse_self(&self, desk: &StaffSession, id: &str) -> Result<(), ActError> {
        let row = self.view_for(desk, id, "step-aside").await?;
        if !self.others_can_open(&row, &desk.staff.id).await? {
            return Err(ActError::Field("page", "error.away.last"));
        }
        let store = self.by(desk, "step-aside", Some(id));
        Ok(store.recuse(id, &desk.staff.id).await?)
    }

    /// Keeps somebody away from a view, by the name they sign in with.
    pub async fn recuse(&self, desk: &StaffSession, id: &str, name: &str) -> Result<(), ActError> {
        let row = self.view_for(desk, id, "keep-away").await?;
        if !desk.staff.role.sees_safety_lane() {
            self.audit_denied(desk, "keep-away", id).await?;
            return Err(ActError::Forbidden);
        }
        let staff = self.store.staff_by_name(name.trim()).await?;
        // The committee never opens a view, but the text that is approved of it.
        let would_read = |staff: &StaffRow| {
            row.life.visible_to(staff.role) || staff.role.sees_meetings() || staff.role.sees_queue()
        };
        let staff = staff
            .filter(|staff| staff.id != desk.staff.id && would_read(staff))
            .ok_or(ActError::Field("name", "error.away.name"))?;
        if !self.others_can_open(&row, &staff.id).await? {
            return Err(ActError::Field("page", "error.away.last"));
        }
        let store = self.by(desk, "keep-away", Some(id));
        Ok(store.recuse(id, &staff.id).await?)
    }

    // Whether anybody but this person can open a view: joined, not suspended, with the keys of their role.
    async fn others_can_open(&self, row: &ViewRow, without: &str) -> Result<bool, ActError> {
        let recipients = self.recipients();
        for staff in self.store.all_staff().await? {
            let works = staff.has_joined() && !staff.suspended && !staff.must_change;
            if staff.id == without || !works || !self.may_open(&staff, row).await? {
                continue;
            }
            let grants = self.store.grants(&staff.id).await?;
            if recipients.has_current_keys(&staff, &grants) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn opened(&self, desk: &StaffSession, row: ViewRow) -> Result<Opened, ActError> {
        let keys = self.role_keys(desk).await?;
        let bodies = self.store.bodies(&row.id).await?;
        let sent = bodies.iter().find(|body| body.kind == TextKind::View);
        let words: Option<ViewWords> = sent.and_then(|body| self.open(&row.id, body, &keys).ok());
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
            let (text, sealed_to_others) = self.desk_text(&row.id, body, &keys);
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
        Ok(Opened {
            safe: words.as_ref().map(|words| words.safe),
            words: words.map(|words| sent_words(words, &self.library.content())),
            entries,
            approved: approved.and_then(|body| self.open(&row.id, body, &keys).ok()),
            possible,
            nobody_for,
            taken_by,
            row,
        })
    }

    fn desk_text(
        &self,
        view: &str,
        body: Option<&BodyRow>,
        keys: &[Identity],
    ) -> (Option<String>, bool) {
        let Some(body) = body else {
            return (None, false);
        };
        if matches!(body.kind, TextKind::View | TextKind::Identity) {
            return (None, false);
        }
        if body.kind == TextKind::Decision {
            let decision = self.open::<DecisionBody>(view, body, keys);
            return (decision.ok().map(|d| d.decided), false);
        }
        match self.open::<String>(view, body, keys) {
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
            .open(id, body, &keys)
            .map_err(|_| ActError::Forbidden)?;
        // The record is on the disk before the name is shown.
        let to = Recipient(row.recipient.clone());
        let note = self.seal(
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

    /// Does something with a view. `version`: what the person had before their eyes.
    pub async fn act(
        &self,
        desk: &StaffSession,
        id: &str,
        version: i64,
        act: Act,
    ) -> Result<(), ActError> {
        let row = self.store.view(id).await?.ok_or(ActError::NotFound)?;
        let role = desk.staff.role;
        // Its time is over: there is nobody left to seal anything to.
        if row.is_bare() {
            return Err(ActError::NotFound);
        }
        let life = match transition(row.life, Actor::Staff(role), act.action()) {
            Ok(life) => life,
            Err(domain::lifecycle::Refused::NotYours) => {
                self.audit_denied(desk, act.action().id(), id).await?;
                let hidden = !row.life.visible_to(role) && row.meeting.is_none();
                return Err(if hidden {
                    ActError::NotFound
                } else {
                    ActError::Forbidden
                });
            }
            Err(_) if matches!(act, Act::Close(..)) && row.life.lane_is_open() => {
                return Err(ActError::Field("page", close_first(row.life)));
            }
            Err(refused) => return Err(refused.into()),
        };
        if self.store.recused(&desk.staff.id).await?.contains(id) {
            self.audit_denied(desk, act.action().id(), id).await?;
            return Err(ActError::NotFound);
        }
        let to = Recipient(row.recipient.clone());
        let body = match (&act, act.text()) {
            (Act::Decide(decision), _) => {
                Some(self.seal(id, &to, life, TextKind::Decision, Some(role), decision)?)
            }
            (Act::HandOver { reference, .. }, _) if !view::tidy(reference).is_empty() => {
                let wrong = ("reference", "error.text.empty", "error.reason.long");
                let note = checked_text(reference, wrong, view::IDENTITY_MAX)?;
                Some(self.seal(id, &to, life, TextKind::Note, Some(role), &note)?)
            }
            (_, Some((kind, text))) => {
                let missing = if matches!(act, Act::Close(..)) {
                    "error.text.close"
                } else {
                    "error.text.empty"
                };
                let text = checked_text(
                    text,
                    ("text", missing, "error.text.long"),
                    view::MESSAGE_MAX,
                )?;
                Some(self.seal(id, &to, life, kind, Some(role), &text)?)
            }
            _ => None,
        };
        let mut event = self.event(desk, act.action().into());
        let mut change = self.change(
            &row,
            life,
            EventRow {
                reason: reason_of(&act),
                ..event.clone()
            },
        );
        match &act {
            Act::List(meeting) => {
                if !self
                    .store
                    .meetings()
                    .await?
                    .iter()
                    .any(|known| known.id == *meeting)
                {
                    return Err(ActError::Field("meeting", "error.meeting.choose"));
                }
                event.meeting = Some(meeting.clone());
                change.event = event;
                change.meeting = Some(Some(meeting.clone()));
            }
            Act::Unlist => change.meeting = Some(None),
            Act::Claim => {
                if !self.alerts_of(id).await? {
                    return Err(ActError::NotNow);
                }
                change.alert = AlertChange::End;
            }
            Act::HandOver { service, day, .. } => {
                change.event.handed = Some(self.checked_hand_over(&row, service, day)?);
                change.alert = AlertChange::End;
            }
            // Whoever does this has read it, and is on record by name.
            Act::Release | Act::Close(..) => change.alert = AlertChange::End,
            Act::Publish => {
                change.event.meeting = row.meeting.clone();
                change.outcome = Some(self.outcome_of(desk, &row).await?);
            }
            _ => {}
        }
        change.body = body;
        change.from_version = version;
        let entry = Entry {
            reason: matches!(act, Act::Close(..)),
            ..self.entry(desk, act.action().id(), Some(id))
        };
        match self.store.audited(entry).change(change).await? {
            Changed::Done => Ok(()),
            Changed::Stale => Err(ActError::Stale),
        }
    }

    // To whom, and on which day: not before it was sent, and not in days to come.
    fn checked_hand_over(
        &self,
        row: &ViewRow,
        service: &str,
        day: &str,
    ) -> Result<(Service, Date), ActError> {
        let service = Service::from_id(service)
            .ok_or(ActError::Field("service", "error.hand-over.service"))?;
        let today = self.clock.today();
        let day = match day.trim() {
            "" => Some(today),
            typed => typed.parse().ok(),
        };
        let day = day.filter(|day| (row.day..=today).contains(day));
        Ok((
            service,
            day.ok_or(ActError::Field("day", "error.hand-over.day"))?,
        ))
    }

    async fn outcome_of(&self, desk: &StaffSession, row: &ViewRow) -> Result<OutcomeRow, ActError> {
        let keys = self.role_keys(desk).await?;
        let bodies = self.store.bodies(&row.id).await?;
        let body = bodies
            .iter()
            .rev()
            .find(|body| body.kind == TextKind::Decision)
            .ok_or(ActError::NotNow)?;
        let decision: DecisionBody = self
            .open(&row.id, body, &keys)
            .map_err(|_| ActError::Forbidden)?;
        let today = self.clock.today();
        let meetings = self.store.meetings().await?;
        let meeting = meetings
            .iter()
            .find(|meeting| Some(&meeting.id) == row.meeting.as_ref());
        Ok(OutcomeRow {
            topic: row.topic,
            said: decision.said,
            decided: decision.decided,
            owner: decision.owner,
            due: decision.due,
            meeting_day: meeting.map_or(today, |meeting| meeting.day),
            published: today,
            state: State::Published,
        })
    }

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

    pub(super) fn event(&self, desk: &StaffSession, kind: EventKind) -> EventRow {
        EventRow {
            day: self.clock.today(),
            kind,
            role: Some(desk.staff.role),
            staff: Some(desk.staff.id.clone()),
            body: None,
            reason: None,
            meeting: None,
            handed: None,
        }
    }

    fn change(&self, row: &ViewRow, life: ViewStatus, event: EventRow) -> Change {
        Change {
            view: row.id.clone(),
            from_version: row.version,
            life,
            since: waiting_since_after(row.life, life, self.clock.today()),
            meeting: None,
            event,
            body: None,
            outcome: None,
            erase: false,
            alert: AlertChange::Keep,
        }
    }
}

/// Rows to show, and the lines that stand for bursts.
pub type Folded = (Vec<model::QueueRow>, Vec<CollapsedBurst>);

// What came in a burst is folded: a line for each day and topic, in the order of days. Nothing is left out: opened, a
// burst shows every view of its own.
fn folded(rows: Vec<model::QueueRow>, open: Option<Burst>) -> Folded {
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

/// What to do in the safety lane before a view can be closed there: a word key.
fn close_first(life: ViewStatus) -> &'static str {
    if life.is_for_few() {
        "error.close.few"
    } else {
        "error.close.lane"
    }
}

fn reason_of(act: &Act) -> Option<CloseReason> {
    match act {
        Act::Close(reason, _) => Some(*reason),
        _ => None,
    }
}

/// A text of the desk: tidied, not empty, not too long.
pub(super) fn checked_text(
    text: &str,
    (field, missing, long): (&'static str, &'static str, &'static str),
    most: usize,
) -> Result<String, ActError> {
    let text = view::tidy(text);
    match text.chars().count() {
        0 => Err(ActError::Field(field, missing)),
        length if length > most => Err(ActError::Field(field, long)),
        _ => Ok(text),
    }
}

/// Checks the form of a new meeting: its day and its title.
pub fn checked_meeting(day: &str, title: &str) -> Result<(Date, String), Vec<model::FieldError>> {
    let title = view::tidy(title);
    let day: Option<Date> = day.trim().parse().ok();
    let mut errors = Vec::new();
    let mut wrong = |field, key| errors.push(model::FieldError { field, key });
    if day.is_none() {
        wrong("day", "error.meeting.day");
    }
    if title.is_empty() {
        wrong("title", "error.meeting.title");
    } else if title.chars().count() > TITLE_MAX {
        wrong("title", "error.meeting.title-long");
    }
    match (day, errors.is_empty()) {
        (Some(day), true) => Ok((day, title)),
        _ => Err(errors),
    }
}

/// Checks a decision form.
pub fn checked_decision(
    form: &model::DecisionForm,
) -> Result<DecisionBody, Vec<model::FieldError>> {
    let mut errors = Vec::new();
    let mut text = |value: &str, wrong: (&'static str, &'static str, &'static str), most: usize| {
        checked_text(value, wrong, most).unwrap_or_else(|error| {
            if let ActError::Field(field, key) = error {
                errors.push(model::FieldError { field, key });
            }
            String::new()
        })
    };
    let long = "error.text.long";
    let said = text(
        &form.said,
        ("said", "error.decision.said", long),
        view::MESSAGE_MAX,
    );
    let decided = text(
        &form.decided,
        ("decided", "error.decision.decided", long),
        view::MESSAGE_MAX,
    );
    let answer = text(
        &form.answer,
        ("answer", "error.decision.answer", long),
        view::MESSAGE_MAX,
    );
    let owner = ("owner", "error.decision.owner", "error.decision.owner-long");
    let owner = text(&form.owner, owner, TITLE_MAX);
    let due: Option<Date> = form.due.trim().parse().ok();
    if due.is_none() {
        errors.push(model::FieldError {
            field: "due",
            key: "error.decision.due",
        });
    }
    match (due, errors.is_empty()) {
        (Some(due), true) => Ok(DecisionBody {
            said,
            decided,
            answer,
            owner,
            due,
        }),
        _ => Err(errors),
    }
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
                State::Listed | State::Decided | State::Published | State::Done | State::Disputed
            )
        }
        QueueShow::Ended => matches!(row.life.state, State::Agreed | State::Closed),
        QueueShow::All => true,
    }
}

/// Two words of the receipt list that stand for the sender at the desk. They come from the view's random id, so they
/// tell nothing and need not be kept.
pub fn pseudonym(id: &str) -> String {
    let list = domain::receipt::word_list();
    let number = |range: std::ops::Range<usize>| {
        let bits = id
            .get(range)
            .and_then(|hex| usize::from_str_radix(hex, 16).ok())
            .unwrap_or(0);
        list.get(bits % list.len().max(1))
            .copied()
            .unwrap_or("view")
    };
    format!("{} {}", number(0..6), number(6..12))
}

/// Whether a role may do anything at the desk with views.
pub fn has_views(role: Role) -> bool {
    role.sees_queue() || role.sees_safety_lane() || role.sees_meetings()
}
