//! What happens when somebody acts: the same for forms and for the JSON API.

use crate::clock::Clock;
use content::Library;
use domain::audience::{Reader, RoleKey, TextKind, readers_excluding_subject};
use domain::date::Date;
use domain::lifecycle::{Refused, ViewStatus};
use domain::role::Role;
use domain::view::{Feeling, Safe};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use store::{GrantRow, NewBody, RoleKeyRow, StaffRow, Store, StoreError};
use vault::key_derivation::{Argon2Params, Busy, KdfLimiter};
use vault::random::{self, Random};
use vault::receipts::Pool;
use vault::seal::{self, Identity, KeyUnreadable, Label, OpenError, Recipient, Sealer};
use vault::server_keys::ServerKeys;

pub mod abandoned_journeys;
pub mod accounts;
pub mod audit;
pub mod clock;
pub mod outcomes;
pub mod page_editor;
pub mod progress;
pub mod rate_limit;
pub mod retention;
pub mod role_keys;
pub mod safety_alerts;
pub mod setup;
pub mod sign_in;
pub mod speak;
pub mod thread;
pub mod usage;
pub mod views;
pub mod withdrawals;

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
    /// What a stretch costs.
    pub cost: Argon2Params,
    /// Two stretches at a time.
    pub gate: KdfLimiter,
    /// Receipts made ahead.
    pub pool: Arc<Pool>,
    /// Public role keys, begun anew when somebody leaves.
    pub recipients: RwLock<Recipients>,
    /// The words in force.
    pub library: Library,
    /// The files of the words in force, and what was set aside of them.
    pub words: page_editor::Words,
    /// Slows down guessing of passwords.
    pub throttle: sign_in::Throttle,
    /// Counts the failed sign-ins that are entered in the audit log.
    pub failed_sign_ins: audit::FailedSignIns,
    /// Rung when something comes into the safety lane, so that whoever alerts need not wait for the next look.
    pub safety_alert_notify: tokio::sync::Notify,
    /// Limits against floods.
    pub limits: rate_limit::Limits,
    /// People are told outside the page as well.
    pub told_outside: bool,
    /// How many views there are of each topic, as the pages of the promises say it.
    pub counted: progress::Counted,
    /// Journeys of young people that were left.
    pub left: abandoned_journeys::Left,
    /// The list of views that were taken back.
    pub taken_back: withdrawals::List,
    /// Counts how often pages are opened.
    pub uses: usage::Uses,
}

/// Public keys that texts are sealed to.
#[derive(Clone, Debug)]
pub struct Recipients {
    /// The newest generation of any role key.
    pub generation: u32,
    roles: BTreeMap<RoleKey, (u32, Recipient)>,
    recovery: Recipient,
}

impl Recipients {
    /// From what the store keeps, of each role key the newest; `None` if a role has no key.
    pub fn from_rows(recovery: &str, rows: &[RoleKeyRow]) -> Option<Recipients> {
        let mut roles: BTreeMap<RoleKey, (u32, Recipient)> = BTreeMap::new();
        for row in rows {
            let newer = roles
                .get(&row.key)
                .is_none_or(|(known, _)| *known < row.generation);
            if newer {
                roles.insert(row.key, (row.generation, Recipient(row.recipient.clone())));
            }
        }
        let generation = roles.values().map(|(generation, _)| *generation).max()?;
        let whole = RoleKey::ALL.iter().all(|key| roles.contains_key(key));
        whole.then(|| Recipients {
            generation,
            roles,
            recovery: Recipient(recovery.to_owned()),
        })
    }

    /// Whether somebody holds the newest of every key of their role.
    pub fn has_current_keys(&self, staff: &StaffRow, grants: &[GrantRow]) -> bool {
        RoleKey::of(staff.role).iter().all(|key| {
            let newest = self.generation_of(*key);
            grants
                .iter()
                .any(|grant| grant.key == *key && grant.generation == newest)
        })
    }

    /// The newest generation of a role key.
    pub fn generation_of(&self, key: RoleKey) -> u32 {
        self.roles
            .get(&key)
            .map_or(0, |(generation, _)| *generation)
    }

    fn of(&self, readers: &[Reader], receipt: &Recipient) -> Vec<Recipient> {
        let one = |reader: &Reader| match reader {
            Reader::Key(key) => self.roles.get(key).map(|(_, recipient)| recipient.clone()),
            Reader::Recovery => Some(self.recovery.clone()),
            Reader::Receipt => Some(receipt.clone()),
        };
        readers.iter().filter_map(one).collect()
    }
}

/// Why an act was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// There is no such view, meeting or text for this person.
    #[error("not found")]
    NotFound,
    /// Not for this person.
    #[error("forbidden")]
    Forbidden,
    /// It cannot be done now.
    #[error("not now")]
    NotNow,
    /// Somebody else changed it meanwhile.
    #[error("changed meanwhile")]
    Stale,
    /// Something typed needs mending: (field id, word key).
    #[error("a field needs mending")]
    Field(&'static str, &'static str),
    /// Too busy, or the disk would not take it.
    #[error("busy or not saved")]
    Busy,
    /// Our mistake; the text is a code for the log, never content.
    #[error("internal: {0}")]
    Internal(&'static str),
}

impl From<StoreError> for ActError {
    fn from(error: StoreError) -> ActError {
        match error {
            StoreError::Busy | StoreError::NotSaved(_) => ActError::Busy,
            StoreError::Unreadable(_) => ActError::Internal("store-unreadable"),
            StoreError::Damaged(_) => ActError::Internal("store-damaged"),
            StoreError::CannotOpen(_) => ActError::Internal("store-closed"),
        }
    }
}

impl From<Busy> for ActError {
    fn from(Busy: Busy) -> ActError {
        ActError::Busy
    }
}

impl From<KeyUnreadable> for ActError {
    fn from(KeyUnreadable: KeyUnreadable) -> ActError {
        ActError::Internal("key-unreadable")
    }
}

impl From<Refused> for ActError {
    fn from(refused: Refused) -> ActError {
        match refused {
            Refused::NotYours => ActError::Forbidden,
            Refused::NotNow => ActError::NotNow,
        }
    }
}

/// A view's words, as they are sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ViewWords {
    /// The view itself.
    pub said: String,
    /// How it feels.
    pub feeling: Option<Feeling>,
    /// What the sender would like to happen.
    pub wish: String,
    /// `right:<slug>`, `promise:<slug>` or empty.
    pub link: String,
    /// The answer to "Are you safe?".
    pub safe: Safe,
    /// Somebody helped.
    pub helped: bool,
}

/// A decision, as it is sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DecisionBody {
    /// What young people said, for the public page.
    pub said: String,
    /// What was decided.
    pub decided: String,
    /// The answer to the young person.
    pub answer: String,
    /// Who is responsible (a job).
    pub owner: String,
    /// By when.
    pub due: Date,
}

impl App {
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

    /// Seals a text of a view to its readers of the day.
    fn seal<T: Serialize>(
        &self,
        view: &str,
        receipt: &Recipient,
        life: ViewStatus,
        kind: TextKind,
        writer: Option<Role>,
        text: &T,
    ) -> Result<NewBody, ActError> {
        let in_safety_lane = life.lane != domain::lifecycle::Lane::Ordinary;
        let recipients = self.recipients();
        let to = recipients.of(
            &readers_excluding_subject(kind, in_safety_lane, life.about, writer),
            receipt,
        );
        if to.is_empty() {
            return Err(ActError::Forbidden);
        }
        let day = self.clock.today();
        let generation = recipients.generation;
        let label = Label {
            view: view.to_owned(),
            text: kind,
            generation,
            day,
        };
        let sealed = seal::seal(&*self.sealer, &label, text, &to)?;
        Ok(NewBody {
            kind,
            day,
            generation,
            writer,
            sealed,
        })
    }

    /// Opens a text of a view with these keys.
    fn open<T: DeserializeOwned>(
        &self,
        view: &str,
        body: &store::BodyRow,
        with: &[Identity],
    ) -> Result<T, OpenError> {
        let label = Label {
            view: view.to_owned(),
            text: body.kind,
            generation: body.generation,
            day: body.day,
        };
        seal::open(&*self.sealer, &label, &body.sealed, with)
    }
}

/// The day since when a view waits, if an act changes whose turn it is or brings something new from the sender.
fn waiting_since_after(before: ViewStatus, after: ViewStatus, today: Date) -> Option<Date> {
    (before.turn() != after.turn() || (after.unread && !before.unread)).then_some(today)
}
