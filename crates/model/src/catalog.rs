//! Every public page, once: what it is, and which lists it stands in. A list of pages reads this; a page that is served
//! and not in it fails a test. Knows the addresses, no words and no handler.

use crate::urls;
use MenuPart::{About, Do, Know};
use PageKind::{Article, Form, Index, Live, Sheet};

/// How a page is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// An article and nothing else; its bytes are fixed while its words are in force.
    Article,
    /// A sheet to print and write on; fixed as well.
    Sheet,
    /// Words with a list that is part of the words; fixed as well.
    Index,
    /// Follows the database.
    Live,
    /// Answers what somebody types or chooses.
    Form,
}

impl PageKind {
    /// Whether its bytes never change while its words are in force.
    pub const fn is_fixed(self) -> bool {
        matches!(self, PageKind::Article | PageKind::Sheet | PageKind::Index)
    }
}

/// The parts of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuPart {
    /// What can be done.
    Do,
    /// What to know.
    Know,
    /// About this site.
    About,
}

/// A public page with an address of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its name; where it has words of its own, those are `pages/<name>.md`.
    pub name: &'static str,
    /// Its address.
    pub path: &'static str,
    /// How it is made.
    pub kind: PageKind,
    /// It has words of its own, which must be there.
    pub has_words: bool,
    /// The key of its title in lists, where that is not the title of its words.
    pub title: Option<&'static str>,
    /// The key of the sentence about it, where it has no words of its own.
    pub short: Option<&'static str>,
    /// Where it stands in the menu, and the key of its name there.
    pub menu: Option<(MenuPart, &'static str)>,
    /// The search finds it.
    pub is_searched: bool,
    /// It is counted how often it is opened.
    pub is_counted: bool,
    /// A copy on a phone holds it.
    pub is_kept: bool,
    /// It states facts: it names its sources and shows when they were checked.
    pub is_dated: bool,
    /// It has two lengths.
    pub has_two_lengths: bool,
}

const fn page(name: &'static str, path: &'static str, kind: PageKind) -> Page {
    Page {
        name,
        path,
        kind,
        has_words: true,
        title: None,
        short: None,
        menu: None,
        is_searched: true,
        is_counted: true,
        is_kept: true,
        is_dated: true,
        has_two_lengths: true,
    }
}

// What makes a page another one than an article of facts in two lengths, which every list has.
impl Page {
    const fn without_words(self, title: &'static str) -> Page {
        Page {
            has_words: false,
            is_dated: false,
            has_two_lengths: false,
            ..self.titled(title)
        }
    }

    const fn titled(self, title: &'static str) -> Page {
        Page {
            title: Some(title),
            ..self
        }
    }

    const fn short(self, short: &'static str) -> Page {
        Page {
            short: Some(short),
            ..self
        }
    }

    const fn in_menu(self, part: MenuPart, key: &'static str) -> Page {
        Page {
            menu: Some((part, key)),
            ..self
        }
    }

    const fn not_searched(self) -> Page {
        Page {
            is_searched: false,
            ..self
        }
    }

    const fn not_kept(self) -> Page {
        Page {
            is_kept: false,
            ..self
        }
    }

    const fn undated(self) -> Page {
        Page {
            is_dated: false,
            ..self
        }
    }

    // A way in or a sheet: short by itself.
    const fn one_length(self) -> Page {
        Page {
            has_two_lengths: false,
            ..self
        }
    }
}

/// Every page with an address of its own, in the order of the menu.
pub const PAGES: [Page; 27] = [
    page("home", urls::HOME, Index)
        .titled("use.home")
        .in_menu(Do, "menu.home")
        .not_searched()
        .undated()
        .one_length(),
    // What somebody sends or gets is never kept.
    page("speak", urls::SPEAK, Form)
        .titled("menu.speak")
        .in_menu(Do, "menu.speak")
        .not_kept()
        .undated()
        .one_length(),
    page("check", urls::CHECK, Form)
        .without_words("home.check")
        .short("home.check-short")
        .in_menu(Do, "home.check"),
    page("follow", urls::FOLLOW, Form)
        .titled("menu.follow")
        .in_menu(Do, "menu.follow")
        .not_kept()
        .undated()
        .one_length(),
    page("you-said", urls::YOU_SAID, Live)
        .in_menu(Do, "menu.you-said")
        .undated()
        .one_length(),
    page("letters", urls::LETTERS, Index)
        .in_menu(Do, "menu.letters")
        .undated()
        .one_length(),
    page("help", urls::HELP, Index).in_menu(Do, "menu.help"),
    page("rights", urls::RIGHTS, Index)
        .in_menu(Know, "menu.rights")
        .undated()
        .one_length(),
    page("pledge", urls::PLEDGE, Index).in_menu(Know, "menu.pledge"),
    page("promises", urls::PROMISES, Live).in_menu(Know, "menu.promises"),
    page("lifelong-links", urls::LIFELONG_LINKS, Article).in_menu(Know, "menu.lifelong-links"),
    page("lifelong-links/people", urls::PEOPLE_TO_FIND, Sheet)
        .in_menu(Know, "menu.people-to-find")
        .undated()
        .one_length(),
    page("staying-put", urls::STAYING_PUT, Article).in_menu(Know, "menu.staying-put"),
    page("staying-put/talk", urls::STAYING_PUT_TALK, Sheet)
        .in_menu(Know, "menu.staying-put-talk")
        .undated()
        .one_length(),
    page("staying-put/carers", urls::STAYING_PUT_CARERS, Article)
        .in_menu(Know, "menu.staying-put-carers"),
    page("money", urls::MONEY, Article).in_menu(Know, "menu.money"),
    page("housing", urls::HOUSING, Article).in_menu(Know, "menu.housing"),
    page("health-and-travel", urls::HEALTH_AND_TRAVEL, Article)
        .in_menu(Know, "menu.health-and-travel"),
    page("glossary", urls::GLOSSARY, Index)
        .in_menu(Know, "menu.glossary")
        .one_length(),
    page("committee", urls::COMMITTEE, Live).in_menu(Know, "menu.committee"),
    page("speakerbox", urls::SPEAKERBOX, Article).in_menu(Know, "menu.speakerbox"),
    page("keep", urls::KEEP, Live)
        .without_words("keep.title")
        .short("keep.lead")
        .in_menu(About, "keep.title"),
    page("print", urls::PRINT, Form)
        .without_words("print.title")
        .short("print.lead")
        .in_menu(About, "print.title")
        .not_kept(),
    page("privacy", urls::PRIVACY, Article).in_menu(About, "footer.privacy"),
    page("accessibility", urls::ACCESSIBILITY, Article)
        .in_menu(About, "footer.accessibility")
        .undated(),
    page("search", urls::SEARCH, Form)
        .without_words("search.title")
        .not_searched(),
    page("menu", urls::MENU, Index)
        .without_words("nav.menu")
        .not_searched(),
];

/// The pages of which there are many of one kind, each under its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageFamily {
    /// One right.
    Right,
    /// One promise of the pledge.
    Promise,
    /// One "We will" statement of the council.
    CouncilPromise,
    /// One letter.
    Letter,
}

impl PageFamily {
    /// Every family.
    pub const ALL: [PageFamily; 4] = [
        PageFamily::Right,
        PageFamily::Promise,
        PageFamily::CouncilPromise,
        PageFamily::Letter,
    ];

    /// The address of the page with this name.
    pub fn path(self, slug: &str) -> String {
        match self {
            PageFamily::Right => urls::right(slug),
            PageFamily::Promise => urls::promise(slug),
            PageFamily::CouncilPromise => urls::council_promise(slug),
            PageFamily::Letter => urls::letter(slug),
        }
    }

    /// How each of its pages is made.
    pub const fn kind(self) -> PageKind {
        match self {
            PageFamily::Right | PageFamily::Promise => PageKind::Article,
            PageFamily::CouncilPromise => PageKind::Live,
            PageFamily::Letter => PageKind::Form,
        }
    }

    /// A copy on a phone holds its pages. What somebody fills in is never kept.
    pub const fn is_kept(self) -> bool {
        !matches!(self.kind(), PageKind::Form)
    }

    /// The family that this address belongs to. Whether it has a page of that name is for the words to say.
    pub fn at(path: &str) -> Option<PageFamily> {
        PageFamily::ALL.into_iter().find(|family| {
            let slug = path.strip_prefix(family.path("").as_str());
            slug.is_some_and(|slug| !slug.is_empty() && !slug.contains('/'))
        })
    }
}

/// The page of this name.
pub fn named(name: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.name == name)
}

/// The page at this address.
pub fn at(path: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.path == path)
}

/// The pages of this kind.
pub fn of_kind(kind: PageKind) -> impl Iterator<Item = &'static Page> {
    PAGES.iter().filter(move |page| page.kind == kind)
}

/// A part of the menu: addresses, with the keys of their names.
pub fn menu(part: MenuPart) -> impl Iterator<Item = (&'static str, &'static str)> {
    let own = move |page: &'static Page| {
        let (of, key) = page.menu?;
        (of == part).then_some((page.path, key))
    };
    PAGES.iter().filter_map(own)
}

/// Whether a page stands in the catalogue, by itself or with its family.
pub fn has(path: &str) -> bool {
    at(path).is_some() || PageFamily::at(path).is_some()
}

/// Whether a copy on a phone may hold what is at this address.
pub fn is_kept(path: &str) -> bool {
    match at(path) {
        Some(page) => page.is_kept,
        None => PageFamily::at(path).is_some_and(PageFamily::is_kept),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_page_stands_in_it_once_and_whole() {
        let names: BTreeSet<&str> = PAGES.iter().map(|page| page.name).collect();
        let paths: BTreeSet<&str> = PAGES.iter().map(|page| page.path).collect();
        assert_eq!((names.len(), paths.len()), (PAGES.len(), PAGES.len()));
        for page in &PAGES {
            // A page without words has no title but the one in its row, and without a sentence it cannot be found.
            assert!(page.has_words || page.title.is_some(), "{page:?}");
            let is_found = page.has_words || page.short.is_some();
            assert!(!page.is_searched || is_found, "{page:?}");
            assert!(page.has_words || !page.is_dated, "{page:?}");
            if page.has_words {
                assert_eq!(page.path, urls::article(page.name));
            }
            assert_eq!(PageFamily::at(page.path), None, "{page:?}");
        }
    }

    #[test]
    fn what_somebody_sends_or_gets_is_never_kept() {
        for never in [
            "/speak",
            "/speak/x",
            "/follow",
            "/leave",
            "/letters/x",
            "/print",
            "/desk",
            "/desk/queue",
            "/rights/x/y",
            "/rights/",
            "",
        ] {
            assert!(!is_kept(never), "{never}");
        }
        for kept in ["/", "/speakerbox", "/help", "/rights/visits", "/promises/x"] {
            assert!(is_kept(kept), "{kept}");
        }
    }
}
