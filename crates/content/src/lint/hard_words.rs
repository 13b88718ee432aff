//! The glossary: what it says itself, and the hard words and short forms that a page uses and it does not explain.

use super::places::Places;
use super::reading::GRADE_MAX;
use super::text::{NUMBER, links, plain, shown_text};
use super::wording::wording_faults;
use crate::Content;
use crate::lint_error::Flaw;
use crate::readability::{self, measure};
use std::collections::BTreeSet;

/// Hard words that must be in the glossary when a page uses them (facts of the field: words that keep their legal name,
/// and the systems a young person may hear of).
const HARD: [&str; 28] = [
    "advocate",
    "care order",
    "care plan",
    "complaint",
    "corporate parent",
    "corporate parenting committee",
    "coordinator",
    "councillor",
    "director of children's services",
    "eligible",
    "family group conference",
    "former relevant",
    "independent visitor",
    "local offer",
    "ombudsman",
    "panel",
    "pathway plan",
    "personal adviser",
    "personal education plan",
    "priority need",
    "pupil premium plus",
    "qualifying",
    "relevant",
    "review",
    "special guardian",
    "staying close",
    "staying put",
    "virtual school head",
];

/// Capital letters that are no word to explain: a word to text, parts of an address, a grade.
const NO_ACRONYMS: [&str; 7] = ["AA", "FREEPOST", "PO", "RTFL", "SHOUT", "XAZG", "ZRTU"];

/// What is wrong with the glossary, by the word.
pub(super) fn check_glossary(content: &Content, places: &Places) -> Vec<Flaw> {
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    for word in &content.glossary {
        let mut fault = |message: String| found.push(Flaw::at(&word.word, message));
        for term in std::iter::once(&word.word).chain(&word.also) {
            if !known.insert(term.to_lowercase()) {
                fault(format!("it explains {term} twice"));
            }
        }
        let means = plain(&word.means, NUMBER);
        if means.trim().is_empty() {
            fault("it does not say what this means".to_owned());
        }
        wording_faults(&means).into_iter().for_each(&mut fault);
        let to_our_pages = links(&word.means).into_iter();
        let to_our_pages = to_our_pages.filter(|link| link.starts_with('/'));
        // Its own page is nowhere but here.
        let own = Some(word.page.as_str()).filter(|page| !page.is_empty());
        for link in to_our_pages.chain(own) {
            if !places.has(link) {
                fault(format!("it links to {link}, which is not there"));
            }
        }
    }
    let all: Vec<String> = content
        .glossary
        .iter()
        .map(|word| plain(&word.means, NUMBER))
        .collect();
    let grade = measure(&all.join("\n")).grade();
    if grade > GRADE_MAX {
        found.push(Flaw::whole(format!(
            "its reading grade is {grade:.1}, above {GRADE_MAX}"
        )));
    }
    let missing = unexplained(content, &known).into_iter();
    found.extend(
        missing.map(|term| Flaw::whole(format!("it does not explain {term}, which a page uses"))),
    );
    found
}

// Hard words and short forms of the pages that are not among the known ones, which are in small letters.
fn unexplained(content: &Content, known: &BTreeSet<String>) -> BTreeSet<String> {
    let pages = content
        .pages
        .values()
        .chain(content.rights.iter().map(|right| &right.article));
    let mut missing = BTreeSet::new();
    for article in pages {
        let text = shown_text(article);
        let lower = text.to_lowercase().replace('\u{2019}', "'");
        let hard = HARD
            .iter()
            .filter(|hard| lower.contains(**hard))
            .map(|hard| (*hard).to_owned());
        missing.extend(
            hard.chain(acronyms(&text))
                .filter(|term| !known.contains(&term.to_lowercase())),
        );
    }
    missing
}

// Words of two or more capital letters.
fn acronyms(text: &str) -> Vec<String> {
    readability::words(&text.replace('\n', " "))
        .map(|word| {
            word.trim_matches(|c: char| !c.is_alphanumeric())
                .trim_end_matches('s')
        })
        .filter(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase()))
        .filter(|word| !NO_ACRONYMS.contains(word))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_short_forms() {
        assert_eq!(
            acronyms("An IRO, two PAs and the FREEPOST. A I. 23CZA"),
            ["IRO", "PA"]
        );
    }
}
