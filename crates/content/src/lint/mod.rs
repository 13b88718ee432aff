//! What `pledge content check` refuses in the words: long or hard sentences, words that hurt, links to nowhere, claims
//! without a source, figures that no source gives, a length that is missing, hard words that nothing explains, reviews
//! that are overdue.

mod hard_words;
mod places;
mod reading;
mod text;
mod wording;

pub use reading::{Reading, readings};

use crate::readability::measure;
use crate::{Content, LintError, cited_figures, coverage};
use domain::date::Date;
use hard_words::check_glossary;
use model::{Article, Letter, help};
use places::Places;
use reading::{GRADE_MAX, reading_faults};
use std::collections::BTreeSet;
use text::{NUMBER, letter_text, links, plain, shown_text};
use wording::wording_faults;

/// Pages that state no facts and so need no source.
const NO_FACTS: [&str; 9] = [
    "home",
    "speak",
    "follow",
    "you-said",
    "accessibility",
    "rights",
    "letters",
    "lifelong-links/people",
    "staying-put/talk",
];

/// Pages that are a way in or a sheet: short by themselves, so they have one length.
const ONE_LENGTH: [&str; 9] = [
    "home",
    "rights",
    "speak",
    "follow",
    "you-said",
    "glossary",
    "letters",
    "lifelong-links/people",
    "staying-put/talk",
];

/// Everything wrong with the words today.
pub fn check(content: &Content, today: Date, addresses: &[String]) -> Vec<LintError> {
    let mut faults = Vec::new();
    let places = Places::new(content, addresses);
    for (name, article) in &content.pages {
        let name = name.as_str();
        let file = format!("pages/{name}.md");
        let no_facts = NO_FACTS.contains(&name);
        check_article(&file, article, today, &places, no_facts, &mut faults);
        let two = !ONE_LENGTH.contains(&name);
        reading_faults(&file, article, two, &mut faults);
    }
    for right in &content.rights {
        let file = format!("rights/{}.md", right.slug);
        check_article(&file, &right.article, today, &places, false, &mut faults);
        reading_faults(&file, &right.article, true, &mut faults);
    }
    check_help(content, &mut faults);
    check_figures(content, &mut faults);
    check_glossary(content, &places, &mut faults);
    for letter in &content.letters {
        check_letter(letter, &places, &mut faults);
    }
    for what in coverage::faults(&content.coverage, |address| places.has(address)) {
        faults.push(LintError {
            file: "coverage.toml".to_owned(),
            what,
        });
    }
    for (key, words) in content.words.table.iter() {
        for what in wording_faults(words) {
            faults.push(LintError {
                file: format!("interface: {key}"),
                what,
            });
        }
    }
    for line in &content.lines {
        for what in wording_faults(&format!("{}. {}", line.name, line.for_whom)) {
            faults.push(LintError {
                file: format!("help.toml: {}", line.name),
                what,
            });
        }
    }
    for known in &content.entitlements {
        let file = format!("entitlements.toml: {}", known.id);
        let text = format!("{}.\n{}\n{}", known.title, known.what, known.ask);
        let mut what = wording_faults(&text);
        if known.review_by < today {
            what.push(format!("its review was due on {}", known.review_by));
        }
        if known.law.is_empty() && known.source.is_empty() {
            what.push("it names neither a law nor a source".to_owned());
        }
        faults.extend(what.into_iter().map(|what| LintError {
            file: file.clone(),
            what,
        }));
    }
    check_tracker(content, today, &mut faults);
    for address in content.everyday.addresses() {
        if !addresses.iter().any(|known| known == address) {
            faults.push(LintError {
                file: "search.toml".to_owned(),
                what: format!("sends people to {address}, which is not there"),
            });
        }
    }
    for promise in content
        .promises
        .iter()
        .filter(|promise| !promise.law.is_empty())
    {
        if !addresses.contains(&promise.law) {
            faults.push(LintError {
                file: "pledge.toml".to_owned(),
                what: format!(
                    "{} links to {}, which is not there",
                    promise.slug, promise.law
                ),
            });
        }
    }
    faults
}

// The council's own sentences are quoted word for word; only our words around them are looked at.
fn check_tracker(content: &Content, today: Date, faults: &mut Vec<LintError>) {
    let tracker = &content.tracker;
    let mut fault = |about: &str, what: String| {
        faults.push(LintError {
            file: format!("promises.toml: {about}"),
            what,
        });
    };
    if tracker.promises.is_empty() {
        fault("promises", "there are none".to_owned());
    }
    if let Some(due) = tracker.review_by.filter(|due| *due < today) {
        fault("review_by", format!("its review was due on {due}"));
    }
    for promise in &tracker.promises {
        let text = format!(
            "{}.\n{}.\n{}",
            promise.title,
            promise.who,
            promise.done.join("\n")
        );
        for what in wording_faults(&text) {
            fault(&promise.slug, what);
        }
    }
    for indicator in &tracker.indicators {
        for what in wording_faults(&format!("{}.\n{}", indicator.title, indicator.note)) {
            fault(&indicator.id, what);
        }
    }
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
            faults.push(LintError {
                file: "pages/help.md".to_owned(),
                what: format!("has no part that is called \"{title}\""),
            });
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
    let mut texts: Vec<(String, String)> = Vec::new();
    for (name, article) in &content.pages {
        texts.push((format!("pages/{name}.md"), shown_text(article)));
    }
    for right in &content.rights {
        let text = format!("{}\n{}", shown_text(&right.article), right.who_for);
        texts.push((format!("rights/{}.md", right.slug), text));
    }
    for promise in &content.promises {
        texts.push(("pledge.toml".to_owned(), promise.short.clone()));
    }
    for word in &content.glossary {
        texts.push((
            format!("glossary.toml: {}", word.slug),
            plain(&word.means, ""),
        ));
    }
    for letter in &content.letters {
        texts.push((format!("letters/{}.toml", letter.slug), letter_text(letter)));
    }
    for (file, text) in texts {
        for what in cited_figures::faults(&text, &content.figures, &phones) {
            faults.push(LintError {
                file: file.clone(),
                what,
            });
        }
    }
}

fn check_letter(letter: &Letter, places: &Places, faults: &mut Vec<LintError>) {
    let mut fault = |what: String| {
        faults.push(LintError {
            file: format!("letters/{}.toml", letter.slug),
            what,
        })
    };
    if !places.has(&letter.page) {
        fault(format!("links to {}, which is not there", letter.page));
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
    file: &str,
    article: &Article,
    today: Date,
    places: &Places,
    no_facts: bool,
    faults: &mut Vec<LintError>,
) {
    let mut fault = |what: String| {
        faults.push(LintError {
            file: file.to_owned(),
            what,
        })
    };
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
            fault(format!("links to {link}, which is not there"));
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
