//! Entering figures of the council's promises.

use super::frame::frame_of;
use crate::auth::{Staff, TypedForm};
use crate::error::{WebError, act_status};
use crate::response;
use crate::site::Site;
use ::desk as pages;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::FieldError;
use model::desk::progress::{FigureForm, FiguresPage};
use model::urls;
use service::ActError;
use service::sign_in::StaffSession;
use std::sync::Arc;

/// Every figure, and the form for a new one.
pub async fn list(
    State(site): State<Arc<Site>>,
    desk: Staff,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let (status, empty) = (StatusCode::OK, FigureForm::default());
    show(&site, &desk, status, query.as_deref(), empty, Vec::new()).await
}

/// Enters a figure.
pub async fn enter(
    State(site): State<Arc<Site>>,
    desk: Staff,
    form: TypedForm,
) -> Result<Response, WebError> {
    let typed = FigureForm {
        indicator: form.text("indicator"),
        period: form.text("period"),
        value: form.text("value"),
        away: form.get("away") == "yes",
        source: form.text("source"),
        source_day: form.text("source-day"),
        reason: form.text("reason"),
    };
    let checked = match form.come_back() {
        Some(error) => Err(vec![error]),
        None => site.pledge.checked_figure(&typed).await?,
    };
    let figure = match checked {
        Ok(figure) => figure,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return show(&site, &desk, status, None, typed, errors).await;
        }
    };
    // A page that says nothing of what it saw has seen nothing.
    let seen = form.get("seen").parse().unwrap_or(-1);
    let Err(error) = site.pledge.enter_figure(&desk, figure, seen).await else {
        let to = format!("{}?done=figure", urls::DESK_PROGRESS);
        return Ok(response::redirect(&to));
    };
    let key = match &error {
        ActError::Stale => "error.desk.changed",
        ActError::Busy => "error.desk.busy",
        _ => return Err(error.into()),
    };
    let errors = vec![FieldError { field: "page", key }];
    show(&site, &desk, act_status(&error), None, typed, errors).await
}

async fn show(
    site: &Site,
    desk: &StaffSession,
    status: StatusCode,
    query: Option<&str>,
    form: FigureForm,
    errors: Vec<FieldError>,
) -> Result<Response, WebError> {
    let (groups, seen) = site.pledge.figures_at_desk(desk).await?;
    let page = FiguresPage {
        desk: frame_of(desk, query),
        groups,
        form,
        seen,
        errors,
    };
    Ok(response::desk_page(site, status, || pages::progress(page)))
}
