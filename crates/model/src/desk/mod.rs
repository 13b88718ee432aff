//! What the pages of the desk are made from. No public page needs any of it.

pub mod accounts;
pub mod audit;
pub mod frame;
pub mod meetings;
pub mod on_call;
pub mod page_editor;
pub mod progress;
pub mod queue;
pub mod sign_in;
pub mod usage;
pub mod view;
