//! The form that searches the pages.

use super::{Field, FieldText, Look, submit, text_field};
use crate::any_view::{AnyView, IntoAny};
use crate::messages::t;
use leptos::prelude::*;
use model::urls;
use search::QUERY_MAX;

/// A field and a button. It POSTs, so that what is looked for stays out of the address and the history.
pub fn search_box(id: &'static str, typed: &str) -> AnyView {
    let field = Field {
        id: id.into(),
        name: "q",
        label: t("search.label"),
        ..Field::default()
    };
    let text = FieldText {
        kind: "search",
        max: Some(QUERY_MAX),
        ..FieldText::default()
    };
    view! {
        <form method="post" action=urls::SEARCH role="search" class="search">
            {text_field(field, typed, text)}
            {submit(t("search.button"), Look::Plain)}
        </form>
    }
    .into_any()
}
