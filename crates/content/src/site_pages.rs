//! The pages that these words make, after the catalogue: addresses and titles. Knows no server and no handler.

use crate::content::Content;
use model::catalog::{PAGES, Page, PageFamily};

/// Every public page, in order: for the sitemap and for checking links.
pub fn public_addresses(content: &Content) -> Vec<String> {
    let own = PAGES.iter().map(|page| page.path.to_owned());
    let families = PageFamily::ALL.into_iter();
    let families = families.flat_map(|family| addresses_of(content, family));
    let mut all: Vec<String> = own.chain(families).collect();
    all.sort();
    all
}

/// The pages whose bytes never change while these words are in force: their addresses.
pub fn fixed_addresses(content: &Content) -> Vec<String> {
    let own = PAGES.iter().filter(|page| page.kind.is_fixed());
    let own = own.map(|page| page.path.to_owned());
    let families = PageFamily::ALL.into_iter();
    let families = families.filter(|family| family.kind().is_fixed());
    own.chain(families.flat_map(|family| addresses_of(content, family)))
        .collect()
}

/// The pages that are counted: address and title, in the order of the menu.
pub fn counted_pages(content: &Content) -> Vec<(String, String)> {
    let own = PAGES.iter().filter(|page| page.is_counted);
    let own = own.map(|page| (page.path.to_owned(), title_of(content, page)));
    let families = PageFamily::ALL.into_iter();
    own.chain(families.flat_map(|family| pages_of(content, family)))
        .collect()
}

/// What a page is called in lists.
pub fn title_of(content: &Content, page: &Page) -> String {
    match page.title {
        Some(key) => content.words.get(key),
        None => content.page(page.name).title,
    }
}

/// The pages of a family: address and title, in order.
pub fn pages_of(content: &Content, family: PageFamily) -> Vec<(String, String)> {
    let named = |slug: &str, title: &str| (family.path(slug), title.to_owned());
    match family {
        PageFamily::Right => {
            let rights = content.rights.iter();
            rights
                .map(|one| named(&one.slug, &one.article.title))
                .collect()
        }
        PageFamily::Promise => {
            let promises = content.promises.iter();
            promises.map(|one| named(&one.slug, &one.title)).collect()
        }
        PageFamily::CouncilPromise => {
            let promises = content.tracker.promises.iter();
            promises.map(|one| named(&one.slug, &one.title)).collect()
        }
        PageFamily::Letter => {
            let letters = content.letters.iter();
            letters.map(|one| named(&one.slug, &one.title)).collect()
        }
    }
}

/// The addresses of a family, in order.
pub fn addresses_of(content: &Content, family: PageFamily) -> Vec<String> {
    let pages = pages_of(content, family).into_iter();
    pages.map(|(address, _)| address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content_dir::english;
    use std::collections::BTreeSet;

    #[test]
    fn every_page_of_words_is_in_the_catalogue() {
        let mut content = english();
        let left_out = |content: &Content| -> Vec<String> {
            let known = public_addresses(content);
            let names = content.pages.keys();
            let paths = names.map(|name| model::urls::article(name));
            paths.filter(|path| !known.contains(path)).collect()
        };
        assert_eq!(left_out(&content), [] as [String; 0]);
        let all = public_addresses(&content);
        assert_eq!(all.len(), all.iter().collect::<BTreeSet<_>>().len());
        assert!(
            counted_pages(&content)
                .iter()
                .all(|(_, title)| !title.is_empty())
        );
        // The control: a page of words that the catalogue does not name.
        let planted = content.page("money");
        content.pages.insert("planted".to_owned(), planted);
        assert_eq!(left_out(&content), ["/planted"]);
    }
}
