//! Sessions: what a cookie's token opens, active or pending, and their ends. How one begins stands in
//! [`super::sign_in`].

use crate::openings::DeskKeys;
use crate::{ActError, App};
use store::{GrantRow, SessionRow, StaffRow};
use vault::seal::Identity;
use vault::staff_keys as keys_of;
use vault::staff_keys::{SessionToken, Wrapped};

/// Seconds without use after which a session ends: 15 minutes.
pub const IDLE_SECONDS: i64 = 15 * 60;

/// Seconds after which a session ends at the latest: 8 hours.
pub const LIFE_SECONDS: i64 = 8 * 60 * 60;

/// Seconds after which a pending session ends at the latest: 15 minutes, enough to set up an app and write down the codes.
pub const PENDING_SECONDS: i64 = 15 * 60;

/// Somebody signed in, with their own key in memory for the length of a request.
pub struct StaffSession {
    /// Who.
    pub staff: StaffRow,
    /// The session's token.
    pub token: SessionToken,
    /// Sealed, for the forms of their pages: whose they are ([`App::owner_of_form`]).
    pub form_owner: String,
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
    pub(super) has_typed_code: bool,
    pub(super) identity: Identity,
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
    /// Wait until a member of the role has granted them keys.
    WaitForKeys,
}

impl PendingSession {
    /// What comes next.
    pub fn next(&self) -> SignInStep {
        match &self.staff {
            staff if staff.must_change => SignInStep::Password,
            staff if staff.second_factor.is_none() => SignInStep::SetUp,
            _ if !self.has_typed_code => SignInStep::Code,
            _ => SignInStep::WaitForKeys,
        }
    }
}

/// A session that is alive.
pub enum Session {
    /// Signed in.
    Active(StaffSession),
    /// On the way.
    Pending(PendingSession),
}

impl Session {
    /// Whose it is.
    pub fn staff(&self) -> &StaffRow {
        match self {
            Session::Active(desk) => &desk.staff,
            Session::Pending(half) => &half.staff,
        }
    }

    /// Its token.
    pub fn token(&self) -> &SessionToken {
        match self {
            Session::Active(desk) => &desk.token,
            Session::Pending(half) => &half.token,
        }
    }
}

/// Who holds a session, active or pending: enough to change what proves who they are.
#[derive(Clone, Copy)]
pub struct SessionOwner<'a> {
    pub(super) staff: &'a StaffRow,
    pub(super) identity: &'a Identity,
    pub(super) half: bool,
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
            Session::Active(desk) => desk.into(),
            Session::Pending(half) => half.into(),
        }
    }
}

impl App {
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
        // With a second factor, a pending session is no sign-in yet.
        let action = if half { "password-taken" } else { "sign-in" };
        self.by_staff(staff, action).add_session(row).await?;
        Ok(token)
    }

    /// The session of a cookie's token, if it is alive.
    pub async fn session(&self, token: SessionToken) -> Result<Option<Session>, ActError> {
        let now = self.clock.unix_seconds();
        let hash = token.hash();
        let Some(row) = self.store.session(&hash).await? else {
            return Ok(None);
        };
        let life = if row.half {
            PENDING_SECONDS
        } else {
            LIFE_SECONDS
        };
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
                Session::Pending(PendingSession {
                    staff,
                    token,
                    has_typed_code: !row.half,
                    identity,
                })
            } else {
                Session::Active(StaffSession {
                    form_owner: self.form_owner(&staff.id),
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

    /// The role keys that this person can open, for opening texts of views.
    pub(crate) async fn desk_keys(&self, desk: &StaffSession) -> Result<DeskKeys, ActError> {
        Ok(DeskKeys::new(self.role_keys(desk).await?))
    }

    /// The role keys that this person can open, bare: for what is no page ([`App::desk_keys`] is for those).
    pub async fn role_keys(&self, desk: &StaffSession) -> Result<Vec<Identity>, ActError> {
        let open = |grant: &GrantRow| {
            keys_of::open_grant(&*self.sealer, &grant.sealed, &desk.identity).ok()
        };
        Ok(desk.grants.iter().filter_map(open).collect())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
