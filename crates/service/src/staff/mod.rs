//! People at the desk: accounts, sign-in, sessions, and the keys they hold.
//!
//! `throttle` and `recovery` know no session; `session` knows neither passwords nor accounts; `accounts` and `role_keys`
//! know a session and its proof.

pub mod accounts;
pub mod after_restore;
mod kept_form;
mod password;
mod recovery;
mod reseal;
pub mod role_keys;
mod second_factor;
mod session;
pub mod setup;
pub mod sign_in;
pub(crate) mod throttle;
