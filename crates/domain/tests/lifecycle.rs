//! The life of a view: every state that can be reached, and random lives.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a step that fails must end the test"
)]

use domain::event::EventKind;
use domain::lifecycle::*;
use domain::publication::{Publicity, Rest};
use domain::role::Role;
use domain::view::{Safe, Subject};
use proptest::prelude::*;
use std::collections::{HashSet, VecDeque};

fn actors() -> Vec<Actor> {
    let mut all = vec![Actor::Sender];
    all.extend(Role::ALL.map(Actor::Staff));
    all
}

fn reachable() -> HashSet<ViewStatus> {
    let mut seen: HashSet<ViewStatus> = HashSet::new();
    let begun =
        |about: &Subject| [false, true].map(|danger| ViewStatus::begin_about(danger, *about));
    let mut queue: VecDeque<ViewStatus> = Subject::ALL.iter().flat_map(begun).collect();
    while let Some(life) = queue.pop_front() {
        if seen.insert(life) {
            for actor in actors() {
                queue.extend(
                    Action::all()
                        .into_iter()
                        .filter_map(|a| transition(life, actor, a).ok()),
                );
            }
        }
    }
    seen
}

// An end the sender can read: agreed, or closed with nothing unread.
fn has_ended(life: ViewStatus) -> bool {
    life.turn() == Turn::Nobody
}

#[test]
fn an_unsafe_answer_or_the_coordinator_as_subject_begins_in_the_safety_lane() {
    for safe in [None, Some(Safe::Yes), Some(Safe::NotSure), Some(Safe::No)] {
        for about in Subject::ALL {
            let life = ViewStatus::begin_as_answered(safe, Some(about));
            let unsafe_answer = matches!(safe, Some(Safe::NotSure | Safe::No));
            let expected = unsafe_answer || about == Subject::Coordinator;
            assert_eq!(life.in_safety_lane(), expected, "{safe:?} {about:?}");
            assert_eq!(life.about, about);
        }
    }
    let life = ViewStatus::begin_as_answered(None, None);
    assert_eq!(life, ViewStatus::begin(false));
}

#[test]
fn every_state_is_reached_and_none_is_stuck() {
    let all = reachable();
    for state in State::ALL {
        assert!(
            all.iter().any(|life| life.state == state),
            "{state:?} is never reached"
        );
    }
    for life in &all {
        if has_ended(*life) {
            continue;
        }
        // Without the sender's help, the people whose turn it is can always bring it to an answer.
        let mut seen = HashSet::from([*life]);
        let mut queue = VecDeque::from([*life]);
        let mut answered = false;
        while let Some(now) = queue.pop_front() {
            if has_ended(now) || matches!(now.state, State::Done) {
                answered = true;
                break;
            }
            for role in Role::ALL {
                for action in Action::all() {
                    if let Ok(next) = transition(now, Actor::Staff(role), action)
                        && seen.insert(next)
                    {
                        queue.push_back(next);
                    }
                }
            }
        }
        assert!(answered, "stuck: {life:?}");
    }
}

#[test]
fn taking_back_works_until_publication_and_is_final() {
    for life in reachable() {
        let published = life.public != Publicity::Nothing;
        assert!(published || !life.has_answer(), "{life:?}");
        let back = transition(life, Actor::Sender, Action::Withdraw);
        if life.state == State::Withdrawn {
            for actor in actors() {
                assert!(allowed_actions(life, actor).is_empty());
            }
        } else {
            assert_eq!(back.is_ok(), !published, "{life:?}");
        }
    }
}

#[test]
fn young_triagers_and_the_committee_never_touch_the_safety_lane() {
    for life in reachable()
        .into_iter()
        .filter(|life| life.in_safety_custody())
    {
        assert!(
            allowed_actions(life, Actor::Staff(Role::Speakerbox)).is_empty(),
            "{life:?}"
        );
        for role in [Role::Committee, Role::Admin] {
            let open = allowed_actions(life, Actor::Staff(role));
            assert!(!open.contains(&Action::Open), "{life:?} {role:?}");
        }
        assert!(transition(life, Actor::Staff(Role::Coordinator), Action::Approve).is_err());
    }
}

#[test]
fn only_what_was_read_can_be_taken_on_and_only_by_who_keeps_children_safe() {
    let takers = |life: ViewStatus| {
        let may = |role: &Role| transition(life, Actor::Staff(*role), Action::Claim).is_ok();
        Role::ALL.into_iter().filter(may).collect::<Vec<_>>()
    };
    for life in reachable() {
        let withdrawn = life.state == State::Withdrawn;
        if life.in_safety_custody() && !life.unread && !withdrawn {
            let takers = takers(life);
            let wanted: &[Role] = match life.about {
                Subject::Coordinator => &[Role::Safety],
                Subject::Safety => &[Role::Coordinator],
                Subject::Nobody | Subject::Speakerbox | Subject::Committee => {
                    &[Role::Coordinator, Role::Safety]
                }
            };
            assert_eq!(takers, wanted, "{life:?}");
            assert!(
                takers.iter().all(|role| role.sees_safety_lane()),
                "{life:?}"
            );
            let taken = transition(life, Actor::Staff(takers[0]), Action::Claim).unwrap();
            let lane = if life.lane == Lane::HandedOver {
                Lane::HandedOver
            } else {
                Lane::Claimed
            };
            assert_eq!((taken.lane, taken.state), (lane, life.state));
        } else {
            assert!(takers(life).is_empty(), "{life:?}");
        }
    }
}

// Who could do anything at all with a view, if it were about nobody.
fn acts(life: ViewStatus, role: Role) -> Vec<Action> {
    allowed_actions(life, Actor::Staff(role))
}

#[test]
fn whoever_a_view_is_about_can_do_nothing_with_it_and_somebody_else_can_answer_and_close() {
    use Role::*;
    let left_out = |about: Subject| match about {
        Subject::Nobody | Subject::Committee => &[][..],
        Subject::Speakerbox => &[Speakerbox],
        Subject::Coordinator => &[Coordinator, Speakerbox],
        Subject::Safety => &[Safety, Speakerbox],
    };
    for life in reachable() {
        for role in left_out(life.about) {
            assert!(!life.visible_to(*role), "{life:?} {role:?}");
            let did = acts(life, *role);
            assert!(did.is_empty(), "{life:?} {role:?}: {did:?}");
            // A control: about nobody, this role sees it in one lane or the other.
            let of_nobody = |lane| ViewStatus {
                about: Subject::Nobody,
                lane,
                state: State::Read,
                ..life
            };
            assert!(
                [Lane::Ordinary, Lane::Released]
                    .iter()
                    .any(|lane| of_nobody(*lane).visible_to(*role))
            );
        }
        // Every other reader can read, ask, answer and close it.
        if matches!(life.state, State::Read | State::AskedBack | State::Answered) {
            let all = Role::ALL.map(|role| acts(life, role));
            // Closing waits until the safety lane has said what was done, and has read the sender's last words.
            let has_unread_danger = life.unread && life.in_safety_custody();
            let last = if life.lane_is_open() || has_unread_danger {
                Action::Open
            } else {
                Action::Close(CloseReason::Settled)
            };
            for wanted in [Action::Open, Action::AskBack, Action::Reply, last] {
                assert!(
                    all.iter().any(|can| can.contains(&wanted)),
                    "{life:?} {wanted:?}"
                );
            }
        }
        if life.about == Subject::Committee {
            for role in [Speakerbox, Clerk, Committee, Safety, Admin] {
                let did = acts(life, role);
                assert!(
                    !did.contains(&Action::Approve) && !did.contains(&Action::List),
                    "{life:?} {role:?}"
                );
            }
        }
    }
}

#[test]
fn a_danger_is_handed_over_by_those_who_keep_children_safe_once_it_was_read() {
    for life in reachable() {
        for role in Role::ALL {
            let handed = transition(life, Actor::Staff(role), Action::HandOver);
            let may = role.sees_safety_lane() && life.visible_to(role) && !life.unread;
            assert_eq!(handed.is_ok(), may, "{life:?} {role:?}");
            if let Ok(after) = handed {
                assert_eq!(after.state, life.state);
                assert_eq!(after.in_safety_custody(), life.in_safety_custody());
                assert!(!after.lane_is_open(), "{after:?}");
            }
        }
    }
}

#[test]
fn nothing_is_closed_in_the_safety_lane_before_it_said_what_was_done() {
    let all = reachable();
    let over = [State::Closed, State::Concluded, State::Done, State::Agreed];
    for life in &all {
        for role in Role::ALL {
            for reason in CloseReason::ALL {
                if let Ok(closed) = transition(*life, Actor::Staff(role), Action::Close(reason)) {
                    assert!(!closed.lane_is_open(), "{life:?} {role:?}");
                    let waits = closed.turn() != Turn::Nobody;
                    assert_eq!(waits, closed.unread, "{life:?} {role:?}");
                }
            }
        }
        assert!(
            life.state != State::Closed || !life.lane_is_open(),
            "{life:?}"
        );
    }
    // Databases from before hold views that were closed there, and an alarm may come after the end: each can still be
    // brought to its end by those who keep children safe, and until then it is their turn.
    for life in Lane::ALL
        .iter()
        .flat_map(|lane| Subject::ALL.iter().map(move |about| (*lane, *about)))
        .flat_map(|(lane, about)| {
            over.map(|state| ViewStatus {
                state,
                lane,
                unread: false,
                about,
                public: Publicity::Nothing,
            })
        })
    {
        if !life.ended_in_open_lane() {
            assert!(!life.lane_is_open(), "{life:?}");
            continue;
        }
        assert!(
            matches!(life.turn(), Turn::Safety | Turn::Coordinator),
            "{life:?}"
        );
        let ends = |role: Role| {
            transition(life, Actor::Staff(role), Action::HandOver)
                .is_ok_and(|after| !after.lane_is_open())
        };
        assert!(Role::ALL.into_iter().any(ends), "{life:?}");
    }
    // A control: taken on, handed over and closed there; shared, and closed then.
    let safety = Actor::Staff(Role::Safety);
    let open = transition(ViewStatus::begin(true), safety, Action::Open).unwrap();
    let close = Action::Close(CloseReason::Safety);
    assert_eq!(transition(open, safety, close), Err(Refused::NotNow));
    for act in [Action::HandOver, Action::Release] {
        let done = transition(open, safety, act).unwrap();
        assert_eq!(
            transition(done, safety, close).unwrap().state,
            State::Closed
        );
    }
}

/// A life as its sender and the desk know it: its status, whether an alert about it is open, and whether a named person
/// has had it since it last rang.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Watched {
    life: ViewStatus,
    alert: bool,
    had: bool,
}

impl Watched {
    fn begin(life: ViewStatus) -> Watched {
        Watched {
            life,
            alert: life.in_safety_custody(),
            had: false,
        }
    }

    fn after(self, actor: Actor, action: Action) -> Option<Watched> {
        let life = transition(self.life, actor, action).ok()?;
        let (alert, had) = match alert_effect(life, action) {
            AlertEffect::Keep => (self.alert, self.had),
            AlertEffect::Raise if matches!(action, Action::WriteBack | Action::Dispute) => {
                (true, self.had)
            }
            AlertEffect::Raise => (true, false),
            AlertEffect::End => (false, true),
        };
        Some(Watched { life, alert, had })
    }

    /// What is said and not so, or not so heard as it must be.
    fn broken(self) -> Option<&'static str> {
        let Watched { life, alert, had } = self;
        let is_there = life.state != State::Withdrawn;
        let unread_danger = life.in_safety_custody() && life.unread && is_there;
        if matches!(life.lane, Lane::Waiting | Lane::Opened) && is_there && !alert {
            return Some("nobody has it and nothing rings");
        }
        if unread_danger && !alert {
            return Some("new words in the safety lane ring nothing");
        }
        if matches!(life.lane, Lane::Claimed | Lane::HandedOver | Lane::Released) && !had {
            return Some("a person is said to act and nobody does");
        }
        None
    }
}

#[test]
fn nobody_is_told_that_safety_acts_where_no_alert_rings_and_no_person_has_it() {
    // Every state there is, with its alert: not only those that chance meets.
    let begun =
        |about: &Subject| [false, true].map(|danger| ViewStatus::begin_about(danger, *about));
    let begun = Subject::ALL.iter().flat_map(begun);
    let mut queue: VecDeque<Watched> = begun.map(Watched::begin).collect();
    let (mut seen, mut lanes) = (HashSet::new(), HashSet::new());
    while let Some(now) = queue.pop_front() {
        if !seen.insert(now) {
            continue;
        }
        assert_eq!(now.broken(), None, "{now:?}");
        lanes.insert(now.life.lane);
        for actor in actors() {
            for action in Action::all() {
                if let Some(next) = now.after(actor, action) {
                    // "People who keep children safe have it" is a reason only where they do.
                    let told_safe = action == Action::Close(CloseReason::Safety);
                    assert!(!told_safe || next.had, "{now:?}");
                    queue.push_back(next);
                }
            }
        }
    }
    assert_eq!(lanes.len(), Lane::ALL.len());
    // A control: a reading that counted as having it, as it once did, is found.
    let opened = Watched {
        life: ViewStatus {
            lane: Lane::Claimed,
            ..ViewStatus::begin(true)
        },
        alert: true,
        had: false,
    };
    assert!(opened.broken().is_some());
    // And so is a withdrawal that ends the alert before anybody has looked: the rule keeps it.
    let lost = Watched::begin(ViewStatus::begin(true))
        .after(Actor::Sender, Action::Withdraw)
        .unwrap();
    assert!(lost.alert && lost.life.lane_record_visible_to(Role::Safety));
}

#[test]
fn any_reader_of_a_view_outside_the_lane_can_raise_it_and_triagers_see_it_no_more() {
    let mut raised = 0;
    for life in reachable() {
        for role in Role::ALL {
            let after = transition(life, Actor::Staff(role), Action::Raise);
            let reads = life.visible_to(role)
                || (matches!(role, Role::Committee | Role::Clerk) && life.is_with_committee());
            let may = reads && !life.in_safety_custody() && life.state != State::Received;
            assert_eq!(after.is_ok(), may, "{life:?} {role:?}");
            let Ok(after) = after else { continue };
            raised += 1;
            assert_eq!(after.lane, Lane::Waiting);
            assert_eq!(alert_effect(after, Action::Raise), AlertEffect::Raise);
            assert!(!after.visible_to(Role::Speakerbox), "{after:?}");
            let keeper = after.keeper();
            assert!(after.visible_to(keeper), "{after:?}");
        }
    }
    assert!(raised > 20, "{raised}");
}

#[test]
fn every_action_leaves_an_event_of_its_own() {
    let kinds: HashSet<EventKind> = Action::all().into_iter().map(EventKind::from).collect();
    let (reasons, rests) = (CloseReason::ALL.len(), Rest::ALL.len());
    assert_eq!(kinds.len(), Action::all().len() - reasons - rests + 2);
    let others: Vec<EventKind> = EventKind::ALL
        .into_iter()
        .filter(|kind| !kinds.contains(kind))
        .collect();
    // What happens without an action of the machine.
    let without = [
        EventKind::Sent,
        EventKind::ApprovedRead,
        EventKind::NameOpened,
        EventKind::Acknowledged,
        EventKind::Held,
        EventKind::HoldLifted,
    ];
    assert_eq!(others, without);
}

#[test]
fn the_whole_line() {
    use Action::*;
    let speakerbox = Actor::Staff(Role::Speakerbox);
    let committee = Actor::Staff(Role::Committee);
    let line = [
        (speakerbox, Open, State::Read),
        (speakerbox, AskBack, State::AskedBack),
        (Actor::Sender, WriteBack, State::Answered),
        (speakerbox, Open, State::Read),
        (speakerbox, Approve, State::Approved),
        (speakerbox, List, State::Listed),
        (committee, Decide, State::Decided),
        (committee, Publish(Rest::ToDo), State::Published),
        (committee, MarkDone, State::Done),
        (Actor::Sender, Dispute, State::Disputed),
        (committee, MarkDone, State::Done),
        (Actor::Sender, Dispute, State::Disputed),
        (speakerbox, Approve, State::Disputed),
        (speakerbox, List, State::Listed),
        (committee, Decide, State::Decided),
        (committee, Publish(Rest::ToDecide), State::Postponed),
        (speakerbox, List, State::Listed),
        (committee, Decide, State::Decided),
        (committee, Publish(Rest::ToConfirm), State::Done),
        (Actor::Sender, Agree, State::Agreed),
    ];
    let mut life = ViewStatus::begin(false);
    for (actor, action, state) in line {
        life = transition(life, actor, action)
            .unwrap_or_else(|e| panic!("{action:?} in {life:?}: {e:?}"));
        assert_eq!(life.state, state);
    }
}

#[test]
fn what_is_public_can_be_taken_down_and_only_another_release_shows_something_again() {
    use Action::*;
    let (mut shown, mut corrected) = (0, 0);
    for life in reachable() {
        for actor in actors() {
            for action in Action::all() {
                let Ok(next) = transition(life, actor, action) else {
                    continue;
                };
                if next.public == life.public {
                    continue;
                }
                let wanted = if matches!(action, Publish(_)) {
                    Publicity::Shown
                } else if action == TakeDown {
                    Publicity::Down
                } else {
                    Publicity::Corrected
                };
                assert_eq!(next.public, wanted, "{life:?} {action:?}");
                assert!(
                    matches!(action, Publish(_) | TakeDown | Correct),
                    "{life:?}"
                );
            }
        }
        let takers: Vec<Role> = Role::ALL
            .into_iter()
            .filter(|role| transition(life, Actor::Staff(*role), TakeDown).is_ok())
            .collect();
        assert_eq!(takers.is_empty(), life.public != Publicity::Shown);
        // Those who keep children safe can, but for whom it is about.
        let left_out = [Role::Coordinator, Role::Safety]
            .into_iter()
            .filter(|role| life.is_about(*role));
        let all = 3 - left_out.count();
        assert!(takers.is_empty() || takers.len() == all, "{life:?}");
        shown += usize::from(!takers.is_empty());
        // A correction that leaves the same to do keeps what was done since.
        if life.public == Publicity::Corrected && life.has_answer() {
            let clerk = Actor::Staff(Role::Clerk);
            let again = transition(life, clerk, Publish(Rest::ToDo)).unwrap();
            let kept = !matches!(life.state, State::Postponed | State::Concluded);
            assert_eq!(again.state == life.state, kept, "{life:?}");
            corrected += 1;
        }
    }
    assert!(shown > 20 && corrected > 20, "{shown} {corrected}");
}

#[test]
fn closing_needs_reading_and_writing_again_reopens() {
    let begun = ViewStatus::begin(false);
    let close = Action::Close(CloseReason::Settled);
    let speakerbox = Actor::Staff(Role::Speakerbox);
    assert_eq!(transition(begun, speakerbox, close), Err(Refused::NotNow));
    let closed = transition(begun, speakerbox, Action::Open)
        .and_then(|l| transition(l, speakerbox, close))
        .unwrap();
    assert_eq!(closed.turn(), Turn::Nobody);
    let again = transition(closed, Actor::Sender, Action::WriteBack).unwrap();
    assert_eq!(
        (again.state, again.turn()),
        (State::Answered, Turn::Speakerbox)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100_000))]
    #[test]
    fn no_random_life_promises_what_nobody_keeps(
        danger: bool,
        about in 0usize..5,
        moves in prop::collection::vec((0usize..7, 0usize..31), 0..24),
    ) {
        let (actors, actions) = (actors(), Action::all());
        let mut now = Watched::begin(ViewStatus::begin_about(danger, Subject::ALL[about]));
        for (who, what) in moves {
            now = now.after(actors[who], actions[what]).unwrap_or(now);
            prop_assert_eq!(now.broken(), None);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn any_sequence_keeps_the_rules(
        marked_unsafe: bool,
        moves in prop::collection::vec((0usize..7, 0usize..31), 0..60),
    ) {
        let (actors, actions) = (actors(), Action::all());
        let mut life = ViewStatus::begin(marked_unsafe);
        let (mut published, mut alarmed) = (false, marked_unsafe);
        for (who, what) in moves {
            let (actor, action) = (actors[who], actions[what % actions.len()]);
            let before = life;
            match transition(life, actor, action) {
                Ok(next) => {
                    prop_assert!(allowed_actions(before, actor).contains(&action));
                    // Staff never act as the sender, and the sender never as staff.
                    prop_assert_eq!(is_senders(action), actor == Actor::Sender);
                    // A safety mark is never lost without the safety lane's own people.
                    if before.in_safety_custody() && !next.in_safety_custody() {
                        prop_assert_eq!(action, Action::Release);
                    }
                    alarmed |= matches!(action, Action::Alarm | Action::Raise);
                    prop_assert_eq!(alarmed, next.lane != Lane::Ordinary);
                    // What is public stays public.
                    published |= matches!(action, Action::Publish(_));
                    prop_assert!(!(published && next.state == State::Withdrawn));
                    life = next;
                }
                Err(_) => prop_assert!(!allowed_actions(before, actor).contains(&action)),
            }
        }
    }
}
