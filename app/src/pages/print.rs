//! Several pages on paper at once: choosing them, and all of them one after the other.

use crate::any_view::{AnyView, IntoAny};
use crate::components::{Look, error_for, error_summary, sources, submit};
use crate::messages::t;
use crate::pages::reading::overdue;
use crate::shell::{Nav, Shell};
use leptos::prelude::*;
use model::urls;
use model::{Article, FieldError};

/// The name of the field for the address of each page that was chosen.
pub const PAGE: &str = "page";

/// Pages that can be printed together, under their headings: addresses and titles.
pub type Printable = Vec<(String, Vec<(String, String)>)>;

/// The list of pages to choose from.
pub fn choose(pages: Printable, errors: Vec<FieldError>) -> impl IntoView {
    let mut first = true;
    let groups = pages
        .into_iter()
        .map(|(heading, pages)| {
            let choices = pages
                .into_iter()
                .map(|(address, title)| {
                    // Where the error summary leads.
                    let id = if std::mem::take(&mut first) {
                        PAGE.to_owned()
                    } else {
                        address.replace('/', "-")
                    };
                    view! {
                        <div class="choice">
                            <input type="checkbox" id=id.clone() name=PAGE value=address />
                            <label for=id>{title}</label>
                        </div>
                    }
                })
                .collect_view();
            view! { <fieldset class="field"><legend>{heading}</legend>{choices}</fieldset> }
        })
        .collect_view();
    let error = error_for(&errors, PAGE).map(|words| view! { <p class="error">{words}</p> });
    view! {
        <Shell title=Some(t("print.title")) description=t("print.lead") nav=Nav::Rights>
            {error_summary(&errors)}
            <h1>{t("print.title")}</h1>
            <p class="lead">{t("print.lead")}</p>
            <form method="post" action=urls::PRINT>
                {error}
                {groups}
                {submit(t("print.go"), Look::Main)}
            </form>
        </Shell>
    }
}

/// The chosen pages, one after the other.
pub fn together(articles: Vec<Article>) -> impl IntoView {
    view! {
        <Shell title=Some(t("print.title")) nav=Nav::Rights>
            <h1 class="off-print">{t("print.ready")}</h1>
            <p class="off-print">{t("sheet.print")}</p>
            {articles.iter().map(one).collect_view()}
            <p class="off-print"><a class="alone" href=urls::PRINT>{t("print.again")}</a></p>
        </Shell>
    }
}

fn one(article: &Article) -> AnyView {
    let short = (!article.in_short.is_empty()).then(|| {
        view! {
            <div class="bubble">
                <h3>{t("reading.in-short")}</h3>
                <div inner_html=article.in_short.clone()></div>
            </div>
        }
    });
    let parts = article.sections.iter().map(|part| {
        let heading = (!part.heading.is_empty()).then(|| view! { <h3>{part.heading.clone()}</h3> });
        view! { {heading} <div inner_html=part.html.clone()></div> }
    });
    view! {
        <article>
            <h2>{article.title.clone()}</h2>
            <p class="lead">{article.short.clone()}</p>
            {overdue(article)}
            {short}
            {parts.collect_view()}
            {sources(article)}
        </article>
    }
    .into_any()
}
