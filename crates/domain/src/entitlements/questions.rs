//! The questions of the checker: how each is answered, and the field of the contract that it fills. They know no outcome
//! and not where anybody stands in them.
//!
//! What was answered are [`AnswerTexts`]. "I don't know" is an answer wherever it can be: then every reading is
//! worked out.

use super::answers::{Basis, Home, LivingTogether, StayKind};
use std::collections::BTreeMap;

/// Answers so far, by [`Question::key`].
pub type AnswerTexts = BTreeMap<String, String>;

/// A question; `index` where it is asked once for each entry of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Question {
    /// Its name, as in the words: `spell-from`.
    pub id: &'static str,
    /// Which entry, from 0.
    pub index: Option<usize>,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A whole day.
    Day,
    /// A day, a month, a year, or not known.
    Date,
    /// A number of days, from 0 to this one, or not known.
    Number(i64),
    /// One of these.
    Choice(&'static [&'static str]),
    /// One of these, or the option named second, which takes a date ([`Input::Date`], or [`Input::Day`] for `other`).
    ChoiceOrDate(&'static [&'static str], &'static str),
}

pub(super) const YES_NO: Input = Input::Choice(&["yes", "no", "not_sure"]);
const MORE: Input = Input::Choice(&["yes", "no"]);
const UNTIL: Input = Input::ChoiceOrDate(&["on", "ended", "not_sure"], "ended");

/// Most entries that are asked for one by one.
pub(super) const MOST_SPELLS: usize = 20;
pub(super) const MOST_HOMES: usize = 10;
pub(super) const MOST_STAYS: usize = 10;

/// Every question: its name, how it is answered, and the field of the contract that it fills.
pub const QUESTIONS: [(&str, Input, &str); 37] = [
    ("born", Input::Day, "born"),
    (
        "day",
        Input::ChoiceOrDate(&["today", "other"], "other"),
        "asked_on",
    ),
    (
        "care",
        Input::Choice(&["now", "before", "never", "not_sure"]),
        "",
    ),
    ("spell-from", Input::Date, "care_spells.*.from"),
    ("spell-to", UNTIL, "care_spells.*.to"),
    ("spell-short", YES_NO, "care_spells.*.under_24_hours"),
    (
        "spell-basis",
        Input::Choice(Basis::IDS),
        "care_spells.*.basis",
    ),
    ("spell-home", Input::Choice(Home::IDS), "care_spells.*.home"),
    (
        "spell-council",
        Input::Choice(&[
            "this_council",
            "other_england",
            "wales",
            "scotland",
            "northern_ireland",
            "not_sure",
        ]),
        "care_spells.*.council",
    ),
    ("spell-more", YES_NO, ""),
    ("breaks", YES_NO, ""),
    (
        "breaks-basis",
        Input::Choice(&["section_20", "section_17", "not_sure"]),
        "short_breaks.basis",
    ),
    ("breaks-to", UNTIL, "short_breaks.to"),
    (
        "breaks-days",
        Input::Number(1500),
        "short_breaks.days_since_14",
    ),
    (
        "breaks-year",
        Input::Number(366),
        "short_breaks.days_in_12_months",
    ),
    (
        "breaks-longest",
        Input::Number(366),
        "short_breaks.longest_stay_days",
    ),
    ("breaks-same", YES_NO, "short_breaks.same_place"),
    ("breaks-parents", YES_NO, "short_breaks.back_to_parents"),
    ("home", YES_NO, ""),
    ("home-from", Input::Date, "home_returns.*.from"),
    ("home-to", UNTIL, "home_returns.*.to"),
    (
        "home-with",
        Input::Choice(&[
            "parent",
            "parental_responsibility",
            "order_before_care",
            "special_guardian",
            "not_sure",
        ]),
        "home_returns.*.with",
    ),
    ("home-more", MORE, ""),
    ("guardian", YES_NO, ""),
    ("guardian-from", Input::Date, "special_guardianship.from"),
    ("guardian-to", UNTIL, "special_guardianship.to"),
    (
        "guardian-care",
        YES_NO,
        "special_guardianship.in_care_just_before",
    ),
    ("stay", YES_NO, ""),
    (
        "stay-kind",
        Input::Choice(StayKind::IDS),
        "other_stays.*.kind",
    ),
    ("stay-from", Input::Date, "other_stays.*.from"),
    ("stay-to", UNTIL, "other_stays.*.to"),
    ("stay-more", MORE, ""),
    ("detained", YES_NO, "detained_or_in_hospital_at_16"),
    (
        "put-together",
        Input::Choice(LivingTogether::IDS),
        "staying_put.living_together",
    ),
    ("put-want", YES_NO, "staying_put.both_want"),
    ("put-welfare", YES_NO, "staying_put.welfare_objection"),
    (
        "course",
        Input::ChoiceOrDate(&["no", "until", "not_sure"], "until"),
        "education_until",
    ),
];

/// The questions that are yes or no and stand for a field of the same kind, at the end.
pub const LAST_QUESTIONS: [(&str, Input, &str); 5] = [
    ("study", YES_NO, "wants_education"),
    (
        "alone",
        Input::Choice(&["yes", "no", "rather_not"]),
        "unaccompanied",
    ),
    ("age", YES_NO, "age_disputed"),
    ("appeals", YES_NO, "appeals_refused"),
    ("records", YES_NO, "records_disagree"),
];

fn all_questions() -> impl Iterator<Item = &'static (&'static str, Input, &'static str)> {
    QUESTIONS.iter().chain(&LAST_QUESTIONS)
}

impl Question {
    /// A question of its own.
    pub fn one(id: &'static str) -> Question {
        Question { id, index: None }
    }

    /// The key of its answer: `born`, `spell-from.0`.
    pub fn key(self) -> String {
        match self.index {
            None => self.id.to_owned(),
            Some(index) => format!("{}.{index}", self.id),
        }
    }

    /// The question with this key.
    pub fn from_key(key: &str) -> Option<Question> {
        let (id, index) = match key.split_once('.') {
            None => (key, None),
            Some((id, index)) => (
                id,
                Some(index.parse().ok().filter(|index| *index < MOST_SPELLS)?),
            ),
        };
        let (id, _, field) = all_questions().find(|(known, _, _)| *known == id)?;
        let listed = field.contains('*') || matches!(*id, "spell-more" | "home-more" | "stay-more");
        (listed == index.is_some()).then_some(Question { id, index })
    }

    /// How it is answered.
    pub fn input(self) -> Input {
        all_questions()
            .find(|(id, _, _)| *id == self.id)
            .map_or(YES_NO, |(_, input, _)| *input)
    }

    /// The options of this question after these answers, if it has options.
    pub fn options(self, texts: &AnswerTexts) -> Vec<&'static str> {
        let options = match self.input() {
            Input::Choice(options) | Input::ChoiceOrDate(options, _) => options,
            _ => return Vec::new(),
        };
        // What somebody said they left, or began before the present stay, is over.
        let over = self.id == "spell-to" && texts.get("care").is_none_or(|care| care != "not_sure");
        options
            .iter()
            .copied()
            .filter(|option| !(over && *option == "on"))
            .collect()
    }

    /// The field of the contract that it fills, with its index.
    pub(super) fn field(self) -> String {
        let field = all_questions()
            .find(|(id, _, _)| *id == self.id)
            .map_or("", |(_, _, field)| field);
        match self.index {
            Some(index) => field.replace('*', &index.to_string()),
            None => field.to_owned(),
        }
    }
}
