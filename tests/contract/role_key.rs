//! Role keys, and texts that are sealed again to newer ones.

use crate::backend::{on_each, open};
use crate::rows::{Desk, act, body, person, sent};
use domain::audience::{RoleKey, TextKind};
use domain::lifecycle::{State, ViewStatus};
use domain::role::Role;
use domain::view::Subject;
use store::{Change, Changed, GrantRow, NewBody, RoleKeyRow, SealedAgain, TextsAt};

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
        assert!(
            store
                .initialize("age1recovery", keys.clone())
                .await
                .unwrap()
        );
        assert!(
            !store
                .initialize("age1other", vec![key(RoleKey::Committee, 9)])
                .await
                .unwrap()
        );
        drop(store);
        let store = open(&url).await;
        assert!(!store.initialize("age1other", Vec::new()).await.unwrap());
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
            store.initialize("a", vec![key("a")]),
            store.initialize("b", vec![key("b")])
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
                .initialize("a", vec![key.clone(), key.clone()])
                .await
                .is_err()
        );
        assert_eq!(store.recovery().await.unwrap(), None);
        assert!(store.role_keys().await.unwrap().is_empty());
        assert!(store.initialize("a", vec![key]).await.unwrap());
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
        store
            .initialize("age1r", vec![key(1), key(2)])
            .await
            .unwrap();
        let ana = person("ana", "ana", Role::Safety);
        let grants = vec![grant(1), grant(2)];
        assert!(store.desk().add_staff(ana, grants).await.unwrap());
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
        assert_eq!(store.desk().change(close).await.unwrap(), Changed::Done);

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
            audience: None,
            sealed: b"again".to_vec(),
        };
        let both = vec![again(0, 1), again(1, 7)];
        assert_eq!(
            store.desk().reseal(both).await.unwrap(),
            1,
            "one was as expected"
        );
        assert_eq!(store.desk().reseal(vec![again(0, 1)]).await.unwrap(), 0);
        let bodies = store.bodies(&open.id).await.unwrap();
        assert_eq!((bodies[0].generation, bodies[1].generation), (2, 1));
        assert_eq!(bodies[0].sealed, b"again");

        let at = |kind, writer, generation| TextsAt {
            kind,
            audience: None,
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
