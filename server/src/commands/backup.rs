//! `pledge backup` and `pledge restore`.

use crate::bootstrap::make_folder;
use crate::config::data_folder;
use crate::error::CliError;
use crate::ops::backup;
use crate::options::Options;
use crate::recovery_input::recovery_key;
use service::clock::{Clock, SystemClock};
use service::withdrawals;
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
    println!(
        "People removed since, and removed again: {}; suspended since, and suspended again: {}. Every session has ended.",
        restored.people.removed, restored.people.suspended
    );
    if options.without_list {
        println!(
            "Without the list, what was taken back after {} is there again: its senders have to be believed. And whoever \
             was removed or suspended after that day can sign in again: look through the accounts before you start.",
            restored.day
        );
    }
    Ok(())
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
