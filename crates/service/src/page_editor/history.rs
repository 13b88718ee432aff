//! Older versions of a file: shown with what each changed, and made a draft again.

use super::diff::{changes, shown};
use super::editor::{editable, may_write, name_of};
use crate::sign_in::StaffSession;
use crate::{ActError, App};
use model::editing::{EditorFile, EditorNote, PageVersion, VersionMade};

impl App {
    /// Makes a draft of an older version; 0: of the words that the program brings. Somebody else publishes it.
    pub async fn return_words(
        &self,
        desk: &StaffSession,
        file: &str,
        to: i64,
    ) -> Result<(), ActError> {
        may_write(desk)?;
        editable(&self.words.get(), file)?;
        let versions = self.store.word_versions(file).await?;
        let text = if to == 0 {
            self.words.shipped(file).to_owned()
        } else {
            let found = versions.iter().find(|row| row.seq == to);
            found.ok_or(ActError::NotFound)?.text.clone()
        };
        let over = versions.last().map_or(0, |row| row.seq);
        self.save_text(desk, "return-words", file, text, 0, over)
            .await
    }

    /// Every version of a file, the newest first, each with what it changed; and whether a draft is open.
    pub async fn words_history(
        &self,
        desk: &StaffSession,
        file: &str,
    ) -> Result<(EditorFile, Vec<PageVersion>, bool), ActError> {
        may_write(desk)?;
        let state = self.words.get();
        editable(&state, file)?;
        let published = self.store.published_words().await?;
        let drafts = self.store.drafts().await?;
        let names = self.names().await?;
        let shown_file = self.one_file(&state, file, &published, &drafts, &names);
        let rows = self.store.word_versions(file).await?;
        let is_aside = shown_file.notes.contains(&EditorNote::Aside);
        let mut versions = vec![PageVersion {
            number: 0,
            made: None,
            in_force: rows.is_empty() || is_aside,
            changes: Vec::new(),
        }];
        let mut before = self.words.shipped(file).to_owned();
        let newest = rows.last().map(|row| row.seq);
        for row in rows {
            versions.push(PageVersion {
                number: row.seq,
                in_force: newest == Some(row.seq) && !is_aside,
                changes: changes(&shown(file, &before), &shown(file, &row.text)),
                made: Some(VersionMade {
                    writer: name_of(&names, &row.writer),
                    written: row.written,
                    publisher: name_of(&names, &row.publisher),
                    published: row.published,
                }),
            });
            before = row.text;
        }
        versions.reverse();
        let has_draft = drafts.iter().any(|draft| draft.file == file);
        Ok((shown_file, versions, has_draft))
    }
}
