//! Accounts at the desk: inviting, joining, letting in, suspending, leaving; and what becomes of the keys.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::page_text::assert_shows;
use crate::world::{Answer, DeskClient, World, own_password};
use axum::http::StatusCode;
use domain::audience::{RoleKey, TextKind};
use domain::retention::THREAD;
use domain::role::Role;
use server::ops::doctor;
use service::clock::Clock;
use service::retention;
use service::role_keys::{self, key_fingerprint_words};
use service::sign_in::Session;
use store::{BodyRow, Changed, Store};
use vault::seal::{AgeSealer, Identity};
use vault::staff_keys::{SessionToken, open_grant};

fn to(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.header("location")
}

fn nobody<'a>(world: &'a World, name: &'static str) -> DeskClient<'a> {
    DeskClient {
        world,
        name,
        cookie: String::new(),
    }
}

/// Posts a form of a page with its token and this person's password.
async fn press(client: &DeskClient<'_>, page: &str, at: &str, fields: &[(&str, &str)]) -> Answer {
    let token = client.get(page).await.hidden("token");
    let own = own_password(client.name);
    let mut sent = vec![("token", token.as_str()), ("password", &own)];
    sent.extend(fields);
    client.post(at, &sent).await
}

fn code_of(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let text = answer.text();
    let address = text.split("id=\"invitation\">").nth(1).unwrap();
    let address = address.split('<').next().unwrap();
    let code = address.strip_prefix("https://pledge.test/desk/join/");
    code.unwrap_or_else(|| panic!("{address}")).to_owned()
}

async fn invite(admin: &DeskClient<'_>, name: &str, role: Role) -> String {
    let fields = [("name", name), ("role", role.id())];
    code_of(&press(admin, "/desk/accounts", "/desk/accounts", &fields).await)
}

async fn id_of(world: &World, name: &str) -> String {
    let staff = world.store.staff_by_name(name).await.unwrap();
    staff.unwrap().id
}

/// Takes an invitation and does every step that the newcomer can do alone.
async fn join<'a>(world: &'a World, code: &str, name: &'static str) -> DeskClient<'a> {
    let mut client = nobody(world, name);
    let own = own_password(name);
    let page = world.get(&format!("/desk/join/{code}")).await;
    assert_eq!(page.status, StatusCode::OK);
    let fields = [("new", own.as_str()), ("again", &own)];
    let joined = world.post(&format!("/desk/join/{code}"), &fields).await;
    to(&joined);
    client.take_cookie(&joined);
    client.set_up().await;
    client
}

async fn grant_keys(member: &DeskClient<'_>, name: &str) -> Answer {
    let person = id_of(member.world, name).await;
    let fields = [("act", "let-in"), ("person", person.as_str())];
    press(member, "/desk/keys", "/desk/keys", &fields).await
}

/// The role keys that a person's session opens.
async fn keys_of(client: &DeskClient<'_>) -> Vec<Identity> {
    let token = client.cookie.split_once('=').unwrap().1;
    let token = SessionToken::from_cookie(token).unwrap();
    match client.world.site.pledge.session(token).await.unwrap() {
        Some(Session::Active(desk)) => client.world.site.pledge.role_keys(&desk).await.unwrap(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn an_invitation_works_once_and_a_member_of_the_role_lets_in() {
    let world = World::new().await;
    let admin = world.desk("ada", Role::Admin).await;
    let member = world.desk("bea", Role::Speakerbox).await;
    world.send("Read by SpeakerBox.", "yes", "").await;
    let view = format!("/desk/view/{}", world.newest().await);

    let code = invite(&admin, "cleo", Role::Speakerbox).await;
    let page = world.get(&format!("/desk/join/{code}")).await;
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.text().contains("You are cleo, "));
    // A mistake uses nothing up.
    let weak = [("new", "cleo cleo cleo"), ("again", "cleo cleo cleo")];
    let mend = world.post(&format!("/desk/join/{code}"), &weak).await;
    assert_eq!(mend.status, StatusCode::UNPROCESSABLE_ENTITY);
    let cleo = join(&world, &code, "cleo").await;
    let own = own_password("cleo");
    for again in [
        world.get(&format!("/desk/join/{code}")).await,
        world
            .post(
                &format!("/desk/join/{code}"),
                &[("new", &own), ("again", &own)],
            )
            .await,
        world.get("/desk/join/aaaa-bbbb-cccc-dddd-eeee-ffff").await,
        world.get("/desk/join/nonsense").await,
    ] {
        assert_eq!(again.status, StatusCode::NOT_FOUND);
        assert!(again.text().contains("This invitation has ended"));
    }

    // Every step is done, and nothing opens until somebody of the role has let her in.
    assert!(keys_of(&cleo).await.is_empty());
    for path in [
        "/desk",
        "/desk/queue",
        "/desk/keys",
        "/desk/meetings",
        &view,
    ] {
        assert_eq!(to(&cleo.get(path).await), "/desk/waiting", "{path}");
    }
    let waiting = cleo.get("/desk/waiting").await.text();
    let staff = world.store.staff_by_name("cleo").await.unwrap().unwrap();
    let words = key_fingerprint_words(&staff.recipient);
    assert_eq!(words.split(' ').count(), 4);
    assert!(waiting.contains(&words));
    let keys = member.get("/desk/keys").await.text();
    assert!(keys.contains("cleo, ") && keys.contains(&words), "{keys}");

    // It takes the member's password once more.
    let token = member.get("/desk/keys").await.hidden("token");
    for password in ["", "wrong"] {
        let fields = [
            ("token", token.as_str()),
            ("act", "let-in"),
            ("person", &staff.id),
            ("password", password),
        ];
        let refused = member.post("/desk/keys", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert!(keys_of(&cleo).await.is_empty());
    assert_eq!(
        to(&grant_keys(&member, "cleo").await),
        "/desk/keys?done=let-in"
    );
    assert!(cleo.get(&view).await.text().contains("Read by SpeakerBox."));
    assert!(!member.get("/desk/keys").await.text().contains("cleo, "));
}

#[tokio::test]
async fn an_invitation_ends_after_three_days_and_a_new_one_replaces_it() {
    let world = World::new().await;
    let mut admin = world.desk("ada", Role::Admin).await;
    let first = invite(&admin, "cleo", Role::Safety).await;
    let id = id_of(&world, "cleo").await;
    let account = format!("/desk/accounts/{id}");
    let again = press(&admin, &account, &format!("{account}/invite-again"), &[]).await;
    let second = code_of(&again);
    let status = async |code: &str| world.get(&format!("/desk/join/{code}")).await.status;
    assert_eq!(status(&first).await, StatusCode::NOT_FOUND);
    world.clock.forward(3 * 24 * 60 * 60);
    assert_eq!(status(&second).await, StatusCode::OK);
    world.clock.forward(1);
    assert_eq!(status(&second).await, StatusCode::NOT_FOUND);
    // The code stands nowhere on the disk.
    admin.sign_in(&own_password("ada")).await;
    let third = code_of(&press(&admin, &account, &format!("{account}/invite-again"), &[]).await);
    let bytes = world.every_byte();
    for shape in [third.clone(), third.replace('-', ""), third.to_uppercase()] {
        assert_eq!(crate::world::count(&bytes, shape.as_bytes()), 0);
    }
    assert!(
        crate::world::count(&bytes, b"cleo") > 0,
        "the search finds what is there"
    );
}

#[tokio::test]
async fn only_the_administrator_looks_after_accounts_and_never_after_their_own() {
    let world = World::new().await;
    let admin = world.desk("ada", Role::Admin).await;
    let other = world.desk("bea", Role::Coordinator).await;
    let target = world.desk("cleo", Role::Safety).await;
    world.desk("dot", Role::Safety).await;
    let id = id_of(&world, "cleo").await;
    let own = id_of(&world, "ada").await;
    let password = own_password("bea");
    let token = other.get("/desk/password").await.hidden("token");
    for act in ["suspend", "restore", "remove", "invite-again"] {
        let fields = [("token", token.as_str()), ("password", &password)];
        let refused = other
            .post(&format!("/desk/accounts/{id}/{act}"), &fields)
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{act}");
        let at = format!("/desk/accounts/{own}/{act}");
        let refused = press(&admin, "/desk/accounts", &at, &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{act} oneself");
        // Without the password nothing happens either.
        let token = admin.get("/desk/accounts").await.hidden("token");
        let at = format!("/desk/accounts/{id}/{act}");
        let refused = admin.post(&at, &[("token", &token)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{act}");
    }
    assert_eq!(target.get("/desk/safety").await.status, StatusCode::OK);
    // The administrator holds no key, before and after looking after everybody.
    assert!(keys_of(&admin).await.is_empty());
    let taken = [("name", "cleo"), ("role", "safety")];
    let taken = press(&admin, "/desk/accounts", "/desk/accounts", &taken).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.text().contains("Somebody has this name already"));
}

#[tokio::test]
async fn whoever_is_suspended_is_out_at_once_and_can_come_back() {
    let world = World::new().await;
    let admin = world.desk("ada", Role::Admin).await;
    let mut cleo = world.desk("cleo", Role::Safety).await;
    world.desk("dot", Role::Safety).await;
    let id = id_of(&world, "cleo").await;
    let account = format!("/desk/accounts/{id}");
    to(&press(&admin, &account, &format!("{account}/suspend"), &[]).await);
    assert_eq!(to(&cleo.get("/desk/safety").await), "/desk/sign-in?ended=1");
    let own = own_password("cleo");
    let refused = world
        .post("/desk/sign-in", &[("name", "cleo"), ("password", &own)])
        .await;
    let unknown = world
        .post("/desk/sign-in", &[("name", "nobody"), ("password", &own)])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        refused.text().replace("cleo", "nobody"),
        unknown.text(),
        "nothing tells that the account is there"
    );
    to(&press(&admin, &account, &format!("{account}/restore"), &[]).await);
    cleo.sign_in(&own).await;
    assert_eq!(cleo.get("/desk/safety").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_forgotten_password_costs_the_keys_and_a_member_gives_them_again() {
    let world = World::new().await;
    let admin = world.desk("ada", Role::Admin).await;
    let member = world.desk("bea", Role::Speakerbox).await;
    let mut cleo = world.desk("cleo", Role::Speakerbox).await;
    world.send("Still to be read.", "yes", "").await;
    let view = format!("/desk/view/{}", world.newest().await);
    let id = id_of(&world, "cleo").await;
    let account = format!("/desk/accounts/{id}");
    let before = cleo.cookie.clone();
    let code = code_of(&press(&admin, &account, &format!("{account}/invite-again"), &[]).await);
    assert!(world.store.grants(&id).await.unwrap().is_empty());
    assert_eq!(to(&cleo.get("/desk/queue").await), "/desk/sign-in?ended=1");
    let old = [("name", "cleo"), ("password", &*own_password("cleo"))];
    let old = world.post("/desk/sign-in", &old).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);

    // The harness signs in a moment later than the code that was taken before.
    world.clock.forward(60);
    cleo = join(&world, &code, "cleo").await;
    assert_ne!(cleo.cookie, before);
    assert_eq!(to(&cleo.get(&view).await), "/desk/waiting");
    to(&grant_keys(&member, "cleo").await);
    assert!(cleo.get(&view).await.text().contains("Still to be read."));
    assert_eq!(id_of(&world, "cleo").await, id, "the same account");
}

/// Every text of every view with whether these keys open it.
async fn opens(world: &World, keys: &[Identity]) -> Vec<(BodyRow, bool)> {
    let mut all = Vec::new();
    for view in world.store.views().await.unwrap() {
        for body in world.store.bodies(&view.id).await.unwrap() {
            let opened = world.site.pledge.sealer.open_bytes(&body.sealed, keys);
            let is_open = opened.is_ok();
            all.push((body, is_open));
        }
    }
    all
}

#[tokio::test]
async fn whoever_leaves_takes_keys_that_open_nothing_new_and_open_views_are_sealed_again() {
    let world = World::new().await;
    let admin = world.desk("ada", Role::Admin).await;
    let stays = world.desk("bea", Role::Coordinator).await;
    let leaver = world.desk("cleo", Role::Coordinator).await;
    let safety = world.desk("dot", Role::Safety).await;
    let words = world.send("Before, ordinary.", "yes", "A name").await;
    let ordinary = world.newest().await;
    world.send("Before, unsafe.", "no", "A name").await;
    let not_safe = world.newest().await;
    world.send("Before, ended.", "yes", "").await;
    let ended = world.newest().await;
    let close = [("reason", "settled"), ("text", "Done.")];
    to(&stays.act(&ended, "close", &close).await);
    to(&stays.act(&ordinary, "note", &[("text", "A note.")]).await);
    // What she could have kept: the keys themselves.
    let kept = keys_of(&leaver).await;
    assert_eq!(kept.len(), 2);
    let before = opens(&world, &kept).await;
    assert!(before.iter().all(|(_, open)| *open));

    let id = id_of(&world, "cleo").await;
    let account = format!("/desk/accounts/{id}");
    to(&press(&admin, &account, &format!("{account}/remove"), &[]).await);
    assert_eq!(
        to(&leaver.get("/desk/queue").await),
        "/desk/sign-in?ended=1"
    );
    assert_eq!(world.store.staff(&id).await.unwrap(), None);

    // The keys she held are at a new generation, sealed to those who stay; no other is.
    let rows = world.store.role_keys().await.unwrap();
    let newest = |key: RoleKey| {
        let own = rows.iter().filter(move |row| row.key == key);
        own.map(|row| row.generation).max().unwrap()
    };
    assert_eq!(
        RoleKey::ALL.map(newest),
        [2, 2, 1, 1],
        "speakerbox, coordinator, safety, committee"
    );
    // What is written from now on, she cannot open; who stays, can.
    world.send("After.", "yes", "Another name").await;
    let after = world.newest().await;
    let page = stays.get(&format!("/desk/view/{after}")).await;
    assert!(page.text().contains("After."));
    for body in world.store.bodies(&after).await.unwrap() {
        assert!(
            world
                .site
                .pledge
                .sealer
                .open_bytes(&body.sealed, &kept)
                .is_err()
        );
    }

    // Open views are sealed again: what reads them now is the new key, and exactly the readers of before.
    let page = stays.get("/desk/keys").await.text();
    assert!(page.contains("texts are sealed with an old key"), "{page}");
    let sealed = press(&stays, "/desk/keys", "/desk/keys", &[("act", "seal-again")]).await;
    assert_eq!(to(&sealed), "/desk/keys?done=seal-again");
    assert!(
        stays
            .get("/desk/keys")
            .await
            .text()
            .contains("Nothing to seal again.")
    );
    let safety_keys = keys_of(&safety).await;
    for (id, is_open) in [(&ordinary, false), (&not_safe, false), (&ended, true)] {
        for body in world.store.bodies(id).await.unwrap() {
            let open = |keys: &[Identity]| {
                world
                    .site
                    .pledge
                    .sealer
                    .open_bytes(&body.sealed, keys)
                    .is_ok()
            };
            assert_eq!(open(&kept), is_open, "{id} {:?}", body.kind);
            let by_safety =
                body.kind == TextKind::Identity || (*id == not_safe && body.kind != TextKind::Note);
            assert_eq!(open(&safety_keys), by_safety, "{id} {:?}", body.kind);
        }
    }
    let page = stays.get(&format!("/desk/view/{ordinary}")).await.text();
    assert!(page.contains("Before, ordinary.") && page.contains("A note."));
    let page = stays.get(&format!("/desk/view/{ended}")).await.text();
    assert!(
        page.contains("Before, ended."),
        "the old generation is kept for what has ended"
    );
    let thread = world.post("/follow", &[("words", &words)]).await;
    assert!(
        thread.text().contains("Before, ordinary."),
        "the sender reads on"
    );

    // The drill with the recovery key still opens everything, of both generations; another key is refused.
    let drill = role_keys::verify_recovery_key(&*world.store, &AgeSealer, &world.recovery)
        .await
        .unwrap();
    assert!(drill.is_whole(), "{drill:?}");
    assert_eq!(drill.role_keys, (6, 6));
    assert!(drill.texts[&TextKind::View].1 == 4 && drill.texts.contains_key(&TextKind::Identity));
    let other = Identity::from_seed(&[7; 32]);
    assert!(
        role_keys::verify_recovery_key(&*world.store, &AgeSealer, &other)
            .await
            .is_err()
    );

    // The server knows the new keys after a restart too.
    let world = world.reopen().await;
    assert_eq!(world.site.pledge.recipients().generation, 2);
}

#[tokio::test]
async fn old_keys_go_when_no_text_needs_them() {
    let world = World::new().await;
    let stays = world.desk("dora", Role::Coordinator).await;
    world.desk("sami", Role::Safety).await;
    world.desk("clem", Role::Committee).await;
    world.desk("cleo", Role::Coordinator).await;
    let admin = world.desk("adam", Role::Admin).await;
    world.send("Stays open.", "yes", "").await;
    let open = world.newest().await;
    world.send("Has ended.", "yes", "").await;
    let ended = world.newest().await;
    let close = [("reason", "settled"), ("text", "Done.")];
    to(&stays.act(&ended, "close", &close).await);
    let closed = world.clock.today();
    let account = format!("/desk/accounts/{}", id_of(&world, "cleo").await);
    to(&press(&admin, &account, &format!("{account}/remove"), &[]).await);

    let purge = async || {
        let (today, now) = (world.clock.today(), world.clock.unix_seconds());
        retention::purge(&*world.store, today, now, false)
            .await
            .unwrap()
    };
    let generations = async || -> Vec<(RoleKey, u32)> {
        let rows = world.store.role_keys().await.unwrap();
        rows.iter().map(|row| (row.key, row.generation)).collect()
    };
    let held = async || -> usize {
        let mut held = 0;
        for staff in world.store.all_staff().await.unwrap() {
            held += world.store.grants(&staff.id).await.unwrap().len();
        }
        held
    };
    let old = [(RoleKey::Speakerbox, 1), (RoleKey::Coordinator, 1)];
    let old_are_there = async || {
        let there = generations().await;
        old.map(|key| there.contains(&key))
    };
    // The coordinator's key opens names and notes, and there is none. SpeakerBox's is needed by both views.
    assert_eq!(purge().await.keys, 1);
    assert_eq!(old_are_there().await, [true, false]);
    // Sealed again, the open view needs it no more; the one that ended does.
    to(&press(&stays, "/desk/keys", "/desk/keys", &[("act", "seal-again")]).await);
    assert_eq!(purge().await.keys, 0);
    let page = stays.get(&format!("/desk/view/{ended}")).await.text();
    assert!(page.contains("Has ended."), "{page}");

    // Until its last text is over.
    let before = (generations().await, held().await);
    world
        .clock
        .forward(i64::from(THREAD.days - 1) * 24 * 60 * 60);
    assert_eq!(world.clock.today(), THREAD.ends(closed).plus_days(-1));
    assert_eq!((purge().await.keys, old_are_there().await[0]), (0, true));
    world.clock.forward(24 * 60 * 60);
    assert_eq!((purge().await.keys, old_are_there().await[0]), (1, false));
    assert_eq!(generations().await.len(), before.0.len() - 1);
    assert_eq!(held().await, before.1 - 1, "and what was sealed to dora");
    let log = world.store.audit_after(0, 1_000).await.unwrap();
    let last = log.last().unwrap();
    assert_eq!(
        (last.action.as_str(), last.outcome.as_str()),
        ("purge", "done")
    );
    assert_eq!(purge().await.keys, 0, "and nothing more");

    // Nothing that is left needed it: the desk, the drill, and the doctor.
    let findings = doctor::of_keys(&*world.store).await.unwrap();
    assert!(findings.iter().all(|finding| finding.sound), "{findings:?}");
    let drill = role_keys::verify_recovery_key(&*world.store, &AgeSealer, &world.recovery)
        .await
        .unwrap();
    assert!(
        drill.is_whole() && drill.texts[&TextKind::View] == (1, 1),
        "{drill:?}"
    );
    let mut stays = stays;
    stays.sign_in(&own_password("dora")).await;
    let page = stays.get(&format!("/desk/view/{open}")).await.text();
    assert!(page.contains("Stays open."), "{page}");
    // A control: what is needed does not go.
    let texts = world.store.sealed_text_generations().await.unwrap();
    let newest = vec![(RoleKey::Speakerbox, 2)];
    assert_eq!(
        world.store.delete_role_keys(newest, texts).await.unwrap(),
        Changed::Stale,
        "the newest is never deleted"
    );
}

#[tokio::test]
async fn a_drill_finds_a_role_key_that_does_not_open() {
    let world = World::new().await;
    world.send("Words.", "yes", "A name").await;
    let whole = role_keys::verify_recovery_key(&*world.store, &AgeSealer, &world.recovery)
        .await
        .unwrap();
    assert!(whole.is_whole());
    world.store.close().await;
    // Another key in the place of safety's, as a faulty restore might leave it.
    let path = world.data().join(server::bootstrap::DATABASE);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut db = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query(
        "UPDATE role_key SET for_recovery = (SELECT for_recovery FROM role_key WHERE role_key = 'committee') \
         WHERE role_key = 'safety'",
    )
    .execute(&mut db)
    .await
    .unwrap();
    sqlx::Connection::close(db).await.unwrap();
    let world = world.reopen().await;
    let drill = role_keys::verify_recovery_key(&*world.store, &AgeSealer, &world.recovery)
        .await
        .unwrap();
    assert!(!drill.is_whole());
    assert_eq!(drill.role_keys, (3, 4));
    let (opened, tried) = drill.texts[&TextKind::Identity];
    assert_eq!(
        (opened, tried),
        (1, 1),
        "the coordinator's key still opens the name"
    );
}

#[tokio::test]
async fn the_recovery_key_lets_in_the_first_of_a_role() {
    let world = World::new().await;
    let admin = world.desk("ada", Role::Admin).await;
    let code = invite(&admin, "cleo", Role::Safety).await;
    let store: &dyn Store = &*world.store;
    let entry = || world.entry("let-in");
    let early =
        role_keys::grant_keys_with_recovery(store, entry(), &AgeSealer, &world.recovery, "cleo")
            .await;
    assert!(early.is_err(), "she has not joined");
    let cleo = join(&world, &code, "cleo").await;
    let other = Identity::from_seed(&[7; 32]);
    assert!(
        role_keys::grant_keys_with_recovery(store, entry(), &AgeSealer, &other, "cleo")
            .await
            .is_err()
    );
    assert_eq!(to(&cleo.get("/desk/safety").await), "/desk/waiting");
    role_keys::grant_keys_with_recovery(store, entry(), &AgeSealer, &world.recovery, "cleo")
        .await
        .unwrap();
    assert_eq!(cleo.get("/desk/safety").await.status, StatusCode::OK);
    // Safety's key and no other.
    let id = id_of(&world, "cleo").await;
    let grants = world.store.grants(&id).await.unwrap();
    assert_eq!(grants.len(), 1);
    assert_eq!(grants[0].key, RoleKey::Safety);
    let nobody = Identity::from_seed(&[8; 32]);
    assert!(open_grant(&AgeSealer, &grants[0].sealed, &nobody).is_err());
}

#[tokio::test]
async fn the_last_reader_of_a_role_stays_until_somebody_else_is_in() {
    let world = World::new().await;
    let admin = world.desk("ada", Role::Admin).await;
    let people = [
        ("sue", Role::Speakerbox),
        ("cat", Role::Coordinator),
        ("dee", Role::Safety),
        ("eve", Role::Committee),
    ];
    for (name, role) in people {
        world.desk(name, role).await;
    }
    let last = world.words("error.account.last");
    for name in ["cat", "dee", "eve"] {
        let account = format!("/desk/accounts/{}", id_of(&world, name).await);
        for act in ["suspend", "remove"] {
            let refused = press(&admin, &account, &format!("{account}/{act}"), &[]).await;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            assert_eq!(refused.status, status, "{act} {name}");
            assert_shows(&refused, &last);
        }
        let staff = world.store.staff_by_name(name).await.unwrap().unwrap();
        assert!(!staff.suspended && staff.has_joined(), "{name}");
    }
    // The coordinator reads what is sealed to SpeakerBox, so SpeakerBox's last member may go.
    let sue = format!("/desk/accounts/{}", id_of(&world, "sue").await);
    to(&press(&admin, &sue, &format!("{sue}/suspend"), &[]).await);
    // Somebody who is invited only reads nothing yet; with a second one who is in, the first may go.
    let dee = format!("/desk/accounts/{}", id_of(&world, "dee").await);
    let invited = [("name", "hal"), ("role", "safety")];
    press(&admin, "/desk/accounts", "/desk/accounts", &invited).await;
    let refused = press(&admin, &dee, &format!("{dee}/suspend"), &[]).await;
    assert_shows(&refused, &last);
    world.desk("gil", Role::Safety).await;
    to(&press(&admin, &dee, &format!("{dee}/suspend"), &[]).await);
    // And then gil is the last. A person who forgot their password reads nothing; the program cannot know that, so it asks.
    let gil = format!("/desk/accounts/{}", id_of(&world, "gil").await);
    let refused = press(&admin, &gil, &format!("{gil}/remove"), &[]).await;
    assert_shows(&refused, &last);
    let again = format!("{gil}/invite-again");
    let refused = press(&admin, &gil, &again, &[]).await;
    assert_shows(&refused, &last);
    let again = press(&admin, &gil, &again, &[("nobody", "yes")]).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text());
}
