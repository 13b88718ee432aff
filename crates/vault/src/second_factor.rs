//! The second proof at sign-in: one-time codes (RFC 6238: SHA-1, 30 seconds, 6 digits) and printed recovery codes.

use crate::random::{self, Random};
use crate::server_keys::ServerKeys;
use crate::server_sealed::{open_for, seal_for};
use crate::staff_keys::same;
use crate::tokens::Token;
use serde::{Deserialize, Serialize};
use totp_rs::Algorithm;
use zeroize::{Zeroize, Zeroizing};

/// Seconds a code stands for.
pub const STEP_SECONDS: i64 = 30;
/// Digits of a code.
pub const DIGITS: usize = 6;
/// Recovery codes given out at a time.
pub const RECOVERY_CODES: usize = 10;
/// Signs of a recovery code: 24 of 5 bits each, 120 bits.
const RECOVERY_SIGNS: usize = 24;
/// What a secret is sealed for.
const PURPOSE: &[u8] = b"pledge second factor 1";
/// Signs of a secret: 32 of 5 bits each, 160 bits.
const SECRET_SIGNS: usize = 32;

/// The secret that an authenticator app and the server share: 160 bits.
#[derive(Clone, Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
pub struct Secret([u8; 20]);

impl Secret {
    /// A new secret.
    pub fn generate(random: &dyn Random) -> Secret {
        Secret(random::bytes(random))
    }

    /// Reads a secret as it is shown: base32, with or without blanks.
    pub fn from_base32(text: &str) -> Option<Secret> {
        let signs = Zeroizing::new(signs(text));
        let secret = totp_rs::Secret::try_from_base32(signs.as_str()).ok()?;
        // Of a longer text the decoder would drop the bits that fill no byte.
        let bytes = secret.as_bytes().try_into().ok()?;
        (signs.len() == SECRET_SIGNS).then_some(Secret(bytes))
    }

    /// The secret in base32, in groups of four, to be typed into an app.
    pub fn groups(&self) -> String {
        grouped(&base32(&self.0))
    }

    /// The address that an authenticator app on the same device opens. `name` is whose account it is.
    pub fn address(&self, name: &str) -> String {
        let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
        // Apps want a blank as %20.
        let name = name.replace('+', "%20");
        let secret = base32(&self.0);
        format!(
            "otpauth://totp/Pledge:{name}?secret={secret}&issuer=Pledge&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
        )
    }

    /// The code of a step. Steps before 1970 have that of step 0.
    pub fn code(&self, step: i64) -> String {
        let seconds = u64::try_from(step.saturating_mul(STEP_SECONDS)).unwrap_or(0);
        // Not with the checks of `build`: every value is a constant that they pass.
        let totp = totp_rs::Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(30)
            .with_secret(totp_rs::Secret::new_stack(self.0))
            .build_noncompliant();
        totp.generate(seconds).to_string()
    }

    /// The step a typed code belongs to, if it is this moment's or one step to either side. All three are compared
    /// whatever the first gave.
    pub fn step_of(&self, typed: &str, now: i64) -> Option<i64> {
        let here = now.div_euclid(STEP_SECONDS);
        let mut found = None;
        for step in [here + 1, here, here - 1] {
            if same(&self.code(step), typed) {
                found = Some(step);
            }
        }
        found
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// A secret that is shown and not yet proven, carried by the form as a sealed field.
#[derive(Serialize, Deserialize)]
pub struct NewSecret {
    /// Whose it will be.
    pub staff: String,
    /// The secret.
    pub secret: Secret,
}

impl Token for NewSecret {
    const KIND: &'static [u8] = b"pledge new second factor 1";
    const SECONDS: i64 = 15 * 60;
}

/// Seals a secret for the database, under a key that is not in it.
pub fn seal_secret(
    keys: &ServerKeys,
    random: &dyn Random,
    staff: &str,
    secret: &Secret,
) -> Vec<u8> {
    seal_for(keys, random, PURPOSE, staff, &secret.0)
}

/// Opens a secret of the database; `None` if it is not this person's, or damaged.
pub fn open_secret(keys: &ServerKeys, staff: &str, sealed: &[u8]) -> Option<Secret> {
    let plain = open_for(keys, PURPOSE, staff, sealed)?;
    Some(Secret(plain.as_slice().try_into().ok()?))
}

/// New recovery codes, to be printed once.
pub fn recovery_codes(random: &dyn Random) -> Vec<String> {
    (0..RECOVERY_CODES).map(|_| one_time(random)).collect()
}

/// A code of 120 random bits in groups of four: a recovery code, or an invitation.
pub fn one_time(random: &dyn Random) -> String {
    let bytes: Zeroizing<[u8; 15]> = Zeroizing::new(random::bytes(random));
    grouped(&base32(&*bytes)).replace(' ', "-").to_lowercase()
}

/// What the database keeps of such a code. `None` if the text cannot be one. With 120 bits in it a plain HMAC is enough:
/// nobody can try them all, not even with the key.
pub fn one_time_hash(keys: &ServerKeys, purpose: &str, typed: &str) -> Option<[u8; 32]> {
    let signs = signs(&typed.replace('-', ""));
    let whole = signs.len() == RECOVERY_SIGNS && totp_rs::Secret::try_from_base32(&signs).is_ok();
    whole.then(|| keys.tag(format!("pledge one-time code 1\n{purpose}\n{signs}").as_bytes()))
}

fn grouped(text: &str) -> String {
    let groups: Vec<&str> = text
        .as_bytes()
        .chunks(4)
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(" ")
}

/// A typed text in base32 as the decoder takes it: without blanks, in capitals.
fn signs(typed: &str) -> String {
    typed
        .chars()
        .filter(|sign| !sign.is_whitespace())
        .map(|sign| sign.to_ascii_uppercase())
        .collect()
}

// Every length used here is a multiple of five bytes, so there is no padding.
fn base32(bytes: &[u8]) -> String {
    totp_rs::Secret::new(bytes.into()).to_base32()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    const RFC: &[u8; 20] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = Secret(*RFC);
        // RFC 6238, appendix B, SHA-1: all eight digits there, of which a code is the last six.
        for (seconds, digits) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000i64, 65_353_130),
        ] {
            let code = format!("{:06}", digits % 1_000_000);
            assert_eq!(secret.code(seconds / STEP_SECONDS), code);
        }
        // RFC 4226, appendix D.
        for (step, code) in ["755224", "287082", "359152", "969429", "338314"]
            .into_iter()
            .enumerate()
        {
            assert_eq!(secret.code(i64::try_from(step).unwrap()), code);
        }
    }

    #[test]
    fn a_code_is_good_for_its_step_and_one_to_either_side() {
        let secret = Secret(*RFC);
        let now = 1_234_567_890;
        let here = now / STEP_SECONDS;
        for (step, taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let code = secret.code(here + step);
            assert_eq!(secret.step_of(&code, now), taken.then_some(here + step));
        }
        for bad in ["", "12345", "1234567", "abcdef", "é"] {
            assert_eq!(secret.step_of(bad, now), None);
        }
    }

    #[test]
    fn a_secret_survives_being_shown() {
        // RFC 4648, section 10, lengthened to whole groups.
        assert_eq!(base32(b"fooba"), "MZXW6YTB");
        let secret = Secret::generate(&SystemRandom);
        assert_eq!(secret.groups().len(), 39);
        let again = Secret::from_base32(&secret.groups().to_lowercase()).unwrap();
        assert_eq!(again.0, secret.0);
        for bad in [
            "",
            "AAAA",
            "0000 0000 0000 0000 0000 0000 0000 0000",
            "AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAA=",
            &"A".repeat(33),
            &"A".repeat(40),
            &"é".repeat(16),
        ] {
            assert!(Secret::from_base32(bad).is_none(), "{bad}");
        }
        assert!(
            secret
                .address("Ann Bee")
                .starts_with("otpauth://totp/Pledge:Ann%20Bee?secret=")
        );
        assert!(!format!("{secret:?}").contains(&base32(&secret.0)));
    }

    #[test]
    fn a_sealed_secret_opens_with_the_server_key_for_its_person_alone() {
        let keys = ServerKeys::generate(&SystemRandom);
        let secret = Secret::generate(&SystemRandom);
        let sealed = seal_secret(&keys, &SystemRandom, "ada", &secret);
        assert!(!sealed.windows(20).any(|window| window == secret.0));
        assert_eq!(
            open_secret(&keys, "ada", &sealed).map(|s| s.0),
            Some(secret.0)
        );
        assert!(open_secret(&keys, "bob", &sealed).is_none());
        assert!(open_secret(&ServerKeys::generate(&SystemRandom), "ada", &sealed).is_none());
        assert!(open_secret(&keys, "ada", &sealed[..20]).is_none());
    }

    #[test]
    fn recovery_codes_are_long_and_forgive_how_they_are_typed() {
        let keys = ServerKeys::generate(&SystemRandom);
        let codes = recovery_codes(&SystemRandom);
        assert_eq!(codes.len(), RECOVERY_CODES);
        let hash = |purpose: &str, typed: &str| one_time_hash(&keys, purpose, typed);
        let code = &codes[0];
        assert_eq!(code.len(), 29);
        let typed = format!(" {} ", code.to_uppercase().replace('-', " "));
        assert_eq!(hash("ada", code), hash("ada", &typed));
        assert!(hash("ada", code).is_some());
        assert_ne!(hash("ada", code), hash("bob", code));
        assert_ne!(hash("ada", code), hash("ada", &codes[1]));
        for bad in [
            "",
            "abcd",
            &"é".repeat(12),
            &"1".repeat(24),
            &format!("{}=", "A".repeat(23)),
        ] {
            assert_eq!(hash("ada", bad), None);
        }
    }
}
