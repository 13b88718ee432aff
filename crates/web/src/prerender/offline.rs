//! What a copy on a phone is made of: the fixed pages, the file of all reading pages, and the manifest. Knows the words and
//! the frame; no site, no database, no request.

use super::pages::{HTML, first_question, lines, public_addresses};
use super::single_file;
use crate::headers;
use crate::static_body::{self, Body, Encoding};
use app::shell::{Bundle, PageContext, render};
use content::Content;
use domain::date::Date;
use model::OfflinePage;
use model::catalog;
use model::urls;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A page or file of the copy.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct KeptFile {
    pub(crate) path: String,
    /// Bytes on the phone.
    bytes: usize,
    /// Changes when the bytes change.
    etag: String,
}

impl KeptFile {
    pub(crate) fn new(path: &str, body: &Body) -> KeptFile {
        KeptFile {
            path: path.to_owned(),
            bytes: body.bytes(Encoding::Identity).len(),
            etag: body.etag.clone(),
        }
    }
}

/// What a copy holds now: it changes with the database.
pub(crate) struct PublishedCopy {
    /// The list for anybody who wants to know.
    pub(crate) list: Value,
    /// What the page with the button says of it.
    pub(crate) said: OfflinePage,
    /// The page with the button, in English.
    pub(crate) page: Body,
    /// The worker with the list inside.
    pub(crate) worker: Body,
}

/// What is ready from the start.
pub struct OfflineCopy {
    /// All reading pages in one file.
    pub file: Body,
    /// The addresses of the copy whose bytes are fixed.
    pub(crate) fixed: Vec<String>,
    /// The checker and the search, if their bundles are there: with one nonce for all, because only their size and their
    /// changes count.
    pub(crate) islands: Vec<(&'static str, Body)>,
    /// The worker's text.
    pub(crate) worker: String,
    /// What stands first on kept pages.
    pub(crate) notes: [String; 2],
    pub(crate) policy: String,
}

/// Makes what can be made at the start, and puts the files that go with it among the fixed ones.
pub fn prepare(
    frame: &PageContext,
    content: &Content,
    fixed: &mut BTreeMap<String, Body>,
    has_bundle: bool,
    today: Date,
) -> OfflineCopy {
    // The worker is not a fixed file: it carries the list.
    let worker = fixed.remove(urls::KEEP_WORKER).map(|body| {
        let bytes = body.bytes(Encoding::Identity);
        String::from_utf8_lossy(&bytes).into_owned()
    });
    fixed.insert(urls::MANIFEST.to_owned(), manifest(frame));
    let mut addresses: Vec<String> = public_addresses(content);
    addresses.retain(|address| fixed.contains_key(address) && catalog::is_kept(address));
    let order = file_order(content, &addresses);
    let parts = single_file::parts(
        &order,
        fixed,
        &app::pages::offline::no_form_note(&frame.words),
    );
    let policy = headers::one_file_policy(frame);
    let file = render(frame, None, || {
        app::pages::offline::one_file(parts, today, policy)
    });
    let mut islands = Vec::new();
    addresses.extend([urls::KEEP_SCRIPT, urls::MANIFEST].map(str::to_owned));
    if has_bundle {
        let nonce = Some("AAAAAAAAAAAAAAAAAAAAAA");
        let check = render(frame, nonce, || {
            app::pages::check::question(first_question(), true)
        });
        let search = render(&frame.of_page(urls::SEARCH), nonce, || {
            app::pages::search::form(lines(content))
        });
        for (address, html) in [(urls::CHECK, check), (urls::SEARCH, search)] {
            islands.push((address, Body::new(html.into_bytes(), HTML)));
        }
        addresses.extend([urls::CHECK_KIT, urls::SEARCH_WORDS].map(str::to_owned));
        let bundles = [Bundle::Check, Bundle::Search];
        addresses.extend(bundles.into_iter().flat_map(Bundle::files));
    }
    OfflineCopy {
        file: Body::new(file.into_bytes(), HTML),
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
