//! Coming back with six words.

use crate::journey::Journey;
use crate::site::Site;
use crate::{client_addr, form, response};
use app::pages::follow as pages;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::lifecycle::{Action, State as ViewState};
use domain::receipt;
use model::urls;
use model::{FieldError, FollowPage, SenderLimits, ThreadPage};
use service::ActError;
use service::rate_limit::NetworkBucket;
use service::thread::{Opened, Visit};
use std::sync::Arc;

/// The page that asks for six words.
pub async fn enter(State(site): State<Arc<Site>>) -> Response {
    ask(&Journey::begin(site), StatusCode::OK, FollowPage::default())
}

/// Six words, or an act on the sender's page.
pub async fn act(State(site): State<Arc<Site>>, request: Request) -> Response {
    let place = client_addr::place(&site, &request);
    let form = match form::read(request, form::FORM_BYTES).await {
        Ok(form) => form,
        Err(problem) => return response::problem(&site, problem),
    };
    let Some(site) = Journey::of(site, &form) else {
        return response::redirect(urls::FOLLOW);
    };
    if form.get("handle").is_empty() {
        return open(&site, place, &form).await;
    }
    match site.pledge.open_by_handle(form.get("handle")).await {
        Ok(Some(visit)) => act_on(&site, visit, &form).await,
        Ok(None) => {
            // 15 minutes are over: ask for the words again and carry along what was written.
            let page = FollowPage {
                timed_out: true,
                message: form.text("message"),
                alarm: form.get("unsafe") == "yes",
                ..FollowPage::default()
            };
            ask(&site, StatusCode::OK, page)
        }
        Err(error) => site.problem(response::problem_of(&error)),
    }
}

async fn open(site: &Journey, place: Option<NetworkBucket>, form: &form::Form) -> Response {
    let typed = form.get("words");
    let (message, alarm) = (form.text("message"), form.get("unsafe") == "yes");
    match site.pledge.open_by_words(typed, place).await {
        Ok(Opened::View(visit)) => {
            show(
                site,
                StatusCode::OK,
                *visit,
                Shown {
                    message,
                    alarm,
                    ..Shown::default()
                },
            )
            .await
        }
        Ok(Opened::Nothing(not)) => {
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
            ask(site, StatusCode::UNPROCESSABLE_ENTITY, page)
        }
        Err(error) => site.problem(response::problem_of(&error)),
    }
}

async fn act_on(site: &Journey, visit: Visit, form: &form::Form) -> Response {
    let message = form.text("message");
    let alarm = form.get("unsafe") == "yes";
    let (done, result) = match form.get("act") {
        "write" => (
            Some("follow.done.write"),
            site.pledge.write_back(&visit, &message, alarm).await,
        ),
        "agree" => (
            Some("follow.done.agree"),
            site.pledge.answer_done(&visit, true).await,
        ),
        "dispute" => (
            Some("follow.done.dispute"),
            site.pledge.answer_done(&visit, false).await,
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
            Ok(()) => return site.page(StatusCode::OK, pages::withdrawn),
            refused => (None, refused),
        },
        _ => (None, Ok(())),
    };
    match result {
        Ok(()) => {
            // Read again what the act has made of it.
            match site.pledge.open_by_handle(form.get("handle")).await {
                Ok(Some(visit)) => {
                    show(
                        site,
                        StatusCode::OK,
                        visit,
                        Shown {
                            done,
                            ..Shown::default()
                        },
                    )
                    .await
                }
                Ok(None) => ask(
                    site,
                    StatusCode::OK,
                    FollowPage {
                        timed_out: true,
                        ..FollowPage::default()
                    },
                ),
                Err(error) => site.problem(response::problem_of(&error)),
            }
        }
        Err(error) => {
            let (field, key) = match &error {
                ActError::Field(field, key) => (*field, *key),
                ActError::NotNow | ActError::Stale | ActError::Forbidden | ActError::NotFound => {
                    ("message", "error.follow.not-now")
                }
                ActError::Busy | ActError::Internal(_) => ("message", "error.send.busy"),
            };
            let status = match &error {
                ActError::Field(..) => StatusCode::UNPROCESSABLE_ENTITY,
                other => StatusCode::from_u16(response::problem_of(other).status())
                    .unwrap_or(StatusCode::CONFLICT),
            };
            let errors = vec![FieldError { field, key }];
            show(
                site,
                status,
                visit,
                Shown {
                    message,
                    alarm,
                    errors,
                    ..Shown::default()
                },
            )
            .await
        }
    }
}

#[derive(Default)]
struct Shown {
    message: String,
    alarm: bool,
    errors: Vec<FieldError>,
    done: Option<&'static str>,
    confirm_withdraw: bool,
}

async fn show(site: &Journey, status: StatusCode, visit: Visit, shown: Shown) -> Response {
    if visit.row.life.state == ViewState::Withdrawn {
        return site.page(status, pages::withdrawn);
    }
    let limits = match site.pledge.limits_of(&visit.row).await {
        Ok(limits) => limits.sender,
        Err(error) => return site.problem(response::problem_of(&error)),
    };
    if let SenderLimits::Bare(day) = limits {
        return site.page(status, || pages::bare(day));
    }
    let timeline = match site.pledge.timeline(&visit, &site.content).await {
        Ok(timeline) => timeline,
        Err(error) => return site.problem(response::problem_of(&error)),
    };
    let possible: Vec<Action> = site.pledge.sender_possible(&visit);
    let page = ThreadPage {
        handle: site.pledge.handle_of(&visit),
        topic: visit.row.topic,
        state: visit.row.life.state,
        lane: visit.row.life.lane,
        about: visit.row.life.about,
        turn: visit.row.life.turn(),
        timeline,
        limits,
        confirm_withdraw: shown.confirm_withdraw && possible.contains(&Action::Withdraw),
        possible,
        message: shown.message,
        alarm: shown.alarm,
        errors: shown.errors,
        done: shown.done,
        help: site.content.urgent_lines().to_vec(),
    };
    site.island_page(status, || pages::thread(page))
}

fn ask(site: &Journey, status: StatusCode, page: FollowPage) -> Response {
    let article = Some(site.content.page("follow"));
    site.page(status, || pages::enter(FollowPage { article, ..page }))
}
