//! Messages of a sender: a number a day and in a row, an alarm always; stored once however often a button is pressed; and
//! pages that stay small however much was written.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::world::{Answer, World};
use axum::http::StatusCode;
use domain::event::EventKind;
use domain::message_limit::{MESSAGES_A_DAY, MESSAGES_IN_A_ROW};
use domain::role::Role;
use futures_util::future::join_all;
use store::Store;

const DAY: i64 = 24 * 60 * 60;

/// Opens the sender's page and sends its form with this message.
async fn write(world: &World, words: &str, message: &str, more: &[(&str, &str)]) -> Answer {
    let page = world.post("/follow", &[("words", words)]).await;
    press(world, &page, message, more).await
}

/// Sends the form of a page that was opened before.
async fn press(world: &World, page: &Answer, message: &str, more: &[(&str, &str)]) -> Answer {
    let (handle, written) = (page.hidden("handle"), page.hidden("written"));
    let fields = [
        ("handle", handle.as_str()),
        ("written", &written),
        ("act", "write"),
        ("message", message),
    ];
    world.post("/follow", &[&fields, more].concat()).await
}

async fn stored(world: &World, kind: EventKind) -> usize {
    let events = world.store.events(&world.newest().await).await.unwrap();
    events.iter().filter(|event| event.kind == kind).count()
}

#[tokio::test]
async fn one_more_than_a_day_takes_waits_for_tomorrow_and_an_alarm_never_does() {
    let world = World::new().await;
    let words = world.send("My room is cold.", "yes", "").await;
    for n in 0..MESSAGES_A_DAY {
        let sent = write(&world, &words, &format!("Message {n}."), &[]).await;
        assert_eq!(sent.status, StatusCode::OK, "{n}: {}", sent.text());
    }
    let too_many = write(&world, &words, "Kept & <typed>.", &[]).await;
    assert_eq!(too_many.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = too_many.text();
    assert!(text.contains("You can send this one tomorrow"), "{text}");
    assert!(text.contains("Kept &amp; &lt;typed&gt;."), "{text}");
    assert_eq!(stored(&world, EventKind::WroteBack).await, MESSAGES_A_DAY);

    let alarm = write(&world, &words, "He is here.", &[("unsafe", "yes")]).await;
    assert_eq!(alarm.status, StatusCode::OK, "{}", alarm.text());
    assert_eq!(world.store.alerts().await.unwrap().len(), 1);

    world.clock.forward(DAY);
    let tomorrow = write(&world, &words, "Kept & <typed>.", &[]).await;
    assert_eq!(tomorrow.status, StatusCode::OK, "{}", tomorrow.text());
    // Another view has a count of its own.
    let other = world.send("Another view.", "yes", "").await;
    let sent = write(&world, &other, "First message.", &[]).await;
    assert_eq!(sent.status, StatusCode::OK);
}

#[tokio::test]
async fn so_many_in_a_row_wait_for_an_answer() {
    let world = World::new().await;
    let words = world.send("My room is cold.", "yes", "").await;
    let id = world.newest().await;
    for n in 0..MESSAGES_IN_A_ROW {
        if n % MESSAGES_A_DAY == 0 {
            world.clock.forward(DAY);
        }
        let sent = write(&world, &words, &format!("Message {n}."), &[]).await;
        assert_eq!(sent.status, StatusCode::OK, "{n}: {}", sent.text());
    }
    world.clock.forward(DAY);
    let too_many = write(&world, &words, "One more.", &[]).await;
    assert_eq!(too_many.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(too_many.text().contains("when somebody has answered"));
    let desk = world.desk("bea", Role::Speakerbox).await;
    let reply = desk.act(&id, "reply", &[("text", "We read it.")]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let sent = write(&world, &words, "One more.", &[]).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text());
}

#[tokio::test]
async fn the_same_form_pressed_twice_is_stored_once_and_a_new_one_again() {
    let world = World::new().await;
    let words = world.send("My room is cold.", "yes", "").await;
    let id = world.newest().await;
    let page = world.post("/follow", &[("words", &words)]).await;
    for _ in 0..3 {
        let sent = press(&world, &page, "Hello?", &[]).await;
        assert_eq!(sent.status, StatusCode::OK);
        assert!(sent.text().contains("Your message is sent."));
    }
    assert_eq!(stored(&world, EventKind::WroteBack).await, 1);
    // Also after the desk has answered, and eight times at once.
    let desk = world.desk("bea", Role::Speakerbox).await;
    desk.act(&id, "reply", &[("text", "Hello.")]).await;
    let presses = (0..8).map(|_| press(&world, &page, "Hello?", &[]));
    assert!(join_all(presses).await.iter().all(|one| one.status == 200));
    assert_eq!(stored(&world, EventKind::WroteBack).await, 1);
    // The controls: other words of the same form, and the same words of a new page.
    press(&world, &page, "Is anybody there?", &[]).await;
    write(&world, &words, "Hello?", &[]).await;
    assert_eq!(stored(&world, EventKind::WroteBack).await, 3);

    // An alarm too, but one that somebody has taken on meanwhile rings again.
    let page = world.post("/follow", &[("words", &words)]).await;
    let alarm = [("unsafe", "yes")];
    for _ in 0..2 {
        assert_eq!(press(&world, &page, "", &alarm).await.status, 200);
    }
    assert_eq!(stored(&world, EventKind::Alarmed).await, 1);
    let safety = world.desk("sam", Role::Safety).await;
    let taken = safety.act(&id, "take", &[]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
    assert_eq!(world.store.alerts().await.unwrap().len(), 0);
    assert_eq!(press(&world, &page, "", &alarm).await.status, 200);
    assert_eq!(world.store.alerts().await.unwrap().len(), 1);
}

#[tokio::test]
async fn messages_at_once_are_no_way_round_the_limit() {
    let world = World::new().await;
    let words = world.send("My room is cold.", "yes", "").await;
    for n in 1..MESSAGES_A_DAY {
        write(&world, &words, &format!("Message {n}."), &[]).await;
    }
    let page = world.post("/follow", &[("words", &words)]).await;
    let texts: Vec<String> = (0..8).map(|n| format!("At once {n}.")).collect();
    let presses = texts.iter().map(|text| press(&world, &page, text, &[]));
    let answers = join_all(presses).await;
    let taken = answers.iter().filter(|one| one.status == StatusCode::OK);
    assert_eq!(taken.count(), 1);
    assert_eq!(stored(&world, EventKind::WroteBack).await, MESSAGES_A_DAY);
}

#[tokio::test]
async fn pages_stay_small_and_every_message_is_on_one() {
    const MOST: usize = 500 * 1024;
    let world = World::new().await;
    let words = world.send("Where it began.", "yes", "").await;
    let id = world.newest().await;
    // Alarms, because those have no limit.
    let long = "\u{1F62D}".repeat(3_980);
    let texts = (0..70).map(|n| format!("Alarm {n:03}. {long}"));
    world.alarms(&words, texts).await;
    let safety = world.desk("sam", Role::Safety).await;
    let mut page = world.post("/follow", &[("words", &words)]).await;
    assert!(page.text().contains("Alarm 069.") && !page.text().contains("Alarm 020."));
    let (mut of_sender, mut of_desk) = (String::new(), String::new());
    for at in 0..4 {
        let desk = safety.get(&format!("/desk/view/{id}?page={at}")).await;
        assert!(page.bytes.len() < MOST && desk.bytes.len() < MOST);
        of_sender.push_str(&page.text());
        of_desk.push_str(&desk.text());
        let older = format!("page-{}", at + 1);
        let more = [("go", older.as_str())];
        page = press(&world, &page, "Still typing.", &more).await;
        assert!(
            page.text().contains("Still typing."),
            "what is typed comes along"
        );
    }
    for n in 0..70 {
        let alarm = format!("Alarm {n:03}.");
        assert_eq!(of_sender.matches(&alarm).count(), 1, "{alarm}");
        assert_eq!(of_desk.matches(&alarm).count(), 1, "{alarm}");
    }
    assert!(of_sender.contains("Where it began."));
    // Looking at older ones has sent nothing.
    assert_eq!(stored(&world, EventKind::WroteBack).await, 0);
    // The control: a short thread is one page, without a way to others.
    let short = world.send("A short one.", "yes", "").await;
    let page = world.post("/follow", &[("words", &short)]).await;
    assert!(!page.text().contains("id=\"more\""));
}
