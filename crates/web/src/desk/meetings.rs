//! Meetings, their lists, and what was decided.

use super::{frame_of, posted, signed_in};
use crate::response;
use crate::site::Site;
use app::pages::desk as pages;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::urls;
use model::{
    DecisionForm, DecisionWords, FieldError, ItemPage, MeetingItem, MeetingPage, MeetingRow,
    MeetingsPage, Problem,
};
use service::ActError;
use service::sign_in::StaffSession;
use service::views::{Act, Item, checked_decision, checked_meeting};
use std::sync::Arc;

/// All meetings.
pub async fn list(State(site): State<Arc<Site>>, request: Request) -> Response {
    let desk = match signed_in(&site, request.headers()).await {
        Ok(desk) => desk,
        Err(response) => return *response,
    };
    show_list(
        &site,
        &desk,
        StatusCode::OK,
        request.uri().query(),
        (String::new(), String::new()),
        Vec::new(),
    )
    .await
}

/// Makes a meeting.
pub async fn make(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (desk, form) = match posted(&site, request).await {
        Ok(both) => both,
        Err(response) => return *response,
    };
    if !desk.staff.role.makes_meetings() {
        return response::problem(&site, Problem::Forbidden);
    }
    match checked_meeting(form.get("day"), form.get("title")) {
        Ok((day, title)) => match site.pledge.add_meeting(&desk, day, &title).await {
            Ok(_) => response::redirect(&format!("{}?done=meeting", urls::DESK_MEETINGS)),
            Err(error) => response::act_problem(&site, &error),
        },
        Err(errors) => {
            let typed = (form.text("day"), form.text("title"));
            show_list(
                &site,
                &desk,
                StatusCode::UNPROCESSABLE_ENTITY,
                None,
                typed,
                errors,
            )
            .await
        }
    }
}

async fn show_list(
    site: &Site,
    desk: &StaffSession,
    status: StatusCode,
    query: Option<&str>,
    (day, title): (String, String),
    errors: Vec<FieldError>,
) -> Response {
    if !(desk.staff.role.sees_meetings() || desk.staff.role.sees_queue()) {
        return response::problem(site, Problem::Forbidden);
    }
    match site.pledge.meetings().await {
        Ok(meetings) => {
            let may_make = desk.staff.role.makes_meetings();
            let page = MeetingsPage {
                desk: frame_of(desk, query),
                meetings,
                may_make,
                day,
                title,
                errors,
            };
            response::desk_page(site, status, || pages::meetings(page))
        }
        Err(error) => response::act_problem(site, &error),
    }
}

/// One meeting with its list.
pub async fn meeting(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let desk = match signed_in(&site, request.headers()).await {
        Ok(desk) => desk,
        Err(response) => return *response,
    };
    match site.pledge.meeting(&desk, &id).await {
        Ok((meeting, items)) => {
            let items = items
                .into_iter()
                .map(|item| item_of(&meeting, item))
                .collect();
            let page = MeetingPage {
                desk: frame_of(&desk, request.uri().query()),
                meeting,
                items,
            };
            response::desk_page(&site, StatusCode::OK, || pages::meeting(page))
        }
        Err(error) => response::act_problem(&site, &error),
    }
}

/// One text on a meeting's list.
pub async fn item(
    State(site): State<Arc<Site>>,
    Path((meeting, view)): Path<(String, String)>,
    request: Request,
) -> Response {
    let desk = match signed_in(&site, request.headers()).await {
        Ok(desk) => desk,
        Err(response) => return *response,
    };
    show_item(
        &site,
        &desk,
        &meeting,
        &view,
        StatusCode::OK,
        request.uri().query(),
        None,
    )
    .await
}

/// Decide, publish, or say that it is done.
pub async fn act(
    State(site): State<Arc<Site>>,
    Path((meeting, view, act)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let (desk, form) = match posted(&site, request).await {
        Ok(both) => both,
        Err(response) => return *response,
    };
    let typed = DecisionForm {
        said: form.text("said"),
        decided: form.text("decided"),
        answer: form.text("answer"),
        owner: form.text("owner"),
        due: form.text("due"),
    };
    let wanted = match act.as_str() {
        "decide" => match checked_decision(&typed) {
            Ok(decision) => Act::Decide(decision),
            Err(errors) => {
                let shown = Some((typed, errors));
                return show_item(
                    &site,
                    &desk,
                    &meeting,
                    &view,
                    StatusCode::UNPROCESSABLE_ENTITY,
                    None,
                    shown,
                )
                .await;
            }
        },
        "publish" => Act::Publish,
        "mark-done" => Act::MarkDone,
        _ => return response::problem(&site, Problem::NotFound),
    };
    // The text must be on this meeting's list, whatever the address says.
    match site.pledge.meeting(&desk, &meeting).await {
        Ok((_, items)) if items.iter().any(|item| item.row.id == view) => {}
        Ok(_) => return response::problem(&site, Problem::NotFound),
        Err(error) => return response::act_problem(&site, &error),
    }
    let version = form.get("version").parse().unwrap_or(-1);
    match site.pledge.act(&desk, &view, version, wanted).await {
        Ok(()) => response::redirect(&format!("{}?done={act}", urls::desk_item(&meeting, &view))),
        Err(error) => {
            let key = match &error {
                ActError::Stale | ActError::NotNow => "error.desk.changed",
                ActError::Busy => "error.desk.busy",
                ActError::Field(_, key) => key,
                ActError::NotFound | ActError::Forbidden | ActError::Internal(_) => {
                    return response::act_problem(&site, &error);
                }
            };
            let status = StatusCode::from_u16(response::problem_of(&error).status())
                .unwrap_or(StatusCode::CONFLICT);
            let shown = if act == "decide" {
                typed
            } else {
                DecisionForm::default()
            };
            let errors = vec![FieldError { field: "page", key }];
            show_item(
                &site,
                &desk,
                &meeting,
                &view,
                status,
                None,
                Some((shown, errors)),
            )
            .await
        }
    }
}

async fn show_item(
    site: &Site,
    desk: &StaffSession,
    meeting: &str,
    view: &str,
    status: StatusCode,
    query: Option<&str>,
    typed: Option<(DecisionForm, Vec<FieldError>)>,
) -> Response {
    let (meeting, items) = match site.pledge.meeting(desk, meeting).await {
        Ok(both) => both,
        Err(error) => return response::act_problem(site, &error),
    };
    let Some(item) = items.into_iter().find(|item| item.row.id == view) else {
        return response::problem(site, Problem::NotFound);
    };
    // The form starts from the decision so far, or from the approved text.
    let so_far = match &item.decision {
        Some(decision) => DecisionForm {
            said: decision.said.clone(),
            decided: decision.decided.clone(),
            answer: decision.answer.clone(),
            owner: decision.owner.clone(),
            due: decision.due.to_string(),
        },
        None => DecisionForm {
            said: item.approved.clone().unwrap_or_default(),
            ..DecisionForm::default()
        },
    };
    let (form, errors) = match typed {
        Some((typed, errors)) if typed.decided.is_empty() && typed.said.is_empty() => {
            (so_far, errors)
        }
        Some(both) => both,
        None => (so_far, Vec::new()),
    };
    let page = ItemPage {
        desk: frame_of(desk, query),
        item: item_of(&meeting, item),
        meeting,
        form,
        errors,
    };
    response::desk_page(site, status, || pages::item(page))
}

fn item_of(meeting: &MeetingRow, item: Item) -> MeetingItem {
    MeetingItem {
        view: item.row.id,
        topic: item.row.topic,
        state: item.row.life.state,
        approved: item.approved,
        decision: item.decision.map(|decision| DecisionWords {
            decided: decision.decided,
            answer: decision.answer,
            owner: decision.owner,
            due: decision.due,
            meeting: meeting.day,
        }),
        possible: item.possible,
        version: item.row.version,
    }
}
