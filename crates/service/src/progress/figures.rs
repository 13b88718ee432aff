//! The versions of each figure, and what of them a page may show. It knows no store and no session.

use domain::date::Date;
use domain::indicator::{
    Compared, Figure, IndicatorStatus, Number, Period, ShownNumber, compare, shown, shown_parts,
    status, together,
};
use model::progress::{FigureChange, FigureNow, Indicator, IndicatorNow, Tracker};
use std::collections::BTreeMap;
use store::FigureRow;

// One version of one figure: the report's own, or one entered since.
pub(super) struct Version {
    pub(super) number: Option<Number>,
    pub(super) source: String,
    pub(super) source_day: Option<Date>,
    pub(super) reason: String,
    pub(super) entered: Option<Date>,
}

pub(super) type Versions = BTreeMap<Period, Vec<Version>>;

// Every version of every figure of an indicator, oldest first.
pub(super) fn versions(indicator: &Indicator, rows: &[FigureRow]) -> Versions {
    let mut all = Versions::new();
    for (period, number) in &indicator.figures {
        all.entry(*period).or_default().push(Version {
            number: Some(*number),
            source: indicator.source.clone(),
            source_day: None,
            reason: String::new(),
            entered: None,
        });
    }
    for row in rows.iter().filter(|row| row.indicator == indicator.id) {
        all.entry(row.period).or_default().push(Version {
            number: row.number,
            source: row.source.clone(),
            source_day: Some(row.source_day),
            reason: row.reason.clone(),
            entered: Some(row.entered),
        });
    }
    all
}

// The number that holds now.
pub(super) fn newest(versions: &[Version]) -> Option<Number> {
    versions.last().and_then(|version| version.number)
}

/// An indicator as a page may show it on this day.
pub fn now(
    tracker: &Tracker,
    rows: &[FigureRow],
    indicator: &Indicator,
    today: Date,
) -> IndicatorNow {
    let all = versions(indicator, rows);
    let numbers: Vec<Figure> = all
        .iter()
        .filter_map(|(period, versions)| {
            let number = newest(versions)?;
            Some(Figure {
                period: *period,
                number,
            })
        })
        .collect();
    let own_words = indicator.words.as_ref().map(|words| Compared {
        from: words.period,
        to: words.period,
        change: words.change,
    });
    let compared = compare(indicator.unit, indicator.better, &numbers).or(own_words);
    let status = status(compared, today);
    let mut figures: Vec<FigureNow> = all
        .iter()
        .filter_map(|(period, versions)| {
            let version = versions.last()?;
            Some(FigureNow {
                period: *period,
                shown: show(tracker, rows, indicator, *period, version.number?),
                old: period.is_old(today),
                source: version.source.clone(),
                source_day: version.source_day,
            })
        })
        .collect();
    figures.sort_by_key(|figure| (figure.period.end(), figure.period));
    IndicatorNow {
        changes: changes(tracker, rows, indicator, &all),
        indicator: indicator.clone(),
        status,
        compared,
        figures,
    }
}

// What may be shown of a number. Parts of one whole are looked at together.
fn show(
    tracker: &Tracker,
    rows: &[FigureRow],
    indicator: &Indicator,
    period: Period,
    number: Number,
) -> ShownNumber {
    if indicator.parts_of.is_empty() {
        return shown(indicator.unit, number);
    }
    let parts: Vec<(&str, Number)> = tracker
        .indicators
        .iter()
        .filter(|other| other.parts_of == indicator.parts_of)
        .filter_map(|other| {
            let all = versions(other, rows);
            Some((other.id.as_str(), newest(all.get(&period)?)?))
        })
        .collect();
    let numbers: Vec<Number> = parts.iter().map(|(_, number)| *number).collect();
    let all = shown_parts(indicator.unit, &numbers);
    parts
        .iter()
        .position(|(id, _)| *id == indicator.id)
        .and_then(|at| all.get(at).copied())
        .unwrap_or(ShownNumber::LeftOut)
}

// What was changed, newest first. Of a part the numbers before and after are left out: with another part a small one
// could be worked out of them.
fn changes(
    tracker: &Tracker,
    rows: &[FigureRow],
    indicator: &Indicator,
    all: &Versions,
) -> Vec<FigureChange> {
    let show = |period: Period, number: Number, is_newest: bool| {
        if indicator.parts_of.is_empty() {
            shown(indicator.unit, number)
        } else if is_newest {
            show(tracker, rows, indicator, period, number)
        } else {
            ShownNumber::LeftOut
        }
    };
    let mut changes = Vec::new();
    for (period, versions) in all {
        for (at, pair) in versions.windows(2).enumerate() {
            let [before, after] = pair else { continue };
            let is_newest = at + 2 == versions.len();
            changes.push(FigureChange {
                day: after.entered.unwrap_or(Date::EPOCH),
                period: *period,
                from: before.number.map(|number| show(*period, number, false)),
                to: after.number.map(|number| show(*period, number, is_newest)),
                reason: after.reason.clone(),
            });
        }
    }
    changes.sort_by_key(|change| std::cmp::Reverse(change.day));
    changes
}

pub(super) fn of_promise(
    tracker: &Tracker,
    rows: &[FigureRow],
    slug: &str,
    today: Date,
) -> Vec<IndicatorNow> {
    tracker
        .indicators
        .iter()
        .filter(|indicator| indicator.promise == slug)
        .map(|indicator| now(tracker, rows, indicator, today))
        .collect()
}

pub(super) fn word(indicators: &[IndicatorNow]) -> IndicatorStatus {
    let all: Vec<IndicatorStatus> = indicators.iter().map(|one| one.status).collect();
    together(&all)
}
