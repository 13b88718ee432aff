//! Sessions of staff.

/// A staff session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// Whose it is.
    pub staff: String,
    /// The person's private key wrapped under the token.
    pub wrapped: Vec<u8>,
    /// When it began (Unix seconds).
    pub began: i64,
    /// When it was last used (Unix seconds).
    pub seen: i64,
    /// Pending: it opens nothing but the next step of signing in.
    pub half: bool,
}
