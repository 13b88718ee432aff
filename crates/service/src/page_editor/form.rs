//! The form of a file: what was typed, checked, and how a text becomes a form. It knows no store.

use content::page_source;
use domain::date::Date;
use domain::view;
use model::FieldError;
use model::editing::{EditorForm, SourceForm};

/// Most characters of a title, of a sentence on a page and of each part of a source.
pub const LINE_MAX: usize = 300;

/// Most characters of the words of a file.
pub const BODY_MAX: usize = 80_000;

/// Most sources of a page.
pub const SOURCES_MAX: usize = 30;

/// What was typed, tidied, with what needs mending before it can be saved at all.
pub fn tidied(form: EditorForm) -> (EditorForm, Vec<FieldError>) {
    let mut errors = Vec::new();
    let mut wrong = |field, key| errors.push(FieldError { field, key });
    let line = |text: &str| view::tidy(text).replace(['\n', '\t'], " ");
    let is_long = |text: &str| text.chars().count() > LINE_MAX;
    let tidy = EditorForm {
        is_page: form.is_page,
        title: line(&form.title),
        short: line(&form.short),
        who_for: form.who_for.as_deref().map(line),
        checked: line(&form.checked),
        review_by: line(&form.review_by),
        certainty: form.certainty,
        sources: form
            .sources
            .iter()
            .map(|source| SourceForm {
                title: line(&source.title),
                seen: line(&source.seen),
                certainty: source.certainty.clone(),
            })
            .filter(|source| !source.title.is_empty() || !source.seen.is_empty())
            .collect(),
        body: view::tidy(&form.body),
    };
    if tidy.is_page {
        for (field, text) in [("title", &tidy.title), ("short", &tidy.short)] {
            if text.is_empty() {
                wrong(field, "error.words.empty");
            }
        }
        for (field, text) in [
            ("title", Some(&tidy.title)),
            ("short", Some(&tidy.short)),
            ("who-for", tidy.who_for.as_ref()),
        ] {
            if text.is_some_and(|text| is_long(text)) {
                wrong(field, "error.words.long");
            }
        }
        let known = |certainty: &str| ["verified", "partly", "ask"].contains(&certainty);
        for (field, text) in [("checked", &tidy.checked), ("review-by", &tidy.review_by)] {
            if text.parse::<Date>().is_err() {
                wrong(field, "error.words.day");
            }
        }
        if !known(&tidy.certainty) {
            wrong("certainty", "error.words.certainty");
        }
        let bad = |source: &SourceForm| {
            source.title.is_empty()
                || source.seen.is_empty()
                || is_long(&source.title)
                || is_long(&source.seen)
                || !known(&source.certainty)
        };
        if tidy.sources.iter().any(bad) {
            wrong("sources", "error.words.source");
        } else if tidy.sources.len() > SOURCES_MAX {
            wrong("sources", "error.words.sources");
        }
    }
    if tidy.body.is_empty() {
        wrong("body", "error.words.empty");
    } else if tidy.body.chars().count() > BODY_MAX {
        wrong("body", "error.words.body-long");
    }
    (tidy, errors)
}

// The parts of a text. One that cannot be read stands whole among the words of the page, so that nothing is lost.
pub(super) fn form_of(file: &str, text: &str, now: &str) -> EditorForm {
    page_source::read(file, text).unwrap_or_else(|_| EditorForm {
        body: text.to_owned(),
        ..page_source::read(file, now).unwrap_or_default()
    })
}
