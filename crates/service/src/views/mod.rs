//! A view at the desk: opened, acted on, and who is recused from it.

mod act;
mod change;
pub(crate) mod decision;
mod open;
mod recusal;

pub use crate::forms::checked_meeting;
pub use crate::meetings::ListedText;
pub use crate::pseudonym::pseudonym;
pub use act::Act;
pub use open::OpenedView;

use domain::role::Role;

/// Whether a role may do anything at the desk with views.
pub fn has_views(role: Role) -> bool {
    role.sees_queue() || role.sees_safety_lane() || role.sees_meetings()
}
