//! `pledge doctor` and `pledge recovery drill`, as a person at a terminal meets them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::terminal::{out, pledge, recovery_key, said};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

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
