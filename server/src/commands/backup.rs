//! `pledge backup` and `pledge restore`.

use crate::bootstrap::make_folder;
use crate::config::data_folder;
use crate::error::CliError;
use crate::ops::backup;
use crate::options::Options;
use crate::recovery_input::recovery_key;
use service::clock::{Clock, SystemClock};
use service::withdrawals;
use std::io::{BufRead, Read};
use vault::server_keys::{self, ServerKeys};

pub(crate) async fn make_backup(options: &Options) -> Result<(), CliError> {
    let to = options
        .to
        .as_deref()
        .ok_or_else(|| CliError::Usage("--to is missing.".to_owned()))?;
    let data = data_folder(options);
    ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let made = backup::backup(&data, SystemClock.today(), to)
        .await
        .map_err(|stopped| CliError::Stopped(stopped.to_string()))?;
    println!("Made {}, sealed to the recovery key.", made.display());
    Ok(())
}

pub(crate) async fn restore(options: &Options) -> Result<(), CliError> {
    let from = options
        .from
        .as_deref()
        .ok_or_else(|| CliError::Usage("--from is missing.".to_owned()))?;
    let marks = taken_back_since(options)?;
    let recovery = recovery_key(options, None)?;
    if options.without_list {
        confirm_without_list()?;
    }
    let data = data_folder(options);
    make_folder(&data)?;
    let restored = backup::restore(from, &recovery, &data, &SystemClock, &marks)
        .await
        .map_err(|stopped| CliError::Stopped(stopped.to_string()))?;
    println!(
        "Restored the backup of {} into {}: {} views, whole, and its audit log is whole. Past their time, and deleted: \
         something of {} views. Taken back since, and deleted: {} views.",
        restored.day,
        data.display(),
        restored.views,
        restored.purged.views,
        restored.taken_back
    );
    println!(
        "What was sent or answered after {} is not in it.",
        restored.day
    );
    let people = restored.people;
    println!(
        "People removed since, and removed again: {}; suspended since, and suspended again: {}; with another password or \
         second factor since, who have to be invited again: {}. Every session and every open invitation has ended.",
        people.removed, people.suspended, people.ended
    );
    if options.without_list {
        println!(
            "Without the list: look through the accounts before you start (pledge staff list; pledge staff suspend, pledge \
             staff remove). What was taken back after {} is there again: its senders have to be believed.",
            restored.day
        );
    }
    println!(
        "Run `pledge doctor` now: it says who is missing. `pledge staff add` begins accounts."
    );
    Ok(())
}

/// What is lost with the list, word for word, before it is typed.
const RISKS: &str = "\
WITHOUT THE LIST nobody knows what happened after this backup was made:
 - Views that their senders took back since are there again with every word, and their readers can open them.
 - People who were removed or suspended since can sign in again, and read with the keys of then.
 - Passwords, second factors and recovery codes that were replaced or used since let in again: stolen ones too.
Every session and every open invitation ends all the same.
If it must be, type WITHOUT THE LIST and press Enter:";

fn confirm_without_list() -> Result<(), CliError> {
    eprintln!("{RISKS}");
    let mut line = String::new();
    let read = std::io::stdin().lock().take(1_000).read_line(&mut line);
    match read {
        Ok(_) if line.trim() == "WITHOUT THE LIST" => Ok(()),
        _ => Err(CliError::Stopped(
            "it was not typed. Nothing was changed".to_owned(),
        )),
    }
}

// What was withdrawn since a backup was made. Leaving the list out must be said, so that nobody forgets it.
fn taken_back_since(options: &Options) -> Result<withdrawals::Marks, CliError> {
    match (&options.taken_back, options.without_list) {
        (Some(file), false) => match file.try_exists() {
            Ok(true) => withdrawals::read_marks(file).map_err(|error| {
                CliError::Stopped(format!("{} cannot be read: {error}", file.display()))
            }),
            _ => Err(CliError::Stopped(format!(
                "{} is not there. The list of views that were taken back stands in the old data folder, and in \
                 PLEDGE_TAKEN_BACK.",
                file.display()
            ))),
        },
        (None, true) => Ok(withdrawals::Marks::new()),
        _ => Err(CliError::Usage(
            "--taken-back FILE is missing: the list of views that were taken back since. Where none is left, give \
             --without-list."
                .to_owned(),
        )),
    }
}
