//! The page for something that went wrong: what happened, what to do next, and whom to call.

use crate::components::{Look, button_link, help_lines, search_box};
use crate::messages::t;
use crate::pages::reading::folded;
use crate::shell::{Nav, Shell};
use leptos::prelude::*;
use model::urls;
use model::{HelpLine, Problem};

/// A problem in plain words.
pub fn problem(problem: Problem, lines: Vec<HelpLine>) -> impl IntoView {
    let title = t(&format!("problem.{}.title", problem.id()));
    let lines = (!lines.is_empty()).then(|| {
        view! {
            <h2>{t("help.lines-title")}</h2>
            {folded("lines".to_owned(), t("help.all"), help_lines(&lines))}
        }
    });
    view! {
        <Shell title=Some(title.clone()) nav=Nav::Elsewhere>
            <h1>{title}</h1>
            <p class="lead">{t(&format!("problem.{}.body", problem.id()))}</p>
            {(problem == Problem::NotFound).then(|| search_box("q", ""))}
            {button_link(t("problem.home"), Look::Plain, urls::HOME)}
            {lines}
        </Shell>
    }
}
