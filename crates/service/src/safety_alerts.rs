//! Delivers the alerts of the safety lane at least once, repeats them, and escalates to one person more as time goes,
//! until a named person claims the view. The rows are the store's outbox.
//!
//! A message may go out twice (the server stopped between sending it and noting so), never not at all: a row stays until
//! somebody has ended it, and what is not noted as delivered is delivered.

use crate::sign_in::StaffSession;
use crate::{ActError, App};
use async_trait::async_trait;
use domain::escalation;
use domain::view::Subject;
use model::urls;
use model::{LaneClock, LaneCount};
use notify::mail::MailMessage;
use notify::{Channels, NotDelivered, Notice};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;
use store::{AlertChannel, AlertRow, StaffRow, Store, ViewRow};
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
    mail: Tries,
    hook: Tries,
    /// The earliest moment at which each alert was seen, by its number.
    seen: HashMap<i64, i64>,
}

impl DeliveryMemory {
    /// The round of each alert now, by its number. An alert from a moment that is yet to come, because the clock was ahead
    /// when it was raised, counts from when it was first seen.
    fn rounds(&mut self, rows: &[AlertRow], now: i64) -> HashMap<i64, u32> {
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
    /// Number of the alert, round, place of the person in line.
    delivered: HashSet<(i64, u32, usize)>,
    /// Failures in a row and the moment of the next try, by place in line.
    trouble: HashMap<usize, (u32, i64)>,
}

impl Tries {
    fn waits(&self, person: usize, now: i64) -> bool {
        self.trouble
            .get(&person)
            // A clock that was put back does not make it wait longer.
            .is_some_and(|(_, next)| now < *next && *next - now <= PAUSE_REFUSED)
    }

    fn failed(&mut self, person: usize, now: i64, why: NotDelivered) {
        let (failures, next) = self.trouble.entry(person).or_default();
        *failures = failures.saturating_add(1);
        let most = match why {
            NotDelivered::NotNow => PAUSE,
            NotDelivered::Refused => PAUSE_REFUSED,
        };
        *next = now + (1i64 << (*failures - 1).min(6)).min(most);
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
    let rows = pledge.store.alerts().await?;
    let rounds = memory.rounds(&rows, pledge.clock.unix_seconds());
    // One that hangs must not hold up the other.
    let (mail, hook) = tokio::join!(
        by_channel(
            pledge,
            channels,
            AlertChannel::Mail,
            (&rows, &rounds),
            &mut memory.mail
        ),
        by_channel(
            pledge,
            channels,
            AlertChannel::Hook,
            (&rows, &rounds),
            &mut memory.hook
        ),
    );
    Ok(mail? && hook?)
}

// What was noted while the clock was ahead is held down to the round now, or nobody would be reminded until that moment.
async fn hold_down(
    pledge: &App,
    channel: AlertChannel,
    rows: &[(&AlertRow, u32)],
) -> Result<(), ActError> {
    let ahead: Vec<(i64, u32)> = rows
        .iter()
        .filter(|(row, round)| delivered_round(row, channel) > *round)
        .map(|(row, round)| (row.id, *round))
        .collect();
    if !ahead.is_empty() {
        pledge.store.alerts_delivered(channel, ahead).await?;
    }
    Ok(())
}

async fn by_channel(
    pledge: &App,
    channels: &Channels,
    channel: AlertChannel,
    (rows, rounds): (&[AlertRow], &HashMap<i64, u32>),
    tries: &mut Tries,
) -> Result<bool, ActError> {
    let line = match channel {
        AlertChannel::Mail => channels.mail.as_ref().map_or(0, |mail| mail.people()),
        AlertChannel::Hook => usize::from(channels.hook.is_some()),
    };
    let now = pledge.clock.unix_seconds();
    let all_rows: Vec<(&AlertRow, u32)> = rows
        .iter()
        .filter_map(|row| Some((row, *rounds.get(&row.id)?)))
        .collect();
    hold_down(pledge, channel, &all_rows).await?;
    let due: Vec<(&AlertRow, u32)> = all_rows
        .into_iter()
        .filter(|(row, round)| delivered_round(row, channel) < *round)
        .collect();
    if line == 0 || due.is_empty() {
        return Ok(true);
    }
    let passed_over = about_the_first(pledge, &due).await;
    let due_people = |row: &AlertRow, round: u32| {
        let first = usize::from(line > 1 && passed_over.contains(&row.id));
        first..line.min(escalation::people(round).saturating_add(first))
    };
    let mut all = true;
    for person in 0..line {
        let theirs: Vec<(i64, u32)> = due
            .iter()
            .filter(|(row, round)| due_people(row, *round).contains(&person))
            .map(|(row, round)| (row.id, *round))
            .filter(|(id, round)| !tries.delivered.contains(&(*id, *round, person)))
            .collect();
        if theirs.is_empty() {
            continue;
        }
        if tries.waits(person, now) {
            all = false;
            continue;
        }
        let notice = notice(pledge, rows, theirs.iter().map(|(id, _)| *id), now);
        match send(pledge, channels, channel, person, &notice, now).await {
            Ok(()) => {
                tries.trouble.remove(&person);
                tries
                    .delivered
                    .extend(theirs.into_iter().map(|(id, round)| (id, round, person)));
            }
            Err(why) => {
                all = false;
                tries.failed(person, now, why);
                eprintln!(
                    "pledge: alerts: {channel:?} to person {}: {}",
                    person + 1,
                    why.code()
                );
            }
        }
    }
    // An alert is delivered when everybody who is due in this round was sent it.
    let delivered: Vec<(i64, u32)> = due
        .into_iter()
        .filter(|(row, round)| {
            due_people(row, *round)
                .all(|person| tries.delivered.contains(&(row.id, *round, person)))
        })
        .map(|(row, round)| (row.id, round))
        .collect();
    if !delivered.is_empty() {
        pledge.store.alerts_delivered(channel, delivered).await?;
    }
    Ok(all)
}

// The first in line is the safety lead. What is about them begins with the next person, if there is one: a message holds
// numbers and counts only, so it is better delivered to them than to nobody.
async fn about_the_first(pledge: &App, due: &[(&AlertRow, u32)]) -> HashSet<i64> {
    let mut theirs = HashSet::new();
    for (row, _) in due {
        // One that cannot be read is delivered as ever: a danger must be heard.
        if let Ok(Some(view)) = pledge.store.view(&row.view).await
            && view.life.about == Subject::Safety
        {
            theirs.insert(row.id);
        }
    }
    theirs
}

fn delivered_round(row: &AlertRow, channel: AlertChannel) -> u32 {
    match channel {
        AlertChannel::Mail => row.mail,
        AlertChannel::Hook => row.hook,
    }
}

fn notice(pledge: &App, rows: &[AlertRow], ids: impl Iterator<Item = i64>, now: i64) -> Notice {
    let public = pledge.public_url.as_ref();
    let ids: Vec<i64> = ids.collect();
    let oldest = rows.iter().map(|row| row.since).min().unwrap_or(now);
    Notice {
        new: ids.len(),
        numbers: ranges(&ids),
        waiting: rows.len(),
        hours: escalation::hours(oldest, now),
        address: public.map(|public| public.of(urls::DESK_SAFETY)),
    }
}

async fn send(
    pledge: &App,
    channels: &Channels,
    channel: AlertChannel,
    person: usize,
    notice: &Notice,
    now: i64,
) -> Result<(), NotDelivered> {
    match (channel, &channels.mail, &channels.hook) {
        (AlertChannel::Mail, Some(mail), _) => {
            let words = &pledge.library.content().words;
            let hours = match notice.hours {
                ..=0 => words.get("alert.mail.under-hour"),
                1 => words.get("alert.mail.hour"),
                hours => words.fill("alert.mail.hours", &[("count", &hours.to_string())]),
            };
            let mut body = words.fill(
                "alert.mail.body",
                &[
                    ("new", &notice.new.to_string()),
                    ("waiting", &notice.waiting.to_string()),
                    ("hours", &hours),
                    ("numbers", &notice.numbers),
                ],
            );
            if let Some(address) = &notice.address {
                body = format!("{}\n\n{address}", body.trim_end());
            }
            let letter = MailMessage {
                subject: &words.get("alert.mail.subject"),
                body: &body,
                now,
                id: random::bytes(&*pledge.random),
            };
            mail.send_message(person, &letter).await
        }
        (AlertChannel::Hook, _, Some(hook)) => hook.send_notice(notice).await,
        _ => Ok(()),
    }
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
        let mut pauses = |why| {
            (0..9)
                .map(|_| {
                    tries.failed(0, 1_000, why);
                    tries.trouble[&0].1 - 1_000
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(pauses(NotDelivered::NotNow)[..4], [1, 2, 3, 3]);
        assert_eq!(pauses(NotDelivered::Refused).last(), Some(&60));
        assert!(tries.waits(0, 1_010));
        assert!(!tries.waits(0, 1_060));
        assert!(!tries.waits(0, -1_000_000), "the clock was put back");
        assert!(!tries.waits(1, 1_000));
    }
}
