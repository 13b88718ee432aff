//! Words and texts of every noun are read back as they were given.

use crate::backend::on_each;
use crate::rows::{
    Desk, ODD_TEXTS, act, body, day, event, get, outcome, person, release, sent, tag, view,
};
use domain::audience::TextKind;
use domain::lifecycle::{CloseReason, Lane, State, ViewStatus};
use domain::publication::Publicity;
use domain::role::Role;
use domain::view::Subject;
use store::{
    Change, Changed, EventRow, MeetingRow, NewBody, NewView, OutcomeRow, Sent, StoreError,
};

#[test]
fn every_word_of_the_domain_is_read_back() {
    on_each(|store, _| async move {
        sent(&*store, 1).await;
        for state in State::ALL {
            for lane in Lane::ALL {
                for unread in [true, false] {
                    let life = ViewStatus {
                        state,
                        lane,
                        unread,
                        about: Subject::Nobody,
                        public: Publicity::Shown,
                    };
                    let change = Change {
                        life,
                        ..act(&get(&*store, 1).await, "x")
                    };
                    assert_eq!(store.desk().change(change).await.unwrap(), Changed::Done);
                    assert_eq!(get(&*store, 1).await.life, life);
                }
            }
        }
        for reason in CloseReason::ALL {
            store
                .desk()
                .insert_event(
                    "view-1",
                    EventRow {
                        reason: Some(reason),
                        ..event("close")
                    },
                )
                .await
                .unwrap();
            assert_eq!(
                store.events("view-1").await.unwrap().pop().unwrap().reason,
                Some(reason)
            );
        }
        for role in Role::ALL {
            store
                .desk()
                .insert_event(
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
            assert_eq!(store.desk().change(change).await.unwrap(), Changed::Done);
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
            store.desk().add_meeting(row.clone()).await.unwrap();
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
            let said = OutcomeRow {
                released_by: Some(odd.to_owned()),
                ..said
            };
            let change = Change {
                outcome: Some(said.clone()),
                event: EventRow {
                    staff: Some(odd.to_owned()),
                    ..event(odd)
                },
                meeting: Some(Some(row.id.clone())),
                ..release(&*store, &got, said.clone()).await
            };
            assert_eq!(
                store.desk().change(change.clone()).await.unwrap(),
                Changed::Done
            );
            assert_eq!(store.outcomes().await.unwrap()[0], said);
            assert_eq!(store.events(&new.id).await.unwrap()[3], change.event);
            assert_eq!(store.listed(&row.id).await.unwrap().len(), 1);

            let somebody = person(&format!("{n}"), odd, Role::Clerk);
            assert!(
                store
                    .desk()
                    .add_staff(somebody.clone(), Vec::new())
                    .await
                    .unwrap()
            );
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
        store.desk().end_session(&[1; 32]).await.unwrap();
        store.end_old_sessions(i64::MAX, i64::MAX).await.unwrap();
        assert!(matches!(
            store
                .desk()
                .set_password("x", [0; 16], Vec::new(), None)
                .await,
            Err(StoreError::NotSaved(_))
        ));
        assert_eq!(store.session(&[1; 32]).await.unwrap(), None);
    });
}
