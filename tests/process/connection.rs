//! The accept loop over real sockets: what is too big or no HTTP is refused, a stop lets requests under way finish, and an
//! act that has begun is done whatever its connection does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::World;
use axum::body::Body;
use axum::http::{Request, header};
use service::withdrawals;
use std::future::{Future, poll_fn};
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};
use store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tower::ServiceExt;
use web::{self, accept};

async fn listening(
    world: &World,
) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let router = web::router(Arc::clone(&world.site));
    let task = tokio::spawn(accept::serve(listener, router, async {
        let _ = stopped.await;
    }));
    (address, stop, task)
}

async fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may answer and close before it has read everything.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn odd_requests_are_refused_and_the_server_goes_on() {
    let world = World::new().await;
    let (address, _stop, _task) = listening(&world).await;
    let many: String = (0..200).map(|n| format!("x-{n}: y\r\n")).collect();
    for (bytes, status) in [
        (b"NONSENSE\r\n\r\n".to_vec(), "400"),
        (b"GET / HTTP/9.9\r\n\r\n".to_vec(), "400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nBad Header\r\n\r\n".to_vec(), "400"),
        (format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n").into_bytes(), "431"),
        (format!("GET / HTTP/1.1\r\nHost: a\r\nx: {}\r\n\r\n", "y".repeat(64 * 1024)).into_bytes(), "431"),
        (b"POST /speak HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n".to_vec(), "400"),
        (
            b"POST /speak HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000000\r\n\r\nsaid="
                .to_vec(),
            "413",
        ),
        (b"GET http://elsewhere/rights HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n\r\n".to_vec(), "200"),
    ] {
        let answer = exchange(address, &bytes).await;
        let shown: String = answer.chars().take(120).collect();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{status}: {shown}");
    }
    let alive = exchange(
        address,
        b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(alive.starts_with("HTTP/1.1 200"), "{alive}");
}

#[tokio::test]
async fn a_stop_lets_a_request_under_way_finish() {
    let world = World::new().await;
    let (address, stop, task) = listening(&world).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST /follow HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(b"word").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stream.write_all(b"s=abc").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    tokio::time::timeout(Duration::from_secs(10), task)
        .await
        .unwrap()
        .unwrap();
    assert!(
        TcpStream::connect(address).await.is_err(),
        "nobody listens any more"
    );
}

/// A view, and the form that takes it back.
struct Taken {
    view: String,
    form: String,
}

async fn to_take_back(world: &World) -> Taken {
    let words = world.send("Take me back.", "yes", "").await;
    let thread = world.post("/follow", &[("words", &words)]).await;
    let handle = thread.hidden("handle");
    Taken {
        view: world.newest().await,
        form: crate::process::form(&[("handle", &handle), ("act", "withdraw-sure")]),
    }
}

/// Whether a view's texts are gone, and whether it stands on the list that outlives a backup.
async fn is_gone_and_listed(world: &World, view: &str) -> (bool, bool) {
    let texts = world.store.bodies(view).await.unwrap();
    let marks = withdrawals::read_marks(&world.data().join(withdrawals::FILE)).unwrap();
    let mark = withdrawals::mark_of(view);
    (texts.is_empty(), marks.contains_key(&mark))
}

#[tokio::test]
async fn what_is_taken_back_is_gone_though_the_connection_ends_at_once() {
    let world = World::new().await;
    let (address, stop, task) = listening(&world).await;
    let mut views = Vec::new();
    for time in 0..40 {
        let taken = to_take_back(&world).await;
        let request = format!(
            "POST /follow HTTP/1.1\r\nHost: a\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}",
            crate::process::FORM,
            taken.form.len(),
            taken.form
        );
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_micros(time * 250)).await;
        drop(stream);
        views.push(taken.view);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    stop.send(()).unwrap();
    // The stop waits for the acts whose connections are gone.
    let stopped = tokio::time::timeout(Duration::from_secs(10), task).await;
    stopped.unwrap().unwrap();
    for view in &views {
        let found = is_gone_and_listed(&world, view).await;
        assert_eq!(found, (true, true), "of {} views", views.len());
    }
}

/// Drops `act` as soon as `is_time`, as a server that ends an act with its connection would: looked at whenever something
/// that the act waits for has ended, and before the act goes on. `true`: it had ended before.
async fn dropped_when<F: Future>(act: F, is_time: impl Fn() -> bool) -> bool {
    let mut act = pin!(act);
    poll_fn(|context| {
        if is_time() {
            return Poll::Ready(false);
        }
        act.as_mut().poll(context).map(|_| true)
    })
    .await
}

#[tokio::test]
async fn a_control_an_act_that_ends_with_its_connection_is_done_by_half() {
    let world = World::new().await;
    let withdraw = async |is_time: &dyn Fn(&str) -> bool| {
        let taken = to_take_back(&world).await;
        let request = Request::post("/follow")
            .header(header::CONTENT_TYPE, crate::process::FORM)
            .body(Body::from(taken.form))
            .unwrap();
        let act = world.router.clone().oneshot(request);
        let has_ended = dropped_when(act, || is_time(&taken.view)).await;
        (has_ended, is_gone_and_listed(&world, &taken.view).await)
    };
    let is_listed = |view: &str| {
        let marks = withdrawals::read_marks(&world.data().join(withdrawals::FILE)).unwrap();
        marks.contains_key(&withdrawals::mark_of(view))
    };
    assert_eq!(withdraw(&|_| false).await, (true, (true, true)));
    // Its first half is that it stands on the list. A list that is written before the act looks again is followed at once by
    // the second half, so this is tried until the act had to wait for the list.
    let half = (false, (false, true));
    let mut seen = false;
    for _ in 0..200 {
        seen = seen || withdraw(&is_listed).await == half;
        if seen {
            break;
        }
    }
    assert!(
        seen,
        "no act was ended halfway: the test above shows nothing"
    );
}

/// The memory of a process in MiB, as the system counts what it holds now.
fn resident_mib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.unwrap().trim().trim_end_matches(" kB");
    kib.trim().parse::<u64>().unwrap() / 1024
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_dropped_posts_take_little_memory_and_keep_nobody_out() {
    let world = World::new().await;
    world.store.close().await;
    let log = world.data().with_extension("log");
    let served = crate::process::start(crate::process::pledge_serve(&world.data()), &log);
    let before = resident_mib(served.id());
    let body = crate::process::form(&[("words", "apple river stone cloud table lemon")]);
    let request = format!(
        "POST /follow HTTP/1.1\r\nHost: pledge.test\r\nOrigin: https://pledge.test\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{body}",
        crate::process::FORM,
        body.len()
    );
    let mut most = before;
    for round in 0..50_u8 {
        let ten = (0..10_u8).map(|number| {
            // Three places of this machine's own network.
            let from = Ipv4Addr::new(127, 1, number % 3, 1 + round * 4 + number / 3);
            let (request, address) = (request.clone(), served.address);
            tokio::spawn(async move {
                let mut stream = crate::process::connect(from, address).await.unwrap();
                stream.write_all(request.as_bytes()).await.unwrap();
                tokio::time::sleep(Duration::from_millis(12)).await;
            })
        });
        for one in ten.collect::<Vec<_>>() {
            one.await.unwrap();
        }
        most = most.max(resident_mib(served.id()));
    }
    // Somebody else, while what the dropped ones began is still under way.
    let asked = Instant::now();
    let honest = crate::process::Ask {
        from: Ipv4Addr::new(127, 2, 0, 1),
        ..crate::process::Ask::post("/follow", crate::process::FORM, &body)
    };
    let answer = honest.of(served.address).await.unwrap();
    most = most.max(resident_mib(served.id()));
    assert_eq!(answer.status, 422, "{}", answer.text);
    assert!(
        asked.elapsed() < Duration::from_secs(10),
        "{:?}",
        asked.elapsed()
    );
    assert!(most < 256, "{most} MiB");
    // A control: the memory of key derivations is seen.
    assert!(most > before + 40, "{before} to {most} MiB");
}
