//! Derives keys from what people know (six words, a password): Argon2id, two at a time.

use std::sync::Arc;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// How much work one key derivation costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Params {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
}

impl Argon2Params {
    /// 64 MiB, three passes: the cost in use.
    pub const FULL: Argon2Params = Argon2Params {
        memory_kib: 64 * 1024,
        passes: 3,
    };
}

/// Argon2id of a secret, 64 bytes. `pepper` may be empty.
pub fn argon2id(
    secret: &[u8],
    salt: &[u8],
    pepper: &[u8],
    cost: Argon2Params,
) -> Result<Zeroizing<[u8; 64]>, argon2::Error> {
    let params = argon2::Params::new(cost.memory_kib, cost.passes, 1, Some(64))?;
    let argon = if pepper.is_empty() {
        argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
    } else {
        argon2::Argon2::new_with_secret(
            pepper,
            argon2::Algorithm::Argon2id,
            argon2::Version::V0x13,
            params,
        )?
    };
    let mut out = Zeroizing::new([0; 64]);
    argon.hash_password_into(secret, salt, &mut *out)?;
    Ok(out)
}

/// Runs two key derivations at a time and bounds how many wait; more are refused. Keeps a flood of guesses from taking
/// memory and processor from everybody else.
#[derive(Clone)]
pub struct KdfLimiter {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

/// Too many are waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many are waiting")]
pub struct Busy;

impl KdfLimiter {
    /// The limiter in use: 2 running, 64 waiting.
    pub fn new() -> KdfLimiter {
        KdfLimiter {
            running: Arc::new(Semaphore::new(2)),
            waiting: Arc::new(Semaphore::new(64)),
        }
    }

    /// Runs a key derivation off the async threads, in turn.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let waiting = Arc::clone(&self.waiting);
        let place = waiting.try_acquire_owned().map_err(|_| Busy)?;
        let running = Arc::clone(&self.running);
        let turn = running.acquire_owned().await.map_err(|_| Busy)?;
        // The permits go with the work: a caller that goes away does not end a key derivation that has begun.
        let work = move || {
            let done = work();
            drop((place, turn));
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Busy)
    }
}

impl Default for KdfLimiter {
    fn default() -> KdfLimiter {
        KdfLimiter::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{Future, poll_fn};
    use std::pin::pin;
    use std::sync::mpsc;
    use std::task::Poll;

    #[tokio::test]
    async fn a_caller_that_goes_away_keeps_its_permits_until_the_work_has_ended() {
        let limiter = KdfLimiter::new();
        let (begun, has_begun) = mpsc::channel();
        let (end, may_end) = mpsc::channel::<()>();
        {
            let work = move || {
                let _ = begun.send(());
                let _ = may_end.recv();
            };
            let mut run = pin!(limiter.run(work));
            let polled = poll_fn(|context| Poll::Ready(run.as_mut().poll(context).is_pending()));
            assert!(polled.await, "the work waits to be let go");
        }
        assert_eq!(has_begun.recv(), Ok(()));
        // The caller is gone, the work is not.
        assert_eq!(limiter.running.available_permits(), 1);
        assert_eq!(limiter.waiting.available_permits(), 63);
        assert_eq!(end.send(()), Ok(()));
        let both = limiter.running.acquire_many(2).await.map(drop);
        assert_eq!(both.map_err(drop), Ok(()));
        assert_eq!(limiter.waiting.available_permits(), 64);
    }
}
