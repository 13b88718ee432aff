//! The pages of Pledge: shell, pages, components and islands.
//!
//! This crate may not know a database, keys, HTTP or the clock: a page is made from a plain model ([`model`]) and the
//! interface words ([`words`]). Two builds: `ssr` (the server renders HTML) and `hydrate` (the browser wakes the
//! islands: each bundle is a feature that brings it along). They are never built together.

#[cfg(feature = "ssr")]
pub mod components;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod language;
#[cfg(feature = "ssr")]
pub mod model;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(any(feature = "ssr", feature = "search"))]
pub mod search;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod urls;
#[cfg(feature = "ssr")]
pub mod words;

/// Wakes the islands of the page. Called by the page's loader.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
