//! Sample pages of following a view.

use super::reading::{article, lines};
use super::{Page, SAID, date, named};
use app::pages::follow;
use app::shell::{self, PageContext};
use domain::lifecycle::{Action, CloseReason, Lane, State, Turn, ViewStatus};
use domain::publication::DecisionKind;
use domain::readers::{Promises, ReaderSet};
use domain::role::Role;
use domain::view::{Feeling, Subject, Topic};
use model::{
    DecisionWords, FieldError, FollowPage, PublicAnswer, RecordPage, SenderLimits, SentWords,
    ThreadPage, TimelineEntry, TimelineWhat,
};

/// The pages that ask for the words of a receipt, and threads in different states.
pub(super) fn pages(frame: &PageContext) -> Vec<Page> {
    let mut all = vec![
        named(
            "follow",
            shell::render(frame, None, || {
                follow::enter(FollowPage {
                    article: Some(article("Follow your view")),
                    ..FollowPage::default()
                })
            }),
        ),
        named(
            "follow-doubts",
            shell::render(frame, None, || follow::enter(doubts())),
        ),
        named(
            "follow-not-found",
            shell::render(frame, None, || {
                follow::enter(FollowPage {
                    not_found: true,
                    typed: "apple boat cat dog eel fig".into(),
                    ..FollowPage::default()
                })
            }),
        ),
        named("withdrawn", shell::render(frame, None, follow::withdrawn)),
    ];
    for (name, model) in threads() {
        all.push(named(
            name,
            shell::render(frame, Some("n"), || follow::thread(model)),
        ));
    }
    all
}

fn doubts() -> FollowPage {
    FollowPage {
        article: Some(article("Follow your view")),
        typed: "lantern oyster maple drft qqqq".into(),
        not_found: true,
        timed_out: true,
        message: SAID.into(),
        alarm: true,
        typed_count: Some(5),
        doubts: vec![(4, Some("drift".into())), (5, None)],
    }
}

fn entry(days: i32, what: TimelineWhat) -> TimelineEntry {
    TimelineEntry {
        day: date(days),
        what,
    }
}

fn sent() -> SentWords {
    SentWords {
        said: SAID.into(),
        feeling: Some(Feeling::Worried),
        wish: "Ask me before it is decided.".into(),
        attached: Some("Someone on your side".into()),
        attached_url: Some("/rights/advocate".into()),
        helped: true,
    }
}

fn decided() -> DecisionWords {
    DecisionWords {
        public: PublicAnswer {
            kind: Some(DecisionKind::Partly),
            decided: "No child moves school in an exam year unless they ask for it.".into(),
            owner: "The head of the virtual school".into(),
            due: Some(date(90)),
            ..PublicAnswer::default()
        },
        early: None,
        corrected: false,
        answer: "Thank you for telling us. You were right to say it.\nYour school stays the same until the summer.".into(),
        meeting: date(30),
    }
}

fn new_thread() -> ThreadPage {
    ThreadPage {
        handle: "handle".into(),
        topic: Topic::School,
        state: State::Received,
        lane: Lane::Ordinary,
        about: Subject::Nobody,
        turn: Turn::Speakerbox,
        promises: Promises::of(ViewStatus::begin(false), ReaderSet::EVERYBODY),
        timeline: vec![entry(
            0,
            TimelineWhat::Sent(SentWords {
                said: "Short.".into(),
                ..SentWords::default()
            }),
        )],
        part: RecordPage::default(),
        written: 0,
        limits: SenderLimits::Open {
            words_gone: false,
            last: None,
            soon: false,
        },
        possible: vec![Action::WriteBack, Action::Alarm, Action::Withdraw],
        message: String::new(),
        alarm: false,
        errors: vec![],
        done: None,
        confirm_withdraw: false,
        help: lines(),
    }
}

// A timeline with everything that can happen.
fn whole() -> Vec<TimelineEntry> {
    vec![
        entry(0, TimelineWhat::Sent(sent())),
        entry(1, TimelineWhat::ReadBy(Role::Speakerbox)),
        entry(
            1,
            TimelineWhat::Question("Which exams are they, and when?".into()),
        ),
        entry(2, TimelineWhat::YouWrote("They are in June.".into())),
        entry(
            3,
            TimelineWhat::YouRaisedAlarm("I am scared to go home today.".into()),
        ),
        entry(3, TimelineWhat::NameOpened(Role::Safety)),
        entry(
            4,
            TimelineWhat::Reply("We spoke with your worker today.".into()),
        ),
        entry(
            5,
            TimelineWhat::Approved(
                "A young person wants to stay at the same school until the exams are over.".into(),
            ),
        ),
        entry(6, TimelineWhat::Listed(date(20))),
        entry(7, TimelineWhat::Unlisted),
        entry(8, TimelineWhat::Listed(date(30))),
        entry(31, TimelineWhat::Decision(decided())),
        entry(60, TimelineWhat::Done),
        entry(61, TimelineWhat::Damaged),
    ]
}

fn threads() -> Vec<(&'static str, ThreadPage)> {
    let base = new_thread();
    vec![
        ("thread-new", base.clone()),
        (
            "thread-whole",
            ThreadPage {
                state: State::Done,
                turn: Turn::Sender,
                timeline: whole(),
                possible: vec![
                    Action::WriteBack,
                    Action::Alarm,
                    Action::Agree,
                    Action::Dispute,
                ],
                ..base.clone()
            },
        ),
        (
            "thread-unsafe",
            ThreadPage {
                lane: Lane::Waiting,
                turn: Turn::Safety,
                done: Some("follow.done.write"),
                ..base.clone()
            },
        ),
        (
            "thread-error",
            ThreadPage {
                state: State::AskedBack,
                turn: Turn::Sender,
                message: SAID.into(),
                errors: vec![FieldError {
                    field: "message",
                    key: "error.message.long",
                }],
                ..base.clone()
            },
        ),
        (
            "thread-closed",
            ThreadPage {
                state: State::Closed,
                turn: Turn::Nobody,
                timeline: vec![
                    entry(0, TimelineWhat::Closed(CloseReason::NotOurs)),
                    entry(0, TimelineWhat::YouAgreed),
                    entry(0, TimelineWhat::YouDisputed),
                ],
                ..base.clone()
            },
        ),
        (
            "thread-sure",
            ThreadPage {
                confirm_withdraw: true,
                ..base
            },
        ),
    ]
}
