//! What every page of the desk has, and small parts that several of them use.

use app::any_view::{AnyView, IntoAny};
use app::components::{Look, hidden, submit};
use app::messages::{day, t, tf};
use app::shell::{Nav, Shell};
use domain::audience::RoleKey;
use domain::date::Date;
use domain::lifecycle::{Lane, State, Turn};
use domain::publication::may_take_down;
use domain::role::Role;
use domain::view::Topic;
use leptos::prelude::*;
use model::urls;
use model::{DeskFrame, FieldError, LaneClock};

/// Which link of the desk stands for this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Here {
    Queue,
    Safety,
    OnCall,
    Meetings,
    Published,
    Audit,
    Usage,
    Progress,
    PageEditor,
    Password,
    SecondFactor,
    Sessions,
    Keys,
    Accounts,
    Home,
}

/// A page of the desk for somebody who is signed in. `errors` are summed up on top, and the title says that there are some.
pub(super) fn page(
    desk: &DeskFrame,
    here: Here,
    title: String,
    errors: &[FieldError],
    body: AnyView,
) -> AnyView {
    let bar = bar(desk, here);
    let lane = lane_banner(desk);
    let done = desk
        .done
        .map(|key| view! { <p class="bubble mint done" role="status">{t(key)}</p> });
    let summary = app::components::error_summary(errors);
    view! {
        <Shell title=Some(title_with(title, errors)) nav=Nav::StaffSession private=true>
            // An error of the whole page links to `page`.
            <div class="desk" id="page">
                {bar}
                {lane}
                {done}
                {summary}
                {body}
            </div>
        </Shell>
    }
    .into_any()
}

/// A page for a pending session: no links of the desk, only the button to sign out.
pub(super) fn entering(
    token: &str,
    title: String,
    errors: &[FieldError],
    body: AnyView,
) -> AnyView {
    let summary = app::components::error_summary(errors);
    let token = hidden("token", token);
    view! {
        <Shell title=Some(title_with(title, errors)) nav=Nav::StaffSession private=true>
            <div class="desk narrow" id="page">
                {summary} {body}
                <form method="post" action=urls::DESK_SIGN_OUT>
                    {token} {submit(t("desk.code.stop"), Look::Quiet)}
                </form>
            </div>
        </Shell>
    }
    .into_any()
}

/// The title of a page; when there are validation errors it says so first, because a screen reader starts there.
pub(super) fn title_with(title: String, errors: &[FieldError]) -> String {
    if errors.is_empty() {
        title
    } else {
        tf("desk.mend-title", &[("title", &title)])
    }
}

// Who is signed in, where they may go, and the button to sign out.
fn bar(desk: &DeskFrame, here: Here) -> AnyView {
    let who = tf(
        "desk.signed-in",
        &[("name", &desk.name), ("role", &role_name(desk.role))],
    );
    // One's own things are folded away, except on their own pages.
    let own = [
        Here::Keys,
        Here::Password,
        Here::SecondFactor,
        Here::Sessions,
    ]
    .contains(&here);
    let link = |allowed: bool, place: Here, href: &'static str, words: String| {
        let current = (here == place).then_some("page");
        allowed.then(|| view! { <li><a href=href aria-current=current>{words}</a></li> })
    };
    view! {
        <div class="desk-bar">
            <nav aria-label=t("desk.links.label")>
                <ul>
                    {link(desk.role.sees_queue(), Here::Queue, urls::DESK_QUEUE, t("desk.links.queue"))}
                    {link(desk.role.sees_safety_lane(), Here::Safety, urls::DESK_SAFETY, t("desk.links.safety"))}
                    {link(desk.role.sees_safety_lane(), Here::OnCall, urls::DESK_ON_CALL, t("on-call.link"))}
                    {link(sees_meetings(desk.role), Here::Meetings, urls::DESK_MEETINGS, t("desk.links.meetings"))}
                    {link(may_take_down(desk.role), Here::Published, urls::DESK_PUBLISHED, t("desk.links.published"))}
                    {link(desk.role.sees_record(), Here::Audit, urls::DESK_AUDIT, t("audit.link"))}
                    {link(desk.role.enters_figures(), Here::Progress, urls::DESK_PROGRESS, t("desk.links.figures"))}
                    {link(desk.role.writes_words(), Here::PageEditor, urls::DESK_PAGE_EDITOR, t("words.link"))}
                    {link(true, Here::Usage, urls::DESK_USAGE, t("use.link"))}
                    {link(desk.role.looks_after_accounts(), Here::Accounts, urls::DESK_ACCOUNTS, t("desk.links.accounts"))}
                </ul>
                <details class="you" open=own>
                    <summary>{who}</summary>
                    <ul>
                        {link(!RoleKey::of(desk.role).is_empty(), Here::Keys, urls::DESK_KEYS, t("desk.links.keys"))}
                        {link(true, Here::Password, urls::DESK_PASSWORD, t("desk.links.password"))}
                        {link(true, Here::SecondFactor, urls::DESK_SECOND_FACTOR, t("desk.links.second-factor"))}
                        {link(true, Here::Sessions, urls::DESK_SESSIONS, t("desk.links.sessions"))}
                    </ul>
                </details>
            </nav>
            <form method="post" action=urls::DESK_SIGN_OUT>
                {hidden("token", &desk.token)} {submit(t("desk.sign-out"), Look::Quiet)}
            </form>
        </div>
    }
    .into_any()
}

// On every page of those who see the safety lane: the number of views there that nobody has claimed.
fn lane_banner(desk: &DeskFrame) -> AnyView {
    let Some(lane) = desk.lane.filter(|lane| lane.waiting > 0) else {
        return ().into_any();
    };
    let waiting = match lane.waiting {
        1 => t("desk.lane.one"),
        count => tf("desk.lane.many", &[("count", &count.to_string())]),
    };
    let overdue = (lane.overdue > 0).then(|| {
        let words = match lane.overdue {
            1 => t("desk.lane.overdue-one"),
            count => tf("desk.lane.overdue", &[("count", &count.to_string())]),
        };
        view! { " "<strong>{words}</strong> }
    });
    view! {
        <p class="bubble rose" id="lane" role="status">
            {waiting}
            {overdue}
            " "
            <a href=urls::DESK_SAFETY>{t("desk.lane.go")}</a>
        </p>
    }
    .into_any()
}

/// How long a view has been unclaimed, in words.
pub(super) fn nobody_for(clock: LaneClock) -> String {
    match clock.hours {
        ..=0 => t("desk.clock.new"),
        1 => t("desk.clock.hour"),
        hours @ 2..=47 => tf("desk.clock.hours", &[("hours", &hours.to_string())]),
        hours => tf("desk.clock.days", &[("days", &(hours / 24).to_string())]),
    }
}

// Those who decide at meetings, and those who make them.
fn sees_meetings(role: Role) -> bool {
    role.sees_meetings() || role.makes_meetings()
}

/// The words that say what was just done, by the id of an action, or `name`, `meeting` or `password`.
/// The redirect after a form can carry this id, since only these give words.
pub fn done(id: &str) -> Option<&'static str> {
    Some(match id {
        "ask-back" => "action.ask-back.done",
        "reply" => "action.reply.done",
        "note" => "action.note.done",
        "note-adults" => "action.note-adults.done",
        "raise" => "action.raise.done",
        "seen" => "action.seen.done",
        "approve" => "action.approve.done",
        "list" => "action.list.done",
        "unlist" => "action.unlist.done",
        "close" => "action.close.done",
        "take" => "action.take.done",
        "release" => "action.release.done",
        "name" => "action.name.done",
        "hold" => "action.hold.done",
        "keep-away" => "action.keep-away.done",
        "hand-over" => "action.hand-over.done",
        "unhold" => "action.unhold.done",
        "decide" => "action.decide.done",
        "publish" => "action.publish.done",
        "take-down" => "action.take-down.done",
        "correct" => "action.correct.done",
        "mark-done" => "action.mark-done.done",
        "meeting" => "action.meeting.done",
        "figure" => "action.figure.done",
        "words-saved" => "words.done.saved",
        "words-discarded" => "words.done.discarded",
        "words-returned" => "words.done.returned",
        "words-published" => "words.done.published",
        "password" => "action.password.done",
        "sessions" => "desk.sessions.done",
        "let-in" => "desk.keys.let-in-done",
        "seal-again" => "desk.keys.seal-done",
        "on-call-saved" => "action.on-call.saved",
        "on-call-removed" => "action.on-call.removed",
        "on-call-address" => "action.on-call.address",
        "on-call-drill" => "action.on-call.drill",
        "on-call-have" => "action.on-call.have",
        "suspend" => "desk.account.suspend-done",
        "restore" => "desk.account.restore-done",
        "remove" => "desk.account.remove-done",
        _ => return None,
    })
}

/// The name of a role.
pub(super) fn role_name(role: Role) -> String {
    t(&format!("role.{}.name", role.id()))
}

/// The name of a topic.
pub(super) fn topic_name(topic: Topic) -> String {
    t(&format!("topic.{}", topic.id()))
}

/// The short name of a state.
pub(super) fn state_name(state: State) -> String {
    t(&format!("state.{}.name", state.id()))
}

/// The name of a lane.
pub(super) fn lane_name(lane: Lane) -> String {
    t(&format!("lane.{}.name", lane.id()))
}

/// Whose turn it is, in words.
pub(super) fn turn_name(turn: Turn) -> String {
    match turn {
        Turn::Safety => t("desk.turn.safety"),
        Turn::Speakerbox => t("desk.turn.speakerbox"),
        Turn::Coordinator => t("desk.turn.coordinator"),
        Turn::Sender => t("desk.turn.sender"),
        Turn::Committee => t("desk.turn.committee"),
        Turn::Nobody => t("desk.turn.nobody"),
    }
}

/// A day in words that a machine can read too.
pub(super) fn time(date: Date) -> AnyView {
    view! { <time datetime=date.to_string()>{day(date)}</time> }.into_any()
}

/// A term and what stands beside it, for a list of facts.
pub(super) fn fact(term: String, value: impl IntoView + 'static) -> AnyView {
    let value = value.into_any();
    view! { <div><dt>{term}</dt><dd>{value}</dd></div> }.into_any()
}

/// How long a view has been waiting for the side whose turn it is, in words.
pub(super) fn waiting(turn: Turn, days: i32) -> String {
    let count = days.to_string();
    let values = [("days", count.as_str())];
    match (turn, days) {
        (Turn::Nobody, _) => t("desk.wait.over"),
        (Turn::Sender, ..=0) => t("desk.wait.sender-today"),
        (Turn::Sender, 1) => t("desk.wait.sender-one"),
        (Turn::Sender, _) => tf("desk.wait.sender-days", &values),
        (_, ..=0) => t("desk.wait.today"),
        (_, 1) => t("desk.wait.one"),
        _ => tf("desk.wait.days", &values),
    }
}
