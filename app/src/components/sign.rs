//! Drawn signs: 24 by 24, a 2 px line with round ends, one marigold fill (class `m`). Hidden from screen readers,
//! because each stands beside words that say the same.

use crate::any_view::{AnyView, IntoAny};
use leptos::prelude::*;

/// Every sign that is drawn.
pub const SIGNS: [&str; 29] = [
    "bubble",
    "scales",
    "map",
    "door",
    "calendar",
    "arrows",
    "star",
    "key",
    "heart",
    "megaphone",
    "pencil",
    "house",
    "people",
    "plus",
    "book",
    "backpack",
    "coins",
    "folder",
    "compass",
    "handshake",
    "path",
    "shield",
    "face-good",
    "face-okay",
    "face-worried",
    "face-sad",
    "face-angry",
    "face-mixed",
    "face-quiet",
];

/// The sign with this id; an unknown id gives the bubble.
pub fn sign(id: &str) -> AnyView {
    view! { <span class="sign" aria-hidden="true" inner_html=svg(id)></span> }.into_any()
}

fn svg(id: &str) -> String {
    format!(r#"<svg viewBox="0 0 24 24">{}</svg>"#, shapes(id))
}

fn shapes(id: &str) -> &'static str {
    match id {
        "scales" => {
            r#"<path class="m" d="M2 14l3-7 3 7a3 3 0 0 1-6 0z"/><path d="M16 14l3-7 3 7a3 3 0 0 1-6 0zM12 3v18M7 21h10M5 7l7-2 7 2"/>"#
        }
        "map" => {
            r#"<path class="m" d="M9 4v13l6 3V7z"/><path d="M3 6l6-2 6 3 6-2v13l-6 2-6-3-6 2z"/>"#
        }
        "door" => r#"<path class="m" d="M6 3h9v18H6z"/><path d="M3 21h18M15 5h3v16M12 12h.01"/>"#,
        "calendar" => {
            r#"<path class="m" d="M3 6h18v4H3z"/><path d="M3 6h18v15H3zM8 3v4M16 3v4M8 14h.01M12 14h.01M16 14h.01M8 18h.01M12 18h.01"/>"#
        }
        "arrows" => {
            r#"<circle class="m" cx="12" cy="12" r="3"/><path d="M4 9a8.5 8.5 0 0 1 15-2M19 3v4h-4M20 15a8.5 8.5 0 0 1-15 2M5 21v-4h4"/>"#
        }
        "star" => {
            r#"<path class="m" d="M12 3l2.7 5.7 6.3.8-4.6 4.3 1.2 6.2-5.6-3.100L6.4 20l1.2-6.2L3 9.5l6.3-.8z"/>"#
        }
        "key" => {
            r#"<circle class="m" cx="7.5" cy="15.5" r="4.5"/><path d="M11 12l9-9M16 7l3 3M13.5 9.5l2 2"/>"#
        }
        "heart" => {
            r#"<path class="m" d="M12 20S3 14.5 3 8.5A4.7 4.7 0 0 1 12 7a4.7 4.7 0 0 1 9 1.5C21 14.5 12 20 12 20z"/>"#
        }
        "megaphone" => {
            r#"<path class="m" d="M4 10h5v5H4z"/><path d="M9 10l9-5v15l-9-5M6 15l1 5h3l-1-5M21 10.5v4"/>"#
        }
        "pencil" => {
            r#"<path class="m" d="M5 15L16 4l4 4L9 19z"/><path d="M5 15l-1 5 5-1M13 7l4 4M13 21h8"/>"#
        }
        "house" => r#"<path class="m" d="M10 14h4v7h-4z"/><path d="M3 11l9-8 9 8M5 10v11h14V10"/>"#,
        "people" => {
            r#"<circle class="m" cx="8.5" cy="8" r="3.5"/><path d="M2 20a6.5 6.5 0 0 1 13 0M15.5 5a3.5 3.5 0 0 1 0 6.5M18 14.5a6.5 6.5 0 0 1 4 5.5"/>"#
        }
        "plus" => r#"<path class="m" d="M9 3h6v6h6v6h-6v6H9v-6H3V9h6z"/>"#,
        "book" => {
            r#"<path class="m" d="M12 6c-3-2-6-2-9-1v14c3-1 6-1 9 1z"/><path d="M12 6c3-2 6-2 9-1v14c-3-1-6-1-9 1"/>"#
        }
        "backpack" => {
            r#"<path class="m" d="M8 14h8v7H8z"/><path d="M5 21V11a7 7 0 0 1 14 0v10zM9.5 4.5a2.5 2.5 0 0 1 5 0M9 10h6"/>"#
        }
        "coins" => {
            r#"<circle class="m" cx="9" cy="9" r="6"/><path d="M15.5 9.5A6 6 0 1 1 9.5 16M9 6v6"/>"#
        }
        "folder" => r#"<path class="m" d="M3 10h18v10H3z"/><path d="M3 10V4h6l2 3h10v3"/>"#,
        "compass" => {
            r#"<circle cx="12" cy="12" r="9"/><path class="m" d="M16 8l-2.5 5.5L8 16l2.5-5.5z"/>"#
        }
        "handshake" => {
            r#"<path class="m" d="M12 6.8a6 6 0 0 1 0 10.4a6 6 0 0 1 0-10.4z"/><circle cx="9" cy="12" r="6"/><circle cx="15" cy="12" r="6"/>"#
        }
        "path" => {
            r#"<circle class="m" cx="18" cy="5" r="3"/><path d="M15 5H9a3.5 3.5 0 0 0 0 7h6a3.5 3.5 0 0 1 0 7H5"/>"#
        }
        "shield" => {
            r#"<path class="m" d="M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z"/><path d="M8.5 12l2.5 2.5 4.5-5"/>"#
        }
        _ => face(id),
    }
}

// The faces, and the bubble for every other id.
fn face(id: &str) -> &'static str {
    match id {
        "face-good" => {
            r#"<circle class="m" cx="12" cy="12" r="9"/><path class="f" d="M9 9.5h.01M15 9.5h.01M8 14a4.5 4.5 0 0 0 8 0"/>"#
        }
        "face-okay" => {
            r#"<circle class="m" cx="12" cy="12" r="9"/><path class="f" d="M9 9.5h.01M15 9.5h.01M8.5 15.5h7"/>"#
        }
        "face-worried" => {
            r#"<circle class="m" cx="12" cy="12" r="9"/><path class="f" d="M9 11h.01M15 11h.01M7.5 8.5L10 7M16.5 8.5L14 7M8 16q2-2 4 0t4 0"/>"#
        }
        "face-sad" => {
            r#"<circle class="m" cx="12" cy="12" r="9"/><path class="f" d="M9 9.5h.01M15 9.5h.01M8 17a4.5 4.5 0 0 1 8 0"/>"#
        }
        "face-angry" => {
            r#"<circle class="m" cx="12" cy="12" r="9"/><path class="f" d="M9 11h.01M15 11h.01M7.5 7L10.5 9M16.5 7l-3 2M8.5 16.5q3.5-2 7 0"/>"#
        }
        "face-mixed" => {
            r#"<circle class="m" cx="12" cy="12" r="9"/><path class="f" d="M8.5 9.5h.01M15.5 9.5h.01M12 3v18M7.5 14.5q1.5 2 3 1.5M13.5 17q1.5-2 3-1"/>"#
        }
        "face-quiet" => {
            r#"<circle class="m" cx="12" cy="12" r="9"/><path class="f" d="M8 12h.01M12 12h.01M16 12h.01"/>"#
        }
        _ => {
            r#"<path class="m" d="M7 4h10a4 4 0 0 1 4 4v5a4 4 0 0 1-4 4H3V8a4 4 0 0 1 4-4z"/><path d="M8 9h8M8 13h5"/>"#
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_is_small_and_has_one_marigold_fill() {
        for id in SIGNS {
            assert!(svg(id).len() < 600, "{id}");
            assert_eq!(svg(id).matches(r#"class="m""#).count(), 1, "{id}");
            assert!(
                id == "bubble" || shapes(id) != shapes("bubble"),
                "{id} is drawn"
            );
        }
    }
}
