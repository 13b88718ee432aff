//! The accept loop. Our own, because a connection that never finishes its headers, never reads its answer, or a thousand
//! of them, must not hold the server: headers in 10 seconds, an answer that moves, 512 connections, 64 of them from one
//! place, 16 KB and 100 headers, then a clean end on a signal. When all connections are taken, the one that has waited
//! longest for a request makes room for the next.

use crate::client_addr::Peer;
use crate::proxy_header::comes_by_a_proxy;
use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use service::rate_limit;
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinError;
use tokio_io_timeout::TimeoutStream;
use tower::Service;

/// Connections at a time.
const CONNECTIONS: usize = 512;
/// Of them from one place; a proxy is not a place.
const FROM_ONE_PLACE: usize = 64;
/// A request's headers must be here within this time.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// Somebody who does not read must take something of the answer within this time.
const READ_TIME: Duration = Duration::from_secs(15);
/// Bytes of headers.
const HEADER_BYTES: usize = 16 * 1024;
/// Requests under way get this long to end when the server stops.
const END_TIME: Duration = Duration::from_secs(20);

/// Serves until `stop` is ready, then lets requests under way finish.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    serve_behind(false, listener, router, stop).await;
}

/// The same; behind a proxy every connection comes from one place, so those of one place are not counted.
pub async fn serve_behind(
    proxy: bool,
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()>,
) {
    let seats = Arc::new(Semaphore::new(CONNECTIONS));
    let open = Open::default();
    let idle = Idle::default();
    let ending = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, address) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, address)) => (stream, address.ip()),
                Err(_) => {
                    // Out of descriptors, say: wait a moment instead of spinning.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let counted = if proxy || open.is_of_a_proxy(address) {
            None
        } else {
            Some(open.enter(address))
        };
        if counted.as_ref().is_some_and(|place| place.too_many) {
            // Dropped unanswered: an answer would cost what the limit is to save.
            continue;
        }
        if seats.available_permits() == 0 {
            idle.let_one_go();
        }
        let seat = tokio::select! {
            seat = Arc::clone(&seats).acquire_owned() => seat,
            () = &mut stop => break,
        };
        let Ok(seat) = seat else { break };
        let _ = stream.set_nodelay(true);
        let waiting = idle.enter();
        let held = Arc::new((seat, counted));
        let service = FromPeer {
            router: router.clone(),
            peer: Peer(address),
            open: open.clone(),
            waiting: waiting.clone(),
            held: Arc::clone(&held),
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIME)
            .max_buf_size(HEADER_BYTES)
            .max_headers(100)
            .half_close(false)
            .serve_connection(
                TokioIo::new(ends_unread(stream, READ_TIME)),
                TowerToHyperService::new(service),
            );
        let connection = ending.watch(connection);
        tokio::spawn(async move {
            tokio::select! {
                // A broken connection is the other side's affair; nobody is left who could be answered.
                _ = connection => {}
                () = waiting.let_go.notified() => {}
            }
            waiting.leave();
            drop(held);
        });
    }
    let all_ended = async {
        ending.shutdown().await;
        // Acts whose connection is gone hold their seat until they have ended.
        let _ = seats.acquire_many(CONNECTIONS as u32).await;
    };
    let _ = tokio::time::timeout(END_TIME, all_ended).await;
}

/// What the service answers. What may change something runs to its end, whatever becomes of who waits for the answer;
/// `held` is let go when it has ended.
pub fn answer<S, B, H>(
    service: &mut S,
    request: Request<B>,
    held: H,
) -> impl Future<Output = Result<S::Response, S::Error>> + Send + use<S, B, H>
where
    S: Service<Request<B>>,
    S::Future: Send + 'static,
    S::Response: Send + 'static,
    S::Error: Send + 'static,
    H: Send + 'static,
{
    let is_act = !request.method().is_safe();
    let answer = service.call(request);
    async move {
        if is_act {
            return run_to_end(answer, held).await;
        }
        let done = answer.await;
        drop(held);
        done
    }
}

/// Runs an act to its end, whatever becomes of who waits for it: an act is done or not done, and a connection that ends
/// halfway changes nothing about that. `held` is let go when it has ended.
async fn run_to_end<T: Send + 'static>(
    act: impl Future<Output = T> + Send + 'static,
    held: impl Send + 'static,
) -> T {
    let running = tokio::spawn(async move {
        let done = act.await;
        drop(held);
        done
    });
    match running.await.map_err(JoinError::try_into_panic) {
        Ok(done) => done,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The runtime is going: nobody is answered any more.
        Err(Err(_)) => std::future::pending().await,
    }
}

/// Open connections by piece of the network: in memory, for as long as they are open.
#[derive(Clone, Default)]
struct Open {
    counts: Arc<Mutex<HashMap<[u8; 8], usize>>>,
    /// A proxy on this machine has passed a request on, though nobody has named its header.
    has_local_proxy: Arc<AtomicBool>,
}

impl Open {
    // A proxy is not a place, so from when it is known its connections are not counted.
    fn is_of_a_proxy(&self, address: IpAddr) -> bool {
        address.to_canonical().is_loopback() && self.has_local_proxy.load(Ordering::Relaxed)
    }

    fn look_at(&self, peer: IpAddr, request: &Request<Incoming>) {
        if comes_by_a_proxy(peer, request.headers()) {
            self.has_local_proxy.store(true, Ordering::Relaxed);
        }
    }

    fn enter(&self, address: IpAddr) -> Counted {
        let prefix = rate_limit::prefix(address);
        let mut open = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(prefix).or_default();
        *count += 1;
        Counted {
            too_many: *count > FROM_ONE_PLACE,
            prefix,
            open: self.clone(),
        }
    }
}

/// A connection that is counted until it ends.
struct Counted {
    too_many: bool,
    prefix: [u8; 8],
    open: Open,
}

impl Drop for Counted {
    fn drop(&mut self) {
        let counts = self.open.counts.lock();
        let mut open = counts.unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.prefix) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.prefix);
            }
        }
    }
}

/// Connections without a request under way, the one that has waited longest first.
#[derive(Clone, Default)]
struct Idle(Arc<Mutex<Line>>);

#[derive(Default)]
struct Line {
    last: u64,
    waiting: BTreeMap<u64, Arc<Notify>>,
}

/// One connection's place among those that wait for a request.
#[derive(Clone)]
struct Waiting {
    idle: Idle,
    place: Arc<Mutex<u64>>,
    let_go: Arc<Notify>,
}

impl Idle {
    fn lock(&self) -> std::sync::MutexGuard<'_, Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self) -> Waiting {
        let waiting = Waiting {
            idle: self.clone(),
            place: Arc::default(),
            let_go: Arc::default(),
        };
        waiting.wait();
        waiting
    }

    fn let_one_go(&self) {
        if let Some((_, longest)) = self.lock().waiting.pop_first() {
            longest.notify_one();
        }
    }
}

impl Waiting {
    // At the end of the line: from now on it waits for its next request.
    fn wait(&self) {
        let mut line = self.idle.lock();
        line.last += 1;
        let place = line.last;
        line.waiting.insert(place, Arc::clone(&self.let_go));
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }

    // A request is here, or the connection is gone.
    fn leave(&self) {
        let place = *self.place.lock().unwrap_or_else(PoisonError::into_inner);
        self.idle.lock().waiting.remove(&place);
    }
}

/// What a connection takes of the server: one of its seats, and its place's count.
type Held = Arc<(OwnedSemaphorePermit, Option<Counted>)>;

/// The router, with the other end of the connection beside each request. What may change something runs to its end, and
/// until then counts as a connection of its place.
#[derive(Clone)]
struct FromPeer {
    router: Router,
    peer: Peer,
    open: Open,
    waiting: Waiting,
    held: Held,
}

impl Service<Request<Incoming>> for FromPeer {
    type Response = axum::response::Response;
    type Error = std::convert::Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Service::<Request<Incoming>>::poll_ready(&mut self.router, context)
    }

    fn call(&mut self, mut request: Request<Incoming>) -> Self::Future {
        self.open.look_at(self.peer.0, &request);
        request.extensions_mut().insert(self.peer);
        self.waiting.leave();
        let waiting = self.waiting.clone();
        let held = Arc::clone(&self.held);
        let answer = answer(&mut self.router, request, held);
        Box::pin(async move {
            let answer = answer.await;
            waiting.wait();
            answer
        })
    }
}

/// A connection that ends when the other side takes nothing of what is written to it for `time`.
fn ends_unread(stream: TcpStream, time: Duration) -> Pin<Box<TimeoutStream<TcpStream>>> {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(time));
    Box::pin(stream)
}

/// Ready when the process is asked to stop.
pub async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::io::AsyncWriteExt;

    #[tokio::test]
    async fn who_takes_nothing_is_let_go() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (server, _) = listener.accept().await.unwrap();
        let mut server = ends_unread(server, Duration::from_millis(200));
        let much = vec![0; 64 << 20];
        let error = tokio::time::timeout(Duration::from_secs(20), server.write_all(&much))
            .await
            .unwrap()
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(client);
    }

    /// An act of three steps, of which each but the first waits.
    async fn three_steps(steps: Arc<AtomicUsize>) {
        for _ in 0..3 {
            steps.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Polls a future at most `polls` times, two milliseconds apart, and drops it.
    async fn drop_after(polls: usize, act: impl Future<Output = ()>) {
        let mut act = std::pin::pin!(act);
        for _ in 0..polls {
            let ready = std::future::poll_fn(|context| Poll::Ready(act.as_mut().poll(context)));
            if ready.await.is_ready() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    #[tokio::test]
    async fn an_act_that_has_begun_is_done_wherever_its_connection_ends() {
        for polls in 1..6 {
            let seats = Arc::new(Semaphore::new(1));
            let seat = Arc::clone(&seats).acquire_owned().await.unwrap();
            let steps = Arc::new(AtomicUsize::new(0));
            drop_after(polls, run_to_end(three_steps(Arc::clone(&steps)), seat)).await;
            // The seat comes back when the act has ended, and not before.
            let _seat = seats.acquire().await.unwrap();
            assert_eq!(steps.load(Ordering::SeqCst), 3, "{polls}");
        }
        // The control: without it the act stays unfinished.
        let steps = Arc::new(AtomicUsize::new(0));
        drop_after(2, three_steps(Arc::clone(&steps))).await;
        assert_eq!(steps.load(Ordering::SeqCst), 2);
        // Never asked for, never begun.
        drop_after(0, run_to_end(three_steps(Arc::clone(&steps)), ())).await;
        assert_eq!(steps.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn the_one_that_has_waited_longest_makes_room() {
        let idle = Idle::default();
        let all = [idle.enter(), idle.enter(), idle.enter()];
        // The first has a request under way, then waits again.
        all[0].leave();
        let gone = |waiting: &Waiting| {
            let let_go = Arc::clone(&waiting.let_go);
            async move {
                tokio::time::timeout(Duration::from_millis(20), let_go.notified())
                    .await
                    .is_ok()
            }
        };
        idle.let_one_go();
        assert!(!gone(&all[0]).await && gone(&all[1]).await && !gone(&all[2]).await);
        all[0].wait();
        idle.let_one_go();
        assert!(!gone(&all[0]).await && gone(&all[2]).await);
        all[0].leave();
        idle.let_one_go();
        assert!(!gone(&all[0]).await, "it is not waiting");
        assert!(idle.lock().waiting.is_empty());
    }

    #[test]
    fn a_place_has_so_many_connections_and_gets_them_back() {
        let open = Open::default();
        let home = IpAddr::from([192, 0, 2, 1]);
        let mut held: Vec<Counted> = (0..FROM_ONE_PLACE).map(|_| open.enter(home)).collect();
        assert!(held.iter().all(|one| !one.too_many));
        assert!(open.enter(IpAddr::from([192, 0, 2, 77])).too_many);
        assert!(!open.enter(IpAddr::from([192, 0, 3, 1])).too_many);
        held.pop();
        assert!(!open.enter(home).too_many);
        drop(held);
        assert!(
            open.counts.lock().unwrap().is_empty(),
            "nothing is kept of who was here"
        );
    }
}
