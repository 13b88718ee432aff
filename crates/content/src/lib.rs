//! The words, read once at start from the files the binary carries, with everything that can be wrong with them said
//! in one list.

use domain::date::Date;
use domain::view::Topic;
use model::language::Language;
use model::progress::Tracker;
use model::words::Words;
use model::{
    Article, Certainty, Entitlement, GlossaryWord, HelpLine, LETTER_FIELDS, Letter, LetterField,
    Promise, RightGroup, RightLink, RightPage, Section, Source,
};
use search::Synonyms;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

pub mod cited_figures;
#[cfg(test)]
mod content_dir;
pub mod coverage;
mod entitlements;
mod glossary;
pub mod lint;
pub mod page_source;
mod progress;
pub mod readability;
pub mod search_index;
pub mod translation;

/// Every word of one language.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Interface words.
    pub words: Words,
    /// Pages by name (`home`, `pledge`, `speak`, …).
    pub pages: BTreeMap<String, Article>,
    /// Rights in order.
    pub rights: Vec<RightPage>,
    /// Groups of rights with links, in order.
    pub groups: Vec<RightGroup>,
    /// Promises of the pledge, in order.
    pub promises: Vec<Promise>,
    /// The council's "We will" statements with their indicators.
    pub tracker: Tracker,
    /// What people call things, for the search.
    pub everyday: Synonyms,
    /// Help lines that were verified, in order.
    pub lines: Vec<HelpLine>,
    /// What the checker can name, in order; those of Acts not yet in force are not in it.
    pub entitlements: Vec<Entitlement>,
    /// Hard words explained, in order of the alphabet.
    pub glossary: Vec<GlossaryWord>,
    /// Letters to fill in, in order.
    pub letters: Vec<Letter>,
    /// Every figure that a page may show.
    pub figures: Vec<cited_figures::Figure>,
    /// Where each thing the sources name is covered, or why not.
    pub coverage: Vec<coverage::Row>,
    /// Addresses of pages that are in English because this language lacks them so far.
    pub in_english: Arc<BTreeSet<String>>,
}

/// The words in force, in every language. A publication puts others in their place; whoever holds the old ones keeps
/// them until they are done.
#[derive(Debug)]
pub struct Library {
    /// The languages, English first.
    pub languages: Arc<[Language]>,
    translations: Vec<translation::Translation>,
    // As `languages`, in the same order.
    contents: RwLock<Vec<Arc<Content>>>,
}

impl Library {
    /// Begins with these English words, and with the other languages of the files.
    pub fn new(english: Arc<Content>, files: &[(String, String)]) -> Library {
        let (translations, _) = translation::translations(files);
        let library = Library {
            languages: translation::read(files).0.into(),
            translations,
            contents: RwLock::default(),
        };
        library.put(english);
        library
    }

    /// The English words as they are now.
    pub fn content(&self) -> Arc<Content> {
        self.contents().into_iter().next().unwrap_or_default()
    }

    /// The words of every language as they are now, in the order of the languages.
    pub fn contents(&self) -> Vec<Arc<Content>> {
        let now = self.contents.read();
        now.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts these English words in force, in every language that has none of its own for them.
    pub fn put(&self, english: Arc<Content>) {
        let others = self.translations.iter();
        let others = others.map(|one| Arc::new(one.over(&english)));
        let all = std::iter::once(Arc::clone(&english))
            .chain(others)
            .collect();
        *self
            .contents
            .write()
            .unwrap_or_else(PoisonError::into_inner) = all;
    }

    /// What the desk calls the language with this code, if it is not English.
    pub fn called(&self, code: &str) -> Option<String> {
        let mut others = self.languages.iter().filter(|one| !one.is_english());
        let known = others.find(|one| one.code == code)?;
        Some(known.english.clone())
    }
}

/// Something wrong with the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintError {
    /// File, under `content/southwark/`.
    pub file: String,
    /// What is wrong, in a sentence.
    pub what: String,
}

impl Content {
    /// The page of this name; an empty one if it is missing (which [`load`] reports).
    pub fn page(&self, name: &str) -> Article {
        self.pages.get(name).cloned().unwrap_or_else(|| Article {
            title: name.to_owned(),
            short: String::new(),
            in_short: String::new(),
            sections: Vec::new(),
            sources: Vec::new(),
            checked: Date::EPOCH,
            review_by: Date::EPOCH,
            certainty: Certainty::Ask,
        })
    }

    /// The right of this name.
    pub fn right(&self, slug: &str) -> Option<&RightPage> {
        self.rights.iter().find(|right| right.slug == slug)
    }

    /// Title and address of what `right:<slug>` or `promise:<slug>` names, if it exists.
    pub fn link(&self, link: &str) -> Option<(String, String)> {
        let (kind, slug) = link.split_once(':')?;
        match kind {
            "right" => self
                .right(slug)
                .map(|right| (right.article.title.clone(), model::urls::right(slug))),
            "promise" => {
                let promise = self.promises.iter().find(|promise| promise.slug == slug)?;
                Some((promise.title.clone(), model::urls::promise(slug)))
            }
            "we-will" => {
                let all = &self.tracker.promises;
                let promise = all.iter().find(|promise| promise.slug == slug)?;
                Some((promise.title.clone(), model::urls::council_promise(slug)))
            }
            "entitlement" => {
                let known = self.entitlements.iter().find(|known| known.id == slug)?;
                let to = match known.right.as_str() {
                    "" => model::urls::CHECK.to_owned(),
                    right => model::urls::right(right),
                };
                Some((known.title.clone(), to))
            }
            _ => None,
        }
    }

    /// The letter of this name.
    pub fn letter(&self, slug: &str) -> Option<&Letter> {
        self.letters.iter().find(|letter| letter.slug == slug)
    }

    /// The help lines of every footer.
    pub fn urgent_lines(&self) -> Arc<[HelpLine]> {
        self.lines
            .iter()
            .filter(|line| line.urgent)
            .cloned()
            .collect()
    }
}

/// Pages that must be there.
pub const PAGES: [&str; 22] = [
    "money",
    "housing",
    "health-and-travel",
    "glossary",
    "letters",
    "lifelong-links/people",
    "staying-put/talk",
    "staying-put/carers",
    "home",
    "rights",
    "pledge",
    "promises",
    "lifelong-links",
    "staying-put",
    "committee",
    "speakerbox",
    "help",
    "privacy",
    "accessibility",
    "you-said",
    "speak",
    "follow",
];

/// The four headings of a right, as ids, in order.
const RIGHT_SECTIONS: [&str; 4] = ["means", "good", "law", "not-happening"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageFront {
    title: String,
    #[expect(
        dead_code,
        reason = "checked against the file's name by the editor's eye; part of the format"
    )]
    slug: String,
    short: String,
    checked: Date,
    review_by: Date,
    certainty: String,
    #[serde(default)]
    sources: Vec<SourceFront>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RightFront {
    title: String,
    slug: String,
    group: String,
    order: i64,
    sign: String,
    short: String,
    who_for: String,
    topic: String,
    checked: Date,
    review_by: Date,
    certainty: String,
    sources: Vec<SourceFront>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceFront {
    title: String,
    seen: String,
    certainty: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HelpFile {
    line: Vec<LineFront>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineFront {
    id: String,
    name: String,
    for_whom: String,
    phone: String,
    phone_href: String,
    text: String,
    web: String,
    hours: String,
    free: bool,
    urgent: bool,
    order: i64,
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    night: bool,
    verified: bool,
    source: String,
    checked: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFile {
    group: Vec<GroupFront>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFront {
    id: String,
    title: String,
    short: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GlossaryFile {
    word: Vec<WordFront>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordFront {
    slug: String,
    word: String,
    #[serde(default)]
    also: Vec<String>,
    means: String,
    #[serde(default)]
    page: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LetterFront {
    slug: String,
    order: i64,
    title: String,
    short: String,
    to: String,
    page: String,
    text: Vec<String>,
    field: Vec<FieldFront>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldFront {
    id: String,
    label: String,
    #[serde(default)]
    hint: String,
    lines: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PromiseFile {
    promise: Vec<PromiseFront>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PromiseFront {
    slug: String,
    title: String,
    short: String,
    law: String,
}

/// Reads every word of a language. What cannot be read is in the list of faults; what can be read is in the content.
pub fn load(language: &str, files: &[(String, String)]) -> (Content, Vec<LintError>) {
    read(language, files, true)
}

/// The same for a language that need not have everything.
fn load_part(language: &str, files: &[(String, String)]) -> (Content, Vec<LintError>) {
    read(language, files, false)
}

fn read(language: &str, files: &[(String, String)], whole: bool) -> (Content, Vec<LintError>) {
    let mut faults = Vec::new();
    let mut content = Content::default();
    let mut table = BTreeMap::new();
    let mut rights: Vec<(String, i64, RightPage)> = Vec::new();
    let mut groups: Vec<GroupFront> = Vec::new();
    let mut lines: Vec<(i64, HelpLine)> = Vec::new();
    let mut letters: Vec<(i64, Letter)> = Vec::new();

    let prefix = format!("{language}/");
    for (path, text) in files {
        let mut fault = |what: String| {
            faults.push(LintError {
                file: path.clone(),
                what,
            })
        };
        match path.as_str() {
            "figures.toml" => match cited_figures::read(text) {
                Ok(figures) => content.figures = figures,
                Err(what) => fault(what),
            },
            "coverage.toml" => match coverage::read(text) {
                Ok(rows) => content.coverage = rows,
                Err(what) => fault(what),
            },
            _ => {}
        }
        let Some(name) = path.strip_prefix(&prefix) else {
            continue;
        };
        if let Some(slug) = name
            .strip_prefix("rights/")
            .and_then(|n| n.strip_suffix(".md"))
        {
            match right(slug, text) {
                Ok((group, order, page)) => rights.push((group, order, page)),
                Err(what) => fault(what),
            }
        } else if let Some(page) = name
            .strip_prefix("pages/")
            .and_then(|n| n.strip_suffix(".md"))
        {
            match article(text) {
                Ok(article) => drop(content.pages.insert(page.to_owned(), article)),
                Err(what) => fault(what),
            }
        } else if name.starts_with("interface/") {
            match toml::from_str::<toml::Table>(text) {
                Ok(tree) => {
                    for key in flatten(&tree, "", &mut table) {
                        fault(format!("the key {key} stands twice, or is not a text"));
                    }
                }
                Err(error) => fault(error.to_string()),
            }
        } else if name == "help.toml" {
            match toml::from_str::<HelpFile>(text) {
                Ok(file) => lines = help_lines(file),
                Err(error) => fault(error.to_string()),
            }
        } else if let Some(slug) = name
            .strip_prefix("letters/")
            .and_then(|n| n.strip_suffix(".toml"))
        {
            match letter(slug, text) {
                Ok(letter) => letters.push(letter),
                Err(what) => fault(what),
            }
        } else if name == "glossary.toml" {
            match toml::from_str::<GlossaryFile>(text) {
                Ok(file) if file.word.iter().any(|word| strange(&word.means).is_some()) => {
                    fault("a word has a picture, or a link that a page may not have".to_owned());
                }
                Ok(file) => content.glossary = file.word.into_iter().map(word).collect(),
                Err(error) => fault(error.to_string()),
            }
        } else if name == "groups.toml" {
            match toml::from_str::<GroupFile>(text) {
                Ok(file) => groups = file.group,
                Err(error) => fault(error.to_string()),
            }
        } else if name == "pledge.toml" {
            match toml::from_str::<PromiseFile>(text) {
                Ok(file) => content.promises = file.promise.into_iter().map(promise).collect(),
                Err(error) => fault(error.to_string()),
            }
        } else if name == "search.toml" {
            match search_index::everyday(text) {
                Ok(everyday) => content.everyday = everyday,
                Err(what) => fault(what),
            }
        } else if name == "promises.toml" {
            match progress::read(text) {
                Ok(tracker) => content.tracker = tracker,
                Err(faults) => faults.into_iter().for_each(fault),
            }
        } else if name == "entitlements.toml" {
            match entitlements::read(text) {
                Ok(rows) => content.entitlements = rows,
                Err(faults) => faults.into_iter().for_each(fault),
            }
        } else {
            fault("is not a file that Pledge reads".to_owned());
        }
    }

    for page in PAGES {
        if whole && !content.pages.contains_key(page) {
            faults.push(LintError {
                file: format!("{language}/pages/{page}.md"),
                what: "is missing".to_owned(),
            });
        }
    }
    for promise in &content.promises {
        let page = format!("pledge/{}", promise.slug);
        if whole && !content.pages.contains_key(&page) {
            faults.push(LintError {
                file: format!("{language}/pages/{page}.md"),
                what: "is missing".to_owned(),
            });
        }
    }
    for entitlement in &content.entitlements {
        let named = &entitlement.right;
        if whole && !named.is_empty() && !rights.iter().any(|(_, _, page)| page.slug == *named) {
            faults.push(LintError {
                file: format!("{language}/entitlements.toml"),
                what: format!("{}: there is no right {named}", entitlement.id),
            });
        }
    }
    for (group, _, page) in &rights {
        if !groups.iter().any(|known| known.id == *group) {
            faults.push(LintError {
                file: format!("{language}/rights/{}.md", page.slug),
                what: format!("there is no group {group} in groups.toml"),
            });
        }
    }

    content
        .glossary
        .sort_by_key(|word| word.word.to_lowercase());
    let linker = glossary::Linker::new(&content.glossary);
    for (name, page) in &mut content.pages {
        // A sheet is written on, and the glossary is where the links lead.
        if !["glossary", "lifelong-links/people", "staying-put/talk"].contains(&name.as_str()) {
            linker.link(&format!("/{name}"), page);
        }
    }
    for (_, _, right) in &mut rights {
        linker.link(&model::urls::right(&right.slug), &mut right.article);
    }
    letters.sort_by_key(|(order, _)| *order);
    content.letters = letters.into_iter().map(|(_, letter)| letter).collect();
    lines.sort_by_key(|(order, _)| *order);
    content.lines = lines.into_iter().map(|(_, line)| line).collect();
    content.words = Words {
        language: language.to_owned(),
        table: Arc::new(table),
    };
    for group in groups {
        let mut own: Vec<&(String, i64, RightPage)> =
            rights.iter().filter(|(id, _, _)| *id == group.id).collect();
        own.sort_by_key(|(_, order, _)| *order);
        let links = own.iter().map(|(_, _, page)| RightLink {
            slug: page.slug.clone(),
            title: page.article.title.clone(),
            short: page.article.short.clone(),
            sign: page.sign.clone(),
        });
        content.groups.push(RightGroup {
            id: group.id,
            title: group.title.clone(),
            short: group.short,
            rights: links.collect(),
        });
        content
            .rights
            .extend(own.iter().map(|(_, _, page)| RightPage {
                group: group.title.clone(),
                ..page.clone()
            }));
    }
    (content, faults)
}

fn right(slug: &str, text: &str) -> Result<(String, i64, RightPage), String> {
    let (front, body) = split_front(text)?;
    let front: RightFront = toml::from_str(front).map_err(|e| e.to_string())?;
    if front.slug != slug {
        return Err(format!(
            "its slug is {}, not the name of the file",
            front.slug
        ));
    }
    let topic =
        Topic::from_id(&front.topic).ok_or_else(|| format!("there is no topic {}", front.topic))?;
    refuse_strange(body)?;
    let (in_short, mut sections) = two_lengths(body);
    if sections.len() != RIGHT_SECTIONS.len() {
        return Err("a right has exactly four headings".to_owned());
    }
    for (section, id) in sections.iter_mut().zip(RIGHT_SECTIONS) {
        section.id = id.to_owned();
    }
    let article = Article {
        title: front.title,
        short: front.short,
        in_short,
        sections,
        sources: sources(front.sources)?,
        checked: front.checked,
        review_by: front.review_by,
        certainty: certainty(&front.certainty)?,
    };
    let page = RightPage {
        slug: front.slug,
        article,
        sign: front.sign,
        who_for: front.who_for,
        topic,
        group: String::new(),
    };
    Ok((front.group, front.order, page))
}

fn article(text: &str) -> Result<Article, String> {
    let (front, body) = split_front(text)?;
    let front: PageFront = toml::from_str(front).map_err(|e| e.to_string())?;
    refuse_strange(body)?;
    let (in_short, sections) = two_lengths(body);
    Ok(Article {
        title: front.title,
        short: front.short,
        in_short,
        sections,
        sources: sources(front.sources)?,
        checked: front.checked,
        review_by: front.review_by,
        certainty: certainty(&front.certainty)?,
    })
}

fn split_front(text: &str) -> Result<(&str, &str), String> {
    let rest = text
        .strip_prefix("+++\n")
        .ok_or("it does not begin with a line of +++")?;
    rest.split_once("\n+++\n")
        .ok_or_else(|| "the line of +++ after the front matter is missing".to_owned())
}

fn certainty(id: &str) -> Result<Certainty, String> {
    match id {
        "verified" => Ok(Certainty::Verified),
        "partly" => Ok(Certainty::Partly),
        "ask" => Ok(Certainty::Ask),
        other => Err(format!("certainty is verified, partly or ask, not {other}")),
    }
}

fn sources(fronts: Vec<SourceFront>) -> Result<Vec<Source>, String> {
    fronts
        .into_iter()
        .map(|s| {
            Ok(Source {
                title: s.title,
                seen: s.seen,
                certainty: certainty(&s.certainty)?,
            })
        })
        .collect()
}

fn help_lines(file: HelpFile) -> Vec<(i64, HelpLine)> {
    let verified = file
        .line
        .into_iter()
        .filter(|line| line.verified && !line.id.is_empty());
    verified
        .map(|line| {
            let shown = HelpLine {
                id: line.id,
                needs: line.needs,
                night: line.night,
                name: line.name,
                for_whom: line.for_whom,
                phone: line.phone,
                phone_href: line.phone_href,
                text: line.text,
                web: line.web,
                hours: line.hours,
                free: line.free,
                urgent: line.urgent,
                source: line.source,
                checked: line.checked,
            };
            (line.order, shown)
        })
        .collect()
}

fn promise(front: PromiseFront) -> Promise {
    Promise {
        slug: front.slug,
        title: front.title,
        short: front.short,
        law: front.law,
    }
}

// Puts every text of the tree in the table under its dotted key; returns the keys that could not be put.
fn flatten(tree: &toml::Table, above: &str, table: &mut BTreeMap<String, String>) -> Vec<String> {
    let mut refused = Vec::new();
    for (name, value) in tree {
        let key = if above.is_empty() {
            name.clone()
        } else {
            format!("{above}.{name}")
        };
        match value {
            toml::Value::Table(inner) => refused.extend(flatten(inner, &key, table)),
            toml::Value::String(text) => {
                if table.insert(key.clone(), text.clone()).is_some() {
                    refused.push(key);
                }
            }
            _ => refused.push(key),
        }
    }
    refused
}

fn word(front: WordFront) -> GlossaryWord {
    let means = sections(&front.means)
        .into_iter()
        .map(|section| section.html)
        .collect::<String>();
    GlossaryWord {
        slug: front.slug,
        word: front.word,
        also: front.also,
        // One paragraph, shown inline.
        means: means.replace("<p>", "").replace("</p>", ""),
        page: front.page,
    }
}

fn letter(slug: &str, text: &str) -> Result<(i64, Letter), String> {
    let front: LetterFront = toml::from_str(text).map_err(|e| e.to_string())?;
    if front.slug != slug {
        return Err(format!(
            "its slug is {}, not the name of the file",
            front.slug
        ));
    }
    if front.field.len() > LETTER_FIELDS.len() {
        return Err(format!(
            "a letter has at most {} fields",
            LETTER_FIELDS.len()
        ));
    }
    let mut named = Vec::new();
    for paragraph in &front.text {
        for part in model::letter_text::parts(paragraph) {
            if let model::letter_text::Part::Field(id) = part {
                named.push(id);
            }
        }
    }
    if let Some(unknown) = named
        .iter()
        .find(|id| !front.field.iter().any(|field| field.id == **id))
    {
        return Err(format!(
            "its text names the field {unknown}, which is not there"
        ));
    }
    if let Some(unused) = front
        .field
        .iter()
        .find(|field| !named.contains(&field.id.as_str()))
    {
        return Err(format!("its text does not use the field {}", unused.id));
    }
    let fields = front.field.into_iter().map(|field| LetterField {
        id: field.id,
        label: field.label,
        hint: field.hint,
        lines: field.lines,
    });
    let letter = Letter {
        slug: front.slug,
        title: front.title,
        short: front.short,
        to: front.to,
        page: front.page,
        fields: fields.collect(),
        text: front.text,
    };
    Ok((front.order, letter))
}

// What a page may not hold: pictures, which would be asked for elsewhere, and links to anything but our pages, other sites
// over https, mail and phones.
fn strange(markdown: &str) -> Option<String> {
    use pulldown_cmark::{Event, Parser, Tag};
    Parser::new(markdown).find_map(|event| match event {
        Event::Start(Tag::Image { dest_url, .. }) => Some(format!("it has a picture ({dest_url})")),
        Event::Start(Tag::Link { dest_url, .. }) => {
            let is_ours = dest_url.starts_with('/') && !dest_url.starts_with("//");
            let fine = is_ours
                || ["#", "https://", "mailto:", "tel:"]
                    .iter()
                    .any(|begin| dest_url.starts_with(begin));
            (!fine).then(|| format!("it links to {dest_url}, which a page may not"))
        }
        _ => None,
    })
}

fn refuse_strange(markdown: &str) -> Result<(), String> {
    strange(markdown).map_or(Ok(()), Err)
}

/// The text before the first heading, as HTML, and the parts under headings.
fn two_lengths(markdown: &str) -> (String, Vec<Section>) {
    let mut parts = sections(markdown);
    let has_short = parts.first().is_some_and(|part| part.heading.is_empty());
    let in_short = if has_short {
        parts.remove(0).html
    } else {
        String::new()
    };
    (in_short, parts)
}

/// Cuts Markdown at its second-level headings and makes each part HTML.
fn sections(markdown: &str) -> Vec<Section> {
    use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
    let parser = Parser::new_ext(
        markdown,
        Options::ENABLE_SMART_PUNCTUATION | Options::ENABLE_TABLES,
    );
    let mut sections: Vec<(String, Vec<Event>)> = vec![(String::new(), Vec::new())];
    let mut in_heading = false;
    for event in parser {
        match event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H2,
                ..
            }) => {
                in_heading = true;
                sections.push((String::new(), Vec::new()));
            }
            Event::End(TagEnd::Heading(HeadingLevel::H2)) => in_heading = false,
            // Raw HTML is no part of the format: it is shown as it is written.
            Event::Html(text) | Event::InlineHtml(text) => push(&mut sections, Event::Text(text)),
            Event::Text(text) if in_heading => {
                if let Some((heading, _)) = sections.last_mut() {
                    heading.push_str(&text);
                }
            }
            other => push(&mut sections, other),
        }
    }
    sections
        .into_iter()
        .filter(|(heading, events)| !heading.is_empty() || !events.is_empty())
        .map(|(heading, events)| {
            let mut text = String::new();
            html::push_html(&mut text, events.into_iter());
            Section {
                id: slug(&heading),
                heading,
                html: text.trim_end().to_owned(),
            }
        })
        .collect()
}

fn push<'a>(
    sections: &mut [(String, Vec<pulldown_cmark::Event<'a>>)],
    event: pulldown_cmark::Event<'a>,
) {
    if let Some((_, events)) = sections.last_mut() {
        events.push(event);
    }
}

fn slug(heading: &str) -> String {
    let words: Vec<String> = heading
        .to_lowercase()
        .replace(['\u{2019}', '\''], "")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_markdown_at_its_headings() {
        let parts =
            sections("Before.\n\n## One's *two*\n- a\n- [b](/x)\n\n## Three\n<script>x</script>\n");
        let shape: Vec<(&str, &str)> = parts
            .iter()
            .map(|s| (s.id.as_str(), s.heading.as_str()))
            .collect();
        assert_eq!(
            shape,
            [
                ("", ""),
                ("ones-two", "One\u{2019}s two"),
                ("three", "Three")
            ]
        );
        assert!(parts[1].html.contains("<a href=\"/x\">b</a>"));
        assert!(!parts[2].html.contains("<script>"));
    }

    #[test]
    fn pictures_and_strange_links_are_refused() {
        for fine in [
            "[a](/x#y)",
            "[a](https://a.uk)",
            "[a](tel:999)",
            "<b>a</b>",
            "a: b",
        ] {
            assert_eq!(strange(fine), None, "{fine}");
        }
        for bad in [
            "![a](/x)",
            "[a](javascript:alert)",
            "[a](JavaScript:alert)",
            "[a](//other.uk)",
            "[a](http://a.uk)",
            "<javascript:x>",
            "[a][b]\n\n[b]: data:x",
        ] {
            assert!(strange(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let files = [
            ("en/rights/a.md".to_owned(), "no front matter".to_owned()),
            ("en/interface/x.toml".to_owned(), "a = 1".to_owned()),
            ("en/other.txt".to_owned(), String::new()),
        ];
        let (_, faults) = load("en", &files);
        let said: Vec<&str> = faults.iter().map(|fault| fault.file.as_str()).collect();
        assert!(said.starts_with(&["en/rights/a.md", "en/interface/x.toml", "en/other.txt"]));
        assert_eq!(faults.len(), 3 + PAGES.len());
    }

    #[test]
    fn the_words_we_carry_are_whole() {
        let (content, faults) = load("en", &crate::content_dir::files());
        assert_eq!(faults, []);
        assert!(
            content.rights.len() >= 21,
            "{} rights",
            content.rights.len()
        );
        assert!(content.urgent_lines().len() >= 2);
    }
}
