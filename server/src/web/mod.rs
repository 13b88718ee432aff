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
use axum::extract::{Request, State};
use axum::middleware;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use std::collections::BTreeMap;
use std::sync::Arc;

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
    pub pledge: Pledge,
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
    pub samples: std::sync::OnceLock<demo::Samples>,
    /// Everything that can be found.
    search: crate::search::Index,
    /// What a copy on a phone is made of.
    keep: keep::Keep,
    /// How many checks may be worked out at once.
    checks: tokio::sync::Semaphore,
}

/// A check with ten dates that nobody remembers takes a second of a core; the rest wait in line.
const CHECKS_AT_ONCE: usize = 1;

impl Site {
    /// Prepares every page that has fixed bytes.
    pub fn new(pledge: Pledge, demo: bool) -> Site {
        let content = Arc::clone(&pledge.content);
        let frame = frame(&content, demo, assets::style("pledge.css"));
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
        let keep = keep::prepare(
            &frame,
            &content,
            &mut fixed,
            has_bundle,
            pledge.clock.today(),
        );
        let page_policy = headers::page_policy(&frame);
        let desk_policy = headers::page_policy(&desk_frame);
        let search = crate::search::index(&content);
        Site {
            pledge,
            search,
            frame,
            desk_frame,
            fixed,
            page_policy,
            desk_policy,
            has_bundle,
            samples: std::sync::OnceLock::new(),
            keep,
            checks: tokio::sync::Semaphore::new(CHECKS_AT_ONCE),
        }
    }

    /// Serves this file under its address as well.
    pub fn with_file(mut self, path: &str, body: Body) -> Site {
        self.fixed.insert(path.to_owned(), body);
        self
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

fn frame(content: &Content, demo: bool, css: String) -> Frame {
    Frame {
        words: content.words.clone(),
        css: css.into(),
        leave_script: app::shell::LEAVE_SCRIPT.into(),
        urgent_lines: content.urgent_lines(),
        demo,
    }
}

fn frame_with(frame: &Frame, css: String) -> Frame {
    Frame {
        css: css.into(),
        ..frame.clone()
    }
}

/// One address: its path, the methods it answers, and the handler.
type Route = (
    &'static str,
    &'static [&'static str],
    MethodRouter<Arc<Site>>,
);

/// Every address that is not a fixed page, in reading order.
fn routes() -> Vec<Route> {
    vec![
        ("/you-said", &["GET"], get(reading::you_said)),
        ("/committee", &["GET"], get(reading::committee)),
        ("/promises", &["GET"], get(promises::all)),
        (
            "/search",
            &["GET", "POST"],
            get(search::form).post(search::search),
        ),
        ("/leave", &["GET"], get(reading::leave)),
        ("/health", &["GET"], get(reading::health)),
        (urls::KEEP, &["GET"], get(keep::page)),
        (urls::KEEP_LIST, &["GET"], get(keep::list)),
        (urls::KEEP_FILE, &["GET"], get(keep::file)),
        (urls::KEEP_WORKER, &["GET"], get(keep::worker)),
        (
            "/check",
            &["GET", "POST"],
            get(check::first).post(check::step),
        ),
        (
            "/letters/{slug}",
            &["GET", "POST"],
            get(letters::form).post(letters::fill),
        ),
        (
            "/speak",
            &["GET", "POST"],
            get(speak::start).post(speak::step),
        ),
        (
            "/follow",
            &["GET", "POST"],
            get(follow::enter).post(follow::act),
        ),
        ("/desk", &["GET"], get(desk::home)),
        (
            "/desk/sign-in",
            &["GET", "POST"],
            get(desk::account::sign_in_page).post(desk::account::sign_in),
        ),
        (
            "/desk/code",
            &["GET", "POST"],
            get(desk::account::code_page).post(desk::account::code),
        ),
        ("/desk/sign-out", &["POST"], post(desk::account::sign_out)),
        (
            "/desk/password",
            &["GET", "POST"],
            get(desk::account::password_page).post(desk::account::password),
        ),
        (
            "/desk/second-factor",
            &["GET", "POST"],
            get(desk::account::second_factor_page).post(desk::account::second_factor),
        ),
        (
            "/desk/sessions",
            &["GET", "POST"],
            get(desk::account::sessions_page).post(desk::account::end_sessions),
        ),
        ("/desk/queue", &["GET"], get(desk::views::queue)),
        ("/desk/safety", &["GET"], get(desk::views::safety)),
        ("/desk/record", &["GET"], get(desk::record::week)),
        ("/desk/view/{id}", &["GET"], get(desk::views::view)),
        ("/desk/view/{id}/{act}", &["POST"], post(desk::views::act)),
        (
            "/desk/figures",
            &["GET", "POST"],
            get(desk::figures::list).post(desk::figures::enter),
        ),
        (
            "/desk/meetings",
            &["GET", "POST"],
            get(desk::meetings::list).post(desk::meetings::make),
        ),
        (
            "/desk/meetings/{meeting}",
            &["GET"],
            get(desk::meetings::meeting),
        ),
        (
            "/desk/meetings/{meeting}/{view}",
            &["GET"],
            get(desk::meetings::item),
        ),
        (
            "/desk/meetings/{meeting}/{view}/{act}",
            &["POST"],
            post(desk::meetings::act),
        ),
        ("/api/v1/tickets", &["POST"], post(api::ticket)),
        ("/api/v1/views", &["POST"], post(api::send)),
        ("/api/v1/follow", &["POST"], post(api::follow)),
        ("/api/v1/outcomes", &["GET"], get(api::outcomes)),
        ("/api/openapi.json", &["GET"], get(api::description)),
    ]
}

/// Every address with the methods it answers, fixed pages included: for tests that walk them all.
pub fn addresses(site: &Site) -> Vec<(String, &'static [&'static str])> {
    let fixed = site
        .fixed
        .keys()
        .map(|path| (path.clone(), ["GET"].as_slice()));
    let promises = reading::council_promises(&site.pledge.content);
    fixed
        .chain(promises.into_iter().map(|path| (path, ["GET"].as_slice())))
        .chain(
            routes()
                .into_iter()
                .map(|(path, methods, _)| (path.to_owned(), methods)),
        )
        .collect()
}

/// The whole site.
pub fn router(site: Arc<Site>) -> Router {
    let mut router = Router::new();
    for (path, _, handler) in routes() {
        router = router.route(path, handler);
    }
    for path in site.fixed.keys() {
        router = router.route(path, get(reading::fixed));
    }
    for path in reading::council_promises(&site.pledge.content) {
        router = router.route(&path, get(promises::one));
    }
    router
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn(reply::smaller))
        .layer(middleware::map_response(headers::everywhere))
        .with_state(site)
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
