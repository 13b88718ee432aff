//! An alert as an e-mail through SMTP. The message is plain text; addresses come from the settings only.

use crate::notice::{NotDelivered, TRY_TIME};
use lettre::address::Address;
use lettre::message::header::{
    ContentTransferEncoding, ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0,
};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncTransport, Message, Tokio1Executor};
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

/// The last second that the library can write as a date: the end of the year 9999.
const LAST_SECOND: u64 = 253_402_300_799;

/// Most bytes of an e-mail address (RFC 5321).
pub const ADDRESS_MAX: usize = 254;

/// The line of recipients, and the server through which they are reached.
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
    line: Vec<Address>,
}

/// A message that is ready but for its addresses.
pub struct MailMessage<'a> {
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
    /// From the settings; the error is a sentence. `line`: first who is alerted at once, then who is next.
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

    /// The address at this place in line.
    pub fn address(&self, place: usize) -> Option<&str> {
        self.line.get(place).map(Address::as_ref)
    }

    /// Writes to one person in line. `Ok` only when the server has accepted the message.
    pub async fn send_message(
        &self,
        person: usize,
        letter: &MailMessage<'_>,
    ) -> Result<(), NotDelivered> {
        let to = self.line.get(person).ok_or(NotDelivered::Refused)?;
        self.send(to, letter).await
    }

    /// Writes to an address that is in no setting. `Ok` only when the server has accepted the message.
    pub async fn send_to(&self, to: &str, letter: &MailMessage<'_>) -> Result<(), NotDelivered> {
        let to: Address = to.parse().map_err(|_| NotDelivered::Refused)?;
        self.send(&to, letter).await
    }

    async fn send(&self, to: &Address, letter: &MailMessage<'_>) -> Result<(), NotDelivered> {
        let message = message(&self.from, to, letter).map_err(|_| NotDelivered::Refused)?;
        // The transport's own time is for one read or write; this one is for the whole exchange.
        match tokio::time::timeout(TRY_TIME, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_permanent() => Err(NotDelivered::Refused),
            Ok(Err(_)) | Err(_) => Err(NotDelivered::NotNow),
        }
    }
}

/// The e-mail address in a text, without blanks around it: at most 254 bytes of ASCII.
pub fn checked_address(text: &str) -> Option<&str> {
    let text = text.trim();
    let fits = text.is_ascii() && text.len() <= ADDRESS_MAX && text.parse::<Address>().is_ok();
    fits.then_some(text)
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
fn message(
    from: &Address,
    to: &Address,
    letter: &MailMessage<'_>,
) -> Result<Message, lettre::error::Error> {
    let id: String = letter.id.iter().map(|byte| format!("{byte:02x}")).collect();
    let now = u64::try_from(letter.now).unwrap_or(0).min(LAST_SECOND);
    // A line break in a subject would begin a header of its own.
    let subject: String = letter.subject.chars().filter(|c| !c.is_control()).collect();
    Message::builder()
        .date(SystemTime::UNIX_EPOCH + Duration::from_secs(now))
        .message_id(Some(format!("<{id}@{}>", from.domain())))
        .from(from.clone().into())
        .to(to.clone().into())
        .subject(subject)
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .header(ContentTransferEncoding::Base64)
        .body(format!("{}\n", letter.body.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

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
    fn an_address_is_one_address_and_nothing_else() {
        let longest = format!("{}@{}.uk", "a".repeat(64), "b".repeat(60));
        for good in ["sam@council.uk", " sam@council.uk ", &longest] {
            assert_eq!(checked_address(good), Some(good.trim()));
        }
        let long = format!("{}@council.uk", "a".repeat(ADDRESS_MAX));
        for bad in [
            "",
            "sam",
            "a@b.uk, c@d.uk",
            "a@b.uk\r\nBcc: x@y.uk",
            "Sam <a@b.uk>",
            "é@b.uk",
            &long,
        ] {
            assert_eq!(checked_address(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_message_in_any_language_is_plain_lines_of_ascii() {
        let (from, to) = (
            "pledge@council.uk".parse().unwrap(),
            "lead@council.uk".parse().unwrap(),
        );
        let letter = MailMessage {
            subject: "Pledge: żółć czeka w kolejce bezpieczeństwa\r\nBcc: x@y.uk",
            body: "First.\n.\nżółć\n",
            now: 1_795_262_400,
            id: [0xab; 16],
        };
        let text = String::from_utf8(message(&from, &to, &letter).unwrap().formatted()).unwrap();
        assert!(text.is_ascii());
        assert!(text.lines().all(|line| line.len() <= 76), "{text}");
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let names: Vec<&str> = head
            .split("\r\n")
            .filter(|line| !line.starts_with(' '))
            .filter_map(|line| Some(line.split_once(": ")?.0))
            .collect();
        assert_eq!(
            names,
            [
                "Date",
                "Message-ID",
                "From",
                "To",
                "Subject",
                "Auto-Submitted",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding"
            ]
        );
        for line in [
            "Date: Sat, 21 Nov 2026 12:00:00 +0000",
            "Message-ID: <abababababababababababababababab@council.uk>",
            "From: pledge@council.uk",
            "To: lead@council.uk",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64",
        ] {
            assert!(head.split("\r\n").any(|found| found == line), "{head}");
        }
        let body = STANDARD.decode(body.replace("\r\n", "")).unwrap();
        assert_eq!(String::from_utf8(body).unwrap(), "First.\r\n.\r\nżółć\r\n");
        assert_eq!(
            subject_of(head),
            "Pledge: żółć czeka w kolejce bezpieczeństwaBcc: x@y.uk"
        );
    }

    /// The subject as a mail program shows it (RFC 2047): lines joined, encoded words opened, blanks between two of
    /// them left out.
    fn subject_of(head: &str) -> String {
        let lines = head.replace("\r\n ", " ");
        let line = lines
            .lines()
            .find_map(|line| line.strip_prefix("Subject: "));
        let (mut shown, mut after_encoded) = (String::new(), true);
        for word in line.unwrap().split(' ') {
            let encoded = word
                .strip_prefix("=?utf-8?b?")
                .and_then(|word| word.strip_suffix("?="));
            if !(after_encoded && (encoded.is_some() || shown.is_empty())) {
                shown.push(' ');
            }
            match encoded {
                Some(word) => {
                    shown.push_str(std::str::from_utf8(&STANDARD.decode(word).unwrap()).unwrap());
                }
                None => shown.push_str(word),
            }
            after_encoded = encoded.is_some();
        }
        shown
    }

    #[test]
    fn a_clock_that_is_wrong_stops_no_message() {
        let address: Address = "pledge@council.uk".parse().unwrap();
        for (now, year) in [(i64::MIN, " 1970 "), (-1, " 1970 "), (i64::MAX, " 9999 ")] {
            let letter = MailMessage {
                subject: "a",
                body: "b",
                now,
                id: [0; 16],
            };
            let message = message(&address, &address, &letter).unwrap().formatted();
            let text = String::from_utf8(message).unwrap();
            assert!(text.lines().next().unwrap().contains(year), "{text}");
        }
    }
}
