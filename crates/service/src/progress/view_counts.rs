//! How many views there are of each topic, counted once a day.

use domain::date::Date;
use domain::view::Topic;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// The views of each topic until the end of last month, counted once a day: counting reads every view.
#[derive(Default)]
pub struct ViewCounts(pub(super) Mutex<Option<(Date, BTreeMap<Topic, usize>)>>);

pub(crate) fn first_of_month(day: Date) -> Date {
    let (_, _, of_month) = day.year_month_day();
    i32::try_from(of_month).map_or(day, |of_month| day.plus_days(1 - of_month))
}
