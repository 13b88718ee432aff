//! The copy that somebody may keep on their phone: which pages it holds, the worker that holds them, and the page that
//! asks. See `docs/decisions/0003-kept-on-this-phone.md`.

use crate::error::WebError;
use crate::pages::{current_page, stamp};
use crate::prerender::offline::{KeptFile, PublishedCopy};
use crate::prerender::pages::{HTML, council_promises};
use crate::site::Site;
use crate::static_body::{self, Body, Encoding};
use crate::{byte_budgets, headers, quick_exit, response};
use app::shell::render;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{self, HeaderName};
use axum::response::Response;
use model::OfflinePage;
use model::catalog::{self, PageKind};
use model::urls;
use serde_json::json;
use service::ActError;
use std::sync::Arc;

/// Where the worker's text waits for the list.
const LIST_HERE: &str = "'the published list'";

/// What a copy holds now. Some pages follow the database, and the page with the button tells the size of all.
async fn published(site: &Arc<Site>) -> Result<Arc<PublishedCopy>, ActError> {
    let of = Arc::clone(site);
    let make = async move {
        let mut made = Vec::new();
        let live = catalog::of_kind(PageKind::Live).filter(|page| page.is_kept);
        let live = live.filter(|page| page.path != urls::KEEP);
        let live = live.map(|page| page.path.to_owned());
        for address in live.chain(council_promises(&of.content)) {
            let page = current_page(&of, &address).await?;
            made.push((address, page));
        }
        let site = Arc::clone(&of);
        of.current
            .draw(move || Arc::new(publish(&site, &made)))
            .await
    };
    site.current.copy.get(stamp(site).await?, make).await
}

fn publish(site: &Site, made: &[(String, Body)]) -> PublishedCopy {
    let keep = &site.keep;
    let bodies: Vec<(&str, &Body)> = keep
        .fixed
        .iter()
        .filter_map(|path| Some((path.as_str(), site.fixed.get(path)?)))
        .chain(keep.islands.iter().map(|(path, body)| (*path, body)))
        .chain(made.iter().map(|(path, body)| (path.as_str(), body)))
        .collect();
    let total = |encoding| -> usize {
        let bytes = bodies.iter().map(|(_, body)| body.bytes(encoding).len());
        bytes.sum()
    };
    // And the page itself that says it.
    let pages = 1 + bodies
        .iter()
        .filter(|(_, body)| body.content_type == HTML)
        .count();
    let file_kb = keep.file.bytes(Encoding::Brotli).len().div_ceil(1_000);
    let saying = |data_kb, room_kb| OfflinePage {
        pages,
        islands: !keep.islands.is_empty(),
        data_kb,
        room_kb,
        file_kb,
    };
    let headers = bodies.len() * byte_budgets::HEADER_BYTES;
    let data = total(Encoding::Brotli) + headers + byte_budgets::PAGE_BYTES;
    let room = total(Encoding::Identity) + keep_page(site, saying(0, 0)).len();
    let said = saying(tens_of_kb(data), tens_of_kb(room + ITS_NUMBERS));
    let page = ready(keep_page(site, said), HTML);
    let mut files: Vec<KeptFile> = bodies
        .iter()
        .map(|(path, body)| KeptFile::new(path, body))
        .collect();
    files.push(KeptFile::new(urls::KEEP, &page));
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let all = json!([keep.worker, keep.notes, files]).to_string();
    let version = Body::new(all.into_bytes(), "").etag.replace('"', "");
    PublishedCopy {
        list: json!({"version": version, "files": files}),
        said,
        page,
        worker: ready(
            worker_text(site, &version, &files),
            static_body::content_type(urls::KEEP_WORKER),
        ),
    }
}

// Compressed here, so that no answer has to wait for it.
fn ready(text: String, content_type: &'static str) -> Body {
    let body = Body::new(text.into_bytes(), content_type);
    body.bytes(Encoding::Brotli);
    body.bytes(Encoding::Gzip);
    body
}

fn worker_text(site: &Site, version: &str, files: &[KeptFile]) -> String {
    let [copy, down] = &site.keep.notes;
    let kept = json!({
        "version": version,
        "files": files,
        "page": urls::KEEP,
        "help": urls::HELP,
        "leave": urls::LEAVE,
        "elsewhere": quick_exit::QUICK_EXIT_URL,
        "language": site.frame.words.language,
        "words": {"copy": copy, "down": down},
    });
    site.keep.worker.replacen(LIST_HERE, &kept.to_string(), 1)
}

fn keep_page(site: &Site, said: OfflinePage) -> String {
    let frame = site.frame.of_page(urls::KEEP);
    render(&frame, None, || app::pages::offline::offline(said))
}

/// More bytes than the digits of both numbers on the page can have.
const ITS_NUMBERS: usize = 100;

// "Up to", so rounded up.
fn tens_of_kb(bytes: usize) -> usize {
    bytes.div_ceil(10_000) * 10
}

/// Keep these pages on this phone.
pub async fn page(State(site): State<Arc<Site>>, request: Request) -> Result<Response, WebError> {
    // In another language the page tells of the English copy.
    let english = site.base.as_ref().unwrap_or(&site);
    let now = published(english).await?;
    let page = match site.base {
        None => now.page.clone(),
        Some(_) => {
            let (of, said) = (Arc::clone(&site), now.said);
            let make = async move {
                let site = Arc::clone(&of);
                let page = move || ready(keep_page(&site, said), HTML);
                of.current.draw(page).await
            };
            site.current.offer.get(stamp(english).await?, make).await?
        }
    };
    let policy = &site.keep.policy;
    Ok(response::fixed(&page, policy, true, request.headers()))
}

/// What a copy holds, for anybody who wants to know.
pub async fn list(State(site): State<Arc<Site>>) -> Result<Response, WebError> {
    let now = published(&site).await?;
    Ok(response::json(StatusCode::OK, &now.list))
}

/// The worker with the list inside.
pub async fn worker(State(site): State<Arc<Site>>, request: Request) -> Result<Response, WebError> {
    let now = published(&site).await?;
    let policy = headers::WORKER_POLICY;
    let mut response = response::fixed(&now.worker, policy, false, request.headers());
    response::set(
        response.headers_mut(),
        HeaderName::from_static("service-worker-allowed"),
        urls::HOME,
    );
    Ok(response)
}

/// All reading pages in one file, to be saved.
pub async fn file(State(site): State<Arc<Site>>, request: Request) -> Response {
    let mut response =
        response::fixed(&site.keep.file, &site.page_policy, false, request.headers());
    response::set(
        response.headers_mut(),
        header::CONTENT_DISPOSITION,
        "attachment; filename=\"pledge.html\"",
    );
    response
}
