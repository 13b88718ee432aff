//! Every figure that a page may show, with its source, and the rule that finds the others.
//!
//! A number in digits on a page must be one of these: part of a date; a time of day; a phone number of a help line;
//! a place in a law (`section 22(4)`); a step (`Step 2`); an age that the list holds, standing alone; or part of a
//! phrase that the list holds, with source, day and certainty. A phrase whose certainty is `ask` may stand nowhere.
//! Numbers in words (`three steps`) are not checked.

use crate::lint_error::Flaw;
use domain::date::Date;
use serde::Deserialize;

/// A figure with where it comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CitedFigure {
    /// Phrases that show it, as they stand on a page.
    pub says: Vec<String>,
    /// It is an age: it may stand alone, but not before a unit.
    #[serde(default)]
    pub age: bool,
    /// What it is.
    pub means: String,
    /// Where it was read.
    pub source: String,
    /// The day it was checked.
    pub checked: Date,
    /// `verified`, `partly`, or `ask` for one that may not be shown.
    pub certainty: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    figure: Vec<CitedFigure>,
}

/// Reads `figures.toml`.
pub(crate) fn read(text: &str) -> Result<Vec<CitedFigure>, Flaw> {
    let file: File = toml::from_str(text).map_err(|error| Flaw::whole(error.to_string()))?;
    for figure in &file.figure {
        if !["verified", "partly", "ask"].contains(&figure.certainty.as_str()) {
            return Err(Flaw::at(
                &figure.means,
                "certainty is verified, partly or ask",
            ));
        }
        if figure.source.is_empty() || figure.says.is_empty() {
            return Err(Flaw::at(&figure.means, "it has no source or no words"));
        }
    }
    Ok(file.figure)
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words after a number that make it a count and not an age.
const UNITS: [&str; 24] = [
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "hour",
    "hours",
    "minute",
    "minutes",
    "night",
    "nights",
    "working",
    "years",
    "miles",
    "children",
    "young",
    "people",
    "moves",
    "councils",
    "councillors",
    "households",
    "times",
    "pence",
];

/// Words that lead to a place in a law or a paper.
const PLACES: [&str; 13] = [
    "section",
    "sections",
    "regulation",
    "regulations",
    "article",
    "articles",
    "schedule",
    "paragraph",
    "paragraphs",
    "chapter",
    "item",
    "items",
    "volume",
];

/// Every number of a text that the rule does not allow, with the words around it. `phones` are numbers as shown.
pub(crate) fn faults(text: &str, figures: &[CitedFigure], phones: &[String]) -> Vec<String> {
    // One line, so that a phrase is found across a line break in the source.
    let text: String = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join("\n");
    let lower = text.to_lowercase();
    let mut faults = Vec::new();
    let mut allowed: Vec<(usize, usize)> = Vec::new();
    for figure in figures.iter().filter(|figure| !figure.age) {
        for phrase in &figure.says {
            let spans = places_of(&lower, &phrase.to_lowercase());
            if figure.certainty == "ask" {
                faults.extend(
                    spans
                        .iter()
                        .map(|_| format!("it shows {phrase}, which is not verified")),
                );
            }
            allowed.extend(spans);
        }
    }
    for phone in phones {
        allowed.extend(places_of(&lower, &phone.to_lowercase()));
    }
    let ages: Vec<&str> = figures
        .iter()
        .filter(|figure| figure.age)
        .flat_map(|figure| figure.says.iter().map(String::as_str))
        .collect();
    for line in lines_with_start(&lower) {
        let tokens = tokens(line.1, line.0);
        for (at, (start, token)) in tokens.iter().enumerate() {
            let is_number = token.chars().any(|c| c.is_ascii_digit());
            let end = start + token.len();
            if !is_number || allowed.iter().any(|(from, to)| from <= start && end <= *to) {
                continue;
            }
            let around = |by: isize| {
                let place = at.checked_add_signed(by);
                place
                    .and_then(|place| tokens.get(place))
                    .map_or("", |(_, token)| *token)
            };
            let in_law = in_law(&lower, *start, &tokens[..at]);
            if in_law || plain_number(token, &around, &ages) {
                continue;
            }
            let from = at.saturating_sub(3);
            let near: Vec<&str> = tokens[from..(at + 4).min(tokens.len())]
                .iter()
                .map(|(_, token)| *token)
                .collect();
            faults.push(format!(
                "it shows a number without a source: {}",
                near.join(" ")
            ));
        }
    }
    faults
}

// Whether a word such as `section` leads to this place, in the same sentence.
fn in_law(text: &str, start: usize, before: &[(usize, &str)]) -> bool {
    before.iter().rev().take(6).any(|(at, word)| {
        PLACES.contains(word)
            && text
                .get(*at..start)
                .is_some_and(|between| ![". ", "? ", "! "].iter().any(|end| between.contains(end)))
    })
}

fn plain_number<'t>(token: &str, around: &dyn Fn(isize) -> &'t str, ages: &[&str]) -> bool {
    let number = token.parse::<u32>().ok();
    let month = |word: &str| MONTHS.contains(&word);
    let date = number.is_some_and(|n| (1900..2100).contains(&n))
        || (number.is_some_and(|n| (1..32).contains(&n)) && month(around(1)));
    let time = token.ends_with("am") || token.ends_with("pm");
    let step = ["step", "steps"].contains(&around(-1));
    // 18th and 21st are the birthdays of an age.
    let bare = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|end| token.strip_suffix(end))
        .unwrap_or(token);
    let age = ages.contains(&bare) && !UNITS.contains(&around(1));
    date || time || step || age
}

// Words without the marks around them, with where they start.
fn tokens(line: &str, offset: usize) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for word in line.split(' ') {
        let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '\u{a3}');
        let start = at + word.len() - bare.len();
        let bare = bare.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '%' && c != ')');
        let bare = if bare.contains('(') {
            bare
        } else {
            bare.trim_end_matches(')')
        };
        if !bare.is_empty() {
            found.push((offset + start, bare));
        }
        at += word.len() + 1;
    }
    found
}

fn lines_with_start(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        found.push((start, line));
        start += line.len() + 1;
    }
    found
}

// Where a phrase stands as whole words.
fn places_of(text: &str, phrase: &str) -> Vec<(usize, usize)> {
    let whole = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(phrase)
        .map(|(at, found)| (at, at + found.len()))
        .filter(|(from, to)| {
            whole(text[..*from].chars().next_back()) && whole(text[*to..].chars().next())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<CitedFigure> {
        let text = "[[figure]]\nsays=[\"13 weeks\"]\nmeans=\"m\"\nsource=\"s\"\nchecked=\"2026-11-21\"\ncertainty=\"verified\"\n\
                    [[figure]]\nsays=[\"16\", \"18\"]\nage=true\nmeans=\"m\"\nsource=\"s\"\nchecked=\"2026-11-21\"\ncertainty=\"verified\"\n\
                    [[figure]]\nsays=[\"\u{a3}2,630\"]\nmeans=\"m\"\nsource=\"s\"\nchecked=\"2026-11-21\"\ncertainty=\"ask\"\n";
        read(text).unwrap_or_default()
    }

    #[test]
    fn lets_known_figures_dates_times_laws_and_ages_pass() {
        let text = "You are 16 or 18. After 13 weeks, on 10 June 2026 at 9.30am.\nSee section 22(4) and (5), regulation 33(1) to (3). Step 2. Call 0800 1111.";
        assert_eq!(
            faults(text, &known(), &["0800 1111".to_owned()]),
            [] as [String; 0]
        );
    }

    #[test]
    fn finds_what_is_planted() {
        let found = |text: &str| faults(text, &known(), &[]);
        assert_eq!(
            found("You get \u{a3}3,000 now."),
            ["it shows a number without a source: you get \u{a3}3,000 now"]
        );
        assert_eq!(found("Only 16 children.").len(), 1);
        assert_eq!(found("About 74 in 100.").len(), 2);
        assert_eq!(
            found("It is \u{a3}2,630."),
            ["it shows \u{a3}2,630, which is not verified"]
        );
        assert_eq!(found("Call 0800 1111.").len(), 2);
        assert_eq!(found("It is 12%.").len(), 1);
        assert_eq!(found("213 weeks").len(), 1);
        assert_eq!(found("See section 4. It takes 30 days.").len(), 1);
    }
}
