//! The hard words of `glossary.toml`, and the links to them where a page first uses one: not in headings, not inside other
//! links.

use crate::identifier::TypedName;
use crate::lint_error::Flaw;
use crate::markdown::{link_html, sections};
use model::urls::GLOSSARY;
use model::{Article, GlossaryWord};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GlossaryFile {
    word: Vec<WordFront>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordFront {
    slug: TypedName,
    word: String,
    #[serde(default)]
    also: Vec<String>,
    means: String,
    #[serde(default)]
    page: String,
}

/// Reads `glossary.toml`.
pub(crate) fn read(text: &str) -> Result<Vec<GlossaryWord>, Vec<Flaw>> {
    let file: GlossaryFile =
        toml::from_str(text).map_err(|error| vec![Flaw::whole(error.to_string())])?;
    let (mut words, mut faults) = (Vec::new(), Vec::new());
    for front in file.word {
        let place = front.word.clone();
        match word(front) {
            Ok(word) => words.push(word),
            Err(what) => faults.push(Flaw::at(&place, what)),
        }
    }
    if faults.is_empty() {
        Ok(words)
    } else {
        Err(faults)
    }
}

fn word(front: WordFront) -> Result<GlossaryWord, String> {
    let means = sections(&front.means)?
        .into_iter()
        .map(|section| section.html)
        .collect::<String>();
    Ok(GlossaryWord {
        slug: front.slug.checked("slug")?,
        word: front.word,
        also: front.also,
        // One paragraph, shown inline.
        means: means.replace("<p>", "").replace("</p>", ""),
        page: front.page,
    })
}

/// The words to look for, longest first, by the letter they begin with.
pub struct Linker<'a> {
    terms: BTreeMap<char, Vec<(&'a str, &'a GlossaryWord)>>,
}

fn first_letter(text: &str) -> char {
    text.chars().next().unwrap_or(' ').to_ascii_lowercase()
}

impl<'a> Linker<'a> {
    /// Knows every word and its other spellings.
    pub fn new(words: &'a [GlossaryWord]) -> Linker<'a> {
        let mut terms: BTreeMap<char, Vec<(&str, &GlossaryWord)>> = BTreeMap::new();
        for word in words {
            for term in std::iter::once(&word.word).chain(&word.also) {
                let begun = terms.entry(first_letter(term)).or_default();
                begun.push((term.as_str(), word));
            }
        }
        for begun in terms.values_mut() {
            begun.sort_by_key(|(term, _)| std::cmp::Reverse(term.len()));
        }
        Linker { terms }
    }

    /// Links the words of one page, each once. A word whose own page this is stays as it is.
    pub fn link(&self, address: &str, article: &mut Article) {
        let mut done: BTreeSet<&str> = self
            .terms
            .values()
            .flatten()
            .filter(|(_, word)| word.page == address)
            .map(|(_, word)| word.slug.as_str())
            .collect();
        article.in_short = self.link_html(&article.in_short, &mut done);
        for section in &mut article.sections {
            section.html = self.link_html(&section.html, &mut done);
        }
    }

    fn link_html(&self, html: &str, done: &mut BTreeSet<&'a str>) -> String {
        let mut linked = String::with_capacity(html.len() + 200);
        let mut inside = 0_usize;
        let mut rest = html;
        while !rest.is_empty() {
            if rest.starts_with('<') {
                let end = rest.find('>').map_or(rest.len(), |at| at + 1);
                let (tag, after) = rest.split_at(end);
                if ["<a ", "<h3", "<th", "<code"]
                    .iter()
                    .any(|t| tag.starts_with(t))
                {
                    inside += 1;
                } else if ["</a>", "</h3>", "</th>", "</code>"].contains(&tag) {
                    inside = inside.saturating_sub(1);
                }
                linked.push_str(tag);
                rest = after;
                continue;
            }
            let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            if inside == 0 {
                self.link_text(text, done, &mut linked);
            } else {
                linked.push_str(text);
            }
            rest = after;
        }
        linked
    }

    fn link_text(&self, text: &str, done: &mut BTreeSet<&'a str>, linked: &mut String) {
        let mut start = 0;
        let mut from = 0;
        let mut word_begins = true;
        for (at, c) in text.char_indices() {
            if at >= from
                && word_begins
                && let Some((length, slug)) = self.term_at(&text[at..])
            {
                // A longer word that has its link hides the shorter one inside it.
                from = at + length;
                if done.insert(slug) {
                    linked.push_str(&text[start..at]);
                    let shown = &text[at..from];
                    linked.push_str(&link_html(&format!("{GLOSSARY}#{slug}"), shown));
                    start = from;
                }
            }
            word_begins = !c.is_alphanumeric() && c != '-';
        }
        linked.push_str(&text[start..]);
    }

    // The longest word that begins here, and its length in bytes.
    fn term_at(&self, text: &str) -> Option<(usize, &'a str)> {
        let begun = self.terms.get(&first_letter(text))?;
        begun.iter().find_map(|(term, word)| {
            let shown = text.get(..term.len())?;
            let whole = text[term.len()..]
                .chars()
                .next()
                .is_none_or(|next| !next.is_alphanumeric() && next != '-');
            let same = if term.chars().any(char::is_uppercase) {
                shown == *term
            } else {
                shown.eq_ignore_ascii_case(term)
            };
            (whole && same).then_some((term.len(), word.slug.as_str()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(slug: &str, word: &str, also: &[&str], page: &str) -> GlossaryWord {
        GlossaryWord {
            slug: slug.to_owned(),
            word: word.to_owned(),
            also: also.iter().map(|term| (*term).to_owned()).collect(),
            means: String::new(),
            page: page.to_owned(),
        }
    }

    #[test]
    fn links_the_first_use_outside_links_and_headings() {
        let words = [
            word("plan", "care plan", &["care plans"], ""),
            word("iro", "IRO", &["independent reviewing officer"], ""),
            word("own", "advocate", &[], "/rights/advocate"),
            word("short", "plan", &[], ""),
        ];
        let linker = Linker::new(&words);
        let mut done = BTreeSet::new();
        assert_eq!(
            linker.link_html(
                "<h3>Care plan</h3><p><a href=\"/x\">care plan</a> Care plans, a care plan, an IRO, iron, IROs, plan.</p>",
                &mut done
            ),
            "<h3>Care plan</h3><p><a href=\"/x\">care plan</a> <a href=\"/glossary#plan\">Care plans</a>, a care plan, an \
             <a href=\"/glossary#iro\">IRO</a>, iron, IROs, <a href=\"/glossary#short\">plan</a>.</p>"
        );
        let mut page = Article {
            title: String::new(),
            short: String::new(),
            in_short: "<p>An advocate.</p>".to_owned(),
            sections: Vec::new(),
            sources: Vec::new(),
            checked: domain::date::Date::EPOCH,
            review_by: domain::date::Date::EPOCH,
            certainty: model::Certainty::Ask,
        };
        linker.link("/rights/advocate", &mut page);
        assert_eq!(page.in_short, "<p>An advocate.</p>");
        linker.link("/rights/other", &mut page);
        assert!(page.in_short.contains("/glossary#own"));
    }
}
