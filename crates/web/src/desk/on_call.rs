//! Who is on call, turns, one's own address for alerts, and drills.

use super::accounts::{Refusal, proof};
use super::frame::frame_of;
use crate::auth::{PostedForm, Staff};
use crate::error::WebError;
use crate::form::Form;
use crate::response;
use crate::site::Site;
use ::desk as pages;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::on_call::{OnCallPage, TurnForm};
use model::{FieldError, urls};
use service::ActError;
use service::sign_in::StaffSession;
use std::sync::Arc;

/// The page.
pub async fn page(
    State(site): State<Arc<Site>>,
    desk: Staff,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let typed = Form::default();
    show(&site, &desk, StatusCode::OK, query.as_deref(), &typed, None).await
}

/// One of its forms.
pub async fn act(
    State(site): State<Arc<Site>>,
    desk: Staff,
    form: PostedForm,
) -> Result<Response, WebError> {
    let error = match done(&site, &desk, &form).await {
        Ok(what) => {
            let to = format!("{}?done=on-call-{what}", urls::DESK_ON_CALL);
            return Ok(response::redirect(&to));
        }
        Err(Refusal::Mend(error)) => error,
        Err(Refusal::Not(ActError::Stale)) => FieldError {
            field: "page",
            key: "error.desk.changed",
        },
        Err(Refusal::Not(error)) => return Err(error.into()),
    };
    let status = match error.field {
        "page" => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    show(&site, &desk, status, None, &form, Some(error)).await
}

async fn done(site: &Site, desk: &StaffSession, form: &Form) -> Result<&'static str, Refusal> {
    let pledge = &site.pledge;
    let id = form.get("id");
    match form.get("act") {
        "add" => {
            pledge.save_turn(desk, None, &turn_of(form)).await?;
            Ok("saved")
        }
        "change" => {
            pledge.save_turn(desk, Some(id), &turn_of(form)).await?;
            Ok("saved")
        }
        "remove" => {
            pledge.remove_turn(desk, id).await?;
            Ok("removed")
        }
        "address" => {
            let proved = proof(site, desk, form).await?;
            let address = form.get("address");
            pledge.set_own_address(desk, &proved, address).await?;
            Ok("address")
        }
        "drill" => {
            pledge.begin_drill(desk).await?;
            Ok("drill")
        }
        "have" => {
            pledge.end_drill(desk, id.parse().unwrap_or(-1)).await?;
            Ok("have")
        }
        _ => Err(Refusal::Not(ActError::NotFound)),
    }
}

fn turn_of(form: &Form) -> TurnForm {
    TurnForm {
        id: form.text("id"),
        from: form.text("from"),
        to: form.text("to"),
        staff: form.text("staff"),
        rank: form.text("rank"),
    }
}

async fn show(
    site: &Site,
    desk: &StaffSession,
    status: StatusCode,
    query: Option<&str>,
    form: &Form,
    error: Option<FieldError>,
) -> Result<Response, WebError> {
    let act = form.text("act");
    let page = OnCallPage {
        desk: frame_of(desk, query),
        now: site.pledge.on_call(desk).await?,
        typed: turn_of(form),
        address: (act == "address").then(|| form.text("address")),
        act,
        errors: error.into_iter().collect(),
    };
    Ok(response::desk_page(site, status, || pages::on_call(page)))
}
