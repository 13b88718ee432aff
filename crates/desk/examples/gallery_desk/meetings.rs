//! Sample pages of the committee's meetings and decisions.

use super::{SAFE_TEXT, date, error, life, meeting, who};
use crate::Gallery;
use domain::lifecycle::{Actor, Lane, State, allowed_actions};
use domain::publication::{DecisionKind, Publicity};
use domain::role::Role;
use domain::view::Topic;
use model::{
    DecisionForm, DecisionWords, DisputedItem, FieldError, ItemPage, MeetingItem, MeetingPage,
    MeetingsPage, PublicAnswer, PublishedItem, PublishedPage,
};
use std::io;

/// Lists of meetings, one meeting, and one view on it.
pub(super) fn pages(gallery: &Gallery) -> io::Result<()> {
    lists(gallery)?;
    items(gallery)
}

fn lists(gallery: &Gallery) -> io::Result<()> {
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
    Ok(())
}

// One view on the list of a meeting.
fn items(gallery: &Gallery) -> io::Result<()> {
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
    gallery.page("item-own-words", || {
        let mut page = item(State::Decided, vec![]);
        page.item.own_words = true;
        page.item
            .possible
            .retain(|action| !matches!(action, domain::lifecycle::Action::Publish(_)));
        desk::item(page)
    })?;
    gallery.page("published", || desk::published(published()))?;
    gallery.page("item-agreed", || desk::item(item(State::Agreed, vec![])))?;
    Ok(())
}

fn meetings(role: Role, may_make: bool) -> MeetingsPage {
    MeetingsPage {
        desk: who(role),
        meetings: vec![meeting(3, 0), meeting(0, 0), meeting(1, 1), meeting(12, 5)],
        disputes: vec![DisputedItem {
            view: "0123456789abcdef".into(),
            meeting: meeting(3, 0),
            topic: Topic::School,
            since: date(-4),
        }],
        may_make,
        day: String::new(),
        title: String::new(),
        errors: vec![],
    }
}

fn decision() -> DecisionWords {
    DecisionWords {
        public: PublicAnswer {
            kind: Some(DecisionKind::Yes),
            decided: "From now on nobody moves school in the last two terms before exams, unless they ask for it.".into(),
            owner: "Head of the virtual school".into(),
            due: Some(date(60)),
            ..PublicAnswer::default()
        },
        early: None,
        corrected: false,
        answer: "You asked to stay at your school. We agree with you. Your worker will tell you before anything changes.\n\nThank you for telling us."
            .into(),
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
        urgent: String::new(),
        writer: Some("Kim Clerk".into()),
        own_words: false,
        early: false,
        public: Publicity::Nothing,
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
            kind: DecisionKind::Yes.id().into(),
            decided: words.public.decided,
            answer: words.answer,
            owner: words.public.owner,
            due: date(60).to_string(),
            ..DecisionForm::default()
        }
    } else {
        DecisionForm::default()
    };
    ItemPage {
        desk: who(Role::Clerk),
        meeting: meeting(3, 1),
        item: listed(state, decided),
        is_unrecorded: false,
        said: form.said.clone(),
        later: vec![("m2".into(), date(120), "Spring meeting".into())],
        form,
        errors,
    }
}

fn published() -> PublishedPage {
    let item = |down| PublishedItem {
        view: "0123456789abcdef".into(),
        meeting: Some("m".into()),
        topic: Topic::School,
        said: "We want to finish the school year at our own school.".into(),
        answer: decision().public,
        published: date(-5),
        down,
    };
    PublishedPage {
        desk: who(Role::Clerk),
        items: vec![item(None), item(Some(date(-1)))],
        unsure: None,
        errors: vec![],
    }
}
