//! The words of the pages: drafts, previews, and publishing them.

use super::frame::frame_of;
use crate::auth::{PostedForm, Staff, TypedForm};
use crate::error::{WebError, act_status};
use crate::live::SiteHandle;
use crate::prerender::pages::public_addresses;
use crate::site::Site;
use crate::{form, response};
use ::desk as pages;
use app::any_view::{AnyView, IntoAny};
use app::pages::reading as public;
use app::shell::PageContext;
use app::shell::{Nav, render};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use content::Content;
use model::editing::{DiffLine, EditorForm, EditorList, EditorPage, PageHistory, SourceForm};
use model::urls;
use model::{FieldError, Problem, PublicMeeting, PublishedOutcome};
use service::sign_in::StaffSession;
use service::{ActError, page_editor};
use std::sync::Arc;

/// Every file of words.
pub async fn list(
    State(site): State<Arc<Site>>,
    desk: Staff,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let files = site.pledge.words_at_desk(&desk).await?;
    let desk = frame_of(&desk, query.as_deref());
    Ok(response::desk_page(&site, StatusCode::OK, || {
        pages::page_list(EditorList { desk, files })
    }))
}

/// One file: the draft, and the form.
pub async fn one(
    State(site): State<Arc<Site>>,
    desk: Staff,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let mut shown = Shown::of(file_of(&name));
    shown.query = query.as_deref();
    show(&site, &desk, shown).await
}

/// Saves a draft.
pub async fn save(
    State(site): State<Arc<Site>>,
    desk: Staff,
    Path(name): Path<String>,
    form: TypedForm,
) -> Result<Response, WebError> {
    let file = file_of(&name);
    let typed = typed(&file, &form);
    let (tidy, mut errors) = page_editor::tidied(typed.clone());
    if let Some(error) = form.come_back() {
        errors = vec![error];
    }
    let (seen, over) = (number(&form, "seen"), number(&form, "over"));
    let mut shown = Shown::of(file);
    shown.numbers = Some((seen, over));
    if !errors.is_empty() {
        shown.status = StatusCode::UNPROCESSABLE_ENTITY;
        (shown.typed, shown.errors) = (Some(typed), errors);
        return show(&site, &desk, shown).await;
    }
    let saved = site
        .pledge
        .save_words(&desk, &shown.file, &tidy, seen, over);
    match saved.await {
        Ok(()) => Ok(to_page(&shown.file, "words-saved")),
        Err(error) => {
            shown.typed = Some(typed);
            refused(&site, &desk, shown, error).await
        }
    }
}

/// Publishes a draft, takes it away, or makes one of an older version.
pub async fn act_on_draft(
    State(live): State<SiteHandle>,
    desk: Staff,
    Path((name, act)): Path<(String, String)>,
    form: PostedForm,
) -> Result<Response, WebError> {
    let site = live.site();
    let shown = Shown::of(file_of(&name));
    let (file, seen, pledge) = (&shown.file, number(&form, "seen"), &site.pledge);
    let (done, word) = match act.as_str() {
        "publish" => (publish(live, &desk, file, seen).await, "words-published"),
        "discard" => (
            pledge.discard_words(&desk, file, seen).await,
            "words-discarded",
        ),
        "return" => (
            pledge.return_words(&desk, file, number(&form, "to")).await,
            "words-returned",
        ),
        _ => return Err(Problem::NotFound.into()),
    };
    match done {
        Ok(()) => Ok(to_page(&shown.file, word)),
        Err(error) => refused(&site, &desk, shown, error).await,
    }
}

/// Goes on when the person who pressed goes away: words must not be in force and their pages the old ones.
async fn publish(live: SiteHandle, desk: &Staff, file: &str, seen: i64) -> Result<(), ActError> {
    let (desk, file) = (desk.clone(), file.to_owned());
    let work = tokio::spawn(async move {
        let pledge = Arc::clone(&live.site().pledge);
        let published = pledge.publish_words(&desk, &file, seen, public_addresses);
        published.await?;
        tokio::task::spawn_blocking(move || live.reload())
            .await
            .map_err(|_| ActError::Internal("words-refresh"))
    });
    let done = work.await;
    done.unwrap_or(Err(ActError::Internal("words-publish")))
}

/// A draft as the page that young people will see; without a draft, the page as it is.
pub async fn preview(
    State(site): State<Arc<Site>>,
    desk: Staff,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    let file = file_of(&name);
    Ok(match preview_page(&site, &desk, &file).await? {
        Some(html) => response::html_response(StatusCode::OK, html, &site.page_policy),
        // What cannot be read is said beside the form.
        None => response::redirect(&urls::desk_page_editor(&file)),
    })
}

/// Every version of a file.
pub async fn history(
    State(site): State<Arc<Site>>,
    desk: Staff,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    let (file, versions, has_draft) = site.pledge.words_history(&desk, &file_of(&name)).await?;
    let page = PageHistory {
        desk: frame_of(&desk, None),
        file,
        versions,
        has_draft,
    };
    Ok(response::desk_page(&site, StatusCode::OK, || {
        pages::page_history(page)
    }))
}

async fn preview_page(
    site: &Site,
    desk: &StaffSession,
    file: &str,
) -> Result<Option<String>, ActError> {
    let Some(look) = site.pledge.words_with_draft(desk, file).await? else {
        return Ok(None);
    };
    let live = Following {
        outcomes: site.pledge.outcomes().await?,
        meetings: site.pledge.public_meetings().await?,
    };
    let content = look.content;
    let frame = PageContext {
        words: content.words.clone(),
        urgent_lines: content.urgent_lines(),
        preview: true,
        today: Some(site.pledge.clock.today()),
        ..site.frame.clone()
    };
    // Looked at first without being drawn: whether there is a page for it at all.
    if !has_page(file) {
        return Ok(None);
    }
    Ok(Some(render(&frame, None, || page_of(&content, file, live))))
}

/// What follows the database on some pages.
struct Following {
    outcomes: Vec<PublishedOutcome>,
    meetings: Vec<PublicMeeting>,
}

// The file's name without its language.
fn name_in_language(file: &str) -> &str {
    file.split_once('/').map_or(file, |(_, name)| name)
}

/// Whether a file is the words of a page of its own.
fn has_page(file: &str) -> bool {
    let name = name_in_language(file);
    content::page_source::is_page(file)
        || ["glossary.toml", "groups.toml", "help.toml", "pledge.toml"].contains(&name)
}

/// The page that shows the words of a file, drawn as the public one is.
fn page_of(content: &Content, file: &str, live: Following) -> AnyView {
    let name = name_in_language(file);
    let article = |name: &str| content.page(name);
    if let Some(right) = name
        .strip_prefix("rights/")
        .and_then(|name| content.right(name.trim_end_matches(".md")))
    {
        return public::right(right.clone()).into_any();
    }
    let page = match name {
        "glossary.toml" => "glossary",
        "groups.toml" => "rights",
        "help.toml" => "help",
        "pledge.toml" => "pledge",
        name => name.trim_start_matches("pages/").trim_end_matches(".md"),
    };
    if let Some(promise) = page
        .strip_prefix("pledge/")
        .and_then(|slug| content.promises.iter().find(|known| known.slug == slug))
    {
        return public::promise(article(page), promise.clone()).into_any();
    }
    match page {
        "home" => public::home(article(page)).into_any(),
        "rights" => public::rights(article(page), content.groups.clone()).into_any(),
        "pledge" => public::pledge(article(page), content.promises.clone()).into_any(),
        "help" => public::help(article(page), content.lines.clone()).into_any(),
        "glossary" => public::glossary(article(page), content.glossary.clone()).into_any(),
        "letters" => public::letters(article(page), content.letters.clone()).into_any(),
        "you-said" => app::pages::you_said::you_said(article(page), live.outcomes).into_any(),
        "committee" => public::committee(article(page), live.meetings).into_any(),
        "lifelong-links/people" | "staying-put/talk" => public::sheet(article(page)).into_any(),
        _ => public::plain(article(page), Nav::Elsewhere).into_any(),
    }
}

/// What the page of a file shows.
struct Shown<'a> {
    file: String,
    status: StatusCode,
    query: Option<&'a str>,
    /// What was typed, to be kept in the form.
    typed: Option<EditorForm>,
    /// Numbers of the draft and of the version that what was typed was made from.
    numbers: Option<(i64, i64)>,
    /// What saving it now would change.
    against_now: Option<Vec<DiffLine>>,
    errors: Vec<FieldError>,
}

impl Shown<'_> {
    fn of(file: String) -> Shown<'static> {
        Shown {
            file,
            status: StatusCode::OK,
            query: None,
            typed: None,
            numbers: None,
            against_now: None,
            errors: Vec::new(),
        }
    }
}

async fn show(site: &Site, desk: &StaffSession, shown: Shown<'_>) -> Result<Response, WebError> {
    let found = site.pledge.words_file(desk, &shown.file, public_addresses);
    let mut at_desk = found.await?;
    if let Some(draft) = &mut at_desk.draft {
        draft.has_preview &= has_page(&shown.file);
    }
    let (seen, over) = shown.numbers.unwrap_or((at_desk.seen, at_desk.over));
    let page = EditorPage {
        desk: frame_of(desk, shown.query),
        file: at_desk.file,
        draft: at_desk.draft,
        form: shown.typed.unwrap_or(at_desk.form),
        seen,
        over,
        against_now: shown.against_now,
        errors: shown.errors,
    };
    Ok(response::desk_page(site, shown.status, || {
        pages::page_editor(page)
    }))
}

// The page again, with what was typed and what to do about it.
async fn refused(
    site: &Site,
    desk: &StaffSession,
    mut shown: Shown<'_>,
    error: ActError,
) -> Result<Response, WebError> {
    let (field, key) = match &error {
        ActError::Stale => ("page", "error.words.changed"),
        ActError::Busy => ("page", "error.desk.busy"),
        ActError::Field(field, key) => (*field, *key),
        _ => return Err(error.into()),
    };
    shown.status = match &error {
        ActError::Field(..) => StatusCode::UNPROCESSABLE_ENTITY,
        other => act_status(other),
    };
    if matches!(error, ActError::Stale) {
        // The page shows what the draft is now; a person who saves again has seen it.
        shown.numbers = None;
        if let Some(typed) = &shown.typed {
            let (tidy, _) = page_editor::tidied(typed.clone());
            shown.against_now = Some(site.pledge.against_now(&shown.file, &tidy).await?);
        }
    }
    shown.errors = vec![FieldError { field, key }];
    show(site, desk, shown).await
}

fn to_page(file: &str, done: &str) -> Response {
    response::redirect(&format!("{}?done={done}", urls::desk_page_editor(file)))
}

// The file of an address.
fn file_of(name: &str) -> String {
    name.replace('~', "/")
}

// A form that says nothing of what it saw has seen nothing.
fn number(form: &form::Form, name: &str) -> i64 {
    form.get(name).parse().unwrap_or(-1)
}

fn typed(file: &str, form: &form::Form) -> EditorForm {
    let is_page = content::page_source::is_page(file);
    let all = |name: &str| -> Vec<String> {
        let own = form.pairs().filter(|(field, _)| *field == name);
        own.map(|(_, value)| value.to_owned()).collect()
    };
    let (titles, seen, certain) = (
        all("source-title"),
        all("source-seen"),
        all("source-certainty"),
    );
    let at = |list: &[String], place: usize| list.get(place).cloned().unwrap_or_default();
    let sources = (0..titles.len()).map(|place| SourceForm {
        title: at(&titles, place),
        seen: at(&seen, place),
        certainty: at(&certain, place),
    });
    let has_who = form.pairs().any(|(field, _)| field == "who-for");
    EditorForm {
        is_page,
        title: form.text("title"),
        short: form.text("short"),
        who_for: has_who.then(|| form.text("who-for")),
        checked: form.text("checked"),
        review_by: form.text("review-by"),
        certainty: form.text("certainty"),
        sources: sources.collect(),
        body: form.text("body"),
    }
}
