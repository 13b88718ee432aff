//! A letter: the form that fills it, and the letter ready to print or copy. What is typed travels in the form and is
//! kept nowhere.

use crate::any_view::{AnyView, IntoAny};
use crate::components::{
    Field, FieldText, Look, error_for, error_summary, hidden, submit, text_area, text_field,
};
use crate::messages::{t, tf};
use crate::shell::{Nav, Shell};
use leptos::prelude::*;
use model::letter_text::{Part, parts};
use model::urls;
use model::{LETTER_FIELDS, LetterPage};

/// The form.
pub fn form(page: LetterPage) -> impl IntoView {
    let letter = page.letter;
    let fields = letter
        .fields
        .iter()
        .zip(LETTER_FIELDS)
        .zip(&page.typed)
        .map(|((field, name), typed)| {
            let shown = Field {
                id: name.to_owned(),
                name,
                label: field.label.clone(),
                hint: field.hint.clone(),
                error: error_for(&page.errors, name),
            };
            if field.lines > 1 {
                text_area(shown, typed, field.lines, field.max())
            } else {
                let text = FieldText {
                    max: Some(field.max()),
                    prose: true,
                    ..FieldText::default()
                };
                text_field(shown, typed, text)
            }
        })
        .collect_view();
    view! {
        <Shell title=Some(letter.title.clone()) description=letter.short.clone() nav=Nav::Rights>
            {error_summary(&page.errors)}
            <p class="where"><a href=urls::LETTERS>{t("letters.all")}</a></p>
            <h1>{letter.title.clone()}</h1>
            <p class="lead">{letter.short.clone()}</p>
            <p>{t("letters.fill")}" "{letter.to.clone()}</p>
            <p>{t("letters.kept")}" "{t("letters.blank")}</p>
            <form method="post" action=urls::letter(&letter.slug) autocomplete="off">
                {fields}
                {submit(t("letters.make"), Look::Main)}
            </form>
            <p><a class="alone" href=letter.page.clone()>{t("letters.right")}</a></p>
        </Shell>
    }
}

/// The letter, filled.
pub fn ready(page: LetterPage) -> impl IntoView {
    let letter = page.letter;
    let paragraphs = letter
        .text
        .iter()
        .map(|text| {
            let parts = parts(text)
                .into_iter()
                .map(|part| match part {
                    Part::Text(text) => view! { {text.to_owned()} }.into_any(),
                    Part::Field(id) => {
                        let at = letter.fields.iter().position(|field| field.id == id);
                        let lines = at
                            .and_then(|at| letter.fields.get(at))
                            .map_or(1, |field| field.lines);
                        let typed = at
                            .and_then(|at| page.typed.get(at))
                            .map_or("", String::as_str);
                        filled(typed.trim(), lines)
                    }
                })
                .collect_view();
            view! { <p class="typed">{parts}</p> }
        })
        .collect_view();
    let carried = LETTER_FIELDS
        .into_iter()
        .zip(&page.typed)
        .map(|(name, typed)| hidden(name, typed))
        .collect_view();
    view! {
        <Shell title=Some(letter.title.clone()) nav=Nav::Rights>
            <p class="where off-print"><a href=urls::LETTERS>{t("letters.all")}</a></p>
            <h1 class="off-print">{letter.title.clone()}</h1>
            <p class="off-print">{t("letters.ready")}" "{letter.to.clone()}</p>
            <article class="bubble answer letter" aria-label=tf("letters.label", &[("title", &letter.title)])>{paragraphs}</article>
            <p class="off-print">{t("letters.keep")}</p>
            <form method="post" action=urls::letter(&letter.slug)>
                {hidden("go", "change")}
                {carried}
                {submit(t("letters.change"), Look::Plain)}
            </form>
            <p class="off-print"><a class="alone" href=letter.page.clone()>{t("letters.right")}</a></p>
        </Shell>
    }
}

// What was typed, or a line to write on by hand.
fn filled(typed: &str, lines: usize) -> AnyView {
    if !typed.is_empty() {
        return typed.to_owned().into_any();
    }
    if lines == 1 {
        return view! { <span class="blank"></span> }.into_any();
    }
    (0..lines)
        .map(|_| view! { <span class="blank row"></span> })
        .collect_view()
        .into_any()
}
