//! The words of a text, and their stems. Knows no index.

/// Words that say nothing about what is meant.
pub(crate) const STOP: [&str; 63] = [
    "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by",
    "can", "did", "do", "does", "for", "from", "get", "got", "has", "have", "how", "i", "if", "im",
    "in", "is", "it", "its", "me", "my", "need", "of", "on", "or", "our", "out", "should", "so",
    "some", "that", "the", "their", "them", "they", "this", "to", "up", "want", "was", "we",
    "what", "when", "where", "who", "why", "will", "with", "you", "your",
];

/// The stems of the words of a text, in order: small letters, without the endings that do not change what is meant.
pub(crate) fn stems(text: &str) -> Vec<String> {
    words(text).iter().map(|word| stem(word)).collect()
}

pub(crate) fn words(text: &str) -> Vec<String> {
    let small = text.chars().flat_map(char::to_lowercase);
    let text: String = small.filter_map(plain).collect();
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

// A letter as somebody types it who is in a hurry: without accents, and without the marks and forms of Arabic letters
// that people leave out.
fn plain(c: char) -> Option<char> {
    match c {
        '\u{2019}' | '\'' | '\u{640}' | '\u{64b}'..='\u{652}' => None,
        'á' | 'à' | 'â' => Some('a'),
        'é' | 'è' | 'ê' => Some('e'),
        'í' => Some('i'),
        'ó' => Some('o'),
        'ú' | 'ü' => Some('u'),
        'ñ' => Some('n'),
        'أ' | 'إ' | 'آ' => Some('ا'),
        'ى' => Some('ي'),
        'ة' => Some('ه'),
        other => Some(other),
    }
}

pub(crate) fn stem(word: &str) -> String {
    let long_enough = |rest: &str| rest.chars().count() >= 3;
    // "The" is a part of the word in Arabic.
    let word = match word.strip_prefix("ال").filter(|rest| long_enough(rest)) {
        Some(rest) => rest,
        None => word,
    };
    let mut word = word.to_owned();
    if let Some(rest) = word.strip_suffix("ies").filter(|rest| long_enough(rest)) {
        word = format!("{rest}y");
    } else if let Some(rest) = word
        .strip_suffix('s')
        .filter(|rest| long_enough(rest) && !rest.ends_with(['s', 'u', 'i']))
    {
        word = rest.to_owned();
    }
    for ending in ["ing", "ed", "er", "or"] {
        let Some(rest) = word.strip_suffix(ending).filter(|rest| long_enough(rest)) else {
            continue;
        };
        // "putting" and "put", but "telling" and "tell".
        let mut letters = rest.chars().rev();
        let (last, before) = (letters.next(), letters.next());
        let doubled = last == before && !matches!(last, Some('l' | 's' | 'z'));
        let cut = if doubled {
            &rest[..rest.len() - 1]
        } else {
            rest
        };
        word = cut.to_owned();
        break;
    }
    match word.strip_suffix('e').filter(|rest| long_enough(rest)) {
        Some(rest) => rest.to_owned(),
        None => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_to_their_stem() {
        for (word, cut) in [
            ("complaining", "complain"),
            ("visits", "visit"),
            ("putting", "put"),
            ("telling", "tell"),
            ("families", "family"),
            ("advocates", "advocat"),
            ("advocate", "advocat"),
            ("is", "is"),
            ("bus", "bus"),
            ("caf\u{e9}s", "caf\u{e9}"),
        ] {
            assert_eq!(stem(word), cut, "{word}");
        }
    }
}
