//! Reading pages: the fixed ones, and the few that follow the database.

use crate::current_pages::Stamp;
use crate::error::WebError;
use crate::prerender::pages::HTML;
use crate::site::Site;
use crate::static_body::{Body, Encoding};
use crate::{headers, response};
use app::shell::render;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use model::progress::{PromisePage, PromisesPage};
use model::{Problem, PublicMeeting, PublishedOutcome, urls};
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

/// A page that follows the database, with the same headers as a fixed one.
pub async fn current(
    State(site): State<Arc<Site>>,
    request: Request,
) -> Result<Response, WebError> {
    let body = current_page(&site, request.uri().path()).await?;
    let policy = &site.page_policy;
    Ok(response::fixed(&body, policy, true, request.headers()))
}

/// Which state of the database a page made now shows.
pub(crate) async fn stamp(site: &Site) -> Result<Stamp, ActError> {
    Ok(Stamp {
        change: site.pledge.public_change().await?,
        today: site.pledge.clock.today(),
    })
}

/// The page of this address as it is now, compressed.
pub(crate) async fn current_page(site: &Arc<Site>, path: &str) -> Result<Body, ActError> {
    let kept = site.current.pages.get(path).ok_or(ActError::NotFound)?;
    let (of, path) = (Arc::clone(site), path.to_owned());
    kept.get(stamp(site).await?, async move {
        let data = read(&of, &path).await?;
        let site = Arc::clone(&of);
        let body = move || {
            let body = Body::new(html(&site, &path, data).into_bytes(), HTML);
            body.bytes(Encoding::Brotli);
            body.bytes(Encoding::Gzip);
            body
        };
        of.current.draw(body).await
    })
    .await
}

/// What a page shows of the database.
enum Data {
    Outcomes(Vec<PublishedOutcome>),
    Meetings(Vec<PublicMeeting>),
    Promises(PromisesPage),
    Promise(Box<PromisePage>),
}

async fn read(site: &Site, path: &str) -> Result<Data, ActError> {
    let pledge = &site.pledge;
    Ok(match path {
        urls::YOU_SAID => Data::Outcomes(pledge.outcomes().await?),
        urls::COMMITTEE => Data::Meetings(pledge.public_meetings().await?),
        urls::PROMISES => Data::Promises(pledge.promises_page(&site.content).await?),
        promise => {
            let slug = promise.strip_prefix(urls::PROMISES).unwrap_or_default();
            let slug = slug.trim_start_matches('/');
            Data::Promise(Box::new(pledge.promise_page(&site.content, slug).await?))
        }
    })
}

fn html(site: &Site, path: &str, data: Data) -> String {
    let frame = site.frame.of_page(path);
    let article = |name| site.content.page(name);
    match data {
        Data::Outcomes(outcomes) => render(&frame, None, || {
            app::pages::you_said::you_said(article("you-said"), outcomes)
        }),
        Data::Meetings(meetings) => render(&frame, None, || {
            app::pages::reading::committee(article("committee"), meetings)
        }),
        Data::Promises(page) => render(&frame, None, || app::pages::progress::promises(page)),
        Data::Promise(page) => render(&frame, None, || app::pages::progress::promise(*page)),
    }
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
