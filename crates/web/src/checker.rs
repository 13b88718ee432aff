//! The checker with JavaScript off. The answers travel in the body of each request and live for that one answer: they
//! are never in an address, a cookie, the log or on the disk.

use crate::client_addr;
use crate::error::WebError;
use crate::prerender::pages::first_question;
use crate::site::Site;
use crate::{form, response};
use app::pages::check as pages;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use domain::date::Date;
use domain::entitlements::answer_text;
use domain::entitlements::parse::Code;
use domain::entitlements::progress::{self, Answered, Progress, Rejected};
use domain::entitlements::questions::{AnswerTexts, Question};
use domain::entitlements::report::{Offer, Shown, calendar, show};
use model::urls;
use model::{CheckPage, CheckResult, Problem};
use std::sync::Arc;

/// No answer is longer than the name of an option or a date.
const ANSWER_MAX: usize = 40;

/// The first question. The phone may take over from here.
pub async fn first(State(site): State<Arc<Site>>) -> Response {
    response::island_page_at(&site, urls::CHECK, StatusCode::OK, || {
        pages::question(first_question(), true)
    })
}

/// An answer, a step back, a change, or something on the result page.
pub async fn step(State(site): State<Arc<Site>>, request: Request) -> Result<Response, WebError> {
    let place = client_addr::place(&site, &request);
    let form = form::read_form(request, form::FORM_BYTES).await?;
    // Ten dates that nobody remembers are a thousand readings: not on a thread that others wait for.
    let work = Arc::clone(&site);
    let answered = site.checks.run(place, false, move || answer(&work, &form));
    answered.await.map_err(|_| Problem::Busy)?
}

/// Each request walks the questions once.
fn answer(site: &Site, form: &form::Form) -> Result<Response, WebError> {
    let today = site.pledge.clock.today();
    let texts = texts_of(form);
    let at = Question::from_key(form.get("at"));
    let go = form.get("go");
    if let Some(question) = go.strip_prefix("change:").and_then(Question::from_key) {
        let answered = progress::walk(&texts, today).before(question);
        return Ok(ask(site, texts, question, answered, None));
    }
    Ok(match (go, at) {
        ("back", _) => {
            let progress = progress::walk(&texts, today);
            let question = progress.previous(at).unwrap_or(Question::one("born"));
            let answered = progress.before(question);
            ask(site, texts, question, answered, None)
        }
        ("", Some(question)) => {
            match progress::answer(&texts, question, |name| form.text(name), today) {
                Ok(Answered { texts, progress }) => go_on(site, texts, progress, "")?,
                Err(Rejected { problem, answered }) => {
                    let typed = ["v", "day", "month", "year", "number"]
                        .map(|name| (name, form.text(name)))
                        .into_iter()
                        .collect();
                    let page = CheckPage {
                        question,
                        texts,
                        answered,
                        typed,
                        problem: Some(problem),
                    };
                    response::page_at(site, urls::CHECK, StatusCode::UNPROCESSABLE_ENTITY, || {
                        pages::question(page, false)
                    })
                }
            }
        }
        (go, _) => {
            let progress = progress::walk(&texts, today);
            go_on(site, texts, progress, go)?
        }
    })
}

/// The next question that is needed, or the result in the form that was asked for.
fn go_on(
    site: &Site,
    texts: AnswerTexts,
    progress: Progress,
    go: &str,
) -> Result<Response, WebError> {
    if let Some(question) = progress.next {
        let (answered, problem) = (progress.answered, progress.problem);
        return Ok(ask(site, texts, question, answered, problem));
    }
    let entitlements = &site.content.entitlements;
    let offers: Vec<Offer> = entitlements
        .iter()
        .map(|known| known.offer.clone())
        .collect();
    let shown = show(&progress.interpretations, &offers).ok_or(Problem::BadForm)?;
    if go == "calendar" {
        return Ok(calendar_file(site, &shown));
    }
    let page = CheckResult {
        texts,
        answered: progress.answered,
        shown,
        sheet: go == "sheet",
    };
    Ok(response::page_at(site, urls::CHECK, StatusCode::OK, || {
        pages::result(page, entitlements.clone())
    }))
}

fn ask(
    site: &Site,
    texts: AnswerTexts,
    question: Question,
    answered: Vec<Question>,
    problem: Option<Code>,
) -> Response {
    let told = texts.get(&question.key());
    let page = CheckPage {
        question,
        typed: told
            .map(|text| answer_text::typed(question, text).into_iter().collect())
            .unwrap_or_default(),
        answered,
        problem,
        texts,
    };
    let status = if problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    response::page_at(site, urls::CHECK, status, || pages::question(page, false))
}

fn texts_of(form: &form::Form) -> AnswerTexts {
    form.pairs()
        .filter_map(|(name, text)| {
            let question = Question::from_key(name.strip_prefix("a.")?)?;
            (text.len() <= ANSWER_MAX).then(|| (question.key(), text.to_owned()))
        })
        .collect()
}

fn calendar_file(site: &Site, shown: &Shown) -> Response {
    let words = &site.content.words;
    let dates: Vec<(Date, String)> = shown
        .dates
        .iter()
        .map(|(date, key)| (*date, words.get(&format!("check.dates.{key}"))))
        .collect();
    let mut response = Response::new(calendar(shown.on, &dates).into());
    let headers = response.headers_mut();
    response::set(
        headers,
        header::CONTENT_TYPE,
        "text/calendar; charset=utf-8",
    );
    response::set(
        headers,
        header::CONTENT_DISPOSITION,
        "attachment; filename=\"dates.ics\"",
    );
    response
}
