//! Signing in, one's own password, and the page of those who read nothing.

use super::frame::{self, Here};
use crate::components::{
    Field, FieldText, Look, error_for, error_summary, hidden, submit, text_field,
};
use crate::model::{DeskFrame, FieldError, PasswordPage, SignInPage};
use crate::shell::{Nav, Shell};
use crate::urls;
use crate::words::{t, tf};
use leptos::prelude::*;

// Most characters of a password, as the server takes it.
const PASSWORD_MAX: usize = 128;
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
    let wait = (page.wait_seconds > 0)
        .then(|| view! { <p class="bubble rose" role="alert">{wait_words(page.wait_seconds)}</p> });
    view! {
        <Shell title=Some(frame::title_with(t("desk.sign-in.title"), &errors)) nav=Nav::Elsewhere>
            <div class="desk narrow">
                {timed_out} {error_summary(&errors)} {wait} <h1>{t("desk.sign-in.title")}</h1>
                <p>{t("desk.sign-in.lead")}</p>
                <p>{t("desk.sign-in.young")} " " <a href=urls::FOLLOW>{t("desk.sign-in.young-link")}</a></p>
                <form method="post" action=urls::DESK_SIGN_IN>
                    {text_field(
                        name,
                        &page.name,
                        FieldText { autocomplete: "username", max: Some(NAME_MAX), ..FieldText::default() },
                    )} {password_field(password, "current-password")}
                    {submit(t("desk.sign-in.button"), Look::Main)}
                </form>
                <p>{t("desk.sign-in.forgot")}</p>
                <p>{t("desk.sign-in.keys")}</p>
            </div>
        </Shell>
    }
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

fn password_field(field: Field, autocomplete: &'static str) -> AnyView {
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
        .must_change
        .then(|| view! { <p class="bubble sky">{t("desk.password.must")}</p> });
    let body = view! {
        <div class="narrow">
            <h1>{t("desk.password.title")}</h1>
            {must}
            <p>{t("desk.password.note")}</p>
            <form method="post" action=urls::DESK_PASSWORD>
                {hidden("token", &page.desk.token)}
                {password_field(field("old", t("desk.password.old"), String::new()), "current-password")}
                {password_field(field("new", t("desk.password.new"), t("desk.password.new-hint")), "new-password")}
                {password_field(field("again", t("desk.password.again"), String::new()), "new-password")}
                {submit(t("desk.password.button"), Look::Main)}
            </form>
        </div>
    };
    frame::page(
        &page.desk,
        Here::Password,
        t("desk.password.title"),
        &page.errors,
        body.into_any(),
    )
}

/// The first page of an administrator, who looks after accounts and reads nothing.
pub fn home(desk: DeskFrame) -> impl IntoView {
    let body = view! {
        <div class="narrow">
            <h1>{t("desk.home.title")}</h1>
            <p>{t("desk.home.reads-nothing")}</p>
            <h2>{t("desk.home.staff-title")}</h2>
            <p>{t("desk.home.staff")}</p>
            <pre><code>"pledge staff --help"</code></pre>
            <p>{t("desk.home.staff-after")}</p>
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
