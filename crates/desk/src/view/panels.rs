//! The panels beside a view: the sender's name, the time limits, and recusal.

use super::actions::{act, draft_of, field_id, press, with_reason};
use app::any_view::{AnyView, IntoAny};
use app::components::{Field, FieldText, Look, Voice, bubble, error_for, text_field, typed_text};
use app::messages::{day, t, tf};
use leptos::prelude::*;
use model::{DeskViewPage, SenderLimits};

// Names at the desk are no longer.
const NAME_MAX: usize = 60;

pub(super) fn name_panel(page: &DeskViewPage) -> AnyView {
    let body = if let Some(identity) = &page.identity {
        view! {
            {bubble(Voice::Young, String::new(), typed_text(identity))}
            <p>{t("desk.view.name-open")}</p>
            <p>{t("desk.view.name-told")}</p>
        }
        .into_any()
    } else if !page.has_identity {
        view! { <p>{t("desk.view.name-none")}</p> }.into_any()
    } else if !page.may_open_identity {
        view! { <p>{t("desk.view.name-others")}</p> }.into_any()
    } else {
        view! {
            <p>{t("desk.view.name-given")}</p>
            {open_name(page)}
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="name-title">
            <h2 id="name-title">{t("desk.view.name")}</h2>
            {body}
        </section>
    }
    .into_any()
}

fn open_name(page: &DeskViewPage) -> AnyView {
    with_reason(page, "name")
}

pub(super) fn limits_panel(page: &DeskViewPage) -> AnyView {
    let when = match page.limits.told {
        SenderLimits::Held => t("limits.desk-held"),
        SenderLimits::Ended { quiet, words, rest } => {
            let goes = match words {
                Some(on) => tf(
                    "limits.desk-ended",
                    &[("words", &day(on)), ("rest", &day(rest))],
                ),
                None => tf("limits.desk-rest", &[("rest", &day(rest))]),
            };
            match quiet {
                Some(on) => format!("{} {goes}", tf("limits.desk-quiet", &[("day", &day(on))])),
                None => goes,
            }
        }
        SenderLimits::Open { last: Some(on), .. } => tf("limits.desk-last", &[("day", &day(on))]),
        SenderLimits::Open { last: None, .. } | SenderLimits::Bare(_) => t("limits.desk-open"),
    };
    let form = page.limits.may_hold.then(|| {
        if page.limits.held {
            with_reason(page, "unhold")
        } else {
            with_reason(page, "hold")
        }
    });
    view! {
        <section aria-labelledby="limits-title">
            <h2 id="limits-title">{t("limits.desk-title")}</h2>
            <p>{when}</p>
            {form}
        </section>
    }
    .into_any()
}

// Recusal: from a view that is about oneself, and of somebody else.
pub(super) fn away_panel(page: &DeskViewPage) -> AnyView {
    let other = page.desk.role.sees_safety_lane().then(|| {
        let id = field_id(page, "keep-away", "name");
        let typed = draft_of(page, "keep-away").map_or("", |draft| draft.reason.as_str());
        let field = Field {
            error: error_for(&page.errors, &id),
            id,
            name: "name",
            label: t("action.keep-away.label"),
            ..Field::default()
        };
        let text = FieldText {
            max: Some(NAME_MAX),
            ..FieldText::default()
        };
        act(
            page,
            "keep-away",
            Look::Danger,
            text_field(field, typed, text),
        )
    });
    view! {
        <section aria-labelledby="away-title">
            <h2 id="away-title">{t("desk.view.away")}</h2>
            {press(page, "step-aside")}
            {other}
        </section>
    }
    .into_any()
}
