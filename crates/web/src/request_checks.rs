//! What is refused before any handler sees it, at every address.

use crate::error::WebError;
use crate::form;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use model::Problem;
use percent_encoding::percent_decode_str;

/// Refuses an address that is no text, which no page has, and a form that another site's page sends.
///
/// # Errors
/// [`Problem::NotFound`] and [`Problem::Forbidden`].
pub async fn check_request(request: Request, next: Next) -> Result<Response, WebError> {
    let path = percent_decode_str(request.uri().path());
    if path.decode_utf8().is_err() {
        return Err(Problem::NotFound.into());
    }
    if !request.method().is_safe() && form::from_elsewhere(request.headers()) {
        return Err(Problem::Forbidden.into());
    }
    Ok(next.run(request).await)
}
