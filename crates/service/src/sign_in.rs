//! Signing in and out, and what a session can open.
//!
//! Signing in takes two steps. A password unlocks the person's key and gives half a session, which opens nothing: it only
//! leads to the next step (choosing a password of one's own, setting up the second factor, typing a code, waiting to be
//! let in by a member of the role). What reads or changes anything takes a [`StaffSession`], and only a whole session gives one.

use crate::{ActError, App, setup};
use model::FieldError;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use store::{GrantRow, SecondFactor, SessionRow, StaffRow};
use vault::passwords::{self, TooWeak};
use vault::seal::Identity;
use vault::second_factor::{self, DIGITS, NewSecret, Secret};
use vault::server_keys::hmac;
use vault::staff_keys as keys_of;
use vault::staff_keys::{SessionToken, Wrapped};
use vault::tokens;

/// A session ends after so many seconds without use: 15 minutes.
pub const IDLE_SECONDS: i64 = 15 * 60;
/// A session ends after so many seconds at most: 8 hours.
pub const LIFE_SECONDS: i64 = 8 * 60 * 60;
/// Half a session ends after so many seconds at most: 15 minutes, enough to set up an app and write down the codes.
pub const HALF_SECONDS: i64 = 15 * 60;

/// Length of a wrapped identity: nonce, the key in writing, tag.
const WRAPPED: usize = 24 + 74 + 16;

/// Somebody signed in, with their own key in memory for the length of a request.
pub struct StaffSession {
    /// Who.
    pub staff: StaffRow,
    /// The session's token.
    pub token: SessionToken,
    /// What waits in the safety lane, for those who see it.
    pub lane: Option<model::LaneCount>,
    pub(super) grants: Vec<GrantRow>,
    pub(super) identity: Identity,
}

/// Somebody whose password was right and who has not done every step yet.
pub struct PendingSession {
    /// Who.
    pub staff: StaffRow,
    /// The session's token.
    pub token: SessionToken,
    has_typed_code: bool,
    identity: Identity,
}

/// The next step of signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInStep {
    /// Choose a password of one's own.
    Password,
    /// Set up the second factor.
    SetUp,
    /// Type a code.
    Code,
    /// Wait until a member of the role has let them in.
    LetIn,
}

impl PendingSession {
    /// What comes next.
    pub fn next(&self) -> SignInStep {
        match &self.staff {
            staff if staff.must_change => SignInStep::Password,
            staff if staff.second_factor.is_none() => SignInStep::SetUp,
            _ if !self.has_typed_code => SignInStep::Code,
            _ => SignInStep::LetIn,
        }
    }
}

/// A session that is alive.
pub enum Session {
    /// Signed in.
    Whole(StaffSession),
    /// On the way.
    PendingSession(PendingSession),
}

impl Session {
    /// Whose it is.
    pub fn staff(&self) -> &StaffRow {
        match self {
            Session::Whole(desk) => &desk.staff,
            Session::PendingSession(half) => &half.staff,
        }
    }

    /// Its token.
    pub fn token(&self) -> &SessionToken {
        match self {
            Session::Whole(desk) => &desk.token,
            Session::PendingSession(half) => &half.token,
        }
    }
}

/// Who holds a session, whole or half: enough to change what proves who they are.
#[derive(Clone, Copy)]
pub struct SessionOwner<'a> {
    staff: &'a StaffRow,
    identity: &'a Identity,
    half: bool,
}

impl<'a> From<&'a StaffSession> for SessionOwner<'a> {
    fn from(desk: &'a StaffSession) -> SessionOwner<'a> {
        SessionOwner {
            staff: &desk.staff,
            identity: &desk.identity,
            half: false,
        }
    }
}

impl<'a> From<&'a PendingSession> for SessionOwner<'a> {
    fn from(half: &'a PendingSession) -> SessionOwner<'a> {
        SessionOwner {
            staff: &half.staff,
            identity: &half.identity,
            half: true,
        }
    }
}

impl<'a> From<&'a Session> for SessionOwner<'a> {
    fn from(session: &'a Session) -> SessionOwner<'a> {
        match session {
            Session::Whole(desk) => desk.into(),
            Session::PendingSession(half) => half.into(),
        }
    }
}

/// The person has typed their password again, just now. What touches accounts, keys or exports asks for one of these.
pub struct ReauthProof(());

/// What a sign-in, or its second step, gave.
pub enum SignIn {
    /// The step is done; the session shows what comes next.
    Welcome(SessionToken),
    /// Something is wrong; never what.
    Wrong,
    /// Too many tries: look again in so many seconds.
    Wait(u32),
}

/// What changing a password gave.
pub enum PasswordChange {
    /// Done; the session goes on under this token, and every other one has ended.
    Done(SessionToken),
    /// Something needs mending.
    Mend(Vec<FieldError>),
}

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

/// Slows down guessing, per name as typed, known or not: after three wrong tries in a row each further one makes the
/// wait twice as long, up to 15 minutes, and there are never more than ten in 15 minutes. Never for good, or a stranger
/// could lock a child's worker out. A try counts from its beginning, so that many at once are no way around.
#[derive(Default)]
pub struct Throttle(Mutex<HashMap<[u8; 32], Tries>>);

/// The wrong tries at one name.
#[derive(Default)]
struct Tries {
    /// How many there were in a row.
    failures: u32,
    /// The next one may begin at this moment.
    until: i64,
    /// When the last ten of them began.
    times: VecDeque<i64>,
}

impl Tries {
    fn wait_from(&mut self, now: i64) {
        let doublings = self.failures.saturating_sub(3).min(10);
        let pause = if self.failures < 3 {
            0
        } else {
            (1i64 << doublings).min(WINDOW)
        };
        // A second more than the window, because a moment is known to a second.
        let full = self.times.front().filter(|_| self.times.len() == IN_WINDOW);
        self.until = (now + pause).max(full.map_or(0, |first| first + WINDOW + 1));
    }
}

/// Seconds in which there may be [`IN_WINDOW`] wrong tries at most.
const WINDOW: i64 = 15 * 60;
/// Wrong tries within [`WINDOW`].
const IN_WINDOW: usize = 10;
/// Names remembered at most; beyond that the one that was tried longest ago is forgotten. More stretches than this do not
/// get through the gate in 15 minutes.
const THROTTLED: usize = 50_000;

impl Throttle {
    /// Begins a try, which counts as wrong until [`Throttle::passed`] or [`Throttle::undone`]; or says how many seconds
    /// to wait, and counts nothing.
    fn begin(&self, name: [u8; 32], now: i64) -> u32 {
        let mut all = self.lock();
        let until = all.get(&name).map_or(0, |tries| tries.until);
        // A clock that was put back does not make anybody wait longer.
        if now < until && until - now <= WINDOW + 1 {
            return u32::try_from(until - now).unwrap_or(0);
        }
        if all.len() >= THROTTLED && !all.contains_key(&name) {
            let oldest = all
                .iter()
                .min_by_key(|(_, tries)| tries.times.back().copied())
                .map(|(name, _)| *name);
            oldest.map(|oldest| all.remove(&oldest));
        }
        let tries = all.entry(name).or_default();
        tries.failures = tries.failures.saturating_add(1);
        if tries.times.len() == IN_WINDOW {
            tries.times.pop_front();
        }
        tries.times.push_back(now);
        tries.wait_from(now);
        0
    }

    /// The try that was begun last was none: it could not be finished.
    fn undone(&self, name: &[u8; 32]) {
        if let Some(tries) = self.lock().get_mut(name) {
            tries.failures = tries.failures.saturating_sub(1);
            tries.times.pop_back();
            let last = tries.times.back().copied().unwrap_or_default();
            tries.wait_from(last);
        }
    }

    fn passed(&self, name: &[u8; 32]) {
        self.lock().remove(name);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Tries>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Signs in with a name and a password, which unlocks the person's key. While the name has to wait, the right
    /// password with a recovery code is taken all the same, so that no stranger can lock a child's worker out.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        recovery: &str,
    ) -> Result<SignIn, ActError> {
        let name = name.trim();
        let now = self.clock.unix_seconds();
        let typed = self.throttled("name", name);
        let wait = self.throttle.begin(typed, now);
        if wait > 0 && recovery.trim().is_empty() {
            return Ok(SignIn::Wait(wait));
        }
        // Whoever cannot sign in costs the same work, so that time tells nothing: everybody is read, whoever is asked for.
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
        let unlocked = self.unlock(name, password, salt, wrapped).await;
        let unlocked = unlocked.inspect_err(|_| {
            if wait == 0 {
                self.throttle.undone(&typed);
            }
        })?;
        let Some((staff, identity)) = staff.clone().zip(unlocked) else {
            if wait > 0 {
                return Ok(SignIn::Wait(wait));
            }
            self.enter_failed_sign_in(staff.as_ref()).await?;
            return Ok(SignIn::Wrong);
        };
        let has_code = wait > 0 && staff.second_factor.is_some() && !staff.must_change;
        if wait > 0 && !(has_code && self.takes_recovery_code(&staff, recovery).await?) {
            return Ok(SignIn::Wait(wait));
        }
        self.throttle.passed(&typed);
        self.store
            .end_old_sessions(now - LIFE_SECONDS, now - IDLE_SECONDS)
            .await?;
        let token = self.begin_session(&staff, &identity, wait == 0).await?;
        Ok(SignIn::Welcome(token))
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
            let secret = second_factor::open(&self.keys, &staff.id, sealed)
                .ok_or(ActError::Internal("second-factor-unreadable"))?;
            match secret.step_of(&code, now) {
                Some(step) => self.store.consume_totp_step(&staff.id, step).await?,
                None => false,
            }
        } else {
            self.takes_recovery_code(staff, &code).await?
        };
        if !taken {
            self.enter_failed_sign_in(Some(staff)).await?;
            return Ok(SignIn::Wrong);
        }
        self.throttle.passed(&key);
        self.store.expire_session(&half.token.hash()).await?;
        let token = self.begin_session(staff, &half.identity, false).await?;
        Ok(SignIn::Welcome(token))
    }

    async fn takes_recovery_code(&self, staff: &StaffRow, typed: &str) -> Result<bool, ActError> {
        match second_factor::one_time_hash(&self.keys, &staff.id, typed) {
            Some(hash) => Ok(self.store.take_recovery_code(&staff.id, hash).await?),
            None => Ok(false),
        }
    }

    /// Begins a session of somebody whose key is open.
    pub(super) async fn begin_session(
        &self,
        staff: &StaffRow,
        identity: &Identity,
        half: bool,
    ) -> Result<SessionToken, ActError> {
        let now = self.clock.unix_seconds();
        let token = SessionToken::generate(&*self.random);
        let wrapped = keys_of::wrap(&*self.random, &token.wrapping_key(), &staff.id, identity).0;
        let row = SessionRow {
            hash: token.hash(),
            staff: staff.id.clone(),
            wrapped,
            began: now,
            seen: now,
            half,
        };
        // With a second factor, half a session is no sign-in yet.
        let action = if half { "password-taken" } else { "sign-in" };
        self.by_staff(staff, action).add_session(row).await?;
        Ok(token)
    }

    fn throttled(&self, what: &str, who: &str) -> [u8; 32] {
        hmac(self.keys.token_key(), format!("{what}\n{who}").as_bytes())
    }

    async fn unlock(
        &self,
        name: &str,
        password: &str,
        salt: [u8; 16],
        wrapped: Vec<u8>,
    ) -> Result<Option<Identity>, ActError> {
        // A text far longer than any password is not stretched as it is.
        let password: String = password.chars().take(passwords::MAX + 1).collect();
        let (keys, cost) = (self.keys.clone(), self.cost);
        let key = self
            .gate
            .run(move || keys_of::password_key(&keys, &password, &salt, cost))
            .await?;
        let key = key.map_err(|_| ActError::Internal("stretch"))?;
        Ok(keys_of::unwrap(&key, name, &Wrapped(wrapped)))
    }

    /// The session of a cookie's token, if it is alive.
    pub async fn session(&self, token: SessionToken) -> Result<Option<Session>, ActError> {
        let now = self.clock.unix_seconds();
        let hash = token.hash();
        let Some(row) = self.store.session(&hash).await? else {
            return Ok(None);
        };
        let life = if row.half { HALF_SECONDS } else { LIFE_SECONDS };
        if now - row.began > life || now - row.seen > IDLE_SECONDS || now < row.began {
            self.store.expire_session(&hash).await?;
            return Ok(None);
        }
        let Some(staff) = self.store.staff(&row.staff).await? else {
            return Ok(None);
        };
        if staff.suspended {
            return Ok(None);
        }
        let Some(identity) =
            keys_of::unwrap(&token.wrapping_key(), &staff.id, &Wrapped(row.wrapped))
        else {
            return Ok(None);
        };
        // A minute's grain is enough, and spares a commit for every page.
        if now - row.seen >= 60 {
            self.store.touch_session(&hash, now).await?;
        }
        let grants = self.store.grants(&staff.id).await?;
        Ok(Some(
            if row.half || !self.recipients().has_current_keys(&staff, &grants) {
                Session::PendingSession(PendingSession {
                    staff,
                    token,
                    has_typed_code: !row.half,
                    identity,
                })
            } else {
                Session::Whole(StaffSession {
                    staff,
                    token,
                    lane: None,
                    grants,
                    identity,
                })
            },
        ))
    }

    /// Signs out.
    pub async fn sign_out(&self, session: &Session) -> Result<(), ActError> {
        let store = self.by_staff(session.staff(), "sign-out");
        Ok(store.end_session(&session.token().hash()).await?)
    }

    /// A person's own sessions, the newest first.
    pub async fn own_sessions(
        &self,
        desk: &StaffSession,
    ) -> Result<Vec<model::OwnSession>, ActError> {
        let now = self.clock.unix_seconds();
        let minutes = |since: i64| (now - since).max(0) / 60;
        let mut rows = self.store.sessions_of(&desk.staff.id).await?;
        // Those that have ended by time are only tidied away at the next sign-in.
        rows.retain(|row| now - row.began <= LIFE_SECONDS && now - row.seen <= IDLE_SECONDS);
        let this = desk.token.hash();
        Ok(rows
            .into_iter()
            .map(|row| model::OwnSession {
                id: hex(&row.hash),
                began_minutes: minutes(row.began),
                seen_minutes: minutes(row.seen),
                this: row.hash == this,
                half: row.half,
            })
            .collect())
    }

    /// Ends one of a person's own sessions. One that is not theirs is not found.
    pub async fn end_own_session(&self, desk: &StaffSession, id: &str) -> Result<(), ActError> {
        let rows = self.store.sessions_of(&desk.staff.id).await?;
        let row = rows.iter().find(|row| hex(&row.hash) == id);
        let row = row.ok_or(ActError::NotFound)?;
        let store = self.by(desk, "end-session", None);
        Ok(store.end_session(&row.hash).await?)
    }

    /// Ends every session of a person but this one.
    pub async fn end_other_sessions(&self, desk: &StaffSession) -> Result<(), ActError> {
        let keep = Some(desk.token.hash());
        let store = self.by(desk, "end-sessions", None);
        Ok(store.end_sessions_of(&desk.staff.id, keep).await?)
    }

    /// The role keys that this person can open.
    pub async fn role_keys(&self, desk: &StaffSession) -> Result<Vec<Identity>, ActError> {
        let open = |grant: &GrantRow| {
            keys_of::open_grant(&*self.sealer, &grant.sealed, &desk.identity).ok()
        };
        Ok(desk.grants.iter().filter_map(open).collect())
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
            .unlock(&staff.name, password, staff.salt, staff.wrapped.clone())
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
        self.by_staff(who.staff, "password")
            .set_password(&who.staff.id, salt, wrapped, None)
            .await?;
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
        self.gate
            .run(move || {
                setup::wrap_under_password(&*random, &keys, cost, &name, &identity, &password)
            })
            .await?
    }

    /// A new secret for the second factor, and the sealed field that carries it until a code has proven it.
    pub fn new_second_factor(&self, staff: &StaffRow) -> (Secret, String) {
        let secret = Secret::generate(&*self.random);
        let new = NewSecret {
            staff: staff.id.clone(),
            secret: secret.clone(),
        };
        let now = self.clock.unix_seconds();
        (secret, tokens::seal(&self.keys, &*self.random, now, &new))
    }

    /// The secret of such a field, to show it again; `None` when it is too old or somebody else's.
    pub fn shown_second_factor(&self, staff: &StaffRow, field: &str) -> Option<Secret> {
        let now = self.clock.unix_seconds();
        let shown: NewSecret = tokens::open(&self.keys, now, field).ok()?;
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

    /// Sets up the second factor anew: another phone, or the recovery codes are used up.
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
            sealed: second_factor::seal(&self.keys, &*self.random, &staff.id, &secret),
            step,
            recovery: codes
                .iter()
                .filter_map(|code| second_factor::one_time_hash(&self.keys, &staff.id, code))
                .collect(),
        };
        self.by_staff(staff, "second-factor")
            .set_second_factor(&staff.id, new)
            .await?;
        let token = self.begin_session(staff, who.identity, false).await?;
        Ok(SetUp::Done { token, codes })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

enum Tried {
    Right,
    Wrong,
    Wait,
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

#[cfg(test)]
mod tests {
    use super::*;

    // Tries as often as it can for so long, one second after the other, and says when it was let.
    fn tried(throttle: &Throttle, name: [u8; 32], from: i64, seconds: i64) -> Vec<i64> {
        (from..from + seconds)
            .filter(|now| throttle.begin(name, *now) == 0)
            .collect()
    }

    fn most_in_a_window(times: &[i64]) -> usize {
        let within = |first: &i64| {
            let next = times.iter().filter(|time| **time >= *first);
            next.filter(|time| **time - first <= WINDOW).count()
        };
        times.iter().map(within).max().unwrap_or_default()
    }

    #[test]
    fn waits_grow_and_there_are_never_more_than_ten_tries_in_15_minutes() {
        let (throttle, name) = (Throttle::default(), [1; 32]);
        let times = tried(&throttle, name, 100, 24 * 60 * 60);
        assert_eq!(times[..7], [100, 101, 102, 103, 105, 109, 117]);
        assert_eq!(most_in_a_window(&times), IN_WINDOW, "{times:?}");
        // A control: without the count of a window there were more, so the test sees them.
        let mut doubled = vec![100];
        for failures in 1..30u32 {
            let pause = if failures < 3 {
                1
            } else {
                1 << (failures - 3).min(10)
            };
            doubled.push(doubled[doubled.len() - 1] + i64::min(pause, WINDOW));
        }
        assert!(most_in_a_window(&doubled) > IN_WINDOW, "{doubled:?}");
        // Never for good: whoever waits gets a try every quarter of an hour, for as long as it goes on.
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] <= WINDOW));
        assert_eq!(throttle.begin([2; 32], 100), 0, "another name");
        throttle.passed(&name);
        assert_eq!(tried(&throttle, name, 200_000, 3).len(), 3);
    }

    #[test]
    fn many_tries_at_once_count_from_their_beginning() {
        let (throttle, name) = (Throttle::default(), [1; 32]);
        let grant_keys = (0..50).filter(|_| throttle.begin(name, 100) == 0).count();
        assert_eq!(grant_keys, 3);
        // One that could not be finished counts for nothing.
        throttle.undone(&name);
        assert_eq!(throttle.begin(name, 100), 0);
        assert_eq!(throttle.begin(name, 100), 1);
        // A clock that was put back.
        assert_eq!(throttle.begin(name, -1_000_000), 0);
    }

    #[test]
    fn names_are_forgotten_in_the_order_of_their_last_try() {
        let throttle = Throttle::default();
        for number in 0..=THROTTLED {
            let mut name = [0; 32];
            name[..8].copy_from_slice(&number.to_be_bytes());
            throttle.begin(name, i64::try_from(number).unwrap());
        }
        let all = throttle.lock();
        assert_eq!(all.len(), THROTTLED);
        assert!(!all.contains_key(&[0; 32]));
    }
}
