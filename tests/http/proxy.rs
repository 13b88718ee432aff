//! Behind a proxy on this machine: nobody is taken for somebody else, whether its header is named or not.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::world::World;
use axum::body::Body;
use axum::http::{Request, header};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use web::accept;
use web::client_addr::Peer;

/// More than come from one place without being folded.
const CHILDREN: u8 = 34;
const FORWARDED: &str = "x-forwarded-for";

/// Sends a view as the proxy passes it on, for this address if it says for whom.
async fn send(world: &World, address: Option<IpAddr>) {
    let ticket = world.site.pledge.new_ticket(None).await;
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("step", "check"),
            ("go", "send"),
            ("ticket", &ticket),
            ("topic", "home"),
            ("said", "My room is cold."),
            ("safe", "yes"),
            ("named", "no"),
        ])
        .finish();
    let mut request =
        Request::post("/speak").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(address) = address {
        request = request.header(FORWARDED, address.to_string());
    }
    let mut request = request.body(Body::from(body)).unwrap();
    let proxy = IpAddr::from([127, 0, 0, 1]);
    request.extensions_mut().insert(Peer(proxy));
    let answer = world.request(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// How many of the views are folded as a burst.
async fn folded(world: &World) -> usize {
    let views = world.store.views().await.unwrap();
    assert_eq!(views.len(), usize::from(CHILDREN));
    views.iter().filter(|row| row.burst).count()
}

fn address(n: u8) -> Option<IpAddr> {
    Some(IpAddr::from([192, 0, n, 1]))
}

#[tokio::test]
async fn children_behind_a_proxy_whose_header_is_not_named_are_not_one_place() {
    let world = World::new().await;
    for n in 0..CHILDREN {
        send(&world, address(n)).await;
    }
    assert_eq!(folded(&world).await, 0);
    // With the header named nothing is folded either, and those of one place are.
    let named = World::behind(FORWARDED).await;
    for n in 0..CHILDREN {
        send(&named, address(n)).await;
    }
    assert_eq!(folded(&named).await, 0);
    let house = World::behind(FORWARDED).await;
    for _ in 0..CHILDREN {
        send(&house, address(7)).await;
    }
    assert_eq!(folded(&house).await, usize::from(CHILDREN));
    // The control: without any such header they come from this machine, one place.
    let here = World::new().await;
    for _ in 0..CHILDREN {
        send(&here, None).await;
    }
    assert_eq!(folded(&here).await, usize::from(CHILDREN));
}

#[tokio::test]
async fn guesses_of_nobody_still_wait_for_the_pace_of_all() {
    let world = World::new().await;
    let guess = async || {
        let body = "words=acorn+acorn+acorn+acorn+acorn+acorn";
        let mut request = Request::post("/follow")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(FORWARDED, "192.0.2.1")
            .body(Body::from(body))
            .unwrap();
        let proxy = IpAddr::from([127, 0, 0, 1]);
        request.extensions_mut().insert(Peer(proxy));
        let begun = std::time::Instant::now();
        world.request(request).await;
        begun.elapsed()
    };
    let quickest = guess().await;
    let pledge = &world.site.pledge;
    for _ in 0..60 {
        let nobody = Some(pledge.bucket_of_nobody());
        pledge.limits.wrong_receipt(nobody, crate::world::NOON);
    }
    let paced = guess().await;
    assert!(
        paced.as_millis() >= 1_000 && quickest.as_millis() < 1_000,
        "{quickest:?} {paced:?}"
    );
}

async fn open(to: SocketAddr, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(to).await.unwrap();
    let request = format!("GET /health HTTP/1.1\r\nHost: a\r\n{head}\r\n");
    let _ = stream.write_all(request.as_bytes()).await;
    stream
}

/// Of this many connections that stay open, how many are answered.
async fn answered(to: SocketAddr, head: &str) -> usize {
    let mut streams = Vec::new();
    let mut count = 0;
    for _ in 0..80 {
        let mut stream = open(to, head).await;
        let mut first = [0; 12];
        count += usize::from(stream.read_exact(&mut first).await.is_ok());
        streams.push(stream);
    }
    count
}

#[tokio::test]
async fn the_connections_of_a_proxy_on_this_machine_are_not_those_of_one_place() {
    let world = World::new().await;
    let listening = async || {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = web::router(Arc::clone(&world.site));
        tokio::spawn(accept::serve(listener, router, std::future::pending()));
        address
    };
    let forwarded = "X-Forwarded-For: 192.0.2.1\r\n";
    assert_eq!(answered(listening().await, forwarded).await, 80);
    // The control.
    assert_eq!(answered(listening().await, "").await, 64);
}
