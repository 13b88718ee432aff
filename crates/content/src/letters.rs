//! A letter to fill in (`letters/<slug>.toml`).

use crate::identifier::TypedName;
use model::letter_text::{Part, parts};
use model::{LETTER_FIELDS, Letter, LetterField};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LetterFront {
    slug: String,
    order: i64,
    title: String,
    short: String,
    to: String,
    page: String,
    text: Vec<String>,
    field: Vec<FieldFront>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldFront {
    id: TypedName,
    label: String,
    #[serde(default)]
    hint: String,
    lines: usize,
}

/// Reads a letter: its place in the order, and the letter.
pub(crate) fn read(slug: &str, text: &str) -> Result<(i64, Letter), String> {
    let front: LetterFront = toml::from_str(text).map_err(|e| e.to_string())?;
    if front.slug != slug {
        return Err(format!(
            "its slug is {}, not the name of the file",
            front.slug
        ));
    }
    if front.field.len() > LETTER_FIELDS.len() {
        return Err(format!(
            "a letter has at most {} fields",
            LETTER_FIELDS.len()
        ));
    }
    let mut named = Vec::new();
    for paragraph in &front.text {
        for part in parts(paragraph) {
            if let Part::Field(id) = part {
                named.push(id);
            }
        }
    }
    if let Some(unknown) = named
        .iter()
        .find(|id| !front.field.iter().any(|field| field.id.typed() == **id))
    {
        return Err(format!(
            "its text names the field {unknown}, which is not there"
        ));
    }
    if let Some(unused) = front
        .field
        .iter()
        .find(|field| !named.contains(&field.id.typed()))
    {
        return Err(format!(
            "its text does not use the field {}",
            unused.id.typed()
        ));
    }
    let fields = front.field.into_iter().map(|field| {
        Ok::<_, String>(LetterField {
            id: field.id.checked("field")?,
            label: field.label,
            hint: field.hint,
            lines: field.lines,
        })
    });
    let letter = Letter {
        slug: slug.to_owned(),
        title: front.title,
        short: front.short,
        to: front.to,
        page: front.page,
        fields: fields.collect::<Result<_, _>>()?,
        text: front.text,
    };
    Ok((front.order, letter))
}
