//! Role keys, grants of them to members, and texts that are sealed again.

use crate::audited_writer::AuditedWriter;
use crate::pool::SqliteStore;
use crate::row_reader::Reader;
use crate::transaction::TxResult;
use crate::view;
use domain::audience::{Audience, RoleKey, TextKind};
use domain::lifecycle::State;
use domain::role::Role;
use domain::view::Subject;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use store::{BodyRow, Changed, GrantRow, Result, RoleKeyRow, SealedAgain, StoreError, TextsAt};

pub(crate) async fn initialize(
    store: &SqliteStore,
    recovery: &str,
    keys: Vec<RoleKeyRow>,
) -> Result<bool> {
    let data = (recovery.to_owned(), keys);
    store
        .writer
        .write(data, false, |db, (recovery, keys)| {
            Box::pin(initialize_tx(db, recovery, keys))
        })
        .await
}

async fn initialize_tx(
    db: &mut SqliteConnection,
    recovery: &str,
    keys: &[RoleKeyRow],
) -> TxResult<bool> {
    let begun = sqlx::query(
        "INSERT INTO setting (name, value) VALUES ('recovery', $1) ON CONFLICT (name) DO NOTHING",
    )
    .bind(recovery)
    .execute(&mut *db)
    .await?
    .rows_affected();
    if begun == 0 {
        return Ok(false);
    }
    add_keys_tx(db, keys).await?;
    Ok(true)
}

pub(crate) async fn add_keys_tx(db: &mut SqliteConnection, keys: &[RoleKeyRow]) -> TxResult<()> {
    for key in keys {
        sqlx::query("INSERT INTO role_key (role_key, generation, recipient, for_recovery) VALUES ($1, $2, $3, $4)")
            .bind(key.key.id())
            .bind(i64::from(key.generation))
            .bind(&key.recipient)
            .bind(key.for_recovery.as_slice())
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

pub(crate) async fn recovery(store: &SqliteStore) -> Result<Option<String>> {
    store
        .one(
            sqlx::query("SELECT value FROM setting WHERE name = 'recovery'"),
            setting_row,
        )
        .await
}

pub(crate) async fn role_keys(store: &SqliteStore) -> Result<Vec<RoleKeyRow>> {
    store
        .all(
            sqlx::query("SELECT * FROM role_key ORDER BY role_key, generation"),
            role_key_row,
        )
        .await
}

pub(crate) async fn grants(store: &SqliteStore, staff: &str) -> Result<Vec<GrantRow>> {
    let query =
        sqlx::query("SELECT * FROM grant_of_key WHERE staff = $1 ORDER BY role_key, generation")
            .bind(staff.to_owned());
    store.all(query, grant_row).await
}

pub(crate) async fn add_grants(
    audited: &AuditedWriter,
    staff: &str,
    grants: Vec<GrantRow>,
) -> Result<()> {
    let data = (staff.to_owned(), grants);
    let added = audited
        .write(data, false, |db, (staff, grants)| {
            Box::pin(add_grants_tx(db, staff, grants))
        })
        .await?;
    match added {
        true => Ok(()),
        false => Err(StoreError::NotSaved("they have no key".to_owned())),
    }
}

/// `false` if they are gone, or were invited again meanwhile: what is sealed to the key they had is for nobody, and they
/// would count as somebody who reads.
async fn add_grants_tx(
    db: &mut SqliteConnection,
    staff: &str,
    grants: &[GrantRow],
) -> TxResult<bool> {
    let has_joined = "SELECT EXISTS (SELECT 1 FROM staff WHERE id = $1 AND recipient <> '')";
    let has_joined: bool = sqlx::query_scalar(has_joined)
        .bind(staff)
        .fetch_one(&mut *db)
        .await?;
    if has_joined {
        for grant in grants {
            add_grant_tx(&mut *db, staff, grant).await?;
        }
    }
    Ok(has_joined)
}

/// A grant that is there stays as it is.
pub(crate) async fn add_grant_tx(
    db: &mut SqliteConnection,
    staff: &str,
    grant: &GrantRow,
) -> TxResult<()> {
    sqlx::query(
        "INSERT INTO grant_of_key (staff, role_key, generation, sealed) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (staff, role_key, generation) DO NOTHING",
    )
    .bind(staff)
    .bind(grant.key.id())
    .bind(i64::from(grant.generation))
    .bind(grant.sealed.as_slice())
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn outdated_texts(
    store: &SqliteStore,
    before: u32,
) -> Result<Vec<(String, BodyRow)>> {
    let query = sqlx::query(
        "SELECT body.* FROM body JOIN view ON view.id = body.view WHERE body.generation < $1 \
         AND view.state NOT IN ($2, $3) AND (view.state <> $4 OR view.unread = 1) ORDER BY body.id",
    )
    .bind(i64::from(before))
    .bind(State::Agreed.id())
    .bind(State::Withdrawn.id())
    .bind(State::Closed.id());
    store.all(query, text_of_view_row).await
}

pub(crate) async fn reseal(audited: &AuditedWriter, texts: Vec<SealedAgain>) -> Result<usize> {
    // What they were is gone from the log as well.
    audited
        .write(texts, true, |db, texts| {
            Box::pin(view::reseal_tx(db, texts))
        })
        .await
}

/// What kinds of texts there are, at which generations.
const TEXTS_AT: &str = "SELECT DISTINCT body.kind, body.audience, body.writer, body.generation, view.about FROM body JOIN view \
     ON view.id = body.view ORDER BY body.generation, body.kind, body.audience, body.writer, view.about";

pub(crate) async fn sealed_text_generations(store: &SqliteStore) -> Result<Vec<TextsAt>> {
    store
        .all(sqlx::query(TEXTS_AT), sealed_text_generations_row)
        .await
}

pub(crate) async fn delete_role_keys(
    store: &SqliteStore,
    gone: Vec<(RoleKey, u32)>,
    texts: Vec<TextsAt>,
) -> Result<Changed> {
    store
        .writer
        .write((gone, texts), true, |db, (gone, texts)| {
            Box::pin(delete_role_keys_tx(db, gone, texts))
        })
        .await
}

async fn delete_role_keys_tx(
    db: &mut SqliteConnection,
    gone: &[(RoleKey, u32)],
    texts: &[TextsAt],
) -> TxResult<Changed> {
    let mut now = Vec::new();
    for row in sqlx::query(TEXTS_AT).fetch_all(&mut *db).await? {
        match sealed_text_generations_row(&row) {
            Ok(text) => now.push(text),
            // One that cannot be read needs its keys like any other.
            Err(_) => return Ok(Changed::Stale),
        }
    }
    if now != texts {
        return Ok(Changed::Stale);
    }
    for (key, generation) in gone {
        let newest: Option<i64> =
            sqlx::query_scalar("SELECT max(generation) FROM role_key WHERE role_key = $1")
                .bind(key.id())
                .fetch_one(&mut *db)
                .await?;
        if newest.is_none_or(|newest| newest <= i64::from(*generation)) {
            return Ok(Changed::Stale);
        }
    }
    for (key, generation) in gone {
        for sql in [
            "DELETE FROM grant_of_key WHERE role_key = $1 AND generation = $2",
            "DELETE FROM role_key WHERE role_key = $1 AND generation = $2",
        ] {
            sqlx::query(sql)
                .bind(key.id())
                .bind(i64::from(*generation))
                .execute(&mut *db)
                .await?;
        }
    }
    Ok(Changed::Done)
}

fn role_key_row(row: &SqliteRow) -> Result<RoleKeyRow> {
    let row = Reader {
        row,
        table: "role_key",
    };
    Ok(RoleKeyRow {
        key: row.word("role_key", RoleKey::from_id)?,
        generation: row.count("generation")?,
        recipient: row.get("recipient")?,
        for_recovery: row.get("for_recovery")?,
    })
}

fn grant_row(row: &SqliteRow) -> Result<GrantRow> {
    let row = Reader {
        row,
        table: "grant_of_key",
    };
    Ok(GrantRow {
        key: row.word("role_key", RoleKey::from_id)?,
        generation: row.count("generation")?,
        sealed: row.get("sealed")?,
    })
}

fn sealed_text_generations_row(row: &SqliteRow) -> Result<TextsAt> {
    let row = Reader { row, table: "body" };
    Ok(TextsAt {
        kind: row.word("kind", TextKind::from_id)?,
        audience: row.maybe_word("audience", Audience::from_id)?,
        writer: row.maybe_word("writer", Role::from_id)?,
        about: row.word("about", Subject::from_id)?,
        generation: row.count("generation")?,
    })
}

fn setting_row(row: &SqliteRow) -> Result<String> {
    Reader {
        row,
        table: "setting",
    }
    .get("value")
}

/// A text with the id of its view.
fn text_of_view_row(row: &SqliteRow) -> Result<(String, BodyRow)> {
    let view = Reader { row, table: "body" }.get("view")?;
    Ok((view, view::body_row(row)?))
}
