//! What was answered so far: carried along in hidden fields, and shown as a list to change.

use crate::any_view::{AnyView, IntoAny};
use crate::components::{Look, hidden};
use crate::localize::lang_at;
use crate::messages::t;
use leptos::prelude::*;
use model::urls;
use model::{SpeakAnswers, SpeakPage, SpeakStep};

// Every answer that this step does not show itself.
pub(super) fn carried(step: SpeakStep, answers: &SpeakAnswers) -> AnyView {
    [
        (SpeakStep::Subject, "topic", &answers.topic),
        (SpeakStep::Subject, "link", &answers.link),
        (SpeakStep::Say, "said", &answers.said),
        (SpeakStep::Say, "feeling", &answers.feeling),
        (SpeakStep::Say, "wish", &answers.wish),
        (SpeakStep::Safe, "safe", &answers.safe),
        (SpeakStep::Safe, "about", &answers.about),
        (SpeakStep::You, "named", &answers.named),
        (SpeakStep::You, "identity", &answers.identity),
        (SpeakStep::You, "helped", &answers.helped),
    ]
    .into_iter()
    .filter(|(shown_on, _, value)| *shown_on != step && !value.is_empty())
    .map(|(_, name, value)| hidden(name, value))
    .collect_view()
    .into_any()
}

// One answer: the step it belongs to, the question, and what was said.
pub(crate) type Answer = (SpeakStep, String, String);

// The language of the title of what is attached, where it is not the page's.
pub(super) fn lang_of(link: &str) -> Option<&'static str> {
    lang_at(&urls::of_link(link)?)
}

fn answered(page: &SpeakPage) -> Vec<Answer> {
    let answers = &page.answers;
    let named = if answers.named == "yes" {
        answers.identity.clone()
    } else {
        t("speak.you.anonymous")
    };
    let helped = if answers.helped == "yes" {
        t("speak.check.helped-yes")
    } else {
        t("speak.check.helped-no")
    };
    let chosen = |family: &str, id: &str| {
        if id.is_empty() {
            String::new()
        } else {
            t(&format!("{family}.{id}"))
        }
    };
    vec![
        (
            SpeakStep::Subject,
            t("speak.check.topic"),
            chosen("topic", &answers.topic),
        ),
        (
            SpeakStep::Subject,
            t("speak.check.link"),
            page.attached.clone().unwrap_or_default(),
        ),
        (SpeakStep::Say, t("speak.check.said"), answers.said.clone()),
        (
            SpeakStep::Say,
            t("speak.check.feeling"),
            chosen("feeling", &answers.feeling),
        ),
        (SpeakStep::Say, t("speak.check.wish"), answers.wish.clone()),
        (
            SpeakStep::Safe,
            t("speak.check.safe"),
            chosen("safe", &answers.safe),
        ),
        (
            SpeakStep::Safe,
            t("speak.check.about"),
            chosen(
                "about",
                if answers.about.is_empty() {
                    "nobody"
                } else {
                    &answers.about
                },
            ),
        ),
        (SpeakStep::You, t("speak.check.name"), named),
        (SpeakStep::You, t("speak.check.helped"), helped),
    ]
}

pub(super) fn summary(page: &SpeakPage) -> AnyView {
    answer_list(answered(page), lang_of(&page.answers.link))
}

// On the way: only the steps before this one, folded.
pub(super) fn so_far(page: &SpeakPage) -> AnyView {
    let before: Vec<Answer> = answered(page)
        .into_iter()
        .filter(|(step, ..)| *step < page.step)
        .collect();
    if before.is_empty() {
        return ().into_any();
    }
    view! {
        <details>
            <summary>{t("speak.so-far")}</summary>
            {answer_list(before, lang_of(&page.answers.link))}
        </details>
    }
    .into_any()
}

// `link_lang`: the language of the title of what is attached, where it is not the page's.
pub(crate) fn answer_list(answers: Vec<Answer>, link_lang: Option<&'static str>) -> AnyView {
    let link = t("speak.check.link");
    let rows = answers
        .into_iter()
        .map(|(step, question, answer)| {
            let lang = link_lang.filter(|_| question == link && !answer.is_empty());
            let answer = if answer.is_empty() { t("speak.check.nothing") } else { answer };
            view! {
                <div>
                    <dt>{question.clone()}</dt>
                    <dd class="typed" dir="auto" lang=lang>{answer}</dd>
                    <dd>
                        <button type="submit" class=Look::Quiet.class() name="go" value=step.id() formnovalidate>
                            {t("speak.check.change")}
                            <span class="hidden">": "{question}</span>
                        </button>
                    </dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="answers">{rows}</dl> }.into_any()
}
