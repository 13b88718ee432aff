//! Role keys: letting a newcomer in, beginning keys anew when somebody leaves, sealing open texts again, and the drill
//! with the recovery key.

use crate::sign_in::{ReauthProof, StaffSession};
use crate::{ActError, App, Recipients};
use domain::audience::{Reader, RoleKey, TextKind, readers, readers_excluding_subject};
use domain::view::Subject;
use model::PendingMember;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::sync::PoisonError;
use store::audit::Entry;
use store::{GrantRow, RoleKeyRow, SealedAgain, StaffRow, Store, TextsAt, ViewRow};
use vault::seal::{self, Identity, Label, Recipient, Sealer};
use vault::staff_keys as keys_of;

impl App {
    /// The people this person can let in: joined, and without a key that this person holds.
    pub async fn pending_members(
        &self,
        desk: &StaffSession,
    ) -> Result<Vec<PendingMember>, ActError> {
        let mut pending_members = Vec::new();
        for staff in self.store.all_staff().await? {
            if self.can_let_in(desk, &staff).await? {
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

    async fn can_let_in(&self, desk: &StaffSession, staff: &StaffRow) -> Result<bool, ActError> {
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

    /// Lets somebody in: seals to them every generation of their role's keys that this person holds, so that they can read
    /// what the role has read so far.
    pub async fn grant_keys(
        &self,
        desk: &StaffSession,
        _proved: &ReauthProof,
        id: &str,
    ) -> Result<(), ActError> {
        let staff = self.store.staff(id).await?.ok_or(ActError::NotFound)?;
        if !self.can_let_in(desk, &staff).await? {
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

    /// New keys for those whom somebody leaves behind: sealed to the recovery key and to every member who can sign in and
    /// held the newest one. No old key is needed for it.
    pub(super) async fn new_generation(
        &self,
        keys: &[RoleKey],
        leaver: &str,
    ) -> Result<(Vec<RoleKeyRow>, Vec<(String, GrantRow)>), ActError> {
        let (mut rows, mut grants) = (Vec::new(), Vec::new());
        let recipients = self.recipients();
        let generation = recipients.generation + 1;
        let everybody = self.store.all_staff().await?;
        for key in keys {
            let (identity, public) = keys_of::new_identity(&*self.random)?;
            rows.push(RoleKeyRow {
                key: *key,
                generation,
                recipient: public.0,
                for_recovery: keys_of::grant(&*self.sealer, &identity, &recipients.recovery)?,
            });
            for staff in everybody
                .iter()
                .filter(|staff| staff.id != leaver && !staff.suspended)
            {
                let held = self.store.grants(&staff.id).await?;
                let newest = recipients.generation_of(*key);
                if held
                    .iter()
                    .any(|grant| grant.key == *key && grant.generation == newest)
                {
                    let to = Recipient(staff.recipient.clone());
                    let grant = GrantRow {
                        key: *key,
                        generation,
                        sealed: keys_of::grant(&*self.sealer, &identity, &to)?,
                    };
                    grants.push((staff.id.clone(), grant));
                }
            }
        }
        Ok((rows, grants))
    }

    /// Takes the public role keys from the store, after they were begun anew.
    pub(super) async fn reload_recipients(&self) -> Result<(), ActError> {
        let gone = || ActError::Internal("no-role-keys");
        let recovery = self.store.recovery().await?.ok_or_else(gone)?;
        let rows = self.store.role_keys().await?;
        let fresh = Recipients::from_rows(&recovery, &rows).ok_or_else(gone)?;
        *self
            .recipients
            .write()
            .unwrap_or_else(PoisonError::into_inner) = fresh;
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

    /// Seals them again, to the newest keys of exactly those who could read them before. Gives how many.
    pub async fn reseal(
        &self,
        desk: &StaffSession,
        _proved: &ReauthProof,
    ) -> Result<usize, ActError> {
        let recipients = self.recipients();
        let keys = self.role_keys(desk).await?;
        let mut views: HashMap<String, ViewRow> = HashMap::new();
        let mut again = Vec::new();
        for (id, body) in self.store.outdated_texts(recipients.generation).await? {
            if !views.contains_key(&id)
                && let Some(view) = self.store.view(&id).await?
            {
                views.insert(id.clone(), view);
            }
            let about = views
                .get(&id)
                .map_or(Subject::Nobody, |view| view.life.about);
            let before = readers_before(&body, about);
            if !recipients.are_old(&body, &before) {
                continue;
            }
            // What this person cannot open waits for somebody who can.
            let (Some(view), Ok(text)) = (views.get(&id), self.open::<Value>(&id, &body, &keys))
            else {
                continue;
            };
            let to = recipients.of(&before, &Recipient(view.recipient.clone()));
            let label = Label {
                view: id,
                text: body.kind,
                generation: recipients.generation,
                day: body.day,
            };
            again.push(SealedAgain {
                body: body.id,
                from: body.generation,
                generation: recipients.generation,
                sealed: seal::seal(&*self.sealer, &label, &text, &to)?,
            });
        }
        let store = self.by(desk, "seal-again", None);
        Ok(store.reseal(again).await?)
    }
}

/// Who could read a text when it was sealed. Who reads never widens, so a view that came into the safety lane later
/// does not show what was written before: how many keys the seal has tells whether safety's was among them.
fn readers_before(body: &store::BodyRow, about: Subject) -> Vec<Reader> {
    let ordinary = readers_excluding_subject(body.kind, false, about, body.writer);
    let count = seal::readers_of(&body.sealed);
    if count == ordinary.len() {
        ordinary
    } else {
        readers_excluding_subject(body.kind, true, about, body.writer)
    }
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
pub(super) fn no_longer_needed(keys: &[RoleKeyRow], texts: &[TextsAt]) -> Vec<(RoleKey, u32)> {
    let may_read = |text: &TextsAt, key: RoleKey| {
        // Whether the view was in the safety lane does not stand here, so both count.
        let reads = |about| {
            [false, true].into_iter().any(|in_lane| {
                readers_excluding_subject(text.kind, in_lane, about, text.writer)
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

impl Recipients {
    /// Sealed to a key that has been begun anew since.
    pub fn is_old(&self, body: &store::BodyRow, about: Subject) -> bool {
        self.are_old(body, &readers_before(body, about))
    }

    fn are_old(&self, body: &store::BodyRow, before: &[Reader]) -> bool {
        before.iter().any(
            |reader| matches!(reader, Reader::Key(key) if self.generation_of(*key) > body.generation),
        )
    }
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

/// Opens the role keys of somebody with the recovery key: for the first member of a role, whom nobody can let in.
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
pub(super) async fn is_recovery(store: &dyn Store, recovery: &Identity) -> Result<(), ActError> {
    if store.recovery().await?.as_deref() == Some(recovery.recipient()?.0.as_str()) {
        Ok(())
    } else {
        Err(ActError::Field("recovery", "staff-recovery"))
    }
}

/// What a drill with the recovery key opened. Counts only: it never keeps what it opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drill {
    /// Role keys of every generation: opened, and all there are.
    pub role_keys: (usize, usize),
    /// Texts tried, by kind: opened, and tried.
    pub texts: BTreeMap<TextKind, (usize, usize)>,
}

impl Drill {
    /// Everything that was tried was opened.
    pub fn is_whole(&self) -> bool {
        let mut all = self.texts.values().chain([&self.role_keys]);
        all.all(|(opened, tried)| opened == tried) && self.role_keys.1 > 0
    }
}

/// Views of which a drill opens every text, from the newest back.
const DRILL_VIEWS: usize = 200;

/// Proves that the recovery key still opens what it must: every role key, and every text of the newest views; names and
/// private notes by way of the role keys, as in a disaster.
pub async fn verify_recovery_key(
    store: &dyn Store,
    sealer: &dyn Sealer,
    recovery: &Identity,
) -> Result<Drill, ActError> {
    is_recovery(store, recovery).await?;
    let mut drill = Drill::default();
    let mut keys = vec![recovery.clone()];
    for row in store.role_keys().await? {
        drill.role_keys.1 += 1;
        if let Ok(key) = keys_of::open_grant(sealer, &row.for_recovery, recovery)
            && key.recipient()?.0 == row.recipient
        {
            drill.role_keys.0 += 1;
            keys.push(key);
        }
    }
    let views = store.views().await?;
    for view in views.iter().rev().take(DRILL_VIEWS) {
        for body in store.bodies(&view.id).await? {
            // Texts sealed to the recovery key itself are opened by it alone.
            let by_recovery = readers(body.kind, false, body.writer).contains(&Reader::Recovery);
            let with = if by_recovery { &keys[..1] } else { &keys[1..] };
            let label = Label {
                view: view.id.clone(),
                text: body.kind,
                generation: body.generation,
                day: body.day,
            };
            let opened = seal::open::<Value>(sealer, &label, &body.sealed, with).is_ok();
            let (done, tried) = drill.texts.entry(body.kind).or_default();
            *done += usize::from(opened);
            *tried += 1;
        }
    }
    Ok(drill)
}
