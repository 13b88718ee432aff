//! Meetings, their lists, and published outcomes.

use crate::backend::on_each;
use crate::rows::{Desk, act, day, get, meeting, outcome, sent};
use domain::lifecycle::{State, ViewStatus};
use domain::view::Topic;
use store::{Change, Changed, OutcomeRow, ViewRow};

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
            outcome: Some(outcome("one", State::Agreed)),
            ..to(&now, State::Published)
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
            outcome: Some(two.clone()),
            ..to(&now, State::Published)
        };
        assert_eq!(store.desk().change(publish).await.unwrap(), Changed::Done);
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
        assert_eq!(store.desk().change(again).await.unwrap(), Changed::Done);
        assert_eq!(
            store.outcomes().await.unwrap(),
            [outcome("one", State::Agreed), corrected]
        );
    });
}
