//! The pages whose bytes are the same for every reader, and the lists of addresses. Knows the words and the frame; no
//! site, no database, no request.

use crate::static_body::{Body, Encoding};
use app::pages::reading as pages;
use app::shell::{Nav, PageContext, render};
pub use content::site_pages::public_addresses;
use content::{Content, Library, site_pages};
use domain::entitlements::questions::{AnswerTexts, Question};
use model::CheckPage;
use model::catalog::{self, PageFamily, PageKind};
use model::search::SearchLines;
use model::urls;
use service::PublicUrl;
use std::collections::BTreeMap;

/// What a page is.
pub const HTML: &str = "text/html; charset=utf-8";

/// Every page whose bytes never change while these words are in force, by address.
pub fn fixed_pages(frame: &PageContext, content: &Content) -> BTreeMap<String, Body> {
    let made = |address: String| Some((address.clone(), fixed_page(frame, content, &address)?));
    fixed_addresses(content)
        .into_iter()
        .filter_map(made)
        .collect()
}

/// The addresses of these pages, and of what their islands fetch.
pub fn fixed_addresses(content: &Content) -> Vec<String> {
    let mut all = site_pages::fixed_addresses(content);
    all.extend([urls::CHECK_KIT, urls::SEARCH_WORDS].map(str::to_owned));
    all
}

/// The page of this address, if it is one of them.
pub fn fixed_page(frame: &PageContext, content: &Content, address: &str) -> Option<Body> {
    let frame = &frame.of_page(address);
    let article = |name: &str| content.page(name);
    let groups = || content.groups.clone();
    let of_kind = |kind: PageKind| {
        let page = catalog::at(address).filter(|page| page.kind == kind);
        page.map(|page| page.name)
    };
    let html = match address {
        urls::HOME => render(frame, None, || pages::home(article("home"))),
        urls::RIGHTS => render(frame, None, || pages::rights(article("rights"), groups())),
        urls::PLEDGE => render(frame, None, || {
            pages::pledge(article("pledge"), content.promises.clone())
        }),
        urls::HELP => render(frame, None, || {
            pages::help(article("help"), content.lines.clone())
        }),
        urls::MENU => render(frame, None, || pages::menu(groups())),
        urls::GLOSSARY => render(frame, None, || {
            pages::glossary(article("glossary"), content.glossary.clone())
        }),
        urls::LETTERS => render(frame, None, || {
            pages::letters(article("letters"), content.letters.clone())
        }),
        urls::CHECK_KIT => {
            // A document of templates, but never a page: the island alone reads it, and says itself what it is.
            let kit = render(frame, None, || {
                app::pages::check::kit(content.entitlements.clone())
            });
            return Some(Body::new(kit.into_bytes(), "text/plain; charset=utf-8"));
        }
        urls::SEARCH_WORDS => {
            let index = content::search_index::index(content).write();
            return Some(Body::new(index.into_bytes(), "text/plain; charset=utf-8"));
        }
        _ => {
            let promises = &content.promises;
            let promise = promises
                .iter()
                .find(|one| urls::promise(&one.slug) == address);
            let right = content
                .rights
                .iter()
                .find(|one| urls::right(&one.slug) == address);
            if let Some(name) = of_kind(PageKind::Sheet) {
                render(frame, None, || pages::sheet(article(name)))
            } else if let Some(name) = of_kind(PageKind::Article) {
                render(frame, None, || pages::plain(article(name), Nav::Elsewhere))
            } else if let Some(promise) = promise {
                let words = article(&format!("pledge/{}", promise.slug));
                render(frame, None, || pages::promise(words, promise.clone()))
            } else {
                let right = right?.clone();
                render(frame, None, || pages::right(right))
            }
        }
    };
    Some(Body::new(html.into_bytes(), HTML))
}

/// The pages of the council's promises, which follow the database.
pub fn council_promises(content: &Content) -> Vec<String> {
    site_pages::addresses_of(content, PageFamily::CouncilPromise)
}

/// Every public page in every language that has it.
///
/// Addresses are without a host where nobody has said under which name the site is reached.
pub fn sitemap(library: &Library, public: Option<&PublicUrl>) -> String {
    let contents = library.contents();
    let languages = library.languages.iter().zip(&contents);
    let addresses = languages.flat_map(|(language, content)| {
        let all = public_addresses(content).into_iter();
        let own = all.filter(|address| !content.in_english.contains(address));
        own.map(|address| language.address(&address))
    });
    let entries: Vec<String> = addresses
        .map(|path| public.map_or_else(|| path.clone(), |public| public.of(&path)))
        .map(|address| format!("<url><loc>{address}</loc></url>"))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{}\n</urlset>\n",
        entries.join("\n")
    )
}

/// `robots.txt` with a line that leads to the sitemap, which needs a whole address.
pub fn robots_with_sitemap(robots: &Body, public: &PublicUrl) -> Body {
    let rules = robots.bytes(Encoding::Identity);
    let line = format!("\nSitemap: {}\n", public.of("/sitemap.xml"));
    Body::new([&rules[..], line.as_bytes()].concat(), robots.content_type)
}

/// The page before anything is answered.
pub fn first_question() -> CheckPage {
    CheckPage {
        question: Question::one("born"),
        texts: AnswerTexts::new(),
        answered: Vec::new(),
        typed: BTreeMap::new(),
        problem: None,
    }
}

/// The help lines that the phone may need.
pub(crate) fn lines(content: &Content) -> SearchLines {
    SearchLines {
        urgent: content.urgent_lines().to_vec(),
        help: content.lines.clone(),
    }
}
