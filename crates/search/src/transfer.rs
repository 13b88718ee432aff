//! The index as a text, which goes to the phone.

use crate::index::{BODY, Found, Index, Word};
use crate::synonyms::{Same, Synonyms};

/// A text is not an index, or not the whole of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

impl std::fmt::Display for Damaged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("this is not a whole index")
    }
}

impl std::error::Error for Damaged {}

/// The first word of the text. Another number for another form.
const FORM: &str = "words-1";

impl Index {
    /// The index as a text that is short once it is compressed: a line for each page, each word stem and each saying.
    pub fn write(&self) -> String {
        let mut body = format!(
            "{} {} {}\n",
            self.pages.len(),
            self.words.len(),
            self.synonyms.0.len()
        );
        for page in &self.pages {
            let key = Some(&page.key).filter(|key| **key != page.address);
            let fields = [
                page.address.as_str(),
                if page.in_english { "e" } else { "" },
                &page.title,
                &page.short,
                key.map_or("", String::as_str),
            ];
            push_line(&mut body, fields);
        }
        for word in &self.words {
            body.push_str(&word.stem);
            let mut before = 0;
            for (page, points) in &word.on {
                // Most words stand once, in the text.
                body.push_str(&match *points {
                    BODY => format!(" {}", page - before),
                    points => format!(" {}.{points}", page - before),
                });
                before = *page;
            }
            body.push('\n');
        }
        for same in &self.synonyms.0 {
            let means = same.means.join(" ");
            let say: Vec<String> = same.say.iter().map(|phrase| phrase.join(" ")).collect();
            let urgent = if same.urgent { "u" } else { "" };
            let first = [urgent, &same.finds, &means];
            push_line(
                &mut body,
                first.into_iter().chain(say.iter().map(String::as_str)),
            );
        }
        format!("{FORM} {}\n{body}", digest(&body))
    }

    /// Reads what [`Index::write`] wrote.
    ///
    /// # Errors
    ///
    /// The text is something else, is cut short, or was changed.
    pub fn read(text: &str) -> Result<Index, Damaged> {
        let (first, body) = text.split_once('\n').ok_or(Damaged)?;
        let sum = first
            .strip_prefix(FORM)
            .and_then(|sum| sum.strip_prefix(' '));
        if sum.and_then(|sum| sum.parse().ok()) != Some(digest(body)) {
            return Err(Damaged);
        }
        parse(body).ok_or(Damaged)
    }
}

// Fields of one line. What parts them may not stand in them.
fn push_line<'a>(body: &mut String, fields: impl IntoIterator<Item = &'a str>) {
    for (at, field) in fields.into_iter().enumerate() {
        if at > 0 {
            body.push('\t');
        }
        body.push_str(&field.replace(['\t', '\n'], " "));
    }
    body.push('\n');
}

// The text without its first line, whatever it is.
fn parse(body: &str) -> Option<Index> {
    // Every line ends.
    let mut lines = body.strip_suffix('\n')?.split('\n');
    let counts: Vec<usize> = numbers(lines.next()?, ' ')?;
    let [pages, words, sayings] = counts.try_into().ok()?;
    let mut found = Vec::new();
    for line in lines.by_ref().take(pages) {
        found.push(page_of(line)?);
    }
    let mut known: Vec<Word> = Vec::new();
    for line in lines.by_ref().take(words) {
        let (stem, places) = line.split_once(' ')?;
        if known.last().is_some_and(|before| *before.stem >= *stem) {
            return None;
        }
        known.push(Word::new(stem.to_owned(), places_of(places, pages)?, pages));
    }
    let mut synonyms = Synonyms::default();
    for line in lines.by_ref().take(sayings) {
        synonyms.0.push(same_of(line)?);
    }
    let counted = (found.len(), known.len(), synonyms.0.len());
    let is_whole = counted == (pages, words, sayings) && lines.next().is_none();
    is_whole.then_some(Index {
        pages: found,
        words: known,
        synonyms,
    })
}

fn page_of(line: &str) -> Option<Found> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [address, in_english, title, short, key] = fields.try_into().ok()?;
    Some(Found {
        key: if key.is_empty() { address } else { key }.to_owned(),
        address: address.to_owned(),
        title: title.to_owned(),
        short: short.to_owned(),
        in_english: in_english == "e",
    })
}

fn places_of(text: &str, pages: usize) -> Option<Vec<(usize, u32)>> {
    let mut before: usize = 0;
    let places = text.split(' ').map(|place| {
        let (further, points) = match place.split_once('.') {
            Some((further, points)) => (further, points.parse().ok()?),
            None => (place, BODY),
        };
        before = before.checked_add(further.parse().ok()?)?;
        (before < pages).then_some((before, points))
    });
    places.collect()
}

fn same_of(line: &str) -> Option<Same> {
    let mut fields = line.split('\t');
    let mut next = || fields.next();
    let (urgent, finds, means) = (next()?, next()?, next()?);
    let stems = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    Some(Same {
        urgent: urgent == "u",
        finds: finds.to_owned(),
        means: stems(means),
        say: fields.map(stems).collect(),
    })
}

fn numbers(text: &str, parted_by: char) -> Option<Vec<usize>> {
    text.split(parted_by)
        .map(|part| part.parse().ok())
        .collect()
}

// FNV-1a: finds every change of one byte, and does not keep out somebody who means harm; TLS does.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{keys, small};

    #[test]
    fn what_was_written_is_read_back() {
        let index = small();
        let text = index.write();
        let read = Index::read(&text).unwrap();
        // A tab would part a line: it goes as a space.
        assert_eq!(read.pages[1].title, "Visits and \"calls\"");
        assert_eq!(read.write(), text);
        assert_eq!(
            Index {
                pages: index.pages.clone(),
                ..read
            },
            index
        );
        let nothing = crate::index(Vec::new(), &Synonyms::default());
        assert_eq!(Index::read(&nothing.write()), Ok(nothing));
    }

    #[test]
    fn damage_is_an_error_and_never_a_panic() {
        let text = small().write();
        for cut in 0..text.len() {
            let part = String::from_utf8_lossy(&text.as_bytes()[..cut]);
            assert_eq!(Index::read(&part), Err(Damaged), "cut at {cut}");
        }
        for at in 0..text.len() {
            for other in 0..=255 {
                let mut bytes = text.clone().into_bytes();
                if std::mem::replace(&mut bytes[at], other) == other {
                    continue;
                }
                let changed = String::from_utf8_lossy(&bytes);
                assert_eq!(Index::read(&changed), Err(Damaged), "{other} at {at}");
            }
        }
        assert_eq!(
            Index::read(&(text + "\n")),
            Err(Damaged),
            "something after it"
        );
    }

    // As above, behind the sum that finds every change: whatever is read answers, or is refused.
    #[test]
    fn a_text_with_a_right_sum_and_wrong_lines_does_no_harm() {
        let text = small().write();
        let (_, body) = text.split_once('\n').unwrap();
        let mut refused = 0;
        for at in 0..body.len() {
            assert_eq!(
                parse(&String::from_utf8_lossy(&body.as_bytes()[..at])),
                None,
                "cut at {at}"
            );
            for other in (0..=255).step_by(5).chain(*b"\n\t .0123456789-") {
                let mut bytes = body.as_bytes().to_vec();
                bytes[at] = other;
                match parse(&String::from_utf8_lossy(&bytes)) {
                    Some(index) => drop(index.search("advocate kicked out")),
                    None => refused += 1,
                }
            }
        }
        assert!(refused > 0);
        for huge in [
            "18446744073709551615 18446744073709551615 0\n",
            "1 1 0\n/a\t\ta\ta\t\na 18446744073709551615\n",
            "1 1 0\n/a\t\ta\ta\t\na 0.4294967296\n",
            "1 1 0\n/a\t\ta\ta\t\na 0 18446744073709551615 1\n",
            "-1 0 0\n",
            "\n",
            "",
        ] {
            assert_eq!(parse(huge), None, "{huge}");
        }
        let most = parse("1 1 0\n/a\t\ta\ta\t\na 0.4294967295\n").unwrap();
        assert_eq!(keys(&most, "a"), ["/a"]);
    }
}
