//! What is never stored of a sender: address, device, time of day, the six words.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::world::{NOON, World, count};
use domain::role::Role;
use sqlx::{ConnectOptions, Connection};
use std::collections::BTreeMap;
use store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use vault::key_derivation::Argon2Params;
use vault::receipts;
use vault::server_keys::ServerKeys;

#[tokio::test]
async fn no_address_and_no_device_of_the_sender_is_stored() {
    let world = World::new().await;
    let (check, mut fields) = world.check_page("From my phone.", "yes", "").await;
    fields.extend([
        ("step".to_owned(), "check".to_owned()),
        ("go".to_owned(), "send".to_owned()),
        ("ticket".to_owned(), check.hidden("ticket")),
    ]);
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&fields)
        .finish();

    // Over a real connection from an address that stands nowhere else, with the marks a browser or a proxy adds.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server_address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(web::accept::serve(listener, world.router.clone(), async {
        let _ = stopped.await;
    }));
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.77.88.99:0".parse().unwrap()).unwrap();
    let mut connection = socket.connect(server_address).await.unwrap();
    let request = format!(
        "POST /speak HTTP/1.1\r\nhost: pledge.test\r\norigin: https://pledge.test\r\nconnection: close\r\n\
         user-agent: Markerphone/7\r\nx-forwarded-for: 198.51.100.77\r\nx-device-id: markerdevice\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    assert!(
        answer.starts_with(b"HTTP/1.1 200 "),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    stop.send(()).unwrap();
    serving.await.unwrap();
    assert_eq!(world.store.views().await.unwrap().len(), 1);

    let bytes = world.every_byte();
    for mark in [
        "Markerphone",
        "markerdevice",
        "198.51.100.77",
        "127.77.88.99",
    ] {
        assert_eq!(count(&bytes, mark.as_bytes()), 0, "{mark}");
    }
    // A scrambled mark would not be found, so what there is room for is written down here.
    let columns = columns(&world).await;
    let of = |table: &str| columns.get(table).map(|names| names.join(" "));
    assert_eq!(
        of("view").as_deref(),
        Some(
            "seq id tag recipient day topic language state lane unread since has_identity meeting version burst held ended \
             about public"
        )
    );
    assert_eq!(
        of("body").as_deref(),
        Some("id view kind day generation writer sealed audience")
    );
    assert_eq!(
        of("event").as_deref(),
        Some("seq view day action role staff body reason meeting service service_day down_reason")
    );
    assert_eq!(of("alert").as_deref(), Some("id view kind since mail hook"));
}

// The columns of every table.
async fn columns(world: &World) -> BTreeMap<String, Vec<String>> {
    let path = world.data().join(server::bootstrap::DATABASE);
    let mut db = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .connect()
        .await
        .unwrap();
    let ask = "SELECT s.name, c.name FROM sqlite_schema AS s, pragma_table_info(s.name) AS c \
               WHERE s.type = 'table' ORDER BY s.name, c.cid";
    let rows: Vec<(String, String)> = sqlx::query_as(ask).fetch_all(&mut db).await.unwrap();
    db.close().await.unwrap();
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in rows {
        columns.entry(table).or_default().push(column);
    }
    columns
}

#[tokio::test]
async fn of_the_senders_times_only_the_day_is_kept() {
    let world = World::new().await;
    let words = world.send("At noon.", "yes", "").await;
    world.sender(&words, "write", "A minute later.").await;
    let moment = u32::try_from(NOON).unwrap().to_be_bytes();
    let found = || {
        let bytes = world.every_byte();
        count(&bytes, &moment) + count(&bytes, NOON.to_string().as_bytes())
    };
    assert_eq!(found(), 0);
    let id = world.newest().await;
    for event in world.store.events(&id).await.unwrap() {
        assert_eq!(event.day.to_string(), "2026-11-21");
    }
    // The control: staff sign-ins do keep their moment, and the search finds it.
    world.desk("somebody", Role::Speakerbox).await;
    assert!(found() > 0);
}

#[tokio::test]
async fn six_words_are_stretched_and_kept_nowhere() {
    let world = World::new().await;
    let words = world.send("Keep this.", "yes", "").await;
    let id = world.newest().await;
    world.sender(&words, "write", "And this.").await;

    // They find the view only through the stretch and this installation's own secrets.
    let keys = &world.site.pledge.keys;
    let cost = world.site.pledge.cost;
    let tag = |keys: &ServerKeys, cost| receipts::derive(keys, &words, cost).unwrap().tag;
    let found = world.store.view_by_tag(&tag(keys, cost)).await.unwrap();
    assert_eq!(found.unwrap().id, id);
    let elsewhere = ServerKeys::generate(&vault::random::SystemRandom);
    let other_cost = Argon2Params {
        passes: cost.passes + 1,
        ..cost
    };
    for other in [tag(&elsewhere, cost), tag(keys, other_cost)] {
        assert!(world.store.view_by_tag(&other).await.unwrap().is_none());
    }
    assert_eq!(
        (Argon2Params::FULL.memory_kib, Argon2Params::FULL.passes),
        (64 * 1024, 3)
    );

    let bytes = world.every_byte();
    let seed = receipts::derive(keys, &words, cost).unwrap().seed;
    assert_eq!(count(&bytes, &seed), 0, "the key is kept nowhere");
    for kept in [
        words.clone(),
        words.replace(' ', "-"),
        words.replace(' ', ""),
    ] {
        assert_eq!(count(&bytes, kept.as_bytes()), 0, "{kept}");
    }
    // The control: the tag is there.
    assert!(count(&bytes, &tag(keys, cost)) > 0);
}
