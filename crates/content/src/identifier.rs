//! Names that content files give to things: they stand in addresses, in anchors and in ids of a page.

use serde::Deserialize;

/// A name as somebody typed it. It is input: the one way to its text is [`TypedName::checked`], so that a kind of file
/// that is added later cannot forget to look.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct TypedName(String);

impl TypedName {
    /// The name, if it is one. `what` says which name it is, for the message: `slug`, `id`.
    pub(crate) fn checked(self, what: &str) -> Result<String, String> {
        match is_name(&self.0) {
            true => Ok(self.0),
            false => Err(format!(
                "its {what} is not of small letters, digits and hyphens"
            )),
        }
    }

    /// The name of something that need not have one; empty then.
    pub(crate) fn checked_or_empty(self, what: &str) -> Result<String, String> {
        match self.0.as_str() {
            "" => Ok(String::new()),
            _ => self.checked(what),
        }
    }

    /// As it was typed, to compare it and to say where a fault is: for no page.
    pub(crate) fn typed(&self) -> &str {
        &self.0
    }
}

impl Default for TypedName {
    /// No name.
    fn default() -> TypedName {
        TypedName(String::new())
    }
}

/// Whether this can be the name of a thing: small letters of ASCII, digits and hyphens, at least one.
pub(crate) fn is_name(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_of_small_letters_digits_and_hyphens() {
        let name = |text: &str| TypedName(text.to_owned());
        for good in ["a", "staying-put", "16", "a-1"] {
            assert_eq!(name(good).checked("slug").unwrap(), good);
            assert_eq!(name(good).checked_or_empty("slug").unwrap(), good);
        }
        for bad in [
            "A", "a b", "a\"", "a/b", "a<b>", "\u{e9}", "a\n", "'", "a_b",
        ] {
            let said = name(bad).checked("slug").unwrap_err();
            assert!(said.starts_with("its slug is not of small"), "{bad}");
            assert!(name(bad).checked_or_empty("slug").is_err(), "{bad}");
        }
        assert!(name("").checked("id").is_err());
        assert_eq!(name("").checked_or_empty("id").unwrap(), "");
    }
}
