//! Sessions of staff: how they begin, and what ends them.

use crate::backend::on_each;
use crate::rows::{Desk, person, session};
use domain::role::Role;
use store::{SecondFactor, StaffRow};

#[test]
fn sessions_begin_and_end() {
    on_each(|store, _| async move {
        for id in ["ana", "ben"] {
            assert!(
                store
                    .desk()
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
            store.desk().add_session(row.clone()).await.unwrap();
            assert_eq!(store.session(&row.hash).await.unwrap().as_ref(), Some(row));
        }
        assert!(
            store.desk().add_session(rows[0].clone()).await.is_err(),
            "a token is used once"
        );
        assert!(
            store
                .desk()
                .add_session(session(9, "nobody", 1, 1))
                .await
                .is_err(),
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
        store.desk().end_session(&[4; 32]).await.unwrap();
        assert_eq!(store.session(&[4; 32]).await.unwrap(), None);
    });
}

#[test]
fn a_new_password_ends_the_persons_other_sessions() {
    on_each(|store, _| async move {
        for id in ["ana", "ben"] {
            assert!(
                store
                    .desk()
                    .add_staff(person(id, id, Role::Speakerbox), Vec::new())
                    .await
                    .unwrap()
            );
        }
        for (n, id) in [(1, "ana"), (2, "ana"), (3, "ben")] {
            store
                .desk()
                .add_session(session(n, id, 100, 100))
                .await
                .unwrap();
        }
        let there = async |n: u8| store.session(&[n; 32]).await.unwrap().is_some();

        store
            .desk()
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
            .desk()
            .set_password("ana", [8; 16], vec![3], Some([3; 32]))
            .await
            .unwrap();
        assert_eq!((there(2).await, there(3).await), (false, true));
        store
            .desk()
            .add_session(session(4, "ana", 100, 100))
            .await
            .unwrap();
        store
            .desk()
            .set_password("ana", [8; 16], vec![3], None)
            .await
            .unwrap();
        assert_eq!((there(4).await, there(3).await), (false, true));
    });
}

#[test]
fn a_person_sees_and_ends_their_own_sessions() {
    on_each(|store, _| async move {
        for id in ["ana", "ben"] {
            let ana = person(id, id, Role::Speakerbox);
            assert!(store.desk().add_staff(ana, Vec::new()).await.unwrap());
        }
        for (n, id, began) in [
            (1, "ana", 100),
            (2, "ana", 300),
            (3, "ana", 200),
            (4, "ben", 1),
        ] {
            store
                .desk()
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
        store
            .desk()
            .end_sessions_of("ana", Some([3; 32]))
            .await
            .unwrap();
        assert_eq!((of("ana").await, of("ben").await), (vec![3], vec![4]));
        store
            .desk()
            .end_sessions_of("ana", Some([4; 32]))
            .await
            .unwrap();
        assert_eq!((of("ana").await, of("ben").await), (vec![], vec![4]));
        store.desk().end_sessions_of("ben", None).await.unwrap();
        store.desk().end_sessions_of("nobody", None).await.unwrap();
        assert!(of("ben").await.is_empty() && of("nobody").await.is_empty());
    });
}

#[test]
fn a_new_second_factor_ends_every_session_of_its_owner_and_of_nobody_else() {
    on_each(|store, _| async move {
        for (n, id) in [(1, "ana"), (2, "ben")] {
            let row = person(id, id, Role::Safety);
            assert!(store.desk().add_staff(row, Vec::new()).await.unwrap());
            let session = session(n, id, 100, 100);
            store.desk().add_session(session).await.unwrap();
        }
        let factor = SecondFactor {
            sealed: vec![5],
            step: 100,
            recovery: Vec::new(),
        };
        let set = store.desk().set_second_factor("ana", factor).await;
        set.unwrap();
        assert!(store.sessions_of("ana").await.unwrap().is_empty());
        assert_eq!(store.sessions_of("ben").await.unwrap().len(), 1);
    });
}
