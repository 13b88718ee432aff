//! A flood of guesses from a few places keeps nobody else from their view, and no member of staff from the desk.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, World, own_password, post};
use axum::http::StatusCode;
use domain::role::Role;
use futures_util::future::join_all;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use web::client_addr::Peer;

const SLOWEST: Duration = Duration::from_secs(5);

async fn from(world: &World, place: IpAddr, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut request = post(path, fields, None);
    request.extensions_mut().insert(Peer(place));
    world.request(request).await
}

/// Wrong receipts and wrong sign-ins from eighty connections of each of three places, without end.
async fn flood(world: &World, refused: &AtomicUsize) {
    let guess = async |number: u8| {
        let place = IpAddr::from([198, 51, 100 + number % 3, number]);
        for name in 0_u32.. {
            let name = format!("nobody-{number}-{name}");
            let sign_in = [
                ("name", name.as_str()),
                ("password", "a password of nobody"),
            ];
            let words = [("words", "apple river stone cloud table lemon")];
            let answer = match number % 2 {
                0 => from(world, place, "/desk/sign-in", &sign_in).await,
                _ => from(world, place, "/follow", &words).await,
            };
            if answer.status == StatusCode::SERVICE_UNAVAILABLE {
                refused.fetch_add(1, Ordering::SeqCst);
                // A program would come back after a while.
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    };
    join_all((0..240).map(guess)).await;
}

#[tokio::test]
async fn guesses_from_three_places_keep_a_fourth_neither_from_follow_nor_from_the_desk() {
    let world = World::new().await;
    let words = world.send("I want to stay.", "yes", "").await;
    world.desk("Sam", Role::Safety).await;
    let password = own_password("Sam");
    let refused = AtomicUsize::new(0);
    let fourth: IpAddr = [203, 0, 113, 9].into();
    let asked = async {
        // Until the flood has used up what is free in all.
        tokio::time::sleep(Duration::from_secs(3)).await;
        let mut took = Vec::new();
        for _ in 0..4 {
            let begun = Instant::now();
            let view = from(&world, fourth, "/follow", &[("words", &words)]).await;
            assert_eq!(view.status, StatusCode::OK);
            assert!(!view.hidden("handle").is_empty());
            took.push(begun.elapsed());
            let begun = Instant::now();
            let fields = [("name", "Sam"), ("password", password.as_str())];
            let desk = from(&world, fourth, "/desk/sign-in", &fields).await;
            assert_eq!(desk.status, StatusCode::SEE_OTHER);
            took.push(begun.elapsed());
        }
        took
    };
    let took = tokio::select! {
        () = flood(&world, &refused) => panic!("the flood ended"),
        took = asked => took,
    };
    println!(
        "{took:?}, {} of the flood refused",
        refused.load(Ordering::SeqCst)
    );
    assert!(took.iter().all(|each| *each < SLOWEST), "{took:?}");
    // The control: it was more than can be done, so somebody had to be refused, and it was those of whom very many wait.
    assert!(refused.load(Ordering::SeqCst) > 0);
}
