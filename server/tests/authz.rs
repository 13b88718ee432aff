//! One table of everything at the desk: address, method, what the view is like, and what each person gets. An address
//! without a row fails, and so does a row without an address.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod common;

use axum::http::StatusCode;
use common::{Answer, DeskClient, World};
use domain::role::Role;
use server::store::Store;
use std::collections::BTreeSet;

/// What somebody gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gets {
    /// The page.
    Page,
    /// It is done, or leads on to a page of theirs.
    Done,
    /// Refused, or "there is no such thing".
    Refused,
    /// Sign in first.
    SignIn,
    /// Something is missing in the form: it was looked at.
    Mend,
}
use Gets::{Done, Mend, Page, Refused, SignIn};

/// What the view in the address is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    /// There is none in the address.
    None,
    /// Sent with a name, and opened by SpeakerBox.
    New,
    /// Sent as not safe, with a name, and opened by the safety lead.
    Unsafe,
    /// Approved for the committee.
    Approved,
    /// On a meeting's list.
    Listed,
    /// Decided by the committee.
    Decided,
    /// Decided and published.
    Published,
}

const NOBODY: &[(&str, &str)] = &[];
const TEXT: &[(&str, &str)] = &[("text", "A few words.")];
const DECISION: &[(&str, &str)] = &[
    ("said", "Visits are missed."),
    ("decided", "It will be done."),
    ("owner", "A head of service"),
    ("due", "2027-01-31"),
    ("answer", "You were right."),
];

struct Row {
    method: &'static str,
    at: &'static str,
    view: View,
    fields: &'static [(&'static str, &'static str)],
    /// For nobody, speakerbox, coordinator, safety, committee, clerk, admin.
    gets: [Gets; 7],
}

const fn row(
    method: &'static str,
    at: &'static str,
    view: View,
    fields: &'static [(&'static str, &'static str)],
    gets: [Gets; 7],
) -> Row {
    Row {
        method,
        at,
        view,
        fields,
        gets,
    }
}

const VIEW: &str = "/desk/view/{id}";
const ACT: &str = "/desk/view/{id}/{act}";
const ITEM: &str = "/desk/meetings/{meeting}/{view}";
const ITEM_ACT: &str = "/desk/meetings/{meeting}/{view}/{act}";

#[rustfmt::skip]
const TABLE: &[Row] = &[
    //                                                            nobody  speakerbox coordinator safety committee clerk admin
    row("GET", "/desk", View::None, NOBODY,                       [SignIn, Done, Done, Done, Done, Done, Page]),
    row("GET", "/desk/sign-in", View::None, NOBODY,               [Page, Page, Page, Page, Page, Page, Page]),
    row("POST", "/desk/sign-in", View::None, NOBODY,              [Mend, Mend, Mend, Mend, Mend, Mend, Mend]),
    row("POST", "/desk/sign-out", View::None, NOBODY,             [SignIn, SignIn, SignIn, SignIn, SignIn, SignIn, SignIn]),
    row("GET", "/desk/password", View::None, NOBODY,              [SignIn, Page, Page, Page, Page, Page, Page]),
    row("POST", "/desk/password", View::None, NOBODY,             [SignIn, Mend, Mend, Mend, Mend, Mend, Mend]),
    row("GET", "/desk/code", View::None, NOBODY,                  [SignIn, Done, Done, Done, Done, Done, Done]),
    row("POST", "/desk/code", View::None, NOBODY,                 [SignIn, Done, Done, Done, Done, Done, Done]),
    row("GET", "/desk/second-factor", View::None, NOBODY,         [SignIn, Page, Page, Page, Page, Page, Page]),
    row("POST", "/desk/second-factor", View::None, NOBODY,        [SignIn, Mend, Mend, Mend, Mend, Mend, Mend]),
    row("GET", "/desk/sessions", View::None, NOBODY,              [SignIn, Page, Page, Page, Page, Page, Page]),
    row("POST", "/desk/sessions", View::None, NOBODY,             [SignIn, Done, Done, Done, Done, Done, Done]),
    row("GET", "/desk/queue", View::None, NOBODY,                 [SignIn, Page, Page, Refused, Refused, Refused, Refused]),
    row("GET", "/desk/safety", View::None, NOBODY,                [SignIn, Refused, Page, Page, Refused, Refused, Refused]),
    row("GET", "/desk/record", View::None, NOBODY,                [SignIn, Refused, Page, Refused, Refused, Refused, Page]),
    row("GET", "/desk/figures", View::None, NOBODY,               [SignIn, Refused, Page, Refused, Refused, Page, Refused]),
    row("POST", "/desk/figures", View::None, NOBODY,              [SignIn, Refused, Mend, Refused, Refused, Mend, Refused]),
    row("GET", "/desk/meetings", View::None, NOBODY,              [SignIn, Page, Page, Refused, Page, Page, Refused]),
    row("POST", "/desk/meetings", View::None, NOBODY,             [SignIn, Refused, Mend, Refused, Mend, Mend, Refused]),
    row("GET", "/desk/meetings/{meeting}", View::Listed, NOBODY,  [SignIn, Page, Page, Refused, Page, Page, Refused]),
    row("GET", ITEM, View::Listed, NOBODY,                        [SignIn, Page, Page, Refused, Page, Page, Refused]),
    row("GET", VIEW, View::New, NOBODY,                           [SignIn, Page, Page, Refused, Refused, Refused, Refused]),
    row("GET", VIEW, View::Unsafe, NOBODY,                        [SignIn, Refused, Page, Page, Refused, Refused, Refused]),
    row("GET", VIEW, View::Approved, NOBODY,                      [SignIn, Page, Page, Refused, Refused, Refused, Refused]),
    row("GET", VIEW, View::Listed, NOBODY,                        [SignIn, Page, Page, Refused, Refused, Refused, Refused]),
    row("POST", "ask-back", View::New, TEXT,                      [SignIn, Done, Done, Refused, Refused, Refused, Refused]),
    row("POST", "ask-back", View::Unsafe, TEXT,                   [SignIn, Refused, Done, Done, Refused, Refused, Refused]),
    row("POST", "reply", View::New, TEXT,                         [SignIn, Done, Done, Refused, Refused, Refused, Refused]),
    row("POST", "note", View::New, TEXT,                          [SignIn, Done, Done, Refused, Refused, Refused, Refused]),
    row("POST", "note", View::Unsafe, TEXT,                       [SignIn, Refused, Done, Done, Refused, Refused, Refused]),
    row("POST", "approve", View::New, TEXT,                       [SignIn, Done, Done, Refused, Refused, Refused, Refused]),
    row("POST", "list", View::Approved, NOBODY,                   [SignIn, Done, Done, Refused, Refused, Done, Refused]),
    row("POST", "unlist", View::Listed, NOBODY,                   [SignIn, Done, Done, Refused, Refused, Done, Refused]),
    row("POST", "close", View::New, &[("reason", "settled"), ("text", "Done.")], [SignIn, Done, Done, Refused, Refused, Refused, Refused]),
    row("POST", "take", View::Unsafe, NOBODY,                     [SignIn, Refused, Done, Done, Refused, Refused, Refused]),
    row("POST", "release", View::Unsafe, NOBODY,                  [SignIn, Refused, Done, Done, Refused, Refused, Refused]),
    row("POST", "name", View::New, &[("reason", "To help.")],     [SignIn, Refused, Page, Refused, Refused, Refused, Refused]),
    row("POST", "name", View::Unsafe, &[("reason", "To help.")],  [SignIn, Refused, Page, Page, Refused, Refused, Refused]),
    row("POST", "hold", View::New, &[("reason", "A court asked.")], [SignIn, Refused, Done, Refused, Refused, Refused, Refused]),
    row("POST", "decide", View::Listed, DECISION,                 [SignIn, Refused, Refused, Refused, Done, Done, Refused]),
    row("POST", "publish", View::Decided, NOBODY,                 [SignIn, Refused, Refused, Refused, Done, Done, Refused]),
    row("POST", "mark-done", View::Published, NOBODY,             [SignIn, Refused, Refused, Refused, Done, Done, Refused]),
];

const ITEM_ACTS: [&str; 3] = ["decide", "publish", "mark-done"];

impl Row {
    /// The address as the router has it.
    fn address(&self) -> &'static str {
        match self.at {
            at if at.starts_with('/') => at,
            at if ITEM_ACTS.contains(&at) => ITEM_ACT,
            _ => ACT,
        }
    }
}

fn got(answer: &Answer) -> Gets {
    let to = answer.header("location");
    match answer.status {
        StatusCode::OK => Page,
        StatusCode::SEE_OTHER if to.starts_with("/desk/sign-in") && !to.contains("out") => SignIn,
        StatusCode::SEE_OTHER => Done,
        StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Refused,
        // Too many: seven people tried to sign in with nothing.
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::TOO_MANY_REQUESTS => Mend,
        other => panic!("{other}"),
    }
}

const RAW: &str = "Rawwordsofthesender";
const NAMED: &str = "Namedofthesender";
const APPROVED: &str = "Approvedforthecommittee";

struct Council<'a> {
    world: &'a World,
    people: Vec<DeskClient<'a>>,
    meeting: String,
}

impl<'a> Council<'a> {
    async fn new(world: &'a World) -> Council<'a> {
        let names = ["Ann", "Bea", "Cat", "Dee", "Eve", "Fay"];
        let mut people = Vec::new();
        for (name, role) in names.into_iter().zip(Role::ALL) {
            people.push(world.desk(name, role).await);
        }
        let page = people[4].get("/desk/meetings").await;
        let token = page.hidden("token");
        let fields = [
            ("token", token.as_str()),
            ("day", "2026-12-09"),
            ("title", "December"),
        ];
        let made = people[4].post("/desk/meetings", &fields).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
        let meeting = world.site.pledge.meetings().await.unwrap()[0].id.clone();
        Council {
            world,
            people,
            meeting,
        }
    }

    fn of(&self, role: Role) -> &DeskClient<'a> {
        let place = Role::ALL.iter().position(|known| *known == role).unwrap();
        &self.people[place]
    }

    /// A fresh view that is like this.
    async fn view(&self, view: View) -> String {
        if view == View::None {
            return String::new();
        }
        let safe = if view == View::Unsafe { "no" } else { "yes" };
        self.world.send(RAW, safe, NAMED).await;
        let id = self.world.newest().await;
        let speakerbox = self.of(Role::Speakerbox);
        let clerk = self.of(Role::Clerk);
        // Nothing can be done with a view before somebody has opened it.
        let opener = if view == View::Unsafe {
            Role::Safety
        } else {
            Role::Speakerbox
        };
        let opened = self.of(opener).get(&format!("/desk/view/{id}")).await;
        assert_eq!(opened.status, StatusCode::OK, "{}", opened.text());
        if matches!(view, View::New | View::Unsafe) {
            return id;
        }
        self.sure(speakerbox.act(&id, "approve", &[("text", APPROVED)]).await);
        if view == View::Approved {
            return id;
        }
        let on = [("meeting", self.meeting.as_str())];
        self.sure(speakerbox.act(&id, "list", &on).await);
        if view == View::Listed {
            return id;
        }
        self.sure(clerk.decide(&self.meeting, &id, "decide", DECISION).await);
        if view == View::Published {
            self.sure(clerk.decide(&self.meeting, &id, "publish", &[]).await);
        }
        id
    }

    fn sure(&self, answer: Answer) {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    }

    /// One person's try. `who`: 0 is nobody.
    async fn attempt(&self, row: &Row, who: usize, id: &str) -> Answer {
        let path = row
            .address()
            .replace("{id}", id)
            .replace("{view}", id)
            .replace("{meeting}", &self.meeting)
            .replace("{act}", row.at);
        let nobody = who == 0;
        if row.method == "GET" {
            return if nobody {
                self.world.get(&path).await
            } else {
                self.people[who - 1].get(&path).await
            };
        }
        let version = match self.world.store.view(id).await.unwrap() {
            Some(known) => known.version.to_string(),
            None => String::new(),
        };
        let mut fields = row.fields.to_vec();
        fields.extend([
            ("version", version.as_str()),
            ("meeting", self.meeting.as_str()),
        ]);
        if nobody {
            return self.world.post(&path, &fields).await;
        }
        let client = &self.people[who - 1];
        let token = client.get("/desk/password").await.hidden("token");
        fields.push(("token", &token));
        client.post(&path, &fields).await
    }
}

#[tokio::test]
async fn every_address_of_the_desk_has_a_row() {
    let world = World::new().await;
    let there: BTreeSet<(String, String)> = server::web::addresses(&world.site)
        .into_iter()
        .filter(|(path, _)| path.starts_with("/desk"))
        .flat_map(|(path, methods)| {
            methods
                .iter()
                .map(move |method| ((*method).to_owned(), path.clone()))
        })
        .collect();
    let told: BTreeSet<(String, String)> = TABLE
        .iter()
        .map(|row| (row.method.to_owned(), row.address().to_owned()))
        .collect();
    assert_eq!(there, told);
}

#[tokio::test]
async fn everybody_gets_what_the_table_says_and_no_word_more() {
    let world = World::new().await;
    let mut council = Council::new(&world).await;
    let mut wrong = Vec::new();
    for row in TABLE {
        let mut id = council.view(row.view).await;
        for (who, expected) in row.gets.into_iter().enumerate() {
            let answer = council.attempt(row, who, &id).await;
            let person = who
                .checked_sub(1)
                .map_or("nobody", |place| Role::ALL[place].id());
            let what = format!("{} {} {:?} as {person}", row.method, row.at, row.view);
            if answer.status == StatusCode::CONFLICT {
                wrong.push(format!("{what}: cannot be done now"));
                continue;
            }
            if got(&answer) != expected {
                wrong.push(format!("{what}: {:?}, not {expected:?}", got(&answer)));
            }
            let text = answer.text();
            // Fields of the answer: who may see which words at all.
            let lane = row.view == View::Unsafe;
            let reads_raw = matches!(person, "coordinator")
                || person == if lane { "safety" } else { "speakerbox" };
            if text.contains(RAW) && !reads_raw {
                wrong.push(format!("{what}: shows the view as sent"));
            }
            if text.contains(NAMED) && !(row.at == "name" && expected == Page) {
                wrong.push(format!("{what}: shows the name"));
            }
            if text.contains(APPROVED)
                && !["speakerbox", "coordinator", "committee", "clerk"].contains(&person)
            {
                wrong.push(format!("{what}: shows the approved text"));
            }
            if row.at == "name" && expected == Page && !text.contains(NAMED) {
                wrong.push(format!("{what}: does not show the name"));
            }
            if row.at == "/desk/sign-out" && who > 0 {
                let person = &mut council.people[who - 1];
                let password = common::own_password(person.name);
                person.sign_in(&password).await;
            }
            // What was done cannot be done again.
            if row.method == "POST" && matches!(expected, Done | Page) {
                id = council.view(row.view).await;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
