//! Slows down guessing of passwords and codes. It knows neither names nor passwords, only their hashes.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// Slows down guessing, per name as typed, known or not: after three wrong tries in a row each further one makes the
/// wait twice as long, up to 15 minutes, and there are never more than ten in 15 minutes. Never for good, or a stranger
/// could lock a child's worker out. A try counts from its beginning, so that many at once are no way around.
#[derive(Default)]
pub struct Throttle(Mutex<HashMap<[u8; 32], Tries>>);

/// The wrong tries at one name.
#[derive(Default)]
struct Tries {
    /// How many there were in a row.
    failures: u32,
    /// The next one may begin at this moment.
    until: i64,
    /// When the last ten of them began.
    times: VecDeque<i64>,
}

impl Tries {
    fn wait_from(&mut self, now: i64) {
        let doublings = self.failures.saturating_sub(3).min(10);
        let pause = if self.failures < 3 {
            0
        } else {
            (1i64 << doublings).min(WINDOW)
        };
        // A second more than the window, because a moment is known to a second.
        let full = self.times.front().filter(|_| self.times.len() == IN_WINDOW);
        self.until = (now + pause).max(full.map_or(0, |first| first + WINDOW + 1));
    }
}

/// Seconds in which there may be [`IN_WINDOW`] wrong tries at most.
const WINDOW: i64 = 15 * 60;

/// Wrong tries within [`WINDOW`].
const IN_WINDOW: usize = 10;

/// Names remembered at most; beyond that the one that was tried longest ago is forgotten. More key derivations than this do not
/// get through the limiter in 15 minutes.
const THROTTLED: usize = 50_000;

impl Throttle {
    /// Begins a try, which counts as wrong until [`Throttle::passed`] or [`Throttle::undone`]; or says how many seconds
    /// to wait, and counts nothing.
    pub(super) fn begin(&self, name: [u8; 32], now: i64) -> u32 {
        let mut all = self.lock();
        let until = all.get(&name).map_or(0, |tries| tries.until);
        // A clock that was put back does not make anybody wait longer.
        if now < until && until - now <= WINDOW + 1 {
            return u32::try_from(until - now).unwrap_or(0);
        }
        if all.len() >= THROTTLED && !all.contains_key(&name) {
            let oldest = all
                .iter()
                .min_by_key(|(_, tries)| tries.times.back().copied())
                .map(|(name, _)| *name);
            oldest.map(|oldest| all.remove(&oldest));
        }
        let tries = all.entry(name).or_default();
        tries.failures = tries.failures.saturating_add(1);
        if tries.times.len() == IN_WINDOW {
            tries.times.pop_front();
        }
        tries.times.push_back(now);
        tries.wait_from(now);
        0
    }

    /// The try that was begun last was none: it could not be finished.
    pub(super) fn undone(&self, name: &[u8; 32]) {
        if let Some(tries) = self.lock().get_mut(name) {
            tries.failures = tries.failures.saturating_sub(1);
            tries.times.pop_back();
            let last = tries.times.back().copied().unwrap_or_default();
            tries.wait_from(last);
        }
    }

    pub(super) fn passed(&self, name: &[u8; 32]) {
        self.lock().remove(name);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Tries>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Tries as often as it can for so long, one second after the other, and says when it was let.
    fn tried(throttle: &Throttle, name: [u8; 32], from: i64, seconds: i64) -> Vec<i64> {
        (from..from + seconds)
            .filter(|now| throttle.begin(name, *now) == 0)
            .collect()
    }

    fn most_in_a_window(times: &[i64]) -> usize {
        let within = |first: &i64| {
            let next = times.iter().filter(|time| **time >= *first);
            next.filter(|time| **time - first <= WINDOW).count()
        };
        times.iter().map(within).max().unwrap_or_default()
    }

    #[test]
    fn waits_grow_and_there_are_never_more_than_ten_tries_in_15_minutes() {
        let (throttle, name) = (Throttle::default(), [1; 32]);
        let times = tried(&throttle, name, 100, 24 * 60 * 60);
        assert_eq!(times[..7], [100, 101, 102, 103, 105, 109, 117]);
        assert_eq!(most_in_a_window(&times), IN_WINDOW, "{times:?}");
        // A control: without the count of a window there were more, so the test sees them.
        let mut doubled = vec![100];
        for failures in 1..30u32 {
            let pause = if failures < 3 {
                1
            } else {
                1 << (failures - 3).min(10)
            };
            doubled.push(doubled[doubled.len() - 1] + i64::min(pause, WINDOW));
        }
        assert!(most_in_a_window(&doubled) > IN_WINDOW, "{doubled:?}");
        // Never for good: a name gets a try every quarter of an hour, for as long as it goes on.
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] <= WINDOW));
        assert_eq!(throttle.begin([2; 32], 100), 0, "another name");
        throttle.passed(&name);
        assert_eq!(tried(&throttle, name, 200_000, 3).len(), 3);
    }

    #[test]
    fn many_tries_at_once_count_from_their_beginning() {
        let (throttle, name) = (Throttle::default(), [1; 32]);
        let grant_keys = (0..50).filter(|_| throttle.begin(name, 100) == 0).count();
        assert_eq!(grant_keys, 3);
        // One that could not be finished counts for nothing.
        throttle.undone(&name);
        assert_eq!(throttle.begin(name, 100), 0);
        assert_eq!(throttle.begin(name, 100), 1);
        // A clock that was put back.
        assert_eq!(throttle.begin(name, -1_000_000), 0);
    }

    #[test]
    fn names_are_forgotten_in_the_order_of_their_last_try() {
        let throttle = Throttle::default();
        for number in 0..=THROTTLED {
            let mut name = [0; 32];
            name[..8].copy_from_slice(&number.to_be_bytes());
            throttle.begin(name, i64::try_from(number).unwrap());
        }
        let all = throttle.lock();
        assert_eq!(all.len(), THROTTLED);
        assert!(!all.contains_key(&[0; 32]));
    }
}
