//! Who may use an address at all. Knows the roles and no route, handler or session.

use domain::role::Role;
use model::Problem;

/// Who may use an address at all: the access guard enforces it before the handler. What each may do with a view there
/// depends on where the view is; `tests/http/authz.rs` has a row for each of these and holds the two against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Anyone,
    /// Everybody with a session, also a pending one.
    Entering,
    /// These roles, signed in.
    Roles(&'static [Role]),
}

pub(crate) const EVERY_ROLE: Access = Access::Roles(&Role::ALL);
pub(crate) const KEY_HOLDERS: Access = Access::Roles(&[
    Role::Speakerbox,
    Role::Coordinator,
    Role::Safety,
    Role::Committee,
    Role::Clerk,
]);
pub(crate) const TRIAGERS: Access = Access::Roles(&[Role::Speakerbox, Role::Coordinator]);
pub(crate) const VIEW_READERS: Access =
    Access::Roles(&[Role::Speakerbox, Role::Coordinator, Role::Safety]);
// Putting a text on a list, and taking it off, is also for those who make the list.
pub(crate) const VIEW_ACTORS: Access = Access::Roles(&[
    Role::Speakerbox,
    Role::Coordinator,
    Role::Safety,
    Role::Clerk,
]);
pub(crate) const SAFETY_LANE: Access = Access::Roles(&[Role::Coordinator, Role::Safety]);
pub(crate) const RECORD_READERS: Access = Access::Roles(&[Role::Coordinator, Role::Admin]);
pub(crate) const MEETING_READERS: Access = Access::Roles(&[
    Role::Speakerbox,
    Role::Coordinator,
    Role::Committee,
    Role::Clerk,
]);
pub(crate) const DECIDERS: Access = Access::Roles(&[Role::Committee, Role::Clerk]);
pub(crate) const DOWN_TAKERS: Access =
    Access::Roles(&[Role::Coordinator, Role::Safety, Role::Clerk]);
pub(crate) const WORD_WRITERS: Access =
    Access::Roles(&[Role::Speakerbox, Role::Coordinator, Role::Clerk]);
pub(crate) const FIGURE_KEEPERS: Access = Access::Roles(&[Role::Coordinator, Role::Clerk]);
pub(crate) const ADMIN: Access = Access::Roles(&[Role::Admin]);

/// What a person of another role is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    /// The page that says that it is not for them.
    Forbidden,
    /// The page of this problem. The address names a view: that they tried is entered in the audit log beside it.
    AboutView(Problem),
}
