//! Sinks for alerts on this machine: a mail server and a relay, that keep what they took, and refuse when they are told.

#![allow(dead_code, reason = "each test file uses its own part of the sinks")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a step that fails must end the test"
)]

use base64::Engine;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A message that a sink took.
#[derive(Clone, Debug)]
pub struct Taken {
    /// To whom; empty for the relay.
    pub to: String,
    /// The head as sent, or the request's head.
    pub head: String,
    /// The text, decoded.
    pub text: String,
    /// When.
    pub at: Instant,
}

/// A sink that listens.
pub struct Sink {
    pub address: SocketAddr,
    taken: Mutex<Vec<Taken>>,
    /// Refuses so many of a hundred.
    refuses: AtomicU64,
    /// Hangs up on everybody.
    off: AtomicBool,
    tries: AtomicU64,
    state: AtomicU64,
}

impl Sink {
    async fn bind() -> (Arc<Sink>, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sink = Sink {
            address: listener.local_addr().unwrap(),
            taken: Mutex::default(),
            refuses: AtomicU64::new(0),
            off: AtomicBool::new(false),
            tries: AtomicU64::new(0),
            state: AtomicU64::new(0x9E37_79B9_7F4A_7C15),
        };
        (Arc::new(sink), listener)
    }

    pub async fn mail() -> Arc<Sink> {
        let (sink, listener) = Sink::bind().await;
        let own = Arc::clone(&sink);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = Arc::clone(&own);
                tokio::spawn(async move {
                    let _ = sink.speak_smtp(stream).await;
                });
            }
        });
        sink
    }

    pub async fn relay() -> Arc<Sink> {
        let (sink, listener) = Sink::bind().await;
        let own = Arc::clone(&sink);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = Arc::clone(&own);
                tokio::spawn(async move {
                    let _ = sink.speak_http(stream).await;
                });
            }
        });
        sink
    }

    pub fn refuse(&self, of_a_hundred: u64) {
        self.refuses.store(of_a_hundred, Ordering::SeqCst);
    }

    pub fn turn_off(&self, off: bool) {
        self.off.store(off, Ordering::SeqCst);
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }

    pub fn tries(&self) -> u64 {
        self.tries.load(Ordering::SeqCst)
    }

    /// Forgets what it took, and gives it.
    pub fn empty(&self) -> Vec<Taken> {
        std::mem::take(&mut *self.taken.lock().unwrap())
    }

    /// The number of every alert in what was taken, with the moment when it first came.
    pub fn arrived(&self) -> BTreeMap<i64, Instant> {
        let mut arrived = BTreeMap::new();
        for one in self.taken() {
            for number in numbers(&one.text) {
                arrived.entry(number).or_insert(one.at);
            }
        }
        arrived
    }

    fn refuses_now(&self) -> bool {
        // A plain generator: what is refused need not be secret, only mixed.
        let mixed = self
            .state
            .fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst)
            .wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed >> 33) % 100 < self.refuses.load(Ordering::SeqCst)
    }

    fn take(&self, taken: Taken) {
        self.taken.lock().unwrap().push(taken);
    }

    async fn speak_smtp(&self, stream: TcpStream) -> std::io::Result<()> {
        self.tries.fetch_add(1, Ordering::SeqCst);
        if self.off.load(Ordering::SeqCst) {
            return Ok(());
        }
        let refuses = self.refuses_now();
        let (reading, mut writing) = stream.into_split();
        let mut reading = BufReader::new(reading);
        writing.write_all(b"220 sink\r\n").await?;
        let (mut to, mut line) = (String::new(), String::new());
        loop {
            line.clear();
            if reading.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let word = line.trim_end().to_ascii_uppercase();
            if word.starts_with("MAIL") && refuses {
                writing.write_all(b"451 not now\r\n").await?;
            } else if word.starts_with("RCPT") {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                writing.write_all(b"250 ok\r\n").await?;
            } else if word == "DATA" {
                writing.write_all(b"354 go on\r\n").await?;
                let mut message = String::new();
                while !message.ends_with("\r\n.\r\n") {
                    if reading.read_line(&mut message).await? == 0 {
                        return Ok(());
                    }
                }
                let (head, body) = message.split_once("\r\n\r\n").unwrap();
                let body = body.trim_end_matches(".\r\n").replace("\r\n", "");
                let text = base64::engine::general_purpose::STANDARD
                    .decode(body)
                    .unwrap();
                self.take(Taken {
                    to: to.clone(),
                    head: head.to_owned(),
                    text: String::from_utf8(text).unwrap(),
                    at: Instant::now(),
                });
                writing.write_all(b"250 taken\r\n").await?;
            } else if word == "QUIT" {
                writing.write_all(b"221 bye\r\n").await?;
                return Ok(());
            } else {
                writing.write_all(b"250 ok\r\n").await?;
            }
        }
    }

    async fn speak_http(&self, mut stream: TcpStream) -> std::io::Result<()> {
        self.tries.fetch_add(1, Ordering::SeqCst);
        if self.off.load(Ordering::SeqCst) {
            return Ok(());
        }
        let mut bytes = Vec::new();
        loop {
            let mut part = [0; 4_096];
            let read = stream.read(&mut part).await?;
            bytes.extend_from_slice(&part[..read]);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head
                    .to_ascii_lowercase()
                    .split("content-length:")
                    .nth(1)
                    .and_then(|rest| rest.lines().next()?.trim().parse::<usize>().ok())
                    .unwrap_or_default();
                if body.len() >= length {
                    let answer: &[u8] = if self.refuses_now() {
                        b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"
                    } else {
                        self.take(Taken {
                            to: String::new(),
                            head: head.to_owned(),
                            text: body.to_owned(),
                            at: Instant::now(),
                        });
                        b"HTTP/1.1 204 OK\r\n\r\n"
                    };
                    return stream.write_all(answer).await;
                }
            }
            if read == 0 {
                return Ok(());
            }
        }
    }
}

/// The numbers in the text of an e-mail or in the relay's JSON: `4-7, 9`.
pub fn numbers(text: &str) -> Vec<i64> {
    let list = match text.split_once("Numbers of the alerts: ") {
        Some((_, rest)) => rest
            .lines()
            .next()
            .unwrap()
            .trim_end_matches('.')
            .to_owned(),
        None => {
            let json: serde_json::Value = serde_json::from_str(text).unwrap();
            json["numbers"].as_str().unwrap().to_owned()
        }
    };
    list.split(", ")
        .flat_map(|run| {
            let (first, last) = run.split_once('-').unwrap_or((run, run));
            first.parse::<i64>().unwrap()..=last.parse::<i64>().unwrap()
        })
        .collect()
}
