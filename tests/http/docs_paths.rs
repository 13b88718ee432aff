//! Every path that `docs/HOW-TO.md` and `docs/ARCHITECTURE.md` name exists.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

use std::path::{Path, PathBuf};

const PAGES: [&str; 2] = ["docs/HOW-TO.md", "docs/ARCHITECTURE.md"];

fn repository() -> PathBuf {
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let root = folders.find(|folder| folder.join("docs/HOW-TO.md").is_file());
    root.expect("the repository").to_owned()
}

/// Every text in backticks that contains a slash and is a path: an address of the site begins with its slash, a command
/// or a citation has a blank, and `{a,b}` or `…` stand for several.
fn paths(page: &str) -> Vec<&str> {
    let lines = page.lines().filter(|line| !line.starts_with("    "));
    let quoted = lines.flat_map(|line| line.split('`').skip(1).step_by(2));
    quoted
        .filter(|text| text.contains('/') && !text.starts_with('/'))
        .filter(|text| !text.contains([' ', '{', '…', '<']))
        .collect()
}

fn missing<'p>(root: &Path, page: &'p str) -> Vec<&'p str> {
    let paths = paths(page).into_iter();
    paths.filter(|path| !root.join(path).exists()).collect()
}

#[test]
fn every_path_in_the_guides_exists() {
    let root = repository();
    for name in PAGES {
        let page = std::fs::read_to_string(root.join(name)).unwrap();
        let (all, missing) = (paths(&page).len(), missing(&root, &page));
        assert!(all >= 20, "{name} names only {all} paths");
        assert!(
            missing.is_empty(),
            "{name} names what is not there: {missing:#?}"
        );
    }
}

#[test]
fn control_a_path_that_is_not_there_is_seen() {
    let page = "1. `docs/HOW-TO.md`: this. See `/speak`, `cargo xtask a/b`, `word`.\n2. `docs/NO-SUCH.md` and `no/folder/`\n";
    assert_eq!(paths(page).len(), 3);
    assert_eq!(
        missing(&repository(), page),
        ["docs/NO-SUCH.md", "no/folder/"]
    );
}

#[test]
fn the_guide_has_at_least_twenty_changes_each_with_its_files() {
    let page = std::fs::read_to_string(repository().join("docs/HOW-TO.md")).unwrap();
    let changes: Vec<&str> = page.split("\n## ").skip(1).collect();
    assert!(changes.len() >= 20, "{}", changes.len());
    for change in changes {
        let title = change.lines().next().unwrap_or_default();
        assert!(!paths(change).is_empty(), "{title} names no file");
        assert!(change.contains("\n1. "), "{title} has no first step");
    }
}
