//! Where HTML is made of strings and not by the pages' own markup, which escapes: each place is named with the reason why
//! nothing that somebody typed can become a tag there.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::rust_source::literals;
use std::collections::BTreeMap;
use std::path::Path;

/// Crates that make pages, or what pages are made of.
const FOLDERS: [&str; 7] = [
    "app/src",
    "crates/content/src",
    "crates/desk/src",
    "crates/model/src",
    "crates/search/src",
    "crates/service/src",
    "crates/web/src",
];

/// Texts in code that hold a tag or an attribute: file, how many, and why they are safe.
#[rustfmt::skip]
const IN_CODE: &[(&str, usize, &str)] = &[
    ("app/src/components/sign.rs", 30, "drawings that are written here, chosen by name"),
    ("app/src/localize.rs", 5, "it looks for tags; what it adds is the path of a language and a direction"),
    ("app/src/shell.rs", 3, "the first line of a document, and tags that it takes out"),
    ("crates/content/src/glossary.rs", 10, "it looks for tags; its link is made by the Markdown library"),
    ("crates/content/src/lint/text.rs", 8, "it looks for tags and makes none"),
    ("crates/web/src/checker.rs", 1, "the header that names the calendar file"),
    ("crates/web/src/offline.rs", 1, "the header that names the one file"),
    ("crates/web/src/prerender/pages.rs", 2, "the site map: addresses are made of names that were looked at"),
    ("crates/web/src/prerender/single_file.rs", 12, "it reads our own pages, where every value is escaped, and passes the values on as they are"),
    ("crates/web/src/qr_code.rs", 1, "numbers alone"),
];

/// What is put into a page as it is: file, what, and where it was escaped.
#[rustfmt::skip]
const PUT_IN: &[(&str, &str, &str)] = &[
    ("app/src/components/field.rs", "inside_textarea(value)", "escaped by that function, whose test says so"),
    ("app/src/components/sign.rs", "svg(id)", "a drawing of ours"),
    ("app/src/pages/offline.rs", "frame.css.to_string()", "our own style"),
    ("app/src/pages/offline.rs", "part.html", "our own page, escaped when it was made"),
    ("app/src/pages/print.rs", "article.in_short.clone()", "made by crates/content/src/markdown.rs"),
    ("app/src/pages/print.rs", "part.html.clone()", "made by crates/content/src/markdown.rs"),
    ("app/src/pages/reading.rs", "article.in_short.clone()", "made by crates/content/src/markdown.rs"),
    ("app/src/pages/reading.rs", "part.html.clone()", "made by crates/content/src/markdown.rs"),
    ("app/src/pages/reading.rs", "part.html.clone()", "made by crates/content/src/markdown.rs"),
    ("app/src/pages/reading.rs", "word.means", "made by crates/content/src/markdown.rs"),
    ("app/src/shell.rs", "frame.css.to_string()", "our own style"),
    ("app/src/shell.rs", "frame.leave_script.to_string()", "our own script"),
    ("crates/desk/src/sign_in.rs", "page.qr_code", "numbers alone, made by crates/web/src/qr_code.rs"),
];

/// Names that a content file gives and that are read as any text: file, field, and where they are looked at.
const NAMES: &[(&str, &str, &str)] = &[
    (
        "crates/content/src/front_matter.rs",
        "slug",
        "compared with the name of the file, which was looked at",
    ),
    (
        "crates/content/src/front_matter.rs",
        "slug",
        "compared with the name of the file, which was looked at",
    ),
    (
        "crates/content/src/letters.rs",
        "slug",
        "compared with the name of the file, which was looked at",
    ),
];

fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut all = BTreeMap::new();
    let mut folders: Vec<_> = FOLDERS.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap();
                let text = std::fs::read_to_string(&path).unwrap();
                all.insert(name.to_owned(), without_tests(&text).to_owned());
            }
        }
    }
    assert!(all.len() > 150, "{}", all.len());
    all
}

/// Tests stand at the end of a file.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap()
}

/// Whether a text has the beginning of a tag, or an attribute with its quote.
fn has_markup(text: &str) -> bool {
    let is_tag = text.split('<').skip(1).any(|rest| {
        let name = rest.trim_start_matches(['/', '!']);
        name.starts_with(|c: char| c.is_ascii_alphabetic())
    });
    let is_attribute = text.match_indices("=\\\"").any(|(at, _)| {
        let name = text[..at].rsplit(' ').next().unwrap();
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b"-{}".contains(&b))
    });
    is_tag || is_attribute
}

/// How many texts in code hold markup, by file.
fn in_code(sources: &BTreeMap<String, String>) -> BTreeMap<&str, usize> {
    let count = |text: &String| {
        let found = literals(text);
        // What the pages' markup holds is no part of a string: a text inside it is escaped.
        found.iter().filter(|one| has_markup(&one.text)).count()
    };
    let counted = sources
        .iter()
        .map(|(file, text)| (file.as_str(), count(text)));
    counted.filter(|(_, count)| *count > 0).collect()
}

/// What is put into pages as it is, by file.
fn put_in(sources: &BTreeMap<String, String>) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    for (file, text) in sources {
        for rest in text.split("inner_html=").skip(1) {
            let end = rest.find(['>', '\n', ' ']).unwrap_or(rest.len());
            found.push((file.as_str(), rest[..end].to_owned()));
        }
    }
    found.sort();
    found
}

/// Names of things in the formats of content files that are plain texts.
fn plain_names(sources: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for (file, text) in sources {
        let formats = text.split("derive(").skip(1);
        let formats = formats.filter(|rest| {
            rest.split(')')
                .next()
                .is_some_and(|traits| traits.contains("Deserialize"))
        });
        for format in formats {
            let format = format.split("\n}").next().unwrap();
            for field in ["slug", "id", "needs"] {
                let is_plain = |line: &str| {
                    let line = line.trim().trim_start_matches("pub(crate) ");
                    let of = line
                        .strip_prefix(field)
                        .and_then(|rest| rest.strip_prefix(": "));
                    of.is_some_and(|kind| kind.contains("String"))
                };
                if format.lines().any(is_plain) {
                    found.push((file.as_str(), field));
                }
            }
        }
    }
    found
}

#[test]
fn html_is_made_of_strings_in_named_places_alone() {
    let sources = sources();
    let known: BTreeMap<&str, usize> = IN_CODE.iter().map(|(file, n, _)| (*file, *n)).collect();
    assert_eq!(in_code(&sources), known);
    let known: Vec<(&str, String)> = PUT_IN
        .iter()
        .map(|(file, what, _)| (*file, (*what).to_owned()))
        .collect();
    assert_eq!(put_in(&sources), known);
    let reasons = IN_CODE.iter().map(|(_, _, why)| why);
    let reasons = reasons.chain(PUT_IN.iter().map(|(_, _, why)| why));
    assert!(
        reasons
            .chain(NAMES.iter().map(|(_, _, why)| why))
            .all(|why| why.len() > 10)
    );
}

#[test]
fn a_name_in_a_content_file_is_looked_at_before_it_is_used() {
    let mut sources = sources();
    sources.retain(|file, _| file.starts_with("crates/content/"));
    let known: Vec<(&str, &str)> = NAMES.iter().map(|(file, name, _)| (*file, *name)).collect();
    assert_eq!(plain_names(&sources), known);
}

#[test]
fn control_markup_in_a_string_is_seen() {
    for (code, is_seen) in [
        ("format!(\"<a href=\\\"/x#{slug}\\\">\")", true),
        ("push_str(\"</p>\")", true),
        ("let doc = \"<!doctype html>\";", true),
        ("format!(\"<{name}>\")", false),
        ("format!(\" id=\\\"{id}\\\"\")", true),
        ("format!(\" {name}=\\\"\")", true),
        ("r#\"<svg>\"#", true),
        ("view! { <p>{words}</p> }", false),
        ("// \"<p>\"\n/// `<p>`\nif a < b { \"a < b\" }", false),
        ("'<'", false),
    ] {
        let sources = BTreeMap::from([("a.rs".to_owned(), code.to_owned())]);
        assert_eq!(in_code(&sources).len(), usize::from(is_seen), "{code}");
    }
    let page = "view! { <b inner_html=x.clone()></b> }".to_owned();
    let format = "#[derive(Clone, Deserialize)]\nstruct A {\n    pub(crate) slug: String,\n    id: TypedName,\n}\n#[derive(Clone)]\nstruct B {\n    id: String,\n}\n";
    let sources = BTreeMap::from([
        ("a.rs".to_owned(), page),
        ("b.rs".to_owned(), format.to_owned()),
    ]);
    assert_eq!(put_in(&sources), [("a.rs", "x.clone()".to_owned())]);
    assert_eq!(plain_names(&sources), [("b.rs", "slug")]);
}
