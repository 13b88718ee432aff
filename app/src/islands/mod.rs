//! Islands: components that are compiled to WASM and improve a page that already works.
//!
//! Each finds the server's own elements by id, listens, and shows, hides or fills what is already in the page: a text
//! typed before it woke up is never touched, and nothing is ever built from markup in the browser. An island draws
//! nothing itself and takes no properties, so that neither a renderer nor a reader of JSON is sent to the phone.

#![allow(
    unreachable_pub,
    reason = "the island macro makes an export beside each island that no Rust code reaches"
)]

// Each bundle has the islands of its pages alone; the server knows them all.
#[cfg(any(feature = "ssr", feature = "check"))]
mod checker;
#[cfg(any(feature = "ssr", feature = "speak"))]
mod composer;
#[cfg(any(feature = "ssr", feature = "search"))]
mod live_search;
#[cfg(any(feature = "ssr", feature = "speak"))]
mod offline_guard;
#[cfg(any(feature = "ssr", feature = "speak"))]
mod receipt_check;

// The name of an island's function stands in the HTML of pages (`data-component`) and among the bundle's exports.
#[cfg(any(feature = "ssr", feature = "check"))]
pub use checker::Checker;
#[cfg(any(feature = "ssr", feature = "speak"))]
pub use composer::Composer;
#[cfg(any(feature = "ssr", feature = "search"))]
pub use live_search::LiveSearch;
#[cfg(any(feature = "ssr", feature = "speak"))]
pub use offline_guard::SendGuard;
#[cfg(any(feature = "ssr", feature = "speak"))]
pub use receipt_check::TypeBack;

#[cfg(feature = "hydrate")]
mod page {
    #[cfg(feature = "speak")]
    use gloo::events::EventListener;
    use leptos::prelude::document;
    use leptos::wasm_bindgen::JsCast;
    #[cfg(feature = "speak")]
    use web_sys::{Element, HtmlElement};

    /// The element with this id, if it is of this kind.
    pub(super) fn by_id<T: JsCast>(id: &str) -> Option<T> {
        document().get_element_by_id(id)?.dyn_into().ok()
    }

    /// The element with this id that this element's attribute names.
    #[cfg(feature = "speak")]
    pub(super) fn named_by<T: JsCast>(element: &Element, attribute: &str) -> Option<T> {
        by_id(&element.get_attribute(attribute)?)
    }

    /// Shows or hides the line of a part that is called so.
    #[cfg(feature = "speak")]
    pub(super) fn show_line(part: &Element, line: &str, shown: bool) {
        let found = part.query_selector(&format!("[data-line={line}]"));
        if let Some(line) = found.ok().flatten() {
            let _ = line.toggle_attribute_with_force("hidden", !shown);
        }
    }

    /// Calls `changed` now and after every change of the element's text, for as long as the page lives.
    #[cfg(feature = "speak")]
    pub(super) fn on_input(element: &HtmlElement, changed: impl Fn() + 'static) {
        changed();
        EventListener::new(element, "input", move |_| changed()).forget();
    }
}
