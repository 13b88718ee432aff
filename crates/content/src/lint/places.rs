//! Every address with the places on its page: where a link may lead.

use crate::Content;
use model::Article;
use std::collections::{BTreeMap, BTreeSet};

/// Addresses with the places on their pages.
pub(super) struct Places(BTreeMap<String, BTreeSet<String>>);

impl Places {
    pub(super) fn new(content: &Content, addresses: &[String]) -> Places {
        let mut places: BTreeMap<String, BTreeSet<String>> = addresses
            .iter()
            .map(|address| (address.clone(), BTreeSet::new()))
            .collect();
        let mut add = |address: &str, ids: BTreeSet<String>| {
            if let Some(known) = places.get_mut(address) {
                known.extend(ids);
            }
        };
        let of = |article: &Article| article.sections.iter().map(|s| s.id.clone()).collect();
        for (name, article) in &content.pages {
            add(&model::urls::article(name), of(article));
        }
        for right in &content.rights {
            add(&model::urls::right(&right.slug), of(&right.article));
        }
        add(
            model::urls::RIGHTS,
            content
                .groups
                .iter()
                .map(|group| group.id.clone())
                .collect(),
        );
        add(
            model::urls::GLOSSARY,
            content
                .glossary
                .iter()
                .map(|word| word.slug.clone())
                .collect(),
        );
        add(model::urls::HELP, BTreeSet::from(["lines".to_owned()]));
        add(
            model::urls::COMMITTEE,
            BTreeSet::from(["meetings".to_owned()]),
        );
        Places(places)
    }

    pub(super) fn has(&self, link: &str) -> bool {
        let (page, place) = link.split_once('#').unwrap_or((link, ""));
        self.0
            .get(page)
            .is_some_and(|ids| place.is_empty() || ids.contains(place))
    }
}
