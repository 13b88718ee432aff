//! How often pages are opened: numbers for each month, which stand for nobody. They are counted in memory and flushed
//! once a minute. Nothing of a request but its address and its language is looked at, and of the moment only the month.

pub(crate) mod counter;
mod report;

pub use counter::UsageCounter;
pub use report::{in_english, pages};
