//! Signing in, one's own password, second factor and sessions, and the page of those who read nothing.

use super::frame::{self, Here};
use app::any_view::{AnyView, IntoAny};
use app::components::{
    Field, FieldText, Look, error_for, error_summary, hidden, submit, text_field,
};
use app::messages::{t, tf};
use app::shell::{Nav, Shell};
use leptos::prelude::*;
use model::urls;
use model::{
    CodePage, DeskFrame, FieldError, OwnSession, PasswordPage, RecoveryCodesPage, SecondFactorPage,
    SessionsPage, SignInPage,
};

// Most characters of a password, as the server takes it.
const PASSWORD_MAX: usize = 128;
// Most characters of a code that the field takes: a recovery code with blanks.
const CODE_MAX: usize = 60;
// Most characters of a name at the desk that the field takes.
const NAME_MAX: usize = 100;

/// Sign in.
pub fn sign_in(page: SignInPage) -> impl IntoView {
    // One message for both fields: nobody learns which of the two was right.
    let errors: Vec<FieldError> = page
        .wrong
        .then_some(FieldError {
            field: "name",
            key: "error.sign-in.wrong",
        })
        .into_iter()
        .collect();
    let name = Field {
        id: "name".into(),
        name: "name",
        label: t("desk.sign-in.name"),
        error: error_for(&errors, "name"),
        ..Field::default()
    };
    let password = Field {
        id: "password".into(),
        name: "password",
        label: t("desk.sign-in.password"),
        ..Field::default()
    };
    let timed_out = page
        .timed_out
        .then(|| view! { <p class="bubble sky" role="status">{t("desk.sign-in.timed-out")}</p> });
    let wait = wait(page.wait_seconds);
    // A person with a recovery code need not wait, so that nobody can lock them out by typing wrong passwords.
    let recovery = (page.wait_seconds > 0).then(|| {
        let field = Field {
            id: "recovery".into(),
            name: "recovery",
            label: t("desk.sign-in.recovery"),
            hint: t("desk.sign-in.recovery-hint"),
            ..Field::default()
        };
        code_field(field, "off")
    });
    view! {
        <Shell title=Some(frame::title_with(t("desk.sign-in.title"), &errors)) nav=Nav::Elsewhere>
            <div class="desk narrow">
                {timed_out} {kept_words(&page.kept)} {error_summary(&errors)} {wait} <h1>{t("desk.sign-in.title")}</h1>
                <p>{t("desk.sign-in.lead")}</p>
                <p>{t("desk.sign-in.young")} " " <a href=urls::FOLLOW>{t("desk.sign-in.young-link")}</a></p>
                <form method="post" action=urls::DESK_SIGN_IN>
                    {kept(&page.kept)}
                    {text_field(
                        name,
                        &page.name,
                        FieldText { autocomplete: "username", max: Some(NAME_MAX), ..FieldText::default() },
                    )} {password_field(password, "current-password")} {recovery}
                    {submit(t("desk.sign-in.button"), Look::Main)}
                </form>
                <p>{t("desk.sign-in.forgot")}</p>
                <p>{t("desk.sign-in.keys")}</p>
            </div>
        </Shell>
    }
}

// What was typed before the session ended goes along.
fn kept(sealed: &str) -> Option<AnyView> {
    (!sealed.is_empty()).then(|| hidden("kept", sealed))
}

fn kept_words(sealed: &str) -> Option<AnyView> {
    (!sealed.is_empty()).then(|| {
        view! { <p class="bubble sky" role="status">{t("desk.sign-in.kept")}</p> }.into_any()
    })
}

fn wait(seconds: u32) -> Option<impl IntoView> {
    (seconds > 0).then(|| view! { <p class="bubble rose" role="alert">{wait_words(seconds)}</p> })
}

// Minutes when there are several, so that nobody counts seconds.
fn wait_words(seconds: u32) -> String {
    if seconds > 90 {
        tf(
            "desk.sign-in.wait-minutes",
            &[("minutes", &seconds.div_ceil(60).to_string())],
        )
    } else {
        // "1 seconds" would read badly, and one second more does no harm.
        tf(
            "desk.sign-in.wait-seconds",
            &[("seconds", &seconds.max(2).to_string())],
        )
    }
}

pub(super) fn password_field(field: Field, autocomplete: &'static str) -> AnyView {
    text_field(
        field,
        "",
        FieldText {
            kind: "password",
            autocomplete,
            max: Some(PASSWORD_MAX),
            ..FieldText::default()
        },
    )
}

fn code_field(field: Field, autocomplete: &'static str) -> AnyView {
    text_field(
        field,
        "",
        FieldText {
            autocomplete,
            max: Some(CODE_MAX),
            ..FieldText::default()
        },
    )
}

/// The second step of signing in.
pub fn code(page: CodePage) -> impl IntoView {
    let errors: Vec<FieldError> = page
        .wrong
        .then_some(FieldError {
            field: "code",
            key: "error.code.wrong",
        })
        .into_iter()
        .collect();
    let field = Field {
        id: "code".into(),
        name: "code",
        label: t("desk.code.label"),
        hint: t("desk.code.hint"),
        error: error_for(&errors, "code"),
    };
    let sample = page.sample.map(|code| {
        let words = match code {
            Some(code) => tf("desk.code.sample", &[("code", &code)]),
            None => t("desk.code.sample-wait"),
        };
        view! { <p class="bubble sky">{words}</p> }
    });
    let body = view! {
        {kept_words(&page.kept)}
        {wait(page.wait_seconds)}
        <h1>{t("desk.code.title")}</h1>
        <p>{t("desk.code.lead")}</p>
        {sample}
        <form method="post" action=urls::DESK_CODE>
            {hidden("token", &page.token)} {kept(&page.kept)} {code_field(field, "one-time-code")}
            {submit(t("desk.code.button"), Look::Main)}
        </form>
        <p>{t("desk.code.lost")}</p>
    };
    frame::entering(&page.token, t("desk.code.title"), &errors, body.into_any())
}

/// Choose a new password.
pub fn password(page: PasswordPage) -> impl IntoView {
    let field = |id: &'static str, label: String, hint: String| Field {
        id: id.into(),
        name: id,
        label,
        hint,
        error: error_for(&page.errors, id),
    };
    let must = page
        .desk
        .is_none()
        .then(|| view! { <p class="bubble sky">{t("desk.password.must")}</p> });
    let body = view! {
        <div class="narrow">
            <h1>{t("desk.password.title")}</h1>
            {must}
            <p>{t("desk.password.note")}</p>
            <form method="post" action=urls::DESK_PASSWORD>
                {hidden("token", &page.token)}
                {password_field(field("old", t("desk.password.old"), String::new()), "current-password")}
                {password_field(field("new", t("desk.password.new"), t("desk.password.new-hint")), "new-password")}
                {password_field(field("again", t("desk.password.again"), String::new()), "new-password")}
                {submit(t("desk.password.button"), Look::Main)}
            </form>
        </div>
    };
    let title = t("desk.password.title");
    match &page.desk {
        Some(desk) => frame::page(desk, Here::Password, title, &page.errors, body.into_any()),
        None => frame::entering(&page.token, title, &page.errors, body.into_any()),
    }
}

/// Set up the second factor, for the first time or again.
pub fn second_factor(page: SecondFactorPage) -> impl IntoView {
    let field = |id: &'static str, label: String, hint: String| Field {
        id: id.into(),
        name: id,
        label,
        hint,
        error: error_for(&page.errors, id),
    };
    let state = page.desk.is_some().then(|| {
        let left = page.codes_left.to_string();
        let left = match page.codes_left {
            0 => t("desk.second-factor.left-none"),
            1 => t("desk.second-factor.left-one"),
            _ => tf("desk.second-factor.left", &[("count", &left)]),
        };
        view! {
            <p class="bubble mint">{t("desk.second-factor.on")} " " {left}</p>
            <p>{t("desk.second-factor.again")}</p>
        }
    });
    let qr_code = (!page.qr_code.is_empty()).then(|| {
        view! {
            <div
                class="qr"
                role="img"
                aria-label=t("desk.second-factor.qr")
                inner_html=page.qr_code
            ></div>
        }
    });
    // In a pending session the password was typed a moment ago, so it is not asked for twice.
    let password = page.desk.is_some().then(|| {
        password_field(
            field("password", t("desk.proof.label"), String::new()),
            "current-password",
        )
    });
    let body = view! {
        <div class="narrow">
            <h1>{t("desk.second-factor.title")}</h1>
            {state}
            <p>{t("desk.second-factor.why")}</p>
            <ol>
                <li>{t("desk.second-factor.app")}</li>
                <li>
                    {t("desk.second-factor.type")}
                    {qr_code}
                    <p class="bubble"><code id="secret">{page.groups}</code></p>
                    <a href=page.address>{t("desk.second-factor.link")}</a>
                </li>
                <li>{t("desk.second-factor.then")}</li>
            </ol>
            <form method="post" action=urls::DESK_SECOND_FACTOR>
                {hidden("token", &page.token)} {hidden("secret", &page.field)}
                {code_field(
                    field("code", t("desk.second-factor.code"), t("desk.second-factor.code-hint")),
                    "one-time-code",
                )} {password} {submit(t("desk.second-factor.button"), Look::Main)}
            </form>
        </div>
    };
    let title = t("desk.second-factor.title");
    match &page.desk {
        Some(desk) => frame::page(
            desk,
            Here::SecondFactor,
            title,
            &page.errors,
            body.into_any(),
        ),
        None => frame::entering(&page.token, title, &page.errors, body.into_any()),
    }
}

/// The recovery codes, once.
pub fn recovery_codes(page: RecoveryCodesPage) -> impl IntoView {
    let codes = page
        .codes
        .into_iter()
        .map(|code| view! { <li><code>{code}</code></li> })
        .collect_view();
    view! {
        <Shell title=Some(t("desk.recovery.title")) nav=Nav::StaffSession private=true>
            <div class="desk narrow">
                <h1>{t("desk.recovery.title")}</h1>
                <p class="bubble mint">{t("desk.recovery.done")}</p>
                <p>{t("desk.recovery.print")}</p>
                <ol id="recovery-codes">{codes}</ol>
                <p>{t("desk.recovery.use")}</p>
                <p><a class="button main" href=urls::DESK>{t("desk.recovery.go")}</a></p>
            </div>
        </Shell>
    }
}

/// One's own sessions.
pub fn sessions(page: SessionsPage) -> impl IntoView {
    let token = page.desk.token.clone();
    let others = page.sessions.iter().any(|session| !session.this);
    let rows = page
        .sessions
        .into_iter()
        .map(|session| session_row(&token, session))
        .collect_view();
    let all = others.then(|| {
        view! {
            <form method="post" action=urls::DESK_SESSIONS>
                {hidden("token", &token)} {submit(t("desk.sessions.end-others"), Look::Main)}
            </form>
        }
    });
    let body = view! {
        <div class="narrow">
            <h1>{t("desk.sessions.title")}</h1>
            <p>{t("desk.sessions.lead")}</p>
            <ul class="agenda">{rows}</ul>
            {all}
        </div>
    };
    frame::page(
        &page.desk,
        Here::Sessions,
        t("desk.sessions.title"),
        &[],
        body.into_any(),
    )
}

fn session_row(token: &str, session: OwnSession) -> AnyView {
    let began = ago(session.began_minutes);
    let name = match (session.this, session.half) {
        (true, _) => t("desk.sessions.this"),
        (false, true) => tf("desk.sessions.half", &[("ago", &began)]),
        (false, false) => tf("desk.sessions.other", &[("ago", &began)]),
    };
    let end = (!session.this).then(|| {
        view! {
            <form method="post" action=urls::DESK_SESSIONS>
                {hidden("token", token)} {hidden("session", &session.id)}
                {submit(tf("desk.sessions.end", &[("ago", &began)]), Look::Quiet)}
            </form>
        }
    });
    let facts = view! {
        <dl class="facts">
            {frame::fact(t("desk.sessions.began"), began.clone())}
            {frame::fact(t("desk.sessions.seen"), ago(session.seen_minutes))}
        </dl>
    };
    view! { <li><h2>{name}</h2> {facts} {end}</li> }.into_any()
}

// How long ago, in words.
fn ago(minutes: i64) -> String {
    match minutes {
        ..=0 => t("desk.ago.now"),
        1 => t("desk.ago.minute"),
        2..60 => tf("desk.ago.minutes", &[("count", &minutes.to_string())]),
        60..120 => t("desk.ago.hour"),
        _ => tf("desk.ago.hours", &[("count", &(minutes / 60).to_string())]),
    }
}

/// The first page of an administrator, who looks after accounts and reads nothing.
pub fn home(desk: DeskFrame) -> impl IntoView {
    let body = view! {
        <div class="narrow">
            <h1>{t("desk.home.title")}</h1>
            <p>{t("desk.home.reads-nothing")}</p>
            <h2>{t("desk.home.staff-title")}</h2>
            <p>{t("desk.home.staff-after")}</p>
            <p><a class="button main" href=urls::DESK_ACCOUNTS>{t("desk.accounts.title")}</a></p>
            <h2>{t("desk.home.why-title")}</h2>
            <p>{t("desk.home.why")}</p>
        </div>
    };
    frame::page(
        &desk,
        Here::Home,
        t("desk.home.title"),
        &[],
        body.into_any(),
    )
}
