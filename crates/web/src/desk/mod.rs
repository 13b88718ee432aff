//! The desk: everything behind staff sign-in. A handler takes what the access guard found, and asks for no session itself.

pub mod accounts;
pub mod audit;
mod frame;
pub mod home;
pub mod meetings;
pub mod on_call;
pub mod page_editor;
pub mod progress;
pub mod sign_in;
pub mod usage;
pub mod views;
