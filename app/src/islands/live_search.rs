//! The search on the phone: what is found is shown while somebody types, with the index and the ranking that the server
//! has. What is typed is not sent, and is kept nowhere. Everything it shows is copied from the page's templates.

use leptos::prelude::*;

/// Watches the search box of the page.
#[island]
pub fn LiveSearch() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    {
        let _ = phone::start();
    }
}

#[cfg(feature = "hydrate")]
mod phone {
    use crate::islands::page::by_id;
    use gloo::events::{EventListener, EventListenerOptions};
    use gloo::timers::callback::Timeout;
    use leptos::prelude::document;
    use leptos::wasm_bindgen::JsCast;
    use search::{Found, Index, Results};
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;
    use web_sys::{
        DocumentFragment, Element, HtmlElement, HtmlInputElement, HtmlTemplateElement,
        XmlHttpRequest,
    };

    /// So long after the last key what was typed is looked for.
    const PAUSE_MS: u32 = 150;

    struct Searching {
        form: Element,
        input: HtmlInputElement,
        /// The index is on its way, or here.
        asked: Cell<bool>,
        index: RefCell<Option<Index>>,
        /// Runs out when nothing more is typed.
        pause: RefCell<Option<Timeout>>,
        /// What stands under the box answers this. It is not drawn again: somebody may be in the middle of it.
        answered: RefCell<String>,
    }

    /// Without one of its parts the page stays as it is, and the server searches.
    pub(super) fn start() -> Option<()> {
        let input: HtmlInputElement = by_id("q")?;
        let form = input.closest("form").ok()??;
        let hint: Element = by_id("search-hint")?;
        let all = Rc::new(Searching {
            form: form.clone(),
            input: input.clone(),
            asked: Cell::new(false),
            index: RefCell::new(None),
            pause: RefCell::new(None),
            answered: RefCell::default(),
        });
        let own = Rc::clone(&all);
        EventListener::new(&form, "focusin", move |_| {
            let _ = fetch(&own);
        })
        .forget();
        let own = Rc::clone(&all);
        EventListener::new(&input, "input", move |_| look_soon(&own)).forget();
        let own = Rc::clone(&all);
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&form, "submit", options, move |event| {
            // Without the index the form goes to the server.
            if answer(&own).is_some() {
                event.prevent_default();
            }
        })
        .forget();
        // Said with the box, so that nobody is surprised by what appears under it.
        input.set_attribute("aria-describedby", &hint.id()).ok()?;
        // Somebody was faster than this script.
        let active = document().active_element();
        if active.is_some_and(|active| active.id() == input.id()) || !input.value().is_empty() {
            fetch(&all)?;
        }
        Some(())
    }

    /// Fetches the index, once. If it does not come, the server searches, and the next touch of the box tries again.
    fn fetch(all: &Rc<Searching>) -> Option<()> {
        if all.asked.replace(true) {
            return None;
        }
        let request = XmlHttpRequest::new().ok()?;
        // Beside the page that asks, in whichever language it is.
        let words = all.form.get_attribute("action")? + "/words";
        request.open("GET", &words).ok()?;
        let (answer, own) = (request.clone(), Rc::clone(all));
        EventListener::once(&request, "loadend", move |_| {
            let text = answer.response_text().ok().flatten().unwrap_or_default();
            match Index::read(&text) {
                Ok(index) => {
                    *own.index.borrow_mut() = Some(index);
                    let _ = look(&own);
                }
                Err(_) => own.asked.set(false),
            }
        })
        .forget();
        request.send().ok()
    }

    fn look_soon(all: &Rc<Searching>) {
        let own = Rc::clone(all);
        let pause = Timeout::new(PAUSE_MS, move || {
            let _ = look(&own);
        });
        *all.pause.borrow_mut() = Some(pause);
    }

    /// What is found for what stands in the box now.
    fn results(all: &Searching) -> Option<Results> {
        let index = all.index.borrow();
        let typed = all.input.value();
        let results = index.as_ref()?.search(&typed);
        all.answered.replace(typed);
        Some(results)
    }

    /// While somebody types. Half a word may find nothing: that is said only when the button is pressed.
    fn look(all: &Searching) -> Option<()> {
        if *all.answered.borrow() == all.input.value() {
            return None;
        }
        let results = results(all)?;
        let title = if results.found.is_empty() {
            put(&results, None)?;
            None
        } else {
            Some(put_list(&results)?)
        };
        let urgent = document().query_selector("#urgent-title").ok().flatten();
        let urgent = urgent.and_then(|title| title.text_content());
        let words: Vec<String> = urgent.into_iter().chain(title).collect();
        say(&words.join(". "))
    }

    /// The button or Enter was pressed. The answer takes the focus: it is read out, and a keyboard on the screen makes
    /// room for it.
    fn answer(all: &Searching) -> Option<()> {
        let results = results(all)?;
        all.pause.borrow_mut().take();
        if results.found.is_empty() {
            let nothing = template("search-nothing")?;
            if all.input.value().trim().is_empty() {
                let words = data("search-nothing", "data-empty")?;
                find(&nothing, "h2")?.set_text_content(Some(&words));
            }
            put(&results, Some(&nothing))?;
        } else {
            put_list(&results)?;
        }
        say("")?;
        let first = document().query_selector("#search-results h2").ok()??;
        first.set_attribute("tabindex", "-1").ok()?;
        first.scroll_into_view();
        first.dyn_into::<HtmlElement>().ok()?.focus().ok()
    }

    /// Shows what was found, and gives its title.
    fn put_list(results: &Results) -> Option<String> {
        let list = template("search-list")?;
        let row = find(&list, "li")?;
        let rows = row.parent_element()?;
        row.remove();
        for found in &results.found {
            let row: Element = row.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
            fill(&row, found)?;
            rows.append_child(&row).ok()?;
        }
        let count = results.found.len();
        let words = if count == 1 { "data-one" } else { "data-many" };
        let title = data("search-list", words)?.replace("{count}", &count.to_string());
        find(&list, "h2")?.set_text_content(Some(&title));
        put(results, Some(&list))?;
        Some(title)
    }

    fn fill(row: &Element, found: &Found) -> Option<()> {
        let link = row.query_selector("a").ok()??;
        // The template's own link has the language of the page: `/es/` for `/`.
        let root = link.get_attribute("href")?;
        let address = format!("{}{}", root.trim_end_matches('/'), found.address);
        link.set_attribute("href", &address).ok()?;
        let short = row.query_selector("p").ok()??;
        for (part, text) in [(&link, &found.title), (&short, &found.short)] {
            part.set_text_content(Some(text));
            if found.in_english {
                part.set_attribute("lang", "en").ok()?;
                part.set_attribute("dir", "ltr").ok()?;
            }
        }
        Some(())
    }

    /// Puts these parts under the box, the lines for danger above them if they are needed. Without parts: the words that
    /// stood there at first.
    fn put(results: &Results, parts: Option<&DocumentFragment>) -> Option<()> {
        let outside: Element = by_id("search-results")?;
        let urgent = results.urgent.then(|| template("search-urgent"));
        outside.set_text_content(None);
        for part in [urgent.flatten().as_ref(), parts].into_iter().flatten() {
            outside.append_child(part).ok()?;
        }
        by_id::<HtmlElement>("search-lead")?.set_hidden(outside.has_child_nodes());
        Some(())
    }

    /// Has it read out.
    fn say(words: &str) -> Option<()> {
        let said: Element = by_id("search-said")?;
        if said.text_content().as_deref() != Some(words) {
            said.set_text_content(Some(words));
        }
        Some(())
    }

    fn template(id: &str) -> Option<DocumentFragment> {
        let template: HtmlTemplateElement = by_id(id)?;
        let copy = template.content().clone_node_with_deep(true).ok()?;
        copy.dyn_into().ok()
    }

    fn data(id: &str, name: &str) -> Option<String> {
        by_id::<Element>(id)?.get_attribute(name)
    }

    fn find(inside: &DocumentFragment, selector: &str) -> Option<Element> {
        inside.query_selector(selector).ok().flatten()
    }
}
