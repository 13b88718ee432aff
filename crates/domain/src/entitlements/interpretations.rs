//! What was answered, in the contract's form: one set of [`Answers`] for each way in which "I don't know" can be true.

use super::answers::Answers;
use super::evaluate::{evaluate_any, readings};
use super::outcome::Outcome;
use super::parse::{AnswerError, Code, MOST_MONTHS, UNKNOWN, Value, parse_partial};
use super::questions::{AnswerTexts, Input, Question, YES_NO};
use crate::date::Date;
use std::cell::OnceCell;

/// Every set of answers that can be true: more than one where somebody does not know. What comes of them is worked out
/// at most once.
#[derive(Clone, Debug, Default)]
pub struct Interpretations {
    answers: Vec<Answers>,
    outcome: OnceCell<Outcome>,
}

impl Interpretations {
    /// Answers of which one is true.
    pub fn new(answers: Vec<Answers>) -> Interpretations {
        Interpretations {
            answers,
            outcome: OnceCell::new(),
        }
    }

    /// Each of them.
    pub fn answers(&self) -> &[Answers] {
        &self.answers
    }

    /// What fits all of them.
    pub fn outcome(&self) -> &Outcome {
        self.outcome.get_or_init(|| {
            #[cfg(test)]
            counted::EVALUATIONS.set(counted::EVALUATIONS.get() + 1);
            evaluate_any(&self.answers)
        })
    }

    /// Those of the answers to these questions.
    ///
    /// # Errors
    /// What is wrong with the answers, or that too much is not known.
    pub(super) fn of(
        texts: &AnswerTexts,
        answered: &[Question],
        today: Date,
    ) -> Result<Interpretations, Vec<AnswerError>> {
        let mut all = Vec::new();
        for tree in trees(texts, answered, today) {
            all.push(parse_partial(&tree, today)?);
        }
        if all.iter().map(readings).sum::<u32>() > 1 << MOST_MONTHS {
            return Err(vec![AnswerError {
                field: String::new(),
                code: Code::TooManyMonthOnly,
            }]);
        }
        Ok(Interpretations::new(all))
    }
}

/// A field and the two values of which nobody knows which is true.
type Either = (String, [Value; 2]);

/// Answers in the contract's form. Each "I don't know" that the contract has no word for doubles them.
pub(super) fn trees(texts: &AnswerTexts, answered: &[Question], today: Date) -> Vec<Value> {
    let mut tree = Value::Object(Vec::new());
    put(&mut tree, "asked_on", Value::Text(today.to_string()));
    let mut either: Vec<Either> = Vec::new();
    for question in answered {
        let Some(text) = texts.get(&question.key()) else {
            continue;
        };
        match unsure(*question, text) {
            Some(unsure) => either.push(unsure),
            None => put_answer(&mut tree, texts, *question, text),
        }
    }
    let mut trees = vec![tree];
    // More than this no number of readings allows.
    for (field, values) in either
        .into_iter()
        .filter(|(field, _)| !field.is_empty())
        .take(MOST_MONTHS + 1)
    {
        trees = trees
            .into_iter()
            .flat_map(|tree| {
                values.each_ref().map(|value| {
                    let mut tree = tree.clone();
                    // "Was I in care?": once as answered, and once without any.
                    if field != "care_spells" || *value == Value::Null {
                        put(&mut tree, &field, value.clone());
                    }
                    tree
                })
            })
            .collect();
    }
    trees
}

/// An answer of "not sure" that the contract has no word for.
fn unsure(question: Question, text: &str) -> Option<Either> {
    if text != "not_sure" {
        return None;
    }
    let field = question.field();
    let words = |words: [&str; 2]| words.map(|word| Value::Text(word.to_owned()));
    let values = match question.id {
        "care" => {
            return Some(("care_spells".to_owned(), [Value::Null, Value::Bool(true)]));
        }
        "breaks" => {
            let breaks = Value::Object(Vec::new());
            return Some(("short_breaks".to_owned(), [Value::Null, breaks]));
        }
        "home" | "stay" | "guardian" => {
            let (field, entry) = unsure_entry(question.id);
            return Some((field.to_owned(), [Value::Null, entry]));
        }
        "breaks-basis" => words(["section_20", "section_17"]),
        "home-with" => words(["parent", "special_guardian"]),
        // The contract has a word for these, or leaves them out.
        "stay-kind" | "stay-from" | "spell-council" | "guardian-care" | "spell-basis"
        | "spell-home" | "course" | "spell-to" | "breaks-to" | "home-to" | "guardian-to"
        | "stay-to" => return None,
        _ => [Value::Bool(false), Value::Bool(true)],
    };
    Some((field, values))
}

/// Puts an answer into its field.
fn put_answer(tree: &mut Value, texts: &AnswerTexts, question: Question, text: &str) {
    let field = question.field();
    let told = || Value::Text(text.to_owned());
    match (question.id, text) {
        ("day", "today") | (_, "on") => {}
        // Asked first, but it is nothing without a first day.
        ("stay-kind", _) => {}
        ("stay-from", _) => {
            let kind = Question {
                id: "stay-kind",
                ..question
            };
            let told_kind = texts.get(&kind.key()).cloned().unwrap_or_default();
            put(tree, &kind.field(), Value::Text(told_kind));
            put(tree, &field, told());
        }
        ("breaks", "yes") => put(tree, "short_breaks", Value::Object(Vec::new())),
        ("spell-council", "not_sure") | ("course", "no") | ("guardian-care", "not_sure") => {}
        ("spell-basis" | "spell-home", _) => put(tree, &field, told()),
        (
            "course" | "spell-to" | "breaks-to" | "home-to" | "guardian-to" | "stay-to",
            "not_sure",
        ) => put(tree, &field, Value::Text(UNKNOWN.to_owned())),
        (_, "yes") if question.input() == YES_NO || question.id == "alone" => {
            put(tree, &field, Value::Bool(true));
        }
        (_, "no" | "rather_not") if question.input() == YES_NO || question.id == "alone" => {
            put(tree, &field, Value::Bool(false));
        }
        _ => match question.input() {
            Input::Number(_) if text == UNKNOWN => {}
            Input::Number(_) => {
                put(tree, &field, text.parse().map_or(Value::Null, Value::Whole));
            }
            _ => put(tree, &field, told()),
        },
    }
}

fn unsure_entry(id: &str) -> (&'static str, Value) {
    let unknown = |name: &str| (name.to_owned(), Value::Text(UNKNOWN.to_owned()));
    match id {
        "home" => (
            "home_returns",
            Value::List(vec![Value::Object(vec![unknown("from")])]),
        ),
        "guardian" => ("special_guardianship", Value::Object(vec![unknown("from")])),
        _ => {
            let kind = (
                "kind".to_owned(),
                Value::Text("private_fostering".to_owned()),
            );
            let stay = Value::Object(vec![kind, unknown("from"), unknown("to")]);
            ("other_stays", Value::List(vec![stay]))
        }
    }
}

/// Puts a value at a path such as `care_spells.0.from`, making what lies between. Without a path it does nothing.
pub(super) fn put(tree: &mut Value, path: &str, value: Value) {
    if path.is_empty() {
        return;
    }
    let (first, rest) = match path.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (path, None),
    };
    let slot = match first.parse::<usize>() {
        Ok(index) => {
            if !matches!(tree, Value::List(_)) {
                *tree = Value::List(Vec::new());
            }
            let Value::List(entries) = tree else { return };
            while entries.len() <= index {
                entries.push(Value::Object(Vec::new()));
            }
            entries.get_mut(index)
        }
        Err(_) => {
            if !matches!(tree, Value::Object(_)) {
                *tree = Value::Object(Vec::new());
            }
            let Value::Object(fields) = tree else { return };
            if !fields.iter().any(|(name, _)| name == first) {
                fields.push((first.to_owned(), Value::Null));
            }
            fields
                .iter_mut()
                .find(|(name, _)| name == first)
                .map(|(_, value)| value)
        }
    };
    match (slot, rest) {
        (Some(slot), Some(rest)) => put(slot, rest, value),
        (Some(slot), None) => *slot = value,
        (None, _) => {}
    }
}

/// How often an outcome was worked out, for the test that holds it to once.
#[cfg(test)]
pub(super) mod counted {
    use std::cell::Cell;

    thread_local! {
        pub(crate) static EVALUATIONS: Cell<usize> = const { Cell::new(0) };
    }
}
