//! The result of the checker: the status, what to ask, what would change it, dates, and why, with the law.

use super::offers::offers;
use super::parts::{Parts, Tag};
use crate::any_view::{AnyView, IntoAny};
use crate::components::{Look, button, button_link};
use crate::messages::t;
use domain::entitlements::outcome::{AdviserAnswer, Ask, Rule, Status, StayingPutAnswer};
use leptos::prelude::*;
use model::{Entitlement, urls};

fn status_keys() -> impl Iterator<Item = &'static str> {
    Status::ALL
        .iter()
        .map(|status| status.id())
        .chain(["was_former_relevant"])
}

type Keyed = Vec<(String, String)>;

/// Each of these parts that applies, with its words.
fn each(parts: &Parts, keys: Keyed, tag: Tag) -> AnyView {
    keys.into_iter()
        .map(|(key, words)| parts.text(&key, words, tag))
        .collect_view()
        .into_any()
}

fn line(parts: &Parts, key: &str, words: &str) -> AnyView {
    parts.text(key, t(words), Tag::Line)
}

pub(super) fn result_parts(parts: &Parts, entitlements: &[Entitlement]) -> AnyView {
    let changes = ["line", "goes-on", "short", "home", "breakdown", "record"]
        .map(|id| (format!("change.{id}"), t(&format!("check.changes.{id}"))));
    let dates = ["line", "clear", "b16", "talk", "b18", "b21", "b25", "tfl"].map(|id| {
        (
            format!("when.{id}"),
            format!("{{date}}: {}", t(&format!("check.dates.{id}"))),
        )
    });
    let asks = Ask::ALL.iter().map(|ask| {
        let id = ask.id();
        let what = t(&format!("check.askq.{id}.what"));
        let whom = t(&format!("check.askq.{id}.whom"));
        parts.text(&format!("ask.{id}"), format!("{what} {whom}"), Tag::Item)
    });
    view! {
        <h1 tabindex="-1" id="check-title">{t("check.result.title")}</h1>
        <p class="hint on-sheet">{t("check.result.sheet-lead")}</p>
        {line(parts, "on", "check.result.today")}
        {likely(parts)}
        {line(parts, "never-no", "check.result.never-no")}
        {parts.part("asks", view! {
            <h2>{t("check.result.ask")}</h2>
            <ul>{asks.collect_view()}</ul>
        }.into_any())}
        {parts.part("changes", view! {
            <h2>{t("check.result.change")}</h2>
            <ul>{each(parts, changes.to_vec(), Tag::Item)}</ul>
        }.into_any())}
        <div class="off-sheet">
            {rights(parts)}
            {line(parts, "other-council", "check.result.other-council")}
            {line(parts, "nothing-now", "check.result.nothing-now")}
            {offers(parts, entitlements)}
        </div>
        {parts.part("dates", view! {
            <h2>{t("check.result.dates")}</h2>
            <ul id="check-dates">{each(parts, dates.to_vec(), Tag::Item)}</ul>
        }.into_any())}
        <h2>{t("check.result.why")}</h2>
        <ul class="why">
            {Rule::ALL
                .iter()
                .map(|rule| why(parts, *rule))
                .collect_view()}
        </ul>
        <h2>{t("check.result.working")}</h2>
        {line(parts, "counts", "check.result.counts")}
        <p>{t("check.result.not-decision")}</p>
    }
    .into_any()
}

/// The status that is likely, and those that fit as well.
fn likely(parts: &Parts) -> AnyView {
    let by_status = |kind: &str, part: &str| -> Keyed {
        status_keys()
            .map(|id| {
                (
                    format!("{kind}.{id}"),
                    t(&format!("check.status.{id}.{part}")),
                )
            })
            .collect()
    };
    let could: Keyed = Status::ALL
        .iter()
        .filter(|status| **status != Status::Ask)
        .map(|status| {
            let id = status.id();
            let words = t(&format!("check.status.{id}.name"));
            (format!("could.{id}"), words)
        })
        .collect();
    view! {
        <div class="bubble sun">
            <p class="hint">{t("check.result.likely")}</p>
            {each(parts, by_status("status", "name"), Tag::Heading)}
            {each(parts, by_status("status", "means"), Tag::Line)}
            <p class="hint">{t("check.result.legal")}</p>
            {each(parts, by_status("status", "legal"), Tag::Strong)}
            {line(parts, "certain", "check.result.certain")}
            {parts.part("could", view! {
                <p>{t("check.result.uncertain")}</p>
                <ul>{each(parts, could, Tag::Item)}</ul>
            }.into_any())}
        </div>
    }
    .into_any()
}

/// The personal adviser and staying put, with the day on which each ends.
fn rights(parts: &Parts) -> AnyView {
    let put: Keyed = StayingPutAnswer::ALL
        .iter()
        .map(|answer| {
            let id = answer.id();
            (format!("put.{id}"), t(&format!("check.put.{id}")))
        })
        .collect();
    let adviser: Keyed = AdviserAnswer::ALL
        .iter()
        .map(|answer| {
            let id = answer.id();
            (format!("pa.{id}"), t(&format!("check.pa.{id}")))
        })
        .collect();
    view! {
        {each(parts, adviser, Tag::Line)}
        {line(parts, "pa-until", "check.result.until")}
        {each(parts, put, Tag::Line)}
        {line(parts, "put-until", "check.result.until")}
    }
    .into_any()
}

/// A rule in plain words, and the law behind a tap.
fn why(parts: &Parts, rule: Rule) -> AnyView {
    let key = format!("rule.{}", rule.id());
    let marked = match parts {
        Parts::All => Some(key),
        Parts::Applying { items, .. } if items.contains_key(&key) => None,
        Parts::Applying { .. } => return ().into_any(),
    };
    let law = (rule.law() != "-").then(|| {
        view! {
            <details class="law">
                <summary>{t("check.result.law")}</summary>
                <p>{rule.law()}</p>
            </details>
        }
    });
    view! {
        <li data-show=marked>
            <p>{t(&format!("check.rule.{}", rule.id()))}</p>
            {law}
        </li>
    }
    .into_any()
}

pub(super) fn result_buttons(sheet: bool) -> AnyView {
    let other = if sheet {
        button(
            t("check.result.sheet-back"),
            Look::Plain,
            "go",
            "result",
            false,
        )
    } else {
        button(t("check.result.sheet"), Look::Plain, "go", "sheet", false)
    };
    view! {
        <div class="off-print" id="check-buttons">
            <p>{other}</p>
            <p>{button(t("check.result.calendar"), Look::Plain, "go", "calendar", false)}</p>
            <p class="hint">{t("check.result.calendar-note")}</p>
            <p>
                <strong>{t("check.result.print")}": "</strong>
                {t("check.result.print-how")}
            </p>
            <p>{button_link(t("check.again"), Look::Plain, urls::CHECK)}</p>
        </div>
    }
    .into_any()
}
