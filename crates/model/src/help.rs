//! The help page: the dangers it speaks of, and the part of the page that goes with each.

use crate::content::Section;

/// The dangers of which the help page tells what to do, in a part that has their name.
pub const DANGERS: [&str; 3] = ["danger", "hurt", "low"];

/// Whether a part of the help page has the name of something that may be going on: then it stands with its lines. The
/// page's text has printer's apostrophes, the interface's words have not.
pub fn is_about(part: &Section, title: &str) -> bool {
    part.heading.replace('\u{2019}', "'") == title.replace('\u{2019}', "'")
}
