//! The interface's words, looked up by key. They are data (`content/southwark/<language>/interface.toml`): a test
//! checks that every key used in the code is there in every language, and that none is there in vain.

use domain::date::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The words of one language.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The language as `<html lang>` takes it, for example `en`.
    pub language: String,
    /// Words by key, for example `speak.title`.
    pub table: Arc<BTreeMap<String, String>>,
}

impl Words {
    /// The words of this key; the key itself when they are missing, so that a gap is seen.
    pub fn get(&self, key: &str) -> String {
        self.table
            .get(key)
            .cloned()
            .unwrap_or_else(|| key.to_owned())
    }

    /// The words of this key with `{name}` replaced by values.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.get(key);
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// A day in words, for example `21 November 2026`.
    pub fn day(&self, date: Date) -> String {
        let (year, month, day) = date.year_month_day();
        let month = self.get(&format!("month.{month}"));
        self.fill(
            "date.format",
            &[
                ("day", &day.to_string()),
                ("month", &month),
                ("year", &year.to_string()),
            ],
        )
    }
}
