//! The frame of every page, and the one place where a page becomes HTML.

use crate::any_view::{AnyView, Children, IntoAny};
use crate::components::{JOURNEY, help_strip};
use crate::localize::in_language;
pub use crate::page_context::PageContext;
use hydration_context::SsrSharedContext;
use leptos::config::LeptosOptions;
use leptos::nonce::{Nonce, use_nonce};
use leptos::prelude::*;
use model::language;
use model::urls;
use std::sync::Arc;

/// The "leave this page" script: printed inline in every page, under 1 KB.
pub const LEAVE_SCRIPT: &str = include_str!("leave.js");

/// Renders a page to a whole HTML document.
///
/// `nonce`: only for pages with an island (the loader script carries it). Pages without one have fixed bytes, and their
/// style and script are allowed by hash.
pub fn render<V: IntoView>(
    frame: &PageContext,
    nonce: Option<&str>,
    page: impl FnOnce() -> V,
) -> String {
    let shared = nonce.map(|_| Arc::new(SsrSharedContext::new_islands()) as _);
    let owner = Owner::new_root(shared);
    let html = owner.with(|| {
        provide_context(frame.clone());
        let words = frame.english_page.as_ref().unwrap_or(&frame.words);
        provide_context(words.clone());
        if let Some(nonce) = nonce {
            provide_context(Nonce::from_value(nonce));
        }
        page().into_view().to_html()
    });
    let html = without_hints(html);
    let html = match frame.language() {
        Some(own) if !own.is_english() => in_language(&html, own),
        _ => html,
    };
    format!("<!doctype html>{html}")
}

// The loader's own hints would fetch the WASM before the first paint, and with scripts off for nothing: on prepaid data
// that is somebody's money. The loader fetches both files when the page is idle.
fn without_hints(mut html: String) -> String {
    for hint in ["<link rel=\"modulepreload\"", "<link rel=\"preload\""] {
        while let Some(start) = html.find(hint) {
            let Some(length) = html[start..].find('>') else {
                break;
            };
            html.replace_range(start..=start + length, "");
        }
    }
    html
}

/// The WASM with its script that wakes the islands of one kind of page: nobody loads islands of other pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bundle {
    /// Speak, Follow and the receipt.
    Speak,
    /// The checker.
    Check,
    /// The search.
    Search,
}

impl Bundle {
    /// Every one.
    pub const ALL: [Bundle; 3] = [Bundle::Speak, Bundle::Check, Bundle::Search];

    fn name(self) -> &'static str {
        match self {
            Bundle::Speak => "speak",
            Bundle::Check => "check",
            Bundle::Search => "search",
        }
    }

    /// The addresses of its script and its WASM.
    pub fn files(self) -> [String; 2] {
        let name = self.name();
        [format!("/pkg/{name}.js"), format!("/pkg/{name}_bg.wasm")]
    }
}

/// The five words of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nav {
    /// Rights.
    Rights,
    /// The checker.
    Check,
    /// Speak.
    Speak,
    /// Follow.
    Follow,
    /// Help.
    Help,
    /// None of them.
    Elsewhere,
    /// The desk, which has links of its own instead.
    StaffSession,
}

impl Nav {
    /// Where the word leads.
    fn address(self) -> &'static str {
        match self {
            Nav::Rights => urls::RIGHTS,
            Nav::Check => urls::CHECK,
            Nav::Speak => urls::SPEAK,
            Nav::Follow => urls::FOLLOW,
            Nav::Help => urls::HELP,
            Nav::Elsewhere => urls::HOME,
            Nav::StaffSession => urls::DESK,
        }
    }
}

/// The frame of a page: head, "leave this page", name, navigation, help lines.
#[component]
pub fn Shell(
    /// Becomes `<title>`; `None` on Speak, Follow and the receipt, which have a neutral title and are private.
    #[prop(optional_no_strip)]
    title: Option<String>,
    /// Which word of the navigation is current.
    nav: Nav,
    /// One sentence on what the page is about, for who finds it by a search machine. None on what is private.
    #[prop(optional)]
    description: Option<String>,
    /// The WASM that wakes the page's islands, if it has some.
    #[prop(optional_no_strip)]
    bundle: Option<Bundle>,
    /// Must not be shown again by the Back button (always so without a title).
    #[prop(optional)]
    private: bool,
    /// The page itself.
    children: Children,
) -> impl IntoView {
    let frame = use_context::<PageContext>().unwrap_or_default();
    let lang = frame.words.language.clone();
    let t = |key: &str| frame.words.get(key);
    let private = (private || title.is_none()).then_some("");
    let title = match title {
        Some(title) => format!("{title} - {}", t("site.name")),
        None => t("site.name"),
    };
    let nonce = use_nonce();
    let at = frame.at.clone().unwrap_or_else(|| nav.address().into());
    let page_lang = frame
        .english_page
        .as_ref()
        .map(|words| words.language.clone());
    let title_lang = page_lang.clone().filter(|_| private.is_none());
    let body = match page_lang {
        Some(lang) => view! {
            <p class="bubble sky">{t("site.only-english")}" "{t("site.only-english-ask")}</p>
            <div lang=lang dir="ltr">{children.draw()}</div>
        }
        .into_any(),
        None => children.draw(),
    };
    view! {
        <html lang=lang dir=t("site.direction") data-private=private>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="referrer" content="no-referrer" />
                <meta name="color-scheme" content="light dark" />
                <title lang=title_lang>{title}</title>
                {description.map(|words| view! { <meta name="description" content=words /> })}
                // An empty icon, so that the browser does not ask for one.
                <link rel="icon" href="data:," />
                <style nonce=nonce.clone() inner_html=frame.css.to_string()></style>
            </head>
            <body>
                <a class="skip" href="#main">{t("site.skip")}</a>
                {header(nav, &frame, &at)}
                <main id="main">{body}</main>
                {footer(&frame, &at)}
                <script nonce=nonce inner_html=frame.leave_script.to_string()></script>
                {bundle.map(|bundle| view! { <HydrationScripts options=options(bundle) islands=true /> })}
            </body>
        </html>
    }
}

// The words of the frame are those of its language, also around a page in English.
fn header(current: Nav, frame: &PageContext, at: &str) -> AnyView {
    let t = |key: &str| frame.words.get(key);
    let leave = match &frame.journey {
        Some(name) => format!("{}?{JOURNEY}={name}", urls::LEAVE),
        None => urls::LEAVE.to_owned(),
    };
    let links = [
        (Nav::Rights, t("nav.rights")),
        (Nav::Check, t("nav.check")),
        (Nav::Speak, t("nav.speak")),
        (Nav::Follow, t("nav.follow")),
        (Nav::Help, t("nav.help")),
    ]
    .map(|(nav, word)| {
        let url = nav.address();
        let here = (nav == current).then_some("true");
        view! { <li><a href=url aria-current=here>{word}</a></li> }
    })
    .collect_view();
    let here = (at == urls::MENU).then_some("page");
    let nav = (current != Nav::StaffSession).then(|| {
        view! {
            <nav aria-label=t("nav.label")>
                <ul>{links}<li><a href=urls::MENU aria-current=here>{t("nav.menu")}</a></li></ul>
            </nav>
        }
    });
    view! {
        <header>
            {frame.demo.then(|| view! { <p class="demo">{t("site.demo")}</p> })}
            {frame.preview.then(|| view! { <p class="demo" id="preview">{t("words.preview")}</p> })}
            <a class="name" href=urls::HOME>{t("site.name")}</a>
            <a id="leave" href=leave rel="noreferrer nofollow">{t("leave.link")}</a>
            {nav}
            {unchecked(frame, at)}
        </header>
    }
    .into_any()
}

// Said on every page of a language that no person has checked.
fn unchecked(frame: &PageContext, at: &str) -> AnyView {
    if frame.language().is_none_or(|own| own.checked) {
        return ().into_any();
    }
    view! {
        <p class="demo">
            {frame.words.get("site.unchecked")} " "
            <a href=at.to_owned() hreflang=language::ENGLISH>{frame.words.get("site.in-english")}</a>
        </p>
    }
    .into_any()
}

/// The languages of the site, each in its own script, leading to this page in each.
fn languages(frame: &PageContext, at: &str, class: Option<&'static str>) -> AnyView {
    if frame.languages.len() < 2 {
        return ().into_any();
    }
    let direction = frame.words.get("site.direction");
    let items = frame
        .languages
        .iter()
        .map(|one| {
            let dir = (one.direction != direction).then(|| one.direction.clone());
            let here = (one.code == frame.words.language).then_some("true");
            view! {
                <li>
                    <a href=one.address(at) hreflang=one.code.clone() lang=one.code.clone() dir=dir aria-current=here>
                        {one.name.clone()}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class=class aria-label=frame.words.get("site.languages")>{items}</ul> }.into_any()
}

/// The choice of languages on the first screen.
pub fn choose_language() -> AnyView {
    let frame = use_context::<PageContext>().unwrap_or_default();
    languages(&frame, urls::HOME, Some("links tongues"))
}

fn footer(frame: &PageContext, at: &str) -> AnyView {
    let t = |key: &str| frame.words.get(key);
    let lines = &frame.urgent_lines;
    view! {
        <footer>
            {(!lines.is_empty()).then(|| help_strip(lines, t("help.now")))}
            {languages(frame, at, None)}
            <ul>
                <li><a href=urls::PRIVACY>{t("footer.privacy")}</a></li>
                <li><a href=urls::ACCESSIBILITY>{t("footer.accessibility")}</a></li>
                <li><a href=urls::MENU>{t("footer.menu")}</a></li>
            </ul>
        </footer>
    }
    .into_any()
}

fn options(bundle: Bundle) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name(bundle.name())
        .site_pkg_dir("pkg")
        .build()
}
