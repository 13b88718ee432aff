//! The audit log: what is entered, the chain, and where it is cut.

use crate::backend::{on_each, open};
use crate::rows::{Desk, act, body, day, entry, event, get, meeting, person, sent, session};
use domain::audience::TextKind;
use domain::lifecycle::{Action, State};
use domain::role::Role;
use store::audit::{BEGINNING, CheckpointRow, EntryOutcome};
use store::{AlertChange, Change, Changed, EventRow, SenderChange, ViewRow};

#[test]
fn what_nobody_of_the_desk_does_is_not_entered() {
    on_each(|store, _| async move {
        store
            .desk()
            .add_meeting(meeting("m1", "2026-12-01"))
            .await
            .unwrap();
        let list = Change {
            meeting: Some(Some("m1".to_owned())),
            ..act(&sent(&*store, 1).await, "list")
        };
        assert_eq!(store.desk().change(list).await.unwrap(), Changed::Done);
        let person = person("ana", "ana", Role::Safety);
        assert!(store.desk().add_staff(person, Vec::new()).await.unwrap());
        let session = session(1, "ana", 100, 100);
        store.desk().add_session(session).await.unwrap();
        let entries = store.audit_after(0, 100).await.unwrap();
        assert_eq!(entries.len(), 4);

        let by_sender = |row: &ViewRow, action: Action| SenderChange {
            view: row.id.clone(),
            from_version: row.version,
            from_life: row.life,
            life: row.life,
            since: Some(day("2026-11-25")),
            day: day("2026-11-24"),
            action,
            body: None,
            reseal: Vec::new(),
            erase: action == Action::Withdraw,
            alert: AlertChange::Keep,
        };
        let written = |row: &ViewRow| SenderChange {
            body: Some(body(TextKind::Answer, "more")),
            ..by_sender(row, Action::WriteBack)
        };
        let row = get(&*store, 1).await;
        let done = store.change_by_sender(written(&row)).await.unwrap();
        assert_eq!(done, Changed::Done);
        let stale = store.change_by_sender(written(&row)).await.unwrap();
        assert_eq!(stale, Changed::Stale);
        let row = get(&*store, 1).await;
        assert_eq!(row.since, day("2026-11-25"));
        assert_eq!(row.meeting.as_deref(), Some("m1"), "stays on the list");
        let text = store.bodies(&row.id).await.unwrap().pop().unwrap();
        assert_eq!(text.sealed, b"more");
        let wanted = EventRow {
            day: day("2026-11-24"),
            body: Some(text.id),
            ..event(Action::WriteBack.id())
        };
        let last = store.events(&row.id).await.unwrap().pop();
        assert_eq!(last, Some(wanted));

        let withdrawn = by_sender(&row, Action::Withdraw);
        let done = store.change_by_sender(withdrawn).await.unwrap();
        assert_eq!(done, Changed::Done);
        let row = get(&*store, 1).await;
        assert_eq!((row.life.state, row.meeting), (State::Withdrawn, None));
        assert!(store.bodies(&row.id).await.unwrap().is_empty());
        assert_eq!(store.events(&row.id).await.unwrap().len(), 1);

        store.expire_session(&[1; 32]).await.unwrap();
        assert_eq!(store.session(&[1; 32]).await.unwrap(), None);
        assert_eq!(store.audit_after(0, 100).await.unwrap(), entries);
    });
}

#[test]
fn an_act_and_its_entry_are_one_and_the_entries_are_a_chain() {
    on_each(|store, url| async move {
        assert_eq!(store.audit_last().await.unwrap(), None);
        let row = sent(&*store, 1).await;
        assert!(
            store.audit_after(0, 100).await.unwrap().is_empty(),
            "what a young person does is not entered"
        );
        let read = || act(&row, "note");
        let by = store.audited(entry("open", 10));
        assert_eq!(by.change(read()).await.unwrap(), Changed::Done);
        let by = store.audited(entry("open", 20));
        assert_eq!(by.change(read()).await.unwrap(), Changed::Stale);
        let faulty = store.audited(entry("begin", 25));
        let same = |id: &str| meeting(id, "2026-12-01");
        faulty.add_meeting(same("m")).await.unwrap();
        let faulty = store.audited(entry("begin", 26));
        assert!(faulty.add_meeting(same("m")).await.is_err());
        store
            .append_audit(entry("look", 30), EntryOutcome::Refused)
            .await
            .unwrap();
        drop((store, by, faulty));
        let store = open(&url).await;

        let rows = store.audit_after(0, 100).await.unwrap();
        let short: Vec<(&str, &str, i64)> = rows
            .iter()
            .map(|row| (row.action.as_str(), row.outcome.as_str(), row.at))
            .collect();
        let wanted = [
            ("open", "done", 10),
            ("open", "not-done", 20),
            ("begin", "done", 25),
            ("look", "refused", 30),
        ];
        assert_eq!(short, wanted, "what could not be written was not entered");
        let mut previous = BEGINNING;
        for row in &rows {
            assert_eq!((row.previous, row.hash), (previous, row.worked_out()));
            previous = row.hash;
        }
        assert_eq!(store.audit_last().await.unwrap(), rows.last().cloned());
        assert_eq!(store.audit_after(rows[0].seq, 2).await.unwrap(), rows[1..3]);
        assert_eq!(store.audit_between(20, 30).await.unwrap(), rows[1..3]);
    });
}

#[test]
fn the_log_is_cut_only_at_a_checkpoint() {
    on_each(|store, _| async move {
        for at in 1..=5 {
            store
                .append_audit(entry("look", at), EntryOutcome::Done)
                .await
                .unwrap();
        }
        let rows = store.audit_after(0, 100).await.unwrap();
        let checkpoint = |size: usize, on: &str| CheckpointRow {
            size: rows[size - 1].seq,
            head: rows[size - 1].hash,
            day: day(on),
            note: format!("note {size} {on}"),
            outside: false,
        };
        let (first, second) = (checkpoint(2, "2026-11-21"), checkpoint(4, "2026-11-22"));
        for row in [&first, &second, &second] {
            store.add_checkpoint(row.clone()).await.unwrap();
        }
        let both = [first.clone(), second.clone()];
        assert_eq!(store.checkpoints().await.unwrap(), both, "each once");
        store
            .checkpoint_is_outside(second.size, second.day)
            .await
            .unwrap();
        let outside: Vec<bool> = store
            .checkpoints()
            .await
            .unwrap()
            .iter()
            .map(|row| row.outside)
            .collect();
        assert_eq!(outside, [false, true]);

        assert!(
            store
                .purge_audit(rows[4].seq, day("2026-11-23"))
                .await
                .is_err(),
            "there is no such checkpoint"
        );
        assert_eq!(store.audit_after(0, 100).await.unwrap(), rows);
        let gone = store.purge_audit(second.size, second.day).await.unwrap();
        assert_eq!(gone, 4);
        assert_eq!(store.audit_after(0, 100).await.unwrap(), rows[4..]);
        let left = CheckpointRow {
            outside: true,
            ..second
        };
        assert_eq!(store.checkpoints().await.unwrap(), [left]);
        // The chain goes on from there.
        store
            .append_audit(entry("look", 6), EntryOutcome::Done)
            .await
            .unwrap();
        let last = store.audit_last().await.unwrap().unwrap();
        assert_eq!(last.previous, rows[4].hash);
        assert!(store.integrity().await.unwrap().is_empty());
    });
}
