//! Neither body, status nor time of a refused sign-in tells whether there is such an account (goal S5).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod common;

use axum::http::StatusCode;
use common::{Answer, World};
use domain::role::Role;
use server::store::Store;
use std::time::Instant;

/// Samples of each class. `PLEDGE_SAMPLES=10000` measures the full number.
const SAMPLES: usize = 400;
/// Beyond this the two classes differ in time.
const LIMIT: f64 = 4.5;

/// Welch's t of two samples, each without its fastest and slowest tenth.
fn welch(a: &[f64], b: &[f64]) -> f64 {
    let moments = |times: &[f64]| {
        let mut times = times.to_vec();
        times.sort_by(f64::total_cmp);
        let cut = times.len() / 10;
        let kept = &times[cut..times.len() - cut];
        let n = kept.len() as f64;
        let mean = kept.iter().sum::<f64>() / n;
        let spread = kept.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, spread / n)
    };
    let ((mean_a, error_a), (mean_b, error_b)) = (moments(a), moments(b));
    (mean_a - mean_b) / (error_a + error_b).sqrt()
}

#[test]
fn welch_tells_apart_what_differs_and_nothing_else() {
    // Two interleaved halves of one sequence, and the same moved by a fifth of its width.
    let noise = |n: u64| (n.wrapping_mul(6_364_136_223_846_793_005) >> 40) as f64;
    let a: Vec<f64> = (0..2_000).step_by(2).map(noise).collect();
    let b: Vec<f64> = (1..2_000).step_by(2).map(noise).collect();
    assert!(welch(&a, &b).abs() < LIMIT);
    let width = (1u64 << 24) as f64;
    let moved: Vec<f64> = b.iter().map(|time| time + width / 5.0).collect();
    assert!(welch(&a, &moved).abs() > LIMIT);
}

async fn sign_in(world: &World, name: &str) -> Answer {
    // The waits of earlier tries are over.
    world.clock.forward(1_000);
    let fields = [
        ("name", name),
        ("password", "a wrong password of a guesser"),
    ];
    world.post("/desk/sign-in", &fields).await
}

/// What a careless sign-in would do: nobody of this name, so nothing more to do.
async fn careless(world: &World, name: &str) {
    if world.store.staff_by_name(name).await.unwrap().is_some() {
        sign_in(world, name).await;
    }
}

fn samples() -> usize {
    let asked = std::env::var("PLEDGE_SAMPLES");
    asked
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(SAMPLES)
}

/// The t of the two classes, measured in turn: a real name with a wrong password, and a name that nobody has.
async fn t_of<'w>(world: &'w World, attempt: impl AsyncFn(&'w World, &'static str)) -> f64 {
    let names = ["adalovelace", "adalovelacf"];
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..samples() + 20 {
        // The one goes first as often as the other.
        for place in [round % 2, 1 - round % 2] {
            let start = Instant::now();
            attempt(world, names[place]).await;
            // The first few warm up.
            if round >= 20 {
                times[place].push(start.elapsed().as_secs_f64());
            }
        }
    }
    welch(&times[0], &times[1])
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_cannot_be_told_apart() {
    let world = World::new().await;
    world.desk("adalovelace", Role::Safety).await;
    world.desk("somebody else", Role::Committee).await;
    let (known, unknown) = (
        sign_in(&world, "adalovelace").await,
        sign_in(&world, "adalovelacf").await,
    );
    assert_eq!(known.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(known.status, unknown.status);
    assert_eq!(known.headers, unknown.headers);
    assert_eq!(
        known.text().replace("adalovelace", "adalovelacf"),
        unknown.text()
    );

    let t = t_of(&world, async |world, name| drop(sign_in(world, name).await)).await;
    assert!(t.abs() < LIMIT, "the times differ: t = {t:.2}");
    // The control: an early return is seen.
    let t = t_of(&world, careless).await;
    assert!(t.abs() > LIMIT, "an early return was not seen: t = {t:.2}");
}
