//! The writes that staff do. Each puts its entry into the audit log in its own commit, and there is no other way to them.

use crate::error::{Changed, Result};
use crate::indicator::FigureRow;
use crate::meeting::MeetingRow;
use crate::on_call::OnCallRow;
use crate::page::{PageDraftRow, Publish};
use crate::role_key::{GrantRow, RoleKeyRow, SealedAgain};
use crate::session::SessionRow;
use crate::staff::{AccessChange, InvitationRow, Joining, LastReader, SecondFactor, StaffRow};
use crate::view::{Change, EventRow, NewBody};
use async_trait::async_trait;

/// The store for one act of staff, from [`Store::audited`]: each write through it puts the entry into the audit log in
/// the commit of that write, so that an act that cannot be entered is not done. A write that does nothing (a stale
/// change, a name that is taken) is entered as "not done".
///
/// [`Store`] has none of these writes, so one without its entry does not compile:
///
/// ```compile_fail,E0599
/// async fn sign_out(store: &dyn store::Store, hash: &[u8; 32]) -> store::Result<()> {
///     store.end_session(hash).await
/// }
/// ```
///
/// With its entry it does:
///
/// ```
/// async fn sign_out(store: &dyn store::Store, entry: store::audit::Entry, hash: &[u8; 32]) -> store::Result<()> {
///     store.audited(entry).end_session(hash).await
/// }
/// ```
///
/// [`Store`]: crate::Store
/// [`Store::audited`]: crate::Store::audited
#[async_trait]
pub trait AuditedStore: Send + Sync {
    /// Writes one act.
    async fn change(&self, change: Change) -> Result<Changed>;
    /// Writes an event that changes nothing else (a name was opened), with its `body` as given.
    async fn insert_event(&self, view: &str, event: EventRow) -> Result<()>;
    /// Enters that somebody opened the texts of these views on a meeting's list: the entry, once for each of them as its
    /// object, and `event` in the record of each of which this person has not opened the newest approved text before.
    async fn open_listed(&self, views: Vec<String>, event: EventRow) -> Result<()>;
    /// Holds a view or lifts the hold, with a sealed reason and an event in the same commit. [`Changed::Stale`] if it is
    /// as asked already, or is gone.
    async fn set_legal_hold(
        &self,
        view: &str,
        held: bool,
        event: EventRow,
        reason: NewBody,
    ) -> Result<Changed>;
    /// Keeps somebody away from a view, for good. Doing it again changes nothing. Whether anybody else can open the view is
    /// looked at in the same commit, so that its last two readers cannot both go at once.
    async fn recuse(&self, view: &str, staff: &str, last: LastReader) -> Result<AccessChange>;

    /// Adds a meeting.
    async fn add_meeting(&self, meeting: MeetingRow) -> Result<()>;
    /// Adds a turn on call.
    async fn add_turn(&self, turn: OnCallRow) -> Result<()>;
    /// Puts a turn in the place of the one with its id; [`Changed::Stale`] if there is none any more.
    async fn change_turn(&self, turn: OnCallRow) -> Result<Changed>;
    /// Removes a turn; [`Changed::Stale`] if it is gone.
    async fn remove_turn(&self, id: &str) -> Result<Changed>;
    /// Sets where alerts reach somebody, as sealed; `None`: nowhere of their own.
    async fn set_alert_address(&self, staff: &str, sealed: Option<Vec<u8>>) -> Result<()>;
    /// Begins a drill at this moment (Unix seconds); [`Changed::Stale`] while one goes on.
    async fn begin_drill(&self, began: i64) -> Result<Changed>;
    /// Somebody took a drill on at this moment (Unix seconds); [`Changed::Stale`] if somebody did before.
    async fn end_drill(&self, id: i64, at: i64, staff: &str) -> Result<Changed>;
    /// Adds a figure (its `seq` is not read), unless there is one of the same indicator and period that came after
    /// `expected_version`: then it is [`Changed::Stale`].
    async fn add_figure(&self, figure: FigureRow, expected_version: i64) -> Result<Changed>;

    /// Saves a draft (its `seq` is not read) over the one with the number `expected_version`, whose `base_version` stays;
    /// 0: there is none yet. [`Changed::Stale`] when there is another, or when the newest version is not `base_version`
    /// any more.
    async fn save_draft(&self, draft: PageDraftRow, expected_version: i64) -> Result<Changed>;
    /// Takes a draft away, unless it was changed since.
    async fn discard_draft(&self, file: &str, expected_version: i64) -> Result<Changed>;
    /// Makes a draft the newest version of its file. [`Changed::Stale`] when it was changed since, or when its writer
    /// would be its publisher.
    async fn publish_draft(&self, publish: Publish) -> Result<Changed>;

    /// Adds a staff member with their keys; `false` if the name is taken.
    async fn add_staff(&self, staff: StaffRow, grants: Vec<GrantRow>) -> Result<bool>;
    /// Sets a new password and ends every session of the person but this one. For nobody it is
    /// [`NotSaved`](crate::StoreError::NotSaved).
    async fn set_password(
        &self,
        staff: &str,
        salt: [u8; 16],
        wrapped: Vec<u8>,
        keep: Option<[u8; 32]>,
    ) -> Result<()>;
    /// Sets a second factor and ends every session of the person. For nobody it is [`NotSaved`](crate::StoreError::NotSaved).
    async fn set_second_factor(&self, staff: &str, new: SecondFactor) -> Result<()>;

    /// Adds somebody who is invited: a person without keys; `false` if the name is taken.
    async fn invite(&self, staff: StaffRow, invitation: InvitationRow) -> Result<bool>;
    /// Invites somebody again: in one commit their keys, password, second factor and sessions go, and a new invitation
    /// stands in place of an older one. For nobody it is [`NotSaved`](crate::StoreError::NotSaved). Whether they are the last
    /// reader is looked at in the same commit, here and below, so that two acts at once cannot take the last two.
    async fn invite_again(
        &self,
        invitation: InvitationRow,
        last: LastReader,
    ) -> Result<AccessChange>;
    /// Takes an invitation: the invited person now has these keys. `false` if it is gone.
    async fn join(&self, hash: [u8; 32], keys: Joining) -> Result<bool>;
    /// Suspends somebody, which ends their sessions, or lets them sign in again. For nobody it is
    /// [`NotSaved`](crate::StoreError::NotSaved).
    async fn set_suspended(
        &self,
        staff: &str,
        suspended: bool,
        last: LastReader,
    ) -> Result<AccessChange>;
    /// Removes somebody with all that is theirs and, in the same commit, begins new role keys, each sealed to the members
    /// who stay. For nobody it is [`NotSaved`](crate::StoreError::NotSaved).
    async fn remove_staff(
        &self,
        staff: &str,
        keys: Vec<RoleKeyRow>,
        grants: Vec<(String, GrantRow)>,
        last: LastReader,
    ) -> Result<AccessChange>;

    /// Seals role keys to somebody; those they have stay as they are. For nobody, and for somebody who has not joined, it is
    /// [`NotSaved`](crate::StoreError::NotSaved).
    async fn add_grants(&self, staff: &str, grants: Vec<GrantRow>) -> Result<()>;
    /// Puts texts that were sealed again in the place of what they were; says how many still were as expected.
    async fn reseal(&self, texts: Vec<SealedAgain>) -> Result<usize>;

    /// Begins a session.
    async fn add_session(&self, session: SessionRow) -> Result<()>;
    /// Ends a session.
    async fn end_session(&self, hash: &[u8; 32]) -> Result<()>;
    /// Ends every session of a person but this one.
    async fn end_sessions_of(&self, staff: &str, keep: Option<[u8; 32]>) -> Result<()>;
}

#[cfg(test)]
mod tests {
    /// The methods of the trait that begins with these words.
    fn methods<'t>(text: &'t str, begin: &str) -> Vec<&'t str> {
        let from = text.find(begin).map_or("", |from| &text[from..]);
        let text = from.split("\n}\n").next().unwrap_or_default();
        text.lines()
            .filter_map(|line| {
                let line = line.trim().trim_start_matches("async ");
                line.strip_prefix("fn ")?.split('(').next()
            })
            .collect()
    }

    /// A write that is in both traits could be done without its entry.
    #[test]
    fn no_write_of_staff_is_in_the_store_itself() {
        let store = methods(include_str!("lib.rs"), "pub trait Store:");
        let audited = methods(include_str!("audited.rs"), "pub trait AuditedStore:");
        assert!(store.len() > 50 && audited.len() > 20);
        let both = |audited: &[&str]| audited.iter().any(|name| store.contains(name));
        assert!(!both(&audited), "{audited:?} {store:?}");
        // Control.
        assert!(both(&["purge"]));
    }
}
