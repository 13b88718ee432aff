//! The header table (S2): what every answer carries, by kind of answer, for every address, method and status there is,
//! files, errors and refusals among them.
//!
//! Where this is stricter than the table it follows: what the checker answers is never stored either, files say
//! `private` as well, and files carry the same list of powers as pages. Reports of policy violations are not collected, so
//! no policy names a place for them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, DeskClient, World};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use domain::role::Role;
use std::collections::{BTreeMap, BTreeSet};

/// What an answer is; the columns of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A page whose bytes are fixed.
    Reading,
    /// The page that offers to keep a copy on the phone.
    Keep,
    /// A page made for this request, without an island.
    Made,
    /// The same with an island.
    Island,
    /// A file.
    File,
    /// The script that holds the copy on the phone.
    Worker,
    /// JSON, a redirect, a plain answer, a calendar.
    Bare,
}

/// What the browser may use: nothing of this.
const POWERS: [&str; 14] = [
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
];

/// Where the cookie of staff is set, changed or taken away.
const SIGNS: [&str; 5] = [
    "/desk/sign-in",
    "/desk/code",
    "/desk/second-factor",
    "/desk/password",
    "/desk/sign-out",
];

/// What was asked.
struct Asked {
    method: String,
    path: String,
    /// May set or clear the cookie of staff.
    signs: bool,
}

/// The address of the same page in English: `/es/help` is `/help`.
fn in_english(path: &str) -> &str {
    let (code, rest) = path.split_at(path.len().min(3));
    let is_code = code.len() == 3 && code[1..].bytes().all(|b| b.is_ascii_lowercase());
    match rest {
        "" if is_code => "/",
        rest if is_code && rest.starts_with('/') => rest,
        _ => path,
    }
}

fn kind_of(answer: &Answer, asked: &Asked) -> Kind {
    let html = answer.header("content-type").starts_with("text/html");
    let has_etag = !answer.header("etag").is_empty();
    let path = in_english(&asked.path);
    // The checker's templates and the search's index are files without a dot in their names.
    let is_file = path.contains('.') || ["/check/kit", "/search/words"].contains(&path);
    match path {
        "/keep" if has_etag => return Kind::Keep,
        "/sw.js" if has_etag => return Kind::Worker,
        // A page in spite of its name; an answer of 304 has no type to tell.
        "/keep/pledge.html" if has_etag => return Kind::Reading,
        _ => {}
    }
    match (html, has_etag) {
        (true, true) => Kind::Reading,
        (true, false) if answer.header("content-security-policy").contains("nonce-") => {
            Kind::Island
        }
        (true, false) => Kind::Made,
        (false, true) if is_file => Kind::File,
        (false, true) if answer.status == StatusCode::NOT_MODIFIED => Kind::Reading,
        (false, _) => Kind::Bare,
    }
}

/// The directives of a policy.
fn directives(policy: &str) -> BTreeMap<String, Vec<String>> {
    policy
        .split(';')
        .map(|one| {
            let mut words = one.split_whitespace().map(str::to_owned);
            (words.next().unwrap_or_default(), words.collect())
        })
        .collect()
}

fn policy_faults(kind: Kind, policy: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let got = directives(policy);
    let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::from([("default-src", vec!["'none'"])]);
    match kind {
        Kind::File => {
            wanted.insert("sandbox", vec![]);
        }
        Kind::Bare => {
            wanted.insert("frame-ancestors", vec!["'none'"]);
        }
        Kind::Worker => {
            wanted.insert("connect-src", vec!["'self'"]);
        }
        Kind::Reading | Kind::Made | Kind::Island | Kind::Keep => {
            wanted.extend([
                ("img-src", vec!["'self'", "data:"]),
                ("form-action", vec!["'self'"]),
                ("base-uri", vec!["'none'"]),
                ("frame-ancestors", vec!["'none'"]),
                ("object-src", vec!["'none'"]),
                ("require-trusted-types-for", vec!["'script'"]),
                ("trusted-types", vec!["'none'"]),
            ]);
            if kind == Kind::Keep {
                // Its script may name the worker's address, and nothing else.
                wanted.insert("trusted-types", vec!["keep"]);
                wanted.extend([
                    ("worker-src", vec!["'self'"]),
                    ("manifest-src", vec!["'self'"]),
                ]);
            }
        }
    }
    for (name, values) in &wanted {
        if got
            .get(*name)
            .map(|got| got.iter().map(String::as_str).collect::<Vec<_>>())
            .as_ref()
            != Some(values)
        {
            faults.push(format!("policy: {name} is {:?}", got.get(*name)));
        }
    }
    let mut own: BTreeSet<&str> = wanted.keys().copied().collect();
    let of = |name: &str| got.get(name).cloned().unwrap_or_default();
    let one_hash = |values: &[String]| {
        values.len() == 1
            && values[0].starts_with("'sha256-")
            && values[0].len() == "'sha256-'".len() + 44
    };
    match kind {
        Kind::Reading | Kind::Made => {
            own.extend(["script-src", "style-src"]);
            if !one_hash(&of("script-src")) || !one_hash(&of("style-src")) {
                faults.push(format!(
                    "policy: scripts {:?}, styles {:?}",
                    of("script-src"),
                    of("style-src")
                ));
            }
        }
        Kind::Island => {
            own.extend(["script-src", "style-src", "connect-src"]);
            let (scripts, styles) = (of("script-src"), of("style-src"));
            let nonce = styles.first().cloned().unwrap_or_default();
            // 16 random bytes.
            let long = nonce.starts_with("'nonce-") && nonce.len() == "'nonce-'".len() + 22;
            if !long
                || styles.len() != 1
                || scripts != [nonce.as_str(), "'self'", "'wasm-unsafe-eval'"]
            {
                faults.push(format!("policy: scripts {scripts:?}, styles {styles:?}"));
            }
            if of("connect-src") != ["'self'"] {
                faults.push(format!("policy: connect-src {:?}", of("connect-src")));
            }
        }
        Kind::Keep => {
            own.extend(["script-src", "style-src"]);
            let scripts = of("script-src");
            let sound = scripts.len() == 2 && one_hash(&scripts[..1]) && scripts[1] == "'self'";
            if !sound || !one_hash(&of("style-src")) {
                faults.push(format!(
                    "policy: scripts {scripts:?}, styles {:?}",
                    of("style-src")
                ));
            }
        }
        Kind::File | Kind::Worker | Kind::Bare => {}
    }
    faults.extend(
        got.keys()
            .filter(|name| !own.contains(name.as_str()))
            .map(|name| format!("policy: {name} is not in the table")),
    );
    faults
}

/// What is wrong with an answer's headers.
fn faults(answer: &Answer, asked: &Asked) -> Vec<String> {
    let kind = kind_of(answer, asked);
    let mut faults = Vec::new();
    for (name, _) in &answer.headers {
        if answer.headers.get_all(name).iter().count() > 1 {
            faults.push(format!("{name} stands twice"));
        }
    }
    let mut must = |name: &str, value: &str| {
        if answer.header(name) != value {
            faults.push(format!(
                "{name} is {:?}, not {value:?}",
                answer.header(name)
            ));
        }
    };
    must("strict-transport-security", "max-age=63072000");
    must("x-content-type-options", "nosniff");
    must("referrer-policy", "no-referrer");
    must("cross-origin-opener-policy", "same-origin");
    must("cross-origin-resource-policy", "same-origin");
    must("cross-origin-embedder-policy", "require-corp");
    must("x-frame-options", "DENY");
    let powers: Vec<String> = POWERS.iter().map(|power| format!("{power}=()")).collect();
    must("permissions-policy", &powers.join(", "));
    match kind {
        Kind::Reading | Kind::Keep | Kind::File | Kind::Worker => {
            must("cache-control", "private, no-cache")
        }
        Kind::Made | Kind::Island | Kind::Bare => must("cache-control", "no-store"),
    }
    let leaves = asked.path == "/leave" && answer.status.is_redirection();
    let signs_out = asked.path == "/desk/sign-out" && answer.status.is_redirection();
    let clears = "\"cache\", \"cookies\", \"storage\"";
    let cleared = answer.header("clear-site-data");
    if (leaves || signs_out) != (cleared == clears) && !(asked.signs && cleared.is_empty())
        || !cleared.is_empty() && cleared != clears
    {
        faults.push(format!("clear-site-data is {cleared:?}"));
    }
    let robots = answer.header("x-robots-tag");
    let may_be_found = matches!(kind, Kind::Reading | Kind::Keep) && answer.status.is_success()
        || answer.status == StatusCode::NOT_MODIFIED;
    if robots
        != if may_be_found && robots == "all" {
            "all"
        } else {
            "noindex, noarchive"
        }
    {
        faults.push(format!("x-robots-tag is {robots:?}"));
    }
    let has_etag = !answer.header("etag").is_empty();
    let fixed = [Kind::Reading, Kind::Keep, Kind::File, Kind::Worker];
    if has_etag != fixed.contains(&kind) {
        faults.push(format!("an ETag on {kind:?}: {has_etag}"));
    }
    let content_type = answer.header("content-type");
    if !answer.bytes.is_empty() {
        let text = ["text/", "application/json", "application/manifest+json"];
        let needs_charset = text.iter().any(|begin| content_type.starts_with(begin));
        if content_type.is_empty() || needs_charset && !content_type.ends_with("charset=utf-8") {
            faults.push(format!("content-type is {content_type:?}"));
        }
    }
    for (name, _) in &answer.headers {
        let name = name.as_str();
        if ["server", "x-powered-by", "via"].contains(&name) || name.starts_with("access-control-")
        {
            faults.push(format!("{name} is there"));
        }
    }
    let cookie = answer.header("set-cookie");
    if !cookie.is_empty() {
        let parts: Vec<&str> = cookie.split("; ").collect();
        let kept = ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"];
        let sound =
            parts[0].starts_with("__Host-s=") && kept.iter().all(|part| parts.contains(part));
        if !asked.signs || !sound {
            faults.push(format!("set-cookie is {cookie:?}"));
        }
    }
    faults.extend(policy_faults(
        kind,
        answer.header("content-security-policy"),
    ));
    faults
}

struct Seen {
    answers: usize,
    kinds: BTreeSet<Kind>,
    statuses: BTreeSet<u16>,
    faults: Vec<String>,
}

impl Seen {
    fn look(&mut self, answer: &Answer, asked: &Asked) {
        self.answers += 1;
        self.kinds.insert(kind_of(answer, asked));
        self.statuses.insert(answer.status.as_u16());
        let found = faults(answer, asked);
        if !found.is_empty() && self.faults.len() < 20 {
            self.faults.push(format!(
                "{} {} -> {}: {}",
                asked.method,
                asked.path,
                answer.status,
                found.join("; ")
            ));
        }
    }
}

const METHODS: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW",
];

fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let form = "application/x-www-form-urlencoded";
    vec![
        (form, b"step=start".to_vec()),
        (form, b"%FF%FE=%00&at=born&words=a".to_vec()),
        (form, vec![b'x'; 200 * 1024]),
        ("application/json", br#"{"words": "a b c"}"#.to_vec()),
        ("application/json", b"{".to_vec()),
        ("", Vec::new()),
    ]
}

async fn ask(
    world: &World,
    method: &str,
    path: &str,
    input: &(&str, Vec<u8>),
    cookie: &str,
) -> Answer {
    let mut request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).unwrap())
        .uri(path)
        .body(Body::from(input.1.clone()))
        .unwrap();
    let mut set = |name: HeaderName, value: &str| {
        if !value.is_empty() {
            request
                .headers_mut()
                .insert(name, HeaderValue::from_str(value).unwrap());
        }
    };
    set(header::CONTENT_TYPE, input.0);
    set(header::COOKIE, cookie);
    set(header::ACCEPT_ENCODING, "br");
    world.request(request).await
}

#[tokio::test]
async fn every_address_method_and_status_carries_the_whole_table() {
    let world = World::new().await;
    world.send("Unsafe.", "no", "A name").await;
    let words = world.send("All is well.", "yes", "").await;
    let id = world.newest().await;
    let mut seen = Seen {
        answers: 0,
        kinds: BTreeSet::new(),
        statuses: BTreeSet::new(),
        faults: Vec::new(),
    };
    let people = [
        world.desk("Ann", Role::Coordinator).await,
        world.desk("Sam", Role::Safety).await,
        world.desk("Fay", Role::Admin).await,
    ];
    let cookies: Vec<String> = std::iter::once(String::new())
        .chain(people.iter().map(|person| person.cookie.clone()))
        .collect();
    let mut addresses: Vec<String> = web::addresses(&world.site)
        .into_iter()
        .map(|(address, _)| address)
        .collect();
    addresses.extend(
        [
            "/nothing-here",
            "/api/v1/nothing",
            "/rights/none",
            "/pkg/none.js",
            "/%00",
            "/desk/none",
        ]
        .map(str::to_owned),
    );
    for address in &addresses {
        let path = address
            .replace("{id}", &id)
            .replace("{act}", "note")
            .replace(['{', '}'], "");
        // Signed in only where that can make a difference.
        let cookies = if path.starts_with("/desk") {
            cookies.as_slice()
        } else {
            &cookies[..1]
        };
        for method in METHODS {
            for cookie in cookies {
                // Signing out would end the session that the next requests need.
                if path == "/desk/sign-out" && !cookie.is_empty() {
                    continue;
                }
                for input in inputs() {
                    let answer = ask(&world, method, &path, &input, cookie).await;
                    let asked = Asked {
                        method: method.to_owned(),
                        path: path.clone(),
                        signs: SIGNS.contains(&path.as_str()),
                    };
                    seen.look(&answer, &asked);
                    if method == "HEAD" {
                        assert!(answer.bytes.is_empty(), "HEAD {path} has a body");
                    }
                    // A method that the address does not know is refused before its body is looked at.
                    let unknown = answer.status == StatusCode::METHOD_NOT_ALLOWED;
                    if unknown || !["POST", "PUT", "PATCH"].contains(&method) {
                        break;
                    }
                }
            }
        }
        // What the browser has already.
        let first = ask(&world, "GET", &path, &("", Vec::new()), "").await;
        let tag = first.header("etag").to_owned();
        if !tag.is_empty() {
            let again = Request::get(&path)
                .header(header::IF_NONE_MATCH, &tag)
                .body(Body::empty())
                .unwrap();
            let again = world.request(again).await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
            seen.look(&again, &plain("GET", &path));
        }
    }
    walk(&world, &mut seen, &words, &people[0]).await;
    println!(
        "{} answers of {} addresses, statuses {:?}",
        seen.answers,
        addresses.len(),
        seen.statuses
    );
    assert_eq!(seen.faults, [] as [String; 0]);
    let kinds = if world.site.has_bundle() {
        vec![
            Kind::Reading,
            Kind::Keep,
            Kind::Made,
            Kind::Island,
            Kind::File,
            Kind::Worker,
            Kind::Bare,
        ]
    } else {
        // Without the WASM inside there is no page with an island; the browser tests look at those.
        vec![
            Kind::Reading,
            Kind::Keep,
            Kind::Made,
            Kind::File,
            Kind::Worker,
            Kind::Bare,
        ]
    };
    assert_eq!(seen.kinds.iter().copied().collect::<Vec<_>>(), kinds);
    for status in [
        200, 201, 303, 304, 400, 403, 404, 405, 409, 413, 415, 422, 500, 503,
    ] {
        assert!(
            seen.statuses.contains(&status),
            "{status} was never seen: {:?}",
            seen.statuses
        );
    }
}

fn plain(method: &str, path: &str) -> Asked {
    Asked {
        method: method.to_owned(),
        path: path.to_owned(),
        signs: false,
    }
}

/// The answers that need a story: sent, followed, refused, changed meanwhile, busy, our mistake, left.
async fn walk(world: &World, seen: &mut Seen, words: &str, desk: &DeskClient<'_>) {
    let (check, fields) = world.check_page("Another.", "no", "").await;
    seen.look(&check, &plain("POST", "/speak"));
    let sent = world.send_again(&check.hidden("ticket"), &fields).await;
    seen.look(&sent, &plain("POST", "/speak"));
    let thread = world.post("/follow", &[("words", words)]).await;
    seen.look(&thread, &plain("POST", "/follow"));
    let kept = world
        .post(
            "/speak",
            &[("step", "keep"), ("ticket", "none"), ("typed", "")],
        )
        .await;
    seen.look(&kept, &plain("POST", "/speak"));
    for (path, name) in [("/api/v1/tickets", ""), ("/api/v1/follow", "words")] {
        let body = serde_json::json!({ (name): words }).to_string();
        let answer = ask(
            world,
            "POST",
            path,
            &("application/json", body.into_bytes()),
            "",
        )
        .await;
        seen.look(&answer, &plain("POST", path));
    }
    let elsewhere = Request::post("/speak")
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("step=start"))
        .unwrap();
    let elsewhere = world.request(elsewhere).await;
    assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
    seen.look(&elsewhere, &plain("POST", "/speak"));

    // Staff: signed in and out, somebody was quicker.
    let signing = |path: &str| Asked {
        signs: true,
        ..plain("POST", path)
    };
    let password = crate::world::own_password("Ann");
    let mut ann = DeskClient {
        world,
        name: "Ann",
        cookie: String::new(),
    };
    let sign_in = ann.sign_in(&password).await;
    assert!(!sign_in.header("set-cookie").is_empty());
    seen.look(&sign_in, &signing("/desk/code"));
    let id = world.newest().await;
    let page = desk.get(&format!("/desk/view/{id}")).await;
    let token = page.hidden("token");
    let stale = desk
        .post(
            &format!("/desk/view/{id}/note"),
            &[("token", &token), ("version", "99"), ("text", "late")],
        )
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    seen.look(&stale, &plain("POST", "/desk/view"));

    // The database is held by somebody else, then damaged.
    let mut db = world.hold_database().await;
    let (check, fields) = world.check_page("While busy.", "yes", "").await;
    let busy = world.send_again(&check.hidden("ticket"), &fields).await;
    assert_eq!(busy.status, StatusCode::SERVICE_UNAVAILABLE);
    seen.look(&busy, &plain("POST", "/speak"));
    sqlx::raw_sql("ROLLBACK; UPDATE view SET state = 'nonsense'")
        .execute(&mut db)
        .await
        .unwrap();
    let ours = world.post("/follow", &[("words", words)]).await;
    assert_eq!(ours.status, StatusCode::INTERNAL_SERVER_ERROR);
    seen.look(&ours, &plain("POST", "/follow"));

    let out = desk.post("/desk/sign-out", &[("token", &token)]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert!(!out.header("clear-site-data").is_empty());
    seen.look(&out, &signing("/desk/sign-out"));
    let leave = world.get("/leave").await;
    assert!(!leave.header("clear-site-data").is_empty());
    seen.look(&leave, &plain("GET", "/leave"));
}

#[tokio::test]
async fn a_control_each_header_that_is_missing_weaker_or_too_much_is_found() {
    let world = World::new().await;
    let good = [
        ("/rights", plain("GET", "/rights")),
        ("/speak", plain("GET", "/speak")),
        ("/api/v1/outcomes", plain("GET", "/api/v1/outcomes")),
        ("/robots.txt", plain("GET", "/robots.txt")),
        ("/nothing-here", plain("GET", "/nothing-here")),
    ];
    let names = [
        "content-security-policy",
        "strict-transport-security",
        "x-content-type-options",
        "referrer-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "cross-origin-embedder-policy",
        "permissions-policy",
        "x-frame-options",
        "cache-control",
        "x-robots-tag",
        "content-type",
    ];
    let additions = [
        ("server", "pledge"),
        ("x-powered-by", "x"),
        ("set-cookie", "a=b"),
        ("access-control-allow-origin", "*"),
        ("clear-site-data", "\"cache\", \"cookies\", \"storage\""),
    ];
    for (path, asked) in &good {
        let answer = world.get(path).await;
        assert_eq!(faults(&answer, asked), [] as [String; 0], "{path}");
        let with = |change: &dyn Fn(&mut HeaderMap)| {
            let mut headers = answer.headers.clone();
            change(&mut headers);
            Answer {
                status: answer.status,
                headers,
                bytes: answer.bytes.clone(),
            }
        };
        for name in names {
            let without = with(&|headers| drop(headers.remove(name)));
            assert!(!faults(&without, asked).is_empty(), "{path} without {name}");
        }
        for (name, value) in additions {
            let more = with(&|headers| {
                headers.insert(
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                );
            });
            assert!(!faults(&more, asked).is_empty(), "{path} with {name}");
        }
        let policy = answer.header("content-security-policy").to_owned();
        for weaker in [
            format!("{policy}; script-src 'unsafe-inline'"),
            format!("{policy}; worker-src *"),
            policy.replace("'none'", "'self'"),
        ] {
            let weak = with(&|headers| {
                headers.insert(
                    header::CONTENT_SECURITY_POLICY,
                    HeaderValue::from_str(&weaker).unwrap(),
                );
            });
            assert!(!faults(&weak, asked).is_empty(), "{path} with {weaker}");
        }
    }
}
