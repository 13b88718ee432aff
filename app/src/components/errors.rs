//! Validation errors of a form: a summary on top, and words beside each field.

use crate::any_view::{AnyView, IntoAny};
use crate::messages::t;
use leptos::prelude::*;
use model::FieldError;

/// The summary on top of a form, with a link to each field. Nothing when there are no errors.
pub fn error_summary(errors: &[FieldError]) -> AnyView {
    if errors.is_empty() {
        return ().into_any();
    }
    let lines = errors
        .iter()
        .map(|error| view! { <li><a href=format!("#{}", error.field)>{t(error.key)}</a></li> })
        .collect_view();
    view! {
        <div class="bubble rose" id="errors" role="alert" tabindex="-1" autofocus aria-labelledby="errors-title">
            <h2 id="errors-title">{t("errors.title")}</h2>
            <ul>{lines}</ul>
        </div>
    }
    .into_any()
}

/// The words to show beside this field, if it has a validation error.
pub fn error_for(errors: &[FieldError], field: &str) -> Option<String> {
    errors
        .iter()
        .find(|error| error.field == field)
        .map(|error| t(error.key))
}
