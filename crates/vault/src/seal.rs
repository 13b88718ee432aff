//! A text sealed to its readers in `age` format, readable by the stock `age` command.
//!
//! Inside the seal: one line of JSON saying which text it is, the text itself as one line of JSON, and blanks up to a
//! multiple of 512 bytes. The first line is checked on opening, so that rows of the database cannot be swapped
//! (`age` has no associated data); the blanks hide how long a text is.

use age::secrecy::ExposeSecret;
use domain::audience::TextKind;
use domain::date::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::str::FromStr;
use zeroize::Zeroizing;

/// Sealed lengths are a multiple of this many bytes of plaintext.
const STEP: usize = 512;

/// Which text a seal holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The view it belongs to.
    pub view: String,
    /// What it is.
    pub text: TextKind,
    /// Generation of the role keys it was sealed to.
    pub generation: u32,
    /// The day it was written.
    pub day: Date,
}

/// A public key: `age1…`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Recipient(pub String);

/// A private key: `AGE-SECRET-KEY-1…`. Never printed by accident.
#[derive(Clone)]
pub struct Identity(Zeroizing<String>);

impl Identity {
    /// Takes a written private key.
    pub fn from_text(text: &str) -> Result<Identity, KeyUnreadable> {
        let key = age::x25519::Identity::from_str(text.trim()).map_err(|_| KeyUnreadable)?;
        Ok(Identity(Zeroizing::new(
            key.to_string().expose_secret().to_owned(),
        )))
    }

    /// The key made of these 32 bytes.
    pub fn from_seed(seed: &[u8; 32]) -> Identity {
        let text = bech32::encode_upper::<bech32::Bech32>(
            bech32::Hrp::parse_unchecked("age-secret-key-"),
            seed,
        );
        // 32 bytes are always within the length that Bech32 allows.
        Identity(Zeroizing::new(text.unwrap_or_default()))
    }

    /// The 32 bytes that the key is made of.
    pub(crate) fn seed(&self) -> Result<Zeroizing<[u8; 32]>, KeyUnreadable> {
        let (_, bytes) = bech32::decode(&self.0).map_err(|_| KeyUnreadable)?;
        let bytes = Zeroizing::new(bytes);
        let seed = bytes.as_slice().try_into().map_err(|_| KeyUnreadable)?;
        Ok(Zeroizing::new(seed))
    }

    /// Its public key.
    pub fn recipient(&self) -> Result<Recipient, KeyUnreadable> {
        Ok(Recipient(self.key()?.to_public().to_string()))
    }

    /// The key in writing, for wrapping it or printing the recovery key once.
    pub fn as_text(&self) -> &str {
        &self.0
    }

    fn key(&self) -> Result<age::x25519::Identity, KeyUnreadable> {
        age::x25519::Identity::from_str(&self.0).map_err(|_| KeyUnreadable)
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(hidden)")
    }
}

/// A key that is not an `age` X25519 key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key cannot be read")]
pub struct KeyUnreadable;

/// Why a sealed text cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// None of the keys fits: it is sealed to others.
    #[error("sealed to others")]
    NotForThisKey,
    /// The bytes are not what was sealed, or belong to another row.
    #[error("damaged")]
    Damaged,
}

/// Seals and opens. One implementation for use; tests bring a second one that leaves texts bare, to prove that the
/// search for plaintext would find them.
pub trait Sealer: Send + Sync {
    /// Seals bytes to the recipients.
    fn seal_bytes(&self, plain: &[u8], to: &[Recipient]) -> Result<Vec<u8>, KeyUnreadable>;

    /// Opens bytes with any of the keys.
    fn open_bytes(&self, sealed: &[u8], with: &[Identity])
    -> Result<Zeroizing<Vec<u8>>, OpenError>;
}

/// Seals a text under its label.
pub fn seal_text<T: Serialize>(
    sealer: &dyn Sealer,
    label: &Label,
    text: &T,
    to: &[Recipient],
) -> Result<Vec<u8>, KeyUnreadable> {
    let mut plain = Zeroizing::new(Vec::with_capacity(2 * STEP));
    // Writing our own plain data to memory cannot fail.
    let _ = serde_json::to_writer(&mut *plain, label);
    plain.push(b'\n');
    let _ = serde_json::to_writer(&mut *plain, text);
    plain.push(b'\n');
    let padded = plain.len().div_ceil(STEP) * STEP;
    plain.resize(padded, b' ');
    sealer.seal_bytes(&plain, to)
}

/// Opens a text, if it is sealed to one of the keys and carries this label.
pub fn open_text<T: DeserializeOwned>(
    sealer: &dyn Sealer,
    label: &Label,
    sealed: &[u8],
    with: &[Identity],
) -> Result<T, OpenError> {
    let plain = sealer.open_bytes(sealed, with)?;
    let mut lines = plain.splitn(3, |byte| *byte == b'\n');
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else {
        return Err(OpenError::Damaged);
    };
    let inside: Label = serde_json::from_slice(first).map_err(|_| OpenError::Damaged)?;
    if inside != *label {
        return Err(OpenError::Damaged);
    }
    serde_json::from_slice(second).map_err(|_| OpenError::Damaged)
}

/// Whether this is a public key that a text can be sealed to.
pub fn is_recipient(key: &Recipient) -> bool {
    age::x25519::Recipient::from_str(&key.0).is_ok()
}

/// How many keys a text is sealed to, as its `age` header says.
pub fn readers_of(sealed: &[u8]) -> usize {
    const STANZA: &[u8] = b"\n-> X25519 ";
    let end = sealed
        .windows(5)
        .position(|window| window == b"\n--- ")
        .unwrap_or(0);
    let header = sealed.get(..end).unwrap_or_default();
    header
        .windows(STANZA.len())
        .filter(|window| *window == STANZA)
        .count()
}

/// Sealing in `age` format.
#[derive(Clone, Copy, Debug, Default)]
pub struct AgeSealer;

impl Sealer for AgeSealer {
    fn seal_bytes(&self, plain: &[u8], to: &[Recipient]) -> Result<Vec<u8>, KeyUnreadable> {
        let recipients: Vec<age::x25519::Recipient> = to
            .iter()
            .map(|r| age::x25519::Recipient::from_str(&r.0).map_err(|_| KeyUnreadable))
            .collect::<Result<_, _>>()?;
        let encryptor =
            age::Encryptor::with_recipients(recipients.iter().map(|r| r as &dyn age::Recipient))
                .map_err(|_| KeyUnreadable)?;
        let mut sealed = Vec::with_capacity(plain.len() + 512);
        let written = encryptor.wrap_output(&mut sealed).and_then(|mut writer| {
            writer.write_all(plain)?;
            writer.finish()
        });
        written.map_err(|_| KeyUnreadable)?;
        Ok(sealed)
    }

    fn open_bytes(
        &self,
        sealed: &[u8],
        with: &[Identity],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let keys: Vec<age::x25519::Identity> = with
            .iter()
            .filter_map(|identity| identity.key().ok())
            .collect();
        let decryptor = age::Decryptor::new_buffered(sealed).map_err(|_| OpenError::Damaged)?;
        let mut reader = decryptor
            .decrypt(keys.iter().map(|k| k as &dyn age::Identity))
            .map_err(|error| match error {
                age::DecryptError::NoMatchingKeys => OpenError::NotForThisKey,
                _ => OpenError::Damaged,
            })?;
        let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
        reader
            .read_to_end(&mut plain)
            .map_err(|_| OpenError::Damaged)?;
        Ok(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label() -> Label {
        Label {
            view: "v1".into(),
            text: TextKind::View,
            generation: 1,
            day: Date::EPOCH,
        }
    }

    fn key(n: u8) -> (Identity, Recipient) {
        let identity = Identity::from_seed(&[n; 32]);
        let recipient = identity.recipient().unwrap();
        (identity, recipient)
    }

    #[test]
    fn opens_for_its_readers_and_nobody_else() {
        let ((a, ra), (b, rb), (c, _)) = (key(1), key(2), key(3));
        let sealed = seal_text(&AgeSealer, &label(), &"hello", &[ra, rb]).unwrap();
        for reader in [a, b] {
            assert_eq!(
                open_text::<String>(&AgeSealer, &label(), &sealed, &[reader]),
                Ok("hello".to_owned())
            );
        }
        assert_eq!(
            open_text::<String>(&AgeSealer, &label(), &sealed, &[c]),
            Err(OpenError::NotForThisKey)
        );
    }

    #[test]
    fn the_header_tells_how_many_readers_there_are() {
        let keys: Vec<Recipient> = (1..=4).map(|n| key(n).1).collect();
        for count in 1..=4 {
            let sealed = seal_text(&AgeSealer, &label(), &"-> X25519 ", &keys[..count]).unwrap();
            assert_eq!(readers_of(&sealed), count);
        }
        assert_eq!(readers_of(b"no seal"), 0);
    }

    #[test]
    fn a_swapped_or_damaged_row_is_not_served() {
        let (a, ra) = key(1);
        let sealed = seal_text(&AgeSealer, &label(), &"hello", &[ra]).unwrap();
        let other = Label {
            view: "v2".into(),
            ..label()
        };
        assert_eq!(
            open_text::<String>(&AgeSealer, &other, &sealed, std::slice::from_ref(&a)),
            Err(OpenError::Damaged)
        );
        for at in [0, sealed.len() / 2, sealed.len() - 1] {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert!(
                open_text::<String>(&AgeSealer, &label(), &bad, std::slice::from_ref(&a)).is_err(),
                "byte {at}"
            );
        }
        assert!(
            open_text::<String>(&AgeSealer, &label(), &sealed[..sealed.len() - 20], &[a]).is_err()
        );
    }

    /// Keeps what it is given, to look at what goes into a seal.
    struct Glass;

    impl Sealer for Glass {
        fn seal_bytes(&self, plain: &[u8], _: &[Recipient]) -> Result<Vec<u8>, KeyUnreadable> {
            Ok(plain.to_vec())
        }

        fn open_bytes(
            &self,
            sealed: &[u8],
            _: &[Identity],
        ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
            Ok(Zeroizing::new(sealed.to_vec()))
        }
    }

    #[test]
    fn short_texts_have_one_length() {
        // `age` itself adds a random stanza, so lengths are compared before it.
        let length = |text: &str| seal_text(&Glass, &label(), &text, &[]).unwrap().len();
        assert_eq!(length(""), length(&"x".repeat(300)));
        assert_eq!(length(&"x".repeat(5_000)) % STEP, 0);
    }

    #[test]
    fn a_key_hides_itself_and_refuses_nonsense() {
        let (a, _) = key(9);
        assert!(!format!("{a:?}").contains("AGE-SECRET"));
        assert!(a.as_text().starts_with("AGE-SECRET-KEY-1"));
        assert!(Identity::from_text(a.as_text()).is_ok());
        assert!(Identity::from_text("AGE-SECRET-KEY-1NOTHING").is_err());
    }
}
