//! The audit log: its entries, its checkpoints, and whether it is whole.

mod account;
mod checkpoints;
pub(crate) mod failed_sign_ins;
mod record;
mod verify;

pub use account::{AccountReport, account_report};
pub use checkpoints::ROWS_A_CHECKPOINT;
pub use failed_sign_ins::FailedSignIns;
pub use verify::{BACKUP_RESTORED, Broken, Whole, verify, verify_log};
