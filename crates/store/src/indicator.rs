//! Figures of the indicators on the progress page.

use domain::date::Date;
use domain::indicator::{Number, Period};

/// A figure entered at the desk: public by intent, so it stands in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureRow {
    /// Order of entry; given by the store.
    pub seq: i64,
    /// The indicator's id.
    pub indicator: String,
    /// When the figure was true.
    pub period: Period,
    /// The number; `None` takes it away.
    pub number: Option<Number>,
    /// Where it was read.
    pub source: String,
    /// The day of that source.
    pub source_day: Date,
    /// Why it differs from what stood there; may be empty.
    pub reason: String,
    /// The day it was entered.
    pub entered: Date,
}
