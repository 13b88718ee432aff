//! A view marked unsafe reaches a person (G1): the alert is in the same commit as the view, goes out by e-mail and by the
//! relay, comes again, goes to the next in line, and ends only when a named person takes the view on. And all of it while
//! the process is killed, the database is held and the mail server refuses.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::fake_smtp::{Sink, numbers};
use crate::process::{Ask, Served};
use crate::world::World;
use domain::event::EventKind;
use domain::role::Role;
use notify::Channels;
use notify::hook::Hook;
use notify::mail::{Mail, Server};
use server::bootstrap;
use service::safety_alerts::{DeliveryMemory, deliver_due, run_alerts};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteLockingMode};
use sqlx::{ConnectOptions, Connection};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use store::Store;
use tokio::sync::Mutex;
use vault::random;
use vault::random::{Random, SystemRandom};

const LINE: &str = "lead@council.test, next@council.test, head@council.test";
const QUARTER: i64 = 15 * 60;

fn mail_to(sink: &Sink, line: &str) -> Mail {
    let url = format!("smtp://{}", sink.address);
    let server = Server {
        url: &url,
        user: None,
        password: None,
    };
    Mail::new(server, "pledge@council.test", line).unwrap()
}

fn hook_to(sink: &Sink) -> Hook {
    Hook::from_url(&format!("http://{}/pledge", sink.address)).unwrap()
}

fn to(taken: &[crate::fake_smtp::Taken]) -> Vec<&str> {
    taken
        .iter()
        .map(|one| one.to.split('@').next().unwrap())
        .collect()
}

// ------------------------------------------------------------------------------------------ who is alerted, and when

#[tokio::test]
async fn a_clock_that_was_ahead_for_a_moment_silences_no_alert() {
    const TEN_DAYS: i64 = 10 * 24 * 60 * 60;
    let world = World::new().await;
    let (mail, relay) = (Sink::mail().await, Sink::relay().await);
    let channels = Channels {
        mail: Some(mail_to(&mail, LINE)),
        hook: Some(hook_to(&relay)),
    };
    let pledge = &world.site.pledge;
    let mut memory = DeliveryMemory::default();
    world.send("Raised before.", "no", "").await;
    assert!(deliver_due(pledge, &channels, &mut memory).await.unwrap());
    world.clock.forward(TEN_DAYS);
    assert!(deliver_due(pledge, &channels, &mut memory).await.unwrap());
    world.send("Raised while it was ahead.", "no", "").await;
    assert!(deliver_due(pledge, &channels, &mut memory).await.unwrap());
    let in_the_database = pledge.store.alerts().await.unwrap();
    assert!(
        in_the_database[0].mail > 900,
        "the control: it counted by days that had not been"
    );
    world.clock.forward(-TEN_DAYS);
    mail.empty();
    relay.empty();
    // Reminders of both come every quarter, as if nothing had been, also by a process that begins now.
    for memory in [&mut memory, &mut DeliveryMemory::default()] {
        let mut reminders = Vec::new();
        for _ in 0..6 {
            world.clock.forward(QUARTER);
            assert!(deliver_due(pledge, &channels, memory).await.unwrap());
            reminders.push((mail.empty().len(), relay.empty().len()));
        }
        let sent = reminders
            .iter()
            .filter(|(mail, hook)| *mail > 0 && *hook > 0);
        assert!(sent.count() >= 4, "{reminders:?}");
    }
    let rows = pledge.store.alerts().await.unwrap();
    assert!(
        rows.iter().all(|row| row.mail >= 2 && row.mail < 20),
        "{rows:?}"
    );
}

#[tokio::test]
async fn it_comes_again_goes_to_the_next_in_line_and_ends_when_a_named_person_has_it() {
    let world = World::new().await;
    let (mail, relay) = (Sink::mail().await, Sink::relay().await);
    let channels = Channels {
        mail: Some(mail_to(&mail, LINE)),
        hook: Some(hook_to(&relay)),
    };
    let pledge = &world.site.pledge;
    let mut memory = DeliveryMemory::default();

    // An ordinary view tells nobody.
    world.send("An ordinary view.", "yes", "").await;
    assert!(deliver_due(pledge, &channels, &mut memory).await.unwrap());
    assert_eq!((mail.tries(), relay.tries()), (0, 0));

    world.send("Somebody hits me.", "no", "").await;
    let id = world.newest().await;
    let mut line = Vec::new();
    // The clock stands at the beginning of a quarter: the first half hour is one round.
    for quarter in 0..8 {
        for _ in 0..3 {
            assert!(deliver_due(pledge, &channels, &mut memory).await.unwrap());
        }
        line.push((quarter, to(&mail.empty()).join(" "), relay.empty().len()));
        world.clock.forward(QUARTER);
    }
    let told = [
        (0, "lead", 1),
        (1, "", 0),
        (2, "lead", 1),
        (3, "lead next", 1),
        (4, "lead next", 1),
        (5, "lead next head", 1),
        (6, "lead next head", 1),
        (7, "lead next head", 1),
    ];
    assert_eq!(
        line,
        told.map(|(q, names, hook)| (q, names.to_owned(), hook))
    );

    // After a restart what was noted as delivered is not delivered again in the same round.
    assert!(deliver_due(pledge, &channels, &mut memory).await.unwrap());
    mail.empty();
    let mut fresh = DeliveryMemory::default();
    assert!(deliver_due(pledge, &channels, &mut fresh).await.unwrap());
    assert_eq!(mail.taken().len(), 0);

    // Reading it is not enough: somebody has to say that they have it.
    let safety = world.desk("Sam", Role::Safety).await;
    let page = safety.get(&format!("/desk/view/{id}")).await;
    assert!(page.text().contains("I have this"), "{}", page.text());
    world.clock.forward(QUARTER);
    assert!(deliver_due(pledge, &channels, &mut fresh).await.unwrap());
    assert_eq!(to(&mail.empty()), ["lead", "next", "head"]);

    // The session of two hours ago is over.
    let mut safety = safety;
    safety.sign_in(&crate::world::own_password("Sam")).await;
    let done = safety.act(&id, "take", &[]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    world.clock.forward(24 * 60 * 60);
    assert!(deliver_due(pledge, &channels, &mut fresh).await.unwrap());
    assert_eq!(
        (
            mail.taken().len(),
            pledge.store.alerts().await.unwrap().len()
        ),
        (0, 0)
    );

    let events = world.store.events(&id).await.unwrap();
    let took = events
        .iter()
        .find(|event| event.kind == EventKind::Claimed)
        .unwrap();
    let sam = world.store.staff_by_name("Sam").await.unwrap().unwrap();
    assert_eq!(
        (took.staff.as_deref(), took.role),
        (Some(sam.id.as_str()), Some(Role::Safety))
    );
}

#[tokio::test]
async fn a_message_holds_nothing_of_the_view() {
    let world = World::new().await;
    let (mail, relay) = (Sink::mail().await, Sink::relay().await);
    let channels = Channels {
        mail: Some(mail_to(&mail, "lead@council.test")),
        hook: Some(hook_to(&relay)),
    };
    let words = world
        .send("Markerofwhatwassaid", "not-sure", "Markerofthename")
        .await;
    let id = world.newest().await;
    world.clock.forward(2 * 60 * 60);
    let mut memory = DeliveryMemory::default();
    assert!(
        deliver_due(&world.site.pledge, &channels, &mut memory)
            .await
            .unwrap()
    );
    let (letters, posts) = (mail.taken(), relay.taken());
    assert_eq!((letters.len(), posts.len()), (1, 1));
    let pseudonym = service::views::pseudonym(&id);
    let secrets = [
        "Markerofwhatwassaid",
        "Markerofthename",
        "somebody to listen",
        "not-sure",
        "home",
        &id,
        &pseudonym,
        &words,
    ];
    let all = format!(
        "{}\n{}\n{}\n{}",
        letters[0].head, letters[0].text, posts[0].head, posts[0].text
    );
    for secret in secrets {
        assert!(!all.contains(secret), "{secret} in:\n{all}");
    }
    assert!(
        letters[0].text.contains("something waits") || letters[0].text.contains("Something waits")
    );
    assert!(
        letters[0].text.contains("about 2 hours"),
        "{}",
        letters[0].text
    );
    let json: serde_json::Value = serde_json::from_str(&posts[0].text).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"kind": "safety-lane", "numbers": "1", "alerts": 1, "waiting": 1, "hours": 2})
    );
    // A control: the search finds what a message does say.
    assert!(all.contains("lead@council.test"));
    assert!(!all.contains("/desk"), "no address is guessed");
}

#[tokio::test]
async fn a_message_ends_with_the_address_of_the_safety_lane_where_it_is_known() {
    let world = World::reached_at("https://pledge.council.test").await;
    let (mail, relay) = (Sink::mail().await, Sink::relay().await);
    let channels = Channels {
        mail: Some(mail_to(&mail, "lead@council.test")),
        hook: Some(hook_to(&relay)),
    };
    world
        .send("Markerofwhatwassaid", "no", "Markerofthename")
        .await;
    let id = world.newest().await;
    let mut memory = DeliveryMemory::default();
    let delivered = deliver_due(&world.site.pledge, &channels, &mut memory).await;
    assert!(delivered.unwrap());
    let (letters, posts) = (mail.taken(), relay.taken());
    let address = "https://pledge.council.test/desk/safety";
    assert_eq!(letters[0].text.trim_end().lines().last(), Some(address));
    let json: serde_json::Value = serde_json::from_str(&posts[0].text).unwrap();
    assert_eq!(json["address"], address);
    // The address is that of the lane, never of the view.
    for secret in ["Markerofwhatwassaid", "Markerofthename", id.as_str()] {
        let said = format!("{}{}", letters[0].text, posts[0].text);
        assert!(!said.contains(secret), "{secret} in:\n{said}");
    }
}

#[tokio::test]
async fn a_flood_is_one_message_with_every_number_in_it() {
    let world = World::new().await;
    let mail = Sink::mail().await;
    let channels = Channels {
        mail: Some(mail_to(&mail, "lead@council.test")),
        hook: None,
    };
    for n in 0..40 {
        world.send(&format!("Unsafe {n}."), "no", "").await;
    }
    let mut memory = DeliveryMemory::default();
    assert!(
        deliver_due(&world.site.pledge, &channels, &mut memory)
            .await
            .unwrap()
    );
    let taken = mail.empty();
    assert_eq!(taken.len(), 1);
    assert_eq!(numbers(&taken[0].text), (1..=40).collect::<Vec<i64>>());
    world.send("One more.", "no", "").await;
    assert!(
        deliver_due(&world.site.pledge, &channels, &mut memory)
            .await
            .unwrap()
    );
    let taken = mail.taken();
    assert_eq!(numbers(&taken[0].text), [41], "only what was not told yet");
    assert!(
        taken[0].text.contains("Waiting in all: 41."),
        "{}",
        taken[0].text
    );
}

#[tokio::test]
async fn one_address_that_is_refused_does_not_keep_the_next_from_being_told() {
    let world = World::new().await;
    let mail = Sink::mail().await;
    let channels = Channels {
        mail: Some(mail_to(&mail, LINE)),
        hook: None,
    };
    world.send("Unsafe.", "no", "").await;
    mail.turn_off(true);
    let mut memory = DeliveryMemory::default();
    assert!(
        !deliver_due(&world.site.pledge, &channels, &mut memory)
            .await
            .unwrap()
    );
    let alerts = world.store.alerts().await.unwrap();
    assert_eq!(
        (alerts.len(), alerts[0].mail),
        (1, 0),
        "it stays until it is out"
    );
    // Within the pause nothing is tried; after it everything is.
    let before = mail.tries();
    assert!(
        !deliver_due(&world.site.pledge, &channels, &mut memory)
            .await
            .unwrap()
    );
    assert_eq!(mail.tries(), before);
    mail.turn_off(false);
    world.clock.forward(60);
    assert!(
        deliver_due(&world.site.pledge, &channels, &mut memory)
            .await
            .unwrap()
    );
    assert_eq!(to(&mail.taken()), ["lead"]);
    assert_eq!(world.store.alerts().await.unwrap()[0].mail, 1);
}

// ---------------------------------------------------------------------------------- the outbox and the view are one

#[tokio::test]
async fn an_alarm_rings_again_what_somebody_has_rings_no_more_and_taking_back_silences_nothing() {
    let world = World::new().await;
    let words = world.send("All is well.", "yes", "").await;
    let alerts = || async { world.store.alerts().await.unwrap().len() };
    assert_eq!(alerts().await, 0);
    let enter = world.post("/follow", &[("words", words.as_str())]).await;
    let fields = |handle: &str, act: &str| {
        vec![
            ("handle".to_owned(), handle.to_owned()),
            ("act".to_owned(), act.to_owned()),
        ]
    };
    let post = |fields: Vec<(String, String)>| {
        let world = &world;
        async move {
            let pairs: Vec<(&str, &str)> = fields
                .iter()
                .map(|(f, v)| (f.as_str(), v.as_str()))
                .collect();
            world.post("/follow", &pairs).await
        }
    };
    let mut alarm = fields(&enter.hidden("handle"), "write");
    alarm.push(("unsafe".to_owned(), "yes".to_owned()));
    let page = post(alarm.clone()).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(alerts().await, 1);
    let id = world.newest().await;

    // Taken on: it rings no more, until the sender says it again.
    let coordinator = world.desk("Cas", Role::Coordinator).await;
    assert_eq!(coordinator.act(&id, "take", &[]).await.status, 303);
    assert_eq!(alerts().await, 0);
    let again = coordinator.act(&id, "take", &[]).await;
    assert_eq!(
        again.status,
        409,
        "there is nothing to take on: {}",
        again.text()
    );
    post(alarm).await;
    assert_eq!(alerts().await, 1);
    let safety = world.desk("Sam", Role::Safety).await;
    safety.get(&format!("/desk/view/{id}")).await;
    assert_eq!(
        safety
            .act(&id, "release", &[("text", "About home.")])
            .await
            .status,
        303
    );
    assert_eq!(alerts().await, 0);

    // The sender reads, by receipt, that a person has read it.
    let thread = world.post("/follow", &[("words", words.as_str())]).await;
    assert!(
        thread
            .text()
            .contains("A person who keeps children safe has read this and is looking into it."),
        "{}",
        thread.text()
    );

    let words = world.send("I am afraid.", "no", "").await;
    assert_eq!(alerts().await, 1);
    let enter = world.post("/follow", &[("words", words.as_str())]).await;
    assert!(
        !enter
            .text()
            .contains("A person who keeps children safe has read this"),
        "nobody has"
    );
    // Who takes it back may be the one who hurts: it rings until somebody has seen that it was there.
    let id = world.newest().await;
    post(fields(&enter.hidden("handle"), "withdraw-sure")).await;
    assert_eq!(alerts().await, 1);
    assert_eq!(safety.act(&id, "seen", &[]).await.status, 303);
    assert_eq!(alerts().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_triager_raises_is_in_the_mail_within_seconds() {
    let world = World::new().await;
    let mail = Sink::mail().await;
    let channels = Channels {
        mail: Some(mail_to(&mail, LINE)),
        hook: None,
    };
    let triager = world.desk("Ann", Role::Speakerbox).await;
    let pledge = Arc::clone(&world.site.pledge);
    let alerts = tokio::spawn(async move { run_alerts(&pledge, &channels).await });
    let mut times = Vec::new();
    for _ in 0..20 {
        world.send("Somebody hits me.", "yes", "").await;
        let id = world.newest().await;
        // A control: an ordinary view tells nobody.
        assert_eq!(mail.empty().len(), 0);
        let raised = triager.act(&id, "raise", &[]).await;
        let at = Instant::now();
        assert_eq!(raised.status, 303);
        while mail.empty().is_empty() {
            assert!(at.elapsed() < Duration::from_secs(30), "no mail came");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        times.push(at.elapsed());
    }
    alerts.abort();
    times.sort_unstable();
    eprintln!("raised to mail: p99 {:?} of {}", p99(&times), times.len());
    assert!(p99(&times) <= Duration::from_secs(5), "{times:?}");
}

#[tokio::test]
async fn the_moment_is_kept_to_the_quarter_only_and_goes_when_somebody_has_it() {
    let world = World::new().await;
    world.clock.forward(7 * 60 + 13);
    world.send("Unsafe.", "no", "").await;
    let alert = world.store.alerts().await.unwrap().remove(0);
    assert_eq!(alert.since, crate::world::NOON);
    let id = world.newest().await;
    let mut db = raw(&world.data().join(bootstrap::DATABASE)).await;
    let close = sqlx::query("INSERT INTO alert (view, kind, since) VALUES ($1, 'sent', $2)")
        .bind(&id)
        .bind(crate::world::NOON + 1)
        .execute(&mut db)
        .await;
    assert!(close.is_err(), "the table itself refuses a closer moment");
    drop(db);
    let safety = world.desk("Sam", Role::Safety).await;
    // SQLite writes whole numbers with their high byte first; six of its bytes are enough to be sure.
    let since = crate::world::NOON.to_be_bytes();
    let there = |world: &World| crate::world::count(&world.every_byte(), &since[4..]);
    let before = there(&world);
    assert!(
        before > 0,
        "a control: the search finds the moment while it is kept"
    );
    assert_eq!(safety.act(&id, "take", &[]).await.status, 303);
    // What remains are the moments of the staff session, which began in the same minute.
    let sessions: Vec<i64> = sqlx::query_scalar("SELECT seen FROM session")
        .fetch_all(&mut raw(&world.data().join(bootstrap::DATABASE)).await)
        .await
        .unwrap();
    assert!(sessions.iter().all(|seen| *seen != crate::world::NOON));
    assert_eq!(there(&world), 0, "neither in the file nor in its log");
}

#[tokio::test]
async fn everybody_at_the_desk_who_keeps_children_safe_sees_the_clock() {
    let world = World::new().await;
    let people = [
        world.desk("Sam", Role::Safety).await,
        world.desk("Cas", Role::Coordinator).await,
        world.desk("Sue", Role::Speakerbox).await,
    ];
    let pages = ["/desk/safety", "/desk/password"];
    let shows = async |words: &str| {
        let mut shown = Vec::new();
        for person in &people {
            for page in pages {
                shown.push(person.get(page).await.text().contains(words));
            }
        }
        shown
    };
    let nobody = [false; 6];
    let two = [true, true, true, true, false, false];
    assert_eq!(shows("id=\"lane\"").await, nobody);
    world.send("Unsafe.", "no", "").await;
    assert_eq!(
        shows("1 view in the safety lane has nobody yet.").await,
        two
    );
    assert_eq!(shows("waits for more than an hour").await, nobody);
    // The sessions last fifteen minutes without use, so the clock is moved in steps.
    for _ in 0..6 {
        world.clock.forward(10 * 60 + 1);
        shows("").await;
    }
    assert_eq!(shows("1 waits for more than an hour.").await, two);
    let lane = people[0].get("/desk/safety").await.text();
    assert!(lane.contains("It waits for about 1 hour."), "{lane}");
    assert!(
        lane.contains("Nobody is told outside this page."),
        "no channel is set here"
    );
    assert!(
        lane.contains("020 7525 5000") && lane.contains("999"),
        "out of hours"
    );
}

// --------------------------------------------------------------------------------------------- with everything failing

async fn raw(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(Duration::from_secs(30))
        .connect()
        .await
        .unwrap()
}

/// What an alert that is written outside the view's commit does: another hand writes it within a tenth of a second, and is
/// gone when the process is killed. A view that was stored by an earlier process is stored "already" to it.
struct Careless(tokio::task::JoinHandle<()>);

impl Careless {
    /// From now on the commit itself keeps no alert.
    async fn takes_over(database: &Path) {
        let trigger = "CREATE TRIGGER IF NOT EXISTS outside AFTER INSERT ON alert WHEN NEW.kind = 'sent' \
                       BEGIN DELETE FROM alert WHERE id = NEW.id; END";
        sqlx::query(trigger)
            .execute(&mut raw(database).await)
            .await
            .unwrap();
    }

    /// A server that opens the file would refuse it.
    async fn lets_go(database: &Path) {
        sqlx::query("DROP TRIGGER IF EXISTS outside")
            .execute(&mut raw(database).await)
            .await
            .unwrap();
    }

    async fn begins(database: PathBuf) -> Careless {
        let last = "SELECT coalesce(max(seq), 0) FROM view";
        let before: i64 = sqlx::query_scalar(last)
            .fetch_one(&mut raw(&database).await)
            .await
            .unwrap();
        Careless(tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(100)).await;
                let sql = "INSERT INTO alert (view, kind, since) SELECT id, 'alarm', 0 FROM view WHERE seq > $1 \
                           AND lane = 'waiting' AND id NOT IN (SELECT view FROM alert)";
                let _ = sqlx::query(sql)
                    .bind(before)
                    .execute(&mut raw(&database).await)
                    .await;
            }
        }))
    }
}

impl Drop for Careless {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// An installation whose server is killed again and again, and the places where its alerts arrive.
struct Faulted {
    folder: tempfile::TempDir,
    mail: Arc<Sink>,
    relay: Arc<Sink>,
    careless: bool,
    running: Option<(Option<Careless>, Served)>,
    /// Where it listens now.
    address: Arc<Mutex<SocketAddr>>,
    kills: usize,
    held: Arc<AtomicUsize>,
    receipts: BTreeSet<String>,
}

/// What came of it.
struct Run {
    views: usize,
    alerts: usize,
    /// Views in the safety lane that no alert is about.
    unheard: usize,
    /// From the last fault's end to the alert, for each alert that waited then: by e-mail, by the relay.
    waited: [Vec<Duration>; 2],
}

impl Faulted {
    async fn begin(careless: bool) -> Faulted {
        let folder = tempfile::tempdir().unwrap();
        bootstrap::init_folder(&folder.path().join("data"), &SystemRandom)
            .await
            .unwrap();
        let mut faulted = Faulted {
            folder,
            mail: Sink::mail().await,
            relay: Sink::relay().await,
            careless,
            running: None,
            address: Arc::new(Mutex::new(SocketAddr::from(([127, 0, 0, 1], 0)))),
            kills: 0,
            held: Arc::default(),
            receipts: BTreeSet::new(),
        };
        faulted.start().await;
        faulted
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn database(&self) -> PathBuf {
        self.data().join(bootstrap::DATABASE)
    }

    async fn start(&mut self) {
        let mut command = crate::process::pledge_serve(&self.data());
        command
            .args(["--alert-to", "lead@council.test", "--alert-from"])
            .arg("pledge@council.test")
            .args(["--alert-smtp", &format!("smtp://{}", self.mail.address)])
            .args(["--alert-webhook"])
            .arg(format!("http://{}/pledge", self.relay.address));
        let hand = match self.careless {
            true => Some(Careless::begins(self.database()).await),
            false => None,
        };
        if self.careless {
            Careless::lets_go(&self.database()).await;
        }
        let served = crate::process::start(command, &self.folder.path().join("log"));
        if self.careless {
            Careless::takes_over(&self.database()).await;
        }
        *self.address.lock().await = served.address;
        self.running = Some((hand, served));
    }

    fn kill(&mut self) {
        self.running = None;
        self.kills += 1;
    }

    fn turn_off(&self, off: bool) {
        self.mail.turn_off(off);
        self.relay.turn_off(off);
    }

    fn refuse(&self, of_a_hundred: u64) {
        self.mail.refuse(of_a_hundred);
        self.relay.refuse(of_a_hundred);
    }

    /// Sends a view for each ticket, from six phones.
    fn send_all(&self, tickets: Vec<String>) -> Vec<tokio::task::JoinHandle<String>> {
        let turn = Arc::new(tokio::sync::Semaphore::new(6));
        let sends = tickets.into_iter().map(|ticket| {
            let (address, turn) = (Arc::clone(&self.address), Arc::clone(&turn));
            tokio::spawn(async move {
                let _turn = turn.acquire().await.unwrap();
                let words = send(&address, &ticket).await;
                // So that sends fall before, into and after every fault.
                tokio::time::sleep(between(50, 300)).await;
                words
            })
        });
        sends.collect()
    }

    async fn receipts_of(&mut self, sends: Vec<tokio::task::JoinHandle<String>>) {
        for one in sends {
            self.receipts.insert(one.await.unwrap());
        }
    }

    /// Everything fails at once: the process is killed, the database held by somebody else, now and then for longer than the
    /// server waits for it, and mail server and relay refuse three in ten and are away for a while.
    async fn chaos(&mut self, tickets: Vec<String>) {
        self.refuse(30);
        let stop = Arc::new(AtomicBool::new(false));
        let holder = {
            let (database, stop) = (self.database(), Arc::clone(&stop));
            let held = Arc::clone(&self.held);
            tokio::spawn(async move {
                while !stop.load(Ordering::SeqCst) {
                    let time = match held.load(Ordering::SeqCst) % 12 {
                        6 => Duration::from_millis(5_500),
                        _ => between(5, 150),
                    };
                    held.fetch_add(usize::from(hold(&database, time).await), Ordering::SeqCst);
                    tokio::time::sleep(between(50, 400)).await;
                }
            })
        };
        let outage = {
            let (mail, relay) = (Arc::clone(&self.mail), Arc::clone(&self.relay));
            let stop = Arc::clone(&stop);
            tokio::spawn(async move {
                let mut off = false;
                while !stop.load(Ordering::SeqCst) {
                    off = !off;
                    mail.turn_off(off);
                    relay.turn_off(!off);
                    tokio::time::sleep(between(300, 1_500)).await;
                }
            })
        };
        let sends = self.send_all(tickets);
        while sends.iter().any(|send| !send.is_finished()) {
            tokio::time::sleep(between(100, 900)).await;
            self.kill();
            self.start().await;
        }
        self.receipts_of(sends).await;
        stop.store(true, Ordering::SeqCst);
        holder.await.unwrap();
        outage.await.unwrap();
    }

    /// One more fault, while alerts wait; gives the moment when it was over, and everything works.
    async fn last_fault(&mut self, which: usize, tickets: Vec<String>) -> Instant {
        self.turn_off(true);
        let sends = self.send_all(tickets);
        self.receipts_of(sends).await;
        self.refuse(0);
        match which % 3 {
            // Mail server and relay come back.
            0 => {
                tokio::time::sleep(between(0, 5_000)).await;
                let cleared = Instant::now();
                self.turn_off(false);
                cleared
            }
            // The process is killed, and started again.
            1 => {
                self.turn_off(false);
                self.kill();
                let cleared = Instant::now();
                self.start().await;
                cleared
            }
            // The database is away, and the process that was killed cannot start.
            _ => {
                self.kill();
                let (began, begins) = tokio::sync::oneshot::channel();
                let database = self.database();
                let away = tokio::spawn(async move {
                    // Nobody else may even read.
                    let options = SqliteConnectOptions::new()
                        .filename(&database)
                        .locking_mode(SqliteLockingMode::Exclusive);
                    let mut db = options.connect().await.unwrap();
                    sqlx::raw_sql("BEGIN IMMEDIATE; COMMIT")
                        .execute(&mut db)
                        .await
                        .unwrap();
                    began.send(()).unwrap();
                    tokio::time::sleep(between(1_000, 6_500)).await;
                    let cleared = Instant::now();
                    db.close().await.unwrap();
                    cleared
                });
                begins.await.unwrap();
                self.turn_off(false);
                self.start().await;
                away.await.unwrap()
            }
        }
    }

    /// Runs `rounds` rounds of 30 unsafe views. Every alert that the outbox has must arrive, both ways.
    async fn run(&mut self, rounds: usize) -> Run {
        if self.careless {
            Careless::lets_go(&self.database()).await;
        }
        let mut tickets = crate::process::tickets(&self.data(), rounds * 30).await;
        if self.careless {
            Careless::takes_over(&self.database()).await;
        }
        let mut waited = [Vec::new(), Vec::new()];
        for round in 0..rounds {
            self.chaos(tickets.drain(..20).collect()).await;
            let last = tickets.drain(..10).collect();
            let cleared = self.last_fault(round, last).await;
            let alerts: BTreeSet<i64> = sqlx::query_scalar("SELECT id FROM alert")
                .fetch_all(&mut raw(&self.database()).await)
                .await
                .unwrap()
                .into_iter()
                .collect();
            for (sink, waited) in [&self.mail, &self.relay].into_iter().zip(&mut waited) {
                let arrived = loop {
                    let arrived = sink.arrived();
                    let missing: Vec<&i64> = alerts
                        .iter()
                        .filter(|id| !arrived.contains_key(id))
                        .collect();
                    if missing.is_empty() {
                        break arrived;
                    }
                    assert!(
                        cleared.elapsed() < Duration::from_secs(60),
                        "not told: {missing:?}"
                    );
                    tokio::time::sleep(Duration::from_millis(20)).await;
                };
                waited.extend(
                    arrived
                        .values()
                        .filter(|at| **at > cleared)
                        .map(|at| *at - cleared),
                );
            }
        }
        self.kill();
        let mut db = raw(&self.database()).await;
        let mut count = async |sql: &'static str| -> usize {
            let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut db).await.unwrap();
            usize::try_from(count).unwrap()
        };
        Run {
            views: count("SELECT count(*) FROM view WHERE lane = 'waiting'").await,
            alerts: count("SELECT count(*) FROM alert").await,
            unheard: count(
                "SELECT count(*) FROM view WHERE lane = 'waiting' AND id NOT IN (SELECT view FROM alert)",
            )
            .await,
            waited,
        }
    }
}

/// Sends one unsafe view, with the same ticket until it is said to be stored.
async fn send(address: &Mutex<SocketAddr>, ticket: &str) -> String {
    let view =
        serde_json::json!({"ticket": ticket, "topic": "home", "said": "Unsafe.", "safe": "no"});
    let view = view.to_string();
    loop {
        let now = *address.lock().await;
        if let Some(reply) = Ask::post("/api/v1/views", crate::process::JSON, &view)
            .of(now)
            .await
            && reply.status == 201
        {
            return reply.json()["words"].as_str().unwrap().to_owned();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Another process holds the database for so long. Whether it got it.
async fn hold(database: &Path, time: Duration) -> bool {
    let mut db = raw(database).await;
    let got = sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut db).await;
    if got.is_ok() {
        tokio::time::sleep(time).await;
        let _ = sqlx::raw_sql("ROLLBACK").execute(&mut db).await;
    }
    got.is_ok()
}

fn between(least: u64, most: u64) -> Duration {
    let bytes: [u8; 8] = random::bytes(&SystemRandom as &dyn Random);
    Duration::from_millis(least + u64::from_le_bytes(bytes) % (most - least))
}

/// The most that 99 of a hundred took.
fn p99(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[(times.len() * 99).div_ceil(100) - 1]
}

/// Rounds of 30 views. `PLEDGE_ROUNDS=334` sends 10,000.
fn rounds() -> usize {
    let asked = std::env::var("PLEDGE_ROUNDS");
    asked.ok().and_then(|text| text.parse().ok()).unwrap_or(10)
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_unsafe_views_while_everything_fails_are_three_hundred_alerts() {
    let mut faulted = Faulted::begin(false).await;
    let rounds = rounds();
    let run = faulted.run(rounds).await;
    let (kills, held) = (faulted.kills, faulted.held.load(Ordering::SeqCst));
    let tries = faulted.mail.tries() + faulted.relay.tries();
    println!(
        "{} unsafe views, {} alerts; {kills} kills, database held {held} times, {tries} tries at mail server and relay",
        run.views, run.alerts
    );
    for (way, waited) in ["e-mail", "relay"].into_iter().zip(&run.waited) {
        println!(
            "last fault cleared to alert, {way}: p99 {:?}, longest {:?}, of {} that waited then",
            p99(waited),
            waited.iter().max().unwrap(),
            waited.len()
        );
        // In each round ten are sent while no alert can be delivered.
        assert!(waited.len() >= rounds * 10, "{} waited", waited.len());
        assert!(p99(waited) <= Duration::from_secs(5), "{way}: {waited:?}");
    }
    assert!(
        kills >= 2 * rounds && held >= rounds && tries >= 4 * rounds as u64,
        "{kills} kills, {held} holds, {tries} tries: too few to show anything"
    );
    assert_eq!(
        faulted.receipts.len(),
        rounds * 30,
        "every sender has a receipt of their own"
    );
    assert_eq!((run.views, run.alerts), (rounds * 30, rounds * 30));
    assert_eq!(run.unheard, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_control_an_outbox_outside_the_commit_loses_alerts() {
    for _ in 0..5 {
        let run = Faulted::begin(true).await.run(2).await;
        if run.unheard > 0 {
            return;
        }
    }
    panic!("alerts written outside the commit were never lost: the test above shows nothing");
}
