//! Pages that are edited at the desk: drafts and published versions.

use domain::date::Date;

/// Words of a file that were begun at the desk and are not public yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageDraftRow {
    /// Changes with each save, and is never used again; given by the store.
    pub seq: i64,
    /// The file, under `content/southwark/`.
    pub file: String,
    /// The published version it was begun from; 0 for the words that the program brings.
    pub base_version: i64,
    /// The whole file.
    pub text: String,
    /// Account of the person who wrote the last change.
    pub writer: String,
    /// The day of that change.
    pub day: Date,
}

/// Words of a file that were published at the desk: public by intent, so they stand in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageVersionRow {
    /// Order of publication.
    pub seq: i64,
    /// The file, under `content/southwark/`.
    pub file: String,
    /// The whole file.
    pub text: String,
    /// Account of the person who wrote the last change.
    pub writer: String,
    /// The day of that change.
    pub written: Date,
    /// Account of the person who published it: never the writer's.
    pub publisher: String,
    /// The day of publication.
    pub published: Date,
    /// SHA-256 of the file as the program brought it then.
    pub given: [u8; 32],
}

/// A draft that is to become public.
#[derive(Clone, Debug)]
pub struct Publish {
    /// The file.
    pub file: String,
    /// The draft's number as the publisher saw it.
    pub expected_version: i64,
    /// Account of the publisher.
    pub publisher: String,
    /// The day.
    pub day: Date,
    /// SHA-256 of the file as the program brings it.
    pub given: [u8; 32],
}
