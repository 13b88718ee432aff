//! One text on a meeting's list: what was decided, who may publish it, and what is public then.

use super::frame::{self, Here, fact, state_name, topic_name};
use app::any_view::{AnyView, IntoAny};
use app::components::{
    Choice, Field, FieldText, Look, OptionGroup, Voice, bubble, date_field, error_for, hidden,
    radios, select, submit, text_area, text_field, typed_text,
};
use app::messages::{t, tf};
use app::pages::public_answer::{decided_line, public_answer};
use domain::lifecycle::{Action, State};
use domain::publication::DecisionKind;
use domain::view::MESSAGE_MAX;
use leptos::prelude::*;
use model::urls;
use model::{ItemPage, MeetingItem, MeetingSummary};

// Most characters of a meeting's title, and of the job that is responsible.
pub(super) const LINE_MAX: usize = 120;

/// One text on a meeting's list, with the forms to decide, publish and mark as done.
pub fn item(page: ItemPage) -> impl IntoView {
    let can = |action: Action| page.item.possible.contains(&action);
    // While there are validation errors, what is typed below is not yet what would be published.
    let may_publish = page.item.possible.iter().any(is_release);
    let publishes = may_publish && page.errors.is_empty();
    let look_again = may_publish && !publishes;
    let writes = writes(&page);
    let closed = if page.is_unrecorded {
        "desk.view.unrecorded"
    } else {
        "desk.meeting.sealed"
    };
    let nothing = !(writes || may_publish || page.item.own_words || can(Action::MarkDone));
    let body = view! {
        <p class="back"><a href=urls::desk_meeting(&page.meeting.id)>{t("desk.item.back")}</a></p>
        <h1>{topic_name(page.item.topic)}</h1>
        <p class="tags">
            <span>{meeting_title(&page.meeting)}</span>
            <span class="tag">{state_name(page.item.state)}</span>
        </p>
        <div class="desk-columns">
            <div>
                {approved_bubble(&page.item, closed)}
                {(!publishes).then(|| decision_bubble(&page.item))}
            </div>
            <div>
                {publishes.then(|| publish_form(&page))}
                {look_again.then(|| look_again_link(&page))}
                {page.item.own_words.then(own_words)}
                {typed_in_vain(&page)}
                {can(Action::MarkDone).then(|| done_form(&page))}
                {writes.then(|| decide_form(&page))}
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
    // A decision that is public already is followed by a new one; one that is down is corrected.
    let corrects = page.item.possible.contains(&Action::Correct);
    let act = if corrects { "correct" } else { "decide" };
    let has_decision = page.item.decision.is_some() && page.item.state != State::Listed;
    let fields = decision_fields(page, has_decision);
    if corrects {
        return view! {
            <section aria-labelledby="decide">
                <h2 id="decide">{t("desk.item.correct-title")}</h2>
                <p>{t("desk.item.correct-lead")}</p>
                {form(page, act, fields)}
            </section>
        }
        .into_any();
    }
    if !has_decision {
        return view! {
            <section aria-labelledby="decide">
                <h2 id="decide">{t("desk.item.form-new")}</h2>
                <p>{t("desk.item.form-lead")}</p>
                {form(page, act, fields)}
            </section>
        }
        .into_any();
    }
    // Once there is a decision, publishing comes first and changing it is folded away.
    view! {
        <details class="act" id="act-decide" open=!page.errors.is_empty()>
            <summary>{t("desk.item.form-change")}</summary>
            <p>{t("desk.item.form-lead")}</p>
            {form(page, act, fields)}
        </details>
    }
    .into_any()
}

fn decision_fields(page: &ItemPage, has_decision: bool) -> AnyView {
    let look = if has_decision {
        Look::Plain
    } else {
        Look::Main
    };
    view! {
        {urgent_field(page)}
        {kind_field(page)}
        {words_field(page, "said", &page.form.said, 3)}
        {words_field(page, "decided", &page.form.decided, 4)}
        {words_field(page, "answer", &page.form.answer, 5)}
        {fields_of_kinds(page)}
        {submit(t("action.decide.send"), look)}
    }
    .into_any()
}

fn field(page: &ItemPage, id: &'static str) -> Field {
    Field {
        id: id.into(),
        name: id,
        label: t(&format!("desk.item.{id}-label")),
        hint: t(&format!("desk.item.{id}-hint")),
        error: error_for(&page.errors, id),
    }
}

fn words_field(page: &ItemPage, id: &'static str, typed: &str, rows: usize) -> AnyView {
    text_area(field(page, id), typed, rows, MESSAGE_MAX)
}

// Before the meeting's day it is decided only with a reason.
fn urgent_field(page: &ItemPage) -> Option<AnyView> {
    let asks = page.item.early && page.item.possible.contains(&Action::Decide);
    asks.then(|| words_field(page, "urgent", &page.form.urgent, 2))
}

fn kind_field(page: &ItemPage) -> AnyView {
    let choices = DecisionKind::ALL.map(|kind| Choice {
        value: kind.id().into(),
        label: t(&format!("kind.{}.name", kind.id())),
        hint: t(&format!("kind.{}.desk", kind.id())),
    });
    radios(field(page, "kind"), choices.to_vec(), &page.form.kind)
}

// Each says for which kinds it is; for the others it is not kept.
fn fields_of_kinds(page: &ItemPage) -> AnyView {
    let short = FieldText {
        max: Some(LINE_MAX),
        prose: true,
        ..FieldText::default()
    };
    let none = Choice {
        value: String::new(),
        label: t("desk.item.meeting-none"),
        hint: String::new(),
    };
    let later = page.later.iter().map(|(id, day, title)| {
        let values = [("day", app::messages::day(*day)), ("title", title.clone())];
        let values = values
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        Choice {
            value: id.clone(),
            label: tf("action.list.choice", &values),
            hint: String::new(),
        }
    });
    let meetings = OptionGroup {
        label: String::new(),
        lang: None,
        options: std::iter::once(none).chain(later).collect(),
    };
    view! {
        {text_field(field(page, "owner"), &page.form.owner, short)}
        {date_field(field(page, "due"), &page.form.due)}
        {words_field(page, "why", &page.form.why, 3)}
        {date_field(field(page, "until"), &page.form.until)}
        {select(field(page, "meeting"), vec![meetings], &page.form.meeting)}
    }
    .into_any()
}

// Whose words they are may not publish them: that, and what to do when nobody else is there.
fn own_words() -> AnyView {
    view! {
        <section class="bubble sky" aria-labelledby="own">
            <h2 id="own">{t("desk.item.own-title")}</h2>
            <p>{t("desk.item.own")}</p>
            <p>{t("desk.item.own-nobody")}</p>
        </section>
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

// What becomes public and what the sender reads stand above the button, exactly as they will be read.
fn publish_form(page: &ItemPage) -> AnyView {
    let Some(words) = &page.item.decision else {
        return ().into_any();
    };
    let public = view! {
        <dl>
            {fact(t("desk.item.topic"), topic_name(page.item.topic))}
            {fact(t("desk.item.said"), typed_text(&page.said))}
            {fact(t("desk.item.decided"), public_answer(&words.public))}
        </dl>
        <p class="hint">{decided_line(words.meeting, words.early)}</p>
    };
    let urgent = (!page.item.urgent.is_empty()).then(|| {
        let body = typed_text(&page.item.urgent);
        bubble(Voice::Council, t("desk.item.urgent"), body)
    });
    let writer = page
        .item
        .writer
        .as_ref()
        .map(|name| tf("desk.item.writer", &[("name", name)]));
    view! {
        <section aria-labelledby="publish">
            <h2 id="publish">{t("desk.item.publish-title")}</h2>
            <p>{t("desk.item.publish-lead")}</p>
            <p>{t("desk.item.publish-final")}</p>
            {writer.map(|words| view! { <p>{words}</p> })}
            {urgent}
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
    let saved =
        page.item.decision.as_ref().is_some_and(|words| {
            words.public.decided == form.decided && words.answer == form.answer
        });
    if page.errors.is_empty() || writes(page) || saved {
        return ().into_any();
    }
    let typed = [
        &form.said,
        &form.decided,
        &form.answer,
        &form.owner,
        &form.why,
    ]
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

fn writes(page: &ItemPage) -> bool {
    let possible = &page.item.possible;
    possible.contains(&Action::Decide) || possible.contains(&Action::Correct)
}

/// `closed`: why there is no text to see.
pub(super) fn approved_bubble(item: &MeetingItem, closed: &str) -> AnyView {
    let body = match &item.approved {
        Some(text) => typed_text(text),
        None => view! { <p>{t(closed)}</p> }.into_any(),
    };
    bubble(Voice::Young, t("desk.meeting.said"), body)
}

// On a list once more, what stands there is what was decided before.
pub(super) fn decision_bubble(item: &MeetingItem) -> Option<AnyView> {
    let words = item.decision.as_ref()?;
    let title = if item.state == State::Listed {
        t("desk.meeting.decision-before")
    } else {
        t("desk.meeting.decision")
    };
    let body = view! {
        <dl>
            {fact(t("desk.item.decided"), public_answer(&words.public))}
            {fact(t("desk.item.answer"), typed_text(&words.answer))}
        </dl>
    };
    Some(bubble(Voice::Council, title, body))
}

pub(super) fn meeting_title(meeting: &MeetingSummary) -> String {
    tf(
        "action.list.choice",
        &[
            ("day", &app::messages::day(meeting.day)),
            ("title", &meeting.title),
        ],
    )
}

/// Whether it is the act that makes a decision public, whatever is left to do then.
pub(super) fn is_release(action: &Action) -> bool {
    matches!(action, Action::Publish(_))
}
