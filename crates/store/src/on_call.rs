//! Who is on call, where alerts reach them, and drills.

use domain::on_call::DutyTurn;

/// A turn on call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnCallRow {
    /// Its id.
    pub id: String,
    /// Who, from which day to which, and in what order.
    pub turn: DutyTurn,
}

/// A drill: a sample alert that is about no view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrillRow {
    /// Running number, never used again.
    pub id: i64,
    /// When it began (Unix seconds).
    pub began: i64,
    /// The last round delivered by e-mail; 0 before the first.
    pub mail: u32,
    /// The last round delivered by HTTP; 0 before the first.
    pub hook: u32,
    /// When somebody took it on (Unix seconds).
    pub ended: Option<i64>,
    /// Who; nobody when their account is gone.
    pub ended_by: Option<String>,
}
