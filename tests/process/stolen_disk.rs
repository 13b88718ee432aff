//! A stolen disk, and a stolen memory image. `pledge serve` itself serves the whole site over a real socket; 1,000 views
//! with words of their own go through it, the desk reads and answers, everybody signs out; then every file the process
//! wrote (database, its log, backup, temporary files, what it printed) and its memory, while it lives, are searched.
//!
//! Controls: without sealing the search finds every view in the files; without the wiping of memory that
//! `server/src/main.rs` sets, it finds words in the memory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::process::{Ask, Reply, Served};
use crate::world::{World, own_password};
use domain::role::Role;
use server::ops::backup::backup;
use server::{bootstrap, cli};
use service::clock::{Clock, SystemClock};
use service::setup::{self, NewStaff};
use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use store_sqlite::SqliteStore;
use vault::key_derivation::Argon2Params;
use vault::random::{Random, SystemRandom};
use vault::seal::{AgeSealer, Identity, KeyUnreadable, OpenError, Recipient, Sealer};
use vault::second_factor::{STEP_SECONDS, Secret};
use vault::server_keys::{self, ServerKeys};
use zeroize::Zeroizing;

const VIEWS: usize = 1_000;
/// The views that the desk reads and answers.
const READ: usize = 60;
/// The views that their senders come back to. Their receipts are the server's own and cost it a good part of a second.
const FOLLOWED: usize = 20;

/// Between the last sign-out and the search of the memory. The goal allows 60 seconds (`PLEDGE_WAIT=60`); what is wiped
/// when it is freed needs no time, so the search comes early, which is harder.
fn wait() -> Duration {
    let asked = std::env::var("PLEDGE_WAIT");
    Duration::from_secs(asked.ok().and_then(|text| text.parse().ok()).unwrap_or(2))
}

// ---------------------------------------------------------------- the process

const DATA: &str = "PLEDGE_TEST_DATA";
const CONTROL: &str = "PLEDGE_TEST_CONTROL";

/// The same command as `pledge serve`, in a process whose memory nobody wipes: a test binary has the system's allocator.
#[test]
#[ignore = "only started by the control below, as a process of its own"]
fn child_that_wipes_nothing() {
    let Some(data) = std::env::var_os(DATA) else {
        return;
    };
    let words = [
        "serve",
        "--without-wasm",
        "--listen",
        "127.0.0.1:0",
        "--data",
    ];
    let words = words.into_iter().map(Into::into).chain([data]);
    cli::run(lexopt::Parser::from_args(words)).unwrap();
}

/// A server that runs over a folder of its own: its temporary folder, with its data in it, and what it prints.
struct Running {
    served: Served,
    folder: tempfile::TempDir,
    /// Names and first passwords.
    first: Vec<(&'static str, String)>,
    /// Tickets made ahead.
    tickets: Vec<String>,
}

impl Running {
    async fn start(wiping: bool, control: &str, tickets: usize) -> Running {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let recovery = bootstrap::init_folder(&data, &SystemRandom).await.unwrap();
        let keys = ServerKeys::read_file(&data.join(server_keys::FILE)).unwrap();
        let store = SqliteStore::open(&data.join(bootstrap::DATABASE))
            .await
            .unwrap();
        let mut first = Vec::new();
        for (name, role) in [("Cat", Role::Coordinator), ("Dee", Role::Safety)] {
            let (now, random) = (SystemClock.unix_seconds(), &SystemRandom);
            let new = NewStaff { name, role, now };
            let added = setup::add(
                &store,
                &AgeSealer,
                random,
                &keys,
                Argon2Params::FULL,
                &recovery,
                new,
            );
            first.push((name, added.await.unwrap()));
        }
        store.close().await;
        let tickets = crate::process::tickets(&data, tickets).await;
        let mut command = if wiping {
            crate::process::pledge_serve(&data)
        } else {
            let mut child = Command::new("/proc/self/exe");
            child.args([
                "--exact",
                "stolen_disk::child_that_wipes_nothing",
                "--ignored",
                "--nocapture",
            ]);
            child.env(DATA, &data);
            child
        };
        command.env("TMPDIR", folder.path()).env(CONTROL, control);
        let served = crate::process::start(command, &folder.path().join("printed.txt"));
        Running {
            served,
            folder,
            first,
            tickets,
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Asks as a browser does, brotli and all. The limits of one place stay in force, so each request has another address.
    async fn ask(&self, path: &str, cookie: &str, fields: Option<&[(&str, &str)]>) -> Reply {
        static ASKED: AtomicU32 = AtomicU32::new(0);
        let [_, _, high, low] = (ASKED.fetch_add(1, Ordering::Relaxed) / 20).to_be_bytes();
        let body = crate::process::form(fields.unwrap_or_default());
        let ask = match fields {
            Some(_) => Ask::post(path, crate::process::FORM, &body),
            None => Ask::get(path),
        };
        let head = format!("Accept-Encoding: br\r\nCookie: {cookie}\r\n");
        let ask = Ask {
            from: Ipv4Addr::new(127, 1 + high, low, 1),
            head: &head,
            ..ask
        };
        ask.of(self.served.address).await.unwrap()
    }

    /// Sends one view and gives its six words. With a ticket made ahead those open nothing.
    async fn send(
        &self,
        said: &str,
        wish: &str,
        name: &str,
        safe: &str,
        ticket: Option<&str>,
    ) -> String {
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
        // The step before the last comes back with every word in it; the last one with a ticket as well, which is asked
        // for only when there is none: the server works a good part of a second for each.
        let mut step = fields.to_vec();
        step.extend(match ticket {
            Some(_) => [("step", "safe"), ("go", "you")],
            None => [("step", "you"), ("go", "next")],
        });
        let page = self.ask("/speak", "", Some(&step)).await;
        assert!(page.text.contains(said), "{}", page.text);
        let ticket = ticket.map_or_else(|| page.hidden("ticket"), str::to_owned);
        let mut sent = fields.to_vec();
        sent.extend([("step", "check"), ("go", "send"), ("ticket", &ticket)]);
        let receipt = self.ask("/speak", "", Some(&sent)).await;
        assert_eq!(receipt.status, 200);
        let at = receipt.text.find("id=\"six-words\"").expect("no six words");
        let words = receipt.text[at..].split("<li").skip(1).take(6);
        let words: Vec<&str> = words
            .map(|item| item.split(['>', '<']).nth(1).unwrap().trim())
            .collect();
        words.join(" ")
    }

    /// Signs somebody in for the first time; gives the cookie of a whole session.
    async fn sign_in(&self, name: &str) -> String {
        let (_, first) = self.first.iter().find(|(known, _)| *known == name).unwrap();
        let fields = [("name", name), ("password", first)];
        let reply = self.ask("/desk/sign-in", "", Some(&fields)).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        let cookie = reply.cookie;
        let page = self.ask("/desk/password", &cookie, None).await;
        let (token, own) = (page.hidden("token"), own_password(name));
        let fields = [
            ("token", token.as_str()),
            ("old", first),
            ("new", &own),
            ("again", &own),
        ];
        let changed = self.ask("/desk/password", &cookie, Some(&fields)).await;
        assert_eq!(changed.status, 303, "{}", changed.text);

        let cookie = changed.cookie;
        let page = self.ask("/desk/second-factor", &cookie, None).await;
        let shown = page.text.split("id=\"secret\">").nth(1).unwrap();
        let secret = Secret::from_base32(shown.split('<').next().unwrap()).unwrap();
        let code = secret.code(SystemClock.unix_seconds().div_euclid(STEP_SECONDS));
        let (token, field) = (page.hidden("token"), page.hidden("secret"));
        let fields = [
            ("token", token.as_str()),
            ("secret", &field),
            ("code", &code),
        ];
        let done = self
            .ask("/desk/second-factor", &cookie, Some(&fields))
            .await;
        assert_eq!(done.status, 200, "{}", done.text);
        done.cookie
    }

    async fn act(&self, cookie: &str, view: &str, act: &str, fields: &[(&str, &str)]) {
        let page = self.ask(view, cookie, None).await;
        let (token, version) = (page.hidden("token"), page.hidden("version"));
        let mut sent = vec![("token", token.as_str()), ("version", version.as_str())];
        sent.extend(fields);
        let reply = self
            .ask(&format!("{view}/{act}"), cookie, Some(&sent))
            .await;
        assert!(matches!(reply.status, 200 | 303), "{act}: {}", reply.text);
    }
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

/// Views go through the server; the desk reads and answers `read` of them, `followed` senders come back, and everybody
/// signs out.
async fn a_day(running: &Running, markers: &mut Markers, read: usize, followed: usize) {
    let mut receipts = Vec::new();
    let ahead = running.tickets.iter().map(|ticket| Some(ticket.as_str()));
    for (number, ticket) in ahead.chain(vec![None; followed]).enumerate() {
        let safe = if number % 10 == 0 { "no" } else { "yes" };
        let (said, wish, name) = (markers.new_one(), markers.new_one(), markers.new_one());
        receipts.push(running.send(&said, &wish, &name, safe, ticket).await);
    }
    let coordinator = running.sign_in("Cat").await;
    let safety = running.sign_in("Dee").await;
    let queue = running
        .ask("/desk/queue?show=all", &coordinator, None)
        .await;
    let lane = running.ask("/desk/safety", &safety, None).await;
    let ids = |page: &Reply| -> Vec<String> {
        let links = page.text.split("href=\"/desk/view/").skip(1);
        let ids = links.map(|link| link.split('"').next().unwrap());
        ids.map(|id| format!("/desk/view/{id}")).collect()
    };
    let (queue, lane) = (ids(&queue), ids(&lane));
    assert!(
        queue.len() + lane.len() >= receipts.len(),
        "{} {}",
        queue.len(),
        lane.len()
    );
    let mut seen = 0;
    for view in queue.iter().take(read) {
        let (reply, note, text) = (markers.new_one(), markers.new_one(), markers.new_one());
        let page = running.ask(view, &coordinator, None).await;
        seen += usize::from(page.text.contains(BEGIN));
        let reason = markers.new_one();
        for (act, field, typed) in [
            ("reply", "text", reply),
            ("note", "text", note),
            ("name", "reason", reason),
            ("approve", "text", text),
        ] {
            running
                .act(&coordinator, view, act, &[(field, &typed)])
                .await;
        }
    }
    for view in lane.iter().take(read) {
        let page = running.ask(view, &safety, None).await;
        seen += usize::from(page.text.contains(BEGIN));
        let reply = markers.new_one();
        running
            .act(&safety, view, "reply", &[("text", &reply)])
            .await;
    }
    assert_eq!(seen, 2 * read, "the desk reads the views");
    for words in receipts.iter().rev().take(followed) {
        let thread = running.ask("/follow", "", Some(&[("words", words)])).await;
        assert!(thread.text.contains(BEGIN), "the sender reads the view");
        let (handle, message) = (thread.hidden("handle"), markers.new_one());
        let write = [
            ("handle", handle.as_str()),
            ("act", "write"),
            ("message", &message),
        ];
        assert_eq!(running.ask("/follow", "", Some(&write)).await.status, 200);
    }
    for (cookie, page) in [(&coordinator, "/desk/queue"), (&safety, "/desk/safety")] {
        let token = running.ask(page, cookie, None).await.hidden("token");
        let fields = [("token", token.as_str())];
        let out = running.ask("/desk/sign-out", cookie, Some(&fields)).await;
        assert_eq!(out.status, 303);
    }
}

#[tokio::test]
async fn nothing_of_a_thousand_views_is_in_a_file_or_in_memory_after_the_last_sign_out() {
    let mut markers = Markers(HashSet::new());
    let control = markers.new_one();
    let running = Running::start(true, &control, VIEWS - FOLLOWED).await;
    a_day(&running, &mut markers, READ, FOLLOWED).await;
    let backups = running.folder.path().join("backups");
    std::fs::create_dir(&backups).unwrap();
    backup(&running.data(), SystemClock.today(), &backups)
        .await
        .unwrap();

    tokio::time::sleep(wait()).await;
    assert!(markers.0.len() > 3 * VIEWS);
    let files = markers.in_files(running.folder.path());
    assert_eq!(shown(&files), [] as [String; 0], "in files");
    let memory = markers.in_memory(running.served.id());
    // The control: what stands in its environment is found, so its memory was read.
    assert!(
        memory.contains(control.as_bytes()),
        "the search finds nothing at all"
    );
    assert_eq!(memory.len() - 1, 0, "of {} in memory", markers.0.len());
}

#[tokio::test]
async fn a_control_without_the_wiping_words_stay_in_memory() {
    let mut markers = Markers(HashSet::new());
    let control = markers.new_one();
    let running = Running::start(false, &control, 100).await;
    a_day(&running, &mut markers, 5, 2).await;
    tokio::time::sleep(wait()).await;
    let memory = markers.in_memory(running.served.id());
    println!("{} of {} in memory", memory.len() - 1, markers.0.len());
    assert!(
        memory.len() > 1,
        "nothing stays without the wiping: the test above shows nothing"
    );
}

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

#[tokio::test]
async fn a_control_without_sealing_the_search_finds_all_thousand() {
    let mut markers = Markers(HashSet::new());
    let world = World::sealed_by(Arc::new(Bare)).await;
    let mut said = HashSet::new();
    for _ in 0..VIEWS {
        let marker = markers.new_one();
        world.send(&marker, "yes", "").await;
        said.insert(marker.into_bytes());
    }
    let files = markers.in_files(world.folder.path());
    assert_eq!(files.intersection(&said).count(), VIEWS);
}
