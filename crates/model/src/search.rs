//! Searching the pages.

use crate::content::HelpLine;
use search::Found;

/// The answer to a search. The form's only field is `q`.
#[derive(Clone, Debug, Default)]
pub struct SearchPage {
    /// What was typed.
    pub typed: String,
    /// What was found.
    pub found: Vec<Found>,
    /// Somebody who types this may be in danger: these lines stand on top.
    pub urgent: Vec<HelpLine>,
    /// Whom to call when nothing was found.
    pub help: Vec<HelpLine>,
}

/// Help lines that the phone shows when it searches by itself.
#[derive(Clone, Debug, Default)]
pub struct SearchLines {
    /// For somebody who may be in danger.
    pub urgent: Vec<HelpLine>,
    /// Whom to call when nothing was found.
    pub help: Vec<HelpLine>,
}
