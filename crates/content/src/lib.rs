//! The words of the pages, read and checked: everything that can be wrong with them comes as one list. Knows no server and
//! no page; who carries the files hands them over.

pub mod cited_figures;
mod content;
#[cfg(test)]
mod content_dir;
pub mod coverage;
mod entitlements;
mod front_matter;
mod glossary;
mod help_lines;
mod identifier;
mod interface;
mod letters;
mod library;
pub mod lint;
mod lint_error;
mod markdown;
mod page;
pub mod page_source;
mod parse;
mod progress;
pub mod readability;
pub mod search_index;
mod search_terms;
pub mod site_pages;
pub mod translation;

pub use content::Content;
pub use library::Library;
pub use lint_error::LintError;
pub use parse::load;
/// What [`search_index::index`] makes.
pub use search::Index as SearchIndex;
