//! What the checker can name (`entitlements.toml`): whom it is for, since when, how much and how to ask.

use crate::front_matter::certainty;
use crate::identifier::TypedName;
use crate::lint_error::Flaw;
use domain::date::Date;
use domain::entitlements::outcome::Status;
use domain::entitlements::report::{Offer, Only};
use domain::view::Topic;
use model::{Certainty, Entitlement};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    entitlement: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: TypedName,
    group: TypedName,
    title: String,
    what: String,
    ask: String,
    r#for: Vec<String>,
    from_age: Option<i32>,
    to_age: Option<i32>,
    #[serde(default)]
    only: Vec<String>,
    #[serde(default)]
    right: TypedName,
    topic: String,
    law: String,
    source: String,
    certainty: String,
    checked: Date,
    review_by: Date,
    act: Option<String>,
    starts: Option<String>,
    #[serde(default)]
    amount: Vec<Amount>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Amount {
    text: String,
    from: Date,
    until: String,
}

/// Reads the rows that are in force or have a day on which they begin.
pub(crate) fn read(text: &str) -> Result<Vec<Entitlement>, Vec<Flaw>> {
    let file: File = toml::from_str(text).map_err(|error| vec![Flaw::whole(error.to_string())])?;
    let (mut rows, mut faults, mut ids) = (Vec::new(), Vec::new(), BTreeSet::new());
    for row in file.entitlement {
        let id = row.id.typed().to_owned();
        if !ids.insert(id.clone()) {
            faults.push(Flaw::at(&id, "it stands twice"));
        }
        match entitlement(row) {
            Ok(Some(row)) => rows.push(row),
            Ok(None) => {}
            Err(what) => faults.push(Flaw::at(&id, what)),
        }
    }
    if faults.is_empty() {
        Ok(rows)
    } else {
        Err(faults)
    }
}

fn entitlement(row: Row) -> Result<Option<Entitlement>, String> {
    let certainty = certainty(&row.certainty)?;
    Topic::from_id(&row.topic).ok_or_else(|| format!("there is no topic {}", row.topic))?;
    let day = |text: &str| {
        let day = text.parse::<Date>();
        day.map_err(|_| format!("{text} is not a day"))
    };
    // An Act without a first day is not in force yet: its row is off until an editor writes the day.
    let starts = match (&row.act, row.starts.as_deref()) {
        (Some(_), None | Some("")) => None,
        (Some(_), Some(text)) => Some(Some(day(text)?)),
        (None, None) => Some(None),
        (None, Some(_)) => return Err("it has a start and names no Act".to_owned()),
    };
    if certainty == Certainty::Ask && !row.amount.is_empty() {
        return Err("it is not checked, so it may not state an amount".to_owned());
    }
    let placeholders = row.what.matches("{amount}").count();
    if placeholders != usize::from(!row.amount.is_empty()) {
        return Err(
            "{amount} stands once in `what` when there are amounts, and never otherwise".to_owned(),
        );
    }
    let statuses = row.r#for.iter().map(|id| {
        Status::from_id(id)
            .filter(|status| *status != Status::Ask)
            .ok_or_else(|| format!("there is no status {id}"))
    });
    let only = row
        .only
        .iter()
        .map(|id| Only::from_id(id).ok_or_else(|| format!("there is no circumstance {id}")));
    let figures = row.amount.iter().map(|amount| {
        let until = match amount.until.as_str() {
            "" => None,
            until => Some(day(until)?),
        };
        Ok::<_, String>((amount.from, until))
    });
    let offer = Offer {
        statuses: statuses.collect::<Result<_, _>>()?,
        from_age: row.from_age,
        to_age: row.to_age,
        only: only.collect::<Result<_, _>>()?,
        starts: starts.flatten(),
        figures: figures.collect::<Result<_, _>>()?,
    };
    let (id, group) = (row.id.checked("id")?, row.group.checked("group")?);
    let right = row.right.checked_or_empty("right")?;
    Ok(starts.map(|_| Entitlement {
        id,
        group,
        title: row.title,
        what: row.what,
        ask: row.ask,
        right,
        topic: row.topic,
        law: row.law,
        source: row.source,
        certainty,
        checked: row.checked,
        review_by: row.review_by,
        amounts: row.amount.into_iter().map(|amount| amount.text).collect(),
        offer,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = r#"
[[entitlement]]
id = "staying-close"
group = "home"
title = "Staying close"
what = "Help."
ask = "Ask."
for = ["former_relevant"]
topic = "home"
law = "s.7"
source = "The Act"
certainty = "verified"
checked = "2026-11-21"
review_by = "2027-11-21"
"#;

    #[test]
    fn an_act_not_in_force_is_off_until_it_has_a_day() {
        let with = |more: &str| read(&format!("{ROW}{more}"));
        assert_eq!(with("").unwrap().len(), 1);
        assert_eq!(with("act = \"Act s.7\"\nstarts = \"\"").unwrap().len(), 0);
        let on = with("act = \"Act s.7\"\nstarts = \"2027-04-01\"").unwrap();
        assert_eq!(on[0].offer.starts, "2027-04-01".parse().ok());
        assert!(with("starts = \"2027-04-01\"").is_err());
        assert!(with("act = \"Act\"\nstarts = \"soon\"").is_err());
    }

    #[test]
    fn says_what_is_wrong() {
        let only = |text: &str| -> String {
            let faults = read(text).unwrap_err();
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert_eq!(faults[0].place, "staying-close");
            faults[0].message.clone()
        };
        let fault = |from: &str, to: &str| only(&ROW.replace(from, to));
        assert!(fault("former_relevant", "leaver").contains("no status leaver"));
        assert!(fault("\"home\"\nlaw", "\"x\"\nlaw").contains("no topic x"));
        assert!(fault("Help.", "You get {amount}.").contains("{amount}"));
        let twice = only(&format!("{ROW}{ROW}"));
        assert!(twice.contains("stands twice"), "{twice}");
        let unchecked = ROW.replace("verified", "ask").replace("Help.", "{amount}");
        let amount = "[[entitlement.amount]]\ntext = \"1\"\nfrom = \"2026-01-01\"\nuntil = \"\"\n";
        let fault = only(&format!("{unchecked}{amount}"));
        assert!(fault.contains("may not state an amount"), "{fault}");
    }
}
