//! Reading what a browser sends, with limits on size and time.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use model::Problem;
use std::time::Duration;

/// Room for the longest view a form allows, in any script and percent-encoded, carried through every step.
pub const SPEAK_BYTES: usize = 128 * 1024;
/// Room for the longest file of words, in any script and percent-encoded.
pub const WORDS_BYTES: usize = 512 * 1024;
/// Room for what was typed in a form of the desk whose session had ended, and for that as a sealed field.
pub const KEPT_BYTES: usize = 256 * 1024;
/// Room for every other form.
pub const FORM_BYTES: usize = 64 * 1024;
/// More fields than any form of ours has: the longest is the checker's, with seven for each of twenty stays in care.
const FIELDS: usize = 300;
/// A body must be here within this time.
const BODY_TIME: Duration = Duration::from_secs(15);

/// Fields in the order they came.
#[derive(Debug, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The value of a field; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value)
    }

    /// Every field in the order it came.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of a field, as an owned text.
    pub fn text(&self, name: &str) -> String {
        self.get(name).to_owned()
    }

    /// A form that was read before.
    pub fn from_fields(fields: Vec<(String, String)>) -> Form {
        Form(fields)
    }

    /// Reads the query of an address.
    pub fn from_query(query: Option<&str>) -> Form {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        Form(
            pairs
                .take(FIELDS)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }
}

/// Reads the form of a POST, of at most `most` bytes.
pub async fn read_form(request: Request, most: usize) -> Result<Form, Problem> {
    let content_type = header_text(request.headers(), header::CONTENT_TYPE);
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Problem::WrongType);
    }
    let bytes = body(request, most).await?;
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&bytes)
        .take(FIELDS + 1)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    if pairs.len() > FIELDS {
        return Err(Problem::BadForm);
    }
    Ok(Form(pairs))
}

/// Reads a body of at most `most` bytes.
pub async fn body(request: Request, most: usize) -> Result<Vec<u8>, Problem> {
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::WrongType);
    }
    let announced = header_text(request.headers(), header::CONTENT_LENGTH).parse::<usize>();
    if announced.is_ok_and(|length| length > most) {
        return Err(Problem::TooBig);
    }
    let read = Limited::new(request.into_body(), most).collect();
    match tokio::time::timeout(BODY_TIME, read).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes().to_vec()),
        Ok(Err(error)) if error.downcast_ref::<LengthLimitError>().is_some() => {
            Err(Problem::TooBig)
        }
        Ok(Err(_)) | Err(_) => Err(Problem::CutShort),
    }
}

/// A header as text; empty when it is missing or not text.
pub fn header_text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Whether a browser says that another site's page sent this. Programs and old browsers say nothing, and may.
pub fn from_elsewhere(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-site") {
        // The browser's own word, which no page can change: what stands in the other headers does not matter then.
        Some(site) => site != "same-origin" && site != "none",
        None => {
            let host = header_text(headers, header::HOST);
            let origin = header_text(headers, header::ORIGIN);
            let from = origin.split_once("://").map(|(_, from)| from);
            from.is_some_and(|from| from != host)
        }
    }
}

/// Whether a request that changes something comes from our own pages.
pub fn same_origin(method: &Method, headers: &HeaderMap) -> bool {
    if method == Method::GET || method == Method::HEAD {
        return true;
    }
    let site = headers
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok());
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    let origin = header_text(headers, header::ORIGIN);
    let host = header_text(headers, header::HOST);
    // Our pages send no referrer, so some browsers write "null" here; the form's own token decides then.
    origin.is_empty()
        || origin == "null"
        || origin
            .split_once("://")
            .is_some_and(|(_, from)| from == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_sites_may_not_post() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in pairs {
                map.insert(*name, header::HeaderValue::from_static(value));
            }
            map
        };
        let post = Method::POST;
        assert!(same_origin(
            &post,
            &headers(&[("host", "a.uk"), ("origin", "https://a.uk")])
        ));
        assert!(same_origin(&post, &headers(&[("host", "a.uk")])));
        assert!(!same_origin(
            &post,
            &headers(&[("host", "a.uk"), ("origin", "https://b.uk")])
        ));
        assert!(!same_origin(
            &post,
            &headers(&[("host", "a.uk"), ("sec-fetch-site", "cross-site")])
        ));
        assert!(!same_origin(
            &post,
            &headers(&[("host", "a.uk"), ("sec-fetch-site", "same-site")])
        ));
        assert!(same_origin(
            &Method::GET,
            &headers(&[("sec-fetch-site", "cross-site")])
        ));
        for ours in [
            &[][..],
            &[("host", "a.uk")],
            &[("host", "a.uk"), ("origin", "null")],
            &[("host", "a.uk"), ("origin", "https://a.uk")],
            // A proxy that writes another host: the browser knows better.
            &[
                ("host", "inside:8080"),
                ("origin", "https://a.uk"),
                ("sec-fetch-site", "same-origin"),
            ],
            &[("sec-fetch-site", "none")],
        ] {
            assert!(!from_elsewhere(&headers(ours)), "{ours:?}");
        }
        for theirs in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("host", "a.uk"), ("origin", "https://b.uk")],
            &[("origin", "https://b.uk")],
        ] {
            assert!(from_elsewhere(&headers(theirs)), "{theirs:?}");
        }
    }
}
