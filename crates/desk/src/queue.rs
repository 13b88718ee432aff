//! SpeakerBox's queue and the safety lane. Both read like an inbox: who has waited longest stands first.

use super::frame::{self, Here, lane_name, state_name, topic_name, waiting};
use app::any_view::{AnyView, IntoAny};
use app::components::{Choice, Field, Look, OptionGroup, hidden, select, submit};
use app::messages::{day, t, tf};
use domain::deadlines::is_late;
use domain::lifecycle::Lane;
use domain::role::Role;
use domain::view::Topic;
use leptos::prelude::*;
use model::urls;
use model::{Burst, QueueFilter, QueuePage, QueueRow, QueueShow};

/// SpeakerBox's queue, or the safety lane.
pub fn queue(page: QueuePage) -> impl IntoView {
    if page.safety {
        safety_lane(page)
    } else {
        speakerbox_queue(page)
    }
}

fn speakerbox_queue(page: QueuePage) -> AnyView {
    // Young triagers read hard things: say each time that they may stop.
    let care =
        (page.desk.role == Role::Speakerbox).then(|| view! { <p>{t("desk.queue.care")}</p> });
    let body = view! {
        <h1>{t("desk.queue.title")}</h1>
        <p>{t("desk.queue.lead")}</p>
        {care}
        {tabs(page.filter, &page.counts)}
        {topic_form(page.filter)}
        {rows(&page.rows, t("desk.queue.list"), empty_words(page.filter))}
        {folds(&page)}
        {ending(&page)}
    };
    let title = format!("{}: {}", t("desk.queue.title"), show_name(page.filter.show));
    frame::page(&page.desk, Here::Queue, title, &[], body.into_any())
}

// What nothing happens to, with the day on which each ends by itself.
fn ending(page: &QueuePage) -> Option<AnyView> {
    let rows = page.ending.iter().map(|view| {
        let href = urls::desk_view(&view.id);
        view! { <li><a href=href>{view.pseudonym.clone()}</a> ": " {frame::time(view.day)}</li> }
    });
    (!page.ending.is_empty()).then(|| {
        view! {
            <section aria-labelledby="ending">
                <h2 id="ending">{t("desk.queue.ending")}</h2>
                <p>{t("desk.queue.ending-lead")}</p>
                <ul>{rows.collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

fn safety_lane(page: QueuePage) -> AnyView {
    // Who keeps children safe must know that nobody is called when they are not here.
    let told = if page.alerts_outside {
        view! { <p>{t("desk.alerts.told")}</p> }.into_any()
    } else {
        view! { <p class="bubble rose"><strong>{t("desk.alerts.untold")}</strong></p> }.into_any()
    };
    let body = view! {
        <h1>{t("desk.safety.title")}</h1>
        <p>{t("desk.safety.lead")}</p>
        <p>{t("desk.safety.private")}</p>
        {told}
        <p>{t("desk.alerts.hours")}</p>
        {rows(&page.rows, t("desk.safety.list"), t("desk.safety.empty"))}
        {super::view::what_to_do()}
        {folds(&page)}
    };
    frame::page(
        &page.desk,
        Here::Safety,
        t("desk.safety.title"),
        &[],
        body.into_any(),
    )
}

fn show_name(show: QueueShow) -> String {
    t(&format!("queue.show.{}", show.id()))
}

fn tabs(filter: QueueFilter, counts: &[usize]) -> AnyView {
    let items = QueueShow::ALL
        .into_iter()
        .enumerate()
        .map(|(at, show)| {
            let name = show_name(show);
            let words = match counts.get(at) {
                Some(count) => tf("desk.queue.tab", &[("show", &name), ("count", &count.to_string())]),
                None => name,
            };
            let current = (show == filter.show).then_some("page");
            view! { <li><a href=address(QueueFilter { show, ..filter }) aria-current=current>{words}</a></li> }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=t("desk.queue.tabs")><ul>{items}</ul></nav> }.into_any()
}

fn address(filter: QueueFilter) -> String {
    let topic = filter
        .topic
        .map(|topic| format!("&topic={}", topic.id()))
        .unwrap_or_default();
    format!("{}?show={}{topic}", urls::DESK_QUEUE, filter.show.id())
}

fn topic_form(filter: QueueFilter) -> AnyView {
    let all = Choice {
        value: String::new(),
        label: t("desk.queue.topic-all"),
        hint: String::new(),
    };
    let topics = Topic::ALL.iter().map(|topic| Choice {
        value: topic.id().into(),
        label: topic_name(*topic),
        hint: String::new(),
    });
    let group = OptionGroup {
        label: String::new(),
        lang: None,
        options: std::iter::once(all).chain(topics).collect(),
    };
    let field = Field {
        id: "topic".into(),
        name: "topic",
        label: t("desk.queue.topic"),
        ..Field::default()
    };
    let clear = filter.topic.is_some().then(|| {
        let href = address(QueueFilter {
            topic: None,
            ..filter
        });
        view! { <a href=href>{t("desk.queue.topic-clear")}</a> }
    });
    view! {
        <form method="get" action=urls::DESK_QUEUE class="desk-filter">
            {hidden("show", filter.show.id())}
            {select(field, vec![group], filter.topic.map(Topic::id).unwrap_or_default())}
            {submit(t("desk.queue.topic-button"), Look::Plain)} {clear}
        </form>
    }
    .into_any()
}

fn empty_words(filter: QueueFilter) -> String {
    if filter.topic.is_some() {
        return t("desk.queue.empty-topic");
    }
    match filter.show {
        QueueShow::Waiting => t("desk.queue.empty-waiting"),
        QueueShow::Asked => t("desk.queue.empty-asked"),
        QueueShow::Approved => t("desk.queue.empty-approved"),
        QueueShow::Committee => t("desk.queue.empty-committee"),
        QueueShow::Disputed => t("desk.queue.empty-disputed"),
        QueueShow::Ended => t("desk.queue.empty-ended"),
        QueueShow::All => t("desk.queue.empty-all"),
    }
}

// What came in a burst, each in one line; or the way on and back in one that is open.
fn folds(page: &QueuePage) -> AnyView {
    if let Some(open) = page.filter.burst {
        let count = page.folds.first().map_or(0, |fold| fold.count);
        return open_fold(page, open, count);
    }
    if page.folds.is_empty() {
        return ().into_any();
    }
    let lines = page
        .folds
        .iter()
        .map(|fold| {
            let (count, topic) = (fold.count.to_string(), topic_name(fold.burst.topic));
            let values = [("count", count.as_str()), ("topic", &topic), ("day", &day(fold.burst.day))];
            view! { <li><a href=fold_address(page, fold.burst)>{tf("desk.fold.open", &values)}</a></li> }
        })
        .collect_view();
    view! {
        <section class="bubble answer" aria-labelledby="folds">
            <h2 id="folds">{t("desk.fold.title")}</h2>
            <p>{t("desk.fold.lead")}</p>
            <ul>{lines}</ul>
        </section>
    }
    .into_any()
}

fn open_fold(page: &QueuePage, open: Burst, count: usize) -> AnyView {
    let last = (open.from + page.rows.len()).min(count);
    let (first, shown, all) = (
        (open.from + 1).to_string(),
        last.to_string(),
        count.to_string(),
    );
    let where_words = (last > open.from).then(|| {
        let values = [("first", first.as_str()), ("last", &shown), ("count", &all)];
        view! { <p>{tf("desk.fold.shown", &values)}</p> }
    });
    let more = (last < count).then(|| {
        let next = Burst { from: last, ..open };
        let left = (count - last).min(Burst::PAGE).to_string();
        view! { <p><a href=fold_address(page, next)>{tf("desk.fold.more", &[("count", &left)])}</a></p> }
    });
    let back = if page.safety {
        urls::DESK_SAFETY.to_owned()
    } else {
        address(QueueFilter {
            burst: None,
            ..page.filter
        })
    };
    view! {
        {where_words}
        {more}
        <p><a href=back>{t("desk.fold.all")}</a></p>
    }
    .into_any()
}

fn fold_address(page: &QueuePage, burst: Burst) -> String {
    let query = format!(
        "burst={}:{}&from={}",
        burst.day,
        burst.topic.id(),
        burst.from
    );
    if page.safety {
        format!("{}?{query}", urls::DESK_SAFETY)
    } else {
        format!(
            "{}&{query}",
            address(QueueFilter {
                burst: None,
                ..page.filter
            })
        )
    }
}

fn rows(rows: &[QueueRow], title: String, empty: String) -> AnyView {
    let list = if rows.is_empty() {
        view! { <p class="bubble answer empty">{empty}</p> }.into_any()
    } else {
        view! { <ol class="inbox">{rows.iter().map(row).collect_view()}</ol> }.into_any()
    };
    view! {
        <h2>{title}</h2>
        {list}
    }
    .into_any()
}

fn row(row: &QueueRow) -> AnyView {
    let class = if row.unread { "unread" } else { "" };
    let unread = row
        .unread
        .then(|| view! { <strong class="tag new">{t("desk.queue.unread")}</strong> });
    let lane = (row.lane != Lane::Ordinary)
        .then(|| view! { <span class="tag">{lane_name(row.lane)}</span> });
    let language = row.language.as_ref().map(|language| {
        let words = tf("desk.view.language-pages", &[("language", language)]);
        view! { <span class="tag">{words}</span> }
    });
    let handed = row
        .handed
        .then(|| view! { <span class="tag">{t("desk.view.handed")}</span> });
    let open_end = row
        .ended_in_open_lane
        .then(|| view! { <strong class="tag new">{t("desk.view.open-end-tag")}</strong> });
    let (late, wait) = match row.nobody_for {
        Some(clock) => (clock.overdue, frame::nobody_for(clock)),
        None => (
            is_late(row.turn, row.waiting_days),
            waiting(row.turn, row.waiting_days),
        ),
    };
    let wait_class = if late { "wait late" } else { "wait" };
    view! {
        <li class=class>
            <h3><a href=urls::desk_view(&row.id)>{row.pseudonym.clone()}</a></h3>
            <p class=wait_class>{wait}</p>
            <p class="about">
                <span>{topic_name(row.topic)}</span>
                <span>{state_name(row.state)}</span>
                <span>{tf("desk.queue.sent", &[("day", &day(row.sent))])}</span>
            </p>
            <p class="tags">{unread} {open_end} {lane} {language} {handed}</p>
        </li>
    }
    .into_any()
}
