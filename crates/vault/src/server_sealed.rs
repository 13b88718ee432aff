//! Small things of people at the desk that the server itself has to read: sealed for the database under a key that is not in it,
//! each for its purpose and its owner.

use crate::random::{self, Random};
use crate::server_keys::ServerKeys;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// The purpose of an address for alerts.
pub const ALERT_ADDRESS: &[u8] = b"pledge alert address 1";

/// Seals bytes of `owner` (the id of their account) for this purpose.
pub fn seal_for(
    keys: &ServerKeys,
    random: &dyn Random,
    purpose: &[u8],
    owner: &str,
    plain: &[u8],
) -> Vec<u8> {
    let nonce: [u8; 24] = random::bytes(random);
    let payload = Payload {
        msg: plain,
        aad: owner.as_bytes(),
    };
    let sealed = cipher(keys, purpose).encrypt(&XNonce::from(nonce), payload);
    [nonce.as_slice(), &sealed.unwrap_or_default()].concat()
}

/// Opens them; `None` if they are not this owner's for this purpose, or damaged.
pub fn open_for(
    keys: &ServerKeys,
    purpose: &[u8],
    owner: &str,
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_at_checked(24)?;
    let nonce: [u8; 24] = nonce.try_into().ok()?;
    let payload = Payload {
        msg: sealed,
        aad: owner.as_bytes(),
    };
    let plain = cipher(keys, purpose).decrypt(&XNonce::from(nonce), payload);
    plain.ok().map(Zeroizing::new)
}

fn cipher(keys: &ServerKeys, purpose: &[u8]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new((&*keys.derived(purpose)).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn it_opens_for_its_owner_and_purpose_only() {
        let keys = ServerKeys::generate(&SystemRandom);
        let sealed = seal_for(&keys, &SystemRandom, ALERT_ADDRESS, "sam", b"a@b.uk");
        let open = |purpose, owner, sealed| open_for(&keys, purpose, owner, sealed);
        let opened = open(ALERT_ADDRESS, "sam", &sealed);
        assert_eq!(opened.as_deref().map(Vec::as_slice), Some(&b"a@b.uk"[..]));
        assert!(open(ALERT_ADDRESS, "cas", &sealed).is_none());
        assert!(open(b"pledge second factor 1", "sam", &sealed).is_none());
        assert!(open(ALERT_ADDRESS, "sam", &sealed[1..]).is_none());
        assert!(open(ALERT_ADDRESS, "sam", b"short").is_none());
        let other = ServerKeys::generate(&SystemRandom);
        assert!(open_for(&other, ALERT_ADDRESS, "sam", &sealed).is_none());
        assert!(!sealed.windows(4).any(|bytes| bytes == b"a@b."));
    }
}
