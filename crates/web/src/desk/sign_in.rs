//! Signing in and out, and what proves who somebody is: password, second factor, sessions.

use super::frame::frame_of;
use crate::auth::{
    AnySession, PostedForm, Staff, active_or_at, pending_at, with_cookie, without_cookie,
};
use crate::client_addr;
use crate::error::WebError;
use crate::site::Site;
use crate::{form, qr_code, response};
use ::desk as pages;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::Response;
use model::urls;
use model::{
    CodePage, DeskFrame, FieldError, PasswordPage, Problem, RecoveryCodesPage, SecondFactorPage,
    SessionsPage, SignInPage,
};
use service::sign_in::{
    PasswordChange, PendingSession, Session, SessionToken, SetUp, SignIn, SignInStep,
};
use service::sign_in::{STEP_SECONDS, SecondFactorSecret};
use std::sync::Arc;

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
pub async fn sign_in(
    State(site): State<Arc<Site>>,
    request: Request,
) -> Result<Response, WebError> {
    if !form::same_origin(request.method(), request.headers()) {
        return Err(Problem::Forbidden.into());
    }
    let place = client_addr::place(&site, &request);
    let form = form::read_form(request, form::KEPT_BYTES).await?;
    let kept = form.text("kept");
    let name: String = form.get("name").chars().take(100).collect();
    let (password, recovery) = (form.get("password"), form.get("recovery"));
    let signed_in = site.pledge.sign_in(&name, password, recovery, place);
    let (status, page) = match signed_in.await? {
        SignIn::Welcome(token) => return welcome(&site, token, kept).await,
        SignIn::Wrong => {
            let page = SignInPage {
                name,
                wrong: true,
                kept,
                ..SignInPage::default()
            };
            (StatusCode::UNPROCESSABLE_ENTITY, page)
        }
        SignIn::Wait(wait_seconds) => {
            let page = SignInPage {
                name,
                wait_seconds,
                kept,
                ..SignInPage::default()
            };
            (StatusCode::TOO_MANY_REQUESTS, page)
        }
    };
    Ok(response::desk_page(&site, status, || pages::sign_in(page)))
}

/// After the password: on to the desk, which names the next step. What was typed before the session ended goes along to the
/// code, if it is theirs.
async fn welcome(site: &Site, token: SessionToken, kept: String) -> Result<Response, WebError> {
    if !kept.is_empty()
        && let Some(Session::Pending(half)) = site.pledge.session(token.clone()).await?
        && half.next() == SignInStep::Code
        && site.pledge.kept_form(&kept, &half.staff.id).is_some()
    {
        let page = show_code(site, &half, StatusCode::OK, None, kept);
        return Ok(with_cookie(page, &token));
    }
    Ok(with_cookie(response::redirect(urls::DESK), &token))
}

/// The second step of signing in.
pub async fn code_page(
    State(site): State<Arc<Site>>,
    session: AnySession,
) -> Result<Response, WebError> {
    let half = pending_at(&session, SignInStep::Code)?;
    let none = String::new();
    Ok(show_code(&site, half, StatusCode::OK, None, none))
}

/// Takes a code.
pub async fn code(
    State(site): State<Arc<Site>>,
    session: AnySession,
    form: PostedForm,
) -> Result<Response, WebError> {
    let half = pending_at(&session, SignInStep::Code)?;
    let (status, refused) = match site.pledge.second_step(half, form.get("code")).await? {
        SignIn::Welcome(token) => {
            let kept = site.pledge.kept_form(form.get("kept"), &half.staff.id);
            let to = match &kept {
                Some(kept) => response::redirect_with_form(&kept.path),
                None => response::redirect(urls::DESK),
            };
            return Ok(with_cookie(to, &token));
        }
        SignIn::Wrong => (StatusCode::UNPROCESSABLE_ENTITY, SignIn::Wrong),
        wait => (StatusCode::TOO_MANY_REQUESTS, wait),
    };
    let kept = form.text("kept");
    Ok(show_code(&site, half, status, Some(refused), kept))
}

fn show_code(
    site: &Site,
    half: &PendingSession,
    status: StatusCode,
    refused: Option<SignIn>,
    kept: String,
) -> Response {
    let page = CodePage {
        kept,
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
pub async fn sign_out(
    State(site): State<Arc<Site>>,
    session: AnySession,
) -> Result<Response, WebError> {
    site.pledge.sign_out(&session).await?;
    let mut response = without_cookie(response::redirect(urls::DESK_SIGN_IN));
    response::set(
        response.headers_mut(),
        HeaderName::from_static("clear-site-data"),
        "\"cache\", \"cookies\", \"storage\"",
    );
    Ok(response)
}

/// The page to choose a password: for a person who is signed in, or on the way with a first password.
pub async fn password_page(
    State(site): State<Arc<Site>>,
    session: AnySession,
) -> Result<Response, WebError> {
    active_or_at(&session, SignInStep::Password)?;
    Ok(show_password(&site, &session, StatusCode::OK, Vec::new()))
}

/// Sets a new password.
pub async fn password(
    State(site): State<Arc<Site>>,
    session: AnySession,
    form: PostedForm,
) -> Result<Response, WebError> {
    active_or_at(&session, SignInStep::Password)?;
    let (old, new, again) = (form.get("old"), form.get("new"), form.get("again"));
    let changed = site.pledge.change_password(&*session, old, new, again);
    Ok(match changed.await? {
        PasswordChange::Done(token) => with_cookie(response::redirect(urls::DESK), &token),
        PasswordChange::Mend(errors) => {
            show_password(&site, &session, StatusCode::UNPROCESSABLE_ENTITY, errors)
        }
    })
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
        Session::Active(desk) => Some(frame_of(desk, None)),
        Session::Pending(_) => None,
    }
}

/// The page to set up the second factor: for a person who is signed in, or on the way without one.
pub async fn second_factor_page(
    State(site): State<Arc<Site>>,
    session: AnySession,
) -> Result<Response, WebError> {
    active_or_at(&session, SignInStep::SetUp)?;
    show_second_factor(&site, &session, StatusCode::OK, None, Vec::new()).await
}

/// Sets it up.
pub async fn second_factor(
    State(site): State<Arc<Site>>,
    session: AnySession,
    form: PostedForm,
) -> Result<Response, WebError> {
    active_or_at(&session, SignInStep::SetUp)?;
    let (pledge, field, code) = (&site.pledge, form.get("secret"), form.get("code"));
    let done = match &*session {
        Session::Pending(half) => pledge.set_up_second_factor(half, field, code).await?,
        Session::Active(desk) => match pledge.prove(desk, form.get("password")).await? {
            Ok(proved) => {
                let done = pledge.replace_second_factor(desk, &proved, field, code);
                done.await?
            }
            Err(error) => SetUp::Mend(error),
        },
    };
    let (shown, error) = match done {
        SetUp::Done { token, codes } => {
            let page = RecoveryCodesPage { codes };
            let shown = response::desk_page(&site, StatusCode::OK, || pages::recovery_codes(page));
            return Ok(with_cookie(shown, &token));
        }
        SetUp::Mend(error) => (Some(field), error),
        SetUp::Old => {
            let error = FieldError {
                field: "code",
                key: "error.code.old",
            };
            (None, error)
        }
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    show_second_factor(&site, &session, status, shown, vec![error]).await
}

/// `field`: the secret that was shown before, to show the same again.
async fn show_second_factor(
    site: &Site,
    session: &Session,
    status: StatusCode,
    field: Option<&str>,
    errors: Vec<FieldError>,
) -> Result<Response, WebError> {
    let pledge = &site.pledge;
    let staff = session.staff();
    let again = field.and_then(|field| {
        let secret = pledge.shown_second_factor(staff, field)?;
        Some((secret, field.to_owned()))
    });
    let (secret, field) = again.unwrap_or_else(|| pledge.new_second_factor(staff));
    let codes_left = pledge.recovery_codes_left(staff).await?;
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
    Ok(response::desk_page(site, status, || {
        pages::second_factor(page)
    }))
}

/// One's own sessions.
pub async fn sessions_page(
    State(site): State<Arc<Site>>,
    desk: Staff,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let page = SessionsPage {
        sessions: site.pledge.own_sessions(&desk).await?,
        desk: frame_of(&desk, query.as_deref()),
    };
    Ok(response::desk_page(&site, StatusCode::OK, || {
        pages::sessions(page)
    }))
}

/// Ends one of them, or all the others.
pub async fn end_sessions(
    State(site): State<Arc<Site>>,
    desk: Staff,
    form: PostedForm,
) -> Result<Response, WebError> {
    match form.get("session") {
        "" => site.pledge.end_other_sessions(&desk).await?,
        one => site.pledge.end_own_session(&desk, one).await?,
    }
    Ok(response::redirect("/desk/sessions?done=sessions"))
}

// The next code of a sample person that was not taken yet; `None` for half a minute when two were taken at once.
fn next_code(secret: &SecondFactorSecret, last_step: i64, now: i64) -> Option<String> {
    let here = now.div_euclid(STEP_SECONDS);
    let next = here.max(last_step + 1);
    (next <= here + 1).then(|| secret.code(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_code_is_one_that_was_not_taken() {
        let secret = SecondFactorSecret::from_base32(&"ABCD".repeat(8)).unwrap();
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
