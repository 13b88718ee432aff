//! The council's promises with their figures: those of the report, and those entered at the desk since.

use crate::sign_in::StaffSession;
use crate::{ActError, App};
use content::Content;
use domain::date::Date;
use domain::indicator::{
    Compared, Figure, Number, Period, Shown, Status, at_least, compare, shown, shown_parts, status,
    together,
};
use domain::view::{self, Topic};
use model::FieldError;
use model::desk::progress::FigureForm;
use model::progress::{
    FigureChange, FigureNow, Indicator, IndicatorNow, PromiseCard, PromisePage, PromisesPage,
    Tracker,
};
use std::collections::BTreeMap;
use std::sync::Mutex;
use store::{Changed, FigureRow};

/// Most characters of a source and of a reason.
pub const LINE_MAX: usize = 300;

/// The views of each topic until the end of last month, counted once a day: counting reads every view.
#[derive(Default)]
pub struct Counted(Mutex<Option<(Date, BTreeMap<Topic, usize>)>>);

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

// One version of one figure: the report's own, or one entered since.
struct Version {
    number: Option<Number>,
    source: String,
    source_day: Option<Date>,
    reason: String,
    entered: Option<Date>,
}

type Versions = BTreeMap<Period, Vec<Version>>;

// Every version of every figure of an indicator, oldest first.
fn versions(indicator: &Indicator, rows: &[FigureRow]) -> Versions {
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
fn newest(versions: &[Version]) -> Option<Number> {
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
) -> Shown {
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
        .unwrap_or(Shown::LeftOut)
}

// What was changed, newest first. Of a part the numbers before and after are left out: with another part they could give
// away a small one.
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
            Shown::LeftOut
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

fn of_promise(tracker: &Tracker, rows: &[FigureRow], slug: &str, today: Date) -> Vec<IndicatorNow> {
    tracker
        .indicators
        .iter()
        .filter(|indicator| indicator.promise == slug)
        .map(|indicator| now(tracker, rows, indicator, today))
        .collect()
}

fn word(indicators: &[IndicatorNow]) -> Status {
    let all: Vec<Status> = indicators.iter().map(|one| one.status).collect();
    together(&all)
}

impl App {
    /// Every promise with its word, and the figures that belong to none.
    pub async fn promises_page(&self, content: &Content) -> Result<PromisesPage, ActError> {
        let today = self.clock.today();
        let tracker = &content.tracker;
        let rows = self.store.figures().await?;
        let article = content.page("promises");
        let promises = tracker
            .promises
            .iter()
            .map(|promise| PromiseCard {
                slug: promise.slug.clone(),
                title: promise.title.clone(),
                status: word(&of_promise(tracker, &rows, &promise.slug, today)),
            })
            .collect();
        Ok(PromisesPage {
            overdue: article.review_by < today,
            article,
            promises,
            others: of_promise(tracker, &rows, "", today),
        })
    }

    /// One promise.
    pub async fn promise_page(
        &self,
        content: &Content,
        slug: &str,
    ) -> Result<PromisePage, ActError> {
        let today = self.clock.today();
        let tracker = &content.tracker;
        let promise = tracker
            .promises
            .iter()
            .find(|promise| promise.slug == slug)
            .ok_or(ActError::NotFound)?;
        let rows = self.store.figures().await?;
        let indicators = of_promise(tracker, &rows, slug, today);
        let first = first_of_month(today);
        let views = self.views_on(promise.topic, first).await?;
        let review_by = tracker.review_by.unwrap_or(Date::EPOCH);
        Ok(PromisePage {
            status: word(&indicators),
            indicators,
            views: at_least(views),
            views_until: first.plus_days(-1),
            source: tracker.source.clone(),
            seen: tracker.seen.clone(),
            strategy: tracker.strategy.clone(),
            report: tracker.report.unwrap_or(Date::EPOCH),
            checked: tracker.checked.unwrap_or(Date::EPOCH),
            review_by,
            overdue: review_by < today,
            promise: promise.clone(),
        })
    }

    /// How many views on a topic were sent before this day, counted once a day.
    pub(super) async fn views_on(&self, topic: Topic, before: Date) -> Result<usize, ActError> {
        let today = self.clock.today();
        let known = {
            let counted = self.counted.0.lock();
            counted.map_or_else(
                |poisoned| poisoned.into_inner().clone(),
                |held| held.clone(),
            )
        };
        if let Some((_, counts)) = known.filter(|(day, _)| *day == today) {
            return Ok(counts.get(&topic).copied().unwrap_or(0));
        }
        let counts: BTreeMap<Topic, usize> = self
            .store
            .views_by_topic(before)
            .await?
            .into_iter()
            .collect();
        let views = counts.get(&topic).copied().unwrap_or(0);
        let mut counted = self
            .counted
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *counted = Some((today, counts));
        Ok(views)
    }

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

pub(super) fn first_of_month(day: Date) -> Date {
    let (_, _, of_month) = day.year_month_day();
    i32::try_from(of_month).map_or(day, |of_month| day.plus_days(1 - of_month))
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
