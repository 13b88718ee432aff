//! Over real sockets: `pledge serve` as a process of its own, and a browser without scripts that talks to it.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a step that fails must end the test"
)]

use server::cli;
use service::clock::SystemClock;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::Store;
use store_sqlite::SqliteStore;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use vault::key_derivation::Cost;
use vault::server_keys::{self, ServerKeys};

/// The kind of a form's body.
pub const FORM: &str = "application/x-www-form-urlencoded";
/// The kind of a JSON body.
pub const JSON: &str = "application/json";

// ------------------------------------------------------------------------------------------------------------ the process

/// The binary itself, with no setting of whoever runs the tests. A plain build has no WASM inside, and is told so.
pub fn pledge_serve(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pledge"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PLEDGE_") {
            command.env_remove(name);
        }
    }
    command.args([
        "serve",
        "--without-wasm",
        "--listen",
        "127.0.0.1:0",
        "--data",
    ]);
    command.arg(data);
    command
}

/// A server that runs, and is killed (SIGKILL: nothing is tidied up) when this goes.
pub struct Served {
    child: Child,
    pub address: SocketAddr,
}

impl Served {
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts it, writing what it says to the end of `log`, and waits until it listens. One that stops before that is started
/// again, as its supervisor does.
pub fn start(mut command: Command, log: &Path) -> Served {
    let log_file = File::options().create(true).append(true).open(log).unwrap();
    let before = usize::try_from(log_file.metadata().unwrap().len()).unwrap();
    command
        .stdin(Stdio::null())
        .stdout(log_file.try_clone().unwrap())
        .stderr(log_file);
    let mut served = Served {
        child: command.spawn().unwrap(),
        address: SocketAddr::from(([127, 0, 0, 1], 0)),
    };
    let begun = Instant::now();
    loop {
        let said = std::fs::read(log).unwrap().split_off(before);
        let said = String::from_utf8_lossy(&said).into_owned();
        if let Some((_, rest)) = said.rsplit_once("Pledge is at http://")
            && let Some((address, _)) = rest.split_once("/\n")
        {
            served.address = address.parse().unwrap();
            return served;
        }
        if served.child.try_wait().unwrap().is_some() {
            served.child = command.spawn().unwrap();
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it does not start: {said}"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Tickets of this installation, sealed under its own keys, made ahead: a receipt costs a good part of a second in a
/// server, and these have words that were stretched cheaply. They send; their words open nothing.
pub async fn tickets(data: &Path, count: usize) -> Vec<String> {
    let keys = ServerKeys::read(&data.join(server_keys::FILE)).unwrap();
    let store = Arc::new(SqliteStore::open(&data.join(cli::DATABASE)).await.unwrap());
    let content = Arc::new(cli::load_content().unwrap());
    let cheap = Cost {
        memory_kib: 64,
        passes: 1,
    };
    let shared: Arc<dyn Store> = Arc::clone(&store) as Arc<dyn Store>;
    let pledge = cli::open(shared, keys, content, cheap, Arc::new(SystemClock))
        .await
        .unwrap();
    cli::keep_pool_full(&pledge);
    let mut tickets = Vec::new();
    for _ in 0..count {
        tickets.push(pledge.new_ticket(None).await);
    }
    store.close().await;
    tickets
}

// ------------------------------------------------------------------------------------------------------------ the browser

/// A request over a connection of its own.
pub struct Ask<'a> {
    /// From which address of this machine.
    pub from: Ipv4Addr,
    pub method: &'a str,
    pub path: &'a str,
    /// Lines of the head, each with its end.
    pub head: &'a str,
    pub kind: &'a str,
    pub body: &'a str,
}

impl<'a> Ask<'a> {
    pub fn get(path: &'a str) -> Ask<'a> {
        Ask {
            from: Ipv4Addr::LOCALHOST,
            method: "GET",
            path,
            head: "",
            kind: FORM,
            body: "",
        }
    }

    pub fn post(path: &'a str, kind: &'a str, body: &'a str) -> Ask<'a> {
        Ask {
            method: "POST",
            kind,
            body,
            ..Ask::get(path)
        }
    }

    /// The answer; `None` when nothing whole came back within 30 seconds.
    pub async fn of(&self, to: SocketAddr) -> Option<Reply> {
        let talk = async {
            let mut stream = connect(self.from, to).await.ok()?;
            let request = format!(
                "{} {} HTTP/1.1\r\nHost: pledge.test\r\nOrigin: https://pledge.test\r\nConnection: close\r\n{}\
                 Content-Type: {}\r\nContent-Length: {}\r\n\r\n{}",
                self.method,
                self.path,
                self.head,
                self.kind,
                self.body.len(),
                self.body
            );
            // One that refuses a long body answers before it was all sent.
            let _ = stream.write_all(request.as_bytes()).await;
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
            Reply::read(&answer)
        };
        tokio::time::timeout(Duration::from_secs(30), talk)
            .await
            .ok()?
    }
}

/// A connection from this address.
pub async fn connect(from: Ipv4Addr, to: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((from, 0)))?;
    socket.connect(to).await
}

/// A form's fields as they are sent.
pub fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    /// Name and value of the cookie it sets, or nothing.
    pub cookie: String,
    pub text: String,
}

impl Reply {
    fn read(answer: &[u8]) -> Option<Reply> {
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let value = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.to_owned())
        };
        let body = &answer[end + 4..];
        // A server that is killed leaves a part of an answer.
        let length = value("content-length").and_then(|length| length.parse().ok());
        if length.is_some_and(|length: usize| length != body.len()) {
            return None;
        }
        let bytes = match value("content-encoding").as_deref() {
            Some("br") => compress::open_brotli(body).ok()?,
            _ => body.to_vec(),
        };
        let cookie = value("set-cookie").unwrap_or_default();
        Some(Reply {
            status: head.split(' ').nth(1)?.parse().ok()?,
            cookie: cookie.split(';').next().unwrap_or_default().to_owned(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        })
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let tag = self
            .text
            .split('<')
            .find(|tag| tag.starts_with("input") && tag.contains(&format!("name=\"{name}\"")))
            .unwrap_or_else(|| panic!("no {name} in {}", self.text));
        let at = tag.find("value=\"").unwrap() + 7;
        tag[at..].split('"').next().unwrap().to_owned()
    }
}
