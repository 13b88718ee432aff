//! The acts on a view that this person may do, each with its form.

use super::texts::meeting_name;
use crate::readers::readers_line;
use app::any_view::{AnyView, IntoAny};
use app::components::{
    Choice, Field, FieldText, Look, OptionGroup, Voice, bubble, error_for, hidden, radios, select,
    submit, text_area, text_field, typed_text,
};
use app::messages::{t, tf};
use domain::audience::TextKind;
use domain::lifecycle::{Action, CloseReason, Service, State};
use domain::role::Role;
use domain::view::{IDENTITY_MAX, MESSAGE_MAX};
use leptos::prelude::*;
use model::urls;
use model::{DeskViewPage, SentWords};

pub(super) fn acts(page: &DeskViewPage) -> AnyView {
    let can = |action: Action| page.possible.contains(&action);
    let can_close = page
        .possible
        .iter()
        .any(|action| matches!(action, Action::Close(_)));
    let acts: Vec<AnyView> = [
        can(Action::Raise).then(|| raise(page)),
        can(Action::List).then(|| list(page)),
        can(Action::AskBack).then(|| write(page, "ask-back", TextKind::Question)),
        can(Action::Reply).then(|| write(page, "reply", TextKind::Reply)),
        can(Action::Approve).then(|| approve(page)),
        can(Action::Unlist).then(|| press(page, "unlist")),
        can(Action::Note).then(|| write(page, "note", TextKind::Note)),
        (can(Action::Note) && page.desk.role.sees_safety_lane())
            .then(|| write(page, "note-adults", TextKind::AdultNote)),
        can(Action::HandOver).then(|| hand_over(page)),
        can(Action::Release).then(|| write(page, "release", TextKind::Summary)),
        can_close.then(|| close(page)),
        close_first(page),
    ]
    .into_iter()
    .flatten()
    .collect();
    let body = if acts.is_empty() {
        view! { <p class="bubble answer empty">{t("desk.view.nothing")}</p> }.into_any()
    } else {
        acts.into_any()
    };
    view! {
        <section id="actions" aria-labelledby="actions-title">
            <h2 id="actions-title">{t("desk.view.actions")}</h2>
            {typed_in_vain(page)}
            {body}
        </section>
    }
    .into_any()
}

// In the safety lane, what to do before it can be closed.
fn close_first(page: &DeskViewPage) -> Option<AnyView> {
    let over = matches!(
        page.row.state,
        State::Closed | State::Concluded | State::Agreed
    );
    let key = page.row.close_first.filter(|_| !over)?;
    Some(view! { <p class="bubble sky">{t(key)}</p> }.into_any())
}

// An act that opens under its name. The one that was sent with a mistake is open, with what was typed.
pub(super) fn act(page: &DeskViewPage, id: &'static str, look: Look, fields: AnyView) -> AnyView {
    // An approved text waits for one thing only, so putting it on a meeting is open from the start.
    let open = draft_of(page, id).is_some() || id == "list";
    view! {
        <details class="act" id=format!("act-{id}") open=open>
            <summary>{t(&format!("action.{id}.button"))}</summary>
            <form method="post" action=urls::desk_view_act(&page.row.id, id)>
                {hidden("token", &page.desk.token)} {hidden("version", &page.version.to_string())}
                <p>{t(&format!("action.{id}.hint"))}</p> {fields} {submit(t(&format!("action.{id}.send")), look)}
            </form>
        </details>
    }
    .into_any()
}

pub(super) fn draft_of<'a>(page: &'a DeskViewPage, id: &str) -> Option<&'a model::DeskDraft> {
    page.draft.as_ref().filter(|draft| draft.action == id)
}

// The form that came back with a mistake has the plain ids that the server names (`text`). The others have their act
// in front, so that no id is there twice.
pub(super) fn field_id(page: &DeskViewPage, act: &str, name: &str) -> String {
    if draft_of(page, act).is_some() {
        name.to_owned()
    } else {
        format!("{act}-{name}")
    }
}

// When an act is no longer possible because somebody else was quicker, what was typed for it is still shown.
fn typed_in_vain(page: &DeskViewPage) -> AnyView {
    let lost = page.draft.as_ref().filter(|draft| {
        // Both kinds of notes are one act.
        let act = match draft.action.as_str() {
            "note-adults" => "note",
            act => act,
        };
        !draft.text.is_empty() && !page.possible.iter().any(|action| action.id() == act)
    });
    lost.map(|draft| {
        bubble(
            Voice::Council,
            t("desk.view.typed"),
            typed_text(&draft.text),
        )
    })
    .into_any()
}

// A text box that says who will be able to read what is written in it.
fn box_for(page: &DeskViewPage, id: &'static str, kind: TextKind, prefilled: &str) -> AnyView {
    let field_id = field_id(page, id, "text");
    let text = draft_of(page, id).map_or(prefilled, |draft| draft.text.as_str());
    let field = Field {
        error: error_for(&page.errors, &field_id),
        id: field_id,
        name: "text",
        label: t(&format!("action.{id}.label")),
        hint: readers_line(kind, &page.row, page.desk.role),
    };
    // About as high as the text is, at some 50 letters a line.
    let rows = (text.lines().count() + text.len() / 50).clamp(5, 16);
    text_area(field, text, rows, MESSAGE_MAX)
}

// Danger comes before everything else that can be done with a view, and what happens then is said before it is pressed.
fn raise(page: &DeskViewPage) -> AnyView {
    let who = if page.desk.role.sees_safety_lane() {
        t("action.raise.adult")
    } else {
        t("action.raise.triager")
    };
    let fields = view! {
        <p>{who}</p>
        {box_for(page, "raise", TextKind::AdultNote, "")}
    };
    act(page, "raise", Look::Danger, fields.into_any())
}

// Question, reply, private note and summary: one box and a button.
fn write(page: &DeskViewPage, id: &'static str, kind: TextKind) -> AnyView {
    act(page, id, Look::Plain, box_for(page, id, kind, ""))
}

// Take off a meeting: only a button.
pub(super) fn press(page: &DeskViewPage, id: &'static str) -> AnyView {
    act(page, id, Look::Plain, ().into_any())
}

fn approve(page: &DeskViewPage) -> AnyView {
    let start = page
        .approved
        .clone()
        .or_else(|| page.words.as_ref().map(words_to_edit))
        .or_else(|| page.summary.clone())
        .unwrap_or_default();
    let fields = view! {
        <p>{t("desk.approve.check")}</p>
        <ul>
            <li>{t("desk.approve.names")}</li>
            <li>{t("desk.approve.places")}</li>
            <li>{t("desk.approve.details")}</li>
            <li>{t("desk.approve.own")}</li>
        </ul>
        {box_for(page, "approve", TextKind::Approved, &start)}
    };
    act(page, "approve", Look::Main, fields.into_any())
}

// What was said and what should happen, for SpeakerBox to make safe.
fn words_to_edit(sent: &SentWords) -> String {
    if sent.wish.is_empty() {
        sent.said.clone()
    } else {
        format!("{}\n\n{}", sent.said, sent.wish)
    }
}

fn list(page: &DeskViewPage) -> AnyView {
    if page.meetings.is_empty() {
        return no_meeting(page.desk.role);
    }
    let choose = Choice {
        value: String::new(),
        label: t("action.list.choose"),
        hint: String::new(),
    };
    let meetings = page.meetings.iter().map(|meeting| Choice {
        value: meeting.id.clone(),
        label: meeting_name(meeting),
        hint: String::new(),
    });
    let group = OptionGroup {
        label: String::new(),
        lang: None,
        options: std::iter::once(choose).chain(meetings).collect(),
    };
    let id = field_id(page, "list", "meeting");
    let field = Field {
        id: id.clone(),
        name: "meeting",
        label: t("action.list.label"),
        error: error_for(&page.errors, &id),
        ..Field::default()
    };
    act(page, "list", Look::Main, select(field, vec![group], ""))
}

fn no_meeting(role: Role) -> AnyView {
    let next = if role.makes_meetings() {
        view! { <a href=urls::DESK_MEETINGS>{t("action.list.none-make")}</a> }.into_any()
    } else {
        t("action.list.none-ask").into_any()
    };
    view! {
        <p class="bubble sky">
            {t("action.list.none")}
            " "
            {next}
        </p>
    }
    .into_any()
}

// A danger was reported to another service, by that service's own means: to whom, when, and its reference there.
fn hand_over(page: &DeskViewPage) -> AnyView {
    let draft = draft_of(page, "hand-over");
    let typed = |of: fn(&model::DeskDraft) -> &String| draft.map(of).cloned().unwrap_or_default();
    let field = |name: &'static str, hint: String| {
        let id = field_id(page, "hand-over", name);
        Field {
            error: error_for(&page.errors, &id),
            id,
            name,
            label: t(&format!("action.hand-over.{name}")),
            hint,
        }
    };
    let services = Service::ALL
        .iter()
        .map(|service| Choice {
            value: service.id().into(),
            label: t(&format!("service.{}", service.id())),
            hint: String::new(),
        })
        .collect();
    let short = |max: usize| FieldText {
        max: Some(max),
        ..FieldText::default()
    };
    let reference_hint = readers_line(TextKind::AdultNote, &page.row, page.desk.role);
    let fields = view! {
        {radios(field("service", String::new()), services, &typed(|draft| &draft.reason))}
        {text_field(field("day", t("action.hand-over.day-hint")), &typed(|draft| &draft.day), short(20))}
        {text_field(field("reference", reference_hint), &typed(|draft| &draft.text), short(IDENTITY_MAX))}
    };
    act(page, "hand-over", Look::Main, fields.into_any())
}

fn close(page: &DeskViewPage) -> AnyView {
    let chosen = draft_of(page, "close")
        .map(|draft| draft.reason.clone())
        .unwrap_or_default();
    let choices = CloseReason::ALL
        .iter()
        .filter(|reason| page.possible.contains(&Action::Close(**reason)))
        .map(|reason| {
            let reads = t(&format!("reason.{}.sender", reason.id()));
            Choice {
                value: reason.id().into(),
                label: t(&format!("reason.{}.name", reason.id())),
                hint: tf("action.close.reads", &[("words", &reads)]),
            }
        })
        .collect();
    let id = field_id(page, "close", "reason");
    let field = Field {
        id: id.clone(),
        name: "reason",
        label: t("action.close.reason"),
        error: error_for(&page.errors, &id),
        ..Field::default()
    };
    let fields = view! {
        {radios(field, choices, &chosen)}
        {box_for(page, "close", TextKind::Reply, "")}
    };
    act(page, "close", Look::Danger, fields.into_any())
}

// An act that needs one sentence of reason: opening the name, holding a view back.
pub(super) fn with_reason(page: &DeskViewPage, act_id: &'static str) -> AnyView {
    let typed = draft_of(page, act_id)
        .map(|draft| draft.reason.clone())
        .unwrap_or_default();
    let id = field_id(page, act_id, "reason");
    let field = Field {
        id: id.clone(),
        name: "reason",
        label: t(&format!("action.{act_id}.label")),
        hint: t("action.name.reason-hint"),
        error: error_for(&page.errors, &id),
    };
    let text = FieldText {
        max: Some(IDENTITY_MAX),
        prose: true,
        ..FieldText::default()
    };
    act(page, act_id, Look::Danger, text_field(field, &typed, text))
}
