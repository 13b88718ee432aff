//! Several pages on paper at once.

use crate::error::WebError;
use crate::site::Site;
use crate::{form, response};
use app::pages::print as pages;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use content::Content;
use model::catalog::{self, PageKind};
use model::urls;
use model::{Article, FieldError};
use std::sync::Arc;

/// The list of pages.
pub async fn choose(State(site): State<Arc<Site>>) -> Response {
    show(&site, StatusCode::OK, Vec::new())
}

fn show(site: &Site, status: StatusCode, errors: Vec<FieldError>) -> Response {
    let printable = printable(content(site));
    let pages_of = |(heading, articles): (String, Vec<(String, Article)>)| {
        let titles = articles
            .into_iter()
            .map(|(address, article)| (address, article.title));
        (heading, titles.collect())
    };
    let all = printable.into_iter().map(pages_of).collect();
    response::page_at(site, urls::PRINT, status, || pages::choose(all, errors))
}

/// The chosen pages, in the order of the list. An address that no page has is passed over.
pub async fn together(
    State(site): State<Arc<Site>>,
    request: Request,
) -> Result<Response, WebError> {
    let form = form::read_form(request, form::FORM_BYTES).await?;
    let chosen = |address: &str| {
        form.pairs()
            .any(|(name, value)| name == pages::PAGE && value == address)
    };
    let articles: Vec<Article> = printable(content(&site))
        .into_iter()
        .flat_map(|(_, articles)| articles)
        .filter(|(address, _)| chosen(address))
        .map(|(_, article)| article)
        .collect();
    if articles.is_empty() {
        let errors = vec![FieldError {
            field: pages::PAGE,
            key: "print.none",
        }];
        return Ok(show(&site, StatusCode::UNPROCESSABLE_ENTITY, errors));
    }
    Ok(response::page_at(
        &site,
        urls::PRINT,
        StatusCode::OK,
        || pages::together(articles),
    ))
}

// English, where the language has no rights of its own.
fn content(site: &Site) -> &Content {
    let base = site.base.as_ref();
    base.filter(|_| site.content.in_english.contains(urls::PRINT))
        .map_or(&site.content, |base| &base.content)
}

/// Carers, money, a home and health stand before the articles on people and on this site.
const FIRST: [&str; 4] = [
    urls::STAYING_PUT_CARERS,
    urls::MONEY,
    urls::HOUSING,
    urls::HEALTH_AND_TRAVEL,
];

// Rights in their groups, then the other pages that are read.
fn printable(content: &Content) -> Vec<(String, Vec<(String, Article)>)> {
    let mut groups: Vec<(String, Vec<(String, Article)>)> = Vec::new();
    for right in &content.rights {
        let page = (urls::right(&right.slug), right.article.clone());
        match groups.iter_mut().find(|(group, _)| *group == right.group) {
            Some((_, pages)) => pages.push(page),
            None => groups.push((right.group.clone(), vec![page])),
        }
    }
    let is_first = |page: &&catalog::Page| FIRST.contains(&page.path);
    let (first, others): (Vec<&catalog::Page>, Vec<&catalog::Page>) =
        catalog::of_kind(PageKind::Article).partition(is_first);
    let more = first.into_iter().chain(others);
    let more = more.map(|page| (page.path.to_owned(), content.page(page.name)));
    groups.push((content.words.get("print.more"), more.collect()));
    groups
}
