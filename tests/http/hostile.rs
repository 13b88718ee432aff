//! Malformed forms, JSON, paths, methods, headers and sizes get a plain page or a JSON error with the right status:
//! never a 5xx, never a lost draft, always the headers that protect.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, World};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use proptest::prelude::*;

fn assert_protected(what: &str, answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("strict-transport-security", "max-age=63072000"),
    ] {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{what}: {policy}");
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
        "{what}: {policy}"
    );
    assert!(!answer.header("permissions-policy").is_empty(), "{what}");
    assert!(!answer.header("cache-control").is_empty(), "{what}");
    for name in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert_eq!(answer.header(name), "", "{what}: {name}");
    }
    assert_eq!(
        answer.header("set-cookie"),
        "",
        "{what}: a cookie for somebody who is not staff"
    );
    let text = answer.text();
    if answer.header("content-type").starts_with("text/html") {
        assert!(!text.contains(" style=\""), "{what}: an inline style");
        assert!(
            policy.contains("require-trusted-types-for 'script'"),
            "{what}"
        );
        let help = text.contains("0800 1111") && text.contains("999");
        assert!(help || what.starts_with("HEAD "), "{what}: help is missing");
    }
}

#[tokio::test]
async fn every_address_answers_every_method() {
    let world = World::new().await;
    let addresses = web::addresses(&world.site);
    assert!(addresses.len() > 50, "{}", addresses.len());
    for (address, methods) in addresses {
        let path = address
            .replace("{id}", "0")
            .replace("{meeting}", "0")
            .replace("{view}", "0")
            .replace("{slug}", "complaint")
            .replace("{act}", "x");
        for method in [
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW",
        ] {
            let request = Request::builder()
                .method(Method::from_bytes(method.as_bytes()).unwrap())
                .uri(&path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from("nonsense=1"))
                .unwrap();
            let answer = world.request(request).await;
            let what = format!("{method} {path}");
            assert!(answer.status.as_u16() < 500, "{what}: {}", answer.status);
            let known = methods.contains(&method) || (method == "HEAD" && methods.contains(&"GET"));
            assert_eq!(
                answer.status == StatusCode::METHOD_NOT_ALLOWED,
                !known,
                "{what}: {}",
                answer.status
            );
            assert_protected(&what, &answer);
        }
    }
}

#[tokio::test]
async fn the_desk_opens_for_nobody_who_is_not_signed_in() {
    let world = World::new().await;
    for (address, _) in web::addresses(&world.site) {
        if !address.starts_with("/desk")
            || address == "/desk/sign-in"
            || address == "/desk/sign-out"
        {
            continue;
        }
        let path = address.replace(['{', '}'], "");
        let join = address.starts_with("/desk/join/");
        for cookie in [
            "",
            "__Host-s=AAAA",
            "__Host-s=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ] {
            let get = Request::get(&path)
                .header(header::COOKIE, cookie)
                .body(Body::empty())
                .unwrap();
            let answer = world.request(get).await;
            // An invitation that nobody was given is not there.
            let turned_away = match join {
                true => [StatusCode::NOT_FOUND; 2],
                false => [StatusCode::SEE_OTHER, StatusCode::METHOD_NOT_ALLOWED],
            };
            assert!(
                turned_away.contains(&answer.status),
                "GET {path}: {}",
                answer.status
            );
            let answer = world.post(&path, &[("token", "x"), ("text", "y")]).await;
            assert!(
                turned_away.contains(&answer.status),
                "POST {path}: {}",
                answer.status
            );
        }
    }
}

#[tokio::test]
async fn a_form_from_another_site_or_with_another_token_does_nothing() {
    let world = World::new().await;
    world.send("Mine.", "yes", "").await;
    let id = world.newest().await;
    let desk = world.desk("careful", domain::role::Role::Speakerbox).await;
    let page = desk.get(&format!("/desk/view/{id}")).await;
    let version = page.hidden("version");
    let path = format!("/desk/view/{id}/note");
    let forged = desk
        .post(
            &path,
            &[("token", "guess"), ("version", &version), ("text", "x")],
        )
        .await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let token = page.hidden("token");
    let body = format!("token={token}&version={version}&text=x");
    let request = Request::post(&path)
        .header(header::HOST, "pledge.test")
        .header(header::ORIGIN, "https://evil.test")
        .header(header::COOKIE, &desk.cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    assert_eq!(world.request(request).await.status, StatusCode::FORBIDDEN);
    // The control: the same form from our own page is done.
    let own = desk
        .post(
            &path,
            &[("token", &token), ("version", &version), ("text", "x")],
        )
        .await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn too_much_and_the_wrong_kind_are_refused_in_words() {
    let world = World::new().await;
    let send = async |path: &str,
                      kind: &str,
                      extra: Option<(&'static str, &'static str)>,
                      body: Vec<u8>| {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, kind);
        if let Some((name, value)) = extra {
            request = request.header(name, value);
        }
        world.request(request.body(Body::from(body)).unwrap()).await
    };
    let form = "application/x-www-form-urlencoded";
    let big = [b"said=".to_vec(), vec![b'x'; 10_000_000]].concat();
    for path in ["/speak", "/follow", "/desk/sign-in"] {
        assert_eq!(
            send(path, form, None, big.clone()).await.status,
            StatusCode::PAYLOAD_TOO_LARGE,
            "{path}"
        );
        for kind in ["text/plain", "multipart/form-data; boundary=x", "", "é"] {
            assert_eq!(
                send(path, kind, None, b"a=b".to_vec()).await.status,
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            );
        }
        let squeezed = send(
            path,
            form,
            Some(("content-encoding", "gzip")),
            b"a=b".to_vec(),
        )
        .await;
        assert_eq!(squeezed.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let many = "a=b&".repeat(1_000);
        assert_eq!(
            send(path, form, None, many.into_bytes()).await.status,
            StatusCode::BAD_REQUEST
        );
    }
    for (body, status) in [
        (b"{".to_vec(), StatusCode::BAD_REQUEST),
        (b"[]".to_vec(), StatusCode::BAD_REQUEST),
        (b"{\"words\":1e400}".to_vec(), StatusCode::BAD_REQUEST),
        (
            b"{\"words\":\"a\",\"words\":\"b\"}".to_vec(),
            StatusCode::BAD_REQUEST,
        ),
        (b"{\"other\":1}".to_vec(), StatusCode::BAD_REQUEST),
        (b"{\"words\":\"\xff\"}".to_vec(), StatusCode::BAD_REQUEST),
        (b"[".repeat(10_000), StatusCode::BAD_REQUEST),
        (
            b"{\"words\":\"never heard of\"}".to_vec(),
            StatusCode::NOT_FOUND,
        ),
        (vec![b' '; 10_000_000], StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let answer = send("/api/v1/follow", "application/json", None, body).await;
        assert_eq!(answer.status, status);
        let json: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap();
        assert!(json["error"].is_string() && json["message"].is_string());
    }
    assert_eq!(
        send("/api/v1/follow", form, None, b"words=x".to_vec())
            .await
            .status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
}

#[tokio::test]
async fn young_peoples_pages_are_sent_small_and_the_desks_are_not() {
    let world = World::new().await;
    let get = |path: &str| {
        Request::builder()
            .uri(path)
            .header(header::ACCEPT_ENCODING, "gzip, br")
            .body(Body::empty())
            .unwrap()
    };
    for path in ["/speak", "/follow", "/you-said", "/nowhere"] {
        let answer = world.request(get(path)).await;
        assert_eq!(answer.header("content-encoding"), "br", "{path}");
        assert!(answer.bytes.len() < 7_000, "{path}: {}", answer.bytes.len());
        let opened = compress::open_brotli(&answer.bytes).unwrap();
        assert!(
            String::from_utf8(opened).unwrap().ends_with("</html>"),
            "{path}"
        );
    }
    let answer = world.request(get("/desk/sign-in")).await;
    assert_eq!(answer.header("content-encoding"), "", "the desk");
}

#[tokio::test]
async fn odd_addresses_get_a_page() {
    let world = World::new().await;
    for path in [
        "/nothing",
        "/rights/nothing",
        "/rights/",
        "/%00",
        "/%ff%fe",
        "/..%2f..%2fetc/passwd",
        "/rights/visits/",
        "/desk/view/%ff",
        "//",
        "/pkg/../server-keys.json",
        "/speak?a=b&a=%zz",
        "/api/v1/nothing",
    ] {
        let answer = world.get(path).await;
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
        assert_protected(path, &answer);
    }
    assert_eq!(world.get("/nothing").await.status, StatusCode::NOT_FOUND);
    // An address that is no text is no page either; what says so is one of ours.
    for path in [
        "/letters/%ff",
        "/es/letters/%ff",
        "/desk/view/%ff",
        "/desk/join/%ff",
        "/desk/meetings/%ff/%ff",
        "/desk/page-editor/%ff/history",
    ] {
        let answer = world.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        let text = answer.text();
        assert!(
            text.contains("<h1") && text.contains("/leave"),
            "{path}: {text}"
        );
    }
}

#[tokio::test]
async fn no_address_takes_what_another_site_sends() {
    let world = World::new().await;
    let mut tried = 0;
    for (address, methods) in web::addresses(&world.site) {
        if !methods.contains(&"POST") {
            continue;
        }
        tried += 1;
        let path = address.replace(['{', '}'], "");
        for (site, refused) in [
            ("cross-site", true),
            ("same-site", true),
            ("same-origin", false),
        ] {
            let request = Request::post(&path)
                .header("sec-fetch-site", site)
                .body(Body::empty())
                .unwrap();
            let status = world.request(request).await.status;
            // The control: from our own pages each gets further.
            assert_eq!(
                status == StatusCode::FORBIDDEN,
                refused,
                "{site} {path}: {status}"
            );
        }
    }
    assert!(tried > 30, "{tried}");
}

#[tokio::test]
async fn an_error_on_any_step_keeps_every_word() {
    let world = World::new().await;
    let long = "word ".repeat(1_000);
    let kept = [
        ("said", "My <b>own</b> words & \"signs\".\nSecond line."),
        ("wish", "A wish."),
        ("identity", "Sam"),
    ];
    for (step, wrong) in [
        ("about", vec![("topic", "nonsense")]),
        ("say", vec![("said", "")]),
        ("say", vec![("said", long.as_str())]),
        ("safe", vec![("safe", "")]),
        ("you", vec![("named", "yes"), ("identity", "")]),
        ("check", vec![("ticket", "nonsense"), ("go", "send")]),
        ("nonsense", vec![]),
    ] {
        let mut fields: Vec<(&str, &str)> = wrong.clone();
        for (name, value) in kept {
            if !wrong.iter().any(|(field, _)| *field == name) {
                fields.push((name, value));
            }
        }
        fields.extend([("step", step), ("go", "next")]);
        let text = world.post("/speak", &fields).await.text();
        for (name, value) in &fields {
            if ["said", "wish", "identity"].contains(name) && !value.is_empty() {
                let escaped = value
                    .replace('&', "&amp;")
                    .replace('<', "&lt;")
                    .replace('>', "&gt;");
                let in_attribute = escaped.replace('"', "&quot;");
                assert!(
                    text.contains(&escaped) || text.contains(&in_attribute),
                    "{step}: lost {name}\n{text}"
                );
            }
        }
        assert!(!text.contains("<b>own</b>"), "{step}: not escaped");
    }
}

#[tokio::test]
async fn the_last_step_says_what_might_show_who_somebody_is() {
    let world = World::new().await;
    let said = "Ring me on 020 7946 0958. My name is Sam.";
    let (anonymous, _) = world.check_page(said, "yes", "").await;
    let html = anonymous.text();
    for line in [
        "This might show who you are:",
        "a phone number",
        "a name is in here",
    ] {
        assert!(html.contains(line), "{line}");
    }
    assert!(!html.contains("a postcode"));
    // Nothing to say, or a name that was given on purpose.
    for (said, name) in [("It is cold here.", ""), (said, "Sam")] {
        let (page, _) = world.check_page(said, "yes", name).await;
        assert!(
            !page.text().contains("This might show who you are:"),
            "{said} {name}"
        );
    }
}

#[tokio::test]
async fn a_text_that_holds_the_receipt_is_not_sent() {
    let world = World::new().await;
    let (check, mut fields) = world.check_page("Anything.", "yes", "").await;
    let ticket = check.hidden("ticket");
    let words = world
        .site
        .pledge
        .ticket_words(&ticket)
        .unwrap()
        .words
        .clone();
    fields.retain(|(name, _)| name != "said");
    fields.push(("said".to_owned(), format!("My words are {words}")));
    assert_eq!(
        world.send_again(&ticket, &fields).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    use store::Store;
    assert!(world.store.views().await.unwrap().is_empty());
}

#[test]
fn any_form_is_answered_below_500() {
    // One site for all of them: to begin a site takes longer than to answer.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let world = runtime.block_on(World::new());
    let config = ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(
        path in prop::sample::select(vec!["/speak", "/follow", "/desk/sign-in", "/api/v1/views", "/api/v1/follow"]),
        json in any::<bool>(),
        pairs in prop::collection::vec((
            prop::sample::select(vec!["step", "go", "topic", "said", "safe", "ticket", "typed", "words", "handle", "act", "name", "x"]),
            prop_oneof![
                ".{0,40}",
                prop::sample::select(vec!["about", "say", "check", "send", "next", "back", "keep", "start", "no"]).prop_map(str::to_owned),
            ],
        ), 0..12),
    )| {
        let (kind, body) = if json {
            let map: serde_json::Map<String, serde_json::Value> =
                pairs.iter().map(|(k, v)| ((*k).to_owned(), serde_json::Value::from(v.clone()))).collect();
            ("application/json", serde_json::Value::Object(map).to_string())
        } else {
            ("application/x-www-form-urlencoded",
             form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish())
        };
        let request = Request::post(path).header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
        let answer = runtime.block_on(world.request(request));
        prop_assert!(answer.status.as_u16() < 500, "{}", answer.status);
    });
}
