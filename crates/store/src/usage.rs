//! Counts of what was opened, by month.

use domain::date::Date;

/// How often something was opened in a month. It stands for nobody, so it is in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageViewsRow {
    /// The first day of the month.
    pub month: Date,
    /// The address of a public page, or `language:` and a code.
    pub what: String,
    /// How often.
    pub count: u64,
}
