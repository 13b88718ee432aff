//! The channels in use.

use crate::hook::Hook;
use crate::mail::Mail;

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
