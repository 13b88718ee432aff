//! The ranking: which pages answer what was typed, best first.

use crate::index::{Found, Index, Word};
use crate::spelling::{GUESSED_FROM, is_near, mistakes};
use crate::stems::{STOP, stem, stems, words};

/// Most characters of a search that are looked at.
pub const QUERY_MAX: usize = 120;

/// Most results.
pub const RESULTS: usize = 8;

/// What a word counts for that means the same as one typed, and one that is nearly spelled like it.
const SAME: f32 = 0.9;

const NEARLY: f32 = 0.7;

/// What a page gets that answers just what was typed.
const FINDS: f32 = 600.0;

/// What is left of the points of a second answer on the same page.
const AGAIN: f32 = 0.5;

/// A page with less than this share of the best one's points is not shown.
const WORTH: f32 = 0.2;

/// What was found.
pub struct Results {
    /// The pages, best first.
    pub found: Vec<Found>,
    /// Somebody who types this may be in danger.
    pub urgent: bool,
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
        for same in &self.synonyms.0 {
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

#[cfg(test)]
mod tests {
    use crate::samples::{keys, small};

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
}
