//! Which passwords are too easy to guess: those on a list of common ones, those made of one or two of them, keys in a
//! row, and the words that anybody would try here first.
//!
//! `common-passwords.bin` holds, of the SecLists list of the million most common passwords (MIT licence, see
//! `common-passwords.LICENSE`), every one of 15 characters or more and, of the first 10,000, those of 4 to 14: of each, in
//! small letters, the first 6 bytes of its SHA-256, sorted. Hashes, because a list of what people choose is no reading
//! for anybody's eyes, and because a look-up is all it is for.

use sha2::{Digest, Sha256};

/// Shortest password, in characters.
pub const MIN: usize = 15;
/// Longest password, in characters.
pub const MAX: usize = 128;

const LIST: &[u8] = include_bytes!("common-passwords.bin");
const HASH: usize = 6;
/// Words that stand on every page here.
const OURS: [&str; 5] = ["southwark", "pledge", "speakerbox", "council", "committee"];
/// Rows of the keyboard, there and back, and the alphabet.
const ROWS: [&str; 6] = [
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "0987654321",
    "abcdefghijklm",
];
/// Shortest and longest common password that counts as a part of another.
const PART: std::ops::RangeInclusive<usize> = 4..=14;
/// Letters and digits that must be left when the name and our own words are taken out.
const LEFT: usize = 8;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooWeak {
    /// Under [`MIN`] characters.
    Short,
    /// Over [`MAX`] characters.
    Long,
    /// Among the first that anybody would try.
    Common,
}

/// Looks at a new password of the person with this name. There are no rules of composition: length and not being
/// guessable are what counts.
pub fn check(password: &str, name: &str) -> Result<(), TooWeak> {
    match password.chars().count() {
        ..MIN => Err(TooWeak::Short),
        MIN..=MAX if is_guessable(password, name) => Err(TooWeak::Common),
        MIN..=MAX => Ok(()),
        _ => Err(TooWeak::Long),
    }
}

fn is_guessable(password: &str, name: &str) -> bool {
    let lower = password.to_lowercase();
    let plain = letters_and_digits(&lower);
    // "p4ssw0rd" is "password" to a guesser.
    let spoken: String = letters_and_digits(&lower.chars().map(spoken).collect::<String>());
    let mut signs: Vec<char> = lower.chars().collect();
    signs.sort_unstable();
    signs.dedup();
    signs.len() < 6
        || ROWS.iter().any(|row| lower.starts_with(row))
        || [&lower, &plain, &spoken]
            .into_iter()
            .any(|text| is_listed(text))
        || [&plain, &spoken].into_iter().any(|text| is_few_words(text))
        || is_ours(&plain, name)
}

fn letters_and_digits(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphanumeric()).collect()
}

fn spoken(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

fn is_listed(text: &str) -> bool {
    let digest = Sha256::digest(text.as_bytes());
    let wanted = &digest[..HASH];
    let (entries, _) = LIST.as_chunks::<HASH>();
    entries
        .binary_search_by(|entry| entry.as_slice().cmp(wanted))
        .is_ok()
}

// One or two common passwords over and over, with any numbers between.
fn is_few_words(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|sign| !sign.is_numeric()).collect();
    // Numbers alone are few words too.
    let mut steps = 10_000;
    letters.len() < 4 || cut(&letters, &mut Vec::new(), &mut steps)
}

// Whether the rest can be cut into words already used and, up to two in all, new ones. `steps` bounds the search.
fn cut<'t>(rest: &'t [char], used: &mut Vec<&'t [char]>, steps: &mut u32) -> bool {
    if rest.is_empty() {
        return true;
    }
    let Some(left) = steps.checked_sub(1) else {
        return false;
    };
    *steps = left;
    for word in used.clone() {
        if rest.starts_with(word) && cut(&rest[word.len()..], used, steps) {
            return true;
        }
    }
    if used.len() == 2 {
        return false;
    }
    for length in PART.take_while(|length| *length <= rest.len()) {
        let word = &rest[..length];
        if is_listed(&word.iter().collect::<String>()) {
            used.push(word);
            if cut(&rest[length..], used, steps) {
                return true;
            }
            used.pop();
        }
    }
    false
}

// Little but the person's own name and our own words.
fn is_ours(plain: &str, name: &str) -> bool {
    let name = name.to_lowercase();
    let parts = name.split(|sign: char| !sign.is_alphanumeric());
    let whole = letters_and_digits(&name);
    let mut left = plain.to_owned();
    let names = std::iter::once(whole.as_str()).chain(parts);
    for word in names.chain(OURS).filter(|word| word.chars().count() > 2) {
        left = left.replace(word, "");
    }
    left.chars().count() < LEFT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_whole() {
        let (entries, rest) = LIST.as_chunks::<HASH>();
        assert!(rest.is_empty() && entries.len() > 19_000);
        assert!(entries.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(is_listed("password") && is_listed("manchesterunited"));
        assert!(!is_listed("three boats under a green hill"));
    }

    #[test]
    fn what_anybody_would_try_first_is_refused() {
        for bad in [
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
            "qwertyuiop12345678",
            "PasswordPassword1",
            "Password1234567890",
            "p4ssw0rdp4ssw0rd",
            "letmein letmein letmein",
            "sunshine butterfly 1999",
            "manchester united",
            "Manchester-United-2026",
            "1q2w3e4r5t6y7u8i",
            "2026 2025 2024 2023 2022",
            "ada lovelace 12",
            "Lovelace, Ada 1815",
            "southwark pledge 2026",
            "SouthwarkSouthwark1",
            "SpeakerBox council",
        ] {
            assert_eq!(check(bad, "Ada Lovelace"), Err(TooWeak::Common), "{bad}");
        }
    }

    #[test]
    fn a_long_sentence_or_a_random_text_is_taken() {
        for good in [
            "three boats under a green hill",
            "ada likes a long green boat",
            "qj7xm-4tzpa-w9fke",
            "correct horse battery staple",
            "τρεις βάρκες κάτω από τον λόφο",
        ] {
            assert_eq!(check(good, "Ada Lovelace"), Ok(()), "{good}");
        }
        assert_eq!(check("fourteen signs", ""), Err(TooWeak::Short));
        let long = "three boats under a green hill ".repeat(5);
        assert_eq!(check(&long, ""), Err(TooWeak::Long));
    }

    #[test]
    fn the_search_ends_whatever_is_typed() {
        // Words that begin alike give many ways to cut.
        let hard = "testtesttest".repeat(10) + "qqzzvvww";
        assert_eq!(check(&hard, ""), Ok(()));
    }
}
