//! Views, their sealed texts and their events, and an act on a view.

use crate::alert::AlertChange;
use crate::meeting::{OutcomeRow, TakeDown};
use crate::role_key::SealedAgain;
use domain::audience::{Audience, TextKind};
use domain::date::Date;
use domain::event::EventKind;
use domain::lifecycle::{Action, CloseReason, Service, ViewStatus};
use domain::publication::TakeDownReason;
use domain::role::Role;
use domain::view::Topic;

/// A view as it arrives, already sealed.
#[derive(Clone, Debug)]
pub struct NewView {
    /// Random id.
    pub id: String,
    /// The receipt's tag; sending the same tag again stores nothing.
    pub tag: [u8; 32],
    /// Public key of the receipt.
    pub recipient: String,
    /// The day it was sent.
    pub day: Date,
    /// Topic.
    pub topic: Topic,
    /// Language it was written in.
    pub language: String,
    /// Where its life begins.
    pub life: ViewStatus,
    /// The sealed texts: the view, and the name if there is one.
    pub bodies: Vec<NewBody>,
    /// Tell somebody: the quarter of an hour (Unix seconds) from which on it waits in the safety lane. The row of the
    /// outbox is written in the same commit.
    pub alert: Option<i64>,
    /// It came in a burst: many in a short time from one place.
    pub burst: bool,
}

/// A sealed text to be added.
#[derive(Clone, Debug)]
pub struct NewBody {
    /// What it is.
    pub kind: TextKind,
    /// The day it was written.
    pub day: Date,
    /// Generation of the role keys.
    pub generation: u32,
    /// Role of the writer; `None` for the sender.
    pub writer: Option<Role>,
    /// Whom it is written for.
    pub audience: Option<Audience>,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// What sending gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Stored now.
    Stored,
    /// It had been stored before; nothing was changed.
    Already,
}

/// A view without its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewRow {
    /// Its id.
    pub id: String,
    /// Order of arrival.
    pub seq: i64,
    /// Public key of the receipt.
    pub recipient: String,
    /// The day it was sent.
    pub day: Date,
    /// Topic.
    pub topic: Topic,
    /// Language.
    pub language: String,
    /// Where it is.
    pub life: ViewStatus,
    /// The day since when it has been waiting for the role whose turn it is.
    pub since: Date,
    /// A name was given.
    pub has_identity: bool,
    /// The meeting it is on.
    pub meeting: Option<String>,
    /// Count of changes.
    pub version: i64,
    /// It came in a burst.
    pub burst: bool,
}

impl ViewRow {
    /// Nothing can be sealed to its sender any more: it was withdrawn, or its time is over.
    pub fn is_bare(&self) -> bool {
        self.recipient.is_empty()
    }
}

/// A sealed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyRow {
    /// Its id.
    pub id: i64,
    /// What it is.
    pub kind: TextKind,
    /// The day it was written.
    pub day: Date,
    /// Generation of the role keys.
    pub generation: u32,
    /// Role of the writer; `None` for the sender.
    pub writer: Option<Role>,
    /// Whom it is written for; `None` for texts from before this was kept.
    pub audience: Option<Audience>,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// Something that happened to a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// The day.
    pub day: Date,
    /// What happened.
    pub kind: EventKind,
    /// Role of who did it; `None` for the sender.
    pub role: Option<Role>,
    /// Who did it.
    pub staff: Option<String>,
    /// The text that goes with it.
    pub body: Option<i64>,
    /// The closing reason.
    pub reason: Option<CloseReason>,
    /// The meeting's id.
    pub meeting: Option<String>,
    /// The service that it was handed over to, and on which day.
    pub handed: Option<(Service, Date)>,
    /// Why what was public was taken down.
    pub down: Option<TakeDownReason>,
}

/// One act on a view, written in one commit or not at all.
#[derive(Clone, Debug)]
pub struct Change {
    /// The view.
    pub view: String,
    /// The version the act was decided on. If the view has moved on, nothing is written.
    pub from_version: i64,
    /// The life it was decided on. Reading changes a life and no version, so an act is written over neither.
    pub from_life: ViewStatus,
    /// What its life becomes.
    pub life: ViewStatus,
    /// Its waiting day, if it changes.
    pub since: Option<Date>,
    /// Its meeting: `Some(None)` takes it off.
    pub meeting: Option<Option<String>>,
    /// The event (its `body` is ignored: it is the text below).
    pub event: EventRow,
    /// A text that goes with it.
    pub body: Option<NewBody>,
    /// Texts that are sealed to other readers in the same commit. If one of them is not as expected any more, nothing is
    /// written.
    pub reseal: Vec<SealedAgain>,
    /// Publish this outcome in the same commit. Who wrote it is read from the record of the view, and who releases it is the
    /// person of the event: if that is one of them, nothing is written and it is [`Changed::Stale`](crate::Changed::Stale).
    pub outcome: Option<OutcomeRow>,
    /// Take down everything that is public of the view in the same commit: its words are gone from the outcomes.
    pub take_down: Option<TakeDown>,
    /// Erase every text, event and name in the same commit (the sender takes the view back). What stays is the
    /// tombstone (tag, day, topic, lane, the state "withdrawn") and this act's event; `body` is not written. In the safety
    /// lane what its people did stays until [`Store::purge_lane_records`](crate::Store::purge_lane_records): raised, claimed,
    /// handed over, shared, and their own notes; whom it is about and who is recused from it too.
    pub erase: bool,
    /// What becomes of the alerts about it.
    pub alert: AlertChange,
}

/// An act of the sender on their own view. It names no staff, meeting or outcome: what staff do is a [`Change`], which is
/// written with its entry in the audit log.
#[derive(Clone, Debug)]
pub struct SenderChange {
    /// The view.
    pub view: String,
    /// The version the act was decided on. If the view has moved on, nothing is written.
    pub from_version: i64,
    /// The life it was decided on. Reading changes a life and no version, so an act is written over neither.
    pub from_life: ViewStatus,
    /// What its life becomes.
    pub life: ViewStatus,
    /// Its waiting day, if it changes.
    pub since: Option<Date>,
    /// The day of the act.
    pub day: Date,
    /// The act.
    pub action: Action,
    /// A text that goes with it.
    pub body: Option<NewBody>,
    /// Texts that are sealed to other readers, as in [`Change::reseal`].
    pub reseal: Vec<SealedAgain>,
    /// Erase as [`Change::erase`] says; the view leaves its meeting too.
    pub erase: bool,
    /// What becomes of the alerts about it.
    pub alert: AlertChange,
}

impl From<SenderChange> for Change {
    fn from(change: SenderChange) -> Change {
        Change {
            view: change.view,
            from_version: change.from_version,
            from_life: change.from_life,
            life: change.life,
            since: change.since,
            meeting: change.erase.then_some(None),
            event: EventRow {
                day: change.day,
                kind: change.action.into(),
                role: None,
                staff: None,
                body: None,
                reason: None,
                meeting: None,
                handed: None,
                down: None,
            },
            body: change.body,
            reseal: change.reseal,
            outcome: None,
            take_down: None,
            erase: change.erase,
            alert: change.alert,
        }
    }
}
