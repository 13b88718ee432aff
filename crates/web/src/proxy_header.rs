//! The header of our own proxy. It knows no site and no request.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

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
