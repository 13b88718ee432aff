//! Signing in and out, and what a session can open.
//!
//! Signing in takes two steps. A password unlocks the person's key and gives a pending session, which opens nothing: it only
//! leads to the next step (choosing a password of one's own, setting up the second factor, typing a code, waiting for
//! keys from a member of the role). What reads or changes anything takes a [`StaffSession`], and only an active session gives one.

use crate::rate_limit::{NetworkBucket, PasswordAsker};
use crate::{ActError, App, withdrawals};
use store::StaffRow;
use vault::second_factor::{self, DIGITS};

pub use super::password::{PasswordChange, ReauthProof};
pub use super::second_factor::SetUp;
pub use super::session::{
    IDLE_SECONDS, LIFE_SECONDS, PENDING_SECONDS, PendingSession, Session, SessionOwner, SignInStep,
    StaffSession,
};
pub use super::throttle::Throttle;
// A caller that asks for a session carries its token and compares its form token; HTTP knows no keys.
pub use vault::second_factor::{STEP_SECONDS, Secret as SecondFactorSecret};
pub use vault::staff_keys::{SessionToken, same};

/// Length of a wrapped identity: nonce, the key in writing, tag.
const WRAPPED: usize = 24 + 74 + 16;

/// What a sign-in, or its second step, gave.
pub enum SignIn {
    /// The step is done; the session shows what comes next.
    Welcome(SessionToken),
    /// Something is wrong; never what.
    Wrong,
    /// Too many tries: the number of seconds to wait.
    Wait(u32),
}

impl App {
    /// Signs in with a name and a password, which unlocks the person's key. While the name has to wait, the right
    /// password with a recovery code is taken all the same, so that no stranger can lock a child's worker out.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        recovery: &str,
        place: Option<NetworkBucket>,
    ) -> Result<SignIn, ActError> {
        let name = name.trim();
        let now = self.clock.unix_seconds();
        let typed = self.throttled("name", name);
        let wait = self.throttle.begin(typed, now);
        if wait > 0 && recovery.trim().is_empty() {
            return Ok(SignIn::Wait(wait));
        }
        // A failure costs the same work, so that time tells nothing: everybody is read, for any name.
        let everybody = self.store.all_staff().await?;
        let staff = everybody
            .into_iter()
            .filter(|staff| staff.has_joined() && !staff.suspended)
            .filter(|staff| !staff.first_is_over(now))
            .find(|staff| staff.name == name);
        let (salt, wrapped) = match &staff {
            Some(staff) => (staff.salt, staff.wrapped.clone()),
            None => ([0; 16], vec![0; WRAPPED]),
        };
        let asker = PasswordAsker::Place(place);
        let unlocked = self.unlock(name, password, salt, wrapped, asker).await;
        let unlocked = unlocked.inspect_err(|_| {
            if wait == 0 {
                self.throttle.undone(&typed);
            }
        })?;
        let (staff, identity) = match (staff, unlocked) {
            (Some(staff), Some(identity)) => (staff, identity),
            (staff, _) => {
                if wait > 0 {
                    self.takes_recovery_code(None, recovery).await?;
                }
                return self.failed_sign_in(staff.as_ref(), place, wait).await;
            }
        };
        let has_code = staff.second_factor.is_some() && !staff.must_change;
        let by_code = Some(&staff).filter(|_| has_code);
        if wait > 0 && !self.takes_recovery_code(by_code, recovery).await? {
            return self.failed_sign_in(Some(&staff), place, wait).await;
        }
        self.throttle.passed(&typed);
        self.store
            .end_old_sessions(now - LIFE_SECONDS, now - IDLE_SECONDS)
            .await?;
        let token = self.begin_session(&staff, &identity, wait == 0).await?;
        Ok(SignIn::Welcome(token))
    }

    // Counts and enters a try that failed, whatever was wrong with it.
    async fn failed_sign_in(
        &self,
        staff: Option<&StaffRow>,
        place: Option<NetworkBucket>,
        wait: u32,
    ) -> Result<SignIn, ActError> {
        let now = self.clock.unix_seconds();
        self.limits.wrong_password(place, now);
        self.audit_failed_sign_in(staff).await?;
        Ok(match wait {
            0 => SignIn::Wrong,
            wait => SignIn::Wait(wait),
        })
    }

    /// The second step: a code of the app, or a recovery code. Each is taken once.
    pub async fn second_step(
        &self,
        half: &PendingSession,
        typed: &str,
    ) -> Result<SignIn, ActError> {
        let staff = &half.staff;
        let (SignInStep::Code, Some(sealed)) = (half.next(), &staff.second_factor) else {
            return Err(ActError::NotNow);
        };
        let now = self.clock.unix_seconds();
        let key = self.throttled("code", &staff.id);
        let wait = self.throttle.begin(key, now);
        if wait > 0 {
            return Ok(SignIn::Wait(wait));
        }
        let code: String = typed.chars().filter(|sign| !sign.is_whitespace()).collect();
        let is_short = code.chars().count() <= DIGITS;
        let taken = if is_short {
            let secret = second_factor::open_secret(&self.keys, &staff.id, sealed)
                .ok_or(ActError::Internal("second-factor-unreadable"))?;
            match secret.step_of(&code, now) {
                Some(step) => self.store.consume_totp_step(&staff.id, step).await?,
                None => false,
            }
        } else {
            self.takes_recovery_code(Some(staff), &code).await?
        };
        if !taken {
            self.audit_failed_sign_in(Some(staff)).await?;
            return Ok(SignIn::Wrong);
        }
        self.throttle.passed(&key);
        self.store.expire_session(&half.token.hash()).await?;
        let token = self.begin_session(staff, &half.identity, false).await?;
        Ok(SignIn::Welcome(token))
    }

    // Takes a recovery code of this person, if it is one of theirs. It is a read and a write whatever was typed, and for
    // nobody too, so that time does not tell whether the password before it was right.
    async fn takes_recovery_code(
        &self,
        staff: Option<&StaffRow>,
        typed: &str,
    ) -> Result<bool, ActError> {
        let hash = |staff: &StaffRow| second_factor::one_time_hash(&self.keys, &staff.id, typed);
        let code = staff.and_then(|staff| Some((staff.id.as_str(), hash(staff)?)));
        let (staff, hash) = code.unwrap_or(("", [0; 32]));
        // Only a code that is theirs gets a mark for a restored backup: a guess writes none.
        let is_theirs = self.store.recovery_codes(staff).await?.contains(&hash);
        let take = self.store.take_recovery_code(staff, hash);
        if !is_theirs {
            return Ok(take.await?);
        }
        let mark = withdrawals::mark_of_ended(staff, &hash);
        // Somebody who took it in between ended it as well.
        self.mark_and_do(mark, true, take, |_| true).await
    }
}
