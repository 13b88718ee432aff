//! The whole line over the real router, as browsers without scripts walk it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, DeskClient, World, words_of};
use axum::http::StatusCode;
use domain::role::Role;
use store::Store;

#[tokio::test]
async fn from_a_right_to_you_said_we_did() {
    let world = World::new().await;

    // A right offers to tell the committee, and Speak begins with that right attached.
    let right = world.get("/rights/visits").await;
    assert_eq!(right.hidden("link"), "right:visits");
    let first = world
        .post(
            "/speak",
            &[
                ("step", "start"),
                ("link", "right:visits"),
                ("topic", "worker"),
            ],
        )
        .await;
    assert_eq!(first.status, StatusCode::OK);
    assert!(
        first.text().contains("Visits from your social worker"),
        "the attached right is shown"
    );

    let words = world
        .send("Nobody has visited me since August.", "yes", "")
        .await;

    // SpeakerBox reads it and asks back.
    let speakerbox = world.desk("speakerbox one", Role::Speakerbox).await;
    let queue = speakerbox.get("/desk/queue").await.text();
    let id = world.newest().await;
    assert!(queue.contains(&format!("/desk/view/{id}")));
    assert!(!queue.contains("since August"), "the queue shows no text");
    let page = speakerbox.get(&format!("/desk/view/{id}")).await;
    assert!(page.text().contains("Nobody has visited me since August."));
    let asked = speakerbox
        .act(&id, "ask-back", &[("text", "Did anyone ring you?")])
        .await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());

    // The sender sees the question and answers.
    let thread = world.post("/follow", &[("words", &words)]).await;
    assert_eq!(thread.status, StatusCode::OK);
    assert!(thread.text().contains("Did anyone ring you?"));
    let handle = thread.hidden("handle");
    let answered = world
        .post(
            "/follow",
            &[
                ("handle", &handle),
                ("act", "write"),
                ("message", "No, nobody did."),
            ],
        )
        .await;
    assert_eq!(answered.status, StatusCode::OK);
    assert!(answered.text().contains("No, nobody did."));

    // A note is for SpeakerBox; the approved text is for the committee; a meeting takes it.
    speakerbox
        .act(
            &id,
            "note",
            &[("text", "Third one this month about visits.")],
        )
        .await;
    let approved = "A young person has had no visit for three months.";
    assert_eq!(
        speakerbox
            .act(&id, "approve", &[("text", approved)])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    let clerk = world.desk("clerk one", Role::Clerk).await;
    let token = clerk.get("/desk/meetings").await.hidden("token");
    let made = clerk
        .post(
            "/desk/meetings",
            &[
                ("token", &token),
                ("day", "2026-11-21"),
                ("title", "Winter meeting"),
            ],
        )
        .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let meeting = world.site.pledge.store.meetings().await.unwrap()[0]
        .id
        .clone();
    assert_eq!(
        speakerbox
            .act(&id, "list", &[("meeting", &meeting)])
            .await
            .status,
        StatusCode::SEE_OTHER
    );

    // The committee sees the approved text and nothing else, decides, and the clerk publishes.
    let committee = world.desk("committee one", Role::Committee).await;
    let item = committee
        .get(&format!("/desk/meetings/{meeting}/{id}"))
        .await
        .text();
    assert!(item.contains(approved));
    for hidden in ["since August", "Did anyone ring", "nobody did", "Third one"] {
        assert!(!item.contains(hidden), "the committee sees {hidden}");
    }
    assert_eq!(
        committee.get(&format!("/desk/view/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        committee.get("/desk/queue").await.status,
        StatusCode::FORBIDDEN
    );
    let decision = [
        ("kind", "yes"),
        ("said", approved),
        (
            "decided",
            "Every missed visit is reported to the committee.",
        ),
        ("answer", "You were right to tell us."),
        ("owner", "Director of children's services"),
        ("due", "2027-01-31"),
    ];
    let decided = committee.decide(&meeting, &id, "decide", &decision).await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.text());
    assert!(
        !world.get("/you-said").await.text().contains("missed visit"),
        "nothing is public before it is published"
    );
    let early = world.post("/follow", &[("words", &words)]).await.text();
    assert!(
        !early.contains("You were right to tell us."),
        "the sender sees the decision when it is published"
    );
    let published = clerk.decide(&meeting, &id, "publish", &[]).await;
    assert_eq!(
        published.status,
        StatusCode::SEE_OTHER,
        "{}",
        published.text()
    );

    // One act: the public page and the sender's timeline both show it.
    let public = world.get("/you-said").await.text();
    for shown in [
        approved,
        "Every missed visit is reported",
        "Director of children",
        "31 January 2027",
    ] {
        assert!(public.contains(shown), "/you-said lacks {shown}");
    }
    let thread = world.post("/follow", &[("words", &words)]).await;
    let text = thread.text();
    for shown in [
        "Every missed visit is reported",
        "You were right to tell us.",
        "21 November 2026",
        approved,
    ] {
        assert!(text.contains(shown), "the timeline lacks {shown}");
    }
    assert!(
        !text.contains("Third one this month"),
        "a private note reaches the sender"
    );

    // Done, disputed, done again, agreed.
    assert_eq!(
        clerk.decide(&meeting, &id, "mark-done", &[]).await.status,
        StatusCode::SEE_OTHER
    );
    let thread = world.post("/follow", &[("words", &words)]).await;
    let disputed = world
        .post(
            "/follow",
            &[("handle", &thread.hidden("handle")), ("act", "dispute")],
        )
        .await;
    assert_eq!(disputed.status, StatusCode::OK);
    assert_eq!(
        clerk.decide(&meeting, &id, "mark-done", &[]).await.status,
        StatusCode::SEE_OTHER
    );
    let thread = world.post("/follow", &[("words", &words)]).await;
    let agreed = world
        .post(
            "/follow",
            &[("handle", &thread.hidden("handle")), ("act", "agree")],
        )
        .await;
    assert_eq!(agreed.status, StatusCode::OK);
    let state = world.store_state(&id).await;
    assert_eq!(state, domain::lifecycle::State::Agreed);
    // What is public cannot be withdrawn any more, and the page says so instead of failing.
    let back = world
        .post(
            "/follow",
            &[
                ("handle", &agreed.hidden("handle")),
                ("act", "withdraw-sure"),
            ],
        )
        .await;
    assert_eq!(back.status, StatusCode::CONFLICT);
    assert_eq!(
        world.store_state(&id).await,
        domain::lifecycle::State::Agreed
    );
}

#[tokio::test]
async fn sending_twenty_times_at_once_or_again_stores_one_view() {
    let world = World::new().await;
    let (check, fields) = world.check_page("Once is enough.", "yes", "").await;
    let ticket = check.hidden("ticket");
    let answers =
        futures_util::future::join_all((0..20).map(|_| world.send_again(&ticket, &fields))).await;
    let words: Vec<String> = answers.iter().map(words_of).collect();
    assert!(
        words.iter().all(|each| *each == words[0]),
        "the same six words every time"
    );
    // The first answer was lost on the way: the same form sent later gives the same words.
    world.clock.forward(3 * 60 * 60);
    assert_eq!(
        words_of(&world.send_again(&ticket, &fields).await),
        words[0]
    );
    assert_eq!(world.store.views().await.unwrap().len(), 1);

    // After its day a ticket stores nothing and asks to look first; the words typed are still in the page.
    world.clock.forward(25 * 60 * 60);
    let old = world.send_again(&ticket, &fields).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(old.text().contains("Once is enough."));
    assert_eq!(world.store.views().await.unwrap().len(), 1);
}

#[tokio::test]
async fn other_words_under_a_used_ticket_are_not_answered_as_if_they_were_sent() {
    let world = World::new().await;
    let (check, fields) = world.check_page("All is well.", "yes", "").await;
    let ticket = check.hidden("ticket");
    let words = words_of(&world.send_again(&ticket, &fields).await);
    // The same again is the same view.
    assert_eq!(words_of(&world.send_again(&ticket, &fields).await), words);
    let with = |name: &str, value: &str| {
        let mut other = fields.clone();
        other.retain(|(known, _)| known != name);
        other.push((name.to_owned(), value.to_owned()));
        other
    };
    let others = [
        with("safe", "no"),
        with("said", "My carer hits me."),
        with("wish", "Somebody I can call."),
        with("topic", "school"),
    ];
    for other in others {
        let page = world.send_again(&ticket, &other).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = page.text();
        assert!(text.contains("is not sent yet"), "{text}");
        // Pressing again sends it, as a view of its own.
        let new = page.hidden("ticket");
        assert_ne!(new, ticket);
        assert_ne!(words_of(&world.send_again(&new, &other).await), words);
    }
    assert_eq!(world.store.views().await.unwrap().len(), 5);
    assert_eq!(world.store.alerts().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_receipt_is_typed_back_and_forgiving() {
    let world = World::new().await;
    let (check, fields) = world.check_page("Please hear me.", "yes", "").await;
    let ticket = check.hidden("ticket");
    let words = words_of(&world.send_again(&ticket, &fields).await);

    let wrong = world
        .post(
            "/speak",
            &[("step", "keep"), ("ticket", &ticket), ("typed", "apple")],
        )
        .await;
    assert_eq!(words_of(&wrong), words, "the words are shown again");
    let right = world
        .post(
            "/speak",
            &[
                ("step", "keep"),
                ("ticket", &ticket),
                ("typed", &words.to_uppercase().replace(' ', "-")),
            ],
        )
        .await;
    assert_eq!(right.status, StatusCode::OK);
    assert_ne!(wrong.text(), right.text());

    for typed in [
        words.to_uppercase(),
        words.replace(' ', "-"),
        format!("  {}  ", words.replace(' ', "   ")),
    ] {
        assert_eq!(
            world.post("/follow", &[("words", &typed)]).await.status,
            StatusCode::OK,
            "{typed}"
        );
    }
}

#[tokio::test]
async fn wrong_and_unknown_receipts_answer_alike() {
    let world = World::new().await;
    let words = world.send("Something.", "yes", "").await;
    let list = domain::receipt::word_list();
    let last = words.split(' ').next_back().unwrap();
    let other = list.iter().find(|word| **word != last).unwrap();
    // Five right words and a wrong one, against six words nobody ever had.
    let wrong = words.replace(last, other);
    let unknown: Vec<&str> = list.iter().skip(100).take(6).copied().collect();
    let unknown = unknown.join(" ");
    // In one walk, whose random name is on both answers.
    let walk = world.get("/follow").await.hidden("j");
    let (a, b) = (
        world
            .post("/follow", &[("words", &wrong), ("j", &walk)])
            .await,
        world
            .post("/follow", &[("words", &unknown), ("j", &walk)])
            .await,
    );
    assert_eq!(a.status, b.status);
    assert_eq!(
        a.text().replace(&wrong, "TYPED"),
        b.text().replace(&unknown, "TYPED")
    );
    assert_eq!(
        world.post("/follow", &[("words", "")]).await.status,
        a.status
    );
}

#[tokio::test]
async fn taking_back_leaves_nothing_and_a_reload_does_not_send_again() {
    let world = World::new().await;
    let marker = "marker-0f9a2c7e4b";
    let (check, fields) = world.check_page(marker, "yes", "").await;
    let ticket = check.hidden("ticket");
    let words = words_of(&world.send_again(&ticket, &fields).await);
    let id = world.newest().await;
    let thread = world.post("/follow", &[("words", &words)]).await;
    let sure = world
        .post(
            "/follow",
            &[("handle", &thread.hidden("handle")), ("act", "withdraw")],
        )
        .await;
    assert_eq!(sure.status, StatusCode::OK);
    assert!(
        !world.store.bodies(&id).await.unwrap().is_empty(),
        "asks once more, nothing is gone yet"
    );
    let gone = world
        .post(
            "/follow",
            &[("handle", &sure.hidden("handle")), ("act", "withdraw-sure")],
        )
        .await;
    assert_eq!(gone.status, StatusCode::OK);
    assert!(world.store.bodies(&id).await.unwrap().is_empty());
    let again = world.post("/follow", &[("words", &words)]).await;
    assert!(!again.text().contains(marker));
    world.send_again(&ticket, &fields).await;
    assert!(
        world.store.views().await.unwrap().is_empty(),
        "a reload of the send page brings nothing back"
    );
}

#[tokio::test]
async fn an_unsafe_view_goes_to_the_safety_lane_first() {
    let world = World::new().await;
    let words = world
        .send("I am scared at night.", "no", "Sam, the blue house")
        .await;
    let id = world.newest().await;
    let speakerbox = world.desk("young triager", Role::Speakerbox).await;
    assert!(
        !speakerbox
            .get("/desk/queue?show=all")
            .await
            .text()
            .contains(&id)
    );
    assert_eq!(
        speakerbox.get(&format!("/desk/view/{id}")).await.status,
        StatusCode::NOT_FOUND
    );

    let safety = world.desk("safety lead", Role::Safety).await;
    assert!(safety.get("/desk/safety").await.text().contains(&id));
    let page = safety.get(&format!("/desk/view/{id}")).await;
    assert!(page.text().contains("I am scared at night."));
    assert!(
        !page.text().contains("blue house"),
        "the name is not shown without a reason"
    );
    let none = safety.act(&id, "name", &[("reason", " ")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let name = safety
        .act(
            &id,
            "name",
            &[("reason", "To send somebody round tonight.")],
        )
        .await;
    assert!(
        name.text().contains("Sam, the blue house"),
        "{}",
        name.text()
    );
    assert!(
        !safety
            .get(&format!("/desk/view/{id}"))
            .await
            .text()
            .contains("blue house"),
        "shown once"
    );
    safety
        .act(
            &id,
            "reply",
            &[("text", "I have read this. I am here until six.")],
        )
        .await;

    // The sender sees who read it and that the name was opened.
    let thread = world.post("/follow", &[("words", &words)]).await.text();
    assert!(thread.contains("I am here until six."));
    assert_eq!(
        safety
            .act(&id, "release", &[("text", "About nights.")])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        speakerbox.get(&format!("/desk/view/{id}")).await.status,
        StatusCode::OK
    );
    let page = speakerbox.get(&format!("/desk/view/{id}")).await.text();
    assert!(page.contains("About nights.") && !page.contains("I am scared at night."));
    let named = speakerbox.act(&id, "name", &[("reason", "curious")]).await;
    assert_eq!(named.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_old_page_of_the_sender_keeps_what_was_written() {
    let world = World::new().await;
    let words = world.send("First.", "yes", "").await;
    let thread = world.post("/follow", &[("words", &words)]).await;
    let handle = thread.hidden("handle");
    world.clock.forward(16 * 60);
    let late = world
        .post(
            "/follow",
            &[
                ("handle", &handle),
                ("act", "write"),
                ("message", "A long message."),
                ("unsafe", "yes"),
            ],
        )
        .await;
    assert_eq!(late.hidden("message"), "A long message.");
    assert_eq!(late.hidden("unsafe"), "yes");
    let back = world
        .post(
            "/follow",
            &[
                ("words", &words),
                ("message", "A long message."),
                ("unsafe", "yes"),
            ],
        )
        .await;
    assert!(back.text().contains("A long message."));
}

#[tokio::test]
async fn two_people_at_the_desk_cannot_overwrite_each_other() {
    let world = World::new().await;
    world.send("Both of us.", "yes", "").await;
    let id = world.newest().await;
    let one = world.desk("first person", Role::Speakerbox).await;
    let two = world.desk("second person", Role::Coordinator).await;
    let mine = one.get(&format!("/desk/view/{id}")).await;
    let theirs = two.get(&format!("/desk/view/{id}")).await;
    // `two` opened it while `one` wrote: reading is not changing, so `one` is not late.
    let approve = async |who: &DeskClient<'_>, page: &Answer, text: &str| {
        let (token, version) = (page.hidden("token"), page.hidden("version"));
        let fields = [
            ("token", token.as_str()),
            ("version", version.as_str()),
            ("text", text),
        ];
        who.post(&format!("/desk/view/{id}/approve"), &fields).await
    };
    let done = approve(&one, &mine, "From the first page.").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    // The control: an act is a change.
    let late = approve(&two, &theirs, "From an old page.").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(
        late.text().contains("From an old page."),
        "what was typed is still there"
    );
    // Nor are later openings, of the same person or another one.
    let mine = one.get(&format!("/desk/view/{id}")).await;
    world.clock.forward(2 * 24 * 60 * 60);
    let two = world.back("second person").await;
    two.get(&format!("/desk/view/{id}")).await;
    let one = world.back("first person").await;
    let now = one.get(&format!("/desk/view/{id}")).await;
    assert_eq!(now.hidden("version"), mine.hidden("version"));
}

#[tokio::test]
async fn closing_needs_a_reason_and_a_reply_that_the_sender_reads() {
    let world = World::new().await;
    let words = world.send("Thank you for the trip.", "yes", "").await;
    let id = world.newest().await;
    let desk = world.desk("closer", Role::Speakerbox).await;
    for fields in [
        [("reason", ""), ("text", "Bye.")],
        [("reason", "settled"), ("text", " ")],
    ] {
        assert_eq!(
            desk.act(&id, "close", &fields).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    let closed = desk
        .act(
            &id,
            "close",
            &[
                ("reason", "settled"),
                ("text", "We told the people who planned it."),
            ],
        )
        .await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER);
    let thread = world.post("/follow", &[("words", &words)]).await;
    assert!(thread.text().contains("We told the people who planned it."));
    // Writing again opens it again.
    world
        .post(
            "/follow",
            &[
                ("handle", &thread.hidden("handle")),
                ("act", "write"),
                ("message", "One more thing."),
            ],
        )
        .await;
    assert!(desk.get("/desk/queue").await.text().contains(&id));
}

#[tokio::test]
async fn going_back_from_the_name_does_not_answer_it() {
    let world = World::new().await;
    let typed = [
        ("topic", "home"),
        ("said", "Hello."),
        ("safe", "yes"),
        ("named", "no"),
    ];
    let step = |step: &'static str, go: &'static str| {
        let mut fields = typed.to_vec();
        fields.extend([("step", step), ("go", go)]);
        fields
    };
    let back = world.post("/speak", &step("you", "back")).await;
    assert_eq!(back.hidden("step"), "safe");
    let mut again: Vec<(&str, &str)> = step("safe", "next");
    again.retain(|(name, _)| *name != "named");
    assert!(
        !back.text().contains("name=\"named\""),
        "no answer is carried along"
    );
    assert_eq!(world.post("/speak", &again).await.hidden("step"), "you");
}
