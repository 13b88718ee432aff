//! Accounts, invitations, and the keys of a role.

use super::{frame_of, next_step, posted, session_of, signed_in, with_cookie};
use crate::site::Site;
use crate::{form, response};
use app::pages::desk as pages;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use domain::audience::RoleKey;
use domain::role::Role;
use model::urls;
use model::{
    AccountPage, AccountsPage, FieldError, InvitedPage, JoinPage, KeysPage, Problem, WaitingPage,
};
use service::accounts::Joined;
use service::role_keys::key_fingerprint_words;
use service::sign_in::{Session, SignInStep, StaffSession};
use service::{ActError, sign_in::ReauthProof};
use std::sync::Arc;

const MEND: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Everybody's accounts.
pub async fn list(State(site): State<Arc<Site>>, request: Request) -> Response {
    let desk = match signed_in(&site, request.headers()).await {
        Ok(desk) => desk,
        Err(response) => return *response,
    };
    let typed = form::Form::default();
    let query = request.uri().query();
    show_list(&site, &desk, StatusCode::OK, query, &typed, Vec::new()).await
}

async fn show_list(
    site: &Site,
    desk: &StaffSession,
    status: StatusCode,
    query: Option<&str>,
    typed: &form::Form,
    errors: Vec<FieldError>,
) -> Response {
    match site.pledge.accounts(desk).await {
        Ok(accounts) => {
            let page = AccountsPage {
                desk: frame_of(desk, query),
                accounts,
                name: typed.text("name"),
                role: typed.text("role"),
                errors,
            };
            response::desk_page(site, status, || pages::accounts(page))
        }
        Err(error) => response::act_problem(site, &error),
    }
}

/// Whether the password typed on the form is theirs; otherwise what to say.
async fn proof(
    site: &Site,
    desk: &StaffSession,
    form: &form::Form,
) -> Result<ReauthProof, Refusal> {
    match site.pledge.prove(desk, form.get("password")).await {
        Ok(Ok(proved)) => Ok(proved),
        Ok(Err(error)) => Err(Refusal::Mend(error)),
        Err(error) => Err(Refusal::Not(error)),
    }
}

enum Refusal {
    Mend(FieldError),
    Not(ActError),
}

impl From<ActError> for Refusal {
    fn from(error: ActError) -> Refusal {
        match error {
            ActError::Field(field, key) => Refusal::Mend(FieldError { field, key }),
            error => Refusal::Not(error),
        }
    }
}

/// Invites somebody.
pub async fn invite(State(site): State<Arc<Site>>, request: Request) -> Response {
    let host = host_of(request.headers());
    let (desk, form) = match posted(&site, request).await {
        Ok(both) => both,
        Err(response) => return *response,
    };
    match invited(&site, &desk, &form).await {
        Ok(code) => show_invitation(&site, &desk, form.get("name").trim(), &host, &code),
        Err(Refusal::Mend(error)) => show_list(&site, &desk, MEND, None, &form, vec![error]).await,
        Err(Refusal::Not(error)) => response::act_problem(&site, &error),
    }
}

async fn invited(site: &Site, desk: &StaffSession, form: &form::Form) -> Result<String, Refusal> {
    // Whoever may not do this is told so before any password is looked at.
    site.pledge.accounts(desk).await?;
    let role = Role::from_id(form.get("role")).ok_or(Refusal::Mend(FieldError {
        field: "role",
        key: "error.account.role",
    }))?;
    let proved = proof(site, desk, form).await?;
    Ok(site
        .pledge
        .invite(desk, &proved, form.get("name"), role)
        .await?)
}

fn show_invitation(
    site: &Site,
    desk: &StaffSession,
    name: &str,
    host: &str,
    code: &str,
) -> Response {
    let page = InvitedPage {
        desk: frame_of(desk, None),
        name: name.to_owned(),
        address: format!("{host}{}", urls::desk_join(code)),
    };
    response::desk_page(site, StatusCode::OK, || pages::invited(page))
}

/// The beginning of our addresses, as this browser calls us. Only somebody trying it out does without TLS.
fn host_of(headers: &HeaderMap) -> String {
    let host = form::header_text(headers, header::HOST);
    let local = host.starts_with("127.0.0.1") || host.starts_with("localhost");
    let scheme = if local { "http" } else { "https" };
    format!("{scheme}://{host}")
}

/// One account.
pub async fn one(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let desk = match signed_in(&site, request.headers()).await {
        Ok(desk) => desk,
        Err(response) => return *response,
    };
    let query = request.uri().query();
    show_one(&site, &desk, &id, StatusCode::OK, query, "", Vec::new()).await
}

async fn show_one(
    site: &Site,
    desk: &StaffSession,
    id: &str,
    status: StatusCode,
    query: Option<&str>,
    act: &str,
    errors: Vec<FieldError>,
) -> Response {
    match site.pledge.account(desk, id).await {
        Ok(account) => {
            let page = AccountPage {
                desk: frame_of(desk, query),
                own: account.id == desk.staff.id,
                account,
                act: act.to_owned(),
                errors,
            };
            response::desk_page(site, status, || pages::account(page))
        }
        Err(error) => response::act_problem(site, &error),
    }
}

/// An act on an account.
pub async fn act(
    State(site): State<Arc<Site>>,
    Path((id, act)): Path<(String, String)>,
    request: Request,
) -> Response {
    let host = host_of(request.headers());
    let (desk, form) = match posted(&site, request).await {
        Ok(both) => both,
        Err(response) => return *response,
    };
    match done(&site, &desk, &id, &act, &form).await {
        Ok(Done::Go(to)) => response::redirect(&to),
        Ok(Done::Invited { name, code }) => show_invitation(&site, &desk, &name, &host, &code),
        Err(Refusal::Mend(error)) => {
            show_one(&site, &desk, &id, MEND, None, &act, vec![error]).await
        }
        Err(Refusal::Not(error)) => response::act_problem(&site, &error),
    }
}

enum Done {
    Go(String),
    Invited { name: String, code: String },
}

async fn done(
    site: &Site,
    desk: &StaffSession,
    id: &str,
    act: &str,
    form: &form::Form,
) -> Result<Done, Refusal> {
    let pledge = &site.pledge;
    let account = pledge.account(desk, id).await?;
    if !["suspend", "restore", "remove", "invite-again"].contains(&act) {
        return Err(Refusal::Not(ActError::NotFound));
    }
    let proved = proof(site, desk, form).await?;
    let back = format!("{}?done={act}", urls::desk_account(id));
    match act {
        "invite-again" => {
            let code = pledge.invite_again(desk, &proved, id).await?;
            return Ok(Done::Invited {
                name: account.name,
                code,
            });
        }
        "remove" => {
            pledge.remove(desk, &proved, id).await?;
            return Ok(Done::Go(format!("{}?done={act}", urls::DESK_ACCOUNTS)));
        }
        _ => pledge.suspend(desk, &proved, id, act == "suspend").await?,
    }
    Ok(Done::Go(back))
}

/// The page of an invitation. Looking at it does not use it up.
pub async fn join_page(State(site): State<Arc<Site>>, Path(code): Path<String>) -> Response {
    show_join(&site, &code, StatusCode::OK, Vec::new()).await
}

/// Takes an invitation.
pub async fn join(
    State(site): State<Arc<Site>>,
    Path(code): Path<String>,
    request: Request,
) -> Response {
    if !form::same_origin(request.method(), request.headers()) {
        return response::problem(&site, Problem::Forbidden);
    }
    let form = match form::read_form(request, form::FORM_BYTES).await {
        Ok(form) => form,
        Err(problem) => return response::problem(&site, problem),
    };
    match site
        .pledge
        .join(&code, form.get("new"), form.get("again"))
        .await
    {
        Ok(Joined::Welcome(token)) => with_cookie(response::redirect(urls::DESK), &token),
        Ok(Joined::Mend(errors)) => show_join(&site, &code, MEND, errors).await,
        Ok(Joined::Gone) => gone(&site),
        Err(error) => response::act_problem(&site, &error),
    }
}

async fn show_join(
    site: &Site,
    code: &str,
    status: StatusCode,
    errors: Vec<FieldError>,
) -> Response {
    match site.pledge.invited(code).await {
        Ok(Some(staff)) => {
            let page = JoinPage {
                code: code.to_owned(),
                name: staff.name,
                role: staff.role,
                errors,
            };
            response::desk_page(site, status, || pages::join(Some(page)))
        }
        Ok(None) => gone(site),
        Err(error) => response::act_problem(site, &error),
    }
}

fn gone(site: &Site) -> Response {
    response::desk_page(site, StatusCode::NOT_FOUND, || pages::join(None))
}

/// For somebody who waits to be let in.
pub async fn waiting(State(site): State<Arc<Site>>, request: Request) -> Response {
    match session_of(&site, request.headers()).await {
        Ok(Session::PendingSession(half)) if half.next() == SignInStep::LetIn => {
            let page = WaitingPage {
                token: half.token.form_token(),
                role: half.staff.role,
                words: key_fingerprint_words(&half.staff.recipient),
            };
            response::desk_page(&site, StatusCode::OK, || pages::waiting(page))
        }
        Ok(Session::PendingSession(half)) => response::redirect(next_step(&half)),
        Ok(Session::Whole(_)) => response::redirect(urls::DESK),
        Err(response) => *response,
    }
}

/// The keys of one's role.
pub async fn keys_page(State(site): State<Arc<Site>>, request: Request) -> Response {
    let desk = match signed_in(&site, request.headers()).await {
        Ok(desk) => desk,
        Err(response) => return *response,
    };
    let query = request.uri().query();
    show_keys(&site, &desk, StatusCode::OK, query, "", Vec::new()).await
}

/// Lets somebody in, or seals again.
pub async fn keys(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (desk, form) = match posted(&site, request).await {
        Ok(both) => both,
        Err(response) => return *response,
    };
    if !has_keys(&desk) {
        return response::problem(&site, Problem::Forbidden);
    }
    let act = form.get("act");
    let done = match proof(&site, &desk, &form).await {
        Err(refusal) => Err(refusal),
        Ok(proved) => match act {
            "let-in" => {
                let person = form.get("person");
                let done = site.pledge.grant_keys(&desk, &proved, person).await;
                done.map_err(Refusal::from)
            }
            "seal-again" => {
                let done = site.pledge.reseal(&desk, &proved).await;
                done.map(drop).map_err(Refusal::from)
            }
            _ => Err(Refusal::Not(ActError::NotFound)),
        },
    };
    match done {
        Ok(()) => response::redirect(&format!("{}?done={act}", urls::DESK_KEYS)),
        Err(Refusal::Mend(error)) => {
            let which = if act == "let-in" {
                form.get("person")
            } else {
                act
            };
            show_keys(&site, &desk, MEND, None, which, vec![error]).await
        }
        Err(Refusal::Not(error)) => response::act_problem(&site, &error),
    }
}

fn has_keys(desk: &StaffSession) -> bool {
    !RoleKey::of(desk.staff.role).is_empty()
}

async fn show_keys(
    site: &Site,
    desk: &StaffSession,
    status: StatusCode,
    query: Option<&str>,
    act: &str,
    errors: Vec<FieldError>,
) -> Response {
    if !has_keys(desk) {
        return response::problem(site, Problem::Forbidden);
    }
    let found = match site.pledge.pending_members(desk).await {
        Ok(pending_members) => site
            .pledge
            .outdated_texts(desk)
            .await
            .map(|old| (pending_members, old)),
        Err(error) => Err(error),
    };
    match found {
        Ok((pending_members, outdated_texts)) => {
            let page = KeysPage {
                desk: frame_of(desk, query),
                pending_members,
                outdated_texts,
                act: act.to_owned(),
                errors,
            };
            response::desk_page(site, status, || pages::keys(page))
        }
        Err(error) => response::act_problem(site, &error),
    }
}
