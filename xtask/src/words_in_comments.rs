//! Words that comments do not use: the second table of `docs/GLOSSARY.md`, held against every comment.

use std::path::{Path, PathBuf};

/// Every folder with code of ours.
const FOLDERS: [&str; 5] = ["app", "crates", "server", "tests", "xtask"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The words in backticks of the first column of the table under the heading.
fn words(page: &str) -> Vec<String> {
    let rows = page
        .lines()
        .skip_while(|line| *line != "## Words that comments do not use");
    let cells = rows.filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    cells
        .flat_map(|cell| cell.split('`').step_by(2).map(str::to_owned))
        .filter(|word| !word.trim_matches([',', ' ']).is_empty())
        .collect()
}

/// The comments of a file with their line numbers. A comment is joined with the line before it, so that a phrase is seen
/// over the end of a line too; it counts where it ends.
fn comments(code: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut before = String::new();
    for (at, line) in code.lines().enumerate() {
        let comment = match line.split_once("//") {
            Some((code, comment)) if !code.ends_with(':') && code.matches('"').count() % 2 == 0 => {
                comment.trim_start_matches(['/', '!']).trim().to_lowercase()
            }
            _ => String::new(),
        };
        if !comment.is_empty() {
            found.push((at + 1, format!("{before}\n{comment}")));
        }
        before = comment;
    }
    found
}

/// The words used in the last line of a comment, or over its beginning.
fn used(comment: &str, words: &[String]) -> Vec<String> {
    let (before, line) = comment.split_once('\n').unwrap_or(("", comment));
    let plain = |text: &str| {
        let letters = text.chars().map(|c| {
            if c.is_alphanumeric() || c == '\'' {
                c
            } else {
                ' '
            }
        });
        let letters: String = letters.collect();
        letters.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let holds = |text: &str, word: &str| format!(" {text} ").contains(&format!(" {word} "));
    let (before, line) = (plain(before), plain(line));
    let both = format!("{before} {line}");
    let is_used =
        |word: &&String| holds(&line, word) || (holds(&both, word) && !holds(&before, word));
    words.iter().filter(is_used).cloned().collect()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    for entry in entries {
        let path = entry.expect("an entry can be read").path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() && name != "target" && name != "node_modules" {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

fn offences(folder: &Path, words: &[String]) -> Vec<String> {
    let mut files = Vec::new();
    rust_files(folder, &mut files);
    files.sort();
    assert!(!files.is_empty(), "no files in {}", folder.display());
    let mut found = Vec::new();
    for file in files {
        let code = std::fs::read_to_string(&file).expect("the file can be read");
        for (line, comment) in comments(&code) {
            for word in used(&comment, words) {
                found.push(format!("{}:{line}: {word}", file.display()));
            }
        }
    }
    found
}

fn banned() -> Vec<String> {
    let page = std::fs::read_to_string(root().join("docs/GLOSSARY.md")).expect("the glossary");
    words(&page)
}

#[test]
fn comments_use_standard_terms() {
    let words = banned();
    assert!(words.len() >= 20, "the table has only {words:?}");
    for name in FOLDERS {
        let found = offences(&root().join(name), &words);
        assert!(
            found.is_empty(),
            "docs/GLOSSARY.md has better words:\n{}",
            found.join("\n")
        );
    }
}

#[test]
fn control_a_word_in_a_comment_is_seen() {
    let words = words(
        "| `before` | x |\n## Words that comments do not use\n| not | say |\n| `anew`, `so many` | x |\n",
    );
    assert_eq!(words, ["anew", "so many"]);
    let code = "//! Made Anew.\nlet a = \"anew\"; // renewed\n/// A list of so\n/// many.\nfn f() {} // so many\n\
                let url = \"http://anew\";\n";
    let found: Vec<(usize, Vec<String>)> = comments(code)
        .into_iter()
        .map(|(line, comment)| (line, used(&comment, &words)))
        .filter(|(_, words)| !words.is_empty())
        .collect();
    let (anew, many) = (vec!["anew".to_owned()], vec!["so many".to_owned()]);
    assert_eq!(found, [(1, anew), (4, many.clone()), (5, many)]);
}
