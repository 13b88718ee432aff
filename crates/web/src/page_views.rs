//! Counting how often public pages are opened, by page and language. Knows nobody who opens one.

use crate::live::SiteHandle;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use service::usage;

/// Counts the public pages that are opened. A page that the browser had already counts as well.
pub async fn count_page_views(
    State(live): State<SiteHandle>,
    request: Request,
    next: Next,
) -> Response {
    let path = (request.method() == Method::GET).then(|| request.uri().path().to_owned());
    let response = next.run(request).await;
    let opened = [StatusCode::OK, StatusCode::NOT_MODIFIED].contains(&response.status());
    if let Some(path) = path.filter(|_| opened) {
        let site = live.of(0);
        let (page, language) = usage::in_english(&path, &site.frame.languages);
        if site.counted.contains(page) {
            site.pledge.usage.count(page, language);
        }
    }
    response
}
