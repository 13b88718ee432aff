//! What a restored backup does not know of the people at the desk: who was removed or suspended after it was made.

use super::role_keys::new_generation;
use crate::audit::BACKUP_RESTORED;
use crate::withdrawals::{self, Marks};
use crate::{ActError, Recipients};
use domain::audience::RoleKey;
use store::audit::{Entry, EntryOutcome};
use store::{LastReader, Store};
use vault::random::Random;
use vault::seal::Sealer;

/// How many people a restored backup had brought back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeopleAgain {
    /// Removed again.
    pub removed: usize,
    /// Suspended again.
    pub suspended: usize,
}

/// Removes and suspends again whom the marks name, ends every session, and enters that a backup was restored. The keys that
/// a removed person held are rotated, as when they were removed, so that new texts are not sealed to them.
pub async fn settle_people(
    store: &dyn Store,
    marks: &Marks,
    random: &dyn Random,
    sealer: &dyn Sealer,
    now: i64,
) -> Result<PeopleAgain, ActError> {
    let entry = |action, object: Option<&str>| Entry {
        at: now,
        actor: None,
        role: None,
        action,
        object: object.map(str::to_owned),
        reason: false,
    };
    let restored = entry(BACKUP_RESTORED, None);
    store.append_audit(restored, EntryOutcome::Done).await?;
    store.end_old_sessions(i64::MAX, i64::MAX).await?;
    let mut again = PeopleAgain::default();
    let (gone, stay): (Vec<_>, Vec<_>) = store
        .all_staff()
        .await?
        .into_iter()
        .partition(|staff| marks.contains_key(&withdrawals::mark_of_removed(&staff.id)));
    let suspended = |id: &str| marks.contains_key(&withdrawals::mark_of_suspended(id));
    // First, so that no new key is sealed to them either.
    for staff in stay.iter().filter(|staff| suspended(&staff.id)) {
        let audited = store.audited(entry("suspend", Some(&staff.id)));
        // Nobody is asked for a stand-in: they had lost their access already.
        audited
            .set_suspended(&staff.id, true, LastReader::MayGo)
            .await?;
        again.suspended += 1;
    }
    for staff in gone {
        let held = store.grants(&staff.id).await?;
        let mut keys: Vec<RoleKey> = held.iter().map(|grant| grant.key).collect();
        keys.sort_unstable();
        keys.dedup();
        let recovery = store.recovery().await?;
        let rows = store.role_keys().await?;
        let recipients = recovery.and_then(|recovery| Recipients::from_rows(&recovery, &rows));
        let recipients = recipients.ok_or(ActError::Internal("no-role-keys"))?;
        let begun = new_generation(store, &recipients, random, sealer, &keys, &staff.id);
        let (keys, grants) = begun.await?;
        let audited = store.audited(entry("remove", Some(&staff.id)));
        audited
            .remove_staff(&staff.id, keys, grants, LastReader::MayGo)
            .await?;
        again.removed += 1;
    }
    Ok(again)
}
