//! Staff accounts, second factors and invitations.

use crate::backend::on_each;
use crate::rows::{Desk, person, session};
use domain::audience::RoleKey;
use domain::role::Role;
use std::sync::Arc;
use store::{
    GrantRow, InvitationRow, Joining, LastReader, RoleKeyRow, SecondFactor, StaffRow, StoreError,
};

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
        assert!(
            store
                .desk()
                .add_staff(zoe.clone(), grants.clone())
                .await
                .unwrap()
        );
        assert!(
            !store
                .desk()
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
                .desk()
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
                    .desk()
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
                        .desk()
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
fn a_code_of_either_kind_is_taken_once() {
    on_each(|store, _| async move {
        for id in ["ana", "ben"] {
            let row = person(id, id, Role::Safety);
            assert!(store.desk().add_staff(row, Vec::new()).await.unwrap());
        }
        let factor = |recovery: &[u8]| SecondFactor {
            sealed: vec![5, 0, 255],
            step: 100,
            recovery: recovery.iter().map(|n| [*n; 32]).collect(),
        };
        store
            .desk()
            .set_second_factor("ana", factor(&[1, 2, 3]))
            .await
            .unwrap();
        let ana = store.staff("ana").await.unwrap().unwrap();
        assert_eq!(ana.second_factor, Some(vec![5, 0, 255]));
        assert_eq!(ana.last_step, 100);
        assert_eq!(store.recovery_codes("ana").await.unwrap().len(), 3);
        assert_eq!(store.recovery_codes("ben").await.unwrap().len(), 0);

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
        assert_eq!(store.recovery_codes("ana").await.unwrap().len(), 2);
        // New ones replace what was left.
        store
            .desk()
            .set_second_factor("ana", factor(&[9]))
            .await
            .unwrap();
        assert!(!store.take_recovery_code("ana", [2; 32]).await.unwrap());
        assert!(store.take_recovery_code("ana", [9; 32]).await.unwrap());
        let nobody = store.desk().set_second_factor("nobody", factor(&[1])).await;
        assert!(matches!(nobody, Err(StoreError::NotSaved(_))));

        // Of ten at once with one code, one gets in.
        store
            .desk()
            .set_second_factor("ana", factor(&[7]))
            .await
            .unwrap();
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
        assert!(
            store
                .desk()
                .invite(invited.clone(), invitation(1))
                .await
                .unwrap()
        );
        let other = StaffRow {
            id: "other".to_owned(),
            ..invited.clone()
        };
        let taken = InvitationRow {
            staff: "other".to_owned(),
            ..invitation(2)
        };
        assert!(
            !store.desk().invite(other, taken).await.unwrap(),
            "the name is taken"
        );
        assert_eq!(store.invitation(&[2; 32]).await.unwrap(), None);
        assert_eq!(
            store.invitation(&[1; 32]).await.unwrap(),
            Some(invitation(1))
        );
        assert!(!store.staff("ana").await.unwrap().unwrap().has_joined());

        assert!(store.desk().join([1; 32], keys()).await.unwrap());
        assert!(!store.desk().join([1; 32], keys()).await.unwrap());
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
        store.desk().add_grants("ana", vec![grant]).await.unwrap();
        store
            .desk()
            .add_session(session(1, "ana", 1, 1))
            .await
            .unwrap();
        let factor = SecondFactor {
            sealed: vec![1],
            step: 7,
            recovery: vec![[1; 32]],
        };
        store.desk().set_second_factor("ana", factor).await.unwrap();
        store
            .desk()
            .set_suspended("ana", true, LastReader::Stays)
            .await
            .unwrap();
        for n in [3, 4] {
            store
                .desk()
                .invite_again(invitation(n), LastReader::Stays)
                .await
                .unwrap();
        }
        let ana = store.staff("ana").await.unwrap().unwrap();
        assert!(!ana.has_joined() && ana.second_factor.is_none() && !ana.suspended);
        assert!(store.grants("ana").await.unwrap().is_empty());
        assert!(store.sessions_of("ana").await.unwrap().is_empty());
        assert_eq!(store.recovery_codes("ana").await.unwrap().len(), 0);
        assert!(!store.desk().join([3; 32], keys()).await.unwrap());
        assert!(store.desk().join([4; 32], keys()).await.unwrap());
        let nobody = InvitationRow {
            staff: "nobody".to_owned(),
            ..invitation(5)
        };
        assert!(matches!(
            store.desk().invite_again(nobody, LastReader::Stays).await,
            Err(StoreError::NotSaved(_))
        ));
        assert_eq!(store.invitation(&[5; 32]).await.unwrap(), None);

        // All at once: nothing of an open one is left, and the person stays as they are.
        store
            .desk()
            .invite_again(invitation(6), LastReader::Stays)
            .await
            .unwrap();
        assert!(store.invitation(&[6; 32]).await.unwrap().is_some());
        store.end_invitations().await.unwrap();
        assert_eq!(store.invitation(&[6; 32]).await.unwrap(), None);
        assert!(!store.desk().join([6; 32], keys()).await.unwrap());
        assert!(store.staff("ana").await.unwrap().is_some());
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
        store
            .initialize("age1recovery", vec![key(1)])
            .await
            .unwrap();
        for (n, id) in [(1, "ana"), (2, "ben")] {
            let row = person(id, id, Role::Safety);
            assert!(
                store
                    .desk()
                    .add_staff(row, vec![grant(1, n)])
                    .await
                    .unwrap()
            );
            store
                .desk()
                .add_session(session(n, id, 1, 1))
                .await
                .unwrap();
        }
        // A key that somebody has stays as it is.
        let more = vec![grant(1, 99), grant(3, 33)];
        store.desk().add_grants("ben", more).await.unwrap();
        assert_eq!(
            store.grants("ben").await.unwrap(),
            [grant(1, 2), grant(3, 33)]
        );
        assert!(
            store
                .desk()
                .add_grants("nobody", vec![grant(1, 1)])
                .await
                .is_err()
        );

        store
            .desk()
            .set_suspended("ben", true, LastReader::Stays)
            .await
            .unwrap();
        assert!(store.staff("ben").await.unwrap().unwrap().suspended);
        assert!(store.sessions_of("ben").await.unwrap().is_empty());
        assert_eq!(store.sessions_of("ana").await.unwrap().len(), 1);
        store
            .desk()
            .set_suspended("ben", false, LastReader::Stays)
            .await
            .unwrap();
        assert!(!store.staff("ben").await.unwrap().unwrap().suspended);
        assert!(matches!(
            store
                .desk()
                .set_suspended("nobody", true, LastReader::Stays)
                .await,
            Err(StoreError::NotSaved(_))
        ));

        let for_ben = || vec![("ben".to_owned(), grant(2, 22))];
        let nobody = store
            .desk()
            .remove_staff("nobody", vec![key(2)], for_ben(), LastReader::Stays)
            .await;
        assert!(matches!(nobody, Err(StoreError::NotSaved(_))));
        assert_eq!(
            store.role_keys().await.unwrap(),
            [key(1)],
            "and no key began"
        );
        store
            .desk()
            .remove_staff("ana", vec![key(2)], for_ben(), LastReader::Stays)
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
