//! What the committee, its clerk and the administrator can open together, with everything an insider could lay hands on:
//! their passwords and sessions, the whole database, and the server's key file. No view of a thousand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{CHEAP, World, own_password};
use domain::audience::TextKind;
use domain::role::Role;
use model::SpeakAnswers;
use service::speak::SendOutcome;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use store::Store;
use store_sqlite::SqliteStore;
use vault::seal::{AgeSealer, Identity, Sealer};
use vault::server_keys::{self, ServerKeys};
use vault::staff_keys::{SessionToken, Wrapped, open_grant, password_key, unwrap};

const VIEWS: usize = 1_000;

/// Somebody's name, and the cookie of their session.
type Credentials = (&'static str, String);

/// Every key that these people can get out of the data folder.
async fn every_key(world: &World, people: &[Credentials]) -> Vec<Identity> {
    let keys = ServerKeys::read_file(&world.data().join(server_keys::FILE)).unwrap();
    let store = SqliteStore::open(&world.data().join(server::bootstrap::DATABASE))
        .await
        .unwrap();
    let staff = store.all_staff().await.unwrap();
    let mut found: Vec<Identity> = Vec::new();
    // Every password, on every account's wrapped key.
    for (name, _) in people {
        for account in &staff {
            let key = password_key(&keys, &own_password(name), &account.salt, CHEAP).unwrap();
            found.extend(unwrap(
                &key,
                &account.name,
                &Wrapped(account.wrapped.clone()),
            ));
        }
    }
    // Every cookie, on every session's wrapped key.
    let mut db = SqliteConnectOptions::new()
        .filename(world.data().join(server::bootstrap::DATABASE))
        .read_only(true)
        .connect()
        .await
        .unwrap();
    let sessions: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT staff, wrapped FROM session")
        .fetch_all(&mut db)
        .await
        .unwrap();
    for (_, cookie) in people {
        let token = SessionToken::from_cookie(cookie).unwrap();
        for (account, wrapped) in &sessions {
            let wrapping = token.wrapping_key();
            found.extend(unwrap(&wrapping, account, &Wrapped(wrapped.clone())));
        }
    }
    // The server's own secrets, taken for keys of readers.
    let tags = [keys.tag(b""), *keys.token_key(), *keys.audit_seed()];
    found.extend(tags.iter().map(Identity::from_seed));
    // With those, every role key that is sealed to anybody, and to the recovery key, until nothing new opens.
    let mut sealed: Vec<Vec<u8>> = Vec::new();
    for account in &staff {
        let grants = store.grants(&account.id).await.unwrap();
        sealed.extend(grants.into_iter().map(|grant| grant.sealed));
    }
    let role_keys = store.role_keys().await.unwrap();
    sealed.extend(role_keys.into_iter().map(|key| key.for_recovery));
    loop {
        let before = sealed.len();
        let mut opened = Vec::new();
        sealed.retain(|grant| {
            let key = found
                .iter()
                .find_map(|with| open_grant(&AgeSealer, grant, with).ok());
            let stays = key.is_none();
            opened.extend(key);
            stays
        });
        found.extend(opened);
        if sealed.len() == before {
            break;
        }
    }
    store.close().await;
    found
}

/// How many texts of this kind one of these keys opens.
async fn opened(world: &World, kind: TextKind, keys: &[Identity]) -> usize {
    let mut opened = 0;
    for row in world.store.views().await.unwrap() {
        for body in world.store.bodies(&row.id).await.unwrap() {
            let is_open = body.kind == kind && AgeSealer.open_bytes(&body.sealed, keys).is_ok();
            opened += usize::from(is_open);
        }
    }
    opened
}

#[tokio::test]
async fn committee_clerk_and_admin_with_the_whole_database_open_no_view_of_a_thousand() {
    let world = World::new().await;
    let pledge = &world.site.pledge;
    for number in 0..VIEWS {
        let answers = SpeakAnswers {
            topic: "home".to_owned(),
            said: format!("View {number}."),
            safe: if number % 2 == 0 { "yes" } else { "no" }.to_owned(),
            named: "yes".to_owned(),
            identity: "Sam".to_owned(),
            ..SpeakAnswers::default()
        };
        let ticket = pledge.new_ticket(None).await;
        let sent = pledge.send_view(&ticket, &answers, None).await.unwrap();
        assert!(matches!(sent, SendOutcome::Stored { .. }));
    }
    let mut people = Vec::new();
    for (name, role) in [
        ("Eve", Role::Committee),
        ("Kim", Role::Clerk),
        ("Fay", Role::Admin),
        ("Tia", Role::Speakerbox),
        ("Cat", Role::Coordinator),
    ] {
        let desk = world.desk(name, role).await;
        let cookie = desk.cookie.split_once('=').unwrap().1.to_owned();
        people.push((name, cookie));
    }
    let insiders = every_key(&world, &people[..3]).await;
    // Each has their own key twice (password, session); committee and clerk open the committee's key.
    assert!(insiders.len() > 6 + 3, "{}", insiders.len());
    assert_eq!(opened(&world, TextKind::View, &insiders).await, 0);
    assert_eq!(opened(&world, TextKind::Identity, &insiders).await, 0);
    // The control: the same search with the credentials of one triager opens every view that is not marked unsafe, and no
    // name; with those of the coordinator every view and every name.
    let triager = every_key(&world, &people[3..4]).await;
    assert_eq!(opened(&world, TextKind::View, &triager).await, VIEWS / 2);
    assert_eq!(opened(&world, TextKind::Identity, &triager).await, 0);
    let coordinator = every_key(&world, &people[4..]).await;
    assert_eq!(opened(&world, TextKind::View, &coordinator).await, VIEWS);
    assert_eq!(
        opened(&world, TextKind::Identity, &coordinator).await,
        VIEWS
    );
}
