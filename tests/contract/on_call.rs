//! Who is on call, where alerts reach people, and drills.

use crate::backend::on_each;
use crate::rows::{Desk, day, person};
use domain::on_call::{DRILL_SECONDS, DutyTurn};
use domain::role::Role;
use store::{AlertChannel, Changed, LastReader, OnCallRow};

fn row(id: &str, from: &str, to: &str, staff: &str, rank: u32) -> OnCallRow {
    OnCallRow {
        id: id.to_owned(),
        turn: DutyTurn {
            from: day(from),
            to: day(to),
            staff: staff.to_owned(),
            rank,
        },
    }
}

#[test]
fn turns_are_added_changed_removed_and_go_with_their_account() {
    on_each(|store, _| async move {
        for name in ["sam", "cas"] {
            let added = store
                .desk()
                .add_staff(person(name, name, Role::Safety), Vec::new())
                .await;
            assert!(added.unwrap());
        }
        assert_eq!(store.turns().await.unwrap(), []);
        let one = row("one", "2026-12-01", "2026-12-07", "sam", 1);
        let two = row("two", "2026-12-01", "2026-12-07", "cas", 2);
        let early = row("early", "2026-11-01", "2026-11-01", "sam", 1);
        for turn in [&two, &one, &early] {
            store.desk().add_turn(turn.clone()).await.unwrap();
        }
        let all = store.turns().await.unwrap();
        assert_eq!(all, [early.clone(), one, two.clone()]);

        let changed = row("one", "2026-12-02", "2026-12-03", "cas", 3);
        let done = store.desk().change_turn(changed.clone()).await.unwrap();
        assert_eq!(done, Changed::Done);
        assert_eq!(
            store.turns().await.unwrap(),
            [early.clone(), two.clone(), changed]
        );
        let gone = row("none", "2026-12-02", "2026-12-03", "cas", 3);
        let stale = store.desk().change_turn(gone).await.unwrap();
        assert_eq!(stale, Changed::Stale);
        assert_eq!(
            store.desk().remove_turn("one").await.unwrap(),
            Changed::Done
        );
        assert_eq!(
            store.desk().remove_turn("one").await.unwrap(),
            Changed::Stale
        );
        // Nobody who is not there, and no turn that ends before it begins.
        for wrong in [
            row("x", "2026-12-02", "2026-12-03", "nobody", 1),
            row("y", "2026-12-03", "2026-12-02", "sam", 1),
            row("z", "2026-12-02", "2026-12-03", "sam", 0),
        ] {
            assert!(store.desk().add_turn(wrong).await.is_err());
        }
        let desk = store.desk();
        desk.remove_staff("sam", Vec::new(), Vec::new(), LastReader::MayGo)
            .await
            .unwrap();
        assert_eq!(
            store.turns().await.unwrap(),
            [two],
            "the turns of others stay"
        );
    });
}

#[test]
fn an_address_is_one_for_each_account_and_goes_with_it() {
    on_each(|store, _| async move {
        for name in ["sam", "cas"] {
            let added = store
                .desk()
                .add_staff(person(name, name, Role::Safety), Vec::new())
                .await;
            assert!(added.unwrap());
        }
        let set = async |who: &str, sealed: Option<&[u8]>| {
            let sealed = sealed.map(<[u8]>::to_vec);
            store.desk().set_alert_address(who, sealed).await
        };
        set("sam", Some(b"1")).await.unwrap();
        set("cas", Some(b"2")).await.unwrap();
        set("sam", Some(b"3")).await.unwrap();
        let of = |who: &str, sealed: &[u8]| (who.to_owned(), sealed.to_vec());
        let all = store.alert_addresses().await.unwrap();
        assert_eq!(all, [of("cas", b"2"), of("sam", b"3")]);
        set("cas", None).await.unwrap();
        assert_eq!(store.alert_addresses().await.unwrap(), [of("sam", b"3")]);
        assert!(set("nobody", Some(b"4")).await.is_err());
        let desk = store.desk();
        desk.remove_staff("sam", Vec::new(), Vec::new(), LastReader::MayGo)
            .await
            .unwrap();
        assert_eq!(store.alert_addresses().await.unwrap(), []);
    });
}

#[test]
fn one_drill_at_a_time_is_taken_once_and_its_minutes_stay() {
    on_each(|store, _| async move {
        let added = store
            .desk()
            .add_staff(person("sam", "sam", Role::Safety), Vec::new())
            .await;
        assert!(added.unwrap());
        let begin = async |at: i64| store.desk().begin_drill(at).await.unwrap();
        assert_eq!(begin(1_000).await, Changed::Done);
        assert_eq!(begin(1_000 + DRILL_SECONDS - 1).await, Changed::Stale);
        let first = store.drills().await.unwrap().remove(0);
        assert_eq!((first.began, first.mail, first.hook), (1_000, 0, 0));
        for (channel, round) in [(AlertChannel::Mail, 2), (AlertChannel::Hook, 1)] {
            let rounds = vec![(first.id, round)];
            store.drills_delivered(channel, rounds).await.unwrap();
        }
        let end = async |at: i64| store.desk().end_drill(first.id, at, "sam").await.unwrap();
        assert_eq!(end(1_300).await, Changed::Done);
        assert_eq!(end(1_400).await, Changed::Stale);
        let ended = store.drills().await.unwrap().remove(0);
        assert_eq!((ended.mail, ended.hook), (2, 1));
        assert_eq!(
            (ended.ended, ended.ended_by.as_deref()),
            (Some(1_300), Some("sam"))
        );
        // After one that was taken, and after one that nobody took in its time, the next may begin.
        assert_eq!(begin(1_301).await, Changed::Done);
        assert_eq!(begin(1_301 + DRILL_SECONDS).await, Changed::Done);
        let began: Vec<i64> = store
            .drills()
            .await
            .unwrap()
            .iter()
            .map(|row| row.began)
            .collect();
        assert_eq!(began, [1_301 + DRILL_SECONDS, 1_301, 1_000], "newest first");
        let desk = store.desk();
        desk.remove_staff("sam", Vec::new(), Vec::new(), LastReader::MayGo)
            .await
            .unwrap();
        let last = store.drills().await.unwrap().remove(2);
        assert_eq!((last.ended, last.ended_by), (Some(1_300), None));
    });
}

#[test]
fn what_is_over_goes_before_its_day_and_nothing_else() {
    on_each(|store, _| async move {
        let added = store
            .desk()
            .add_staff(person("sam", "sam", Role::Safety), Vec::new())
            .await;
        assert!(added.unwrap());
        for (id, to) in [("over", "2025-12-31"), ("last", "2026-01-01")] {
            let turn = row(id, "2025-12-01", to, "sam", 1);
            store.desk().add_turn(turn).await.unwrap();
        }
        for began in [1_000, 100_000] {
            store.desk().begin_drill(began).await.unwrap();
        }
        let before = day("2026-01-01");
        assert_eq!(store.purge_on_call(before, 100_000).await.unwrap(), 2);
        assert_eq!(store.purge_on_call(before, 100_000).await.unwrap(), 0);
        assert_eq!(store.turns().await.unwrap()[0].id, "last");
        assert_eq!(store.drills().await.unwrap()[0].began, 100_000);
    });
}
