//! What stands against publishing a draft: whatever is wrong with its own page, and what it breaks elsewhere.

use super::published::{Addresses, Files, Known, load, put};
use content::{Content, lint, page_source};

/// What a draft would do to the words in force.
pub(super) struct Tried {
    pub(super) files: Files,
    pub(super) content: Content,
    /// It can be read, so that it can be looked at as a page.
    pub(super) loads: bool,
    pub(super) faults: Vec<String>,
}

// Everything that the draft must not be published with: whatever is wrong with its own page, and what it breaks elsewhere.
pub(super) fn attempt(
    known: &Known,
    files: &Files,
    file: &str,
    text: &str,
    addresses: Addresses,
) -> Option<Tried> {
    let with = put(files, file, text)?;
    let (content, faults) = load(&with);
    let loads = faults.is_empty();
    let mut found: Vec<String> = faults
        .iter()
        .map(|fault| fault.sentence(fault.file == file))
        .collect();
    if loads {
        let (here, then) = (addresses(&known.content), addresses(&content));
        for fault in lint::check(&content, known.day, &then) {
            let own = fault.file == file;
            if !known.faults.contains(&fault) || own && page_source::is_page(file) {
                found.push(fault.sentence(own));
            }
        }
        if here != then {
            found.push("It adds or removes a page. That needs a new release of Pledge.".to_owned());
        }
    }
    found.dedup();
    Some(Tried {
        files: with,
        content,
        loads,
        faults: found,
    })
}
