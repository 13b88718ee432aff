//! Buttons, and links that look like one.

use crate::any_view::{AnyView, IntoAny};
use leptos::prelude::*;

/// How much a button asks to be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The one action that matters on this page.
    Main,
    /// Another action.
    Plain,
    /// An action among words, for example "change".
    Quiet,
    /// An action that cannot be undone.
    Danger,
}

impl Look {
    /// The class in the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Look::Main => "button main",
            Look::Plain => "button",
            Look::Quiet => "button quiet",
            Look::Danger => "button danger",
        }
    }
}

/// A button that sends its form.
pub fn submit(label: String, look: Look) -> AnyView {
    view! { <button type="submit" class=look.class()>{label}</button> }.into_any()
}

/// A button that sends its form with a name and a value. `check`: the browser may check the fields first.
pub fn button(label: String, look: Look, name: &'static str, value: &str, check: bool) -> AnyView {
    view! {
        <button type="submit" class=look.class() name=name value=value.to_owned() formnovalidate=!check>{label}</button>
    }
    .into_any()
}

/// A link that looks like a button.
pub fn button_link(label: String, look: Look, href: &str) -> AnyView {
    view! { <a class=look.class() href=href.to_owned()>{label}</a> }.into_any()
}
