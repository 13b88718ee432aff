//! The entries of the audit log: how an act is entered, and who opened what in a week.

use crate::pseudonym::pseudonym;
use crate::sign_in::StaffSession;
use crate::{ActError, App};
use domain::date::Date;
use domain::event::EventKind;
use domain::lifecycle::ViewStatus;
use domain::odd_use;
use domain::role::Role;
use model::{AuditLine, AuditedOpening, OddUse};
use std::collections::{BTreeMap, BTreeSet, HashMap};
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
    /// with one view on one day in one line, and all that they opened at meetings on it in one; and who opened more
    /// than a day's work. For the coordinator and the administrator.
    pub async fn opened_in_week(
        &self,
        desk: &StaffSession,
        first: Date,
    ) -> Result<(Vec<AuditLine>, Vec<OddUse>), ActError> {
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
        let views = self.store.views().await?;
        let lives: HashMap<&str, ViewStatus> = views
            .iter()
            .map(|row| (row.id.as_str(), row.life))
            .collect();
        let mut days = DaysOfOpenings::new();
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
            let life = lives.get(view.as_str());
            if life.is_some_and(|life| role.sees_queue() && life.is_about(role)) {
                continue;
            }
            let in_lane = life.is_some_and(|life| life.in_safety_lane());
            if kind.is_some_and(|kind| odd_use::counts(kind, by, in_lane)) {
                let of_day = days
                    .entry((day, row.actor.clone()))
                    .or_insert((by, BTreeSet::new()));
                of_day.1.insert(view.clone());
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
        Ok((list, odd_of(days, &staff)))
    }
}

/// The different views that each account opened on each day, with its role.
type DaysOfOpenings = BTreeMap<(Date, Option<String>), (Role, BTreeSet<String>)>;

// The accounts and days with more of them than a day's work, the newest first.
fn odd_of(days: DaysOfOpenings, staff: &[StaffRow]) -> Vec<OddUse> {
    let days = days.into_iter().rev();
    let odd = days.filter(|(_, (_, views))| odd_use::is_odd(views.len()));
    odd.map(|((day, actor), (role, views))| {
        let person = staff
            .iter()
            .find(|person| Some(&person.id) == actor.as_ref());
        OddUse {
            day,
            who: person.map(|person| person.name.clone()),
            role,
            views: views.len(),
        }
    })
    .collect()
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
