//! The rules of Pledge, the same on the phone, on the server and on the command line: the life of a view,
//! who may do what, who may read what, receipts and dates, and what a young person is entitled to.
//!
//! This crate may not know HTTP, a database, keys, files, the clock or randomness: what it needs of those
//! comes in through parameters.

pub mod action;
pub mod audience;
pub mod date;
pub mod deadlines;
pub mod desk_act;
pub mod entitlements;
pub mod escalation;
pub mod event;
pub mod identity_hints;
pub mod indicator;
pub mod lifecycle;
pub mod message_limit;
pub mod odd_use;
pub mod on_call;
pub mod publication;
pub mod readers;
pub mod receipt;
pub mod retention;
pub mod role;
pub mod text_enum;
pub mod view;
