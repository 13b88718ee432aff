//! No text of a meeting is on a page of the desk without its entry in the audit log, whatever came before, and its sender
//! sees that it was read.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::page_text::{assert_hides, assert_shows};
use crate::world::{Answer, DeskClient, World};
use axum::http::StatusCode;
use domain::desk_act::ItemAct;
use domain::event::EventKind;
use domain::role::Role;
use store::Store;
use store::audit::AuditRow;

const APPROVED: &str = "Letters of the council lie unread.";
const DECIDED: &str = "Each letter gets an answer in a week.";

/// What is typed in the form of a decision; it has no word of a text in it.
const TYPED: [(&str, &str); 7] = [
    ("said", "Typed of what was said."),
    ("decided", "Typed of what was decided."),
    ("answer", "Typed as the answer."),
    ("owner", "Typed as a job"),
    ("due", "2027-01-31"),
    ("kind", "yes"),
    ("urgent", "Typed as why it is urgent."),
];

#[track_caller]
fn done(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

/// A meeting with this many texts, the first of which has a decision: its id, and theirs.
async fn meeting(world: &World, texts: usize) -> (String, Vec<String>) {
    let clerk = world.desk("Kim", Role::Clerk).await;
    let token = clerk.get("/desk/meetings").await.hidden("token");
    let day = ("day", "2026-12-10");
    let fields = [("token", token.as_str()), day, ("title", "Winter meeting")];
    done(&clerk.post("/desk/meetings", &fields).await);
    let meeting = world.store.meetings().await.unwrap()[0].id.clone();
    let speakerbox = world.desk("Sol", Role::Speakerbox).await;
    let mut views = Vec::new();
    for _ in 0..texts {
        let (_, view) = world
            .send_with(&[("said", "Nobody reads my letters.")])
            .await;
        done(
            &speakerbox
                .act(&view, "approve", &[("text", APPROVED)])
                .await,
        );
        done(
            &speakerbox
                .act(&view, "list", &[("meeting", &meeting)])
                .await,
        );
        views.push(view);
    }
    let mut decision = TYPED;
    decision[1].1 = DECIDED;
    done(&clerk.decide(&meeting, &views[0], "decide", &decision).await);
    (meeting, views)
}

async fn audit(world: &World) -> Vec<AuditRow> {
    world.store.audit_after(i64::MIN, 100_000).await.unwrap()
}

/// How often this person stands in the log as having opened the text of this view at a meeting.
fn openings(rows: &[AuditRow], person: &str, view: &str) -> usize {
    let by = |row: &&AuditRow| row.actor.as_deref() == Some(person);
    let what = |row: &&AuditRow| row.action == EventKind::ApprovedRead.id();
    let of = |row: &&AuditRow| row.object.as_deref() == Some(view) && row.outcome == "done";
    rows.iter().filter(by).filter(what).filter(of).count()
}

fn has_words(page: &Answer) -> bool {
    let text = page.text();
    text.contains(APPROVED) || text.contains(DECIDED)
}

/// Whether a page shows a text to somebody of whom no opening was entered since `before`.
fn is_untraced(
    page: &Answer,
    person: &str,
    view: &str,
    before: &[AuditRow],
    now: &[AuditRow],
) -> bool {
    has_words(page) && openings(now, person, view) <= openings(before, person, view)
}

async fn press(
    desk: &DeskClient<'_>,
    (meeting, view): (&str, &str),
    act: ItemAct,
    version: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let token = desk.get("/desk/sessions").await.hidden("token");
    let mut sent = vec![("token", token.as_str()), ("version", version)];
    sent.extend(fields);
    let path = format!("/desk/meetings/{meeting}/{view}/{}", act.id());
    desk.post(&path, &sent).await
}

#[tokio::test]
async fn whatever_way_an_act_at_a_meeting_fails_the_texts_on_its_answer_are_entered() {
    let world = World::new().await;
    let (meeting, views) = meeting(&world, 2).await;
    let people = [
        (world.desk("Sue", Role::Speakerbox).await, true),
        (world.desk("Cat", Role::Coordinator).await, true),
        (world.desk("Cle", Role::Clerk).await, true),
        (world.desk("Col", Role::Committee).await, true),
        (world.desk("Sam", Role::Safety).await, false),
        (world.desk("Ada", Role::Admin).await, false),
    ];
    let mut wrong_day = TYPED;
    wrong_day[4].1 = "some day";
    let mut untraced = Vec::new();
    for (desk, reads) in &people {
        let person = desk.desk().await.staff.id;
        // How often a text was shown: on the answers to acts, and on the pages themselves.
        let (mut answers, mut pages) = (0, 0);
        for view in &views {
            let list = format!("/desk/meetings/{meeting}");
            for path in [format!("{list}/{view}"), list] {
                let before = audit(&world).await;
                let page = desk.get(&path).await;
                pages += usize::from(has_words(&page));
                if is_untraced(&page, &person, view, &before, &audit(&world).await) {
                    untraced.push(format!("{} {path}", desk.name));
                }
            }
            let current = world.store.view(view).await.unwrap().unwrap().version;
            for act in ItemAct::ALL {
                // Marking as done is refused at any version: nothing of it is published.
                let way = match act {
                    ItemAct::Decide | ItemAct::Correct | ItemAct::MarkDone => {
                        ("it does not fit", current, &wrong_day[..])
                    }
                    ItemAct::Raise | ItemAct::Publish => ("it is late", 99, &[][..]),
                };
                let ways = [
                    ("nothing is filled in", 99, &[][..]),
                    ("it is late", 99, &TYPED),
                    way,
                ];
                for (why, version, fields) in ways {
                    let before = audit(&world).await;
                    let at = (meeting.as_str(), view.as_str());
                    let page = press(desk, at, act, &version.to_string(), fields).await;
                    assert_ne!(page.status, StatusCode::SEE_OTHER, "{} {why}", act.id());
                    answers += usize::from(has_words(&page));
                    if is_untraced(&page, &person, view, &before, &audit(&world).await) {
                        untraced.push(format!("{} {} when {why}", desk.name, act.id()));
                    }
                }
            }
        }
        assert_eq!(pages, if *reads { 4 } else { 0 }, "{}", desk.name);
        // Only the committee and its clerk act here.
        let acts = desk.desk().await.staff.role.sees_meetings();
        assert_eq!(answers > 12, acts, "{}: {answers}", desk.name);
    }
    assert_eq!(untraced, [""; 0]);
}

#[tokio::test]
async fn the_pages_of_a_meeting_enter_each_text_and_its_sender_sees_it_once() {
    let world = World::new().await;
    let (meeting, views) = meeting(&world, 3).await;
    let col = world.desk("Col", Role::Committee).await;
    let person = col.desk().await.staff.id;
    let list = format!("/desk/meetings/{meeting}");
    for (path, opened) in [
        (list.clone(), [1, 1, 1]),
        (format!("{list}/{}", views[1]), [0, 1, 0]),
    ] {
        let before = audit(&world).await;
        let page = col.get(&path).await;
        assert_shows(&page, APPROVED);
        let now = audit(&world).await;
        for (view, opened) in views.iter().zip(opened) {
            let new = openings(&now, &person, view) - openings(&before, &person, view);
            assert_eq!(new, opened, "{path}");
        }
        // The control: with the log as it was, the same page is found.
        assert!(is_untraced(&page, &person, &views[1], &before, &before));
        assert!(!is_untraced(&page, &person, &views[1], &before, &now));
    }
    // Deciding on one opens none.
    let before = audit(&world).await;
    let version = world
        .store
        .view(&views[1])
        .await
        .unwrap()
        .unwrap()
        .version
        .to_string();
    let at = (meeting.as_str(), views[1].as_str());
    done(&press(&col, at, ItemAct::Decide, &version, &TYPED).await);
    let now = audit(&world).await;
    for view in &views {
        assert_eq!(
            openings(&now, &person, view),
            openings(&before, &person, view)
        );
    }
    // In the record of the view it stands once for each person, however often they read.
    let events = world.store.events(&views[1]).await.unwrap();
    let reads = events
        .iter()
        .filter(|event| event.kind == EventKind::ApprovedRead);
    assert_eq!(
        reads
            .filter(|event| event.staff.as_deref() == Some(&person))
            .count(),
        1
    );
    // The weekly list has one line for all that this person read at meetings on a day.
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    let week = coordinator.get("/desk/audit").await.text();
    let line = world.words("audit.approved-count").replace("{count}", "3");
    assert_eq!(week.matches(&line).count(), 1, "{week}");
}

#[tokio::test]
async fn the_sender_reads_that_the_committee_read_the_text() {
    let world = World::new().await;
    let (meeting, views) = meeting(&world, 1).await;
    let (words, view) = world.send_with(&[("said", "My room is cold.")]).await;
    let speakerbox = world.back("Sol").await;
    done(
        &speakerbox
            .act(&view, "approve", &[("text", APPROVED)])
            .await,
    );
    done(
        &speakerbox
            .act(&view, "list", &[("meeting", &meeting)])
            .await,
    );
    let who = world.words("role.committee.sender");
    let line = world.words("timeline.approved-read").replace("{who}", &who);
    assert_hides(&world.post("/follow", &[("words", &words)]).await, &line);
    let col = world.desk("Col", Role::Committee).await;
    let list = format!("/desk/meetings/{meeting}");
    for path in [&list, &format!("{list}/{}", views[0]), &list] {
        assert_eq!(col.get(path).await.status, StatusCode::OK);
    }
    let page = world.post("/follow", &[("words", &words)]).await;
    assert_eq!(page.text().matches(&line).count(), 1, "{}", page.text());
}

#[tokio::test]
async fn while_nothing_can_be_entered_no_text_of_a_meeting_is_shown_and_what_was_typed_stays() {
    let world = World::new().await;
    let (meeting, views) = meeting(&world, 1).await;
    let col = world.desk("Col", Role::Committee).await;
    let person = col.desk().await.staff.id;
    let version = world
        .store
        .view(&views[0])
        .await
        .unwrap()
        .unwrap()
        .version
        .to_string();
    let at = (meeting.as_str(), views[0].as_str());
    let mut wrong_day = TYPED;
    wrong_day[4].1 = "some day";
    let token = col.get("/desk/sessions").await.hidden("token");
    let before = audit(&world).await;
    let mut db = world.hold_database().await;
    let path = format!("/desk/meetings/{meeting}/{}/decide", views[0]);
    for (fields, status) in [
        (&TYPED, StatusCode::SERVICE_UNAVAILABLE),
        (&wrong_day, StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let mut sent = vec![("token", token.as_str()), ("version", version.as_str())];
        sent.extend(fields);
        let page = col.post(&path, &sent).await;
        assert_eq!(page.status, status);
        assert_shows(&page, TYPED[1].1);
        assert_shows(&page, &world.words("desk.view.unrecorded"));
        assert!(!has_words(&page));
    }
    let page = col.get(&format!("/desk/meetings/{meeting}")).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!has_words(&page));
    sqlx::raw_sql("ROLLBACK").execute(&mut db).await.unwrap();
    assert_eq!(
        openings(&audit(&world).await, &person, &views[0]),
        openings(&before, &person, &views[0])
    );
    // The control: with a database that takes the entry, the same answer has the texts.
    let page = press(&col, at, ItemAct::Decide, &version, &wrong_day).await;
    assert_shows(&page, TYPED[1].1);
    assert_shows(&page, APPROVED);
}

/// The files of the services that open a sealed text: with the sender's own key, and with any other. `openings.rs` has the
/// keys of the desk, and shows nothing without an entry; the drill of the recovery key counts what opens.
const OPENERS: [(&str, &[&str]); 2] = [
    (
        "open_own_text",
        &[
            "sealed_text.rs",
            "speak/send.rs",
            "thread.rs",
            "thread_limit.rs",
        ],
    ),
    (
        "seal::open_text",
        &["openings.rs", "sealed_text.rs", "staff/recovery.rs"],
    ),
];

fn files_with(way: &str, sources: &[(String, String)]) -> Vec<String> {
    let with = sources.iter().filter(|(_, text)| text.contains(way));
    with.map(|(file, _)| file.clone()).collect()
}

fn service_sources(folder: &std::path::Path, below: &str, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            service_sources(&path, &format!("{below}{name}/"), found);
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((format!("{below}{name}"), text));
        }
    }
}

#[test]
fn what_opens_sealed_texts_is_listed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/service/src");
    let mut sources = Vec::new();
    service_sources(&root, "", &mut sources);
    sources.sort();
    for (way, files) in OPENERS {
        assert_eq!(files_with(way, &sources), *files, "{way}");
    }
    // Bare keys are handed to nobody but where the keys of a session are made.
    assert_eq!(
        files_with(".role_keys(desk)", &sources),
        ["staff/session.rs"]
    );
    // The control: one file more is seen.
    sources.push(("zeal.rs".to_owned(), "seal::open_text(all)".to_owned()));
    assert_eq!(
        files_with("seal::open_text", &sources).last().unwrap(),
        "zeal.rs"
    );
}
