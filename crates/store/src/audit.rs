//! The audit log: who at the desk did what, when, as a chain in which every row holds the hash of the one before it.
//!
//! **What an entry says.** The moment, who (the id of their account), in which role, what they did, on what (the id of a
//! view, a meeting or an account), whether it was done, and whether a reason was typed. Never a text, a name, a reason's
//! words, an address or a device; and nothing that a young person does is in it.
//!
//! **Canonical bytes.** `pledge audit 1` and a line feed, then each field as its length in bytes (4 bytes, big end first)
//! and its bytes: sequence and moment as 8 bytes (big end first), actor, role, action, object and outcome as UTF-8 (an
//! absent one is the length 0xFFFFFFFF and no bytes), the reason as 8 bytes, 0 or 1. So no two entries have the same
//! bytes, whatever is in their fields.
//!
//! **Hash.** SHA-256 of the previous row's hash (32 zero bytes before the first row) and the canonical bytes.

use domain::date::Date;
use domain::role::Role;
use sha2::{Digest, Sha256};

/// What stands before the first row.
pub const BEGINNING: [u8; 32] = [0; 32];

/// Begins the canonical bytes, so that no other text of ours can be taken for an entry.
const KIND: &[u8] = b"pledge audit 1\n";

/// An entry before it has its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When staff acted (Unix seconds).
    pub at: i64,
    /// Id of their account; `None` when nobody is known (a wrong name at sign-in, the program itself).
    pub actor: Option<String>,
    /// Their role then.
    pub role: Option<Role>,
    /// What they did: the id of a `domain::lifecycle::Action`, or a word of the desk such as `sign-in`.
    pub action: &'static str,
    /// What they did it to: the id of a view, a meeting or an account.
    pub object: Option<String>,
    /// A reason was typed. It stays where it is sealed; the log only says that there is one.
    pub reason: bool,
}

/// Whether it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryOutcome {
    /// Done.
    Done,
    /// Tried, and not done: too late, say, or with a wrong password.
    NotDone,
    /// Tried by somebody who may not.
    Refused,
}

impl EntryOutcome {
    /// The name used in the log.
    pub fn id(self) -> &'static str {
        match self {
            EntryOutcome::Done => "done",
            EntryOutcome::NotDone => "not-done",
            EntryOutcome::Refused => "refused",
        }
    }
}

/// A row as it stands in the database: its words are not checked here, because checking them is what the chain is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place, from 1.
    pub seq: i64,
    /// When (Unix seconds).
    pub at: i64,
    /// Id of the account.
    pub actor: Option<String>,
    /// Role id.
    pub role: Option<String>,
    /// Action id.
    pub action: String,
    /// Object id.
    pub object: Option<String>,
    /// Outcome id.
    pub outcome: String,
    /// 1 when a reason was typed.
    pub reason: i64,
    /// Hash of the row before.
    pub previous: [u8; 32],
    /// Hash of this row.
    pub hash: [u8; 32],
}

impl AuditRow {
    /// The row that follows `previous` in the chain.
    pub fn next(seq: i64, previous: [u8; 32], entry: &Entry, outcome: EntryOutcome) -> AuditRow {
        let mut row = AuditRow {
            seq,
            at: entry.at,
            actor: entry.actor.clone(),
            role: entry.role.map(|role| role.id().to_owned()),
            action: entry.action.to_owned(),
            object: entry.object.clone(),
            outcome: outcome.id().to_owned(),
            reason: i64::from(entry.reason),
            previous,
            hash: BEGINNING,
        };
        row.hash = row.worked_out();
        row
    }

    /// The hash this row ought to have.
    pub fn worked_out(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.previous);
        hash.update(self.canonical());
        hash.finalize().into()
    }

    /// The canonical bytes, as the head of this file says.
    fn canonical(&self) -> Vec<u8> {
        // Room for what an entry usually takes: one with an actor grows no more often than one without.
        let mut bytes = Vec::with_capacity(256);
        bytes.extend(KIND);
        let mut field = |value: Option<&[u8]>| match value {
            Some(value) => {
                // No field comes near 4 GiB; one that did would still change the hash.
                let length = u32::try_from(value.len()).unwrap_or(u32::MAX - 1);
                bytes.extend(length.to_be_bytes());
                bytes.extend(value);
            }
            None => bytes.extend(u32::MAX.to_be_bytes()),
        };
        field(Some(&self.seq.to_be_bytes()));
        field(Some(&self.at.to_be_bytes()));
        field(self.actor.as_deref().map(str::as_bytes));
        field(self.role.as_deref().map(str::as_bytes));
        field(Some(self.action.as_bytes()));
        field(self.object.as_deref().map(str::as_bytes));
        field(Some(self.outcome.as_bytes()));
        field(Some(&self.reason.to_be_bytes()));
        bytes
    }
}

/// A signed checkpoint of the log, as it is kept beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointRow {
    /// How many rows it covers: the sequence of the last one.
    pub size: i64,
    /// Hash of that row.
    pub head: [u8; 32],
    /// The day it was made.
    pub day: Date,
    /// The signed note.
    pub note: String,
    /// It has been written to the second place.
    pub outside: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            at: 1_795_262_400,
            actor: Some("a".to_owned()),
            role: Some(Role::Clerk),
            action: "publish",
            object: Some("b".to_owned()),
            reason: false,
        }
    }

    #[test]
    fn the_bytes_are_those_of_the_description() {
        let row = AuditRow::next(1, BEGINNING, &entry(), EntryOutcome::Done);
        let mut wanted = b"pledge audit 1\n".to_vec();
        wanted.extend([0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1]);
        wanted.extend([0, 0, 0, 8]);
        wanted.extend(1_795_262_400i64.to_be_bytes());
        wanted.extend(b"\0\0\0\x01a\0\0\0\x05clerk\0\0\0\x07publish\0\0\0\x01b\0\0\0\x04done");
        wanted.extend([0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(row.canonical(), wanted);
    }

    #[test]
    fn every_field_changes_the_hash() {
        let row = AuditRow::next(1, BEGINNING, &entry(), EntryOutcome::Done);
        let changes: [fn(&mut AuditRow); 12] = [
            |row| row.seq = 2,
            |row| row.at += 1,
            |row| row.actor = None,
            |row| row.actor = Some(String::new()),
            |row| row.role = None,
            |row| row.action = "publis".to_owned(),
            |row| row.object = None,
            |row| row.outcome = "not-done".to_owned(),
            |row| row.reason = 1,
            |row| row.reason = 256,
            |row| row.previous[31] = 1,
            // A letter moved from one field to the next.
            |row| {
                row.action = "publishb".to_owned();
                row.object = Some(String::new());
            },
        ];
        let mut seen = vec![row.hash];
        for change in changes {
            let mut changed = row.clone();
            change(&mut changed);
            let hash = changed.worked_out();
            assert!(!seen.contains(&hash), "{changed:?}");
            seen.push(hash);
        }
    }
}
