//! Meetings, their lists, and what was decided.

use super::frame::frame_of;
use crate::auth::{Staff, TypedForm};
use crate::error::{WebError, act_status};
use crate::response;
use crate::site::Site;
use ::desk as pages;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::desk_act::ItemAct;
use model::urls;
use model::{
    DecisionForm, DecisionWords, FieldError, ItemPage, MeetingItem, MeetingPage, MeetingSummary,
    MeetingsPage, Problem,
};
use service::ActError;
use service::sign_in::StaffSession;
use service::views::{Act, ListedText, checked_decision, checked_meeting};
use std::sync::Arc;

/// All meetings.
pub async fn list(
    State(site): State<Arc<Site>>,
    desk: Staff,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let empty = (String::new(), String::new());
    let status = StatusCode::OK;
    show_list(&site, &desk, status, query.as_deref(), empty, Vec::new()).await
}

/// Makes a meeting.
pub async fn make(
    State(site): State<Arc<Site>>,
    desk: Staff,
    form: TypedForm,
) -> Result<Response, WebError> {
    // Every role that reads meetings may see their page; fewer make them.
    if !desk.staff.role.makes_meetings() {
        return Err(Problem::Forbidden.into());
    }
    let checked = match form.come_back() {
        Some(error) => Err(vec![error]),
        None => checked_meeting(form.get("day"), form.get("title")),
    };
    match checked {
        Ok((day, title)) => {
            site.pledge.add_meeting(&desk, day, &title).await?;
            let to = format!("{}?done=meeting", urls::DESK_MEETINGS);
            Ok(response::redirect(&to))
        }
        Err(errors) => {
            let typed = (form.text("day"), form.text("title"));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show_list(&site, &desk, status, None, typed, errors).await
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
) -> Result<Response, WebError> {
    let meetings = site.pledge.meetings().await?;
    let page = MeetingsPage {
        desk: frame_of(desk, query),
        meetings,
        may_make: desk.staff.role.makes_meetings(),
        day,
        title,
        errors,
    };
    Ok(response::desk_page(site, status, || pages::meetings(page)))
}

/// One meeting with its list.
pub async fn meeting(
    State(site): State<Arc<Site>>,
    desk: Staff,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let (meeting, items) = site.pledge.meeting(&desk, &id).await?;
    let items = items
        .into_iter()
        .map(|item| item_of(&meeting, item))
        .collect();
    let page = MeetingPage {
        desk: frame_of(&desk, query.as_deref()),
        meeting,
        items,
    };
    Ok(response::desk_page(&site, StatusCode::OK, || {
        pages::meeting(page)
    }))
}

/// One text on a meeting's list.
pub async fn item(
    State(site): State<Arc<Site>>,
    desk: Staff,
    Path((meeting, view)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let at = (meeting.as_str(), view.as_str());
    show_item(&site, &desk, at, StatusCode::OK, query.as_deref(), None).await
}

/// Decide, publish, or say that it is done.
pub async fn act_on_item(
    State(site): State<Arc<Site>>,
    desk: Staff,
    Path((meeting, view, act)): Path<(String, String, String)>,
    form: TypedForm,
) -> Result<Response, WebError> {
    let Some(act) = ItemAct::from_id(&act) else {
        return Err(Problem::NotFound.into());
    };
    let at = (meeting.as_str(), view.as_str());
    let typed = DecisionForm {
        said: form.text("said"),
        decided: form.text("decided"),
        answer: form.text("answer"),
        owner: form.text("owner"),
        due: form.text("due"),
    };
    if let Some(error) = form.come_back() {
        let shown = Some((typed, vec![error]));
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return show_item(&site, &desk, at, status, None, shown).await;
    }
    let wanted = match act {
        ItemAct::Decide => match checked_decision(&typed) {
            Ok(decision) => Act::Decide(decision),
            Err(errors) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let shown = Some((typed, errors));
                return show_item(&site, &desk, at, status, None, shown).await;
            }
        },
        ItemAct::Raise => Act::Raise(String::new()),
        ItemAct::Publish => Act::Publish,
        ItemAct::MarkDone => Act::MarkDone,
    };
    // The text must be on this meeting's list, whatever the address says.
    site.pledge.listed_view(&desk, &meeting, &view).await?;
    let version = form.get("version").parse().unwrap_or(-1);
    let Err(error) = site.pledge.act_on_view(&desk, &view, version, wanted).await else {
        let to = format!("{}?done={}", urls::desk_item(&meeting, &view), act.id());
        return Ok(response::redirect(&to));
    };
    let key = match &error {
        ActError::Stale | ActError::NotNow => "error.desk.changed",
        ActError::Busy => "error.desk.busy",
        ActError::Field(_, key) => key,
        ActError::NotFound | ActError::Forbidden | ActError::Internal(_) => {
            return Err(error.into());
        }
    };
    let shown = if act == ItemAct::Decide {
        typed
    } else {
        DecisionForm::default()
    };
    let shown = Some((shown, vec![FieldError { field: "page", key }]));
    show_item(&site, &desk, at, act_status(&error), None, shown).await
}

async fn show_item(
    site: &Site,
    desk: &StaffSession,
    (meeting, view): (&str, &str),
    status: StatusCode,
    query: Option<&str>,
    typed: Option<(DecisionForm, Vec<FieldError>)>,
) -> Result<Response, WebError> {
    let (meeting, item) = site.pledge.meeting_item(desk, meeting, view).await?;
    // The form starts from the decision so far.
    let so_far = match &item.decision {
        Some(decision) => DecisionForm {
            said: decision.said.clone(),
            decided: decision.decided.clone(),
            answer: decision.answer.clone(),
            owner: decision.owner.clone(),
            due: decision.due.to_string(),
        },
        // What everybody reads never begins with the words of one young person.
        None => DecisionForm::default(),
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
    Ok(response::desk_page(site, status, || pages::item(page)))
}

fn item_of(meeting: &MeetingSummary, item: ListedText) -> MeetingItem {
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
