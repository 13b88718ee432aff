//! The address under which everybody reaches this installation: what a message or a file outside leads to.

use hyper::Uri;
use std::net::IpAddr;

/// The address under which everybody reaches this installation: scheme, host, and a port if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// Without a slash at its end.
    origin: String,
    is_local: bool,
}

impl PublicUrl {
    /// Reads `https://HOST[:PORT]`. The error is a sentence.
    pub fn parse(text: &str) -> Result<PublicUrl, String> {
        let wrong = |what: &str| {
            format!(
                "--public-url takes the address under which everybody reaches the site, such as https://pledge.example.org, \
                 not `{text}`: {what}."
            )
        };
        // The parser leaves a fragment out without a word.
        if text.contains('#') {
            return Err(wrong("nothing may stand after the host"));
        }
        let uri: Uri = text.parse().map_err(|_| wrong("it cannot be read"))?;
        let scheme = match uri.scheme_str() {
            Some(scheme @ ("https" | "http")) => scheme,
            _ => return Err(wrong("it has to begin with https:// or http://")),
        };
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if authority.contains('@') {
            return Err(wrong("it may name no user"));
        }
        let host = uri.host().unwrap_or_default().to_ascii_lowercase();
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        let is_name = !host.is_empty()
            && host
                .split('.')
                .all(|part| !part.is_empty() && part.chars().all(is_of_a_name));
        if address.is_err() && !is_name {
            return Err(wrong("it names no host"));
        }
        let origin = match uri.port_u16() {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        };
        if !origin.ends_with(&authority.to_ascii_lowercase()) {
            return Err(wrong("its port cannot be read"));
        }
        if uri.path_and_query().is_some_and(|rest| rest != "/") {
            return Err(wrong("nothing may stand after the host"));
        }
        Ok(PublicUrl {
            is_local: host == "localhost" || address.is_ok_and(|ip| ip.is_loopback()),
            origin,
        })
    }

    /// The whole address of a page of ours. `path` begins with a slash.
    pub fn of(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Only this machine reaches it under this address.
    pub fn is_local(&self) -> bool {
        self.is_local
    }
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_scheme_host_and_port_and_nothing_more() {
        for (text, whole, is_local) in [
            (
                "https://pledge.council.uk",
                "https://pledge.council.uk/x",
                false,
            ),
            (
                "https://Pledge.Council.uk/",
                "https://pledge.council.uk/x",
                false,
            ),
            ("http://192.0.2.1:8080", "http://192.0.2.1:8080/x", false),
            (
                "https://[2001:db8::1]:443",
                "https://[2001:db8::1]:443/x",
                false,
            ),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/x", true),
            ("http://[::1]", "http://[::1]/x", true),
            ("http://localhost:80", "http://localhost:80/x", true),
        ] {
            let url = PublicUrl::parse(text).unwrap();
            assert_eq!((url.of("/x").as_str(), url.is_local()), (whole, is_local));
        }
        for (text, why) in [
            ("", "cannot be read"),
            ("Pledge.Council.uk", "has to begin with"),
            ("/desk", "has to begin with"),
            ("ftp://pledge.council.uk", "has to begin with"),
            ("https://", "cannot be read"),
            ("https://:443", "names no host"),
            ("https://.uk", "names no host"),
            ("https://a b.uk", "cannot be read"),
            ("https://a'b.uk", "names no host"),
            ("https://pledge.council.uk:", "its port"),
            ("https://pledge.council.uk:99999", "its port"),
            ("https://pledge.council.uk/desk", "nothing may stand after"),
            ("https://pledge.council.uk/?a=b", "nothing may stand after"),
            ("https://pledge.council.uk?a=b", "nothing may stand after"),
            ("https://pledge.council.uk#a", "nothing may stand after"),
            ("https://ann:secret@pledge.council.uk", "no user"),
            ("https://ann@pledge.council.uk", "no user"),
        ] {
            let refused = PublicUrl::parse(text).unwrap_err();
            assert!(refused.starts_with("--public-url takes"), "{refused}");
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }
}
