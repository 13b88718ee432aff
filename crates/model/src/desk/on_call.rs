//! Who is on call for the safety lane.

use super::frame::DeskFrame;
use crate::form::FieldError;
use domain::date::Date;
use domain::on_call::DutyTurn;

/// Who is on call. Each form carries `token` and `act`: `add` and `change` a turn (fields of [`TurnForm`]), `remove` one (`id`),
/// `address` (fields `address`, `password`), `drill`, and `have` (the drill's `id`).
#[derive(Clone, Debug)]
pub struct OnCallPage {
    /// Who looks.
    pub desk: DeskFrame,
    /// What is so now.
    pub now: OnCallNow,
    /// The form of a turn as typed, if it was sent with a mistake.
    pub typed: TurnForm,
    /// The address as typed, if it was sent with a mistake.
    pub address: Option<String>,
    /// The form that was sent with a mistake.
    pub act: String,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// Who is on call today, and what is planned.
#[derive(Clone, Debug, Default)]
pub struct OnCallNow {
    /// The names of those on call today in the order in which they are alerted.
    pub now: Vec<String>,
    /// The next day on which somebody else is first, and their name.
    pub next: Option<(Date, String)>,
    /// First and last days on which nobody is on call, soon.
    pub gaps: Vec<(Date, Date)>,
    /// Turns that are not over.
    pub turns: Vec<DutyLine>,
    /// Who can be given a turn.
    pub people: Vec<DutyPerson>,
    /// Where alerts reach the person who looks; empty: nowhere of their own.
    pub own_address: String,
    /// Alerts have a channel outside the pages.
    pub outside: bool,
    /// The drill that goes on.
    pub drill_open: Option<i64>,
    /// The last drill is too long ago.
    pub drill_is_due: bool,
    /// Every drill, newest first.
    pub drills: Vec<DrillLine>,
}

/// A turn.
#[derive(Clone, Debug)]
pub struct DutyLine {
    /// Its id.
    pub id: String,
    /// The turn.
    pub turn: DutyTurn,
    /// The name of who is on call.
    pub name: String,
    /// They can be alerted: their account is open and has an address.
    pub is_alerted: bool,
}

/// Somebody who can be given a turn.
#[derive(Clone, Debug)]
pub struct DutyPerson {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Alerts have an address for them.
    pub has_address: bool,
}

/// A drill.
#[derive(Clone, Debug)]
pub struct DrillLine {
    /// When it began.
    pub day: Date,
    /// Minutes until somebody took it on, if anybody did.
    pub minutes: Option<i64>,
    /// Who did; empty when they have left.
    pub name: Option<String>,
    /// Nobody has yet, and it is not over.
    pub goes_on: bool,
}

/// The form of a turn.
#[derive(Clone, Debug, Default)]
pub struct TurnForm {
    /// The turn that is changed; empty for a new one.
    pub id: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The id of an account.
    pub staff: String,
    /// Its rank.
    pub rank: String,
}
