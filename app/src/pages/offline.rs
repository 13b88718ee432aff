//! "Keep these pages on this phone": what it takes and what it means, said before the press; the other ways to keep
//! pages; and what stands on pages that come from a copy.

use crate::components::{Look, button_link, help_strip};
use crate::messages::{day, t, tf};
use crate::shell::PageContext;
use crate::shell::{Nav, Shell};
use domain::date::Date;
use leptos::prelude::*;
use model::language::ENGLISH;
use model::urls;
use model::words::Words;
use model::{FilePart, OfflinePage};

/// The page with the button. What carries `data-when` is shown by the page's script in the states it names; without
/// the script it names the other ways.
pub fn offline(page: OfflinePage) -> impl IntoView {
    let number = |count: usize| count.to_string();
    // The copy is of the English pages, whatever the language of this one.
    let language = use_context::<Words>().unwrap_or_default().language;
    let islands = page
        .islands
        .then(|| view! { <li>{t("keep.what-check")}</li> });
    view! {
        <Shell title=Some(t("keep.title")) description=t("keep.lead") nav=Nav::Elsewhere>
            <h1>{t("keep.title")}</h1>
            <p class="lead">{t("keep.lead")}</p>
            <ul>
                {(language != ENGLISH).then(|| view! { <li>{t("keep.english")}</li> })}
                <li>{tf("keep.what", &[("pages", &number(page.pages))])}</li>
                {islands}
                <li>{tf("keep.data", &[("data", &number(page.data_kb))])}</li>
                <li>{tf("keep.room", &[("room", &number(page.room_kb))])}</li>
                <li>{t("keep.never")}</li>
            </ul>
            <div class="bubble rose">
                <h2>{t("keep.shared-title")}</h2>
                <p>{t("keep.shared")}</p>
                <p>{t("keep.shared-leave")}</p>
            </div>
            <div id="keep-said" role="status" tabindex="-1">
                <p data-when="working" hidden>{t("keep.working")}</p>
                <div class="bubble" data-when="kept" hidden>
                    <p><strong id="keep-day" data-words=t("keep.kept")></strong></p>
                    <p>{t("keep.kept-new")}</p>
                    <p>{t("keep.kept-app")}</p>
                </div>
                <p data-when="removed" hidden><strong>{t("keep.removed")}</strong></p>
                <p data-when="failed" hidden><strong>{t("keep.failed")}</strong></p>
            </div>
            <div class="actions">
                <button type="button" id="keep-go" class=Look::Main.class() data-when="none removed failed" hidden>
                    {t("keep.go")}
                </button>
                <button type="button" id="keep-remove" class=Look::Danger.class() data-when="kept" hidden>
                    {t("keep.remove")}
                </button>
            </div>
            <p data-when="no-script">{t("keep.no-script")}</p>
            <h2>{t("keep.other-title")}</h2>
            <p>{t("keep.print")}</p>
            <p>{button_link(t("keep.file"), Look::Plain, urls::KEEP_FILE)}</p>
            <p>{tf("keep.file-size", &[("file", &number(page.file_kb))])}</p>
            <p>{t("keep.file-what")}</p>
            <script src=urls::KEEP_SCRIPT defer></script>
        </Shell>
    }
}

/// What stands first on a kept page, as HTML with `{date}` in it.
pub fn copy_note(words: &Words) -> String {
    note(words.get("keep.copy"), words.get("keep.copy-why"))
}

/// What stands first on the kept help page when it is shown in place of a page that could not come.
pub fn down_note(words: &Words) -> String {
    note(words.get("keep.down"), words.get("keep.down-why"))
}

fn note(what: String, why: String) -> String {
    Owner::new_root(None).with(|| {
        view! { <div class="bubble sky" id="copy"><p><strong>{what}</strong>" "{why}</p></div> }
            .into_view()
            .to_html()
    })
}

/// What stands in the one file where a page has a form, as HTML.
pub fn no_form_note(words: &Words) -> String {
    let words = words.get("keep.one.no-form");
    Owner::new_root(None).with(|| view! { <p class="hint">{words}</p> }.into_view().to_html())
}

/// All pages in one document that needs nothing else. It is opened from disk, where no header comes with it, so it carries
/// its own `policy`, before anything that the policy is about.
pub fn one_file(parts: Vec<FilePart>, made: Date, policy: String) -> impl IntoView {
    let frame = use_context::<PageContext>().unwrap_or_default();
    let contents = parts
        .iter()
        .map(|part| {
            let to = format!("#{}", part.id);
            view! { <li><a href=to>{part.title.clone()}</a></li> }
        })
        .collect_view();
    let pages = parts
        .into_iter()
        .map(|part| view! { <section id=part.id inner_html=part.html></section> })
        .collect_view();
    view! {
        <html lang=frame.words.language.clone() dir=t("site.direction")>
            <head>
                <meta charset="utf-8" />
                <meta http-equiv="Content-Security-Policy" content=policy />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="referrer" content="no-referrer" />
                <meta name="color-scheme" content="light dark" />
                <title>{t("site.name")}</title>
                <link rel="icon" href="data:," />
                <style inner_html=frame.css.to_string()></style>
            </head>
            <body>
                <main>
                    {frame.demo.then(|| view! { <p class="demo">{t("site.demo")}</p> })}
                    <h1>{t("keep.one.title")}</h1>
                    <p class="lead">{tf("keep.one.made", &[("date", &day(made))])}</p>
                    {help_strip(&frame.urgent_lines, t("help.now"))}
                    <h2>{t("keep.one.pages")}</h2>
                    <ul class="links">{contents}</ul>
                    {pages}
                </main>
            </body>
        </html>
    }
}
