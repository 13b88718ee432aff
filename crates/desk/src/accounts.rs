//! Accounts for the administrator, taking an invitation, and the keys of a role.

use super::frame::{self, Here};
use super::sign_in::password_field;
use app::any_view::{AnyView, IntoAny};
use app::components::{
    Choice, Field, FieldText, Look, OptionGroup, checkbox, error_for, hidden, select, submit,
    text_field,
};
use app::messages::{t, tf};
use app::shell::{Nav, Shell};
use domain::role::Role;
use leptos::prelude::*;
use model::urls;
use model::{
    Account, AccountPage, AccountState, AccountsPage, InvitedPage, JoinPage, KeysPage,
    PendingMember, WaitingPage,
};

// Most characters of a name at the desk.
const NAME_MAX: usize = 60;

// The password again, on forms that touch accounts and keys. `id`: several stand on one page.
pub(super) fn proof(id: String, error: Option<String>) -> AnyView {
    let field = Field {
        id,
        name: "password",
        label: t("desk.proof.label"),
        hint: String::new(),
        error,
    };
    password_field(field, "current-password")
}

/// Everybody's accounts.
pub fn accounts(page: AccountsPage) -> impl IntoView {
    let rows = page.accounts.iter().map(account_row).collect_view();
    let name = Field {
        id: "name".into(),
        name: "name",
        label: t("desk.accounts.name"),
        hint: t("desk.accounts.name-hint"),
        error: error_for(&page.errors, "name"),
    };
    let role = Field {
        id: "role".into(),
        name: "role",
        label: t("desk.accounts.role"),
        error: error_for(&page.errors, "role"),
        ..Field::default()
    };
    let choice = |value: &str, label: String| Choice {
        value: value.to_owned(),
        label,
        hint: String::new(),
    };
    let mut options = vec![choice("", t("desk.accounts.role-choose"))];
    options.extend(Role::ALL.map(|role| choice(role.id(), frame::role_name(role))));
    let roles = vec![OptionGroup {
        label: String::new(),
        lang: None,
        options,
    }];
    let unread = (!page.unread.is_empty()).then(|| {
        let roles: Vec<String> = page.unread.iter().map(|role| frame::role_name(*role)).collect();
        let roles = roles.join(", ");
        view! {
            <p class="bubble rose" id="unread" role="status">{tf("desk.accounts.unread", &[("roles", &roles)])}</p>
        }
    });
    let name_text = FieldText {
        max: Some(NAME_MAX),
        ..FieldText::default()
    };
    let body = view! {
        <h1>{t("desk.accounts.title")}</h1>
        <p>{t("desk.accounts.lead")}</p>
        {unread}
        <h2>{t("desk.accounts.everybody")}</h2>
        <ul class="agenda">{rows}</ul>
        <h2>{t("desk.accounts.invite")}</h2>
        <form method="post" action=urls::DESK_ACCOUNTS class="narrow">
            {hidden("token", &page.desk.token)} {text_field(name, &page.name, name_text)}
            {select(role, roles, &page.role)} {proof("password".into(), error_for(&page.errors, "password"))}
            {submit(t("desk.accounts.invite-button"), Look::Main)}
        </form>
    };
    frame::page(
        &page.desk,
        Here::Accounts,
        t("desk.accounts.title"),
        &page.errors,
        body.into_any(),
    )
}

fn account_row(account: &Account) -> AnyView {
    let (name, address) = (account.name.clone(), urls::desk_account(&account.id));
    view! {
        <li>
            <h3><a href=address>{name}</a></h3>
            <p>{frame::role_name(account.role)} ". " {state_words(account.state)}</p>
        </li>
    }
    .into_any()
}

fn state_words(state: AccountState) -> String {
    t(&format!("desk.account-state.{}", state.id()))
}

/// One account.
pub fn account(page: AccountPage) -> impl IntoView {
    let account = &page.account;
    let acts: &[&'static str] = match account.state {
        _ if page.own => &[],
        AccountState::Suspended => &["restore", "remove"],
        AccountState::Invited | AccountState::Late => &["invite-again", "remove"],
        AccountState::Begun | AccountState::Waiting | AccountState::Active => {
            &["suspend", "invite-again", "remove"]
        }
    };
    let forms = acts
        .iter()
        .map(|act| {
            let error = (page.act == *act)
                .then(|| error_for(&page.errors, "password"))
                .flatten();
            // The error summary links to the field of the form that was sent.
            let id = if page.act == *act {
                "password".to_owned()
            } else {
                format!("password-{act}")
            };
            let nobody = (page.act == *act && page.is_last_reader).then(even_if_last);
            view! {
                <details class="act" open=page.act == *act>
                    <summary>{t(&format!("desk.account.{act}"))}</summary>
                    <form method="post" action=urls::desk_account_act(&account.id, act)>
                        <p>{t(&format!("desk.account.{act}-note"))}</p>
                        {hidden("token", &page.desk.token)} {nobody} {proof(id, error)}
                        {submit(t(&format!("desk.account.{act}-button")), Look::Main)}
                    </form>
                </details>
            }
        })
        .collect_view();
    let own = page.own.then(|| view! { <p>{t("desk.account.own")}</p> });
    let body = view! {
        <div class="narrow">
            <p class="back"><a href=urls::DESK_ACCOUNTS>{t("desk.account.back")}</a></p>
            <h1>{account.name.clone()}</h1>
            <p>{frame::role_name(account.role)} ". " {state_words(account.state)}</p>
            {own} {forms}
        </div>
    };
    frame::page(
        &page.desk,
        Here::Accounts,
        account.name.clone(),
        &page.errors,
        body.into_any(),
    )
}

// A second step for the last reader of a role, offered once the first was refused.
fn even_if_last() -> AnyView {
    let nobody = Field {
        id: "nobody".into(),
        name: "nobody",
        label: t("desk.account.last-confirm"),
        hint: t("desk.account.last-note"),
        ..Field::default()
    };
    checkbox(nobody, false)
}

/// An invitation, shown once.
pub fn invited(page: InvitedPage) -> impl IntoView {
    let body = view! {
        <div class="narrow">
            <h1>{tf("desk.invited.title", &[("name", &page.name)])}</h1>
            <p>{t("desk.invited.give")}</p>
            <p class="bubble typed"><code id="invitation">{page.address}</code></p>
            <p>{t("desk.invited.once")}</p>
            <p>{t("desk.invited.then")}</p>
            <p><a href=urls::DESK_ACCOUNTS>{t("desk.account.back")}</a></p>
        </div>
    };
    frame::page(
        &page.desk,
        Here::Accounts,
        tf("desk.invited.title", &[("name", &page.name)]),
        &[],
        body.into_any(),
    )
}

/// Accept an invitation, or learn that it is no longer valid.
pub fn join(page: Option<JoinPage>) -> impl IntoView {
    let Some(page) = page else {
        return view! {
            <Shell title=Some(t("desk.join.gone-title")) nav=Nav::StaffSession private=true>
                <div class="desk narrow">
                    <h1>{t("desk.join.gone-title")}</h1>
                    <p>{t("desk.join.gone")}</p>
                    <p><a href=urls::DESK_SIGN_IN>{t("desk.join.sign-in")}</a></p>
                </div>
            </Shell>
        }
        .into_any();
    };
    let field = |id: &'static str, label: String, hint: String| Field {
        id: id.into(),
        name: id,
        label,
        hint,
        error: error_for(&page.errors, id),
    };
    let new = password_field(
        field("new", t("desk.password.new"), t("desk.password.new-hint")),
        "new-password",
    );
    let again = password_field(
        field("again", t("desk.password.again"), String::new()),
        "new-password",
    );
    let role = frame::role_name(page.role);
    let who = tf("desk.join.who", &[("name", &page.name), ("role", &role)]);
    let summary = app::components::error_summary(&page.errors);
    let title = frame::title_with(t("desk.join.title"), &page.errors);
    view! {
        <Shell title=Some(title) nav=Nav::StaffSession private=true>
            <div class="desk narrow" id="page">
                {summary} <h1>{t("desk.join.title")}</h1> <p class="bubble sky">{who}</p>
                <p>{t("desk.join.password")}</p>
                <form method="post" action=urls::desk_join(&page.code)>
                    {new} {again}
                    {submit(t("desk.join.button"), Look::Main)}
                </form>
                <p>{t("desk.password.note")}</p>
            </div>
        </Shell>
    }
    .into_any()
}

/// For a member whom nobody has granted the keys of their role yet.
pub fn waiting(page: WaitingPage) -> impl IntoView {
    let role = frame::role_name(page.role);
    let body = view! {
        <h1>{t("desk.waiting.title")}</h1>
        <p>{tf("desk.waiting.who", &[("role", &role)])}</p>
        <p>{t("desk.waiting.words")}</p>
        <p class="bubble mint"><strong id="four-words">{page.words}</strong></p>
        <p><a class="button" href=urls::DESK>{t("desk.waiting.again")}</a></p>
    };
    frame::entering(&page.token, t("desk.waiting.title"), &[], body.into_any())
}

/// The keys of one's role.
pub fn keys(page: KeysPage) -> impl IntoView {
    let error = |act: &str| {
        let error = error_for(&page.errors, "password");
        (page.act == act).then_some(error).flatten()
    };
    let id = |act: &str| {
        if page.act == act {
            "password".to_owned()
        } else {
            format!("password-{act}")
        }
    };
    let rows = page
        .pending_members
        .iter()
        .map(|newcomer| {
            newcomer_row(
                &page.desk.token,
                newcomer,
                id(&newcomer.id),
                error(&newcomer.id),
            )
        })
        .collect_view();
    let nobody = page
        .pending_members
        .is_empty()
        .then(|| view! { <p class="empty">{t("desk.keys.nobody")}</p> });
    let seal = if page.outdated_texts == 0 {
        view! { <p class="empty">{t("desk.keys.seal-none")}</p> }.into_any()
    } else {
        let count = page.outdated_texts.to_string();
        view! {
            <p>{tf("desk.keys.seal-count", &[("count", &count)])}</p>
            <form method="post" action=urls::DESK_KEYS>
                {hidden("token", &page.desk.token)} {hidden("act", "seal-again")}
                {proof(id("seal-again"), error("seal-again"))} {submit(t("desk.keys.seal-button"), Look::Main)}
            </form>
        }
        .into_any()
    };
    let body = view! {
        <div class="narrow">
            <h1>{t("desk.keys.title")}</h1>
            <p>{t("desk.keys.lead")}</p>
            <h2>{t("desk.keys.waiting")}</h2>
            {nobody}
            <ul class="agenda">{rows}</ul>
            <h2>{t("desk.keys.seal")}</h2>
            <p>{t("desk.keys.seal-why")}</p>
            {seal}
        </div>
    };
    frame::page(
        &page.desk,
        Here::Keys,
        t("desk.keys.title"),
        &page.errors,
        body.into_any(),
    )
}

fn newcomer_row(
    token: &str,
    newcomer: &PendingMember,
    id: String,
    error: Option<String>,
) -> AnyView {
    let role = frame::role_name(newcomer.role);
    let name = tf(
        "desk.keys.newcomer",
        &[("name", &newcomer.name), ("role", &role)],
    );
    let words = newcomer.words.clone();
    view! {
        <li>
            <h3>{name}</h3>
            <p>{t("desk.keys.compare")}</p>
            <p class="bubble mint"><strong>{words}</strong></p>
            <form method="post" action=urls::DESK_KEYS>
                {hidden("token", token)} {hidden("act", "let-in")} {hidden("person", &newcomer.id)}
                {proof(id, error)}
                {submit(tf("desk.keys.let-in", &[("name", &newcomer.name)]), Look::Main)}
            </form>
        </li>
    }
    .into_any()
}
