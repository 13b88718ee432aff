//! What a restored backup does not know of the people at the desk: who was removed or suspended after it was made, whose
//! password or second factor was replaced, which codes were used. Whatever it cannot know ends: every session, and every
//! invitation that was open.

use super::role_keys::new_generation;
use crate::audit::BACKUP_RESTORED;
use crate::withdrawals::{self, Marks};
use crate::{ActError, Recipients};
use domain::audience::RoleKey;
use store::audit::{Entry, EntryOutcome};
use store::{InvitationRow, LastReader, StaffRow, Store};
use vault::random::{self, Random};
use vault::seal::Sealer;

/// How many people a restored backup had brought back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeopleAgain {
    /// Removed again.
    pub removed: usize,
    /// Suspended again.
    pub suspended: usize,
    /// Without password, second factor and keys, because those of the backup were replaced since: to be invited again.
    pub ended: usize,
}

/// Removes and suspends again whom the marks name, ends the access that was replaced since, every session and every open
/// invitation, and enters that a backup was restored. The keys that a removed person held are rotated, as when they were
/// removed, so that new texts are not sealed to them.
pub async fn settle_people(
    store: &dyn Store,
    marks: &Marks,
    random: &dyn Random,
    sealer: &dyn Sealer,
    now: i64,
) -> Result<PeopleAgain, ActError> {
    let restored = entry(now, BACKUP_RESTORED, None);
    store.append_audit(restored, EntryOutcome::Done).await?;
    store.end_old_sessions(i64::MAX, i64::MAX).await?;
    store.end_invitations().await?;
    let mut again = PeopleAgain::default();
    let (gone, stay): (Vec<_>, Vec<_>) = store
        .all_staff()
        .await?
        .into_iter()
        .partition(|staff| marks.contains_key(&withdrawals::mark_of_removed(&staff.id)));
    // First, so that no new key is sealed to them either.
    for staff in &stay {
        let ended = end_old_access(store, marks, random, staff, now).await?;
        again.ended += usize::from(ended);
        let is_marked = marks.contains_key(&withdrawals::mark_of_suspended(&staff.id));
        if is_marked || (ended && staff.suspended) {
            let audited = store.audited(entry(now, "suspend", Some(&staff.id)));
            // Nobody is asked for a stand-in: they had lost their access already.
            audited
                .set_suspended(&staff.id, true, LastReader::MayGo)
                .await?;
            again.suspended += usize::from(is_marked);
        }
    }
    store.end_invitations().await?;
    for staff in gone {
        remove_again(store, random, sealer, &staff, now).await?;
        again.removed += 1;
    }
    Ok(again)
}

fn entry(at: i64, action: &'static str, object: Option<&str>) -> Entry {
    Entry {
        at,
        actor: None,
        role: None,
        action,
        object: object.map(str::to_owned),
        reason: false,
    }
}

/// Whether the password or the second factor of the backup was replaced since: then nothing of it opens anything. Recovery
/// codes that were used since go.
async fn end_old_access(
    store: &dyn Store,
    marks: &Marks,
    random: &dyn Random,
    staff: &StaffRow,
    now: i64,
) -> Result<bool, ActError> {
    let is_over = |what: &[u8]| marks.contains_key(&withdrawals::mark_of_ended(&staff.id, what));
    let factor = staff.second_factor.as_deref().unwrap_or_default();
    if staff.has_joined() && (is_over(&staff.salt) || is_over(factor)) {
        let audited = store.audited(entry(now, "access-ended", Some(&staff.id)));
        // An invitation that nobody has the code of, and that goes with the others.
        let invitation = InvitationRow {
            staff: staff.id.clone(),
            hash: random::bytes(random),
            until: 0,
        };
        audited.invite_again(invitation, LastReader::MayGo).await?;
        return Ok(true);
    }
    for code in store.recovery_codes(&staff.id).await? {
        if is_over(&code) {
            store.take_recovery_code(&staff.id, code).await?;
        }
    }
    Ok(false)
}

async fn remove_again(
    store: &dyn Store,
    random: &dyn Random,
    sealer: &dyn Sealer,
    staff: &StaffRow,
    now: i64,
) -> Result<(), ActError> {
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
    let audited = store.audited(entry(now, "remove", Some(&staff.id)));
    audited
        .remove_staff(&staff.id, keys, grants, LastReader::MayGo)
        .await?;
    Ok(())
}
