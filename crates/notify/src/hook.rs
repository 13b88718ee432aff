//! An alert as an HTTP POST of a few numbers, to a relay on this machine: it passes them on to a pager or a chat, with
//! that service's own TLS and secrets, which then never come near Pledge.

use crate::notice::{NotDelivered, Notice, TRY_TIME};
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::header;
use hyper_util::rt::TokioIo;
use serde_json::json;
use std::net::{IpAddr, SocketAddr};
use tokio::net::TcpStream;

/// Most bytes read of the answer.
const ANSWER_BYTES: usize = 16 * 1024;

/// Where alerts are posted.
#[derive(Clone, Debug)]
pub struct Hook {
    address: SocketAddr,
    path: String,
}

impl Hook {
    /// Reads `http://127.0.0.1:PORT/PATH`. The error is a sentence.
    pub fn from_url(url: &str) -> Result<Hook, String> {
        let wrong = |what: &str| {
            Err(format!(
                "--alert-webhook takes an address such as http://127.0.0.1:9000/pledge, not `{url}`: {what}."
            ))
        };
        let Ok(uri) = url.parse::<hyper::Uri>() else {
            return wrong("it cannot be read");
        };
        if uri.scheme_str() != Some("http") {
            return wrong(
                "it has to begin with http://, because it goes to a relay on this machine",
            );
        }
        let host = uri.host().unwrap_or_default();
        let ip = match host.trim_matches(['[', ']']) {
            "localhost" => Ok(IpAddr::from([127, 0, 0, 1])),
            host => host.parse::<IpAddr>(),
        };
        match ip {
            Ok(ip) if ip.is_loopback() => Ok(Hook {
                address: SocketAddr::new(ip, uri.port_u16().unwrap_or(80)),
                path: uri
                    .path_and_query()
                    .map_or("/", |path| path.as_str())
                    .to_owned(),
            }),
            _ => wrong(
                "only a relay on this machine (127.0.0.1) may get it, so that nothing crosses the network in clear",
            ),
        }
    }

    /// Posts a notice. Any answer from 200 to 299 means that it was taken.
    pub async fn send_notice(&self, notice: &Notice) -> Result<(), NotDelivered> {
        tokio::time::timeout(TRY_TIME, self.post(notice))
            .await
            .unwrap_or(Err(NotDelivered::NotNow))
    }

    async fn post(&self, notice: &Notice) -> Result<(), NotDelivered> {
        let mut body = json!({
            "kind": if notice.drill { "drill" } else { "safety-lane" },
            "numbers": notice.numbers,
            "alerts": notice.new,
            "waiting": notice.waiting,
            "hours": notice.hours,
        });
        if let Some(address) = &notice.address {
            body["address"] = json!(address);
        }
        let request = Request::post(&self.path)
            .header(header::HOST, self.address.to_string())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONNECTION, "close")
            .body(Full::new(Bytes::from(body.to_string())))
            .map_err(|_| NotDelivered::Refused)?;
        let stream = TcpStream::connect(self.address)
            .await
            .map_err(|_| NotDelivered::NotNow)?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|_| NotDelivered::NotNow)?;
        let driver = tokio::spawn(connection);
        let answer = sender.send_request(request).await;
        let fate = match answer {
            Ok(answer) if answer.status().is_success() => {
                // Read to its end, so that the relay is not cut off in its answer.
                let _ = http_body_util::Limited::new(answer.into_body(), ANSWER_BYTES)
                    .collect()
                    .await;
                Ok(())
            }
            Ok(answer) if answer.status().is_client_error() => Err(NotDelivered::Refused),
            Ok(_) | Err(_) => Err(NotDelivered::NotNow),
        };
        driver.abort();
        fate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_relay_on_this_machine() {
        for good in [
            "http://127.0.0.1:9000/pledge?x=1",
            "http://localhost/",
            "http://[::1]:9000",
        ] {
            assert!(Hook::from_url(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "127.0.0.1:9000",
            "https://127.0.0.1/",
            "http://example.org/",
            "http://10.0.0.1/",
            "ftp://127.0.0.1/",
            "http://",
        ] {
            let refused = Hook::from_url(bad).unwrap_err();
            assert!(
                refused.starts_with("--alert-webhook takes"),
                "{bad}: {refused}"
            );
        }
        let hook = Hook::from_url("http://127.0.0.1:9000/pledge?x=1").unwrap();
        assert_eq!(
            (hook.address.port(), hook.path.as_str()),
            (9000, "/pledge?x=1")
        );
    }
}
