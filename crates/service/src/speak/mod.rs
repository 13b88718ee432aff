//! Speak: what is checked on each step, what a send costs, and the send itself.

mod send;
mod slow_down;
mod validate;

pub use send::SendOutcome;
pub use slow_down::SlowDown;
pub use validate::{errors_of, first_errors};
