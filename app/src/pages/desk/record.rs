//! Who opened what, week by week: made-up names, no words of anybody.

use super::frame::{self, Here, role_name, time};
use crate::model::{RecordPage, RecordRow};
use crate::urls;
use crate::words::{day, t, tf};
use domain::date::Date;
use leptos::prelude::*;

/// The list of one week.
pub fn record(page: RecordPage) -> impl IntoView {
    let title = tf("audit.title", &[("day", &day(page.first))]);
    let list = if page.rows.is_empty() {
        view! { <p class="bubble answer empty">{t("audit.empty")}</p> }.into_any()
    } else {
        view! { <ol class="record">{page.rows.iter().map(row).collect_view()}</ol> }.into_any()
    };
    let next = page
        .has_next
        .then(|| view! { <li>{week(page.first.plus_days(7), t("audit.next"))}</li> });
    let body = view! {
        <h1>{title.clone()}</h1>
        <p>{t("audit.lead")}</p>
        <nav aria-label=t("audit.weeks")>
            <ul>
                <li>{week(page.first.plus_days(-7), t("audit.previous"))}</li>
                {next}
            </ul>
        </nav>
        {list}
    };
    frame::page(&page.desk, Here::Record, title, &[], body.into_any())
}

fn week(first: Date, words: String) -> AnyView {
    let href = format!("{}?week={first}", urls::DESK_RECORD);
    view! { <a href=href>{words}</a> }.into_any()
}

fn row(row: &RecordRow) -> AnyView {
    let view = match &row.view {
        Some(id) => {
            view! { <a href=urls::desk_view(id)>{row.pseudonym.clone()}</a> }.into_any()
        }
        None => row.pseudonym.clone().into_any(),
    };
    let what = if row.name_opened {
        t("audit.name")
    } else {
        t("audit.view")
    };
    let who = row.who.clone().unwrap_or_else(|| t("audit.gone"));
    let times = (row.times > 1)
        .then(|| format!(", {}", tf("audit.times", &[("times", &row.times.to_string())])));
    view! {
        <li>
            <h2>{view}</h2>
            <p>{what} {times}</p>
            <p class="hint">
                {who} ", " {role_name(row.role)} ", " {time(row.day)}
            </p>
        </li>
    }
    .into_any()
}
