//! What is public of the committee's decisions, each with the form to take it down.

use super::frame::{self, Here, topic_name};
use app::any_view::{AnyView, IntoAny};
use app::components::{
    Choice, Field, Look, Voice, bubble, error_for, hidden, radios, submit, typed_text,
};
use app::messages::{day, t, tf};
use app::pages::public_answer::public_answer;
use domain::publication::TakeDownReason;
use leptos::prelude::*;
use model::urls;
use model::{PublishedItem, PublishedPage};

/// What is public of the committee's decisions.
pub fn published(page: PublishedPage) -> impl IntoView {
    let list = if page.items.is_empty() {
        view! { <p class="bubble answer empty">{t("desk.published.empty")}</p> }.into_any()
    } else {
        let items = page.items.iter().enumerate();
        let items = items.map(|(place, item)| published_item(&page, place, item));
        view! { <ol class="agenda">{items.collect_view()}</ol> }.into_any()
    };
    let body = view! {
        <h1>{t("desk.published.title")}</h1>
        <p>{t("desk.published.lead")}</p>
        {list}
    };
    frame::page(
        &page.desk,
        Here::Published,
        t("desk.published.title"),
        &page.errors,
        body.into_any(),
    )
}

fn published_item(page: &PublishedPage, place: usize, item: &PublishedItem) -> AnyView {
    let topic = topic_name(item.topic);
    let number = (place + 1).to_string();
    let values = [("number", number.as_str()), ("topic", &topic)];
    let heading = tf("desk.published.place", &values);
    if let Some(down) = item.down {
        let again = item
            .meeting
            .as_ref()
            .filter(|_| page.desk.role.sees_meetings())
            .map(|meeting| {
                let label = format!("{}: {heading}", t("desk.published.correct"));
                let href = urls::desk_item(meeting, &item.view);
                view! { <p><a class=Look::Plain.class() href=href aria-label=label>{t("desk.published.correct")}</a></p> }
            });
        return view! {
            <li>
                <h2>{heading}</h2>
                <p>{tf("desk.published.down", &[("day", &day(down))])}</p>
                {again}
            </li>
        }
        .into_any();
    }
    view! {
        <li>
            <h2>{heading}</h2>
            <p class="tags"><span>{tf("desk.published.on", &[("day", &day(item.published))])}</span></p>
            {bubble(Voice::Young, t("you-said.said"), typed_text(&item.said))}
            {bubble(Voice::Council, t("you-said.did"), public_answer(&item.answer))}
            {take_down_form(page, place, item)}
        </li>
    }
    .into_any()
}

// The one that came back without a reason is open, and has the id that the error names.
fn take_down_form(page: &PublishedPage, place: usize, item: &PublishedItem) -> AnyView {
    let is_back = page.unsure.as_ref() == Some(&item.view);
    let first = page.items.iter().position(|other| other.view == item.view);
    let is_back = is_back && first == Some(place);
    let id = if is_back {
        "reason".to_owned()
    } else {
        format!("reason-{place}")
    };
    let field = Field {
        error: is_back.then(|| error_for(&page.errors, "reason")).flatten(),
        id,
        name: "reason",
        label: t("action.take-down.label"),
        hint: t("action.take-down.reason-hint"),
    };
    let reasons = TakeDownReason::ALL.map(|reason| Choice {
        value: reason.id().into(),
        label: t(&format!("action.take-down.{}", reason.id())),
        hint: String::new(),
    });
    view! {
        <details class="act" open=is_back>
            <summary>{t("action.take-down.button")}</summary>
            <form method="post" action=urls::desk_take_down(&item.view)>
                {hidden("token", &page.desk.token)}
                <p>{t("action.take-down.hint")}</p>
                {radios(field, reasons.to_vec(), "")}
                {submit(t("action.take-down.send"), Look::Danger)}
            </form>
        </details>
    }
    .into_any()
}
