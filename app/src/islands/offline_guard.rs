//! Before a form is sent: asks whether the server can be reached, so that words are not lost on a browser's error
//! page when there is no signal; and lets a second press do nothing.

use leptos::prelude::*;

/// Guards the form that the element with the id `guard` names.
#[island]
pub fn SendGuard() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    {
        let _ = phone::start();
    }
}

#[cfg(feature = "hydrate")]
mod phone {
    use crate::islands::page::{by_id, named_by, show_line};
    use gloo::events::{EventListener, EventListenerOptions};
    use gloo::timers::callback::Timeout;
    use leptos::prelude::document;
    use leptos::wasm_bindgen::JsCast;
    use std::cell::Cell;
    use std::rc::Rc;
    use web_sys::{Element, HtmlFormElement, HtmlInputElement};

    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Now {
        Idle,
        Asking,
        Sending,
        NoSignal,
    }

    struct Guard {
        part: Element,
        now: Cell<Now>,
    }

    impl Guard {
        fn turn(&self, now: Now) {
            self.now.set(now);
            for (line, when) in [
                ("asking", Now::Asking),
                ("sending", Now::Sending),
                ("no-signal", Now::NoSignal),
            ] {
                show_line(&self.part, line, now == when);
            }
        }
    }

    pub(super) fn start() -> Option<()> {
        let part: Element = by_id("guard")?;
        let form: HtmlFormElement = named_by(&part, "data-form")?;
        let guard = Rc::new(Guard {
            part,
            now: Cell::new(Now::Idle),
        });
        let guarded = form.clone();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&form, "submit", options, move |event| {
            let pressed = event
                .dyn_ref::<web_sys::SubmitEvent>()
                .and_then(|event| event.submitter());
            let attribute = |name: &str| pressed.as_ref()?.get_attribute(name);
            let name = attribute("name").unwrap_or_default();
            let value = attribute("value").unwrap_or_default();
            // "Back" and "change" send nothing to anybody.
            if name == "go" && value != "send" {
                return;
            }
            event.prevent_default();
            if matches!(guard.now.get(), Now::Asking | Now::Sending) {
                return;
            }
            guard.turn(Now::Asking);
            let patience = give_up_later(&guard);
            let (form, guard) = (guarded.clone(), Rc::clone(&guard));
            wasm_bindgen_futures::spawn_local(async move {
                let reached = can_reach_server().await;
                patience.cancel();
                // Given up meanwhile: the words on the page already say "not sent".
                if guard.now.get() != Now::Asking {
                    return;
                }
                if reached {
                    guard.turn(Now::Sending);
                    send(&form, &name, &value);
                } else {
                    guard.turn(Now::NoSignal);
                }
            });
        })
        // The guard lives as long as the page.
        .forget();
        Some(())
    }

    fn give_up_later(guard: &Rc<Guard>) -> Timeout {
        const PATIENCE_MS: u32 = 10_000;
        let guard = Rc::clone(guard);
        Timeout::new(PATIENCE_MS, move || {
            if guard.now.get() == Now::Asking {
                guard.turn(Now::NoSignal);
            }
        })
    }

    async fn can_reach_server() -> bool {
        let answer = reqwasm::http::Request::get("/health")
            .cache(web_sys::RequestCache::NoStore)
            .send()
            .await;
        answer.is_ok_and(|answer| answer.ok())
    }

    // `submit()` leaves out the button that was pressed, so its name and value go along as a hidden field.
    fn send(form: &HtmlFormElement, name: &str, value: &str) {
        let field = document()
            .create_element("input")
            .ok()
            .and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        if let (Some(field), false) = (field, name.is_empty()) {
            field.set_type("hidden");
            field.set_name(name);
            field.set_value(value);
            let _ = form.append_child(&field);
        }
        let _ = form.submit();
    }
}
