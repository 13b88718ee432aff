//! No two files of a crate import each other, not even around a corner: a reader can learn them one after the other.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The crates without a circle. Grows until it is every crate.
const CRATES: [&str; 3] = ["notify", "service", "vault"];

/// Files of a crate by their module path; the root is empty.
type Files = BTreeMap<String, String>;

fn read(folder: &Path, module: &str, files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let name = match (module, stem.as_str()) {
            (_, "lib" | "mod") => module.to_owned(),
            ("", _) => stem,
            _ => format!("{module}::{stem}"),
        };
        if path.is_dir() {
            read(&path, &name, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// The paths of a `use`, with what stands in braces written out.
fn paths(tree: &str) -> Vec<String> {
    let Some((before, rest)) = tree.split_once('{') else {
        return vec![tree.split(" as ").next().unwrap().trim().to_owned()];
    };
    let (mut depth, mut part, mut parts) = (0, String::new(), Vec::new());
    for c in rest[..rest.rfind('}').unwrap()].chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if c == ',' && depth == 0 {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
    }
    parts.push(part);
    let whole = |part: &String| paths(&format!("{}{}", before.trim(), part.trim()));
    let named = parts.iter().filter(|part| !part.trim().is_empty());
    named.flat_map(whole).collect()
}

/// What a file uses, outside of its tests.
fn uses(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap();
    let statements = text.split("\n").enumerate().filter_map(|(at, line)| {
        let rest = line.strip_prefix("pub(crate) ").unwrap_or(line);
        let rest = rest.strip_prefix("pub ").unwrap_or(rest);
        rest.strip_prefix("use ").map(|_| at)
    });
    let lines: Vec<&str> = text.split('\n').collect();
    let whole = |at: usize| {
        let text = lines[at..].join(" ");
        let (_, tree) = text.split_once("use ").unwrap();
        paths(tree.split(';').next().unwrap())
    };
    statements.flat_map(whole).collect()
}

/// A path of this file as one from the root; `None` if it leads out of the crate.
fn from_root(files: &Files, module: &str, path: &str) -> Option<String> {
    let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    let join = |start: &str, rest: &str| match start {
        "" => rest.to_owned(),
        _ => format!("{start}::{rest}"),
    };
    let (first, rest) = path.split_once("::")?;
    match first {
        "crate" => Some(rest.to_owned()),
        "self" => Some(join(module, rest)),
        "super" => Some(join(parent, rest)),
        _ => {
            let child = join(module, first);
            files.contains_key(&child).then(|| join(module, path))
        }
    }
}

/// The file in which what this path names stands: names that a module passes on are followed.
fn home(files: &Files, path: &str) -> String {
    let parts: Vec<&str> = path.split("::").collect();
    let known = |count: &usize| files.contains_key(&parts[..*count].join("::"));
    let count = (0..=parts.len()).rev().find(known).unwrap_or(0);
    let module = parts[..count].join("::");
    let Some(name) = parts.get(count) else {
        return module;
    };
    let passed_on = uses(&files[&module])
        .into_iter()
        .filter(|path| path.rsplit("::").next() == Some(name))
        .find_map(|path| from_root(files, &module, &path));
    match passed_on {
        Some(to) if to != path => {
            let rest = parts[count + 1..].iter().map(|part| format!("::{part}"));
            home(files, &format!("{to}{}", rest.collect::<String>()))
        }
        _ => module,
    }
}

/// A circle of files, if there is one.
fn circle(files: &Files) -> Option<Vec<String>> {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, text) in files {
        let to = uses(text)
            .into_iter()
            .filter_map(|path| from_root(files, module, &path))
            .map(|path| home(files, &path))
            .filter(|to| to != module);
        edges.insert(module.clone(), to.collect());
    }
    // What imports nothing that is left is learnt; what is left in the end goes around in circles.
    loop {
        let learnt: Vec<String> = edges
            .iter()
            .filter(|(_, to)| to.is_empty())
            .map(|(module, _)| module.clone())
            .collect();
        if learnt.is_empty() {
            break;
        }
        for module in learnt {
            edges.remove(&module);
            edges.values_mut().for_each(|to| {
                to.remove(&module);
            });
        }
    }
    (!edges.is_empty()).then(|| edges.into_keys().collect())
}

#[test]
fn no_file_imports_one_that_imports_it() {
    for name in CRATES {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
        let mut files = Files::new();
        read(&folder.join(name).join("src"), "", &mut files);
        assert!(files.len() > 3, "{name}");
        assert_eq!(circle(&files), None, "{name}");
    }
}

#[test]
fn a_circle_is_seen_also_through_a_name_that_is_passed_on() {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let mut files = Files::from([
        file("", "mod a;\npub use a::A;\n"),
        file("a", "use std::fmt;\npub struct A;\n"),
        file("b", "mod c;\npub use c::C;\n"),
        file("b::c", "use crate::{\n    A,\n};\npub struct C;\n"),
    ]);
    assert_eq!(circle(&files), None, "a control");
    files.insert("a".to_owned(), "use crate::b::C;\n".to_owned());
    let seen = circle(&files).unwrap();
    assert!(seen.contains(&"a".to_owned()) && seen.contains(&"b::c".to_owned()));
    files.insert(
        "a".to_owned(),
        "#[cfg(test)]\nmod t {\nuse crate::b::C;\n}".to_owned(),
    );
    assert_eq!(circle(&files), None, "tests may import what they like");
}
