//! `pledge check`: answers as JSON in, outcomes as JSON out (section 1 of the contract).

use super::evaluate::check;
use super::outcome::Outcome;
use super::parse::Value;
use crate::date::Date;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Why nothing was worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonError {
    /// The text is not JSON; where it stops being so.
    NotJson(String),
    /// The top level is neither an object nor a list.
    NeitherObjectNorList,
}

impl std::fmt::Display for JsonError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            JsonError::NotJson(why) => write!(f, "the input is not JSON: {why}"),
            JsonError::NeitherObjectNorList => {
                f.write_str("the input must be an object with answers, or a list of such objects")
            }
        }
    }
}

/// Works out one set of answers, or a list of them.
///
/// # Errors
/// The text is not JSON, or its top level is neither an object nor a list.
pub fn check_text(text: &str, today: Date) -> Result<String, JsonError> {
    let raw: &RawValue =
        serde_json::from_str(text).map_err(|error| JsonError::NotJson(error.to_string()))?;
    match raw.get().as_bytes().first() {
        Some(b'{') => written(&check(&value(raw, DEPTH), today)),
        Some(b'[') => {
            let entries: Vec<&RawValue> = serde_json::from_str(raw.get())
                .map_err(|error| JsonError::NotJson(error.to_string()))?;
            let outcomes: Vec<Outcome> = entries
                .into_iter()
                .map(|entry| check(&value(entry, DEPTH), today))
                .collect();
            written(&outcomes)
        }
        _ => Err(JsonError::NeitherObjectNorList),
    }
}

fn written(what: &impl serde::Serialize) -> Result<String, JsonError> {
    serde_json::to_string(what).map_err(|error| JsonError::NotJson(error.to_string()))
}

// Answers, a list in them, an entry of it: what lies deeper is never looked into.
const DEPTH: u8 = 3;

/// The value of a JSON text that is known to be whole. Numbers are read by their digits, so that 1.0 and 1e0 differ
/// from 1 and a number too large for any type is still a whole one.
fn value(raw: &RawValue, depth: u8) -> Value {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'n') | None => Value::Null,
        Some(b't') => Value::Bool(true),
        Some(b'f') => Value::Bool(false),
        // A text with half a surrogate pair is text, but no word or date.
        Some(b'"') => Value::Text(serde_json::from_str(text).unwrap_or_default()),
        Some(b'[') => Value::List(entries(text, depth)),
        Some(b'{') => Value::Object(fields(text, depth)),
        Some(_) => number(text),
    }
}

fn entries(text: &str, depth: u8) -> Vec<Value> {
    if depth == 0 {
        return Vec::new();
    }
    let entries: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
    let few = entries.len() <= super::parse::MOST_ENTRIES;
    let look = |entry| {
        if few {
            value(entry, depth - 1)
        } else {
            Value::Null
        }
    };
    entries.into_iter().map(look).collect()
}

fn fields(text: &str, depth: u8) -> Vec<(String, Value)> {
    #[derive(Deserialize)]
    struct Fields<'a>(#[serde(borrow)] BTreeMap<String, &'a RawValue>);
    if depth == 0 {
        return Vec::new();
    }
    let fields: Option<Fields> = serde_json::from_str(text).ok();
    let fields = fields.map(|Fields(fields)| fields).unwrap_or_default();
    fields
        .into_iter()
        .map(|(name, raw)| (name, value(raw, depth - 1)))
        .collect()
}

fn number(text: &str) -> Value {
    if text.contains(['.', 'e', 'E']) {
        return Value::Fraction;
    }
    Value::Whole(text.parse().unwrap_or(if text.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    }))
}
