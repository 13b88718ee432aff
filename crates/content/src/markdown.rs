//! The Markdown of a page: cut at its headings, made HTML, and refused where it holds what a page may not.

use model::Section;

// What a page may not hold: pictures, which would be asked for elsewhere, and links to anything but our pages, other sites
// over https, mail and phones.
pub(crate) fn strange(markdown: &str) -> Option<String> {
    use pulldown_cmark::{Event, Parser, Tag};
    Parser::new(markdown).find_map(|event| match event {
        Event::Start(Tag::Image { dest_url, .. }) => Some(format!("it has a picture ({dest_url})")),
        Event::Start(Tag::Link { dest_url, .. }) => {
            let is_ours = dest_url.starts_with('/') && !dest_url.starts_with("//");
            let fine = is_ours
                || ["#", "https://", "mailto:", "tel:"]
                    .iter()
                    .any(|begin| dest_url.starts_with(begin));
            (!fine).then(|| format!("it links to {dest_url}, which a page may not"))
        }
        _ => None,
    })
}

/// Refuses a text that holds what a page may not.
pub(crate) fn refuse_strange(markdown: &str) -> Result<(), String> {
    strange(markdown).map_or(Ok(()), Err)
}

/// The text before the first heading, as HTML, and the parts under headings.
pub(crate) fn two_lengths(markdown: &str) -> (String, Vec<Section>) {
    let mut parts = sections(markdown);
    let has_short = parts.first().is_some_and(|part| part.heading.is_empty());
    let in_short = if has_short {
        parts.remove(0).html
    } else {
        String::new()
    };
    (in_short, parts)
}

/// Cuts Markdown at its second-level headings and makes each part HTML.
pub(crate) fn sections(markdown: &str) -> Vec<Section> {
    use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
    let parser = Parser::new_ext(
        markdown,
        Options::ENABLE_SMART_PUNCTUATION | Options::ENABLE_TABLES,
    );
    let mut sections: Vec<(String, Vec<Event>)> = vec![(String::new(), Vec::new())];
    let mut in_heading = false;
    for event in parser {
        match event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H2,
                ..
            }) => {
                in_heading = true;
                sections.push((String::new(), Vec::new()));
            }
            Event::End(TagEnd::Heading(HeadingLevel::H2)) => in_heading = false,
            // Raw HTML is no part of the format: it is shown as it is written.
            Event::Html(text) | Event::InlineHtml(text) => push(&mut sections, Event::Text(text)),
            Event::Text(text) if in_heading => {
                if let Some((heading, _)) = sections.last_mut() {
                    heading.push_str(&text);
                }
            }
            other => push(&mut sections, other),
        }
    }
    sections
        .into_iter()
        .filter(|(heading, events)| !heading.is_empty() || !events.is_empty())
        .map(|(heading, events)| {
            let mut text = String::new();
            html::push_html(&mut text, events.into_iter());
            Section {
                id: slug(&heading),
                heading,
                html: text.trim_end().to_owned(),
            }
        })
        .collect()
}

fn push<'a>(
    sections: &mut [(String, Vec<pulldown_cmark::Event<'a>>)],
    event: pulldown_cmark::Event<'a>,
) {
    if let Some((_, events)) = sections.last_mut() {
        events.push(event);
    }
}

fn slug(heading: &str) -> String {
    let words: Vec<String> = heading
        .to_lowercase()
        .replace(['\u{2019}', '\''], "")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_markdown_at_its_headings() {
        let parts =
            sections("Before.\n\n## One's *two*\n- a\n- [b](/x)\n\n## Three\n<script>x</script>\n");
        let shape: Vec<(&str, &str)> = parts
            .iter()
            .map(|s| (s.id.as_str(), s.heading.as_str()))
            .collect();
        assert_eq!(
            shape,
            [
                ("", ""),
                ("ones-two", "One\u{2019}s two"),
                ("three", "Three")
            ]
        );
        assert!(parts[1].html.contains("<a href=\"/x\">b</a>"));
        assert!(!parts[2].html.contains("<script>"));
    }

    #[test]
    fn pictures_and_strange_links_are_refused() {
        for fine in [
            "[a](/x#y)",
            "[a](https://a.uk)",
            "[a](tel:999)",
            "<b>a</b>",
            "a: b",
        ] {
            assert_eq!(strange(fine), None, "{fine}");
        }
        for bad in [
            "![a](/x)",
            "[a](javascript:alert)",
            "[a](JavaScript:alert)",
            "[a](//other.uk)",
            "[a](http://a.uk)",
            "<javascript:x>",
            "[a][b]\n\n[b]: data:x",
        ] {
            assert!(strange(bad).is_some(), "{bad}");
        }
    }
}
