//! The text of one answer: from the fields of its page, back into them, and whether it can answer its question at all.
//! It knows one question at a time and no outcome.

use super::answers::When;
use super::parse::{Code, UNKNOWN};
use super::questions::{AnswerTexts, Input, Question};

/// The text of the answer that the fields of a question's page give, by name: `v` for an option, `day`, `month`, `year`,
/// `number`, and `unknown` for "I don't know".
///
/// # Errors
/// Why it cannot be an answer to this question.
pub(super) fn text_of(
    texts: &AnswerTexts,
    question: Question,
    posted: impl Fn(&str) -> String,
) -> Result<String, Code> {
    let field = |name: &str| posted(name).trim().to_owned();
    let chosen = field("v");
    let not_known = !field("unknown").is_empty();
    let text = match question.input() {
        Input::Day => date_text(&field)?,
        Input::Date | Input::Number(_) if not_known => UNKNOWN.to_owned(),
        Input::Date => date_text(&field)?,
        Input::Number(_) => field("number"),
        Input::Choice(_) => chosen,
        Input::ChoiceOrDate(_, dated) if chosen == dated => date_text(&field)?,
        Input::ChoiceOrDate(..) => chosen,
    };
    check_text(question, &text, texts)?;
    Ok(text)
}

/// The fields of a question's page that show this answer again.
pub fn typed(question: Question, text: &str) -> Vec<(&'static str, String)> {
    let date = || {
        let parts = ["year", "month", "day"].into_iter().zip(text.split('-'));
        parts.map(|(name, part)| (name, part.to_owned())).collect()
    };
    let v = |option: &str| vec![("v", option.to_owned())];
    match question.input() {
        _ if text == UNKNOWN => Vec::new(),
        Input::Day | Input::Date => date(),
        Input::Number(_) => vec![("number", text.to_owned())],
        Input::Choice(_) => v(text),
        Input::ChoiceOrDate(options, _) if options.contains(&text) => v(text),
        Input::ChoiceOrDate(_, dated) => {
            let mut fields: Vec<(&'static str, String)> = date();
            fields.extend(v(dated));
            fields
        }
    }
}

fn date_text(field: &impl Fn(&str) -> String) -> Result<String, Code> {
    let (day, month, year) = (field("day"), field("month"), field("year"));
    if day.is_empty() && month.is_empty() && year.is_empty() {
        return Err(Code::Required);
    }
    let number = |text: &str, most: usize| {
        let digits =
            !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
        digits
            .then(|| text.parse::<u32>().ok())
            .flatten()
            .ok_or(Code::NotADate)
    };
    let mut text = format!("{:04}", number(&year, 4)?);
    if month.is_empty() {
        return if day.is_empty() {
            Ok(text)
        } else {
            Err(Code::NotADate)
        };
    }
    text.push_str(&format!("-{:02}", number(&month, 2)?));
    if !day.is_empty() {
        text.push_str(&format!("-{:02}", number(&day, 2)?));
    }
    Ok(text)
}

/// Whether a text can be an answer to this question at all.
pub(super) fn check_text(question: Question, text: &str, texts: &AnswerTexts) -> Result<(), Code> {
    let options = question.options(texts);
    let dated = |text: &str| {
        (When::from_text(text).is_some() || When::from_year(text).is_some())
            .then_some(())
            .ok_or(Code::NotADate)
    };
    match question.input() {
        _ if text.is_empty() => Err(Code::Required),
        Input::Day => match text.len() {
            10 => dated(text),
            _ => dated(text).and(Err(Code::DayNeeded)),
        },
        Input::Date if text == UNKNOWN => Ok(()),
        Input::Date => dated(text),
        Input::Number(_) if text == UNKNOWN => Ok(()),
        Input::Number(most) => match text.parse::<i64>() {
            Ok(number) if (0..=most).contains(&number) => Ok(()),
            Ok(_) => Err(Code::OutOfRange),
            Err(_) => Err(Code::WrongType),
        },
        Input::Choice(_) if options.contains(&text) => Ok(()),
        Input::Choice(_) => Err(Code::NotAChoice),
        Input::ChoiceOrDate(_, dated) if text != dated && options.contains(&text) => Ok(()),
        Input::ChoiceOrDate(..) if question.id == "day" => match text.len() {
            10 => dated(text),
            _ => dated(text).and(Err(Code::DayNeeded)),
        },
        Input::ChoiceOrDate(..) if text.starts_with(|c: char| c.is_ascii_digit()) => dated(text),
        Input::ChoiceOrDate(..) => Err(Code::NotAChoice),
    }
}
