//! The pages of Pledge: shell, pages, components and islands.
//!
//! This crate may not know a database, keys, HTTP or the clock: a page is made from a plain model (crate `model`) and the
//! interface words ([`messages`]). Two builds: `ssr` (the server renders HTML) and `hydrate` (the browser wakes the
//! islands: each bundle is a feature that brings it along). They are never built together.

#[cfg(feature = "ssr")]
pub mod any_view;
#[cfg(feature = "ssr")]
pub mod components;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod localize;
#[cfg(feature = "ssr")]
pub mod messages;
#[cfg(feature = "ssr")]
pub mod page_context;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod shell;

/// Called by the page's loader before it starts each island of the page. Our islands share no reactive state and take no
/// children, so there is nothing to set up for all of them: Leptos' own start-up would bring its task queue along.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {}
