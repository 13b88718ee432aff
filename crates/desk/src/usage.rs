//! Usage of the site: numbers that stand for nobody.

use super::frame::{self, Here};
use app::any_view::{AnyView, IntoAny};
use app::messages::{day, t, tf};
use leptos::prelude::*;
use model::{UsageCount, UsageLine, UsageNumbers, UsagePage};

/// What was sent and opened, month by month.
pub fn usage(page: UsagePage) -> impl IntoView {
    let body = view! {
        <h1>{t("use.title")}</h1>
        <p>{t("use.lead")}</p>
        <p>{t("use.steps")}</p>
        {numbers(&page.numbers)}
    };
    frame::page(
        &page.desk,
        Here::Usage,
        t("use.title"),
        &[],
        body.into_any(),
    )
}

fn numbers(numbers: &UsageNumbers) -> AnyView {
    let Some(since) = numbers.since else {
        return view! { <p class="bubble answer empty">{t("use.empty")}</p> }.into_any();
    };
    let sent = line(view! { {t("use.sent")} }.into_any(), numbers.sent);
    let pages = numbers.pages.iter().map(page).collect_view();
    let languages = numbers.languages.iter().map(page).collect_view();
    let rare = (!numbers.rare.is_empty()).then(|| {
        let count = numbers.rare.len().to_string();
        let links = numbers
            .rare
            .iter()
            .map(|line| view! { <li>{link(line)}</li> })
            .collect_view();
        view! {
            <details>
                <summary>{tf("use.rare", &[("count", &count)])}</summary>
                <ul>{links}</ul>
            </details>
        }
    });
    view! {
        <p>{tf("use.since", &[("since", &day(since)), ("from", &day(numbers.from))])}</p>
        {table("use.what", "use.act", vec![sent].into_any())}
        {table("use.pages", "use.page", pages.into_any())}
        {rare}
        {table("use.languages", "use.language", languages.into_any())}
    }
    .into_any()
}

fn table(title: &str, first: &str, rows: AnyView) -> AnyView {
    view! {
        <h2>{t(title)}</h2>
        <table>
            <thead>
                <tr>
                    <th scope="col">{t(first)}</th>
                    <th scope="col">{t("use.this-month")}</th>
                    <th scope="col">{t("use.last-month")}</th>
                    <th scope="col">{t("use.year")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn page(known: &UsageLine) -> AnyView {
    line(link(known), known.times)
}

fn link(line: &UsageLine) -> AnyView {
    view! { <a href=line.address.clone()>{line.title.clone()}</a> }.into_any()
}

fn line(name: AnyView, times: UsageCount) -> AnyView {
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{number(times.this_month)}</td>
            <td>{number(times.last_month)}</td>
            <td>{number(times.year)}</td>
        </tr>
    }
    .into_any()
}

fn number(at_least: Option<usize>) -> String {
    match at_least {
        Some(count) => tf("use.some", &[("count", &count.to_string())]),
        None => t("use.few"),
    }
}
