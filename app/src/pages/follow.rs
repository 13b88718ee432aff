//! Come back with six words: the way in, the page of a view, and the page after taking it back.

use crate::any_view::{AnyView, IntoAny};
use crate::components::{
    Field, FieldText, Look, Voice, bubble, button, button_link, checkbox, error_for, error_summary,
    first_help, guard, hidden, journey, submit, text_area, text_field, typed_text,
};
use crate::localize::lang_at;
use crate::messages::{day, t, tf};
use crate::pages::public_answer::{decided_line, public_answer};
use crate::pages::reading::sections;
use crate::shell::{Bundle, Nav, Shell};
use domain::date::Date;
use domain::lifecycle::{Action, Lane, State, Turn};
use domain::receipt::WORDS;
use domain::retention;
use domain::role::Role;
use domain::view::{MESSAGE_MAX, Subject};
use leptos::prelude::*;
use model::urls;
use model::{
    DecisionWords, FollowPage, SenderLimits, SentWords, ThreadPage, TimelineEntry, TimelineWhat,
};

// Room for six words typed with anything between them.
const TYPED_MAX: usize = 300;

// ---------------------------------------------------------------- the way in

/// Asks for the six words.
pub fn enter(page: FollowPage) -> impl IntoView {
    let problems = entry_problems(&page);
    let title = page
        .article
        .as_ref()
        .map(|article| article.title.clone())
        .unwrap_or_else(|| t("follow.title"));
    let lead = page
        .article
        .as_ref()
        .map(|article| view! { <p class="lead">{article.short.clone()}</p> });
    let below = page
        .article
        .as_ref()
        .map(|article| sections(&article.sections));
    let field = Field {
        id: "words".into(),
        name: "words",
        label: t("follow.words"),
        hint: t("follow.words-hint"),
        error: (!problems.is_empty()).then(|| problems.join(" ")),
    };
    view! {
        <Shell title=None nav=Nav::Follow>
            {entry_summary(&problems)}
            {page.timed_out.then(|| view! { <p class="bubble sky" role="status">{t("follow.timed-out")}</p> })}
            <h1>{title}</h1>
            {lead}
            <form method="post" action=urls::FOLLOW autocomplete="off">
                {journey()}
                {carried(&page)}
                {text_field(field, &page.typed, FieldText { max: Some(TYPED_MAX), dir: "ltr", ..FieldText::default() })}
                {submit(t("follow.open"), Look::Main)}
            </form>
            {below}
        </Shell>
    }
}

// What was written on a page that was open for too long waits here for the six words.
fn carried(page: &FollowPage) -> AnyView {
    let message = (!page.message.is_empty()).then(|| hidden("message", &page.message));
    let alarm = page.alarm.then(|| hidden("unsafe", "yes"));
    view! { {message}{alarm} }.into_any()
}

fn entry_problems(page: &FollowPage) -> Vec<String> {
    let mut problems = Vec::new();
    match page.typed_count {
        Some(0) => problems.push(t("follow.empty")),
        Some(count) => {
            let (typed, all) = (count.to_string(), WORDS.to_string());
            problems.push(tf("follow.count", &[("typed", &typed), ("all", &all)]));
        }
        None => {}
    }
    for (place, nearest) in &page.doubts {
        let place = place.to_string();
        problems.push(match nearest {
            Some(word) => tf("follow.doubt-near", &[("place", &place), ("word", word)]),
            None => tf("follow.doubt", &[("place", &place)]),
        });
    }
    if page.not_found && problems.is_empty() {
        problems.push(t("follow.not-found"));
    }
    problems
}

fn entry_summary(problems: &[String]) -> AnyView {
    if problems.is_empty() {
        return ().into_any();
    }
    let lines = problems
        .iter()
        .map(|line| view! { <li><a href="#words">{line.clone()}</a></li> })
        .collect_view();
    view! {
        <div class="bubble rose" id="errors" role="alert" tabindex="-1" autofocus aria-labelledby="errors-title">
            <h2 id="errors-title">{t("errors.title")}</h2>
            <ul>{lines}</ul>
        </div>
    }
    .into_any()
}

// ---------------------------------------------------------------- the page of a view

/// What happened to a view, and what its sender can do now.
pub fn thread(page: ThreadPage) -> impl IntoView {
    let topic = t(&format!("topic.{}", page.topic.id()));
    let worried = page.lane != Lane::Ordinary;
    // It is for those who can still write.
    let can_write = page.possible.contains(&Action::WriteBack);
    let unread = page.promises.unread().filter(|_| can_write);
    let done = page
        .done
        .map(|key| view! { <p class="bubble" role="status">{t(key)}</p> });
    let body = if page.confirm_withdraw {
        sure_to_withdraw(&page)
    } else {
        view_body(&page)
    };
    let has_islands = !page.confirm_withdraw && page.possible.contains(&Action::WriteBack);
    view! {
        <Shell title=None nav=Nav::Follow bundle=has_islands.then_some(Bundle::Speak)>
            {first_help(worried, unread, &page.help)}
            {error_summary(&page.errors)}
            {done}
            <p class="where">{t("follow.where")}</p>
            <h1>{topic}</h1>
            {body}
        </Shell>
    }
}

/// The page after a view was withdrawn.
pub fn withdrawn() -> impl IntoView {
    view! {
        <Shell title=None nav=Nav::Follow>
            <h1>{t("follow.withdrawn-title")}</h1>
            <p class="lead">{t("state.withdrawn.sender")}</p>
            <p>{t("state.withdrawn.next")}</p>
            <div class="actions">
                {button_link(t("follow.withdrawn-speak"), Look::Plain, urls::SPEAK)}
                {button_link(t("problem.home"), Look::Plain, urls::HOME)}
            </div>
        </Shell>
    }
}

/// The page of a view whose time is over.
pub fn bare(since: Date) -> impl IntoView {
    view! {
        <Shell title=None nav=Nav::Follow>
            <h1>{t("limits.bare-title")}</h1>
            <p class="lead">{tf("limits.bare", &[("day", &day(since))])}</p>
            <p>{t("limits.bare-next")}</p>
            <div class="actions">
                {button_link(t("follow.withdrawn-speak"), Look::Plain, urls::SPEAK)}
                {button_link(t("problem.home"), Look::Plain, urls::HOME)}
            </div>
        </Shell>
    }
}

// When the words and the rest of the page go.
fn limits(page: &ThreadPage) -> AnyView {
    let body = match page.limits {
        SenderLimits::Open {
            words_gone,
            last,
            soon,
        } => {
            let days = retention::VIEW.days.to_string();
            let words = match words_gone {
                true => t("limits.words-gone"),
                false => tf("limits.open", &[("days", &days)]),
            };
            let last = last
                .filter(|_| soon)
                .map(|on| line(tf("limits.last-day", &[("day", &day(on))])));
            view! { {last} {line(words)} }.into_any()
        }
        SenderLimits::Bare(_) => ().into_any(),
        SenderLimits::Held => line(t("limits.held")),
        SenderLimits::Ended { quiet, words, rest } => {
            let quiet = quiet.map(|on| line(tf("limits.quiet", &[("day", &day(on))])));
            let words = match words {
                Some(on) => tf("limits.words-on", &[("day", &day(on))]),
                None => t("limits.words-gone"),
            };
            let days = retention::GRACE.days.to_string();
            view! {
                {quiet}
                {line(words)}
                {line(tf("limits.rest-on", &[("day", &day(rest))]))}
                {line(tf("limits.grace", &[("days", &days)]))}
            }
            .into_any()
        }
    };
    view! {
        <h2>{t("limits.title")}</h2>
        {body}
    }
    .into_any()
}

fn view_body(page: &ThreadPage) -> AnyView {
    let can = |action: Action| page.possible.contains(&action);
    let entries = page.timeline.iter().map(entry).collect_view();
    view! {
        {status(page)}
        {(can(Action::Agree) || can(Action::Dispute)).then(|| verdict_form(page))}
        <h2>{t("follow.timeline")}</h2>
        {page.part.older().map(|_| view! { <p><a href="#more">{t("follow.older")}</a></p> })}
        <ol class="timeline">{entries}</ol>
        {if can(Action::WriteBack) { write_form(page) } else { more_form(page) }}
        {limits(page)}
        {can(Action::Withdraw).then(|| withdraw_form(page))}
    }
    .into_any()
}

fn status(page: &ThreadPage) -> AnyView {
    let state = page.state.id();
    if matches!(
        page.about,
        Subject::Speakerbox | Subject::Coordinator | Subject::Safety
    ) {
        return status_left_out(page);
    }
    let comes = match page.promises.turn() {
        // Those whose turn it is are not all there: what is usually said would promise them.
        Some(sentence) => view! { <p><strong>{t(sentence.id())}</strong></p> }.into_any(),
        None => comes_next(page),
    };
    view! {
        <section class="bubble answer" aria-labelledby="now">
            <h2 id="now">{t("follow.now")}</h2>
            <p class="big">{t(&format!("state.{state}.sender"))}</p>
            {comes}
        </section>
    }
    .into_any()
}

// The lane, whose turn it is, and what comes next.
fn comes_next(page: &ThreadPage) -> AnyView {
    let lane = (page.lane != Lane::Ordinary)
        .then(|| view! { <p>{t(&format!("lane.{}.sender", page.lane.id()))}</p> });
    // While safety has it, what the ordinary state would say comes next is not true.
    let next = (page.turn != Turn::Safety)
        .then(|| view! { <p>{t(&format!("state.{}.next", page.state.id()))}</p> });
    view! {
        {lane}
        <p><strong>{t(&format!("turn.{}", turn_id(page.turn)))}</strong></p>
        {next}
    }
    .into_any()
}

// About somebody who would have read it: what the state says of SpeakerBox and of the safety lead would not be true.
fn status_left_out(page: &ThreadPage) -> AnyView {
    let state = if page.state == State::AskedBack {
        t("left-out.asked")
    } else {
        t(&format!("state.{}.sender", page.state.id()))
    };
    let left_out = page.promises.left_out().map(|sentence| t(sentence.id()));
    let turn = page.promises.turn().is_none().then(|| {
        view! { <p><strong>{t(&format!("turn.{}", turn_id(page.turn)))}</strong></p> }
    });
    view! {
        <section class="bubble answer" aria-labelledby="now">
            <h2 id="now">{t("follow.now")}</h2>
            <p class="big">{state}</p>
            <p>{left_out}</p>
            {turn}
        </section>
    }
    .into_any()
}

fn turn_id(turn: Turn) -> &'static str {
    match turn {
        Turn::Safety => "safety",
        Turn::Speakerbox => "speakerbox",
        Turn::Coordinator => "coordinator",
        Turn::Sender => "sender",
        Turn::Committee => "committee",
        Turn::Nobody => "nobody",
    }
}

// ---------------------------------------------------------------- the timeline

/// One entry of the timeline.
pub(crate) fn entry(entry: &TimelineEntry) -> AnyView {
    let body = match &entry.what {
        TimelineWhat::Sent(words) => bubble(Voice::Young, t("timeline.sent"), sent_words(words)),
        TimelineWhat::YouWrote(text) => {
            bubble(Voice::Young, t("timeline.you-wrote"), typed_text(text))
        }
        TimelineWhat::YouRaisedAlarm(text) => bubble(
            Voice::Young,
            t("timeline.you-raised-alarm"),
            typed_text(text),
        ),
        TimelineWhat::Question(text) => {
            bubble(Voice::Council, t("timeline.question"), typed_text(text))
        }
        TimelineWhat::Reply(text) => bubble(Voice::Council, t("timeline.reply"), typed_text(text)),
        TimelineWhat::Approved(text) => {
            bubble(Voice::Council, t("timeline.approved"), typed_text(text))
        }
        TimelineWhat::Decision(words) => {
            let title = if words.corrected {
                t("timeline.corrected")
            } else {
                t("timeline.decision")
            };
            bubble(Voice::Council, title, decision(words))
        }
        TimelineWhat::TakenDown(reason) => line(t(&format!("timeline.down-{}", reason.id()))),
        TimelineWhat::ReadBy(role) => line(tf("timeline.read", &[("who", &who(*role))])),
        TimelineWhat::ApprovedReadBy(role) => {
            line(tf("timeline.approved-read", &[("who", &who(*role))]))
        }
        TimelineWhat::Raised => line(t("timeline.raised")),
        TimelineWhat::TakenOn => line(t("timeline.taken-on")),
        TimelineWhat::Shared(text) => {
            bubble(Voice::Council, t("timeline.shared"), typed_text(text))
        }
        TimelineWhat::HandedOver(service) => line(tf(
            "timeline.handed-over",
            &[("who", &t(&format!("service.{}", service.id())))],
        )),
        TimelineWhat::NameOpened(role) => line(tf("timeline.name-opened", &[("who", &who(*role))])),
        TimelineWhat::Listed(meeting) => line(tf("timeline.listed", &[("date", &day(*meeting))])),
        TimelineWhat::Unlisted => line(t("timeline.unlisted")),
        TimelineWhat::Done => line(t("timeline.done")),
        TimelineWhat::YouAgreed => line(t("timeline.you-agreed")),
        TimelineWhat::YouDisputed => line(t("timeline.you-disputed")),
        TimelineWhat::Closed(reason) => {
            let why = t(&format!("reason.{}.sender", reason.id()));
            bubble(Voice::Council, t("timeline.closed"), typed_text(&why))
        }
        TimelineWhat::Damaged => line(t("timeline.damaged")),
        TimelineWhat::WordsGone => line(t("limits.words-gone")),
        TimelineWhat::KeptLonger => line(t("limits.kept-longer")),
        TimelineWhat::KeptNoLonger => line(t("limits.kept-no-longer")),
    };
    let when = day(entry.day);
    view! { <li><p class="when">{when}</p>{body}</li> }.into_any()
}

fn line(words: String) -> AnyView {
    view! { <p>{words}</p> }.into_any()
}

fn who(role: Role) -> String {
    t(&format!("role.{}.sender", role.id()))
}

fn sent_words(words: &SentWords) -> AnyView {
    let attached = words.attached.clone().map(|title| {
        let title = match words.attached_url.clone() {
            Some(url) => {
                let lang = lang_at(&url);
                view! { <a href=url lang=lang>{title}</a> }.into_any()
            }
            None => title.into_any(),
        };
        view! { <p>{t("timeline.attached")}" "{title}</p> }
    });
    let feeling = words
        .feeling
        .map(|feeling| view! { <p>{t("timeline.feeling")}" "{t(&format!("feeling.{}", feeling.id()))}</p> });
    let wish = (!words.wish.is_empty()).then(|| {
        view! {
            <p class="who">{t("timeline.wish")}</p>
            {typed_text(&words.wish)}
        }
    });
    let helped = words
        .helped
        .then(|| view! { <p>{t("timeline.helped")}</p> });
    view! { {typed_text(&words.said)}{wish}{feeling}{attached}{helped} }.into_any()
}

fn decision(words: &DecisionWords) -> AnyView {
    view! {
        {public_answer(&words.public)}
        <p class="who">{t("timeline.answer")}</p>
        {typed_text(&words.answer)}
        <p>{decided_line(words.meeting, words.early)}</p>
    }
    .into_any()
}

// ---------------------------------------------------------------- what the sender can do

fn act(page: &ThreadPage, act: &str) -> AnyView {
    view! {
        {journey()}
        {hidden("handle", &page.handle)}
        {hidden("act", act)}
    }
    .into_any()
}

fn write_form(page: &ThreadPage) -> AnyView {
    let message = Field {
        id: "message".into(),
        name: "message",
        label: t("follow.message"),
        hint: t(page.promises.message().id()),
        error: error_for(&page.errors, "message"),
    };
    let alarm = Field {
        id: "unsafe".into(),
        name: "unsafe",
        label: t("follow.unsafe"),
        hint: t(page.promises.alarm().id()),
        error: error_for(&page.errors, "unsafe"),
    };
    view! {
        <h2 id="write-title">{t("follow.write")}</h2>
        <form method="post" action=urls::FOLLOW id="write" autocomplete="off">
            {act(page, "write")}
            {hidden("written", &page.written.to_string())}
            {text_area(message, &page.message, 5, MESSAGE_MAX)}
            {checkbox(alarm, page.alarm)}
            {submit(t("follow.send"), Look::Main)}
            {more(page)}
        </form>
        {guard("write")}
    }
    .into_any()
}

// The way to other pages of a long timeline. It stands in the form to write, and behind its own button, so that what is
// typed comes along and Enter never shows a page in the place of sending.
fn more(page: &ThreadPage) -> AnyView {
    let buttons = [
        (page.part.older(), "follow.older"),
        (page.part.newer(), "follow.newer"),
    ]
    .map(|(to, words)| {
        let to = format!("page-{}", to?);
        Some(button(t(words), Look::Plain, "go", &to, false))
    });
    let is_one = buttons.iter().all(Option::is_none);
    (!is_one)
        .then(|| view! { <div class="actions" id="more">{buttons.into_iter().flatten().collect_view()}</div> })
        .into_any()
}

fn more_form(page: &ThreadPage) -> AnyView {
    if page.part.older().or(page.part.newer()).is_none() {
        return ().into_any();
    }
    view! {
        <form method="post" action=urls::FOLLOW>
            {act(page, "show")}
            {more(page)}
        </form>
    }
    .into_any()
}

fn verdict_form(page: &ThreadPage) -> AnyView {
    let not_done = Field {
        id: "not-done".into(),
        name: "message",
        label: t("follow.not-done"),
        hint: format!(
            "{} {}",
            t("follow.not-done-optional"),
            t(page.promises.message().id())
        ),
        error: error_for(&page.errors, "not-done"),
    };
    view! {
        <h2>{t("follow.verdict")}</h2>
        <div class="actions">
            <form method="post" action=urls::FOLLOW>
                {act(page, "agree")}
                {submit(t("follow.agree"), Look::Plain)}
            </form>
        </div>
        <form method="post" action=urls::FOLLOW autocomplete="off">
            {act(page, "dispute")}
            {text_area(not_done, "", 3, MESSAGE_MAX)}
            {submit(t("follow.dispute"), Look::Plain)}
        </form>
    }
    .into_any()
}

fn withdraw_form(page: &ThreadPage) -> AnyView {
    view! {
        <h2>{t("follow.withdraw-title")}</h2>
        <p>{t("follow.withdraw-what")}</p>
        {kept_in_lane(page)}
        <form method="post" action=urls::FOLLOW>
            {act(page, "withdraw")}
            {submit(t("follow.withdraw"), Look::Plain)}
        </form>
    }
    .into_any()
}

// What the safety lane remembers of a withdrawn view is said before its sender withdraws it.
fn kept_in_lane(page: &ThreadPage) -> Option<AnyView> {
    let is_in_lane = page.lane != Lane::Ordinary;
    is_in_lane.then(|| line(t("follow.withdraw-kept")))
}

fn sure_to_withdraw(page: &ThreadPage) -> AnyView {
    view! {
        <section class="bubble rose" aria-labelledby="sure">
            <h2 id="sure">{t("follow.sure")}</h2>
            <p>{t("follow.sure-what")}</p>
            {kept_in_lane(page)}
            <form method="post" action=urls::FOLLOW>
                {act(page, "withdraw-sure")}
                {submit(t("follow.sure-yes"), Look::Danger)}
            </form>
        </section>
        <form method="post" action=urls::FOLLOW>
            {act(page, "show")}
            {submit(t("follow.sure-no"), Look::Plain)}
        </form>
    }
    .into_any()
}
