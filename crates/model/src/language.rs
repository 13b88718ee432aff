//! Languages. English is at `/…`, every other language under its code: `/es/help` beside `/help`.
//!
//! Views write the addresses of English; `app::localize` gives the links of a finished page their language.

use crate::urls;

/// The language that is whole, and that stands in where another one lacks a page.
pub const ENGLISH: &str = "en";

/// A language of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Language {
    /// As `<html lang>` takes it, for example `es`.
    pub code: String,
    /// Its own name for itself, in its own script.
    pub name: String,
    /// Its name in English, for the desk.
    pub english: String,
    /// `ltr` or `rtl`.
    pub direction: String,
    /// A person who speaks it has checked its words.
    pub checked: bool,
}

impl Language {
    /// Whether it is English.
    pub fn is_english(&self) -> bool {
        self.code == ENGLISH
    }

    /// The address of a page in this language, from its address in English.
    pub fn address(&self, path: &str) -> String {
        if self.is_english() || !is_in_every_language(path) {
            path.to_owned()
        } else if path == urls::HOME {
            format!("/{}", self.code)
        } else {
            format!("/{}{path}", self.code)
        }
    }
}

/// What is there once, whatever the language: files, the desk, and what speaks to machines.
const ONCE: [&str; 11] = [
    urls::LEAVE,
    urls::DESK,
    urls::KEEP_LIST,
    urls::KEEP_FILE,
    urls::KEEP_SCRIPT,
    urls::KEEP_WORKER,
    urls::MANIFEST,
    "/api",
    "/health",
    "/pkg",
    "/sitemap.xml",
];

/// Whether a page of this address is there in every language.
pub fn is_in_every_language(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let below = |root: &str| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    path.starts_with('/') && !path.starts_with("//") && !ONCE.into_iter().any(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arabic() -> Language {
        Language {
            code: "ar".into(),
            direction: "rtl".into(),
            ..Language::default()
        }
    }

    #[test]
    fn addresses_have_one_form() {
        assert_eq!(arabic().address("/"), "/ar");
        assert_eq!(arabic().address("/rights/visits"), "/ar/rights/visits");
        assert_eq!(arabic().address("/api/v1/views"), "/api/v1/views");
        assert!(is_in_every_language("/keep"));
        assert!(!is_in_every_language("tel:999"));
    }
}
