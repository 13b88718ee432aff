//! What a young person is entitled to: from their answers, their care leaver status in England, whether they can
//! stay put, their right to a personal adviser, and why, with the law. Where the law is unclear it says so.
//!
//! The same on the phone, on the server and on the command line. No clock: the day comes in as a parameter.
//! Information, not a decision: a council's record may say something else.
//!
//! Law: Children Act 1989 (CA), SI 2010/959 (CPR), SI 2010/2571 (CLR), as they stood when [`legal_figures::FIGURES`] were checked.

pub mod answer_text;
pub mod answers;
mod care_spells;
mod case;
mod combine;
mod evaluate;
pub mod interpretations;
#[cfg(feature = "json")]
pub mod json;
pub mod legal_figures;
pub mod outcome;
pub mod parse;
pub mod progress;
pub mod questions;
pub mod report;
mod rights;
mod rules;
mod set;
mod standing;

pub use evaluate::{check, evaluate, evaluate_any, evaluate_without};
