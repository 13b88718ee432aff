//! Signed notes in C2SP form: how a checkpoint of the audit log is signed, and how one that was kept elsewhere is read
//! back. Any tool that verifies signed notes can check them with the public key that [`Signer::verifier`] gives.
//!
//! The text of a checkpoint is: the origin, the number of rows, the hash of the last row in base64, and `day` with the
//! day, one a line. The log is a chain and no Merkle tree, so the third line is a chain's head.

use crate::server_keys::ServerKeys;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::date::Date;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// The signature type of Ed25519 in a signed note.
const ED25519: u8 = 1;

/// Signs and checks the checkpoints of this installation.
pub struct Signer {
    key: SigningKey,
    name: String,
}

/// What a checkpoint says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many rows it covers.
    pub size: i64,
    /// Hash of the last of them.
    pub head: [u8; 32],
    /// The day it was made.
    pub day: Date,
}

/// Why a note is not one of our checkpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteRefused {
    /// It is not in the form of a signed note.
    #[error("it is not a signed checkpoint")]
    NotANote,
    /// It was signed by another key: another installation, or a forgery.
    #[error("it carries no signature of this installation")]
    NotOurs,
    /// It names our key, but the signature does not fit the text.
    #[error("its signature does not fit its text")]
    Forged,
}

impl Signer {
    /// The signer of this installation.
    pub fn new(keys: &ServerKeys) -> Signer {
        let key = SigningKey::from_bytes(&keys.audit_seed());
        let digest = Sha256::digest(key.verifying_key().as_bytes());
        let short: String = digest[..4]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Signer {
            key,
            name: format!("pledge-audit-{short}"),
        }
    }

    /// The public key in the form that tools for signed notes take.
    pub fn verifier(&self) -> String {
        let mut key = vec![ED25519];
        key.extend(self.key.verifying_key().as_bytes());
        let id = u32::from_be_bytes(self.id());
        format!("{}+{id:08x}+{}", self.name, STANDARD.encode(key))
    }

    /// Signs a checkpoint.
    pub fn sign_checkpoint(&self, checkpoint: &Checkpoint) -> String {
        self.sign_text(&self.text(checkpoint))
    }

    /// Reads a checkpoint and checks its signature.
    pub fn read_checkpoint(&self, note: &str) -> Result<Checkpoint, NoteRefused> {
        let text = self.signed_text(note)?;
        let read = checkpoint_of(&text).ok_or(NoteRefused::NotANote)?;
        // One way to write a checkpoint, and no other.
        (self.text(&read) == text)
            .then_some(read)
            .ok_or(NoteRefused::NotANote)
    }

    fn sign_text(&self, text: &str) -> String {
        let mut signature = self.id().to_vec();
        signature.extend(self.key.sign(text.as_bytes()).to_bytes());
        format!(
            "{text}\n\u{2014} {} {}\n",
            self.name,
            STANDARD.encode(signature)
        )
    }

    /// The text of a note that carries our signature.
    fn signed_text(&self, note: &str) -> Result<String, NoteRefused> {
        let (text, signatures) = note.split_once("\n\n").ok_or(NoteRefused::NotANote)?;
        let text = format!("{text}\n");
        let begin = format!("\u{2014} {} ", self.name);
        let signature = signatures
            .lines()
            .find_map(|line| line.strip_prefix(&begin))
            .ok_or(NoteRefused::NotOurs)?;
        let bytes = STANDARD
            .decode(signature)
            .map_err(|_| NoteRefused::NotANote)?;
        let signature = bytes.strip_prefix(&self.id()).ok_or(NoteRefused::NotOurs)?;
        let signature = Signature::from_slice(signature).map_err(|_| NoteRefused::NotANote)?;
        let key: VerifyingKey = self.key.verifying_key();
        key.verify_strict(text.as_bytes(), &signature)
            .map_err(|_| NoteRefused::Forged)?;
        Ok(text)
    }

    fn text(&self, checkpoint: &Checkpoint) -> String {
        let Checkpoint { size, head, day } = checkpoint;
        format!(
            "{}\n{size}\n{}\nday {day}\n",
            self.name,
            STANDARD.encode(head)
        )
    }

    /// The key id of C2SP signed notes: the first 4 bytes of SHA-256(name, line feed, type, public key).
    fn id(&self) -> [u8; 4] {
        let mut hash = Sha256::new();
        hash.update(self.name.as_bytes());
        hash.update([b'\n', ED25519]);
        hash.update(self.key.verifying_key().as_bytes());
        let hash = hash.finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

fn checkpoint_of(text: &str) -> Option<Checkpoint> {
    let mut lines = text.lines().skip(1);
    let size = lines.next()?.parse().ok()?;
    let head = STANDARD.decode(lines.next()?).ok()?;
    let day = lines.next()?.strip_prefix("day ")?.parse().ok()?;
    Some(Checkpoint {
        size,
        head: head.try_into().ok()?,
        day,
    })
}

/// Cuts a file of notes, one after the other, into single ones. A note begins where the one before it had its last
/// signature line; empty lines between them do not count.
pub fn split(file: &str) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = String::new();
    let mut signed = false;
    for line in file.lines() {
        let signature = line.starts_with('\u{2014}');
        if signed && !signature {
            notes.push(std::mem::take(&mut note));
            signed = false;
        }
        if note.is_empty() && line.trim().is_empty() {
            continue;
        }
        signed |= signature;
        note.push_str(line);
        note.push('\n');
    }
    if !note.is_empty() {
        notes.push(note);
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            size: 1_000,
            head: [7; 32],
            day: Date::EPOCH,
        }
    }

    #[test]
    fn a_checkpoint_is_read_back_and_a_changed_one_refused() {
        let signer = Signer::new(&ServerKeys::generate(&SystemRandom));
        let note = signer.sign_checkpoint(&checkpoint());
        assert_eq!(signer.read_checkpoint(&note), Ok(checkpoint()));
        assert_eq!(
            signer.read_checkpoint(&note.replace("1000", "1001")),
            Err(NoteRefused::Forged)
        );
        let other = Signer::new(&ServerKeys::generate(&SystemRandom));
        assert_eq!(other.read_checkpoint(&note), Err(NoteRefused::NotOurs));
        for bad in ["", "\n\n", "words", &note[..note.len() - 9]] {
            assert!(signer.read_checkpoint(bad).is_err(), "{bad}");
        }
        // Another signature under the same name is a forgery.
        let forged = note.replace(&signer.name, &other.name);
        assert!(other.read_checkpoint(&forged).is_err());
    }

    #[test]
    fn notes_are_those_of_other_tools() {
        // The key and the note with which golang.org/x/mod/sumdb/note, whose format C2SP signed notes took over, shows
        // itself. Ed25519 has one signature for a key and a text, so ours must be the same to the last sign.
        let seed = STANDARD
            .decode("gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=")
            .unwrap();
        let signer = Signer {
            key: SigningKey::from_bytes(&seed.try_into().unwrap()),
            name: "PeterNeumann".to_owned(),
        };
        assert_eq!(
            signer.verifier(),
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
        );
        let text = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
        let note = format!(
            "{text}\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6\
             KE6RyyBwJnAM=\n"
        );
        assert_eq!(signer.sign_text(text), note);
        assert_eq!(signer.signed_text(&note), Ok(text.to_owned()));
        // A signature of somebody else beside it does not count.
        let other = format!("\u{2014} EnochRoot {}\n", STANDARD.encode([1; 68]));
        let with_more = note.replace("\n\n", &format!("\n\n{other}"));
        assert_eq!(signer.signed_text(&with_more), Ok(text.to_owned()));
        let changed = note.replace("problem is", "problem was");
        assert_eq!(signer.signed_text(&changed), Err(NoteRefused::Forged));
    }

    #[test]
    fn notes_one_after_the_other_are_cut_apart() {
        let signer = Signer::new(&ServerKeys::generate(&SystemRandom));
        let one = signer.sign_checkpoint(&checkpoint());
        let two = signer.sign_checkpoint(&Checkpoint {
            size: 2_000,
            ..checkpoint()
        });
        for between in ["", "\n", "\n\n\n"] {
            assert_eq!(split(&format!("{one}{between}{two}")), [one.as_str(), &two]);
        }
        assert_eq!(split(""), [] as [String; 0]);
    }
}
