//! Words that would become HTML, or a number that calls another, are planted through the page editor's own form: each is
//! refused before anybody can publish it, and the same file without them is published.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::page_editor::{VISITS, at, done, parts, press, press_on, save, says, with_sentence};
use crate::world::{DeskClient, World};
use axum::http::StatusCode;
use domain::role::Role;
use model::editing::EditorForm;
use store::Store;

/// Pages that show the planted words, were they published.
const SHOWN: [&str; 5] = [
    "/",
    "/help",
    "/glossary",
    "/rights/visits",
    "/keep/pledge.html",
];

/// The file with its first `from` made `to`.
fn planted(file: &str, from: &str, to: &str) -> EditorForm {
    let mut form = parts(file);
    assert!(form.body.contains(from), "{file}: {from}");
    form.body = form.body.replacen(from, to, 1);
    form
}

const TAGS: &str = "></a><meta http-equiv=\"refresh\" content=\"1;url=http://other.example\">";

/// File, what is typed, and what the page says of it. Every other kind of name: `crates/content/src/parse.rs`.
fn faults() -> Vec<(&'static str, EditorForm, &'static str)> {
    let (words, promises, help) = ("en/glossary.toml", "en/promises.toml", "en/help.toml");
    let named = |file, from, name: &str| planted(file, from, &format!("{name} = 'x\"{TAGS}'"));
    let call = |to: &str| {
        let link = format!("phone_href = \"{to}\"");
        planted(help, "phone_href = \"tel:08001111\"", &link)
    };
    let elsewhere = planted(
        words,
        "page = \"/rights/stable-home\"",
        "page = \"javascript:x\"",
    );
    let table = |words: &str| {
        with_sentence(&format!(
            "\n\n| a | b |\n| --- | --- |\n| ` | {words} | ` |\n\n"
        ))
    };
    let (slug, id) = (
        "its slug is not of small letters",
        "its id is not of small letters",
    );
    vec![
        (words, named(words, "slug = \"art\"", "slug"), slug),
        (words, elsewhere, "javascript:x, which is not there"),
        (
            promises,
            named(promises, "id = \"children-in-care\"", "id"),
            id,
        ),
        (help, call("https://other.example/"), "which is not tel:"),
        (help, call("tel:09098790"), "which is not tel:"),
        (
            VISITS,
            table("![x](https://other.example/x.png)"),
            "picture",
        ),
        (VISITS, table("[y](javascript:x)"), "javascript:x"),
        (
            VISITS,
            with_sentence("Call [0800 1111](tel:09098790)."),
            "0800 1111",
        ),
    ]
}

async fn refused(
    ann: &DeskClient<'_>,
    cleo: &DeskClient<'_>,
    file: &str,
    form: &EditorForm,
    said: &str,
) {
    done(&save(ann, file, form).await, "words-saved");
    let page = cleo.get(&at(file)).await;
    let listed = page.text();
    let listed = listed.split("id=\"faults\"").nth(1).unwrap();
    let listed = listed.split("</ul>").next().unwrap();
    assert!(listed.contains(said), "{file} {said}: {listed}");
    // Nor does the desk's own page show it as a tag.
    assert!(
        !says(&page, "<meta http-equiv=\"refresh\""),
        "{file} {said}"
    );
    assert!(!says(&page, "/publish\""), "{file} {said}");
    let pressed = press_on(cleo, &page, file, "publish", "").await;
    assert_eq!(
        pressed.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{file} {said}"
    );
}

#[tokio::test]
async fn words_that_would_become_html_are_refused_and_the_same_file_without_them_is_published() {
    let world = World::new().await;
    let ann = world.desk("Ann", Role::Coordinator).await;
    let cleo = world.desk("Cleo", Role::Clerk).await;
    let faults = faults();
    let mut files: Vec<&str> = Vec::new();
    for (file, form, said) in &faults {
        refused(&ann, &cleo, file, form, said).await;
        if !files.contains(file) {
            files.push(file);
        }
    }
    assert_eq!(world.store.published_words().await.unwrap(), []);
    for address in SHOWN {
        let page = world.get(address).await.text();
        for bad in [
            "http-equiv=\"refresh\"",
            "other.example",
            "javascript:",
            "<img",
            "09098790",
        ] {
            assert!(!page.contains(bad), "{address}: {bad}");
        }
    }
    // The control: every one of these files goes through the same form and the same hands.
    for file in files {
        let mut form = parts(file);
        match form.is_page {
            true => form = with_sentence("They may bring a ball."),
            false => form.body = format!("# Looked at.\n{}", form.body),
        }
        done(&save(&ann, file, &form).await, "words-saved");
        done(&press(&cleo, file, "publish", "").await, "words-published");
    }
    assert_eq!(world.store.published_words().await.unwrap().len(), 4);
}
