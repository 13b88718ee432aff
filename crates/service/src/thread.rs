//! Coming back with six words.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::app::waiting_since_after;
use crate::rate_limit::NetworkBucket;
use crate::thread_limit::NewMessage;
use crate::withdrawals::mark_of;
use crate::{ActError, App, DecisionBody, ViewWords};
use content::Content;
use domain::audience::TextKind;
use domain::date::Date;
use domain::event::EventKind;
use domain::lifecycle::{Action, Actor, Refused, State, ViewStatus, allowed_actions, transition};
use domain::receipt::{self, NotAReceipt};
use domain::role::Role;
use domain::view;
use model::{SentWords, TimelineEntry, TimelineWhat};
use serde::de::DeserializeOwned;
use std::collections::HashSet;
use store::{AlertChange, BodyRow, Changed, EventRow, MeetingRow, SenderChange, ViewRow};
use vault::receipts::{self, Derived};
use vault::seal::{Identity, OpenError, Recipient};
use vault::tokens::{self, Handle};

/// A visit: the right words were typed, or the page's handle is still good.
pub struct Visit {
    /// The view.
    pub row: ViewRow,
    handle: Handle,
}

/// What typing six words gave.
pub enum OpenedByWords {
    /// They open this view.
    View(Box<Visit>),
    /// They open nothing. Wrong and unknown cost and look the same; what is said about the typed words comes from the
    /// words alone.
    Nothing(NotAReceipt),
}

/// What a timeline is made from, beside the events.
struct Texts<'a> {
    view: &'a str,
    /// The receipt's own key.
    key: [Identity; 1],
    bodies: Vec<BodyRow>,
    meetings: Vec<MeetingRow>,
    events: Vec<EventRow>,
}

impl Texts<'_> {
    fn body(&self, event: &EventRow) -> Option<&BodyRow> {
        self.bodies.iter().find(|body| Some(body.id) == event.body)
    }

    /// The decision that was published with the event at this place: the one that was written down last before it.
    fn decision_at(&self, place: usize) -> Option<(&BodyRow, bool)> {
        let before = self.events.get(..place)?;
        let is_decision = |event: &&EventRow| {
            event.kind == EventKind::Decided || event.kind == EventKind::Corrected
        };
        let written = before.iter().rev().find(is_decision)?;
        let is_corrected = written.kind == EventKind::Corrected;
        self.body(written).map(|body| (body, is_corrected))
    }

    fn meeting_day(&self, event: &EventRow) -> Option<Date> {
        let meeting = self
            .meetings
            .iter()
            .find(|meeting| Some(&meeting.id) == event.meeting.as_ref());
        meeting.map(|meeting| meeting.day)
    }
}

impl App {
    /// Opens a view by its six words.
    pub async fn open_by_words(
        &self,
        typed: &str,
        place: Option<NetworkBucket>,
    ) -> Result<OpenedByWords, ActError> {
        let now = self.clock.unix_seconds();
        self.limits.pace_tries(place, now).await?;
        let opened = self.opened_by_words(typed, place, now).await;
        if matches!(opened, Ok(OpenedByWords::Nothing(_))) {
            self.limits.wrong_receipt(place, now);
        }
        opened
    }

    async fn opened_by_words(
        &self,
        typed: &str,
        place: Option<NetworkBucket>,
        now: i64,
    ) -> Result<OpenedByWords, ActError> {
        let read = receipt::read(typed);
        // A key is derived from a text that is no receipt all the same, so that time tells nothing.
        let words = match &read {
            Ok(receipt) => receipt.to_words(),
            Err(_) => "no receipt at all was typed here".to_owned(),
        };
        let (keys, cost, again) = (self.keys.clone(), self.cost, words.clone());
        let first = !self.limits.has_guessed(place, now);
        let derived = self
            .receipt_queue
            .run(place, first, move || receipts::derive(&keys, &again, cost))
            .await?;
        let derived: Derived = derived.map_err(|_| ActError::Internal("key-derivation"))?;
        let row = self.store.view_by_tag(&derived.tag).await?;
        match (read, row) {
            (Ok(_), Some(row)) => {
                let handle = Handle {
                    tag: derived.tag,
                    seed: derived.seed,
                    words,
                };
                Ok(OpenedByWords::View(Box::new(Visit { row, handle })))
            }
            (Ok(_), None) => Ok(OpenedByWords::Nothing(NotAReceipt {
                typed: receipt::WORDS,
                doubts: Vec::new(),
            })),
            (Err(not), _) => Ok(OpenedByWords::Nothing(not)),
        }
    }

    /// Opens a view by the handle of the sender's page; `None` when its 15 minutes are over.
    pub async fn open_by_handle(&self, handle: &str) -> Result<Option<Visit>, ActError> {
        let Ok(handle) =
            tokens::open_token::<Handle>(&self.keys, self.clock.unix_seconds(), handle)
        else {
            return Ok(None);
        };
        let row = self.store.view_by_tag(&handle.tag).await?;
        Ok(row.map(|row| Visit { row, handle }))
    }

    /// A fresh handle for the visit's next page.
    pub fn handle_of(&self, visit: &Visit) -> String {
        tokens::seal_token(
            &self.keys,
            &*self.random,
            self.clock.unix_seconds(),
            &visit.handle,
        )
    }

    /// What the sender sees, oldest first. `content`: the words of the page.
    pub async fn timeline(
        &self,
        visit: &Visit,
        content: &Content,
    ) -> Result<Vec<TimelineEntry>, ActError> {
        let texts = Texts {
            view: &visit.row.id,
            key: [Identity::from_seed(&visit.handle.seed)],
            bodies: self.store.bodies(&visit.row.id).await?,
            meetings: self.store.meetings().await?,
            events: self.store.events(&visit.row.id).await?,
        };
        let mut read_by = HashSet::new();
        let mut timeline = Vec::new();
        for (place, event) in texts.events.iter().enumerate() {
            if event.role.is_none() {
                read_by.clear();
            }
            let shown = self.shown_event(&texts, (place, event), content, &mut read_by);
            timeline.extend(shown.into_iter().flatten().map(|what| TimelineEntry {
                day: event.day,
                what,
            }));
        }
        Ok(timeline)
    }

    // What the sender sees of an event, in order. `read_by`: who has read what since the sender last wrote, and on which day.
    fn shown_event(
        &self,
        texts: &Texts<'_>,
        (place, event): (usize, &EventRow),
        content: &Content,
        read_by: &mut HashSet<(EventKind, Role, Date)>,
    ) -> [Option<TimelineWhat>; 2] {
        let body = texts.body(event);
        let what = match event.kind {
            EventKind::Sent => {
                let sent = texts.bodies.iter().find(|body| body.kind == TextKind::View);
                let words = self.shown(texts, sent, |words: ViewWords| {
                    TimelineWhat::Sent(sent_words(words, content))
                });
                return [sent.is_none().then_some(TimelineWhat::WordsGone), words];
            }
            // The closing reply stands before the reason.
            EventKind::Closed => {
                let reply = self.shown(texts, body, TimelineWhat::Reply);
                return [reply, event.reason.map(TimelineWhat::Closed)];
            }
            // Each day it was read in each role, and again after the sender has written.
            EventKind::Opened => {
                let new = |role: &Role| read_by.insert((event.kind, *role, event.day));
                event.role.filter(new).map(TimelineWhat::ReadBy)
            }
            EventKind::ApprovedRead => {
                let new = |role: &Role| read_by.insert((event.kind, *role, event.day));
                event.role.filter(new).map(TimelineWhat::ApprovedReadBy)
            }
            EventKind::Raised => Some(TimelineWhat::Raised),
            EventKind::Released => self.shown(texts, body, TimelineWhat::Shared),
            EventKind::Claimed => Some(TimelineWhat::TakenOn),
            EventKind::HandedOver => event
                .handed
                .map(|(service, _)| TimelineWhat::HandedOver(service)),
            EventKind::NameOpened => event.role.map(TimelineWhat::NameOpened),
            EventKind::Held => Some(TimelineWhat::KeptLonger),
            EventKind::HoldLifted => Some(TimelineWhat::KeptNoLonger),
            EventKind::AskedBack => self.shown(texts, body, TimelineWhat::Question),
            EventKind::Replied => self.shown(texts, body, TimelineWhat::Reply),
            EventKind::WroteBack => self.shown(texts, body, TimelineWhat::YouWrote),
            EventKind::Alarmed => self.shown(texts, body, TimelineWhat::YouRaisedAlarm),
            EventKind::Approved => self.shown(texts, body, TimelineWhat::Approved),
            EventKind::Listed => texts.meeting_day(event).map(TimelineWhat::Listed),
            EventKind::Unlisted => Some(TimelineWhat::Unlisted),
            EventKind::Published => {
                let meeting = texts.meeting_day(event).unwrap_or(event.day);
                let (decision, corrected) = texts.decision_at(place).unzip();
                self.shown(texts, decision, |decision: DecisionBody| {
                    let corrected = corrected.unwrap_or(false);
                    TimelineWhat::Decision(decision.words(meeting, corrected))
                })
            }
            EventKind::TakenDown => event.down.map(TimelineWhat::TakenDown),
            EventKind::MarkedDone => Some(TimelineWhat::Done),
            EventKind::Agreed => Some(TimelineWhat::YouAgreed),
            EventKind::Disputed => {
                let words = self.shown(texts, body, TimelineWhat::YouWrote);
                return [Some(TimelineWhat::YouDisputed), words];
            }
            // Why, says `EventKind::hidden_from_sender`.
            EventKind::Noted
            | EventKind::Decided
            | EventKind::Corrected
            | EventKind::Withdrawn
            | EventKind::Acknowledged => None,
        };
        [what, None]
    }

    fn shown<T: DeserializeOwned>(
        &self,
        texts: &Texts<'_>,
        body: Option<&BodyRow>,
        show: impl FnOnce(T) -> TimelineWhat,
    ) -> Option<TimelineWhat> {
        match self.open_own_text(texts.view, body?, &texts.key) {
            Ok(text) => Some(show(text)),
            Err(OpenError::NotForThisKey) => None,
            Err(OpenError::Damaged) => Some(TimelineWhat::Damaged),
        }
    }

    /// What the sender can do now.
    pub fn sender_possible(&self, visit: &Visit) -> Vec<Action> {
        allowed_actions(visit.row.life, Actor::Sender)
    }

    /// The sender writes again; `alarm` says that they are not safe. `written`: how many messages of the sender the page
    /// with the form knew of ([`App::messages_written`]), so that a form sent twice is stored once.
    pub async fn write_back(
        &self,
        visit: &Visit,
        message: &str,
        alarm: bool,
        written: Option<usize>,
    ) -> Result<(), ActError> {
        let message = view::tidy(message);
        if message.is_empty() && !alarm {
            return Err(ActError::Field("message", "error.message.empty"));
        }
        if message.chars().count() > view::MESSAGE_MAX {
            return Err(ActError::Field("message", "error.message.long"));
        }
        if receipt::gives_away(&message, &visit.handle.words) {
            return Err(ActError::Field("message", "error.message.receipt"));
        }
        let action = if alarm {
            Action::Alarm
        } else {
            Action::WriteBack
        };
        let text = message;
        self.sender_acts(visit, action, Some(NewMessage { text, written }))
            .await
    }

    /// The sender withdraws the view: every text goes in the same commit.
    pub async fn withdraw(&self, visit: &Visit) -> Result<(), ActError> {
        // Only what can be withdrawn goes on the list. It goes there first: after a crash in between, a restored backup
        // follows the sender's wish.
        transition(visit.row.life, Actor::Sender, Action::Withdraw)?;
        let (id, today) = (&visit.row.id, self.clock.today());
        let added = self.withdrawals.add(mark_of(id), today).await;
        added.map_err(|_| ActError::Busy)?;
        let done = self.sender_acts(visit, Action::Withdraw, None).await;
        if done.is_err() {
            // A sender with this answer still has their view, unless it was withdrawn by another request meanwhile.
            let row = self.store.view_by_tag(&visit.handle.tag).await?;
            if row.is_some_and(|row| row.life.state != State::Withdrawn) {
                let removed = self.withdrawals.remove(mark_of(id), today).await;
                removed.map_err(|_| ActError::Busy)?;
            }
        }
        done
    }

    /// The sender says whether it is done, and if not, what is not; that may be empty.
    pub async fn answer_done(
        &self,
        visit: &Visit,
        agree: bool,
        message: &str,
    ) -> Result<(), ActError> {
        let text = view::tidy(message);
        if agree || text.is_empty() {
            let action = if agree {
                Action::Agree
            } else {
                Action::Dispute
            };
            return self.sender_acts(visit, action, None).await;
        }
        if text.chars().count() > view::MESSAGE_MAX {
            return Err(ActError::Field("not-done", "error.message.long"));
        }
        if receipt::gives_away(&text, &visit.handle.words) {
            return Err(ActError::Field("not-done", "error.message.receipt"));
        }
        let message = Some(NewMessage {
            text,
            written: None,
        });
        self.sender_acts(visit, Action::Dispute, message).await
    }

    async fn sender_acts(
        &self,
        visit: &Visit,
        action: Action,
        message: Option<NewMessage>,
    ) -> Result<(), ActError> {
        let mut row = visit.row.clone();
        let key = [Identity::from_seed(&visit.handle.seed)];
        // The sender's word must not be lost because somebody at the desk was quicker: look again and try again.
        for _ in 0..5 {
            if row.is_bare() {
                return Err(ActError::NotNow);
            }
            let life = transition(row.life, Actor::Sender, action)?;
            // A dispute needs no count: it answers what the council said, and can be said once.
            if let Some(message) = &message
                && action != Action::Dispute
                && self
                    .is_stored_already(&row.id, &key, action, message)
                    .await?
            {
                return Ok(());
            }
            let to = Recipient(row.recipient.clone());
            let body = match &message {
                Some(NewMessage { text, .. }) => {
                    Some(self.seal_text(&row.id, &to, life, TextKind::Answer, None, text)?)
                }
                None => None,
            };
            let alert = self.alert_change(life, action);
            // An alarm brings what was said before it to those who act on it.
            let reseal = if action == Action::Alarm {
                let key = [Identity::from_seed(&visit.handle.seed)];
                self.texts_for_adults(&row, &key).await?
            } else {
                Vec::new()
            };
            let change = SenderChange {
                body,
                reseal,
                alert,
                ..change_by_sender(&row, action, life, self.clock.today())
            };
            match self.store.change_by_sender(change).await? {
                Changed::Done => {
                    if matches!(alert, AlertChange::Raise(_)) {
                        self.safety_alert_notify.notify_one();
                    }
                    return Ok(());
                }
                Changed::Stale => {
                    row = self.store.view(&row.id).await?.ok_or(ActError::NotFound)?
                }
            }
        }
        Err(ActError::Stale)
    }
}

/// What a withdrawal changes, or why the view cannot be withdrawn any more.
pub fn withdrawal_change(row: &ViewRow, day: Date) -> Result<SenderChange, Refused> {
    let life = transition(row.life, Actor::Sender, Action::Withdraw)?;
    // An alert that rings goes on until somebody has seen that the view was there.
    Ok(change_by_sender(row, Action::Withdraw, life, day))
}

// What every act of the sender changes.
fn change_by_sender(row: &ViewRow, action: Action, life: ViewStatus, day: Date) -> SenderChange {
    SenderChange {
        view: row.id.clone(),
        from_version: row.version,
        from_life: row.life,
        life,
        since: waiting_since_after(row.life, life, day),
        day,
        action,
        body: None,
        reseal: Vec::new(),
        erase: life.state == State::Withdrawn,
        alert: AlertChange::Keep,
    }
}

/// A view's words for a page, with the title of what is attached.
pub fn sent_words(words: ViewWords, content: &Content) -> SentWords {
    let (attached, attached_url) = content.link(&words.link).unzip();
    SentWords {
        said: words.said,
        feeling: words.feeling,
        wish: words.wish,
        attached,
        attached_url,
        helped: words.helped,
    }
}
