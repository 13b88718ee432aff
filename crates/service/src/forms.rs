//! Checks of the texts and forms of the desk, before anything is sealed. They know no store.

use crate::{ActError, DecisionBody};
use domain::date::Date;
use domain::publication::{DecisionKind, can_be_due, is_early};
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

/// What a decision has to fit.
#[derive(Clone, Debug)]
pub struct DecisionDays {
    /// The day it is decided; of a correction, the day it was decided first.
    pub decided: Date,
    /// The meeting's day.
    pub meeting: Date,
    /// Meetings that it can be put off to: each with its day.
    pub later: Vec<(String, Date)>,
    /// Of a correction: why it was decided early, if it was. It is not asked once more.
    pub urgent: Option<String>,
}

/// The fields of a decision in the order of its page.
const FIELDS: [&str; 10] = [
    "urgent", "kind", "said", "decided", "answer", "owner", "due", "why", "until", "meeting",
];

/// Checks a decision form. What its kind does not ask for is left out.
pub fn checked_decision(
    form: &DecisionForm,
    days: &DecisionDays,
) -> Result<DecisionBody, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut text = |value: &str, wrong: (&'static str, &'static str, &'static str), most: usize| {
        checked_text(value, wrong, most).unwrap_or_else(|error| {
            if let ActError::Field(field, key) = error {
                errors.push(FieldError { field, key });
            }
            String::new()
        })
    };
    let (long, most) = ("error.text.long", view::MESSAGE_MAX);
    let kind = form.kind();
    let has = |what: fn(DecisionKind) -> bool| kind.is_some_and(what);
    let said = text(&form.said, ("said", "error.decision.said", long), most);
    let wrong = ("decided", "error.decision.decided", long);
    let decided = text(&form.decided, wrong, most);
    let wrong = ("answer", "error.decision.answer", long);
    let answer = text(&form.answer, wrong, most);
    let (mut why, mut owner, mut urgent) = (String::new(), String::new(), String::new());
    if has(DecisionKind::has_reason) {
        why = text(&form.why, ("why", "error.decision.why", long), most);
    }
    if has(DecisionKind::has_owner) {
        let wrong = ("owner", "error.decision.owner", "error.decision.owner-long");
        owner = text(&form.owner, wrong, TITLE_MAX);
    }
    if let Some(before) = &days.urgent {
        urgent.clone_from(before);
    } else if is_early(days.decided, days.meeting) {
        urgent = view::tidy(&form.urgent);
    }
    if urgent.chars().count() > most {
        errors.push(FieldError {
            field: "urgent",
            key: long,
        });
    }
    let mut decision = DecisionBody {
        said,
        decided,
        answer,
        owner,
        kind,
        why,
        urgent,
        day: Some(days.decided),
        ..DecisionBody::default()
    };
    decision.due = form.due.trim().parse().ok();
    decision.due = decision.due.filter(|_| has(DecisionKind::has_owner));
    if has(DecisionKind::has_until) {
        decision.until = form.until.trim().parse().ok();
    }
    if has(DecisionKind::has_meeting) {
        let chosen = days.later.iter().find(|(id, _)| *id == form.meeting);
        decision.until = chosen.map(|(_, day)| *day);
        decision.meeting = chosen.map_or_else(String::new, |(id, _)| id.clone());
    }
    errors.extend(wrong_days(&decision, days));
    // In the order of the page: its list of mistakes is read from the top.
    errors.sort_by_key(|error| FIELDS.iter().position(|field| *field == error.field));
    if errors.is_empty() {
        Ok(decision)
    } else {
        Err(errors)
    }
}

/// What of a decision's days and of its kind is missing or wrong: the rule for every way to decide, with or without a form.
pub fn wrong_days(decision: &DecisionBody, days: &DecisionDays) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut wrong = |field, key| errors.push(FieldError { field, key });
    let fits =
        |day: Option<Date>| day.is_some_and(|day| can_be_due(day, days.decided, days.meeting));
    if is_early(days.decided, days.meeting) && decision.urgent.is_empty() {
        wrong("urgent", "error.decision.early");
    }
    let Some(kind) = decision.kind else {
        wrong("kind", "error.decision.kind");
        return errors;
    };
    if kind.has_owner() && decision.due.is_none() {
        wrong("due", "error.decision.due");
    } else if kind.has_owner() && !fits(decision.due) {
        wrong("due", "error.decision.due-past");
    }
    if kind.has_until() && decision.until.is_none() {
        wrong("until", "error.decision.due");
    } else if kind.has_until() && !fits(decision.until) {
        wrong("until", "error.decision.due-past");
    }
    if kind.has_meeting() && decision.until.is_none_or(|day| day <= days.decided) {
        wrong("meeting", "error.decision.meeting");
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_of_a_decision_stand_in_the_order_of_its_page() {
        let days = DecisionDays {
            decided: Date::EPOCH,
            meeting: Date::EPOCH.plus_days(1),
            later: Vec::new(),
            urgent: None,
        };
        let wrong = checked_decision(&DecisionForm::default(), &days).err();
        let fields: Vec<_> = wrong
            .into_iter()
            .flatten()
            .map(|error| error.field)
            .collect();
        assert_eq!(fields, ["urgent", "kind", "said", "decided", "answer"]);
    }
}
