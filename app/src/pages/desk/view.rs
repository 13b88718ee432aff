//! One view at the desk: the words, what happened so far, and what this person can do.

use super::frame::{
    self, Here, fact, lane_name, role_name, state_name, time, topic_name, turn_name, waiting,
};
use super::readers::readers_line;
use crate::components::{
    Choice, Field, FieldText, Look, OptionGroup, Voice, bubble, error_for, hidden, radios, select,
    submit, text_area, text_field, typed_text,
};
use crate::messages::{day, t, tf};
use domain::audience::TextKind;
use domain::deadlines::is_late;
use domain::lifecycle::{Action, CloseReason, Lane, Service, State};
use domain::role::Role;
use domain::view::{IDENTITY_MAX, MESSAGE_MAX, Subject};
use leptos::prelude::*;
use model::urls;
use model::{DeskEntry, DeskViewPage, MeetingRow, SenderLimits, SentWords};

// Names at the desk are no longer.
const NAME_MAX: usize = 60;

/// One view. On a wide screen the words and the record stand beside the acts, on a phone above them.
pub fn view(page: DeskViewPage) -> impl IntoView {
    // The safety lead has no queue, so the way back is the safety lane; so it is for views that are held there.
    let from_safety = page.row.lane != Lane::Ordinary && page.desk.role.sees_safety_lane();
    let (here, back, back_words) = if from_safety {
        (Here::Safety, urls::DESK_SAFETY, t("desk.view.back-safety"))
    } else {
        (Here::Queue, urls::DESK_QUEUE, t("desk.view.back-queue"))
    };
    let body = view! {
        <p class="back"><a href=back>{back_words}</a></p>
        <h1>{page.row.pseudonym.clone()}</h1>
        {facts(&page)}
        <div class="desk-columns">
            <div>
                {safety_panel(&page)}
                {words(&page)}
                <p class="to-actions"><a href="#actions">{t("desk.view.to-actions")}</a></p>
                {approved(&page)}
                {record(&page)}
            </div>
            <div>
                {acts(&page)}
                {name_panel(&page)}
                {limits_panel(&page)}
                {away_panel(&page)}
            </div>
        </div>
    };
    let title = format!("{}: {}", page.row.pseudonym, topic_name(page.row.topic));
    frame::page(&page.desk, here, title, &page.errors, body.into_any())
}

// ---------------------------------------------------------------- what there is to read

fn facts(page: &DeskViewPage) -> AnyView {
    let row = &page.row;
    let wait_class = if is_late(row.turn, row.waiting_days) {
        "wait late"
    } else {
        "wait"
    };
    let lane = (row.lane != Lane::Ordinary).then(|| fact(t("desk.view.lane"), lane_name(row.lane)));
    let left_out = (row.about != Subject::Nobody).then(|| {
        let who = t(&format!("about.{}", row.about.id()));
        fact(t("desk.view.left-out"), who)
    });
    let turn = view! {
        {turn_name(row.turn)}
        " "
        <span class=wait_class>{waiting(row.turn, row.waiting_days)}</span>
    };
    let language = row
        .language
        .as_ref()
        .map(|language| fact(t("desk.view.language"), language.clone()));
    let note = row.language.as_ref().map(|language| {
        let words = tf("desk.view.language-note", &[("language", language)]);
        view! { <p class="bubble sky">{words}</p> }
    });
    view! {
        <dl class="facts">
            {fact(t("desk.view.about"), topic_name(row.topic))}
            {fact(t("desk.view.state"), state_name(row.state))}
            {lane}
            {fact(t("desk.view.turn"), turn)}
            {fact(t("desk.view.sent"), time(row.sent))}
            {language}
            {left_out}
        </dl>
        {note}
    }
    .into_any()
}

/// What to do with a view in the safety lane, step by step.
pub(super) fn what_to_do() -> AnyView {
    view! {
        <section class="bubble rose" aria-labelledby="what-to-do">
            <h2 id="what-to-do">{t("desk.view.safety.title")}</h2>
            <ol>
                <li>{t("desk.view.safety.first")}</li>
                <li>{t("desk.view.safety.second")}</li>
                <li>{t("desk.view.safety.third")}</li>
                <li>{t("desk.view.safety.fourth")}</li>
                <li>{t("desk.view.safety.fifth")}</li>
            </ol>
        </section>
    }
    .into_any()
}

fn safety_panel(page: &DeskViewPage) -> AnyView {
    let row = &page.row;
    let lane = match row.lane {
        Lane::Ordinary => return ().into_any(),
        Lane::Waiting => tf(
            "desk.view.safety.waiting",
            &[("wait", &waiting(row.turn, row.waiting_days))],
        ),
        Lane::Claimed => t("desk.view.safety.taken"),
        Lane::HandedOver => t("desk.view.safety.handed-over"),
        Lane::Released => t("desk.view.safety.released"),
    };
    // The steps are for adults; a young triager sees a shared view with this one line only.
    let steps = (page.desk.role.sees_safety_lane() && row.lane != Lane::Released).then(what_to_do);
    let taker = page
        .taken_by
        .as_ref()
        .map(|name| view! { <p>{tf("desk.alerts.taken-by", &[("name", name)])}</p> });
    let open_end = row
        .ended_in_open_lane
        .then(|| view! { <p class="bubble rose">{t("desk.view.open-end")}</p> });
    view! {
        <p class="lane">
            <strong>{lane}</strong>
        </p>
        {open_end}
        {taker}
        {take(page)}
        {steps}
    }
    .into_any()
}

// Nobody has it yet: one press takes it on, and ends the alerts about it.
fn take(page: &DeskViewPage) -> AnyView {
    let wait = page.row.nobody_for.map(|clock| {
        let class = if clock.overdue { "wait late" } else { "wait" };
        view! { <p class=class>{frame::nobody_for(clock)}</p> }
    });
    let may = page.possible.contains(&Action::Claim).then(|| {
        view! {
            <form method="post" action=urls::desk_view_act(&page.row.id, "take") id="act-take">
                {hidden("token", &page.desk.token)} {hidden("version", &page.version.to_string())}
                <p>{t("action.take.hint")}</p> {submit(t("action.take.button"), Look::Main)}
            </form>
        }
    });
    view! { {wait} {may} }.into_any()
}

fn words(page: &DeskViewPage) -> AnyView {
    let Some(sent) = &page.words else {
        let why = if page.limits.words_gone {
            t("limits.desk-words-gone")
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

fn approved(page: &DeskViewPage) -> AnyView {
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

fn meeting_name(meeting: &MeetingRow) -> String {
    tf(
        "action.list.choice",
        &[("day", &day(meeting.day)), ("title", &meeting.title)],
    )
}

fn record(page: &DeskViewPage) -> AnyView {
    view! {
        <h2>{t("desk.view.record")}</h2>
        <ol class="record">{page.entries.iter().map(entry).collect_view()}</ol>
    }
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

// ---------------------------------------------------------------- what can be done

fn acts(page: &DeskViewPage) -> AnyView {
    let can = |action: Action| page.possible.contains(&action);
    let can_close = page
        .possible
        .iter()
        .any(|action| matches!(action, Action::Close(_)));
    let acts: Vec<AnyView> = [
        can(Action::List).then(|| list(page)),
        can(Action::AskBack).then(|| write(page, "ask-back", TextKind::Question)),
        can(Action::Reply).then(|| write(page, "reply", TextKind::Reply)),
        can(Action::Approve).then(|| approve(page)),
        can(Action::Unlist).then(|| press(page, "unlist")),
        can(Action::Note).then(|| write(page, "note", TextKind::Note)),
        can(Action::HandOver).then(|| hand_over(page)),
        can(Action::Release).then(|| press(page, "release")),
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
    let over = matches!(page.row.state, State::Closed | State::Agreed);
    let key = page.row.close_first.filter(|_| !over)?;
    Some(view! { <p class="bubble sky">{t(key)}</p> }.into_any())
}

// An act that opens under its name. The one that was sent with a mistake is open, with what was typed.
fn act(page: &DeskViewPage, id: &'static str, look: Look, fields: AnyView) -> AnyView {
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

fn draft_of<'a>(page: &'a DeskViewPage, id: &str) -> Option<&'a model::DeskDraft> {
    page.draft.as_ref().filter(|draft| draft.action == id)
}

// The form that came back with a mistake has the plain ids that the server names (`text`). The others have their act
// in front, so that no id is there twice.
fn field_id(page: &DeskViewPage, act: &str, name: &str) -> String {
    if draft_of(page, act).is_some() {
        name.to_owned()
    } else {
        format!("{act}-{name}")
    }
}

// When an act is no longer possible because somebody else was quicker, what was typed for it is still shown.
fn typed_in_vain(page: &DeskViewPage) -> AnyView {
    let lost = page.draft.as_ref().filter(|draft| {
        !draft.text.is_empty()
            && !page
                .possible
                .iter()
                .any(|action| action.id() == draft.action)
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

// Question, reply and private note: one box and a button.
fn write(page: &DeskViewPage, id: &'static str, kind: TextKind) -> AnyView {
    act(page, id, Look::Plain, box_for(page, id, kind, ""))
}

// Take off a meeting, share with SpeakerBox: only a button.
fn press(page: &DeskViewPage, id: &'static str) -> AnyView {
    act(page, id, Look::Plain, ().into_any())
}

fn approve(page: &DeskViewPage) -> AnyView {
    let start = page
        .approved
        .clone()
        .or_else(|| page.words.as_ref().map(words_to_edit))
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

// A danger was told to another service, by that service's own means: to whom, when, and what it is called there.
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
    let reference_hint = readers_line(TextKind::Note, &page.row, page.desk.role);
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

// ---------------------------------------------------------------- the name

fn name_panel(page: &DeskViewPage) -> AnyView {
    let body = if let Some(identity) = &page.identity {
        view! {
            {bubble(Voice::Young, String::new(), typed_text(identity))}
            <p>{t("desk.view.name-open")}</p>
            <p>{t("desk.view.name-told")}</p>
        }
        .into_any()
    } else if !page.has_identity {
        view! { <p>{t("desk.view.name-none")}</p> }.into_any()
    } else if !page.may_open_identity {
        view! { <p>{t("desk.view.name-others")}</p> }.into_any()
    } else {
        view! {
            <p>{t("desk.view.name-given")}</p>
            {open_name(page)}
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="name-title">
            <h2 id="name-title">{t("desk.view.name")}</h2>
            {body}
        </section>
    }
    .into_any()
}

// ---------------------------------------------------------------- time limits

fn limits_panel(page: &DeskViewPage) -> AnyView {
    let when = match page.limits.told {
        SenderLimits::Held => t("limits.desk-held"),
        SenderLimits::Ended { words, rest } => match words {
            Some(on) => tf(
                "limits.desk-ended",
                &[("words", &day(on)), ("rest", &day(rest))],
            ),
            None => tf("limits.desk-rest", &[("rest", &day(rest))]),
        },
        SenderLimits::Open { .. } | SenderLimits::Bare(_) => t("limits.desk-open"),
    };
    let form = page.limits.may_hold.then(|| {
        if page.limits.held {
            with_reason(page, "unhold")
        } else {
            with_reason(page, "hold")
        }
    });
    view! {
        <section aria-labelledby="limits-title">
            <h2 id="limits-title">{t("limits.desk-title")}</h2>
            <p>{when}</p>
            {form}
        </section>
    }
    .into_any()
}

// Handing a view back that is about oneself, and keeping somebody else away from it.
fn away_panel(page: &DeskViewPage) -> AnyView {
    let other = page.desk.role.sees_safety_lane().then(|| {
        let id = field_id(page, "keep-away", "name");
        let typed = draft_of(page, "keep-away").map_or("", |draft| draft.reason.as_str());
        let field = Field {
            error: error_for(&page.errors, &id),
            id,
            name: "name",
            label: t("action.keep-away.label"),
            ..Field::default()
        };
        let text = FieldText {
            max: Some(NAME_MAX),
            ..FieldText::default()
        };
        act(
            page,
            "keep-away",
            Look::Danger,
            text_field(field, typed, text),
        )
    });
    view! {
        <section aria-labelledby="away-title">
            <h2 id="away-title">{t("desk.view.away")}</h2>
            {press(page, "step-aside")}
            {other}
        </section>
    }
    .into_any()
}

fn open_name(page: &DeskViewPage) -> AnyView {
    with_reason(page, "name")
}

// An act that needs one sentence of reason: opening the name, holding a view back.
fn with_reason(page: &DeskViewPage, act_id: &'static str) -> AnyView {
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
