//! Sample pages of the search.

use super::reading::lines;
use super::{Page, named};
use ::search::Found;
use app::pages::search;
use app::shell::{self, PageContext};
use model::search::{SearchLines, SearchPage};

/// The empty form, something found, and nothing found.
pub(super) fn pages(frame: &PageContext) -> Vec<Page> {
    vec![
        named(
            "search",
            shell::render(frame, Some("nonce"), || {
                search::form(SearchLines {
                    urgent: lines(),
                    help: lines(),
                })
            }),
        ),
        named(
            "search-found",
            shell::render(frame, None, || {
                search::search(SearchPage {
                    typed: "he <hits> me".to_owned(),
                    found: vec![found()],
                    urgent: lines(),
                    help: vec![],
                })
            }),
        ),
        named(
            "search-nothing",
            shell::render(frame, None, || {
                search::search(SearchPage {
                    help: lines(),
                    ..SearchPage::default()
                })
            }),
        ),
    ]
}

fn found() -> Found {
    Found {
        key: "/help".to_owned(),
        address: "/help".to_owned(),
        title: "Get help now".to_owned(),
        short: "Who to call or text.".to_owned(),
        in_english: false,
    }
}
