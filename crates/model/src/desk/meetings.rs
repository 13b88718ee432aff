//! Meetings, the texts on their lists, and the form of a decision.

use super::frame::DeskFrame;
use crate::form::FieldError;
use crate::thread::DecisionWords;
use domain::date::Date;
use domain::lifecycle::{Action, State};
use domain::view::Topic;

/// A meeting in a list.
#[derive(Clone, Debug)]
pub struct MeetingSummary {
    /// Its id.
    pub id: String,
    /// Its day.
    pub day: Date,
    /// Its title.
    pub title: String,
    /// How many texts are on its list.
    pub items: usize,
    /// How many of them are decided but not published, or not decided, after the meeting's day.
    pub open: usize,
}

/// All meetings; a form (fields `day` as `YYYY-MM-DD`, `title`) makes a new one for those who may.
#[derive(Clone, Debug)]
pub struct MeetingsPage {
    /// Who.
    pub desk: DeskFrame,
    /// Newest first.
    pub meetings: Vec<MeetingSummary>,
    /// May make a meeting.
    pub may_make: bool,
    /// The day as typed.
    pub day: String,
    /// The title as typed.
    pub title: String,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// A text on a meeting's list.
#[derive(Clone, Debug)]
pub struct MeetingItem {
    /// The view's id.
    pub view: String,
    /// Topic.
    pub topic: Topic,
    /// Where it is.
    pub state: State,
    /// The approved text, if this reader's keys open it.
    pub approved: Option<String>,
    /// The decision, if there is one and this reader's keys open it.
    pub decision: Option<DecisionWords>,
    /// What this person can do with it now.
    pub possible: Vec<Action>,
    /// Count of changes.
    pub version: i64,
}

/// A meeting with its list.
#[derive(Clone, Debug)]
pub struct MeetingPage {
    /// Who.
    pub desk: DeskFrame,
    /// The meeting.
    pub meeting: MeetingSummary,
    /// The texts in order.
    pub items: Vec<MeetingItem>,
}

/// One text on a meeting's list, with the forms to decide and publish. Fields of `decide`: `decided`, `answer`, `owner`,
/// `due` (`YYYY-MM-DD`), `said` (the public sentence of what young people said). Each form carries `token` and `version`.
#[derive(Clone, Debug)]
pub struct ItemPage {
    /// Who.
    pub desk: DeskFrame,
    /// The meeting.
    pub meeting: MeetingSummary,
    /// The text.
    pub item: MeetingItem,
    /// That it was opened could not be entered, so its texts are not in here.
    pub is_unrecorded: bool,
    /// What is in the form: the decision so far, or what was typed.
    pub form: DecisionForm,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// The decision form as typed.
#[derive(Clone, Debug, Default)]
pub struct DecisionForm {
    /// What young people said, for the public page.
    pub said: String,
    /// What was decided.
    pub decided: String,
    /// The answer to the young person.
    pub answer: String,
    /// Who is responsible (a job).
    pub owner: String,
    /// By when, `YYYY-MM-DD`.
    pub due: String,
}
