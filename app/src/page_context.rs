//! What every page needs besides its model: interface words, style, languages, help lines. It knows no page.

use domain::date::Date;
use model::HelpLine;
use model::language::Language;
use model::words::Words;
use std::collections::BTreeSet;
use std::sync::Arc;
/// What every page needs: given to [`crate::shell::render`].
#[derive(Clone, Debug, Default)]
pub struct PageContext {
    /// The interface words.
    pub words: Words,
    /// The whole stylesheet, minified; printed inline.
    pub css: Arc<str>,
    /// The "leave this page" script, printed inline.
    pub leave_script: Arc<str>,
    /// Help lines for the footer (only urgent, verified ones).
    pub urgent_lines: Arc<[HelpLine]>,
    /// Sample data is in use: a banner says so on every page.
    pub demo: bool,
    /// The random name of the journey through Speak or Follow that this page belongs to: its forms and its exit link
    /// carry it, so that leaving closes every page of the journey. Reading pages have none.
    pub journey: Option<Arc<str>>,
    /// The languages of the site, English first; none where there is no choice (the desk).
    pub languages: Arc<[Language]>,
    /// The English words.
    pub english: Words,
    /// Where the page is in English because its language lacks it so far: the words of the page itself.
    pub english_page: Option<Words>,
    /// Addresses of pages that this language lacks so far.
    pub in_english: Arc<BTreeSet<String>>,
    /// The address of the page, where it is not the one of its word in the navigation.
    pub at: Option<Arc<str>>,
    /// Drafts are in it: a line on top says that it is a preview.
    pub preview: bool,
    /// The day the page is made for: words whose review was due before it say so. Without it none do.
    pub today: Option<Date>,
}

impl PageContext {
    /// The language that the frame is in.
    pub fn language(&self) -> Option<&Language> {
        let code = &self.words.language;
        self.languages.iter().find(|known| known.code == *code)
    }

    /// The frame of the page at this address: around a page in English, if this language lacks it.
    pub fn of_page(&self, address: &str) -> PageContext {
        let is_lacking = self.in_english.contains(address);
        PageContext {
            at: Some(address.into()),
            english_page: is_lacking.then(|| self.english.clone()),
            ..self.clone()
        }
    }
}
