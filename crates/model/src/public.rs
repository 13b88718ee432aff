//! Public pages that follow the database or a form: outcomes, meetings, a letter that is filled in, the copy on a phone.

use crate::content::Letter;
use crate::form::FieldError;
use crate::thread::PublicAnswer;
use domain::date::Date;
use domain::lifecycle::State;
use domain::view::Topic;

/// A published outcome.
#[derive(Clone, Debug)]
pub struct PublishedOutcome {
    /// What the view was about.
    pub topic: Topic,
    /// What young people said, as approved for the public.
    pub said: String,
    /// What the committee answered; empty when it was taken down.
    pub answer: PublicAnswer,
    /// The meeting that decided.
    pub meeting: Date,
    /// The day it was decided, if that was before the meeting.
    pub early: Option<Date>,
    /// The day it was published.
    pub published: Date,
    /// Where it is now: a state that comes after a decision was published.
    pub state: State,
    /// The committee has decided again on the same view.
    pub followed: bool,
    /// The day of its last correction.
    pub corrected: Option<Date>,
    /// The day it was taken down: then nothing else of it is shown.
    pub down: Option<Date>,
    /// At least how many views on its topic were sent, in steps; `None` for fewer than the first.
    pub views: Option<usize>,
    /// The last day on which those were counted.
    pub views_until: Date,
}

/// A meeting, as the public sees it.
#[derive(Clone, Debug)]
pub struct PublicMeeting {
    /// Its day.
    pub day: Date,
    /// Its title.
    pub title: String,
}

/// A letter with what was typed, in the order of its fields.
#[derive(Clone, Debug)]
pub struct LetterPage {
    /// The letter.
    pub letter: Letter,
    /// What was typed.
    pub typed: Vec<String>,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// "Keep these pages on this phone": what it takes. Sizes in KB of 1,000 bytes, rounded up.
#[derive(Clone, Copy, Debug)]
pub struct OfflinePage {
    /// How many pages the copy holds.
    pub pages: usize,
    /// The checker and the search are among them.
    pub islands: bool,
    /// What fetching the copy takes over the wire.
    pub data_kb: usize,
    /// What the copy takes on the phone.
    pub room_kb: usize,
    /// What fetching the one file takes over the wire.
    pub file_kb: usize,
}

/// A page inside the one file with all pages.
#[derive(Clone, Debug)]
pub struct FilePart {
    /// Where it is inside the file.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The page as HTML, made from the page itself.
    pub html: String,
}
