//! Meetings, the texts on their lists, and the form of a decision.

use super::frame::DeskFrame;
use crate::form::FieldError;
use crate::thread::{DecisionWords, PublicAnswer};
use domain::date::Date;
use domain::lifecycle::{Action, State};
use domain::publication::{DecisionKind, Publicity};
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
    /// How many of them their senders say are not done.
    pub disputed: usize,
}

/// All meetings; a form (fields `day` as `YYYY-MM-DD`, `title`) makes a new one for those who may.
#[derive(Clone, Debug)]
pub struct MeetingsPage {
    /// Who.
    pub desk: DeskFrame,
    /// Newest first.
    pub meetings: Vec<MeetingSummary>,
    /// What senders say is not done, the longest wait first.
    pub disputes: Vec<DisputedItem>,
    /// May make a meeting.
    pub may_make: bool,
    /// The day as typed.
    pub day: String,
    /// The title as typed.
    pub title: String,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// A text whose sender says that what was decided is not done.
#[derive(Clone, Debug)]
pub struct DisputedItem {
    /// The view's id.
    pub view: String,
    /// The meeting that decided.
    pub meeting: MeetingSummary,
    /// What it is about.
    pub topic: Topic,
    /// The day since when the committee has it.
    pub since: Date,
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
    /// Why it was decided before the meeting's day; empty if it was not.
    pub urgent: String,
    /// Who wrote the decision, by the name they sign in with.
    pub writer: Option<String>,
    /// It waits for somebody to publish it, and this person wrote it or the text for the committee.
    pub own_words: bool,
    /// The meeting's day has not come, so deciding now needs a reason.
    pub early: bool,
    /// What is public of it.
    pub public: Publicity,
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

/// One text on a meeting's list, with the forms to decide and publish. Fields of `decide` and `correct` are those of
/// [`DecisionForm`]. Each form carries `token` and `version`: what is published is what the page of that version showed.
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
    /// What was saved to be published: what young people said.
    pub said: String,
    /// Meetings that the decision can be put off to: the id, the day and the title.
    pub later: Vec<(String, Date, String)>,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// The decision form as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionForm {
    /// An id of [`DecisionKind`].
    pub kind: String,
    /// What young people said, for the public page.
    pub said: String,
    /// What was decided.
    pub decided: String,
    /// Why, for the kinds that have a reason.
    pub why: String,
    /// How long it holds, `YYYY-MM-DD`, for the kinds that hold until a day.
    pub until: String,
    /// The id of the meeting that it is put off to.
    pub meeting: String,
    /// Why it cannot wait for the meeting's day.
    pub urgent: String,
    /// The answer to the young person.
    pub answer: String,
    /// Who is responsible (a job).
    pub owner: String,
    /// By when, `YYYY-MM-DD`.
    pub due: String,
}

impl DecisionForm {
    /// The kind that was chosen.
    pub fn kind(&self) -> Option<DecisionKind> {
        DecisionKind::from_id(&self.kind)
    }
}

/// Everything that is public of the committee's decisions. Each has a form to take it down: `reason` (an id of
/// [`domain::publication::TakeDownReason`]) and `token`.
#[derive(Clone, Debug)]
pub struct PublishedPage {
    /// Who.
    pub desk: DeskFrame,
    /// Newest first.
    pub items: Vec<PublishedItem>,
    /// The view whose form came back without a reason.
    pub unsure: Option<String>,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// One decision that was published.
#[derive(Clone, Debug)]
pub struct PublishedItem {
    /// The view's id.
    pub view: String,
    /// The meeting on whose list it is.
    pub meeting: Option<String>,
    /// What it is about.
    pub topic: Topic,
    /// What young people said.
    pub said: String,
    /// What was decided.
    pub answer: PublicAnswer,
    /// The day it was published.
    pub published: Date,
    /// The day it was taken down.
    pub down: Option<Date>,
}
