//! The questions, one at a time, in an order a person can answer, and only those whose answer can still change the
//! outcome. The same on the server (JavaScript off) and on the phone.
//!
//! What was answered is a [`Draft`]: texts by key. "I don't know" is an answer wherever it can be: then every reading is
//! worked out.

use super::answers::{Answers, Basis, Home, LivingTogether, StayKind};
use super::outcome::{Outcome, Rule, Status};
use super::parse::{Code, FieldError, MOST_MONTHS, UNKNOWN, Value, parse_partial};
use super::{evaluate_any, readings};
use crate::date::Date;
use std::collections::BTreeMap;

/// Answers so far, by [`Question::key`].
pub type Draft = BTreeMap<String, String>;

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

const YES_NO: Input = Input::Choice(&["yes", "no", "not_sure"]);
const MORE: Input = Input::Choice(&["yes", "no"]);
const UNTIL: Input = Input::ChoiceOrDate(&["on", "ended", "not_sure"], "ended");

/// Most entries that are asked for one by one.
const MOST_SPELLS: usize = 20;
const MOST_HOMES: usize = 10;
const MOST_STAYS: usize = 10;

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
    pub fn options(self, draft: &Draft) -> Vec<&'static str> {
        let options = match self.input() {
            Input::Choice(options) | Input::ChoiceOrDate(options, _) => options,
            _ => return Vec::new(),
        };
        // What somebody said they left, or began before the present stay, is over.
        let over = self.id == "spell-to" && draft.get("care").is_none_or(|care| care != "not_sure");
        options
            .iter()
            .copied()
            .filter(|option| !(over && *option == "on"))
            .collect()
    }

    /// The field of the contract that it fills, with its index.
    fn field(self) -> String {
        let field = all_questions()
            .find(|(id, _, _)| *id == self.id)
            .map_or("", |(_, _, field)| field);
        match self.index {
            Some(index) => field.replace('*', &index.to_string()),
            None => field.to_owned(),
        }
    }
}

/// Where somebody stands in the questions.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// The questions that are needed and answered, in order.
    pub answered: Vec<Question>,
    /// The next one; none when the outcome can be shown.
    pub next: Option<Question>,
    /// What is wrong with the answer that stands at `next`.
    pub problem: Option<Code>,
    /// Sets of answers of which one is true.
    pub sets: Vec<Answers>,
}

/// Walks the questions with these answers.
pub fn walk(draft: &Draft, today: Date) -> Walk {
    let mut walker = Walker {
        draft,
        today,
        walk: Walk::default(),
    };
    // None: a question without a good answer was met; it stands in `next`.
    let _ = walker.all();
    walker.walk
}

/// Takes the answer to a question. `posted`: the fields of its page by name: `v` for an option, `day`, `month`, `year`,
/// `number`, and `unknown` for "I don't know".
///
/// # Errors
/// What is wrong with the answer. Nothing is changed then.
pub fn answer(
    draft: &Draft,
    question: Question,
    posted: impl Fn(&str) -> String,
    today: Date,
) -> Result<Draft, Code> {
    let field = |name: &str| posted(name).trim().to_owned();
    let chosen = field("v");
    let not_known = !field("unknown").is_empty();
    let text = match question.input() {
        Input::Day => date_text(&field)?,
        Input::Date | Input::Number(_) if not_known => UNKNOWN.to_owned(),
        Input::Date => date_text(&field)?,
        Input::Number(_) => field("number"),
        Input::Choice(_) => chosen,
        Input::ChoiceOrDate(_, dated) if chosen == dated => date_text(&field)?,
        Input::ChoiceOrDate(..) => chosen,
    };
    check_text(question, &text, draft)?;
    let mut draft = draft.clone();
    draft.insert(question.key(), text);
    let walk = walk(&draft, today);
    match walk.problem {
        Some(problem) if walk.next == Some(question) => Err(problem),
        _ => Ok(draft),
    }
}

/// The fields of a question's page that show this answer again.
pub fn typed(question: Question, text: &str) -> Vec<(&'static str, String)> {
    let date = || {
        let parts = ["year", "month", "day"].into_iter().zip(text.split('-'));
        parts.map(|(name, part)| (name, part.to_owned())).collect()
    };
    let v = |option: &str| vec![("v", option.to_owned())];
    match question.input() {
        _ if text == UNKNOWN => Vec::new(),
        Input::Day | Input::Date => date(),
        Input::Number(_) => vec![("number", text.to_owned())],
        Input::Choice(_) => v(text),
        Input::ChoiceOrDate(options, _) if options.contains(&text) => v(text),
        Input::ChoiceOrDate(_, dated) => {
            let mut fields: Vec<(&'static str, String)> = date();
            fields.extend(v(dated));
            fields
        }
    }
}

fn date_text(field: &impl Fn(&str) -> String) -> Result<String, Code> {
    let (day, month, year) = (field("day"), field("month"), field("year"));
    if day.is_empty() && month.is_empty() && year.is_empty() {
        return Err(Code::Required);
    }
    let number = |text: &str, most: usize| {
        let digits =
            !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
        digits
            .then(|| text.parse::<u32>().ok())
            .flatten()
            .ok_or(Code::NotADate)
    };
    let mut text = format!("{:04}", number(&year, 4)?);
    if month.is_empty() {
        return if day.is_empty() {
            Ok(text)
        } else {
            Err(Code::NotADate)
        };
    }
    text.push_str(&format!("-{:02}", number(&month, 2)?));
    if !day.is_empty() {
        text.push_str(&format!("-{:02}", number(&day, 2)?));
    }
    Ok(text)
}

/// Whether a text can be an answer to this question at all.
fn check_text(question: Question, text: &str, draft: &Draft) -> Result<(), Code> {
    let options = question.options(draft);
    let dated = |text: &str| {
        use super::answers::When;
        (When::from_text(text).is_some() || When::from_year(text).is_some())
            .then_some(())
            .ok_or(Code::NotADate)
    };
    match question.input() {
        _ if text.is_empty() => Err(Code::Required),
        Input::Day => match text.len() {
            10 => dated(text),
            _ => dated(text).and(Err(Code::DayNeeded)),
        },
        Input::Date if text == UNKNOWN => Ok(()),
        Input::Date => dated(text),
        Input::Number(_) if text == UNKNOWN => Ok(()),
        Input::Number(most) => match text.parse::<i64>() {
            Ok(number) if (0..=most).contains(&number) => Ok(()),
            Ok(_) => Err(Code::OutOfRange),
            Err(_) => Err(Code::WrongType),
        },
        Input::Choice(_) if options.contains(&text) => Ok(()),
        Input::Choice(_) => Err(Code::NotAChoice),
        Input::ChoiceOrDate(_, dated) if text != dated && options.contains(&text) => Ok(()),
        Input::ChoiceOrDate(..) if question.id == "day" => match text.len() {
            10 => dated(text),
            _ => dated(text).and(Err(Code::DayNeeded)),
        },
        Input::ChoiceOrDate(..) if text.starts_with(|c: char| c.is_ascii_digit()) => dated(text),
        Input::ChoiceOrDate(..) => Err(Code::NotAChoice),
    }
}

struct Walker<'a> {
    draft: &'a Draft,
    today: Date,
    walk: Walk,
}

impl Walker<'_> {
    fn all(&mut self) -> Option<()> {
        self.ask("born")?;
        // Today, unless somebody chose another day.
        if self.draft.contains_key("day") {
            self.ask("day")?;
        }
        let care = self.ask("care")?;
        if care != "never" {
            self.spells(&care)?;
        }
        self.short_breaks()?;
        self.homes()?;
        self.guardian()?;
        self.stays()?;
        self.ask_if_it_matters(
            "detained",
            "detained_or_in_hospital_at_16",
            Value::Bool(true),
        )?;
        self.staying_put()?;
        let course = self.matters("education_until", self.day(0));
        if course {
            self.ask("course")?;
        }
        self.ask_if_it_matters("study", "wants_education", Value::Bool(true))?;
        if self.ask("alone")? == "yes" {
            self.ask("age")?;
            self.ask_if_it_matters("appeals", "appeals_refused", Value::Bool(true))?;
        }
        if care != "never" {
            self.ask("records")?;
        }
        Some(())
    }

    fn spells(&mut self, care: &str) -> Option<()> {
        for index in 0..MOST_SPELLS {
            let from = self.ask_entry("spell-from", index)?;
            // Somebody in care now is still in the stay that is asked about first.
            let to = if care == "now" && index == 0 {
                "on".to_owned()
            } else {
                self.ask_entry("spell-to", index)?
            };
            let basis = self.ask_entry("spell-basis", index)?;
            self.ask_entry("spell-home", index)?;
            self.ask_entry("spell-council", index)?;
            if basis != "care_order"
                && self.may_be_short(index)
                && from != UNKNOWN
                && to != "not_sure"
            {
                self.ask_entry("spell-short", index)?;
            }
            if index + 1 == MOST_SPELLS || self.settled() {
                break;
            }
            if self.ask_entry("spell-more", index)? != "yes" {
                break;
            }
        }
        Some(())
    }

    /// The stay may have lasted less than 24 hours: its dates are at most one day apart.
    fn may_be_short(&self, index: usize) -> bool {
        self.walk.sets.first().is_some_and(|answers| {
            answers.care_spells.get(index).is_some_and(|spell| {
                let ends = spell.to.map_or(answers.asked_on, |to| to.first());
                ends.days() <= spell.from.last().days() + 1
            })
        })
    }

    fn short_breaks(&mut self) -> Option<()> {
        if !self.matters("short_breaks", Value::Object(Vec::new())) || self.ask("breaks")? != "yes"
        {
            return Some(());
        }
        if self.ask("breaks-basis")? == "section_17" {
            return Some(());
        }
        self.ask("breaks-to")?;
        for id in [
            "breaks-days",
            "breaks-year",
            "breaks-longest",
            "breaks-same",
            "breaks-parents",
        ] {
            self.ask(id)?;
        }
        Some(())
    }

    fn homes(&mut self) -> Option<()> {
        // At home all along: whether any time at home can matter.
        let entry = Value::Object(vec![("from".to_owned(), Value::Text(UNKNOWN.to_owned()))]);
        if !self.matters("home_returns", Value::List(vec![entry])) || self.ask("home")? != "yes" {
            return Some(());
        }
        for index in 0..MOST_HOMES {
            self.ask_entry("home-from", index)?;
            self.ask_entry("home-to", index)?;
            self.ask_entry("home-with", index)?;
            if index + 1 == MOST_HOMES || self.ask_entry("home-more", index)? != "yes" {
                break;
            }
        }
        Some(())
    }

    fn guardian(&mut self) -> Option<()> {
        let order = Value::Object(vec![
            ("from".to_owned(), Value::Text(UNKNOWN.to_owned())),
            ("in_care_just_before".to_owned(), Value::Bool(true)),
        ]);
        if !self.matters("special_guardianship", order) || self.ask("guardian")? != "yes" {
            return Some(());
        }
        self.ask("guardian-from")?;
        self.ask("guardian-to")?;
        self.ask("guardian-care").map(drop)
    }

    fn stays(&mut self) -> Option<()> {
        let stay = Value::Object(vec![
            (
                "kind".to_owned(),
                Value::Text("private_fostering".to_owned()),
            ),
            ("from".to_owned(), Value::Text(UNKNOWN.to_owned())),
            ("to".to_owned(), Value::Text(UNKNOWN.to_owned())),
        ]);
        if !self.matters("other_stays", Value::List(vec![stay])) || self.ask("stay")? != "yes" {
            return Some(());
        }
        for index in 0..MOST_STAYS {
            self.ask_entry("stay-kind", index)?;
            self.ask_entry("stay-from", index)?;
            self.ask_entry("stay-to", index)?;
            if index + 1 == MOST_STAYS || self.ask_entry("stay-more", index)? != "yes" {
                break;
            }
        }
        Some(())
    }

    fn staying_put(&mut self) -> Option<()> {
        let put = |name: &str, value: Value| Value::Object(vec![(name.to_owned(), value)]);
        let moved_out = put("living_together", Value::Text("moved_out".to_owned()));
        let wants_back = put("living_together", Value::Text("wants_to_return".to_owned()));
        if self.matters("staying_put", moved_out) || self.matters("staying_put", wants_back) {
            self.ask("put-together")?;
        }
        self.ask_if_it_matters("put-want", "staying_put.both_want", Value::Bool(false))?;
        self.ask_if_it_matters(
            "put-welfare",
            "staying_put.welfare_objection",
            Value::Bool(true),
        )
    }

    fn ask_if_it_matters(&mut self, id: &'static str, field: &str, other: Value) -> Option<()> {
        if self.matters(field, other) {
            self.ask(id)?;
        }
        Some(())
    }

    fn ask(&mut self, id: &'static str) -> Option<String> {
        self.question(Question::one(id))
    }

    fn ask_entry(&mut self, id: &'static str, index: usize) -> Option<String> {
        self.question(Question {
            id,
            index: Some(index),
        })
    }

    /// The answer, if it is there and good. Otherwise the walk stops here.
    fn question(&mut self, question: Question) -> Option<String> {
        let text = self.draft.get(&question.key());
        let problem = match text {
            None => None,
            Some(text) => match check_text(question, text, self.draft) {
                Err(problem) => Some(problem),
                Ok(()) => {
                    self.walk.answered.push(question);
                    match sets(self.draft, &self.walk.answered, self.today) {
                        Ok(sets) => {
                            self.walk.sets = sets;
                            return Some(text.clone());
                        }
                        Err(errors) => {
                            self.walk.answered.pop();
                            errors.first().map(|error| error.code)
                        }
                    }
                }
            },
        };
        self.walk.next = Some(question);
        self.walk.problem = problem;
        None
    }

    fn outcome(&self) -> Outcome {
        evaluate_any(&self.walk.sets)
    }

    /// Nothing more about care can change the status.
    fn settled(&self) -> bool {
        let outcome = self.outcome();
        let has = |rule: Rule| outcome.reasons.iter().any(|reason| reason.rule == rule);
        let in_care = outcome.status == Some(Status::Eligible);
        has(Rule::CareOutsideEngland)
            || (outcome.certain && (in_care || has(Rule::FormerRelevantInCareAt18)))
    }

    /// Whether the outcome would differ with this value in this field, which is not answered yet.
    fn matters(&self, field: &str, value: Value) -> bool {
        let trees = trees(self.draft, &self.walk.answered, self.today);
        let other: Vec<Answers> = trees
            .into_iter()
            .filter_map(|mut tree| {
                put(&mut tree, field, value.clone());
                parse_partial(&tree, self.today).ok()
            })
            .collect();
        let too_many = other.iter().map(readings).sum::<u32>() > 1 << MOST_MONTHS;
        too_many || evaluate_any(&other) != self.outcome()
    }

    fn day(&self, after: i32) -> Value {
        let on = self
            .walk
            .sets
            .first()
            .map_or(self.today, |answers| answers.asked_on);
        Value::Text(on.plus_days(after).to_string())
    }
}

/// The sets of answers of which one is true: more than one where somebody does not know.
fn sets(
    draft: &Draft,
    answered: &[Question],
    today: Date,
) -> Result<Vec<Answers>, Vec<FieldError>> {
    let mut sets = Vec::new();
    for tree in trees(draft, answered, today) {
        sets.push(parse_partial(&tree, today)?);
    }
    if sets.iter().map(readings).sum::<u32>() > 1 << MOST_MONTHS {
        return Err(vec![FieldError {
            field: String::new(),
            code: Code::TooManyMonthOnly,
        }]);
    }
    Ok(sets)
}

/// Answers in the contract's form. Each "I don't know" that the contract has no word for doubles them.
fn trees(draft: &Draft, answered: &[Question], today: Date) -> Vec<Value> {
    let mut tree = Value::Object(Vec::new());
    put(&mut tree, "asked_on", Value::Text(today.to_string()));
    let mut either: Vec<(String, [Value; 2])> = Vec::new();
    for question in answered {
        let Some(text) = draft.get(&question.key()) else {
            continue;
        };
        let field = question.field();
        let told = || Value::Text(text.clone());
        let unknown = || Value::Text(UNKNOWN.to_owned());
        match (question.id, text.as_str()) {
            ("day", "today") | (_, "on") => {}
            // Asked first, but it is nothing without a first day.
            ("stay-kind", _) => {}
            ("stay-from", _) => {
                let kind = Question {
                    id: "stay-kind",
                    ..*question
                };
                let told_kind = draft.get(&kind.key()).cloned().unwrap_or_default();
                put(&mut tree, &kind.field(), Value::Text(told_kind));
                put(&mut tree, &field, told());
            }
            ("care", "not_sure") => {
                either.push(("care_spells".to_owned(), [Value::Null, Value::Bool(true)]))
            }
            ("breaks", "yes") => put(&mut tree, "short_breaks", Value::Object(Vec::new())),
            ("breaks", "not_sure") => {
                either.push((
                    "short_breaks".to_owned(),
                    [Value::Null, Value::Object(Vec::new())],
                ));
            }
            ("home" | "stay" | "guardian", "not_sure") => {
                let (field, entry) = unsure_entry(question.id);
                either.push((field.to_owned(), [Value::Null, entry]));
            }
            ("breaks-basis", "not_sure") => {
                either.push((
                    field,
                    ["section_20", "section_17"].map(|word| Value::Text(word.to_owned())),
                ));
            }
            ("home-with", "not_sure") => {
                either.push((
                    field,
                    ["parent", "special_guardian"].map(|word| Value::Text(word.to_owned())),
                ));
            }
            ("spell-council", "not_sure") | ("course", "no") | ("guardian-care", "not_sure") => {}
            ("spell-basis" | "spell-home", _) => put(&mut tree, &field, told()),
            (
                "course" | "spell-to" | "breaks-to" | "home-to" | "guardian-to" | "stay-to",
                "not_sure",
            ) => {
                put(&mut tree, &field, unknown());
            }
            (_, "yes") if question.input() == YES_NO || question.id == "alone" => {
                put(&mut tree, &field, Value::Bool(true));
            }
            (_, "no" | "rather_not") if question.input() == YES_NO || question.id == "alone" => {
                put(&mut tree, &field, Value::Bool(false));
            }
            (_, "not_sure") => either.push((field, [Value::Bool(false), Value::Bool(true)])),
            _ => match question.input() {
                Input::Number(_) if text == UNKNOWN => {}
                Input::Number(_) => put(
                    &mut tree,
                    &field,
                    text.parse().map_or(Value::Null, Value::Whole),
                ),
                _ => put(&mut tree, &field, told()),
            },
        }
    }
    let mut trees = vec![tree];
    // More than this no number of readings allows.
    for (field, values) in either
        .into_iter()
        .filter(|(field, _)| !field.is_empty())
        .take(MOST_MONTHS + 1)
    {
        trees = trees
            .into_iter()
            .flat_map(|tree| {
                values.each_ref().map(|value| {
                    let mut tree = tree.clone();
                    // "Was I in care?": once as answered, and once without any.
                    if field != "care_spells" || *value == Value::Null {
                        put(&mut tree, &field, value.clone());
                    }
                    tree
                })
            })
            .collect();
    }
    trees
}

fn unsure_entry(id: &str) -> (&'static str, Value) {
    let unknown = |name: &str| (name.to_owned(), Value::Text(UNKNOWN.to_owned()));
    match id {
        "home" => (
            "home_returns",
            Value::List(vec![Value::Object(vec![unknown("from")])]),
        ),
        "guardian" => ("special_guardianship", Value::Object(vec![unknown("from")])),
        _ => {
            let kind = (
                "kind".to_owned(),
                Value::Text("private_fostering".to_owned()),
            );
            let stay = Value::Object(vec![kind, unknown("from"), unknown("to")]);
            ("other_stays", Value::List(vec![stay]))
        }
    }
}

/// Puts a value at a path such as `care_spells.0.from`, making what lies between. Without a path it does nothing.
fn put(tree: &mut Value, path: &str, value: Value) {
    if path.is_empty() {
        return;
    }
    let (first, rest) = match path.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (path, None),
    };
    let slot = match first.parse::<usize>() {
        Ok(index) => {
            if !matches!(tree, Value::List(_)) {
                *tree = Value::List(Vec::new());
            }
            let Value::List(entries) = tree else { return };
            while entries.len() <= index {
                entries.push(Value::Object(Vec::new()));
            }
            entries.get_mut(index)
        }
        Err(_) => {
            if !matches!(tree, Value::Object(_)) {
                *tree = Value::Object(Vec::new());
            }
            let Value::Object(fields) = tree else { return };
            if !fields.iter().any(|(name, _)| name == first) {
                fields.push((first.to_owned(), Value::Null));
            }
            fields
                .iter_mut()
                .find(|(name, _)| name == first)
                .map(|(_, value)| value)
        }
    };
    match (slot, rest) {
        (Some(slot), Some(rest)) => put(slot, rest, value),
        (Some(slot), None) => *slot = value,
        (None, _) => {}
    }
}
