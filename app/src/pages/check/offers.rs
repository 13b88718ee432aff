//! The entitlements on the result page: now, soon and later.

use super::parts::Parts;
use crate::any_view::{AnyView, IntoAny};
use crate::components::{Look, certainty, hidden};
use crate::messages::{day, t, tf};
use domain::date::Date;
use domain::entitlements::report::{Comes, Placed};
use leptos::prelude::*;
use model::{Entitlement, urls};

/// Entitlements: now, soon, later. As a template they stand in one list, and the island puts each where it belongs.
pub(super) fn offers(parts: &Parts, entitlements: &[Entitlement]) -> AnyView {
    let lists = ["now", "soon", "later"].map(|when| {
        let items = match parts {
            Parts::All => Vec::new(),
            Parts::Applying { offers, .. } => offers
                .iter()
                .filter(|placed| list_of(placed.comes) == when)
                .filter_map(|placed| {
                    Some(offer(
                        entitlements.get(placed.offer)?,
                        placed.offer,
                        Some(placed),
                    ))
                })
                .collect(),
        };
        let inside = view! {
            <h2>{t(&format!("check.result.{when}"))}</h2>
            <ul class="offers" data-list=matches!(parts, Parts::All).then_some(when)>{items}</ul>
        };
        parts.part(when, inside.into_any())
    });
    let pool = matches!(parts, Parts::All).then(|| {
        let all = entitlements
            .iter()
            .enumerate()
            .map(|(index, entitlement)| offer(entitlement, index, None))
            .collect_view();
        view! { <ul data-pool="offers">{all}</ul> }
    });
    view! { {lists.into_iter().collect_view()}{pool} }.into_any()
}

/// Which of the three lists an entitlement stands in.
fn list_of(comes: Comes) -> &'static str {
    match comes {
        Comes::Now => "now",
        Comes::Soon(_) => "soon",
        Comes::Later(_) => "later",
    }
}

fn offer(entitlement: &Entitlement, index: usize, placed: Option<&Placed>) -> AnyView {
    let all = placed.is_none();
    let mark = |name: &'static str| all.then_some(name);
    let (from, until, may) = match placed {
        None => (Some(None), Some(None), true),
        Some(placed) => (
            match placed.comes {
                Comes::Now => None,
                Comes::Soon(date) | Comes::Later(date) => Some(Some(date)),
            },
            placed.until.map(Some),
            placed.may,
        ),
    };
    let dated = |key: &str, date: Option<Date>| match date {
        Some(date) => tf(key, &[("date", &day(date))]),
        None => t(key),
    };
    // One text for each amount, and one for a day without a known amount.
    let what = |amount: &str| entitlement.what.replace("{amount}", amount);
    let no_figure = t("check.result.no-date-figure");
    let texts: Vec<(Option<usize>, String)> = if entitlement.amounts.is_empty() {
        vec![(None, entitlement.what.clone())]
    } else {
        let amounts = entitlement
            .amounts
            .iter()
            .enumerate()
            .map(|(figure, amount)| (Some(figure), what(amount)));
        amounts.chain([(None, what(&no_figure))]).collect()
    };
    let texts = texts
        .into_iter()
        .filter(|(figure, _)| placed.is_none_or(|placed| placed.figure == *figure))
        .map(|(figure, text)| {
            let figure = all.then(|| figure.map_or("none".to_owned(), |figure| figure.to_string()));
            view! { <p data-figure=figure>{text}</p> }
        })
        .collect_view();
    let more = (!entitlement.right.is_empty()).then(|| {
        let title = entitlement.title.clone();
        view! {
            <p><a href=urls::right(&entitlement.right)>{t("check.result.more")}<span class="hidden">": "{title}</span></a></p>
        }
    });
    let title = entitlement.title.clone();
    let law = if entitlement.law.is_empty() {
        entitlement.source.clone()
    } else {
        format!("{} ({})", entitlement.law, entitlement.source)
    };
    view! {
        <li data-offer=all.then(|| index.to_string()) data-line=all.then(|| entitlement.offer.to_line())>
            {from.map(|date| view! { <p class="hint" data-part=mark("from")>{dated("check.result.from", date)}</p> })}
            {may.then(|| view! { <p class="hint" data-part=mark("may")>{t("check.result.may")}</p> })}
            <details class="offer">
                <summary>
                    <h3>{entitlement.title.clone()}</h3>
                    <span class="where">{t(&format!("check.group.{}", entitlement.group))}</span>
                </summary>
                {texts}
                {until.map(|date| view! { <p class="hint" data-part=mark("until")>{dated("check.result.until", date)}</p> })}
                <p><strong>{t("check.result.how")}": "</strong>{entitlement.ask.clone()}</p>
                <p class="hint">
                    {law}". "{certainty(entitlement.certainty)}". "{tf("check.result.checked", &[("date", &day(entitlement.checked))])}
                </p>
                {more}
                <form method="post" action=urls::SPEAK>
                    {hidden("step", "start")}
                    {hidden("link", &format!("entitlement:{}", entitlement.id))}
                    {hidden("topic", &entitlement.topic)}
                    <button type="submit" class=Look::Plain.class()>
                        {t("check.result.told-no")}<span class="hidden">": "{title}</span>
                    </button>
                </form>
            </details>
        </li>
    }
    .into_any()
}
