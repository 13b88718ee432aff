//! HTTP: routes, forms, headers. Handlers know services and pages, never SQL or keys.
//!
//! A person gets a page that says what to do next; the log gets a code and never a text, name, receipt or address.

use crate::assets::{self, Body};
use crate::content::Content;
use crate::demo;
use crate::service::Pledge;
use app::model::{Frame, Problem};
use app::urls;
use axum::Router;
use axum::extract::{FromRef, Request, State};
use axum::http::HeaderName;
use axum::middleware;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use domain::date::Date;
use domain::role::Role;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

mod api;
mod check;
mod desk;
mod follow;
mod form;
mod headers;
mod keep;
mod keep_file;
mod letters;
pub mod listen;
pub mod peer;
mod promises;
mod reading;
mod reply;
mod search;
pub mod security_txt;
mod speak;

pub use reading::{public_addresses, sizes};

/// Everything the handlers share.
pub struct Site {
    /// What happens when somebody acts.
    pub pledge: Arc<Pledge>,
    /// The words of its pages.
    pub content: Arc<Content>,
    /// Frame of young people's pages.
    frame: Frame,
    /// Frame of the desk: the same with the desk's style added.
    desk_frame: Frame,
    /// Reading pages and files: fixed bytes by address.
    fixed: BTreeMap<String, Body>,
    /// Content-Security-Policy of pages without an island.
    page_policy: String,
    /// The same for the desk, whose style is longer.
    desk_policy: String,
    /// The WASM bundle is there.
    has_bundle: bool,
    /// Second factors of sample people, which their code page shows. Only a demo sets them.
    pub samples: Arc<OnceLock<demo::Samples>>,
    /// Everything that can be found.
    search: crate::search::Index,
    /// What a copy on a phone is made of.
    keep: keep::Keep,
    /// How many checks may be worked out at once.
    checks: Arc<tokio::sync::Semaphore>,
    /// Files that this installation adds.
    added: Vec<(String, Body)>,
    /// The header in which a proxy of ours names the address that it speaks for.
    pub proxy_header: Option<HeaderName>,
}

/// A check with ten dates that nobody remembers takes a second of a core; the rest wait in line.
const CHECKS_AT_ONCE: usize = 1;

impl Site {
    /// Prepares every page that has fixed bytes.
    pub fn new(pledge: impl Into<Arc<Pledge>>, demo: bool) -> Site {
        let pledge = pledge.into();
        let content = pledge.library.content();
        let today = pledge.clock.today();
        let frame = frame(&content, demo, today, assets::style("pledge.css"));
        let desk_css = format!(
            "{}\n{}",
            assets::style("pledge.css"),
            assets::style("desk.css")
        );
        let desk_frame = frame_with(&frame, desk_css);
        let mut fixed = assets::static_files();
        let has_bundle =
            fixed.contains_key("/pkg/app.js") && fixed.contains_key("/pkg/app_bg.wasm");
        fixed.extend(reading::fixed_pages(&frame, &content));
        let keep = keep::prepare(&frame, &content, &mut fixed, has_bundle, today);
        let page_policy = headers::page_policy(&frame);
        let desk_policy = headers::page_policy(&desk_frame);
        let search = crate::search::index(&content);
        Site {
            pledge,
            content,
            search,
            frame,
            desk_frame,
            fixed,
            page_policy,
            desk_policy,
            has_bundle,
            samples: Arc::default(),
            keep,
            checks: Arc::new(tokio::sync::Semaphore::new(CHECKS_AT_ONCE)),
            added: Vec::new(),
            proxy_header: None,
        }
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
        let mut site = Site::new(Arc::clone(&self.pledge), self.frame.demo);
        for (path, old) in &self.fixed {
            if let Some(body) = site.fixed.remove(path) {
                site.fixed.insert(path.clone(), body.after(old));
            }
        }
        site.keep.file = site.keep.file.after(&self.keep.file);
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
            body.bytes(assets::Encoding::Brotli);
            body.bytes(assets::Encoding::Gzip);
        }
    }
}

fn frame(content: &Content, demo: bool, today: Date, css: String) -> Frame {
    Frame {
        words: content.words.clone(),
        css: css.into(),
        leave_script: app::shell::LEAVE_SCRIPT.into(),
        urgent_lines: content.urgent_lines(),
        demo,
        preview: false,
        today: Some(today),
    }
}

fn frame_with(frame: &Frame, css: String) -> Frame {
    Frame {
        css: css.into(),
        ..frame.clone()
    }
}

/// Who may use an address at all. What each may do with a view there depends on where the view is; `tests/authz.rs` has
/// a row for each of these and holds the two against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody.
    Anyone,
    /// Whoever has a session, also one that is half done.
    Entering,
    /// These roles, signed in.
    Roles(&'static [Role]),
}

const EVERY_ROLE: Who = Who::Roles(&Role::ALL);
const KEY_HOLDERS: Who = Who::Roles(&[
    Role::Speakerbox,
    Role::Coordinator,
    Role::Safety,
    Role::Committee,
    Role::Clerk,
]);
const TRIAGERS: Who = Who::Roles(&[Role::Speakerbox, Role::Coordinator]);
const VIEW_READERS: Who = Who::Roles(&[Role::Speakerbox, Role::Coordinator, Role::Safety]);
// Putting a text on a list, and taking it off, is also for those who make the list.
const VIEW_ACTORS: Who = Who::Roles(&[
    Role::Speakerbox,
    Role::Coordinator,
    Role::Safety,
    Role::Clerk,
]);
const SAFETY_LANE: Who = Who::Roles(&[Role::Coordinator, Role::Safety]);
const RECORD_READERS: Who = Who::Roles(&[Role::Coordinator, Role::Admin]);
const MEETING_READERS: Who = Who::Roles(&[
    Role::Speakerbox,
    Role::Coordinator,
    Role::Committee,
    Role::Clerk,
]);
const DECIDERS: Who = Who::Roles(&[Role::Committee, Role::Clerk]);
const WORD_WRITERS: Who = Who::Roles(&[Role::Speakerbox, Role::Coordinator, Role::Clerk]);
const FIGURE_KEEPERS: Who = Who::Roles(&[Role::Coordinator, Role::Clerk]);
const ADMIN: Who = Who::Roles(&[Role::Admin]);

/// One address: its path, the methods it answers, who may use it, and the handler.
type Route = (
    &'static str,
    &'static [&'static str],
    Who,
    MethodRouter<Live>,
);

/// Every address that is not a fixed page, in reading order.
fn routes() -> Vec<Route> {
    vec![
        ("/you-said", &["GET"], Who::Anyone, get(reading::you_said)),
        ("/committee", &["GET"], Who::Anyone, get(reading::committee)),
        ("/promises", &["GET"], Who::Anyone, get(promises::all)),
        (
            "/search",
            &["GET", "POST"],
            Who::Anyone,
            get(search::form).post(search::search),
        ),
        (urls::KEEP, &["GET"], Who::Anyone, get(keep::page)),
        (urls::KEEP_LIST, &["GET"], Who::Anyone, get(keep::list)),
        (urls::KEEP_FILE, &["GET"], Who::Anyone, get(keep::file)),
        (urls::KEEP_WORKER, &["GET"], Who::Anyone, get(keep::worker)),
        ("/leave", &["GET"], Who::Anyone, get(reading::leave)),
        ("/health", &["GET"], Who::Anyone, get(reading::health)),
        (
            "/check",
            &["GET", "POST"],
            Who::Anyone,
            get(check::first).post(check::step),
        ),
        (
            "/letters/{slug}",
            &["GET", "POST"],
            Who::Anyone,
            get(letters::form).post(letters::fill),
        ),
        (
            "/speak",
            &["GET", "POST"],
            Who::Anyone,
            get(speak::start).post(speak::step),
        ),
        (
            "/follow",
            &["GET", "POST"],
            Who::Anyone,
            get(follow::enter).post(follow::act),
        ),
        ("/desk", &["GET"], EVERY_ROLE, get(desk::home)),
        (
            "/desk/sign-in",
            &["GET", "POST"],
            Who::Anyone,
            get(desk::account::sign_in_page).post(desk::account::sign_in),
        ),
        (
            "/desk/code",
            &["GET", "POST"],
            Who::Entering,
            get(desk::account::code_page).post(desk::account::code),
        ),
        (
            "/desk/sign-out",
            &["POST"],
            Who::Entering,
            post(desk::account::sign_out),
        ),
        (
            "/desk/password",
            &["GET", "POST"],
            Who::Entering,
            get(desk::account::password_page).post(desk::account::password),
        ),
        (
            "/desk/second-factor",
            &["GET", "POST"],
            Who::Entering,
            get(desk::account::second_factor_page).post(desk::account::second_factor),
        ),
        (
            "/desk/sessions",
            &["GET", "POST"],
            EVERY_ROLE,
            get(desk::account::sessions_page).post(desk::account::end_sessions),
        ),
        (
            "/desk/join/{code}",
            &["GET", "POST"],
            Who::Anyone,
            get(desk::accounts::join_page).post(desk::accounts::join),
        ),
        (
            "/desk/waiting",
            &["GET"],
            Who::Entering,
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
            get(desk::record::week),
        ),
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
            get(desk::figures::list).post(desk::figures::enter),
        ),
        (
            "/desk/words",
            &["GET"],
            WORD_WRITERS,
            get(desk::words::list),
        ),
        (
            "/desk/words/{file}",
            &["GET", "POST"],
            WORD_WRITERS,
            get(desk::words::one).post(desk::words::save),
        ),
        (
            "/desk/words/{file}/preview",
            &["GET"],
            WORD_WRITERS,
            get(desk::words::preview),
        ),
        (
            "/desk/words/{file}/history",
            &["GET"],
            WORD_WRITERS,
            get(desk::words::history),
        ),
        (
            "/desk/words/{file}/{act}",
            &["POST"],
            WORD_WRITERS,
            post(desk::words::act),
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
        ("/api/v1/tickets", &["POST"], Who::Anyone, post(api::ticket)),
        ("/api/v1/views", &["POST"], Who::Anyone, post(api::send)),
        ("/api/v1/follow", &["POST"], Who::Anyone, post(api::follow)),
        (
            "/api/v1/outcomes",
            &["GET"],
            Who::Anyone,
            get(api::outcomes),
        ),
        (
            "/api/openapi.json",
            &["GET"],
            Who::Anyone,
            get(api::description),
        ),
    ]
}

/// Every address with the methods it answers, fixed pages included: for tests that walk them all.
pub fn addresses(site: &Site) -> Vec<(String, &'static [&'static str])> {
    let fixed = site
        .fixed
        .keys()
        .map(|path| (path.clone(), ["GET"].as_slice()));
    let promises = reading::council_promises(&site.content);
    fixed
        .chain(promises.into_iter().map(|path| (path, ["GET"].as_slice())))
        .chain(
            routes()
                .into_iter()
                .map(|(path, methods, ..)| (path.to_owned(), methods)),
        )
        .collect()
}

/// Who may use which address that is not a fixed page: for the tests that hold it against what happens.
pub fn who_may() -> Vec<(&'static str, Who)> {
    routes()
        .into_iter()
        .map(|(path, _, who, _)| (path, who))
        .collect()
}

/// The site in force. Its addresses stay; its words may be put anew while it runs.
#[derive(Clone)]
pub struct Live(Arc<InForce>);

struct InForce {
    site: RwLock<Arc<Site>>,
    /// Held while pages are made anew: of two who want that at once, the later one sees the words of both.
    making: Mutex<()>,
}

impl Live {
    /// Begins with this site.
    pub fn new(site: Arc<Site>) -> Live {
        Live(Arc::new(InForce {
            site: RwLock::new(site),
            making: Mutex::new(()),
        }))
    }

    /// Makes every page anew from the words in force. Takes some seconds of a core: not for a worker of the runtime.
    /// Requests that run go on with the pages they began with.
    pub fn refresh(&self) {
        let _making = self.0.making.lock().unwrap_or_else(PoisonError::into_inner);
        let site = Arc::new(self.site().anew());
        *self.0.site.write().unwrap_or_else(PoisonError::into_inner) = site;
    }

    /// Whether the pages are of another day than today, so that some words may be late for their review since; or of other
    /// words than those in force.
    pub fn is_old(&self) -> bool {
        let site = self.site();
        let today = site.frame.today == Some(site.pledge.clock.today());
        !today || !Arc::ptr_eq(&site.content, &site.pledge.library.content())
    }

    fn site(&self) -> Arc<Site> {
        Arc::clone(&self.0.site.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl FromRef<Live> for Arc<Site> {
    fn from_ref(live: &Live) -> Arc<Site> {
        live.site()
    }
}

/// The whole site.
pub fn router(site: Arc<Site>) -> Router {
    router_of(Live::new(site))
}

/// The whole site, with pages that may be made anew while it runs.
pub fn router_of(live: Live) -> Router {
    let site = live.site();
    let mut router = Router::new();
    for (path, _, _, handler) in routes() {
        router = router.route(path, handler);
    }
    for path in site.fixed.keys() {
        router = router.route(path, get(reading::fixed));
    }
    for path in reading::council_promises(&site.content) {
        router = router.route(&path, get(promises::one));
    }
    if site.frame.demo {
        router = router.route(app::urls::DESK_COMPONENTS, get(desk::components));
    }
    router
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn(reply::smaller))
        .layer(middleware::map_response(headers::everywhere))
        .with_state(live)
}

async fn not_found(State(site): State<Arc<Site>>, request: Request) -> Response {
    if request.uri().path().starts_with("/api/") {
        return api::problem(Problem::NotFound);
    }
    reply::problem(&site, Problem::NotFound)
}

async fn wrong_method(State(site): State<Arc<Site>>, request: Request) -> Response {
    if request.uri().path().starts_with("/api/") {
        return api::problem(Problem::WrongMethod);
    }
    reply::problem(&site, Problem::WrongMethod)
}
