//! Setting up: role keys, the recovery key, and people.

use super::accounts;
use super::recovery::is_recovery;
use crate::{ActError, App};
use domain::audience::RoleKey;
use domain::role::Role;
use std::sync::Arc;
use store::audit::Entry;
use store::{GrantRow, LastReader, RoleKeyRow, StaffRow, Store};
use vault::key_derivation::Argon2Params;
use vault::random::Random;
use vault::seal::{Identity, Recipient, Sealer};
use vault::server_keys::ServerKeys;
use vault::staff_keys as keys_of;

/// Makes the recovery key and the role keys. The recovery key is given back to be printed once; it is kept nowhere.
/// `None` when the store has begun already.
pub async fn begin(
    store: &dyn Store,
    sealer: &dyn Sealer,
    random: &dyn Random,
) -> Result<Option<Identity>, ActError> {
    let (recovery, recovery_public) = keys_of::new_identity(random)?;
    let mut rows = Vec::new();
    for key in RoleKey::ALL {
        let (identity, recipient) = keys_of::new_identity(random)?;
        let for_recovery = keys_of::grant(sealer, &identity, &recovery_public)?;
        rows.push(RoleKeyRow {
            key,
            generation: 1,
            recipient: recipient.0,
            for_recovery,
        });
    }
    let began = store.initialize(&recovery_public.0, rows).await?;
    Ok(began.then_some(recovery))
}

/// Somebody new at the desk.
pub struct NewStaff<'a> {
    /// The name they sign in with: 2 to 60 characters.
    pub name: &'a str,
    /// Their role.
    pub role: Role,
    /// Now, in Unix seconds.
    pub now: i64,
}

/// Seconds a first password is good for: 7 days.
pub const FIRST_PASSWORD_SECONDS: i64 = 7 * 24 * 60 * 60;

/// Adds somebody. The role's keys are opened with the recovery key and sealed to the newcomer. Gives the first password,
/// which must be changed at the first sign-in and is over after [`FIRST_PASSWORD_SECONDS`]. Then adding the same name again
/// replaces that account. The audit log has it as an act of the program: nobody of the desk did it.
pub async fn add(
    store: &dyn Store,
    sealer: &dyn Sealer,
    random: &dyn Random,
    keys: &ServerKeys,
    cost: Argon2Params,
    recovery: &Identity,
    new: NewStaff<'_>,
) -> Result<String, ActError> {
    let name = accounts::checked_name(new.name)?;
    is_recovery(store, recovery).await?;
    let (identity, recipient) = keys_of::new_identity(random)?;
    let password = keys_of::first_password(random);
    let (salt, wrapped) =
        keys_of::wrap_under_password(random, keys, cost, name, &identity, &password)
            .map_err(|_| ActError::Internal("key-derivation"))?;
    let mut grants = Vec::new();
    for row in store.role_keys().await? {
        if RoleKey::of(new.role).contains(&row.key) {
            let role_identity = keys_of::open_grant(sealer, &row.for_recovery, recovery)
                .map_err(|_| ActError::Internal("role-key-unreadable"))?;
            let sealed = keys_of::grant(sealer, &role_identity, &Recipient(recipient.0.clone()))?;
            grants.push(GrantRow {
                key: row.key,
                generation: row.generation,
                sealed,
            });
        }
    }
    let id: [u8; 16] = vault::random::bytes(random);
    let row = StaffRow {
        id: id.iter().map(|byte| format!("{byte:02x}")).collect(),
        name: name.to_owned(),
        role: new.role,
        recipient: recipient.0,
        salt,
        wrapped: wrapped.0,
        must_change: true,
        temp_password_expires_at: new.now + FIRST_PASSWORD_SECONDS,
        second_factor: None,
        last_step: 0,
        suspended: false,
    };
    let audited = store.audited(Entry {
        at: new.now,
        actor: None,
        role: None,
        action: "add-staff",
        object: None,
        reason: false,
    });
    if let Some(before) = store.staff_by_name(name).await?
        && before.first_is_over(new.now)
    {
        audited
            .remove_staff(&before.id, Vec::new(), Vec::new(), LastReader::MayGo)
            .await?;
    }
    if !audited.add_staff(row, grants).await? {
        return Err(ActError::Field("name", "staff-taken"));
    }
    Ok(password)
}

impl App {
    /// Adds somebody while the server runs (demo data and tests).
    pub async fn add_staff(
        &self,
        recovery: &Identity,
        new: NewStaff<'_>,
    ) -> Result<String, ActError> {
        add(
            &*self.store,
            &*self.sealer,
            &*self.random,
            &self.keys,
            self.cost,
            recovery,
            new,
        )
        .await
    }

    /// The store, shared.
    pub fn shared_store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }
}
