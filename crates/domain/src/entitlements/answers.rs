//! The answers of a young person: the input of the rules (section 2 of the contract).

use crate::date::Date;
use crate::text_enum;

/// A date as somebody knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The day.
    Day(Date),
    /// Some day from the first to the last: a month, as the contract has it; in the questions also a year, or any time.
    Between(Date, Date),
}

impl When {
    /// The first day it can be.
    pub fn first(self) -> Date {
        match self {
            When::Day(day) | When::Between(day, _) => day,
        }
    }

    /// The last day it can be.
    pub fn last(self) -> Date {
        match self {
            When::Day(day) | When::Between(_, day) => day,
        }
    }

    /// Some time in a year written `YYYY`.
    pub fn from_year(text: &str) -> Option<When> {
        if text.len() != 4 {
            return None;
        }
        let day = |rest: &str| format!("{text}{rest}").parse().ok();
        Some(When::Between(day("-01-01")?, day("-12-31")?))
    }

    /// `YYYY-MM-DD` or `YYYY-MM`.
    pub fn from_text(text: &str) -> Option<When> {
        if text.len() == 7 {
            let first: Date = format!("{text}-01").parse().ok()?;
            let (year, month, _) = first.year_month_day();
            return Some(When::Between(
                first,
                Date::new(year, month, first.month_length())?,
            ));
        }
        text.parse().ok().map(When::Day)
    }
}

text_enum! {
    /// Why somebody was in care.
    pub enum Basis {
        /// Agreed, with no court order (Children Act 1989 s.20).
        Section20 = "section_20",
        /// A full or interim care order (s.31, s.38).
        CareOrder = "care_order",
        /// Police protection or an emergency order.
        Protection = "protection",
        /// Remand to the council's or to youth detention accommodation.
        Remand = "remand",
        /// Help with housing that is not care (s.17).
        Section17 = "section_17",
        /// They do not know.
        NotSure = "not_sure",
    }
}

text_enum! {
    /// Where somebody lived.
    pub enum Home {
        /// A foster carer of the council.
        FosterCarer = "foster_carer",
        /// A foster carer of an agency.
        AgencyFosterCarer = "agency_foster_carer",
        /// A relative or friend fully approved as a foster carer.
        KinshipFosterCarer = "kinship_foster_carer",
        /// A relative or friend with temporary approval, or nobody is sure how they were approved.
        KinshipCarerTemporary = "kinship_carer_temporary",
        /// Supported lodgings.
        SupportedLodgings = "supported_lodgings",
        /// A children's home.
        ChildrensHome = "childrens_home",
        /// Supported accommodation.
        SupportedAccommodation = "supported_accommodation",
        /// A parent or someone with parental responsibility.
        Parent = "parent",
        /// Locked up by a court.
        Detained = "detained",
        /// Somewhere else.
        Other = "other",
        /// They do not know.
        NotSure = "not_sure",
    }
}

text_enum! {
    /// Whose care it was.
    pub enum Council {
        /// The council that runs this portal.
        ThisCouncil = "this_council",
        /// Another council in England.
        OtherEngland = "other_england",
        /// A council in Wales.
        Wales = "wales",
        /// A council in Scotland.
        Scotland = "scotland",
        /// A trust in Northern Ireland.
        NorthernIreland = "northern_ireland",
    }
}

text_enum! {
    /// On what ground the council gave short breaks.
    pub enum BreaksBasis {
        /// As short stays in care (s.20).
        Section20 = "section_20",
        /// As help to the family (s.17): not care.
        Section17 = "section_17",
    }
}

text_enum! {
    /// Whom somebody went back to.
    pub enum With {
        /// A parent.
        Parent = "parent",
        /// Someone else with parental responsibility.
        ParentalResponsibility = "parental_responsibility",
        /// Had a child arrangements or residence order before the care order.
        OrderBeforeCare = "order_before_care",
        /// A special guardian.
        SpecialGuardian = "special_guardian",
    }
}

text_enum! {
    /// What kind of other stay it was.
    pub enum StayKind {
        /// Hospital, care home, or a place run by health or education services.
        Hospital = "hospital",
        /// Private fostering.
        PrivateFostering = "private_fostering",
        /// A home of a voluntary organisation.
        VoluntaryOrganisation = "voluntary_organisation",
        /// A private children's home.
        PrivateChildrensHome = "private_childrens_home",
    }
}

text_enum! {
    /// Whether somebody still lives with the foster carer.
    pub enum LivingTogether {
        /// Yes.
        Yes = "yes",
        /// For a while somewhere else, to come back.
        Away = "away",
        /// Moved out and wants to go back.
        WantsToReturn = "wants_to_return",
        /// Moved out.
        MovedOut = "moved_out",
    }
}

/// One stay in care. `D` is [`When`] as it was answered, and a day while the rules run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CareSpell<D> {
    /// First day.
    pub from: D,
    /// Last day; none while it goes on.
    pub to: Option<D>,
    /// Why.
    pub basis: Basis,
    /// Where.
    pub home: Home,
    /// Whose care.
    pub council: Council,
    /// Less than 24 hours in all.
    pub under_24_hours: bool,
}

/// A series of short breaks while living at home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortBreaks<D> {
    /// On what ground.
    pub basis: BreaksBasis,
    /// Last day of the last stay; none while they go on.
    pub to: Option<D>,
    /// Days in all since the 14th birthday, if known.
    pub days_since_14: Option<i32>,
    /// Most days in any 12 months, if known.
    pub days_in_12_months: Option<i32>,
    /// Longest stay, in days, if known.
    pub longest_stay_days: Option<i32>,
    /// Always with the same person or in the same place.
    pub same_place: bool,
    /// Each time back to the parents.
    pub back_to_parents: bool,
}

/// A time back with a parent or someone responsible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeReturn<D> {
    /// The day of moving in.
    pub from: D,
    /// The day of moving out; none while it goes on.
    pub to: Option<D>,
    /// With whom.
    pub with: With,
}

/// A special guardianship order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialGuardianship<D> {
    /// The day of the order.
    pub from: D,
    /// The day it ended, if before 18.
    pub to: Option<D>,
    /// In care just before; worked out from the stays in care when left out.
    pub in_care_just_before: Option<bool>,
}

/// A stay that was not care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherStay<D> {
    /// First day.
    pub from: D,
    /// Last day; none while it goes on.
    pub to: Option<D>,
    /// What kind.
    pub kind: StayKind,
}

/// The young person and the foster carer they lived with just before 18.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayingPut {
    /// Whether they live together.
    pub living_together: LivingTogether,
    /// Both want it.
    pub both_want: bool,
    /// The council says that it is not good for the young person.
    pub welfare_objection: bool,
}

impl Default for StayingPut {
    fn default() -> StayingPut {
        StayingPut {
            living_together: LivingTogether::Yes,
            both_want: true,
            welfare_objection: false,
        }
    }
}

/// Valid answers: made by [`super::parse::read`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers<D = When> {
    /// Date of birth.
    pub born: Date,
    /// The day the answer is for.
    pub asked_on: Date,
    /// Stays in care.
    pub care_spells: Vec<CareSpell<D>>,
    /// Short breaks.
    pub short_breaks: Option<ShortBreaks<D>>,
    /// Times back at home.
    pub home_returns: Vec<HomeReturn<D>>,
    /// A special guardianship order.
    pub special_guardianship: Option<SpecialGuardianship<D>>,
    /// Stays that were not care.
    pub other_stays: Vec<OtherStay<D>>,
    /// Locked up or in hospital on the 16th birthday, straight from care.
    pub detained_or_in_hospital_at_16: bool,
    /// Staying put.
    pub staying_put: StayingPut,
    /// Last day of the course agreed in the pathway plan.
    pub education_until: Option<D>,
    /// Wants to start or go back to a course.
    pub wants_education: bool,
    /// Came alone as a child seeking safety.
    pub unaccompanied: bool,
    /// Somebody official disputes the age.
    pub age_disputed: bool,
    /// All immigration appeals were refused.
    pub appeals_refused: bool,
    /// The council's record says something different.
    pub records_disagree: bool,
}

impl<D: Copy> Answers<D> {
    /// The same with each pair of dates (and each single date, as a `to` without a `from`) turned into another form of date.
    pub(super) fn map<E>(
        &self,
        mut span: impl FnMut(D, Option<D>) -> (E, Option<E>),
        mut single: impl FnMut(D, bool) -> E,
    ) -> Answers<E> {
        Answers {
            born: self.born,
            asked_on: self.asked_on,
            care_spells: self
                .care_spells
                .iter()
                .map(|spell| {
                    let (from, to) = span(spell.from, spell.to);
                    CareSpell {
                        from,
                        to,
                        basis: spell.basis,
                        home: spell.home,
                        council: spell.council,
                        under_24_hours: spell.under_24_hours,
                    }
                })
                .collect(),
            short_breaks: self.short_breaks.as_ref().map(|breaks| ShortBreaks {
                basis: breaks.basis,
                to: breaks.to.map(|to| single(to, true)),
                days_since_14: breaks.days_since_14,
                days_in_12_months: breaks.days_in_12_months,
                longest_stay_days: breaks.longest_stay_days,
                same_place: breaks.same_place,
                back_to_parents: breaks.back_to_parents,
            }),
            home_returns: self
                .home_returns
                .iter()
                .map(|home| {
                    let (from, to) = span(home.from, home.to);
                    HomeReturn {
                        from,
                        to,
                        with: home.with,
                    }
                })
                .collect(),
            special_guardianship: self.special_guardianship.as_ref().map(|order| {
                let (from, to) = span(order.from, order.to);
                SpecialGuardianship {
                    from,
                    to,
                    in_care_just_before: order.in_care_just_before,
                }
            }),
            other_stays: self
                .other_stays
                .iter()
                .map(|stay| {
                    let (from, to) = span(stay.from, stay.to);
                    OtherStay {
                        from,
                        to,
                        kind: stay.kind,
                    }
                })
                .collect(),
            detained_or_in_hospital_at_16: self.detained_or_in_hospital_at_16,
            staying_put: self.staying_put.clone(),
            education_until: self.education_until.map(|until| single(until, false)),
            wants_education: self.wants_education,
            unaccompanied: self.unaccompanied,
            age_disputed: self.age_disputed,
            appeals_refused: self.appeals_refused,
            records_disagree: self.records_disagree,
        }
    }
}
