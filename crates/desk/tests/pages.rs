//! What the pages of the desk show, and hide, for each role.

#![allow(
    clippy::unwrap_used,
    reason = "a sample that cannot be read must end the test"
)]

use ::desk::*;
use app::page_context::PageContext;
use app::shell;
use domain::date::Date;
use domain::lifecycle::{Action, Actor, Lane, State, ViewStatus, allowed_actions};
use domain::role::Role;
use domain::view::Topic;
use leptos::prelude::IntoView;
use model::on_call::{OnCallNow, OnCallPage, TurnForm};
use model::words::Words;
use model::*;
use std::sync::Arc;

// The words stand for themselves (their keys), but for the sentence that names readers.
fn render<V: IntoView>(page: impl FnOnce() -> V) -> String {
    let table = [("desk.readers.line".to_owned(), "{who}".to_owned())].into();
    let words = Words {
        language: "en".into(),
        table: Arc::new(table),
    };
    shell::render(
        &PageContext {
            words,
            ..PageContext::default()
        },
        None,
        page,
    )
}

fn a_view(role: Role, state: State, lane: Lane) -> DeskViewPage {
    let life = ViewStatus {
        state,
        lane,
        unread: false,
        about: domain::view::Subject::Nobody,
        public: domain::publication::Publicity::Nothing,
    };
    let day = Date::new(2026, 11, 21).unwrap();
    let meeting = MeetingSummary {
        id: "m".into(),
        day,
        title: String::new(),
        items: 0,
        open: 0,
        disputed: 0,
    };
    DeskViewPage {
        desk: DeskFrame {
            name: "a".into(),
            role,
            token: "T0KEN".into(),
            done: None,
            lane: None,
        },
        row: QueueRow {
            id: "v".into(),
            pseudonym: "Quiet Otter".into(),
            topic: Topic::Home,
            state,
            lane,
            unread: false,
            sent: day,
            waiting_days: 0,
            turn: life.turn(),
            nobody_for: None,
            burst: false,
            language: None,
            about: domain::view::Subject::Nobody,
            handed: false,
            close_first: None,
            ended_in_open_lane: false,
        },
        taken_by: None,
        version: 7,
        is_unrecorded: false,
        part: RecordPage::default(),
        words: Some(SentWords {
            said: "said <b>".into(),
            wish: "wish".into(),
            ..SentWords::default()
        }),
        safe: None,
        summary: None,
        has_identity: true,
        identity: None,
        may_open_identity: role.sees_safety_lane(),
        entries: vec![],
        approved: None,
        possible: allowed_actions(life, Actor::Staff(role)),
        meetings: vec![meeting],
        limits: DeskLimits {
            told: SenderLimits::Open {
                words_gone: false,
                last: None,
                soon: false,
            },
            words_gone: false,
            held: false,
            may_hold: false,
        },
        listed_on: None,
        draft: None,
        errors: vec![],
    }
}

fn acts(html: &str) -> Vec<String> {
    html.split("action=\"/desk/view/v/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_view_offers_what_is_possible_and_nothing_else() {
    for role in [Role::Speakerbox, Role::Coordinator, Role::Safety] {
        for state in State::ALL {
            for lane in Lane::ALL {
                let page = a_view(role, state, lane);
                let mut expected: Vec<&str> =
                    page.possible.iter().map(|action| action.id()).collect();
                expected.dedup();
                // Opening is what brought us here; the committee's acts have a page of their own.
                expected.retain(|id| {
                    ![
                        "open",
                        "decide",
                        "publish",
                        "correct",
                        "take-down",
                        "mark-done",
                    ]
                    .contains(id)
                });
                if page.may_open_identity {
                    expected.push("name");
                }
                // Those who see the safety lane write notes for adults too, and may recuse somebody else.
                if role.sees_safety_lane() {
                    let may_note = page.possible.contains(&Action::Note);
                    expected.extend(may_note.then_some("note-adults"));
                    expected.push("keep-away");
                }
                // Every reader of a view may recuse themselves.
                expected.push("step-aside");
                // Of what its sender withdrew there is only the record.
                if state == State::Withdrawn {
                    expected.clear();
                }
                let html = render(|| view(page));
                let mut offered = acts(&html);
                offered.sort();
                expected.sort();
                assert_eq!(offered, expected, "{role:?} {state:?} {lane:?}");
                let forms = html.matches("method=\"post\"").count();
                assert_eq!(
                    html.matches("name=\"token\" value=\"T0KEN\"").count(),
                    forms
                );
                // Signing out is the one form that changes no view.
                assert_eq!(
                    html.matches("name=\"version\" value=\"7\"").count(),
                    forms - 1
                );
            }
        }
    }
}

#[test]
fn the_form_with_a_mistake_is_open_with_what_was_typed() {
    let mut page = a_view(Role::Speakerbox, State::Read, Lane::Ordinary);
    page.draft = Some(DeskDraft {
        action: "close".into(),
        text: "typed <i>".into(),
        reason: "joined".into(),
        day: String::new(),
    });
    page.errors = vec![FieldError {
        field: "reason",
        key: "error.reason.choose",
    }];
    let html = render(|| view(page));
    assert_eq!(html.matches(" open class=\"act\"").count(), 1);
    assert!(html.contains("id=\"act-close\" open"));
    assert!(html.contains("typed &lt;i&gt;"));
    assert!(html.contains("href=\"#reason\"") && html.contains("id=\"reason\""));
}

#[test]
fn what_was_typed_is_shown_when_the_act_is_gone() {
    let mut page = a_view(Role::Speakerbox, State::Listed, Lane::Ordinary);
    page.draft = Some(DeskDraft {
        action: "approve".into(),
        text: "my long text".into(),
        ..DeskDraft::default()
    });
    page.errors = vec![FieldError {
        field: "page",
        key: "error.desk.changed",
    }];
    let html = render(|| view(page));
    assert!(html.contains("my long text") && html.contains("id=\"page\""));
}

#[test]
fn a_text_for_the_committee_starts_from_the_senders_words() {
    let html = render(|| view(a_view(Role::Speakerbox, State::Read, Lane::Ordinary)));
    assert!(
        html.contains(">\nsaid &lt;b&gt;\n\nwish</textarea>"),
        "{html}"
    );
    let mut again = a_view(Role::Speakerbox, State::Approved, Lane::Ordinary);
    again.approved = Some("safe version".into());
    assert!(render(|| view(again)).contains(">\nsafe version</textarea>"));
}

#[test]
fn each_box_names_its_readers() {
    let html = render(|| view(a_view(Role::Safety, State::Read, Lane::Claimed)));
    let hint = |id: &str| {
        let rest = html
            .split(&format!("id=\"{id}-hint\" class=\"hint\">"))
            .nth(1)
            .unwrap_or_default();
        rest.split('<').next().unwrap_or_default().to_owned()
    };
    let between = "desk.readers.between";
    let line = |who: &[&str]| -> String {
        let names: Vec<String> = who
            .iter()
            .map(|who| format!("desk.readers.{who}"))
            .collect();
        names.join(between)
    };
    // The recovery key opens whatever a role's key opens.
    let adults = ["safety", "coordinator", "recovery"];
    assert_eq!(
        hint("reply-text"),
        line(&[&["receipt"], &adults[..]].concat())
    );
    assert_eq!(hint("note-text"), line(&["safety", "recovery"]));
    assert_eq!(hint("note-adults-text"), line(&adults));
    let shared = ["receipt", "speakerbox", "safety", "recovery"];
    assert_eq!(hint("release-text"), line(&shared));
}

#[test]
fn every_act_of_the_desk_says_when_it_is_done() {
    for action in Action::all() {
        let senders = possible_for_sender_only(action);
        assert_eq!(
            done(action.id()).is_some(),
            !senders && action != Action::Open,
            "{action:?}"
        );
    }
    assert_eq!(done("anything"), None);
}

fn possible_for_sender_only(action: Action) -> bool {
    matches!(
        action,
        Action::WriteBack | Action::Alarm | Action::Agree | Action::Dispute | Action::Withdraw
    )
}

#[test]
fn only_roles_that_may_go_there_see_a_link() {
    let links = |role: Role| {
        let desk = DeskFrame {
            name: "a".into(),
            role,
            token: String::new(),
            done: None,
            lane: None,
        };
        let html = render(|| home(desk));
        [
            "/desk/queue",
            "/desk/safety",
            "/desk/meetings",
            "/desk/published",
        ]
        .into_iter()
        .filter(|url| html.contains(&format!("href=\"{url}\"")))
        .collect::<Vec<_>>()
    };
    assert_eq!(links(Role::Speakerbox), ["/desk/queue"]);
    assert_eq!(
        links(Role::Coordinator),
        [
            "/desk/queue",
            "/desk/safety",
            "/desk/meetings",
            "/desk/published"
        ]
    );
    assert_eq!(links(Role::Safety), ["/desk/safety", "/desk/published"]);
    assert_eq!(links(Role::Committee), ["/desk/meetings"]);
    assert_eq!(links(Role::Clerk), ["/desk/meetings", "/desk/published"]);
    assert!(links(Role::Admin).is_empty());
}

fn at_desk(role: Role) -> DeskFrame {
    DeskFrame {
        name: "a".into(),
        role,
        token: "T0KEN".into(),
        done: None,
        lane: None,
    }
}

fn words_file() -> editing::EditorFile {
    editing::EditorFile {
        file: "en/rights/visits.md".into(),
        title: "Visits".into(),
        review_by: Date::new(2027, 4, 30),
        due: editing::Due::Overdue,
        draft_by: Some(String::new()),
        notes: vec![editing::EditorNote::Ours],
    }
}

fn words_page(role: Role, own: bool, faults: &[&str]) -> editing::EditorPage {
    editing::EditorPage {
        desk: at_desk(role),
        file: words_file(),
        draft: Some(editing::OpenDraft {
            by: "Sam".into(),
            day: Date::new(2026, 11, 21).unwrap(),
            own,
            faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
            has_preview: faults.is_empty(),
            changes: vec![
                editing::DiffLine::Gap,
                editing::DiffLine::Same("<b>same".into()),
                editing::DiffLine::Was(vec![(false, "a ".into()), (true, "<i>old".into())]),
                editing::DiffLine::Now(vec![(false, "a ".into()), (true, "new".into())]),
            ],
        }),
        form: editing::EditorForm {
            is_page: true,
            who_for: Some("Everybody".into()),
            sources: vec![editing::SourceForm {
                title: "An Act".into(),
                seen: "a copy".into(),
                certainty: "verified".into(),
            }],
            body: "Words </textarea>".into(),
            ..editing::EditorForm::default()
        },
        seen: 7,
        over: 3,
        against_now: None,
        errors: vec![],
    }
}

#[test]
fn a_draft_is_published_by_somebody_else_and_only_without_faults() {
    let offers = |page: editing::EditorPage| {
        let html = render(|| page_editor(page));
        html.contains("action=\"/desk/page-editor/en~rights~visits.md/publish\"")
    };
    for role in [Role::Coordinator, Role::Clerk] {
        assert!(offers(words_page(role, false, &[])), "{role:?}");
        assert!(!offers(words_page(role, true, &[])), "{role:?}");
        assert!(!offers(words_page(role, false, &["Bad."])), "{role:?}");
    }
    assert!(!offers(words_page(Role::Speakerbox, false, &[])));
}

#[test]
fn the_form_of_words_carries_what_it_was_made_from_and_escapes_what_it_shows() {
    let html = render(|| page_editor(words_page(Role::Clerk, false, &["<script>"])));
    for part in [
        "name=\"seen\" value=\"7\"",
        "name=\"over\" value=\"3\"",
        "name=\"token\" value=\"T0KEN\"",
        "&lt;b&gt;same",
        "<mark>&lt;i&gt;old</mark>",
        "&lt;script&gt;",
        "Words &lt;/textarea&gt;",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    // One source, and two empty places for more.
    assert_eq!(html.matches("name=\"source-title\"").count(), 3);
    assert!(!html.contains("/preview\""));
    assert!(render(|| page_editor(words_page(Role::Clerk, false, &[]))).contains("/preview\""));
}

#[test]
fn the_list_of_words_says_what_is_late_and_who_has_a_draft() {
    let page = editing::EditorList {
        desk: at_desk(Role::Clerk),
        files: vec![words_file()],
    };
    let html = render(|| page_list(page));
    assert!(html.contains("class=\"wait late\"") && html.contains("words.note.ours"));
    assert!(html.contains("href=\"/desk/page-editor/en~rights~visits.md\""));
    assert_eq!(html.matches("words.none").count(), 2);
}

#[test]
fn an_earlier_version_comes_back_only_when_no_draft_is_open() {
    let day = Date::new(2026, 11, 21).unwrap();
    let made = editing::VersionMade {
        writer: "Sam".into(),
        written: day,
        publisher: String::new(),
        published: day,
    };
    let offers = |has_draft: bool| {
        let version = |number, made, in_force| editing::PageVersion {
            number,
            made,
            in_force,
            changes: vec![],
        };
        let page = editing::PageHistory {
            desk: at_desk(Role::Speakerbox),
            file: words_file(),
            versions: vec![
                version(4, Some(made.clone()), true),
                version(0, None, false),
            ],
            has_draft,
        };
        let html = render(|| page_history(page));
        assert!(html.contains("words.gone") && html.contains("words.given"));
        html.matches("/return\"").count()
    };
    // Not for the version that is in force.
    assert_eq!(offers(false), 1);
    assert_eq!(offers(true), 0);
}

#[test]
fn nobody_on_call_is_said_without_an_alert_where_no_alert_goes_out() {
    let page = |outside| {
        let day = Date::EPOCH;
        let now = OnCallNow {
            gaps: vec![(day, day)],
            outside,
            ..OnCallNow::default()
        };
        render(|| {
            on_call(OnCallPage {
                desk: at_desk(Role::Safety),
                now,
                typed: TurnForm::default(),
                address: None,
                act: String::new(),
                errors: Vec::new(),
            })
        })
    };
    let (told, untold) = (page(true), page(false));
    for key in ["on-call.lead", "on-call.nobody-now", "on-call.gap<"] {
        assert!(told.contains(key), "{key}");
        assert!(!untold.contains(key), "{key}");
    }
    for key in [
        "desk.alerts.untold",
        "on-call.nobody-untold",
        "on-call.gap-untold",
    ] {
        assert!(untold.contains(key), "{key}");
        assert!(!told.contains(key), "{key}");
    }
}
