//! The JSON API: the same services as the forms, for a future app or a test program. Described at `/api/openapi.json`.

use crate::site::Site;
use crate::{client_addr, form, response};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use domain::date::Date;
use model::{Problem, SpeakAnswers, TimelineWhat};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use service::speak::SendOutcome;
use service::{ActError, thread};
use std::sync::Arc;

/// The published description of this API.
const DESCRIPTION: &str = include_str!("openapi.json");

/// A JSON body of these fields and no others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SendRequest {
    ticket: String,
    topic: String,
    said: String,
    safe: String,
    #[serde(default)]
    about: String,
    #[serde(default)]
    link: String,
    #[serde(default)]
    feeling: String,
    #[serde(default)]
    wish: String,
    #[serde(default)]
    identity: String,
    #[serde(default)]
    helped: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FollowRequest {
    words: String,
}

#[derive(Serialize)]
struct Entry {
    day: Date,
    what: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// Makes a ticket: the key of one send.
pub async fn ticket(State(site): State<Arc<Site>>, request: Request) -> Response {
    let place = client_addr::place(&site, &request);
    json_response(
        StatusCode::CREATED,
        &json!({ "ticket": site.pledge.new_ticket(place).await }),
    )
}

/// Sends a view. The same ticket sent again stores nothing new and gives the same words.
pub async fn send(State(site): State<Arc<Site>>, request: Request) -> Response {
    let place = client_addr::place(&site, &request);
    let sent: SendRequest = match read(request).await {
        Ok(sent) => sent,
        Err(response) => return *response,
    };
    let answers = SpeakAnswers {
        topic: sent.topic,
        link: sent.link,
        said: sent.said,
        feeling: sent.feeling,
        wish: sent.wish,
        safe: sent.safe,
        about: sent.about,
        named: if sent.identity.is_empty() {
            "no".to_owned()
        } else {
            "yes".to_owned()
        },
        identity: sent.identity,
        helped: if sent.helped {
            "yes".to_owned()
        } else {
            String::new()
        },
        ..SpeakAnswers::default()
    };
    // The wait page is for people; a program is told to come back.
    if let Ok(Some(slow)) = site
        .pledge
        .throttle_challenge(place, &sent.ticket, &answers, "", "")
        .await
    {
        let mut response = error(
            StatusCode::TOO_MANY_REQUESTS,
            "slow-down",
            "Much was sent from where you are. Nothing was stored. Try again later, or send it on the page.",
        );
        let seconds = slow.seconds.to_string();
        response::set(response.headers_mut(), header::RETRY_AFTER, &seconds);
        return response;
    }
    match site.pledge.send(&sent.ticket, &answers, place).await {
        Ok(SendOutcome::Stored { words }) => {
            json_response(StatusCode::CREATED, &json!({ "words": words }))
        }
        Ok(SendOutcome::TicketOld) => {
            error(StatusCode::CONFLICT, "ticket-old", "Ask for a new ticket.")
        }
        Ok(SendOutcome::HoldsReceipt) => error(
            StatusCode::UNPROCESSABLE_ENTITY,
            "holds-receipt",
            "The text holds the receipt's own words.",
        ),
        Ok(SendOutcome::Mend(_, errors)) => {
            let fields: Vec<Value> = errors
                .iter()
                .map(|e| json!({ "field": e.field, "code": e.key }))
                .collect();
            let body = json!({ "error": "fields", "message": "Some fields need mending.", "fields": fields });
            json_response(StatusCode::UNPROCESSABLE_ENTITY, &body)
        }
        Err(error) => act_error(&error),
    }
}

/// What has become of a view, by its six words.
pub async fn follow(State(site): State<Arc<Site>>, request: Request) -> Response {
    let place = client_addr::place(&site, &request);
    let asked: FollowRequest = match read(request).await {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let visit = match site.pledge.open_by_words(&asked.words, place).await {
        Ok(thread::Opened::View(visit)) => visit,
        Ok(thread::Opened::Nothing(_)) => return problem(Problem::NotFound),
        Err(error) => return act_error(&error),
    };
    match site.pledge.timeline(&visit, &site.content).await {
        Ok(timeline) => {
            let entries: Vec<Entry> = timeline
                .into_iter()
                .map(|entry| entry_of(entry.day, entry.what))
                .collect();
            let body = json!({ "state": visit.row.life.state, "topic": visit.row.topic, "timeline": entries });
            json_response(StatusCode::OK, &body)
        }
        Err(error) => act_error(&error),
    }
}

fn entry_of(day: Date, what: TimelineWhat) -> Entry {
    let (what, text) = match what {
        TimelineWhat::Sent(words) => ("sent", Some(words.said)),
        TimelineWhat::ReadBy(_) => ("read", None),
        TimelineWhat::TakenOn => ("taken-on", None),
        TimelineWhat::HandedOver(service) => ("handed-over", Some(service.id().to_owned())),
        TimelineWhat::Question(text) => ("question", Some(text)),
        TimelineWhat::Reply(text) => ("reply", Some(text)),
        TimelineWhat::YouWrote(text) => ("you-wrote", Some(text)),
        TimelineWhat::YouRaisedAlarm(text) => ("you-raised-alarm", Some(text)),
        TimelineWhat::Approved(text) => ("approved", Some(text)),
        TimelineWhat::Listed(_) => ("listed", None),
        TimelineWhat::Unlisted => ("unlisted", None),
        TimelineWhat::Decision(decision) => ("decision", Some(decision.answer)),
        TimelineWhat::Done => ("done", None),
        TimelineWhat::YouAgreed => ("you-agreed", None),
        TimelineWhat::YouDisputed => ("you-disputed", None),
        TimelineWhat::Closed(reason) => ("closed", Some(reason.id().to_owned())),
        TimelineWhat::NameOpened(_) => ("name-opened", None),
        TimelineWhat::Damaged => ("damaged", None),
        TimelineWhat::WordsGone => ("words-gone", None),
        TimelineWhat::KeptLonger => ("kept-longer", None),
        TimelineWhat::KeptNoLonger => ("kept-no-longer", None),
    };
    Entry { day, what, text }
}

/// Published outcomes.
pub async fn outcomes(State(site): State<Arc<Site>>) -> Response {
    match site.pledge.outcomes().await {
        Ok(outcomes) => {
            let rows: Vec<Value> = outcomes
                .into_iter()
                .map(|o| {
                    json!({
                        "topic": o.topic, "said": o.said, "decided": o.decided, "owner": o.owner, "due": o.due,
                        "meeting": o.meeting, "published": o.published, "state": o.state,
                        "views_at_least": o.views, "views_until": o.views_until,
                    })
                })
                .collect();
            json_response(StatusCode::OK, &json!({ "outcomes": rows }))
        }
        Err(error) => act_error(&error),
    }
}

/// What this API offers, as OpenAPI 3.1.
pub async fn description() -> Response {
    bytes_response(StatusCode::OK, DESCRIPTION.as_bytes().to_vec())
}

/// A problem as JSON.
pub fn problem(problem: Problem) -> Response {
    let status =
        StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let message = match problem {
        Problem::NotFound => "There is nothing here.",
        Problem::WrongMethod => "This address does not answer that method.",
        Problem::BadForm => "This is not the JSON that the address takes.",
        Problem::TooBig => "That is too much.",
        Problem::WrongType => "Send application/json, not compressed.",
        Problem::Forbidden => "Not for you.",
        Problem::Changed => "It has changed meanwhile.",
        Problem::CutShort => "The request was cut short.",
        Problem::Busy => "Busy. Nothing was lost. Try again in a moment.",
        Problem::Ours => "Our mistake.",
    };
    error(status, problem.id(), message)
}

fn act_error(error: &ActError) -> Response {
    problem(response::problem_of(error))
}

async fn read<T: for<'a> Deserialize<'a>>(request: Request) -> Result<T, Box<Response>> {
    let refuse = |p| Box::new(problem(p));
    let kind = form::header_text(request.headers(), header::CONTENT_TYPE);
    if !kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .eq_ignore_ascii_case("application/json")
    {
        return Err(refuse(Problem::WrongType));
    }
    let bytes = form::body(request, form::FORM_BYTES)
        .await
        .map_err(refuse)?;
    serde_json::from_slice(&bytes).map_err(|_| refuse(Problem::BadForm))
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    json_response(status, &json!({ "error": code, "message": message }))
}

fn json_response(status: StatusCode, body: &Value) -> Response {
    bytes_response(status, body.to_string().into_bytes())
}

fn bytes_response(status: StatusCode, bytes: Vec<u8>) -> Response {
    let mut response = Response::new(bytes.into());
    *response.status_mut() = status;
    response::set(
        response.headers_mut(),
        header::CONTENT_TYPE,
        "application/json; charset=utf-8",
    );
    response
}
