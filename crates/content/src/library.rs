//! The words in force, in every language.

use crate::content::Content;
use crate::translation;
use model::language::Language;
use std::sync::{Arc, PoisonError, RwLock};

/// The words in force, in every language. A publication replaces them; a reader that holds the old ones keeps
/// them until they are done.
#[derive(Debug)]
pub struct Library {
    /// The languages, English first.
    pub languages: Arc<[Language]>,
    translations: Vec<translation::Translation>,
    // As `languages`, in the same order.
    contents: RwLock<Vec<Arc<Content>>>,
}

impl Library {
    /// Begins with these English words, and with the other languages of the files.
    pub fn new(english: Arc<Content>, files: &[(String, String)]) -> Library {
        let (translations, _) = translation::translations(files);
        let library = Library {
            languages: translation::read(files).0.into(),
            translations,
            contents: RwLock::default(),
        };
        library.set_english(english);
        library
    }

    /// The English words as they are now.
    pub fn content(&self) -> Arc<Content> {
        self.contents().into_iter().next().unwrap_or_default()
    }

    /// The words of every language as they are now, in the order of the languages.
    pub fn contents(&self) -> Vec<Arc<Content>> {
        let now = self.contents.read();
        now.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts these English words in force, in every language that has none of its own for them.
    pub fn set_english(&self, english: Arc<Content>) {
        let others = self.translations.iter();
        let others = others.map(|one| Arc::new(one.over(&english)));
        let all = std::iter::once(Arc::clone(&english))
            .chain(others)
            .collect();
        *self
            .contents
            .write()
            .unwrap_or_else(PoisonError::into_inner) = all;
    }

    /// What the desk calls the language with this code, if it is not English.
    pub fn english_name(&self, code: &str) -> Option<String> {
        let mut others = self.languages.iter().filter(|one| !one.is_english());
        let known = others.find(|one| one.code == code)?;
        Some(known.english.clone())
    }
}
