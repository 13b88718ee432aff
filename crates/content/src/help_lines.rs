//! The help lines of `help.toml`.

use crate::identifier::TypedName;
use crate::lint_error::Flaw;
use crate::markdown::{digits, is_number};
use domain::date::Date;
use model::HelpLine;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HelpFile {
    line: Vec<LineRow>,
}

// As it is typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineRow {
    id: TypedName,
    name: String,
    for_whom: String,
    phone: String,
    phone_href: String,
    text: String,
    web: String,
    hours: String,
    free: bool,
    urgent: bool,
    order: i64,
    #[serde(default)]
    needs: Vec<TypedName>,
    #[serde(default)]
    night: bool,
    verified: bool,
    source: String,
    checked: Date,
}

/// A line whose names were looked at.
pub(crate) struct LineFront {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) for_whom: String,
    pub(crate) phone: String,
    pub(crate) phone_href: String,
    pub(crate) text: String,
    pub(crate) web: String,
    pub(crate) hours: String,
    pub(crate) free: bool,
    pub(crate) urgent: bool,
    pub(crate) order: i64,
    pub(crate) needs: Vec<String>,
    pub(crate) night: bool,
    pub(crate) verified: bool,
    pub(crate) source: String,
    pub(crate) checked: Date,
}

/// The lines of `help.toml` as they are written, those that are not verified too.
///
/// # Errors
///
/// Every line whose names are none.
pub(crate) fn fronts(text: &str) -> Result<Vec<LineFront>, Vec<Flaw>> {
    let file: HelpFile =
        toml::from_str(text).map_err(|error| vec![Flaw::whole(error.to_string())])?;
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    for row in file.line {
        let place = row.id.typed().to_owned();
        match line(row) {
            Ok(line) => lines.push(line),
            Err(what) => faults.push(Flaw::at(&place, what)),
        }
    }
    if faults.is_empty() {
        Ok(lines)
    } else {
        Err(faults)
    }
}

fn line(row: LineRow) -> Result<LineFront, String> {
    let needs = row.needs.into_iter().map(|need| need.checked("need"));
    Ok(LineFront {
        id: row.id.checked_or_empty("id")?,
        name: row.name,
        for_whom: row.for_whom,
        phone: row.phone,
        phone_href: row.phone_href,
        text: row.text,
        web: row.web,
        hours: row.hours,
        free: row.free,
        urgent: row.urgent,
        order: row.order,
        needs: needs.collect::<Result<_, _>>()?,
        night: row.night,
        verified: row.verified,
        source: row.source,
        checked: row.checked,
    })
}

// What is shown is what is called: a number that is tapped by somebody in danger leads to that number and nowhere else.
fn refuse_false_number(phone: &str, link: &str) -> Result<(), String> {
    if phone.is_empty() && link.is_empty() {
        return Ok(());
    }
    let number = ["tel:", "sms:"]
        .iter()
        .find_map(|kind| link.strip_prefix(kind));
    let same = number.is_some_and(|number| {
        is_number(number) && is_number(&phone.replace(' ', "")) && digits(number) == digits(phone)
    });
    match same {
        true => Ok(()),
        false => Err(format!(
            "it shows the number {phone} and its link is {link}, which is not tel: or sms: of the same digits"
        )),
    }
}

// A site is shown and typed: its name, or its address over https.
fn refuse_false_site(web: &str) -> Result<(), String> {
    let site = web.strip_prefix("https://").unwrap_or(web);
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-./_".contains(&b);
    match site.bytes().all(fits) {
        true => Ok(()),
        false => Err(format!(
            "{web} is no site, nor an address that begins with https://"
        )),
    }
}

/// The lines that were verified, each with its place in the order.
///
/// # Errors
///
/// Every line, verified or not, whose names are none, or that shows one number and calls another.
pub(crate) fn read(text: &str) -> Result<Vec<(i64, HelpLine)>, Vec<Flaw>> {
    let lines = fronts(text)?;
    let faults: Vec<Flaw> = lines
        .iter()
        .filter_map(|line| {
            let wrong = refuse_false_number(&line.phone, &line.phone_href)
                .and_then(|()| refuse_false_site(&line.web));
            wrong.err().map(|what| Flaw::at(&line.id, what))
        })
        .collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let lines = lines.into_iter();
    let verified = lines.filter(|line| line.verified && !line.id.is_empty());
    let shown = verified.map(|line| (line.order, shown(line)));
    Ok(shown.collect())
}

fn shown(line: LineFront) -> HelpLine {
    HelpLine {
        id: line.id,
        needs: line.needs,
        night: line.night,
        name: line.name,
        for_whom: line.for_whom,
        phone: line.phone,
        phone_href: line.phone_href,
        text: line.text,
        web: line.web,
        hours: line.hours,
        free: line.free,
        urgent: line.urgent,
        source: line.source,
        checked: line.checked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_its_link_are_the_same() {
        for (phone, link) in [
            ("0800 1111", "tel:08001111"),
            ("+44 20 7525 1921", "tel:+442075251921"),
            ("85258", "sms:85258"),
            ("", ""),
        ] {
            assert_eq!(refuse_false_number(phone, link), Ok(()), "{phone} {link}");
        }
        for (phone, link) in [
            ("0800 1111", "https://other.example/"),
            ("0800 1111", "tel:09001111"),
            ("0800 1111", "tel:08001111?x"),
            ("0800 1111", "tel:0800 1111"),
            ("0800 1111", "javascript:08001111"),
            ("0800 1111", "TEL:08001111"),
            ("0800 1111", ""),
            ("", "tel:08001111"),
            ("Childline", "tel:"),
        ] {
            assert!(refuse_false_number(phone, link).is_err(), "{phone} {link}");
        }
        for site in ["", "childline.org.uk", "https://childline.org.uk/x"] {
            assert_eq!(refuse_false_site(site), Ok(()), "{site}");
        }
        for site in ["http://childline.org.uk", "javascript:x", "a b", "a\"b"] {
            assert!(refuse_false_site(site).is_err(), "{site}");
        }
    }
}
