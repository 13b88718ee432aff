//! Every word of one language, as the pages use it. Knows no file and no format.

use crate::cited_figures::CitedFigure;
use crate::coverage::CoverageRow;
use domain::date::Date;
use model::progress::Tracker;
use model::words::Words;
use model::{
    Article, Certainty, Entitlement, GlossaryWord, HelpLine, Letter, Promise, RightGroup, RightPage,
};
use search::Synonyms;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Every word of one language.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Interface words.
    pub words: Words,
    /// Pages by name (`home`, `pledge`, `speak`, …).
    pub pages: BTreeMap<String, Article>,
    /// Rights in order.
    pub rights: Vec<RightPage>,
    /// Groups of rights with links, in order.
    pub groups: Vec<RightGroup>,
    /// Promises of the pledge, in order.
    pub promises: Vec<Promise>,
    /// The council's "We will" statements with their indicators.
    pub tracker: Tracker,
    /// What people call things, for the search.
    pub synonyms: Synonyms,
    /// Help lines that were verified, in order.
    pub lines: Vec<HelpLine>,
    /// What the checker can name, in order; those of Acts not yet in force are not in it.
    pub entitlements: Vec<Entitlement>,
    /// Hard words explained, in order of the alphabet.
    pub glossary: Vec<GlossaryWord>,
    /// Letters to fill in, in order.
    pub letters: Vec<Letter>,
    /// Every figure that a page may show.
    pub figures: Vec<CitedFigure>,
    /// Where each thing the sources name is covered, or why not.
    pub coverage: Vec<CoverageRow>,
    /// Addresses of pages that are in English because this language lacks them so far.
    pub in_english: Arc<BTreeSet<String>>,
}

impl Content {
    /// The page of this name; an empty one if it is missing (which [`crate::load`] reports).
    pub fn page(&self, name: &str) -> Article {
        self.pages.get(name).cloned().unwrap_or_else(|| Article {
            title: name.to_owned(),
            short: String::new(),
            in_short: String::new(),
            sections: Vec::new(),
            sources: Vec::new(),
            checked: Date::EPOCH,
            review_by: Date::EPOCH,
            certainty: Certainty::Ask,
        })
    }

    /// The right of this name.
    pub fn right(&self, slug: &str) -> Option<&RightPage> {
        self.rights.iter().find(|right| right.slug == slug)
    }

    /// Title and address of what `right:<slug>` or `promise:<slug>` names, if it exists.
    pub fn link(&self, link: &str) -> Option<(String, String)> {
        let (kind, slug) = link.split_once(':')?;
        match kind {
            "right" => self
                .right(slug)
                .map(|right| (right.article.title.clone(), model::urls::right(slug))),
            "promise" => {
                let promise = self.promises.iter().find(|promise| promise.slug == slug)?;
                Some((promise.title.clone(), model::urls::promise(slug)))
            }
            "we-will" => {
                let all = &self.tracker.promises;
                let promise = all.iter().find(|promise| promise.slug == slug)?;
                Some((promise.title.clone(), model::urls::council_promise(slug)))
            }
            "entitlement" => {
                let known = self.entitlements.iter().find(|known| known.id == slug)?;
                let to = match known.right.as_str() {
                    "" => model::urls::CHECK.to_owned(),
                    right => model::urls::right(right),
                };
                Some((known.title.clone(), to))
            }
            _ => None,
        }
    }

    /// The letter of this name.
    pub fn letter(&self, slug: &str) -> Option<&Letter> {
        self.letters.iter().find(|letter| letter.slug == slug)
    }

    /// The help lines of every footer.
    pub fn urgent_lines(&self) -> Arc<[HelpLine]> {
        self.lines
            .iter()
            .filter(|line| line.urgent)
            .cloned()
            .collect()
    }
}
