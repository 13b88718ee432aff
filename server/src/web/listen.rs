//! The accept loop. Our own, because a connection that never finishes its headers, or a thousand of them, must not hold
//! the server: headers in 10 seconds, 512 connections, 16 KB and 100 headers, then a clean end on a signal.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Connections at a time.
const CONNECTIONS: usize = 512;
/// A request's headers must be here within this time.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// Bytes of headers.
const HEADER_BYTES: usize = 16 * 1024;
/// Requests under way get this long to end when the server stops.
const END_TIME: Duration = Duration::from_secs(20);

/// Serves until `stop` is ready, then lets requests under way finish.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let ending = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = &mut stop => break,
        };
        let Ok(place) = place else { break };
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    // Out of descriptors, say: wait a moment instead of spinning.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let _ = stream.set_nodelay(true);
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIME)
            .max_buf_size(HEADER_BYTES)
            .max_headers(100)
            .half_close(false)
            .serve_connection(
                TokioIo::new(stream),
                TowerToHyperService::new(router.clone()),
            );
        let connection = ending.watch(connection);
        tokio::spawn(async move {
            // A broken connection is the other side's affair; there is nothing to tell and nobody to tell it to.
            let _ = connection.await;
            drop(place);
        });
    }
    let _ = tokio::time::timeout(END_TIME, ending.shutdown()).await;
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
