//! Sentences that are too long, and words that hurt.

/// Longest sentence, in words.
const SENTENCE_MAX: usize = 25;

/// Words that young people asked us not to use (facts of the field: TACT, "Language That Cares"), whole and in lower
/// case.
const AVOID: [&str; 12] = [
    "lac",
    "placement",
    "placements",
    "case",
    "cases",
    "client",
    "clients",
    "respite",
    "siblings",
    "abscond",
    "neet",
    "lorem",
];

/// Names of documents in which a word of [`AVOID`] is part of the title.
const TITLES: [&str; 1] = ["Care Planning, Placement and Case Review (England) Regulations 2010"];

pub(super) fn wording_faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut text = text.to_owned();
    for title in TITLES {
        text = text.replace(title, "these Regulations");
    }
    for sentence in text.split(['.', '!', '?', ':', '\n']) {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        if words.len() > SENTENCE_MAX {
            faults.push(format!(
                "a sentence has {} words: {} …",
                words.len(),
                words[..6].join(" ")
            ));
        }
        for word in words {
            let bare: String = word
                .chars()
                .filter(|c| c.is_alphanumeric())
                .collect::<String>()
                .to_lowercase();
            if AVOID.contains(&bare.as_str()) {
                faults.push(format!("it says {word}"));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_planted() {
        assert_eq!(
            wording_faults("A fine sentence. Another one."),
            [] as [String; 0]
        );
        assert_eq!(wording_faults("Your placement."), ["it says placement"]);
        assert_eq!(wording_faults(&"word ".repeat(26)).len(), 1);
        assert_eq!(wording_faults(TITLES[0]), [] as [String; 0]);
    }
}
