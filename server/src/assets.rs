//! The files the binary carries inside: words, style, WASM, public files. No other crate embeds any: content, web and
//! service are handed what they need.

use app::shell::Bundle;
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use web::Assets;
use web::static_body::{Body, content_type, squeeze_css};

#[derive(RustEmbed)]
#[folder = "../content/southwark"]
struct ContentFiles;

#[derive(RustEmbed)]
#[folder = "../style"]
struct StyleFiles;

#[derive(RustEmbed)]
#[folder = "../public"]
struct PublicFiles;

#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct BundleFiles;

/// Every file of words: path under `content/southwark/` and text.
pub fn content_files() -> Vec<(String, String)> {
    ContentFiles::iter()
        .filter_map(|path| {
            let file = ContentFiles::get(&path)?;
            Some((
                path.to_string(),
                String::from_utf8_lossy(&file.data).into_owned(),
            ))
        })
        .collect()
}

fn style(name: &str) -> String {
    let file = StyleFiles::get(name)
        .map(|file| file.data.into_owned())
        .unwrap_or_default();
    squeeze_css(&String::from_utf8_lossy(&file))
}

/// What the site serves beside its words.
pub fn assets() -> Assets {
    Assets {
        style: style("pledge.css"),
        desk_style: style("desk.css"),
        files: static_files(),
    }
}

// The files served under their own address.
fn static_files() -> BTreeMap<String, Body> {
    let mut files = BTreeMap::new();
    for address in Bundle::ALL.iter().flat_map(|bundle| bundle.files()) {
        if let Some(file) = BundleFiles::get(address.trim_start_matches("/pkg/")) {
            let body = Body::new(file.data.into_owned(), content_type(&address));
            files.insert(address, body);
        }
    }
    for path in PublicFiles::iter().filter(|path| !path.starts_with('.')) {
        if let Some(file) = PublicFiles::get(&path) {
            files.insert(
                format!("/{path}"),
                Body::new(file.data.into_owned(), content_type(&path)),
            );
        }
    }
    files
}
