//! What only the recovery key can do: grant keys to the first member of a role, and prove that it still opens everything.

use crate::ActError;
use domain::audience::{Audience, Reader, RoleKey, TextKind, readers};
use serde_json::Value;
use std::collections::BTreeMap;
use store::audit::Entry;
use store::{GrantRow, StaffRow, Store};
use vault::seal::{self, Identity, Label, Recipient, Sealer};
use vault::staff_keys as keys_of;

/// Opens the role keys of somebody with the recovery key: for the first member of a role, to whom nobody can grant keys.
/// `entry` goes into the audit log.
pub async fn grant_keys_with_recovery(
    store: &dyn Store,
    entry: Entry,
    sealer: &dyn Sealer,
    recovery: &Identity,
    name: &str,
) -> Result<(), ActError> {
    is_recovery(store, recovery).await?;
    let staff = store.staff_by_name(name.trim()).await?;
    let staff = staff
        .filter(StaffRow::has_joined)
        .ok_or(ActError::Field("name", "staff-unknown"))?;
    let to = Recipient(staff.recipient.clone());
    let mut grants = Vec::new();
    for row in store.role_keys().await? {
        if RoleKey::of(staff.role).contains(&row.key) {
            let key = keys_of::open_grant(sealer, &row.for_recovery, recovery)
                .map_err(|_| ActError::Internal("role-key-unreadable"))?;
            grants.push(GrantRow {
                key: row.key,
                generation: row.generation,
                sealed: keys_of::grant(sealer, &key, &to)?,
            });
        }
    }
    Ok(store.audited(entry).add_grants(&staff.id, grants).await?)
}

/// Refuses any key but the recovery key of this installation.
pub async fn is_recovery(store: &dyn Store, recovery: &Identity) -> Result<(), ActError> {
    if store.recovery().await?.as_deref() == Some(recovery.recipient()?.0.as_str()) {
        Ok(())
    } else {
        Err(ActError::Field("recovery", "staff-recovery"))
    }
}

/// What the recovery key opened when it was verified. Counts only: it never keeps what it opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecoveryKeyCheck {
    /// Role keys of every generation: opened, and all there are.
    pub role_keys: (usize, usize),
    /// Texts tried, by kind: opened, and tried.
    pub texts: BTreeMap<TextKind, (usize, usize)>,
}

impl RecoveryKeyCheck {
    /// Everything that was tried was opened.
    pub fn is_whole(&self) -> bool {
        let mut all = self.texts.values().chain([&self.role_keys]);
        all.all(|(opened, tried)| opened == tried) && self.role_keys.1 > 0
    }
}

/// Views of which a verification opens every text, from the newest back.
const VERIFIED_VIEWS: usize = 200;

/// Proves that the recovery key still opens what it must: every role key, and every text of the newest views; names and
/// private notes by way of the role keys, as in a disaster.
pub async fn verify_recovery_key(
    store: &dyn Store,
    sealer: &dyn Sealer,
    recovery: &Identity,
) -> Result<RecoveryKeyCheck, ActError> {
    is_recovery(store, recovery).await?;
    let mut check = RecoveryKeyCheck::default();
    let mut keys = vec![recovery.clone()];
    for row in store.role_keys().await? {
        check.role_keys.1 += 1;
        if let Ok(key) = keys_of::open_grant(sealer, &row.for_recovery, recovery)
            && key.recipient()?.0 == row.recipient
        {
            check.role_keys.0 += 1;
            keys.push(key);
        }
    }
    let views = store.views().await?;
    for view in views.iter().rev().take(VERIFIED_VIEWS) {
        for body in store.bodies(&view.id).await? {
            // Texts sealed to the recovery key itself are opened by it alone.
            let by_recovery =
                readers(body.kind, Audience::Desk, body.writer).contains(&Reader::Recovery);
            let with = if by_recovery { &keys[..1] } else { &keys[1..] };
            let label = Label {
                view: view.id.clone(),
                text: body.kind,
                generation: body.generation,
                day: body.day,
            };
            let opened = seal::open_text::<Value>(sealer, &label, &body.sealed, with).is_ok();
            let (done, tried) = check.texts.entry(body.kind).or_default();
            *done += usize::from(opened);
            *tried += 1;
        }
    }
    Ok(check)
}
