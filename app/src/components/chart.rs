//! Figures as a picture and as a table.
//!
//! Only bars, one for each figure, each with its period: nothing joins two figures, so nothing suggests a trend between
//! periods that cannot be compared. Every bar begins at nothing. What is left out has no bar.

use crate::any_view::{AnyView, IntoAny};
use crate::messages::{day, t, tf};
use domain::indicator::{Month, Number, Period, ShownNumber, Unit};
use leptos::prelude::*;
use model::progress::{IndicatorNow, Mark};

// The picture in its own units: as wide as a small phone, so that its words stay as large as the page's.
const WIDTH: i64 = 320;
const ROW: i64 = 48;
// Room for the number behind the longest bar.
const LONGEST: i64 = 200;

// One line of the picture and of the table.
struct Line {
    when: String,
    value: String,
    // Tenths, for the length of the bar.
    length: Option<i64>,
    // Not a figure, but something to hold it against.
    is_mark: bool,
    source: String,
}

/// A period in words.
pub fn period(period: Period) -> String {
    let month = |month: Month| {
        let (year, number) = month.year_month();
        tf(
            "period.month",
            &[
                ("month", &t(&format!("month.{number}"))),
                ("year", &year.to_string()),
            ],
        )
    };
    match period {
        Period::Year(year) => year.to_string(),
        Period::Month(end) => month(end),
        Period::Span(from, to) => tf("period.span", &[("from", &month(from)), ("to", &month(to))]),
    }
}

/// A number with its percent sign, if it is one.
pub fn number(unit: Unit, number: Number) -> String {
    match unit {
        Unit::Percent => tf("period.percent", &[("number", &number.to_string())]),
        _ => number.to_string(),
    }
}

/// What may be shown of a number, in words.
pub fn shown_words(unit: Unit, shown: ShownNumber) -> String {
    match shown {
        ShownNumber::Number(shown) => number(unit, shown),
        ShownNumber::Few => t("period.few"),
        ShownNumber::LeftOut => t("period.left-out"),
    }
}

/// The figures of an indicator: title, unit, picture, table, sources.
pub fn chart(now: &IndicatorNow) -> AnyView {
    let indicator = &now.indicator;
    let unit = t(&format!("unit.{}", indicator.unit.id()));
    let lines = lines(now);
    let picture = (indicator.picture && lines.iter().any(|line| line.length.is_some()))
        .then(|| view! { <div>{picture_of(&indicator.id, &indicator.title, &unit, &lines)}</div> });
    let rows = lines
        .iter()
        .map(|line| {
            view! {
                <tr>
                    <th scope="row">{line.when.clone()}</th>
                    <td>{line.value.clone()}</td>
                    <td>{line.source.clone()}</td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <div class="wide" role="region" tabindex="0" aria-label=indicator.title.clone()>
            <table>
                <caption class="hidden">{indicator.title.clone()} ", " {unit.clone()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t("period.when")}</th>
                        <th scope="col">{unit.clone()}</th>
                        <th scope="col">{t("period.source")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    };
    // Where there is no picture, the table is all there is.
    let table = match (&picture, lines.is_empty()) {
        (_, true) => view! { <p>{t("period.none")}</p> }.into_any(),
        (Some(_), false) => view! {
            <details>
                <summary>{t("period.table")}</summary>
                {table}
            </details>
        }
        .into_any(),
        (None, false) => table.into_any(),
    };
    view! {
        <figure class="chart">
            <figcaption>
                <h3 id=format!("figure-{}", indicator.id)>{indicator.title.clone()}</h3>
                <p class="hint">{unit}</p>
            </figcaption>
            {picture}
            {table}
        </figure>
    }
    .into_any()
}

fn lines(now: &IndicatorNow) -> Vec<Line> {
    let unit = now.indicator.unit;
    let figures = now.figures.iter().map(|figure| {
        let when = period(figure.period);
        Line {
            when: if figure.old {
                tf("period.old", &[("when", &when)])
            } else {
                when
            },
            value: shown_words(unit, figure.shown),
            length: match figure.shown {
                ShownNumber::Number(number) => Some(number.tenths()),
                ShownNumber::Few | ShownNumber::LeftOut => None,
            },
            is_mark: false,
            source: match figure.source_day {
                Some(read) => tf(
                    "period.source-of",
                    &[("source", &figure.source), ("day", &day(read))],
                ),
                None => figure.source.clone(),
            },
        }
    });
    let marks = now.indicator.marks.iter().map(|mark| Line {
        when: mark_words(mark),
        value: mark_value(unit, mark),
        length: Some(mark.to.unwrap_or(mark.from).tenths()),
        is_mark: true,
        source: now.indicator.source.clone(),
    });
    figures.chain(marks).collect()
}

fn mark_words(mark: &Mark) -> String {
    let kind = t(&format!("mark.{}", mark.kind));
    match mark.period {
        Some(for_when) => tf("mark.for", &[("mark", &kind), ("when", &period(for_when))]),
        None => kind,
    }
}

fn mark_value(unit: Unit, mark: &Mark) -> String {
    let from = number(unit, mark.from);
    match mark.to {
        Some(to) => tf("mark.range", &[("from", &from), ("to", &number(unit, to))]),
        None if mark.or_more => tf("mark.or-more", &[("number", &from)]),
        None => from,
    }
}

// Bars and words in the picture's own units, without a style of its own.
fn picture_of(id: &str, title: &str, unit: &str, lines: &[Line]) -> AnyView {
    let most = lines.iter().filter_map(|line| line.length).max();
    let most = most.unwrap_or(1).max(1);
    let height = ROW * i64::try_from(lines.len()).unwrap_or(1);
    let said: Vec<String> = lines
        .iter()
        .map(|line| format!("{}: {}.", line.when, line.value))
        .collect();
    let (title_id, said_id) = (format!("{id}-t"), format!("{id}-d"));
    let both = format!("{title_id} {said_id}");
    let rows = lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let top = ROW * i64::try_from(at).unwrap_or(0);
            let length = line.length.map_or(0, |tenths| tenths * LONGEST / most);
            let class = if line.is_mark { "mark" } else { "bar" };
            let bar = line.length.is_some().then(|| {
                view! { <rect class=class x="1" y=top + 22 width=length.max(2) height="16"></rect> }
            });
            let behind = if line.length.is_some() { length + 8 } else { 0 };
            view! {
                <text x="0" y=top + 15>{line.when.clone()}</text>
                {bar}
                <text class="value" x=behind y=top + 35>{line.value.clone()}</text>
            }
        })
        .collect_view();
    view! {
        <svg viewBox=format!("0 0 {WIDTH} {height}") role="img" aria-labelledby=both>
            <title id=title_id>{title.to_owned()}</title>
            <desc id=said_id>{format!("{unit} {}", said.join(" "))}</desc>
            {rows}
        </svg>
    }
    .into_any()
}
