//! Which question comes next: one is asked only while some answer to it can still change the outcome.

use super::answer_text::{check_text, text_of};
use super::answers::Answers;
use super::evaluate::{evaluate_any, readings};
use super::interpretations::{Interpretations, put, trees};
use super::outcome::{Outcome, Rule, Status};
use super::parse::{Code, MOST_MONTHS, UNKNOWN, Value, parse_partial};
use super::questions::{AnswerTexts, MOST_HOMES, MOST_SPELLS, MOST_STAYS, Question};
use crate::date::Date;

/// Where somebody stands in the questions.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// The questions that are needed and answered, in order.
    pub answered: Vec<Question>,
    /// The next one; none when the outcome can be shown.
    pub next: Option<Question>,
    /// What is wrong with the answer that stands at `next`.
    pub problem: Option<Code>,
    /// Every set of answers that can be true.
    pub interpretations: Interpretations,
}

impl Progress {
    /// The questions that were answered before this one.
    pub fn before(&self, question: Question) -> Vec<Question> {
        let answered = self.answered.iter().copied();
        answered.take_while(|known| *known != question).collect()
    }

    /// The question before the one that is open (none: the result is).
    pub fn previous(&self, open: Option<Question>) -> Option<Question> {
        let here = self.answered.iter().position(|known| Some(*known) == open);
        let earlier = here.unwrap_or(self.answered.len()).checked_sub(1)?;
        self.answered.get(earlier).copied()
    }
}

/// An answer that was taken: every answer with it, and where somebody stands then.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Every answer.
    pub texts: AnswerTexts,
    /// Where they stand.
    pub progress: Progress,
}

/// An answer that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// What is wrong with it.
    pub problem: Code,
    /// The questions that were answered before this one.
    pub answered: Vec<Question>,
}

/// Walks the questions with these answers.
pub fn walk(texts: &AnswerTexts, today: Date) -> Progress {
    #[cfg(test)]
    tests::WALKS.set(tests::WALKS.get() + 1);
    let mut walker = Walker {
        texts,
        today,
        progress: Progress::default(),
    };
    // None: a question without a good answer was met; it stands in `next`.
    let _ = walker.all();
    walker.progress
}

/// Takes the answer to a question, and walks the questions once. `posted`: the fields of its page by name: `v` for an
/// option, `day`, `month`, `year`, `number`, and `unknown` for "I don't know".
///
/// # Errors
/// What is wrong with the answer. Nothing is changed then.
pub fn answer(
    texts: &AnswerTexts,
    question: Question,
    posted: impl Fn(&str) -> String,
    today: Date,
) -> Result<Answered, Rejected> {
    let text = match text_of(texts, question, posted) {
        Ok(text) => text,
        Err(problem) => {
            let answered = walk(texts, today).before(question);
            return Err(Rejected { problem, answered });
        }
    };
    let mut texts = texts.clone();
    texts.insert(question.key(), text);
    let progress = walk(&texts, today);
    match progress.problem {
        Some(problem) if progress.next == Some(question) => Err(Rejected {
            problem,
            answered: progress.answered,
        }),
        _ => Ok(Answered { texts, progress }),
    }
}

struct Walker<'a> {
    texts: &'a AnswerTexts,
    today: Date,
    progress: Progress,
}

impl Walker<'_> {
    fn all(&mut self) -> Option<()> {
        self.ask("born")?;
        // Today, unless somebody chose another day.
        if self.texts.contains_key("day") {
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
        self.progress
            .interpretations
            .answers()
            .first()
            .is_some_and(|answers| {
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
        let text = self.texts.get(&question.key());
        let problem = match text {
            None => None,
            Some(text) => match check_text(question, text, self.texts) {
                Err(problem) => Some(problem),
                Ok(()) => {
                    self.progress.answered.push(question);
                    match Interpretations::of(self.texts, &self.progress.answered, self.today) {
                        Ok(all) => {
                            self.progress.interpretations = all;
                            return Some(text.clone());
                        }
                        Err(errors) => {
                            self.progress.answered.pop();
                            errors.first().map(|error| error.code)
                        }
                    }
                }
            },
        };
        self.progress.next = Some(question);
        self.progress.problem = problem;
        None
    }

    fn outcome(&self) -> &Outcome {
        self.progress.interpretations.outcome()
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
        let trees = trees(self.texts, &self.progress.answered, self.today);
        let other: Vec<Answers> = trees
            .into_iter()
            .filter_map(|mut tree| {
                put(&mut tree, field, value.clone());
                parse_partial(&tree, self.today).ok()
            })
            .collect();
        let too_many = other.iter().map(readings).sum::<u32>() > 1 << MOST_MONTHS;
        too_many || evaluate_any(&other) != *self.outcome()
    }

    fn day(&self, after: i32) -> Value {
        let on = self
            .progress
            .interpretations
            .answers()
            .first()
            .map_or(self.today, |answers| answers.asked_on);
        Value::Text(on.plus_days(after).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::super::answer_text::typed;
    use super::super::interpretations::counted::EVALUATIONS;
    use super::super::report::show;
    use super::*;
    use std::cell::Cell;

    thread_local! {
        pub(super) static WALKS: Cell<usize> = const { Cell::new(0) };
    }

    /// What was done, and how many walks and evaluations it took.
    fn counted<T>(work: impl FnOnce() -> T) -> (T, usize, usize) {
        let (walks, evaluations) = (WALKS.get(), EVALUATIONS.get());
        let done = work();
        (done, WALKS.get() - walks, EVALUATIONS.get() - evaluations)
    }

    fn given(texts: &AnswerTexts, key: &str, text: &str) -> Result<Answered, Rejected> {
        let question = Question::from_key(key).unwrap();
        let fields = typed(question, text);
        let posted = |name: &str| {
            let field = fields.iter().find(|(known, _)| *known == name);
            field.map(|(_, text)| text.clone()).unwrap_or_default()
        };
        answer(texts, question, posted, "2026-11-21".parse().unwrap())
    }

    #[test]
    fn an_answer_walks_once_and_its_outcome_is_worked_out_once() {
        let today: Date = "2026-11-21".parse().unwrap();
        let mut at = Answered {
            texts: AnswerTexts::new(),
            progress: walk(&AnswerTexts::new(), today),
        };
        for (key, text) in [
            ("born", "2008-06-10"),
            ("care", "now"),
            ("spell-from.0", "2022-01-01"),
            ("spell-basis.0", "care_order"),
            ("spell-home.0", "foster_carer"),
            ("spell-council.0", "this_council"),
            ("put-together", "yes"),
            ("put-want", "yes"),
            ("put-welfare", "no"),
            ("alone", "no"),
            ("records", "no"),
        ] {
            assert_eq!(at.progress.next.map(Question::key).as_deref(), Some(key));
            let (taken, walks, evaluations) = counted(|| given(&at.texts, key, text));
            at = taken.unwrap();
            assert_eq!(walks, 1, "{key}");
            // At most once for each question on the way, however many others are weighed against it.
            let answered = at.progress.answered.len();
            assert!(evaluations <= answered, "{key}: {evaluations}");
            let again = walk(&at.texts, today);
            assert_eq!(again.answered, at.progress.answered, "{key}");
            assert_eq!(again.next, at.progress.next, "{key}");
        }
        assert_eq!(at.progress.next, None);
        let result = || show(&at.progress.interpretations, &[]).unwrap().outcome;
        let (outcome, walks, evaluations) = counted(result);
        assert_eq!((walks, evaluations), (0, 1));
        assert_eq!(outcome.status, Some(Status::FormerRelevant));
        assert_eq!(counted(result), (outcome, 0, 0));
        // A control: what walks and works it out once more is counted.
        let again = || walk(&at.texts, today).interpretations.outcome().status;
        let (status, walks, evaluations) = counted(again);
        assert_eq!((status, walks), (Some(Status::FormerRelevant), 1));
        assert!(evaluations > 0);
    }

    #[test]
    fn a_rejected_answer_walks_once_and_names_what_stood_before_it() {
        let texts: AnswerTexts = [("born", "2010-03-10"), ("care", "now")]
            .map(|(key, text)| (key.to_owned(), text.to_owned()))
            .into();
        let answered = ["born", "care"].map(Question::one).to_vec();
        for (text, problem) in [
            ("2009-01-01", Code::BeforeBirth),
            ("2020-02-31", Code::NotADate),
        ] {
            let (rejected, walks, _) = counted(|| given(&texts, "spell-from.0", text));
            let answered = answered.clone();
            assert_eq!(rejected.unwrap_err(), Rejected { problem, answered });
            assert_eq!(walks, 1);
        }
    }

    #[test]
    fn the_way_back_ends_at_the_first_question() {
        let at = Progress {
            answered: ["born", "care"].map(Question::one).to_vec(),
            ..Progress::default()
        };
        let [born, care] = ["born", "care"].map(Question::one);
        assert_eq!(at.previous(None), Some(care));
        assert_eq!(at.previous(Some(Question::one("alone"))), Some(care));
        assert_eq!(at.previous(Some(care)), Some(born));
        assert_eq!(at.previous(Some(born)), None);
        assert_eq!(at.before(care), [born]);
    }
}
