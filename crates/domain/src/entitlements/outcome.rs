//! What the rules say.

use super::parse::AnswerError;
use super::set::listed;
use crate::date::Date;
use crate::text_enum;
use serde::Serialize;

text_enum! {
    /// Care leaver status in England. In the contract's order.
    pub enum Status {
        /// In care, with no leaving care status yet.
        InCare = "in_care",
        /// Eligible child (Children Act 1989 Sch 2 para 19B).
        Eligible = "eligible",
        /// Relevant child (s.23A).
        Relevant = "relevant",
        /// Former relevant child (s.23C).
        FormerRelevant = "former_relevant",
        /// Qualifying person (s.24).
        Qualifying = "qualifying",
        /// No leaving care status.
        None = "none",
        /// No single status can be given.
        Ask = "ask",
    }
}

text_enum! {
    /// Whether somebody can stay put.
    pub enum StayingPutAnswer {
        /// Yes.
        Yes = "yes",
        /// At 18, if still with the same foster carer.
        Later = "later",
        /// No.
        No = "no",
        /// It was possible; now 21 or over.
        Ended = "ended",
        /// Ask.
        Ask = "ask",
    }
}

text_enum! {
    /// The right to a personal adviser.
    pub enum AdviserAnswer {
        /// Now.
        Now = "now",
        /// Later.
        Later = "later",
        /// From 21 to 25, if asked for.
        OnRequest = "on_request",
        /// No.
        No = "no",
        /// It was there; now over.
        Ended = "ended",
        /// Ask.
        Ask = "ask",
    }
}

text_enum! {
    /// A question the law leaves open.
    pub enum Ask {
        /// How 13 weeks are counted.
        A1 = "A1",
        /// The last day in care was the 16th birthday.
        A2 = "A2",
        /// Break days together with full-time care.
        A3 = "A3",
        /// Breaks that ended at 16 or 17.
        A4 = "A4",
        /// The six months at home.
        A5 = "A5",
        /// Six months with a special guardian.
        A6 = "A6",
        /// Staying put after a break.
        A7 = "A7",
        /// How the carer was approved.
        A8 = "A8",
        /// The age is disputed.
        A9 = "A9",
        /// Care in Wales, Scotland or Northern Ireland.
        A10 = "A10",
        /// Dates not known, or records that disagree.
        A11 = "A11",
    }
}

text_enum! {
    /// A rule that led to the outcome. In the contract's order.
    pub enum Rule {
        /// In care now, and not (or not yet) an eligible child.
        InCare = "in_care",
        /// In care on break days only.
        ShortBreaks = "short_breaks",
        /// 16 or 17, in care now, 13 weeks since 14.
        Eligible = "eligible",
        /// 16 or 17, left care, was eligible.
        Relevant = "relevant",
        /// Detained or in hospital at 16, after 13 weeks in care.
        RelevantDetainedOrHospital = "relevant_detained_or_hospital",
        /// Six months back with a parent or someone responsible.
        HomeSixMonths = "home_six_months",
        /// In care on reaching 18, and eligible.
        FormerRelevantInCareAt18 = "former_relevant_in_care_at_18",
        /// Was relevant, and would be if under 18.
        FormerRelevantWasRelevant = "former_relevant_was_relevant",
        /// Was former relevant; the duties end at 25.
        FormerRelevantEnded = "former_relevant_ended",
        /// A special guardianship straight from care.
        QualifyingSpecialGuardianship = "qualifying_special_guardianship",
        /// In care for a time after 16.
        QualifyingCareAfter16 = "qualifying_care_after_16",
        /// Private fostering, a voluntary or private home, or three months in hospital and the like, after 16.
        QualifyingOtherStay = "qualifying_other_stay",
        /// Short breaks after 16 may count.
        QualifyingShortBreaks = "qualifying_short_breaks",
        /// Would qualify if under 21.
        EducationHelpTo25 = "education_help_to_25",
        /// No route gives a leaving care status on this day.
        NoStatus = "no_status",
        /// Housed under CA s.17 at 16 or 17.
        Section17Label = "section_17_label",
        /// Short breaks may be outside regulation 48.
        ShortBreaksOverLimit = "short_breaks_over_limit",
        /// The order ended at 16 or 17.
        SpecialGuardianshipEnded = "special_guardianship_ended",
        /// Something turns on whether the birthday is 28 February or 1 March.
        LeapDay = "leap_day",
        /// No status until the age is settled.
        AgeDisputed = "age_disputed",
        /// Care in Wales, Scotland or Northern Ireland follows other laws.
        CareOutsideEngland = "care_outside_england",
        /// Help may be limited for adults without leave to remain.
        AppealsRefused = "appeals_refused",
        /// The same rules, and a solicitor for the immigration side.
        Unaccompanied = "unaccompanied",
        /// The council that last looked after somebody is responsible.
        OtherCouncil = "other_council",
        /// Former relevant from care and still with the same foster carer, to 21.
        StayingPut = "staying_put",
        /// The home just before 18 is not with a foster carer.
        StayingPutNotFoster = "staying_put_not_foster",
        /// Both must want it.
        StayingPutNotAgreed = "staying_put_not_agreed",
        /// They no longer live together.
        StayingPutNotTogether = "staying_put_not_together",
        /// The council need not support it against the young person's welfare.
        StayingPutWelfare = "staying_put_welfare",
        /// The duty ends at 21.
        StayingPutEnded = "staying_put_ended",
        /// From 21 to 25 the adviser comes when asked.
        AdviserOnRequest = "adviser_on_request",
        /// An agreed course carries the adviser on past 21.
        AgreedCourse = "agreed_course",
        /// Under 25 and wanting to start or go back to a course.
        EducationReturn = "education_return",
    }
}

listed!(Status, StayingPutAnswer, AdviserAnswer, Ask, Rule);

impl Status {
    /// Its letter in the table of bundles; none for [`Status::Ask`].
    pub fn bundle(self) -> Option<&'static str> {
        match self {
            Status::InCare => Some("C"),
            Status::Eligible => Some("E"),
            Status::Relevant => Some("R"),
            Status::FormerRelevant => Some("F"),
            Status::Qualifying => Some("Q"),
            Status::None => Some("N"),
            Status::Ask => None,
        }
    }
}

impl Rule {
    /// The law it comes from. CA: Children Act 1989; CPR: SI 2010/959; CLR: SI 2010/2571.
    pub fn law(self) -> &'static str {
        match self {
            Rule::InCare => "CA s.22(1)-(2)",
            Rule::ShortBreaks => "CPR regs 40(2), 48",
            Rule::Eligible => "CA Sch 2 para 19B(2); CPR reg 40(1)",
            Rule::Relevant => "CA s.23A(2)",
            Rule::RelevantDetainedOrHospital => "CLR reg 3(2)-(3)",
            Rule::HomeSixMonths => "CLR reg 3(5)-(6)",
            Rule::FormerRelevantInCareAt18 => "CA s.23C(1)(b)",
            Rule::FormerRelevantWasRelevant => "CA s.23C(1)(a)",
            Rule::FormerRelevantEnded => "CA ss.23C(6)-(7), 23CA, 23CZB",
            Rule::QualifyingSpecialGuardianship => "CA s.24(1A)",
            Rule::QualifyingCareAfter16 | Rule::QualifyingShortBreaks => "CA s.24(1B), (2)(a)",
            Rule::QualifyingOtherStay => "CA s.24(1B), (2)(b)-(e), (3)",
            Rule::EducationHelpTo25 => "CA s.24B",
            Rule::NoStatus => "CA ss.23A, 23C, 24",
            Rule::Section17Label => "CA ss.17, 20, 22(1)",
            Rule::ShortBreaksOverLimit => "CPR reg 48(2)",
            Rule::SpecialGuardianshipEnded => "CA s.24(1A)(b)",
            Rule::LeapDay => "Family Law Reform Act 1969 s.9(1)",
            Rule::AgeDisputed => "-",
            Rule::CareOutsideEngland => "CA Part 3",
            Rule::AppealsRefused => "Nationality, Immigration and Asylum Act 2002 Sch 3",
            Rule::Unaccompanied => "CA ss.20, 23A, 23C",
            Rule::OtherCouncil => "CA s.23A(4); CLR reg 2",
            Rule::StayingPut => "CA s.23CZA(2), (6)",
            Rule::StayingPutNotFoster => "CA s.23CZA(2)(b)",
            Rule::StayingPutNotAgreed | Rule::StayingPutNotTogether => "CA s.23CZA(2)",
            Rule::StayingPutWelfare => "CA s.23CZA(5)",
            Rule::StayingPutEnded => "CA s.23CZA(6)",
            Rule::AdviserOnRequest => "CA s.23CZB",
            Rule::AgreedCourse => "CA s.23C(7)",
            Rule::EducationReturn => "CA s.23CA",
        }
    }
}

/// A right, and the first day without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Right<T> {
    /// Whether there is one.
    pub answer: T,
    /// The first day without it, where that is known.
    pub until: Option<Date>,
}

/// A rule and its citation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The rule.
    pub rule: Rule,
    /// Where it stands.
    pub law: &'static str,
}

/// What the rules say to these answers. Information, not a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The status; none when the answers hold errors.
    pub status: Option<Status>,
    /// The status needs no checking on these answers.
    pub certain: bool,
    /// Every status that fits, when it is not certain.
    pub could_be: Vec<Status>,
    /// First day on which 13 weeks may have been reached.
    pub line_from: Option<Date>,
    /// First day on which they clearly are.
    pub eligible_from: Option<Date>,
    /// Days in care since 14, both ends counted.
    pub days: Option<i32>,
    /// Nights in care since 14.
    pub nights: Option<i32>,
    /// Staying put.
    pub staying_put: Option<Right<StayingPutAnswer>>,
    /// Personal adviser.
    pub personal_adviser: Option<Right<AdviserAnswer>>,
    /// Which bundles of entitlements go with it.
    pub bundles: Vec<&'static str>,
    /// Open questions that matter here.
    pub asks: Vec<Ask>,
    /// Every rule that led here.
    pub reasons: Vec<Reason>,
    /// What is wrong with the answers.
    pub errors: Vec<AnswerError>,
}

impl Outcome {
    /// The outcome of answers that cannot be worked with.
    pub fn of_errors(errors: Vec<AnswerError>) -> Outcome {
        Outcome {
            status: None,
            certain: false,
            could_be: Vec::new(),
            line_from: None,
            eligible_from: None,
            days: None,
            nights: None,
            staying_put: None,
            personal_adviser: None,
            bundles: Vec::new(),
            asks: Vec::new(),
            reasons: Vec::new(),
            errors,
        }
    }
}
