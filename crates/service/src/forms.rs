//! Checks of the texts and forms of the desk, before anything is sealed. They know no store.

use crate::{ActError, DecisionBody};
use domain::date::Date;
use domain::view;
use model::{DecisionForm, FieldError};

/// Most characters in a meeting's title or in the name of a job.
const TITLE_MAX: usize = 120;

/// A text of the desk: tidied, not empty, not too long.
pub(crate) fn checked_text(
    text: &str,
    (field, missing, long): (&'static str, &'static str, &'static str),
    most: usize,
) -> Result<String, ActError> {
    let text = view::tidy(text);
    match text.chars().count() {
        0 => Err(ActError::Field(field, missing)),
        length if length > most => Err(ActError::Field(field, long)),
        _ => Ok(text),
    }
}

/// Checks the form of a new meeting: its day and its title.
pub fn checked_meeting(day: &str, title: &str) -> Result<(Date, String), Vec<FieldError>> {
    let title = view::tidy(title);
    let day: Option<Date> = day.trim().parse().ok();
    let mut errors = Vec::new();
    let mut wrong = |field, key| errors.push(FieldError { field, key });
    if day.is_none() {
        wrong("day", "error.meeting.day");
    }
    if title.is_empty() {
        wrong("title", "error.meeting.title");
    } else if title.chars().count() > TITLE_MAX {
        wrong("title", "error.meeting.title-long");
    }
    match (day, errors.is_empty()) {
        (Some(day), true) => Ok((day, title)),
        _ => Err(errors),
    }
}

/// Checks a decision form.
pub fn checked_decision(form: &DecisionForm) -> Result<DecisionBody, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut text = |value: &str, wrong: (&'static str, &'static str, &'static str), most: usize| {
        checked_text(value, wrong, most).unwrap_or_else(|error| {
            if let ActError::Field(field, key) = error {
                errors.push(FieldError { field, key });
            }
            String::new()
        })
    };
    let long = "error.text.long";
    let said = text(
        &form.said,
        ("said", "error.decision.said", long),
        view::MESSAGE_MAX,
    );
    let decided = text(
        &form.decided,
        ("decided", "error.decision.decided", long),
        view::MESSAGE_MAX,
    );
    let answer = text(
        &form.answer,
        ("answer", "error.decision.answer", long),
        view::MESSAGE_MAX,
    );
    let owner = ("owner", "error.decision.owner", "error.decision.owner-long");
    let owner = text(&form.owner, owner, TITLE_MAX);
    let due: Option<Date> = form.due.trim().parse().ok();
    if due.is_none() {
        errors.push(FieldError {
            field: "due",
            key: "error.decision.due",
        });
    }
    match (due, errors.is_empty()) {
        (Some(due), true) => Ok(DecisionBody {
            said,
            decided,
            answer,
            owner,
            due,
        }),
        _ => Err(errors),
    }
}
