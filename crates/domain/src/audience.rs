//! Who may ever read a text. Fixed when the text is written; it never widens later.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::role::Role;
use crate::text_enum;
use crate::view::Subject;

text_enum! {
    /// A key held by everyone in a role (or in several roles).
    pub enum RoleKey {
        /// Opens views as sent.
        Speakerbox = "speakerbox",
        /// Opens names, together with [`RoleKey::Safety`].
        Coordinator = "coordinator",
        /// Opens views marked unsafe, and names.
        Safety = "safety",
        /// Opens texts approved for the committee, and nothing else.
        Committee = "committee",
    }
}

impl RoleKey {
    /// The keys a person in this role is given. An administrator is given none.
    pub fn of(role: Role) -> &'static [RoleKey] {
        match role {
            Role::Speakerbox => &[RoleKey::Speakerbox],
            Role::Coordinator => &[RoleKey::Speakerbox, RoleKey::Coordinator],
            Role::Safety => &[RoleKey::Safety],
            Role::Committee | Role::Clerk => &[RoleKey::Committee],
            Role::Admin => &[],
        }
    }
}

/// One who can open a sealed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reader {
    /// Everyone who holds this role key.
    Key(RoleKey),
    /// The council's offline recovery key.
    Recovery,
    /// The young person, with their six words.
    Receipt,
}

text_enum! {
    /// What a sealed text is. The name is bound inside the seal, so that rows cannot be swapped.
    pub enum TextKind {
        /// The view as sent.
        View = "view",
        /// The name or the way to reach the sender, if they gave one.
        Identity = "identity",
        /// A question from the desk to the sender.
        Question = "question",
        /// A reply from the desk to the sender.
        Reply = "reply",
        /// What the sender wrote afterwards.
        Answer = "answer",
        /// A private note of the writer's role.
        Note = "note",
        /// The text SpeakerBox approved for the committee.
        Approved = "approved",
        /// What the committee decided, before and after it is published.
        Decision = "decision",
    }
}

/// Who may open a text of this kind. `in_safety_lane`: the view is marked unsafe; `writer`: the role of the
/// staff member who writes it, if one does.
///
/// A private note is sealed to the first key of its writer's role; a writer without keys (an administrator)
/// may not write one, so the list is then empty.
pub fn readers(kind: TextKind, in_safety_lane: bool, writer: Option<Role>) -> Vec<Reader> {
    readers_excluding_subject(kind, in_safety_lane, Subject::Nobody, writer)
}

/// The same for a view that is about somebody who would read it otherwise: no text of it is sealed to a key that they
/// hold, and a key that can answer is always among the readers.
pub fn readers_excluding_subject(
    kind: TextKind,
    in_safety_lane: bool,
    about: Subject,
    writer: Option<Role>,
) -> Vec<Reader> {
    use Reader::{Key, Receipt, Recovery};
    // The coordinator holds SpeakerBox's key too, so what is about either cannot be sealed to it.
    let desk = match about {
        Subject::Nobody | Subject::Committee => RoleKey::Speakerbox,
        Subject::Speakerbox | Subject::Safety => RoleKey::Coordinator,
        Subject::Coordinator => RoleKey::Safety,
    };
    let mut list = match kind {
        TextKind::View | TextKind::Question | TextKind::Reply | TextKind::Answer => {
            vec![Key(desk), Recovery, Receipt]
        }
        TextKind::Identity => {
            return match about {
                Subject::Coordinator => vec![Key(RoleKey::Safety)],
                Subject::Safety => vec![Key(RoleKey::Coordinator)],
                Subject::Nobody | Subject::Speakerbox | Subject::Committee => {
                    vec![Key(RoleKey::Safety), Key(RoleKey::Coordinator)]
                }
            };
        }
        TextKind::Note => {
            let keys = match writer {
                // The coordinator's first key is SpeakerBox's.
                Some(Role::Coordinator) if desk != RoleKey::Speakerbox => &[RoleKey::Coordinator],
                Some(role) => RoleKey::of(role),
                None => &[],
            };
            return keys.first().map(|key| Key(*key)).into_iter().collect();
        }
        TextKind::Approved | TextKind::Decision => {
            return vec![Key(RoleKey::Committee), Key(desk), Recovery, Receipt];
        }
    };
    let safety = Key(RoleKey::Safety);
    if in_safety_lane && about != Subject::Safety && !list.contains(&safety) {
        list.push(safety);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys_opening(kind: TextKind, unsafe_view: bool, writer: Option<Role>) -> Vec<RoleKey> {
        let mut keys: Vec<RoleKey> = readers(kind, unsafe_view, writer)
            .into_iter()
            .filter_map(|reader| match reader {
                Reader::Key(key) => Some(key),
                Reader::Recovery | Reader::Receipt => None,
            })
            .collect();
        keys.sort();
        keys
    }

    #[test]
    fn committee_and_admin_open_only_what_was_approved() {
        for kind in TextKind::ALL {
            let open =
                keys_opening(kind, true, Some(Role::Speakerbox)).contains(&RoleKey::Committee);
            assert_eq!(
                open,
                matches!(kind, TextKind::Approved | TextKind::Decision),
                "{kind:?}"
            );
        }
        assert!(RoleKey::of(Role::Admin).is_empty());
    }

    #[test]
    fn names_are_for_safety_and_coordinator_alone() {
        assert_eq!(
            readers(TextKind::Identity, true, None),
            [
                Reader::Key(RoleKey::Safety),
                Reader::Key(RoleKey::Coordinator)
            ]
        );
        assert!(!RoleKey::of(Role::Speakerbox).contains(&RoleKey::Coordinator));
    }

    #[test]
    fn safety_reads_a_view_only_when_it_is_marked_unsafe() {
        for kind in [
            TextKind::View,
            TextKind::Question,
            TextKind::Reply,
            TextKind::Answer,
        ] {
            assert!(!keys_opening(kind, false, None).contains(&RoleKey::Safety));
            assert!(keys_opening(kind, true, None).contains(&RoleKey::Safety));
            assert!(readers(kind, false, None).contains(&Reader::Receipt));
        }
    }

    #[test]
    fn no_text_of_a_view_is_sealed_to_a_key_of_whoever_it_is_about() {
        let sealed = |kind, lane, about, writer| -> Vec<RoleKey> {
            readers_excluding_subject(kind, lane, about, writer)
                .into_iter()
                .filter_map(|reader| match reader {
                    Reader::Key(key) => Some(key),
                    Reader::Recovery | Reader::Receipt => None,
                })
                .collect()
        };
        for (about, role) in [
            (Subject::Speakerbox, Role::Speakerbox),
            (Subject::Coordinator, Role::Coordinator),
            (Subject::Safety, Role::Safety),
        ] {
            let mut without = 0;
            for kind in TextKind::ALL {
                for lane in [false, true] {
                    let writer = Some(if role == Role::Coordinator {
                        Role::Safety
                    } else {
                        Role::Coordinator
                    });
                    let keys = sealed(kind, lane, about, writer);
                    let theirs = |key: &RoleKey| RoleKey::of(role).contains(key);
                    assert!(
                        !keys.iter().any(theirs),
                        "{about:?} {kind:?} {lane}: {keys:?}"
                    );
                    // Somebody at the desk can read it, and so answer it.
                    assert!(!keys.is_empty(), "{about:?} {kind:?} {lane}");
                    // A control: about nobody, most kinds are sealed to them in one lane or the other.
                    without += usize::from(
                        sealed(kind, true, Subject::Nobody, Some(role))
                            .iter()
                            .any(theirs),
                    );
                }
            }
            assert!(without >= 10, "{about:?}: {without}");
        }
        for kind in [
            TextKind::View,
            TextKind::Question,
            TextKind::Reply,
            TextKind::Answer,
        ] {
            for about in Subject::ALL {
                let list = readers_excluding_subject(kind, true, about, None);
                assert!(list.contains(&Reader::Receipt) && list.contains(&Reader::Recovery));
            }
        }
    }

    #[test]
    fn a_note_is_for_its_writers_role() {
        assert_eq!(
            keys_opening(TextKind::Note, true, Some(Role::Safety)),
            [RoleKey::Safety]
        );
        assert_eq!(
            keys_opening(TextKind::Note, true, Some(Role::Clerk)),
            [RoleKey::Committee]
        );
        assert!(readers(TextKind::Note, true, Some(Role::Admin)).is_empty());
        assert!(!readers(TextKind::Note, true, Some(Role::Safety)).contains(&Reader::Receipt));
    }
}
