//! Under the text of a view: how much room is left, and what might identify the writer. All on the phone.

use leptos::prelude::*;

/// Watches the text that the element with the id `composer` is about.
#[island]
pub fn Composer() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    {
        let _ = phone::start();
    }
}

#[cfg(feature = "hydrate")]
mod phone {
    use crate::islands::page::{by_id, named_by, on_input, show_line};
    use domain::identity_hints::identity_hints;
    use web_sys::{Element, HtmlTextAreaElement};

    // With this number of characters left or fewer, the count is read out as well.
    const NEARLY_FULL: usize = 20;

    pub(super) fn start() -> Option<()> {
        let part: Element = by_id("composer")?;
        let area: HtmlTextAreaElement = named_by(&part, "data-field")?;
        let count: Element = part.query_selector("[data-line=left]").ok()??;
        let max: usize = part.get_attribute("data-max")?.parse().ok()?;
        let words = part.get_attribute("data-left")?;
        let read = area.clone();
        on_input(&area, move || {
            let text = read.value();
            // The browser counts a textarea's room in UTF-16 units, so this does too.
            let left = max.saturating_sub(text.encode_utf16().count());
            count.set_text_content(Some(&words.replace("{left}", &left.to_string())));
            let live = if left <= NEARLY_FULL { "polite" } else { "off" };
            let _ = count.set_attribute("aria-live", live);
            let found = identity_hints(&text);
            for (line, shown) in [
                ("found", found.any()),
                ("name", found.name),
                ("place", found.place),
                ("postcode", found.postcode),
                ("phone", found.phone),
                ("email", found.email),
            ] {
                show_line(&part, line, shown);
            }
        });
        Some(())
    }
}
