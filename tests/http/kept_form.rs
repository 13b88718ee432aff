//! What was typed at the desk outlives the session in which it was typed: after signing in as the same person it is in its
//! form again, and nothing of it was carried out. Nobody else gets it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, DeskClient, World, own_password};
use axum::http::StatusCode;
use domain::event::EventKind;
use domain::role::Role;
use std::collections::BTreeSet;
use store::Store;

const MARK: &str = "Typedbefore";
/// How it stands in a page; typed with a sign that has to be escaped.
const TYPED: &str = "Typedbefore & kept";
const HOUR: i64 = 60 * 60;
const BACK: &str = "What you typed is back below";

/// A desk with something on every page that has a form.
struct Office {
    world: World,
    meeting: String,
    /// A view that nobody has done anything with, with a name.
    fresh: String,
    /// A view on the meeting's list.
    listed: String,
}

const PEOPLE: [(&str, Role); 6] = [
    ("ada", Role::Admin),
    ("bea", Role::Speakerbox),
    ("cora", Role::Coordinator),
    ("kim", Role::Clerk),
    ("sam", Role::Safety),
    ("tom", Role::Committee),
];

async fn office() -> Office {
    let world = World::new().await;
    for (name, role) in PEOPLE {
        world.desk(name, role).await;
    }
    let clerk = world.back("kim").await.desk().await;
    let day = "2026-11-21".parse().unwrap();
    let meeting = world.site.pledge.add_meeting(&clerk, day, "Winter").await;
    let meeting = meeting.unwrap();
    world.send("My room is cold.", "yes", "").await;
    let listed = world.newest().await;
    let bea = world.back("bea").await;
    for (act, fields) in [
        ("approve", [("text", "Rooms are cold.")]),
        ("list", [("meeting", meeting.as_str())]),
    ] {
        let done = bea.act(&listed, act, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    }
    world.send("Nobody asks me.", "yes", "A name").await;
    let fresh = world.newest().await;
    Office {
        world,
        meeting,
        fresh,
        listed,
    }
}

/// Sends a form of this page with its own token.
async fn send(
    client: &DeskClient<'_>,
    page: &Answer,
    path: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let token = page.hidden("token");
    let mut all = vec![("token", token.as_str()), ("version", "1")];
    all.extend(fields);
    client.post(path, &all).await
}

/// Signs in on the page that carries what was typed, and gives the answer after the code.
async fn sign_in_with(
    client: &mut DeskClient<'_>,
    carries: &Answer,
) -> (Answer, Vec<(String, String)>) {
    let kept = carries.hidden("kept");
    let own = own_password(client.name);
    let fields = [("name", client.name), ("password", &own), ("kept", &kept)];
    let code_page = client.world.post("/desk/sign-in", &fields).await;
    client.take_cookie(&code_page);
    if code_page.status != StatusCode::OK {
        return (code_page, Vec::new());
    }
    assert!(!code_page.text().contains(MARK), "it is sealed");
    let body = [
        ("token".to_owned(), code_page.hidden("token")),
        ("code".to_owned(), client.next_code()),
        ("kept".to_owned(), code_page.hidden("kept")),
    ];
    let after = client.post("/desk/code", &borrowed(&body)).await;
    client.take_cookie(&after);
    (after, body.into())
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    let pairs = fields.iter();
    pairs
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// Whether nothing was done beside looking.
async fn nothing_done(office: &Office) -> bool {
    let store = &office.world.store;
    let mut acts = Vec::new();
    for id in [&office.fresh, &office.listed] {
        let events = store.events(id).await.unwrap();
        acts.extend(events.into_iter().map(|event| event.kind));
    }
    use EventKind::{Approved, ApprovedRead, Listed, Opened, Sent};
    // Reading is no act.
    acts.retain(|kind| !matches!(kind, Opened | ApprovedRead));
    acts == [Sent, Sent, Approved, Listed]
        && store.meetings().await.unwrap().len() == 1
        && store.all_staff().await.unwrap().len() == PEOPLE.len()
        && store.drafts().await.unwrap().is_empty()
        && store.figures().await.unwrap().is_empty()
}

/// A form: whose, on which page, where it goes, and what is typed.
type TextForm = (
    &'static str,
    String,
    String,
    Vec<(&'static str, &'static str)>,
);

/// Every form with a text of its own.
fn forms(office: &Office) -> Vec<TextForm> {
    let view = |act: &str| {
        let page = format!("/desk/view/{}", office.fresh);
        (page.clone(), format!("{page}/{act}"))
    };
    let mut forms = Vec::new();
    for (who, act, field) in [
        ("bea", "reply", "text"),
        ("bea", "ask-back", "text"),
        ("bea", "note", "text"),
        ("bea", "approve", "text"),
        ("bea", "close", "text"),
        ("cora", "name", "reason"),
        ("cora", "hold", "reason"),
        ("cora", "keep-away", "name"),
    ] {
        let (page, path) = view(act);
        forms.push((who, page, path, vec![(field, TYPED)]));
    }
    let item = format!("/desk/meetings/{}/{}", office.meeting, office.listed);
    let decide = format!("{item}/decide");
    forms.push((
        "kim",
        item,
        decide,
        vec![("said", "So."), ("decided", TYPED)],
    ));
    let words = "/desk/page-editor/en~pages~committee.md".to_owned();
    forms.push((
        "cora",
        words.clone(),
        words,
        vec![("title", "T"), ("body", TYPED)],
    ));
    for (who, path, field) in [
        ("kim", "/desk/meetings", "title"),
        ("cora", "/desk/progress", "source"),
        ("ada", "/desk/accounts", "name"),
    ] {
        forms.push((who, path.to_owned(), path.to_owned(), vec![(field, TYPED)]));
    }
    forms
}

#[tokio::test]
async fn after_signing_in_again_every_form_is_back_with_its_text_and_nothing_was_done() {
    let office = office().await;
    let world = &office.world;
    for (who, page, path, fields) in forms(&office) {
        let mut client = world.back(who).await;
        let shown = client.get(&page).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}: {}", shown.text());
        world.clock.forward(16 * 60);
        let carries = send(&client, &shown, &path, &fields).await;
        assert_eq!(carries.status, StatusCode::OK, "{path}");
        let text = carries.text();
        assert!(
            text.contains("What you typed is kept") && !text.contains(MARK),
            "{text}"
        );
        let (after, body) = sign_in_with(&mut client, &carries).await;
        assert_eq!(after.status, StatusCode::TEMPORARY_REDIRECT, "{path}");
        assert_eq!(after.header("location"), path);
        // As the browser does it: the same form again, with the new cookie.
        let back = client.post(&path, &borrowed(&body)).await;
        let text = back.text();
        assert_eq!(
            back.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{path}: {text}"
        );
        assert!(
            text.contains("Typedbefore &amp; kept") && text.contains(BACK),
            "{path}: {text}"
        );
        assert!(nothing_done(&office).await, "{path}");
    }
    // The form that is back is a form like any other.
    let mut bea = world.back("bea").await;
    let page = format!("/desk/view/{}", office.fresh);
    let reply = format!("{page}/reply");
    let shown = bea.get(&page).await;
    world.clock.forward(16 * 60);
    let carries = send(&bea, &shown, &reply, &[("text", TYPED)]).await;
    let (_, body) = sign_in_with(&mut bea, &carries).await;
    let back = bea.post(&reply, &borrowed(&body)).await;
    let (token, version) = (back.hidden("token"), back.hidden("version"));
    let fields = [
        ("token", token.as_str()),
        ("version", &version),
        ("text", TYPED),
    ];
    let done = bea.post(&reply, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert!(!nothing_done(&office).await, "the control");
}

#[tokio::test]
async fn a_long_page_of_words_comes_back_whole() {
    let office = office().await;
    let path = "/desk/page-editor/en~pages~committee.md";
    let mut cora = office.world.back("cora").await;
    let shown = cora.get(path).await;
    office.world.clock.forward(16 * 60);
    let long = format!("{TYPED} {} end", "and more".repeat(12_000));
    let fields = [("title", "T"), ("body", long.as_str())];
    let carries = send(&cora, &shown, path, &fields).await;
    let (after, body) = sign_in_with(&mut cora, &carries).await;
    assert_eq!(after.header("location"), path);
    let back = cora.post(path, &borrowed(&body)).await;
    assert!(back.text().contains(&long.replace('&', "&amp;")));
}

#[tokio::test]
async fn signed_out_and_in_again_in_another_tab_is_the_same() {
    let office = office().await;
    let world = &office.world;
    let mut bea = world.back("bea").await;
    let page = format!("/desk/view/{}", office.fresh);
    let reply = format!("{page}/reply");
    let shown = bea.get(&page).await;
    let signed_out = send(&bea, &shown, "/desk/sign-out", &[]).await;
    assert_eq!(signed_out.status, StatusCode::SEE_OTHER);
    // The browser has no cookie any more.
    let nobody = DeskClient {
        world,
        name: "bea",
        cookie: String::new(),
    };
    let carries = send(&nobody, &shown, &reply, &[("text", TYPED)]).await;
    assert!(carries.text().contains("What you typed is kept"));
    let (after, _) = sign_in_with(&mut bea, &carries).await;
    assert_eq!(after.header("location"), reply);
    // In again already: what was typed in the old page is shown at once.
    let back = send(&bea, &shown, &reply, &[("text", TYPED)]).await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(back.text().contains(BACK) && back.text().contains("Typedbefore &amp; kept"));
    assert!(nothing_done(&office).await);
    // A wrong password or code loses nothing.
    let kept = carries.hidden("kept");
    let wrong = [("name", "bea"), ("password", "wrong"), ("kept", &kept)];
    let wrong = world.post("/desk/sign-in", &wrong).await;
    assert_eq!(wrong.hidden("kept"), kept);
}

#[tokio::test]
async fn nobody_else_gets_it_and_not_after_its_time() {
    let office = office().await;
    let world = &office.world;
    let page = format!("/desk/view/{}", office.fresh);
    let reply = format!("{page}/reply");
    let typed = [("text", TYPED)];
    let bea = world.back("bea").await;
    let shown = bea.get(&page).await;
    world.clock.forward(16 * 60);
    let carries = send(&bea, &shown, &reply, &typed).await;
    let kept = carries.hidden("kept");

    // Another person who signs in on that page goes to the desk, and gets nothing by hand either.
    let mut cora = world.back("cora").await;
    let (after, _) = sign_in_with(&mut cora, &carries).await;
    assert_eq!(after.header("location"), "/desk");
    cora = world.back("cora").await;
    let own = cora.get(&page).await;
    let tries = [
        cora.post(&reply, &[("kept", &kept)]).await,
        // A page of somebody else, sent in this session.
        send(&cora, &shown, &reply, &typed).await,
    ];
    for answer in tries {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(!answer.text().contains(MARK));
    }
    // With a form of their own it is an ordinary form, and carries nothing of it.
    let answer = send(&cora, &own, &reply, &[("kept", &kept), ("text", "")]).await;
    assert!(!answer.text().contains(MARK));
    assert!(nothing_done(&office).await);

    // Kept for one address only.
    let bea = world.back("bea").await;
    let elsewhere = format!("{page}/note");
    let answer = bea.post(&elsewhere, &[("kept", &kept)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(
        bea.post(&reply, &[("kept", &kept)]).await.status,
        422,
        "the control"
    );

    // Past its time, and with a page that is past its time.
    world.clock.forward(25 * HOUR);
    let late = world.back("bea").await;
    let answer = late.post(&reply, &[("kept", &kept)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = send(&bea, &shown, &reply, &typed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header("location").starts_with("/desk/sign-in"));
    // A form that is nobody's is kept for nobody.
    let made_up = [("token", "a.b"), ("text", TYPED)];
    let answer = world.post(&reply, &made_up).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

/// Where the forms of a page go that have a text field.
fn with_text(html: &str) -> BTreeSet<String> {
    let has_text = |form: &str| form.contains("<textarea") || form.contains("type=\"text\"");
    html.split("<form ")
        .skip(1)
        .map(|rest| rest.split("</form>").next().unwrap())
        .filter(|form| has_text(form))
        .map(|form| form.split("action=\"").nth(1).unwrap())
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn no_form_with_a_text_field_is_left_out() {
    let office = office().await;
    let world = &office.world;
    let (mut kept, mut left_out) = (BTreeSet::new(), BTreeSet::new());
    for (who, _) in PEOPLE {
        let client = world.back(who).await;
        for page in [
            format!("/desk/view/{}", office.fresh),
            format!("/desk/view/{}", office.listed),
            format!("/desk/meetings/{}/{}", office.meeting, office.listed),
            "/desk/meetings".to_owned(),
            "/desk/progress".to_owned(),
            "/desk/page-editor/en~pages~committee.md".to_owned(),
            "/desk/page-editor/en~help.toml".to_owned(),
            "/desk/accounts".to_owned(),
            "/desk/keys".to_owned(),
            "/desk/password".to_owned(),
            "/desk/sessions".to_owned(),
            "/desk".to_owned(),
        ] {
            let shown = client.get(&page).await;
            for action in with_text(&shown.text()) {
                let token = shown.hidden("token");
                let fields = [("token", token.as_str()), ("x", TYPED)];
                let answer = world.post(&action, &fields).await;
                let is_kept = answer.status == 200 && answer.text().contains("name=\"kept\"");
                let of = if is_kept { &mut kept } else { &mut left_out };
                of.insert(action);
            }
        }
    }
    assert_eq!(left_out, BTreeSet::new());
    assert!(kept.len() > 12, "{kept:?}");
    // The control: a form without a text goes to the page to sign in, as ever.
    let client = world.back("bea").await;
    let shown = client.get("/desk/queue").await;
    let token = shown.hidden("token");
    let answer = world.post("/desk/sign-out", &[("token", &token)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}
