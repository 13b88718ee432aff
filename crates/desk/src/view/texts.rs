//! The texts of a view: the sender's words, the approved text, and the record of what happened.

use crate::frame::{fact, role_name, time};
use app::any_view::{AnyView, IntoAny};
use app::components::{Voice, bubble, typed_text};
use app::messages::{day, t, tf};
use domain::lifecycle::State;
use leptos::prelude::*;
use model::urls;
use model::{DeskEntry, DeskViewPage, MeetingSummary, SentWords};

pub(super) fn words(page: &DeskViewPage) -> AnyView {
    if page.row.state == State::Withdrawn {
        return ().into_any();
    }
    view! {
        {sent_words(page)}
        {summary(page)}
    }
    .into_any()
}

// What those who keep children safe tell SpeakerBox, in place of the sender's words.
fn summary(page: &DeskViewPage) -> Option<AnyView> {
    let text = page.summary.as_ref()?;
    let shown = view! {
        <h2>{t("desk.view.summary")}</h2>
        {bubble(Voice::Council, String::new(), typed_text(text))}
    };
    Some(shown.into_any())
}

fn sent_words(page: &DeskViewPage) -> AnyView {
    let Some(sent) = &page.words else {
        let why = if page.is_unrecorded {
            t("desk.view.unrecorded")
        } else if page.limits.words_gone {
            t("limits.desk-words-gone")
        } else if page.summary.is_some() {
            t("desk.view.sealed-summary")
        } else {
            t("desk.view.sealed")
        };
        return view! {
            <h2>{t("desk.view.words")}</h2>
            <p class="bubble answer empty">{why}</p>
        }
        .into_any();
    };
    let wish = (!sent.wish.is_empty()).then(|| {
        view! {
            <h3>{t("desk.view.wish")}</h3>
            {typed_text(&sent.wish)}
        }
    });
    let body = view! {
        {typed_text(&sent.said)}
        {wish}
    };
    view! {
        <h2>{t("desk.view.words")}</h2>
        <div class="said">{bubble(Voice::Young, String::new(), body)}</div>
        {beside_the_words(page, sent)}
    }
    .into_any()
}

// What the sender chose besides writing.
fn beside_the_words(page: &DeskViewPage, sent: &SentWords) -> AnyView {
    let feeling = sent.feeling.map(|feeling| {
        fact(
            t("desk.view.feeling"),
            t(&format!("feeling.{}", feeling.id())),
        )
    });
    let safe = page
        .safe
        .map(|safe| fact(t("desk.view.safe"), t(&format!("safe.{}", safe.id()))));
    let attached = sent.attached.clone().map(|title| {
        let value = match sent.attached_url.clone() {
            Some(href) => view! { <a href=href>{title}</a> }.into_any(),
            None => title.into_any(),
        };
        fact(t("desk.view.attached"), value)
    });
    let facts = (feeling.is_some() || safe.is_some() || attached.is_some())
        .then(|| view! { <dl class="facts">{feeling} {safe} {attached}</dl> });
    let helped = sent
        .helped
        .then(|| view! { <p>{t("desk.view.helped")}</p> });
    view! {
        {facts}
        {helped}
    }
    .into_any()
}

pub(super) fn approved(page: &DeskViewPage) -> AnyView {
    let Some(text) = &page.approved else {
        return ().into_any();
    };
    let meeting = page.listed_on.as_ref().map(|meeting| {
        view! {
            <p>
                {t("desk.view.on-meeting")}
                " "
                <a href=urls::desk_meeting(&meeting.id)>{meeting_name(meeting)}</a>
            </p>
        }
    });
    // SpeakerBox wrote it from the sender's words, so it is outlined.
    view! {
        <h2>{t("desk.view.approved")}</h2>
        {bubble(Voice::Council, String::new(), typed_text(text))}
        {meeting}
    }
    .into_any()
}

pub(super) fn meeting_name(meeting: &MeetingSummary) -> String {
    tf(
        "action.list.choice",
        &[("day", &day(meeting.day)), ("title", &meeting.title)],
    )
}

pub(super) fn record(page: &DeskViewPage) -> AnyView {
    view! {
        <h2>{t("desk.view.record")}</h2>
        {other_page(page, page.part.older(), "desk.view.older")}
        <ol class="record">{page.entries.iter().map(entry).collect_view()}</ol>
        {other_page(page, page.part.newer(), "desk.view.newer")}
    }
    .into_any()
}

// The way to another page of a long record.
fn other_page(page: &DeskViewPage, to: Option<usize>, words: &str) -> AnyView {
    to.map(|to| {
        let href = format!("{}?page={to}", urls::desk_view(&page.row.id));
        view! { <p><a href=href>{t(words)}</a></p> }
    })
    .into_any()
}

fn entry(entry: &DeskEntry) -> AnyView {
    let who = entry.role.map_or_else(|| t("desk.view.sender"), role_name);
    let voice = if entry.role.is_none() {
        Voice::Young
    } else {
        Voice::Council
    };
    let text = entry
        .text
        .as_ref()
        .map(|text| bubble(voice, String::new(), typed_text(text)));
    let sealed = entry
        .sealed_to_others
        .then(|| view! { <p class="hint">{t("desk.view.record-sealed")}</p> });
    let reason = entry.reason.map(|reason| {
        view! { <p>{tf("desk.view.record-reason", &[("reason", &t(&format!("reason.{}.name", reason.id())))])}</p> }
    });
    let handed = entry.handed.map(|(service, on)| {
        let who = t(&format!("service.{}", service.id()));
        view! { <p>{tf("action.hand-over.to", &[("who", &who), ("day", &day(on))])}</p> }
    });
    view! {
        <li>
            <h3>{t(&format!("action.{}.record", entry.kind.id()))}</h3>
            <p class="hint">
                {who}
                ", "
                {time(entry.day)}
            </p>
            {reason}
            {handed}
            {text}
            {sealed}
        </li>
    }
    .into_any()
}
