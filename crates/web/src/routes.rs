//! Every address that is not a fixed page: its methods, who may use it, and its handler.

use crate::access::{
    ADMIN, Access, DECIDERS, EVERY_ROLE, FIGURE_KEEPERS, KEY_HOLDERS, MEETING_READERS,
    RECORD_READERS, SAFETY_LANE, TRIAGERS, VIEW_ACTORS, VIEW_READERS, WORD_WRITERS,
};
use crate::live::SiteHandle;
use crate::prerender::pages::{council_promises, fixed_addresses};
use crate::site::Site;
use crate::{api, checker, desk, follow, letters, offline, pages, print, progress, search, speak};
use axum::routing::{MethodRouter, get, post};
use model::language::is_in_every_language;
use model::urls;

/// One address: its path, the methods it answers, who may use it, and the handler.
pub(crate) type Route = (
    &'static str,
    &'static [&'static str],
    Access,
    MethodRouter<SiteHandle>,
);

/// Every address that is not a fixed page, in reading order.
pub(crate) fn routes() -> Vec<Route> {
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
            get(follow::enter).post(follow::act_on_thread),
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
        (
            "/api/v1/views",
            &["POST"],
            Access::Anyone,
            post(api::send_view),
        ),
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
    let promises = council_promises(&site.content);
    let english: Vec<(String, &[&str])> = fixed
        .chain(promises.into_iter().map(|path| (path, ["GET"].as_slice())))
        .chain(
            routes()
                .into_iter()
                .map(|(path, methods, ..)| (path.to_owned(), methods)),
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
        .map(|(path, _, who, _)| (path, who))
        .collect()
}
