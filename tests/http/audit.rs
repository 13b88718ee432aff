//! The audit log: every act of the desk is in it, in the same commit; no act of a young person is; and whatever is done
//! to it afterwards is found.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{DeskClient, World, own_password};
use axum::http::StatusCode;
use domain::lifecycle::State;
use domain::role::Role;
use service::after_restore::settle_people;
use service::audit::{ROWS_A_CHECKPOINT, verify, verify_log};
use service::clock::Clock;
use service::withdrawals::Marks;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use store::Store;
use store::audit::{AuditRow, BEGINNING, Entry, EntryOutcome};
use vault::random::SystemRandom;
use vault::seal::AgeSealer;
use vault::signed_notes::Signer;

const DAY: i64 = 24 * 60 * 60;

async fn log(world: &World) -> Vec<AuditRow> {
    world.store.audit_after(i64::MIN, 100_000).await.unwrap()
}

/// Rows as short words: role, action, and what they were not if they were not done.
fn short(rows: &[AuditRow]) -> Vec<String> {
    rows.iter()
        .map(|row| {
            let not = match row.outcome.as_str() {
                "done" => "",
                "refused" => " refused",
                _ => " not done",
            };
            let reason = if row.reason == 1 { " for a reason" } else { "" };
            let role = row.role.as_deref().unwrap_or("nobody");
            format!("{role} {}{not}{reason}", row.action)
        })
        .collect()
}

fn signer(world: &World) -> Signer {
    Signer::new(&world.site.pledge.keys)
}

/// A connection to the database behind the server's back.
async fn intruder(data: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(data.join(server::bootstrap::DATABASE))
        .pragma("synchronous", "OFF")
        .connect()
        .await
        .unwrap()
}

async fn sql(db: &mut SqliteConnection, text: String) {
    sqlx::raw_sql(AssertSqlSafe(text))
        .execute(db)
        .await
        .unwrap();
}

async fn meeting(desk: &DeskClient<'_>) -> String {
    let token = desk.get("/desk/meetings").await.hidden("token");
    let fields = [
        ("token", token.as_str()),
        ("day", "2026-12-09"),
        ("title", "December"),
    ];
    let made = desk.post("/desk/meetings", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    desk.world.site.pledge.meetings().await.unwrap()[0]
        .id
        .clone()
}

#[tokio::test]
async fn every_act_of_the_desk_is_entered_and_none_of_a_young_person() {
    let world = World::new().await;
    let words = world.send("Nobody reads my letters.", "no", "Sam").await;
    let id = world.newest().await;
    world.post("/follow", &[("words", &words)]).await;
    assert_eq!(short(&log(&world).await), [] as [String; 0]);

    let mut safety = world.desk("Sam Safety", Role::Safety).await;
    let own = own_password("Sam Safety");
    let wrong = [("name", "Sam Safety"), ("password", "not the password")];
    world.post("/desk/sign-in", &wrong).await;
    let unknown = [("name", "Nobody at all"), ("password", "not the password")];
    world.post("/desk/sign-in", &unknown).await;
    // The act opens the page first, so each act is two entries.
    safety
        .act(&id, "name", &[("reason", "Reasonword to call")])
        .await;
    safety.act(&id, "reply", &[("text", "Replyword")]).await;
    let late = [("text", "Too late"), ("version", "99")];
    let token = safety.get("/desk/password").await.hidden("token");
    let stale = [late[0], late[1], ("token", token.as_str())];
    let stale = safety.post(&format!("/desk/view/{id}/reply"), &stale).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    safety.act(&id, "release", &[("text", "Summaryword")]).await;

    let clerk = world.desk("Kim Clerk", Role::Clerk).await;
    let day = meeting(&clerk).await;
    let triager = world.desk("Tia", Role::Speakerbox).await;
    triager
        .act(&id, "approve", &[("text", "Approvedword")])
        .await;
    triager.act(&id, "list", &[("meeting", &day)]).await;
    let decision = [
        ("kind", "yes"),
        ("urgent", "Urgentword"),
        ("said", "Saidword"),
        ("decided", "Decidedword"),
        ("owner", "A head of service"),
        ("due", "2027-01-31"),
        ("answer", "Answerword"),
    ];
    clerk.decide(&day, &id, "decide", &decision).await;
    let member = world.desk("Ash", Role::Committee).await;
    member.decide(&day, &id, "publish", &[]).await;
    clerk.decide(&day, &id, "mark-done", &[]).await;
    let token = safety.get("/desk/password").await.hidden("token");
    safety.post("/desk/sign-out", &[("token", &token)]).await;
    safety.sign_in(&own).await;

    let rows = log(&world).await;
    let wanted = [
        "nobody add-staff",
        "safety password-taken",
        "safety password",
        "safety password-taken",
        "safety second-factor",
        "safety sign-in",
        "safety sign-in not done",
        "nobody sign-in not done",
        "safety open",
        "safety name for a reason",
        // The words stand beside the name, and beside the reason why an act was refused.
        "safety open",
        "safety open",
        "safety reply",
        "safety reply not done",
        "safety open",
        "safety open",
        "safety release",
        "nobody add-staff",
        "clerk password-taken",
        "clerk password",
        "clerk password-taken",
        "clerk second-factor",
        "clerk sign-in",
        "clerk meeting",
        "nobody add-staff",
        "speakerbox password-taken",
        "speakerbox password",
        "speakerbox password-taken",
        "speakerbox second-factor",
        "speakerbox sign-in",
        "speakerbox open",
        "speakerbox approve",
        "speakerbox open",
        "speakerbox list",
        "clerk read-approved",
        "clerk decide-urgent for a reason",
        "nobody add-staff",
        "committee password-taken",
        "committee password",
        "committee password-taken",
        "committee second-factor",
        "committee sign-in",
        "committee read-approved",
        "committee publish",
        "clerk read-approved",
        "clerk mark-done",
        "safety sign-out",
        "safety password-taken",
        "safety sign-in",
    ];
    assert_eq!(short(&rows), wanted);
    let about: Vec<_> = rows.iter().filter(|row| row.action == "open").collect();
    assert!(about.iter().all(|row| row.object.as_deref() == Some(&id)));
    // No words of anybody, no name, no address.
    let all = format!("{rows:?}");
    for word in [
        "Reasonword",
        "Replyword",
        "Approvedword",
        "Summaryword",
        "Saidword",
        "Urgentword",
        "Sam",
        "Kim",
        "Tia",
        "letters",
    ] {
        assert!(!all.contains(word), "{word} in {all}");
    }
    let whole = verify(
        &*world.store,
        &signer(&world),
        world.clock.today(),
        None,
        None,
    )
    .await;
    assert_eq!(whole.unwrap().rows, wanted.len() as i64);
}

#[tokio::test]
async fn an_act_that_cannot_be_entered_is_not_done_and_no_words_are_shown() {
    let world = World::new().await;
    world.send("Wordsofthesender", "yes", "").await;
    let id = world.newest().await;
    let triager = world.desk("Tia", Role::Speakerbox).await;
    let page = triager.get(&format!("/desk/view/{id}")).await;
    assert!(page.text().contains("Wordsofthesender"));
    let before = log(&world).await.len();

    let mut db = intruder(&world.data()).await;
    let full = "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END";
    sql(&mut db, full.to_owned()).await;
    let (token, version) = (page.hidden("token"), page.hidden("version"));
    let fields = [
        ("token", token.as_str()),
        ("version", &version),
        ("text", "A version"),
    ];
    let path = format!("/desk/view/{id}/approve");
    let refused = triager.post(&path, &fields).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.store_state(&id).await, State::Read);
    let refused = triager.get(&format!("/desk/view/{id}")).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!refused.text().contains("Wordsofthesender"));
    assert_eq!(log(&world).await.len(), before);

    // The control: once it can be entered again, both are done.
    sql(&mut db, "DROP TRIGGER full".to_owned()).await;
    let done = triager.post(&path, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(world.store_state(&id).await, State::Approved);
    assert_eq!(log(&world).await.len(), before + 1);
}

#[tokio::test]
async fn the_log_refuses_to_be_changed_or_cut_by_accident() {
    let world = World::new().await;
    world.desk("Tia", Role::Speakerbox).await;
    let before = log(&world).await;
    assert!(!before.is_empty());
    let mut db = intruder(&world.data()).await;
    for text in [
        "UPDATE audit SET action = 'reply'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE seq = 1",
    ] {
        assert!(
            sqlx::raw_sql(text).execute(&mut db).await.is_err(),
            "{text}"
        );
    }
    assert_eq!(log(&world).await, before);
}

// ---------------------------------------------------------------- whatever is done to it is found

/// A small generator of numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((self.0 >> 33) as usize) % sides
    }
}

/// Gives every row from this one on the numbers and hashes it ought to have, as somebody who knows how the log is made.
fn forge(rows: &mut [AuditRow], from: usize) {
    let mut before = match from.checked_sub(1) {
        Some(last) => (rows[last].seq, rows[last].hash),
        None => (0, BEGINNING),
    };
    for row in rows.iter_mut().skip(from) {
        row.seq = before.0 + 1;
        row.previous = before.1;
        row.hash = row.worked_out();
        before = (row.seq, row.hash);
    }
}

fn edit(row: &mut AuditRow, dice: &mut Dice) {
    match dice.roll(10) {
        0 => row.at += 1 + dice.roll(1_000) as i64,
        1 => row.actor = row.actor.is_none().then(|| "somebody".to_owned()),
        2 => row.actor = Some(format!("{}x", row.actor.clone().unwrap_or_default())),
        3 => row.role = Some(format!("{}x", row.role.clone().unwrap_or_default())),
        4 => row.action.push('x'),
        5 => row.object = Some(format!("{}0", row.object.clone().unwrap_or_default())),
        6 => row.outcome = "never".to_owned(),
        7 => row.reason = 1 - row.reason,
        8 => row.previous[dice.roll(32)] ^= 1 << dice.roll(8),
        _ => row.hash[dice.roll(32)] ^= 1 << dice.roll(8),
    }
}

/// Does one thing to the log and says what.
fn tamper(rows: &mut Vec<AuditRow>, dice: &mut Dice) -> &'static str {
    let at = dice.roll(rows.len());
    match dice.roll(11) {
        0 => {
            edit(&mut rows[at], dice);
            "an edit"
        }
        1 => {
            rows[at].action.push('x');
            rows[at].hash = rows[at].worked_out();
            "an edit with its own hash mended"
        }
        2 => {
            rows[at].object = Some("another".to_owned());
            forge(rows, at);
            "an edit with every hash after it mended"
        }
        3 => {
            rows.remove(at);
            "a row taken out"
        }
        4 => {
            rows.remove(at);
            forge(rows, at);
            "a row taken out and the rest mended"
        }
        5 | 6 => {
            let other = (at + 1 + dice.roll(rows.len() - 1)) % rows.len();
            rows.swap(at, other);
            let (a, b) = (rows[at].seq, rows[other].seq);
            (rows[at].seq, rows[other].seq) = (b, a);
            if dice.roll(2) == 0 {
                forge(rows, at.min(other));
                "two rows swapped and the rest mended"
            } else {
                "two rows swapped"
            }
        }
        7 => {
            rows.truncate(at);
            "the end cut off"
        }
        8 => {
            rows.drain(..=at);
            "the beginning cut off"
        }
        9 => {
            let mut forged = rows[at].clone();
            forged.action = "reply".to_owned();
            forged.at += 7;
            rows.insert(at, forged);
            forge(rows, at);
            "a row put in and the rest mended"
        }
        _ => {
            rows.clear();
            "everything taken out"
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("x'{hex}'")
}

fn text(value: Option<&str>) -> String {
    value.map_or("NULL".to_owned(), |value| format!("'{value}'"))
}

/// Puts these rows in the place of the log.
async fn put(db: &mut SqliteConnection, rows: &[AuditRow]) {
    let mut all = "BEGIN; DELETE FROM audit;".to_owned();
    for row in rows {
        all += &format!(
            "INSERT INTO audit VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {});",
            row.seq,
            row.at,
            text(row.actor.as_deref()),
            text(row.role.as_deref()),
            text(Some(&row.action)),
            text(row.object.as_deref()),
            text(Some(&row.outcome)),
            row.reason,
            hex(&row.previous),
            hex(&row.hash)
        );
    }
    sql(db, all + "COMMIT;").await;
}

/// A log of `rows` rows, with the triggers against accidents taken away, as an intruder would.
async fn filled(world: &World, rows: i64) -> (Vec<AuditRow>, SqliteConnection) {
    for number in 0..rows {
        let entry = Entry {
            at: world.clock.unix_seconds() + number,
            actor: (number % 5 != 0).then(|| format!("person-{}", number % 7)),
            role: Some(Role::ALL[(number % 6) as usize]),
            action: ["open", "reply", "name", "approve"][(number % 4) as usize],
            object: Some(format!("view-{number}")),
            reason: number % 4 == 2,
        };
        world
            .store
            .append_audit(entry, EntryOutcome::Done)
            .await
            .unwrap();
    }
    let mut db = intruder(&world.data()).await;
    drop_triggers(&mut db).await;
    (log(world).await, db)
}

async fn drop_triggers(db: &mut SqliteConnection) {
    let drop = "DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_cut;";
    sql(db, drop.to_owned()).await;
}

/// An intruder who knows that a file without its triggers is refused puts them back.
async fn put_triggers_back(db: &mut SqliteConnection) {
    let migration = include_str!("../../crates/store-sqlite/migrations/0004_audit.sql");
    for trigger in migration.split("CREATE TRIGGER").skip(1) {
        let (trigger, _) = trigger.split_once("END;").unwrap();
        sql(db, format!("CREATE TRIGGER{trigger}END;")).await;
    }
}

#[tokio::test]
async fn ten_thousand_tamperings_are_all_found_with_the_checkpoint_kept_elsewhere() {
    const TIMES: usize = 10_000;
    let world = World::new().await;
    let (rows, mut db) = filled(&world, 24).await;
    let outside = world.site.pledge.sign_checkpoint().await.unwrap().unwrap();
    let (signer, today) = (signer(&world), world.clock.today());
    let check = async || verify_log(&*world.store, &signer, today, Some(&outside), None).await;
    check().await.unwrap();

    let mut dice = Dice(20_261_124);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unseen = Vec::new();
    for time in 0..TIMES {
        let mut tampered = rows.clone();
        let what = tamper(&mut tampered, &mut dice);
        assert_ne!(tampered, rows, "{what} changed nothing");
        // Half of the time the intruder takes the checkpoints beside the log away too.
        let beside = dice.roll(2) == 0;
        if beside {
            sql(&mut db, "CREATE TEMP TABLE IF NOT EXISTS kept AS SELECT * FROM checkpoint; DELETE FROM checkpoint;".to_owned()).await;
        }
        put(&mut db, &tampered).await;
        *kinds.entry(what).or_default() += 1;
        if check().await.is_ok() {
            unseen.push((time, what));
        }
        if beside {
            sql(
                &mut db,
                "INSERT OR IGNORE INTO checkpoint SELECT * FROM kept;".to_owned(),
            )
            .await;
        }
    }
    assert_eq!(unseen, [], "of {kinds:?}");
    assert_eq!(kinds.values().sum::<usize>(), TIMES);
    assert!(
        kinds.len() >= 11 && kinds.values().all(|times| *times > 200),
        "{kinds:?}"
    );
    // The control: put back as it was, it is whole.
    put(&mut db, &rows).await;
    check().await.unwrap();
}

#[tokio::test]
async fn a_cut_end_goes_unseen_without_the_checkpoint_kept_elsewhere() {
    let world = World::new().await;
    let (rows, mut db) = filled(&world, 24).await;
    let outside = world.site.pledge.sign_checkpoint().await.unwrap().unwrap();
    let (signer, today) = (signer(&world), world.clock.today());
    put(&mut db, &rows[..20]).await;
    // The checkpoint beside the log still tells.
    let told = verify_log(&*world.store, &signer, today, None, None)
        .await
        .unwrap_err();
    assert!(told.to_string().contains("its end was cut off"), "{told}");
    // Taken away too, nothing here can tell. This is what the second place is for.
    sql(&mut db, "DELETE FROM checkpoint".to_owned()).await;
    let whole = verify_log(&*world.store, &signer, today, None, None)
        .await
        .unwrap();
    assert_eq!(whole.rows, 20);
    let told = verify_log(&*world.store, &signer, today, Some(&outside), None).await;
    assert!(told.unwrap_err().to_string().contains("ends with row 20"));
}

#[tokio::test]
async fn after_a_restore_the_log_is_followed_by_whoever_knows_of_it() {
    let world = World::new().await;
    let (rows, mut db) = filled(&world, 24).await;
    let outside = world.site.pledge.sign_checkpoint().await.unwrap().unwrap();
    let (signer, today) = (signer(&world), world.clock.today());
    put(&mut db, &rows[..20]).await;
    sql(&mut db, "DELETE FROM checkpoint".to_owned()).await;
    let check = async |restored| {
        let checked = verify_log(&*world.store, &signer, today, Some(&outside), restored);
        checked.await.map_err(|broken| broken.to_string())
    };
    // The control: a cut end is no restore, whatever day is said.
    let told = check(Some(today)).await.unwrap_err();
    assert!(told.contains("its end was cut off"), "{told}");
    let (random, now) = (&SystemRandom, world.clock.unix_seconds());
    let none = Marks::new();
    let settled = settle_people(&*world.store, &none, random, &AgeSealer, now).await;
    settled.unwrap();
    let told = check(None).await.unwrap_err();
    assert!(told.contains(&format!("--restored {today}")), "{told}");
    assert!(told.contains("Its row 21 says"), "{told}");
    assert!(check(Some(today.plus_days(-1))).await.is_err());
    let whole = check(Some(today)).await.unwrap();
    assert_eq!((whole.rows, whole.outside, whole.lost), (21, 1, 1));
    // A checkpoint of after the restore fits again, and the older one is still known as lost.
    let newer = world.site.pledge.sign_checkpoint().await.unwrap().unwrap();
    let both = format!("{outside}\n{newer}");
    let checked = verify_log(&*world.store, &signer, today, Some(&both), Some(today)).await;
    assert_eq!(checked.unwrap().lost, 1);
}

#[tokio::test]
async fn forged_foreign_and_missing_checkpoints_are_refused() {
    let world = World::new().await;
    let (_, mut db) = filled(&world, 5).await;
    let note = world.site.pledge.sign_checkpoint().await.unwrap().unwrap();
    let (signer, today) = (signer(&world), world.clock.today());
    let other = World::new().await;
    filled(&other, 5).await;
    let foreign = other.site.pledge.sign_checkpoint().await.unwrap().unwrap();
    for bad in ["", "words", &foreign, &note.replace("\n5\n", "\n4\n")] {
        let told = verify_log(&*world.store, &signer, today, Some(bad), None).await;
        assert!(told.is_err(), "{bad}");
    }
    sql(&mut db, "UPDATE checkpoint SET size = 4".to_owned()).await;
    let told = verify_log(&*world.store, &signer, today, None, None)
        .await
        .unwrap_err();
    assert!(
        told.to_string().contains("The checkpoint of 2026-11-21"),
        "{told}"
    );
}

// ---------------------------------------------------------------- checkpoints

#[tokio::test]
async fn a_checkpoint_is_made_each_day_and_every_thousand_rows_and_kept_in_a_second_place() {
    let world = World::new().await;
    let place = world.folder.path().join("elsewhere.txt");
    let pledge = &world.site.pledge;
    pledge.keep_checkpoints(Some(&place)).await.unwrap();
    assert!(!place.exists(), "nothing has happened yet");
    let (..) = filled(&world, 3).await;
    for _ in 0..3 {
        pledge.keep_checkpoints(Some(&place)).await.unwrap();
    }
    let sizes = async || -> Vec<i64> {
        let known = world.store.checkpoints().await.unwrap();
        known.iter().map(|known| known.size).collect()
    };
    assert_eq!(sizes().await, [3], "once a day");
    world.clock.forward(DAY);
    pledge.keep_checkpoints(Some(&place)).await.unwrap();
    assert_eq!(sizes().await, [3, 3], "the next day again");
    filled_more(&world, ROWS_A_CHECKPOINT - 1).await;
    pledge.keep_checkpoints(None).await.unwrap();
    assert_eq!(sizes().await, [3, 3]);
    filled_more(&world, 1).await;
    pledge.keep_checkpoints(None).await.unwrap();
    assert_eq!(sizes().await, [3, 3, ROWS_A_CHECKPOINT + 3]);
    // What was made while the second place was away is added when it is back; nothing is there twice.
    pledge.keep_checkpoints(Some(&place)).await.unwrap();
    pledge.keep_checkpoints(Some(&place)).await.unwrap();
    let file = std::fs::read_to_string(&place).unwrap();
    let whole = verify(
        &*world.store,
        &signer(&world),
        world.clock.today(),
        Some(&file),
        None,
    )
    .await;
    assert_eq!(whole.unwrap().outside, 3);
    // A place that cannot be written is said, and made good later.
    world.clock.forward(DAY);
    let nowhere = world.folder.path().join("no/such/folder");
    assert!(pledge.keep_checkpoints(Some(&nowhere)).await.is_err());
    pledge.keep_checkpoints(Some(&place)).await.unwrap();
    let file = std::fs::read_to_string(&place).unwrap();
    assert_eq!(file.matches("\nday ").count(), 4);
}

async fn filled_more(world: &World, rows: i64) {
    for _ in 0..rows {
        let entry = Entry {
            at: world.clock.unix_seconds(),
            actor: None,
            role: None,
            action: "open",
            object: None,
            reason: false,
        };
        world
            .store
            .append_audit(entry, EntryOutcome::Done)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_log_that_was_changed_is_not_signed() {
    let world = World::new().await;
    let (rows, mut db) = filled(&world, 5).await;
    let mut changed = rows.clone();
    changed[3].action = "reply".to_owned();
    put(&mut db, &changed).await;
    assert!(world.site.pledge.sign_checkpoint().await.is_err());
    assert!(world.store.checkpoints().await.unwrap().is_empty());
    put(&mut db, &rows).await;
    assert!(world.site.pledge.sign_checkpoint().await.unwrap().is_some());
}

#[tokio::test]
async fn the_command_finds_a_change_and_ends_with_one() {
    let world = World::new().await;
    let (rows, mut db) = filled(&world, 5).await;
    let data = world.data();
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pledge"));
        command.arg("verify").args(args).arg("--data").arg(&data);
        command.output().unwrap()
    };
    let refused = run(&[]);
    assert_eq!(refused.status.code(), Some(1), "without its triggers");
    put_triggers_back(&mut db).await;
    let whole = run(&["--checkpoint"]);
    assert!(whole.status.success(), "{whole:?}");
    let note = world.folder.path().join("note.txt");
    std::fs::write(&note, &whole.stdout).unwrap();
    assert!(String::from_utf8_lossy(&whole.stderr).contains("pledge-audit-"));
    let note = note.to_str().unwrap();
    assert!(run(&["--against", note]).status.success());

    let mut changed = rows.clone();
    changed[1].object = None;
    drop_triggers(&mut db).await;
    put(&mut db, &changed).await;
    put_triggers_back(&mut db).await;
    let broken = run(&["--against", note]);
    assert_eq!(broken.status.code(), Some(1));
    let said = String::from_utf8(broken.stderr).unwrap();
    assert!(
        said.contains("Row 2 of the audit log was changed"),
        "{said}"
    );
}

// ---------------------------------------------------------------- who sees it

#[tokio::test]
async fn the_sender_sees_each_day_of_reading_and_each_role() {
    let world = World::new().await;
    let words = world.send("Please read this.", "yes", "Sam").await;
    let id = world.newest().await;
    let readings = async || {
        let thread = world.post("/follow", &[("words", &words)]).await.text();
        [
            "Someone at SpeakerBox opened your view.",
            "The SpeakerBox coordinator opened your view.",
            "The SpeakerBox coordinator opened your name.",
        ]
        .map(|line| thread.matches(line).count())
    };
    let path = format!("/desk/view/{id}");
    {
        let triager = world.desk("Tia", Role::Speakerbox).await;
        let coordinator = world.desk("Cat", Role::Coordinator).await;
        for _ in 0..3 {
            triager.get(&path).await;
        }
        assert_eq!(readings().await, [1, 0, 0], "one line for a day");
        coordinator.get(&path).await;
        coordinator
            .act(&id, "name", &[("reason", "To help.")])
            .await;
        assert_eq!(readings().await, [1, 1, 1]);
    }
    world.clock.forward(DAY);
    let triager = {
        let mut triager = DeskClient {
            world: &world,
            name: "Tia",
            cookie: String::new(),
        };
        triager.sign_in(&own_password("Tia")).await;
        triager
    };
    triager.get(&path).await;
    triager.get(&path).await;
    assert_eq!(readings().await, [2, 1, 1], "the next day again");
    // Every single reading is in the log.
    let opens = log(&world).await;
    assert_eq!(opens.iter().filter(|row| row.action == "open").count(), 8);
    // What the sender writes is read again, also on the same day.
    world.write(&words, "More.", &[]).await;
    triager.get(&path).await;
    assert_eq!(readings().await, [3, 1, 1]);
}

#[tokio::test]
async fn the_coordinator_and_the_admin_see_who_opened_what_and_no_words() {
    let world = World::new().await;
    world
        .send("Wordsofthesender", "no", "Nameofthesender")
        .await;
    let id = world.newest().await;
    let safety = world.desk("Dee", Role::Safety).await;
    safety.get(&format!("/desk/view/{id}")).await;
    safety.get(&format!("/desk/view/{id}")).await;
    safety.act(&id, "name", &[("reason", "Reasonword")]).await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    let admin = world.desk("Fay", Role::Admin).await;
    let pseudonym = service::views::pseudonym(&id);
    for (desk, may_open) in [(&coordinator, true), (&admin, false)] {
        let page = desk.get("/desk/audit").await;
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        for shown in [
            "Dee",
            &pseudonym,
            "4 times",
            "Opened the name, with a reason",
        ] {
            assert!(text.contains(shown), "{shown} in {text}");
        }
        for hidden in ["Wordsofthesender", "Nameofthesender", "Reasonword"] {
            assert!(!text.contains(hidden), "{hidden}");
        }
        assert_eq!(text.contains(&format!("/desk/view/{id}")), may_open);
        let before = desk.get("/desk/audit?week=2026-11-09").await.text();
        assert!(!before.contains("Dee") && before.contains("week=2026-11-16"));
    }
    let refused = safety.get("/desk/audit").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_tries_what_they_may_not_is_entered_and_shown() {
    let world = World::new().await;
    world.send("Not for triagers.", "no", "Sam").await;
    let id = world.newest().await;
    let triager = world.desk("Tia", Role::Speakerbox).await;
    let committee = world.desk("Eve", Role::Committee).await;
    let view = format!("/desk/view/{id}");
    let before = log(&world).await.len();
    assert_eq!(triager.get(&view).await.status, StatusCode::NOT_FOUND);
    for (desk, act) in [
        (&triager, "name"),
        (&committee, "reply"),
        (&triager, "hold"),
    ] {
        let token = desk.get("/desk/password").await.hidden("token");
        let fields = [
            ("token", token.as_str()),
            ("version", "99"),
            ("text", "Words."),
            ("reason", "Curious."),
        ];
        let refused = desk.post(&format!("{view}/{act}"), &fields).await;
        assert!(refused.status.is_client_error(), "{act}");
    }
    // What is not there is nobody's business, and fills no log.
    triager
        .get("/desk/view/00000000000000000000000000000000")
        .await;
    let rows = log(&world).await;
    let refused: Vec<_> = rows.iter().filter(|row| row.outcome == "refused").collect();
    assert!(refused.iter().all(|row| row.object.as_deref() == Some(&id)));
    assert_eq!(
        short(&rows)[before..],
        [
            "speakerbox open refused",
            "speakerbox name refused",
            "committee reply refused",
            "speakerbox hold refused",
        ]
    );
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    let list = coordinator.get("/desk/audit").await.text();
    assert!(
        list.contains("Tried to open the view. It did not open"),
        "{list}"
    );
    assert!(list.contains("Tried to open the name. It did not open"));
}
