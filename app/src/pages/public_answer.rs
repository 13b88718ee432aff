//! What everybody reads of a decision: in public, on its sender's page, and before it is published.

use crate::any_view::{AnyView, IntoAny};
use crate::components::typed_text;
use crate::messages::{day, t, tf};
use domain::date::Date;
use leptos::prelude::*;
use model::PublicAnswer;

/// The kind in plain words, what was decided, why, and who must do it by when.
pub fn public_answer(answer: &PublicAnswer) -> AnyView {
    let until = answer.until.map(day).unwrap_or_default();
    let kind = answer.kind.map(|kind| {
        let words = tf(&format!("kind.{}.public", kind.id()), &[("date", &until)]);
        view! { <p><strong>{words}</strong></p> }
    });
    let why = (!answer.why.is_empty()).then(|| {
        view! {
            <p class="who">{t("you-said.why")}</p>
            {typed_text(&answer.why)}
        }
    });
    let owner = answer.due.map(|due| {
        let values = [("owner", answer.owner.clone()), ("date", day(due))];
        let values = values
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        view! { <p>{tf("you-said.owner", &values)}</p> }
    });
    view! { {kind}{typed_text(&answer.decided)}{why}{owner} }.into_any()
}

/// At which meeting it was decided, or on which day before it.
pub fn decided_line(meeting: Date, early: Option<Date>) -> String {
    let meeting = day(meeting);
    match early {
        None => tf("you-said.decided-at", &[("meeting", &meeting)]),
        Some(on) => tf(
            "you-said.decided-early",
            &[("day", &day(on)), ("meeting", &meeting)],
        ),
    }
}
