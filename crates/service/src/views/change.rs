//! The event and the change that an act at the desk writes.

use crate::App;
use crate::app::waiting_since_after;
use crate::sign_in::StaffSession;
use domain::event::EventKind;
use domain::lifecycle::ViewStatus;
use store::{AlertChange, Change, EventRow, ViewRow};

impl App {
    pub(crate) fn event(&self, desk: &StaffSession, kind: EventKind) -> EventRow {
        EventRow {
            day: self.clock.today(),
            kind,
            role: Some(desk.staff.role),
            staff: Some(desk.staff.id.clone()),
            body: None,
            reason: None,
            meeting: None,
            handed: None,
        }
    }

    pub(crate) fn change(&self, row: &ViewRow, life: ViewStatus, event: EventRow) -> Change {
        Change {
            view: row.id.clone(),
            from_version: row.version,
            life,
            since: waiting_since_after(row.life, life, self.clock.today()),
            meeting: None,
            event,
            body: None,
            outcome: None,
            erase: false,
            alert: AlertChange::Keep,
        }
    }
}
