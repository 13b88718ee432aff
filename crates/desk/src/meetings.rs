//! Meetings: which there are, what is on a meeting's list, and what the committee decided.

use super::decision::{LINE_MAX, approved_bubble, decision_bubble, is_release, meeting_title};
use super::frame::{self, Here, state_name, time, topic_name};
use app::any_view::{AnyView, IntoAny};
use app::components::{Field, FieldText, Look, date_field, error_for, hidden, submit, text_field};
use app::messages::{t, tf};
use domain::lifecycle::{Action, State};
use leptos::prelude::*;
use model::urls;
use model::{MeetingItem, MeetingPage, MeetingSummary, MeetingsPage};

/// All meetings.
pub fn meetings(page: MeetingsPage) -> impl IntoView {
    let list = if page.meetings.is_empty() {
        let next = if page.may_make {
            t("desk.meetings.empty-make")
        } else {
            t("desk.meetings.empty-ask")
        };
        view! { <p class="bubble answer empty">{t("desk.meetings.empty")} " " {next}</p> }
            .into_any()
    } else {
        view! { <ol class="inbox meetings">{page.meetings.iter().map(meeting_row).collect_view()}</ol> }
            .into_any()
    };
    let body = view! {
        <h1>{t("desk.meetings.title")}</h1>
        <p>{t("desk.meetings.lead")}</p>
        {disputes(&page)}
        <h2>{t("desk.meetings.list")}</h2>
        {list}
        {page.may_make.then(|| make_meeting(&page))}
    };
    frame::page(
        &page.desk,
        Here::Meetings,
        t("desk.meetings.title"),
        &page.errors,
        body.into_any(),
    )
}

fn meeting_row(meeting: &MeetingSummary) -> AnyView {
    view! {
        <li>
            <h3><a href=urls::desk_meeting(&meeting.id)>{time(meeting.day)}</a></h3>
            <p class="about"><span>{meeting.title.clone()}</span></p>
            {counts(meeting)}
        </li>
    }
    .into_any()
}

// What was said to be done and is not, say those who asked: whichever meeting it was decided at.
fn disputes(page: &MeetingsPage) -> AnyView {
    if page.disputes.is_empty() {
        return view! { <p>{t("desk.meetings.not-done-none")}</p> }.into_any();
    }
    let items = page.disputes.iter().map(|item| {
        let topic = topic_name(item.topic);
        let href = urls::desk_item(&item.meeting.id, &item.view);
        let since = app::messages::day(item.since);
        view! {
            <li>
                <h3><a href=href>{topic}</a></h3>
                <p class="about"><span>{meeting_title(&item.meeting)}</span></p>
                <p class="wait late">{tf("desk.meetings.not-done-since", &[("day", &since)])}</p>
            </li>
        }
    });
    let count = page.disputes.len().to_string();
    view! {
        <section aria-labelledby="not-done">
            <h2 id="not-done">{tf("desk.meetings.not-done", &[("count", &count)])}</h2>
            <p>{t("desk.meetings.not-done-lead")}</p>
            <ol class="inbox">{items.collect_view()}</ol>
        </section>
    }
    .into_any()
}

// How many texts, and how many of them still need an answer. (A meeting that has not been yet has nothing open.)
fn counts(meeting: &MeetingSummary) -> AnyView {
    let texts = match meeting.items {
        0 => t("desk.meetings.texts-none"),
        1 => t("desk.meetings.texts-one"),
        count => tf("desk.meetings.texts", &[("count", &count.to_string())]),
    };
    let open = match meeting.open {
        0 => None,
        1 => Some(t("desk.meetings.open-one")),
        count => Some(tf("desk.meetings.open", &[("count", &count.to_string())])),
    };
    let open = open.map(|open| view! { <span class="wait late">{open}</span> });
    let disputed = match meeting.disputed {
        0 => None,
        1 => Some(t("desk.meetings.disputed-one")),
        count => Some(tf(
            "desk.meetings.disputed",
            &[("count", &count.to_string())],
        )),
    };
    let disputed = disputed.map(|words| view! { <span class="wait late">{words}</span> });
    view! { <p class="tags"><span>{texts}</span> {open} {disputed}</p> }.into_any()
}

fn make_meeting(page: &MeetingsPage) -> AnyView {
    let day = Field {
        id: "day".into(),
        name: "day",
        label: t("desk.meetings.day"),
        hint: t("desk.meetings.day-hint"),
        error: error_for(&page.errors, "day"),
    };
    let title = Field {
        id: "title".into(),
        name: "title",
        label: t("desk.meetings.name"),
        hint: t("desk.meetings.name-hint"),
        error: error_for(&page.errors, "title"),
    };
    view! {
        <section class="narrow" aria-labelledby="make">
            <h2 id="make">{t("desk.meetings.make")}</h2>
            <form method="post" action=urls::DESK_MEETINGS>
                {hidden("token", &page.desk.token)} {date_field(day, &page.day)}
                {text_field(
                    title,
                    &page.title,
                    FieldText { max: Some(LINE_MAX), prose: true, ..FieldText::default() },
                )} {submit(t("desk.meetings.make-button"), Look::Main)}
            </form>
        </section>
    }
    .into_any()
}

/// One meeting with the texts on its list.
pub fn meeting(page: MeetingPage) -> impl IntoView {
    let count = page.items.len();
    let list = if page.items.is_empty() {
        view! { <p class="bubble answer empty">{t("desk.meeting.empty")}</p> }.into_any()
    } else {
        let items = page
            .items
            .iter()
            .enumerate()
            .map(|(at, item)| list_item(&page.meeting, item, at + 1, count));
        view! { <ol class="agenda">{items.collect_view()}</ol> }.into_any()
    };
    let body = view! {
        <p class="back"><a href=urls::DESK_MEETINGS>{t("desk.meeting.back")}</a></p>
        <h1>{meeting_title(&page.meeting)}</h1>
        {counts(&page.meeting)}
        <p>{t("desk.meeting.lead")}</p>
        <h2>{t("desk.meeting.list")}</h2>
        {list}
    };
    frame::page(
        &page.desk,
        Here::Meetings,
        meeting_title(&page.meeting),
        &[],
        body.into_any(),
    )
}

fn list_item(meeting: &MeetingSummary, item: &MeetingItem, number: usize, count: usize) -> AnyView {
    let (number, count) = (number.to_string(), count.to_string());
    let topic = topic_name(item.topic);
    let what = if item.possible.iter().any(is_release) {
        t("desk.meeting.publish")
    } else if item.possible.contains(&Action::Decide) {
        t("desk.meeting.decide")
    } else {
        t("desk.meeting.look")
    };
    let label = tf(
        "desk.meeting.of",
        &[("what", &what), ("number", &number), ("topic", &topic)],
    );
    let decision = decision_bubble(item);
    let undecided = (item.state == State::Listed)
        .then(|| view! { <p class="hint">{t("desk.meeting.undecided")}</p> });
    view! {
        <li>
            <h3>{tf("desk.meeting.place", &[("number", &number), ("count", &count), ("topic", &topic)])}</h3>
            <p class="tags"><span class="tag">{state_name(item.state)}</span></p>
            {approved_bubble(item, "desk.meeting.sealed")}
            {decision}
            {undecided}
            <p><a class=Look::Plain.class() href=urls::desk_item(&meeting.id, &item.view) aria-label=label>{what}</a></p>
        </li>
    }
    .into_any()
}
