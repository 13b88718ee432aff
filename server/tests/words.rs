//! Every interface word that a page asks for is there, none stands there in vain, and the words pass the same check as
//! `pledge content check`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use domain::life::{Action, CloseReason, Lane, State};
use domain::role::Role;
use domain::view::{Feeling, Safe, Topic};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|end| end == "rs") {
            all.push(path);
        }
    }
}

/// Texts between quotes in Rust code that look like a key: words of small letters with dots between.
fn keys_in(code: &str) -> BTreeSet<String> {
    let files = [
        ".css", ".db", ".js", ".json", ".md", ".rs", ".sqlite", ".toml", ".txt", ".xml",
    ];
    let is_key = |text: &str| {
        text.contains('.')
            && !files.iter().any(|end| text.ends_with(end))
            && text.split('.').all(|part| {
                !part.is_empty()
                    && part.chars().all(|c| {
                        c.is_ascii_lowercase()
                            || c.is_ascii_digit()
                            || c == '-'
                            || "{}_:".contains(c)
                    })
            })
    };
    code.split('"')
        .skip(1)
        .step_by(2)
        .filter(|text| is_key(text))
        .map(str::to_owned)
        .collect()
}

/// The keys that a pattern such as `topic.{id}` can become.
fn family(pattern: &str, keys: &BTreeSet<String>) -> Vec<String> {
    let parts: Vec<&str> = pattern.split(['{', '}']).step_by(2).collect();
    let fits = |key: &&String| {
        key.starts_with(parts[0])
            && key.ends_with(parts[parts.len() - 1])
            && key.split('.').count() == pattern.split('.').count()
    };
    keys.iter().filter(fits).cloned().collect()
}

struct Found {
    missing: Vec<String>,
    unused: Vec<String>,
}

fn compare(asked: &BTreeSet<String>, there: &BTreeSet<String>) -> Found {
    let groups: BTreeSet<&str> = there
        .iter()
        .filter_map(|key| key.split('.').next())
        .collect();
    let mut used = BTreeSet::new();
    let mut missing = Vec::new();
    for key in asked {
        // Other dotted texts (file names, versions) do not begin with a group of words.
        if !groups.contains(key.split('.').next().unwrap_or_default()) {
            continue;
        }
        let hits = if key.contains('{') {
            family(key, there)
        } else {
            there.get(key).cloned().into_iter().collect()
        };
        if hits.is_empty() {
            missing.push(key.clone());
        }
        used.extend(hits);
    }
    Found {
        missing,
        unused: there.difference(&used).cloned().collect(),
    }
}

fn asked() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    sources(&root.join("app/src"), &mut files);
    sources(&root.join("server/src"), &mut files);
    files
        .iter()
        .flat_map(|file| keys_in(&std::fs::read_to_string(file).unwrap()))
        .collect()
}

fn there() -> BTreeSet<String> {
    let content = server::cli::load_content().unwrap();
    content.words.table.keys().cloned().collect()
}

#[test]
fn every_word_a_page_asks_for_is_there_and_none_in_vain() {
    let found = compare(&asked(), &there());
    assert_eq!(found.missing, [] as [String; 0], "missing words");
    assert_eq!(
        found.unused,
        [] as [String; 0],
        "words that no page asks for"
    );
}

#[test]
fn the_comparison_finds_what_is_planted() {
    let set = |keys: &[&str]| {
        keys.iter()
            .map(|key| (*key).to_owned())
            .collect::<BTreeSet<String>>()
    };
    let found = compare(
        &set(&["a.b", "a.gone", "a.{x}.name", "file.rs"]),
        &set(&["a.b", "a.one.name", "a.vain"]),
    );
    assert_eq!(found.missing, ["a.gone"]);
    assert_eq!(found.unused, ["a.vain"]);
    assert_eq!(
        keys_in("t(\"a.b\") \"No.\" \"speak.{id}.x\""),
        set(&["a.b", "speak.{id}.x"])
    );
}

#[test]
fn every_choice_has_its_words() {
    let there = there();
    let mut wanted: Vec<String> = Vec::new();
    wanted.extend(
        Topic::ALL
            .iter()
            .map(|topic| format!("topic.{}", topic.id())),
    );
    wanted.extend(
        Feeling::ALL
            .iter()
            .map(|feeling| format!("feeling.{}", feeling.id())),
    );
    wanted.extend(Safe::ALL.iter().map(|safe| format!("safe.{}", safe.id())));
    for state in State::ALL {
        wanted
            .extend(["sender", "next", "name"].map(|part| format!("state.{}.{part}", state.id())));
    }
    wanted.extend(
        Lane::ALL
            .iter()
            .map(|lane| format!("lane.{}.name", lane.id())),
    );
    wanted.extend(CloseReason::ALL.iter().flat_map(|reason| {
        ["name", "sender"].map(|part| format!("reason.{}.{part}", reason.id()))
    }));
    wanted.extend(
        Role::ALL
            .iter()
            .map(|role| format!("role.{}.name", role.id())),
    );
    wanted.extend(
        Action::all()
            .iter()
            .map(|action| format!("action.{}.record", action.id())),
    );
    let missing: Vec<String> = wanted
        .into_iter()
        .filter(|key| !there.contains(key))
        .collect();
    assert_eq!(missing, [] as [String; 0]);
}

#[test]
fn the_words_pass_the_content_check() {
    let content = server::cli::load_content().unwrap();
    // The day the words were written: overdue reviews are told by `pledge content check` on the day it runs.
    let today = "2026-11-21".parse().unwrap();
    let faults =
        server::content::check::check(&content, today, &server::web::public_addresses(&content));
    assert_eq!(faults, []);
}
