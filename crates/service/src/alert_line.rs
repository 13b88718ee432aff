//! To whom an alert goes now: who is on call today and can be alerted, then the addresses of the settings. Whatever is missing or
//! cannot be read leaves the settings alone, as if there were no table.

use crate::App;
use domain::date::Date;
use domain::on_call::{self, DutyTurn, InLine};
use domain::role::Role;
use domain::view::Subject;
use notify::mail::{Mail, checked_address};
use std::collections::{BTreeSet, HashMap};
use store::ViewRow;
use vault::server_sealed::{ALERT_ADDRESS, open_for};

/// Somebody who can be alerted: they work at the desk, see the safety lane, and have an address.
struct Reachable {
    role: Role,
    address: String,
    /// The views that are closed to them.
    away: BTreeSet<String>,
}

/// Who is on call on one day.
#[derive(Default)]
pub(crate) struct AlertLine {
    turns: Vec<DutyTurn>,
    people: HashMap<String, Reachable>,
    today: Option<Date>,
}

impl AlertLine {
    /// Reads it. What cannot be read is said in the log, and nobody is on call.
    pub(crate) async fn load(pledge: &App) -> AlertLine {
        match AlertLine::read(pledge).await {
            Ok(line) => line,
            Err(error) => {
                eprintln!("pledge: on call: {error}");
                AlertLine::default()
            }
        }
    }

    async fn read(pledge: &App) -> store::Result<AlertLine> {
        let turns = pledge.store.turns().await?;
        let addresses = open_addresses(pledge, pledge.store.alert_addresses().await?);
        let mut people = HashMap::new();
        // Those who read now: not suspended, with every step of signing in done, and with the keys of their role.
        for reader in pledge.store.readers().await? {
            if let Some(address) = addresses.get(&reader.staff)
                && reader.role.sees_safety_lane()
            {
                let reachable = Reachable {
                    role: reader.role,
                    address: address.clone(),
                    away: pledge.store.recused(&reader.staff).await?,
                };
                people.insert(reader.staff, reachable);
            }
        }
        Ok(AlertLine {
            turns: turns.into_iter().map(|row| row.turn).collect(),
            people,
            today: Some(pledge.clock.today()),
        })
    }

    /// The turns.
    pub(crate) fn turns(&self) -> &[DutyTurn] {
        &self.turns
    }

    /// Whether this account can be alerted.
    pub(crate) fn can(&self, staff: &str) -> bool {
        self.people.contains_key(staff)
    }

    /// Where alerts reach this account.
    pub(crate) fn address(&self, staff: &str) -> Option<&str> {
        let person = self.people.get(staff)?;
        Some(&person.address)
    }

    /// The line of a drill, which is about no view.
    pub(crate) fn of_drill(&self, mail: &Mail) -> Vec<InLine> {
        self.line(mail, |_| false, |_, _| false)
    }

    /// The line of an alert about this view. One that cannot be read is delivered to the settings: a danger must be heard, and
    /// nobody knows whom it is about.
    pub(crate) fn of_view(&self, mail: &Mail, view: Option<&ViewRow>) -> Vec<InLine> {
        let Some(view) = view else {
            return on_call::line(&[], mail.people(), |_| false, |_| false);
        };
        let life = view.life;
        let left_out = |id: &str, person: &Reachable| {
            let sees = life.visible_to(person.role) || life.lane_record_visible_to(person.role);
            let mine = self
                .people
                .get(id)
                .is_some_and(|own| own.away.contains(&view.id));
            !sees || mine
        };
        // The first of the settings is the safety lead.
        self.line(
            mail,
            |place| place == 0 && life.about == Subject::Safety,
            left_out,
        )
    }

    fn line(
        &self,
        mail: &Mail,
        first_out: impl Fn(usize) -> bool,
        left_out: impl Fn(&str, &Reachable) -> bool,
    ) -> Vec<InLine> {
        let out = |id: &str| {
            self.people
                .get(id)
                .is_none_or(|person| left_out(id, person))
        };
        let on_call = match self.today {
            Some(today) => on_call::on_call(&self.turns, today, |id| !out(id)),
            None => Vec::new(),
        };
        let has = |place: usize, address: &str| {
            mail.address(place)
                .is_some_and(|listed| listed.eq_ignore_ascii_case(address))
        };
        let of_left_out = |place: usize| {
            let mut people = self.people.iter();
            people.any(|(id, person)| left_out(id, person) && has(place, &person.address))
        };
        let same = |place: usize| {
            let mut addresses = on_call.iter().filter_map(|id| self.address(id));
            addresses.any(|address| has(place, address))
        };
        on_call::line(
            &on_call,
            mail.people(),
            |place| first_out(place) || of_left_out(place),
            same,
        )
    }
}

/// The addresses that open, by account.
pub(crate) fn open_addresses(
    pledge: &App,
    sealed: Vec<(String, Vec<u8>)>,
) -> HashMap<String, String> {
    let mut open = HashMap::new();
    for (staff, sealed) in sealed {
        let plain = open_for(&pledge.keys, ALERT_ADDRESS, &staff, &sealed);
        let text = plain.and_then(|plain| String::from_utf8(plain.to_vec()).ok());
        if let Some(address) = text.as_deref().and_then(checked_address) {
            open.insert(staff, address.to_owned());
        }
    }
    open
}
