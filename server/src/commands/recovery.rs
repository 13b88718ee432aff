//! `pledge recovery`: the recovery key is tried, split into prints, and combined again.

use crate::bootstrap::DATABASE;
use crate::config::data_folder;
use crate::error::{CliError, act_error};
use crate::options::Options;
use crate::recovery_input::recovery_key;
use domain::date::Date;
use service::clock::{Clock, SystemClock};
use service::role_keys;
use std::fmt::Write as _;
use store::Store;
use store_sqlite::SqliteStore;
use vault::random::SystemRandom;
use vault::recovery_shares::{self as shares, NEEDED, PRINTS};
use vault::seal::{AgeSealer, Identity};
use vault::server_keys::{self, ServerKeys};

/// Opens the database of an installation.
pub(super) async fn open_store(options: &Options) -> Result<SqliteStore, CliError> {
    let data = data_folder(options);
    ServerKeys::read_file(&data.join(server_keys::FILE))?;
    Ok(SqliteStore::open(&data.join(DATABASE)).await?)
}

/// The recovery key that is given, for the installation of this store.
pub(super) async fn key_for(store: &SqliteStore, options: &Options) -> Result<Identity, CliError> {
    let own = store.recovery().await?;
    recovery_key(options, own.as_deref())
}

pub(crate) async fn drill(options: &Options) -> Result<(), CliError> {
    let store = open_store(options).await?;
    let recovery = key_for(&store, options).await?;
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

/// Prints the recovery key of this installation in three prints. The key stays the same one.
pub(crate) async fn split(options: &Options) -> Result<(), CliError> {
    let store = open_store(options).await?;
    let recovery = key_for(&store, options).await?;
    let own = role_keys::is_recovery(&store, &recovery).await;
    store.close().await;
    own.map_err(|error| act_error(&error))?;
    print!("{}", prints_of(&recovery, SystemClock.today())?);
    println!();
    println!(
        "The key itself is the same: prints of an earlier day, and a whole key on paper, still open everything. Burn or \
         shred them now, when each new print is in its safe."
    );
    Ok(())
}

/// Prints the whole key of two prints, for the stock `age` command.
pub(crate) fn combine(options: &Options) -> Result<(), CliError> {
    let recovery = recovery_key(options, None)?;
    eprintln!(
        "THE WHOLE RECOVERY KEY. It opens everything alone. Write it into no file that stays, and clear this screen:"
    );
    println!("{}", recovery.as_text());
    Ok(())
}

/// The three prints as they go to paper.
pub(super) fn prints_of(recovery: &Identity, today: Date) -> Result<String, CliError> {
    let unreadable = |_| CliError::Stopped("the recovery key cannot be read".to_owned());
    let public = recovery.recipient().map_err(unreadable)?;
    let mut text = String::new();
    for print in shares::split(recovery, &SystemRandom).map_err(unreadable)? {
        let _ = write!(
            text,
            "\n----------------------------------------------------------------------\n\
             PLEDGE: RECOVERY KEY, PRINT {number} OF {PRINTS}\n\n\
             Installation  {words}\n\
             Set           {set}, made on {today}\n\n\
             Any {NEEDED} of the {PRINTS} prints of one set are the recovery key. One alone opens nothing.\n\
             What the key opens: everything that was written at this installation,\n\
             names and private notes too, and its backups. It leaves no entry in the log.\n\
             What to do: keep this print in a safe of its own, with somebody who holds no\n\
             other print, and on no machine. When Pledge asks for the recovery key, type\n\
             the rows of two prints, each with Enter. Capitals do not matter.\n\
             If this print is lost or seen: see docs/INCIDENT.md, \"A lost print\".\n\n",
            number = print.number(),
            words = role_keys::key_fingerprint_words(&public.0),
            set = print.set(),
        );
        for (at, row) in print.rows().iter().enumerate() {
            let _ = writeln!(text, "  {:>2}   {}", at + 1, row.as_str());
        }
    }
    text.push_str("\n----------------------------------------------------------------------\n");
    Ok(text)
}
