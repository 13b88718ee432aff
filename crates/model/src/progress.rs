//! What the council promised, and what the figures say.

use crate::content::Article;
use domain::date::Date;
use domain::indicator::{
    Better, Compared, IndicatorStatus, Movement, Number, Period, ShownNumber, Unit,
};
use domain::view::Topic;

/// Everything `promises.toml` says, in order.
#[derive(Clone, Debug, Default)]
pub struct Tracker {
    /// Where the promises were read.
    pub source: String,
    /// What copy of it was read.
    pub seen: String,
    /// The plan they are part of.
    pub strategy: String,
    /// The day of the report.
    pub report: Option<Date>,
    /// The day the words were checked against it.
    pub checked: Option<Date>,
    /// The day they should be checked again.
    pub review_by: Option<Date>,
    /// The promises.
    pub promises: Vec<CouncilPromise>,
    /// The indicators, those that belong to no promise too.
    pub indicators: Vec<Indicator>,
}

/// One "We will" statement.
#[derive(Clone, Debug)]
pub struct CouncilPromise {
    /// Name in the address.
    pub slug: String,
    /// Title in our words.
    pub title: String,
    /// The council's sentence, word for word.
    pub said: String,
    /// The paragraph of the report.
    pub paragraph: u32,
    /// Who is responsible (a job); empty: ask.
    pub who: String,
    /// What young people's views about it are sent as.
    pub topic: Topic,
    /// What the report says was done.
    pub done: Vec<String>,
}

/// Something that is counted again and again.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Its name in the database.
    pub id: String,
    /// The promise it belongs to; may be empty.
    pub promise: String,
    /// Title in our words.
    pub title: String,
    /// What is counted.
    pub unit: Unit,
    /// Which way is better.
    pub better: Better,
    /// A picture may be drawn.
    pub picture: bool,
    /// What to know when reading it; may be empty.
    pub note: String,
    /// Where its figures were read.
    pub source: String,
    /// The indicator of which this one's figures are a part; may be empty.
    pub parts_of: String,
    /// What the council said of it in words, where it gave no number.
    pub words: Option<OwnWords>,
    /// The figures of the report.
    pub figures: Vec<(Period, Number)>,
    /// What a figure can be held against.
    pub marks: Vec<Mark>,
}

/// The council's own words on how something moved.
#[derive(Clone, Debug)]
pub struct OwnWords {
    /// Word for word.
    pub said: String,
    /// What they say.
    pub change: Movement,
    /// When.
    pub period: Period,
}

/// What a figure can be held against.
#[derive(Clone, Debug)]
pub struct Mark {
    /// `average`, `target`, `forecast` or `aim`.
    pub kind: &'static str,
    /// The number, or the lowest of a range.
    pub from: Number,
    /// The highest of a range.
    pub to: Option<Number>,
    /// That number or more.
    pub or_more: bool,
    /// When it is for, if the source says so.
    pub period: Option<Period>,
}

/// A promise in the list of all.
#[derive(Clone, Debug)]
pub struct PromiseCard {
    /// Name in the address.
    pub slug: String,
    /// Title.
    pub title: String,
    /// How it goes.
    pub status: IndicatorStatus,
}

/// The list of all promises, with the figures that belong to none.
#[derive(Clone, Debug)]
pub struct PromisesPage {
    /// The words around the list.
    pub article: Article,
    /// Its review is overdue.
    pub overdue: bool,
    /// The promises in order.
    pub promises: Vec<PromiseCard>,
    /// Figures of no promise.
    pub others: Vec<IndicatorNow>,
}

/// One promise on its own page.
#[derive(Clone, Debug)]
pub struct PromisePage {
    /// The promise.
    pub promise: CouncilPromise,
    /// How it goes.
    pub status: IndicatorStatus,
    /// What the figures say.
    pub indicators: Vec<IndicatorNow>,
    /// At least this number of views was sent on its topic; `None` for fewer than five.
    pub views: Option<usize>,
    /// The last day that is counted.
    pub views_until: Date,
    /// Where the promise was read.
    pub source: String,
    /// What copy of it was read.
    pub seen: String,
    /// The plan it is part of.
    pub strategy: String,
    /// The day of the report.
    pub report: Date,
    /// The day the words were checked.
    pub checked: Date,
    /// The day they should be checked again.
    pub review_by: Date,
    /// That day is over.
    pub overdue: bool,
}

/// An indicator with its figures as they are today.
#[derive(Clone, Debug)]
pub struct IndicatorNow {
    /// What is counted.
    pub indicator: Indicator,
    /// How it goes.
    pub status: IndicatorStatus,
    /// The figures that were compared.
    pub compared: Option<Compared>,
    /// The figures, oldest first.
    pub figures: Vec<FigureNow>,
    /// Figures that were changed or taken away, newest change first.
    pub changes: Vec<FigureChange>,
}

/// A figure as a page may show it.
#[derive(Clone, Debug)]
pub struct FigureNow {
    /// When it was true.
    pub period: Period,
    /// What may be shown of it.
    pub shown: ShownNumber,
    /// It is too old to speak of today.
    pub old: bool,
    /// Where it was read.
    pub source: String,
    /// The day of that source, for figures entered at the desk.
    pub source_day: Option<Date>,
}

/// A figure that was changed or taken away.
#[derive(Clone, Debug)]
pub struct FigureChange {
    /// The day of the change.
    pub day: Date,
    /// When the figure was true.
    pub period: Period,
    /// What stood there before.
    pub from: Option<ShownNumber>,
    /// What stands there since; `None`: it was taken away.
    pub to: Option<ShownNumber>,
    /// Why.
    pub reason: String,
}
