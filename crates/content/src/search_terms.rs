//! What people call things (`search.toml`), for the search.

use search::{Synonym, Synonyms};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    same: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    say: Vec<String>,
    means: Vec<String>,
    #[serde(default)]
    finds: String,
    #[serde(default)]
    urgent: bool,
}

/// Reads the everyday words of a `search.toml`.
///
/// # Errors
///
/// What is wrong with the file.
pub(crate) fn synonyms(text: &str) -> Result<Synonyms, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    Ok(Synonyms::new(file.same.into_iter().map(|row| Synonym {
        say: row.say,
        means: row.means,
        finds: row.finds,
        urgent: row.urgent,
    })))
}
