//! `pledge check`: the entitlement rules over JSON.

use crate::error::CliError;
use service::clock::{Clock, SystemClock};
use std::io::{Read, Write};

/// The entitlement rules on the command line. Exit 2 when the input is not JSON of the right shape.
pub(crate) fn check() -> Result<(), CliError> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| CliError::Stopped(format!("the answers cannot be read: {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| CliError::Usage("The input is not JSON: it is not UTF-8.".to_owned()))?;
    let outcome = domain::entitlements::json::check_text(&text, SystemClock.today())
        .map_err(|refused| CliError::Usage(format!("{refused}.")))?;
    std::io::stdout()
        .write_all(outcome.as_bytes())
        .and_then(|()| std::io::stdout().write_all(b"\n"))
        .map_err(|error| CliError::Stopped(format!("the outcome cannot be written: {error}")))
}
