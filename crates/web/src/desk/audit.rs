//! Who opened what, week by week.

use super::frame::frame_of;
use crate::auth::Staff;
use crate::error::WebError;
use crate::site::Site;
use crate::{form, response};
use ::desk as pages;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::date::Date;
use model::AuditPage;
use std::sync::Arc;

/// The list of one week; this week unless the address names another day.
pub async fn week(
    State(site): State<Arc<Site>>,
    desk: Staff,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let query = form::Form::from_query(query.as_deref());
    let today = site.pledge.clock.today();
    let asked: Date = query.get("week").parse().unwrap_or(today);
    let first = monday(asked.min(today));
    let rows = site.pledge.opened_in_week(&desk, first).await?;
    let held = site.pledge.legal_holds(&desk).await?;
    let page = AuditPage {
        desk: frame_of(&desk, None),
        first,
        has_next: first.plus_days(7) <= today,
        rows,
        held,
    };
    Ok(response::desk_page(&site, StatusCode::OK, || {
        pages::audit(page)
    }))
}

/// The Monday of a day's week: 1 January 1970 was a Thursday.
fn monday(day: Date) -> Date {
    day.plus_days(-(day.days() + 3).rem_euclid(7))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday() {
        for (day, first) in [
            ("2026-11-21", "2026-11-16"),
            ("2026-11-16", "2026-11-16"),
            ("2026-11-22", "2026-11-16"),
            ("1969-12-31", "1969-12-29"),
        ] {
            assert_eq!(monday(day.parse().unwrap()).to_string(), first);
        }
    }
}
