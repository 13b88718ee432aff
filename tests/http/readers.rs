//! Nobody is promised to nobody: the last reader of a role keeps their access unless somebody says twice that they lose it,
//! and the pages for young people say who can read, or that nobody can and whom to call.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::page_text::{assert_hides, assert_shows, plain};
use crate::world::{Answer, DeskClient, World, own_password};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use content::Content;
use domain::readers::{ReaderSentence, ReaderSet};
use domain::role::Role;
use model::words::Words;
use serde_json::{Value, json};
use server::bootstrap;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::sync::Arc;
use store::Store;

const ACTS: [&str; 3] = ["suspend", "remove", "invite-again"];
const MEND: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Presses the button of an act on somebody's account.
async fn act(admin: &DeskClient<'_>, name: &str, act: &str, more: &[(&str, &str)]) -> Answer {
    let staff = admin.world.store.staff_by_name(name).await.unwrap();
    let account = format!("/desk/accounts/{}", staff.unwrap().id);
    let token = admin.get(&account).await.hidden("token");
    let own = own_password(admin.name);
    let fields = [("token", token.as_str()), ("password", &own)];
    let at = format!("{account}/{act}");
    admin.post(&at, &[&fields, more].concat()).await
}

fn is_done(answer: &Answer) -> bool {
    // An invitation is shown; the others lead on.
    matches!(answer.status, StatusCode::SEE_OTHER | StatusCode::OK)
}

async fn actions(world: &World) -> Vec<(String, String)> {
    let log = world.store.audit_after(0, 1_000).await.unwrap();
    log.into_iter()
        .map(|row| (row.action, row.outcome))
        .collect()
}

fn contents(world: &World) -> Vec<Arc<Content>> {
    world.site.pledge.library.contents()
}

#[tokio::test]
async fn the_last_reader_of_each_role_stays_unless_it_is_said_twice() {
    for (name, role) in [
        ("sue", Role::Speakerbox),
        ("cat", Role::Coordinator),
        ("dee", Role::Safety),
    ] {
        for way in ACTS {
            let world = World::new().await;
            let admin = world.desk("ada", Role::Admin).await;
            world.desk(name, role).await;
            let last = world.words("error.account.last");
            let confirm = world.words("desk.account.last-confirm");
            let refused = act(&admin, name, way, &[]).await;
            assert_eq!(refused.status, MEND, "{name} {way}");
            assert_shows(&refused, &last);
            assert_shows(&refused, &confirm);
            assert!(world.site.pledge.present_readers().await.contains(role));
            // Half a word is none.
            let half = act(&admin, name, way, &[("nobody", "perhaps")]).await;
            assert_eq!(half.status, MEND, "{name} {way}");
            let done = act(&admin, name, way, &[("nobody", "yes")]).await;
            assert!(is_done(&done), "{name} {way}: {}", done.text());
            assert!(world.site.pledge.present_readers().await.is_empty());
            let entered = actions(&world).await;
            let of = |action: String, outcome: &str| {
                let wanted = (action, outcome.to_owned());
                entered.iter().filter(|one| **one == wanted).count()
            };
            assert_eq!(of(way.to_owned(), "not-done"), 3, "{entered:?}");
            assert_eq!(of(format!("{way}-last-reader"), "done"), 1, "{entered:?}");
            // The administrator reads it too.
            let page = admin.get("/desk/accounts").await;
            let name_of = |role: Role| world.words(&format!("role.{}.name", role.id()));
            let roles = ReaderSet::ROLES.map(name_of).join(", ");
            let unread = world.words("desk.accounts.unread");
            assert_shows(&page, &unread.replace("{roles}", &roles));
            assert_shows(
                &world.get("/speak").await,
                &world.words("readers.unread.everything"),
            );
        }
    }
}

#[tokio::test]
async fn with_a_stand_in_nobody_is_asked_twice() {
    for way in ACTS {
        let world = World::new().await;
        let admin = world.desk("ada", Role::Admin).await;
        world.readers().await;
        world.desk("gil", Role::Safety).await;
        let done = act(&admin, "dee", way, &[]).await;
        assert!(is_done(&done), "{way}: {}", done.text());
        // The coordinator holds SpeakerBox's key.
        let done = act(&admin, "sue", way, &[]).await;
        assert!(is_done(&done), "{way}: {}", done.text());
        let refused = act(&admin, "gil", way, &[]).await;
        assert_eq!(refused.status, MEND, "{way}");
        // A word too much is entered as what was done.
        world.desk("hal", Role::Safety).await;
        let done = act(&admin, "gil", way, &[("nobody", "yes")]).await;
        assert!(is_done(&done), "{way}: {}", done.text());
        let entered = actions(&world).await;
        let twice = format!("{way}-last-reader");
        assert!(!entered.iter().any(|(action, _)| *action == twice));
    }
}

#[tokio::test]
async fn two_removals_at_once_leave_one_reader() {
    for (one, other) in [
        ("remove", "remove"),
        ("suspend", "remove"),
        ("suspend", "suspend"),
        ("invite-again", "remove"),
    ] {
        let world = World::new().await;
        let admin = world.desk("ada", Role::Admin).await;
        let second = world.desk("abe", Role::Admin).await;
        world.desk("dee", Role::Safety).await;
        world.desk("gil", Role::Safety).await;
        let (first, other_one) = tokio::join!(
            act(&admin, "dee", one, &[]),
            act(&second, "gil", other, &[])
        );
        let done = [&first, &other_one]
            .iter()
            .filter(|got| is_done(got))
            .count();
        assert_eq!(done, 1, "{} {}", first.status, other_one.status);
        let readers = world.store.readers().await.unwrap();
        assert_eq!(readers.len(), 1, "{one} {other}");
    }
}

/// The pages of Speak up to the receipt, of a view with these answers.
async fn pages(world: &World, prefix: &str, safe: &str) -> Vec<(&'static str, Answer)> {
    let at = format!("{prefix}/speak");
    let all = [
        ("topic", "home"),
        ("said", "Said."),
        ("safe", safe),
        ("named", "yes"),
        ("identity", "Sam"),
    ];
    let mut pages = vec![("start", world.get(&at).await)];
    let mut ticket = String::new();
    for step in ["start", "about", "say", "safe", "you", "check"] {
        let mut fields = all.to_vec();
        fields.push(("step", step));
        fields.push(("go", if step == "check" { "send" } else { "next" }));
        fields.push(("ticket", &ticket));
        let page = world.post(&at, &fields).await;
        assert_eq!(page.status, StatusCode::OK, "{step}: {}", page.text());
        if step == "you" {
            ticket = page.hidden("ticket");
        }
        pages.push((step, page));
    }
    // Without the words, nothing is known of them; so they are typed back as they are shown.
    let words = crate::world::words_of(&pages[6].1);
    let kept = [("step", "keep"), ("ticket", &ticket), ("typed", &words)];
    pages.push(("kept", world.post(&at, &kept).await));
    let follow = format!("{prefix}/follow");
    pages.push(("thread", world.post(&follow, &[("words", &words)]).await));
    pages
}

/// The sentences that name readers and whose promise these do not keep.
fn broken(words: &Words, who: ReaderSet, page: &Answer) -> Vec<ReaderSentence> {
    let text = plain(&page.text());
    let all = ReaderSentence::ALL.into_iter();
    let named = all.filter(|sentence| {
        let is_broken = !sentence.holds(who);
        is_broken && text.contains(&words.get(sentence.id()))
    });
    named.collect()
}

/// How our own words name somebody in this role.
fn name_of(words: &Words, role: Role) -> String {
    match role {
        Role::Speakerbox => "SpeakerBox".to_owned(),
        role => words.get(&format!("readers.name.{}", role.id())),
    }
}

const PREFIXES: [&str; 3] = ["", "/es", "/ar"];

#[tokio::test]
async fn without_readers_no_page_promises_one_and_each_says_whom_to_call() {
    let world = World::new().await;
    for (prefix, content) in PREFIXES.iter().zip(contents(&world)) {
        let words = &content.words;
        for safe in ["yes", "no"] {
            for (step, page) in pages(&world, prefix, safe).await {
                let what = format!("{prefix} {safe} {step}");
                assert_eq!(page.status, StatusCode::OK, "{what}");
                let promised = broken(words, ReaderSet::NOBODY, &page);
                assert_eq!(promised, [], "{what}");
                for key in ["everything", "wait", "danger", "other", "help"] {
                    assert_shows(&page, &words.get(&format!("readers.unread.{key}")));
                }
                let text = page.text();
                let above = text.split("<footer").next().unwrap();
                assert!(above.contains("tel:999"), "{what}");
                assert!(above.contains("id=\"urgent-title\""), "{what}");
                // Nothing of our own words speaks of them either; a choice of whom it is about does.
                if step == "start" {
                    assert_hides(&page, &words.get("readers.must-act"));
                    let main = above.split("<main").nth(1).unwrap();
                    for role in ReaderSet::ROLES {
                        let name = name_of(words, role);
                        let plain = plain(&format!("<body><main{main}"));
                        assert!(!plain.contains(&name), "{what} {name}: {plain}");
                    }
                }
            }
        }
    }
    // What was sent waits.
    assert_eq!(world.store.views().await.unwrap().len(), 6);
}

#[tokio::test]
async fn with_everybody_there_the_pages_say_what_they_say() {
    let world = World::new().await;
    world.readers().await;
    for (prefix, content) in PREFIXES.iter().zip(contents(&world)) {
        let words = &content.words;
        for (safe, check, next) in [
            ("yes", "speak.check.readers", "receipt.next"),
            ("no", "speak.check.readers-safety", "receipt.next-safety"),
        ] {
            for (step, page) in pages(&world, prefix, safe).await {
                assert_hides(&page, "id=\"unread\"");
                let text = plain(&page.text());
                let now = words.get("readers.now.nobody");
                assert!(!text.contains(&now), "{prefix} {safe} {step}");
                match step {
                    "you" => assert_shows(&page, &words.get(check)),
                    "kept" => assert_shows(&page, &words.get(next)),
                    _ => {}
                }
            }
        }
        let speak = format!("{prefix}/speak");
        let first = world.post(&speak, &[("step", "start")]).await;
        assert_shows(&first, &words.get("speak.readers"));
    }
}

#[tokio::test]
async fn pages_name_those_who_are_there() {
    let world = World::new().await;
    let admin = world.desk("ada", Role::Admin).await;
    world.readers().await;
    let show = async |about: &str, safe: &str| {
        let fields = [
            ("step", "you"),
            ("go", "next"),
            ("topic", "home"),
            ("said", "Said."),
            ("safe", safe),
            ("named", "no"),
            ("about", about),
        ];
        world.post("/speak", &fields).await
    };
    let now = |id: &str| world.words(&format!("readers.now.{id}"));
    let away = [("nobody", "yes")];
    // Without a safety lead the coordinator reads what is not safe, and nobody what is about the coordinator.
    assert!(is_done(&act(&admin, "dee", "suspend", &away).await));
    assert_shows(&show("", "no").await, &now("coordinator"));
    assert_shows(&show("", "yes").await, &world.words("speak.check.readers"));
    let start = world.get("/speak").await;
    assert_shows(&start, &world.words("readers.must-act"));
    assert_hides(&start, "safety lead");
    let about = show("coordinator", "yes").await;
    assert_shows(&about, &now("nobody"));
    assert_shows(&about, &world.words("readers.unread.everything"));
    assert_hides(&world.get("/speak").await, "id=\"unread\"");
    let safe = [
        ("step", "say"),
        ("go", "next"),
        ("topic", "home"),
        ("said", "x"),
    ];
    let safe = world.post("/speak", &safe).await;
    assert_shows(&safe, &world.words("readers.first-coordinator"));
    assert_hides(&safe, "The safety lead reads it first");
    // Then SpeakerBox alone: nobody for what is not safe.
    assert!(is_done(&act(&admin, "cat", "suspend", &away).await));
    assert_shows(&show("", "yes").await, &now("speakerbox"));
    assert_shows(&show("", "no").await, &now("nobody"));
    let start = world.get("/speak").await;
    assert_shows(&start, &world.words("readers.unread.unsafe"));
    assert_hides(&start, &world.words("readers.must-act"));
    assert_hides(&start, "safety lead");
    // Back at the desk, and the pages say so at once.
    for name in ["dee", "cat"] {
        assert!(is_done(&act(&admin, name, "restore", &[]).await));
    }
    assert_shows(
        &show("", "no").await,
        &world.words("speak.check.readers-safety"),
    );
    assert_hides(&world.get("/speak").await, "id=\"unread\"");
}

#[tokio::test]
async fn a_sender_who_writes_again_reads_that_nobody_can() {
    let world = World::new().await;
    let admin = world.desk("ada", Role::Admin).await;
    world.readers().await;
    let ordinary = world.send("Ordinary.", "yes", "").await;
    let marked = world.send("Not safe.", "no", "").await;
    let open = async |words: &str| world.post("/follow", &[("words", words)]).await;
    for (words, hint, turn) in [
        (&ordinary, "follow.message-hint", "turn.speakerbox"),
        (&marked, "follow.message-hint-safety", "turn.safety"),
    ] {
        let thread = open(words).await;
        for key in [hint, turn, "follow.unsafe-hint"] {
            assert_shows(&thread, &world.words(key));
        }
        assert_hides(&thread, "id=\"unread\"");
    }
    for name in ["dee", "cat"] {
        let done = act(&admin, name, "remove", &[("nobody", "yes")]).await;
        assert!(is_done(&done), "{}", done.text());
    }
    // A member of SpeakerBox is there, and it is their turn.
    let thread = open(&ordinary).await;
    assert_shows(&thread, &world.words("readers.unread.unsafe"));
    assert_shows(&thread, &world.words("turn.speakerbox"));
    assert_shows(&thread, &world.words("readers.alarm-nobody"));
    let thread = open(&marked).await;
    assert_shows(&thread, &world.words("readers.unread.everything"));
    assert_shows(&thread, &world.words("readers.now.nobody"));
    for key in ["turn.safety", "lane.waiting.sender", "follow.unsafe-hint"] {
        assert_hides(&thread, &world.words(key));
    }
    // Writing is still possible, and waits.
    let sent = world
        .write(&marked, "I write again.", &[("unsafe", "yes")])
        .await;
    assert_shows(&sent, &world.words("follow.done.write"));
    assert_shows(&sent, &world.words("readers.unread.everything"));
}

#[tokio::test]
async fn a_change_by_another_process_is_said_at_once() {
    let world = World::new().await;
    world.readers().await;
    assert_hides(&world.get("/speak").await, "id=\"unread\"");
    let file = world.data().join(bootstrap::DATABASE);
    let options = SqliteConnectOptions::new().filename(file);
    let mut db = options.connect().await.unwrap();
    for (sql, key) in [
        ("UPDATE staff SET suspended = 1 WHERE name = 'cat'", None),
        ("DELETE FROM staff WHERE name = 'dee'", Some("unsafe")),
        (
            "UPDATE staff SET must_change = 1 WHERE name = 'sue'",
            Some("everything"),
        ),
        ("UPDATE staff SET suspended = 0 WHERE name = 'cat'", None),
        (
            "DELETE FROM grant_of_key WHERE role_key = 'coordinator'",
            Some("everything"),
        ),
    ] {
        sqlx::query(sql).execute(&mut db).await.unwrap();
        let start = world.get("/speak").await;
        match key {
            Some(key) => assert_shows(&start, &world.words(&format!("readers.unread.{key}"))),
            None => assert_hides(&start, "id=\"unread\""),
        }
    }
    db.close().await.unwrap();
}

async fn call(world: &World, path: &str, body: Value) -> Value {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let answer = world.request(request).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    serde_json::from_slice(&answer.bytes).unwrap()
}

#[tokio::test]
async fn the_api_says_who_can_read_before_and_after_sending() {
    let world = World::new().await;
    let send = async |safe: &str, about: &str| {
        let ticket = call(&world, "/api/v1/tickets", json!({})).await;
        let view = json!({
            "ticket": ticket["ticket"], "topic": "school", "said": "Said.", "safe": safe, "about": about,
        });
        let sent = call(&world, "/api/v1/views", view).await;
        (ticket["readers"].clone(), sent["readers"].clone())
    };
    let nobody = json!({ "safe": [], "not_safe": [] });
    assert_eq!(send("no", "").await, (nobody, json!([])));
    world.readers().await;
    let all =
        json!({ "safe": ["speakerbox", "coordinator"], "not_safe": ["coordinator", "safety"] });
    for (safe, about, who) in [
        ("yes", "", json!(["speakerbox", "coordinator"])),
        ("no", "", json!(["coordinator", "safety"])),
        ("yes", "coordinator", json!(["safety"])),
        ("no", "safety", json!(["coordinator"])),
    ] {
        assert_eq!(
            send(safe, about).await,
            (all.clone(), who),
            "{safe} {about}"
        );
    }
}

#[tokio::test]
async fn each_sentence_names_those_whom_it_promises_in_every_language() {
    let world = World::new().await;
    for content in contents(&world) {
        let words = &content.words;
        let name = |role: Role| name_of(words, role);
        for sentence in ReaderSentence::ALL {
            let (id, text) = (sentence.id(), words.get(sentence.id()));
            let what = format!("{} {id}: {text}", words.language);
            assert!(!text.is_empty() && text != id, "{what}");
            for role in ReaderSet::ROLES {
                let (named, promised) = (text.contains(&name(role)), sentence.promises());
                // Whom it promises, it names; one calls the coordinator by what they do.
                let by_work = id == "speak.check.readers" && role == Role::Coordinator;
                assert!(named || !promised.contains(role) || by_work, "{what}");
                // Whom it names, it promises; but the coordinator is called after SpeakerBox, and some sentences say who
                // does not read it.
                let says_not = id.starts_with("left-out.") || id == "speak.check.readers-lead";
                let is_part = role == Role::Speakerbox && promised.contains(Role::Coordinator);
                let is_right = !named || promised.contains(role) || says_not || is_part;
                assert!(is_right, "{what}");
            }
            if id.contains("nobody") && id.contains("alarm") || id == "readers.first-nobody" {
                assert!(text.contains("999"), "{what}");
            }
        }
    }
}
