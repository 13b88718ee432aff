//! Who reads what young people write: held in memory, and worked out again when somebody's account, keys or steps of
//! signing in have changed, in this process or by another one.

use domain::readers::ReaderSet;
use std::sync::{Mutex, PoisonError};
use store::Store;

/// The roles that somebody reads for, with the number of the change of staff that they were read at.
#[derive(Default)]
pub struct PresentReaders(Mutex<Option<(i64, ReaderSet)>>);

impl PresentReaders {
    /// The roles of young people's readers for which somebody can read now. While the database cannot be read, those known
    /// last; nobody is promised whom nobody has seen.
    pub async fn get(&self, store: &dyn Store) -> ReaderSet {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = known.map_or(ReaderSet::NOBODY, |(_, readers)| readers);
        // First the number: what changes after it is read again for the next who asks.
        let Ok(change) = store.staff_change().await else {
            return last;
        };
        if known.is_some_and(|(at, _)| at == change) {
            return last;
        }
        let Ok(rows) = store.readers().await else {
            return last;
        };
        let readers = rows.iter().map(|reader| reader.role).collect();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none_or(|(at, _)| at < change) {
            *known = Some((change, readers));
        }
        readers
    }
}
