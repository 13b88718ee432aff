//! Reading pages: the fixed ones, and the few that follow the database.

use crate::error::WebError;
use crate::prerender::pages::HTML;
use crate::site::Site;
use crate::static_body::Body;
use crate::{headers, response};
use app::pages::reading as pages;
use app::shell::render;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use model::{Problem, urls};
use service::ActError;
use std::sync::Arc;

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
        app::pages::you_said::you_said(article, outcomes)
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
