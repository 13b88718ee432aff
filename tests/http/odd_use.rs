//! One account that opens very many views on a day is a line for those who see who opened what: a number and an account.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::page_text::{assert_hides, assert_shows};
use crate::world::{DeskClient, World};
use domain::audience::TextKind;
use domain::lifecycle::ViewStatus;
use domain::odd_use::VIEWS_A_DAY;
use domain::role::Role;
use domain::view::Topic;
use store::audit::{Entry, EntryOutcome};
use store::{NewBody, NewView, Store};

/// Enters that this person did `action` with each of these views.
async fn entered(world: &World, desk: &DeskClient<'_>, action: &'static str, views: &[String]) {
    let staff = desk.desk().await.staff;
    for view in views {
        let entry = Entry {
            actor: Some(staff.id.clone()),
            role: Some(staff.role),
            object: Some(view.clone()),
            ..world.entry(action)
        };
        let done = world.store.append_audit(entry, EntryOutcome::Done).await;
        done.unwrap();
    }
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{n:032x}")).collect()
}

/// As many views in the safety lane.
async fn in_the_lane(world: &World, count: usize) -> Vec<String> {
    let mut views = Vec::new();
    for n in 0..count {
        let id = format!("{:032x}", 1_000 + n);
        let mut tag = [7; 32];
        tag[..8].copy_from_slice(&n.to_be_bytes());
        let day = world.site.pledge.clock.today();
        let body = NewBody {
            kind: TextKind::View,
            day,
            generation: 1,
            writer: None,
            audience: None,
            sealed: b"sealed".to_vec(),
        };
        let view = NewView {
            id: id.clone(),
            tag,
            recipient: "age1nobody".to_owned(),
            day,
            topic: Topic::Home,
            language: "en".to_owned(),
            life: ViewStatus::begin(true),
            bodies: vec![body],
            alert: None,
            burst: false,
        };
        world.store.send(view).await.unwrap();
        views.push(id);
    }
    views
}

fn line(world: &World, who: &str, role: &str, count: usize) -> String {
    let day = world.day("2026-11-21");
    let role = world.words(&format!("role.{role}.name"));
    let words = world.words("audit.odd-row").replace("{who}", who);
    let words = words.replace("{role}", &role).replace("{day}", &day);
    words.replace("{count}", &count.to_string())
}

#[tokio::test]
async fn more_views_than_a_days_work_are_a_line_and_fewer_are_none() {
    let world = World::new().await;
    let sue = world.desk("Sue", Role::Speakerbox).await;
    let cat = world.desk("Cat", Role::Coordinator).await;
    let fay = world.desk("Fay", Role::Admin).await;
    let all = names(VIEWS_A_DAY + 1);
    let title = world.words("audit.odd");
    let page = async |desk: &DeskClient<'_>| desk.get("/desk/audit").await;
    // One below, and at the bound; the same view once more is no other view.
    entered(&world, &sue, "open", &all[..VIEWS_A_DAY - 1]).await;
    assert_hides(&page(&cat).await, &title);
    entered(&world, &sue, "open", &all[..VIEWS_A_DAY]).await;
    assert_hides(&page(&cat).await, &title);
    // What is done with views, and another account, count for nothing.
    entered(&world, &sue, "reply", &all).await;
    entered(&world, &cat, "open", &all[VIEWS_A_DAY..]).await;
    assert_hides(&page(&cat).await, &title);
    // One above.
    entered(&world, &sue, "open", &all[VIEWS_A_DAY..]).await;
    for desk in [&cat, &fay] {
        let page = page(desk).await;
        assert_shows(&page, &title);
        assert_shows(&page, &line(&world, "Sue", "speakerbox", VIEWS_A_DAY + 1));
    }
    // Of another week there is none.
    assert_hides(&cat.get("/desk/audit?week=2026-11-09").await, &title);
}

#[tokio::test]
async fn the_work_of_the_safety_lane_and_the_list_of_a_meeting_are_not_odd() {
    let world = World::new().await;
    let dee = world.desk("Dee", Role::Safety).await;
    let cat = world.desk("Cat", Role::Coordinator).await;
    let col = world.desk("Col", Role::Committee).await;
    let lane = in_the_lane(&world, VIEWS_A_DAY + 1).await;
    entered(&world, &dee, "open", &lane).await;
    entered(&world, &cat, "open", &lane).await;
    entered(&world, &col, "read-approved", &names(VIEWS_A_DAY + 1)).await;
    let title = world.words("audit.odd");
    assert_hides(&cat.get("/desk/audit").await, &title);
    // The control: as many outside the lane.
    entered(&world, &cat, "open", &names(VIEWS_A_DAY + 1)).await;
    let page = cat.get("/desk/audit").await;
    assert_shows(&page, &line(&world, "Cat", "coordinator", VIEWS_A_DAY + 1));
    assert_hides(&page, &line(&world, "Dee", "safety", VIEWS_A_DAY + 1));
}

#[tokio::test]
async fn a_demo_raises_no_line() {
    let world = World::new().await;
    let (pledge, data) = (&world.site.pledge, world.data());
    server::demo::begin(&data).unwrap();
    let filled = server::demo::fill(pledge, &world.recovery, &data).await;
    filled.unwrap();
    let cat = world.desk("Cat", Role::Coordinator).await;
    let week = world.site.pledge.clock.today();
    for weeks in 0..30 {
        let day = week.plus_days(-7 * weeks);
        let page = cat.get(&format!("/desk/audit?week={day}")).await;
        assert_hides(&page, &world.words("audit.odd"));
    }
    assert_shows(&cat.get("/desk/audit").await, &world.words("audit.view"));
}
