//! Where a view stands in the safety lane, and what to do there.

use crate::frame::{self, waiting};
use app::any_view::{AnyView, IntoAny};
use app::components::{Look, hidden, submit};
use app::messages::{t, tf};
use domain::lifecycle::{Action, Lane, State};
use domain::retention;
use leptos::prelude::*;
use model::DeskViewPage;
use model::urls;

/// What to do with a view in the safety lane, step by step.
pub(crate) fn what_to_do() -> AnyView {
    view! {
        <section class="bubble rose" aria-labelledby="what-to-do">
            <h2 id="what-to-do">{t("desk.view.safety.title")}</h2>
            <ol>
                <li>{t("desk.view.safety.first")}</li>
                <li>{t("desk.view.safety.second")}</li>
                <li>{t("desk.view.safety.third")}</li>
                <li>{t("desk.view.safety.fourth")}</li>
                <li>{t("desk.view.safety.fifth")}</li>
            </ol>
        </section>
    }
    .into_any()
}

pub(super) fn safety_panel(page: &DeskViewPage) -> AnyView {
    let row = &page.row;
    if row.state == State::Withdrawn {
        return withdrawn(page);
    }
    let lane = match row.lane {
        Lane::Ordinary => return ().into_any(),
        Lane::Waiting => tf(
            "desk.view.safety.waiting",
            &[("wait", &waiting(row.turn, row.waiting_days))],
        ),
        Lane::Opened => t("desk.view.safety.opened"),
        Lane::Claimed => t("desk.view.safety.taken"),
        Lane::HandedOver => t("desk.view.safety.handed-over"),
        Lane::Released => t("desk.view.safety.released"),
    };
    // The steps are for adults; a young triager sees a shared view with this one line only.
    let steps = (page.desk.role.sees_safety_lane() && row.lane != Lane::Released).then(what_to_do);
    let taker = page
        .taken_by
        .as_ref()
        .map(|name| view! { <p>{tf("desk.alerts.taken-by", &[("name", name)])}</p> });
    let open_end = row
        .ended_in_open_lane
        .then(|| view! { <p class="bubble rose">{t("desk.view.open-end")}</p> });
    view! {
        <p class="lane">
            <strong>{lane}</strong>
        </p>
        {open_end}
        {taker}
        {take(page)}
        {steps}
    }
    .into_any()
}

// The sender took it back. What is left says that it was there, and what people at the desk did.
fn withdrawn(page: &DeskViewPage) -> AnyView {
    let days = retention::WITHDRAWN_IN_LANE.days.to_string();
    let opened = match page.row.lane {
        Lane::Waiting => t("desk.view.withdrawn.unread"),
        Lane::Ordinary | Lane::Opened | Lane::Claimed | Lane::HandedOver | Lane::Released => {
            t("desk.view.withdrawn.read")
        }
    };
    let seen = page.row.nobody_for.map(|clock| {
        let class = if clock.overdue { "wait late" } else { "wait" };
        view! {
            <p class=class>{frame::nobody_for(clock)}</p>
            <form method="post" action=urls::desk_view_act(&page.row.id, "seen") id="act-seen">
                {hidden("token", &page.desk.token)} {hidden("version", &page.version.to_string())}
                <p>{t("action.seen.hint")}</p>
                {submit(t("action.seen.button"), Look::Main)}
            </form>
        }
    });
    view! {
        <section class="bubble rose" aria-labelledby="withdrawn">
            <h2 id="withdrawn">{t("desk.view.withdrawn.title")}</h2>
            <p>{opened}</p>
            <p>{tf("desk.view.withdrawn.kept", &[("days", &days)])}</p>
        </section>
        {seen}
    }
    .into_any()
}

// Nobody has claimed it yet: one press claims it, and ends its alerts.
fn take(page: &DeskViewPage) -> AnyView {
    let wait = page.row.nobody_for.map(|clock| {
        let class = if clock.overdue { "wait late" } else { "wait" };
        view! { <p class=class>{frame::nobody_for(clock)}</p> }
    });
    let may = page.possible.contains(&Action::Claim).then(|| {
        view! {
            <form method="post" action=urls::desk_view_act(&page.row.id, "take") id="act-take">
                {hidden("token", &page.desk.token)} {hidden("version", &page.version.to_string())}
                <p>{t("action.take.hint")}</p> {submit(t("action.take.button"), Look::Main)}
            </form>
        }
    });
    view! { {wait} {may} }.into_any()
}
