//! A part of the result: drawn with its values where it applies, or marked as a template for the island.

use crate::any_view::{AnyView, IntoAny};
use domain::entitlements::report::{Item, Placed};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Which parts of the result are drawn: those that apply, or all of them as a template.
pub(super) enum Parts {
    Applying {
        items: BTreeMap<String, Item>,
        offers: Vec<Placed>,
    },
    All,
}

impl Parts {
    /// A part with words: itself if it applies, or marked for the island.
    pub(super) fn text(&self, key: &str, words: String, tag: Tag) -> AnyView {
        match self {
            Parts::All => tag.draw(words, Some(key.to_owned())),
            Parts::Applying { items, .. } => match items.get(key) {
                None => ().into_any(),
                Some(item) => {
                    let filled = item.values.iter().fold(words, |words, (name, value)| {
                        words.replace(&format!("{{{name}}}"), value)
                    });
                    tag.draw(filled, None)
                }
            },
        }
    }

    /// A part that holds others.
    pub(super) fn part(&self, key: &str, inside: AnyView) -> AnyView {
        match self {
            Parts::All => view! { <section data-show=key.to_owned()>{inside}</section> }.into_any(),
            Parts::Applying { items, .. } if items.contains_key(key) => {
                view! { <section>{inside}</section> }.into_any()
            }
            Parts::Applying { .. } => ().into_any(),
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum Tag {
    Line,
    Heading,
    Item,
    Strong,
}

impl Tag {
    fn draw(self, words: String, key: Option<String>) -> AnyView {
        match self {
            Tag::Line => view! { <p data-show=key>{words}</p> }.into_any(),
            Tag::Heading => view! { <h2 class="likely" data-show=key>{words}</h2> }.into_any(),
            Tag::Item => view! { <li data-show=key>{words}</li> }.into_any(),
            Tag::Strong => view! { <p data-show=key><strong>{words}</strong></p> }.into_any(),
        }
    }
}
