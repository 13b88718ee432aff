//! How the site is used.

use super::frame::frame_of;
use crate::auth::Staff;
use crate::error::WebError;
use crate::response;
use crate::site::Site;
use ::desk as pages;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use model::UsagePage;
use std::sync::Arc;

/// The numbers.
pub async fn show(State(site): State<Arc<Site>>, desk: Staff) -> Result<Response, WebError> {
    let numbers = site.pledge.usage_numbers(&site.content).await?;
    let page = UsagePage {
        desk: frame_of(&desk, None),
        numbers,
    };
    Ok(response::desk_page(&site, StatusCode::OK, || {
        pages::usage(page)
    }))
}
