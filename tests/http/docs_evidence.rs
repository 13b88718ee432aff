//! The papers are true: everything they name is there, and security.txt is served as set.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::world::World;
use axum::http::StatusCode;
use service::clock::Clock;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use web::security_txt;

/// The text of a file of the repository.
fn read(path: &str) -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::fs::read_to_string(root.join(path)).ok()
}

/// What is wrong with a piece of evidence, `file::test` or a file alone.
fn fault(evidence: &str) -> Option<String> {
    let (file, test) = match evidence.split_once("::") {
        Some((file, test)) => (file, Some(test)),
        None => (evidence, None),
    };
    let Some(text) = read(file) else {
        return Some(format!("there is no file {file}"));
    };
    let there = match test {
        None => true,
        Some(test) if file.ends_with(".rs") => {
            let begin = format!("fn {test}(");
            let lines: Vec<&str> = text.lines().collect();
            lines.iter().enumerate().any(|(at, line)| {
                let marked = |line: &&str| {
                    line.trim() == "#[test]" || line.trim().starts_with("#[tokio::test")
                };
                line.contains(&begin) && lines[at.saturating_sub(3)..at].iter().any(marked)
            })
        }
        Some(test) => ["'", "\"", "`"]
            .iter()
            .any(|quote| text.contains(&format!("test({quote}{test}{quote}"))),
    };
    (!there).then(|| format!("{file} has no test {test:?}"))
}

/// The fields of a line of CSV.
fn fields(line: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut quoted = false;
    for sign in line.chars() {
        match sign {
            '"' => quoted = !quoted,
            ',' if !quoted => all.push(String::new()),
            other => all.last_mut().unwrap().push(other),
        }
    }
    all
}

/// Everything wrong with the table of the ASVS.
fn asvs_faults(table: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut levels: BTreeMap<String, usize> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for line in table.lines().skip(1) {
        let row = fields(line);
        let [id, level, short, applies, why_not, state, evidence, note] = row.as_slice() else {
            faults.push(format!("not eight fields: {line}"));
            continue;
        };
        if !ids.insert(id.clone()) || short.is_empty() {
            faults.push(format!("{id} is there twice, or says nothing"));
        }
        *levels.entry(level.clone()).or_default() += 1;
        match (applies.as_str(), state.as_str()) {
            ("no", "") if !why_not.is_empty() && evidence.is_empty() => {}
            ("yes", "met") if why_not.is_empty() && !evidence.is_empty() => {}
            ("yes", "partly") if why_not.is_empty() && !evidence.is_empty() && !note.is_empty() => {
            }
            ("yes", "not yet") if why_not.is_empty() && evidence.is_empty() => {}
            _ => faults.push(format!(
                "{id}: {applies}, {state}, and what goes with it do not fit"
            )),
        }
        for evidence in evidence.split("; ").filter(|evidence| !evidence.is_empty()) {
            faults.extend(fault(evidence).map(|fault| format!("{id}: {fault}")));
        }
    }
    // ASVS 5.0.0 has 70 rows of level 1 and 183 of level 2.
    let wanted = BTreeMap::from([("1".to_owned(), 70), ("2".to_owned(), 183)]);
    if levels != wanted {
        faults.push(format!("rows of each level: {levels:?}"));
    }
    faults
}

#[test]
fn every_row_of_the_asvs_has_a_state_and_evidence_that_is_there() {
    let table = read("docs/asvs.csv").unwrap();
    assert_eq!(asvs_faults(&table), [] as [String; 0]);
    // The control: what is planted is found.
    for (from, to) in [
        ("partly", "met and more"),
        ("tests/http/audit.rs::", "server/tests/audits.rs::"),
        ("ten_thousand_tamperings", "eleven_thousand_tamperings"),
        ("1.1.1,2,", "1.1.1,3,"),
        ("not yet,,", "met,,"),
    ] {
        let planted = table.replacen(from, to, 1);
        assert_ne!(planted, table, "{from}");
        assert_ne!(asvs_faults(&planted), [] as [String; 0], "{from} as {to}");
    }
}

/// Tests and files between backticks in a paper.
fn named(paper: &str) -> Vec<String> {
    let is_path = |word: &&str| {
        let path = word.split("::").next().unwrap_or_default();
        let of_ours = [
            "server/",
            "tests/",
            "app/",
            "crates/",
            "docs/",
            "README.md",
            "Cargo.",
        ];
        !path.contains(' ') && of_ours.iter().any(|begin| path.starts_with(begin))
    };
    let words = paper.split('`').skip(1).step_by(2).filter(is_path);
    words.map(str::to_owned).collect()
}

#[test]
fn what_the_papers_name_is_there() {
    for (file, least) in [
        ("docs/SECURITY.md", 20),
        ("docs/CHILDRENS-CODE.md", 20),
        ("docs/templates/DPIA.md", 2),
        ("docs/templates/RETENTION.md", 1),
    ] {
        let names = named(&read(file).unwrap());
        assert!(names.len() >= least, "{file} names {}", names.len());
        let faults: Vec<_> = names.iter().filter_map(|name| fault(name)).collect();
        assert_eq!(faults, [] as [String; 0], "{file}");
    }
    assert!(fault("tests/http/docs_evidence.rs::no_such_test").is_some());
    assert!(fault("tests/browser/leave.test.mjs::no such test").is_some());
}

#[test]
fn every_standard_of_the_childrens_code_has_its_row() {
    let paper = read("docs/CHILDRENS-CODE.md").unwrap();
    let numbers: Vec<usize> = paper
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next()?.parse().ok())
        .collect();
    assert_eq!(numbers, (1..=15).collect::<Vec<_>>());
    for line in paper.lines().filter(|line| line.starts_with("| ")).skip(1) {
        if line.starts_with("| -") {
            continue;
        }
        assert!(!named(line).is_empty(), "nothing shows: {line}");
    }
}

#[test]
fn the_retention_template_says_what_the_program_does() {
    let paper = read("docs/templates/RETENTION.md").unwrap();
    use domain::retention as periods;
    for (what, days) in [
        ("the view as sent | the end + ", periods::VIEW.days),
        (
            "a name or a way to reach the sender | the end + ",
            periods::IDENTITY.days,
        ),
        ("or for a hold | the end + ", periods::NOTE.days),
        ("after them | the end + ", periods::THREAD.days),
        ("what happened | the end + ", periods::THREAD.days),
        ("| backups | ", periods::BACKUP.days),
        ("goes within ", periods::GRACE.days),
    ] {
        assert!(
            paper.contains(&format!("{what}{days} days")),
            "{what}{days}"
        );
    }
    for period in [periods::DECISION, periods::MEETING, periods::AUDIT] {
        assert_eq!(period.days, 2_192);
    }
}

#[tokio::test]
async fn security_txt_is_served_as_set_and_not_at_all_without() {
    let world = World::new().await;
    let missing = world.get(security_txt::PATH).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);

    let today = world.clock.today();
    let file = security_txt::body("mailto:security@council.example", today, None).unwrap();
    let text =
        String::from_utf8(file.bytes(web::static_body::Encoding::Identity).to_vec()).unwrap();
    assert_eq!(
        text,
        "Contact: mailto:security@council.example\nExpires: 2027-11-16T00:00:00Z\nPreferred-Languages: en\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    server::bootstrap::init_folder(&data, &vault::random::SystemRandom)
        .await
        .unwrap();
    let keys = data.join(vault::server_keys::FILE);
    let keys = vault::server_keys::ServerKeys::read_file(&keys).unwrap();
    let store = store_sqlite::SqliteStore::open(&data.join(server::bootstrap::DATABASE)).await;
    let content = std::sync::Arc::new(server::bootstrap::load_content().unwrap());
    let clock = std::sync::Arc::new(service::clock::SystemClock);
    let store = std::sync::Arc::new(store.unwrap());
    let pledge = server::bootstrap::open(store, keys, content, crate::world::CHEAP, clock)
        .await
        .unwrap();
    let site = web::Site::new(pledge, std::sync::Arc::new(server::assets::assets()), false)
        .with_file(security_txt::PATH, file);
    let router = web::router(std::sync::Arc::new(site));
    let request = axum::http::Request::get(security_txt::PATH).body(axum::body::Body::empty());
    let answer = tower::ServiceExt::oneshot(router, request.unwrap())
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(
        answer.headers()["content-type"],
        "text/plain; charset=utf-8"
    );

    for bad in [
        "",
        "security@council.example",
        "mailto:",
        "http://a.example",
        "mailto:a\nExpires: 1",
        "mailto:a b",
    ] {
        assert!(security_txt::body(bad, today, None).is_err(), "{bad:?}");
    }
}
