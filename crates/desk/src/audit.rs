//! The audit log at the desk, week by week: who opened what, by pseudonym and without words of anybody.

use super::frame::{self, Here, role_name, time};
use app::any_view::{AnyView, IntoAny};
use app::messages::{day, t, tf};
use domain::date::Date;
use leptos::prelude::*;
use model::urls;
use model::{AuditLine, AuditPage};

/// The list of one week.
pub fn audit(page: AuditPage) -> impl IntoView {
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
        {held(&page)}
    };
    frame::page(&page.desk, Here::Audit, title, &[], body.into_any())
}

// Views under a legal hold.
fn held(page: &AuditPage) -> AnyView {
    let list = if page.held.is_empty() {
        view! { <p>{t("audit.held-none")}</p> }.into_any()
    } else {
        let rows = page
            .held
            .iter()
            .map(|(pseudonym, id)| view! { <li>{named(pseudonym, id.as_deref())}</li> });
        view! { <ul>{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        <h2>{t("audit.held")}</h2>
        {list}
    }
    .into_any()
}

// The two words that stand for a sender, with the way to the view for those who may open it.
fn named(pseudonym: &str, view: Option<&str>) -> AnyView {
    let words = pseudonym.to_owned();
    match view {
        Some(id) => view! { <a href=urls::desk_view(id)>{words}</a> }.into_any(),
        None => words.into_any(),
    }
}

fn week(first: Date, words: String) -> AnyView {
    let href = format!("{}?week={first}", urls::DESK_AUDIT);
    view! { <a href=href>{words}</a> }.into_any()
}

fn row(row: &AuditLine) -> AnyView {
    let view = named(&row.pseudonym, row.view.as_deref());
    let what = match (row.name_opened, row.refused) {
        (true, false) => t("audit.name"),
        (false, false) => t("audit.view"),
        (true, true) => t("audit.name-refused"),
        (false, true) => t("audit.view-refused"),
    };
    let who = row.who.clone().unwrap_or_else(|| t("audit.gone"));
    let times = (row.times > 1).then(|| {
        format!(
            ", {}",
            tf("audit.times", &[("times", &row.times.to_string())])
        )
    });
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
