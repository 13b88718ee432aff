//! Pages edited at the desk: drafts and published versions.

use crate::audited_writer::AuditedWriter;
use crate::pool::SqliteStore;
use crate::row_reader::Reader;
use crate::transaction::TxResult;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use store::{Changed, PageDraftRow, PageVersionRow, Publish, Result};

pub(crate) async fn save_draft(
    audited: &AuditedWriter,
    draft: PageDraftRow,
    expected_version: i64,
) -> Result<Changed> {
    audited
        .write(
            (draft, expected_version),
            false,
            |db, (draft, expected_version)| Box::pin(save_draft_tx(db, draft, *expected_version)),
        )
        .await
}

async fn save_draft_tx(
    db: &mut SqliteConnection,
    draft: &PageDraftRow,
    expected_version: i64,
) -> TxResult<Changed> {
    let mut over = draft.base_version;
    if expected_version > 0 {
        let old: Option<i64> = sqlx::query_scalar(
            "DELETE FROM word_draft WHERE file = $1 AND seq = $2 RETURNING over",
        )
        .bind(&draft.file)
        .bind(expected_version)
        .fetch_optional(&mut *db)
        .await?;
        match old {
            Some(old) => over = old,
            None => return Ok(Changed::Stale),
        }
    } else {
        let begun: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM word_draft WHERE file = $1) \
             OR (SELECT coalesce(max(seq), 0) FROM word_version WHERE file = $1) <> $2",
        )
        .bind(&draft.file)
        .bind(over)
        .fetch_one(&mut *db)
        .await?;
        if begun {
            return Ok(Changed::Stale);
        }
    }
    sqlx::query(
        "INSERT INTO word_draft (file, over, text, writer, day) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&draft.file)
    .bind(over)
    .bind(&draft.text)
    .bind(&draft.writer)
    .bind(draft.day.to_string())
    .execute(db)
    .await?;
    Ok(Changed::Done)
}

pub(crate) async fn discard_draft(
    audited: &AuditedWriter,
    file: &str,
    expected_version: i64,
) -> Result<Changed> {
    audited
        .write(
            (file.to_owned(), expected_version),
            false,
            |db, (file, expected_version)| Box::pin(discard_draft_tx(db, file, *expected_version)),
        )
        .await
}

async fn discard_draft_tx(
    db: &mut SqliteConnection,
    file: &str,
    expected_version: i64,
) -> TxResult<Changed> {
    let gone = sqlx::query("DELETE FROM word_draft WHERE file = $1 AND seq = $2")
        .bind(file)
        .bind(expected_version)
        .execute(db)
        .await?;
    Ok(done_if(gone.rows_affected()))
}

pub(crate) async fn drafts(store: &SqliteStore) -> Result<Vec<PageDraftRow>> {
    store
        .readable(
            sqlx::query("SELECT * FROM word_draft ORDER BY file"),
            "word_draft",
            draft_row,
        )
        .await
}

pub(crate) async fn publish_draft(audited: &AuditedWriter, publish: Publish) -> Result<Changed> {
    audited
        .write(publish, false, |db, publish| {
            Box::pin(publish_draft_tx(db, publish))
        })
        .await
}

async fn publish_draft_tx(db: &mut SqliteConnection, publish: &Publish) -> TxResult<Changed> {
    let written = sqlx::query(
        "INSERT INTO word_version (file, text, writer, written, publisher, published, given) \
         SELECT file, text, writer, day, $3, $4, $5 FROM word_draft WHERE file = $1 AND seq = $2 AND writer <> $3 \
         AND over = (SELECT coalesce(max(seq), 0) FROM word_version WHERE file = $1)",
    )
    .bind(&publish.file)
    .bind(publish.expected_version)
    .bind(&publish.publisher)
    .bind(publish.day.to_string())
    .bind(publish.given.as_slice())
    .execute(&mut *db)
    .await?
    .rows_affected();
    if written == 0 {
        return Ok(Changed::Stale);
    }
    discard_draft_tx(db, &publish.file, publish.expected_version).await
}

pub(crate) async fn published_words(store: &SqliteStore) -> Result<Vec<PageVersionRow>> {
    let query = sqlx::query(
        "SELECT * FROM word_version AS one WHERE seq = (SELECT max(seq) FROM word_version WHERE file = one.file) \
         ORDER BY file",
    );
    store.readable(query, "word_version", words_row).await
}

pub(crate) async fn word_versions(store: &SqliteStore, file: &str) -> Result<Vec<PageVersionRow>> {
    let query = sqlx::query("SELECT * FROM word_version WHERE file = $1 ORDER BY seq")
        .bind(file.to_owned());
    store.readable(query, "word_version", words_row).await
}

fn done_if(rows: u64) -> Changed {
    if rows == 0 {
        Changed::Stale
    } else {
        Changed::Done
    }
}

pub(crate) fn draft_row(row: &SqliteRow) -> Result<PageDraftRow> {
    let row = Reader {
        row,
        table: "word_draft",
    };
    Ok(PageDraftRow {
        seq: row.get("seq")?,
        file: row.get("file")?,
        base_version: row.get("over")?,
        text: row.get("text")?,
        writer: row.get("writer")?,
        day: row.day("day")?,
    })
}

pub(crate) fn words_row(row: &SqliteRow) -> Result<PageVersionRow> {
    let row = Reader {
        row,
        table: "word_version",
    };
    Ok(PageVersionRow {
        seq: row.get("seq")?,
        file: row.get("file")?,
        text: row.get("text")?,
        writer: row.get("writer")?,
        written: row.day("written")?,
        publisher: row.get("publisher")?,
        published: row.day("published")?,
        given: row.exactly("given")?,
    })
}
