//! Searching the pages.

use super::HelpLine;

/// A page that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which it is: its address, or `entitlement:<id>` for one of the checker's list.
    pub key: String,
    /// Where it leads.
    pub address: String,
    /// Title.
    pub title: String,
    /// One sentence.
    pub short: String,
}

/// The search page. The form's only field is `q`.
#[derive(Clone, Debug, Default)]
pub struct SearchPage {
    /// What was typed; empty at first.
    pub typed: String,
    /// What was found; `None` before a search.
    pub found: Option<Vec<Found>>,
    /// Somebody who types this may be in danger: these lines stand on top.
    pub urgent: Vec<HelpLine>,
    /// Whom to call when nothing was found.
    pub help: Vec<HelpLine>,
}
