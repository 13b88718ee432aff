//! The channels of an alert: e-mail and an HTTP POST. They know a notice and a channel, never a view, a key or
//! a request. What they carry says only that something waits, since about when, and running numbers.

pub mod hook;
pub mod mail;
pub mod settings;

use hook::Hook;
use mail::Mail;
use std::time::Duration;

/// One try may take so long; then it has failed and is made again.
pub const TRY_TIME: Duration = Duration::from_secs(5);

/// What an alert says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Running numbers of the alerts in this message, for example `4-7, 9`.
    pub numbers: String,
    /// How many alerts are in this message.
    pub new: usize,
    /// How many wait in all.
    pub waiting: usize,
    /// Whole hours that the oldest of all waits.
    pub hours: i64,
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

/// The channels in use.
#[derive(Default)]
pub struct Channels {
    /// E-mail.
    pub mail: Option<Mail>,
    /// HTTP POST.
    pub hook: Option<Hook>,
}

impl Channels {
    /// Whether there is any channel.
    pub fn any(&self) -> bool {
        self.mail.is_some() || self.hook.is_some()
    }
}
