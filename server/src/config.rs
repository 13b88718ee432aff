//! Settings: an option, or its `PLEDGE_…` variable, or a default.

use crate::error::CliError;
use crate::options::Options;
use notify::{Channels, PublicUrl, settings};
use std::path::PathBuf;
use web::ProxyHeader;

/// The header in which a proxy of ours names the address that it speaks for.
pub(crate) fn proxy_header(options: &Options) -> Result<Option<ProxyHeader>, CliError> {
    let named = options
        .proxy_header
        .clone()
        .or_else(|| std::env::var("PLEDGE_PROXY_HEADER").ok())
        .filter(|name| !name.is_empty());
    named
        .map(|name| {
            ProxyHeader::named(&name).ok_or_else(|| {
                CliError::Usage(format!(
                    "--proxy-header takes the name of a header such as X-Forwarded-For, not `{name}`."
                ))
            })
        })
        .transpose()
}

/// The address under which everybody reaches this installation.
pub(crate) fn public_url(options: &Options) -> Result<Option<PublicUrl>, CliError> {
    let named = options
        .public_url
        .clone()
        .or_else(|| std::env::var("PLEDGE_PUBLIC_URL").ok())
        .filter(|url| !url.is_empty());
    named
        .map(|url| PublicUrl::parse(&url).map_err(CliError::Usage))
        .transpose()
}

pub(crate) fn alert_channels(options: &Options) -> Result<Channels, CliError> {
    let given = |name: &str| {
        let mut found = options.alerts.iter().rev();
        found
            .find(|(option, _)| *option == name)
            .map(|(_, value)| value.clone())
    };
    settings::read_channels(given, |name| std::env::var(name).ok()).map_err(CliError::Usage)
}

pub(crate) fn data_folder(options: &Options) -> PathBuf {
    let named = options
        .data
        .clone()
        .or_else(|| std::env::var_os("PLEDGE_DATA").map(PathBuf::from));
    named.unwrap_or_else(|| PathBuf::from("data"))
}

pub(crate) fn backup_folder() -> Option<PathBuf> {
    std::env::var_os("PLEDGE_BACKUPS").map(PathBuf::from)
}

/// Whether the limits of a process, as Linux lists them, let no core dump be written. Where there is no list nothing is
/// known, and nothing is said.
pub(crate) fn core_dumps_are_off(limits: &str) -> bool {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max core file size"));
    line.is_none_or(|line| line.split_whitespace().next() == Some("0"))
}

#[cfg(test)]
mod tests {
    use super::core_dumps_are_off;

    #[test]
    fn core_dumps_are_seen_in_the_list_of_limits() {
        let list = |soft: &str| {
            format!(
                "Limit                     Soft Limit           Hard Limit           Units\n\
                 Max stack size            8388608              unlimited            bytes\n\
                 Max core file size        {soft}                    unlimited            bytes\n"
            )
        };
        assert!(core_dumps_are_off(&list("0")));
        assert!(!core_dumps_are_off(&list("unlimited")));
        assert!(!core_dumps_are_off(&list("1024")));
        assert!(core_dumps_are_off(""));
    }
}
