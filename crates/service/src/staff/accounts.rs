//! Accounts at the desk: an administrator invites, suspends and removes people, and reads nothing. Who was invited chooses
//! a password alone; what they may open is given to them by a member of their role (see [`super::role_keys`]).

use super::password::{ReauthProof, new_password_errors};
use super::role_keys::new_generation;
use super::session::StaffSession;
use crate::{ActError, App, withdrawals};
use domain::audience::RoleKey;
use domain::readers::ReaderSet;
use domain::role::{self, Role};
use model::{Account, AccountState, FieldError};
use std::future::Future;
use store::audit::Entry;
use store::{AccessChange, AuditedStore, InvitationRow, Joining, LastReader, StaffRow};
use vault::second_factor::{one_time, one_time_hash};
use vault::staff_keys::{self as keys_of, SessionToken};

/// Seconds an invitation is good for: 3 days.
pub const INVITATION_SECONDS: i64 = 3 * 24 * 60 * 60;

/// The words of the error when somebody alone reads what is sealed to their role.
pub const LAST_READER: &str = "error.account.last";

/// What joining gave.
pub enum Joined {
    /// A pending session, which leads on to the second factor.
    Welcome(SessionToken),
    /// The password needs mending.
    Mend(Vec<FieldError>),
    /// The invitation has been used, or its time is over.
    Gone,
}

/// Checks a name at the desk: 2 to 60 characters.
pub(super) fn checked_name(name: &str) -> Result<&str, ActError> {
    role::checked_name(name).ok_or(ActError::Field("name", "error.account.name"))
}

impl App {
    /// Everybody, by name.
    pub async fn accounts(&self, desk: &StaffSession) -> Result<Vec<Account>, ActError> {
        looks_after_accounts(desk)?;
        let mut accounts = Vec::new();
        for staff in self.store.all_staff().await? {
            accounts.push(self.account_of(staff).await?);
        }
        Ok(accounts)
    }

    /// The roles of young people's readers for which somebody can read now.
    pub async fn present_readers(&self) -> ReaderSet {
        self.readers.get(&*self.store).await
    }

    /// One of them.
    pub async fn account(&self, desk: &StaffSession, id: &str) -> Result<Account, ActError> {
        looks_after_accounts(desk)?;
        let staff = self.store.staff(id).await?.ok_or(ActError::NotFound)?;
        self.account_of(staff).await
    }

    async fn account_of(&self, staff: StaffRow) -> Result<Account, ActError> {
        let state = if staff.suspended {
            AccountState::Suspended
        } else if !staff.has_joined() {
            AccountState::Invited
        } else if staff.first_is_over(self.clock.unix_seconds()) {
            AccountState::Late
        } else if staff.must_change || staff.second_factor.is_none() {
            AccountState::Begun
        } else {
            let grants = self.store.grants(&staff.id).await?;
            match self.recipients().has_current_keys(&staff, &grants) {
                true => AccountState::Active,
                false => AccountState::Waiting,
            }
        };
        Ok(Account {
            id: staff.id,
            name: staff.name,
            role: staff.role,
            state,
        })
    }

    /// Invites somebody; gives the code of the invitation, which is kept nowhere.
    pub async fn invite(
        &self,
        desk: &StaffSession,
        _proved: &ReauthProof,
        name: &str,
        role: Role,
    ) -> Result<String, ActError> {
        looks_after_accounts(desk)?;
        let staff = StaffRow {
            id: self.new_id(),
            name: checked_name(name)?.to_owned(),
            role,
            recipient: String::new(),
            salt: [0; 16],
            wrapped: Vec::new(),
            must_change: false,
            temp_password_expires_at: 0,
            second_factor: None,
            last_step: 0,
            suspended: false,
        };
        let (code, invitation) = self.new_invitation(&staff.id)?;
        let store = self.by(desk, "invite", Some(&staff.id));
        if !store.invite(staff, invitation).await? {
            return Err(ActError::Field("name", "error.account.taken"));
        }
        Ok(code)
    }

    /// Invites somebody again who forgot their password or lost what proves who they are. Their keys are gone with it:
    /// a member of their role has to grant them keys again. The last reader of a role is invited again only with
    /// `even_if_last`.
    pub async fn invite_again(
        &self,
        desk: &StaffSession,
        _proved: &ReauthProof,
        id: &str,
        even_if_last: bool,
    ) -> Result<String, ActError> {
        let staff = self.somebody_else(desk, id).await?;
        let (code, invitation) = self.new_invitation(&staff.id)?;
        let invite = async |action, last| {
            let store = self.by(desk, action, Some(&staff.id));
            // With the password everything else of theirs goes, and a restored backup must not bring it back.
            let mark = withdrawals::mark_of_ended(&staff.id, &staff.salt);
            let again = store.invite_again(invitation.clone(), last);
            self.mark_and_do(mark, true, again, is_done).await
        };
        let mut done = invite("invite-again", LastReader::Stays).await;
        if is_last(&done) && even_if_last {
            done = invite("invite-again-last-reader", LastReader::MayGo).await;
        }
        not_the_last(done)?;
        Ok(code)
    }

    fn new_invitation(&self, staff: &str) -> Result<(String, InvitationRow), ActError> {
        let code = one_time(&*self.random);
        let hash = self.invitation_hash(&code);
        let invitation = InvitationRow {
            staff: staff.to_owned(),
            hash: hash.ok_or(ActError::Internal("invitation"))?,
            until: self.clock.unix_seconds() + INVITATION_SECONDS,
        };
        Ok((code, invitation))
    }

    fn invitation_hash(&self, code: &str) -> Option<[u8; 32]> {
        one_time_hash(&self.keys, "invitation", code)
    }

    /// Suspends somebody, or lets them sign in again. The last reader of a role is suspended only with `even_if_last`.
    pub async fn suspend(
        &self,
        desk: &StaffSession,
        _proved: &ReauthProof,
        id: &str,
        suspended: bool,
        even_if_last: bool,
    ) -> Result<(), ActError> {
        let staff = self.somebody_else(desk, id).await?;
        let by = |action| self.by(desk, action, Some(&staff.id));
        self.suspend_by(&staff, by, suspended, even_if_last).await
    }

    /// Suspends somebody from the machine itself: for when no administrator can sign in.
    pub async fn suspend_named(&self, name: &str, even_if_last: bool) -> Result<(), ActError> {
        let staff = self.named(name).await?;
        let by = |action| self.by_nobody(action, &staff.id);
        self.suspend_by(&staff, by, true, even_if_last).await
    }

    async fn suspend_by(
        &self,
        staff: &StaffRow,
        by: impl Fn(&'static str) -> Box<dyn AuditedStore>,
        suspended: bool,
        even_if_last: bool,
    ) -> Result<(), ActError> {
        let set = async |action, last| {
            let store = by(action);
            let mark = withdrawals::mark_of_suspended(&staff.id);
            let set = store.set_suspended(&staff.id, suspended, last);
            self.mark_and_do(mark, suspended, set, is_done).await
        };
        let action = if suspended { "suspend" } else { "restore" };
        let mut done = set(action, LastReader::Stays).await;
        if is_last(&done) && even_if_last {
            done = set("suspend-last-reader", LastReader::MayGo).await;
        }
        not_the_last(done)
    }

    /// Removes somebody. The keys they held are rotated for those who stay, so that what they may have kept opens
    /// nothing that is written from now on. The last reader of a role is removed only with `even_if_last`.
    pub async fn remove(
        &self,
        desk: &StaffSession,
        _proved: &ReauthProof,
        id: &str,
        even_if_last: bool,
    ) -> Result<(), ActError> {
        let staff = self.somebody_else(desk, id).await?;
        let by = |action| self.by(desk, action, Some(&staff.id));
        self.remove_by(&staff, by, even_if_last).await
    }

    /// Removes somebody from the machine itself: for when no administrator can sign in. A server that runs beside takes
    /// the new keys at its next look ([`App::reload_recipients`]).
    pub async fn remove_named(&self, name: &str, even_if_last: bool) -> Result<(), ActError> {
        let staff = self.named(name).await?;
        let by = |action| self.by_nobody(action, &staff.id);
        self.remove_by(&staff, by, even_if_last).await
    }

    async fn remove_by(
        &self,
        staff: &StaffRow,
        by: impl Fn(&'static str) -> Box<dyn AuditedStore>,
        even_if_last: bool,
    ) -> Result<(), ActError> {
        let held = self.store.grants(&staff.id).await?;
        let mut leaves: Vec<RoleKey> = held.iter().map(|grant| grant.key).collect();
        leaves.sort_unstable();
        leaves.dedup();
        let (random, sealer) = (&*self.random, &*self.sealer);
        let recipients = self.recipients();
        let begun = new_generation(
            &*self.store,
            &recipients,
            random,
            sealer,
            &leaves,
            &staff.id,
        );
        let (keys, grants) = begun.await?;
        let remove = async |action, last| {
            let store = by(action);
            let remove = store.remove_staff(&staff.id, keys.clone(), grants.clone(), last);
            let mark = withdrawals::mark_of_removed(&staff.id);
            self.mark_and_do(mark, true, remove, is_done).await
        };
        let mut done = remove("remove", LastReader::Stays).await;
        if is_last(&done) && even_if_last {
            done = remove("remove-last-reader", LastReader::MayGo).await;
        }
        not_the_last(done)?;
        self.rotate_recipients(&keys);
        Ok(())
    }

    /// Adds a mark for a restored backup, or takes it off, then does what it stands for; if that is not done the mark is as
    /// before.
    pub(super) async fn mark_and_do<T>(
        &self,
        mark: String,
        on: bool,
        act: impl Future<Output = store::Result<T>>,
        is_done: impl FnOnce(&T) -> bool,
    ) -> Result<T, ActError> {
        let today = self.clock.today();
        let set = self.withdrawals.set(mark.clone(), today, on).await;
        set.map_err(|_| ActError::Busy)?;
        let done = act.await;
        if !done.as_ref().is_ok_and(is_done) {
            let back = self.withdrawals.set(mark, today, !on).await;
            back.map_err(|_| ActError::Busy)?;
        }
        Ok(done?)
    }

    async fn named(&self, name: &str) -> Result<StaffRow, ActError> {
        let staff = self.store.staff_by_name(name.trim()).await?;
        staff.ok_or(ActError::Field("name", "staff-unknown"))
    }

    /// The store for what is done at the machine itself: by nobody of the desk.
    fn by_nobody(&self, action: &'static str, staff: &str) -> Box<dyn AuditedStore> {
        self.store.audited(Entry {
            at: self.clock.unix_seconds(),
            actor: None,
            role: None,
            action,
            object: Some(staff.to_owned()),
            reason: false,
        })
    }

    /// Somebody an administrator may act on: not themselves, so that one always remains.
    async fn somebody_else(&self, desk: &StaffSession, id: &str) -> Result<StaffRow, ActError> {
        looks_after_accounts(desk)?;
        if desk.staff.id == id {
            return Err(ActError::Forbidden);
        }
        self.store.staff(id).await?.ok_or(ActError::NotFound)
    }

    /// Who is invited with this code, if it is still good.
    pub async fn invited(&self, code: &str) -> Result<Option<StaffRow>, ActError> {
        let Some(hash) = self.invitation_hash(code) else {
            return Ok(None);
        };
        let Some(invitation) = self.store.invitation(&hash).await? else {
            return Ok(None);
        };
        if self.clock.unix_seconds() > invitation.until {
            return Ok(None);
        }
        Ok(self.store.staff(&invitation.staff).await?)
    }

    /// Takes an invitation with a password of one's own.
    pub async fn join(&self, code: &str, new: &str, again: &str) -> Result<Joined, ActError> {
        let (Some(mut staff), Some(hash)) = (self.invited(code).await?, self.invitation_hash(code))
        else {
            return Ok(Joined::Gone);
        };
        let errors = new_password_errors(new, again, &staff.name);
        if !errors.is_empty() {
            return Ok(Joined::Mend(errors));
        }
        let (identity, recipient) = keys_of::new_identity(&*self.random)?;
        let (salt, wrapped) = self
            .wrap_under_password(&staff.name, &identity, new)
            .await?;
        let keys = Joining {
            recipient: recipient.0.clone(),
            salt,
            wrapped,
        };
        if !self.by_staff(&staff, "join").join(hash, keys).await? {
            return Ok(Joined::Gone);
        }
        staff.recipient = recipient.0;
        let token = self.begin_session(&staff, &identity, true).await?;
        Ok(Joined::Welcome(token))
    }
}

fn is_done(done: &AccessChange) -> bool {
    *done == AccessChange::Done
}

fn is_last(done: &Result<AccessChange, ActError>) -> bool {
    matches!(done, Ok(AccessChange::LastReader))
}

/// The last one who can read what is sealed to a role keeps their access, because views would still be sent to them.
fn not_the_last(done: Result<AccessChange, ActError>) -> Result<(), ActError> {
    match done? {
        AccessChange::Done => Ok(()),
        AccessChange::LastReader => Err(ActError::Field("page", LAST_READER)),
    }
}

fn looks_after_accounts(desk: &StaffSession) -> Result<(), ActError> {
    if desk.staff.role.looks_after_accounts() {
        Ok(())
    } else {
        Err(ActError::Forbidden)
    }
}
