//! Signing in: name and password, the second step, the second factor, and one's own sessions.

use super::frame::DeskFrame;
use crate::form::FieldError;

/// Sign in: fields `name` and `password`, and while waiting `recovery`.
#[derive(Clone, Debug, Default)]
pub struct SignInPage {
    /// The name as typed.
    pub name: String,
    /// Name or password is wrong (never which).
    pub wrong: bool,
    /// Too many tries: wait this number of seconds.
    pub wait_seconds: u32,
    /// Was signed out because of time.
    pub timed_out: bool,
    /// Hidden field `kept`: what was typed in a form that came too late, sealed; empty without one.
    pub kept: String,
}

/// The second step of signing in: fields `token` and `code`.
#[derive(Clone, Debug, Default)]
pub struct CodePage {
    /// Hidden field `token`.
    pub token: String,
    /// The code was not right, or was used before.
    pub wrong: bool,
    /// Too many tries: wait this number of seconds.
    pub wait_seconds: u32,
    /// Hidden field `kept`, as on the page before.
    pub kept: String,
    /// The code of a sample person; the inner `None` for half a minute when two were used at once.
    pub sample: Option<Option<String>>,
}

/// Choose a new password: fields `token`, `old`, `new`, `again`.
#[derive(Clone, Debug)]
pub struct PasswordPage {
    /// Who; `None` for somebody on the way in, whose first password was given by somebody else.
    pub desk: Option<DeskFrame>,
    /// Hidden field `token`.
    pub token: String,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// Set up the second factor: fields `token`, `secret` (hidden), `code`, and `password` for a person who is signed in.
#[derive(Clone, Debug)]
pub struct SecondFactorPage {
    /// Who; `None` for somebody on the way in.
    pub desk: Option<DeskFrame>,
    /// Hidden field `token`.
    pub token: String,
    /// The secret in groups of four signs, to be typed.
    pub groups: String,
    /// The same as an address that an authenticator app opens.
    pub address: String,
    /// The address as a QR code: an `<svg>`, or nothing if it is too long for one.
    pub qr_code: String,
    /// Hidden field `secret`: the secret, sealed.
    pub field: String,
    /// Recovery codes that are left.
    pub codes_left: usize,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// The recovery codes, shown once.
#[derive(Clone, Debug)]
pub struct RecoveryCodesPage {
    /// The codes.
    pub codes: Vec<String>,
}

/// One's own sessions; a form ends one (field `session`) or all the others.
#[derive(Clone, Debug)]
pub struct SessionsPage {
    /// Who.
    pub desk: DeskFrame,
    /// The newest first.
    pub sessions: Vec<OwnSession>,
}

/// A session of the reader.
#[derive(Clone, Debug)]
pub struct OwnSession {
    /// Its name in the form: a hash that opens nothing.
    pub id: String,
    /// How many minutes ago it began.
    pub began_minutes: i64,
    /// How many minutes ago it was last used.
    pub seen_minutes: i64,
    /// The one that is looking.
    pub this: bool,
    /// Its second step is not done yet.
    pub half: bool,
}
