//! The checker on the phone: the same questions and the same result as the server draws, with no request from the first
//! question to the last. Everything it shows is cloned from templates, which it fetches once the page has been shown; what
//! was answered lives in the page only, and is gone when it is left.

use leptos::prelude::*;

/// Takes over the form with the id `check-form`.
#[island]
pub fn Checker() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    {
        let _ = phone::start();
    }
}

#[cfg(feature = "hydrate")]
mod phone {
    use crate::islands::page::by_id;
    use domain::date::Date;
    use domain::entitlements::answer_text;
    use domain::entitlements::answers::When;
    use domain::entitlements::parse::{Code, UNKNOWN};
    use domain::entitlements::progress::{self, Answered, Progress, Rejected};
    use domain::entitlements::questions::{AnswerTexts, Input, Question};
    use domain::entitlements::report::{Comes, Offer, Placed, Shown, calendar, items, show};
    use gloo::events::{EventListener, EventListenerOptions};
    use leptos::prelude::document;
    use leptos::wasm_bindgen::JsCast;
    use std::cell::RefCell;
    use std::rc::Rc;
    use web_sys::{DocumentFragment, Element, HtmlElement, HtmlFormElement, HtmlInputElement};

    /// Where somebody is. Nothing is kept anywhere else.
    #[derive(Default)]
    struct Place {
        texts: AnswerTexts,
        /// Where the answers lead: walked once for each of them.
        progress: Progress,
        /// The question that is open; none: the result.
        at: Option<Question>,
        /// What the result shows.
        shown: Option<Shown>,
    }

    /// Fetches the templates as a document, which needs no text to be made into markup in this page. If they do not
    /// come, the server goes on asking.
    pub(super) fn start() -> Option<()> {
        let request = web_sys::XmlHttpRequest::new().ok()?;
        // Beside the page that asks, in whichever language it is.
        let form: Element = by_id("check-form")?;
        let kit = form.get_attribute("action")? + "/kit";
        request.open("GET", &kit).ok()?;
        request.override_mime_type("text/html").ok()?;
        request.set_response_type(web_sys::XmlHttpRequestResponseType::Document);
        let answer = request.clone();
        EventListener::once(&request, "load", move |_| {
            let _ = take_kit(&answer);
        })
        .forget();
        request.send().ok()
    }

    fn take_kit(answer: &web_sys::XmlHttpRequest) -> Option<()> {
        let kit = answer.response_xml().ok()??;
        let check: Element = by_id("check")?;
        for part in all(&kit, "template, #check-words") {
            check
                .append_child(&document().import_node_with_deep(&part, true).ok()?)
                .ok()?;
        }
        take_over()
    }

    /// Takes the form over. Without one of the parts it leaves everything to the server.
    fn take_over() -> Option<()> {
        let form: HtmlFormElement = by_id("check-form")?;
        let place = Rc::new(RefCell::new(Place {
            at: Some(Question::one("born")),
            ..Place::default()
        }));
        let words: HtmlElement = by_id("check-words")?;
        let note: HtmlElement = by_id("check-note")?;
        note.set_text_content(words.get_attribute("data-phone").as_deref());

        let options = EventListenerOptions::enable_prevent_default();
        let asked = Rc::clone(&place);
        let answered = form.clone();
        EventListener::new_with_options(&form, "submit", options, move |event| {
            event.prevent_default();
            let pressed = event
                .dyn_ref::<web_sys::SubmitEvent>()
                .and_then(|event| event.submitter());
            let attribute = |name: &str| {
                let value = pressed
                    .as_ref()
                    .and_then(|button| button.get_attribute(name));
                value.unwrap_or_default()
            };
            // A part that is missing from the page ends the step, and the page stays as it is.
            let _ = pressed_button(&answered, &asked, &attribute("name"), &attribute("value"));
        })
        .forget();
        // "Start again" is a link for the server; here it wipes what was answered.
        EventListener::new_with_options(&form, "click", options, move |event| {
            let link = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok())
                .and_then(|target| target.closest("#check-buttons a").ok().flatten());
            if link.is_some() {
                event.prevent_default();
                let _ = start_again(&place);
            }
        })
        .forget();
        Some(())
    }

    fn pressed_button(
        form: &HtmlFormElement,
        place: &RefCell<Place>,
        name: &str,
        value: &str,
    ) -> Option<()> {
        if name == "go" {
            return match value {
                "back" => back(place),
                "calendar" => offer_calendar(place),
                "sheet" | "result" => turn_sheet(value == "sheet"),
                _ => change(place, value.strip_prefix("change:")?),
            };
        }
        let question = place.borrow().at?;
        let posted = |field: &str| match field {
            "unknown" if name == "unknown" => "yes".to_owned(),
            "v" => find(form, "input[name=v]:checked")
                .map(|input| input_value(&input))
                .unwrap_or_default(),
            _ => find(form, &format!("input[name={field}]"))
                .map(|input| input_value(&input))
                .unwrap_or_default(),
        };
        let outcome = progress::answer(&place.borrow().texts, question, posted, today()?);
        match outcome {
            Ok(Answered { texts, progress }) => go_on(place, texts, progress),
            Err(Rejected { problem, .. }) => tell(question, problem),
        }
    }

    fn start_again(place: &RefCell<Place>) -> Option<()> {
        let texts = AnswerTexts::new();
        let progress = progress::walk(&texts, today()?);
        go_on(place, texts, progress)
    }

    /// The next question, or the result.
    fn go_on(place: &RefCell<Place>, texts: AnswerTexts, progress: Progress) -> Option<()> {
        *place.borrow_mut() = Place {
            at: progress.next,
            texts,
            progress,
            shown: None,
        };
        let Some(question) = place.borrow().at else {
            let shown = show(&place.borrow().progress.interpretations, &offers()?)?;
            draw_result(&shown)?;
            place.borrow_mut().shown = Some(shown);
            let place = place.borrow();
            draw_answers(&place.texts, &place.progress.answered, true)?;
            return focus_heading();
        };
        let place = place.borrow();
        draw_question(&place, question, &place.progress.answered)?;
        match place.progress.problem {
            Some(problem) => tell(question, problem),
            None => focus_heading(),
        }
    }

    fn back(place: &RefCell<Place>) -> Option<()> {
        let at = place.borrow().at;
        let earlier = place.borrow().progress.previous(at);
        reopen(place, earlier?)
    }

    fn change(place: &RefCell<Place>, key: &str) -> Option<()> {
        reopen(place, Question::from_key(key)?)
    }

    fn reopen(place: &RefCell<Place>, question: Question) -> Option<()> {
        place.borrow_mut().at = Some(question);
        let place = place.borrow();
        draw_question(&place, question, &place.progress.before(question))?;
        focus_heading()
    }

    fn today() -> Option<Date> {
        Date::in_london((js_sys::Date::now() / 1000.0) as i64)
    }

    // ------------------------------------------------------------ drawing

    fn draw_question(place: &Place, question: Question, answered: &[Question]) -> Option<()> {
        let block = template(&format!("check-q-{}", question.id))?;
        let number = question.index.unwrap_or_default() + 1;
        for text in all(&block, "h1, legend") {
            fill(&text, &[("n", number.to_string())]);
        }
        let options = question.options(&place.texts);
        for input in all(&block, "input[name=v]") {
            if !options.contains(&input_value(&input).as_str()) {
                input.closest(".choice").ok()??.remove();
            }
        }
        let told = place.texts.get(&question.key());
        for (name, value) in told
            .map(|text| answer_text::typed(question, text))
            .unwrap_or_default()
        {
            for input in all(&block, &format!("input[name={name}]")) {
                let input: HtmlInputElement = input.dyn_into().ok()?;
                if name != "v" {
                    input.set_value(&value);
                } else if input.value() == value {
                    input.set_checked(true);
                }
            }
        }
        put("check-ask", &block)?;
        let result: Element = by_id("check-result")?;
        result.set_text_content(None);
        result.remove_attribute("data-view").ok()?;
        let by_number = (answered.len() + 1).to_string();
        let step: HtmlElement = by_id("check-step")?;
        step.set_text_content(word("data-step").as_deref());
        fill(&step, &[("n", by_number)]);
        for (id, shown) in [
            ("check-step", true),
            ("check-lead", answered.is_empty()),
            ("check-next", true),
            (
                "check-unknown",
                matches!(question.input(), Input::Date | Input::Number(_)),
            ),
            ("check-back", !answered.is_empty()),
        ] {
            by_id::<HtmlElement>(id)?.set_hidden(!shown);
        }
        if let Some(errors) = document().get_element_by_id("errors") {
            errors.remove();
        }
        draw_answers(&place.texts, answered, false)
    }

    /// The summary above the question, and the words beside it.
    fn tell(question: Question, problem: Code) -> Option<()> {
        if let Some(errors) = document().get_element_by_id("errors") {
            errors.remove();
        }
        let summary = template("check-errors")?;
        let to = match question.input() {
            Input::Day | Input::Date => "#day",
            Input::Number(_) => "#number",
            _ => "#v",
        };
        for line in all(&summary, "li") {
            if line.get_attribute("data-code").as_deref() != Some(problem.id()) {
                line.remove();
                continue;
            }
            let link = document().create_element("a").ok()?;
            link.set_attribute("href", to).ok()?;
            link.set_text_content(line.text_content().as_deref());
            line.set_text_content(None);
            line.append_child(&link).ok()?;
        }
        let check: Element = by_id("check")?;
        check
            .insert_before(&summary, check.first_child().as_ref())
            .ok()?;
        by_id::<HtmlElement>("errors")?.focus().ok()
    }

    /// What was answered, with a button to change each; behind a result with its buttons.
    fn draw_answers(texts: &AnswerTexts, answered: &[Question], ended: bool) -> Option<()> {
        let hidden: HtmlElement = by_id("check-answers")?;
        hidden.set_text_content(None);
        if answered.is_empty() {
            return Some(());
        }
        let list = template("check-list")?;
        let rows = list.query_selector("dl").ok()??;
        for question in answered {
            let row = template("check-row")?;
            let short = template_of(question.id)?
                .get_attribute("data-short")
                .unwrap_or_default();
            let label = match question.index {
                Some(index) => format!("{short} {}", index + 1),
                None => short,
            };
            let text = texts.get(&question.key()).cloned().unwrap_or_default();
            row.query_selector("dt")
                .ok()??
                .set_text_content(Some(&label));
            row.query_selector("dd")
                .ok()??
                .set_text_content(Some(&in_words(*question, &text)));
            row.query_selector("button span span")
                .ok()??
                .set_text_content(Some(&label));
            let button = row.query_selector("button").ok()??;
            button
                .set_attribute("value", &format!("change:{}", question.key()))
                .ok()?;
            rows.append_child(&row).ok()?;
        }
        hidden.append_child(&list).ok()?;
        if ended {
            let buttons = result_buttons(false)?;
            hidden.append_child(&buttons).ok()?;
        }
        Some(())
    }

    fn result_buttons(sheet: bool) -> Option<Element> {
        let both = template("check-end")?;
        all(&both, "#check-buttons")
            .into_iter()
            .nth(usize::from(sheet))
    }

    /// An answer as a person would say it: the same words as on the server.
    fn in_words(question: Question, text: &str) -> String {
        if text == UNKNOWN {
            return word("data-none").unwrap_or_default();
        }
        let label = template_of(question.id)
            .and_then(|template| {
                all(&template.content(), "input[name=v]")
                    .into_iter()
                    .find(|input| input_value(input) == text)
            })
            .and_then(|input| input.closest(".choice").ok().flatten())
            .and_then(|choice| choice.query_selector("label").ok().flatten())
            .and_then(|label| label.text_content());
        if let Some(label) = label {
            return label;
        }
        match When::from_text(text) {
            Some(When::Day(date)) => in_full(date),
            Some(when) => {
                let (year, month, _) = when.first().year_month_day();
                let words = word("data-month").unwrap_or_default();
                words
                    .replace("{month}", &month_name(month))
                    .replace("{year}", &year.to_string())
            }
            None if When::from_year(text).is_some() => word("data-year")
                .unwrap_or_default()
                .replace("{year}", text),
            None => text.to_owned(),
        }
    }

    fn month_name(month: u32) -> String {
        let months = word("data-months").unwrap_or_default();
        months
            .split('|')
            .nth(month as usize - 1)
            .unwrap_or_default()
            .to_owned()
    }

    fn in_full(date: Date) -> String {
        let (year, month, day) = date.year_month_day();
        word("data-date")
            .unwrap_or_default()
            .replace("{day}", &day.to_string())
            .replace("{month}", &month_name(month))
            .replace("{year}", &year.to_string())
    }

    fn draw_result(shown: &Shown) -> Option<()> {
        let parts = template("check-parts")?;
        let items = items(shown, in_full);
        place_offers(&parts, &shown.offers)?;
        for part in all(&parts, "[data-show]") {
            let key = part.get_attribute("data-show").unwrap_or_default();
            match items.iter().find(|item| item.key == key) {
                None => part.remove(),
                Some(item) => {
                    part.remove_attribute("data-show").ok()?;
                    if !item.values.is_empty() {
                        fill(&part, &item.values);
                    }
                }
            }
        }
        put("check-result", &parts)?;
        by_id::<Element>("check-ask")?.set_text_content(None);
        for id in [
            "check-step",
            "check-lead",
            "check-next",
            "check-unknown",
            "check-back",
        ] {
            by_id::<HtmlElement>(id)?.set_hidden(true);
        }
        if let Some(errors) = document().get_element_by_id("errors") {
            errors.remove();
        }
        Some(())
    }

    /// Moves each entitlement that applies from the pool to its list, with its dates and the amount that holds then.
    fn place_offers(parts: &DocumentFragment, placed: &[Placed]) -> Option<()> {
        for one in placed {
            let (list, from) = match one.comes {
                Comes::Now => ("now", None),
                Comes::Soon(date) => ("soon", Some(date)),
                Comes::Later(date) => ("later", Some(date)),
            };
            let list = parts
                .query_selector(&format!("[data-list={list}]"))
                .ok()??;
            let offer = parts
                .query_selector(&format!("[data-offer=\"{}\"]", one.offer))
                .ok()??;
            for (part, date) in [("from", from), ("until", one.until)] {
                let line = offer
                    .query_selector(&format!("[data-part={part}]"))
                    .ok()??;
                match date {
                    Some(date) => fill(&line, &[("date", in_full(date))]),
                    None => line.remove(),
                }
            }
            if !one.may {
                offer.query_selector("[data-part=may]").ok()??.remove();
            }
            let figure = one
                .figure
                .map_or("none".to_owned(), |figure| figure.to_string());
            for text in all(&offer, "[data-figure]") {
                if text.get_attribute("data-figure").as_ref() != Some(&figure) {
                    text.remove();
                }
            }
            list.append_child(&offer).ok()?;
        }
        parts.query_selector("[data-pool]").ok()??.remove();
        Some(())
    }

    fn offers() -> Option<Vec<Offer>> {
        let parts = template("check-parts")?;
        all(&parts, "[data-offer]")
            .iter()
            .map(|offer| Offer::from_line(&offer.get_attribute("data-line")?))
            .collect()
    }

    fn turn_sheet(sheet: bool) -> Option<()> {
        let result: Element = by_id("check-result")?;
        if sheet {
            result.set_attribute("data-view", "sheet").ok()?;
        } else {
            result.remove_attribute("data-view").ok()?;
        }
        let buttons = result_buttons(sheet)?;
        by_id::<Element>("check-buttons")?
            .replace_with_with_node_1(&buttons)
            .ok()?;
        focus_heading()
    }

    /// Hands the dates to the phone as a file made here.
    fn offer_calendar(place: &RefCell<Place>) -> Option<()> {
        let place = place.borrow();
        let shown = place.shown.as_ref()?;
        let parts = template("check-parts")?;
        let dates: Vec<(Date, String)> = shown
            .dates
            .iter()
            .filter_map(|(date, key)| {
                let line = parts
                    .query_selector(&format!("[data-show=\"when.{key}\"]"))
                    .ok()??;
                Some((*date, line.text_content()?.replacen("{date}: ", "", 1)))
            })
            .collect();
        let text = js_sys::Array::of1(&calendar(shown.on, &dates).into());
        let file = web_sys::Blob::new_with_str_sequence(&text).ok()?;
        let address = web_sys::Url::create_object_url_with_blob(&file).ok()?;
        let link = document().create_element("a").ok()?;
        link.set_attribute("href", &address).ok()?;
        link.set_attribute("download", "dates.ics").ok()?;
        link.dyn_into::<HtmlElement>().ok()?.click();
        web_sys::Url::revoke_object_url(&address).ok()
    }

    // ------------------------------------------------------------ the page's own parts

    fn template_of(id: &str) -> Option<web_sys::HtmlTemplateElement> {
        by_id(&format!("check-q-{id}"))
    }

    fn template(id: &str) -> Option<DocumentFragment> {
        let template: web_sys::HtmlTemplateElement = by_id(id)?;
        template
            .content()
            .clone_node_with_deep(true)
            .ok()?
            .dyn_into()
            .ok()
    }

    fn word(name: &str) -> Option<String> {
        by_id::<Element>("check-words")?.get_attribute(name)
    }

    fn put(id: &str, inside: &web_sys::Node) -> Option<()> {
        let outside: Element = by_id(id)?;
        outside.set_text_content(None);
        outside.append_child(inside).ok().map(drop)
    }

    /// Puts values where a text says `{name}`. Only for elements that hold nothing but text.
    fn fill(element: &Element, values: &[(&'static str, String)]) {
        let text = element.text_content().unwrap_or_default();
        let filled = values.iter().fold(text, |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        });
        element.set_text_content(Some(&filled));
    }

    fn find(inside: &Element, selector: &str) -> Option<Element> {
        inside.query_selector(selector).ok().flatten()
    }

    /// Every element that fits, in a fragment or an element.
    fn all(inside: &web_sys::Node, selector: &str) -> Vec<Element> {
        // Elements, fragments and documents all have this.
        let found = inside
            .unchecked_ref::<DocumentFragment>()
            .query_selector_all(selector);
        let Ok(found) = found else { return Vec::new() };
        (0..found.length())
            .filter_map(|index| found.item(index)?.dyn_into().ok())
            .collect()
    }

    fn input_value(input: &Element) -> String {
        input
            .dyn_ref::<HtmlInputElement>()
            .map(HtmlInputElement::value)
            .unwrap_or_default()
    }

    fn focus_heading() -> Option<()> {
        let heading = document().query_selector("#check h1").ok()??;
        heading.set_attribute("tabindex", "-1").ok()?;
        heading.scroll_into_view();
        heading.dyn_into::<HtmlElement>().ok()?.focus().ok()
    }
}
