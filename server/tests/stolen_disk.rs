//! A stolen disk, and a stolen memory image. A child process serves the whole site over a real socket; 1,000 views with
//! words of their own go through it, the desk reads and answers, everybody signs out; then every file the child wrote
//! (database, its log, backup, temporary files, what it printed) and the memory of the living process are searched.
//!
//! The child is this file's own binary: the same library as `pledge serve`, with a stretch that costs next to nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod common;

use common::{CHEAP, NOON, World, own_password};
use domain::role::Role;
use server::random::{Random, SystemRandom};
use server::service::backup::backup;
use server::service::staff::{self, NewStaff};
use server::vault::seal::{AgeSealer, Identity, KeyUnreadable, OpenError, Recipient, Sealer};
use server::vault::second_factor::{STEP_SECONDS, Secret};
use server::web::listen;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Builder;
use zeroize::Zeroizing;

const VIEWS: usize = 1_000;
/// The views that the desk reads and answers.
const READ: usize = 60;
/// Seconds between the last sign-out and the search of the memory. The goal allows 60; what is wiped when it is freed
/// needs no time, so the search comes early, which is harder.
const WAIT: u64 = 2;

// ---------------------------------------------------------------- the child

const BARE: &str = "PLEDGE_TEST_BARE";

/// Leaves every text bare. Only here, to prove that the search would find them.
struct Bare;

impl Sealer for Bare {
    fn seal_bytes(&self, plain: &[u8], _: &[Recipient]) -> Result<Vec<u8>, KeyUnreadable> {
        Ok(plain.to_vec())
    }

    fn open_bytes(&self, sealed: &[u8], _: &[Identity]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        Ok(Zeroizing::new(sealed.to_vec()))
    }
}

#[test]
#[ignore = "a child process of the tests below"]
fn child_serves() {
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let sealer: Arc<dyn Sealer> = match std::env::var_os(BARE) {
            Some(_) => Arc::new(Bare),
            None => Arc::new(AgeSealer),
        };
        let world = World::sealed_by(sealer).await;
        let pledge = &world.site.pledge;
        for (name, role) in [("Cat", Role::Coordinator), ("Dee", Role::Safety)] {
            let new = NewStaff {
                name,
                role,
                now: pledge.clock.unix_seconds(),
            };
            let (store, keys) = (&*pledge.store, &pledge.keys);
            let random = &SystemRandom;
            let first =
                staff::add(store, &AgeSealer, random, keys, CHEAP, &world.recovery, new).await;
            println!("first {name} {}", first.unwrap());
        }
        println!("data {}", world.data().display());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("address {}", listener.local_addr().unwrap());
        listen::serve(listener, world.router.clone(), std::future::pending()).await;
    });
}

/// The child, ended when the test ends.
struct Served {
    process: Child,
    address: SocketAddr,
    data: std::path::PathBuf,
    first: Vec<(String, String)>,
    /// Where it writes: its temporary folder, with its data in it, and what it prints.
    folder: tempfile::TempDir,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn serve(bare: bool, control: &str) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let printed = folder.path().join("printed.txt");
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "child_serves", "--ignored", "--nocapture"])
        .env("TMPDIR", folder.path())
        .env("PLEDGE_TEST_CONTROL", control)
        .stdin(Stdio::null())
        .stdout(File::create(&printed).unwrap())
        .stderr(File::create(folder.path().join("errors.txt")).unwrap());
    if bare {
        command.env(BARE, "1");
    }
    let process = command.spawn().unwrap();
    let mut served = Served {
        process,
        address: "127.0.0.1:0".parse().unwrap(),
        data: Default::default(),
        first: Vec::new(),
        folder,
    };
    for _ in 0..600 {
        std::thread::sleep(Duration::from_millis(100));
        let lines = BufReader::new(File::open(&printed).unwrap()).lines();
        for line in lines.map_while(Result::ok) {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["first", name, password] => {
                    served
                        .first
                        .push(((*name).to_owned(), (*password).to_owned()));
                }
                ["data", path] => served.data = path.into(),
                ["address", address] => served.address = address.parse().unwrap(),
                _ => {}
            }
        }
        if served.address.port() != 0 {
            return served;
        }
        served.first.clear();
    }
    panic!(
        "the child does not serve: {}",
        std::fs::read_to_string(&printed).unwrap()
    );
}

// ---------------------------------------------------------------- a browser

struct Reply {
    status: u16,
    cookie: String,
    text: String,
}

impl Reply {
    fn hidden(&self, name: &str) -> String {
        let tag = self
            .text
            .split('<')
            .find(|tag| tag.starts_with("input") && tag.contains(&format!("name=\"{name}\"")))
            .unwrap_or_else(|| panic!("no {name} in {}", self.text));
        let at = tag.find("value=\"").unwrap() + 7;
        tag[at..].split('"').next().unwrap().to_owned()
    }
}

/// The limits of one place stay in force, so whoever asks moves every few requests.
fn connect(to: SocketAddr) -> TcpStream {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let place = ASKED.fetch_add(1, Ordering::Relaxed) / 20;
    let from = [127, (1 + place / 250) as u8, (place % 250) as u8, 1];
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let stream = runtime
        .block_on(async {
            let socket = TcpSocket::new_v4()?;
            socket.bind((from, 0).into())?;
            socket.connect(to).await
        })
        .unwrap();
    let stream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    stream
}

/// Asks as a browser does, brotli and all.
fn ask(to: SocketAddr, path: &str, cookie: &str, fields: Option<&[(&str, &str)]>) -> Reply {
    let mut stream = connect(to);
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let body = fields.map(|fields| {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish()
    });
    let method = if body.is_some() { "POST" } else { "GET" };
    let body = body.unwrap_or_default();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: pledge.test\r\nOrigin: https://pledge.test\r\nAccept-Encoding: br\r\n\
         Cookie: {cookie}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .unwrap();
    let head = String::from_utf8(answer[..end].to_vec())
        .unwrap()
        .to_lowercase();
    let mut bytes = answer[end + 4..].to_vec();
    if head.contains("content-encoding: br") {
        bytes = pack::open_brotli(&bytes).unwrap();
    }
    let whole = String::from_utf8_lossy(&answer[..end]).into_owned();
    let cookie = whole
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "))
        .map(|cookie| cookie.split(';').next().unwrap().to_owned());
    Reply {
        status: whole.split(' ').nth(1).unwrap().parse().unwrap(),
        cookie: cookie.unwrap_or_default(),
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// Sends one view and gives its six words.
fn send(to: SocketAddr, said: &str, wish: &str, name: &str, safe: &str) -> String {
    let fields = [
        ("topic", "home"),
        ("said", said),
        ("feeling", "worried"),
        ("wish", wish),
        ("safe", safe),
        ("named", "yes"),
        ("identity", name),
        ("helped", "no"),
    ];
    let mut check = fields.to_vec();
    check.extend([("step", "you"), ("go", "next")]);
    let check = ask(to, "/speak", "", Some(&check));
    let ticket = check.hidden("ticket");
    let mut sent = fields.to_vec();
    sent.extend([("step", "check"), ("go", "send"), ("ticket", &ticket)]);
    let receipt = ask(to, "/speak", "", Some(&sent));
    assert_eq!(receipt.status, 200);
    let at = receipt.text.find("id=\"six-words\"").expect("no six words");
    let words = receipt.text[at..].split("<li").skip(1).take(6);
    let words: Vec<&str> = words
        .map(|item| {
            item[item.find('>').unwrap() + 1..]
                .split('<')
                .next()
                .unwrap()
                .trim()
        })
        .collect();
    words.join(" ")
}

/// Signs somebody in with their first password, or with the one they chose.
fn sign_in(served: &Served, name: &str) -> String {
    let to = served.address;
    let (_, first) = served
        .first
        .iter()
        .find(|(known, _)| known == name)
        .unwrap();
    let fields = [("name", name), ("password", first)];
    let reply = ask(to, "/desk/sign-in", "", Some(&fields));
    assert_eq!(reply.status, 303, "{}", reply.text);
    let cookie = reply.cookie;
    let token = ask(to, "/desk/password", &cookie, None).hidden("token");
    let own = own_password(name);
    let fields = [
        ("token", token.as_str()),
        ("old", first),
        ("new", &own),
        ("again", &own),
    ];
    let changed = ask(to, "/desk/password", &cookie, Some(&fields));
    assert_eq!(changed.status, 303, "{}", changed.text);
    set_up(to, &changed.cookie)
}

/// Sets up the second factor, which makes the session a whole one.
fn set_up(to: SocketAddr, cookie: &str) -> String {
    let page = ask(to, "/desk/second-factor", cookie, None);
    let shown = page.text.split("id=\"secret\">").nth(1).unwrap();
    let secret = Secret::from_base32(shown.split('<').next().unwrap()).unwrap();
    let code = secret.code(NOON.div_euclid(STEP_SECONDS));
    let (token, field) = (page.hidden("token"), page.hidden("secret"));
    let fields = [
        ("token", token.as_str()),
        ("secret", &field),
        ("code", &code),
    ];
    let done = ask(to, "/desk/second-factor", cookie, Some(&fields));
    assert_eq!(done.status, 200, "{}", done.text);
    done.cookie
}

fn act(to: SocketAddr, cookie: &str, view: &str, act: &str, fields: &[(&str, &str)]) {
    let page = ask(to, view, cookie, None);
    let (token, version) = (page.hidden("token"), page.hidden("version"));
    let mut sent = vec![("token", token.as_str()), ("version", version.as_str())];
    sent.extend(fields);
    let reply = ask(to, &format!("{view}/{act}"), cookie, Some(&sent));
    assert!(matches!(reply.status, 200 | 303), "{act}: {}", reply.text);
}

// ---------------------------------------------------------------- the search

/// Words that stand nowhere else: 32 letters and numbers each.
struct Markers(HashSet<Vec<u8>>);

const BEGIN: &str = "cnry";

impl Markers {
    fn new_one(&mut self) -> String {
        let mut bytes = [0; 14];
        SystemRandom.fill(&mut bytes);
        let marker: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let marker = format!("{BEGIN}{marker}");
        self.0.insert(marker.clone().into_bytes());
        marker
    }

    fn find(&self, bytes: &[u8], found: &mut HashSet<Vec<u8>>) {
        let begin = BEGIN.as_bytes();
        let mut from = 0;
        while let Some(at) = bytes[from..].windows(4).position(|window| window == begin) {
            let at = from + at;
            if let Some(word) = bytes.get(at..at + 32)
                && self.0.contains(word)
            {
                found.insert(word.to_vec());
            }
            from = at + 1;
        }
    }

    fn in_files(&self, folder: &Path) -> HashSet<Vec<u8>> {
        let mut found = HashSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(self.in_files(&path));
            } else {
                self.find(&std::fs::read(&path).unwrap(), &mut found);
            }
        }
        found
    }

    /// In everything the process has in memory. A process whose memory cannot be read fails the test: an unread memory
    /// must not pass for a clean one.
    fn in_memory(&self, process: u32) -> HashSet<Vec<u8>> {
        let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).expect(
            "the maps of the child cannot be read: this test needs Linux and the same user",
        );
        let mut memory = File::open(format!("/proc/{process}/mem"))
            .expect("the memory of the child cannot be opened: run as root, or allow ptrace");
        let mut found = HashSet::new();
        let mut read = 0u64;
        for line in maps.lines() {
            let mut words = line.split_whitespace();
            let (Some(range), Some(rights)) = (words.next(), words.next()) else {
                continue;
            };
            if !rights.starts_with('r') || line.ends_with("[vvar]") || line.contains("[vsyscall]") {
                continue;
            }
            let (from, to) = range.split_once('-').unwrap();
            let from = u64::from_str_radix(from, 16).unwrap();
            let to = u64::from_str_radix(to, 16).unwrap();
            let mut region = Vec::new();
            memory.seek(SeekFrom::Start(from)).unwrap();
            // A region may have shrunk meanwhile; what was read of it counts.
            let _ = Read::by_ref(&mut memory)
                .take(to - from)
                .read_to_end(&mut region);
            read += region.len() as u64;
            self.find(&region, &mut found);
        }
        assert!(
            read > 10_000_000,
            "only {read} bytes of the child's memory were read"
        );
        found
    }
}

fn shown(found: &HashSet<Vec<u8>>) -> Vec<String> {
    found
        .iter()
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect()
}

// ---------------------------------------------------------------- what is searched

#[test]
fn nothing_of_a_thousand_views_is_in_a_file_or_in_memory_after_the_last_sign_out() {
    let mut markers = Markers(HashSet::new());
    let control = markers.new_one();
    let served = serve(false, &control);
    let to = served.address;
    let mut receipts = Vec::new();
    for number in 0..VIEWS {
        let safe = if number % 10 == 0 { "no" } else { "yes" };
        let (said, wish, name) = (markers.new_one(), markers.new_one(), markers.new_one());
        receipts.push(send(to, &said, &wish, &name, safe));
    }
    let (coordinator, safety) = (sign_in(&served, "Cat"), sign_in(&served, "Dee"));
    let queue = ask(to, "/desk/queue?show=all", &coordinator, None).text;
    let lane = ask(to, "/desk/safety", &safety, None).text;
    let ids = |page: &str| -> Vec<String> {
        let links = page.split("href=\"/desk/view/").skip(1);
        let ids = links.map(|link| link.split('"').next().unwrap());
        ids.map(|id| format!("/desk/view/{id}")).collect()
    };
    let (queue, lane) = (ids(&queue), ids(&lane));
    assert!(
        queue.len() + lane.len() >= VIEWS,
        "{} {}",
        queue.len(),
        lane.len()
    );
    let mut seen = 0;
    for view in queue.iter().take(READ) {
        let (reply, note, text) = (markers.new_one(), markers.new_one(), markers.new_one());
        seen += usize::from(ask(to, view, &coordinator, None).text.contains(BEGIN));
        act(to, &coordinator, view, "reply", &[("text", &reply)]);
        act(to, &coordinator, view, "note", &[("text", &note)]);
        act(
            to,
            &coordinator,
            view,
            "name",
            &[("reason", &markers.new_one())],
        );
        act(to, &coordinator, view, "approve", &[("text", &text)]);
    }
    for view in lane.iter().take(READ) {
        seen += usize::from(ask(to, view, &safety, None).text.contains(BEGIN));
        act(to, &safety, view, "reply", &[("text", &markers.new_one())]);
    }
    assert_eq!(seen, 2 * READ, "the desk reads the views");
    for words in receipts.iter().take(READ) {
        let thread = ask(to, "/follow", "", Some(&[("words", words)]));
        assert!(thread.text.contains(BEGIN), "the sender reads the view");
        let handle = thread.hidden("handle");
        let message = markers.new_one();
        let write = [
            ("handle", handle.as_str()),
            ("act", "write"),
            ("message", &message),
        ];
        assert_eq!(ask(to, "/follow", "", Some(&write)).status, 200);
    }
    let backups = served.folder.path().join("backups");
    std::fs::create_dir(&backups).unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let today = "2026-11-21".parse().unwrap();
    runtime
        .block_on(backup(&served.data, today, &backups))
        .unwrap();
    for (cookie, page) in [(&coordinator, "/desk/queue"), (&safety, "/desk/safety")] {
        let token = ask(to, page, cookie, None).hidden("token");
        let out = ask(to, "/desk/sign-out", cookie, Some(&[("token", &token)]));
        assert_eq!(out.status, 303);
    }

    std::thread::sleep(Duration::from_secs(WAIT));
    assert!(markers.0.len() > 3 * VIEWS);
    let files = markers.in_files(served.folder.path());
    assert_eq!(shown(&files), [] as [String; 0], "in files");
    let memory = markers.in_memory(served.process.id());
    // The control: what stands in its environment is found, so its memory was read.
    assert!(
        memory.contains(control.as_bytes()),
        "the search finds nothing at all"
    );
    assert_eq!(memory.len() - 1, 0, "of {} in memory", markers.0.len());
}

#[test]
fn without_sealing_the_search_finds_all_thousand() {
    let mut markers = Markers(HashSet::new());
    let served = serve(true, "");
    let mut said = HashSet::new();
    for _ in 0..VIEWS {
        let marker = markers.new_one();
        send(served.address, &marker, "", "Sam", "yes");
        said.insert(marker.into_bytes());
    }
    let files = markers.in_files(served.folder.path());
    assert_eq!(files.intersection(&said).count(), VIEWS);
}
