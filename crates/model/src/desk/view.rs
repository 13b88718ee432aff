//! One view at the desk: its words as far as they can be opened, its record, and the forms of what can be done.

use super::frame::DeskFrame;
use super::meetings::MeetingSummary;
use super::queue::QueueRow;
use crate::form::FieldError;
use crate::record_page::RecordPage;
use crate::thread::{SenderLimits, SentWords};
use domain::date::Date;
use domain::lifecycle::{Action, CloseReason, Service};
use domain::role::Role;
use domain::view::Safe;

/// One line of a view's record at the desk.
#[derive(Clone, Debug)]
pub struct DeskEntry {
    /// The day.
    pub day: Date,
    /// What happened.
    pub kind: domain::event::EventKind,
    /// Role of who did it; `None` for the sender.
    pub role: Option<Role>,
    /// The text that goes with it, if this reader's keys open one.
    pub text: Option<String>,
    /// There is a text, but it is sealed to others.
    pub sealed_to_others: bool,
    /// The closing reason.
    pub reason: Option<CloseReason>,
    /// The service that it was handed over to, and on which day.
    pub handed: Option<(Service, Date)>,
}

/// A view at the desk. The forms POST to [`crate::urls::desk_view_act`]; each carries `token` and `version`.
/// Fields: `text` for ask-back, reply, note, approve; `meeting` for list; `reason` and `text` for close; `reason` for name.
#[derive(Clone, Debug)]
pub struct DeskViewPage {
    /// Who.
    pub desk: DeskFrame,
    /// The view in the queue's terms.
    pub row: QueueRow,
    /// Who took it on last, by the name they sign in with.
    pub taken_by: Option<String>,
    /// Count of changes, so that two people cannot overwrite each other.
    pub version: i64,
    /// The words as sent, if this reader's keys open them.
    pub words: Option<SentWords>,
    /// What those who keep children safe let SpeakerBox know of it.
    pub summary: Option<String>,
    /// That it was opened could not be entered just now, so no text of it is shown.
    pub is_unrecorded: bool,
    /// What the sender answered to "Are you safe?", if the words can be opened.
    pub safe: Option<Safe>,
    /// A name was given. Opening it needs a reason and is recorded.
    pub has_identity: bool,
    /// The name, when it was just opened.
    pub identity: Option<String>,
    /// May open the name.
    pub may_open_identity: bool,
    /// The record, oldest first; of a long one, the part on this page (`?page=`).
    pub entries: Vec<DeskEntry>,
    /// Which page of the record that is.
    pub part: RecordPage,
    /// The text approved for the committee, if there is one.
    pub approved: Option<String>,
    /// What this person can do now.
    pub possible: Vec<Action>,
    /// Meetings it can be put on.
    pub meetings: Vec<MeetingSummary>,
    /// The meeting it is on.
    pub listed_on: Option<MeetingSummary>,
    /// When it goes.
    pub limits: DeskLimits,
    /// Which form was sent with a mistake (its action id), with what was typed.
    pub draft: Option<DeskDraft>,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// What was typed in a form of the desk that has to be shown again.
#[derive(Clone, Debug, Default)]
pub struct DeskDraft {
    /// The action's id.
    pub action: String,
    /// The text as typed.
    pub text: String,
    /// The reason, the service or the name, as chosen or typed.
    pub reason: String,
    /// The day as typed.
    pub day: String,
}

/// What time limits mean for a view, at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeskLimits {
    /// What the sender reads.
    pub told: SenderLimits,
    /// The words as sent are gone.
    pub words_gone: bool,
    /// It is held back from going.
    pub held: bool,
    /// May hold it back, and lift that again. Field `reason`, acts `hold` and `unhold`.
    pub may_hold: bool,
}
