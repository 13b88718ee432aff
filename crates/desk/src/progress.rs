//! Figures of the council's promises: what stands there, and the form for a new one.

use super::frame::{self, Here};
use app::any_view::{AnyView, IntoAny};
use app::components::{
    Choice, Field, FieldText, Look, OptionGroup, checkbox, date_field, error_for, hidden, period,
    select, shown_words, submit, text_area, text_field,
};
use app::messages::t;
use app::pages::progress::change_words;
use leptos::prelude::*;
use model::desk::progress::FiguresPage;
use model::progress::IndicatorNow;
use model::urls;

// Most characters of a source and of a reason.
const LINE_MAX: usize = 300;

/// Every figure, and the form for a new one.
pub fn progress(page: FiguresPage) -> impl IntoView {
    let groups = page
        .groups
        .iter()
        .map(|(title, indicators)| {
            view! {
                <h3>{title.clone()}</h3>
                <dl>{indicators.iter().map(known).collect_view()}</dl>
            }
        })
        .collect_view();
    let body = view! {
        <h1>{t("desk.figures.title")}</h1>
        <p>{t("desk.figures.lead")}</p>
        {form(&page)}
        <h2 id="known">{t("desk.figures.known")}</h2>
        {groups}
    };
    frame::page(
        &page.desk,
        Here::Progress,
        t("desk.figures.title"),
        &page.errors,
        body.into_any(),
    )
}

fn known(now: &IndicatorNow) -> AnyView {
    let unit = now.indicator.unit;
    let none = (now.figures.is_empty() && now.changes.is_empty())
        .then(|| view! { <li>{t("desk.figures.none")}</li> });
    let figures = now
        .figures
        .iter()
        .map(|figure| view! { <li>{period(figure.period)} ": " {shown_words(unit, figure.shown)}</li> })
        .collect_view();
    let changes = now
        .changes
        .iter()
        .map(|change| view! { <li>{change_words(now, change)}</li> })
        .collect_view();
    view! {
        <div>
            <dt>{now.indicator.title.clone()} ": " {t(&format!("unit.{}", unit.id()))}</dt>
            <dd><ul>{none}{figures}{changes}</ul></dd>
        </div>
    }
    .into_any()
}

fn form(page: &FiguresPage) -> AnyView {
    let field = |id: &'static str, label: String, hint: String| Field {
        id: id.into(),
        name: id,
        label,
        hint,
        error: error_for(&page.errors, id),
    };
    let groups = page.groups.iter().map(|(title, indicators)| OptionGroup {
        label: title.clone(),
        lang: None,
        options: indicators
            .iter()
            .map(|now| Choice {
                value: now.indicator.id.clone(),
                label: now.indicator.title.clone(),
                hint: String::new(),
            })
            .collect(),
    });
    let first = OptionGroup {
        label: String::new(),
        lang: None,
        options: vec![Choice {
            label: t("desk.figures.choose"),
            ..Choice::default()
        }],
    };
    let groups: Vec<OptionGroup> = std::iter::once(first).chain(groups).collect();
    let line = |max| FieldText {
        max: Some(max),
        ..FieldText::default()
    };
    let (form, none) = (&page.form, String::new);
    view! {
        <section class="narrow" aria-labelledby="enter">
            <h2 id="enter">{t("desk.figures.enter")}</h2>
            <form method="post" action=urls::DESK_PROGRESS>
                {hidden("token", &page.desk.token)} {hidden("seen", &page.seen.to_string())}
                {select(field("indicator", t("desk.figures.indicator"), none()), groups, &form.indicator)}
                {text_field(field("period", t("desk.figures.period"), t("desk.figures.period-hint")), &form.period, line(15))}
                {text_field(field("value", t("desk.figures.value"), t("desk.figures.value-hint")), &form.value, line(9))}
                {text_area(field("source", t("desk.figures.source"), t("desk.figures.source-hint")), &form.source, 2, LINE_MAX)}
                {date_field(field("source-day", t("desk.figures.source-day"), none()), &form.source_day)}
                {text_area(field("reason", t("desk.figures.reason"), t("desk.figures.reason-hint")), &form.reason, 2, LINE_MAX)}
                {checkbox(field("away", t("desk.figures.away"), t("desk.figures.away-hint")), form.away)}
                {submit(t("desk.figures.button"), Look::Main)}
            </form>
        </section>
    }
    .into_any()
}
