//! Sections 7 to 10 of the contract: the outcome for whole dates and one set of birthdays.
//!
//! Where the law leaves a question open, every combination of readings is worked out, and the combinations are
//! combined into one outcome.

use super::answers::{Answers, BreaksBasis, Council, LivingTogether, StayKind, With};
use super::care_spells::{Count, Forecast, HomeKind, Spell, Weeks, end_of, merge, sort_spells};
use super::legal_figures::{AT_HOME, Ages, BREAK_STAY, BREAK_YEAR, HOSPITAL, months_after};
use super::outcome::{AdviserAnswer, Ask, Rule, Status, StayingPutAnswer};
use super::set::{Set, listed};

/// What the law leaves open, in the order of section 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    /// How 13 weeks are counted.
    A1,
    /// The last day was the 16th birthday.
    A2,
    /// Break days are added.
    A3,
    /// Breaks are care after 16.
    A4,
    /// Six months at home.
    A5,
    /// A special guardian is one of the people of s.22C(3).
    A6,
    /// Regulation 48 applies.
    Reg48,
    /// Housing under CA s.17 was care under CA s.20.
    S17,
    /// An order that ended at 16 or 17 still qualifies.
    Sgo,
}

impl Question {
    const ALL: &'static [Question] = &[
        Question::A1,
        Question::A2,
        Question::A3,
        Question::A4,
        Question::A5,
        Question::A6,
        Question::Reg48,
        Question::S17,
        Question::Sgo,
    ];
}

listed!(Question);

/// The outcome for whole dates and one set of birthdays.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) status: Status,
    pub(super) certain: bool,
    /// Every status possible, also when it is certain.
    pub(super) possible: Set<Status>,
    pub(super) asks: Set<Ask>,
    pub(super) reasons: Set<Rule>,
    pub(super) staying_put: Set<StayingPutAnswer>,
    pub(super) adviser: Set<AdviserAnswer>,
    /// Some combination carries the 21st, the 25th birthday.
    pub(super) carries_21: bool,
    pub(super) carries_25: bool,
    pub(super) count: Option<Count>,
    pub(super) forecast: Forecast,
}

/// Works out one case. `without`: a rule that is left out, to show that something depends on it.
pub(super) fn evaluate(answers: &Answers<i32>, ages: Ages, without: Option<Rule>) -> Found {
    let case = Case::new(answers, ages, without);
    case.outside_the_rules()
        .unwrap_or_else(|| case.all_readings())
}

/// What does not depend on how the open questions are read.
struct Case<'a> {
    answers: &'a Answers<i32>,
    ages: Ages,
    on: i32,
    counted: Vec<Spell>,
    set_aside: Vec<Spell>,
    /// Short breaks in care: their end, and whether they are running.
    breaks: Option<(i32, bool)>,
    break_days: i32,
    /// Times at home with a special guardian, and with all others, merged.
    homes: [Vec<(i32, i32)>; 2],
    without: Option<Rule>,
}

/// What depends on whether housing under CA s.17 was care, and on regulation 48.
struct Care {
    spells: Vec<Spell>,
    count: Count,
    count_at_16: Count,
    forecast: Forecast,
    spell_running: bool,
    running: bool,
    /// The latest end of care.
    last: Option<i32>,
    /// Six months at home with a special guardian, and with all others; none: an open question.
    at_home: [Option<bool>; 2],
    lived: Option<HomeKind>,
}

/// One combination of readings.
#[derive(Clone, Copy)]
struct Readings(Set<Question>);

impl Readings {
    fn says(self, question: Question) -> bool {
        self.0.has(question)
    }
}

/// What one combination gives.
#[derive(Clone, Copy)]
struct Given {
    status: Status,
    reasons: Set<Rule>,
    asks: Set<Ask>,
    staying_put: StayingPutAnswer,
    adviser: AdviserAnswer,
    carries_21: bool,
    carries_25: bool,
}

impl<'a> Case<'a> {
    fn new(answers: &'a Answers<i32>, ages: Ages, without: Option<Rule>) -> Case<'a> {
        let on = answers.asked_on.days();
        let (counted, set_aside) = sort_spells(answers, &ages);
        let breaks = answers
            .short_breaks
            .as_ref()
            .filter(|breaks| breaks.basis == BreaksBasis::Section20);
        let homes = [true, false].map(|guardian| {
            let group = answers
                .home_returns
                .iter()
                .filter(|home| (home.with == With::SpecialGuardian) == guardian);
            merge(
                group
                    .map(|home| (home.from, home.to.unwrap_or(i32::MAX)))
                    .collect(),
            )
        });
        Case {
            answers,
            ages,
            on,
            counted,
            set_aside,
            breaks: breaks.map(|breaks| end_of(breaks.to, on, &ages)),
            // Not known: as many as make 13 weeks.
            break_days: breaks.map_or(0, |breaks| {
                breaks
                    .days_since_14
                    .unwrap_or(super::legal_figures::THIRTEEN_WEEKS.value)
            }),
            homes,
            without,
        }
    }

    fn has(&self, rule: Rule) -> bool {
        self.without != Some(rule)
    }

    fn give(&self, reasons: &mut Set<Rule>, rule: Rule) {
        if self.has(rule) {
            reasons.add(rule);
        }
    }

    fn adult(&self) -> bool {
        self.on >= self.ages.b18
    }

    /// Section 7, step 2.1: where these rules cannot give a status.
    fn outside_the_rules(&self) -> Option<Found> {
        let elsewhere = |spell: &Spell| {
            let far = matches!(
                spell.council,
                Council::Wales | Council::Scotland | Council::NorthernIreland
            );
            far && (spell.running || spell.end >= self.ages.b14)
        };
        let disputed = self.answers.age_disputed && self.has(Rule::AgeDisputed);
        let elsewhere = self.counted.iter().any(elsewhere) && self.has(Rule::CareOutsideEngland);
        if !disputed && !elsewhere {
            return None;
        }
        let (mut asks, mut reasons) = (Set::default(), Set::default());
        if disputed {
            asks.add(Ask::A9);
            reasons.add(Rule::AgeDisputed);
        }
        if elsewhere {
            asks.add(Ask::A10);
            reasons.add(Rule::CareOutsideEngland);
        }
        if self.answers.unaccompanied {
            self.give(&mut reasons, Rule::Unaccompanied);
        }
        Some(Found {
            status: Status::Ask,
            certain: false,
            possible: Set::default(),
            asks,
            reasons,
            staying_put: Set::of(StayingPutAnswer::Ask),
            adviser: Set::of(AdviserAnswer::Ask),
            carries_21: false,
            carries_25: false,
            count: None,
            forecast: Forecast::default(),
        })
    }

    fn all_readings(&self) -> Found {
        // By whether housing under CA s.17 was care, then by whether regulation 48 applies.
        let cares = [false, true].map(|s17| [false, true].map(|reg48| self.care(s17, reg48)));
        let open: Vec<Question> = Question::ALL
            .iter()
            .copied()
            .filter(|question| self.is_open(*question, &cares))
            .collect();
        let mut given = Vec::with_capacity(1 << open.len());
        for combination in 0..1_usize << open.len() {
            let mut yes = Set::default();
            if !open.contains(&Question::Reg48) {
                yes.add(Question::Reg48);
            }
            for (bit, question) in open.iter().enumerate() {
                if combination & (1 << bit) != 0 {
                    yes.add(*question);
                }
            }
            let readings = Readings(yes);
            let s17 = usize::from(readings.says(Question::S17));
            let reg48 = usize::from(readings.says(Question::Reg48));
            given.push(self.given(&cares[s17][reg48], readings));
        }
        let bare = &cares[0][1];
        self.put_together(&open, &given, bare)
    }

    fn care(&self, s17: bool, reg48: bool) -> Care {
        let mut spells = self.counted.clone();
        if s17 {
            spells.extend(&self.set_aside);
        }
        let merged = merge(spells.iter().map(|spell| (spell.from, spell.end)).collect());
        let spell_running = spells.iter().any(|spell| spell.running);
        let mut running = spell_running;
        let mut last = spells.iter().map(|spell| spell.end).max();
        if let (Some((end, breaks_running)), false) = (self.breaks, reg48) {
            running |= breaks_running;
            last = last.max(Some(end));
        }
        Care {
            count: Count::of(&merged, &self.ages, self.ages.b18),
            count_at_16: Count::of(&merged, &self.ages, self.ages.b16),
            forecast: if spell_running {
                Forecast::of(&merged, &self.ages)
            } else {
                Forecast::default()
            },
            at_home: [0, 1].map(|group| self.six_months_at_home(&self.homes[group], last)),
            lived: self.lived(&spells),
            spell_running,
            running,
            last,
            spells,
        }
    }

    /// The kind of home of the stays that are running, or that cover the day before the 18th birthday.
    fn lived(&self, spells: &[Spell]) -> Option<HomeKind> {
        let eve = self.ages.b18 - 1;
        let mut kinds = spells
            .iter()
            .filter(|spell| {
                if self.adult() {
                    spell.from <= eve && eve <= spell.end
                } else {
                    spell.running
                }
            })
            .map(|spell| spell.home);
        let first = kinds.next()?;
        if kinds.all(|kind| kind == first) {
            Some(first)
        } else {
            Some(HomeKind::NotSure)
        }
    }

    /// Section 8.3: whether six months at home were reached; none: an open question.
    fn six_months_at_home(&self, homes: &[(i32, i32)], last: Option<i32>) -> Option<bool> {
        let day = if self.adult() { self.ages.b18 } else { self.on };
        let stay = homes.iter().find(|(from, to)| *from <= day && day < *to);
        let (Some(&(from, to)), Some(last)) = (stay, last) else {
            return Some(false);
        };
        let low = months_after(from, AT_HOME.value);
        let high = months_after(from.max(last), AT_HOME.value);
        if day < low {
            Some(false)
        } else if day <= high || (self.adult() && to <= self.on) {
            None
        } else {
            Some(true)
        }
    }

    fn is_open(&self, question: Question, cares: &[[Care; 2]; 2]) -> bool {
        let mut all = cares.iter().flatten();
        let (b16, breaks) = (self.ages.b16, self.breaks);
        match question {
            Question::A1 => all.any(|care| {
                let breaks = [0, self.break_days].map(|days| care.count.plus(days));
                let at_16 = self
                    .answers
                    .detained_or_in_hospital_at_16
                    .then_some(care.count_at_16);
                breaks
                    .into_iter()
                    .chain(at_16)
                    .any(|count| count.weeks() == Weeks::OnTheLine)
            }),
            Question::A2 => {
                let spells = self.counted.iter().chain(&self.set_aside);
                breaks.is_some_and(|(end, _)| end == b16)
                    || spells.into_iter().any(|spell| spell.end == b16)
            }
            Question::A3 => {
                breaks.is_some() && !(self.counted.is_empty() && self.set_aside.is_empty())
            }
            Question::A4 => breaks.is_some(),
            Question::A5 => all.any(|care| care.at_home.contains(&None)),
            Question::A6 => !self.homes[0].is_empty(),
            Question::Reg48 => breaks.is_some() && !self.clearly_regulation_48(),
            Question::S17 => self.on >= b16 && self.set_aside.iter().any(|spell| spell.end >= b16),
            Question::Sgo => {
                let order = self.answers.special_guardianship.as_ref();
                order.is_some_and(|order| order.to.is_some())
            }
        }
    }

    fn clearly_regulation_48(&self) -> bool {
        let Some(breaks) = &self.answers.short_breaks else {
            return true;
        };
        let within = |days: Option<i32>, most: i32| days.is_some_and(|days| days <= most);
        within(breaks.days_in_12_months, BREAK_YEAR.value)
            && within(breaks.longest_stay_days, BREAK_STAY.value)
            && breaks.same_place
            && breaks.back_to_parents
    }

    /// The lean of a question, if it has one.
    fn lean(&self, question: Question) -> Option<bool> {
        match question {
            Question::A1 => self
                .counted
                .iter()
                .any(|spell| spell.running)
                .then_some(true),
            Question::A2 | Question::A6 => Some(true),
            Question::Sgo => Some(false),
            _ => None,
        }
    }

    /// Sections 8 and 9: one combination.
    fn given(&self, care: &Care, readings: Readings) -> Given {
        let mut given = Given {
            status: Status::None,
            reasons: Set::default(),
            asks: Set::default(),
            staying_put: StayingPutAnswer::No,
            adviser: AdviserAnswer::No,
            carries_21: false,
            carries_25: false,
        };
        let standing = self.standing(care, readings, &mut given.reasons);
        given.status = standing.status;
        self.staying_put(care, &standing, &mut given);
        self.adviser(care, &standing, &mut given);
        given.carries_21 = match given.staying_put {
            StayingPutAnswer::Yes => true,
            StayingPutAnswer::Ask => self.adult(),
            _ => false,
        };
        given.carries_25 = given.status == Status::FormerRelevant;
        given
    }

    fn thirteen_weeks(count: Count, readings: Readings) -> bool {
        match count.weeks() {
            Weeks::Yes => true,
            Weeks::No => false,
            Weeks::OnTheLine => readings.says(Question::A1),
        }
    }

    /// Section 8.
    fn standing(&self, care: &Care, readings: Readings, reasons: &mut Set<Rule>) -> Standing {
        let regulation_48 = readings.says(Question::Reg48);
        let breaks_48 = self.breaks.filter(|_| regulation_48);
        let added = self.breaks.is_some()
            && (!regulation_48 || (!care.spells.is_empty() && readings.says(Question::A3)));
        let count = care.count.plus(if added { self.break_days } else { 0 });
        let met = Self::thirteen_weeks(count, readings);
        let mut say = |status: Status, rule: Rule| {
            self.give(reasons, rule);
            Standing {
                status,
                from_care_at_18: false,
                was_former_relevant: false,
            }
        };
        let young = self.on < self.ages.b16;
        if !self.adult() {
            if care.running {
                if !young && met && self.has(Rule::Eligible) {
                    return say(Status::Eligible, Rule::Eligible);
                }
                if self.has(Rule::InCare) {
                    return say(Status::InCare, Rule::InCare);
                }
            } else if breaks_48.is_some_and(|(_, running)| running) && self.has(Rule::ShortBreaks) {
                return say(Status::InCare, Rule::ShortBreaks);
            }
            if young {
                return say(Status::None, Rule::NoStatus);
            }
        }
        let care_at_16 = care.last.is_some_and(|last| {
            last > self.ages.b16 || (last == self.ages.b16 && readings.says(Question::A2))
        });
        let from_care_at_18 = self.adult()
            && care.last == Some(self.ages.b18)
            && met
            && self.has(Rule::FormerRelevantInCareAt18);
        let was_eligible = met && care_at_16;
        let home_too_long =
            was_eligible && self.has(Rule::HomeSixMonths) && self.home_too_long(care, readings);
        let (by_eligible, by_detained) = (
            was_eligible && !home_too_long,
            self.answers.detained_or_in_hospital_at_16
                && Self::thirteen_weeks(care.count_at_16, readings)
                && self.has(Rule::RelevantDetainedOrHospital),
        );
        if from_care_at_18 || by_eligible || by_detained {
            let rule = if !self.adult() {
                if by_eligible {
                    Rule::Relevant
                } else {
                    Rule::RelevantDetainedOrHospital
                }
            } else if from_care_at_18 {
                Rule::FormerRelevantInCareAt18
            } else {
                Rule::FormerRelevantWasRelevant
            };
            if self.has(rule) {
                if !self.adult() {
                    return say(Status::Relevant, rule);
                }
                let over = self.on >= self.ages.b25 && self.has(Rule::FormerRelevantEnded);
                let standing = if over {
                    say(Status::None, Rule::FormerRelevantEnded)
                } else {
                    say(Status::FormerRelevant, rule)
                };
                return Standing {
                    from_care_at_18,
                    was_former_relevant: over,
                    ..standing
                };
            }
        } else if home_too_long {
            say(Status::None, Rule::HomeSixMonths);
        }
        let route = self.qualifying(care, care_at_16, breaks_48, readings);
        match route {
            Some(rule) if self.on < self.ages.b21 => say(Status::Qualifying, rule),
            Some(_) if self.on < self.ages.b25 && self.has(Rule::EducationHelpTo25) => {
                say(Status::None, Rule::EducationHelpTo25)
            }
            _ => say(Status::None, Rule::NoStatus),
        }
    }

    fn home_too_long(&self, care: &Care, readings: Readings) -> bool {
        let [guardian, others] = care
            .at_home
            .map(|known| known.unwrap_or_else(|| readings.says(Question::A5)));
        others || (guardian && readings.says(Question::A6))
    }

    /// Section 8.4: the first route that fits.
    fn qualifying(
        &self,
        care: &Care,
        care_at_16: bool,
        breaks_48: Option<(i32, bool)>,
        readings: Readings,
    ) -> Option<Rule> {
        let fits = |rule: &Rule| {
            self.has(*rule)
                && match rule {
                    Rule::QualifyingSpecialGuardianship => {
                        self.special_guardianship(care, readings)
                    }
                    Rule::QualifyingCareAfter16 => care_at_16,
                    Rule::QualifyingOtherStay => self.other_stay(),
                    _ => {
                        breaks_48.is_some_and(|(end, _)| end >= self.ages.b16)
                            && readings.says(Question::A4)
                    }
                }
        };
        [
            Rule::QualifyingSpecialGuardianship,
            Rule::QualifyingCareAfter16,
            Rule::QualifyingOtherStay,
            Rule::QualifyingShortBreaks,
        ]
        .into_iter()
        .find(fits)
    }

    fn special_guardianship(&self, care: &Care, readings: Readings) -> bool {
        let Some(order) = &self.answers.special_guardianship else {
            return false;
        };
        let from_care = || {
            care.spells
                .iter()
                .any(|spell| spell.from <= order.from && spell.end >= order.from - 1)
        };
        let straight_from_care = order.in_care_just_before.unwrap_or_else(from_care);
        let Ages { b16, b18, .. } = self.ages;
        let in_force = match order.to {
            None => true,
            Some(to) if self.adult() => to >= b18,
            Some(to) => to > self.on,
        };
        let ended_late = order.to.is_some_and(|to| to >= b16) && readings.says(Question::Sgo);
        order.from < b18 && straight_from_care && (in_force || ended_late)
    }

    fn other_stay(&self) -> bool {
        self.answers.other_stays.iter().any(|stay| {
            let over = stay.to.is_some() || self.adult();
            let (end, _) = end_of(stay.to, self.on, &self.ages);
            let long_enough =
                stay.kind != StayKind::Hospital || end >= months_after(stay.from, HOSPITAL.value);
            over && stay.from < self.ages.b18 && end >= self.ages.b16 && long_enough
        })
    }

    /// Sections 9.1 and 9.2.
    fn staying_put(&self, care: &Care, standing: &Standing, given: &mut Given) {
        let told = &self.answers.staying_put;
        let Some(lived) = care.lived else { return };
        if self.adult() {
            if !standing.from_care_at_18 {
                return;
            }
        } else if !care.spell_running
            || (standing.status != Status::Eligible && care.forecast.line.is_none())
        {
            return;
        }
        let ended = self.adult() && self.on >= self.ages.b21;
        let mut reasons = Set::default();
        let mut asks = Set::default();
        let with_carers =
            |spell: &Spell| matches!(spell.home, HomeKind::Foster | HomeKind::Unclear);
        let may_go_back = self.adult()
            && told.living_together == LivingTogether::WantsToReturn
            && care.spells.iter().any(with_carers);
        let no = if lived == HomeKind::AnyOther && !may_go_back {
            Some(Rule::StayingPutNotFoster)
        } else if !told.both_want {
            Some(Rule::StayingPutNotAgreed)
        } else if self.adult() && told.living_together == LivingTogether::MovedOut {
            Some(Rule::StayingPutNotTogether)
        } else {
            None
        };
        if let Some(rule) = no.filter(|rule| self.has(*rule)) {
            if !ended {
                self.give(&mut given.reasons, rule);
            }
            return;
        }
        let mut doubt = lived == HomeKind::NotSure;
        if lived == HomeKind::Unclear {
            asks.add(Ask::A8);
            doubt = true;
        }
        if self.adult() {
            if matches!(
                told.living_together,
                LivingTogether::Away | LivingTogether::WantsToReturn
            ) {
                asks.add(Ask::A7);
                doubt = true;
            }
            if told.welfare_objection && self.has(Rule::StayingPutWelfare) {
                reasons.add(Rule::StayingPutWelfare);
                doubt = true;
            }
        }
        self.give(&mut reasons, Rule::StayingPut);
        if ended && self.has(Rule::StayingPutEnded) {
            given.staying_put = StayingPutAnswer::Ended;
            given.reasons.add(Rule::StayingPutEnded);
            return;
        }
        given.reasons.add_all(reasons);
        given.asks.add_all(asks);
        given.staying_put = match (doubt, self.adult()) {
            (true, _) => StayingPutAnswer::Ask,
            (false, true) => StayingPutAnswer::Yes,
            (false, false) => StayingPutAnswer::Later,
        };
    }

    /// Section 9.3.
    fn adviser(&self, care: &Care, standing: &Standing, given: &mut Given) {
        let course = self
            .answers
            .education_until
            .is_some_and(|until| until >= self.on)
            && self.has(Rule::AgreedCourse);
        given.adviser = match standing.status {
            Status::Eligible | Status::Relevant => AdviserAnswer::Now,
            Status::InCare if care.forecast.line.is_some() => AdviserAnswer::Later,
            Status::FormerRelevant if self.on < self.ages.b21 => AdviserAnswer::Now,
            Status::FormerRelevant => {
                if self.answers.wants_education {
                    self.give(&mut given.reasons, Rule::EducationReturn);
                }
                if course {
                    given.reasons.add(Rule::AgreedCourse);
                    AdviserAnswer::Now
                } else if self.has(Rule::AdviserOnRequest) {
                    given.reasons.add(Rule::AdviserOnRequest);
                    AdviserAnswer::OnRequest
                } else {
                    AdviserAnswer::Ended
                }
            }
            Status::None if standing.was_former_relevant => {
                if course {
                    given.reasons.add(Rule::AgreedCourse);
                    AdviserAnswer::Ask
                } else {
                    AdviserAnswer::Ended
                }
            }
            _ => AdviserAnswer::No,
        };
    }

    /// Section 10, then 13.1.
    fn put_together(&self, open: &[Question], given: &[Given], bare: &Care) -> Found {
        let (mut found, mut leaning) = (Set::default(), Set::default());
        let (mut asks, mut reasons) = (Set::default(), Set::default());
        let (mut staying_put, mut adviser) = (Set::default(), Set::default());
        let (mut carries_21, mut carries_25) = (false, false);
        let leans: Vec<Option<bool>> = open.iter().map(|question| self.lean(*question)).collect();
        for (combination, one) in given.iter().enumerate() {
            found.add(one.status);
            let as_leant = leans
                .iter()
                .enumerate()
                .all(|(bit, lean)| lean.is_none_or(|lean| lean == (combination & (1 << bit) != 0)));
            if as_leant {
                leaning.add(one.status);
            }
            asks.add_all(one.asks);
            reasons.add_all(one.reasons);
            staying_put.add(one.staying_put);
            adviser.add(one.adviser);
            carries_21 |= one.carries_21;
            carries_25 |= one.carries_25;
        }
        for (bit, question) in open.iter().enumerate() {
            let matters = (0..given.len()).any(|combination| {
                given[combination].status != given[combination ^ (1 << bit)].status
            });
            if matters {
                match question {
                    Question::A1 => asks.add(Ask::A1),
                    Question::A2 => asks.add(Ask::A2),
                    Question::A3 => asks.add(Ask::A3),
                    Question::A4 => asks.add(Ask::A4),
                    Question::A5 => asks.add(Ask::A5),
                    Question::A6 => asks.add(Ask::A6),
                    Question::Reg48 => self.give(&mut reasons, Rule::ShortBreaksOverLimit),
                    Question::S17 => self.give(&mut reasons, Rule::Section17Label),
                    Question::Sgo => self.give(&mut reasons, Rule::SpecialGuardianshipEnded),
                }
            }
        }
        let one = found.only();
        let status = one.or(leaning.only()).unwrap_or(Status::Ask);
        let mut certain = one.is_some();
        let mut staying_put = Set::of(one_answer(staying_put));
        let mut adviser = Set::of(one_adviser(adviser));

        let has_duties = found.has(Status::FormerRelevant) || found.has(Status::Qualifying);
        if self.answers.appeals_refused
            && self.adult()
            && has_duties
            && self.has(Rule::AppealsRefused)
        {
            certain = false;
            if staying_put.has(StayingPutAnswer::Yes) {
                staying_put = Set::of(StayingPutAnswer::Ask);
            }
            if adviser.has(AdviserAnswer::Now) || adviser.has(AdviserAnswer::OnRequest) {
                adviser = Set::of(AdviserAnswer::Ask);
            }
            reasons.add(Rule::AppealsRefused);
        }
        if self.answers.unaccompanied {
            self.give(&mut reasons, Rule::Unaccompanied);
        }
        let latest = self.counted.iter().map(|spell| spell.end).max();
        let by_other_council = self
            .counted
            .iter()
            .any(|spell| Some(spell.end) == latest && spell.council == Council::OtherEngland);
        if status != Status::None && by_other_council {
            self.give(&mut reasons, Rule::OtherCouncil);
        }
        Found {
            status,
            certain,
            possible: found,
            asks,
            reasons,
            staying_put,
            adviser,
            carries_21,
            carries_25,
            count: Some(bare.count),
            forecast: bare.forecast,
        }
    }
}

/// What one combination says of the status.
struct Standing {
    status: Status,
    /// Former relevant because in care on reaching 18 (also after 25).
    from_care_at_18: bool,
    /// Was former relevant, and is 25 or over.
    was_former_relevant: bool,
}

/// The one answer of several: itself; ended if only no and ended; else ask.
pub(super) fn one_answer(answers: Set<StayingPutAnswer>) -> StayingPutAnswer {
    let mut either = Set::of(StayingPutAnswer::No);
    either.add(StayingPutAnswer::Ended);
    match answers.only() {
        Some(answer) => answer,
        None if answers == either => StayingPutAnswer::Ended,
        None => StayingPutAnswer::Ask,
    }
}

/// The same for the personal adviser.
pub(super) fn one_adviser(answers: Set<AdviserAnswer>) -> AdviserAnswer {
    let mut either = Set::of(AdviserAnswer::No);
    either.add(AdviserAnswer::Ended);
    match answers.only() {
        Some(answer) => answer,
        None if answers == either => AdviserAnswer::Ended,
        None => AdviserAnswer::Ask,
    }
}
