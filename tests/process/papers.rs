//! What the papers tell people to type can be typed: every command in them is run on an installation made for it, and one
//! account is shut out from the machine itself, as they say.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::doctor::sign_in_all;
use crate::terminal::{out, pledge, recovery_key, said};
use domain::audience::TextKind;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;
use vault::seal::{AgeSealer, Identity, Label, seal_text};

/// People who are named in one block of commands each.
const PEOPLE: [&str; 6] = ["Bea", "Cat", "Dan", "Eve", "Flo", "Gus"];

/// A command of a paper.
#[derive(Debug, PartialEq)]
enum Typed {
    /// Stands in a block, to be typed as it is.
    Block { block: usize, line: String },
    /// Is spoken of in a sentence.
    Mention(String),
}

fn commands(text: &str) -> Vec<Typed> {
    let mut found = Vec::new();
    for (at, part) in text.split("```").enumerate() {
        if at % 2 == 1 {
            let lines = part.lines().skip(1).filter(|line| !line.trim().is_empty());
            found.extend(lines.map(|line| Typed::Block {
                block: at,
                line: line.trim().to_owned(),
            }));
        } else {
            let code = part.split('`').skip(1).step_by(2);
            let own = code.filter(|code| code.starts_with("pledge "));
            found.extend(own.map(|code| Typed::Mention(code.to_owned())));
        }
    }
    found
}

/// An installation with people, a text, a backup, a list and checkpoints.
struct Installation {
    folder: TempDir,
    key: String,
}

impl Installation {
    fn new() -> Installation {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let shown = data.to_str().unwrap().to_owned();
        let key = recovery_key(&pledge(&["init", "--data", &shown], ""));
        let safety = PEOPLE.map(|name| (name, "safety"));
        let others = [("Ann", "coordinator"), ("Cli", "clerk")];
        for (name, role) in others.into_iter().chain(safety) {
            let add = [
                "staff", "add", "--name", name, "--role", role, "--data", &shown,
            ];
            let added = pledge(&add, &key);
            assert!(added.status.success(), "{}", said(&added));
        }
        sign_in_all(&shown);
        let made = Installation { folder, key };
        made.add_text();
        let path = |name: &str| made.folder.path().join(name);
        std::fs::create_dir(path("bin")).unwrap();
        std::fs::create_dir(path("backups")).unwrap();
        let binary = env!("CARGO_BIN_EXE_pledge");
        std::os::unix::fs::symlink(binary, path("bin").join("pledge")).unwrap();
        std::fs::write(data.join("recovery.txt"), &made.key).unwrap();
        std::fs::write(path("taken-back.txt"), "").unwrap();
        let signed = pledge(&["verify", "--checkpoint", "--data", &shown], "");
        std::fs::write(path("checkpoints"), signed.stdout).unwrap();
        let to = path("backup.age");
        let backup = ["backup", "--to", to.to_str().unwrap(), "--data", &shown];
        assert!(pledge(&backup, "").status.success());
        made
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Puts a sealed text where the stock commands look for one.
    fn add_text(&self) {
        let recovery = Identity::from_text(&self.key).unwrap().recipient().unwrap();
        let label = Label {
            view: "view-1".to_owned(),
            text: TextKind::View,
            generation: 1,
            day: "2026-11-01".parse().unwrap(),
        };
        let sealed = seal_text(&AgeSealer, &label, &"words", &[recovery]).unwrap();
        let options = SqliteConnectOptions::new().filename(self.data().join("pledge.sqlite"));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let mut db = options.connect().await.unwrap();
            sqlx::raw_sql(
                "INSERT INTO view (id, tag, recipient, day, topic, language, state, lane, unread, since, has_identity, \
                 meeting, version) VALUES ('view-1', randomblob(32), 'age1sender', '2026-11-01', 'home', 'en', \
                 'received', 'ordinary', 1, '2026-11-01', 0, NULL, 0)",
            )
            .execute(&mut db)
            .await
            .unwrap();
            sqlx::query(
                "INSERT INTO body (id, view, kind, generation, day, audience, sealed) \
                 VALUES (1, 'view-1', 'view', 1, '2026-11-01', 'desk', $1)",
            )
            .bind(sealed)
            .execute(&mut db)
            .await
            .unwrap();
            db.close().await.unwrap();
        });
    }

    /// What stands for a word in capitals.
    fn filled(&self, line: &str, person: &str) -> String {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let words: Vec<String> = line
            .split(' ')
            .map(|word| match word {
                "NAME" => person.to_owned(),
                "NEWNAME" => format!("New-{person}"),
                "DAY" => "2026-11-01".to_owned(),
                "DIR" => path("data"),
                "NEWFOLDER" => path("restored"),
                "FOLDER" => path("backups"),
                "LIST" => path("taken-back.txt"),
                "CHECKPOINTS" => path("checkpoints"),
                "FILE" | "BACKUP" => path("backup.age"),
                other => other.to_owned(),
            })
            .collect();
        words.join(" ")
    }

    fn run(&self, line: &str) -> Output {
        let path = std::env::var("PATH").unwrap();
        let own = self.folder.path().join("bin").display().to_string();
        let mut child = Command::new("sh")
            .args(["-c", line])
            .current_dir(self.data())
            .env("PATH", format!("{own}:{path}"))
            .env("PLEDGE_DATA", self.data())
            .env_remove("PLEDGE_LISTEN")
            .env_remove("PLEDGE_PUBLIC_URL")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that asks for nothing may be gone already.
        let mut input = child.stdin.take().unwrap();
        let _ = input.write_all(format!("{}\n", self.key).as_bytes());
        drop(input);
        child.wait_with_output().unwrap()
    }
}

/// What cannot be done of what a paper says.
fn faults(text: &str) -> Vec<String> {
    let made = Installation::new();
    let mut faults = Vec::new();
    let mut blocks: Vec<usize> = Vec::new();
    for typed in commands(text) {
        let (line, is_block) = match &typed {
            Typed::Block { block, line } => {
                if line.contains(" NAME") && !blocks.contains(block) {
                    blocks.push(*block);
                }
                (line, true)
            }
            Typed::Mention(line) => (line, false),
        };
        let person = PEOPLE[blocks.len().saturating_sub(1) % PEOPLE.len()];
        let mut filled = made.filled(line, person);
        if line == "pledge serve" {
            // It would never end; that it reads its options is enough.
            filled += " --listen nowhere";
        }
        let done = made.run(&filled);
        let complaint = said(&done);
        let is_known = match done.status.code() {
            Some(0 | 1) => true,
            Some(2) => complaint.contains("is missing") || complaint.contains("--listen takes"),
            _ => false,
        };
        let is_done = if is_block {
            done.status.success()
        } else {
            is_known
        };
        if !is_done || complaint.contains("panicked") {
            faults.push(format!("{line}: {complaint}{}", out(&done)));
        }
    }
    faults
}

fn paper(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(root.join("docs").join(name)).unwrap()
}

#[test]
fn every_command_of_the_papers_can_be_run() {
    for name in ["INCIDENT.md", "OPERATIONS.md"] {
        let text = paper(name);
        let blocks = commands(&text);
        assert!(
            blocks
                .iter()
                .any(|typed| matches!(typed, Typed::Block { .. }))
        );
        assert_eq!(faults(&text), [] as [String; 0], "{name}");
    }
}

#[test]
fn control_a_command_that_there_is_not_is_refused() {
    let made_up = "Say `pledge recovery melt`, or `pledge doctor --loudly`, not `pledge doctor` or `pledge staff add`.\n\
                   ```\npledge staff banish --name NAME --data DIR\npledge staff list --data DIR\n```\n";
    let found = faults(made_up);
    assert_eq!(found.len(), 3, "{found:?}");
    for (at, begin) in [
        "pledge recovery melt: pledge: There is no command",
        "pledge doctor --loudly: pledge: invalid option",
        "pledge staff banish --name NAME --data DIR: pledge: There is no command",
    ]
    .into_iter()
    .enumerate()
    {
        assert!(found[at].starts_with(begin), "{found:?}");
    }
}

#[test]
fn an_account_is_shut_out_from_the_machine_itself() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let key = recovery_key(&pledge(&["init", "--data", &data], ""));
    for (name, role) in [("Ann", "coordinator"), ("Bea", "safety"), ("Cat", "safety")] {
        let add = [
            "staff", "add", "--name", name, "--role", role, "--data", &data,
        ];
        pledge(&add, &key);
    }
    sign_in_all(&data);
    let shut = |act: &str, name: &str, more: &[&str]| {
        let args = ["staff", act, "--name", name, "--data", &data];
        let args: Vec<&str> = args.iter().chain(more).copied().collect();
        pledge(&args, "")
    };
    let marks = || {
        let list = std::fs::read_to_string(Path::new(&data).join("taken-back.txt"));
        list.unwrap_or_default().lines().count()
    };
    let list = || out(&pledge(&["staff", "list", "--data", &data], ""));
    let suspended = shut("suspend", " Bea ", &[]);
    assert!(suspended.status.success(), "{}", said(&suspended));
    assert!(list().contains("Bea  (suspended)"), "{}", list());
    assert_eq!(marks(), 1);
    // She was one of two, and now the other one is the last.
    for act in ["suspend", "remove"] {
        let refused = shut(act, "Cat", &[]);
        assert_eq!(refused.status.code(), Some(1), "{act}");
        assert!(
            said(&refused).contains("--even-if-last"),
            "{}",
            said(&refused)
        );
    }
    assert_eq!(marks(), 1);
    let removed = shut("remove", "Cat", &["--even-if-last"]);
    assert!(removed.status.success(), "{}", said(&removed));
    assert!(!list().contains("Cat"), "{}", list());
    assert_eq!(marks(), 2);
    for (act, name) in [("suspend", "Zoe"), ("remove", "Cat")] {
        let nobody = shut(act, name, &[]);
        assert_eq!(nobody.status.code(), Some(1));
        assert!(
            said(&nobody).contains("nobody of this name"),
            "{}",
            said(&nobody)
        );
    }
    assert_eq!(shut("suspend", "", &[]).status.code(), Some(2));
    // The log is whole, and says it.
    let whole = pledge(&["verify", "--data", &data], "");
    assert!(whole.status.success(), "{}", said(&whole));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let acts: Vec<(String, String)> = runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(Path::new(&data).join("pledge.sqlite"));
        let mut db = options.connect().await.unwrap();
        sqlx::query_as("SELECT action, outcome FROM audit WHERE object IS NOT NULL ORDER BY seq")
            .fetch_all(&mut db)
            .await
            .unwrap()
    });
    let acts: Vec<(&str, &str)> = acts.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(
        acts,
        [
            ("suspend", "done"),
            ("suspend", "not-done"),
            ("remove", "not-done"),
            ("remove", "not-done"),
            ("remove-last-reader", "done"),
        ]
    );
    let who = pledge(&["audit", "who", "--name", "Ann", "--data", &data], "");
    assert!(out(&who).contains("Ann is coordinator."), "{}", out(&who));
}
