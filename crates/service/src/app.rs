//! [`App`]: what every service works with. Its fields are the leaves of this crate; a service adds its own `impl App`.
//! Nothing here knows a noun.

use crate::abandoned_journeys::AbandonedJourneys;
use crate::audit::failed_sign_ins::FailedSignIns;
use crate::clock::Clock;
use crate::fair_queue::FairQueue;
use crate::page_editor::published::PublishedWords;
use crate::present_readers::PresentReaders;
use crate::progress::view_counts::ViewCounts;
use crate::rate_limit::{Limits, NetworkBucket, PasswordAsker};
use crate::recipients::Recipients;
use crate::staff::throttle::Throttle;
use crate::usage::counter::UsageCounter;
use crate::withdrawals;
use content::Library;
use domain::date::Date;
use domain::lifecycle::ViewStatus;
use notify::PublicUrl;
use std::sync::{Arc, PoisonError, RwLock};
use store::Store;
use vault::key_derivation::Argon2Params;
use vault::random::{self, Random};
use vault::receipts::Pool;
use vault::seal::Sealer;
use vault::server_keys::ServerKeys;

/// Everything the services need.
pub struct App {
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// Seals and opens.
    pub sealer: Arc<dyn Sealer>,
    /// Secrets of this installation.
    pub keys: ServerKeys,
    /// Random bytes.
    pub random: Arc<dyn Random>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Cost of one key derivation.
    pub cost: Argon2Params,
    /// Key derivations of receipts that are tried. One at a time; a queue of their own, so that no flood of sign-ins keeps
    /// a child from their view.
    pub receipt_queue: FairQueue<Option<NetworkBucket>>,
    /// Key derivations of passwords, one at a time.
    pub password_queue: FairQueue<PasswordAsker>,
    /// Receipts made ahead.
    pub pool: Arc<Pool>,
    /// Public role keys, rotated when a holder leaves.
    pub recipients: RwLock<Recipients>,
    /// Who reads what young people write.
    pub readers: PresentReaders,
    /// The words in force.
    pub library: Library,
    /// The files of the words in force, and what was set aside of them.
    pub words: PublishedWords,
    /// Slows down guessing of passwords.
    pub throttle: Throttle,
    /// Counts the failed sign-ins that are entered in the audit log.
    pub failed_sign_ins: FailedSignIns,
    /// Notified when a view comes into the safety lane, so that alerts need not wait for the next look.
    pub safety_alert_notify: tokio::sync::Notify,
    /// Limits against floods.
    pub limits: Limits,
    /// Alerts have a channel outside the pages (mail or HTTP).
    pub alerts_outside: bool,
    /// The address under which everybody reaches this installation, if it is set.
    pub public_url: Option<PublicUrl>,
    /// How many views there are of each topic, as the pages of the promises say it.
    pub view_counts: ViewCounts,
    /// Journeys of young people that were left.
    pub abandoned_journeys: AbandonedJourneys,
    /// The log of withdrawn views.
    pub withdrawals: withdrawals::WithdrawalLog,
    /// Counts how often pages are opened.
    pub usage: UsageCounter,
}

impl App {
    /// Random bytes that allow the scripts of one page.
    pub fn nonce(&self) -> [u8; 16] {
        random::bytes(&*self.random)
    }

    /// A random id: 128 bits in hex.
    pub fn new_id(&self) -> String {
        let bytes: [u8; 16] = random::bytes(&*self.random);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The public role keys of the moment.
    pub fn recipients(&self) -> Recipients {
        self.recipients
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// The day since when a view waits, if an act changes whose turn it is or brings something new from the sender.
pub(crate) fn waiting_since_after(
    before: ViewStatus,
    after: ViewStatus,
    today: Date,
) -> Option<Date> {
    (before.turn() != after.turn() || (after.unread && !before.unread)).then_some(today)
}
