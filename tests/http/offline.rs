//! The copy that somebody may keep on their phone: the list holds what is public and nothing else, it says the truth
//! about sizes and changes, and the headers let the page and its worker do just that.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, World};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::role::Role;
use serde_json::Value;
use std::collections::BTreeSet;

const HTML: &str = "text/html; charset=utf-8";

async fn list(world: &World) -> Value {
    let answer = world.get("/keep/list.json").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer
            .header("content-type")
            .starts_with("application/json")
    );
    serde_json::from_slice(&answer.bytes).unwrap()
}

fn paths(list: &Value) -> BTreeSet<String> {
    let files = list["files"].as_array().unwrap();
    let paths: BTreeSet<String> = files
        .iter()
        .map(|file| file["path"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(paths.len(), files.len(), "each stands once");
    paths
}

// As a phone gets it.
async fn brotli(world: &World, path: &str) -> Answer {
    let request = Request::get(path)
        .header(header::ACCEPT_ENCODING, "br")
        .body(Body::empty())
        .unwrap();
    world.request(request).await
}

// Without a dot in its name, and yet no page.
fn is_file_of_an_island(path: &str) -> bool {
    ["/check/kit", "/search/words"].contains(&path)
}

// Everything that must not be in a list, by a list.
fn faults(world: &World, list: &Value) -> Vec<String> {
    let public = web::public_addresses(&world.site.content);
    let files = [
        "/check/kit",
        "/search/words",
        "/keep.js",
        "/manifest.webmanifest",
    ];
    paths(list)
        .into_iter()
        .filter(|path| {
            let below = |root: &str| path == root || path.starts_with(&format!("{root}/"));
            let never = ["/speak", "/follow", "/desk", "/leave", "/api"];
            let known = public.contains(path)
                || files.contains(&path.as_str())
                || path.starts_with("/pkg/");
            !known || never.into_iter().any(below)
        })
        .collect()
}

#[tokio::test]
async fn the_list_is_public_pages_the_checker_the_search_and_nothing_else() {
    let world = World::new().await;
    let mut list = list(&world).await;
    assert_eq!(faults(&world, &list), [] as [String; 0]);
    let there = paths(&list);
    for right in &world.site.content.rights {
        let path = format!("/rights/{}", right.slug);
        assert!(there.contains(&path), "{path}");
    }
    for path in [
        "/",
        "/help",
        "/you-said",
        "/committee",
        "/menu",
        "/keep",
        "/keep.js",
    ] {
        assert!(there.contains(path), "{path}");
    }
    for path in [
        "/check",
        "/check/kit",
        "/pkg/check.js",
        "/pkg/check_bg.wasm",
        "/search",
        "/search/words",
        "/pkg/search.js",
        "/pkg/search_bg.wasm",
    ] {
        assert_eq!(there.contains(path), world.site.has_bundle(), "{path}");
    }

    // The control: a page of Speak that is planted is found.
    let files = list["files"].as_array_mut().unwrap();
    files.push(serde_json::json!({"path": "/speak", "bytes": 1, "etag": "x"}));
    assert_eq!(faults(&world, &list), ["/speak"]);
}

#[tokio::test]
async fn the_list_says_what_is_served() {
    let world = World::new().await;
    let list = list(&world).await;
    let mut room = 0;
    let mut data = 0;
    for file in list["files"].as_array().unwrap() {
        let path = file["path"].as_str().unwrap();
        let answer = world.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("set-cookie"), "", "{path}");
        assert_eq!(answer.bytes.len(), file["bytes"], "{path}");
        // The pages of the checker and the search have a nonce, and so no ETag.
        if ["/check", "/search"].contains(&path) {
            assert_eq!(answer.header("etag"), "");
        } else {
            assert_eq!(answer.header("etag"), file["etag"], "{path}");
        }
        room += answer.bytes.len();
        data += brotli(&world, path).await.bytes.len();
        if answer.header("content-type") == HTML {
            // Where the note "this is your copy" goes.
            let html = answer.text();
            assert_eq!(html.matches("<main id=\"main\">").count(), 1, "{path}");
        }
    }
    let page = world.get("/keep").await.text();
    let words = &world.site.content.words;
    let said = |key: &str, name: &str| -> usize {
        let text = words.get(key);
        let (before, after) = text.split_once(&format!("{{{name}}}")).unwrap();
        let mut numbers = page.split(before).skip(1).filter_map(|rest| {
            let (number, _) = rest.split_once(after)?;
            number.parse().ok()
        });
        numbers.next().unwrap()
    };
    let pages = paths(&list)
        .iter()
        .filter(|path| !path.contains('.') && !is_file_of_an_island(path))
        .count();
    assert_eq!(said("keep.what", "pages"), pages);
    let kb = said("keep.room", "room");
    assert!(
        room <= kb * 1_000 && room + 30_000 > kb * 1_000,
        "{room} bytes of room, {kb} KB said"
    );
    // Headers come on top of what is counted here: up to 1,500 bytes for each.
    let there = paths(&list).len();
    let kb = said("keep.data", "data");
    assert!(
        data <= kb * 1_000 && data + 30_000 + there * 1_500 > kb * 1_000,
        "{data} bytes of data, {kb} KB said"
    );
    let file = brotli(&world, "/keep/pledge.html").await.bytes.len();
    assert_eq!(said("keep.file-size", "file"), file.div_ceil(1_000));
}

#[tokio::test]
async fn the_version_follows_what_is_kept() {
    let world = World::new().await;
    let before = list(&world).await;
    assert_eq!(list(&world).await, before, "nothing changed");
    let clerk = world.desk("clerk", Role::Clerk).await;
    let token = clerk.get("/desk/meetings").await.hidden("token");
    let meeting = [
        ("token", token.as_str()),
        ("day", "2026-12-10"),
        ("title", "Winter meeting"),
    ];
    clerk.post("/desk/meetings", &meeting).await;
    let after = list(&world).await;
    assert_ne!(after["version"], before["version"]);
    let changed: Vec<&str> = after["files"]
        .as_array()
        .unwrap()
        .iter()
        .zip(before["files"].as_array().unwrap())
        .filter(|(after, before)| after != before)
        .map(|(after, _)| after["path"].as_str().unwrap())
        .collect();
    assert_eq!(changed, ["/committee"]);
}

#[tokio::test]
async fn the_worker_carries_the_list_and_may_fetch_our_pages_alone() {
    let world = World::new().await;
    let answer = world.get("/sw.js").await;
    assert_eq!(answer.status, StatusCode::OK);
    for (name, value) in [
        ("content-type", "text/javascript; charset=utf-8"),
        (
            "content-security-policy",
            "default-src 'none'; connect-src 'self'",
        ),
        ("cache-control", "private, no-cache"),
        ("service-worker-allowed", "/"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    assert_ne!(answer.header("etag"), "");
    let text = answer.text();
    let (_, rest) = text.split_once("const KEPT = ").unwrap();
    let (kept, rest) = rest.split_once(";\n").unwrap();
    let kept: Value = serde_json::from_str(kept).unwrap();
    let list = list(&world).await;
    assert_eq!(kept["version"], list["version"]);
    assert_eq!(kept["files"], list["files"]);
    for note in ["copy", "down"] {
        assert!(kept["words"][note].as_str().unwrap().contains("{date}"));
    }
    assert!(rest.contains("caches.open"));
}

#[tokio::test]
async fn only_the_page_that_keeps_may_start_a_worker() {
    let world = World::new().await;
    let page = world.get("/keep").await;
    let policy = page.header("content-security-policy");
    for part in [
        "script-src 'sha256-",
        "worker-src 'self'",
        "manifest-src 'self'",
        "require-trusted-types-for 'script'; trusted-types keep",
    ] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert!(!policy.contains("connect-src") && !policy.contains("unsafe"));
    for path in web::public_addresses(&world.site.content) {
        let answer = world.get(&path).await;
        let html = answer.text();
        assert!(
            !html.contains("rel=\"manifest\""),
            "{path}: announces an app"
        );
        assert!(!html.contains("serviceWorker"), "{path}");
        if path == "/keep" {
            continue;
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.ends_with("trusted-types 'none'"), "{path}: {policy}");
        assert!(!policy.contains("worker-src"), "{path}: {policy}");
        assert!(!html.contains("keep.js"), "{path}");
    }
}

#[tokio::test]
async fn the_manifest_is_neutral_and_its_icons_are_there() {
    let world = World::new().await;
    let answer = world.get("/manifest.webmanifest").await;
    assert_eq!(
        answer.header("content-type"),
        "application/manifest+json; charset=utf-8"
    );
    let manifest: Value = serde_json::from_slice(&answer.bytes).unwrap();
    assert_eq!(manifest["name"], "Pledge");
    assert_eq!(manifest["start_url"], "/");
    let icons = manifest["icons"].as_array().unwrap();
    assert_eq!(icons.len(), 3);
    for icon in icons {
        let answer = world.get(icon["src"].as_str().unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), icon["type"]);
        let size = icon["sizes"].as_str().unwrap();
        if let Some((width, _)) = size.split_once('x') {
            // Width stands after the signature, the length and the name of the first chunk.
            assert_eq!(&answer.bytes[1..4], b"PNG");
            let drawn = u32::from_be_bytes(answer.bytes[16..20].try_into().unwrap());
            assert_eq!(drawn.to_string(), width);
        }
    }
}

#[tokio::test]
async fn one_file_holds_every_right_and_needs_nothing_else() {
    let world = World::new().await;
    let answer = world.get("/keep/pledge.html").await;
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"pledge.html\""
    );
    let html = answer.text();
    let content = &world.site.content;
    for right in &content.rights {
        assert!(html.contains(&right.article.title), "{}", right.slug);
    }
    let date = content.words.day("2026-11-21".parse().unwrap());
    let made = content.words.fill("keep.one.made", &[("date", &date)]);
    assert!(html.contains(&made));
    for tag in [
        "<script", "<form", "<input", "<button", "<img", "src=", "href=\"/", "url(",
    ] {
        assert!(!html.contains(tag), "{tag}");
    }
    let values = |name: &str| -> Vec<&str> {
        html.split(&format!(" {name}=\""))
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect()
    };
    let ids = values("id");
    let unique: BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "each id stands once");
    let mut inside = 0;
    for link in values("href") {
        if let Some(id) = link.strip_prefix('#') {
            assert!(ids.contains(&id), "#{id}");
            inside += 1;
        }
    }
    assert!(inside > 50, "{inside} links inside");
    assert_eq!(html.matches("<h1").count(), 1);
}

/// What a policy in a page allows of a directive; nothing if it does not name it.
fn allowed<'p>(policy: &'p str, directive: &str) -> &'p str {
    let parts = policy.split(';').map(str::trim);
    let named = parts.filter_map(|part| part.split_once(' '));
    named
        .filter(|(name, _)| *name == directive)
        .map(|(_, value)| value)
        .next()
        .unwrap_or("")
}

/// What stands against opening a file from disk: a policy that is missing, comes late or allows what the file needs not.
fn policy_faults(html: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mark = "<meta http-equiv=\"Content-Security-Policy\" content=\"";
    let Some((before, rest)) = html.split_once(mark) else {
        return vec!["it has no policy"];
    };
    if ["<style", "<script", "<link", "<body"]
        .iter()
        .any(|tag| before.contains(tag))
    {
        found.push("its policy comes late");
    }
    let policy = rest.split('"').next().unwrap().replace("&#x27;", "'");
    for (directive, value) in [
        ("default-src", "'none'"),
        ("script-src", ""),
        ("connect-src", ""),
        ("img-src", "data:"),
        ("form-action", "'none'"),
        ("base-uri", "'none'"),
        ("require-trusted-types-for", "'script'"),
        ("trusted-types", "'none'"),
    ] {
        if allowed(&policy, directive) != value {
            found.push("its policy is not the strictest");
        }
    }
    let style = html
        .split("<style>")
        .nth(1)
        .and_then(|rest| rest.split("</style>").next());
    let hash = web::static_body::csp_hash(style.unwrap_or_default());
    if allowed(&policy, "style-src") != hash {
        found.push("its policy does not fit its style");
    }
    found
}

#[tokio::test]
async fn the_one_file_carries_its_own_policy() {
    let world = World::new().await;
    let html = world.get("/keep/pledge.html").await.text();
    assert_eq!(policy_faults(&html), [] as [&str; 0]);
    // The controls.
    let late = html.replace("<head>", "<head><style></style>");
    assert!(policy_faults(&late).contains(&"its policy comes late"));
    for (from, to, fault) in [
        ("Content-Security-Policy", "x", "it has no policy"),
        (
            "img-src data:",
            "img-src *",
            "its policy is not the strictest",
        ),
        ("</style>", " </style>", "its policy does not fit its style"),
    ] {
        assert_eq!(policy_faults(&html.replacen(from, to, 1)), [fault]);
    }
}
