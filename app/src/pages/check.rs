//! "What am I entitled to?": one question a page, and the result. With JavaScript off the server draws each page; on
//! the phone the island takes the same parts from templates, so that words and order are the same.

mod answers;
mod fields;
mod offers;
mod parts;
mod result;

use crate::components::{Look, button, hidden, submit};
use crate::islands::Checker;
use crate::messages::{t, tf};
use crate::shell::{Bundle, Nav, Shell};
use answers::{answers, carried};
use domain::entitlements::parse::Code;
use domain::entitlements::questions::{Input, LAST_QUESTIONS, QUESTIONS, Question};
use domain::entitlements::report::{Item, items};
use fields::{block, fields, problem_summary, problem_words, word};
use leptos::prelude::*;
use model::urls;
use model::words::Words;
use model::{CheckPage, CheckResult, Entitlement};
use parts::Parts;
use result::{result_buttons, result_parts};
use std::collections::BTreeMap;

/// One question.
///
/// `islands`: the phone may take over and do the rest alone, with the [`kit`].
pub fn question(page: CheckPage, islands: bool) -> impl IntoView {
    let first = page.answered.is_empty();
    let may_be_unknown = matches!(page.question.input(), Input::Date | Input::Number(_));
    view! {
        <Shell title=None nav=Nav::Check bundle=islands.then_some(Bundle::Check)>
            <div id="check">
                {problem_summary(&page)}
                <div id="check-result"></div>
                <p class="where" id="check-step">{tf("check.step", &[("n", &(page.answered.len() + 1).to_string())])}</p>
                <form method="post" action=urls::CHECK id="check-form" autocomplete="off">
                    <div id="check-hidden">
                        {hidden("at", &page.question.key())}
                        {carried(&page.texts)}
                    </div>
                    {first.then(|| view! { <p id="check-lead">{t("check.lead")}</p> })}
                    <div id="check-ask">{block(&page)}</div>
                    <div class="actions">
                        <span id="check-next">{submit(t("check.next"), Look::Main)}</span>
                        <span id="check-unknown" hidden=!may_be_unknown>
                            {button(t("check.unknown"), Look::Plain, "unknown", "yes", false)}
                        </span>
                        <span id="check-back" hidden=first>
                            {button(t("check.back"), Look::Plain, "go", "back", false)}
                        </span>
                    </div>
                    <div id="check-answers">{answers(&page.texts, &page.answered)}</div>
                </form>
                <p class="hint" id="check-note">{t("check.no-script")}</p>
            </div>
            {islands.then(|| view! { <Checker /> })}
        </Shell>
    }
}

/// The result, or the sheet to take along.
pub fn result(page: CheckResult, entitlements: Vec<Entitlement>) -> impl IntoView {
    let words = use_context::<Words>().unwrap_or_default();
    let shown: BTreeMap<String, Item> = items(&page.shown, |date| words.day(date))
        .into_iter()
        .map(|item| (item.key.clone(), item))
        .collect();
    let parts = Parts::Applying {
        items: shown,
        offers: page.shown.offers.clone(),
    };
    let data_view = page.sheet.then_some("sheet");
    view! {
        <Shell title=None nav=Nav::Check>
            <div id="check">
                <div id="check-result" data-view=data_view>{result_parts(&parts, &entitlements)}</div>
                <form method="post" action=urls::CHECK id="check-form" autocomplete="off">
                    <div id="check-hidden">
                        {hidden("at", "result")}
                        {carried(&page.texts)}
                    </div>
                    <div id="check-answers">{answers(&page.texts, &page.answered)}</div>
                    {result_buttons(page.sheet)}
                </form>
            </div>
        </Shell>
    }
}

/// Every question, every error, the result and its buttons as templates, and the words for dates: a file of its own that
/// the island fetches when the page has been shown, so that nobody without scripts pays for it.
pub fn kit(entitlements: Vec<Entitlement>) -> impl IntoView {
    let questions = QUESTIONS
        .iter()
        .chain(&LAST_QUESTIONS)
        .map(|(id, input, field)| {
            let listed = field.contains('*') || id.ends_with("-more");
            let options = match input {
                Input::Choice(options) | Input::ChoiceOrDate(options, _) => *options,
                _ => &[],
            };
            let question = Question {
                id,
                index: None,
            };
            let block = fields(question, options, |_| String::new(), None);
            let short = word(id, "short");
            view! {
                <template id=format!("check-q-{id}") data-short=short data-listed=listed.then_some("")>{block}</template>
            }
        })
        .collect_view();
    let errors = Code::ALL
        .iter()
        .map(|code| view! { <li data-code=code.id()>{problem_words(*code)}</li> })
        .collect_view();
    let months: Vec<String> = (1..=12).map(|month| t(&format!("month.{month}"))).collect();
    view! {
        {questions}
        <template id="check-errors">
            <div class="bubble rose" id="errors" role="alert" tabindex="-1" aria-labelledby="errors-title">
                <h2 id="errors-title">{t("errors.title")}</h2>
                <ul>{errors}</ul>
            </div>
        </template>
        <template id="check-row">
            <div>
                <dt></dt>
                <dd></dd>
                <dd class="act">
                    <button type="submit" class="button quiet" name="go" formnovalidate>
                        {t("check.change")}<span class="hidden">": "<span></span></span>
                    </button>
                </dd>
            </div>
        </template>
        <template id="check-list">
            <h2>{t("check.answers")}</h2>
            <dl class="answers"></dl>
        </template>
        <template id="check-parts">{result_parts(&Parts::All, &entitlements)}</template>
        <template id="check-end">
            {result_buttons(false)}
            {result_buttons(true)}
        </template>
        <div
            id="check-words"
            hidden
            data-step=t("check.step")
            data-phone=t("check.on-phone")
            data-none=t("check.optional-none")
            data-month=t("check.month-only")
            data-year=t("check.year-only")
            data-date=t("date.format")
            data-months=months.join("|")
        ></div>
    }
}
