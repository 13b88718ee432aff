//! Whether those who send are served while others flood (goal V4): 50 sends a second to `pledge serve`, alone, then beside
//! 200 receipt checks a second and 2,000 sockets that never finish their headers, all from one place, then the same from
//! forty places. Prints the sends' times and the most memory the process had; never a gate.
//!
//! Run it with `cargo xtask bench` (release build). Loopback only, ten seconds each.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark stops at the first surprise"
)]
#![allow(missing_docs, reason = "a program, not a library")]

#[path = "../../tests/fixtures/process.rs"]
mod process;

use domain::receipt::Receipt;
use process::Ask;
use server::bootstrap;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use vault::random::{self, SystemRandom};

const TIME: Duration = Duration::from_secs(10);
const SENDS_A_SECOND: u32 = 50;
const CHECKS_A_SECOND: u32 = 200;
const SLOW: usize = 2_000;
/// A file descriptor for each of these, and for each check and send under way.
const OTHER_FILES: usize = 1_000;

#[tokio::main]
async fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let slow = SLOW.min(files().saturating_sub(OTHER_FILES));
    println!(
        "Sends beside a flood: {SENDS_A_SECOND} sends/s, {CHECKS_A_SECOND} receipt checks/s, {slow} slow sockets, {TIME:?} each"
    );
    if slow < SLOW {
        println!(
            "  (fewer slow sockets than {SLOW}: raise the limit of open files, ulimit -n 8192)"
        );
    }
    for (name, places) in [
        ("alone", 0),
        ("flood from one place", 1),
        ("flood from 40 places", 40),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        bootstrap::init_folder(&data, &SystemRandom).await.unwrap();
        let count = SENDS_A_SECOND * u32::try_from(TIME.as_secs()).unwrap();
        let tickets = process::tickets(&data, count as usize).await;
        let served = process::start(process::pledge_serve(&data), &folder.path().join("log"));
        let to = served.address;
        let flood = (places > 0).then(|| flood(to, places, slow));
        if flood.is_some() {
            // It is there before the first send.
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        let (times, unanswered) = send_all(to, tickets).await;
        let checks = flood.map(Flood::end).unwrap_or_default();
        let at = |part: f64| times[((times.len() as f64 * part) as usize).min(times.len() - 1)];
        println!(
            "  {name:<22} {} sent, {unanswered} not answered, p50 {:>8.1?}  p99 {:>8.1?}  most memory {:.0} MiB   checks: {checks:?}",
            times.len(),
            at(0.50),
            at(0.99),
            most_memory(served.id()),
        );
    }
    println!("  goals: p99 under 500 ms, memory under 256 MiB");
}

/// How many files this process may have open.
fn files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

fn most_memory(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kib / 1_024.0
}

/// Sends them evenly, each from a place of its own; the times of those that were stored, in order, and how many were not.
async fn send_all(to: SocketAddr, tickets: Vec<String>) -> (Vec<Duration>, usize) {
    let mut every = tokio::time::interval(Duration::from_secs(1) / SENDS_A_SECOND);
    let mut sends = Vec::new();
    for (n, ticket) in tickets.into_iter().enumerate() {
        every.tick().await;
        sends.push(tokio::spawn(async move {
            let body = process::form(&[
                ("step", "check"),
                ("go", "send"),
                ("ticket", &ticket),
                ("topic", "home"),
                ("said", &"word ".repeat(200)),
                ("safe", "yes"),
                ("named", "no"),
            ]);
            let [_, _, high, low] = u32::try_from(n).unwrap().to_be_bytes();
            let ask = Ask {
                from: Ipv4Addr::new(127, 100 + high, low, 1),
                ..Ask::post("/speak", process::FORM, &body)
            };
            let begun = Instant::now();
            let reply = ask.of(to).await;
            reply
                .filter(|reply| reply.status == 200)
                .map(|_| begun.elapsed())
        }));
    }
    let (mut times, mut unanswered) = (Vec::new(), 0);
    for send in sends {
        match send.await.unwrap() {
            Some(time) => times.push(time),
            None => unanswered += 1,
        }
    }
    times.sort();
    (times, unanswered)
}

/// Others, who do not stop.
struct Flood {
    tasks: Vec<tokio::task::JoinHandle<()>>,
    /// Answers to receipt checks, by status; 0: none.
    checks: Arc<Mutex<BTreeMap<u16, usize>>>,
}

impl Flood {
    fn end(self) -> BTreeMap<u16, usize> {
        for task in &self.tasks {
            task.abort();
        }
        self.checks.lock().unwrap().clone()
    }
}

fn flood(to: SocketAddr, places: u32, slow: usize) -> Flood {
    let turn = Arc::new(AtomicU32::new(0));
    let place = move || {
        let place = turn.fetch_add(1, Ordering::Relaxed) % places;
        Ipv4Addr::new(127, 50, u8::try_from(place).unwrap(), 1)
    };
    let mut tasks = Vec::new();
    for _ in 0..slow {
        let from = place();
        tasks.push(tokio::spawn(async move {
            loop {
                // Headers that never end; a connection that was closed is opened again.
                if let Ok(mut stream) = process::connect(from, to).await {
                    let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nx: ").await;
                    let _ = stream.read(&mut [0; 64]).await;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }));
    }
    let checks: Arc<Mutex<BTreeMap<u16, usize>>> = Arc::default();
    let answers = Arc::clone(&checks);
    tasks.push(tokio::spawn(async move {
        let mut every = tokio::time::interval(Duration::from_secs(1) / CHECKS_A_SECOND);
        let mut under_way = tokio::task::JoinSet::new();
        loop {
            every.tick().await;
            while under_way.try_join_next().is_some() {}
            let (from, answers) = (place(), Arc::clone(&answers));
            under_way.spawn(async move {
                let words = Receipt::from_random(random::bytes(&SystemRandom)).to_words();
                let body = process::form(&[("words", &words)]);
                let ask = Ask {
                    from,
                    ..Ask::post("/follow", process::FORM, &body)
                };
                let status = ask.of(to).await.map_or(0, |reply| reply.status);
                *answers.lock().unwrap().entry(status).or_default() += 1;
            });
        }
    }));
    Flood { tasks, checks }
}
