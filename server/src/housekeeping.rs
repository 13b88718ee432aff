//! What comes due while the server runs: deletion, checkpoints, the withdrawal log, counts, pages to be made again.

use crate::config::backup_folder;
use crate::ops::backup;
use service::{App, retention};
use std::path::PathBuf;
use std::sync::Arc;
use web::SiteHandle;

/// Looks after what comes due, once a minute until the server stops: each day what is past its time goes, and pages
/// whose review was due say so; and checkpoints of the audit log are made.
pub(crate) async fn run_housekeeping(pledge: Arc<App>, live: SiteHandle) {
    let second_place = std::env::var_os("PLEDGE_CHECKPOINTS").map(PathBuf::from);
    let list_elsewhere = std::env::var_os("PLEDGE_TAKEN_BACK").map(PathBuf::from);
    let mut purged = None;
    loop {
        let clock = &pledge.clock;
        let today = clock.today();
        if purged != Some(today) {
            let now = clock.unix_seconds();
            match retention::purge(&*pledge.store, today, now, false).await {
                Ok(_) => purged = Some(today),
                // Tried again in a minute.
                Err(error) => eprintln!("pledge: purge: {error}"),
            }
            if let Some(folder) = backup_folder()
                && backup::purge_backups(&folder, today).is_err()
            {
                eprintln!("pledge: purge: the folder of backups cannot be read or changed");
            }
        }
        let (list, place) = (pledge.withdrawals.clone(), list_elsewhere.clone());
        let kept = tokio::task::spawn_blocking(move || list.keep(today, place.as_deref())).await;
        if !matches!(kept, Ok(Ok(()))) {
            // Tried again in a minute.
            eprintln!("pledge: taken-back: the list cannot be kept, here or in its second place");
        }
        if let Err(error) = pledge.save_usage().await {
            // Kept for the next minute.
            eprintln!("pledge: uses: {error}");
        }
        if live.is_stale() {
            let live = live.clone();
            if tokio::task::spawn_blocking(move || live.reload())
                .await
                .is_err()
            {
                // Tried again in a minute.
                eprintln!("pledge: words: pages could not be made anew");
            }
        }
        if let Err(error) = pledge.keep_checkpoints(second_place.as_deref()).await {
            eprintln!("pledge: checkpoint: {error}");
        }
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    }
}
