//! Sample pages of the desk, written to `target/gallery/desk-*.html`, to be looked at.
//!
//! `cargo run -p app --example gallery_desk --features ssr`

use app::pages::desk;
use app::shell;
use app::shell::PageContext;
use domain::date::Date;
use domain::event::EventKind;
use domain::lifecycle::{Actor, CloseReason, Lane, State, ViewStatus, allowed_actions};
use domain::role::Role;
use domain::view::{Feeling, Safe, Topic};
use model::words::Words;
use model::*;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const LONG: &str = "I want to stay at my school until the exams are over. Everybody talks about the move, and nobody asks me.\n\nMy worker changed three times this year. Each one asks me the same questions again, and then they go. I would like one person who stays, and who tells me before things change and not after. I also think that other people should not have to tell their whole story to somebody new every few months.\n\nThe bus takes an hour and twenty minutes from the new home. If I get there late they write it down as if it was my fault.\n\nhttps://example.org/a/very/long/address/that/does/not/break/anywhere/because/it/has/no/spaces/at/all/and/goes/on/and/on";
const SHORT: &str = "Please keep the drop-in open on Sundays.";
const SAFE_TEXT: &str = "A young person wants to finish the school year at the same school when a home changes. They want one worker who stays, and to be told before things change.";

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let out = root.join("target/gallery");
    fs::create_dir_all(&out)?;
    let gallery = Gallery {
        frame: frame(&root)?,
        out,
    };

    gallery.page("sign-in", || desk::sign_in(SignInPage::default()))?;
    gallery.page("sign-in-wrong", || {
        desk::sign_in(SignInPage {
            name: "a.coordinator".into(),
            wrong: true,
            wait_seconds: 240,
            timed_out: true,
        })
    })?;
    gallery.page("password", || desk::password(password(false, vec![])))?;
    gallery.page("password-errors", || {
        desk::password(password(
            true,
            vec![
                error("old", "error.password.old"),
                error("new", "error.password.short"),
                error("again", "error.password.again"),
            ],
        ))
    })?;
    gallery.page("code", || desk::code(CodePage::default()))?;
    gallery.page("code-wrong", || {
        desk::code(CodePage {
            wrong: true,
            wait_seconds: 8,
            sample: Some(Some("123456".into())),
            ..CodePage::default()
        })
    })?;
    gallery.page("second-factor", || {
        desk::second_factor(second_factor(None, vec![]))
    })?;
    gallery.page("second-factor-again", || {
        desk::second_factor(second_factor(
            Some(who(Role::Safety)),
            vec![
                error("code", "error.code.set-up"),
                error("password", "error.proof.wrong"),
            ],
        ))
    })?;
    gallery.page("recovery-codes", || {
        desk::recovery_codes(RecoveryCodesPage {
            codes: vec!["abcd-efgh-ijkl-mnop-qrst-uvwx".into(); 10],
        })
    })?;
    gallery.page("sessions", || desk::sessions(sessions()))?;
    gallery.page("home", || desk::home(who(Role::Admin)))?;

    gallery.page("queue", || {
        desk::queue(queue(Role::Speakerbox, long_rows()))
    })?;
    gallery.page("queue-coordinator", || {
        desk::queue(queue(Role::Coordinator, long_rows()))
    })?;
    gallery.page("queue-empty", || {
        desk::queue(queue(Role::Speakerbox, vec![]))
    })?;
    gallery.page("safety", || desk::queue(safety(safety_rows())))?;
    gallery.page("safety-empty", || desk::queue(safety(vec![])))?;

    gallery.page("view-new", || {
        desk::view(view(Role::Speakerbox, State::Read, Lane::Ordinary))
    })?;
    gallery.page("view-short", || {
        let mut page = view(Role::Speakerbox, State::Read, Lane::Ordinary);
        page.words = Some(SentWords {
            said: SHORT.into(),
            ..SentWords::default()
        });
        page.entries.truncate(2);
        page.safe = Some(Safe::Yes);
        page.has_identity = false;
        desk::view(page)
    })?;
    gallery.page("view-error", || {
        let mut page = view(Role::Coordinator, State::Read, Lane::Ordinary);
        page.draft = Some(DeskDraft {
            action: "close".into(),
            text: String::new(),
            reason: "joined".into(),
            day: String::new(),
        });
        page.errors = vec![error("text", "error.text.close")];
        desk::view(page)
    })?;
    gallery.page("view-approved", || {
        let mut page = view(Role::Coordinator, State::Approved, Lane::Ordinary);
        page.approved = Some(SAFE_TEXT.into());
        page.desk.done = desk::done("approve");
        page.draft = Some(DeskDraft {
            action: "list".into(),
            ..DeskDraft::default()
        });
        page.errors = vec![error("meeting", "error.meeting.choose")];
        desk::view(page)
    })?;
    gallery.page("view-approve-open", || {
        let mut page = view(Role::Speakerbox, State::Approved, Lane::Ordinary);
        page.approved = Some(SAFE_TEXT.into());
        page.meetings = vec![];
        page.draft = Some(DeskDraft {
            action: "approve".into(),
            text: LONG.into(),
            ..DeskDraft::default()
        });
        page.errors = vec![error("text", "error.text.long")];
        desk::view(page)
    })?;
    gallery.page("view-listed", || {
        let mut page = view(Role::Speakerbox, State::Listed, Lane::Ordinary);
        page.approved = Some(SAFE_TEXT.into());
        page.listed_on = Some(meeting(3, 0));
        desk::view(page)
    })?;
    gallery.page("view-changed", || {
        let mut page = view(Role::Speakerbox, State::Listed, Lane::Ordinary);
        page.approved = Some(SAFE_TEXT.into());
        page.draft = Some(DeskDraft {
            action: "ask-back".into(),
            text: LONG.into(),
            ..DeskDraft::default()
        });
        page.errors = vec![error("page", "error.desk.changed")];
        desk::view(page)
    })?;
    gallery.page("view-safety", || {
        let mut page = view(Role::Safety, State::Read, Lane::Claimed);
        page.safe = Some(Safe::No);
        page.may_open_identity = true;
        desk::view(page)
    })?;
    gallery.page("view-safety-name", || {
        let mut page = view(Role::Coordinator, State::Read, Lane::Waiting);
        page.identity = Some("Ask for me at the youth club, or write to me here.".into());
        page.desk.done = desk::done("name");
        desk::view(page)
    })?;
    gallery.page("view-sealed", || {
        let mut page = view(Role::Safety, State::Closed, Lane::Released);
        page.words = None;
        page.safe = None;
        page.possible = vec![];
        desk::view(page)
    })?;

    gallery.page("meetings", || desk::meetings(meetings(Role::Clerk, true)))?;
    gallery.page("meetings-empty", || {
        let mut page = meetings(Role::Coordinator, true);
        page.meetings = vec![];
        page.day = "soon".into();
        page.errors = vec![
            error("day", "error.meeting.day"),
            error("title", "error.meeting.title"),
        ];
        desk::meetings(page)
    })?;
    gallery.page("meeting", || {
        let items = vec![
            listed(State::Listed, false),
            listed(State::Decided, true),
            listed(State::Published, true),
        ];
        desk::meeting(MeetingPage {
            desk: who(Role::Committee),
            meeting: meeting(3, 2),
            items,
        })
    })?;
    gallery.page("meeting-empty", || {
        desk::meeting(MeetingPage {
            desk: who(Role::Clerk),
            meeting: meeting(0, 0),
            items: vec![],
        })
    })?;
    gallery.page("item-listed", || desk::item(item(State::Listed, vec![])))?;
    gallery.page("item-errors", || {
        let mut page = item(State::Listed, vec![]);
        page.form = DecisionForm {
            decided: "Yes.".into(),
            due: "31 December".into(),
            ..DecisionForm::default()
        };
        page.errors = vec![
            error("said", "error.decision.said"),
            error("answer", "error.decision.answer"),
            error("owner", "error.decision.owner"),
            error("due", "error.decision.due"),
        ];
        desk::item(page)
    })?;
    gallery.page("item-decided", || desk::item(item(State::Decided, vec![])))?;
    gallery.page("item-published", || {
        desk::item(item(State::Published, vec![]))
    })?;
    gallery.page("item-changed", || {
        let mut page = item(State::Published, vec![error("page", "error.desk.changed")]);
        page.form.decided = "Something else that somebody typed meanwhile.".into();
        desk::item(page)
    })?;
    gallery.page("item-decided-errors", || {
        let mut page = item(State::Decided, vec![error("owner", "error.decision.owner")]);
        page.form.owner = String::new();
        desk::item(page)
    })?;
    gallery.page("item-agreed", || desk::item(item(State::Agreed, vec![])))?;
    gallery.page("words", || {
        desk::words_list(editing::WordsList {
            desk: who(Role::Clerk),
            files: vec![words_file()],
        })
    })?;
    gallery.page("words-page", || desk::words(words_page()))?;
    Ok(())
}

struct Gallery {
    frame: PageContext,
    out: PathBuf,
}

impl Gallery {
    fn page<V: leptos::IntoView>(
        &self,
        name: &str,
        page: impl FnOnce() -> V,
    ) -> std::io::Result<()> {
        let html = shell::render(&self.frame, None, page);
        fs::write(self.out.join(format!("desk-{name}.html")), html)
    }
}

fn frame(root: &Path) -> Result<PageContext, Box<dyn Error>> {
    let mut table = BTreeMap::new();
    for file in fs::read_dir(root.join("content/southwark/en/interface"))? {
        read_words(&fs::read_to_string(file?.path())?, &mut table);
    }
    let read = |name: &str| fs::read_to_string(root.join("style").join(name)).unwrap_or_default();
    Ok(PageContext {
        words: Words {
            language: "en".into(),
            table: Arc::new(table),
        },
        css: format!("{}{}", read("pledge.css"), read("desk.css")).into(),
        demo: true,
        ..PageContext::default()
    })
}

// Enough of TOML for our own words: tables, and keys with a text on one line.
fn read_words(text: &str, table: &mut BTreeMap<String, String>) {
    let mut prefix = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            prefix = format!("{name}.");
        } else if let Some((key, value)) = line.split_once('=') {
            let key = key.trim().trim_matches('"');
            let value = value.trim().trim_matches('"').replace("\\\"", "\"");
            table.insert(format!("{prefix}{key}"), value);
        }
    }
}

// ---------------------------------------------------------------- sample models

fn date(days_later: i32) -> Date {
    // 21 November 2026.
    Date::from_days(20_778)
        .unwrap_or_else(|| unreachable!("a day of 2026"))
        .plus_days(days_later)
}

fn error(field: &'static str, key: &'static str) -> FieldError {
    FieldError { field, key }
}

fn who(role: Role) -> DeskFrame {
    DeskFrame {
        name: format!("sample.{}", role.id()),
        role,
        token: "token".into(),
        done: None,
        lane: None,
    }
}

fn words_file() -> editing::WordsFile {
    editing::WordsFile {
        file: "en/rights/visits.md".into(),
        title: "Visits from your social worker".into(),
        review_by: Some(date(-3)),
        due: editing::Due::Overdue,
        draft_by: Some("sample.coordinator".into()),
        notes: vec![editing::WordsNote::Ours, editing::WordsNote::Newer],
    }
}

fn words_page() -> editing::WordsPage {
    editing::WordsPage {
        desk: who(Role::Clerk),
        file: words_file(),
        draft: Some(editing::OpenDraft {
            by: "sample.coordinator".into(),
            day: date(0),
            own: false,
            faults: vec!["It says placement.".into()],
            has_preview: true,
            changes: vec![
                editing::DiffLine::Was(vec![(false, "They come ".into()), (true, "soon.".into())]),
                editing::DiffLine::Now(vec![(false, "They come ".into()), (true, "today.".into())]),
                editing::DiffLine::Gap,
            ],
        }),
        form: editing::WordsForm {
            is_page: true,
            body: LONG.into(),
            ..editing::WordsForm::default()
        },
        seen: 1,
        over: 0,
        against_now: None,
        errors: vec![error("page", "error.words.changed")],
    }
}

fn password(must_change: bool, errors: Vec<FieldError>) -> PasswordPage {
    PasswordPage {
        desk: (!must_change).then(|| who(Role::Speakerbox)),
        token: "token".into(),
        errors,
    }
}

fn second_factor(desk: Option<DeskFrame>, errors: Vec<FieldError>) -> SecondFactorPage {
    SecondFactorPage {
        desk,
        token: "token".into(),
        groups: "ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567".into(),
        address: "otpauth://totp/Pledge:sample?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".into(),
        qr_code: "<svg viewBox=\"0 0 9 9\"><path d=\"M1 1h7v7h-7z\"/></svg>".into(),
        field: "sealed".into(),
        codes_left: 7,
        errors,
    }
}

fn sessions() -> SessionsPage {
    let session = |began_minutes, this, half| OwnSession {
        id: "0123".into(),
        began_minutes,
        seen_minutes: began_minutes / 10,
        this,
        half,
    };
    SessionsPage {
        desk: who(Role::Safety),
        sessions: vec![
            session(5, true, false),
            session(61, false, true),
            session(400, false, false),
        ],
    }
}

fn row(pseudonym: &str, topic: Topic, life: ViewStatus, days: i32) -> QueueRow {
    QueueRow {
        id: "0123456789abcdef".into(),
        pseudonym: pseudonym.into(),
        topic,
        state: life.state,
        lane: life.lane,
        unread: life.unread,
        sent: date(-days),
        waiting_days: days,
        turn: life.turn(),
        nobody_for: None,
        burst: false,
        language: None,
        about: life.about,
        handed: false,
        close_first: None,
        ended_in_open_lane: false,
    }
}

fn life(state: State, lane: Lane, unread: bool) -> ViewStatus {
    ViewStatus {
        state,
        lane,
        unread,
        about: domain::view::Subject::Nobody,
    }
}

fn long_rows() -> Vec<QueueRow> {
    vec![
        row(
            "Quiet Otter",
            Topic::Home,
            life(State::Received, Lane::Ordinary, true),
            23,
        ),
        row(
            "Extraordinary Hummingbird",
            Topic::BeingHeard,
            life(State::Answered, Lane::Ordinary, true),
            9,
        ),
        row(
            "Brave Lantern",
            Topic::FamilyTime,
            life(State::Read, Lane::Released, false),
            6,
        ),
        row(
            "Calm River",
            Topic::Money,
            life(State::AskedBack, Lane::Ordinary, false),
            2,
        ),
        row(
            "Silver Kite",
            Topic::MovingOn,
            life(State::Approved, Lane::Ordinary, false),
            1,
        ),
        row(
            "Green Drum",
            Topic::Other,
            life(State::Received, Lane::Ordinary, true),
            0,
        ),
        row(
            "Slow Comet",
            Topic::School,
            life(State::Agreed, Lane::Ordinary, false),
            40,
        ),
    ]
}

fn queue(role: Role, rows: Vec<QueueRow>) -> QueuePage {
    let counts = if rows.is_empty() {
        vec![0; 6]
    } else {
        vec![7, 1, 1, 12, 148, 1_169]
    };
    let topic = (role == Role::Coordinator).then_some(Topic::FamilyTime);
    let filter = QueueFilter {
        show: QueueShow::Waiting,
        topic,
        burst: None,
    };
    QueuePage {
        desk: who(role),
        safety: false,
        told_outside: true,
        filter,
        counts,
        rows,
        folds: vec![],
    }
}

fn safety_rows() -> Vec<QueueRow> {
    vec![
        row(
            "Extraordinary Hummingbird",
            Topic::FeelingSafe,
            life(State::Received, Lane::Waiting, true),
            1,
        ),
        row(
            "Quiet Otter",
            Topic::Home,
            life(State::Read, Lane::Claimed, false),
            0,
        ),
    ]
}

fn safety(rows: Vec<QueueRow>) -> QueuePage {
    QueuePage {
        desk: who(Role::Safety),
        safety: true,
        told_outside: false,
        filter: QueueFilter::default(),
        counts: vec![],
        rows,
        folds: vec![],
    }
}

fn meeting(items: usize, open: usize) -> MeetingRow {
    MeetingRow {
        id: "m1".into(),
        day: date(19),
        title: "Corporate parenting committee".into(),
        items,
        open,
    }
}

fn entry(days: i32, action: &str, role: Option<Role>, text: Option<&str>) -> DeskEntry {
    DeskEntry {
        day: date(days),
        kind: EventKind::from_id(action).unwrap_or(EventKind::Noted),
        role,
        text: text.map(str::to_owned),
        sealed_to_others: false,
        reason: None,
        handed: None,
    }
}

fn view(role: Role, state: State, lane: Lane) -> DeskViewPage {
    let life = life(state, lane, false);
    let mut closed = entry(
        -1,
        "close",
        Some(Role::Coordinator),
        Some("Thank you. We joined it with other views."),
    );
    closed.reason = Some(CloseReason::Joined);
    let mut sealed = entry(-2, "note", Some(Role::Safety), None);
    sealed.sealed_to_others = true;
    DeskViewPage {
        desk: who(role),
        row: row("Extraordinary Hummingbird", Topic::BeingHeard, life, 8),
        taken_by: None,
        version: 7,
        words: Some(SentWords {
            said: LONG.into(),
            feeling: Some(Feeling::Worried),
            wish: "Let me finish the year here.\nAnd write to me before you decide.".into(),
            attached: Some("You must be asked about big changes".into()),
            attached_url: Some("/rights/big-changes".into()),
            helped: true,
        }),
        safe: Some(Safe::NotSure),
        has_identity: true,
        identity: None,
        may_open_identity: role != Role::Speakerbox,
        entries: vec![
            entry(-8, "sent", None, None),
            entry(-7, "open", Some(Role::Speakerbox), None),
            entry(
                -7,
                "ask-back",
                Some(Role::Speakerbox),
                Some("Which part should change first?"),
            ),
            entry(-5, "write-back", None, Some(LONG)),
            entry(
                -4,
                "reply",
                Some(Role::Coordinator),
                Some("Thank you. We read this on Monday."),
            ),
            sealed,
            entry(
                -2,
                "note",
                Some(Role::Coordinator),
                Some("Two other views say the same."),
            ),
            closed,
        ],
        approved: None,
        possible: allowed_actions(life, Actor::Staff(role)),
        meetings: vec![meeting(3, 0), meeting(0, 0)],
        limits: DeskLimits {
            told: SenderLimits::Open { words_gone: false },
            words_gone: false,
            held: false,
            may_hold: false,
        },
        listed_on: None,
        draft: None,
        errors: vec![],
    }
}

fn meetings(role: Role, may_make: bool) -> MeetingsPage {
    MeetingsPage {
        desk: who(role),
        meetings: vec![meeting(3, 0), meeting(0, 0), meeting(1, 1), meeting(12, 5)],
        may_make,
        day: String::new(),
        title: String::new(),
        errors: vec![],
    }
}

fn decision() -> DecisionWords {
    DecisionWords {
        decided: "From now on nobody moves school in the last two terms before exams, unless they ask for it.".into(),
        answer: "You asked to stay at your school. We agree with you. Your worker will tell you before anything changes.\n\nThank you for telling us."
            .into(),
        owner: "Head of the virtual school".into(),
        due: date(60),
        meeting: date(19),
    }
}

fn listed(state: State, decided: bool) -> MeetingItem {
    MeetingItem {
        view: "0123456789abcdef".into(),
        topic: Topic::School,
        state,
        approved: Some(SAFE_TEXT.into()),
        decision: decided.then(decision),
        possible: allowed_actions(
            life(state, Lane::Ordinary, false),
            Actor::Staff(Role::Committee),
        ),
        version: 9,
    }
}

fn item(state: State, errors: Vec<FieldError>) -> ItemPage {
    let decided = state != State::Listed;
    let words = decision();
    let form = if decided {
        DecisionForm {
            said: "We want to finish the school year at our own school.".into(),
            decided: words.decided,
            answer: words.answer,
            owner: words.owner,
            due: words.due.to_string(),
        }
    } else {
        DecisionForm::default()
    };
    ItemPage {
        desk: who(Role::Clerk),
        meeting: meeting(3, 1),
        item: listed(state, decided),
        form,
        errors,
    }
}
