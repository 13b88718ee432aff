//! HTTP: routes, forms, headers. Handlers know services and pages, never SQL or keys.
//!
//! A person gets a page that says what to do next; the log gets a code and never a text, name, receipt or address.

pub mod accept;
mod access;
mod api;
mod auth;
mod byte_budgets;
mod checker;
pub mod client_addr;
mod current_pages;
mod desk;
mod error;
mod follow;
mod form;
mod headers;
mod journey;
mod letters;
mod live;
mod offline;
mod page_views;
mod pages;
mod prerender;
mod print;
mod proxy_header;
mod qr_code;
mod quick_exit;
mod request_checks;
mod response;
mod routes;
mod search;
pub mod security_txt;
mod site;
mod speak;
pub mod static_body;

pub use access::Access;
pub use auth::{AccessGuard, AnySession, PostedForm, Staff};
pub use byte_budgets::sizes;
pub use error::WebError;
pub use live::SiteHandle;
pub use prerender::pages::public_addresses;
pub use proxy_header::ProxyHeader;
pub use routes::{addresses, route_access};
pub use site::{Assets, Samples, Site};

use axum::Router;
use axum::middleware;
use axum::response::Response;
use axum::routing::get;
use content::Content;
use model::language::{Language, is_in_every_language};
use model::urls;
use prerender::pages::{council_promises, fixed_addresses};
use routes::routes;
use std::sync::Arc;

/// The whole site.
pub fn router(site: Arc<Site>) -> Router {
    router_of(SiteHandle::new(site))
}

/// The whole site, with pages that may be rebuilt while it runs.
pub fn router_of(live: SiteHandle) -> Router {
    let site = live.of(0);
    let mut english = Router::new();
    for path in site.fixed.keys() {
        english = english.route(path, get(pages::fixed));
    }
    if site.frame.demo {
        english = english.route(urls::DESK_COMPONENTS, get(desk::home::components));
    }
    let english = with_pages(english, &live, &site.content, |_| true);
    let mut all = with_problems(english, &live);
    let languages = site.pledge.library.languages.iter().enumerate();
    for (at, language) in languages.skip(1) {
        let pages = in_language(&live.in_language(at), &site.content, language);
        all = all.nest(&language.address(urls::HOME), pages);
    }
    all.layer(middleware::from_fn_with_state(
        live,
        page_views::count_page_views,
    ))
    .layer(middleware::from_fn(response::compress))
    .layer(middleware::map_response(headers::security_headers))
}

// The pages of a language other than English, by their addresses in English.
fn in_language(live: &SiteHandle, content: &Content, language: &Language) -> Router {
    let mut pages = Router::new();
    for path in fixed_addresses(content) {
        pages = pages.route(&path, get(pages::fixed));
    }
    let language = language.clone();
    // A redirect stays in the language.
    let stay = move |response| response::in_language(response, &language);
    let pages = with_pages(pages, live, content, is_in_every_language);
    with_problems(pages, live).layer(middleware::map_response(move |response: Response| {
        std::future::ready(stay(response))
    }))
}

// The page of a problem is in the language of the site.
fn with_problems(router: Router<SiteHandle>, live: &SiteHandle) -> Router {
    let render = middleware::from_fn_with_state(live.clone(), error::render);
    router.with_state(live.clone()).layer(render)
}

fn with_pages(
    mut router: Router<SiteHandle>,
    live: &SiteHandle,
    content: &Content,
    which: impl Fn(&str) -> bool,
) -> Router<SiteHandle> {
    for route in routes().into_iter().filter(|route| which(route.path)) {
        router = router.route(route.path, route.guarded(live));
    }
    for path in council_promises(content) {
        router = router.route(&path, get(pages::current));
    }
    router
        .route_layer(middleware::from_fn(request_checks::check_request))
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::wrong_method)
}
