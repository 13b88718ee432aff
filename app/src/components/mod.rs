//! Parts that pages share. Each is a function from plain values to a view.

mod bubble;
mod buttons;
mod chart;
mod errors;
mod field;
mod guard;
mod help_lines;
mod search_box;
mod sign;
mod sources;
mod unread;

pub use bubble::{Voice, bubble, typed_text};
pub use buttons::{Look, button, button_link, submit};
pub use chart::{chart, number, period, shown_words};
pub use errors::{error_for, error_summary};
pub use field::{
    Choice, Field, FieldText, JOURNEY, OptionGroup, checkbox, date_field, hidden, journey,
    picture_radios, radios, select, text_area, text_field,
};
pub use guard::guard;
pub use help_lines::{help_lines, help_strip, lines_for, urgent_help};
pub use search_box::search_box;
pub use sign::{SIGNS, sign};
pub use sources::{certainty, sources};
pub use unread::first_help;
