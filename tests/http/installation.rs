//! One process and one folder are the whole site; its health says nothing about anyone.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::page_text::assert_shows;
use crate::world::World;
use axum::http::{StatusCode, header};
use service::withdrawals;
use vault::server_keys;

// Source files under this folder whose text is so.
fn speaking_sources(folder: &std::path::Path, is_so: &dyn Fn(&str) -> bool) -> Vec<String> {
    fn walk(
        root: &std::path::Path,
        at: &std::path::Path,
        found: &mut Vec<String>,
        is_so: &dyn Fn(&str) -> bool,
    ) {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found, is_so);
            } else if path.extension().is_some_and(|end| end == "rs")
                && is_so(&std::fs::read_to_string(&path).unwrap())
            {
                found.push(path.strip_prefix(root).unwrap().display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found, is_so);
    found.sort();
    found
}

#[tokio::test]
async fn one_process_and_one_folder_are_the_whole_site() {
    let world = World::new().await;
    let words = world.send("Still here tomorrow.", "yes", "").await;
    let world = world.reopen().await;
    assert_shows(&world.follow(&words).await, "Still here tomorrow.");
    let mut files: Vec<String> = std::fs::read_dir(world.data())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let own = |file: &String| {
        file.starts_with(server::bootstrap::DATABASE)
            || [server_keys::FILE, withdrawals::FILE].contains(&file.as_str())
    };
    assert!(files.iter().all(own), "{files:?}");

    // Nothing in the server speaks to another one but the alerts about the safety lane: no other client for HTTP, mail
    // or another database is built into it.
    let lock =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock")).unwrap();
    for client in [
        "reqwest",
        "ureq",
        "isahc",
        "hyper-rustls",
        "redis",
        "sqlx-mysql",
        "native-tls",
    ] {
        assert!(!lock.contains(&format!("name = \"{client}\"")), "{client}");
    }
    assert!(lock.contains("name = \"sqlx-sqlite\""), "the control");
    let speaks = |text: &str| text.contains("lettre::") || text.contains("hyper::client");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap();
    let speakers: Vec<String> = ["app/src", "crates", "server/src"]
        .iter()
        .flat_map(|folder| speaking_sources(&root.join(folder), &speaks))
        .collect();
    assert_eq!(speakers, ["notify/src/hook.rs", "notify/src/mail.rs"]);
}

#[tokio::test]
async fn health_answers_without_a_word_about_anyone() {
    let world = World::new().await;
    world.send("Private.", "yes", "").await;
    let health = world.get("/health").await;
    assert_eq!(health.status, StatusCode::OK);
    assert_eq!(health.text(), "ok\n");
    assert_eq!(health.header(header::SET_COOKIE.as_str()), "");
}
