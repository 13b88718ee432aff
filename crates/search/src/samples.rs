//! A small index, for the tests of this crate.

use crate::index::{Found, Index, IndexEntry, Place, index};
use crate::synonyms::{Synonym, Synonyms};

pub(crate) fn small() -> Index {
    let page = |address: &str, title: &str, short: &str, in_english| {
        IndexEntry::new(Found {
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
    let synonyms = Synonyms::new([Synonym {
        say: vec!["kicked out".into(), "!".into()],
        means: vec!["family".into(), "visits".into()],
        finds: "/b".into(),
        urgent: true,
    }]);
    index(pages, &synonyms)
}

pub(crate) fn keys(index: &Index, typed: &str) -> Vec<String> {
    let found = index.search(typed).found;
    found.into_iter().map(|page| page.key).collect()
}
