//! What `pledge content check` refuses in the words: long or hard sentences, words that hurt, links to nowhere, claims
//! without a source, figures that no source gives, a length that is missing, hard words that nothing explains, reviews
//! that are overdue.

mod hard_words;
mod places;
mod reading;
mod text;
mod wording;

pub use reading::{Reading, readings};

use crate::lint_error::{Flaw, LintError};
use crate::readability::measure;
use crate::{Content, cited_figures, coverage};
use domain::date::Date;
use hard_words::check_glossary;
use model::{Article, Entitlement, Letter, catalog, help};
use places::Places;
use reading::{GRADE_MAX, reading_faults};
use std::collections::BTreeSet;
use text::{NUMBER, letter_text, links, plain, shown_text};
use wording::wording_faults;

/// Everything wrong with the words today.
pub fn check(content: &Content, today: Date, addresses: &[String]) -> Vec<LintError> {
    let mut faults = Vec::new();
    let places = Places::new(content, addresses);
    for (name, article) in &content.pages {
        let mut found = Vec::new();
        // A page of a family is an article of facts.
        let row = catalog::named(name);
        let no_facts = row.is_some_and(|page| !page.is_dated);
        check_article(article, today, &places, no_facts, &mut found);
        let two = row.is_none_or(|page| page.has_two_lengths);
        reading_faults(article, two, &mut found);
        put(&mut faults, &page_file(content, name), found);
    }
    for right in &content.rights {
        let mut found = Vec::new();
        check_article(&right.article, today, &places, false, &mut found);
        reading_faults(&right.article, true, &mut found);
        put(&mut faults, &right_file(content, &right.slug), found);
    }
    check_help(content, &mut faults);
    check_figures(content, &mut faults);
    let file = |name: &str| file_of(content, name);
    put(
        &mut faults,
        &file("glossary.toml"),
        check_glossary(content, &places),
    );
    for letter in &content.letters {
        let found = check_letter(letter, &places);
        put(&mut faults, &letter_file(content, &letter.slug), found);
    }
    let covered = coverage::faults(&content.coverage, |address| places.has(address));
    put(&mut faults, "coverage.toml", covered);
    for (key, words) in content.words.table.iter() {
        put(&mut faults, &file("interface"), wording_at(key, words));
    }
    for line in &content.lines {
        let text = format!("{}. {}", line.name, line.for_whom);
        put(
            &mut faults,
            &file("help.toml"),
            wording_at(&line.name, &text),
        );
    }
    for known in &content.entitlements {
        let found = check_entitlement(known, today);
        put(&mut faults, &file("entitlements.toml"), found);
    }
    put(
        &mut faults,
        &file("promises.toml"),
        check_tracker(content, today),
    );
    let gone = |address: &str| !addresses.iter().any(|known| known == address);
    for address in content.synonyms.addresses().filter(|to| gone(to)) {
        let flaw = Flaw::whole(format!("it sends people to {address}, which is not there"));
        faults.push(flaw.in_file(&file("search.toml")));
    }
    for promise in &content.promises {
        if !promise.law.is_empty() && gone(&promise.law) {
            let message = format!("it links to {}, which is not there", promise.law);
            faults.push(Flaw::at(&promise.slug, message).in_file(&file("pledge.toml")));
        }
    }
    faults
}

// A file by its name in the folder of the language of these words.
fn file_of(content: &Content, name: &str) -> String {
    format!("{}/{name}", content.words.language)
}

fn page_file(content: &Content, name: &str) -> String {
    file_of(content, &format!("pages/{name}.md"))
}

fn right_file(content: &Content, slug: &str) -> String {
    file_of(content, &format!("rights/{slug}.md"))
}

fn letter_file(content: &Content, slug: &str) -> String {
    file_of(content, &format!("letters/{slug}.toml"))
}

fn put(faults: &mut Vec<LintError>, file: &str, found: Vec<Flaw>) {
    faults.extend(found.into_iter().map(|flaw| flaw.in_file(file)));
}

fn wording_at(place: &str, text: &str) -> Vec<Flaw> {
    let found = wording_faults(text).into_iter();
    found.map(|message| Flaw::at(place, message)).collect()
}

fn check_entitlement(known: &Entitlement, today: Date) -> Vec<Flaw> {
    let text = format!("{}.\n{}\n{}", known.title, known.what, known.ask);
    let mut found = wording_at(&known.id, &text);
    if known.review_by < today {
        let message = format!("its review was due on {}", known.review_by);
        found.push(Flaw::at(&known.id, message));
    }
    if known.law.is_empty() && known.source.is_empty() {
        found.push(Flaw::at(&known.id, "it names neither a law nor a source"));
    }
    found
}

// The council's own sentences are quoted word for word; only our words around them are looked at.
fn check_tracker(content: &Content, today: Date) -> Vec<Flaw> {
    let tracker = &content.tracker;
    let mut found = Vec::new();
    if tracker.promises.is_empty() {
        found.push(Flaw::at("promises", "there are none"));
    }
    if let Some(due) = tracker.review_by.filter(|due| *due < today) {
        found.push(Flaw::at(
            "review_by",
            format!("its review was due on {due}"),
        ));
    }
    for promise in &tracker.promises {
        let text = format!(
            "{}.\n{}.\n{}",
            promise.title,
            promise.who,
            promise.done.join("\n")
        );
        found.extend(wording_at(&promise.slug, &text));
    }
    for indicator in &tracker.indicators {
        let text = format!("{}.\n{}", indicator.title, indicator.note);
        found.extend(wording_at(&indicator.id, &text));
    }
    found
}

/// Entitlements whose amount is not known for this day: the page says "ask" there. No fault, but work for an editor.
pub fn amounts_to_look_up(content: &Content, today: Date) -> Vec<&str> {
    let holds = |(from, until): &(Date, Option<Date>)| {
        *from <= today && until.is_none_or(|until| today <= until)
    };
    content
        .entitlements
        .iter()
        .filter(|known| !known.amounts.is_empty() && !known.offer.figures.iter().any(holds))
        .map(|known| known.id.as_str())
        .collect()
}

/// Each of these dangers has a part of its own on the help page, which the page folds under the danger's name.
pub fn check_help(content: &Content, faults: &mut Vec<LintError>) {
    let article = content.page("help");
    for need in help::DANGERS {
        let title = content.words.get(&format!("help.need.{need}"));
        if !article
            .sections
            .iter()
            .any(|part| help::is_about(part, &title))
        {
            let flaw = Flaw::whole(format!("it has no part that is called \"{title}\""));
            faults.push(flaw.in_file(&page_file(content, "help")));
        }
    }
}

fn check_figures(content: &Content, faults: &mut Vec<LintError>) {
    let phones: Vec<String> = content
        .lines
        .iter()
        .flat_map(|line| [line.phone.clone(), line.text.clone()])
        .chain(content.lines.iter().map(|line| {
            let digits: String = line.text.chars().filter(char::is_ascii_digit).collect();
            digits
        }))
        .filter(|phone| !phone.is_empty())
        .collect();
    let mut check = |file: &str, place: &str, text: &str| {
        let found = cited_figures::faults(text, &content.figures, &phones);
        let found = found.into_iter();
        let found = found.map(|message| Flaw::at(place, message)).collect();
        put(faults, file, found);
    };
    for (name, article) in &content.pages {
        check(&page_file(content, name), "", &shown_text(article));
    }
    for right in &content.rights {
        let text = format!("{}\n{}", shown_text(&right.article), right.who_for);
        check(&right_file(content, &right.slug), "", &text);
    }
    for promise in &content.promises {
        let file = file_of(content, "pledge.toml");
        check(&file, &promise.slug, &promise.short);
    }
    for word in &content.glossary {
        let file = file_of(content, "glossary.toml");
        check(&file, &word.slug, &plain(&word.means, ""));
    }
    for letter in &content.letters {
        check(
            &letter_file(content, &letter.slug),
            "",
            &letter_text(letter),
        );
    }
}

fn check_letter(letter: &Letter, places: &Places) -> Vec<Flaw> {
    let mut found = Vec::new();
    let mut fault = |message: String| found.push(Flaw::whole(message));
    if !places.has(&letter.page) {
        fault(format!("it links to {}, which is not there", letter.page));
    }
    let text = letter_text(letter);
    for what in wording_faults(&text) {
        fault(what);
    }
    let counted = measure(&text);
    if counted.grade() > GRADE_MAX {
        fault(format!(
            "its reading grade is {:.1}, above {GRADE_MAX}",
            counted.grade()
        ));
    }
    found
}

/// Other sites that the words name or link to, in order: no machine follows them, so a person must look.
pub fn other_sites(content: &Content) -> Vec<String> {
    let mut sites: BTreeSet<String> = content
        .lines
        .iter()
        .filter(|line| !line.web.is_empty())
        .map(|line| line.web.clone())
        .collect();
    let articles = content
        .pages
        .values()
        .chain(content.rights.iter().map(|right| &right.article));
    for article in articles {
        for section in &article.sections {
            let outside = links(&section.html)
                .into_iter()
                .filter(|link| link.starts_with("http"));
            sites.extend(outside.map(str::to_owned));
        }
    }
    sites.into_iter().collect()
}

fn check_article(
    article: &Article,
    today: Date,
    places: &Places,
    no_facts: bool,
    found: &mut Vec<Flaw>,
) {
    let mut fault = |message: String| found.push(Flaw::whole(message));
    if article.sources.is_empty() && !no_facts {
        fault("it states facts and names no source".to_owned());
    }
    if article.review_by < today {
        fault(format!("its review was due on {}", article.review_by));
    }
    let html: Vec<&str> = std::iter::once(article.in_short.as_str())
        .chain(article.sections.iter().map(|section| section.html.as_str()))
        .collect();
    let html = html.join("\n");
    for link in links(&html) {
        if link.starts_with('/') && !places.has(link) {
            fault(format!("it links to {link}, which is not there"));
        }
    }
    let headings: Vec<&str> = article
        .sections
        .iter()
        .map(|section| section.heading.as_str())
        .collect();
    let text = format!(
        "{}.\n{}\n{}\n{}",
        article.title,
        article.short,
        headings.join(".\n"),
        plain(&html, NUMBER)
    );
    for what in wording_faults(&text) {
        fault(what);
    }
}
