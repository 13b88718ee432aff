//! Finding a page by the words somebody types: everyday words, official ones, and words with typing mistakes.
//!
//! Pure, and the same code on the server and on the phone: an index made once from the words, and a ranking. The server
//! makes the index; it goes to the phone as a text ([`Index::write`], [`Index::read`]). What is searched for is never kept
//! and never logged.

use std::collections::{BTreeMap, BTreeSet};

/// Most characters of a search that are looked at.
pub const QUERY_MAX: usize = 120;
/// Most results.
pub const RESULTS: usize = 8;

/// Where a word stands on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In its title.
    Title,
    /// In the sentence about it, or in a heading.
    Short,
    /// Anywhere else.
    Body,
}

impl Place {
    /// What a word counts for there. Whole numbers, so that the phone counts exactly as the server does.
    fn points(self) -> u32 {
        match self {
            Place::Title => 120,
            Place::Short => 60,
            Place::Body => BODY,
        }
    }
}

const BODY: u32 = 20;
/// What a word counts for that means the same as one typed, and one that is nearly spelled like it.
const SAME: f32 = 0.9;
const NEARLY: f32 = 0.7;
/// What a page gets that answers just what was typed.
const FINDS: f32 = 600.0;
/// What is left of the points of a second answer on the same page.
const AGAIN: f32 = 0.5;
/// A page with less than this share of the best one's points is not shown.
const WORTH: f32 = 0.2;
/// Words this short are not guessed at.
const GUESSED_FROM: usize = 4;

/// Words that say nothing about what is meant.
const STOP: [&str; 63] = [
    "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by",
    "can", "did", "do", "does", "for", "from", "get", "got", "has", "have", "how", "i", "if", "im",
    "in", "is", "it", "its", "me", "my", "need", "of", "on", "or", "our", "out", "should", "so",
    "some", "that", "the", "their", "them", "they", "this", "to", "up", "want", "was", "we",
    "what", "when", "where", "who", "why", "will", "with", "you", "your",
];

/// A page that can be found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Which it is: its address, or `entitlement:<id>` for one of the checker's list.
    pub key: String,
    /// Where it leads, as in English.
    pub address: String,
    /// Title.
    pub title: String,
    /// One sentence.
    pub short: String,
    /// It is in English, whatever the language of the search.
    pub in_english: bool,
}

/// A page with the points of each word stem on it, to make an [`index`] from.
pub struct Entry {
    /// What is shown of it.
    pub found: Found,
    points: BTreeMap<String, u32>,
}

impl Entry {
    /// Begins with its title and its sentence.
    pub fn new(found: Found) -> Entry {
        let mut entry = Entry {
            points: BTreeMap::new(),
            found: Found::default(),
        };
        entry.add(&found.title, Place::Title);
        entry.add(&found.short, Place::Short);
        Entry { found, ..entry }
    }

    /// Adds a text. A word counts once for each place it stands in, so that a long page is not better than a short one.
    pub fn add(&mut self, text: &str, place: Place) {
        let worth = place.points();
        for word in stems(text).into_iter().collect::<BTreeSet<String>>() {
            let points = self.points.entry(word).or_insert(0);
            *points = (*points + worth * 3 / 20).max(worth);
        }
    }
}

/// Something that people call by another name than the pages do.
#[derive(Clone, Debug, Default)]
pub struct Synonym {
    /// Phrases that somebody may type.
    pub say: Vec<String>,
    /// Words on the page that should be found.
    pub means: Vec<String>,
    /// The page that answers just this; may be empty.
    pub finds: String,
    /// Somebody who types this may be in danger.
    pub urgent: bool,
}

/// What people call things, as it is looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synonyms(Vec<Same>);

// Phrases as stems.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Same {
    say: Vec<Vec<String>>,
    means: Vec<String>,
    finds: String,
    urgent: bool,
}

impl Synonyms {
    /// Takes what people say.
    pub fn new(sayings: impl IntoIterator<Item = Synonym>) -> Synonyms {
        let same = sayings.into_iter().map(|saying| Same {
            say: saying.say.iter().map(|say| stems(say)).collect(),
            means: saying.means.iter().flat_map(|word| stems(word)).collect(),
            finds: saying.finds,
            urgent: saying.urgent,
        });
        Synonyms(same.collect())
    }

    /// These words, and after them those.
    pub fn with(mut self, others: &Synonyms) -> Synonyms {
        self.0.extend(others.0.iter().cloned());
        self
    }

    /// The addresses that it sends people to.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        let all = self.0.iter().map(|same| same.finds.as_str());
        all.filter(|address| !address.is_empty())
    }
}

/// Everything that can be found.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    pages: Vec<Found>,
    // In order, each once.
    words: Vec<Word>,
    everyday: Synonyms,
}

// A word stem.
#[derive(Clone, Debug, PartialEq)]
struct Word {
    stem: String,
    /// How much it tells: more, the fewer pages have it.
    rarity: f32,
    /// The pages that have it, by their place in the list, with its points there.
    on: Vec<(usize, u32)>,
}

/// What was found.
pub struct Results {
    /// The pages, best first.
    pub found: Vec<Found>,
    /// Somebody who types this may be in danger.
    pub urgent: bool,
}

/// Makes the index of these pages.
pub fn index(entries: Vec<Entry>, everyday: &Synonyms) -> Index {
    let mut on: BTreeMap<String, Vec<(usize, u32)>> = BTreeMap::new();
    let mut pages = Vec::new();
    for (at, entry) in entries.into_iter().enumerate() {
        for (stem, points) in entry.points {
            on.entry(stem).or_default().push((at, points));
        }
        pages.push(entry.found);
    }
    let all = pages.len();
    Index {
        words: on
            .into_iter()
            .map(|(stem, on)| Word::new(stem, on, all))
            .collect(),
        pages,
        everyday: everyday.clone(),
    }
}

impl Word {
    fn new(stem: String, on: Vec<(usize, u32)>, pages: usize) -> Word {
        let rarity = rarity(pages, on.len());
        Word { stem, rarity, on }
    }
}

// Rounded to a thousandth: the last digits of a logarithm are not the same on every machine.
fn rarity(all: usize, having: usize) -> f32 {
    let logarithm = (1.0 + all as f64 / having.max(1) as f64).ln();
    ((logarithm * 1_000.0).round() / 1_000.0) as f32
}

// What is looked for: each of its readings, with what that counts for.
type Wanted<'a> = Vec<(&'a str, f32)>;

// (Plain lists instead of maps, and no sorting by the library: it all goes to the phone, where each kind of map and each
// sort is kilobytes. None of them is long.)
impl Index {
    /// Looks for what was typed. Nothing typed, or nothing known in it: nothing found.
    pub fn search(&self, typed: &str) -> Results {
        let typed: String = typed.chars().take(QUERY_MAX).collect();
        let all = stems(&typed);
        let mut said: Vec<String> = words(&typed)
            .iter()
            .filter(|word| !STOP.contains(&word.as_str()))
            .map(|word| stem(word))
            .collect();
        if said.is_empty() {
            said.clone_from(&all);
        }
        let mut groups: Vec<Wanted> = said.iter().map(|word| self.readings(word)).collect();
        let (mut finds, mut urgent) = (Vec::new(), false);
        for same in &self.everyday.0 {
            let hit = same.say.iter().any(|phrase| self.holds(&all, phrase));
            if !hit {
                continue;
            }
            urgent |= same.urgent;
            finds.push(same.finds.as_str());
            groups.extend(same.means.iter().map(|word| vec![(word.as_str(), SAME)]));
        }
        let scored = self.scores(&groups).into_iter().zip(&self.pages);
        let scored = best_first(scored.filter_map(|(score, page)| {
            let answers = finds.contains(&page.address.as_str()) && page.key == page.address;
            let score = score + if answers { FINDS } else { 0.0 };
            (score > 0.0).then_some((score, page))
        }));
        // Of several answers on one page the best stands for it; the others do not crowd out other pages.
        let mut seen: Vec<&str> = Vec::new();
        let scored = best_first(scored.into_iter().map(|(score, page)| {
            if seen.contains(&page.address.as_str()) {
                return (score * AGAIN, page);
            }
            seen.push(&page.address);
            (score, page)
        }));
        let best = scored.first().map_or(0.0, |(score, _)| *score);
        let found = scored
            .into_iter()
            .filter(|(score, _)| *score >= best * WORTH)
            .take(RESULTS)
            .map(|(_, page)| page.clone())
            .collect();
        Results { found, urgent }
    }

    // The points of each page: each thing looked for gives those of its best reading, and a page that has more of what was
    // looked for is better than one that has one thing often.
    fn scores(&self, groups: &[Wanted]) -> Vec<f32> {
        let mut sums = vec![(0.0_f32, 0.0_f32); self.pages.len()];
        for group in groups {
            let mut best = vec![0.0_f32; self.pages.len()];
            let known = group
                .iter()
                .filter_map(|(stem, weight)| Some((self.word(stem)?, weight)));
            for (word, weight) in known {
                for (page, points) in &word.on {
                    if let Some(best) = best.get_mut(*page) {
                        *best = best.max(*points as f32 * weight * word.rarity);
                    }
                }
            }
            for ((score, hits), best) in sums.iter_mut().zip(best).filter(|(_, best)| *best > 0.0) {
                *score += best;
                *hits += 1.0;
            }
        }
        let asked = groups.len().max(1) as f32;
        sums.into_iter()
            .map(|(score, hits)| score * (hits / asked).sqrt())
            .collect()
    }

    fn word(&self, stem: &str) -> Option<&Word> {
        let at = self
            .words
            .binary_search_by(|word| word.stem.as_str().cmp(stem));
        self.words.get(at.ok()?)
    }

    // The word itself if any page has it; otherwise those that are nearly spelled like it.
    fn readings(&self, stem: &str) -> Wanted<'_> {
        if let Some(word) = self.word(stem) {
            return vec![(&word.stem, 1.0)];
        }
        let most = mistakes(stem);
        self.words
            .iter()
            .filter(|known| is_near(stem, &known.stem, most))
            .map(|known| (known.stem.as_str(), NEARLY))
            .collect()
    }

    // Whether the phrase stands in what was typed, word after word, typing mistakes allowed.
    fn holds(&self, typed: &[String], phrase: &[String]) -> bool {
        let same = |(word, wanted): (&String, &String)| {
            word == wanted
                || (self.word(word).is_none()
                    && wanted.len() >= GUESSED_FROM
                    && is_near(word, wanted, mistakes(word)))
        };
        !phrase.is_empty()
            && typed
                .windows(phrase.len())
                .any(|part| part.iter().zip(phrase).all(same))
    }
}

fn best_first<'a>(scored: impl Iterator<Item = (f32, &'a Found)>) -> Vec<(f32, &'a Found)> {
    let mut ranked: Vec<(f32, &Found)> = Vec::new();
    for (score, page) in scored {
        let is_before = |(other, rival): &(f32, &Found)| {
            *other > score || (*other == score && rival.key < page.key)
        };
        ranked.insert(ranked.partition_point(is_before), (score, page));
    }
    ranked
}

// ---------------------------------------------------------------- the index as a text

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
            self.everyday.0.len()
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
        for same in &self.everyday.0 {
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
    let mut everyday = Synonyms::default();
    for line in lines.by_ref().take(sayings) {
        everyday.0.push(same_of(line)?);
    }
    let counted = (found.len(), known.len(), everyday.0.len());
    let is_whole = counted == (pages, words, sayings) && lines.next().is_none();
    is_whole.then_some(Index {
        pages: found,
        words: known,
        everyday,
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

// ---------------------------------------------------------------- words

// How many typing mistakes a word of this length may have.
fn mistakes(word: &str) -> usize {
    match word.chars().count() {
        ..GUESSED_FROM => 0,
        GUESSED_FROM..=6 => 1,
        _ => 2,
    }
}

/// The stems of the words of a text, in order: small letters, without the endings that do not change what is meant.
fn stems(text: &str) -> Vec<String> {
    words(text).iter().map(|word| stem(word)).collect()
}

fn words(text: &str) -> Vec<String> {
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

fn stem(word: &str) -> String {
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

// Whether two words differ by at most so many letters: one more, one less, another one, or two that changed places.
fn is_near(one: &str, other: &str, most: usize) -> bool {
    if most == 0 {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if a.len().abs_diff(b.len()) > most || b.len() < GUESSED_FROM {
        return false;
    }
    distance(&a, &b) <= most
}

// Optimal string alignment, three rows at a time.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && *x == b[j - 1] {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
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

    #[test]
    fn nearness_counts_letters() {
        let near = |one: &str, other: &str, most| is_near(one, other, most);
        assert!(near("avdocat", "advocat", 1), "two letters changed places");
        assert!(near("homless", "homeless", 1));
        assert!(!near("homless", "harmless", 1));
        assert!(!near("pa", "pep", 2), "short words are not guessed at");
    }

    // Every word of up to four letters out of three.
    fn short_words() -> Vec<Vec<char>> {
        let mut all = vec![Vec::new()];
        let mut from = 0;
        for _ in 0..4 {
            let to = all.len();
            for at in from..to {
                for letter in ['a', 'b', 'c'] {
                    let mut longer = all[at].clone();
                    longer.push(letter);
                    all.push(longer);
                }
            }
            from = to;
        }
        all
    }

    #[test]
    fn distance_is_the_same_both_ways() {
        let words = short_words();
        assert_eq!(words.len(), 121);
        for x in &words {
            for y in &words {
                let apart = distance(x, y);
                assert_eq!(apart, distance(y, x), "{x:?} {y:?}");
                assert_eq!(apart == 0, x == y, "{x:?} {y:?}");
                assert!(apart <= x.len().max(y.len()), "{x:?} {y:?}");
            }
        }
    }

    fn small() -> Index {
        let page = |address: &str, title: &str, short: &str, in_english| {
            Entry::new(Found {
                key: address.into(),
                address: address.into(),
                title: title.into(),
                short: short.into(),
                in_english,
            })
        };
        let mut pages = vec![
            page(
                "/a",
                "Someone on your side",
                "An advocate helps you.",
                false,
            ),
            page("/b", "Visits\tand \"calls\"", "See your family.", true),
            page(
                "/c",
                "Dinero y educaci\u{f3}n",
                "\u{627}\u{644}\u{645}\u{627}\u{644}",
                false,
            ),
        ];
        pages[1].add(
            "An advocate can ask. Ask twice, ask again: advocate.",
            Place::Body,
        );
        pages[2].found.key = "entitlement:x".into();
        let everyday = Synonyms::new([Synonym {
            say: vec!["kicked out".into(), "!".into()],
            means: vec!["family".into(), "visits".into()],
            finds: "/b".into(),
            urgent: true,
        }]);
        index(pages, &everyday)
    }

    fn keys(index: &Index, typed: &str) -> Vec<String> {
        let found = index.search(typed).found;
        found.into_iter().map(|page| page.key).collect()
    }

    #[test]
    fn a_page_is_found_by_its_words_and_by_what_people_call_it() {
        let index = small();
        assert_eq!(keys(&index, "advocate"), ["/a", "/b"]);
        assert_eq!(keys(&index, "EDUCACION"), ["entitlement:x"]);
        assert_eq!(keys(&index, "they kiked me owt, kicked out"), ["/b"]);
        assert!(index.search("kicked out").urgent);
        assert!(!index.search("kicked in").urgent);
        assert_eq!(keys(&index, "zzz"), [] as [&str; 0]);
    }

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
        let nothing = super::index(Vec::new(), &Synonyms::default());
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
