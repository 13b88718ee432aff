//! The speech bubble: the one shape of Pledge. Filled for what young people say, outlined for what the council answers.

use crate::any_view::{AnyView, IntoAny};
use leptos::prelude::*;

/// Whose words a bubble holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// A young person: filled.
    Young,
    /// The council, SpeakerBox or the committee: outlined.
    Council,
}

/// A bubble with a line on top that says whose words these are (empty: no such line).
pub fn bubble(voice: Voice, who: String, body: impl IntoView + 'static) -> AnyView {
    let class = match voice {
        Voice::Young => "bubble",
        Voice::Council => "bubble answer",
    };
    let body = body.into_any();
    let who = (!who.is_empty()).then(|| view! { <p class="who">{who}</p> });
    view! { <div class=class>{who}{body}</div> }.into_any()
}

/// Words somebody typed, with their line breaks, as text and never as HTML.
pub fn typed_text(text: &str) -> AnyView {
    view! { <p class="typed" dir="auto">{text.to_owned()}</p> }.into_any()
}
