//! The text of a letter, cut at the fields that its writer fills in.

/// A piece of a letter's text.
#[derive(Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Words.
    Text(&'a str),
    /// The field with this name.
    Field(&'a str),
}

/// Cuts a paragraph at its fields: `{id}`.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((id, behind)) = after.split_once('}') else {
            break;
        };
        found.push(Part::Text(before));
        found.push(Part::Field(id));
        rest = behind;
    }
    found.push(Part::Text(rest));
    found.retain(|part| *part != Part::Text(""));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_a_paragraph_at_its_fields() {
        assert_eq!(
            parts("Dear {name}, I am {age}"),
            [
                Part::Text("Dear "),
                Part::Field("name"),
                Part::Text(", I am "),
                Part::Field("age")
            ]
        );
        assert_eq!(parts("no {end"), [Part::Text("no {end")]);
    }
}
