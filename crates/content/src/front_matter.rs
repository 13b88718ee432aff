//! The front matter of a page: what stands between the lines of +++.

use domain::date::Date;
use model::{Certainty, Source};
use serde::Deserialize;

/// Front matter of a page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageFront {
    pub(crate) title: String,
    pub(crate) slug: String,
    pub(crate) short: String,
    pub(crate) checked: Date,
    pub(crate) review_by: Date,
    pub(crate) certainty: String,
    #[serde(default)]
    pub(crate) sources: Vec<SourceFront>,
}

/// Front matter of a right.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RightFront {
    pub(crate) title: String,
    pub(crate) slug: String,
    pub(crate) group: String,
    pub(crate) order: i64,
    pub(crate) sign: String,
    pub(crate) short: String,
    pub(crate) who_for: String,
    pub(crate) topic: String,
    pub(crate) checked: Date,
    pub(crate) review_by: Date,
    pub(crate) certainty: String,
    pub(crate) sources: Vec<SourceFront>,
}

/// A source in front matter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceFront {
    pub(crate) title: String,
    pub(crate) seen: String,
    pub(crate) certainty: String,
}

/// Front matter and body of a page.
pub(crate) fn split_front(text: &str) -> Result<(&str, &str), String> {
    let rest = text
        .strip_prefix("+++\n")
        .ok_or("it does not begin with a line of +++")?;
    rest.split_once("\n+++\n")
        .ok_or_else(|| "the line of +++ after the front matter is missing".to_owned())
}

/// How sure we are, from its word.
pub(crate) fn certainty(id: &str) -> Result<Certainty, String> {
    match id {
        "verified" => Ok(Certainty::Verified),
        "partly" => Ok(Certainty::Partly),
        "ask" => Ok(Certainty::Ask),
        other => Err(format!("certainty is verified, partly or ask, not {other}")),
    }
}

/// Sources as a page shows them.
pub(crate) fn sources(fronts: Vec<SourceFront>) -> Result<Vec<Source>, String> {
    fronts
        .into_iter()
        .map(|s| {
            Ok(Source {
                title: s.title,
                seen: s.seen,
                certainty: certainty(&s.certainty)?,
            })
        })
        .collect()
}
