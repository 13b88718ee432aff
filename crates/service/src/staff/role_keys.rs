//! Role keys: granting them to a pending member, rotating them when a holder leaves, and which texts are to be sealed again.

use super::password::ReauthProof;
use super::session::StaffSession;
use crate::recipients::{Recipients, readers_before};
use crate::{ActError, App};
use domain::audience::{Audience, Reader, RoleKey, TextKind, readers_excluding_subject};
use domain::view::Subject;
use model::PendingMember;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::PoisonError;
use store::{GrantRow, RoleKeyRow, StaffRow, Store, TextsAt};
use vault::random::Random;
use vault::seal::{Recipient, Sealer};
use vault::staff_keys as keys_of;

pub use super::recovery::{
    RecoveryKeyCheck, grant_keys_with_recovery, is_recovery, verify_recovery_key,
};

impl App {
    /// The members this person can grant keys to: joined, and without a key that this person holds.
    pub async fn pending_members(
        &self,
        desk: &StaffSession,
    ) -> Result<Vec<PendingMember>, ActError> {
        let mut pending_members = Vec::new();
        for staff in self.store.all_staff().await? {
            if self.can_grant_keys(desk, &staff).await? {
                pending_members.push(PendingMember {
                    words: key_fingerprint_words(&staff.recipient),
                    id: staff.id,
                    name: staff.name,
                    role: staff.role,
                });
            }
        }
        Ok(pending_members)
    }

    async fn can_grant_keys(
        &self,
        desk: &StaffSession,
        staff: &StaffRow,
    ) -> Result<bool, ActError> {
        let needs = RoleKey::of(staff.role);
        let holds = RoleKey::of(desk.staff.role);
        if needs.is_empty() || !needs.iter().all(|key| holds.contains(key)) {
            return Ok(false);
        }
        if !staff.has_joined() || staff.suspended || staff.second_factor.is_none() {
            return Ok(false);
        }
        let grants = self.store.grants(&staff.id).await?;
        Ok(!self.recipients().has_current_keys(staff, &grants))
    }

    /// Grants keys to a member: seals to them every generation of their role's keys that this person holds, so that they can read
    /// what the role has read so far.
    pub async fn grant_keys(
        &self,
        desk: &StaffSession,
        _proved: &ReauthProof,
        id: &str,
    ) -> Result<(), ActError> {
        let staff = self.store.staff(id).await?.ok_or(ActError::NotFound)?;
        if !self.can_grant_keys(desk, &staff).await? {
            return Err(ActError::NotFound);
        }
        let to = Recipient(staff.recipient.clone());
        let mut grants = Vec::new();
        for grant in &desk.grants {
            if RoleKey::of(staff.role).contains(&grant.key) {
                let key = keys_of::open_grant(&*self.sealer, &grant.sealed, &desk.identity)
                    .map_err(|_| ActError::Internal("grant-unreadable"))?;
                grants.push(GrantRow {
                    sealed: keys_of::grant(&*self.sealer, &key, &to)?,
                    ..grant.clone()
                });
            }
        }
        let store = self.by(desk, "let-in", Some(&staff.id));
        Ok(store.add_grants(&staff.id, grants).await?)
    }

    /// Seals to these keys from now on, which the store has just taken. Nothing is read for it, so nothing can fail between
    /// the removal of a member and the last text that is sealed to their key.
    pub(super) fn rotate_recipients(&self, keys: &[RoleKeyRow]) {
        let mut recipients = self
            .recipients
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        recipients.rotate(keys);
    }

    /// Takes role keys that another process rotated: a command that removed somebody while the server runs.
    pub async fn reload_recipients(&self) -> Result<(), ActError> {
        let keys = self.store.role_keys().await?;
        self.rotate_recipients(&keys);
        Ok(())
    }

    /// How many texts of open views are still sealed to a key that somebody has left with, and can be opened by this
    /// person to be sealed again.
    pub async fn outdated_texts(&self, desk: &StaffSession) -> Result<usize, ActError> {
        let recipients = self.recipients();
        let texts = self.store.outdated_texts(recipients.generation).await?;
        let holds = RoleKey::of(desk.staff.role);
        let about = about_of(&*self.store).await?;
        Ok(texts
            .iter()
            .filter(|(view, body)| {
                let before = readers_before(body, about(view));
                recipients.are_old(body, &before) && has_reader(&before, holds)
            })
            .count())
    }
}

/// New keys for those whom somebody leaves behind: sealed to the recovery key and to every member who can sign in and held
/// the newest one. No old key is needed for it.
pub(super) async fn new_generation(
    store: &dyn Store,
    recipients: &Recipients,
    random: &dyn Random,
    sealer: &dyn Sealer,
    keys: &[RoleKey],
    leaver: &str,
) -> Result<(Vec<RoleKeyRow>, Vec<(String, GrantRow)>), ActError> {
    let (mut rows, mut grants) = (Vec::new(), Vec::new());
    let generation = recipients.generation + 1;
    let everybody = store.all_staff().await?;
    for key in keys {
        let (identity, public) = keys_of::new_identity(random)?;
        rows.push(RoleKeyRow {
            key: *key,
            generation,
            recipient: public.0,
            for_recovery: keys_of::grant(sealer, &identity, &recipients.recovery)?,
        });
        for staff in everybody
            .iter()
            .filter(|staff| staff.id != leaver && !staff.suspended)
        {
            let held = store.grants(&staff.id).await?;
            let newest = recipients.generation_of(*key);
            if held
                .iter()
                .any(|grant| grant.key == *key && grant.generation == newest)
            {
                let to = Recipient(staff.recipient.clone());
                let grant = GrantRow {
                    key: *key,
                    generation,
                    sealed: keys_of::grant(sealer, &identity, &to)?,
                };
                grants.push((staff.id.clone(), grant));
            }
        }
    }
    Ok((rows, grants))
}

/// Whom each open view is about.
pub async fn about_of(store: &dyn Store) -> Result<impl Fn(&str) -> Subject, ActError> {
    let views: HashMap<String, Subject> = store
        .views()
        .await?
        .into_iter()
        .map(|view| (view.id, view.life.about))
        .collect();
    Ok(move |id: &str| views.get(id).copied().unwrap_or(Subject::Nobody))
}

/// The generations of role keys that nothing needs any more: there is a newer one, and no text is left that was sealed to
/// them. A text at a generation is sealed, for each key, to the newest there was then.
pub(crate) fn no_longer_needed(keys: &[RoleKeyRow], texts: &[TextsAt]) -> Vec<(RoleKey, u32)> {
    let may_read = |text: &TextsAt, key: RoleKey| {
        // Of what is older than its audience, what was in the safety lane and what was not both count.
        let audiences = text
            .audience
            .map_or(vec![Audience::Desk, Audience::Shared], |audience| {
                vec![audience]
            });
        let reads = |about| {
            audiences.iter().any(|audience| {
                readers_excluding_subject(text.kind, *audience, about, text.writer)
                    .contains(&Reader::Key(key))
            })
        };
        match text.kind {
            // They outlive what the view was about.
            TextKind::Approved | TextKind::Decision => Subject::ALL.iter().any(|one| reads(*one)),
            _ => reads(text.about),
        }
    };
    let mut gone = Vec::new();
    for row in keys {
        let newer = keys
            .iter()
            .filter(|other| other.key == row.key && other.generation > row.generation);
        let Some(next) = newer.map(|other| other.generation).min() else {
            continue;
        };
        let needed = texts.iter().any(|text| {
            (row.generation..next).contains(&text.generation) && may_read(text, row.key)
        });
        if !needed {
            gone.push((row.key, row.generation));
        }
    }
    gone
}

fn has_reader(before: &[Reader], keys: &[RoleKey]) -> bool {
    before
        .iter()
        .any(|reader| matches!(reader, Reader::Key(key) if keys.contains(key)))
}

/// Four words for a public key, to be compared by two people who know each other: 44 bits of its hash.
pub fn key_fingerprint_words(recipient: &str) -> String {
    let digest = Sha256::digest(recipient.as_bytes());
    let list = domain::receipt::word_list();
    let word = |pair: &[u8]| {
        let bits = pair
            .iter()
            .fold(0usize, |bits, byte| (bits << 8) | usize::from(*byte));
        list.get(bits % list.len().max(1))
            .copied()
            .unwrap_or_default()
    };
    let words: Vec<&str> = digest.chunks(2).take(4).map(word).collect();
    words.join(" ")
}
