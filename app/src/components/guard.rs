//! The offline guard: what is said while a form is on its way.

use crate::any_view::{AnyView, IntoAny};
use crate::islands::SendGuard;
use crate::messages::t;
use leptos::prelude::*;

/// The guard of the form with this id, once a page. All of it waits, hidden, for the island.
pub fn guard(form: &'static str) -> AnyView {
    view! {
        <div id="guard" data-form=form>
            <div role="status">
                <p data-line="asking" hidden>{t("guard.asking")}</p>
                <p data-line="sending" hidden>{t("guard.sending")}</p>
            </div>
            <div role="alert">
                <p class="bubble rose" data-line="no-signal" hidden>{t("guard.no-signal")}</p>
            </div>
        </div>
        <SendGuard />
    }
    .into_any()
}
