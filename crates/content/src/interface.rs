//! The words of buttons, forms and frames (`interface/*.toml`) as one table of dotted keys.

use std::collections::BTreeMap;

// Puts every text of the tree in the table under its dotted key; returns the keys that could not be put.
pub(crate) fn flatten(
    tree: &toml::Table,
    above: &str,
    table: &mut BTreeMap<String, String>,
) -> Vec<String> {
    let mut refused = Vec::new();
    for (name, value) in tree {
        let key = if above.is_empty() {
            name.clone()
        } else {
            format!("{above}.{name}")
        };
        match value {
            toml::Value::Table(inner) => refused.extend(flatten(inner, &key, table)),
            toml::Value::String(text) => {
                if table.insert(key.clone(), text.clone()).is_some() {
                    refused.push(key);
                }
            }
            _ => refused.push(key),
        }
    }
    refused
}
