//! The settings of alerts: options of `pledge serve` or `PLEDGE_ALERT_…` variables, checked at start.

use crate::channels::Channels;
use crate::hook::Hook;
use crate::mail::{Mail, Server};

/// The options, each with its variable: `--alert-to` is `PLEDGE_ALERT_TO`.
pub const OPTIONS: [(&str, &str); 5] = [
    ("alert-to", "PLEDGE_ALERT_TO"),
    ("alert-from", "PLEDGE_ALERT_FROM"),
    ("alert-smtp", "PLEDGE_ALERT_SMTP"),
    ("alert-user", "PLEDGE_ALERT_USER"),
    ("alert-webhook", "PLEDGE_ALERT_WEBHOOK"),
];

/// A variable only: what stands on a command line can be read by everybody on the machine.
const PASSWORD: &str = "PLEDGE_ALERT_PASSWORD";

/// Builds the channels. `given`: the value of an option of [`OPTIONS`] on the command line. `variable`: the value of a
/// variable. The error is a sentence.
pub fn read_channels(
    given: impl Fn(&str) -> Option<String>,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Channels, String> {
    let [to, from, smtp, user, hook] = OPTIONS.map(|(option, name)| {
        given(option)
            .or_else(|| variable(name))
            .filter(|value| !value.trim().is_empty())
    });
    let password = variable(PASSWORD).filter(|value| !value.is_empty());
    let mail = match (to, from, smtp) {
        (Some(to), Some(from), Some(smtp)) => {
            let server = Server {
                url: &smtp,
                user,
                password,
            };
            Some(Mail::new(server, &from, &to)?)
        }
        (None, None, None) if user.is_none() => None,
        (to, from, smtp) => {
            let missing: Vec<&str> = [
                ("--alert-to", to.is_none()),
                ("--alert-from", from.is_none()),
                ("--alert-smtp", smtp.is_none()),
            ]
            .into_iter()
            .filter(|(_, missing)| *missing)
            .map(|(name, _)| name)
            .collect();
            return Err(format!(
                "E-mail alerts need --alert-to, --alert-from and --alert-smtp together. Missing: {}.",
                missing.join(", ")
            ));
        }
    };
    let hook = hook.map(|url| Hook::from_url(&url)).transpose()?;
    Ok(Channels { mail, hook })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Result<Channels, String> {
        let get = |name: &str| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        read_channels(get, get)
    }

    #[test]
    fn nothing_one_or_both_and_what_is_half_is_refused() {
        let nothing = of(&[("PLEDGE_ALERT_TO", " ")]).unwrap();
        assert!(!nothing.any());
        let mail = [
            ("alert-to", "lead@council.uk,next@council.uk"),
            ("PLEDGE_ALERT_FROM", "pledge@council.uk"),
            ("PLEDGE_ALERT_SMTP", "smtp://127.0.0.1:2525"),
        ];
        let channels = of(&mail).unwrap();
        assert!(channels.mail.is_some() && channels.hook.is_none());
        assert!(
            of(&[("alert-webhook", "http://127.0.0.1:1/")])
                .unwrap()
                .hook
                .is_some()
        );
        for missing in 0..mail.len() {
            let mut half = mail.to_vec();
            half.remove(missing);
            let refused = of(&half).err().unwrap();
            assert!(refused.starts_with("E-mail alerts need"), "{refused}");
        }
        assert!(of(&[("alert-user", "a")]).is_err());
        assert!(of(&[("alert-webhook", "https://example.org/")]).is_err());
    }
}
