//! From rows to domain words. What this version does not know is reported as damage, never guessed.

use domain::date::Date;
use domain::lifecycle::{Lane, State, ViewStatus};
use domain::publication::Publicity;
use domain::view::{Subject, Topic};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{Decode, Row, Type};
use store::{Result, StoreError, ViewRow};

/// One row of a named table, read column by column.
pub(crate) struct Reader<'r> {
    pub(crate) row: &'r SqliteRow,
    pub(crate) table: &'static str,
}

impl<'r> Reader<'r> {
    pub(crate) fn get<T: Decode<'r, Sqlite> + Type<Sqlite>>(
        &self,
        column: &'static str,
    ) -> Result<T> {
        self.row
            .try_get(column)
            .map_err(|_| StoreError::Damaged(self.table))
    }

    pub(crate) fn damaged<T>(&self, value: Option<T>) -> Result<T> {
        value.ok_or(StoreError::Damaged(self.table))
    }

    /// A word of the domain.
    pub(crate) fn word<T>(
        &self,
        column: &'static str,
        known: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        self.damaged(known(self.get(column)?))
    }

    /// A word of the domain, or nothing.
    pub(crate) fn maybe_word<T>(
        &self,
        column: &'static str,
        known: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        self.get::<Option<&str>>(column)?
            .map(|word| self.damaged(known(word)))
            .transpose()
    }

    pub(crate) fn day(&self, column: &'static str) -> Result<Date> {
        self.word(column, |text| text.parse().ok())
    }

    pub(crate) fn count(&self, column: &'static str) -> Result<u32> {
        self.damaged(u32::try_from(self.get::<i64>(column)?).ok())
    }

    pub(crate) fn yes_or_no(&self, column: &'static str) -> Result<bool> {
        match self.get::<i64>(column)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(StoreError::Damaged(self.table)),
        }
    }

    pub(crate) fn exactly<const N: usize>(&self, column: &'static str) -> Result<[u8; N]> {
        self.damaged(self.get::<&[u8]>(column)?.try_into().ok())
    }
}

/// A view without its texts: rows of several nouns come with one.
pub(crate) fn view_row(row: &SqliteRow) -> Result<ViewRow> {
    let row = Reader { row, table: "view" };
    Ok(ViewRow {
        id: row.get("id")?,
        seq: row.get("seq")?,
        recipient: row.get("recipient")?,
        day: row.day("day")?,
        topic: row.word("topic", Topic::from_id)?,
        language: row.get("language")?,
        life: ViewStatus {
            state: row.word("state", State::from_id)?,
            lane: row.word("lane", Lane::from_id)?,
            unread: row.yes_or_no("unread")?,
            about: row.word("about", Subject::from_id)?,
            public: row.word("public", Publicity::from_id)?,
        },
        since: row.day("since")?,
        has_identity: row.yes_or_no("has_identity")?,
        meeting: row.get("meeting")?,
        version: row.get("version")?,
        burst: row.yes_or_no("burst")?,
    })
}
