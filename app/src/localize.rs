//! The links of a page in its language. Views write the addresses of English; the one place where links get their
//! language is [`in_language`], which [`crate::shell::render`] calls for every page.

use crate::page_context::PageContext;
use leptos::prelude::use_context;
use model::language::{ENGLISH, Language};

/// A page as it is in this language: its links and forms stay in it, and numbers to call keep their order where the
/// language is written from right to left. Links that name a language of their own (`hreflang`) stay as they are.
///
/// It reads tags that our own views wrote. What somebody typed is text or in quotes there, so it holds no tag.
pub fn in_language(html: &str, language: &Language) -> String {
    let mut page = String::with_capacity(html.len() + html.len() / 50);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, after) = tag.split_at(end);
        page.push_str(before);
        if ["<a ", "<form "].iter().any(|kind| tag.starts_with(kind)) {
            page.push_str(&tag_in(tag, language));
        } else {
            page.push_str(tag);
        }
        rest = after;
    }
    page.push_str(rest);
    page
}

fn tag_in(tag: &str, language: &Language) -> String {
    if tag.contains(" hreflang=") {
        return tag.to_owned();
    }
    for name in [" href=\"", " action=\""] {
        let Some((before, value)) = tag.split_once(name) else {
            continue;
        };
        let (address, after) = value.split_once('"').unwrap_or((value, ""));
        if address.starts_with("tel:") && language.direction == "rtl" && !tag.contains(" dir=") {
            return format!("{before} dir=\"ltr\"{name}{address}\"{after}");
        }
        return format!("{before}{name}{}\"{after}", language.address(address));
    }
    tag.to_owned()
}

/// Inside a page: the language of what stands at this address, where it is not the page's own.
pub fn lang_at(address: &str) -> Option<&'static str> {
    let frame = use_context::<PageContext>()?;
    let path = address.split('#').next().unwrap_or_default();
    // A page that is in English itself says so once, around all of it.
    (frame.english_page.is_none() && frame.in_english.contains(path)).then_some(ENGLISH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arabic() -> Language {
        Language {
            code: "ar".into(),
            direction: "rtl".into(),
            ..Language::default()
        }
    }

    #[test]
    fn links_and_forms_get_the_language_and_nothing_else_does() {
        for (english, made) in [
            ("<a href=\"/\">", "<a href=\"/ar\">"),
            (
                "<a class=\"x\" href=\"/help#night\">",
                "<a class=\"x\" href=\"/ar/help#night\">",
            ),
            (
                "<form method=\"post\" action=\"/speak\">",
                "<form method=\"post\" action=\"/ar/speak\">",
            ),
            (
                "<a href=\"/health-and-travel\">",
                "<a href=\"/ar/health-and-travel\">",
            ),
            ("<a href=\"tel:999\">", "<a dir=\"ltr\" href=\"tel:999\">"),
        ] {
            assert_eq!(in_language(english, &arabic()), made);
        }
        for same in [
            "<a href=\"#main\">",
            "<a href=\"/leave\">",
            "<a href=\"/leave?x=1\">",
            "<a href=\"/desk/queue\">",
            "<a href=\"/keep/pledge.html\">",
            "<a href=\"/es/help\" hreflang=\"es\">",
            "<a href=\"https://example.org/\">",
            "<a href=\"//example.org/\">",
            "<p>She wrote href=\"/help\" &lt;a href=\"/help\"&gt;</p>",
            "<link rel=\"icon\" href=\"/x\">",
            "<input value=\"/speak\">",
            "a < b",
        ] {
            assert_eq!(in_language(same, &arabic()), same);
        }
        let english = Language {
            code: ENGLISH.into(),
            direction: "ltr".into(),
            ..Language::default()
        };
        let page = "<a href=\"/help\"><a href=\"tel:999\">";
        assert_eq!(in_language(page, &english), page);
    }
}
