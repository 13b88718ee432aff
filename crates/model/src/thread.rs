//! A view as its sender sees it: coming back with six words, the timeline, what can be done, when it goes.

use crate::content::{Article, HelpLine};
use crate::form::FieldError;
use crate::record_page::RecordPage;
use domain::date::Date;
use domain::lifecycle::{Action, CloseReason, Lane, Service, State, Turn};
use domain::publication::{DecisionKind, TakeDownReason};
use domain::readers::Promises;
use domain::role::Role;
use domain::view::{Feeling, Subject, Topic};

/// Sending could not be finished; nothing is lost. Shown inside the check page as an error instead where possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The server could not save it just now.
    NotSaved,
    /// The ticket is too old: a new one is in the page.
    TicketOld,
}

/// The page that asks for six words (form field `words`, POST to Follow).
#[derive(Clone, Debug, Default)]
pub struct FollowPage {
    /// Our own words above the form.
    pub article: Option<Article>,
    /// What was typed, shown again.
    pub typed: String,
    /// The words opened nothing. (Nobody can distinguish wrong from unknown.)
    pub not_found: bool,
    /// How many words were typed, when not six.
    pub typed_count: Option<usize>,
    /// Places (from 1) of words that are not on the list, with the nearest word if there is one.
    pub doubts: Vec<(usize, Option<String>)>,
    /// The sender's page was open for more than 15 minutes: ask for the words again.
    pub timed_out: bool,
    /// What was written on that page, carried along in the hidden field `message`, so that it is not lost.
    pub message: String,
    /// "I am not safe right now" was ticked on that page: carried along in the hidden field `unsafe` (`yes`).
    pub alarm: bool,
}

impl TimelineWhat {
    /// Whether somebody's words stand in it.
    pub fn has_text(&self) -> bool {
        match self {
            TimelineWhat::Sent(_)
            | TimelineWhat::Question(_)
            | TimelineWhat::Reply(_)
            | TimelineWhat::YouWrote(_)
            | TimelineWhat::YouRaisedAlarm(_)
            | TimelineWhat::Approved(_)
            | TimelineWhat::Shared(_)
            | TimelineWhat::Decision(_) => true,
            TimelineWhat::ReadBy(_)
            | TimelineWhat::ApprovedReadBy(_)
            | TimelineWhat::Raised
            | TimelineWhat::TakenOn
            | TimelineWhat::HandedOver(_)
            | TimelineWhat::Listed(_)
            | TimelineWhat::Unlisted
            | TimelineWhat::TakenDown(_)
            | TimelineWhat::Done
            | TimelineWhat::YouAgreed
            | TimelineWhat::YouDisputed
            | TimelineWhat::Closed(_)
            | TimelineWhat::NameOpened(_)
            | TimelineWhat::Damaged
            | TimelineWhat::WordsGone
            | TimelineWhat::KeptLonger
            | TimelineWhat::KeptNoLonger => false,
        }
    }
}

/// One line of the sender's timeline.
#[derive(Clone, Debug)]
pub struct TimelineEntry {
    /// The day.
    pub day: Date,
    /// What happened.
    pub what: TimelineWhat,
}

/// What happened, with the text the sender may read.
#[derive(Clone, Debug)]
pub enum TimelineWhat {
    /// The view was sent: its own words.
    Sent(SentWords),
    /// Opened on this day by somebody in this role.
    ReadBy(Role),
    /// The version for the committee was opened on this day by somebody in this role, on the list of a meeting.
    ApprovedReadBy(Role),
    /// A reader was worried, and showed it to those who keep children safe.
    Raised,
    /// Somebody who keeps children safe has read it and takes it on.
    TakenOn,
    /// What those who keep children safe let SpeakerBox know of it.
    Shared(String),
    /// It was handed over to somebody who keeps children safe.
    HandedOver(Service),
    /// A question to the sender.
    Question(String),
    /// A reply to the sender.
    Reply(String),
    /// What the sender wrote.
    YouWrote(String),
    /// The sender wrote that they are not safe.
    YouRaisedAlarm(String),
    /// SpeakerBox wrote this version for the committee.
    Approved(String),
    /// It is on the list of the meeting on this day.
    Listed(Date),
    /// It was taken off the list.
    Unlisted,
    /// The committee decided, and it is public.
    Decision(DecisionWords),
    /// The public answer was taken down.
    TakenDown(TakeDownReason),
    /// The council says it is done.
    Done,
    /// The sender agreed.
    YouAgreed,
    /// The sender disputed.
    YouDisputed,
    /// Closed with this reason.
    Closed(CloseReason),
    /// The name was opened by somebody in this role.
    NameOpened(Role),
    /// A text that can no longer be opened: damaged, kept for recovery.
    Damaged,
    /// The words as sent are gone, because their time was over.
    WordsGone,
    /// The council must keep it longer.
    KeptLonger,
    /// It need not be kept longer any more.
    KeptNoLonger,
}

/// What time limits mean for a view, as its sender reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenderLimits {
    /// It has not ended, so no day is known yet.
    Open {
        /// It had ended before, and the words as sent are gone.
        words_gone: bool,
        /// The day on which it ends by itself if nothing happens to it; none while it is open in the safety lane.
        last: Option<Date>,
        /// That day is near.
        soon: bool,
    },
    /// It has ended.
    Ended {
        /// The day on which it ended by itself, because nothing had happened to it for a long time.
        quiet: Option<Date>,
        /// The day the words as sent go; `None` when they are gone.
        words: Option<Date>,
        /// The day everything else on the page goes.
        rest: Date,
    },
    /// The council must keep it.
    Held,
    /// It went on this day: a bare mark is left.
    Bare(Date),
}

/// The words of a view.
#[derive(Clone, Debug, Default)]
pub struct SentWords {
    /// The view itself.
    pub said: String,
    /// How it feels.
    pub feeling: Option<Feeling>,
    /// What the sender would like to happen.
    pub wish: String,
    /// Title of the right or promise attached.
    pub attached: Option<String>,
    /// Address of the right or promise attached.
    pub attached_url: Option<String>,
    /// Somebody helped.
    pub helped: bool,
}

/// The words of a decision.
#[derive(Clone, Debug)]
pub struct DecisionWords {
    /// The answer, as the public reads it.
    pub public: PublicAnswer,
    /// The answer to the young person.
    pub answer: String,
    /// The meeting.
    pub meeting: Date,
    /// The day it was decided, if that was before the meeting.
    pub early: Option<Date>,
    /// It takes the place of a decision that was taken down.
    pub corrected: bool,
}

/// What everybody reads of a decision.
#[derive(Clone, Debug, Default)]
pub struct PublicAnswer {
    /// Of which kind it is; `None`: from before kinds were kept.
    pub kind: Option<DecisionKind>,
    /// What was decided.
    pub decided: String,
    /// Why; empty where no reason is asked for.
    pub why: String,
    /// Who is responsible (a job); empty where nothing has to be done.
    pub owner: String,
    /// By when.
    pub due: Option<Date>,
    /// How long it holds, or the day of the meeting that it was put off to.
    pub until: Option<Date>,
}

/// The sender's page. Forms POST to Follow with the hidden fields `handle` and `act`
/// (`write`, `withdraw`, `withdraw-sure`, `agree`, `dispute`); `write` has `message`, the checkbox `unsafe=yes`, `written`, and
/// in place of sending the button `go` (`page-1`), which shows another page of the timeline.
#[derive(Clone, Debug)]
pub struct ThreadPage {
    /// Sealed handle, good for 15 minutes.
    pub handle: String,
    /// The topic.
    pub topic: Topic,
    /// Where the view is.
    pub state: State,
    /// Whether safety has it first.
    pub lane: Lane,
    /// Who is left out because it is about them.
    pub about: Subject,
    /// Whose turn it is.
    pub turn: Turn,
    /// What may be said of those who read it.
    pub promises: Promises,
    /// Newest last; of a long one, the part on this page.
    pub timeline: Vec<TimelineEntry>,
    /// Which page of the timeline that is.
    pub part: RecordPage,
    /// How many messages the sender has written, for the hidden field `written`.
    pub written: usize,
    /// When it goes.
    pub limits: SenderLimits,
    /// What the sender can do now.
    pub possible: Vec<Action>,
    /// A message that could not be saved, shown again.
    pub message: String,
    /// "I am not safe right now" was ticked, shown again.
    pub alarm: bool,
    /// What needs mending.
    pub errors: Vec<FieldError>,
    /// What was just done, as a key of words, for example `follow.saved`.
    pub done: Option<&'static str>,
    /// Ask once more before taking back.
    pub confirm_withdraw: bool,
    /// Help lines.
    pub help: Vec<HelpLine>,
}
