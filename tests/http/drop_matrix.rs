//! The client of an act goes away at any moment of it: every address that takes a POST, dropped at every wait. An act is
//! done once or not at all, its permits come back, and the next request is answered.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::authz::{Council, Gets, Row, TABLE, View};
use crate::page_editor::{VISITS, at, fields_of, with_sentence};
use crate::world::{DeskClient, World, own_password, post};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use domain::role::Role;
use sqlx::{AssertSqlSafe, ConnectOptions, Row as _, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use store::Store;
use tokio::sync::{Semaphore, watch};
use tower::Service;
use web::accept;

/// An act with all it needs to be done.
#[derive(Clone, Copy)]
enum Case {
    /// A row of the table of the desk, by somebody for whom it is done.
    Row(&'static Row, usize),
    /// One that the table has nobody do, or that is outside the desk: its address, and what is done there.
    Own(&'static str, &'static str),
}

/// What the table of the desk leaves undone, and every address outside it.
const OWN: [(&str, &str); 24] = [
    ("/search", ""),
    ("/print", ""),
    ("/check", ""),
    ("/letters/{slug}", ""),
    ("/speak", "send"),
    ("/follow", "open"),
    ("/follow", "write"),
    ("/follow", "alarm"),
    ("/follow", "withdraw-sure"),
    ("/api/v1/tickets", ""),
    ("/api/v1/views", ""),
    ("/api/v1/follow", ""),
    ("/desk/sign-in", ""),
    ("/desk/sign-out", ""),
    ("/desk/code", ""),
    ("/desk/password", ""),
    ("/desk/second-factor", ""),
    ("/desk/join/{code}", ""),
    ("/desk/accounts", ""),
    ("/desk/progress", ""),
    ("/desk/page-editor/{file}", ""),
    ("/desk/meetings", ""),
    ("/desk/on-call", "add"),
    // A member with keys: the keys are begun again.
    ("/desk/accounts/{account}/{act}", "remove"),
];

impl Case {
    fn name(self) -> String {
        match self {
            Case::Row(row, who) => format!("{} {:?} as {who}", row.at, row.view),
            Case::Own(address, act) => format!("{address} {act}"),
        }
    }

    fn address(self) -> &'static str {
        match self {
            Case::Row(row, _) => row.address(),
            Case::Own(address, _) => address,
        }
    }
}

/// Each row that somebody gets done, once, by the first of them; then what the table has nobody do.
fn cases() -> Vec<Case> {
    let mut seen = BTreeSet::new();
    let rows = TABLE.iter().filter(|row| row.method == "POST");
    let done = rows.filter_map(|row| {
        let is_done = |gets: &Gets| matches!(gets, Gets::Done | Gets::Page | Gets::Moved);
        let who = (1..7).find(|who| is_done(&row.gets[*who]))?;
        // The same act on another view takes the same way.
        let is_new = seen.insert(row.at);
        is_new.then_some(Case::Row(row, who))
    });
    done.chain(OWN.map(|(address, act)| Case::Own(address, act)))
        .collect()
}

/// Names of people are made as they are needed.
fn fresh_name(world: &World) -> &'static str {
    Box::leak(format!("p{}", world.site.pledge.new_id()).into_boxed_str())
}

fn json(path: &str, body: &serde_json::Value) -> Request<Body> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// The request of a case, over things that were not used yet: it would succeed.
async fn prepared(council: &Council<'_>, case: Case) -> Request<Body> {
    match case {
        Case::Row(row, who) => {
            let id = council.view(row.view).await;
            council.posted(row, who, &id).await
        }
        Case::Own(address, act) if address.starts_with("/desk") => {
            at_the_desk(council, address, act).await
        }
        Case::Own(address, act) => of_anybody(council.world, address, act).await,
    }
}

async fn of_anybody(world: &World, address: &str, act: &str) -> Request<Body> {
    let ticket = async || {
        let asked = world.request(json("/api/v1/tickets", &serde_json::json!({})));
        let answer: serde_json::Value = serde_json::from_slice(&asked.await.bytes).unwrap();
        answer["ticket"].clone()
    };
    match address {
        "/search" => post(address, &[("q", "visits")], None),
        "/print" => post(address, &[("page", "/money")], None),
        "/check" => post(address, &[("step", "born")], None),
        "/letters/{slug}" => post("/letters/advocate", &[("f1", "A name")], None),
        "/speak" => {
            let (page, mut fields) = world.check_page("Dropped.", "no", "Nameofthesender").await;
            for (field, value) in [("step", "check"), ("go", "send")] {
                fields.push((field.to_owned(), value.to_owned()));
            }
            fields.push(("ticket".to_owned(), page.hidden("ticket")));
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(f, v)| (f.as_str(), v.as_str()))
                .collect();
            post(address, &fields, None)
        }
        "/follow" => {
            let words = world.send("Dropped.", "yes", "").await;
            if act == "open" {
                return post(address, &[("words", &words)], None);
            }
            let thread = world.post(address, &[("words", &words)]).await;
            let handle = thread.hidden("handle");
            let (act, alarm) = if act == "alarm" {
                ("write", "yes")
            } else {
                (act, "")
            };
            let fields = [
                ("handle", handle.as_str()),
                ("act", act),
                ("message", "More."),
                ("unsafe", alarm),
            ];
            post(address, &fields, None)
        }
        "/api/v1/views" => {
            let view = serde_json::json!({
                "ticket": ticket().await, "topic": "school", "said": "Dropped.", "safe": "no",
            });
            json(address, &view)
        }
        "/api/v1/follow" => {
            let words = world.send("Dropped.", "yes", "").await;
            json(address, &serde_json::json!({ "words": words }))
        }
        other => json(other, &serde_json::json!({})),
    }
}

async fn at_the_desk(council: &Council<'_>, address: &str, act: &str) -> Request<Body> {
    let world = council.world;
    let form = async |client: &DeskClient<'_>, page: &str, to: &str, fields: &[(&str, &str)]| {
        let page = client.get(page).await;
        let (token, password) = (page.hidden("token"), own_password(client.name));
        let seen = match page.text().contains("name=\"seen\"") {
            true => page.hidden("seen"),
            false => String::new(),
        };
        let mut all = vec![
            ("token", token.as_str()),
            ("password", &password),
            ("seen", &seen),
        ];
        all.extend(fields);
        post(to, &all, Some(&client.cookie))
    };
    let admin = council.of(Role::Admin);
    match address {
        "/desk/accounts" => {
            let name = fresh_name(world);
            let fields = [("name", name), ("role", Role::Clerk.id())];
            form(admin, address, address, &fields).await
        }
        "/desk/accounts/{account}/{act}" => {
            let name = fresh_name(world);
            world.desk(name, Role::Speakerbox).await;
            let staff = world.site.pledge.store.staff_by_name(name).await.unwrap();
            let to = format!("/desk/accounts/{}/{act}", staff.unwrap().id);
            form(admin, "/desk/accounts", &to, &[]).await
        }
        "/desk/progress" => {
            let taken = world.site.pledge.store.figures().await.unwrap().len();
            let period = format!("{}-{:02}", 2010 + taken / 12, taken % 12 + 1);
            let fields = [
                ("indicator", "children-in-care"),
                ("period", period.as_str()),
                ("value", "430"),
                ("source", "Committee report, page 4"),
                ("source-day", "2026-10-14"),
            ];
            form(council.of(Role::Clerk), address, address, &fields).await
        }
        "/desk/page-editor/{file}" => {
            council.view(View::Undrafted).await;
            let client = council.of(Role::Clerk);
            let words = with_sentence("They may bring a ball.");
            let page = client.get(&at(VISITS)).await;
            let hidden = ["token", "seen", "over"].map(|name| (name, page.hidden(name)));
            let mut fields = fields_of(&words);
            fields.extend(hidden.iter().map(|(name, value)| (*name, value.as_str())));
            post(&at(VISITS), &fields, Some(&client.cookie))
        }
        "/desk/meetings" => {
            let title = fresh_name(world);
            let fields = [("day", "2026-12-16"), ("title", title)];
            form(council.of(Role::Clerk), address, address, &fields).await
        }
        "/desk/on-call" => {
            let lead = council.of(Role::Safety);
            let staff = lead.desk().await.staff.id;
            let days = [("from", "2026-12-01"), ("to", "2026-12-07")];
            let who = [("staff", staff.as_str()), ("rank", "1"), ("act", act)];
            form(lead, address, address, &[days.as_slice(), &who].concat()).await
        }
        "/desk/join/{code}" => {
            let (_, code) = council.invited().await;
            let own = own_password("somebody new");
            let fields = [("new", own.as_str()), ("again", &own)];
            post(&format!("/desk/join/{code}"), &fields, None)
        }
        other => of_somebody_new(world, other).await,
    }
}

/// What somebody does with a session of their own, which is used up by it.
async fn of_somebody_new(world: &World, address: &str) -> Request<Body> {
    let name = fresh_name(world);
    if address == "/desk/second-factor" {
        return world.newcomer(name, Role::Clerk).await.factor().await.0;
    }
    let mut client = world.desk(name, Role::Clerk).await;
    let password = own_password(name);
    match address {
        "/desk/sign-in" => post(address, &[("name", name), ("password", &password)], None),
        "/desk/sign-out" => {
            let token = client.get("/desk/password").await.hidden("token");
            post(address, &[("token", &token)], Some(&client.cookie))
        }
        "/desk/code" => {
            client.type_password(&password).await;
            let token = client.get(address).await.hidden("token");
            let code = client.next_code();
            post(
                address,
                &[("token", &token), ("code", &code)],
                Some(&client.cookie),
            )
        }
        "/desk/password" => {
            let token = client.get(address).await.hidden("token");
            let new = own_password("somebody else");
            let fields = [
                ("token", token.as_str()),
                ("old", &password),
                ("new", &new),
                ("again", &new),
            ];
            post(address, &fields, Some(&client.cookie))
        }
        other => panic!("{other} has no case"),
    }
}

/// A router that says how often its answer was polled.
struct Counted {
    router: Router,
    polls: watch::Sender<usize>,
}

type Answering = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

impl Service<Request<Body>> for Counted {
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Answering {
        let mut answer = Box::pin(self.router.call(request));
        let polls = self.polls.clone();
        Box::pin(poll_fn(move |context| {
            let polled = answer.as_mut().poll(context);
            polls.send_modify(|count| *count += 1);
            polled
        }))
    }
}

/// How a request is taken: as the accept loop does, or as the HTTP library alone would.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    AcceptLoop,
    LibraryAlone,
}

/// Lets the client go after this number of polls of the act. Its answer if it got one, and how often it was polled.
async fn dropped(
    world: &World,
    request: Request<Body>,
    after: usize,
    by: By,
) -> (Option<Response>, usize) {
    let (polls, mut seen) = watch::channel(0);
    let mut service = Counted {
        router: world.router.clone(),
        polls,
    };
    let seats = Arc::new(Semaphore::new(1));
    let seat = Arc::clone(&seats).acquire_owned().await.unwrap();
    let mut answering: Answering = match by {
        By::AcceptLoop => Box::pin(accept::answer(&mut service, request, seat)),
        By::LibraryAlone => {
            drop(seat);
            service.call(request)
        }
    };
    let answer = match after {
        0 => None,
        after => tokio::select! {
            biased;
            _ = seen.wait_for(|polls| *polls >= after) => None,
            answer = &mut answering => Some(answer.unwrap()),
        },
    };
    drop(answering);
    let back = tokio::time::timeout(Duration::from_secs(20), seats.acquire()).await;
    let _seat = back.expect("the seat of its connection came back").unwrap();
    if by == By::LibraryAlone {
        // What was on its way to the database arrives.
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    let polls = *seen.borrow();
    (answer, polls)
}

/// What stands in the database, as counts: rows of each table, entries of the log by act and outcome, versions of views.
type Counts = BTreeMap<String, i64>;

struct Ledger {
    db: SqliteConnection,
    sql: String,
}

impl Ledger {
    async fn of(world: &World) -> Ledger {
        let path = world.data().join(server::bootstrap::DATABASE);
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
        let mut db = options.connect().await.unwrap();
        // Not of the database's own tables; and of grants those of the newest keys, because who leaves takes all of theirs.
        let tables = sqlx::query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'grant_of_key'",
        );
        let tables = tables.fetch_all(&mut db).await.unwrap();
        let counts = tables.iter().map(|row| {
            let name: String = row.get(0);
            format!("SELECT '{name}', COUNT(*) FROM \"{name}\"")
        });
        let more = [
            "SELECT 'log ' || action || ' ' || outcome, COUNT(*) FROM audit GROUP BY 1".to_owned(),
            "SELECT 'versions', COALESCE(SUM(version), 0) FROM view".to_owned(),
            "SELECT 'newest grants', COUNT(*) FROM grant_of_key AS own WHERE generation = \
             (SELECT MAX(generation) FROM role_key WHERE role_key = own.role_key)"
                .to_owned(),
        ];
        let all: Vec<String> = counts.chain(more).collect();
        Ledger {
            db,
            sql: all.join(" UNION ALL "),
        }
    }

    async fn counts(&mut self) -> Counts {
        let rows = sqlx::query(AssertSqlSafe(self.sql.clone()));
        let rows = rows.fetch_all(&mut self.db).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    /// The newest generation of role keys.
    async fn generation(&mut self) -> u32 {
        let row = sqlx::query("SELECT MAX(generation) FROM role_key");
        row.fetch_one(&mut self.db).await.unwrap().get(0)
    }
}

/// What came to these counts.
fn more(before: &Counts, after: &Counts) -> Counts {
    let count = |counts: &Counts, name: &String| counts.get(name).copied().unwrap_or(0);
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .map(|name| (name.clone(), count(after, name) - count(before, name)))
        .filter(|(_, more)| *more != 0)
        .collect()
}

/// After a publication every page is made again, which takes a second: fewer points, in a test of their own.
const PUBLISHING: &str = "words/publish";

/// The polls after which a client goes: none, the first ten, the last, and three of the others, always the same. Of
/// publishing the first and the last alone.
fn points(total: usize, case: Case) -> Vec<usize> {
    if matches!(case, Case::Row(row, _) if row.at == PUBLISHING) {
        return vec![1, total];
    }
    let mut points: BTreeSet<usize> = (0..=total.min(10)).collect();
    points.insert(total);
    let mut seed: usize = 0x9e37;
    for _ in 0..3 {
        seed = seed.wrapping_mul(25_173).wrapping_add(13_849) % 65_536;
        points.insert(seed % (total + 1));
    }
    points.into_iter().collect()
}

/// Everything that is wrong after a client of this case went at each of its waits; how many were tried.
async fn wrong_of(
    council: &Council<'_>,
    ledger: &mut Ledger,
    case: Case,
    by: By,
) -> (Vec<String>, usize) {
    let world = council.world;
    let pledge = &world.site.pledge;
    let free = || {
        let (receipts, passwords) = (pledge.receipt_queue.free(), pledge.password_queue.free());
        (receipts, passwords, world.site.checks.free())
    };
    let (mut wrong, at_first) = (Vec::new(), free());
    // The whole of it, with nobody who goes.
    let request = prepared(council, case).await;
    let before = ledger.counts().await;
    let (answer, total) = dropped(world, request, usize::MAX, by).await;
    let status = answer.unwrap().status();
    if status.is_client_error() || status.is_server_error() {
        return (vec![format!("{}: not done, {status}", case.name())], 0);
    }
    let whole = more(&before, &ledger.counts().await);
    let points = points(total, case);
    for after in &points {
        let request = prepared(council, case).await;
        let before = ledger.counts().await;
        let (answer, _) = dropped(world, request, *after, by).await;
        let did = more(&before, &ledger.counts().await);
        let what = format!("{} after {after} of {total}", case.name());
        // Never begun, or begun and done.
        let is_right = match (*after, answer) {
            (0, _) => did.is_empty(),
            (_, Some(answer)) => answer.status() == status && did == whole,
            (_, None) if by == By::AcceptLoop => did == whole,
            (_, None) => did.is_empty() || did == whole,
        };
        if !is_right {
            wrong.push(format!("{what}: {did:?}, not {whole:?}"));
        }
        if free() != at_first {
            wrong.push(format!("{what}: a permit is gone"));
        }
        if ledger.generation().await != pledge.recipients().generation {
            wrong.push(format!("{what}: an old key is in use"));
        }
    }
    let next = council.of(Role::Coordinator).get("/desk/queue").await;
    if next.status != StatusCode::OK {
        wrong.push(format!(
            "{}: the next request got {}",
            case.name(),
            next.status
        ));
    }
    (wrong, points.len())
}

/// Some of the cases, so that they run beside the others.
async fn in_every_case(cases: Vec<Case>) {
    let world = World::new().await;
    let council = Council::new(&world).await;
    let mut ledger = Ledger::of(&world).await;
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for case in cases {
        let (found, points) = wrong_of(&council, &mut ledger, case, By::AcceptLoop).await;
        wrong.extend(found);
        tried += points;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 1, "{tried}");
    // A view is sent and read as ever.
    world.send("Afterwards.", "yes", "").await;
    let view = format!("/desk/view/{}", world.newest().await);
    let read = council.of(Role::Coordinator).get(&view).await;
    assert!(read.text().contains("Afterwards."));
}

fn publishing_and_others() -> (Vec<Case>, Vec<Case>) {
    let is_publishing = |case: &Case| matches!(case, Case::Row(row, _) if row.at == PUBLISHING);
    cases().into_iter().partition(is_publishing)
}

/// One of two halves of all others.
fn part(number: usize) -> Vec<Case> {
    let (_, others) = publishing_and_others();
    assert!(others.len() > 40, "{}", others.len());
    others.into_iter().skip(number).step_by(2).collect()
}

#[tokio::test]
async fn an_act_is_done_once_or_not_at_all_wherever_its_client_goes() {
    in_every_case(part(0)).await;
}

#[tokio::test]
async fn an_act_is_done_once_or_not_at_all_wherever_its_client_goes_the_other_half() {
    in_every_case(part(1)).await;
}

#[tokio::test]
async fn words_are_published_once_or_not_at_all_wherever_the_client_goes() {
    let (publishing, _) = publishing_and_others();
    assert_eq!(publishing.len(), 1);
    in_every_case(publishing).await;
}

#[tokio::test]
async fn every_address_that_takes_a_post_has_a_case() {
    let world = World::new().await;
    let languages: Vec<String> = world
        .site
        .pledge
        .library
        .languages
        .iter()
        .map(|one| format!("/{}/", one.code))
        .collect();
    let there: BTreeSet<String> = web::addresses(&world.site)
        .into_iter()
        .filter(|(_, methods)| methods.contains(&"POST"))
        // In another language the same handler answers.
        .filter(|(path, _)| !languages.iter().any(|start| path.starts_with(start)))
        .map(|(path, _)| path)
        .collect();
    let missing = |cases: &[Case]| -> Vec<String> {
        let own: BTreeSet<&str> = cases.iter().map(|case| case.address()).collect();
        there
            .iter()
            .filter(|path| !own.contains(path.as_str()))
            .cloned()
            .collect()
    };
    let mut cases = cases();
    assert_eq!(missing(&cases), [] as [String; 0]);
    // The control: one that is forgotten.
    cases.retain(|case| case.address() != "/desk/progress");
    assert_eq!(missing(&cases), ["/desk/progress"]);
}

#[tokio::test]
async fn control_without_a_task_of_its_own_an_act_stays_unfinished() {
    let world = World::new().await;
    let council = Council::new(&world).await;
    let mut ledger = Ledger::of(&world).await;
    let mut wrong = Vec::new();
    for case in [
        Case::Own("/follow", "withdraw-sure"),
        Case::Own("/desk/second-factor", ""),
        Case::Own("/desk/accounts/{account}/{act}", "remove"),
    ] {
        let (found, _) = wrong_of(&council, &mut ledger, case, By::LibraryAlone).await;
        wrong.extend(found);
    }
    assert!(
        wrong.iter().any(|what| !what.contains("not done")),
        "nothing"
    );
}

/// Polls an act so often, lets something else be done to its end, and goes on with it.
async fn paused(
    world: &World,
    act: Request<Body>,
    after: usize,
    other: Request<Body>,
) -> [StatusCode; 2] {
    let (polls, mut seen) = watch::channel(0);
    let mut service = Counted {
        router: world.router.clone(),
        polls,
    };
    let mut answering = service.call(act);
    let early = match after {
        0 => None,
        after => tokio::select! {
            biased;
            _ = seen.wait_for(|polls| *polls >= after) => None,
            answer = &mut answering => Some(answer.unwrap()),
        },
    };
    let other = world.request(other).await.status;
    let answer = match early {
        Some(answer) => answer,
        None => answering.await.unwrap(),
    };
    [answer.status(), other]
}

/// An act on a view that was opened, with the version that the form says.
async fn with_version(client: &DeskClient<'_>, id: &str, act: &str, version: i64) -> Request<Body> {
    let (token, version) = (
        client.get("/desk/password").await.hidden("token"),
        version.to_string(),
    );
    let fields = [
        ("token", token.as_str()),
        ("version", version.as_str()),
        ("text", "A few words."),
        ("reason", "settled"),
    ];
    post(
        &format!("/desk/view/{id}/{act}"),
        &fields,
        Some(&client.cookie),
    )
}

// The new life is worked out from the row that was read, so the same row must be written over. A form that names the
// version that another act is about to make once got the one written over the other.
#[tokio::test]
async fn what_was_worked_out_from_one_version_is_never_written_over_another() {
    let world = World::new().await;
    let council = Council::new(&world).await;
    let (sue, cat) = (council.of(Role::Speakerbox), council.of(Role::Coordinator));
    let mut got = BTreeSet::new();
    for (other, may_follow) in [("close", false), ("note", true)] {
        for after in 0..16 {
            let id = council.view(View::New).await;
            let version = world.store.view(&id).await.unwrap().unwrap().version;
            let early = with_version(sue, &id, "approve", version + 1).await;
            let first = with_version(cat, &id, other, version).await;
            let [early, first] = paused(&world, early, after, first).await;
            // Nothing but a form of the version that is there is taken.
            let done = [early, first].map(|status| status == StatusCode::SEE_OTHER);
            assert!(done[1], "{other} {after}: {first}");
            assert!(may_follow || !done[0], "{other} {after}: written over");
            got.insert((other, done[0]));
        }
    }
    // The control: it was read on both sides of the other act.
    let both = BTreeSet::from([("close", false), ("note", false), ("note", true)]);
    assert_eq!(got, both);
}
