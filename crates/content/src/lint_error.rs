//! Something wrong with the words: in which file, where in it, and what.

/// Something wrong with the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintError {
    /// File, under `content/southwark/`.
    pub file: String,
    /// What is wrong, in a sentence.
    pub what: String,
}
