//! Sample pages of one view at the desk.

use super::{LONG, SAFE_TEXT, date, error, life, meeting, row, who};
use crate::Gallery;
use domain::event::EventKind;
use domain::lifecycle::{Actor, CloseReason, Lane, State, allowed_actions};
use domain::role::Role;
use domain::view::{Feeling, Safe, Topic};
use model::{DeskDraft, DeskEntry, DeskLimits, DeskViewPage, RecordPage, SenderLimits, SentWords};
use std::io;

const SHORT: &str = "Please keep the drop-in open on Sundays.";

/// A view in several states, for several roles.
pub(super) fn pages(gallery: &Gallery) -> io::Result<()> {
    read(gallery)?;
    approved(gallery)?;
    in_safety_lane(gallery)
}

// Before there is a text for the committee.
fn read(gallery: &Gallery) -> io::Result<()> {
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
    Ok(())
}

// With a text for the committee.
fn approved(gallery: &Gallery) -> io::Result<()> {
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
    Ok(())
}

// In the safety lane, and after it.
fn in_safety_lane(gallery: &Gallery) -> io::Result<()> {
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
    Ok(())
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
        is_unrecorded: false,
        words: Some(SentWords {
            said: LONG.into(),
            feeling: Some(Feeling::Worried),
            wish: "Let me finish the year here.\nAnd write to me before you decide.".into(),
            attached: Some("You must be asked about big changes".into()),
            attached_url: Some("/rights/big-changes".into()),
            helped: true,
        }),
        safe: Some(Safe::NotSure),
        summary: None,
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
        part: RecordPage::default(),
        approved: None,
        possible: allowed_actions(life, Actor::Staff(role)),
        meetings: vec![meeting(3, 0), meeting(0, 0)],
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
