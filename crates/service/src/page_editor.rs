//! The words of the pages, edited at the desk: a draft, a look at it, and a second person who publishes it.
//!
//! The words in force are the files that the program brings, with what was published at the desk in their place.
//! Published words that do not load any more (after an upgrade, say) are set aside: the program's own are in force then,
//! the log gets the code `words-aside`, and the desk shows it.

use crate::sign_in::StaffSession;
use crate::{ActError, App};
use content::{self, Content, LintError, lint, page_source};
use domain::date::Date;
use domain::view;
use model::FieldError;
use model::editing::{
    DiffLine, Due, OpenDraft, SourceForm, VersionMade, WordsFile, WordsForm, WordsNote,
    WordsVersion,
};
use sha2::{Digest, Sha256};
use similar::{ChangeTag, TextDiff};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Changed, DraftRow, Publish, WordsRow};

/// Most characters of a title, of a sentence on a page and of each part of a source.
pub const LINE_MAX: usize = 300;
/// Most characters of the words of a file.
pub const BODY_MAX: usize = 80_000;
/// Most sources of a page.
pub const SOURCES_MAX: usize = 30;
/// How many days ahead a review is told.
pub const SOON_DAYS: i32 = 30;

/// Lines that are shown around a change.
const AROUND: usize = 1;

/// Gives every public address of a site of these words.
pub type Addresses = fn(&Content) -> Vec<String>;

/// Files by path, with their texts.
pub type Files = Vec<(String, String)>;

/// Which words are in force.
pub struct Words {
    /// The files as the program brings them.
    shipped: Arc<Files>,
    state: Mutex<State>,
    known: Mutex<Option<Arc<Known>>>,
    /// Held by whoever publishes: the next one builds on what is in force after it.
    publishing: tokio::sync::Mutex<()>,
}

#[derive(Clone, Default)]
struct State {
    files: Arc<Files>,
    /// Published words that are set aside: files.
    aside: Vec<String>,
}

/// What is wrong with the words in force on a day: overdue reviews, say. Checking every page takes part of a second, so it
/// is kept.
struct Known {
    day: Date,
    content: Arc<Content>,
    faults: Vec<LintError>,
}

/// The words of a site as they are at its start.
pub struct InForce {
    /// The files.
    pub files: Files,
    /// What they say.
    pub content: Content,
    /// Files whose published words do not load.
    pub aside: Vec<String>,
}

/// Puts what was published over the files that the program brings.
pub fn in_force(given: Files, published: &[WordsRow]) -> InForce {
    let mut files = given;
    let mut aside = Vec::new();
    for row in published {
        match put(&files, &row.file, &row.text) {
            // Each for itself: one that does not load must not take the others with it.
            Some(with) if load(&with).1.is_empty() => files = with,
            _ => aside.push(row.file.clone()),
        }
    }
    let (content, _) = load(&files);
    InForce {
        files,
        content,
        aside,
    }
}

fn load(files: &Files) -> (Content, Vec<LintError>) {
    content::load("en", files)
}

// The files with this text in the place of one of them; nothing if there is no such file.
fn put(files: &Files, file: &str, text: &str) -> Option<Files> {
    let mut with = files.clone();
    let place = with.iter_mut().find(|(path, _)| path == file)?;
    place.1 = text.to_owned();
    Some(with)
}

fn text_of<'a>(files: &'a Files, file: &str) -> Option<&'a str> {
    let found = files.iter().find(|(path, _)| path == file);
    found.map(|(_, text)| text.as_str())
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// What a draft would do to the words in force.
struct Tried {
    files: Files,
    content: Content,
    /// It can be read, so that it can be looked at as a page.
    loads: bool,
    faults: Vec<String>,
}

// Everything that the draft must not be published with: whatever is wrong with its own page, and what it breaks elsewhere.
fn attempt(
    known: &Known,
    files: &Files,
    file: &str,
    text: &str,
    addresses: Addresses,
) -> Option<Tried> {
    let with = put(files, file, text)?;
    let (content, faults) = load(&with);
    let loads = faults.is_empty();
    let mut found: Vec<String> = faults
        .iter()
        .map(|fault| fault.sentence(fault.file == file))
        .collect();
    if loads {
        let (here, then) = (addresses(&known.content), addresses(&content));
        for fault in lint::check(&content, known.day, &then) {
            let own = fault.file == file;
            if !known.faults.contains(&fault) || own && page_source::is_page(file) {
                found.push(fault.sentence(own));
            }
        }
        if here != then {
            found.push("It adds or removes a page. That needs a new release of Pledge.".to_owned());
        }
    }
    found.dedup();
    Some(Tried {
        files: with,
        content,
        loads,
        faults: found,
    })
}

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
fn shown(file: &str, text: &str) -> String {
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

/// What was typed, tidied, with what needs mending before it can be saved at all.
pub fn tidied(form: WordsForm) -> (WordsForm, Vec<FieldError>) {
    let mut errors = Vec::new();
    let mut wrong = |field, key| errors.push(FieldError { field, key });
    let line = |text: &str| view::tidy(text).replace(['\n', '\t'], " ");
    let is_long = |text: &str| text.chars().count() > LINE_MAX;
    let tidy = WordsForm {
        is_page: form.is_page,
        title: line(&form.title),
        short: line(&form.short),
        who_for: form.who_for.as_deref().map(line),
        checked: line(&form.checked),
        review_by: line(&form.review_by),
        certainty: form.certainty,
        sources: form
            .sources
            .iter()
            .map(|source| SourceForm {
                title: line(&source.title),
                seen: line(&source.seen),
                certainty: source.certainty.clone(),
            })
            .filter(|source| !source.title.is_empty() || !source.seen.is_empty())
            .collect(),
        body: view::tidy(&form.body),
    };
    if tidy.is_page {
        for (field, text) in [("title", &tidy.title), ("short", &tidy.short)] {
            if text.is_empty() {
                wrong(field, "error.words.empty");
            }
        }
        for (field, text) in [
            ("title", Some(&tidy.title)),
            ("short", Some(&tidy.short)),
            ("who-for", tidy.who_for.as_ref()),
        ] {
            if text.is_some_and(|text| is_long(text)) {
                wrong(field, "error.words.long");
            }
        }
        let known = |certainty: &str| ["verified", "partly", "ask"].contains(&certainty);
        for (field, text) in [("checked", &tidy.checked), ("review-by", &tidy.review_by)] {
            if text.parse::<Date>().is_err() {
                wrong(field, "error.words.day");
            }
        }
        if !known(&tidy.certainty) {
            wrong("certainty", "error.words.certainty");
        }
        let bad = |source: &SourceForm| {
            source.title.is_empty()
                || source.seen.is_empty()
                || is_long(&source.title)
                || is_long(&source.seen)
                || !known(&source.certainty)
        };
        if tidy.sources.iter().any(bad) {
            wrong("sources", "error.words.source");
        } else if tidy.sources.len() > SOURCES_MAX {
            wrong("sources", "error.words.sources");
        }
    }
    if tidy.body.is_empty() {
        wrong("body", "error.words.empty");
    } else if tidy.body.chars().count() > BODY_MAX {
        wrong("body", "error.words.body-long");
    }
    (tidy, errors)
}

/// One file at the desk.
pub struct AtDesk {
    /// The file, with its title and notes.
    pub file: WordsFile,
    /// The draft that is open.
    pub draft: Option<OpenDraft>,
    /// What the form begins with: the draft, or the words in force.
    pub form: WordsForm,
    /// Number of the draft; 0: there is none.
    pub seen: i64,
    /// Number of the version that is in force.
    pub over: i64,
}

/// What to look at before it is public.
pub struct Look {
    /// Words with the draft among them.
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
        self.library.put(Arc::new(found.content));
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
    pub async fn words_at_desk(&self, desk: &StaffSession) -> Result<Vec<WordsFile>, ActError> {
        may_write(desk)?;
        let state = self.words.get();
        let published = self.store.published_words().await?;
        let drafts = self.store.drafts().await?;
        let names = self.names().await?;
        let mut files: Vec<WordsFile> = state
            .files
            .iter()
            .filter(|(file, _)| page_source::is_editable(file))
            .map(|(file, _)| self.one_file(&state, file, &published, &drafts, &names))
            .collect();
        files.sort_by(|one, other| {
            let day = |file: &WordsFile| (file.review_by.is_none(), file.review_by);
            (one.due, day(one), &one.title).cmp(&(other.due, day(other), &other.title))
        });
        Ok(files)
    }

    fn one_file(
        &self,
        state: &State,
        file: &str,
        published: &[WordsRow],
        drafts: &[DraftRow],
        names: &BTreeMap<String, String>,
    ) -> WordsFile {
        let today = self.clock.today();
        let text = text_of(&state.files, file).unwrap_or_default();
        let form = page_source::read(file, text).unwrap_or_default();
        let review_by: Option<Date> = form.review_by.parse().ok();
        let due = match review_by {
            Some(day) if day < today => Due::Overdue,
            Some(day) if day <= today.plus_days(SOON_DAYS) => Due::Soon,
            _ => Due::Later,
        };
        let mut notes = Vec::new();
        if let Some(row) = published.iter().find(|row| row.file == file) {
            notes.push(if state.aside.iter().any(|aside| aside == file) {
                WordsNote::Aside
            } else {
                WordsNote::Ours
            });
            let shipped = self.words.shipped(file);
            if hash(shipped) != row.given && shipped != row.text {
                notes.push(WordsNote::Newer);
            }
        }
        let draft = drafts.iter().find(|draft| draft.file == file);
        WordsFile {
            title: self.title_of(file, &form),
            file: file.to_owned(),
            review_by,
            due,
            draft_by: draft.map(|draft| name_of(names, &draft.writer)),
            notes,
        }
    }

    fn title_of(&self, file: &str, form: &WordsForm) -> String {
        if form.is_page {
            return form.title.clone();
        }
        let content = self.library.content();
        let (_, name) = file.split_once('/').unwrap_or(("", file));
        let stem = name.trim_end_matches(".toml");
        match stem.strip_prefix("letters/") {
            Some(slug) => {
                let title = content.letter(slug).map(|letter| letter.title.clone());
                let title = title.unwrap_or_else(|| slug.to_owned());
                content.words.fill("letters.label", &[("title", &title)])
            }
            None => content.words.get(&format!("words.file.{stem}")),
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
        form: &WordsForm,
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
        form: &WordsForm,
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

    async fn save_text(
        &self,
        desk: &StaffSession,
        action: &'static str,
        file: &str,
        text: String,
        seen: i64,
        over: i64,
    ) -> Result<(), ActError> {
        let draft = DraftRow {
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

    /// Publishes a draft that somebody else has written, when every check lets it. The words are in force then; whoever
    /// serves pages has to make them anew.
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
        self.library.put(Arc::new(tried.content));
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
    ) -> Result<Option<Look>, ActError> {
        may_write(desk)?;
        let state = self.words.get();
        let now = editable(&state, file)?.to_owned();
        let drafts = self.store.drafts().await?;
        let draft = drafts.into_iter().find(|draft| draft.file == file);
        let text = draft.map_or(now, |draft| draft.text);
        let (files, name) = (Arc::clone(&state.files), file.to_owned());
        blocking(move || {
            let (content, faults) = load(&put(&files, &name, &text)?);
            faults.is_empty().then_some(Look { content })
        })
        .await
    }

    /// Every version of a file, the newest first, each with what it changed; and whether a draft is open.
    pub async fn words_history(
        &self,
        desk: &StaffSession,
        file: &str,
    ) -> Result<(WordsFile, Vec<WordsVersion>, bool), ActError> {
        may_write(desk)?;
        let state = self.words.get();
        editable(&state, file)?;
        let published = self.store.published_words().await?;
        let drafts = self.store.drafts().await?;
        let names = self.names().await?;
        let shown_file = self.one_file(&state, file, &published, &drafts, &names);
        let rows = self.store.word_versions(file).await?;
        let is_aside = shown_file.notes.contains(&WordsNote::Aside);
        let mut versions = vec![WordsVersion {
            number: 0,
            made: None,
            in_force: rows.is_empty() || is_aside,
            changes: Vec::new(),
        }];
        let mut before = self.words.shipped(file).to_owned();
        let newest = rows.last().map(|row| row.seq);
        for row in rows {
            versions.push(WordsVersion {
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
    async fn names(&self) -> Result<BTreeMap<String, String>, ActError> {
        let everybody = self.store.all_staff().await?;
        Ok(everybody
            .into_iter()
            .map(|staff| (staff.id, staff.name))
            .collect())
    }
}

impl Words {
    /// The words as the program brings them, with nothing that was published in their place yet.
    pub fn new(shipped: Files) -> Words {
        Words {
            shipped: Arc::new(shipped),
            state: Mutex::default(),
            known: Mutex::default(),
            publishing: tokio::sync::Mutex::default(),
        }
    }

    // The file as the program brings it; empty when there is none.
    fn shipped(&self, file: &str) -> &str {
        text_of(&self.shipped, file).unwrap_or_default()
    }

    fn get(&self) -> State {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    // What is known of these words on this day.
    fn known(&self, content: &Arc<Content>, day: Date) -> Option<Arc<Known>> {
        let kept = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |known: &&Arc<Known>| known.day == day && Arc::ptr_eq(&known.content, content);
        kept.as_ref().filter(fits).cloned()
    }

    fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

fn editable<'a>(state: &'a State, file: &str) -> Result<&'a str, ActError> {
    if !page_source::is_editable(file) {
        return Err(ActError::NotFound);
    }
    text_of(&state.files, file).ok_or(ActError::NotFound)
}

// The parts of a text. One that cannot be read stands whole among the words of the page, so that nothing is lost.
fn form_of(file: &str, text: &str, now: &str) -> WordsForm {
    page_source::read(file, text).unwrap_or_else(|_| WordsForm {
        body: text.to_owned(),
        ..page_source::read(file, now).unwrap_or_default()
    })
}

fn name_of(names: &BTreeMap<String, String>, account: &str) -> String {
    names.get(account).cloned().unwrap_or_default()
}

fn may_write(desk: &StaffSession) -> Result<(), ActError> {
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
