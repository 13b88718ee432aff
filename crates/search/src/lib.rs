//! Finding a page by the words somebody types: everyday words, official ones, and words with typing mistakes.
//!
//! Pure, and the same code on the server and on the phone: an index made once from the words, and a ranking. The server
//! makes the index; it goes to the phone as a text ([`Index::write`], [`Index::read`]). What is searched for is never kept
//! and never logged.

mod index;
mod ranking;
#[cfg(test)]
mod samples;
mod spelling;
mod stems;
mod synonyms;
mod transfer;

pub use index::{Found, Index, IndexEntry, Place, index};
pub use ranking::{QUERY_MAX, RESULTS, Results};
pub use synonyms::{Synonym, Synonyms};
pub use transfer::Damaged;
