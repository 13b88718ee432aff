//! "What am I entitled to?": one question a page, and the result. With JavaScript off the server draws each page; on
//! the phone the island takes the same parts from templates, so that words and order are the same.

use crate::components::{
    Choice, Field, FieldText, Look, button, button_link, certainty, hidden, radios, submit,
    text_field,
};
use crate::islands::Checker;
use crate::messages::{day, t, tf};
use crate::shell::{Bundle, Nav, Shell};
use domain::date::Date;
use domain::entitlements::answers::When;
use domain::entitlements::outcome::{AdviserAnswer, Ask, Rule, Status, StayingPutAnswer};
use domain::entitlements::parse::{Code, UNKNOWN};
use domain::entitlements::questions::{Draft, Input, LAST_QUESTIONS, QUESTIONS, Question};
use domain::entitlements::report::{Comes, Item, Placed, items};
use leptos::prelude::*;
use model::urls;
use model::words::Words;
use model::{CheckPage, CheckResult, Entitlement};
use std::collections::BTreeMap;

/// One question.
///
/// `islands`: the phone may take over and do the rest alone, with the [`kit`].
pub fn question(page: CheckPage, islands: bool) -> impl IntoView {
    let first = page.answered.is_empty();
    let may_be_unknown = matches!(page.question.input(), Input::Date | Input::Number(_));
    view! {
        <Shell title=None nav=Nav::Check bundle=islands.then_some(Bundle::Check)>
            <div id="check">
                {problem_summary(&page)}
                <div id="check-result"></div>
                <p class="where" id="check-step">{tf("check.step", &[("n", &(page.answered.len() + 1).to_string())])}</p>
                <form method="post" action=urls::CHECK id="check-form" autocomplete="off">
                    <div id="check-hidden">
                        {hidden("at", &page.question.key())}
                        {carried(&page.draft)}
                    </div>
                    {first.then(|| view! { <p id="check-lead">{t("check.lead")}</p> })}
                    <div id="check-ask">{block(&page)}</div>
                    <div class="actions">
                        <span id="check-next">{submit(t("check.next"), Look::Main)}</span>
                        <span id="check-unknown" hidden=!may_be_unknown>
                            {button(t("check.unknown"), Look::Plain, "unknown", "yes", false)}
                        </span>
                        <span id="check-back" hidden=first>
                            {button(t("check.back"), Look::Plain, "go", "back", false)}
                        </span>
                    </div>
                    <div id="check-answers">{answers(&page.draft, &page.answered)}</div>
                </form>
                <p class="hint" id="check-note">{t("check.no-script")}</p>
            </div>
            {islands.then(|| view! { <Checker /> })}
        </Shell>
    }
}

/// The result, or the sheet to take along.
pub fn result(page: CheckResult, entitlements: Vec<Entitlement>) -> impl IntoView {
    let words = use_context::<Words>().unwrap_or_default();
    let shown: BTreeMap<String, Item> = items(&page.shown, |date| words.day(date))
        .into_iter()
        .map(|item| (item.key.clone(), item))
        .collect();
    let parts = Parts::Applying {
        items: shown,
        offers: page.shown.offers.clone(),
    };
    let data_view = page.sheet.then_some("sheet");
    view! {
        <Shell title=None nav=Nav::Check>
            <div id="check">
                <div id="check-result" data-view=data_view>{result_parts(&parts, &entitlements)}</div>
                <form method="post" action=urls::CHECK id="check-form" autocomplete="off">
                    <div id="check-hidden">
                        {hidden("at", "result")}
                        {carried(&page.draft)}
                    </div>
                    <div id="check-answers">{answers(&page.draft, &page.answered)}</div>
                    {result_buttons(page.sheet)}
                </form>
            </div>
        </Shell>
    }
}

// ---------------------------------------------------------------- a question

/// Words of a question: `title`, `hint`, `short`, or an option.
fn word(id: &str, part: &str) -> String {
    t(&format!("check.q.{id}.{part}"))
}

fn option_word(id: &str, option: &str) -> String {
    t(&format!("check.q.{id}.o.{option}"))
}

fn numbered(text: String, question: Question) -> String {
    match question.index {
        Some(index) => text.replace("{n}", &(index + 1).to_string()),
        None => text,
    }
}

/// Where the first field of a question is, for the error summary.
fn first_field(input: Input) -> &'static str {
    match input {
        Input::Day | Input::Date => "day",
        Input::Number(_) => "number",
        Input::Choice(_) | Input::ChoiceOrDate(..) => "v",
    }
}

fn problem_words(problem: Code) -> String {
    t(&format!("check.error.{}", problem.id()))
}

fn problem_summary(page: &CheckPage) -> AnyView {
    let problem = page.problem.map(|problem| {
        let to = format!("#{}", first_field(page.question.input()));
        view! { <li><a href=to>{problem_words(problem)}</a></li> }
    });
    let Some(problem) = problem else {
        return ().into_any();
    };
    view! {
        <div class="bubble rose" id="errors" role="alert" tabindex="-1" autofocus aria-labelledby="errors-title">
            <h2 id="errors-title">{t("errors.title")}</h2>
            <ul>{problem}</ul>
        </div>
    }
    .into_any()
}

/// The title, the help and the fields of a question.
fn block(page: &CheckPage) -> AnyView {
    let question = page.question;
    let options = question.options(&page.draft);
    let error = page.problem.map(problem_words);
    fields(
        question,
        &options,
        |name| page.typed.get(name).cloned().unwrap_or_default(),
        error,
    )
}

fn fields(
    question: Question,
    options: &[&'static str],
    typed: impl Fn(&'static str) -> String,
    error: Option<String>,
) -> AnyView {
    let id = question.id;
    let title = numbered(word(id, "title"), question);
    let hint = word(id, "hint");
    let input = question.input();
    let choices: Vec<Choice> = options
        .iter()
        .map(|option| Choice {
            value: (*option).to_owned(),
            label: option_word(id, option),
            hint: String::new(),
        })
        .collect();
    let field = |name: &'static str, label: String| Field {
        id: name.into(),
        name,
        label,
        ..Field::default()
    };
    let number = |name: &'static str, label: String, max: usize| {
        text_field(
            field(name, label),
            &typed(name),
            FieldText {
                kind: "text",
                max: Some(max),
                ..FieldText::default()
            },
        )
    };
    let dates = |hint: &'static str| {
        view! {
            <p class="hint">{t(hint)}</p>
            <div class="date">
                {number("day", t("check.day"), 2)}
                {number("month", t("check.month"), 2)}
                {number("year", t("check.year"), 4)}
            </div>
        }
    };
    let one_of = |error: Option<String>| {
        let group = Field {
            id: "v".into(),
            name: "v",
            label: title.clone(),
            hint: hint.clone(),
            error,
        };
        radios(group, choices, &typed("v"))
    };
    let heading = |error: Option<String>| {
        view! {
            <h1>{title.clone()}</h1>
            {(!hint.is_empty()).then(|| view! { <p class="hint">{hint.clone()}</p> })}
            {error.map(|error| view! { <p class="error">{error}</p> })}
        }
    };
    let body = match input {
        Input::Choice(_) => one_of(error).into_any(),
        Input::ChoiceOrDate(..) => {
            let hint = if id == "day" {
                "check.day-hint"
            } else {
                "check.date-hint"
            };
            view! { {one_of(error)}{dates(hint)} }.into_any()
        }
        Input::Day => view! { {heading(error)}{dates("check.day-hint")} }.into_any(),
        Input::Date => view! { {heading(error)}{dates("check.date-hint")} }.into_any(),
        Input::Number(_) => {
            view! { {heading(error)}{number("number", t("check.number"), 4)} }.into_any()
        }
    };
    // The stylesheet hides the legend of the choices from the eye: it says the same as the heading.
    let has_legend = matches!(input, Input::Choice(_) | Input::ChoiceOrDate(..));
    let heading_above = has_legend.then(|| view! { <h1>{title.clone()}</h1> });
    view! { <div class="ask">{heading_above}{body}</div> }.into_any()
}

/// Every answer so far, in hidden fields: they travel in the body and are kept nowhere.
fn carried(draft: &Draft) -> AnyView {
    draft
        .iter()
        .map(|(key, text)| {
            view! { <input type="hidden" name=format!("a.{key}") value=text.clone() /> }
        })
        .collect_view()
        .into_any()
}

/// What was answered, with a button to change each.
fn answers(draft: &Draft, answered: &[Question]) -> AnyView {
    if answered.is_empty() {
        return ().into_any();
    }
    let rows = answered.iter().map(|question| {
        let text = draft.get(&question.key()).cloned().unwrap_or_default();
        let label = short(*question);
        let told = in_words(*question, &text);
        view! {
            <div>
                <dt>{label.clone()}</dt>
                <dd>{told}</dd>
                <dd class="act">
                    <button type="submit" class="button quiet" name="go" value=format!("change:{}", question.key()) formnovalidate>
                        {t("check.change")}<span class="hidden">": "{label}</span>
                    </button>
                </dd>
            </div>
        }
    });
    view! {
        <h2>{t("check.answers")}</h2>
        <dl class="answers">{rows.collect_view()}</dl>
    }
    .into_any()
}

fn short(question: Question) -> String {
    let short = word(question.id, "short");
    match question.index {
        Some(index) => format!("{short} {}", index + 1),
        None => short,
    }
}

/// An answer as a person would say it.
fn in_words(question: Question, text: &str) -> String {
    if text == UNKNOWN {
        return t("check.optional-none");
    }
    let options = match question.input() {
        Input::Choice(options) | Input::ChoiceOrDate(options, _) => options,
        _ => &[],
    };
    if options.contains(&text) {
        return option_word(question.id, text);
    }
    if let Some(When::Day(date)) = When::from_text(text) {
        return day(date);
    }
    if let Some(when) = When::from_text(text) {
        let (year, month, _) = when.first().year_month_day();
        let month = t(&format!("month.{month}"));
        return tf(
            "check.month-only",
            &[("month", &month), ("year", &year.to_string())],
        );
    }
    match When::from_year(text) {
        Some(_) => tf("check.year-only", &[("year", text)]),
        None => text.to_owned(),
    }
}

// ---------------------------------------------------------------- the result

/// Which parts of the result are drawn: those that apply, or all of them as a template.
enum Parts {
    Applying {
        items: BTreeMap<String, Item>,
        offers: Vec<Placed>,
    },
    All,
}

impl Parts {
    /// A part with words: itself if it applies, or marked for the island.
    fn text(&self, key: &str, words: String, tag: Tag) -> AnyView {
        match self {
            Parts::All => tag.draw(words, Some(key.to_owned())),
            Parts::Applying { items, .. } => match items.get(key) {
                None => ().into_any(),
                Some(item) => {
                    let filled = item.values.iter().fold(words, |words, (name, value)| {
                        words.replace(&format!("{{{name}}}"), value)
                    });
                    tag.draw(filled, None)
                }
            },
        }
    }

    /// A part that holds others.
    fn part(&self, key: &str, inside: AnyView) -> AnyView {
        match self {
            Parts::All => view! { <section data-show=key.to_owned()>{inside}</section> }.into_any(),
            Parts::Applying { items, .. } if items.contains_key(key) => {
                view! { <section>{inside}</section> }.into_any()
            }
            Parts::Applying { .. } => ().into_any(),
        }
    }
}

#[derive(Clone, Copy)]
enum Tag {
    Line,
    Heading,
    Item,
    Strong,
}

impl Tag {
    fn draw(self, words: String, key: Option<String>) -> AnyView {
        match self {
            Tag::Line => view! { <p data-show=key>{words}</p> }.into_any(),
            Tag::Heading => view! { <h2 class="likely" data-show=key>{words}</h2> }.into_any(),
            Tag::Item => view! { <li data-show=key>{words}</li> }.into_any(),
            Tag::Strong => view! { <p data-show=key><strong>{words}</strong></p> }.into_any(),
        }
    }
}

fn status_keys() -> impl Iterator<Item = &'static str> {
    Status::ALL
        .iter()
        .map(|status| status.id())
        .chain(["was_former_relevant"])
}

fn result_parts(parts: &Parts, entitlements: &[Entitlement]) -> AnyView {
    let each = |keys: Vec<(String, String)>, tag: Tag| {
        keys.into_iter()
            .map(|(key, words)| parts.text(&key, words, tag))
            .collect_view()
    };
    let by_status = |kind: &str, part: &str| -> Vec<(String, String)> {
        status_keys()
            .map(|id| {
                (
                    format!("{kind}.{id}"),
                    t(&format!("check.status.{id}.{part}")),
                )
            })
            .collect()
    };
    let could: Vec<(String, String)> = Status::ALL
        .iter()
        .filter(|status| **status != Status::Ask)
        .map(|status| {
            let id = status.id();
            let words = t(&format!("check.status.{id}.name"));
            (format!("could.{id}"), words)
        })
        .collect();
    let put: Vec<(String, String)> = StayingPutAnswer::ALL
        .iter()
        .map(|answer| {
            let id = answer.id();
            (format!("put.{id}"), t(&format!("check.put.{id}")))
        })
        .collect();
    let adviser: Vec<(String, String)> = AdviserAnswer::ALL
        .iter()
        .map(|answer| {
            let id = answer.id();
            (format!("pa.{id}"), t(&format!("check.pa.{id}")))
        })
        .collect();
    let changes = ["line", "goes-on", "short", "home", "breakdown", "record"]
        .map(|id| (format!("change.{id}"), t(&format!("check.changes.{id}"))));
    let dates = ["line", "clear", "b16", "talk", "b18", "b21", "b25", "tfl"].map(|id| {
        (
            format!("when.{id}"),
            format!("{{date}}: {}", t(&format!("check.dates.{id}"))),
        )
    });
    let asks = Ask::ALL.iter().map(|ask| {
        let id = ask.id();
        let what = t(&format!("check.askq.{id}.what"));
        let whom = t(&format!("check.askq.{id}.whom"));
        parts.text(&format!("ask.{id}"), format!("{what} {whom}"), Tag::Item)
    });
    let line = |key: &str, words: &str| parts.text(key, t(words), Tag::Line);
    view! {
        <h1 tabindex="-1" id="check-title">{t("check.result.title")}</h1>
        <p class="hint on-sheet">{t("check.result.sheet-lead")}</p>
        {line("on", "check.result.today")}
        <div class="bubble sun">
            <p class="hint">{t("check.result.likely")}</p>
            {each(by_status("status", "name"), Tag::Heading)}
            {each(by_status("status", "means"), Tag::Line)}
            <p class="hint">{t("check.result.legal")}</p>
            {each(by_status("status", "legal"), Tag::Strong)}
            {line("certain", "check.result.certain")}
            {parts.part("could", view! {
                <p>{t("check.result.uncertain")}</p>
                <ul>{each(could, Tag::Item)}</ul>
            }.into_any())}
        </div>
        {line("never-no", "check.result.never-no")}
        {parts.part("asks", view! {
            <h2>{t("check.result.ask")}</h2>
            <ul>{asks.collect_view()}</ul>
        }.into_any())}
        {parts.part("changes", view! {
            <h2>{t("check.result.change")}</h2>
            <ul>{each(changes.to_vec(), Tag::Item)}</ul>
        }.into_any())}
        <div class="off-sheet">
            {each(adviser, Tag::Line)}
            {line("pa-until", "check.result.until")}
            {each(put, Tag::Line)}
            {line("put-until", "check.result.until")}
            {line("other-council", "check.result.other-council")}
            {line("nothing-now", "check.result.nothing-now")}
            {offers(parts, entitlements)}
        </div>
        {parts.part("dates", view! {
            <h2>{t("check.result.dates")}</h2>
            <ul id="check-dates">{each(dates.to_vec(), Tag::Item)}</ul>
        }.into_any())}
        <h2>{t("check.result.why")}</h2>
        <ul class="why">
            {Rule::ALL
                .iter()
                .map(|rule| why(parts, *rule))
                .collect_view()}
        </ul>
        <h2>{t("check.result.working")}</h2>
        {line("counts", "check.result.counts")}
        <p>{t("check.result.not-decision")}</p>
    }
    .into_any()
}

/// A rule in plain words, and the law behind a tap.
fn why(parts: &Parts, rule: Rule) -> AnyView {
    let key = format!("rule.{}", rule.id());
    let marked = match parts {
        Parts::All => Some(key),
        Parts::Applying { items, .. } if items.contains_key(&key) => None,
        Parts::Applying { .. } => return ().into_any(),
    };
    let law = (rule.law() != "-").then(|| {
        view! {
            <details class="law">
                <summary>{t("check.result.law")}</summary>
                <p>{rule.law()}</p>
            </details>
        }
    });
    view! {
        <li data-show=marked>
            <p>{t(&format!("check.rule.{}", rule.id()))}</p>
            {law}
        </li>
    }
    .into_any()
}

/// Entitlements: now, soon, later. As a template they stand in one list, and the island puts each where it belongs.
fn offers(parts: &Parts, entitlements: &[Entitlement]) -> AnyView {
    let lists = ["now", "soon", "later"].map(|when| {
        let items = match parts {
            Parts::All => Vec::new(),
            Parts::Applying { offers, .. } => offers
                .iter()
                .filter(|placed| list_of(placed.comes) == when)
                .filter_map(|placed| {
                    Some(offer(
                        entitlements.get(placed.offer)?,
                        placed.offer,
                        Some(placed),
                    ))
                })
                .collect(),
        };
        let inside = view! {
            <h2>{t(&format!("check.result.{when}"))}</h2>
            <ul class="offers" data-list=matches!(parts, Parts::All).then_some(when)>{items}</ul>
        };
        parts.part(when, inside.into_any())
    });
    let pool = matches!(parts, Parts::All).then(|| {
        let all = entitlements
            .iter()
            .enumerate()
            .map(|(index, entitlement)| offer(entitlement, index, None))
            .collect_view();
        view! { <ul data-pool="offers">{all}</ul> }
    });
    view! { {lists.into_iter().collect_view()}{pool} }.into_any()
}

/// Which of the three lists an entitlement stands in.
pub fn list_of(comes: Comes) -> &'static str {
    match comes {
        Comes::Now => "now",
        Comes::Soon(_) => "soon",
        Comes::Later(_) => "later",
    }
}

fn offer(entitlement: &Entitlement, index: usize, placed: Option<&Placed>) -> AnyView {
    let all = placed.is_none();
    let mark = |name: &'static str| all.then_some(name);
    let (from, until, may) = match placed {
        None => (Some(None), Some(None), true),
        Some(placed) => (
            match placed.comes {
                Comes::Now => None,
                Comes::Soon(date) | Comes::Later(date) => Some(Some(date)),
            },
            placed.until.map(Some),
            placed.may,
        ),
    };
    let dated = |key: &str, date: Option<Date>| match date {
        Some(date) => tf(key, &[("date", &day(date))]),
        None => t(key),
    };
    // One text for each amount, and one for a day without a known amount.
    let what = |amount: &str| entitlement.what.replace("{amount}", amount);
    let no_figure = t("check.result.no-date-figure");
    let texts: Vec<(Option<usize>, String)> = if entitlement.amounts.is_empty() {
        vec![(None, entitlement.what.clone())]
    } else {
        let amounts = entitlement
            .amounts
            .iter()
            .enumerate()
            .map(|(figure, amount)| (Some(figure), what(amount)));
        amounts.chain([(None, what(&no_figure))]).collect()
    };
    let texts = texts
        .into_iter()
        .filter(|(figure, _)| placed.is_none_or(|placed| placed.figure == *figure))
        .map(|(figure, text)| {
            let figure = all.then(|| figure.map_or("none".to_owned(), |figure| figure.to_string()));
            view! { <p data-figure=figure>{text}</p> }
        })
        .collect_view();
    let more = (!entitlement.right.is_empty()).then(|| {
        let title = entitlement.title.clone();
        view! {
            <p><a href=urls::right(&entitlement.right)>{t("check.result.more")}<span class="hidden">": "{title}</span></a></p>
        }
    });
    let title = entitlement.title.clone();
    let law = if entitlement.law.is_empty() {
        entitlement.source.clone()
    } else {
        format!("{} ({})", entitlement.law, entitlement.source)
    };
    view! {
        <li data-offer=all.then(|| index.to_string()) data-line=all.then(|| entitlement.offer.to_line())>
            {from.map(|date| view! { <p class="hint" data-part=mark("from")>{dated("check.result.from", date)}</p> })}
            {may.then(|| view! { <p class="hint" data-part=mark("may")>{t("check.result.may")}</p> })}
            <details class="offer">
                <summary>
                    <h3>{entitlement.title.clone()}</h3>
                    <span class="where">{t(&format!("check.group.{}", entitlement.group))}</span>
                </summary>
                {texts}
                {until.map(|date| view! { <p class="hint" data-part=mark("until")>{dated("check.result.until", date)}</p> })}
                <p><strong>{t("check.result.how")}": "</strong>{entitlement.ask.clone()}</p>
                <p class="hint">
                    {law}". "{certainty(entitlement.certainty)}". "{tf("check.result.checked", &[("date", &day(entitlement.checked))])}
                </p>
                {more}
                <form method="post" action=urls::SPEAK>
                    {hidden("step", "start")}
                    {hidden("link", &format!("entitlement:{}", entitlement.id))}
                    {hidden("topic", &entitlement.topic)}
                    <button type="submit" class=Look::Plain.class()>
                        {t("check.result.told-no")}<span class="hidden">": "{title}</span>
                    </button>
                </form>
            </details>
        </li>
    }
    .into_any()
}

fn result_buttons(sheet: bool) -> AnyView {
    let other = if sheet {
        button(
            t("check.result.sheet-back"),
            Look::Plain,
            "go",
            "result",
            false,
        )
    } else {
        button(t("check.result.sheet"), Look::Plain, "go", "sheet", false)
    };
    view! {
        <div class="off-print" id="check-buttons">
            <p>{other}</p>
            <p>{button(t("check.result.calendar"), Look::Plain, "go", "calendar", false)}</p>
            <p class="hint">{t("check.result.calendar-note")}</p>
            <p>
                <strong>{t("check.result.print")}": "</strong>
                {t("check.result.print-how")}
            </p>
            <p>{button_link(t("check.again"), Look::Plain, urls::CHECK)}</p>
        </div>
    }
    .into_any()
}

// ---------------------------------------------------------------- what the island needs

/// Every question, every error, the result and its buttons as templates, and the words for dates: a file of its own that
/// the island fetches when the page has been shown, so that nobody without scripts pays for it.
pub fn kit(entitlements: Vec<Entitlement>) -> impl IntoView {
    let questions = QUESTIONS
        .iter()
        .chain(&LAST_QUESTIONS)
        .map(|(id, input, field)| {
            let listed = field.contains('*') || id.ends_with("-more");
            let options = match input {
                Input::Choice(options) | Input::ChoiceOrDate(options, _) => *options,
                _ => &[],
            };
            let question = Question {
                id,
                index: None,
            };
            let block = fields(question, options, |_| String::new(), None);
            let short = word(id, "short");
            view! {
                <template id=format!("check-q-{id}") data-short=short data-listed=listed.then_some("")>{block}</template>
            }
        })
        .collect_view();
    let errors = Code::ALL
        .iter()
        .map(|code| view! { <li data-code=code.id()>{problem_words(*code)}</li> })
        .collect_view();
    let months: Vec<String> = (1..=12).map(|month| t(&format!("month.{month}"))).collect();
    view! {
        {questions}
        <template id="check-errors">
            <div class="bubble rose" id="errors" role="alert" tabindex="-1" aria-labelledby="errors-title">
                <h2 id="errors-title">{t("errors.title")}</h2>
                <ul>{errors}</ul>
            </div>
        </template>
        <template id="check-row">
            <div>
                <dt></dt>
                <dd></dd>
                <dd class="act">
                    <button type="submit" class="button quiet" name="go" formnovalidate>
                        {t("check.change")}<span class="hidden">": "<span></span></span>
                    </button>
                </dd>
            </div>
        </template>
        <template id="check-list">
            <h2>{t("check.answers")}</h2>
            <dl class="answers"></dl>
        </template>
        <template id="check-parts">{result_parts(&Parts::All, &entitlements)}</template>
        <template id="check-end">
            {result_buttons(false)}
            {result_buttons(true)}
        </template>
        <div
            id="check-words"
            hidden
            data-step=t("check.step")
            data-phone=t("check.on-phone")
            data-none=t("check.optional-none")
            data-month=t("check.month-only")
            data-year=t("check.year-only")
            data-date=t("date.format")
            data-months=months.join("|")
        ></div>
    }
}
