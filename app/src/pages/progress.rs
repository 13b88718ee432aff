//! The council's promises, and its progress on each.

use super::reading::{in_short, lead, sections, tell};
use crate::any_view::{AnyView, IntoAny};
use crate::components::{Voice, bubble, chart, period, shown_words, sign, sources};
use crate::messages::{day, t, tf};
use crate::shell::{Nav, Shell};
use domain::indicator::{IndicatorStatus, Movement};
use leptos::prelude::*;
use model::progress::{FigureChange, IndicatorNow, PromiseCard, PromisePage, PromisesPage};
use model::urls;

/// Every promise with its word.
pub fn promises(page: PromisesPage) -> impl IntoView {
    let cards = page.promises.iter().map(card).collect_view();
    let others = page
        .others
        .iter()
        .map(|one| indicator(one, false))
        .collect_view();
    view! {
        <Shell title=Some(page.article.title.clone()) description=page.article.short.clone() nav=Nav::Rights>
            {lead(&page.article)}
            {in_short(&page.article)}
            {page.overdue.then(overdue)}
            <ul class="cards">{cards}</ul>
            <h2 id="others">{t("promises.others")}</h2>
            {others}
            {sections(&page.article.sections)}
            {sources(&page.article)}
        </Shell>
    }
}

/// One promise: what was said, what the figures say, what young people said, who is responsible.
pub fn promise(page: PromisePage) -> impl IntoView {
    let promise = page.promise;
    let who = if promise.who.is_empty() {
        t("promises.who-ask")
    } else {
        tf("promises.who", &[("who", &promise.who)])
    };
    let done = promise
        .done
        .iter()
        .map(|done| view! { <li>{done.clone()}</li> })
        .collect_view();
    let figures = if page.indicators.is_empty() {
        view! { <p>{t("promises.no-figures")}</p> }.into_any()
    } else {
        let all = page.indicators.iter().map(|one| indicator(one, true));
        all.collect_view().into_any()
    };
    let topic = t(&format!("topic.{}", promise.topic.id()));
    let until = day(page.views_until);
    let views = match page.views {
        Some(views) => tf(
            "promises.views",
            &[
                ("views", &views.to_string()),
                ("topic", &topic),
                ("until", &until),
            ],
        ),
        None => tf(
            "promises.views-few",
            &[("topic", &topic), ("until", &until)],
        ),
    };
    let report = day(page.report);
    let place = promise.paragraph.to_string();
    let source = tf(
        "promises.source",
        &[
            ("source", &page.source),
            ("paragraph", &place),
            ("seen", &page.seen),
        ],
    );
    let said = view! {
        <blockquote><p>{promise.said.clone()}</p></blockquote>
        <p class="hint">{tf("promises.said-where", &[("strategy", &page.strategy), ("day", &report)])}</p>
    };
    view! {
        <Shell title=Some(promise.title.clone()) description=promise.said.clone() nav=Nav::Rights>
            <p class="where"><a href=urls::PROMISES>{t("promises.title")}</a></p>
            <h1>{sign("handshake")}{promise.title.clone()}</h1>
            {status_words(page.status)}
            {page.overdue.then(overdue)}
            <h2 id="said">{t("promises.said")}</h2>
            {bubble(Voice::Council, t("promises.said-by"), said)}
            <h2 id="figures">{t("promises.figures")}</h2>
            {figures}
            <h2 id="done">{tf("promises.done", &[("day", &report)])}</h2>
            <ul>{done}</ul>
            <h2 id="who">{t("promises.who-title")}</h2>
            <p>{who}</p>
            <h2 id="views">{t("promises.views-title")}</h2>
            <p>{views}</p>
            <p class="hint">{t("promises.views-how")}</p>
            <p><a href=urls::YOU_SAID>{t("promises.you-said")}</a></p>
            <h2 id="tell">{t("pledge.happening")}</h2>
            <p>{t("rights.tell-why")}</p>
            {tell(&format!("we-will:{}", promise.slug), Some(promise.topic), t("pledge.tell"))}
            <details class="sources">
                <summary>{t("sources.title")}</summary>
                <ul><li>{source}</li></ul>
            </details>
            <p class="hint">
                {tf("sources.checked", &[("date", &day(page.checked)), ("next", &day(page.review_by))])}
            </p>
        </Shell>
    }
}

fn card(card: &PromiseCard) -> AnyView {
    view! {
        <li>
            {sign("handshake")}
            <a href=urls::council_promise(&card.slug)>{card.title.clone()}</a>
            <p><strong>{t(&format!("status.{}.name", card.status.id()))}</strong></p>
        </li>
    }
    .into_any()
}

// A page whose words should have been looked at again by now says so.
fn overdue() -> AnyView {
    view! { <p class="bubble amber">{t("promises.overdue")}</p> }.into_any()
}

fn status_words(status: IndicatorStatus) -> AnyView {
    let id = status.id();
    view! {
        <p class="bubble sky">
            <strong>{t(&format!("status.{id}.name"))}</strong>
            ". "
            {t(&format!("status.{id}.means"))}
        </p>
    }
    .into_any()
}

/// An indicator with its picture, its table, how it moved, and what was changed.
fn indicator(now: &IndicatorNow, with_status: bool) -> AnyView {
    let note =
        (!now.indicator.note.is_empty()).then(|| view! { <p>{now.indicator.note.clone()}</p> });
    let moved = with_status.then(|| moved(now));
    let changes = (!now.changes.is_empty()).then(|| {
        let items = now
            .changes
            .iter()
            .map(|one| view! { <li>{change_words(now, one)}</li> });
        view! {
            <details>
                <summary>{t("promises.changes")}</summary>
                <ul>{items.collect_view()}</ul>
            </details>
        }
    });
    view! {
        {chart(now)}
        {note}
        {moved}
        {changes}
    }
    .into_any()
}

// How it moved, with the periods that were compared; the word for today stands beside it.
fn moved(now: &IndicatorNow) -> AnyView {
    let Some(compared) = now.compared else {
        return view! { <p>{t("promises.moved.not-known")}</p> }.into_any();
    };
    let (from, to) = (period(compared.from), period(compared.to));
    let values = [("from", from.as_str()), ("to", to.as_str())];
    let own = now
        .indicator
        .words
        .as_ref()
        .filter(|words| words.period == compared.from && compared.from == compared.to);
    let sentence = match (own, compared.change) {
        (Some(words), change) => tf(
            "promises.moved.own-words",
            &[
                ("word", &t(&format!("status.{}.name", change.id()))),
                ("said", &words.said),
                ("when", &to),
            ],
        ),
        (None, Movement::Better) => tf("promises.moved.better", &values),
        (None, Movement::Same) => tf("promises.moved.same", &values),
        (None, Movement::Worse) => tf("promises.moved.worse", &values),
    };
    let old = (now.status == IndicatorStatus::TooOld).then(|| t("promises.moved.too-old"));
    view! { <p><strong>{sentence}</strong> " " {old}</p> }.into_any()
}

/// A change of a figure in one sentence: when, from what to what, and why.
pub fn change_words(now: &IndicatorNow, change: &FigureChange) -> String {
    let unit = now.indicator.unit;
    let none = || t("promises.change.none");
    let from = change
        .from
        .map_or_else(none, |from| shown_words(unit, from));
    let (when, on) = (period(change.period), day(change.day));
    match change.to {
        Some(to) => tf(
            "promises.change.changed",
            &[
                ("when", &when),
                ("day", &on),
                ("from", &from),
                ("to", &shown_words(unit, to)),
                ("reason", &change.reason),
            ],
        ),
        None => tf(
            "promises.change.away",
            &[
                ("when", &when),
                ("day", &on),
                ("from", &from),
                ("reason", &change.reason),
            ],
        ),
    }
}
