//! One file for each family of pages. A page is a function from a model to a view.

pub mod check;
pub mod components;
pub mod desk;
pub mod follow;
pub mod keep;
pub mod letters;
pub mod print;
pub mod problem;
pub mod promises;
pub mod reading;
pub mod search;
pub mod speak;
