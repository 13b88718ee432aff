//! Validation of the steps of Speak. It knows no ticket and no store.

use domain::view::{self, Safe, Subject, Topic};
use model::{FieldError, SpeakAnswers, SpeakStep};

/// The validation errors of a step.
pub fn errors_of(step: SpeakStep, answers: &SpeakAnswers) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut wrong = |field, key| errors.push(FieldError { field, key });
    let too_long = |text: &str, most: usize| view::tidy(text).chars().count() > most;
    match step {
        SpeakStep::Subject => {
            if Topic::from_id(&answers.topic).is_none() {
                wrong("topic", "error.topic.empty");
            }
        }
        SpeakStep::Say => {
            if view::tidy(&answers.said).is_empty() {
                wrong("said", "error.said.empty");
            }
            if too_long(&answers.said, view::SAID_MAX) {
                wrong("said", "error.said.long");
            }
            if too_long(&answers.wish, view::WISH_MAX) {
                wrong("wish", "error.wish.long");
            }
        }
        SpeakStep::Safe => {
            if Safe::from_id(&answers.safe).is_none() {
                wrong("safe", "error.safe.empty");
            }
            // Never guessed: a wrong guess would show it to the person it is about.
            if Subject::chosen(&answers.about).is_none() {
                wrong("about", "error.about.choose");
            }
        }
        SpeakStep::You => {
            let named = answers.named == "yes";
            if named && view::tidy(&answers.identity).is_empty() {
                wrong("identity", "error.identity.empty");
            }
            if named && too_long(&answers.identity, view::IDENTITY_MAX) {
                wrong("identity", "error.identity.long");
            }
        }
        SpeakStep::Check => {}
    }
    errors
}

/// The first step with validation errors, and those.
pub fn first_errors(answers: &SpeakAnswers) -> Option<(SpeakStep, Vec<FieldError>)> {
    SpeakStep::ALL
        .into_iter()
        .map(|step| (step, errors_of(step, answers)))
        .find(|(_, errors)| !errors.is_empty())
}
