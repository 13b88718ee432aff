//! The recovery key in three prints, as the people who hold them meet it at a terminal.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::terminal::{out, pledge, recovery_key, said};
use std::path::Path;
use std::process::Output;

/// The prints that a command wrote, each as it goes to paper.
fn prints(made: &Output) -> Vec<String> {
    let text = out(made);
    let line = "-".repeat(70);
    let parts = text.split(line.as_str());
    let prints = parts.filter(|part| part.contains("RECOVERY KEY, PRINT"));
    prints.map(str::to_owned).collect()
}

/// What somebody types of a print: its rows without their numbers.
fn rows(print: &str) -> Vec<String> {
    let rows = print.lines().filter_map(|line| {
        let (number, words) = line.trim().split_once(' ')?;
        number.parse::<u8>().ok()?;
        Some(words.trim().to_owned())
    });
    rows.collect()
}

fn typed(prints: &[&str]) -> String {
    let rows: Vec<String> = prints.iter().flat_map(|print| rows(print)).collect();
    rows.join("\n") + "\n"
}

fn every_byte(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap();
    files
        .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[test]
fn two_of_three_prints_do_what_the_key_does_and_one_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let shown = data.to_str().unwrap();
    let made = pledge(&["init", "--recovery-shares", "--data", shown], "");
    assert!(made.status.success(), "{}", said(&made));
    let three = prints(&made);
    assert_eq!(three.len(), 3, "{}", out(&made));
    assert!(!out(&made).contains("AGE-SECRET-KEY"));
    let kept = every_byte(&data);
    for print in &three {
        assert_eq!(rows(print).len(), 10, "{print}");
        assert!(print.contains("Any 2 of the 3 prints"), "{print}");
        assert!(print.lines().all(|line| line.len() <= 80), "{print}");
        assert!(rows(print).iter().all(|row| !holds(&kept, row)));
    }
    let add = [
        "staff", "add", "--name", "Ada", "--role", "admin", "--data", shown,
    ];
    for typed_in in [typed(&[&three[0]]), typed(&[&three[1], &three[1]])] {
        let refused = pledge(&add, &typed_in);
        assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
        assert!(!out(&refused).contains("First password"));
    }
    let added = pledge(&add, &typed(&[&three[2], &three[0]]).to_uppercase());
    assert!(added.status.success(), "{}", said(&added));

    // Each print in a file of its own, kept as it came.
    let files: Vec<String> = three
        .iter()
        .enumerate()
        .map(|(at, print)| {
            let file = folder.path().join(format!("print-{at}.txt"));
            std::fs::write(&file, print).unwrap();
            file.to_str().unwrap().to_owned()
        })
        .collect();
    let from_files = |command: &[&str], files: &[&String]| {
        let keys = files
            .iter()
            .flat_map(|file| ["--recovery-key", file.as_str()]);
        let args: Vec<&str> = command.iter().copied().chain(keys).collect();
        pledge(&args, "")
    };
    let drill = ["recovery", "drill", "--data", shown];
    for two in [[0, 1], [1, 2], [0, 2]] {
        let tried = from_files(&drill, &two.map(|at| &files[at]));
        assert!(tried.status.success(), "{}", said(&tried));
        assert!(out(&tried).contains("opens everything"));
    }
    let alone = from_files(&drill, &[&files[0]]);
    assert_eq!(alone.status.code(), Some(1));
    assert!(said(&alone).contains("row 1 of the second print is missing"));

    // A backup is restored with them too, and the stock command gets the whole key.
    let backup = folder.path().join("backup.age");
    let to = backup.to_str().unwrap();
    assert!(
        pledge(&["backup", "--to", to, "--data", shown], "")
            .status
            .success()
    );
    let again = folder.path().join("again");
    let list = data.join("taken-back.txt");
    std::fs::write(&list, "").unwrap();
    let restore = [
        "restore",
        "--from",
        to,
        "--taken-back",
        list.to_str().unwrap(),
        "--data",
        again.to_str().unwrap(),
    ];
    let restored = from_files(&restore, &[&files[1], &files[0]]);
    assert!(restored.status.success(), "{}", said(&restored));
    let whole = from_files(&["recovery", "combine"], &[&files[1], &files[2]]);
    let key = recovery_key(&whole);
    let tried = pledge(&drill, &key);
    assert!(tried.status.success(), "{}", said(&tried));
}

#[test]
fn what_is_typed_wrong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let init = |name: &str| {
        let data = folder.path().join(name).to_str().unwrap().to_owned();
        let made = pledge(&["init", "--recovery-shares", "--data", &data], "");
        (data, prints(&made))
    };
    let (data, three) = init("data");
    let (_, others) = init("other");
    let drill = |typed_in: &str| pledge(&["recovery", "drill", "--data", &data], typed_in);
    let wrong = |from: &str, to: &str| {
        let text = typed(&[&three[0], &three[1]]);
        assert!(text.contains(from));
        text.replacen(from, to, 1)
    };
    let row = rows(&three[0])[6].clone();
    let words: Vec<&str> = row.split(' ').collect();
    for (typed_in, says) in [
        (
            wrong(
                &row,
                &format!("{} zzzz {} {}", words[0], words[2], words[3]),
            ),
            "row 7 of the first print: word 2, `zzzz`, is not on the list",
        ),
        (
            wrong(&row, &words[..3].join(" ")),
            "row 7 of the first print: a row has 4 words, and 3 were typed",
        ),
        (
            wrong(&row, &rows(&three[0])[7]),
            "row 7 of the first print: its words do not fit together",
        ),
        (
            wrong(&row, &rows(&three[1])[6]),
            "the first print is not right: its rows do not fit together",
        ),
        (
            typed(&[&three[2], &three[2]]),
            "both are print 3: two different ones are needed",
        ),
        (
            typed(&[&three[0], &others[1]]),
            "print 2 (the second) is of another installation",
        ),
        (
            typed(&[&others[2], &three[1]]),
            "print 3 (the first) is of another installation",
        ),
        ("\n".to_owned(), "nothing was given"),
        (
            "hello".to_owned(),
            "it does not begin with AGE-SECRET-KEY-1",
        ),
        ("AGE-SECRET-KEY-1QQ".to_owned(), "a sign in it is wrong"),
    ] {
        let refused = drill(&typed_in);
        assert_eq!(refused.status.code(), Some(1), "{says}");
        let complaint = said(&refused);
        assert!(
            complaint.contains("this is not a recovery key: "),
            "{complaint}"
        );
        assert!(complaint.contains(says), "{says}: {complaint}");
        assert!(!complaint.contains("panicked"));
    }
    // The control.
    let right = drill(&typed(&[&three[0], &three[1]]));
    assert!(right.status.success(), "{}", said(&right));
}

#[test]
fn a_key_that_stands_already_is_split_and_stays_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let key = recovery_key(&pledge(&["init", "--data", &data], ""));
    let split = |typed_in: &str| pledge(&["recovery", "split", "--data", &data], typed_in);
    let (first, second) = (split(&key), split(&key));
    assert!(first.status.success(), "{}", said(&first));
    let (first, second) = (prints(&first), prints(&second));
    let drill = |typed_in: &str| pledge(&["recovery", "drill", "--data", &data], typed_in);
    for set in [&first, &second] {
        assert!(drill(&typed(&[&set[0], &set[2]])).status.success());
    }
    let mixed = drill(&typed(&[&first[0], &second[2]]));
    assert_eq!(mixed.status.code(), Some(1));
    assert!(
        said(&mixed).contains("do not belong together"),
        "{}",
        said(&mixed)
    );
    // Two prints make new ones when the third is lost.
    let third = split(&typed(&[&first[1], &first[2]]));
    assert_eq!(prints(&third).len(), 3);
    assert!(out(&third).contains("Burn or shred them now"));
    // The key of another installation is not split here.
    let other = folder.path().join("other").to_str().unwrap().to_owned();
    let foreign = recovery_key(&pledge(&["init", "--data", &other], ""));
    let refused = split(&foreign);
    assert_eq!(refused.status.code(), Some(1));
    assert!(prints(&refused).is_empty());
    assert!(said(&refused).contains("not the recovery key of this installation"));
}
