//! The public keys of the moment: to which key a text for a reader is sealed, and whether a sealed text or a person is
//! behind them. It knows no session and no store.

use domain::audience::{Audience, Reader, RoleKey, readers_excluding_subject};
use domain::view::Subject;
use std::collections::BTreeMap;
use store::{BodyRow, GrantRow, RoleKeyRow, StaffRow};
use vault::seal::{self, Recipient};

/// Public keys that texts are sealed to.
#[derive(Clone, Debug)]
pub struct Recipients {
    /// The newest generation of any role key.
    pub generation: u32,
    roles: BTreeMap<RoleKey, (u32, Recipient)>,
    pub(crate) recovery: Recipient,
}

impl Recipients {
    /// From what the store keeps, of each role key the newest; `None` if a role has no key.
    pub fn from_rows(recovery: &str, rows: &[RoleKeyRow]) -> Option<Recipients> {
        let mut recipients = Recipients {
            generation: 0,
            roles: BTreeMap::new(),
            recovery: Recipient(recovery.to_owned()),
        };
        recipients.rotate(rows);
        let is_whole = RoleKey::ALL
            .iter()
            .all(|key| recipients.roles.contains_key(key));
        is_whole.then_some(recipients)
    }

    /// Takes these keys in the place of older ones.
    pub(crate) fn rotate(&mut self, rows: &[RoleKeyRow]) {
        for row in rows {
            let known = self.roles.get(&row.key);
            if known.is_none_or(|(generation, _)| *generation < row.generation) {
                let key = (row.generation, Recipient(row.recipient.clone()));
                self.roles.insert(row.key, key);
                self.generation = self.generation.max(row.generation);
            }
        }
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

    pub(crate) fn of(&self, readers: &[Reader], receipt: &Recipient) -> Vec<Recipient> {
        let one = |reader: &Reader| match reader {
            Reader::Key(key) => self.roles.get(key).map(|(_, recipient)| recipient.clone()),
            Reader::Recovery => Some(self.recovery.clone()),
            Reader::Receipt => Some(receipt.clone()),
        };
        readers.iter().filter_map(one).collect()
    }
}

impl Recipients {
    /// Sealed to a key that has been rotated since.
    pub fn is_old(&self, body: &BodyRow, about: Subject) -> bool {
        self.are_old(body, &readers_before(body, about))
    }

    pub(crate) fn are_old(&self, body: &BodyRow, before: &[Reader]) -> bool {
        before.iter().any(
            |reader| matches!(reader, Reader::Key(key) if self.generation_of(*key) > body.generation),
        )
    }
}

/// Who could read a text when it was sealed. Of a text from before its audience was kept, how many keys the seal has tells
/// whether safety's was among them.
pub(crate) fn readers_before(body: &BodyRow, about: Subject) -> Vec<Reader> {
    if let Some(audience) = body.audience {
        return readers_excluding_subject(body.kind, audience, about, body.writer);
    }
    let ordinary = readers_excluding_subject(body.kind, Audience::Desk, about, body.writer);
    let count = seal::readers_of(&body.sealed);
    if count == ordinary.len() {
        ordinary
    } else {
        readers_excluding_subject(body.kind, Audience::Shared, about, body.writer)
    }
}
