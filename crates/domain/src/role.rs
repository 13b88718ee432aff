//! The people on the desk side.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::text_enum;

text_enum! {
    /// What a staff member is here for. One person has one role.
    pub enum Role {
        /// A young triager of SpeakerBox: reads views under a pseudonym, never the safety lane.
        Speakerbox = "speakerbox",
        /// The adult who supports SpeakerBox: all of the above, the safety lane and names.
        Coordinator = "coordinator",
        /// The safety lead: views marked unsafe, and names.
        Safety = "safety",
        /// A member of the corporate parenting committee: approved text on a meeting's list.
        Committee = "committee",
        /// The committee's clerk: meetings, and what the committee decided.
        Clerk = "clerk",
        /// Accounts and settings; reads no text at all.
        Admin = "admin",
    }
}

impl Role {
    /// May see SpeakerBox's queue.
    pub fn sees_queue(self) -> bool {
        matches!(self, Role::Speakerbox | Role::Coordinator)
    }

    /// May see views marked unsafe before they are released to SpeakerBox.
    pub fn sees_safety_lane(self) -> bool {
        matches!(self, Role::Coordinator | Role::Safety)
    }

    /// May see the approved texts on a meeting's list, and decide on them.
    pub fn sees_meetings(self) -> bool {
        matches!(self, Role::Committee | Role::Clerk)
    }

    /// May see who opened which view and which name.
    pub fn sees_record(self) -> bool {
        matches!(self, Role::Coordinator | Role::Admin)
    }

    /// May say that a view must be kept longer, and that it need not any more.
    pub fn holds(self) -> bool {
        self == Role::Coordinator
    }

    /// May enter figures of the council's promises.
    pub fn enters_figures(self) -> bool {
        matches!(self, Role::Coordinator | Role::Clerk)
    }

    /// May write drafts of the words of pages.
    pub fn writes_words(self) -> bool {
        matches!(self, Role::Speakerbox | Role::Coordinator | Role::Clerk)
    }

    /// May publish words that somebody else has written.
    pub fn publishes_words(self) -> bool {
        matches!(self, Role::Coordinator | Role::Clerk)
    }

    /// May make a meeting that texts can be put on.
    pub fn makes_meetings(self) -> bool {
        matches!(self, Role::Coordinator | Role::Clerk | Role::Committee)
    }

    /// Looks after accounts: invites, suspends and removes people.
    pub fn looks_after_accounts(self) -> bool {
        matches!(self, Role::Admin)
    }
}

/// The name of somebody at the desk, without blanks around it: 2 to 60 characters, none of them a control character.
pub fn checked_name(name: &str) -> Option<&str> {
    let name = name.trim();
    let fits = (2..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    fits.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_2_to_60_characters() {
        let most = "é".repeat(60);
        for (name, checked) in [
            (" Jo ", Some("Jo")),
            (most.as_str(), Some(most.as_str())),
            ("J", None),
            ("  ", None),
            ("Jo\u{7}", None),
            (&"x".repeat(61), None),
        ] {
            assert_eq!(checked_name(name), checked, "{name}");
        }
    }
}
