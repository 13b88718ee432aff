//! Meetings: which there are, what is on a meeting's list, and what the committee decided.

use super::frame::{self, Here, fact, state_name, time, topic_name};
use app::any_view::{AnyView, IntoAny};
use app::components::{
    Field, FieldText, Look, Voice, bubble, date_field, error_for, hidden, submit, text_area,
    text_field, typed_text,
};
use app::messages::{t, tf};
use domain::lifecycle::{Action, State};
use domain::view::MESSAGE_MAX;
use leptos::prelude::*;
use model::urls;
use model::{DecisionWords, ItemPage, MeetingItem, MeetingPage, MeetingSummary, MeetingsPage};

// Most characters of a meeting's title, and of the job that is responsible.
const LINE_MAX: usize = 120;

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
    view! { <p class="tags"><span>{texts}</span> {open}</p> }.into_any()
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

fn meeting_title(meeting: &MeetingSummary) -> String {
    tf(
        "action.list.choice",
        &[
            ("day", &app::messages::day(meeting.day)),
            ("title", &meeting.title),
        ],
    )
}

fn list_item(meeting: &MeetingSummary, item: &MeetingItem, number: usize, count: usize) -> AnyView {
    let (number, count) = (number.to_string(), count.to_string());
    let topic = topic_name(item.topic);
    let what = if item.possible.contains(&Action::Publish) {
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
    let decision = match &item.decision {
        Some(words) => decision_bubble(words),
        None => view! { <p class="hint">{t("desk.meeting.undecided")}</p> }.into_any(),
    };
    view! {
        <li>
            <h3>{tf("desk.meeting.place", &[("number", &number), ("count", &count), ("topic", &topic)])}</h3>
            <p class="tags"><span class="tag">{state_name(item.state)}</span></p>
            {approved_bubble(item)}
            {decision}
            <p><a class=Look::Plain.class() href=urls::desk_item(&meeting.id, &item.view) aria-label=label>{what}</a></p>
        </li>
    }
    .into_any()
}

fn approved_bubble(item: &MeetingItem) -> AnyView {
    let body = match &item.approved {
        Some(text) => typed_text(text),
        None => view! { <p>{t("desk.meeting.sealed")}</p> }.into_any(),
    };
    bubble(Voice::Young, t("desk.meeting.said"), body)
}

fn decision_bubble(words: &DecisionWords) -> AnyView {
    let body = view! {
        <dl>
            {fact(t("desk.item.decided"), typed_text(&words.decided))}
            {fact(t("desk.item.answer"), typed_text(&words.answer))}
            {fact(t("desk.item.owner"), words.owner.clone())}
            {fact(t("desk.item.due"), time(words.due))}
        </dl>
    };
    bubble(Voice::Council, t("desk.meeting.decision"), body)
}

/// One text on a meeting's list, with the forms to decide, publish and mark as done.
pub fn item(page: ItemPage) -> impl IntoView {
    let can = |action: Action| page.item.possible.contains(&action);
    // While there are validation errors, what is typed below is not yet what would be published.
    let publishes = can(Action::Publish) && page.errors.is_empty();
    let look_again = can(Action::Publish) && !publishes;
    let nothing = !(can(Action::Decide) || can(Action::Publish) || can(Action::MarkDone));
    let body = view! {
        <p class="back"><a href=urls::desk_meeting(&page.meeting.id)>{t("desk.item.back")}</a></p>
        <h1>{topic_name(page.item.topic)}</h1>
        <p class="tags">
            <span>{meeting_title(&page.meeting)}</span>
            <span class="tag">{state_name(page.item.state)}</span>
        </p>
        <div class="desk-columns">
            <div>
                {approved_bubble(&page.item)}
                {(!publishes).then(|| page.item.decision.as_ref().map(decision_bubble))}
            </div>
            <div>
                {publishes.then(|| publish_form(&page))}
                {look_again.then(|| look_again_link(&page))}
                {typed_in_vain(&page)}
                {can(Action::MarkDone).then(|| done_form(&page))}
                {can(Action::Decide).then(|| decide_form(&page))}
                {(can(Action::Raise) && page.desk.role.sees_meetings()).then(|| raise_form(&page))}
                {nothing.then(|| view! { <p class="bubble answer empty">{t("desk.item.nothing")}</p> })}
            </div>
        </div>
    };
    let title = format!(
        "{}: {}",
        topic_name(page.item.topic),
        meeting_title(&page.meeting)
    );
    frame::page(
        &page.desk,
        Here::Meetings,
        title,
        &page.errors,
        body.into_any(),
    )
}

// The address and the hidden fields that each form of this page has.
fn form(page: &ItemPage, action: &'static str, fields: AnyView) -> AnyView {
    view! {
        <form method="post" action=urls::desk_item_act(&page.meeting.id, &page.item.view, action)>
            {hidden("token", &page.desk.token)} {hidden("version", &page.item.version.to_string())} {fields}
        </form>
    }
    .into_any()
}

fn decide_form(page: &ItemPage) -> AnyView {
    let has_decision = page.item.decision.is_some();
    let fields = decision_fields(page, has_decision);
    if !has_decision {
        return view! {
            <section aria-labelledby="decide">
                <h2 id="decide">{t("desk.item.form-new")}</h2>
                <p>{t("desk.item.form-lead")}</p>
                {form(page, "decide", fields)}
            </section>
        }
        .into_any();
    }
    // Once there is a decision, publishing comes first and changing it is folded away.
    view! {
        <details class="act" id="act-decide" open=!page.errors.is_empty()>
            <summary>{t("desk.item.form-change")}</summary>
            <p>{t("desk.item.form-lead")}</p>
            {form(page, "decide", fields)}
        </details>
    }
    .into_any()
}

fn decision_fields(page: &ItemPage, has_decision: bool) -> AnyView {
    let field = |id: &'static str, label: String, hint: String| Field {
        id: id.into(),
        name: id,
        label,
        hint,
        error: error_for(&page.errors, id),
    };
    let look = if has_decision {
        Look::Plain
    } else {
        Look::Main
    };
    let owner = field(
        "owner",
        t("desk.item.owner-label"),
        t("desk.item.owner-hint"),
    );
    view! {
        {text_area(field("said", t("desk.item.said-label"), t("desk.item.said-hint")), &page.form.said, 3, MESSAGE_MAX)}
        {text_area(
            field("decided", t("desk.item.decided-label"), t("desk.item.decided-hint")),
            &page.form.decided,
            4,
            MESSAGE_MAX,
        )}
        {text_area(
            field("answer", t("desk.item.answer-label"), t("desk.item.answer-hint")),
            &page.form.answer,
            5,
            MESSAGE_MAX,
        )}
        {text_field(
            owner,
            &page.form.owner,
            FieldText { max: Some(LINE_MAX), prose: true, ..FieldText::default() },
        )}
        {date_field(field("due", t("desk.item.due-label"), t("desk.item.due-hint")), &page.form.due)}
        {submit(t("action.decide.send"), look)}
    }
    .into_any()
}

// The approved text may show a danger that nobody saw before.
fn raise_form(page: &ItemPage) -> AnyView {
    view! {
        <details class="act" id="act-raise">
            <summary>{t("action.raise.button")}</summary>
            <p>{t("action.raise.hint")}</p>
            <p>{t("action.raise.adult")}</p>
            {form(page, "raise", submit(t("action.raise.send"), Look::Danger))}
        </details>
    }
    .into_any()
}

// What becomes public and what the sender reads stand above the button, because publishing cannot be undone.
fn publish_form(page: &ItemPage) -> AnyView {
    let Some(words) = &page.item.decision else {
        return ().into_any();
    };
    let public = view! {
        <dl>
            {fact(t("desk.item.said"), typed_text(&page.form.said))}
            {fact(t("desk.item.decided"), typed_text(&words.decided))}
            {fact(t("desk.item.owner"), words.owner.clone())}
            {fact(t("desk.item.due"), time(words.due))}
        </dl>
    };
    view! {
        <section aria-labelledby="publish">
            <h2 id="publish">{t("desk.item.publish-title")}</h2>
            <p>{t("desk.item.publish-lead")}</p>
            <p>{t("desk.item.publish-final")}</p>
            {bubble(Voice::Council, t("desk.item.publish-public"), public)}
            {bubble(Voice::Council, t("desk.item.publish-sender"), typed_text(&words.answer))}
            {form(page, "publish", submit(t("action.publish.send"), Look::Main))}
        </section>
    }
    .into_any()
}

fn look_again_link(page: &ItemPage) -> AnyView {
    let href = urls::desk_item(&page.meeting.id, &page.item.view);
    view! { <p><a class=Look::Plain.class() href=href>{t("desk.item.again")}</a></p> }.into_any()
}

// When the decision can no longer be changed because somebody else was quicker, what was typed is still shown.
fn typed_in_vain(page: &ItemPage) -> AnyView {
    let form = &page.form;
    let saved = page
        .item
        .decision
        .as_ref()
        .is_some_and(|words| words.decided == form.decided && words.answer == form.answer);
    if page.errors.is_empty() || page.item.possible.contains(&Action::Decide) || saved {
        return ().into_any();
    }
    let typed = [&form.said, &form.decided, &form.answer, &form.owner]
        .map(|text| typed_text(text))
        .collect_view();
    bubble(Voice::Council, t("desk.view.typed"), typed)
}

fn done_form(page: &ItemPage) -> AnyView {
    let lead = if page.item.state == State::Disputed {
        t("desk.item.done-again")
    } else {
        t("desk.item.done-lead")
    };
    view! {
        <section aria-labelledby="done">
            <h2 id="done">{t("desk.item.done-title")}</h2>
            <p>{lead}</p>
            {form(page, "mark-done", submit(t("action.mark-done.send"), Look::Main))}
        </section>
    }
    .into_any()
}
