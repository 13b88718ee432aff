//! The words of the pages, as the desk edits them.

use super::frame::DeskFrame;
use crate::form::FieldError;
use domain::date::Date;

/// A source as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceForm {
    /// What it is called; a source without a title is left out.
    pub title: String,
    /// What was seen of it, and when.
    pub seen: String,
    /// `verified`, `partly` or `ask`.
    pub certainty: String,
}

/// A file of words as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditorForm {
    /// It is a page with all these parts. Otherwise `body` is the whole file.
    pub is_page: bool,
    /// Title.
    pub title: String,
    /// One sentence on what the page is.
    pub short: String,
    /// For whom, where the page says so.
    pub who_for: Option<String>,
    /// The day the words were checked.
    pub checked: String,
    /// The day they should be checked again.
    pub review_by: String,
    /// `verified`, `partly` or `ask`.
    pub certainty: String,
    /// Sources.
    pub sources: Vec<SourceForm>,
    /// The words, in Markdown.
    pub body: String,
}

/// A file in the list.
#[derive(Clone, Debug)]
pub struct EditorFile {
    /// Its name.
    pub file: String,
    /// Title of its page, or what the file is.
    pub title: String,
    /// The day it should be checked again, where it has one.
    pub review_by: Option<Date>,
    /// When that is.
    pub due: Due,
    /// Who wrote the draft that is open.
    pub draft_by: Option<String>,
    /// What the desk should know about it.
    pub notes: Vec<EditorNote>,
}

/// When words should be checked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// The day is over.
    Overdue,
    /// In the next 30 days.
    Soon,
    /// Later, or it has no day.
    Later,
}

/// Something between the words of the desk and those that the program brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditorNote {
    /// The words in force were published here.
    Ours,
    /// The program brings other words now than when these were published.
    Newer,
    /// The words published here do not fit the program any more: its own are in force.
    Aside,
}

impl EditorNote {
    /// The word in keys.
    pub fn id(self) -> &'static str {
        match self {
            EditorNote::Ours => "ours",
            EditorNote::Newer => "newer",
            EditorNote::Aside => "aside",
        }
    }
}

/// Every file of words.
#[derive(Clone, Debug)]
pub struct EditorList {
    /// The desk.
    pub desk: DeskFrame,
    /// Files, the longest overdue first.
    pub files: Vec<EditorFile>,
}

/// A piece of a line, and whether it is what was changed in it.
pub type Piece = (bool, String);

/// A line of the differences between two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiffLine {
    /// In both.
    Same(String),
    /// Only before.
    Was(Vec<Piece>),
    /// Only after.
    Now(Vec<Piece>),
    /// Lines that are the same are left out here.
    Gap,
}

/// A draft that is open.
#[derive(Clone, Debug)]
pub struct OpenDraft {
    /// Who wrote the last change.
    pub by: String,
    /// The day of it.
    pub day: Date,
    /// The reader has written it.
    pub own: bool,
    /// Sentences on what must be corrected before it can be published.
    pub faults: Vec<String>,
    /// The draft can be looked at as a page.
    pub has_preview: bool,
    /// What it changes.
    pub changes: Vec<DiffLine>,
}

/// One file of words: its draft, and the form.
#[derive(Clone, Debug)]
pub struct EditorPage {
    /// The desk.
    pub desk: DeskFrame,
    /// The file, with its title and notes.
    pub file: EditorFile,
    /// The draft that is open.
    pub draft: Option<OpenDraft>,
    /// What stands in the form.
    pub form: EditorForm,
    /// Number of the draft that the form was made from; 0: there was none.
    pub seen: i64,
    /// Number of the version that was in force then.
    pub over: i64,
    /// What saving the form would change in what somebody saved or published meanwhile.
    pub against_now: Option<Vec<DiffLine>>,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// A version of a file.
#[derive(Clone, Debug)]
pub struct PageVersion {
    /// Its number; 0 for the words that the program brings.
    pub number: i64,
    /// Who wrote and who published it, and when; `None` for the words that the program brings.
    pub made: Option<VersionMade>,
    /// It is in force.
    pub in_force: bool,
    /// What it changed in the one before.
    pub changes: Vec<DiffLine>,
}

/// Who made a version.
#[derive(Clone, Debug)]
pub struct VersionMade {
    /// Who wrote it.
    pub writer: String,
    /// When.
    pub written: Date,
    /// Who published it.
    pub publisher: String,
    /// When.
    pub published: Date,
}

/// Every version of a file.
#[derive(Clone, Debug)]
pub struct PageHistory {
    /// The desk.
    pub desk: DeskFrame,
    /// The file.
    pub file: EditorFile,
    /// Versions, the newest first.
    pub versions: Vec<PageVersion>,
    /// A draft is open, so none can be begun.
    pub has_draft: bool,
}
