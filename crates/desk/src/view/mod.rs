//! One view at the desk: the words, what happened so far, and what this person can do.

mod actions;
mod panels;
mod safety;
mod texts;

pub(super) use safety::what_to_do;

use super::frame::{self, Here, fact, lane_name, state_name, time, topic_name, turn_name, waiting};
use actions::acts;
use app::any_view::{AnyView, IntoAny};
use app::messages::{t, tf};
use domain::deadlines::is_late;
use domain::lifecycle::{Lane, State};
use domain::view::Subject;
use leptos::prelude::*;
use model::DeskViewPage;
use model::urls;
use panels::{away_panel, limits_panel, name_panel};
use safety::safety_panel;
use texts::{approved, record, words};

/// One view. On a wide screen the words and the record stand beside the acts, on a phone above them.
pub fn view(page: DeskViewPage) -> impl IntoView {
    // The safety lead has no queue, so the way back is the safety lane; so it is for views that are held there.
    let from_safety = page.row.lane != Lane::Ordinary && page.desk.role.sees_safety_lane();
    let (here, back, back_words) = if from_safety {
        (Here::Safety, urls::DESK_SAFETY, t("desk.view.back-safety"))
    } else {
        (Here::Queue, urls::DESK_QUEUE, t("desk.view.back-queue"))
    };
    // Of what its sender withdrew there is only the record.
    let is_gone = page.row.state == State::Withdrawn;
    let body = view! {
        <p class="back"><a href=back>{back_words}</a></p>
        <h1>{page.row.pseudonym.clone()}</h1>
        {facts(&page)}
        <div class="desk-columns">
            <div>
                {words(&page)}
                {safety_panel(&page)}
                {(!is_gone).then(|| view! { <p class="to-actions"><a href="#actions">{t("desk.view.to-actions")}</a></p> })}
                {approved(&page)}
                {record(&page)}
            </div>
            {(!is_gone).then(|| panels_beside(&page))}
        </div>
    };
    let title = format!("{}: {}", page.row.pseudonym, topic_name(page.row.topic));
    frame::page(&page.desk, here, title, &page.errors, body.into_any())
}

// What this person can do, and what else there is to know.
fn panels_beside(page: &DeskViewPage) -> AnyView {
    view! {
        <div>
            {acts(page)}
            {name_panel(page)}
            {limits_panel(page)}
            {away_panel(page)}
        </div>
    }
    .into_any()
}

fn facts(page: &DeskViewPage) -> AnyView {
    let row = &page.row;
    let wait_class = if is_late(row.turn, row.waiting_days) {
        "wait late"
    } else {
        "wait"
    };
    let lane = (row.lane != Lane::Ordinary).then(|| fact(t("desk.view.lane"), lane_name(row.lane)));
    let left_out = (row.about != Subject::Nobody).then(|| {
        let who = t(&format!("about.{}", row.about.id()));
        fact(t("desk.view.left-out"), who)
    });
    let turn = view! {
        {turn_name(row.turn)}
        " "
        <span class=wait_class>{waiting(row.turn, row.waiting_days)}</span>
    };
    let language = row
        .language
        .as_ref()
        .map(|language| fact(t("desk.view.language"), language.clone()));
    let note = row.language.as_ref().map(|language| {
        let words = tf("desk.view.language-note", &[("language", language)]);
        view! { <p class="bubble sky">{words}</p> }
    });
    view! {
        <dl class="facts">
            {fact(t("desk.view.about"), topic_name(row.topic))}
            {fact(t("desk.view.state"), state_name(row.state))}
            {lane}
            {fact(t("desk.view.turn"), turn)}
            {fact(t("desk.view.sent"), time(row.sent))}
            {language}
            {left_out}
        </dl>
        {note}
    }
    .into_any()
}
