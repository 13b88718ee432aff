//! `pledge audit`: what the log says of one account.

use crate::commands::recovery::open_store;
use crate::error::{CliError, act_error};
use crate::options::Options;
use domain::date::Date;
use service::{ActError, audit};

const DAY: i64 = 24 * 60 * 60;

pub(crate) async fn who(options: &Options) -> Result<(), CliError> {
    let name = options
        .name
        .as_deref()
        .ok_or_else(|| CliError::Usage("--name is missing.".to_owned()))?;
    let since = options.since.map_or(0, |day| i64::from(day.days()) * DAY);
    let store = open_store(options).await?;
    let report = audit::account_report(&store, name, since).await;
    store.close().await;
    let report = report.map_err(|error| match error {
        ActError::Field(_, "staff-unknown") => CliError::Stopped(
            "there is nobody of this name (any more): the log knows removed people by their id alone".to_owned(),
        ),
        other => act_error(&other),
    })?;
    let staff = &report.staff;
    let suspended = if staff.suspended { ", suspended" } else { "" };
    println!(
        "{} is {}{suspended}. Moments are UTC.",
        staff.name,
        staff.role.id()
    );
    println!("Sessions that have not ended: {}.", report.sessions.len());
    for session in &report.sessions {
        let half = if session.half {
            ", before the code"
        } else {
            ""
        };
        println!(
            "  begun {}, last used {}{half}",
            moment(session.began),
            moment(session.seen)
        );
    }
    println!("Acts, and tries: {}.", report.acts.len());
    for row in &report.acts {
        let object = row.object.as_deref().unwrap_or_default();
        println!(
            "  {}  {:<16} {:<8} {object}",
            moment(row.at),
            row.action,
            row.outcome
        );
    }
    println!(
        "Views whose texts the keys of this account open, opened or not: {}.",
        report.can_open.len()
    );
    for view in &report.can_open {
        println!("  {view}");
    }
    Ok(())
}

/// A moment as day and time, UTC.
fn moment(unix_seconds: i64) -> String {
    let day = i32::try_from(unix_seconds.div_euclid(DAY)).ok();
    let day = day.and_then(Date::from_days).unwrap_or(Date::EPOCH);
    let second = unix_seconds.rem_euclid(DAY);
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    format!("{day} {hour:02}:{minute:02}")
}
