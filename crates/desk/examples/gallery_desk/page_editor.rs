//! Sample pages of the page editor.

use super::{LONG, date, error, who};
use crate::Gallery;
use domain::role::Role;
use model::editing;
use std::io;

/// The list of pages, and one with a draft.
pub(super) fn pages(gallery: &Gallery) -> io::Result<()> {
    gallery.page("words", || {
        desk::page_list(editing::EditorList {
            desk: who(Role::Clerk),
            files: vec![words_file()],
        })
    })?;
    gallery.page("words-page", || desk::page_editor(words_page()))?;
    Ok(())
}

fn words_file() -> editing::EditorFile {
    editing::EditorFile {
        file: "en/rights/visits.md".into(),
        title: "Visits from your social worker".into(),
        review_by: Some(date(-3)),
        due: editing::Due::Overdue,
        draft_by: Some("sample.coordinator".into()),
        notes: vec![editing::EditorNote::Ours, editing::EditorNote::Newer],
    }
}

fn words_page() -> editing::EditorPage {
    editing::EditorPage {
        desk: who(Role::Clerk),
        file: words_file(),
        draft: Some(editing::OpenDraft {
            by: "sample.coordinator".into(),
            day: date(0),
            own: false,
            faults: vec!["It says placement.".into()],
            has_preview: true,
            changes: vec![
                editing::DiffLine::Was(vec![(false, "They come ".into()), (true, "soon.".into())]),
                editing::DiffLine::Now(vec![(false, "They come ".into()), (true, "today.".into())]),
                editing::DiffLine::Gap,
            ],
        }),
        form: editing::EditorForm {
            is_page: true,
            body: LONG.into(),
            ..editing::EditorForm::default()
        },
        seen: 1,
        over: 0,
        against_now: None,
        errors: vec![error("page", "error.words.changed")],
    }
}
