//! The checker: a question on its page, and the result. The rules are [`domain::entitlements`].

use domain::entitlements::parse::Code;
use domain::entitlements::questions::{AnswerTexts, Question};
use domain::entitlements::report::Shown;
use std::collections::BTreeMap;

/// A question of the checker on its page.
#[derive(Clone, Debug)]
pub struct CheckPage {
    /// The question.
    pub question: Question,
    /// Everything answered so far.
    pub texts: AnswerTexts,
    /// The questions answered, in order.
    pub answered: Vec<Question>,
    /// What was typed, by field, when it is shown again.
    pub typed: BTreeMap<&'static str, String>,
    /// What is wrong with it.
    pub problem: Option<Code>,
}

/// The result of the checker.
#[derive(Clone, Debug)]
pub struct CheckResult {
    /// Everything answered.
    pub texts: AnswerTexts,
    /// The questions answered, in order.
    pub answered: Vec<Question>,
    /// What is shown.
    pub shown: Shown,
    /// The one-page sheet instead of the whole.
    pub sheet: bool,
}
