//! The help lines of `help.toml`.

use domain::date::Date;
use model::HelpLine;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HelpFile {
    line: Vec<LineFront>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LineFront {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) for_whom: String,
    pub(crate) phone: String,
    pub(crate) phone_href: String,
    pub(crate) text: String,
    pub(crate) web: String,
    pub(crate) hours: String,
    pub(crate) free: bool,
    pub(crate) urgent: bool,
    pub(crate) order: i64,
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    #[serde(default)]
    pub(crate) night: bool,
    pub(crate) verified: bool,
    pub(crate) source: String,
    pub(crate) checked: Date,
}

/// The lines of `help.toml` as they are written, those that are not verified too.
pub(crate) fn fronts(text: &str) -> Result<Vec<LineFront>, String> {
    let file: HelpFile = toml::from_str(text).map_err(|error| error.to_string())?;
    Ok(file.line)
}

/// The lines that were verified, each with its place in the order.
pub(crate) fn read(text: &str) -> Result<Vec<(i64, HelpLine)>, String> {
    let lines = fronts(text)?.into_iter();
    let verified = lines.filter(|line| line.verified && !line.id.is_empty());
    let shown = verified.map(|line| (line.order, shown(line)));
    Ok(shown.collect())
}

fn shown(line: LineFront) -> HelpLine {
    HelpLine {
        id: line.id,
        needs: line.needs,
        night: line.night,
        name: line.name,
        for_whom: line.for_whom,
        phone: line.phone,
        phone_href: line.phone_href,
        text: line.text,
        web: line.web,
        hours: line.hours,
        free: line.free,
        urgent: line.urgent,
        source: line.source,
        checked: line.checked,
    }
}
