//! The council's promises: every statement has its page, words follow from figures by rule, small numbers stay hidden, and
//! figures are entered and corrected at the desk with their history in the open.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, DeskClient, World};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::role::Role;
use store::{Changed, FigureRow, Store};

/// The words of a page, without its tags.
fn plain(html: &str) -> String {
    let main = html.split("<main").nth(1).unwrap_or(html);
    let main = main.split("</main>").next().unwrap_or(main);
    let mut text = String::new();
    for part in main.split('<') {
        text.push_str(part.split_once('>').map_or("", |(_, words)| words));
        text.push(' ');
    }
    let text = text
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn assert_says(page: &Answer, words: &str) {
    let text = plain(&page.text());
    assert!(text.contains(words), "no {words:?} in:\n{text}");
}

fn assert_keeps_quiet(page: &Answer, words: &str) {
    let text = plain(&page.text());
    assert!(!text.contains(words), "{words:?} in:\n{text}");
}

async fn enter(desk: &DeskClient<'_>, fields: &[(&str, &str)]) -> Answer {
    let page = desk.get("/desk/progress").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let (token, seen) = (page.hidden("token"), page.hidden("seen"));
    let mut sent = vec![("token", token.as_str()), ("seen", seen.as_str())];
    sent.extend(fields);
    desk.post("/desk/progress", &sent).await
}

const FIGURE: [(&str, &str); 5] = [
    ("indicator", "children-in-care"),
    ("period", "2026-09"),
    ("value", "430"),
    ("source", "Committee report, October 2026, page 4"),
    ("source-day", "2026-10-14"),
];

/// The figure with some fields changed.
fn figure<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = FIGURE.to_vec();
    fields.retain(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    fields.extend(changed);
    fields
}

#[tokio::test]
async fn each_of_the_fifteen_statements_has_a_page_with_its_exact_words_and_a_way_to_speak() {
    let world = World::new().await;
    let tracker = &world.site.content.tracker;
    assert_eq!(tracker.promises.len(), 15);
    let list = world.get("/promises").await;
    assert_eq!(list.status, StatusCode::OK);
    for (at, promise) in tracker.promises.iter().enumerate() {
        assert_eq!(
            promise.paragraph as usize,
            at + 5,
            "one statement a paragraph"
        );
        let address = format!("/promises/{}", promise.slug);
        assert!(
            list.text().contains(&format!("href=\"{address}\"")),
            "{address}"
        );
        let page = world.get(&address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert_says(&page, &promise.said);
        assert_says(&page, &format!("paragraph {}", promise.paragraph));
        assert_says(&page, "26 February 2019");
        assert!(
            page.text()
                .contains(&format!("value=\"we-will:{}\"", promise.slug))
        );
        for indicator in tracker
            .indicators
            .iter()
            .filter(|one| one.promise == promise.slug)
        {
            assert_says(&page, &indicator.title);
        }
    }
    assert_eq!(
        world.get("/promises/made-up").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_promise_goes_with_the_view_to_whoever_reads_it() {
    let world = World::new().await;
    let link = ("link", "we-will:close-to-home");
    let page = world
        .post("/speak", &[("step", "start"), link, ("topic", "home")])
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert_says(&page, "Living in or near Southwark");
    let known = world.site.content.link("we-will:close-to-home").unwrap();
    assert_eq!(known.1, "/promises/close-to-home");
    assert_eq!(world.site.content.link("we-will:made-up"), None);
}

#[tokio::test]
async fn old_figures_say_so_and_never_speak_of_today() {
    let world = World::new().await;
    let page = world.get("/promises/one-home").await;
    assert_says(&page, "Too old to say");
    assert_says(&page, "April 2018 (old) 12%");
    assert_says(&page, "From April 2018 to December 2018 it got better.");
    assert_says(&page, "That is too old to say how it is today.");
    assert_says(&page, "Average of the country 10%");
    // The council's own words stand where it gave no number.
    let fostering = world.get("/promises/more-foster-homes").await;
    assert_says(
        &fostering,
        "Getting worse, in the council's own words of February 2019",
    );
    assert_says(
        &fostering,
        "We are not succeeding in reducing reliance on the independent sector",
    );
    // Nine months and twelve are shown, each with its period, and not compared.
    let adoption = world.get("/promises/adoption").await;
    assert_says(&adoption, "April 2017 to March 2018 (old)");
    assert_says(&adoption, "April 2018 to December 2018 (old)");
    assert_says(
        &adoption,
        "There are no two numbers that we can compare and show.",
    );
    let list = world.get("/promises").await;
    assert_keeps_quiet(&list, "Getting better");
}

#[tokio::test]
async fn every_chart_has_title_unit_periods_sources_and_a_table_and_nothing_joins_two_figures() {
    let world = World::new().await;
    let tracker = &world.site.content.tracker;
    let mut pictures = 0;
    let pages = tracker
        .promises
        .iter()
        .map(|promise| format!("/promises/{}", promise.slug));
    for address in pages.chain(["/promises".to_owned()]) {
        let html = world.get(&address).await.text();
        assert!(!html.contains(" style="), "{address}");
        for figure in html.split("<figure").skip(1) {
            let figure = figure.split("</figure>").next().unwrap();
            assert!(figure.contains("<h3"), "{address}");
            assert!(
                figure.contains("<table") || figure.contains("No number is known."),
                "{address}"
            );
            if let Some(svg) = figure.split("<svg").nth(1) {
                pictures += 1;
                let svg = svg.split("</svg>").next().unwrap();
                assert!(
                    svg.contains("role=\"img\"") && svg.contains("<title") && svg.contains("<desc")
                );
                for joins in [
                    "<line",
                    "<polyline",
                    "<path",
                    "<polygon",
                    "<use",
                    "<image",
                    "href",
                ] {
                    assert!(!svg.contains(joins), "{address}: {joins}");
                }
                // Whatever the picture says the table says too.
                let table = plain(&format!("<main{}", figure.split("<table").nth(1).unwrap()));
                for words in svg.split("<text").skip(1) {
                    let words = words.split_once('>').unwrap().1.split('<').next().unwrap();
                    assert!(table.contains(words), "{address}: {words} not in {table}");
                    // Longer words would run out of the picture.
                    assert!(words.chars().count() <= 40, "{address}: {words}");
                }
            }
        }
    }
    assert!(pictures >= 12, "{pictures}");
    // The challenges were counted in two ways, so no picture may suggest that they can be compared.
    let others = world.get("/promises").await;
    assert_says(&others, "Challenges by reviewing officers");
    assert!(!others.text().contains("<svg viewBox=\"0 0 320"));
}

#[tokio::test]
async fn small_numbers_and_what_would_give_them_away_are_hidden() {
    let world = World::new().await;
    let page = world.get("/promises/staying-put").await;
    assert_says(&page, "December 2018 (old) 43");
    // 3 of 43 are not shown, nor the 40 that would tell.
    for hidden in [" 40 ", " 3 "] {
        assert_keeps_quiet(&page, hidden);
    }
    assert_says(&page, "not shown, to protect people");
    let links = world.get("/promises/lifelong-links-for-50").await;
    assert_says(&links, "February 2019 (old) fewer than 5");
    assert_says(&links, "February 2019 (old) 22");
    assert!(!links.text().contains("February 2019 (old): 2."));
    // Nor do they leak at the desk, or in the history of a correction.
    let clerk = world.desk("Eve", Role::Clerk).await;
    let changed = figure(&[
        ("indicator", "lifelong-links-done"),
        ("period", "2019-02"),
        ("value", "12"),
        ("reason", "Counted again."),
    ]);
    assert_eq!(enter(&clerk, &changed).await.status, StatusCode::SEE_OTHER);
    for page in [
        world.get("/promises/lifelong-links-for-50").await,
        clerk.get("/desk/progress").await,
    ] {
        assert_says(&page, "from fewer than 5 to 12");
        assert_keeps_quiet(&page, "from 2 to");
    }
}

#[tokio::test]
async fn views_are_counted_by_topic_in_whole_months_and_in_fives() {
    let world = World::new().await;
    for _ in 0..6 {
        world.send("About my home.", "yes", "").await;
    }
    // This month is not counted yet.
    let page = world.get("/promises/close-to-home").await;
    assert_says(
        &page,
        "Fewer than 5 views were sent on \"Where I live\" until 31 October 2026.",
    );
    world.clock.forward(14 * 86_400);
    let page = world.get("/promises/close-to-home").await;
    assert_says(
        &page,
        "At least 5 views were sent on \"Where I live\" until 30 November 2026.",
    );
    let other = world.get("/promises/school-in-the-plan").await;
    assert_says(&other, "Fewer than 5 views");
}

#[tokio::test]
async fn a_new_figure_is_public_at_once_with_its_source_and_moves_the_word() {
    let world = World::new().await;
    let address = "/promises/fewer-in-care";
    let before = world.get(address).await;
    let tag = before.header("etag").to_owned();
    let again = Request::get(address).header(header::IF_NONE_MATCH, &tag);
    let again = world.request(again.body(Body::empty()).unwrap()).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);

    let coordinator = world.desk("Bea", Role::Coordinator).await;
    let clerk = world.desk("Eve", Role::Clerk).await;
    let done = enter(&coordinator, &figure(&[])).await;
    assert_eq!(
        done.header("location"),
        "/desk/progress?done=figure",
        "{}",
        done.text()
    );
    let log = world.store.audit_after(0, 1_000).await.unwrap();
    let entry = log.iter().find(|row| row.action == "figure").unwrap();
    assert_eq!(entry.object.as_deref(), Some("children-in-care"));
    assert_eq!(entry.role.as_deref(), Some("coordinator"));
    let page = world.get(address).await;
    assert_ne!(page.header("etag"), tag);
    assert_says(&page, "September 2026 430");
    assert_says(
        &page,
        "Committee report, October 2026, page 4, 14 October 2026",
    );
    assert_keeps_quiet(&page, "Bea");
    // 472 children in December 2018 and 430 now: better, and new enough to say so.
    assert_says(&page, "Getting better");
    assert_says(&page, "From December 2018 to September 2026 it got better.");
    // A year before is nearer than 2018.
    let earlier = figure(&[("period", "2025-09"), ("value", "410")]);
    assert_eq!(enter(&clerk, &earlier).await.status, StatusCode::SEE_OTHER);
    assert_says(
        &world.get(address).await,
        "From September 2025 to September 2026 it got worse.",
    );
    assert_says(
        &world.get("/promises").await,
        "Fewer children need to come into care Getting worse",
    );
}

#[tokio::test]
async fn a_correction_needs_a_reason_and_keeps_what_stood_there_in_the_open() {
    let world = World::new().await;
    let clerk = world.desk("Eve", Role::Clerk).await;
    let old = [("period", "2018-12"), ("value", "470")];
    let refused = enter(&clerk, &figure(&old)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_says(
        &refused,
        "There is a number for that time already. Write why it changes.",
    );
    assert!(
        refused.text().contains("value=\"470\""),
        "what was typed stays"
    );
    let with_reason = figure(&[old[0], old[1], ("reason", "The council counted again.")]);
    assert_eq!(
        enter(&clerk, &with_reason).await.status,
        StatusCode::SEE_OTHER
    );
    let page = world.get("/promises/fewer-in-care").await;
    assert_says(
        &page,
        "December 2018: changed on 21 November 2026 from 472 to 470. Why: The council counted again.",
    );
    // Taken away: the first figure is not put back in silence.
    let away = figure(&[
        old[0],
        ("value", ""),
        ("away", "yes"),
        ("reason", "Wrong month."),
    ]);
    assert_eq!(enter(&clerk, &away).await.status, StatusCode::SEE_OTHER);
    let page = world.get("/promises/fewer-in-care").await;
    assert_says(
        &page,
        "December 2018: taken away on 21 November 2026. It was 470. Why: Wrong month.",
    );
    assert_keeps_quiet(&page, "December 2018 (old)");
    let nothing = figure(&[old[0], ("value", ""), ("away", "yes"), ("reason", "Again.")]);
    assert_eq!(
        enter(&clerk, &nothing).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn two_people_cannot_overwrite_each_other() {
    let world = World::new().await;
    let clerk = world.desk("Eve", Role::Clerk).await;
    let coordinator = world.desk("Bea", Role::Coordinator).await;
    let page = clerk.get("/desk/progress").await;
    assert_eq!(
        enter(&coordinator, &figure(&[])).await.status,
        StatusCode::SEE_OTHER
    );
    let (token, seen) = (page.hidden("token"), page.hidden("seen"));
    let mut late = figure(&[("value", "431"), ("reason", "Mine.")]);
    late.extend([("token", token.as_str()), ("seen", seen.as_str())]);
    let refused = clerk.post("/desk/progress", &late).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(
        refused.text().contains("value=\"431\""),
        "what was typed stays"
    );
    let figures = world.store.figures().await.unwrap();
    assert_eq!(figures.len(), 1);
    // Having seen it, the correction goes through; a page that says nothing of what it saw does not.
    let mut blind = figure(&[("value", "431"), ("reason", "Mine.")]);
    blind.push(("token", token.as_str()));
    assert_eq!(
        clerk.post("/desk/progress", &blind).await.status,
        StatusCode::CONFLICT
    );
    let seen = enter(&clerk, &figure(&[("value", "431"), ("reason", "Mine.")])).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_figure_that_cannot_be_is_refused_and_nothing_is_kept() {
    let world = World::new().await;
    let clerk = world.desk("Eve", Role::Clerk).await;
    let long = "x".repeat(301);
    for (field, value, said) in [
        ("indicator", "made-up", "Choose what was counted."),
        ("period", "September", "Write when, such as 2026"),
        ("period", "2026-12", "That time is not over yet."),
        ("value", "many", "Write the number with digits only"),
        ("value", "-3", "Write the number with digits only"),
        ("value", "12.5", "That number does not fit."),
        ("source", "  ", "Write where you read it."),
        ("source", &long, "This is too long."),
        ("source-day", "yesterday", "Choose the day of the report."),
        (
            "source-day",
            "2026-11-22",
            "The day of the report is not here yet.",
        ),
    ] {
        let answer = enter(&clerk, &figure(&[(field, value)])).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{field} {value}"
        );
        assert_says(&answer, said);
    }
    let percent = figure(&[("indicator", "far-away"), ("value", "101")]);
    assert_eq!(
        enter(&clerk, &percent).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(world.store.figures().await.unwrap(), []);
    let with_tags = figure(&[("source", "<script>alert(1)</script>")]);
    assert_eq!(
        enter(&clerk, &with_tags).await.status,
        StatusCode::SEE_OTHER
    );
    let page = world.get("/promises/fewer-in-care").await.text();
    assert!(!page.contains("<script>alert"), "typed words are text");
}

#[tokio::test]
async fn only_the_coordinator_and_the_clerk_enter_figures() {
    let world = World::new().await;
    let names = ["Ann", "Bea", "Cat", "Dee", "Eve", "Fay"];
    for (name, role) in names.into_iter().zip(Role::ALL) {
        let desk = world.desk(name, role).await;
        let may = matches!(role, Role::Coordinator | Role::Clerk);
        let page = desk.get("/desk/progress").await;
        assert_eq!(page.status == StatusCode::OK, may, "{role:?}");
        let token = desk.get("/desk/password").await.hidden("token");
        let month = format!("2026-0{}", name.len() + usize::from(may));
        let mut fields = figure(&[("period", &month), ("reason", "New.")]);
        fields.extend([("token", token.as_str()), ("seen", "100")]);
        let before = world.store.figures().await.unwrap().len();
        let answer = desk.post("/desk/progress", &fields).await;
        assert_eq!(answer.status == StatusCode::SEE_OTHER, may, "{role:?}");
        let after = world.store.figures().await.unwrap().len();
        assert_eq!(after, before + usize::from(may), "{role:?}");
        let link = desk.get("/desk/password").await.text();
        assert_eq!(link.contains("href=\"/desk/progress\""), may, "{role:?}");
    }
}

#[tokio::test]
async fn an_overdue_promise_says_so_in_amber() {
    let world = World::new().await;
    let overdue = "These words should have been checked again by now.";
    for address in ["/promises", "/promises/adoption"] {
        assert_keeps_quiet(&world.get(address).await, overdue);
    }
    world.clock.forward(200 * 86_400);
    for address in ["/promises", "/promises/adoption"] {
        let page = world.get(address).await;
        assert_says(&page, overdue);
        assert!(page.text().contains("class=\"bubble amber\""));
    }
}

#[tokio::test]
async fn figures_are_kept_as_given_and_survive_a_restart() {
    let world = World::new().await;
    let row = |number: Option<i64>| FigureRow {
        seq: 0,
        indicator: "children-in-care".to_owned(),
        period: "2026-04/2026-09".parse().unwrap(),
        number: number.and_then(domain::indicator::Number::from_tenths),
        source: "A report".to_owned(),
        source_day: "2026-10-01".parse().unwrap(),
        reason: "Why".to_owned(),
        entered: "2026-11-21".parse().unwrap(),
    };
    let first = world.audited().add_figure(row(Some(125)), 0).await.unwrap();
    assert_eq!(first, Changed::Done);
    let stale = world.audited().add_figure(row(None), 0).await.unwrap();
    assert_eq!(stale, Changed::Stale, "not seen");
    let seen = world.store.figures().await.unwrap()[0].seq;
    let second = world.audited().add_figure(row(None), seen).await.unwrap();
    assert_eq!(second, Changed::Done);
    let kept = world.store.figures().await.unwrap();
    let world = world.reopen().await;
    assert_eq!(world.store.figures().await.unwrap(), kept);
    let wanted = [row(Some(125)), row(None)];
    for (kept, wanted) in kept.iter().zip(wanted) {
        assert_eq!(
            *kept,
            FigureRow {
                seq: kept.seq,
                ..wanted
            }
        );
    }
}

#[tokio::test]
async fn every_promise_page_fits_its_bytes() {
    let world = World::new().await;
    let promises = &world.site.content.tracker.promises;
    let pages = promises
        .iter()
        .map(|promise| format!("/promises/{}", promise.slug));
    for address in pages.chain(["/promises".to_owned(), "/search".to_owned()]) {
        let request = Request::get(&address).header(header::ACCEPT_ENCODING, "br");
        let answer = world.request(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("content-encoding"), "br", "{address}");
        // With room for the headers (goal F1).
        let bytes = answer.bytes.len() + 1_500;
        assert!(bytes <= 14_000, "{address}: {bytes}");
    }
}
