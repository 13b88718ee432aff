//! The frame of every page, and the one place where a page becomes HTML.

use crate::components::help_strip;
use crate::model::{Frame, HelpLine};
use crate::urls;
use crate::words::t;
use hydration_context::SsrSharedContext;
use leptos::config::LeptosOptions;
use leptos::nonce::{Nonce, use_nonce};
use leptos::prelude::*;
use std::sync::Arc;

/// The "leave this page" script: printed inline in every page, under 1 KB.
pub const LEAVE_SCRIPT: &str = include_str!("leave.js");

/// Renders a page to a whole HTML document.
///
/// `nonce`: only for pages with an island (the loader script carries it). Pages without one have fixed bytes, and their
/// style and script are allowed by hash.
pub fn render<V: IntoView>(frame: &Frame, nonce: Option<&str>, page: impl FnOnce() -> V) -> String {
    let shared = nonce.map(|_| Arc::new(SsrSharedContext::new_islands()) as _);
    let owner = Owner::new_root(shared);
    let html = owner.with(|| {
        provide_context(frame.clone());
        provide_context(frame.words.clone());
        if let Some(nonce) = nonce {
            provide_context(Nonce::from_value(nonce));
        }
        page().into_view().to_html()
    });
    format!("<!doctype html>{}", without_hints(html))
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
    /// The page holds an island, so load the WASM.
    #[prop(optional)]
    islands: bool,
    /// Must not be shown again by the Back button (always so without a title).
    #[prop(optional)]
    private: bool,
    /// The page itself.
    children: Children,
) -> impl IntoView {
    let frame = use_context::<Frame>().unwrap_or_default();
    let lang = frame.words.language.clone();
    let private = (private || title.is_none()).then_some("");
    let title = match title {
        Some(title) => format!("{title} - {}", t("site.name")),
        None => t("site.name"),
    };
    let nonce = use_nonce();
    view! {
        <html lang=lang dir=t("site.direction") data-private=private>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="referrer" content="no-referrer" />
                <meta name="color-scheme" content="light dark" />
                <title>{title}</title>
                {description.map(|words| view! { <meta name="description" content=words /> })}
                // An empty icon, so that the browser does not ask for one.
                <link rel="icon" href="data:," />
                <style nonce=nonce.clone() inner_html=frame.css.to_string()></style>
            </head>
            <body>
                <a class="skip" href="#main">{t("site.skip")}</a>
                {header(nav, frame.demo)}
                <main id="main">{children()}</main>
                {footer(&frame.urgent_lines)}
                <script nonce=nonce inner_html=frame.leave_script.to_string()></script>
                {islands.then(|| view! { <HydrationScripts options=options() islands=true /> })}
            </body>
        </html>
    }
}

fn header(current: Nav, demo: bool) -> AnyView {
    let links = [
        (Nav::Rights, urls::RIGHTS, t("nav.rights")),
        (Nav::Check, urls::CHECK, t("nav.check")),
        (Nav::Speak, urls::SPEAK, t("nav.speak")),
        (Nav::Follow, urls::FOLLOW, t("nav.follow")),
        (Nav::Help, urls::HELP, t("nav.help")),
    ]
    .map(|(nav, url, word)| {
        let here = (nav == current).then_some("true");
        view! { <li><a href=url aria-current=here>{word}</a></li> }
    })
    .collect_view();
    view! {
        <header>
            {demo.then(|| view! { <p class="demo">{t("site.demo")}</p> })}
            <a class="name" href=urls::HOME>{t("site.name")}</a>
            <a id="leave" href=urls::LEAVE rel="noreferrer nofollow">{t("leave.link")}</a>
            <nav aria-label=t("nav.label")>
                <ul>{links}<li><a href=urls::MENU>{t("nav.menu")}</a></li></ul>
            </nav>
        </header>
    }
    .into_any()
}

fn footer(lines: &[HelpLine]) -> AnyView {
    view! {
        <footer>
            {(!lines.is_empty()).then(|| help_strip(lines))}
            <ul>
                <li><a href=urls::PRIVACY>{t("footer.privacy")}</a></li>
                <li><a href=urls::ACCESSIBILITY>{t("footer.accessibility")}</a></li>
                <li><a href=urls::MENU>{t("footer.menu")}</a></li>
            </ul>
        </footer>
    }
    .into_any()
}

fn options() -> LeptosOptions {
    LeptosOptions::builder()
        .output_name("app")
        .site_pkg_dir("pkg")
        .build()
}
