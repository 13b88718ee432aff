//! `/.well-known/security.txt` (RFC 9116): whom to tell about a hole. The contact belongs to the installation, so it is a
//! setting; nothing is invented when it is missing.

use crate::static_body::Body;
use domain::date::Date;
use service::PublicUrl;

/// Where it is served.
pub const PATH: &str = "/.well-known/security.txt";

/// How many days a file is good for. It is written again at each start.
const GOOD_DAYS: i32 = 360;

/// The file for this contact; an error is a sentence for the person who starts the server.
///
/// With the public address it names its own, so that nobody takes a copy for it.
pub fn body(contact: &str, today: Date, public: Option<&PublicUrl>) -> Result<Body, String> {
    let contact = contact.trim();
    let is_address = ["mailto:", "https://", "tel:"].iter().any(|kind| {
        contact
            .strip_prefix(kind)
            .is_some_and(|rest| !rest.is_empty())
    });
    if !is_address || contact.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(
            "PLEDGE_SECURITY_CONTACT takes one address that begins with mailto:, https:// or tel:."
                .to_owned(),
        );
    }
    let expires = today.plus_days(GOOD_DAYS);
    let mut text =
        format!("Contact: {contact}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: en\n");
    if let Some(public) = public {
        text.push_str(&format!("Canonical: {}\n", public.of(PATH)));
    }
    Ok(Body::new(text.into_bytes(), "text/plain; charset=utf-8"))
}
