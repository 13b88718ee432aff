//! Where a request comes from. It is looked at once, made a network bucket of the day (`service::rate_limit`), and forgotten.

use crate::proxy_header::comes_by_a_proxy;
use crate::site::Site;
use axum::extract::Request;
use service::rate_limit::NetworkBucket;
use std::net::IpAddr;
use std::sync::Once;

/// The other end of the connection, put beside each request by the accept loop.
#[derive(Clone, Copy)]
pub struct Peer(pub IpAddr);

/// Logged once by a process: behind its proxy no place can be distinguished from another.
static UNNAMED: Once = Once::new();

/// The network bucket of a request. `None` only when it did not come over a connection.
///
/// Behind a proxy the address is the last one in the header that the settings name: the proxy itself has put it there.
/// What stands before it came from the client, and could be anything. Where a proxy passed it on and its header is not
/// named, or another one is, the request is nobody's: everybody behind it would share the limits of one place.
pub fn place(site: &Site, request: &Request) -> Option<NetworkBucket> {
    let Peer(peer) = *request.extensions().get::<Peer>()?;
    let header = site.proxy_header.as_ref();
    let last = header.and_then(|header| header.last_of(request.headers()));
    if last.is_none() && comes_by_a_proxy(peer, request.headers()) {
        UNNAMED.call_once(|| eprintln!("pledge: proxy: header-not-named"));
        return Some(site.pledge.bucket_of_nobody());
    }
    let named = last.and_then(|last| address(last.to_str().ok()?.rsplit(',').next()?));
    Some(site.pledge.network_bucket(named.unwrap_or(peer)))
}

// An address as proxies write it: bare, with a port, or in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.trim_start_matches('[').split(']').next()?;
    bare.parse().ok().or_else(|| {
        text.parse::<std::net::SocketAddr>()
            .ok()
            .map(|both| both.ip())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_proxies_write_them() {
        for text in ["192.0.2.1", " 192.0.2.1 ", "192.0.2.1:4711"] {
            assert_eq!(address(text), Some(IpAddr::from([192, 0, 2, 1])), "{text}");
        }
        for text in ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711"] {
            assert_eq!(address(text), "2001:db8::1".parse().ok(), "{text}");
        }
        for text in ["", "unknown", "_hidden", "192.0.2", "1.2.3.4, x"] {
            assert_eq!(address(text), None, "{text}");
        }
    }
}
