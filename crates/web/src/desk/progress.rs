//! Entering figures of the council's promises.

use super::{frame_of, posted, signed_in};
use crate::response;
use crate::site::Site;
use app::pages::desk as pages;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::progress::{FigureForm, FiguresPage};
use model::urls;
use model::{FieldError, Problem};
use service::ActError;
use service::sign_in::StaffSession;
use std::sync::Arc;

/// Every figure, and the form for a new one.
pub async fn list(State(site): State<Arc<Site>>, request: Request) -> Response {
    let desk = match signed_in(&site, request.headers()).await {
        Ok(desk) => desk,
        Err(response) => return *response,
    };
    let query = request.uri().query();
    show(
        &site,
        &desk,
        StatusCode::OK,
        query,
        FigureForm::default(),
        Vec::new(),
    )
    .await
}

/// Enters a figure.
pub async fn enter(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (desk, form) = match posted(&site, request).await {
        Ok(both) => both,
        Err(response) => return *response,
    };
    if !desk.staff.role.enters_figures() {
        return response::problem(&site, Problem::Forbidden);
    }
    let typed = FigureForm {
        indicator: form.text("indicator"),
        period: form.text("period"),
        value: form.text("value"),
        away: form.get("away") == "yes",
        source: form.text("source"),
        source_day: form.text("source-day"),
        reason: form.text("reason"),
    };
    let figure = match site.pledge.checked_figure(&typed).await {
        Ok(Ok(figure)) => figure,
        Ok(Err(errors)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return show(&site, &desk, status, None, typed, errors).await;
        }
        Err(error) => return response::act_problem(&site, &error),
    };
    // A page that says nothing of what it saw has seen nothing.
    let seen = form.get("seen").parse().unwrap_or(-1);
    match site.pledge.enter_figure(&desk, figure, seen).await {
        Ok(()) => response::redirect(&format!("{}?done=figure", urls::DESK_FIGURES)),
        Err(error) => {
            let key = match &error {
                ActError::Stale => "error.desk.changed",
                ActError::Busy => "error.desk.busy",
                _ => return response::act_problem(&site, &error),
            };
            let status = StatusCode::from_u16(response::problem_of(&error).status())
                .unwrap_or(StatusCode::CONFLICT);
            let errors = vec![FieldError { field: "page", key }];
            show(&site, &desk, status, None, typed, errors).await
        }
    }
}

async fn show(
    site: &Site,
    desk: &StaffSession,
    status: StatusCode,
    query: Option<&str>,
    form: FigureForm,
    errors: Vec<FieldError>,
) -> Response {
    match site.pledge.figures_at_desk(desk).await {
        Ok((groups, seen)) => {
            let page = FiguresPage {
                desk: frame_of(desk, query),
                groups,
                form,
                seen,
                errors,
            };
            response::desk_page(site, status, || pages::figures(page))
        }
        Err(error) => response::act_problem(site, &error),
    }
}
