//! What a call to the store can answer: the result of every call, and a change that came too late.

/// Why the store could not do it. The inner text is for the log's code only; it never reaches a page.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Too much is waiting, or another process holds the database; nothing was written. Trying again later may help.
    #[error("busy")]
    Busy,
    /// The write did not reach the disk, or the database refused it; nothing was promised.
    #[error("not saved: {0}")]
    NotSaved(String),
    /// It could not be read.
    #[error("cannot read: {0}")]
    Unreadable(String),
    /// A row holds something this version does not know.
    #[error("a row of {0} is damaged")]
    Damaged(&'static str),
    /// The database file cannot be used at all, in a sentence for the person who starts the server.
    #[error("{0}")]
    CannotOpen(String),
}

/// Result of a call.
pub type Result<T> = std::result::Result<T, StoreError>;

/// What a change gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Written.
    Done,
    /// The view is not at that version any more (or is gone); nothing was written.
    Stale,
}
