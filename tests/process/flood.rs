//! A flood hides no child (G5): hostile views are folded and never deleted, a sender who is not safe is never asked
//! to wait below a hard cap, and a house behind one address goes through. And nothing of where anybody is stays (P2).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, CHEAP, World, words_of};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use domain::role::Role;
use futures_util::future::join_all;
use model::SpeakAnswers;
use server::bootstrap;
use service::clock::{Clock, SystemClock};
use service::rate_limit::{Limits, Numbers};
use service::speak::SendOutcome;
use sqlx::{ConnectOptions, Row, SqliteConnection};
use std::collections::{BTreeMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::Store;
use store_sqlite::SqliteStore;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use vault::random::SystemRandom;
use vault::server_keys::{self, ServerKeys};
use web::client_addr::Peer;
use web::{self, ProxyHeader, Site, accept};

// -------------------------------------------------------------------------------------------------- sending from a place

fn encoded(fields: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// POSTs a form as if it came over a connection from this address.
async fn post_from(world: &World, from: IpAddr, path: &str, fields: &[(String, String)]) -> Answer {
    let mut request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(encoded(fields)))
        .unwrap();
    request.extensions_mut().insert(Peer(from));
    world.request(request).await
}

async fn a_view(world: &World, said: &str, topic: &str, safe: &str) -> Vec<(String, String)> {
    let ticket = world.site.pledge.new_ticket(None).await;
    fields(&[
        ("step", "check"),
        ("go", "send"),
        ("ticket", &ticket),
        ("topic", topic),
        ("said", said),
        ("safe", safe),
        ("named", "no"),
    ])
}

async fn send_from(world: &World, from: IpAddr, said: &str, topic: &str, safe: &str) -> Answer {
    let view = a_view(world, said, topic, safe).await;
    post_from(world, from, "/speak", &view).await
}

/// Every hidden field of a page.
fn hidden(answer: &Answer) -> Vec<(String, String)> {
    let names = [
        "step", "topic", "said", "safe", "named", "wish", "ticket", "pass",
    ];
    let text = answer.text();
    names
        .iter()
        .filter(|name| text.contains(&format!("name=\"{name}\"")))
        .map(|name| ((*name).to_owned(), answer.hidden(name)))
        .collect()
}

fn genuine() -> IpAddr {
    IpAddr::from([203, 0, 113, 7])
}

// ------------------------------------------------------------------------------------------------------------- the flood

const HOSTILE: usize = 10_000;
const FROM: usize = 50;

fn hostile(n: usize) -> IpAddr {
    IpAddr::from([198, 51, u8::try_from(n % FROM).unwrap(), 9])
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_hostile_posts_hide_no_child() {
    let world = Arc::new(World::new().await);
    // Twenty young people behind one address, one of them not safe, in the middle of the flood.
    let real: BTreeMap<usize, usize> = (0..20).map(|n| (2_000 + n * 300, n)).collect();
    let (mut stored, mut slowed, mut accepted) = (0, 0, 0);
    let mut urgent_took = Duration::ZERO;
    let mut next = 0;
    while next < HOSTILE {
        let together: Vec<_> = (next..HOSTILE.min(next + 100))
            .map(|n| {
                let world = Arc::clone(&world);
                tokio::spawn(async move {
                    let safe = if (n / FROM).is_multiple_of(2) {
                        "no"
                    } else {
                        "yes"
                    };
                    let answer =
                        send_from(&world, hostile(n), &format!("Junk {n}."), "home", safe).await;
                    (safe, answer.status)
                })
            })
            .collect();
        for n in next..next + 100 {
            let Some(child) = real.get(&n) else { continue };
            let (said, safe) = match child {
                13 => ("Somebody here hits me.".to_owned(), "no"),
                n => (format!("A real view, number {n}."), "yes"),
            };
            let begun = Instant::now();
            let answer = send_from(&world, genuine(), &said, "home", safe).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            words_of(&answer);
            accepted += 1;
            if safe == "no" {
                urgent_took = begun.elapsed();
            }
        }
        for one in together {
            match one.await.unwrap() {
                (_, StatusCode::OK) => stored += 1,
                ("yes", StatusCode::TOO_MANY_REQUESTS) => slowed += 1,
                other => panic!("{other:?}"),
            }
        }
        next += 100;
    }
    println!(
        "{stored} hostile views stored, {slowed} asked to wait; the urgent one took {urgent_took:?}"
    );
    assert_eq!(accepted, 20);
    assert_eq!(stored + slowed, HOSTILE);
    // Of each address: 60 for nothing, then only those who say they are not safe.
    assert!(slowed >= 3_000, "{slowed} asked to wait");
    assert!(urgent_took < Duration::from_secs(5), "{urgent_took:?}");

    // Nothing was deleted.
    let views = world.store.views().await.unwrap();
    assert_eq!(views.len(), stored + 20);
    assert!(
        views.iter().filter(|row| !row.burst).count() == 20,
        "only what came in a burst is folded"
    );

    // The one who is not safe stands on top, and the flood is one line.
    let unsafe_hostile = views
        .iter()
        .filter(|row| row.burst && row.life.in_safety_custody())
        .count();
    let safety = world.desk("Sam", Role::Safety).await;
    let lane = safety.get("/desk/safety").await;
    assert_eq!(inbox(&lane).len(), 1);
    let id = inbox(&lane).remove(0);
    let view = safety.get(&format!("/desk/view/{id}")).await;
    assert!(
        view.text().contains("Somebody here hits me."),
        "{}",
        view.text()
    );
    assert!(
        lane.text().contains(&format!("{unsafe_hostile} about")),
        "{}",
        lane.text()
    );

    // The young triagers find the nineteen, and the rest in one line that opens.
    let speakerbox = world.desk("Sue", Role::Speakerbox).await;
    let queue = speakerbox.get("/desk/queue").await;
    assert_eq!(inbox(&queue).len(), 19);
    let ordinary_hostile = stored - unsafe_hostile;
    assert!(
        queue.text().contains(&format!("{ordinary_hostile} about")),
        "{}",
        queue.text()
    );
    let (mut seen, mut at) = (HashSet::new(), fold_link(&queue, "/desk/queue?"));
    while let Some(address) = at {
        let page = speakerbox.get(&address).await;
        seen.extend(inbox(&page));
        at = fold_link(&page, "/desk/queue?");
    }
    assert_eq!(
        seen.len(),
        ordinary_hostile,
        "opened, the line shows every one of them"
    );

    // A young person behind the address of a flooder is slowed down at most, and every word stays.
    let answer = send_from(
        &world,
        hostile(0),
        "I am real too, and not safe.",
        "home",
        "not-sure",
    )
    .await;
    assert_eq!(answer.status, StatusCode::OK);
    let slow = send_from(&world, hostile(0), "I am <real> & kept.", "home", "yes").await;
    assert_eq!(slow.status, StatusCode::TOO_MANY_REQUESTS);
    let sent = pass_by(&world, hostile(0), slow).await;
    words_of(&sent);
    assert_eq!(
        world.store.views().await.unwrap().len(),
        stored + 22,
        "both are stored"
    );
}

/// Does what the wait page asks, as a person without scripts does.
async fn pass_by(world: &World, from: IpAddr, mut page: Answer) -> Answer {
    for _ in 0..4 {
        let mut fields = hidden(&page);
        let said = fields.iter().find(|(name, _)| name == "said").unwrap();
        assert_eq!(said.1, "I am <real> & kept.", "every word travels along");
        if let Some(right) = right_answer(&page) {
            fields.push(("picked".to_owned(), right));
        }
        fields.push(("go".to_owned(), "send".to_owned()));
        // Too soon: it asks for patience, and the wait does not begin again.
        let early = post_from(world, from, "/speak", &fields).await;
        assert_eq!(early.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(early.text().contains("a bit too soon"), "{}", early.text());
        world.clock.forward(10);
        page = post_from(world, from, "/speak", &fields).await;
        if page.status == StatusCode::OK {
            return page;
        }
    }
    panic!("never let through: {}", page.text());
}

fn right_answer(page: &Answer) -> Option<String> {
    let text = page.text();
    let right = ["A dog", "An apple", "Blue"];
    let at = right
        .iter()
        .find_map(|word| text.find(&format!(">{word}<")))?;
    let input = text[..at].rfind("<input")?;
    let value = text[input..at].split("value=\"").nth(1)?;
    Some(value.split('"').next()?.to_owned())
}

/// Ids of the views in a list, in order.
fn inbox(page: &Answer) -> Vec<String> {
    let text = page.text();
    text.split("href=\"/desk/view/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// The way into a burst, or on in one that is open.
fn fold_link(page: &Answer, under: &str) -> Option<String> {
    let text = page.text().replace("&amp;", "&");
    let links = text.split("href=\"").skip(1);
    links
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .find(|link| link.starts_with(under) && link.contains("burst="))
}

/// A site with other numbers.
async fn with_numbers(numbers: Numbers) -> World {
    let world = World::new().await;
    let keys = ServerKeys::read_file(&world.data().join(server_keys::FILE)).unwrap();
    let shared: Arc<dyn Store> = Arc::clone(&world.store) as Arc<dyn Store>;
    let clock: Arc<dyn Clock> = Arc::clone(&world.clock) as Arc<dyn Clock>;
    let content = Arc::new(bootstrap::load_content().unwrap());
    let mut pledge = bootstrap::open(shared, keys, content, CHEAP, clock)
        .await
        .unwrap();
    pledge.limits = Limits::new(&SystemRandom, numbers);
    bootstrap::keep_pool_full(&pledge);
    let site = Arc::new(Site::new(pledge, crate::world::shipped().1, false));
    let router = web::router(Arc::clone(&site));
    World {
        site,
        router,
        ..world
    }
}

#[tokio::test]
async fn a_control_without_the_fold_the_flood_stands_on_top() {
    let on_top = async |burst: u32| {
        let world = with_numbers(Numbers {
            burst,
            ..Numbers::REAL
        })
        .await;
        for n in 0..40 {
            send_from(&world, hostile(0), &format!("Junk {n}."), "home", "no").await;
        }
        send_from(&world, genuine(), "Somebody here hits me.", "home", "no").await;
        let real = world.newest().await;
        let safety = world.desk("Sam", Role::Safety).await;
        inbox(&safety.get("/desk/safety").await)[0] == real
    };
    assert!(on_top(Numbers::REAL.burst).await);
    assert!(!on_top(u32::MAX).await);
}

#[tokio::test]
async fn the_wait_page_asks_little_and_one_pass_is_good_for_one_view() {
    let world = with_numbers(Numbers {
        free: 1,
        wait: 2,
        ..Numbers::REAL
    })
    .await;
    let from = genuine();
    assert_eq!(
        send_from(&world, from, "One.", "home", "yes").await.status,
        200
    );

    // The second waits, without a question.
    let slow = send_from(&world, from, "I am <real> & kept.", "money", "yes").await;
    assert_eq!(
        (slow.status.as_u16(), slow.header("retry-after")),
        (429, "10")
    );
    let text = slow.text();
    for words in [
        "Wait a moment",
        "Your words are still here",
        "It is not sent yet",
        "0800 1111",
    ] {
        assert!(text.contains(words), "{words} in:\n{text}");
    }
    assert!(
        !text.contains("name=\"picked\"") && !text.contains("/pkg/"),
        "no question, no script"
    );
    let pass = slow.hidden("pass");
    let second = pass_by(&world, from, slow).await;
    words_of(&second);

    // Its pass is worth nothing for another view, nor is a made-up one.
    for pass in [pass.as_str(), "", "AAAA"] {
        let mut third = a_view(&world, "Three.", "home", "yes").await;
        third.push(("pass".to_owned(), pass.to_owned()));
        world.clock.forward(20);
        let answer = post_from(&world, from, "/speak", &third).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(
            answer.text().contains("name=\"picked\""),
            "and now something is asked"
        );
    }

    // A wrong answer costs another wait, and never the words.
    let third = send_from(&world, from, "I am <real> & kept.", "home", "yes").await;
    let right = right_answer(&third).unwrap();
    let wrong = ["0", "1", "2"].into_iter().find(|at| *at != right).unwrap();
    let mut again = hidden(&third);
    again.extend(fields(&[("picked", wrong), ("go", "send")]));
    world.clock.forward(10);
    let refused = post_from(&world, from, "/speak", &again).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        refused.text().contains("not the right one"),
        "{}",
        refused.text()
    );
    words_of(&pass_by(&world, from, refused).await);

    // What was stored is shown again however much was sent.
    let stored = a_view(&world, "Four.", "home", "no").await;
    let words = words_of(&post_from(&world, from, "/speak", &stored).await);
    let again = post_from(&world, from, "/speak", &stored).await;
    assert_eq!(words_of(&again), words);
    // A page of another place is free, and an hour later so is this one.
    assert_eq!(
        send_from(
            &world,
            IpAddr::from([203, 0, 114, 7]),
            "Next door.",
            "home",
            "yes"
        )
        .await
        .status,
        200
    );
    world.clock.forward(60 * 60);
    assert_eq!(
        send_from(&world, from, "Later.", "home", "yes")
            .await
            .status,
        200
    );

    // Of the API too; a program gets the time after which to come back.
    let ticket = world.site.pledge.new_ticket(None).await;
    let json =
        serde_json::json!({"ticket": ticket, "topic": "home", "said": "API.", "safe": "yes"});
    let mut request = Request::post("/api/v1/views")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json.to_string()))
        .unwrap();
    request.extensions_mut().insert(Peer(from));
    let answer = world.request(request).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("retry-after")),
        (429, "10")
    );
    assert!(answer.text().contains("slow-down"));
}

#[tokio::test]
async fn the_hard_cap_for_those_who_are_not_safe_is_a_wait_and_no_wall() {
    let world = with_numbers(Numbers {
        free: 1,
        wait: 1,
        urgent: 3,
        ..Numbers::REAL
    })
    .await;
    for n in 0..3 {
        let answer = send_from(&world, genuine(), &format!("Unsafe {n}."), "home", "no").await;
        assert_eq!(answer.status, StatusCode::OK, "{n}");
    }
    let slow = send_from(&world, genuine(), "I am <real> & kept.", "home", "no").await;
    assert_eq!(slow.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(slow.text().contains("999"), "help first");
    words_of(&pass_by(&world, genuine(), slow).await);
}

#[tokio::test]
async fn behind_a_proxy_the_last_address_of_the_named_header_counts() {
    let world = World::new().await;
    let keys = ServerKeys::read_file(&world.data().join(server_keys::FILE)).unwrap();
    let shared: Arc<dyn Store> = Arc::clone(&world.store) as Arc<dyn Store>;
    let content = Arc::new(bootstrap::load_content().unwrap());
    let clock: Arc<dyn Clock> = Arc::clone(&world.clock) as Arc<dyn Clock>;
    let mut site = Site::new(
        bootstrap::open(shared, keys, content, CHEAP, clock)
            .await
            .unwrap(),
        crate::world::shipped().1,
        false,
    );
    let proxy = IpAddr::from([10, 0, 0, 2]);
    let place_of = |site: &Site, peer: IpAddr, header: Option<&str>| {
        let mut request = Request::post("/speak").body(Body::empty()).unwrap();
        if let Some(value) = header {
            request
                .headers_mut()
                .insert("x-forwarded-for", value.parse().unwrap());
        }
        request.extensions_mut().insert(Peer(peer));
        web::client_addr::place(site, &request).unwrap()
    };
    let place = |site: &Site, header: Option<&str>| place_of(site, proxy, header);
    // Unless it is named, anybody could write the header.
    assert!(place(&site, Some("192.0.2.1")) == place(&site, None));
    // One on this machine has a proxy's trace: its requests are nobody's, and not of one place.
    let here = IpAddr::from([127, 0, 0, 1]);
    let passed_on = || place_of(&site, here, Some("192.0.2.1"));
    assert!(passed_on() != passed_on() && passed_on() != place_of(&site, here, None));
    assert!(place_of(&site, here, None) == place_of(&site, here, None));
    site.proxy_header = ProxyHeader::named("x-forwarded-for");
    let same = |a: &str, b: &str| place(&site, Some(a)) == place(&site, Some(b));
    assert!(same("198.51.100.1, 192.0.2.1", "203.0.113.1,192.0.2.200"));
    assert!(!same("192.0.2.1, 198.51.100.1", "192.0.2.1, 203.0.113.1"));
    assert!(place(&site, Some("nonsense")) == place(&site, None));
    assert!(place_of(&site, here, Some("192.0.2.1")) == place(&site, Some("192.0.2.7")));
    assert!(place_of(&site, here, Some("nonsense")) == place_of(&site, here, None));
    // A proxy that puts the address into another header than the named one.
    site.proxy_header = ProxyHeader::named("x-real-ip");
    let other = || place_of(&site, here, Some("192.0.2.1"));
    assert!(other() != other());
}

// --------------------------------------------------------------------------------------------------- over real sockets

async fn listening(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = web::router(Arc::clone(&world.site));
    tokio::spawn(accept::serve(listener, router, std::future::pending()));
    address
}

async fn connect_from(from: Ipv4Addr, to: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((from, 0)))?;
    socket.connect(to).await
}

/// Whether the server answers on this connection.
async fn answers(stream: &mut TcpStream) -> bool {
    let asked = stream
        .write_all(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        .await;
    let mut bytes = [0; 512];
    asked.is_ok()
        && matches!(stream.read(&mut bytes).await, Ok(read) if bytes[..read].starts_with(b"HTTP/1.1 200"))
}

#[tokio::test]
async fn one_place_has_64_connections_and_slow_senders_are_cut() {
    let world = World::new().await;
    let to = listening(&world).await;
    let home = |n: u8| Ipv4Addr::new(127, 5, 5, n);
    let mut held = Vec::new();
    for n in 1..=64 {
        let mut stream = connect_from(home(n), to).await.unwrap();
        assert!(answers(&mut stream).await, "{n}");
        held.push(stream);
    }
    let mut one_more = connect_from(home(65), to).await.unwrap();
    assert!(!answers(&mut one_more).await, "the 65th is let go");
    let mut next_door = connect_from(Ipv4Addr::new(127, 5, 6, 1), to).await.unwrap();
    assert!(answers(&mut next_door).await);
    held.pop();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut again = connect_from(home(66), to).await.unwrap();
    assert!(answers(&mut again).await, "there is room again");

    // Headers that never end, and a body that trickles.
    let begun = Instant::now();
    let mut headers = connect_from(Ipv4Addr::new(127, 6, 1, 1), to).await.unwrap();
    headers
        .write_all(b"GET / HTTP/1.1\r\nHost: a\r\nx: ")
        .await
        .unwrap();
    let mut body = connect_from(Ipv4Addr::new(127, 6, 2, 1), to).await.unwrap();
    let head = "POST /speak HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n";
    body.write_all(head.as_bytes()).await.unwrap();
    let trickle = async {
        let mut answer = [0; 512];
        loop {
            tokio::select! {
                read = body.read(&mut answer) => {
                    return String::from_utf8_lossy(&answer[..read.unwrap_or(0)]).into_owned();
                }
                () = tokio::time::sleep(Duration::from_millis(500)) => {
                    let _ = body.write_all(b"a").await;
                }
            }
        }
    };
    let cut = async {
        let mut rest = Vec::new();
        let _ = headers.read_to_end(&mut rest).await;
        begun.elapsed()
    };
    let both = async { tokio::join!(trickle, cut) };
    let (answer, cut) = tokio::time::timeout(Duration::from_secs(40), both)
        .await
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(cut < Duration::from_secs(14), "{cut:?}");
    assert!(begun.elapsed() < Duration::from_secs(25));
}

// ------------------------------------------------------------------------------------------------- nothing of it stays

/// A server of its own over the folder it is given: this test binary again, so that its log is a file.
#[test]
#[ignore = "only started by the test below, as a process of its own"]
fn child() {
    let Some(data) = std::env::var_os("PLEDGE_TEST_DATA").map(PathBuf::from) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let keys = ServerKeys::read_file(&data.join(server_keys::FILE)).unwrap();
        let store: Arc<dyn Store> = Arc::new(
            SqliteStore::open(&data.join(bootstrap::DATABASE))
                .await
                .unwrap(),
        );
        let content = Arc::new(bootstrap::load_content().unwrap());
        let pledge = bootstrap::open(store, keys, content, CHEAP, Arc::new(SystemClock))
            .await
            .unwrap();
        bootstrap::keep_pool_full(&pledge);
        let mut site = Site::new(pledge, crate::world::shipped().1, false);
        site.proxy_header = ProxyHeader::named("x-marked-for");
        let router = web::router(Arc::new(site));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        std::fs::write(data.join("port"), port.to_string()).unwrap();
        accept::serve_behind(true, listener, router, std::future::pending()).await;
    });
}

struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a client leaves behind if anything of it is kept.
struct Client {
    address: Ipv4Addr,
    named: Ipv4Addr,
    agent: String,
}

impl Client {
    fn new(n: u8) -> Client {
        Client {
            address: Ipv4Addr::new(127, 40 + n / 8, 211, 100 + n % 100),
            named: Ipv4Addr::new(100, 71, 200 - n / 2, n),
            agent: format!("Markeragent{n:03}x"),
        }
    }

    /// Sends a request; the answer's status and text.
    async fn ask(
        &self,
        to: SocketAddr,
        method: &str,
        path: &str,
        kind: &str,
        body: &str,
    ) -> (u16, String) {
        let mut stream = connect_from(self.address, to).await.unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: pledge.test\r\nConnection: close\r\nUser-Agent: {}\r\n\
             X-Marked-For: 10.9.8.7, {}\r\nX-Forwarded-For: {}\r\nForwarded: for={}\r\nContent-Type: {kind}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.agent,
            self.named,
            self.address,
            self.address,
            body.len()
        );
        let _ = stream.write_all(request.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let text = String::from_utf8_lossy(&answer).into_owned();
        let status = text
            .split(' ')
            .nth(1)
            .and_then(|s| s.parse().ok())
            .unwrap_or(0);
        (status, text)
    }

    async fn send(&self, to: SocketAddr, safe: &str) -> (u16, String) {
        let (status, answer) = self.ask(to, "POST", "/api/v1/tickets", JSON, "{}").await;
        assert_eq!(status, 201, "{answer}");
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        let ticket: serde_json::Value = serde_json::from_str(body).unwrap();
        let view = serde_json::json!({"ticket": ticket["ticket"], "topic": "home", "said": "A view.", "safe": safe});
        let (status, answer) = self
            .ask(to, "POST", "/api/v1/views", JSON, &view.to_string())
            .await;
        let body = answer.split_once("\r\n\r\n").unwrap().1.to_owned();
        (status, body)
    }

    /// Every way in which what was seen of this client could have been written down.
    fn traces(&self) -> Vec<Vec<u8>> {
        let mut traces = vec![self.agent.clone().into_bytes()];
        for address in [self.address, self.named] {
            let octets = address.octets();
            let number = u32::from(address);
            let text = address.to_string();
            let hex: String = octets.iter().map(|byte| format!("{byte:02x}")).collect();
            let mapped = [&[0xff, 0xff], octets.as_slice()].concat();
            traces.extend([
                // The piece of the network alone is too much already.
                text.rsplit_once('.').unwrap().0.as_bytes().to_vec(),
                hex.to_uppercase().into_bytes(),
                hex.into_bytes(),
                number.to_string().into_bytes(),
                number.swap_bytes().to_string().into_bytes(),
                STANDARD.encode(octets).into_bytes(),
                URL_SAFE_NO_PAD.encode(octets).into_bytes(),
                STANDARD_NO_PAD.encode(&text).into_bytes(),
                mapped,
            ]);
        }
        traces
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

async fn raw(path: &Path) -> SqliteConnection {
    sqlx::sqlite::SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(Duration::from_secs(5))
        .connect()
        .await
        .unwrap()
}

/// Every whole number in every table, with its table and column.
async fn numbers(path: &Path) -> Vec<(String, i64)> {
    let mut db = raw(path).await;
    let columns = sqlx::query(
        "SELECT s.name AS t, c.name AS c FROM sqlite_schema AS s, pragma_table_info(s.name) AS c \
         WHERE s.type = 'table' AND c.type = 'INTEGER'",
    )
    .fetch_all(&mut db)
    .await
    .unwrap();
    let mut all = Vec::new();
    for row in columns {
        let (table, column): (String, String) = (row.get("t"), row.get("c"));
        let sql = format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL");
        let values: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_all(&mut db)
            .await
            .unwrap();
        all.extend(
            values
                .into_iter()
                .map(|value| (format!("{table}.{column}"), value)),
        );
    }
    all
}

fn files(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.extend(std::fs::read(&path).unwrap());
        }
    }
    all
}

/// Those of these traces that stand in the bytes. One look at the bytes for each length, because there are thousands.
fn found_in(bytes: &[u8], clients: &[Client]) -> Vec<String> {
    let mut by_length: BTreeMap<usize, HashSet<Vec<u8>>> = BTreeMap::new();
    for trace in clients.iter().flat_map(Client::traces) {
        by_length.entry(trace.len()).or_default().insert(trace);
    }
    let mut found = Vec::new();
    for (length, traces) in by_length {
        // Most places are no beginning of any of them.
        let begins: HashSet<[u8; 2]> = traces.iter().map(|trace| [trace[0], trace[1]]).collect();
        let mut may_begin = vec![false; 1 << 16];
        for [first, second] in begins {
            may_begin[usize::from(first) << 8 | usize::from(second)] = true;
        }
        for window in bytes.windows(length) {
            if may_begin[usize::from(window[0]) << 8 | usize::from(window[1])]
                && traces.contains(window)
            {
                found.push(String::from_utf8_lossy(window).into_owned());
            }
        }
    }
    found
}

/// Traces of these clients that are kept.
async fn kept(clients: &[Client], folder: &Path) -> Vec<String> {
    let mut found = found_in(&files(folder), clients);
    let addresses: HashSet<i64> = clients
        .iter()
        .flat_map(|client| [client.address, client.named])
        .flat_map(|address| [u32::from(address), u32::from(address).swap_bytes()])
        .map(i64::from)
        .collect();
    let numbers = numbers(&folder.join("data").join(bootstrap::DATABASE)).await;
    found.extend(
        numbers
            .into_iter()
            .filter(|(_, value)| addresses.contains(value))
            .map(|(column, value)| format!("{column} = {value}")),
    );
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn of_200_addresses_and_devices_nothing_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    bootstrap::init_folder(&data, &SystemRandom).await.unwrap();
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    let child = Command::new("/proc/self/exe")
        .args(["--exact", "flood::child", "--ignored", "--nocapture"])
        .env("PLEDGE_TEST_DATA", &data)
        .stdout(Stdio::from(log.try_clone().unwrap()))
        .stderr(Stdio::from(log))
        .spawn()
        .unwrap();
    let served = Served(child);
    let begun = Instant::now();
    let port = loop {
        if let Ok(text) = std::fs::read_to_string(data.join("port"))
            && let Ok(port) = text.parse::<u16>()
        {
            break port;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "the child does not start"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let to = SocketAddr::from(([127, 0, 0, 1], port));
    let clients: Vec<Client> = (0..200).map(Client::new).collect();
    let different: HashSet<Ipv4Addr> = clients.iter().flat_map(|c| [c.address, c.named]).collect();
    assert_eq!(different.len(), 400);

    let long = "x".repeat(200_000);
    let mut statuses: HashSet<u16> = HashSet::new();
    let mut words = String::new();
    for (n, client) in clients.iter().enumerate() {
        let ways: [(&str, &str, &str, &str); 12] = [
            ("GET", "/", FORM, ""),
            ("GET", "/nothing-here", FORM, ""),
            ("DELETE", "/speak", FORM, ""),
            ("POST", "/speak", FORM, "step=about&topic=nonsense&go=next"),
            ("POST", "/speak", "text/plain", "x"),
            ("POST", "/speak", FORM, &long),
            (
                "POST",
                "/follow",
                FORM,
                "words=never+heard+of+these+six+words",
            ),
            ("POST", "/api/v1/views", JSON, "{"),
            ("POST", "/api/v1/follow", JSON, "{\"words\": \"apple\"}"),
            ("POST", "/check", FORM, "at=born&v=nonsense"),
            (
                "POST",
                "/desk/sign-in",
                FORM,
                "name=nobody&password=nothing",
            ),
            ("GET", "/desk/queue", FORM, ""),
        ];
        // Every way is gone by many; all of them by each would only take longer.
        for (at, (method, path, kind, body)) in ways.iter().enumerate() {
            if (n + at) % 4 == 0 {
                statuses.insert(client.ask(to, method, path, kind, body).await.0);
            }
        }
        let (status, body) = client.send(to, if n % 2 == 0 { "yes" } else { "no" }).await;
        assert_eq!(status, 201, "{body}");
        let sent: serde_json::Value = serde_json::from_str(&body).unwrap();
        words = sent["words"].as_str().unwrap().to_owned();
    }
    // Too much from one place: the wait page's way.
    for _ in 0..70 {
        statuses.insert(clients[3].send(to, "yes").await.0);
    }
    // The database is held by somebody else for longer than we wait.
    let database = data.join(bootstrap::DATABASE);
    let mut holder = raw(&database).await;
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut holder)
        .await
        .unwrap();
    statuses.insert(clients[5].send(to, "yes").await.0);
    sqlx::raw_sql("ROLLBACK")
        .execute(&mut holder)
        .await
        .unwrap();
    // A row is damaged: our mistake, with a line in the log.
    sqlx::raw_sql("UPDATE view SET state = 'nonsense'")
        .execute(&mut holder)
        .await
        .unwrap();
    let follow = serde_json::json!({ "words": words }).to_string();
    statuses.insert(
        clients[7]
            .ask(to, "POST", "/api/v1/follow", JSON, &follow)
            .await
            .0,
    );
    for status in [200, 201, 303, 400, 404, 405, 413, 415, 422, 429, 500, 503] {
        assert!(
            statuses.contains(&status),
            "{status} was not seen: {statuses:?}"
        );
    }
    drop(served);

    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(
        log.contains("pledge: internal: store-damaged"),
        "the log was looked at: {log}"
    );
    let found = kept(&clients, folder.path()).await;
    assert_eq!(found, [] as [String; 0]);
    // No moment of a view either: only days, and the quarter of an hour while an alert is open. The audit log has the
    // moments of what staff do; here that is nothing but wrong passwords.
    let now = SystemClock.unix_seconds();
    for (column, value) in numbers(&database).await {
        let moment = (now - value).abs() < 24 * 60 * 60;
        let alert = column == "alert.since" && value % 900 == 0;
        assert!(
            !moment || alert || column == "audit.at",
            "{column} = {value}"
        );
    }
    let acts: Vec<String> = sqlx::query_scalar("SELECT DISTINCT action FROM audit")
        .fetch_all(&mut raw(&database).await)
        .await
        .unwrap();
    assert!(
        acts.iter().all(|act| act.starts_with("sign-in")),
        "{acts:?}"
    );

    // A control: whatever is written down in any of these ways is found, in a file and in a table.
    let planted = &clients[11];
    for (at, trace) in planted.traces().into_iter().enumerate() {
        let bytes = [b"before ", trace.as_slice(), b" after"].concat();
        assert!(!found_in(&bytes, &clients).is_empty(), "trace {at}");
    }
    std::fs::write(folder.path().join("planted"), planted.address.to_string()).unwrap();
    assert!(
        !kept(std::slice::from_ref(planted), folder.path())
            .await
            .is_empty()
    );
    std::fs::remove_file(folder.path().join("planted")).unwrap();
    assert_eq!(
        kept(std::slice::from_ref(planted), folder.path()).await,
        [] as [String; 0]
    );
    let plant = "INSERT INTO meeting (seq, id, day, title) VALUES ($1, 'm', '2026-11-21', 't')";
    let number = i64::from(u32::from(planted.named));
    sqlx::query(plant)
        .bind(number)
        .execute(&mut raw(&database).await)
        .await
        .unwrap();
    assert!(
        !kept(std::slice::from_ref(planted), folder.path())
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn of_many_that_are_sent_at_the_same_moment_none_stands_outside_the_burst() {
    let world = World::new().await;
    let pledge = &world.site.pledge;
    let place = Some(pledge.limits.bucket(
        &SystemRandom,
        world.site.pledge.clock.unix_seconds(),
        [192, 0, 2, 1].into(),
    ));
    let mut tickets = Vec::new();
    for _ in 0..75 {
        tickets.push(pledge.new_ticket(None).await);
    }
    let answers = SpeakAnswers {
        topic: "home".to_owned(),
        said: "The same again.".to_owned(),
        safe: "yes".to_owned(),
        named: "no".to_owned(),
        ..SpeakAnswers::default()
    };
    let sends = tickets
        .iter()
        .map(|ticket| pledge.send_view(ticket, &answers, place));
    for sent in join_all(sends).await {
        assert!(matches!(sent.unwrap(), SendOutcome::Stored { .. }));
    }
    // Pressed again, nothing is counted twice.
    pledge
        .send_view(&tickets[0], &answers, place)
        .await
        .unwrap();
    let views = world.store.views().await.unwrap();
    assert_eq!(views.len(), 75);
    assert!(views.iter().all(|view| view.burst), "{views:?}");
    // A control: from somewhere else it is none.
    let ticket = pledge.new_ticket(None).await;
    let other = Some(pledge.limits.bucket(
        &SystemRandom,
        world.site.pledge.clock.unix_seconds(),
        [203, 0, 113, 9].into(),
    ));
    pledge.send_view(&ticket, &answers, other).await.unwrap();
    let views = world.store.views().await.unwrap();
    assert_eq!(views.iter().filter(|view| view.burst).count(), 75);
}
