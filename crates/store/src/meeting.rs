//! Meetings, and the outcomes that are published after them.

use domain::date::Date;
use domain::lifecycle::State;
use domain::publication::{Authors, DecisionKind, TakeDownReason};
use domain::view::Topic;

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingRow {
    /// Its id.
    pub id: String,
    /// Its day.
    pub day: Date,
    /// Its title.
    pub title: String,
}

/// A published outcome: public by intent, so it stands in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeRow {
    /// What the view was about.
    pub topic: Topic,
    /// What young people said.
    pub said: String,
    /// Of which kind the decision is; `None`: from before kinds were kept.
    pub kind: Option<DecisionKind>,
    /// What was decided.
    pub decided: String,
    /// Why; empty where no reason is asked for.
    pub why: String,
    /// Who is responsible; empty where nothing has to be done.
    pub owner: String,
    /// By when.
    pub due: Option<Date>,
    /// How long it holds, or the day of the meeting that it was put off to.
    pub until: Option<Date>,
    /// The meeting's day.
    pub meeting_day: Date,
    /// The day it was decided; `None`: from before that was kept.
    pub decided_day: Option<Date>,
    /// It was decided before the meeting's day.
    pub urgent: bool,
    /// The day of publication.
    pub published: Date,
    /// Where it is now: always the state of the view's life, whatever is given when it is published. Of an earlier decision
    /// about the same view, the state that it had when it was listed once more.
    pub state: State,
    /// The first decision about the view, the second, and so on; not read when it is published.
    pub round: u32,
    /// It was followed by another decision about the same view; not read when it is published.
    pub followed: bool,
    /// The day of its last correction. When it is published: it takes the place of the last decision about the view, which
    /// was taken down.
    pub corrected: Option<Date>,
    /// On which day it was taken down; then it has no words.
    pub down: Option<Date>,
    /// Who wrote it.
    pub authors: Authors,
    /// Who released it; `None`: from before that was kept.
    pub released_by: Option<String>,
}

/// A published outcome, with the view that it is about: for the desk alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedRow {
    /// The view.
    pub view: String,
    /// The outcome.
    pub outcome: OutcomeRow,
}

/// What takes down everything that is public of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakeDown {
    /// The day.
    pub day: Date,
    /// Why.
    pub reason: TakeDownReason,
}
