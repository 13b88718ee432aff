//! What `pledge content check` refuses in the words: long or hard sentences, words that hurt, links to nowhere, claims
//! without a source, figures that no source gives, a length that is missing, hard words that nothing explains, reviews
//! that are overdue.

use super::readability::{Measure, measure};
use super::{Content, LintError, cited_figures, coverage};
use domain::date::Date;
use model::{Article, Letter, help};
use std::collections::{BTreeMap, BTreeSet};

/// Highest Flesch-Kincaid grade of a page: year 4 begins at age 9.
const GRADE_MAX: f64 = 4.0;
/// The same for the short text of a page, which is for ages 8 to 12.
const SHORT_GRADE_MAX: f64 = 3.0;
/// Most words in a sentence, on average over a page.
const MEAN_MAX: f64 = 15.0;
/// Most words of the short text of a page.
const SHORT_WORDS_MAX: usize = 90;
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

/// Longest sentence, in words.
const SENTENCE_MAX: usize = 25;

/// Words that young people asked us not to use (facts of the field: TACT, "Language That Cares"), whole and in lower
/// case.
const AVOID: [&str; 12] = [
    "lac",
    "placement",
    "placements",
    "case",
    "cases",
    "client",
    "clients",
    "respite",
    "siblings",
    "abscond",
    "neet",
    "lorem",
];

/// Names of documents in which a word of [`AVOID`] is part of the title.
const TITLES: [&str; 1] = ["Care Planning, Placement and Case Review (England) Regulations 2010"];

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

/// Addresses with the places on their pages.
struct Places(BTreeMap<String, BTreeSet<String>>);

impl Places {
    fn new(content: &Content, addresses: &[String]) -> Places {
        let mut places: BTreeMap<String, BTreeSet<String>> = addresses
            .iter()
            .map(|address| (address.clone(), BTreeSet::new()))
            .collect();
        let mut add = |address: &str, ids: BTreeSet<String>| {
            if let Some(known) = places.get_mut(address) {
                known.extend(ids);
            }
        };
        let of = |article: &Article| article.sections.iter().map(|s| s.id.clone()).collect();
        for (name, article) in &content.pages {
            add(&address_of(name), of(article));
        }
        for right in &content.rights {
            add(&model::urls::right(&right.slug), of(&right.article));
        }
        add(
            model::urls::RIGHTS,
            content
                .groups
                .iter()
                .map(|group| group.id.clone())
                .collect(),
        );
        add(
            model::urls::GLOSSARY,
            content
                .glossary
                .iter()
                .map(|word| word.slug.clone())
                .collect(),
        );
        add(model::urls::HELP, BTreeSet::from(["lines".to_owned()]));
        add(
            model::urls::COMMITTEE,
            BTreeSet::from(["meetings".to_owned()]),
        );
        Places(places)
    }

    fn has(&self, link: &str) -> bool {
        let (page, place) = link.split_once('#').unwrap_or((link, ""));
        self.0
            .get(page)
            .is_some_and(|ids| place.is_empty() || ids.contains(place))
    }
}

/// The address of a page by its name.
pub(super) fn address_of(name: &str) -> String {
    if name == "home" {
        return model::urls::HOME.to_owned();
    }
    format!("/{name}")
}

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
        .map(|(name, article)| (address_of(name), article));
    let rights = content
        .rights
        .iter()
        .map(|right| (model::urls::right(&right.slug), &right.article));
    let reading = |address: String, whole: &str, short: &str| Reading {
        address,
        whole: measure(whole),
        short: measure(short),
        longest: super::readability::sentences(whole)
            .into_iter()
            .map(|sentence| super::readability::words(sentence).count())
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

// The text that a young person reads on a page, line by line, without headings.
fn read_text(article: &Article) -> String {
    let sections: Vec<String> = article
        .sections
        .iter()
        .map(|section| plain(&section.html, NUMBER))
        .collect();
    format!(
        "{}\n{}\n{}",
        article.short,
        plain(&article.in_short, NUMBER),
        sections.join("\n")
    )
}

fn letter_text(letter: &Letter) -> String {
    let mut lines = vec![letter.short.clone(), letter.to.clone()];
    for field in &letter.fields {
        lines.push(field.label.clone());
        lines.push(field.hint.clone());
    }
    for paragraph in &letter.text {
        let text: String = model::letter_text::parts(paragraph)
            .into_iter()
            .map(|part| match part {
                model::letter_text::Part::Text(text) => text,
                model::letter_text::Part::Field(_) => "this",
            })
            .collect();
        lines.push(text);
    }
    lines.join("\n")
}

fn reading_faults(file: &str, article: &Article, two: bool, faults: &mut Vec<LintError>) {
    let mut fault = |what: String| {
        faults.push(LintError {
            file: file.to_owned(),
            what,
        })
    };
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

// Everything shown but the sources, phone numbers included.
fn shown_text(article: &Article) -> String {
    let mut text = format!(
        "{}\n{}\n{}",
        article.title,
        article.short,
        plain(&article.in_short, "")
    );
    for section in &article.sections {
        text.push_str(&format!(
            "\n{}\n{}",
            section.heading,
            plain(&section.html, "")
        ));
    }
    text
}

fn check_glossary(content: &Content, places: &Places, faults: &mut Vec<LintError>) {
    let mut fault = |what: String| {
        faults.push(LintError {
            file: "glossary.toml".to_owned(),
            what,
        })
    };
    let mut known = BTreeSet::new();
    for word in &content.glossary {
        for term in std::iter::once(&word.word).chain(&word.also) {
            if !known.insert(term.to_lowercase()) {
                fault(format!("explains {term} twice"));
            }
        }
        let means = plain(&word.means, NUMBER);
        if means.trim().is_empty() {
            fault(format!("does not say what {} means", word.word));
        }
        for what in wording_faults(&means) {
            fault(format!("{}: {what}", word.word));
        }
        for link in links(&word.means).into_iter().chain([word.page.as_str()]) {
            if link.starts_with('/') && !places.has(link) {
                fault(format!("{} links to {link}, which is not there", word.word));
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
        fault(format!(
            "its reading grade is {grade:.1}, above {GRADE_MAX}"
        ));
    }
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
    for term in missing {
        fault(format!("does not explain {term}, which a page uses"));
    }
}

// Words of two or more capital letters.
fn acronyms(text: &str) -> Vec<String> {
    super::readability::words(&text.replace('\n', " "))
        .map(|word| {
            word.trim_matches(|c: char| !c.is_alphanumeric())
                .trim_end_matches('s')
        })
        .filter(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase()))
        .filter(|word| !NO_ACRONYMS.contains(word))
        .map(str::to_owned)
        .collect()
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

fn wording_faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut text = text.to_owned();
    for title in TITLES {
        text = text.replace(title, "these Regulations");
    }
    for sentence in text.split(['.', '!', '?', ':', '\n']) {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        if words.len() > SENTENCE_MAX {
            faults.push(format!(
                "a sentence has {} words: {} …",
                words.len(),
                words[..6].join(" ")
            ));
        }
        for word in words {
            let bare: String = word
                .chars()
                .filter(|c| c.is_alphanumeric())
                .collect::<String>()
                .to_lowercase();
            if AVOID.contains(&bare.as_str()) {
                faults.push(format!("says {word}"));
            }
        }
    }
    faults
}

fn links(html: &str) -> Vec<&str> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// What stands for a phone number where only the reading is measured: a number is not read, it is tapped.
const NUMBER: &str = "this";

// Tags go; a block's end ends the sentence. A phone number that can be tapped becomes `phone`, or stays if that is empty.
fn plain(html: &str, phone: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    let mut in_phone = false;
    while let Some(start) = rest.find('<') {
        if !in_phone {
            text.push_str(&rest[..start]);
        }
        let end = rest[start..]
            .find('>')
            .map_or(rest.len(), |at| start + at + 1);
        let tag = &rest[start..end];
        if tag.starts_with("<a href=\"tel:") && !phone.is_empty() {
            text.push_str(phone);
            in_phone = true;
        } else if tag == "</a>" {
            in_phone = false;
        }
        if ["</p>", "</li>", "</h2>", "</h3>", "</td>", "</th>"].contains(&tag) {
            text.push('\n');
        }
        rest = &rest[end..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_planted() {
        assert_eq!(
            wording_faults("A fine sentence. Another one."),
            [] as [String; 0]
        );
        assert_eq!(wording_faults("Your placement."), ["says placement"]);
        assert_eq!(wording_faults(&"word ".repeat(26)).len(), 1);
        assert_eq!(wording_faults(TITLES[0]), [] as [String; 0]);
        assert_eq!(plain("<p>a</p>\n<ul><li>b</li></ul>", NUMBER), "a\n\nb\n");
        let call = "<p>Call <a href=\"tel:999\">999</a> now.</p>";
        assert_eq!(plain(call, NUMBER), "Call this now.\n");
        assert_eq!(plain(call, ""), "Call 999 now.\n");
        assert_eq!(
            acronyms("An IRO, two PAs and the FREEPOST. A I. 23CZA"),
            ["IRO", "PA"]
        );
        assert_eq!(links("<a href=\"/x\">x</a>"), ["/x"]);
    }
}
