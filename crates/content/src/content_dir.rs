//! The words of this repository, read from the disk: the tests of this crate stand on them, and an edit of a word builds
//! nothing.

use crate::{Content, load};
use std::fs;
use std::path::Path;

/// Every file under `content/southwark/`: path below it and text.
pub(crate) fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/southwark");
    let mut files = Vec::new();
    collect(&root, &root, &mut files);
    files.sort();
    files
}

/// The English words, which must load without a fault.
pub(crate) fn english() -> Content {
    let (content, faults) = load("en", &files());
    assert_eq!(faults, []);
    content
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            files.push((name.to_owned(), fs::read_to_string(&path).unwrap()));
        }
    }
}
