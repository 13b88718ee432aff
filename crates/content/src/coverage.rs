//! Where each thing that the sources name is covered on the site, or why it is not.

use crate::lint_error::Flaw;
use serde::Deserialize;

/// One thing the sources name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverageRow {
    /// The part of the fact base it stands in.
    pub part: String,
    /// What it is.
    pub what: String,
    /// Addresses that cover it, with the place on the page.
    #[serde(default)]
    pub at: Vec<String>,
    /// Why it is not covered, or not in full.
    #[serde(default)]
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    row: Vec<CoverageRow>,
}

/// Reads `coverage.toml`.
pub fn read(text: &str) -> Result<Vec<CoverageRow>, String> {
    toml::from_str::<File>(text)
        .map(|file| file.row)
        .map_err(|error| error.to_string())
}

/// What is wrong with the rows: neither an address nor a reason, or an address that does not exist.
pub(crate) fn faults(rows: &[CoverageRow], exists: impl Fn(&str) -> bool) -> Vec<Flaw> {
    let mut faults = Vec::new();
    for row in rows {
        if row.at.is_empty() && row.reason.is_empty() {
            faults.push(Flaw::at(&row.what, "neither covered nor a reason"));
        }
        for address in row.at.iter().filter(|address| !exists(address)) {
            faults.push(Flaw::at(&row.what, format!("{address} is not there")));
        }
    }
    faults
}

/// The table as text: a line for each part with how much is covered, then each row.
pub fn table(rows: &[CoverageRow]) -> String {
    let mut text = String::new();
    let mut parts: Vec<&str> = rows.iter().map(|row| row.part.as_str()).collect();
    parts.dedup();
    for part in parts {
        let of_part: Vec<&CoverageRow> = rows.iter().filter(|row| row.part == part).collect();
        let covered = of_part.iter().filter(|row| !row.at.is_empty()).count();
        let with_reason = of_part
            .iter()
            .filter(|row| row.at.is_empty() && !row.reason.is_empty())
            .count();
        text.push_str(&format!(
            "{part}: {} rows, {covered} covered, {with_reason} not covered with a reason, {} open\n",
            of_part.len(),
            of_part.len() - covered - with_reason
        ));
        for row in of_part {
            let at = if row.at.is_empty() {
                "not covered".to_owned()
            } else {
                row.at.join(", ")
            };
            let reason = if row.reason.is_empty() {
                String::new()
            } else {
                format!(" ({})", row.reason)
            };
            text.push_str(&format!("  {}: {at}{reason}\n", row.what));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_rows_that_lead_nowhere() {
        let rows = read(
            "[[row]]\npart=\"a\"\nwhat=\"one\"\nat=[\"/x\", \"/y\"]\n[[row]]\npart=\"a\"\nwhat=\"two\"\n[[row]]\npart=\"a\"\nwhat=\"three\"\nreason=\"r\"\n",
        );
        let rows = rows.unwrap_or_default();
        assert_eq!(
            faults(&rows, |address| address == "/x"),
            [
                Flaw::at("one", "/y is not there"),
                Flaw::at("two", "neither covered nor a reason")
            ]
        );
        assert!(
            table(&rows).starts_with("a: 3 rows, 1 covered, 1 not covered with a reason, 1 open\n")
        );
    }
}
