//! The recovery key in three prints, of which any two together are the key and one alone says nothing (Shamir's scheme over
//! GF(2^8), by the crate `blahaj`).
//!
//! A print is ten rows of four words of the receipts' list. The first three words of a row carry 33 bits, the fourth is the
//! check of its row, so that a slip is found in the row where it is. The rows together carry 41 bytes: the form of the print
//! and its number, which split and which installation it is of, its share of the key, and a check over all of it.

use crate::random::Random;
use crate::seal::{Identity, KeyUnreadable, Recipient};
use blahaj::Sharks;
use domain::receipt::{nearest_word, word_list};
use rand_core::{Infallible, TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Prints of one key.
pub const PRINTS: usize = 3;
/// Prints that are the key together.
pub const NEEDED: u8 = 2;
/// Rows of a print.
pub const ROWS: usize = 10;
/// Words of a row, its check among them.
pub const ROW_WORDS: usize = 4;

/// Bits of a word.
const WORD_BITS: usize = 11;
/// Bytes of the key itself.
const KEY: usize = 32;
/// Form and number, split, installation, share, check.
const BYTES: usize = 1 + 2 + 2 + KEY + 4;
/// The form of prints that this version writes and reads.
const FORM: u8 = 1;

/// One print: a share of the recovery key, and what it is a share of.
#[derive(Clone)]
pub struct Share(Zeroizing<[u8; BYTES]>);

/// A row that was typed and is right in itself.
pub struct ShareRow(Zeroizing<[u16; ROW_WORDS - 1]>);

/// Why a typed row is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// How many words were typed instead.
    #[error("a row has {ROW_WORDS} words, and {0} were typed")]
    Length(usize),
    /// A word that is not on the list: its place from 1, what was typed, and what may have been meant.
    #[error("word {place}, `{typed}`, is not on the list{}", or_near(*near))]
    Unknown {
        /// From 1.
        place: usize,
        /// As typed, in small letters.
        typed: String,
        /// The one word of the list that is near.
        near: Option<&'static str>,
    },
    /// The words are on the list and do not fit together.
    #[error("its words do not fit together: one is wrong, or it is another row")]
    Check,
}

/// Why prints give no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareFault {
    /// The rows are right, each in itself, and do not fit together.
    #[error(
        "its rows do not fit together: one of them is of another print, or a word is wrong in a way its row does not show"
    )]
    Damaged,
    /// The same print twice.
    #[error("both are print {0}: two different ones are needed")]
    Same(u8),
    /// Of two installations.
    #[error(
        "the two prints are of different installations: compare the line \"Installation\" on them"
    )]
    OtherInstallation,
    /// Of two splits of one key.
    #[error(
        "the two prints were made on different days and do not belong together: compare the line \"Set\" on them"
    )]
    OtherSplit,
}

fn or_near(near: Option<&'static str>) -> String {
    near.map_or_else(String::new, |word| format!("; perhaps `{word}`"))
}

/// Our source of randomness, as the crate asks for it.
struct Source<'a>(&'a dyn Random);

impl TryRng for Source<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(crate::random::bytes(self.0)))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(crate::random::bytes(self.0)))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Source<'_> {}

/// Splits a key into [`PRINTS`] prints. Each call makes a set of its own: prints of two sets do not belong together.
pub fn split(key: &Identity, random: &dyn Random) -> Result<Vec<Share>, KeyUnreadable> {
    let secret = key.seed()?;
    let installation = installation_of(&key.recipient()?);
    let set: [u8; 2] = crate::random::bytes(random);
    let dealt = Sharks(NEEDED).dealer_rng(&*secret, &mut Source(random));
    let prints = dealt.take(PRINTS).map(|share| {
        // The number of the print, then its share of each byte of the key.
        let dealt = Zeroizing::new(Vec::from(&share));
        let mut bytes = Zeroizing::new([0; BYTES]);
        let head = [FORM << 4 | dealt.first().copied().unwrap_or_default()];
        let parts = head.iter().chain(&set).chain(&installation);
        for (to, from) in bytes.iter_mut().zip(parts.chain(dealt.iter().skip(1))) {
            *to = *from;
        }
        let check = check_of(&bytes);
        bytes[BYTES - 4..].copy_from_slice(&check);
        Share(bytes)
    });
    Ok(prints.collect())
}

/// The key of two prints.
pub fn combine(one: &Share, other: &Share) -> Result<Identity, ShareFault> {
    if one.installation() != other.installation() {
        return Err(ShareFault::OtherInstallation);
    }
    if one.set() != other.set() {
        return Err(ShareFault::OtherSplit);
    }
    if one.number() == other.number() {
        return Err(ShareFault::Same(one.number()));
    }
    let shares = [one.dealt()?, other.dealt()?];
    let secret = Sharks(NEEDED).recover(&shares);
    let secret = Zeroizing::new(secret.map_err(|_| ShareFault::Damaged)?);
    let seed: Zeroizing<[u8; KEY]> = Zeroizing::new(
        secret
            .as_slice()
            .try_into()
            .map_err(|_| ShareFault::Damaged)?,
    );
    let key = Identity::from_seed(&seed);
    let recipient = key.recipient().map_err(|_| ShareFault::Damaged)?;
    match installation_of(&recipient) == one.installation() {
        true => Ok(key),
        false => Err(ShareFault::Damaged),
    }
}

/// What prints of this recovery key say of the installation they are of.
pub fn installation_of(recovery: &Recipient) -> [u8; 2] {
    let [first, second, ..]: [u8; 32] =
        Sha256::digest(format!("pledge recovery of {}", recovery.0)).into();
    [first, second]
}

impl Share {
    /// The number of the print, from 1.
    pub fn number(&self) -> u8 {
        self.0[0] & 0x0f
    }

    /// Which split of the key it is of.
    pub fn set(&self) -> u16 {
        u16::from_be_bytes([self.0[1], self.0[2]])
    }

    /// Which installation it is of, see [`installation_of`].
    pub fn installation(&self) -> [u8; 2] {
        [self.0[3], self.0[4]]
    }

    /// What is printed: [`ROWS`] rows of [`ROW_WORDS`] words.
    pub fn rows(&self) -> Vec<Zeroizing<String>> {
        let list = word_list();
        let word = |number: u16| list.get(usize::from(number)).copied().unwrap_or_default();
        let numbers = Zeroizing::new(numbers_of(&self.0));
        let rows = numbers.chunks(ROW_WORDS - 1).enumerate().map(|(at, row)| {
            let words: Vec<&str> = row
                .iter()
                .copied()
                .chain([row_check(at, row)])
                .map(word)
                .collect();
            Zeroizing::new(words.join(" "))
        });
        rows.collect()
    }

    /// The print of these rows.
    pub fn from_rows(rows: &[ShareRow]) -> Result<Share, ShareFault> {
        let numbers: Zeroizing<Vec<u16>> =
            Zeroizing::new(rows.iter().flat_map(|row| *row.0).collect());
        let mut bytes = Zeroizing::new([0u8; BYTES]);
        let bits = numbers
            .iter()
            .flat_map(|number| (0..WORD_BITS).rev().map(move |bit| number >> bit & 1 == 1));
        for (at, _) in bits.enumerate().filter(|(_, bit)| *bit) {
            // The last bits belong to no byte.
            *bytes.get_mut(at / 8).ok_or(ShareFault::Damaged)? |= 0x80 >> (at % 8);
        }
        let share = Share(bytes);
        let is_whole = rows.len() == ROWS
            && share.0[0] >> 4 == FORM
            && (1..=PRINTS).contains(&usize::from(share.number()))
            && share.0[BYTES - 4..] == check_of(&share.0);
        is_whole.then_some(share).ok_or(ShareFault::Damaged)
    }

    fn dealt(&self) -> Result<blahaj::Share, ShareFault> {
        let bytes: Zeroizing<Vec<u8>> = Zeroizing::new(
            [self.number()]
                .into_iter()
                .chain(self.0[5..5 + KEY].iter().copied())
                .collect(),
        );
        blahaj::Share::try_from(bytes.as_slice()).map_err(|_| ShareFault::Damaged)
    }
}

impl std::fmt::Debug for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Share(hidden)")
    }
}

/// Reads a typed row, `at` from 0. Capitals, digits and signs between the words do not matter.
pub fn read_row(at: usize, typed: &str) -> Result<ShareRow, RowFault> {
    let list = word_list();
    let words: Vec<String> = typed
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let mut numbers = Zeroizing::new([0u16; ROW_WORDS]);
    if words.len() != ROW_WORDS {
        return Err(RowFault::Length(words.len()));
    }
    for (place, (number, word)) in numbers.iter_mut().zip(&words).enumerate() {
        let known = list.binary_search(&word.as_str()).ok();
        let known = known.and_then(|at| u16::try_from(at).ok());
        *number = known.ok_or_else(|| RowFault::Unknown {
            place: place + 1,
            typed: word.clone(),
            near: nearest_word(word),
        })?;
    }
    let [first, second, third, check] = *numbers;
    let row = Zeroizing::new([first, second, third]);
    match row_check(at, &*row) == check {
        true => Ok(ShareRow(row)),
        false => Err(RowFault::Check),
    }
}

/// Eleven bits for each word; what is missing at the end is zero.
fn numbers_of(bytes: &[u8; BYTES]) -> [u16; ROWS * (ROW_WORDS - 1)] {
    let mut numbers = [0; ROWS * (ROW_WORDS - 1)];
    let bit = |at: usize| {
        bytes
            .get(at / 8)
            .is_some_and(|byte| byte << (at % 8) & 0x80 != 0)
    };
    for (at, number) in numbers.iter_mut().enumerate() {
        *number = (0..WORD_BITS).fold(0, |number, next| {
            number << 1 | u16::from(bit(at * WORD_BITS + next))
        });
    }
    numbers
}

fn row_check(at: usize, words: &[u16]) -> u16 {
    let mut digest = Sha256::new_with_prefix(format!("pledge recovery row {at}"));
    for word in words {
        digest.update(word.to_be_bytes());
    }
    let [first, second, ..]: [u8; 32] = digest.finalize().into();
    u16::from_be_bytes([first, second]) & 0x7ff
}

fn check_of(bytes: &[u8; BYTES]) -> [u8; 4] {
    let mut digest = Sha256::new_with_prefix("pledge recovery print");
    digest.update(&bytes[..BYTES - 4]);
    let [a, b, c, d, ..]: [u8; 32] = digest.finalize().into();
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;
    use crate::staff_keys::new_identity;
    use proptest::prelude::*;

    fn typed(rows: &[Zeroizing<String>]) -> Result<Share, ShareFault> {
        let rows: Vec<ShareRow> = rows
            .iter()
            .enumerate()
            .map(|(at, row)| read_row(at, row).unwrap())
            .collect();
        Share::from_rows(&rows)
    }

    proptest! {
        #[test]
        fn any_two_of_three_are_the_key_however_they_are_typed(seed: [u8; 32], capitals: bool) {
            let key = Identity::from_seed(&seed);
            let prints = split(&key, &SystemRandom).unwrap();
            prop_assert_eq!(prints.len(), PRINTS);
            let prints: Vec<Share> = prints
                .iter()
                .map(|print| {
                    let rows: Vec<_> = print
                        .rows()
                        .iter()
                        .enumerate()
                        .map(|(at, row)| {
                            let row = format!(" {}.  {}", at + 1, row.replace(' ', "  "));
                            Zeroizing::new(if capitals { row.to_uppercase() } else { row })
                        })
                        .collect();
                    typed(&rows).unwrap()
                })
                .collect();
            for (one, other) in [(0, 1), (1, 2), (2, 0)] {
                let again = combine(&prints[one], &prints[other]).unwrap();
                prop_assert_eq!(again.as_text(), key.as_text());
            }
            for print in &prints {
                prop_assert_eq!(
                    combine(print, print).err(),
                    Some(ShareFault::Same(print.number()))
                );
            }
        }

        #[test]
        fn a_wrong_word_is_found_in_its_row_and_never_passes(
            seed: [u8; 32], row in 0..ROWS, place in 0..ROW_WORDS, by in 1..2_048usize,
        ) {
            let prints = split(&Identity::from_seed(&seed), &SystemRandom).unwrap();
            let mut rows = prints[0].rows();
            let list = word_list();
            let mut words: Vec<&str> = rows[row].split(' ').collect();
            let at = list.binary_search(&words[place]).unwrap();
            words[place] = list[(at + by) % list.len()];
            let changed = words.join(" ");
            rows[row] = Zeroizing::new(changed.clone());
            // One in 2,048 fits its row by chance; the check over all of it finds that one.
            match read_row(row, &changed) {
                Err(fault) => prop_assert_eq!(fault, RowFault::Check),
                Ok(_) => prop_assert_eq!(typed(&rows).err(), Some(ShareFault::Damaged)),
            }
        }
    }

    /// How often each value of a byte stands in the shares of this print, over many splits.
    fn counts(key: &Identity, print: usize, times: usize) -> [usize; 256] {
        let mut counts = [0; 256];
        for _ in 0..times {
            let prints = split(key, &SystemRandom).unwrap();
            for byte in &prints[print].0[5..5 + KEY] {
                counts[usize::from(*byte)] += 1;
            }
        }
        counts
    }

    /// Chi-squared against all 256 values alike; 255 degrees of freedom, so about 255, and over 400 once in 10^8.
    fn unevenness(counts: &[usize; 256]) -> f64 {
        let each = counts.iter().sum::<usize>() as f64 / 256.0;
        let off = |count: &usize| (*count as f64 - each).powi(2) / each;
        counts.iter().map(off).sum()
    }

    #[test]
    fn one_print_says_nothing_of_the_key() {
        // The bytes of a share are spread alike whatever the key is: the lowest and the highest, which a bias would show.
        for key in [[0; 32], [255; 32]] {
            let key = Identity::from_seed(&key);
            for print in 0..PRINTS {
                let counts = counts(&key, print, 400);
                assert!(unevenness(&counts) < 400.0, "print {print}");
                // The fault of the advisory RUSTSEC-2024-0398: one value, that of the key itself, never came.
                assert!(counts.iter().all(|count| *count > 0), "print {print}");
            }
        }
        // The control: what is drawn unevenly is found.
        let mut skewed = [20; 256];
        skewed[..128].fill(60);
        assert!(unevenness(&skewed) > 400.0);
        // And for each value that a byte of the key could have there is a second print that makes it so.
        let key = Identity::from_seed(&[9; 32]);
        let prints = split(&key, &SystemRandom).unwrap();
        let one = prints[0].dealt().unwrap();
        let mut possible: Vec<u8> = (0..=255u8)
            .map(|byte| {
                let mut other = Vec::from(&prints[1].dealt().unwrap());
                other[1] = byte;
                let other = blahaj::Share::try_from(other.as_slice()).unwrap();
                Sharks(NEEDED).recover(&[one.clone(), other]).unwrap()[0]
            })
            .collect();
        possible.sort_unstable();
        assert!(possible.into_iter().eq(0..=255));
    }

    #[test]
    fn what_does_not_belong_together_is_named() {
        let (key, _) = new_identity(&SystemRandom).unwrap();
        let prints = split(&key, &SystemRandom).unwrap();
        let again = split(&key, &SystemRandom).unwrap();
        let (other, _) = new_identity(&SystemRandom).unwrap();
        let others = split(&other, &SystemRandom).unwrap();
        let fault = |a: &Share, b: &Share| combine(a, b).err();
        assert_eq!(fault(&prints[0], &again[1]), Some(ShareFault::OtherSplit));
        assert_eq!(
            fault(&prints[0], &others[1]),
            Some(ShareFault::OtherInstallation)
        );
        let own = installation_of(&key.recipient().unwrap());
        assert_eq!(prints[2].installation(), own);
        assert_ne!(others[2].installation(), own);
        // A row of another print is right in itself, and the print is not.
        let mut mixed = prints[0].rows();
        mixed[4] = prints[1].rows()[4].clone();
        assert_eq!(typed(&mixed).err(), Some(ShareFault::Damaged));
        // Two rows that changed places are found where they are.
        let rows = prints[0].rows();
        assert_eq!(read_row(3, &rows[4]).err(), Some(RowFault::Check));
        assert_eq!(typed(&rows[..9]).err(), Some(ShareFault::Damaged));
        assert_eq!(read_row(0, "one two").err(), Some(RowFault::Length(2)));
        let slip = rows[0].replacen(|_: char| true, "", 1);
        let slip = format!("q{slip}");
        if let Err(RowFault::Unknown { place, typed, .. }) = read_row(0, &slip) {
            assert_eq!((place, typed.starts_with('q')), (1, true));
        }
        assert_eq!(
            read_row(0, "zzzzzz apple apple apple")
                .err()
                .map(|fault| fault.to_string()),
            Some("word 1, `zzzzzz`, is not on the list".to_owned())
        );
        assert_eq!(format!("{:?}", prints[0]), "Share(hidden)");
    }
}
