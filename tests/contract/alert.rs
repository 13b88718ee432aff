//! Alerts about views: the outbox of the safety lane.

use crate::backend::{on_each, open};
use crate::rows::{Desk, act, get, sent, view};
use store::{AlertChange, AlertChannel, AlertKind, AlertRow, Change, Changed, NewView, Sent};

#[test]
fn an_alert_comes_with_its_view_and_stays_until_it_is_ended() {
    on_each(|store, url| async move {
        let not_safe = NewView {
            alert: Some(900),
            ..view(1)
        };
        assert_eq!(store.send(not_safe.clone()).await.unwrap(), Sent::Stored);
        assert_eq!(store.send(not_safe).await.unwrap(), Sent::Already);
        sent(&*store, 2).await;
        let alerts = store.alerts().await.unwrap();
        let first = AlertRow {
            id: alerts[0].id,
            view: "view-1".to_owned(),
            kind: AlertKind::Sent,
            since: 900,
            mail: 0,
            hook: 0,
        };
        assert_eq!(alerts, std::slice::from_ref(&first));
        let raise = async |n: u64, since: i64| {
            let change = Change {
                alert: AlertChange::Raise(since),
                ..act(&get(&*store, n).await, "alarm")
            };
            assert_eq!(store.desk().change(change).await.unwrap(), Changed::Done);
        };
        raise(2, 1_800).await;
        raise(2, 1_800).await;
        raise(2, 2_700).await;
        let alerts = store.alerts().await.unwrap();
        let of: Vec<(&str, i64)> = alerts.iter().map(|a| (a.view.as_str(), a.since)).collect();
        let wanted = [("view-1", 900), ("view-2", 1_800), ("view-2", 2_700)];
        assert_eq!(of, wanted, "oldest first; the same alarm once");
        sent(&*store, 3).await;
        let mut alerted = store.alerted_views().await.unwrap();
        alerted.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut wanted = Vec::new();
        for n in [1, 2] {
            wanted.push((format!("view-{n}"), Some(get(&*store, n).await)));
        }
        assert_eq!(alerted, wanted, "each view once, and none without an alert");

        // The round is the one that is given (the clock may have been ahead), and each channel has its own.
        let told = async |channel, round| {
            store
                .alerts_delivered(channel, vec![(first.id, round), (999, 1)])
                .await
                .unwrap();
            let row = store.alerts().await.unwrap().remove(0);
            (row.mail, row.hook)
        };
        assert_eq!(told(AlertChannel::Mail, 3).await, (3, 0));
        assert_eq!(told(AlertChannel::Mail, 2).await, (2, 0));
        assert_eq!(told(AlertChannel::Hook, 1).await, (2, 1));
        drop(store);
        let store = open(&url).await;
        let end = Change {
            alert: AlertChange::End,
            ..act(&get(&*store, 2).await, "take")
        };
        let stale = Change {
            from_version: 99,
            ..end.clone()
        };
        assert_eq!(store.desk().change(stale).await.unwrap(), Changed::Stale);
        assert_eq!(store.alerts().await.unwrap().len(), 3);
        assert_eq!(store.desk().change(end).await.unwrap(), Changed::Done);
        let left = AlertRow {
            mail: 2,
            hook: 1,
            ..first
        };
        assert_eq!(store.alerts().await.unwrap(), [left]);
    });
}
