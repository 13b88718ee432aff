//! The council's promises: they follow the figures, so their pages are made when they are asked for.

use super::{Site, reading, reply};
use app::pages::promises as pages;
use app::shell::render;
use app::urls;
use axum::extract::{Request, State};
use axum::response::Response;
use std::sync::Arc;

/// Every promise with how it goes.
pub async fn all(State(site): State<Arc<Site>>, request: Request) -> Response {
    match site.pledge.promises_page().await {
        Ok(page) => {
            let html = render(&site.frame, None, || pages::promises(page));
            reading::current(&site, &request, html)
        }
        Err(error) => reply::act_problem(&site, &error),
    }
}

/// One promise.
pub async fn one(State(site): State<Arc<Site>>, request: Request) -> Response {
    let path = request.uri().path();
    let slug = path
        .strip_prefix(urls::PROMISES)
        .map_or("", |rest| rest.trim_start_matches('/'));
    match site.pledge.promise_page(slug).await {
        Ok(page) => {
            let html = render(&site.frame, None, || pages::promise(page));
            reading::current(&site, &request, html)
        }
        Err(error) => reply::act_problem(&site, &error),
    }
}
