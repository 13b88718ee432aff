//! The header of our own proxy, and the traces of one that nobody has named. It knows no site and no request.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use std::net::IpAddr;

/// Headers by which a proxy says for whom it speaks.
const OF_A_PROXY: [&str; 9] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "x-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "via",
];

/// Whether this request of this peer was passed on by a proxy on this machine. Others could write such a header too, so of
/// a peer elsewhere it says nothing.
pub(crate) fn comes_by_a_proxy(peer: IpAddr, headers: &HeaderMap) -> bool {
    peer.to_canonical().is_loopback() && OF_A_PROXY.iter().any(|name| headers.contains_key(*name))
}

/// The header in which a proxy of ours names the address that it speaks for.
#[derive(Clone, Debug)]
pub struct ProxyHeader(HeaderName);

impl ProxyHeader {
    /// The header of this name; none where no header can be called so.
    pub fn named(name: &str) -> Option<ProxyHeader> {
        HeaderName::try_from(name).ok().map(ProxyHeader)
    }

    /// The last value of this header: the one that the proxy itself has put there.
    pub(crate) fn last_of<'h>(&self, headers: &'h HeaderMap) -> Option<&'h HeaderValue> {
        headers.get_all(&self.0).iter().next_back()
    }
}
