//! Meetings, and the outcomes that are published after them.

use domain::date::Date;
use domain::lifecycle::State;
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
    /// What was decided.
    pub decided: String,
    /// Who is responsible.
    pub owner: String,
    /// By when.
    pub due: Date,
    /// The meeting's day.
    pub meeting_day: Date,
    /// The day of publication.
    pub published: Date,
    /// Where it is now: always the state of the view's life, whatever is given when it is published.
    pub state: State,
}
