//! Send a view: what to know first, five steps of one question each, and the receipt. Every step is a POST to the one
//! address, and what was answered travels in hidden fields, so that nothing is stored and nothing is in the address.

mod answers;
mod pictures;
mod receipt;
mod steps;

pub(crate) use answers::answer_list;
pub(crate) use pictures::{feeling_sign, topic_sign};
pub use receipt::receipt;
pub(crate) use receipt::six_words;

use crate::components::{
    Field, Look, button, error_summary, first_help, guard, hidden, journey, radios, submit,
};
use crate::messages::{t, tf};
use crate::pages::reading::{heading, sections};
use crate::shell::{Bundle, Nav, Shell};
use answers::{carried, so_far};
use domain::readers::{FirstPromises, Unread};
use domain::view::Safe;
use leptos::prelude::*;
use model::urls;
use model::{SlowPage, SpeakPage, SpeakStep, StartPage};
use steps::{about, check, choice, right_now, safe, say, you};

/// What to know before writing. The button opens the first step.
pub fn start(page: StartPage) -> impl IntoView {
    let unread = Unread::of_new(page.readers);
    let is_usual = FirstPromises::of(page.readers).start().is_some();
    let must_act = matches!(unread, None | Some(Unread::Ordinary));
    let now = (!is_usual).then(|| {
        view! {
            <h2 id="right-now">{t("speak.check.who")}</h2>
            {right_now(page.readers)}
            {must_act.then(|| view! { <p>{t("readers.must-act")}</p> })}
            <p>{t("readers.committee-nobody")}</p>
        }
    });
    view! {
        <Shell title=None nav=Nav::Speak>
            {first_help(false, unread, &page.help)}
            {heading(&page.article)}
            <p><a class="alone" href="#go">{t("speak.jump")}</a></p>
            {now}
            {sections(&page.article.sections)}
            <form method="post" action=urls::SPEAK id="go">
                {journey()}
                {hidden("step", "start")}
                {submit(t("speak.begin"), Look::Main)}
            </form>
        </Shell>
    }
}

/// One step.
pub fn step(page: SpeakPage) -> impl IntoView {
    let has_islands = matches!(page.step, SpeakStep::Say | SpeakStep::Check);
    let number = SpeakStep::ALL
        .iter()
        .position(|step| *step == page.step)
        .unwrap_or_default()
        + 1;
    let count = tf(
        "speak.count",
        &[
            ("number", &number.to_string()),
            ("all", &SpeakStep::ALL.len().to_string()),
        ],
    );
    let worried = Safe::from_id(&page.answers.safe).is_some_and(Safe::to_safety_lane);
    let unread = match page.step {
        SpeakStep::Subject | SpeakStep::Say | SpeakStep::Safe => Unread::of_new(page.readers),
        SpeakStep::You | SpeakStep::Check => page.answers.promises(page.readers).unread_as_sent(),
    };
    let (title, body) = match page.step {
        SpeakStep::Subject => (t("speak.about.title"), about(&page)),
        SpeakStep::Say => (t("speak.say.title"), say(&page)),
        SpeakStep::Safe => (t("speak.safe.title"), safe(&page)),
        SpeakStep::You => (t("speak.you.title"), you(&page)),
        SpeakStep::Check => (t("speak.check.title"), check(&page)),
    };
    view! {
        <Shell title=None nav=Nav::Speak bundle=has_islands.then_some(Bundle::Speak)>
            {first_help(worried, unread, &page.help)}
            {error_summary(&page.errors)}
            <p class="where">{count}</p>
            <h1>{title}</h1>
            <form method="post" action=urls::SPEAK id="speak" autocomplete="off">
                {journey()}
                {hidden("step", page.step.id())}
                {carried(page.step, &page.answers)}
                {body}
                // After the main button, so that Enter in a field never means "change".
                {(page.step != SpeakStep::Check).then(|| so_far(&page))}
            </form>
            {(page.step == SpeakStep::Check).then(|| guard("speak"))}
        </Shell>
    }
}

/// Wait a moment: much was sent from the same place. Every word travels along, and nothing needs a script.
pub fn slow(page: SlowPage) -> impl IntoView {
    let worried = Safe::from_id(&page.answers.safe).is_some_and(Safe::to_safety_lane);
    let unread = page.answers.promises(page.readers).unread_as_sent();
    let seconds = page.seconds.to_string();
    let said = if page.early {
        t("slow.early")
    } else if page.wrong {
        t("slow.wrong")
    } else {
        t("slow.why")
    };
    let question = page.question.map(|(question, right)| {
        let names = ["right", "other", "third"];
        // The right answer stands where the page says, the others after each other in what is left.
        let mut others = names.iter().skip(1);
        let choices = (0..3u8)
            .map(|at| {
                let name = if at == right {
                    names.first()
                } else {
                    others.next()
                };
                let word = name.copied().unwrap_or_default();
                choice(&at.to_string(), t(&format!("slow.{question}.{word}")))
            })
            .collect();
        let field = Field {
            id: "picked".into(),
            name: "picked",
            label: t(&format!("slow.{question}.ask")),
            ..Field::default()
        };
        radios(field, choices, "")
    });
    view! {
        <Shell title=None nav=Nav::Speak>
            {first_help(worried, unread, &page.help)}
            <h1>{t("slow.title")}</h1>
            <p class="lead" role="status">{said}</p>
            <p>{tf("slow.keep", &[("seconds", &seconds)])}</p>
            <form method="post" action=urls::SPEAK id="speak" autocomplete="off">
                {journey()}
                {hidden("step", SpeakStep::Check.id())}
                {carried(SpeakStep::Check, &page.answers)}
                {hidden("ticket", &page.ticket)}
                {hidden("pass", &page.pass)}
                {question}
                <div class="actions">
                    {button(t("slow.send"), Look::Main, "go", "send", true)}
                    {button(t("speak.back"), Look::Plain, "go", "back", false)}
                </div>
            </form>
        </Shell>
    }
}
