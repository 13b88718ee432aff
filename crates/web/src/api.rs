//! The JSON API: the same services as the forms, for a future app or a test program. Described at `/api/openapi.json`.

use crate::error::WebError;
use crate::pages::stamp;
use crate::site::Site;
use crate::{client_addr, form, response};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use domain::date::Date;
use domain::lifecycle::ViewStatus;
use domain::readers::{ReaderSet, who_can_read};
use domain::role::Role;
use model::{Problem, PublishedOutcome, SpeakAnswers, TimelineWhat};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use service::speak::SendOutcome;
use service::thread;
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
    let ticket = site.pledge.new_ticket(place).await;
    let present = site.pledge.present_readers().await;
    let reads = |marked_unsafe| ids_of(who_can_read(ViewStatus::begin(marked_unsafe), present));
    let readers = json!({ "safe": reads(false), "not_safe": reads(true) });
    response::json(
        StatusCode::CREATED,
        &json!({ "ticket": ticket, "readers": readers }),
    )
}

/// The roles that can read right now; empty: nobody can, so nobody may be promised.
fn ids_of(readers: ReaderSet) -> Vec<&'static str> {
    readers.roles().map(Role::id).collect()
}

/// Sends a view. The same ticket sent again stores nothing new and gives the same words.
pub async fn send_view(
    State(site): State<Arc<Site>>,
    request: Request,
) -> Result<Response, WebError> {
    let place = client_addr::place(&site, &request);
    let sent: SendRequest = read_json(request).await?;
    let ticket = sent.ticket.clone();
    let answers = answers_of(sent);
    let life = answers.begins();
    // The wait page is for people; a program is asked to come back.
    if let Ok(Some(slow)) = site
        .pledge
        .throttle_challenge(place, &ticket, &answers, "", "")
        .await
    {
        let mut response = response::json_error(
            StatusCode::TOO_MANY_REQUESTS,
            "slow-down",
            "Much was sent from where you are. Nothing was stored. Try again later, or send it on the page.",
        );
        let seconds = slow.seconds.to_string();
        response::set(response.headers_mut(), header::RETRY_AFTER, &seconds);
        return Ok(response);
    }
    Ok(
        match site.pledge.send_view(&ticket, &answers, place).await? {
            SendOutcome::Stored { words } => {
                let readers = who_can_read(life, site.pledge.present_readers().await);
                let body = json!({ "words": words, "readers": ids_of(readers) });
                response::json(StatusCode::CREATED, &body)
            }
            SendOutcome::TicketOld => {
                response::json_error(StatusCode::CONFLICT, "ticket-old", "Ask for a new ticket.")
            }
            SendOutcome::OtherWords => response::json_error(
                StatusCode::CONFLICT,
                "ticket-used",
                "Something else was sent with this ticket. Nothing was stored now. Ask for a new ticket.",
            ),
            SendOutcome::HoldsReceipt => response::json_error(
                StatusCode::UNPROCESSABLE_ENTITY,
                "holds-receipt",
                "The text holds the receipt's own words.",
            ),
            SendOutcome::Mend(_, errors) => {
                let fields: Vec<Value> = errors
                    .iter()
                    .map(|e| json!({ "field": e.field, "code": e.key }))
                    .collect();
                let body = json!({ "error": "fields", "message": "Some fields need mending.", "fields": fields });
                response::json(StatusCode::UNPROCESSABLE_ENTITY, &body)
            }
        },
    )
}

fn answers_of(sent: SendRequest) -> SpeakAnswers {
    SpeakAnswers {
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
    }
}

/// What has become of a view, by its six words.
pub async fn follow(State(site): State<Arc<Site>>, request: Request) -> Result<Response, WebError> {
    let place = client_addr::place(&site, &request);
    let asked: FollowRequest = read_json(request).await?;
    let visit = match site.pledge.open_by_words(&asked.words, place).await? {
        thread::OpenedByWords::View(visit) => visit,
        thread::OpenedByWords::Nothing(_) => return Err(Problem::NotFound.into()),
    };
    let timeline = site.pledge.timeline(&visit, &site.content).await?;
    let entries: Vec<Entry> = timeline
        .into_iter()
        .map(|entry| entry_of(entry.day, entry.what))
        .collect();
    let body =
        json!({ "state": visit.row.life.state, "topic": visit.row.topic, "timeline": entries });
    Ok(response::json(StatusCode::OK, &body))
}

fn entry_of(day: Date, what: TimelineWhat) -> Entry {
    let (what, text) = match what {
        TimelineWhat::Sent(words) => ("sent", Some(words.said)),
        TimelineWhat::ReadBy(_) => ("read", None),
        TimelineWhat::ApprovedReadBy(_) => ("approved-read", None),
        TimelineWhat::Raised => ("raised", None),
        TimelineWhat::TakenOn => ("taken-on", None),
        TimelineWhat::Shared(text) => ("shared", Some(text)),
        TimelineWhat::HandedOver(service) => ("handed-over", Some(service.id().to_owned())),
        TimelineWhat::Question(text) => ("question", Some(text)),
        TimelineWhat::Reply(text) => ("reply", Some(text)),
        TimelineWhat::YouWrote(text) => ("you-wrote", Some(text)),
        TimelineWhat::YouRaisedAlarm(text) => ("you-raised-alarm", Some(text)),
        TimelineWhat::Approved(text) => ("approved", Some(text)),
        TimelineWhat::Listed(_) => ("listed", None),
        TimelineWhat::Unlisted => ("unlisted", None),
        TimelineWhat::Decision(decision) => ("decision", Some(decision.answer)),
        TimelineWhat::TakenDown(reason) => ("taken-down", Some(reason.id().to_owned())),
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
pub async fn outcomes(State(site): State<Arc<Site>>) -> Result<Response, WebError> {
    let of = Arc::clone(&site);
    let make = async move {
        let outcomes = of.pledge.outcomes().await?;
        let rows: Vec<Value> = outcomes.into_iter().map(outcome_json).collect();
        Ok(json!({ "outcomes": rows }).to_string().into())
    };
    let outcomes = site.current.outcomes.get(stamp(&site).await?, make).await?;
    Ok(response::json_bytes(StatusCode::OK, outcomes))
}

// Of an answer that was taken down, the day is all that there is.
fn outcome_json(outcome: PublishedOutcome) -> Value {
    let o = outcome;
    if let Some(day) = o.down {
        return json!({ "taken_down": day });
    }
    json!({
        "topic": o.topic, "said": o.said, "kind": o.answer.kind, "decided": o.answer.decided, "why": o.answer.why,
        "owner": o.answer.owner, "due": o.answer.due, "until": o.answer.until, "meeting": o.meeting,
        "decided_before_meeting": o.early, "published": o.published, "corrected": o.corrected, "state": o.state,
        "decided_again": o.followed, "views_at_least": o.views, "views_until": o.views_until,
    })
}

/// What this API offers, as OpenAPI 3.1.
pub async fn description() -> Response {
    response::json_bytes(StatusCode::OK, DESCRIPTION.as_bytes().to_vec())
}

async fn read_json<T: for<'a> Deserialize<'a>>(request: Request) -> Result<T, Problem> {
    let kind = form::header_text(request.headers(), header::CONTENT_TYPE);
    if !kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .eq_ignore_ascii_case("application/json")
    {
        return Err(Problem::WrongType);
    }
    let bytes = form::body(request, form::FORM_BYTES).await?;
    serde_json::from_slice(&bytes).map_err(|_| Problem::BadForm)
}
