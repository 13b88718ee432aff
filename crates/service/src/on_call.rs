//! Who is on call: the page of those who keep children safe, their turns, the address of each, and drills.

use crate::alert_line::{AlertLine, open_addresses};
use crate::sign_in::{ReauthProof, StaffSession};
use crate::{ActError, App};
use domain::date::Date;
use domain::on_call::{self, DRILL_DAYS, DutyTurn, LAST_RANK, TURN_DAYS, drill_goes_on};
use model::on_call::{DrillLine, DutyLine, DutyPerson, OnCallNow, TurnForm};
use notify::mail::checked_address;
use std::collections::HashMap;
use store::{Changed, DrillRow, OnCallRow, StaffRow};
use vault::server_sealed::{ALERT_ADDRESS, seal_for};

impl App {
    /// Everything the page of who is on call shows.
    pub async fn on_call(&self, desk: &StaffSession) -> Result<OnCallNow, ActError> {
        sees_lane(desk)?;
        let (today, now) = (self.clock.today(), self.clock.unix_seconds());
        let staff = self.store.all_staff().await?;
        let line = AlertLine::load(self).await;
        let own = open_addresses(self, self.store.alert_addresses().await?);
        let rows = self.store.turns().await?;
        let drills = self.store.drills().await?;
        let names: HashMap<&str, &str> = staff
            .iter()
            .map(|person| (person.id.as_str(), person.name.as_str()))
            .collect();
        let name = |id: &str| (*names.get(id).unwrap_or(&"")).to_owned();
        let can = |id: &str| line.can(id);
        let turns = line.turns();
        let next = on_call::next_first(turns, today, can);
        let turn = |row: OnCallRow| DutyLine {
            name: name(&row.turn.staff),
            is_alerted: line.can(&row.turn.staff),
            id: row.id,
            turn: row.turn,
        };
        let people = staff.iter().filter(|person| may_be_on_call(person));
        Ok(OnCallNow {
            now: on_call::on_call(turns, today, can)
                .into_iter()
                .map(name)
                .collect(),
            next: next.map(|(day, id)| (day, name(id))),
            gaps: on_call::gaps(turns, today, can),
            turns: rows
                .into_iter()
                .filter(|row| row.turn.to >= today)
                .map(turn)
                .collect(),
            people: people
                .map(|person| DutyPerson {
                    id: person.id.clone(),
                    name: person.name.clone(),
                    has_address: own.contains_key(&person.id),
                })
                .collect(),
            own_address: own.get(&desk.staff.id).cloned().unwrap_or_default(),
            outside: self.alerts_outside,
            drill_open: drills
                .iter()
                .find(|drill| drill_goes_on(drill.began, drill.ended, now))
                .map(|drill| drill.id),
            drill_is_due: drills
                .first()
                .is_none_or(|drill| day_of(drill).plus_days(DRILL_DAYS) <= today),
            drills: drills
                .iter()
                .map(|drill| DrillLine {
                    day: day_of(drill),
                    minutes: drill.ended.map(|ended| minutes(drill.began, ended)),
                    name: drill.ended_by.as_deref().map(name),
                    goes_on: drill_goes_on(drill.began, drill.ended, now),
                })
                .collect(),
        })
    }

    /// Adds a turn, or puts one in the place of `id`.
    pub async fn save_turn(
        &self,
        desk: &StaffSession,
        id: Option<&str>,
        form: &TurnForm,
    ) -> Result<(), ActError> {
        sees_lane(desk)?;
        let staff = self.store.staff(&form.staff).await?;
        let known = staff.is_some_and(|person| may_be_on_call(&person));
        let turn = checked_turn(form, known, self.clock.today())?;
        let Some(id) = id else {
            let id = self.new_id();
            let store = self.by(desk, "on-call-add", Some(&id));
            store
                .add_turn(OnCallRow {
                    id: id.clone(),
                    turn,
                })
                .await?;
            return Ok(());
        };
        let store = self.by(desk, "on-call-change", Some(id));
        let row = OnCallRow {
            id: id.to_owned(),
            turn,
        };
        done(store.change_turn(row).await?)
    }

    /// Removes a turn.
    pub async fn remove_turn(&self, desk: &StaffSession, id: &str) -> Result<(), ActError> {
        sees_lane(desk)?;
        let store = self.by(desk, "on-call-remove", Some(id));
        done(store.remove_turn(id).await?)
    }

    /// Sets where alerts reach this person, or nowhere of their own when it is empty. Only they themselves do, with their
    /// password.
    pub async fn set_own_address(
        &self,
        desk: &StaffSession,
        _proved: &ReauthProof,
        address: &str,
    ) -> Result<(), ActError> {
        sees_lane(desk)?;
        let id = &desk.staff.id;
        let sealed = match address.trim() {
            "" => None,
            typed => {
                let address = checked_address(typed)
                    .ok_or(ActError::Field("address", "error.on-call.address"))?;
                let plain = address.as_bytes();
                Some(seal_for(
                    &self.keys,
                    &*self.random,
                    ALERT_ADDRESS,
                    id,
                    plain,
                ))
            }
        };
        let store = self.by(desk, "alert-address", Some(id));
        store.set_alert_address(id, sealed).await?;
        Ok(())
    }

    /// Begins a drill: it goes out as an alert does.
    pub async fn begin_drill(&self, desk: &StaffSession) -> Result<(), ActError> {
        sees_lane(desk)?;
        let store = self.by(desk, "drill", None);
        done(store.begin_drill(self.clock.unix_seconds()).await?)?;
        self.safety_alert_notify.notify_one();
        Ok(())
    }

    /// This person takes a drill on, which ends it.
    pub async fn end_drill(&self, desk: &StaffSession, id: i64) -> Result<(), ActError> {
        sees_lane(desk)?;
        let store = self.by(desk, "drill-taken", None);
        let now = self.clock.unix_seconds();
        done(store.end_drill(id, now, &desk.staff.id).await?)
    }
}

fn sees_lane(desk: &StaffSession) -> Result<(), ActError> {
    if desk.staff.role.sees_safety_lane() {
        Ok(())
    } else {
        Err(ActError::Forbidden)
    }
}

fn may_be_on_call(staff: &StaffRow) -> bool {
    staff.role.sees_safety_lane() && staff.has_joined() && !staff.suspended
}

fn done(changed: Changed) -> Result<(), ActError> {
    match changed {
        Changed::Done => Ok(()),
        Changed::Stale => Err(ActError::Stale),
    }
}

fn day_of(drill: &DrillRow) -> Date {
    Date::in_london(drill.began).unwrap_or(Date::EPOCH)
}

/// Whole minutes, rounded up: a drill that was taken at once took a minute.
fn minutes(began: i64, ended: i64) -> i64 {
    let seconds = ended.saturating_sub(began).max(1);
    seconds.saturating_add(59) / 60
}

fn checked_turn(form: &TurnForm, known: bool, today: Date) -> Result<DutyTurn, ActError> {
    let day = |text: &str| text.trim().parse::<Date>().ok();
    let wrong = |field, key| Err(ActError::Field(field, key));
    let Some(from) = day(&form.from) else {
        return wrong("from", "error.on-call.day");
    };
    let Some(to) = day(&form.to) else {
        return wrong("to", "error.on-call.day");
    };
    if to < from {
        return wrong("to", "error.on-call.order");
    }
    if to < today {
        return wrong("to", "error.on-call.past");
    }
    if from.plus_days(TURN_DAYS) <= to {
        return wrong("to", "error.on-call.long");
    }
    if !known {
        return wrong("staff", "error.on-call.staff");
    }
    match form.rank.parse::<u32>() {
        Ok(rank) if (1..=LAST_RANK).contains(&rank) => Ok(DutyTurn {
            from,
            to,
            staff: form.staff.clone(),
            rank,
        }),
        _ => wrong("rank", "error.on-call.rank"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    fn form(from: &str, to: &str, rank: &str) -> TurnForm {
        TurnForm {
            id: String::new(),
            from: from.to_owned(),
            to: to.to_owned(),
            staff: "sam".to_owned(),
            rank: rank.to_owned(),
        }
    }

    #[test]
    fn a_turn_is_checked_field_by_field() {
        let today: Date = "2026-11-21".parse().unwrap();
        let wrong = |from, to, rank, known| match checked_turn(&form(from, to, rank), known, today)
        {
            Ok(_) => "",
            Err(ActError::Field(field, _)) => field,
            Err(_) => "other",
        };
        assert_eq!(wrong("2026-11-21", "2026-11-21", "1", true), "");
        assert_eq!(wrong("2026-11-01", "2027-11-01", "5", true), "");
        assert_eq!(wrong("", "2026-11-21", "1", true), "from");
        assert_eq!(wrong("2026-11-21", "2026-02-30", "1", true), "to");
        assert_eq!(wrong("2026-11-22", "2026-11-21", "1", true), "to");
        assert_eq!(wrong("2026-11-01", "2026-11-20", "1", true), "to");
        assert_eq!(wrong("2026-11-01", "2027-11-02", "1", true), "to");
        assert_eq!(wrong("2026-11-21", "2026-11-21", "1", false), "staff");
        for rank in ["0", "6", "", "-1"] {
            assert_eq!(wrong("2026-11-21", "2026-11-21", rank, true), "rank");
        }
    }

    #[test]
    fn minutes_are_whole_and_never_below_one() {
        assert_eq!((minutes(0, 0), minutes(0, 60), minutes(0, 61)), (1, 1, 2));
        assert_eq!(minutes(100, 0), 1, "the clock was put back");
    }
}
