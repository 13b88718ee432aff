//! Which question comes next: one is asked only while some answer to it can still change the outcome.

use super::answer_text::{check_text, date_text};
use super::answers::Answers;
use super::evaluate::{evaluate_any, readings};
use super::interpretations::{put, sets, trees};
use super::outcome::{Outcome, Rule, Status};
use super::parse::{Code, MOST_MONTHS, UNKNOWN, Value, parse_partial};
use super::questions::{Draft, Input, MOST_HOMES, MOST_SPELLS, MOST_STAYS, Question};
use crate::date::Date;

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
