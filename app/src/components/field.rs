//! Form fields: label, hint, the field's own error in words, and the field, tied together for screen readers.

use crate::any_view::{AnyView, IntoAny};
use crate::components::sign;
use crate::page_context::PageContext;
use leptos::prelude::*;

/// What every field has.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// `id` of the field (for choices: of the first one), which the error summary links to. Once a page.
    pub id: String,
    /// `name` in the form.
    pub name: &'static str,
    /// Label.
    pub label: String,
    /// Help under the label; may be empty.
    pub hint: String,
    /// The validation error, in words.
    pub error: Option<String>,
}

/// How a one-line field is typed.
#[derive(Clone, Copy, Debug)]
pub struct FieldText {
    /// The `type`: `text`, `password`.
    pub kind: &'static str,
    /// The `autocomplete` value.
    pub autocomplete: &'static str,
    /// Most characters.
    pub max: Option<usize>,
    /// Which way it is written: words of a receipt are English in every language, all else as it is typed.
    pub dir: &'static str,
    /// Everyday prose: the phone may correct spelling and capitals. Names, words of a receipt and passwords are not.
    pub prose: bool,
}

impl Default for FieldText {
    fn default() -> FieldText {
        FieldText {
            kind: "text",
            autocomplete: "off",
            max: None,
            dir: "auto",
            prose: false,
        }
    }
}

/// One of several choices.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The value sent.
    pub value: String,
    /// What it says.
    pub label: String,
    /// Help under it; may be empty.
    pub hint: String,
}

/// Choices of a drop-down under one heading (an empty heading: no group).
#[derive(Clone, Debug, Default)]
pub struct OptionGroup {
    /// The heading.
    pub label: String,
    /// The language of all this, where it is not the page's.
    pub lang: Option<&'static str>,
    /// The choices.
    pub options: Vec<Choice>,
}

/// A hidden field that carries a value.
pub fn hidden(name: &'static str, value: &str) -> AnyView {
    view! { <input type="hidden" name=name value=value.to_owned() /> }.into_any()
}

/// The name of the hidden field, and of the parameter of the exit link, that says which journey a page belongs to.
pub const JOURNEY: &str = "j";

/// The journey that a page belongs to, for each form of it.
pub fn journey() -> AnyView {
    let frame = use_context::<PageContext>().unwrap_or_default();
    frame.journey.map(|name| hidden(JOURNEY, &name)).into_any()
}

/// A field of one line.
pub fn text_field(field: Field, value: &str, text: FieldText) -> AnyView {
    let (described, invalid) = (described_by(&field), invalid(&field));
    let off = (!text.prose).then_some("off");
    view! {
        <div class="field">
            <label for=field.id.clone()>{field.label.clone()}</label>
            {notes(&field)}
            <input
                id=field.id
                name=field.name
                type=text.kind
                value=value.to_owned()
                dir=text.dir
                autocomplete=text.autocomplete
                autocapitalize=off
                spellcheck=off.map(|_| "false")
                maxlength=text.max.map(|max| max.to_string())
                aria-describedby=described
                aria-invalid=invalid
            />
        </div>
    }
    .into_any()
}

/// A field of several lines. `value` comes back exactly as it was typed.
pub fn text_area(field: Field, value: &str, rows: usize, max: usize) -> AnyView {
    let (described, invalid) = (described_by(&field), invalid(&field));
    view! {
        <div class="field">
            <label for=field.id.clone()>{field.label.clone()}</label>
            {notes(&field)}
            <textarea
                id=field.id
                name=field.name
                rows=rows.to_string()
                maxlength=max.to_string()
                autocomplete="off"
                dir="auto"
                aria-describedby=described
                aria-invalid=invalid
                inner_html=inside_textarea(value)
            ></textarea>
        </div>
    }
    .into_any()
}

/// Choices of which one can be taken. The label becomes the legend of the group.
pub fn radios(field: Field, choices: Vec<Choice>, chosen: &str) -> AnyView {
    picture_radios(field, choices, |_| None, chosen)
}

/// The same with a drawn sign before the words, for those who read little: `sign_of` names it by the choice's value.
pub fn picture_radios(
    field: Field,
    choices: Vec<Choice>,
    sign_of: impl Fn(&str) -> Option<&'static str>,
    chosen: &str,
) -> AnyView {
    let (described, invalid) = (described_by(&field), invalid(&field));
    let items = choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            let id = if at == 0 {
                field.id.clone()
            } else {
                format!("{}-{}", field.id, choice.value)
            };
            let hint_id = format!("{id}-note");
            let hint = (!choice.hint.is_empty())
                .then(|| view! { <p class="hint" id=hint_id.clone()>{choice.hint.clone()}</p> });
            let hint_ref = hint.is_some().then_some(hint_id.clone());
            let picture = sign_of(&choice.value).map(sign);
            view! {
                <div class="choice">
                    <input
                        type="radio"
                        id=id.clone()
                        name=field.name
                        checked=choice.value == chosen
                        value=choice.value
                        aria-describedby=hint_ref
                        aria-invalid=invalid
                    />
                    <label for=id>{picture}{choice.label}</label>
                    {hint}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" aria-describedby=described>
            <legend>{field.label.clone()}</legend>
            {notes(&field)}
            {items}
        </fieldset>
    }
    .into_any()
}

/// A box to tick; sends `yes`.
pub fn checkbox(field: Field, checked: bool) -> AnyView {
    let (described, invalid) = (described_by(&field), invalid(&field));
    view! {
        <div class="field choice">
            <input
                type="checkbox"
                id=field.id.clone()
                name=field.name
                value="yes"
                checked=checked
                aria-describedby=described
                aria-invalid=invalid
            />
            <label for=field.id.clone()>{field.label.clone()}</label>
            {notes(&field)}
        </div>
    }
    .into_any()
}

/// A drop-down.
pub fn select(field: Field, groups: Vec<OptionGroup>, chosen: &str) -> AnyView {
    let (described, invalid) = (described_by(&field), invalid(&field));
    let groups = groups
        .into_iter()
        .map(|group| {
            let options = group
                .options
                .into_iter()
                .map(|option| {
                    let selected = option.value == chosen;
                    view! { <option value=option.value selected=selected>{option.label}</option> }
                })
                .collect_view();
            if group.label.is_empty() {
                options.into_any()
            } else {
                view! { <optgroup label=group.label lang=group.lang>{options}</optgroup> }
                    .into_any()
            }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=field.id.clone()>{field.label.clone()}</label>
            {notes(&field)}
            <select id=field.id name=field.name aria-describedby=described aria-invalid=invalid>{groups}</select>
        </div>
    }
    .into_any()
}

/// A day, written `YYYY-MM-DD` in the form. Where the phone has no calendar it is typed.
pub fn date_field(field: Field, value: &str) -> AnyView {
    text_field(
        field,
        value,
        FieldText {
            kind: "date",
            ..FieldText::default()
        },
    )
}

fn notes(field: &Field) -> AnyView {
    let hint = (!field.hint.is_empty()).then(
        || view! { <p class="hint" id=format!("{}-hint", field.id)>{field.hint.clone()}</p> },
    );
    let error = field
        .error
        .clone()
        .map(|error| view! { <p class="error" id=format!("{}-error", field.id)>{error}</p> });
    view! { {hint}{error} }.into_any()
}

fn described_by(field: &Field) -> Option<String> {
    let mut ids = Vec::new();
    if field.error.is_some() {
        ids.push(format!("{}-error", field.id));
    }
    if !field.hint.is_empty() {
        ids.push(format!("{}-hint", field.id));
    }
    (!ids.is_empty()).then(|| ids.join(" "))
}

fn invalid(field: &Field) -> Option<&'static str> {
    field.error.is_some().then_some("true")
}

// Leptos does not escape the children of a textarea, so this must. And a browser drops the first line break
// inside a textarea: one more is put before the text, so that the text's own stays.
fn inside_textarea(text: &str) -> String {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!("\n{escaped}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_textarea_keeps_every_character_and_lets_no_tag_out() {
        let html = text_area(
            Field {
                id: "said".into(),
                name: "said",
                ..Field::default()
            },
            "\na </textarea><script>&amp;",
            5,
            10,
        )
        .to_html();
        assert!(
            html.contains(">\n\na &lt;/textarea&gt;&lt;script&gt;&amp;amp;</textarea>"),
            "{html}"
        );
        assert!(!html.contains("<script"));
    }

    #[test]
    fn an_error_is_tied_to_its_field() {
        let field = Field {
            id: "wish".into(),
            name: "wish",
            label: "Wish".into(),
            hint: "A hint".into(),
            error: Some("Too long".into()),
        };
        let html = text_field(field, "a \" b", FieldText::default()).to_html();
        assert!(
            html.contains(r#"aria-describedby="wish-error wish-hint""#),
            "{html}"
        );
        assert!(html.contains(r#"aria-invalid="true""#));
        assert!(html.contains(r#"value="a &quot; b""#));
    }
}
