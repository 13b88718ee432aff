//! Keys and sealing: the only part of the server that sees them.
//!
//! - [`backup_archive`]: backups, sealed to the recovery key.
//! - [`seal`]: a text sealed to its readers in `age` format.
//! - [`server_keys`]: the three secrets of this installation, in a file beside the database.
//! - [`receipts`]: six words derived into a tag (to find a view) and an identity (to open it); the pool made ahead.
//! - [`tokens`]: sealed form fields: the ticket of a send and the handle of a visit.
//! - [`signed_notes`]: signed checkpoints of the audit log.
//! - [`staff_keys`]: role keys, staff keys wrapped by password, sessions wrapped by their token.
//! - [`server_sealed`]: what the server itself has to read of people at the desk.
//! - [`second_factor`]: one-time codes and printed recovery codes.
//! - [`key_derivation`]: Argon2id, and how many run at once.
//! - [`random`]: where random bytes come from.
//! - [`recovery_shares`]: the recovery key in three prints, of which two are needed.
//! - [`passwords`]: which passwords are too easy to guess.

pub mod backup_archive;
pub mod key_derivation;
pub mod passwords;
pub mod random;
pub mod receipts;
pub mod recovery_shares;
pub mod seal;
pub mod second_factor;
pub mod server_keys;
pub mod server_sealed;
pub mod signed_notes;
pub mod staff_keys;
pub mod tokens;
