//! Journeys through Speak and Follow that were left.
//!
//! A browser keeps the form of each step and sends it again when somebody presses Back and then reload. So every step
//! carries the random name of its journey, "Leave this page" sends that name, and whatever comes with it afterwards is
//! answered as if nothing had ever been typed. The names are in memory alone and stand for nobody.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use vault::random::{self, Random};

/// Seconds for which a journey that was left stays closed: a day, so that the next user of the phone in the evening finds
/// nothing of the afternoon.
const SECONDS: i64 = 24 * 60 * 60;
/// Journeys remembered at most; beyond that the one left first is forgotten.
const MOST: usize = 100_000;

/// The random name of one journey.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct JourneyId([u8; 16]);

impl JourneyId {
    /// A new one.
    pub fn generate(random: &dyn Random) -> JourneyId {
        JourneyId(random::bytes(random))
    }

    /// From what [`JourneyId::text`] gave; anything else is no name.
    pub fn from_text(text: &str) -> Option<JourneyId> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(JourneyId)
    }

    /// As it stands in a form and in an address.
    pub fn text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

/// The journeys that were left.
#[derive(Default)]
pub struct AbandonedJourneys(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    since: HashMap<JourneyId, i64>,
    order: VecDeque<JourneyId>,
}

impl AbandonedJourneys {
    /// Closes a journey. Leaving it again does not make it longer.
    pub fn leave(&self, id: JourneyId, now: i64) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.forget_while(|_, since| now - since > SECONDS);
        if inner.since.contains_key(&id) {
            return;
        }
        inner.forget_while(|count, _| count >= MOST);
        inner.since.insert(id, now);
        inner.order.push_back(id);
    }

    /// Whether a journey was left.
    pub fn has_left(&self, id: JourneyId, now: i64) -> bool {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = inner.since.get(&id);
        since.is_some_and(|since| now - since <= SECONDS)
    }
}

impl Inner {
    /// Forgets from the oldest on, for as long as this holds for how many there are and when the oldest was left.
    fn forget_while(&mut self, over: impl Fn(usize, i64) -> bool) {
        while let Some(first) = self.order.front().copied() {
            let since = self.since.get(&first).copied().unwrap_or_default();
            if !over(self.order.len(), since) {
                break;
            }
            self.order.pop_front();
            self.since.remove(&first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> JourneyId {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        JourneyId(bytes)
    }

    #[test]
    fn a_journey_that_was_left_stays_closed_for_a_day() {
        let left = AbandonedJourneys::default();
        assert!(!left.has_left(id(1), 0), "a control: nothing was left");
        left.leave(id(1), 0);
        assert!(left.has_left(id(1), SECONDS));
        assert!(!left.has_left(id(2), SECONDS));
        assert!(!left.has_left(id(1), SECONDS + 1));
        left.leave(id(2), SECONDS + 1);
        assert_eq!(left.0.lock().unwrap().order.len(), 1, "the old one is gone");
    }

    #[test]
    fn the_list_is_bounded_and_forgets_the_oldest() {
        let left = AbandonedJourneys::default();
        for number in 0..=MOST {
            left.leave(id(number), 0);
            left.leave(id(number), 0);
        }
        let inner = left.0.lock().unwrap();
        assert_eq!((inner.order.len(), inner.since.len()), (MOST, MOST));
        drop(inner);
        assert!(!left.has_left(id(0), 0));
        assert!(left.has_left(id(1), 0) && left.has_left(id(MOST), 0));
    }

    #[test]
    fn a_name_is_read_back_and_nothing_else_is() {
        let name = id(7);
        assert!(JourneyId::from_text(&name.text()) == Some(name));
        for other in ["", "x", &name.text()[1..], &format!("{}A", name.text())] {
            assert!(JourneyId::from_text(other).is_none(), "{other}");
        }
    }
}
