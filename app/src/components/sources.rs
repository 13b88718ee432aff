//! Where the words come from, folded at the end of a page.

use crate::any_view::{AnyView, IntoAny};
use crate::messages::{day, t, tf};
use leptos::prelude::*;
use model::{Article, Certainty};

/// The sources of an article with how sure we are of each, and the day the words were checked.
pub fn sources(article: &Article) -> AnyView {
    if article.sources.is_empty() {
        return ().into_any();
    }
    let items = article
        .sources
        .iter()
        .map(|source| {
            view! {
                <li>
                    <strong>{source.title.clone()}</strong>
                    <br />
                    {certainty(source.certainty)}
                    ". "
                    {source.seen.clone()}
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="sources">
            <summary>{t("sources.title")}</summary>
            <ul>{items}</ul>
        </details>
        <p class="hint">
            {certainty(article.certainty)} ". "
            {tf("sources.checked", &[("date", &day(article.checked)), ("next", &day(article.review_by))])}
        </p>
    }
    .into_any()
}

/// How sure we are, in words.
pub fn certainty(certainty: Certainty) -> String {
    match certainty {
        Certainty::Verified => t("sources.verified"),
        Certainty::Partly => t("sources.partly"),
        Certainty::Ask => t("sources.ask"),
    }
}
