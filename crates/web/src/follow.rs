//! Coming back with six words.

use crate::error::{WebError, act_status};
use crate::journey::Journey;
use crate::site::Site;
use crate::{client_addr, form, response};
use app::pages::follow as pages;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::lifecycle::{Action, State as ViewState};
use domain::readers::Promises;
use domain::receipt;
use model::record_page;
use model::urls;
use model::{FieldError, FollowPage, SenderLimits, ThreadPage};
use service::ActError;
use service::rate_limit::NetworkBucket;
use service::thread::{OpenedByWords, Visit};
use std::sync::Arc;

/// The page that asks for six words.
pub async fn enter(State(site): State<Arc<Site>>) -> Response {
    ask(&Journey::begin(site), StatusCode::OK, FollowPage::default())
}

/// Six words, or an act on the sender's page.
pub async fn act_on_thread(
    State(site): State<Arc<Site>>,
    request: Request,
) -> Result<Response, WebError> {
    let place = client_addr::place(&site, &request);
    let form = form::read_form(request, form::FORM_BYTES).await?;
    let Some(site) = Journey::of(site, &form) else {
        return Ok(response::redirect(urls::FOLLOW));
    };
    if form.get("handle").is_empty() {
        return open_by_words(&site, place, &form).await;
    }
    match of_handle(&site, &form).await? {
        Some(visit) => act_on(&site, visit, &form).await,
        None => {
            // 15 minutes are over: ask for the words again and carry along what was written.
            let page = FollowPage {
                timed_out: true,
                message: form.text("message"),
                alarm: form.get("unsafe") == "yes",
                ..FollowPage::default()
            };
            Ok(ask(&site, StatusCode::OK, page))
        }
    }
}

/// The view of the handle that the page carries, while that is good.
async fn of_handle(site: &Journey, form: &form::Form) -> Result<Option<Visit>, WebError> {
    let found = site.pledge.open_by_handle(form.get("handle")).await;
    found.map_err(|error| site.not_done(&error))
}

async fn open_by_words(
    site: &Journey,
    place: Option<NetworkBucket>,
    form: &form::Form,
) -> Result<Response, WebError> {
    let typed = form.get("words");
    let (message, alarm) = (form.text("message"), form.get("unsafe") == "yes");
    let opened = site.pledge.open_by_words(typed, place).await;
    match opened.map_err(|error| site.not_done(&error))? {
        OpenedByWords::View(visit) => {
            let shown = Shown {
                message,
                alarm,
                ..Shown::default()
            };
            show(site, StatusCode::OK, *visit, shown).await
        }
        OpenedByWords::Nothing(not) => {
            let page = FollowPage {
                typed: typed.chars().take(200).collect(),
                not_found: true,
                typed_count: (not.typed != receipt::WORDS).then_some(not.typed),
                doubts: not
                    .doubts
                    .into_iter()
                    .map(|(at, word)| (at, word.map(str::to_owned)))
                    .collect(),
                message,
                alarm,
                ..FollowPage::default()
            };
            Ok(ask(site, StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

async fn act_on(site: &Journey, visit: Visit, form: &form::Form) -> Result<Response, WebError> {
    let message = form.text("message");
    let alarm = form.get("unsafe") == "yes";
    if let Some(page) = form.get("go").strip_prefix("page-") {
        let shown = Shown {
            part: page.parse().unwrap_or(0),
            message,
            alarm,
            ..Shown::default()
        };
        return show(site, StatusCode::OK, visit, shown).await;
    }
    let written = form.get("written").parse().ok();
    let (done, result) = match form.get("act") {
        "write" => (
            Some("follow.done.write"),
            site.pledge
                .write_back(&visit, &message, alarm, written)
                .await,
        ),
        "agree" => (
            Some("follow.done.agree"),
            site.pledge.answer_done(&visit, true, "").await,
        ),
        "dispute" => (
            Some("follow.done.dispute"),
            site.pledge.answer_done(&visit, false, &message).await,
        ),
        "withdraw" => {
            let shown = Shown {
                confirm_withdraw: true,
                message,
                alarm,
                ..Shown::default()
            };
            return show(site, StatusCode::OK, visit, shown).await;
        }
        "withdraw-sure" => match site.pledge.withdraw(&visit).await {
            Ok(()) => return Ok(site.page(StatusCode::OK, pages::withdrawn)),
            refused => (None, refused),
        },
        _ => (None, Ok(())),
    };
    let Err(error) = result else {
        return show_after(site, form, done).await;
    };
    let shown = Shown {
        message,
        alarm,
        errors: vec![error_of(&error)],
        ..Shown::default()
    };
    let status = match &error {
        ActError::Field(..) => StatusCode::UNPROCESSABLE_ENTITY,
        other => act_status(other),
    };
    show(site, status, visit, shown).await
}

/// The sender's page after an act, read again.
async fn show_after(
    site: &Journey,
    form: &form::Form,
    done: Option<&'static str>,
) -> Result<Response, WebError> {
    match of_handle(site, form).await? {
        Some(visit) => {
            let shown = Shown {
                done,
                ..Shown::default()
            };
            show(site, StatusCode::OK, visit, shown).await
        }
        None => {
            let page = FollowPage {
                timed_out: true,
                ..FollowPage::default()
            };
            Ok(ask(site, StatusCode::OK, page))
        }
    }
}

fn error_of(error: &ActError) -> FieldError {
    let (field, key) = match error {
        ActError::Field(field, key) => (*field, *key),
        ActError::NotNow | ActError::Stale | ActError::Forbidden | ActError::NotFound => {
            ("message", "error.follow.not-now")
        }
        ActError::Busy | ActError::Internal(_) => ("message", "error.send.busy"),
    };
    FieldError { field, key }
}

#[derive(Default)]
struct Shown {
    message: String,
    alarm: bool,
    errors: Vec<FieldError>,
    done: Option<&'static str>,
    confirm_withdraw: bool,
    /// Which page of the timeline.
    part: usize,
}

async fn show(
    site: &Journey,
    status: StatusCode,
    visit: Visit,
    shown: Shown,
) -> Result<Response, WebError> {
    if visit.row.life.state == ViewState::Withdrawn {
        return Ok(site.page(status, pages::withdrawn));
    }
    let limits = site.pledge.limits_of(&visit.row).await;
    let limits = limits.map_err(|error| site.not_done(&error))?.sender;
    if let SenderLimits::Bare(day) = limits {
        return Ok(site.page(status, || pages::bare(day)));
    }
    let timeline = site.pledge.timeline(&visit, &site.content).await;
    let mut timeline = timeline.map_err(|error| site.not_done(&error))?;
    let has_text: Vec<bool> = timeline.iter().map(|entry| entry.what.has_text()).collect();
    let (lines, part) = record_page::part(&has_text, shown.part);
    let timeline = timeline.drain(lines).collect();
    let written = site.pledge.messages_written(&visit.row.id).await;
    let written = written.map_err(|error| site.not_done(&error))?;
    let possible: Vec<Action> = site.pledge.sender_possible(&visit);
    let page = ThreadPage {
        handle: site.pledge.handle_of(&visit),
        topic: visit.row.topic,
        state: visit.row.life.state,
        lane: visit.row.life.lane,
        about: visit.row.life.about,
        turn: visit.row.life.turn(),
        promises: Promises::of(visit.row.life, site.pledge.present_readers().await),
        timeline,
        part,
        written,
        limits,
        confirm_withdraw: shown.confirm_withdraw && possible.contains(&Action::Withdraw),
        possible,
        message: shown.message,
        alarm: shown.alarm,
        errors: shown.errors,
        done: shown.done,
        help: site.content.urgent_lines().to_vec(),
    };
    Ok(site.island_page(status, || pages::thread(page)))
}

fn ask(site: &Journey, status: StatusCode, page: FollowPage) -> Response {
    let article = Some(site.content.page("follow"));
    site.page(status, || pages::enter(FollowPage { article, ..page }))
}
