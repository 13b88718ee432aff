//! What happens when somebody acts: the same for forms and for the JSON API.
//!
//! Layers: `clock`, `error`, `openings`, `recipients` and the counters and lists that stand as fields in [`App`] know
//! nothing else of this crate; [`app`] knows them; a service is an `impl App` in the file of its noun. Nothing here knows
//! HTTP or SQL.

pub mod abandoned_journeys;
mod alert_line;
mod app;
pub mod audit;
pub mod clock;
pub mod durable_file;
mod error;
mod forms;
mod meetings;
pub mod on_call;
pub mod openings;
pub mod outcomes;
pub mod page_editor;
pub mod present_readers;
pub mod progress;
mod pseudonym;
mod queue;
mod recipients;
pub mod retention;
pub mod safety_alerts;
mod sealed_text;
pub mod speak;
pub mod staff;
pub mod thread;
mod thread_limit;
pub mod usage;
pub mod views;
pub mod withdrawals;

pub use app::App;
pub use error::ActError;
pub use limits::{fair_queue, rate_limit};
pub use notify::PublicUrl;
pub use recipients::Recipients;
pub use sealed_text::{DecisionBody, ViewWords};
pub use staff::{accounts, after_restore, role_keys, setup, sign_in};
