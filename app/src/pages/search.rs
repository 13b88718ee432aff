//! Searching the pages. What is typed goes in the body of a form, so that it is in no address and no history. On the phone
//! the island searches by itself and shows the same parts, which it takes from templates.

use crate::any_view::{AnyView, IntoAny};
use crate::components::{Look, button_link, help_lines, search_box, urgent_help};
use crate::islands::LiveSearch;
use crate::messages::{t, tf};
use crate::pages::reading::folded;
use crate::shell::{Bundle, Nav, Shell};
use leptos::prelude::*;
use model::HelpLine;
use model::language::ENGLISH;
use model::search::{SearchLines, SearchPage};
use model::urls;
use search::Found;

/// The form before a search. The phone may take over from here.
pub fn form(lines: SearchLines) -> impl IntoView {
    // Without a title the page is private: a neutral name in the history, and nothing comes back with Back.
    view! {
        <Shell title=None nav=Nav::Elsewhere bundle=Some(Bundle::Search)>
            <h1>{t("search.title")}</h1>
            {search_box("q", "")}
            <p hidden id="search-hint">{t("search.as-you-type")}</p>
            <p role="status" class="hidden" id="search-said"></p>
            <p id="search-lead">{t("search.lead")}</p>
            <div id="search-results"></div>
            {templates(&lines)}
            <LiveSearch />
        </Shell>
    }
}

/// The form, and what was found.
pub fn search(page: SearchPage) -> impl IntoView {
    let urgent = (!page.urgent.is_empty()).then(|| urgent_help(&page.urgent));
    let results = if page.found.is_empty() {
        let title = if page.typed.trim().is_empty() {
            t("search.empty")
        } else {
            t("search.nothing")
        };
        nothing(title, &page.help)
    } else {
        let count = page.found.len().to_string();
        let title = if page.found.len() == 1 {
            t("search.found-one")
        } else {
            tf("search.found", &[("count", &count)])
        };
        list(title, &page.found)
    };
    view! {
        <Shell title=None nav=Nav::Elsewhere>
            {urgent}
            <h1>{t("search.title")}</h1>
            {search_box("q", &page.typed)}
            {results}
        </Shell>
    }
}

fn list(title: String, found: &[Found]) -> AnyView {
    view! {
        <h2 id="found">{title}</h2>
        <ol class="links found">{found.iter().map(result).collect_view()}</ol>
        <p class="hint">{t("search.not-it")}</p>
    }
    .into_any()
}

fn result(found: &Found) -> AnyView {
    let lang = found.in_english.then_some(ENGLISH);
    // Inside a page from right to left its full stops would stand on the wrong side.
    let dir = lang.map(|_| "ltr");
    view! {
        <li>
            <a href=found.address.clone() lang=lang dir=dir>{found.title.clone()}</a>
            <p lang=lang dir=dir>{found.short.clone()}</p>
        </li>
    }
    .into_any()
}

// Kind words, another way to look, and somebody to ask.
fn nothing(title: String, lines: &[HelpLine]) -> AnyView {
    view! {
        <h2 id="found">{title}</h2>
        <p>{t("search.nothing-try")}</p>
        <p>{t("search.nothing-ask")}</p>
        <div class="actions">
            {button_link(t("search.menu"), Look::Plain, urls::MENU)}
            {button_link(t("home.speak"), Look::Main, urls::SPEAK)}
        </div>
        <h2>{t("help.lines-title")}</h2>
        {folded("lines".to_owned(), t("help.all"), help_lines(lines))}
    }
    .into_any()
}

// What the island shows: a list with one result to be copied, the words for nothing found, and the lines for danger.
fn templates(lines: &SearchLines) -> AnyView {
    // Its link leads to the first page, so that it shows where the language of this page begins.
    let any = Found {
        address: urls::HOME.to_owned(),
        ..Found::default()
    };
    view! {
        <template id="search-list" data-one=t("search.found-one") data-many=t("search.found")>
            {list(String::new(), &[any])}
        </template>
        <template id="search-nothing" data-empty=t("search.empty")>{nothing(t("search.nothing"), &lines.help)}</template>
        <template id="search-urgent">{urgent_help(&lines.urgent)}</template>
    }
    .into_any()
}
