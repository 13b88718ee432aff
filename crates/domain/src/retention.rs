//! How long each thing is kept, as data: what, whose it is, for how long, and on whose word.
//!
//! A council may shorten a period. To lengthen one needs a recorded reason (`docs/templates/RETENTION.md`).

#![deny(clippy::wildcard_enum_match_arm)]

use crate::audience::TextKind;
use crate::date::Date;
use crate::lifecycle::{Lane, State, ViewStatus};

/// A time after which something goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetentionPeriod {
    /// Days.
    pub days: i32,
}

impl RetentionPeriod {
    /// The day on which it goes, counted from this one.
    pub fn ends(self, from: Date) -> Date {
        from.plus_days(self.days)
    }

    /// Whether what counts from that day is to go today.
    pub fn is_over(self, from: Date, today: Date) -> bool {
        today >= self.ends(from)
    }
}

const fn days(days: i32) -> RetentionPeriod {
    RetentionPeriod { days }
}

/// The view as sent, after it ended.
pub const VIEW: RetentionPeriod = days(90);
/// The name, after the view ended.
pub const IDENTITY: RetentionPeriod = days(30);
/// Private notes and reasons, after the view ended.
pub const NOTE: RetentionPeriod = days(90);
/// Messages between sender and desk, and the record of what happened, after the view ended.
pub const THREAD: RetentionPeriod = days(365);
/// Approved text, decision and published outcome, after the view ended.
pub const DECISION: RetentionPeriod = days(2_192);
/// A view to which nothing happens, after its last act: then it ends by itself.
pub const QUIET: RetentionPeriod = days(1_096);
/// Days before its last day from which the coordinator and its sender are shown that day.
pub const QUIET_SHOWN: i32 = 90;
/// A row of the audit log.
pub const AUDIT: RetentionPeriod = days(2_192);
/// A meeting that no view hangs on any more, after its day.
pub const MEETING: RetentionPeriod = days(2_192);
/// What the sender wrote, their name, and private notes, of a view that was handed over to another service and closed in
/// the safety lane: that service keeps its own file.
pub const HANDED_OVER: RetentionPeriod = days(30);
/// What the safety lane remembers of a view that its sender withdrew (the day, to whom it was handed over and the lead's own
/// notes, never the sender's words), after that day.
pub const WITHDRAWN_IN_LANE: RetentionPeriod = days(30);
/// How often pages were opened in a month, after its first day.
pub const USE: RetentionPeriod = days(730);
/// A turn on call after its last day, and a drill after its day.
pub const ON_CALL: RetentionPeriod = days(365);
/// A backup.
pub const BACKUP: RetentionPeriod = days(35);
/// Nothing of a view goes so soon after its sender wrote: somebody who has just written may come back for the answer.
pub const GRACE: RetentionPeriod = days(30);

/// How long a text of this kind is kept after its view ended in this lane.
pub fn of(kind: TextKind, lane: Lane) -> RetentionPeriod {
    use TextKind::{AdultNote, Answer, Identity, Note, View};
    match kind {
        View | Answer | Identity | Note | AdultNote if lane == Lane::HandedOver => HANDED_OVER,
        TextKind::View => VIEW,
        TextKind::Identity => IDENTITY,
        TextKind::Note | TextKind::AdultNote => NOTE,
        TextKind::Question | TextKind::Reply | TextKind::Answer | TextKind::Summary => THREAD,
        TextKind::Approved | TextKind::Decision => DECISION,
    }
}

/// The day a view ended, if it has: closed, or done and waiting for nobody but its sender, or agreed. `since` is the day
/// since when it waits for the person whose turn it is. Nothing ends before the safety lane has said what was done.
pub fn ended(life: ViewStatus, since: Date) -> Option<Date> {
    let over = matches!(
        life.state,
        State::Closed | State::Concluded | State::Done | State::Agreed
    );
    (over && !life.unread && !life.lane_is_open()).then_some(since)
}

/// The day on which a view that has not ended ends by itself, if nothing more happens to it: a long time after its last act.
/// None for what has ended or was withdrawn, and for what is open in the safety lane, which never ends by itself.
pub fn last_day(life: ViewStatus, last_act: Date) -> Option<Date> {
    let goes_on = match life.state {
        State::Received
        | State::Read
        | State::AskedBack
        | State::Answered
        | State::Approved
        | State::Listed
        | State::Decided
        | State::Published
        | State::Postponed
        | State::Disputed => true,
        // Its sender wrote, and nobody has read that.
        State::Concluded | State::Done | State::Agreed | State::Closed => life.unread,
        State::Withdrawn => false,
    };
    let open_in_lane = matches!(life.lane, Lane::Waiting | Lane::Opened | Lane::Claimed);
    (goes_on && !open_in_lane).then(|| QUIET.ends(last_act))
}

/// The day on which a text of this kind goes, for a view that ended on `ended` in this lane and whose sender last wrote
/// on `last_word`.
pub fn goes(kind: TextKind, lane: Lane, ended: Date, last_word: Date) -> Date {
    of(kind, lane).ends(ended).max(GRACE.ends(last_word))
}

/// The day on which the record of a view goes, and with it everything but the approved text and the decision.
pub fn record_goes(ended: Date, last_word: Date) -> Date {
    THREAD.ends(ended).max(GRACE.ends(last_word))
}

/// The day on which what is left becomes a bare mark.
pub fn all_goes(ended: Date, last_word: Date) -> Date {
    DECISION.ends(ended).max(GRACE.ends(last_word))
}

/// How long something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// This period after its view ended.
    AfterTheEnd(RetentionPeriod),
    /// This period after its own day.
    AfterItsDay(RetentionPeriod),
    /// Not at all: it is never written.
    Not,
    /// Until somebody removes it.
    UntilRemoved,
    /// As long as the installation: it says nothing about a person.
    Always,
}

/// One row of the retention table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What is kept.
    pub what: &'static str,
    /// Where: tables of the database, or a place in words.
    pub at: &'static [&'static str],
    /// Whose it is.
    pub owner: &'static str,
    /// How long.
    pub kept: Kept,
    /// On whose word.
    pub source: &'static str,
    /// The test that shows that it goes, or that it is never there.
    pub test: &'static str,
}

const OURS: &str = "set by this project; the council has to confirm it";

/// The whole table. A table of the database that is in no row fails a test.
pub const TABLE: &[Row] = &[
    Row {
        what: "A draft before it is sent",
        at: &["the page, until it is left"],
        owner: "the young person",
        kept: Kept::Not,
        source: OURS,
        test: "tests/http/hostile.rs::an_error_on_any_step_keeps_every_word",
    },
    Row {
        what: "Answers of the checker",
        at: &["the phone; without scripts the memory of one answer"],
        owner: "the young person",
        kept: Kept::Not,
        source: OURS,
        test: "tests/http/checker.rs::the_result_is_never_stored_and_leaves_no_trace_on_the_disk",
    },
    Row {
        what: "The view as sent",
        at: &["body"],
        owner: "SpeakerBox",
        kept: Kept::AfterTheEnd(VIEW),
        source: OURS,
        test: "tests/http/retention.rs::each_text_goes_on_its_day_and_not_before",
    },
    Row {
        what: "A name or a way to reach the sender",
        at: &["body"],
        owner: "the safety lead and the coordinator",
        kept: Kept::AfterTheEnd(IDENTITY),
        source: OURS,
        test: "tests/http/retention.rs::each_text_goes_on_its_day_and_not_before",
    },
    Row {
        what: "Private notes, and reasons for opening a name or for a hold",
        at: &["body"],
        owner: "the writer's role",
        kept: Kept::AfterTheEnd(NOTE),
        source: OURS,
        test: "tests/http/retention.rs::each_text_goes_on_its_day_and_not_before",
    },
    Row {
        what: "Questions, replies and what the sender wrote after them",
        at: &["body"],
        owner: "the young person",
        kept: Kept::AfterTheEnd(THREAD),
        source: OURS,
        test: "tests/http/retention.rs::each_text_goes_on_its_day_and_not_before",
    },
    Row {
        what: "The record of what happened to a view: day, act, role, who at the desk",
        at: &["event"],
        owner: "the young person",
        kept: Kept::AfterTheEnd(THREAD),
        source: OURS,
        test: "tests/http/retention.rs::each_text_goes_on_its_day_and_not_before",
    },
    Row {
        what: "The text approved for the committee, its decision, and the published outcome",
        at: &["body", "outcome"],
        owner: "the committee's clerk",
        kept: Kept::AfterTheEnd(DECISION),
        source: "six years until the council names the period of its own schedule (ask its records manager)",
        test: "tests/http/retention.rs::each_text_goes_on_its_day_and_not_before",
    },
    Row {
        what: "The bare mark of a view: tag, day, topic, lane, state",
        at: &["view"],
        owner: "SpeakerBox",
        kept: Kept::Always,
        source: "so that its six words say what became of it, and the same form cannot send it again",
        test: "tests/http/retention.rs::what_is_left_is_a_bare_mark",
    },
    Row {
        what: "An alert of the safety lane, with the quarter of an hour since when it waits",
        at: &["alert"],
        owner: "the safety lead",
        kept: Kept::UntilRemoved,
        source: "until a named person takes the view on, or it leaves the lane; taken back, until somebody has seen that",
        test: "tests/process/alerts.rs::the_moment_is_kept_to_the_quarter_only_and_goes_when_somebody_has_it",
    },
    Row {
        what: "Who was on call, and drills: who took one on, after how many minutes",
        at: &["on_call", "drill"],
        owner: "the safety lead",
        kept: Kept::AfterItsDay(ON_CALL),
        source: OURS,
        test: "tests/http/on_call.rs::turns_and_drills_go_after_a_year",
    },
    Row {
        what: "Where alerts reach somebody who keeps children safe, sealed under a server key",
        at: &["alert_address"],
        owner: "the person themselves",
        kept: Kept::UntilRemoved,
        source: "until they take it away, or their account goes",
        test: "tests/contract/on_call.rs::an_address_is_one_for_each_account_and_goes_with_it",
    },
    Row {
        what: "A meeting: day and title",
        at: &["meeting"],
        owner: "the committee's clerk",
        kept: Kept::AfterItsDay(MEETING),
        source: "as long as the decisions made there",
        test: "tests/http/retention.rs::meetings_sessions_and_the_log_go_too",
    },
    Row {
        what: "That a danger was handed over, to which service, on which day",
        at: &["event"],
        owner: "the safety lead",
        kept: Kept::AfterTheEnd(THREAD),
        source: OURS,
        test: "tests/http/hand_over.rs::it_goes_with_the_record_and_its_reference_with_the_notes",
    },
    Row {
        what: "A view that was handed over and closed in the safety lane: what its sender wrote, a name, private notes",
        at: &["body"],
        owner: "the safety lead",
        kept: Kept::AfterTheEnd(HANDED_OVER),
        source: "the service it was handed to keeps its own file; the council has to confirm it",
        test: "tests/http/hand_over.rs::closed_in_the_lane_its_words_go_after_thirty_days",
    },
    Row {
        what: "A view that was taken back in the safety lane: that it was there, what was done, and the adults' own notes",
        at: &["event", "body"],
        owner: "the safety lead",
        kept: Kept::AfterItsDay(WITHDRAWN_IN_LANE),
        source: "whoever hurts a child may hold the phone; the council has to confirm it",
        test: "tests/http/danger.rs::what_is_taken_back_in_the_lane_leaves_a_record_for_thirty_days_and_no_word",
    },
    Row {
        what: "Who must not open a view",
        at: &["kept_away"],
        owner: "the coordinator",
        kept: Kept::AfterTheEnd(THREAD),
        source: OURS,
        test: "tests/http/subject.rs::who_is_kept_away_goes_with_the_record_of_the_view",
    },
    Row {
        what: "A staff session",
        at: &["session"],
        owner: "the administrator",
        kept: Kept::AfterItsDay(days(1)),
        source: OURS,
        test: "tests/http/retention.rs::meetings_sessions_and_the_log_go_too",
    },
    Row {
        what: "Staff accounts and the keys sealed to them",
        at: &["staff", "grant_of_key"],
        owner: "the administrator",
        kept: Kept::UntilRemoved,
        source: "while somebody works at the desk",
        test: "tests/contract/staff.rs::staff_names_are_used_once",
    },
    Row {
        what: "The trace of a recovery code, and of an invitation",
        at: &["recovery_code", "invitation"],
        owner: "the administrator",
        kept: Kept::UntilRemoved,
        source: "until it is used, replaced, or its account goes; an invitation opens nothing after three days",
        test: "tests/http/sign_in.rs::a_recovery_code_works_once_and_new_ones_replace_it",
    },
    Row {
        what: "The audit log of the desk, and its checkpoints",
        at: &["audit", "checkpoint"],
        owner: "the council's data protection officer",
        kept: Kept::AfterItsDay(AUDIT),
        source: OURS,
        test: "tests/http/retention.rs::meetings_sessions_and_the_log_go_too",
    },
    Row {
        what: "Figures of the council's promises, with their history",
        at: &["figure"],
        owner: "the committee's clerk",
        kept: Kept::Always,
        source: "public, and about numbers of people of whom no small one is shown",
        test: "tests/http/progress.rs::figures_are_kept_as_given_and_survive_a_restart",
    },
    Row {
        what: "How often each page was opened in a month, and in which language: numbers that stand for nobody",
        at: &["use_of_page"],
        owner: "the coordinator",
        kept: Kept::AfterItsDay(USE),
        source: OURS,
        test: "tests/http/usage.rs::months_go_after_two_years",
    },
    Row {
        what: "Words of the pages edited at the desk: drafts, and every version that was published",
        at: &["word_draft", "word_version"],
        owner: "the coordinator",
        kept: Kept::Always,
        source: "public or about to be; of people they hold only which account at the desk wrote and which published",
        test: "tests/http/page_editor.rs::two_people_change_a_page_and_it_stays_changed",
    },
    Row {
        what: "Old role keys, and what of them is sealed to members",
        at: &["role_key", "grant_of_key"],
        owner: "the administrator",
        kept: Kept::UntilRemoved,
        source: "until no sealed text needs them: each was sealed again, or its time was over",
        test: "tests/http/accounts.rs::old_keys_go_when_no_text_needs_them",
    },
    Row {
        what: "Role keys, settings, the version of the tables, how often something public changed",
        at: &[
            "role_key",
            "setting",
            "schema_version",
            "public_change",
            "staff_change",
        ],
        owner: "the administrator",
        kept: Kept::Always,
        source: "nothing in them is about a person",
        test: "tests/http/retention.rs::every_table_has_a_period",
    },
    Row {
        what: "Internet address, device, time of day of a young person",
        at: &["nowhere"],
        owner: "the young person",
        kept: Kept::Not,
        source: OURS,
        test: "tests/http/sender_privacy.rs::no_address_and_no_device_of_the_sender_is_stored",
    },
    Row {
        what: "Backups made by `pledge backup`",
        at: &["the backup folder"],
        owner: "whoever runs the server",
        kept: Kept::AfterItsDay(BACKUP),
        source: OURS,
        test: "tests/http/backup.rs::old_backups_go_and_what_was_deleted_does_not_come_back",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publication::Publicity;
    use crate::view::Subject;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_text_goes_after_its_period_and_never_soon_after_the_senders_last_word() {
        let ended = day("2026-01-01");
        let long_ago = day("2025-06-01");
        let goes = |kind, lane, last_word| super::goes(kind, lane, ended, last_word);
        let (view, identity) = (TextKind::View, TextKind::Identity);
        assert_eq!(goes(view, Lane::Released, long_ago), day("2026-04-01"));
        assert_eq!(goes(identity, Lane::Ordinary, long_ago), day("2026-01-31"));
        // The sender wrote ten days before the view would go.
        assert_eq!(
            goes(view, Lane::Ordinary, day("2026-03-22")),
            day("2026-04-21")
        );
        // Handed over and closed: another service has it now.
        assert_eq!(goes(view, Lane::HandedOver, long_ago), day("2026-01-31"));
        assert_eq!(
            goes(TextKind::Reply, Lane::HandedOver, long_ago),
            day("2027-01-01"),
            "what the desk wrote to its sender stays for them"
        );
        assert!(VIEW.is_over(ended, day("2026-04-01")));
        assert!(!VIEW.is_over(ended, day("2026-03-31")));
    }

    #[test]
    fn only_what_has_ended_has_a_day() {
        for state in State::ALL {
            for lane in Lane::ALL {
                for unread in [false, true] {
                    let life = ViewStatus {
                        state,
                        lane,
                        unread,
                        about: Subject::Nobody,
                        public: Publicity::Nothing,
                    };
                    let over = ended(life, Date::EPOCH).is_some();
                    let at_end = matches!(
                        state,
                        State::Closed | State::Concluded | State::Done | State::Agreed
                    );
                    let wanted = at_end
                        && !unread
                        && !matches!(lane, Lane::Waiting | Lane::Opened | Lane::Claimed);
                    assert_eq!(over, wanted, "{life:?}");
                    for about in [Subject::Speakerbox, Subject::Coordinator, Subject::Safety] {
                        let few = ended(ViewStatus { about, ..life }, Date::EPOCH).is_some();
                        let in_lane = lane == Lane::Claimed && at_end && !unread;
                        assert_eq!(few, wanted || in_lane, "{life:?} {about:?}");
                    }
                }
            }
        }
    }

    /// The lives that neither have ended nor have a last day, though no danger is open.
    fn endless(last_day: impl Fn(ViewStatus, Date) -> Option<Date>) -> usize {
        let mut found = 0;
        for state in State::ALL
            .into_iter()
            .filter(|state| *state != State::Withdrawn)
        {
            for lane in Lane::ALL {
                for unread in [false, true] {
                    for about in Subject::ALL {
                        let life = ViewStatus {
                            state,
                            lane,
                            unread,
                            about,
                            public: Publicity::Nothing,
                        };
                        let open = matches!(lane, Lane::Waiting | Lane::Opened | Lane::Claimed);
                        let last = last_day(life, Date::EPOCH);
                        assert!(last.is_none() || !open, "{life:?} is open in the lane");
                        let over = ended(life, Date::EPOCH).is_some();
                        assert!(!(over && last.is_some()), "{life:?} ends twice");
                        found += usize::from(!over && last.is_none() && !open);
                    }
                }
            }
        }
        found
    }

    #[test]
    fn every_view_has_an_end_or_a_last_day_unless_it_is_open_in_the_safety_lane() {
        assert_eq!(endless(last_day), 0);
        assert_eq!(
            last_day(ViewStatus::begin(false), Date::EPOCH),
            Some(QUIET.ends(Date::EPOCH))
        );
        // Control: one state left out is found.
        for left_out in [State::Listed, State::Closed] {
            let without =
                |life: ViewStatus, day| last_day(life, day).filter(|_| life.state != left_out);
            assert!(endless(without) > 0, "{left_out:?}");
        }
    }

    #[test]
    fn nothing_of_a_view_outlives_its_last_period() {
        let last = all_goes(Date::EPOCH, Date::EPOCH);
        for kind in TextKind::ALL {
            for lane in Lane::ALL {
                let day = goes(kind, lane, Date::EPOCH, Date::EPOCH);
                assert!(day <= last, "{kind:?}");
            }
        }
    }
}
