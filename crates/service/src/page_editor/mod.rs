//! The words of the pages, edited at the desk: a draft, a look at it, and a second person who publishes it.
//!
//! The words in force are the files that the program brings, with what was published at the desk in their place.
//! Published words that do not load any more (after an upgrade, say) are set aside: the program's own are in force then,
//! the log gets the code `words-aside`, and the desk shows it.

mod diff;
mod draft_check;
mod editor;
mod form;
mod history;
pub(crate) mod published;

pub use diff::changes;
pub use editor::{AtDesk, Preview};
pub use form::{BODY_MAX, LINE_MAX, SOURCES_MAX, tidied};
pub use published::{Addresses, Files, InForce, PublishedWords, in_force};
