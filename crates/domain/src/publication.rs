//! What becomes public of a decision: of which kind it is, who may release it, from which day on, and how it comes down.
//! It knows neither texts nor where they are kept.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::date::Date;
use crate::role::Role;
use crate::text_enum;

text_enum! {
    /// What the committee answered.
    pub enum DecisionKind {
        /// It will be done.
        Yes = "yes",
        /// A part of it will be done.
        Partly = "partly",
        /// Not now; it is decided again later.
        NotYet = "not-yet",
        /// It will not be done, for a reason.
        No = "no",
        /// It is so already.
        AlreadySo = "already-so",
        /// The council's cabinet has to decide it.
        ToCabinet = "to-cabinet",
        /// The committee has read it; there is nothing to decide.
        Noted = "noted",
        /// It is decided at another meeting.
        Deferred = "deferred",
    }
}

text_enum! {
    /// What is left to do when a decision of some kind is public.
    pub enum Rest {
        /// What was decided has to be done.
        ToDo = "to-do",
        /// It has to be decided once more.
        ToDecide = "to-decide",
        /// The council says that it is so; its sender can say whether that is true.
        ToConfirm = "to-confirm",
        /// Nothing.
        Nothing = "nothing",
    }
}

impl DecisionKind {
    /// Whether somebody is responsible, by a day.
    pub fn has_owner(self) -> bool {
        self.leaves() == Rest::ToDo
    }

    /// Whether a reason has to be given.
    pub fn has_reason(self) -> bool {
        matches!(self, DecisionKind::NotYet | DecisionKind::No)
    }

    /// Whether it holds until a day only.
    pub fn has_until(self) -> bool {
        self == DecisionKind::NotYet
    }

    /// Whether another meeting is named.
    pub fn has_meeting(self) -> bool {
        self == DecisionKind::Deferred
    }

    /// What is left to do when it is public.
    pub fn leaves(self) -> Rest {
        match self {
            DecisionKind::Yes | DecisionKind::Partly => Rest::ToDo,
            DecisionKind::NotYet | DecisionKind::ToCabinet | DecisionKind::Deferred => {
                Rest::ToDecide
            }
            DecisionKind::AlreadySo => Rest::ToConfirm,
            DecisionKind::No | DecisionKind::Noted => Rest::Nothing,
        }
    }
}

text_enum! {
    /// Whether anything of a view is public.
    pub enum Publicity {
        /// No decision about it was published yet.
        Nothing = "nothing",
        /// A decision about it is public.
        Shown = "shown",
        /// What was public was taken down.
        Down = "down",
        /// A corrected decision waits for a second person.
        Corrected = "corrected",
    }
}

text_enum! {
    /// Why a published decision is taken down.
    pub enum TakeDownReason {
        /// It shows who somebody is.
        Identifies = "identifies",
        /// It is wrong.
        Wrong = "wrong",
        /// Another reason.
        Other = "other",
    }
}

/// Whether a person in this role may take down what is public: the committee's clerk, and those who keep children safe.
pub fn may_take_down(role: Role) -> bool {
    role == Role::Clerk || role.sees_safety_lane()
}

/// Who wrote what becomes public, as ids of accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authors {
    /// Who typed the decision last.
    pub decided: Option<String>,
    /// Who wrote the committee's text last.
    pub approved: Option<String>,
}

/// Why a person may not release a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleaseRefused {
    /// They wrote a part of it: somebody else publishes it.
    OwnWords,
    /// It is not known who wrote the decision, so nobody is known to be somebody else.
    NoAuthor,
}

/// Whether this person may release what these wrote: never one of them.
pub fn may_release(staff: &str, authors: &Authors) -> Result<(), ReleaseRefused> {
    let Some(decided) = &authors.decided else {
        return Err(ReleaseRefused::NoAuthor);
    };
    let wrote = decided == staff || authors.approved.as_deref() == Some(staff);
    (!wrote).then_some(()).ok_or(ReleaseRefused::OwnWords)
}

/// Whether a decision of this day was made before its meeting, so that a reason is needed.
pub fn is_early(decided: Date, meeting: Date) -> bool {
    decided < meeting
}

/// Whether something can be due on this day: after the day on which it is decided, and not before the meeting.
pub fn can_be_due(due: Date, decided: Date, meeting: Date) -> bool {
    due > decided && due >= meeting
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn nobody_releases_what_they_wrote() {
        let wrote = |decided: &str, approved: Option<&str>| Authors {
            decided: Some(decided.to_owned()),
            approved: approved.map(str::to_owned),
        };
        let both = wrote("kim", Some("sol"));
        assert_eq!(may_release("kim", &both), Err(ReleaseRefused::OwnWords));
        assert_eq!(may_release("sol", &both), Err(ReleaseRefused::OwnWords));
        assert_eq!(may_release("ash", &both), Ok(()));
        // Of views from before the text's writer was kept, the decision's writer is enough to know.
        assert_eq!(may_release("ash", &wrote("kim", None)), Ok(()));
        let nobody = Authors::default();
        assert_eq!(may_release("ash", &nobody), Err(ReleaseRefused::NoAuthor));
    }

    #[test]
    fn a_due_day_is_after_the_decision_and_not_before_the_meeting() {
        let meeting = day("2026-12-10");
        let due = |due, decided| can_be_due(day(due), day(decided), meeting);
        assert!(!due("2020-01-01", "2026-12-10"));
        assert!(!due("2026-12-10", "2026-12-10"));
        assert!(due("2026-12-11", "2026-12-10"));
        // Decided early: not before the meeting either.
        assert!(!due("2026-12-09", "2026-11-30"));
        assert!(due("2026-12-10", "2026-11-30"));
        assert!(is_early(day("2026-12-09"), meeting));
        assert!(!is_early(meeting, meeting));
    }

    #[test]
    fn each_kind_asks_for_what_it_means_and_no_more() {
        use DecisionKind::*;
        for kind in DecisionKind::ALL {
            assert_eq!(kind.has_owner(), matches!(kind, Yes | Partly), "{kind:?}");
            assert_eq!(kind.has_reason(), matches!(kind, NotYet | No), "{kind:?}");
            assert_eq!(kind.has_until(), kind == NotYet);
            assert_eq!(kind.has_meeting(), kind == Deferred);
            // What is put off comes before the committee once more; nothing else waits for it.
            let again = matches!(kind, NotYet | ToCabinet | Deferred);
            assert_eq!(kind.leaves() == Rest::ToDecide, again, "{kind:?}");
        }
    }
}
