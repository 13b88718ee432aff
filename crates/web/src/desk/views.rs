//! SpeakerBox's queue, the safety lane, and one view.

use super::frame::frame_of;
use crate::auth::{Staff, TypedForm};
use crate::error::WebError;
use crate::site::Site;
use crate::{form, response};
use ::desk as pages;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::desk_act::ViewAct;
use domain::lifecycle::{Action, CloseReason};
use domain::view::Topic;
use model::record_page;
use model::urls;
use model::{
    Burst, DeskDraft, DeskLimits, DeskViewPage, FieldError, Problem, QueueFilter, QueuePage,
    QueueShow,
};
use service::ActError;
use service::sign_in::StaffSession;
use service::views::{Act, OpenedView};
use std::sync::Arc;

/// SpeakerBox's queue.
pub async fn queue(
    State(site): State<Arc<Site>>,
    desk: Staff,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let asked = form::Form::from_query(query.as_deref());
    let show = QueueShow::ALL
        .into_iter()
        .find(|show| show.id() == asked.get("show"))
        .unwrap_or_default();
    let filter = QueueFilter {
        show,
        topic: Topic::from_id(asked.get("topic")),
        burst: Burst::from_query(asked.get("burst"), asked.get("from")),
    };
    let ((rows, folds), counts) = site.pledge.queue(&desk, filter).await?;
    let page = QueuePage {
        desk: frame_of(&desk, query.as_deref()),
        safety: false,
        alerts_outside: site.pledge.alerts_outside,
        filter,
        counts,
        rows,
        folds,
        ending: site.pledge.ending_views(&desk).await?,
    };
    Ok(response::desk_page(&site, StatusCode::OK, || {
        pages::queue(page)
    }))
}

/// The safety lane.
pub async fn safety(
    State(site): State<Arc<Site>>,
    desk: Staff,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let asked = form::Form::from_query(query.as_deref());
    let filter = QueueFilter {
        burst: Burst::from_query(asked.get("burst"), asked.get("from")),
        ..QueueFilter::default()
    };
    let (rows, folds) = site.pledge.safety_lane(&desk, filter.burst).await?;
    let page = QueuePage {
        desk: frame_of(&desk, query.as_deref()),
        safety: true,
        alerts_outside: site.pledge.alerts_outside,
        filter,
        counts: Vec::new(),
        rows,
        folds,
        ending: Vec::new(),
    };
    Ok(response::desk_page(&site, StatusCode::OK, || {
        pages::queue(page)
    }))
}

/// One view.
pub async fn view(
    State(site): State<Arc<Site>>,
    desk: Staff,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let opened = site.pledge.open_view(&desk, &id).await?;
    let asked = form::Form::from_query(query.as_deref());
    let shown = Shown {
        part: asked.get("page").parse().unwrap_or(0),
        query,
        ..Shown::default()
    };
    show(&site, &desk, opened, StatusCode::OK, shown).await
}

/// An act on a view.
pub async fn act_on_view(
    State(site): State<Arc<Site>>,
    desk: Staff,
    Path((id, act)): Path<(String, String)>,
    form: TypedForm,
) -> Result<Response, WebError> {
    let Some(act) = ViewAct::from_id(&act) else {
        return Err(Problem::NotFound.into());
    };
    if let Some(FieldError { field, key }) = form.come_back() {
        let error = ActError::Field(field, key);
        return again(&site, &desk, &id, act, &form, error).await;
    }
    let to = match act {
        ViewAct::StepAside => urls::DESK.to_owned(),
        // Who raised it sees it no more, unless they keep children safe.
        ViewAct::Raise if !desk.staff.role.sees_safety_lane() => {
            format!("{}?done={}", urls::DESK_QUEUE, act.id())
        }
        ViewAct::Seen => format!("{}?done={}", urls::DESK_SAFETY, act.id()),
        _ => format!("{}?done={}", urls::desk_view(&id), act.id()),
    };
    match apply(&site, &desk, &id, act, &form).await {
        Ok(None) => Ok(response::redirect(&to)),
        // On the answer to this POST only: it is in no address and no later page.
        Ok(identity) => {
            let opened = site.pledge.open_view(&desk, &id).await?;
            let shown = Shown {
                identity,
                ..Shown::default()
            };
            show(&site, &desk, opened, StatusCode::OK, shown).await
        }
        Err(error) => again(&site, &desk, &id, act, &form, error).await,
    }
}

// Does what the address and the form name. Opening the name gives it.
async fn apply(
    site: &Site,
    desk: &StaffSession,
    id: &str,
    act: ViewAct,
    form: &form::Form,
) -> Result<Option<String>, ActError> {
    let pledge = &site.pledge;
    let reason = form.get("reason");
    let version = form.get("version").parse().unwrap_or(-1);
    let text = form.text("text");
    let wanted = match act {
        ViewAct::Name => return pledge.open_identity(desk, id, reason).await.map(Some),
        ViewAct::Hold | ViewAct::Unhold => {
            let is_held = act == ViewAct::Hold;
            pledge.set_legal_hold(desk, id, is_held, reason).await?;
            return Ok(None);
        }
        ViewAct::Seen => {
            pledge.acknowledge_withdrawal(desk, id).await?;
            return Ok(None);
        }
        ViewAct::StepAside => return pledge.recuse_self(desk, id).await.map(|()| None),
        ViewAct::KeepAway => {
            pledge.recuse(desk, id, form.get("name")).await?;
            return Ok(None);
        }
        ViewAct::AskBack => Act::AskBack(text),
        ViewAct::Reply => Act::Reply(text),
        ViewAct::Note => Act::Note(text),
        ViewAct::NoteAdults => Act::AdultNote(text),
        ViewAct::Raise => Act::Raise(text),
        ViewAct::Approve => Act::Approve(text),
        ViewAct::List if form.get("meeting").is_empty() => {
            return Err(ActError::Field("meeting", "error.meeting.choose"));
        }
        ViewAct::List => Act::List(form.text("meeting")),
        ViewAct::Unlist => Act::Unlist,
        ViewAct::Close => {
            let chosen = CloseReason::from_id(reason);
            let missing = ActError::Field("reason", "error.reason.choose");
            Act::Close(chosen.ok_or(missing)?, text)
        }
        ViewAct::Take => Act::Claim,
        ViewAct::HandOver => Act::HandOver {
            service: form.text("service"),
            day: form.text("day"),
            reference: form.text("reference"),
        },
        ViewAct::Release => Act::Release(text),
    };
    pledge.act_on_view(desk, id, version, wanted).await?;
    Ok(None)
}

// The same page with what was typed and what to correct. Its texts are opened once more, which is entered like any opening;
// what was typed comes back even when nothing can be entered, and then without them.
async fn again(
    site: &Site,
    desk: &StaffSession,
    id: &str,
    act: ViewAct,
    form: &form::Form,
    error: ActError,
) -> Result<Response, WebError> {
    let (field, key) = match &error {
        ActError::Field(field, key) => (*field, *key),
        ActError::Stale | ActError::NotNow => ("page", "error.desk.changed"),
        ActError::Busy => ("page", "error.desk.busy"),
        ActError::NotFound | ActError::Forbidden | ActError::Internal(_) => {
            return Err(error.into());
        }
    };
    let status = match &error {
        ActError::Field(..) => StatusCode::UNPROCESSABLE_ENTITY,
        ActError::Busy => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::CONFLICT,
    };
    let opened = match site.pledge.open_view(desk, id).await {
        Err(ActError::Busy) => site.pledge.view_without_texts(desk, id).await?,
        opened => opened?,
    };
    // What somebody at the desk changed is said apart from what the sender has written.
    let key = match &error {
        ActError::Stale if opened.has_news => "error.desk.new-message",
        _ => key,
    };
    let draft = DeskDraft {
        action: act.id().to_owned(),
        text: match act {
            ViewAct::HandOver => form.text("reference"),
            _ => form.text("text"),
        },
        reason: match act {
            ViewAct::KeepAway => form.text("name"),
            ViewAct::HandOver => form.text("service"),
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

#[derive(Default)]
struct Shown {
    query: Option<String>,
    identity: Option<String>,
    draft: Option<DeskDraft>,
    errors: Vec<FieldError>,
    /// Which page of the record.
    part: usize,
}

async fn show(
    site: &Site,
    desk: &StaffSession,
    opened: OpenedView,
    status: StatusCode,
    shown: Shown,
) -> Result<Response, WebError> {
    let meetings = site.pledge.meetings().await?;
    let row = opened.row;
    let mut entries = opened.entries;
    let has_text: Vec<bool> = entries.iter().map(|entry| entry.text.is_some()).collect();
    let (lines, part) = record_page::part(&has_text, shown.part);
    let entries = entries.drain(lines).collect();
    let limits = site.pledge.limits_of(&row).await?;
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
        summary: opened.summary,
        has_identity: row.has_identity,
        identity: shown.identity,
        may_open_identity,
        entries,
        part,
        approved: opened.approved,
        is_unrecorded: opened.is_unrecorded,
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
    Ok(response::desk_page(site, status, || pages::view(page)))
}
