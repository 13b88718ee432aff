//! Why a service did not do what it was asked. It knows the errors of the crates below and no noun.

use crate::fair_queue::Busy;
use domain::lifecycle::Refused;
use store::StoreError;
use vault::seal::KeyUnreadable;

/// Why an act was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// There is no such view, meeting or text for this person.
    #[error("not found")]
    NotFound,
    /// Not for this person.
    #[error("forbidden")]
    Forbidden,
    /// It cannot be done now.
    #[error("not now")]
    NotNow,
    /// Somebody else changed it meanwhile.
    #[error("changed meanwhile")]
    Stale,
    /// Something typed needs mending: (field id, word key).
    #[error("a field needs mending")]
    Field(&'static str, &'static str),
    /// Too busy, or the disk would not take it.
    #[error("busy or not saved")]
    Busy,
    /// Our mistake; the text is a code for the log, never content.
    #[error("internal: {0}")]
    Internal(&'static str),
}

impl From<StoreError> for ActError {
    fn from(error: StoreError) -> ActError {
        match error {
            StoreError::Busy | StoreError::NotSaved(_) => ActError::Busy,
            StoreError::Unreadable(_) => ActError::Internal("store-unreadable"),
            StoreError::Damaged(_) => ActError::Internal("store-damaged"),
            StoreError::CannotOpen(_) => ActError::Internal("store-closed"),
        }
    }
}

impl From<Busy> for ActError {
    fn from(Busy: Busy) -> ActError {
        ActError::Busy
    }
}

impl From<KeyUnreadable> for ActError {
    fn from(KeyUnreadable: KeyUnreadable) -> ActError {
        ActError::Internal("key-unreadable")
    }
}

impl From<Refused> for ActError {
    fn from(refused: Refused) -> ActError {
        match refused {
            Refused::NotYours => ActError::Forbidden,
            Refused::NotNow => ActError::NotNow,
        }
    }
}
