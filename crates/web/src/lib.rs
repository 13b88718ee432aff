//! HTTP: routes, forms, headers. Handlers know services and pages, never SQL or keys.
//!
//! A person gets a page that says what to do next; the log gets a code and never a text, name, receipt or address.

use ::search::Index;
use app::shell::Bundle;
use app::shell::PageContext;
use axum::Router;
use axum::extract::{FromRef, Request, State};
use axum::http::{HeaderName, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use content::Content;
use domain::date::Date;
use domain::role::Role;
use model::Problem;
use model::language::{Language, is_in_every_language};
use model::urls;
use service::{App, usage};
use static_body::Body;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use vault::second_factor::Secret;

pub mod accept;
mod api;
mod checker;
pub mod client_addr;
mod desk;
mod follow;
mod form;
mod headers;
mod journey;
mod letters;
mod offline;
mod pages;
mod prerender;
mod print;
mod progress;
mod qr_code;
mod response;
mod search;
pub mod security_txt;
mod speak;
pub mod static_body;

pub use pages::{public_addresses, sizes};

/// Secrets of the second factors of sample people by their names. Only a demo has them.
pub type Samples = BTreeMap<String, Secret>;

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
    frame: PageContext,
    /// Frame of the desk: the same with the desk's style added.
    desk_frame: PageContext,
    /// Reading pages and files: fixed bytes by address.
    fixed: BTreeMap<String, Body>,
    /// The same of a language other than English: each made when it is first asked for, because most are never.
    late: BTreeMap<String, OnceLock<Body>>,
    /// Content-Security-Policy of pages without an island.
    page_policy: String,
    /// The same for the desk, whose style is longer.
    desk_policy: String,
    /// The WASM bundle is there.
    has_bundle: bool,
    /// Second factors of sample people, which their code page shows. Only a demo sets them.
    pub samples: Arc<OnceLock<Samples>>,
    /// Everything that can be found.
    search: OnceLock<Index>,
    /// What a copy on a phone is made of: English pages.
    keep: Arc<offline::Keep>,
    /// The English site, if this is in another language.
    base: Option<Arc<Site>>,
    /// How many checks may be worked out at once.
    checks: Arc<tokio::sync::Semaphore>,
    /// The public pages whose openings are counted, by their addresses in English.
    counted: BTreeSet<String>,
    /// Files that this installation adds.
    added: Vec<(String, Body)>,
    /// The header in which a proxy of ours names the address that it speaks for.
    pub proxy_header: Option<HeaderName>,
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
        let sitemap = pages::sitemap(&pledge.library).into_bytes();
        fixed.insert(
            "/sitemap.xml".to_owned(),
            Body::new(sitemap, "application/xml; charset=utf-8"),
        );
        let keep = offline::prepare(&frame, &content, &mut fixed, has_bundle, today);
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
            base: None,
            checks: Arc::new(tokio::sync::Semaphore::new(CHECKS_AT_ONCE)),
            counted,
            added: Vec::new(),
            proxy_header: None,
        }
    }

    /// The same site in another language, with these words.
    fn in_language(base: &Arc<Site>, content: Arc<Content>) -> Site {
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
            base: Some(Arc::clone(base)),
            checks: Arc::clone(&base.checks),
            counted: BTreeSet::new(),
            added: Vec::new(),
            proxy_header: base.proxy_header.clone(),
            content,
        }
    }

    /// The fixed page or file of this address.
    fn body(&self, path: &str) -> Option<&Body> {
        if let Some(body) = self.fixed.get(path) {
            return Some(body);
        }
        let late = self.late.get(path)?;
        if late.get().is_none() {
            let made = pages::fixed_page(&self.frame, &self.content, path)?;
            // Whoever else was making it has made the same.
            let _ = late.set(made);
        }
        late.get()
    }

    /// The address of a page in the language of this site.
    fn address(&self, path: &str) -> String {
        let language = self.frame.language();
        language.map_or_else(|| path.to_owned(), |language| language.address(path))
    }

    /// Everything that can be found.
    fn search(&self) -> &Index {
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
    pub fn anew(&self) -> Site {
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
            checks: Arc::clone(&self.checks),
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

/// Who may use an address at all. What each may do with a view there depends on where the view is; `tests/authz.rs` has
/// a row for each of these and holds the two against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Anyone,
    /// Whoever has a session, also one that is half done.
    Entering,
    /// These roles, signed in.
    Roles(&'static [Role]),
}

const EVERY_ROLE: Access = Access::Roles(&Role::ALL);
const KEY_HOLDERS: Access = Access::Roles(&[
    Role::Speakerbox,
    Role::Coordinator,
    Role::Safety,
    Role::Committee,
    Role::Clerk,
]);
const TRIAGERS: Access = Access::Roles(&[Role::Speakerbox, Role::Coordinator]);
const VIEW_READERS: Access = Access::Roles(&[Role::Speakerbox, Role::Coordinator, Role::Safety]);
// Putting a text on a list, and taking it off, is also for those who make the list.
const VIEW_ACTORS: Access = Access::Roles(&[
    Role::Speakerbox,
    Role::Coordinator,
    Role::Safety,
    Role::Clerk,
]);
const SAFETY_LANE: Access = Access::Roles(&[Role::Coordinator, Role::Safety]);
const RECORD_READERS: Access = Access::Roles(&[Role::Coordinator, Role::Admin]);
const MEETING_READERS: Access = Access::Roles(&[
    Role::Speakerbox,
    Role::Coordinator,
    Role::Committee,
    Role::Clerk,
]);
const DECIDERS: Access = Access::Roles(&[Role::Committee, Role::Clerk]);
const WORD_WRITERS: Access = Access::Roles(&[Role::Speakerbox, Role::Coordinator, Role::Clerk]);
const FIGURE_KEEPERS: Access = Access::Roles(&[Role::Coordinator, Role::Clerk]);
const ADMIN: Access = Access::Roles(&[Role::Admin]);

/// One address: its path, the methods it answers, who may use it, and the handler.
type Route = (
    &'static str,
    &'static [&'static str],
    Access,
    MethodRouter<SiteHandle>,
);

/// Every address that is not a fixed page, in reading order.
fn routes() -> Vec<Route> {
    vec![
        ("/you-said", &["GET"], Access::Anyone, get(pages::you_said)),
        (
            "/committee",
            &["GET"],
            Access::Anyone,
            get(pages::committee),
        ),
        ("/promises", &["GET"], Access::Anyone, get(progress::all)),
        (
            "/search",
            &["GET", "POST"],
            Access::Anyone,
            get(search::form).post(search::search),
        ),
        (
            urls::PRINT,
            &["GET", "POST"],
            Access::Anyone,
            get(print::choose).post(print::together),
        ),
        (urls::KEEP, &["GET"], Access::Anyone, get(offline::page)),
        (
            urls::KEEP_LIST,
            &["GET"],
            Access::Anyone,
            get(offline::list),
        ),
        (
            urls::KEEP_FILE,
            &["GET"],
            Access::Anyone,
            get(offline::file),
        ),
        (
            urls::KEEP_WORKER,
            &["GET"],
            Access::Anyone,
            get(offline::worker),
        ),
        ("/leave", &["GET"], Access::Anyone, get(pages::leave)),
        ("/health", &["GET"], Access::Anyone, get(pages::health)),
        (
            "/check",
            &["GET", "POST"],
            Access::Anyone,
            get(checker::first).post(checker::step),
        ),
        (
            "/letters/{slug}",
            &["GET", "POST"],
            Access::Anyone,
            get(letters::form).post(letters::fill),
        ),
        (
            "/speak",
            &["GET", "POST"],
            Access::Anyone,
            get(speak::start).post(speak::step),
        ),
        (
            "/follow",
            &["GET", "POST"],
            Access::Anyone,
            get(follow::enter).post(follow::act),
        ),
        ("/desk", &["GET"], EVERY_ROLE, get(desk::home)),
        (
            "/desk/sign-in",
            &["GET", "POST"],
            Access::Anyone,
            get(desk::sign_in::sign_in_page).post(desk::sign_in::sign_in),
        ),
        (
            "/desk/code",
            &["GET", "POST"],
            Access::Entering,
            get(desk::sign_in::code_page).post(desk::sign_in::code),
        ),
        (
            "/desk/sign-out",
            &["POST"],
            Access::Entering,
            post(desk::sign_in::sign_out),
        ),
        (
            "/desk/password",
            &["GET", "POST"],
            Access::Entering,
            get(desk::sign_in::password_page).post(desk::sign_in::password),
        ),
        (
            "/desk/second-factor",
            &["GET", "POST"],
            Access::Entering,
            get(desk::sign_in::second_factor_page).post(desk::sign_in::second_factor),
        ),
        (
            "/desk/sessions",
            &["GET", "POST"],
            EVERY_ROLE,
            get(desk::sign_in::sessions_page).post(desk::sign_in::end_sessions),
        ),
        (
            "/desk/join/{code}",
            &["GET", "POST"],
            Access::Anyone,
            get(desk::accounts::join_page).post(desk::accounts::join),
        ),
        (
            "/desk/waiting",
            &["GET"],
            Access::Entering,
            get(desk::accounts::waiting),
        ),
        (
            "/desk/keys",
            &["GET", "POST"],
            KEY_HOLDERS,
            get(desk::accounts::keys_page).post(desk::accounts::keys),
        ),
        (
            "/desk/accounts",
            &["GET", "POST"],
            ADMIN,
            get(desk::accounts::list).post(desk::accounts::invite),
        ),
        (
            "/desk/accounts/{account}",
            &["GET"],
            ADMIN,
            get(desk::accounts::one),
        ),
        (
            "/desk/accounts/{account}/{act}",
            &["POST"],
            ADMIN,
            post(desk::accounts::act),
        ),
        ("/desk/queue", &["GET"], TRIAGERS, get(desk::views::queue)),
        (
            "/desk/safety",
            &["GET"],
            SAFETY_LANE,
            get(desk::views::safety),
        ),
        (
            "/desk/record",
            &["GET"],
            RECORD_READERS,
            get(desk::audit::week),
        ),
        ("/desk/use", &["GET"], EVERY_ROLE, get(desk::usage::show)),
        (
            "/desk/view/{id}",
            &["GET"],
            VIEW_READERS,
            get(desk::views::view),
        ),
        (
            "/desk/view/{id}/{act}",
            &["POST"],
            VIEW_ACTORS,
            post(desk::views::act),
        ),
        (
            "/desk/figures",
            &["GET", "POST"],
            FIGURE_KEEPERS,
            get(desk::progress::list).post(desk::progress::enter),
        ),
        (
            "/desk/words",
            &["GET"],
            WORD_WRITERS,
            get(desk::page_editor::list),
        ),
        (
            "/desk/words/{file}",
            &["GET", "POST"],
            WORD_WRITERS,
            get(desk::page_editor::one).post(desk::page_editor::save),
        ),
        (
            "/desk/words/{file}/preview",
            &["GET"],
            WORD_WRITERS,
            get(desk::page_editor::preview),
        ),
        (
            "/desk/words/{file}/history",
            &["GET"],
            WORD_WRITERS,
            get(desk::page_editor::history),
        ),
        (
            "/desk/words/{file}/{act}",
            &["POST"],
            WORD_WRITERS,
            post(desk::page_editor::act),
        ),
        (
            "/desk/meetings",
            &["GET", "POST"],
            MEETING_READERS,
            get(desk::meetings::list).post(desk::meetings::make),
        ),
        (
            "/desk/meetings/{meeting}",
            &["GET"],
            MEETING_READERS,
            get(desk::meetings::meeting),
        ),
        (
            "/desk/meetings/{meeting}/{view}",
            &["GET"],
            MEETING_READERS,
            get(desk::meetings::item),
        ),
        (
            "/desk/meetings/{meeting}/{view}/{act}",
            &["POST"],
            DECIDERS,
            post(desk::meetings::act),
        ),
        (
            "/api/v1/tickets",
            &["POST"],
            Access::Anyone,
            post(api::ticket),
        ),
        ("/api/v1/views", &["POST"], Access::Anyone, post(api::send)),
        (
            "/api/v1/follow",
            &["POST"],
            Access::Anyone,
            post(api::follow),
        ),
        (
            "/api/v1/outcomes",
            &["GET"],
            Access::Anyone,
            get(api::outcomes),
        ),
        (
            "/api/openapi.json",
            &["GET"],
            Access::Anyone,
            get(api::description),
        ),
    ]
}

/// Every address with the methods it answers, fixed pages and other languages included: for tests that walk them all.
pub fn addresses(site: &Site) -> Vec<(String, &'static [&'static str])> {
    let fixed = site
        .fixed
        .keys()
        .map(|path| (path.clone(), ["GET"].as_slice()));
    let promises = pages::council_promises(&site.content);
    let english: Vec<(String, &[&str])> = fixed
        .chain(promises.into_iter().map(|path| (path, ["GET"].as_slice())))
        .chain(
            routes()
                .into_iter()
                .map(|(path, methods, ..)| (path.to_owned(), methods)),
        )
        .collect();
    let pages = pages::fixed_addresses(&site.content);
    let is_file = |path: &str| site.fixed.contains_key(path) && !pages.iter().any(|p| p == path);
    let others = site.pledge.library.languages.iter().skip(1);
    let others = others.flat_map(|language| {
        let paths = english.iter();
        let paths = paths.filter(|(path, _)| is_in_every_language(path) && !is_file(path));
        paths.map(|(path, methods)| (language.address(path), *methods))
    });
    let others: Vec<_> = others.collect();
    english.into_iter().chain(others).collect()
}

/// Who may use which address that is not a fixed page: for the tests that hold it against what happens.
pub fn route_access() -> Vec<(&'static str, Access)> {
    routes()
        .into_iter()
        .map(|(path, _, who, _)| (path, who))
        .collect()
}

/// The site in force, in one of its languages. Its addresses stay; its words may be put anew while it runs.
#[derive(Clone)]
pub struct SiteHandle {
    in_force: Arc<InForce>,
    /// The place of the language among all; the first is English.
    language: usize,
}

struct InForce {
    sites: RwLock<SiteSet>,
    /// Held while pages are made anew: of two who want that at once, the later one sees the words of both.
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
    fn in_language(&self, language: usize) -> SiteHandle {
        SiteHandle {
            in_force: Arc::clone(&self.in_force),
            language,
        }
    }

    /// Makes every page anew from the words in force, in every language. Takes some seconds of a core: not for a worker
    /// of the runtime. Requests that run go on with the pages they began with.
    pub fn refresh(&self) {
        let making = &self.in_force.making;
        let _making = making.lock().unwrap_or_else(PoisonError::into_inner);
        let all = SiteSet::new(Arc::new(self.of(0).anew()));
        let sites = &self.in_force.sites;
        *sites.write().unwrap_or_else(PoisonError::into_inner) = all;
    }

    /// Whether the pages are of another day than today, so that some words may be late for their review since; or of other
    /// words than those in force.
    pub fn is_old(&self) -> bool {
        let site = self.of(0);
        let today = site.frame.today == Some(site.pledge.clock.today());
        !today || !Arc::ptr_eq(&site.content, &site.pledge.library.content())
    }

    fn site(&self) -> Arc<Site> {
        self.of(self.language)
    }

    fn of(&self, language: usize) -> Arc<Site> {
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
fn other_languages(english: &Arc<Site>) -> Vec<Site> {
    let contents = english.pledge.library.contents().into_iter().skip(1);
    contents
        .map(|content| Site::in_language(english, content))
        .collect()
}

/// The whole site.
pub fn router(site: Arc<Site>) -> Router {
    router_of(SiteHandle::new(site))
}

/// The whole site, with pages that may be made anew while it runs.
pub fn router_of(live: SiteHandle) -> Router {
    let site = live.of(0);
    let mut english = Router::new();
    for path in site.fixed.keys() {
        english = english.route(path, get(pages::fixed));
    }
    if site.frame.demo {
        english = english.route(model::urls::DESK_COMPONENTS, get(desk::components));
    }
    let mut all = with_pages(english, &site.content, |_| true).with_state(live.clone());
    let languages = site.pledge.library.languages.iter().enumerate();
    for (at, language) in languages.skip(1) {
        let pages = in_language(&site.content, language).with_state(live.in_language(at));
        all = all.nest(&language.address(urls::HOME), pages);
    }
    all.layer(middleware::from_fn_with_state(live, count))
        .layer(middleware::from_fn(response::smaller))
        .layer(middleware::map_response(headers::security_headers))
}

// Counts the public pages that are opened. A page that the browser had already counts as well.
async fn count(State(live): State<SiteHandle>, request: Request, next: Next) -> Response {
    let path = (request.method() == Method::GET).then(|| request.uri().path().to_owned());
    let response = next.run(request).await;
    let opened = [StatusCode::OK, StatusCode::NOT_MODIFIED].contains(&response.status());
    if let Some(path) = path.filter(|_| opened) {
        let site = live.of(0);
        let (page, language) = usage::in_english(&path, &site.frame.languages);
        if site.counted.contains(page) {
            site.pledge.usage.count(page, language);
        }
    }
    response
}

// The pages of a language other than English, by their addresses in English.
fn in_language(content: &Content, language: &Language) -> Router<SiteHandle> {
    let mut pages = Router::new();
    for path in pages::fixed_addresses(content) {
        pages = pages.route(&path, get(pages::fixed));
    }
    let language = language.clone();
    // Whoever is sent on stays in the language.
    let stay = move |response| response::in_language(response, &language);
    with_pages(pages, content, is_in_every_language).layer(middleware::map_response(
        move |response: Response| std::future::ready(stay(response)),
    ))
}

fn with_pages(
    mut router: Router<SiteHandle>,
    content: &Content,
    which: impl Fn(&str) -> bool,
) -> Router<SiteHandle> {
    for (path, _, _, handler) in routes().into_iter().filter(|(path, ..)| which(path)) {
        router = router.route(path, handler);
    }
    for path in pages::council_promises(content) {
        router = router.route(&path, get(progress::one));
    }
    router
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
}

async fn not_found(State(site): State<Arc<Site>>, request: Request) -> Response {
    if request.uri().path().starts_with("/api/") {
        return api::problem(Problem::NotFound);
    }
    response::problem(&site, Problem::NotFound)
}

async fn wrong_method(State(site): State<Arc<Site>>, request: Request) -> Response {
    if request.uri().path().starts_with("/api/") {
        return api::problem(Problem::WrongMethod);
    }
    response::problem(&site, Problem::WrongMethod)
}
