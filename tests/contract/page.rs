//! Pages edited at the desk: drafts and published versions.

use crate::backend::{on_each, open};
use crate::rows::{Desk, day, tag};
use store::{Changed, PageDraftRow, Publish, Store};

fn draft(file: &str, base_version: i64, text: &str, writer: &str) -> PageDraftRow {
    PageDraftRow {
        seq: 0,
        file: file.to_owned(),
        base_version,
        text: text.to_owned(),
        writer: writer.to_owned(),
        day: day("2026-11-21"),
    }
}

fn publish(file: &str, expected_version: i64, publisher: &str) -> Publish {
    Publish {
        file: file.to_owned(),
        expected_version,
        publisher: publisher.to_owned(),
        day: day("2026-11-22"),
        given: tag(7),
    }
}

async fn number_of(store: &dyn Store, file: &str) -> i64 {
    let drafts = store.drafts().await.unwrap();
    let found = drafts.into_iter().find(|draft| draft.file == file);
    found.map_or(0, |draft| draft.seq)
}

#[test]
fn a_draft_is_saved_over_the_one_that_was_seen_and_no_other() {
    on_each(|store, _| async move {
        let save = async |text: &str, expected| {
            let new = draft("en/a.md", 0, text, "w");
            store.desk().save_draft(new, expected).await
        };
        assert_eq!(save("one \0 \u{1F600}", 0).await.unwrap(), Changed::Done);
        let first = number_of(&*store, "en/a.md").await;
        // A second first draft, and one over a number that never was.
        assert_eq!(save("two", 0).await.unwrap(), Changed::Stale);
        assert_eq!(save("two", first + 1).await.unwrap(), Changed::Stale);
        assert_eq!(save("two", first).await.unwrap(), Changed::Done);
        let second = number_of(&*store, "en/a.md").await;
        assert!(second > first);
        assert_eq!(save("three", first).await.unwrap(), Changed::Stale);
        // Another file has drafts of its own, and cannot be named with this one's number.
        let other = draft("en/b.md", 0, "b", "w");
        let other = store.desk().save_draft(other, second).await;
        assert_eq!(other.unwrap(), Changed::Stale);
        let gone = store.desk().discard_draft("en/b.md", second).await.unwrap();
        assert_eq!(gone, Changed::Stale);
        let drafts = store.drafts().await.unwrap();
        let wanted = PageDraftRow {
            seq: second,
            ..draft("en/a.md", 0, "two", "w")
        };
        assert_eq!(drafts, [wanted]);
        // Discarded and begun again: the old number stays dead.
        let gone = store.desk().discard_draft("en/a.md", second).await.unwrap();
        assert_eq!(gone, Changed::Done);
        assert_eq!(save("four", second).await.unwrap(), Changed::Stale);
        assert_eq!(save("four", 0).await.unwrap(), Changed::Done);
        assert!(number_of(&*store, "en/a.md").await > second);
    });
}

#[test]
fn words_are_published_by_somebody_else_than_their_writer() {
    on_each(|store, url| async move {
        store
            .desk()
            .save_draft(draft("en/a.md", 0, "one", "ann"), 0)
            .await
            .unwrap();
        let seen = number_of(&*store, "en/a.md").await;
        for refused in [
            publish("en/a.md", seen, "ann"),
            publish("en/a.md", seen + 1, "bea"),
            publish("en/b.md", seen, "bea"),
        ] {
            let answer = store.desk().publish_draft(refused.clone()).await.unwrap();
            assert_eq!(answer, Changed::Stale, "{refused:?}");
        }
        assert_eq!(store.published_words().await.unwrap(), []);
        let good = publish("en/a.md", seen, "bea");
        assert_eq!(
            store.desk().publish_draft(good.clone()).await.unwrap(),
            Changed::Done
        );
        assert_eq!(
            store.desk().publish_draft(good).await.unwrap(),
            Changed::Stale
        );
        assert_eq!(store.drafts().await.unwrap(), []);
        let one = store.published_words().await.unwrap();
        assert_eq!(one.len(), 1);
        assert_eq!(
            (
                one[0].text.as_str(),
                one[0].writer.as_str(),
                one[0].publisher.as_str()
            ),
            ("one", "ann", "bea")
        );
        assert_eq!(
            (one[0].written, one[0].published),
            (day("2026-11-21"), day("2026-11-22"))
        );
        assert_eq!(one[0].given, tag(7));
        // A form from before that publication begins no draft: it has not seen these words.
        let late = draft("en/a.md", 0, "late", "cat");
        let late = store.desk().save_draft(late, 0).await;
        assert_eq!(late.unwrap(), Changed::Stale);
        let next = draft("en/a.md", one[0].seq, "two", "bea");
        assert_eq!(
            store.desk().save_draft(next, 0).await.unwrap(),
            Changed::Done
        );
        let seen = number_of(&*store, "en/a.md").await;
        let done = store
            .desk()
            .publish_draft(publish("en/a.md", seen, "ann"))
            .await;
        assert_eq!(done.unwrap(), Changed::Done);
        drop(store);
        let store = open(&url).await;
        let all = store.word_versions("en/a.md").await.unwrap();
        let texts: Vec<&str> = all.iter().map(|row| row.text.as_str()).collect();
        assert_eq!(texts, ["one", "two"]);
        assert_eq!(store.published_words().await.unwrap(), all[1..]);
        assert_eq!(store.word_versions("en/b.md").await.unwrap(), []);
    });
}
