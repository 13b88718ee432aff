use super::*;
use crate::lifecycle::{Action, Actor, State, transition};
use crate::view::Safe;
use proptest::prelude::*;

// The sets by letters: S SpeakerBox, C coordinator, F safety lead.
fn set(letters: &str) -> ReaderSet {
    let role = |letter| match letter {
        'S' => Role::Speakerbox,
        'C' => Role::Coordinator,
        _ => Role::Safety,
    };
    letters.chars().map(role).collect()
}

/// Who reads when everybody is there: by the table of the design, not by the code.
fn by_the_table(life: ViewStatus) -> ReaderSet {
    if life.state == State::Withdrawn {
        return ReaderSet::NOBODY;
    }
    match life.about {
        Subject::Nobody | Subject::Committee if life.in_safety_custody() => set("CF"),
        Subject::Nobody | Subject::Committee if life.in_safety_lane() => set("SCF"),
        Subject::Nobody | Subject::Committee => set("SC"),
        Subject::Speakerbox if life.in_safety_lane() => set("CF"),
        Subject::Speakerbox | Subject::Safety => set("C"),
        Subject::Coordinator => set("F"),
    }
}

/// A life after some acts of anybody, chosen by these numbers.
fn walked(safe: Safe, about: Subject, acts: &[u16]) -> ViewStatus {
    let all = Action::all();
    let mut actors = vec![Actor::Sender];
    actors.extend(Role::ALL.map(Actor::Staff));
    let begun = ViewStatus::begin_as_answered(Some(safe), Some(about));
    acts.iter().fold(begun, |life, number| {
        let number = usize::from(*number);
        let (actor, action) = (actors[number % actors.len()], all[(number / 8) % all.len()]);
        transition(life, actor, action).unwrap_or(life)
    })
}

/// Everything that pages say of a view with this status, with those who would keep it.
fn said(life: ViewStatus, present: ReaderSet) -> Vec<(ReaderSentence, ReaderSet)> {
    let promises = Promises::of(life, present);
    let who = who_can_read(life, present);
    let names = who_can_open_name(life, present);
    let mut said = vec![
        (promises.check(), who),
        (promises.name_hint(), names),
        (promises.name(), names),
        (promises.anonymous(), who),
        (promises.committee(), who),
        (promises.receipt(), who),
        (promises.message(), who),
        (promises.alarm(), who_can_read(after_alarm(life), present)),
    ];
    said.extend(promises.left_out().map(|sentence| (sentence, who)));
    said.extend(promises.turn().map(|sentence| (sentence, who)));
    said
}

fn said_first(present: ReaderSet) -> Vec<(ReaderSentence, ReaderSet)> {
    let first = FirstPromises::of(present);
    let who = |marked| who_can_read(ViewStatus::begin(marked), present);
    let mut said = vec![
        (first.now(false), who(false)),
        (first.now(true), who(true)),
        (first.safe_choice(false), who(false)),
        (first.safe_choice(true), who(true)),
        (first.safe_hint(), who(true)),
    ];
    said.extend(first.start().map(|sentence| (sentence, present)));
    said
}

/// What breaks the promise: a role that the sentence names and that cannot read, or somebody where nobody can.
fn is_broken((sentence, who): (ReaderSentence, ReaderSet)) -> bool {
    let named = sentence.promises();
    let any = sentence.promises_one_of();
    let lacks = ReaderSet::ROLES
        .iter()
        .any(|role| named.contains(*role) && !who.contains(*role));
    lacks || (!any.is_empty() && !any.roles().any(|role| who.contains(role)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_page_promises_a_reader_who_is_not_there(
        safe in 0..Safe::ALL.len(),
        about in 0..Subject::ALL.len(),
        acts in prop::collection::vec(any::<u16>(), 0..12),
        present in 0..8usize,
    ) {
        let life = walked(Safe::ALL[safe], Subject::ALL[about], &acts);
        let present = ReaderSet::all().nth(present).unwrap_or_default();
        let who = who_can_read(life, present);
        let wanted: ReaderSet = by_the_table(life).roles().filter(|role| present.contains(*role)).collect();
        prop_assert_eq!(who, wanted, "{:?} {:?}", life, present);
        for one in said(life, present) {
            prop_assert!(!is_broken(one), "{:?} {:?}: {:?}", life, present, one);
        }
        // "It is their turn" is said of those who are there.
        if Promises::of(life, present).turn().is_none() {
            let of = match life.turn() {
                Turn::Safety => set("F"),
                Turn::Speakerbox => set("S"),
                Turn::Coordinator => set("C"),
                Turn::Sender | Turn::Committee | Turn::Nobody => ReaderSet::NOBODY,
            };
            prop_assert!(who.includes(of), "{:?} {:?}", life, present);
        }
        // Where nobody reads, the pages begin with that.
        if life.state != State::Withdrawn {
            let alarmed = who_can_read(after_alarm(life), present);
            let unread = Unread::of_view(life, present);
            prop_assert_eq!(unread.is_some(), who.is_empty() || alarmed.is_empty());
            prop_assert_eq!(unread == Some(Unread::Everything), who.is_empty() && alarmed.is_empty());
        }
    }
}

#[test]
fn every_set_at_the_first_steps() {
    for present in ReaderSet::all() {
        for one in said_first(present) {
            assert!(!is_broken(one), "{present:?}: {one:?}");
        }
    }
    for (present, unread) in [
        ("", Some(Unread::Everything)),
        ("S", Some(Unread::Unsafe)),
        ("F", Some(Unread::Ordinary)),
        ("C", None),
        ("SF", None),
        ("SCF", None),
    ] {
        assert_eq!(Unread::of_new(set(present)), unread, "{present}");
    }
}

#[test]
fn with_everybody_there_the_pages_say_what_they_always_said() {
    use ReaderSentence::*;
    let all = ReaderSet::EVERYBODY;
    let begun = |safe, about| {
        let life = ViewStatus::begin_as_answered(Some(safe), Some(about));
        Promises::of(life, all)
    };
    for (about, safe, unsafe_one, name, next) in [
        (Subject::Nobody, Check, CheckSafety, Name, Receipt),
        (Subject::Committee, Check, CheckSafety, Name, Receipt),
        (
            Subject::Speakerbox,
            CheckCoordinator,
            CheckBoth,
            Name,
            LeftOutSpeakerbox,
        ),
        (
            Subject::Coordinator,
            CheckLead,
            CheckLead,
            NameLead,
            LeftOutCoordinator,
        ),
        (
            Subject::Safety,
            CheckCoordinator,
            CheckCoordinator,
            NameCoordinator,
            LeftOutSafety,
        ),
    ] {
        assert_eq!(begun(Safe::Yes, about).check(), safe, "{about:?}");
        assert_eq!(begun(Safe::No, about).check(), unsafe_one, "{about:?}");
        for answer in Safe::ALL {
            assert_eq!(begun(answer, about).name(), name, "{about:?} {answer:?}");
        }
        assert_eq!(begun(Safe::Yes, about).receipt(), next, "{about:?}");
        assert_eq!(begun(Safe::Yes, about).turn(), None, "{about:?}");
    }
    assert_eq!(begun(Safe::No, Subject::Nobody).receipt(), ReceiptSafety);
    assert_eq!(begun(Safe::No, Subject::Nobody).alarm(), Alarm);
    assert_eq!(begun(Safe::No, Subject::Safety).alarm(), AlarmCoordinator);
    assert_eq!(FirstPromises::of(all).start(), Some(Start));
    // A control: what was always said is a broken promise in most sets, and the check sees it.
    let usual = [Start, SafeFirst, Check, CheckSafety, ReceiptSafety, Alarm];
    let broken = |present| {
        usual
            .iter()
            .filter(|one| is_broken((**one, present)))
            .count()
    };
    assert_eq!(broken(ReaderSet::NOBODY), usual.len());
    assert_eq!(broken(set("C")), usual.len());
    assert_eq!(broken(all), 0);
}

#[test]
fn a_sentence_of_those_who_are_there_names_exactly_them() {
    for present in ReaderSet::all() {
        assert_eq!(ReaderSentence::now(present).promises(), present);
        assert!(ReaderSentence::now(present).holds(present));
        assert_eq!(
            present.includes(ReaderSet::EVERYBODY),
            present == set("SCF")
        );
    }
    assert_eq!(ReaderSet::all().count(), 8);
    // Roles that read no views change nothing.
    let others = [Role::Committee, Role::Clerk, Role::Admin];
    assert!(others.into_iter().collect::<ReaderSet>().is_empty());
}

#[test]
fn only_these_can_open_a_name_stays_true_when_the_view_is_raised() {
    let lives = Subject::ALL
        .into_iter()
        .flat_map(|about| [false, true].map(|danger| ViewStatus::begin_about(danger, about)));
    let mut named = 0;
    for life in lives {
        for present in ReaderSet::all() {
            let said = Promises::of(life, present).name();
            let later = who_can_open_name(after_alarm(life), present);
            assert!(said.promises().includes(later), "{life:?} {present:?}");
            named += usize::from(said != ReaderSentence::NameNobody);
        }
    }
    assert!(named > 40, "{named}");
}
