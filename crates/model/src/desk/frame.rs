//! What stands on every page of the desk: who is signed in, and what waits in the safety lane. Knows no page of the desk.

use domain::role::Role;

/// Who is signed in, shown on every page of the desk.
#[derive(Clone, Debug)]
pub struct DeskFrame {
    /// The name they sign in with.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Hidden field `token` of every form of the desk.
    pub token: String,
    /// What was just done, as a key of words.
    pub done: Option<&'static str>,
    /// What waits in the safety lane; only for those who see it.
    pub lane: Option<LaneCount>,
}

/// How much waits in the safety lane that nobody has taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct LaneCount {
    /// Views that nobody has taken on.
    pub waiting: usize,
    /// Those of them that wait too long.
    pub overdue: usize,
}
