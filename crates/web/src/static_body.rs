//! Bytes that are served under a fixed address: with their ETag, compressed once, served from memory.

use sha2::{Digest, Sha256};
use std::sync::OnceLock;

/// The `Content-Type` of a file, by the end of its name.
pub fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        Some("xml") => "application/xml; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// A stylesheet, made small: comments, line ends and indents go.
pub fn squeeze_css(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(start) = rest.find("/*") {
        out.push_str(&rest[..start]);
        rest = rest[start..]
            .find("*/")
            .map_or("", |end| &rest[start + end + 2..]);
    }
    out.push_str(rest);
    close_up(&out)
}

// Spaces that mean nothing go: around braces, commas and semicolons, and after colons. Quoted text stays as it is.
fn close_up(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let (mut quote, mut space) = (None, false);
    for c in css.chars() {
        if quote.is_none() && c.is_whitespace() {
            space = true;
            continue;
        }
        let before = out.chars().last().unwrap_or('{');
        if space && !"{};,:".contains(before) && !"{};,".contains(c) {
            out.push(' ');
        }
        space = false;
        if c == '}' && before == ';' {
            out.pop();
        }
        out.push(c);
        match quote {
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ => {}
        }
    }
    out
}

/// A script of ours, made small: indents and lines of comment go.
pub fn squeeze_script(script: &str) -> String {
    script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A way to send bytes smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Brotli, level 11.
    Brotli,
    /// Gzip, level 9.
    Gzip,
    /// As it is.
    Identity,
}

impl Encoding {
    /// The best one that an `Accept-Encoding` header allows.
    pub fn choose(accept: &str) -> Encoding {
        let allows = |name: &str| {
            accept.split(',').any(|part| {
                let mut bits = part.split(';');
                let named = bits
                    .next()
                    .unwrap_or_default()
                    .trim()
                    .eq_ignore_ascii_case(name);
                named
                    && !bits.any(|bit| matches!(bit.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
            })
        };
        if allows("br") {
            Encoding::Brotli
        } else if allows("gzip") {
            Encoding::Gzip
        } else {
            Encoding::Identity
        }
    }

    /// The value of `Content-Encoding`.
    pub fn header(self) -> Option<&'static str> {
        match self {
            Encoding::Brotli => Some("br"),
            Encoding::Gzip => Some("gzip"),
            Encoding::Identity => None,
        }
    }
}

/// Fixed bytes with their ETag, compressed on first use and kept.
#[derive(Clone)]
pub struct Body {
    /// `Content-Type`.
    pub content_type: &'static str,
    /// Quoted hash of the bytes.
    pub etag: String,
    plain: axum::body::Bytes,
    brotli: OnceLock<axum::body::Bytes>,
    gzip: OnceLock<axum::body::Bytes>,
}

impl Body {
    /// Takes the bytes.
    pub fn new(plain: Vec<u8>, content_type: &'static str) -> Body {
        let hash = Sha256::digest(&plain);
        let etag = format!(
            "\"{}\"",
            hash[..12]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
        );
        Body {
            content_type,
            etag,
            plain: plain.into(),
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
        }
    }

    /// In the place of an old body: the old one where nothing changed, with all that was compressed of it. What did
    /// change is compressed now if the old one was.
    pub fn after(self, old: &Body) -> Body {
        if self.etag == old.etag && self.content_type == old.content_type {
            return old.clone();
        }
        if old.brotli.get().is_some() {
            self.bytes(Encoding::Brotli);
        }
        if old.gzip.get().is_some() {
            self.bytes(Encoding::Gzip);
        }
        self
    }

    /// The bytes in this encoding.
    pub fn bytes(&self, encoding: Encoding) -> axum::body::Bytes {
        match encoding {
            Encoding::Brotli => self
                .brotli
                .get_or_init(|| compress::brotli(&self.plain, 11).into())
                .clone(),
            Encoding::Gzip => self
                .gzip
                .get_or_init(|| compress::gzip(&self.plain).into())
                .clone(),
            Encoding::Identity => self.plain.clone(),
        }
    }
}

/// Bytes that are sent once and not kept: brotli at a level that costs a millisecond.
pub fn compress_once(plain: &[u8], encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Brotli => compress::brotli(plain, 5),
        Encoding::Gzip => compress::gzip(plain),
        Encoding::Identity => plain.to_vec(),
    }
}

/// The CSP source of an inline style or script: `'sha256-…'`.
pub fn csp_hash(inline: &str) -> String {
    use base64::Engine;
    format!(
        "'sha256-{}'",
        base64::engine::general_purpose::STANDARD.encode(Sha256::digest(inline.as_bytes()))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chooses_what_the_browser_takes() {
        for (accept, encoding) in [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip", Encoding::Gzip),
            ("br;q=0, gzip;q=0.5", Encoding::Gzip),
            ("", Encoding::Identity),
            ("*", Encoding::Identity),
            ("nonsense;;;,,", Encoding::Identity),
        ] {
            assert_eq!(Encoding::choose(accept), encoding, "{accept}");
        }
    }

    #[test]
    fn compressed_bytes_open_again() {
        let text = "words ".repeat(1_000);
        let body = Body::new(text.clone().into_bytes(), "text/plain");
        for (encoding, open) in [
            (
                Encoding::Brotli,
                compress::open_brotli as fn(&[u8]) -> std::io::Result<Vec<u8>>,
            ),
            (Encoding::Gzip, compress::open_gzip),
        ] {
            let opened = open(&body.bytes(encoding)).unwrap();
            assert_eq!(opened, text.as_bytes());
        }
    }

    #[test]
    fn a_body_takes_over_what_was_compressed_of_the_old_one() {
        let body = |text: &str| Body::new(text.as_bytes().to_vec(), "text/plain");
        let compressed = |body: &Body| (body.brotli.get().is_some(), body.gzip.get().is_some());
        let old = body("words");
        old.bytes(Encoding::Brotli);
        assert_eq!(compressed(&body("words").after(&old)), (true, false));
        assert_eq!(compressed(&body("other").after(&old)), (true, false));
        assert_eq!(&body("other").after(&old).plain[..], b"other");
        assert_eq!(
            compressed(&body("other").after(&body("words"))),
            (false, false)
        );
    }

    #[test]
    fn squeezes_css() {
        assert_eq!(
            squeeze_css("/* a */ b :c {\n  d: e  f;\n\n}/* open"),
            "b :c{d:e f}"
        );
        assert_eq!(
            squeeze_css(
                "a > b, c { content: \"x; { y: \'\"; d: min(1px , 2px); }\n@media (e) and (f: 1) { g { h: i } }"
            ),
            "a > b,c{content:\"x; { y: \'\";d:min(1px,2px)}@media (e) and (f:1){g{h:i}}"
        );
    }

    #[test]
    fn squeezes_a_script() {
        assert_eq!(
            squeeze_script("// a\n(() => {\n  b('//');\n\n})();\n"),
            "(() => {\nb('//');\n})();"
        );
    }
}
