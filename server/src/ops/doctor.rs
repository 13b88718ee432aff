//! What `pledge doctor` looks at: whether everything that must be there to read views, and to keep them, is there.

use domain::audience::RoleKey;
use domain::date::Date;
use domain::role::Role;
use service::{ActError, PublicUrl, Recipients};
use std::path::Path;
use store::{GrantRow, ReaderRow, StaffRow, Store};
use store_sqlite::Health;
use vault::seal::Recipient;

/// The longest write-ahead log that is no sign of trouble: it is copied into the database from 4 MB on.
const LOG_MOST: u64 = 64 * 1024 * 1024;
/// Before this day no clock of a server that runs this program is right.
const CLOCK_LEAST: &str = "2026-11-01";

/// Damaged rows that are named one by one.
const ROWS_NAMED: usize = 20;

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Nothing to repair.
    pub sound: bool,
    /// Nothing to repair, and something to think of.
    pub warns: bool,
    /// What was found, in a sentence.
    pub what: String,
}

/// One thing that was looked at.
pub fn finding(sound: bool, what: impl Into<String>) -> Finding {
    Finding {
        sound,
        warns: false,
        what: what.into(),
    }
}

fn warning(what: impl Into<String>) -> Finding {
    Finding {
        warns: true,
        ..finding(true, what)
    }
}

/// Whether a file or folder is its owner's alone.
pub fn is_private(path: &Path) -> Finding {
    use std::os::unix::fs::PermissionsExt;
    let name = path.display();
    match std::fs::metadata(path) {
        Ok(meta) if meta.permissions().mode() & 0o077 == 0 => {
            finding(true, format!("{name} is for its owner alone."))
        }
        Ok(meta) => {
            let mode = if meta.is_dir() { 700 } else { 600 };
            finding(
                false,
                format!("{name} can be opened by others. Run: chmod {mode} {name}"),
            )
        }
        Err(error) => finding(false, format!("{name} cannot be looked at: {error}.")),
    }
}

/// The database file and its log, and the clock held against the days in it.
pub fn of_file(health: &Health, log_bytes: u64, today: Date) -> Vec<Finding> {
    let whole = health.findings == ["ok"];
    let what = match whole {
        true => "The database is whole.".to_owned(),
        false => format!(
            "The database is damaged: {}. Keep the file, and restore the last backup.",
            health.findings.join("; ")
        ),
    };
    let log = finding(
        log_bytes <= LOG_MOST,
        format!("Its log holds {} KB.", log_bytes.div_ceil(1024)),
    );
    let least: Date = CLOCK_LEAST.parse().unwrap_or(Date::EPOCH);
    let clock = match health.last_day {
        _ if today < least => finding(false, format!("The clock says {today}. Set it.")),
        Some(last) if last > today => finding(
            false,
            format!("The clock says {today}, but something was written on {last}. Set the clock."),
        ),
        _ => finding(true, format!("The clock says {today}.")),
    };
    vec![finding(whole, what), log, clock]
}

/// Role keys and who holds them.
pub async fn of_keys(store: &dyn Store) -> Result<Vec<Finding>, ActError> {
    let mut findings = Vec::new();
    let rows = store.role_keys().await?;
    let recovery = store.recovery().await?.unwrap_or_default();
    let is_key = |text: &str| vault::seal::is_recipient(&Recipient(text.to_owned()));
    findings.push(match is_key(&recovery) {
        true => finding(true, "The recovery key's public part is there."),
        false => finding(false, "The recovery key's public part is missing."),
    });
    let Some(recipients) = Recipients::from_rows(&recovery, &rows) else {
        let missing: Vec<&str> = RoleKey::ALL
            .iter()
            .filter(|key| !rows.iter().any(|row| row.key == **key))
            .map(|key| key.id())
            .collect();
        let what = format!("Role keys are missing: {}.", missing.join(", "));
        findings.push(finding(false, what));
        return Ok(findings);
    };
    for row in &rows {
        if !is_key(&row.recipient) {
            let what = format!(
                "The {} key, generation {}, cannot be read.",
                row.key.id(),
                row.generation
            );
            findings.push(finding(false, what));
        }
    }
    let mut people: Vec<(StaffRow, Vec<GrantRow>)> = Vec::new();
    for staff in store.all_staff().await? {
        let grants = store.grants(&staff.id).await?;
        people.push((staff, grants));
    }
    let readers = store.readers().await?;
    for key in RoleKey::ALL {
        findings.push(of_key(key, &recipients, &people, &readers));
    }
    findings.extend(of_speakerbox(&readers));
    let about = service::role_keys::about_of(store).await?;
    let old = store.outdated_texts(recipients.generation).await?;
    let old = old
        .iter()
        .filter(|(view, body)| recipients.is_old(body, about(view)))
        .count();
    findings.push(match old {
        0 => finding(true, "Every open text is sealed to the newest keys."),
        count => finding(
            false,
            format!("{count} open texts are sealed to a key somebody left with. A member presses \"Seal again\" at the desk."),
        ),
    });
    Ok(findings)
}

/// Views that came to an end in the safety lane before it said what was done: nothing of them is ever deleted.
pub async fn of_open_ends(store: &dyn Store) -> Result<Finding, ActError> {
    let rows = store.views_due_for_retention().await?;
    let open = rows.iter().filter(|row| row.life.ended_in_open_lane());
    Ok(match open.count() {
        0 => finding(
            true,
            "No view ended in the safety lane without a word of what was done.",
        ),
        count => finding(
            false,
            format!(
                "Views that ended in the safety lane without a word of what was done: {count}. Nothing of them is ever \
                 deleted. At the desk's safety lane they are marked \"Say what was done\": hand them over, or share them."
            ),
        ),
    })
}

/// Rows of the database that cannot be read: pages go on without them.
pub fn of_rows(damaged: &[(&'static str, i64)]) -> Vec<Finding> {
    if damaged.is_empty() {
        return vec![finding(true, "Every row of the database can be read.")];
    }
    let named = damaged.iter().take(ROWS_NAMED);
    let mut findings: Vec<Finding> = named
        .map(|(table, seq)| {
            let what = format!(
                "A row is damaged: {table} {seq}. Pages leave it out. Keep the file, and restore the last backup that is whole."
            );
            finding(false, what)
        })
        .collect();
    if let Some(more) = damaged
        .len()
        .checked_sub(ROWS_NAMED)
        .filter(|more| *more > 0)
    {
        findings.push(finding(false, format!("{more} more rows are damaged.")));
    }
    findings
}

/// The public address. Without one everything works, but for what leads here from outside.
pub fn of_public_url(public: Option<&PublicUrl>) -> Finding {
    finding(
        true,
        match public {
            Some(public) => format!("The public address is {}.", public.of("")),
            None => "No public address is set here (PLEDGE_PUBLIC_URL): alerts do not say where the desk is, and \
                     invitations are written as the browser calls this site."
                .to_owned(),
        },
    )
}

fn of_key(
    key: RoleKey,
    recipients: &Recipients,
    people: &[(StaffRow, Vec<GrantRow>)],
    readers: &[ReaderRow],
) -> Finding {
    let newest = recipients.generation_of(key);
    let members: Vec<&(StaffRow, Vec<GrantRow>)> = people
        .iter()
        .filter(|(staff, _)| RoleKey::of(staff.role).contains(&key) && !staff.suspended)
        .collect();
    let holds = |grants: &[GrantRow]| {
        grants
            .iter()
            .any(|grant| grant.key == key && grant.generation == newest)
    };
    let with = members.iter().filter(|(_, grants)| holds(grants)).count();
    let without = members.len() - with;
    let read = readers
        .iter()
        .filter(|reader| RoleKey::of(reader.role).contains(&key))
        .count();
    let id = key.id();
    if with == 0 {
        let what = format!(
            "Nobody holds the {id} key (generation {newest}), so nobody reads what is sealed to it. \
             Run: pledge staff add, or pledge staff let-in."
        );
        return finding(false, what);
    }
    if read == 0 {
        let what = format!(
            "Nobody reads what is sealed to the {id} key (generation {newest}): {with} hold it, and none of them has done \
             every step of the first sign-in."
        );
        return finding(false, what);
    }
    let waiting = match without {
        0 => String::new(),
        count => format!(" {count} wait to be let in."),
    };
    let what = format!("The {id} key is at generation {newest}; {with} hold it.{waiting}");
    match read {
        1 => warning(format!(
            "{what} Only one of them reads: what is sent waits while they are away. Let in a second one."
        )),
        _ => finding(true, what),
    }
}

/// The coordinator reads what is sealed to SpeakerBox, so its key has a reader also when no member does.
fn of_speakerbox(readers: &[ReaderRow]) -> Option<Finding> {
    let reads = |role| readers.iter().any(|reader| reader.role == role);
    (reads(Role::Coordinator) && !reads(Role::Speakerbox)).then(|| {
        warning("No member of SpeakerBox reads: the coordinator does alone, and the pages say so.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health(findings: &[&str], last: Option<&str>) -> Health {
        Health {
            findings: findings.iter().map(|text| (*text).to_owned()).collect(),
            last_day: last.map(|day| day.parse().unwrap()),
        }
    }

    #[test]
    fn a_damaged_file_a_long_log_and_a_wrong_clock_are_found() {
        let today: Date = "2026-11-21".parse().unwrap();
        let sound = |health: &Health, log, today| -> Vec<bool> {
            of_file(health, log, today)
                .into_iter()
                .map(|finding| finding.sound)
                .collect()
        };
        let good = health(&["ok"], Some("2026-11-21"));
        assert_eq!(sound(&good, 5_000, today), [true, true, true]);
        assert_eq!(
            sound(&health(&["row 3 missing"], None), 1 << 30, today),
            [false, false, true]
        );
        let later = health(&["ok"], Some("2026-11-22"));
        assert_eq!(sound(&later, 0, today), [true, true, false]);
        assert_eq!(
            sound(&health(&["ok"], None), 0, Date::EPOCH),
            [true, true, false]
        );
    }
}
