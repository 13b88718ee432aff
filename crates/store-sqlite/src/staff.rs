//! Staff accounts, second factors and invitations.

use crate::audited_writer::AuditedWriter;
use crate::pool::SqliteStore;
use crate::reader::is_last_reader_tx;
use crate::row_reader::Reader;
use crate::transaction::TxResult;
use crate::{role_key, session};
use domain::role::Role;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use store::{
    AccessChange, GrantRow, InvitationRow, Joining, LastReader, Result, RoleKeyRow, SecondFactor,
    StaffRow, StoreError,
};

pub(crate) async fn add_staff(
    audited: &AuditedWriter,
    staff: StaffRow,
    grants: Vec<GrantRow>,
) -> Result<bool> {
    let data = (staff, grants);
    audited
        .write(data, false, |db, (staff, grants)| {
            Box::pin(add_staff_tx(db, staff, grants))
        })
        .await
}

async fn add_staff_tx(
    db: &mut SqliteConnection,
    staff: &StaffRow,
    grants: &[GrantRow],
) -> TxResult<bool> {
    let added = sqlx::query(
        "INSERT INTO staff (id, name, role, recipient, salt, wrapped, must_change, second_factor, last_step, suspended, \
         first_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (name) DO NOTHING",
    )
    .bind(&staff.id)
    .bind(&staff.name)
    .bind(staff.role.id())
    .bind(&staff.recipient)
    .bind(staff.salt.as_slice())
    .bind(staff.wrapped.as_slice())
    .bind(i64::from(staff.must_change))
    .bind(staff.second_factor.as_deref())
    .bind(staff.last_step)
    .bind(i64::from(staff.suspended))
    .bind(staff.temp_password_expires_at)
    .execute(&mut *db)
    .await?
    .rows_affected();
    if added == 0 {
        return Ok(false);
    }
    for grant in grants {
        sqlx::query("INSERT INTO grant_of_key (staff, role_key, generation, sealed) VALUES ($1, $2, $3, $4)")
            .bind(&staff.id)
            .bind(grant.key.id())
            .bind(i64::from(grant.generation))
            .bind(grant.sealed.as_slice())
            .execute(&mut *db)
            .await?;
    }
    Ok(true)
}

pub(crate) async fn all_staff(store: &SqliteStore) -> Result<Vec<StaffRow>> {
    store
        .readable(
            sqlx::query("SELECT *, rowid AS seq FROM staff ORDER BY name"),
            "staff",
            staff_row,
        )
        .await
}

pub(crate) async fn staff_by_name(store: &SqliteStore, name: &str) -> Result<Option<StaffRow>> {
    store
        .one(
            sqlx::query("SELECT * FROM staff WHERE name = $1").bind(name.to_owned()),
            staff_row,
        )
        .await
}

pub(crate) async fn staff(store: &SqliteStore, id: &str) -> Result<Option<StaffRow>> {
    store
        .one(
            sqlx::query("SELECT * FROM staff WHERE id = $1").bind(id.to_owned()),
            staff_row,
        )
        .await
}

/// A new password of a member of staff.
struct Password {
    staff: String,
    salt: [u8; 16],
    wrapped: Vec<u8>,
    keep: Option<[u8; 32]>,
}

pub(crate) async fn set_password(
    audited: &AuditedWriter,
    staff: &str,
    salt: [u8; 16],
    wrapped: Vec<u8>,
    keep: Option<[u8; 32]>,
) -> Result<()> {
    let data = Password {
        staff: staff.to_owned(),
        salt,
        wrapped,
        keep,
    };
    somebody(
        audited
            .write(data, false, |db, new| Box::pin(set_password_tx(db, new)))
            .await?,
    )
}

/// `false` if there is no such person.
/// Somebody who was invited again meanwhile has no password until they join.
async fn set_password_tx(db: &mut SqliteConnection, new: &Password) -> TxResult<bool> {
    let set = sqlx::query(
        "UPDATE staff SET salt = $2, wrapped = $3, must_change = 0, first_until = 0 WHERE id = $1 AND recipient <> ''",
    )
    .bind(&new.staff)
    .bind(new.salt.as_slice())
    .bind(new.wrapped.as_slice())
    .execute(&mut *db)
    .await?
    .rows_affected();
    session::end_sessions_of_tx(db, &new.staff, new.keep.as_ref()).await?;
    Ok(set > 0)
}

pub(crate) async fn set_second_factor(
    audited: &AuditedWriter,
    staff: &str,
    new: SecondFactor,
) -> Result<()> {
    let data = (staff.to_owned(), new);
    somebody(
        audited
            .write(data, false, |db, (staff, new)| {
                Box::pin(set_second_factor_tx(db, staff, new))
            })
            .await?,
    )
}

/// `false` if there is no such person.
/// Somebody who was invited again meanwhile begins with nothing: what proves who they are is gone.
async fn set_second_factor_tx(
    db: &mut SqliteConnection,
    staff: &str,
    new: &SecondFactor,
) -> TxResult<bool> {
    let set = sqlx::query(
        "UPDATE staff SET second_factor = $2, last_step = $3 WHERE id = $1 AND recipient <> ''",
    )
    .bind(staff)
    .bind(new.sealed.as_slice())
    .bind(new.step)
    .execute(&mut *db)
    .await?
    .rows_affected();
    if set == 0 {
        return Ok(false);
    }
    sqlx::query("DELETE FROM recovery_code WHERE staff = $1")
        .bind(staff)
        .execute(&mut *db)
        .await?;
    for hash in &new.recovery {
        sqlx::query("INSERT INTO recovery_code (staff, hash) VALUES ($1, $2)")
            .bind(staff)
            .bind(hash.as_slice())
            .execute(&mut *db)
            .await?;
    }
    session::end_sessions_of_tx(db, staff, None).await?;
    Ok(true)
}

pub(crate) async fn consume_totp_step(store: &SqliteStore, staff: &str, step: i64) -> Result<bool> {
    let data = (staff.to_owned(), step);
    store
        .writer
        .write(data, false, |db, (staff, step)| {
            Box::pin(consume_totp_step_tx(db, staff, *step))
        })
        .await
}

async fn consume_totp_step_tx(db: &mut SqliteConnection, staff: &str, step: i64) -> TxResult<bool> {
    let taken = sqlx::query("UPDATE staff SET last_step = $2 WHERE id = $1 AND last_step < $2")
        .bind(staff)
        .bind(step)
        .execute(db)
        .await?
        .rows_affected();
    Ok(taken > 0)
}

pub(crate) async fn take_recovery_code(
    store: &SqliteStore,
    staff: &str,
    hash: [u8; 32],
) -> Result<bool> {
    let data = (staff.to_owned(), hash);
    store
        .writer
        .write(data, false, |db, (staff, hash)| {
            Box::pin(take_recovery_code_tx(db, staff, hash))
        })
        .await
}

async fn take_recovery_code_tx(
    db: &mut SqliteConnection,
    staff: &str,
    hash: &[u8; 32],
) -> TxResult<bool> {
    let taken = sqlx::query("DELETE FROM recovery_code WHERE staff = $1 AND hash = $2")
        .bind(staff)
        .bind(hash.as_slice())
        .execute(db)
        .await?
        .rows_affected();
    Ok(taken > 0)
}

pub(crate) async fn recovery_codes(store: &SqliteStore, staff: &str) -> Result<Vec<[u8; 32]>> {
    let query =
        sqlx::query("SELECT hash FROM recovery_code WHERE staff = $1").bind(staff.to_owned());
    let hash = |row: &SqliteRow| {
        let table = "recovery_code";
        Reader { row, table }.exactly("hash")
    };
    store.all(query, hash).await
}

pub(crate) async fn end_invitations(store: &SqliteStore) -> Result<()> {
    store
        .writer
        .write((), false, |db, ()| Box::pin(end_invitations_tx(db)))
        .await
}

async fn end_invitations_tx(db: &mut SqliteConnection) -> TxResult<()> {
    sqlx::query("DELETE FROM invitation").execute(db).await?;
    Ok(())
}

pub(crate) async fn invite(
    audited: &AuditedWriter,
    staff: StaffRow,
    invitation: InvitationRow,
) -> Result<bool> {
    let data = (staff, invitation);
    audited
        .write(data, false, |db, (staff, invitation)| {
            Box::pin(invite_tx(db, staff, invitation))
        })
        .await
}

async fn invite_tx(
    db: &mut SqliteConnection,
    staff: &StaffRow,
    invitation: &InvitationRow,
) -> TxResult<bool> {
    let added = add_staff_tx(&mut *db, staff, &[]).await?;
    if added {
        add_invitation_tx(db, invitation).await?;
    }
    Ok(added)
}

async fn add_invitation_tx(db: &mut SqliteConnection, invitation: &InvitationRow) -> TxResult<()> {
    sqlx::query(
        "INSERT INTO invitation (staff, hash, until) VALUES ($1, $2, $3) \
         ON CONFLICT (staff) DO UPDATE SET hash = excluded.hash, until = excluded.until",
    )
    .bind(&invitation.staff)
    .bind(invitation.hash.as_slice())
    .bind(invitation.until)
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn invite_again(
    audited: &AuditedWriter,
    invitation: InvitationRow,
    last: LastReader,
) -> Result<AccessChange> {
    of_somebody(
        audited
            .write((invitation, last), true, |db, (invitation, last)| {
                Box::pin(invite_again_tx(db, invitation, *last))
            })
            .await?,
    )
}

/// `None` if there is no such person.
async fn invite_again_tx(
    db: &mut SqliteConnection,
    invitation: &InvitationRow,
    last: LastReader,
) -> TxResult<Option<AccessChange>> {
    let staff = &invitation.staff;
    if last == LastReader::Stays && is_last_reader_tx(&mut *db, staff, &[], &[]).await? {
        return Ok(Some(AccessChange::LastReader));
    }
    let emptied = sqlx::query(
        "UPDATE staff SET recipient = '', salt = zeroblob(16), wrapped = x'', must_change = 0, first_until = 0, second_factor = NULL, \
         suspended = 0 WHERE id = $1",
    )
    .bind(staff)
    .execute(&mut *db)
    .await?
    .rows_affected();
    if emptied == 0 {
        return Ok(None);
    }
    for sql in [
        "DELETE FROM grant_of_key WHERE staff = $1",
        "DELETE FROM recovery_code WHERE staff = $1",
        "DELETE FROM session WHERE staff = $1",
    ] {
        sqlx::query(sql).bind(staff).execute(&mut *db).await?;
    }
    add_invitation_tx(db, invitation).await?;
    Ok(Some(AccessChange::Done))
}

pub(crate) async fn invitation(
    store: &SqliteStore,
    hash: &[u8; 32],
) -> Result<Option<InvitationRow>> {
    store
        .one(
            sqlx::query("SELECT * FROM invitation WHERE hash = $1").bind(hash.to_vec()),
            invitation_row,
        )
        .await
}

pub(crate) async fn join(audited: &AuditedWriter, hash: [u8; 32], keys: Joining) -> Result<bool> {
    let data = (hash, keys);
    audited
        .write(data, false, |db, (hash, keys)| {
            Box::pin(join_tx(db, hash, keys))
        })
        .await
}

async fn join_tx(db: &mut SqliteConnection, hash: &[u8; 32], keys: &Joining) -> TxResult<bool> {
    let staff: Option<String> =
        sqlx::query_scalar("DELETE FROM invitation WHERE hash = $1 RETURNING staff")
            .bind(hash.as_slice())
            .fetch_optional(&mut *db)
            .await?;
    let Some(staff) = staff else {
        return Ok(false);
    };
    sqlx::query("UPDATE staff SET recipient = $2, salt = $3, wrapped = $4 WHERE id = $1")
        .bind(staff)
        .bind(&keys.recipient)
        .bind(keys.salt.as_slice())
        .bind(keys.wrapped.as_slice())
        .execute(db)
        .await?;
    Ok(true)
}

pub(crate) async fn set_suspended(
    audited: &AuditedWriter,
    staff: &str,
    suspended: bool,
    last: LastReader,
) -> Result<AccessChange> {
    let data = (staff.to_owned(), suspended, last);
    of_somebody(
        audited
            .write(data, false, |db, (staff, suspended, last)| {
                Box::pin(set_suspended_tx(db, staff, *suspended, *last))
            })
            .await?,
    )
}

/// `None` if there is no such person.
async fn set_suspended_tx(
    db: &mut SqliteConnection,
    staff: &str,
    suspended: bool,
    last: LastReader,
) -> TxResult<Option<AccessChange>> {
    let is_asked = suspended && last == LastReader::Stays;
    if is_asked && is_last_reader_tx(&mut *db, staff, &[], &[]).await? {
        return Ok(Some(AccessChange::LastReader));
    }
    let set = sqlx::query("UPDATE staff SET suspended = $2 WHERE id = $1")
        .bind(staff)
        .bind(i64::from(suspended))
        .execute(&mut *db)
        .await?
        .rows_affected();
    if suspended {
        session::end_sessions_of_tx(db, staff, None).await?;
    }
    Ok((set > 0).then_some(AccessChange::Done))
}

/// Somebody leaves.
struct Leaving {
    staff: String,
    keys: Vec<RoleKeyRow>,
    grants: Vec<(String, GrantRow)>,
    last: LastReader,
}

pub(crate) async fn remove_staff(
    audited: &AuditedWriter,
    staff: &str,
    keys: Vec<RoleKeyRow>,
    grants: Vec<(String, GrantRow)>,
    last: LastReader,
) -> Result<AccessChange> {
    let data = Leaving {
        staff: staff.to_owned(),
        keys,
        grants,
        last,
    };
    of_somebody(
        audited
            .write(data, true, |db, leaving| {
                Box::pin(remove_staff_tx(db, leaving))
            })
            .await?,
    )
}

/// `None` if there is no such person; then no key is begun either.
async fn remove_staff_tx(
    db: &mut SqliteConnection,
    leaving: &Leaving,
) -> TxResult<Option<AccessChange>> {
    let Leaving {
        staff,
        keys,
        grants,
        last,
    } = leaving;
    if *last == LastReader::Stays && is_last_reader_tx(&mut *db, staff, keys, grants).await? {
        return Ok(Some(AccessChange::LastReader));
    }
    let removed = sqlx::query("DELETE FROM staff WHERE id = $1")
        .bind(staff)
        .execute(&mut *db)
        .await?
        .rows_affected();
    if removed == 0 {
        return Ok(None);
    }
    role_key::add_keys_tx(&mut *db, keys).await?;
    for (staff, grant) in grants {
        role_key::add_grant_tx(&mut *db, staff, grant).await?;
    }
    Ok(Some(AccessChange::Done))
}

/// Whether the person a write was about is there.
fn somebody(found: bool) -> Result<()> {
    of_somebody(found.then_some(()))
}

fn of_somebody<T>(found: Option<T>) -> Result<T> {
    found.ok_or_else(|| StoreError::NotSaved("there is no such person".to_owned()))
}

pub(crate) fn staff_row(row: &SqliteRow) -> Result<StaffRow> {
    let row = Reader {
        row,
        table: "staff",
    };
    Ok(StaffRow {
        id: row.get("id")?,
        name: row.get("name")?,
        role: row.word("role", Role::from_id)?,
        recipient: row.get("recipient")?,
        salt: row.exactly("salt")?,
        wrapped: row.get("wrapped")?,
        must_change: row.yes_or_no("must_change")?,
        temp_password_expires_at: row.get("first_until")?,
        second_factor: row.get("second_factor")?,
        last_step: row.get("last_step")?,
        suspended: row.yes_or_no("suspended")?,
    })
}

fn invitation_row(row: &SqliteRow) -> Result<InvitationRow> {
    let row = Reader {
        row,
        table: "invitation",
    };
    Ok(InvitationRow {
        staff: row.get("staff")?,
        hash: row.exactly("hash")?,
        until: row.get("until")?,
    })
}
