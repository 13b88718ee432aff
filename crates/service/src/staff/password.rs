//! Passwords: what one unlocks, how it is asked for again, and how it is changed.

use super::session::{SessionOwner, StaffSession};
use crate::rate_limit::PasswordAsker;
use crate::{ActError, App, withdrawals};
use model::FieldError;
use store::StaffRow;
use vault::passwords::{self, TooWeak};
use vault::seal::Identity;
use vault::server_keys::hmac;
use vault::staff_keys as keys_of;
use vault::staff_keys::{SessionToken, Wrapped};

/// The person has typed their password again, just now. What touches accounts, keys or exports asks for one of these.
pub struct ReauthProof(());

/// What changing a password gave.
pub enum PasswordChange {
    /// Done; the session goes on under this token, and every other one has ended.
    Done(SessionToken),
    /// Something needs mending.
    Mend(Vec<FieldError>),
}

enum Tried {
    Right,
    Wrong,
    Wait,
}

impl App {
    pub(super) fn throttled(&self, what: &str, who: &str) -> [u8; 32] {
        hmac(self.keys.token_key(), format!("{what}\n{who}").as_bytes())
    }

    pub(super) async fn unlock(
        &self,
        name: &str,
        password: &str,
        salt: [u8; 16],
        wrapped: Vec<u8>,
        asker: PasswordAsker,
    ) -> Result<Option<Identity>, ActError> {
        // A text far longer than any password is cut before its key is derived.
        let password: String = password.chars().take(passwords::MAX + 1).collect();
        let (keys, cost) = (self.keys.clone(), self.cost);
        let first = match &asker {
            PasswordAsker::Place(place) => {
                let now = self.clock.unix_seconds();
                !self.limits.has_guessed(*place, now)
            }
            PasswordAsker::Staff(_) => true,
        };
        let key = self
            .password_queue
            .run(asker, first, move || {
                keys_of::password_key(&keys, &password, &salt, cost)
            })
            .await?;
        let key = key.map_err(|_| ActError::Internal("key-derivation"))?;
        Ok(keys_of::unwrap(&key, name, &Wrapped(wrapped)))
    }

    /// Asks for the password again, before anything that touches accounts, keys or exports. Wrong ones make each other
    /// wait, as at sign-in.
    pub async fn prove(
        &self,
        desk: &StaffSession,
        password: &str,
    ) -> Result<Result<ReauthProof, FieldError>, ActError> {
        let wrong = |key| FieldError {
            field: "password",
            key,
        };
        if password.is_empty() {
            return Ok(Err(wrong("error.proof.empty")));
        }
        Ok(match self.is_own_password(&desk.staff, password).await? {
            Tried::Right => Ok(ReauthProof(())),
            Tried::Wrong => Err(wrong("error.proof.wrong")),
            Tried::Wait => Err(wrong("error.proof.wait")),
        })
    }

    async fn is_own_password(&self, staff: &StaffRow, password: &str) -> Result<Tried, ActError> {
        let now = self.clock.unix_seconds();
        let key = self.throttled("proof", &staff.id);
        if self.throttle.begin(key, now) > 0 {
            return Ok(Tried::Wait);
        }
        let unlocked = self
            .unlock(
                &staff.name,
                password,
                staff.salt,
                staff.wrapped.clone(),
                PasswordAsker::Staff(staff.name.clone()),
            )
            .await
            .inspect_err(|_| self.throttle.undone(&key))?;
        if unlocked.is_none() {
            return Ok(Tried::Wrong);
        }
        self.throttle.passed(&key);
        Ok(Tried::Right)
    }

    /// Sets a new password, which wraps the same key. Every other session of the person ends, and this one goes on under
    /// a new token.
    pub async fn change_password<'a>(
        &self,
        who: impl Into<SessionOwner<'a>>,
        old: &str,
        new: &str,
        again: &str,
    ) -> Result<PasswordChange, ActError> {
        let who: SessionOwner = who.into();
        let mut errors = new_password_errors(new, again, &who.staff.name);
        if errors.is_empty() && new == old {
            errors.push(FieldError {
                field: "new",
                key: "error.password.same",
            });
        }
        if !errors.is_empty() {
            return Ok(PasswordChange::Mend(errors));
        }
        let wrong = match self.is_own_password(who.staff, old).await? {
            Tried::Right => None,
            Tried::Wrong => Some("error.password.old"),
            Tried::Wait => Some("error.proof.wait"),
        };
        if let Some(key) = wrong {
            return Ok(PasswordChange::Mend(vec![FieldError { field: "old", key }]));
        }
        let (salt, wrapped) = self
            .wrap_under_password(&who.staff.name, who.identity, new)
            .await?;
        let store = self.by_staff(who.staff, "password");
        let set = store.set_password(&who.staff.id, salt, wrapped, None);
        let mark = withdrawals::mark_of_ended(&who.staff.id, &who.staff.salt);
        self.mark_and_do(mark, true, set, |()| true).await?;
        let token = self
            .begin_session(who.staff, who.identity, who.half)
            .await?;
        Ok(PasswordChange::Done(token))
    }

    /// Wraps an identity under a new password, behind the gate.
    pub(super) async fn wrap_under_password(
        &self,
        name: &str,
        identity: &Identity,
        password: &str,
    ) -> Result<([u8; 16], Vec<u8>), ActError> {
        let (keys, cost, random) = (
            self.keys.clone(),
            self.cost,
            std::sync::Arc::clone(&self.random),
        );
        let (name, identity, password) = (name.to_owned(), identity.clone(), password.to_owned());
        let asker = PasswordAsker::Staff(name.clone());
        let wrapped = self
            .password_queue
            .run(asker, true, move || {
                keys_of::wrap_under_password(&*random, &keys, cost, &name, &identity, &password)
            })
            .await?;
        wrapped
            .map(|(salt, wrapped)| (salt, wrapped.0))
            .map_err(|_| ActError::Internal("key-derivation"))
    }
}

/// What is wrong with a new password, typed twice: fields `new` and `again`.
pub(super) fn new_password_errors(new: &str, again: &str, name: &str) -> Vec<FieldError> {
    let key = match passwords::check(new, name) {
        Ok(()) => None,
        Err(TooWeak::Short) => Some("error.password.short"),
        Err(TooWeak::Long) => Some("error.password.long"),
        Err(TooWeak::Common) => Some("error.password.common"),
    };
    let mut errors: Vec<FieldError> = key
        .map(|key| FieldError { field: "new", key })
        .into_iter()
        .collect();
    if new != again {
        errors.push(FieldError {
            field: "again",
            key: "error.password.again",
        });
    }
    errors
}
