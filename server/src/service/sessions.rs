//! Signing in and out, and what a session can open.

use super::{ActError, Pledge, staff};
use crate::store::audit::Entry;
use crate::store::{SessionRow, StaffRow};
use crate::vault::seal::Identity;
use crate::vault::server_keys::hmac;
use crate::vault::staff as keys_of;
use crate::vault::staff::{PASSWORD_MAX, PASSWORD_MIN, SessionToken, Wrapped};
use app::model::FieldError;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// A session ends after so many seconds without use: 15 minutes.
pub const IDLE_SECONDS: i64 = 15 * 60;
/// A session ends after so many seconds at most: 8 hours.
pub const LIFE_SECONDS: i64 = 8 * 60 * 60;

/// Somebody signed in, with their own key in memory for the length of a request.
pub struct Desk {
    /// Who.
    pub staff: StaffRow,
    /// The session's token.
    pub token: SessionToken,
    /// What waits in the safety lane, for those who see it.
    pub lane: Option<app::model::LaneCount>,
    identity: Identity,
}

/// What a sign-in gave.
pub enum SignIn {
    /// Signed in.
    Welcome(SessionToken),
    /// Name or password is wrong; never which.
    Wrong,
    /// Too many tries: look again in so many seconds.
    Wait(u32),
}

/// Slows down guessing, per name as typed, known or not: after three wrong tries in a row each further one makes the
/// wait twice as long, up to 15 minutes. Never for good, or a stranger could lock a child's worker out.
#[derive(Default)]
pub struct Throttle(Mutex<HashMap<[u8; 32], (u32, i64)>>);

/// Names remembered at most; beyond that the oldest waits are forgotten first.
const THROTTLED: usize = 10_000;

impl Throttle {
    fn wait(&self, name: &[u8; 32], now: i64) -> u32 {
        let tries = self.lock();
        let until = tries.get(name).map_or(0, |(_, until)| *until);
        u32::try_from(until - now).unwrap_or(0)
    }

    fn failed(&self, name: [u8; 32], now: i64) {
        let mut tries = self.lock();
        if tries.len() >= THROTTLED {
            tries.retain(|_, (_, until)| *until > now);
        }
        if tries.len() < THROTTLED {
            let (failures, until) = tries.entry(name).or_default();
            *failures += 1;
            let doublings = failures.saturating_sub(3).min(10);
            *until = if *failures < 3 {
                0
            } else {
                now + (1i64 << doublings).min(15 * 60)
            };
        }
    }

    fn passed(&self, name: &[u8; 32]) {
        self.lock().remove(name);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], (u32, i64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pledge {
    /// Signs in with a name and a password, which unlocks the person's key.
    pub async fn sign_in(&self, name: &str, password: &str) -> Result<SignIn, ActError> {
        let now = self.clock.unix_seconds();
        let typed = hmac(self.keys.token_key(), name.trim().as_bytes());
        let wait = self.throttle.wait(&typed, now);
        if wait > 0 {
            return Ok(SignIn::Wait(wait));
        }
        let staff = self.store.staff_by_name(name.trim()).await?;
        // An unknown name costs the same stretch, so that time tells nothing.
        let salt = staff.as_ref().map_or([0; 16], |staff| staff.salt);
        let identity = match self
            .unlock(name.trim(), password, salt, staff.as_ref())
            .await?
        {
            Some(identity) => identity,
            None => {
                self.throttle.failed(typed, now);
                self.enter_failed_sign_in(staff.as_ref()).await?;
                return Ok(SignIn::Wrong);
            }
        };
        let Some(staff) = staff else {
            return Ok(SignIn::Wrong);
        };
        self.throttle.passed(&typed);
        self.store
            .end_old_sessions(now - LIFE_SECONDS, now - IDLE_SECONDS)
            .await?;
        let token = SessionToken::generate(&*self.random);
        let wrapped = keys_of::wrap(&*self.random, &token.wrapping_key(), &staff.id, &identity).0;
        let entry = Entry {
            at: now,
            actor: Some(staff.id.clone()),
            role: Some(staff.role),
            action: "sign-in",
            object: None,
            reason: false,
        };
        let row = SessionRow {
            hash: token.hash(),
            staff: staff.id,
            wrapped,
            began: now,
            seen: now,
        };
        self.store.by(entry).add_session(row).await?;
        Ok(SignIn::Welcome(token))
    }

    async fn unlock(
        &self,
        name: &str,
        password: &str,
        salt: [u8; 16],
        staff: Option<&StaffRow>,
    ) -> Result<Option<Identity>, ActError> {
        // A text far longer than any password is not stretched as it is.
        let password: String = password.chars().take(PASSWORD_MAX + 1).collect();
        let (keys, cost) = (self.keys.clone(), self.cost);
        let key = self
            .gate
            .run(move || keys_of::password_key(&keys, &password, &salt, cost))
            .await?;
        let key = key.map_err(|_| ActError::Internal("stretch"))?;
        Ok(staff.and_then(|staff| keys_of::unwrap(&key, name, &Wrapped(staff.wrapped.clone()))))
    }

    /// The session of a cookie's token, if it is alive.
    pub async fn session(&self, token: SessionToken) -> Result<Option<Desk>, ActError> {
        let now = self.clock.unix_seconds();
        let hash = token.hash();
        let Some(row) = self.store.session(&hash).await? else {
            return Ok(None);
        };
        if now - row.began > LIFE_SECONDS || now - row.seen > IDLE_SECONDS || now < row.began {
            self.store.end_session(&hash).await?;
            return Ok(None);
        }
        let Some(staff) = self.store.staff(&row.staff).await? else {
            return Ok(None);
        };
        let Some(identity) =
            keys_of::unwrap(&token.wrapping_key(), &staff.id, &Wrapped(row.wrapped))
        else {
            return Ok(None);
        };
        // A minute's grain is enough, and spares a commit for every page.
        if now - row.seen >= 60 {
            self.store.touch_session(&hash, now).await?;
        }
        Ok(Some(Desk {
            staff,
            token,
            lane: None,
            identity,
        }))
    }

    /// Signs out.
    pub async fn sign_out(&self, desk: &Desk) -> Result<(), ActError> {
        let store = self.by(desk, "sign-out", None);
        Ok(store.end_session(&desk.token.hash()).await?)
    }

    /// The role keys that this person can open.
    pub async fn role_keys(&self, desk: &Desk) -> Result<Vec<Identity>, ActError> {
        let grants = self.store.grants(&desk.staff.id).await?;
        let open = |grant: crate::store::GrantRow| {
            keys_of::open_grant(&*self.sealer, &grant.sealed, &desk.identity).ok()
        };
        Ok(grants.into_iter().filter_map(open).collect())
    }

    /// Sets a new password, which wraps the same key; ends the person's other sessions.
    pub async fn change_password(
        &self,
        desk: &Desk,
        old: &str,
        new: &str,
        again: &str,
    ) -> Result<Vec<FieldError>, ActError> {
        let mut errors = Vec::new();
        let length = new.chars().count();
        if length < PASSWORD_MIN {
            errors.push(FieldError {
                field: "new",
                key: "error.password.short",
            });
        } else if length > PASSWORD_MAX {
            errors.push(FieldError {
                field: "new",
                key: "error.password.long",
            });
        } else if is_common(new, &desk.staff.name) {
            errors.push(FieldError {
                field: "new",
                key: "error.password.common",
            });
        } else if new == old {
            errors.push(FieldError {
                field: "new",
                key: "error.password.same",
            });
        }
        if new != again {
            errors.push(FieldError {
                field: "again",
                key: "error.password.again",
            });
        }
        if !errors.is_empty() {
            return Ok(errors);
        }
        let staff = &desk.staff;
        if self
            .unlock(&staff.name, old, staff.salt, Some(staff))
            .await?
            .is_none()
        {
            return Ok(vec![FieldError {
                field: "old",
                key: "error.password.old",
            }]);
        }
        let (keys, cost, random) = (
            self.keys.clone(),
            self.cost,
            std::sync::Arc::clone(&self.random),
        );
        let (name, identity, password) =
            (staff.name.clone(), desk.identity.clone(), new.to_owned());
        let wrapped = self
            .gate
            .run(move || {
                staff::wrap_under_password(&*random, &keys, cost, &name, &identity, &password)
            })
            .await?;
        let (salt, wrapped) = wrapped?;
        self.by(desk, "password", None)
            .set_password(&staff.id, salt, wrapped, Some(desk.token.hash()))
            .await?;
        Ok(Vec::new())
    }
}

// A long password that anybody would try: one sign over and over, a row of the keyboard, or the person's own name.
fn is_common(password: &str, name: &str) -> bool {
    let lower = password.to_lowercase();
    let distinct = lower
        .chars()
        .collect::<std::collections::HashSet<_>>()
        .len();
    let name = name.to_lowercase();
    let without_name = lower.replace(&name, "");
    let rows = [
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "1234567890",
        "passwordpassword",
        "abcdefghijklm",
    ];
    distinct < 6
        || without_name.chars().count() < 8
        || rows.iter().any(|row| lower.starts_with(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_passwords_are_refused() {
        for bad in [
            "aaaaaaaaaaaaaaaa",
            "qwertyuiop12345678",
            "PasswordPassword1",
            "ada lovelace 12",
        ] {
            assert!(is_common(bad, "Ada Lovelace"), "{bad}");
        }
        assert!(!is_common("three boats under a green hill", "Ada Lovelace"));
    }

    #[test]
    fn waits_grow_and_end() {
        let (throttle, name) = (Throttle::default(), [1; 32]);
        let mut waits = Vec::new();
        for _ in 0..16 {
            throttle.failed(name, 100);
            waits.push(throttle.wait(&name, 100));
        }
        assert_eq!(waits[..6], [0, 0, 1, 2, 4, 8]);
        assert_eq!(waits.last(), Some(&900));
        assert_eq!(throttle.wait(&name, 1_000), 0);
        assert_eq!(throttle.wait(&[2; 32], 100), 0);
        throttle.passed(&name);
        assert_eq!(throttle.wait(&name, 100), 0);
    }
}
