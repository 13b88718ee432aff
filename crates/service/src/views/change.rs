//! The event and the change that an act at the desk writes.

use crate::App;
use crate::app::waiting_since_after;
use crate::sign_in::StaffSession;
use domain::escalation;
use domain::event::EventKind;
use domain::lifecycle::{Action, AlertEffect, ViewStatus, alert_effect};
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
            down: None,
        }
    }

    /// What an act that led to `after` does to the alerts about its view.
    pub(crate) fn alert_change(&self, after: ViewStatus, action: Action) -> AlertChange {
        match alert_effect(after, action) {
            AlertEffect::Keep => AlertChange::Keep,
            AlertEffect::Raise => {
                AlertChange::Raise(escalation::quarter(self.clock.unix_seconds()))
            }
            AlertEffect::End => AlertChange::End,
        }
    }

    pub(crate) fn change(&self, row: &ViewRow, life: ViewStatus, event: EventRow) -> Change {
        Change {
            view: row.id.clone(),
            from_version: row.version,
            from_life: row.life,
            life,
            since: waiting_since_after(row.life, life, self.clock.today()),
            meeting: None,
            event,
            body: None,
            reseal: Vec::new(),
            outcome: None,
            take_down: None,
            erase: false,
            alert: AlertChange::Keep,
        }
    }
}
