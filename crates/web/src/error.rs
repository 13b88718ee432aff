//! Why a handler does not answer with its page, and the page or JSON that stands in its place. Knows the site and how
//! answers are made; no route, no session, no handler.

use crate::live::SiteHandle;
use crate::response;
use app::shell::PageContext;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::Problem;
use service::ActError;
use std::sync::Arc;

/// Why a handler does not answer with its page.
///
/// A handler knows neither the language nor whether a program asked: [`render`] makes the answer, around every route.
#[derive(Clone, Debug)]
pub enum WebError {
    /// Something is wrong; a page says what, and what to do next.
    Problem(Problem),
    /// The same as a page of a journey, so that leaving it ends the journey.
    InJourney(Problem, Arc<PageContext>),
    /// Another page of the desk comes first: sign in, or the next step of it.
    Redirect(&'static str),
}

impl From<Problem> for WebError {
    fn from(problem: Problem) -> WebError {
        WebError::Problem(problem)
    }
}

impl From<ActError> for WebError {
    fn from(error: ActError) -> WebError {
        WebError::Problem(problem_of(&error))
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let problem = match &self {
            WebError::Problem(problem) | WebError::InJourney(problem, _) => *problem,
            WebError::Redirect(to) => return response::redirect(to),
        };
        let mut response = Response::default();
        *response.status_mut() = status_of(problem);
        response.extensions_mut().insert(self);
        response
    }
}

/// Makes the answer of every handler that failed: JSON under `/api/`, and a page in the site's language elsewhere.
pub async fn render(State(live): State<SiteHandle>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<WebError>() {
        Some(WebError::Problem(problem)) if is_api => problem_json(problem),
        Some(WebError::Problem(problem)) => response::problem(&live.site(), problem),
        Some(WebError::InJourney(problem, frame)) => {
            response::problem_in(&live.site(), &frame, problem)
        }
        Some(WebError::Redirect(_)) | None => response,
    }
}

/// The answer where no route is.
pub async fn not_found() -> WebError {
    WebError::Problem(Problem::NotFound)
}

/// The answer where a route does not take the method.
pub async fn wrong_method() -> WebError {
    WebError::Problem(Problem::WrongMethod)
}

/// The problem of an act that was not done. A mistake of ours goes to the log, as its code.
pub fn problem_of(error: &ActError) -> Problem {
    match error {
        ActError::NotFound => Problem::NotFound,
        ActError::Forbidden => Problem::Forbidden,
        ActError::NotNow | ActError::Stale => Problem::Changed,
        ActError::Field(..) => Problem::BadForm,
        ActError::Busy => Problem::Busy,
        ActError::Internal(code) => {
            eprintln!("pledge: internal: {code}");
            Problem::Ours
        }
    }
}

/// The status of the answer to an act that was not done, where a page of its own says so.
pub fn act_status(error: &ActError) -> StatusCode {
    status_of(problem_of(error))
}

fn status_of(problem: Problem) -> StatusCode {
    StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A problem as JSON.
fn problem_json(problem: Problem) -> Response {
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
    response::json_error(status_of(problem), problem.id(), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_is_not_rendered_still_has_its_status_and_says_nothing() {
        let response = WebError::from(ActError::NotFound).into_response();
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(response.headers().is_empty());
        let response = WebError::Redirect("/desk/sign-in").into_response();
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()["location"], "/desk/sign-in");
    }
}
