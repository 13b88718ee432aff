//! Views: sent once, read back as they were, and what is noted about them.

use crate::backend::{on_each, open};
use crate::rows::{Desk, act, body, day, event, get, person, sent, tag, view};
use domain::audience::TextKind;
use domain::lifecycle::ViewStatus;
use domain::role::Role;
use domain::view::{Subject, Topic};
use std::collections::HashSet;
use std::sync::Arc;
use store::{Change, Changed, EventRow, LastReader, NewView, Sent, ViewRow};

#[test]
fn a_view_is_read_back_as_it_was_sent() {
    on_each(|store, _| async move {
        for (n, topic) in (1..).zip(Topic::ALL) {
            let mut new = view(n);
            new.topic = topic;
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
                    topic,
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
                        0 => store
                            .desk()
                            .insert_event("nobody", event("name"))
                            .await
                            .is_err(),
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

#[test]
fn whom_a_view_is_about_and_who_is_kept_away_are_read_back() {
    on_each(|store, _| async move {
        for (n, about) in (1..).zip(Subject::ALL) {
            let mut new = view(n);
            new.life.about = about;
            let id = new.id.clone();
            assert_eq!(store.send(new).await.unwrap(), Sent::Stored);
            assert_eq!(store.view(&id).await.unwrap().unwrap().life.about, about);
        }
        let ids: Vec<String> = store
            .views()
            .await
            .unwrap()
            .into_iter()
            .map(|row| row.id)
            .collect();
        let ann = person("ann", "ann", Role::Speakerbox);
        assert!(store.desk().add_staff(ann, Vec::new()).await.unwrap());
        assert!(store.recused("ann").await.unwrap().is_empty());
        for _ in 0..2 {
            store
                .desk()
                .recuse(&ids[0], "ann", LastReader::MayGo)
                .await
                .unwrap();
        }
        store
            .desk()
            .recuse(&ids[1], "ann", LastReader::MayGo)
            .await
            .unwrap();
        let away: Vec<String> = store.recused("ann").await.unwrap().into_iter().collect();
        let mut wanted = ids[..2].to_vec();
        wanted.sort();
        assert_eq!(away, wanted);
        assert!(store.recused("ben").await.unwrap().is_empty());
        // Nobody and nothing that is not there.
        assert!(
            store
                .desk()
                .recuse("no view", "ann", LastReader::MayGo)
                .await
                .is_err()
        );
        assert!(
            store
                .desk()
                .recuse(&ids[0], "nobody", LastReader::MayGo)
                .await
                .is_err()
        );
        // It goes with the account.
        store
            .desk()
            .remove_staff("ann", Vec::new(), Vec::new(), LastReader::Stays)
            .await
            .unwrap();
        assert!(store.recused("ann").await.unwrap().is_empty());
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
        assert_eq!(store.desk().change(withdraw).await.unwrap(), Changed::Done);
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
