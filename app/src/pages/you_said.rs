//! You said, we did: what young people said, and what the committee decided.

use crate::any_view::{AnyView, IntoAny};
use crate::components::{Look, Voice, bubble, button_link, sources, typed_text};
use crate::messages::{day, t, tf};
use crate::pages::public_answer::{decided_line, public_answer};
use crate::pages::reading::{heading, sections};
use crate::shell::{Nav, Shell};
use leptos::prelude::*;
use model::urls;
use model::{Article, PublishedOutcome};

/// You said, we did.
pub fn you_said(article: Article, outcomes: Vec<PublishedOutcome>) -> impl IntoView {
    let list = if outcomes.is_empty() {
        view! {
            <div class="bubble answer">
                <p><strong>{t("you-said.empty")}</strong></p>
                <p>{t("you-said.empty-when")}</p>
            </div>
            {button_link(t("home.speak"), Look::Main, urls::SPEAK)}
        }
        .into_any()
    } else {
        outcomes.into_iter().map(outcome).collect_view().into_any()
    };
    view! {
        <Shell title=Some(article.title.clone()) description=article.short.clone() nav=Nav::Elsewhere>
            {heading(&article)}
            {list}
            {sections(&article.sections)}
            {sources(&article)}
        </Shell>
    }
}

fn outcome(outcome: PublishedOutcome) -> AnyView {
    // Nothing else of it is shown, not even what it was about.
    if let Some(down) = outcome.down {
        let line = tf("you-said.down", &[("day", &day(down))]);
        return view! { <article><p>{line}</p></article> }.into_any();
    }
    let corrected = outcome.corrected.map(|on| {
        let words = tf("you-said.corrected", &[("day", &day(on))]);
        view! { <p><strong>{words}</strong></p> }
    });
    let state = if outcome.followed {
        t("you-said.followed")
    } else {
        t(&format!("state.{}.public", outcome.state.id()))
    };
    let decided = view! {
        {corrected}
        {public_answer(&outcome.answer)}
        <p><strong>{state}</strong></p>
    };
    let until = day(outcome.views_until);
    let views = match outcome.views {
        Some(views) => tf(
            "you-said.views",
            &[("views", &views.to_string()), ("until", &until)],
        ),
        None => tf("you-said.views-few", &[("until", &until)]),
    };
    view! {
        <article>
            <h2>{t(&format!("topic.{}", outcome.topic.id()))}</h2>
            {bubble(Voice::Young, t("you-said.said"), typed_text(&outcome.said))}
            {bubble(Voice::Council, t("you-said.did"), decided)}
            <p class="hint">
                {decided_line(outcome.meeting, outcome.early)}
                " "{tf("you-said.put-here", &[("published", &day(outcome.published))])}
                " "{views}
            </p>
        </article>
    }
    .into_any()
}
