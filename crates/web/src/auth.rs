//! Who a request of the desk comes from. One layer stands before every handler of staff: it resolves the session, checks
//! where a form comes from, and checks the role; then it puts what it found beside the request. Only this module can make
//! a [`Staff`], an [`AnySession`], a [`PostedForm`] or a [`TypedForm`], so a handler that takes one has been guarded. Knows no route and
//! no page.

use crate::access::{Access, Denied};
use crate::error::WebError;
use crate::form::{self, FORM_BYTES, Form, KEPT_BYTES};
use crate::live::SiteHandle;
use crate::response;
use crate::site::Site;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::MethodRouter;
use domain::desk_act::{ItemAct, ViewAct};
use model::{FieldError, Problem, SignInPage, urls};
use service::ActError;
use service::sign_in::{PendingSession, Session, SessionToken, SignInStep, StaffSession, same};
use std::ops::Deref;
use std::sync::Arc;

/// The cookie of a staff session. Young people get none.
const COOKIE: &str = "__Host-s";

/// A member of staff who is signed in and whose role may use the address.
#[derive(Clone)]
pub struct Staff(Arc<StaffSession>);

impl Deref for Staff {
    type Target = StaffSession;

    fn deref(&self) -> &StaffSession {
        &self.0
    }
}

/// A session, active or pending, for the steps of signing in.
#[derive(Clone)]
pub struct AnySession(Arc<Session>);

impl Deref for AnySession {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.0
    }
}

/// The form of a POST that comes from a page of this session.
#[derive(Clone)]
pub struct PostedForm(Arc<Form>);

impl Deref for PostedForm {
    type Target = Form;

    fn deref(&self) -> &Form {
        &self.0
    }
}

/// The form of an address that takes texts: sent by a page of this session, or come back after the session in which it was
/// typed had ended. Then it is only to be shown again.
#[derive(Clone)]
pub struct TypedForm {
    form: Arc<Form>,
    has_come_back: bool,
}

impl TypedForm {
    /// What to say on the page that shows it again; none where it is to be carried out.
    pub fn come_back(&self) -> Option<FieldError> {
        let (field, key) = ("page", "error.desk.kept");
        self.has_come_back.then_some(FieldError { field, key })
    }
}

impl Deref for TypedForm {
    type Target = Form;

    fn deref(&self) -> &Form {
        &self.form
    }
}

/// What the guard put beside the request. Without a guard there is nothing, and nothing is answered.
fn guarded<T: Clone + Send + Sync + 'static>(parts: &Parts) -> Result<T, WebError> {
    let found = parts.extensions.get::<T>().cloned();
    found.ok_or_else(|| ActError::Internal("route-without-guard").into())
}

impl<S: Sync> FromRequestParts<S> for Staff {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Staff, WebError> {
        guarded(parts)
    }
}

impl<S: Sync> FromRequestParts<S> for AnySession {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<AnySession, WebError> {
        guarded(parts)
    }
}

impl<S: Sync> FromRequestParts<S> for PostedForm {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<PostedForm, WebError> {
        guarded(parts)
    }
}

impl<S: Sync> FromRequestParts<S> for TypedForm {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<TypedForm, WebError> {
        guarded(parts)
    }
}

/// The layer before the handlers of one address.
#[derive(Clone)]
pub struct AccessGuard {
    live: SiteHandle,
    access: Access,
    denied: Denied,
    form_bytes: usize,
    keeps_texts: bool,
}

impl AccessGuard {
    /// Enforces this access.
    pub fn new(live: SiteHandle, access: Access) -> AccessGuard {
        AccessGuard {
            live,
            access,
            denied: Denied::Forbidden,
            form_bytes: FORM_BYTES,
            keeps_texts: false,
        }
    }

    /// What a person of another role gets.
    pub(crate) fn with_denied(self, denied: Denied) -> AccessGuard {
        AccessGuard { denied, ..self }
    }

    /// How long a form of this address may be.
    pub(crate) fn with_form_bytes(self, form_bytes: usize) -> AccessGuard {
        AccessGuard { form_bytes, ..self }
    }

    /// Whether what is typed in a form of this address outlives its session.
    pub(crate) fn with_kept_texts(self, keeps_texts: bool) -> AccessGuard {
        AccessGuard {
            keeps_texts,
            ..self
        }
    }

    /// Stands before these handlers. A method that none of them takes is answered without it.
    pub fn protect(self, handlers: MethodRouter<SiteHandle>) -> MethodRouter<SiteHandle> {
        match self.access {
            Access::Anyone => handlers,
            Access::Entering | Access::Roles(_) => {
                handlers.route_layer(middleware::from_fn_with_state(self, enforce))
            }
        }
    }
}

/// The order is part of what is promised: first where the request comes from, then who it comes from, then whether its
/// form is one of their pages', and last what their role may do.
async fn enforce(
    State(guard): State<AccessGuard>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
    next: Next,
) -> Result<Response, WebError> {
    let site = guard.live.site();
    let (mut parts, mut body) = request.into_parts();
    if !form::same_origin(&parts.method, &parts.headers) {
        return Err(Problem::Forbidden.into());
    }
    let is_form = parts.method != Method::GET && parts.method != Method::HEAD;
    let session = match session_of(&site, &parts.headers).await {
        Err(WebError::Redirect(to)) if is_form && guard.keeps_texts => {
            return Ok(sign_in_first(&site, Request::from_parts(parts, body), to).await);
        }
        found => found?,
    };
    if is_form {
        let request = Request::from_parts(parts.clone(), std::mem::take(&mut body));
        put_form(&site, &guard, &session, request, &mut parts).await?;
    }
    match guard.access {
        Access::Anyone => {}
        Access::Entering => {
            parts.extensions.insert(AnySession(Arc::new(session)));
        }
        Access::Roles(roles) => {
            let desk = match session {
                Session::Active(desk) => desk,
                Session::Pending(half) => return Err(next_step(&half)),
            };
            if !roles.contains(&desk.staff.role) {
                return Err(denied(&site, &desk, guard.denied, params.ok()).await?);
            }
            parts.extensions.insert(Staff(Arc::new(desk)));
        }
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// Reads the form of a POST and puts it beside the request, if it comes from a page of this session; one that has come back
/// to its person only to be shown again.
async fn put_form(
    site: &Site,
    guard: &AccessGuard,
    session: &Session,
    request: Request,
    parts: &mut Parts,
) -> Result<(), WebError> {
    let most = if guard.keeps_texts {
        guard.form_bytes.max(KEPT_BYTES)
    } else {
        guard.form_bytes
    };
    let form = form::read_form(request, most).await?;
    let (token, owner) = form
        .get("token")
        .split_once('.')
        .unwrap_or((form.get("token"), ""));
    if guard.keeps_texts {
        let (pledge, staff) = (&site.pledge, &session.staff().id);
        let kept = pledge.kept_form(form.get("kept"), staff);
        if let Some(kept) = kept.filter(|kept| kept.path == parts.uri.path()) {
            let form = Arc::new(Form::from_fields(kept.fields.clone()));
            parts.extensions.insert(TypedForm {
                form,
                has_come_back: true,
            });
            return Ok(());
        }
        // Typed in a session of theirs that has ended, and sent in this one.
        let is_own = || {
            pledge
                .owner_of_form(owner)
                .is_some_and(|owner| owner == *staff)
        };
        let has_come_back = !same(token, &session.token().form_token());
        if has_come_back && !is_own() {
            return Err(Problem::Forbidden.into());
        }
        let form = Arc::new(form);
        parts.extensions.insert(TypedForm {
            form,
            has_come_back,
        });
        return Ok(());
    }
    if !same(token, &session.token().form_token()) {
        return Err(Problem::Forbidden.into());
    }
    parts.extensions.insert(PostedForm(Arc::new(form)));
    Ok(())
}

/// The answer to a form whose session has ended: the page to sign in, which carries what was typed along for the person on
/// whose page it stood. `to`: where everything else goes.
async fn sign_in_first(site: &Site, request: Request, to: &'static str) -> Response {
    let path = request.uri().path().to_owned();
    let kept = match form::read_form(request, KEPT_BYTES).await {
        Ok(form) => {
            let owner = form
                .get("token")
                .split_once('.')
                .map_or("", |(_, owner)| owner);
            let owner = site.pledge.owner_of_form(owner);
            owner.map(|staff| site.pledge.keep_form(&staff, &path, form.pairs()))
        }
        Err(_) => None,
    };
    // With room for what else stands in the forms that carry it.
    match kept.filter(|kept| kept.len() < KEPT_BYTES - FORM_BYTES) {
        Some(kept) => {
            let page = SignInPage {
                kept,
                ..SignInPage::default()
            };
            response::desk_page(site, StatusCode::OK, || ::desk::sign_in(page))
        }
        None => response::redirect(to),
    }
}

/// What a person of another role is answered. Where the address names a view, that they tried is entered in the audit
/// log; an id that no view has fills no log.
async fn denied(
    site: &Site,
    desk: &StaffSession,
    denied: Denied,
    params: Option<RawPathParams>,
) -> Result<WebError, ActError> {
    let Denied::AboutView(problem) = denied else {
        return Ok(Problem::Forbidden.into());
    };
    let of = |names: &[&str]| {
        let mut all = params.iter().flatten();
        let found = all.find(|(name, _)| names.contains(name));
        found.map(|(_, value)| value)
    };
    let action = match of(&["act"]) {
        Some(act) => act_word(act),
        None => Some("open"),
    };
    if let (Some(view), Some(action)) = (of(&["id", "view"]), action) {
        site.pledge.audit_denied_view(desk, action, view).await?;
    }
    Ok(problem.into())
}

/// The act on a view that this end of an address names.
fn act_word(act: &str) -> Option<&'static str> {
    let on_page = ViewAct::from_id(act).map(ViewAct::id);
    on_page.or_else(|| ItemAct::from_id(act).map(ItemAct::id))
}

/// The session of a request; otherwise the answer to give: sign in.
async fn session_of(site: &Site, headers: &HeaderMap) -> Result<Session, WebError> {
    let token = token_of(headers).ok_or(WebError::Redirect(urls::DESK_SIGN_IN))?;
    match site.pledge.session(token).await? {
        Some(Session::Active(mut desk)) => {
            desk.lane = site.pledge.lane_count(&desk).await?;
            Ok(Session::Active(desk))
        }
        Some(half) => Ok(half),
        None => Err(WebError::Redirect("/desk/sign-in?ended=1")),
    }
}

/// Where a person goes whose sign-in is not complete.
fn next_step(half: &PendingSession) -> WebError {
    WebError::Redirect(match half.next() {
        SignInStep::Password => urls::DESK_PASSWORD,
        SignInStep::SetUp => urls::DESK_SECOND_FACTOR,
        SignInStep::Code => urls::DESK_CODE,
        SignInStep::WaitForKeys => urls::DESK_WAITING,
    })
}

/// The pending session whose next step is this one. A session at another step is sent there, an active one to the desk.
pub fn pending_at(session: &Session, step: SignInStep) -> Result<&PendingSession, WebError> {
    match session {
        Session::Active(_) => Err(WebError::Redirect(urls::DESK)),
        Session::Pending(half) if half.next() == step => Ok(half),
        Session::Pending(half) => Err(next_step(half)),
    }
}

/// An active session, or a pending one whose next step is this one.
pub fn active_or_at(session: &Session, step: SignInStep) -> Result<(), WebError> {
    match session {
        Session::Active(_) => Ok(()),
        Session::Pending(_) => pending_at(session, step).map(drop),
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

/// Sets a session's token in the browser.
pub fn with_cookie(response: Response, token: &SessionToken) -> Response {
    let cookie = format!(
        "{COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Strict",
        token.to_cookie()
    );
    set_cookie(response, &cookie)
}

/// Removes the session's token from the browser.
pub fn without_cookie(response: Response) -> Response {
    let cookie = format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    set_cookie(response, &cookie)
}

fn set_cookie(mut response: Response, cookie: &str) -> Response {
    response::set(response.headers_mut(), header::SET_COOKIE, cookie);
    response
}
