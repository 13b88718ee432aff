//! Six words derived into a tag and an identity, and the pool of receipts made ahead.

use crate::key_derivation::{self, Argon2Params};
use crate::random::{self, Random};
use crate::seal::Identity;
use crate::server_keys::ServerKeys;
use domain::receipt::Receipt;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;
use zeroize::Zeroize;

/// How many receipts are kept ready, in memory only.
pub const POOL: usize = 256;
/// How many with sample data: filling a large pool would take the processor from the person who tries the portal out.
pub const DEMO_POOL: usize = 16;

/// What six words become.
#[derive(Clone, Zeroize)]
#[zeroize(drop)]
pub struct Derived {
    /// Stored and indexed: finds the view. Without the pepper it cannot be tested.
    pub tag: [u8; 32],
    /// Never stored: opens the texts sealed to the receipt.
    pub seed: [u8; 32],
}

impl Derived {
    /// The identity that opens what is sealed to the receipt.
    pub fn identity(&self) -> Identity {
        Identity::from_seed(&self.seed)
    }
}

/// A new receipt with what it becomes.
pub struct Issued {
    /// The six words.
    pub words: String,
    /// Tag and seed.
    pub derived: Derived,
}

impl Drop for Issued {
    fn drop(&mut self) {
        self.words.zeroize();
    }
}

/// Derives the secrets of six words: `m = Argon2id(words, salt)`; the tag is HMAC(pepper, first half), the seed the second half.
pub fn derive(
    keys: &ServerKeys,
    words: &str,
    cost: Argon2Params,
) -> Result<Derived, argon2::Error> {
    let m = key_derivation::argon2id(words.as_bytes(), keys.receipt_salt(), &[], cost)?;
    let (mut first, mut second) = ([0; 32], [0; 32]);
    first.copy_from_slice(&m[..32]);
    second.copy_from_slice(&m[32..]);
    let tag = keys.tag(&first);
    first.zeroize();
    Ok(Derived { tag, seed: second })
}

/// Makes a new receipt.
pub fn issue(
    keys: &ServerKeys,
    random: &dyn Random,
    cost: Argon2Params,
) -> Result<Issued, argon2::Error> {
    let words = Receipt::from_random(random::bytes(random)).to_words();
    let derived = derive(keys, &words, cost)?;
    Ok(Issued { words, derived })
}

/// Receipts made ahead, because making one costs a good part of a second. When it runs dry a sender waits in line.
pub struct Pool {
    ready: Mutex<VecDeque<Issued>>,
    filled: Notify,
    taken: Notify,
    size: usize,
}

impl Pool {
    /// An empty pool of this capacity.
    pub fn new(size: usize) -> Arc<Pool> {
        Arc::new(Pool {
            ready: Mutex::default(),
            filled: Notify::new(),
            taken: Notify::new(),
            size,
        })
    }

    /// Takes a receipt, waiting for one if none is ready.
    pub async fn take(&self) -> Issued {
        loop {
            let filled = self.filled.notified();
            if let Some(issued) = self.lock().pop_front() {
                self.taken.notify_one();
                // Somebody else may be waiting for what is left.
                self.filled.notify_one();
                return issued;
            }
            filled.await;
        }
    }

    /// How many are ready.
    pub fn ready(&self) -> usize {
        self.lock().len()
    }

    /// Keeps the pool full, one receipt at a time, until the server stops.
    pub async fn keep_full(
        self: Arc<Pool>,
        make: impl Fn() -> Option<Issued> + Send + Sync + 'static,
    ) {
        let make = Arc::new(make);
        loop {
            let taken = self.taken.notified();
            if self.ready() >= self.size {
                taken.await;
                continue;
            }
            let make = Arc::clone(&make);
            if let Ok(Some(issued)) = tokio::task::spawn_blocking(move || make()).await {
                self.lock().push_back(issued);
                self.filled.notify_one();
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Issued>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
