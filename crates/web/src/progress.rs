//! The council's promises: they follow the figures, so their pages are made when they are asked for.

use crate::error::WebError;
use crate::pages::current;
use crate::site::Site;
use app::pages::progress as pages;
use app::shell::render;
use axum::extract::{Request, State};
use axum::response::Response;
use model::urls;
use service::ActError;
use std::sync::Arc;

/// Every promise with how it goes.
pub async fn all(State(site): State<Arc<Site>>, request: Request) -> Result<Response, WebError> {
    let html = all_page(&site).await?;
    Ok(current(&site, &request, html))
}

/// The page as it is now.
pub async fn all_page(site: &Site) -> Result<String, ActError> {
    let page = site.pledge.promises_page(&site.content).await?;
    let frame = site.frame.of_page(urls::PROMISES);
    Ok(render(&frame, None, || pages::promises(page)))
}

/// One promise.
pub async fn one(State(site): State<Arc<Site>>, request: Request) -> Result<Response, WebError> {
    let html = one_page(&site, request.uri().path()).await?;
    Ok(current(&site, &request, html))
}

/// The page of this address as it is now.
pub async fn one_page(site: &Site, path: &str) -> Result<String, ActError> {
    let slug = path
        .strip_prefix(urls::PROMISES)
        .map_or("", |rest| rest.trim_start_matches('/'));
    let page = site.pledge.promise_page(&site.content, slug).await?;
    Ok(render(&site.frame.of_page(path), None, || {
        pages::promise(page)
    }))
}
