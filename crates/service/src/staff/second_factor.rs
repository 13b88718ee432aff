//! Setting up the second factor, for the first time or again.

use super::password::ReauthProof;
use super::session::{PendingSession, SessionOwner, SignInStep, StaffSession};
use crate::{ActError, App, withdrawals};
use model::FieldError;
use store::{SecondFactor, StaffRow};
use vault::second_factor::{self, NewSecret, Secret};
use vault::staff_keys::SessionToken;
use vault::tokens;

/// What setting up the second factor gave.
pub enum SetUp {
    /// Done; the session is a whole one under this token. The recovery codes are shown once.
    Done {
        /// The new token.
        token: SessionToken,
        /// The recovery codes.
        codes: Vec<String>,
    },
    /// The code does not fit the secret.
    Mend(FieldError),
    /// The page was open too long, or is not this person's.
    Old,
}

impl App {
    /// How many recovery codes somebody has left.
    pub async fn recovery_codes_left(&self, staff: &StaffRow) -> Result<usize, ActError> {
        Ok(self.store.recovery_codes(&staff.id).await?.len())
    }

    /// A new secret for the second factor, and the sealed field that carries it until a code has proven it.
    pub fn new_second_factor(&self, staff: &StaffRow) -> (Secret, String) {
        let secret = Secret::generate(&*self.random);
        let new = NewSecret {
            staff: staff.id.clone(),
            secret: secret.clone(),
        };
        let now = self.clock.unix_seconds();
        (
            secret,
            tokens::seal_token(&self.keys, &*self.random, now, &new),
        )
    }

    /// The secret of such a field, to show it again; `None` when it is too old or somebody else's.
    pub fn shown_second_factor(&self, staff: &StaffRow, field: &str) -> Option<Secret> {
        let now = self.clock.unix_seconds();
        let shown: NewSecret = tokens::open_token(&self.keys, now, field).ok()?;
        (shown.staff == staff.id).then_some(shown.secret)
    }

    /// Sets up the second factor for the first time.
    pub async fn set_up_second_factor(
        &self,
        half: &PendingSession,
        field: &str,
        code: &str,
    ) -> Result<SetUp, ActError> {
        if half.next() != SignInStep::SetUp {
            return Err(ActError::NotNow);
        }
        self.new_factor(half.into(), field, code).await
    }

    /// Replaces the second factor: another phone, or the recovery codes are used up.
    pub async fn replace_second_factor(
        &self,
        desk: &StaffSession,
        _proved: &ReauthProof,
        field: &str,
        code: &str,
    ) -> Result<SetUp, ActError> {
        self.new_factor(desk.into(), field, code).await
    }

    async fn new_factor(
        &self,
        who: SessionOwner<'_>,
        field: &str,
        code: &str,
    ) -> Result<SetUp, ActError> {
        let staff = who.staff;
        let Some(secret) = self.shown_second_factor(staff, field) else {
            return Ok(SetUp::Old);
        };
        let code: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
        let wrong = |key| Ok(SetUp::Mend(FieldError { field: "code", key }));
        if code.is_empty() {
            return wrong("error.code.empty");
        }
        // The secret is on the page, so guessing a code of it would gain nothing.
        let Some(step) = secret.step_of(&code, self.clock.unix_seconds()) else {
            return wrong("error.code.set-up");
        };
        let codes = second_factor::recovery_codes(&*self.random);
        let new = SecondFactor {
            sealed: second_factor::seal_secret(&self.keys, &*self.random, &staff.id, &secret),
            step,
            recovery: codes
                .iter()
                .filter_map(|code| second_factor::one_time_hash(&self.keys, &staff.id, code))
                .collect(),
        };
        let store = self.by_staff(staff, "second-factor");
        let set = store.set_second_factor(&staff.id, new);
        // Where there was none, a password alone would do again.
        let before = staff.second_factor.as_deref().unwrap_or_default();
        let mark = withdrawals::mark_of_ended(&staff.id, before);
        self.mark_and_do(mark, true, set, |()| true).await?;
        let token = self.begin_session(staff, who.identity, false).await?;
        Ok(SetUp::Done { token, codes })
    }
}
