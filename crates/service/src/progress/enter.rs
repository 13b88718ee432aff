//! Entering a figure at the desk: what was typed, checked against what is known.

use super::figures::{newest, of_promise, versions};
use crate::sign_in::StaffSession;
use crate::{ActError, App};
use domain::date::Date;
use domain::indicator::{Number, Period};
use domain::view;
use model::FieldError;
use model::desk::progress::FigureForm;
use model::progress::{IndicatorNow, Tracker};
use store::{Changed, FigureRow};

/// Most characters of a source and of a reason.
pub const LINE_MAX: usize = 300;

/// A figure that was checked and can be entered.
#[derive(Clone, Debug)]
pub struct NewFigure {
    indicator: String,
    period: Period,
    number: Option<Number>,
    source: String,
    source_day: Date,
    reason: String,
}

impl App {
    /// Every indicator under its promise's title, and the newest entry's number.
    pub async fn figures_at_desk(
        &self,
        desk: &StaffSession,
    ) -> Result<(Vec<(String, Vec<IndicatorNow>)>, i64), ActError> {
        if !desk.staff.role.enters_figures() {
            return Err(ActError::Forbidden);
        }
        let (content, today) = (self.library.content(), self.clock.today());
        let tracker = &content.tracker;
        let rows = self.store.figures().await?;
        let seen = rows.iter().map(|row| row.seq).max().unwrap_or(0);
        let others = content.words.get("promises.others");
        let groups = tracker
            .promises
            .iter()
            .map(|promise| (promise.title.as_str(), promise.slug.as_str()))
            .chain([(others.as_str(), "")])
            .map(|(title, slug)| (title.to_owned(), of_promise(tracker, &rows, slug, today)))
            .filter(|(_, indicators)| !indicators.is_empty())
            .collect();
        Ok((groups, seen))
    }

    /// Checks what was typed against what is known.
    pub async fn checked_figure(
        &self,
        form: &FigureForm,
    ) -> Result<Result<NewFigure, Vec<FieldError>>, ActError> {
        let tracker = &self.library.content().tracker;
        let rows = self.store.figures().await?;
        Ok(checked(tracker, &rows, form, self.clock.today()))
    }

    /// Enters a figure. `seen`: the newest entry when the form was made.
    pub async fn enter_figure(
        &self,
        desk: &StaffSession,
        figure: NewFigure,
        seen: i64,
    ) -> Result<(), ActError> {
        if !desk.staff.role.enters_figures() {
            return Err(ActError::Forbidden);
        }
        let row = FigureRow {
            seq: 0,
            indicator: figure.indicator,
            period: figure.period,
            number: figure.number,
            source: figure.source,
            source_day: figure.source_day,
            reason: figure.reason,
            entered: self.clock.today(),
        };
        let store = self.by(desk, "figure", Some(&row.indicator));
        match store.add_figure(row, seen).await? {
            Changed::Done => Ok(()),
            Changed::Stale => Err(ActError::Stale),
        }
    }
}

fn checked(
    tracker: &Tracker,
    rows: &[FigureRow],
    form: &FigureForm,
    today: Date,
) -> Result<NewFigure, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut wrong = |field, key| errors.push(FieldError { field, key });
    let indicator = tracker
        .indicators
        .iter()
        .find(|indicator| indicator.id == form.indicator);
    if indicator.is_none() {
        wrong("indicator", "error.figure.indicator");
    }
    let period: Option<Period> = form.period.trim().parse().ok();
    match period {
        None => wrong("period", "error.figure.period"),
        Some(period) if period.is_to_come(today) => wrong("period", "error.figure.to-come"),
        Some(_) => {}
    }
    let known = indicator.zip(period).and_then(|(indicator, period)| {
        let mut all = versions(indicator, rows);
        all.remove(&period)
    });
    let number: Option<Number> = form.value.trim().parse().ok();
    match number {
        _ if form.away => {
            if known.as_deref().and_then(newest).is_none() {
                wrong("away", "error.figure.nothing");
            }
        }
        None => wrong("value", "error.figure.value"),
        Some(number) if indicator.is_some_and(|one| !one.unit.takes(number)) => {
            wrong("value", "error.figure.unit");
        }
        Some(_) => {}
    }
    let source = view::tidy(&form.source);
    if source.is_empty() {
        wrong("source", "error.figure.source");
    } else if source.chars().count() > LINE_MAX {
        wrong("source", "error.figure.long");
    }
    let source_day: Option<Date> = form.source_day.trim().parse().ok();
    match source_day {
        None => wrong("source-day", "error.figure.source-day"),
        Some(day) if day > today => wrong("source-day", "error.figure.source-to-come"),
        Some(_) => {}
    }
    let reason = view::tidy(&form.reason);
    if known.is_some() && reason.is_empty() {
        wrong("reason", "error.figure.reason");
    } else if reason.chars().count() > LINE_MAX {
        wrong("reason", "error.figure.long");
    }
    match (indicator, period, source_day, errors.is_empty()) {
        (Some(indicator), Some(period), Some(source_day), true) => Ok(NewFigure {
            indicator: indicator.id.clone(),
            period,
            number: if form.away { None } else { number },
            source,
            source_day,
            reason,
        }),
        _ => Err(errors),
    }
}
