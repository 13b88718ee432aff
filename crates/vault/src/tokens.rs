//! Sealed form fields, so that nothing a request needs lives in one process's memory: XChaCha20-Poly1305 under the
//! server's token key, valid on every server that shares it, and only for a time.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::random::{self, Random};
use crate::server_keys::ServerKeys;

/// Seconds a ticket is good for: a day.
pub const TICKET_SECONDS: i64 = 24 * 60 * 60;
/// Seconds a visit is good for without typing the words again.
pub const HANDLE_SECONDS: i64 = 15 * 60;

/// What the check-answers page carries, so that a send is stored once and shows the same six words however often it is
/// repeated. It opens no view after its day is over.
#[derive(Clone, Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
pub struct Ticket {
    /// The six words.
    pub words: String,
    /// The tag the view will be found by.
    pub tag: [u8; 32],
    /// Seed of the identity that opens it.
    pub seed: [u8; 32],
}

/// What the sender's page carries, so that the words need not be typed again for a while.
#[derive(Clone, Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
pub struct Handle {
    /// The tag the view is found by.
    pub tag: [u8; 32],
    /// Seed of the identity that opens it.
    pub seed: [u8; 32],
    /// The six words, so that a message which would give them away can be refused.
    pub words: String,
}

/// Why a sealed field is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRefused {
    /// It was good once, but its time is over.
    Expired,
    /// It was never ours, or was changed.
    NotOurs,
}

/// A kind of sealed field: one kind can never pass for another.
pub trait Token: Serialize + DeserializeOwned {
    /// Bound into the seal.
    const KIND: &'static [u8];
    /// Seconds it is good for.
    const SECONDS: i64;
}

impl Token for Ticket {
    const KIND: &'static [u8] = b"pledge ticket 1";
    const SECONDS: i64 = TICKET_SECONDS;
}

impl Token for Handle {
    const KIND: &'static [u8] = b"pledge handle 1";
    const SECONDS: i64 = HANDLE_SECONDS;
}

#[derive(Serialize, Deserialize)]
struct Dated<T> {
    until: i64,
    token: T,
}

/// Seals a field.
pub fn seal_token<T: Token>(keys: &ServerKeys, random: &dyn Random, now: i64, token: &T) -> String {
    let plain = Zeroizing::new(
        serde_json::to_vec(&Dated {
            until: now + T::SECONDS,
            token,
        })
        .unwrap_or_default(),
    );
    let nonce: [u8; 24] = random::bytes(random);
    let cipher = XChaCha20Poly1305::new(keys.token_key().into());
    let sealed = cipher
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: &plain,
                aad: T::KIND,
            },
        )
        .unwrap_or_default();
    URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())
}

/// Opens a field.
pub fn open_token<T: Token>(keys: &ServerKeys, now: i64, text: &str) -> Result<T, TokenRefused> {
    let bytes = URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| TokenRefused::NotOurs)?;
    let (nonce, sealed) = bytes.split_at_checked(24).ok_or(TokenRefused::NotOurs)?;
    let nonce: [u8; 24] = nonce.try_into().map_err(|_| TokenRefused::NotOurs)?;
    let cipher = XChaCha20Poly1305::new(keys.token_key().into());
    let plain = cipher
        .decrypt(
            &XNonce::from(nonce),
            Payload {
                msg: sealed,
                aad: T::KIND,
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| TokenRefused::NotOurs)?;
    let dated: Dated<T> = serde_json::from_slice(&plain).map_err(|_| TokenRefused::NotOurs)?;
    if now > dated.until {
        return Err(TokenRefused::Expired);
    }
    Ok(dated.token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn good_for_a_time_and_for_one_use() {
        let keys = ServerKeys::generate(&SystemRandom);
        let ticket = Ticket {
            words: "a b c d e f".into(),
            tag: [1; 32],
            seed: [2; 32],
        };
        let text = seal_token(&keys, &SystemRandom, 1_000, &ticket);
        assert_eq!(
            open_token::<Ticket>(&keys, 1_000 + TICKET_SECONDS, &text).map(|t| t.words.clone()),
            Ok(ticket.words.clone())
        );
        assert_eq!(
            open_token::<Ticket>(&keys, 1_001 + TICKET_SECONDS, &text).err(),
            Some(TokenRefused::Expired)
        );
        assert_eq!(
            open_token::<Handle>(&keys, 1_000, &text).err(),
            Some(TokenRefused::NotOurs)
        );
        let other = ServerKeys::generate(&SystemRandom);
        assert_eq!(
            open_token::<Ticket>(&other, 1_000, &text).err(),
            Some(TokenRefused::NotOurs)
        );
        for bad in ["", "a", "é", "AAAA", &text[1..]] {
            assert_eq!(
                open_token::<Ticket>(&keys, 1_000, bad).err(),
                Some(TokenRefused::NotOurs)
            );
        }
    }
}
