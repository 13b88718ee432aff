//! The sites in force, one for each language, and exchanging them while they serve. Knows no route and no handler.

use crate::site::Site;
use axum::extract::FromRef;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// The site in force, in one of its languages. Its addresses stay; its words may change while it runs.
#[derive(Clone)]
pub struct SiteHandle {
    in_force: Arc<InForce>,
    /// The place of the language among all; the first is English.
    language: usize,
}

struct InForce {
    sites: RwLock<SiteSet>,
    /// Held while pages are rebuilt: of two who want that at once, the later one sees the words of both.
    making: Mutex<()>,
}

struct SiteSet {
    english: Arc<Site>,
    // In the order of the languages.
    others: Vec<Arc<Site>>,
}

impl SiteSet {
    fn new(english: Arc<Site>) -> SiteSet {
        let others = other_languages(&english).into_iter().map(Arc::new);
        SiteSet {
            others: others.collect(),
            english,
        }
    }
}

impl SiteHandle {
    /// Begins with this site.
    pub fn new(site: Arc<Site>) -> SiteHandle {
        SiteHandle {
            in_force: Arc::new(InForce {
                sites: RwLock::new(SiteSet::new(site)),
                making: Mutex::new(()),
            }),
            language: 0,
        }
    }

    // The same site in the language that stands at this place.
    pub(crate) fn in_language(&self, language: usize) -> SiteHandle {
        SiteHandle {
            in_force: Arc::clone(&self.in_force),
            language,
        }
    }

    /// Rebuilds every page from the words in force, in every language. Takes some seconds of a core: not for a worker
    /// of the runtime. Requests that run go on with the pages they began with.
    pub fn reload(&self) {
        let making = &self.in_force.making;
        let _making = making.lock().unwrap_or_else(PoisonError::into_inner);
        let all = SiteSet::new(Arc::new(self.of(0).rebuild()));
        let sites = &self.in_force.sites;
        *sites.write().unwrap_or_else(PoisonError::into_inner) = all;
    }

    /// Whether the pages are of another day than today, so that some words may be late for their review since; or of other
    /// words than those in force.
    pub fn is_stale(&self) -> bool {
        let site = self.of(0);
        let today = site.frame.today == Some(site.pledge.clock.today());
        !today || !Arc::ptr_eq(&site.content, &site.pledge.library.content())
    }

    pub(crate) fn site(&self) -> Arc<Site> {
        self.of(self.language)
    }

    pub(crate) fn of(&self, language: usize) -> Arc<Site> {
        let sites = &self.in_force.sites;
        let sites = sites.read().unwrap_or_else(PoisonError::into_inner);
        let other = language.checked_sub(1).and_then(|at| sites.others.get(at));
        Arc::clone(other.unwrap_or(&sites.english))
    }
}

impl FromRef<SiteHandle> for Arc<Site> {
    fn from_ref(live: &SiteHandle) -> Arc<Site> {
        live.site()
    }
}

/// The site in every language but English.
pub(crate) fn other_languages(english: &Arc<Site>) -> Vec<Site> {
    let contents = english.pledge.library.contents().into_iter().skip(1);
    contents
        .map(|content| Site::in_language(english, content))
        .collect()
}
