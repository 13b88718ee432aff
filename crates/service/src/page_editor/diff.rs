//! Two versions of a file side by side, line by line. It knows texts only.

use content::page_source;
use model::editing::DiffLine;
use similar::{ChangeTag, TextDiff};

/// Lines that are shown around a change.
const AROUND: usize = 1;

/// The differences between two texts, line by line, with the changed words of a line marked.
pub fn changes(before: &str, after: &str) -> Vec<DiffLine> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    let mut seen = 0;
    for group in diff.grouped_ops(AROUND) {
        if group.first().is_some_and(|op| op.old_range().start > seen) {
            lines.push(DiffLine::Gap);
        }
        for op in &group {
            for change in diff.iter_inline_changes(op) {
                let pieces: Vec<(bool, String)> = change
                    .iter_strings_lossy()
                    .map(|(marked, piece)| (marked, piece.trim_end_matches('\n').to_owned()))
                    .collect();
                lines.push(match change.tag() {
                    ChangeTag::Equal => {
                        DiffLine::Same(pieces.into_iter().map(|(_, piece)| piece).collect())
                    }
                    ChangeTag::Delete => DiffLine::Was(pieces),
                    ChangeTag::Insert => DiffLine::Now(pieces),
                });
            }
            seen = op.old_range().end;
        }
    }
    if !lines.is_empty() && seen < before.lines().count() {
        lines.push(DiffLine::Gap);
    }
    lines
}

// A file as a person reads it in a list of differences: without the marks of the file.
pub(super) fn shown(file: &str, text: &str) -> String {
    let form = match page_source::read(file, text) {
        Ok(form) if form.is_page => form,
        _ => return text.to_owned(),
    };
    let mut lines = vec![form.title, form.short];
    lines.extend(form.who_for);
    lines.push(format!(
        "{} / {} / {}",
        form.checked, form.review_by, form.certainty
    ));
    for source in form.sources {
        lines.push(format!(
            "{}: {} ({})",
            source.title, source.seen, source.certainty
        ));
    }
    lines.push(form.body);
    lines.join("\n") + "\n"
}
