//! Danger reaches a person: any reader can raise a view, the words come with it, new words ring again, reading is not yet
//! having, and what a sender withdraws in the safety lane leaves a record there and none of their words.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::world::{Answer, DeskClient, World, count};
use axum::http::StatusCode;
use domain::audience::{Audience, TextKind};
use domain::lifecycle::{CloseReason, Lane, State};
use domain::role::Role;
use service::retention::purge;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use store::{Store, ViewRow};

const DAY: i64 = 24 * 60 * 60;
const SAID: &str = "Saidzk: my carer's son hits me.";

fn sure(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

async fn row(world: &World, id: &str) -> ViewRow {
    world.store.view(id).await.unwrap().unwrap()
}

async fn alerts(world: &World, id: &str) -> usize {
    let open = world.store.alerts().await.unwrap();
    open.iter().filter(|alert| alert.view == id).count()
}

async fn thread(world: &World, words: &str) -> String {
    world.post("/follow", &[("words", words)]).await.text()
}

async fn view_of(desk: &DeskClient<'_>, id: &str) -> Answer {
    desk.get(&format!("/desk/view/{id}")).await
}

async fn audiences(world: &World, id: &str) -> Vec<(TextKind, Option<Audience>)> {
    let bodies = world.store.bodies(id).await.unwrap();
    bodies
        .iter()
        .map(|body| (body.kind, body.audience))
        .collect()
}

#[tokio::test]
async fn a_triager_who_is_worried_raises_a_view_and_its_words_reach_safety() {
    let world = World::new().await;
    let triager = world.desk("Ann", Role::Speakerbox).await;
    let safety = world.desk("Dee", Role::Safety).await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    let words = world.send(SAID, "yes", "").await;
    let id = world.newest().await;
    sure(&triager.act(&id, "ask-back", &[("text", "Askedzk?")]).await);
    assert_eq!(
        world.write(&words, "Answeredzk.", &[]).await.status,
        StatusCode::OK
    );
    // A control: before, safety does not learn that it is there, and nothing rings.
    assert_eq!(view_of(&safety, &id).await.status, StatusCode::NOT_FOUND);
    assert_eq!(alerts(&world, &id).await, 0);
    let page = view_of(&triager, &id).await.text();
    assert!(
        page.contains("Somebody may be in danger") && page.contains("You do not see it any more")
    );

    let raised = triager
        .act(&id, "raise", &[("text", "Whyzk: read it.")])
        .await;
    sure(&raised);
    let next = triager.get(raised.header("location")).await;
    assert_eq!(next.status, StatusCode::OK);
    assert!(
        next.text().contains("talk to your coordinator"),
        "{}",
        next.text()
    );
    assert_eq!(view_of(&triager, &id).await.status, StatusCode::NOT_FOUND);
    assert_eq!(alerts(&world, &id).await, 1);
    assert_eq!(row(&world, &id).await.life.lane, Lane::Waiting);

    let lane = safety.get("/desk/safety").await.text();
    assert!(lane.contains(&format!("/desk/view/{id}")));
    for adult in [&safety, &coordinator] {
        let page = view_of(adult, &id).await.text();
        for shown in [SAID, "Askedzk?", "Answeredzk.", "Whyzk: read it."] {
            let escaped = shown.replace('\'', "&#x27;");
            assert!(
                page.contains(shown) || page.contains(&escaped),
                "{shown}: {page}"
            );
        }
        // The sender's words stand before what is to be done with them.
        let at = |part: &str| page.find(part).unwrap();
        assert!(at("Saidzk") < at("What to do now"));
    }
    // What a young triager's key opened it opens no more.
    for (kind, audience) in audiences(&world, &id).await {
        assert_eq!(audience, Some(Audience::Adults), "{kind:?}");
    }
    let told = thread(&world, &words).await;
    assert!(
        told.contains("was passed to adults who keep children safe, because somebody was worried"),
        "{told}"
    );
    assert!(told.contains("Saidzk") && told.contains("Askedzk?") && told.contains("Answeredzk."));
    assert!(!told.contains("Whyzk"));
    assert_eq!(count(&world.every_byte(), b"Whyzk"), 0);
    let log = world.store.audit_after(i64::MIN, 1_000).await.unwrap();
    assert!(
        log.iter()
            .any(|row| row.action == "raise" && row.outcome == "done")
    );
}

#[tokio::test]
async fn a_view_is_raised_from_wherever_it_is_and_without_a_reason_too() {
    let world = World::new().await;
    let triager = world.desk("Ann", Role::Speakerbox).await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    let close = [("reason", "settled"), ("text", "Thank you.")];
    for (by, before) in [
        (&triager, None),
        (&coordinator, None),
        (
            &triager,
            Some(("reply", [("text", "Hello."), ("reason", "")])),
        ),
        (&coordinator, Some(("close", [close[1], close[0]]))),
        (
            &triager,
            Some(("approve", [("text", "They are hit."), ("reason", "")])),
        ),
    ] {
        world.send(SAID, "yes", "").await;
        let id = world.newest().await;
        if let Some((act, fields)) = before {
            sure(&by.act(&id, act, &fields).await);
        }
        sure(&by.act(&id, "raise", &[]).await);
        let row = row(&world, &id).await;
        assert_eq!(row.life.lane, Lane::Waiting, "{before:?}");
        assert_ne!(row.life.state, State::Closed);
        assert_eq!(alerts(&world, &id).await, 1);
        assert_eq!(view_of(&coordinator, &id).await.status, StatusCode::OK);
        assert_eq!(view_of(&triager, &id).await.status, StatusCode::NOT_FOUND);
    }
    // What is in the lane already is not raised once more.
    let id = world.newest().await;
    let again = coordinator.act(&id, "raise", &[("text", "Typedzk")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text().contains("Typedzk"));
}

#[tokio::test]
async fn an_alarm_on_an_ordinary_view_brings_what_was_said_before() {
    let world = World::new().await;
    let triager = world.desk("Ann", Role::Speakerbox).await;
    let safety = world.desk("Dee", Role::Safety).await;
    let words = world.send("Firstzk: I like my school.", "yes", "").await;
    let id = world.newest().await;
    sure(&triager.act(&id, "reply", &[("text", "Repliedzk.")]).await);
    // A control: a message that is no alarm brings nobody.
    assert_eq!(
        world.write(&words, "Morezk.", &[]).await.status,
        StatusCode::OK
    );
    assert_eq!(view_of(&safety, &id).await.status, StatusCode::NOT_FOUND);
    let alarm = world.write(&words, "Nowzk: he is back.", &[("unsafe", "yes")]);
    assert_eq!(alarm.await.status, StatusCode::OK);
    let page = view_of(&safety, &id).await.text();
    for shown in ["Firstzk", "Repliedzk", "Morezk", "Nowzk"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains("sealed to other people"), "{page}");
    assert_eq!(view_of(&triager, &id).await.status, StatusCode::NOT_FOUND);
    assert!(thread(&world, &words).await.contains("Firstzk"));
}

#[tokio::test]
async fn new_words_ring_again_until_somebody_has_them_without_the_tick_box_too() {
    let world = World::new().await;
    let safety = world.desk("Dee", Role::Safety).await;
    let words = world.send(SAID, "no", "").await;
    let id = world.newest().await;
    sure(&safety.act(&id, "take", &[]).await);
    for lane in [Lane::Claimed, Lane::HandedOver] {
        if lane == Lane::HandedOver {
            sure(&safety.act(&id, "hand-over", &[("service", "police")]).await);
        }
        assert_eq!(alerts(&world, &id).await, 0, "a control: nothing rings");
        let wrote = world.write(&words, "He is outside my door.", &[]).await;
        assert_eq!(wrote.status, StatusCode::OK);
        assert_eq!(alerts(&world, &id).await, 1, "{lane:?}");
        // Unread, it cannot be closed, and no earlier press counts for it.
        let home = safety.get("/desk/safety").await.text();
        assert!(
            home.contains("1 view in the safety lane has nobody yet."),
            "{home}"
        );
        sure(&safety.act(&id, "take", &[]).await);
        assert_eq!(alerts(&world, &id).await, 0);
        assert_eq!(row(&world, &id).await.life.lane, lane);
    }
    // A control: on an ordinary view a message rings nothing.
    let words = world.send("An ordinary view.", "yes", "").await;
    world.write(&words, "One more thing.", &[]).await;
    assert!(world.store.alerts().await.unwrap().is_empty());
}

#[tokio::test]
async fn opening_is_not_having_and_only_who_has_it_is_said_to_act() {
    let world = World::new().await;
    let safety = world.desk("Dee", Role::Safety).await;
    let words = world.send(SAID, "not-sure", "").await;
    let id = world.newest().await;
    let page = view_of(&safety, &id).await.text();
    let page = view_of(&safety, &id).await.text() + &page;
    assert!(
        !page.contains("is acting") && !page.contains(" has this."),
        "{page}"
    );
    assert!(page.contains("Nobody has said"));
    assert_eq!(row(&world, &id).await.life.lane, Lane::Opened);
    let told = thread(&world, &words).await;
    assert!(told.contains("It has been opened.") && !told.contains("is looking into it."));
    assert_eq!(
        alerts(&world, &id).await,
        1,
        "it rings until somebody has it"
    );
    sure(&safety.act(&id, "take", &[]).await);
    assert!(view_of(&safety, &id).await.text().contains("Dee has this."));
    assert!(
        thread(&world, &words)
            .await
            .contains("has it and is looking into it.")
    );
    // New danger is nobody's again.
    world.write(&words, "Again.", &[("unsafe", "yes")]).await;
    let page = view_of(&safety, &id).await.text();
    assert!(!page.contains("Dee has this."), "{page}");
    assert!(
        !thread(&world, &words)
            .await
            .contains("has it and is looking into it.")
    );
}

#[tokio::test]
async fn nobody_is_told_that_safety_has_it_where_safety_does_not() {
    let world = World::new().await;
    let triager = world.desk("Ann", Role::Speakerbox).await;
    let safety = world.desk("Dee", Role::Safety).await;
    let said = world.site.content.words.get("reason.safety.sender");
    let close = [("reason", "safety"), ("text", "Typedzk")];
    world.send(SAID, "yes", "").await;
    let id = world.newest().await;
    let page = view_of(&triager, &id).await.text();
    assert!(
        page.contains("act-close") && !page.contains(&said),
        "{page}"
    );
    let refused = triager.act(&id, "close", &close).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text().contains("Typedzk")
            && refused.text().contains("You can choose this only after")
    );
    assert_ne!(row(&world, &id).await.life.state, State::Closed);
    // Every other reason still closes it there.
    for reason in CloseReason::ALL {
        if reason == CloseReason::Safety {
            continue;
        }
        world.send(SAID, "yes", "").await;
        let id = world.newest().await;
        sure(
            &triager
                .act(&id, "close", &[("reason", reason.id()), ("text", "So.")])
                .await,
        );
    }
    // And where it was handed over, the reason is offered and true.
    world.send(SAID, "no", "").await;
    let id = world.newest().await;
    sure(&safety.act(&id, "hand-over", &[("service", "mash")]).await);
    assert!(view_of(&safety, &id).await.text().contains(&said));
    sure(&safety.act(&id, "close", &close).await);
}

#[tokio::test]
async fn speakerbox_reads_what_safety_writes_for_it_and_no_word_of_the_sender() {
    let world = World::new().await;
    let triager = world.desk("Ann", Role::Speakerbox).await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    let safety = world.desk("Dee", Role::Safety).await;
    let words = world.send(SAID, "no", "").await;
    let id = world.newest().await;
    sure(&safety.act(&id, "ask-back", &[("text", "Askedzk?")]).await);
    world.write(&words, "Answeredzk.", &[]).await;
    sure(&safety.act(&id, "reply", &[("text", "Repliedzk.")]).await);
    sure(
        &coordinator
            .act(&id, "note-adults", &[("text", "Adultzk.")])
            .await,
    );
    sure(&coordinator.act(&id, "note", &[("text", "Teamzk.")]).await);
    let page = view_of(&safety, &id).await.text();
    assert!(
        page.contains("Adultzk.") && !page.contains("Teamzk."),
        "{page}"
    );
    assert!(
        page.contains("the safety lead; the SpeakerBox coordinator"),
        "who reads a reply: {page}"
    );

    let empty = safety.act(&id, "release", &[("text", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Write what SpeakerBox may know."));
    sure(
        &safety
            .act(&id, "release", &[("text", "Summaryzk: about home.")])
            .await,
    );
    let page = view_of(&triager, &id).await.text();
    assert!(
        page.contains("Summaryzk") && page.contains("Teamzk."),
        "{page}"
    );
    for hidden in ["Saidzk", "Askedzk", "Answeredzk", "Repliedzk", "Adultzk"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    let told = thread(&world, &words).await;
    for shown in [
        "Summaryzk",
        "Saidzk",
        "Repliedzk",
        "SpeakerBox was told this about your view",
    ] {
        assert!(told.contains(shown), "{shown}: {told}");
    }
    // From then on they write with each other, and safety still reads it.
    world.write(&words, "Laterzk.", &[]).await;
    for desk in [&triager, &safety] {
        assert!(view_of(desk, &id).await.text().contains("Laterzk."));
    }
    sure(
        &triager
            .act(&id, "approve", &[("text", "Safe for all.")])
            .await,
    );
    // Raised once more, what they wrote since is closed to the young people as well.
    sure(&coordinator.act(&id, "raise", &[]).await);
    let sent = audiences(&world, &id).await;
    let open = |(kind, audience): &(TextKind, Option<Audience>)| {
        *kind == TextKind::Answer && *audience != Some(Audience::Adults)
    };
    assert!(!sent.iter().any(open), "{sent:?}");
}

async fn purged_after(world: &World, days: i64) {
    world.clock.forward(days * DAY);
    let clock = &world.site.pledge.clock;
    let (today, now) = (clock.today(), clock.unix_seconds());
    purge(&*world.store, today, now, false).await.unwrap();
}

async fn take_back(world: &World, words: &str) -> String {
    let thread = world.post("/follow", &[("words", words)]).await;
    let handle = thread.hidden("handle");
    let ask = [("handle", handle.as_str()), ("act", "withdraw")];
    let sure = world.post("/follow", &ask).await;
    let handle = sure.hidden("handle");
    let done = [("handle", handle.as_str()), ("act", "withdraw-sure")];
    assert_eq!(world.post("/follow", &done).await.status, StatusCode::OK);
    sure.text()
}

#[tokio::test]
async fn what_is_taken_back_in_the_lane_leaves_a_record_for_thirty_days_and_no_word() {
    let world = World::new().await;
    let safety = world.desk("Dee", Role::Safety).await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    let triager = world.desk("Ann", Role::Speakerbox).await;
    let words = world.send(SAID, "no", "Namezk").await;
    let id = world.newest().await;
    sure(&safety.act(&id, "take", &[]).await);
    sure(
        &safety
            .act(&id, "note", &[("text", "Ownzk: rang out of hours.")])
            .await,
    );
    sure(&coordinator.act(&id, "note", &[("text", "Teamzk.")]).await);
    let named = safety
        .act(&id, "name", &[("reason", "Reasonzk: to visit.")])
        .await;
    assert_eq!(named.status, StatusCode::OK);
    let handed = [("service", "mash"), ("reference", "Referencezk-1234")];
    sure(&safety.act(&id, "hand-over", &handed).await);
    sure(&safety.act(&id, "reply", &[("text", "Repliedzk.")]).await);
    let before = take_back(&world, &words).await;
    assert!(
        before.contains("For 30 days the adults who could read your words"),
        "{before}"
    );

    let lane = safety.get("/desk/safety").await.text();
    assert!(
        lane.contains(&format!("/desk/view/{id}")) && lane.contains("Taken back"),
        "{lane}"
    );
    let page = view_of(&safety, &id).await.text();
    for shown in [
        "Its sender took it back",
        "Ownzk",
        "Referencezk-1234",
        "Handed over",
        "Taken on",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    for gone in [
        "Saidzk",
        "Repliedzk",
        "Namezk",
        "Reasonzk",
        "act-reply",
        "No name was given",
    ] {
        assert!(!page.contains(gone), "{gone}: {page}");
    }
    let mut kinds: Vec<TextKind> = audiences(&world, &id)
        .await
        .iter()
        .map(|(kind, _)| *kind)
        .collect();
    kinds.sort_by_key(|kind| kind.id());
    assert_eq!(kinds, [TextKind::Note, TextKind::AdultNote]);
    // The coordinator sees the record, others learn nothing of it, and no act is left but reading it.
    assert!(
        view_of(&coordinator, &id)
            .await
            .text()
            .contains("Referencezk-1234")
    );
    assert_eq!(view_of(&triager, &id).await.status, StatusCode::NOT_FOUND);
    let token = view_of(&safety, &id).await.hidden("token");
    for act in [
        "reply",
        "note",
        "hand-over",
        "take",
        "name",
        "hold",
        "close",
        "seen",
    ] {
        let fields = [
            ("token", token.as_str()),
            ("version", "9"),
            ("text", "x"),
            ("reason", "x"),
            ("service", "mash"),
        ];
        let answer = safety
            .post(&format!("/desk/view/{id}/{act}"), &fields)
            .await;
        assert!(
            !answer.status.is_redirection() && answer.status != StatusCode::OK,
            "{act}"
        );
    }
    // Each look is entered.
    let log = world.store.audit_after(i64::MIN, 1_000).await.unwrap();
    let looks = log
        .iter()
        .filter(|row| row.action == "open" && row.object.as_deref() == Some(&id));
    assert!(looks.count() >= 4);
    let gone = world.post("/follow", &[("words", &words)]).await.text();
    assert!(!gone.contains("Saidzk") && !gone.contains("Referencezk"));

    purged_after(&world, 29).await;
    let safety = world.back("Dee").await;
    assert!(
        view_of(&safety, &id)
            .await
            .text()
            .contains("Referencezk-1234")
    );
    purged_after(&world, 1).await;
    let safety = world.back("Dee").await;
    assert_eq!(view_of(&safety, &id).await.status, StatusCode::NOT_FOUND);
    assert!(!safety.get("/desk/safety").await.text().contains(&id));
    assert!(audiences(&world, &id).await.is_empty());
    assert_eq!(
        world.store.events(&id).await.unwrap().len(),
        1,
        "that it was taken back"
    );
}

#[tokio::test]
async fn taken_back_before_anybody_read_it_rings_until_somebody_has_seen_that_it_was_there() {
    let world = World::new().await;
    let safety = world.desk("Dee", Role::Safety).await;
    let triager = world.desk("Ann", Role::Speakerbox).await;
    let words = world.send(SAID, "no", "").await;
    let id = world.newest().await;
    take_back(&world, &words).await;
    assert_eq!(
        alerts(&world, &id).await,
        1,
        "whoever pressed it, it still rings"
    );
    let home = safety.get("/desk/safety").await.text();
    assert!(
        home.contains("1 view in the safety lane has nobody yet.") && home.contains(&id),
        "{home}"
    );
    let page = view_of(&safety, &id).await.text();
    assert!(
        page.contains("Nobody had read it.") && !page.contains("Saidzk"),
        "{page}"
    );
    assert!(audiences(&world, &id).await.is_empty());
    // Its time being over does not silence it.
    purged_after(&world, 40).await;
    let safety = world.back("Dee").await;
    assert_eq!(
        view_of(&triager, &id).await.status,
        StatusCode::SEE_OTHER,
        "signed out by then"
    );
    sure(&safety.act(&id, "seen", &[]).await);
    assert_eq!(alerts(&world, &id).await, 0);
    assert_eq!(view_of(&safety, &id).await.status, StatusCode::NOT_FOUND);
    let log = world.store.audit_after(i64::MIN, 1_000).await.unwrap();
    assert!(
        log.iter()
            .any(|row| row.action == "seen" && row.outcome == "done")
    );
    // A control: an ordinary view that is withdrawn leaves nothing at the desk.
    let words = world.send(SAID, "yes", "").await;
    let id = world.newest().await;
    take_back(&world, &words).await;
    assert_eq!(view_of(&safety, &id).await.status, StatusCode::NOT_FOUND);
    assert!(world.store.alerts().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_record_about_a_reader_is_not_shown_to_them() {
    let world = World::new().await;
    let safety = world.desk("Dee", Role::Safety).await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    for (about, may, may_not) in [
        ("safety", &coordinator, &safety),
        ("coordinator", &safety, &coordinator),
    ] {
        let (check, mut fields) = world.check_page(SAID, "no", "").await;
        fields.retain(|(field, _)| field != "about");
        fields.push(("about".to_owned(), about.to_owned()));
        let sent = world.send_again(&check.hidden("ticket"), &fields).await;
        let words = crate::world::words_of(&sent);
        let id = world.newest().await;
        take_back(&world, &words).await;
        assert_eq!(view_of(may, &id).await.status, StatusCode::OK, "{about}");
        assert_eq!(
            view_of(may_not, &id).await.status,
            StatusCode::NOT_FOUND,
            "{about}"
        );
        assert!(!may_not.get("/desk/safety").await.text().contains(&id));
        sure(&may.act(&id, "seen", &[]).await);
    }
}

#[tokio::test]
async fn what_was_only_opened_before_there_was_a_place_for_it_is_nobodys() {
    let world = World::new().await;
    let safety = world.desk("Dee", Role::Safety).await;
    let mut sent = Vec::new();
    for (claim, alarm) in [(false, false), (true, false), (true, true)] {
        let words = world.send(SAID, "no", "").await;
        let id = world.newest().await;
        if claim {
            sure(&safety.act(&id, "take", &[]).await);
        }
        if alarm {
            world.write(&words, "Again.", &[("unsafe", "yes")]).await;
        }
        view_of(&safety, &id).await;
        sent.push(id);
    }
    // As the version before left them; the first statement of the migration adds a column that is there.
    let migration = include_str!("../../crates/store-sqlite/migrations/0013_safety_lane.sql");
    let update = migration.split_once("UPDATE view").unwrap().1;
    let mut db = SqliteConnectOptions::new()
        .filename(world.data().join(server::bootstrap::DATABASE))
        .connect()
        .await
        .unwrap();
    let both = format!("UPDATE view SET lane = 'taken'; UPDATE view{update}");
    sqlx::raw_sql(AssertSqlSafe(both))
        .execute(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
    let mut lanes = Vec::new();
    for id in &sent {
        lanes.push(row(&world, id).await.life.lane);
    }
    assert_eq!(lanes, [Lane::Opened, Lane::Claimed, Lane::Opened]);
}

#[tokio::test]
async fn a_councillor_who_sees_a_danger_in_the_approved_text_raises_it_and_the_words_follow() {
    let world = World::new().await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    let safety = world.desk("Dee", Role::Safety).await;
    let councillor = world.desk("Eve", Role::Committee).await;
    let words = world.send(SAID, "yes", "").await;
    let id = world.newest().await;
    sure(
        &coordinator
            .act(&id, "approve", &[("text", "Approvedzk: they are hit.")])
            .await,
    );
    let token = coordinator.get("/desk/meetings").await.hidden("token");
    let fields = [
        ("token", token.as_str()),
        ("day", "2026-12-09"),
        ("title", "December"),
    ];
    sure(&coordinator.post("/desk/meetings", &fields).await);
    let meeting = world.site.pledge.meetings().await.unwrap()[0].id.clone();
    sure(&coordinator.act(&id, "list", &[("meeting", &meeting)]).await);
    let item = councillor
        .get(&format!("/desk/meetings/{meeting}/{id}"))
        .await
        .text();
    assert!(item.contains("Somebody may be in danger") && item.contains("Approvedzk"));
    // What everybody will read does not begin with the words of one young person.
    let said = item.split("name=\"said\"").nth(1).unwrap();
    assert!(
        !said
            .split("</textarea>")
            .next()
            .unwrap()
            .contains("Approvedzk"),
        "{said}"
    );

    sure(&councillor.decide(&meeting, &id, "raise", &[]).await);
    assert_eq!(row(&world, &id).await.life.lane, Lane::Waiting);
    assert_eq!(alerts(&world, &id).await, 1);
    let page = view_of(&safety, &id).await.text();
    assert!(
        page.contains("Approvedzk") && !page.contains("Saidzk"),
        "what the councillor could bring"
    );
    assert!(view_of(&coordinator, &id).await.text().contains("Saidzk"));
    assert!(
        view_of(&safety, &id).await.text().contains("Saidzk"),
        "what the coordinator brought"
    );
    let told = thread(&world, &words).await;
    assert!(
        told.contains("was passed to adults who keep children safe, because somebody was worried")
    );
    // It stays before the committee, who still reads its text.
    let again = councillor
        .get(&format!("/desk/meetings/{meeting}/{id}"))
        .await
        .text();
    assert!(again.contains("Approvedzk") && !again.contains("act-raise"));
}
