//! Sample models of every page of the young person's side, shared by the gallery and by the tests of the pages.

mod check;
mod follow;
mod reading;
mod search;
mod speak;

use app::pages::problem;
use app::shell::{self, LEAVE_SCRIPT, PageContext};
use domain::date::Date;
use model::Problem;
use model::words::Words;
use reading::lines;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

const SAID: &str = "I want to stay at my school until the exams are over.\n\nEverybody talks about the move & nobody asks <me>. A long address: https://example.org/very/long/address/that/does/not/break/anywhere/because/it/has/no/spaces";

/// The name of a sample page, and its HTML.
type Page = (String, String);

/// Every sample page with its name.
pub(crate) fn pages() -> io::Result<Vec<(String, String)>> {
    let frame = frame()?;
    let mut all = reading::pages(&frame);
    all.extend(search::pages(&frame));
    all.extend(speak::pages(&frame));
    all.extend(follow::pages(&frame));
    all.extend(check::pages(&frame));
    all.extend(problems(&frame));
    Ok(all)
}

fn named(name: &str, html: String) -> Page {
    (name.to_owned(), html)
}

fn problems(frame: &PageContext) -> Vec<Page> {
    let mut all = Vec::new();
    for id in [
        Problem::NotFound,
        Problem::WrongMethod,
        Problem::BadForm,
        Problem::TooBig,
        Problem::WrongType,
        Problem::Forbidden,
        Problem::Changed,
        Problem::CutShort,
        Problem::Busy,
        Problem::Ours,
    ] {
        all.push(named(
            &format!("problem-{}", id.id()),
            shell::render(frame, None, || problem::problem(id, lines())),
        ));
    }
    all
}

/// The interface's words as the server would read them.
pub(crate) fn words() -> io::Result<Words> {
    let folder = root().join("content/southwark/en/interface");
    let mut table = BTreeMap::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            read_words(&fs::read_to_string(path)?, &mut table);
        }
    }
    Ok(Words {
        language: "en".into(),
        table: Arc::new(table),
    })
}

/// The stylesheet.
pub(crate) fn css() -> io::Result<String> {
    fs::read_to_string(root().join("style/pledge.css"))
}

// The words are one-line strings under headings in brackets: no more of TOML is needed here.
fn read_words(text: &str, table: &mut BTreeMap<String, String>) {
    let mut heading = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            heading = format!("{name}.");
        } else if let Some((key, value)) = line.split_once(" = ") {
            let value = value.trim().trim_start_matches('"');
            let value = value
                .strip_suffix('"')
                .unwrap_or(value)
                .replace("\\\"", "\"")
                .replace("\\n", "\n");
            table.insert(format!("{heading}{}", key.trim().trim_matches('"')), value);
        }
    }
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn frame() -> io::Result<PageContext> {
    Ok(PageContext {
        words: words()?,
        css: css()?.into(),
        leave_script: LEAVE_SCRIPT.into(),
        urgent_lines: lines().into_iter().filter(|line| line.urgent).collect(),
        demo: true,
        ..PageContext::default()
    })
}

fn day(text: &str) -> Date {
    text.parse().unwrap_or(Date::EPOCH)
}

fn date(days: i32) -> Date {
    Date::from_days(20_700 + days).unwrap_or_else(|| unreachable!("near today"))
}
