//! The first page of the desk, and the page of every component.

#![deny(clippy::wildcard_enum_match_arm)]

use super::frame::frame_of;
use crate::auth::Staff;
use crate::response;
use crate::site::Site;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::role::Role;
use model::urls;
use std::sync::Arc;

/// The first page for the person who is signed in.
pub async fn home(State(site): State<Arc<Site>>, desk: Staff) -> Response {
    match desk.staff.role {
        Role::Speakerbox | Role::Coordinator => response::redirect(urls::DESK_QUEUE),
        Role::Safety => response::redirect(urls::DESK_SAFETY),
        Role::Committee | Role::Clerk => response::redirect(urls::DESK_MEETINGS),
        Role::Admin => {
            let frame = frame_of(&desk, None);
            response::desk_page(&site, StatusCode::OK, || ::desk::home(frame))
        }
    }
}

/// Every component in every state, from sample words: only there in demo, and open to anybody.
pub async fn components(State(site): State<Arc<Site>>) -> Response {
    let today = site.pledge.clock.today();
    response::desk_page(&site, StatusCode::OK, || {
        app::pages::style_guide::all(today)
    })
}
