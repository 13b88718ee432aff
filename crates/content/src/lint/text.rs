//! The text of the words as a reader meets it: without tags, with the links that stand in it.

use model::letter_text::{Part, parts};
use model::{Article, Letter};

/// What stands for a phone number where only the reading is measured: a number is not read, it is tapped.
pub(super) const NUMBER: &str = "this";

// Tags go; a block's end ends the sentence. A phone number that can be tapped becomes `phone`, or stays if that is empty.
pub(super) fn plain(html: &str, phone: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    let mut in_phone = false;
    while let Some(start) = rest.find('<') {
        if !in_phone {
            text.push_str(&rest[..start]);
        }
        let end = rest[start..]
            .find('>')
            .map_or(rest.len(), |at| start + at + 1);
        let tag = &rest[start..end];
        if tag.starts_with("<a href=\"tel:") && !phone.is_empty() {
            text.push_str(phone);
            in_phone = true;
        } else if tag == "</a>" {
            in_phone = false;
        }
        if ["</p>", "</li>", "</h2>", "</h3>", "</td>", "</th>"].contains(&tag) {
            text.push('\n');
        }
        rest = &rest[end..];
    }
    text.push_str(rest);
    text
}

// The text that a young person reads on a page, line by line, without headings.
pub(super) fn read_text(article: &Article) -> String {
    let sections: Vec<String> = article
        .sections
        .iter()
        .map(|section| plain(&section.html, NUMBER))
        .collect();
    format!(
        "{}\n{}\n{}",
        article.short,
        plain(&article.in_short, NUMBER),
        sections.join("\n")
    )
}

// Everything shown but the sources, phone numbers included.
pub(super) fn shown_text(article: &Article) -> String {
    let mut text = format!(
        "{}\n{}\n{}",
        article.title,
        article.short,
        plain(&article.in_short, "")
    );
    for section in &article.sections {
        text.push_str(&format!(
            "\n{}\n{}",
            section.heading,
            plain(&section.html, "")
        ));
    }
    text
}

pub(super) fn letter_text(letter: &Letter) -> String {
    let mut lines = vec![letter.short.clone(), letter.to.clone()];
    for field in &letter.fields {
        lines.push(field.label.clone());
        lines.push(field.hint.clone());
    }
    for paragraph in &letter.text {
        let text: String = parts(paragraph)
            .into_iter()
            .map(|part| match part {
                Part::Text(text) => text,
                Part::Field(_) => "this",
            })
            .collect();
        lines.push(text);
    }
    lines.join("\n")
}

pub(super) fn links(html: &str) -> Vec<&str> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_a_phone_number_is_tapped() {
        assert_eq!(plain("<p>a</p>\n<ul><li>b</li></ul>", NUMBER), "a\n\nb\n");
        let call = "<p>Call <a href=\"tel:999\">999</a> now.</p>";
        assert_eq!(plain(call, NUMBER), "Call this now.\n");
        assert_eq!(plain(call, ""), "Call 999 now.\n");
        assert_eq!(links("<a href=\"/x\">x</a>"), ["/x"]);
    }
}
