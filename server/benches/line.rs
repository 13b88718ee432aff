//! What the machine can carry, each figure beside a peer measured in the same run, medians of rounds that alternate:
//!
//! - durable sends per second and their p99 with 8 clients and receipts ready, beside raw SQLite committing one row at a
//!   time with `synchronous=FULL`;
//! - reading pages per second, beside a bare handler that returns the same bytes;
//! - the real binary: start to first answer, resident memory idle and after 1,000 sends.
//!
//! Run it with `cargo xtask bench` (release build).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark stops at the first surprise"
)]
#![allow(missing_docs, reason = "a program, not a library")]

use axum::Router;
use axum::routing::get;
use server::bootstrap;
use service::clock::SystemClock;
use sqlx::{ConnectOptions, Connection};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use store_sqlite::SqliteStore;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use vault::key_derivation::Argon2Params;
use vault::random::SystemRandom;
use vault::receipts::{self, Pool};
use vault::server_keys::{self, ServerKeys};
use web::static_body::{Body, Encoding};
use web::{self, Site};

const CLIENTS: usize = 8;
const ROUNDS: usize = 5;
const SENDS_A_ROUND: usize = 2_000;
const ROUND: Duration = Duration::from_secs(2);
/// Receipts are made before the clock runs, so their cost here does not matter.
const CHEAP: Argon2Params = Argon2Params {
    memory_kib: 64,
    passes: 1,
};

#[tokio::main]
async fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    println!("{}", machine());
    let folder = std::env::temp_dir().join(format!("pledge-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    sends(&folder).await;
    pages(&folder).await;
    derived_as_they_go(&folder);
    process(&folder).await;
    std::fs::remove_dir_all(&folder).unwrap();
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name\t: "))
        .unwrap_or("unknown processor");
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!(
        "{cores} cores, {name}; load at start {}",
        load.split(' ').next().unwrap_or("?")
    )
}

// A site in this process over a real database, with cheap receipts.
async fn site(folder: &Path, name: &str) -> (Arc<Site>, SocketAddr) {
    let data = folder.join(name);
    bootstrap::init_folder(&data, &SystemRandom).await.unwrap();
    let keys = ServerKeys::read_file(&data.join(server_keys::FILE)).unwrap();
    let store = Arc::new(
        SqliteStore::open(&data.join(bootstrap::DATABASE))
            .await
            .unwrap(),
    );
    let content = Arc::new(bootstrap::load_content().unwrap());
    let mut pledge = bootstrap::open(store, keys, content, CHEAP, Arc::new(SystemClock))
        .await
        .unwrap();
    pledge.pool = Pool::new(2_048);
    bootstrap::keep_pool_full(&pledge);
    let site = Arc::new(Site::new(pledge, Arc::new(server::assets::assets()), false));
    let address = serve(web::router(Arc::clone(&site))).await;
    (site, address)
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(web::accept::serve(listener, router, std::future::pending()));
    address
}

async fn sends(folder: &Path) {
    let (site, address) = site(folder, "sends").await;
    let mut raw = RawSqlite::open(&folder.join("raw.sqlite")).await;
    let (mut rates, mut raw_rates, mut times) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        raw_rates.push(raw.commits_a_second().await);
        let mut tickets = Vec::new();
        for _ in 0..SENDS_A_ROUND {
            tickets.push(site.pledge.new_ticket(None).await);
        }
        let (rate, mut took) = send_all(address, tickets).await;
        rates.push(rate);
        times.append(&mut took);
    }
    let stored = site.pledge.store.views().await.unwrap().len();
    assert_eq!(
        stored,
        ROUNDS * SENDS_A_ROUND,
        "every acknowledged send is stored"
    );
    times.sort();
    let at = |part: f64| times[((times.len() as f64 * part) as usize).min(times.len() - 1)];
    let (rate, raw_rate) = (median(&mut rates), median(&mut raw_rates));
    println!(
        "\nDurable sends, {CLIENTS} clients, HTTP and sealing included, receipts ready ({stored} sends, all stored)"
    );
    println!(
        "  pledge           {rate:>8.0} sends/s    p50 {:?}  p99 {:?}",
        at(0.50),
        at(0.99)
    );
    println!(
        "  raw SQLite FULL  {raw_rate:>8.0} commits/s  (one row of 1 KB a commit, one connection)"
    );
    println!("  ratio            {:>8.2}", rate / raw_rate);
}

async fn send_all(address: SocketAddr, tickets: Vec<String>) -> (f64, Vec<Duration>) {
    let said = "word ".repeat(200);
    let shares: Vec<Vec<String>> = (0..CLIENTS)
        .map(|n| tickets.iter().skip(n).step_by(CLIENTS).cloned().collect())
        .collect();
    let began = Instant::now();
    let clients: Vec<_> = shares
        .into_iter()
        .map(|share| {
            let said = said.clone();
            tokio::spawn(async move {
                let mut client = Client::connect_from(next_place(), address).await;
                let mut times = Vec::new();
                for (n, ticket) in share.into_iter().enumerate() {
                    // The limits of one place stay in force, so the clients move.
                    if n % FROM_ONE_PLACE == FROM_ONE_PLACE - 1 {
                        client = Client::connect_from(next_place(), address).await;
                    }
                    let body = send_form(&ticket, &said);
                    let began = Instant::now();
                    let (status, _) = client
                        .post("/speak", "application/x-www-form-urlencoded", &body)
                        .await;
                    times.push(began.elapsed());
                    assert_eq!(status, 200);
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for client in clients {
        times.append(&mut client.await.unwrap());
    }
    (times.len() as f64 / began.elapsed().as_secs_f64(), times)
}

/// Sends from one place before a client moves on.
const FROM_ONE_PLACE: usize = 25;

/// An address of this machine that no client has had yet, in a /24 of its own.
fn next_place() -> Ipv4Addr {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let [_, _, high, low] = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    Ipv4Addr::new(127, 1 + high, low, 1)
}

fn send_form(ticket: &str, said: &str) -> String {
    let fields = [
        ("step", "check"),
        ("go", "send"),
        ("ticket", ticket),
        ("topic", "home"),
        ("said", said),
        ("safe", "yes"),
        ("named", "no"),
    ];
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

struct RawSqlite(sqlx::SqliteConnection);

impl RawSqlite {
    async fn open(path: &Path) -> RawSqlite {
        use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let mut connection = options.connect().await.unwrap();
        sqlx::query("CREATE TABLE row (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")
            .execute(&mut connection)
            .await
            .unwrap();
        connection.ping().await.unwrap();
        RawSqlite(connection)
    }

    async fn commits_a_second(&mut self) -> f64 {
        let (began, mut commits) = (Instant::now(), 0u32);
        while began.elapsed() < ROUND {
            let insert = sqlx::query("INSERT INTO row (bytes) VALUES ($1)").bind(vec![7u8; 1_024]);
            insert.execute(&mut self.0).await.unwrap();
            commits += 1;
        }
        f64::from(commits) / began.elapsed().as_secs_f64()
    }
}

async fn pages(folder: &Path) {
    let (site, address) = site(folder, "pages").await;
    site.warm();
    let mut client = Client::connect(address).await;
    let (_, page) = client.get("/rights/visits").await;
    let bytes = Body::new(page, "text/html; charset=utf-8").bytes(Encoding::Identity);
    let bare =
        serve(Router::new().route("/rights/visits", get(move || async move { bytes.clone() })))
            .await;
    let (mut rates, mut bare_rates) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        rates.push(gets_a_second(address).await);
        bare_rates.push(gets_a_second(bare).await);
    }
    let (rate, bare_rate) = (median(&mut rates), median(&mut bare_rates));
    println!("\nReading pages, {CLIENTS} clients, brotli, all headers");
    println!("  pledge           {rate:>8.0} pages/s");
    println!(
        "  bare handler     {bare_rate:>8.0} pages/s    (same bytes, same server loop, no headers of ours)"
    );
    println!("  ratio            {:>8.2}", rate / bare_rate);
}

async fn gets_a_second(address: SocketAddr) -> f64 {
    let began = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            tokio::spawn(async move {
                let (mut client, mut done) = (Client::connect(address).await, 0u32);
                while began.elapsed() < ROUND {
                    assert_eq!(client.get("/rights/visits").await.0, 200);
                    done += 1;
                }
                done
            })
        })
        .collect();
    let mut done = 0;
    for client in clients {
        done += client.await.unwrap();
    }
    f64::from(done) / began.elapsed().as_secs_f64()
}

fn derived_as_they_go(folder: &Path) {
    let keys = ServerKeys::read_file(&folder.join("sends").join(server_keys::FILE)).unwrap();
    let began = Instant::now();
    for _ in 0..5 {
        receipts::issue(&keys, &SystemRandom, Argon2Params::FULL).unwrap();
    }
    let each = began.elapsed() / 5;
    println!("\nSustained rate with receipts derived as they go, one at a time");
    println!(
        "  one receipt      {each:>8.0?} (Argon2id, 64 MiB, 3 passes): {:.1} sends/s",
        1.0 / each.as_secs_f64()
    );
}

async fn process(folder: &Path) {
    let data = folder.join("process");
    bootstrap::init_folder(&data, &SystemRandom).await.unwrap();
    let mut starts = Vec::new();
    for _ in 0..5 {
        let (_running, _, took) = start(&data).await;
        starts.push(took.as_secs_f64() * 1_000.0);
    }
    println!("\nThe binary");
    println!(
        "  start to first answer   {:>7.0} ms    (goal: under 1,000)",
        median(&mut starts)
    );

    let (running, address, _) = start(&data).await;
    let pid = running.0.id();
    wait_until_idle(pid).await;
    println!(
        "  resident memory, idle   {:>7.1} MiB   (goal: under 64; pool of {} receipts full)",
        resident(pid),
        receipts::POOL
    );
    let mut client = Client::connect(address).await;
    for number in 0..1_000_u32 {
        // From a new network each time before the limits of one would make its senders wait.
        if number % 40 == 0 {
            let network = u8::try_from(number / 40 + 1).unwrap();
            client = Client::connect_from(Ipv4Addr::new(127, network, 0, 1), address).await;
        }
        let (status, body) = client.post("/api/v1/tickets", "application/json", "").await;
        assert_eq!(status, 201);
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let form = send_form(
            body["ticket"].as_str().unwrap(),
            &format!("View number {number}."),
        );
        assert_eq!(
            client
                .post("/speak", "application/x-www-form-urlencoded", &form)
                .await
                .0,
            200
        );
    }
    wait_until_idle(pid).await;
    println!("  after 1,000 sends       {:>7.1} MiB", resident(pid));
}

/// The binary, running; it ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn start(data: &Path) -> (Running, SocketAddr, Duration) {
    let port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let began = Instant::now();
    let command = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_pledge")))
        .args(["serve", "--listen", &port.to_string(), "--data"])
        .arg(data)
        .stdout(Stdio::null())
        .spawn();
    let running = Running(command.unwrap());
    loop {
        if let Ok(stream) = TcpStream::connect(port).await {
            assert_eq!(Client { stream }.get("/").await.0, 200);
            return (running, port, began.elapsed());
        }
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "the server does not start"
        );
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn resident(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    line.trim()
        .trim_end_matches(" kB")
        .trim()
        .parse::<f64>()
        .unwrap()
        / 1_024.0
}

// Processor time stands still for three seconds: the pool is full and everything is compressed.
async fn wait_until_idle(pid: u32) {
    let ticks = || {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        let after: Vec<u64> = stat
            .rsplit(") ")
            .next()
            .unwrap()
            .split(' ')
            .filter_map(|n| n.parse().ok())
            .collect();
        // Fields 14 and 15 of the line: user and system time. `state` is no number, so they are at 10 and 11 here.
        after[10] + after[11]
    };
    let (mut last, mut quiet) = (ticks(), 0);
    while quiet < 3 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let now = ticks();
        quiet = if now <= last + 2 { quiet + 1 } else { 0 };
        last = now;
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

// A small HTTP client that keeps its connection: a library's own cost should not be measured.
struct Client {
    stream: TcpStream,
}

impl Client {
    async fn connect(address: SocketAddr) -> Client {
        Client::connect_from(Ipv4Addr::LOCALHOST, address).await
    }

    async fn connect_from(from: Ipv4Addr, address: SocketAddr) -> Client {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((from, 0))).unwrap();
        let stream = socket.connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream }
    }

    async fn get(&mut self, path: &str) -> (u16, Vec<u8>) {
        self.exchange(format!(
            "GET {path} HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: br\r\n\r\n"
        ))
        .await
    }

    async fn post(&mut self, path: &str, kind: &str, body: &str) -> (u16, Vec<u8>) {
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
        );
        self.exchange(head + body).await
    }

    async fn exchange(&mut self, request: String) -> (u16, Vec<u8>) {
        self.stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::with_capacity(32 * 1_024);
        loop {
            let read = self.stream.read_buf(&mut bytes).await.unwrap();
            assert!(read > 0, "the server closed the connection");
            let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
                continue;
            };
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length: usize = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
                .unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                let status = head.split(' ').nth(1).unwrap().parse().unwrap();
                return (status, bytes.split_off(end + 4));
            }
        }
    }
}
