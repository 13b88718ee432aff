//! Every word of one language, read from its files. What is wrong with them comes as a list beside what could be read.

use crate::content::Content;
use crate::identifier::{TypedName, is_name};
use crate::lint_error::{Flaw, LintError};
use crate::{
    cited_figures, coverage, entitlements, glossary, help_lines, interface, letters, page,
    progress, search_terms,
};
use model::catalog::{self, PageKind};
use model::urls;
use model::words::Words;
use model::{HelpLine, Letter, Promise, RightGroup, RightLink, RightPage};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFile {
    group: Vec<GroupFront>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFront {
    id: TypedName,
    title: String,
    short: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PromiseFile {
    promise: Vec<PromiseFront>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PromiseFront {
    slug: TypedName,
    title: String,
    short: String,
    law: String,
}

/// Reads every word of a language. What cannot be read is in the list of faults; what can be read is in the content.
pub fn load(language: &str, files: &[(String, String)]) -> (Content, Vec<LintError>) {
    let mut reader = Reader::new(language);
    reader.files(files);
    reader.refuse_gaps();
    reader.finish()
}

/// The same for a language that need not have everything.
pub(crate) fn load_part(language: &str, files: &[(String, String)]) -> (Content, Vec<LintError>) {
    let mut reader = Reader::new(language);
    reader.files(files);
    reader.finish()
}

/// What was read so far of one language.
#[derive(Default)]
struct Reader {
    language: String,
    content: Content,
    faults: Vec<LintError>,
    table: BTreeMap<String, String>,
    // Each with its group and its place in it.
    rights: Vec<(String, i64, RightPage)>,
    // Without their rights.
    groups: Vec<RightGroup>,
    // Each with its place in the order.
    lines: Vec<(i64, HelpLine)>,
    letters: Vec<(i64, Letter)>,
}

impl Reader {
    fn new(language: &str) -> Reader {
        Reader {
            language: language.to_owned(),
            ..Reader::default()
        }
    }

    fn files(&mut self, files: &[(String, String)]) {
        let prefix = format!("{}/", self.language);
        for (path, text) in files {
            let read = match (path.as_str(), path.strip_prefix(&prefix)) {
                ("figures.toml", _) => cited_figures::read(text)
                    .map(|figures| self.content.figures = figures)
                    .map_err(|flaw| vec![flaw]),
                ("coverage.toml", _) => coverage::read(text)
                    .map(|rows| self.content.coverage = rows)
                    .map_err(one),
                (_, Some(name)) => self.file(name, text),
                (_, None) => Ok(()),
            };
            let wrong = read.err().into_iter().flatten();
            self.faults.extend(wrong.map(|flaw| flaw.in_file(path)));
        }
    }

    // Reads one file of the language, by its name in the language's folder.
    fn file(&mut self, name: &str, text: &str) -> Result<(), Vec<Flaw>> {
        let content = &mut self.content;
        let (folder, file) = name.split_once('/').unwrap_or(("", name));
        refuse_strange_name(file)?;
        match (folder, file.strip_suffix(".md")) {
            ("rights", Some(slug)) => {
                self.rights.push(page::right(slug, text).map_err(one)?);
                return Ok(());
            }
            // A page may lie deeper: its name is its address.
            ("pages", Some(page)) => {
                let article = page::article(page, text).map_err(one)?;
                content.pages.insert(page.to_owned(), article);
                return Ok(());
            }
            _ => {}
        }
        match (folder, file.strip_suffix(".toml")) {
            ("interface", _) => return self.interface(text),
            ("letters", Some(slug)) => self.letters.push(letters::read(slug, text).map_err(one)?),
            ("", Some("help")) => self.lines = help_lines::read(text)?,
            ("", Some("glossary")) => content.glossary = glossary::read(text)?,
            ("", Some("groups")) => self.groups = each(table::<GroupFile>(text)?.group, group)?,
            ("", Some("pledge")) => {
                content.promises = each(table::<PromiseFile>(text)?.promise, promise)?;
            }
            ("", Some("search")) => content.synonyms = search_terms::synonyms(text).map_err(one)?,
            ("", Some("promises")) => content.tracker = progress::read(text)?,
            ("", Some("entitlements")) => content.entitlements = entitlements::read(text)?,
            _ => return Err(one("it is not a file that Pledge reads".to_owned())),
        }
        Ok(())
    }

    fn interface(&mut self, text: &str) -> Result<(), Vec<Flaw>> {
        let tree: toml::Table = table(text)?;
        let refused = interface::flatten(&tree, "", &mut self.table).into_iter();
        let faults: Vec<Flaw> = refused
            .map(|key| Flaw::at(&key, "the key stands twice, or is not a text"))
            .collect();
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    // What a language that must be whole lacks.
    fn refuse_gaps(&mut self) {
        let language = self.language.clone();
        let promises = self.content.promises.iter();
        let promises = promises.map(|promise| format!("pledge/{}", promise.slug));
        let own = required_pages().map(|page| page.name.to_owned());
        let pages: Vec<String> = own.chain(promises).collect();
        for page in pages {
            if !self.content.pages.contains_key(&page) {
                let file = format!("{language}/pages/{page}.md");
                self.faults
                    .push(Flaw::whole("it is missing").in_file(&file));
            }
        }
        let file = format!("{language}/entitlements.toml");
        for entitlement in &self.content.entitlements {
            let named = &entitlement.right;
            if !named.is_empty() && !self.rights.iter().any(|(_, _, page)| page.slug == *named) {
                let flaw = Flaw::at(&entitlement.id, format!("there is no right {named}"));
                self.faults.push(flaw.in_file(&file));
            }
        }
    }

    fn finish(mut self) -> (Content, Vec<LintError>) {
        self.refuse_unknown_groups();
        self.link_hard_words();
        let mut content = self.content;
        self.letters.sort_by_key(|(order, _)| *order);
        content.letters = self.letters.into_iter().map(|(_, letter)| letter).collect();
        self.lines.sort_by_key(|(order, _)| *order);
        content.lines = self.lines.into_iter().map(|(_, line)| line).collect();
        content.words = Words {
            language: self.language,
            table: Arc::new(self.table),
        };
        for group in self.groups {
            add_group(&mut content, group, &self.rights);
        }
        (content, self.faults)
    }

    fn refuse_unknown_groups(&mut self) {
        for (group, _, page) in &self.rights {
            if !self.groups.iter().any(|known| known.id == *group) {
                let file = format!("{}/rights/{}.md", self.language, page.slug);
                let flaw = Flaw::whole(format!("there is no group {group} in groups.toml"));
                self.faults.push(flaw.in_file(&file));
            }
        }
    }

    fn link_hard_words(&mut self) {
        let content = &mut self.content;
        content
            .glossary
            .sort_by_key(|word| word.word.to_lowercase());
        let linker = glossary::Linker::new(&content.glossary);
        for (name, page) in &mut content.pages {
            // A sheet is written on, and the glossary is where the links lead.
            let is_apart = catalog::named(name)
                .is_some_and(|page| page.kind == PageKind::Sheet || page.path == urls::GLOSSARY);
            if !is_apart {
                linker.link(&urls::article(name), page);
            }
        }
        for (_, _, right) in &mut self.rights {
            linker.link(&urls::right(&right.slug), &mut right.article);
        }
    }
}

// Pages whose words must be there.
fn required_pages() -> impl Iterator<Item = &'static catalog::Page> {
    catalog::PAGES.iter().filter(|page| page.has_words)
}

// The group with its rights in order.
fn add_group(content: &mut Content, group: RightGroup, rights: &[(String, i64, RightPage)]) {
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

fn table<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Vec<Flaw>> {
    toml::from_str(text).map_err(|error| one(error.to_string()))
}

// The name of a file becomes the address of its page.
fn refuse_strange_name(file: &str) -> Result<(), Vec<Flaw>> {
    let stem = file.trim_end_matches(".md").trim_end_matches(".toml");
    match stem.split('/').all(is_name) {
        true => Ok(()),
        false => Err(one(
            "its name is not of small letters, digits and hyphens".to_owned()
        )),
    }
}

fn one(message: String) -> Vec<Flaw> {
    vec![Flaw::whole(message)]
}

// Every row made what it stands for, or what is wrong with each, by its title.
fn each<R, T>(
    rows: Vec<R>,
    made: impl Fn(R) -> Result<T, (String, String)>,
) -> Result<Vec<T>, Vec<Flaw>> {
    let (mut all, mut faults) = (Vec::new(), Vec::new());
    for row in rows {
        match made(row) {
            Ok(one) => all.push(one),
            Err((place, what)) => faults.push(Flaw::at(&place, what)),
        }
    }
    if faults.is_empty() {
        Ok(all)
    } else {
        Err(faults)
    }
}

fn group(front: GroupFront) -> Result<RightGroup, (String, String)> {
    let id = front.id.checked("id");
    Ok(RightGroup {
        id: id.map_err(|what| (front.title.clone(), what))?,
        title: front.title,
        short: front.short,
        rights: Vec::new(),
    })
}

fn promise(front: PromiseFront) -> Result<Promise, (String, String)> {
    let slug = front.slug.checked("slug");
    Ok(Promise {
        slug: slug.map_err(|what| (front.title.clone(), what))?,
        title: front.title,
        short: front.short,
        law: front.law,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(faults.len(), 3 + required_pages().count());
    }

    // Names once went into HTML as they were typed: a glossary's slug put a tag into fourteen pages.
    #[test]
    fn a_name_that_is_none_is_refused_in_every_kind_of_file() {
        let files = crate::content_dir::files();
        let tag = "x\"></a><meta http-equiv=\"refresh\" content=\"1;url=http://other.example\">";
        for (file, from, name) in [
            ("en/glossary.toml", "slug = \"art\"", "slug"),
            ("en/groups.toml", "id = \"your-voice\"", "id"),
            ("en/pledge.toml", "slug = \"hear-what-you-say\"", "slug"),
            ("en/promises.toml", "slug = \"adoption\"", "slug"),
            ("en/promises.toml", "id = \"children-in-care\"", "id"),
            ("en/entitlements.toml", "id = \"say-in-decisions\"", "id"),
            ("en/entitlements.toml", "group = \"say\"", "group"),
            ("en/entitlements.toml", "right = \"have-a-say\"", "right"),
            ("en/letters/advocate.toml", "id = \"like\"", "id"),
            ("en/help.toml", "id = \"childline\"", "id"),
            ("en/help.toml", "needs = [\"danger\", \"hurt\"]", "needs"),
            ("en/pages/money.md", "slug = \"money\"", "slug"),
            ("en/rights/visits.md", "slug = \"visits\"", "slug"),
            ("en/rights/visits.md", "group = ", "group"),
            ("en/rights/visits.md", "topic = ", "topic"),
        ] {
            let mut planted = files.clone();
            let (_, text) = planted.iter_mut().find(|(path, _)| path == file).unwrap();
            let at = text.find(from).unwrap();
            let end = at + text[at..].find('\n').unwrap();
            let value = match name {
                "needs" => format!("['{tag}']"),
                _ => format!("'{tag}'"),
            };
            text.replace_range(at..end, &format!("{name} = {value}"));
            let (_, faults) = load("en", &planted);
            assert!(
                faults.iter().any(|fault| fault.file == file),
                "{file} {name}: {faults:?}"
            );
        }
        // The name of a file is the address of its page.
        let (_, right) = files
            .iter()
            .find(|(path, _)| path == "en/rights/visits.md")
            .unwrap();
        let mut planted = files.clone();
        let path = "en/rights/vis\"its.md".to_owned();
        planted.push((
            path.clone(),
            right.replace("slug = \"visits\"", "slug = 'vis\"its'"),
        ));
        let (_, faults) = load("en", &planted);
        assert!(faults.iter().any(|fault| fault.file == path), "{faults:?}");
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
