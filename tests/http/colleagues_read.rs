//! Reading is not changing: who opens a view, or its name, while somebody else writes to it refuses nobody; what its sender
//! writes in between is never lost, and never counts as read.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::page_text::{assert_hides, assert_shows};
use crate::world::{Answer, DeskClient, World};
use axum::http::StatusCode;
use domain::role::Role;
use store::Store;

const TYPED: &str = "Typed while others read.";

async fn reply(desk: &DeskClient<'_>, view: &str, page: &Answer) -> Answer {
    let (token, version) = (page.hidden("token"), page.hidden("version"));
    let fields = [
        ("token", token.as_str()),
        ("version", &version),
        ("text", TYPED),
    ];
    desk.post(&format!("/desk/view/{view}/reply"), &fields)
        .await
}

#[tokio::test]
async fn whoever_reads_in_between_refuses_no_reply() {
    let world = World::new().await;
    let sue = world.desk("Sue", Role::Speakerbox).await;
    let others = [
        world.desk("Sol", Role::Speakerbox).await,
        world.desk("Cat", Role::Coordinator).await,
    ];
    for other in &others {
        let (_, view) = world
            .send_with(&[
                ("said", "My room is cold."),
                ("named", "yes"),
                ("identity", "Sam"),
            ])
            .await;
        let path = format!("/desk/view/{view}");
        let page = sue.get(&path).await;
        // Opened for the first time in this role, once more on the day, and on the next one; and the name with it.
        for days in [0, 0, 1] {
            world.clock.forward(days * 60);
            assert_eq!(other.get(&path).await.status, StatusCode::OK);
        }
        let read = world.store.view(&view).await.unwrap().unwrap();
        if other.name == "Cat" {
            let named = other
                .act(&view, "name", &[("reason", "To keep them safe.")])
                .await;
            assert_eq!(named.status, StatusCode::OK, "{}", named.text());
        }
        let now = world.store.view(&view).await.unwrap().unwrap();
        assert_eq!((now.life, now.version), (read.life, read.version));
        let done = reply(&sue, &view, &page).await;
        assert_eq!(
            done.status,
            StatusCode::SEE_OTHER,
            "{}: {}",
            other.name,
            done.text()
        );
        // The control: what was done counts, and says that somebody else did it.
        let late = reply(&sue, &view, &page).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert_shows(&late, &world.words("error.desk.changed"));
    }
}

#[tokio::test]
async fn what_the_sender_writes_between_page_and_reply_is_told_and_nothing_is_lost() {
    let world = World::new().await;
    let sue = world.desk("Sue", Role::Speakerbox).await;
    let sol = world.desk("Sol", Role::Speakerbox).await;
    // In one case a colleague reads the new words before the reply comes.
    for is_read in [false, true] {
        let (words, view) = world.send_with(&[("said", "My room is cold.")]).await;
        let path = format!("/desk/view/{view}");
        let page = sue.get(&path).await;
        world.write(&words, "And now it is wet.", &[]).await;
        let row = world.store.view(&view).await.unwrap().unwrap();
        assert!(row.life.unread, "a page from before reads nothing");
        if is_read {
            assert_eq!(sol.get(&path).await.status, StatusCode::OK);
        }
        let told = reply(&sue, &view, &page).await;
        assert_eq!(told.status, StatusCode::CONFLICT);
        assert_shows(&told, TYPED);
        assert_shows(&told, "And now it is wet.");
        let (news, changed) = ("error.desk.new-message", "error.desk.changed");
        let (said, unsaid) = if is_read {
            (changed, news)
        } else {
            (news, changed)
        };
        assert_shows(&told, &world.words(said));
        assert_hides(&told, &world.words(unsaid));
        assert_hides(&world.follow(&words).await, TYPED);
        // From the page that has the new words, the same is done.
        let done = reply(&sue, &view, &told).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        assert_shows(&world.follow(&words).await, TYPED);
        // The other order: words that come after the reply are unread.
        world.write(&words, "Thank you.", &[]).await;
        assert!(world.store.view(&view).await.unwrap().unwrap().life.unread);
    }
}
