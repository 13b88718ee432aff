//! Sending a view. Every step answers on one address, so that nothing typed is ever in one; everything typed travels in
//! hidden fields, so that nothing is kept before it is sent.

use crate::error::{WebError, act_status};
use crate::journey::Journey;
use crate::site::Site;
use crate::{client_addr, form, response};
use app::pages::speak as pages;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use domain::readers::ReaderSet;
use domain::receipt;
use domain::role::Role;
use model::urls;
use model::words::Words;
use model::{
    FieldError, HelpLine, LinkChoice, Problem, ReceiptPage, Section, SlowPage, SpeakAnswers,
    SpeakPage, SpeakStep, StartPage, TypedBack,
};
use service::ActError;
use service::rate_limit::NetworkBucket;
use service::speak::{SendOutcome, errors_of};
use std::sync::Arc;
use std::time::Duration;

/// How long the check page waits for a receipt when none is ready.
const TICKET_TIME: Duration = Duration::from_secs(20);

/// What to know before writing.
pub async fn start(State(site): State<Arc<Site>>) -> Response {
    show_start(&Journey::begin(site)).await
}

async fn show_start(site: &Journey) -> Response {
    let readers = site.pledge.present_readers().await;
    let mut article = site.content.page("speak");
    let parts = &mut article.sections;
    parts.retain(|part| !names_missing(&site.content.words, part, readers));
    let page = StartPage {
        article,
        readers,
        help: help(site),
    };
    site.page(StatusCode::OK, || pages::start(page))
}

/// Whether a part of our own words speaks of a reader who is not there. It is left out then: what it says of them is not
/// true.
fn names_missing(words: &Words, part: &Section, readers: ReaderSet) -> bool {
    let named = [
        (Role::Speakerbox, "SpeakerBox".to_owned()),
        (Role::Coordinator, words.get("readers.name.coordinator")),
        (Role::Safety, words.get("readers.name.safety")),
    ];
    let mut named = named.into_iter();
    named.any(|(role, name)| !readers.contains(role) && part.html.contains(&name))
}

/// One step of sending.
pub async fn step(State(site): State<Arc<Site>>, request: Request) -> Result<Response, WebError> {
    let place = client_addr::place(&site, &request);
    let form = form::read_form(request, form::SPEAK_BYTES).await?;
    let Some(site) = Journey::of(site, &form) else {
        return Ok(response::redirect(urls::SPEAK));
    };
    let mut answers = answers_of(&form);
    answers.language.clone_from(&site.content.words.language);
    if form.get("step") == "keep" {
        return keep(&site, form.get("ticket"), form.get("typed")).await;
    }
    let named = |id: &str| SpeakStep::ALL.into_iter().find(|step| step.id() == id);
    let Some(step) = named(form.get("step")) else {
        // The first page, or a step we do not know: begin, with every word that came along.
        return Ok(show(&site, place, SpeakStep::Subject, answers).await);
    };
    Ok(match form.get("go") {
        "back" if step == SpeakStep::You && answers.named != "yes" => {
            // Going back is no answer: "no name" is only what the page began with, so it is asked again.
            answers.named = String::new();
            show(&site, place, SpeakStep::Safe, answers).await
        }
        "back" => match before(step) {
            Some(step) => show(&site, place, step, answers).await,
            None => show_start(&site).await,
        },
        "send" if step == SpeakStep::Check => send(&site, place, &form, answers).await,
        go => {
            if let Some(wanted) = named(go) {
                return Ok(show(&site, place, wanted, answers).await);
            }
            let errors = errors_of(step, &answers);
            if errors.is_empty() {
                show(&site, place, after(step, &answers), answers).await
            } else {
                correct(&site, place, step, answers, errors).await
            }
        }
    })
}

async fn send(
    site: &Journey,
    place: Option<NetworkBucket>,
    form: &form::Form,
    answers: SpeakAnswers,
) -> Response {
    let error = |field, key| vec![FieldError { field, key }];
    let ticket = form.get("ticket");
    let (pass, picked) = (form.get("pass"), form.get("picked"));
    let throttle_challenge = site
        .pledge
        .throttle_challenge(place, ticket, &answers, pass, picked)
        .await;
    // If it is not known whether it was stored already, trying to store it will say so.
    if let Ok(Some(asked)) = throttle_challenge {
        let page = SlowPage {
            ticket: ticket.to_owned(),
            pass: asked.pass,
            question: asked.question,
            early: asked.early,
            wrong: asked.wrong,
            seconds: asked.seconds,
            readers: site.pledge.present_readers().await,
            // In the language of the page.
            help: help(site),
            answers,
        };
        return slow(site, page);
    }
    match site.pledge.send_view(ticket, &answers, place).await {
        Ok(SendOutcome::Stored { words }) => {
            let page = ReceiptPage {
                words: words.split(' ').map(str::to_owned).collect(),
                ticket: ticket.to_owned(),
                typed_back: TypedBack::NotYet,
                life: answers.begins(),
                readers: site.pledge.present_readers().await,
                day: site.pledge.clock.today(),
                help: help(site),
            };
            site.island_page(StatusCode::OK, || pages::receipt(page))
        }
        Ok(SendOutcome::TicketOld) => {
            let errors = error("ticket", "error.ticket.old");
            correct(site, place, SpeakStep::Check, answers, errors).await
        }
        Ok(SendOutcome::OtherWords) => {
            let errors = error("ticket", "error.ticket.other");
            correct(site, place, SpeakStep::Check, answers, errors).await
        }
        Ok(SendOutcome::HoldsReceipt) => {
            let errors = error("said", "error.message.receipt");
            correct(site, place, SpeakStep::Say, answers, errors).await
        }
        Ok(SendOutcome::Mend(step, errors)) => correct(site, place, step, answers, errors).await,
        Err(not_done) => {
            // Not saved: the same page with the same ticket and every word, so that pressing again is safe.
            let key = if matches!(not_done, ActError::Busy) {
                "error.send.busy"
            } else {
                "error.send.ours"
            };
            let (step, errors) = (SpeakStep::Check, error("ticket", key));
            let page = page_of(site, step, answers, errors, ticket.to_owned()).await;
            site.island_page(act_status(&not_done), || pages::step(page))
        }
    }
}

// Much was sent from the same place: wait a moment. Nothing is stored, and every word travels along.
fn slow(site: &Journey, page: SlowPage) -> Response {
    let seconds = page.seconds.to_string();
    let mut response = site.page(StatusCode::TOO_MANY_REQUESTS, || pages::slow(page));
    response::set(response.headers_mut(), header::RETRY_AFTER, &seconds);
    response
}

// The six words were typed back.
async fn keep(site: &Journey, ticket: &str, typed: &str) -> Result<Response, WebError> {
    let Ok(ticket_inside) = site.pledge.ticket_words(ticket) else {
        return Err(site.problem(Problem::Changed));
    };
    let sent = site.pledge.sent_with(&ticket_inside).await;
    let sent = sent.map_err(|error| site.not_done(&error))?;
    // Nothing was ever sent with this ticket, so there is nothing to keep.
    let sent = sent.ok_or_else(|| site.problem(Problem::Changed))?;
    let typed_back = match typed.trim() {
        "" => TypedBack::NotYet,
        typed if receipt::same_words(typed, &ticket_inside.words) => TypedBack::Same,
        _ => TypedBack::Different,
    };
    let page = ReceiptPage {
        words: ticket_inside.words.split(' ').map(str::to_owned).collect(),
        ticket: ticket.to_owned(),
        typed_back,
        life: sent.life,
        readers: site.pledge.present_readers().await,
        day: sent.day,
        help: help(site),
    };
    Ok(site.island_page(StatusCode::OK, || pages::receipt(page)))
}

/// The page of a step.
async fn show(
    site: &Journey,
    place: Option<NetworkBucket>,
    step: SpeakStep,
    answers: SpeakAnswers,
) -> Response {
    show_step(site, place, StatusCode::OK, step, answers, Vec::new()).await
}

/// The page of a step again, with what is wrong in it.
async fn correct(
    site: &Journey,
    place: Option<NetworkBucket>,
    step: SpeakStep,
    answers: SpeakAnswers,
    errors: Vec<FieldError>,
) -> Response {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    show_step(site, place, status, step, answers, errors).await
}

async fn show_step(
    site: &Journey,
    place: Option<NetworkBucket>,
    status: StatusCode,
    step: SpeakStep,
    answers: SpeakAnswers,
    mut errors: Vec<FieldError>,
) -> Response {
    let mut ticket = String::new();
    if step == SpeakStep::Check {
        match tokio::time::timeout(TICKET_TIME, site.pledge.new_ticket(place)).await {
            Ok(new) => ticket = new,
            // Sending without a ticket asks for one again, so nothing is lost.
            Err(_) => errors.push(FieldError {
                field: "ticket",
                key: "error.ticket.wait",
            }),
        }
    }
    let page = page_of(site, step, answers, errors, ticket).await;
    if matches!(step, SpeakStep::Say | SpeakStep::Check) {
        site.island_page(status, || pages::step(page))
    } else {
        site.page(status, || pages::step(page))
    }
}

async fn page_of(
    site: &Journey,
    step: SpeakStep,
    answers: SpeakAnswers,
    errors: Vec<FieldError>,
    ticket: String,
) -> SpeakPage {
    let content = &site.content;
    let rights = content.rights.iter().map(|right| LinkChoice {
        value: format!("right:{}", right.slug),
        title: right.article.title.clone(),
        group: right.group.clone(),
    });
    let pledge = content.page("pledge").title;
    let promises = content.promises.iter().map(|promise| LinkChoice {
        value: format!("promise:{}", promise.slug),
        title: promise.title.clone(),
        group: pledge.clone(),
    });
    // There are many; only the one somebody came with is among the choices.
    let entitlement = answers.link.strip_prefix("entitlement:").and_then(|id| {
        let known = content.entitlements.iter().find(|known| known.id == id)?;
        Some(LinkChoice {
            value: answers.link.clone(),
            title: known.title.clone(),
            group: content.words.get("home.check"),
        })
    });
    let we_will = answers.link.strip_prefix("we-will:").and_then(|slug| {
        let all = &content.tracker.promises;
        let promise = all.iter().find(|promise| promise.slug == slug)?;
        Some(LinkChoice {
            value: answers.link.clone(),
            title: promise.title.clone(),
            group: content.words.get("menu.promises"),
        })
    });
    SpeakPage {
        step,
        attached: content.link(&answers.link).map(|(title, _)| title),
        answers,
        errors,
        links: rights
            .chain(promises)
            .chain(entitlement)
            .chain(we_will)
            .collect(),
        ticket,
        readers: site.pledge.present_readers().await,
        help: help(site),
    }
}

fn help(site: &Journey) -> Vec<HelpLine> {
    site.content.urgent_lines().to_vec()
}

fn answers_of(form: &form::Form) -> SpeakAnswers {
    SpeakAnswers {
        topic: form.text("topic"),
        link: form.text("link"),
        said: form.text("said"),
        feeling: form.text("feeling"),
        wish: form.text("wish"),
        safe: form.text("safe"),
        about: form.text("about"),
        named: form.text("named"),
        identity: form.text("identity"),
        helped: form.text("helped"),
        ..SpeakAnswers::default()
    }
}

fn before(step: SpeakStep) -> Option<SpeakStep> {
    SpeakStep::ALL
        .into_iter()
        .rev()
        .find(|earlier| *earlier < step)
}

// The next step that still needs an answer, so that a changed answer does not mean doing all again.
fn after(step: SpeakStep, answers: &SpeakAnswers) -> SpeakStep {
    let open = |later: &SpeakStep| {
        let untouched = *later == SpeakStep::You && answers.named.is_empty();
        untouched || *later == SpeakStep::Check || !errors_of(*later, answers).is_empty()
    };
    SpeakStep::ALL
        .into_iter()
        .filter(|later| *later > step)
        .find(open)
        .unwrap_or(SpeakStep::Check)
}
