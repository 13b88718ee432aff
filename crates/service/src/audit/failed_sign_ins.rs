//! Counts failed sign-ins, so that a flood of them does not fill the disk.

use std::sync::{Mutex, PoisonError};

/// Failed sign-ins that are entered in one minute. A flood of them must not fill the disk; the last one entered says so.
const FAILED_A_MINUTE: u32 = 30;

/// Counts the failed sign-ins of a minute.
#[derive(Default)]
pub struct FailedSignIns(Mutex<(i64, u32)>);

impl FailedSignIns {
    /// What to enter for one more failure now; nothing once the minute is full.
    pub(super) fn word(&self, now: i64) -> Option<&'static str> {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.0 != now.div_euclid(60) {
            *minute = (now.div_euclid(60), 0);
        }
        minute.1 = minute.1.saturating_add(1);
        match minute.1 {
            ..FAILED_A_MINUTE => Some("sign-in"),
            FAILED_A_MINUTE => Some("sign-in-flood"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_failures_is_entered_up_to_a_number_and_said_to_be_one() {
        let failed = FailedSignIns::default();
        let words: Vec<_> = (0..40).map(|_| failed.word(120)).collect();
        assert_eq!(words.iter().flatten().count(), FAILED_A_MINUTE as usize);
        assert_eq!(words[28], Some("sign-in"));
        assert_eq!(words[29], Some("sign-in-flood"));
        assert_eq!(words[30], None);
        assert_eq!(failed.word(180), Some("sign-in"));
    }
}
