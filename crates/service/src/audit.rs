//! The audit log: its entries, its checkpoints, and whether it is whole.

use crate::sign_in::StaffSession;
use crate::{ActError, App, views};
use domain::date::Date;
use domain::event::EventKind;
use domain::retention;
use domain::role::Role;
use model::RecordRow;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use store::audit::{AuditRow, BEGINNING, CheckpointRow, Entry, Outcome};
use store::{AuditedStore, StaffRow, Store, StoreError};
use vault::signed_notes::{self, Checkpoint, Signer};

/// Rows after which a checkpoint is due before the day is over.
pub const ROWS_A_CHECKPOINT: i64 = 1_000;
/// Rows read at a time.
const BATCH: u32 = 1_000;
/// Failed sign-ins that are entered in one minute. A flood of them must not fill the disk; the last one entered says so.
const FAILED_A_MINUTE: u32 = 30;

/// Counts the failed sign-ins of a minute.
#[derive(Default)]
pub struct FailedSignIns(Mutex<(i64, u32)>);

impl FailedSignIns {
    /// What to enter for one more failure now; nothing once the minute is full.
    fn word(&self, now: i64) -> Option<&'static str> {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.0 != now.div_euclid(60) {
            *minute = (now.div_euclid(60), 0);
        }
        minute.1 = minute.1.saturating_add(1);
        match minute.1 {
            ..FAILED_A_MINUTE => Some("sign-in"),
            FAILED_A_MINUTE => Some("sign-in-flood"),
            _ => None,
        }
    }
}

/// How much was found whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole {
    /// Rows in the log.
    pub rows: i64,
    /// Checkpoints beside it.
    pub checkpoints: usize,
    /// Checkpoints from the second place.
    pub outside: usize,
}

/// Why the log, or the database, is not whole: the first break, in a sentence.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Broken(pub String);

impl App {
    /// The entry of what this person does now.
    pub fn entry(&self, desk: &StaffSession, action: &'static str, object: Option<&str>) -> Entry {
        Entry {
            object: object.map(str::to_owned),
            ..self.entry_of(&desk.staff, action)
        }
    }

    fn entry_of(&self, staff: &StaffRow, action: &'static str) -> Entry {
        Entry {
            at: self.clock.unix_seconds(),
            actor: Some(staff.id.clone()),
            role: Some(staff.role),
            action,
            object: None,
            reason: false,
        }
    }

    /// Enters that this person tried what they may not do.
    pub async fn audit_denied(
        &self,
        desk: &StaffSession,
        action: &'static str,
        view: &str,
    ) -> Result<(), ActError> {
        let entry = self.entry(desk, action, Some(view));
        Ok(self.store.append_audit(entry, Outcome::Refused).await?)
    }

    /// The store for what this person does now: the entry is written in the same commit.
    pub fn by(
        &self,
        desk: &StaffSession,
        action: &'static str,
        object: Option<&str>,
    ) -> Box<dyn AuditedStore> {
        self.store.audited(self.entry(desk, action, object))
    }

    /// The same for somebody who signs in, out, or proves who they are.
    pub fn by_staff(&self, staff: &StaffRow, action: &'static str) -> Box<dyn AuditedStore> {
        self.store.audited(self.entry_of(staff, action))
    }

    /// Enters a sign-in that failed: with the account if there is one of that name. Both cost the same commit, so that
    /// time does not tell which.
    pub async fn enter_failed_sign_in(&self, staff: Option<&StaffRow>) -> Result<(), ActError> {
        let at = self.clock.unix_seconds();
        let Some(action) = self.failed_sign_ins.word(at) else {
            return Ok(());
        };
        let entry = Entry {
            at,
            actor: staff.map(|staff| staff.id.clone()),
            role: staff.map(|staff| staff.role),
            action,
            object: None,
            reason: false,
        };
        Ok(self.store.append_audit(entry, Outcome::NotDone).await?)
    }

    /// Signs a checkpoint when one is due (a new day, or so many rows), and writes those that are not there yet to the
    /// second place, one after the other.
    ///
    /// A log that does not follow from its last checkpoint is not signed.
    pub async fn keep_checkpoints(&self, second_place: Option<&Path>) -> Result<(), ActError> {
        let today = self.clock.today();
        let known = self.store.checkpoints().await?;
        let last = self.store.audit_last().await?;
        let newest = known.last();
        let is_due = |last: &AuditRow| {
            newest.is_none_or(|newest| {
                last.seq - newest.size >= ROWS_A_CHECKPOINT || newest.day < today
            })
        };
        if last.is_some_and(|last| is_due(&last)) {
            self.sign_checkpoint().await?;
        }
        let Some(place) = second_place else {
            return Ok(());
        };
        for checkpoint in self.store.checkpoints().await? {
            if !checkpoint.outside {
                append(place, &checkpoint.note)
                    .map_err(|_| ActError::Internal("checkpoint-not-written"))?;
                self.store
                    .checkpoint_is_outside(checkpoint.size, checkpoint.day)
                    .await?;
            }
        }
        Ok(())
    }

    /// Signs a checkpoint of the log as it stands and gives its note; `None` when the log is empty.
    pub async fn sign_checkpoint(&self) -> Result<Option<String>, ActError> {
        let newest = self.store.checkpoints().await?.pop();
        let (from, head) = newest
            .as_ref()
            .map_or((0, BEGINNING), |newest| (newest.size, newest.head));
        let mut walk = Walk::from(from, head);
        walk.run(&*self.store)
            .await
            .map_err(|_| ActError::Internal("audit-broken"))?;
        if walk.seq == 0 {
            return Ok(None);
        }
        let checkpoint = Checkpoint {
            size: walk.seq,
            head: walk.head,
            day: self.clock.today(),
        };
        let note = Signer::new(&self.keys).sign(&checkpoint);
        self.store
            .add_checkpoint(CheckpointRow {
                size: checkpoint.size,
                head: checkpoint.head,
                day: checkpoint.day,
                note: note.clone(),
                outside: false,
            })
            .await?;
        Ok(Some(note))
    }

    /// Who opened views and names, and who tried to and may not, in the week that begins on this day: no content, made-up names, what one person did
    /// with one view on one day in one line. For the coordinator and the administrator.
    pub async fn opened_in_week(
        &self,
        desk: &StaffSession,
        first: Date,
    ) -> Result<Vec<RecordRow>, ActError> {
        let role = desk.staff.role;
        if !role.sees_record() {
            return Err(ActError::Forbidden);
        }
        const DAY: i64 = 86_400;
        let begin = i64::from(first.days()) * DAY;
        // London is never more than an hour from the zone of Unix time.
        let around = (begin - DAY, begin + 8 * DAY);
        let rows = self.store.audit_between(around.0, around.1).await?;
        let staff = self.store.all_staff().await?;
        // What is about the coordinator is not told to the coordinator.
        let mut about = self.store.views().await?;
        about.retain(|row| role.sees_queue() && row.life.is_about(role));
        let mut list: Vec<RecordRow> = Vec::new();
        for row in rows {
            let Some(day) = Date::in_london(row.at) else {
                continue;
            };
            let weekday = day.days() - first.days();
            // A word that is no kind of event is one of the desk's own, such as `sign-in`.
            let kind = EventKind::from_id(&row.action);
            let told = kind.is_some_and(EventKind::is_opening)
                && matches!(row.outcome.as_str(), "done" | "refused");
            if !(0..7).contains(&weekday) || !told {
                continue;
            }
            let (Some(view), Some(by)) = (&row.object, row.role.as_deref().and_then(Role::from_id))
            else {
                continue;
            };
            if about.iter().any(|row| row.id == *view) {
                continue;
            }
            let person = staff
                .iter()
                .find(|person| Some(&person.id) == row.actor.as_ref());
            let one = RecordRow {
                day,
                who: person.map(|person| person.name.clone()),
                role: by,
                name_opened: kind == Some(EventKind::NameOpened),
                refused: row.outcome == "refused",
                pseudonym: views::pseudonym(view),
                view: role.sees_queue().then(|| view.clone()),
                times: 1,
            };
            let same = |known: &&mut RecordRow| {
                RecordRow {
                    times: 1,
                    ..(**known).clone()
                } == one
            };
            match list.iter_mut().find(same) {
                Some(known) => known.times += 1,
                None => list.push(one),
            }
        }
        list.reverse();
        Ok(list)
    }
}

// Adds a note to the file, and is done only when it is on the disk.
fn append(place: &Path, note: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(place)?;
    file.write_all(format!("{note}\n").as_bytes())?;
    file.sync_all()
}

/// A walk along the chain.
struct Walk {
    /// The last row seen.
    seq: i64,
    /// Its hash.
    head: [u8; 32],
    /// Hashes of the rows whose numbers are wanted.
    wanted: BTreeMap<i64, Option<[u8; 32]>>,
}

impl Walk {
    fn from(seq: i64, head: [u8; 32]) -> Walk {
        Walk {
            seq,
            head,
            wanted: BTreeMap::new(),
        }
    }

    async fn run(&mut self, store: &dyn Store) -> Result<(), Broken> {
        loop {
            let rows = store
                .audit_after(self.seq, BATCH)
                .await
                .map_err(unreadable)?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in &rows {
                self.step(row)?;
            }
        }
    }

    fn step(&mut self, row: &AuditRow) -> Result<(), Broken> {
        let wanted = self.seq + 1;
        if row.seq != wanted {
            return Err(Broken(format!(
                "Row {wanted} of the audit log is missing: after row {} comes row {}.",
                self.seq, row.seq
            )));
        }
        if row.previous != self.head {
            return Err(Broken(format!(
                "Row {} of the audit log does not follow from the row before it: one of them was changed, or rows were \
                 taken out.",
                row.seq
            )));
        }
        if row.hash != row.worked_out() {
            return Err(Broken(format!(
                "Row {} of the audit log was changed: its hash does not fit what it says.",
                row.seq
            )));
        }
        (self.seq, self.head) = (row.seq, row.hash);
        if let Some(place) = self.wanted.get_mut(&row.seq) {
            *place = Some(row.hash);
        }
        Ok(())
    }
}

fn unreadable(error: StoreError) -> Broken {
    Broken(format!("The audit log cannot be read: {error}."))
}

/// Checks the database file, and then the audit log ([`verify_log`]).
pub async fn verify(
    store: &dyn Store,
    signer: &Signer,
    today: Date,
    against: Option<&str>,
) -> Result<Whole, Broken> {
    if let Some(finding) = store.integrity().await.map_err(unreadable)?.first() {
        return Err(Broken(format!("The database file is damaged: {finding}.")));
    }
    verify_log(store, signer, today, against).await
}

/// Walks the audit log from its first row to its last, and holds it against its checkpoints and against those of the
/// second place (`against`: the text of that file).
///
/// Without `against`, a log whose end was cut off together with the checkpoints beside it looks whole: what is not there
/// cannot be missed. That is what the second place is for.
pub async fn verify_log(
    store: &dyn Store,
    signer: &Signer,
    today: Date,
    against: Option<&str>,
) -> Result<Whole, Broken> {
    let rows = store.checkpoints().await.map_err(unreadable)?;
    let mut checkpoints = Vec::new();
    for row in &rows {
        let read = signer.read(&row.note);
        let whole = read
            .is_ok_and(|read| (read.size, read.head, read.day) == (row.size, row.head, row.day));
        if !whole {
            return Err(Broken(format!(
                "The checkpoint of {} over {} rows was changed, or is not signed by this installation.",
                row.day, row.size
            )));
        }
        checkpoints.push(Checkpoint {
            size: row.size,
            head: row.head,
            day: row.day,
        });
    }
    let beside = checkpoints.len();
    if let Some(file) = against {
        for note in signed_notes::split(file) {
            let read = signer.read(&note).map_err(|refused| {
                Broken(format!(
                    "The second place holds a note that is none of ours: {refused}."
                ))
            })?;
            checkpoints.push(read);
        }
        if checkpoints.len() == beside {
            return Err(Broken("The second place holds no checkpoint.".to_owned()));
        }
    }

    let first = store
        .audit_after(i64::MIN, 1)
        .await
        .map_err(unreadable)?
        .pop();
    let (start, before) = beginning(first.as_ref(), &checkpoints, today)?;
    let mut walk = Walk::from(start, before);
    walk.wanted = checkpoints
        .iter()
        .map(|checkpoint| (checkpoint.size, None))
        .collect();
    walk.wanted.insert(start, Some(before));
    walk.run(store).await?;

    checkpoints.sort_by_key(|checkpoint| checkpoint.size);
    for checkpoint in &checkpoints {
        let Checkpoint { size, head, day } = checkpoint;
        if *size > walk.seq {
            return Err(Broken(format!(
                "The audit log ends with row {}, but the checkpoint of {day} covers {size} rows: its end was cut off.",
                walk.seq
            )));
        }
        // What is older than the log is kept cannot be held against anything any more.
        let found = walk.wanted.get(size).copied().flatten();
        if *size >= start && found != Some(*head) {
            return Err(Broken(format!(
                "Row {size} of the audit log is not the one that the checkpoint of {day} was made of: the log was \
                 written anew."
            )));
        }
    }
    Ok(Whole {
        rows: walk.seq - start,
        checkpoints: beside,
        outside: checkpoints.len() - beside,
    })
}

// Where the log begins: at row 1, or after a checkpoint that is older than the log is kept.
fn beginning(
    first: Option<&AuditRow>,
    checkpoints: &[Checkpoint],
    today: Date,
) -> Result<(i64, [u8; 32]), Broken> {
    let start = match first {
        Some(row) => row.seq - 1,
        // Everything may be over its time; then the newest checkpoint is what is left.
        None => checkpoints.iter().map(|c| c.size).max().unwrap_or(0),
    };
    if start == 0 {
        return Ok((0, BEGINNING));
    }
    let cut = |checkpoint: &&Checkpoint| {
        checkpoint.size == start && retention::AUDIT.is_over(checkpoint.day, today)
    };
    match checkpoints.iter().find(cut) {
        Some(checkpoint) => Ok((start, checkpoint.head)),
        None => Err(Broken(format!(
            "The rows up to {start} of the audit log are missing, and they are not older than the log is kept."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_failures_is_entered_up_to_a_number_and_said_to_be_one() {
        let failed = FailedSignIns::default();
        let words: Vec<_> = (0..40).map(|_| failed.word(120)).collect();
        assert_eq!(words.iter().flatten().count(), FAILED_A_MINUTE as usize);
        assert_eq!(words[28], Some("sign-in"));
        assert_eq!(words[29], Some("sign-in-flood"));
        assert_eq!(words[30], None);
        assert_eq!(failed.word(180), Some("sign-in"));
    }
}
