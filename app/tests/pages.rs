//! Every sample page keeps the rules for pages: no style or script but the two inline ones, words for everything,
//! labels and errors tied to their fields, one heading, colours that can be read.

#![cfg(feature = "ssr")]
#![allow(
    clippy::unwrap_used,
    reason = "a sample that cannot be read must end the test"
)]

#[path = "../examples/gallery/samples/mod.rs"]
mod samples;

use app::shell::LEAVE_SCRIPT;
use std::collections::{BTreeMap, BTreeSet};

fn pages() -> Vec<(String, String)> {
    samples::pages().unwrap()
}

#[test]
fn no_inline_style_no_script_file_one_heading() {
    for (name, html) in pages() {
        assert!(!html.contains(" style="), "{name}");
        assert!(!html.contains("<script src"), "{name}");
        assert!(!html.contains(" onclick"), "{name}");
        assert_eq!(without_templates(&html).matches("<h1").count(), 1, "{name}");
        assert_eq!(html.matches("<main").count(), 1, "{name}");
        assert_eq!(html.matches("id=\"leave\"").count(), 1, "{name}");
        let with_island = html.contains("<leptos-island");
        assert_eq!(
            html.contains("hydrateIslands"),
            with_island,
            "{name}: the loader is there where there is an island"
        );
        assert!(
            !html.contains("preload"),
            "{name}: nothing may be fetched ahead of the first paint"
        );
        assert_eq!(
            html.matches("<script").count(),
            if with_island { 2 } else { 1 },
            "{name}"
        );
    }
}

#[test]
fn ids_are_used_once_and_every_reference_is_there() {
    for (name, html) in pages() {
        let html = without_templates(&html);
        let ids = values(&html, "id");
        let unique: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: {ids:?}");
        for attribute in ["for", "aria-describedby", "aria-labelledby"] {
            for value in values(&html, attribute) {
                for id in value.split(' ') {
                    assert!(
                        ids.iter().any(|known| known == id),
                        "{name}: {attribute} {id}"
                    );
                }
            }
        }
        for link in values(&html, "href")
            .iter()
            .filter_map(|href| href.strip_prefix('#'))
        {
            assert!(ids.iter().any(|known| known == link), "{name}: #{link}");
        }
    }
}

/// What stands in a template is not on the page until an island puts it there, one at a time.
fn without_templates(html: &str) -> String {
    let mut parts = html.split("<template");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |page, part| {
        page + part
            .split_once("</template>")
            .map_or("", |(_, after)| after)
    })
}

#[test]
fn every_key_that_the_pages_ask_for_has_words() {
    let words = samples::words().unwrap();
    for (name, html) in pages() {
        // A missing key shows itself as its own name: words never look like `speak.about.title`.
        for piece in html.split(['<', '>', '"', ' ', '\n']) {
            let family = piece.split('.').next().unwrap_or_default();
            let looks_like_a_key = piece.contains('.')
                && piece.chars().all(|c| {
                    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-')
                })
                && words
                    .table
                    .keys()
                    .any(|key| key.starts_with(&format!("{family}.")));
            assert!(!looks_like_a_key || piece.ends_with('.'), "{name}: {piece}");
        }
        let shown = without_templates(&html);
        assert!(
            !shown.contains("{date}") && !shown.contains("{title}"),
            "{name}"
        );
    }
}

#[test]
fn what_was_typed_is_text_and_keeps_its_lines() {
    let pages: BTreeMap<String, String> = pages().into_iter().collect();
    let say = &pages["speak-say"];
    assert!(
        say.contains(">\nI want to stay at my school until the exams are over.\n\nEverybody"),
        "{say}"
    );
    for (name, html) in &pages {
        assert!(!html.contains("nobody asks <me>"), "{name}");
    }
    assert!(pages["speak-you"].contains("value=\"Sam, through my school &quot;nurse&quot;\""));
    // A step never carries its own fields hidden beside the shown ones.
    assert!(!say.contains("type=\"hidden\" name=\"said\""));
    assert!(say.contains("type=\"hidden\" name=\"topic\""));
}

#[test]
fn the_main_button_comes_first() {
    let pages: BTreeMap<String, String> = pages().into_iter().collect();
    for step in ["about", "say", "safe", "you"] {
        let html = &pages[&format!("speak-{step}")];
        let first = html
            .split("<button")
            .find(|piece| piece.contains("type=\"submit\""))
            .unwrap_or_default();
        assert!(first.contains("value=\"next\""), "{step}");
    }
}

#[test]
fn enter_in_a_field_of_the_checker_means_next() {
    let pages: BTreeMap<String, String> = pages().into_iter().collect();
    for name in ["check", "check-date", "check-wrong"] {
        let first = pages[name].split("<button").nth(1).unwrap_or_default();
        assert!(
            first.starts_with(" type=\"submit\" class=\"button main\""),
            "{name}: {first}"
        );
    }
}

#[test]
fn help_comes_first_when_somebody_is_not_safe() {
    let pages: BTreeMap<String, String> = pages().into_iter().collect();
    for name in [
        "speak-you",
        "speak-check",
        "receipt-different",
        "thread-unsafe",
    ] {
        let main = pages[name].split("<main").nth(1).unwrap_or_default();
        let (help, heading) = (main.find("tel:999"), main.find("<h1"));
        assert!(help < heading && help.is_some(), "{name}");
    }
}

#[test]
fn the_leave_script_is_small_and_builds_nothing() {
    assert!(LEAVE_SCRIPT.len() < 1_024);
    assert!(!LEAVE_SCRIPT.contains("innerHTML") && !LEAVE_SCRIPT.contains("</"));
    for (name, html) in pages() {
        let private = [
            "speak",
            "receipt",
            "follow",
            "thread",
            "withdrawn",
            "check",
            "search",
        ]
        .iter()
        .any(|start| name.starts_with(start));
        let head = html.split("<body").next().unwrap_or_default();
        assert_eq!(head.contains("data-private"), private, "{name}");
        assert_eq!(head.contains("<title>Pledge</title>"), private, "{name}");
    }
}

#[test]
fn text_can_be_read_on_every_ground() {
    let css = samples::css().unwrap();
    let (light, rest) = css.split_once("prefers-color-scheme: dark").unwrap();
    let light = tokens(light.split("/* -").next().unwrap_or_default());
    let mut dark = light.clone();
    dark.extend(tokens(rest.split("/* -").next().unwrap_or_default()));
    for (mode, colours) in [("light", light), ("dark", dark)] {
        for text in ["ink", "soft", "plum"] {
            for ground in ["paper", "card", "mint", "sky", "rose"] {
                assert_contrast(mode, &colours, text, ground, 7.0);
            }
        }
        for (text, ground) in [
            ("done", "paper"),
            ("done", "card"),
            ("danger", "paper"),
            ("danger", "card"),
            ("on-marigold", "marigold"),
        ] {
            assert_contrast(mode, &colours, text, ground, 7.0);
        }
        // Edges of fields and cards, and the ring of focus, must be seen, not read.
        for ground in ["paper", "card", "mint", "sky", "rose"] {
            assert_contrast(mode, &colours, "edge", ground, 3.0);
            assert_contrast(mode, &colours, "plum", ground, 3.0);
        }
    }
}

fn assert_contrast(
    mode: &str,
    colours: &BTreeMap<String, String>,
    text: &str,
    ground: &str,
    least: f64,
) {
    let (a, b) = (luminance(&colours[text]), luminance(&colours[ground]));
    let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
    assert!(
        contrast >= least,
        "{mode}: {text} on {ground} is {contrast:.2}"
    );
}

fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn tokens(css: &str) -> BTreeMap<String, String> {
    css.split(';')
        .filter_map(|line| {
            let (name, value) = line
                .rsplit_once(':')
                .map(|(name, value)| (name.trim(), value.trim()))?;
            let name = name.rsplit("--").next()?;
            (value.starts_with('#') && value.len() == 7)
                .then(|| (name.to_owned(), value.to_owned()))
        })
        .collect()
}

fn values(html: &str, attribute: &str) -> Vec<String> {
    let start = format!(" {attribute}=\"");
    html.split(&start)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}
