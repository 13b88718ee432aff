//! The words in force: the files that the program brings, with what was published at the desk in their place. It knows no
//! draft and no session.

use content::{self, Content, LintError};
use domain::date::Date;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};
use store::PageVersionRow;

/// Gives every public address of a site of these words.
pub type Addresses = fn(&Content) -> Vec<String>;

/// Files by path, with their texts.
pub type Files = Vec<(String, String)>;

/// Which words are in force.
pub struct PublishedWords {
    /// The files as the program brings them.
    pub(super) shipped: Arc<Files>,
    pub(super) state: Mutex<State>,
    pub(super) known: Mutex<Option<Arc<Known>>>,
    /// Held during a publication: the next one builds on what is in force after it.
    pub(super) publishing: tokio::sync::Mutex<()>,
}

#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) files: Arc<Files>,
    /// Published words that are set aside: files.
    pub(super) aside: Vec<String>,
}

/// What is wrong with the words in force on a day: overdue reviews, say. Checking every page takes part of a second, so it
/// is kept.
pub(super) struct Known {
    pub(super) day: Date,
    pub(super) content: Arc<Content>,
    pub(super) faults: Vec<LintError>,
}

/// The words of a site as they are at its start.
pub struct InForce {
    /// The files.
    pub files: Files,
    /// What they say.
    pub content: Content,
    /// Files whose published words do not load.
    pub aside: Vec<String>,
}

/// Puts what was published over the files that the program brings.
pub fn in_force(given: Files, published: &[PageVersionRow]) -> InForce {
    let mut files = given;
    let mut aside = Vec::new();
    for row in published {
        match put(&files, &row.file, &row.text) {
            // Each for itself: one that does not load must not take the others with it.
            Some(with) if load(&with).1.is_empty() => files = with,
            _ => aside.push(row.file.clone()),
        }
    }
    let (content, _) = load(&files);
    InForce {
        files,
        content,
        aside,
    }
}

pub(super) fn load(files: &Files) -> (Content, Vec<LintError>) {
    content::load("en", files)
}

// The files with this text in the place of one of them; nothing if there is no such file.
pub(super) fn put(files: &Files, file: &str, text: &str) -> Option<Files> {
    let mut with = files.clone();
    let place = with.iter_mut().find(|(path, _)| path == file)?;
    place.1 = text.to_owned();
    Some(with)
}

pub(super) fn text_of<'a>(files: &'a Files, file: &str) -> Option<&'a str> {
    let found = files.iter().find(|(path, _)| path == file);
    found.map(|(_, text)| text.as_str())
}

pub(super) fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

impl PublishedWords {
    /// The words as the program brings them, with nothing that was published in their place yet.
    pub fn new(shipped: Files) -> PublishedWords {
        PublishedWords {
            shipped: Arc::new(shipped),
            state: Mutex::default(),
            known: Mutex::default(),
            publishing: tokio::sync::Mutex::default(),
        }
    }

    // The file as the program brings it; empty when there is none.
    pub(super) fn shipped(&self, file: &str) -> &str {
        text_of(&self.shipped, file).unwrap_or_default()
    }

    pub(super) fn get(&self) -> State {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    // What is known of these words on this day.
    pub(super) fn known(&self, content: &Arc<Content>, day: Date) -> Option<Arc<Known>> {
        let kept = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |known: &&Arc<Known>| known.day == day && Arc::ptr_eq(&known.content, content);
        kept.as_ref().filter(fits).cloned()
    }

    pub(super) fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}
