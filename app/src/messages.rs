//! The interface's words inside a page: `model::words::Words` comes from Leptos' context.

use domain::date::Date;
use leptos::prelude::use_context;
use model::words::Words;

/// Inside a page: the words of this key.
pub fn t(key: &str) -> String {
    use_context::<Words>().unwrap_or_default().get(key)
}

/// Inside a page: the words of this key with `{name}` replaced by values.
pub fn tf(key: &str, values: &[(&str, &str)]) -> String {
    use_context::<Words>().unwrap_or_default().fill(key, values)
}

/// Inside a page: the words of this key before and after `{name}`, for what is more than text.
pub fn around(key: &str, name: &str) -> (String, String) {
    let text = t(key);
    let mark = format!("{{{name}}}");
    let (before, after) = text.split_once(&mark).unwrap_or((&text, ""));
    (before.to_owned(), after.to_owned())
}

/// Inside a page: a day in words.
pub fn day(date: Date) -> String {
    use_context::<Words>().unwrap_or_default().day(date)
}
