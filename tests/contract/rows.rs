//! What the tests store: rows of every noun, and texts that are hard to keep.

use domain::audience::TextKind;
use domain::date::Date;
use domain::event::EventKind;
use domain::lifecycle::{State, ViewStatus};
use domain::publication::{Authors, DecisionKind};
use domain::role::Role;
use domain::view::Topic;
use store::audit::Entry;
use store::{
    AlertChange, AuditedStore, Change, EventRow, MeetingRow, NewBody, NewView, OutcomeRow, Sent,
    SessionRow, StaffRow, Store, ViewRow,
};

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn tag(n: u64) -> [u8; 32] {
    let mut tag = [0xA5; 32];
    tag[..8].copy_from_slice(&n.to_be_bytes());
    tag
}

pub fn body(kind: TextKind, sealed: impl Into<Vec<u8>>) -> NewBody {
    NewBody {
        kind,
        day: day("2026-11-21"),
        generation: 1,
        writer: None,
        audience: None,
        sealed: sealed.into(),
    }
}

/// The n-th view: with a text and a name, every byte value in the text.
pub fn view(n: u64) -> NewView {
    let mut text = format!("view {n} ").into_bytes();
    text.extend(0..=255u8);
    NewView {
        id: format!("view-{n}"),
        tag: tag(n),
        recipient: format!("age1receipt{n}"),
        day: day("2026-11-21"),
        topic: Topic::Home,
        language: "en".to_owned(),
        life: ViewStatus::begin(false),
        bodies: vec![
            body(TextKind::View, text),
            body(TextKind::Identity, format!("name {n}")),
        ],
        alert: None,
        burst: false,
    }
}

/// An event of the kind with this word; any other text is a note.
pub fn event(word: &str) -> EventRow {
    EventRow {
        day: day("2026-11-22"),
        kind: EventKind::from_id(word).unwrap_or(EventKind::Noted),
        role: None,
        staff: None,
        body: None,
        reason: None,
        meeting: None,
        handed: None,
        down: None,
    }
}

/// An act on a view that only writes an event.
pub fn act(on: &ViewRow, action: &str) -> Change {
    Change {
        view: on.id.clone(),
        from_version: on.version,
        from_life: on.life,
        life: on.life,
        since: None,
        meeting: None,
        event: event(action),
        body: None,
        reseal: Vec::new(),
        outcome: None,
        take_down: None,
        erase: false,
        alert: AlertChange::Keep,
    }
}

pub fn outcome(said: &str, state: State) -> OutcomeRow {
    OutcomeRow {
        topic: Topic::FamilyTime,
        said: said.to_owned(),
        kind: Some(DecisionKind::Partly),
        decided: "More visits".to_owned(),
        why: String::new(),
        owner: "Head of service".to_owned(),
        due: Some(day("2027-03-31")),
        until: None,
        meeting_day: day("2026-12-01"),
        decided_day: Some(day("2026-12-01")),
        urgent: false,
        published: day("2026-12-02"),
        state,
        round: 1,
        followed: false,
        corrected: None,
        down: None,
        authors: Authors {
            decided: Some("kim".to_owned()),
            approved: Some("sol".to_owned()),
        },
        released_by: Some("ash".to_owned()),
    }
}

pub fn meeting(id: &str, on: &str) -> MeetingRow {
    MeetingRow {
        id: id.to_owned(),
        day: day(on),
        title: format!("Meeting {id}"),
    }
}

pub fn person(id: &str, name: &str, role: Role) -> StaffRow {
    StaffRow {
        id: id.to_owned(),
        name: name.to_owned(),
        role,
        recipient: format!("age1{id}"),
        salt: [7; 16],
        wrapped: vec![0, 255, 1],
        must_change: true,
        temp_password_expires_at: 70,
        second_factor: None,
        last_step: 0,
        suspended: false,
    }
}

pub fn session(n: u8, staff: &str, began: i64, seen: i64) -> SessionRow {
    SessionRow {
        hash: [n; 32],
        staff: staff.to_owned(),
        wrapped: vec![n, 0],
        began,
        seen,
        half: n.is_multiple_of(2),
    }
}

/// What staff write, with an entry of its own.
pub trait Desk {
    fn desk(&self) -> Box<dyn AuditedStore>;
}

impl<S: Store + ?Sized> Desk for S {
    fn desk(&self) -> Box<dyn AuditedStore> {
        self.audited(entry("act", 1))
    }
}

pub fn entry(action: &'static str, at: i64) -> Entry {
    Entry {
        at,
        actor: Some("ana".to_owned()),
        role: Some(Role::Clerk),
        action,
        object: None,
        reason: false,
    }
}

pub async fn sent(store: &dyn Store, n: u64) -> ViewRow {
    assert_eq!(store.send(view(n)).await.unwrap(), Sent::Stored);
    get(store, n).await
}

pub async fn get(store: &dyn Store, n: u64) -> ViewRow {
    store.view(&format!("view-{n}")).await.unwrap().unwrap()
}

/// Texts from which a careless query, encoding or comparison would make something else.
pub const ODD_TEXTS: [&str; 14] = [
    "",
    " ",
    "Robert'); DROP TABLE view;--",
    "\" OR \"\"=\"",
    "$1 ?1 :name @name %s {} \\' \\0 \\",
    "100% _underscored_ [a-z]*",
    "-- comment /* */ ;",
    "NULL",
    "line one\nline two\r\n\ttab",
    "e\u{301} is not \u{e9}",
    "\u{202e}right to left\u{202c} \u{200f}\u{feff}\u{200b}",
    "👩🏽‍👩🏾‍👧🏿 ትግርኛ العربية 中文 \u{1F3F4}\u{E0067}\u{E0062}",
    "ﬃ İ ı ß ſ K",
    "\u{10FFFF}\u{FFFD}\u{1}",
];

/// What `ash` releases of a view whose text `sol` approved and whose decision `kim` wrote; both are put on its record.
pub async fn release(store: &dyn Store, on: &ViewRow, outcome: OutcomeRow) -> Change {
    for (word, who) in [("approve", "sol"), ("decide", "kim")] {
        let wrote = by(who, word);
        store.desk().insert_event(&on.id, wrote).await.unwrap();
    }
    Change {
        outcome: Some(outcome),
        event: by("ash", "publish"),
        ..act(on, "publish")
    }
}

/// An event of the kind with this word, by this person.
pub fn by(who: &str, word: &str) -> EventRow {
    EventRow {
        staff: Some(who.to_owned()),
        ..event(word)
    }
}
