//! No word of a view is on a page of the desk without its entry in the audit log, whatever came before: an act that was
//! refused, one that somebody else was quicker with, a database that takes nothing.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::page_text::{assert_hides, assert_shows};
use crate::world::{Answer, DeskClient, World};
use axum::http::StatusCode;
use domain::desk_act::ViewAct;
use domain::event::EventKind;
use domain::role::Role;
use store::Store;
use store::audit::AuditRow;

const SAID: &str = "My room is cold at night.";

/// The openings of a view that this person stands in the audit log with.
fn openings(rows: &[AuditRow], person: &str, view: &str) -> usize {
    let by = |row: &&AuditRow| row.actor.as_deref() == Some(person) && row.action == "open";
    let of = |row: &&AuditRow| row.object.as_deref() == Some(view) && row.outcome == "done";
    rows.iter().filter(by).filter(of).count()
}

/// Whether a page shows the words of a view to somebody whose opening was not entered.
fn is_untraced(page: &Answer, rows: &[AuditRow], person: &str, view: &str) -> bool {
    page.text().contains(SAID) && openings(rows, person, view) == 0
}

async fn audit(world: &World) -> Vec<AuditRow> {
    world.store.audit_after(i64::MIN, 100_000).await.unwrap()
}

/// Posts an act on a view that this person has not opened.
async fn press(
    desk: &DeskClient<'_>,
    view: &str,
    act: ViewAct,
    version: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let token = desk.get("/desk/sessions").await.hidden("token");
    let mut sent = vec![("token", token.as_str()), ("version", version)];
    sent.extend(fields);
    desk.post(&format!("/desk/view/{view}/{}", act.id()), &sent)
        .await
}

/// What is typed into the fields that the acts have.
const FILLED: [(&str, &str); 5] = [
    ("text", "A text of the desk."),
    ("reason", "A reason."),
    ("name", "Nobody of this name"),
    ("service", "police"),
    ("day", "31/12/2099"),
];

#[tokio::test]
async fn whatever_way_an_act_fails_the_words_on_its_answer_are_entered() {
    let world = World::new().await;
    let people = [
        (world.desk("Sue", Role::Speakerbox).await, "yes"),
        (world.desk("Cat", Role::Coordinator).await, "yes"),
        (world.desk("Ida", Role::Coordinator).await, "no"),
        (world.desk("Sam", Role::Safety).await, "no"),
    ];
    let (mut shown, mut untraced) = (0, Vec::new());
    for (desk, safe) in &people {
        let person = desk.desk().await.staff.id;
        for act in ViewAct::ALL {
            for (way, version, fields) in [
                ("nothing is filled in", "0", &[][..]),
                ("it is not of this moment", "99", &FILLED),
                ("its fields do not fit", "0", &FILLED),
            ] {
                let (_, view) = world.send_with(&[("said", SAID), ("safe", safe)]).await;
                let page = press(desk, &view, act, version, fields).await;
                shown += usize::from(page.text().contains(SAID));
                if is_untraced(&page, &audit(&world).await, &person, &view) {
                    untraced.push(format!("{} {} when {way}", desk.name, act.id()));
                }
                let events = world.store.events(&view).await.unwrap_or_default();
                let is_read = events.iter().any(|event| event.kind == EventKind::Opened);
                let is_shown = page.text().contains(SAID);
                assert!(is_read || !is_shown, "the sender sees that it was read");
            }
        }
    }
    assert_eq!(untraced, [""; 0]);
    assert!(shown > 60, "only {shown} answers had words on them");
}

#[tokio::test]
async fn a_control_words_without_an_entry_are_found() {
    let world = World::new().await;
    let desk = world.desk("Sue", Role::Speakerbox).await;
    let person = desk.desk().await.staff.id;
    let (_, view) = world.send_with(&[("said", SAID)]).await;
    let before = audit(&world).await;
    let page = desk.get(&format!("/desk/view/{view}")).await;
    assert!(is_untraced(&page, &before, &person, &view));
    assert!(!is_untraced(&page, &audit(&world).await, &person, &view));
}

#[tokio::test]
async fn while_nothing_can_be_entered_what_was_typed_stays_and_no_words_are_shown() {
    let world = World::new().await;
    let desk = world.desk("Sue", Role::Speakerbox).await;
    let person = desk.desk().await.staff.id;
    let (_, view) = world.send_with(&[("said", SAID)]).await;
    // Nothing can be done with a view before it was opened.
    let version = desk.get(&format!("/desk/view/{view}")).await;
    let version = version.hidden("version");
    let mut db = world.hold_database().await;
    let typed = [("text", "Typed before the disk was full.")];
    let page = press(&desk, &view, ViewAct::Reply, &version, &typed).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_shows(&page, typed[0].1);
    assert_shows(&page, &world.words("desk.view.unrecorded"));
    assert_hides(&page, SAID);
    let freed = sqlx::raw_sql("ROLLBACK").execute(&mut db).await;
    freed.unwrap();
    assert_eq!(openings(&audit(&world).await, &person, &view), 1);
    // The control: with a database that takes it, the same page has the words.
    let page = press(&desk, &view, ViewAct::Reply, "99", &typed).await;
    assert_shows(&page, typed[0].1);
    assert_shows(&page, SAID);
    assert_eq!(openings(&audit(&world).await, &person, &view), 2);
}
