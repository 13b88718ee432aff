//! Every interface word that a page asks for is there, none stands there in vain, and the words pass the same check as
//! `pledge content check`. Then the words of pages are edited at the desk: drafts, publishing, versions, and reviews that
//! are late.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::{Answer, DeskClient, World};
use axum::http::StatusCode;
use content::page_source;
use domain::event::EventKind;
use domain::lifecycle::{CloseReason, Lane, State};
use domain::role::Role;
use domain::view::{Feeling, Safe, Topic};
use model::editing::{EditorForm, SourceForm};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use store::{PageDraftRow, Publish, Store};

fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|end| end == "rs") {
            all.push(path);
        }
    }
}

/// Texts between quotes in Rust code that look like a key: words of small letters with dots between.
fn keys_in(code: &str) -> BTreeSet<String> {
    let files = [
        ".css", ".db", ".js", ".json", ".md", ".rs", ".sqlite", ".toml", ".txt", ".xml",
    ];
    let is_key = |text: &str| {
        text.contains('.')
            && !files.iter().any(|end| text.ends_with(end))
            && text.split('.').all(|part| {
                !part.is_empty()
                    && part.chars().all(|c| {
                        c.is_ascii_lowercase()
                            || c.is_ascii_digit()
                            || c == '-'
                            || "{}_:".contains(c)
                    })
            })
    };
    code.split('"')
        .skip(1)
        .step_by(2)
        .filter(|text| is_key(text))
        .map(str::to_owned)
        .collect()
}

/// The keys that a pattern such as `topic.{id}` can become.
fn family(pattern: &str, keys: &BTreeSet<String>) -> Vec<String> {
    let parts: Vec<&str> = pattern.split(['{', '}']).step_by(2).collect();
    let fits = |key: &&String| {
        key.starts_with(parts[0])
            && key.ends_with(parts[parts.len() - 1])
            && key.split('.').count() == pattern.split('.').count()
    };
    keys.iter().filter(fits).cloned().collect()
}

struct Found {
    missing: Vec<String>,
    unused: Vec<String>,
}

fn compare(asked: &BTreeSet<String>, there: &BTreeSet<String>) -> Found {
    let groups: BTreeSet<&str> = there
        .iter()
        .filter_map(|key| key.split('.').next())
        .collect();
    let mut used = BTreeSet::new();
    let mut missing = Vec::new();
    for key in asked {
        // Other dotted texts (file names, versions) do not begin with a group of words.
        if !groups.contains(key.split('.').next().unwrap_or_default()) {
            continue;
        }
        let hits = if key.contains('{') {
            family(key, there)
        } else {
            there.get(key).cloned().into_iter().collect()
        };
        if hits.is_empty() {
            missing.push(key.clone());
        }
        used.extend(hits);
    }
    Found {
        missing,
        unused: there.difference(&used).cloned().collect(),
    }
}

fn asked() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    sources(&root.join("app/src"), &mut files);
    // The rules name their own sentences, which are words of the checker and not of the interface.
    for entry in std::fs::read_dir(root.join("crates")).unwrap() {
        let package = entry.unwrap().path();
        if !package.ends_with("domain") {
            sources(&package.join("src"), &mut files);
        }
    }
    sources(&root.join("server/src"), &mut files);
    // These are words of the interface.
    files.push(root.join("crates/domain/src/readers.rs"));
    files
        .iter()
        .flat_map(|file| keys_in(&std::fs::read_to_string(file).unwrap()))
        .collect()
}

fn there() -> BTreeSet<String> {
    let content = server::bootstrap::load_content().unwrap();
    content.words.table.keys().cloned().collect()
}

#[test]
fn every_word_a_page_asks_for_is_there_and_none_in_vain() {
    let found = compare(&asked(), &there());
    assert_eq!(found.missing, [] as [String; 0], "missing words");
    assert_eq!(
        found.unused,
        [] as [String; 0],
        "words that no page asks for"
    );
}

#[test]
fn the_comparison_finds_what_is_planted() {
    let set = |keys: &[&str]| {
        keys.iter()
            .map(|key| (*key).to_owned())
            .collect::<BTreeSet<String>>()
    };
    let found = compare(
        &set(&["a.b", "a.gone", "a.{x}.name", "file.rs"]),
        &set(&["a.b", "a.one.name", "a.vain"]),
    );
    assert_eq!(found.missing, ["a.gone"]);
    assert_eq!(found.unused, ["a.vain"]);
    assert_eq!(
        keys_in("t(\"a.b\") \"No.\" \"speak.{id}.x\""),
        set(&["a.b", "speak.{id}.x"])
    );
}

#[test]
fn every_choice_has_its_words() {
    let there = there();
    let mut wanted: Vec<String> = Vec::new();
    wanted.extend(
        Topic::ALL
            .iter()
            .map(|topic| format!("topic.{}", topic.id())),
    );
    wanted.extend(
        Feeling::ALL
            .iter()
            .map(|feeling| format!("feeling.{}", feeling.id())),
    );
    wanted.extend(Safe::ALL.iter().map(|safe| format!("safe.{}", safe.id())));
    for state in State::ALL {
        wanted
            .extend(["sender", "next", "name"].map(|part| format!("state.{}.{part}", state.id())));
    }
    wanted.extend(
        Lane::ALL
            .iter()
            .map(|lane| format!("lane.{}.name", lane.id())),
    );
    wanted.extend(CloseReason::ALL.iter().flat_map(|reason| {
        ["name", "sender"].map(|part| format!("reason.{}.{part}", reason.id()))
    }));
    wanted.extend(
        Role::ALL
            .iter()
            .map(|role| format!("role.{}.name", role.id())),
    );
    wanted.extend(
        EventKind::ALL
            .iter()
            .map(|kind| format!("action.{}.record", kind.id())),
    );
    let missing: Vec<String> = wanted
        .into_iter()
        .filter(|key| !there.contains(key))
        .collect();
    assert_eq!(missing, [] as [String; 0]);
}

#[test]
fn the_words_pass_the_content_check() {
    let content = server::bootstrap::load_content().unwrap();
    // The day the words were written: overdue reviews are listed by `pledge content check` on the day it runs.
    let today = "2026-11-21".parse().unwrap();
    let faults = content::lint::check(&content, today, &web::public_addresses(&content));
    assert_eq!(faults, []);
}

// ---------------------------------------------------------------------------------------------- edited at the desk

pub(crate) const VISITS: &str = "en/rights/visits.md";
const DAY: i64 = 86_400;

pub(crate) fn given(file: &str) -> String {
    let files = server::assets::content_files();
    files.into_iter().find(|(path, _)| path == file).unwrap().1
}

/// The parts of a file as it came with the program.
pub(crate) fn parts(file: &str) -> EditorForm {
    page_source::read(file, &given(file)).unwrap()
}

pub(crate) fn fields_of(form: &EditorForm) -> Vec<(&str, &str)> {
    let mut fields = vec![
        ("title", form.title.as_str()),
        ("short", &form.short),
        ("checked", &form.checked),
        ("review-by", &form.review_by),
        ("certainty", &form.certainty),
        ("body", &form.body),
    ];
    if let Some(who) = &form.who_for {
        fields.push(("who-for", who));
    }
    for source in &form.sources {
        fields.push(("source-title", &source.title));
        fields.push(("source-seen", &source.seen));
        fields.push(("source-certainty", &source.certainty));
    }
    fields
}

pub(crate) fn at(file: &str) -> String {
    model::urls::desk_page_editor(file)
}

/// Posts a form from this page.
pub(crate) async fn save_from(
    who: &DeskClient<'_>,
    page: &Answer,
    file: &str,
    form: &EditorForm,
) -> Answer {
    let hidden = ["token", "seen", "over"].map(|name| (name, page.hidden(name)));
    let mut fields = fields_of(form);
    fields.extend(hidden.iter().map(|(name, value)| (*name, value.as_str())));
    who.post(&at(file), &fields).await
}

pub(crate) async fn save(who: &DeskClient<'_>, file: &str, form: &EditorForm) -> Answer {
    let page = who.get(&at(file)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    save_from(who, &page, file, form).await
}

/// Presses publish, discard or return as the page of this moment has it.
pub(crate) async fn press(who: &DeskClient<'_>, file: &str, act: &str, to: &str) -> Answer {
    let page = who.get(&at(file)).await;
    press_on(who, &page, file, act, to).await
}

pub(crate) async fn press_on(
    who: &DeskClient<'_>,
    page: &Answer,
    file: &str,
    act: &str,
    to: &str,
) -> Answer {
    let (token, seen) = (page.hidden("token"), page.hidden("seen"));
    let fields = [("token", token.as_str()), ("seen", &seen), ("to", to)];
    who.post(&format!("{}/{act}", at(file)), &fields).await
}

pub(crate) fn done(answer: &Answer, word: &str) {
    let text = answer.text();
    let faults = text.split("id=\"faults\"").nth(1).unwrap_or(&text);
    let faults = faults.split("</ul>").next().unwrap();
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{faults}");
    let to = answer.header("location");
    assert!(to.ends_with(&format!("?done={word}")), "{to}");
}

pub(crate) fn says(page: &Answer, words: &str) -> bool {
    page.text().contains(words)
}

/// The part of a page between its header and its footer.
fn main_of(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("<main").unwrap();
    rest.split_once("</main>").unwrap().0.to_owned()
}

pub(crate) fn with_sentence(sentence: &str) -> EditorForm {
    let mut form = parts(VISITS);
    form.body = form.body.replace(
        "They check that you are safe and well.",
        &format!("They check that you are safe and well. {sentence}"),
    );
    assert!(form.body.contains(sentence));
    form
}

async fn acts(world: &World, action: &str) -> Vec<(String, String)> {
    let rows = world.store.audit_after(0, 10_000).await.unwrap();
    rows.into_iter()
        .filter(|row| row.action == action)
        .map(|row| (row.object.unwrap_or_default(), row.outcome))
        .collect()
}

#[tokio::test]
async fn two_people_change_a_page_and_it_stays_changed() {
    let world = World::new().await;
    let ann = world.desk("Ann", Role::Coordinator).await;
    let cleo = world.desk("Cleo", Role::Clerk).await;
    let sal = world.desk("Sal", Role::Speakerbox).await;
    let sentence = "They may bring a kind zebrafinch.";
    let list = ann.get("/desk/page-editor").await;
    assert!(says(&list, &format!("href=\"{}\"", at(VISITS))));
    let before = world.get("/rights/visits").await;
    let file_before = world.get("/keep/pledge.html").await;
    let copy_before = world.get("/keep/list.json").await.text();
    let index_before = world.get("/search/words").await.text();

    done(
        &save(&sal, VISITS, &with_sentence(sentence)).await,
        "words-saved",
    );
    assert_eq!(world.get("/rights/visits").await.bytes, before.bytes);
    assert!(says(&ann.get("/desk/page-editor").await, "Draft by Sal"));
    // Looked at as young people will see it: their style, their frame, a line on top, and nothing is kept.
    let preview = ann.get(&format!("{}/preview", at(VISITS))).await;
    assert!(says(&preview, sentence) && says(&preview, "id=\"preview\""));
    assert_eq!(preview.header("cache-control"), "no-store");
    assert_eq!(preview.header("x-robots-tag"), "noindex, noarchive");
    assert_eq!(
        preview.header("content-security-policy"),
        before.header("content-security-policy")
    );

    // SpeakerBox may not publish, and the writer of the last change may not either.
    let refused = press(&sal, VISITS, "publish", "").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    done(
        &save(&ann, VISITS, &with_sentence(sentence)).await,
        "words-saved",
    );
    let own = ann.get(&at(VISITS)).await;
    assert!(says(&own, "somebody else must read it") && !says(&own, "/publish\""));
    let refused = press(&ann, VISITS, "publish", "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(says(&refused, "somebody else must publish it"));
    assert_eq!(world.get("/rights/visits").await.bytes, before.bytes);

    let looked = cleo.get(&at(VISITS)).await;
    assert!(
        says(&looked, "The checks found nothing to mend."),
        "{}",
        looked.text()
    );
    assert!(says(&looked, "<mark>") && says(&looked, "zebrafinch"));
    done(
        &press(&cleo, VISITS, "publish", "").await,
        "words-published",
    );
    let page = world.get("/rights/visits").await;
    assert!(says(&page, sentence));
    assert_ne!(page.header("etag"), before.header("etag"));
    assert_eq!(main_of(&page), main_of(&preview));
    let found = world.post("/search", &[("q", "zebrafinch")]).await;
    assert!(says(&found, "href=\"/rights/visits\""), "{}", found.text());
    let index = |text: &str| search::Index::read(text).unwrap();
    let on_the_phone = index(&world.get("/search/words").await.text()).search("zebrafinch");
    assert_eq!(on_the_phone.found[0].address, "/rights/visits");
    assert!(index(&index_before).search("zebrafinch").found.is_empty());
    assert!(says(&world.get("/keep/pledge.html").await, sentence));
    assert!(!says(&file_before, sentence));
    assert_ne!(world.get("/keep/list.json").await.text(), copy_before);
    // Twice is once.
    let again = press(&cleo, VISITS, "publish", "").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let file = VISITS.to_owned();
    let entered = |outcome: &str| (file.clone(), outcome.to_owned());
    assert_eq!(
        acts(&world, "save-words").await,
        [entered("done"), entered("done")]
    );
    assert_eq!(acts(&world, "publish-words").await, [entered("done")]);

    // After a restart.
    let (ann, cleo) = (ann.cookie.clone(), cleo.cookie.clone());
    let world = world.reopen().await;
    let browser = |name: &'static str, cookie: &str| DeskClient {
        world: &world,
        name,
        cookie: cookie.to_owned(),
    };
    let (ann, cleo) = (browser("Ann", &ann), browser("Cleo", &cleo));
    let page = world.get("/rights/visits").await;
    assert!(says(&page, sentence));
    let found = world.post("/search", &[("q", "zebrafinch")]).await;
    assert!(says(&found, "href=\"/rights/visits\""));

    // Its history, and back to what came with the program: again by two.
    let history = cleo.get(&format!("{}/history", at(VISITS))).await;
    for words in [
        "Version 1",
        "Ann",
        "Cleo",
        "In force",
        "zebrafinch",
        "21 November 2026",
    ] {
        assert!(says(&history, words), "{words}");
    }
    done(&press(&cleo, VISITS, "return", "0").await, "words-returned");
    let busy = press(&ann, VISITS, "return", "0").await;
    assert_eq!(busy.status, StatusCode::CONFLICT);
    assert!(says(&world.get("/rights/visits").await, sentence));
    done(&press(&ann, VISITS, "publish", "").await, "words-published");
    assert_eq!(world.get("/rights/visits").await.bytes, before.bytes);
    let history = ann.get(&format!("{}/history", at(VISITS))).await;
    assert!(says(&history, "Version 2"));
    let nowhere = press(&ann, VISITS, "return", "99").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    // A draft can be thrown away.
    done(
        &save(&ann, VISITS, &with_sentence(sentence)).await,
        "words-saved",
    );
    done(
        &press(&cleo, VISITS, "discard", "").await,
        "words-discarded",
    );
    assert_eq!(world.store.drafts().await.unwrap(), []);
    assert_eq!(acts(&world, "discard-words").await, [entered("done")]);
}

#[tokio::test]
async fn a_draft_with_faults_is_kept_and_not_published() {
    let world = World::new().await;
    let ann = world.desk("Ann", Role::Coordinator).await;
    let cleo = world.desk("Cleo", Role::Clerk).await;
    let long = "word ".repeat(26);
    let mut late = parts(VISITS);
    late.review_by = "2026-11-20".to_owned();
    let mut bare = parts(VISITS);
    bare.sources.clear();
    let mut whole = parts(VISITS);
    whole.body = whole
        .body
        .replace("## The law behind it", "The law behind it");
    for (form, fault) in [
        (with_sentence("Your placement is fine."), "says placement"),
        (with_sentence(&format!("A {long}.")), "a sentence has"),
        (with_sentence("You get \u{a3}987654 a week."), "987654"),
        (with_sentence("See [this](/rights/none)."), "/rights/none"),
        (with_sentence("See [this](javascript:x)."), "javascript:x"),
        (
            with_sentence("See ![this](https://other.uk/x.png)."),
            "picture",
        ),
        (late, "review was due"),
        (bare, "names no source"),
        (whole, "four headings"),
    ] {
        done(&save(&ann, VISITS, &form).await, "words-saved");
        let page = cleo.get(&at(VISITS)).await;
        let listed = page.text().to_lowercase();
        let listed = listed.split("id=\"faults\"").nth(1).unwrap();
        let listed = listed.split("</ul>").next().unwrap();
        assert!(listed.contains(&fault.to_lowercase()), "{fault}: {listed}");
        assert!(!says(&page, "/publish\""), "{fault}");
        let refused = press_on(&cleo, &page, VISITS, "publish", "").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fault}");
        // What was typed is in the form still.
        assert!(says(&refused, "Nothing was published."));
        let title = refused.text().contains("Visits from your social worker");
        assert!(title, "{fault}");
    }
    assert_eq!(world.store.published_words().await.unwrap(), []);
    // The control: the same page without a fault.
    done(
        &save(&ann, VISITS, &with_sentence("They may bring a ball.")).await,
        "words-saved",
    );
    done(
        &press(&cleo, VISITS, "publish", "").await,
        "words-published",
    );
    // What cannot be a page at all is not saved, and stays in the form.
    let mut wrong = with_sentence("Kept zebrafinch.");
    wrong.title.clear();
    wrong.checked = "soon".to_owned();
    wrong.sources.push(SourceForm {
        title: "Half a source".to_owned(),
        ..SourceForm::default()
    });
    let answer = save(&ann, VISITS, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "Kept zebrafinch.",
        "value=\"soon\"",
        "Half a source",
        "href=\"#title\"",
        "href=\"#checked\"",
        "href=\"#sources\"",
    ] {
        assert!(says(&answer, words), "{words}");
    }
    assert_eq!(world.store.drafts().await.unwrap(), []);
}

#[tokio::test]
async fn two_who_write_at_once_lose_nothing() {
    let world = World::new().await;
    let ann = world.desk("Ann", Role::Coordinator).await;
    let cleo = world.desk("Cleo", Role::Clerk).await;
    let early = cleo.get(&at(VISITS)).await;
    done(
        &save(&ann, VISITS, &with_sentence("Written by the first.")).await,
        "words-saved",
    );
    let typed = with_sentence("Written by the second.");
    let refused = save_from(&cleo, &early, VISITS, &typed).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(says(&refused, "nothing was saved"));
    // What was typed, and what it would change in the other's draft.
    let against = refused.text();
    let against = against.split("id=\"against\"").nth(1).unwrap();
    let against = against.split("</section>").next().unwrap();
    assert!(against.contains("first.") && against.contains("second."));
    assert!(
        refused
            .text()
            .contains("safe and well. Written by the second.")
    );
    let drafts = world.store.drafts().await.unwrap();
    assert!(drafts[0].text.contains("the first") && !drafts[0].text.contains("the second"));
    // Having seen it, the second one may save.
    let saved = save_from(&cleo, &refused, VISITS, &typed).await;
    done(&saved, "words-saved");
    // A form from before a publication begins nothing, and a form without numbers neither.
    done(&press(&ann, VISITS, "publish", "").await, "words-published");
    let late = save_from(&cleo, &early, VISITS, &typed).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let token = early.hidden("token");
    let mut blind = fields_of(&typed);
    blind.push(("token", &token));
    assert_eq!(
        cleo.post(&at(VISITS), &blind).await.status,
        StatusCode::CONFLICT
    );
    // A press on a draft that has changed since publishes nothing.
    done(
        &save(&ann, VISITS, &with_sentence("One.")).await,
        "words-saved",
    );
    let seen = cleo.get(&at(VISITS)).await;
    done(
        &save(&ann, VISITS, &with_sentence("Two.")).await,
        "words-saved",
    );
    let (token, number) = (seen.hidden("token"), seen.hidden("seen"));
    let fields = [("token", token.as_str()), ("seen", &number)];
    for act in ["publish", "discard"] {
        let answer = cleo.post(&format!("{}/{act}", at(VISITS)), &fields).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{act}");
    }
    assert_eq!(world.store.published_words().await.unwrap().len(), 1);
}

#[tokio::test]
async fn two_publications_at_once_are_both_there() {
    let world = World::new().await;
    let ann = world.desk("Ann", Role::Coordinator).await;
    let cleo = world.desk("Cleo", Role::Clerk).await;
    let other = "en/rights/advocate.md";
    let mut form = parts(other);
    form.short = "A kind zebrafinch can help you.".to_owned();
    done(
        &save(&ann, VISITS, &with_sentence("They may bring a ball.")).await,
        "words-saved",
    );
    done(&save(&ann, other, &form).await, "words-saved");
    let (one, two) = tokio::join!(
        press(&cleo, VISITS, "publish", ""),
        press(&cleo, other, "publish", "")
    );
    done(&one, "words-published");
    done(&two, "words-published");
    assert!(says(&world.get("/rights/visits").await, "bring a ball"));
    assert!(says(
        &world.get("/rights/advocate").await,
        "kind zebrafinch"
    ));
    assert!(says(&world.get("/rights").await, "kind zebrafinch"));
    assert!(!world.live.is_stale());
}

#[tokio::test]
async fn whoever_writes_may_write_anything_and_it_stays_words() {
    let world = World::new().await;
    let ann = world.desk("Ann", Role::Coordinator).await;
    let cleo = world.desk("Cleo", Role::Clerk).await;
    let mut form = with_sentence("A <script>alert(x)</script> <b onclick=x>b</b> \0\u{7}zebra.");
    form.title = "Visits \" + \\ <i>x</i>".to_owned();
    done(&save(&ann, VISITS, &form).await, "words-saved");
    let page = cleo.get(&at(VISITS)).await;
    let preview = cleo.get(&format!("{}/preview", at(VISITS))).await;
    done(
        &press(&cleo, VISITS, "publish", "").await,
        "words-published",
    );
    let public = world.get("/rights/visits").await;
    for shown in [&page, &preview, &public] {
        assert_eq!(shown.status, StatusCode::OK);
        let text = shown.text();
        assert!(text.contains("&lt;script&gt;alert(x)"), "{text}");
        assert!(!text.contains("<script>alert") && !text.contains("<b onclick"));
        assert!(!text.contains("<i>x") && !text.contains('\0') && !text.contains('\u{7}'));
    }
    // Too much is refused, with the door shut early.
    form.body = "a".repeat(600_000);
    let answer = save(&ann, VISITS, &form).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    form.body = "a ".repeat(45_000);
    let answer = save(&ann, VISITS, &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Files that are none, or not for the desk.
    for name in [
        "en~interface~desk.toml",
        "en~rights~none.md",
        "..~..~etc~passwd",
        "%00",
        "~",
    ] {
        for path in ["", "/preview", "/history"] {
            let path = format!("/desk/page-editor/{name}{path}");
            assert_eq!(ann.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let token = page.hidden("token");
        let cleos = [
            ("token", token.as_str()),
            ("seen", "0"),
            ("over", "0"),
            ("body", "x"),
        ];
        let answer = cleo
            .post(&format!("/desk/page-editor/{name}"), &cleos)
            .await;
        assert!(
            [StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY].contains(&answer.status),
            "{name}: {}",
            answer.status
        );
    }
    assert_eq!(world.store.drafts().await.unwrap(), []);
}

#[tokio::test]
async fn other_files_are_edited_whole_and_add_no_page() {
    let world = World::new().await;
    let ann = world.desk("Ann", Role::Coordinator).await;
    let cleo = world.desk("Cleo", Role::Clerk).await;
    let whole = |body: String| EditorForm {
        body,
        ..EditorForm::default()
    };
    let glossary = given("en/glossary.toml");
    let line = glossary
        .lines()
        .find(|line| line.starts_with("means = "))
        .unwrap();
    let changed = glossary.replacen(line, "means = \"A kind zebrafinch.\"", 1);
    done(
        &save(&ann, "en/glossary.toml", &whole(changed)).await,
        "words-saved",
    );
    done(
        &press(&cleo, "en/glossary.toml", "publish", "").await,
        "words-published",
    );
    assert!(says(&world.get("/glossary").await, "A kind zebrafinch."));
    // A file that cannot be read, and a page more.
    let letter = given("en/letters/advocate.toml");
    for (file, text, fault) in [
        ("en/help.toml", "this is no toml".to_owned(), "TOML"),
        (
            "en/letters/advocate.toml",
            letter.replacen("advocate", "other", 1),
            "slug",
        ),
        (
            "en/pledge.toml",
            given("en/pledge.toml")
                .split("[[promise]]")
                .take(4)
                .collect::<Vec<_>>()
                .join("[[promise]]"),
            "adds or removes a page",
        ),
    ] {
        done(&save(&ann, file, &whole(text)).await, "words-saved");
        assert!(
            says(&cleo.get(&at(file)).await, fault),
            "{file}: {}",
            cleo.get(&at(file)).await.text()
        );
        let refused = press(&cleo, file, "publish", "").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{file}");
    }
}

#[tokio::test]
async fn every_preview_is_the_page_that_is_served() {
    let world = World::new().await;
    let ann = world.desk("Ann", Role::Coordinator).await;
    let mut seen = 0;
    for (file, _) in server::assets::content_files() {
        let Some(name) = file
            .strip_prefix("en/")
            .filter(|_| page_source::is_page(&file))
        else {
            continue;
        };
        let name = name.trim_end_matches(".md");
        let address = match name.trim_start_matches("pages/") {
            "home" => "/".to_owned(),
            // Their pages are made of more than these words.
            "promises" | "speak" | "follow" => continue,
            name => format!("/{name}"),
        };
        let preview = ann.get(&format!("{}/preview", at(&file))).await;
        let public = world.get(&address).await;
        assert_eq!(main_of(&preview), main_of(&public), "{file}");
        seen += 1;
    }
    assert!(seen > 50, "{seen} pages");
}

#[tokio::test]
async fn pages_that_are_late_for_their_review_say_so_in_amber() {
    let world = World::new().await;
    let ann = world.desk("Ann", Role::Coordinator).await;
    let note = "We should have checked this page again by";
    let content = server::bootstrap::load_content().unwrap();
    let rights = content
        .rights
        .iter()
        .map(|right| model::urls::right(&right.slug));
    let pages = content.pages.keys().map(|name| match name.as_str() {
        "home" => "/".to_owned(),
        name => format!("/{name}"),
    });
    // The promises follow their figures, with a note of their own; Speak and Follow state nothing.
    let others = ["/promises", "/speak", "/follow"];
    let all: Vec<String> = rights
        .chain(pages)
        .filter(|address| !others.contains(&address.as_str()))
        .collect();
    assert!(all.len() > 50);
    for address in &all {
        assert!(!says(&world.get(address).await, note), "{address}");
    }
    // The day before, on which the desk shows it; then the days after.
    let last: domain::date::Date = "2027-04-30".parse().unwrap();
    let days = i64::from(last.days() - "2026-11-21".parse::<domain::date::Date>().unwrap().days());
    world.clock.forward((days - 20) * DAY);
    assert!(world.live.is_stale());
    world.live.reload();
    assert!(!world.live.is_stale());
    assert!(!says(&world.get("/rights/visits").await, note));
    let mut ann = DeskClient {
        cookie: String::new(),
        ..ann
    };
    ann.sign_in(&crate::world::own_password("Ann")).await;
    let list = ann.get("/desk/page-editor").await;
    assert!(says(&list, "Review is overdue (0)"));
    assert!(says(&list, "Review by 30 April 2027"));
    world.clock.forward(20 * DAY);
    world.live.reload();
    assert!(
        !says(&world.get("/rights/visits").await, note),
        "the day itself is in time"
    );
    world.clock.forward(DAY);
    let pages_of_yesterday = world.get("/rights/visits").await;
    assert!(!says(&pages_of_yesterday, note));
    world.live.reload();
    for address in &all {
        let page = world.get(address).await;
        assert!(says(&page, note), "{address}");
        assert!(says(&page, "class=\"bubble amber\""), "{address}");
    }
    let mut ann = DeskClient {
        cookie: String::new(),
        ..ann
    };
    ann.sign_in(&crate::world::own_password("Ann")).await;
    let list = ann.get("/desk/page-editor").await.text();
    assert!(!list.contains("Review is overdue (0)") && list.contains("wait late"));
}

/// Puts words into the store as if they had been published.
async fn published(world: &World, file: &str, text: &str, given: [u8; 32]) {
    let draft = PageDraftRow {
        seq: 0,
        file: file.to_owned(),
        base_version: 0,
        text: text.to_owned(),
        writer: "one".to_owned(),
        day: "2026-11-21".parse().unwrap(),
    };
    world.audited().save_draft(draft, 0).await.unwrap();
    let seen = world.store.drafts().await.unwrap()[0].seq;
    let publish = Publish {
        file: file.to_owned(),
        expected_version: seen,
        publisher: "two".to_owned(),
        day: "2026-11-21".parse().unwrap(),
        given,
    };
    let done = world.audited().publish_draft(publish).await.unwrap();
    assert_eq!(done, store::Changed::Done);
}

#[tokio::test]
async fn words_that_do_not_fit_a_new_release_are_set_aside() {
    let world = World::new().await;
    let advocate = given("en/rights/advocate.md").replace("sign = ", "drawing = ");
    published(&world, "en/rights/advocate.md", &advocate, [0; 32]).await;
    let gone = "en/rights/of-an-older-release.md";
    published(&world, gone, "+++\n+++\n", [0; 32]).await;
    let sentence = "They may bring a kind zebrafinch.";
    let text = page_source::write(&given(VISITS), &with_sentence(sentence)).unwrap();
    published(&world, VISITS, &text, [0; 32]).await;
    let untouched = world.get("/rights/advocate").await.bytes;
    let world = world.reopen().await;
    // The one that does not load leaves the program's words in force, and takes nothing with it.
    assert_eq!(world.get("/rights/advocate").await.bytes, untouched);
    assert!(says(&world.get("/rights/visits").await, sentence));
    let ann = world.desk("Ann", Role::Coordinator).await;
    let list = ann.get("/desk/page-editor").await;
    assert!(says(&list, "Set aside"));
    let page = ann.get(&at("en/rights/advocate.md")).await;
    assert!(says(&page, "do not fit this version of Pledge"));
    // The other is in force, and the desk sees that the program has changed its own.
    let page = ann.get(&at(VISITS)).await;
    assert!(says(&page, "brings other words"), "{}", page.text());
    assert!(says(&page, "changed and published here"));
    // It can be corrected: what the program brings is one press away.
    done(
        &press(&ann, "en/rights/advocate.md", "return", "0").await,
        "words-returned",
    );
    let cleo = world.desk("Cleo", Role::Clerk).await;
    done(
        &press(&cleo, "en/rights/advocate.md", "publish", "").await,
        "words-published",
    );
    assert!(!says(&ann.get("/desk/page-editor").await, "Set aside"));
}

fn pledge(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pledge"))
        .args(args)
        .output()
        .unwrap()
}

fn every_file(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inside) = folders.pop() {
        for entry in std::fs::read_dir(inside).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                files.push((name, std::fs::read(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

#[tokio::test]
async fn words_go_out_as_the_files_of_the_project() {
    let world = World::new().await;
    let data = world.data();
    let out = world.folder.path().join("out");
    let export = |to: &Path| {
        let (data, to) = (data.to_str().unwrap(), to.to_str().unwrap());
        pledge(&["content", "export", "--to", to, "--data", data])
    };
    let done = export(&out);
    assert!(done.status.success(), "{done:?}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let ours = every_file(&root.join("content/southwark"));
    assert_eq!(every_file(&out), ours);
    // Nothing is written over.
    let again = export(&out);
    assert_eq!(again.status.code(), Some(1), "{again:?}");
    assert!(String::from_utf8_lossy(&again.stderr).contains("not empty"));
    // What was published is in it, and nothing else has changed.
    let text =
        page_source::write(&given(VISITS), &with_sentence("They may bring a ball.")).unwrap();
    published(&world, VISITS, &text, [0; 32]).await;
    let next = world.folder.path().join("next");
    assert!(export(&next).status.success());
    let changed: Vec<(String, Vec<u8>)> = every_file(&next)
        .into_iter()
        .filter(|file| !ours.contains(file))
        .collect();
    assert_eq!(changed, [(VISITS.to_owned(), text.into_bytes())]);
    // A folder that holds no installation has nothing to give, and is left as it is.
    let none = world.folder.path().join("none");
    let refused = pledge(&[
        "content",
        "export",
        "--to",
        next.to_str().unwrap(),
        "--data",
        none.to_str().unwrap(),
    ]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(!none.exists());
}
