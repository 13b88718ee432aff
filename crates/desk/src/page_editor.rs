//! The page editor: which pages are due for a review, drafts, and every version.

use super::frame::{self, Here, fact, time};
use app::any_view::{AnyView, IntoAny};
use app::components::OptionGroup;
use app::components::{
    Choice, Field, FieldText, Look, button_link, date_field, error_for, hidden, radios, select,
    submit, text_area, text_field,
};
use app::messages::{day, t, tf};
use leptos::prelude::*;
use model::editing::{
    DiffLine, Due, EditorFile, EditorList, EditorPage, OpenDraft, PageHistory, PageVersion, Piece,
    SourceForm,
};
use model::urls;

// Most characters of a line and of the words of a file, as the server takes them.
const LINE_MAX: usize = 300;
const BODY_MAX: usize = 80_000;
// Empty places for sources under those that are there.
const MORE_SOURCES: usize = 2;
const SURE: [&str; 3] = ["verified", "partly", "ask"];

/// Every file: overdue ones first, then those due soon.
pub fn page_list(page: EditorList) -> impl IntoView {
    let parts = [
        (Due::Overdue, "words.overdue"),
        (Due::Soon, "words.soon"),
        (Due::Later, "words.later"),
    ]
    .into_iter()
    .map(|(due, key)| {
        let files: Vec<&EditorFile> = page.files.iter().filter(|file| file.due == due).collect();
        let count = files.len().to_string();
        let list = if files.is_empty() {
            view! { <p class="empty">{t("words.none")}</p> }.into_any()
        } else {
            let rows = files.into_iter().map(row).collect_view();
            view! { <ul class="inbox">{rows}</ul> }.into_any()
        };
        view! {
            <h2>{tf(key, &[("count", &count)])}</h2>
            {list}
        }
    })
    .collect_view();
    let body = view! {
        <h1>{t("words.title")}</h1>
        <p>{t("words.lead")}</p>
        {parts}
    };
    frame::page(
        &page.desk,
        Here::PageEditor,
        t("words.title"),
        &[],
        body.into_any(),
    )
}

fn row(file: &EditorFile) -> AnyView {
    let due = file.review_by.map(|date| {
        let words = tf("words.review", &[("day", &day(date))]);
        let class = if file.due == Due::Overdue {
            "wait late"
        } else {
            "wait"
        };
        view! { <p class=class>{words}</p> }
    });
    let draft = file
        .draft_by
        .as_deref()
        .map(|by| view! { <span class="tag new">{tf("words.draft-by", &[("name", &person(by))])}</span> });
    view! {
        <li>
            <h3><a href=urls::desk_page_editor(&file.file)>{file.title.clone()}</a></h3>
            <p class="about"><span>{file.file.clone()}</span></p>
            <p class="tags">{draft}{notes(file)}</p>
            {due}
        </li>
    }
    .into_any()
}

fn notes(file: &EditorFile) -> AnyView {
    let tags = file.notes.iter().map(|note| {
        view! { <span class="tag">{t(&format!("words.note.{}", note.id()))}</span> }
    });
    tags.collect_view().into_any()
}

// A former member of staff has no name here any more.
fn person(name: &str) -> String {
    if name.is_empty() {
        t("words.gone")
    } else {
        name.to_owned()
    }
}

/// One file: the draft with what is wrong and what it changes, and the form.
pub fn page_editor(page: EditorPage) -> impl IntoView {
    let title = page.file.title.clone();
    let notes_of = page
        .file
        .notes
        .iter()
        .map(|note| view! { <li>{t(&format!("words.note.{}-long", note.id()))}</li> })
        .collect_view();
    let has_notes = !page.file.notes.is_empty();
    let against = page.against_now.as_deref().map(|lines| {
        view! {
            <section class="bubble amber" aria-labelledby="against">
                <h2 id="against">{t("words.against")}</h2>
                <p>{t("words.against-lead")}</p>
                {diff(lines)}
            </section>
        }
    });
    let body = view! {
        <p class="back"><a href=urls::DESK_PAGE_EDITOR>{t("words.all")}</a></p>
        <h1>{title.clone()}</h1>
        <p class="hint">{page.file.file.clone()}</p>
        {has_notes.then(|| view! { <ul>{notes_of}</ul> })}
        <p><a class="alone" href=urls::desk_page_history(&page.file.file)>{t("words.history")}</a></p>
        {against}
        {page.draft.as_ref().map(|draft| open_draft(&page, draft))}
        {form(&page)}
    };
    frame::page(
        &page.desk,
        Here::PageEditor,
        title,
        &page.errors,
        body.into_any(),
    )
}

fn open_draft(page: &EditorPage, draft: &OpenDraft) -> AnyView {
    let file = &page.file.file;
    let who = tf(
        "words.draft-line",
        &[("name", &person(&draft.by)), ("day", &day(draft.day))],
    );
    let faults = if draft.faults.is_empty() {
        view! { <p id="faults">{t("words.no-faults")}</p> }.into_any()
    } else {
        let lines = draft
            .faults
            .iter()
            .map(|fault| view! { <li>{fault.clone()}</li> })
            .collect_view();
        view! {
            <div class="bubble amber" id="faults">
                <h3>{t("words.faults")}</h3>
                <ul>{lines}</ul>
            </div>
        }
        .into_any()
    };
    let preview = draft.has_preview.then(
        || view! { <p>{button_link(t("words.look"), Look::Plain, &urls::desk_page_preview(file))}</p> },
    );
    let publish = if !page.desk.role.publishes_words() {
        view! { <p>{t("words.others-publish")}</p> }.into_any()
    } else if draft.own {
        view! { <p>{t("words.own")}</p> }.into_any()
    } else if draft.faults.is_empty() {
        act(page, "publish", "words.publish", Look::Main)
    } else {
        ().into_any()
    };
    view! {
        <section aria-labelledby="draft">
            <h2 id="draft">{t("words.draft")}</h2>
            <p>{who}</p>
            {faults}
            {preview}
            <h3>{t("words.changes")}</h3>
            {diff(&draft.changes)}
            {publish}
            {act(page, "discard", "words.discard", Look::Quiet)}
        </section>
    }
    .into_any()
}

fn act(page: &EditorPage, act: &'static str, key: &str, look: Look) -> AnyView {
    view! {
        <form method="post" action=urls::desk_page_act(&page.file.file, act)>
            {hidden("token", &page.desk.token)} {hidden("seen", &page.seen.to_string())}
            {submit(t(key), look)}
        </form>
    }
    .into_any()
}

fn diff(lines: &[DiffLine]) -> AnyView {
    if lines.is_empty() {
        return view! { <p>{t("words.same")}</p> }.into_any();
    }
    let rows = lines.iter().map(diff_line).collect_view();
    view! { <div class="diff">{rows}</div> }.into_any()
}

fn diff_line(line: &DiffLine) -> AnyView {
    let pieces = |pieces: &[Piece]| {
        let parts = pieces.iter().map(|(marked, words)| {
            if *marked {
                view! { <mark>{words.clone()}</mark> }.into_any()
            } else {
                words.clone().into_any()
            }
        });
        parts.collect_view()
    };
    match line {
        DiffLine::Same(words) => view! { <p dir="auto">{words.clone()}</p> }.into_any(),
        DiffLine::Was(was) => view! {
            <p class="was" dir="auto"><strong>{t("words.was")}</strong>" "<del>{pieces(was)}</del></p>
        }
        .into_any(),
        DiffLine::Now(now) => view! {
            <p class="now" dir="auto"><strong>{t("words.now")}</strong>" "<ins>{pieces(now)}</ins></p>
        }
        .into_any(),
        DiffLine::Gap => view! { <p class="gap">"\u{2026}"</p> }.into_any(),
    }
}

fn form(page: &EditorPage) -> AnyView {
    let form = &page.form;
    let heading = if page.draft.is_some() {
        t("words.edit")
    } else {
        t("words.begin")
    };
    let body_words = if form.is_page {
        ("words.body", "words.body-hint")
    } else {
        ("words.whole", "words.whole-hint")
    };
    let body = text_area(
        field(page, "body", t(body_words.0), t(body_words.1)),
        &form.body,
        24,
        BODY_MAX,
    );
    let (before, after) = if form.is_page {
        (first_parts(page), last_parts(page))
    } else {
        (().into_any(), ().into_any())
    };
    view! {
        <section aria-labelledby="edit">
            <h2 id="edit">{heading}</h2>
            <form class="wide" method="post" action=urls::desk_page_editor(&page.file.file)>
                {hidden("token", &page.desk.token)}
                {hidden("seen", &page.seen.to_string())}
                {hidden("over", &page.over.to_string())}
                {before}
                {body}
                {after}
                {submit(t("words.save"), Look::Main)}
                <p class="hint">{t("words.save-hint")}</p>
            </form>
        </section>
    }
    .into_any()
}

fn field(page: &EditorPage, id: &'static str, label: String, hint: String) -> Field {
    Field {
        id: id.into(),
        name: id,
        label,
        hint,
        error: error_for(&page.errors, id),
    }
}

fn line() -> FieldText {
    FieldText {
        max: Some(LINE_MAX),
        prose: true,
        ..FieldText::default()
    }
}

fn first_parts(page: &EditorPage) -> AnyView {
    let form = &page.form;
    let who = form.who_for.as_ref().map(|who| {
        text_area(
            field(page, "who-for", t("words.who-for"), String::new()),
            who,
            2,
            LINE_MAX,
        )
    });
    view! {
        {text_field(field(page, "title", t("words.page-title"), String::new()), &form.title, line())}
        {text_area(field(page, "short", t("words.short"), t("words.short-hint")), &form.short, 2, LINE_MAX)}
        {who}
    }
    .into_any()
}

fn last_parts(page: &EditorPage) -> AnyView {
    let form = &page.form;
    let sure = SURE.map(|id| Choice {
        value: id.to_owned(),
        label: t(&format!("sources.{id}")),
        hint: String::new(),
    });
    let error = error_for(&page.errors, "sources")
        .map(|error| view! { <p class="error" id="sources-error">{error}</p> });
    let empty = SourceForm {
        certainty: "ask".to_owned(),
        ..SourceForm::default()
    };
    let sources = form
        .sources
        .iter()
        .chain(std::iter::repeat_n(&empty, MORE_SOURCES))
        .enumerate()
        .map(|(at, one)| source(at + 1, one))
        .collect_view();
    view! {
        <fieldset class="field" id="sources" tabindex="-1">
            <legend>{t("words.sources")}</legend>
            <p class="hint">{t("words.sources-hint")}</p>
            {error}
            {sources}
        </fieldset>
        {radios(field(page, "certainty", t("words.certainty"), String::new()), sure.to_vec(), &form.certainty)}
        {date_field(field(page, "checked", t("words.checked"), String::new()), &form.checked)}
        {date_field(field(page, "review-by", t("words.review-by"), t("words.review-by-hint")), &form.review_by)}
    }
    .into_any()
}

fn source(number: usize, source: &SourceForm) -> AnyView {
    let count = number.to_string();
    let part = |name: &'static str, key: &str| Field {
        id: format!("{name}-{count}"),
        name,
        label: tf(key, &[("number", &count)]),
        ..Field::default()
    };
    let sure = OptionGroup {
        options: SURE
            .iter()
            .map(|id| Choice {
                value: (*id).to_owned(),
                label: t(&format!("sources.{id}")),
                hint: String::new(),
            })
            .collect(),
        ..OptionGroup::default()
    };
    view! {
        {text_field(part("source-title", "words.source-title"), &source.title, line())}
        {text_field(part("source-seen", "words.source-seen"), &source.seen, line())}
        {select(part("source-certainty", "words.source-sure"), vec![sure], &source.certainty)}
    }
    .into_any()
}

/// Every version of a file, the newest first.
pub fn page_history(page: PageHistory) -> impl IntoView {
    let title = tf("words.history-title", &[("title", &page.file.title)]);
    let versions = page
        .versions
        .iter()
        .map(|version| one_version(&page, version))
        .collect_view();
    let busy = page
        .has_draft
        .then(|| view! { <p>{t("words.return-busy")}</p> });
    let body = view! {
        <p class="back"><a href=urls::desk_page_editor(&page.file.file)>{t("words.back")}</a></p>
        <h1>{title.clone()}</h1>
        <p class="hint">{page.file.file.clone()}</p>
        {busy}
        <ol class="record">{versions}</ol>
    };
    frame::page(&page.desk, Here::PageEditor, title, &[], body.into_any())
}

fn one_version(page: &PageHistory, version: &PageVersion) -> AnyView {
    let heading = if version.number == 0 {
        t("words.given")
    } else {
        tf("words.version", &[("number", &version.number.to_string())])
    };
    let made = version.made.as_ref().map(|made| {
        view! {
            <dl class="facts">
                {fact(t("words.writer"), view! { {person(&made.writer)} ", " {time(made.written)} })}
                {fact(t("words.publisher"), view! { {person(&made.publisher)} ", " {time(made.published)} })}
            </dl>
            <details class="act">
                <summary>{t("words.changes")}</summary>
                {diff(&version.changes)}
            </details>
        }
    });
    let now = version
        .in_force
        .then(|| view! { <p><span class="tag new">{t("words.in-force")}</span></p> });
    let back = (!version.in_force && !page.has_draft).then(|| {
        view! {
            <form method="post" action=urls::desk_page_act(&page.file.file, "return")>
                {hidden("token", &page.desk.token)} {hidden("to", &version.number.to_string())}
                {submit(t("words.return"), Look::Plain)}
            </form>
        }
    });
    view! {
        <li>
            <h2>{heading}</h2>
            {now}
            {made}
            {back}
        </li>
    }
    .into_any()
}
