//! A file of words as the parts that a person edits, and back. What is not among the parts stays as it is in the file.

use crate::content::Content;
use crate::front_matter::split_front;
use model::editing::{EditorForm, SourceForm};

/// The files that may be edited at the desk: the English ones. The words of buttons and forms belong to the program.
pub fn is_editable(file: &str) -> bool {
    if ["figures.toml", "coverage.toml"].contains(&file) {
        return true;
    }
    let Some(name) = file.strip_prefix("en/") else {
        return false;
    };
    is_page(file)
        || name.starts_with("letters/")
        || [
            "glossary.toml",
            "groups.toml",
            "help.toml",
            "pledge.toml",
            "promises.toml",
            "entitlements.toml",
            "search.toml",
        ]
        .contains(&name)
}

/// Whether the file is a page: front matter, then Markdown.
pub fn is_page(file: &str) -> bool {
    let (_, name) = file.split_once('/').unwrap_or(("", file));
    name.ends_with(".md") && (name.starts_with("rights/") || name.starts_with("pages/"))
}

/// The parts of a file. Any file but a page is one part: its whole text.
pub fn read(file: &str, text: &str) -> Result<EditorForm, String> {
    if !is_page(file) {
        return Ok(EditorForm {
            body: text.trim_end().to_owned(),
            ..EditorForm::default()
        });
    }
    let (front, body) = split_front(text)?;
    let front: toml::Table = toml::from_str(front).map_err(|error| error.to_string())?;
    let value = |table: &toml::Table, key: &str| {
        let value = table.get(key).and_then(toml::Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    let sources = front.get("sources").and_then(toml::Value::as_array);
    let sources = sources.into_iter().flatten();
    Ok(EditorForm {
        is_page: true,
        title: value(&front, "title"),
        short: value(&front, "short"),
        who_for: front
            .contains_key("who_for")
            .then(|| value(&front, "who_for")),
        checked: value(&front, "checked"),
        review_by: value(&front, "review_by"),
        certainty: value(&front, "certainty"),
        sources: sources
            .filter_map(toml::Value::as_table)
            .map(|source| SourceForm {
                title: value(source, "title"),
                seen: value(source, "seen"),
                certainty: value(source, "certainty"),
            })
            .collect(),
        body: body.trim_end().to_owned(),
    })
}

/// The file with these parts in the place of its own.
pub fn write(text: &str, form: &EditorForm) -> Result<String, String> {
    if !form.is_page {
        return Ok(format!("{}\n", form.body));
    }
    let (front, _) = split_front(text)?;
    let mut head: Vec<String> = Vec::new();
    for line in front
        .lines()
        .take_while(|line| !line.starts_with("[[sources]]"))
        .filter(|line| !line.starts_with("sources "))
    {
        let key = line.split('=').next().unwrap_or_default().trim();
        let value = match key {
            "title" => Some(&form.title),
            "short" => Some(&form.short),
            "who_for" => form.who_for.as_ref(),
            "checked" => Some(&form.checked),
            "review_by" => Some(&form.review_by),
            "certainty" => Some(&form.certainty),
            _ => None,
        };
        head.push(match value {
            Some(value) => format!("{key} = {}", quoted(value)),
            None => line.to_owned(),
        });
    }
    let mut file = format!("+++\n{}\n", head.join("\n").trim_end());
    if form.sources.is_empty() {
        file.push_str("sources = []\n");
    }
    for source in &form.sources {
        file.push_str(&format!(
            "\n[[sources]]\ntitle = {}\nseen = {}\ncertainty = {}\n",
            quoted(&source.title),
            quoted(&source.seen),
            quoted(&source.certainty)
        ));
    }
    file.push_str(&format!("+++\n{}\n", form.body));
    Ok(file)
}

// A text of one line as TOML writes it.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace(['\n', '\t'], " "))
}

/// What a file is called at the desk: a page by its own title, a letter and a list of words by words of the site.
pub fn title_of(file: &str, form: &EditorForm, content: &Content) -> String {
    if form.is_page {
        return form.title.clone();
    }
    let (_, name) = file.split_once('/').unwrap_or(("", file));
    let stem = name.trim_end_matches(".toml");
    match stem.strip_prefix("letters/") {
        Some(slug) => {
            let title = content.letter(slug).map(|letter| letter.title.clone());
            let title = title.unwrap_or_else(|| slug.to_owned());
            content.words.fill("letters.label", &[("title", &title)])
        }
        None => content.words.get(&format!("words.file.{stem}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_comes_back_byte_for_byte() {
        let mut pages = 0;
        for (file, text) in crate::content_dir::files() {
            if !is_editable(&file) {
                continue;
            }
            pages += usize::from(is_page(&file));
            let form = read(&file, &text).unwrap();
            assert_eq!(write(&text, &form).unwrap(), text, "{file}");
        }
        assert!(pages > 50, "{pages} pages");
    }

    #[test]
    fn what_is_typed_stays_a_text() {
        let text = "+++\ntitle = \"A\"\nslug = \"a\"\nshort = \"b\"\nsources = []\n+++\nWords.\n";
        let mut form = read("en/pages/a.md", text).unwrap();
        assert_eq!((form.title.as_str(), form.who_for.as_deref()), ("A", None));
        form.title = "\"\ncertainty = \\ \"x".to_owned();
        form.sources = vec![SourceForm {
            title: "+++".to_owned(),
            seen: "\\u0000".to_owned(),
            certainty: "ask".to_owned(),
        }];
        form.body = "+++\n<b>".to_owned();
        let written = write(text, &form).unwrap();
        let again = read("en/pages/a.md", &written).unwrap();
        assert_eq!(again.title, "\" certainty = \\ \"x");
        assert_eq!(again.sources, form.sources);
        assert_eq!(again.body, form.body);
        assert!(written.contains("\nslug = \"a\"\n"));
    }

    #[test]
    fn the_words_of_buttons_are_not_for_the_desk() {
        assert!(is_editable("en/rights/visits.md") && is_editable("figures.toml"));
        for file in [
            "en/interface/desk.toml",
            "en/other.md",
            "es/pages/help.md",
            "languages.toml",
            "../x",
            "",
        ] {
            assert!(!is_editable(file), "{file}");
        }
    }
}
