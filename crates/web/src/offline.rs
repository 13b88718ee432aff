//! The copy that somebody may keep on their phone: which pages it holds, the worker that holds them, and the page that
//! asks. See `docs/decisions/0003-kept-on-this-phone.md`.

use crate::prerender::single_file;
use crate::static_body::{self, Body, Encoding};
use crate::{Site, checker, headers, pages, progress, response, search};
use app::shell::PageContext;
use app::shell::{Bundle, render};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName};
use axum::response::Response;
use content::Content;
use domain::date::Date;
use model::KeepPage;
use model::catalog::{self, PageKind};
use model::urls;
use serde::Serialize;
use serde_json::json;
use service::ActError;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where the worker's text waits for the list.
const LIST_HERE: &str = "'the published list'";

/// A page or file of the copy.
#[derive(Clone, Debug, Serialize)]
struct Kept {
    path: String,
    /// Bytes on the phone.
    bytes: usize,
    /// Changes when the bytes change.
    etag: String,
}

impl Kept {
    fn new(path: &str, body: &Body) -> Kept {
        Kept {
            path: path.to_owned(),
            bytes: body.bytes(Encoding::Identity).len(),
            etag: body.etag.clone(),
        }
    }
}

/// What is ready from the start.
pub struct Keep {
    /// All reading pages in one file.
    pub file: Body,
    /// The addresses of the copy whose bytes are fixed.
    fixed: Vec<String>,
    /// The checker and the search, if their bundles are there: with one nonce for all, because only their size and their
    /// changes count.
    islands: Vec<(&'static str, Body)>,
    /// The worker's text.
    worker: String,
    /// What stands first on kept pages.
    notes: [String; 2],
    policy: String,
}

/// Makes what can be made at the start, and puts the files that go with it among the fixed ones.
pub fn prepare(
    frame: &PageContext,
    content: &Content,
    fixed: &mut BTreeMap<String, Body>,
    has_bundle: bool,
    today: Date,
) -> Keep {
    // The worker is not a fixed file: it carries the list.
    let worker = fixed.remove(urls::KEEP_WORKER).map(|body| {
        let bytes = body.bytes(Encoding::Identity);
        String::from_utf8_lossy(&bytes).into_owned()
    });
    fixed.insert(urls::MANIFEST.to_owned(), manifest(frame));
    let mut addresses: Vec<String> = pages::public_addresses(content);
    addresses.retain(|address| fixed.contains_key(address) && catalog::is_kept(address));
    let order = file_order(content, &addresses);
    let parts = single_file::parts(&order, fixed, &frame.words.get("keep.one.no-form"));
    let file = render(frame, None, || app::pages::offline::one_file(parts, today));
    let mut islands = Vec::new();
    addresses.extend([urls::KEEP_SCRIPT, urls::MANIFEST].map(str::to_owned));
    if has_bundle {
        let nonce = Some("AAAAAAAAAAAAAAAAAAAAAA");
        let check = render(frame, nonce, || {
            app::pages::check::question(checker::first_question(), true)
        });
        let search = render(&frame.of_page(urls::SEARCH), nonce, || {
            app::pages::search::form(search::lines(content))
        });
        for (address, html) in [(urls::CHECK, check), (urls::SEARCH, search)] {
            islands.push((address, Body::new(html.into_bytes(), pages::HTML)));
        }
        addresses.extend([urls::CHECK_KIT, urls::SEARCH_WORDS].map(str::to_owned));
        let bundles = [Bundle::Check, Bundle::Search];
        addresses.extend(bundles.into_iter().flat_map(Bundle::files));
    }
    Keep {
        file: Body::new(file.into_bytes(), pages::HTML),
        fixed: addresses,
        islands,
        worker: worker.unwrap_or_default(),
        notes: [
            app::pages::offline::copy_note(&frame.words),
            app::pages::offline::down_note(&frame.words),
        ],
        policy: headers::keep_policy(frame),
    }
}

// Help first, then the rights in the order of their groups, then the rest. Pages of links only are not needed.
fn file_order(content: &Content, addresses: &[String]) -> Vec<String> {
    let mut order = vec![urls::HELP.to_owned(), urls::RIGHTS.to_owned()];
    order.extend(content.rights.iter().map(|right| urls::right(&right.slug)));
    for address in addresses {
        if !order.contains(address) && ![urls::HOME, urls::MENU].contains(&address.as_str()) {
            order.push(address.clone());
        }
    }
    order
}

// The name is one word that says nothing about care. No colour, language or shape is asked for beyond what pages have.
fn manifest(frame: &PageContext) -> Body {
    let words = &frame.words;
    let icon = |src: &str, sizes: &str| {
        json!({
            "src": src, "sizes": sizes, "type": static_body::content_type(src), "purpose": "any maskable",
        })
    };
    let manifest = json!({
        "id": urls::HOME,
        "name": words.get("site.name"),
        "short_name": words.get("site.name"),
        "lang": words.language,
        "dir": words.get("site.direction"),
        "start_url": urls::HOME,
        "scope": urls::HOME,
        "display": "minimal-ui",
        "background_color": "#fff9ef",
        "theme_color": "#fff9ef",
        "icons": [
            icon("/app-icon.svg", "any"),
            icon("/app-icon-192.png", "192x192"),
            icon("/app-icon-512.png", "512x512"),
        ],
    });
    Body::new(
        manifest.to_string().into_bytes(),
        static_body::content_type(urls::MANIFEST),
    )
}

/// What a copy holds now.
struct Published {
    version: String,
    files: Vec<Kept>,
    /// What the page with the button says of it.
    said: KeepPage,
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
    for address in pages::council_promises(&site.content) {
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
        .map(|(path, html)| (path, Body::new(html.into_bytes(), pages::HTML)))
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
        .filter(|(_, body)| body.content_type == pages::HTML)
        .count();
    let file_kb = keep.file.bytes(Encoding::Brotli).len().div_ceil(1_000);
    let saying = |data_kb, room_kb| KeepPage {
        pages,
        islands: !keep.islands.is_empty(),
        data_kb,
        room_kb,
        file_kb,
    };
    let headers = bodies.len() * pages::HEADER_BYTES;
    let data = total(Encoding::Brotli) + headers + pages::PAGE_BYTES;
    let room = total(Encoding::Identity) + keep_page(site, saying(0, 0)).len();
    let said = saying(tens_of_kb(data), tens_of_kb(room + ITS_NUMBERS));
    let page = Body::new(keep_page(site, said).into_bytes(), pages::HTML);
    let mut files: Vec<Kept> = bodies
        .iter()
        .map(|(path, body)| Kept::new(path, body))
        .collect();
    files.push(Kept::new(urls::KEEP, &page));
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

fn keep_page(site: &Site, said: KeepPage) -> String {
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
pub async fn page(State(site): State<Arc<Site>>, request: Request) -> Response {
    // In another language the page tells of the English copy.
    let english = site.base.as_ref().unwrap_or(&site);
    match published(english).await {
        Ok(now) => {
            let page = match site.base {
                None => now.page,
                Some(_) => Body::new(keep_page(&site, now.said).into_bytes(), pages::HTML),
            };
            response::fixed(&page, &site.keep.policy, true, request.headers())
        }
        Err(error) => response::act_problem(&site, &error),
    }
}

/// What a copy holds, for whoever wants to know.
pub async fn list(State(site): State<Arc<Site>>) -> Response {
    match published(&site).await {
        Ok(now) => {
            let list = json!({"version": now.version, "files": now.files});
            let mut response = Response::new(list.to_string().into());
            response::set(
                response.headers_mut(),
                header::CONTENT_TYPE,
                "application/json; charset=utf-8",
            );
            response
        }
        Err(error) => response::act_problem(&site, &error),
    }
}

/// The worker with the list inside.
pub async fn worker(State(site): State<Arc<Site>>, request: Request) -> Response {
    match published(&site).await {
        Ok(now) => {
            let [copy, down] = &site.keep.notes;
            let kept = json!({
                "version": now.version,
                "files": now.files,
                "page": urls::KEEP,
                "help": urls::HELP,
                "leave": urls::LEAVE,
                "elsewhere": pages::QUICK_EXIT_URL,
                "language": site.frame.words.language,
                "words": {"copy": copy, "down": down},
            });
            let text = site.keep.worker.replacen(LIST_HERE, &kept.to_string(), 1);
            let body = Body::new(
                text.into_bytes(),
                static_body::content_type(urls::KEEP_WORKER),
            );
            let mut response =
                response::fixed(&body, headers::WORKER_POLICY, false, request.headers());
            response::set(
                response.headers_mut(),
                HeaderName::from_static("service-worker-allowed"),
                urls::HOME,
            );
            response
        }
        Err(error) => response::act_problem(&site, &error),
    }
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
