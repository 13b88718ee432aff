//! The queues of the desk: which part is shown, bursts in one line, and a row for each view.

use super::frame::DeskFrame;
use domain::date::Date;
use domain::lifecycle::{Lane, State, Turn};
use domain::view::{Subject, Topic};

/// Which views a queue shows. Query fields: `show`, `topic`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct QueueFilter {
    /// Which part.
    pub show: QueueShow,
    /// Only this topic.
    pub topic: Option<Topic>,
    /// Only the views of this burst, instead of one line for all of them.
    pub burst: Option<Burst>,
}

/// Views that came in a burst and look alike as far as can be seen without opening them: the same day, the same topic.
/// Query fields: `burst` as `YYYY-MM-DD:topic`, and `from`, where to begin in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Burst {
    /// The day they were sent.
    pub day: Date,
    /// Their topic.
    pub topic: Topic,
    /// How many of them to pass over.
    pub from: usize,
}

impl Burst {
    /// How many are shown at a time.
    pub const PAGE: usize = 50;

    /// Reads the query fields.
    pub fn from_query(burst: &str, from: &str) -> Option<Burst> {
        let (day, topic) = burst.split_once(':')?;
        Some(Burst {
            day: day.parse().ok()?,
            topic: Topic::from_id(topic)?,
            from: from.parse().unwrap_or(0),
        })
    }
}

/// The line that stands for a burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollapsedBurst {
    /// Which.
    pub burst: Burst,
    /// How many views are in it.
    pub count: usize,
}

/// The parts of the queue, as in an inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum QueueShow {
    /// Waiting for us: who waits longest stands first.
    #[default]
    Waiting,
    /// Waiting for the sender.
    Asked,
    /// Approved, not yet on a list.
    Approved,
    /// With the committee.
    Committee,
    /// The sender says that it is not done.
    Disputed,
    /// Ended.
    Ended,
    /// All.
    All,
}

impl QueueShow {
    /// Every part in the order of the tabs.
    pub const ALL: [QueueShow; 7] = [
        QueueShow::Waiting,
        QueueShow::Asked,
        QueueShow::Approved,
        QueueShow::Committee,
        QueueShow::Disputed,
        QueueShow::Ended,
        QueueShow::All,
    ];

    /// The value of the query field `show`.
    pub fn id(self) -> &'static str {
        match self {
            QueueShow::Waiting => "waiting",
            QueueShow::Asked => "asked",
            QueueShow::Approved => "approved",
            QueueShow::Committee => "committee",
            QueueShow::Disputed => "disputed",
            QueueShow::Ended => "ended",
            QueueShow::All => "all",
        }
    }
}

/// How long nobody has taken a view on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneClock {
    /// Whole hours.
    pub hours: i64,
    /// It waits too long.
    pub overdue: bool,
}

/// A view in a queue. No text: opening it is an act of its own.
#[derive(Clone, Debug)]
pub struct QueueRow {
    /// Its id.
    pub id: String,
    /// Two words that stand for the sender.
    pub pseudonym: String,
    /// Topic.
    pub topic: Topic,
    /// Where it is.
    pub state: State,
    /// Safety lane.
    pub lane: Lane,
    /// The sender wrote, and nobody opened it since.
    pub unread: bool,
    /// The day it was sent.
    pub sent: Date,
    /// How many days it has been waiting for the role whose turn it is.
    pub waiting_days: i32,
    /// Whose turn it is.
    pub turn: Turn,
    /// In the safety lane: nobody has taken it on, for so long.
    pub nobody_for: Option<LaneClock>,
    /// It came in a burst.
    pub burst: bool,
    /// The language of the pages it was written on, if that is not English: its name in English.
    pub language: Option<String>,
    /// Who is left out because it is about them.
    pub about: Subject,
    /// It was handed over to a service (shown in the safety lane alone).
    pub handed: bool,
    /// It cannot be closed yet, and why: a word key.
    pub close_first: Option<&'static str>,
    /// It came to an end, but the safety lane has not said what was done.
    pub ended_in_open_lane: bool,
}

/// SpeakerBox's queue, or the safety lane (`safety`).
#[derive(Clone, Debug)]
pub struct QueuePage {
    /// Who.
    pub desk: DeskFrame,
    /// The safety lane instead of SpeakerBox's queue.
    pub safety: bool,
    /// Somebody is alerted outside the page when a view comes into the safety lane.
    pub alerts_outside: bool,
    /// What is shown.
    pub filter: QueueFilter,
    /// How many views each part holds, in the order of [`QueueShow::ALL`] (empty for the safety lane).
    pub counts: Vec<usize>,
    /// The views.
    pub rows: Vec<QueueRow>,
    /// The bursts among them, each in one line; of an open burst, the one line for it.
    pub folds: Vec<CollapsedBurst>,
    /// Views that end by themselves soon, for the coordinator.
    pub ending: Vec<EndingView>,
}

/// A view to which nothing has happened for a long time, and that ends by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndingView {
    /// Its id.
    pub id: String,
    /// Its made-up name.
    pub pseudonym: String,
    /// The day on which it ends.
    pub day: Date,
}
