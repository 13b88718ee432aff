//! Keys and sealing: the only part of the server that sees them.
//!
//! - [`archive`]: backups, sealed to the recovery key.
//! - [`seal`]: a text sealed to its readers in `age` format.
//! - [`server_keys`]: the three secrets of this installation, in a file beside the database.
//! - [`receipts`]: six words stretched into a tag (to find a view) and an identity (to open it); the pool made ahead.
//! - [`tokens`]: sealed form fields: the ticket of a send and the handle of a visit.
//! - [`notes`]: signed checkpoints of the audit log.
//! - [`staff`]: role keys, staff keys wrapped by password, sessions wrapped by their token.
//! - [`second_factor`]: one-time codes and printed recovery codes.
//! - [`passwords`]: which passwords are too easy to guess.

pub mod archive;
pub mod notes;
pub mod passwords;
pub mod receipts;
pub mod seal;
pub mod second_factor;
pub mod server_keys;
pub mod staff;
pub mod stretch;
pub mod tokens;
