//! Meetings, their lists, and what was decided.

use super::frame::frame_of;
use crate::auth::{PostedForm, Staff, TypedForm};
use crate::error::{WebError, act_status};
use crate::response;
use crate::site::Site;
use ::desk as pages;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::date::Date;
use domain::desk_act::ItemAct;
use domain::lifecycle::State as ViewState;
use domain::publication::TakeDownReason;
use model::urls;
use model::{
    DecisionForm, FieldError, ItemPage, MeetingItem, MeetingPage, MeetingSummary, MeetingsPage,
    Problem, PublishedPage,
};
use service::sign_in::StaffSession;
use service::views::{Act, ListedText, checked_meeting};
use service::{ActError, DecisionBody};
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
        disputes: site.pledge.disputes(desk).await?,
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

/// Decide, publish, correct, or say that it is done.
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
        kind: form.text("kind"),
        said: form.text("said"),
        decided: form.text("decided"),
        answer: form.text("answer"),
        owner: form.text("owner"),
        due: form.text("due"),
        why: form.text("why"),
        until: form.text("until"),
        meeting: form.text("meeting"),
        urgent: form.text("urgent"),
    };
    if let Some(error) = form.come_back() {
        let shown = Some((typed, vec![error]));
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return show_item(&site, &desk, at, status, None, shown).await;
    }
    // The text must be on this meeting's list, whatever the address says.
    site.pledge.listed_view(&desk, &meeting, &view).await?;
    let version = form.get("version").parse().unwrap_or(-1);
    let wanted = match act {
        ItemAct::Decide | ItemAct::Correct => {
            match site.pledge.check_decision(&desk, at, &typed).await? {
                Ok(decision) if act == ItemAct::Decide => Act::Decide(decision),
                Ok(decision) => Act::Correct(decision),
                Err(errors) => {
                    let status = StatusCode::UNPROCESSABLE_ENTITY;
                    let shown = Some((typed, errors));
                    return show_item(&site, &desk, at, status, None, shown).await;
                }
            }
        }
        ItemAct::Raise => Act::Raise(String::new()),
        ItemAct::Publish => Act::Publish,
        ItemAct::MarkDone => Act::MarkDone,
    };
    let Err(error) = site.pledge.act_on_view(&desk, &view, version, wanted).await else {
        let to = format!("{}?done={}", urls::desk_item(&meeting, &view), act.id());
        return Ok(response::redirect(&to));
    };
    let (field, key) = match &error {
        ActError::Stale | ActError::NotNow if act == ItemAct::Publish => {
            ("page", "error.release.changed")
        }
        ActError::Stale | ActError::NotNow => ("page", "error.desk.changed"),
        ActError::Busy => ("page", "error.desk.busy"),
        ActError::Field(field, key) => (*field, *key),
        ActError::NotFound | ActError::Forbidden | ActError::Internal(_) => {
            return Err(error.into());
        }
    };
    let status = match (&error, key) {
        (_, "error.release.own" | "error.release.nobody") => StatusCode::FORBIDDEN,
        (ActError::Field(..), _) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => act_status(&error),
    };
    let shown = match act {
        ItemAct::Decide | ItemAct::Correct => typed,
        ItemAct::Raise | ItemAct::Publish | ItemAct::MarkDone => DecisionForm::default(),
    };
    let shown = Some((shown, vec![FieldError { field, key }]));
    show_item(&site, &desk, at, status, None, shown).await
}

/// Everything that is public of the committee's decisions.
pub async fn published(
    State(site): State<Arc<Site>>,
    desk: Staff,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    show_published(&site, &desk, query.as_deref(), None).await
}

/// Takes down everything that is public of a view.
pub async fn take_down(
    State(site): State<Arc<Site>>,
    desk: Staff,
    Path(view): Path<String>,
    form: PostedForm,
) -> Result<Response, WebError> {
    let Some(reason) = TakeDownReason::from_id(form.get("reason")) else {
        return show_published(&site, &desk, None, Some(view)).await;
    };
    let act = Act::TakeDown(reason);
    match site.pledge.act_on_view(&desk, &view, 0, act).await {
        // Twice pressed, or somebody else was quicker: it is down.
        Ok(()) | Err(ActError::NotNow) => {
            let to = format!("{}?done=take-down", urls::DESK_PUBLISHED);
            Ok(response::redirect(&to))
        }
        Err(error) => Err(error.into()),
    }
}

async fn show_published(
    site: &Site,
    desk: &StaffSession,
    query: Option<&str>,
    unsure: Option<String>,
) -> Result<Response, WebError> {
    let (status, errors) = match unsure {
        None => (StatusCode::OK, Vec::new()),
        Some(_) => {
            let (field, key) = ("reason", "error.down.reason");
            let errors = vec![FieldError { field, key }];
            (StatusCode::UNPROCESSABLE_ENTITY, errors)
        }
    };
    let page = PublishedPage {
        desk: frame_of(desk, query),
        items: site.pledge.published(desk).await?,
        unsure,
        errors,
    };
    Ok(response::desk_page(site, status, || pages::published(page)))
}

async fn show_item(
    site: &Site,
    desk: &StaffSession,
    (meeting, view): (&str, &str),
    status: StatusCode,
    query: Option<&str>,
    typed: Option<(DecisionForm, Vec<FieldError>)>,
) -> Result<Response, WebError> {
    let pledge = &site.pledge;
    // What was typed comes back even when nothing can be entered, and then without the texts.
    let (opened, is_unrecorded) = match pledge.meeting_item(desk, meeting, view).await {
        Err(ActError::Busy) if typed.is_some() => {
            let closed = pledge.meeting_item_without_texts(desk, meeting, view);
            (closed.await?, true)
        }
        opened => (opened?, false),
    };
    let (meeting, item) = opened;
    // The form starts from the decision so far. What is decided once more begins empty.
    let so_far = match &item.decision {
        Some(decision) if item.row.life.state != ViewState::Listed => form_of(decision),
        // What everybody reads never begins with the words of one young person.
        _ => DecisionForm::default(),
    };
    let said = item.decision.as_ref().map(|decision| decision.said.clone());
    let later = site.pledge.later_meetings(&meeting.id).await?;
    let (form, errors) = match typed {
        Some((typed, errors)) if typed == DecisionForm::default() => (so_far, errors),
        Some(both) => both,
        None => (so_far, Vec::new()),
    };
    let page = ItemPage {
        desk: frame_of(desk, query),
        item: item_of(&meeting, item),
        meeting,
        is_unrecorded,
        form,
        said: said.unwrap_or_default(),
        later,
        errors,
    };
    Ok(response::desk_page(site, status, || pages::item(page)))
}

fn form_of(decision: &DecisionBody) -> DecisionForm {
    let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
    let kind = decision.kind;
    let until = decision.until.filter(|_| decision.meeting.is_empty());
    DecisionForm {
        kind: kind.map_or_else(String::new, |kind| kind.id().to_owned()),
        said: decision.said.clone(),
        decided: decision.decided.clone(),
        answer: decision.answer.clone(),
        owner: decision.owner.clone(),
        due: day(decision.due),
        why: decision.why.clone(),
        until: day(until),
        meeting: decision.meeting.clone(),
        urgent: decision.urgent.clone(),
    }
}

fn item_of(meeting: &MeetingSummary, item: ListedText) -> MeetingItem {
    let corrected = item.row.life.is_corrected();
    let urgent = item
        .decision
        .as_ref()
        .map(|decision| decision.urgent.clone());
    MeetingItem {
        view: item.row.id,
        topic: item.row.topic,
        state: item.row.life.state,
        public: item.row.life.public,
        approved: item.approved,
        decision: item
            .decision
            .map(|decision| decision.words(meeting.day, corrected)),
        urgent: urgent.unwrap_or_default(),
        writer: item.writer,
        own_words: item.own_words,
        early: item.early,
        possible: item.possible,
        version: item.row.version,
    }
}
