//! Most bytes that a page, the search's index and each bundle may take on the wire, and how many they take.

use crate::live::other_languages;
use crate::prerender::pages::{HTML, fixed_addresses};
use crate::site::Site;
use crate::static_body::{Body, Encoding};
use app::shell::Bundle;
use model::urls;
use std::sync::Arc;

/// Most bytes a reading page may take on the wire, headers included (goal F1).
pub const PAGE_BYTES: usize = 14_000;
/// Most bytes of a bundle's WASM and script together, brotli (goal F5): a little more than they have.
const fn bundle_bytes(bundle: Bundle) -> usize {
    match bundle {
        Bundle::Speak => 31_500,
        Bundle::Check => 61_500,
        Bundle::Search => 39_500,
    }
}
/// Most bytes of the search's index on the wire, headers included.
pub const INDEX_BYTES: usize = 40 * 1024;
/// What the headers of a page take, with room to spare.
pub const HEADER_BYTES: usize = 1_500;

/// Bytes of every reading page, of the search's index and of every bundle as they go over the wire (brotli): name, bytes,
/// most allowed.
pub fn sizes(site: &Arc<Site>) -> Vec<(String, usize, usize)> {
    let mut sizes = Vec::new();
    let mut weigh = |address: &str, path: String, body: &Body| {
        let most = match address {
            urls::SEARCH_WORDS => INDEX_BYTES,
            _ if body.content_type == HTML => PAGE_BYTES,
            _ => return,
        };
        let bytes = body.bytes(Encoding::Brotli).len();
        sizes.push((path, bytes + HEADER_BYTES, most));
    };
    for other in other_languages(site) {
        for address in fixed_addresses(&other.content) {
            if let Some(body) = other.body(&address) {
                weigh(&address, other.address(&address), body);
            }
        }
    }
    for (path, body) in &site.fixed {
        weigh(path, path.clone(), body);
    }
    for bundle in Bundle::ALL {
        let files = bundle.files();
        let bytes = |file| {
            let body = site.fixed.get(file);
            body.map_or(0, |body| body.bytes(Encoding::Brotli).len())
        };
        sizes.push((
            files.join(" and "),
            files.iter().map(bytes).sum(),
            bundle_bytes(bundle),
        ));
    }
    sizes
}
