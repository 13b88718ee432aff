//! Help lines: whom to call or text.

use crate::any_view::{AnyView, IntoAny};
use crate::messages::{day, t, tf};
use leptos::prelude::*;
use model::HelpLine;

/// A list of help lines with numbers that can be tapped, opening hours and the day each was checked.
pub fn help_lines(lines: &[HelpLine]) -> AnyView {
    let items = lines
        .iter()
        .map(|line| {
            let notes = [line.hours.clone(), if line.free { t("help.free") } else { String::new() }]
                .into_iter()
                .filter(|note| !note.is_empty())
                .map(|note| view! { <p>{note}</p> })
                .collect_view();
            view! {
                <li id=place(line)>
                    <h3>{line.name.clone()}</h3>
                    <p>{line.for_whom.clone()}</p>
                    {number(line)}
                    {(!line.text.is_empty()).then(|| view! { <p class="number">{line.text.clone()}</p> })}
                    {(!line.web.is_empty()).then(|| view! { <p>{line.web.clone()}</p> })}
                    {notes}
                    <p class="hint">{tf("help.checked", &[("date", &day(line.checked))])}</p>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="lines">{items}</ul> }.into_any()
}

/// Those lines that fit, with what somebody needs to choose and to call; the full list has the rest.
pub fn lines_for(lines: &[HelpLine], fits: impl Fn(&HelpLine) -> bool) -> AnyView {
    let items = lines
        .iter()
        .filter(|line| fits(line))
        .map(|line| {
            view! {
                <li>
                    <strong>{line.name.clone()}</strong>
                    <p>{line.for_whom.clone()}</p>
                    {number(line)}
                    {(!line.text.is_empty()).then(|| view! { <p class="number">{line.text.clone()}</p> })}
                    {(!line.hours.is_empty()).then(|| view! { <p>{line.hours.clone()}</p> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="lines">{items}</ul>
        <p><a class="alone" href="#lines">{t("help.more-lines")}</a></p>
    }
    .into_any()
}

fn place(line: &HelpLine) -> String {
    format!("line-{}", line.id)
}

/// Name and number only, for the top of a page where somebody may be unsafe.
pub fn urgent_help(lines: &[HelpLine]) -> AnyView {
    view! { <section class="bubble rose" aria-labelledby="urgent-title">{short_list(lines, "urgent-title", t("help.first"))}</section> }
        .into_any()
}

/// The same for the foot of every page.
pub fn help_strip(lines: &[HelpLine], title: String) -> AnyView {
    view! { <section aria-labelledby="footer-help">{short_list(lines, "footer-help", title)}</section> }
        .into_any()
}

fn short_list(lines: &[HelpLine], title_id: &'static str, title: String) -> AnyView {
    let items = lines
        .iter()
        .map(|line| {
            let text = (!line.text.is_empty())
                .then(|| view! { <span class="number">{line.text.clone()}</span> });
            view! { <li>{line.name.clone()} " " {number(line)} " " {text}</li> }
        })
        .collect_view();
    view! {
        <h2 id=title_id>{title}</h2>
        <ul class="short">{items}</ul>
    }
    .into_any()
}

fn number(line: &HelpLine) -> AnyView {
    if line.phone.is_empty() {
        ().into_any()
    } else if line.phone_href.is_empty() {
        view! { <span class="number">{line.phone.clone()}</span> }.into_any()
    } else {
        view! { <a class="number" href=line.phone_href.clone()>{line.phone.clone()}</a> }.into_any()
    }
}
