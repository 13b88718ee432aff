//! Languages: which there are, and what each has of its own. What a language lacks is English, and
//! [`Content::in_english`] says which pages these are.

use crate::Content;
use crate::lint_error::{Flaw, LintError};
use crate::parse::load_part;
use model::language::{ENGLISH, Language};
use model::urls;
use model::words::Words;
use model::{HelpLine, Section};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Names the languages.
pub const FILE: &str = "languages.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    language: Vec<Front>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    code: String,
    name: String,
    english: String,
    direction: String,
    checked_by_person: bool,
}

/// The languages that [`FILE`] names, English first. A fault in it leaves English alone.
pub fn read(files: &[(String, String)]) -> (Vec<Language>, Vec<LintError>) {
    match text_of(files, FILE)
        .ok_or_else(|| Flaw::whole("it is missing"))
        .and_then(parse)
    {
        Ok(languages) => (languages, Vec::new()),
        Err(flaw) => (vec![english_alone()], vec![flaw.in_file(FILE)]),
    }
}

fn parse(text: &str) -> Result<Vec<Language>, Flaw> {
    let file: File = toml::from_str(text).map_err(|error| Flaw::whole(error.to_string()))?;
    let languages: Vec<Language> = file
        .language
        .into_iter()
        .map(|front| Language {
            code: front.code,
            name: front.name,
            english: front.english,
            direction: front.direction,
            checked: front.checked_by_person,
        })
        .collect();
    let mut codes = BTreeSet::new();
    for one in &languages {
        let is_code = one.code.len() == 2 && one.code.bytes().all(|b| b.is_ascii_lowercase());
        if !is_code || !codes.insert(&one.code) {
            return Err(Flaw::at(&one.code, "it is no code, or stands twice"));
        }
        if !["ltr", "rtl"].contains(&one.direction.as_str()) {
            return Err(Flaw::at(&one.code, "direction is ltr or rtl"));
        }
    }
    if languages.first().is_none_or(|first| !first.is_english()) {
        return Err(Flaw::whole("English does not stand first"));
    }
    Ok(languages)
}

fn english_alone() -> Language {
    Language {
        code: ENGLISH.to_owned(),
        name: "English".to_owned(),
        english: "English".to_owned(),
        direction: "ltr".to_owned(),
        checked: true,
    }
}

pub(crate) fn text_of<'a>(files: &'a [(String, String)], path: &str) -> Option<&'a str> {
    let found = files.iter().find(|(known, _)| known == path);
    found.map(|(_, text)| text.as_str())
}

/// What a language has of its own.
#[derive(Clone, Debug)]
pub struct Translation {
    /// Which language.
    pub language: Language,
    own: Content,
}

/// Reads what every language but English has of its own.
pub fn translations(files: &[(String, String)]) -> (Vec<Translation>, Vec<LintError>) {
    let (languages, mut faults) = read(files);
    let mut all = Vec::new();
    for language in languages.into_iter().filter(|one| !one.is_english()) {
        let (own, wrong) = load_part(&language.code, files);
        faults.extend(wrong);
        all.push(Translation { language, own });
    }
    (all, faults)
}

impl Translation {
    /// Every word of this language, over the English ones.
    ///
    /// Numbers to call and everything else that is no word come from English, so that they are right in every language
    /// as soon as they are right in one.
    pub fn over(&self, english: &Content) -> Content {
        let own = &self.own;
        let mut all = english.clone();
        let mut table = (*english.words.table).clone();
        table.extend((*own.words.table).clone());
        all.words = Words {
            language: self.language.code.clone(),
            table: Arc::new(table),
        };
        for (name, page) in &own.pages {
            let mut page = page.clone();
            if let Some(english) = english.pages.get(name) {
                keep_places(&mut page.sections, &english.sections);
            }
            all.pages.insert(name.clone(), page);
        }
        for line in &mut all.lines {
            if let Some(own) = own.lines.iter().find(|own| own.id == line.id) {
                *line = line_over(own, line);
            }
        }
        for right in &mut all.rights {
            if let Some(own) = own.right(&right.slug) {
                *right = own.clone();
            }
        }
        for letter in &mut all.letters {
            if let Some(own) = own.letter(&letter.slug) {
                *letter = own.clone();
            }
        }
        for group in &mut all.groups {
            let Some(own_group) = own.groups.iter().find(|known| known.id == group.id) else {
                continue;
            };
            for right in all
                .rights
                .iter_mut()
                .filter(|right| right.group == group.title)
            {
                right.group.clone_from(&own_group.title);
            }
            for link in &mut group.rights {
                if let Some(own) = own.right(&link.slug) {
                    link.title.clone_from(&own.article.title);
                    link.short.clone_from(&own.article.short);
                }
            }
            group.title.clone_from(&own_group.title);
            group.short.clone_from(&own_group.short);
        }
        if !own.promises.is_empty() {
            all.promises.clone_from(&own.promises);
        }
        if !own.glossary.is_empty() {
            all.glossary.clone_from(&own.glossary);
        }
        if !own.tracker.promises.is_empty() {
            all.tracker = own.tracker.clone();
        }
        if !own.entitlements.is_empty() {
            all.entitlements.clone_from(&own.entitlements);
        }
        // Somebody may also type English here, above all when it is urgent.
        all.synonyms = own.synonyms.clone().with(&english.synonyms);
        all.in_english = Arc::new(self.lacking(english));
        all
    }

    /// The addresses of the pages that this language lacks.
    fn lacking(&self, english: &Content) -> BTreeSet<String> {
        let own = &self.own;
        let pages = english.pages.keys().filter(|name| {
            let has_list = match name.split('/').next().unwrap_or_default() {
                "rights" => !own.groups.is_empty(),
                "pledge" => !own.promises.is_empty(),
                "promises" => !own.tracker.promises.is_empty(),
                "glossary" => !own.glossary.is_empty(),
                "letters" => !own.letters.is_empty(),
                "help" => !own.lines.is_empty(),
                _ => true,
            };
            !has_list || !own.pages.contains_key(*name)
        });
        let rights = english.rights.iter().map(|right| right.slug.as_str());
        let letters = english.letters.iter().map(|letter| letter.slug.as_str());
        let promises = english.tracker.promises.iter().map(|one| one.slug.as_str());
        let mut all: BTreeSet<String> = pages.map(|name| urls::article(name)).collect();
        all.extend(
            rights
                .filter(|slug| own.right(slug).is_none())
                .map(urls::right),
        );
        all.extend(
            letters
                .filter(|slug| own.letter(slug).is_none())
                .map(urls::letter),
        );
        if own.tracker.promises.is_empty() {
            all.extend(promises.map(urls::council_promise));
        }
        if own.entitlements.is_empty() {
            all.insert(urls::CHECK.to_owned());
            all.insert(urls::CHECK_KIT.to_owned());
        }
        if own.rights.is_empty() {
            all.insert(urls::PRINT.to_owned());
        }
        all
    }
}

// The places of a page have the same names in every language, so that a link to a place works in each.
fn keep_places(own: &mut [Section], english: &[Section]) {
    if own.len() == english.len() {
        for (own, english) in own.iter_mut().zip(english) {
            own.id.clone_from(&english.id);
        }
    }
}

fn line_over(own: &HelpLine, english: &HelpLine) -> HelpLine {
    let text = if digits(&own.text) == digits(&english.text) {
        own.text.clone()
    } else {
        english.text.clone()
    };
    HelpLine {
        name: own.name.clone(),
        for_whom: own.for_whom.clone(),
        hours: own.hours.clone(),
        text,
        ..english.clone()
    }
}

// Every number in digits, in any order: a language may turn a sentence round.
pub(crate) fn digits(text: &str) -> Vec<String> {
    let mut all: Vec<String> = text
        .split(|c: char| !c.is_numeric())
        .filter(|number| !number.is_empty())
        .map(str::to_owned)
        .collect();
    all.sort();
    all
}
