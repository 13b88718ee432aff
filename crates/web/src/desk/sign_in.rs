//! Signing in and out, and what proves who somebody is: password, second factor, sessions.

use super::{
    COOKIE, frame_of, next_step, posted, session_of, session_posted, signed_in, with_cookie,
};
use crate::site::Site;
use crate::{form, qr_code, response};
use app::pages::desk as pages;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use model::urls;
use model::{
    CodePage, DeskFrame, FieldError, PasswordPage, Problem, RecoveryCodesPage, SecondFactorPage,
    SignInPage,
};
use service::sign_in::{
    PasswordChange, PendingSession, Session, SetUp, SignIn, SignInStep, StaffSession,
};
use std::sync::Arc;
use store::StaffRow;
use vault::second_factor::{STEP_SECONDS, Secret};

/// The sign-in page.
pub async fn sign_in_page(State(site): State<Arc<Site>>, request: Request) -> Response {
    let query = form::Form::from_query(request.uri().query());
    let page = SignInPage {
        timed_out: query.get("ended") == "1",
        ..SignInPage::default()
    };
    response::desk_page(&site, StatusCode::OK, || pages::sign_in(page))
}

/// The first step of signing in.
pub async fn sign_in(State(site): State<Arc<Site>>, request: Request) -> Response {
    if !form::same_origin(request.method(), request.headers()) {
        return response::problem(&site, Problem::Forbidden);
    }
    let form = match form::read_form(request, form::FORM_BYTES).await {
        Ok(form) => form,
        Err(problem) => return response::problem(&site, problem),
    };
    let name: String = form.get("name").chars().take(100).collect();
    let (password, recovery) = (form.get("password"), form.get("recovery"));
    let (status, page) = match site.pledge.sign_in(&name, password, recovery).await {
        Ok(SignIn::Welcome(token)) => return with_cookie(response::redirect(urls::DESK), &token),
        Ok(SignIn::Wrong) => {
            let page = SignInPage {
                name,
                wrong: true,
                ..SignInPage::default()
            };
            (StatusCode::UNPROCESSABLE_ENTITY, page)
        }
        Ok(SignIn::Wait(wait_seconds)) => {
            let page = SignInPage {
                name,
                wait_seconds,
                ..SignInPage::default()
            };
            (StatusCode::TOO_MANY_REQUESTS, page)
        }
        Err(error) => return response::act_problem(&site, &error),
    };
    response::desk_page(&site, status, || pages::sign_in(page))
}

/// The second step of signing in.
pub async fn code_page(State(site): State<Arc<Site>>, request: Request) -> Response {
    match session_of(&site, request.headers()).await {
        Ok(Session::Whole(_)) => response::redirect(urls::DESK),
        Ok(Session::PendingSession(half)) if half.next() != SignInStep::Code => {
            response::redirect(next_step(&half))
        }
        Ok(Session::PendingSession(half)) => show_code(&site, &half, StatusCode::OK, None),
        Err(response) => *response,
    }
}

/// Takes a code.
pub async fn code(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (half, form) = match session_posted(&site, request).await {
        Ok((Session::PendingSession(half), form)) => (half, form),
        Ok((Session::Whole(_), _)) => return response::redirect(urls::DESK),
        Err(response) => return *response,
    };
    if half.next() != SignInStep::Code {
        return response::redirect(next_step(&half));
    }
    match site.pledge.second_step(&half, form.get("code")).await {
        Ok(SignIn::Welcome(token)) => with_cookie(response::redirect(urls::DESK), &token),
        Ok(SignIn::Wrong) => show_code(
            &site,
            &half,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(SignIn::Wrong),
        ),
        Ok(wait) => show_code(&site, &half, StatusCode::TOO_MANY_REQUESTS, Some(wait)),
        Err(error) => response::act_problem(&site, &error),
    }
}

fn show_code(
    site: &Site,
    half: &PendingSession,
    status: StatusCode,
    refused: Option<SignIn>,
) -> Response {
    let page = CodePage {
        token: half.token.form_token(),
        wrong: matches!(refused, Some(SignIn::Wrong)),
        wait_seconds: match refused {
            Some(SignIn::Wait(seconds)) => seconds,
            _ => 0,
        },
        // Only a demo has samples.
        sample: site.samples.get().and_then(|samples| {
            let secret = samples.get(&half.staff.name)?;
            let now = site.pledge.clock.unix_seconds();
            Some(next_code(secret, half.staff.last_step, now))
        }),
    };
    response::desk_page(site, status, || pages::code(page))
}

/// Signs out and clears what the browser holds.
pub async fn sign_out(State(site): State<Arc<Site>>, request: Request) -> Response {
    let session = match session_posted(&site, request).await {
        Ok((session, _)) => session,
        Err(response) => return *response,
    };
    if let Err(error) = site.pledge.sign_out(&session).await {
        return response::act_problem(&site, &error);
    }
    let mut response = response::redirect(urls::DESK_SIGN_IN);
    let gone = format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    response::set(response.headers_mut(), header::SET_COOKIE, &gone);
    let clear = header::HeaderName::from_static("clear-site-data");
    response::set(
        response.headers_mut(),
        clear,
        "\"cache\", \"cookies\", \"storage\"",
    );
    response
}

/// Whoever may choose a password now: signed in, or on the way with a first password.
fn may_choose_password(session: &Session) -> Result<(), Box<Response>> {
    match session {
        Session::PendingSession(half) if half.next() != SignInStep::Password => {
            Err(Box::new(response::redirect(next_step(half))))
        }
        Session::Whole(_) | Session::PendingSession(_) => Ok(()),
    }
}

/// The page to choose a password.
pub async fn password_page(State(site): State<Arc<Site>>, request: Request) -> Response {
    let session = match session_of(&site, request.headers()).await {
        Ok(session) => session,
        Err(response) => return *response,
    };
    if let Err(response) = may_choose_password(&session) {
        return *response;
    }
    show_password(&site, &session, StatusCode::OK, Vec::new())
}

/// Sets a new password.
pub async fn password(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (session, form) = match session_posted(&site, request).await {
        Ok(both) => both,
        Err(response) => return *response,
    };
    if let Err(response) = may_choose_password(&session) {
        return *response;
    }
    let changed = site
        .pledge
        .change_password(
            &session,
            form.get("old"),
            form.get("new"),
            form.get("again"),
        )
        .await;
    match changed {
        Ok(PasswordChange::Done(token)) => with_cookie(response::redirect(urls::DESK), &token),
        Ok(PasswordChange::Mend(errors)) => {
            show_password(&site, &session, StatusCode::UNPROCESSABLE_ENTITY, errors)
        }
        Err(error) => response::act_problem(&site, &error),
    }
}

fn show_password(
    site: &Site,
    session: &Session,
    status: StatusCode,
    errors: Vec<FieldError>,
) -> Response {
    let page = PasswordPage {
        desk: frame_of_session(session),
        token: session.token().form_token(),
        errors,
    };
    response::desk_page(site, status, || pages::password(page))
}

/// The frame of the desk, for those who are in it.
fn frame_of_session(session: &Session) -> Option<DeskFrame> {
    match session {
        Session::Whole(desk) => Some(frame_of(desk, None)),
        Session::PendingSession(_) => None,
    }
}

/// Whoever may set up the second factor now: signed in, or on the way without one.
fn may_set_up(session: &Session) -> Result<(), Box<Response>> {
    match session {
        Session::PendingSession(half) if half.next() != SignInStep::SetUp => {
            Err(Box::new(response::redirect(next_step(half))))
        }
        Session::Whole(_) | Session::PendingSession(_) => Ok(()),
    }
}

/// The page to set up the second factor.
pub async fn second_factor_page(State(site): State<Arc<Site>>, request: Request) -> Response {
    let session = match session_of(&site, request.headers()).await {
        Ok(session) => session,
        Err(response) => return *response,
    };
    if let Err(response) = may_set_up(&session) {
        return *response;
    }
    show_second_factor(&site, &session, StatusCode::OK, None, Vec::new()).await
}

/// Sets it up.
pub async fn second_factor(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (session, form) = match session_posted(&site, request).await {
        Ok(both) => both,
        Err(response) => return *response,
    };
    if let Err(response) = may_set_up(&session) {
        return *response;
    }
    let (field, code) = (form.get("secret"), form.get("code"));
    let done = match &session {
        Session::PendingSession(half) => site.pledge.set_up_second_factor(half, field, code).await,
        Session::Whole(desk) => match site.pledge.prove(desk, form.get("password")).await {
            Ok(Ok(proved)) => {
                site.pledge
                    .replace_second_factor(desk, &proved, field, code)
                    .await
            }
            Ok(Err(error)) => Ok(SetUp::Mend(error)),
            Err(error) => Err(error),
        },
    };
    let mend = StatusCode::UNPROCESSABLE_ENTITY;
    match done {
        Ok(SetUp::Done { token, codes }) => {
            let page = RecoveryCodesPage { codes };
            let shown = response::desk_page(&site, StatusCode::OK, || pages::recovery_codes(page));
            with_cookie(shown, &token)
        }
        Ok(SetUp::Mend(error)) => {
            show_second_factor(&site, &session, mend, Some(field), vec![error]).await
        }
        Ok(SetUp::Old) => {
            let error = FieldError {
                field: "code",
                key: "error.code.old",
            };
            show_second_factor(&site, &session, mend, None, vec![error]).await
        }
        Err(error) => response::act_problem(&site, &error),
    }
}

/// `field`: the secret that was shown before, to show the same again.
async fn show_second_factor(
    site: &Site,
    session: &Session,
    status: StatusCode,
    field: Option<&str>,
    errors: Vec<FieldError>,
) -> Response {
    let pledge = &site.pledge;
    let staff: &StaffRow = session.staff();
    let again = field.and_then(|field| {
        let secret = pledge.shown_second_factor(staff, field)?;
        Some((secret, field.to_owned()))
    });
    let (secret, field) = again.unwrap_or_else(|| pledge.new_second_factor(staff));
    let codes_left = match pledge.store.recovery_codes_left(&staff.id).await {
        Ok(left) => left,
        Err(error) => return response::act_problem(site, &error.into()),
    };
    let address = secret.address(&staff.name);
    let page = SecondFactorPage {
        desk: frame_of_session(session),
        token: session.token().form_token(),
        groups: secret.groups(),
        qr_code: qr_code::svg(&address).unwrap_or_default(),
        address,
        field,
        codes_left,
        errors,
    };
    response::desk_page(site, status, || pages::second_factor(page))
}

/// One's own sessions.
pub async fn sessions_page(State(site): State<Arc<Site>>, request: Request) -> Response {
    let desk = match signed_in(&site, request.headers()).await {
        Ok(desk) => desk,
        Err(response) => return *response,
    };
    show_sessions(&site, &desk, request.uri().query()).await
}

/// Ends one of them, or all the others.
pub async fn end_sessions(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (desk, form) = match posted(&site, request).await {
        Ok(both) => both,
        Err(response) => return *response,
    };
    let ended = match form.get("session") {
        "" => site.pledge.end_other_sessions(&desk).await,
        one => site.pledge.end_own_session(&desk, one).await,
    };
    match ended {
        Ok(()) => response::redirect("/desk/sessions?done=sessions"),
        Err(error) => response::act_problem(&site, &error),
    }
}

async fn show_sessions(site: &Site, desk: &StaffSession, query: Option<&str>) -> Response {
    match site.pledge.own_sessions(desk).await {
        Ok(sessions) => {
            let page = model::SessionsPage {
                desk: frame_of(desk, query),
                sessions,
            };
            response::desk_page(site, StatusCode::OK, || pages::sessions(page))
        }
        Err(error) => response::act_problem(site, &error),
    }
}

// The next code of a sample person that was not taken yet; `None` for half a minute when two were taken at once.
fn next_code(secret: &Secret, last_step: i64, now: i64) -> Option<String> {
    let here = now.div_euclid(STEP_SECONDS);
    let next = here.max(last_step + 1);
    (next <= here + 1).then(|| secret.code(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_code_is_one_that_was_not_taken() {
        let secret = Secret::from_base32(&"ABCD".repeat(8)).unwrap();
        let now = 100 * STEP_SECONDS;
        for (last, shown) in [
            (0, Some(100)),
            (99, Some(100)),
            (100, Some(101)),
            (101, None),
        ] {
            assert_eq!(
                next_code(&secret, last, now),
                shown.map(|step| secret.code(step))
            );
        }
    }
}
