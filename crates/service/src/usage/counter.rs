//! Counts pages that are opened, in memory, until the counts are flushed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What stands before the code of a language.
pub(super) const LANGUAGE: &str = "language:";

/// What was counted since the last flush.
#[derive(Default)]
pub struct UsageCounter(Mutex<BTreeMap<String, u64>>);

impl UsageCounter {
    /// Counts a page that was opened, by its address in English.
    pub fn count(&self, page: &str, language: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for what in [page, &format!("{LANGUAGE}{language}")] {
            match counts.get_mut(what) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(what.to_owned(), 1);
                }
            }
        }
    }

    pub(super) fn take(&self) -> BTreeMap<String, u64> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn give_back(&self, counts: BTreeMap<String, u64>) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (what, count) in counts {
            *now.entry(what).or_default() += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_put_down_is_counted_with_what_came_since() {
        let uses = UsageCounter::default();
        uses.count("/help", "en");
        let taken = uses.take();
        uses.count("/help", "es");
        uses.give_back(taken);
        let all: Vec<(String, u64)> = uses.take().into_iter().collect();
        let all: Vec<(&str, u64)> = all.iter().map(|(what, n)| (what.as_str(), *n)).collect();
        assert_eq!(all, [("/help", 2), ("language:en", 1), ("language:es", 1)]);
    }
}
