//! One page or one right, read from its file: front matter, then Markdown.

use crate::front_matter::{PageFront, RightFront, certainty, sources, split_front};
use crate::markdown::two_lengths;
use domain::view::Topic;
use model::{Article, RightPage};

/// The page at `/`, whose slug is empty.
const HOME: &str = "home";

/// The four headings of a right, as ids, in order.
const RIGHT_SECTIONS: [&str; 4] = ["means", "good", "law", "not-happening"];

/// Reads a right: its group, its place in the order, and the right.
pub(crate) fn right(slug: &str, text: &str) -> Result<(String, i64, RightPage), String> {
    let (front, body) = split_front(text)?;
    let front: RightFront = toml::from_str(front).map_err(|e| e.to_string())?;
    refuse_other_name(&front.slug, slug)?;
    let topic =
        Topic::from_id(&front.topic).ok_or_else(|| format!("there is no topic {}", front.topic))?;
    let (in_short, mut sections) = two_lengths(body)?;
    if sections.len() != RIGHT_SECTIONS.len() {
        return Err("a right has exactly four headings".to_owned());
    }
    for (section, id) in sections.iter_mut().zip(RIGHT_SECTIONS) {
        section.id = id.to_owned();
    }
    let article = Article {
        title: front.title,
        short: front.short,
        in_short,
        sections,
        sources: sources(front.sources)?,
        checked: front.checked,
        review_by: front.review_by,
        certainty: certainty(&front.certainty)?,
    };
    let page = RightPage {
        slug: slug.to_owned(),
        article,
        sign: front.sign,
        who_for: front.who_for,
        topic,
        group: String::new(),
    };
    Ok((front.group, front.order, page))
}

// A page is named by its file, whose name was looked at before.
fn refuse_other_name(slug: &str, name: &str) -> Result<(), String> {
    match slug == name {
        true => Ok(()),
        false => Err(format!("its slug is {slug}, not the name of the file")),
    }
}

/// Reads the page of this name.
pub(crate) fn article(name: &str, text: &str) -> Result<Article, String> {
    let (front, body) = split_front(text)?;
    let front: PageFront = toml::from_str(front).map_err(|e| e.to_string())?;
    refuse_other_name(&front.slug, if name == HOME { "" } else { name })?;
    let (in_short, sections) = two_lengths(body)?;
    Ok(Article {
        title: front.title,
        short: front.short,
        in_short,
        sections,
        sources: sources(front.sources)?,
        checked: front.checked,
        review_by: front.review_by,
        certainty: certainty(&front.certainty)?,
    })
}
