//! What is done with a view: the acts, with the words that some of them carry. It knows no state.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::event::EventKind;
use crate::publication::Rest;
use crate::text_enum;
use serde::{Deserialize, Serialize};

text_enum! {
    /// Why a view is closed without a decision. The sender reads the reason.
    pub enum CloseReason {
        /// The messages between the sender and the desk settled it.
        Settled = "settled",
        /// Somebody else decides this; the reply says who.
        NotOurs = "not-ours",
        /// It is carried together with other views that say the same.
        Joined = "joined",
        /// It could not be shown to the committee without showing who wrote it.
        WouldIdentify = "would-identify",
        /// People who keep children safe have taken it over.
        Safety = "safety",
        /// The desk asked, and no answer came.
        NoAnswer = "no-answer",
        /// It is not a view: a test, an advert or an attack.
        NotAView = "not-a-view",
    }
}

text_enum! {
    /// To whom a danger is handed over, outside this program. The sender reads which.
    pub enum Service {
        /// The council's team that looks at worries about children (MASH).
        Mash = "mash",
        /// A social worker.
        SocialWorker = "social-worker",
        /// The police.
        Police = "police",
        /// Another service.
        Other = "other",
    }
}

/// What somebody does with a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Open and read it.
    Open,
    /// Ask the sender a question.
    AskBack,
    /// Write to the sender.
    Reply,
    /// Write a private note.
    Note,
    /// Write the version for the committee.
    Approve,
    /// Put that version on a meeting's list.
    List,
    /// Take it off the list.
    Unlist,
    /// Record what the committee decided.
    Decide,
    /// Publish the decision, to everyone and to the sender in one act; it leaves this to do.
    Publish(Rest),
    /// Take down what is public.
    TakeDown,
    /// Correct what was taken down.
    Correct,
    /// Say that what was decided is done.
    MarkDone,
    /// Close it with a reason.
    Close(CloseReason),
    /// Somebody may be in danger: show it to those who keep children safe.
    Raise,
    /// Somebody who keeps children safe has read it and takes it on: the alerts about it end.
    Claim,
    /// Somebody who keeps children safe has handed the danger over to another service.
    HandOver,
    /// Safety tells SpeakerBox what it is about.
    Release,
    /// The sender writes again.
    WriteBack,
    /// The sender writes again and says they are not safe.
    Alarm,
    /// The sender agrees that it is done.
    Agree,
    /// The sender says it is not done.
    Dispute,
    /// The sender takes it back.
    Withdraw,
}

impl Action {
    /// Every action (closing once for each reason, publishing once for each thing that is left).
    pub fn all() -> Vec<Action> {
        use Action::*;
        let mut all = vec![
            Open, AskBack, Reply, Note, Approve, List, Unlist, Decide, TakeDown, Correct, MarkDone,
            Raise, Claim, HandOver, Release, WriteBack, Alarm, Agree, Dispute, Withdraw,
        ];
        all.extend(Rest::ALL.iter().map(|rest| Publish(*rest)));
        all.extend(CloseReason::ALL.iter().map(|reason| Close(*reason)));
        all
    }

    /// The name used in forms, word keys and the audit log: that of its event.
    pub fn id(self) -> &'static str {
        EventKind::from(self).id()
    }
}

impl From<Action> for EventKind {
    fn from(action: Action) -> EventKind {
        match action {
            Action::Open => EventKind::Opened,
            Action::AskBack => EventKind::AskedBack,
            Action::Reply => EventKind::Replied,
            Action::Note => EventKind::Noted,
            Action::Approve => EventKind::Approved,
            Action::List => EventKind::Listed,
            Action::Unlist => EventKind::Unlisted,
            Action::Decide => EventKind::Decided,
            Action::Publish(_) => EventKind::Published,
            Action::TakeDown => EventKind::TakenDown,
            Action::Correct => EventKind::Corrected,
            Action::MarkDone => EventKind::MarkedDone,
            Action::Close(_) => EventKind::Closed,
            Action::Raise => EventKind::Raised,
            Action::Claim => EventKind::Claimed,
            Action::HandOver => EventKind::HandedOver,
            Action::Release => EventKind::Released,
            Action::WriteBack => EventKind::WroteBack,
            Action::Alarm => EventKind::Alarmed,
            Action::Agree => EventKind::Agreed,
            Action::Dispute => EventKind::Disputed,
            Action::Withdraw => EventKind::Withdrawn,
        }
    }
}
