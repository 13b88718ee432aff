//! Role keys, what of them is sealed to members, and texts that are sealed again to newer ones.

use domain::audience::{Audience, RoleKey, TextKind};
use domain::role::Role;
use domain::view::Subject;

/// A role key: public part, and private part sealed to the recovery key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleKeyRow {
    /// Which key.
    pub key: RoleKey,
    /// Generation, from 1.
    pub generation: u32,
    /// Public key.
    pub recipient: String,
    /// Private key, sealed to the recovery key.
    pub for_recovery: Vec<u8>,
}

/// A role key sealed to a staff member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRow {
    /// Which key.
    pub key: RoleKey,
    /// Generation.
    pub generation: u32,
    /// The private key, sealed to the member.
    pub sealed: Vec<u8>,
}

/// A text sealed again to newer keys.
#[derive(Clone, Debug)]
pub struct SealedAgain {
    /// Id of the text.
    pub body: i64,
    /// The generation it was opened at; if it has another by now, nothing is written.
    pub from: u32,
    /// The new generation.
    pub generation: u32,
    /// Whom it is written for now; `None`: for whom it was.
    pub audience: Option<Audience>,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// Texts of one kind for one audience by writers of one role, of views about the same, at one generation: there is at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextsAt {
    /// What they are.
    pub kind: TextKind,
    /// Whom they are written for; `None` for texts from before this was kept.
    pub audience: Option<Audience>,
    /// The role that wrote them; `None`: the sender.
    pub writer: Option<Role>,
    /// Whom their views are about.
    pub about: Subject,
    /// The newest generation of all role keys when they were sealed.
    pub generation: u32,
}
