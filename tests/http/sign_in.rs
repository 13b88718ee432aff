//! The two steps of signing in, and the sessions they give.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, CHEAP, DeskClient, World, count, own_password};
use axum::http::StatusCode;
use domain::role::Role;
use service::setup::{self, NewStaff};
use store::Store;
use vault::random::SystemRandom;
use vault::seal::AgeSealer;
use vault::second_factor::{self, STEP_SECONDS, Secret};

fn to(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.header("location")
}

/// Somebody added at the command line, who has done no step yet.
async fn newcomer<'a>(
    world: &'a World,
    name: &'static str,
    role: Role,
) -> (DeskClient<'a>, String) {
    let pledge = &world.site.pledge;
    let first = setup::add(
        &*pledge.store,
        &AgeSealer,
        &SystemRandom,
        &pledge.keys,
        CHEAP,
        &world.recovery,
        NewStaff {
            name,
            role,
            now: pledge.clock.unix_seconds(),
        },
    );
    let client = DeskClient {
        world,
        name,
        cookie: String::new(),
    };
    (client, first.await.unwrap())
}

/// Every address of the desk with this method, with ids that are there.
fn addresses(world: &World, method: &str, view: &str, meeting: &str) -> Vec<String> {
    let fill = |path: String| {
        path.replace("{id}", view)
            .replace("{view}", view)
            .replace("{meeting}", meeting)
            .replace("{act}", "reply")
    };
    web::addresses(&world.site)
        .into_iter()
        .filter(|(path, methods)| path.starts_with("/desk") && methods.contains(&method))
        .map(|(path, _)| fill(path))
        .collect()
}

/// Where a pending session gets from every address of the desk: to its next step and nowhere else.
async fn opens_nothing_but(client: &DeskClient<'_>, next: &str, id: &str, meeting: &str) {
    let token = client.get(next).await.hidden("token");
    for path in addresses(client.world, "GET", id, meeting) {
        // The ways in are for anybody.
        if path == next || path == "/desk/sign-in" || path.starts_with("/desk/join/") {
            continue;
        }
        let answer = client.get(&path).await;
        assert_eq!(to(&answer), next, "GET {path}");
        assert!(answer.bytes.is_empty());
    }
    for path in addresses(client.world, "POST", id, meeting) {
        let way_in_or_out = ["/desk/sign-in", "/desk/sign-out"].contains(&path.as_str());
        if path == next || way_in_or_out || path.starts_with("/desk/join/") {
            continue;
        }
        let fields = [("token", token.as_str()), ("text", "x"), ("version", "1")];
        let answer = client.post(&path, &fields).await;
        assert_eq!(to(&answer), next, "POST {path}");
    }
}

#[tokio::test]
async fn a_sign_in_that_is_half_done_opens_nothing() {
    let world = World::new().await;
    world.send("Words of the sender.", "no", "A name").await;
    let id = world.newest().await;
    let coordinator = world.desk("ann", Role::Coordinator).await;
    let page = coordinator.get("/desk/meetings").await;
    let token = page.hidden("token");
    let meeting = [
        ("token", token.as_str()),
        ("day", "2026-12-09"),
        ("title", "December"),
    ];
    coordinator.post("/desk/meetings", &meeting).await;
    let meeting = world.site.pledge.meetings().await.unwrap()[0].id.clone();
    // The control: a whole session opens the view.
    let opened = coordinator.get(&format!("/desk/view/{id}")).await;
    assert!(opened.text().contains("Words of the sender."));

    // A first password: choosing one's own comes first, then the second factor.
    let (mut bea, first) = newcomer(&world, "bea", Role::Coordinator).await;
    bea.type_password(&first).await;
    opens_nothing_but(&bea, "/desk/password", &id, &meeting).await;
    let own = own_password("bea");
    let token = bea.get("/desk/password").await.hidden("token");
    let fields = [
        ("token", token.as_str()),
        ("old", &first),
        ("new", &own),
        ("again", &own),
    ];
    let changed = bea.post("/desk/password", &fields).await;
    to(&changed);
    bea.take_cookie(&changed);
    opens_nothing_but(&bea, "/desk/second-factor", &id, &meeting).await;
    bea.set_up().await;
    assert_eq!(bea.get("/desk/queue").await.status, StatusCode::OK);

    // A password of one's own: the code comes next.
    bea.type_password(&own).await;
    opens_nothing_but(&bea, "/desk/code", &id, &meeting).await;
    // Nothing was done with it; the coordinator only read it.
    assert_eq!(world.store.view(&id).await.unwrap().unwrap().version, 0);

    // A pending session lasts 15 minutes, used or not.
    world.clock.forward(14 * 60);
    assert_eq!(bea.get("/desk/code").await.status, StatusCode::OK);
    world.clock.forward(2 * 60);
    assert_eq!(to(&bea.get("/desk/code").await), "/desk/sign-in?ended=1");
}

#[tokio::test]
async fn every_step_gives_a_new_token_and_the_old_one_is_dead() {
    let world = World::new().await;
    let (mut ann, first) = newcomer(&world, "ann", Role::Speakerbox).await;
    let mut cookies = Vec::new();
    ann.type_password(&first).await;
    cookies.push(ann.cookie.clone());
    let own = own_password("ann");
    let token = ann.get("/desk/password").await.hidden("token");
    let fields = [
        ("token", token.as_str()),
        ("old", &first),
        ("new", &own),
        ("again", &own),
    ];
    let changed = ann.post("/desk/password", &fields).await;
    ann.take_cookie(&changed);
    cookies.push(ann.cookie.clone());
    ann.set_up().await;
    cookies.push(ann.cookie.clone());
    ann.sign_in(&own).await;
    cookies.push(ann.cookie.clone());
    for (n, cookie) in cookies.iter().enumerate() {
        assert!(!cookies[..n].contains(cookie));
        ann.cookie = cookie.clone();
        let alive = ann.get("/desk/queue").await.status == StatusCode::OK;
        // The session that set up the second factor goes on beside a later one; those before it are gone.
        assert_eq!(alive, n >= 2, "token {n}");
    }
}

async fn try_code(client: &mut DeskClient<'_>, code: &str) -> StatusCode {
    let page = client.get("/desk/code").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let fields = [("token", page.hidden("token")), ("code", code.to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let answer = client.post("/desk/code", &fields).await;
    if answer.status == StatusCode::SEE_OTHER {
        client.take_cookie(&answer);
    }
    answer.status
}

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const DONE: StatusCode = StatusCode::SEE_OTHER;

async fn secret_of(world: &World, name: &str) -> Secret {
    let staff = world.store.staff_by_name(name).await.unwrap().unwrap();
    let sealed = staff.second_factor.unwrap();
    second_factor::open_secret(&world.site.pledge.keys, &staff.id, &sealed).unwrap()
}

#[tokio::test]
async fn a_code_is_taken_once_and_only_near_its_time() {
    let world = World::new().await;
    let mut ann = world.desk("ann", Role::Speakerbox).await;
    let mut bea = world.desk("bea", Role::Speakerbox).await;
    world.clock.forward(10 * STEP_SECONDS);
    let secret = secret_of(&world, "ann").await;
    let here = crate::world::NOON / STEP_SECONDS + 10;
    let own = own_password("ann");

    ann.type_password(&own).await;
    for far in [here - 2, here + 2] {
        assert_eq!(try_code(&mut ann, &secret.code(far)).await, WRONG);
    }
    assert_eq!(try_code(&mut ann, &secret.code(here)).await, DONE);
    // The same again, and the one before it, are refused, though their time is not over.
    ann.type_password(&own).await;
    for used in [here, here - 1] {
        assert_eq!(try_code(&mut ann, &secret.code(used)).await, WRONG);
    }
    // The next is good, once.
    assert_eq!(try_code(&mut ann, &secret.code(here + 1)).await, DONE);
    ann.type_password(&own).await;
    assert_eq!(try_code(&mut ann, &secret.code(here + 1)).await, WRONG);
    // Another person's code is nobody's business.
    bea.type_password(&own_password("bea")).await;
    assert_eq!(try_code(&mut bea, &secret.code(here)).await, WRONG);
}

#[tokio::test]
async fn of_two_who_type_one_code_at_once_one_gets_in() {
    let world = World::new().await;
    let ann = world.desk("ann", Role::Speakerbox).await;
    let code = ann.next_code();
    let mut halves = Vec::new();
    for _ in 0..4 {
        let mut half = DeskClient {
            world: &world,
            name: "ann",
            cookie: String::new(),
        };
        half.type_password(&own_password("ann")).await;
        halves.push(half);
    }
    let [a, b, c, d] = halves.as_mut_slice() else {
        panic!("four");
    };
    let (a, b, c, d) = tokio::join!(
        try_code(a, &code),
        try_code(b, &code),
        try_code(c, &code),
        try_code(d, &code)
    );
    let got = [a, b, c, d];
    assert_eq!(
        got.iter().filter(|status| **status == DONE).count(),
        1,
        "{got:?}"
    );
}

#[tokio::test]
async fn a_recovery_code_works_once_and_new_ones_replace_it() {
    let world = World::new().await;
    let mut ann = world.desk("ann", Role::Safety).await;
    let own = own_password("ann");
    // Those of this moment are used up, so the harness goes on with recovery codes.
    let (_, _) = (ann.next_code(), ann.next_code());
    let code = ann.next_code();
    assert_eq!(code.len(), 29);
    ann.type_password(&own).await;
    assert_eq!(
        try_code(&mut ann, &code.to_uppercase().replace('-', " ")).await,
        DONE
    );
    let page = ann.get("/desk/second-factor").await.text();
    assert!(page.contains("You have 9 recovery codes left."), "{page}");
    ann.type_password(&own).await;
    assert_eq!(try_code(&mut ann, &code).await, WRONG);
    let second = ann.next_code();
    assert_eq!(try_code(&mut ann, &second).await, DONE);

    // Setting up again asks for the password, and ends every old code.
    let third = ann.next_code();
    let page = ann.get("/desk/second-factor").await;
    let shown = page.text();
    let named = "<div role=\"img\" aria-label=\"QR code with the secret, for the app to scan\" class=\"qr\"><svg ";
    assert!(shown.contains(named), "{shown}");
    assert_eq!(shown.matches("<svg viewBox=\"0 0 ").count(), 1, "{shown}");
    let shown = shown.split("id=\"secret\">").nth(1).unwrap();
    let secret = Secret::from_base32(shown.split('<').next().unwrap()).unwrap();
    let code = secret.code(crate::world::NOON / STEP_SECONDS);
    let (token, field) = (page.hidden("token"), page.hidden("secret"));
    for (password, status) in [
        ("", WRONG),
        ("not it", WRONG),
        (own.as_str(), StatusCode::OK),
    ] {
        let fields = [
            ("token", token.as_str()),
            ("secret", &field),
            ("code", &code),
            ("password", password),
        ];
        let answer = ann.post("/desk/second-factor", &fields).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        // The same secret is shown again, so that the app need not be set up twice.
        if status == WRONG {
            assert!(answer.text().contains(&secret.groups()));
        } else {
            ann.take_cookie(&answer);
        }
    }
    ann.type_password(&own).await;
    assert_eq!(try_code(&mut ann, &third).await, WRONG);
    assert_eq!(
        try_code(
            &mut ann,
            &secret.code(crate::world::NOON / STEP_SECONDS + 1)
        )
        .await,
        DONE
    );
}

#[tokio::test]
async fn wrong_codes_make_each_other_wait_and_never_for_good() {
    let world = World::new().await;
    let mut ann = world.desk("ann", Role::Safety).await;
    ann.type_password(&own_password("ann")).await;
    for _ in 0..3 {
        assert_eq!(try_code(&mut ann, "000").await, WRONG);
    }
    let code = ann.next_code();
    assert_eq!(
        try_code(&mut ann, &code).await,
        StatusCode::TOO_MANY_REQUESTS
    );
    world.clock.forward(2);
    assert_eq!(
        try_code(&mut ann, &code).await,
        DONE,
        "the code was not used up"
    );
    for _ in 0..20 {
        ann.type_password(&own_password("ann")).await;
        try_code(&mut ann, "000").await;
        world.clock.forward(15 * 60);
    }
    ann.type_password(&own_password("ann")).await;
    let code = ann.next_code();
    assert_eq!(try_code(&mut ann, &code).await, DONE);
}

#[tokio::test]
async fn nobody_is_kept_out_by_a_stranger_who_types_wrong_passwords() {
    let world = World::new().await;
    let mut ann = world.desk("ann", Role::Safety).await;
    let own = own_password("ann");
    let (_, _) = (ann.next_code(), ann.next_code());
    let recovery = ann.next_code();
    for _ in 0..8 {
        world
            .post("/desk/sign-in", &[("name", "ann"), ("password", "wrong")])
            .await;
        world.clock.forward(1);
    }
    let try_in = async |password: &str, recovery: &str| {
        let fields = [
            ("name", "ann"),
            ("password", password),
            ("recovery", recovery),
        ];
        world.post("/desk/sign-in", &fields).await
    };
    let waits = StatusCode::TOO_MANY_REQUESTS;
    let waiting = try_in(&own, "").await;
    assert_eq!(waiting.status, waits);
    assert!(waiting.text().contains("name=\"recovery\""));
    // Neither of the two alone is enough, and nothing tells which was wrong.
    let other = "aaaa-bbbb-cccc-dddd-eeee-ffff";
    for (password, code) in [
        (own.as_str(), other),
        ("wrong", &recovery),
        ("wrong", other),
    ] {
        let before = world.store.audit_last().await.unwrap().unwrap().seq;
        assert_eq!(try_in(password, code).await.status, waits);
        let entries = world.store.audit_after(before, 100).await.unwrap();
        assert_eq!(entries.len(), 1, "each failure is an entry");
        assert_eq!(
            (entries[0].action.as_str(), entries[0].outcome.as_str()),
            ("sign-in", "not-done")
        );
    }
    let before = world.store.audit_last().await.unwrap().unwrap().seq;
    let welcome = try_in(&own, &recovery).await;
    to(&welcome);
    // The control: what was no failure is entered as none.
    let entries = world.store.audit_after(before, 100).await.unwrap();
    assert!(
        entries.iter().all(|row| row.outcome == "done"),
        "{entries:?}"
    );
    ann.take_cookie(&welcome);
    assert_eq!(ann.get("/desk/safety").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_stolen_database_yields_no_secret_of_the_codes() {
    let world = World::new().await;
    let ann = world.desk("ann", Role::Safety).await;
    // The control: with the server's key it opens.
    let groups = secret_of(&world, "ann").await.groups();
    let sheet = [groups.clone(), groups.replace(' ', ""), ann.next_code()];
    let (_, _) = (ann.next_code(), ann.next_code());
    let recovery = ann.next_code();
    let mut bytes = Vec::new();
    for name in ["pledge.sqlite", "pledge.sqlite-wal"] {
        bytes.extend(std::fs::read(world.data().join(name)).unwrap());
    }
    assert!(count(&bytes, b"ann") > 0, "the search finds what is there");
    for shown in sheet.iter().chain([&recovery, &recovery.to_uppercase()]) {
        assert_eq!(count(&bytes, shown.as_bytes()), 0, "{shown}");
    }
    let raw = secret_bytes(&groups);
    assert_eq!(count(&bytes, &raw), 0);
    let other = vault::server_keys::ServerKeys::generate(&SystemRandom);
    let staff = world.store.staff_by_name("ann").await.unwrap().unwrap();
    assert!(second_factor::open_secret(&other, &staff.id, &staff.second_factor.unwrap()).is_none());
}

fn secret_bytes(groups: &str) -> Vec<u8> {
    let signs = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = groups
        .bytes()
        .filter_map(|sign| signs.iter().position(|known| *known == sign))
        .map(|value| format!("{value:05b}"))
        .collect();
    bits.as_bytes()
        .chunks(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect()
}

#[tokio::test]
async fn ones_own_sessions_are_listed_and_ended() {
    let world = World::new().await;
    let mut ann = world.desk("ann", Role::Speakerbox).await;
    let bea = world.desk("bea", Role::Speakerbox).await;
    let own = own_password("ann");
    let first = ann.cookie.clone();
    world.clock.forward(5 * 60);
    ann.sign_in(&own).await;
    let second = ann.cookie.clone();
    ann.type_password(&own).await;
    let half = std::mem::replace(&mut ann.cookie, second.clone());

    let page = ann.get("/desk/sessions").await.text();
    assert!(
        page.contains("5 minutes ago") && page.contains("This one"),
        "{page}"
    );
    assert!(page.contains("Half signed in, began just now"), "{page}");
    assert_eq!(
        page.matches("name=\"session\"").count(),
        2,
        "all but this one can be ended"
    );
    let token = ann.get("/desk/sessions").await.hidden("token");

    // Nobody ends somebody else's.
    let hers = page.split("name=\"session\" value=\"").nth(1).unwrap();
    let hers = hers.split('"').next().unwrap();
    let her_token = bea.get("/desk/sessions").await.hidden("token");
    let fields = [("token", her_token.as_str()), ("session", hers)];
    let refused = bea.post("/desk/sessions", &fields).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);

    let alive = async |cookie: &str| {
        let client = DeskClient {
            world: &world,
            name: "ann",
            cookie: cookie.to_owned(),
        };
        let answer = client.get("/desk/sessions").await;
        answer.status == StatusCode::OK || answer.header("location") == "/desk/code"
    };
    assert!(alive(&first).await && alive(&second).await && alive(&half).await);
    let one = [("token", token.as_str()), ("session", hers)];
    to(&ann.post("/desk/sessions", &one).await);
    assert!(
        alive(&first).await != alive(&half).await,
        "one of the two has ended"
    );
    to(&ann
        .post("/desk/sessions", &[("token", token.as_str())])
        .await);
    assert!(!alive(&first).await && alive(&second).await && !alive(&half).await);
    assert_eq!(
        bea.get("/desk/sessions").await.status,
        StatusCode::OK,
        "others stay"
    );
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_easy_ones_are_refused() {
    let world = World::new().await;
    let mut ann = world.desk("Ann Southgate", Role::Speakerbox).await;
    let own = own_password("Ann Southgate");
    let old_cookie = ann.cookie.clone();
    ann.sign_in(&own).await;
    let page = ann.get("/desk/password").await;
    let token = page.hidden("token");
    for (new, words) in [
        ("too short", "Too short"),
        ("passwordpassword", "Many people use this one"),
        ("Ann Southgate 2026", "Many people use this one"),
        ("southwark southwark", "Many people use this one"),
    ] {
        let fields = [
            ("token", token.as_str()),
            ("old", &own),
            ("new", new),
            ("again", new),
        ];
        let answer = ann.post("/desk/password", &fields).await;
        assert_eq!(answer.status, WRONG, "{new}");
        assert!(answer.text().contains(words), "{new}: {}", answer.text());
    }
    let new = "seven grey geese cross the ice";
    let fields = [
        ("token", token.as_str()),
        ("old", &own),
        ("new", new),
        ("again", new),
    ];
    let changed = ann.post("/desk/password", &fields).await;
    to(&changed);
    let before = std::mem::take(&mut ann.cookie);
    ann.take_cookie(&changed);
    assert_eq!(ann.get("/desk/queue").await.status, StatusCode::OK);
    for dead in [before, old_cookie] {
        ann.cookie = dead;
        assert_eq!(to(&ann.get("/desk/queue").await), "/desk/sign-in?ended=1");
    }
    ann.sign_in(new).await;
    let out = ann.get("/desk/queue").await.hidden("token");
    let out = ann.post("/desk/sign-out", &[("token", &out)]).await;
    assert_eq!(to(&out), "/desk/sign-in");
    assert_eq!(
        out.header("clear-site-data"),
        "\"cache\", \"cookies\", \"storage\""
    );
}

#[tokio::test]
async fn there_are_at_most_ten_wrong_passwords_in_15_minutes_and_unknown_names_get_the_same() {
    let world = World::new().await;
    world.desk("ann", Role::Safety).await;
    let mut wrong: Vec<(i64, String)> = Vec::new();
    // As fast as it is let, for an hour, at a name that is there and at one that is not.
    for second in 0..60 * 60 {
        let mut answers = Vec::new();
        for name in ["ann", "nobody"] {
            let fields = [("name", name), ("password", "a guess of a guesser")];
            let answer = world.post("/desk/sign-in", &fields).await;
            let page = answer.text().replace(name, "");
            answers.push((answer.status, page));
        }
        assert_eq!(answers[0], answers[1], "second {second}");
        match answers[0].0 {
            WRONG => wrong.push((second, answers.remove(0).1)),
            status => assert_eq!(status, StatusCode::TOO_MANY_REQUESTS),
        }
        world.clock.forward(1);
    }
    let within = |first: i64| {
        let later = wrong.iter().filter(|(time, _)| *time >= first);
        later.filter(|(time, _)| time - first <= 15 * 60).count()
    };
    let most = wrong.iter().map(|(time, _)| within(*time)).max();
    assert_eq!(
        most,
        Some(10),
        "{:?}",
        wrong.iter().map(|(time, _)| time).collect::<Vec<_>>()
    );
    // Never for good.
    world.clock.forward(15 * 60);
    let mut ann = DeskClient {
        world: &world,
        name: "ann",
        cookie: String::new(),
    };
    ann.sign_in(&own_password("ann")).await;
}

#[tokio::test]
async fn many_wrong_passwords_at_once_are_no_way_around_the_wait() {
    let world = World::new().await;
    world.desk("ann", Role::Safety).await;
    let fields = [("name", "ann"), ("password", "a guess of a guesser")];
    let one = || world.post("/desk/sign-in", &fields);
    let (a, b, c, d, e, f) = tokio::join!(one(), one(), one(), one(), one(), one());
    let answers = [a, b, c, d, e, f];
    let wrong = answers
        .iter()
        .filter(|answer| answer.status == WRONG)
        .count();
    assert_eq!(wrong, 3);
}

#[tokio::test]
async fn a_first_password_is_over_after_seven_days_and_nobody_is_told() {
    const DAY: i64 = 24 * 60 * 60;
    let world = World::new().await;
    let admin = world.desk("ida", Role::Admin).await;
    let try_it = async |name: &str, password: &str| {
        let fields = [("name", name), ("password", password)];
        let answer = world.post("/desk/sign-in", &fields).await;
        (answer.status, answer.text().replace(name, ""))
    };
    let (_, first) = newcomer(&world, "bea", Role::Coordinator).await;
    let (mut cat, of_cat) = newcomer(&world, "cat", Role::Coordinator).await;
    world.clock.forward(7 * DAY);
    // To the last second it is good, and a password of one's own stays good.
    cat.type_password(&of_cat).await;
    let token = cat.get("/desk/password").await.hidden("token");
    let own = own_password("cat");
    let fields = [
        ("token", token.as_str()),
        ("old", &of_cat),
        ("new", &own),
        ("again", &own),
    ];
    let changed = cat.post("/desk/password", &fields).await;
    to(&changed);
    world.clock.forward(1);
    assert_eq!(try_it("cat", &own).await.0, DONE);
    // Over: the same answer as for a wrong password and for a name that nobody has.
    let over = try_it("bea", &first).await;
    assert_eq!(over.0, WRONG);
    assert_eq!(over, try_it("bea", "a guess of a guesser").await);
    assert_eq!(over, try_it("nobody", "a guess of a guesser").await);

    // The way back, at the desk: an administrator sees it and invites again.
    let mut admin = admin;
    admin.sign_in(&own_password("ida")).await;
    let id = world.store.staff_by_name("bea").await.unwrap().unwrap().id;
    let page = admin.get(&format!("/desk/accounts/{id}")).await;
    assert!(
        page.text().contains("Did not come in time."),
        "{}",
        page.text()
    );
    assert!(page.text().contains("invite-again"));

    // And at the command line: the same name again, which is taken as long as the password is good.
    world.clock.forward(15 * 60);
    let again = newcomer(&world, "bea", Role::Coordinator).await.1;
    assert_eq!(try_it("bea", &first).await.0, WRONG);
    world.clock.forward(15 * 60);
    assert_eq!(try_it("bea", &again).await.0, DONE);
    let pledge = &world.site.pledge;
    for name in ["bea", "cat"] {
        let new = NewStaff {
            name,
            role: Role::Admin,
            now: pledge.clock.unix_seconds(),
        };
        let taken = pledge.add_staff(&world.recovery, new).await;
        assert!(taken.is_err(), "{name}");
    }
}
