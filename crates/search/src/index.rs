//! The index of the pages: which word stem stands on which page, with what it counts there.

use crate::stems::stems;
use crate::synonyms::Synonyms;
use std::collections::{BTreeMap, BTreeSet};

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

pub(crate) const BODY: u32 = 20;

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
pub struct IndexEntry {
    /// What is shown of it.
    pub found: Found,
    points: BTreeMap<String, u32>,
}

impl IndexEntry {
    /// Begins with its title and its sentence.
    pub fn new(found: Found) -> IndexEntry {
        let mut entry = IndexEntry {
            points: BTreeMap::new(),
            found: Found::default(),
        };
        entry.add(&found.title, Place::Title);
        entry.add(&found.short, Place::Short);
        IndexEntry { found, ..entry }
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

/// Everything that can be found.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    pub(crate) pages: Vec<Found>,
    // In order, each once.
    pub(crate) words: Vec<Word>,
    pub(crate) synonyms: Synonyms,
}

// A word stem.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Word {
    pub(crate) stem: String,
    /// How much it tells: more, the fewer pages have it.
    pub(crate) rarity: f32,
    /// The pages that have it, by their place in the list, with its points there.
    pub(crate) on: Vec<(usize, u32)>,
}

/// Makes the index of these pages.
pub fn index(entries: Vec<IndexEntry>, synonyms: &Synonyms) -> Index {
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
        synonyms: synonyms.clone(),
    }
}

impl Word {
    pub(crate) fn new(stem: String, on: Vec<(usize, u32)>, pages: usize) -> Word {
        let rarity = rarity(pages, on.len());
        Word { stem, rarity, on }
    }
}

// Rounded to a thousandth: the last digits of a logarithm are not the same on every machine.
fn rarity(all: usize, having: usize) -> f32 {
    let logarithm = (1.0 + all as f64 / having.max(1) as f64).ln();
    ((logarithm * 1_000.0).round() / 1_000.0) as f32
}
