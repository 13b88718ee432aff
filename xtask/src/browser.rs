//! The browser part of the checks: every journey file of `tests/browser`, run by Node against the release binary, and the
//! fonts that the journeys measure with.

use crate::project::Project;
use crate::shell::{self, Done, say};
use crate::{memory, node, served, system, wasm};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

/// The Debian packages that hold the fonts of [`FONT_LIST`].
const FONT_PACKAGES: [&str; 4] = [
    "fonts-roboto-unhinted",
    "fonts-noto-core",
    "fonts-noto-mono",
    "fonts-noto-color-emoji",
];

/// The fontconfig file that the browser starts with, in `tests/browser`. It names every font file it may use.
const FONT_LIST: &str = "fonts/phones.conf";

/// Files that run alone, after the others: they hold the page to a time, or count what one page alone asks for.
const ALONE: [&str; 3] = ["leave.test.mjs", "probes.test.mjs", "send-once.test.mjs"];

/// Files that need the whole browser. The headless shell installs no page on a home screen, and its history brings back no
/// form, so that the control of `leave` would be red and what the file shows would stand on nothing.
const WHOLE_BROWSER: [&str; 2] = ["leave.test.mjs", "offline.test.mjs"];

/// The files that take longest, in the order in which they start.
const FIRST: [&str; 5] = [
    "offline.test.mjs",
    "reading.test.mjs",
    "states.test.mjs",
    "access.test.mjs",
    "languages.test.mjs",
];

/// How many files run at once.
const LANES: usize = 2;

/// A journey file, how it went, and how long it took.
struct Row {
    file: String,
    /// What its tests printed about their failures, if they failed.
    failure: Option<String>,
    took: Duration,
}

/// Installs the fonts that are missing, and says which are used.
///
/// # Errors
/// A sentence that names the packages, or the font file that they did not bring.
pub(crate) fn fonts(project: &Project) -> Done {
    let list = node::folder(project).join(FONT_LIST);
    let text =
        fs::read_to_string(&list).map_err(|error| format!("{}: {error}.", list.display()))?;
    let absent = || {
        font_files(&text)
            .into_iter()
            .find(|file| !Path::new(file).is_file())
    };
    if absent().is_some() {
        system::install(project, &FONT_PACKAGES)?;
    }
    if let Some(file) = absent() {
        let packages = FONT_PACKAGES.join(" ");
        return Err(format!("{file} is missing; {packages} should bring it."));
    }
    say(&format!(
        "Fonts of the browser: {} files of {}",
        font_files(&text).len(),
        FONT_PACKAGES.join(", ")
    ));
    Ok(())
}

/// The font files that a fontconfig file accepts.
fn font_files(text: &str) -> Vec<&str> {
    text.split("<glob>")
        .skip(1)
        .filter_map(|rest| rest.split("</glob>").next())
        .filter(|glob| glob.starts_with('/'))
        .collect()
}

/// A data folder filled with sample data, of which each file's server gets a copy: to fill one takes 18 seconds of
/// processor, for the passwords of its people.
fn sample_data(project: &Project, memory: Option<&memory::Folder>) -> Done<PathBuf> {
    let folder = memory
        .map_or(project.target.as_path(), memory::Folder::path)
        .join("samples");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}.", folder.display()))?;
    }
    // It serves once the folder is filled.
    let (server, _) = served::serve(project, &folder, &["--demo"])?;
    drop(server);
    Ok(folder)
}

/// Runs every journey file against the release binary, [`LANES`] at a time, then those of [`ALONE`] one by one; prints a
/// row with the seconds of each.
///
/// # Errors
/// The names of the files that failed.
pub(crate) fn browser(project: &Project) -> Done {
    let node = node::packages(project)?;
    let chromium = system::CHROMIUM
        .find(project)
        .ok_or("no chromium on PATH.")?;
    let headless_shell = system::HEADLESS_SHELL
        .find(project)
        .ok_or("no chromium-headless-shell on PATH.")?;
    let binary = served::binary(project)?;
    let rules = wasm::rules_for_tests(project)?;
    // The servers' data and the browsers' profiles: each write of theirs would wait for the disk.
    let memory = memory::Folder::new(Path::new("/dev/shm")).ok();
    let samples = sample_data(project, memory.as_ref())?;
    let command = |file: &str| {
        let is_whole = WHOLE_BROWSER.contains(&file);
        let browser = if is_whole { &chromium } else { &headless_shell };
        let mut journey = project.command(&node);
        journey
            .args(["--test", "--test-reporter=spec", file])
            .current_dir(node::folder(project))
            .env("PLEDGE_BIN", &binary)
            .env("PLEDGE_SAMPLES", &samples)
            .env("PLEDGE_CHECK_WASM", &rules)
            .env("PLEDGE_CHROMIUM", browser);
        if let Some(memory) = &memory {
            journey.env("TMPDIR", memory.path());
        }
        journey
    };
    let (together, alone) = journeys(project)?;
    say(&format!(
        "node --test, {} files of tests/browser, {LANES} at a time",
        together.len() + alone.len()
    ));
    let mut rows = in_lanes(LANES, together, &command);
    rows.extend(in_lanes(1, alone, &command));
    print!("{}", table(&rows));
    // Once more, where a reader of only the end of a long output finds it.
    for (file, failure) in rows
        .iter()
        .filter_map(|row| Some((&row.file, row.failure.as_ref()?)))
    {
        println!("\n{file}:\n{failure}");
    }
    let failed: Vec<&str> = rows
        .iter()
        .filter(|row| row.failure.is_some())
        .map(|row| row.file.as_str())
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("these failed: {}.", failed.join(", ")))
    }
}

/// Runs a command for each file, `lanes` at a time. What one prints is shown whole when it has ended.
fn in_lanes(
    lanes: usize,
    files: Vec<String>,
    command: &(impl Fn(&str) -> Command + Sync),
) -> Vec<Row> {
    let left = Mutex::new(files.into_iter());
    let rows = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| {
                while let Some(file) = next(&left) {
                    let began = Instant::now();
                    let failure = run_whole(command(&file));
                    let row = Row {
                        file,
                        failure,
                        took: began.elapsed(),
                    };
                    if let Ok(mut rows) = rows.lock() {
                        rows.push(row);
                    }
                }
            });
        }
    });
    rows.into_inner().unwrap_or_default()
}

fn next(left: &Mutex<std::vec::IntoIter<String>>) -> Option<String> {
    left.lock().ok()?.next()
}

/// Runs a program, prints all it printed when it has ended, and gives what it said of its failures if it failed.
fn run_whole(mut command: Command) -> Option<String> {
    match command.stdin(Stdio::null()).output() {
        Ok(output) => {
            let printed = String::from_utf8_lossy(&output.stdout);
            print!("{printed}{}", String::from_utf8_lossy(&output.stderr));
            (!output.status.success()).then(|| failing_tests(&printed).to_owned())
        }
        Err(error) => {
            let why = format!("`{}` could not be started: {error}.", shell::line(&command));
            say(&why);
            Some(why)
        }
    }
}

/// The end of what Node's test runner prints: each failing test with its error. Without that part, all of it.
fn failing_tests(printed: &str) -> &str {
    printed
        .rfind("failing tests:")
        .map_or(printed, |at| &printed[at..])
}

fn table(rows: &[Row]) -> String {
    rows.iter()
        .map(|row| {
            let ended = if row.failure.is_none() {
                "passed"
            } else {
                "FAILED"
            };
            let seconds = row.took.as_secs_f32();
            format!("{:<22}  {ended:<8}  {seconds:>8.1}\n", row.file)
        })
        .collect()
}

/// The files that run beside each other, the longest first, and those that run alone.
fn journeys(project: &Project) -> Done<(Vec<String>, Vec<String>)> {
    let folder = node::folder(project);
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("{}: {error}.", folder.display()))?;
    let names = entries.filter_map(|entry| Some(PathBuf::from(entry.ok()?.file_name())));
    let files: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".test.mjs"))
        .collect();
    if files.is_empty() {
        return Err("there is no journey (*.test.mjs) in tests/browser.".into());
    }
    Ok(sorted(files))
}

fn sorted(mut files: Vec<String>) -> (Vec<String>, Vec<String>) {
    let place = |file: &str| {
        FIRST
            .iter()
            .position(|first| *first == file)
            .unwrap_or(FIRST.len())
    };
    files.sort_by(|a, b| (place(a), a).cmp(&(place(b), b)));
    files
        .into_iter()
        .partition(|file| !ALONE.contains(&file.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/browser")
    }

    #[test]
    fn every_file_runs_once_and_the_lists_name_files_that_exist() {
        for file in ALONE.iter().chain(&FIRST) {
            assert!(folder().join(file).is_file(), "{file}");
        }
        let files = [
            "b",
            "states.test.mjs",
            "leave.test.mjs",
            "a",
            "reading.test.mjs",
        ];
        let (together, alone) = sorted(files.map(String::from).to_vec());
        assert_eq!(together, ["reading.test.mjs", "states.test.mjs", "a", "b"]);
        assert_eq!(alone, ["leave.test.mjs"]);
    }

    #[test]
    fn the_list_of_fonts_names_files_and_refuses_all_others() {
        let text = fs::read_to_string(folder().join(FONT_LIST)).expect("the list is there");
        assert!(text.contains("<rejectfont><glob>*</glob></rejectfont>"));
        let files = font_files(&text);
        for part in ["Roboto-", "NotoSans-", "NotoSansArabic-", "NotoColorEmoji"] {
            assert!(files.iter().any(|file| file.contains(part)), "{part}");
        }
        // A pattern would also match what other packages bring.
        for file in files {
            assert!(
                file.ends_with(".ttf") && !file.contains(['*', '?']),
                "{file}"
            );
        }
        for package in FONT_PACKAGES {
            assert!(text.contains(&format!("<!-- {package} -->")), "{package}");
        }
    }

    #[test]
    fn files_run_in_lanes_and_a_failure_is_in_its_row() {
        let files = ["true", "false", "true", "no such program"].map(String::from);
        let rows = in_lanes(2, files.to_vec(), &|file: &str| Command::new(file));
        assert_eq!(rows.len(), 4);
        for row in &rows {
            assert_eq!(row.failure.is_none(), row.file == "true", "{}", row.file);
        }
        let text = table(&rows);
        assert_eq!(text.matches("passed").count(), 2);
        assert_eq!(text.matches("FAILED").count(), 2);
    }

    #[test]
    fn what_failed_is_found_at_the_end_of_what_was_printed() {
        let printed = "✖ the copy (3 ms)\nℹ fail 1\n\n✖ failing tests:\n\nthe copy\n  AssertionError: 1 !== 2\n";
        assert_eq!(
            failing_tests(printed),
            "failing tests:\n\nthe copy\n  AssertionError: 1 !== 2\n"
        );
        assert_eq!(failing_tests("no such file"), "no such file");
    }
}
