//! Who is on call for the safety lane: now and next, days without anybody, turns, one's own address, and drills.

use super::accounts::proof;
use super::frame::{self, Here, time};
use app::any_view::{AnyView, IntoAny};
use app::components::{
    Choice, Field, FieldText, Look, OptionGroup, date_field, error_for, hidden, select, submit,
    text_field,
};
use app::messages::{day, t, tf};
use domain::on_call::LAST_RANK;
use leptos::prelude::*;
use model::on_call::{DrillLine, DutyLine, OnCallNow, OnCallPage, TurnForm};
use model::urls;

// Most characters of an e-mail address.
const ADDRESS_MAX: usize = 254;

/// The whole page.
pub fn on_call(page: OnCallPage) -> impl IntoView {
    let untold = (!page.now.outside)
        .then(|| view! { <p class="bubble rose"><strong>{t("desk.alerts.untold")}</strong></p> });
    let turns = if page.now.turns.is_empty() {
        view! { <p class="bubble answer empty">{t("on-call.turns-none")}</p> }.into_any()
    } else {
        let rows = page.now.turns.iter().map(|turn| turn_row(&page, turn));
        view! { <ul class="agenda">{rows.collect_view()}</ul> }.into_any()
    };
    let new = if page.act == "add" {
        page.typed.clone()
    } else {
        fresh()
    };
    let body = view! {
        <h1>{t("on-call.title")}</h1>
        {page.now.outside.then(|| view! { <p>{t("on-call.lead")}</p> })}
        {untold}
        {now(&page.now)}
        {page.now.gaps.iter().map(|days| gap(days, page.now.outside)).collect_view()}
        <h2>{t("on-call.turns")}</h2>
        {turns}
        <section class="narrow" aria-labelledby="add">
            <h2 id="add">{t("on-call.add")}</h2>
            {turn_form(&page, "add", &new)}
        </section>
        {address(&page)}
        {drills(&page)}
    };
    frame::page(
        &page.desk,
        Here::OnCall,
        t("on-call.title"),
        &page.errors,
        body.into_any(),
    )
}

fn fresh() -> TurnForm {
    TurnForm {
        rank: "1".to_owned(),
        ..TurnForm::default()
    }
}

// Who is alerted now, who after them, and who is next on another day. Where no channel is set up, no sentence
// says that an alert goes out.
fn now(on_call: &OnCallNow) -> AnyView {
    let names = on_call
        .now
        .iter()
        .map(|name| view! { <li>{name.clone()}</li> });
    let (order, nobody) = match on_call.outside {
        true => (t("on-call.order"), t("on-call.nobody-now")),
        false => (t("on-call.order-untold"), t("on-call.nobody-untold")),
    };
    let last = on_call
        .outside
        .then(|| view! { <li>{t("on-call.then-settings")}</li> });
    let names = (!on_call.now.is_empty())
        .then(|| view! { <p>{order}</p> <ol>{names.collect_view()} {last}</ol> });
    let nobody = on_call
        .now
        .is_empty()
        .then(|| view! { <p class="bubble amber">{nobody}</p> });
    let next = on_call.next.as_ref().map(|(from, name)| {
        let values = [("day", day(*from)), ("name", name.clone())];
        let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
        view! { <p>{tf("on-call.next", &values)}</p> }
    });
    view! {
        <h2>{t("on-call.now")}</h2>
        {nobody}
        {names}
        {next}
    }
    .into_any()
}

fn gap((from, to): &(domain::date::Date, domain::date::Date), outside: bool) -> AnyView {
    let (from, to) = (day(*from), day(*to));
    let values = [("from", from.as_str()), ("to", to.as_str())];
    let words = match outside {
        true => tf("on-call.gap", &values),
        false => tf("on-call.gap-untold", &values),
    };
    view! { <p class="bubble amber">{words}</p> }.into_any()
}

fn turn_row(page: &OnCallPage, line: &DutyLine) -> AnyView {
    let turn = &line.turn;
    let mistake = page.act == "change" && page.typed.id == line.id;
    let form = if mistake {
        page.typed.clone()
    } else {
        TurnForm {
            id: line.id.clone(),
            from: turn.from.to_string(),
            to: turn.to.to_string(),
            staff: turn.staff.clone(),
            rank: turn.rank.to_string(),
        }
    };
    let silent =
        (!line.is_alerted).then(|| view! { <p class="bubble amber">{t("on-call.no-address")}</p> });
    let rank = tf("on-call.rank-of", &[("rank", &turn.rank.to_string())]);
    let of = [("name", line.name.as_str())];
    view! {
        <li>
            <h3>{line.name.clone()}</h3>
            <p class="tags">
                <span>{time(turn.from)} " – " {time(turn.to)}</span>
                <span class="tag">{rank}</span>
            </p>
            {silent}
            <details open=mistake>
                <summary>{tf("on-call.change", &of)}</summary>
                {turn_form(page, "change", &form)}
                <form method="post" action=urls::DESK_ON_CALL>
                    {hidden("token", &page.desk.token)} {hidden("act", "remove")}
                    {hidden("id", &line.id)} {submit(tf("on-call.remove", &of), Look::Quiet)}
                </form>
            </details>
        </li>
    }
    .into_any()
}

// The form of a turn. Several stand on one page, so the ids of their fields end with the turn's; those of the form with a
// mistake are the plain ones, to which the summary of errors links.
fn turn_form(page: &OnCallPage, act: &'static str, form: &TurnForm) -> AnyView {
    let mistake = page.act == act && page.typed.id == form.id;
    let field = |name: &'static str, label: &str| Field {
        id: match mistake || (act == "add" && page.act != "change") {
            true => name.to_owned(),
            false => format!("{name}-{act}-{}", form.id),
        },
        name,
        label: t(label),
        error: mistake.then(|| error_for(&page.errors, name)).flatten(),
        ..Field::default()
    };
    let choice = |value: &str, label: String| Choice {
        value: value.to_owned(),
        label,
        hint: String::new(),
    };
    let group = |options: Vec<Choice>| {
        vec![OptionGroup {
            label: String::new(),
            lang: None,
            options,
        }]
    };
    let mut people = vec![choice("", t("on-call.choose"))];
    people.extend(page.now.people.iter().map(|person| {
        let name = &[("name", person.name.as_str())];
        let label = match person.has_address {
            true => person.name.clone(),
            false => tf("on-call.person-silent", name),
        };
        choice(&person.id, label)
    }));
    let ranks = (1..=LAST_RANK).map(|rank| {
        let rank = rank.to_string();
        choice(&rank, tf("on-call.rank-of", &[("rank", &rank)]))
    });
    let id = (!form.id.is_empty()).then(|| hidden("id", &form.id));
    view! {
        <form method="post" action=urls::DESK_ON_CALL>
            {hidden("token", &page.desk.token)} {hidden("act", act)} {id}
            {select(field("staff", "on-call.who"), group(people), &form.staff)}
            {date_field(field("from", "on-call.from"), &form.from)}
            {date_field(field("to", "on-call.to"), &form.to)}
            {select(field("rank", "on-call.rank"), group(ranks.collect()), &form.rank)}
            {submit(t("on-call.save"), Look::Main)}
        </form>
    }
    .into_any()
}

fn address(page: &OnCallPage) -> AnyView {
    let own = page.act == "address";
    let field = Field {
        id: "address".into(),
        name: "address",
        label: t("on-call.address"),
        hint: t("on-call.address-hint"),
        error: error_for(&page.errors, "address"),
    };
    let text = FieldText {
        kind: "email",
        autocomplete: "email",
        max: Some(ADDRESS_MAX),
        ..FieldText::default()
    };
    let value = page.address.as_ref().unwrap_or(&page.now.own_address);
    let wrong = own.then(|| error_for(&page.errors, "password")).flatten();
    view! {
        <section class="narrow" aria-labelledby="own">
            <h2 id="own">{t("on-call.own")}</h2>
            <p>{t("on-call.own-lead")}</p>
            <form method="post" action=urls::DESK_ON_CALL>
                {hidden("token", &page.desk.token)} {hidden("act", "address")}
                {text_field(field, value, text)} {proof("password".into(), wrong)}
                {submit(t("on-call.address-save"), Look::Plain)}
            </form>
        </section>
    }
    .into_any()
}

fn drills(page: &OnCallPage) -> AnyView {
    let due = page
        .now
        .drill_is_due
        .then(|| view! { <p class="bubble amber">{t("on-call.drill-due")}</p> });
    let form = |act: &'static str, id: Option<i64>, words: &str, look: Look| {
        let id = id.map(|id| hidden("id", &id.to_string()));
        view! {
            <form method="post" action=urls::DESK_ON_CALL>
                {hidden("token", &page.desk.token)} {hidden("act", act)} {id} {submit(t(words), look)}
            </form>
        }
    };
    let press = match page.now.drill_open {
        Some(id) => {
            let have = form("have", Some(id), "on-call.drill-have", Look::Main);
            view! { <p class="bubble amber">{t("on-call.drill-on")}</p> {have} }.into_any()
        }
        None => form("drill", None, "on-call.drill-begin", Look::Plain).into_any(),
    };
    let list = (!page.now.drills.is_empty())
        .then(|| view! { <ul>{page.now.drills.iter().map(drill_row).collect_view()}</ul> });
    view! {
        <section aria-labelledby="drills">
            <h2 id="drills">{t("on-call.drills")}</h2>
            <p>{t("on-call.drills-lead")}</p>
            {due}
            {press}
            {list}
        </section>
    }
    .into_any()
}

fn drill_row(drill: &DrillLine) -> AnyView {
    let gone = || t("audit.gone");
    let name = drill.name.clone().filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(gone);
    let words = match (drill.minutes, drill.goes_on) {
        (Some(1), _) => tf("on-call.drill-minute", &[("name", &name)]),
        (Some(minutes), _) => {
            let minutes = minutes.to_string();
            tf(
                "on-call.drill-minutes",
                &[("minutes", &minutes), ("name", &name)],
            )
        }
        (None, true) => t("on-call.drill-waits"),
        (None, false) => t("on-call.drill-nobody"),
    };
    view! { <li>{time(drill.day)} ": " {words}</li> }.into_any()
}
