//! The figures of the council's promises at the desk, with the form that enters one.

use super::frame::DeskFrame;
use crate::form::FieldError;
use crate::progress::IndicatorNow;

/// The figures at the desk. Fields of the form: `indicator`, `period`, `value`, `away`, `source`, `source-day`, `reason`,
/// with `token` and `seen`.
#[derive(Clone, Debug)]
pub struct FiguresPage {
    /// Who.
    pub desk: DeskFrame,
    /// Every indicator under its promise's title.
    pub groups: Vec<(String, Vec<IndicatorNow>)>,
    /// The form as typed.
    pub form: FigureForm,
    /// The newest entry when the page was made, so that two people cannot overwrite each other.
    pub seen: i64,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// The form for a figure as typed.
#[derive(Clone, Debug, Default)]
pub struct FigureForm {
    /// The indicator's id.
    pub indicator: String,
    /// `2026`, `2026-03` or `2025-04/2026-03`.
    pub period: String,
    /// The number.
    pub value: String,
    /// The figure is to be taken away.
    pub away: bool,
    /// Where it was read.
    pub source: String,
    /// The day of that source, `YYYY-MM-DD`.
    pub source_day: String,
    /// Why it differs from what stands there.
    pub reason: String,
}
