//! Who can read what a young person writes today, and which sentence of the pages says so. A page promises a reader only
//! if one is there: every sentence that names readers stands here with the roles it promises.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::audience::{Reader, RoleKey, TextKind, readers_excluding_subject};
use crate::lifecycle::{Lane, Turn, ViewStatus};
use crate::role::Role;
use crate::text_enum;
use crate::view::Subject;

/// A set of the three roles that read what young people write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ReaderSet {
    speakerbox: bool,
    coordinator: bool,
    safety: bool,
}

impl ReaderSet {
    /// Nobody.
    pub const NOBODY: ReaderSet = ReaderSet {
        speakerbox: false,
        coordinator: false,
        safety: false,
    };

    /// All three roles.
    pub const EVERYBODY: ReaderSet = ReaderSet {
        speakerbox: true,
        coordinator: true,
        safety: true,
    };

    /// The roles that can be in a set.
    pub const ROLES: [Role; 3] = [Role::Speakerbox, Role::Coordinator, Role::Safety];

    /// Every set.
    pub fn all() -> impl Iterator<Item = ReaderSet> {
        (0..8u8).map(|bits| ReaderSet {
            speakerbox: bits & 1 != 0,
            coordinator: bits & 2 != 0,
            safety: bits & 4 != 0,
        })
    }

    /// The same set with this role; a role that reads no views changes nothing.
    pub fn with(mut self, role: Role) -> ReaderSet {
        match role {
            Role::Speakerbox => self.speakerbox = true,
            Role::Coordinator => self.coordinator = true,
            Role::Safety => self.safety = true,
            Role::Committee | Role::Clerk | Role::Admin => {}
        }
        self
    }

    /// Whether this role is in it.
    pub fn contains(self, role: Role) -> bool {
        match role {
            Role::Speakerbox => self.speakerbox,
            Role::Coordinator => self.coordinator,
            Role::Safety => self.safety,
            Role::Committee | Role::Clerk | Role::Admin => false,
        }
    }

    /// Whether every role of another set is in it.
    pub fn includes(self, other: ReaderSet) -> bool {
        other.roles().all(|role| self.contains(role))
    }

    /// The roles in it.
    pub fn roles(self) -> impl Iterator<Item = Role> {
        let is_in = move |role: &Role| self.contains(*role);
        ReaderSet::ROLES.into_iter().filter(is_in)
    }

    /// Whether nobody is in it.
    pub fn is_empty(self) -> bool {
        self == ReaderSet::NOBODY
    }
}

impl FromIterator<Role> for ReaderSet {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> ReaderSet {
        roles.into_iter().fold(ReaderSet::NOBODY, ReaderSet::with)
    }
}

/// Who of those who are there can open what is written to a view with this status: the key of their role is among those
/// that a text is sealed to, and the rules of their role show them the view.
pub fn who_can_read(life: ViewStatus, present: ReaderSet) -> ReaderSet {
    let opens = |role: &Role| life.visible_to(*role) && has_key(TextKind::Answer, life, *role);
    present.roles().filter(opens).collect()
}

/// Who of them holds a key of the sender's name, now or as soon as somebody raises the view: "only these can open it" has to
/// stay true.
pub fn who_can_open_name(life: ViewStatus, present: ReaderSet) -> ReaderSet {
    let holds = |role: &Role| has_key(TextKind::Identity, life, *role);
    present.roles().filter(holds).collect()
}

fn has_key(kind: TextKind, life: ViewStatus, role: Role) -> bool {
    let sealed_to = readers_excluding_subject(kind, life.lane.audience(), life.about, None);
    let mut keys = RoleKey::of(role).iter();
    keys.any(|key| sealed_to.contains(&Reader::Key(*key)))
}

/// The status after its sender has said that they are not safe.
pub fn after_alarm(life: ViewStatus) -> ViewStatus {
    ViewStatus {
        lane: Lane::Waiting,
        ..life
    }
}

/// For whom nobody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unread {
    /// Nobody reads anything of it.
    Everything,
    /// Nobody reads what is marked unsafe.
    Unsafe,
    /// Nobody reads what is not marked unsafe.
    Ordinary,
}

impl Unread {
    /// Every value.
    pub const ALL: [Unread; 3] = [Unread::Everything, Unread::Unsafe, Unread::Ordinary];

    /// The name used in word keys.
    pub fn id(self) -> &'static str {
        match self {
            Unread::Everything => "everything",
            Unread::Unsafe => "unsafe",
            Unread::Ordinary => "ordinary",
        }
    }

    /// What has to be said first, if these can read it when it is not marked unsafe and those when it is.
    pub fn of(ordinary: ReaderSet, marked_unsafe: ReaderSet) -> Option<Unread> {
        match (ordinary.is_empty(), marked_unsafe.is_empty()) {
            (true, true) => Some(Unread::Everything),
            (false, true) => Some(Unread::Unsafe),
            (true, false) => Some(Unread::Ordinary),
            (false, false) => None,
        }
    }

    /// The same for a view that is still to be written and is about nobody who reads it.
    pub fn of_new(present: ReaderSet) -> Option<Unread> {
        let reads = |marked_unsafe| who_can_read(ViewStatus::begin(marked_unsafe), present);
        Unread::of(reads(false), reads(true))
    }

    /// The same for a view with this status, whose sender can still say that they are not safe.
    pub fn of_view(life: ViewStatus, present: ReaderSet) -> Option<Unread> {
        let alarmed = who_can_read(after_alarm(life), present);
        Unread::of(who_can_read(life, present), alarmed)
    }
}

text_enum! {
    /// A sentence of the pages that says who reads. Its id is the key of its words.
    pub enum ReaderSentence {
        /// Before the first question: about both kinds of views.
        Start = "speak.readers",
        /// Beside an answer that is not marked unsafe.
        SafeUsual = "speak.safe.usual",
        /// Beside an answer that is.
        SafeFirst = "speak.safe.first",
        /// The same without a safety lead.
        SafeFirstCoordinator = "readers.first-coordinator",
        /// The same without anybody.
        SafeFirstNobody = "readers.first-nobody",
        /// When they read what is marked unsafe.
        SafeHint = "speak.safe.hint",
        /// The same without anybody.
        SafeHintNobody = "readers.hint-nobody",
        /// Beside "stay unknown".
        Anonymous = "speak.you.anonymous-hint",
        /// The same when nobody can write back.
        AnonymousNobody = "readers.anonymous-nobody",
        /// Beside "give my name".
        NameHint = "speak.you.named-hint",
        /// Who opens the name.
        Name = "speak.check.readers-name",
        /// The safety lead alone does.
        NameLead = "speak.check.readers-name-lead",
        /// The coordinator alone does.
        NameCoordinator = "speak.check.readers-name-coordinator",
        /// Nobody can.
        NameNobody = "readers.name-nobody",
        /// Before sending, of a view that is not marked unsafe.
        Check = "speak.check.readers",
        /// Of one that is.
        CheckSafety = "speak.check.readers-safety",
        /// Of one about SpeakerBox that is.
        CheckBoth = "speak.check.readers-both",
        /// Of one that only the coordinator may read.
        CheckCoordinator = "speak.check.readers-coordinator",
        /// Of one that only the safety lead may read.
        CheckLead = "speak.check.readers-lead",
        /// What councillors see of it.
        Committee = "speak.check.committee",
        /// The coordinator alone can show them something.
        CommitteeCoordinator = "speak.check.committee-coordinator",
        /// They see nothing.
        CommitteeNever = "speak.check.committee-never",
        /// They do not see these words, and nobody is there who could make others.
        CommitteeNobody = "readers.committee-nobody",
        /// After sending.
        Receipt = "receipt.next",
        /// After sending what is marked unsafe.
        ReceiptSafety = "receipt.next-safety",
        /// About SpeakerBox: the coordinator reads it.
        LeftOutSpeakerbox = "left-out.speakerbox",
        /// About the coordinator: the safety lead reads it.
        LeftOutCoordinator = "left-out.coordinator",
        /// About the safety lead: the coordinator reads it.
        LeftOutSafety = "left-out.safety",
        /// Writing again to SpeakerBox.
        Message = "follow.message-hint",
        /// Writing again in the safety lane.
        MessageSafety = "follow.message-hint-safety",
        /// Writing again to the safety lead alone.
        MessageLead = "follow.message-hint-lead",
        /// Writing again to the coordinator alone.
        MessageCoordinator = "follow.message-hint-coordinator",
        /// Writing that one is not safe.
        Alarm = "follow.unsafe-hint",
        /// The same when the coordinator reads it.
        AlarmCoordinator = "follow.unsafe-hint-coordinator",
        /// The same when nobody does.
        AlarmNobody = "readers.alarm-nobody",
        /// Right now nobody can.
        NowNobody = "readers.now.nobody",
        /// Right now members of SpeakerBox.
        NowSpeakerbox = "readers.now.speakerbox",
        /// Right now the coordinator.
        NowCoordinator = "readers.now.coordinator",
        /// Right now the safety lead.
        NowSafety = "readers.now.safety",
        /// Right now SpeakerBox with its coordinator.
        NowSpeakerboxCoordinator = "readers.now.speakerbox-coordinator",
        /// Right now members of SpeakerBox and the safety lead.
        NowSpeakerboxSafety = "readers.now.speakerbox-safety",
        /// Right now the coordinator and the safety lead.
        NowCoordinatorSafety = "readers.now.coordinator-safety",
        /// Right now all three.
        NowEverybody = "readers.now.everybody",
    }
}

const S: ReaderSet = ReaderSet {
    speakerbox: true,
    ..ReaderSet::NOBODY
};
const C: ReaderSet = ReaderSet {
    coordinator: true,
    ..ReaderSet::NOBODY
};
const F: ReaderSet = ReaderSet {
    safety: true,
    ..ReaderSet::NOBODY
};
const SC: ReaderSet = ReaderSet {
    safety: false,
    ..ReaderSet::EVERYBODY
};
const SF: ReaderSet = ReaderSet {
    coordinator: false,
    ..ReaderSet::EVERYBODY
};
const CF: ReaderSet = ReaderSet {
    speakerbox: false,
    ..ReaderSet::EVERYBODY
};

impl ReaderSentence {
    /// The roles that it promises.
    pub fn promises(self) -> ReaderSet {
        use ReaderSentence::*;
        match self {
            SafeFirstNobody | SafeHintNobody | AnonymousNobody | NameNobody | CommitteeNever
            | CommitteeNobody | AlarmNobody | NowNobody => ReaderSet::NOBODY,
            SafeUsual | Receipt | Message | NowSpeakerbox => S,
            SafeFirstCoordinator | NameCoordinator | CheckCoordinator | CommitteeCoordinator
            | LeftOutSpeakerbox | LeftOutSafety | MessageCoordinator | AlarmCoordinator
            | NowCoordinator => C,
            SafeFirst | NameLead | CheckLead | ReceiptSafety | LeftOutCoordinator | MessageLead
            | Alarm | NowSafety => F,
            Check | NowSpeakerboxCoordinator => SC,
            NowSpeakerboxSafety => SF,
            NameHint | Name | CheckSafety | CheckBoth | MessageSafety | NowCoordinatorSafety => CF,
            Start | NowEverybody => ReaderSet::EVERYBODY,
            // Somebody, without saying who.
            SafeHint | Anonymous | Committee => ReaderSet::NOBODY,
        }
    }

    /// The roles of which it promises at least one, without saying which.
    pub fn promises_one_of(self) -> ReaderSet {
        if self == ReaderSentence::SafeHint {
            CF
        } else if self == ReaderSentence::Anonymous {
            ReaderSet::EVERYBODY
        } else if self == ReaderSentence::Committee {
            // Those who can write a version for the councillors.
            SC
        } else {
            ReaderSet::NOBODY
        }
    }

    /// Whether what it says is true when these can read.
    pub fn holds(self, who: ReaderSet) -> bool {
        let any = self.promises_one_of();
        let has_any = any.is_empty() || any.roles().any(|role| who.contains(role));
        who.includes(self.promises()) && has_any
    }

    /// Names exactly these as those who can read right now.
    pub fn now(who: ReaderSet) -> ReaderSentence {
        use ReaderSentence::*;
        match (who.speakerbox, who.coordinator, who.safety) {
            (false, false, false) => NowNobody,
            (true, false, false) => NowSpeakerbox,
            (false, true, false) => NowCoordinator,
            (false, false, true) => NowSafety,
            (true, true, false) => NowSpeakerboxCoordinator,
            (true, false, true) => NowSpeakerboxSafety,
            (false, true, true) => NowCoordinatorSafety,
            (true, true, true) => NowEverybody,
        }
    }

    fn or_now(self, who: ReaderSet) -> ReaderSentence {
        if self.holds(who) {
            self
        } else {
            ReaderSentence::now(who)
        }
    }
}

fn first_that_holds(
    who: ReaderSet,
    sentences: &[ReaderSentence],
    otherwise: ReaderSentence,
) -> ReaderSentence {
    let mut sentences = sentences.iter().copied();
    sentences.find(|one| one.holds(who)).unwrap_or(otherwise)
}

/// What each page says of those who read a view, depending on its status and on who is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promises {
    life: ViewStatus,
    present: ReaderSet,
}

impl Promises {
    /// Of a view with this status, or with the one it would begin with.
    pub fn of(life: ViewStatus, present: ReaderSet) -> Promises {
        Promises { life, present }
    }

    /// Who can read it.
    pub fn who(self) -> ReaderSet {
        who_can_read(self.life, self.present)
    }

    /// What has to be said first, while its sender can still say that they are not safe.
    pub fn unread(self) -> Option<Unread> {
        Unread::of_view(self.life, self.present)
    }

    /// What has to be said first when it is as it is: about to be sent, or just sent.
    pub fn unread_as_sent(self) -> Option<Unread> {
        Unread::of(self.who(), self.who())
    }

    /// Before it is sent: who will read it.
    pub fn check(self) -> ReaderSentence {
        use ReaderSentence::*;
        let in_custody = self.life.in_safety_custody();
        let usual = match self.life.about {
            Subject::Speakerbox if in_custody => CheckBoth,
            Subject::Speakerbox | Subject::Safety => CheckCoordinator,
            Subject::Coordinator => CheckLead,
            Subject::Nobody | Subject::Committee if in_custody => CheckSafety,
            Subject::Nobody | Subject::Committee => Check,
        };
        usual.or_now(self.who())
    }

    /// Beside the choice to give a name.
    pub fn name_hint(self) -> ReaderSentence {
        use ReaderSentence::*;
        let who = who_can_open_name(self.life, self.present);
        first_that_holds(who, &[NameHint, NameLead, NameCoordinator], NameNobody)
    }

    /// Before it is sent: who can open the name.
    pub fn name(self) -> ReaderSentence {
        use ReaderSentence::*;
        let who = who_can_open_name(self.life, self.present);
        first_that_holds(who, &[Name, NameLead, NameCoordinator], NameNobody)
    }

    /// Beside the choice to stay unknown.
    pub fn anonymous(self) -> ReaderSentence {
        use ReaderSentence::*;
        first_that_holds(self.who(), &[Anonymous], AnonymousNobody)
    }

    /// Before it is sent: what councillors see of it.
    pub fn committee(self) -> ReaderSentence {
        use ReaderSentence::*;
        let usual = match self.life.about {
            Subject::Coordinator => CommitteeNever,
            Subject::Nobody => Committee,
            Subject::Speakerbox | Subject::Safety | Subject::Committee => CommitteeCoordinator,
        };
        first_that_holds(self.who(), &[usual], CommitteeNobody)
    }

    /// After it was sent: what happens next.
    pub fn receipt(self) -> ReaderSentence {
        use ReaderSentence::*;
        let usual = match self.left_out_sentence() {
            Some(sentence) => sentence,
            None if self.life.in_safety_lane() => ReceiptSafety,
            None => Receipt,
        };
        usual.or_now(self.who())
    }

    /// Who reads it instead of those it is about; `None` if nobody is left out.
    pub fn left_out(self) -> Option<ReaderSentence> {
        let sentence = self.left_out_sentence()?;
        Some(sentence.or_now(self.who()))
    }

    fn left_out_sentence(self) -> Option<ReaderSentence> {
        match self.life.about {
            Subject::Speakerbox => Some(ReaderSentence::LeftOutSpeakerbox),
            Subject::Coordinator => Some(ReaderSentence::LeftOutCoordinator),
            Subject::Safety => Some(ReaderSentence::LeftOutSafety),
            Subject::Nobody | Subject::Committee => None,
        }
    }

    /// Under the message to a view.
    pub fn message(self) -> ReaderSentence {
        use ReaderSentence::*;
        let usual = match (self.life.about, self.life.turn()) {
            (Subject::Coordinator, _) => MessageLead,
            (Subject::Safety, _) => MessageCoordinator,
            (_, Turn::Safety) => MessageSafety,
            (Subject::Speakerbox, _) => MessageCoordinator,
            (Subject::Nobody | Subject::Committee, _) => Message,
        };
        usual.or_now(self.who())
    }

    /// Beside "I am not safe right now".
    pub fn alarm(self) -> ReaderSentence {
        use ReaderSentence::*;
        let who = who_can_read(after_alarm(self.life), self.present);
        first_that_holds(who, &[Alarm, AlarmCoordinator], AlarmNobody)
    }

    /// In place of whose turn it is and what comes next, if those whose turn it is are not there. `None`: what is usually
    /// said is true.
    pub fn turn(self) -> Option<ReaderSentence> {
        let who = self.who();
        let is_true = match self.life.turn() {
            Turn::Safety => who.contains(Role::Safety),
            Turn::Speakerbox => who.contains(Role::Speakerbox),
            Turn::Coordinator => who.contains(Role::Coordinator),
            // SpeakerBox can go on without an answer, if anybody is there.
            Turn::Sender => !who.is_empty(),
            Turn::Committee | Turn::Nobody => true,
        };
        (!is_true).then(|| ReaderSentence::now(who))
    }
}

/// What the first steps say, before anything of the view is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstPromises {
    present: ReaderSet,
}

impl FirstPromises {
    /// When these are there.
    pub fn of(present: ReaderSet) -> FirstPromises {
        FirstPromises { present }
    }

    fn who(self, marked_unsafe: bool) -> ReaderSet {
        who_can_read(ViewStatus::begin(marked_unsafe), self.present)
    }

    /// Who reads both kinds of views, in one sentence; `None` if it has to be said of each.
    pub fn start(self) -> Option<ReaderSentence> {
        let whole = ReaderSentence::Start.holds(self.present);
        whole.then_some(ReaderSentence::Start)
    }

    /// Who can read a view that is, or is not, marked unsafe.
    pub fn now(self, marked_unsafe: bool) -> ReaderSentence {
        ReaderSentence::now(self.who(marked_unsafe))
    }

    /// Beside an answer to "Are you safe?".
    pub fn safe_choice(self, marked_unsafe: bool) -> ReaderSentence {
        use ReaderSentence::*;
        let who = self.who(marked_unsafe);
        match marked_unsafe {
            false => SafeUsual.or_now(who),
            true => first_that_holds(who, &[SafeFirst, SafeFirstCoordinator], SafeFirstNobody),
        }
    }

    /// Above those answers: adults read it.
    pub fn safe_hint(self) -> ReaderSentence {
        use ReaderSentence::*;
        first_that_holds(self.who(true), &[SafeHint], SafeHintNobody)
    }
}

#[cfg(test)]
mod tests;
