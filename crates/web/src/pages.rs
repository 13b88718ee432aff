//! Reading pages: fixed bytes, made once; and the few that follow the database.

use crate::form::Form;
use crate::static_body::{Body, Encoding};
use crate::{Site, headers, response};
use app::components::JOURNEY;
use app::pages::reading as pages;
use app::shell::PageContext;
use app::shell::{Bundle, Nav, render};
use axum::extract::{RawQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
pub use content::site_pages::public_addresses;
use content::{Content, Library, site_pages};
use model::catalog::{self, PageFamily, PageKind};
use model::urls;
use service::ActError;
use service::abandoned_journeys::JourneyId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where "leave this page" goes.
pub const QUICK_EXIT_URL: &str = "https://www.bbc.co.uk/weather";

/// Most bytes a reading page may take on the wire, headers included (goal F1).
pub const PAGE_BYTES: usize = 14_000;
/// Most bytes of a bundle's WASM and script together, brotli (goal F5): a little more than they have.
const fn bundle_bytes(bundle: Bundle) -> usize {
    match bundle {
        Bundle::Speak => 31_500,
        Bundle::Check => 61_500,
        Bundle::Search => 39_500,
    }
}
/// Most bytes of the search's index on the wire, headers included.
pub const INDEX_BYTES: usize = 40 * 1024;
/// What the headers of a page take, with room to spare.
pub const HEADER_BYTES: usize = 1_500;

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
/// Addresses without a host: the site does not know under which name it is reached.
pub fn sitemap(library: &Library) -> String {
    let contents = library.contents();
    let languages = library.languages.iter().zip(&contents);
    let addresses = languages.flat_map(|(language, content)| {
        let all = public_addresses(content).into_iter();
        let own = all.filter(|address| !content.in_english.contains(address));
        own.map(|address| language.address(&address))
    });
    let entries: Vec<String> = addresses
        .map(|address| format!("<url><loc>{address}</loc></url>"))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{}\n</urlset>\n",
        entries.join("\n")
    )
}

/// Bytes of every reading page, of the search's index and of every bundle as they go over the wire (brotli): name, bytes,
/// most allowed.
pub fn sizes(site: &Arc<Site>) -> Vec<(String, usize, usize)> {
    let mut sizes = Vec::new();
    let mut weigh = |address: &str, path: String, body: &Body| {
        let most = match address {
            urls::SEARCH_WORDS => INDEX_BYTES,
            _ if body.content_type == HTML => PAGE_BYTES,
            _ => return,
        };
        let bytes = body.bytes(Encoding::Brotli).len();
        sizes.push((path, bytes + HEADER_BYTES, most));
    };
    for other in crate::other_languages(site) {
        for address in fixed_addresses(&other.content) {
            if let Some(body) = other.body(&address) {
                weigh(&address, other.address(&address), body);
            }
        }
    }
    for (path, body) in &site.fixed {
        weigh(path, path.clone(), body);
    }
    for bundle in Bundle::ALL {
        let files = bundle.files();
        let bytes = |file| {
            let body = site.fixed.get(file);
            body.map_or(0, |body| body.bytes(Encoding::Brotli).len())
        };
        sizes.push((
            files.join(" and "),
            files.iter().map(bytes).sum(),
            bundle_bytes(bundle),
        ));
    }
    sizes
}

/// A fixed page or file.
pub async fn fixed(State(site): State<Arc<Site>>, request: Request) -> Response {
    let Some(body) = site.body(request.uri().path()) else {
        return response::problem(&site, model::Problem::NotFound);
    };
    let is_page = body.content_type == HTML;
    let policy = if is_page {
        site.page_policy.as_str()
    } else {
        headers::FILE_POLICY
    };
    response::fixed(body, policy, is_page, request.headers())
}

/// You said, we did.
pub async fn you_said(State(site): State<Arc<Site>>, request: Request) -> Response {
    match you_said_page(&site).await {
        Ok(html) => current(&site, &request, html),
        Err(error) => response::act_problem(&site, &error),
    }
}

/// The page as it is now.
pub async fn you_said_page(site: &Site) -> Result<String, ActError> {
    let outcomes = site.pledge.outcomes().await?;
    let article = site.content.page("you-said");
    Ok(render(&site.frame.of_page(urls::YOU_SAID), None, || {
        pages::you_said(article, outcomes)
    }))
}

/// The committee and its meetings.
pub async fn committee(State(site): State<Arc<Site>>, request: Request) -> Response {
    match committee_page(&site).await {
        Ok(html) => current(&site, &request, html),
        Err(error) => response::act_problem(&site, &error),
    }
}

/// The page as it is now.
pub async fn committee_page(site: &Site) -> Result<String, ActError> {
    let meetings = site.pledge.public_meetings().await?;
    let article = site.content.page("committee");
    Ok(render(&site.frame.of_page(urls::COMMITTEE), None, || {
        pages::committee(article, meetings)
    }))
}

/// A public page as it is now: same headers as a fixed one.
pub(super) fn current(site: &Site, request: &Request, html: String) -> Response {
    let body = Body::new(html.into_bytes(), HTML);
    response::fixed(&body, &site.page_policy, true, request.headers())
}

/// Leaves: closes the walk that the page belonged to, clears what the browser holds of us, and goes to a page about the
/// weather.
pub async fn leave(State(site): State<Arc<Site>>, RawQuery(query): RawQuery) -> Response {
    if let Some(id) = JourneyId::from_text(Form::from_query(query.as_deref()).get(JOURNEY)) {
        let pledge = &site.pledge;
        pledge
            .abandoned_journeys
            .leave(id, pledge.clock.unix_seconds());
    }
    let mut response = response::redirect(QUICK_EXIT_URL);
    response::set(
        response.headers_mut(),
        header::HeaderName::from_static("clear-site-data"),
        "\"cache\", \"cookies\", \"storage\"",
    );
    response
}

/// The server answers.
pub async fn health() -> Response {
    let mut response = Response::new("ok\n".into());
    *response.status_mut() = StatusCode::OK;
    response::set(
        response.headers_mut(),
        header::CONTENT_TYPE,
        "text/plain; charset=utf-8",
    );
    response
}
