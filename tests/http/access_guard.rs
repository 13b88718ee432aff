//! The guard before the handlers of staff: a handler that forgets to ask who is there is still reached by nobody who may
//! not, and a handler without a guard gets no session. Old addresses stand behind the guard of their pages.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::world::{DeskClient, World, own_password, post};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::{MethodRouter, get};
use domain::role::Role;
use http_body_util::BodyExt;
use std::collections::BTreeSet;
use tower::ServiceExt;
use web::{Access, AccessGuard, AnySession, PostedForm, SiteHandle, Staff};

const AT: &str = "/desk/planted";
const REACHED: &str = "Reached.";
const FORGETFUL: Access = Access::Roles(&[Role::Clerk, Role::Safety]);

/// What a planted router answers: status, where it leads, and whether the handler was reached.
async fn ask(router: &Router, request: Request<Body>) -> (StatusCode, String, bool) {
    let answer = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    let to = parts.headers.get(header::LOCATION);
    let to = to.map_or("", |to| to.to_str().unwrap()).to_owned();
    let body = body.collect().await.unwrap().to_bytes();
    let reached = String::from_utf8_lossy(&body).contains(REACHED);
    (parts.status, to, reached)
}

fn planted(world: &World, handlers: MethodRouter<SiteHandle>) -> Router {
    Router::new()
        .route(AT, handlers)
        .with_state(world.live.clone())
}

/// Handlers that ask nobody for anything, as somebody may write them who thinks of other things.
fn forgetful() -> MethodRouter<SiteHandle> {
    get(async || REACHED).post(async || REACHED)
}

fn guarded(world: &World, access: Access, handlers: MethodRouter<SiteHandle>) -> Router {
    let guard = AccessGuard::new(world.live.clone(), access);
    planted(world, guard.protect(handlers))
}

fn look(cookie: &str) -> Request<Body> {
    let request = Request::get(AT).header(header::COOKIE, cookie);
    request.body(Body::empty()).unwrap()
}

async fn token_of(client: &DeskClient<'_>) -> String {
    client.get("/desk/password").await.hidden("token")
}

fn turned_away(to: &str) -> (StatusCode, String, bool) {
    (StatusCode::SEE_OTHER, to.to_owned(), false)
}

const FORBIDDEN: (StatusCode, String, bool) = (StatusCode::FORBIDDEN, String::new(), false);
const DONE: (StatusCode, String, bool) = (StatusCode::OK, String::new(), true);

#[tokio::test]
async fn a_handler_that_forgets_to_ask_is_reached_only_by_those_who_may() {
    let world = World::new().await;
    let router = guarded(&world, FORGETFUL, forgetful());
    // The control: without a guard anybody reaches it.
    let open = guarded(&world, Access::Anyone, forgetful());
    assert_eq!(ask(&open, look("")).await, DONE);

    for cookie in ["", "__Host-s=AAAA", "other=1"] {
        let sign_in = turned_away("/desk/sign-in");
        assert_eq!(ask(&router, look(cookie)).await, sign_in, "{cookie}");
        let posted = post(AT, &[("token", "")], Some(cookie));
        assert_eq!(ask(&router, posted).await, sign_in, "{cookie}");
    }
    let made_up = format!("__Host-s={}", "A".repeat(43));
    let ended = turned_away("/desk/sign-in?ended=1");
    assert_eq!(ask(&router, look(&made_up)).await, ended);

    let names = ["Annqz", "Beaqz", "Catqz", "Deeqz", "Eveqz", "Fayqz"];
    for (name, role) in names.into_iter().zip(Role::ALL) {
        let client = world.desk(name, role).await;
        let token = token_of(&client).await;
        let posted = post(AT, &[("token", &token)], Some(&client.cookie));
        let may = [Role::Clerk, Role::Safety].contains(&role);
        let expected = if may { DONE } else { FORBIDDEN };
        assert_eq!(
            ask(&router, look(&client.cookie)).await,
            expected,
            "{role:?}"
        );
        assert_eq!(ask(&router, posted).await, expected, "{role:?}");
    }
}

#[tokio::test]
async fn a_pending_session_reaches_only_what_is_for_pending_sessions() {
    let world = World::new().await;
    let mut client = world.desk("Half", Role::Clerk).await;
    client.type_password(&own_password("Half")).await;
    let token = client.get("/desk/code").await.hidden("token");
    let staff = guarded(&world, FORGETFUL, forgetful());
    let entering = guarded(&world, Access::Entering, forgetful());
    let posted = || post(AT, &[("token", &token)], Some(&client.cookie));
    let code = turned_away("/desk/code");
    assert_eq!(ask(&staff, look(&client.cookie)).await, code);
    assert_eq!(ask(&staff, posted()).await, code);
    assert_eq!(ask(&entering, look(&client.cookie)).await, DONE);
    assert_eq!(ask(&entering, posted()).await, DONE);
    let sign_in = turned_away("/desk/sign-in");
    assert_eq!(ask(&entering, look("")).await, sign_in);
}

#[tokio::test]
async fn a_handler_that_forgets_the_forms_token_is_reached_from_our_own_pages_alone() {
    let world = World::new().await;
    let client = world.desk("Cat", Role::Clerk).await;
    let other = world.desk("Dot", Role::Clerk).await;
    let (own, of_other) = (token_of(&client).await, token_of(&other).await);
    let router = guarded(&world, FORGETFUL, forgetful());
    for token in ["", "guess", &of_other] {
        let posted = post(AT, &[("token", token)], Some(&client.cookie));
        assert_eq!(ask(&router, posted).await, FORBIDDEN, "{token}");
    }
    for origin in ["https://evil.test", "http://pledge.test.evil.test"] {
        let mut posted = post(AT, &[("token", &own)], Some(&client.cookie));
        let origin = origin.parse().unwrap();
        posted.headers_mut().insert(header::ORIGIN, origin);
        assert_eq!(ask(&router, posted).await, FORBIDDEN);
    }
    // The control: the same from our own page.
    let posted = post(AT, &[("token", &own)], Some(&client.cookie));
    assert_eq!(ask(&router, posted).await, DONE);
    // What is not a form is not read, and a form that is too long neither.
    let mut json = post(AT, &[("token", &own)], Some(&client.cookie));
    let kind = "application/json".parse().unwrap();
    json.headers_mut().insert(header::CONTENT_TYPE, kind);
    let wrong = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    assert_eq!(ask(&router, json).await, (wrong, String::new(), false));
    let long = "x".repeat(70_000);
    let posted = post(
        AT,
        &[("token", &own), ("text", &long)],
        Some(&client.cookie),
    );
    let too_big = StatusCode::PAYLOAD_TOO_LARGE;
    assert_eq!(ask(&router, posted).await, (too_big, String::new(), false));
}

#[tokio::test]
async fn a_handler_gets_a_session_or_a_form_from_the_guard_and_from_nowhere_else() {
    let world = World::new().await;
    let client = world.desk("Cat", Role::Clerk).await;
    let token = token_of(&client).await;
    let all = || -> [MethodRouter<SiteHandle>; 3] {
        [
            get(async |_: Staff| REACHED).post(async |_: Staff| REACHED),
            get(async |_: AnySession| REACHED).post(async |_: AnySession| REACHED),
            get(async |_: PostedForm| REACHED).post(async |_: PostedForm| REACHED),
        ]
    };
    let [looked, posted] = [false, true];
    let reached = async |router: &Router, method: bool| {
        let request = match method {
            false => look(&client.cookie),
            true => post(AT, &[("token", &token)], Some(&client.cookie)),
        };
        let (status, _, reached) = ask(router, request).await;
        assert_eq!(reached, status == StatusCode::OK);
        assert!(reached || status == StatusCode::INTERNAL_SERVER_ERROR);
        reached
    };
    // With a good session, and no guard or one that asks for nobody: nothing is there.
    for handlers in all() {
        let router = planted(&world, handlers);
        assert!(!reached(&router, looked).await && !reached(&router, posted).await);
    }
    for handlers in all() {
        let router = guarded(&world, Access::Anyone, handlers);
        assert!(!reached(&router, looked).await && !reached(&router, posted).await);
    }
    // Behind a guard each gets what this guard has looked at: a form only of a POST, and a role only where one is asked.
    for (access, expected) in [
        (FORGETFUL, [(true, true), (false, false), (false, true)]),
        (
            Access::Entering,
            [(false, false), (true, true), (false, true)],
        ),
    ] {
        for (handlers, (by_get, by_post)) in all().into_iter().zip(expected) {
            let router = guarded(&world, access, handlers);
            assert_eq!(reached(&router, looked).await, by_get, "{access:?}");
            assert_eq!(reached(&router, posted).await, by_post, "{access:?}");
        }
    }
}

/// The addresses that pages of the desk had before: as the router has them, with a role that may use each.
const OLD: [(&str, &str, Role); 10] = [
    ("GET", "/desk/use", Role::Safety),
    ("GET", "/desk/record", Role::Coordinator),
    ("GET", "/desk/figures", Role::Clerk),
    ("POST", "/desk/figures", Role::Clerk),
    ("GET", "/desk/words", Role::Clerk),
    ("GET", "/desk/words/{file}", Role::Clerk),
    ("POST", "/desk/words/{file}", Role::Clerk),
    ("GET", "/desk/words/{file}/preview", Role::Clerk),
    ("GET", "/desk/words/{file}/history", Role::Clerk),
    ("POST", "/desk/words/{file}/{act}", Role::Clerk),
];

const NEW: [(&str, &str); 4] = [
    ("/desk/use", "/desk/usage"),
    ("/desk/record", "/desk/audit"),
    ("/desk/figures", "/desk/progress"),
    ("/desk/words", "/desk/page-editor"),
];

#[tokio::test]
async fn every_old_address_of_the_desk_leads_on_behind_the_check_of_its_page() {
    let world = World::new().await;
    let is_old = |path: &str| {
        let under = |old: &str| path == old || path.starts_with(&format!("{old}/"));
        NEW.iter().any(|(old, _)| under(old))
    };
    let there: BTreeSet<(&str, String)> = web::addresses(&world.site)
        .into_iter()
        .filter(|(path, _)| is_old(path))
        .flat_map(|(path, methods)| methods.iter().map(move |method| (*method, path.clone())))
        .collect();
    let walked = OLD.map(|(method, path, _)| (method, path.to_owned()));
    assert_eq!(there, BTreeSet::from(walked));

    let safety = world.desk("Dee", Role::Safety).await;
    let coordinator = world.desk("Cat", Role::Coordinator).await;
    let clerk = world.desk("Eve", Role::Clerk).await;
    let committee = world.desk("Fay", Role::Committee).await;
    for (method, path, role) in OLD {
        let client = match role {
            Role::Safety => &safety,
            Role::Coordinator => &coordinator,
            _ => &clerk,
        };
        let path = path.replace("{file}", "en~rights~visits.md");
        let path = format!("{}?week=2026-11-16", path.replace("{act}", "discard"));
        let token = token_of(client).await;
        let of_other = token_of(&committee).await;
        let ask = async |client: &DeskClient<'_>, path: &str, token: &str| match method {
            "GET" => client.get(path).await,
            _ => client.post(path, &[("token", token), ("seen", "0")]).await,
        };
        let what = format!("{method} {path}");
        let answer = ask(client, &path, &token).await;
        assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT, "{what}");
        let (old, new) = NEW
            .into_iter()
            .find(|(old, _)| path.starts_with(old))
            .unwrap();
        let to = answer.header("location").to_owned();
        assert_eq!(to, path.replacen(old, new, 1), "{what}");
        // There the page is, or the form is looked at.
        let there = ask(client, &to, &token).await.status;
        let expected = match method {
            "GET" => [StatusCode::OK, StatusCode::SEE_OTHER],
            _ => [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT],
        };
        assert!(expected.contains(&there), "{what}: {there}");
        // The same check stands before the old address.
        let nobody = match method {
            "GET" => world.get(&path).await,
            _ => world.post(&path, &[("token", &token)]).await,
        };
        assert_eq!(nobody.status, StatusCode::SEE_OTHER, "{what}");
        assert_eq!(nobody.header("location"), "/desk/sign-in", "{what}");
        if !path.starts_with("/desk/use?") {
            let refused = ask(&committee, &path, &of_other).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{what}");
        }
        if method == "POST" {
            let forged = client.post(&path, &[("token", "guess")]).await;
            assert_eq!(forged.status, StatusCode::FORBIDDEN, "{what}");
        }
    }
}
