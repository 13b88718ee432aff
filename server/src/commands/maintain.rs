//! `pledge verify`, `purge` and `doctor`: an installation is checked, and what is past its time deleted.

use crate::bootstrap::{DATABASE, load_content, open};
use crate::config::{backup_folder, data_folder, public_url};
use crate::error::{CliError, act_error};
use crate::ops::{backup, doctor};
use crate::options::{Options, day_of};
use service::clock::{Clock, SystemClock};
use service::{audit, retention};
use std::sync::Arc;
use store::Store;
use store_sqlite::SqliteStore;
use vault::key_derivation::Argon2Params;
use vault::server_keys::{self, ServerKeys};
use vault::signed_notes::Signer;

pub(crate) async fn verify(options: &Options) -> Result<(), CliError> {
    let data = data_folder(options);
    let keys = ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let against = match &options.against {
        Some(file) => Some(std::fs::read_to_string(file).map_err(|error| {
            CliError::Stopped(format!("{} cannot be read: {error}", file.display()))
        })?),
        None => None,
    };
    let signer = Signer::new(&keys);
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&data.join(DATABASE)).await?);
    let pledge = open(
        Arc::clone(&store),
        keys,
        Arc::new(load_content()?),
        Argon2Params::FULL,
        Arc::new(SystemClock),
    )
    .await?;
    let today = SystemClock.today();
    let whole = audit::verify(
        &*store,
        &signer,
        today,
        against.as_deref(),
        options.restored,
    )
    .await
    .map_err(|broken| CliError::Stopped(broken.to_string()))?;
    eprintln!(
        "The database is whole. The audit log is whole: {} rows, {} checkpoints beside it, {} from the second place.",
        whole.rows, whole.checkpoints, whole.outside
    );
    if whole.lost > 0 {
        eprintln!(
            "Of the second place {} checkpoints are of rows that went with a restored backup.",
            whole.lost
        );
    }
    if against.is_none() {
        eprintln!(
            "Without --against, an end that was cut off together with its checkpoints is not seen."
        );
    }
    if options.checkpoint {
        let note = pledge
            .sign_checkpoint()
            .await
            .map_err(|error| act_error(&error))?;
        eprintln!("Its public key: {}", signer.verifier());
        match note {
            Some(note) => print!("{note}"),
            None => eprintln!("The audit log is empty, so there is nothing to sign yet."),
        }
    }
    Ok(())
}

pub(crate) async fn purge(options: &Options) -> Result<(), CliError> {
    let today = day_of(options)?;
    let data = data_folder(options);
    ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let now = SystemClock.unix_seconds();
    let purged = retention::purge(&store, today, now, options.dry_run).await;
    store.close().await;
    let purged = purged.map_err(|error| act_error(&error))?;
    let done = if options.dry_run { "Would go" } else { "Gone" };
    println!(
        "{done}: something of {} views, {} of them to a bare mark; {} rows of the audit log; {} meetings; {} old keys.",
        purged.views, purged.records, purged.audit_rows, purged.meetings, purged.keys
    );
    if !purged.held.is_empty() {
        println!("Held back: {}.", purged.held.join(", "));
    }
    if let Some(folder) = backup_folder().filter(|_| !options.dry_run) {
        let gone = backup::purge_backups(&folder, today).map_err(|error| {
            CliError::Stopped(format!("{} cannot be purged: {error}", folder.display()))
        })?;
        println!("Gone: {gone} old backups.");
    }
    Ok(())
}

pub(crate) async fn run_doctor(options: &Options) -> Result<(), CliError> {
    let data = data_folder(options);
    let database = data.join(DATABASE);
    let key_file = data.join(server_keys::FILE);
    if !database.exists() {
        return Err(CliError::Stopped(format!(
            "{} holds no installation. Run `pledge init` first.",
            data.display()
        )));
    }
    let mut findings: Vec<doctor::Finding> = [&data, &database, &key_file]
        .into_iter()
        .map(|path| doctor::is_private(path))
        .collect();
    if let Err(error) = ServerKeys::read_file(&key_file) {
        findings.push(doctor::finding(false, format!("{error}.")));
    }
    let mut log = database.clone().into_os_string();
    log.push("-wal");
    let log_bytes = std::fs::metadata(log).map_or(0, |meta| meta.len());
    match SqliteStore::open(&database).await {
        Ok(store) => {
            let health = store.health().await;
            let keys = doctor::of_keys(&store).await;
            let open_ends = doctor::of_open_ends(&store).await;
            let damaged = store.damaged_rows().await;
            store.close().await;
            findings.extend(doctor::of_file(&health?, log_bytes, SystemClock.today()));
            findings.extend(match damaged {
                Ok(rows) => doctor::of_rows(&rows),
                Err(error) => vec![doctor::finding(false, format!("Rows: {error}."))],
            });
            findings.extend(keys.map_err(|error| act_error(&error))?);
            findings.push(open_ends.map_err(|error| act_error(&error))?);
        }
        Err(error) => findings.push(doctor::finding(false, error.to_string())),
    }
    findings.push(match public_url(options) {
        Ok(public) => doctor::of_public_url(public.as_ref()),
        Err(CliError::Usage(what) | CliError::Stopped(what)) => doctor::finding(false, what),
    });
    for finding in &findings {
        let mark = match (finding.sound, finding.warns) {
            (false, _) => "FAIL",
            (true, true) => "warn",
            (true, false) => "pass",
        };
        println!("{mark}  {}", finding.what);
    }
    match findings.iter().filter(|finding| !finding.sound).count() {
        0 => Ok(()),
        count => Err(CliError::Stopped(format!("{count} to mend"))),
    }
}
