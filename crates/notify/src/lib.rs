//! The channels of an alert: e-mail and an HTTP POST. They know a notice and a channel, never a view, a key or
//! a request. What they carry says only that something waits, since about when, and running numbers.

mod channels;
pub mod hook;
pub mod mail;
mod notice;
mod public_url;
pub mod settings;

pub use channels::Channels;
pub use notice::{NotDelivered, Notice, TRY_TIME};
pub use public_url::PublicUrl;
