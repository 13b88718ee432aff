//! What a page says first when nobody is there to read what is written on it, and whom to call instead.

use super::urgent_help;
use crate::any_view::{AnyView, IntoAny};
use crate::messages::t;
use domain::readers::Unread;
use leptos::prelude::*;
use model::HelpLine;
use model::urls;

/// The help lines, if the sender is not safe or may not be and nobody would read it; and that nobody is there, if so.
/// `worried`: the sender has said that they are not safe.
pub fn first_help(worried: bool, unread: Option<Unread>, lines: &[HelpLine]) -> AnyView {
    let has_nobody = matches!(unread, Some(Unread::Everything | Unread::Unsafe));
    let help = (worried || has_nobody).then(|| urgent_help(lines));
    view! { {unread.map(unread_notice)}{help} }.into_any()
}

fn unread_notice(unread: Unread) -> AnyView {
    let danger = (unread != Unread::Ordinary).then(|| {
        view! { <p><strong>{t("readers.unread.danger")}</strong>" "<a class="number" href="tel:999">"999"</a></p> }
    });
    view! {
        <section class="bubble rose" id="unread" aria-labelledby="unread-title">
            <h2 id="unread-title">{t(&format!("readers.unread.{}", unread.id()))}</h2>
            <p>{t("readers.unread.wait")}</p>
            {danger}
            <p>{t("readers.unread.other")}" "<a href=urls::HELP>{t("readers.unread.help")}</a></p>
        </section>
    }
    .into_any()
}
