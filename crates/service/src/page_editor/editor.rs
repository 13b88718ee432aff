//! Files at the desk: the list, one file with its draft, saving, and publishing by a second person.

use super::diff::{changes, shown};
use super::draft_check::{Tried, attempt};
use super::form::form_of;
use super::published::{Addresses, Files, Known, State, hash, in_force, load, put, text_of};
use crate::sign_in::StaffSession;
use crate::{ActError, App};
use content::{Content, lint, page_source};
use domain::date::Date;
use domain::deadlines;
use model::editing::{DiffLine, Due, EditorFile, EditorForm, EditorNote, OpenDraft};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use store::{Changed, PageDraftRow, PageVersionRow, Publish};

/// One file at the desk.
pub struct AtDesk {
    /// The file, with its title and notes.
    pub file: EditorFile,
    /// The draft that is open.
    pub draft: Option<OpenDraft>,
    /// What the form begins with: the draft, or the words in force.
    pub form: EditorForm,
    /// Number of the draft; 0: there is none.
    pub seen: i64,
    /// Number of the version that is in force.
    pub over: i64,
}

/// What to look at before it is public.
pub struct Preview {
    /// PublishedWords with the draft among them.
    pub content: Content,
}

impl App {
    /// Puts the words in force that were published at the desk, at the start. Published words that do not load are set
    /// aside, and the log gets a code.
    pub async fn begin_words(&self) -> Result<(), ActError> {
        let published = self.store.published_words().await?;
        if published.is_empty() {
            self.words.set(State {
                files: Arc::clone(&self.words.shipped),
                aside: Vec::new(),
            });
            return Ok(());
        }
        let shipped = Files::clone(&self.words.shipped);
        let found = blocking(move || in_force(shipped, &published)).await?;
        for file in &found.aside {
            eprintln!("pledge: words-aside: {file}");
        }
        self.library.set_english(Arc::new(found.content));
        self.words.set(State {
            files: Arc::new(found.files),
            aside: found.aside,
        });
        Ok(())
    }

    /// The files in force, as they are.
    pub fn word_files(&self) -> Arc<Files> {
        self.words.get().files
    }

    /// Every file that may be edited: the longest overdue first.
    pub async fn words_at_desk(&self, desk: &StaffSession) -> Result<Vec<EditorFile>, ActError> {
        may_write(desk)?;
        let state = self.words.get();
        let published = self.store.published_words().await?;
        let drafts = self.store.drafts().await?;
        let names = self.names().await?;
        let mut files: Vec<EditorFile> = state
            .files
            .iter()
            .filter(|(file, _)| page_source::is_editable(file))
            .map(|(file, _)| self.one_file(&state, file, &published, &drafts, &names))
            .collect();
        files.sort_by(|one, other| {
            let day = |file: &EditorFile| (file.review_by.is_none(), file.review_by);
            (one.due, day(one), &one.title).cmp(&(other.due, day(other), &other.title))
        });
        Ok(files)
    }

    pub(super) fn one_file(
        &self,
        state: &State,
        file: &str,
        published: &[PageVersionRow],
        drafts: &[PageDraftRow],
        names: &BTreeMap<String, String>,
    ) -> EditorFile {
        let today = self.clock.today();
        let text = text_of(&state.files, file).unwrap_or_default();
        let form = page_source::read(file, text).unwrap_or_default();
        let review_by: Option<Date> = form.review_by.parse().ok();
        let due = match review_by {
            Some(day) if deadlines::is_overdue(day, today) => Due::Overdue,
            Some(day) if deadlines::is_due_soon(day, today) => Due::Soon,
            _ => Due::Later,
        };
        let mut notes = Vec::new();
        if let Some(row) = published.iter().find(|row| row.file == file) {
            notes.push(if state.aside.iter().any(|aside| aside == file) {
                EditorNote::Aside
            } else {
                EditorNote::Ours
            });
            let shipped = self.words.shipped(file);
            if hash(shipped) != row.given && shipped != row.text {
                notes.push(EditorNote::Newer);
            }
        }
        let draft = drafts.iter().find(|draft| draft.file == file);
        EditorFile {
            title: page_source::title_of(file, &form, &self.library.content()),
            file: file.to_owned(),
            review_by,
            due,
            draft_by: draft.map(|draft| name_of(names, &draft.writer)),
            notes,
        }
    }

    /// One file: what is in force, the draft with what is wrong with it, and what the form begins with.
    pub async fn words_file(
        &self,
        desk: &StaffSession,
        file: &str,
        addresses: Addresses,
    ) -> Result<AtDesk, ActError> {
        may_write(desk)?;
        let state = self.words.get();
        let now = editable(&state, file)?.to_owned();
        let published = self.store.published_words().await?;
        let drafts = self.store.drafts().await?;
        let names = self.names().await?;
        let shown_file = self.one_file(&state, file, &published, &drafts, &names);
        let newest = published.iter().find(|row| row.file == file);
        let over = newest.map_or(0, |row| row.seq);
        let Some(row) = drafts.into_iter().find(|draft| draft.file == file) else {
            return Ok(AtDesk {
                file: shown_file,
                draft: None,
                form: form_of(file, &now, &now),
                seen: 0,
                over,
            });
        };
        let tried = self.try_draft(&state, file, &row.text, addresses).await?;
        Ok(AtDesk {
            form: form_of(file, &row.text, &now),
            seen: row.seq,
            over,
            draft: Some(OpenDraft {
                by: name_of(&names, &row.writer),
                day: row.day,
                own: row.writer == desk.staff.id,
                faults: tried.faults,
                has_preview: tried.loads,
                changes: changes(&shown(file, &now), &shown(file, &row.text)),
            }),
            file: shown_file,
        })
    }

    /// What saving this form would change in the draft that is open, or in the words in force.
    pub async fn against_now(
        &self,
        file: &str,
        form: &EditorForm,
    ) -> Result<Vec<DiffLine>, ActError> {
        let state = self.words.get();
        let now = editable(&state, file)?;
        let typed = page_source::write(now, form).unwrap_or_default();
        let drafts = self.store.drafts().await?;
        let draft = drafts.iter().find(|draft| draft.file == file);
        let held = draft.map_or(now, |draft| draft.text.as_str());
        Ok(changes(&shown(file, held), &shown(file, &typed)))
    }

    /// Saves a draft. `form` is what [`tidied`] gave; `seen` and `over` are those that its form was made from.
    pub async fn save_words(
        &self,
        desk: &StaffSession,
        file: &str,
        form: &EditorForm,
        seen: i64,
        over: i64,
    ) -> Result<(), ActError> {
        may_write(desk)?;
        let state = self.words.get();
        let now = editable(&state, file)?;
        let text =
            page_source::write(now, form).map_err(|_| ActError::Internal("words-not-a-page"))?;
        self.save_text(desk, "save-words", file, text, seen, over)
            .await
    }

    pub(super) async fn save_text(
        &self,
        desk: &StaffSession,
        action: &'static str,
        file: &str,
        text: String,
        seen: i64,
        over: i64,
    ) -> Result<(), ActError> {
        let draft = PageDraftRow {
            seq: 0,
            file: file.to_owned(),
            base_version: over,
            text,
            writer: desk.staff.id.clone(),
            day: self.clock.today(),
        };
        let store = self.by(desk, action, Some(file));
        done(store.save_draft(draft, seen).await?)
    }

    /// Takes a draft away.
    pub async fn discard_words(
        &self,
        desk: &StaffSession,
        file: &str,
        seen: i64,
    ) -> Result<(), ActError> {
        may_write(desk)?;
        editable(&self.words.get(), file)?;
        let store = self.by(desk, "discard-words", Some(file));
        done(store.discard_draft(file, seen).await?)
    }

    /// Publishes a draft that somebody else has written, when every check lets it. The words are in force then; the
    /// site that serves pages has to rebuild them.
    pub async fn publish_words(
        &self,
        desk: &StaffSession,
        file: &str,
        seen: i64,
        addresses: Addresses,
    ) -> Result<(), ActError> {
        if !desk.staff.role.publishes_words() {
            return Err(ActError::Forbidden);
        }
        let _publishing = self.words.publishing.lock().await;
        let state = self.words.get();
        editable(&state, file)?;
        let drafts = self.store.drafts().await?;
        let draft = drafts
            .into_iter()
            .find(|draft| draft.file == file && draft.seq == seen)
            .ok_or(ActError::Stale)?;
        if draft.writer == desk.staff.id {
            return Err(ActError::Field("page", "error.words.own"));
        }
        let tried = self.try_draft(&state, file, &draft.text, addresses).await?;
        if !tried.faults.is_empty() {
            return Err(ActError::Field("faults", "error.words.faults"));
        }
        let publish = Publish {
            file: file.to_owned(),
            expected_version: seen,
            publisher: desk.staff.id.clone(),
            day: self.clock.today(),
            given: hash(self.words.shipped(file)),
        };
        let store = self.by(desk, "publish-words", Some(file));
        done(store.publish_draft(publish).await?)?;
        self.library.set_english(Arc::new(tried.content));
        let mut aside = state.aside;
        aside.retain(|other| other != file);
        self.words.set(State {
            files: Arc::new(tried.files),
            aside,
        });
        Ok(())
    }

    /// The words with a file's draft among them, or without one as they are; nothing when the draft cannot be read.
    pub async fn words_with_draft(
        &self,
        desk: &StaffSession,
        file: &str,
    ) -> Result<Option<Preview>, ActError> {
        may_write(desk)?;
        let state = self.words.get();
        let now = editable(&state, file)?.to_owned();
        let drafts = self.store.drafts().await?;
        let draft = drafts.into_iter().find(|draft| draft.file == file);
        let text = draft.map_or(now, |draft| draft.text);
        let (files, name) = (Arc::clone(&state.files), file.to_owned());
        blocking(move || {
            let (content, faults) = load(&put(&files, &name, &text)?);
            faults.is_empty().then_some(Preview { content })
        })
        .await
    }

    async fn try_draft(
        &self,
        state: &State,
        file: &str,
        text: &str,
        addresses: Addresses,
    ) -> Result<Tried, ActError> {
        let (content, day) = (self.library.content(), self.clock.today());
        let kept = self.words.known(&content, day);
        let files = Arc::clone(&state.files);
        let (file, text) = (file.to_owned(), text.to_owned());
        let (known, tried) = blocking(move || {
            let known = kept.unwrap_or_else(|| {
                let faults = lint::check(&content, day, &addresses(&content));
                Arc::new(Known {
                    day,
                    content,
                    faults,
                })
            });
            let tried = attempt(&known, &files, &file, &text, addresses);
            (known, tried)
        })
        .await?;
        *self
            .words
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(known);
        tried.ok_or(ActError::NotFound)
    }

    // Names of everybody at the desk by their account.
    pub(super) async fn names(&self) -> Result<BTreeMap<String, String>, ActError> {
        let everybody = self.store.all_staff().await?;
        Ok(everybody
            .into_iter()
            .map(|staff| (staff.id, staff.name))
            .collect())
    }
}

pub(super) fn editable<'a>(state: &'a State, file: &str) -> Result<&'a str, ActError> {
    if !page_source::is_editable(file) {
        return Err(ActError::NotFound);
    }
    text_of(&state.files, file).ok_or(ActError::NotFound)
}

pub(super) fn name_of(names: &BTreeMap<String, String>, account: &str) -> String {
    names.get(account).cloned().unwrap_or_default()
}

pub(super) fn may_write(desk: &StaffSession) -> Result<(), ActError> {
    if desk.staff.role.writes_words() {
        Ok(())
    } else {
        Err(ActError::Forbidden)
    }
}

fn done(changed: Changed) -> Result<(), ActError> {
    match changed {
        Changed::Done => Ok(()),
        Changed::Stale => Err(ActError::Stale),
    }
}

// Reading every word takes part of a second of a core.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ActError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| ActError::Internal("words"))
}
