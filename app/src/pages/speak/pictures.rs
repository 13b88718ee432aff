//! Pictures of topics and feelings, for those who read little.

use domain::view::{Feeling, Safe, Topic};

/// The sign of a topic.
pub(crate) fn topic_sign(id: &str) -> Option<&'static str> {
    Some(match Topic::from_id(id)? {
        Topic::Home => "house",
        Topic::Worker => "people",
        Topic::Plan => "pencil",
        Topic::FamilyTime => "heart",
        Topic::School => "backpack",
        Topic::Health => "plus",
        Topic::Money => "coins",
        Topic::MovingOn => "key",
        Topic::BeingHeard => "megaphone",
        Topic::FeelingSafe => "shield",
        Topic::Other => "bubble",
    })
}

/// The face of a feeling; no answer has one too.
pub(crate) fn feeling_sign(id: &str) -> Option<&'static str> {
    Some(match Feeling::from_id(id) {
        Some(Feeling::Good) => "face-good",
        Some(Feeling::Okay) => "face-okay",
        Some(Feeling::Worried) => "face-worried",
        Some(Feeling::Sad) => "face-sad",
        Some(Feeling::Angry) => "face-angry",
        Some(Feeling::Mixed) => "face-mixed",
        None => "face-quiet",
    })
}

pub(super) fn safe_sign(id: &str) -> Option<&'static str> {
    Some(match Safe::from_id(id)? {
        Safe::Yes => "face-good",
        Safe::NotSure => "face-worried",
        Safe::No => "face-sad",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_topic_feeling_and_answer_about_safety_has_a_picture_of_its_own() {
        fn all_differ(signs: Vec<Option<&'static str>>) -> bool {
            let some: BTreeSet<_> = signs.iter().flatten().collect();
            some.len() == signs.len()
        }
        assert!(all_differ(
            Topic::ALL
                .iter()
                .map(|topic| topic_sign(topic.id()))
                .collect()
        ));
        let feelings = Feeling::ALL.iter().map(|feeling| feeling.id()).chain([""]);
        assert!(all_differ(feelings.map(feeling_sign).collect()));
        assert!(all_differ(
            Safe::ALL.iter().map(|safe| safe_sign(safe.id())).collect()
        ));
        assert_eq!(topic_sign("nothing"), None);
    }
}
