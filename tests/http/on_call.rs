//! Who is on call: an alert goes to them first and to the settings in the end, whatever is wrong with the table; the page by
//! plain forms; and drills.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::fake_smtp::Sink;
use crate::world::{Answer, DeskClient, World, count, own_password};
use axum::http::StatusCode;
use domain::retention::ON_CALL;
use domain::role::Role;
use notify::Channels;
use notify::mail::{Mail, Server};
use service::clock::Clock;
use service::retention::purge;
use service::safety_alerts::{DeliveryMemory, deliver_due};
use store::{LastReader, Store};

const PAGE: &str = "/desk/on-call";
const LINE: &str = "lead@council.test, next@council.test";
const QUARTER: i64 = 15 * 60;
const DAY: i64 = 24 * 60 * 60;

/// An installation with a mail server and people on call.
struct Duty<'w> {
    world: &'w World,
    mail: std::sync::Arc<Sink>,
    channels: Channels,
    memory: DeliveryMemory,
}

impl<'w> Duty<'w> {
    async fn of(world: &'w World, line: &str) -> Duty<'w> {
        let mail = Sink::mail().await;
        let url = format!("smtp://{}", mail.address);
        let server = Server {
            url: &url,
            user: None,
            password: None,
        };
        let channels = Channels {
            mail: Some(Mail::new(server, "pledge@council.test", line).unwrap()),
            hook: None,
        };
        Duty {
            world,
            mail,
            channels,
            memory: DeliveryMemory::default(),
        }
    }

    /// Who is written to now.
    async fn told(&mut self) -> String {
        let pledge = &self.world.site.pledge;
        let all = deliver_due(pledge, &self.channels, &mut self.memory).await;
        assert!(all.unwrap());
        let taken = self.mail.empty();
        let names = taken.iter().map(|one| one.to.split('@').next().unwrap());
        names.collect::<Vec<_>>().join(" ")
    }

    /// Who is written to in the quarters of an hour that follow each other.
    async fn told_by_quarter(&mut self, quarters: usize) -> Vec<String> {
        let mut told = Vec::new();
        for _ in 0..quarters {
            told.push(self.told().await);
            self.world.clock.forward(QUARTER);
        }
        told
    }
}

async fn act(client: &DeskClient<'_>, fields: &[(&str, &str)]) -> Answer {
    let token = client.get(PAGE).await.hidden("token");
    let password = own_password(client.name);
    let mut sent = vec![("token", token.as_str()), ("password", password.as_str())];
    sent.extend(fields);
    client.post(PAGE, &sent).await
}

async fn sure(client: &DeskClient<'_>, fields: &[(&str, &str)]) {
    let done = act(client, fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
}

async fn address(client: &DeskClient<'_>, address: &str) {
    sure(client, &[("act", "address"), ("address", address)]).await;
}

async fn id_of(world: &World, name: &str) -> String {
    world.store.staff_by_name(name).await.unwrap().unwrap().id
}

async fn turn(client: &DeskClient<'_>, name: &str, days: (&str, &str), rank: &str) {
    let id = id_of(client.world, name).await;
    let fields = [
        ("act", "add"),
        ("staff", id.as_str()),
        ("from", days.0),
        ("to", days.1),
        ("rank", rank),
    ];
    sure(client, &fields).await;
}

const TODAY: (&str, &str) = ("2026-11-21", "2026-11-21");

#[tokio::test]
async fn an_alert_goes_first_to_who_is_on_call_then_to_the_next_then_to_the_settings() {
    let world = World::new().await;
    let sam = world.desk("Sam", Role::Safety).await;
    let cas = world.desk("Cas", Role::Coordinator).await;
    address(&sam, "sam@home.test").await;
    address(&cas, "cas@home.test").await;
    turn(&sam, "Sam", TODAY, "2").await;
    turn(&sam, "Cas", TODAY, "1").await;
    // A turn of another day says nothing today.
    turn(&cas, "Sam", ("2026-11-22", "2026-11-22"), "1").await;
    world.send("Somebody hits me.", "no", "").await;
    let mut duty = Duty::of(&world, LINE).await;
    assert_eq!(
        duty.told_by_quarter(9).await,
        [
            "cas",
            "",
            "cas",
            "cas sam",
            "cas sam",
            "cas sam lead",
            "cas sam lead",
            "cas sam lead next",
            "cas sam lead next"
        ]
    );
}

#[tokio::test]
async fn without_a_turn_or_with_a_broken_table_it_is_as_ever() {
    let as_ever = ["lead", "", "lead", "lead next", "lead next"];
    for broken in [
        "DELETE FROM on_call",
        "DELETE FROM alert_address",
        "UPDATE on_call SET last_day = 'zz', first_day = 'zz'",
        "UPDATE alert_address SET sealed = x'0102'",
        "UPDATE on_call SET first_day = '2026-11-20', last_day = '2026-11-20'",
        "UPDATE staff SET suspended = 1",
        "UPDATE staff SET second_factor = NULL",
        "",
    ] {
        let world = World::new().await;
        let sam = world.desk("Sam", Role::Safety).await;
        address(&sam, "sam@home.test").await;
        turn(&sam, "Sam", TODAY, "1").await;
        world.send("Somebody hits me.", "no", "").await;
        let mut db = world.hold_database().await;
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("{broken}; COMMIT;")))
            .execute(&mut db)
            .await
            .unwrap();
        let told = Duty::of(&world, LINE).await.told_by_quarter(5).await;
        if broken.is_empty() {
            assert_ne!(told, as_ever, "the control");
        } else {
            assert_eq!(told, as_ever, "{broken}");
        }
    }
}

#[tokio::test]
async fn nobody_whom_the_view_is_about_is_told_and_who_leaves_drops_out_at_once() {
    let world = World::new().await;
    let sam = world.desk("Sam", Role::Safety).await;
    let cas = world.desk("Cas", Role::Coordinator).await;
    let dan = world.desk("Dan", Role::Coordinator).await;
    address(&sam, "sam@home.test").await;
    // The second in the settings is an address of somebody at the desk.
    address(&cas, "NEXT@council.test").await;
    address(&dan, "dan@home.test").await;
    for (name, rank) in [("Sam", "1"), ("Cas", "2"), ("Dan", "3")] {
        turn(&sam, name, TODAY, rank).await;
    }
    let first = async |about: &str| {
        let (check, mut fields) = world.check_page("Unsafe.", "no", "").await;
        fields.push(("about".to_owned(), about.to_owned()));
        let sent = world.send_again(&check.hidden("ticket"), &fields).await;
        assert_eq!(sent.status, StatusCode::OK);
        let told = Duty::of(&world, LINE).await.told().await;
        let mut db = world.hold_database().await;
        sqlx::raw_sql("DELETE FROM alert; COMMIT;")
            .execute(&mut db)
            .await
            .unwrap();
        told
    };
    assert_eq!(first("nobody").await, "sam", "a control");
    assert_eq!(first("safety").await, "NEXT");
    assert_eq!(first("coordinator").await, "sam");

    // Recused from one view: the next is alerted, to the end, and the address in the settings that is theirs is passed over.
    world.send("Unsafe.", "no", "").await;
    let view = world.newest().await;
    let cas_id = id_of(&world, "Cas").await;
    world
        .audited()
        .recuse(&view, &cas_id, LastReader::MayGo)
        .await
        .unwrap();
    let sam_id = id_of(&world, "Sam").await;
    world
        .audited()
        .recuse(&view, &sam_id, LastReader::MayGo)
        .await
        .unwrap();
    let mut duty = Duty::of(&world, LINE).await;
    let told = duty.told_by_quarter(6).await;
    assert_eq!(told, ["dan", "", "dan", "dan lead", "dan lead", "dan lead"]);

    // Suspended, the next is first in the same minute; removed, the turns are gone.
    world.send("Unsafe.", "no", "").await;
    let suspend = world.audited();
    suspend
        .set_suspended(&sam_id, true, LastReader::MayGo)
        .await
        .unwrap();
    let told = Duty::of(&world, LINE).await.told().await;
    assert!(!told.contains("sam") && told.contains("NEXT"), "{told}");
    let remove = world.audited();
    remove
        .remove_staff(&cas_id, Vec::new(), Vec::new(), LastReader::MayGo)
        .await
        .unwrap();
    assert!(
        world
            .store
            .turns()
            .await
            .unwrap()
            .iter()
            .all(|row| row.turn.staff != cas_id)
    );
    world.clock.forward(2 * QUARTER);
    let told = Duty::of(&world, LINE).await.told().await;
    assert!(told.starts_with("dan"), "{told}");
}

#[tokio::test]
async fn the_page_says_who_is_on_call_and_when_nobody_is_and_changes_it_by_plain_forms() {
    let world = World::new().await;
    let sam = world.desk("Sam", Role::Safety).await;
    let cas = world.desk("Cas", Role::Coordinator).await;
    let page = async || cas.get(PAGE).await.text();
    // No channel is set up here, so no sentence says that alerts go to anybody.
    let gap = |days: &str| format!("Nobody is on call {days}.");
    let empty = page().await;
    assert!(
        empty.contains(&gap("from 21 November 2026 to 4 December 2026")),
        "{empty}"
    );
    assert!(empty.contains("Nobody is on call today."));
    assert!(!empty.contains("alerts then go") && !empty.contains("an alert goes out"));
    // Without an address a turn reaches nobody, and the page says so.
    turn(&cas, "Sam", ("2026-11-21", "2026-11-24"), "1").await;
    let silent = page().await;
    assert!(silent.contains("No alert goes to this person"), "{silent}");
    assert!(silent.contains("Nobody is on call today."));
    address(&sam, "sam@home.test").await;
    address(&cas, "cas@home.test").await;
    turn(&cas, "Cas", ("2026-11-27", "2026-12-31"), "1").await;
    let planned = page().await;
    assert!(planned.contains("<li>Sam</li>"), "{planned}");
    assert!(planned.contains("From 27 November 2026, Cas comes first."));
    assert!(planned.contains(&gap("from 25 November 2026 to 26 November 2026")));
    assert_eq!(
        planned.matches("bubble amber").count(),
        2,
        "one gap, and the drill"
    );
    // Changed, and changed after it was removed by somebody else.
    let turns = world.store.turns().await.unwrap();
    let change = [
        ("act", "change"),
        ("id", turns[0].id.as_str()),
        ("staff", turns[0].turn.staff.as_str()),
        ("from", "2026-11-21"),
        ("to", "2026-11-26"),
        ("rank", "1"),
    ];
    sure(&sam, &change).await;
    assert!(!page().await.contains("Nobody is on call"));
    sure(&cas, &[("act", "remove"), ("id", &turns[0].id)]).await;
    let late = act(&sam, &change).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("Nobody is on call today."));
    // What needs mending is said at its field, and what was typed stays.
    let wrong = [("act", "add"), ("from", "2026-11-30"), ("to", "2026-11-29")];
    let wrong = act(&cas, &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("id=\"to-error\"") && wrong.text().contains("2026-11-29"));
    // Nobody who does not see the safety lane can be given a turn.
    world.desk("Sue", Role::Speakerbox).await;
    let sue = id_of(&world, "Sue").await;
    let days = [("from", "2026-11-30"), ("to", "2026-11-30"), ("rank", "1")];
    let add = [[("act", "add"), ("staff", sue.as_str())].as_slice(), &days].concat();
    let refused = act(&cas, &add).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!page().await.contains("Sue"));
    // Every act is in the log.
    let log = world.store.audit_after(i64::MIN, 1_000).await.unwrap();
    for action in [
        "on-call-add",
        "on-call-change",
        "on-call-remove",
        "alert-address",
    ] {
        assert!(log.iter().any(|row| row.action == action), "{action}");
    }
}

#[tokio::test]
async fn an_address_is_seen_by_its_person_only_and_stands_nowhere_in_clear() {
    let world = World::new().await;
    let sam = world.desk("Sam", Role::Safety).await;
    let cas = world.desk("Cas", Role::Coordinator).await;
    address(&sam, "zzqxmarker@home.test").await;
    assert!(sam.get(PAGE).await.text().contains("zzqxmarker"));
    assert!(!cas.get(PAGE).await.text().contains("zzqxmarker"));
    assert_eq!(count(&world.every_byte(), b"zzqxmarker"), 0);
    // Not without the password, and not two at once.
    let fields = [
        ("act", "address"),
        ("address", "a@b.uk"),
        ("password", "wrong"),
    ];
    let token = sam.get(PAGE).await.hidden("token");
    let fields = [fields.as_slice(), &[("token", token.as_str())]].concat();
    let refused = sam.post(PAGE, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let two = [("act", "address"), ("address", "a@b.uk, c@d.uk")];
    let refused = act(&sam, &two).await;
    assert!(
        refused.text().contains("id=\"address-error\""),
        "{}",
        refused.text()
    );
    assert!(
        sam.get(PAGE).await.text().contains("zzqxmarker"),
        "it is as before"
    );
    address(&sam, "").await;
    assert_eq!(world.store.alert_addresses().await.unwrap(), []);
}

#[tokio::test]
async fn a_drill_goes_the_same_way_ends_when_somebody_has_it_and_is_about_no_view() {
    let world = World::new().await;
    let sam = world.desk("Sam", Role::Safety).await;
    let cas = world.desk("Cas", Role::Coordinator).await;
    address(&sam, "sam@home.test").await;
    turn(&sam, "Sam", TODAY, "1").await;
    assert!(
        cas.get(PAGE)
            .await
            .text()
            .contains("There was no drill in the last month.")
    );
    let public = world.get("/progress").await.text();
    sure(&cas, &[("act", "drill")]).await;
    let mut duty = Duty::of(&world, LINE).await;
    let pledge = &world.site.pledge;
    assert!(
        deliver_due(pledge, &duty.channels, &mut duty.memory)
            .await
            .unwrap()
    );
    let taken = duty.mail.empty();
    assert_eq!((taken.len(), taken[0].to.as_str()), (1, "sam@home.test"));
    assert!(
        taken[0].head.contains("this is a drill"),
        "{}",
        taken[0].head
    );
    assert!(
        taken[0]
            .text
            .contains("This is a drill. Nothing has happened")
    );
    // A second one does not begin while the first goes on.
    let twice = act(&cas, &[("act", "drill")]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    // An alert goes out beside it, unmarked.
    world.send("Somebody hits me.", "no", "").await;
    assert!(
        deliver_due(pledge, &duty.channels, &mut duty.memory)
            .await
            .unwrap()
    );
    let alert = duty.mail.empty();
    assert!(alert.len() == 1 && !alert[0].text.contains("drill"));

    world.clock.forward(7 * 60 - 20);
    let id = cas.get(PAGE).await.hidden("id");
    let drill = world.store.drills().await.unwrap()[0].id.to_string();
    assert!(
        cas.get(PAGE).await.text().contains("A drill is going on."),
        "{id}"
    );
    sure(&sam, &[("act", "have"), ("id", &drill)]).await;
    let page = cas.get(PAGE).await.text();
    assert!(page.contains("Sam had it within 7 minutes."), "{page}");
    assert!(!page.contains("There was no drill in the last month."));
    let again = act(&cas, &[("act", "have"), ("id", &drill)]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    // It makes no view and no public number; the one view is the one that was sent.
    assert_eq!(world.store.views().await.unwrap().len(), 1);
    assert_eq!(world.get("/progress").await.text(), public);
    // One that nobody takes goes along the line and stops after two hours.
    sure(&sam, &[("act", "drill")]).await;
    let mut db = world.hold_database().await;
    sqlx::raw_sql("DELETE FROM alert; COMMIT;")
        .execute(&mut db)
        .await
        .unwrap();
    let told = duty.told_by_quarter(12).await;
    assert_eq!(told[0], "sam");
    assert!(told.contains(&"sam lead next".to_owned()), "{told:?}");
    assert_eq!(told[9..], ["", "", ""], "{told:?}");
    let sam = world.back("Sam").await;
    assert!(
        sam.get(PAGE)
            .await
            .text()
            .contains("nobody had it within two hours.")
    );
}

#[tokio::test]
async fn turns_and_drills_go_after_a_year() {
    let world = World::new().await;
    let sam = world.desk("Sam", Role::Safety).await;
    turn(&sam, "Sam", TODAY, "1").await;
    sure(&sam, &[("act", "drill")]).await;
    let left = async || {
        let (today, now) = (world.clock.today(), world.clock.unix_seconds());
        purge(&*world.store, today, now, false).await.unwrap();
        let turns = world.store.turns().await.unwrap().len();
        (turns, world.store.drills().await.unwrap().len())
    };
    world.clock.forward(i64::from(ON_CALL.days - 1) * DAY);
    assert_eq!(left().await, (1, 1));
    world.clock.forward(DAY + 60);
    assert_eq!(left().await, (0, 0));
}
