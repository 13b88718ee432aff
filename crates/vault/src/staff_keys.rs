//! Staff keys: each person has an identity wrapped by their password; role keys are sealed to each member; a session
//! wraps the person's identity under the session's token, so that without the cookie nothing opens.

use crate::key_derivation::{self, Argon2Params};
use crate::random::{self, Random};
use crate::seal::{Identity, KeyUnreadable, OpenError, Recipient, Sealer};
use crate::server_keys::{ServerKeys, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

/// A private key wrapped under a key that only a password or a session token gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapped(pub Vec<u8>);

/// Makes a new identity.
pub fn new_identity(random: &dyn Random) -> Result<(Identity, Recipient), KeyUnreadable> {
    let mut seed: [u8; 32] = random::bytes(random);
    let identity = Identity::from_seed(&seed);
    seed.zeroize();
    let recipient = identity.recipient()?;
    Ok((identity, recipient))
}

/// Derives from a password the key that wraps the person's identity.
pub fn password_key(
    keys: &ServerKeys,
    password: &str,
    salt: &[u8; 16],
    cost: Argon2Params,
) -> Result<Zeroizing<[u8; 32]>, argon2::Error> {
    let derived = key_derivation::argon2id(password.as_bytes(), salt, keys.pepper(), cost)?;
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(&derived[..32]);
    Ok(key)
}

/// Wraps an identity.
pub fn wrap(random: &dyn Random, key: &[u8; 32], owner: &str, identity: &Identity) -> Wrapped {
    let nonce: [u8; 24] = random::bytes(random);
    let cipher = XChaCha20Poly1305::new(key.into());
    let payload = Payload {
        msg: identity.as_text().as_bytes(),
        aad: owner.as_bytes(),
    };
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), payload)
        .unwrap_or_default();
    Wrapped([nonce.as_slice(), &sealed].concat())
}

/// Wraps an identity under a new password: the salt, and the wrapped identity.
pub fn wrap_under_password(
    random: &dyn Random,
    keys: &ServerKeys,
    cost: Argon2Params,
    owner: &str,
    identity: &Identity,
    password: &str,
) -> Result<([u8; 16], Wrapped), argon2::Error> {
    let salt: [u8; 16] = random::bytes(random);
    let key = password_key(keys, password, &salt, cost)?;
    Ok((salt, wrap(random, &key, owner, identity)))
}

/// Unwraps an identity; `None` when the key is not the one.
pub fn unwrap(key: &[u8; 32], owner: &str, wrapped: &Wrapped) -> Option<Identity> {
    let (nonce, sealed) = wrapped.0.split_at_checked(24)?;
    let nonce: [u8; 24] = nonce.try_into().ok()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let plain = cipher
        .decrypt(
            &XNonce::from(nonce),
            Payload {
                msg: sealed,
                aad: owner.as_bytes(),
            },
        )
        .ok()?;
    let plain = Zeroizing::new(plain);
    Identity::from_text(std::str::from_utf8(&plain).ok()?).ok()
}

/// Seals a role's identity to one member (or to the recovery key).
pub fn grant(
    sealer: &dyn Sealer,
    role_identity: &Identity,
    to: &Recipient,
) -> Result<Vec<u8>, KeyUnreadable> {
    sealer.seal_bytes(role_identity.as_text().as_bytes(), std::slice::from_ref(to))
}

/// Opens a role's identity that was sealed to this person.
pub fn open_grant(
    sealer: &dyn Sealer,
    sealed: &[u8],
    with: &Identity,
) -> Result<Identity, OpenError> {
    let plain = sealer.open_bytes(sealed, std::slice::from_ref(with))?;
    let text = std::str::from_utf8(&plain).map_err(|_| OpenError::Damaged)?;
    Identity::from_text(text).map_err(|KeyUnreadable| OpenError::Damaged)
}

/// The token of a session: 256 random bits, held by the browser's cookie only.
#[derive(Clone, Zeroize)]
#[zeroize(drop)]
pub struct SessionToken([u8; 32]);

impl SessionToken {
    /// A new token.
    pub fn generate(random: &dyn Random) -> SessionToken {
        SessionToken(random::bytes(random))
    }

    /// Reads a cookie's value.
    pub fn from_cookie(text: &str) -> Option<SessionToken> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        Some(SessionToken(bytes.as_slice().try_into().ok()?))
    }

    /// The cookie's value.
    pub fn to_cookie(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the database keeps: SHA-256 of the token.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// The hidden field of every form of this session, so that no other site can act in its name.
    pub fn form_token(&self) -> String {
        URL_SAFE_NO_PAD.encode(hmac(&self.0, b"pledge form 1"))
    }

    /// The key that wraps the person's identity for this session.
    pub fn wrapping_key(&self) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        // 32 bytes are always within what HKDF-SHA-256 can give.
        let _ = Hkdf::<Sha256>::new(None, &self.0).expand(b"pledge session 1", &mut *key);
        key
    }
}

/// Compares without telling by time where they differ.
pub fn same(a: &str, b: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(a.as_bytes(), b.as_bytes()).into()
}

/// A first password given out once: 25 letters and digits that are hard to mistake, in groups of five.
pub fn first_password(random: &dyn Random) -> String {
    const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";
    let bytes: [u8; 25] = random::bytes(random);
    let signs: Vec<u8> = bytes
        .iter()
        .map(|byte| SIGNS[usize::from(byte & 31)])
        .collect();
    let groups: Vec<&str> = signs
        .chunks(5)
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;
    use crate::seal::AgeSealer;

    #[test]
    fn only_the_key_and_the_owner_unwrap() {
        let (identity, _) = new_identity(&SystemRandom).unwrap();
        let wrapped = wrap(&SystemRandom, &[1; 32], "ada", &identity);
        assert_eq!(
            unwrap(&[1; 32], "ada", &wrapped).map(|i| i.as_text().to_owned()),
            Some(identity.as_text().to_owned())
        );
        assert!(unwrap(&[2; 32], "ada", &wrapped).is_none());
        assert!(unwrap(&[1; 32], "bob", &wrapped).is_none());
        assert!(unwrap(&[1; 32], "ada", &Wrapped(vec![0; 5])).is_none());
    }

    #[test]
    fn a_grant_opens_for_its_member_alone() {
        let (role, _) = new_identity(&SystemRandom).unwrap();
        let (ada, to_ada) = new_identity(&SystemRandom).unwrap();
        let (bob, _) = new_identity(&SystemRandom).unwrap();
        let sealed = grant(&AgeSealer, &role, &to_ada).unwrap();
        assert_eq!(
            open_grant(&AgeSealer, &sealed, &ada).map(|i| i.as_text().to_owned()),
            Ok(role.as_text().to_owned())
        );
        assert!(open_grant(&AgeSealer, &sealed, &bob).is_err());
    }

    #[test]
    fn a_session_token_survives_its_cookie() {
        let token = SessionToken::generate(&SystemRandom);
        let again = SessionToken::from_cookie(&token.to_cookie()).unwrap();
        assert_eq!(token.hash(), again.hash());
        assert_eq!(token.form_token(), again.form_token());
        assert_eq!(*token.wrapping_key(), *again.wrapping_key());
        assert!(SessionToken::from_cookie("nonsense").is_none());
    }

    #[test]
    fn first_passwords_are_long_enough() {
        let password = first_password(&SystemRandom);
        assert_eq!(password.len(), 29);
        assert_ne!(password, first_password(&SystemRandom));
    }
}
