//! A question of the checker: its title, its help, its fields, and what is wrong with what was typed.

use crate::any_view::{AnyView, IntoAny};
use crate::components::{Choice, Field, FieldText, radios, text_field};
use crate::messages::t;
use domain::entitlements::parse::Code;
use domain::entitlements::questions::{Input, Question};
use leptos::prelude::*;
use model::CheckPage;

/// Words of a question: `title`, `hint`, `short`, or an option.
pub(super) fn word(id: &str, part: &str) -> String {
    t(&format!("check.q.{id}.{part}"))
}

pub(super) fn option_word(id: &str, option: &str) -> String {
    t(&format!("check.q.{id}.o.{option}"))
}

fn numbered(text: String, question: Question) -> String {
    match question.index {
        Some(index) => text.replace("{n}", &(index + 1).to_string()),
        None => text,
    }
}

/// Where the first field of a question is, for the error summary.
fn first_field(input: Input) -> &'static str {
    match input {
        Input::Day | Input::Date => "day",
        Input::Number(_) => "number",
        Input::Choice(_) | Input::ChoiceOrDate(..) => "v",
    }
}

pub(super) fn problem_words(problem: Code) -> String {
    t(&format!("check.error.{}", problem.id()))
}

pub(super) fn problem_summary(page: &CheckPage) -> AnyView {
    let problem = page.problem.map(|problem| {
        let to = format!("#{}", first_field(page.question.input()));
        view! { <li><a href=to>{problem_words(problem)}</a></li> }
    });
    let Some(problem) = problem else {
        return ().into_any();
    };
    view! {
        <div class="bubble rose" id="errors" role="alert" tabindex="-1" autofocus aria-labelledby="errors-title">
            <h2 id="errors-title">{t("errors.title")}</h2>
            <ul>{problem}</ul>
        </div>
    }
    .into_any()
}

/// The title, the help and the fields of a question.
pub(super) fn block(page: &CheckPage) -> AnyView {
    let question = page.question;
    let options = question.options(&page.texts);
    let error = page.problem.map(problem_words);
    fields(
        question,
        &options,
        |name| page.typed.get(name).cloned().unwrap_or_default(),
        error,
    )
}

pub(super) fn fields(
    question: Question,
    options: &[&'static str],
    typed: impl Fn(&'static str) -> String,
    error: Option<String>,
) -> AnyView {
    let id = question.id;
    let title = numbered(word(id, "title"), question);
    let hint = word(id, "hint");
    let input = question.input();
    let choices: Vec<Choice> = options
        .iter()
        .map(|option| Choice {
            value: (*option).to_owned(),
            label: option_word(id, option),
            hint: String::new(),
        })
        .collect();
    let number = |name: &'static str, label: String, max: usize| {
        number_field(name, label, max, &typed(name))
    };
    let dates = |hint: &'static str| {
        view! {
            <p class="hint">{t(hint)}</p>
            <div class="date">
                {number("day", t("check.day"), 2)}
                {number("month", t("check.month"), 2)}
                {number("year", t("check.year"), 4)}
            </div>
        }
    };
    let one_of = |error: Option<String>| {
        let group = Field {
            id: "v".into(),
            name: "v",
            label: title.clone(),
            hint: hint.clone(),
            error,
        };
        radios(group, choices, &typed("v"))
    };
    let heading = |error: Option<String>| {
        view! {
            <h1>{title.clone()}</h1>
            {(!hint.is_empty()).then(|| view! { <p class="hint">{hint.clone()}</p> })}
            {error.map(|error| view! { <p class="error">{error}</p> })}
        }
    };
    let body = match input {
        Input::Choice(_) => one_of(error).into_any(),
        Input::ChoiceOrDate(..) => {
            let hint = if id == "day" {
                "check.day-hint"
            } else {
                "check.date-hint"
            };
            view! { {one_of(error)}{dates(hint)} }.into_any()
        }
        Input::Day => view! { {heading(error)}{dates("check.day-hint")} }.into_any(),
        Input::Date => view! { {heading(error)}{dates("check.date-hint")} }.into_any(),
        Input::Number(_) => {
            view! { {heading(error)}{number("number", t("check.number"), 4)} }.into_any()
        }
    };
    // The stylesheet hides the legend of the choices from the eye: it says the same as the heading.
    let has_legend = matches!(input, Input::Choice(_) | Input::ChoiceOrDate(..));
    let heading_above = has_legend.then(|| view! { <h1>{title.clone()}</h1> });
    view! { <div class="ask">{heading_above}{body}</div> }.into_any()
}

fn number_field(name: &'static str, label: String, max: usize, typed: &str) -> AnyView {
    let field = Field {
        id: name.into(),
        name,
        label,
        ..Field::default()
    };
    let text = FieldText {
        kind: "text",
        max: Some(max),
        ..FieldText::default()
    };
    text_field(field, typed, text)
}
