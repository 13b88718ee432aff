//! Who opened what, week by week.

use super::frame::DeskFrame;
use domain::date::Date;
use domain::role::Role;

/// Who opened what in one week. Query field: `week`, the week's first day.
#[derive(Clone, Debug)]
pub struct AuditPage {
    /// Who.
    pub desk: DeskFrame,
    /// The week's first day, a Monday.
    pub first: Date,
    /// The week after it can be shown too.
    pub has_next: bool,
    /// What was opened, the newest first.
    pub rows: Vec<AuditLine>,
    /// Accounts that opened very much on a day, the newest first.
    pub odd: Vec<OddUse>,
    /// Views that are held back from going: made-up names, with ids for those who may open them.
    pub held: Vec<(String, Option<String>)>,
}

/// What one person opened on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// The day.
    pub day: Date,
    /// The name they sign in with; `None` when the account is gone.
    pub who: Option<String>,
    /// Their role then.
    pub role: Role,
    /// What was opened.
    pub what: AuditedOpening,
    /// They tried, and were refused.
    pub refused: bool,
    /// Of which views: the two words that stand for the sender, and the view's id for those who may open it. The texts that
    /// somebody opened at meetings on one day stand in one line.
    pub views: Vec<(String, Option<String>)>,
    /// How often on that day.
    pub times: usize,
}

/// One account that opened more different views on a day than a day's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OddUse {
    /// The day.
    pub day: Date,
    /// The name they sign in with; `None` when the account is gone.
    pub who: Option<String>,
    /// Their role then.
    pub role: Role,
    /// How many different views.
    pub views: usize,
}

/// What somebody opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditedOpening {
    /// A view.
    View,
    /// The name of a sender, with a reason.
    Name,
    /// The approved text of a view, on a meeting's list.
    Approved,
}
