//! Accounts of the desk: everybody's, one, an invitation, joining, and the keys of a role.

use super::frame::DeskFrame;
use crate::form::FieldError;
use domain::role::Role;

/// Where an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// Invited, and has not come yet.
    Invited,
    /// Came, and has not done every step of the first sign-in.
    Begun,
    /// Did not come before the first password was over.
    Late,
    /// Waits for a member of the role to grant keys.
    Waiting,
    /// Works at the desk.
    Active,
    /// Cannot sign in for now.
    Suspended,
}

impl AccountState {
    /// The name in word keys.
    pub fn id(self) -> &'static str {
        match self {
            AccountState::Invited => "invited",
            AccountState::Begun => "begun",
            AccountState::Late => "late",
            AccountState::Waiting => "waiting",
            AccountState::Active => "active",
            AccountState::Suspended => "suspended",
        }
    }
}

/// Somebody's account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Their id.
    pub id: String,
    /// The name they sign in with.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Where it is.
    pub state: AccountState,
}

/// Everybody's accounts; a form (fields `name`, `role`, `password`) invites somebody.
#[derive(Clone, Debug)]
pub struct AccountsPage {
    /// Who.
    pub desk: DeskFrame,
    /// By name.
    pub accounts: Vec<Account>,
    /// The roles that read what young people write and for which nobody can read now.
    pub unread: Vec<Role>,
    /// The name as typed.
    pub name: String,
    /// The role as chosen.
    pub role: String,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// One account; each form carries `token` and `password` and POSTs to [`crate::urls::desk_account_act`].
#[derive(Clone, Debug)]
pub struct AccountPage {
    /// Who looks.
    pub desk: DeskFrame,
    /// The account.
    pub account: Account,
    /// It is their own, which they cannot act on.
    pub own: bool,
    /// The form that was sent with a mistake: its act.
    pub act: String,
    /// That act was refused because nobody else reads for their role: the form asks (checkbox `nobody`, `yes`) whether to do
    /// it all the same.
    pub is_last_reader: bool,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// An invitation that was just made. Its address is shown once.
#[derive(Clone, Debug)]
pub struct InvitedPage {
    /// Who looks.
    pub desk: DeskFrame,
    /// Who is invited.
    pub name: String,
    /// The address to give to them.
    pub address: String,
}

/// Take an invitation: fields `new`, `again`. POSTs to the address it is at.
#[derive(Clone, Debug)]
pub struct JoinPage {
    /// The code in the address.
    pub code: String,
    /// The name they will sign in with.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// For somebody who waits for keys.
#[derive(Clone, Debug)]
pub struct WaitingPage {
    /// Hidden field `token`.
    pub token: String,
    /// Their role.
    pub role: Role,
    /// Four words that stand for their key.
    pub words: String,
}

/// Somebody who waits for keys.
#[derive(Clone, Debug)]
pub struct PendingMember {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Four words that stand for their key.
    pub words: String,
}

/// The keys of a role. Forms carry `token`, `password` and `act`: granting keys to `person`, or sealing texts again.
#[derive(Clone, Debug)]
pub struct KeysPage {
    /// Who.
    pub desk: DeskFrame,
    /// Who waits.
    pub pending_members: Vec<PendingMember>,
    /// Texts that are to be sealed again.
    pub outdated_texts: usize,
    /// The person, or `seal-again`, whose form was sent with a mistake.
    pub act: String,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}
