//! The desk: everything behind staff sign-in.

use crate::site::Site;
use crate::{form, response};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use domain::role::Role;
use model::urls;
use model::{DeskFrame, Problem};
use service::sign_in::{PendingSession, Session, SignInStep, StaffSession};
use std::sync::Arc;
use vault::staff_keys::{SessionToken, same};

pub mod accounts;
pub mod audit;
pub mod meetings;
pub mod page_editor;
pub mod progress;
pub mod sign_in;
pub mod usage;
pub mod views;

/// The cookie of a staff session. Young people get none.
const COOKIE: &str = "__Host-s";

/// The first page for whoever is signed in.
pub async fn home(State(site): State<Arc<Site>>, request: Request) -> Response {
    let desk = match signed_in(&site, request.headers()).await {
        Ok(desk) => desk,
        Err(response) => return *response,
    };
    match desk.staff.role {
        Role::Speakerbox | Role::Coordinator => response::redirect(urls::DESK_QUEUE),
        Role::Safety => response::redirect(urls::DESK_SAFETY),
        Role::Committee | Role::Clerk => response::redirect(urls::DESK_MEETINGS),
        Role::Admin => {
            let frame = frame_of(&desk, None);
            response::desk_page(&site, StatusCode::OK, || app::pages::desk::home(frame))
        }
    }
}

/// Every component in every state, from sample words: only there in demo, and open to anybody.
pub async fn components(State(site): State<Arc<Site>>) -> Response {
    let today = site.pledge.clock.today();
    response::desk_page(&site, StatusCode::OK, || app::pages::components::all(today))
}

/// Who is signed in; otherwise the answer to give: sign in, or do the next step of signing in.
async fn signed_in(site: &Site, headers: &HeaderMap) -> Result<StaffSession, Box<Response>> {
    match session_of(site, headers).await? {
        Session::Whole(desk) => Ok(desk),
        Session::PendingSession(half) => Err(Box::new(response::redirect(next_step(&half)))),
    }
}

/// A session, whole or half; otherwise the answer to give: sign in.
async fn session_of(site: &Site, headers: &HeaderMap) -> Result<Session, Box<Response>> {
    let sign_in = || Box::new(response::redirect(urls::DESK_SIGN_IN));
    let token = token_of(headers).ok_or_else(sign_in)?;
    match site.pledge.session(token).await {
        Ok(Some(Session::Whole(mut desk))) => {
            desk.lane = site
                .pledge
                .lane_count(&desk)
                .await
                .map_err(|error| Box::new(response::act_problem(site, &error)))?;
            Ok(Session::Whole(desk))
        }
        Ok(Some(half)) => Ok(half),
        Ok(None) => Err(Box::new(response::redirect("/desk/sign-in?ended=1"))),
        Err(error) => Err(Box::new(response::act_problem(site, &error))),
    }
}

/// Where somebody goes whose sign-in is half done.
fn next_step(half: &PendingSession) -> &'static str {
    match half.next() {
        SignInStep::Password => urls::DESK_PASSWORD,
        SignInStep::SetUp => urls::DESK_SECOND_FACTOR,
        SignInStep::Code => urls::DESK_CODE,
        SignInStep::LetIn => urls::DESK_WAITING,
    }
}

fn token_of(headers: &HeaderMap) -> Option<SessionToken> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut values = cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    values
        .find(|(name, _)| *name == COOKIE)
        .and_then(|(_, value)| SessionToken::from_cookie(value))
}

/// A POST of the desk: who, and the form, once it is sure that it comes from our own page of this session.
async fn posted(
    site: &Site,
    request: Request,
) -> Result<(StaffSession, form::Form), Box<Response>> {
    posted_up_to(site, request, form::FORM_BYTES).await
}

/// The same for a form of at most so many bytes.
async fn posted_up_to(
    site: &Site,
    request: Request,
    most: usize,
) -> Result<(StaffSession, form::Form), Box<Response>> {
    match session_posted_up_to(site, request, most).await? {
        (Session::Whole(desk), form) => Ok((desk, form)),
        (Session::PendingSession(half), _) => Err(Box::new(response::redirect(next_step(&half)))),
    }
}

/// The same for the steps of signing in.
async fn session_posted(
    site: &Site,
    request: Request,
) -> Result<(Session, form::Form), Box<Response>> {
    session_posted_up_to(site, request, form::FORM_BYTES).await
}

async fn session_posted_up_to(
    site: &Site,
    request: Request,
    most: usize,
) -> Result<(Session, form::Form), Box<Response>> {
    let refuse = |problem| Box::new(response::problem(site, problem));
    if !form::same_origin(request.method(), request.headers()) {
        return Err(refuse(Problem::Forbidden));
    }
    let session = session_of(site, request.headers()).await?;
    let form = form::read_form(request, most).await.map_err(refuse)?;
    if !same(form.get("token"), &session.token().form_token()) {
        return Err(refuse(Problem::Forbidden));
    }
    Ok((session, form))
}

/// Puts a session's token into the browser.
fn with_cookie(mut response: Response, token: &SessionToken) -> Response {
    let cookie = format!(
        "{COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Strict",
        token.to_cookie()
    );
    response::set(response.headers_mut(), header::SET_COOKIE, &cookie);
    response
}

fn frame_of(desk: &StaffSession, query: Option<&str>) -> DeskFrame {
    let done = form::Form::from_query(query);
    DeskFrame {
        name: desk.staff.name.clone(),
        role: desk.staff.role,
        token: desk.token.form_token(),
        done: app::pages::desk::done(done.get("done")),
        lane: desk.lane,
    }
}
