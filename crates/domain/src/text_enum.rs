//! Closed vocabularies: an enum whose values are fixed words in forms, the database, word keys and JSON. It knows no
//! vocabulary.

/// Makes an enum with its words: `ALL`, `IDS`, `id` and `from_id`, and the same words in serde. The words stand beside
/// the values and nowhere else. A crate that uses it depends on serde.
#[macro_export]
macro_rules! text_enum {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$value_doc:meta])* $value:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name { $($(#[$value_doc])* #[serde(rename = $word)] $value,)+ }

        impl $name {
            /// Every value, in the order in which it is offered.
            pub const ALL: [$name; $name::IDS.len()] = [$($name::$value,)+];

            /// Every word, in the same order.
            pub const IDS: &'static [&'static str] = &[$($word,)+];

            /// The word.
            pub fn id(self) -> &'static str {
                match self { $($name::$value => $word,)+ }
            }

            /// The value with this word.
            pub fn from_id(id: &str) -> Option<$name> {
                match id { $($word => Some($name::$value),)+ _ => None }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::audience::{Audience, RoleKey, TextKind};
    use crate::desk_act::{ItemAct, ViewAct};
    use crate::entitlements::answers::{
        Basis, BreaksBasis, Council, Home, LivingTogether, StayKind, With,
    };
    use crate::entitlements::outcome::{self, AdviserAnswer, Ask, Rule, StayingPutAnswer};
    use crate::entitlements::parse::Code;
    use crate::entitlements::report::Only;
    use crate::event::EventKind;
    use crate::indicator::{Better, IndicatorStatus, Movement, Unit};
    use crate::lifecycle::{CloseReason, Lane, Service, State};
    use crate::publication::{DecisionKind, Publicity, Rest, TakeDownReason};
    use crate::readers::ReaderSentence;
    use crate::role::Role;
    use crate::view::{Feeling, Safe, Subject, Topic};
    use std::path::Path;

    /// What is wrong with a vocabulary: a word that stands twice, is empty, or is not read back as itself.
    fn faults(words: &[&str], read_back: impl Fn(&str) -> Option<String>) -> Vec<String> {
        let mut faults = Vec::new();
        for (place, word) in words.iter().enumerate() {
            if words[..place].contains(word) {
                faults.push(format!("{word} stands twice"));
            }
            if word.is_empty() || read_back(word).as_deref() != Some(*word) {
                faults.push(format!("{word} is not read back"));
            }
        }
        faults
    }

    macro_rules! vocabularies {
        ($($name:ty),+ $(,)?) => {
            [$((
                stringify!($name).rsplit(' ').next().unwrap_or_default().rsplit(':').next().unwrap_or_default(),
                faults(&<$name>::ALL.map(<$name>::id), |word| {
                    let value = <$name>::from_id(word)?;
                    let json = serde_json::to_string(&value).ok()?;
                    let back: $name = serde_json::from_str(&json).ok()?;
                    (back == value && json == format!("\"{word}\"")).then(|| back.id().to_owned())
                }),
                <$name>::from_id("no such word").is_none() && <$name>::from_id("").is_none(),
                <$name>::ALL.map(<$name>::id) == <$name>::IDS,
            )),+]
        };
    }

    #[test]
    fn every_word_of_every_vocabulary_is_read_back_and_stands_once() {
        let all = vocabularies![
            Audience,
            RoleKey,
            TextKind,
            Basis,
            BreaksBasis,
            Council,
            Home,
            LivingTogether,
            StayKind,
            With,
            outcome::Status,
            AdviserAnswer,
            Ask,
            Rule,
            StayingPutAnswer,
            Code,
            Only,
            EventKind,
            Better,
            Movement,
            IndicatorStatus,
            Unit,
            CloseReason,
            Lane,
            Service,
            State,
            DecisionKind,
            Publicity,
            Rest,
            TakeDownReason,
            ReaderSentence,
            Role,
            Feeling,
            Safe,
            Subject,
            Topic,
            ViewAct,
            ItemAct,
        ];
        for (name, faults, refuses, same_order) in &all {
            assert_eq!(*faults, [""; 0], "{name}");
            assert!(*refuses && *same_order, "{name}");
        }
        // None is left out: the list above against the source.
        let mut tested: Vec<&str> = all.iter().map(|(name, ..)| *name).collect();
        let mut made = Vec::new();
        let mut by_hand = Vec::new();
        for (file, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
            if file == "text_enum.rs" {
                continue;
            }
            made.extend(names(&text));
            if text.contains("fn from_id(") {
                by_hand.push(file);
            }
        }
        tested.sort_unstable();
        made.sort_unstable();
        assert_eq!(made, tested);
        assert_eq!(by_hand, [""; 0], "made without the macro");
    }

    #[test]
    fn a_word_that_stands_twice_or_is_not_read_back_is_found() {
        let as_is = |word: &str| Some(word.to_owned());
        assert_eq!(faults(&["one", "two"], as_is), [""; 0]);
        assert_eq!(faults(&["one", "one"], as_is), ["one stands twice"]);
        assert_eq!(faults(&["one"], |_| None), ["one is not read back"]);
        assert_eq!(faults(&[""], as_is), [" is not read back"]);
        let made = "crate::text_enum! {\n    /// What.\n    #[x]\n    pub enum Colour {\n";
        assert_eq!(names(made), ["Colour"]);
    }

    /// The names of the enums that a file makes with the macro.
    fn names(text: &str) -> Vec<String> {
        let calls = text.split("text_enum! {\n").skip(1);
        calls
            .filter_map(|call| {
                let head = call.lines().map(str::trim);
                let name = head
                    .filter(|line| !line.starts_with("//") && !line.starts_with('#'))
                    .find_map(|line| line.strip_prefix("pub enum ")?.strip_suffix(" {"))?;
                Some(name.to_owned())
            })
            .collect()
    }

    fn sources(folder: &Path) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                all.extend(sources(&path));
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                all.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
        all
    }
}
