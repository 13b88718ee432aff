//! The sender's timeline leaves out no kind of event without a reason.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::world::World;
use domain::audience::TextKind;
use domain::event::EventKind;
use domain::lifecycle::{CloseReason, Service};
use domain::publication::TakeDownReason;
use domain::role::Role;
use service::thread::OpenedByWords;
use store::{AlertChange, Change, Changed, EventRow, MeetingRow, NewBody, Store};

#[tokio::test]
async fn every_kind_of_event_has_a_line_or_a_written_reason() {
    let world = World::new().await;
    let words = world.send("More visits, please.", "yes", "").await;
    let id = world.newest().await;
    let row = world.store.view(&id).await.unwrap().unwrap();
    let sent = world.store.bodies(&id).await.unwrap().remove(0);
    let meeting = MeetingRow {
        id: "m1".to_owned(),
        day: row.day,
        title: "Committee".to_owned(),
    };
    world.audited().add_meeting(meeting).await.unwrap();
    let event = |kind: EventKind| EventRow {
        day: row.day,
        kind,
        role: Some(Role::Coordinator),
        staff: None,
        body: Some(sent.id),
        reason: Some(CloseReason::Settled),
        meeting: Some("m1".to_owned()),
        handed: Some((Service::Mash, row.day)),
        down: Some(TakeDownReason::Wrong),
    };
    // Publishing shows the decision: there is one now. What it says does not matter here.
    let decided = Change {
        view: id.clone(),
        from_version: row.version,
        from_life: row.life,
        life: row.life,
        since: None,
        meeting: None,
        event: event(EventKind::Decided),
        body: Some(NewBody {
            kind: TextKind::Decision,
            day: row.day,
            generation: sent.generation,
            writer: Some(Role::Clerk),
            audience: None,
            sealed: sent.sealed.clone(),
        }),
        reseal: Vec::new(),
        outcome: None,
        take_down: None,
        erase: false,
        alert: AlertChange::Keep,
    };
    assert_eq!(
        world.audited().change(decided).await.unwrap(),
        Changed::Done
    );

    let lines = async || {
        let place = None;
        let opened = world.site.pledge.open_by_words(&words, place).await;
        let Ok(OpenedByWords::View(visit)) = opened else {
            return 0;
        };
        let content = &world.site.content;
        let timeline = world.site.pledge.timeline(&visit, content).await;
        timeline.unwrap().len()
    };
    let mut before = lines().await;
    assert!(before > 0, "the view as sent");
    let mut hidden = Vec::new();
    for kind in EventKind::ALL {
        world
            .audited()
            .insert_event(&id, event(kind))
            .await
            .unwrap();
        let after = lines().await;
        match kind.hidden_from_sender() {
            None => assert!(after > before, "{kind:?} is missing from the timeline"),
            Some(reason) => {
                assert_eq!(after, before, "{kind:?} is shown, and said to be hidden");
                assert!(reason.split(' ').count() > 3, "{kind:?}: {reason}");
                hidden.push(kind);
            }
        }
        before = after;
    }
    assert_eq!(
        hidden,
        [
            EventKind::Noted,
            EventKind::Decided,
            EventKind::Corrected,
            EventKind::Withdrawn,
            EventKind::Acknowledged
        ]
    );
}
