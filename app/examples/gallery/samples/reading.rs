//! Sample pages to read: articles, rights, help, outcomes and meetings.

use super::{Page, date, named};
use app::pages::{reading, you_said};
use app::shell::{self, Nav, PageContext};
use domain::lifecycle::State;
use domain::publication::DecisionKind;
use domain::view::Topic;
use model::{
    Article, Certainty, HelpLine, Promise, PublicAnswer, PublicMeeting, PublishedOutcome,
    RightGroup, RightLink, RightPage, Section, Source,
};

/// The pages to read, with and without what stands in lists.
pub(super) fn pages(frame: &PageContext) -> Vec<Page> {
    let mut all = articles(frame);
    all.extend(lists(frame));
    all
}

fn articles(frame: &PageContext) -> Vec<Page> {
    vec![
        named("home", shell::render(frame, None, || reading::home(home()))),
        named(
            "rights",
            shell::render(frame, None, || {
                reading::rights(article("Your rights"), groups())
            }),
        ),
        named(
            "right",
            shell::render(frame, None, || reading::right(right())),
        ),
        named(
            "pledge",
            shell::render(frame, None, || reading::pledge(pledge(), promises())),
        ),
        named(
            "plain",
            shell::render(frame, None, || {
                reading::plain(article("Staying put"), Nav::Elsewhere)
            }),
        ),
        named(
            "help",
            shell::render(frame, None, || {
                reading::help(article("Get help now"), lines())
            }),
        ),
        named(
            "menu",
            shell::render(frame, None, || reading::menu(groups())),
        ),
    ]
}

fn lists(frame: &PageContext) -> Vec<Page> {
    vec![
        named(
            "you-said",
            shell::render(frame, None, || {
                you_said::you_said(article("You said, we did"), outcomes())
            }),
        ),
        named(
            "you-said-empty",
            shell::render(frame, None, || {
                you_said::you_said(article("You said, we did"), vec![])
            }),
        ),
        named(
            "committee",
            shell::render(frame, None, || {
                reading::committee(article("The councillors who check"), meetings())
            }),
        ),
        named(
            "committee-empty",
            shell::render(frame, None, || {
                reading::committee(article("The councillors who check"), vec![])
            }),
        ),
    ]
}

pub(super) fn article(title: &str) -> Article {
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

pub(super) fn lines() -> Vec<HelpLine> {
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

fn outcomes() -> Vec<PublishedOutcome> {
    use DecisionKind::{AlreadySo, NotYet, Partly, Yes};
    let mut all = [
        (Topic::FamilyTime, State::Published, Yes),
        (Topic::Money, State::Done, Partly),
        (Topic::School, State::Agreed, AlreadySo),
        (Topic::MovingOn, State::Disputed, Yes),
        (Topic::Plan, State::Postponed, NotYet),
    ]
        .map(|(topic, state, kind)| PublishedOutcome {
            topic,
            said: "Young people want to see their brothers and sisters at weekends, and to be told before a day is changed.".into(),
            answer: PublicAnswer {
                kind: Some(kind),
                decided: "Each worker asks about weekends by the next meeting.\nThe answer is written into the plan.".into(),
                why: if kind.has_reason() { "There is no money for it before April.".into() } else { String::new() },
                owner: if kind.has_owner() { "The head of the fostering service".into() } else { String::new() },
                due: kind.has_owner().then(|| date(60)),
                until: kind.has_until().then(|| date(90)),
            },
            meeting: date(-10),
            early: None,
            published: date(-5),
            state,
            followed: false,
            corrected: (topic == Topic::Money).then(|| date(-2)),
            down: None,
            views: (topic != Topic::School).then_some(15),
            views_until: date(-21),
        })
        .to_vec();
    all.extend(all.first().cloned().map(|outcome| PublishedOutcome {
        down: Some(date(-1)),
        ..outcome
    }));
    all
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
