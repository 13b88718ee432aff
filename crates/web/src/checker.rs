//! The checker with JavaScript off. The answers travel in the body of each request and live for that one answer: they
//! are never in an address, a cookie, the log or on the disk.

use crate::error::WebError;
use crate::prerender::pages::first_question;
use crate::site::Site;
use crate::{form, response};
use app::pages::check as pages;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use domain::date::Date;
use domain::entitlements::parse::Code;
use domain::entitlements::questions::{self, Draft, Question, Walk};
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
    let form = form::read_form(request, form::FORM_BYTES).await?;
    // Ten dates that nobody remembers are a thousand readings: not on a thread that others wait for.
    let Ok(_turn) = site.checks.acquire().await else {
        return Err(Problem::Busy.into());
    };
    let work = Arc::clone(&site);
    let answered = tokio::task::spawn_blocking(move || answer(&work, &form)).await;
    answered.unwrap_or(Err(Problem::Ours.into()))
}

fn answer(site: &Site, form: &form::Form) -> Result<Response, WebError> {
    let today = site.pledge.clock.today();
    let draft = draft_of(form);
    let at = Question::from_key(form.get("at"));
    let go = form.get("go");
    if let Some(question) = go.strip_prefix("change:").and_then(Question::from_key) {
        let answered = before(&questions::walk(&draft, today), question);
        return Ok(ask(site, draft, question, answered, None));
    }
    Ok(match (go, at) {
        ("back", _) => {
            let walk = questions::walk(&draft, today);
            let here = walk.answered.iter().position(|known| Some(*known) == at);
            let earlier = here.map_or(walk.answered.len(), |here| here).checked_sub(1);
            match earlier.and_then(|earlier| walk.answered.get(earlier)) {
                Some(question) => {
                    let answered = before(&walk, *question);
                    ask(site, draft, *question, answered, None)
                }
                None => ask(site, draft, Question::one("born"), Vec::new(), None),
            }
        }
        ("", Some(question)) => {
            match questions::answer(&draft, question, |name| form.text(name), today) {
                Ok(draft) => go_on(site, draft, today, "")?,
                Err(problem) => {
                    let answered = before(&questions::walk(&draft, today), question);
                    let typed = ["v", "day", "month", "year", "number"]
                        .map(|name| (name, form.text(name)))
                        .into_iter()
                        .collect();
                    let page = CheckPage {
                        question,
                        draft,
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
        (go, _) => go_on(site, draft, today, go)?,
    })
}

/// The next question that is needed, or the result in the form that was asked for.
fn go_on(site: &Site, draft: Draft, today: Date, go: &str) -> Result<Response, WebError> {
    let walk = questions::walk(&draft, today);
    if let Some(question) = walk.next {
        let (answered, problem) = (walk.answered, walk.problem);
        return Ok(ask(site, draft, question, answered, problem));
    }
    let entitlements = &site.content.entitlements;
    let offers: Vec<Offer> = entitlements
        .iter()
        .map(|known| known.offer.clone())
        .collect();
    let shown = show(&walk.sets, &offers).ok_or(Problem::BadForm)?;
    if go == "calendar" {
        return Ok(calendar_file(site, &shown));
    }
    let page = CheckResult {
        draft,
        answered: walk.answered,
        shown,
        sheet: go == "sheet",
    };
    Ok(response::page_at(site, urls::CHECK, StatusCode::OK, || {
        pages::result(page, entitlements.clone())
    }))
}

fn ask(
    site: &Site,
    draft: Draft,
    question: Question,
    answered: Vec<Question>,
    problem: Option<Code>,
) -> Response {
    let told = draft.get(&question.key());
    let page = CheckPage {
        question,
        typed: told
            .map(|text| questions::typed(question, text).into_iter().collect())
            .unwrap_or_default(),
        answered,
        problem,
        draft,
    };
    let status = if problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    response::page_at(site, urls::CHECK, status, || pages::question(page, false))
}

/// The questions that were answered before this one.
fn before(walk: &Walk, question: Question) -> Vec<Question> {
    let answered = walk.answered.iter().copied();
    answered.take_while(|known| *known != question).collect()
}

fn draft_of(form: &form::Form) -> Draft {
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
