//! Makes the pages that are served into parts of one file: no form, no link that needs the site, and every id its own.
//! It reads HTML that our own pages wrote, so a few plain rules are enough.

use crate::static_body::{Body, Encoding};
use model::FilePart;
use std::collections::BTreeMap;

/// The parts of the file, in this order. `instead` stands where a form was, as HTML.
pub fn parts(order: &[String], pages: &BTreeMap<String, Body>, instead: &str) -> Vec<FilePart> {
    let there: Vec<(&str, String)> = order
        .iter()
        .filter_map(|address| {
            let bytes = pages.get(address)?.bytes(Encoding::Identity);
            Some((
                address.as_str(),
                String::from_utf8_lossy(&bytes).into_owned(),
            ))
        })
        .collect();
    let known: Vec<&str> = there.iter().map(|(address, _)| *address).collect();
    there
        .iter()
        .map(|(address, html)| {
            let main = between(html, "<main id=\"main\">", "</main>");
            FilePart {
                id: id_of(address),
                title: text(between(main, "<h1>", "</h1>")),
                html: part(main, &id_of(address), &known, instead),
            }
        })
        .collect()
}

// Where a page is inside the file: `/rights/visits` is at `page-rights-visits`.
fn id_of(address: &str) -> String {
    format!("page{}", address.trim_end_matches('/').replace('/', "-"))
}

fn between<'a>(html: &'a str, start: &str, end: &str) -> &'a str {
    let inner = html.split_once(start).map_or("", |(_, rest)| rest);
    inner.split_once(end).map_or(inner, |(inner, _)| inner)
}

// The words between the tags.
fn text(html: &str) -> String {
    let mut words = String::new();
    for piece in html.split('<') {
        words.push_str(piece.split_once('>').map_or(piece, |(_, words)| words));
    }
    words.replace("&amp;", "&")
}

fn part(html: &str, own: &str, known: &[&str], instead: &str) -> String {
    let html = without_forms(html, instead);
    let mut out = String::with_capacity(html.len());
    let mut rest = html.as_str();
    let mut link_gone = false;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let end = rest[start..]
            .find('>')
            .map_or(rest.len(), |end| start + end + 1);
        let tag = &rest[start..end];
        rest = &rest[end..];
        if tag.starts_with("<a ") {
            match attribute(tag, "href").and_then(|href| target(href, own, known)) {
                Some(to) => out.push_str(&with(&own_ids(tag, own), "href", &to)),
                None => {
                    link_gone = true;
                    out.push_str("<span>");
                }
            }
        } else if tag == "</a>" && link_gone {
            link_gone = false;
            out.push_str("</span>");
        } else {
            out.push_str(&own_ids(&one_deeper(tag), own));
        }
    }
    out.push_str(rest);
    out
}

fn without_forms(html: &str, instead: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, form)) = rest.split_once("<form") {
        out.push_str(before);
        out.push_str(instead);
        rest = form.split_once("</form>").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

// Where a link leads inside the file; none: to a page that the file does not hold.
fn target(href: &str, own: &str, known: &[&str]) -> Option<String> {
    if let Some(place) = href.strip_prefix('#') {
        return Some(format!("#{own}--{place}"));
    }
    if !href.starts_with('/') {
        return Some(href.to_owned());
    }
    let (page, place) = href.split_once('#').unwrap_or((href, ""));
    let id = id_of(known.iter().find(|address| **address == page)?);
    Some(match place {
        "" => format!("#{id}"),
        place => format!("#{id}--{place}"),
    })
}

// The file has a heading of its own above all pages.
fn one_deeper(tag: &str) -> String {
    for (from, to) in [("h3", "h4"), ("h2", "h3"), ("h1", "h2")] {
        for open in ["<", "</"] {
            if let Some(end) = tag.strip_prefix(&format!("{open}{from}"))
                && end.starts_with(['>', ' '])
            {
                return format!("{open}{to}{end}");
            }
        }
    }
    tag.to_owned()
}

fn own_ids(tag: &str, own: &str) -> String {
    let mut tag = tag.to_owned();
    for name in ["id", "for", "aria-labelledby", "aria-describedby"] {
        if let Some(value) = attribute(&tag, name) {
            let ids: Vec<String> = value
                .split_whitespace()
                .map(|id| format!("{own}--{id}"))
                .collect();
            tag = with(&tag, name, &ids.join(" "));
        }
    }
    tag
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn with(tag: &str, name: &str, value: &str) -> String {
    let mark = format!(" {name}=\"");
    match tag.split_once(&mark) {
        Some((before, rest)) => {
            let after = rest.split_once('"').map_or("", |(_, after)| after);
            format!("{before}{mark}{value}\"{after}")
        }
        None => tag.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_a_part() {
        let known = ["/help", "/rights"];
        for (html, made) in [
            (
                "<h1><i></i>A</h1><h2 id=\"x\">B</h2>",
                "<h2><i></i>A</h2><h3 id=\"page-a--x\">B</h3>",
            ),
            (
                "<a href=\"/help#x\">1</a> <a href=\"/help\">2</a> <a href=\"#y\">3</a> <a href=\"tel:999\">4</a>",
                "<a href=\"#page-help--x\">1</a> <a href=\"#page-help\">2</a> <a href=\"#page-a--y\">3</a> <a href=\"tel:999\">4</a>",
            ),
            (
                "<a class=\"b\" href=\"/speak\">Speak</a> and <a href=\"/help\">help</a>",
                "<span>Speak</span> and <a href=\"#page-help\">help</a>",
            ),
            (
                "a <form method=\"post\"><input name=\"x\"><button>Go</button></form> b",
                "a <p class=\"hint\">Later.</p> b",
            ),
            (
                "<section aria-labelledby=\"a b\"></section>",
                "<section aria-labelledby=\"page-a--a page-a--b\"></section>",
            ),
            ("<hr><header></header>", "<hr><header></header>"),
        ] {
            assert_eq!(
                part(html, "page-a", &known, "<p class=\"hint\">Later.</p>"),
                made
            );
        }
        assert_eq!(id_of("/"), "page");
        assert_eq!(id_of("/rights/visits"), "page-rights-visits");
        assert_eq!(text("<span>x</span>You &amp; I"), "xYou & I");
    }
}
