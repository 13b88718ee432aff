//! What happened to a view, as its record keeps it. Knows neither who reads the record nor where it is stored.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::text_enum;

text_enum! {
    /// What happened to a view. Every match on it names every kind: a new one does not compile before the sender's
    /// timeline, the record at the desk and the log of openings have said what they make of it.
    pub enum EventKind {
        /// The sender sent it.
        Sent = "sent",
        /// Somebody at the desk opened it.
        Opened = "open",
        /// Somebody opened the approved text on a meeting's list.
        ApprovedRead = "read-approved",
        /// Somebody at the desk opened the name.
        NameOpened = "name",
        /// The desk asked the sender something.
        AskedBack = "ask-back",
        /// The desk wrote to the sender.
        Replied = "reply",
        /// The desk wrote a private note.
        Noted = "note",
        /// A version for the committee was written.
        Approved = "approve",
        /// That version was put on a meeting's list.
        Listed = "list",
        /// It was taken off the list.
        Unlisted = "unlist",
        /// What the committee decided was written down.
        Decided = "decide",
        /// The decision was published.
        Published = "publish",
        /// What was public was taken down.
        TakenDown = "take-down",
        /// What was taken down was written in other words.
        Corrected = "correct",
        /// The council said that it is done.
        MarkedDone = "mark-done",
        /// It was closed with a reason.
        Closed = "close",
        /// A reader was worried, and showed it to those who keep children safe.
        Raised = "raise",
        /// Somebody who keeps children safe took it on.
        Claimed = "take",
        /// The danger was handed over to another service.
        HandedOver = "hand-over",
        /// Safety shared it with SpeakerBox.
        Released = "release",
        /// The sender wrote again.
        WroteBack = "write-back",
        /// The sender wrote that they are not safe.
        Alarmed = "alarm",
        /// The sender agreed that it is done.
        Agreed = "agree",
        /// The sender said that it is not done.
        Disputed = "dispute",
        /// The sender took it back.
        Withdrawn = "withdraw",
        /// Somebody who keeps children safe has seen that the sender withdrew it.
        Acknowledged = "seen",
        /// A legal hold keeps it from being deleted.
        Held = "hold",
        /// The legal hold was lifted.
        HoldLifted = "unhold",
    }
}

impl EventKind {
    /// Why the sender's timeline has no line for it; none: it has one.
    pub fn hidden_from_sender(self) -> Option<&'static str> {
        match self {
            EventKind::Noted => Some("a private note is for the role of its writer"),
            EventKind::Decided | EventKind::Corrected => {
                Some("a decision is the sender's to read once it is published")
            }
            EventKind::Withdrawn | EventKind::Acknowledged => {
                Some("a view that was taken back has no timeline any more")
            }
            EventKind::Sent
            | EventKind::Opened
            | EventKind::ApprovedRead
            | EventKind::NameOpened
            | EventKind::AskedBack
            | EventKind::Replied
            | EventKind::Approved
            | EventKind::Listed
            | EventKind::Unlisted
            | EventKind::Published
            | EventKind::TakenDown
            | EventKind::MarkedDone
            | EventKind::Closed
            | EventKind::Raised
            | EventKind::Claimed
            | EventKind::HandedOver
            | EventKind::Released
            | EventKind::WroteBack
            | EventKind::Alarmed
            | EventKind::Agreed
            | EventKind::Disputed
            | EventKind::Held
            | EventKind::HoldLifted => None,
        }
    }

    /// Whether somebody opened words or a name with it: what the list of openings shows from the audit log.
    pub fn is_opening(self) -> bool {
        match self {
            EventKind::Opened | EventKind::ApprovedRead | EventKind::NameOpened => true,
            EventKind::Sent
            | EventKind::AskedBack
            | EventKind::Replied
            | EventKind::Noted
            | EventKind::Approved
            | EventKind::Listed
            | EventKind::Unlisted
            | EventKind::Decided
            | EventKind::Published
            | EventKind::TakenDown
            | EventKind::Corrected
            | EventKind::MarkedDone
            | EventKind::Closed
            | EventKind::Raised
            | EventKind::Claimed
            | EventKind::HandedOver
            | EventKind::Released
            | EventKind::WroteBack
            | EventKind::Alarmed
            | EventKind::Agreed
            | EventKind::Disputed
            | EventKind::Withdrawn
            | EventKind::Acknowledged
            | EventKind::Held
            | EventKind::HoldLifted => false,
        }
    }
}
