//! Receipts: six everyday words, 66 bits, the only key a young person needs.

/// How many words a receipt has.
pub const WORDS: usize = 6;

/// The 2,048 words a receipt is made of: common, child-safe, distinguished by their first four letters,
/// never one letter slip away from each other.
pub fn word_list() -> Vec<&'static str> {
    include_str!("words.txt").lines().collect()
}

/// Six numbers below 2,048, one for each word.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt([u16; WORDS]);

impl Receipt {
    /// The receipt of 66 random bits; the other bits of the nine bytes are not used.
    pub fn from_random(bytes: [u8; 9]) -> Receipt {
        let mut bits = bytes
            .iter()
            .fold(0u128, |all, byte| (all << 8) | u128::from(*byte));
        let mut numbers = [0u16; WORDS];
        for number in &mut numbers {
            *number = (bits & 0x7ff) as u16;
            bits >>= 11;
        }
        Receipt(numbers)
    }

    /// The six words with a blank between them: what is shown, printed and stretched into keys.
    pub fn to_words(&self) -> String {
        let list = word_list();
        let words: Vec<&str> = self
            .0
            .iter()
            .map(|n| list.get(usize::from(*n)).copied().unwrap_or_default())
            .collect();
        words.join(" ")
    }
}

// A receipt opens a child's view: it must never slip into a log or an error.
impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Receipt(hidden)")
    }
}

/// Typed words that are not a receipt, with what may have been meant.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct NotAReceipt {
    /// How many words were typed.
    pub typed: usize,
    /// For each typed word that is not on the list: its place (from 1) and the nearest word on the list, if one is near.
    pub doubts: Vec<(usize, Option<&'static str>)>,
}

/// Reads typed words, forgiving case, extra or missing blanks, hyphens and other signs between words.
pub fn read(typed: &str) -> Result<Receipt, NotAReceipt> {
    let list = word_list();
    let words = split(typed);
    if words.len() == WORDS {
        let numbers: Vec<Option<u16>> = words.iter().map(|word| number_of(&list, word)).collect();
        if let Some(receipt) = all_known(&numbers) {
            return Ok(receipt);
        }
    }
    // Perhaps the blanks were lost or put in the wrong place: the letters alone may still say which six words.
    let letters: String = words.concat();
    if let Some(receipt) = split_letters(&list, &letters) {
        return Ok(receipt);
    }
    let doubts = words
        .iter()
        .take(WORDS)
        .enumerate()
        .filter(|(_, word)| number_of(&list, word).is_none())
        .map(|(at, word)| (at + 1, nearest(&list, word)))
        .collect();
    Err(NotAReceipt {
        typed: words.len(),
        doubts,
    })
}

/// Whether the typed words are these six words, forgiving the same things as [`read`]. Needs no word list, so that
/// the phone can check without carrying it.
pub fn same_words(typed: &str, words: &str) -> bool {
    split(typed).concat() == split(words).concat()
}

/// Whether a text contains the receipt's six words in order, which would give the key away.
pub fn gives_away(text: &str, words: &str) -> bool {
    let (text, words) = (split(text), split(words));
    !words.is_empty() && text.windows(words.len()).any(|window| window == words)
}

fn split(text: &str) -> Vec<String> {
    // The list is plain ASCII; anything else is no letter of a receipt.
    text.split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect()
}

fn number_of(list: &[&str], word: &str) -> Option<u16> {
    list.binary_search(&word)
        .ok()
        .and_then(|at| u16::try_from(at).ok())
}

fn all_known(numbers: &[Option<u16>]) -> Option<Receipt> {
    let mut receipt = [0u16; WORDS];
    for (slot, number) in receipt.iter_mut().zip(numbers) {
        *slot = (*number)?;
    }
    Some(Receipt(receipt))
}

// The only way to cut the letters into six words of the list, if there is exactly one.
fn split_letters(list: &[&str], letters: &str) -> Option<Receipt> {
    if !letters.is_ascii() || letters.len() > WORDS * 8 {
        return None;
    }
    let mut ways: Vec<(usize, Vec<u16>)> = vec![(0, Vec::new())];
    for _ in 0..WORDS {
        let mut longer = Vec::new();
        for (at, numbers) in ways {
            for length in 3..=8 {
                if let Some(number) = letters
                    .get(at..at + length)
                    .and_then(|word| number_of(list, word))
                {
                    let mut numbers = numbers.clone();
                    numbers.push(number);
                    longer.push((at + length, numbers));
                }
            }
        }
        ways = longer;
    }
    let mut whole = ways.into_iter().filter(|(at, _)| *at == letters.len());
    let (_, numbers) = whole.next()?;
    if whole.next().is_some() {
        return None;
    }
    Some(Receipt(numbers.try_into().ok()?))
}

/// The one word of the list that may have been meant by a word that is not on it.
pub fn nearest_word(word: &str) -> Option<&'static str> {
    nearest(&word_list(), word)
}

// The one word of the list that is one slip away, or that begins with the same four letters.
fn nearest(list: &[&'static str], word: &str) -> Option<&'static str> {
    let mut near = list.iter().filter(|known| one_slip(word, known));
    if let (Some(only), None) = (near.next(), near.next()) {
        return Some(only);
    }
    let start: String = word.chars().take(4).collect();
    let mut alike = list
        .iter()
        .filter(|known| start.len() == 4 && known.starts_with(&start));
    match (alike.next(), alike.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

// One letter added, lost, changed, or two neighbours swapped.
fn one_slip(typed: &str, known: &str) -> bool {
    // Before anything is looked at: what is typed may be as long as a form.
    if typed.len().abs_diff(known.len()) > 1 {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (typed.chars().collect(), known.chars().collect());
    let same_start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (rest_a, rest_b) = (&a[same_start..], &b[same_start..]);
    match (rest_a, rest_b) {
        ([], []) => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([_, a @ ..], b) if a == b => true,
        (a, [_, b @ ..]) if a == b => true,
        ([a1, a2, a @ ..], [b1, b2, b @ ..]) => a1 == b2 && a2 == b1 && a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn the_list_keeps_its_promises() {
        let list = word_list();
        assert_eq!(list.len(), 2_048);
        assert!(list.is_sorted());
        assert!(
            list.iter()
                .all(|w| (3..=8).contains(&w.len()) && w.bytes().all(|b| b.is_ascii_lowercase()))
        );
        let starts: HashSet<&str> = list.iter().map(|w| &w[..w.len().min(4)]).collect();
        assert_eq!(starts.len(), 2_048, "first four letters are unique");
        for (at, word) in list.iter().enumerate() {
            for other in &list[at + 1..] {
                assert!(
                    !one_slip(word, other),
                    "{word} and {other} are one slip apart"
                );
            }
        }
    }

    #[test]
    fn hides_itself() {
        let receipt = Receipt::from_random([7; 9]);
        let shown = format!("{receipt:?}");
        assert!(
            receipt
                .to_words()
                .split(' ')
                .all(|word| !shown.contains(word))
        );
    }

    #[test]
    fn a_text_that_holds_the_words_gives_them_away() {
        let words = Receipt::from_random([1, 2, 3, 4, 5, 6, 7, 8, 9]).to_words();
        assert!(gives_away(
            &format!("my words are {}!", words.to_uppercase().replace(' ', ", ")),
            &words
        ));
        assert!(!gives_away("nothing of the kind", &words));
        assert!(!gives_away("", &words));
    }

    // A form of 60 KB with one "word" in it was once held letter by letter against all 2,048 words.
    #[test]
    fn a_word_as_long_as_a_form_costs_no_work() {
        // Of the time that the letters take.
        const LEAST: u32 = 20;
        let word = "a".repeat(60_000);
        let fastest = |work: &dyn Fn()| {
            let times = (0..5).map(|_| {
                let began = std::time::Instant::now();
                work();
                began.elapsed()
            });
            times.min().unwrap()
        };
        let took = fastest(&|| assert!(read(&word).is_err()));
        // The control: once over its letters for a quarter of the list.
        let letters = fastest(&|| {
            let letters = (0..512).map(|_| {
                std::hint::black_box(&word)
                    .chars()
                    .collect::<Vec<char>>()
                    .len()
            });
            assert_eq!(letters.sum::<usize>(), 512 * 60_000);
        });
        assert!(took * LEAST < letters, "{took:?} of {letters:?}");
    }

    #[test]
    fn offers_the_nearest_word() {
        let list = word_list();
        let receipt = Receipt::from_random([9, 8, 7, 6, 5, 4, 3, 2, 1]);
        let words = receipt.to_words();
        let long = words.split(' ').position(|w| w.len() >= 5).unwrap();
        let slipped: Vec<String> = words
            .split(' ')
            .enumerate()
            .map(|(at, w)| {
                if at == long {
                    format!("{}q{}", &w[..2], &w[2..])
                } else {
                    w.to_owned()
                }
            })
            .collect();
        let meant = words.split(' ').nth(long).unwrap();
        assert_eq!(
            read(&slipped.join(" ")),
            Err(NotAReceipt {
                typed: 6,
                doubts: vec![(long + 1, list.iter().copied().find(|w| *w == meant))]
            })
        );
        assert_eq!(
            read("zzqxj").map_err(|e| (e.typed, e.doubts)),
            Err((1, vec![(1, None)]))
        );
        assert_eq!(read("").map_err(|e| e.typed), Err(0));
    }

    proptest! {
        #[test]
        fn is_read_back_however_it_is_typed(bytes: [u8; 9], style in 0usize..5) {
            let receipt = Receipt::from_random(bytes);
            let words = receipt.to_words();
            let typed = match style {
                0 => words.to_uppercase(),
                1 => words.replace(' ', "-"),
                2 => format!("  {}  ", words.replace(' ', " \n ")),
                3 => words.replace(' ', ", "),
                _ => words.clone(),
            };
            prop_assert!(same_words(&typed, &words));
            prop_assert_eq!(read(&typed), Ok(receipt.clone()));
            // Without blanks the words are either the same or refused, never others.
            match read(&words.replace(' ', "")) {
                Ok(joined) => prop_assert_eq!(joined, receipt),
                Err(not) => prop_assert_eq!(not.typed, 1),
            }
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".{0,200}") {
            let _ = read(&text);
            let _ = gives_away(&text, &text);
        }
    }
}
