//! What `pledge content check` refuses in the languages beside English: what is missing, what is still English, and what
//! differs though it is no word.

use super::overlay::{FILE, digits, read, text_of};
use crate::front_matter::{PageFront, split_front};
use crate::lint_error::{Flaw, LintError};
use crate::{help_lines, interface, search_terms};
use domain::date::Date;
use model::language::Language;
use std::collections::{BTreeMap, BTreeSet};

/// What every language must have of its own: the words of the frame, of help, Speak, Follow, search and problems, the
/// pages of these journeys, and the help lines.
pub const REQUIRED: [&str; 12] = [
    "interface/public.toml",
    "interface/help.toml",
    "interface/reading.toml",
    "interface/safety.toml",
    "interface/search.toml",
    "interface/offline.toml",
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

/// Everything wrong with the languages beside English on a day. `addresses`: the pages there are.
pub fn check(files: &[(String, String)], today: Date, addresses: &[String]) -> Vec<LintError> {
    let (languages, mut faults) = read(files);
    let known = |path: &str| {
        let folder = path.split('/').next().unwrap_or_default();
        !path.contains('/') || languages.iter().any(|one| one.code == folder)
    };
    for (path, _) in files.iter().filter(|(path, _)| !known(path)) {
        let flaw = Flaw::whole(format!("its folder is no language of {FILE}"));
        faults.push(flaw.in_file(path));
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
            let file = format!("{folder}{name}");
            faults.push(Flaw::whole("it is missing").in_file(&file));
        }
    }
    for (path, text) in files {
        let Some(name) = path.strip_prefix(&folder) else {
            continue;
        };
        let found = match text_of(files, &format!("en/{name}")) {
            None => vec![Flaw::whole("it has no English file of the same name")],
            Some(english) if name.starts_with("interface/") => {
                words_faults(text, english, &language.direction)
            }
            Some(english) if name == "help.toml" => help_faults(text, english),
            Some(_) if name == "search.toml" => search_faults(text, addresses),
            Some(english) if name.ends_with(".md") => page_faults(text, english, today),
            // Read like the English ones, and nothing in them must stay as it is.
            Some(_) => Vec::new(),
        };
        faults.extend(found.into_iter().map(|flaw| flaw.in_file(path)));
    }
}

fn words_faults(own: &str, english: &str, direction: &str) -> Vec<Flaw> {
    let (own, english) = match (table(own), table(english)) {
        (Ok(own), Ok(english)) => (own, english),
        // Reading the words says so too.
        (Err(message), _) | (_, Err(message)) => return vec![Flaw::whole(message)],
    };
    let mut faults = Vec::new();
    let wanted = english.keys().filter(|key| !is_for_staff(key));
    for key in wanted.filter(|key| !own.contains_key(*key)) {
        faults.push(Flaw::at(key, "it is missing"));
    }
    for (key, words) in &own {
        let Some(english) = english.get(key) else {
            faults.push(Flaw::at(key, "it is not there in English"));
            continue;
        };
        if is_for_staff(key) {
            faults.push(Flaw::at(key, "it is read at the desk alone, in English"));
            continue;
        }
        let mut fault = |message: String| faults.push(Flaw::at(key, message));
        if key == "site.direction" {
            if words != direction {
                fault(format!("it is not {direction}, as {FILE} says"));
            }
            continue;
        }
        if places(words) != places(english) {
            fault(format!("it has other places to fill in: {words}"));
        }
        if is_english(words, english) {
            fault(format!("it is still English: {words}"));
        }
        if digits(words) != digits(english) {
            fault(format!("it has other numbers: {words}"));
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
    interface::flatten(&tree, "", &mut table);
    Ok(table)
}

fn help_faults(own: &str, english: &str) -> Vec<Flaw> {
    let (own, english) = match (help_lines::fronts(own), help_lines::fronts(english)) {
        (Ok(own), Ok(english)) => (own, english),
        (Err(faults), _) | (_, Err(faults)) => return faults,
    };
    let mut faults = Vec::new();
    for line in &english {
        if !own.iter().any(|known| known.id == line.id) {
            faults.push(Flaw::at(&line.id, "the line is missing"));
        }
    }
    for line in &own {
        let Some(english) = english.iter().find(|known| known.id == line.id) else {
            faults.push(Flaw::at(&line.id, "the line is not there in English"));
            continue;
        };
        let mut fault = |message: String| faults.push(Flaw::at(&line.id, message));
        for (name, own, english) in [
            ("phone", &line.phone, &english.phone),
            ("phone_href", &line.phone_href, &english.phone_href),
            ("web", &line.web, &english.web),
        ] {
            if own != english {
                fault(format!("{name} is {own}, in English {english}"));
            }
        }
        let same = line.free == english.free
            && line.urgent == english.urgent
            && line.night == english.night
            && line.verified == english.verified
            && line.needs == english.needs
            && line.checked == english.checked;
        if !same {
            fault("what is no word differs from English".to_owned());
        }
        for (name, own, english) in [
            ("text", &line.text, &english.text),
            ("for_whom", &line.for_whom, &english.for_whom),
            ("hours", &line.hours, &english.hours),
        ] {
            if digits(own) != digits(english) {
                fault(format!("{name} has other numbers: {own}"));
            }
            if is_english(own, english) {
                fault(format!("{name} is still English: {own}"));
            }
        }
    }
    faults
}

// What people call things differs in every language; only where it leads is looked at.
fn search_faults(own: &str, addresses: &[String]) -> Vec<Flaw> {
    let synonyms = match search_terms::synonyms(own) {
        Ok(synonyms) => synonyms,
        Err(message) => return vec![Flaw::whole(message)],
    };
    let gone = synonyms.addresses();
    gone.filter(|to| !addresses.iter().any(|known| known == to))
        .map(|to| Flaw::whole(format!("it sends people to {to}, which is not there")))
        .collect()
}

fn page_faults(own: &str, english: &str, today: Date) -> Vec<Flaw> {
    let read = |text: &str| -> Result<(PageFront, String), String> {
        let (front, body) = split_front(text)?;
        let front = toml::from_str(front).map_err(|error| error.to_string())?;
        Ok((front, body.to_owned()))
    };
    let ((front, body), (english, english_body)) = match (read(own), read(english)) {
        (Ok(own), Ok(english)) => (own, english),
        (Err(message), _) | (_, Err(message)) => return vec![Flaw::whole(message)],
    };
    let mut faults = Vec::new();
    let mut fault = |message: String| faults.push(Flaw::whole(message));
    if front.review_by < today {
        fault(format!("its review was due on {}", front.review_by));
    }
    if front.certainty != english.certainty || front.sources.len() != english.sources.len() {
        fault("it is not as sure as the English page, or has other sources".to_owned());
    }
    for (name, own, english) in [
        ("the title", &front.title, &english.title),
        ("the short sentence", &front.short, &english.short),
    ] {
        if is_english(own, english) {
            fault(format!("{name} is still English: {own}"));
        }
    }
    let headings = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.starts_with("##"));
        lines.map(str::to_owned).collect()
    };
    let (own, their) = (headings(&body), headings(&english_body));
    if own.len() != their.len() {
        fault(format!(
            "it has {} headings, in English {}",
            own.len(),
            their.len()
        ));
    }
    if links(&body) != links(&english_body) {
        fault(format!(
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
        fault(format!("its numbers are {own:?}, in English {their:?}"));
    }
    for line in body.lines() {
        let same = english_body
            .lines()
            .find(|english| is_english(line, english));
        if let Some(same) = same {
            fault(format!("a line is still English: {same}"));
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

// Where the links of a Markdown text lead, in any order.
fn links(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1);
    let mut all: Vec<&str> = targets.filter_map(|rest| rest.split(')').next()).collect();
    all.sort_unstable();
    all
}
