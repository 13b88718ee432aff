//! What one account did and could open: for when its password, phone or session got into other hands.

use crate::ActError;
use crate::recipients::readers_before;
use domain::audience::{Reader, RoleKey};
use domain::view::Subject;
use std::collections::BTreeMap;
use store::audit::AuditRow;
use store::{BodyRow, GrantRow, RoleKeyRow, SessionRow, StaffRow, Store};

/// Rows of the log that are read at once.
const PAGE: u32 = 1_000;

/// What the store knows of an account.
#[derive(Debug)]
pub struct AccountReport {
    /// The account.
    pub staff: StaffRow,
    /// Its sessions that have not ended.
    pub sessions: Vec<SessionRow>,
    /// What it did, and tried to do, from the oldest on.
    pub acts: Vec<AuditRow>,
    /// The views of which it can open a text with the keys it holds, whether it did or not.
    pub can_open: Vec<String>,
}

/// What somebody of this name did since a moment (Unix seconds), and what they can open now. Views from
/// which they are recused are not counted: the server refuses them. `staff-unknown` if there is nobody of this name.
pub async fn account_report(
    store: &dyn Store,
    name: &str,
    since: i64,
) -> Result<AccountReport, ActError> {
    let staff = store.staff_by_name(name.trim()).await?;
    let staff = staff.ok_or(ActError::Field("name", "staff-unknown"))?;
    let mut acts = Vec::new();
    let mut after = 0;
    loop {
        let rows = store.audit_after(after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        let of_them = |row: &AuditRow| row.actor.as_ref() == Some(&staff.id) && row.at >= since;
        acts.extend(rows.into_iter().filter(of_them));
    }
    let held = store.grants(&staff.id).await?;
    let keys = store.role_keys().await?;
    let kept_away = store.recused(&staff.id).await?;
    let mut can_open = Vec::new();
    for view in store.views().await? {
        if kept_away.contains(&view.id) {
            continue;
        }
        let bodies = store.bodies(&view.id).await?;
        let opens = |body: &BodyRow| opens(body, view.life.about, &held, &keys);
        if bodies.iter().any(opens) {
            can_open.push(view.id);
        }
    }
    Ok(AccountReport {
        sessions: store.sessions_of(&staff.id).await?,
        staff,
        acts,
        can_open,
    })
}

/// Whether one of these keys opens a text: of each role key a text is sealed to the newest that there was when it was
/// written.
fn opens(body: &BodyRow, about: Subject, held: &[GrantRow], keys: &[RoleKeyRow]) -> bool {
    let mut newest: BTreeMap<RoleKey, u32> = BTreeMap::new();
    for row in keys.iter().filter(|row| row.generation <= body.generation) {
        let known = newest.entry(row.key).or_default();
        *known = row.generation.max(*known);
    }
    readers_before(body, about)
        .iter()
        .any(|reader| match reader {
            Reader::Key(key) => held
                .iter()
                .any(|grant| grant.key == *key && newest.get(key) == Some(&grant.generation)),
            Reader::Recovery | Reader::Receipt => false,
        })
}
