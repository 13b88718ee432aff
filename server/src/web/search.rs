//! Searching the pages. What is looked for can say a lot about somebody: it comes in the body of a POST, the answer is
//! never stored and has a neutral title, and nothing of it is kept.

use super::{Site, form, reply};
use app::model::search::SearchPage;
use app::pages::search as pages;
use app::urls;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// The empty form, whatever stands in the address.
pub async fn form(State(site): State<Arc<Site>>) -> Response {
    reply::page_at(&site, urls::SEARCH, StatusCode::OK, || {
        pages::search(SearchPage::default())
    })
}

/// What was found.
pub async fn search(State(site): State<Arc<Site>>, request: Request) -> Response {
    let form = match form::read(request, form::FORM_BYTES).await {
        Ok(form) => form,
        Err(problem) => return reply::problem(&site, problem),
    };
    let typed = form.text("q");
    let results = site.search().search(&typed);
    let content = &site.content;
    let page = SearchPage {
        typed,
        urgent: if results.urgent {
            content.urgent_lines().to_vec()
        } else {
            Vec::new()
        },
        help: if results.found.is_empty() {
            content.lines.clone()
        } else {
            Vec::new()
        },
        found: Some(results.found),
    };
    reply::page_at(&site, urls::SEARCH, StatusCode::OK, || pages::search(page))
}
