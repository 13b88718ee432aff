//! What every backend of [`Store`] promises, and after it what only the SQLite file can be asked.
//!
//! A backend is one entry in [`BACKENDS`] and one arm in [`open`].

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use domain::audience::{RoleKey, TextKind};
use domain::date::Date;
use domain::indicator::Number;
use domain::lifecycle::{CloseReason, Lane, Service, State, ViewStatus};
use domain::role::Role;
use domain::view::{Subject, Topic};
use std::collections::HashSet;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use store::audit::{BEGINNING, CheckpointRow, Entry, Outcome};
use store::{
    AlertChange, AlertChannel, AlertKind, AlertRow, Change, Changed, DraftRow, EventRow, FigureRow,
    GrantRow, InvitationRow, Joining, Limits, MeetingRow, NewBody, NewView, OutcomeRow, Publish,
    Purge, RoleKeyRow, SealedAgain, SecondFactor, Sent, SessionRow, StaffRow, Store, StoreError,
    TextsAt, UseRow, ViewRow,
};
use store_sqlite::SqliteStore;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// Where a fresh store of each backend is made; `{folder}` is an empty folder.
const BACKENDS: &[&str] = &["sqlite://{folder}/pledge.db"];

async fn open(url: &str) -> Arc<dyn Store> {
    match url.split_once("://") {
        Some(("sqlite", path)) => Arc::new(SqliteStore::open(Path::new(path)).await.unwrap()),
        _ => panic!("no backend for {url}"),
    }
}

/// On the disk, also where the temporary folder is in memory: what is promised here is that it survives a crash.
const DISK: &str = env!("CARGO_TARGET_TMPDIR");

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

/// Runs a test on a fresh store of every backend. It gets the URL too, to open the store again.
fn on_each<F: Future<Output = ()>>(test: impl Fn(Arc<dyn Store>, String) -> F) {
    for backend in BACKENDS {
        let folder = TempDir::new_in(DISK).unwrap();
        let url = backend.replace("{folder}", folder.path().to_str().unwrap());
        runtime().block_on(async { test(open(&url).await, url).await });
    }
}

// ---------------------------------------------------------------------------------------------- what is stored

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn tag(n: u64) -> [u8; 32] {
    let mut tag = [0xA5; 32];
    tag[..8].copy_from_slice(&n.to_be_bytes());
    tag
}

fn body(kind: TextKind, sealed: impl Into<Vec<u8>>) -> NewBody {
    NewBody {
        kind,
        day: day("2026-11-21"),
        generation: 1,
        writer: None,
        sealed: sealed.into(),
    }
}

/// The n-th view: with a text and a name, every byte value in the text.
fn view(n: u64) -> NewView {
    let mut text = format!("view {n} ").into_bytes();
    text.extend(0..=255u8);
    NewView {
        id: format!("view-{n}"),
        tag: tag(n),
        recipient: format!("age1receipt{n}"),
        day: day("2026-11-21"),
        topic: Topic::Home,
        language: "en".to_owned(),
        life: ViewStatus::begin(false),
        bodies: vec![
            body(TextKind::View, text),
            body(TextKind::Identity, format!("name {n}")),
        ],
        alert: None,
        burst: false,
    }
}

fn event(action: &str) -> EventRow {
    EventRow {
        day: day("2026-11-22"),
        action: action.to_owned(),
        role: None,
        staff: None,
        body: None,
        reason: None,
        meeting: None,
        handed: None,
    }
}

/// An act on a view that only writes an event.
fn act(on: &ViewRow, action: &str) -> Change {
    Change {
        view: on.id.clone(),
        from_version: on.version,
        life: on.life,
        since: None,
        meeting: None,
        event: event(action),
        body: None,
        outcome: None,
        erase: false,
        alert: AlertChange::Keep,
    }
}

fn outcome(said: &str, state: State) -> OutcomeRow {
    OutcomeRow {
        topic: Topic::FamilyTime,
        said: said.to_owned(),
        decided: "More visits".to_owned(),
        owner: "Head of service".to_owned(),
        due: day("2027-03-31"),
        meeting_day: day("2026-12-01"),
        published: day("2026-12-02"),
        state,
    }
}

fn meeting(id: &str, on: &str) -> MeetingRow {
    MeetingRow {
        id: id.to_owned(),
        day: day(on),
        title: format!("Meeting {id}"),
    }
}

fn person(id: &str, name: &str, role: Role) -> StaffRow {
    StaffRow {
        id: id.to_owned(),
        name: name.to_owned(),
        role,
        recipient: format!("age1{id}"),
        salt: [7; 16],
        wrapped: vec![0, 255, 1],
        must_change: true,
        temp_password_expires_at: 70,
        second_factor: None,
        last_step: 0,
        suspended: false,
    }
}

fn session(n: u8, staff: &str, began: i64, seen: i64) -> SessionRow {
    SessionRow {
        hash: [n; 32],
        staff: staff.to_owned(),
        wrapped: vec![n, 0],
        began,
        seen,
        half: n.is_multiple_of(2),
    }
}

async fn sent(store: &dyn Store, n: u64) -> ViewRow {
    assert_eq!(store.send(view(n)).await.unwrap(), Sent::Stored);
    get(store, n).await
}

async fn get(store: &dyn Store, n: u64) -> ViewRow {
    store.view(&format!("view-{n}")).await.unwrap().unwrap()
}

/// Texts from which a careless query, encoding or comparison would make something else.
const ODD_TEXTS: [&str; 14] = [
    "",
    " ",
    "Robert'); DROP TABLE view;--",
    "\" OR \"\"=\"",
    "$1 ?1 :name @name %s {} \\' \\0 \\",
    "100% _underscored_ [a-z]*",
    "-- comment /* */ ;",
    "NULL",
    "line one\nline two\r\n\ttab",
    "e\u{301} is not \u{e9}",
    "\u{202e}right to left\u{202c} \u{200f}\u{feff}\u{200b}",
    "👩🏽‍👩🏾‍👧🏿 ትግርኛ العربية 中文 \u{1F3F4}\u{E0067}\u{E0062}",
    "ﬃ İ ı ß ſ K",
    "\u{10FFFF}\u{FFFD}\u{1}",
];

// ---------------------------------------------------------------------------------------------- sending

#[test]
fn a_view_is_read_back_as_it_was_sent() {
    on_each(|store, _| async move {
        for (n, topic) in (1..).zip(Topic::ALL) {
            let mut new = view(n);
            new.topic = *topic;
            new.life = ViewStatus::begin(n % 2 == 0);
            new.language = format!("l{n}");
            new.day = day("2026-11-21").plus_days(n as i32);
            if n % 3 == 0 {
                new.bodies.pop();
            }
            assert_eq!(store.send(new.clone()).await.unwrap(), Sent::Stored);

            let row = store.view(&new.id).await.unwrap().unwrap();
            let seq = row.seq;
            assert_eq!(
                row,
                ViewRow {
                    id: new.id.clone(),
                    seq,
                    recipient: new.recipient,
                    day: new.day,
                    topic: *topic,
                    language: new.language,
                    life: new.life,
                    since: new.day,
                    has_identity: n % 3 != 0,
                    meeting: None,
                    version: 0,
                    burst: false,
                }
            );
            assert_eq!(store.view_by_tag(&tag(n)).await.unwrap(), Some(row));

            let bodies = store.bodies(&new.id).await.unwrap();
            assert_eq!(bodies.len(), new.bodies.len());
            for (got, want) in bodies.iter().zip(&new.bodies) {
                assert_eq!(
                    (got.kind, got.day, got.generation, got.writer, &got.sealed),
                    (
                        want.kind,
                        want.day,
                        want.generation,
                        want.writer,
                        &want.sealed
                    )
                );
            }
            let sent = EventRow {
                day: new.day,
                body: Some(bodies[0].id),
                ..event("sent")
            };
            assert_eq!(store.events(&new.id).await.unwrap(), [sent]);
        }
        let views = store.views().await.unwrap();
        let ids: Vec<String> = views.iter().map(|view| view.id.clone()).collect();
        let wanted: Vec<String> = (1..=Topic::ALL.len())
            .map(|n| format!("view-{n}"))
            .collect();
        assert_eq!(ids, wanted, "oldest first");
        assert!(views.windows(2).all(|pair| pair[0].seq < pair[1].seq));
    });
}

#[test]
fn a_view_without_texts_is_kept_too() {
    on_each(|store, _| async move {
        let new = NewView {
            bodies: Vec::new(),
            ..view(1)
        };
        assert_eq!(store.send(new).await.unwrap(), Sent::Stored);
        assert!(!get(&*store, 1).await.has_identity);
        assert!(store.bodies("view-1").await.unwrap().is_empty());
        assert_eq!(store.events("view-1").await.unwrap().len(), 1);
    });
}

#[test]
fn sending_again_changes_nothing() {
    on_each(|store, _| async move {
        let first = sent(&*store, 1).await;
        let bodies = store.bodies(&first.id).await.unwrap();
        // The same form may be sealed again when it comes again; only the tag is the same.
        let again = NewView {
            id: "another".to_owned(),
            recipient: "age1another".to_owned(),
            topic: Topic::Money,
            bodies: vec![body(TextKind::View, "another")],
            ..view(1)
        };
        assert_eq!(store.send(again).await.unwrap(), Sent::Already);
        assert_eq!(store.send(view(1)).await.unwrap(), Sent::Already);
        assert_eq!(store.views().await.unwrap(), std::slice::from_ref(&first));
        assert_eq!(store.bodies(&first.id).await.unwrap(), bodies);
        assert_eq!(store.events(&first.id).await.unwrap().len(), 1);
        assert_eq!(store.view("another").await.unwrap(), None);
        assert!(store.bodies("another").await.unwrap().is_empty());

        // One byte of the tag makes another view.
        let mut near = view(2);
        near.tag = tag(1);
        near.tag[31] ^= 1;
        assert_eq!(store.send(near).await.unwrap(), Sent::Stored);
    });
}

#[test]
fn of_twenty_sends_at_once_with_one_tag_one_is_stored() {
    on_each(|store, _| async move {
        let tries: Vec<_> = (0..20)
            .map(|n| {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    store
                        .send(NewView {
                            id: format!("try-{n}"),
                            ..view(1)
                        })
                        .await
                        .unwrap()
                })
            })
            .collect();
        let mut stored = 0;
        for one in tries {
            stored += usize::from(one.await.unwrap() == Sent::Stored);
        }
        assert_eq!(stored, 1);
        let views = store.views().await.unwrap();
        assert_eq!(views.len(), 1);
        assert_eq!(store.bodies(&views[0].id).await.unwrap().len(), 2);
        assert_eq!(store.events(&views[0].id).await.unwrap().len(), 1);
    });
}

#[test]
fn two_hundred_sends_at_once_are_all_there_also_after_opening_again() {
    on_each(|store, url| async move {
        let sends: Vec<_> = (0..200)
            .map(|n| {
                let store = Arc::clone(&store);
                tokio::spawn(async move { store.send(view(n)).await.unwrap() })
            })
            .collect();
        for send in sends {
            assert_eq!(send.await.unwrap(), Sent::Stored);
        }
        let before = store.views().await.unwrap();
        assert_eq!(before.len(), 200);
        assert_eq!(
            before
                .iter()
                .map(|view| view.seq)
                .collect::<HashSet<_>>()
                .len(),
            200
        );
        drop(store);

        let store = open(&url).await;
        assert_eq!(store.views().await.unwrap(), before);
        for n in 0..200 {
            let row = store.view_by_tag(&tag(n)).await.unwrap().unwrap();
            assert_eq!(row.id, format!("view-{n}"));
            let bodies = store.bodies(&row.id).await.unwrap();
            assert_eq!(
                bodies.iter().map(|body| &body.sealed).collect::<Vec<_>>(),
                [&view(n).bodies[0].sealed, &view(n).bodies[1].sealed]
            );
            assert_eq!(store.send(view(n)).await.unwrap(), Sent::Already);
        }
    });
}

#[test]
fn a_write_at_fault_does_not_spoil_the_others() {
    on_each(|store, _| async move {
        sent(&*store, 1_000).await;
        let writes: Vec<_> = (0..100)
            .map(|n| {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    match n % 5 {
                        // An event of a view that does not exist, and an id that is taken.
                        0 => store.record("nobody", event("name")).await.is_err(),
                        1 => store
                            .send(NewView {
                                id: "view-1000".to_owned(),
                                ..view(n)
                            })
                            .await
                            .is_err(),
                        _ => store.send(view(n)).await.unwrap() == Sent::Stored,
                    }
                })
            })
            .collect();
        for (n, write) in writes.into_iter().enumerate() {
            assert!(write.await.unwrap(), "{n}");
        }
        assert_eq!(store.views().await.unwrap().len(), 61);
        for n in (0..100).filter(|n| n % 5 > 1) {
            assert_eq!(store.bodies(&format!("view-{n}")).await.unwrap().len(), 2);
        }
        assert_eq!(
            store.bodies("view-1000").await.unwrap().len(),
            2,
            "nothing was added to the view whose id was tried"
        );
        assert_eq!(
            store.view_by_tag(&tag(1)).await.unwrap(),
            None,
            "a failed send leaves no trace"
        );
    });
}

#[test]
fn what_is_written_stays_written_when_nobody_waits_for_the_answer() {
    on_each(|store, _| async move {
        for n in 0..20 {
            let sending = store.send(view(n));
            // Polled once, then dropped, as when a phone goes away.
            let _ = tokio::time::timeout(std::time::Duration::ZERO, sending).await;
        }
        // Writes are done in order, so everything before this one is over.
        sent(&*store, 1_000).await;
        for row in store.views().await.unwrap() {
            assert_eq!(
                store.bodies(&row.id).await.unwrap().len(),
                2,
                "whole or absent"
            );
            assert_eq!(store.events(&row.id).await.unwrap().len(), 1);
        }
    });
}

// ---------------------------------------------------------------------------------------------- acts

#[test]
fn a_change_is_written_whole() {
    on_each(|store, _| async move {
        store
            .add_meeting(meeting("m1", "2026-12-01"))
            .await
            .unwrap();
        let first = sent(&*store, 1).await;
        let other = sent(&*store, 2).await;
        let life = ViewStatus {
            state: State::AskedBack,
            lane: Lane::Claimed,
            unread: false,
            about: Subject::Nobody,
        };
        let change = Change {
            life,
            since: Some(day("2026-11-25")),
            meeting: Some(Some("m1".to_owned())),
            event: EventRow {
                role: Some(Role::Speakerbox),
                staff: Some("ana".to_owned()),
                reason: Some(CloseReason::Settled),
                meeting: Some("m1".to_owned()),
                body: Some(4_711),
                ..event("ask-back")
            },
            body: Some(NewBody {
                writer: Some(Role::Speakerbox),
                generation: 3,
                day: day("2026-11-25"),
                ..body(TextKind::Question, "why?")
            }),
            ..act(&first, "")
        };
        assert_eq!(store.change(change.clone()).await.unwrap(), Changed::Done);

        let row = get(&*store, 1).await;
        let wanted = ViewRow {
            life,
            since: day("2026-11-25"),
            meeting: Some("m1".to_owned()),
            version: 1,
            ..first.clone()
        };
        assert_eq!(row, wanted);
        assert_eq!(get(&*store, 2).await, other, "no other view is touched");

        let bodies = store.bodies(&first.id).await.unwrap();
        assert_eq!(bodies.len(), 3);
        let question = &bodies[2];
        assert_eq!(
            (
                question.kind,
                question.day,
                question.generation,
                question.writer,
                question.sealed.as_slice()
            ),
            (
                TextKind::Question,
                day("2026-11-25"),
                3,
                Some(Role::Speakerbox),
                b"why?".as_slice()
            )
        );
        let events = store.events(&first.id).await.unwrap();
        assert_eq!(events.len(), 2);
        // What the caller put into `event.body` is not looked at: the event points to the text written with it.
        assert_eq!(
            events[1],
            EventRow {
                body: Some(question.id),
                ..change.event
            }
        );

        // What is not named stays; an event without a text points to none.
        let event_only = EventRow {
            body: Some(4_711),
            ..event("note")
        };
        let second = Change {
            event: event_only,
            ..act(&row, "")
        };
        assert_eq!(store.change(second).await.unwrap(), Changed::Done);
        assert_eq!(get(&*store, 1).await, ViewRow { version: 2, ..row });
        assert_eq!(store.events(&first.id).await.unwrap()[2], event("note"));
        assert!(store.outcomes().await.unwrap().is_empty());
    });
}

#[test]
fn a_stale_change_writes_nothing() {
    on_each(|store, _| async move {
        let first = sent(&*store, 1).await;
        assert_eq!(
            store.change(act(&first, "open")).await.unwrap(),
            Changed::Done
        );
        let now = get(&*store, 1).await;
        let stale = |from_version: i64| Change {
            from_version,
            life: ViewStatus {
                state: State::Published,
                lane: Lane::Ordinary,
                unread: false,
                about: Subject::Nobody,
            },
            body: Some(body(TextKind::Reply, "late")),
            outcome: Some(outcome("late", State::Published)),
            ..act(&first, "reply")
        };
        let erasing = Change {
            erase: true,
            ..stale(0)
        };
        for late in [
            stale(0),
            stale(2),
            stale(-1),
            erasing,
            Change {
                view: "nobody".to_owned(),
                ..stale(1)
            },
        ] {
            assert_eq!(store.change(late).await.unwrap(), Changed::Stale);
        }
        assert_eq!(get(&*store, 1).await, now);
        assert_eq!(store.bodies(&first.id).await.unwrap().len(), 2);
        assert_eq!(store.events(&first.id).await.unwrap().len(), 2);
        assert!(store.outcomes().await.unwrap().is_empty());
        // Control: from the right version the same act is done.
        assert_eq!(store.change(stale(1)).await.unwrap(), Changed::Done);
        assert_eq!(store.outcomes().await.unwrap().len(), 1);
    });
}

#[test]
fn of_many_changes_from_one_version_one_is_done() {
    on_each(|store, _| async move {
        let first = sent(&*store, 1).await;
        let changes: Vec<_> = (0..20)
            .map(|n| {
                let change = Change {
                    body: Some(body(TextKind::Note, format!("note {n}"))),
                    ..act(&first, "note")
                };
                let store = Arc::clone(&store);
                tokio::spawn(async move { store.change(change).await.unwrap() })
            })
            .collect();
        let mut done = 0;
        for change in changes {
            done += usize::from(change.await.unwrap() == Changed::Done);
        }
        assert_eq!(done, 1);
        assert_eq!(get(&*store, 1).await.version, 1);
        assert_eq!(store.bodies(&first.id).await.unwrap().len(), 3);
        assert_eq!(store.events(&first.id).await.unwrap().len(), 2);
    });
}

#[test]
fn a_change_at_fault_writes_nothing() {
    on_each(|store, _| async move {
        let first = sent(&*store, 1).await;
        let nowhere = Change {
            meeting: Some(Some("no such meeting".to_owned())),
            body: Some(body(TextKind::Note, "note")),
            ..act(&first, "list")
        };
        assert!(matches!(
            store.change(nowhere).await,
            Err(StoreError::NotSaved(_))
        ));
        assert_eq!(get(&*store, 1).await, first);
        assert_eq!(store.bodies(&first.id).await.unwrap().len(), 2);
        assert_eq!(store.events(&first.id).await.unwrap().len(), 1);
    });
}

#[test]
fn meetings_and_their_lists() {
    on_each(|store, _| async move {
        for (id, on) in [
            ("early", "2026-09-01"),
            ("late", "2026-12-01"),
            ("same day", "2026-12-01"),
        ] {
            store.add_meeting(meeting(id, on)).await.unwrap();
        }
        let ids: Vec<String> = store
            .meetings()
            .await
            .unwrap()
            .into_iter()
            .map(|row| row.id)
            .collect();
        assert_eq!(
            ids,
            ["same day", "late", "early"],
            "newest first; on one day, the last added first"
        );
        assert!(
            store
                .add_meeting(meeting("late", "2027-01-01"))
                .await
                .is_err(),
            "an id is used once"
        );

        for n in [3, 1, 2] {
            sent(&*store, n).await;
        }
        // Listed in another order than they came.
        for n in [2, 3, 1] {
            let list = Change {
                meeting: Some(Some("late".to_owned())),
                ..act(&get(&*store, n).await, "list")
            };
            assert_eq!(store.change(list).await.unwrap(), Changed::Done);
        }
        let listed = |rows: Vec<ViewRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
        assert_eq!(
            listed(store.listed("late").await.unwrap()),
            ["view-3", "view-1", "view-2"]
        );
        assert!(store.listed("early").await.unwrap().is_empty());
        assert!(store.listed("no such").await.unwrap().is_empty());

        let unlist = Change {
            meeting: Some(None),
            ..act(&get(&*store, 1).await, "unlist")
        };
        assert_eq!(store.change(unlist).await.unwrap(), Changed::Done);
        assert_eq!(get(&*store, 1).await.meeting, None);
        assert_eq!(
            listed(store.listed("late").await.unwrap()),
            ["view-3", "view-2"]
        );

        let away = Change {
            erase: true,
            ..act(&get(&*store, 3).await, "withdraw")
        };
        assert_eq!(store.change(away).await.unwrap(), Changed::Done);
        assert_eq!(listed(store.listed("late").await.unwrap()), ["view-2"]);
    });
}

#[test]
fn an_outcome_appears_with_its_change_and_follows_the_life() {
    on_each(|store, _| async move {
        let to = |row: &ViewRow, state: State| Change {
            life: ViewStatus { state, ..row.life },
            ..act(row, "x")
        };
        let first = sent(&*store, 1).await;
        sent(&*store, 2).await;
        let decide = to(&first, State::Decided);
        assert_eq!(store.change(decide).await.unwrap(), Changed::Done);
        assert!(store.outcomes().await.unwrap().is_empty());

        // The state in the row given is not believed; the life is.
        let now = get(&*store, 1).await;
        let publish = Change {
            outcome: Some(outcome("one", State::Agreed)),
            ..to(&now, State::Published)
        };
        assert_eq!(store.change(publish).await.unwrap(), Changed::Done);
        assert_eq!(
            store.outcomes().await.unwrap(),
            [outcome("one", State::Published)]
        );

        for state in [State::Done, State::Disputed, State::Done, State::Agreed] {
            let now = get(&*store, 1).await;
            assert_eq!(store.change(to(&now, state)).await.unwrap(), Changed::Done);
            assert_eq!(store.outcomes().await.unwrap(), [outcome("one", state)]);
        }

        // A second view, published later the same day and on another day; then one corrected.
        let two = OutcomeRow {
            published: day("2026-12-02"),
            ..outcome("two", State::Published)
        };
        let now = get(&*store, 2).await;
        let publish = Change {
            outcome: Some(two.clone()),
            ..to(&now, State::Published)
        };
        assert_eq!(store.change(publish).await.unwrap(), Changed::Done);
        assert_eq!(
            store.outcomes().await.unwrap(),
            [two.clone(), outcome("one", State::Agreed)],
            "newest first"
        );

        let corrected = OutcomeRow {
            published: day("2026-12-01"),
            topic: Topic::Money,
            ..two
        };
        let now = get(&*store, 2).await;
        let again = Change {
            outcome: Some(corrected.clone()),
            ..to(&now, State::Published)
        };
        assert_eq!(store.change(again).await.unwrap(), Changed::Done);
        assert_eq!(
            store.outcomes().await.unwrap(),
            [outcome("one", State::Agreed), corrected]
        );
    });
}

#[test]
fn erasing_leaves_the_tombstone_alone() {
    on_each(|store, url| async move {
        store
            .add_meeting(meeting("m1", "2026-12-01"))
            .await
            .unwrap();
        let first = sent(&*store, 1).await;
        let other = sent(&*store, 2).await;
        let list = Change {
            meeting: Some(Some("m1".to_owned())),
            body: Some(body(TextKind::Approved, "approved")),
            ..act(&first, "list")
        };
        assert_eq!(store.change(list).await.unwrap(), Changed::Done);
        let now = get(&*store, 1).await;
        store.record(&first.id, event("name")).await.unwrap();
        let away = Change {
            life: ViewStatus {
                state: State::Withdrawn,
                lane: Lane::Ordinary,
                unread: false,
                about: Subject::Nobody,
            },
            since: Some(day("2026-11-30")),
            // There is nothing left that a text could belong to.
            body: Some(body(TextKind::Answer, "goodbye")),
            erase: true,
            ..act(&now, "withdraw")
        };
        assert_eq!(store.change(away).await.unwrap(), Changed::Done);

        for store in [Arc::clone(&store), open(&url).await] {
            let stone = get(&*store, 1).await;
            assert_eq!(
                stone,
                ViewRow {
                    recipient: String::new(),
                    language: String::new(),
                    life: ViewStatus {
                        state: State::Withdrawn,
                        lane: Lane::Ordinary,
                        unread: false,
                        about: Subject::Nobody,
                    },
                    since: day("2026-11-30"),
                    has_identity: false,
                    meeting: None,
                    version: 2,
                    ..first.clone()
                }
            );
            assert_eq!(
                store.view_by_tag(&tag(1)).await.unwrap(),
                Some(stone.clone())
            );
            assert_eq!(store.views().await.unwrap(), std::slice::from_ref(&other));
            assert!(store.listed("m1").await.unwrap().is_empty());
            assert!(store.bodies(&first.id).await.unwrap().is_empty());
            assert_eq!(store.events(&first.id).await.unwrap(), [event("withdraw")]);
            assert_eq!(store.send(view(1)).await.unwrap(), Sent::Already);
            assert!(store.bodies(&first.id).await.unwrap().is_empty());
        }
        // Control: the other view has all of its own.
        assert_eq!(store.bodies(&other.id).await.unwrap().len(), 2);
        assert_eq!(store.events(&other.id).await.unwrap().len(), 1);
    });
}

#[test]
fn events_are_kept_as_recorded() {
    on_each(|store, _| async move {
        let first = sent(&*store, 1).await;
        let name = store.bodies(&first.id).await.unwrap()[1].id;
        let full = EventRow {
            day: day("2199-12-31"),
            action: "name".to_owned(),
            role: Some(Role::Safety),
            staff: Some("sam".to_owned()),
            body: Some(name),
            reason: Some(CloseReason::WouldIdentify),
            meeting: Some("m".to_owned()),
            handed: Some((Service::Mash, day("2199-12-30"))),
        };
        assert!(store.handed_over().await.unwrap().is_empty());
        store.record(&first.id, full.clone()).await.unwrap();
        let handed = store.handed_over().await.unwrap();
        assert!(handed.len() == 1 && handed.contains(&first.id));
        store.record(&first.id, event("name")).await.unwrap();
        assert_eq!(
            store.events(&first.id).await.unwrap()[1..],
            [full, event("name")]
        );
        assert_eq!(get(&*store, 1).await, first, "an event alone is no change");
        assert!(store.record("nobody", event("name")).await.is_err());
    });
}

#[test]
fn every_word_of_the_domain_is_read_back() {
    on_each(|store, _| async move {
        sent(&*store, 1).await;
        for state in State::ALL {
            for lane in Lane::ALL {
                for unread in [true, false] {
                    let life = ViewStatus {
                        state: *state,
                        lane: *lane,
                        unread,
                        about: Subject::Nobody,
                    };
                    let change = Change {
                        life,
                        ..act(&get(&*store, 1).await, "x")
                    };
                    assert_eq!(store.change(change).await.unwrap(), Changed::Done);
                    assert_eq!(get(&*store, 1).await.life, life);
                }
            }
        }
        for reason in CloseReason::ALL {
            store
                .record(
                    "view-1",
                    EventRow {
                        reason: Some(*reason),
                        ..event("close")
                    },
                )
                .await
                .unwrap();
            assert_eq!(
                store.events("view-1").await.unwrap().pop().unwrap().reason,
                Some(*reason)
            );
        }
        for role in Role::ALL {
            store
                .record(
                    "view-1",
                    EventRow {
                        role: Some(role),
                        ..event("open")
                    },
                )
                .await
                .unwrap();
            assert_eq!(
                store.events("view-1").await.unwrap().pop().unwrap().role,
                Some(role)
            );
        }
        for (kind, writer) in TextKind::ALL.into_iter().zip(Role::ALL.into_iter().cycle()) {
            let written = NewBody {
                writer: Some(writer),
                generation: u32::MAX,
                ..body(kind, [])
            };
            let change = Change {
                body: Some(written),
                ..act(&get(&*store, 1).await, "x")
            };
            assert_eq!(store.change(change).await.unwrap(), Changed::Done);
            let last = store.bodies("view-1").await.unwrap().pop().unwrap();
            assert_eq!(
                (last.kind, last.writer, last.generation),
                (kind, Some(writer), u32::MAX)
            );
            assert!(last.sealed.is_empty());
        }
    });
}

#[test]
fn odd_texts_are_kept_exactly() {
    on_each(|store, _| async move {
        for (n, odd) in (0..).zip(ODD_TEXTS) {
            let row = MeetingRow {
                id: format!("m{n}{odd}"),
                day: day("2026-12-01"),
                title: odd.to_owned(),
            };
            store.add_meeting(row.clone()).await.unwrap();
            assert_eq!(store.meetings().await.unwrap()[0], row);

            let new = NewView {
                id: format!("{n}{odd}"),
                language: odd.to_owned(),
                ..view(n)
            };
            assert_eq!(store.send(new.clone()).await.unwrap(), Sent::Stored);
            let got = store.view(&new.id).await.unwrap().unwrap();
            assert_eq!(
                (got.id.as_str(), got.language.as_str()),
                (new.id.as_str(), odd)
            );

            let said = OutcomeRow {
                said: odd.to_owned(),
                decided: odd.repeat(50),
                owner: odd.to_owned(),
                published: day("2026-12-01").plus_days(n as i32),
                ..outcome("", got.life.state)
            };
            let change = Change {
                outcome: Some(said.clone()),
                event: EventRow {
                    staff: Some(odd.to_owned()),
                    ..event(odd)
                },
                meeting: Some(Some(row.id.clone())),
                ..act(&got, "")
            };
            assert_eq!(store.change(change.clone()).await.unwrap(), Changed::Done);
            assert_eq!(store.outcomes().await.unwrap()[0], said);
            assert_eq!(store.events(&new.id).await.unwrap()[1], change.event);
            assert_eq!(store.listed(&row.id).await.unwrap().len(), 1);

            let somebody = person(&format!("{n}"), odd, Role::Clerk);
            assert!(store.add_staff(somebody.clone(), Vec::new()).await.unwrap());
            assert_eq!(store.staff_by_name(odd).await.unwrap(), Some(somebody));
        }
        assert_eq!(
            store.views().await.unwrap().len(),
            ODD_TEXTS.len(),
            "every table is still there"
        );
        assert_eq!(
            store.all_staff().await.unwrap().len(),
            ODD_TEXTS.len(),
            "and no two texts were taken for one"
        );
        for quoting in ["' OR 1=1 --", "x' OR 'a'='a", "%", "_"] {
            assert_eq!(store.view(quoting).await.unwrap(), None);
            assert_eq!(store.staff(quoting).await.unwrap(), None);
            assert!(store.bodies(quoting).await.unwrap().is_empty());
        }
    });
}

#[test]
fn what_is_unknown_is_none() {
    on_each(|store, _| async move {
        assert_eq!(store.view("x").await.unwrap(), None);
        assert_eq!(store.view_by_tag(&tag(1)).await.unwrap(), None);
        assert!(store.views().await.unwrap().is_empty());
        assert!(store.bodies("x").await.unwrap().is_empty());
        assert!(store.events("x").await.unwrap().is_empty());
        assert!(store.outcomes().await.unwrap().is_empty());
        assert!(store.meetings().await.unwrap().is_empty());
        assert_eq!(store.recovery().await.unwrap(), None);
        assert!(store.role_keys().await.unwrap().is_empty());
        assert!(store.all_staff().await.unwrap().is_empty());
        assert_eq!(store.staff("x").await.unwrap(), None);
        assert_eq!(store.staff_by_name("x").await.unwrap(), None);
        assert!(store.grants("x").await.unwrap().is_empty());
        assert_eq!(store.session(&[1; 32]).await.unwrap(), None);
        // Ending or touching what is not there is no error; setting a password for nobody is.
        store.touch_session(&[1; 32], 5).await.unwrap();
        store.end_session(&[1; 32]).await.unwrap();
        store.end_old_sessions(i64::MAX, i64::MAX).await.unwrap();
        assert!(matches!(
            store.set_password("x", [0; 16], Vec::new(), None).await,
            Err(StoreError::NotSaved(_))
        ));
        assert_eq!(store.session(&[1; 32]).await.unwrap(), None);
    });
}

// ---------------------------------------------------------------------------------------------- keys and staff

#[test]
fn keys_are_stored_once() {
    on_each(|store, url| async move {
        let key = |key: RoleKey, generation: u32| RoleKeyRow {
            key,
            generation,
            recipient: format!("age1{}{generation}", key.id()),
            for_recovery: vec![generation as u8, 0, 255],
        };
        let mut keys: Vec<RoleKeyRow> = RoleKey::ALL
            .into_iter()
            .map(|which| key(which, 1))
            .collect();
        keys.push(key(RoleKey::Safety, 2));
        assert!(store.begin("age1recovery", keys.clone()).await.unwrap());
        assert!(
            !store
                .begin("age1other", vec![key(RoleKey::Committee, 9)])
                .await
                .unwrap()
        );
        drop(store);
        let store = open(&url).await;
        assert!(!store.begin("age1other", Vec::new()).await.unwrap());
        assert_eq!(
            store.recovery().await.unwrap().as_deref(),
            Some("age1recovery")
        );
        let mut got = store.role_keys().await.unwrap();
        got.sort_by_key(|row| (row.key, row.generation));
        keys.sort_by_key(|row| (row.key, row.generation));
        assert_eq!(got, keys);
    });
}

#[test]
fn of_two_beginnings_at_once_one_counts() {
    on_each(|store, _| async move {
        let key = |name: &str| RoleKeyRow {
            key: RoleKey::Safety,
            generation: 1,
            recipient: name.to_owned(),
            for_recovery: Vec::new(),
        };
        let (a, b) = tokio::join!(
            store.begin("a", vec![key("a")]),
            store.begin("b", vec![key("b")])
        );
        assert!(a.unwrap() != b.unwrap());
        let recovery = store.recovery().await.unwrap().unwrap();
        assert_eq!(
            store.role_keys().await.unwrap(),
            [key(&recovery)],
            "keys and recovery key of the same beginning"
        );
    });
}

#[test]
fn a_beginning_at_fault_stores_nothing() {
    on_each(|store, _| async move {
        let key = RoleKeyRow {
            key: RoleKey::Safety,
            generation: 1,
            recipient: String::new(),
            for_recovery: Vec::new(),
        };
        assert!(
            store
                .begin("a", vec![key.clone(), key.clone()])
                .await
                .is_err()
        );
        assert_eq!(store.recovery().await.unwrap(), None);
        assert!(store.role_keys().await.unwrap().is_empty());
        assert!(store.begin("a", vec![key]).await.unwrap());
    });
}

#[test]
fn whom_a_view_is_about_and_who_is_kept_away_are_read_back() {
    on_each(|store, _| async move {
        for (n, about) in (1..).zip(Subject::ALL) {
            let mut new = view(n);
            new.life.about = *about;
            let id = new.id.clone();
            assert_eq!(store.send(new).await.unwrap(), Sent::Stored);
            assert_eq!(store.view(&id).await.unwrap().unwrap().life.about, *about);
        }
        let ids: Vec<String> = store
            .views()
            .await
            .unwrap()
            .into_iter()
            .map(|row| row.id)
            .collect();
        let ann = person("ann", "ann", Role::Speakerbox);
        assert!(store.add_staff(ann, Vec::new()).await.unwrap());
        assert!(store.recused("ann").await.unwrap().is_empty());
        for _ in 0..2 {
            store.recuse(&ids[0], "ann").await.unwrap();
        }
        store.recuse(&ids[1], "ann").await.unwrap();
        let away: Vec<String> = store.recused("ann").await.unwrap().into_iter().collect();
        let mut wanted = ids[..2].to_vec();
        wanted.sort();
        assert_eq!(away, wanted);
        assert!(store.recused("ben").await.unwrap().is_empty());
        // Nobody and nothing that is not there.
        assert!(store.recuse("no view", "ann").await.is_err());
        assert!(store.recuse(&ids[0], "nobody").await.is_err());
        // It goes with the account.
        store
            .remove_staff("ann", Vec::new(), Vec::new())
            .await
            .unwrap();
        assert!(store.recused("ann").await.unwrap().is_empty());
    });
}

#[test]
fn staff_names_are_used_once() {
    on_each(|store, _| async move {
        let grant = |key: RoleKey, generation: u32| GrantRow {
            key,
            generation,
            sealed: vec![generation as u8, 0, 200],
        };
        let grants = vec![
            grant(RoleKey::Coordinator, 1),
            grant(RoleKey::Speakerbox, 1),
            grant(RoleKey::Speakerbox, 2),
        ];
        let zoe = StaffRow {
            must_change: false,
            ..person("1", "zoe", Role::Coordinator)
        };
        assert!(store.add_staff(zoe.clone(), grants.clone()).await.unwrap());
        assert!(
            !store
                .add_staff(
                    person("2", "zoe", Role::Admin),
                    vec![grant(RoleKey::Safety, 1)]
                )
                .await
                .unwrap()
        );
        assert!(store.grants("2").await.unwrap().is_empty());
        assert_eq!(store.staff("2").await.unwrap(), None);
        assert!(
            store
                .add_staff(person("1", "ben", Role::Admin), Vec::new())
                .await
                .is_err(),
            "an id is used once"
        );

        for (n, (role, name)) in (3..).zip(
            Role::ALL
                .into_iter()
                .zip(["kim", "ann", "Bob", "eve", "lee", "max"]),
        ) {
            assert!(
                store
                    .add_staff(person(&n.to_string(), name, role), Vec::new())
                    .await
                    .unwrap()
            );
            assert_eq!(store.staff_by_name(name).await.unwrap().unwrap().role, role);
        }
        assert_eq!(store.staff("1").await.unwrap(), Some(zoe.clone()));
        assert_eq!(store.staff_by_name("zoe").await.unwrap(), Some(zoe));
        let names: Vec<String> = store
            .all_staff()
            .await
            .unwrap()
            .into_iter()
            .map(|row| row.name)
            .collect();
        assert_eq!(names, ["Bob", "ann", "eve", "kim", "lee", "max", "zoe"]);

        let mut got = store.grants("1").await.unwrap();
        got.sort_by_key(|row| (row.key, row.generation));
        let mut wanted = grants;
        wanted.sort_by_key(|row| (row.key, row.generation));
        assert_eq!(got, wanted);
        assert!(store.grants("3").await.unwrap().is_empty());
    });
}

#[test]
fn of_many_people_with_one_name_one_is_added() {
    on_each(|store, _| async move {
        let tries: Vec<_> = (0..10)
            .map(|n| {
                let store = Arc::clone(&store);
                let grant = GrantRow {
                    key: RoleKey::Safety,
                    generation: 1,
                    sealed: vec![n],
                };
                tokio::spawn(async move {
                    store
                        .add_staff(person(&n.to_string(), "zoe", Role::Safety), vec![grant])
                        .await
                        .unwrap()
                })
            })
            .collect();
        let mut added = 0;
        for one in tries {
            added += usize::from(one.await.unwrap());
        }
        assert_eq!(added, 1);
        let zoe = store.staff_by_name("zoe").await.unwrap().unwrap();
        assert_eq!(store.grants(&zoe.id).await.unwrap().len(), 1);
    });
}

#[test]
fn sessions_begin_and_end() {
    on_each(|store, _| async move {
        for id in ["ana", "ben"] {
            assert!(
                store
                    .add_staff(person(id, id, Role::Speakerbox), Vec::new())
                    .await
                    .unwrap()
            );
        }
        let rows = [
            session(1, "ana", 100, 100),
            session(2, "ana", 200, 200),
            session(3, "ben", 100, 300),
            session(4, "ben", 300, 300),
        ];
        for row in &rows {
            store.add_session(row.clone()).await.unwrap();
            assert_eq!(store.session(&row.hash).await.unwrap().as_ref(), Some(row));
        }
        assert!(
            store.add_session(rows[0].clone()).await.is_err(),
            "a token is used once"
        );
        assert!(
            store.add_session(session(9, "nobody", 1, 1)).await.is_err(),
            "a session is somebody's"
        );

        store.touch_session(&[2; 32], 250).await.unwrap();
        assert_eq!(
            store.session(&[2; 32]).await.unwrap(),
            Some(session(2, "ana", 200, 250))
        );
        assert_eq!(
            store.session(&[1; 32]).await.unwrap().as_ref(),
            Some(&rows[0]),
            "no other is touched"
        );

        // 1 and 3 began before 200; 2 was last used at 250: a moment is not before itself.
        store.end_old_sessions(200, 250).await.unwrap();
        for (n, there) in [(1, false), (2, true), (3, false), (4, true)] {
            assert_eq!(
                store.session(&[n; 32]).await.unwrap().is_some(),
                there,
                "{n}"
            );
        }
        store.end_old_sessions(0, 251).await.unwrap();
        assert_eq!(store.session(&[2; 32]).await.unwrap(), None);
        store.end_session(&[4; 32]).await.unwrap();
        assert_eq!(store.session(&[4; 32]).await.unwrap(), None);
    });
}

#[test]
fn a_new_password_ends_the_persons_other_sessions() {
    on_each(|store, _| async move {
        for id in ["ana", "ben"] {
            assert!(
                store
                    .add_staff(person(id, id, Role::Speakerbox), Vec::new())
                    .await
                    .unwrap()
            );
        }
        for (n, id) in [(1, "ana"), (2, "ana"), (3, "ben")] {
            store.add_session(session(n, id, 100, 100)).await.unwrap();
        }
        let there = async |n: u8| store.session(&[n; 32]).await.unwrap().is_some();

        store
            .set_password("ana", [9; 16], vec![1, 2, 0], Some([2; 32]))
            .await
            .unwrap();
        let ana = store.staff("ana").await.unwrap().unwrap();
        let wanted = StaffRow {
            salt: [9; 16],
            wrapped: vec![1, 2, 0],
            must_change: false,
            temp_password_expires_at: 0,
            ..person("ana", "ana", Role::Speakerbox)
        };
        assert_eq!(ana, wanted);
        assert_eq!(
            store.staff("ben").await.unwrap().unwrap(),
            person("ben", "ben", Role::Speakerbox)
        );
        assert_eq!(
            (there(1).await, there(2).await, there(3).await),
            (false, true, true)
        );

        // Keeping somebody else's session, or none, keeps none of this person's.
        store
            .set_password("ana", [8; 16], vec![3], Some([3; 32]))
            .await
            .unwrap();
        assert_eq!((there(2).await, there(3).await), (false, true));
        store
            .add_session(session(4, "ana", 100, 100))
            .await
            .unwrap();
        store
            .set_password("ana", [8; 16], vec![3], None)
            .await
            .unwrap();
        assert_eq!((there(4).await, there(3).await), (false, true));
    });
}

// ---------------------------------------------------------------------------------------------- words of pages

fn draft(file: &str, over: i64, text: &str, writer: &str) -> DraftRow {
    DraftRow {
        seq: 0,
        file: file.to_owned(),
        over,
        text: text.to_owned(),
        writer: writer.to_owned(),
        day: day("2026-11-21"),
    }
}

fn publish(file: &str, seen: i64, publisher: &str) -> Publish {
    Publish {
        file: file.to_owned(),
        seen,
        publisher: publisher.to_owned(),
        day: day("2026-11-22"),
        given: tag(7),
    }
}

async fn number_of(store: &dyn Store, file: &str) -> i64 {
    let drafts = store.drafts().await.unwrap();
    let found = drafts.into_iter().find(|draft| draft.file == file);
    found.map_or(0, |draft| draft.seq)
}

#[test]
fn a_draft_is_saved_over_the_one_that_was_seen_and_no_other() {
    on_each(|store, _| async move {
        let save = |text: &str, seen| store.save_draft(draft("en/a.md", 0, text, "w"), seen);
        assert_eq!(save("one \0 \u{1F600}", 0).await.unwrap(), Changed::Done);
        let first = number_of(&*store, "en/a.md").await;
        // A second first draft, and one over a number that never was.
        assert_eq!(save("two", 0).await.unwrap(), Changed::Stale);
        assert_eq!(save("two", first + 1).await.unwrap(), Changed::Stale);
        assert_eq!(save("two", first).await.unwrap(), Changed::Done);
        let second = number_of(&*store, "en/a.md").await;
        assert!(second > first);
        assert_eq!(save("three", first).await.unwrap(), Changed::Stale);
        // Another file has drafts of its own, and cannot be named with this one's number.
        let other = store.save_draft(draft("en/b.md", 0, "b", "w"), second);
        assert_eq!(other.await.unwrap(), Changed::Stale);
        let gone = store.discard_draft("en/b.md", second).await.unwrap();
        assert_eq!(gone, Changed::Stale);
        let drafts = store.drafts().await.unwrap();
        let wanted = DraftRow {
            seq: second,
            ..draft("en/a.md", 0, "two", "w")
        };
        assert_eq!(drafts, [wanted]);
        // Discarded and begun again: the old number stays dead.
        let gone = store.discard_draft("en/a.md", second).await.unwrap();
        assert_eq!(gone, Changed::Done);
        assert_eq!(save("four", second).await.unwrap(), Changed::Stale);
        assert_eq!(save("four", 0).await.unwrap(), Changed::Done);
        assert!(number_of(&*store, "en/a.md").await > second);
    });
}

#[test]
fn words_are_published_by_somebody_else_than_their_writer() {
    on_each(|store, url| async move {
        store
            .save_draft(draft("en/a.md", 0, "one", "ann"), 0)
            .await
            .unwrap();
        let seen = number_of(&*store, "en/a.md").await;
        for refused in [
            publish("en/a.md", seen, "ann"),
            publish("en/a.md", seen + 1, "bea"),
            publish("en/b.md", seen, "bea"),
        ] {
            let answer = store.publish_draft(refused.clone()).await.unwrap();
            assert_eq!(answer, Changed::Stale, "{refused:?}");
        }
        assert_eq!(store.published_words().await.unwrap(), []);
        let good = publish("en/a.md", seen, "bea");
        assert_eq!(
            store.publish_draft(good.clone()).await.unwrap(),
            Changed::Done
        );
        assert_eq!(store.publish_draft(good).await.unwrap(), Changed::Stale);
        assert_eq!(store.drafts().await.unwrap(), []);
        let one = store.published_words().await.unwrap();
        assert_eq!(one.len(), 1);
        assert_eq!(
            (
                one[0].text.as_str(),
                one[0].writer.as_str(),
                one[0].publisher.as_str()
            ),
            ("one", "ann", "bea")
        );
        assert_eq!(
            (one[0].written, one[0].published),
            (day("2026-11-21"), day("2026-11-22"))
        );
        assert_eq!(one[0].given, tag(7));
        // A form from before that publication begins no draft: it has not seen these words.
        let late = store.save_draft(draft("en/a.md", 0, "late", "cat"), 0);
        assert_eq!(late.await.unwrap(), Changed::Stale);
        let next = draft("en/a.md", one[0].seq, "two", "bea");
        assert_eq!(store.save_draft(next, 0).await.unwrap(), Changed::Done);
        let seen = number_of(&*store, "en/a.md").await;
        let done = store.publish_draft(publish("en/a.md", seen, "ann")).await;
        assert_eq!(done.unwrap(), Changed::Done);
        drop(store);
        let store = open(&url).await;
        let all = store.word_versions("en/a.md").await.unwrap();
        let texts: Vec<&str> = all.iter().map(|row| row.text.as_str()).collect();
        assert_eq!(texts, ["one", "two"]);
        assert_eq!(store.published_words().await.unwrap(), all[1..]);
        assert_eq!(store.word_versions("en/b.md").await.unwrap(), []);
    });
}

#[test]
fn a_person_sees_and_ends_their_own_sessions() {
    on_each(|store, _| async move {
        for id in ["ana", "ben"] {
            let ana = person(id, id, Role::Speakerbox);
            assert!(store.add_staff(ana, Vec::new()).await.unwrap());
        }
        for (n, id, began) in [
            (1, "ana", 100),
            (2, "ana", 300),
            (3, "ana", 200),
            (4, "ben", 1),
        ] {
            store
                .add_session(session(n, id, began, began))
                .await
                .unwrap();
        }
        let of = async |id: &'static str| -> Vec<u8> {
            let rows = store.sessions_of(id).await.unwrap();
            rows.iter().map(|row| row.hash[0]).collect()
        };
        assert_eq!(of("ana").await, [2, 3, 1], "the newest first");
        // Somebody else's session is no reason to keep one of hers, and is not touched.
        store.end_sessions_of("ana", Some([3; 32])).await.unwrap();
        assert_eq!((of("ana").await, of("ben").await), (vec![3], vec![4]));
        store.end_sessions_of("ana", Some([4; 32])).await.unwrap();
        assert_eq!((of("ana").await, of("ben").await), (vec![], vec![4]));
        store.end_sessions_of("ben", None).await.unwrap();
        store.end_sessions_of("nobody", None).await.unwrap();
        assert!(of("ben").await.is_empty() && of("nobody").await.is_empty());
    });
}

#[test]
fn a_code_of_either_kind_is_taken_once() {
    on_each(|store, _| async move {
        for id in ["ana", "ben"] {
            let row = person(id, id, Role::Safety);
            assert!(store.add_staff(row, Vec::new()).await.unwrap());
        }
        let factor = |recovery: &[u8]| SecondFactor {
            sealed: vec![5, 0, 255],
            step: 100,
            recovery: recovery.iter().map(|n| [*n; 32]).collect(),
        };
        store
            .set_second_factor("ana", factor(&[1, 2, 3]))
            .await
            .unwrap();
        let ana = store.staff("ana").await.unwrap().unwrap();
        assert_eq!(ana.second_factor, Some(vec![5, 0, 255]));
        assert_eq!(ana.last_step, 100);
        assert_eq!(store.recovery_codes_left("ana").await.unwrap(), 3);
        assert_eq!(store.recovery_codes_left("ben").await.unwrap(), 0);

        for (step, taken) in [
            (100, false),
            (99, false),
            (102, true),
            (102, false),
            (101, false),
        ] {
            assert_eq!(
                store.consume_totp_step("ana", step).await.unwrap(),
                taken,
                "{step}"
            );
        }
        assert!(!store.consume_totp_step("nobody", 1).await.unwrap());
        assert!(!store.take_recovery_code("ben", [1; 32]).await.unwrap());
        assert!(store.take_recovery_code("ana", [1; 32]).await.unwrap());
        assert!(!store.take_recovery_code("ana", [1; 32]).await.unwrap());
        assert_eq!(store.recovery_codes_left("ana").await.unwrap(), 2);
        // New ones replace what was left.
        store.set_second_factor("ana", factor(&[9])).await.unwrap();
        assert!(!store.take_recovery_code("ana", [2; 32]).await.unwrap());
        assert!(store.take_recovery_code("ana", [9; 32]).await.unwrap());
        let nobody = store.set_second_factor("nobody", factor(&[1])).await;
        assert!(matches!(nobody, Err(StoreError::NotSaved(_))));

        // Of ten at once with one code, one gets in.
        store.set_second_factor("ana", factor(&[7])).await.unwrap();
        let tries: Vec<_> = (0..10)
            .map(|_| {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    let code = store.take_recovery_code("ana", [7; 32]).await.unwrap();
                    (code, store.consume_totp_step("ana", 500).await.unwrap())
                })
            })
            .collect();
        let mut taken = (0, 0);
        for one in tries {
            let (code, step) = one.await.unwrap();
            taken = (taken.0 + u8::from(code), taken.1 + u8::from(step));
        }
        assert_eq!(taken, (1, 1));
    });
}

#[test]
fn an_invitation_is_taken_once_and_a_new_one_begins_anew() {
    on_each(|store, _| async move {
        let invited = StaffRow {
            recipient: String::new(),
            wrapped: Vec::new(),
            salt: [0; 16],
            must_change: false,
            ..person("ana", "ana", Role::Safety)
        };
        let invitation = |n: u8| InvitationRow {
            staff: "ana".to_owned(),
            hash: [n; 32],
            until: 1_000 + i64::from(n),
        };
        let keys = || Joining {
            recipient: "age1ana".to_owned(),
            salt: [3; 16],
            wrapped: vec![1, 0, 2],
        };
        assert!(store.invite(invited.clone(), invitation(1)).await.unwrap());
        let other = StaffRow {
            id: "other".to_owned(),
            ..invited.clone()
        };
        let taken = InvitationRow {
            staff: "other".to_owned(),
            ..invitation(2)
        };
        assert!(
            !store.invite(other, taken).await.unwrap(),
            "the name is taken"
        );
        assert_eq!(store.invitation(&[2; 32]).await.unwrap(), None);
        assert_eq!(
            store.invitation(&[1; 32]).await.unwrap(),
            Some(invitation(1))
        );
        assert!(!store.staff("ana").await.unwrap().unwrap().has_joined());

        assert!(store.join([1; 32], keys()).await.unwrap());
        assert!(!store.join([1; 32], keys()).await.unwrap());
        assert_eq!(store.invitation(&[1; 32]).await.unwrap(), None);
        let ana = store.staff("ana").await.unwrap().unwrap();
        assert_eq!(
            (ana.recipient.as_str(), ana.salt, ana.wrapped),
            ("age1ana", [3; 16], vec![1, 0, 2])
        );

        // Invited again, nothing of before is left, and only the newest invitation counts.
        let grant = GrantRow {
            key: RoleKey::Safety,
            generation: 1,
            sealed: vec![1],
        };
        store.add_grants("ana", vec![grant]).await.unwrap();
        store.add_session(session(1, "ana", 1, 1)).await.unwrap();
        let factor = SecondFactor {
            sealed: vec![1],
            step: 7,
            recovery: vec![[1; 32]],
        };
        store.set_second_factor("ana", factor).await.unwrap();
        store.set_suspended("ana", true).await.unwrap();
        for n in [3, 4] {
            store.invite_again(invitation(n)).await.unwrap();
        }
        let ana = store.staff("ana").await.unwrap().unwrap();
        assert!(!ana.has_joined() && ana.second_factor.is_none() && !ana.suspended);
        assert!(store.grants("ana").await.unwrap().is_empty());
        assert!(store.sessions_of("ana").await.unwrap().is_empty());
        assert_eq!(store.recovery_codes_left("ana").await.unwrap(), 0);
        assert!(!store.join([3; 32], keys()).await.unwrap());
        assert!(store.join([4; 32], keys()).await.unwrap());
        let nobody = InvitationRow {
            staff: "nobody".to_owned(),
            ..invitation(5)
        };
        assert!(matches!(
            store.invite_again(nobody).await,
            Err(StoreError::NotSaved(_))
        ));
        assert_eq!(store.invitation(&[5; 32]).await.unwrap(), None);
    });
}

#[test]
fn who_is_suspended_or_removed_leaves_no_session_and_no_key() {
    on_each(|store, _| async move {
        let grant = |generation: u32, sealed: u8| GrantRow {
            key: RoleKey::Safety,
            generation,
            sealed: vec![sealed],
        };
        let key = |generation: u32| RoleKeyRow {
            key: RoleKey::Safety,
            generation,
            recipient: format!("age1safety{generation}"),
            for_recovery: vec![1],
        };
        store.begin("age1recovery", vec![key(1)]).await.unwrap();
        for (n, id) in [(1, "ana"), (2, "ben")] {
            let row = person(id, id, Role::Safety);
            assert!(store.add_staff(row, vec![grant(1, n)]).await.unwrap());
            store.add_session(session(n, id, 1, 1)).await.unwrap();
        }
        // A key that somebody has stays as it is.
        let more = vec![grant(1, 99), grant(3, 33)];
        store.add_grants("ben", more).await.unwrap();
        assert_eq!(
            store.grants("ben").await.unwrap(),
            [grant(1, 2), grant(3, 33)]
        );
        assert!(store.add_grants("nobody", vec![grant(1, 1)]).await.is_err());

        store.set_suspended("ben", true).await.unwrap();
        assert!(store.staff("ben").await.unwrap().unwrap().suspended);
        assert!(store.sessions_of("ben").await.unwrap().is_empty());
        assert_eq!(store.sessions_of("ana").await.unwrap().len(), 1);
        store.set_suspended("ben", false).await.unwrap();
        assert!(!store.staff("ben").await.unwrap().unwrap().suspended);
        assert!(matches!(
            store.set_suspended("nobody", true).await,
            Err(StoreError::NotSaved(_))
        ));

        let for_ben = || vec![("ben".to_owned(), grant(2, 22))];
        let nobody = store.remove_staff("nobody", vec![key(2)], for_ben()).await;
        assert!(matches!(nobody, Err(StoreError::NotSaved(_))));
        assert_eq!(
            store.role_keys().await.unwrap(),
            [key(1)],
            "and no key began"
        );
        store
            .remove_staff("ana", vec![key(2)], for_ben())
            .await
            .unwrap();
        assert_eq!(store.staff("ana").await.unwrap(), None);
        assert!(store.grants("ana").await.unwrap().is_empty());
        assert!(store.sessions_of("ana").await.unwrap().is_empty());
        assert_eq!(store.role_keys().await.unwrap(), [key(1), key(2)]);
        assert_eq!(
            store.grants("ben").await.unwrap(),
            [grant(1, 2), grant(2, 22), grant(3, 33)]
        );
    });
}

#[test]
fn texts_are_sealed_again_once_and_old_keys_go_if_nothing_came_between() {
    on_each(|store, _| async move {
        let key = |generation: u32| RoleKeyRow {
            key: RoleKey::Safety,
            generation,
            recipient: format!("age1safety{generation}"),
            for_recovery: vec![1],
        };
        let grant = |generation: u32| GrantRow {
            key: RoleKey::Safety,
            generation,
            sealed: vec![1],
        };
        store.begin("age1r", vec![key(1), key(2)]).await.unwrap();
        let ana = person("ana", "ana", Role::Safety);
        let grants = vec![grant(1), grant(2)];
        assert!(store.add_staff(ana, grants).await.unwrap());
        let open = sent(&*store, 1).await;
        let ended = sent(&*store, 2).await;
        let life = ViewStatus {
            state: State::Closed,
            unread: false,
            ..ended.life
        };
        let note = NewBody {
            generation: 2,
            writer: Some(Role::Safety),
            ..body(TextKind::Note, "note")
        };
        let close = Change {
            life,
            body: Some(note),
            ..act(&ended, "close")
        };
        assert_eq!(store.change(close).await.unwrap(), Changed::Done);

        // Those of the view that ended are not sealed again.
        let old = store.outdated_texts(2).await.unwrap();
        let of: Vec<(&str, TextKind)> = old.iter().map(|(id, b)| (id.as_str(), b.kind)).collect();
        let wanted = [
            (open.id.as_str(), TextKind::View),
            (&open.id, TextKind::Identity),
        ];
        assert_eq!(of, wanted);
        assert!(store.outdated_texts(1).await.unwrap().is_empty());
        let again = |n: usize, from: u32| SealedAgain {
            body: old[n].1.id,
            from,
            generation: 2,
            sealed: b"again".to_vec(),
        };
        let both = vec![again(0, 1), again(1, 7)];
        assert_eq!(store.reseal(both).await.unwrap(), 1, "one was as expected");
        assert_eq!(store.reseal(vec![again(0, 1)]).await.unwrap(), 0);
        let bodies = store.bodies(&open.id).await.unwrap();
        assert_eq!((bodies[0].generation, bodies[1].generation), (2, 1));
        assert_eq!(bodies[0].sealed, b"again");

        let at = |kind, writer, generation| TextsAt {
            kind,
            writer,
            about: Subject::Nobody,
            generation,
        };
        let seen = store.sealed_text_generations().await.unwrap();
        let mut sorted = seen.clone();
        sorted.sort_by_key(|text| (text.generation, text.kind));
        let wanted = [
            at(TextKind::View, None, 1),
            at(TextKind::Identity, None, 1),
            at(TextKind::View, None, 2),
            at(TextKind::Note, Some(Role::Safety), 2),
        ];
        let mut wanted = wanted.to_vec();
        wanted.sort_by_key(|text| (text.generation, text.kind));
        assert_eq!(sorted, wanted);

        // Never the newest, never one that is not there, and never on old news.
        let forget = async |gone: &[u32], seen: &[TextsAt]| {
            let gone = gone.iter().map(|n| (RoleKey::Safety, *n)).collect();
            store.delete_role_keys(gone, seen.to_vec()).await.unwrap()
        };
        assert_eq!(forget(&[2], &seen).await, Changed::Stale);
        assert_eq!(forget(&[1, 2], &seen).await, Changed::Stale);
        assert_eq!(forget(&[1], &seen[1..]).await, Changed::Stale);
        assert_eq!(store.role_keys().await.unwrap().len(), 2);
        assert_eq!(store.grants("ana").await.unwrap().len(), 2);
        assert_eq!(forget(&[1], &seen).await, Changed::Done);
        assert_eq!(store.role_keys().await.unwrap(), [key(2)]);
        assert_eq!(store.grants("ana").await.unwrap(), [grant(2)]);
    });
}

// ---------------------------------------------------------------------------------------------- alerts, figures, topics

#[test]
fn an_alert_comes_with_its_view_and_stays_until_it_is_ended() {
    on_each(|store, url| async move {
        let not_safe = NewView {
            alert: Some(900),
            ..view(1)
        };
        assert_eq!(store.send(not_safe.clone()).await.unwrap(), Sent::Stored);
        assert_eq!(store.send(not_safe).await.unwrap(), Sent::Already);
        sent(&*store, 2).await;
        let alerts = store.alerts().await.unwrap();
        let first = AlertRow {
            id: alerts[0].id,
            view: "view-1".to_owned(),
            kind: AlertKind::Sent,
            since: 900,
            mail: 0,
            hook: 0,
        };
        assert_eq!(alerts, std::slice::from_ref(&first));
        let raise = async |n: u64, since: i64| {
            let change = Change {
                alert: AlertChange::Raise(since),
                ..act(&get(&*store, n).await, "alarm")
            };
            assert_eq!(store.change(change).await.unwrap(), Changed::Done);
        };
        raise(2, 1_800).await;
        raise(2, 1_800).await;
        raise(2, 2_700).await;
        let alerts = store.alerts().await.unwrap();
        let of: Vec<(&str, i64)> = alerts.iter().map(|a| (a.view.as_str(), a.since)).collect();
        let wanted = [("view-1", 900), ("view-2", 1_800), ("view-2", 2_700)];
        assert_eq!(of, wanted, "oldest first; the same alarm once");

        // A round never goes back, and each channel has its own.
        let told = async |channel, round| {
            store
                .alerts_told(channel, vec![(first.id, round), (999, 1)])
                .await
                .unwrap();
            let row = store.alerts().await.unwrap().remove(0);
            (row.mail, row.hook)
        };
        assert_eq!(told(AlertChannel::Mail, 3).await, (3, 0));
        assert_eq!(told(AlertChannel::Mail, 2).await, (3, 0));
        assert_eq!(told(AlertChannel::Hook, 1).await, (3, 1));
        drop(store);
        let store = open(&url).await;
        let end = Change {
            alert: AlertChange::End,
            ..act(&get(&*store, 2).await, "take")
        };
        let stale = Change {
            from_version: 99,
            ..end.clone()
        };
        assert_eq!(store.change(stale).await.unwrap(), Changed::Stale);
        assert_eq!(store.alerts().await.unwrap().len(), 3);
        assert_eq!(store.change(end).await.unwrap(), Changed::Done);
        let left = AlertRow {
            mail: 3,
            hook: 1,
            ..first
        };
        assert_eq!(store.alerts().await.unwrap(), [left]);
    });
}

#[test]
fn bursts_are_marked_and_topics_counted() {
    on_each(|store, _| async move {
        for n in 1..=4 {
            let new = NewView {
                topic: if n == 3 { Topic::Money } else { Topic::Home },
                day: day("2026-11-21").plus_days(n as i32),
                ..view(n)
            };
            assert_eq!(store.send(new).await.unwrap(), Sent::Stored);
        }
        let marked = vec!["view-1".to_owned(), "view-3".to_owned(), "none".to_owned()];
        store.flag_as_burst(marked).await.unwrap();
        let views = store.views().await.unwrap();
        let burst: Vec<bool> = views.iter().map(|row| row.burst).collect();
        assert_eq!(burst, [true, false, true, false]);

        let withdraw = Change {
            erase: true,
            ..act(&get(&*store, 2).await, "withdraw")
        };
        assert_eq!(store.change(withdraw).await.unwrap(), Changed::Done);
        let by_topic = async |before: &str| {
            let mut counts = store.views_by_topic(day(before)).await.unwrap();
            counts.sort_by_key(|(topic, _)| topic.id());
            counts
        };
        assert_eq!(by_topic("2026-11-22").await, [], "before that day");
        assert_eq!(by_topic("2026-11-23").await, [(Topic::Home, 1)]);
        let all = by_topic("2026-12-31").await;
        assert_eq!(all, [(Topic::Home, 2), (Topic::Money, 1)]);
    });
}

#[test]
fn a_figure_is_added_only_by_whoever_saw_the_last_one() {
    on_each(|store, url| async move {
        let figure = |indicator: &str, tenths: Option<i64>| FigureRow {
            seq: 0,
            indicator: indicator.to_owned(),
            period: "2026-03".parse().unwrap(),
            number: tenths.and_then(Number::from_tenths),
            source: "A report; see 'page 3'".to_owned(),
            source_day: day("2026-05-01"),
            reason: String::new(),
            entered: day("2026-11-21"),
        };
        let first = figure("visits", Some(905));
        assert_eq!(
            store.add_figure(first.clone(), 0).await.unwrap(),
            Changed::Done
        );
        let seq = store.figures().await.unwrap()[0].seq;
        let taken_out = figure("visits", None);
        let add = async |row: &FigureRow, seen| store.add_figure(row.clone(), seen).await.unwrap();
        assert_eq!(add(&taken_out, seq - 1).await, Changed::Stale);
        assert_eq!(add(&taken_out, seq).await, Changed::Done);
        assert_eq!(add(&first, seq).await, Changed::Stale);
        // Another indicator has its own last one.
        assert_eq!(add(&figure("homes", Some(0)), 0).await, Changed::Done);
        drop(store);
        let figures = open(&url).await.figures().await.unwrap();
        assert!(figures.windows(2).all(|pair| pair[0].seq < pair[1].seq));
        let kept: Vec<FigureRow> = figures
            .into_iter()
            .map(|row| FigureRow { seq: 0, ..row })
            .collect();
        assert_eq!(kept, [first, taken_out, figure("homes", Some(0))]);
    });
}

#[test]
fn uses_add_up_by_month_and_old_months_go() {
    on_each(|store, url| async move {
        let add = async |month: &str, counts: &[(&str, u64)]| {
            let counts = counts.iter().map(|(what, n)| ((*what).to_owned(), *n));
            store.add_uses(day(month), counts.collect()).await.unwrap();
        };
        add("2026-10-01", &[("/help", 2)]).await;
        add("2026-11-01", &[("/help", 3), ("language:es", 1)]).await;
        add("2026-11-01", &[("/help", 4)]).await;
        add("2026-11-01", &[]).await;
        let row = |month: &str, what: &str, count| UseRow {
            month: day(month),
            what: what.to_owned(),
            count,
        };
        let november = [
            row("2026-11-01", "/help", 7),
            row("2026-11-01", "language:es", 1),
        ];
        let october = row("2026-10-01", "/help", 2);
        let all = [&[october][..], &november].concat();
        assert_eq!(open(&url).await.uses().await.unwrap(), all);
        assert_eq!(store.purge_uses(day("2026-10-01")).await.unwrap(), 0);
        assert_eq!(store.purge_uses(day("2026-10-02")).await.unwrap(), 1);
        assert_eq!(store.uses().await.unwrap(), november);
    });
}

#[test]
fn views_are_counted_by_the_month_in_which_they_were_sent() {
    on_each(|store, _| async move {
        assert_eq!(store.views_by_month().await.unwrap(), []);
        for (n, on) in [(1, "2026-10-31"), (2, "2026-11-01"), (3, "2026-11-30")] {
            let sent = NewView {
                day: day(on),
                ..view(n)
            };
            store.send(sent).await.unwrap();
        }
        let months = [(day("2026-10-01"), 1), (day("2026-11-01"), 2)];
        assert_eq!(store.views_by_month().await.unwrap(), months);
        let views = store.views().await.unwrap();
        let away = Change {
            erase: true,
            ..act(&views[0], "withdraw")
        };
        assert_eq!(store.change(away).await.unwrap(), Changed::Done);
        assert_eq!(store.views_by_month().await.unwrap(), months[1..]);
    });
}

// ---------------------------------------------------------------------------------------------- holding and purging

#[test]
fn what_is_held_is_not_purged_and_what_is_purged_is_gone() {
    on_each(|store, _| async move {
        let id = sent(&*store, 1).await.id;
        sent(&*store, 2).await;
        let hold = async |held: bool| {
            let by_desk = EventRow {
                role: Some(Role::Coordinator),
                ..event(if held { "hold" } else { "unhold" })
            };
            let why = body(TextKind::Note, "why");
            store.hold("view-1", held, by_desk, why).await.unwrap()
        };
        let purge = async |record: bool, kinds: &[TextKind]| {
            let purge = Purge {
                view: "view-1".to_owned(),
                from_version: get(&*store, 1).await.version,
                day: day("2027-11-21"),
                kinds: kinds.to_vec(),
                record,
                outcome: record,
            };
            store.purge(purge).await.unwrap()
        };
        let limits = async || store.limits("view-1").await.unwrap().unwrap();
        assert_eq!(
            limits().await,
            Limits {
                held: false,
                bare_since: None,
                last_word: Some(day("2026-11-21")),
                has_decision: false,
            }
        );
        assert_eq!(store.limits("nothing").await.unwrap(), None);
        assert_eq!(hold(false).await, Changed::Stale, "it is not held");
        assert_eq!(hold(true).await, Changed::Done);
        assert_eq!(hold(true).await, Changed::Stale);
        assert!(limits().await.held);
        let held = store.held().await.unwrap();
        assert_eq!(held, [get(&*store, 1).await]);
        assert_eq!(purge(false, &[TextKind::Identity]).await, Changed::Stale);
        assert_eq!(store.bodies(&id).await.unwrap().len(), 3);
        assert_eq!(hold(false).await, Changed::Done);
        assert!(store.held().await.unwrap().is_empty());

        assert_eq!(purge(false, &[TextKind::Identity]).await, Changed::Done);
        let kinds: Vec<TextKind> = store
            .bodies(&id)
            .await
            .unwrap()
            .iter()
            .map(|body| body.kind)
            .collect();
        assert_eq!(kinds, [TextKind::View, TextKind::Note, TextKind::Note]);
        assert!(!get(&*store, 1).await.has_identity);
        let stale = Purge {
            view: "view-1".to_owned(),
            from_version: 0,
            day: day("2027-11-21"),
            kinds: vec![TextKind::View],
            record: true,
            outcome: true,
        };
        assert_eq!(store.purge(stale).await.unwrap(), Changed::Stale);
        // Those that have come to an end have limits, as long as something is left.
        assert!(store.views_due_for_retention().await.unwrap().is_empty());
        for n in [1, 2] {
            let row = get(&*store, n).await;
            let life = ViewStatus {
                state: State::Closed,
                ..row.life
            };
            let by_desk = EventRow {
                role: Some(Role::Coordinator),
                ..event("close")
            };
            let close = Change {
                life,
                event: by_desk,
                ..act(&row, "close")
            };
            assert_eq!(store.change(close).await.unwrap(), Changed::Done);
        }
        let there = store.views_due_for_retention().await.unwrap();
        assert_eq!(there, [get(&*store, 1).await, get(&*store, 2).await]);
        assert_eq!(
            purge(true, &[TextKind::View, TextKind::Note]).await,
            Changed::Done
        );
        assert!(get(&*store, 1).await.is_bare());
        assert!(store.bodies(&id).await.unwrap().is_empty());
        assert!(store.events(&id).await.unwrap().is_empty());
        assert_eq!(limits().await.bare_since, Some(day("2027-11-21")));
        assert_eq!(hold(true).await, Changed::Stale, "there is nothing to hold");
        assert_eq!(
            store.views_due_for_retention().await.unwrap(),
            there[1..],
            "no other view is touched"
        );
        assert_eq!(store.bodies("view-2").await.unwrap().len(), 2);
    });
}

#[test]
fn old_meetings_go_unless_a_view_is_on_their_list() {
    on_each(|store, _| async move {
        for (id, on) in [
            ("a", "2020-01-01"),
            ("b", "2020-01-01"),
            ("c", "2020-01-02"),
        ] {
            store.add_meeting(meeting(id, on)).await.unwrap();
        }
        let list = Change {
            meeting: Some(Some("b".to_owned())),
            ..act(&sent(&*store, 1).await, "list")
        };
        assert_eq!(store.change(list).await.unwrap(), Changed::Done);
        assert_eq!(store.purge_meetings(day("2020-01-01")).await.unwrap(), 0);
        assert_eq!(store.purge_meetings(day("2020-01-02")).await.unwrap(), 1);
        let meetings = store.meetings().await.unwrap();
        let left: Vec<&str> = meetings.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(left, ["c", "b"]);
    });
}

// ---------------------------------------------------------------------------------------------- the audit log

fn entry(action: &'static str, at: i64) -> Entry {
    Entry {
        at,
        actor: Some("ana".to_owned()),
        role: Some(Role::Clerk),
        action,
        object: None,
        reason: false,
    }
}

#[test]
fn an_act_and_its_entry_are_one_and_the_entries_are_a_chain() {
    on_each(|store, url| async move {
        assert_eq!(store.audit_last().await.unwrap(), None);
        let row = sent(&*store, 1).await;
        assert!(
            store.audit_after(0, 100).await.unwrap().is_empty(),
            "what a young person does is not entered"
        );
        let read = || act(&row, "open");
        let by = store.by(entry("open", 10));
        assert_eq!(by.change(read()).await.unwrap(), Changed::Done);
        let by = store.by(entry("open", 20));
        assert_eq!(by.change(read()).await.unwrap(), Changed::Stale);
        let faulty = store.by(entry("begin", 25));
        let same = |id: &str| meeting(id, "2026-12-01");
        faulty.add_meeting(same("m")).await.unwrap();
        let faulty = store.by(entry("begin", 26));
        assert!(faulty.add_meeting(same("m")).await.is_err());
        store
            .enter(entry("look", 30), Outcome::Refused)
            .await
            .unwrap();
        drop((store, by, faulty));
        let store = open(&url).await;

        let rows = store.audit_after(0, 100).await.unwrap();
        let short: Vec<(&str, &str, i64)> = rows
            .iter()
            .map(|row| (row.action.as_str(), row.outcome.as_str(), row.at))
            .collect();
        let wanted = [
            ("open", "done", 10),
            ("open", "not-done", 20),
            ("begin", "done", 25),
            ("look", "refused", 30),
        ];
        assert_eq!(short, wanted, "what could not be written was not entered");
        let mut previous = BEGINNING;
        for row in &rows {
            assert_eq!((row.previous, row.hash), (previous, row.worked_out()));
            previous = row.hash;
        }
        assert_eq!(store.audit_last().await.unwrap(), rows.last().cloned());
        assert_eq!(store.audit_after(rows[0].seq, 2).await.unwrap(), rows[1..3]);
        assert_eq!(store.audit_between(20, 30).await.unwrap(), rows[1..3]);
    });
}

#[test]
fn the_log_is_cut_only_at_a_checkpoint() {
    on_each(|store, _| async move {
        for at in 1..=5 {
            store.enter(entry("look", at), Outcome::Done).await.unwrap();
        }
        let rows = store.audit_after(0, 100).await.unwrap();
        let checkpoint = |size: usize, on: &str| CheckpointRow {
            size: rows[size - 1].seq,
            head: rows[size - 1].hash,
            day: day(on),
            note: format!("note {size} {on}"),
            outside: false,
        };
        let (first, second) = (checkpoint(2, "2026-11-21"), checkpoint(4, "2026-11-22"));
        for row in [&first, &second, &second] {
            store.add_checkpoint(row.clone()).await.unwrap();
        }
        let both = [first.clone(), second.clone()];
        assert_eq!(store.checkpoints().await.unwrap(), both, "each once");
        store
            .checkpoint_is_outside(second.size, second.day)
            .await
            .unwrap();
        let outside: Vec<bool> = store
            .checkpoints()
            .await
            .unwrap()
            .iter()
            .map(|row| row.outside)
            .collect();
        assert_eq!(outside, [false, true]);

        assert!(
            store
                .purge_audit(rows[4].seq, day("2026-11-23"))
                .await
                .is_err(),
            "there is no such checkpoint"
        );
        assert_eq!(store.audit_after(0, 100).await.unwrap(), rows);
        let gone = store.purge_audit(second.size, second.day).await.unwrap();
        assert_eq!(gone, 4);
        assert_eq!(store.audit_after(0, 100).await.unwrap(), rows[4..]);
        let left = CheckpointRow {
            outside: true,
            ..second
        };
        assert_eq!(store.checkpoints().await.unwrap(), [left]);
        // The chain goes on from there.
        store.enter(entry("look", 6), Outcome::Done).await.unwrap();
        let last = store.audit_last().await.unwrap().unwrap();
        assert_eq!(last.previous, rows[4].hash);
        assert!(store.integrity().await.unwrap().is_empty());
    });
}

// ---------------------------------------------------------------------------------------------- nothing is left out

/// The methods of the trait in the text of `store/mod.rs`.
fn methods(text: &str) -> Vec<&str> {
    let from = text.find("pub trait Store").unwrap();
    let text = &text[from..];
    let text = &text[..text.find("\n}\n").unwrap()];
    text.lines()
        .filter_map(|line| {
            let line = line.trim().trim_start_matches("async ");
            line.strip_prefix("fn ")?.split('(').next()
        })
        .collect()
}

#[test]
fn every_method_of_the_store_is_called_here() {
    let methods = methods(include_str!("../../crates/store/src/lib.rs"));
    assert!(methods.len() > 60 && methods.contains(&"by"), "{methods:?}");
    let here = include_str!("store_contract.rs");
    let called = |method: &&str| here.contains(&format!(".{method}("));
    let missing: Vec<&&str> = methods.iter().filter(|method| !called(method)).collect();
    assert_eq!(missing, [] as [&&str; 0]);
    // The control: one that nobody has written a test for.
    assert!(!called(&["forget", "everything"].concat().as_str()));
}

// ---------------------------------------------------------------------------------------------- the SQLite file

mod sqlite_file {
    use super::*;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
    use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
    use std::fs;
    use std::io::{BufRead, BufReader};
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;
    use std::process::{Command, Stdio};
    use std::sync::Mutex;
    use std::time::{Duration, Instant};

    fn place() -> (TempDir, PathBuf) {
        let folder = TempDir::new_in(DISK).unwrap();
        let path = folder.path().join("pledge.db");
        (folder, path)
    }

    async fn raw(path: &Path) -> SqliteConnection {
        SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .connect()
            .await
            .unwrap()
    }

    async fn run(db: &mut SqliteConnection, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(db)
            .await
            .unwrap();
    }

    fn log_of(path: &Path) -> PathBuf {
        path.with_extension("db-wal")
    }

    /// Every file in the folder with its bytes.
    fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    }

    /// Every `<<marker>>` in the files of the folder.
    fn markers(folder: &Path) -> HashSet<String> {
        let mut found = HashSet::new();
        for (_, bytes) in files(folder) {
            let mut rest = bytes.as_slice();
            while let Some(begin) = rest.iter().position(|byte| *byte == b'<') {
                rest = &rest[begin + 1..];
                let end = rest.iter().take(60).position(|byte| *byte == b'>');
                if let (Some(b'<'), Some(end)) = (rest.first(), end) {
                    found.insert(String::from_utf8_lossy(&rest[1..end]).into_owned());
                }
            }
        }
        found
    }

    async fn refusal(path: &Path) -> String {
        match SqliteStore::open(path).await {
            Err(StoreError::CannotOpen(sentence)) => {
                assert!(
                    sentence.contains(path.to_str().unwrap()),
                    "names the file: {sentence}"
                );
                assert!(
                    sentence.ends_with('.') && sentence.contains(' '),
                    "is a sentence: {sentence}"
                );
                sentence
            }
            Err(other) => panic!("refused, but with {other:?}"),
            Ok(_) => panic!("not refused"),
        }
    }

    #[test]
    fn is_for_its_owner_alone() {
        runtime().block_on(async {
            let (folder, path) = place();
            let store = SqliteStore::open(&path).await.unwrap();
            store.send(view(1)).await.unwrap();
            assert_eq!(store.views().await.unwrap().len(), 1);
            assert!(log_of(&path).exists());
            for (file, _) in files(folder.path()) {
                assert_eq!(
                    fs::metadata(&file).unwrap().permissions().mode() & 0o777,
                    0o600,
                    "{}",
                    file.display()
                );
            }
            store.close().await;
            assert_eq!(files(folder.path()).len(), 1, "closing leaves one file");
        });
    }

    #[test]
    fn closing_writes_what_waits_and_refuses_more() {
        runtime().block_on(async {
            let (_folder, path) = place();
            let store = Arc::new(SqliteStore::open(&path).await.unwrap());
            let sends: Vec<_> = (0..50)
                .map(|n| {
                    let store = Arc::clone(&store);
                    tokio::spawn(async move { store.send(view(n)).await })
                })
                .collect();
            tokio::task::yield_now().await;
            store.close().await;
            store.close().await;
            let mut acknowledged = 0;
            for send in sends {
                acknowledged += usize::from(send.await.unwrap().is_ok());
            }
            assert!(matches!(
                store.send(view(99)).await,
                Err(StoreError::NotSaved(_))
            ));
            assert!(matches!(
                store.views().await,
                Err(StoreError::Unreadable(_))
            ));
            assert!(!store.broken(), "an orderly end is no failure");
            let store = SqliteStore::open(&path).await.unwrap();
            assert_eq!(store.views().await.unwrap().len(), acknowledged);
        });
    }

    #[test]
    fn that_is_no_database_is_refused_and_left_alone() {
        runtime().block_on(async {
            for wrong in [
                &b"Dear diary"[..],
                b"x",
                &[0; 5_000],
                &b"SQLite format 3\0"[..],
                b"SQLite format 3\0 but not",
            ] {
                let (folder, path) = place();
                fs::write(&path, wrong).unwrap();
                refusal(&path).await;
                assert_eq!(files(folder.path()), [(path, wrong.to_vec())]);
            }
            // Control: an empty file is taken as new.
            let (_folder, path) = place();
            fs::write(&path, b"").unwrap();
            SqliteStore::open(&path).await.unwrap();
        });
    }

    #[test]
    fn of_another_program_is_refused_and_left_alone() {
        runtime().block_on(async {
            let (folder, path) = place();
            let mut db = raw(&path).await;
            run(&mut db, "CREATE TABLE view (id TEXT)").await;
            db.close().await.unwrap();
            let before = files(folder.path());
            assert!(refusal(&path).await.contains("another program"));
            assert_eq!(files(folder.path()), before);
        });
    }

    #[test]
    fn of_a_newer_program_is_refused_and_left_alone() {
        runtime().block_on(async {
            let (folder, path) = place();
            SqliteStore::open(&path).await.unwrap().close().await;
            let mut db = raw(&path).await;
            run(
                &mut db,
                "INSERT INTO schema_version (version) VALUES (1000)",
            )
            .await;
            db.close().await.unwrap();
            let before = files(folder.path());
            let sentence = refusal(&path).await;
            assert!(
                sentence.contains("newer") && sentence.contains("1000"),
                "{sentence}"
            );
            assert_eq!(files(folder.path()), before);
        });
    }

    #[test]
    fn that_is_damaged_is_refused_and_left_alone() {
        runtime().block_on(async {
            let (folder, path) = place();
            let store = SqliteStore::open(&path).await.unwrap();
            for n in 0..50 {
                store.send(view(n)).await.unwrap();
            }
            store.close().await;
            // Control: it opens as it is.
            SqliteStore::open(&path).await.unwrap().close().await;
            let whole = fs::read(&path).unwrap();
            let mut torn = whole.clone();
            for page in torn.chunks_mut(4_096).skip(3) {
                page[..200].fill(0xEE);
            }
            for wrong in [torn, whole[..whole.len() / 2].to_vec()] {
                fs::write(&path, &wrong).unwrap();
                assert!(refusal(&path).await.contains("damaged"));
                assert_eq!(fs::read(&path).unwrap(), wrong);
                assert_eq!(files(folder.path()).len(), 1);
            }
        });
    }

    #[test]
    fn in_which_something_was_planted_is_refused_and_left_alone() {
        runtime().block_on(async {
            let (folder, path) = place();
            let store = SqliteStore::open(&path).await.unwrap();
            store.send(view(1)).await.unwrap();
            store.close().await;
            for (name, plant, mend) in [
                (
                    "spy",
                    "CREATE TRIGGER spy AFTER DELETE ON body BEGIN UPDATE view SET topic = 'home'; END",
                    "DROP TRIGGER spy",
                ),
                ("other", "CREATE TABLE other (id TEXT)", "DROP TABLE other"),
                (
                    "everything",
                    "CREATE VIEW everything AS SELECT * FROM body",
                    "DROP VIEW everything",
                ),
                (
                    "body_by_view",
                    "DROP INDEX body_by_view",
                    "CREATE INDEX body_by_view ON body (view, id)",
                ),
            ] {
                let mut db = raw(&path).await;
                run(&mut db, plant).await;
                db.close().await.unwrap();
                let before = files(folder.path());
                let sentence = refusal(&path).await;
                assert!(sentence.contains(&format!("`{name}`")), "{sentence}");
                assert_eq!(files(folder.path()), before);
                // Control: without it, it opens.
                let mut db = raw(&path).await;
                run(&mut db, mend).await;
                db.close().await.unwrap();
                let store = SqliteStore::open(&path).await.unwrap();
                assert_eq!(store.views().await.unwrap().len(), 1);
                store.close().await;
            }
        });
    }

    #[test]
    fn that_is_missing_beside_its_log_is_refused_and_the_log_left_alone() {
        runtime().block_on(async {
            let (folder, path) = place();
            let store = SqliteStore::open(&path).await.unwrap();
            store.send(view(1)).await.unwrap();
            let log = fs::read(log_of(&path)).unwrap();
            store.close().await;
            fs::remove_file(&path).unwrap();
            fs::write(log_of(&path), &log).unwrap();
            assert!(refusal(&path).await.contains("log"));
            assert_eq!(files(folder.path()), [(log_of(&path), log)]);
        });
    }

    #[test]
    fn in_no_folder_is_refused() {
        runtime().block_on(async {
            let (_folder, path) = place();
            refusal(&path.join("nowhere").join("pledge.db")).await;
        });
    }

    #[test]
    fn with_unknown_words_is_reported_never_guessed() {
        runtime().block_on(async {
            let (_folder, path) = place();
            let store = SqliteStore::open(&path).await.unwrap();
            let first = sent(&store, 1).await;
            assert!(
                store
                    .add_staff(person("1", "ana", Role::Safety), Vec::new())
                    .await
                    .unwrap()
            );
            let publish = Change {
                outcome: Some(outcome("x", State::Done)),
                ..act(&first, "publish")
            };
            assert_eq!(store.change(publish).await.unwrap(), Changed::Done);
            store.add_meeting(meeting("m", "2026-12-01")).await.unwrap();
            let mut db = raw(&path).await;
            run(&mut db, "PRAGMA ignore_check_constraints = ON").await;

            let damaged = |what: &'static str, got: Result<(), StoreError>| match got {
                Err(StoreError::Damaged(table)) => assert_eq!(table, what),
                other => panic!("{what}: {other:?}"),
            };
            for (table, column, wrong) in [
                ("view", "state", "'flying'"),
                ("view", "lane", "''"),
                ("view", "topic", "'HOME'"),
                ("view", "day", "'2026-02-30'"),
                ("view", "since", "'yesterday'"),
                ("view", "unread", "2"),
                ("body", "kind", "'poem'"),
                ("body", "writer", "'king'"),
                ("body", "generation", "-1"),
                ("body", "generation", "4294967296"),
                ("event", "role", "'king'"),
                ("event", "reason", "'because'"),
                ("staff", "role", "'king'"),
                ("staff", "salt", "x'00'"),
                ("staff", "must_change", "7"),
                ("outcome", "state", "'flying'"),
                ("outcome", "due", "'soon'"),
                ("meeting", "day", "'2200-01-01'"),
            ] {
                run(
                    &mut db,
                    &format!("CREATE TABLE kept AS SELECT rowid AS n, {column} AS v FROM {table}"),
                )
                .await;
                run(&mut db, &format!("UPDATE {table} SET {column} = {wrong}")).await;
                let got = match table {
                    "view" => store.views().await.map(|_| ()),
                    "body" => store.bodies(&first.id).await.map(|_| ()),
                    "event" => store.events(&first.id).await.map(|_| ()),
                    "staff" => store.staff_by_name("ana").await.map(|_| ()),
                    "outcome" => store.outcomes().await.map(|_| ()),
                    _ => store.meetings().await.map(|_| ()),
                };
                damaged(table, got);
                run(
                    &mut db,
                    &format!(
                        "UPDATE {table} SET {column} = (SELECT v FROM kept WHERE n = {table}.rowid)"
                    ),
                )
                .await;
                run(&mut db, "DROP TABLE kept").await;
            }
            // Control: put back, everything is read again.
            assert_eq!(store.views().await.unwrap().len(), 1);
            assert_eq!(store.bodies(&first.id).await.unwrap().len(), 2);
            assert!(store.staff_by_name("ana").await.unwrap().is_some());
        });
    }

    #[test]
    fn keeps_nothing_of_an_erased_text() {
        runtime().block_on(async {
            let (folder, path) = place();
            let store = SqliteStore::open(&path).await.unwrap();
            let what = ["TEXT", "END", "RECEIPT", "NAME", "REPLY", "STAFF"];
            let marker = |n: u64, what: &str| format!("{what}-{n}");
            let marked = |n: u64, what: &str| format!("<<{what}-{n}>>");
            // Short texts, ones that nearly fill a page and ones that spill over many, side by side.
            for n in 0..60 {
                let fill = "x".repeat([0, 3_000, 20_000][(n % 3) as usize]);
                let text = format!("{}{fill}{}", marked(n, "TEXT"), marked(n, "END"));
                let new = NewView {
                    recipient: marked(n, "RECEIPT"),
                    bodies: vec![
                        body(TextKind::View, text),
                        body(TextKind::Identity, marked(n, "NAME")),
                    ],
                    ..view(n)
                };
                assert_eq!(store.send(new).await.unwrap(), Sent::Stored);
            }
            for n in 0..60 {
                let reply = Change {
                    body: Some(body(TextKind::Reply, marked(n, "REPLY"))),
                    event: EventRow {
                        staff: Some(marked(n, "STAFF")),
                        ..event("reply")
                    },
                    ..act(&get(&store, n).await, "")
                };
                assert_eq!(store.change(reply).await.unwrap(), Changed::Done);
            }
            let mut kept: HashSet<String> = (0..60)
                .flat_map(|n| what.map(|what| marker(n, what)))
                .collect();
            assert_eq!(
                markers(folder.path()),
                kept,
                "control: everything is found before"
            );
            for n in (0..60).step_by(2) {
                let away = Change {
                    erase: true,
                    ..act(&get(&store, n).await, "withdraw")
                };
                assert_eq!(store.change(away).await.unwrap(), Changed::Done);
                for what in what {
                    kept.remove(&marker(n, what));
                }
                assert_eq!(
                    fs::metadata(log_of(&path)).unwrap().len(),
                    0,
                    "the log is empty when it is answered"
                );
                assert_eq!(markers(folder.path()), kept, "after erasing {n}");
            }
            store.close().await;
            assert_eq!(markers(folder.path()), kept);
        });
    }

    #[test]
    fn is_wiped_later_when_somebody_reads_it_meanwhile() {
        runtime().block_on(async {
            let (folder, path) = place();
            let store = SqliteStore::open(&path).await.unwrap();
            store
                .send(NewView {
                    bodies: vec![body(TextKind::View, "<<TEXT>>")],
                    ..view(1)
                })
                .await
                .unwrap();
            let mut reader = raw(&path).await;
            run(&mut reader, "BEGIN; SELECT count(*) FROM view").await;

            let begun = Instant::now();
            let away = Change {
                erase: true,
                ..act(&get(&store, 1).await, "withdraw")
            };
            assert_eq!(store.change(away).await.unwrap(), Changed::Done);
            store.send(view(2)).await.unwrap();
            assert!(
                begun.elapsed() < Duration::from_secs(1),
                "a reader holds nobody up: {:?}",
                begun.elapsed()
            );
            assert!(
                markers(folder.path()).contains("TEXT"),
                "control: the reader still needs it"
            );

            run(&mut reader, "COMMIT").await;
            while markers(folder.path()).contains("TEXT") {
                assert!(begun.elapsed() < Duration::from_secs(10), "never wiped");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert_eq!(store.views().await.unwrap().len(), 1);
        });
    }

    #[test]
    fn does_not_grow_a_log_without_end() {
        runtime().block_on(async {
            let (_folder, path) = place();
            let store = SqliteStore::open(&path).await.unwrap();
            for n in 0..600 {
                let text = body(TextKind::View, vec![1; 20_000]);
                store
                    .send(NewView {
                        bodies: vec![text],
                        ..view(n)
                    })
                    .await
                    .unwrap();
            }
            let (log, file) = (
                fs::metadata(log_of(&path)).unwrap().len(),
                fs::metadata(&path).unwrap().len(),
            );
            assert!(
                file > 10_000_000 && log < 6_000_000,
                "file {file}, log {log}"
            );
        });
    }

    // ------------------------------------------------------------------------------------------ faults

    /// Which of these views are not there, whole.
    async fn lost(store: &dyn Store, acknowledged: &[u64]) -> Vec<u64> {
        let mut lost = Vec::new();
        for n in acknowledged {
            let whole = match store.view_by_tag(&tag(*n)).await.unwrap() {
                Some(row) => {
                    let bodies = store.bodies(&row.id).await.unwrap();
                    bodies.len() == 2 && bodies[0].sealed == view(*n).bodies[0].sealed
                }
                None => false,
            };
            if !whole {
                lost.push(*n);
            }
        }
        lost
    }

    async fn all_whole(store: &dyn Store) {
        for row in store.views().await.unwrap() {
            assert_eq!(
                store.bodies(&row.id).await.unwrap().len(),
                2,
                "a view is whole or absent"
            );
            assert_eq!(store.events(&row.id).await.unwrap().len(), 1);
        }
    }

    #[test]
    fn loses_nothing_acknowledged_when_the_store_is_dropped_in_the_middle() {
        let (_folder, path) = place();
        let ledger = Arc::new(Mutex::new(Vec::new()));
        let mut next = 0;
        for cycle in 0..10u64 {
            let running = runtime();
            let store = Arc::new(running.block_on(SqliteStore::open(&path)).unwrap());
            for client in 0..8 {
                let (store, ledger) = (Arc::clone(&store), Arc::clone(&ledger));
                let begin = next + client * 100_000;
                running.spawn(async move {
                    for n in begin.. {
                        if store.send(view(n)).await.is_err() {
                            break;
                        }
                        ledger.lock().unwrap().push(n);
                    }
                });
            }
            next += 1_000_000;
            std::thread::sleep(Duration::from_millis(5 + cycle * 13));
            drop(store);
            // Every task, the writer too, ends where it is.
            running.shutdown_background();
        }
        let acknowledged = ledger.lock().unwrap().clone();
        assert!(
            acknowledged.len() > 20,
            "only {} were acknowledged",
            acknowledged.len()
        );
        runtime().block_on(async {
            let store = SqliteStore::open(&path).await.unwrap();
            assert_eq!(lost(&store, &acknowledged).await, [0; 0]);
            all_whole(&store).await;
            // Control: one that was never sent is noticed.
            assert_eq!(
                lost(&store, &[acknowledged[0], 77_777_777]).await,
                [77_777_777]
            );
        });
    }

    /// Runs one of the ignored tests below in a process of its own.
    fn child(test: &str, path: &Path, limit: Option<u32>) -> Command {
        let exe = std::env::current_exe().unwrap();
        let mut command = Command::new("sh");
        let limited = limit.map_or(String::new(), |blocks| {
            format!("trap '' XFSZ; ulimit -f {blocks}; ")
        });
        command
            .arg("-c")
            .arg(format!("{limited}exec \"$0\" \"$@\""))
            .arg(exe)
            .arg(format!(
                "{}::{test}",
                module_path!().split_once("::").unwrap().1
            ))
            .args(["--exact", "--ignored", "--nocapture"])
            .env("STORE_CONTRACT_FILE", path);
        command
    }

    fn childs_path() -> PathBuf {
        PathBuf::from(std::env::var_os("STORE_CONTRACT_FILE").expect("started by another test"))
    }

    #[test]
    #[ignore = "a child process of the next test"]
    fn child_sends_until_killed() {
        runtime().block_on(async {
            let store = Arc::new(SqliteStore::open(&childs_path()).await.unwrap());
            let begin = store.views().await.unwrap().len() as u64 * 1_000;
            let clients: Vec<_> = (0..8)
                .map(|client| {
                    let store = Arc::clone(&store);
                    tokio::spawn(async move {
                        for n in begin + client * 1_000_000.. {
                            store.send(view(n)).await.unwrap();
                            println!("\nsent {n}");
                        }
                    })
                })
                .collect();
            for client in clients {
                client.await.unwrap();
            }
        });
    }

    #[test]
    fn loses_nothing_acknowledged_when_the_process_is_killed() {
        let (_folder, path) = place();
        let mut acknowledged = Vec::new();
        for cycle in 0..6u64 {
            let mut process = child("child_sends_until_killed", &path, None)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
            // Killed a little after the first, the eighth, the sixteenth … answer.
            let (mut seen, wanted) = (0, 1 + cycle * 8);
            let mut note = |line: String, acknowledged: &mut Vec<u64>| {
                if let Some(n) = line.strip_prefix("sent ").and_then(|n| n.parse().ok()) {
                    acknowledged.push(n);
                    seen += 1;
                }
                seen >= wanted
            };
            while let Some(Ok(line)) = lines.next() {
                if note(line, &mut acknowledged) {
                    break;
                }
            }
            std::thread::sleep(Duration::from_millis(cycle * 7));
            process.kill().unwrap();
            process.wait().unwrap();
            // What it had said before it died counts as well.
            for line in lines.map_while(Result::ok) {
                note(line, &mut acknowledged);
            }
            runtime().block_on(async {
                let store = SqliteStore::open(&path).await.unwrap();
                assert_eq!(lost(&store, &acknowledged).await, [0; 0], "cycle {cycle}");
                all_whole(&store).await;
            });
        }
        assert!(acknowledged.len() >= 100, "{}", acknowledged.len());
    }

    #[test]
    #[ignore = "a child process of the next test"]
    fn child_sends_until_the_disk_fails() {
        runtime().block_on(async {
            let store = SqliteStore::open(&childs_path()).await.unwrap();
            let mut acknowledged = Vec::new();
            let failed = loop {
                let n = acknowledged.len() as u64;
                assert!(n < 10_000, "the limit does not work");
                assert!(!store.broken());
                match store.send(view(n)).await {
                    Ok(_) => acknowledged.push(n),
                    Err(error) => break error,
                }
            };
            assert!(matches!(failed, StoreError::NotSaved(_)), "{failed:?}");
            assert!(store.broken(), "raised before the answer");
            for n in 0..3 {
                assert!(matches!(
                    store.send(view(50_000 + n)).await,
                    Err(StoreError::NotSaved(_))
                ));
            }
            assert!(!acknowledged.is_empty());
            assert_eq!(lost(&store, &acknowledged).await, [0; 0], "reading goes on");
            println!("\nacknowledged {}", acknowledged.len());
            // Must end at once although the writing connection was given up.
            store.close().await;
        });
    }

    #[test]
    fn stops_for_good_after_a_failed_write() {
        let (_folder, path) = place();
        runtime().block_on(async { SqliteStore::open(&path).await.unwrap().close().await });
        let output = child("child_sends_until_the_disk_fails", &path, Some(800))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{said}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let count: u64 = said
            .lines()
            .find_map(|line| line.strip_prefix("acknowledged "))
            .unwrap()
            .parse()
            .unwrap();
        runtime().block_on(async {
            let store = SqliteStore::open(&path).await.unwrap();
            assert_eq!(lost(&store, &(0..count).collect::<Vec<_>>()).await, [0; 0]);
            all_whole(&store).await;
            assert_eq!(
                store.send(view(60_000)).await.unwrap(),
                Sent::Stored,
                "a restart brings it back"
            );
            assert_eq!(store.view_by_tag(&tag(50_000)).await.unwrap(), None);
        });
    }
}
