//! The council's "We will" statements and their indicators (`promises.toml`).

use crate::identifier::TypedName;
use crate::lint_error::Flaw;
use domain::date::Date;
use domain::indicator::{Better, Movement, Number, Period, Unit};
use domain::view::Topic;
use model::progress::{CouncilPromise, Indicator, Mark, OwnWords, Tracker};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: String,
    seen: String,
    strategy: String,
    report: Date,
    checked: Date,
    review_by: Date,
    promise: Vec<PromiseRow>,
    indicator: Vec<IndicatorRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PromiseRow {
    slug: TypedName,
    title: String,
    said: String,
    paragraph: u32,
    who: String,
    topic: String,
    done: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndicatorRow {
    id: TypedName,
    promise: String,
    title: String,
    unit: String,
    better: String,
    #[serde(default = "yes")]
    picture: bool,
    #[serde(default)]
    note: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    parts_of: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    words_say: String,
    #[serde(default)]
    words_period: String,
    #[serde(default)]
    figure: Vec<FigureRow>,
    #[serde(default)]
    mark: Vec<MarkRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FigureRow {
    period: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkRow {
    kind: String,
    value: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    or_more: bool,
    #[serde(default)]
    period: String,
}

fn yes() -> bool {
    true
}

/// Kinds of marks.
const MARKS: [&str; 4] = ["average", "target", "forecast", "aim"];

/// Reads the file, or says everything that is wrong with it.
pub(crate) fn read(text: &str) -> Result<Tracker, Vec<Flaw>> {
    let file: File = toml::from_str(text).map_err(|error| vec![Flaw::whole(error.to_string())])?;
    let mut faults = Vec::new();
    let (mut promises, mut indicators) = (Vec::new(), Vec::new());
    let mut slugs = BTreeSet::new();
    for row in file.promise {
        let slug = row.slug.typed().to_owned();
        if !slugs.insert(slug.clone()) {
            faults.push(Flaw::at(&slug, "it stands twice"));
        }
        match promise(row) {
            Ok(promise) => promises.push(promise),
            Err(what) => faults.push(Flaw::at(&slug, what)),
        }
    }
    let ids = file.indicator.iter().map(|row| row.id.typed().to_owned());
    let ids: BTreeSet<String> = ids.collect();
    if ids.len() != file.indicator.len() {
        faults.push(Flaw::whole("an indicator stands twice"));
    }
    for row in file.indicator {
        let id = row.id.typed().to_owned();
        if !row.promise.is_empty() && !slugs.contains(&row.promise) {
            faults.push(Flaw::at(
                &id,
                format!("there is no promise {}", row.promise),
            ));
        }
        if !row.parts_of.is_empty() && !ids.contains(&row.parts_of) {
            faults.push(Flaw::at(
                &id,
                format!("there is no indicator {}", row.parts_of),
            ));
        }
        match indicator(row, &file.source, &promises) {
            Ok(indicator) => indicators.push(indicator),
            Err(what) => faults.push(Flaw::at(&id, what)),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Tracker {
        source: file.source,
        seen: file.seen,
        strategy: file.strategy,
        report: Some(file.report),
        checked: Some(file.checked),
        review_by: Some(file.review_by),
        promises,
        indicators,
    })
}

fn promise(row: PromiseRow) -> Result<CouncilPromise, String> {
    let topic =
        Topic::from_id(&row.topic).ok_or_else(|| format!("there is no topic {}", row.topic))?;
    let slug = row.slug.checked("slug")?;
    if !row.said.starts_with("We will ") {
        return Err("what was said does not begin with \"We will\"".to_owned());
    }
    Ok(CouncilPromise {
        slug,
        title: row.title,
        said: row.said,
        paragraph: row.paragraph,
        who: row.who,
        topic,
        done: row.done,
    })
}

fn indicator(
    row: IndicatorRow,
    source: &str,
    promises: &[CouncilPromise],
) -> Result<Indicator, String> {
    let unit = Unit::from_id(&row.unit).ok_or_else(|| format!("there is no unit {}", row.unit))?;
    let better = Better::from_id(&row.better)
        .ok_or_else(|| format!("better is up, down or neither, not {}", row.better))?;
    let words = if row.words.is_empty() {
        None
    } else {
        let change = Movement::from_id(&row.words_say)
            .ok_or_else(|| format!("words say better, same or worse, not {}", row.words_say))?;
        Some(OwnWords {
            said: row.words,
            change,
            period: period(&row.words_period)?,
        })
    };
    let mut figures = Vec::new();
    for figure in row.figure {
        let (period, number) = (period(&figure.period)?, number(&figure.value, unit)?);
        if figures.iter().any(|(known, _)| *known == period) {
            return Err(format!("{period} stands twice"));
        }
        figures.push((period, number));
    }
    let mut marks = Vec::new();
    for mark in row.mark {
        let kind = MARKS.into_iter().find(|kind| *kind == mark.kind);
        let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        marks.push(Mark {
            kind: kind.ok_or_else(|| format!("there is no mark {}", mark.kind))?,
            from: number(&mark.value, unit)?,
            to: optional(&mark.to)
                .map(|text| number(&text, unit))
                .transpose()?,
            or_more: mark.or_more,
            period: optional(&mark.period)
                .map(|text| period(&text))
                .transpose()?,
        });
    }
    // A figure without its own source stands in the paragraph of its promise.
    let paragraph = promises
        .iter()
        .find(|promise| promise.slug == row.promise)
        .map(|promise| promise.paragraph);
    let source = match (row.source.is_empty(), paragraph) {
        (false, _) => row.source,
        (true, Some(paragraph)) => format!("{source}, paragraph {paragraph}"),
        (true, None) => return Err("it has neither a source nor a promise".to_owned()),
    };
    Ok(Indicator {
        id: row.id.checked("id")?,
        promise: row.promise,
        title: row.title,
        unit,
        better,
        picture: row.picture,
        note: row.note,
        source,
        parts_of: row.parts_of,
        words,
        figures,
        marks,
    })
}

fn period(text: &str) -> Result<Period, String> {
    text.parse().map_err(|_| format!("{text} is not a period"))
}

fn number(text: &str, unit: Unit) -> Result<Number, String> {
    let number: Number = text
        .parse()
        .map_err(|_| format!("{text} is not a number"))?;
    if unit.takes(number) {
        Ok(number)
    } else {
        Err(format!("{text} cannot be a number of {}", unit.id()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
source = "A report"
seen = "all"
strategy = "A plan"
report = "2019-02-26"
checked = "2026-11-24"
review_by = "2027-05-31"

[[promise]]
slug = "a"
title = "A"
said = "We will do it."
paragraph = 5
who = ""
topic = "home"
done = []

[[indicator]]
id = "x"
promise = "a"
title = "X"
unit = "children"
better = "down"
figure = [{ period = "2018-04", value = "9" }]
"#;

    #[test]
    fn says_what_is_wrong() {
        let tracker = read(GOOD).unwrap();
        assert_eq!(tracker.indicators[0].source, "A report, paragraph 5");
        for (from, to, place, said) in [
            (
                "\"We will do it.\"",
                "\"It will be done.\"",
                "a",
                "what was said",
            ),
            (
                "topic = \"home\"",
                "topic = \"x\"",
                "a",
                "there is no topic x",
            ),
            ("slug = \"a\"", "slug = \"A b\"", "A b", "its slug"),
            ("id = \"x\"", "id = 'x\"y'", "x\"y", "its id is not of"),
            (
                "promise = \"a\"",
                "promise = \"b\"",
                "x",
                "there is no promise b",
            ),
            (
                "promise = \"a\"",
                "promise = \"\"",
                "x",
                "it has neither a source",
            ),
            (
                "unit = \"children\"",
                "unit = \"cats\"",
                "x",
                "there is no unit cats",
            ),
            (
                "better = \"down\"",
                "better = \"left\"",
                "x",
                "better is up",
            ),
            (
                "\"9\"",
                "\"9.5\"",
                "x",
                "9.5 cannot be a number of children",
            ),
            ("\"9\"", "\"many\"", "x", "many is not a number"),
            ("2018-04", "2018-4", "x", "2018-4 is not a period"),
        ] {
            let faults = read(&GOOD.replacen(from, to, 1)).unwrap_err();
            assert!(
                faults
                    .iter()
                    .any(|fault| { fault.place == place && fault.message.starts_with(said) }),
                "{place} {said}: {faults:?}"
            );
        }
        let again = GOOD.split_once("[[indicator]]").unwrap().1;
        let twice = format!("{GOOD}\n[[indicator]]{again}");
        assert_eq!(
            read(&twice).unwrap_err(),
            [Flaw::whole("an indicator stands twice")]
        );
    }
}
