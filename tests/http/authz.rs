//! One table of everything at the desk: address, method, what the view is like, and what each person gets. An address
//! without a row fails, and so does a row without an address.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, DeskClient, World};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::role::Role;
use std::collections::BTreeSet;
use store::{PageDraftRow, Store};
use web::Access;

/// What somebody gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gets {
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
    /// The address has another one now.
    Moved,
}
use Gets::{Done, Mend, Moved, Page, Refused, SignIn};

/// What the view in the address is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// There is none in the address.
    None,
    /// Sent with a name, and opened by SpeakerBox.
    New,
    /// Sent as not safe, with a name, and opened by the safety lead.
    Unsafe,
    /// Sent with a name, about somebody who would read it, and opened by those who may.
    AboutSpeakerbox,
    AboutCoordinator,
    /// This one as not safe as well.
    AboutSafety,
    AboutCommittee,
    /// Approved for the committee.
    Approved,
    /// On a meeting's list.
    Listed,
    /// Decided by the committee.
    Decided,
    /// Decided; a member of the committee wrote it, not the clerk.
    DecidedByMember,
    /// Decided and published.
    Published,
    /// Published and taken down.
    Down,
    /// None: a draft of words is open, which somebody else wrote.
    Drafted,
    /// None: no draft of words is open.
    Undrafted,
}

impl View {
    /// What is sent as the answer to "Is it about one of the people who read it?".
    fn about(self) -> &'static str {
        match self {
            View::AboutSpeakerbox => "speakerbox",
            View::AboutCoordinator => "coordinator",
            View::AboutSafety => "safety",
            View::AboutCommittee => "committee",
            _ => "nobody",
        }
    }

    /// Who may see the words as sent.
    fn readers(self) -> &'static [&'static str] {
        match self {
            View::Unsafe => &["coordinator", "safety"],
            View::AboutSpeakerbox | View::AboutSafety => &["coordinator"],
            View::AboutCoordinator => &["safety"],
            _ => &["coordinator", "speakerbox"],
        }
    }
}

const NOBODY: &[(&str, &str)] = &[];
const TEXT: &[(&str, &str)] = &[("text", "A few words.")];
const DECISION: &[(&str, &str)] = &[
    ("kind", "yes"),
    ("said", "Visits are missed."),
    ("decided", "It will be done."),
    ("owner", "A head of service"),
    ("due", "2027-01-31"),
    ("answer", "You were right."),
];

pub(crate) struct Row {
    pub(crate) method: &'static str,
    pub(crate) at: &'static str,
    pub(crate) view: View,
    fields: &'static [(&'static str, &'static str)],
    /// For nobody, speakerbox, coordinator, safety, committee, clerk, admin.
    pub(crate) gets: [Gets; 7],
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
const DOWN: &str = "/desk/published/{view}/take-down";
const ITEM: &str = "/desk/meetings/{meeting}/{view}";
const ITEM_ACT: &str = "/desk/meetings/{meeting}/{view}/{act}";
const WORDS: &str = "/desk/page-editor/{file}";
const WORDS_ACT: &str = "/desk/page-editor/{file}/{act}";
const OLD_WORDS: &str = "/desk/words/{file}";
const OLD_WORDS_ACT: &str = "/desk/words/{file}/{act}";
const WORDS_FILE: &str = "en/rights/visits.md";
const JOIN: &str = "/desk/join/{code}";
const ACCOUNT: &str = "/desk/accounts/{account}";
const ACCOUNT_ACT: &str = "/desk/accounts/{account}/{act}";

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
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
    row("GET", JOIN, View::None, NOBODY,                          [Page, Page, Page, Page, Page, Page, Page]),
    row("POST", JOIN, View::None, NOBODY,                         [Mend, Mend, Mend, Mend, Mend, Mend, Mend]),
    row("GET", "/desk/waiting", View::None, NOBODY,               [SignIn, Done, Done, Done, Done, Done, Done]),
    row("GET", "/desk/keys", View::None, NOBODY,                  [SignIn, Page, Page, Page, Page, Page, Refused]),
    row("POST", "/desk/keys", View::None, &[("act", "seal-again")], [SignIn, Done, Done, Done, Done, Done, Refused]),
    row("GET", "/desk/accounts", View::None, NOBODY,              [SignIn, Refused, Refused, Refused, Refused, Refused, Page]),
    row("POST", "/desk/accounts", View::None, NOBODY,             [SignIn, Refused, Refused, Refused, Refused, Refused, Mend]),
    row("GET", ACCOUNT, View::None, NOBODY,                       [SignIn, Refused, Refused, Refused, Refused, Refused, Page]),
    row("POST", "suspend", View::None, NOBODY,                    [SignIn, Refused, Refused, Refused, Refused, Refused, Done]),
    row("POST", "restore", View::None, NOBODY,                    [SignIn, Refused, Refused, Refused, Refused, Refused, Done]),
    row("POST", "invite-again", View::None, NOBODY,               [SignIn, Refused, Refused, Refused, Refused, Refused, Page]),
    row("POST", "remove", View::None, NOBODY,                     [SignIn, Refused, Refused, Refused, Refused, Refused, Done]),
    row("GET", "/desk/queue", View::None, NOBODY,                 [SignIn, Page, Page, Refused, Refused, Refused, Refused]),
    row("GET", "/desk/safety", View::None, NOBODY,                [SignIn, Refused, Page, Page, Refused, Refused, Refused]),
    row("GET", "/desk/on-call", View::None, NOBODY,               [SignIn, Refused, Page, Page, Refused, Refused, Refused]),
    row("POST", "/desk/on-call", View::None, &[("act", "add")],   [SignIn, Refused, Mend, Mend, Refused, Refused, Refused]),
    row("GET", "/desk/audit", View::None, NOBODY,                 [SignIn, Refused, Page, Refused, Refused, Refused, Page]),
    row("GET", "/desk/usage", View::None, NOBODY,                 [SignIn, Page, Page, Page, Page, Page, Page]),
    row("GET", "/desk/progress", View::None, NOBODY,              [SignIn, Refused, Page, Refused, Refused, Page, Refused]),
    row("POST", "/desk/progress", View::None, NOBODY,             [SignIn, Refused, Mend, Refused, Refused, Mend, Refused]),
    row("GET", "/desk/page-editor", View::None, NOBODY,           [SignIn, Page, Page, Refused, Refused, Page, Refused]),
    row("GET", WORDS, View::Undrafted, NOBODY,                    [SignIn, Page, Page, Refused, Refused, Page, Refused]),
    row("GET", WORDS, View::Drafted, NOBODY,                      [SignIn, Page, Page, Refused, Refused, Page, Refused]),
    row("POST", WORDS, View::Undrafted, NOBODY,                   [SignIn, Mend, Mend, Refused, Refused, Mend, Refused]),
    row("GET", "/desk/page-editor/{file}/preview", View::Drafted, NOBODY, [SignIn, Page, Page, Refused, Refused, Page, Refused]),
    row("GET", "/desk/page-editor/{file}/history", View::None, NOBODY, [SignIn, Page, Page, Refused, Refused, Page, Refused]),
    row("POST", "words/discard", View::Drafted, NOBODY,           [SignIn, Done, Done, Refused, Refused, Done, Refused]),
    row("POST", "words/return", View::Undrafted, &[("to", "0")],  [SignIn, Done, Done, Refused, Refused, Done, Refused]),
    row("POST", "words/publish", View::Drafted, NOBODY,           [SignIn, Refused, Done, Refused, Refused, Done, Refused]),
    row("GET", "/desk/use", View::None, NOBODY,                   [SignIn, Moved, Moved, Moved, Moved, Moved, Moved]),
    row("GET", "/desk/record", View::None, NOBODY,                [SignIn, Refused, Moved, Refused, Refused, Refused, Moved]),
    row("GET", "/desk/figures", View::None, NOBODY,               [SignIn, Refused, Moved, Refused, Refused, Moved, Refused]),
    row("POST", "/desk/figures", View::None, NOBODY,              [SignIn, Refused, Moved, Refused, Refused, Moved, Refused]),
    row("GET", "/desk/words", View::None, NOBODY,                 [SignIn, Moved, Moved, Refused, Refused, Moved, Refused]),
    row("GET", OLD_WORDS, View::None, NOBODY,                     [SignIn, Moved, Moved, Refused, Refused, Moved, Refused]),
    row("POST", OLD_WORDS, View::None, NOBODY,                    [SignIn, Moved, Moved, Refused, Refused, Moved, Refused]),
    row("GET", "/desk/words/{file}/preview", View::None, NOBODY,  [SignIn, Moved, Moved, Refused, Refused, Moved, Refused]),
    row("GET", "/desk/words/{file}/history", View::None, NOBODY,  [SignIn, Moved, Moved, Refused, Refused, Moved, Refused]),
    row("POST", "old words/discard", View::None, NOBODY,          [SignIn, Moved, Moved, Refused, Refused, Moved, Refused]),
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
    row("POST", "release", View::Unsafe, TEXT,                    [SignIn, Refused, Done, Done, Refused, Refused, Refused]),
    row("POST", "raise", View::New, NOBODY,                       [SignIn, Done, Done, Refused, Refused, Refused, Refused]),
    row("POST", "raise", View::Listed, TEXT,                      [SignIn, Done, Done, Refused, Refused, Done, Refused]),
    row("POST", "raise", View::AboutSpeakerbox, NOBODY,           [SignIn, Refused, Done, Refused, Refused, Refused, Refused]),
    row("POST", "note-adults", View::New, TEXT,                   [SignIn, Refused, Done, Refused, Refused, Refused, Refused]),
    row("POST", "note-adults", View::Unsafe, TEXT,                [SignIn, Refused, Done, Done, Refused, Refused, Refused]),
    row("POST", "seen", View::Unsafe, NOBODY,                     [SignIn, Refused, Refused, Refused, Refused, Refused, Refused]),
    row("POST", "name", View::New, &[("reason", "To help.")],     [SignIn, Refused, Page, Refused, Refused, Refused, Refused]),
    row("POST", "name", View::Unsafe, &[("reason", "To help.")],  [SignIn, Refused, Page, Page, Refused, Refused, Refused]),
    row("GET", VIEW, View::AboutSpeakerbox, NOBODY,               [SignIn, Refused, Page, Refused, Refused, Refused, Refused]),
    row("GET", VIEW, View::AboutCoordinator, NOBODY,              [SignIn, Refused, Refused, Page, Refused, Refused, Refused]),
    row("GET", VIEW, View::AboutSafety, NOBODY,                   [SignIn, Refused, Page, Refused, Refused, Refused, Refused]),
    row("GET", VIEW, View::AboutCommittee, NOBODY,                [SignIn, Page, Page, Refused, Refused, Refused, Refused]),
    row("POST", "reply", View::AboutSpeakerbox, TEXT,             [SignIn, Refused, Done, Refused, Refused, Refused, Refused]),
    row("POST", "reply", View::AboutCoordinator, TEXT,            [SignIn, Refused, Refused, Done, Refused, Refused, Refused]),
    row("POST", "reply", View::AboutSafety, TEXT,                 [SignIn, Refused, Done, Refused, Refused, Refused, Refused]),
    row("POST", "take", View::AboutSafety, NOBODY,                [SignIn, Refused, Done, Refused, Refused, Refused, Refused]),
    row("POST", "take", View::AboutCoordinator, NOBODY,           [SignIn, Refused, Refused, Done, Refused, Refused, Refused]),
    row("POST", "name", View::AboutSpeakerbox, &[("reason", "To help.")], [SignIn, Refused, Page, Refused, Refused, Refused, Refused]),
    row("POST", "name", View::AboutCoordinator, &[("reason", "To help.")], [SignIn, Refused, Refused, Page, Refused, Refused, Refused]),
    row("POST", "name", View::AboutSafety, &[("reason", "To help.")], [SignIn, Refused, Page, Refused, Refused, Refused, Refused]),
    row("POST", "approve", View::AboutCommittee, TEXT,            [SignIn, Refused, Done, Refused, Refused, Refused, Refused]),
    row("POST", "approve", View::AboutSpeakerbox, TEXT,           [SignIn, Refused, Done, Refused, Refused, Refused, Refused]),
    row("POST", "step-aside", View::New, NOBODY,                  [SignIn, Done, Done, Refused, Refused, Refused, Refused]),
    row("POST", "step-aside", View::AboutCoordinator, NOBODY,     [SignIn, Refused, Refused, Mend, Refused, Refused, Refused]),
    row("POST", "keep-away", View::New, &[("name", "Eveqz")],     [SignIn, Refused, Done, Refused, Refused, Refused, Refused]),
    row("POST", "keep-away", View::Unsafe, &[("name", "nobody")], [SignIn, Refused, Mend, Mend, Refused, Refused, Refused]),
    row("POST", "hand-over", View::Unsafe, &[("service", "mash"), ("reference", "R1")], [SignIn, Refused, Done, Done, Refused, Refused, Refused]),
    row("POST", "close", View::Unsafe, &[("reason", "settled"), ("text", "Done.")], [SignIn, Refused, Mend, Mend, Refused, Refused, Refused]),
    row("POST", "hand-over", View::New, &[("service", "police")], [SignIn, Refused, Done, Refused, Refused, Refused, Refused]),
    row("POST", "hand-over", View::AboutSafety, &[("service", "other")], [SignIn, Refused, Done, Refused, Refused, Refused, Refused]),
    row("POST", "hand-over", View::AboutCoordinator, NOBODY,      [SignIn, Refused, Refused, Mend, Refused, Refused, Refused]),
    row("POST", "hold", View::New, &[("reason", "A court asked.")], [SignIn, Refused, Done, Refused, Refused, Refused, Refused]),
    row("POST", "decide", View::Listed, DECISION,                 [SignIn, Refused, Refused, Refused, Done, Done, Refused]),
    // Who wrote the decision does not publish it, whatever their role.
    row("POST", "publish", View::Decided, NOBODY,                 [SignIn, Refused, Refused, Refused, Done, Refused, Refused]),
    row("POST", "publish", View::DecidedByMember, NOBODY,         [SignIn, Refused, Refused, Refused, Refused, Done, Refused]),
    row("GET", "/desk/published", View::Published, NOBODY,        [SignIn, Refused, Page, Page, Refused, Page, Refused]),
    row("POST", DOWN, View::Published, &[("reason", "wrong")],    [SignIn, Refused, Done, Done, Refused, Done, Refused]),
    row("POST", "correct", View::Down, DECISION,                  [SignIn, Refused, Refused, Refused, Done, Done, Refused]),
    row("POST", "item/raise", View::Listed, NOBODY,               [SignIn, Refused, Refused, Refused, Done, Done, Refused]),
    row("POST", "mark-done", View::Published, NOBODY,             [SignIn, Refused, Refused, Refused, Done, Done, Refused]),
];

const ITEM_ACTS: [&str; 4] = ["decide", "publish", "correct", "mark-done"];
const ACCOUNT_ACTS: [&str; 4] = ["suspend", "restore", "invite-again", "remove"];

impl Row {
    /// The address as the router has it.
    pub(crate) fn address(&self) -> &'static str {
        match self.at {
            at if at.starts_with('/') => at,
            at if at.starts_with("words/") => WORDS_ACT,
            at if at.starts_with("old words/") => OLD_WORDS_ACT,
            at if ITEM_ACTS.contains(&at) || at.starts_with("item/") => ITEM_ACT,
            at if ACCOUNT_ACTS.contains(&at) => ACCOUNT_ACT,
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
        StatusCode::PERMANENT_REDIRECT => Moved,
        StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Refused,
        // Too many: seven people tried to sign in with nothing.
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::TOO_MANY_REQUESTS => Mend,
        other => panic!("{other}"),
    }
}

const RAW: &str = "Rawwordsofthesender";
const NAMED: &str = "Namedofthesender";
const APPROVED: &str = "Approvedforthecommittee";
/// Names that stand in no other word.
const NAMES: [&str; 6] = ["Annqz", "Beaqz", "Catqz", "Deeqz", "Eveqz", "Fayqz"];

pub(crate) struct Council<'a> {
    pub(crate) world: &'a World,
    pub(crate) people: Vec<DeskClient<'a>>,
    meeting: String,
}

impl<'a> Council<'a> {
    pub(crate) async fn new(world: &'a World) -> Council<'a> {
        let names = NAMES;
        let mut people = Vec::new();
        for (name, role) in names.into_iter().zip(Role::ALL) {
            people.push(world.desk(name, role).await);
        }
        let page = people[4].get("/desk/meetings").await;
        let token = page.hidden("token");
        let fields = [
            ("token", token.as_str()),
            ("day", "2026-11-21"),
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

    pub(crate) fn of(&self, role: Role) -> &DeskClient<'a> {
        let place = Role::ALL.iter().position(|known| *known == role).unwrap();
        &self.people[place]
    }

    /// A fresh view that is like this.
    pub(crate) async fn view(&self, view: View) -> String {
        match view {
            View::None => return String::new(),
            View::Drafted | View::Undrafted => return self.draft(view == View::Drafted).await,
            _ => {}
        }
        let unsafe_one = matches!(view, View::Unsafe | View::AboutSafety);
        let safe = if unsafe_one { "no" } else { "yes" };
        let (check, mut fields) = self.world.check_page(RAW, safe, NAMED).await;
        fields.push(("about".to_owned(), view.about().to_owned()));
        let sent = self
            .world
            .send_again(&check.hidden("ticket"), &fields)
            .await;
        assert_eq!(sent.status, StatusCode::OK, "{}", sent.text());
        let id = self.world.newest().await;
        let speakerbox = self.of(Role::Speakerbox);
        let clerk = self.of(Role::Clerk);
        // Nothing can be done with a view before somebody has opened it.
        let opener = match view {
            View::Unsafe | View::AboutCoordinator => Role::Safety,
            View::AboutSpeakerbox | View::AboutSafety => Role::Coordinator,
            _ => Role::Speakerbox,
        };
        let opened = self.of(opener).get(&format!("/desk/view/{id}")).await;
        assert_eq!(opened.status, StatusCode::OK, "{}", opened.text());
        if matches!(view, View::New | View::Unsafe) || view.about() != "nobody" {
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
        let member = self.of(Role::Committee);
        let writer = if view == View::DecidedByMember {
            member
        } else {
            clerk
        };
        self.sure(writer.decide(&self.meeting, &id, "decide", DECISION).await);
        if matches!(view, View::Published | View::Down) {
            self.sure(member.decide(&self.meeting, &id, "publish", &[]).await);
        }
        if view == View::Down {
            let token = clerk.get("/desk/published").await.hidden("token");
            let fields = [("token", token.as_str()), ("reason", "wrong")];
            let path = format!("/desk/published/{id}/take-down");
            self.sure(clerk.post(&path, &fields).await);
        }
        id
    }

    /// The number of a draft that is open; without one, none is open after it.
    async fn draft(&self, open: bool) -> String {
        let store = &self.world.store;
        for draft in store.drafts().await.unwrap() {
            let audited = self.world.audited();
            audited.discard_draft(&draft.file, draft.seq).await.unwrap();
        }
        if !open {
            return String::new();
        }
        let files = self.world.site.pledge.word_files();
        let (_, text) = files.iter().find(|(path, _)| path == WORDS_FILE).unwrap();
        let versions = store.word_versions(WORDS_FILE).await.unwrap();
        let draft = PageDraftRow {
            seq: 0,
            file: WORDS_FILE.to_owned(),
            base_version: versions.last().map_or(0, |row| row.seq),
            text: text.clone(),
            writer: "somebody else".to_owned(),
            day: "2026-11-21".parse().unwrap(),
        };
        let audited = self.world.audited();
        audited.save_draft(draft, 0).await.unwrap();
        store.drafts().await.unwrap()[0].seq.to_string()
    }

    fn sure(&self, answer: Answer) {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    }

    /// The address of a row, with things that are there.
    async fn path(&self, row: &Row, id: &str) -> String {
        let mut path = row
            .address()
            .replace("{id}", id)
            .replace("{view}", id)
            .replace("{meeting}", &self.meeting)
            .replace("{file}", &WORDS_FILE.replace('/', "~"))
            .replace("{act}", row.at.rsplit('/').next().unwrap_or_default());
        if path.contains("{code}") || path.contains("{account}") {
            let (account, code) = self.invited().await;
            path = path.replace("{code}", &code).replace("{account}", &account);
        }
        path
    }

    /// Somebody who is invited, with the code of the invitation.
    pub(crate) async fn invited(&self) -> (String, String) {
        let pledge = &self.world.site.pledge;
        let admin = self.of(Role::Admin);
        let desk = admin.desk().await;
        let password = crate::world::own_password(admin.name);
        let proved = pledge.prove(&desk, &password).await.unwrap().unwrap();
        let name = format!("guest {}", pledge.new_id());
        let code = pledge.invite(&desk, &proved, &name, Role::Committee);
        let code = code.await.unwrap();
        let staff = self.world.store.staff_by_name(&name).await.unwrap();
        (staff.unwrap().id, code)
    }

    /// One person's try. `who`: 0 is nobody.
    async fn attempt(&self, row: &Row, who: usize, id: &str) -> Answer {
        if row.method != "GET" {
            return self.world.request(self.posted(row, who, id).await).await;
        }
        let path = self.path(row, id).await;
        match who {
            0 => self.world.get(&path).await,
            _ => self.people[who - 1].get(&path).await,
        }
    }

    /// What one person's browser posts for a row. `who`: 0 is nobody.
    pub(crate) async fn posted(&self, row: &Row, who: usize, id: &str) -> Request<Body> {
        let path = self.path(row, id).await;
        let version = match self.world.store.view(id).await.unwrap() {
            Some(known) => known.version.to_string(),
            None => String::new(),
        };
        let mut fields = row.fields.to_vec();
        fields.extend([
            ("version", version.as_str()),
            ("meeting", self.meeting.as_str()),
            ("seen", id),
        ]);
        if who == 0 {
            return crate::world::post(&path, &fields, None);
        }
        let client = &self.people[who - 1];
        let token = client.get("/desk/password").await.hidden("token");
        let password = crate::world::own_password(client.name);
        fields.extend([("token", token.as_str()), ("password", &password)]);
        crate::world::post(&path, &fields, Some(&client.cookie))
    }
}

#[tokio::test]
async fn every_address_of_the_desk_has_a_row() {
    let world = World::new().await;
    let there: BTreeSet<(String, String)> = web::addresses(&world.site)
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
            let reads_raw = row.view.readers().contains(&person);
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
            // Accounts are the administrator's business.
            let own = who.checked_sub(1).map_or("", |place| NAMES[place]);
            // Those who keep children safe plan among each other who is on call.
            let each_other = match (row.at, person) {
                ("/desk/on-call", "coordinator" | "safety") => &NAMES[1..3],
                _ => &[],
            };
            let hidden = |name: &str| name != own && !each_other.contains(&name);
            let shown = |name: &str| hidden(name) && text.contains(name);
            if person != "admin" && NAMES.into_iter().any(shown) {
                wrong.push(format!("{what}: shows somebody's account"));
            }
            if row.at == "name" && expected == Page && !text.contains(NAMED) {
                wrong.push(format!("{what}: does not show the name"));
            }
            if row.at == "/desk/sign-out" && who > 0 {
                let person = &mut council.people[who - 1];
                let password = crate::world::own_password(person.name);
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

/// Where the router's table and this one differ: a role that may use an address gets something there in at least one
/// row, and a role that may not gets nothing in any.
fn differences(routes: &[(&'static str, Access)], rows: &[Row]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, who) in routes.iter().filter(|(path, _)| path.starts_with("/desk")) {
        let own: Vec<&Row> = rows.iter().filter(|row| row.address() == *path).collect();
        if own.is_empty() {
            wrong.push(format!("{path} has no row"));
        }
        for place in 0..7usize {
            let person = place.checked_sub(1).map(|place| Role::ALL[place]);
            let may = match (who, person) {
                (Access::Anyone, _) => true,
                (Access::Entering, person) => person.is_some(),
                (Access::Roles(roles), person) => person.is_some_and(|role| roles.contains(&role)),
            };
            let gets = |row: &&Row| !matches!(row.gets[place], Refused | SignIn);
            let refused_after = *path == "/desk/sign-out";
            let does = own.iter().any(gets) || refused_after && person.is_some();
            if may != does {
                wrong.push(format!("{path} for {person:?}: may {may}, gets {does}"));
            }
        }
    }
    wrong
}

#[test]
fn the_routers_table_and_this_one_agree() {
    let routes = web::route_access();
    assert_eq!(differences(&routes, TABLE), [] as [String; 0]);
    // The control: an address without a row, one opened too wide, one too narrow.
    for (path, who) in [
        ("/desk/new", Access::Anyone),
        ("/desk/queue", Access::Entering),
        ("/desk/safety", Access::Roles(&[Role::Safety])),
    ] {
        assert!(!differences(&[(path, who)], TABLE).is_empty(), "{path}");
    }
    // Nothing outside the desk is for staff alone, and nothing inside is open but the way in.
    for (path, who) in routes {
        let is_open = who == Access::Anyone;
        let way_in = ["/desk/sign-in", JOIN].contains(&path);
        assert_eq!(is_open, !path.starts_with("/desk") || way_in, "{path}");
    }
}

/// A browser whose session gives nothing, or not everything yet.
struct Stranger<'a> {
    what: &'static str,
    client: DeskClient<'a>,
    /// The token of its forms, where it has a page with one.
    token: String,
    /// Where it is led.
    to: &'static str,
}

async fn strangers<'a>(world: &'a World) -> Vec<Stranger<'a>> {
    let mut all = Vec::new();
    let password = |name: &str| crate::world::own_password(name);
    // Expired first, because the clock moves for everybody.
    let expired = world.desk("Expired", Role::Coordinator).await;
    let token = expired.get("/desk/password").await.hidden("token");
    world.clock.forward(16 * 60);
    let ended = "/desk/sign-in?ended=1";
    all.push(Stranger {
        what: "expired",
        client: expired,
        token,
        to: ended,
    });
    let revoked = world.desk("Revoked", Role::Coordinator).await;
    let token = revoked.get("/desk/password").await.hidden("token");
    let staff = world.store.staff_by_name("Revoked").await.unwrap().unwrap();
    let audited = world.audited();
    audited.end_sessions_of(&staff.id, None).await.unwrap();
    all.push(Stranger {
        what: "revoked",
        client: revoked,
        token,
        to: ended,
    });
    let mut made_up = world.desk("Madeup", Role::Coordinator).await;
    made_up.cookie = format!("__Host-s={}", "A".repeat(43));
    all.push(Stranger {
        what: "made up",
        client: made_up,
        token: String::new(),
        to: ended,
    });
    let mut half = world.desk("Half", Role::Coordinator).await;
    half.type_password(&password("Half")).await;
    let token = half.get("/desk/code").await.hidden("token");
    all.push(Stranger {
        what: "half signed in",
        client: half,
        token,
        to: "/desk/code",
    });
    // Every step done, and no keys granted: theirs are gone.
    let waiting = world.desk("Waiting", Role::Coordinator).await;
    let token = waiting.get("/desk/password").await.hidden("token");
    let staff = world.store.staff_by_name("Waiting").await.unwrap().unwrap();
    let path = world.data().join(server::bootstrap::DATABASE);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut db = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query("DELETE FROM grant_of_key WHERE staff = $1")
        .bind(&staff.id)
        .execute(&mut db)
        .await
        .unwrap();
    all.push(Stranger {
        what: "not let in",
        client: waiting,
        token,
        to: "/desk/waiting",
    });
    all
}

#[tokio::test]
async fn a_session_that_is_not_whole_opens_nothing_anywhere() {
    let world = World::new().await;
    let strangers = strangers(&world).await;
    let council = Council::new(&world).await;
    let mut wrong = Vec::new();
    let mut tried = 0;
    for row in TABLE {
        let id = council.view(row.view).await;
        let version = |row: Option<store::ViewRow>| row.map(|row| row.version);
        let before = version(world.store.view(&id).await.unwrap());
        for stranger in &strangers {
            let path = council.path(row, &id).await;
            let now = before.unwrap_or(0).to_string();
            let mut fields = row.fields.to_vec();
            let password = crate::world::own_password(stranger.client.name);
            fields.extend([
                ("token", stranger.token.as_str()),
                ("version", &now),
                ("meeting", &council.meeting),
                ("password", &password),
            ]);
            let open = ["/desk/sign-in", JOIN].contains(&row.address());
            // Its own next step, and signing out, are what a pending session is for.
            if open || path == stranger.to || row.address() == "/desk/sign-out" {
                continue;
            }
            tried += 1;
            let answer = match row.method {
                "GET" => stranger.client.get(&path).await,
                _ => stranger.client.post(&path, &fields).await,
            };
            let what = format!("{} {} {:?} {}", row.method, row.at, row.view, stranger.what);
            let led = answer.header("location");
            // A form with a text is answered with the page to sign in itself, which carries what was typed along.
            let is_sign_in_page = row.method == "POST"
                && stranger.to.starts_with("/desk/sign-in")
                && answer.status == StatusCode::OK
                && answer.text().contains("action=\"/desk/sign-in\"")
                && answer.text().contains("name=\"kept\"");
            if !is_sign_in_page && (answer.status != StatusCode::SEE_OTHER || led != stranger.to) {
                wrong.push(format!("{what}: {} {led}", answer.status));
            }
            let text = answer.text();
            if [RAW, NAMED, APPROVED]
                .iter()
                .any(|words| text.contains(words))
            {
                wrong.push(format!("{what}: shows a text"));
            }
        }
        if version(world.store.view(&id).await.unwrap()) != before {
            wrong.push(format!("{} {}: something was done", row.method, row.at));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 150, "only {tried} tried");
}
