//! Derives keys from what people know (six words, a password): Argon2id.

use zeroize::Zeroizing;

/// How much work one key derivation costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Params {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
}

impl Argon2Params {
    /// 64 MiB, three passes: the cost in use.
    pub const FULL: Argon2Params = Argon2Params {
        memory_kib: 64 * 1024,
        passes: 3,
    };
}

/// Argon2id of a secret, 64 bytes. `pepper` may be empty.
pub fn argon2id(
    secret: &[u8],
    salt: &[u8],
    pepper: &[u8],
    cost: Argon2Params,
) -> Result<Zeroizing<[u8; 64]>, argon2::Error> {
    let params = argon2::Params::new(cost.memory_kib, cost.passes, 1, Some(64))?;
    let argon = if pepper.is_empty() {
        argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
    } else {
        argon2::Argon2::new_with_secret(
            pepper,
            argon2::Algorithm::Argon2id,
            argon2::Version::V0x13,
            params,
        )?
    };
    let mut out = Zeroizing::new([0; 64]);
    argon.hash_password_into(secret, salt, &mut *out)?;
    Ok(out)
}
