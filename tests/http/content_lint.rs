//! The gates on the words: reading age, two lengths, figures, glossary, coverage. Each finds what is planted.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a step that fails must end the test"
)]

use crate::world::World;
use axum::http::StatusCode;
use content::Content;
use content::coverage;
use content::lint::{check, readings};
use domain::date::Date;
use std::sync::OnceLock;

fn today() -> Date {
    "2026-11-21".parse().unwrap()
}

fn content() -> Content {
    static WORDS: OnceLock<Content> = OnceLock::new();
    WORDS
        .get_or_init(|| server::bootstrap::load_content().unwrap())
        .clone()
}

fn faults(content: &Content) -> Vec<String> {
    // The addresses of the words as they are, so that a planted change shows what it breaks.
    static ADDRESSES: OnceLock<Vec<String>> = OnceLock::new();
    let addresses = ADDRESSES.get_or_init(|| web::public_addresses(&self::content()));
    check(content, today(), addresses)
        .into_iter()
        .map(|fault| fault.to_string())
        .collect()
}

#[track_caller]
fn assert_found(content: &Content, part: &str) {
    let found = faults(content);
    assert!(
        found.iter().any(|fault| fault.contains(part)),
        "`{part}` was not found, only {found:?}"
    );
}

#[test]
fn every_page_can_be_read_at_age_9_with_short_sentences() {
    let content = content();
    let all = readings(&content);
    assert!(all.len() > 70, "{} pages", all.len());
    for page in &all {
        assert!(page.whole.words > 0, "{}", page.address);
        assert!(page.whole.grade() <= 4.0, "{page:?}");
        assert!(page.whole.sentence() <= 15.0, "{page:?}");
        assert!(page.short.grade() <= 3.0, "{page:?}");
    }
    // The hardest first.
    assert!(all.is_sorted_by(|a, b| a.whole.grade() >= b.whole.grade()));
}

#[test]
fn every_right_and_page_of_facts_has_two_lengths() {
    let content = content();
    let short = content
        .rights
        .iter()
        .map(|right| &right.article)
        .chain(content.pages.values())
        .filter(|article| !article.in_short.is_empty())
        .count();
    assert!(short >= content.rights.len() + 15, "{short}");
    assert!(
        content
            .rights
            .iter()
            .all(|right| !right.article.in_short.is_empty())
    );
}

#[test]
fn planted_faults_are_found() {
    assert_eq!(faults(&content()), [] as [String; 0]);

    let plant = |change: &dyn Fn(&mut Content)| {
        let mut content = content();
        change(&mut content);
        content
    };
    let say = |text: &'static str| {
        plant(&|content: &mut Content| {
            content.rights[0].article.sections[0].html = format!("<p>{text}</p>");
        })
    };
    // Hard to read, in short sentences with no other fault.
    assert_found(
        &say(
            "Representatives participate in institutional deliberations. Organisational accountability necessitates documentation. Individual circumstances determine applicability of considerations. Administrative responsibilities include comprehensive evaluation. Independent representation facilitates communication. Educational opportunities require institutional participation. Multidisciplinary organisations collaborate internationally.",
        ),
        "its reading grade is",
    );
    // Easy words, but every sentence has 20 of them.
    let long =
        "We go to the shop and we buy a bun and we eat it on the way back to you. ".repeat(200);
    let long: &'static str = Box::leak(long.into_boxed_str());
    assert_found(&say(long), "words on average");
    assert_found(&say("You get £4,321 a year."), "£4,321");
    assert_found(&say("In 2025 it is £2,630."), "which is not verified");
    assert_found(
        &say("Only 77 children got it."),
        "shows a number without a source",
    );
    assert_found(
        &say("Call 0800 123 456."),
        "shows a number without a source",
    );
    assert_found(
        &say("<a href=\"/rights/complain#nowhere\">x</a>"),
        "/rights/complain#nowhere",
    );
    let renamed = plant(&|content: &mut Content| {
        let help = content.pages.get_mut("help").unwrap();
        for part in &mut help.sections {
            part.heading = part.heading.replace("Someone is hurting", "Someone hurts");
        }
    });
    assert_found(
        &renamed,
        "has no part that is called \"Someone is hurting me\"",
    );
    assert_found(&say("Ask the XQZ team."), "does not explain XQZ");
    assert_found(
        &plant(&|content: &mut Content| content.rights[0].article.in_short.clear()),
        "it has no short text",
    );
    assert_found(
        &plant(&|content: &mut Content| {
            content.rights[0].article.in_short =
                "<p>Institutional responsibilities necessitate comprehensive documentation.</p>"
                    .to_owned();
        }),
        "reading grade of its short text",
    );
    assert_found(
        &plant(&|content: &mut Content| content.glossary.retain(|word| word.slug != "iro")),
        "does not explain IRO",
    );
    assert_found(
        &plant(&|content: &mut Content| {
            content
                .figures
                .retain(|figure| !figure.says.contains(&"13 weeks".to_owned()))
        }),
        "13 weeks",
    );
    assert_found(
        &plant(&|content: &mut Content| content.letters[0].page = "/rights/nowhere".to_owned()),
        "/rights/nowhere",
    );
    assert_found(
        &plant(&|content: &mut Content| {
            content.coverage[0].at = vec!["/glossary#nowhere".to_owned()]
        }),
        "/glossary#nowhere",
    );
    assert_found(
        &plant(&|content: &mut Content| {
            content.coverage[0].at.clear();
            content.coverage[0].reason.clear();
        }),
        "neither covered nor a reason",
    );
}

#[test]
fn everything_the_sources_name_is_covered_or_has_a_reason() {
    let content = content();
    let table = coverage::table(&content.coverage);
    for (part, rows) in [
        ("1.4 ", 15),
        ("1.5 ", 19),
        ("1.14 ", 80),
        ("2.2 ", 15),
        ("2.4 ", 22),
        ("2.5 ", 7),
        ("2.6 ", 20),
        ("2.7 ", 12),
        ("2.8 ", 14),
        ("2.9 ", 8),
        ("3 ", 30),
    ] {
        let line = table.lines().find(|line| line.starts_with(part)).unwrap();
        assert!(line.contains(&format!(": {rows} rows")), "{line}");
        assert!(line.ends_with(" 0 open"), "{line}");
    }
}

#[tokio::test]
async fn hard_words_lead_to_the_glossary_where_a_page_first_uses_them() {
    let world = World::new().await;
    let content = &world.site.content;
    assert!(content.glossary.len() >= 60, "{}", content.glossary.len());
    let glossary = world.get("/glossary").await.text();
    for word in &content.glossary {
        assert!(
            glossary.contains(&format!("<dt id=\"{}\"", word.slug)),
            "{}",
            word.slug
        );
    }
    let page = world.get("/rights/challenge").await.text();
    assert_eq!(page.matches("href=\"/glossary#iro\"").count(), 1);
    // Not on the page that explains the word itself.
    let own = world.get("/rights/advocate").await.text();
    assert_eq!(own.matches("/glossary#advocate").count(), 0);
    for right in &content.rights {
        let page = world.get(&format!("/rights/{}", right.slug)).await.text();
        assert!(page.contains("href=\"/glossary#"), "{}", right.slug);
        assert!(page.contains("<h2 id=\"in-short\">"), "{}", right.slug);
    }
}

#[tokio::test]
async fn a_promise_goes_along_to_speak() {
    let world = World::new().await;
    let page = world.get("/pledge/make-time-count").await;
    assert_eq!(page.status, StatusCode::OK);
    let link = page.hidden("link");
    let about = world
        .post("/speak", &[("step", "start"), ("link", &link)])
        .await;
    assert_eq!(about.status, StatusCode::OK);
    assert!(about.text().contains("promise:make-time-count"));
}

#[tokio::test]
async fn sheets_can_be_printed_and_written_on() {
    let world = World::new().await;
    for sheet in ["/lifelong-links/people", "/staying-put/talk"] {
        let page = world.get(sheet).await.text();
        assert!(page.contains("class=\"sheet\""), "{sheet}");
        assert!(page.matches("<td></td>").count() >= 8, "{sheet}");
    }
}

#[tokio::test]
async fn the_words_pass_their_own_check_and_a_planted_fault_does_not() {
    let world = World::new().await;
    let content = &world.site.content;
    let (today, pages) = (world.site.pledge.clock.today(), world.pages());
    let faults = |today, pages: &[String]| check(content, today, pages);
    let found: Vec<String> = faults(today, &pages)
        .into_iter()
        .map(|f| f.to_string())
        .collect();
    assert_eq!(found, [] as [String; 0]);

    // A page that other pages link to goes away; a year goes by without a review.
    let fewer: Vec<String> = pages
        .iter()
        .filter(|page| *page != "/rights/advocate")
        .cloned()
        .collect();
    let lost = faults(today, &fewer);
    assert!(lost.iter().any(|f| f.message.contains("/rights/advocate")));
    let late = faults(today.plus_days(365), &pages);
    assert!(late.iter().any(|f| f.message.contains("review was due")));
}
