//! Who reads, and that the last of them keeps their access whatever happens at once.

use crate::backend::on_each;
use crate::rows::{Desk, person, view};
use domain::audience::RoleKey;
use domain::role::Role;
use store::{
    AccessChange, GrantRow, InvitationRow, LastReader, ReaderRow, Result, RoleKeyRow, SecondFactor,
    Sent, StaffRow, Store,
};

fn key(key: RoleKey, generation: u32) -> RoleKeyRow {
    RoleKeyRow {
        key,
        generation,
        recipient: format!("age1{}{generation}", key.id()),
        for_recovery: vec![1],
    }
}

fn grant(key: RoleKey, generation: u32) -> GrantRow {
    GrantRow {
        key,
        generation,
        sealed: vec![2],
    }
}

/// Somebody who has done every step, with the first generation of the keys of their role.
async fn add(store: &dyn Store, id: &str, role: Role) {
    let row = StaffRow {
        must_change: false,
        second_factor: Some(vec![1]),
        ..person(id, id, role)
    };
    let grants = RoleKey::of(role).iter().map(|key| grant(*key, 1)).collect();
    assert!(store.desk().add_staff(row, grants).await.unwrap());
}

async fn begin(store: &dyn Store) {
    let keys = RoleKey::ALL.map(|one| key(one, 1)).to_vec();
    assert!(store.initialize("age1recovery", keys).await.unwrap());
}

async fn who_reads(store: &dyn Store) -> Vec<String> {
    let readers = store.readers().await.unwrap();
    readers.into_iter().map(|reader| reader.staff).collect()
}

#[test]
fn a_reader_can_sign_in_and_holds_the_newest_of_every_key() {
    on_each(|store, _| async move {
        begin(&*store).await;
        add(&*store, "cat", Role::Coordinator).await;
        add(&*store, "dee", Role::Safety).await;
        add(&*store, "fay", Role::Admin).await;
        // Of each of these something is missing.
        let whole = |id: &str| StaffRow {
            must_change: false,
            second_factor: Some(vec![1]),
            ..person(id, id, Role::Coordinator)
        };
        let both = vec![
            grant(RoleKey::Speakerbox, 1),
            grant(RoleKey::Coordinator, 1),
        ];
        for (row, grants) in [
            (
                StaffRow {
                    recipient: String::new(),
                    ..whole("invited")
                },
                both.clone(),
            ),
            (
                StaffRow {
                    must_change: true,
                    ..whole("first")
                },
                both.clone(),
            ),
            (
                StaffRow {
                    second_factor: None,
                    ..whole("codes")
                },
                both.clone(),
            ),
            (
                StaffRow {
                    suspended: true,
                    ..whole("suspended")
                },
                both.clone(),
            ),
            (whole("waits"), Vec::new()),
            (whole("half"), vec![grant(RoleKey::Speakerbox, 1)]),
        ] {
            assert!(store.desk().add_staff(row, grants).await.unwrap());
        }
        let cat = ReaderRow {
            staff: "cat".to_owned(),
            role: Role::Coordinator,
        };
        let readers = store.readers().await.unwrap();
        assert_eq!((readers.len(), &readers[0]), (2, &cat), "{readers:?}");
        // A newer key that they were not given: they read nothing of what is sealed to it.
        let leave = store.desk();
        let rotated = vec![key(RoleKey::Speakerbox, 2)];
        let given = vec![("waits".to_owned(), grant(RoleKey::Speakerbox, 2))];
        let left = leave.remove_staff("half", rotated, given, LastReader::Stays);
        assert_eq!(left.await.unwrap(), AccessChange::Done);
        assert_eq!(who_reads(&*store).await, ["dee"]);
        let again = vec![grant(RoleKey::Speakerbox, 2)];
        store.desk().add_grants("cat", again).await.unwrap();
        assert_eq!(who_reads(&*store).await, ["cat", "dee"]);
    });
}

#[test]
fn the_number_moves_with_who_reads_and_with_nothing_else() {
    on_each(|store, _| async move {
        let number = async || store.staff_change().await.unwrap();
        let mut last = number().await;
        let mut moved = async |what: &str| {
            let now = number().await;
            assert!(now > last, "{what}");
            last = now;
        };
        begin(&*store).await;
        moved("keys").await;
        add(&*store, "ann", Role::Safety).await;
        moved("somebody new").await;
        store
            .desk()
            .set_suspended("ann", true, LastReader::MayGo)
            .await
            .unwrap();
        moved("suspended").await;
        let more = vec![grant(RoleKey::Safety, 2)];
        store.desk().add_grants("ann", more).await.unwrap();
        moved("let in").await;
        let invitation = InvitationRow {
            staff: "ann".to_owned(),
            hash: [1; 32],
            until: 9,
        };
        let again = store.desk();
        again
            .invite_again(invitation, LastReader::Stays)
            .await
            .unwrap();
        moved("invited again").await;
        // The control: a code that is typed, and the same state written once more.
        let before = number().await;
        assert!(store.consume_totp_step("ann", 70).await.unwrap());
        store
            .desk()
            .set_suspended("ann", false, LastReader::Stays)
            .await
            .unwrap();
        assert_eq!(number().await, before);
        let desk = store.desk();
        let gone = desk.remove_staff("ann", Vec::new(), Vec::new(), LastReader::Stays);
        gone.await.unwrap();
        assert!(number().await > before, "removed");
    });
}

/// Takes somebody's access away in one of three ways.
async fn take(store: &dyn Store, way: usize, id: &str) -> Result<AccessChange> {
    let last = LastReader::Stays;
    match way {
        0 => store.desk().set_suspended(id, true, last).await,
        1 => {
            let desk = store.desk();
            desk.remove_staff(id, Vec::new(), Vec::new(), last).await
        }
        _ => {
            let mut hash = [0; 32];
            hash[..id.len()].copy_from_slice(id.as_bytes());
            let invitation = InvitationRow {
                staff: id.to_owned(),
                hash,
                until: 9,
            };
            store.desk().invite_again(invitation, last).await
        }
    }
}

#[test]
fn two_acts_at_once_never_take_the_last_two_readers() {
    on_each(|store, _| async move {
        begin(&*store).await;
        for round in 0..18 {
            let (one, other) = (format!("a{round}"), format!("b{round}"));
            add(&*store, &one, Role::Safety).await;
            add(&*store, &other, Role::Safety).await;
            let (first, second) = tokio::join!(
                take(&*store, round % 3, &one),
                take(&*store, round / 3 % 3, &other)
            );
            let mut got = [first.unwrap(), second.unwrap()];
            got.sort_by_key(|change| *change == AccessChange::LastReader);
            assert_eq!(got, [AccessChange::Done, AccessChange::LastReader]);
            let left = who_reads(&*store).await;
            assert_eq!(left.len(), 1, "{round}: {left:?}");
            // With an explicit word the last one goes too.
            let gone = store.desk();
            let gone = gone.remove_staff(&left[0], Vec::new(), Vec::new(), LastReader::MayGo);
            assert_eq!(gone.await.unwrap(), AccessChange::Done);
            assert_eq!(who_reads(&*store).await, [] as [String; 0]);
        }
        // What was refused is in the log as not done.
        let log = store.audit_after(0, 1_000).await.unwrap();
        let not_done = log.iter().filter(|row| row.outcome == "not-done");
        assert_eq!(not_done.count(), 18);
    });
}

#[test]
fn who_is_let_in_after_the_new_keys_were_made_is_no_stand_in() {
    on_each(|store, _| async move {
        begin(&*store).await;
        add(&*store, "ann", Role::Safety).await;
        // The keys for ann's leaving are made now; then bob is granted the key of today.
        let keys = || vec![key(RoleKey::Safety, 2)];
        add(&*store, "bob", Role::Safety).await;
        let leave = |grants| {
            let desk = store.desk();
            async move {
                desk.remove_staff("ann", keys(), grants, LastReader::Stays)
                    .await
            }
        };
        assert_eq!(leave(Vec::new()).await.unwrap(), AccessChange::LastReader);
        assert_eq!(who_reads(&*store).await, ["ann", "bob"]);
        // The control: made again, the new key is sealed to bob too.
        let for_bob = vec![("bob".to_owned(), grant(RoleKey::Safety, 2))];
        assert_eq!(leave(for_bob).await.unwrap(), AccessChange::Done);
        assert_eq!(who_reads(&*store).await, ["bob"]);
    });
}

#[test]
fn the_coordinator_stands_in_for_speakerbox_and_for_nobody_else() {
    on_each(|store, _| async move {
        begin(&*store).await;
        add(&*store, "sue", Role::Speakerbox).await;
        assert_eq!(
            take(&*store, 0, "sue").await.unwrap(),
            AccessChange::LastReader
        );
        add(&*store, "cat", Role::Coordinator).await;
        add(&*store, "dee", Role::Safety).await;
        assert_eq!(take(&*store, 0, "sue").await.unwrap(), AccessChange::Done);
        for id in ["cat", "dee"] {
            assert_eq!(
                take(&*store, 1, id).await.unwrap(),
                AccessChange::LastReader
            );
        }
        add(&*store, "dan", Role::Safety).await;
        assert_eq!(take(&*store, 1, "dee").await.unwrap(), AccessChange::Done);
    });
}

#[test]
fn two_who_are_kept_away_at_once_leave_one_who_can_open_the_view() {
    on_each(|store, _| async move {
        begin(&*store).await;
        for id in ["ann", "bob"] {
            add(&*store, id, Role::Speakerbox).await;
        }
        // These never open it: by their role, and for want of keys.
        add(&*store, "dee", Role::Safety).await;
        let keyless = person("eve", "eve", Role::Speakerbox);
        assert!(store.desk().add_staff(keyless, Vec::new()).await.unwrap());
        let away = async |n: u64, staff: &str, last: LastReader| {
            let id = view(n).id;
            store.desk().recuse(&id, staff, last).await.unwrap()
        };
        for n in 0..12 {
            assert_eq!(store.send(view(n)).await.unwrap(), Sent::Stored);
            let (first, second) = tokio::join!(
                away(n, "ann", LastReader::Stays),
                away(n, "bob", LastReader::Stays)
            );
            let mut got = [first, second];
            got.sort_by_key(|change| *change == AccessChange::LastReader);
            assert_eq!(got, [AccessChange::Done, AccessChange::LastReader]);
        }
        // What was refused is in the log as not done.
        let log = store.audit_after(0, 1_000).await.unwrap();
        let not_done = log.iter().filter(|row| row.outcome == "not-done");
        assert_eq!(not_done.count(), 12);
        // The control: who does not look takes both.
        assert_eq!(store.send(view(12)).await.unwrap(), Sent::Stored);
        let (first, second) = tokio::join!(
            away(12, "ann", LastReader::MayGo),
            away(12, "bob", LastReader::MayGo)
        );
        assert_eq!([first, second], [AccessChange::Done; 2]);
        // A coordinator who comes can open it, and the next one may go.
        assert_eq!(store.send(view(13)).await.unwrap(), Sent::Stored);
        assert_eq!(away(13, "ann", LastReader::Stays).await, AccessChange::Done);
        assert_eq!(
            away(13, "bob", LastReader::Stays).await,
            AccessChange::LastReader
        );
        add(&*store, "cat", Role::Coordinator).await;
        assert_eq!(away(13, "bob", LastReader::Stays).await, AccessChange::Done);
        assert_eq!(
            away(13, "cat", LastReader::Stays).await,
            AccessChange::LastReader
        );
    });
}

#[test]
fn who_is_invited_again_meanwhile_gets_no_password_no_second_factor_and_no_keys() {
    on_each(|store, _| async move {
        begin(&*store).await;
        let factor = || SecondFactor {
            sealed: vec![9],
            step: 1,
            recovery: vec![[3; 32]],
        };
        let password = async |id: &str| {
            let set = store.desk().set_password(id, [1; 16], vec![8], None).await;
            set.is_ok()
        };
        add(&*store, "ann", Role::Safety).await;
        add(&*store, "bob", Role::Safety).await;
        // The control.
        assert!(password("ann").await);
        assert!(
            store
                .desk()
                .set_second_factor("ann", factor())
                .await
                .is_ok()
        );
        let again = async |id: &str| {
            let grants = vec![grant(RoleKey::Safety, 1)];
            store.desk().add_grants(id, grants).await.is_ok()
        };
        assert!(again("ann").await);
        // Somebody lost what proves who they are: an act that was on its way does not bring it back.
        assert_eq!(take(&*store, 2, "ann").await.unwrap(), AccessChange::Done);
        assert!(!password("ann").await);
        assert!(!again("ann").await);
        assert_eq!(who_reads(&*store).await, ["bob"]);
        assert!(
            store
                .desk()
                .set_second_factor("ann", factor())
                .await
                .is_err()
        );
        let ann = store.staff("ann").await.unwrap().unwrap();
        assert_eq!((ann.second_factor, ann.wrapped), (None, Vec::new()));
    });
}
