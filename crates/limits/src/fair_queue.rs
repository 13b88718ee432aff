//! Costly work in turn, fair between those who ask for it: an asker with very many requests waits behind its own, and all
//! others behind one of them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// Too many of the same asker wait already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many are waiting")]
pub struct Busy;

/// Bounds how much costly work runs at once. `Key` says who asks; askers that wait are served round robin.
#[derive(Clone)]
pub struct FairQueue<Key: Eq>(Arc<Shared<Key>>);

struct Shared<Key: Eq> {
    state: Mutex<State<Key>>,
    /// How many of one asker wait at most.
    most: usize,
}

struct State<Key: Eq> {
    free: usize,
    lines: VecDeque<Line<Key>>,
}

/// Those of one asker who wait, in order of arrival.
struct Line<Key: Eq> {
    of: Key,
    /// It goes before all that are not.
    first: bool,
    waiting: VecDeque<oneshot::Sender<Permit<Key>>>,
}

/// Work may run until this is dropped.
pub struct Permit<Key: Eq>(Option<Arc<Shared<Key>>>);

impl<Key: Eq> FairQueue<Key> {
    /// A queue with `at_once` permits, in which at most `most` requests of one asker wait.
    pub fn new(at_once: usize, most: usize) -> Self {
        let state = Mutex::new(State {
            free: at_once,
            lines: VecDeque::new(),
        });
        Self(Arc::new(Shared { state, most }))
    }

    /// Waits for the turn of this asker. `first`: it goes before all who wait now and are not. An error when as many as may wait of it
    /// wait already.
    pub async fn enter(&self, of: Key, first: bool) -> Result<Permit<Key>, Busy> {
        let turn = {
            let mut state = self.0.lock();
            if state.free > 0 {
                state.free -= 1;
                return Ok(Permit(Some(Arc::clone(&self.0))));
            }
            let (give, turn) = oneshot::channel();
            match state.lines.iter().position(|line| line.of == of) {
                Some(at) => {
                    let line = &mut state.lines[at];
                    if line.waiting.len() >= self.0.most {
                        return Err(Busy);
                    }
                    line.waiting.push_back(give);
                }
                None => {
                    let waiting = VecDeque::from([give]);
                    let line = Line { of, first, waiting };
                    let of_first = state.lines.iter().take_while(|line| line.first).count();
                    let at = if first { of_first } else { state.lines.len() };
                    state.lines.insert(at, line);
                }
            }
            turn
        };
        turn.await.map_err(|_| Busy)
    }

    /// How many permits nobody holds now.
    pub fn free(&self) -> usize {
        self.0.lock().free
    }

    /// Runs work off the async threads, in turn. The permit goes with the work: an asker that goes away does not end work
    /// that has begun, and makes no room for more.
    pub async fn run<T: Send + 'static>(
        &self,
        of: Key,
        first: bool,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy>
    where
        Key: Send + 'static,
    {
        let permit = self.enter(of, first).await?;
        let work = move || {
            let done = work();
            drop(permit);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Busy)
    }
}

impl<Key: Eq> Shared<Key> {
    fn lock(&self) -> MutexGuard<'_, State<Key>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose turn it is now; the asker goes to the end if more of it wait. `None`, and one more is free, if nobody waits.
    fn next(&self) -> Option<oneshot::Sender<Permit<Key>>> {
        let mut state = self.lock();
        while let Some(mut line) = state.lines.pop_front() {
            let turn = line.waiting.pop_front();
            if !line.waiting.is_empty() {
                line.first = false;
                state.lines.push_back(line);
            }
            if turn.is_some() {
                return turn;
            }
        }
        state.free += 1;
        None
    }
}

impl<Key: Eq> Drop for Permit<Key> {
    fn drop(&mut self) {
        let Some(shared) = self.0.take() else { return };
        while let Some(turn) = shared.next() {
            match turn.send(Permit(Some(Arc::clone(&shared)))) {
                Ok(()) => return,
                // The asker has gone. This permit ends without giving anything on: the loop does.
                Err(mut unused) => drop(unused.0.take()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{Future, poll_fn};
    use std::pin::{Pin, pin};
    use std::sync::mpsc;
    use std::task::Poll;

    type Waiting<'a> = Pin<Box<dyn Future<Output = Result<Permit<char>, Busy>> + 'a>>;

    async fn is_pending(future: &mut Waiting<'_>) -> bool {
        poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_pending())).await
    }

    /// Asks in this order and gives the order in which turns come.
    async fn order(queue: &FairQueue<char>, asked: &[(char, bool)]) -> String {
        let mut permit = Some(queue.enter('-', false).await.unwrap());
        let mut waiting: Vec<(char, Waiting<'_>)> = Vec::new();
        for (of, first) in asked {
            let mut turn: Waiting<'_> = Box::pin(queue.enter(*of, *first));
            assert!(is_pending(&mut turn).await);
            waiting.push((*of, turn));
        }
        let mut order = String::new();
        while !waiting.is_empty() {
            permit.take();
            for at in 0..waiting.len() {
                let (of, turn) = &mut waiting[at];
                let of = *of;
                let polled = poll_fn(|context| Poll::Ready(turn.as_mut().poll(context))).await;
                if let Poll::Ready(given) = polled {
                    permit = Some(given.unwrap());
                    order.push(of);
                    drop(waiting.remove(at));
                    break;
                }
            }
        }
        order
    }

    #[tokio::test]
    async fn whoever_asks_most_waits_behind_themselves() {
        let queue = FairQueue::new(1, 8);
        let flood = [('a', false); 6];
        let asked = [
            flood.as_slice(),
            &[('b', false), ('c', false), ('b', false)],
        ]
        .concat();
        assert_eq!(order(&queue, &asked).await, "abcabaaaa");
        // Those that go first go before all others, in the order in which they came.
        let asked = [('b', false), ('c', true), ('d', true)];
        let asked = [flood.as_slice(), &asked].concat();
        assert_eq!(order(&queue, &asked).await, "cdabaaaaa");
        assert_eq!(queue.0.lock().free, 1);
        assert!(queue.0.lock().lines.is_empty());
    }

    #[tokio::test]
    async fn only_an_asker_with_too_many_is_refused() {
        let queue = FairQueue::new(1, 2);
        let permit = queue.enter('a', false).await.unwrap();
        let mut waiting: Vec<Waiting<'_>> = Vec::new();
        for _ in 0..2 {
            waiting.push(Box::pin(queue.enter('a', false)));
        }
        waiting.push(Box::pin(queue.enter('b', false)));
        for turn in &mut waiting {
            assert!(is_pending(turn).await);
        }
        assert_eq!(queue.enter('a', false).await.err(), Some(Busy));
        // Those who go away while they wait cost nobody their turn, and leave nothing.
        waiting.drain(..2);
        drop(permit);
        assert!(waiting.remove(0).await.is_ok());
        assert_eq!(queue.0.lock().free, 1);
        // One that is given its turn and goes before it looks gives it on.
        let permit = queue.enter('a', false).await.unwrap();
        let mut late: Waiting<'_> = Box::pin(queue.enter('b', false));
        assert!(is_pending(&mut late).await);
        drop(permit);
        drop(late);
        assert_eq!(queue.0.lock().free, 1);
    }

    #[tokio::test]
    async fn an_asker_that_goes_away_keeps_its_permit_until_the_work_has_ended() {
        let queue = FairQueue::new(1, 8);
        let (begun, has_begun) = mpsc::channel();
        let (end, may_end) = mpsc::channel::<()>();
        {
            let work = move || {
                let _ = begun.send(());
                let _ = may_end.recv();
            };
            let mut run = pin!(queue.run('a', false, work));
            let polled = poll_fn(|context| Poll::Ready(run.as_mut().poll(context).is_pending()));
            assert!(polled.await, "the work waits to be let go");
        }
        assert_eq!(has_begun.recv(), Ok(()));
        // The asker is gone, the work is not.
        assert_eq!(queue.0.lock().free, 0);
        assert_eq!(end.send(()), Ok(()));
        assert!(queue.enter('b', false).await.is_ok());
        assert_eq!(queue.0.lock().free, 1);
    }
}
