//! Meetings, their lists, and published outcomes.

use crate::backend::on_each;
use crate::rows::{Desk, act, by, day, get, meeting, outcome, release, sent};
use domain::lifecycle::{State, ViewStatus};
use domain::publication::{Publicity, TakeDownReason};
use domain::view::Topic;
use store::{Change, Changed, OutcomeRow, TakeDown, ViewRow};

#[test]
fn meetings_and_their_lists() {
    on_each(|store, _| async move {
        for (id, on) in [
            ("early", "2026-09-01"),
            ("late", "2026-12-01"),
            ("same day", "2026-12-01"),
        ] {
            store.desk().add_meeting(meeting(id, on)).await.unwrap();
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
        let one = store.meeting("late").await.unwrap();
        assert_eq!(one, Some(meeting("late", "2026-12-01")));
        assert_eq!(store.meeting("no such").await.unwrap(), None);
        assert!(
            store
                .desk()
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
            assert_eq!(store.desk().change(list).await.unwrap(), Changed::Done);
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
        assert_eq!(store.desk().change(unlist).await.unwrap(), Changed::Done);
        assert_eq!(get(&*store, 1).await.meeting, None);
        assert_eq!(
            listed(store.listed("late").await.unwrap()),
            ["view-3", "view-2"]
        );

        let away = Change {
            erase: true,
            ..act(&get(&*store, 3).await, "withdraw")
        };
        assert_eq!(store.desk().change(away).await.unwrap(), Changed::Done);
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
        let before = store.public_change().await.unwrap();
        let decide = to(&first, State::Decided);
        assert_eq!(store.desk().change(decide).await.unwrap(), Changed::Done);
        assert!(store.outcomes().await.unwrap().is_empty());
        // A decision is not public yet.
        assert_eq!(store.public_change().await.unwrap(), before);

        // The state in the row given is not believed; the life is.
        let now = get(&*store, 1).await;
        let publish = Change {
            life: to(&now, State::Published).life,
            ..release(&*store, &now, outcome("one", State::Agreed)).await
        };
        assert_eq!(store.desk().change(publish).await.unwrap(), Changed::Done);
        assert_eq!(
            store.outcomes().await.unwrap(),
            [outcome("one", State::Published)]
        );
        assert!(store.public_change().await.unwrap() > before);

        for state in [State::Done, State::Disputed, State::Done, State::Agreed] {
            let now = get(&*store, 1).await;
            assert_eq!(
                store.desk().change(to(&now, state)).await.unwrap(),
                Changed::Done
            );
            assert_eq!(store.outcomes().await.unwrap(), [outcome("one", state)]);
        }

        // A second view, published later the same day and on another day; then one corrected.
        let two = OutcomeRow {
            published: day("2026-12-02"),
            ..outcome("two", State::Published)
        };
        let now = get(&*store, 2).await;
        let publish = Change {
            life: to(&now, State::Published).life,
            ..release(&*store, &now, two.clone()).await
        };
        assert_eq!(store.desk().change(publish).await.unwrap(), Changed::Done);
        assert_eq!(
            store.outcomes().await.unwrap(),
            [two.clone(), outcome("one", State::Agreed)],
            "newest first"
        );

        let corrected = OutcomeRow {
            corrected: Some(day("2026-12-05")),
            topic: Topic::Money,
            ..two
        };
        let now = get(&*store, 2).await;
        let again = Change {
            life: to(&now, State::Published).life,
            ..release(&*store, &now, corrected.clone()).await
        };
        assert_eq!(store.desk().change(again).await.unwrap(), Changed::Done);
        assert_eq!(
            store.outcomes().await.unwrap(),
            [corrected, outcome("one", State::Agreed)]
        );
    });
}

#[test]
fn nobody_who_wrote_it_releases_it_and_of_two_releases_one_is_done() {
    on_each(|store, _| async move {
        sent(&*store, 1).await;
        let row = get(&*store, 1).await;
        let publish = release(&*store, &row, outcome("one", State::Published)).await;
        for (who, word) in [("kim", "publish"), ("sol", "publish")] {
            let own = Change {
                event: by(who, word),
                ..publish.clone()
            };
            assert_eq!(
                store.desk().change(own).await.unwrap(),
                Changed::Stale,
                "{who}"
            );
        }
        let nobody = act(&row, "publish").event;
        let unsigned = Change {
            event: nobody,
            ..publish.clone()
        };
        assert_eq!(store.desk().change(unsigned).await.unwrap(), Changed::Stale);
        assert!(store.outcomes().await.unwrap().is_empty());
        // The last writer counts: the one before may release what somebody else wrote over it.
        let over = by("ash", "decide");
        store.desk().insert_event(&row.id, over).await.unwrap();
        let late = store.desk().change(publish.clone()).await.unwrap();
        assert_eq!(late, Changed::Stale);
        let other = Change {
            event: by("kim", "publish"),
            ..publish
        };
        let (first, second) = tokio::join!(
            async { store.desk().change(other.clone()).await.unwrap() },
            async { store.desk().change(other.clone()).await.unwrap() }
        );
        let mut both = [first == Changed::Done, second == Changed::Done];
        both.sort_unstable();
        assert_eq!(both, [false, true]);
        let rows = store.outcomes().await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(store.published().await.unwrap()[0].view, row.id);
        assert_eq!(rows[0].released_by.as_deref(), Some("kim"));
        assert_eq!(rows[0].authors.decided.as_deref(), Some("ash"));
    });
}

#[test]
fn what_is_taken_down_has_no_words_and_a_second_decision_leaves_the_first() {
    on_each(|store, _| async move {
        sent(&*store, 1).await;
        let with = |row: &ViewRow, state, public| ViewStatus {
            state,
            public,
            ..row.life
        };
        let publish = async |said: &str, corrected: Option<&str>| {
            let row = get(&*store, 1).await;
            let outcome = OutcomeRow {
                corrected: corrected.map(day),
                ..outcome(said, State::Published)
            };
            let change = Change {
                life: with(&row, State::Published, Publicity::Shown),
                ..release(&*store, &row, outcome).await
            };
            assert_eq!(store.desk().change(change).await.unwrap(), Changed::Done);
        };
        let to = async |state: State, public: Publicity, take_down: Option<TakeDown>| {
            let row = get(&*store, 1).await;
            let change = Change {
                life: with(&row, state, public),
                take_down,
                ..act(&row, "x")
            };
            assert_eq!(store.desk().change(change).await.unwrap(), Changed::Done);
        };
        publish("one", None).await;
        to(State::Disputed, Publicity::Shown, None).await;
        // Listed and decided once more, what is public is as it was; then the second stands beside the first.
        to(State::Decided, Publicity::Shown, None).await;
        assert_eq!(store.outcomes().await.unwrap()[0].state, State::Disputed);
        publish("two", None).await;
        let rows = store.outcomes().await.unwrap();
        let said =
            |rows: &[OutcomeRow]| rows.iter().map(|row| row.said.clone()).collect::<Vec<_>>();
        assert_eq!(said(&rows), ["two", "one"]);
        assert_eq!((rows[0].followed, rows[1].followed), (false, true));
        assert_eq!(rows[1].state, State::Disputed);

        let down = TakeDown {
            day: day("2026-12-07"),
            reason: TakeDownReason::Identifies,
        };
        let change = store.public_change().await.unwrap();
        to(State::Published, Publicity::Down, Some(down)).await;
        assert!(store.public_change().await.unwrap() > change);
        let rows = store.outcomes().await.unwrap();
        for row in &rows {
            let words = [&row.said, &row.decided, &row.owner, &row.why];
            assert!(words.iter().all(|word| word.is_empty()), "{row:?}");
            assert_eq!(row.down, Some(down.day));
            assert_eq!((row.kind, row.due, row.until), (None, None, None));
        }
        // A correction takes the place of the last one alone.
        publish("two, mended", Some("2026-12-08")).await;
        let rows = store.outcomes().await.unwrap();
        assert_eq!(said(&rows), ["two, mended", ""]);
        assert_eq!(rows[0].corrected, Some(day("2026-12-08")));
        assert_eq!((rows[0].down, rows[1].down), (None, Some(down.day)));
    });
}
