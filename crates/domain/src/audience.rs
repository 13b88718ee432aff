//! Who may ever read a text. Fixed when the text is written; danger alone changes it, to those who keep children safe.

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

text_enum! {
    /// Whom the thread of a view is written for, by where it stands in the safety lane. Kept with each text: of two lists of
    /// the same length nothing else tells which one it was sealed to.
    pub enum Audience {
        /// Not in the safety lane: the desk.
        Desk = "desk",
        /// Those who keep children safe have it: they alone, never the young people of SpeakerBox.
        Adults = "adults",
        /// They have shared it: the desk and they.
        Shared = "shared",
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
        /// A private note for those who keep children safe, also the reason for raising a view.
        AdultNote = "note-adults",
        /// What those who keep children safe tell SpeakerBox of a view, in place of the sender's words.
        Summary = "summary",
        /// The text SpeakerBox approved for the committee.
        Approved = "approved",
        /// What the committee decided, before and after it is published.
        Decision = "decision",
    }
}

/// Who may open a text of this kind. `writer`: the role of the staff member who writes it, if one does.
///
/// A private note is sealed to the first key of its writer's role; a writer without keys (an administrator)
/// may not write one, so the list is then empty.
pub fn readers(kind: TextKind, audience: Audience, writer: Option<Role>) -> Vec<Reader> {
    readers_excluding_subject(kind, audience, Subject::Nobody, writer)
}

/// The same for a view that is about somebody who would read it otherwise: no text of it is sealed to a key that they
/// hold, and a key that can answer is always among the readers.
pub fn readers_excluding_subject(
    kind: TextKind,
    audience: Audience,
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
            if audience == Audience::Adults {
                let mut list = keepers(about);
                list.extend([Recovery, Receipt]);
                return list;
            }
            vec![Key(desk), Recovery, Receipt]
        }
        TextKind::Identity | TextKind::AdultNote => return keepers(about),
        TextKind::Note => {
            let keys = match writer {
                // The coordinator's first key is SpeakerBox's.
                Some(Role::Coordinator) if desk != RoleKey::Speakerbox => &[RoleKey::Coordinator],
                Some(role) => RoleKey::of(role),
                None => &[],
            };
            return keys.first().map(|key| Key(*key)).into_iter().collect();
        }
        TextKind::Summary => vec![Key(desk), Recovery, Receipt],
        TextKind::Approved | TextKind::Decision => {
            vec![Key(RoleKey::Committee), Key(desk), Recovery, Receipt]
        }
    };
    let safety = Key(RoleKey::Safety);
    let with_safety = audience != Audience::Desk || kind == TextKind::Summary;
    if with_safety && about != Subject::Safety && !list.contains(&safety) {
        list.push(safety);
    }
    list
}

/// The keys of those who keep children safe, without whom the view is about.
fn keepers(about: Subject) -> Vec<Reader> {
    match about {
        Subject::Coordinator => vec![Reader::Key(RoleKey::Safety)],
        Subject::Safety => vec![Reader::Key(RoleKey::Coordinator)],
        Subject::Nobody | Subject::Speakerbox | Subject::Committee => {
            vec![
                Reader::Key(RoleKey::Safety),
                Reader::Key(RoleKey::Coordinator),
            ]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys_opening(kind: TextKind, audience: Audience, writer: Option<Role>) -> Vec<RoleKey> {
        let mut keys: Vec<RoleKey> = readers(kind, audience, writer)
            .into_iter()
            .filter_map(|reader| match reader {
                Reader::Key(key) => Some(key),
                Reader::Recovery | Reader::Receipt => None,
            })
            .collect();
        keys.sort();
        keys
    }

    fn kinds_and_audiences() -> impl Iterator<Item = (TextKind, Audience)> {
        let with_each = |kind| Audience::ALL.map(|audience| (kind, audience));
        TextKind::ALL.into_iter().flat_map(with_each)
    }

    #[test]
    fn committee_and_admin_open_only_what_was_approved() {
        for (kind, audience) in kinds_and_audiences() {
            let keys = keys_opening(kind, audience, Some(Role::Speakerbox));
            assert_eq!(
                keys.contains(&RoleKey::Committee),
                matches!(kind, TextKind::Approved | TextKind::Decision),
                "{kind:?}"
            );
        }
        assert!(RoleKey::of(Role::Admin).is_empty());
    }

    #[test]
    fn names_are_for_safety_and_coordinator_alone() {
        assert_eq!(
            readers(TextKind::Identity, Audience::Adults, None),
            [
                Reader::Key(RoleKey::Safety),
                Reader::Key(RoleKey::Coordinator)
            ]
        );
        assert!(!RoleKey::of(Role::Speakerbox).contains(&RoleKey::Coordinator));
    }

    const THREAD: [TextKind; 4] = [
        TextKind::View,
        TextKind::Question,
        TextKind::Reply,
        TextKind::Answer,
    ];

    #[test]
    fn the_desk_reads_an_ordinary_view_adults_alone_the_safety_lane_and_both_what_is_shared() {
        let safety = RoleKey::Safety;
        for kind in THREAD {
            assert_eq!(
                keys_opening(kind, Audience::Desk, None),
                [RoleKey::Speakerbox]
            );
            let adults = keys_opening(kind, Audience::Adults, Some(Role::Safety));
            assert_eq!(adults, [RoleKey::Coordinator, safety]);
            let shared = keys_opening(kind, Audience::Shared, None);
            assert_eq!(shared, [RoleKey::Speakerbox, safety]);
            for audience in Audience::ALL {
                assert!(readers(kind, audience, None).contains(&Reader::Receipt));
            }
        }
        for audience in Audience::ALL {
            let summary = keys_opening(TextKind::Summary, audience, Some(Role::Safety));
            assert_eq!(summary, [RoleKey::Speakerbox, safety]);
            let note = readers(TextKind::AdultNote, audience, Some(Role::Coordinator));
            assert_eq!(
                note,
                [Reader::Key(safety), Reader::Key(RoleKey::Coordinator)]
            );
        }
    }

    #[test]
    fn no_text_of_a_view_is_sealed_to_a_key_of_whoever_it_is_about() {
        let sealed = |kind, audience, about, writer| -> Vec<RoleKey> {
            readers_excluding_subject(kind, audience, about, writer)
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
            for (kind, audience) in kinds_and_audiences() {
                let writer = Some(if role == Role::Coordinator {
                    Role::Safety
                } else {
                    Role::Coordinator
                });
                let keys = sealed(kind, audience, about, writer);
                let theirs = |key: &RoleKey| RoleKey::of(role).contains(key);
                assert!(
                    !keys.iter().any(theirs),
                    "{about:?} {kind:?} {audience:?}: {keys:?}"
                );
                // Somebody at the desk can read it, and so answer it.
                assert!(!keys.is_empty(), "{about:?} {kind:?} {audience:?}");
                // A control: about nobody, most texts are sealed to them in one place or the other.
                let nobodys = sealed(kind, audience, Subject::Nobody, Some(role));
                without += usize::from(nobodys.iter().any(theirs));
            }
            assert!(without >= 10, "{about:?}: {without}");
        }
        for (kind, about) in THREAD
            .into_iter()
            .flat_map(|kind| Subject::ALL.map(|about| (kind, about)))
        {
            for audience in Audience::ALL {
                let list = readers_excluding_subject(kind, audience, about, None);
                assert!(list.contains(&Reader::Receipt) && list.contains(&Reader::Recovery));
            }
        }
    }

    #[test]
    fn a_note_is_for_its_writers_role() {
        assert_eq!(
            keys_opening(TextKind::Note, Audience::Adults, Some(Role::Safety)),
            [RoleKey::Safety]
        );
        assert_eq!(
            keys_opening(TextKind::Note, Audience::Adults, Some(Role::Clerk)),
            [RoleKey::Committee]
        );
        assert!(readers(TextKind::Note, Audience::Adults, Some(Role::Admin)).is_empty());
        assert!(
            !readers(TextKind::Note, Audience::Adults, Some(Role::Safety))
                .contains(&Reader::Receipt)
        );
    }
}
