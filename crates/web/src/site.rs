//! One site in one language: its words, its frames, and the bytes that are made ahead. Knows no handler, no request and
//! no answer.

use crate::current_pages::CurrentPages;
use crate::headers;
use crate::prerender::{offline, pages};
use crate::proxy_header::ProxyHeader;
use crate::static_body::{self, Body};
use app::shell::{Bundle, PageContext};
use content::{Content, SearchIndex};
use domain::date::Date;
use service::fair_queue::FairQueue;
use service::rate_limit::{NetworkBucket, WAITING_FROM_ONE_PLACE};
use service::sign_in::SecondFactorSecret;
use service::{App, usage};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// Secrets of the second factors of sample people by their names. Only a demo has them.
pub type Samples = BTreeMap<String, SecondFactorSecret>;

/// What the binary carries and the site serves, beside its words.
pub struct Assets {
    /// The stylesheet of every page.
    pub style: String,
    /// What the desk adds to it.
    pub desk_style: String,
    /// Files by the address they are served under.
    pub files: BTreeMap<String, Body>,
}

/// Everything the handlers share, in one language.
pub struct Site {
    /// What happens when somebody acts.
    pub pledge: Arc<App>,
    /// The files it serves beside its pages.
    assets: Arc<Assets>,
    /// The words of its pages.
    pub content: Arc<Content>,
    /// Frame of young people's pages.
    pub(crate) frame: PageContext,
    /// Frame of the desk: the same with the desk's style added.
    pub(crate) desk_frame: PageContext,
    /// Reading pages and files: fixed bytes by address.
    pub(crate) fixed: BTreeMap<String, Body>,
    /// The same of a language other than English: each made when it is first asked for, because most are never.
    late: BTreeMap<String, OnceLock<Body>>,
    /// Content-Security-Policy of pages without an island.
    pub(crate) page_policy: String,
    /// The same for the desk, whose style is longer.
    pub(crate) desk_policy: String,
    /// The WASM bundle is there.
    pub(crate) has_bundle: bool,
    /// Second factors of sample people, which their code page shows. Only a demo sets them.
    pub samples: Arc<OnceLock<Samples>>,
    /// Everything that can be found.
    pub(crate) search: OnceLock<SearchIndex>,
    /// What a copy on a phone is made of: English pages.
    pub(crate) keep: Arc<offline::OfflineCopy>,
    /// Pages that follow the database, as they were made last.
    pub(crate) current: CurrentPages,
    /// The English site, if this is in another language.
    pub(crate) base: Option<Arc<Site>>,
    /// Checks that are worked out, in turn.
    pub checks: FairQueue<Option<NetworkBucket>>,
    /// The public pages whose openings are counted, by their addresses in English.
    pub(crate) counted: BTreeSet<String>,
    /// Files that this installation adds.
    added: Vec<(String, Body)>,
    /// The header in which a proxy of ours names the address that it speaks for.
    pub proxy_header: Option<ProxyHeader>,
}

/// A check with ten dates that nobody remembers takes a second of a core; the rest wait in line.
const CHECKS_AT_ONCE: usize = 1;

impl Site {
    /// Prepares every page that has fixed bytes.
    pub fn new(pledge: impl Into<Arc<App>>, assets: Arc<Assets>, demo: bool) -> Site {
        let pledge = pledge.into();
        let content = pledge.library.content();
        let today = pledge.clock.today();
        let frame = PageContext {
            languages: Arc::clone(&pledge.library.languages),
            ..frame(&content, demo, today, assets.style.clone())
        };
        let desk_css = format!(
            "{}
{}",
            assets.style, assets.desk_style
        );
        let desk_frame = desk_frame(&frame, desk_css);
        let mut fixed = assets.files.clone();
        let mut bundle_files = Bundle::ALL.iter().flat_map(|bundle| bundle.files());
        let has_bundle = bundle_files.all(|file| fixed.contains_key(&file));
        fixed.extend(pages::fixed_pages(&frame, &content));
        let public = pledge.public_url.as_ref();
        let sitemap = pages::sitemap(&pledge.library, public).into_bytes();
        fixed.insert(
            "/sitemap.xml".to_owned(),
            Body::new(sitemap, "application/xml; charset=utf-8"),
        );
        if let (Some(public), Some(robots)) = (public, fixed.get_mut("/robots.txt")) {
            *robots = pages::robots_with_sitemap(robots, public);
        }
        let keep = offline::prepare(&frame, &content, &mut fixed, has_bundle, today);
        let current = CurrentPages::new(&content);
        let page_policy = headers::page_policy(&frame);
        let desk_policy = headers::page_policy(&desk_frame);
        let counted = usage::pages(&content);
        let counted = counted.into_iter().map(|(address, _)| address).collect();
        Site {
            pledge,
            assets,
            content,
            search: OnceLock::new(),
            frame,
            desk_frame,
            fixed,
            late: BTreeMap::new(),
            page_policy,
            desk_policy,
            has_bundle,
            samples: Arc::default(),
            keep: Arc::new(keep),
            current,
            base: None,
            checks: FairQueue::new(CHECKS_AT_ONCE, WAITING_FROM_ONE_PLACE),
            counted,
            added: Vec::new(),
            proxy_header: None,
        }
    }

    /// The same site in another language, with these words.
    pub(crate) fn in_language(base: &Arc<Site>, content: Arc<Content>) -> Site {
        let frame = PageContext {
            words: content.words.clone(),
            urgent_lines: content.urgent_lines(),
            in_english: Arc::clone(&content.in_english),
            ..base.frame.clone()
        };
        let late = pages::fixed_addresses(&content).into_iter();
        Site {
            pledge: Arc::clone(&base.pledge),
            assets: Arc::clone(&base.assets),
            search: OnceLock::new(),
            frame,
            desk_frame: base.desk_frame.clone(),
            fixed: BTreeMap::new(),
            late: late.map(|address| (address, OnceLock::new())).collect(),
            page_policy: base.page_policy.clone(),
            desk_policy: base.desk_policy.clone(),
            has_bundle: base.has_bundle,
            samples: Arc::clone(&base.samples),
            keep: Arc::clone(&base.keep),
            current: CurrentPages::new(&content),
            base: Some(Arc::clone(base)),
            checks: base.checks.clone(),
            counted: BTreeSet::new(),
            added: Vec::new(),
            proxy_header: base.proxy_header.clone(),
            content,
        }
    }

    /// The fixed page or file of this address.
    pub(crate) fn body(&self, path: &str) -> Option<&Body> {
        if let Some(body) = self.fixed.get(path) {
            return Some(body);
        }
        let late = self.late.get(path)?;
        if late.get().is_none() {
            let made = pages::fixed_page(&self.frame, &self.content, path)?;
            // Another request that was making it has made the same.
            let _ = late.set(made);
        }
        late.get()
    }

    /// The address of a page in the language of this site.
    pub(crate) fn address(&self, path: &str) -> String {
        let language = self.frame.language();
        language.map_or_else(|| path.to_owned(), |language| language.address(path))
    }

    /// Everything that can be found.
    pub(crate) fn search(&self) -> &SearchIndex {
        self.search
            .get_or_init(|| content::search_index::index(&self.content))
    }

    /// Serves this file under its address as well.
    pub fn with_file(mut self, path: &str, body: Body) -> Site {
        self.fixed.insert(path.to_owned(), body.clone());
        self.added.push((path.to_owned(), body));
        self
    }

    /// The same site with the words that are in force now, of this day. What was compressed of a page that stays as it
    /// is stays compressed; a page that changes is compressed ahead if its old self was.
    pub fn rebuild(&self) -> Site {
        let mut site = Site::new(
            Arc::clone(&self.pledge),
            Arc::clone(&self.assets),
            self.frame.demo,
        );
        for (path, old) in &self.fixed {
            if let Some(body) = site.fixed.remove(path) {
                site.fixed.insert(path.clone(), body.after(old));
            }
        }
        if let Some(keep) = Arc::get_mut(&mut site.keep) {
            keep.file = keep.file.clone().after(&self.keep.file);
        }
        for (path, body) in &self.added {
            site = site.with_file(path, body.clone());
        }
        Site {
            samples: Arc::clone(&self.samples),
            checks: self.checks.clone(),
            proxy_header: self.proxy_header.clone(),
            ..site
        }
    }

    /// Whether the WASM bundle is inside the binary.
    pub fn has_bundle(&self) -> bool {
        self.has_bundle
    }

    /// Compresses every fixed page ahead, so that the first reader does not wait for it.
    pub fn warm(&self) {
        for body in self.fixed.values().chain([&self.keep.file]) {
            body.bytes(static_body::Encoding::Brotli);
            body.bytes(static_body::Encoding::Gzip);
        }
    }
}

fn frame(content: &Content, demo: bool, today: Date, css: String) -> PageContext {
    PageContext {
        words: content.words.clone(),
        css: css.into(),
        leave_script: static_body::squeeze_script(app::shell::LEAVE_SCRIPT).into(),
        urgent_lines: content.urgent_lines(),
        demo,
        english: content.words.clone(),
        today: Some(today),
        ..PageContext::default()
    }
}

// The desk is in English.
fn desk_frame(frame: &PageContext, css: String) -> PageContext {
    PageContext {
        css: css.into(),
        languages: Arc::default(),
        ..frame.clone()
    }
}
