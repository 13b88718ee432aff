//! Alerts about views in the safety lane: the outbox, without anything that was written.

/// What brought an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertKind {
    /// A view marked unsafe.
    Sent,
    /// "I am not safe right now", in a later message.
    Alarm,
}

impl AlertKind {
    /// The word in the store.
    pub fn id(self) -> &'static str {
        match self {
            AlertKind::Sent => "sent",
            AlertKind::Alarm => "alarm",
        }
    }

    /// The kind of this word.
    pub fn from_id(id: &str) -> Option<AlertKind> {
        [AlertKind::Sent, AlertKind::Alarm]
            .into_iter()
            .find(|kind| kind.id() == id)
    }
}

/// A channel that delivers alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AlertChannel {
    /// E-mail.
    Mail,
    /// An HTTP POST.
    Hook,
}

/// An alert that nobody has ended yet. It holds nothing that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRow {
    /// Running number, never used again.
    pub id: i64,
    /// The view it is about.
    pub view: String,
    /// What brought it.
    pub kind: AlertKind,
    /// Since when it waits: the beginning of a quarter of an hour, in Unix seconds.
    pub since: i64,
    /// The last round delivered by e-mail; 0 before the first.
    pub mail: u32,
    /// The last round delivered by HTTP; 0 before the first.
    pub hook: u32,
}

/// What an act does to the alerts about its view, in the same commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum AlertChange {
    /// Nothing.
    #[default]
    Keep,
    /// The sender raised an alarm in this quarter of an hour (Unix seconds).
    Raise(i64),
    /// A named person has it, or there is nothing left to read: they end, and with them the moments.
    End,
}
