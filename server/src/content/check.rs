//! What `pledge content check` refuses in the words: long sentences, words that hurt, links to nowhere, claims without
//! a source, reviews that are overdue.

use super::{Content, Fault};
use app::model::Article;
use domain::date::Date;

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
const NO_FACTS: [&str; 6] = [
    "home",
    "speak",
    "follow",
    "you-said",
    "accessibility",
    "rights",
];

/// Everything wrong with the words today.
pub fn check(content: &Content, today: Date, addresses: &[String]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, article) in &content.pages {
        check_article(
            &format!("pages/{name}.md"),
            article,
            today,
            addresses,
            NO_FACTS.contains(&name.as_str()),
            &mut faults,
        );
    }
    for right in &content.rights {
        check_article(
            &format!("rights/{}.md", right.slug),
            &right.article,
            today,
            addresses,
            false,
            &mut faults,
        );
    }
    for (key, words) in content.words.table.iter() {
        for what in wording_faults(words) {
            faults.push(Fault {
                file: format!("interface: {key}"),
                what,
            });
        }
    }
    for line in &content.lines {
        for what in wording_faults(&format!("{}. {}", line.name, line.for_whom)) {
            faults.push(Fault {
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
        faults.extend(what.into_iter().map(|what| Fault {
            file: file.clone(),
            what,
        }));
    }
    check_tracker(content, today, &mut faults);
    for address in content.everyday.addresses() {
        if !addresses.iter().any(|known| known == address) {
            faults.push(Fault {
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
            faults.push(Fault {
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
fn check_tracker(content: &Content, today: Date, faults: &mut Vec<Fault>) {
    let tracker = &content.tracker;
    let mut fault = |about: &str, what: String| {
        faults.push(Fault {
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

fn check_article(
    file: &str,
    article: &Article,
    today: Date,
    addresses: &[String],
    no_facts: bool,
    faults: &mut Vec<Fault>,
) {
    let mut fault = |what: String| {
        faults.push(Fault {
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
    let html: Vec<&str> = article
        .sections
        .iter()
        .map(|section| section.html.as_str())
        .collect();
    let html = html.join("\n");
    for link in links(&html) {
        let page = link.split('#').next().unwrap_or_default();
        if link.starts_with('/') && !addresses.iter().any(|address| address == page) {
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
        plain(&html)
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

// Tags go; a block's end ends the sentence.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let end = rest[start..]
            .find('>')
            .map_or(rest.len(), |at| start + at + 1);
        let tag = &rest[start..end];
        if ["</p>", "</li>", "</h2>", "</td>"].contains(&tag) {
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
        assert_eq!(plain("<p>a</p>\n<ul><li>b</li></ul>"), "a\n\nb\n");
        assert_eq!(links("<a href=\"/x\">x</a>"), ["/x"]);
    }
}
