//! The entries of the audit log: how an act is entered, and who opened what in a week.

use crate::pseudonym::pseudonym;
use crate::sign_in::StaffSession;
use crate::{ActError, App};
use domain::date::Date;
use domain::event::EventKind;
use domain::role::Role;
use model::{AuditLine, AuditedOpening};
use store::audit::{Entry, EntryOutcome};
use store::{AuditedStore, StaffRow};

impl App {
    /// The entry of what this person does now.
    pub fn entry(&self, desk: &StaffSession, action: &'static str, object: Option<&str>) -> Entry {
        Entry {
            object: object.map(str::to_owned),
            ..self.entry_of(&desk.staff, action)
        }
    }

    fn entry_of(&self, staff: &StaffRow, action: &'static str) -> Entry {
        Entry {
            at: self.clock.unix_seconds(),
            actor: Some(staff.id.clone()),
            role: Some(staff.role),
            action,
            object: None,
            reason: false,
        }
    }

    /// Enters that this person tried what they may not do.
    pub async fn audit_denied(
        &self,
        desk: &StaffSession,
        action: &'static str,
        view: &str,
    ) -> Result<(), ActError> {
        let entry = self.entry(desk, action, Some(view));
        Ok(self
            .store
            .append_audit(entry, EntryOutcome::Refused)
            .await?)
    }

    /// The same, if there is such a view with something to read: an id that no view has fills no log.
    pub async fn audit_denied_view(
        &self,
        desk: &StaffSession,
        action: &'static str,
        view: &str,
    ) -> Result<(), ActError> {
        match self.store.view(view).await? {
            Some(row) if !row.is_bare() => self.audit_denied(desk, action, view).await,
            _ => Ok(()),
        }
    }

    /// The store for what this person does now: the entry is written in the same commit.
    pub fn by(
        &self,
        desk: &StaffSession,
        action: &'static str,
        object: Option<&str>,
    ) -> Box<dyn AuditedStore> {
        self.store.audited(self.entry(desk, action, object))
    }

    /// The same for somebody who signs in, out, or proves who they are.
    pub fn by_staff(&self, staff: &StaffRow, action: &'static str) -> Box<dyn AuditedStore> {
        self.store.audited(self.entry_of(staff, action))
    }

    /// Enters a sign-in that failed: with the account if there is one of that name. Both cost the same commit, so that
    /// time does not tell which.
    pub async fn audit_failed_sign_in(&self, staff: Option<&StaffRow>) -> Result<(), ActError> {
        let at = self.clock.unix_seconds();
        let Some(action) = self.failed_sign_ins.word(at) else {
            return Ok(());
        };
        let entry = Entry {
            at,
            actor: staff.map(|staff| staff.id.clone()),
            role: staff.map(|staff| staff.role),
            action,
            object: None,
            reason: false,
        };
        Ok(self
            .store
            .append_audit(entry, EntryOutcome::NotDone)
            .await?)
    }

    /// Who opened views and names, and who tried to and may not, in the week that begins on this day: no content, made-up names, what one person did
    /// with one view on one day in one line, and all that they opened at meetings on it in one. For the coordinator and the administrator.
    pub async fn opened_in_week(
        &self,
        desk: &StaffSession,
        first: Date,
    ) -> Result<Vec<AuditLine>, ActError> {
        let role = desk.staff.role;
        if !role.sees_record() {
            return Err(ActError::Forbidden);
        }
        const DAY: i64 = 86_400;
        let begin = i64::from(first.days()) * DAY;
        // London is never more than an hour from the zone of Unix time.
        let around = (begin - DAY, begin + 8 * DAY);
        let rows = self.store.audit_between(around.0, around.1).await?;
        let staff = self.store.all_staff().await?;
        // What is about the coordinator is not listed for the coordinator.
        let mut about = self.store.views().await?;
        about.retain(|row| role.sees_queue() && row.life.is_about(role));
        let mut list: Vec<AuditLine> = Vec::new();
        for row in rows {
            let Some(day) = Date::in_london(row.at) else {
                continue;
            };
            let weekday = day.days() - first.days();
            // A word that is no kind of event is one of the desk's own, such as `sign-in`.
            let kind = EventKind::from_id(&row.action);
            let told = kind.filter(|_| matches!(row.outcome.as_str(), "done" | "refused"));
            let Some(what) = told
                .and_then(opening_of)
                .filter(|_| (0..7).contains(&weekday))
            else {
                continue;
            };
            let (Some(view), Some(by)) = (&row.object, row.role.as_deref().and_then(Role::from_id))
            else {
                continue;
            };
            if about.iter().any(|row| row.id == *view) {
                continue;
            }
            let person = staff
                .iter()
                .find(|person| Some(&person.id) == row.actor.as_ref());
            let line = AuditLine {
                day,
                who: person.map(|person| person.name.clone()),
                role: by,
                what,
                refused: row.outcome == "refused",
                views: vec![(pseudonym(view), role.sees_queue().then(|| view.clone()))],
                times: 1,
            };
            add_line(&mut list, line);
        }
        list.reverse();
        Ok(list)
    }
}

// What an entry opens.
fn opening_of(kind: EventKind) -> Option<AuditedOpening> {
    let what = if kind == EventKind::NameOpened {
        AuditedOpening::Name
    } else if kind == EventKind::ApprovedRead {
        AuditedOpening::Approved
    } else {
        AuditedOpening::View
    };
    kind.is_opening().then_some(what)
}

// The same on the same day is one line; so is all that somebody opened at meetings on it.
fn add_line(list: &mut Vec<AuditLine>, line: AuditLine) {
    let is_listed = line.what == AuditedOpening::Approved;
    let same = |known: &&mut AuditLine| {
        let one = AuditLine {
            times: line.times,
            views: if is_listed {
                line.views.clone()
            } else {
                known.views.clone()
            },
            ..(**known).clone()
        };
        one == line
    };
    let Some(known) = list.iter_mut().find(same) else {
        list.push(line);
        return;
    };
    known.times += 1;
    for view in line.views {
        if !known.views.contains(&view) {
            known.views.push(view);
        }
    }
}
