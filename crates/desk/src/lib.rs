//! The desk: where SpeakerBox, the safety lead, the committee and its clerk work.
//!
//! Everything works with links and POST forms alone. Each form carries the hidden field `token`; forms that change a
//! view carry `version` as well.
//!
//! This crate knows what `app` may know, and `app`'s components and shell. Young people's pages and the WASM know nothing
//! of it.

mod accounts;
mod audit;
mod decision;
mod frame;
mod meetings;
mod on_call;
mod page_editor;
mod progress;
mod published;
mod queue;
mod readers;
mod sign_in;
mod usage;
mod view;

pub use accounts::{account, accounts, invited, join, keys, waiting};
pub use audit::audit;
pub use decision::item;
pub use frame::done;
pub use meetings::{meeting, meetings};
pub use on_call::on_call;
pub use page_editor::{page_editor, page_history, page_list};
pub use progress::progress;
pub use published::published;
pub use queue::queue;
pub use sign_in::{code, home, password, recovery_codes, second_factor, sessions, sign_in};
pub use usage::usage;
pub use view::view;
