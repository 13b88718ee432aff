//! On the receipt: says at once whether the words typed back are the six words, and offers to print them.

use leptos::prelude::*;

/// Compares what is typed with the words shown. The words are read from the page itself, so that they are not in it twice.
#[island]
pub fn TypeBack() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    {
        let _ = phone::start();
    }
}

#[cfg(feature = "hydrate")]
mod phone {
    use crate::islands::page::{by_id, named_by, on_input, show_line};
    use domain::receipt::{WORDS, same_words};
    use gloo::events::EventListener;
    use leptos::prelude::window;
    use web_sys::{Element, HtmlElement, HtmlInputElement};

    pub(super) fn start() -> Option<()> {
        let part: Element = by_id("type-back")?;
        let input: HtmlInputElement = named_by(&part, "data-field")?;
        let words = named_by::<HtmlElement>(&part, "data-words")?.text_content()?;
        let print: Element = part.query_selector("[data-line=print]").ok()??;
        show_line(&part, "print", true);
        EventListener::new(&print, "click", |_| {
            // A browser that cannot print does nothing, as is right for a button that asks it to.
            let _ = window().print();
        })
        .forget();
        let read = input.clone();
        on_input(&input, move || {
            let typed = read.value();
            let is_same = same_words(&typed, &words);
            // While somebody is still typing, nothing is wrong.
            let all_there =
                typed.split_whitespace().count() >= WORDS && typed.ends_with(char::is_whitespace);
            show_line(&part, "same", is_same);
            show_line(&part, "not-yet", all_there && !is_same);
        });
        Some(())
    }
}
