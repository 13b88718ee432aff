//! Reading pages: the fixed ones, and the few that follow the database.

use crate::error::WebError;
use crate::form::Form;
use crate::live::other_languages;
use crate::prerender::pages::{HTML, fixed_addresses};
use crate::site::Site;
use crate::static_body::{Body, Encoding};
use crate::{headers, response};
use app::components::JOURNEY;
use app::pages::reading as pages;
use app::shell::{Bundle, render};
use axum::extract::{RawQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use model::{Problem, urls};
use service::ActError;
use service::abandoned_journeys::JourneyId;
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
    for other in other_languages(site) {
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
pub async fn fixed(State(site): State<Arc<Site>>, request: Request) -> Result<Response, WebError> {
    let body = site.body(request.uri().path()).ok_or(Problem::NotFound)?;
    let is_page = body.content_type == HTML;
    let policy = if is_page {
        site.page_policy.as_str()
    } else {
        headers::FILE_POLICY
    };
    Ok(response::fixed(body, policy, is_page, request.headers()))
}

/// You said, we did.
pub async fn you_said(
    State(site): State<Arc<Site>>,
    request: Request,
) -> Result<Response, WebError> {
    let html = you_said_page(&site).await?;
    Ok(current(&site, &request, html))
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
pub async fn committee(
    State(site): State<Arc<Site>>,
    request: Request,
) -> Result<Response, WebError> {
    let html = committee_page(&site).await?;
    Ok(current(&site, &request, html))
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
pub(crate) fn current(site: &Site, request: &Request, html: String) -> Response {
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
