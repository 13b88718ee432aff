//! The receipt: six words that open the view again, and whether they were written down right.

use crate::any_view::{AnyView, IntoAny};
use crate::components::{
    Field, FieldText, Look, Voice, bubble, button_link, error_for, error_summary, first_help,
    hidden, journey, submit, text_field, typed_text,
};
use crate::islands::TypeBack;
use crate::messages::{day, t, tf};
use crate::shell::{Bundle, Nav, Shell};
use domain::readers::Promises;
use leptos::prelude::*;
use model::urls;
use model::{FieldError, ReceiptPage, TypedBack};

/// The receipt: six words that open the view again.
pub fn receipt(page: ReceiptPage) -> impl IntoView {
    let promises = Promises::of(page.life, page.readers);
    let worried = page.life.in_safety_lane();
    let help = first_help(worried, promises.unread_as_sent(), &page.help);
    let body = match page.typed_back {
        TypedBack::NotYet | TypedBack::Different => receipt_to_keep(&page),
        TypedBack::Same => receipt_kept(&page),
    };
    let has_islands = page.typed_back != TypedBack::Same;
    view! {
        <Shell title=None nav=Nav::Speak bundle=has_islands.then_some(Bundle::Speak)>
            {help}
            {body}
        </Shell>
    }
}

fn receipt_to_keep(page: &ReceiptPage) -> AnyView {
    let different = page.typed_back == TypedBack::Different;
    let errors = if different {
        vec![FieldError {
            field: "typed",
            key: "error.typed.different",
        }]
    } else {
        Vec::new()
    };
    let typed = Field {
        id: "typed".into(),
        name: "typed",
        label: t("receipt.typed"),
        hint: t("receipt.typed-hint"),
        error: error_for(&errors, "typed"),
    };
    view! {
        {error_summary(&errors)}
        <h1>{t("receipt.title")}</h1>
        <p class="lead">{t("receipt.lead")}</p>
        {six_words(page)}
        <p>{t("receipt.why")}</p>
        <p>{t("receipt.lost")}</p>
        <p>{t("receipt.keep")}</p>
        <form method="post" action=urls::SPEAK autocomplete="off">
            {journey()}
            {hidden("step", "keep")}
            {hidden("ticket", &page.ticket)}
            {text_field(typed, "", FieldText { dir: "ltr", ..FieldText::default() })}
            {receipt_check("typed", "six-words")}
        </form>
    }
    .into_any()
}

fn receipt_kept(page: &ReceiptPage) -> AnyView {
    let next = t(Promises::of(page.life, page.readers).receipt().id());
    view! {
        <h1>{t("receipt.kept-title")}</h1>
        <p class="lead">{t("receipt.kept")}</p>
        {bubble(Voice::Council, t("receipt.next-title"), typed_text(&next))}
        <p>{t("receipt.leave")}</p>
        <div class="actions">
            {button_link(t("receipt.home"), Look::Main, urls::HOME)}
            {button_link(t("receipt.follow"), Look::Plain, urls::FOLLOW)}
        </div>
        <details>
            <summary>{t("receipt.again")}</summary>
            {six_words(page)}
        </details>
    }
    .into_any()
}

/// The six words of a receipt, large.
pub(crate) fn six_words(page: &ReceiptPage) -> AnyView {
    let words = page
        .words
        .iter()
        .map(|word| view! { <li>{word.clone()}</li> })
        .collect_view();
    view! {
        <ol class="receipt bubble" id="six-words" translate="no" lang="en" dir="ltr">{words}</ol>
        <p class="hint">{tf("receipt.sent", &[("date", &day(page.day))])}</p>
    }
    .into_any()
}

/// What is said about the words typed back into a field, which are compared with those shown in an element; and the
/// buttons. Printing needs the island, and its place is kept until then, so that nothing jumps.
fn receipt_check(field: &'static str, words: &'static str) -> AnyView {
    view! {
        <div id="type-back" data-field=field data-words=words>
            <div aria-live="polite">
                <p class="yes" data-line="same" hidden>{t("receipt.same")}</p>
                <p class="hint" data-line="not-yet" hidden>{t("receipt.not-yet")}</p>
            </div>
            <div class="actions">
                {submit(t("receipt.check"), Look::Main)}
                <button type="button" class="button" data-line="print" hidden>{t("receipt.print")}</button>
            </div>
        </div>
        <TypeBack />
    }
    .into_any()
}
