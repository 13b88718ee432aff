//! `pledge staff` and `pledge recovery`: accounts and role keys from the machine itself, with the recovery key.

use crate::bootstrap::DATABASE;
use crate::config::data_folder;
use crate::error::{CliError, act_error};
use crate::options::{Options, recovery_key};
use domain::role::Role;
use service::clock::{Clock, SystemClock};
use service::{role_keys, setup};
use store::Store;
use store::audit::Entry;
use store_sqlite::SqliteStore;
use vault::key_derivation::Argon2Params;
use vault::random::SystemRandom;
use vault::seal::AgeSealer;
use vault::server_keys::{self, ServerKeys};

pub(crate) async fn staff_add(options: &Options) -> Result<(), CliError> {
    let name = options
        .name
        .clone()
        .ok_or_else(|| CliError::Usage("--name is missing.".to_owned()))?;
    let role = options.role.as_deref().unwrap_or_default();
    let role = Role::from_id(role)
        .ok_or_else(|| CliError::Usage(format!("--role is missing or unknown: `{role}`.")))?;
    let data = data_folder(options);
    let keys = ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let recovery = recovery_key(options)?;
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let new = setup::NewStaff {
        name: &name,
        role,
        now: SystemClock.unix_seconds(),
    };
    let added = setup::add(
        &store,
        &AgeSealer,
        &SystemRandom,
        &keys,
        Argon2Params::FULL,
        &recovery,
        new,
    )
    .await;
    store.close().await;
    let password = added.map_err(|error| act_error(&error))?;
    println!("Added {} as {}.", name.trim(), role.id());
    println!(
        "First password, good for {} days and to be changed at the first sign-in: {password}",
        setup::FIRST_PASSWORD_SECONDS / (24 * 60 * 60)
    );
    Ok(())
}

/// What somebody does at the machine itself: nobody of the desk, so no actor.
fn from_the_command_line(action: &'static str) -> Entry {
    Entry {
        at: SystemClock.unix_seconds(),
        actor: None,
        role: None,
        action,
        object: None,
        reason: false,
    }
}

pub(crate) async fn staff_let_in(options: &Options) -> Result<(), CliError> {
    let name = options
        .name
        .clone()
        .ok_or_else(|| CliError::Usage("--name is missing.".to_owned()))?;
    let data = data_folder(options);
    ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let recovery = recovery_key(options)?;
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let entry = from_the_command_line("let-in");
    let done =
        role_keys::grant_keys_with_recovery(&store, entry, &AgeSealer, &recovery, &name).await;
    store.close().await;
    done.map_err(|error| act_error(&error))?;
    println!("{} is let in.", name.trim());
    Ok(())
}

pub(crate) async fn staff_list(options: &Options) -> Result<(), CliError> {
    let data = data_folder(options);
    ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let everybody = store.all_staff().await;
    store.close().await;
    for person in everybody? {
        let first = if person.suspended {
            "  (suspended)"
        } else if !person.has_joined() {
            "  (invited)"
        } else if person.first_is_over(SystemClock.unix_seconds()) {
            "  (has not signed in, and the first password is over)"
        } else if person.must_change {
            "  (has not signed in yet)"
        } else {
            ""
        };
        println!("{:<12} {}{first}", person.role.id(), person.name);
    }
    Ok(())
}

pub(crate) async fn recovery_drill(options: &Options) -> Result<(), CliError> {
    let data = data_folder(options);
    ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let recovery = recovery_key(options)?;
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let drill = role_keys::verify_recovery_key(&store, &AgeSealer, &recovery).await;
    store.close().await;
    let drill = drill.map_err(|error| act_error(&error))?;
    let (opened, all) = drill.role_keys;
    println!("{opened} of {all} role keys opened");
    for (kind, (opened, tried)) in &drill.texts {
        println!("{opened} of {tried} texts opened: {}", kind.id());
    }
    if drill.texts.is_empty() {
        println!("No text is there yet to be tried.");
    }
    if drill.is_whole() {
        println!("The recovery key opens everything that was tried.");
        return Ok(());
    }
    Err(CliError::Stopped(
        "the recovery key does not open everything".to_owned(),
    ))
}
