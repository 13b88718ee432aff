//! Who reads: the people who can sign in and hold the newest of every key of their role.

use crate::pool::SqliteStore;
use crate::row_reader::Reader;
use crate::transaction::TxResult;
use domain::audience::RoleKey;
use domain::role::Role;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use store::{GrantRow, ReaderRow, Result, RoleKeyRow};

/// A row for each newest key that somebody holds who can sign in.
const HELD: &str = "SELECT staff.id AS staff, staff.role, held.role_key FROM staff \
     JOIN grant_of_key AS held ON held.staff = staff.id \
     WHERE staff.recipient <> '' AND staff.suspended = 0 AND staff.must_change = 0 AND staff.second_factor IS NOT NULL \
     AND held.generation = (SELECT max(generation) FROM role_key WHERE role_key.role_key = held.role_key) \
     ORDER BY staff.id, held.role_key";

struct Held {
    staff: String,
    role: Role,
    key: RoleKey,
}

pub(crate) async fn readers(store: &SqliteStore) -> Result<Vec<ReaderRow>> {
    let held = store.all(sqlx::query(HELD), held_row).await?;
    Ok(who_hold_all(held))
}

pub(crate) async fn readers_tx(db: &mut SqliteConnection) -> TxResult<Vec<ReaderRow>> {
    let rows = sqlx::query(HELD).fetch_all(db).await?;
    let held: Result<Vec<Held>> = rows.iter().map(held_row).collect();
    let held = held.map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(who_hold_all(held))
}

fn who_hold_all(held: Vec<Held>) -> Vec<ReaderRow> {
    let whole = held.chunk_by(|one, other| one.staff == other.staff);
    whole
        .filter_map(|own| {
            let first = own.first()?;
            let has = |key: &RoleKey| own.iter().any(|held| held.key == *key);
            RoleKey::of(first.role).iter().all(has).then(|| ReaderRow {
                staff: first.staff.clone(),
                role: first.role,
            })
        })
        .collect()
}

/// Whether this person reads, and nobody else would read what is sealed to a key of their role once they have lost their
/// access and these new keys stand in place of older ones.
pub(crate) async fn is_last_reader_tx(
    db: &mut SqliteConnection,
    staff: &str,
    keys: &[RoleKeyRow],
    grants: &[(String, GrantRow)],
) -> TxResult<bool> {
    let readers = readers_tx(db).await?;
    let Some(own) = readers.iter().find(|reader| reader.staff == staff) else {
        return Ok(false);
    };
    // Somebody who was granted keys after the new ones were made has none of those.
    let is_given = |other: &ReaderRow, key: &RoleKey| {
        let to_them = |(to, grant): &(String, GrantRow)| *to == other.staff && grant.key == *key;
        !keys.iter().any(|row| row.key == *key) || grants.iter().any(to_them)
    };
    let stays = |other: &&ReaderRow| {
        let mut keys = RoleKey::of(other.role).iter();
        other.staff != staff && keys.all(|key| is_given(other, key))
    };
    let others: Vec<&ReaderRow> = readers.iter().filter(stays).collect();
    let is_read = |key: &RoleKey| {
        let mut others = others.iter();
        others.any(|other| RoleKey::of(other.role).contains(key))
    };
    Ok(!RoleKey::of(own.role).iter().all(is_read))
}

pub(crate) async fn staff_change(store: &SqliteStore) -> Result<i64> {
    let query = sqlx::query("SELECT number FROM staff_change");
    let row = |row: &SqliteRow| {
        let table = "staff_change";
        Reader { row, table }.get("number")
    };
    let number = store.one(query, row).await?;
    Ok(number.unwrap_or(0))
}

fn held_row(row: &SqliteRow) -> Result<Held> {
    let row = Reader {
        row,
        table: "staff",
    };
    Ok(Held {
        staff: row.get("staff")?,
        role: row.word("role", Role::from_id)?,
        key: row.word("role_key", RoleKey::from_id)?,
    })
}
