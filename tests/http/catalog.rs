//! The page catalogue and the router: what is served as a page stands in the catalogue, and what stands in it is served and
//! in the lists that it names.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::world::World;
use axum::http::StatusCode;
use model::catalog::{self, PAGES, PageFamily, PageKind};
use model::language::is_in_every_language;
use std::collections::BTreeSet;

/// The addresses in English that answer everybody with a page.
async fn served_pages(world: &World) -> Vec<String> {
    let languages = &world.site.pledge.library.languages;
    let prefixes: Vec<String> = languages
        .iter()
        .skip(1)
        .map(|one| one.address("/"))
        .collect();
    let in_english = |path: &str| {
        let below = |prefix: &String| path == prefix || path.starts_with(&format!("{prefix}/"));
        !prefixes.iter().any(below)
    };
    let addresses = web::addresses(&world.site).into_iter();
    let addresses = addresses.filter(|(path, methods)| {
        methods.contains(&"GET") && in_english(path) && is_in_every_language(path)
    });
    let mut pages = Vec::new();
    for (path, _) in addresses {
        // One page stands for its family.
        let slug = &world.site.content.letters[0].slug;
        let path = path.replace("{slug}", slug);
        let answer = world.get(&path).await;
        let is_page = answer.header("content-type").starts_with("text/html");
        if answer.status == StatusCode::OK && is_page {
            pages.push(path);
        }
    }
    pages
}

/// The pages that a catalogue does not have.
fn left_out(served: &[String], has: impl Fn(&str) -> bool) -> Vec<&String> {
    served.iter().filter(|path| !has(path)).collect()
}

#[tokio::test]
async fn every_page_that_is_served_stands_in_the_catalogue() {
    let world = World::new().await;
    let mut served = served_pages(&world).await;
    assert!(served.len() > PAGES.len() + 30, "{} pages", served.len());
    assert_eq!(left_out(&served, catalog::has), [] as [&String; 0]);
    // The controls: a catalogue that lost a row, and a page that has none.
    let without = |path: &str| path != "/money" && catalog::has(path);
    assert_eq!(left_out(&served, without), ["/money"]);
    served.push("/planted".to_owned());
    assert_eq!(left_out(&served, catalog::has), ["/planted"]);
}

#[tokio::test]
async fn what_stands_in_the_catalogue_is_served_and_in_its_lists() {
    let world = World::new().await;
    let content = &world.site.content;
    let served: BTreeSet<String> = served_pages(&world).await.into_iter().collect();
    let menu = world.get("/menu").await.text();
    let list: serde_json::Value =
        serde_json::from_str(&world.get("/keep/list.json").await.text()).unwrap();
    let kept: BTreeSet<&str> = list["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    let found = content::search_index::index(content).write();
    let found: BTreeSet<&str> = found
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(address, _)| address)
        .collect();
    for page in &PAGES {
        let path = page.path;
        assert!(served.contains(path), "{path}");
        assert_eq!(
            content.pages.contains_key(page.name),
            page.has_words,
            "{path}"
        );
        let link = format!("<li><a href=\"{path}\"");
        assert!(
            page.menu.is_none() || menu.contains(&link),
            "{path} is not in the menu"
        );
        // A form is kept where its island can answer it.
        let is_answered = page.kind != PageKind::Form || world.site.has_bundle();
        let is_kept = page.is_kept && is_answered;
        assert_eq!(kept.contains(path), is_kept, "{path}");
        assert_eq!(found.contains(path), page.is_searched, "{path}");
    }
    for family in PageFamily::ALL {
        let own = content::site_pages::addresses_of(content, family);
        assert!(!own.is_empty(), "{family:?}");
        for path in own {
            assert_eq!(world.get(&path).await.status, StatusCode::OK, "{path}");
            assert_eq!(kept.contains(path.as_str()), family.is_kept(), "{path}");
            assert!(found.contains(path.as_str()), "{path}");
        }
    }
}
