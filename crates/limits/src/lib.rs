//! How often somebody may ask, and in what order those who wait are served.
//!
//! This crate may know no view, no account, no page and no database: it counts places and hands out turns.

pub mod fair_queue;
pub mod rate_limit;
