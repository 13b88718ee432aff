//! Delivers the alerts of the safety lane at least once, repeats them, and escalates to one person more as time goes,
//! until a named person claims the view. The rows are the store's outbox.
//!
//! A message may go out twice (the server stopped between sending it and noting so), never not at all: a row stays until
//! somebody has ended it, and what is not noted as delivered is delivered.

use crate::alert_line::AlertLine;
use crate::sign_in::StaffSession;
use crate::{ActError, App};
use async_trait::async_trait;
use domain::escalation;
use domain::on_call::{self, InLine, drill_goes_on};
use model::urls;
use model::{LaneClock, LaneCount};
use notify::mail::MailMessage;
use notify::{Channels, NotDelivered, Notice};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;
use store::{AlertChannel, AlertRow, DrillRow, StaffRow, Store, ViewRow};
use vault::random;

/// How often the outbox is looked at without a notification.
const LOOK: Duration = Duration::from_secs(5);
/// How soon it is looked at again when something did not get out.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Longest pause before a server that does not answer is tried again, in seconds. Short, so that within five seconds of
/// its coming back a child's alert is out.
const PAUSE: i64 = 3;
/// The same for a server that refuses, where only a person can help.
const PAUSE_REFUSED: i64 = 60;

/// What this process remembers of its tries; after a restart it tries again at once.
#[derive(Default)]
pub struct DeliveryMemory {
    alerts: Outbox,
    drills: Outbox,
}

#[derive(Default)]
struct Outbox {
    mail: Tries,
    hook: Tries,
    /// The earliest moment at which each row was seen, by its number.
    seen: HashMap<i64, i64>,
}

/// A row of an outbox: an alert, or a drill, which is about no view.
struct Waiting {
    id: i64,
    view: Option<String>,
    since: i64,
    mail: u32,
    hook: u32,
}

impl Outbox {
    /// The round of each row now, by its number. A row from a moment that is yet to come, because the clock was ahead
    /// when it was raised, counts from when it was first seen.
    fn rounds(&mut self, rows: &[Waiting], now: i64) -> HashMap<i64, u32> {
        let waiting: HashSet<i64> = rows.iter().map(|row| row.id).collect();
        self.seen.retain(|id, _| waiting.contains(id));
        let mut rounds = HashMap::new();
        for row in rows {
            let first = self.seen.entry(row.id).or_insert(now);
            *first = now.min(*first);
            rounds.insert(row.id, escalation::round(row.since.min(*first), now));
        }
        // What was delivered for a round that is yet to come was delivered while the clock was ahead.
        for tries in [&mut self.mail, &mut self.hook] {
            tries
                .delivered
                .retain(|(id, round, _)| rounds.get(id).is_some_and(|now| round <= now));
        }
        rounds
    }
}

#[derive(Default)]
struct Tries {
    /// Number of the row, round, person in line.
    delivered: HashSet<(i64, u32, InLine)>,
    /// Failures in a row and the moment of the next try, by person in line.
    trouble: HashMap<InLine, (u32, i64)>,
}

impl Tries {
    fn waits(&self, person: &InLine, now: i64) -> bool {
        self.trouble
            .get(person)
            // A clock that was put back does not make it wait longer.
            .is_some_and(|(_, next)| now < *next && *next - now <= PAUSE_REFUSED)
    }

    fn failed(&mut self, person: &InLine, now: i64, why: NotDelivered) {
        let (failures, next) = self.trouble.entry(person.clone()).or_default();
        *failures = failures.saturating_add(1);
        let most = match why {
            NotDelivered::NotNow => PAUSE,
            NotDelivered::Refused => PAUSE_REFUSED,
        };
        *next = now + (1i64 << (*failures - 1).min(6)).min(most);
    }

    fn has(&self, row: &Due<'_>, person: &InLine) -> bool {
        self.delivered
            .contains(&(row.row.id, row.round, person.clone()))
    }
}

/// Delivers alerts for as long as the server runs.
pub async fn run_alerts(pledge: &App, channels: &Channels) {
    let mut memory = DeliveryMemory::default();
    loop {
        let look = match deliver_due(pledge, channels, &mut memory).await {
            Ok(true) => LOOK,
            Ok(false) => LOOK_AGAIN,
            Err(error) => {
                eprintln!("pledge: alerts: {error}");
                LOOK_AGAIN
            }
        };
        tokio::select! {
            () = pledge.safety_alert_notify.notified() => {}
            () = tokio::time::sleep(look) => {}
        }
    }
}

/// One look at the outbox: delivers what is due. `false`: something did not get out and is to be tried again soon.
pub async fn deliver_due(
    pledge: &App,
    channels: &Channels,
    memory: &mut DeliveryMemory,
) -> Result<bool, ActError> {
    let now = pledge.clock.unix_seconds();
    let alerts = pledge.store.alerts().await?;
    let alerts: Vec<Waiting> = alerts.into_iter().map(of_alert).collect();
    // An alert does not wait for what is wrong with a drill.
    let drills = open_drills(pledge, now).await.unwrap_or_else(|error| {
        eprintln!("pledge: drills: {error}");
        Vec::new()
    });
    let line = if alerts.is_empty() && drills.is_empty() {
        AlertLine::default()
    } else {
        AlertLine::load(pledge).await
    };
    let look = |rows, drill| Look {
        pledge,
        channels,
        line: &line,
        rows,
        drill,
        now,
    };
    let (alerts, drills) = (look(&alerts, false), look(&drills, true));
    let (alerts, drills) = tokio::join!(
        by_both(&alerts, &mut memory.alerts),
        by_both(&drills, &mut memory.drills)
    );
    Ok(alerts? && drills?)
}

fn of_alert(row: AlertRow) -> Waiting {
    Waiting {
        id: row.id,
        view: Some(row.view),
        since: row.since,
        mail: row.mail,
        hook: row.hook,
    }
}

async fn open_drills(pledge: &App, now: i64) -> Result<Vec<Waiting>, ActError> {
    let drills = pledge.store.drills().await?.into_iter();
    let open = drills.filter(|drill| drill_goes_on(drill.began, drill.ended, now));
    let row = |drill: DrillRow| Waiting {
        id: drill.id,
        view: None,
        since: escalation::quarter(drill.began),
        mail: drill.mail,
        hook: drill.hook,
    };
    Ok(open.map(row).collect())
}

/// One look at one outbox.
struct Look<'a> {
    pledge: &'a App,
    channels: &'a Channels,
    line: &'a AlertLine,
    rows: &'a [Waiting],
    drill: bool,
    now: i64,
}

/// A row that is due in this round, with its people in line.
struct Due<'a> {
    row: &'a Waiting,
    round: u32,
    line: Vec<InLine>,
}

impl Due<'_> {
    /// Who is alerted in this round.
    fn people(&self, tries: &Tries) -> &[InLine] {
        let people = escalation::people(self.round);
        let fails = |person: &InLine| tries.trouble.contains_key(person);
        self.line
            .get(..on_call::due(&self.line, people, fails))
            .unwrap_or_default()
    }
}

async fn by_both(look: &Look<'_>, outbox: &mut Outbox) -> Result<bool, ActError> {
    let rounds = outbox.rounds(look.rows, look.now);
    // One that hangs must not hold up the other.
    let (mail, hook) = tokio::join!(
        by_channel(look, AlertChannel::Mail, &rounds, &mut outbox.mail),
        by_channel(look, AlertChannel::Hook, &rounds, &mut outbox.hook),
    );
    Ok(mail? && hook?)
}

async fn note_delivered(
    look: &Look<'_>,
    channel: AlertChannel,
    rounds: Vec<(i64, u32)>,
) -> Result<(), ActError> {
    if rounds.is_empty() {
        return Ok(());
    }
    let store = &look.pledge.store;
    if look.drill {
        store.drills_delivered(channel, rounds).await?;
    } else {
        store.alerts_delivered(channel, rounds).await?;
    }
    Ok(())
}

async fn by_channel(
    look: &Look<'_>,
    channel: AlertChannel,
    rounds: &HashMap<i64, u32>,
    tries: &mut Tries,
) -> Result<bool, ActError> {
    let all_rows: Vec<(&Waiting, u32)> = look
        .rows
        .iter()
        .filter_map(|row| Some((row, *rounds.get(&row.id)?)))
        .collect();
    // What was noted while the clock was ahead is held down to the round now, or nobody would be reminded until that moment.
    let ahead = all_rows
        .iter()
        .filter(|(row, round)| delivered_round(row, channel) > *round)
        .map(|(row, round)| (row.id, *round));
    note_delivered(look, channel, ahead.collect()).await?;
    let mut due = Vec::new();
    for (row, round) in all_rows {
        if delivered_round(row, channel) < round {
            let line = line_of(look, channel, row).await;
            due.push(Due { row, round, line });
        }
    }
    due.retain(|row| !row.line.is_empty());
    let mut all = true;
    let mut tried: HashSet<InLine> = HashSet::new();
    // One message to each person, with all that is due to them. Who could not be reached brings the next one forward.
    while let Some(person) = next_person(&due, tries, &tried) {
        tried.insert(person.clone());
        if tries.waits(&person, look.now) {
            all = false;
            continue;
        }
        let theirs: Vec<(i64, u32)> = due
            .iter()
            .filter(|row| row.people(tries).contains(&person) && !tries.has(row, &person))
            .map(|row| (row.row.id, row.round))
            .collect();
        match send(look, channel, &person, &theirs).await {
            Ok(()) => {
                tries.trouble.remove(&person);
                let sent = theirs.into_iter();
                let sent = sent.map(|(id, round)| (id, round, person.clone()));
                tries.delivered.extend(sent);
            }
            Err(why) => {
                all = false;
                tries.failed(&person, look.now, why);
                let who = match &person {
                    InLine::OnCall(_) => "who is on call".to_owned(),
                    InLine::Listed(place) => format!("person {}", place + 1),
                };
                eprintln!("pledge: alerts: {channel:?} to {who}: {}", why.code());
            }
        }
    }
    // A row is delivered when everybody who is due in this round was sent it.
    let delivered = due
        .iter()
        .filter(|row| row.people(tries).iter().all(|one| tries.has(row, one)))
        .map(|row| (row.row.id, row.round));
    note_delivered(look, channel, delivered.collect()).await?;
    Ok(all)
}

// Who is to be written to next: somebody to whom something is due that they were not sent, and who was not tried yet.
fn next_person(due: &[Due<'_>], tries: &Tries, tried: &HashSet<InLine>) -> Option<InLine> {
    let pairs = due
        .iter()
        .flat_map(|row| row.people(tries).iter().map(move |person| (row, person)));
    let mut open = pairs.filter(|(row, person)| !tried.contains(person) && !tries.has(row, person));
    open.next().map(|(_, person)| person.clone())
}

// The line of one row. By e-mail it begins with who is on call and ends with the settings; the relay is one.
async fn line_of(look: &Look<'_>, channel: AlertChannel, row: &Waiting) -> Vec<InLine> {
    match (channel, &look.channels.mail, &look.channels.hook) {
        (AlertChannel::Mail, Some(mail), _) => match &row.view {
            None => look.line.of_drill(mail),
            Some(view) => {
                let view = look.pledge.store.view(view).await;
                look.line.of_view(mail, view.ok().flatten().as_ref())
            }
        },
        (AlertChannel::Hook, _, Some(_)) => vec![InLine::Listed(0)],
        (AlertChannel::Mail, None, _) | (AlertChannel::Hook, _, None) => Vec::new(),
    }
}

fn delivered_round(row: &Waiting, channel: AlertChannel) -> u32 {
    match channel {
        AlertChannel::Mail => row.mail,
        AlertChannel::Hook => row.hook,
    }
}

fn notice(look: &Look<'_>, theirs: &[(i64, u32)]) -> Notice {
    let public = look.pledge.public_url.as_ref();
    let ids: Vec<i64> = theirs.iter().map(|(id, _)| *id).collect();
    let oldest = look.rows.iter().map(|row| row.since).min();
    let page = if look.drill {
        urls::DESK_ON_CALL
    } else {
        urls::DESK_SAFETY
    };
    Notice {
        drill: look.drill,
        new: ids.len(),
        numbers: ranges(&ids),
        waiting: look.rows.len(),
        hours: escalation::hours(oldest.unwrap_or(look.now), look.now),
        address: public.map(|public| public.of(page)),
    }
}

async fn send(
    look: &Look<'_>,
    channel: AlertChannel,
    person: &InLine,
    theirs: &[(i64, u32)],
) -> Result<(), NotDelivered> {
    let notice = notice(look, theirs);
    match (channel, &look.channels.mail, &look.channels.hook) {
        (AlertChannel::Mail, Some(mail), _) => {
            let (subject, body) = words(look, &notice);
            let letter = MailMessage {
                subject: &subject,
                body: &body,
                now: look.now,
                id: random::bytes(&*look.pledge.random),
            };
            match person {
                InLine::Listed(place) => mail.send_message(*place, &letter).await,
                InLine::OnCall(staff) => {
                    let to = look.line.address(staff).ok_or(NotDelivered::Refused)?;
                    mail.send_to(to, &letter).await
                }
            }
        }
        (AlertChannel::Hook, _, Some(hook)) => hook.send_notice(&notice).await,
        (AlertChannel::Mail, None, _) | (AlertChannel::Hook, _, None) => Ok(()),
    }
}

// The subject and the text of an e-mail.
fn words(look: &Look<'_>, notice: &Notice) -> (String, String) {
    let words = &look.pledge.library.content().words;
    let (subject, mut body) = if look.drill {
        let body = words.get("alert.drill.body");
        (words.get("alert.drill.subject"), body)
    } else {
        let hours = match notice.hours {
            ..=0 => words.get("alert.mail.under-hour"),
            1 => words.get("alert.mail.hour"),
            hours => words.fill("alert.mail.hours", &[("count", &hours.to_string())]),
        };
        let values = [
            ("new", notice.new.to_string()),
            ("waiting", notice.waiting.to_string()),
            ("hours", hours),
            ("numbers", notice.numbers.clone()),
        ];
        let values = values
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        (
            words.get("alert.mail.subject"),
            words.fill("alert.mail.body", &values),
        )
    };
    if let Some(address) = &notice.address {
        body = format!("{}\n\n{address}", body.trim_end());
    }
    (subject, body)
}

/// What the count in the header of the desk reads, each once, however much waits there.
#[async_trait]
trait LaneReads: Send + Sync {
    async fn open_alerts(&self) -> store::Result<Vec<AlertRow>>;
    async fn alerted(&self) -> store::Result<Vec<(String, Option<ViewRow>)>>;
    async fn kept_from(&self, staff: &str) -> store::Result<BTreeSet<String>>;
}

#[async_trait]
impl LaneReads for dyn Store {
    async fn open_alerts(&self) -> store::Result<Vec<AlertRow>> {
        self.alerts().await
    }

    async fn alerted(&self) -> store::Result<Vec<(String, Option<ViewRow>)>> {
        self.alerted_views().await
    }

    async fn kept_from(&self, staff: &str) -> store::Result<BTreeSet<String>> {
        self.recused(staff).await
    }
}

async fn count_lane<R: LaneReads + ?Sized>(
    reads: &R,
    staff: &StaffRow,
    now: i64,
) -> store::Result<LaneCount> {
    let alerts = reads.open_alerts().await?;
    let away = reads.kept_from(&staff.id).await?;
    // A view with two alarms is one view. A person who may not see a view does not learn that it is there; what cannot be read
    // is counted: a danger must be heard.
    let seen: HashSet<String> = reads
        .alerted()
        .await?
        .into_iter()
        .filter(|(id, row)| {
            let may_open = |row: &ViewRow| {
                let life = row.life;
                (life.visible_to(staff.role) || life.lane_record_visible_to(staff.role))
                    && !away.contains(id)
            };
            row.as_ref().is_none_or(may_open)
        })
        .map(|(id, _)| id)
        .collect();
    let overdue: HashSet<&str> = alerts
        .iter()
        .filter(|row| seen.contains(&row.view) && escalation::is_overdue(row.since, now))
        .map(|row| row.view.as_str())
        .collect();
    Ok(LaneCount {
        waiting: seen.len(),
        overdue: overdue.len(),
    })
}

/// Numbers in rising order as ranges: `4-7, 9`.
fn ranges(ids: &[i64]) -> String {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for id in ids {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *id => *last = *id,
            _ => runs.push((*id, *id)),
        }
    }
    let shown: Vec<String> = runs
        .iter()
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}-{last}")
            }
        })
        .collect();
    shown.join(", ")
}

impl App {
    /// What waits in the safety lane that nobody has taken on, for those who see the lane.
    pub async fn lane_count(&self, desk: &StaffSession) -> Result<Option<LaneCount>, ActError> {
        if !desk.staff.role.sees_safety_lane() {
            return Ok(None);
        }
        let now = self.clock.unix_seconds();
        Ok(Some(count_lane(&*self.store, &desk.staff, now).await?))
    }

    /// Whether nobody has taken this view on yet.
    pub(super) async fn alerts_of(&self, view: &str) -> Result<bool, ActError> {
        let alerts = self.store.alerts().await?;
        Ok(alerts.iter().any(|row| row.view == view))
    }

    /// How long nobody has taken each view on that has an open alert.
    pub(super) fn clocks<'a>(&self, alerts: &'a [AlertRow]) -> HashMap<&'a str, LaneClock> {
        let now = self.clock.unix_seconds();
        let mut clocks = HashMap::new();
        // Oldest first: the first one counts.
        for row in alerts {
            clocks.entry(row.view.as_str()).or_insert(LaneClock {
                hours: escalation::hours(row.since, now),
                overdue: escalation::is_overdue(row.since, now),
            });
        }
        clocks
    }

    /// How long nobody has taken this view on, by the oldest of its open alerts.
    pub(super) fn nobody_has(&self, alerts: &[AlertRow], view: &str) -> Option<LaneClock> {
        self.clocks(alerts).get(view).copied()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;
    use domain::date::Date;
    use domain::lifecycle::ViewStatus;
    use domain::role::Role;
    use domain::view::Topic;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use store::AlertKind;

    /// A safety lane whose views have two alerts each, and that counts how often it is read.
    struct Lane {
        views: Vec<(String, Option<ViewRow>)>,
        away: BTreeSet<String>,
        reads: AtomicUsize,
    }

    impl Lane {
        fn of(count: usize) -> Lane {
            let view = |n: usize| ViewRow {
                id: n.to_string(),
                seq: 0,
                recipient: String::new(),
                day: Date::EPOCH,
                topic: Topic::Home,
                language: String::new(),
                life: ViewStatus::begin(true),
                since: Date::EPOCH,
                has_identity: false,
                meeting: None,
                version: 0,
                burst: false,
            };
            Lane {
                views: (0..count).map(|n| (n.to_string(), Some(view(n)))).collect(),
                away: BTreeSet::new(),
                reads: AtomicUsize::new(0),
            }
        }

        fn read(&self) {
            self.reads.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[async_trait]
    impl LaneReads for Lane {
        async fn open_alerts(&self) -> store::Result<Vec<AlertRow>> {
            self.read();
            let twice = self.views.iter().chain(&self.views);
            let alert = |(id, _): &(String, Option<ViewRow>)| AlertRow {
                id: 0,
                view: id.clone(),
                kind: AlertKind::Sent,
                since: 0,
                mail: 0,
                hook: 0,
            };
            Ok(twice.map(alert).collect())
        }

        async fn alerted(&self) -> store::Result<Vec<(String, Option<ViewRow>)>> {
            self.read();
            Ok(self.views.clone())
        }

        async fn kept_from(&self, _staff: &str) -> store::Result<BTreeSet<String>> {
            self.read();
            Ok(self.away.clone())
        }
    }

    fn staff(role: Role) -> StaffRow {
        StaffRow {
            id: "one".to_owned(),
            name: String::new(),
            role,
            recipient: String::new(),
            salt: [0; 16],
            wrapped: Vec::new(),
            must_change: false,
            temp_password_expires_at: 0,
            second_factor: None,
            last_step: 0,
            suspended: false,
        }
    }

    #[tokio::test]
    async fn the_header_of_the_desk_reads_the_lane_three_times_however_much_waits() {
        for count in [0, 1, 300] {
            let lane = Lane::of(count);
            let found = count_lane(&lane, &staff(Role::Safety), 0).await.unwrap();
            assert_eq!((found.waiting, found.overdue), (count, 0));
            assert_eq!(lane.reads.load(Ordering::Relaxed), 3, "of {count}");
            // The control: one more read is counted.
            lane.kept_from("one").await.unwrap();
            assert_eq!(lane.reads.load(Ordering::Relaxed), 4);
        }
    }

    #[tokio::test]
    async fn the_count_leaves_out_what_may_not_be_seen_and_keeps_what_cannot_be_read() {
        let mut lane = Lane::of(4);
        lane.away = BTreeSet::from(["0".to_owned(), "1".to_owned()]);
        lane.views[1].1 = None;
        let late = escalation::OVERDUE;
        let found = count_lane(&lane, &staff(Role::Safety), late).await.unwrap();
        assert_eq!((found.waiting, found.overdue), (3, 3));
        // A role that sees none of them still hears of the one that cannot be read.
        let found = count_lane(&lane, &staff(Role::Clerk), late).await.unwrap();
        assert_eq!((found.waiting, found.overdue), (1, 1));
    }

    #[test]
    fn numbers_read_as_ranges() {
        assert_eq!(ranges(&[]), "");
        assert_eq!(ranges(&[4]), "4");
        assert_eq!(ranges(&[4, 5, 6, 7, 9, 11, 12]), "4-7, 9, 11-12");
    }

    #[test]
    fn pauses_grow_and_stay_short() {
        let mut tries = Tries::default();
        let (first, second) = (InLine::Listed(0), InLine::Listed(1));
        let mut pauses = |why| {
            (0..9)
                .map(|_| {
                    tries.failed(&first, 1_000, why);
                    tries.trouble[&first].1 - 1_000
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(pauses(NotDelivered::NotNow)[..4], [1, 2, 3, 3]);
        assert_eq!(pauses(NotDelivered::Refused).last(), Some(&60));
        assert!(tries.waits(&first, 1_010));
        assert!(!tries.waits(&first, 1_060));
        assert!(!tries.waits(&first, -1_000_000), "the clock was put back");
        assert!(!tries.waits(&second, 1_000));
    }
}
