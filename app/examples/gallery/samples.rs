//! Sample models of every page of the young person's side, shared by the gallery and by the tests of the pages.

use ::search::Found;
use app::pages::{check, follow, problem, reading, search, speak};
use app::shell::{self, LEAVE_SCRIPT, Nav, PageContext};
use domain::date::Date;
use domain::lifecycle::{Action, CloseReason, Lane, State, Turn};
use domain::role::Role;
use domain::view::{Feeling, Topic};
use model::search::{SearchLines, SearchPage};
use model::words::Words;
use model::*;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

const SAID: &str = "I want to stay at my school until the exams are over.\n\nEverybody talks about the move & nobody asks <me>. A long address: https://example.org/very/long/address/that/does/not/break/anywhere/because/it/has/no/spaces";

/// Every sample page with its name.
pub(crate) fn pages() -> io::Result<Vec<(String, String)>> {
    let frame = frame()?;
    let page = |name: &str, html: String| (name.to_owned(), html);
    let mut all = vec![
        page(
            "home",
            shell::render(&frame, None, || reading::home(home())),
        ),
        page(
            "rights",
            shell::render(&frame, None, || {
                reading::rights(article("Your rights"), groups())
            }),
        ),
        page(
            "right",
            shell::render(&frame, None, || reading::right(right())),
        ),
        page(
            "pledge",
            shell::render(&frame, None, || reading::pledge(pledge(), promises())),
        ),
        page(
            "plain",
            shell::render(&frame, None, || {
                reading::plain(article("Staying put"), Nav::Elsewhere)
            }),
        ),
        page(
            "help",
            shell::render(&frame, None, || {
                reading::help(article("Get help now"), lines())
            }),
        ),
        page(
            "you-said",
            shell::render(&frame, None, || {
                reading::you_said(article("You said, we did"), outcomes())
            }),
        ),
        page(
            "you-said-empty",
            shell::render(&frame, None, || {
                reading::you_said(article("You said, we did"), vec![])
            }),
        ),
        page(
            "committee",
            shell::render(&frame, None, || {
                reading::committee(article("The councillors who check"), meetings())
            }),
        ),
        page(
            "committee-empty",
            shell::render(&frame, None, || {
                reading::committee(article("The councillors who check"), vec![])
            }),
        ),
        page(
            "search",
            shell::render(&frame, Some("nonce"), || {
                search::form(SearchLines {
                    urgent: lines(),
                    help: lines(),
                })
            }),
        ),
        page(
            "search-found",
            shell::render(&frame, None, || {
                search::search(SearchPage {
                    typed: "he <hits> me".to_owned(),
                    found: vec![found()],
                    urgent: lines(),
                    help: vec![],
                })
            }),
        ),
        page(
            "search-nothing",
            shell::render(&frame, None, || {
                search::search(SearchPage {
                    help: lines(),
                    ..SearchPage::default()
                })
            }),
        ),
        page(
            "menu",
            shell::render(&frame, None, || reading::menu(groups())),
        ),
        page(
            "speak",
            shell::render(&frame, None, || speak::start(article("Before you write"))),
        ),
        page(
            "follow",
            shell::render(&frame, None, || {
                follow::enter(FollowPage {
                    article: Some(article("Follow your view")),
                    ..FollowPage::default()
                })
            }),
        ),
        page(
            "follow-doubts",
            shell::render(&frame, None, || follow::enter(doubts())),
        ),
        page(
            "follow-not-found",
            shell::render(&frame, None, || {
                follow::enter(FollowPage {
                    not_found: true,
                    typed: "apple boat cat dog eel fig".into(),
                    ..FollowPage::default()
                })
            }),
        ),
        page("withdrawn", shell::render(&frame, None, follow::withdrawn)),
    ];
    for step in SpeakStep::ALL {
        let empty = SpeakPage {
            answers: SpeakAnswers::default(),
            errors: errors_of(step),
            attached: None,
            ..speak_page(step)
        };
        all.push(page(
            &format!("speak-{}", step.id()),
            shell::render(&frame, Some("n"), || speak::step(speak_page(step))),
        ));
        all.push(page(
            &format!("speak-{}-empty", step.id()),
            shell::render(&frame, Some("n"), || speak::step(empty)),
        ));
    }
    for (name, typed_back, in_safety_lane) in [
        ("receipt", TypedBack::NotYet, false),
        ("receipt-different", TypedBack::Different, true),
        ("receipt-same", TypedBack::Same, false),
    ] {
        let model = ReceiptPage {
            typed_back,
            in_safety_lane,
            ..receipt()
        };
        all.push(page(
            name,
            shell::render(&frame, Some("n"), || speak::receipt(model)),
        ));
    }
    for (name, model) in threads() {
        all.push(page(
            name,
            shell::render(&frame, Some("n"), || follow::thread(model)),
        ));
    }
    all.extend(checks(&frame));
    for id in [
        Problem::NotFound,
        Problem::WrongMethod,
        Problem::BadForm,
        Problem::TooBig,
        Problem::WrongType,
        Problem::Forbidden,
        Problem::Changed,
        Problem::CutShort,
        Problem::Busy,
        Problem::Ours,
    ] {
        all.push(page(
            &format!("problem-{}", id.id()),
            shell::render(&frame, None, || problem::problem(id, lines())),
        ));
    }
    Ok(all)
}

fn found() -> Found {
    Found {
        key: "/help".to_owned(),
        address: "/help".to_owned(),
        title: "Get help now".to_owned(),
        short: "Who to call or text.".to_owned(),
        in_english: false,
    }
}

/// The checker: its first page with all that the island needs, a date, a mistake, and results.
fn checks(frame: &PageContext) -> Vec<(String, String)> {
    use domain::entitlements::parse::Code;
    use domain::entitlements::progress;
    use domain::entitlements::questions::{AnswerTexts, Question};
    use domain::entitlements::report::show;
    let today = day("2026-11-21");
    let texts_of = |born: &str, from: &str| -> AnswerTexts {
        [
            ("born", born),
            ("care", "now"),
            ("spell-from.0", from),
            ("spell-basis.0", "care_order"),
            ("spell-home.0", "foster_carer"),
            ("spell-council.0", "other_england"),
            ("put-together", "yes"),
            ("put-want", "yes"),
            ("put-welfare", "no"),
            ("alone", "no"),
            ("records", "yes"),
        ]
        .map(|(key, text)| (key.to_owned(), text.to_owned()))
        .into()
    };
    let question = |key: &str, typed: &[(&'static str, &str)], problem: Option<Code>| CheckPage {
        question: Question::from_key(key).unwrap_or(Question::one("born")),
        texts: texts_of("2010-03-10", "2024-06"),
        answered: vec![Question::one("born"), Question::one("care")],
        typed: typed
            .iter()
            .map(|(name, text)| (*name, (*text).to_owned()))
            .collect(),
        problem,
    };
    let first = CheckPage {
        texts: AnswerTexts::new(),
        answered: Vec::new(),
        ..question("born", &[], None)
    };
    let mut all = vec![
        (
            "check".to_owned(),
            shell::render(frame, Some("n"), || check::question(first, true)),
        ),
        (
            "check-date".to_owned(),
            shell::render(frame, None, || {
                let typed = [("month", "6"), ("year", "2024")];
                check::question(question("spell-from.0", &typed, None), false)
            }),
        ),
        (
            "check-wrong".to_owned(),
            shell::render(frame, None, || {
                let page = question("spell-home.0", &[], Some(Code::Required));
                check::question(page, false)
            }),
        ),
    ];
    for (name, born, from, sheet) in [
        ("check-result", "2010-03-10", "2024-06", false),
        ("check-result-later", "2011-03-10", "2026-10-01", false),
        ("check-result-adult", "2005-03-10", "2019", false),
        ("check-sheet", "2008-06-10", "2022-01-01", true),
    ] {
        let texts = texts_of(born, from);
        let progress = progress::walk(&texts, today);
        let offers: Vec<_> = entitlements()
            .into_iter()
            .map(|known| known.offer)
            .collect();
        let Some(shown) = show(&progress.interpretations, &offers) else {
            continue;
        };
        let page = CheckResult {
            texts,
            answered: progress.answered,
            shown,
            sheet,
        };
        all.push((
            name.to_owned(),
            shell::render(frame, None, || check::result(page, entitlements())),
        ));
    }
    all
}

fn entitlements() -> Vec<Entitlement> {
    use domain::entitlements::outcome::Status;
    use domain::entitlements::report::Offer;
    let entitlement = |id: &str, offer: Offer, amounts: &[&str]| Entitlement {
        id: id.into(),
        group: "money".into(),
        title: format!("Sample: {id}"),
        what: if amounts.is_empty() {
            "The council must do this. It may not say no without a reason.".into()
        } else {
            "The council pays this once. How much: {amount}.".into()
        },
        ask: "Ask your personal adviser. Say: I would like to have this.".into(),
        right: "visits".into(),
        topic: "money".into(),
        law: "Children Act 1989 s.23C".into(),
        source: "The Act, saved copy".into(),
        certainty: Certainty::Partly,
        checked: day("2026-11-21"),
        review_by: day("2027-11-21"),
        amounts: amounts.iter().map(|&amount| amount.to_owned()).collect(),
        offer,
    };
    let of = |statuses: &[Status]| Offer {
        statuses: statuses.to_vec(),
        ..Offer::default()
    };
    vec![
        entitlement("a say", of(&[Status::InCare, Status::Eligible]), &[]),
        entitlement(
            "a plan",
            of(&[Status::Eligible, Status::FormerRelevant]),
            &[],
        ),
        entitlement(
            "a first home",
            Offer {
                figures: vec![(day("2023-04-01"), Some(day("2027-03-31")))],
                ..of(&[Status::FormerRelevant])
            },
            &["at least \u{a3}3,000"],
        ),
    ]
}

/// The interface's words as the server would read them.
pub(crate) fn words() -> io::Result<Words> {
    let folder = root().join("content/southwark/en/interface");
    let mut table = BTreeMap::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            read_words(&fs::read_to_string(path)?, &mut table);
        }
    }
    Ok(Words {
        language: "en".into(),
        table: Arc::new(table),
    })
}

/// The stylesheet.
pub(crate) fn css() -> io::Result<String> {
    fs::read_to_string(root().join("style/pledge.css"))
}

// The words are one-line strings under headings in brackets: no more of TOML is needed here.
fn read_words(text: &str, table: &mut BTreeMap<String, String>) {
    let mut heading = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            heading = format!("{name}.");
        } else if let Some((key, value)) = line.split_once(" = ") {
            let value = value.trim().trim_start_matches('"');
            let value = value
                .strip_suffix('"')
                .unwrap_or(value)
                .replace("\\\"", "\"")
                .replace("\\n", "\n");
            table.insert(format!("{heading}{}", key.trim().trim_matches('"')), value);
        }
    }
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn frame() -> io::Result<PageContext> {
    Ok(PageContext {
        words: words()?,
        css: css()?.into(),
        leave_script: LEAVE_SCRIPT.into(),
        urgent_lines: lines().into_iter().filter(|line| line.urgent).collect(),
        demo: true,
        ..PageContext::default()
    })
}

fn day(text: &str) -> Date {
    text.parse().unwrap_or(Date::EPOCH)
}

fn date(days: i32) -> Date {
    Date::from_days(20_700 + days).unwrap_or_else(|| unreachable!("near today"))
}

fn article(title: &str) -> Article {
    let part = |id: &str, heading: &str, html: &str| Section {
        id: id.into(),
        heading: heading.into(),
        html: html.into(),
    };
    Article {
        title: title.into(),
        short: "One sentence that says what this page is and why it matters to you.".into(),
        in_short: "<p>An advocate is on your side. They help you say what you want.</p>".into(),
        sections: vec![
            part(
                "means",
                "What it means",
                "<p>An <strong>advocate</strong> is a person on your side. They help you say what you want. They can speak with you, or speak for you.</p><p>An advocate does not decide things for you.</p>",
            ),
            part(
                "good",
                "What good looks like",
                "<ul><li>Your advocate listens to you first.</li><li>They say what you want said, not what others want.</li><li>You meet in a place where you feel safe.</li></ul>",
            ),
            part(
                "law",
                "The law behind it",
                "<p>This is in the Children Act 1989, section 26A(1) and (2). See <a href=\"/rights/complain\">complain</a>.</p>",
            ),
            part(
                "not-happening",
                "If it is not happening",
                "<ol><li>Tell your social worker, \"I want an advocate.\" Ask for a name and a date.</li><li>Ask SpeakerBox. Write through <a href=\"/speak\">Speak</a>.</li><li>Call Always Heard free on <a href=\"tel:08088005792\">0808 800 5792</a>.</li></ol>",
            ),
        ],
        sources: vec![
            Source {
                title: "Children Act 1989, section 26A(1) and (2)".into(),
                seen: "saved copy of the Act, checked 2026".into(),
                certainty: Certainty::Verified,
            },
            Source {
                title:
                    "Southwark Corporate Parenting Committee agenda pack, 26 February 2019, item 9"
                        .into(),
                seen: "the paper itself".into(),
                certainty: Certainty::Partly,
            },
        ],
        checked: date(0),
        review_by: date(160),
        certainty: Certainty::Partly,
    }
}

fn home() -> Article {
    Article {
        title: "Pledge".into(),
        short: "Know your rights. Say what you think. See what happens next.".into(),
        sections: vec![Section {
            id: "you-have-rights".into(),
            heading: "You have rights, and people must listen".into(),
            html: "<p>Pledge is for young people in care and care leavers from Southwark. You can know your rights, in plain words. You can speak to SpeakerBox and the councillors, and you do not have to give your name.</p>".into(),
        }],
        sources: vec![],
        ..article("")
    }
}

fn groups() -> Vec<RightGroup> {
    let right = |sign: &str, title: &str| RightLink {
        slug: sign.into(),
        title: title.into(),
        short: "You can ask for this, and people must tell you why if they say no.".into(),
        sign: sign.into(),
    };
    let group = |id: &str, title: &str, rights: Vec<RightLink>| RightGroup {
        id: id.into(),
        title: title.into(),
        short: "Be asked, be heard, get someone on your side, and complain if you need to.".into(),
        rights,
    };
    vec![
        group(
            "your-voice",
            "Your voice",
            ["bubble", "scales", "megaphone", "pencil", "compass"]
                .map(|id| right(id, "Have your say"))
                .to_vec(),
        ),
        group(
            "your-home",
            "Your home and your plan",
            [
                "map", "door", "calendar", "arrows", "folder", "path", "key", "house",
            ]
            .map(|id| right(id, "The big changes in your life and where you live"))
            .to_vec(),
        ),
        group(
            "people",
            "People in your life",
            ["people", "heart", "handshake", "star"]
                .map(|id| right(id, "Brothers and sisters"))
                .to_vec(),
        ),
        group(
            "school",
            "School and health",
            ["book", "plus", "backpack", "coins"]
                .map(|id| right(id, "Your health"))
                .to_vec(),
        ),
    ]
}

fn right() -> RightPage {
    RightPage {
        slug: "advocate".into(),
        article: article("Someone on your side"),
        sign: "megaphone".into(),
        who_for: "Children in care and care leavers who complain, or want to.".into(),
        topic: Topic::BeingHeard,
        group: "Your voice".into(),
    }
}

fn promises() -> Vec<Promise> {
    let promise = |slug: &str, title: &str, law: &str| Promise {
        slug: slug.into(),
        title: title.into(),
        short: String::new(),
        law: law.into(),
    };
    vec![
        promise("good", "Hear what you say", "/rights/have-a-say"),
        promise("law", "Tell you the truth", ""),
    ]
}

fn pledge() -> Article {
    let mut article = article("What workers were asked to promise");
    article.sections[1].heading = "Hear what you say".into();
    article.sections[2].heading = "Tell you the truth".into();
    article
}

fn lines() -> Vec<HelpLine> {
    let line = |name: &str, for_whom: &str, phone: &str, text: &str, urgent: bool| HelpLine {
        id: name
            .to_lowercase()
            .replace(|c: char| !c.is_alphanumeric(), "-"),
        needs: Vec::new(),
        night: false,
        name: name.into(),
        for_whom: for_whom.into(),
        phone: phone.into(),
        phone_href: if phone.is_empty() {
            String::new()
        } else {
            format!("tel:{}", phone.replace(' ', ""))
        },
        text: text.into(),
        web: "example.org".into(),
        hours: "24 hours, every day".into(),
        free: true,
        urgent,
        source: "Its own page".into(),
        checked: date(0),
    };
    vec![
        line(
            "Emergency: police, ambulance, fire",
            "Anyone in danger now. Can't speak? On a mobile, press 55 when you are asked.",
            "999",
            "",
            true,
        ),
        line(
            "Childline",
            "Under 19. You can talk about anything.",
            "0800 1111",
            "",
            true,
        ),
        line(
            "Samaritans",
            "Any age. You can talk about anything that hurts. No credit needed.",
            "116 123",
            "",
            true,
        ),
        line(
            "Shout",
            "Any age. Text if you can't or don't want to talk.",
            "",
            "Text SHOUT to 85258",
            false,
        ),
    ]
}

fn outcomes() -> Vec<Outcome> {
    [(Topic::FamilyTime, State::Published), (Topic::Money, State::Done), (Topic::School, State::Agreed), (Topic::MovingOn, State::Disputed)]
        .map(|(topic, state)| Outcome {
            topic,
            said: "Young people want to see their brothers and sisters at weekends, and to be told before a day is changed.".into(),
            decided: "Each worker asks about weekends by the next meeting.\nThe answer is written into the plan.".into(),
            owner: "The head of the fostering service".into(),
            due: date(60),
            meeting: date(-10),
            published: date(-5),
            state,
            views: (topic != Topic::School).then_some(15),
            views_until: date(-21),
        })
        .to_vec()
}

fn meetings() -> Vec<PublicMeeting> {
    vec![
        PublicMeeting {
            day: date(20),
            title: "Corporate parenting committee".into(),
        },
        PublicMeeting {
            day: date(110),
            title: "Corporate parenting committee".into(),
        },
    ]
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
        in_safety_lane: false,
        about: domain::view::Subject::Nobody,
        day: date(0),
        help: lines(),
    }
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

fn threads() -> Vec<(&'static str, ThreadPage)> {
    let entry = |days: i32, what: TimelineWhat| TimelineEntry {
        day: date(days),
        what,
    };
    let sent = SentWords {
        said: SAID.into(),
        feeling: Some(Feeling::Worried),
        wish: "Ask me before it is decided.".into(),
        attached: Some("Someone on your side".into()),
        attached_url: Some("/rights/advocate".into()),
        helped: true,
    };
    let decided = DecisionWords {
        decided: "No child moves school in an exam year unless they ask for it.".into(),
        answer: "Thank you for telling us. You were right to say it.\nYour school stays the same until the summer.".into(),
        owner: "The head of the virtual school".into(),
        due: date(90),
        meeting: date(30),
    };
    let base = ThreadPage {
        handle: "handle".into(),
        topic: Topic::School,
        state: State::Received,
        lane: Lane::Ordinary,
        about: domain::view::Subject::Nobody,
        turn: Turn::Speakerbox,
        timeline: vec![entry(
            0,
            TimelineWhat::Sent(SentWords {
                said: "Short.".into(),
                ..SentWords::default()
            }),
        )],
        limits: SenderLimits::Open { words_gone: false },
        possible: vec![Action::WriteBack, Action::Alarm, Action::Withdraw],
        message: String::new(),
        alarm: false,
        errors: vec![],
        done: None,
        confirm_withdraw: false,
        help: lines(),
    };
    let whole = vec![
        entry(0, TimelineWhat::Sent(sent)),
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
        entry(31, TimelineWhat::Decision(decided)),
        entry(60, TimelineWhat::Done),
        entry(61, TimelineWhat::Damaged),
    ];
    vec![
        ("thread-new", base.clone()),
        (
            "thread-whole",
            ThreadPage {
                state: State::Done,
                turn: Turn::Sender,
                timeline: whole,
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
