//! How the site is used.

use super::{frame_of, signed_in};
use crate::response;
use crate::site::Site;
use app::pages::desk as pages;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::UsePage;
use std::sync::Arc;

/// The numbers.
pub async fn show(State(site): State<Arc<Site>>, request: Request) -> Response {
    let desk = match signed_in(&site, request.headers()).await {
        Ok(desk) => desk,
        Err(response) => return *response,
    };
    match site.pledge.use_numbers(&site.content).await {
        Ok(numbers) => {
            let page = UsePage {
                desk: frame_of(&desk, None),
                numbers,
            };
            response::desk_page(&site, StatusCode::OK, || pages::uses(page))
        }
        Err(error) => response::act_problem(&site, &error),
    }
}
