//! Makes an installation and opens the services over one. Knows no command and no option.

use crate::assets;
use crate::error::{CliError, act_error};
use content::{Content, Library};
use service::abandoned_journeys::AbandonedJourneys;
use service::clock::{Clock, SystemClock};
use service::fair_queue::FairQueue;
use service::present_readers::PresentReaders;
use service::rate_limit::{Limits, Numbers, WAITING_FROM_ONE_PLACE};
use service::{App, Recipients, audit, page_editor, progress, setup, sign_in, usage, withdrawals};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, RwLock};
use store::Store;
use store_sqlite::SqliteStore;
use vault::key_derivation::Argon2Params;
use vault::random::{Random, SystemRandom};
use vault::receipts::{self, Pool};
use vault::seal::{AgeSealer, Identity};
use vault::server_keys::{self, ServerKeys};
use web::Site;

/// Name of the database in the data folder and in a backup.
pub const DATABASE: &str = "pledge.sqlite";

pub(crate) fn make_folder(data: &Path) -> Result<(), CliError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(data).map_err(|error| {
        CliError::Stopped(format!(
            "the data folder {} cannot be made: {error}",
            data.display()
        ))
    })
}

/// Makes server keys, database, role keys and the recovery key in a folder that has none.
pub async fn init_folder(data: &Path, random: &dyn Random) -> Result<Identity, CliError> {
    make_folder(data)?;
    let key_file = data.join(server_keys::FILE);
    if key_file.exists() || data.join(DATABASE).exists() {
        return Err(CliError::Stopped(format!(
            "{} holds an installation already; nothing was changed",
            data.display()
        )));
    }
    ServerKeys::generate(random).write_new(&key_file)?;
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let recovery = setup::begin(&store, &AgeSealer, random)
        .await
        .map_err(|error| act_error(&error))?;
    store.close().await;
    recovery.ok_or_else(|| {
        CliError::Stopped("the database has keys already; nothing was changed".to_owned())
    })
}

/// Reads the words the binary carries; a fault is a sentence.
pub fn load_content() -> Result<Content, CliError> {
    let files = assets::content_files();
    let (content, mut faults) = content::load("en", &files);
    faults.extend(content::translation::translations(&files).1);
    if faults.is_empty() {
        return Ok(content);
    }
    let mut text = "the words inside this binary are not whole:".to_owned();
    for fault in faults {
        let _ = write!(text, "\n  {fault}");
    }
    Err(CliError::Stopped(text))
}

/// Opens the services over a store that has begun.
pub async fn open(
    store: Arc<dyn Store>,
    keys: ServerKeys,
    content: Arc<Content>,
    cost: Argon2Params,
    clock: Arc<dyn Clock>,
) -> Result<App, CliError> {
    let not_begun = || {
        CliError::Stopped(
            "the database has no keys. Run `pledge init` on an empty data folder.".to_owned(),
        )
    };
    let recovery = store.recovery().await?.ok_or_else(not_begun)?;
    let rows = store.role_keys().await?;
    let recipients = Recipients::from_rows(&recovery, &rows).ok_or_else(not_begun)?;
    let files = assets::content_files();
    let pledge = App {
        store,
        sealer: Arc::new(AgeSealer),
        keys,
        random: Arc::new(SystemRandom),
        clock,
        cost,
        receipt_queue: FairQueue::new(1, WAITING_FROM_ONE_PLACE),
        password_queue: FairQueue::new(1, WAITING_FROM_ONE_PLACE),
        pool: Pool::new(receipts::POOL),
        recipients: RwLock::new(recipients),
        readers: PresentReaders::default(),
        library: Library::new(content, &files),
        words: page_editor::PublishedWords::new(files),
        throttle: sign_in::Throttle::default(),
        failed_sign_ins: audit::FailedSignIns::default(),
        safety_alert_notify: tokio::sync::Notify::new(),
        limits: Limits::new(&SystemRandom, Numbers::REAL),
        alerts_outside: false,
        public_url: None,
        view_counts: progress::ViewCounts::default(),
        abandoned_journeys: AbandonedJourneys::default(),
        withdrawals: withdrawals::WithdrawalLog::default(),
        usage: usage::UsageCounter::default(),
    };
    pledge
        .begin_words()
        .await
        .map_err(|error| act_error(&error))?;
    Ok(pledge)
}

/// The withdrawal log of this data folder.
pub(crate) fn marks_of(data: &Path) -> Result<withdrawals::WithdrawalLog, CliError> {
    let list = data.join(withdrawals::FILE);
    withdrawals::WithdrawalLog::at(&list).map_err(|error| {
        CliError::Stopped(format!(
            "the list of views that were taken back, {}, cannot be read: {error}",
            list.display()
        ))
    })
}

/// Starts filling the pool of receipts.
pub fn keep_pool_full(pledge: &App) {
    let (keys, random, cost) = (pledge.keys.clone(), Arc::clone(&pledge.random), pledge.cost);
    let pool = Arc::clone(&pledge.pool);
    tokio::spawn(pool.keep_full(move || receipts::issue(&keys, &*random, cost).ok()));
}

/// A site over an empty database in memory's stead: for checks that need the pages but no data.
pub(crate) async fn bare_site() -> Result<Site, CliError> {
    let folder = std::env::temp_dir().join(format!("pledge-sizes-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    init_folder(&folder, &SystemRandom).await?;
    let keys = ServerKeys::read_file(&folder.join(server_keys::FILE))?;
    let store = SqliteStore::open(&folder.join(DATABASE)).await?;
    let pledge = open(
        Arc::new(store),
        keys,
        Arc::new(load_content()?),
        Argon2Params::FULL,
        Arc::new(SystemClock),
    )
    .await?;
    let site = Site::new(pledge, Arc::new(assets::assets()), false);
    let _ = std::fs::remove_dir_all(&folder);
    Ok(site)
}
