//! The browser part of the checks: every journey file of `tests/browser`, run by Node against the release binary.

use crate::project::Project;
use crate::shell::{self, Done, say};
use crate::{node, system, wasm};
use std::fs;
use std::path::PathBuf;

/// Every journey file, one after the other, against the release binary.
pub(crate) fn browser(project: &Project) -> Done {
    let node = node::packages(project)?;
    let chromium = system::CHROMIUM
        .find(project)
        .ok_or("no chromium on PATH.")?;
    let binary = project.release_binary();
    if !binary.is_file() {
        return Err("there is no release binary yet; run `cargo xtask build` first.".into());
    }
    let rules = wasm::rules_for_tests(project)?;
    let files = journeys(project)?;
    say(&format!(
        "node --test, {} files in tests/browser",
        files.len()
    ));
    let mut journeys = project.command(node);
    journeys
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(files)
        .current_dir(node::folder(project))
        .env("PLEDGE_BIN", binary)
        .env("PLEDGE_CHECK_WASM", rules)
        .env("PLEDGE_CHROMIUM", chromium);
    shell::run(&mut journeys)
}

fn journeys(project: &Project) -> Done<Vec<PathBuf>> {
    let folder = node::folder(project);
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("{}: {error}.", folder.display()))?;
    let names = entries.filter_map(|entry| Some(PathBuf::from(entry.ok()?.file_name())));
    let mut files: Vec<PathBuf> = names
        .filter(|name| name.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err("there is no journey (*.test.mjs) in tests/browser.".into());
    }
    Ok(files)
}
