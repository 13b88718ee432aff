//! The people on the desk side.

use serde::{Deserialize, Serialize};

/// What a staff member is here for. One person has one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A young triager of SpeakerBox: reads views under a pseudonym, never the safety lane.
    Speakerbox,
    /// The adult who supports SpeakerBox: all of the above, the safety lane and names.
    Coordinator,
    /// The safety lead: views marked unsafe, and names.
    Safety,
    /// A member of the corporate parenting committee: approved text on a meeting's list.
    Committee,
    /// The committee's clerk: meetings, and what the committee decided.
    Clerk,
    /// Accounts and settings; reads no text at all.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 6] = [
        Role::Speakerbox,
        Role::Coordinator,
        Role::Safety,
        Role::Committee,
        Role::Clerk,
        Role::Admin,
    ];

    /// The name used in the database, on the command line and in word keys.
    pub fn id(self) -> &'static str {
        match self {
            Role::Speakerbox => "speakerbox",
            Role::Coordinator => "coordinator",
            Role::Safety => "safety",
            Role::Committee => "committee",
            Role::Clerk => "clerk",
            Role::Admin => "admin",
        }
    }

    /// The role with this [`Role::id`].
    pub fn from_id(id: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.id() == id)
    }

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
