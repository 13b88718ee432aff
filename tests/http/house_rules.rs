//! The shape of the sources: sizes, names that stand once, modules without circles, matches without wildcards.
//!
//! Each rule prints everything that breaks it. What broke it when the rule was made stands in `tests/data/house_rules.txt`;
//! an entry that no longer breaks its rule is refused, so the list can only become shorter.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

use crate::module_graph::{Graph, module_of};
use crate::rust_source::{Source, functions, matched, public_types, read};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const FILE_MOST: usize = 600;
const FUNCTION_MOST: usize = 80;
const CRATE_MOST: usize = 10_000;

/// The enums whose every variant is named where they are matched, so that a new one does not fall into `_`.
const CLOSED: [&str; 4] = ["Action", "State", "Role", "EventKind"];

/// Names that may stand in several files, each with its reason.
const MAY_STAND_TWICE: &[(&str, &str)] = &[];

const LONG_FILE: &str = "a file of more than 600 lines without its tests";
const LONG_FUNCTION: &str = "a function of more than 80 lines";
const TWICE: &str = "a name of public types in several files";
const CIRCLE: &str = "modules of a crate that need each other";
const HEAVY: &str = "a crate of more than 10,000 lines";
const WITHOUT_DENY: &str =
    "a match of a closed enum without #![deny(clippy::wildcard_enum_match_arm)]";

/// What breaks a rule today, below a line with the rule in brackets.
const NOT_YET: &str = "tests/data/house_rules.txt";

/// The file below the repository, and what stands in it; only what is not compiled for tests alone.
type Sources = BTreeMap<String, Source>;

fn rust_files(folder: &Path, below: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let file = format!("{below}/{name}");
        if entry.path().is_dir() {
            rust_files(&entry.path(), &file, found);
        } else if name.ends_with(".rs") {
            found.push(file);
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The folders of sources, one for each crate.
fn crates() -> Vec<String> {
    let crates = std::fs::read_dir(root().join("crates")).unwrap();
    let crates = crates.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let crates = crates.map(|name| format!("crates/{name}"));
    let mut all: Vec<String> = crates
        .chain(["app", "server", "xtask"].map(str::to_owned))
        .map(|folder| format!("{folder}/src"))
        .collect();
    all.sort();
    all
}

/// Without the modules in files of their own that only tests compile.
fn sources_of(texts: BTreeMap<String, String>) -> Sources {
    let mut sources: Sources = texts
        .iter()
        .map(|(file, text)| (file.clone(), read(text)))
        .collect();
    let tests: Vec<String> = sources
        .iter()
        .flat_map(|(file, source)| source.test_modules.iter().map(move |name| (file, name)))
        .map(|(file, name)| {
            let stem = file.trim_end_matches(".rs");
            let is_root = ["/mod", "/lib", "/main"]
                .iter()
                .any(|end| stem.ends_with(end));
            let folder = match is_root {
                true => stem.rsplit_once('/').map_or("", |(folder, _)| folder),
                false => stem,
            };
            format!("{folder}/{name}")
        })
        .collect();
    let is_test = |file: &str| {
        let is_below = |start: &String| {
            file == format!("{start}.rs") || file.starts_with(&format!("{start}/"))
        };
        tests.iter().any(is_below)
    };
    sources.retain(|file, _| !is_test(file));
    sources
}

fn texts() -> BTreeMap<String, String> {
    let mut files = Vec::new();
    for folder in crates() {
        rust_files(&root().join(&folder), &folder, &mut files);
    }
    let read = |file: String| {
        let text = std::fs::read_to_string(root().join(&file)).unwrap();
        (file, text)
    };
    files.into_iter().map(read).collect()
}

fn sources() -> Sources {
    let sources = sources_of(texts());
    assert!(sources.len() > 150, "{}", sources.len());
    sources
}

fn planted(files: &[(&str, &str)]) -> Sources {
    let owned = files
        .iter()
        .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()));
    sources_of(owned.collect())
}

fn listed<'l>(list: &'l str, rule: &str) -> BTreeSet<&'l str> {
    let head = format!("[{rule}]");
    let below = list.lines().skip_while(|line| *line != head).skip(1);
    let below = below.take_while(|line| !line.starts_with('['));
    below.filter(|line| !line.is_empty()).collect()
}

/// What is found and not listed, and what is listed and not found.
fn difference(
    found: &BTreeMap<String, String>,
    listed: &BTreeSet<&str>,
) -> (Vec<String>, Vec<String>) {
    let new = found
        .iter()
        .filter(|(entry, _)| !listed.contains(entry.as_str()));
    let gone = listed.iter().filter(|entry| !found.contains_key(**entry));
    (
        new.map(|(entry, detail)| format!("{entry}\n        {detail}"))
            .collect(),
        gone.map(|entry| (*entry).to_owned()).collect(),
    )
}

#[track_caller]
fn assert_listed(rule: &str, found: &BTreeMap<String, String>) {
    let list = std::fs::read_to_string(root().join(NOT_YET)).unwrap();
    let (new, gone) = difference(found, &listed(&list, rule));
    assert!(
        new.is_empty() && gone.is_empty(),
        "{rule}:\n{}\nno longer so, to be taken off {NOT_YET}:\n{}",
        new.join("\n"),
        gone.join("\n")
    );
}

#[test]
fn control_an_entry_that_is_new_or_gone_is_seen() {
    let list = "# Why.\n[one rule]\na\n\nb: c, d\n[another]\ne\n";
    let listed = listed(list, "one rule");
    assert_eq!(listed, BTreeSet::from(["a", "b: c, d"]));
    let found = BTreeMap::from(["b: c, d", "e"].map(|entry| (entry.to_owned(), String::new())));
    let (new, gone) = difference(&found, &listed);
    assert_eq!((new.len(), gone), (1, vec!["a".to_owned()]));
    assert!(new[0].starts_with("e\n"));
}

#[test]
fn the_list_names_rules_that_there_are() {
    let list = std::fs::read_to_string(root().join(NOT_YET)).unwrap();
    let rules: Vec<&str> = list.lines().filter(|line| line.starts_with('[')).collect();
    let known = [LONG_FILE, LONG_FUNCTION, TWICE, CIRCLE, HEAVY, WITHOUT_DENY];
    assert_eq!(rules, known.map(|rule| format!("[{rule}]")));
}

fn long_files(sources: &Sources) -> BTreeMap<String, String> {
    let long = sources
        .iter()
        .filter(|(_, source)| source.lines > FILE_MOST);
    long.map(|(file, source)| (file.clone(), format!("{} lines", source.lines)))
        .collect()
}

#[test]
fn no_file_is_longer_than_600_lines_without_its_tests() {
    assert_listed(LONG_FILE, &long_files(&sources()));
}

#[test]
fn control_a_long_file_is_seen_and_tests_do_not_count() {
    let lines = "fn f() {}\n".repeat(FILE_MOST);
    let tests = format!("{lines}#[cfg(test)]\nmod tests {{\n    // \"}}\n    fn f() {{}}\n}}\n");
    let found = long_files(&planted(&[
        ("a/src/exact.rs", &lines),
        ("a/src/with_tests.rs", &tests),
        ("a/src/long.rs", &format!("{lines}// one more\n")),
        (
            "a/src/lib.rs",
            "#[cfg(test)]\nmod big;\n#[cfg(not(test))]\nmod other;\n",
        ),
        ("a/src/big.rs", &lines.repeat(2)),
        ("a/src/other.rs", &lines.repeat(2)),
    ]));
    assert_eq!(
        found.into_keys().collect::<Vec<_>>(),
        ["a/src/long.rs", "a/src/other.rs"]
    );
}

fn long_functions(sources: &Sources) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (file, source) in sources {
        for (name, lines) in functions(&source.tokens) {
            if lines > FUNCTION_MOST {
                found.insert(format!("{file}: {name}"), format!("{lines} lines"));
            }
        }
    }
    found
}

#[test]
fn no_function_is_longer_than_80_lines() {
    assert_listed(LONG_FUNCTION, &long_functions(&sources()));
}

#[test]
fn control_a_long_function_is_seen() {
    let body = |lines: usize| "    let a = '{';\n".repeat(lines - 2);
    let function = |name: &str, lines| {
        format!(
            "fn {name}<'a>(a: &'a [u8; 2]) -> u8 {{\n{}}}\n",
            body(lines)
        )
    };
    let text = [
        function("exact", FUNCTION_MOST),
        function("long", FUNCTION_MOST + 1),
        // What is no bracket, and what is no function.
        format!(
            "fn odd() {{ let s = r#\"}}\"# ; /* }} /* */ */ let c = b'}}'; // }}\n{}}}\n",
            body(FUNCTION_MOST)
        ),
        format!(
            "type F = fn(u8);\ntrait T {{ fn without(&self); }}\nconst C: [u8; 2] = [0; 2];\n{}",
            "\n".repeat(90)
        ),
        // A closure and a macro belong to their function.
        format!(
            "fn outer() {{\n  view! {{ <p>{{move || {{\n{}}}}}</p> }}\n}}\n",
            body(FUNCTION_MOST)
        ),
    ];
    let found = long_functions(&planted(&[("a/src/lib.rs", &text.concat())]));
    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        [
            ("a/src/lib.rs: long", "81 lines"),
            ("a/src/lib.rs: outer", "82 lines"),
        ]
        .map(|(entry, detail)| (entry.to_owned(), detail.to_owned()))
    );
}

fn twice(sources: &Sources, may: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (file, source) in sources {
        for name in public_types(&source.tokens) {
            files.entry(name).or_default().push(file);
        }
    }
    let twice = files.into_iter().filter(|(_, files)| files.len() > 1);
    twice
        .filter(|(name, _)| !may.iter().any(|(may, _)| may == name))
        .map(|(name, files)| (name, files.join(", ")))
        .collect()
}

#[test]
fn no_name_of_a_public_type_stands_twice() {
    let sources = sources();
    assert_listed(TWICE, &twice(&sources, MAY_STAND_TWICE));
    let all = twice(&sources, &[]);
    for (name, reason) in MAY_STAND_TWICE {
        assert!(!reason.is_empty());
        assert!(all.contains_key(*name), "{name} needs no exception");
    }
}

#[test]
fn control_a_name_that_stands_twice_is_seen() {
    let sources = planted(&[
        (
            "a/src/lib.rs",
            "pub struct Once;\npub struct Both { pub a: u8 }\npub(crate) struct Own;\n",
        ),
        (
            "b/src/lib.rs",
            "pub enum Both {}\nstruct Own;\n// pub struct Once;\n#[cfg(test)]\npub struct Once;\n",
        ),
        ("c/src/lib.rs", "pub trait Shape {}\n"),
        (
            "d/src/lib.rs",
            "pub type Shape = u8;\nimpl X for Y { type Once = u8; }\n",
        ),
    ]);
    assert_eq!(
        twice(&sources, &[]).into_keys().collect::<Vec<_>>(),
        ["Both", "Shape"]
    );
    let may = [("Shape", "planted")];
    assert_eq!(
        twice(&sources, &may).into_keys().collect::<Vec<_>>(),
        ["Both"]
    );
}

fn circles(sources: &Sources, crates: &[String]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for folder in crates {
        let start = format!("{folder}/");
        let has_lib = sources.contains_key(&format!("{folder}/lib.rs"));
        let modules: Vec<_> = sources
            .iter()
            .filter_map(|(file, source)| {
                let module = module_of(file.strip_prefix(&start)?, has_lib)?;
                Some((module, source.tokens.clone()))
            })
            .collect();
        let name = folder
            .trim_start_matches("crates/")
            .trim_end_matches("/src");
        let graph = Graph::new(&modules);
        for circle in graph.circles() {
            let edges = graph.edges_within(&circle).join("; ");
            found.insert(format!("{name}: {}", circle.join(", ")), edges);
        }
    }
    found
}

#[test]
fn no_modules_of_a_crate_form_a_circle() {
    assert_listed(CIRCLE, &circles(&sources(), &crates()));
}

#[test]
fn control_a_circle_of_modules_is_seen() {
    let found = |files: &[(&str, &str)]| {
        let circles = circles(&planted(files), &["a/src".to_owned()]);
        circles.into_keys().collect::<Vec<_>>()
    };
    let (lib, struct_a) = ("a/src/lib.rs", "pub struct A;");
    // Both ways, in a `use` line, in a path within code, and by a name that was brought in.
    for path in [
        "use crate::b::B;",
        "fn f() { crate::b::f() }",
        "use super::b::{self, B};\nfn f() { b::f() }",
        "use crate::b;\nfn f() { let _ = b::B; }",
        "use crate::{other::{C}, b::B as D};",
        "use crate::b::*;",
    ] {
        let files = [
            (lib, "mod a;\nmod b;\n"),
            ("a/src/a.rs", &format!("{path}\n{struct_a}")),
            (
                "a/src/b.rs",
                "use crate::a::A;\npub struct B;\npub fn f() {}",
            ),
        ];
        assert_eq!(found(&files), ["a: a, b"], "{path}");
    }
    // What a module hands on belongs to where it is defined.
    let files = [
        (lib, "mod a;\npub use a::{A, part::Part};\n"),
        (
            "a/src/a/mod.rs",
            "pub mod part;\nmod other;\npub use part::Part;\npub use other::*;\npub struct A;",
        ),
        ("a/src/a/part.rs", "use crate::other;\npub struct Part;"),
        (
            "a/src/a/other.rs",
            "use super::Part;\nuse crate::a::Part as P;\npub struct Other;",
        ),
        ("a/src/b.rs", "use crate::{A, Part};\nuse crate::a::Other;"),
    ];
    assert_eq!(found(&files), [] as [&str; 0]);
    // A part that needs its parent, which needs the part.
    let files = [
        (lib, "mod a;\n"),
        (
            "a/src/a/mod.rs",
            "mod part;\nfn f() { part::f() }\npub fn g() {}",
        ),
        ("a/src/a/part.rs", "pub fn f() { super::g() }"),
        // Tests may look upwards.
        (
            "a/src/lonely.rs",
            "#[cfg(test)]\nmod tests {\n    use crate::lonely_too::X;\n}\n",
        ),
        (
            "a/src/lonely_too.rs",
            "use crate::lonely::Y;\npub struct X;",
        ),
    ];
    assert_eq!(found(&files), ["a: a, a::part"]);
    // Three, through the root.
    let files = [
        (
            lib,
            "mod a;\nmod b;\nuse b::f;\npub struct Root;\nfn g() { f() }",
        ),
        ("a/src/a.rs", "use crate::Root;\npub fn f(_: Root) {}"),
        ("a/src/b.rs", "pub fn f() { crate::a::f(todo!()) }"),
    ];
    assert_eq!(found(&files), ["a: the root, a, b"]);
}

fn heavy_crates(texts: &BTreeMap<String, String>, crates: &[String]) -> BTreeMap<String, String> {
    let lines = |folder: &String| -> usize {
        let own = texts
            .iter()
            .filter(|(file, _)| file.starts_with(&format!("{folder}/")));
        own.map(|(_, text)| text.lines().count()).sum()
    };
    let all = crates.iter().map(|folder| (folder.clone(), lines(folder)));
    all.filter(|(_, lines)| *lines > CRATE_MOST)
        .map(|(folder, lines)| (folder, format!("{lines} lines")))
        .collect()
}

#[test]
fn no_crate_has_more_than_10_000_lines() {
    assert_listed(HEAVY, &heavy_crates(&texts(), &crates()));
}

#[test]
fn control_a_heavy_crate_is_seen() {
    let planted = |file: &str, lines| (file.to_owned(), "x\n".repeat(lines));
    let texts = BTreeMap::from([
        planted("a/src/lib.rs", CRATE_MOST - 1),
        planted("a/src/b/mod.rs", 2),
        planted("b/src/lib.rs", CRATE_MOST),
    ]);
    let crates = ["a/src", "b/src"].map(str::to_owned);
    assert_eq!(
        heavy_crates(&texts, &crates)
            .into_keys()
            .collect::<Vec<_>>(),
        ["a/src"]
    );
}

/// Files that match a closed enum where neither they nor a module around them denies wildcards.
fn without_deny(sources: &Sources) -> BTreeMap<String, String> {
    let denies = |file: &str| {
        let source = sources.get(file);
        source.is_some_and(|source| {
            let mut words = source.tokens.iter().skip_while(|token| !token.is("deny"));
            words.any(|token| token.is("wildcard_enum_match_arm"))
        })
    };
    let around = |file: &str| {
        let mut files = vec![file.to_owned()];
        let mut folder = file.trim_end_matches(".rs");
        while let Some((above, _)) = folder.rsplit_once('/') {
            let roots = ["/mod.rs", "/lib.rs", "/main.rs", ".rs"];
            files.extend(roots.map(|end| format!("{above}{end}")));
            folder = above;
        }
        files
    };
    sources
        .iter()
        .map(|(file, source)| (file, matched(&source.tokens, &CLOSED)))
        .filter(|(file, matched)| {
            !matched.is_empty() && !around(file).iter().any(|file| denies(file))
        })
        .map(|(file, matched)| (file.clone(), matched.join(", ")))
        .collect()
}

#[test]
fn files_that_match_a_closed_enum_deny_wildcards() {
    assert_listed(WITHOUT_DENY, &without_deny(&sources()));
}

#[test]
fn control_a_match_without_deny_is_seen() {
    let code =
        "fn f(s: State) -> u8 {\n match s { State::A | lifecycle::State::B => 1, _ => 2 }\n}\n";
    let deny = format!("#![deny(clippy::wildcard_enum_match_arm)]\n{code}");
    let found = without_deny(&planted(&[
        ("a/src/lib.rs", code),
        (
            "a/src/nested.rs",
            "fn f() { match (a, { b }) { X => { match r { (1, Role::A) if x => 1, } } } }",
        ),
        (
            "a/src/not.rs",
            "fn f() { match a { X if a == State::B => State::A, Y => Role::A, } }\nuse Role::A;",
        ),
        ("b/src/lib.rs", &deny),
        ("b/src/part/deep.rs", code),
    ]));
    assert_eq!(
        found.into_keys().collect::<Vec<_>>(),
        ["a/src/lib.rs", "a/src/nested.rs"]
    );
}

/// Files that give a file another name, which is not on the disk until its folder is written.
fn renames(texts: &BTreeMap<String, String>) -> Vec<&str> {
    let is_found = |text: &String| text.contains("fs::rename(") || text.contains("fs::{rename");
    let found = texts.iter().filter(|(_, text)| is_found(text));
    found.map(|(file, _)| file.as_str()).collect()
}

#[test]
fn a_file_gets_its_name_where_its_folder_is_written_too() {
    let mut texts = texts();
    texts.retain(|file, _| !file.starts_with("xtask/"));
    let place = "crates/service/src/durable_file.rs";
    assert_eq!(renames(&texts), [place]);
    let (_, behind) = texts[place].split_once("fs::rename(").unwrap();
    assert!(behind.contains(".sync_all()"));
    // A restored folder is whole before it is said.
    let restore = &texts["server/src/commands/backup.rs"];
    let done = restore.find("backup::restore(").unwrap();
    assert!(done < restore.find("\"Restored the backup").unwrap());
    // The control.
    texts.insert("a.rs".to_owned(), "std::fs::rename(a, b)?;".to_owned());
    assert_eq!(renames(&texts), ["a.rs", place]);
}
