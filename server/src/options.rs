//! The options of the command line as they were typed. Knows no environment and no default: see `config`.

use crate::error::CliError;
use domain::date::Date;
use notify::settings;
use service::clock::{Clock, SystemClock};
use std::path::PathBuf;

/// What the command line asks for.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) words: Vec<String>,
    pub(crate) listen: Option<String>,
    pub(crate) data: Option<PathBuf>,
    pub(crate) demo: bool,
    pub(crate) name: Option<String>,
    pub(crate) role: Option<String>,
    /// Files of the recovery key: one of the whole key, or one for each of two prints.
    pub(crate) recovery_key: Vec<PathBuf>,
    pub(crate) recovery_shares: bool,
    pub(crate) on: Option<String>,
    pub(crate) against: Option<PathBuf>,
    pub(crate) restored: Option<Date>,
    pub(crate) since: Option<Date>,
    pub(crate) checkpoint: bool,
    pub(crate) dry_run: bool,
    pub(crate) to: Option<PathBuf>,
    pub(crate) from: Option<PathBuf>,
    pub(crate) taken_back: Option<PathBuf>,
    pub(crate) without_list: bool,
    pub(crate) even_if_last: bool,
    pub(crate) proxy_header: Option<String>,
    pub(crate) public_url: Option<String>,
    pub(crate) alerts: Vec<(&'static str, String)>,
    pub(crate) worst: bool,
    pub(crate) without_wasm: bool,
}

pub(crate) fn read_options(parser: &mut lexopt::Parser) -> Result<Options, CliError> {
    use lexopt::prelude::{Long, Short, Value};
    let mut options = Options::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("listen") => options.listen = Some(parser.value()?.string_lossy()),
            Long("data") => options.data = Some(parser.value()?.into()),
            Long("demo") => options.demo = true,
            Long("name") => options.name = Some(parser.value()?.string_lossy()),
            Long("role") => options.role = Some(parser.value()?.string_lossy()),
            Long("on") => options.on = Some(parser.value()?.string_lossy()),
            Long("against") => options.against = Some(parser.value()?.into()),
            Long("restored") => {
                options.restored = Some(day("--restored", &parser.value()?.string_lossy())?)
            }
            Long("since") => options.since = Some(day("--since", &parser.value()?.string_lossy())?),
            Long("dry-run") => options.dry_run = true,
            Long("to") => options.to = Some(parser.value()?.into()),
            Long("from") => options.from = Some(parser.value()?.into()),
            Long("taken-back") => options.taken_back = Some(parser.value()?.into()),
            Long("without-list") => options.without_list = true,
            Long("even-if-last") => options.even_if_last = true,
            Long("checkpoint") => options.checkpoint = true,
            Long("worst") => options.worst = true,
            Long("without-wasm") => options.without_wasm = true,
            Long("proxy-header") => options.proxy_header = Some(parser.value()?.string_lossy()),
            Long("public-url") => options.public_url = Some(parser.value()?.string_lossy()),
            Long("recovery-shares") => options.recovery_shares = true,
            Long("recovery-key") => options.recovery_key.push(parser.value()?.into()),
            Long(name) if alert_option(name).is_some() => {
                if let Some(name) = alert_option(name) {
                    options.alerts.push((name, parser.value()?.string_lossy()));
                }
            }
            Long("help") | Short('h') => options.words = vec!["help".to_owned()],
            Long("version") => options.words = vec!["version".to_owned()],
            Value(word) => options.words.push(word.to_string_lossy().into_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

fn alert_option(name: &str) -> Option<&'static str> {
    let known = settings::OPTIONS.iter().map(|(option, _)| *option);
    known.into_iter().find(|option| *option == name)
}

trait StringLossy {
    fn string_lossy(self) -> String;
}

impl StringLossy for std::ffi::OsString {
    fn string_lossy(self) -> String {
        self.to_string_lossy().into_owned()
    }
}

/// The day of --on, or today.
pub(crate) fn day_of(options: &Options) -> Result<Date, CliError> {
    match &options.on {
        Some(on) => day("--on", on),
        None => Ok(SystemClock.today()),
    }
}

fn day(option: &str, text: &str) -> Result<Date, CliError> {
    text.parse().map_err(|_| {
        CliError::Usage(format!(
            "{option} takes a day such as 2027-05-01, not `{text}`."
        ))
    })
}
