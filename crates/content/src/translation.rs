//! Languages: which there are, what each has of its own, and what is wrong with it. What a language lacks is English,
//! and [`Content::in_english`] says which pages these are.

use super::lint::address_of;
use super::{Content, LineFront, LintError, PageFront, Section, flatten, load_part, split_front};
use domain::date::Date;
use model::HelpLine;
use model::language::{ENGLISH, Language};
use model::urls;
use model::words::Words;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Names the languages.
pub const FILE: &str = "languages.toml";

/// What every language must have of its own: the words of the frame, of help, Speak, Follow, search and problems, the
/// pages of these journeys, and the help lines.
pub const REQUIRED: [&str; 12] = [
    "interface/public.toml",
    "interface/help.toml",
    "interface/reading.toml",
    "interface/safety.toml",
    "interface/search.toml",
    "interface/keep.toml",
    "help.toml",
    "pages/home.md",
    "pages/help.md",
    "pages/speak.md",
    "pages/follow.md",
    "pages/privacy.md",
];

/// Words that only staff read, who work in English: these groups, and the names of the members of these families.
const STAFF_GROUPS: [&str; 3] = ["desk", "alert", "action"];
const STAFF_NAMES: [&str; 4] = ["lane", "role", "reason", "state"];

/// Words that are the same in every language: names, and what is written alike.
const ALIKE: [&str; 2] = ["Pledge", "OK"];

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
        .ok_or("is missing".to_owned())
        .and_then(parse)
    {
        Ok(languages) => (languages, Vec::new()),
        Err(what) => {
            let file = FILE.to_owned();
            (vec![english_alone()], vec![LintError { file, what }])
        }
    }
}

fn parse(text: &str) -> Result<Vec<Language>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
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
            return Err(format!("{} is no code, or stands twice", one.code));
        }
        if !["ltr", "rtl"].contains(&one.direction.as_str()) {
            return Err(format!("{}: direction is ltr or rtl", one.code));
        }
    }
    if languages.first().is_none_or(|first| !first.is_english()) {
        return Err("English does not stand first".to_owned());
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

fn text_of<'a>(files: &'a [(String, String)], path: &str) -> Option<&'a str> {
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
        all.everyday = own.everyday.clone().with(&english.everyday);
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
        let mut all: BTreeSet<String> = pages.map(|name| address_of(name)).collect();
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

// ---------------------------------------------------------------- what is wrong

/// Everything wrong with the languages beside English on a day. `addresses`: the pages there are.
pub fn check(files: &[(String, String)], today: Date, addresses: &[String]) -> Vec<LintError> {
    let (languages, mut faults) = read(files);
    let known = |path: &str| {
        let folder = path.split('/').next().unwrap_or_default();
        !path.contains('/') || languages.iter().any(|one| one.code == folder)
    };
    for (path, _) in files.iter().filter(|(path, _)| !known(path)) {
        faults.push(LintError {
            file: path.clone(),
            what: format!("its folder is no language of {FILE}"),
        });
    }
    for language in languages.iter().filter(|one| !one.is_english()) {
        check_one(files, language, today, addresses, &mut faults);
    }
    faults
}

/// What a language lacks, as the names of the English files: it is shown in English.
pub fn lacking(files: &[(String, String)], language: &Language) -> Vec<String> {
    let english = files
        .iter()
        .filter_map(|(path, _)| path.strip_prefix("en/"));
    english
        .filter(|name| text_of(files, &format!("{}/{name}", language.code)).is_none())
        .map(str::to_owned)
        .collect()
}

fn check_one(
    files: &[(String, String)],
    language: &Language,
    today: Date,
    addresses: &[String],
    faults: &mut Vec<LintError>,
) {
    let folder = format!("{}/", language.code);
    for name in REQUIRED {
        if text_of(files, &format!("{folder}{name}")).is_none() {
            faults.push(LintError {
                file: format!("{folder}{name}"),
                what: "is missing".to_owned(),
            });
        }
    }
    for (path, text) in files {
        let Some(name) = path.strip_prefix(&folder) else {
            continue;
        };
        let what = match text_of(files, &format!("en/{name}")) {
            None => vec!["has no English file of the same name".to_owned()],
            Some(english) if name.starts_with("interface/") => {
                words_faults(text, english, &language.direction)
            }
            Some(english) if name == "help.toml" => help_faults(text, english),
            Some(_) if name == "search.toml" => search_faults(text, addresses),
            Some(english) if name.ends_with(".md") => page_faults(text, english, today),
            // Read like the English ones, and nothing in them must stay as it is.
            Some(_) => Vec::new(),
        };
        faults.extend(what.into_iter().map(|what| LintError {
            file: path.clone(),
            what,
        }));
    }
}

fn words_faults(own: &str, english: &str, direction: &str) -> Vec<String> {
    let (own, english) = match (table(own), table(english)) {
        (Ok(own), Ok(english)) => (own, english),
        // Reading the words says so too.
        (Err(what), _) | (_, Err(what)) => return vec![what],
    };
    let mut faults = Vec::new();
    let wanted = english.keys().filter(|key| !is_for_staff(key));
    for key in wanted.filter(|key| !own.contains_key(*key)) {
        faults.push(format!("{key} is missing"));
    }
    for (key, words) in &own {
        let Some(english) = english.get(key) else {
            faults.push(format!("{key} is not there in English"));
            continue;
        };
        if is_for_staff(key) {
            faults.push(format!("{key} is read at the desk alone, in English"));
            continue;
        }
        if key == "site.direction" {
            if words != direction {
                faults.push(format!("{key} is not {direction}, as {FILE} says"));
            }
            continue;
        }
        if places(words) != places(english) {
            faults.push(format!("{key} has other places to fill in: {words}"));
        }
        if is_english(words, english) {
            faults.push(format!("{key} is still English: {words}"));
        }
        if digits(words) != digits(english) {
            faults.push(format!("{key} has other numbers: {words}"));
        }
    }
    faults
}

fn is_for_staff(key: &str) -> bool {
    let group = key.split('.').next().unwrap_or_default();
    STAFF_GROUPS.contains(&group) || STAFF_NAMES.contains(&group) && key.ends_with(".name")
}

fn table(text: &str) -> Result<BTreeMap<String, String>, String> {
    let tree: toml::Table = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut table = BTreeMap::new();
    flatten(&tree, "", &mut table);
    Ok(table)
}

#[derive(Deserialize)]
struct Lines {
    line: Vec<LineFront>,
}

fn help_faults(own: &str, english: &str) -> Vec<String> {
    let read = |text: &str| toml::from_str::<Lines>(text).map_err(|error| error.to_string());
    let (own, english) = match (read(own), read(english)) {
        (Ok(own), Ok(english)) => (own.line, english.line),
        (Err(what), _) | (_, Err(what)) => return vec![what],
    };
    let mut faults = Vec::new();
    for line in &english {
        if !own.iter().any(|known| known.id == line.id) {
            faults.push(format!("the line {} is missing", line.id));
        }
    }
    for line in &own {
        let Some(english) = english.iter().find(|known| known.id == line.id) else {
            faults.push(format!("the line {} is not there in English", line.id));
            continue;
        };
        let id = &line.id;
        for (name, own, english) in [
            ("phone", &line.phone, &english.phone),
            ("phone_href", &line.phone_href, &english.phone_href),
            ("web", &line.web, &english.web),
        ] {
            if own != english {
                faults.push(format!("{id}: {name} is {own}, in English {english}"));
            }
        }
        let same = line.free == english.free
            && line.urgent == english.urgent
            && line.night == english.night
            && line.verified == english.verified
            && line.needs == english.needs
            && line.checked == english.checked;
        if !same {
            faults.push(format!("{id}: what is no word differs from English"));
        }
        for (name, own, english) in [
            ("text", &line.text, &english.text),
            ("for_whom", &line.for_whom, &english.for_whom),
            ("hours", &line.hours, &english.hours),
        ] {
            if digits(own) != digits(english) {
                faults.push(format!("{id}: {name} has other numbers: {own}"));
            }
            if is_english(own, english) {
                faults.push(format!("{id}: {name} is still English: {own}"));
            }
        }
    }
    faults
}

// What people call things differs in every language; only where it leads is looked at.
fn search_faults(own: &str, addresses: &[String]) -> Vec<String> {
    let everyday = match crate::search_index::everyday(own) {
        Ok(everyday) => everyday,
        Err(what) => return vec![what],
    };
    let gone = everyday.addresses();
    gone.filter(|to| !addresses.iter().any(|known| known == to))
        .map(|to| format!("sends people to {to}, which is not there"))
        .collect()
}

fn page_faults(own: &str, english: &str, today: Date) -> Vec<String> {
    let read = |text: &str| -> Result<(PageFront, String), String> {
        let (front, body) = split_front(text)?;
        let front = toml::from_str(front).map_err(|error| error.to_string())?;
        Ok((front, body.to_owned()))
    };
    let ((front, body), (english, english_body)) = match (read(own), read(english)) {
        (Ok(own), Ok(english)) => (own, english),
        (Err(what), _) | (_, Err(what)) => return vec![what],
    };
    let mut faults = Vec::new();
    if front.review_by < today {
        faults.push(format!("its review was due on {}", front.review_by));
    }
    if front.certainty != english.certainty || front.sources.len() != english.sources.len() {
        faults.push("it is not as sure as the English page, or has other sources".to_owned());
    }
    for (name, own, english) in [
        ("the title", &front.title, &english.title),
        ("the short sentence", &front.short, &english.short),
    ] {
        if is_english(own, english) {
            faults.push(format!("{name} is still English: {own}"));
        }
    }
    let headings = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.starts_with("##"));
        lines.map(str::to_owned).collect()
    };
    let (own, their) = (headings(&body), headings(&english_body));
    if own.len() != their.len() {
        faults.push(format!(
            "it has {} headings, in English {}",
            own.len(),
            their.len()
        ));
    }
    if links(&body) != links(&english_body) {
        faults.push(format!(
            "its links are {:?}, in English {:?}",
            links(&body),
            links(&english_body)
        ));
    }
    let whole = |front: &PageFront, body: &str| format!("{} {} {body}", front.title, front.short);
    let (own, their) = (
        digits(&whole(&front, &body)),
        digits(&whole(&english, &english_body)),
    );
    if own != their {
        faults.push(format!("its numbers are {own:?}, in English {their:?}"));
    }
    for line in body.lines() {
        let same = english_body
            .lines()
            .find(|english| is_english(line, english));
        if let Some(same) = same {
            faults.push(format!("a line is still English: {same}"));
        }
    }
    faults
}

// The same words as in English, with at least one word in them that is no name.
fn is_english(own: &str, english: &str) -> bool {
    let mut left = own.to_owned();
    for place in places(own) {
        left = left.replace(&place, "");
    }
    for alike in ALIKE {
        left = left.replace(alike, "");
    }
    own.trim() == english.trim() && left.chars().any(char::is_alphabetic)
}

// What is filled in later: `{name}`.
fn places(text: &str) -> BTreeSet<String> {
    let parts = text.split('{').skip(1);
    let names = parts.filter_map(|part| part.split_once('}').map(|(name, _)| name));
    names.map(|name| format!("{{{name}}}")).collect()
}

// Every number in digits, in any order: a language may turn a sentence round.
fn digits(text: &str) -> Vec<String> {
    let mut all: Vec<String> = text
        .split(|c: char| !c.is_numeric())
        .filter(|number| !number.is_empty())
        .map(str::to_owned)
        .collect();
    all.sort();
    all
}

// Where the links of a Markdown text lead, in any order.
fn links(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1);
    let mut all: Vec<&str> = targets.filter_map(|rest| rest.split(')').next()).collect();
    all.sort_unstable();
    all
}
