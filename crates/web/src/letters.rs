//! Letters to fill in. What is typed lives for one answer: it is never in an address, the log or on the disk.

use crate::error::WebError;
use crate::site::Site;
use crate::{form, response};
use app::pages::letters as pages;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::urls;
use model::{FieldError, LETTER_FIELDS, Letter, LetterPage, Problem};
use std::sync::Arc;

/// The empty form.
pub async fn form(
    State(site): State<Arc<Site>>,
    Path(slug): Path<String>,
) -> Result<Response, WebError> {
    let letter = site.content.letter(&slug).ok_or(Problem::NotFound)?;
    let page = LetterPage {
        typed: vec![String::new(); letter.fields.len()],
        letter: letter.clone(),
        errors: Vec::new(),
    };
    let address = urls::letter(&slug);
    Ok(response::page_at(&site, &address, StatusCode::OK, || {
        pages::form(page)
    }))
}

/// The letter with what was typed; or the form again, to correct or change it.
pub async fn fill(
    State(site): State<Arc<Site>>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, WebError> {
    let letter = site.content.letter(&slug).cloned();
    let letter = letter.ok_or(Problem::NotFound)?;
    if !form::same_origin(request.method(), request.headers()) {
        return Err(Problem::Forbidden.into());
    }
    let form = form::read_form(request, form::FORM_BYTES).await?;
    let typed = LETTER_FIELDS.iter().take(letter.fields.len());
    let typed: Vec<String> = typed.map(|name| form.text(name)).collect();
    let errors = errors(&letter, &typed);
    let (status, change) = match (errors.is_empty(), form.get("go")) {
        (false, _) => (StatusCode::UNPROCESSABLE_ENTITY, true),
        (true, "change") => (StatusCode::OK, true),
        (true, _) => (StatusCode::OK, false),
    };
    let page = LetterPage {
        letter,
        typed,
        errors,
    };
    let address = urls::letter(&slug);
    Ok(if change {
        response::page_at(&site, &address, status, || pages::form(page))
    } else {
        response::page_at(&site, &address, status, || pages::ready(page))
    })
}

fn errors(letter: &Letter, typed: &[String]) -> Vec<FieldError> {
    let fields = letter.fields.iter().zip(LETTER_FIELDS).zip(typed);
    fields
        // A browser sends a line break as two characters and counts it as one.
        .filter(|((field, _), text)| text.replace("\r\n", "\n").chars().count() > field.max())
        .map(|((_, name), _)| FieldError {
            field: name,
            key: "error.letter.too-long",
        })
        .collect()
}
