//! Limits against floods that never shut a child out. Nobody is blocked: what is too much from one place costs a short
//! wait, then a simple question; a sender who says they are not safe is not even asked to wait below a hard cap.
//!
//! A place is a piece of the network (/24 or /56), known here only as an HMAC under a key that is replaced each day and
//! never leaves this process's memory. Nothing of it is on the disk or in the log, and all of it is gone after a restart.
//!
//! It knows no view and no answer: what a send costs is asked of it by the service that sends.

use crate::fair_queue::{Busy, FairQueue};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use vault::random::{self, Random};
use vault::server_keys::hmac;

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;
/// Places remembered at most. Beyond that those whose hour is over go first; if all are in use, new ones share the count
/// of the wider piece of the network they stand in.
const PLACES: usize = 50_000;
/// Wider pieces remembered at most; beyond that the new ones share one count, so that nothing is free however many come.
const WIDER_PLACES: usize = 10_000;
/// The least time between two searches for places whose hour is over, in seconds: each looks at all of them.
const SEARCH: i64 = 10;
/// Stands for all places that have no count of their own and none of their wider piece.
const ALL_OTHERS: [u8; 32] = [0; 32];
/// How many of one place wait for a key derivation at most; each holds a connection meanwhile.
pub const WAITING_FROM_ONE_PLACE: usize = 32;

/// The numbers, tuned on 24 November 2026 for a children's home or a school behind one address.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    /// Sends from one place in an hour before it costs a wait: a home or a school shares one address.
    pub free: u32,
    /// Sends before it costs a question as well: twice as many.
    pub wait: u32,
    /// Sends by somebody who says they are not safe, before those cost a wait and a question too. A home with 600 young
    /// people in danger within an hour does not exist.
    pub urgent: u32,
    /// Sends from one place in an hour after which all of that hour are folded at the desk. A workshop with a whole class
    /// stays below.
    pub burst: u32,
    /// Tickets for one place in an hour before they are made one after the other: going back and forth costs several.
    pub tickets: u32,
    /// Wrong receipts a minute in all before every try waits in line, so that guessing stays hopeless.
    pub tries_in_all: u32,
    /// How long each of them waits then.
    pub pace: Duration,
    /// How many seconds the wait page asks for.
    pub pause: i64,
}

impl Numbers {
    /// The numbers in use.
    pub const REAL: Numbers = Numbers {
        free: 60,
        wait: 120,
        urgent: 600,
        burst: 30,
        tickets: 240,
        tries_in_all: 60,
        pace: Duration::from_secs(1),
        pause: 10,
    };
}

/// A piece of the network, scrambled under the key of the day; or a place of nobody, for which nothing is counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NetworkBucket {
    scrambled: [u8; 32],
    /// The wider piece of the network that it stands in (/16 or /32), scrambled as well.
    wider: [u8; 32],
    is_counted: bool,
}

/// Who waits for the key derivation of a password.
#[derive(Clone, PartialEq, Eq)]
pub enum PasswordAsker {
    /// Somebody who signs in, from this place.
    Place(Option<NetworkBucket>),
    /// A member of staff by name, who is signed in or has an invitation.
    Staff(String),
}

/// What a send is asked for first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Challenge {
    /// Nothing.
    Free,
    /// A short wait.
    Wait,
    /// A short wait and a simple question.
    Question,
}

/// What a view is counted as.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct CountedSend {
    /// It comes in a burst.
    pub is_burst: bool,
    /// The earlier views of the hour, when it has just become a burst.
    pub earlier: Vec<String>,
}

/// What was counted in an hour.
struct Counted {
    since: i64,
    sends: u32,
    tickets: u32,
    /// Wrong receipts and wrong passwords.
    wrong: u32,
    /// Views of this hour, until it has become a burst.
    views: Vec<String>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

struct Inner {
    key: [u8; 32],
    day: i64,
    places: HashMap<[u8; 32], Counted>,
    /// Counts of those that came when all were in use.
    wider: HashMap<[u8; 32], Counted>,
    /// When places whose hour is over were last looked for.
    searched_at: i64,
    /// Wrong receipts that are still free in all, and since when.
    tries: f64,
    tries_at: i64,
}

/// The counts of this process.
pub struct Limits {
    numbers: Numbers,
    inner: Mutex<Inner>,
    /// When there were too many wrong receipts in all, every try waits here for its pace.
    paced: FairQueue<Option<NetworkBucket>>,
}

/// A permit in a queue; the next one is given when it is dropped.
pub struct QueuePermit {
    _place: Option<tokio::sync::OwnedMutexGuard<()>>,
}

impl Limits {
    /// Nothing counted yet.
    pub fn new(random: &dyn Random, numbers: Numbers) -> Limits {
        Limits {
            numbers,
            inner: Mutex::new(Inner {
                key: random::bytes(random),
                day: i64::MIN,
                places: HashMap::new(),
                wider: HashMap::new(),
                searched_at: i64::MIN,
                tries: f64::from(numbers.tries_in_all),
                tries_at: i64::MIN,
            }),
            paced: FairQueue::new(1, WAITING_FROM_ONE_PLACE),
        }
    }

    /// The place of an address today. On a new day everything counted is forgotten, and so is the key.
    pub fn bucket(&self, random: &dyn Random, now: i64, address: IpAddr) -> NetworkBucket {
        let mut inner = self.lock();
        let day = now.div_euclid(DAY);
        if day != inner.day {
            inner.day = day;
            inner.key = random::bytes(random);
            inner.places.clear();
            inner.wider.clear();
        }
        NetworkBucket {
            scrambled: hmac(&inner.key, &prefix(address)),
            wider: hmac(&inner.key, &wider_prefix(address)),
            is_counted: true,
        }
    }

    /// A place of its own for one request of which nobody knows where it comes from: nothing is counted for it, it waits
    /// behind nobody of its own, and only the limits of all hold it.
    pub fn bucket_of_nobody(random: &dyn Random) -> NetworkBucket {
        NetworkBucket {
            scrambled: random::bytes(random),
            wider: ALL_OTHERS,
            is_counted: false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the count of a place; `None` when it is not counted.
    fn with<T>(
        &self,
        place: Option<NetworkBucket>,
        now: i64,
        act: impl FnOnce(&mut Counted) -> T,
    ) -> Option<T> {
        let mut inner = self.lock();
        let place = place.filter(|place| place.is_counted)?;
        let counted = inner.count_of(place, now);
        if counted.is_over(now) {
            *counted = Counted::new(now);
        }
        Some(act(counted))
    }

    /// What the next send from this place is asked for first.
    pub fn challenge(&self, place: Option<NetworkBucket>, now: i64, urgent: bool) -> Challenge {
        let sends = self.with(place, now, |counted| counted.sends).unwrap_or(0);
        if urgent && sends < self.numbers.urgent || sends < self.numbers.free {
            Challenge::Free
        } else if sends < self.numbers.wait {
            Challenge::Wait
        } else {
            Challenge::Question
        }
    }

    /// How many seconds the wait page asks for.
    pub fn pause(&self) -> i64 {
        self.numbers.pause
    }

    /// Whether what this place has sent in this hour is a burst.
    pub fn is_burst(&self, place: Option<NetworkBucket>, now: i64) -> bool {
        let sends = self.with(place, now, |counted| counted.sends).unwrap_or(0);
        sends > self.numbers.burst
    }

    /// Counts a view that is about to be stored, so that any number that is sent at once finds the others counted.
    pub fn count_send(&self, place: Option<NetworkBucket>, now: i64, view: &str) -> CountedSend {
        let burst = self.numbers.burst;
        let counted = self.with(place, now, |counted| {
            counted.sends = counted.sends.saturating_add(1);
            if counted.sends <= burst {
                counted.views.push(view.to_owned());
                return CountedSend::default();
            }
            CountedSend {
                is_burst: true,
                earlier: std::mem::take(&mut counted.views),
            }
        });
        counted.unwrap_or_default()
    }

    /// Takes a count back: the view was not stored, or had been before.
    pub fn uncount_send(
        &self,
        place: Option<NetworkBucket>,
        now: i64,
        view: &str,
        as_counted: CountedSend,
    ) {
        self.with(place, now, |counted| {
            counted.sends = counted.sends.saturating_sub(1);
            counted.views.retain(|known| known != view);
            // They still wait for the one that makes them a burst.
            counted.views.extend(as_counted.earlier);
        });
    }

    /// Waits for a permit of this bucket for a ticket, if it has taken very many.
    pub async fn ticket(&self, place: Option<NetworkBucket>, now: i64) -> QueuePermit {
        let most = self.numbers.tickets;
        let turn = self.with(place, now, |counted| {
            counted.tickets = counted.tickets.saturating_add(1);
            (counted.tickets > most).then(|| Arc::clone(&counted.turn))
        });
        QueuePermit {
            _place: match turn.flatten() {
                Some(turn) => Some(turn.lock_owned().await),
                None => None,
            },
        }
    }

    /// Waits for the pace of tries when there were too many wrong ones in all: places in turn, and first those that have
    /// guessed nothing yet, so that no flood of guesses keeps a child from their view. An error when too many of this place
    /// wait already.
    pub async fn pace_tries(&self, place: Option<NetworkBucket>, now: i64) -> Result<(), Busy> {
        if place.is_some() && self.tries_left(now) < 1.0 {
            let first = !self.has_guessed(place, now);
            let _turn = self.paced.enter(place, first).await?;
            tokio::time::sleep(self.numbers.pace).await;
        }
        Ok(())
    }

    /// Whether a wrong receipt or a wrong password came from this place in this hour.
    pub fn has_guessed(&self, place: Option<NetworkBucket>, now: i64) -> bool {
        let wrong = self.with(place, now, |counted| counted.wrong);
        wrong.unwrap_or(0) > 0
    }

    /// Counts a receipt that opened nothing.
    pub fn wrong_receipt(&self, place: Option<NetworkBucket>, now: i64) {
        if place.is_none() {
            return;
        }
        self.wrong_password(place, now);
        let left = self.tries_left(now);
        self.lock().tries = (left - 1.0).max(0.0);
    }

    /// Counts a sign-in that failed.
    pub fn wrong_password(&self, place: Option<NetworkBucket>, now: i64) {
        self.with(place, now, |counted| {
            counted.wrong = counted.wrong.saturating_add(1);
        });
    }

    // Free tries come back evenly: as many a minute as there may be.
    fn tries_left(&self, now: i64) -> f64 {
        let mut inner = self.lock();
        let most = f64::from(self.numbers.tries_in_all);
        // A clock that was put back gives nothing, and then goes on from there.
        let passed = now.saturating_sub(inner.tries_at).clamp(0, 60);
        inner.tries_at = now;
        let back = most * f64::from(i32::try_from(passed).unwrap_or(60)) / 60.0;
        inner.tries = (inner.tries + back).min(most);
        inner.tries
    }
}

impl Inner {
    // The count of a place, or while all are in use that of what it stands in.
    fn count_of(&mut self, place: NetworkBucket, now: i64) -> &mut Counted {
        let new = || Counted::new(now);
        if !self.places.contains_key(&place.scrambled) && !self.has_room(now) {
            let has_own = self.wider.contains_key(&place.wider) || self.wider.len() < WIDER_PLACES;
            let of = if has_own { place.wider } else { ALL_OTHERS };
            return self.wider.entry(of).or_insert_with(new);
        }
        self.places.entry(place.scrambled).or_insert_with(new)
    }

    fn has_room(&mut self, now: i64) -> bool {
        if self.places.len() < PLACES {
            return true;
        }
        // A clock that was put back searches too.
        if !(0..SEARCH).contains(&now.saturating_sub(self.searched_at)) {
            self.searched_at = now;
            self.places.retain(|_, counted| !counted.is_over(now));
            self.wider.retain(|_, counted| !counted.is_over(now));
        }
        self.places.len() < PLACES
    }
}

impl Counted {
    fn new(now: i64) -> Counted {
        Counted {
            since: now,
            sends: 0,
            tickets: 0,
            wrong: 0,
            views: Vec::new(),
            turn: Arc::default(),
        }
    }

    fn is_over(&self, now: i64) -> bool {
        // A clock that was put back ends it too.
        !(0..HOUR).contains(&now.saturating_sub(self.since))
    }
}

/// The piece of the network that an address stands in: /24, or /56 in IPv6.
pub fn prefix(address: IpAddr) -> [u8; 8] {
    let mut prefix = [0; 8];
    match address.to_canonical() {
        IpAddr::V4(address) => {
            prefix[0] = 4;
            prefix[1..4].copy_from_slice(&address.octets()[..3]);
        }
        IpAddr::V6(address) => {
            prefix[0] = 6;
            prefix[1..8].copy_from_slice(&address.octets()[..7]);
        }
    }
    prefix
}

// The piece that is counted while all places are in use: /16, or /32 in IPv6.
fn wider_prefix(address: IpAddr) -> [u8; 5] {
    let narrow = prefix(address);
    let mut wider = [0; 5];
    let bytes = if narrow[0] == 4 { 3 } else { 5 };
    wider[..bytes].copy_from_slice(&narrow[..bytes]);
    wider
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use vault::random::SystemRandom;

    fn limits() -> Limits {
        Limits::new(&SystemRandom, Numbers::REAL)
    }

    fn at(limits: &Limits, now: i64, address: &str) -> Option<NetworkBucket> {
        Some(limits.bucket(&SystemRandom, now, address.parse().unwrap()))
    }

    #[test]
    fn one_house_is_one_place_and_the_next_is_another() {
        let limits = limits();
        let same = |a: &str, b: &str| at(&limits, 0, a) == at(&limits, 0, b);
        assert!(same("192.0.2.1", "192.0.2.255"));
        assert!(same("192.0.2.1", "::ffff:192.0.2.9"));
        assert!(!same("192.0.2.1", "192.0.3.1"));
        assert!(same("2001:db8:1:200::1", "2001:db8:1:2ff:ffff::"));
        assert!(!same("2001:db8:1:200::1", "2001:db8:1:300::1"));
        // The next day it is another, so that no counts can be combined over days.
        let today = at(&limits, 0, "192.0.2.1");
        let tomorrow = at(&limits, DAY, "192.0.2.1");
        assert!(today != tomorrow);
    }

    #[test]
    fn sends_cost_nothing_then_a_wait_then_a_question_and_urgent_ones_nothing_for_long() {
        let limits = limits();
        let place = at(&limits, 0, "192.0.2.1");
        let mut prices = Vec::new();
        for n in 0..700 {
            let both = (
                limits.challenge(place, 0, false),
                limits.challenge(place, 0, true),
            );
            if prices.last().is_none_or(|(_, last)| *last != both) {
                prices.push((n, both));
            }
            limits.count_send(place, 0, &n.to_string());
        }
        use Challenge::{Free, Question, Wait};
        assert_eq!(
            prices,
            [
                (0, (Free, Free)),
                (60, (Wait, Free)),
                (120, (Question, Free)),
                (600, (Question, Question))
            ]
        );
        assert_eq!(
            limits.challenge(at(&limits, 0, "192.0.3.1"), 0, false),
            Free,
            "next door"
        );
        assert_eq!(limits.challenge(place, HOUR, false), Free, "an hour later");
        assert_eq!(
            limits.challenge(place, -1, false),
            Free,
            "the clock was put back"
        );
        assert_eq!(limits.challenge(None, 0, false), Free);
    }

    #[test]
    fn nothing_is_counted_for_nobody_but_what_all_share() {
        let limits = limits();
        let nobody = || Some(Limits::bucket_of_nobody(&SystemRandom));
        let one = nobody();
        assert!(one != nobody(), "each request is a place of its own");
        for n in 0..200 {
            let counted = limits.count_send(one, 0, &n.to_string());
            assert_eq!(counted, CountedSend::default());
        }
        assert!(!limits.is_burst(one, 0));
        assert_eq!(limits.challenge(one, 0, false), Challenge::Free);
        assert!(limits.lock().places.is_empty());
        // Guesses still count against the pace of all.
        for _ in 0..60 {
            limits.wrong_receipt(nobody(), 0);
        }
        assert!(limits.tries_left(0) < 1.0);
        assert!(!limits.has_guessed(one, 0));
    }

    #[test]
    fn a_burst_is_known_by_its_number_and_takes_the_first_ones_in() {
        let limits = limits();
        let place = at(&limits, 0, "192.0.2.1");
        for n in 0..30 {
            let counted = limits.count_send(place, 0, &n.to_string());
            assert_eq!(counted, CountedSend::default());
            assert!(!limits.is_burst(place, 0));
        }
        // One that was not stored is none of them.
        let not_stored = limits.count_send(place, 0, "not stored");
        assert!(not_stored.is_burst && limits.is_burst(place, 0));
        limits.uncount_send(place, 0, "not stored", not_stored);
        assert!(!limits.is_burst(place, 0));
        let first = limits.count_send(place, 0, "31");
        assert!(first.is_burst && limits.is_burst(place, 0));
        assert_eq!(first.earlier.len(), 30);
        let next = limits.count_send(place, 0, "32");
        assert!(next.is_burst && next.earlier.is_empty());
        assert!(!limits.is_burst(place, HOUR));
    }

    #[test]
    fn a_full_list_shuts_nobody_out() {
        let limits = limits();
        for n in 0..u32::try_from(PLACES).unwrap() + 10 {
            let address = IpAddr::from((n << 8).to_be_bytes());
            let place = Some(limits.bucket(&SystemRandom, 0, address));
            limits.count_send(place, 0, "v");
            assert_eq!(limits.challenge(place, 0, false), Challenge::Free);
        }
        assert!(limits.lock().places.len() <= PLACES);
        // When their hour is over there is room again.
        let place = at(&limits, HOUR, "203.0.113.1");
        limits.count_send(place, HOUR, "v");
        assert_eq!(limits.lock().places.len(), 1);
    }

    #[test]
    fn with_every_place_in_use_new_ones_share_the_count_of_their_wider_network() {
        use Challenge::{Free, Question, Wait};
        let limits = limits();
        let fill = |map: fn(&mut Inner) -> &mut HashMap<[u8; 32], Counted>, most: usize| {
            let mut inner = limits.lock();
            let map = map(&mut inner);
            for n in map.len()..most {
                let mut key = [7; 32];
                key[..8].copy_from_slice(&n.to_be_bytes());
                map.insert(key, Counted::new(0));
            }
        };
        let send = |of: [u8; 4]| {
            let address = IpAddr::from(of).to_string();
            let place = at(&limits, 0, &address);
            let both = [false, true].map(|urgent| limits.challenge(place, 0, urgent));
            limits.count_send(place, 0, "v");
            both
        };
        let early = [192, 0, 2, 1];
        send(early);
        // The control: while there is room, each place has a count of its own.
        for n in 0..200 {
            assert_eq!(send([10, 1, n, 1]), [Free, Free]);
        }
        fill(|inner| &mut inner.places, PLACES);
        let mut prices: Vec<[Challenge; 2]> = (0..200).map(|n| send([10, 2, n, 1])).collect();
        prices.dedup();
        assert_eq!(prices, [[Free, Free], [Wait, Free], [Question, Free]]);
        assert_eq!(send([10, 3, 0, 1]), [Free, Free], "the network beside it");
        assert_eq!(send(early), [Free, Free], "a place that was there before");
        // With the wider ones in use as well, the rest is counted together.
        fill(|inner| &mut inner.wider, WIDER_PLACES);
        let mut prices: Vec<[Challenge; 2]> = (0..200).map(|n| send([n, 99, 0, 1])).collect();
        prices.dedup();
        assert_eq!(prices, [[Free, Free], [Wait, Free], [Question, Free]]);
        assert_eq!(limits.lock().wider.len(), WIDER_PLACES + 1);
        // After an hour there is room again.
        let place = at(&limits, HOUR, "10.2.0.1");
        assert_eq!(limits.challenge(place, HOUR, false), Free);
        let inner = limits.lock();
        assert_eq!((inner.places.len(), inner.wider.len()), (1, 0));
    }

    #[test]
    fn the_wider_network_of_an_address() {
        let of = |text: &str| wider_prefix(text.parse().unwrap());
        assert_eq!(of("192.0.2.1"), [4, 192, 0, 0, 0]);
        assert_eq!(of("192.0.99.1"), of("192.0.2.1"));
        assert_ne!(of("192.1.2.1"), of("192.0.2.1"));
        assert_eq!(of("2001:db8:1:2::1"), [6, 0x20, 0x01, 0x0d, 0xb8]);
        assert_ne!(of("2001:db9::1"), of("2001:db8::1"));
    }

    #[tokio::test]
    async fn wrong_receipts_slow_down_and_are_refused_only_when_very_many_wait() {
        let numbers = Numbers {
            pace: Duration::from_millis(20),
            ..Numbers::REAL
        };
        let limits = Limits::new(&SystemRandom, numbers);
        let time = async |address: &str, now: i64| {
            let begun = std::time::Instant::now();
            let paced = limits.pace_tries(at(&limits, now, address), now).await;
            assert!(paced.is_ok());
            begun.elapsed()
        };
        for n in 0..60 {
            assert!(time("192.0.2.1", 0).await < numbers.pace, "{n}");
            limits.wrong_receipt(at(&limits, 0, "192.0.2.1"), 0);
        }
        assert!(
            time("192.0.3.1", 0).await >= numbers.pace,
            "the line of all"
        );
        assert!(
            time("192.0.3.1", 1).await < numbers.pace,
            "a second gives one back"
        );
        // Of the places that wait, one that has guessed nothing comes first, and the others in turn.
        for _ in 0..60 {
            limits.wrong_receipt(at(&limits, 200, "192.0.2.1"), 200);
        }
        limits.wrong_receipt(at(&limits, 200, "198.51.100.1"), 200);
        let come = Mutex::new(Vec::new());
        let wait = async |address: &str| {
            let paced = limits.pace_tries(at(&limits, 200, address), 200).await;
            come.lock()
                .unwrap()
                .push((address.to_owned(), paced.is_ok()));
        };
        let flood = || Box::pin(wait("192.0.2.1"));
        tokio::join!(
            flood(),
            flood(),
            flood(),
            wait("198.51.100.1"),
            wait("203.0.113.1"),
        );
        let order = [
            "192.0.2.1",
            "203.0.113.1",
            "192.0.2.1",
            "198.51.100.1",
            "192.0.2.1",
        ];
        assert_eq!(
            *come.lock().unwrap(),
            order.map(|address| (address.to_owned(), true))
        );

        // Only those of a place are refused of which very many wait already.
        let many: Vec<_> = (0..WAITING_FROM_ONE_PLACE + 8).map(|_| flood()).collect();
        let many = async {
            let mut many = many;
            std::future::poll_fn(|context| {
                many.retain_mut(|one| one.as_mut().poll(context).is_pending());
                std::task::Poll::Ready(())
            })
            .await;
            many.len()
        };
        come.lock().unwrap().clear();
        // One of them has the turn, so as many as may wait and one more are there.
        assert_eq!(many.await, WAITING_FROM_ONE_PLACE + 1);
        assert_eq!(come.lock().unwrap().len(), 7);
        assert!(come.lock().unwrap().iter().all(|(_, paced)| !paced));
    }
}
