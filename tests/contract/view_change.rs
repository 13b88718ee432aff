//! Acts on a view: whole or not at all, each from the version it was decided on.

use crate::backend::{on_each, open};
use crate::rows::{Desk, act, body, by, day, entry, event, get, meeting, outcome, sent, tag, view};
use domain::audience::{Audience, TextKind};
use domain::event::EventKind;
use domain::lifecycle::{CloseReason, Lane, Service, State, ViewStatus};
use domain::publication::{Publicity, TakeDownReason};
use domain::role::Role;
use domain::view::Subject;
use std::sync::Arc;
use store::{
    AlertChange, Change, Changed, EventRow, NewBody, SealedAgain, Sent, StoreError, ViewRow,
};

#[test]
fn a_change_is_written_whole() {
    on_each(|store, _| async move {
        store
            .desk()
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
            public: Publicity::Nothing,
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
        assert_eq!(
            store.desk().change(change.clone()).await.unwrap(),
            Changed::Done
        );

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
        assert_eq!(store.desk().change(second).await.unwrap(), Changed::Done);
        assert_eq!(get(&*store, 1).await, ViewRow { version: 2, ..row });
        assert_eq!(store.events(&first.id).await.unwrap()[2], event("note"));
        assert!(store.outcomes().await.unwrap().is_empty());
    });
}

#[test]
fn a_stale_change_writes_nothing() {
    on_each(|store, _| async move {
        let first = sent(&*store, 1).await;
        // Reading is not changing.
        let read = store.desk().change(act(&first, "open")).await;
        assert_eq!(read.unwrap(), Changed::Done);
        assert_eq!(get(&*store, 1).await.version, first.version);
        assert_eq!(
            store.desk().change(act(&first, "note")).await.unwrap(),
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
                public: Publicity::Nothing,
            },
            body: Some(body(TextKind::Reply, "late")),
            outcome: Some(outcome("late", State::Published)),
            event: by("ash", "reply"),
            ..act(&first, "reply")
        };
        // Who wrote it is on record, so that `ash` can release it.
        store
            .desk()
            .insert_event(&first.id, by("kim", "decide"))
            .await
            .unwrap();
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
            assert_eq!(store.desk().change(late).await.unwrap(), Changed::Stale);
        }
        assert_eq!(get(&*store, 1).await, now);
        assert_eq!(store.bodies(&first.id).await.unwrap().len(), 2);
        assert_eq!(store.events(&first.id).await.unwrap().len(), 4);
        assert!(store.outcomes().await.unwrap().is_empty());
        // Control: from the right version the same act is done.
        assert_eq!(store.desk().change(stale(1)).await.unwrap(), Changed::Done);
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
                tokio::spawn(async move { store.desk().change(change).await.unwrap() })
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
            store.desk().change(nowhere).await,
            Err(StoreError::NotSaved(_))
        ));
        assert_eq!(get(&*store, 1).await, first);
        assert_eq!(store.bodies(&first.id).await.unwrap().len(), 2);
        assert_eq!(store.events(&first.id).await.unwrap().len(), 1);
    });
}

#[test]
fn erasing_leaves_the_tombstone_alone() {
    on_each(|store, url| async move {
        store
            .desk()
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
        assert_eq!(store.desk().change(list).await.unwrap(), Changed::Done);
        let now = get(&*store, 1).await;
        store
            .desk()
            .insert_event(&first.id, event("name"))
            .await
            .unwrap();
        let away = Change {
            life: ViewStatus {
                state: State::Withdrawn,
                lane: Lane::Ordinary,
                unread: false,
                about: Subject::Nobody,
                public: Publicity::Nothing,
            },
            since: Some(day("2026-11-30")),
            // There is nothing left that a text could belong to.
            body: Some(body(TextKind::Answer, "goodbye")),
            erase: true,
            ..act(&now, "withdraw")
        };
        assert_eq!(store.desk().change(away).await.unwrap(), Changed::Done);

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
                        public: Publicity::Nothing,
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
            kind: EventKind::NameOpened,
            role: Some(Role::Safety),
            staff: Some("sam".to_owned()),
            body: Some(name),
            reason: Some(CloseReason::WouldIdentify),
            meeting: Some("m".to_owned()),
            handed: Some((Service::Mash, day("2199-12-30"))),
            down: Some(TakeDownReason::Other),
        };
        assert!(store.handed_over().await.unwrap().is_empty());
        store
            .desk()
            .insert_event(&first.id, full.clone())
            .await
            .unwrap();
        let handed = store.handed_over().await.unwrap();
        assert!(handed.len() == 1 && handed.contains(&first.id));
        store
            .desk()
            .insert_event(&first.id, event("name"))
            .await
            .unwrap();
        assert_eq!(
            store.events(&first.id).await.unwrap()[1..],
            [full, event("name")]
        );
        assert_eq!(get(&*store, 1).await, first, "an event alone is no change");
        assert!(
            store
                .desk()
                .insert_event("nobody", event("name"))
                .await
                .is_err()
        );
    });
}

#[test]
fn texts_are_sealed_to_others_with_the_act_or_the_act_is_not_done() {
    on_each(|store, _| async move {
        let row = sent(&*store, 1).await;
        let old = store.bodies(&row.id).await.unwrap();
        let again = |from: u32| SealedAgain {
            body: old[0].id,
            from,
            generation: 2,
            audience: Some(Audience::Adults),
            sealed: b"for adults".to_vec(),
        };
        let raise = |from: u32| Change {
            reseal: vec![again(from)],
            alert: AlertChange::Raise(900),
            ..act(&row, "raise")
        };
        // Not as it was read: nothing of the act is done.
        let other = old[0].generation + 1;
        let stale = store.desk().change(raise(other)).await.unwrap();
        assert_eq!(stale, Changed::Stale);
        assert_eq!(store.bodies(&row.id).await.unwrap(), old);
        assert_eq!(get(&*store, 1).await, row);
        assert!(store.alerts().await.unwrap().is_empty());
        let done = store.desk().change(raise(old[0].generation)).await.unwrap();
        assert_eq!(done, Changed::Done);
        let now = store.bodies(&row.id).await.unwrap();
        let sealed = (now[0].sealed.as_slice(), now[0].audience, now[0].generation);
        assert_eq!(
            sealed,
            (b"for adults".as_slice(), Some(Audience::Adults), 2)
        );
        assert_eq!(now[1..], old[1..], "no other text is touched");
        assert_eq!(store.alerts().await.unwrap().len(), 1);
    });
}

#[test]
fn what_was_decided_before_a_reading_is_not_written_over_it() {
    on_each(|store, _| async move {
        let first = sent(&*store, 1).await;
        let read = ViewStatus {
            state: State::Read,
            lane: Lane::Opened,
            unread: false,
            ..first.life
        };
        let reading = Change {
            life: read,
            ..act(&first, "open")
        };
        assert_eq!(store.desk().change(reading).await.unwrap(), Changed::Done);
        let now = get(&*store, 1).await;
        assert_eq!((now.life, now.version), (read, first.version));
        // The version is the same, the life is not.
        for word in ["open", "name", "note", "reply"] {
            let late = store.desk().change(act(&first, word)).await.unwrap();
            assert_eq!(late, Changed::Stale, "{word}");
            assert_eq!(get(&*store, 1).await, now);
        }
        // The control: from the life that was read. Readings make no version, acts do.
        for (word, version) in [("open", 0), ("name", 0), ("note", 1)] {
            let done = store.desk().change(act(&now, word)).await.unwrap();
            assert_eq!(done, Changed::Done, "{word}");
            let row = get(&*store, 1).await;
            assert_eq!((row.life, row.version), (read, version), "{word}");
        }
    });
}

#[test]
fn words_of_the_sender_between_the_page_and_the_reading_stay_unread() {
    on_each(|store, _| async move {
        let first = sent(&*store, 1).await;
        let read = |row: &ViewRow| Change {
            life: ViewStatus {
                state: State::Read,
                unread: false,
                ..row.life
            },
            ..act(row, "open")
        };
        // In one order the words come first, and the reading that knew nothing of them is late.
        let more = store.desk().change(act(&first, "write-back")).await;
        assert_eq!(more.unwrap(), Changed::Done);
        let late = store.desk().change(read(&first)).await.unwrap();
        assert_eq!(late, Changed::Stale);
        let now = get(&*store, 1).await;
        assert!(now.life.unread);
        // In the other the reading comes first, and words that knew nothing of it are written from what it left.
        assert_eq!(
            store.desk().change(read(&now)).await.unwrap(),
            Changed::Done
        );
        let unread = Change {
            life: ViewStatus {
                state: State::Answered,
                ..now.life
            },
            ..act(&now, "write-back")
        };
        let late = store.desk().change(unread.clone()).await.unwrap();
        assert_eq!(late, Changed::Stale);
        let from_life = get(&*store, 1).await.life;
        let again = Change {
            from_life,
            ..unread
        };
        assert_eq!(store.desk().change(again).await.unwrap(), Changed::Done);
        assert!(get(&*store, 1).await.life.unread);
    });
}

#[test]
fn texts_of_a_list_are_entered_one_by_one_and_told_once_to_each_sender() {
    on_each(|store, _| async move {
        let (a, b) = (sent(&*store, 1).await, sent(&*store, 2).await);
        let reading = |staff: &str| EventRow {
            role: Some(Role::Committee),
            staff: Some(staff.to_owned()),
            ..event("read-approved")
        };
        let read = async |staff: &str| {
            let views = vec![a.id.clone(), b.id.clone()];
            let before = store.audit_last().await.unwrap().map_or(0, |row| row.seq);
            let done = store.audited(entry("read-approved", 1));
            done.open_listed(views, reading(staff)).await.unwrap();
            let rows = store.audit_after(before, 100).await.unwrap();
            let object = |row: &store::audit::AuditRow| row.object.clone().unwrap_or_default();
            assert_eq!(
                rows.iter().map(object).collect::<Vec<_>>(),
                [a.id.clone(), b.id.clone()]
            );
        };
        let told = async |view: &str| {
            let events = store.events(view).await.unwrap();
            let kind = EventKind::ApprovedRead;
            events.iter().filter(|event| event.kind == kind).count()
        };
        read("ana").await;
        read("ana").await;
        assert_eq!((told(&a.id).await, told(&b.id).await), (1, 1));
        read("ben").await;
        assert_eq!((told(&a.id).await, told(&b.id).await), (2, 2));
        // A new approved text is another one; that it was read makes no version.
        let row = get(&*store, 1).await;
        assert_eq!(row.version, a.version);
        let approve = store.desk().change(act(&row, "approve")).await;
        assert_eq!(approve.unwrap(), Changed::Done);
        read("ana").await;
        assert_eq!((told(&a.id).await, told(&b.id).await), (3, 2));
        // What was withdrawn in between is entered, and gets no line.
        let away = Change {
            erase: true,
            ..act(&get(&*store, 2).await, "withdraw")
        };
        assert_eq!(store.desk().change(away).await.unwrap(), Changed::Done);
        read("ben").await;
        assert_eq!((told(&a.id).await, told(&b.id).await), (4, 0));
    });
}
