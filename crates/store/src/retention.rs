//! What the retention schedule asks of a view, and what of it goes.

use domain::audience::TextKind;
use domain::date::Date;

/// What the retention schedule asks of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetentionFacts {
    /// It must be kept: a legal hold.
    pub held: bool,
    /// The day on which its record went. What is left is the tombstone, and the decision while that is kept.
    pub bare_since: Option<Date>,
    /// The last day the sender wrote or answered, while there is a record of it.
    pub last_word: Option<Date>,
    /// The last day on which anything happened to it, while there is a record of it.
    pub last_act: Option<Date>,
    /// A decision, an approved text or a published outcome is left.
    pub has_decision: bool,
}

/// What goes of a view because its time is over, in one commit.
#[derive(Clone, Debug)]
pub struct Purge {
    /// The view.
    pub view: String,
    /// The version this was decided on.
    pub from_version: i64,
    /// The day.
    pub day: Date,
    /// Texts of these kinds go.
    pub kinds: Vec<TextKind>,
    /// The record goes too, and what is left becomes a tombstone for its sender and for the queues.
    pub record: bool,
    /// The published outcome and the place on a meeting's list go too.
    pub outcome: bool,
}
