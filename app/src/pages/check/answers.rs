//! What was answered so far: carried in hidden fields, and listed with a button to change each.

use super::fields::{option_word, word};
use crate::any_view::{AnyView, IntoAny};
use crate::messages::{day, t, tf};
use domain::entitlements::answers::When;
use domain::entitlements::parse::UNKNOWN;
use domain::entitlements::questions::{AnswerTexts, Input, Question};
use leptos::prelude::*;

/// Every answer so far, in hidden fields: they travel in the body and are kept nowhere.
pub(super) fn carried(texts: &AnswerTexts) -> AnyView {
    texts
        .iter()
        .map(|(key, text)| {
            view! { <input type="hidden" name=format!("a.{key}") value=text.clone() /> }
        })
        .collect_view()
        .into_any()
}

/// What was answered, with a button to change each.
pub(super) fn answers(texts: &AnswerTexts, answered: &[Question]) -> AnyView {
    if answered.is_empty() {
        return ().into_any();
    }
    let rows = answered.iter().map(|question| {
        let text = texts.get(&question.key()).cloned().unwrap_or_default();
        let label = short(*question);
        let told = in_words(*question, &text);
        view! {
            <div>
                <dt>{label.clone()}</dt>
                <dd>{told}</dd>
                <dd class="act">
                    <button type="submit" class="button quiet" name="go" value=format!("change:{}", question.key()) formnovalidate>
                        {t("check.change")}<span class="hidden">": "{label}</span>
                    </button>
                </dd>
            </div>
        }
    });
    view! {
        <h2>{t("check.answers")}</h2>
        <dl class="answers">{rows.collect_view()}</dl>
    }
    .into_any()
}

fn short(question: Question) -> String {
    let short = word(question.id, "short");
    match question.index {
        Some(index) => format!("{short} {}", index + 1),
        None => short,
    }
}

/// An answer as a person would say it.
fn in_words(question: Question, text: &str) -> String {
    if text == UNKNOWN {
        return t("check.optional-none");
    }
    let options = match question.input() {
        Input::Choice(options) | Input::ChoiceOrDate(options, _) => options,
        _ => &[],
    };
    if options.contains(&text) {
        return option_word(question.id, text);
    }
    if let Some(When::Day(date)) = When::from_text(text) {
        return day(date);
    }
    if let Some(when) = When::from_text(text) {
        let (year, month, _) = when.first().year_month_day();
        let month = t(&format!("month.{month}"));
        return tf(
            "check.month-only",
            &[("month", &month), ("year", &year.to_string())],
        );
    }
    match When::from_year(text) {
        Some(_) => tf("check.year-only", &[("year", text)]),
        None => text.to_owned(),
    }
}
