//! Sample pages of sending a view.

use super::reading::{article, lines};
use super::{Page, SAID, date, named};
use app::pages::speak;
use app::shell::{self, PageContext};
use domain::lifecycle::ViewStatus;
use domain::readers::ReaderSet;
use model::{
    FieldError, LinkChoice, ReceiptPage, SpeakAnswers, SpeakPage, SpeakStep, StartPage, TypedBack,
};

/// What to know first, each step filled in and with its errors, and the receipt.
pub(super) fn pages(frame: &PageContext) -> Vec<Page> {
    let mut all = vec![named(
        "speak",
        shell::render(frame, None, || speak::start(start_page())),
    )];
    for step in SpeakStep::ALL {
        let empty = SpeakPage {
            answers: SpeakAnswers::default(),
            errors: errors_of(step),
            attached: None,
            ..speak_page(step)
        };
        all.push(named(
            &format!("speak-{}", step.id()),
            shell::render(frame, Some("n"), || speak::step(speak_page(step))),
        ));
        all.push(named(
            &format!("speak-{}-empty", step.id()),
            shell::render(frame, Some("n"), || speak::step(empty)),
        ));
    }
    for (name, typed_back, in_safety_lane) in [
        ("receipt", TypedBack::NotYet, false),
        ("receipt-different", TypedBack::Different, true),
        ("receipt-same", TypedBack::Same, false),
    ] {
        let model = ReceiptPage {
            typed_back,
            life: ViewStatus::begin(in_safety_lane),
            ..receipt()
        };
        all.push(named(
            name,
            shell::render(frame, Some("n"), || speak::receipt(model)),
        ));
    }
    all
}

fn start_page() -> StartPage {
    StartPage {
        article: article("Before you write"),
        readers: ReaderSet::EVERYBODY,
        help: lines(),
    }
}

fn errors_of(step: SpeakStep) -> Vec<FieldError> {
    match step {
        SpeakStep::Subject => vec![FieldError {
            field: "topic",
            key: "error.topic.empty",
        }],
        SpeakStep::Say => vec![
            FieldError {
                field: "said",
                key: "error.said.empty",
            },
            FieldError {
                field: "wish",
                key: "error.wish.long",
            },
        ],
        SpeakStep::Safe => vec![FieldError {
            field: "safe",
            key: "error.safe.empty",
        }],
        SpeakStep::You => vec![FieldError {
            field: "identity",
            key: "error.identity.empty",
        }],
        SpeakStep::Check => vec![FieldError {
            field: "ticket",
            key: "error.ticket.old",
        }],
    }
}

fn speak_page(step: SpeakStep) -> SpeakPage {
    let link = |value: &str, title: &str, group: &str| LinkChoice {
        value: value.into(),
        title: title.into(),
        group: group.into(),
    };
    SpeakPage {
        step,
        answers: SpeakAnswers {
            topic: "being-heard".into(),
            link: "right:advocate".into(),
            said: SAID.into(),
            feeling: "worried".into(),
            wish: "Ask me before it is decided.".into(),
            safe: "not-sure".into(),
            about: "speakerbox".into(),
            named: "yes".into(),
            identity: "Sam, through my school \"nurse\"".into(),
            helped: "yes".into(),
            language: "en".into(),
        },
        errors: vec![],
        links: vec![
            link("right:advocate", "Someone on your side", "Your voice"),
            link("right:have-a-say", "Have a say", "Your voice"),
            link(
                "promise:hear-what-you-say",
                "Hear what you say",
                "What workers were asked to promise",
            ),
        ],
        attached: Some("Someone on your side".into()),
        ticket: "ticket".into(),
        readers: ReaderSet::EVERYBODY,
        help: lines(),
    }
}

fn receipt() -> ReceiptPage {
    ReceiptPage {
        words: ["lantern", "oyster", "maple", "drift", "captain", "violet"]
            .map(String::from)
            .to_vec(),
        ticket: "ticket".into(),
        typed_back: TypedBack::NotYet,
        life: ViewStatus::begin(false),
        readers: ReaderSet::EVERYBODY,
        day: date(0),
        help: lines(),
    }
}
