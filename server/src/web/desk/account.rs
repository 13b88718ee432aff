//! Signing in and out, and passwords.

use super::{COOKIE, any_posted, any_signed_in, frame_of};
use crate::service::sessions::SignIn;
use crate::web::{Site, form, reply};
use app::model::{PasswordPage, Problem, SignInPage};
use app::pages::desk as pages;
use app::urls;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use std::sync::Arc;

/// The sign-in page.
pub async fn sign_in_page(State(site): State<Arc<Site>>, request: Request) -> Response {
    let query = form::Form::from_query(request.uri().query());
    let page = SignInPage {
        timed_out: query.get("ended") == "1",
        ..SignInPage::default()
    };
    reply::desk_page(&site, StatusCode::OK, || pages::sign_in(page))
}

/// Signs in.
pub async fn sign_in(State(site): State<Arc<Site>>, request: Request) -> Response {
    if !form::same_origin(request.method(), request.headers()) {
        return reply::problem(&site, Problem::Forbidden);
    }
    let form = match form::read(request, form::FORM_BYTES).await {
        Ok(form) => form,
        Err(problem) => return reply::problem(&site, problem),
    };
    let name: String = form.get("name").chars().take(100).collect();
    match site.pledge.sign_in(&name, form.get("password")).await {
        Ok(SignIn::Welcome(token)) => {
            let mut response = reply::redirect(urls::DESK);
            let cookie = format!(
                "{COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Strict",
                token.to_cookie()
            );
            reply::set(response.headers_mut(), header::SET_COOKIE, &cookie);
            response
        }
        Ok(SignIn::Wrong) => {
            let page = SignInPage {
                name,
                wrong: true,
                ..SignInPage::default()
            };
            reply::desk_page(&site, StatusCode::UNPROCESSABLE_ENTITY, || {
                pages::sign_in(page)
            })
        }
        Ok(SignIn::Wait(wait_seconds)) => {
            let page = SignInPage {
                name,
                wait_seconds,
                ..SignInPage::default()
            };
            reply::desk_page(&site, StatusCode::TOO_MANY_REQUESTS, || {
                pages::sign_in(page)
            })
        }
        Err(error) => reply::act_problem(&site, &error),
    }
}

/// Signs out and clears what the browser holds.
pub async fn sign_out(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (desk, _) = match any_posted(&site, request).await {
        Ok(both) => both,
        Err(response) => return *response,
    };
    if let Err(error) = site.pledge.sign_out(&desk).await {
        return reply::act_problem(&site, &error);
    }
    let mut response = reply::redirect(urls::DESK_SIGN_IN);
    let gone = format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    reply::set(response.headers_mut(), header::SET_COOKIE, &gone);
    let clear = header::HeaderName::from_static("clear-site-data");
    reply::set(
        response.headers_mut(),
        clear,
        "\"cache\", \"cookies\", \"storage\"",
    );
    response
}

/// The page to choose a password.
pub async fn password_page(State(site): State<Arc<Site>>, request: Request) -> Response {
    let desk = match any_signed_in(&site, request.headers()).await {
        Ok(desk) => desk,
        Err(response) => return *response,
    };
    let page = PasswordPage {
        must_change: desk.staff.must_change,
        desk: frame_of(&desk, None),
        errors: Vec::new(),
    };
    reply::desk_page(&site, StatusCode::OK, || pages::password(page))
}

/// Sets a new password.
pub async fn password(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (desk, form) = match any_posted(&site, request).await {
        Ok(both) => both,
        Err(response) => return *response,
    };
    match site
        .pledge
        .change_password(&desk, form.get("old"), form.get("new"), form.get("again"))
        .await
    {
        Ok(errors) if errors.is_empty() => reply::redirect("/desk"),
        Ok(errors) => {
            let page = PasswordPage {
                must_change: desk.staff.must_change,
                desk: frame_of(&desk, None),
                errors,
            };
            reply::desk_page(&site, StatusCode::UNPROCESSABLE_ENTITY, || {
                pages::password(page)
            })
        }
        Err(error) => reply::act_problem(&site, &error),
    }
}
