//! A whole site in this process, over a real database in a temporary folder, with a cheap stretch and a clock that tests
//! move. Requests go through the real router.

#![allow(dead_code, reason = "each test file uses its own part of the harness")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a step that fails must end the test"
)]

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use server::cli;
use service::clock::Clock;
use service::setup::{self, NewStaff};
use service::sign_in::{Desk, Session};
use service::withdrawals;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use store::Store;
use store_sqlite::SqliteStore;
use tower::ServiceExt;
use vault::key_derivation::Cost;
use vault::random::SystemRandom;
use vault::receipts;
use vault::seal::{AgeSealer, Identity, Sealer};
use vault::second_factor::{STEP_SECONDS, Secret};
use vault::server_keys::ServerKeys;
use vault::staff_keys::SessionToken;
use web::{self, Live, Site};

/// 21 November 2026, noon.
pub const NOON: i64 = 1_795_262_400;

/// A stretch that costs next to nothing: tests are about what happens, not about guessing.
pub const CHEAP: Cost = Cost {
    memory_kib: 64,
    passes: 1,
};

/// A clock that stands still until it is moved.
pub struct HandClock(AtomicI64);

impl HandClock {
    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn unix_seconds(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A site with people at the desk.
pub struct World {
    pub folder: tempfile::TempDir,
    pub site: Arc<Site>,
    pub live: Live,
    pub router: axum::Router,
    pub clock: Arc<HandClock>,
    pub store: Arc<SqliteStore>,
    pub recovery: Identity,
    /// What each person has beside their password, whichever browser they sit at.
    pub proofs: Mutex<BTreeMap<&'static str, Proof>>,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let text = self.text();
        for tag in text.split('<').filter(|tag| tag.starts_with("input")) {
            if attribute(tag, "name").as_deref() == Some(name)
                && attribute(tag, "type").as_deref() == Some("hidden")
            {
                return attribute(tag, "value").unwrap_or_default();
            }
        }
        panic!("no hidden field {name} in:\n{text}");
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = &tag[at..at + tag[at..].find('"')?];
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

impl World {
    pub async fn new() -> World {
        World::sealed_by(Arc::new(AgeSealer)).await
    }

    /// A site whose texts are sealed by this sealer (to prove that the search for plaintext can find some).
    pub async fn sealed_by(sealer: Arc<dyn Sealer>) -> World {
        let folder = tempfile::tempdir().unwrap();
        let recovery = cli::init_folder(&folder.path().join("data"), &SystemRandom)
            .await
            .unwrap();
        World::open(folder, recovery, sealer).await
    }

    async fn open(folder: tempfile::TempDir, recovery: Identity, sealer: Arc<dyn Sealer>) -> World {
        let data = folder.path().join("data");
        let keys = ServerKeys::read(&data.join(vault::server_keys::FILE)).unwrap();
        let store = Arc::new(SqliteStore::open(&data.join(cli::DATABASE)).await.unwrap());
        let clock = Arc::new(HandClock(AtomicI64::new(NOON)));
        let content = Arc::new(cli::load_content().unwrap());
        let shared: Arc<dyn Store> = Arc::clone(&store) as Arc<dyn Store>;
        let mut pledge = cli::open(
            shared,
            keys,
            content,
            CHEAP,
            Arc::clone(&clock) as Arc<dyn Clock>,
        )
        .await
        .unwrap();
        pledge.sealer = sealer;
        pledge.taken_back = withdrawals::List::at(&data.join(withdrawals::FILE)).unwrap();
        cli::keep_pool_full(&pledge);
        let site = Arc::new(Site::new(pledge, Arc::new(server::assets::assets()), false));
        let live = Live::new(Arc::clone(&site));
        let router = web::router_of(live.clone());
        World {
            folder,
            site,
            live,
            router,
            clock,
            store,
            recovery,
            proofs: Mutex::default(),
        }
    }

    /// The same folder opened again, as after a restart.
    pub async fn reopen(self) -> World {
        self.store.close().await;
        let mut again = World::open(self.folder, self.recovery, Arc::new(AgeSealer)).await;
        again.proofs = self.proofs;
        again
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub async fn request(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.request(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.request(post(path, fields, None)).await
    }

    /// Walks Speak from its first step to the check page, as a browser without scripts does.
    pub async fn check_page(
        &self,
        said: &str,
        safe: &str,
        name: &str,
    ) -> (Answer, Vec<(String, String)>) {
        let mut fields: Vec<(String, String)> = Vec::new();
        let named = if name.is_empty() { "no" } else { "yes" };
        let steps: [(&str, &[(&str, &str)]); 4] = [
            ("about", &[("topic", "home")]),
            (
                "say",
                &[
                    ("said", said),
                    ("feeling", "worried"),
                    ("wish", "somebody to listen"),
                ],
            ),
            ("safe", &[("safe", safe)]),
            (
                "you",
                &[("named", named), ("identity", name), ("helped", "yes")],
            ),
        ];
        let mut page = None;
        for (step, typed) in steps {
            fields.retain(|(field, _)| !typed.iter().any(|(own, _)| own == field));
            fields.extend(
                typed
                    .iter()
                    .map(|(field, value)| ((*field).to_owned(), (*value).to_owned())),
            );
            let mut sent: Vec<(&str, &str)> = fields
                .iter()
                .map(|(f, v)| (f.as_str(), v.as_str()))
                .collect();
            sent.extend([("step", step), ("go", "next")]);
            let answer = self.post("/speak", &sent).await;
            assert_eq!(answer.status, StatusCode::OK, "{step}: {}", answer.text());
            page = Some(answer);
        }
        (page.unwrap(), fields)
    }

    /// Sends a view and gives its six words.
    pub async fn send(&self, said: &str, safe: &str, name: &str) -> String {
        let (check, fields) = self.check_page(said, safe, name).await;
        let receipt = self.send_again(&check.hidden("ticket"), &fields).await;
        assert_eq!(receipt.status, StatusCode::OK, "{}", receipt.text());
        words_of(&receipt)
    }

    /// Presses Send with this ticket.
    pub async fn send_again(&self, ticket: &str, fields: &[(String, String)]) -> Answer {
        let mut sent: Vec<(&str, &str)> = fields
            .iter()
            .map(|(f, v)| (f.as_str(), v.as_str()))
            .collect();
        sent.extend([("step", "check"), ("go", "send"), ("ticket", ticket)]);
        self.post("/speak", &sent).await
    }

    /// Its sender writes something more.
    pub async fn write(&self, words: &str, message: &str, more: &[(&str, &str)]) -> Answer {
        let thread = self.post("/follow", &[("words", words)]).await;
        let handle = thread.hidden("handle");
        let fields = [
            ("handle", handle.as_str()),
            ("act", "write"),
            ("message", message),
        ];
        self.post("/follow", &[&fields, more].concat()).await
    }

    /// Somebody who was at the desk before, signed in again.
    pub async fn back(&self, name: &'static str) -> DeskClient<'_> {
        let mut client = DeskClient {
            world: self,
            name,
            cookie: String::new(),
        };
        client.sign_in(&own_password(name)).await;
        client
    }

    /// Adds somebody to the desk and signs them in with a password of their own.
    pub async fn desk(&self, name: &'static str, role: domain::role::Role) -> DeskClient<'_> {
        let pledge = &self.site.pledge;
        let added = setup::add(
            &*pledge.store,
            &AgeSealer,
            &SystemRandom,
            &pledge.keys,
            CHEAP,
            &self.recovery,
            NewStaff {
                name,
                role,
                now: pledge.clock.unix_seconds(),
            },
        );
        let first = added.await.unwrap();
        let mut client = DeskClient {
            world: self,
            name,
            cookie: String::new(),
        };
        client.type_password(&first).await;
        let page = client.get("/desk/password").await;
        let token = page.hidden("token");
        let own = own_password(name);
        let changed = client
            .post(
                "/desk/password",
                &[
                    ("token", &token),
                    ("old", &first),
                    ("new", &own),
                    ("again", &own),
                ],
            )
            .await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text());
        client.take_cookie(&changed);
        client.set_up().await;
        client
    }

    /// Every byte under the data folder.
    pub fn every_byte(&self) -> Vec<u8> {
        fn walk(folder: &std::path::Path, all: &mut Vec<u8>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, all);
                } else {
                    all.extend(std::fs::read(&path).unwrap());
                }
            }
        }
        let mut all = Vec::new();
        walk(&self.data(), &mut all);
        all
    }

    /// Where a view is.
    pub async fn store_state(&self, id: &str) -> domain::lifecycle::State {
        self.store.view(id).await.unwrap().unwrap().life.state
    }

    /// The newest view's id.
    pub async fn newest(&self) -> String {
        self.store
            .views()
            .await
            .unwrap()
            .into_iter()
            .max_by_key(|row| row.seq)
            .unwrap()
            .id
    }
}

/// The password each test person chooses.
pub fn own_password(name: &str) -> String {
    format!("{name} likes a long green boat")
}

/// What somebody has beside their password.
#[derive(Default)]
pub struct Proof {
    secret: Option<Secret>,
    /// The last step whose code was used.
    last: i64,
    recovery: Vec<String>,
}

/// A browser at the desk.
pub struct DeskClient<'a> {
    pub world: &'a World,
    pub name: &'static str,
    pub cookie: String,
}

impl DeskClient<'_> {
    /// Signs in: password and code.
    pub async fn sign_in(&mut self, password: &str) -> Answer {
        self.type_password(password).await;
        let token = self.get("/desk/code").await.hidden("token");
        let code = self.next_code();
        let answer = self
            .post("/desk/code", &[("token", &token), ("code", &code)])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        self.take_cookie(&answer);
        answer
    }

    /// The first step of signing in; the cookie is that of half a session then.
    pub async fn type_password(&mut self, password: &str) {
        let answer = self
            .world
            .post(
                "/desk/sign-in",
                &[("name", self.name), ("password", password)],
            )
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        self.take_cookie(&answer);
    }

    /// Sets up the second factor, as the page says.
    pub async fn set_up(&mut self) {
        let page = self.get("/desk/second-factor").await;
        let text = page.text();
        let shown = text.split("id=\"secret\">").nth(1).unwrap();
        let secret = Secret::from_base32(shown.split('<').next().unwrap()).unwrap();
        // The oldest code that is taken, so that the next ones are there for signing in again in this moment.
        let step = self.world.clock.unix_seconds().div_euclid(STEP_SECONDS) - 1;
        let (token, field, code) = (
            page.hidden("token"),
            page.hidden("secret"),
            secret.code(step),
        );
        let fields = [
            ("token", token.as_str()),
            ("secret", &field),
            ("code", &code),
        ];
        let done = self.post("/desk/second-factor", &fields).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        self.take_cookie(&done);
        let text = done.text();
        let list = text.split("id=\"recovery-codes\">").nth(1).unwrap();
        let codes = list.split("<code>").skip(1);
        let proof = Proof {
            secret: Some(secret),
            last: step,
            recovery: codes
                .map(|rest| rest.split('<').next().unwrap().to_owned())
                .collect(),
        };
        self.world.proofs.lock().unwrap().insert(self.name, proof);
    }

    /// A code that was not used yet: the app's, and when those of this moment are used up a recovery code.
    pub fn next_code(&self) -> String {
        let mut proofs = self.world.proofs.lock().unwrap();
        let proof = proofs.get_mut(self.name).unwrap();
        let here = self.world.clock.unix_seconds().div_euclid(STEP_SECONDS);
        let step = here.max(proof.last + 1);
        if step > here + 1 {
            return proof.recovery.pop().unwrap();
        }
        proof.last = step;
        proof.secret.as_ref().unwrap().code(step)
    }

    /// What the services take for whoever is signed in.
    pub async fn desk(&self) -> Desk {
        let token = self.cookie.split_once('=').unwrap().1;
        let token = SessionToken::from_cookie(token).unwrap();
        match self.world.site.pledge.session(token).await.unwrap() {
            Some(Session::Whole(desk)) => desk,
            _ => panic!("{} is not signed in", self.name),
        }
    }

    /// Keeps the cookie of an answer, as a browser does.
    pub fn take_cookie(&mut self, answer: &Answer) {
        let set = answer.header("set-cookie");
        assert!(!set.is_empty(), "no cookie");
        self.cookie = set.split(';').next().unwrap().to_owned();
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path)
            .header(header::COOKIE, &self.cookie)
            .body(Body::empty())
            .unwrap();
        self.world.request(request).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.world
            .request(post(path, fields, Some(&self.cookie)))
            .await
    }

    /// Opens a view's page and posts an act on it with the page's own token and version.
    pub async fn act(&self, id: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(&format!("/desk/view/{id}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        self.act_from(&page, &format!("/desk/view/{id}/{act}"), fields)
            .await
    }

    /// Posts an act on a text of a meeting's list.
    pub async fn decide(
        &self,
        meeting: &str,
        view: &str,
        act: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let page = self.get(&format!("/desk/meetings/{meeting}/{view}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        self.act_from(
            &page,
            &format!("/desk/meetings/{meeting}/{view}/{act}"),
            fields,
        )
        .await
    }

    async fn act_from(&self, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
        let (token, version) = (page.hidden("token"), page.hidden("version"));
        let mut sent = vec![("token", token.as_str()), ("version", version.as_str())];
        sent.extend(fields);
        self.post(path, &sent).await
    }
}

fn post(path: &str, fields: &[(&str, &str)], cookie: Option<&str>) -> Request<Body> {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, "pledge.test")
        .header(header::ORIGIN, "https://pledge.test")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    request.body(Body::from(body)).unwrap()
}

/// The six words of a receipt page: the only list of exactly six words of the receipt list.
pub fn words_of(receipt: &Answer) -> String {
    let list = domain::receipt::word_list();
    let text = receipt.text();
    let at = text
        .find("id=\"six-words\"")
        .unwrap_or_else(|| panic!("no words in:\n{text}"));
    let words: Vec<&str> = text[at..]
        .split("<li")
        .skip(1)
        .take(6)
        .map(|item| {
            item[item.find('>').unwrap() + 1..]
                .split('<')
                .next()
                .unwrap()
                .trim()
        })
        .collect();
    assert!(
        words.len() == 6 && words.iter().all(|word| list.contains(word)),
        "{words:?}"
    );
    words.join(" ")
}

/// How often a marker stands in these bytes.
pub fn count(bytes: &[u8], marker: &[u8]) -> usize {
    bytes
        .windows(marker.len())
        .filter(|window| *window == marker)
        .count()
}

/// Makes one receipt with the test cost.
pub fn receipt(world: &World) -> receipts::Issued {
    receipts::issue(&world.site.pledge.keys, &SystemRandom, CHEAP).unwrap()
}
