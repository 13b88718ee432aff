//! What an alert says, and why it did not get out. It knows no channel.

use std::time::Duration;

/// How long one try may take; then it has failed and is made again.
pub const TRY_TIME: Duration = Duration::from_secs(5);

/// What an alert says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// It is a drill, about nothing that happened.
    pub drill: bool,
    /// Running numbers of the alerts in this message, for example `4-7, 9`.
    pub numbers: String,
    /// How many alerts are in this message.
    pub new: usize,
    /// How many wait in all.
    pub waiting: usize,
    /// Whole hours that the oldest of all waits.
    pub hours: i64,
    /// The address of the safety lane, if the public address of this installation is set.
    pub address: Option<String>,
}

/// Why a message did not get out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDelivered {
    /// Nobody answered, or not now: trying again soon helps.
    NotNow,
    /// It was refused: somebody has to look at the settings.
    Refused,
}

impl NotDelivered {
    /// The code in the log.
    pub fn code(self) -> &'static str {
        match self {
            NotDelivered::NotNow => "not-now",
            NotDelivered::Refused => "refused",
        }
    }
}
