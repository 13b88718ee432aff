//! One file for each family of pages. A page is a function from a model to a view.

pub mod check;
pub mod follow;
pub mod letters;
pub mod offline;
pub mod print;
pub mod problem;
pub mod progress;
pub mod public_answer;
pub mod reading;
pub mod search;
pub mod speak;
pub mod style_guide;
pub mod you_said;
