//! `pledge doctor` and `pledge recovery drill`, as a person at a terminal meets them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::terminal::{out, pledge, recovery_key, said};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

/// Does every step of the first sign-in for everybody, past the pages.
pub fn sign_in_all(data: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let file = Path::new(data).join("pledge.sqlite");
        let options = SqliteConnectOptions::new().filename(file);
        let mut db = options.connect().await.unwrap();
        sqlx::query("UPDATE staff SET must_change = 0, second_factor = x'01'")
            .execute(&mut db)
            .await
            .unwrap();
        db.close().await.unwrap();
    });
}

/// An installation with one person in each role that holds a key; gives the recovery key.
fn installation(data: &str) -> String {
    let made = pledge(&["init", "--data", data], "");
    let key = recovery_key(&made);
    for (name, role) in [("Ann", "coordinator"), ("Bea", "safety"), ("Cat", "clerk")] {
        let add = [
            "staff", "add", "--name", name, "--role", role, "--data", data,
        ];
        let added = pledge(&add, &key);
        assert!(added.status.success(), "{}", said(&added));
    }
    key
}

fn fails(output: &Output) -> Vec<String> {
    assert!(!said(output).contains("panicked"), "{}", said(output));
    let lines = out(output);
    let fails = lines.lines().filter(|line| line.starts_with("FAIL"));
    fails.map(str::to_owned).collect()
}

#[test]
fn the_doctor_passes_what_is_sound_and_finds_each_planted_fault() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let shown = data.to_str().unwrap();
    assert_eq!(
        pledge(&["doctor", "--data", shown], "").status.code(),
        Some(1)
    );
    let key = installation(shown);
    let look = || pledge(&["doctor", "--data", shown], "");
    // They hold the keys, and nobody has signed in yet: nobody reads.
    let early = look();
    assert_eq!(early.status.code(), Some(1));
    assert_eq!(fails(&early).len(), 4, "{}", out(&early));
    assert!(fails(&early)[2].contains("Nobody reads what is sealed to the safety key"));
    sign_in_all(shown);
    let sound = look();
    assert_eq!(fails(&sound), [] as [String; 0]);
    assert!(sound.status.success(), "{}{}", out(&sound), said(&sound));
    assert!(out(&sound).contains("The safety key is at generation 1; 1 hold it."));
    assert!(out(&sound).contains("pass  No public address is set here (PLEDGE_PUBLIC_URL)"));
    let doctor = |url| pledge(&["doctor", "--data", shown, "--public-url", url], "");
    let public = doctor("https://pledge.council.test/");
    assert!(out(&public).contains("pass  The public address is https://pledge.council.test.\n"));
    let wrong = fails(&doctor("https://pledge.council.test/desk"));
    assert!(
        wrong.len() == 1 && wrong[0].contains("--public-url takes"),
        "{wrong:?}"
    );
    // One reader of each key is no fault; it is said.
    let lines = out(&sound);
    let warns = |what: &str| {
        let mut lines = lines.lines();
        lines.any(|line| line.starts_with("warn") && line.contains(what))
    };
    assert!(warns("The safety key is at generation 1"), "{lines}");
    assert!(warns("No member of SpeakerBox reads"), "{lines}");
    let add = [
        "staff", "add", "--name", "Dee", "--role", "safety", "--data", shown,
    ];
    pledge(&add, &key);
    sign_in_all(shown);
    let two = out(&look());
    assert!(
        two.contains("pass  The safety key is at generation 1; 2 hold it."),
        "{two}"
    );
    assert!(!out(&sound).contains("AGE-SECRET") && !said(&sound).contains("AGE-SECRET"));

    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    for (file, open, closed) in [
        ("", 0o755, 0o700),
        ("pledge.sqlite", 0o644, 0o600),
        ("server-keys.json", 0o640, 0o600),
    ] {
        let path = if file.is_empty() {
            data.clone()
        } else {
            data.join(file)
        };
        mode(&path, open);
        let found = look();
        assert_eq!(found.status.code(), Some(1), "{file}");
        assert!(
            fails(&found)[0].contains("can be opened by others"),
            "{}",
            out(&found)
        );
        mode(&path, closed);
    }

    // Nobody in a role.
    let other = folder.path().join("other");
    pledge(&["init", "--data", other.to_str().unwrap()], "");
    let empty = pledge(&["doctor", "--data", other.to_str().unwrap()], "");
    assert_eq!(fails(&empty).len(), 4, "{}", out(&empty));
    assert!(fails(&empty)[0].contains("Nobody holds the speakerbox key"));

    // A damaged database is said to be damaged.
    let path = data.join("pledge.sqlite");
    let whole = std::fs::read(&path).unwrap();
    let mut bytes = whole.clone();
    let at = bytes.len() - 4096;
    bytes[at..at + 200].fill(0xff);
    std::fs::write(&path, &bytes).unwrap();
    let found = look();
    assert_eq!(found.status.code(), Some(1), "{}", out(&found));
    assert!(out(&found).contains("damaged"), "{}", out(&found));
    std::fs::write(&path, whole).unwrap();

    // The drill: with the key of the safe, and with another.
    let drill = ["recovery", "drill", "--data", shown];
    let done = pledge(&drill, &key);
    assert!(done.status.success(), "{}", said(&done));
    assert!(
        out(&done).contains("4 of 4 role keys opened"),
        "{}",
        out(&done)
    );
    let wrong = "AGE-SECRET-KEY-1QQPQQQSZQGPQQPQQQSZQGPQQPQQQSZQGPQQPQQQSZQGPQQPQQQSZQG0000000";
    let refused = pledge(&drill, wrong);
    assert_eq!(refused.status.code(), Some(1));
    let unknown = ["staff", "let-in", "--name", "Nobody", "--data", shown];
    assert!(said(&pledge(&unknown, &key)).contains("has joined"));
}

#[test]
fn serve_says_at_the_start_that_nobody_reads() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let shown = data.to_str().unwrap();
    let key = recovery_key(&pledge(&["init", "--data", shown], ""));
    let start = |log: &str| {
        let log = folder.path().join(log);
        drop(crate::process::start(
            crate::process::pledge_serve(&data),
            &log,
        ));
        std::fs::read_to_string(log).unwrap()
    };
    let add = |name, role| {
        let add = [
            "staff", "add", "--name", name, "--role", role, "--data", shown,
        ];
        let added = pledge(&add, &key);
        assert!(added.status.success(), "{}", said(&added));
        sign_in_all(shown);
    };
    let empty = start("empty.txt");
    assert!(
        empty.contains("WARNING: NOBODY READS WHAT YOUNG PEOPLE SEND."),
        "{empty}"
    );
    assert!(empty.contains("Without a reader: speakerbox, coordinator, safety."));
    add("Ann", "speakerbox");
    let unsafe_ones = start("speakerbox.txt");
    assert!(unsafe_ones.contains("NOBODY READS WHAT A YOUNG PERSON SENDS WHO IS NOT SAFE."));
    assert!(unsafe_ones.contains("Without a reader: coordinator, safety."));
    add("Bea", "coordinator");
    add("Cat", "safety");
    let whole = start("whole.txt");
    assert!(!whole.contains("Without a reader"), "{whole}");
}

#[test]
fn the_doctor_names_a_row_that_cannot_be_read_and_nothing_of_what_stands_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let shown = data.to_str().unwrap();
    installation(shown);
    sign_in_all(shown);
    let run = |sql: &'static str| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let options = SqliteConnectOptions::new().filename(data.join("pledge.sqlite"));
            let mut db = options.connect().await.unwrap();
            sqlx::query(sql).execute(&mut db).await.unwrap();
            db.close().await.unwrap();
        });
    };
    run("INSERT INTO meeting (id, day, title) VALUES ('m1', 'some secret day', 'Secret title')");
    let look = || pledge(&["doctor", "--data", shown], "");
    let found = look();
    assert_eq!(found.status.code(), Some(1));
    let fails = fails(&found);
    assert_eq!(fails.len(), 1, "{fails:?}");
    assert!(
        fails[0].contains("A row is damaged: meeting 1."),
        "{fails:?}"
    );
    let all = format!("{}{}", out(&found), said(&found)).to_lowercase();
    assert!(!all.contains("secret"), "{all}");
    // The control: with a day that is one.
    run("UPDATE meeting SET day = '2026-12-10'");
    let sound = look();
    assert!(sound.status.success(), "{}", out(&sound));
    assert!(out(&sound).contains("pass  Every row of the database can be read."));
}
