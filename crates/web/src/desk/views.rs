//! SpeakerBox's queue, the safety lane, and one view.

use super::{frame_of, posted, signed_in};
use crate::site::Site;
use crate::{form, response};
use app::pages::desk as pages;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::lifecycle::{Action, CloseReason};
use domain::view::Topic;
use model::urls;
use model::{
    Burst, DeskDraft, DeskLimits, DeskViewPage, FieldError, Problem, QueueFilter, QueuePage,
    QueueShow,
};
use service::ActError;
use service::sign_in::StaffSession;
use service::views::{Act, Opened};
use std::sync::Arc;

/// SpeakerBox's queue.
pub async fn queue(State(site): State<Arc<Site>>, request: Request) -> Response {
    let desk = match signed_in(&site, request.headers()).await {
        Ok(desk) => desk,
        Err(response) => return *response,
    };
    let query = form::Form::from_query(request.uri().query());
    let show = QueueShow::ALL
        .into_iter()
        .find(|show| show.id() == query.get("show"))
        .unwrap_or_default();
    let filter = QueueFilter {
        show,
        topic: Topic::from_id(query.get("topic")),
        burst: Burst::from_query(query.get("burst"), query.get("from")),
    };
    match site.pledge.queue(&desk, filter).await {
        Ok(((rows, folds), counts)) => {
            let desk = frame_of(&desk, request.uri().query());
            let page = QueuePage {
                desk,
                safety: false,
                told_outside: site.pledge.told_outside,
                filter,
                counts,
                rows,
                folds,
            };
            response::desk_page(&site, StatusCode::OK, || pages::queue(page))
        }
        Err(error) => response::act_problem(&site, &error),
    }
}

/// The safety lane.
pub async fn safety(State(site): State<Arc<Site>>, request: Request) -> Response {
    let desk = match signed_in(&site, request.headers()).await {
        Ok(desk) => desk,
        Err(response) => return *response,
    };
    let query = form::Form::from_query(request.uri().query());
    let filter = QueueFilter {
        burst: Burst::from_query(query.get("burst"), query.get("from")),
        ..QueueFilter::default()
    };
    match site.pledge.safety_lane(&desk, filter.burst).await {
        Ok((rows, folds)) => {
            let desk = frame_of(&desk, request.uri().query());
            let page = QueuePage {
                desk,
                safety: true,
                told_outside: site.pledge.told_outside,
                filter,
                counts: Vec::new(),
                rows,
                folds,
            };
            response::desk_page(&site, StatusCode::OK, || pages::queue(page))
        }
        Err(error) => response::act_problem(&site, &error),
    }
}

/// One view.
pub async fn view(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let desk = match signed_in(&site, request.headers()).await {
        Ok(desk) => desk,
        Err(response) => return *response,
    };
    match site.pledge.open_view(&desk, &id).await {
        Ok(opened) => {
            let done = request.uri().query().map(str::to_owned);
            show(
                &site,
                &desk,
                opened,
                StatusCode::OK,
                Shown {
                    query: done,
                    ..Shown::default()
                },
            )
            .await
        }
        Err(error) => response::act_problem(&site, &error),
    }
}

/// An act on a view.
pub async fn act(
    State(site): State<Arc<Site>>,
    Path((id, act)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (desk, form) = match posted(&site, request).await {
        Ok(both) => both,
        Err(response) => return *response,
    };
    if act == "name" {
        return name(&site, &desk, &id, &form).await;
    }
    if act == "hold" || act == "unhold" {
        let held = act == "hold";
        return match site.pledge.hold(&desk, &id, held, form.get("reason")).await {
            Ok(()) => response::redirect(&format!("{}?done={act}", urls::desk_view(&id))),
            Err(error) => again(&site, &desk, &id, &act, &form, error).await,
        };
    }
    if act == "step-aside" || act == "keep-away" {
        let (result, to) = match act.as_str() {
            "step-aside" => (
                site.pledge.recuse_self(&desk, &id).await,
                urls::DESK.to_owned(),
            ),
            _ => {
                let to = format!("{}?done={act}", urls::desk_view(&id));
                (site.pledge.recuse(&desk, &id, form.get("name")).await, to)
            }
        };
        return match result {
            Ok(()) => response::redirect(&to),
            Err(error) => again(&site, &desk, &id, &act, &form, error).await,
        };
    }
    let text = form.text("text");
    let wanted = match act.as_str() {
        "ask-back" => Ok(Act::AskBack(text)),
        "reply" => Ok(Act::Reply(text)),
        "note" => Ok(Act::Note(text)),
        "approve" => Ok(Act::Approve(text)),
        "list" if form.get("meeting").is_empty() => {
            Err(ActError::Field("meeting", "error.meeting.choose"))
        }
        "list" => Ok(Act::List(form.text("meeting"))),
        "unlist" => Ok(Act::Unlist),
        "close" => match CloseReason::from_id(form.get("reason")) {
            Some(reason) => Ok(Act::Close(reason, text)),
            None => Err(ActError::Field("reason", "error.reason.choose")),
        },
        "take" => Ok(Act::Claim),
        "hand-over" => Ok(Act::HandOver {
            service: form.text("service"),
            day: form.text("day"),
            reference: form.text("reference"),
        }),
        "release" => Ok(Act::Release),
        _ => return response::problem(&site, Problem::NotFound),
    };
    let version = form.get("version").parse().unwrap_or(-1);
    let result = match wanted {
        Ok(wanted) => site.pledge.act(&desk, &id, version, wanted).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(()) => response::redirect(&format!("{}?done={act}", urls::desk_view(&id))),
        Err(error) => again(&site, &desk, &id, &act, &form, error).await,
    }
}

// Opens the name, on the answer to this POST only: it is in no address and no later page.
async fn name(site: &Site, desk: &StaffSession, id: &str, form: &form::Form) -> Response {
    match site
        .pledge
        .open_identity(desk, id, form.get("reason"))
        .await
    {
        Ok(identity) => match site.pledge.view_again(desk, id).await {
            Ok(opened) => {
                let shown = Shown {
                    identity: Some(identity),
                    ..Shown::default()
                };
                show(site, desk, opened, StatusCode::OK, shown).await
            }
            Err(error) => response::act_problem(site, &error),
        },
        Err(error) => again(site, desk, id, "name", form, error).await,
    }
}

// The same page with what was typed and what to mend.
async fn again(
    site: &Site,
    desk: &StaffSession,
    id: &str,
    act: &str,
    form: &form::Form,
    error: ActError,
) -> Response {
    let (field, key) = match &error {
        ActError::Field(field, key) => (*field, *key),
        ActError::Stale | ActError::NotNow => ("page", "error.desk.changed"),
        ActError::Busy => ("page", "error.desk.busy"),
        ActError::NotFound | ActError::Forbidden | ActError::Internal(_) => {
            return response::act_problem(site, &error);
        }
    };
    let status = match &error {
        ActError::Field(..) => StatusCode::UNPROCESSABLE_ENTITY,
        ActError::Busy => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::CONFLICT,
    };
    match site.pledge.view_again(desk, id).await {
        Ok(opened) => {
            let draft = DeskDraft {
                action: act.to_owned(),
                text: match act {
                    "hand-over" => form.text("reference"),
                    _ => form.text("text"),
                },
                reason: match act {
                    "keep-away" => form.text("name"),
                    "hand-over" => form.text("service"),
                    _ => form.text("reason"),
                },
                day: form.text("day"),
            };
            let shown = Shown {
                draft: Some(draft),
                errors: vec![FieldError { field, key }],
                ..Shown::default()
            };
            show(site, desk, opened, status, shown).await
        }
        Err(error) => response::act_problem(site, &error),
    }
}

#[derive(Default)]
struct Shown {
    query: Option<String>,
    identity: Option<String>,
    draft: Option<DeskDraft>,
    errors: Vec<FieldError>,
}

async fn show(
    site: &Site,
    desk: &StaffSession,
    opened: Opened,
    status: StatusCode,
    shown: Shown,
) -> Response {
    let meetings = match site.pledge.meetings().await {
        Ok(meetings) => meetings,
        Err(error) => return response::act_problem(site, &error),
    };
    let row = opened.row;
    let limits = match site.pledge.limits_of(&row).await {
        Ok(limits) => limits,
        Err(error) => return response::act_problem(site, &error),
    };
    let listed_on = meetings
        .iter()
        .find(|meeting| Some(&meeting.id) == row.meeting.as_ref())
        .cloned();
    let may_open_identity = row.has_identity && desk.staff.role.sees_safety_lane();
    // Approving starts from the sender's words, listing is offered where there is a meeting to choose.
    let possible: Vec<Action> = opened.possible;
    let page = DeskViewPage {
        desk: frame_of(desk, shown.query.as_deref()),
        row: model::QueueRow {
            nobody_for: opened.nobody_for,
            ..site.pledge.queue_row(&row)
        },
        taken_by: opened.taken_by,
        version: row.version,
        words: opened.words,
        safe: opened.safe,
        has_identity: row.has_identity,
        identity: shown.identity,
        may_open_identity,
        entries: opened.entries,
        approved: opened.approved,
        possible,
        meetings,
        listed_on,
        limits: DeskLimits {
            told: limits.sender,
            words_gone: limits.words_gone,
            held: limits.held,
            may_hold: desk.staff.role.holds(),
        },
        draft: shown.draft,
        errors: shown.errors,
    };
    response::desk_page(site, status, || pages::view(page))
}
