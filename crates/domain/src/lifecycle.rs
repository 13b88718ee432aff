//! The life of a view, as one pure state machine.
//!
//! ```text
//! received -> read -> (asked back <-> answered)* -> approved -> listed -> decided -> published -> done -> agreed
//!    |                        \-> closed with a reason the sender reads     ^         |             \-> disputed
//!    |                                                                      |         |-> postponed        |
//!    |                                                                      |         \-> concluded        |
//!    |                                                                      \---- listed again <-----------/
//!    \-> safety lane, until the safety role releases it, or hands it over and closes it there
//! ```
//!
//! Nothing may fall silent: from every state there is a way to an end, and every state has somebody whose turn it is.

#![deny(clippy::wildcard_enum_match_arm)]

pub use crate::action::{Action, CloseReason, Service};
use crate::audience::Audience;
use crate::publication::{Publicity, Rest, may_take_down};
use crate::role::Role;
use crate::text_enum;
use crate::view::{Safe, Subject};
use serde::{Deserialize, Serialize};

text_enum! {
    /// Where a view is.
    pub enum State {
        /// Sent; nobody has opened it.
        Received = "received",
        /// Somebody at the desk has opened it.
        Read = "read",
        /// The desk asked the sender something.
        AskedBack = "asked-back",
        /// The sender wrote again.
        Answered = "answered",
        /// SpeakerBox wrote a version for the committee.
        Approved = "approved",
        /// That version is on a meeting's list.
        Listed = "listed",
        /// The committee decided; the clerk has not published it yet.
        Decided = "decided",
        /// The decision is public, and the sender sees it. What was decided has to be done.
        Published = "published",
        /// The answer is public, and it has to be decided once more.
        Postponed = "postponed",
        /// The answer is public, and nothing is left to do.
        Concluded = "concluded",
        /// The council says it has done what was decided.
        Done = "done",
        /// The sender agrees that it is done.
        Agreed = "agreed",
        /// The sender says it is not done.
        Disputed = "disputed",
        /// Closed with a reason.
        Closed = "closed",
        /// The sender took it back; the text is gone.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// Whether the safety role must read a view first.
    pub enum Lane {
        /// Not marked unsafe.
        Ordinary = "ordinary",
        /// Marked unsafe; no one from safety has opened it.
        Waiting = "waiting",
        /// Safety has opened it; nobody has said that they have it.
        Opened = "opened",
        /// Somebody has said that they have it, and is acting.
        Claimed = "taken",
        /// Safety has handed it over to a named service: it may be closed here.
        HandedOver = "handed-over",
        /// Safety has let SpeakerBox know what it is about.
        Released = "released",
    }
}

impl Lane {
    /// Whether the safety role has it to itself for now.
    pub fn is_custody(self) -> bool {
        match self {
            Lane::Waiting | Lane::Opened | Lane::Claimed | Lane::HandedOver => true,
            Lane::Ordinary | Lane::Released => false,
        }
    }

    /// Whom its thread is written for.
    pub fn audience(self) -> Audience {
        match self {
            Lane::Ordinary => Audience::Desk,
            Lane::Waiting | Lane::Opened | Lane::Claimed | Lane::HandedOver => Audience::Adults,
            Lane::Released => Audience::Shared,
        }
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The young person, by receipt.
    Sender,
    /// A staff member.
    Staff(Role),
}

/// Everything the machine knows of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ViewStatus {
    /// Where it is.
    pub state: State,
    /// Whether safety reads it first.
    pub lane: Lane,
    /// The sender wrote, and nobody has opened it since.
    pub unread: bool,
    /// Who is left out because it is about them. Fixed when it is sent.
    pub about: Subject,
    /// Whether anything of it is public.
    pub public: Publicity,
}

/// Why an action is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refused {
    /// This actor may never do this with this view.
    NotYours,
    /// The view is not where this can be done.
    NotNow,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Turn {
    /// The safety role and the coordinator.
    Safety,
    /// SpeakerBox.
    Speakerbox,
    /// The SpeakerBox coordinator alone, because it is about somebody who would read it otherwise.
    Coordinator,
    /// The sender; SpeakerBox can still go on without an answer.
    Sender,
    /// The committee and its clerk.
    Committee,
    /// Nobody: it has ended.
    Nobody,
}

impl ViewStatus {
    /// The life of a view that has just arrived and is about nobody who reads it.
    pub fn begin(marked_unsafe: bool) -> ViewStatus {
        ViewStatus::begin_about(marked_unsafe, Subject::Nobody)
    }

    /// The life of a view that has just arrived. One about the coordinator goes into the safety lane like one that is
    /// marked unsafe: there is nobody else to read it.
    pub fn begin_about(marked_unsafe: bool, about: Subject) -> ViewStatus {
        let lane = if marked_unsafe || about == Subject::Coordinator {
            Lane::Waiting
        } else {
            Lane::Ordinary
        };
        ViewStatus {
            state: State::Received,
            lane,
            unread: true,
            about,
            public: Publicity::Nothing,
        }
    }

    /// How a view would begin with these answers of its sender. An answer that is missing is taken as not given: nobody is
    /// left out, and it is not marked unsafe.
    pub fn begin_as_answered(safe: Option<Safe>, about: Option<Subject>) -> ViewStatus {
        let marked_unsafe = safe.is_some_and(Safe::to_safety_lane);
        ViewStatus::begin_about(marked_unsafe, about.unwrap_or(Subject::Nobody))
    }

    /// Whether it is, or ever was, in the safety lane.
    pub fn in_safety_lane(self) -> bool {
        self.lane != Lane::Ordinary
    }

    /// Whether the safety role has it to itself for now.
    pub fn in_safety_custody(self) -> bool {
        self.lane.is_custody()
    }

    /// Whether a person in this role may see what the safety lane remembers of a view that its sender withdrew.
    pub fn lane_record_visible_to(self, role: Role) -> bool {
        self.state == State::Withdrawn
            && self.in_safety_lane()
            && role.sees_safety_lane()
            && !self.is_about(role)
    }

    /// Whether the safety lane has not said yet what was done: it cannot be closed, and nothing of it ends. What is about
    /// one of the readers is never shared with SpeakerBox, so there it is enough that somebody has it.
    pub fn lane_is_open(self) -> bool {
        matches!(self.lane, Lane::Waiting | Lane::Opened)
            || (self.lane == Lane::Claimed && !self.is_for_few())
    }

    /// Whether it came to an end while the lane is open. Closing cannot do that; an alarm after the end can.
    pub fn ended_in_open_lane(self) -> bool {
        matches!(
            self.state,
            State::Closed | State::Concluded | State::Done | State::Agreed
        ) && self.lane_is_open()
    }

    /// Whether a person in this role may see that this view exists at the desk and open it.
    /// (Meetings are apart: the committee sees an approved text, never the view.)
    pub fn visible_to(self, role: Role) -> bool {
        if self.state == State::Withdrawn {
            return false;
        }
        if self.is_about(role) {
            return false;
        }
        match role {
            Role::Coordinator => true,
            Role::Speakerbox => !self.in_safety_custody(),
            Role::Safety => self.in_safety_lane(),
            Role::Committee | Role::Clerk | Role::Admin => false,
        }
    }

    /// Whether a role is left out of the readers, because it is about them or about somebody who shares their key.
    pub fn is_about(self, role: Role) -> bool {
        match self.about {
            Subject::Nobody | Subject::Committee => false,
            Subject::Speakerbox => role == Role::Speakerbox,
            Subject::Coordinator => role != Role::Safety,
            Subject::Safety => role != Role::Coordinator,
        }
    }

    /// Whether a role is left out for good, so that SpeakerBox never has it.
    pub fn is_for_few(self) -> bool {
        !matches!(self.about, Subject::Nobody | Subject::Committee)
    }

    /// The role whose own reading counts in the safety lane.
    pub fn keeper(self) -> Role {
        if self.about == Subject::Safety {
            Role::Coordinator
        } else {
            Role::Safety
        }
    }

    /// What it becomes when this actor has read it.
    fn opened_by(self, actor: Actor) -> ViewStatus {
        // Only the keeper's own reading counts; the clock of the alert runs until somebody claims it.
        let keeper_reads = actor == Actor::Staff(self.keeper());
        ViewStatus {
            state: if matches!(self.state, State::Received | State::Answered) {
                State::Read
            } else {
                self.state
            },
            lane: if self.lane == Lane::Waiting && keeper_reads {
                Lane::Opened
            } else {
                self.lane
            },
            unread: false,
            ..self
        }
    }

    /// What it becomes when the sender has written again, in this lane.
    fn written_to(self, lane: Lane) -> ViewStatus {
        ViewStatus {
            state: if matches!(self.state, State::Read | State::AskedBack | State::Closed) {
                State::Answered
            } else {
                self.state
            },
            lane,
            unread: true,
            ..self
        }
    }

    /// Whether its approved text is before the committee, or was and is not settled.
    pub fn is_with_committee(self) -> bool {
        matches!(
            self.state,
            State::Listed
                | State::Decided
                | State::Published
                | State::Postponed
                | State::Done
                | State::Disputed
        )
    }

    /// Whether it comes before the committee once more, for another decision.
    fn is_decided_again(self) -> bool {
        matches!(self.state, State::Postponed | State::Disputed)
    }

    /// Whether its last decision was published, whatever became of it since.
    pub fn has_answer(self) -> bool {
        matches!(
            self.state,
            State::Published
                | State::Postponed
                | State::Concluded
                | State::Done
                | State::Agreed
                | State::Disputed
        )
    }

    /// Whether what waits to be published corrects a decision that was taken down; it is no new decision.
    pub fn is_corrected(self) -> bool {
        self.public == Publicity::Corrected && self.has_answer()
    }

    /// What it becomes when a decision that leaves this to do is released. A correction that leaves the same to do as
    /// before does not undo what was done since.
    fn released(self, rest: Rest) -> ViewStatus {
        let is_as_before = match rest {
            Rest::ToDo => matches!(
                self.state,
                State::Published | State::Done | State::Agreed | State::Disputed
            ),
            Rest::ToConfirm => {
                matches!(self.state, State::Done | State::Agreed | State::Disputed)
            }
            Rest::ToDecide | Rest::Nothing => false,
        };
        let state = match rest {
            _ if is_as_before => self.state,
            Rest::ToDo => State::Published,
            Rest::ToDecide => State::Postponed,
            Rest::ToConfirm => State::Done,
            Rest::Nothing => State::Concluded,
        };
        ViewStatus {
            state,
            public: Publicity::Shown,
            ..self
        }
    }

    /// Whose turn it is.
    pub fn turn(self) -> Turn {
        let with_safety =
            self.lane_is_open() || (self.in_safety_custody() && !self.is_with_committee());
        match self.state {
            State::Withdrawn => Turn::Nobody,
            State::Agreed if !self.lane_is_open() => Turn::Nobody,
            State::Closed | State::Concluded if !self.unread && !self.lane_is_open() => {
                Turn::Nobody
            }
            _ if with_safety && self.about == Subject::Safety => Turn::Coordinator,
            _ if with_safety => Turn::Safety,
            State::AskedBack => Turn::Sender,
            State::Listed
            | State::Decided
            | State::Published
            | State::Postponed
            | State::Disputed => Turn::Committee,
            State::Done => Turn::Sender,
            State::Received
            | State::Read
            | State::Answered
            | State::Approved
            | State::Closed
            | State::Concluded
            | State::Agreed => match self.about {
                Subject::Speakerbox | Subject::Safety => Turn::Coordinator,
                Subject::Nobody | Subject::Coordinator | Subject::Committee => Turn::Speakerbox,
            },
        }
    }
}

/// What a view becomes when this actor does this, or why not.
pub fn transition(life: ViewStatus, actor: Actor, action: Action) -> Result<ViewStatus, Refused> {
    if !may_ever(life, actor, action) {
        return Err(Refused::NotYours);
    }
    let (state, lane, unread) = (life.state, life.lane, life.unread);
    if state == State::Withdrawn {
        return Err(Refused::NotNow);
    }
    use State::*;
    let at_desk = matches!(state, Read | AskedBack | Answered | Approved);
    let has_unread_danger = unread && life.in_safety_custody();
    let to = |state: State| ViewStatus { state, ..life };
    let in_lane = |lane: Lane| ViewStatus { lane, ..life };
    let with = |public: Publicity| ViewStatus { public, ..life };
    let (again, is_new) = (life.is_decided_again(), life.public == Publicity::Nothing);
    let is_down = matches!(life.public, Publicity::Down | Publicity::Corrected);
    let (now, next) = match action {
        Action::Open => (true, life.opened_by(actor)),
        Action::AskBack => (at_desk, to(AskedBack)),
        Action::Reply => (state != Received, life),
        Action::Note => (true, life),
        // What the committee looks at once more may need other words.
        Action::Approve if again => (!life.in_safety_custody(), life),
        Action::Approve => (at_desk && !life.in_safety_custody(), to(Approved)),
        // What was public before goes to another meeting, and never off the list.
        Action::List => (
            state == Approved || again || (state == Listed && !is_new),
            to(Listed),
        ),
        Action::Unlist => (state == Listed && is_new, to(Approved)),
        Action::Decide => (matches!(state, Listed | Decided), to(Decided)),
        Action::Publish(rest) => (state == Decided || life.is_corrected(), life.released(rest)),
        Action::TakeDown => (life.public == Publicity::Shown, with(Publicity::Down)),
        Action::Correct => (is_down && life.has_answer(), with(Publicity::Corrected)),
        Action::MarkDone => (matches!(state, Published | Disputed), to(Done)),
        // Closed in an open lane it would wait for ever for somebody to say what was done.
        Action::Close(reason) => (
            at_desk && !life.lane_is_open() && !has_unread_danger && may_be_reason(lane, reason),
            to(Closed),
        ),
        // What was closed is open again; what the committee has stays where it is.
        Action::Raise => (
            matches!(lane, Lane::Ordinary | Lane::Released) && state != Received,
            ViewStatus {
                state: if state == Closed { Read } else { state },
                ..in_lane(Lane::Waiting)
            },
        ),
        // Only what was read can be taken on. New words ring again after it was handed over; who has them has that.
        Action::Claim if lane == Lane::HandedOver => (!unread, life),
        Action::Claim => (life.in_safety_custody() && !unread, in_lane(Lane::Claimed)),
        // Handing over implies a claim: the clock of the alert stops as it does for a claim.
        Action::HandOver if life.in_safety_custody() => (!unread, in_lane(Lane::HandedOver)),
        Action::HandOver => (!unread, life),
        Action::Release => (
            matches!(lane, Lane::Opened | Lane::Claimed | Lane::HandedOver) && !unread,
            in_lane(Lane::Released),
        ),
        Action::WriteBack => (true, life.written_to(lane)),
        Action::Alarm => (true, life.written_to(Lane::Waiting)),
        Action::Agree => (state == Done, to(Agreed)),
        // It may come with words of the sender.
        Action::Dispute => (
            state == Done,
            ViewStatus {
                unread: true,
                ..to(Disputed)
            },
        ),
        Action::Withdraw => (
            is_new,
            ViewStatus {
                unread: false,
                ..to(Withdrawn)
            },
        ),
    };
    if now { Ok(next) } else { Err(Refused::NotNow) }
}

// "People who keep children safe have it" is said only where they do.
fn may_be_reason(lane: Lane, reason: CloseReason) -> bool {
    reason != CloseReason::Safety || matches!(lane, Lane::HandedOver | Lane::Released)
}

/// What an act does to the alerts about its view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AlertEffect {
    /// Nothing: an open alert goes on ringing.
    Keep,
    /// One more alert.
    Raise,
    /// A named person has it: they end.
    End,
}

/// What an act that led to `after` does to the alerts about its view. Whatever the safety lane has not read rings.
pub fn alert_effect(after: ViewStatus, action: Action) -> AlertEffect {
    match action {
        Action::Raise | Action::Alarm => AlertEffect::Raise,
        Action::WriteBack | Action::Dispute if after.in_safety_custody() => AlertEffect::Raise,
        Action::Claim | Action::HandOver | Action::Release | Action::Close(_) => AlertEffect::End,
        // Who withdraws may do so under pressure: a person has to see that it was there.
        Action::Withdraw
        | Action::Open
        | Action::AskBack
        | Action::Reply
        | Action::Note
        | Action::Approve
        | Action::List
        | Action::Unlist
        | Action::Decide
        | Action::Publish(_)
        | Action::TakeDown
        | Action::Correct
        | Action::MarkDone
        | Action::WriteBack
        | Action::Agree
        | Action::Dispute => AlertEffect::Keep,
    }
}

/// Whether it is an act of the sender: nobody at the desk can do it.
pub fn is_senders(action: Action) -> bool {
    use Action::*;
    matches!(action, WriteBack | Alarm | Agree | Dispute | Withdraw)
}

fn may_ever(life: ViewStatus, actor: Actor, action: Action) -> bool {
    use Action::*;
    let role = match actor {
        Actor::Sender => return is_senders(action),
        Actor::Staff(role) => role,
    };
    match action {
        WriteBack | Alarm | Agree | Dispute | Withdraw => false,
        Open | AskBack | Reply | Note | Close(_) => life.visible_to(role),
        // Who reads the approved text may be the first to see the danger in it.
        Raise => life.visible_to(role) || (role.sees_meetings() && life.is_with_committee()),
        // What is about somebody on the committee comes before it by the coordinator alone.
        Approve | List if life.about == Subject::Committee => role == Role::Coordinator,
        Approve => role.sees_queue() && life.visible_to(role),
        List | Unlist => (role.sees_queue() && life.visible_to(role)) || role == Role::Clerk,
        // SpeakerBox can never have what is about one of those who read it.
        Release if life.is_for_few() => false,
        Claim | Release => role.sees_safety_lane() && !life.is_about(role),
        HandOver => role.sees_safety_lane() && life.visible_to(role),
        Decide | Publish(_) | Correct | MarkDone => role.sees_meetings(),
        // The clerk has it on a list whomever it is about.
        TakeDown => may_take_down(role) && (role.sees_meetings() || !life.is_about(role)),
    }
}

/// The actions this actor can take now, in the order of [`Action::all`].
pub fn allowed_actions(life: ViewStatus, actor: Actor) -> Vec<Action> {
    Action::all()
        .into_iter()
        .filter(|action| transition(life, actor, *action).is_ok())
        .collect()
}
