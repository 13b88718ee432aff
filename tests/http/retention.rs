//! Time limits under a moved clock: everything goes on its day, nothing goes before it, and a day after its time nothing
//! is left of it in any file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, World, count};
use axum::http::StatusCode;
use domain::audience::TextKind;
use domain::date::Date;
use domain::retention::{self, Kept, RetentionPeriod, TABLE};
use domain::role::Role;
use service::audit::verify;
use service::clock::Clock;
use service::retention::{Purged, purge};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::collections::BTreeSet;
use std::path::Path;
use store::Store;
use vault::signed_notes::Signer;

const DAY: i64 = 24 * 60 * 60;

async fn run(world: &World) -> Purged {
    let (today, now) = (world.clock.today(), world.clock.unix_seconds());
    purge(&*world.store, today, now, false).await.unwrap()
}

fn to_day(world: &World, day: Date) {
    let days = i64::from(day.days() - world.clock.today().days());
    world.clock.forward(days * DAY);
}

async fn kinds(world: &World, id: &str) -> BTreeSet<TextKind> {
    let bodies = world.store.bodies(id).await.unwrap();
    bodies.iter().map(|body| body.kind).collect()
}

async fn follow(world: &World, words: &str) -> Answer {
    world.post("/follow", &[("words", words)]).await
}

/// A view with every kind of text in it, decided, published, done, and agreed by its sender today. Gives its words and id.
async fn whole_life(world: &World) -> (String, String) {
    let words = world
        .send("Sentmarker zzqx in the view.", "yes", "Namemarker zzqx")
        .await;
    let id = world.newest().await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    let clerk = world.desk("Kim", Role::Clerk).await;
    let done = async |act: &str, fields: &[(&str, &str)]| {
        let answer = coordinator.act(&id, act, fields).await;
        assert!(answer.status != StatusCode::CONFLICT, "{act}");
    };
    done("name", &[("reason", "Reasonmarker zzqx")]).await;
    done("note", &[("text", "Notemarker zzqx")]).await;
    done("ask-back", &[("text", "Questionmarker zzqx?")]).await;
    let wrote = world.write(&words, "Answermarker zzqx.", &[]).await;
    assert_eq!(wrote.status, StatusCode::OK);
    done("reply", &[("text", "Replymarker zzqx")]).await;
    done("raise", &[]).await;
    done("take", &[]).await;
    done("release", &[("text", "Summarymarker zzqx")]).await;
    done("approve", &[("text", "Approvedmarker zzqx")]).await;
    let token = clerk.get("/desk/meetings").await.hidden("token");
    let meeting = [
        ("token", token.as_str()),
        ("day", "2026-11-21"),
        ("title", "November"),
    ];
    clerk.post("/desk/meetings", &meeting).await;
    let meeting = world.site.pledge.meetings().await.unwrap()[0].id.clone();
    done("list", &[("meeting", &meeting)]).await;
    let decision = [
        ("kind", "yes"),
        ("said", "Saidmarker zzqx"),
        ("decided", "Decidedmarker zzqx"),
        ("owner", "A head of service"),
        ("due", "2027-01-31"),
        ("answer", "Answeredmarker zzqx"),
    ];
    let member = world.desk("Ash", Role::Committee).await;
    for (who, act, fields) in [
        (&clerk, "decide", decision.as_slice()),
        (&member, "publish", &[]),
        (&clerk, "mark-done", &[]),
    ] {
        let answer = who.decide(&meeting, &id, act, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{act}");
    }
    let handle = follow(world, &words).await.hidden("handle");
    let agree = [("handle", handle.as_str()), ("act", "agree")];
    assert_eq!(world.post("/follow", &agree).await.status, StatusCode::OK);
    (words, id)
}

#[tokio::test]
async fn each_text_goes_on_its_day_and_not_before() {
    let world = World::new().await;
    let (words, id) = whole_life(&world).await;
    let ended = world.clock.today();
    assert_eq!(kinds(&world, &id).await.len(), TextKind::ALL.len());
    // The words of the meeting's page are sealed; only the published outcome stands in clear.
    let on = |period: RetentionPeriod| period.ends(ended);
    let mut left: BTreeSet<TextKind> = TextKind::ALL.into_iter().collect();
    for (period, gone) in [
        (retention::IDENTITY, &[TextKind::Identity][..]),
        (
            retention::VIEW,
            &[TextKind::View, TextKind::Note, TextKind::AdultNote],
        ),
        (
            retention::THREAD,
            &[
                TextKind::Question,
                TextKind::Reply,
                TextKind::Answer,
                TextKind::Summary,
            ],
        ),
        (
            retention::DECISION,
            &[TextKind::Approved, TextKind::Decision],
        ),
    ] {
        to_day(&world, on(period).plus_days(-1));
        run(&world).await;
        assert_eq!(kinds(&world, &id).await, left, "the day before {period:?}");
        to_day(&world, on(period));
        // Only a look says what would go, and nothing goes.
        let (today, now) = (world.clock.today(), world.clock.unix_seconds());
        let look = purge(&*world.store, today, now, true).await.unwrap();
        assert_eq!(look.views, 1);
        assert_eq!(kinds(&world, &id).await, left);
        assert_eq!(run(&world).await.views, 1);
        left.retain(|kind| !gone.contains(kind));
        assert_eq!(kinds(&world, &id).await, left, "on the day of {period:?}");

        let page = follow(&world, &words).await.text();
        let record = world.store.events(&id).await.unwrap();
        if period == retention::IDENTITY {
            assert!(
                page.contains("We delete your words on 19 February 2027"),
                "{page}"
            );
            assert!(page.contains("Sentmarker"));
        } else if period == retention::VIEW {
            assert!(page.contains("Your words are deleted"), "{page}");
            assert!(!page.contains("Sentmarker") && page.contains("Replymarker"));
            assert!(page.contains("We delete the rest of this page on 21 November 2027"));
        } else {
            assert_eq!(record, []);
            assert!(
                page.contains("We deleted this on 21 November 2027"),
                "{page}"
            );
            assert!(!page.contains("zzqx"));
        }
        let public = world.get("/you-said").await.text();
        assert_eq!(public.contains("Saidmarker"), period != retention::DECISION);
    }
    // A day later there is nothing to do, and not one row is left of it but the mark.
    world.clock.forward(DAY);
    let again = run(&world).await;
    assert_eq!((again.views, again.records), (0, 0));
    let bytes = world.every_byte();
    assert_eq!(count(&bytes, b"Saidmarker"), 0, "wiped, in the log too");
    assert_eq!(
        count(&bytes, b"age-encryption.org/v1\n-> X25519"),
        count_of_keys(&world).await
    );
}

/// Sealed things that are no texts: role keys for recovery and for the people at the desk.
async fn count_of_keys(world: &World) -> usize {
    let mut keys = world.store.role_keys().await.unwrap().len();
    for person in world.store.all_staff().await.unwrap() {
        keys += world.store.grants(&person.id).await.unwrap().len();
    }
    keys
}

#[tokio::test]
async fn what_nobody_ends_ends_by_itself_and_goes_from_there_on() {
    let world = World::new().await;
    let words = world
        .send("Sentmarker zzqx.", "yes", "Namemarker zzqx")
        .await;
    let id = world.newest().await;
    let cat = world.desk("Cat", Role::Coordinator).await;
    let dee = world.desk("Dee", Role::Safety).await;
    // The safety lead has another one, and nobody has the third: neither ends by itself.
    world.send("Claimedmarker zzqx.", "no", "").await;
    let claimed = world.newest().await;
    assert_eq!(
        dee.act(&claimed, "take", &[]).await.status,
        StatusCode::SEE_OTHER
    );
    world.send("Waitingmarker zzqx.", "no", "").await;
    let waiting = world.newest().await;
    assert_eq!(
        cat.get(&format!("/desk/view/{id}")).await.status,
        StatusCode::OK
    );
    let last = retention::QUIET.ends(world.clock.today());
    let queue = async || world.back("Cat").await.get("/desk/queue").await.text();

    to_day(&world, last.plus_days(-retention::QUIET_SHOWN - 1));
    assert!(!queue().await.contains("These end by themselves"));
    assert!(
        !follow(&world, &words)
            .await
            .text()
            .contains("ends by itself")
    );
    to_day(&world, last.plus_days(-retention::QUIET_SHOWN));
    let shown = queue().await;
    assert!(shown.contains("These end by themselves"), "{shown}");
    let list = shown.split("id=\"ending\"").nth(1).unwrap();
    assert_eq!(list.matches("21 November 2029").count(), 1, "{list}");
    let soon = follow(&world, &words).await.text();
    assert!(
        soon.contains("it ends by itself on 21 November 2029"),
        "{soon}"
    );
    let all = kinds(&world, &id).await;

    to_day(&world, last.plus_days(retention::IDENTITY.days - 1));
    run(&world).await;
    assert_eq!(kinds(&world, &id).await, all);
    let page = follow(&world, &words).await.text();
    assert!(
        page.contains("So it ended by itself on 21 November 2029."),
        "{page}"
    );
    assert!(page.contains("Sentmarker"), "nothing is gone yet");
    to_day(&world, last.plus_days(retention::IDENTITY.days));
    assert!(kinds(&world, &id).await.contains(&TextKind::Identity));
    run(&world).await;
    assert!(!kinds(&world, &id).await.contains(&TextKind::Identity));
    to_day(&world, retention::VIEW.ends(last));
    run(&world).await;
    assert!(!kinds(&world, &id).await.contains(&TextKind::View));
    to_day(&world, retention::THREAD.ends(last));
    run(&world).await;
    assert!(world.store.view(&id).await.unwrap().unwrap().is_bare());
    let gone = follow(&world, &words).await.text();
    assert!(
        gone.contains("We deleted this on 21 November 2030"),
        "{gone}"
    );

    to_day(&world, retention::DECISION.ends(last));
    run(&world).await;
    for open in [&claimed, &waiting] {
        assert!(
            kinds(&world, open).await.contains(&TextKind::View),
            "{open}"
        );
    }
    assert_eq!(world.store.alerts().await.unwrap().len(), 1);
}

#[tokio::test]
async fn something_that_happens_moves_the_last_day_and_a_hold_stops_it() {
    let world = World::new().await;
    let words = world.send("Sentmarker zzqx.", "yes", "").await;
    let id = world.newest().await;
    let cat = world.desk("Cat", Role::Coordinator).await;
    assert_eq!(
        cat.get(&format!("/desk/view/{id}")).await.status,
        StatusCode::OK
    );
    let last = retention::QUIET.ends(world.clock.today());
    to_day(&world, last.plus_days(10));
    assert!(
        follow(&world, &words)
            .await
            .text()
            .contains("So it ended by itself")
    );
    // Its sender comes back: it goes on.
    let wrote = world.write(&words, "Backmarker zzqx.", &[]).await;
    assert_eq!(wrote.status, StatusCode::OK);
    assert!(!follow(&world, &words).await.text().contains("by itself"));
    let last = retention::QUIET.ends(world.clock.today());
    to_day(&world, retention::VIEW.ends(last).plus_days(-1));
    run(&world).await;
    assert!(kinds(&world, &id).await.contains(&TextKind::View));
    let cat = world.back("Cat").await;
    let held = cat.act(&id, "hold", &[("reason", "A court asked.")]).await;
    assert_eq!(held.status, StatusCode::SEE_OTHER);
    to_day(&world, retention::DECISION.ends(last));
    assert_eq!(run(&world).await.held.len(), 1);
    assert!(kinds(&world, &id).await.contains(&TextKind::View));
    let cat = world.back("Cat").await;
    assert!(
        !cat.get("/desk/queue")
            .await
            .text()
            .contains("These end by themselves")
    );
}

#[tokio::test]
async fn what_is_left_is_a_bare_mark() {
    let world = World::new().await;
    let (words, id) = whole_life(&world).await;
    let before = world.store.view(&id).await.unwrap().unwrap();
    to_day(&world, retention::DECISION.ends(world.clock.today()));
    assert_eq!(run(&world).await.records, 1);
    let bare = world.store.view(&id).await.unwrap().unwrap();
    assert_eq!(bare.recipient, "");
    assert_eq!(bare.language, "");
    assert_eq!(bare.meeting, None);
    assert!(!bare.has_identity && bare.is_bare());
    assert_eq!((bare.day, bare.topic), (before.day, before.topic));
    // Its words still find it and say what became of it; the desk does not know it any more.
    assert!(
        follow(&world, &words)
            .await
            .text()
            .contains("This is deleted")
    );
    assert!(world.store.views().await.unwrap().is_empty());
    let coordinator = world.back("Cat").await;
    let page = coordinator.get(&format!("/desk/view/{id}")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nothing_goes_soon_after_the_sender_wrote_or_while_it_is_open() {
    let world = World::new().await;
    let words = world.send("Still open.", "yes", "").await;
    let id = world.newest().await;
    // Open for three years: not deleted behind anybody's back.
    world.clock.forward(1_000 * DAY);
    run(&world).await;
    assert!(kinds(&world, &id).await.contains(&TextKind::View));
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    let close = [("reason", "settled"), ("text", "Done.")];
    coordinator.act(&id, "close", &close).await;
    let closed = world.clock.today();
    // Ten days before the words go, the sender writes again, and it is closed at once.
    to_day(&world, closed.plus_days(80));
    world.write(&words, "One more thing.", &[]).await;
    to_day(&world, closed.plus_days(90));
    assert_eq!(run(&world).await.views, 0, "somebody has to answer first");
    let coordinator = world.back("Cat").await;
    coordinator.act(&id, "close", &close).await;
    assert_eq!(run(&world).await.views, 0, "the days count anew");
    assert!(kinds(&world, &id).await.contains(&TextKind::View));
}

#[tokio::test]
async fn the_grace_counts_from_the_senders_last_word() {
    let world = World::new().await;
    let (words, id) = whole_life(&world).await;
    let ended = world.clock.today();
    // Five days before the name goes, the sender writes once more, and somebody reads it.
    to_day(&world, ended.plus_days(25));
    world.write(&words, "Thank you.", &[]).await;
    world
        .back("Cat")
        .await
        .get(&format!("/desk/view/{id}"))
        .await;
    let wrote = world.clock.today();
    for (day, stays) in [
        (retention::IDENTITY.ends(ended), true),
        (retention::GRACE.ends(wrote).plus_days(-1), true),
        (retention::GRACE.ends(wrote), false),
    ] {
        to_day(&world, day);
        run(&world).await;
        let named = kinds(&world, &id).await.contains(&TextKind::Identity);
        assert_eq!(named, stays, "{day}");
    }
}

#[tokio::test]
async fn a_held_view_stays_is_listed_and_goes_once_the_hold_is_lifted() {
    let world = World::new().await;
    let (words, id) = whole_life(&world).await;
    {
        let coordinator = world.back("Cat").await;
        let empty = coordinator.act(&id, "hold", &[("reason", " ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let held = coordinator
            .act(&id, "hold", &[("reason", "A court asked for it.")])
            .await;
        assert_eq!(held.status, StatusCode::SEE_OTHER, "{}", held.text());
        let twice = coordinator.act(&id, "hold", &[("reason", "Again.")]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
        let list = coordinator.get("/desk/audit").await.text();
        let named = service::views::pseudonym(&id);
        assert!(list.contains("Kept longer") && list.contains(&named));
    }
    let page = follow(&world, &words).await.text();
    assert!(page.contains("the council must keep this longer"), "{page}");
    to_day(&world, retention::DECISION.ends(world.clock.today()));
    let purged = run(&world).await;
    assert_eq!((purged.views, purged.held.len()), (0, 1));
    assert_eq!(kinds(&world, &id).await.len(), TextKind::ALL.len());
    let coordinator = world.back("Cat").await;
    let lifted = coordinator
        .act(&id, "unhold", &[("reason", "The court is done.")])
        .await;
    assert_eq!(lifted.status, StatusCode::SEE_OTHER, "{}", lifted.text());
    assert_eq!(run(&world).await.records, 1);
    assert!(kinds(&world, &id).await.is_empty());
    let log = world.store.audit_after(0, 1_000).await.unwrap();
    let acts: Vec<_> = log.iter().map(|row| row.action.as_str()).collect();
    for act in ["hold", "unhold", "purge"] {
        assert!(acts.contains(&act), "{act} in {acts:?}");
    }
}

#[tokio::test]
async fn taking_back_works_while_it_is_held() {
    let world = World::new().await;
    let words = world.send("I change my mind.", "yes", "").await;
    let id = world.newest().await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    coordinator
        .act(&id, "hold", &[("reason", "A court asked.")])
        .await;
    let handle = follow(&world, &words).await.hidden("handle");
    let sure = [("handle", handle.as_str()), ("act", "withdraw-sure")];
    world.post("/follow", &sure).await;
    assert!(kinds(&world, &id).await.is_empty());
    assert!(world.store.held().await.unwrap().is_empty());
}

#[tokio::test]
async fn meetings_sessions_and_the_log_go_too() {
    let world = World::new().await;
    whole_life(&world).await;
    let pledge = &world.site.pledge;
    let place = world.folder.path().join("elsewhere.txt");
    pledge.keep_checkpoints(Some(&place)).await.unwrap();
    let old_rows = world.store.audit_last().await.unwrap().unwrap().seq;
    let began = world.clock.today();
    to_day(&world, retention::AUDIT.ends(began).plus_days(-1));
    world.back("Cat").await;
    let purged = run(&world).await;
    assert_eq!((purged.audit_rows, purged.meetings), (0, 0));
    world.clock.forward(DAY);
    pledge.keep_checkpoints(Some(&place)).await.unwrap();
    let purged = run(&world).await;
    assert_eq!(i64::try_from(purged.audit_rows).unwrap(), old_rows);
    assert_eq!(purged.meetings, 1);
    assert!(world.store.meetings().await.unwrap().is_empty());
    let first = world.store.audit_after(0, 1).await.unwrap().pop().unwrap();
    assert_eq!(first.seq, old_rows + 1);
    // What is left is whole, also against the second place, whose oldest checkpoint is where it begins.
    let signer = Signer::new(&pledge.keys);
    let file = std::fs::read_to_string(&place).unwrap();
    let today = world.clock.today();
    verify(&*world.store, &signer, today, Some(&file), None)
        .await
        .unwrap();
    // The control: a younger beginning is a break. On an earlier day the same cut is not yet allowed.
    let early = verify(&*world.store, &signer, today.plus_days(-2), None, None).await;
    assert!(
        early
            .unwrap_err()
            .to_string()
            .contains("not older than the log is kept")
    );
    // Sessions: none is left of those that began yesterday.
    let bytes = world.every_byte();
    let mut sql = SqliteConnectOptions::new()
        .filename(world.data().join(server::bootstrap::DATABASE))
        .connect()
        .await
        .unwrap();
    let sessions: i64 = sqlx::query_scalar("SELECT count(*) FROM session")
        .fetch_one(&mut sql)
        .await
        .unwrap();
    assert_eq!(sessions, 0);
    assert!(!bytes.is_empty());
}

#[tokio::test]
async fn every_table_has_a_period() {
    let world = World::new().await;
    let mut sql = SqliteConnectOptions::new()
        .filename(world.data().join(server::bootstrap::DATABASE))
        .connect()
        .await
        .unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .fetch_all(&mut sql)
    .await
    .unwrap();
    let told: BTreeSet<&str> = TABLE
        .iter()
        .flat_map(|row| row.at.iter().copied())
        .collect();
    let missing: Vec<_> = tables
        .iter()
        .filter(|table| !told.contains(table.as_str()))
        .collect();
    assert_eq!(
        missing,
        [] as [&String; 0],
        "tables without a period in domain::retention"
    );
    // Every row names an owner, a source and a test that is there.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for row in TABLE {
        assert!(
            !row.owner.is_empty() && !row.source.is_empty(),
            "{}",
            row.what
        );
        let (file, test) = row.test.split_once("::").unwrap();
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        assert!(
            text.contains(&format!("fn {test}(")),
            "{}: {}",
            row.what,
            row.test
        );
        if let Kept::AfterTheEnd(period) | Kept::AfterItsDay(period) = row.kept {
            assert!((1..=2_192).contains(&period.days), "{}", row.what);
        }
    }
}

#[tokio::test]
async fn without_the_job_everything_stays() {
    // The control: the clock alone deletes nothing, so the other tests show the job and not something else.
    let world = World::new().await;
    let (_, id) = whole_life(&world).await;
    to_day(
        &world,
        retention::DECISION.ends(world.clock.today()).plus_days(1),
    );
    assert_eq!(kinds(&world, &id).await.len(), TextKind::ALL.len());
}
