//! What a young person can say about: topics, feelings, and how much room there is.

use crate::text_enum;

/// Most characters in the view itself.
pub const SAID_MAX: usize = 4_000;
/// Most characters in "what I would like to happen".
pub const WISH_MAX: usize = 1_000;
/// Most characters in a name or a way to reach someone.
pub const IDENTITY_MAX: usize = 300;
/// Most characters in a message, a note, an approved text or a decision.
pub const MESSAGE_MAX: usize = 4_000;

text_enum! {
    /// Whether a view is about somebody who would otherwise read it: that role is left out of its readers for good.
    pub enum Subject {
        /// About nobody who reads it.
        Nobody = "nobody",
        /// Somebody in SpeakerBox: the coordinator reads it alone.
        Speakerbox = "speakerbox",
        /// The SpeakerBox coordinator: the safety lead reads it alone.
        Coordinator = "coordinator",
        /// The safety lead: the coordinator reads it alone, in the safety lane too.
        Safety = "safety",
        /// Somebody on the committee: only the coordinator can put it before the committee.
        Committee = "committee",
    }
}

impl Subject {
    /// The choice that somebody made; who chose nothing means nobody. `None` if there is no such choice.
    pub fn chosen(id: &str) -> Option<Subject> {
        if id.is_empty() {
            return Some(Subject::Nobody);
        }
        Subject::from_id(id)
    }
}

text_enum! {
    /// What a view is about: what young people and reviewing officers raise.
    pub enum Topic {
        /// Where I live.
        Home = "home",
        /// My social worker or personal adviser.
        Worker = "worker",
        /// My care plan or pathway plan.
        Plan = "plan",
        /// Family and friends.
        FamilyTime = "family-time",
        /// School, college or training.
        School = "school",
        /// Health and feelings.
        Health = "health",
        /// Money.
        Money = "money",
        /// Moving on to adult life.
        MovingOn = "moving-on",
        /// Being heard.
        BeingHeard = "being-heard",
        /// Feeling safe.
        FeelingSafe = "feeling-safe",
        /// Something else.
        Other = "other",
    }
}

text_enum! {
    /// How it feels, in the sender's own choice.
    pub enum Feeling {
        /// Good.
        Good = "good",
        /// OK.
        Okay = "okay",
        /// Worried.
        Worried = "worried",
        /// Sad.
        Sad = "sad",
        /// Angry.
        Angry = "angry",
        /// Mixed.
        Mixed = "mixed",
    }
}

text_enum! {
    /// The answer to "Are you safe?".
    pub enum Safe {
        /// Yes.
        Yes = "yes",
        /// Not sure. Goes to the safety lane too: doubt is reason enough for an adult to read it first.
        NotSure = "not-sure",
        /// No, or someone is hurting me.
        No = "no",
    }
}

impl Safe {
    /// Whether the safety role reads this view first.
    pub fn to_safety_lane(self) -> bool {
        self != Safe::Yes
    }
}

/// Whether a character leaves nothing to see: white space, the empty braille pattern, and what Unicode lets every reader
/// ignore (`Default_Ignorable_Code_Point`).
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(character,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Tidies a text from a form: line ends become `\n`, control characters go, blanks at both ends go. A text in which there
/// is nothing to see is empty.
pub fn tidy(text: &str) -> String {
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = unix
        .chars()
        .filter(|c| *c == '\n' || *c == '\t' || !c.is_control())
        .collect();
    if kept.chars().all(is_blank) {
        return String::new();
    }
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_back() {
        for topic in Topic::ALL {
            assert_eq!(Topic::from_id(topic.id()), Some(topic));
        }
        assert_eq!(Topic::from_id("HOME"), None);
        assert!(Safe::NotSure.to_safety_lane() && Safe::No.to_safety_lane());
        assert!(!Safe::Yes.to_safety_lane());
    }

    #[test]
    fn tidies_without_losing_words() {
        assert_eq!(tidy("  a\r\nb\rc\0\u{7} d\t "), "a\nb\nc d");
        assert_eq!(tidy("\n \n"), "");
        for nothing in [
            "\u{200B}",
            "\u{3164}",
            "\u{2800}",
            "\u{AD}",
            " \u{FEFF}\n\u{200D}\u{FE0F}",
        ] {
            assert_eq!(tidy(nothing), "", "{nothing:?}");
        }
        // What joins two signs, or colours one, stays where there is something to see.
        for word in [
            "\u{1F468}\u{200D}\u{1F469}",
            "\u{2764}\u{FE0F}",
            "\u{200F}\u{645}",
        ] {
            assert_eq!(tidy(word), word);
        }
    }
}
