//! An alert as an e-mail through SMTP. The message is plain text; addresses come from the settings only.

use super::{NotTold, TRY_TIME};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::date::Date;
use lettre::address::{Address, Envelope};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncTransport, Tokio1Executor};
use std::net::IpAddr;

/// Bytes of text in one encoded word of a subject: with its frame and `Subject: ` before it, a line stays under the 76
/// that RFC 2047 allows.
const WORD_BYTES: usize = 39;

/// Who is told, and through which server.
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
    line: Vec<Address>,
}

/// A message that is ready but for its addresses.
pub struct Letter<'a> {
    /// One line.
    pub subject: &'a str,
    /// Plain text.
    pub body: &'a str,
    /// When it is sent (Unix seconds).
    pub now: i64,
    /// Random, so that no two messages have the same id.
    pub id: [u8; 16],
}

/// How to reach the mail server.
pub struct Server<'a> {
    /// `smtp://HOST[:PORT]` (TLS is started after the greeting, except on this machine) or `smtps://HOST[:PORT]`.
    pub url: &'a str,
    /// Name to sign in with, if the server wants one.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<String>,
}

impl Mail {
    /// From the settings; the error is a sentence. `line`: first who is told at once, then who is next.
    pub fn new(server: Server<'_>, from: &str, line: &str) -> Result<Mail, String> {
        let address = |option: &str, text: &str| {
            text.trim().parse::<Address>().map_err(|_| {
                format!(
                    "{option} takes an e-mail address such as safety@example.org, not `{text}`."
                )
            })
        };
        let people: Result<Vec<Address>, String> = line
            .split(',')
            .map(|one| address("--alert-to", one))
            .collect();
        Ok(Mail {
            from: address("--alert-from", from)?,
            line: people?,
            transport: transport(server)?,
        })
    }

    /// How many people stand in line.
    pub fn people(&self) -> usize {
        self.line.len()
    }

    /// Writes to one person in line. Says that it is told only when the server has taken the message.
    pub async fn send(&self, person: usize, letter: &Letter<'_>) -> Result<(), NotTold> {
        let to = self.line.get(person).ok_or(NotTold::Refused)?;
        let envelope = Envelope::new(Some(self.from.clone()), vec![to.clone()])
            .map_err(|_| NotTold::Refused)?;
        let bytes = message(&self.from, to, letter);
        // The transport's own time is for one read or write; this one is for the whole exchange.
        match tokio::time::timeout(TRY_TIME, self.transport.send_raw(&envelope, &bytes)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_permanent() => Err(NotTold::Refused),
            Ok(Err(_)) | Err(_) => Err(NotTold::NotNow),
        }
    }
}

fn transport(server: Server<'_>) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let url = server.url;
    let wrong = |what: &str| {
        format!(
            "--alert-smtp takes a server such as smtps://mail.example.org or smtp://127.0.0.1:25, not `{url}`: {what}."
        )
    };
    let uri: hyper::Uri = url.parse().map_err(|_| wrong("it cannot be read"))?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    if host.is_empty() || uri.path_and_query().is_some_and(|rest| rest != "/") {
        return Err(wrong("it has a name and a port, and nothing else"));
    }
    let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let tls = || {
        TlsParameters::new(host.to_owned())
            .map_err(|_| wrong("the certificates of this system cannot be read"))
    };
    let (tls, port) = match uri.scheme_str() {
        Some("smtps") => (Tls::Wrapper(tls()?), 465),
        // What does not leave the machine needs no TLS.
        Some("smtp") if here => (Tls::None, 25),
        Some("smtp") => (Tls::Required(tls()?), 587),
        _ => return Err(wrong("it begins with smtps:// or smtp://")),
    };
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(uri.port_u16().unwrap_or(port))
        .tls(tls)
        .timeout(Some(TRY_TIME));
    match (server.user, server.password) {
        (None, None) => Ok(builder.build()),
        (Some(user), Some(password)) => Ok(builder
            .credentials(Credentials::new(user, password))
            .build()),
        (Some(_), None) => Err(
            "--alert-user is set, but its password is not: put it in PLEDGE_ALERT_PASSWORD."
                .to_owned(),
        ),
        (None, Some(_)) => Err("PLEDGE_ALERT_PASSWORD is set, but --alert-user is not.".to_owned()),
    }
}

/// The whole message. Encoded as base64, so that words in any language pass and no line of them can be taken for a
/// command.
fn message(from: &Address, to: &Address, letter: &Letter<'_>) -> Vec<u8> {
    let id: String = letter.id.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut text = format!(
        "Date: {}\r\nMessage-ID: <{id}@{}>\r\nFrom: <{from}>\r\nTo: <{to}>\r\nSubject: {}\r\n\
         Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n",
        date(letter.now),
        from.domain(),
        subject(letter.subject),
    );
    let body = letter.body.trim().replace('\n', "\r\n") + "\r\n";
    let encoded = STANDARD.encode(body);
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(76));
        text.push_str(line);
        text.push_str("\r\n");
        rest = more;
    }
    text.into_bytes()
}

/// A date as RFC 5322 writes it, in UTC.
fn date(now: i64) -> String {
    let (days, second) = (now.div_euclid(86_400), now.rem_euclid(86_400));
    let day = i32::try_from(days)
        .ok()
        .and_then(Date::from_days)
        .unwrap_or(Date::EPOCH);
    let (year, month, day) = day.year_month_day();
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = usize::try_from(month.saturating_sub(1))
        .ok()
        .and_then(|at| MONTHS.get(at))
        .copied()
        .unwrap_or("Jan");
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{day:02} {month} {year} {hour:02}:{minute:02}:{second:02} +0000")
}

/// A subject in encoded words, one line each, cut between letters.
fn subject(text: &str) -> String {
    let mut words = vec![String::new()];
    for letter in text.chars().filter(|letter| !letter.is_control()) {
        let full = words
            .last()
            .is_some_and(|word| word.len() + letter.len_utf8() > WORD_BYTES);
        if full {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    let encoded: Vec<String> = words
        .iter()
        .map(|word| format!("=?utf-8?B?{}?=", STANDARD.encode(word)))
        .collect();
    encoded.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> Server<'_> {
        Server {
            url,
            user: None,
            password: None,
        }
    }

    #[test]
    fn settings_are_refused_in_a_sentence() {
        let cases = [
            ("mail.example.org", "a@b.uk", "a@b.uk", "--alert-smtp takes"),
            (
                "http://mail.example.org",
                "a@b.uk",
                "a@b.uk",
                "--alert-smtp takes",
            ),
            ("smtp://", "a@b.uk", "a@b.uk", "--alert-smtp takes"),
            (
                "smtp://127.0.0.1:25/x",
                "a@b.uk",
                "a@b.uk",
                "--alert-smtp takes",
            ),
            ("smtp://127.0.0.1", "nobody", "a@b.uk", "--alert-from takes"),
            (
                "smtp://127.0.0.1",
                "a@b.uk",
                "a@b.uk,,c@d.uk",
                "--alert-to takes",
            ),
            (
                "smtp://127.0.0.1",
                "a@b.uk",
                "a@b.uk\r\nBcc: x@y.uk",
                "--alert-to takes",
            ),
        ];
        for (url, from, to, said) in cases {
            let refused = Mail::new(server(url), from, to).err().unwrap();
            assert!(refused.starts_with(said), "{refused}");
        }
        let line = Mail::new(server("smtp://127.0.0.1"), "a@b.uk", "a@b.uk, c@d.uk").unwrap();
        assert_eq!(line.people(), 2);
        let half = Server {
            user: Some("a".into()),
            ..server("smtp://127.0.0.1")
        };
        assert!(transport(half).is_err());
    }

    #[test]
    fn a_message_in_any_language_is_plain_lines_of_ascii() {
        let (from, to) = (
            "pledge@council.uk".parse().unwrap(),
            "lead@council.uk".parse().unwrap(),
        );
        let letter = Letter {
            subject: "Pledge: żółć czeka w kolejce bezpieczeństwa\r\nBcc: x@y.uk",
            body: "First.\n.\nżółć\n",
            now: 1_795_262_400,
            id: [0xab; 16],
        };
        let text = String::from_utf8(message(&from, &to, &letter)).unwrap();
        assert!(text.is_ascii());
        assert!(text.lines().all(|line| line.len() <= 76), "{text}");
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with("Date: 21 Nov 2026 12:00:00 +0000\r\n"),
            "{head}"
        );
        assert!(!head.contains("Bcc"), "{head}");
        assert!(head.contains("Message-ID: <abababababababababababababababab@council.uk>\r\n"));
        let body = STANDARD.decode(body.replace("\r\n", "")).unwrap();
        assert_eq!(String::from_utf8(body).unwrap(), "First.\r\n.\r\nżółć\r\n");
        let words: String = head
            .split("=?utf-8?B?")
            .skip(1)
            .map(|word| {
                let word = STANDARD.decode(word.split("?=").next().unwrap()).unwrap();
                String::from_utf8(word).unwrap()
            })
            .collect();
        assert_eq!(
            words,
            "Pledge: żółć czeka w kolejce bezpieczeństwaBcc: x@y.uk"
        );
    }
}
