//! Legal hold, and what goes when its time is over.

use crate::backend::on_each;
use crate::rows::{Desk, act, body, day, event, get, meeting, person, sent, view};
use domain::audience::TextKind;
use domain::date::Date;
use domain::lifecycle::{Lane, State, ViewStatus};
use domain::role::Role;
use store::{Change, Changed, EventRow, NewBody, NewView, Purge, RetentionFacts, ViewRow};

#[test]
fn what_is_held_is_not_purged_and_what_is_purged_is_gone() {
    on_each(|store, _| async move {
        let id = sent(&*store, 1).await.id;
        sent(&*store, 2).await;
        let hold = async |held: bool| {
            let by_desk = EventRow {
                role: Some(Role::Coordinator),
                ..event(if held { "hold" } else { "unhold" })
            };
            let why = body(TextKind::Note, "why");
            store
                .desk()
                .set_legal_hold("view-1", held, by_desk, why)
                .await
                .unwrap()
        };
        let purge = async |record: bool, kinds: &[TextKind]| {
            let purge = Purge {
                view: "view-1".to_owned(),
                from_version: get(&*store, 1).await.version,
                day: day("2027-11-21"),
                kinds: kinds.to_vec(),
                record,
                outcome: record,
            };
            store.purge(purge).await.unwrap()
        };
        let limits = async || store.retention_facts("view-1").await.unwrap().unwrap();
        assert_eq!(
            limits().await,
            RetentionFacts {
                held: false,
                bare_since: None,
                last_word: Some(day("2026-11-21")),
                last_act: Some(day("2026-11-21")),
                has_decision: false,
            }
        );
        assert_eq!(store.retention_facts("nothing").await.unwrap(), None);
        assert_eq!(hold(false).await, Changed::Stale, "it is not held");
        assert_eq!(hold(true).await, Changed::Done);
        assert_eq!(hold(true).await, Changed::Stale);
        assert!(limits().await.held);
        let held = store.held().await.unwrap();
        assert_eq!(held, [get(&*store, 1).await]);
        assert_eq!(purge(false, &[TextKind::Identity]).await, Changed::Stale);
        assert_eq!(store.bodies(&id).await.unwrap().len(), 3);
        assert_eq!(hold(false).await, Changed::Done);
        assert!(store.held().await.unwrap().is_empty());

        assert_eq!(purge(false, &[TextKind::Identity]).await, Changed::Done);
        let kinds: Vec<TextKind> = store
            .bodies(&id)
            .await
            .unwrap()
            .iter()
            .map(|body| body.kind)
            .collect();
        assert_eq!(kinds, [TextKind::View, TextKind::Note, TextKind::Note]);
        assert!(!get(&*store, 1).await.has_identity);
        let stale = Purge {
            view: "view-1".to_owned(),
            from_version: 0,
            day: day("2027-11-21"),
            kinds: vec![TextKind::View],
            record: true,
            outcome: true,
        };
        assert_eq!(store.purge(stale).await.unwrap(), Changed::Stale);
        // Those that have come to an end have limits, as long as something is left.
        assert!(store.views_due_for_retention().await.unwrap().is_empty());
        for n in [1, 2] {
            let row = get(&*store, n).await;
            let life = ViewStatus {
                state: State::Closed,
                ..row.life
            };
            let by_desk = EventRow {
                role: Some(Role::Coordinator),
                ..event("close")
            };
            let close = Change {
                life,
                event: by_desk,
                ..act(&row, "close")
            };
            assert_eq!(store.desk().change(close).await.unwrap(), Changed::Done);
        }
        let there = store.views_due_for_retention().await.unwrap();
        assert_eq!(there, [get(&*store, 1).await, get(&*store, 2).await]);
        assert_eq!(
            purge(true, &[TextKind::View, TextKind::Note]).await,
            Changed::Done
        );
        assert!(get(&*store, 1).await.is_bare());
        assert!(store.bodies(&id).await.unwrap().is_empty());
        assert!(store.events(&id).await.unwrap().is_empty());
        assert_eq!(limits().await.bare_since, Some(day("2027-11-21")));
        assert_eq!(hold(true).await, Changed::Stale, "there is nothing to hold");
        assert_eq!(
            store.views_due_for_retention().await.unwrap(),
            there[1..],
            "no other view is touched"
        );
        assert_eq!(store.bodies("view-2").await.unwrap().len(), 2);
    });
}

#[test]
fn old_meetings_go_unless_a_view_is_on_their_list() {
    on_each(|store, _| async move {
        for (id, on) in [
            ("a", "2020-01-01"),
            ("b", "2020-01-01"),
            ("c", "2020-01-02"),
        ] {
            store.desk().add_meeting(meeting(id, on)).await.unwrap();
        }
        let list = Change {
            meeting: Some(Some("b".to_owned())),
            ..act(&sent(&*store, 1).await, "list")
        };
        assert_eq!(store.desk().change(list).await.unwrap(), Changed::Done);
        assert_eq!(store.purge_meetings(day("2020-01-01")).await.unwrap(), 0);
        assert_eq!(store.purge_meetings(day("2020-01-02")).await.unwrap(), 1);
        let meetings = store.meetings().await.unwrap();
        let left: Vec<&str> = meetings.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(left, ["c", "b"]);
    });
}

#[test]
fn what_is_withdrawn_in_the_safety_lane_leaves_what_its_people_did_until_its_time_is_over() {
    on_each(|store, _| async move {
        let lane = |row: &ViewRow, lane: Lane| ViewStatus { lane, ..row.life };
        let ann = person("ann", "Ann", Role::Speakerbox);
        assert!(store.desk().add_staff(ann, Vec::new()).await.unwrap());
        // One in the lane, one that was never there, and one whose alert nobody has ended.
        for n in [1, 2, 3] {
            let new = NewView {
                alert: (n == 3).then_some(0),
                ..view(n)
            };
            store.send(new).await.unwrap();
            let note = |kind: TextKind, writer: Role| NewBody {
                writer: Some(writer),
                ..body(kind, kind.id())
            };
            for (act_id, kind, writer) in [
                ("note", TextKind::Note, Role::Safety),
                ("note", TextKind::Note, Role::Speakerbox),
                ("hand-over", TextKind::AdultNote, Role::Safety),
                ("name", TextKind::AdultNote, Role::Safety),
                ("reply", TextKind::Reply, Role::Safety),
                ("release", TextKind::Summary, Role::Safety),
            ] {
                let row = get(&*store, n).await;
                let change = Change {
                    body: Some(note(kind, writer)),
                    ..act(&row, act_id)
                };
                assert_eq!(store.desk().change(change).await.unwrap(), Changed::Done);
            }
            store
                .desk()
                .recuse(&format!("view-{n}"), "ann", store::LastReader::MayGo)
                .await
                .unwrap();
            let row = get(&*store, n).await;
            let withdraw = Change {
                life: lane(
                    &row,
                    if n == 2 {
                        Lane::Ordinary
                    } else {
                        Lane::HandedOver
                    },
                ),
                erase: true,
                ..act(&row, "withdraw")
            };
            assert_eq!(store.desk().change(withdraw).await.unwrap(), Changed::Done);
        }
        let left = async |n: u64| {
            let id = format!("view-{n}");
            let bodies = store.bodies(&id).await.unwrap();
            let bodies: Vec<(TextKind, Option<Role>)> =
                bodies.iter().map(|body| (body.kind, body.writer)).collect();
            let events = store.events(&id).await.unwrap();
            let events: Vec<&str> = events.iter().map(|event| event.kind.id()).collect();
            (bodies, events.join(" "))
        };
        let safety = Some(Role::Safety);
        let record = vec![(TextKind::Note, safety), (TextKind::AdultNote, safety)];
        let acts = "note hand-over release withdraw".to_owned();
        assert_eq!(left(1).await, (record.clone(), acts.clone()));
        assert_eq!(left(2).await, (vec![], "withdraw".to_owned()), "a control");
        let recused = store.recused("ann").await.unwrap();
        assert_eq!(recused.len(), 2, "whom it is about is still kept away");
        let on = event("withdraw").day;
        let there = async |after: Date| -> Vec<String> {
            let rows = store.withdrawn_in_lane(after).await.unwrap();
            rows.into_iter().map(|row| row.id).collect()
        };
        assert_eq!(there(on.plus_days(-1)).await, ["view-1", "view-3"]);
        assert!(there(on).await.is_empty());

        assert_eq!(store.purge_lane_records(on.plus_days(-1)).await.unwrap(), 0);
        assert_eq!(left(1).await, (record.clone(), acts.clone()));
        assert_eq!(store.purge_lane_records(on).await.unwrap(), 1);
        assert_eq!(left(1).await, (vec![], "withdraw".to_owned()));
        assert_eq!(
            left(3).await,
            (record, acts),
            "somebody has to see it first"
        );
        assert_eq!(store.purge_lane_records(on).await.unwrap(), 0, "once");
    });
}

#[test]
fn what_is_quiet_is_listed_with_the_day_of_its_last_act() {
    on_each(|store, _| async move {
        let send = async |n: u64, life: ViewStatus| {
            let view = NewView { life, ..view(n) };
            store.send(view).await.unwrap();
        };
        let at = |state, lane, unread| ViewStatus {
            state,
            lane,
            unread,
            ..ViewStatus::begin(false)
        };
        send(1, ViewStatus::begin(false)).await;
        send(2, at(State::Closed, Lane::Ordinary, false)).await;
        send(3, at(State::Closed, Lane::Ordinary, true)).await;
        for (n, lane) in [(4, Lane::Waiting), (5, Lane::Opened), (6, Lane::Claimed)] {
            send(n, at(State::Read, lane, false)).await;
        }
        send(7, at(State::Listed, Lane::Released, false)).await;
        send(8, at(State::Withdrawn, Lane::Ordinary, false)).await;
        let quiet = async |until: &str| {
            let rows = store.quiet_views(day(until)).await.unwrap();
            rows.into_iter()
                .map(|(row, last)| (row.id, last.to_string()))
                .collect::<Vec<_>>()
        };
        let of = |n: u64, last: &str| (format!("view-{n}"), last.to_owned());
        let sent = "2026-11-21";
        assert_eq!(quiet("2026-11-20").await, []);
        let all = [of(1, sent), of(3, sent), of(7, sent)];
        assert_eq!(quiet(sent).await, all);
        // A later act moves it.
        let note = event("note");
        store.desk().insert_event("view-1", note).await.unwrap();
        assert_eq!(quiet(sent).await, all[1..]);
        assert_eq!(quiet("2026-11-22").await[0], of(1, "2026-11-22"));
    });
}
