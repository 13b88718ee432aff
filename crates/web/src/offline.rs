//! The copy that somebody may keep on their phone: which pages it holds, the worker that holds them, and the page that
//! asks. See `docs/decisions/0003-kept-on-this-phone.md`.

use crate::error::WebError;
use crate::prerender::offline::KeptFile;
use crate::prerender::pages::{HTML, council_promises};
use crate::site::Site;
use crate::static_body::{self, Body, Encoding};
use crate::{byte_budgets, headers, pages, progress, quick_exit, response};
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

/// What a copy holds now.
struct Published {
    version: String,
    files: Vec<KeptFile>,
    /// What the page with the button says of it.
    said: OfflinePage,
    /// The page with the button, in English.
    page: Body,
}

// Some pages follow the database, and the page with the button tells the size of all.
async fn published(site: &Arc<Site>) -> Result<Published, ActError> {
    let mut made = Vec::new();
    let live = catalog::of_kind(PageKind::Live).filter(|page| page.is_kept);
    for page in live.filter(|page| page.path != urls::KEEP) {
        let html = match page.path {
            urls::YOU_SAID => pages::you_said_page(site).await?,
            urls::COMMITTEE => pages::committee_page(site).await?,
            urls::PROMISES => progress::all_page(site).await?,
            _ => return Err(ActError::Internal("keep-page")),
        };
        made.push((page.path.to_owned(), html));
    }
    for address in council_promises(&site.content) {
        let html = progress::one_page(site, &address).await?;
        made.push((address, html));
    }
    // Compressing all for the first time takes a second of a core: not on a thread that others wait for.
    let work = Arc::clone(site);
    tokio::task::spawn_blocking(move || list_all(&work, made))
        .await
        .map_err(|_| ActError::Internal("keep-list"))
}

fn list_all(site: &Site, made: Vec<(String, String)>) -> Published {
    let keep = &site.keep;
    let made: Vec<(String, Body)> = made
        .into_iter()
        .map(|(path, html)| (path, Body::new(html.into_bytes(), HTML)))
        .collect();
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
    let page = Body::new(keep_page(site, said).into_bytes(), HTML);
    let mut files: Vec<KeptFile> = bodies
        .iter()
        .map(|(path, body)| KeptFile::new(path, body))
        .collect();
    files.push(KeptFile::new(urls::KEEP, &page));
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let all = json!([keep.worker, keep.notes, files]).to_string();
    let version = Body::new(all.into_bytes(), "").etag.replace('"', "");
    Published {
        version,
        files,
        said,
        page,
    }
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
        None => now.page,
        Some(_) => Body::new(keep_page(&site, now.said).into_bytes(), HTML),
    };
    let policy = &site.keep.policy;
    Ok(response::fixed(&page, policy, true, request.headers()))
}

/// What a copy holds, for anybody who wants to know.
pub async fn list(State(site): State<Arc<Site>>) -> Result<Response, WebError> {
    let now = published(&site).await?;
    let list = json!({"version": now.version, "files": now.files});
    Ok(response::json(StatusCode::OK, &list))
}

/// The worker with the list inside.
pub async fn worker(State(site): State<Arc<Site>>, request: Request) -> Result<Response, WebError> {
    let now = published(&site).await?;
    let [copy, down] = &site.keep.notes;
    let kept = json!({
        "version": now.version,
        "files": now.files,
        "page": urls::KEEP,
        "help": urls::HELP,
        "leave": urls::LEAVE,
        "elsewhere": quick_exit::QUICK_EXIT_URL,
        "language": site.frame.words.language,
        "words": {"copy": copy, "down": down},
    });
    let text = site.keep.worker.replacen(LIST_HERE, &kept.to_string(), 1);
    let body = Body::new(
        text.into_bytes(),
        static_body::content_type(urls::KEEP_WORKER),
    );
    let mut response = response::fixed(&body, headers::WORKER_POLICY, false, request.headers());
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
