//! The desk: where SpeakerBox, the safety lead, the committee and its clerk work.
//!
//! Everything works with links and POST forms alone. Each form carries the hidden field `token`; forms that change a
//! view carry `version` as well.

mod account;
mod accounts;
mod figures;
mod frame;
mod meetings;
mod queue;
mod readers;
mod record;
mod uses;
mod view;
mod words;

pub use account::{code, home, password, recovery_codes, second_factor, sessions, sign_in};
pub use accounts::{account, accounts, invited, join, keys, waiting};
pub use figures::figures;
pub use frame::done;
pub use meetings::{item, meeting, meetings};
pub use queue::queue;
pub use record::record;
pub use uses::uses;
pub use view::view;
pub use words::{words, words_history, words_list};

#[cfg(test)]
mod tests;
