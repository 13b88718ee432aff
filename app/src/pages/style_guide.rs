//! The style guide, a page of all components: the same functions as on every page, with sample words, in each of their states.
//! Served in demo only, so that a change of style can be looked at in one place, and walked by the browser tests.

use crate::any_view::{AnyView, IntoAny};
use crate::components::{
    Choice, Field, FieldText, Look, OptionGroup, SIGNS, Voice, bubble, button_link, chart,
    checkbox, date_field, error_summary, help_lines, lines_for, picture_radios, radios, search_box,
    select, sign, submit, text_area, text_field, typed_text, urgent_help,
};
use crate::messages::t;
use crate::pages::follow::entry;
use crate::pages::reading::folded;
use crate::pages::speak::{answer_list, feeling_sign, six_words, topic_sign};
use crate::shell::{Nav, Shell};
use domain::date::Date;
use domain::indicator::{Better, IndicatorStatus, Month, Number, Period, ShownNumber, Unit};
use domain::receipt::WORDS;
use domain::view::{Feeling, IDENTITY_MAX, SAID_MAX, Topic};
use leptos::prelude::*;
use model::progress::{FigureNow, Indicator, IndicatorNow, Mark};
use model::urls;
use model::{FieldError, HelpLine, ReceiptPage, SpeakStep, TimelineEntry, TimelineWhat, TypedBack};

// The fields that are shown as wrong, and what their words are.
const WRONG: [FieldError; 4] = [
    FieldError {
        field: "wrong-line",
        key: "error.typed.different",
    },
    FieldError {
        field: "wrong-area",
        key: "error.said.empty",
    },
    FieldError {
        field: "wrong-choice",
        key: "error.topic.empty",
    },
    FieldError {
        field: "wrong-list",
        key: "error.topic.empty",
    },
];

/// All components.
///
/// `today`: the day that the samples are of.
pub fn all(today: Date) -> impl IntoView {
    view! {
        <Shell title=Some(t("components.title")) nav=Nav::StaffSession private=true>
            <div class="desk">
                {error_summary(&WRONG)}
                <h1>{t("components.title")}</h1>
                <p class="lead">{t("components.lead")}</p>
                {words()}
                {signs()}
                {bubbles()}
                {buttons()}
                {cards()}
                <h2>{t("components.fields")}</h2>
                <div class="desk-columns">
                    <div><h3>{t("components.plain")}</h3>{fields("plain")}</div>
                    <div><h3>{t("components.wrong")}</h3>{fields("wrong")}</div>
                </div>
                {pictures()}
                <h2>{t("components.answers")}</h2>
                <form method="post" action=urls::SPEAK>{answer_list(answers(), None)}</form>
                <h2>{t("components.receipt")}</h2>
                {six_words(&receipt(today))}
                <h2>{t("components.timeline")}</h2>
                <ol class="timeline">{timeline(today).iter().map(entry).collect_view()}</ol>
                {search()}
                {help(today)}
                {charts()}
                {marks()}
            </div>
        </Shell>
    }
}

fn words() -> AnyView {
    view! {
        <h2>{t("components.text")}</h2>
        <p class="where">{t("speak.check.title")}</p>
        <h3>{t("speak.say.title")}</h3>
        <p>{t("speak.readers")}" "<a href=urls::PRIVACY>{t("speak.readers-more")}</a></p>
        <p class="hint">{t("speak.say.said-hint")}</p>
        <p class="yes">{t("receipt.same")}</p>
        <p><a class="number" href="tel:999">"999"</a></p>
        <details>
            <summary>{t("components.folded")}</summary>
            <p>{t("components.inside")}</p>
        </details>
    }
    .into_any()
}

fn signs() -> AnyView {
    let signs = SIGNS
        .into_iter()
        .map(|id| view! { <li>{sign(id)}<p>{id}</p></li> });
    view! {
        <h2>{t("components.signs")}</h2>
        <ul class="cards signs">{signs.collect_view()}</ul>
    }
    .into_any()
}

fn bubbles() -> AnyView {
    view! {
        <h2>{t("components.bubbles")}</h2>
        {bubble(Voice::Young, t("timeline.sent"), typed_text(&t("speak.say.said-hint")))}
        {bubble(Voice::Council, t("timeline.reply"), typed_text(&t("receipt.kept")))}
        <p class="bubble sky">{t("follow.timed-out")}</p>
        <p class="bubble rose">{t("guard.no-signal")}</p>
    }
    .into_any()
}

fn buttons() -> AnyView {
    view! {
        <h2>{t("components.buttons")}</h2>
        <form method="get" action=urls::DESK_COMPONENTS>
            <div class="actions">
                {submit(t("speak.next"), Look::Main)}
                {submit(t("speak.back"), Look::Plain)}
                {submit(t("speak.check.change"), Look::Quiet)}
                {submit(t("follow.withdraw"), Look::Danger)}
            </div>
        </form>
        <div class="actions">
            {button_link(t("home.speak"), Look::Main, urls::SPEAK)}
            {button_link(t("receipt.follow"), Look::Plain, urls::FOLLOW)}
        </div>
    }
    .into_any()
}

fn cards() -> AnyView {
    let card = |url: &'static str, id: &str, title: String, short: String| {
        view! { <li>{sign(id)}<a href=url>{title}</a><p>{short}</p></li> }
    };
    view! {
        <h2>{t("components.cards")}</h2>
        <ul class="cards">
            {card(urls::RIGHTS, "scales", t("home.rights"), t("home.rights-short"))}
            {card(urls::FOLLOW, "path", t("home.follow"), t("home.follow-short"))}
        </ul>
    }
    .into_any()
}

// Every kind of field; `set` begins their ids, and `wrong` shows each with a validation error.
fn fields(set: &'static str) -> AnyView {
    let field = |part: &str, name: &'static str, label: String, hint: String| {
        let id = format!("{set}-{part}");
        let error = WRONG.iter().find(|wrong| wrong.field == id);
        Field {
            error: error.map(|wrong| t(wrong.key)),
            id,
            name,
            label,
            hint,
        }
    };
    let line = FieldText {
        max: Some(IDENTITY_MAX),
        ..FieldText::default()
    };
    let nothing = String::new();
    let topics = || topics().into_iter().take(3).collect::<Vec<_>>();
    let group = OptionGroup {
        label: String::new(),
        lang: None,
        options: topics(),
    };
    view! {
        <form method="get" action=urls::DESK_COMPONENTS autocomplete="off">
            {text_field(field("line", "line", t("receipt.typed"), t("receipt.typed-hint")), "", line)}
            {text_area(field("area", "area", t("speak.say.said"), t("speak.say.said-hint")), "", 4, SAID_MAX)}
            {radios(field("choice", "choice", t("speak.about.topic"), nothing.clone()), topics(), "worker")}
            {select(field("list", "list", t("speak.about.link"), t("speak.about.link-hint")), vec![group], "")}
            {checkbox(field("box", "box", t("speak.you.helped"), nothing.clone()), true)}
            {date_field(field("day", "day", t("check.day"), nothing), "")}
            {submit(t("speak.next"), Look::Plain)}
        </form>
    }
    .into_any()
}

fn topics() -> Vec<Choice> {
    let choice = |id: &str| Choice {
        value: id.to_owned(),
        label: t(&format!("topic.{id}")),
        hint: String::new(),
    };
    Topic::ALL.iter().map(|topic| choice(topic.id())).collect()
}

fn pictures() -> AnyView {
    let field = |id: &str, name: &'static str, label: String| Field {
        id: id.to_owned(),
        name,
        label,
        ..Field::default()
    };
    let feelings = Feeling::ALL.iter().map(|feeling| Choice {
        value: feeling.id().to_owned(),
        label: t(&format!("feeling.{}", feeling.id())),
        hint: String::new(),
    });
    view! {
        <h2>{t("components.pictures")}</h2>
        <form method="get" action=urls::DESK_COMPONENTS class="desk-columns">
            <div>{picture_radios(field("topic", "topic", t("speak.about.topic")), topics(), topic_sign, "")}</div>
            <div>{picture_radios(field("feeling", "feeling", t("speak.say.feeling")), feelings.collect(), feeling_sign, "good")}</div>
        </form>
    }
    .into_any()
}

fn answers() -> Vec<(SpeakStep, String, String)> {
    vec![
        (SpeakStep::Subject, t("speak.check.topic"), t("topic.home")),
        (
            SpeakStep::Say,
            t("speak.check.said"),
            t("speak.say.said-hint"),
        ),
        (SpeakStep::Say, t("speak.check.wish"), String::new()),
    ]
}

fn receipt(day: Date) -> ReceiptPage {
    ReceiptPage {
        words: ["apple", "banana", "cherry", "date", "elder", "fig"]
            .map(str::to_owned)
            .into_iter()
            .take(WORDS)
            .collect(),
        day,
        ticket: String::new(),
        typed_back: TypedBack::NotYet,
        life: domain::lifecycle::ViewStatus::begin(false),
        readers: domain::readers::ReaderSet::EVERYBODY,
        help: Vec::new(),
    }
}

fn timeline(day: Date) -> Vec<TimelineEntry> {
    [
        TimelineWhat::YouWrote(t("speak.say.said-hint")),
        TimelineWhat::Question(t("speak.say.title")),
        TimelineWhat::Reply(t("receipt.kept")),
        TimelineWhat::Done,
    ]
    .into_iter()
    .map(|what| TimelineEntry { day, what })
    .collect()
}

// One alone, as a page has it: two would be two landmarks of one name. An empty field stands among the fields.
fn search() -> AnyView {
    view! {
        <h2>{t("components.search")}</h2>
        {search_box("q", &t("components.searched"))}
    }
    .into_any()
}

// At the top of a page, folded and in short, folded and in full.
fn help(checked: Date) -> AnyView {
    let lines = sample_lines(checked);
    view! {
        <h2>{t("components.help")}</h2>
        {urgent_help(&lines)}
        {folded("for-sample".to_owned(), t("components.help-short"), lines_for(&lines, |_| true))}
        {folded("lines".to_owned(), t("help.all"), help_lines(&lines))}
    }
    .into_any()
}

// With everything, with a text only, and with an address only. The number is one of those kept free for stories.
fn sample_lines(checked: Date) -> Vec<HelpLine> {
    let bare = |id: &str, name: &str| HelpLine {
        id: id.to_owned(),
        needs: Vec::new(),
        night: false,
        name: t(name),
        for_whom: t("components.line-for"),
        phone: String::new(),
        phone_href: String::new(),
        text: String::new(),
        web: String::new(),
        hours: String::new(),
        free: false,
        urgent: false,
        source: String::new(),
        checked,
    };
    vec![
        HelpLine {
            phone: "020 7946 0123".to_owned(),
            phone_href: "tel:02079460123".to_owned(),
            hours: t("components.line-hours"),
            web: "example.org".to_owned(),
            free: true,
            ..bare("call", "components.line-call")
        },
        HelpLine {
            text: t("components.line-how"),
            ..bare("text", "components.line-text")
        },
        HelpLine {
            web: "example.org".to_owned(),
            ..bare("web", "components.line-web")
        },
    ]
}

// Drawn, with every kind of figure and mark; as a table alone; and without any figure.
fn charts() -> AnyView {
    let figures = [
        (2021, ShownNumber::Number(whole(640)), true),
        (2023, ShownNumber::Number(whole(485)), false),
        (2024, ShownNumber::Few, false),
        (2025, ShownNumber::LeftOut, false),
    ]
    .map(|(year, shown, old)| FigureNow {
        period: Period::Year(year),
        shown,
        old,
        source: t("components.chart-source"),
        source_day: None,
    });
    let mark = |kind, from, to, or_more| Mark {
        kind,
        from: whole(from),
        to,
        or_more,
        period: Month::new(2026, 3).map(Period::Month),
    };
    let marks = vec![
        mark("average", 500, None, false),
        mark("target", 450, Some(whole(475)), false),
        mark("aim", 400, None, true),
    ];
    let shares = vec![FigureNow {
        shown: ShownNumber::Number(whole(62)),
        ..figures[1].clone()
    }];
    view! {
        <h2>{t("components.charts")}</h2>
        {chart(&indicator("drawn", Unit::Children, true, marks, figures.to_vec()))}
        {chart(&indicator("listed", Unit::Percent, false, Vec::new(), shares))}
        {chart(&indicator("none", Unit::Percent, true, Vec::new(), Vec::new()))}
    }
    .into_any()
}

fn indicator(
    id: &str,
    unit: Unit,
    picture: bool,
    marks: Vec<Mark>,
    figures: Vec<FigureNow>,
) -> IndicatorNow {
    IndicatorNow {
        indicator: Indicator {
            id: id.to_owned(),
            promise: String::new(),
            title: t(&format!("components.chart-{id}")),
            unit,
            better: Better::Down,
            picture,
            note: String::new(),
            source: t("components.chart-source"),
            parts_of: String::new(),
            words: None,
            figures: Vec::new(),
            marks,
        },
        status: IndicatorStatus::NotKnown,
        compared: None,
        figures,
        changes: Vec::new(),
    }
}

fn whole(number: i64) -> Number {
    Number::from_tenths(number * 10).unwrap_or(Number::MAX)
}

fn marks() -> AnyView {
    let row = |class: &'static str, wait: &'static str| {
        view! {
            <li class=class>
                <h3><a href=urls::DESK_COMPONENTS>{t("topic.home")}</a></h3>
                <p class=wait>{t("desk.wait.one")}</p>
                <p class="about"><span>{t("topic.home")}</span><span>{t("lane.waiting.name")}</span></p>
                <p class="tags"><strong class="tag new">{t("desk.queue.unread")}</strong> <span class="tag">{t("lane.waiting.name")}</span></p>
            </li>
        }
    };
    view! {
        <h2>{t("components.tags")}</h2>
        <ol class="inbox">{row("unread", "wait late")} {row("", "wait")}</ol>
        <p class="bubble answer empty">{t("desk.queue.empty-all")}</p>
    }
    .into_any()
}
