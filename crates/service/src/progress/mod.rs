//! The council's promises with their figures: those of the report, and those entered at the desk since.

mod enter;
mod figures;
mod pages;
pub(crate) mod view_counts;

pub use enter::{LINE_MAX, NewFigure};
pub use figures::now;
pub use view_counts::ViewCounts;
