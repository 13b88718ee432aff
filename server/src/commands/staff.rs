//! `pledge staff`: accounts and role keys from the machine itself, with the recovery key.

use crate::bootstrap::{load_content, marks_of, open};
use crate::commands::recovery::{key_for, open_store};
use crate::config::data_folder;
use crate::error::{CliError, act_error};
use crate::options::Options;
use domain::role::Role;
use service::accounts::LAST_READER;
use service::clock::{Clock, SystemClock};
use service::{ActError, App, role_keys, setup};
use std::sync::Arc;
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
    let store = open_store(options).await?;
    let recovery = key_for(&store, options).await?;
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
    let store = open_store(options).await?;
    let recovery = key_for(&store, options).await?;
    let entry = from_the_command_line("let-in");
    let done =
        role_keys::grant_keys_with_recovery(&store, entry, &AgeSealer, &recovery, &name).await;
    store.close().await;
    done.map_err(|error| act_error(&error))?;
    println!("{} is let in.", name.trim());
    Ok(())
}

pub(crate) async fn staff_list(options: &Options) -> Result<(), CliError> {
    let store = open_store(options).await?;
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

pub(crate) async fn staff_suspend(options: &Options) -> Result<(), CliError> {
    let (app, store, name) = app_and_name(options).await?;
    let done = app.suspend_named(&name, options.even_if_last).await;
    finish(&store, done).await?;
    println!(
        "{name} is suspended, and every session of theirs has ended. An administrator lets them in again at the desk."
    );
    Ok(())
}

pub(crate) async fn staff_remove(options: &Options) -> Result<(), CliError> {
    let (app, store, name) = app_and_name(options).await?;
    let done = app.remove_named(&name, options.even_if_last).await;
    finish(&store, done).await?;
    println!(
        "{name} is removed, and every session of theirs has ended. The keys they held are begun anew; a server that runs \
         takes the new ones within a minute. A member of their role presses \"Seal them again\" under Keys."
    );
    Ok(())
}

/// The services over an installation, as a command needs them: a server may run beside.
async fn app_and_name(options: &Options) -> Result<(App, Arc<SqliteStore>, String), CliError> {
    let name = options.name.as_deref().unwrap_or_default().trim();
    if name.is_empty() {
        return Err(CliError::Usage("--name is missing.".to_owned()));
    }
    let data = data_folder(options);
    let keys = ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let store = Arc::new(open_store(options).await?);
    let shared: Arc<dyn Store> = Arc::<SqliteStore>::clone(&store);
    let content = Arc::new(load_content()?);
    let mut app = open(
        shared,
        keys,
        content,
        Argon2Params::FULL,
        Arc::new(SystemClock),
    )
    .await?;
    app.withdrawals = marks_of(&data)?;
    Ok((app, store, name.to_owned()))
}

async fn finish(store: &SqliteStore, done: Result<(), ActError>) -> Result<(), CliError> {
    store.close().await;
    done.map_err(|error| match error {
        ActError::Field(_, LAST_READER) => CliError::Stopped(
            "nobody else can read what is sealed to their role: views would go on coming that nobody opens. Let somebody \
             else in first, or say --even-if-last; the pages then say at once that nobody reads"
                .to_owned(),
        ),
        ActError::Field(_, "staff-unknown") => {
            CliError::Stopped("there is nobody of this name. Run: pledge staff list".to_owned())
        }
        other => act_error(&other),
    })
}
