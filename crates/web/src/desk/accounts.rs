//! Accounts, invitations, and the keys of a role.

use super::frame::frame_of;
use crate::auth::{AnySession, PostedForm, Staff, TypedForm, pending_at, with_cookie};
use crate::error::WebError;
use crate::site::Site;
use crate::{form, response};
use ::desk as pages;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use domain::readers::ReaderSet;
use domain::role::Role;
use model::urls;
use model::{
    AccountPage, AccountsPage, FieldError, InvitedPage, JoinPage, KeysPage, Problem, WaitingPage,
};
use service::accounts::{Joined, LAST_READER};
use service::role_keys::key_fingerprint_words;
use service::sign_in::{SignInStep, StaffSession};
use service::{ActError, sign_in::ReauthProof};
use std::sync::Arc;

const MEND: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Everybody's accounts.
pub async fn list(
    State(site): State<Arc<Site>>,
    desk: Staff,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let typed = form::Form::default();
    let (status, query) = (StatusCode::OK, query.as_deref());
    show_list(&site, &desk, status, query, &typed, Vec::new()).await
}

async fn show_list(
    site: &Site,
    desk: &StaffSession,
    status: StatusCode,
    query: Option<&str>,
    typed: &form::Form,
    errors: Vec<FieldError>,
) -> Result<Response, WebError> {
    let accounts = site.pledge.accounts(desk).await?;
    let readers = site.pledge.present_readers().await;
    let unread = ReaderSet::ROLES
        .into_iter()
        .filter(|role| !readers.contains(*role));
    let page = AccountsPage {
        desk: frame_of(desk, query),
        accounts,
        unread: unread.collect(),
        name: typed.text("name"),
        role: typed.text("role"),
        errors,
    };
    Ok(response::desk_page(site, status, || pages::accounts(page)))
}

/// Whether the password typed on the form is theirs; otherwise what to say.
pub(super) async fn proof(
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

pub(super) enum Refusal {
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
pub async fn invite(
    State(site): State<Arc<Site>>,
    desk: Staff,
    headers: HeaderMap,
    form: TypedForm,
) -> Result<Response, WebError> {
    if let Some(error) = form.come_back() {
        return show_list(&site, &desk, MEND, None, &form, vec![error]).await;
    }
    match invited(&site, &desk, &form).await {
        Ok(code) => {
            let (name, origin) = (form.get("name").trim(), origin_of(&site, &headers));
            Ok(show_invitation(&site, &desk, name, &origin, &code))
        }
        Err(Refusal::Mend(error)) => show_list(&site, &desk, MEND, None, &form, vec![error]).await,
        Err(Refusal::Not(error)) => Err(error.into()),
    }
}

async fn invited(site: &Site, desk: &StaffSession, form: &form::Form) -> Result<String, Refusal> {
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
    origin: &str,
    code: &str,
) -> Response {
    let page = InvitedPage {
        desk: frame_of(desk, None),
        name: name.to_owned(),
        address: format!("{origin}{}", urls::desk_join(code)),
    };
    response::desk_page(site, StatusCode::OK, || pages::invited(page))
}

/// The beginning of our addresses: the public address, or else as this browser calls us. Only somebody trying it out does
/// without TLS.
fn origin_of(site: &Site, headers: &HeaderMap) -> String {
    if let Some(public) = &site.pledge.public_url {
        return public.of("");
    }
    let host = form::header_text(headers, header::HOST);
    let local = host.starts_with("127.0.0.1") || host.starts_with("localhost");
    let scheme = if local { "http" } else { "https" };
    format!("{scheme}://{host}")
}

/// One account.
pub async fn one(
    State(site): State<Arc<Site>>,
    desk: Staff,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let (status, query) = (StatusCode::OK, query.as_deref());
    show_one(&site, &desk, &id, status, query, "", Vec::new()).await
}

async fn show_one(
    site: &Site,
    desk: &StaffSession,
    id: &str,
    status: StatusCode,
    query: Option<&str>,
    act: &str,
    errors: Vec<FieldError>,
) -> Result<Response, WebError> {
    let account = site.pledge.account(desk, id).await?;
    let page = AccountPage {
        desk: frame_of(desk, query),
        own: account.id == desk.staff.id,
        account,
        act: act.to_owned(),
        is_last_reader: errors.iter().any(|error| error.key == LAST_READER),
        errors,
    };
    Ok(response::desk_page(site, status, || pages::account(page)))
}

/// An act on an account.
pub async fn act_on_account(
    State(site): State<Arc<Site>>,
    desk: Staff,
    Path((id, act)): Path<(String, String)>,
    headers: HeaderMap,
    form: PostedForm,
) -> Result<Response, WebError> {
    match done(&site, &desk, &id, &act, &form).await {
        Ok(Done::Go(to)) => Ok(response::redirect(&to)),
        Ok(Done::Invited { name, code }) => {
            let origin = origin_of(&site, &headers);
            Ok(show_invitation(&site, &desk, &name, &origin, &code))
        }
        Err(Refusal::Mend(error)) => {
            show_one(&site, &desk, &id, MEND, None, &act, vec![error]).await
        }
        Err(Refusal::Not(error)) => Err(error.into()),
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
    let even_if_last = form.get("nobody") == "yes";
    let back = format!("{}?done={act}", urls::desk_account(id));
    match act {
        "invite-again" => {
            let code = pledge.invite_again(desk, &proved, id, even_if_last).await?;
            return Ok(Done::Invited {
                name: account.name,
                code,
            });
        }
        "remove" => {
            pledge.remove(desk, &proved, id, even_if_last).await?;
            return Ok(Done::Go(format!("{}?done={act}", urls::DESK_ACCOUNTS)));
        }
        _ => {
            let suspended = act == "suspend";
            pledge
                .suspend(desk, &proved, id, suspended, even_if_last)
                .await?;
        }
    }
    Ok(Done::Go(back))
}

/// The page of an invitation. Looking at it does not use it up.
pub async fn join_page(
    State(site): State<Arc<Site>>,
    Path(code): Path<String>,
) -> Result<Response, WebError> {
    show_join(&site, &code, StatusCode::OK, Vec::new()).await
}

/// Takes an invitation.
pub async fn join(
    State(site): State<Arc<Site>>,
    Path(code): Path<String>,
    request: Request,
) -> Result<Response, WebError> {
    if !form::same_origin(request.method(), request.headers()) {
        return Err(Problem::Forbidden.into());
    }
    let form = form::read_form(request, form::FORM_BYTES).await?;
    let (new, again) = (form.get("new"), form.get("again"));
    match site.pledge.join(&code, new, again).await? {
        Joined::Welcome(token) => Ok(with_cookie(response::redirect(urls::DESK), &token)),
        Joined::Mend(errors) => show_join(&site, &code, MEND, errors).await,
        Joined::Gone => Ok(gone(&site)),
    }
}

async fn show_join(
    site: &Site,
    code: &str,
    status: StatusCode,
    errors: Vec<FieldError>,
) -> Result<Response, WebError> {
    let Some(staff) = site.pledge.invited(code).await? else {
        return Ok(gone(site));
    };
    let page = JoinPage {
        code: code.to_owned(),
        name: staff.name,
        role: staff.role,
        errors,
    };
    Ok(response::desk_page(site, status, || {
        pages::join(Some(page))
    }))
}

fn gone(site: &Site) -> Response {
    response::desk_page(site, StatusCode::NOT_FOUND, || pages::join(None))
}

/// For a person who waits until a member of their role grants them the keys.
pub async fn waiting(
    State(site): State<Arc<Site>>,
    session: AnySession,
) -> Result<Response, WebError> {
    let half = pending_at(&session, SignInStep::WaitForKeys)?;
    let page = WaitingPage {
        token: half.token.form_token(),
        role: half.staff.role,
        words: key_fingerprint_words(&half.staff.recipient),
    };
    Ok(response::desk_page(&site, StatusCode::OK, || {
        pages::waiting(page)
    }))
}

/// The keys of one's role.
pub async fn keys_page(
    State(site): State<Arc<Site>>,
    desk: Staff,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let (status, query) = (StatusCode::OK, query.as_deref());
    show_keys(&site, &desk, status, query, "", Vec::new()).await
}

/// Grants somebody the keys of the role, or seals old texts again.
pub async fn keys(
    State(site): State<Arc<Site>>,
    desk: Staff,
    form: PostedForm,
) -> Result<Response, WebError> {
    let (act, person) = (form.get("act"), form.get("person"));
    let done = match proof(&site, &desk, &form).await {
        Err(refusal) => Err(refusal),
        Ok(proved) => match act {
            "let-in" => {
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
        Ok(()) => {
            let to = format!("{}?done={act}", urls::DESK_KEYS);
            Ok(response::redirect(&to))
        }
        Err(Refusal::Mend(error)) => {
            let which = if act == "let-in" { person } else { act };
            show_keys(&site, &desk, MEND, None, which, vec![error]).await
        }
        Err(Refusal::Not(error)) => Err(error.into()),
    }
}

async fn show_keys(
    site: &Site,
    desk: &StaffSession,
    status: StatusCode,
    query: Option<&str>,
    act: &str,
    errors: Vec<FieldError>,
) -> Result<Response, WebError> {
    let pending_members = site.pledge.pending_members(desk).await?;
    let outdated_texts = site.pledge.outdated_texts(desk).await?;
    let page = KeysPage {
        desk: frame_of(desk, query),
        pending_members,
        outdated_texts,
        act: act.to_owned(),
        errors,
    };
    Ok(response::desk_page(site, status, || pages::keys(page)))
}
