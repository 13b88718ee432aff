//! The three secrets of this installation. They stand in one file, readable by its owner only, apart from the database:
//! a thief of the database alone cannot test a receipt or a password.

use crate::random::{self, Random};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::path::Path;
use zeroize::{Zeroize, Zeroizing};

/// Name of the file in the data folder.
pub const FILE: &str = "server-keys.json";

/// Pepper, salt and the key of sealed form fields.
#[derive(Clone, Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
#[serde(deny_unknown_fields)]
pub struct ServerKeys {
    pepper: [u8; 32],
    receipt_salt: [u8; 16],
    token_key: [u8; 32],
}

/// Why the key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It is not there.
    #[error(
        "there is no key file {0}. Run `pledge init` first, or put the file back from its safe copy."
    )]
    Missing(String),
    /// It is there, but others may read it.
    #[error("the key file {0} can be read by others. Run: chmod 600 {0}")]
    Open(String),
    /// It is not a key file.
    #[error("the key file {0} cannot be read: {1}")]
    Unreadable(String, String),
    /// It exists already and is never overwritten.
    #[error("there is a key file {0} already; it is never overwritten")]
    Exists(String),
}

impl ServerKeys {
    /// New secrets.
    pub fn generate(random: &dyn Random) -> ServerKeys {
        ServerKeys {
            pepper: random::bytes(random),
            receipt_salt: random::bytes(random),
            token_key: random::bytes(random),
        }
    }

    /// Reads the file and checks that only its owner can.
    pub fn read_file(path: &Path) -> Result<ServerKeys, KeyFileError> {
        let shown = path.display().to_string();
        let meta = std::fs::metadata(path).map_err(|_| KeyFileError::Missing(shown.clone()))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            if meta.permissions().mode() & 0o077 != 0 {
                return Err(KeyFileError::Open(shown));
            }
        }
        let mut text = std::fs::read(path)
            .map_err(|e| KeyFileError::Unreadable(shown.clone(), e.to_string()))?;
        let keys = serde_json::from_slice(&text)
            .map_err(|e| KeyFileError::Unreadable(shown, e.to_string()));
        text.zeroize();
        keys
    }

    /// Writes a new file that only its owner can read; never over an old one.
    pub fn write_new(&self, path: &Path) -> Result<(), KeyFileError> {
        use std::io::Write;
        let shown = path.display().to_string();
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::AlreadyExists => KeyFileError::Exists(shown.clone()),
            _ => KeyFileError::Unreadable(shown.clone(), e.to_string()),
        })?;
        let mut text = serde_json::to_vec(self).unwrap_or_default();
        let done = file.write_all(&text).and_then(|()| file.sync_all());
        text.zeroize();
        done.map_err(|e| KeyFileError::Unreadable(shown, e.to_string()))
    }

    /// Mixed into every key derived from a password.
    pub fn pepper(&self) -> &[u8] {
        &self.pepper
    }

    /// Salt of every receipt. One for all, because a receipt must be found from its words alone.
    pub fn receipt_salt(&self) -> &[u8] {
        &self.receipt_salt
    }

    /// Key of sealed form fields.
    pub fn token_key(&self) -> &[u8; 32] {
        &self.token_key
    }

    /// Seed of the key that signs checkpoints of the audit log. It is derived, so that a key file written before there
    /// were checkpoints has it too; what it is derived from has another length than anything a tag is made of.
    pub fn audit_seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(hmac(&self.pepper, b"pledge audit signing key 1"))
    }

    /// A key of its own for one more purpose.
    pub fn derived(&self, purpose: &[u8]) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(hmac(&self.token_key, purpose))
    }

    /// HMAC-SHA-256 under the pepper: how the tag of a receipt is made.
    pub fn tag(&self, bytes: &[u8]) -> [u8; 32] {
        hmac(&self.pepper, bytes)
    }
}

impl std::fmt::Debug for ServerKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerKeys(hidden)")
    }
}

/// HMAC-SHA-256.
pub fn hmac(key: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    // HMAC takes a key of any length; the empty answer stands for an error that cannot come.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(key) else {
        return [0; 32];
    };
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}
