//! Every address that is not a fixed page: its methods, who may use it, and its handler.

use crate::access::{
    ADMIN, Access, DECIDERS, DOWN_TAKERS, Denied, EVERY_ROLE, FIGURE_KEEPERS, KEY_HOLDERS,
    MEETING_READERS, RECORD_READERS, SAFETY_LANE, TRIAGERS, VIEW_ACTORS, VIEW_READERS,
    WORD_WRITERS,
};
use crate::auth::AccessGuard;
use crate::form::{FORM_BYTES, KEPT_BYTES, WORDS_BYTES};
use crate::live::SiteHandle;
use crate::prerender::pages::{council_promises, fixed_addresses};
use crate::site::Site;
use crate::{
    api, checker, desk, follow, letters, offline, pages, print, quick_exit, response, search, speak,
};
use axum::http::Uri;
use axum::routing::{MethodRouter, get, post};
use model::language::is_in_every_language;
use model::{Problem, urls};
use std::future::ready;

/// One address: its path, the methods it answers, who may use it, and the handlers.
pub(crate) struct Route {
    pub(crate) path: &'static str,
    methods: &'static [&'static str],
    access: Access,
    denied: Denied,
    form_bytes: usize,
    keeps_texts: bool,
    handlers: MethodRouter<SiteHandle>,
}

impl Route {
    fn new(
        path: &'static str,
        methods: &'static [&'static str],
        access: Access,
        handlers: MethodRouter<SiteHandle>,
    ) -> Route {
        Route {
            path,
            methods,
            access,
            denied: Denied::Forbidden,
            form_bytes: FORM_BYTES,
            keeps_texts: false,
            handlers,
        }
    }

    /// An address that names a view: what a person of another role tries there is entered in the audit log.
    fn about_view(self, problem: Problem) -> Route {
        Route {
            denied: Denied::AboutView(problem),
            ..self
        }
    }

    /// An address whose forms may be as long as a page of words.
    fn with_long_forms(self) -> Route {
        Route {
            form_bytes: WORDS_BYTES,
            ..self
        }
    }

    /// An address whose form carries along what was typed in another one.
    fn with_kept_field(self) -> Route {
        Route {
            form_bytes: KEPT_BYTES,
            ..self
        }
    }

    /// An address whose form has a text field: what was typed outlives its session. Its handler takes a `TypedForm`.
    fn with_kept_texts(self) -> Route {
        Route {
            keeps_texts: true,
            ..self
        }
    }

    /// The handlers behind the guard that enforces their access. There is no other way to them.
    pub(crate) fn guarded(self, live: &SiteHandle) -> MethodRouter<SiteHandle> {
        AccessGuard::new(live.clone(), self.access)
            .with_denied(self.denied)
            .with_form_bytes(self.form_bytes)
            .with_kept_texts(self.keeps_texts)
            .protect(self.handlers)
    }
}

const GET: &[&str] = &["GET"];
const POST: &[&str] = &["POST"];
const GET_POST: &[&str] = &["GET", "POST"];

/// Every address that is not a fixed page, in reading order.
pub(crate) fn routes() -> Vec<Route> {
    [
        public_routes(),
        session_routes(),
        office_routes(),
        view_routes(),
        page_editor_routes(),
        meeting_routes(),
        moved_routes(),
        api_routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// An address for everybody.
fn public(
    path: &'static str,
    methods: &'static [&'static str],
    handlers: MethodRouter<SiteHandle>,
) -> Route {
    Route::new(path, methods, Access::Anyone, handlers)
}

fn public_routes() -> Vec<Route> {
    let search = get(search::form).post(search::search);
    let print = get(print::choose).post(print::together);
    let check = get(checker::first).post(checker::step);
    let letter = get(letters::form).post(letters::fill);
    let speak = get(speak::start).post(speak::step);
    let follow = get(follow::enter).post(follow::act_on_thread);
    vec![
        public("/you-said", GET, get(pages::current)),
        public("/committee", GET, get(pages::current)),
        public("/promises", GET, get(pages::current)),
        public("/search", GET_POST, search),
        public(urls::PRINT, GET_POST, print),
        public(urls::KEEP, GET, get(offline::page)),
        public(urls::KEEP_LIST, GET, get(offline::list)),
        public(urls::KEEP_FILE, GET, get(offline::file)),
        public(urls::KEEP_WORKER, GET, get(offline::worker)),
        public("/leave", GET, get(quick_exit::leave)),
        public("/health", GET, get(pages::health)),
        public("/check", GET_POST, check),
        public("/letters/{slug}", GET_POST, letter),
        public("/speak", GET_POST, speak),
        public("/follow", GET_POST, follow),
    ]
}

/// Signing in and out, and one's own sessions.
fn session_routes() -> Vec<Route> {
    use desk::accounts::{join, join_page, waiting};
    use desk::sign_in as own;
    let entering = |path, methods, handlers| Route::new(path, methods, Access::Entering, handlers);
    let sign_in = get(own::sign_in_page).post(own::sign_in);
    let code = get(own::code_page).post(own::code);
    let password = get(own::password_page).post(own::password);
    let second_factor = get(own::second_factor_page).post(own::second_factor);
    let sessions = get(own::sessions_page).post(own::end_sessions);
    vec![
        Route::new("/desk", GET, EVERY_ROLE, get(desk::home::home)),
        public("/desk/sign-in", GET_POST, sign_in),
        entering("/desk/code", GET_POST, code).with_kept_field(),
        entering("/desk/sign-out", POST, post(own::sign_out)),
        entering("/desk/password", GET_POST, password),
        entering("/desk/second-factor", GET_POST, second_factor),
        Route::new("/desk/sessions", GET_POST, EVERY_ROLE, sessions),
        public("/desk/join/{code}", GET_POST, get(join_page).post(join)),
        entering("/desk/waiting", GET, get(waiting)),
    ]
}

/// Accounts, keys, and what the office reads and enters.
fn office_routes() -> Vec<Route> {
    use desk::accounts;
    let keys = get(accounts::keys_page).post(accounts::keys);
    let list = get(accounts::list).post(accounts::invite);
    let act = post(accounts::act_on_account);
    let progress = get(desk::progress::list).post(desk::progress::enter);
    vec![
        Route::new("/desk/keys", GET_POST, KEY_HOLDERS, keys),
        Route::new("/desk/accounts", GET_POST, ADMIN, list).with_kept_texts(),
        Route::new("/desk/accounts/{account}", GET, ADMIN, get(accounts::one)),
        Route::new("/desk/accounts/{account}/{act}", POST, ADMIN, act),
        Route::new("/desk/audit", GET, RECORD_READERS, get(desk::audit::week)),
        Route::new("/desk/usage", GET, EVERY_ROLE, get(desk::usage::show)),
        Route::new("/desk/progress", GET_POST, FIGURE_KEEPERS, progress).with_kept_texts(),
    ]
}

fn view_routes() -> Vec<Route> {
    use desk::views;
    // Whether a view exists is not said to a person who may not see it.
    let not_found = Problem::NotFound;
    let on_call = get(desk::on_call::page).post(desk::on_call::act);
    vec![
        Route::new("/desk/queue", GET, TRIAGERS, get(views::queue)),
        Route::new("/desk/safety", GET, SAFETY_LANE, get(views::safety)),
        Route::new("/desk/on-call", GET_POST, SAFETY_LANE, on_call),
        Route::new("/desk/view/{id}", GET, VIEW_READERS, get(views::view)).about_view(not_found),
        Route::new(
            "/desk/view/{id}/{act}",
            POST,
            VIEW_ACTORS,
            post(views::act_on_view),
        )
        .about_view(not_found)
        .with_kept_texts(),
    ]
}

fn page_editor_routes() -> Vec<Route> {
    use desk::page_editor as editor;
    let words = |path, methods, handlers| Route::new(path, methods, WORD_WRITERS, handlers);
    let one = get(editor::one).post(editor::save);
    let act = post(editor::act_on_draft);
    vec![
        words("/desk/page-editor", GET, get(editor::list)),
        words("/desk/page-editor/{file}", GET_POST, one)
            .with_long_forms()
            .with_kept_texts(),
        words(
            "/desk/page-editor/{file}/preview",
            GET,
            get(editor::preview),
        ),
        words(
            "/desk/page-editor/{file}/history",
            GET,
            get(editor::history),
        ),
        words("/desk/page-editor/{file}/{act}", POST, act),
    ]
}

fn meeting_routes() -> Vec<Route> {
    use desk::meetings;
    let read = |path, methods, handlers| Route::new(path, methods, MEETING_READERS, handlers);
    let list = get(meetings::list).post(meetings::make);
    let item = get(meetings::item);
    let act = post(meetings::act_on_item);
    let down = |path, methods, handlers| Route::new(path, methods, DOWN_TAKERS, handlers);
    vec![
        down("/desk/published", GET, get(meetings::published)),
        down(
            "/desk/published/{view}/take-down",
            POST,
            post(meetings::take_down),
        )
        .about_view(Problem::Forbidden),
        read("/desk/meetings", GET_POST, list).with_kept_texts(),
        read("/desk/meetings/{meeting}", GET, get(meetings::meeting)),
        read("/desk/meetings/{meeting}/{view}", GET, item),
        Route::new("/desk/meetings/{meeting}/{view}/{act}", POST, DECIDERS, act)
            .about_view(Problem::Forbidden)
            .with_kept_texts(),
    ]
}

/// Addresses that pages of the desk had before, each behind the access of the page. A form that is still open in a
/// browser goes along.
fn moved_routes() -> Vec<Route> {
    let moved = |path, methods: &'static [&'static str], access, (old, new)| {
        let to = move |uri: Uri| ready(response::moved(&uri, old, new));
        let mut handlers = MethodRouter::new();
        if methods.contains(&"GET") {
            handlers = handlers.get(to);
        }
        if methods.contains(&"POST") {
            handlers = handlers.post(to);
        }
        Route::new(path, methods, access, handlers)
    };
    let progress = ("/desk/figures", urls::DESK_PROGRESS);
    let words = |path, methods| {
        let prefix = ("/desk/words", urls::DESK_PAGE_EDITOR);
        moved(path, methods, WORD_WRITERS, prefix)
    };
    vec![
        moved(
            "/desk/use",
            GET,
            EVERY_ROLE,
            ("/desk/use", urls::DESK_USAGE),
        ),
        moved(
            "/desk/record",
            GET,
            RECORD_READERS,
            ("/desk/record", urls::DESK_AUDIT),
        ),
        moved("/desk/figures", GET_POST, FIGURE_KEEPERS, progress),
        words("/desk/words", GET),
        words("/desk/words/{file}", GET_POST).with_long_forms(),
        words("/desk/words/{file}/preview", GET),
        words("/desk/words/{file}/history", GET),
        words("/desk/words/{file}/{act}", POST),
    ]
}

fn api_routes() -> Vec<Route> {
    vec![
        public("/api/v1/tickets", POST, post(api::ticket)),
        public("/api/v1/views", POST, post(api::send_view)),
        public("/api/v1/follow", POST, post(api::follow)),
        public("/api/v1/outcomes", GET, get(api::outcomes)),
        public("/api/openapi.json", GET, get(api::description)),
    ]
}

/// Every address with the methods it answers, fixed pages and other languages included: for tests that walk them all.
pub fn addresses(site: &Site) -> Vec<(String, &'static [&'static str])> {
    let fixed = site
        .fixed
        .keys()
        .map(|path| (path.clone(), ["GET"].as_slice()));
    let promises = council_promises(&site.content);
    let english: Vec<(String, &[&str])> = fixed
        .chain(promises.into_iter().map(|path| (path, ["GET"].as_slice())))
        .chain(
            routes()
                .into_iter()
                .map(|route| (route.path.to_owned(), route.methods)),
        )
        .collect();
    let pages = fixed_addresses(&site.content);
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
        .map(|route| (route.path, route.access))
        .collect()
}
