//! Headers of every answer.

use crate::static_body::csp_hash;
use app::shell::PageContext;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::response::Response;

/// Policy of JSON, redirects and bare answers.
const BARE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// Policy of files: nothing may run in them.
pub const FILE_POLICY: &str = "default-src 'none'; sandbox";
/// Policy of the service worker: it fetches our own pages and nothing else.
pub const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'";

const REST: &str = "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                    object-src 'none'; require-trusted-types-for 'script'; trusted-types";

/// Policy of a page without an island: its one style and its one script by hash.
pub fn page_policy(frame: &PageContext) -> String {
    let script = csp_hash(&frame.leave_script);
    let style = csp_hash(&frame.css);
    format!("default-src 'none'; script-src {script}; style-src {style}; {REST} 'none'")
}

/// Policy that the one file carries in itself, for it is opened from disk: its one style, and nothing that runs, is asked
/// for or is sent.
pub fn one_file_policy(frame: &PageContext) -> String {
    let style = csp_hash(&frame.css);
    format!(
        "default-src 'none'; style-src {style}; img-src data:; form-action 'none'; base-uri 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    )
}

/// Policy of the page that can keep a copy: its script may start our one worker, whose address is the one thing that its
/// Trusted Types policy `keep` makes.
pub fn keep_policy(frame: &PageContext) -> String {
    let script = csp_hash(&frame.leave_script);
    let style = csp_hash(&frame.css);
    format!(
        "default-src 'none'; script-src {script} 'self'; style-src {style}; worker-src 'self'; manifest-src 'self'; \
         {REST} keep"
    )
}

/// Policy of a page with an island: a nonce for the inline loader, our own origin for the bundle.
pub fn island_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'self' 'wasm-unsafe-eval'; style-src 'nonce-{nonce}'; \
         connect-src 'self'; {REST} 'none'"
    )
}

/// What every answer carries, of every handler and layer.
pub async fn security_headers(mut response: Response) -> Response {
    const FIXED: [(HeaderName, &str); 8] = [
        (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-embedder-policy"),
            "require-corp",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "accelerometer=(), autoplay=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), \
             microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), \
             xr-spatial-tracking=()",
        ),
    ];
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, BARE_POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (
            HeaderName::from_static("x-robots-tag"),
            "noindex, noarchive",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}
