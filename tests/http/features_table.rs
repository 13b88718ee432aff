//! `docs/FEATURES.md` is whole, and every test and file that it names is there.

use std::collections::BTreeMap;
use std::path::Path;

/// How many rows the table has.
const ROWS: usize = 156;

/// The states, in the order in which the introduction counts them.
const STATES: [&str; 3] = ["true", "partly", "not yet"];

struct Row {
    number: usize,
    state: String,
    // What stands between backticks in the last cell: `file::test`, or a file alone.
    shown_by: Vec<String>,
}

// The rows of every group; the heads and rules of the tables have no number.
fn rows(table: &str) -> Vec<Result<Row, String>> {
    table
        .lines()
        .filter(|line| line.starts_with('|'))
        .filter(|line| !line.contains("| feature |") && !line.contains("| --"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [number, feature, bar, state, shown_by] = cells.as_slice() else {
                return Err(format!("not five cells: {line}"));
            };
            let Ok(number) = number.parse() else {
                return Err(format!("no number: {line}"));
            };
            if feature.is_empty() || !["must", "stretch", "moonshot"].contains(bar) {
                return Err(format!("row {number}: no feature, or no bar"));
            }
            if shown_by.matches('`').count() % 2 == 1 {
                return Err(format!("row {number}: a backtick is open"));
            }
            Ok(Row {
                number,
                state: (*state).to_owned(),
                shown_by: shown_by
                    .split('`')
                    .skip(1)
                    .step_by(2)
                    .map(str::to_owned)
                    .collect(),
            })
        })
        .collect()
}

// Everything wrong with a table. `read` gives the text of a file of the repository.
fn faults(table: &str, read: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut numbers = Vec::new();
    for row in rows(table) {
        let row = match row {
            Ok(row) => row,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        let number = row.number;
        numbers.push(number);
        let tests = row.shown_by.iter().filter(|name| name.contains("::"));
        let tests = tests.count();
        match STATES.into_iter().find(|state| *state == row.state) {
            Some(state) => *counts.entry(state).or_default() += 1,
            None => faults.push(format!("row {number}: `{}` is no state", row.state)),
        }
        match row.state.as_str() {
            "true" if tests == 0 => {
                faults.push(format!("row {number}: true, and no test shows it"))
            }
            "partly" if row.shown_by.is_empty() => {
                faults.push(format!(
                    "row {number}: partly, and nothing shows which part"
                ));
            }
            "not yet" if !row.shown_by.is_empty() => {
                faults.push(format!("row {number}: not yet, but something shows it"));
            }
            _ => {}
        }
        for name in &row.shown_by {
            if let Err(fault) = find(name, &read) {
                faults.push(format!("row {number}: {fault}"));
            }
        }
    }
    if numbers != (1..=ROWS).collect::<Vec<_>>() {
        faults.push(format!(
            "the rows are not 1 to {ROWS} in order: {numbers:?}"
        ));
    }
    let counted =
        STATES.map(|state| format!("{} {state}", counts.get(state).copied().unwrap_or(0)));
    let counted = counted.join(", ");
    if !table.contains(&counted) {
        faults.push(format!("the introduction does not say: {counted}"));
    }
    faults
}

// Looks for a named test, or for a named file.
fn find(name: &str, read: &impl Fn(&str) -> Option<String>) -> Result<(), String> {
    let (file, test) = match name.split_once("::") {
        Some((file, test)) => (file, Some(test)),
        None => (name, None),
    };
    let text = read(file).ok_or_else(|| format!("there is no file {file}"))?;
    let found = match test {
        None => true,
        Some(test) if file.ends_with(".rs") => is_rust_test(&text, test),
        Some(test) if file.ends_with(".mjs") => is_browser_test(&text, test),
        Some(_) => false,
    };
    if found {
        Ok(())
    } else {
        Err(format!("there is no test {name}"))
    }
}

// `fn name(` under an attribute that makes it a test.
fn is_rust_test(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let wanted = format!("fn {name}(");
    let is_it = |line: &str| {
        line.strip_prefix("async ")
            .unwrap_or(line)
            .starts_with(&wanted)
    };
    lines.iter().enumerate().any(|(at, line)| {
        is_it(line)
            && lines[..at]
                .iter()
                .rev()
                .take_while(|above| above.starts_with("#[") || above.starts_with("//"))
                .any(|above| *above == "#[test]" || above.starts_with("#[tokio::test"))
    })
}

// `test('name'`, `it("name"`, or `then('name'` for a part of a longer story. In a name between backticks `${…}` stands for
// anything.
fn is_browser_test(text: &str, name: &str) -> bool {
    ["test(", "it(", "then("].iter().any(|call| {
        text.split(call).skip(1).any(|rest| {
            let quoted = |quote| {
                let inside = rest.strip_prefix(quote)?;
                Some(inside.split_once(quote)?.0)
            };
            match quoted('`') {
                Some(template) => match (template.split_once("${"), template.rsplit_once('}')) {
                    (Some((start, _)), Some((_, end))) => {
                        name.len() > start.len() + end.len()
                            && name.starts_with(start)
                            && name.ends_with(end)
                    }
                    _ => template == name,
                },
                None => ['\'', '"']
                    .into_iter()
                    .any(|quote| quoted(quote) == Some(name)),
            }
        })
    })
}

fn repository(file: &str) -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(root.join(file)).ok()
}

#[test]
fn every_row_is_there_and_every_named_test_exists() {
    let table = repository("docs/FEATURES.md").expect("docs/FEATURES.md");
    let faults = faults(&table, repository);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_made_up_row_is_reported() {
    let read = |file: &str| {
        match file {
        "a.rs" => Some(
            "#[test]\nfn shows_it() {}\n\nfn helps(x: u8) {}\n#[tokio::test]\n// Why.\nasync fn waits() {}\n// #[test]\n// fn gone() {}\n"
                .to_owned(),
        ),
        "b.mjs" => Some("test('a view is sent', async () => {});\nit(\"too\", go);\ntest(`with ${mode} on`, go);\n".to_owned()),
        _ => None,
    }
    };
    let table = |first: &str| {
        let rest: Vec<String> = (2..=ROWS)
            .map(|number| format!("| {number} | something | must | not yet | |"))
            .collect();
        format!(
            "1 true, 0 partly, 155 not yet\n| row | feature | bar | state | shown by |\n| --: | -- | -- | -- | -- |\n{first}\n{}\n",
            rest.join("\n")
        )
    };
    let row = |state: &str, shown_by: &str| {
        let table = table(&format!("| 1 | something | must | {state} | {shown_by} |"));
        faults(&table, read)
    };

    for good in [
        "`a.rs::shows_it`",
        "`a.rs::waits`, `b.mjs::too`",
        "`b.mjs::a view is sent` and `a.rs`",
        "`b.mjs::with scripts on`",
    ] {
        assert_eq!(row("true", good), [] as [String; 0], "{good}");
    }
    for (bad, said) in [
        (
            "`a.rs::is_missing`",
            "row 1: there is no test a.rs::is_missing",
        ),
        ("`a.rs::helps`", "row 1: there is no test a.rs::helps"),
        ("`a.rs::gone`", "row 1: there is no test a.rs::gone"),
        ("`a.rs::shows`", "row 1: there is no test a.rs::shows"),
        ("`b.mjs::a view`", "row 1: there is no test b.mjs::a view"),
        (
            "`b.mjs::with scripts off`",
            "row 1: there is no test b.mjs::with scripts off",
        ),
        ("`c.rs::shows_it`", "row 1: there is no file c.rs"),
        ("`a.rs`", "row 1: true, and no test shows it"),
        ("", "row 1: true, and no test shows it"),
        ("`a.rs::shows_it", "row 1: a backtick is open"),
    ] {
        let faults = row("true", bad);
        assert!(
            faults.iter().any(|fault| fault == said),
            "{bad}: {faults:?}"
        );
    }
    let said = |faults: Vec<String>| faults.join("\n");
    assert!(said(row("done", "`a.rs::shows_it`")).contains("`done` is no state"));
    assert!(said(row("partly", "")).contains("nothing shows which part"));
    assert!(said(row("not yet", "`a.rs::shows_it`")).contains("something shows it"));
    assert!(said(row("not yet", "")).contains("does not say: 0 true, 0 partly, 156 not yet"));
    let twice = table("| 2 | something | must | true | `a.rs::shows_it` |");
    assert!(said(faults(&twice, read)).contains("not 1 to 156 in order"));
    let odd = table("| 1 | a | b | must | true | `a.rs::shows_it` |");
    assert!(said(faults(&odd, read)).contains("not five cells"));
}
