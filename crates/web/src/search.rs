//! Searching the pages. What is looked for can say a lot about somebody: it comes in the body of a POST, the answer is
//! never stored and has a neutral title, and nothing of it is kept. On the phone, where the island searches by itself, it
//! is not sent at all.

use crate::error::WebError;
use crate::prerender::pages::lines;
use crate::site::Site;
use crate::{form, response};
use app::pages::search as pages;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::search::SearchPage;
use model::urls;
use std::sync::Arc;

/// The empty form, whatever stands in the address. The phone may take over from here.
pub async fn form(State(site): State<Arc<Site>>) -> Response {
    response::island_page_at(&site, urls::SEARCH, StatusCode::OK, || {
        pages::form(lines(&site.content))
    })
}

/// What was found.
pub async fn search(State(site): State<Arc<Site>>, request: Request) -> Result<Response, WebError> {
    let form = form::read_form(request, form::FORM_BYTES).await?;
    let typed = form.text("q");
    let results = site.search().search(&typed);
    let mut lines = lines(&site.content);
    if !results.urgent {
        lines.urgent.clear();
    }
    if !results.found.is_empty() {
        lines.help.clear();
    }
    let page = SearchPage {
        typed,
        urgent: lines.urgent,
        help: lines.help,
        found: results.found,
    };
    Ok(response::page_at(
        &site,
        urls::SEARCH,
        StatusCode::OK,
        || pages::search(page),
    ))
}
