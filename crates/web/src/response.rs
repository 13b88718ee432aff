//! Answers: pages with their policy, fixed bytes, redirects, problems.

use crate::headers;
use crate::site::Site;
use crate::static_body::{self, Body, Encoding};
use app::shell::PageContext;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use http_body_util::BodyExt;
use leptos::prelude::IntoView;
use model::Problem;
use model::language::Language;
use serde_json::{Value, json};

/// A page that is made for this request, in this frame: never stored, policy by hash.
pub fn page_in<V: IntoView>(
    site: &Site,
    frame: &PageContext,
    status: StatusCode,
    view: impl FnOnce() -> V,
) -> Response {
    let html = app::shell::render(frame, None, view);
    html_response(status, html, &site.page_policy)
}

/// The page at this address, which need not be in the site's language.
pub fn page_at<V: IntoView>(
    site: &Site,
    address: &str,
    status: StatusCode,
    view: impl FnOnce() -> V,
) -> Response {
    page_in(site, &site.frame.of_page(address), status, view)
}

/// A page of the desk.
pub fn desk_page<V: IntoView>(
    site: &Site,
    status: StatusCode,
    view: impl FnOnce() -> V,
) -> Response {
    let html = app::shell::render(&site.desk_frame, None, view);
    html_response(status, html, &site.desk_policy)
}

/// The page with an island at this address, which need not be in the site's language.
pub fn island_page_at<V: IntoView>(
    site: &Site,
    address: &str,
    status: StatusCode,
    view: impl FnOnce() -> V,
) -> Response {
    island_page_in(site, &site.frame.of_page(address), status, view)
}

/// A page with an island, in this frame: policy by nonce. Without the bundle it is the same page without the island's
/// script.
pub fn island_page_in<V: IntoView>(
    site: &Site,
    frame: &PageContext,
    status: StatusCode,
    view: impl FnOnce() -> V,
) -> Response {
    if !site.has_bundle {
        return page_in(site, frame, status, view);
    }
    let nonce = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(site.pledge.nonce());
    let html = app::shell::render(frame, Some(&nonce), view);
    html_response(status, html, &headers::island_policy(&nonce))
}

/// A fixed page or file, from memory, in the best encoding, or 304 when the browser has it.
pub fn fixed(body: &Body, policy: &str, indexed: bool, request: &HeaderMap) -> Response {
    let text = |name| {
        request
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
            .unwrap_or_default()
    };
    let mut response = if text(header::IF_NONE_MATCH)
        .split(',')
        .any(|tag| tag.trim() == body.etag)
    {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        let encoding = Encoding::choose(text(header::ACCEPT_ENCODING));
        let mut response = Response::new(body.bytes(encoding).into());
        if let Some(name) = encoding.header() {
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(body.content_type),
        );
        response
    };
    let headers = response.headers_mut();
    set(headers, header::ETAG, &body.etag);
    set(headers, header::CACHE_CONTROL, "private, no-cache");
    set(headers, header::VARY, "accept-encoding");
    set(headers, header::CONTENT_SECURITY_POLICY, policy);
    if indexed {
        headers.insert("x-robots-tag", HeaderValue::from_static("all"));
    }
    response
}

/// Compresses the pages made for one request, because young people pay for their bytes.
///
/// Not the desk's: they hold tokens beside words that somebody else may have chosen, and the length of the compressed
/// page could tell about the token. Young people's pages hold neither tokens of a session nor words of a third person's
/// request.
pub async fn compress(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let ours = !path.starts_with("/desk") && !path.starts_with("/api/");
    let accept = request.headers().get(header::ACCEPT_ENCODING).cloned();
    let response = next.run(request).await;
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !ours || !is_page || response.headers().contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    let accept = accept.as_ref().and_then(|value| value.to_str().ok());
    let encoding = Encoding::choose(accept.unwrap_or_default());
    let (mut parts, body) = response.into_parts();
    // The whole page is in memory already, so collecting it cannot fail.
    let plain = body.collect().await.map(|body| body.to_bytes());
    let bytes = static_body::compress_once(&plain.unwrap_or_default(), encoding);
    set(&mut parts.headers, header::VARY, "accept-encoding");
    if let Some(name) = encoding.header() {
        set(&mut parts.headers, header::CONTENT_ENCODING, name);
    }
    Response::from_parts(parts, bytes.into())
}

/// Answers a POST of the desk with the page to go to.
pub fn redirect(to: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    set(response.headers_mut(), header::LOCATION, to);
    response
}

/// Sends the browser on with the method and the form of this POST.
pub fn redirect_with_form(to: &str) -> Response {
    let mut response = redirect(to);
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    response
}

/// The page at this address has another one for good: what follows the old beginning stays, with the method and the form.
pub fn moved(uri: &Uri, old: &str, new: &str) -> Response {
    let at = uri.path_and_query().map_or("", |at| at.as_str());
    let rest = at.strip_prefix(old).unwrap_or_default();
    let mut response = redirect(&format!("{new}{rest}"));
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    response
}

/// An answer that sends somebody on to another page, in this language.
pub fn in_language(mut response: Response, language: &Language) -> Response {
    let to = response.headers().get(header::LOCATION);
    if let Some(to) = to.and_then(|to| to.to_str().ok()) {
        let to = language.address(to);
        set(response.headers_mut(), header::LOCATION, &to);
    }
    response
}

/// A page that says what went wrong, what to do next, and where help is.
pub fn problem(site: &Site, problem: Problem) -> Response {
    problem_in(site, &site.frame, problem)
}

/// The same in a frame of its own.
pub fn problem_in(site: &Site, frame: &PageContext, problem: Problem) -> Response {
    let lines = site.content.lines.clone();
    let status =
        StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = page_in(site, frame, status, || {
        app::pages::problem::problem(problem, lines)
    });
    if problem == Problem::Busy {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    }
    response
}

/// Sets a header; a value that is not a header value is left out.
pub fn set(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// A page whose HTML is made already: never stored.
pub(crate) fn html_response(status: StatusCode, html: String, policy: &str) -> Response {
    let mut response = Response::new(html.into());
    *response.status_mut() = status;
    set(
        response.headers_mut(),
        header::CONTENT_TYPE,
        "text/html; charset=utf-8",
    );
    set(
        response.headers_mut(),
        header::CONTENT_SECURITY_POLICY,
        policy,
    );
    response
}

/// JSON for a program.
pub fn json(status: StatusCode, body: &Value) -> Response {
    json_bytes(status, body.to_string().into_bytes())
}

/// What went wrong, for a program.
pub fn json_error(status: StatusCode, code: &str, message: &str) -> Response {
    json(status, &json!({ "error": code, "message": message }))
}

/// JSON that is written already.
pub fn json_bytes(status: StatusCode, bytes: impl Into<axum::body::Body>) -> Response {
    let mut response = Response::new(bytes.into());
    *response.status_mut() = status;
    set(
        response.headers_mut(),
        header::CONTENT_TYPE,
        "application/json; charset=utf-8",
    );
    response
}
