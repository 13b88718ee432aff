//! Something wrong with the words: in which file, where in it, and what. Knows no check.

use std::fmt;

/// Something wrong with the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintError {
    /// File, under `content/southwark/`, with the folder of its language.
    pub file: String,
    /// Where in the file: a key, an id, a word; empty for the file as a whole.
    pub place: String,
    /// What is wrong: a clause that stands after the place or alone, with its subject, in small letters and without a full
    /// stop (`it says x`, `its review was due on …`). For people alone: nothing is read out of it.
    pub message: String,
}

impl LintError {
    /// The error as a sentence. `own`: the reader has this file before them, so its name is left out.
    pub fn sentence(&self, own: bool) -> String {
        let message = self.message.trim().trim_end_matches('.');
        let file = if own { "" } else { self.file.as_str() };
        let mut before: Vec<&str> = vec![file, &self.place];
        before.retain(|part| !part.is_empty());
        if before.is_empty() {
            let mut letters = message.chars();
            let first: String = letters
                .next()
                .into_iter()
                .flat_map(char::to_uppercase)
                .collect();
            return format!("{first}{}.", letters.as_str());
        }
        format!("{}: {message}.", before.join(": "))
    }
}

impl fmt::Display for LintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LintError {
            file,
            place,
            message,
        } = self;
        if place.is_empty() {
            return write!(f, "{file}: {message}");
        }
        write!(f, "{file}: {place}: {message}")
    }
}

/// Something wrong in a file that the finder does not know: place and message of a [`LintError`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub(crate) place: String,
    pub(crate) message: String,
}

impl Flaw {
    /// It is wrong at this place.
    pub(crate) fn at(place: &str, message: impl Into<String>) -> Flaw {
        Flaw {
            place: place.to_owned(),
            message: message.into(),
        }
    }

    /// It is wrong with the file as a whole.
    pub(crate) fn whole(message: impl Into<String>) -> Flaw {
        Flaw::at("", message)
    }

    /// The same with its file.
    pub(crate) fn in_file(self, file: &str) -> LintError {
        LintError {
            file: file.to_owned(),
            place: self.place,
            message: self.message,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The desk once took a message apart: what stood before a colon was its place, and a first word out of a list was a
    // verb. Another wording lost the place.
    #[test]
    fn no_wording_of_a_message_moves_its_place() {
        for message in [
            "it says x",
            "says x",
            "is missing",
            "named: it says x",
            "en/pages/home.md: it says x",
            ": ",
            "\u{df}x.",
            "",
        ] {
            let error = Flaw::at("leave.link", message).in_file("en/interface");
            let said = message.trim().trim_end_matches('.');
            assert_eq!(error.sentence(true), format!("leave.link: {said}."));
            assert_eq!(
                error.sentence(false),
                format!("en/interface: leave.link: {said}.")
            );
            let whole = Flaw::whole(message).in_file("en/pages/home.md");
            assert_eq!(whole.sentence(false), format!("en/pages/home.md: {said}."));
            assert_eq!(
                (whole.place.as_str(), whole.file.as_str()),
                ("", "en/pages/home.md")
            );
        }
        let whole = Flaw::whole("it says x.").in_file("en/pages/home.md");
        assert_eq!(whole.sentence(true), "It says x.");
        assert_eq!(whole.to_string(), "en/pages/home.md: it says x.");
    }
}
