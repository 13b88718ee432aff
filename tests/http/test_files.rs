//! A file that no `main.rs` names is not compiled, so its tests would pass by not running.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The integration-test binaries of the server. A fourth costs a link of 170 MB and half a minute at each edit: a test that
/// needs no process of its own belongs in `http`, one that needs a quiet machine in `process`, one that every backend of
/// the store must pass in `contract`.
const BINARIES: [&str; 3] = ["contract", "http", "process"];

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests")
}

/// Files of a folder that its `main.rs` does not name.
fn left_out(main: &str, files: &BTreeSet<String>) -> Vec<String> {
    let named: BTreeSet<String> = main
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect();
    files.difference(&named).cloned().collect()
}

#[test]
fn every_file_is_part_of_its_binary() {
    for binary in BINARIES {
        let folder = tests().join(binary);
        let main = std::fs::read_to_string(folder.join("main.rs")).unwrap();
        let files: BTreeSet<String> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
            .filter(|name| name != "main")
            .collect();
        assert!(!files.is_empty(), "{binary}");
        assert_eq!(left_out(&main, &files), [] as [String; 0], "{binary}");
    }
    // Control.
    let files = BTreeSet::from(["named".to_owned(), "forgotten".to_owned()]);
    assert_eq!(
        left_out("mod named;\n// mod forgotten;\n", &files),
        ["forgotten"]
    );
}

#[test]
fn there_are_three_test_binaries() {
    let manifest = include_str!("../../server/Cargo.toml");
    let manifest: toml::Table = toml::from_str(manifest).unwrap();
    assert_eq!(manifest["package"]["autotests"].as_bool(), Some(false));
    let named: BTreeSet<&str> = manifest["test"]
        .as_array()
        .unwrap()
        .iter()
        .map(|test| test["name"].as_str().unwrap())
        .collect();
    assert_eq!(named, BTreeSet::from(BINARIES));
    let folders: BTreeSet<String> = std::fs::read_dir(tests())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("main.rs").is_file())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(folders, BINARIES.map(str::to_owned).into());
}
