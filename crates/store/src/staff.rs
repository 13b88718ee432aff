//! Staff accounts, their second factors and their invitations.

use domain::role::Role;

/// A staff member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffRow {
    /// Random id.
    pub id: String,
    /// The name they sign in with.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Public key.
    pub recipient: String,
    /// Salt of the password.
    pub salt: [u8; 16],
    /// Private key wrapped by the password.
    pub wrapped: Vec<u8>,
    /// The password was given by somebody else.
    pub must_change: bool,
    /// Until when that password is good, in Unix seconds.
    pub temp_password_expires_at: i64,
    /// The secret of their one-time codes, sealed; `None` until they set it up.
    pub second_factor: Option<Vec<u8>>,
    /// The last step whose code was taken.
    pub last_step: i64,
    /// Cannot sign in for now.
    pub suspended: bool,
}

impl StaffRow {
    /// Has keys of their own: an invited person has none until they join.
    pub fn has_joined(&self) -> bool {
        !self.recipient.is_empty()
    }

    /// The password was given by somebody else and not used in time: it opens nothing any more.
    pub fn first_is_over(&self, now: i64) -> bool {
        self.must_change && now > self.temp_password_expires_at
    }
}

/// A second factor that was just proven.
#[derive(Clone, Debug)]
pub struct SecondFactor {
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// The step whose code proved it: taken by that.
    pub step: i64,
    /// Hashes of the recovery codes, in place of all older ones.
    pub recovery: Vec<[u8; 32]>,
}

/// An invitation that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationRow {
    /// Who is invited.
    pub staff: String,
    /// Hash of the code in its address.
    pub hash: [u8; 32],
    /// Until when it is good (Unix seconds).
    pub until: i64,
}

/// The keys of somebody who joins.
#[derive(Clone, Debug)]
pub struct Joining {
    /// Public key.
    pub recipient: String,
    /// Salt of the password.
    pub salt: [u8; 16],
    /// Private key wrapped by the password.
    pub wrapped: Vec<u8>,
}

/// Somebody who reads: they can sign in, and hold the newest of every key of their role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderRow {
    /// Their id.
    pub staff: String,
    /// Their role.
    pub role: Role,
}

/// What happens to the access of somebody without whom nobody reads what is sealed to a key of their role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastReader {
    /// They keep it.
    Stays,
    /// They lose it all the same.
    MayGo,
}

/// What a write gave that takes somebody's access away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessChange {
    /// Written.
    Done,
    /// Nobody else reads what is sealed to a key of their role; nothing was written.
    LastReader,
}
