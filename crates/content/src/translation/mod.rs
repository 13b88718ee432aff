//! Languages: which there are, what each has of its own over English, and what is wrong with it.

mod lint;
mod overlay;

pub use lint::{REQUIRED, check, lacking};
pub use overlay::{FILE, Translation, read, translations};
