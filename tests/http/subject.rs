//! The person a view is about never gets it: no text of it is sealed to a key they hold, the desk shows them nothing, and
//! somebody else can read, answer and close it all the same.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a step that fails must end the test"
)]

use crate::fake_smtp::Sink;
use crate::world::{Answer, DeskClient, World, own_password, words_of};
use axum::http::StatusCode;
use domain::audience::TextKind;
use domain::role::Role;
use domain::view::Subject;
use notify::Channels;
use notify::mail::{Mail, Server};
use service::safety_alerts::{DeliveryMemory, deliver_due};
use service::views::pseudonym;
use store::Store;
use vault::seal::{AgeSealer, Identity, Sealer};

const SECRET: &str = "Somebody at the desk shouts at me.";

/// Sends a view and gives its six words and its id.
async fn send(world: &World, safe: &str, about: &str) -> (String, String) {
    let (check, mut fields) = world.check_page(SECRET, safe, "Zedkin").await;
    fields.push(("about".to_owned(), about.to_owned()));
    let receipt = world.send_again(&check.hidden("ticket"), &fields).await;
    assert_eq!(receipt.status, StatusCode::OK, "{}", receipt.text());
    (words_of(&receipt), world.newest().await)
}

async fn keys_of(client: &DeskClient<'_>) -> Vec<Identity> {
    let pledge = &client.world.site.pledge;
    pledge.role_keys(&client.desk().await).await.unwrap()
}

/// The kinds of texts of a view that these keys open.
async fn opens(world: &World, id: &str, keys: &[Identity]) -> Vec<TextKind> {
    let bodies = world.store.bodies(id).await.unwrap();
    let open = |body: &store::BodyRow| AgeSealer.open_bytes(&body.sealed, keys).is_ok();
    bodies
        .iter()
        .filter(|body| open(body))
        .map(|body| body.kind)
        .collect()
}

fn sure(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

/// Whether any page of the desk that lists views shows this one.
async fn is_listed(client: &DeskClient<'_>, id: &str) -> bool {
    for path in ["/desk/queue?show=all", "/desk/safety", "/desk/audit"] {
        let page = client.get(path).await;
        if page.status == StatusCode::OK && page.text().contains(&pseudonym(id)) {
            return true;
        }
    }
    false
}

async fn sender_writes(world: &World, words: &str, alarm: bool) {
    let page = world.post("/follow", &[("words", words)]).await;
    assert!(page.text().contains(SECRET));
    let handle = page.hidden("handle");
    let mut fields = vec![
        ("handle", handle.as_str()),
        ("act", "write"),
        ("message", "I write again."),
    ];
    if alarm {
        fields.push(("unsafe", "yes"));
    }
    let done = world.post("/follow", &fields).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
}

#[tokio::test]
async fn whoever_a_view_is_about_opens_nothing_of_it_and_somebody_else_answers_and_closes() {
    let world = World::new().await;
    let triager = world.desk("Tia", Role::Speakerbox).await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    let safety = world.desk("Dee", Role::Safety).await;
    let people = [&triager, &coordinator, &safety];
    let mut controls = 0;
    for about in Subject::ALL {
        for safe in ["yes", "no"] {
            let (words, id) = send(&world, safe, about.id()).await;
            // Which of the three may read it: by the table of the design, not by the code.
            let may = match (about, safe) {
                (Subject::Nobody | Subject::Committee, "yes") => [true, true, false],
                (Subject::Nobody | Subject::Committee, _) | (Subject::Speakerbox, "no") => {
                    [false, true, true]
                }
                (Subject::Speakerbox | Subject::Safety, _) => [false, true, false],
                (Subject::Coordinator, _) => [false, false, true],
            };
            let what = format!("{about:?} {safe}");
            for (person, may) in people.iter().zip(may) {
                let page = person.get(&format!("/desk/view/{id}")).await;
                assert_eq!(page.status == StatusCode::OK, may, "{what} {}", person.name);
                assert_eq!(page.text().contains(SECRET), may, "{what} {}", person.name);
                let told = page.text().contains("About one of the readers");
                assert_eq!(told, may && about != Subject::Nobody, "{what}");
            }
            // Somebody reads, asks, gets an answer and an alarm, replies, notes and closes.
            let reader = people[may.iter().rposition(|may| *may).unwrap()];
            sure(
                &reader
                    .act(&id, "ask-back", &[("text", "What would help?")])
                    .await,
            );
            sender_writes(&world, &words, false).await;
            sure(&reader.act(&id, "reply", &[("text", "We are on it.")]).await);
            sure(&reader.act(&id, "note", &[("text", "A note.")]).await);
            sender_writes(&world, &words, true).await;
            let keeper = if may[2] || about == Subject::Nobody || about == Subject::Committee {
                &safety
            } else {
                &coordinator
            };
            if about == Subject::Speakerbox && !may[2] {
                // The alarm brings safety in, with what was written before.
                assert_eq!(
                    safety.get(&format!("/desk/view/{id}")).await.status,
                    StatusCode::OK
                );
            }
            sure(&keeper.act(&id, "take", &[]).await);
            sure(
                &keeper
                    .act(&id, "reply", &[("text", "You are safe now.")])
                    .await,
            );
            // What SpeakerBox may have is shared with it; the rest ends where it is.
            if matches!(about, Subject::Nobody | Subject::Committee) {
                sure(&keeper.act(&id, "release", &[("text", "About home.")]).await);
            }
            let close = [("reason", "settled"), ("text", "It is settled.")];
            sure(&keeper.act(&id, "close", &close).await);
            let thread = world.post("/follow", &[("words", &words)]).await.text();
            for text in [
                "What would help?",
                "We are on it.",
                "You are safe now.",
                "It is settled.",
            ] {
                assert!(thread.contains(text), "{what}: {text}");
            }
            // What every text is sealed to, whatever the desk shows.
            let all = world.store.bodies(&id).await.unwrap().len();
            for person in people {
                let opened = opens(&world, &id, &keys_of(person).await).await;
                let left_out = match about {
                    Subject::Nobody | Subject::Committee => false,
                    Subject::Speakerbox => person.name == "Tia",
                    Subject::Coordinator => person.name != "Dee",
                    Subject::Safety => person.name != "Cat",
                };
                if left_out {
                    assert_eq!(opened, [], "{what} {}", person.name);
                    assert!(!is_listed(person, &id).await, "{what} {}", person.name);
                } else {
                    controls += opened.len();
                }
            }
            assert!(all >= 7, "{what}: {all}");
        }
    }
    // The control: those who may open most of them, by the same search.
    assert!(controls > 60, "{controls}");
}

#[tokio::test]
async fn keys_begun_anew_leave_out_whoever_it_is_about_again() {
    let world = World::new().await;
    let triager = world.desk("Tia", Role::Speakerbox).await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    let safety = world.desk("Dee", Role::Safety).await;
    let admin = world.desk("Fay", Role::Admin).await;
    let mut sent = Vec::new();
    for about in Subject::ALL {
        sent.push((about, send(&world, "no", about.id()).await.1));
    }
    let before = |id: String, client: &DeskClient<'_>| {
        let name = client.name;
        (id, name)
    };
    let mut could = Vec::new();
    for (_, id) in &sent {
        for client in [&triager, &coordinator, &safety] {
            let opened = opens(&world, id, &keys_of(client).await).await;
            could.push((before(id.clone(), client), opened));
        }
    }
    // A coordinator and a safety lead leave, and with them every key of the desk is rotated.
    for (name, role) in [("Gil", Role::Coordinator), ("Hal", Role::Safety)] {
        world.desk(name, role).await;
        let id = world.store.staff_by_name(name).await.unwrap().unwrap().id;
        let token = admin
            .get(&format!("/desk/accounts/{id}"))
            .await
            .hidden("token");
        let own = own_password("Fay");
        let fields = [("token", token.as_str()), ("password", &own)];
        sure(
            &admin
                .post(&format!("/desk/accounts/{id}/remove"), &fields)
                .await,
        );
    }
    for client in [&coordinator, &safety] {
        let token = client.get("/desk/keys").await.hidden("token");
        let own = own_password(client.name);
        let fields = [
            ("token", token.as_str()),
            ("password", &own),
            ("act", "seal-again"),
        ];
        sure(&client.post("/desk/keys", &fields).await);
    }
    let recipients = world.site.pledge.recipients();
    let old = world
        .store
        .outdated_texts(recipients.generation)
        .await
        .unwrap();
    let findings = server::ops::doctor::of_keys(&*world.store).await.unwrap();
    assert!(
        findings
            .iter()
            .all(|finding| finding.sound || finding.what.contains("committee")),
        "{old:?}"
    );
    let mut now = Vec::new();
    for (_, id) in &sent {
        for client in [&triager, &coordinator, &safety] {
            let opened = opens(&world, id, &keys_of(client).await).await;
            now.push((before(id.clone(), client), opened));
        }
    }
    assert_eq!(now, could);
    assert!(
        could.iter().any(|(_, opened)| opened.is_empty())
            && could.iter().any(|(_, opened)| !opened.is_empty())
    );
}

#[tokio::test]
async fn what_is_about_the_committee_comes_before_it_by_the_coordinator_alone() {
    let world = World::new().await;
    let triager = world.desk("Tia", Role::Speakerbox).await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    let clerk = world.desk("Kim", Role::Clerk).await;
    let token = clerk.get("/desk/meetings").await.hidden("token");
    let fields = [
        ("token", token.as_str()),
        ("day", "2026-12-09"),
        ("title", "December"),
    ];
    sure(&clerk.post("/desk/meetings", &fields).await);
    let meeting = world.site.pledge.meetings().await.unwrap()[0].id.clone();
    for about in ["committee", "speakerbox", "safety"] {
        let (words, id) = send(&world, "yes", about).await;
        let reader = if about == "committee" {
            &triager
        } else {
            &coordinator
        };
        reader.get(&format!("/desk/view/{id}")).await;
        let text = [("text", "Approvedword.")];
        let by = if about == "committee" {
            let page = triager.get(&format!("/desk/view/{id}")).await;
            assert!(!page.text().contains("act-approve"));
            triager.act(&id, "approve", &text).await
        } else {
            triager
                .post(&format!("/desk/view/{id}/approve"), &text)
                .await
        };
        assert_ne!(by.status, StatusCode::OK, "{about}");
        assert_eq!(
            world.store_state(&id).await,
            domain::lifecycle::State::Read,
            "{about}"
        );
        sure(&coordinator.act(&id, "approve", &text).await);
        let on = [("meeting", meeting.as_str())];
        sure(&coordinator.act(&id, "list", &on).await);
        // SpeakerBox sees nothing of what is about it, on the meeting's list either.
        let list = triager.get(&format!("/desk/meetings/{meeting}")).await;
        assert_eq!(list.status, StatusCode::OK);
        let item = triager.get(&format!("/desk/meetings/{meeting}/{id}")).await;
        assert_eq!(
            item.status == StatusCode::OK,
            about == "committee",
            "{about}"
        );
        assert!(
            clerk
                .get(&format!("/desk/meetings/{meeting}/{id}"))
                .await
                .text()
                .contains("Approvedword.")
        );
        let thread = world.post("/follow", &[("words", &words)]).await;
        assert!(thread.text().contains("Approvedword."));
        let token = coordinator.get("/desk/password").await.hidden("token");
        let version = world
            .store
            .view(&id)
            .await
            .unwrap()
            .unwrap()
            .version
            .to_string();
        let off = [("token", token.as_str()), ("version", version.as_str())];
        sure(
            &coordinator
                .post(&format!("/desk/view/{id}/unlist"), &off)
                .await,
        );
    }
}

#[tokio::test]
async fn an_alert_about_the_safety_lead_begins_with_the_next_in_line() {
    let world = World::new().await;
    let mail = Sink::mail().await;
    let to = async |line: &str| {
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
        let told = deliver_due(
            &world.site.pledge,
            &channels,
            &mut DeliveryMemory::default(),
        )
        .await;
        assert!(told.unwrap());
        let taken = mail.empty();
        taken
            .iter()
            .map(|one| one.to.split('@').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let safety = world.desk("Dee", Role::Safety).await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    send(&world, "no", "safety").await;
    // The desk does not count for the safety lead what is about them.
    let lane = world
        .site
        .pledge
        .lane_count(&safety.desk().await)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(lane.waiting, 0);
    let lane = world
        .site
        .pledge
        .lane_count(&coordinator.desk().await)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(lane.waiting, 1);
    assert_eq!(to("lead@council.test, next@council.test").await, ["next"]);
    // A control: an alert about nobody, and one about the coordinator, begin with the safety lead.
    for about in ["nobody", "coordinator"] {
        send(&world, "no", about).await;
        assert_eq!(
            to("lead@council.test, next@council.test").await,
            ["lead"],
            "{about}"
        );
    }
    // With one person in line it is better sent to them than to nobody: a message holds numbers alone.
    send(&world, "no", "safety").await;
    assert_eq!(to("lead@council.test").await, ["lead"]);
}

#[tokio::test]
async fn handed_back_is_closed_to_whoever_handed_it_back() {
    let world = World::new().await;
    let triager = world.desk("Tia", Role::Speakerbox).await;
    let other = world.desk("Una", Role::Speakerbox).await;
    let (_, id) = send(&world, "yes", "").await;
    let view = format!("/desk/view/{id}");
    // The last one who can read it cannot hand it back: then nobody would answer.
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    assert!(
        triager
            .get("/desk/queue")
            .await
            .text()
            .contains(&pseudonym(&id))
    );
    sure(&triager.act(&id, "step-aside", &[]).await);
    for path in [&view, "/desk/queue", "/desk/queue?show=all"] {
        let page = triager.get(path).await;
        assert!(!page.text().contains(&pseudonym(&id)), "{path}");
    }
    assert_eq!(triager.get(&view).await.status, StatusCode::NOT_FOUND);
    let token = triager.get("/desk/password").await.hidden("token");
    let version = world
        .store
        .view(&id)
        .await
        .unwrap()
        .unwrap()
        .version
        .to_string();
    let fields = [
        ("token", token.as_str()),
        ("version", version.as_str()),
        ("text", "Too late."),
    ];
    for act in ["reply", "note", "ask-back", "approve", "step-aside"] {
        let tried = triager.post(&format!("{view}/{act}"), &fields).await;
        assert_eq!(tried.status, StatusCode::NOT_FOUND, "{act}");
    }
    // A control: the others can go on with it.
    assert_eq!(other.get(&view).await.status, StatusCode::OK);
    // A coordinator keeps somebody away; an unknown name is said, and nobody is left without a reader.
    let keep = async |name: &str| coordinator.act(&id, "keep-away", &[("name", name)]).await;
    for name in ["", "nobody", "Cat", "Fay"] {
        let mend = keep(name).await;
        assert_eq!(mend.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    sure(&keep("Una").await);
    assert_eq!(other.get(&view).await.status, StatusCode::NOT_FOUND);
    let refused = other
        .post(&format!("{view}/keep-away"), &[("name", "Tia")])
        .await;
    assert_ne!(refused.status, StatusCode::OK);
    let last = coordinator.act(&id, "step-aside", &[]).await;
    assert_eq!(last.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        last.text()
            .contains("Nobody else at the desk could read it then.")
    );
    assert_eq!(coordinator.get(&view).await.status, StatusCode::OK);
    // All of it is in the log, with who did it.
    let log = world.store.audit_after(i64::MIN, 1_000).await.unwrap();
    let entered = |action: &str, outcome: &str| {
        let same = |row: &&store::audit::AuditRow| {
            row.action == action && row.outcome == outcome && row.object.as_deref() == Some(&id)
        };
        log.iter().filter(same).count()
    };
    assert_eq!(
        (entered("step-aside", "done"), entered("keep-away", "done")),
        (1, 1)
    );
    assert!(entered("step-aside", "refused") >= 1 && entered("open", "refused") >= 2);
}

#[tokio::test]
async fn the_last_two_who_hand_a_view_back_at_once_leave_one_who_can_read_it() {
    let world = World::new().await;
    let triager = world.desk("Tia", Role::Speakerbox).await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    for _ in 0..5 {
        let (_, id) = send(&world, "yes", "").await;
        let (one, other) = tokio::join!(
            triager.act(&id, "step-aside", &[]),
            coordinator.act(&id, "step-aside", &[])
        );
        let mut got = [one.status, other.status];
        got.sort();
        assert_eq!(
            got,
            [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY]
        );
        let view = format!("/desk/view/{id}");
        let mut left = [
            triager.get(&view).await.status,
            coordinator.get(&view).await.status,
        ];
        left.sort();
        assert_eq!(left, [StatusCode::OK, StatusCode::NOT_FOUND]);
    }
}

#[tokio::test]
async fn who_is_kept_away_goes_with_the_record_of_the_view() {
    let world = World::new().await;
    let triager = world.desk("Tia", Role::Speakerbox).await;
    world.desk("Cat", Role::Coordinator).await;
    let (words, id) = send(&world, "yes", "committee").await;
    sure(&triager.act(&id, "step-aside", &[]).await);
    let database = world.data().join(server::bootstrap::DATABASE);
    let rows = async || store_sqlite::count_rows(&database).await.unwrap()["kept_away"];
    assert_eq!(rows().await, 1);
    let page = world.post("/follow", &[("words", &words)]).await;
    let handle = page.hidden("handle");
    let fields = [("handle", handle.as_str()), ("act", "withdraw-sure")];
    world.post("/follow", &fields).await;
    assert_eq!(rows().await, 0);
    let row = world.store.view(&id).await.unwrap().unwrap();
    assert_eq!(
        row.life.about,
        Subject::Nobody,
        "nothing tells any more whom it was about"
    );
}

#[tokio::test]
async fn the_question_is_one_group_with_no_chosen_and_its_readers_are_said() {
    let world = World::new().await;
    world.readers().await;
    let safe = world
        .post(
            "/speak",
            &[
                ("step", "say"),
                ("go", "next"),
                ("topic", "home"),
                ("said", SECRET),
            ],
        )
        .await;
    let text = safe.text();
    assert_eq!(text.matches("name=\"about\"").count(), 5);
    let chosen = text.split("name=\"about\"").nth(1).unwrap();
    assert!(
        chosen.split('>').next().unwrap().contains("checked"),
        "{chosen}"
    );
    for (about, said) in [
        ("", "SpeakerBox reads your words"),
        ("nobody", "SpeakerBox reads your words"),
        (
            "speakerbox",
            "Only the SpeakerBox coordinator reads your words.",
        ),
        ("coordinator", "Only the safety lead reads your words."),
        (
            "safety",
            "Only the SpeakerBox coordinator reads your words.",
        ),
        (
            "committee",
            "Only the coordinator can show them a safe version",
        ),
    ] {
        let fields = [
            ("step", "you"),
            ("go", "next"),
            ("topic", "home"),
            ("said", SECRET),
            ("safe", "yes"),
            ("named", "no"),
            ("about", about),
        ];
        let check = world.post("/speak", &fields).await;
        assert!(check.text().contains(said), "{about}: {}", check.text());
    }
    // What is no choice is asked again, and never guessed.
    let fields = [
        ("step", "safe"),
        ("go", "next"),
        ("topic", "home"),
        ("said", SECRET),
        ("safe", "yes"),
        ("about", "x"),
    ];
    let mend = world.post("/speak", &fields).await;
    assert_eq!(mend.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        mend.text()
            .contains("Choose if it is about one of the people who read it.")
    );
    assert!(mend.text().contains(SECRET));
}
