//! Searching the pages. What is typed goes in the body of a form, so that it is in no address and no history.

use crate::components::{Look, button_link, help_lines, search_box, urgent_help};
use crate::language::lang_at;
use crate::model::search::{Found, SearchPage};
use crate::shell::{Nav, Shell};
use crate::urls;
use crate::words::{t, tf};
use leptos::prelude::*;

/// The form, and what was found.
pub fn search(page: SearchPage) -> impl IntoView {
    let urgent = (!page.urgent.is_empty()).then(|| urgent_help(&page.urgent));
    let results = match page.found {
        None => view! { <p>{t("search.lead")}</p> }.into_any(),
        Some(found) if found.is_empty() => nothing(&page.typed, &page.help),
        Some(found) => {
            let count = found.len().to_string();
            let title = if found.len() == 1 {
                t("search.found-one")
            } else {
                tf("search.found", &[("count", &count)])
            };
            view! {
                <h2 id="found">{title}</h2>
                <ol class="links found">{found.iter().map(result).collect_view()}</ol>
                <p class="hint">{t("search.not-it")}</p>
            }
            .into_any()
        }
    };
    // Without a title the page is private: a neutral name in the history, and nothing comes back with Back.
    view! {
        <Shell title=None nav=Nav::Elsewhere>
            {urgent}
            <h1>{t("search.title")}</h1>
            {search_box("q", &page.typed)}
            {results}
        </Shell>
    }
}

fn result(found: &Found) -> AnyView {
    let lang = lang_at(&found.address);
    view! {
        <li>
            <a href=found.address.clone() lang=lang>{found.title.clone()}</a>
            <p lang=lang>{found.short.clone()}</p>
        </li>
    }
    .into_any()
}

// Kind words, another way to look, and somebody to ask.
fn nothing(typed: &str, lines: &[crate::model::HelpLine]) -> AnyView {
    let title = if typed.trim().is_empty() {
        t("search.empty")
    } else {
        t("search.nothing")
    };
    view! {
        <h2 id="found">{title}</h2>
        <p>{t("search.nothing-try")}</p>
        <p>{t("search.nothing-ask")}</p>
        {button_link(t("search.menu"), Look::Plain, urls::MENU)}
        {button_link(t("home.speak"), Look::Main, urls::SPEAK)}
        <h2>{t("help.lines-title")}</h2>
        {help_lines(lines)}
    }
    .into_any()
}
