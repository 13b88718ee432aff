//! Sending a view: its steps, what was answered so far, the wait before it is sent, the receipt.

use crate::content::{Article, HelpLine};
use crate::form::FieldError;
use domain::date::Date;
use domain::lifecycle::ViewStatus;
use domain::readers::{Promises, ReaderSet};
use domain::view::{Safe, Subject};

/// The steps of sending a view, in order. Every step is a POST to the same address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpeakStep {
    /// What is it about?
    Subject,
    /// What do you want to say?
    Say,
    /// Are you safe?
    Safe,
    /// Who are you? (or stay anonymous)
    You,
    /// Check your answers.
    Check,
}

impl SpeakStep {
    /// Every step in order.
    pub const ALL: [SpeakStep; 5] = [
        SpeakStep::Subject,
        SpeakStep::Say,
        SpeakStep::Safe,
        SpeakStep::You,
        SpeakStep::Check,
    ];

    /// The value of the hidden field `step`.
    pub fn id(self) -> &'static str {
        match self {
            SpeakStep::Subject => "about",
            SpeakStep::Say => "say",
            SpeakStep::Safe => "safe",
            SpeakStep::You => "you",
            SpeakStep::Check => "check",
        }
    }
}

/// Everything typed so far, exactly as typed: a step shows its own fields and carries the others hidden.
/// Field names in forms: `topic`, `link`, `said`, `feeling`, `wish`, `safe`, `about`, `named`, `identity`, `helped`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpeakAnswers {
    /// A topic id, or empty.
    pub topic: String,
    /// `right:<slug>` or `promise:<slug>`, or empty.
    pub link: String,
    /// The view itself.
    pub said: String,
    /// A feeling id, or empty.
    pub feeling: String,
    /// What I would like to happen; may be empty.
    pub wish: String,
    /// A safe id, or empty.
    pub safe: String,
    /// An id of [`domain::view::Subject`]; empty means nobody.
    pub about: String,
    /// `yes` when the sender wants to give a name; empty or `no`: anonymous.
    pub named: String,
    /// Name or a way to reach me; only used when `named` is `yes`.
    pub identity: String,
    /// `yes` when someone is helping.
    pub helped: String,
    /// The language of the pages it was written on; empty: English.
    pub language: String,
}

impl SpeakAnswers {
    /// How the view begins, as far as it is answered: in which lane, and who is left out.
    pub fn begins(&self) -> ViewStatus {
        ViewStatus::begin_as_answered(Safe::from_id(&self.safe), Subject::chosen(&self.about))
    }

    /// What the pages may say of those who read it, if these are there.
    pub fn promises(&self, present: ReaderSet) -> Promises {
        Promises::of(self.begins(), present)
    }
}

/// One choice in a list of links to attach.
#[derive(Clone, Debug)]
pub struct LinkChoice {
    /// `right:<slug>` or `promise:<slug>`.
    pub value: String,
    /// Its title.
    pub title: String,
    /// Heading of its group in the list.
    pub group: String,
}

/// What to know before writing.
#[derive(Clone, Debug)]
pub struct StartPage {
    /// Our own words.
    pub article: Article,
    /// Who is there to read.
    pub readers: ReaderSet,
    /// Help lines, shown when nobody is there to read.
    pub help: Vec<HelpLine>,
}

/// A step of Speak. Buttons: `go=next` (continue), `go=back`, `go=about|say|safe|you` (change, on the check page),
/// `go=send` (on the check page). The server knows the step from the hidden field `step`.
#[derive(Clone, Debug)]
pub struct SpeakPage {
    /// Which step is shown.
    pub step: SpeakStep,
    /// What was typed.
    pub answers: SpeakAnswers,
    /// What needs mending on this step.
    pub errors: Vec<FieldError>,
    /// Rights and promises that can be attached.
    pub links: Vec<LinkChoice>,
    /// Title of what is attached, if anything.
    pub attached: Option<String>,
    /// On the check page: the sealed ticket, in the hidden field `ticket`.
    pub ticket: String,
    /// Who is there to read it.
    pub readers: ReaderSet,
    /// Help lines, shown at once when the answer to "Are you safe?" is not yes, or nobody is there to read.
    pub help: Vec<HelpLine>,
}

/// What typing the words back gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypedBack {
    /// Not tried yet.
    NotYet,
    /// Other words than the receipt's.
    Different,
    /// The same words.
    Same,
}

/// The page with the receipt. Its form POSTs `step=keep`, `ticket` and `typed` to Speak.
#[derive(Clone, Debug)]
pub struct ReceiptPage {
    /// The six words.
    pub words: Vec<String>,
    /// The ticket, which shows the same words again.
    pub ticket: String,
    /// What typing them back gave.
    pub typed_back: TypedBack,
    /// The status of the view.
    pub life: ViewStatus,
    /// Who is there to read it.
    pub readers: ReaderSet,
    /// The day it was sent.
    pub day: Date,
    /// Help lines, when it went to the safety lane, or nobody is there to read it.
    pub help: Vec<HelpLine>,
}

/// Much was sent from the same place: wait a moment before this is sent. Its form POSTs `step=check`, `go=send`, every
/// answer, `ticket`, `pass` and, when something is asked, `picked`.
#[derive(Clone, Debug)]
pub struct SlowPage {
    /// Everything typed.
    pub answers: SpeakAnswers,
    /// The ticket.
    pub ticket: String,
    /// Sealed: from when on it can be sent, and what the right answer is.
    pub pass: String,
    /// The name of the question's words, and the place (from 0) where the right answer stands among three.
    pub question: Option<(&'static str, u8)>,
    /// It was pressed too soon.
    pub early: bool,
    /// The answer was not the right one.
    pub wrong: bool,
    /// How long to wait.
    pub seconds: i64,
    /// Who is there to read it.
    pub readers: ReaderSet,
    /// Help lines, when the sender is not safe, or nobody is there to read it.
    pub help: Vec<HelpLine>,
}
