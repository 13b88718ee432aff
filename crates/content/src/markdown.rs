//! The Markdown of a page: cut at its headings, made HTML, and refused where it holds what a page may not.

use model::Section;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// What Markdown is here: one value, so that no text is read in one way to check it and in another to show it.
const FORMAT: Options = Options::ENABLE_SMART_PUNCTUATION.union(Options::ENABLE_TABLES);

/// The events of a text as they are shown. There is no other way from a text to its events, and what a page may not hold
/// is refused here: nothing is shown that was not looked at.
fn events(markdown: &str) -> Result<Vec<Event<'_>>, String> {
    // Raw HTML is no part of the format: it is shown as it is written.
    let as_text = |event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    };
    let events: Vec<Event> = Parser::new_ext(markdown, FORMAT).map(as_text).collect();
    for event in &events {
        refuse_strange(event)?;
    }
    refuse_false_links(&events)?;
    Ok(events)
}

// What a page may hold is named; everything else is refused, with whatever a later parser can do.
fn refuse_strange(event: &Event) -> Result<(), String> {
    match event {
        Event::Start(tag) => refuse_strange_tag(tag),
        Event::End(_)
        | Event::Text(_)
        | Event::Code(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::Rule => Ok(()),
        _ => Err("it has something that a page may not".to_owned()),
    }
}

// Pictures would be asked for elsewhere. A link leads to one of our pages, to another site over https, to a mailbox or a
// phone.
fn refuse_strange_tag(tag: &Tag) -> Result<(), String> {
    match tag {
        Tag::Paragraph
        | Tag::Heading { .. }
        | Tag::BlockQuote(_)
        | Tag::CodeBlock(_)
        | Tag::HtmlBlock
        | Tag::List(_)
        | Tag::Item
        | Tag::Table(_)
        | Tag::TableHead
        | Tag::TableRow
        | Tag::TableCell
        | Tag::Emphasis
        | Tag::Strong => Ok(()),
        Tag::Link { dest_url, .. } if may_lead_to(dest_url) => Ok(()),
        Tag::Link { dest_url, .. } => Err(format!("it links to {dest_url}, which a page may not")),
        Tag::Image { dest_url, .. } => Err(format!("it has a picture ({dest_url})")),
        _ => Err("it has something that a page may not".to_owned()),
    }
}

fn may_lead_to(address: &str) -> bool {
    // A browser reads `/\other.uk`, and an address with a tab in it, as the address of another site.
    let odd = |c: char| c == '\\' || c.is_whitespace() || c.is_control();
    let is_ours = address.starts_with('/') && !address.starts_with("//");
    let begins = ["#", "https://", "mailto:", "tel:"];
    !address.contains(odd) && (is_ours || begins.iter().any(|begin| address.starts_with(begin)))
}

// A link that shows one number, site or mailbox and leads to another.
fn refuse_false_links(events: &[Event]) -> Result<(), String> {
    let mut link: Option<(&str, String)> = None;
    for event in events {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => link = Some((dest_url, String::new())),
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, shown)) = &mut link {
                    shown.push_str(text);
                }
            }
            Event::End(TagEnd::Link) => {
                if let Some((address, shown)) = link.take()
                    && !fits(shown.trim(), address)
                {
                    return Err(format!("it shows {shown} and links to {address}"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

// Whether what is shown of a link says where it leads, as far as it says anything.
fn fits(shown: &str, address: &str) -> bool {
    if let Some(number) = address.strip_prefix("tel:") {
        return is_number(number) && digits(shown) == digits(number);
    }
    if let Some(mailbox) = address.strip_prefix("mailto:") {
        return !shown.contains('@') || shown == mailbox;
    }
    if is_number(&shown.replace(' ', "")) && digits(shown).len() > 2 {
        return false;
    }
    let is_site = shown.contains('.') && !shown.contains(char::is_whitespace);
    match address.strip_prefix("https://") {
        Some(site) if is_site => {
            let bare = |text: &str| {
                let text = text.trim_start_matches("https://");
                text.trim_start_matches("www.").to_owned()
            };
            let rest = bare(site);
            let rest = rest.strip_prefix(&bare(shown));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
        }
        _ => true,
    }
}

/// The digits of a text.
pub(crate) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether a text is a phone number as an address has it: digits, perhaps after a plus.
pub(crate) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// The text before the first heading, as HTML, and the parts under headings.
///
/// # Errors
///
/// What the text holds that a page may not.
pub(crate) fn two_lengths(markdown: &str) -> Result<(String, Vec<Section>), String> {
    let mut parts = sections(markdown)?;
    let has_short = parts.first().is_some_and(|part| part.heading.is_empty());
    let in_short = if has_short {
        parts.remove(0).html
    } else {
        String::new()
    };
    Ok((in_short, parts))
}

/// Cuts Markdown at its second-level headings and makes each part HTML.
///
/// # Errors
///
/// What the text holds that a page may not.
pub(crate) fn sections(markdown: &str) -> Result<Vec<Section>, String> {
    let mut sections: Vec<(String, Vec<Event>)> = vec![(String::new(), Vec::new())];
    let mut in_heading = false;
    for event in events(markdown)? {
        match event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H2,
                ..
            }) => {
                in_heading = true;
                sections.push((String::new(), Vec::new()));
            }
            Event::End(TagEnd::Heading(HeadingLevel::H2)) => in_heading = false,
            Event::Text(text) if in_heading => {
                if let Some((heading, _)) = sections.last_mut() {
                    heading.push_str(&text);
                }
            }
            other => {
                if let Some((_, events)) = sections.last_mut() {
                    events.push(other);
                }
            }
        }
    }
    Ok(sections
        .into_iter()
        .filter(|(heading, events)| !heading.is_empty() || !events.is_empty())
        .map(|(heading, events)| Section {
            id: slug(&heading),
            heading,
            html: html_of(events),
        })
        .collect())
}

fn html_of(events: Vec<Event>) -> String {
    let mut text = String::new();
    html::push_html(&mut text, events.into_iter());
    text.trim_end().to_owned()
}

/// A link to one of our pages as HTML. `shown` is HTML already, as [`sections`] makes it.
pub(crate) fn link_html(address: &str, shown: &str) -> String {
    let link = Tag::Link {
        link_type: pulldown_cmark::LinkType::Inline,
        dest_url: address.into(),
        title: "".into(),
        id: "".into(),
    };
    html_of(vec![
        Event::Start(link),
        Event::InlineHtml(shown.into()),
        Event::End(TagEnd::Link),
    ])
}

// Letters and digits of any script, and hyphens: an anchor is read in Arabic too.
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
            sections("Before.\n\n## One's *two*\n- a\n- [b](/x)\n\n## Three\n<script>x</script>\n")
                .unwrap();
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
            "[999](tel:999)",
            "<b>a</b>",
            "a: b",
            "[0800 1111](tel:08001111)",
            "[a.uk](https://www.a.uk/x)",
            "[https://a.uk](https://a.uk)",
            "[a@b.uk](mailto:a@b.uk)",
            "[write to us](mailto:a@b.uk)",
        ] {
            assert!(sections(fine).is_ok(), "{fine}");
        }
        for bad in [
            "![a](/x)",
            "[a](javascript:alert)",
            "[a](JavaScript:alert)",
            "[a](//other.uk)",
            "[a](/\\other.uk)",
            "[a](</\t/other.uk>)",
            "[a](/&#9;/other.uk)",
            "[a](http://a.uk)",
            "<javascript:x>",
            "[a][b]\n\n[b]: data:x",
            "[0800 1111](tel:09001111)",
            "[a](tel:999)",
            "[999](tel:999;phone-context=x)",
            "[0800 1111](https://a.uk)",
            "[a.uk](https://a.uk.other.uk)",
            "[a.uk](https://other.uk/a.uk)",
            "[a@b.uk](mailto:c@b.uk)",
        ] {
            assert!(sections(bad).is_err(), "{bad}");
        }
    }

    // The check once read without tables what was shown with them: here a code span ends at the end of its cell.
    #[test]
    fn what_a_table_hides_from_a_reader_without_tables_is_refused() {
        let around = |words: &str| format!("| a | b |\n| --- | --- |\n| ` | {words} | ` |\n");
        for hidden in ["![x](https://a.uk/x.png)", "[y](javascript:x)"] {
            let text = around(hidden);
            let mut plain = Parser::new(&text);
            assert!(
                !plain.any(|event| matches!(
                    event,
                    Event::Start(Tag::Image { .. } | Tag::Link { .. })
                )),
                "the control: it is hidden from the old check"
            );
            assert!(sections(&text).is_err(), "{hidden}");
        }
        let shown = sections(&around("[y](/x)")).unwrap();
        assert!(shown[0].html.contains("<a href=\"/x\">y</a>"));
        assert!(shown[0].html.contains("<table>"));
    }

    #[test]
    fn a_link_is_escaped_and_its_words_are_html() {
        assert_eq!(
            link_html("/x#\"><b>", "a &amp; b"),
            "<a href=\"/x#%22%3E%3Cb%3E\">a &amp; b</a>"
        );
    }
}
