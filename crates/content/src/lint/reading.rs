//! How hard the pages are to read, and the lengths a page has.

use super::text::{NUMBER, letter_text, plain, read_text};
use crate::Content;
use crate::lint_error::Flaw;
use crate::readability::{self, Measure, measure};
use model::Article;

/// Highest Flesch-Kincaid grade of a page: year 4 begins at age 9.
pub(super) const GRADE_MAX: f64 = 4.0;

/// The same for the short text of a page, which is for ages 8 to 12.
const SHORT_GRADE_MAX: f64 = 3.0;

/// Most words in a sentence, on average over a page.
const MEAN_MAX: f64 = 15.0;

/// Most words of the short text of a page.
const SHORT_WORDS_MAX: usize = 90;

/// How hard a page is to read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Its address.
    pub address: String,
    /// The whole page: title, both lengths; without headings and without sources.
    pub whole: Measure,
    /// The short text alone.
    pub short: Measure,
    /// Words of its longest sentence.
    pub longest: usize,
}

/// Every page of words by how hard it is to read, hardest first.
pub fn readings(content: &Content) -> Vec<Reading> {
    let pages = content
        .pages
        .iter()
        .map(|(name, article)| (model::urls::article(name), article));
    let rights = content
        .rights
        .iter()
        .map(|right| (model::urls::right(&right.slug), &right.article));
    let reading = |address: String, whole: &str, short: &str| Reading {
        address,
        whole: measure(whole),
        short: measure(short),
        longest: readability::sentences(whole)
            .into_iter()
            .map(|sentence| readability::words(sentence).count())
            .max()
            .unwrap_or_default(),
    };
    let mut all: Vec<Reading> = pages
        .chain(rights)
        .filter(|(address, _)| address != model::urls::GLOSSARY)
        .map(|(address, article)| {
            reading(
                address,
                &read_text(article),
                &plain(&article.in_short, NUMBER),
            )
        })
        .collect();
    let glossary: Vec<String> = content
        .glossary
        .iter()
        .map(|word| plain(&word.means, NUMBER))
        .collect();
    all.push(reading(
        model::urls::GLOSSARY.to_owned(),
        &glossary.join("\n"),
        "",
    ));
    for letter in &content.letters {
        all.push(reading(
            model::urls::letter(&letter.slug),
            &letter_text(letter),
            "",
        ));
    }
    all.sort_by(|a, b| b.whole.grade().total_cmp(&a.whole.grade()));
    all
}

pub(super) fn reading_faults(article: &Article, two: bool, found: &mut Vec<Flaw>) {
    let mut fault = |message: String| found.push(Flaw::whole(message));
    if two && article.in_short.is_empty() {
        fault("it has no short text before its first heading".to_owned());
    }
    if article.sections.is_empty() {
        fault("it has no longer text under headings".to_owned());
    }
    let whole = measure(&read_text(article));
    let short = measure(&plain(&article.in_short, NUMBER));
    if whole.grade() > GRADE_MAX {
        fault(format!(
            "its reading grade is {:.1}, above {GRADE_MAX}",
            whole.grade()
        ));
    }
    if whole.sentence() > MEAN_MAX {
        fault(format!(
            "its sentences have {:.1} words on average",
            whole.sentence()
        ));
    }
    if two && short.grade() > SHORT_GRADE_MAX {
        fault(format!(
            "the reading grade of its short text is {:.1}, above {SHORT_GRADE_MAX}",
            short.grade()
        ));
    }
    if short.words > SHORT_WORDS_MAX {
        fault(format!("its short text has {} words", short.words));
    }
}
