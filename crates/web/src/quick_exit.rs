//! "Leave this page": where it goes, and what it clears.

use crate::form::{self, Form};
use crate::response;
use crate::site::Site;
use app::components::JOURNEY;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use service::abandoned_journeys::JourneyId;
use std::sync::Arc;

/// Where "leave this page" goes.
pub const QUICK_EXIT_URL: &str = "https://www.bbc.co.uk/weather";

/// Leaves: closes the walk that the page belonged to, clears what the browser holds of us, and goes to a page about the
/// weather. A link on another site only goes there: it neither signs anybody out nor removes a kept copy.
pub async fn leave(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let mut response = response::redirect(QUICK_EXIT_URL);
    if form::from_elsewhere(&headers) {
        return response;
    }
    if let Some(id) = JourneyId::from_text(Form::from_query(query.as_deref()).get(JOURNEY)) {
        let pledge = &site.pledge;
        pledge
            .abandoned_journeys
            .leave(id, pledge.clock.unix_seconds());
    }
    response::set(
        response.headers_mut(),
        header::HeaderName::from_static("clear-site-data"),
        "\"cache\", \"cookies\", \"storage\"",
    );
    response
}
