//! Features of the table in `docs/FEATURES.md` that no other test shows, over the real router, as browsers without
//! scripts use them. The names are the sentences the table points to.

#![allow(clippy::unwrap_used, reason = "a step that fails must end the test")]

use crate::world::{Answer, DeskClient, NOON, World, count, own_password, words_of};
use axum::http::StatusCode;
use axum::http::header;
use content::lint::check;
use domain::audience::TextKind;
use domain::date::Date;
use domain::lifecycle::{CloseReason, Lane, State};
use domain::role::Role;
use domain::view::{Feeling, Safe, Topic};
use service::withdrawals;
use sqlx::{ConnectOptions, Connection};
use std::collections::BTreeMap;
use store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use vault::key_derivation::Argon2Params;
use vault::receipts;
use vault::server_keys::{self, ServerKeys};

// ---------------------------------------------------------------- reading a page

// The text between the tags, as a browser would show it, with single blanks.
fn plain(html: &str) -> String {
    let html = html.split("<body").last().unwrap_or_default();
    let mut text = String::new();
    for piece in html.split('<').skip(1) {
        let (tag, rest) = piece.split_once('>').unwrap_or((piece, ""));
        if !tag.starts_with('!') {
            text.push(' ');
        }
        text.push_str(rest);
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_shows(page: &Answer, shown: &str) {
    let text = plain(&page.text());
    assert!(text.contains(shown), "the page lacks `{shown}`:\n{text}");
}

#[track_caller]
fn assert_hides(page: &Answer, hidden: &str) {
    let html = page.text();
    assert!(!html.contains(hidden), "the page shows `{hidden}`:\n{html}");
}

// The tags of this name, without their brackets.
fn tags<'a>(html: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    html.split('<')
        .filter_map(|piece| piece.split('>').next())
        .filter(move |tag| {
            tag.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with([' ', '/']))
        })
}

// ---------------------------------------------------------------- people

impl World {
    fn words(&self, key: &str) -> String {
        let words = &self.site.content.words;
        assert!(
            words.table.contains_key(key),
            "there are no words for {key}"
        );
        words.get(key)
    }

    fn day(&self, date: &str) -> String {
        let date: Date = date.parse().unwrap();
        self.site.content.words.day(date)
    }

    fn pages(&self) -> Vec<String> {
        web::public_addresses(&self.site.content)
    }

    // Sends a view in which these fields were answered otherwise; gives its six words and its id.
    async fn send_with(&self, changed: &[(&str, &str)]) -> (String, String) {
        let (check, mut fields) = self.check_page("Something is wrong.", "yes", "").await;
        for (name, value) in changed {
            fields.retain(|(field, _)| field != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let receipt = self.send_again(&check.hidden("ticket"), &fields).await;
        assert_eq!(receipt.status, StatusCode::OK, "{}", receipt.text());
        (words_of(&receipt), self.newest().await)
    }

    async fn follow(&self, words: &str) -> Answer {
        let page = self.post("/follow", &[("words", words)]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        page
    }

    // The sender does something on the page of their view.
    async fn sender(&self, words: &str, act: &str, message: &str) -> Answer {
        let handle = self.follow(words).await.hidden("handle");
        let page = self
            .post(
                "/follow",
                &[("handle", &handle), ("act", act), ("message", message)],
            )
            .await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        page
    }

    // The desk of a whole council, and a meeting on 10 December 2026.
    async fn council(&self) -> Council<'_> {
        let clerk = self.desk("clerk", Role::Clerk).await;
        let token = clerk.get("/desk/meetings").await.hidden("token");
        let fields = [
            ("token", token.as_str()),
            ("day", "2026-12-10"),
            ("title", "Winter meeting"),
        ];
        done(&clerk.post("/desk/meetings", &fields).await);
        Council {
            speakerbox: self.desk("speakerbox", Role::Speakerbox).await,
            clerk,
            meeting: self.store.meetings().await.unwrap()[0].id.clone(),
        }
    }
}

#[track_caller]
fn done(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

struct Council<'a> {
    speakerbox: DeskClient<'a>,
    clerk: DeskClient<'a>,
    meeting: String,
}

impl Council<'_> {
    async fn approve_and_list(&self, id: &str, text: &str) {
        done(&self.speakerbox.act(id, "approve", &[("text", text)]).await);
        let fields = [("meeting", self.meeting.as_str())];
        done(&self.speakerbox.act(id, "list", &fields).await);
    }

    async fn decide(&self, id: &str, said: &str) {
        let decision = [
            ("said", said),
            ("decided", "Every late visit is reported."),
            ("answer", "You were right to tell us."),
            ("owner", "Head of care"),
            ("due", "2027-01-31"),
        ];
        let act = self.clerk.decide(&self.meeting, id, "decide", &decision);
        done(&act.await);
    }

    async fn press(&self, id: &str, act: &str) {
        done(&self.clerk.decide(&self.meeting, id, act, &[]).await);
    }
}

// ---------------------------------------------------------------- information and content

#[tokio::test]
async fn every_right_says_what_it_means_what_good_looks_like_the_law_and_what_to_do() {
    let world = World::new().await;
    let content = &world.site.content;
    assert!(content.rights.len() >= 21);
    for right in &content.rights {
        let page = world.get(&format!("/rights/{}", right.slug)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", right.slug);
        assert_eq!(right.article.sections.len(), 4, "{}", right.slug);
        for section in &right.article.sections {
            let heading = format!("<h2 id=\"{}\">", section.id);
            assert!(page.text().contains(&heading), "{}: {heading}", right.slug);
        }
        assert_eq!(page.hidden("link"), format!("right:{}", right.slug));
        assert!(!right.article.sources.is_empty(), "{}", right.slug);
    }
}

#[tokio::test]
async fn a_page_that_states_facts_says_where_they_come_from_and_when_they_were_checked() {
    let world = World::new().await;
    let content = &world.site.content;
    let pages = content.pages.iter().map(|(name, page)| {
        let address = if name == "home" { "/" } else { name.as_str() };
        (format!("/{}", address.trim_start_matches('/')), page)
    });
    let rights = content
        .rights
        .iter()
        .map(|right| (format!("/rights/{}", right.slug), &right.article));
    let mut with_facts = 0;
    for (address, article) in pages.chain(rights) {
        if article.sources.is_empty() {
            continue;
        }
        with_facts += 1;
        let page = world.get(&address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert_shows(&page, &world.words("sources.title"));
        assert_shows(&page, &content.words.day(article.checked));
        assert_shows(&page, &content.words.day(article.review_by));
    }
    assert!(with_facts > content.rights.len(), "{with_facts}");
}

#[tokio::test]
async fn the_words_pass_their_own_check_and_a_planted_fault_does_not() {
    let world = World::new().await;
    let content = &world.site.content;
    let (today, pages) = (world.site.pledge.clock.today(), world.pages());
    let faults = |today, pages: &[String]| check(content, today, pages);
    let found: Vec<String> = faults(today, &pages).into_iter().map(|f| f.what).collect();
    assert_eq!(found, [] as [String; 0]);

    // A page that other pages link to goes away; a year goes by without a review.
    let fewer: Vec<String> = pages
        .iter()
        .filter(|page| *page != "/rights/advocate")
        .cloned()
        .collect();
    let lost = faults(today, &fewer);
    assert!(lost.iter().any(|f| f.what.contains("/rights/advocate")));
    let late = faults(today.plus_days(365), &pages);
    assert!(late.iter().any(|f| f.what.contains("review was due")));
}

#[tokio::test]
async fn each_promise_has_its_own_address_and_a_way_to_say_if_it_is_kept() {
    let world = World::new().await;
    let list = world.get("/pledge").await.text();
    let promises = &world.site.content.promises;
    assert!(promises.len() >= 7);
    for promise in promises {
        let address = format!("/pledge/{}", promise.slug);
        assert!(list.contains(&format!("href=\"{address}\"")), "{address}");
        let page = world.get(&address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert_shows(&page, &promise.title);
        assert_eq!(page.hidden("link"), format!("promise:{}", promise.slug));
    }
}

#[tokio::test]
async fn lifelong_links_says_what_it_is_who_it_is_for_and_how_to_ask() {
    let world = World::new().await;
    let page = world.get("/lifelong-links").await;
    for part in ["what-it-is", "who-it-is-for", "how-to-ask"] {
        let heading = format!("<h2 id=\"{part}\">");
        assert!(page.text().contains(&heading), "{part}");
    }
    assert_shows(&page, "We do not know who can have it in Southwark today.");
}

#[tokio::test]
async fn staying_put_speaks_of_carers_from_an_agency_and_of_staying_close() {
    let world = World::new().await;
    let page = world.get("/staying-put").await;
    assert_shows(&page, "Carer from an agency?");
    assert_shows(&page, "A new law on staying close was passed in 2026.");
}

#[tokio::test]
async fn pages_and_receipts_have_a_style_for_paper() {
    let world = World::new().await;
    for page in world.pages() {
        assert!(
            world.get(&page).await.text().contains("@media print"),
            "{page}"
        );
    }
    let (check, fields) = world.check_page("On paper.", "yes", "").await;
    let receipt = world.send_again(&check.hidden("ticket"), &fields).await;
    assert!(receipt.text().contains("@media print"));
    // The day on it shows when the view was sent.
    assert_shows(&receipt, &format!("Sent on {}", world.day("2026-11-21")));
}

// ---------------------------------------------------------------- sending a view

#[tokio::test]
async fn who_will_read_it_and_what_that_means_is_said_before_anything_is_written() {
    let world = World::new().await;
    let start = world.get("/speak").await;
    for said in [
        "SpeakerBox will read what you write.",
        "If you say you are not safe, or not sure, two adults read it first.",
        "The councillors never see your own words as you sent them.",
    ] {
        assert_shows(&start, said);
    }
    let first = world.post("/speak", &[("step", "start")]).await;
    assert_shows(&first, &world.words("speak.readers"));
    for page in [start, first] {
        assert_eq!(tags(&page.text(), "textarea").count(), 0);
    }
    // Before it is sent, once more: for this view, after these answers.
    let (check, _) = world.check_page("Usual.", "yes", "").await;
    assert_shows(&check, &world.words("speak.check.readers"));
    let (check, _) = world.check_page("Not safe.", "no", "Sam").await;
    assert_shows(&check, &world.words("speak.check.readers-safety"));
    assert_shows(&check, &world.words("speak.check.readers-name"));
}

#[tokio::test]
async fn the_limits_of_staying_unknown_are_said_before_anything_is_written() {
    let world = World::new().await;
    let start = world.get("/speak").await;
    for said in [
        "Pledge is not an emergency service.",
        "Your words can give you away.",
        "If you give no name and you are in danger, we may not be able to find you.",
        "If they can tell who you are and you are in danger, they must act.",
    ] {
        assert_shows(&start, said);
    }
}

#[tokio::test]
async fn staying_unknown_is_chosen_already_and_a_name_is_a_choice_for_each_view() {
    let world = World::new().await;
    let fields = [
        ("step", "safe"),
        ("go", "next"),
        ("topic", "home"),
        ("said", "Listen."),
        ("safe", "yes"),
    ];
    let page = world.post("/speak", &fields).await.text();
    let chosen: Vec<&str> = tags(&page, "input")
        .filter(|tag| tag.contains("type=\"radio\"") && tag.contains(" checked"))
        .collect();
    assert_eq!(chosen.len(), 1, "{chosen:?}");
    assert!(chosen[0].contains("name=\"named\"") && chosen[0].contains("value=\"no\""));

    // Each view for itself, and a name that was typed and then not wanted is thrown away.
    for (named, kept) in [("yes", true), ("no", false), ("", false)] {
        let (_, id) = world
            .send_with(&[("named", named), ("identity", "Sam from the blue house")])
            .await;
        let row = world.store.view(&id).await.unwrap().unwrap();
        let bodies = world.store.bodies(&id).await.unwrap();
        let has_name = bodies.iter().any(|body| body.kind == TextKind::Identity);
        assert_eq!((row.has_identity, has_name), (kept, kept), "{named:?}");
    }
}

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
             about"
        )
    );
    assert_eq!(
        of("body").as_deref(),
        Some("id view kind day generation writer sealed")
    );
    assert_eq!(
        of("event").as_deref(),
        Some("seq view day action role staff body reason meeting service service_day")
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
async fn the_check_page_shows_every_answer_and_each_can_be_changed() {
    let world = World::new().await;
    let (check, fields) = world
        .check_page("My <room> is cold.", "not-sure", "Sam")
        .await;
    for shown in [
        world.words("topic.home"),
        "My <room> is cold.".to_owned(),
        world.words("feeling.worried"),
        "somebody to listen".to_owned(),
        world.words("safe.not-sure"),
        "Sam".to_owned(),
        world.words("speak.check.helped-yes"),
    ] {
        assert_shows(&check, &shown);
    }
    assert!(
        world.store.views().await.unwrap().is_empty(),
        "nothing is sent yet"
    );

    // "Change" opens the step with what was answered, and "next" comes straight back.
    for step in ["about", "say", "safe", "you"] {
        let html = check.text();
        let offered = tags(&html, "button").any(|tag| tag.contains(&format!("value=\"{step}\"")));
        assert!(offered, "{step} cannot be changed");
    }
    let mut sent: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    sent.extend([("step", "check"), ("go", "say")]);
    let step = world.post("/speak", &sent).await;
    assert!(step.text().contains("My &lt;room&gt; is cold.</textarea>"));
    sent.retain(|(name, _)| !["step", "go", "said"].contains(name));
    sent.extend([("step", "say"), ("go", "next"), ("said", "My bed is cold.")]);
    let back = world.post("/speak", &sent).await;
    assert_shows(&back, &world.words("speak.check.title"));
    assert_shows(&back, "My bed is cold.");
    assert_hides(&back, "&lt;room&gt;");
}

#[tokio::test]
async fn help_with_writing_is_recorded_and_shown() {
    let world = World::new().await;
    let speakerbox = world.desk("reader", Role::Speakerbox).await;
    for (helped, shown) in [("yes", true), ("", false)] {
        let (words, id) = world.send_with(&[("helped", helped)]).await;
        let desk = speakerbox.get(&format!("/desk/view/{id}")).await;
        let sender = world.follow(&words).await;
        for (page, key) in [(desk, "desk.view.helped"), (sender, "timeline.helped")] {
            let has = plain(&page.text()).contains(&world.words(key));
            assert_eq!(has, shown, "{key}, helped: {helped:?}");
        }
    }
}

#[tokio::test]
async fn a_right_or_a_promise_goes_with_the_view_to_whoever_reads_it() {
    let world = World::new().await;
    let speakerbox = world.desk("reader", Role::Speakerbox).await;
    for (link, title, address) in [
        (
            "right:visits",
            "Visits from your social worker",
            "/rights/visits",
        ),
        (
            "promise:tell-you-the-truth",
            "Tell you the truth",
            "/pledge/tell-you-the-truth",
        ),
    ] {
        let (words, id) = world.send_with(&[("link", link)]).await;
        let desk = speakerbox.get(&format!("/desk/view/{id}")).await;
        for page in [desk, world.follow(&words).await] {
            assert_shows(&page, title);
            assert!(
                page.text().contains(&format!("href=\"{address}\"")),
                "{address}"
            );
        }
    }
    // The control: what is no right of ours is not carried along.
    let (words, _) = world.send_with(&[("link", "right:made-up")]).await;
    let page = world.follow(&words).await;
    assert_hides(&page, "made-up");
    assert_hides(&page, &world.words("timeline.attached"));
}

// ---------------------------------------------------------------- following up

#[tokio::test]
async fn every_state_has_plain_words_for_whoever_sees_it() {
    let world = World::new().await;
    let mut keys = Vec::new();
    for state in State::ALL {
        for part in ["name", "sender", "next"] {
            keys.push(format!("state.{}.{part}", state.id()));
        }
    }
    for state in [
        State::Published,
        State::Done,
        State::Agreed,
        State::Disputed,
    ] {
        keys.push(format!("state.{}.public", state.id()));
    }
    for lane in Lane::ALL {
        keys.push(format!("lane.{}.name", lane.id()));
    }
    for reason in CloseReason::ALL {
        keys.push(format!("reason.{}.name", reason.id()));
        keys.push(format!("reason.{}.sender", reason.id()));
    }
    for role in Role::ALL {
        keys.push(format!("role.{}.name", role.id()));
        keys.push(format!("role.{}.sender", role.id()));
    }
    keys.extend(
        Topic::ALL
            .iter()
            .map(|topic| format!("topic.{}", topic.id())),
    );
    keys.extend(
        Feeling::ALL
            .iter()
            .map(|feeling| format!("feeling.{}", feeling.id())),
    );
    keys.extend(Safe::ALL.iter().map(|safe| format!("safe.{}", safe.id())));
    for key in keys {
        let words = world.words(&key);
        let id = key.split('.').nth(1).unwrap_or_default();
        assert!(words.len() > 1 && words != id, "{key}: {words}");
        // No name of the machine's own: those are written with a line or in small letters.
        assert!(words.starts_with(char::is_uppercase), "{key}: {words}");
        for sentence in words.split(['.', '!', '?', ':']) {
            let length = sentence.split_whitespace().count();
            assert!(length <= 15, "{key}: {length} words in `{sentence}`");
        }
    }
}

#[tokio::test]
async fn the_sender_sees_each_step_of_the_way_in_plain_words() {
    let world = World::new().await;
    let council = world.council().await;
    let (words, id) = world
        .send_with(&[("said", "Visits are always late.")])
        .await;
    let mut seen = Vec::new();
    let mut now = async |state: State, since: &str| {
        assert_eq!(world.store_state(&id).await, state);
        let page = world.follow(&words).await;
        assert_shows(&page, &world.words(&format!("state.{}.sender", state.id())));
        assert_shows(&page, &world.words(&format!("state.{}.next", state.id())));
        assert_shows(&page, &world.day("2026-11-21"));
        // What was shown before is still there.
        seen.push(since.to_owned());
        for step in &seen {
            assert_shows(&page, step);
        }
    };
    now(State::Received, "Visits are always late.").await;
    council.speakerbox.get(&format!("/desk/view/{id}")).await;
    now(State::Read, "Someone at SpeakerBox opened your view.").await;
    let asked = [("text", "How late?")];
    done(&council.speakerbox.act(&id, "ask-back", &asked).await);
    now(State::AskedBack, "How late?").await;
    world.sender(&words, "write", "An hour each time.").await;
    now(State::Answered, "An hour each time.").await;
    let safe_version = "Visits are an hour late.";
    let approve = [("text", safe_version)];
    done(&council.speakerbox.act(&id, "approve", &approve).await);
    now(State::Approved, safe_version).await;
    let list = [("meeting", council.meeting.as_str())];
    done(&council.speakerbox.act(&id, "list", &list).await);
    let on = format!(
        "It is on the list for the meeting on {}.",
        world.day("2026-12-10")
    );
    now(State::Listed, &on).await;
    council.decide(&id, safe_version).await;
    now(State::Decided, &on).await;
    council.press(&id, "publish").await;
    now(State::Published, "You were right to tell us.").await;
    council.press(&id, "mark-done").await;
    now(State::Done, &world.words("timeline.done")).await;
    world.sender(&words, "dispute", "").await;
    now(State::Disputed, &world.words("timeline.you-disputed")).await;
    council.press(&id, "mark-done").await;
    world.sender(&words, "agree", "").await;
    now(State::Agreed, &world.words("timeline.you-agreed")).await;
}

#[tokio::test]
async fn a_view_is_closed_for_one_of_the_fixed_reasons_and_its_sender_reads_which() {
    let world = World::new().await;
    let speakerbox = world.desk("closer", Role::Speakerbox).await;
    let mut ids = Vec::new();
    for reason in CloseReason::ALL {
        let (words, id) = world.send_with(&[]).await;
        let fields = [("reason", reason.id()), ("text", "Thank you for writing.")];
        done(&speakerbox.act(&id, "close", &fields).await);
        let page = world.follow(&words).await;
        assert_shows(
            &page,
            &world.words(&format!("reason.{}.sender", reason.id())),
        );
        assert_shows(&page, "Thank you for writing.");
        ids.push(id);
    }
    // Any other reason is refused.
    let (_, open) = world.send_with(&[]).await;
    for made_up in ["", "because", "settled "] {
        let fields = [("reason", made_up), ("text", "Thank you for writing.")];
        let refused = speakerbox.act(&open, "close", &fields).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{made_up:?}"
        );
    }
    assert_eq!(world.store_state(&open).await, State::Read);

    // The reasons stand in the record, where they can be counted without opening any text.
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for id in ids.iter().chain([&open]) {
        for event in world.store.events(id).await.unwrap() {
            if let Some(reason) = event.reason {
                *counts.entry(reason.id()).or_default() += 1;
            }
        }
    }
    assert_eq!(counts.len(), CloseReason::ALL.len());
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
}

// ---------------------------------------------------------------- SpeakerBox and triage

#[tokio::test]
async fn the_queue_is_sorted_by_whose_turn_it_is_by_topic_and_by_waiting() {
    let world = World::new().await;
    let mut council = world.council().await;
    let (_, waiting) = world.send_with(&[("topic", "money")]).await;
    let (words, asked) = world.send_with(&[]).await;
    let (_, approved) = world.send_with(&[]).await;
    let (_, listed) = world.send_with(&[]).await;
    let (_, closed) = world.send_with(&[]).await;
    let speakerbox = &council.speakerbox;
    done(
        &speakerbox
            .act(&asked, "ask-back", &[("text", "When?")])
            .await,
    );
    done(
        &speakerbox
            .act(&approved, "approve", &[("text", "Safe.")])
            .await,
    );
    council.approve_and_list(&listed, "Safe too.").await;
    let close = [("reason", "settled"), ("text", "Bye.")];
    done(&speakerbox.act(&closed, "close", &close).await);

    for (filter, shown) in [
        ("show=waiting", vec![&waiting]),
        ("show=asked", vec![&asked]),
        ("show=approved", vec![&approved]),
        ("show=committee", vec![&listed]),
        ("show=ended", vec![&closed]),
        ("show=all&topic=money", vec![&waiting]),
        (
            "show=all",
            vec![&waiting, &asked, &approved, &listed, &closed],
        ),
    ] {
        let page = speakerbox
            .get(&format!("/desk/queue?{filter}"))
            .await
            .text();
        for id in [&waiting, &asked, &approved, &listed, &closed] {
            assert_eq!(page.contains(id), shown.contains(&id), "{filter}");
        }
    }

    // Whoever waits longest stands first, with the days; an answer brings a view back.
    world.clock.forward(3 * 24 * 60 * 60);
    world.sender(&words, "write", "Last week.").await;
    council
        .speakerbox
        .sign_in(&own_password("speakerbox"))
        .await;
    let page = council.speakerbox.get("/desk/queue").await;
    assert_shows(&page, "Waiting 3 days");
    assert_shows(&page, &world.words("desk.queue.unread"));
    let html = page.text();
    assert!(html.find(&waiting) < html.find(&asked) && html.contains(&waiting));
}

#[tokio::test]
async fn nothing_sent_is_public_before_people_have_read_decided_and_published() {
    let world = World::new().await;
    let council = world.council().await;
    let marks = ["markersent", "markerapproved", "markersaid"];
    let (_, id) = world.send_with(&[("said", marks[0])]).await;
    let public = async || {
        let mut all = world.get("/api/v1/outcomes").await.text();
        for page in world.pages() {
            all.push_str(&world.get(&page).await.text());
        }
        marks.map(|mark| all.contains(mark))
    };
    assert_eq!(public().await, [false, false, false]);
    council.speakerbox.get(&format!("/desk/view/{id}")).await;
    assert_eq!(public().await, [false, false, false]);
    council.approve_and_list(&id, marks[1]).await;
    assert_eq!(public().await, [false, false, false]);
    council.decide(&id, marks[2]).await;
    assert_eq!(public().await, [false, false, false]);
    council.press(&id, "publish").await;
    assert_eq!(public().await, [false, false, true]);
}

#[tokio::test]
async fn the_words_as_sent_stay_and_every_version_for_the_committee_is_kept() {
    let world = World::new().await;
    let (_, id) = world.send_with(&[("said", "Miss Green is late.")]).await;
    let speakerbox = world.desk("editor", Role::Speakerbox).await;
    let versions = ["My worker is late.", "A worker is late."];
    let before = world.store.bodies(&id).await.unwrap();
    for text in versions {
        done(&speakerbox.act(&id, "approve", &[("text", text)]).await);
    }
    let after = world.store.bodies(&id).await.unwrap();
    assert_eq!(
        after[..before.len()],
        before[..],
        "what was there is untouched"
    );
    let page = speakerbox.get(&format!("/desk/view/{id}")).await;
    for shown in [versions[0], versions[1], "Miss Green is late."] {
        assert_shows(&page, shown);
    }
    let edits = world.store.events(&id).await.unwrap();
    let edits: Vec<_> = edits.iter().filter(|e| e.action == "approve").collect();
    assert_eq!(edits.len(), versions.len());
    assert!(edits.iter().all(|e| e.staff.is_some() && e.body.is_some()));
}

#[tokio::test]
async fn a_young_triager_sees_two_words_instead_of_a_name_and_may_stop() {
    let world = World::new().await;
    world
        .send("Hear me.", "yes", "Sam from the blue house")
        .await;
    let id = world.newest().await;
    let triager = world.desk("triager", Role::Speakerbox).await;
    let pseudonym = service::views::pseudonym(&id);
    assert_eq!(pseudonym.split(' ').count(), 2);
    for address in ["/desk/queue".to_owned(), format!("/desk/view/{id}")] {
        let page = triager.get(&address).await;
        assert_shows(&page, &pseudonym);
        assert_hides(&page, "blue house");
    }
    let view = triager.get(&format!("/desk/view/{id}")).await;
    assert_shows(&view, &world.words("desk.view.name-others"));
    let queue = triager.get("/desk/queue").await;
    assert_shows(&queue, &world.words("desk.queue.care"));
}

// ---------------------------------------------------------------- committee, decisions, outcomes

#[tokio::test]
async fn a_decision_stands_under_its_meeting_wherever_it_is_shown() {
    let world = World::new().await;
    let council = world.council().await;
    let (words, id) = world.send_with(&[]).await;
    council.approve_and_list(&id, "Visits are late.").await;
    council.decide(&id, "Visits are late.").await;
    let meeting = format!("/desk/meetings/{}", council.meeting);
    let desk = council.clerk.get(&meeting).await;
    let day = world.day("2026-12-10");
    for shown in [
        day.as_str(),
        "Visits are late.",
        "Every late visit is reported.",
    ] {
        assert_shows(&desk, shown);
    }
    council.press(&id, "publish").await;
    let public = world.get("/you-said").await;
    assert_shows(&public, &format!("Decided at the meeting on {day}."));
    let sender = world.follow(&words).await;
    assert_shows(&sender, &format!("This was at the meeting on {day}."));
    let committee = world.get("/committee").await;
    assert_shows(&committee, &format!("{day} : Winter meeting"));
}

// A view whose decision is public: the council, the six words and the view.
async fn published(world: &World) -> (Council<'_>, String, String) {
    let council = world.council().await;
    let (words, id) = world.send_with(&[]).await;
    council.approve_and_list(&id, "Visits are late.").await;
    council.decide(&id, "Visits are late.").await;
    council.press(&id, "publish").await;
    (council, words, id)
}

#[tokio::test]
async fn the_public_page_says_who_must_do_it_by_when_and_if_it_is_done() {
    let world = World::new().await;
    let (council, words, id) = published(&world).await;
    let now = async |state: &str| {
        let page = world.get("/you-said").await;
        let owner = format!("Head of care must do this by {}.", world.day("2027-01-31"));
        assert_shows(&page, &owner);
        assert_shows(&page, &world.words(&format!("state.{state}.public")));
    };
    now("published").await;
    council.press(&id, "mark-done").await;
    now("done").await;
    world.sender(&words, "dispute", "").await;
    now("disputed").await;
    council.press(&id, "mark-done").await;
    world.sender(&words, "agree", "").await;
    now("agreed").await;
}

#[tokio::test]
async fn an_outcome_leads_to_how_many_views_there_were_and_to_none_of_them() {
    let world = World::new().await;
    let (_, _, id) = published(&world).await;
    for _ in 0..6 {
        world.send_with(&[]).await;
    }
    // The month is not over, so none of its views is counted.
    let page = world.get("/you-said").await;
    let october = "Fewer than 5 views on this topic were sent until 31 October 2026.";
    assert_shows(&page, october);
    world.clock.forward(30 * 24 * 60 * 60);
    let page = world.get("/you-said").await;
    let november = "At least 5 views on this topic were sent until 30 November 2026.";
    assert_shows(&page, november);
    assert_hides(&page, &id);
    let data: serde_json::Value =
        serde_json::from_slice(&world.get("/api/v1/outcomes").await.bytes).unwrap();
    let outcome = &data["outcomes"][0];
    assert_eq!(outcome["views_at_least"], 5);
    assert_eq!(outcome["views_until"], "2026-11-30");
}

#[tokio::test]
async fn outcomes_are_open_data_and_the_description_names_every_address_of_the_api() {
    let world = World::new().await;
    published(&world).await;
    let json = |answer: Answer| -> serde_json::Value {
        assert_eq!(answer.status, StatusCode::OK);
        assert!(
            answer
                .header("content-type")
                .starts_with("application/json")
        );
        serde_json::from_slice(&answer.bytes).unwrap()
    };
    let outcomes = json(world.get("/api/v1/outcomes").await);
    let outcome = &outcomes["outcomes"][0];
    assert_eq!(outcome["said"], "Visits are late.");
    assert_eq!(outcome["owner"], "Head of care");
    assert_eq!(outcome["due"], "2027-01-31");
    assert_eq!(outcome["meeting"], "2026-12-10");

    let description = json(world.get("/api/openapi.json").await);
    let described = description["paths"].as_object().unwrap();
    let served: Vec<_> = web::addresses(&world.site)
        .into_iter()
        .filter(|(path, _)| path.starts_with("/api/v"))
        .collect();
    assert_eq!(described.len(), served.len());
    for (path, methods) in served {
        for method in methods {
            let method = method.to_lowercase();
            assert!(described[&path].get(&method).is_some(), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn where_the_words_go_there_are_ideas_to_begin_with() {
    let world = World::new().await;
    for (language, idea) in [("", "What happened? When?"), ("/es", "¿Qué pasó?")] {
        let about = [("step", "about"), ("topic", "home"), ("go", "next")];
        let page = world.post(&format!("{language}/speak"), &about).await;
        let html = page.text();
        let ideas = html.find(idea).unwrap();
        assert!(ideas < html.find("<textarea").unwrap(), "before the words");
        // Folded away, so that nobody is led who knows what to say.
        let folded = html.split("<details").find(|part| part.contains(idea));
        assert!(!folded.unwrap().split('>').next().unwrap().contains("open"));
    }
}

// ---------------------------------------------------------------- safety and privacy

#[tokio::test]
async fn the_sender_is_told_who_opened_the_view_and_who_opened_the_name() {
    let world = World::new().await;
    let words = world.send("I am scared.", "no", "Sam").await;
    let id = world.newest().await;
    let before = world.follow(&words).await;
    assert_hides(&before, "opened your");
    let safety = world.desk("safety lead", Role::Safety).await;
    safety.get(&format!("/desk/view/{id}")).await;
    let opened = world.follow(&words).await;
    assert_shows(&opened, "The safety lead opened your view.");
    assert_hides(&opened, "opened your name");
    let reason = [("reason", "To send help tonight.")];
    for times in 1..=2 {
        let name = safety.act(&id, "name", &reason).await;
        assert_eq!(name.status, StatusCode::OK, "{}", name.text());
        let told = plain(&world.follow(&words).await.text());
        assert_eq!(
            told.matches("The safety lead opened your name.").count(),
            times
        );
    }
    // The reason is kept for those who may check it.
    let again = safety.get(&format!("/desk/view/{id}")).await;
    assert_shows(&again, "To send help tonight.");
}

#[tokio::test]
async fn every_page_has_a_way_out_that_needs_no_script() {
    let world = World::new().await;
    let words = world.send("Hello.", "yes", "").await;
    let mut pages = vec![
        world.follow(&words).await,
        world.check_page("Hello.", "yes", "").await.0,
        world.get("/nothing-here").await,
        world.get("/desk/sign-in").await,
    ];
    for page in world.pages() {
        pages.push(world.get(&page).await);
    }
    for page in pages {
        let html = page.text();
        let out: Vec<&str> = tags(&html, "a")
            .filter(|tag| tag.contains("id=\"leave\""))
            .collect();
        assert_eq!(out.len(), 1, "{html}");
        let plain = out[0].contains("href=\"/leave\"");
        assert!(plain || out[0].contains("href=\"/leave?j="), "{}", out[0]);
    }
    let gone = world.get("/leave").await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert!(gone.header("location").starts_with("https://"));
    assert!(gone.header("clear-site-data").contains("\"storage\""));
    assert_eq!(gone.header("cache-control"), "no-store");
    assert!(gone.bytes.is_empty());
}

#[tokio::test]
async fn help_lines_say_whom_they_are_for_and_when_a_call_is_free() {
    let world = World::new().await;
    let lines = &world.site.content.lines;
    let page = world.get("/help").await;
    for line in lines {
        assert_shows(&page, &line.name);
        assert_shows(&page, &line.for_whom);
    }
    let free = lines.iter().filter(|line| line.free).count();
    assert!(free >= 5);
    let said = plain(&page.text())
        .matches(&world.words("help.free"))
        .count();
    assert_eq!(said, free);
    // Where somebody says they are not safe, the numbers stand above everything else.
    let (check, _) = world.check_page("I am scared.", "no", "").await;
    let html = check.text();
    assert!(html.find("tel:08001111") < html.find("<h1"), "{html}");
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
async fn what_was_written_for_some_never_opens_for_more() {
    let world = World::new().await;
    world.send("I am scared at night.", "no", "Sam").await;
    let id = world.newest().await;
    let safety = world.desk("safety lead", Role::Safety).await;
    let triager = world.desk("triager", Role::Speakerbox).await;
    done(
        &safety
            .act(&id, "note", &[("text", "I rang the home.")])
            .await,
    );
    let before = world.store.bodies(&id).await.unwrap();
    done(&safety.act(&id, "release", &[]).await);
    // Shared with SpeakerBox: no text is sealed anew, and what was not for it stays shut.
    assert_eq!(world.store.bodies(&id).await.unwrap(), before);
    let page = triager.get(&format!("/desk/view/{id}")).await;
    assert_shows(&page, "I am scared at night.");
    assert_shows(&page, &world.words("desk.view.record-sealed"));
    assert_hides(&page, "I rang the home.");
    // Nor by another state: on a meeting's list the committee reads the approved text alone.
    done(
        &triager
            .act(&id, "approve", &[("text", "Nights are frightening.")])
            .await,
    );
    let clerk = world.desk("clerk", Role::Clerk).await;
    let desk = clerk.desk().await;
    let keys = world.site.pledge.role_keys(&desk).await.unwrap();
    for body in world.store.bodies(&id).await.unwrap() {
        let opened = world.site.pledge.sealer.open_bytes(&body.sealed, &keys);
        assert_eq!(
            opened.is_ok(),
            body.kind == TextKind::Approved,
            "{:?}",
            body.kind
        );
    }
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

// ---------------------------------------------------------------- access, bytes, running

#[tokio::test]
async fn the_accessibility_page_names_its_goal_and_its_gaps() {
    let world = World::new().await;
    let page = world.get("/accessibility").await;
    for said in [
        "WCAG 2.2, level AA",
        "People who use screen readers and other such tools have not tested Pledge yet.",
        "The rest is in English only so far.",
    ] {
        assert_shows(&page, said);
    }
}

#[tokio::test]
async fn every_reading_page_fits_its_bytes_and_loads_no_file() {
    let world = World::new().await;
    let sizes = web::sizes(&world.site);
    assert!(sizes.len() > 30, "{}", sizes.len());
    // (The WASM is weighed by the build, which makes it; here it may be missing or unfinished.)
    for (name, bytes, most) in sizes.iter().filter(|(name, ..)| name.starts_with('/')) {
        assert!(bytes <= most, "{name}: {bytes} of {most} bytes");
    }
    for page in world.pages() {
        let html = world.get(&page).await.text();
        for tag in [
            "script", "img", "iframe", "object", "video", "audio", "source",
        ] {
            let loading: Vec<_> = tags(&html, tag)
                .filter(|tag| tag.contains("src="))
                .collect();
            // The one page that has a script file: keeping pages on the phone is nothing a page without one can do.
            if page == "/keep" && tag == "script" {
                assert_eq!(loading, ["script src=\"/keep.js\" defer"]);
            } else {
                assert_eq!(loading, [] as [&str; 0], "{page}");
            }
        }
        let mut sheets = tags(&html, "link").filter(|tag| !tag.contains("href=\"data:,\""));
        assert_eq!(sheets.next(), None, "{page}");
        assert!(
            !html.contains("url(") && !html.contains("@import"),
            "{page}"
        );
    }
}

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
